"""The dated line of a book: what happened or took effect, and when it was made known."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from muniment.book.accounts import World
from muniment.model.dates import earliest, latest, sort_key
from muniment.model.records import Record
from muniment.model.values import PartialDate
from muniment.text.spans import Span

NOT_EVENTS = frozenset(("source", "account", "expect", "person", "group", "contradiction"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One dated record.

    Attributes:
        date: As written, in the account asked.
        earliest: First day it may have been; None = open.
        latest: Last day it may have been; None = open.
        recorded: The day it was made known, as written; empty if not stated.
        hypothetical: The proposal or event it depends on; empty if it stands by itself.
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


def timeline(world: World, under: str | None = None) -> tuple[Entry, ...]:
    """Return the records of an account by date; sources, people and accounts are not events and are left out.

    Args:
        world: The book in one account.
        under: Show the records of this proposal only, beside those that stand by themselves; None shows all.
    """
    entries = []
    for record in world.book.records:
        if record.kind in NOT_EVENTS or not world.exists(record):
            continue
        condition = record.value("under") or ""
        if under and condition and condition != under:
            continue
        when = _date(world, record)
        recorded, until = record.value("recorded"), record.value("until")
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
        )
        entries.append(((sort_key(when), record.span.path, record.span.line), entry))
    return tuple(entry for _, entry in sorted(entries, key=lambda pair: pair[0]))


def _date(world: World, record: Record) -> PartialDate:
    recorded = record.value("recorded")
    if world.as_recorded and isinstance(recorded, PartialDate):
        return recorded
    fact = record.fact("date")
    statement = world.resolve(record, fact).statement if fact is not None else None
    return statement.value if statement is not None and isinstance(statement.value, PartialDate) else record.date


def _title(record: Record) -> str:
    if record.title:
        return record.title
    what = record.fact("what") or record.fact("says")
    if what is not None and what.statements:
        return what.statements[0].text
    return f"{record.kind} {record.name}"
