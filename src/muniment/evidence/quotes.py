"""Whether a quotation stands in its source, and where.

Only characters decide: `exact` (the same characters), `folded` (the same but for what `folding` lists) and `gapped`
(pieces that are exact or folded, in order, close together, in one message). Everything else does not verify; similar
words are only shown.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from muniment.evidence.documents import Document
from muniment.evidence.edges import is_whole
from muniment.evidence.folding import View, fold_quotation
from muniment.evidence.messages import Message
from muniment.evidence.near_misses import find_near_miss, words_of
from muniment.evidence.places import Place, is_at, is_of_message, read_place
from muniment.evidence.searching import Prepared, Searchable
from muniment.evidence.weighty import has_negation, has_number

QuoteState = Literal[
    "exact", "folded", "gapped", "near-miss", "absent", "ambiguous", "header-mismatch", "stale", "not-held", "refused"
]

STATES_VERIFIED = frozenset({"exact", "folded", "gapped"})
MOST_HITS = 1_000
MOST_EXAMINED = 20_000
MOST_PIECES = 50
WIDEST_OMISSION = 2_000
WIDEST_EDIT = 200
SHORT_OMISSION = 60
LONGEST_FOUND = 2_000
GAP = re.compile(r"\[\[(?P<editor>[^\[\]]*)\]\]|\[[ \t]*(?:\.\.\.|…)[ \t]*\]|(?P<redacted>\[redacted\])", re.IGNORECASE)
REDACTION = re.compile(r"[\W_]*(?:(?:redacted|caviardé|masqué|omitted|[xX]{2,})?[\W_]*){1,10}", re.IGNORECASE)


class Hit(NamedTuple):
    """Where a quotation stands: offsets in the source; for a gapped one also what the gaps hide."""

    start: int
    end: int
    hidden: tuple[str, ...] = ()
    is_critical: bool = False


class QuoteResult(NamedTuple):
    """What was found of one quotation.

    Attributes:
        state: See `QuoteState`; verified if it is in `STATES_VERIFIED`.
        at: Line and column of its first character in the source, 1-based; None if it was not located.
        found: The source's own words there, at most 2,000 characters; empty if it was not located.
        hits: How often it stands in the source (at most 1,000 are counted).
        hidden: What each gap hides, as the source has it.
        message: The message it stands in; None outside messages.
        diff: For a near-miss, the words with `[-quoted-]` and `{+in the source+}`.
        critical: The difference, or what a gap hides or adds, may change the meaning.
        view: What was folded beyond the plain view (`Markdown`); empty otherwise.
        notes: What else the reader should know.
        negation_before: A negation that stands just before the words in the source; empty if none does.
        is_elsewhere: The place names lines or a page, and the words do not stand there.
    """

    state: QuoteState
    at: tuple[int, int] | None = None
    found: str = ""
    hits: int = 0
    hidden: tuple[str, ...] = ()
    message: Message | None = None
    diff: str = ""
    critical: bool = False
    view: str = ""
    notes: tuple[str, ...] = ()
    negation_before: str = ""
    is_elsewhere: bool = False

    @property
    def is_verified(self) -> bool:
        """Whether the words stand in the source where the citation says."""
        return self.state in STATES_VERIFIED


class _Attempt(NamedTuple):
    """Hits found in one way."""

    state: QuoteState
    hits: Sequence[Hit]
    view: str


def check_quotation(
    quotation: str, document: Document, place: str = "", prepared: Prepared | None = None
) -> QuoteResult:
    """Check one quotation against the document its citation names.

    Args:
        quotation: As the book has it; white space at its ends does not count.
        document: The source.
        place: The citation's place; it chooses between several hits and may contradict all of them.
        prepared: Searchable forms made so far; pass the same one for every quotation of a run.

    Returns:
        The strongest state that holds. `exact` means that the source holds these characters, beginning and ending where
        its words and numbers do.
    """
    prepared = prepared or Prepared()
    text = quotation.strip()
    if not any(character.isalnum() for character in text):
        return QuoteResult("absent", notes=("the quotation has no words",))
    where = read_place(place, document)
    elsewhere: _Attempt | None = None
    for attempt in _attempts(text, document, prepared):
        fitting = [hit for hit in attempt.hits if is_of_message(where, document.message_at(hit.start))]
        if fitting:
            return _choose(attempt._replace(hits=fitting), len(attempt.hits), document, where)
        if elsewhere is None and attempt.hits:
            elsewhere = attempt
    if elsewhere is not None:
        return _mismatch(elsewhere, document)
    return _nearest(text, document, prepared)


def _attempts(text: str, document: Document, prepared: Prepared) -> Iterator[_Attempt]:
    """Yield the hits of each way to find a quotation, the strongest first; ways without hits are left out."""
    raw = prepared.raw(document)
    hits = _whole_hits(raw, text, None)
    if hits:
        yield _Attempt("exact", hits, "")
    folded = fold_quotation(text)
    for view, source in prepared.folded(document):
        hits = _folded_hits(source, folded, view)
        if hits:
            yield _Attempt("folded", hits, view.name)
    if GAP.search(text):
        pieces = _pieces(text)
        if pieces is None:
            return
        hits = _gapped_hits(raw, pieces, document, None)
        if hits:
            yield _Attempt("gapped", hits, "")
        for view, source in prepared.folded(document):
            folded_pieces = [piece._replace(text=fold_quotation(piece.text)) for piece in pieces]
            hits = _gapped_hits(source, folded_pieces, document, view)
            if hits:
                yield _Attempt("gapped", hits, view.name)


def _whole_hits(source: Searchable, needle: str, view: View | None) -> list[Hit]:
    """Return where a needle stands as whole words and numbers, in offsets of the document."""
    hits = []
    for start in islice(source.find(needle), MOST_EXAMINED):
        end = start + len(needle)
        if is_whole(source.text, start, end):
            hits.append(Hit(*(view.folded.source_span(start, end) if view else (start, end))))
            if len(hits) == MOST_HITS:
                break
    return hits


def _folded_hits(source: Searchable, needle: str, view: View) -> list[Hit]:
    """Return where a folded needle stands, its first letter in either case; hits with the same case go first."""
    turned = _other_case(needle)
    if turned[1:] != needle[1:] or len(needle) < 8:
        return _whole_hits(source, needle, view) or _whole_hits(source, turned, view)
    same: list[Hit] = []
    other: list[Hit] = []
    for after in islice(source.find(needle[1:]), MOST_EXAMINED):
        start, end = after - 1, after - 1 + len(needle)
        if start >= 0 and source.text[start] in (needle[0], turned[0]) and is_whole(source.text, start, end):
            found = same if source.text[start] == needle[0] else other
            found.append(Hit(*view.folded.source_span(start, end)))
            if len(found) == MOST_HITS:
                break
    return same or other


def _other_case(text: str) -> str:
    """Return a text with the case of its first letter turned; empty if its first letter has no other case."""
    for index, character in enumerate(text):
        if character.isalpha():
            turned = character.lower() if character.isupper() else character.upper()
            return text[:index] + turned + text[index + 1 :] if len(turned) == 1 and turned != character else ""
        if character.isnumeric():
            return ""
    return ""


class _Piece(NamedTuple):
    """A run of quoted words, and the gap before it.

    Attributes:
        gap: ``omission``, ``editor`` or ``redaction``; empty for the first piece.
        editor: The editor's words in that gap.
    """

    text: str
    gap: str
    editor: str


def _pieces(text: str) -> list[_Piece] | None:
    """Split a quotation at its gaps; None if nothing but gaps is left or there are too many."""
    pieces: list[_Piece] = []
    gap, editor, done = "", "", 0
    for match in [*GAP.finditer(text), None]:
        words = text[done : match.start() if match else len(text)].strip()
        if words:
            pieces.append(_Piece(words, gap if pieces else "", editor if pieces else ""))
            gap, editor = "", ""
        if match:
            kind = "editor" if match["editor"] is not None else "redaction" if match["redacted"] else "omission"
            gap = "omission" if "omission" in (gap, kind) else kind if gap in ("", kind) else "editor"
            editor = f"{editor} {match['editor'] or ''}".strip()
            done = match.end()
    return pieces if pieces and len(pieces) <= MOST_PIECES else None


class _Reached(NamedTuple):
    """A hit of one piece that continues a chain; `before` is its index among those of the piece before it."""

    start: int
    end: int
    source_start: int
    source_end: int
    before: int
    is_critical: bool


def _gapped_hits(source: Searchable, pieces: list[_Piece], document: Document, view: View | None) -> list[Hit]:
    """Return where all pieces stand in order, each close behind the one before it and in the same message."""
    chains: list[list[_Reached]] = []
    for piece in pieces:
        spans = _piece_spans(source, piece.text, is_first=not chains)
        reached = [
            linked
            for start, end in spans
            if (linked := _link(start, end, piece, chains[-1] if chains else None, document, view)) is not None
        ]
        if not reached:
            return []
        chains.append(reached)
    hits: dict[int, Hit] = {}
    for last in chains[-1]:
        hit = _trace(last, chains, document)
        hits.setdefault(hit.start, hit)
        if len(hits) == MOST_HITS:
            break
    return list(hits.values())


def _piece_spans(source: Searchable, text: str, is_first: bool) -> list[tuple[int, int]]:
    for needle in (text, _other_case(text) if is_first else ""):
        spans = [
            (start, start + len(needle))
            for start in islice(source.find(needle), MOST_EXAMINED)
            if is_whole(source.text, start, start + len(needle))
        ]
        if spans:
            return spans
    return []


def _link(
    start: int, end: int, piece: _Piece, earlier: list[_Reached] | None, document: Document, view: View | None
) -> _Reached | None:
    """Join a hit to the nearest earlier piece that its gap allows; None if there is none."""
    source_start, source_end = view.folded.source_span(start, end) if view else (start, end)
    if earlier is None:
        return _Reached(start, end, source_start, source_end, -1, False)
    widest = WIDEST_OMISSION if piece.gap == "omission" else WIDEST_EDIT
    last = bisect_right(earlier, start, key=lambda reached: reached.end)
    first = max(bisect_left(earlier, start - widest, key=lambda reached: reached.end), last - 20)
    for index in range(last - 1, first - 1, -1):
        before = earlier[index]
        if document.message_at(before.source_start) != document.message_at(source_start):
            return None
        hidden = document.text[before.source_end : source_start]
        if _may_hide(piece, hidden):
            is_critical = has_number([word.text for word in words_of(piece.editor)])
            return _Reached(start, end, source_start, source_end, index, is_critical)
    return None


def _may_hide(piece: _Piece, hidden: str) -> bool:
    """Return whether a gap may stand for what the source has there.

    A redaction stands for a redaction mark only. An editor's word may name or explain, but neither bring nor cover a
    negation nor cover a number. A short omission may not cover a negation.
    """
    if piece.gap == "redaction":
        return bool(hidden.strip()) and REDACTION.fullmatch(hidden.strip()) is not None
    words = [word.text for word in words_of(hidden)] if len(hidden) <= WIDEST_EDIT else []
    if piece.gap == "editor":
        editor = [word.text for word in words_of(piece.editor)]
        return not (has_negation(words) or has_number(words) or has_negation(editor))
    is_turned = len(hidden) <= SHORT_OMISSION and has_negation(words)
    return not is_turned and not has_negation([word.text for word in words_of(piece.editor)])


def _trace(last: _Reached, chains: list[list[_Reached]], document: Document) -> Hit:
    hidden: list[str] = []
    is_critical = False
    here = last
    for depth in range(len(chains) - 1, 0, -1):
        before = chains[depth - 1][here.before]
        hidden.append(document.text[before.source_end : here.source_start].strip())
        is_critical = is_critical or here.is_critical
        here = before
    return Hit(here.source_start, last.source_end, tuple(reversed(hidden)), is_critical)


def _choose(attempt: _Attempt, count: int, document: Document, where: Place) -> QuoteResult:
    """Return the result for hits that the place does not contradict."""
    at_place = [hit for hit in attempt.hits if is_at(where, document, hit.start, hit.end)]
    hits = at_place or attempt.hits
    is_elsewhere = not at_place and (where.lines is not None or where.page is not None)
    kinds = {_identity(document.message_at(hit.start)) for hit in hits}
    state: QuoteState = "ambiguous" if len(kinds) > 1 else attempt.state
    return _result(state, hits[0], document, attempt.view, count)._replace(is_elsewhere=is_elsewhere)


def _identity(message: Message | None) -> tuple[object, ...]:
    """Return what makes two messages different for a reader: who wrote when."""
    return () if message is None else (message.sender, message.sent, message.at, message.not_before)


def _mismatch(attempt: _Attempt, document: Document) -> QuoteResult:
    hit = attempt.hits[0]
    return _result("header-mismatch", hit, document, attempt.view, len(attempt.hits))


def _result(state: QuoteState, hit: Hit, document: Document, view: str, count: int) -> QuoteResult:
    message = document.message_at(hit.start)
    is_undated = message is not None and message.sent is None
    before = [word.text for word in words_of(document.text[max(0, hit.start - 40) : hit.start])][-1:]
    return QuoteResult(
        state=state,
        at=document.line_column(hit.start),
        found=document.text[hit.start : min(hit.end, hit.start + LONGEST_FOUND)],
        hits=count,
        hidden=hit.hidden,
        message=message,
        critical=hit.is_critical or state == "header-mismatch",
        view=view,
        notes=("the message has no date of its own",) if is_undated else (),
        negation_before=before[0] if has_negation(before) else "",
    )


def _nearest(text: str, document: Document, prepared: Prepared) -> QuoteResult:
    """Return the near-miss, or absent."""
    folded = fold_quotation(GAP.sub(" ", text))
    for view, source in prepared.folded(document):
        near = find_near_miss(folded, source)
        if near is None:
            continue
        start, end = view.folded.source_span(near.start, near.end)
        return QuoteResult(
            state="near-miss",
            at=document.line_column(start),
            found=document.text[start : min(end, start + LONGEST_FOUND)],
            hits=0,
            message=document.message_at(start),
            diff=near.diff,
            critical=near.is_critical,
            view=view.name,
        )
    return QuoteResult("absent")
