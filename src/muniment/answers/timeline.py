"""The dated line of a book: what happened or took effect, and when it was made known.

A date may be uncertain: then an entry has the first and the last day it allows, and whether it came before another
entry is three-valued.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.evidence.header_dates import find_date
from muniment.model.dates import earliest, exact_day, is_before, latest, parse_date, sort_key
from muniment.model.records import Fact, Part, Record
from muniment.model.values import PartialDate
from muniment.text.nodes import Citation
from muniment.text.spans import Span

NOT_EVENTS = frozenset(("source", "account", "expect", "person", "group", "contradiction"))

Order = Literal["before", "after", "same day", "cannot say"]
"""What can be said of two dates: that one is the earlier, that both are one day, or neither."""


class MadeKnown(NamedTuple):
    """When what a record tells was made known.

    Attributes:
        date: As written.
        by: ``recorded`` if the record states it; else the id of the first source that tells it.
    """

    date: PartialDate
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One dated record.

    Attributes:
        date: As written, in the account asked.
        earliest: First day it may have been; None = open.
        latest: Last day it may have been; None = open.
        recorded: The day it was made known, as written; empty if not stated.
        until: The day on which it has ended, as written; empty if not stated.
        title: The record's own, or what it says.
        hypothetical: The proposal or event it depends on; empty if it stands by itself.
        when: The date with all intervals it allows.
        ended: The day of `until`; None if it is not stated.
        known: When it was made known: `recorded`, else the date of the earliest source it cites (of the message, where
            the citation names one); None if it neither states nor cites anything.
        is_disputed: Sources give its date differently.
        parties: Ids of the persons, groups and entities that it names.
        after: Address of the record of the same day that it is stated to follow; empty if none is stated.
    """

    record: str
    kind: str
    date: str
    earliest: datetime.date | None
    latest: datetime.date | None
    recorded: str
    until: str
    title: str
    hypothetical: str
    span: Span
    when: PartialDate
    ended: PartialDate | None = None
    known: MadeKnown | None = None
    is_disputed: bool = False
    parties: tuple[str, ...] = ()
    after: str = ""


def timeline(world: World, under: str | None = None) -> tuple[Entry, ...]:
    """Return the records of an account by date; sources, people and accounts are not events and are left out.

    Args:
        world: The book in one account.
        under: Show the records of this proposal only, beside those that stand by themselves; None shows all.
    """
    parties = frozenset(record.name for record in world.book.index.parties)
    entries = []
    for record in world.book.records:
        if record.kind in NOT_EVENTS or not world.exists(record):
            continue
        condition = record.value("under") or ""
        if under and condition and condition != under:
            continue
        when = _date(world, record)
        recorded, until = record.value("recorded"), record.value("until")
        fact = record.fact("date")
        entry = Entry(
            record=record.address,
            kind=record.kind,
            date=when.text,
            earliest=earliest(when),
            latest=latest(when),
            recorded=recorded.text if recorded else "",
            until=until.text if until else "",
            title=_title(record),
            hypothetical=condition,
            span=record.span,
            when=when,
            ended=until if isinstance(until, PartialDate) else None,
            known=_made_known(record, world.book),
            is_disputed=fact is not None and fact.is_disputed,
            parties=_parties(record, parties),
            after=str(record.value("after") or ""),
        )
        entries.append(((sort_key(when), record.span.path, record.span.line), entry))
    return tuple(entry for _, entry in sorted(entries, key=lambda pair: pair[0]))


def within(
    entries: Collection[Entry],
    first: datetime.date | None = None,
    last: datetime.date | None = None,
    parties: Collection[str] = (),
    kinds: Collection[str] = (),
) -> tuple[Entry, ...]:
    """Return the entries asked for.

    Args:
        entries: From `timeline`.
        first: Leave out what is surely over before this day; None leaves out nothing. What has an end counts to its
            last day.
        last: Leave out what surely begins after this day.
        parties: Only what names one of these; empty = all.
        kinds: Only these kinds of record; empty = all.
    """
    found = []
    for entry in entries:
        end = latest(entry.ended) if entry.ended is not None else entry.latest
        if first is not None and end is not None and end < first:
            continue
        if last is not None and entry.earliest is not None and entry.earliest > last:
            continue
        if (parties and not set(parties) & set(entry.parties)) or (kinds and entry.kind not in kinds):
            continue
        found.append(entry)
    return tuple(found)


def order(a: Entry, b: Entry, after: Mapping[str, str] | None = None) -> Order:
    """Return whether `a` came before `b`: yes, no, on the same day, or that it cannot be said.

    Args:
        a: One entry.
        b: Another.
        after: The record that each record is stated to follow, by address; it decides where the dates do not.

    Example:
        `2018` and `2018-02-20`: cannot say. `2017` and `2018-02-20`: before.
    """
    if is_before(a.when, b.when):
        return "before"
    if is_before(b.when, a.when):
        return "after"
    if _follows(b.record, a.record, after or {}):
        return "before"
    if _follows(a.record, b.record, after or {}):
        return "after"
    day = exact_day(a.when)
    return "same day" if day is not None and day == exact_day(b.when) else "cannot say"


def stated_order(entries: Collection[Entry]) -> dict[str, str]:
    """Return which record each record is stated to follow within its day."""
    return {entry.record: entry.after for entry in entries if entry.after}


def _follows(later: str, earlier: str, after: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    while later in after and later not in seen:
        seen.add(later)
        later = after[later]
        if later == earlier:
            return True
    return False


def known_order(entry: Entry) -> Order | None:
    """Return whether an entry took effect before it was made known; None if it is not said when that was."""
    if entry.known is None:
        return None
    if is_before(entry.when, entry.known.date):
        return "before"
    if is_before(entry.known.date, entry.when):
        return "after"
    day = exact_day(entry.when)
    return "same day" if day is not None and day == exact_day(entry.known.date) else "cannot say"


def entry_json(entry: Entry, against: Order | None = None) -> dict[str, Any]:
    """Return an entry as `muniment timeline --format json` gives it."""
    known = entry.known
    return {
        "record": entry.record,
        "kind": entry.kind,
        "date": entry.date,
        "earliest": _iso(entry.earliest),
        "latest": _iso(entry.latest),
        "recorded": entry.recorded or None,
        "until": entry.until or None,
        "title": entry.title,
        "under": entry.hypothetical or None,
        "at": str(entry.span),
        "intervals": [[_iso(_day(low)), _iso(_day(high))] for low, high in entry.when.ranges],
        "approximate": entry.when.approximate,
        "disputed": entry.is_disputed,
        "until_earliest": _iso(earliest(entry.ended)) if entry.ended else None,
        "until_latest": _iso(latest(entry.ended)) if entry.ended else None,
        "made_known": None
        if known is None
        else {
            "date": known.date.text,
            "earliest": _iso(earliest(known.date)),
            "latest": _iso(latest(known.date)),
            "by": known.by,
            "effect": known_order(entry),
        },
        "parties": list(entry.parties),
        "order": against,
    }


def _iso(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _day(ordinal: int | None) -> datetime.date | None:
    return None if ordinal is None else datetime.date.fromordinal(ordinal)


def _date(world: World, record: Record) -> PartialDate:
    recorded = record.value("recorded")
    if world.as_recorded and isinstance(recorded, PartialDate):
        return recorded
    fact = record.fact("date")
    statement = world.resolve(record, fact).statement if fact is not None else None
    return statement.value if statement is not None and isinstance(statement.value, PartialDate) else record.date


def _made_known(record: Record, book: Book) -> MadeKnown | None:
    recorded = record.value("recorded")
    if isinstance(recorded, PartialDate):
        return MadeKnown(recorded, "recorded")
    told = [known for citation in _citations(record) if (known := _told(citation, book)) is not None]
    return min(told, key=lambda known: (sort_key(known.date), known.by), default=None)


def _told(citation: Citation, book: Book) -> MadeKnown | None:
    """Return when the words that a citation names were written: the message's date, else the source's."""
    source = book.index.defined.get(citation.source)
    if source is None or source.kind != "source":
        return None
    return MadeKnown(_message_date(citation.place) or source.date, citation.source)


@lru_cache(maxsize=4096)
def _message_date(place: str) -> PartialDate | None:
    """Return the date of the message that a place names; None if it names none."""
    written = find_date(place) if place.lower().startswith(("message", "e-mail", "email")) else None
    if written is None:
        return None
    date = parse_date(f"{written.year:04d}-{written.month:02d}" + (f"-{written.day:02d}" if written.day else ""))
    return date if isinstance(date, PartialDate) else None


def _facts(record: Record) -> Iterator[Fact]:
    yield from record.facts
    waiting: list[Part] = list(record.parts)
    while waiting:
        part = waiting.pop()
        yield from part.facts
        waiting += part.parts


def _citations(record: Record) -> Iterator[Citation]:
    """Yield what a record cites, in itself and in its facts; what a statement does not cite itself it inherits."""
    yield from record.citations
    for fact in _facts(record):
        for statement in fact.statements:
            yield from statement.citations


def _parties(record: Record, known: Collection[str]) -> tuple[str, ...]:
    """Return the parties that a record is about or names as a label or a value, in the order they stand."""
    found = [record.name]
    for fact in _facts(record):
        found.append(fact.label)
        for statement in fact.statements:
            values = statement.value if isinstance(statement.value, tuple) else (statement.value,)
            found += [value for value in values if isinstance(value, str)]
    return tuple(dict.fromkeys(name for name in found if name in known))


def _title(record: Record) -> str:
    if record.title:
        return record.title
    what = record.fact("what") or record.fact("says")
    if what is not None and what.statements:
        return what.statements[0].text
    return f"{record.kind} {record.name}"
