"""Whether a book already records what a scan would propose: the same person in the same entity at the same time."""

from __future__ import annotations

from collections.abc import Mapping

from muniment.book.book import Book
from muniment.evidence.scan.calendar_points import Interval, first_day, last_day, of_partial
from muniment.model.dates import parse_date
from muniment.model.records import Record
from muniment.model.values import PartialDate

KINDS: Mapping[str, tuple[str, ...]] = {
    "appoint": ("appoint", "elect"),
    "remove": ("remove", "leave"),
    "leave": ("leave", "remove"),
}


def already_recorded(book: Book, kind: str, entity: str, person: str, when: str) -> str:
    """Return the address of a record of the book that tells of the same change of a seat or office; empty if none.

    Args:
        book: As loaded.
        kind: `appoint`, `remove` or `leave`; for a scan the last two are one.
        entity: Id of the entity.
        person: Id of who takes or leaves the place.
        when: The date proposed, in EDTF. Where it cannot be compared with that of a record, the two may be the same.
    """
    parsed = parse_date(when)
    proposed = of_partial(parsed) if isinstance(parsed, PartialDate) else None
    for one in (
        *book.index.by_kind.get(kind, ()),
        *(each for other in KINDS[kind][1:] for each in book.index.by_kind.get(other, ())),
    ):
        if one.name == entity and _names(one, person) and _may_meet(proposed, of_partial(one.date)):
            return one.address
    return ""


def _names(record: Record, person: str) -> bool:
    return any(
        person in statement.text.replace(",", " ").split() for fact in record.facts for statement in fact.statements
    )


def _may_meet(one: Interval | None, other: Interval | None) -> bool:
    if one is None or other is None:
        return True
    return first_day(one.low) <= last_day(other.high) and first_day(other.low) <= last_day(one.high)
