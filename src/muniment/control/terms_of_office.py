"""Terms of office: what is said of a seat whose term has ended, or whose occupant stays until it ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from muniment.book.structure import Entity, Seat, SeatGroup
from muniment.model.durations import day_after
from muniment.model.right_terms import Term


def end_of_term(entity: Entity, terms: Term, since: date) -> date | None:
    """Return the day on which a term that began on a day ends; None where its length is only in words.

    A term of years ends with the annual meeting of its last year, where the entity states the day of that meeting.
    """
    if terms.length is None:
        return None
    if entity.annual_meeting is None or terms.length.unit != "years":
        return day_after(since, terms.length)
    month, day = (int(part) for part in entity.annual_meeting.split("-"))
    this_year = (since.month, since.day) < (month, day)
    year = since.year + terms.length.count - (1 if this_year else 0)
    if year > date.max.year:
        return date.max
    return date(year, month, min(day, 28)) if month == 2 and day == 29 else date(year, month, day)


def next_meeting(entity: Entity, on: date) -> date | None:
    """Return the day of the next annual meeting, `on` included; None where none is stated."""
    if entity.annual_meeting is None:
        return None
    month, day = (int(number) for number in entity.annual_meeting.split("-"))
    for year in range(on.year, min(on.year + 9, date.max.year) + 1):
        try:
            meeting = date(year, month, day)
        except ValueError:
            continue  # 29 February
        if meeting >= on:
            return meeting
    return None


def of_term(entity: Entity, body: str, group: SeatGroup, seat: Seat, on: date) -> Iterator[str]:
    """Yield what is assumed of the term of a seat on a day."""
    terms = group.sits_for
    if terms is None or seat.occupant is None:
        return
    where = f"the seats {group.id} of {entity.id}.{body}"
    if terms.length is None:
        yield f"The term of {where} is not computed: {terms.text}."
        return
    ends = end_of_term(entity, terms, seat.since) if seat.since is not None else None
    if ends is not None and ends <= on:
        yield (
            f"The term of {seat.occupant} in {where} ended on {ends}; "
            "whoever sits there is taken to stay until a successor does."
        )


def own_until_the_term_ends(entity: Entity, body: str, group: SeatGroup) -> str:
    """Return what is assumed of seats whose occupants cannot be replaced before their terms end."""
    assert group.sits_for is not None
    return (
        f"Who sits in the seats {group.id} of {entity.id}.{body} decides alone: "
        f"they come up for election as their term says ({group.sits_for.text}), and not before."
    )
