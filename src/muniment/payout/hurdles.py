"""What a return of so much a year, compounded, has grown to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.payout.accruing import years_between
from muniment.payout.piecewise import ZERO


class Flow(NamedTuple):
    """Money paid in or out on a day."""

    on: date
    amount: Fraction


def grow(flow: Flow, rate: Fraction, until: date) -> Fraction:
    """Return what `flow` has grown to: compounded each anniversary, with simple interest for the days since the last.

    The days after the last anniversary count as a part of the days to the next one (365 or 366). The anniversary of
    29 February is 28 February in a year without that day.

    Args:
        flow: Money and the day from which it grows.
        rate: A year; 8% is 2/25.
        until: Not before the flow.

    Example:
        >>> str(grow(Flow(date(2020, 1, 1), Fraction(100)), Fraction(8, 100), date(2022, 1, 1)))
        '2916/25'
    """
    elapsed = years_between(flow.on, until)
    years = int(elapsed)
    return flow.amount * (1 + rate) ** years * (1 + rate * (elapsed - years))


def outstanding(paid_in: Sequence[Flow], paid_out: Sequence[Flow], rate: Fraction, until: date) -> Fraction:
    """Return what must still be paid on `until` so that all money paid in has earned `rate`; at least 0."""
    grown = sum((grow(flow, rate, until) for flow in paid_in), ZERO)
    returned = sum((grow(flow, rate, until) for flow in paid_out), ZERO)
    return max(grown - returned, ZERO)
