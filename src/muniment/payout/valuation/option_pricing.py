"""Claims as calls on the whole: each bend of the exact curve is a strike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import fsum, nextafter
from typing import NamedTuple

from muniment.payout.piecewise import Piecewise
from muniment.payout.valuation.black_scholes import Market, call, chance

PRECISION = 1e-11
"""Greatest error of a value, as a part of the value of the whole, times the number of calls that it is made of."""

STEPS = 300
"""Halvings after which a root cannot be located more closely in floating point."""


class Bend(NamedTuple):
    """A change of slope or a jump: `rise` more of every unit of proceeds above `strike`, `jump` once from there."""

    strike: Fraction
    rise: Fraction
    jump: Fraction = Fraction(0)


def bends(amount: Piecewise) -> tuple[Bend, ...]:
    """Return a function of the proceeds as the calls that make it up, the first of them with strike 0.

    A jump becomes a digital call, which pays a fixed amount from its strike upwards.

    Args:
        amount: What a claim is paid.

    Example:
        >>> from muniment.payout.piecewise import through
        >>> half_up_to_ten = through([(Fraction(0), Fraction(0)), (Fraction(10), Fraction(5))], Fraction(0))
        >>> [(str(each.strike), str(each.rise)) for each in bends(half_up_to_ten)]
        [('0', '1/2'), ('10', '-1/2')]
    """
    found: list[Bend] = []
    slope = Fraction(0)
    start = amount.knots[0][1]
    if start:
        found.append(Bend(Fraction(0), Fraction(0), start))
    for index, (x, y) in enumerate(amount.knots):
        following = amount.slope_after(index)
        jumps = index + 1 < len(amount.knots) and amount.knots[index + 1][0] == x
        jump = amount.knots[index + 1][1] - y if jumps else Fraction(0)
        if following != slope or jump:
            found.append(Bend(x, following - slope, jump))
        slope = following
    return tuple(found)


def price(amount: Piecewise, equity: float, market: Market) -> float:
    """Return what a claim is worth today: the sum over its bends of rise times the price of the call at the strike.

    Between two bends with rises that cancel this is a call spread.

    Args:
        amount: What the claim is paid of each amount of proceeds.
        equity: Value of the whole today; money, at least 0.
        market: Volatility, term, rate.

    Returns:
        Money; within `tolerance` of the exact value.

    Source:
        American Institute of Certified Public Accountants, Valuation of Privately-Held-Company Equity Securities Issued
        as Compensation (2013), ch. 6, the option pricing method.
    """
    return price_bends(bends(amount), equity, market)


def price_bends(parts: Sequence[Bend], equity: float, market: Market) -> float:
    """Return the value of a claim that is given by its bends; see `price`."""
    terms = [float(each.rise) * call(equity, float(each.strike), market) for each in parts if each.rise]
    terms += [float(each.jump) * chance(equity, float(each.strike), market) for each in parts if each.jump]
    return fsum(terms)


def tolerance(amounts: Sequence[Piecewise], equity: float) -> float:
    """Return the greatest error of the price of any of `amounts`; money."""
    found = [bends(amount) for amount in amounts]
    calls = max((fsum(abs(float(each.rise)) for each in parts) for parts in found), default=1.0)
    jumps = max((fsum(abs(float(each.jump)) for each in parts) for parts in found), default=0.0)
    return PRECISION * (equity * max(calls, 1.0) + jumps)


class Root(NamedTuple):
    """Where a claim has a given value.

    Attributes:
        equity: Value of the whole; money.
        within: The root lies at most this far away.
    """

    equity: float
    within: float


def backsolve(amount: Piecewise, target: float, market: Market, most: float = 1e30) -> tuple[Root, ...]:
    """Return every value of the whole at which a claim is worth `target`.

    A claim that never falls as proceeds rise, and is not flat everywhere, has one root or none: with volatility its
    value rises strictly with that of the whole, up to a bound if its payout is bounded. One that falls somewhere may
    have several; they are looked for on a grid with steps of 2%, so that two roots within one step can be missed.

    Args:
        amount: What the claim is paid of each amount of proceeds.
        target: Its value today; more than 0.
        market: Volatility, term, rate.
        most: Values of the whole above this are not tried.

    Returns:
        Ascending; empty if there is no such value. Each is bracketed to the last bit that floating point can tell.
    """
    parts = bends(amount)
    if not parts:
        return ()

    def over(equity: float) -> float:
        return price_bends(parts, equity, market) - target

    if amount.is_non_decreasing():
        bounded = amount.slope == 0
        if bounded and target >= float(amount.knots[-1][1]) * market.discount:
            return ()
        # Beyond this the calls of a bounded claim cancel to fewer digits than would tell its value from its bound.
        most = min(most, float(amount.knots[-1][0]) * 1e5) if bounded else most
        high = max(target, 1e-9)
        while over(high) < 0:
            high *= 2
            if high > most:
                return ()
        return (_bisect(over, 0.0, high),)
    last = max(float(amount.knots[-1][0]), target)
    low = max(min(target, *(float(each.strike) for each in parts if each.strike), last), 1e-9) / 1024
    roots: list[Root] = []
    here = low
    if over(low) > 0:
        roots.append(_bisect(over, 0.0, low))
    while here < min(last * 1e6, most):
        there = here * 1.02
        if (over(here) < 0) != (over(there) < 0):
            roots.append(_bisect(over, here, there))
        here = there
    return tuple(roots)


def _bisect(over: Callable[[float], float], low: float, high: float) -> Root:
    """Return the root between two points at which `over` has different signs."""
    rising = over(low) < 0
    for _ in range(STEPS):
        middle = low + (high - low) / 2
        if middle in (low, high) or nextafter(low, high) == high:
            break
        if (over(middle) < 0) == rising:
            low = middle
        else:
            high = middle
    return Root(high, high - low)
