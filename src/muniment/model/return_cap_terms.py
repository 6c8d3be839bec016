"""Return caps: how much a holder may receive in all, and who gets what exceeds it."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from muniment.model.amounts import parse_quantity
from muniment.model.dates import is_exact, parse_date
from muniment.model.terms import DOTTED, fault
from muniment.model.values import PartialDate, Quantity, ValueFault

POOLED = " pooled by holder"


class CapGrowth(NamedTuple):
    """`growing 20% a year from 2025-01-01`: by that part of itself with each full year since that day."""

    rate: Fraction
    start: PartialDate


class ReturnCap(NamedTuple):
    """`100x, excess to foundation` or `100x, released` (excess_to None).

    Attributes:
        multiple: Of what was contributed; at first, where it grows.
        excess_to: Who gets what exceeds it; None = the others share it.
        pooled: `100x pooled by holder`: one cap over all pooled classes of a holder.
        growth: How it grows; None if it stays.
    """

    multiple: Fraction
    excess_to: str | None
    pooled: bool = False
    growth: CapGrowth | None = None


def parse_return_cap(text: str) -> ReturnCap | ValueFault:
    """Read `100x, excess to foundation` or `100x, released`; pooled and growing too.

    Example:
        >>> parse_return_cap("3x pooled by holder, growing 20% a year from 2025-01-01, released").pooled
        True
    """
    first, _, rest = text.partition(", ")
    pooled = first.endswith(POOLED)
    multiple = parse_quantity(first.removesuffix(POOLED))
    growth: CapGrowth | None = None
    if rest.startswith("growing "):
        grows, _, rest = rest.partition(", ")
        words, _, day = grows.removeprefix("growing ").partition(" a year from ")
        rate, start = parse_quantity(words), parse_date(day)
        if isinstance(rate, Quantity) and rate.unit == "%" and isinstance(start, PartialDate) and is_exact(start):
            growth = CapGrowth(rate.amount, start)
        else:
            rest = ""
    if isinstance(multiple, Quantity) and multiple.unit == "x":
        if rest == "released":
            return ReturnCap(multiple.amount, None, pooled, growth)
        if rest.startswith("excess to ") and DOTTED.match(rest[10:]):
            return ReturnCap(multiple.amount, rest[10:], pooled, growth)
    return fault(
        "M208", f"'{text}' is not a return cap", text, hint="write '100x, excess to PARTY' or '100x, released'"
    )
