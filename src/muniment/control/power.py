"""Power indices, exactly: how often each actor decides.

`banzhaf` and `shapley_shubik` are those of one weighted vote, as the papers define them. `indices` reads the same
numbers off the decision diagram of any monotone rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from typing import NamedTuple

from muniment.control.diagram import NO, YES, Diagram, TooLarge, below
from muniment.control.weighted import count_swings
from muniment.control.weighted_orders import shapley_shubik_by_size

WORK_LIMIT = 40_000_000


def banzhaf(weights: Sequence[int], quota: int) -> list[Fraction]:
    """Return each voter's share of all swings (the normalized Banzhaf index).

    A voter swings a winning coalition when the coalition loses without it.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes, more than 0.

    Returns:
        Shares in the order of `weights`; shape (n,), dimensionless, sum 1.

    Raises:
        ValueError: If no coalition can reach the quota, or if every one does; as `BeyondReach` if the exact count is
            past the limits of `weighted.count_swings` (hundreds of voters with millions of votes are not).

    Source:
        J. F. Banzhaf, "Weighted voting doesn't work", Rutgers Law Review 19 (1965).

    Example:
        >>> [str(x) for x in banzhaf([4, 4, 4, 2, 2, 1], quota=12)]
        ['5/21', '5/21', '5/21', '1/7', '1/7', '0']
    """
    _refuse_what_is_decided(weights, quota)
    swings = count_swings(weights, quota).swings
    total = sum(swings)
    return [Fraction(count, total) for count in swings]


def shapley_shubik(weights: Sequence[int], quota: int) -> list[Fraction]:
    """Return the share of all orders of voting in which each voter is the one who makes the coalition win.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes, more than 0.

    Returns:
        Shares in the order of `weights`; shape (n,), dimensionless, sum 1.

    Raises:
        ValueError: If no coalition can reach the quota, or if every one does; as `BeyondReach` if the exact count is
            past the limits of `weighted.count_swings_by_size`. `weighted_orders.shapley_shubik_by_integral` goes
            further, within a tolerance.

    Source:
        L. S. Shapley and M. Shubik, "A method for evaluating the distribution of power in a committee system",
        American Political Science Review 48 (1954).

    Example:
        >>> [str(x) for x in shapley_shubik([3, 2, 1, 1], quota=4)]
        ['1/2', '1/6', '1/6', '1/6']
    """
    _refuse_what_is_decided(weights, quota)
    return shapley_shubik_by_size(weights, quota)


def _refuse_what_is_decided(weights: Sequence[int], quota: int) -> None:
    if quota <= 0:
        raise ValueError("every coalition reaches a quota of 0 or less")
    if sum(weights) < quota:
        raise ValueError("no coalition can reach the quota")


class Indices(NamedTuple):
    """Both indices of every actor of a rule; sums are 1 unless nothing can swing."""

    banzhaf: dict[str, Fraction]
    shapley_shubik: dict[str, Fraction]


def indices(diagram: Diagram, actors: Sequence[str] | None = None) -> Indices | TooLarge:
    """Return the power indices of a monotone function; who never swings has exactly 0.

    Args:
        diagram: The function.
        actors: Everyone to be shown; default, the actors of the diagram.
    """
    counts = swings_by_size(diagram)
    if isinstance(counts, TooLarge):
        return counts
    return _shares(diagram.actors, counts, diagram.actors if actors is None else actors)


def swings_by_size(diagram: Diagram) -> list[list[int]] | TooLarge:
    """Count, for each actor and size, the coalitions of the others that the actor makes pass; shape (n, n).

    Paths from the root to a node, times the difference of its two branches. The counts of all sizes are kept in one
    whole number, `width` bits for each size.
    """
    n = len(diagram.actors)
    nodes = below(diagram)
    if len(nodes) * (n + 1) * (n // 64 + 1) ** 2 > WORK_LIMIT:
        return TooLarge("power indices", f"{WORK_LIMIT:,} steps of counting")
    width = n + 2
    free = [1]
    for _ in range(n):
        free.append(free[-1] + (free[-1] << width))
    down = {NO: 0, YES: 1}
    level = diagram.levels
    for number in nodes:
        low, high = diagram.lows[number], diagram.highs[number]
        down[number] = down[low] * free[level[low] - level[number] - 1] + (
            down[high] * free[level[high] - level[number] - 1] << width
        )
    up = dict.fromkeys(nodes, 0)
    swings = [0] * n
    if diagram.root > YES:
        up[diagram.root] = free[level[diagram.root]]
    for number in reversed(nodes):
        low, high = diagram.lows[number], diagram.highs[number]
        to_low, to_high = free[level[low] - level[number] - 1], free[level[high] - level[number] - 1]
        swings[level[number]] += up[number] * (down[high] * to_high - down[low] * to_low)
        if low > YES:
            up[low] += up[number] * to_low
        if high > YES:
            up[high] += up[number] * to_high << width
    return [_unpacked(packed, width, n) for packed in swings]


def _unpacked(packed: int, width: int, n: int) -> list[int]:
    mask = (1 << width) - 1
    return [packed >> width * size & mask for size in range(n)]


def _shares(names: Sequence[str], counts: Sequence[Sequence[int]], shown: Sequence[str]) -> Indices:
    n = len(names)
    total = sum(sum(of_actor) for of_actor in counts)
    by_banzhaf = dict.fromkeys(shown, Fraction(0))
    by_order = dict.fromkeys(shown, Fraction(0))
    if total:
        orders = [factorial(size) * factorial(n - 1 - size) for size in range(n)]
        for name, of_actor in zip(names, counts, strict=True):
            by_banzhaf[name] = Fraction(sum(of_actor), total)
            by_order[name] = Fraction(
                sum(count * order for count, order in zip(of_actor, orders, strict=True)), factorial(n)
            )
    return Indices(by_banzhaf, by_order)
