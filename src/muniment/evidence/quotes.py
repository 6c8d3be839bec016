"""Whether a quotation stands in its source, and where.

Only characters decide: `exact` (the same characters), `folded` (the same but for what `folding` lists) and `gapped`
(pieces that are exact or folded, in order, close together, in one message). Everything else does not verify; similar
words are only shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from muniment.evidence.annotations import OUTSIDE, overlapping
from muniment.evidence.documents import Document, text_before_changes
from muniment.evidence.edges import is_whole, widened
from muniment.evidence.folding import (
    DIVIDED,
    View,
    fold_loosely,
    fold_quotation,
    joined_forms,
    turn_bracketed,
)
from muniment.evidence.gaps import GAP, Hit, find_pieces, outer_editors, place_hit, split_at_gaps, turn_first_letter
from muniment.evidence.messages import Message
from muniment.evidence.near_misses import LONGEST_DIFF, PLENTY, find_near_misses, visible
from muniment.evidence.negations import negation_after, negation_before
from muniment.evidence.places import NO_NAMES, Names, Place, is_at, is_of_message, read_places
from muniment.evidence.searching import Prepared, Searchable
from muniment.evidence.weighty import is_weighty

QuoteState = Literal[
    "exact",
    "folded",
    "gapped",
    "translation",
    "near-miss",
    "absent",
    "ambiguous",
    "header-mismatch",
    "stale",
    "unreadable",
    "not-held",
    "refused",
]

STATES_VERIFIED = frozenset({"exact", "folded", "gapped", "translation"})
MOST_HITS = 1_000
MOST_WEIGHED = 200
MOST_EXAMINED = 20_000
LONGEST_FOUND = 2_000
NEARLY_ALL = 0.6
SHORTEST_CUT = 8
ACROSS_MESSAGES = "the words run over the beginning of a message"


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
        negation_before: A negation that stands just before the words in the source, which are a near-miss without it;
            empty if none does.
        negation_after: A negation that stands directly after the words in the source, which are a near-miss without it.
        gap_fault: How a gap or an editor's words may turn the sense, which makes it a near-miss; empty if none does.
        is_elsewhere: The place names lines or a page, and the words do not stand there.
        page: The page it was found on, 1-based; None if it was not located or the source has no pages.
        unread_place: What the place says of a message that was not understood, and so was not checked.
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
    negation_after: str = ""
    gap_fault: str = ""
    is_elsewhere: bool = False
    page: int | None = None
    unread_place: str = ""

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
    return check_quotations([(quotation, place)], document, prepared)[0]


def check_quotations(
    asked: Sequence[tuple[str, str]],
    document: Document,
    prepared: Prepared | None = None,
    names: Names = NO_NAMES,
) -> list[QuoteResult]:
    """Check several quotations against one document, in fewer passes over its text than one by one.

    Args:
        asked: Each quotation with the place that its citation gives.
        document: The source.
        prepared: Searchable forms made so far.
        names: What the book calls its parties, for the places.

    Returns:
        For each what `check_quotation` says.
    """
    prepared = prepared or Prepared()
    results: list[QuoteResult | None] = [None] * len(asked)
    places = read_places((place for _, place in asked), document, names)
    asking = [_Asked(quotation.strip(), places[place]) for quotation, place in asked]
    for reading in (document, document.second):
        if reading is None:
            continue
        found = _stands([one for one, known in zip(asking, results, strict=True) if known is None], reading, prepared)
        for number in [number for number, known in enumerate(results) if known is None]:
            result = next(found)
            if result is not None and reading is not document:
                result = result._replace(
                    notes=(*result.notes, f"found in a second reading order ({reading.extractor})")
                )
            results[number] = result
    waiting = [number for number, known in enumerate(results) if known is None]
    nearest = _nearest([asking[number].text for number in waiting], document, prepared)
    for number, result in zip(waiting, nearest, strict=True):
        results[number] = _not_found(result, asking[number], document)
    return [
        result._replace(unread_place=one.where.unread)
        for one, result in zip(asking, results, strict=True)
        if result is not None
    ]


class _Asked(NamedTuple):
    """A quotation and what its citation says of where it stands."""

    text: str
    where: Place


def _stands(asked: Sequence[_Asked], document: Document, prepared: Prepared) -> Iterator[QuoteResult | None]:
    """Yield, for each quotation, what was found of its words in one reading of a document; None if nothing was."""
    raw = prepared.raw(document)
    raw.expect(one.text for one in asked)
    exact = [
        _fitting([_Attempt("exact", hits, "")], one, document)
        if _has_words(one.text) and (hits := _whole_hits(raw, one.text, document, None))
        else None
        for one in asked
    ]
    folded = {
        one.text: fold_quotation(one.text)
        for one, found in zip(asked, exact, strict=True)
        if (found is None or not found.is_located_there) and _has_words(one.text)
    }
    prepared.expect_folded(document, (needle for text in folded.values() for needle in (text, text[1:])))
    for one, found in zip(asked, exact, strict=True):
        if found is None or not found.is_located_there:
            later = _fitting(_attempts(one.text, folded.get(one.text, ""), document, prepared), one, document)
            found = later if found is None or (later and later.is_located_there) else found
        yield found.result if found else None


class _Fitting(NamedTuple):
    """The result for some hits, and whether any of them stands where the citation says."""

    result: QuoteResult
    is_located_there: bool


def _fitting(attempts: Iterable[_Attempt], one: _Asked, document: Document) -> _Fitting | None:
    """Return the result of the first attempt that has hits where the citation says, else of the first with hits."""
    elsewhere: _Attempt | None = None
    for attempt in attempts:
        fitting = [
            hit
            for hit in attempt.hits
            if is_of_message(one.where, document.message_at(hit.start))
            and not document.is_across_messages(hit.start, hit.end)
        ]
        if fitting:
            result = _choose(attempt._replace(hits=fitting), len(attempt.hits), document, one.where)
            return _Fitting(result, True)
        elsewhere = elsewhere or attempt
    return _Fitting(_mismatch(elsewhere, document), False) if elsewhere else None


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _attempts(text: str, folded: str, document: Document, prepared: Prepared) -> Iterator[_Attempt]:
    """Yield the hits of each way to find a quotation that is not there exactly, the strongest first."""
    if not folded:
        return
    loose, turned = fold_loosely(text), turn_bracketed(text)
    for view, source in prepared.folded(document):
        needle = loose if view.is_loose else folded
        hits = _folded_hits(source, needle, document, view)
        if not hits and view.is_joined:
            hits = _joined_hits(source, needle, document, view)
        if not hits and turned != text:
            fold = fold_loosely if view.is_loose else fold_quotation
            hits = _whole_hits(source, fold(turned), document, view)
        if hits:
            yield _Attempt("folded", hits, view.name)
    pieces, outer = split_at_gaps(text), outer_editors(text)
    if not pieces or (len(pieces) < 2 and not any(outer)):
        return
    critical: _Attempt | None = None
    folded_pieces = [piece._replace(text=fold_quotation(piece.text)) for piece in pieces]
    loose_pieces = [piece._replace(text=fold_loosely(piece.text)) for piece in pieces]
    for number in range(2):
        plain: list[tuple[View | None, Searchable]] = [(None, prepared.raw(document))]
        forms: Iterable[tuple[View | None, Searchable]] = prepared.folded(document) if number else plain
        for form, source in forms:
            sought = pieces if form is None else loose_pieces if form.is_loose else folded_pieces
            hits = find_pieces(source, sought, document, form, outer)
            attempt = _Attempt("gapped", hits, form.name if form else "")
            if any(not hit.fault for hit in hits):
                yield attempt
            elif hits:
                critical = critical or attempt
    if critical is not None:
        yield critical


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


def _joined_hits(source: Searchable, needle: str, document: Document, view: View) -> list[Hit]:
    """Return where a needle stands of which some hyphens, but not all, are those of words that a line end divides."""
    hits: list[Hit] = []
    for form, joints in joined_forms(needle):
        for hit_start in islice(source.find(form), MOST_HITS):
            hit = place_hit(source, hit_start, hit_start + len(form), document, view)
            spans = [view.folded.source_span(hit_start + joint - 1, hit_start + joint + 1) for joint in joints]
            if hit is not None and all(DIVIDED.fullmatch(document.text, *span) for span in spans):
                hits.append(hit)
    return sorted(hits)[:MOST_HITS]


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
    hits = [hit for hit in hits[:MOST_WEIGHED] if not _is_turned(hit, document)] or hits
    is_elsewhere = not at_place and (where.lines is not None or where.page is not None)
    kinds = {_identity(document.message_at(hit.start)) for hit in hits}
    state: QuoteState = "ambiguous" if len(kinds) > 1 else attempt.state
    return _result(state, hits[0], document, attempt.view, count)._replace(is_elsewhere=is_elsewhere)


def _is_turned(hit: Hit, document: Document) -> bool:
    """Return whether what a hit leaves out, in a gap or at its ends, may turn its sense."""
    text = document.text
    return bool(hit.fault or negation_before(text, hit.start) or negation_after(text, hit.start, hit.end))


def _identity(message: Message | None) -> tuple[object, ...]:
    """Return what makes two messages different for a reader: who wrote when."""
    return () if message is None else (message.sender, message.sent, message.at, message.not_before)


def _mismatch(attempt: _Attempt, document: Document) -> QuoteResult:
    hit = attempt.hits[0]
    return _result("header-mismatch", hit, document, attempt.view, len(attempt.hits))


def _result(state: QuoteState, hit: Hit, document: Document, view: str, count: int) -> QuoteResult:
    message = document.message_at(hit.start)
    notes = ["the message has no date of its own"] if message is not None and message.sent is None else []
    if document.is_across_messages(hit.start, hit.end):
        notes.append(ACROSS_MESSAGES)
    notes += [f"the words stand across {each}" for each in overlapping(document.annotations, hit.start, hit.end)[:5]]
    found = document.text[hit.start : min(hit.end, hit.start + LONGEST_FOUND)]
    negation = negation_before(document.text, hit.start)
    behind = negation_after(document.text, hit.start, hit.end)
    is_cut = bool(negation or behind or hit.fault)
    is_near = is_cut and state in STATES_VERIFIED
    words = hit.diff or visible(found)
    diff = (f"{{+{visible(negation)}+}} " if negation else "") + words + (f" {{+{visible(behind)}+}}" if behind else "")
    return QuoteResult(
        state="near-miss" if is_near else state,
        at=document.line_column(hit.start),
        found=found,
        hits=count,
        hidden=hit.hidden,
        message=message,
        diff=diff[:LONGEST_DIFF] if is_near else "",
        critical=is_cut or state == "header-mismatch",
        view=view,
        notes=tuple(notes),
        negation_before=negation,
        negation_after=behind,
        gap_fault=hit.fault,
        page=_page(document, hit.start),
    )


def _cut_out(needle: str, source: Searchable, document: Document, view: View) -> QuoteResult | None:
    """Return the near-miss of words that stand in the source only as a part of longer words or numbers."""
    if len(needle) < SHORTEST_CUT and not any(c.isnumeric() for c in needle):
        return None
    for start in islice(source.find(needle), 1):
        end = start + len(needle)
        text = source.text
        if is_whole(text, start, end):
            return None  # cut in the source's own characters only; the words are compared
        first, last = widened(text, start, end)
        source_start, source_end = view.folded.source_span(first, last)
        before, after = visible(text[first:start]), visible(text[end:last])
        edges = (*text[first:end].split()[:1], *text[start:last].split()[-1:])
        return QuoteResult(
            state="near-miss",
            at=document.line_column(source_start),
            found=document.text[source_start : min(source_end, source_start + LONGEST_FOUND)],
            message=document.message_at(source_start),
            diff=((f"{{+{before}+}}" if before else "") + visible(needle) + (f"{{+{after}+}}" if after else ""))[
                :LONGEST_DIFF
            ],
            critical=bool(before) or any(c.isnumeric() for c in needle[-2:]) or any(is_weighty(word) for word in edges),
            view=view.name,
            page=_page(document, source_start),
        )
    return None


def _nearest(texts: Sequence[str], document: Document, prepared: Prepared) -> list[QuoteResult]:
    """Return the near-miss of each of some quotations that are not there, or absent."""
    best: list[tuple[float, QuoteResult]] = [(0.0, QuoteResult("absent"))] * len(texts)
    folded = [fold_quotation(GAP.sub(" ", text)) for text in texts]
    if not texts or not document.text:
        return [result for _, result in best]
    names = _names_in(document)
    for number, needle in enumerate(folded):
        plain, source = next(prepared.folded(document))
        cut = _cut_out(needle, source, document, plain) if needle and GAP.search(texts[number]) is None else None
        if cut is not None:
            best[number] = (1.0, cut)
    for view, source in prepared.folded(document):
        if view.is_loose:
            continue
        waiting = [number for number, (share, _) in enumerate(best) if share < (NEARLY_ALL if view.name else PLENTY)]
        for number, near in zip(waiting, find_near_misses([folded[n] for n in waiting], source, names), strict=True):
            if near is None or near.share <= best[number][0]:
                continue
            start, end = view.folded.source_span(near.start, near.end)
            result = QuoteResult(
                state="near-miss",
                at=document.line_column(start),
                found=document.text[start : min(end, start + LONGEST_FOUND)],
                message=document.message_at(start),
                diff=near.diff,
                critical=near.is_critical,
                view=view.name,
                page=_page(document, start),
            )
            best[number] = (near.share, result)
    return [result for _, result in best]


def _names_in(document: Document) -> frozenset[str]:
    """Return the names of those who write and are written to, in small letters: some write them so."""
    people = {name for each in document.messages for name in (each.sender, *each.recipients, *each.cc)}
    return frozenset(word for name in people for word in name.casefold().split() if len(word) > 1)


def _not_found(result: QuoteResult, one: _Asked, document: Document) -> QuoteResult:
    """Say what else is known of a quotation whose words do not stand in the text that could be read."""
    if not _has_words(one.text):
        return QuoteResult("absent", notes=("the quotation has no words",))
    notes = result.notes
    folded = fold_quotation(one.text)
    for each in document.annotations:
        if each.kind in OUTSIDE and folded in fold_quotation(each.words):
            notes = (*notes, f"the words stand in {each}, which is no part of the text")
            break
    else:
        if folded in fold_quotation(text_before_changes(document)):
            notes = (*notes, "the words stand in the text as it was before its tracked changes")
    if document.unreadable:
        return QuoteResult("unreadable", notes=(document.unreadable,))
    pages = document.pages_unreadable
    if pages and (one.where.page is None or one.where.page in pages):
        notes = (*notes, f"no text can be had of page{'s' * (len(pages) > 1)} {', '.join(map(str, pages))}")
        if result.state == "absent":
            return QuoteResult("unreadable", notes=notes)
    return result._replace(notes=notes)


def _page(document: Document, start: int) -> int | None:
    """Return the page of a character where the document has pages."""
    return document.page_at(start) if len(document.page_starts) > 1 else None
