"""Intervals for means of samples, which hold at any sample size and all at once.

Nothing here leans on a normal approximation: the bounds are inequalities, so the stated confidence is at least kept.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GRID = 10**9  # bounds are rounded outwards to so many parts of one
HALVINGS = 60


class Interval(NamedTuple):
    """A sampled figure with the bounds within which the true one lies, at the confidence that its table states.

    Attributes:
        estimate: The mean of the sample; dimensionless.
        low: Lower bound.
        high: Upper bound.
    """

    estimate: Fraction
    low: Fraction
    high: Fraction

    @property
    def tolerance(self) -> Fraction:
        """Return how far the true figure may be from the estimate."""
        return max(self.high - self.estimate, self.estimate - self.low)


def mean_bounds(
    means: NDArray[np.float64], number: int, doubt: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return bounds of the true means of variables between 0 and 1.

    Each side of each bound fails with a chance of at most `doubt`.

    Args:
        means: Sample means; shape (k,), 0 to 1.
        number: Size of the sample; the draws are independent, and need not be distributed alike.
        doubt: Chance that one side of one bound fails.

    Returns:
        Lower and upper bounds; shape (k,) each, 0 to 1.

    Source:
        W. Hoeffding, "Probability inequalities for sums of bounded random variables", J. Amer. Statist. Assoc. 58
        (1963), inequality (2.1), inverted.
    """
    import numpy as np

    limit = log(1 / doubt) / number
    lows = _edge(means, np.zeros_like(means), limit)
    highs = _edge(means, np.ones_like(means), limit)
    return np.where(means <= 0, 0.0, lows), np.where(means >= 1, 1.0, highs)


def _edge(means: NDArray[np.float64], far: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
    """Return the point between each mean and `far` beyond which the relative entropy exceeds the limit."""
    import numpy as np

    inside, outside = means.copy(), far.copy()
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        beyond = _relative_entropy(means, middle) > limit
        outside = np.where(beyond, middle, outside)
        inside = np.where(beyond, inside, middle)
    return outside


def _relative_entropy(means: NDArray[np.float64], of: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        first = np.where(means > 0, means * np.log(means / of), 0.0)
        second = np.where(means < 1, (1 - means) * np.log((1 - means) / (1 - of)), 0.0)
    found: NDArray[np.float64] = first + second
    return found


def total_bounds(mean: float, variance: float, most: float, number: int, doubt: float) -> tuple[float, float]:
    """Return bounds of the true mean of a variable between 0 and `most`, tight where its variance is small.

    Args:
        mean: Sample mean.
        variance: Sample variance, with number - 1 below the line.
        most: Greatest value.
        number: Size of the sample, at least 2; draws are independent and distributed alike.
        doubt: Chance that either bound fails.

    Source:
        A. Maurer and M. Pontil, "Empirical Bernstein bounds and sample variance penalization", COLT (2009), theorem 4.
    """
    doubtful = log(4 / doubt)
    reach = sqrt(2 * variance * doubtful / number) + most * 7 * doubtful / (3 * (number - 1))
    return max(mean - reach, 0.0), min(mean + reach, most)


def interval(estimate: float, low: float, high: float) -> Interval:
    """Return an interval whose bounds are rounded outwards to nine decimals, and its estimate to the nearest.

    A hair for rounding errors of the sums is added to both bounds.
    """
    at_least = max(0, floor((low - 1e-12) * GRID))
    at_most = min(GRID, ceil((high + 1e-12) * GRID))
    return Interval(
        Fraction(min(max(round(estimate * GRID), at_least), at_most), GRID),
        Fraction(at_least, GRID),
        Fraction(at_most, GRID),
    )
