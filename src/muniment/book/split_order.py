"""Where a split of uncertain date stands among the records that count shares of its class.

What is issued, passed on, taken back or granted before a split is multiplied by it, and what comes after is not. So
where the dates allow both orders, the order is a fact that the records leave open, and each order is a reading.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, Protocol

from muniment.model.dates import is_before, is_exact, sort_key
from muniment.model.records import Record
from muniment.model.values import ClassQuantity, PartialDate


class Dated(NamedTuple):
    """A record with the date from which it counts; `ends` where it is the end of an appointment instead."""

    when: PartialDate
    record: Record
    ends: bool = False

    @property
    def day(self) -> int:
        """Return the first day it allows, as a proleptic ordinal."""
        return sort_key(self.when)[0]


class Orders(Protocol):
    """How an account settles the order of records of uncertain date."""

    def choose_place(self, split: Record, days: Sequence[str]) -> int | None:
        """Return how many of some days come before a split of uncertain date; None where that is left open."""

    def choose_order(self, first: Record, second: Record) -> bool | None:
        """Return whether the second came later; None where that is left open."""

    def comes_after(self, record: Record, other: Record) -> bool:
        """Whether a record says that it takes effect after another."""


def with_splits_placed(dated: Sequence[Dated], orders: Orders) -> list[Dated]:
    """Return records with every split where the account puts it; where it is left open, they stay as they are.

    The days of records of certain date cut the time of a split into stretches: in which of them it fell is one open
    fact. Each record that is itself of uncertain date has an open fact of its own.

    Args:
        dated: Records of one subject, in the order in which they are folded.
        orders: The account's choices.
    """
    found = list(dated)
    for split in [one for one in dated if one.record.kind == "split"]:
        classes = {fact.label.rpartition(".")[2] for fact in split.record.facts}
        beside = [
            one for one in found if not one.ends and one.record.kind != "split" and counts_shares(one.record, classes)
        ]
        later = _later_than(split, beside, orders)
        if later is None:
            continue
        place = found.index(split)
        earlier = [found.index(one) for one in beside if id(one) not in later]
        place = max([place, *earlier])
        moved = [one for one in found[: place + 1] if id(one) in later]
        kept = [one for one in found[: place + 1] if id(one) not in later and one is not split]
        found = [*kept, split, *moved, *found[place + 1 :]]
    return found


def _later_than(split: Dated, beside: Sequence[Dated], orders: Orders) -> set[int] | None:
    """Return the records that come after a split; None where its place is certain, or nothing is chosen."""
    certain = {id(one): _is_later(split, one, orders) for one in beside}
    unsure = [one for one in beside if certain[id(one)] is None]
    if not unsure:
        return None
    later = {id(one) for one in beside if certain[id(one)]}
    days = sorted({one.day for one in unsure if is_exact(one.when)})
    by_day = {one.day: one.when.text for one in unsure if is_exact(one.when)}
    settled = True
    if days:
        come = orders.choose_place(split.record, [by_day[day] for day in days])
        settled = come is not None
        later |= {id(one) for one in unsure if is_exact(one.when) and one.day in days[come or 0 :]}
    for one in unsure:
        if not is_exact(one.when):
            is_later = orders.choose_order(split.record, one.record)
            settled = settled and is_later is not None
            if is_later:
                later.add(id(one))
    return later if settled else None


def _is_later(split: Dated, one: Dated, orders: Orders) -> bool | None:
    """Whether a record comes after a split; None where neither its date nor `after` says."""
    if orders.comes_after(one.record, split.record):
        return True
    if orders.comes_after(split.record, one.record):
        return False
    earlier = is_before(one.when, split.when)
    return None if earlier is None else not earlier  # on one day a split comes first


def _counts_shares_of(record: Record) -> Iterator[str]:
    """Yield the classes of which a record counts shares."""
    for fact in record.facts:
        for statement in fact.statements:
            if isinstance(statement.value, ClassQuantity):
                yield statement.value.of.rpartition(".")[2]
            elif fact.label in ("into", "of") and isinstance(statement.value, str):
                yield statement.value.rpartition(".")[2]


def counts_shares(record: Record, classes: Collection[str]) -> bool:
    """Whether a record counts shares of one of some classes; what a forfeiture is of stands in its grant."""
    return record.kind == "forfeit" or any(name in classes for name in _counts_shares_of(record))
