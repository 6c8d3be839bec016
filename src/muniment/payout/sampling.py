"""A curve at very many amounts of proceeds at once, in floating point, for pictures and simulations.

No payment is ever taken from here: `pay_out` is exact.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muniment.payout.curve import Curve
from muniment.payout.piecewise import positions, values

CHUNK = 8192
"""Amounts worked on at once, so that they stay in the processor's cache."""


class Sampled(NamedTuple):
    """Approximate payouts.

    Attributes:
        amounts: In the order of the curve's columns; shape (columns, n), units of the currency.
        tolerance: Greatest distance from the exact amounts (units of the currency).
    """

    amounts: NDArray[np.float64]
    tolerance: float


def sample_curve(curve: Curve, proceeds: NDArray[np.float64]) -> Sampled:
    """Return what each column of `curve` is paid at each of `proceeds`, approximately.

    Args:
        curve: The exact curve.
        proceeds: Shape (n,), at least 0, in units of the currency.

    Raises:
        ValueError: If an amount is negative or not a number.
    """
    if proceeds.size and not bool(np.all(proceeds >= 0)):
        raise ValueError("proceeds must be at least 0")
    xs = positions(column.amount for column in curve.columns) or [Fraction(0)]
    ends = [*xs, xs[-1] + 1]
    starts, slopes = [], []
    for column in curve.columns:
        heights = values(column.amount, ends)
        starts.append([float(y) for y in heights[:-1]])
        slopes.append([float((heights[i + 1] - heights[i]) / (ends[i + 1] - ends[i])) for i in range(len(xs))])
    bases, rates, vertices = np.array(starts), np.array(slopes), np.array([float(x) for x in xs])
    amounts = np.empty((len(curve.columns), proceeds.size))
    for begin in range(0, proceeds.size, CHUNK):
        part = proceeds[begin : begin + CHUNK]
        segment = np.searchsorted(vertices, part, side="right") - 1
        over = part - vertices[segment]
        for row in range(len(curve.columns)):
            amounts[row, begin : begin + CHUNK] = bases[row][segment] + rates[row][segment] * over
    largest = max(float(proceeds.max()) if proceeds.size else 0.0, float(vertices[-1]))
    return Sampled(amounts, largest * 2.0**-50)
