"""A curve at very many amounts of proceeds at once, exact to the whole minor unit, for simulations and pictures."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec
from math import ceil, lcm
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from muniment.payout.curve import Curve
from muniment.payout.piecewise import Piecewise, positions, values
from muniment.payout.rounding import minor_digits

CHUNK = 1 << 16
"""Amounts worked on at once, so that they stay in the processor's cache."""

NARROW = 1 << 31
"""A denominator below this keeps every product within 64 bits."""

LARGEST = 1 << 62
"""Greatest amount of proceeds, in minor units."""


COMPILED_FROM = 50_000
"""Number of amounts from which compiled code is worth its start, where numba is installed."""


class _Line(NamedTuple):
    """One piece of one column: (rise x + offset) / common denominator, all in minor units."""

    rise: int
    offset: int


class _Segment(NamedTuple):
    """The pieces of all columns between two vertices, over one denominator."""

    denominator: int
    lines: tuple[_Line, ...]


def pay_many(curve: Curve, proceeds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what each column of `curve` is paid at each of `proceeds`, rounded down to the minor unit.

    Rounding down is exact: no floating point is involved. The columns of one amount together fall short of it by less
    than one minor unit each; `pay_out` gives the missing units out.

    Args:
        curve: The exact curve.
        proceeds: Shape (n,), from 0 to 2**62, in minor units.

    Returns:
        In the order of the curve's columns; shape (columns, n), minor units.

    Raises:
        ValueError: If an amount is negative or greater than 2**62.
    """
    if proceeds.size and not (int(proceeds.min()) >= 0 and int(proceeds.max()) <= LARGEST):
        raise ValueError("proceeds must be from 0 to 2**62 minor units")
    scale = 10 ** minor_digits(curve.currency)
    xs = positions(column.amount for column in curve.columns) or [Fraction(0)]
    segments = _segments(curve, xs, scale)
    starts = np.array([min(ceil(x * scale), LARGEST + 1) for x in xs], dtype=np.int64)
    paid = np.empty((len(curve.columns), proceeds.size), dtype=np.int64)
    fast = _kernel() if proceeds.size >= COMPILED_FROM else None
    if fast is not None and all(segment.denominator < NARROW for segment in segments):
        lines = np.array([[divmod(line.offset, each.denominator) for line in each.lines] for each in segments])
        rises = np.array([[line.rise for line in each.lines] for each in segments], dtype=np.int64)
        commons = np.array([each.denominator for each in segments], dtype=np.int64)
        wholes = np.ascontiguousarray(lines[:, :, 0], dtype=np.int64)
        rests = np.ascontiguousarray(lines[:, :, 1], dtype=np.int64)
        fast(starts, commons, rises, wholes, rests, proceeds, paid)
        return paid
    for begin in range(0, proceeds.size, CHUNK):
        part = proceeds[begin : begin + CHUNK]
        where = np.searchsorted(starts, part, side="right") - 1
        for number in np.unique(where):
            chosen = np.flatnonzero(where == number)
            _pay_segment(segments[int(number)], part[chosen], paid[:, begin : begin + CHUNK], chosen)
    return paid


def _kernel() -> Callable[..., None] | None:
    """Return the compiled road; None where numba is not installed."""
    if find_spec("numba") is None:
        return None
    from muniment.payout.many_compiled import pay_all

    return pay_all


def _segments(curve: Curve, xs: list[Fraction], scale: int) -> list[_Segment]:
    """Return the pieces between the vertices `xs`, in minor units."""
    heights = [values(column.amount, xs) for column in curve.columns]
    slopes = [_slopes(column.amount, xs) for column in curve.columns]
    segments: list[_Segment] = []
    for index, x in enumerate(xs):
        pairs = [
            (rise[index], (height[index] - rise[index] * x) * scale)
            for height, rise in zip(heights, slopes, strict=True)
        ]
        common = lcm(*(part.denominator for pair in pairs for part in pair))
        lines = tuple(_Line(int(slope * common), int(offset * common)) for slope, offset in pairs)
        segments.append(_Segment(common, lines))
    return segments


def _slopes(function: Piecewise, xs: list[Fraction]) -> list[Fraction]:
    """Return the slope of `function` after each of `xs`, which ascend and hold all its knots."""
    found: list[Fraction] = []
    index = 0
    for x in xs:
        while index + 1 < len(function.knots) and function.knots[index + 1][0] <= x:
            index += 1
        found.append(function.slope_after(index))
    return found


def _pay_segment(
    segment: _Segment, proceeds: NDArray[np.int64], paid: NDArray[np.int64], chosen: NDArray[np.intp]
) -> None:
    """Fill the columns `chosen` of `paid`. Quotient and remainder are kept apart, so that no product overflows."""
    common = segment.denominator
    if common >= NARROW:
        wide = [int(amount) for amount in proceeds]
        for row, line in enumerate(segment.lines):
            paid[row, chosen] = [(line.rise * amount + line.offset) // common for amount in wide]
        return
    quotient = proceeds // common
    remainder = proceeds - quotient * common
    for row, line in enumerate(segment.lines):
        whole, rest = divmod(line.offset, common)
        paid[row, chosen] = line.rise * quotient + whole + (line.rise * remainder + rest) // common
