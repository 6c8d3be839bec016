"""Looking ahead: what a book schedules after a day, from nothing but the records of that day and before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from muniment.book.history import proposals_under
from muniment.book.selecting import FOLDED_KINDS, Choices, Selector
from muniment.book.structure import Entity, Seat, SeatGroup, Structure
from muniment.model.dates import latest
from muniment.model.durations import day_after
from muniment.model.records import Record
from muniment.model.values import Duration, PartialDate, day

if TYPE_CHECKING:
    from muniment.book.accounts import World

MOST_DAYS = 24
"""How many days are returned at most: each is one more structure to fold for whoever looks ahead."""
ENDING_KINDS = frozenset((*FOLDED_KINDS, "agreement", "option", "grant", "note", "safe"))
"""Kinds of records that change who decides when they end."""


class Scheduled(NamedTuple):
    """A change that is scheduled.

    Attributes:
        day: The first day on which it has taken effect. Where its date is uncertain: by which it certainly has.
        what: What changes, in words (`acme.class-b converts into class-a`).
        gradual: One of many like steps (vesting month by month), not the last.
    """

    day: date
    what: str
    gradual: bool = False


def structure_ahead(world: World, when: date, under: str | None, known: date) -> Structure:
    """Return what will be in force on a later day, as far as the records of `known` and before schedule it.

    Args:
        world: The book in one account.
        when: The day looked at, `known` or later.
        under: A proposal taken as adopted; None for fact alone.
        known: The day from which one looks ahead. Records that begin after it are left out, and so are editions of the
            law. Where the world counts records from the day they were recorded, so are those recorded after it.

    Raises:
        ValueError: If `known` is after `when`.
    """
    return world.on(when, under, known)


def scheduled_days(world: World, on: date, under: str | None, horizon: int) -> tuple[date, ...]:
    """Return the days after a day on which something in force is scheduled to change.

    Args:
        world: The book in one account.
        on: The day from which one looks ahead.
        under: A proposal taken as adopted; None for fact alone.
        horizon: How many years to look ahead; 0 or more.

    Returns:
        The days in order, each once, none later than the horizon; at most `MOST_DAYS`. Where there are more, steps of a
        gradual change go first, then the latest days.

    Raises:
        ValueError: If the horizon is negative.
    """
    found = scheduled_changes(world, on, under, horizon)
    ordered = sorted({each.day for each in found if not each.gradual})
    gradual = sorted({each.day for each in found} - set(ordered))
    return tuple(sorted([*ordered, *gradual][:MOST_DAYS]))


def scheduled_changes(world: World, on: date, under: str | None, horizon: int) -> tuple[Scheduled, ...]:
    """Return every change that is scheduled after a day, in order of day and words.

    Records that end bring back what stood before them, so what is in force on those days is looked at too.

    Args:
        world: The book in one account.
        on: The day from which one looks ahead.
        under: A proposal taken as adopted; None for fact alone.
        horizon: How many years to look ahead; 0 or more.

    Raises:
        ValueError: If the horizon is negative.
    """
    if horizon < 0:
        raise ValueError(f"the horizon is a number of years, 0 or more, not {horizon}")
    last = day_after(on, Duration(horizon, "years"))
    ends = [each for each in _endings(world, on, under) if on < each.day <= last]
    looked_at = sorted({on, *(each.day for each in ends)})[: MOST_DAYS + 1]
    found = set(ends)
    for when in looked_at:
        structure = world.on(when, under, on)
        found.update(each for each in _in_structure(structure, on, last) if on < each.day <= last)
    return tuple(sorted(found))


def _endings(world: World, on: date, under: str | None) -> Iterator[Scheduled]:
    """Yield the ends (`until`) of records in force on a day."""
    selector = Selector(world, day(on), proposals_under(world, under), Choices(world))
    for record in world.book.records:
        fact = record.fact("until") if record.kind in ENDING_KINDS else None
        if fact is None or not selector.is_in_force(record):
            continue
        statement = world.resolve(record, fact).statement
        for one in fact.statements if statement is None else (statement,):
            ended = latest(one.value) if isinstance(one.value, PartialDate) else None
            if ended is not None:
                yield Scheduled(ended, f"{_called(record)} ends")


def _called(record: Record) -> str:
    return f"{record.address} ({record.title})" if record.title else record.address


def _in_structure(structure: Structure, on: date, last: date) -> Iterator[Scheduled]:
    for entity in structure.entities.values():
        yield from _of_classes(structure, entity)
        yield from _of_seats(entity, on, last)
    for right in structure.rights:
        opens, closes = right.exercisable
        if opens is not None:
            yield Scheduled(opens, f"{right.id} may be used")
        if closes is not None and closes < date.max:
            yield Scheduled(closes + timedelta(days=1), f"{right.id} may no longer be used")
        for at, (vests, _) in enumerate(right.vesting, 1):
            yield Scheduled(vests, f"{right.id} vests", at < len(right.vesting))


def _of_classes(structure: Structure, entity: Entity) -> Iterator[Scheduled]:
    """Yield conversions of classes on a date, and days on which shares have been held for longer."""
    for each in entity.classes.values():
        converts = latest(each.converts.on_date) if each.converts is not None and each.converts.on_date else None
        if converts is not None and each.converts is not None:
            yield Scheduled(converts, f"{entity.id}.{each.id} converts into {each.converts.into}")
    for holding in structure.holdings.get(entity.id, ()):
        held = entity.classes.get(holding.class_id)
        lots = {lot.since for lot in holding.lots if lot.since is not None}
        for length, votes in held.tenure.after if held is not None and held.tenure is not None else ():
            for since in lots:
                what = f"shares of {entity.id}.{holding.class_id} that {holding.party} holds carry {votes} votes"
                yield Scheduled(day_after(since, length), what)


def _of_seats(entity: Entity, on: date, last: date) -> Iterator[Scheduled]:
    """Yield annual meetings of an entity whose seats have terms, and ends of terms that no meeting ends."""
    by_meeting = False
    for body in entity.bodies.values():
        for group in body.groups.values():
            length = group.sits_for.length if group.sits_for is not None else None
            if length is not None and entity.annual_meeting is not None and length.unit == "years":
                by_meeting = True
            elif length is not None:
                yield from (
                    Scheduled(day_after(seat.since, length), _term_of(entity, group, seat))
                    for seat in group.seats
                    if seat.since is not None
                )
    if not by_meeting or entity.annual_meeting is None:
        return
    month, number = (int(part) for part in entity.annual_meeting.split("-"))
    for year in range(on.year, last.year + 1):
        # 29 February is held on the 28th in every year, as the end of a term is.
        when = date(year, month, 28 if (month, number) == (2, 29) else number)
        yield Scheduled(when, f"annual meeting of {entity.id}")


def _term_of(entity: Entity, group: SeatGroup, seat: Seat) -> str:
    return f"the term of {seat.occupant} in {group.id} of {entity.id} ends"
