"""Piecewise-linear functions on [0, infinity), exact; continuous but for jumps that are stated."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import lcm

ZERO = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Piecewise:
    """A function that is linear between its knots, and continuous except where two knots have the same x.

    Attributes:
        knots: (x, y), x ascending; the first x is 0. The function is linear between two knots. An x stands twice where
            the function jumps: first with the value that it comes from, then with the value that it has there.
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

    def before(self, x: Fraction) -> Fraction:
        """Return the value that the function comes from at `x`: not the one of `at` where it jumps there."""
        index = bisect_left(self.knots, x, key=lambda knot: knot[0])
        if index == len(self.knots) or self.knots[index][0] != x:
            return self.at(x)
        return self.knots[index][1]

    def jumps(self) -> tuple[Fraction, ...]:
        """Return every x at which the function jumps, ascending."""
        return tuple(a[0] for a, b in zip(self.knots, self.knots[1:], strict=False) if a[0] == b[0])

    def slope_after(self, index: int) -> Fraction:
        """Return the slope of the piece that starts at knot `index` (0-based)."""
        if index + 1 == len(self.knots):
            return self.slope
        (x0, y0), (x1, y1) = self.knots[index], self.knots[index + 1]
        if x0 == x1:
            return self.slope_after(index + 1)
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
    """Return the function through `points`, without points that repeat another or lie on a straight line.

    Args:
        points: (x, y), x not descending, the first at x = 0; where y differs at one x, the function jumps.
        slope: Slope after the last point.
    """
    kept: list[tuple[Fraction, Fraction]] = []
    before: tuple[int, int] | None = None
    for x, y in points:
        if kept:
            x0, y0 = kept[-1]
            if x0 is x or x0 == x:
                if y0 is not y and y0 != y:
                    if len(kept) > 1 and kept[-2][0] == x:
                        kept.pop()
                    kept.append((x, y))
                    before = None
                continue
            rise = _rise(x0, y0, x, y)
            if before is not None and rise[0] * before[1] == before[0] * rise[1]:
                kept.pop()
            before = rise
        kept.append((x, y))
    if len(kept) > 1 and before is not None and before[0] * slope.denominator == slope.numerator * before[1]:
        kept.pop()
    return Piecewise(tuple(kept), slope)


def _rise(x0: Fraction, y0: Fraction, x: Fraction, y: Fraction) -> tuple[int, int]:
    """Return the slope between two points as two whole numbers; lowest terms would cost more than they save."""
    if y is y0:
        return 0, 1
    (a0, b0), (a, b) = x0.as_integer_ratio(), x.as_integer_ratio()
    (c0, d0), (c, d) = y0.as_integer_ratio(), y.as_integer_ratio()
    return (c * d0 - c0 * d) * b * b0, (a * b0 - a0 * b) * d * d0


def positions(functions: Iterable[Piecewise]) -> list[Fraction]:
    """Return every x at which one of `functions` has a knot, ascending, each once."""
    return ascending([x for function in functions for x, _ in function.knots])


def ascending(numbers: Sequence[Fraction]) -> list[Fraction]:
    """Return `numbers` in ascending order, each once; over one denominator, as whole numbers compare far faster."""
    ratios = [each.as_integer_ratio() for each in numbers]
    common = lcm(*{below for _, below in ratios})
    found = {above * (common // below): each for (above, below), each in zip(ratios, numbers, strict=True)}
    return [found[each] for each in sorted(found)]


def in_all(numbers: Iterable[Fraction]) -> Fraction:
    """Return the sum of `numbers`; over one denominator, so that only the sum is brought to lowest terms."""
    ratios = [each.as_integer_ratio() for each in numbers]
    common = lcm(*{below for _, below in ratios})
    return Fraction(sum(above * (common // below) for above, below in ratios), common)


def values(function: Piecewise, xs: Sequence[Fraction]) -> list[Fraction]:
    """Return the values of `function` at `xs`, which ascend and are at least 0."""
    found: list[Fraction] = []
    knots = function.knots
    starts = [x.as_integer_ratio() for x, _ in knots]
    index, last = 0, len(knots) - 1
    line: tuple[int, int, int, int] | None = None
    for x in xs:
        above, below = x.as_integer_ratio()
        while index < last and starts[index + 1][0] * below <= above * starts[index + 1][1]:
            index += 1
            line = None
        x0, y0 = knots[index]
        if (above, below) == starts[index]:
            found.append(y0)
            continue
        if line is None:
            slope = function.slope_after(index)
            line = (*slope.as_integer_ratio(), *(y0 - slope * x0 if slope else y0).as_integer_ratio())
        rise, run, height, part = line
        if not rise:
            found.append(y0)
            continue
        found.append(Fraction(rise * above * part + height * run * below, run * below * part))
    return found


def plus(functions: Sequence[Piecewise]) -> Piecewise:
    """Return the sum of `functions` (0 if there are none)."""
    xs = positions(functions) or [ZERO]
    sums = [ZERO] * len(xs)
    for function in functions:
        sums = [a + b for a, b in zip(sums, values(function, xs), strict=True)]
    slope = sum((function.slope for function in functions), ZERO)
    jumps = {x for function in functions for x in function.jumps()}
    if not jumps:
        return through(zip(xs, sums, strict=True), slope)
    points: list[tuple[Fraction, Fraction]] = []
    for x, y in zip(xs, sums, strict=True):
        if x in jumps:
            points.append((x, sum((function.before(x) for function in functions), ZERO)))
        points.append((x, y))
    return through(points, slope)


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
    x0 = a0 = lead = ZERO
    for x, a, b in zip(xs, values(first, xs), values(second, xs), strict=True):
        ahead = a if b is ZERO else a - b
        if lead.numerator * ahead.numerator < 0:
            part = lead / (lead - ahead)
            points.append((x0 + (x - x0) * part, a0 + (a - a0) * part))
        points.append((x, a if ahead.numerator >= 0 else b))
        x0, a0, lead = x, a, ahead
    gain = first.slope - second.slope
    if lead.numerator * gain.numerator < 0:
        further = lead / -gain
        points.append((x0 + further, a0 + first.slope * further))
    return through(points, first.slope if gain.numerator >= 0 else second.slope)


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


def reaches(function: Piecewise, value: Fraction) -> list[Fraction]:
    """Return every x at which `function` is at `value` after being below it, or jumps over it; ascending.

    Of a function that never falls that is at most one x. At 0 itself only the value 0 is found.
    """
    found: list[Fraction] = []
    knots = function.knots
    if knots[0][1] == value:
        found.append(knots[0][0])
    for (x0, y0), (x1, y1) in pairwise(knots):
        if y0 < value <= y1:
            found.append(x0 if x0 == x1 else x0 + (x1 - x0) * (value - y0) / (y1 - y0))
    x, y = knots[-1]
    if y < value and function.slope > 0:
        found.append(x + (value - y) / function.slope)
    return found


def compose(outer: Piecewise, inner: Piecewise) -> Piecewise:
    """Return `outer` of `inner`, where `inner` is at least 0, and falls nowhere but at its jumps."""
    if inner.knots == ((ZERO, ZERO),) and inner.slope == 1:
        return outer
    points: list[tuple[Fraction, Fraction]] = []
    starts = [x for x, _ in outer.knots]
    for index, (x0, y0) in enumerate(inner.knots):
        last = index + 1 == len(inner.knots)
        points.append((x0, outer.at(y0)))
        rise = inner.slope_after(index) if last or inner.knots[index + 1][0] != x0 else ZERO
        if not rise:
            continue
        end = None if last else inner.knots[index + 1][1]
        for y in dict.fromkeys(starts[bisect_right(starts, y0) :]):
            if end is not None and y > end:
                break
            x = x0 + (y - y0) / rise
            points.append((x, outer.before(y)))
            if y != end:
                points.append((x, outer.at(y)))
        if end is not None and end not in starts:
            points.append((inner.knots[index + 1][0], outer.at(end)))
    return through(points, inner.slope * outer.slope if inner.slope else ZERO)


def spliced(pieces: Sequence[tuple[Fraction, Piecewise]]) -> Piecewise:
    """Return the function that from each start on is the piece that starts there.

    Args:
        pieces: (start, function), starts ascending, the first 0. Each function is stated for all x.

    Example:
        >>> steps = spliced([(ZERO, constant(ONE)), (Fraction(5), constant(ZERO))])
        >>> str(steps.before(Fraction(5))), str(steps.at(Fraction(5)))
        ('1', '0')
    """
    points: list[tuple[Fraction, Fraction]] = []
    for index, (start, piece) in enumerate(pieces):
        end = pieces[index + 1][0] if index + 1 < len(pieces) else None
        points.append((start, piece.at(start)))
        points += [(x, y) for x, y in piece.knots if x > start and (end is None or x < end)]
        if end is not None:
            points.append((end, piece.before(end)))
    return through(points, pieces[-1][1].slope)
