"""Quotations with gaps: `[...]`, an editor's `[[word]]`, `[redacted]`.

The pieces must stand in the source in order, each close behind the one before it, in one message; and what a gap hides
or brings must not turn the sense.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from muniment.evidence.documents import Document
from muniment.evidence.edges import is_whole
from muniment.evidence.folding import View
from muniment.evidence.near_misses import words_of
from muniment.evidence.searching import Searchable
from muniment.evidence.weighty import has_negation, has_number

GAP = re.compile(r"\[\[(?P<editor>[^\[\]]*)\]\]|\[[ \t]*(?:\.\.\.|…)[ \t]*\]|(?P<redacted>\[redacted\])", re.IGNORECASE)
REDACTION = re.compile(r"\W*(?:(?:redacted|caviardé|masqué|omitted|x{2,}|_{2,})\W*|[█■▇*]+\W*){1,10}", re.IGNORECASE)
MOST_PIECES = 50
MOST_ANCHORS = 500
MOST_IN_WINDOW = 1_000
MOST_LINKS = 20_000
WIDEST_OMISSION = 2_000
WIDEST_EDIT = 200
SHORT_OMISSION = 60


class Hit(NamedTuple):
    """Where a quotation stands: offsets in the source; for a gapped one also what the gaps hide."""

    start: int
    end: int
    hidden: tuple[str, ...] = ()
    is_critical: bool = False


class Piece(NamedTuple):
    """A run of quoted words, and the gap before it.

    Attributes:
        text: The words, without white space at their ends.
        gap: ``omission``, ``editor`` or ``redaction``; empty for the first piece.
        editor: The editor's words in that gap.
    """

    text: str
    gap: str
    editor: str

    @property
    def widest(self) -> int:
        """How much the gap before this piece may hide, in characters."""
        return WIDEST_OMISSION if self.gap == "omission" else WIDEST_EDIT


class _Reached(NamedTuple):
    """A hit of one piece that continues a chain; `before` is its index among the hits of the piece before it."""

    hit: Hit
    before: int


def place_hit(source: Searchable, start: int, end: int, document: Document, view: View | None) -> Hit | None:
    """Return where a run of a searched text stands in the document, if it is whole in both; otherwise None."""
    if not is_whole(source.text, start, end):
        return None
    if view is None:
        return Hit(start, end)
    source_start, source_end = view.folded.source_span(start, end)
    return Hit(source_start, source_end) if is_whole(document.text, source_start, source_end) else None


def turn_first_letter(text: str) -> str:
    """Return a text with the case of its first letter turned; empty if its first letter has no other case."""
    for index, character in enumerate(text):
        if character.isalpha():
            turned = character.lower() if character.isupper() else character.upper()
            return text[:index] + turned + text[index + 1 :] if len(turned) == 1 and turned != character else ""
        if character.isnumeric():
            return ""
    return ""


def split_at_gaps(text: str) -> list[Piece]:
    """Split a quotation at its gaps; empty if there are more than 50 pieces. A gap at either end hides nothing."""
    pieces: list[Piece] = []
    gap, editor, done = "", "", 0
    for match in [*GAP.finditer(text), None]:
        words = text[done : match.start() if match else len(text)].strip()
        if words:
            pieces.append(Piece(words, gap if pieces else "", editor if pieces else ""))
            gap, editor = "", ""
        if match:
            kind = "editor" if match["editor"] is not None else "redaction" if match["redacted"] else "omission"
            gap = "omission" if "omission" in (gap, kind) else kind if gap in ("", kind) else "editor"
            editor = f"{editor} {match['editor'] or ''}".strip()
            done = match.end()
    return pieces if len(pieces) <= MOST_PIECES else []


def find_pieces(source: Searchable, pieces: list[Piece], document: Document, view: View | None) -> list[Hit]:
    """Return where all pieces stand in order, as their gaps allow.

    The rarest piece is looked up first, the others only around it.

    Args:
        source: The text to search: the document's own, or that of a view.
        pieces: Two or more, folded if there is a view.
        document: Whose messages the chains must not leave.
        view: How `source` was made; None for the document's own text.

    Returns:
        One hit for each beginning, each piece joined to the nearest one before it.
    """
    occurrences = [list(islice(source.find(piece.text), MOST_ANCHORS)) for piece in pieces]
    occurrences[0] += islice(source.find(turn_first_letter(pieces[0].text)), MOST_ANCHORS)
    rarest = min(occurrences, key=len)
    reach = sum(piece.widest + len(piece.text) for piece in pieces)
    hits: dict[int, Hit] = {}
    budget = MOST_LINKS
    for first, last in _windows(sorted(rarest), reach):
        chains: list[list[_Reached]] = []
        for piece in pieces:
            spans = _spans_in(source, piece, first, last, is_first=not chains)
            budget -= len(spans)
            reached = []
            for start, end in spans:
                hit = place_hit(source, start, end, document, view)
                linked = hit and _link(hit, piece, chains[-1] if chains else None, document)
                if linked:
                    reached.append(linked)
            chains.append(reached)
            if not reached:
                break
        for ending in chains[-1] if len(chains) == len(pieces) else ():
            hit = _trace(ending, pieces, chains, document)
            hits.setdefault(hit.start, hit)
        if budget < 0:
            break
    return list(hits.values())


def _windows(starts: list[int], reach: int) -> Iterator[tuple[int, int]]:
    """Yield stretches that reach as far as asked on both sides of some places, merged where they overlap."""
    first, last = -1, -1
    for start in starts:
        if first >= 0 and start - reach <= last and last - first < 10 * reach:
            last = start + reach
            continue
        if first >= 0:
            yield first, last
        first, last = max(0, start - reach), start + reach
    if first >= 0:
        yield first, last


def _spans_in(source: Searchable, piece: Piece, first: int, last: int, is_first: bool) -> list[tuple[int, int]]:
    """Return where a piece stands between two places; the first letter of the first piece may have the other case."""
    spans: list[tuple[int, int]] = []
    for needle in (piece.text, turn_first_letter(piece.text) if is_first else ""):
        found = islice(source.find(needle, first, last), MOST_IN_WINDOW)
        spans += [(start, start + len(needle)) for start in found]
    return sorted(spans)


def _link(hit: Hit, piece: Piece, earlier: list[_Reached] | None, document: Document) -> _Reached | None:
    """Join a hit to the nearest earlier piece that its gap allows; None if there is none."""
    if earlier is None:
        return _Reached(hit, -1)
    last = bisect_right(earlier, hit.start, key=lambda reached: reached.hit.end)
    first = bisect_left(earlier, hit.start - piece.widest, key=lambda reached: reached.hit.end)
    for index in range(last - 1, max(first, last - 5) - 1, -1):
        before = earlier[index].hit
        if document.message_at(before.start) != document.message_at(hit.start):
            return None
        if _may_hide(piece, document.text[before.end : hit.start]):
            return _Reached(hit, index)
    return None


def _may_hide(piece: Piece, hidden: str) -> bool:
    """Return whether a gap may stand for what the source has there.

    A redaction stands for a redaction mark only. An editor's word may name or explain, but neither bring nor cover a
    negation nor cover a number. A short omission may not cover a negation.
    """
    if piece.gap == "redaction":
        return REDACTION.fullmatch(hidden.strip()) is not None
    words = [word.text for word in words_of(hidden)] if len(hidden) <= WIDEST_EDIT else []
    editor = [word.text for word in words_of(piece.editor)]
    if has_negation(editor):
        return False
    if piece.gap == "editor":
        return not has_negation(words) and not has_number(words)
    return len(hidden) > SHORT_OMISSION or not has_negation(words)


def _trace(last: _Reached, pieces: list[Piece], chains: list[list[_Reached]], document: Document) -> Hit:
    """Follow a chain back to its first piece."""
    hidden: list[str] = []
    here = last
    for depth in range(len(chains) - 1, 0, -1):
        before = chains[depth - 1][here.before]
        hidden.append(document.text[before.hit.end : here.hit.start].strip())
        here = before
    is_critical = any(has_number([word.text for word in words_of(piece.editor)]) for piece in pieces)
    return Hit(here.hit.start, last.hit.end, tuple(reversed(hidden)), is_critical)
