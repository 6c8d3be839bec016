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
from muniment.evidence.edges import SCALE_WORD, is_whole
from muniment.evidence.editing import editors_fault, is_pronoun
from muniment.evidence.folding import View
from muniment.evidence.near_misses import LONGEST_DIFF, visible, words_of
from muniment.evidence.negations import hidden_negation
from muniment.evidence.searching import Searchable
from muniment.evidence.weighty import is_number

GAP = re.compile(r"\[\[(?P<editor>[^\[\]]*)\]\]|\[[ \t]*(?:\.\.\.|…)[ \t]*\]|(?P<redacted>\[redacted\])", re.IGNORECASE)
REDACTION = re.compile(r"\W*(?:(?:redacted|caviardé|masqué|omitted|x{2,}|_{2,})\W*|[█■▇*]+\W*){1,10}", re.IGNORECASE)
MOST_PIECES = 50
MOST_ANCHORS = 500
MOST_IN_WINDOW = 1_000
MOST_LINKS = 20_000
WIDEST_OMISSION = 2_000
WIDEST_EDIT = 200
NEIGHBORHOOD = 40


class Hit(NamedTuple):
    """Where a quotation stands: offsets in the source; for a gapped one also what the gaps hide.

    Attributes:
        start: Offset of its first character.
        end: One past its last.
        hidden: What each gap hides.
        fault: How a gap may turn the sense; empty if none does.
        diff: With a fault, the source's words with `{+what a gap hides+}` and `[-what an editor brings-]`.
    """

    start: int
    end: int
    hidden: tuple[str, ...] = ()
    fault: str = ""
    diff: str = ""


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
    """A hit of one piece that continues a chain.

    Attributes:
        hit: Where the piece stands.
        before: Its index among the hits of the piece before it.
        faults: How many gaps of the chain so far may turn the sense.
    """

    hit: Hit
    before: int
    faults: int = 0


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


def outer_editors(text: str) -> tuple[str, str]:
    """Return the editor's words before the first and behind the last piece of a quotation."""
    matches = list(GAP.finditer(text))
    lead, done = [], 0
    for match in matches:
        if text[done : match.start()].strip():
            break
        lead.append(match["editor"] or "")
        done = match.end()
    trail, done = [], len(text)
    for match in reversed(matches[len(lead) :]):
        if text[match.end() : done].strip():
            break
        trail.append(match["editor"] or "")
        done = match.start()
    return " ".join(lead).strip(), " ".join(reversed(trail)).strip()


def find_pieces(
    source: Searchable,
    pieces: list[Piece],
    document: Document,
    view: View | None,
    outer: tuple[str, str] = ("", ""),
) -> list[Hit]:
    """Return where all pieces stand in order, as their gaps allow.

    The rarest piece is looked up first, the others only around it.

    Args:
        source: The text to search: the document's own, or that of a view.
        pieces: Folded if there is a view.
        document: Whose messages the chains must not leave.
        view: How `source` was made; None for the document's own text.
        outer: The editor's words before the first piece and behind the last.

    Returns:
        One hit for each beginning, each piece joined to the nearest one before it with which no gap turns the sense, if
        there is one.
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
            hit = _trace(ending, pieces, chains, document, outer)
            if hit.start not in hits or (hits[hit.start].fault and not hit.fault):
                hits[hit.start] = hit
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
    best: _Reached | None = None
    for index in range(last - 1, max(first, last - 5) - 1, -1):
        before = earlier[index].hit
        if document.message_at(before.start) != document.message_at(hit.start):
            break
        if piece.gap == "redaction" and not REDACTION.fullmatch(document.text[before.end : hit.start].strip()):
            continue
        faults = earlier[index].faults + bool(_fault(piece, before, hit, document))
        if best is None or faults < best.faults:
            best = _Reached(hit, index, faults)
        if not best.faults:
            break
    return best


def _fault(piece: Piece, before: Hit, after: Hit, document: Document) -> str:
    """Return how the gap before a piece may turn the sense, or an empty text.

    A redaction stands for a redaction mark only. An omission may hide no negation of the sentences it cuts into, nor$
    the number that belongs to the scale or unit behind it.
    """
    if piece.gap == "redaction":
        return ""
    text = document.text
    hidden = text[before.end : after.start]
    last = [word.text for word in words_of(text[max(before.start, before.end - NEIGHBORHOOD) : before.end])][-1:]
    if piece.gap == "editor":
        return editors_fault(piece.editor, hidden, "".join(last))
    negation = hidden_negation(text, before.end, after.start)
    if negation:
        return f"the gap hides '{negation}'"
    words = [word.text for word in words_of(hidden[-NEIGHBORHOOD:])]
    if words and is_number(words[-1]) and SCALE_WORD.match(" " + text[after.start : after.end]):
        return f"the gap hides '{words[-1]}'"
    if not piece.editor:
        return ""
    ends = (*words_of(hidden[:NEIGHBORHOOD])[:1], *words_of(hidden[-NEIGHBORHOOD:])[-1:])
    words = [word.text for word in ends]
    return editors_fault(piece.editor, next((word for word in words if is_pronoun(word)), ""), "")


def _trace(
    last: _Reached, pieces: list[Piece], chains: list[list[_Reached]], document: Document, outer: tuple[str, str]
) -> Hit:
    """Follow a chain back to its first piece."""
    text = document.text
    hidden: list[str] = []
    faults: list[str] = []
    shown: list[str] = [text[last.hit.start : last.hit.end]]
    here = last
    for depth in range(len(chains) - 1, 0, -1):
        before = chains[depth - 1][here.before]
        between = text[before.hit.end : here.hit.start].strip()
        fault = _fault(pieces[depth], before.hit, here.hit, document)
        hidden.append(between)
        faults.append(fault)
        shown += [_shown(pieces[depth].editor, between, bool(fault)), text[before.hit.start : before.hit.end]]
        here = before
    hidden.reverse()
    faults.reverse()
    shown.reverse()
    start, end = here.hit.start, last.hit.end
    if outer[0]:
        words = [word.text for word in words_of(text[max(0, start - NEIGHBORHOOD) : start])][-1:]
        replaced = "".join(word for word in words if is_pronoun(word))
        faults.insert(0, editors_fault(outer[0], replaced, ""))
        hidden.insert(0, replaced)
        shown.insert(0, _shown(outer[0], replaced, bool(faults[0])))
    if outer[1]:
        words = [word.text for word in words_of(text[end : end + NEIGHBORHOOD])][:1]
        replaced = "".join(word for word in words if is_pronoun(word))
        own = [word.text for word in words_of(text[max(start, end - NEIGHBORHOOD) : end])][-1:]
        faults.append(editors_fault(outer[1], replaced, "".join(own)))
        hidden.append(replaced)
        shown.append(_shown(outer[1], replaced, bool(faults[-1])))
    fault = next(filter(None, faults), "")
    return Hit(start, end, tuple(hidden), fault, visible(" ".join(shown))[:LONGEST_DIFF] if fault else "")


def _shown(editor: str, hidden: str, is_fault: bool) -> str:
    """Return a gap as a diff shows it."""
    if not is_fault:
        return f"[[{editor}]]" if editor else "[...]"
    return (f"[-{editor}-]" if editor else "") + (f"{{+{hidden}+}}" if hidden else "")
