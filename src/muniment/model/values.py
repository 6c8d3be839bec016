"""Values: dates that may be uncertain, exact money, bounded quantities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class PartialDate(NamedTuple):
    """A date as EDTF level 0-1 writes it, known to lie in one of several intervals.

    Attributes:
        text: As written.
        ranges: Closed intervals of proleptic ordinals, in order; None = open at that end. One interval of one day
            if exact.
        approximate: `~`, `?` or `%` was written; the ranges are then already widened, on each side of a date so
            marked, by the unit it is written in (a day, a month, a year), and comparisons need do nothing more.
    """

    text: str
    ranges: tuple[tuple[int | None, int | None], ...]
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount.

    Attributes:
        amount: In units of the currency (not minor units); exact.
        currency: ISO 4217 code.
    """

    amount: Fraction
    currency: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the unit that was written.

    Attributes:
        amount: The number itself: 25% is 1/4, 100x is 100, 1:1,500 is 1500 (what one becomes).
        unit: ``""`` (plain or a fraction such as 2/3), ``"%"``, ``"x"`` or ``":"``.
    """

    amount: Fraction
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: `30 days`, `18 months`, `4 years`.

    Attributes:
        count: How many; at least 0.
        unit: ``days``, ``weeks``, ``months`` or ``years``, always in the plural.
    """

    count: int
    unit: str


@dataclass(frozen=True, slots=True)
class Bounded(Generic[T]):
    """A value that is not stated exactly. `T` is Money, Quantity or Fraction.

    Attributes:
        low: Least value; None = no lower bound.
        high: Greatest value; None = no upper bound.
        low_open: The least value itself is excluded (`more than`).
        high_open: The greatest value itself is excluded (`less than`).
        about: `about X`: low and high are both X, and nothing may be concluded from them but for display.
        text: As written.
    """

    low: T | None
    high: T | None
    low_open: bool = False
    high_open: bool = False
    about: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class ClassQuantity:
    """A line of a ledger: `2,000,000 series-a for USD 3,000,000`, `60% of votes`.

    Attributes:
        quantity: Shares or units (unit ``""``), or a part of `of` (unit ``"%"``, amount from 0 to 1; `2/3 of` too).
        of: A class id (`series-a`, `acme.series-a`), ``votes`` or ``capital``.
        paid: What was paid in all; None if not stated.
    """

    quantity: Quantity | Bounded[Quantity]
    of: str
    paid: Money | Bounded[Money] | None = None


@dataclass(frozen=True, slots=True)
class ValueFault:
    """Why a value could not be read; offsets are 0-based in the value's text."""

    code: str
    message: str
    start: int
    end: int
    hint: str | None = None


def day(when: date) -> PartialDate:
    """Return an exact date."""
    ordinal = when.toordinal()
    return PartialDate(when.isoformat(), ((ordinal, ordinal),))
