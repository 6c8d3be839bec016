"""Whether a quotation stands in its source, and where.

Only characters decide: `exact` (the same characters), `folded` (the same but for what `folding` lists) and `gapped`
(pieces that are exact or folded, in order, close together, in one message). Everything else does not verify; similar
words are only shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from muniment.evidence.documents import Document
from muniment.evidence.folding import View, fold_quotation
from muniment.evidence.gaps import GAP, Hit, find_pieces, place_hit, split_at_gaps, turn_first_letter
from muniment.evidence.messages import Message
from muniment.evidence.near_misses import find_near_miss, words_of
from muniment.evidence.places import Place, is_at, is_of_message, read_place
from muniment.evidence.searching import Prepared, Searchable
from muniment.evidence.weighty import has_negation

QuoteState = Literal[
    "exact", "folded", "gapped", "near-miss", "absent", "ambiguous", "header-mismatch", "stale", "not-held", "refused"
]

STATES_VERIFIED = frozenset({"exact", "folded", "gapped"})
MOST_HITS = 1_000
MOST_EXAMINED = 20_000
LONGEST_FOUND = 2_000


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
    hits = _whole_hits(raw, text, document, None)
    if hits:
        yield _Attempt("exact", hits, "")
    folded = fold_quotation(text)
    for view, source in prepared.folded(document):
        hits = _folded_hits(source, folded, document, view)
        if hits:
            yield _Attempt("folded", hits, view.name)
    pieces = split_at_gaps(text)
    if len(pieces) < 2:
        return
    hits = find_pieces(raw, pieces, document, None)
    if hits:
        yield _Attempt("gapped", hits, "")
    folded_pieces = [piece._replace(text=fold_quotation(piece.text)) for piece in pieces]
    for view, source in prepared.folded(document):
        hits = find_pieces(source, folded_pieces, document, view)
        if hits:
            yield _Attempt("gapped", hits, view.name)


def _whole_hits(source: Searchable, needle: str, document: Document, view: View | None) -> list[Hit]:
    """Return where a needle stands as whole words and numbers, in offsets of the document."""
    hits = []
    for start in islice(source.find(needle), MOST_EXAMINED):
        end = start + len(needle)
        hit = place_hit(source, start, end, document, view)
        if hit is not None:
            hits.append(hit)
            if len(hits) == MOST_HITS:
                break
    return hits


def _folded_hits(source: Searchable, needle: str, document: Document, view: View) -> list[Hit]:
    """Return where a folded needle stands, its first letter in either case; hits with the same case go first."""
    turned = turn_first_letter(needle)
    if turned[1:] != needle[1:] or len(needle) < 8:
        return _whole_hits(source, needle, document, view) or _whole_hits(source, turned, document, view)
    same: list[Hit] = []
    other: list[Hit] = []
    for after in islice(source.find(needle[1:]), MOST_EXAMINED):
        start, end = after - 1, after - 1 + len(needle)
        if start < 0 or source.text[start] not in (needle[0], turned[0]):
            continue
        hit = place_hit(source, start, end, document, view)
        if hit is not None:
            found = same if source.text[start] == needle[0] else other
            found.append(hit)
            if len(found) == MOST_HITS:
                break
    return same or other


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
