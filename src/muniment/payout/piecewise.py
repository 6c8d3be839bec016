"""Continuous piecewise-linear functions on [0, infinity), exact."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

ZERO = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Piecewise:
    """A continuous function that is linear between its knots.

    Attributes:
        knots: (x, y), x ascending and each once; the first x is 0. The function is linear between two knots.
        slope: Slope after the last knot.
    """

    knots: tuple[tuple[Fraction, Fraction], ...]
    slope: Fraction

    def at(self, x: Fraction) -> Fraction:
        """Return the value at `x`, which is at least 0."""
        if x < 0:
            raise ValueError(f"x must be at least 0, but it is {x}")
        index = bisect_right(self.knots, x, key=lambda knot: knot[0]) - 1
        x0, y0 = self.knots[index]
        return y0 if x == x0 else y0 + self.slope_after(index) * (x - x0)

    def slope_after(self, index: int) -> Fraction:
        """Return the slope of the piece that starts at knot `index` (0-based)."""
        if index + 1 == len(self.knots):
            return self.slope
        (x0, y0), (x1, y1) = self.knots[index], self.knots[index + 1]
        return (y1 - y0) / (x1 - x0) if y0 != y1 else ZERO

    def is_non_decreasing(self) -> bool:
        """Return whether the function never falls."""
        return self.slope >= 0 and all(a[1] <= b[1] for a, b in zip(self.knots, self.knots[1:], strict=False))


def constant(value: Fraction) -> Piecewise:
    """Return the function that is `value` everywhere."""
    return Piecewise(((ZERO, value),), ZERO)


def proportional(slope: Fraction) -> Piecewise:
    """Return the function `slope` times x."""
    return Piecewise(((ZERO, ZERO),), slope)


def through(points: Iterable[tuple[Fraction, Fraction]], slope: Fraction) -> Piecewise:
    """Return the function through `points`, without points that repeat an x or lie on a straight line.

    Args:
        points: (x, y), x not descending, the first at x = 0; equal x must have equal y.
        slope: Slope after the last point.
    """
    kept: list[tuple[Fraction, Fraction]] = []
    before: Fraction | None = None
    for x, y in points:
        if kept:
            x0, y0 = kept[-1]
            if x0 == x:
                continue
            rise = (y - y0) / (x - x0) if y != y0 else ZERO
            if rise == before:
                kept.pop()
            before = rise
        kept.append((x, y))
    if len(kept) > 1 and before == slope:
        kept.pop()
    return Piecewise(tuple(kept), slope)


def positions(functions: Iterable[Piecewise]) -> list[Fraction]:
    """Return every x at which one of `functions` has a knot, ascending, each once."""
    return sorted({x for function in functions for x, _ in function.knots})


def values(function: Piecewise, xs: Sequence[Fraction]) -> list[Fraction]:
    """Return the values of `function` at `xs`, which ascend and are at least 0."""
    found: list[Fraction] = []
    index = 0
    knots = function.knots
    slope: Fraction | None = None
    for x in xs:
        while index + 1 < len(knots) and knots[index + 1][0] <= x:
            index += 1
            slope = None
        x0, y0 = knots[index]
        if x == x0:
            found.append(y0)
            continue
        if slope is None:
            slope = function.slope_after(index)
        found.append(y0 + slope * (x - x0) if slope else y0)
    return found


def plus(functions: Sequence[Piecewise]) -> Piecewise:
    """Return the sum of `functions` (0 if there are none)."""
    xs = positions(functions) or [ZERO]
    sums = [ZERO] * len(xs)
    for function in functions:
        sums = [a + b for a, b in zip(sums, values(function, xs), strict=True)]
    return through(zip(xs, sums, strict=True), sum((function.slope for function in functions), ZERO))


def times(function: Piecewise, factor: Fraction) -> Piecewise:
    """Return `function` times `factor`."""
    return through(((x, y * factor) for x, y in function.knots), function.slope * factor)


def minus(first: Piecewise, second: Piecewise) -> Piecewise:
    """Return `first` less `second`."""
    return plus((first, times(second, -ONE)))


def most(first: Piecewise, second: Piecewise) -> Piecewise:
    """Return the greater of two functions at every x."""
    xs = positions((first, second))
    points: list[tuple[Fraction, Fraction]] = []
    before: tuple[Fraction, Fraction, Fraction] | None = None
    for x, a, b in zip(xs, values(first, xs), values(second, xs), strict=True):
        if before is not None and (before[1] - before[2]) * (a - b) < 0:
            x0, a0, b0 = before
            cross = x0 + (x - x0) * (b0 - a0) / ((a - a0) - (b - b0))
            points.append((cross, a0 + (a - a0) * (cross - x0) / (x - x0)))
        points.append((x, max(a, b)))
        before = (x, a, b)
    assert before is not None
    x0, a0, b0 = before
    if (a0 - b0) * (first.slope - second.slope) < 0:
        cross = x0 + (b0 - a0) / (first.slope - second.slope)
        points.append((cross, a0 + first.slope * (cross - x0)))
    return through(points, max(first.slope, second.slope))


def least(first: Piecewise, second: Piecewise) -> Piecewise:
    """Return the lesser of two functions at every x."""
    return times(most(times(first, -ONE), times(second, -ONE)), -ONE)


def reach(function: Piecewise, value: Fraction) -> Fraction | None:
    """Return the least x at which a non-decreasing `function` is at least `value`; None if it never is."""
    x0, y0 = function.knots[0]
    if y0 >= value:
        return x0
    for x, y in function.knots[1:]:
        if y >= value:
            return x0 + (x - x0) * (value - y0) / (y - y0)
        x0, y0 = x, y
    return x0 + (value - y0) / function.slope if function.slope > 0 else None


def compose(outer: Piecewise, inner: Piecewise) -> Piecewise:
    """Return `outer` of `inner`, where `inner` is non-decreasing and at least 0."""
    if inner.knots == ((ZERO, ZERO),) and inner.slope == 1:
        return outer
    xs = {x for x, _ in inner.knots}
    for x, _ in outer.knots:
        met = reach(inner, x)
        if met is not None:
            xs.add(met)
    ordered = sorted(xs)
    inside = values(inner, ordered)
    slope = inner.slope * outer.slope if inner.slope else ZERO
    return through(zip(ordered, (outer.at(x) for x in inside), strict=True), slope)
