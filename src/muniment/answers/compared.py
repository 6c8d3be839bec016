"""Facts that several records state, compared: the same slot with another value, where no record says `disputed`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from muniment.answers.origins import kind_of, witnesses
from muniment.book.accounts import accounts_of
from muniment.book.book import Book
from muniment.book.references import facts_of
from muniment.book.selecting import FOLDED_KINDS
from muniment.model.dates import earliest, is_before, latest, sort_key
from muniment.model.records import Fact, Record, Statement
from muniment.model.values import Bounded, Money, PartialDate, Quantity
from muniment.model.vocabulary import ENTITY_KINDS
from muniment.text.spans import Span

LONGEST_MOMENT = 92
"""Days that the date of one act may span and still be that of one act; a longer one is compared with its like only."""

MOST_NEIGHBORS = 8
MOST_OF_A_SLOT = 20
"""Differences that are listed of one slot; a slot with more is no one fact."""

MONEY = ("contribute", "pledge", "lend", "pay", "safe", "note")
COMMON_LABELS = frozenset(
    ("id", "remark", "under", "according to", "until", "recorded", "after", "date", "difference", "without", "round")
)


class Side(NamedTuple):
    """One of the records that differ.

    Attributes:
        record: Its address.
        value: What it states, as written.
        sources: Ids of the sources that say so.
        accounts: Accounts in which it exists, where it does not exist in all.
    """

    record: str
    value: str
    sources: tuple[str, ...]
    accounts: tuple[str, ...]
    quotation: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A difference between records that no record of the book states.

    Attributes:
        label: What sort of comparison found it.
        title: What differs, in a few words.
        kind: dispute, error, translation, reporting or category.
        why: In one sentence, why they cannot all be right.
    """

    label: str
    title: str
    kind: str
    sides: tuple[Side, ...]
    why: str

    @property
    def records(self) -> frozenset[str]:
        """Return the addresses of the records that differ."""
        return frozenset(side.record for side in self.sides)


class _Stated(NamedTuple):
    """A value that a record gives to a slot."""

    record: Record
    fact: Fact
    statement: Statement
    when: PartialDate


def rival_records(book: Book) -> Iterator[Found]:
    """Yield facts that two records state differently for times that may be the same.

    Compared are payments of one kind between the same parties, SAFEs and notes, rounds, holdings, votes, offers, and
    what entities and their amendments state. A slot is its parties, its label and the proposal it stands under.
    """
    slots: dict[tuple[object, ...], list[_Stated]] = {}
    for record in book.records:
        for slot, fact in _slots(record):
            if len(fact.statements) == 1:
                slots.setdefault(slot, []).append(_Stated(record, fact, fact.statements[0], record.date))
    for slot, stated in slots.items():
        if len(stated) > 1:
            yield from _differing(book, slot, stated)


def _slots(record: Record) -> Iterator[tuple[tuple[object, ...], Fact]]:
    under = record.value("under")
    if record.kind in MONEY:
        parties = ("by", "to") if record.kind not in ("safe", "note") else ("issuer", "to")
        pair = tuple(record.value(label) for label in parties)
        amount = record.fact("amount")
        if amount is not None and None not in pair:
            yield (record.kind, *pair, under, record.value("as"), "amount"), amount
    elif record.kind == "round":
        owner = (record.kind, record.value("issuer"), record.value("class"), under)
        for label in ("price per share", "pre-money", "new money", "post-money", "pool after"):
            fact = record.fact(label)
            if fact is not None and None not in owner[1:3]:
                yield (*owner, label), fact
    elif record.kind == "offer":
        owner = (record.kind, record.value("by"), record.value("to"), under)
        for label in ("salary", "bonus", "equity"):
            fact = record.fact(label)
            if fact is not None and None not in owner[1:3]:
                yield (*owner, label), fact
    elif record.kind == "vote":
        on = record.value("on")
        for label in ("for", "against", "abstain", "turnout"):
            fact = record.fact(label)
            if fact is not None and on is not None:
                yield (record.kind, on.entity, on.matter, record.name, under, label), fact
    elif record.kind in ("amend", "holding", *ENTITY_KINDS):
        group = "holding" if record.kind == "holding" else "entity"
        for fact in facts_of(record):
            if fact.label not in COMMON_LABELS:
                of = getattr(fact.agreed, "of", "") if group == "holding" else ""
                yield (group, record.name, under, of, fact.address), fact


def _differing(book: Book, slot: tuple[object, ...], stated: Sequence[_Stated]) -> Iterator[Found]:
    ordered = sorted(stated, key=lambda one: (sort_key(one.when), one.record.span.path, one.record.span.line))
    listed = 0
    for position, one in enumerate(ordered):
        for other in ordered[position + 1 : position + 1 + MOST_NEIGHBORS]:
            if is_before(one.when, other.when):
                break
            if not _may_be_one(book, one, other) or not differ(one.statement.value, other.statement.value):
                continue
            sides = (_side(book, one), _side(book, other))
            kind = _kind(book, sides)
            listed += 1
            if listed > MOST_OF_A_SLOT:
                return
            yield Found(
                label="in several records",
                title=_title(slot, one.fact),
                kind=kind,
                sides=sides,
                why=f"both are of the same time, {_when(one.when, other.when)}, and differ",
            )


def _may_be_one(book: Book, one: _Stated, other: _Stated) -> bool:
    """Whether two records may state one thing: at one time, neither after the other, and not by the same source."""
    if one.record.address == other.record.address:
        return False
    if one.record.value("after") == other.record.address or other.record.value("after") == one.record.address:
        return False
    lengths = [_length(each.when) for each in (one, other)]
    if one.when.text != other.when.text and any(length is None or length > LONGEST_MOMENT for length in lengths):
        return False
    ours, theirs = _sources(one.statement), _sources(other.statement)
    told_apart = bool(ours) and bool(theirs) and not set(ours) & set(theirs)
    if one.record.kind in (*MONEY, "offer", "round", "vote"):
        return told_apart
    if _apart(book, one.record, other.record):
        return True
    return told_apart and not (_is_one_day(one.when) and _is_one_day(other.when))


def _is_one_day(when: PartialDate) -> bool:
    return _length(when) == 1


def _length(when: PartialDate) -> int | None:
    first, last = earliest(when), latest(when)
    return None if first is None or last is None else (last - first).days + 1


def _apart(book: Book, one: Record, other: Record) -> bool:
    """Whether no account has both records."""
    return not set(accounts_with(book, one)) & set(accounts_with(book, other))


def accounts_with(book: Book, record: Record) -> tuple[str, ...]:
    """Return the accounts in which a record exists."""
    named = record.value("according to")
    return tuple(named) if named else accounts_of(book)


def differ(one: Any, other: Any) -> bool:
    """Whether two values cannot both be right; bounds that meet may be one value, and `about` excludes nothing."""
    ours, theirs = _bounds(one), _bounds(other)
    if ours is None or theirs is None:
        return bool(one != other)
    if ours[0] != theirs[0]:
        return True
    return _above(ours, theirs) or _above(theirs, ours)


_Bounds = tuple[str, Fraction | None, bool, Fraction | None, bool]


def _bounds(value: Any) -> _Bounds | None:
    """Return the unit of a number, its least and greatest value, and whether each is itself excluded."""
    quantity = getattr(value, "quantity", None)
    value = quantity if isinstance(quantity, (Quantity, Bounded)) else value
    if isinstance(value, Bounded):
        low, high = _number(value.low), _number(value.high)
        unit = (low or high or ("", None))[0]
        if value.about:
            return unit, None, False, None, False
        return unit, low[1] if low else None, value.low_open, high[1] if high else None, value.high_open
    number = _number(value)
    return None if number is None else (number[0], number[1], False, number[1], False)


def _number(value: Any) -> tuple[str, Fraction] | None:
    if isinstance(value, Money):
        return value.currency, value.amount
    if isinstance(value, Quantity):
        return value.unit, value.amount
    return ("", Fraction(value)) if isinstance(value, (int, Fraction)) and not isinstance(value, bool) else None


def _above(one: _Bounds, other: _Bounds) -> bool:
    """Whether all that one allows is greater than all that the other allows."""
    low, high = one[1], other[3]
    return low is not None and high is not None and (low > high or (low == high and (one[2] or other[4])))


def _side(book: Book, one: _Stated) -> Side:
    return side_of(book, one.record, one.statement)


def side_of(book: Book, record: Record, statement: Statement | None, value: str = "") -> Side:
    """Return a record as one side of a difference, by one of its statements or as a whole."""
    quotations = statement.quotations if statement is not None else record.quotations
    return Side(
        record=record.address,
        value=value or (statement.text if statement is not None else record.title or record.address),
        sources=_sources(statement) if statement is not None else sources_of(record),
        accounts=accounts_with(book, record) if record.value("according to") else (),
        quotation=quotations[0].text if quotations else "",
        span=statement.span if statement is not None else record.span,
    )


def sources_of(record: Record) -> tuple[str, ...]:
    """Return the sources of a record's head, else of its first statements."""
    cited = record.citations or tuple(
        citation for fact in record.facts for statement in fact.statements for citation in statement.citations
    )
    return tuple(dict.fromkeys(citation.source for citation in cited))


def _sources(statement: Statement) -> tuple[str, ...]:
    return tuple(dict.fromkeys(citation.source for citation in statement.citations))


def _kind(book: Book, sides: Iterable[Side]) -> str:
    told = [side.sources for side in sides]
    everyone = {source for sources in told for source in sources}
    return kind_of(book, told) if witnesses(book, everyone) else "dispute"


def _title(slot: tuple[object, ...], fact: Fact) -> str:
    names = [str(part) for part in slot[1:3] if isinstance(part, str)]
    return (
        f"{' and '.join(names[:2])}: {fact.address}" if slot[0] in (*MONEY, "offer") else f"{slot[1]}: {fact.address}"
    )


def _when(one: PartialDate, other: PartialDate) -> str:
    return one.text if one.text == other.text else f"{one.text} and {other.text}"


def records_in_some_accounts(book: Book) -> Iterator[Found]:
    """Yield records that exist in some accounts only, with what the others have instead."""
    before: dict[tuple[object, ...], list[_Stated]] = {}
    only: list[Record] = []
    for record in book.records:
        if record.kind not in FOLDED_KINDS:
            continue
        if record.fact("according to") is not None:
            only.append(record)
        for slot, fact in _slots(record):
            if len(fact.statements) == 1:
                before.setdefault(slot, []).append(_Stated(record, fact, fact.statements[0], record.date))
    for record in only:
        sides = [side_of(book, record, None, _stated_in(record))]
        for slot, _ in _slots(record):
            instead = [
                one for one in before.get(slot, ()) if _apart(book, one.record, record) or one.record is not record
            ]
            instead = [one for one in instead if not is_before(record.date, one.when)]
            if instead:
                sides.append(_side(book, max(instead, key=lambda one: sort_key(one.when))))
        yield Found(
            label="in some accounts only",
            title=record.title or record.address,
            kind=kind_of(book, [side.sources for side in sides]) if len(sides) > 1 else "dispute",
            sides=tuple(dict.fromkeys(sides)),
            why=f"it exists according to {', '.join(accounts_with(book, record))} alone"
            + ("" if len(sides) > 1 else ", and the other accounts state nothing instead"),
        )


def _stated_in(record: Record) -> str:
    return "; ".join(
        f"{fact.address}: {fact.statements[0].text}"
        for fact in facts_of(record)
        if fact.label not in COMMON_LABELS and fact.statements
    )


class _Act(NamedTuple):
    """That somebody took a place, or left it."""

    record: Record
    fact: Fact
    when: PartialDate
    takes: bool


def repeated_acts(book: Book) -> Iterator[Found]:
    """Yield places that somebody takes twice without leaving between, or leaves twice: one act at two dates.

    `muniment check` reports those of one account where they stand; here they stand side by side with their sources.
    """
    for (entity, place, person), acts in tenures(book).items():
        for one, other in pairwise(acts):
            if one.takes != other.takes or _in_turn(one, other):
                continue
            sides = tuple(
                side_of(book, act.record, None, f"{act.record.kind} on {act.when.text}") for act in (one, other)
            )
            verb = "takes" if one.takes else "leaves"
            yield Found(
                label="in several records",
                title=f"When {person} {verb} {place} of {entity}",
                kind=kind_of(book, [side.sources for side in sides]),
                sides=sides,
                why=f"nobody {verb} one place twice in a row",
            )


def tenures(book: Book) -> dict[tuple[str, str, str], list[_Act]]:
    """Return who took and left which seats and offices of fact, in order of date, by entity, place and person."""
    found: dict[tuple[str, str, str], list[_Act]] = {}
    for record in book.records:
        if record.kind not in ("appoint", "remove", "leave") or record.fact("under") is not None:
            continue
        when = dated(record)
        for fact in record.facts:
            people = fact.agreed if fact.label not in COMMON_LABELS else None
            for person in people if isinstance(people, tuple) else ():
                acts = found.setdefault((record.name, fact.label, person), [])
                acts.append(_Act(record, fact, when, record.kind == "appoint"))
                until = record.value("until")
                if record.kind == "appoint" and isinstance(until, PartialDate):
                    acts.append(_Act(record, fact, until, takes=False))
    for acts in found.values():
        acts.sort(key=lambda act: (sort_key(act.when), act.takes))
    return found


def dated(record: Record) -> PartialDate:
    """Return the date that the keeper takes a record to be of."""
    fact = record.fact("date")
    for statement in fact.statements if fact is not None and fact.prefer is not None else ():
        prefer = fact.prefer if fact is not None else None
        named = prefer is not None and prefer.name and statement.name == prefer.name
        cited = prefer is not None and prefer.source and prefer.source in _sources(statement)
        if (named or cited) and isinstance(statement.value, PartialDate):
            return statement.value
    return record.date


def _in_turn(one: _Act, other: _Act) -> bool:
    return one.record is other.record or other.record.value("after") == one.record.address
