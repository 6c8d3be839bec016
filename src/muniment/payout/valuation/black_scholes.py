"""The price of a call under geometric Brownian motion; plain Python."""

from __future__ import annotations

from math import erfc, exp, inf, log, sqrt
from typing import NamedTuple


class Market(NamedTuple):
    """What an option price rests on beside the value today.

    Attributes:
        volatility: Standard deviation of the yearly logarithmic return; at least 0 (0.6 is 60%).
        term: Years until the exit; at least 0.
        rate: Riskless rate a year, continuously compounded (0.04 is 4%).
    """

    volatility: float
    term: float
    rate: float

    @property
    def discount(self) -> float:
        """What one unit of money at the exit is worth today."""
        return exp(-self.rate * self.term)

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm of the value at the exit."""
        return self.volatility * sqrt(self.term)


def normal_below(x: float) -> float:
    """Return the probability that a standard normal variable is at most `x`, exact in both tails."""
    return 0.5 * erfc(-x / sqrt(2))


def call(value: float, strike: float, market: Market) -> float:
    """Return what the right to all that exceeds `strike` at the exit is worth today.

    Args:
        value: Of the whole today; money, at least 0.
        strike: Money, at least 0.
        market: Volatility, term and rate. Without volatility or term it is the discounted excess of the forward value.

    Source:
        F. Black and M. Scholes, "The Pricing of Options and Corporate Liabilities", Journal of Political Economy 81
        (1973), eq. 13.

    Example:
        >>> round(call(42, 40, Market(0.2, 0.5, 0.1)), 2)
        4.76
    """
    if value <= 0:
        return 0.0
    if strike <= 0:
        return value
    spread = market.spread
    kept = strike * market.discount
    if spread == 0:
        return max(value - kept, 0.0)
    moneyness = log(value / kept) / spread if kept > 0 else inf
    return value * normal_below(moneyness + spread / 2) - kept * normal_below(moneyness - spread / 2)


def chance(value: float, strike: float, market: Market) -> float:
    """Return the price of one unit of money that is paid if the exit is at least `strike` (a digital call).

    Args and source as for `call`.
    """
    kept = strike * market.discount
    if kept <= 0:
        return market.discount
    if value <= 0:
        return 0.0
    spread = market.spread
    if spread == 0:
        return market.discount if value >= kept else 0.0
    return market.discount * normal_below(log(value / kept) / spread - spread / 2)


def put(value: float, strike: float, market: Market) -> float:
    """Return what the right to the lesser part below `strike` is worth today, by a formula of its own.

    Args and source as for `call`.
    """
    kept = strike * market.discount
    if value <= 0 or kept <= 0:
        return max(kept, 0.0)
    spread = market.spread
    if spread == 0:
        return max(kept - value, 0.0)
    moneyness = log(value / kept) / spread
    return kept * normal_below(spread / 2 - moneyness) - value * normal_below(-moneyness - spread / 2)
