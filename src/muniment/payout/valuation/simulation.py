"""Values by simulation, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

from muniment.payout.piecewise import Piecewise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from muniment.payout.valuation.exits import Exits

CHUNK = 1 << 15
"""Exits drawn at once; part of what a seed means."""

MOST_DRAWS = 100_000_000
LEAST_DRAWS = 30
"""Below this the normal approximation of the mean says too little."""


class Simulated(NamedTuple):
    """The mean of what one claim is paid, discounted, and how far it may be off.

    Attributes:
        mean: Money.
        standard_error: Of the mean; money.
        low, high: Ends of the interval; money.
    """

    mean: float
    standard_error: float
    low: float
    high: float


def simulate(
    amounts: Sequence[Piecewise],
    exits: Exits,
    *,
    draws: int,
    seed: int,
    discount: float = 1.0,
    confidence: float = 0.95,
    simultaneous: bool = True,
) -> tuple[Simulated, ...]:
    """Return the mean of each claim over `draws` exits.

    The intervals take the mean as normally distributed. Simultaneous ones hold for all claims together with the given
    confidence, by Bonferroni's inequality; the others for each claim by itself.

    Args:
        amounts: What each claim is paid of each amount of proceeds.
        exits: How exits are drawn.
        draws: From 30 to 100,000,000.
        seed: The same seed gives the same answer.
        discount: What one unit of money at the exit is worth today.
        confidence: Between 0 and 1.
        simultaneous: Whether the intervals are to hold together.

    Returns:
        In the order of `amounts`.

    Raises:
        ValueError: If `draws` is out of range.
    """
    import numpy as np

    if not LEAST_DRAWS <= draws <= MOST_DRAWS:
        raise ValueError(f"the number of draws is from {LEAST_DRAWS} to {MOST_DRAWS:,}, not {draws:,}")
    lines = [_Line.of(amount) for amount in amounts]
    random = np.random.Generator(np.random.PCG64(seed))
    mean = np.zeros(len(lines))
    squares = np.zeros(len(lines))
    done = 0
    while done < draws:
        count = min(CHUNK, draws - done)
        proceeds = exits.draw(random, count)
        for index, line in enumerate(lines):
            paid = line.at(proceeds)
            here = float(paid.mean())
            off = here - mean[index]
            squares[index] += float(((paid - here) ** 2).sum()) + off**2 * done * count / (done + count)
            mean[index] += off * count / (done + count)
        done += count
    tail = (1 - confidence) / (2 * (len(lines) if simultaneous and lines else 1))
    width = NormalDist().inv_cdf(1 - tail)
    found = []
    for index in range(len(lines)):
        centre = float(mean[index]) * discount
        error = sqrt(float(squares[index]) / (draws - 1) / draws) * discount
        found.append(Simulated(centre, error, centre - width * error, centre + width * error))
    return tuple(found)


class _Line(NamedTuple):
    """A piecewise-linear function in floating point."""

    starts: NDArray[np.float64]
    heights: NDArray[np.float64]
    slopes: NDArray[np.float64]

    @classmethod
    def of(cls, amount: Piecewise) -> _Line:
        import numpy as np

        return cls(
            np.array([float(x) for x, _ in amount.knots]),
            np.array([float(y) for _, y in amount.knots]),
            np.array([float(amount.slope_after(index)) for index in range(len(amount.knots))]),
        )

    def at(self, proceeds: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        where = np.searchsorted(self.starts, proceeds, side="right") - 1
        found: NDArray[np.float64] = self.heights[where] + self.slopes[where] * (proceeds - self.starts[where])
        return found
