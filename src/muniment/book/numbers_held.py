"""Arithmetic of numbers of shares that may be stated within bounds only, and of the lots that make them up."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from muniment.model.amounts import format_fraction
from muniment.model.values import Bounded, Money

Number: TypeAlias = Fraction | Bounded[Fraction]
ZERO = Fraction(0)


class Lot(NamedTuple):
    """Shares that one holder has held without a break.

    Attributes:
        quantity: Shares.
        since: The first day; None = not known exactly.
        issued: The day of issue, where the holder has them from another; None = `since` itself.
        paid: What the entity got for all of them; None where that is not stated. Only the ledger keeps it.
    """

    quantity: Fraction
    since: date | None
    issued: date | None = None
    paid: Money | None = None


def least(quantity: Number) -> Fraction:
    """Return the least that a number may be; of `about X` nothing is concluded."""
    if isinstance(quantity, Bounded):
        return ZERO if quantity.about or quantity.low is None else quantity.low
    return quantity


def plus(first: Number, second: Number) -> Number:
    """Return a sum; a bound that only one of the two has is lost."""
    if not isinstance(first, Bounded) and not isinstance(second, Bounded):
        return first + second
    a, b = _ends(first), _ends(second)
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    words = f"{in_words(first)} and {in_words(second)}"
    return Bounded(low, high, a.low_open or b.low_open, a.high_open or b.high_open, a.about or b.about, words)


def minus(first: Number, second: Number) -> Number:
    """Return a difference, which is at least 0."""
    if not isinstance(first, Bounded) and not isinstance(second, Bounded):
        return first - second
    a, b = _ends(first), _ends(second)
    low = ZERO if a.low is None or b.high is None else max(a.low - b.high, ZERO)
    high = None if a.high is None else a.high - (b.low or ZERO)
    low_open = (a.low_open or b.high_open) and low > 0
    words = f"{in_words(first)} less {in_words(second)}"
    return Bounded(low, high, low_open, a.high_open or b.low_open, a.about or b.about, words)


def times(quantity: Number, factor: Fraction) -> Number:
    """Return a multiple; `factor` is at least 0."""
    if not isinstance(quantity, Bounded):
        return quantity * factor
    low = None if quantity.low is None else quantity.low * factor
    high = None if quantity.high is None else quantity.high * factor
    words = quantity.text if factor == 1 else f"{format_fraction(factor)} times {quantity.text}"
    return Bounded(low, high, quantity.low_open, quantity.high_open, quantity.about, words)


def total(quantities: Iterable[Number]) -> Number:
    """Return the sum of several numbers."""
    found: Number = ZERO
    for quantity in quantities:
        found = plus(found, quantity) if found != ZERO else quantity
    return found


def in_words(quantity: Number, *, percent: bool = False) -> str:
    """Return a number as people write it."""
    if isinstance(quantity, Bounded):
        return quantity.text
    return f"{format_fraction(quantity * 100)}%" if percent else format_fraction(quantity)


def _ends(quantity: Number) -> Bounded[Fraction]:
    return quantity if isinstance(quantity, Bounded) else Bounded(quantity, quantity)


class Lots:
    """The lots of one position, those held longest first and those of unknown age last.

    Shares that pass on are taken from the end: of those held for different times, the holder keeps the oldest. What was
    paid for shares goes with them; those of one day are alike, and have the same part of what was paid on it.
    """

    __slots__ = ("_lots",)

    def __init__(self, lots: Iterable[Lot] = ()) -> None:
        self._lots = sorted(lots, key=_age)

    def add(self, lots: Iterable[Lot]) -> None:
        """Add lots; records come in order of date, so nearly all go to the end."""
        for lot in lots:
            last = self._lots[-1] if self._lots else None
            if last is not None and (last.since, last.issued) == (lot.since, lot.issued) and _add_up(last, lot):
                self._lots[-1] = _joined(last, lot)
            elif last is None or _age(last) <= _age(lot):
                self._lots.append(lot)
            else:
                insort(self._lots, lot, key=_age)

    def take(self, quantity: Fraction) -> tuple[Lot, ...]:
        """Take shares away, and return the lots they were."""
        taken: list[Lot] = []
        while self._lots and quantity > 0:
            last = self._lots.pop()
            part = min(last.quantity, quantity)
            if last.quantity > part:
                self._lots.append(_part_of(last, last.quantity - part))
            taken.append(_part_of(last, part))
            quantity -= part
        return tuple(taken)

    def to_be_taken(self, quantity: Fraction) -> tuple[Lot, ...]:
        """Return the lots that `take` would take."""
        return Lots(self._lots).take(quantity)

    def are_chosen_among(self, quantity: Fraction) -> bool:
        """Whether some of the shares are taken, and others that are older or were paid for otherwise are not."""
        if len(self._lots) < 2:
            return False
        rest = Lots(self._lots)
        taken = rest.take(quantity)
        return any(_kind(lot) != _kind(left) for left in rest.with_payments() for lot in taken)

    def split(self, factor: Fraction) -> None:
        """Let each share become several; how long they are held does not change."""
        self._lots = list(lots_times(self._lots, factor))

    def with_payments(self) -> tuple[Lot, ...]:
        """Return the lots in order, with what was paid for each."""
        return tuple(self._lots)

    def listed(self) -> tuple[Lot, ...]:
        """Return the lots in order, by time alone."""
        if all(lot.paid is None for lot in self._lots):
            return tuple(self._lots)
        return Lots(lots_without_payments(self._lots)).joined()

    def joined(self) -> tuple[Lot, ...]:
        """Return the lots in order, those that differ in nothing as one."""
        found = Lots()
        found.add(self._lots)
        return tuple(found._lots)


def _age(lot: Lot) -> tuple[bool, date]:
    return lot.since is None, lot.since or date.max


def _add_up(first: Lot, second: Lot) -> bool:
    """Whether what was paid for two lots can be added."""
    if first.paid is None or second.paid is None:
        return first.paid is second.paid
    return first.paid.currency == second.paid.currency


def _joined(first: Lot, second: Lot) -> Lot:
    paid = first.paid
    if paid is not None and second.paid is not None:
        paid = Money(paid.amount + second.paid.amount, paid.currency)
    return first._replace(quantity=first.quantity + second.quantity, paid=paid)


def _part_of(lot: Lot, quantity: Fraction) -> Lot:
    if lot.paid is None or quantity == lot.quantity:
        return lot._replace(quantity=quantity)
    return lot._replace(quantity=quantity, paid=Money(lot.paid.amount * quantity / lot.quantity, lot.paid.currency))


def _kind(lot: Lot) -> tuple[date | None, date | None, Money | None]:
    each = None if lot.paid is None else Money(lot.paid.amount / lot.quantity, lot.paid.currency)
    return lot.since, lot.issued, each


def paid_for_all(lots: Iterable[Lot]) -> Money | None:
    """Return what was paid for lots in all; None where that of one is not stated, or not in one currency."""
    amount, currency = ZERO, ""
    for lot in lots:
        if lot.paid is None or currency not in ("", lot.paid.currency):
            return None
        amount, currency = amount + lot.paid.amount, lot.paid.currency
    return Money(amount, currency) if currency else None


def lots_without_payments(lots: Iterable[Lot]) -> tuple[Lot, ...]:
    """Return lots by time alone."""
    return tuple(lot if lot.paid is None else lot._replace(paid=None) for lot in lots)


def lots_times(lots: Sequence[Lot], factor: Fraction) -> tuple[Lot, ...]:
    """Return lots of which each share became several; how long they are held does not change."""
    return tuple(lot._replace(quantity=lot.quantity * factor) for lot in lots)


def lots_passed_on(lots: Sequence[Lot], when: date | None) -> tuple[Lot, ...]:
    """Return lots as another has them from a day on, which is None where it is not known exactly."""
    return tuple(Lot(lot.quantity, when, lot.issued or lot.since, lot.paid) for lot in lots)
