"""Finding the same characters in a long text, fast."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from muniment.evidence.documents import Document
from muniment.evidence.folding import View, source_views

STEP = 4096
CJK_SIGN = r"\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{CJK_SIGN}]|[^\W_{CJK_SIGN}]+")
COMMON = 2_000
LEAST_WORDS = 2
RAREST = 10


class Searchable:
    """A text held as UTF-8, in which the C library finds a needle several times faster than in characters.

    Attributes:
        text: The characters.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._bytes = text.encode("utf-8", "surrogatepass")
        self._is_ascii = len(self._bytes) == len(text)
        self._places: dict[str, array[int]] | None = None
        self._steps = array("q") if self._is_ascii else _step_starts(text)

    def find(self, needle: str, start: int = 0, end: int | None = None) -> Iterator[int]:
        """Yield where a needle begins between `start` and `end`, in characters; occurrences may overlap."""
        if not needle:
            return
        wanted = needle.encode("utf-8", "surrogatepass")
        limit = len(self._bytes) if end is None else self._byte_offset(min(end, len(self.text)))
        position = self._bytes.find(wanted, self._byte_offset(start), limit)
        while position >= 0:
            yield self._character_offset(position)
            position = self._bytes.find(wanted, position + 1, limit)

    def vote(self, needle: str, width: int) -> Counter[int]:
        """Count, for each stretch of the text, how many of a needle's rarest words stand there as in the needle.

        Args:
            needle: Words that are not in the text as they stand.
            width: Length of a stretch, in characters.

        Returns:
            Votes by the number of the stretch in which the needle would begin; it may be negative.
        """
        places = [(self._word_places().get(key, ()), offset) for key, offset in _keys(needle)]
        rarest = sorted((entry for entry in places if entry[0]), key=lambda entry: len(entry[0]))[:RAREST]
        votes: Counter[int] = Counter()
        for index, (positions, offset) in enumerate(rarest):
            if len(positions) > COMMON and index >= LEAST_WORDS:
                break
            votes.update({(position - offset) // width for position in positions})
        return votes

    def _word_places(self) -> dict[str, array[int]]:
        """Return where each word stands, case folded; in scripts without spaces, each pair of signs. Made once."""
        if self._places is None:
            self._places = {}
            for key, position in _keys(self.text):
                if (found := self._places.get(key)) is None:
                    found = self._places[key] = array("q")
                found.append(position)
        return self._places

    def _byte_offset(self, offset: int) -> int:
        if self._is_ascii or offset == 0:
            return offset
        step = offset // STEP
        tail = self.text[step * STEP : offset]
        return self._steps[step] + len(tail.encode("utf-8", "surrogatepass"))

    def _character_offset(self, position: int) -> int:
        if self._is_ascii:
            return position
        step = bisect_right(self._steps, position) - 1
        tail = self._bytes[self._steps[step] : position]
        return step * STEP + len(tail.decode("utf-8", "surrogatepass"))


def _keys(text: str) -> Iterator[tuple[str, int]]:
    for match in RUN.finditer(text):
        start, end = match.span()
        is_sign = end - start == 1 and text[start] >= "\u2e80"
        yield (text[start : start + 2] if is_sign else match.group().casefold()), start


def _step_starts(text: str) -> array[int]:
    """Return the byte offset of every 4,096th character."""
    starts = array("q", [0])
    for start in range(0, len(text), STEP):
        starts.append(starts[-1] + len(text[start : start + STEP].encode("utf-8", "surrogatepass")))
    return starts


@dataclass(slots=True)
class _Prepared:
    """The forms of one document that were asked for so far."""

    raw: Searchable
    pending: Iterator[View]
    folded: list[tuple[View, Searchable]] = field(default_factory=list)


class Prepared:
    """The searchable forms of documents, each made once, by the hash of the source; passed along by the caller."""

    def __init__(self) -> None:
        self._documents: dict[tuple[str, bool], _Prepared] = {}

    def raw(self, document: Document) -> Searchable:
        """Return the text as it stands."""
        return self._of(document).raw

    def folded(self, document: Document) -> Iterator[tuple[View, Searchable]]:
        """Yield its folded forms, the plainest first; a form is made when it is reached."""
        prepared = self._of(document)
        yield from prepared.folded
        for view in prepared.pending:
            prepared.folded.append((view, Searchable(view.folded.text)))
            yield prepared.folded[-1]

    def _of(self, document: Document) -> _Prepared:
        key = (document.sha256, document.is_markdown)
        if key not in self._documents:
            views = source_views(document.text, document.is_markdown)
            self._documents[key] = _Prepared(Searchable(document.text), views)
        return self._documents[key]
