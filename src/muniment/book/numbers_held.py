"""Arithmetic of numbers of shares that may be stated within bounds only, and of the lots that make them up."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from muniment.model.amounts import format_fraction
from muniment.model.values import Bounded

Number: TypeAlias = Fraction | Bounded[Fraction]
ZERO = Fraction(0)


class Lot(NamedTuple):
    """Shares that one holder has held without a break.

    Attributes:
        quantity: Shares.
        since: The first day; None = not known exactly.
        issued: The day of issue, where the holder has them from another; None = `since` itself.
    """

    quantity: Fraction
    since: date | None
    issued: date | None = None


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

    Shares that pass on are taken from the end: of those held for different times, the holder keeps the oldest.
    """

    __slots__ = ("_lots",)

    def __init__(self, lots: Iterable[Lot] = ()) -> None:
        self._lots = sorted(lots, key=_age)

    def add(self, lots: Iterable[Lot]) -> None:
        """Add lots; records come in order of date, so nearly all go to the end."""
        for lot in lots:
            last = self._lots[-1] if self._lots else None
            if last is not None and (last.since, last.issued) == (lot.since, lot.issued):
                self._lots[-1] = last._replace(quantity=last.quantity + lot.quantity)
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
                self._lots.append(last._replace(quantity=last.quantity - part))
            taken.append(last._replace(quantity=part))
            quantity -= part
        return tuple(taken)

    def split(self, factor: Fraction) -> None:
        """Let each share become several; how long they are held does not change."""
        self._lots = list(lots_times(self._lots, factor))

    def listed(self) -> tuple[Lot, ...]:
        """Return the lots in order."""
        return tuple(self._lots)


def _age(lot: Lot) -> tuple[bool, date]:
    return lot.since is None, lot.since or date.max


def lots_times(lots: Sequence[Lot], factor: Fraction) -> tuple[Lot, ...]:
    """Return lots of which each share became several; how long they are held does not change."""
    return tuple(lot._replace(quantity=lot.quantity * factor) for lot in lots)


def lots_passed_on(lots: Sequence[Lot], when: date | None) -> tuple[Lot, ...]:
    """Return lots as another has them from a day on, which is None where it is not known exactly."""
    return tuple(Lot(lot.quantity, when, lot.issued or lot.since) for lot in lots)
