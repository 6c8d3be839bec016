"""Finding the same characters in a long text, and places that resemble some, fast."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from muniment.evidence.documents import Document
from muniment.evidence.folding import View, source_views
from muniment.evidence.grams import find_all, locate_all, stretch_width

STEP = 4096
CJK_SIGN = r"\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
MOST_STRETCHES = 3
CONTINUING = bytes(range(0x80, 0xC0))
"""Bytes that are not the first of their character in UTF-8."""


class Searchable:
    """A text held as UTF-8, in which the C library finds a needle several times faster than in characters.

    Attributes:
        text: The characters.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._bytes = text.encode("utf-8", "surrogatepass")
        self._is_ascii = len(self._bytes) == len(text)
        self._lower: bytes | None = None
        self._known: dict[bytes, list[int]] = {}
        self._steps = array("q") if self._is_ascii else _step_starts(text)

    def expect(self, needles: Iterable[str]) -> None:
        """Look up many needles in one pass over the text, so that `find` has their places at hand."""
        self._known |= find_all(self._bytes, [needle.encode("utf-8", "surrogatepass") for needle in needles])

    def find(self, needle: str, start: int = 0, end: int | None = None) -> Iterator[int]:
        """Yield where a needle begins between `start` and `end`, in characters; occurrences may overlap."""
        if not needle:
            return
        wanted = needle.encode("utf-8", "surrogatepass")
        first = self._byte_offset(start)
        limit = len(self._bytes) if end is None else self._byte_offset(min(end, len(self.text)))
        known = self._known.get(wanted)
        if known is not None:
            for position in known:
                if first <= position and position + len(wanted) <= limit:
                    yield self._character_offset(position)
            return
        position = self._bytes.find(wanted, first, limit)
        while position >= 0:
            yield self._character_offset(position)
            position = self._bytes.find(wanted, position + 1, limit)

    def locate(self, needles: Sequence[str], size: int) -> list[list[tuple[int, int]]]:
        """Return, for each needle, the stretches that most resemble it, the best first.

        Args:
            needles: Words that are not in the text as they stand.
            size: How many bytes must agree at a time; see `grams.locate_all`.

        Returns:
            At most three (start, end) a needle, in characters. Letters of ASCII may differ in their case.
        """
        if self._lower is None:
            self._lower = self._bytes.lower()
        wanted = [needle.encode("utf-8", "surrogatepass").lower() for needle in needles]
        return [
            [self._stretch(number, needle) for number, _ in sorted(votes.items(), key=_most_votes)[:MOST_STRETCHES]]
            for needle, votes in zip(wanted, locate_all(self._lower, wanted, size), strict=True)
        ]

    def _stretch(self, number: int, needle: bytes) -> tuple[int, int]:
        """Return where a needle that begins in a stretch may stand, in characters."""
        width = stretch_width(needle)
        first = min(max(0, (number - 1) * width), len(self._bytes))
        last = min(max(first, (number + 2) * width + len(needle)), len(self._bytes))
        return self._character_offset(first), self._character_offset(last)

    def _byte_offset(self, offset: int) -> int:
        if self._is_ascii or offset == 0:
            return offset
        step = offset // STEP
        tail = self.text[step * STEP : offset]
        return self._steps[step] + len(tail.encode("utf-8", "surrogatepass"))

    def _character_offset(self, position: int) -> int:
        """Return the character that a byte belongs to."""
        if self._is_ascii:
            return position
        step = bisect_right(self._steps, position) - 1
        first = self._steps[step]
        return step * STEP + len(self._bytes[first:position].translate(None, CONTINUING))


def _most_votes(entry: tuple[int, int]) -> tuple[int, int]:
    return -entry[1], entry[0]


def _step_starts(text: str) -> array[int]:
    """Return the byte offset of every 4,096th character."""
    starts = array("q", [0])
    for start in range(0, len(text), STEP):
        starts.append(starts[-1] + len(text[start : start + STEP].encode("utf-8", "surrogatepass")))
    return starts


@dataclass(slots=True)
class _Prepared:
    """The forms of one document that were asked for so far, and what will be looked up in those to come."""

    raw: Searchable
    pending: Iterator[View]
    folded: list[tuple[View, Searchable]] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)


class Prepared:
    """The searchable forms of documents, each made once, by the hash of the source; passed along by the caller."""

    def __init__(self) -> None:
        self._documents: dict[tuple[str, bool, str], _Prepared] = {}

    def raw(self, document: Document) -> Searchable:
        """Return the text as it stands."""
        return self._of(document).raw

    def folded(self, document: Document) -> Iterator[tuple[View, Searchable]]:
        """Yield its folded forms, the plainest first; a form is made when it is reached."""
        prepared = self._of(document)
        yield from prepared.folded
        for view in prepared.pending:
            searchable = Searchable(view.folded.text)
            searchable.expect(prepared.expected)
            prepared.folded.append((view, searchable))
            yield prepared.folded[-1]

    def expect_folded(self, document: Document, needles: Iterable[str]) -> None:
        """Look up many folded needles in one pass over each folded form, those that are made later included."""
        prepared = self._of(document)
        prepared.expected = list(needles)
        for _, searchable in prepared.folded:
            searchable.expect(prepared.expected)

    def _of(self, document: Document) -> _Prepared:
        key = (document.sha256, document.is_markdown, document.extractor)
        if key not in self._documents:
            views = source_views(document.text, document.is_markdown)
            self._documents[key] = _Prepared(Searchable(document.text), views)
        return self._documents[key]
