"""What a holder of carried interest must give back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.payout.hurdles import Flow, outstanding
from muniment.payout.piecewise import ZERO


class Clawed(NamedTuple):
    """What must be given back, and why.

    Attributes:
        carried: What the holder of the carry has received as such.
        contributed: What all others paid in.
        distributed: What was distributed in all, the carry included.
        profit: What exceeds the contributions; at least 0.
        excess: What it has received beyond its part of the profit.
        shortfall: What the others still lack of their contributions and their return on them.
        limit: The most it gives back.
        due: What it gives back: the greater of `excess` and `shortfall`, up to `limit`.
    """

    carried: Fraction
    contributed: Fraction
    distributed: Fraction
    profit: Fraction
    excess: Fraction
    shortfall: Fraction
    limit: Fraction
    due: Fraction


def claw_back(
    carried: Fraction,
    paid_in: Mapping[str, Sequence[Flow]],
    paid_out: Mapping[str, Sequence[Flow]],
    *,
    part: Fraction,
    rate: Fraction,
    most: Fraction,
    on: date,
) -> Clawed:
    """Return what the holder of the carry must give back if nothing more is distributed.

    Args:
        carried: What it has received as carry; money, at least 0.
        paid_in: By investor: what it contributed, and when; money.
        paid_out: By investor: what it was paid, and when, without the carry; money.
        part: What the holder may keep of the profit; from 0 to 1.
        rate: The return a year that the investors have first, compounded; 0 = only their contributions.
        most: The most that is given back, as a part of `carried`; from 0 to 1.
        on: The day; not before any flow.

    Source:
        Institutional Limited Partners Association, ILPA Principles 3.0 (2019), on clawback: the carry above the agreed
        part of the profit, or what the preferred return lacks, whichever is more, up to the carry received.

    Example:
        >>> day = date(2021, 1, 1)
        >>> paid_in, paid_out = {"lp": [Flow(day, Fraction(200))]}, {"lp": [Flow(day, Fraction(180))]}
        >>> terms = {"part": Fraction(1, 5), "rate": ZERO, "most": Fraction(1), "on": day}
        >>> str(claw_back(Fraction(20), paid_in, paid_out, **terms).due)
        '20'
    """
    contributed = sum((flow.amount for flows in paid_in.values() for flow in flows), ZERO)
    returned = sum((flow.amount for flows in paid_out.values() for flow in flows), ZERO)
    distributed = returned + carried
    profit = max(distributed - contributed, ZERO)
    excess = max(carried - part * profit, ZERO)
    shortfall = sum((outstanding(flows, paid_out.get(name, ()), rate, on) for name, flows in paid_in.items()), ZERO)
    limit = most * carried
    return Clawed(
        carried, contributed, distributed, profit, excess, shortfall, limit, min(max(excess, shortfall), limit)
    )
