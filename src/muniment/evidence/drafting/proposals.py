"""What a model proposed, record by record: kept if it reads and every quotation stands in the document, else discarded.

A verified quotation shows that these words stand there. It does not show that the rest of the record follows from them:
figures that a record states and does not quote are listed beside it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from typing import Any, Literal, NamedTuple

from muniment.evidence.documents import Document
from muniment.evidence.drafting.requests import LEFT_OUT
from muniment.evidence.near_misses import visible
from muniment.evidence.quotes import QuoteResult, check_quotation
from muniment.evidence.searching import CJK_SIGN, Prepared
from muniment.model.typed import type_file
from muniment.text import nodes
from muniment.text.reader import read
from muniment.text.writer import write

NAME = "draft.muni"
MOST_RECORDS = 200
"""Records of one answer that are looked at."""
MOST_QUOTATIONS = 20
"""Quotations that one record may have."""
LONGEST_RECORD = 20_000
LONGEST_QUOTATION = 1_000
LONGEST_HEAD = 120
LEAST_WORDS, LEAST_SIGNS = 2, 4
"""A quotation of fewer words, and of fewer signs of Chinese, stands in nearly every text and shows nothing."""
WORD = re.compile(rf"[^\W_{CJK_SIGN}]+(?:[.,'’-][^\W_{CJK_SIGN}]+)*")
SIGN = re.compile(f"[{CJK_SIGN}]")
NAMING = frozenset(("who", "about", "by", "to", "from"))
ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
FIGURE = re.compile(r"[0-9](?:[0-9,. \u00a0\u202f\u2009]*[0-9])?")

Reason = Literal[
    "no record",
    "not readable",
    "unseen characters",
    "kind",
    "no quotation",
    "too little quoted",
    "another source",
    "absent",
    "near-miss",
    "ambiguous",
    "header-mismatch",
    "elsewhere",
    "critical gap",
    "negation left out",
    "twice",
    "too much",
]


class Quoted(NamedTuple):
    """A quotation that stands in the document.

    Attributes:
        state: ``exact``, ``folded`` or ``gapped``.
        line: Of its first character; 1-based.
        column: In characters; 1-based.
    """

    quote: str
    state: str
    line: int
    column: int


class Draft(NamedTuple):
    """A record that is kept.

    Attributes:
        text: In the one layout of `.muni` files; every citation of a quotation has a place.
        kind: As in the vocabulary.
        name: The id it defines, or its subject.
        quotations: At least one.
        unknown: Ids it names that the book does not define, and that it does not define itself.
        not_quoted: Figures it states that stand in none of its quotations.
        is_known: The book already has a record of this id.
    """

    text: str
    kind: str
    name: str
    quotations: tuple[Quoted, ...]
    unknown: tuple[str, ...]
    not_quoted: tuple[str, ...]
    is_known: bool


class Discarded(NamedTuple):
    """A record, or lines that are none, that is not kept.

    Attributes:
        reason: One of a fixed list.
        detail: What is wrong, in words; may be empty.
        head: Its first line, cut, with every character that cannot be seen written out.
    """

    reason: Reason
    detail: str
    head: str


class _CannotKeep(NamedTuple):
    """Why a record is not kept."""

    reason: Reason
    detail: str = ""


_Cited = nodes.Record | nodes.Block | nodes.Field | nodes.Item


class _Found(NamedTuple):
    """A quotation with what was found of it, and where the citation stands that is its authority."""

    quotation: nodes.Quotation
    citation: nodes.Citation
    result: QuoteResult


def sift(
    content: str, source: str, document: Document, known: Collection[str], prepared: Prepared | None = None
) -> tuple[tuple[Draft, ...], tuple[Discarded, ...]]:
    """Return what can be kept of a model's answer, and what is discarded and why.

    Args:
        content: What the model wrote.
        source: Id of the source that was sent; every citation must name it.
        document: That source; every quotation must stand in it.
        known: Ids that the book defines.
        prepared: Searchable forms of the document made so far.

    Returns:
        Both in the order of the answer. Comments are left out of what is kept; they count nowhere.
    """
    prepared = prepared or Prepared()
    kept: dict[str, Draft] = {}
    discarded: list[Discarded] = []
    bare = "\n".join(line for line in content.split("\n") if not line.lstrip().startswith("#"))
    looked_at = 0
    is_after_unread = False
    for child in read(bare, NAME)[0].children:
        if isinstance(child, nodes.Unread) and not is_after_unread:
            discarded.append(Discarded("no record", "", _head(child.text)))
        is_after_unread = isinstance(child, nodes.Unread) or (is_after_unread and isinstance(child, nodes.Blank))
        if not isinstance(child, nodes.Record):
            continue
        looked_at += 1
        head = _head(f"{child.date} {child.kind} {child.name} {child.title}")
        if looked_at > MOST_RECORDS:
            discarded.append(Discarded("too much", f"only {MOST_RECORDS} records of an answer are looked at", head))
            continue
        found = _kept(child, source, document, known, prepared)
        if isinstance(found, _CannotKeep):
            discarded.append(Discarded(found.reason, found.detail, head))
        elif found.text in kept:
            discarded.append(Discarded("twice", "", head))
        else:
            kept[found.text] = found
    return tuple(kept.values()), tuple(discarded)


def _kept(
    record: nodes.Record, source: str, document: Document, known: Collection[str], prepared: Prepared
) -> Draft | _CannotKeep:
    """Return a record as it is kept, or why it is not."""
    if record.kind in LEFT_OUT:
        return _CannotKeep("kind", f"a record of kind {record.kind} is not for a model to propose")
    text = write(nodes.File(NAME, "", (record,)))
    if len(text) > LONGEST_RECORD:
        return _CannotKeep("too much", f"the record has {len(text):,} characters")
    hidden = next((sign for sign in text if not _is_seen(sign)), None)
    if hidden is not None:
        return _CannotKeep("unseen characters", f"it has U+{ord(hidden):04X}")
    again = _read_alone(text)
    if isinstance(again, _CannotKeep):
        return again
    found = _quotations(again, source, document, prepared)
    if isinstance(found, _CannotKeep):
        return found
    placed = write(nodes.File(NAME, "", (_placed(again, _places(found, document)),)))
    final = _read_alone(placed)
    if isinstance(final, _CannotKeep) or isinstance(_quotations(final, source, document, prepared), _CannotKeep):
        placed, final = text, again
    return _draft(placed, final, found, known)


def _read_alone(text: str) -> nodes.Record | _CannotKeep:
    """Return the one record that a text is, if it is one and has no fault."""
    file, faults = read(text, NAME)
    records = [child for child in file.children if isinstance(child, nodes.Record)]
    typed = type_file(file)
    wrong = [fault for fault in (*faults, *typed.diagnostics) if fault.severity == "error"]
    if wrong:
        return _CannotKeep("not readable", visible(f"{wrong[0].code}: {wrong[0].message}"))
    if len(records) != 1 or len(typed.records) != 1 or len(file.children) != 1 or write(file) != text:
        return _CannotKeep("not readable", "it does not read as one record")
    return records[0]


def _quotations(
    record: nodes.Record, source: str, document: Document, prepared: Prepared
) -> tuple[_Found, ...] | _CannotKeep:
    """Return every quotation with what was found of it, or why the record cannot be kept."""
    found: list[_Found] = []
    for node, authority in _nodes_of(record):
        for citation in node.citations:
            if citation.source != source:
                return _CannotKeep("another source", f"it cites @{visible(citation.source)[:LONGEST_HEAD]}")
        for quotation in node.quotations:
            if not quotation.text.strip():
                return _CannotKeep("no quotation", "a gloss stands without a quotation")
            if authority is None:
                return _CannotKeep("no quotation", "a quotation stands without a citation")
            if len(found) == MOST_QUOTATIONS:
                return _CannotKeep("too much", f"it has over {MOST_QUOTATIONS} quotations")
            result = _verified(quotation.text, document, authority.place, prepared)
            if isinstance(result, _CannotKeep):
                return result
            found.append(_Found(quotation, authority, result))
    return tuple(found) or _CannotKeep("no quotation")


def _nodes_of(record: nodes.Record) -> Iterator[tuple[_Cited, nodes.Citation | None]]:
    """Yield every node of a record with the citation that is the authority of its quotations, in file order."""
    waiting: list[tuple[_Cited, nodes.Citation | None]] = [(record, None)]
    while waiting:
        node, inherited = waiting.pop()
        authority = node.citations[-1] if node.citations else inherited
        yield node, authority
        below = node.items if isinstance(node, nodes.Field) else () if isinstance(node, nodes.Item) else node.children
        waiting += [(each, authority) for each in reversed(below) if isinstance(each, _Cited)]


def _verified(quote: str, document: Document, place: str, prepared: Prepared) -> QuoteResult | _CannotKeep:
    """Return what was found of a quotation that stands in the document, or what is wrong with it."""
    shown = visible(quote)[:LONGEST_HEAD]
    if len(quote) > LONGEST_QUOTATION:
        return _CannotKeep("too much", f"a quotation has {len(quote):,} characters")
    if len(WORD.findall(quote)) < LEAST_WORDS and len(SIGN.findall(quote)) < LEAST_SIGNS:
        return _CannotKeep("too little quoted", shown)
    result = check_quotation(quote, document, place, prepared)
    if result.negation_before:
        return _CannotKeep("negation left out", f"the document has '{visible(result.negation_before)}' before: {shown}")
    match result.state:
        case "exact" | "folded" | "gapped":
            pass
        case "near-miss":
            return _CannotKeep("near-miss", visible(result.diff)[:500])
        case "absent" | "ambiguous" | "header-mismatch":
            return _CannotKeep(result.state, shown)
        case _:
            return _CannotKeep("absent", f"{result.state}: {shown}")
    if result.is_elsewhere:
        return _CannotKeep("elsewhere", f"{shown}: not at '{visible(place)[:LONGEST_HEAD]}'")
    if result.critical:
        return _CannotKeep("critical gap", shown)
    return result


def _places(found: tuple[_Found, ...], document: Document) -> dict[tuple[int, int], str]:
    """Return a place for each citation that has none, by where it stands: that of its first quotation."""
    places: dict[tuple[int, int], str] = {}
    for each in found:
        at, message = each.result.at, each.result.message
        if each.citation.place or at is None or at[0] > len(document.line_starts):
            continue
        if message is not None and message.sent is not None:
            clock = f" {message.at.isoformat('seconds' if message.at.second else 'minutes')}" if message.at else ""
            place = f"message {message.sent.isoformat()}{clock}"
        elif len(document.page_starts) > 1:
            place = f"p. {document.page_at(document.line_starts[at[0] - 1] + at[1] - 1)}"
        else:
            place = f"l. {at[0]}"
        places.setdefault((each.citation.span.line, each.citation.span.column), place)
    return places


def _placed(node: Any, places: dict[tuple[int, int], str]) -> Any:
    """Return a node whose citations have their places; a record is nested only a few levels deep."""
    if not isinstance(node, _Cited):
        return node
    citations = tuple(
        citation._replace(place=places.get((citation.span.line, citation.span.column), citation.place))
        for citation in node.citations
    )
    node = node._replace(citations=citations)
    if isinstance(node, nodes.Field):
        return node._replace(items=tuple(_placed(each, places) for each in node.items))
    if isinstance(node, nodes.Item):
        return node
    return node._replace(children=tuple(_placed(each, places) for each in node.children))


def _draft(text: str, record: nodes.Record, found: tuple[_Found, ...], known: Collection[str]) -> Draft:
    typed = type_file(read(text, NAME)[0])
    own = {each.name for each in typed.records}
    parties = (
        reference.value if isinstance(reference.value, tuple) else (reference.value,)
        for reference in typed.references
        if reference.type in ("party", "parties", "entity", "record", "source")
    )
    named = dict.fromkeys(str(name) for names in parties for name in names if isinstance(name, str))
    subject_of = [record.name] if typed.records and typed.records[0].address != record.name else []
    unknown = [
        name
        for name in (*subject_of, *named, *_ids_in_words(record))
        if name not in known and (name not in own or name in subject_of)
    ]
    quoted = {_plain(figure) for each in found for figure in FIGURE.findall(each.quotation.text)}
    stated = [
        figure
        for node, _ in _nodes_of(record)
        for figure in FIGURE.findall(node.value if isinstance(node, nodes.Field | nodes.Item) else "")
    ]
    return Draft(
        text=text,
        kind=record.kind,
        name=record.name,
        quotations=tuple(Quoted(each.quotation.text, each.result.state, *(each.result.at or (0, 0))) for each in found),
        unknown=tuple(dict.fromkeys(unknown)),
        not_quoted=tuple(dict.fromkeys(figure for figure in stated if _plain(figure) not in quoted)),
        is_known=not subject_of and record.name in known,
    )


def _ids_in_words(record: nodes.Record) -> list[str]:
    """Return what looks like an id in the lines that may name a party by id or in words, such as `who`."""
    return [
        name
        for node, _ in _nodes_of(record)
        if isinstance(node, nodes.Field) and node.label in NAMING
        for name in (part.strip() for part in node.value.split(","))
        if ID.fullmatch(name)
    ]


def _plain(figure: str) -> str:
    """Return the digits of a figure, without what groups or divides them."""
    return re.sub(r"[^0-9]", "", figure)


def _is_seen(sign: str) -> bool:
    """Return whether a character shows what it is: a sign, an ordinary or wide space, the end of a line."""
    return sign == "\n" or not (unicodedata.category(sign)[0] == "C" or unicodedata.category(sign) in ("Zl", "Zp"))


def _head(words: str) -> str:
    shown = visible(words).strip()
    return shown if len(shown) <= LONGEST_HEAD else shown[:LONGEST_HEAD] + "..."
