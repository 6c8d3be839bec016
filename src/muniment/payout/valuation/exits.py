"""Exits that are not certain: how they are drawn, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import exp
from typing import TYPE_CHECKING

from muniment.payout.valuation.black_scholes import Market

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Lognormal:
    """The value of the whole follows a geometric Brownian motion that earns the riskless rate.

    Attributes:
        equity: Value today; money.
    """

    equity: Fraction
    market: Market

    @property
    def words(self) -> str:
        """How it is called."""
        return "lognormal"

    def draw(self, random: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return `count` exits; shape (count,), money."""
        import numpy as np

        market = self.market
        drift = (market.rate - market.volatility**2 / 2) * market.term
        found: NDArray[np.float64] = float(self.equity) * np.exp(drift + market.spread * random.standard_normal(count))
        return found


@dataclass(frozen=True, slots=True)
class Triangular:
    """Exits between `least` and `most`, the likeliest at `mode`; money."""

    least: Fraction
    mode: Fraction
    most: Fraction

    @property
    def words(self) -> str:
        """How it is called."""
        return "triangular"

    def draw(self, random: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return `count` exits; shape (count,), money."""
        if self.least == self.most:
            import numpy as np

            return np.full(count, float(self.least))
        return random.triangular(float(self.least), float(self.mode), float(self.most), count)


@dataclass(frozen=True, slots=True)
class Scenarios:
    """Stated exits with weights.

    Attributes:
        each: (weight, exit); weights sum to 1.
    """

    each: tuple[tuple[Fraction, Fraction], ...]

    @property
    def words(self) -> str:
        """How it is called."""
        return "scenarios"

    def draw(self, random: np.random.Generator, count: int) -> NDArray[np.float64]:
        """Return `count` exits; shape (count,), money."""
        import numpy as np

        ends = np.cumsum([float(weight) for weight, _ in self.each])
        where = np.searchsorted(ends / ends[-1], random.random(count), side="right")
        found: NDArray[np.float64] = np.array([float(exit_) for _, exit_ in self.each])[where]
        return found


Exits = Lognormal | Triangular | Scenarios


def discounted(market: Market | None) -> float:
    """Return what one unit of money at the exit is worth today; 1 where no term and rate are given."""
    return 1.0 if market is None else exp(-market.rate * market.term)
