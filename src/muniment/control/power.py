"""Power indices, exactly: how often each actor decides.

`banzhaf` and `shapley_shubik` count every coalition of one weighted vote, as the papers define them. `indices` reads
the same numbers off the decision diagram of any monotone rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from typing import NamedTuple

from muniment.control.diagram import NO, YES, Diagram, TooLarge, below

MOST_VOTERS = 20
WORK_LIMIT = 40_000_000


def banzhaf(weights: Sequence[int], quota: int) -> list[Fraction]:
    """Return each voter's share of all swings (the normalized Banzhaf index).

    A voter swings a winning coalition when the coalition loses without it.

    Args:
        weights: Votes held by each voter; shape (n,), votes, n <= 20.
        quota: Votes needed to pass; votes, more than 0.

    Returns:
        Shares in the order of `weights`; shape (n,), dimensionless, sum 1.

    Raises:
        ValueError: If no coalition can reach the quota, if every one does, or with more than 20 voters.

    Source:
        J. F. Banzhaf, "Weighted voting doesn't work", Rutgers Law Review 19 (1965).

    Example:
        >>> [str(x) for x in banzhaf([4, 4, 4, 2, 2, 1], quota=12)]
        ['5/21', '5/21', '5/21', '1/7', '1/7', '0']
    """
    swings = [sum(counts) for counts in _swings_by_size(weights, quota)]
    return [Fraction(count, sum(swings)) for count in swings]


def shapley_shubik(weights: Sequence[int], quota: int) -> list[Fraction]:
    """Return the share of all orders of voting in which each voter is the one who makes the coalition win.

    Args:
        weights: Votes held by each voter; shape (n,), votes, n <= 20.
        quota: Votes needed to pass; votes, more than 0.

    Returns:
        Shares in the order of `weights`; shape (n,), dimensionless, sum 1.

    Raises:
        ValueError: If no coalition can reach the quota, if every one does, or with more than 20 voters.

    Source:
        L. S. Shapley and M. Shubik, "A method for evaluating the distribution of power in a committee system",
        American Political Science Review 48 (1954).

    Example:
        >>> [str(x) for x in shapley_shubik([3, 2, 1, 1], quota=4)]
        ['1/2', '1/6', '1/6', '1/6']
    """
    n = len(weights)
    orders = [factorial(size) * factorial(n - 1 - size) for size in range(n)]
    return [
        Fraction(sum(count * orders[size] for size, count in enumerate(counts)), factorial(n))
        for counts in _swings_by_size(weights, quota)
    ]


def _swings_by_size(weights: Sequence[int], quota: int) -> list[list[int]]:
    """Count, for each voter and size, the coalitions of the others that the voter makes win."""
    n = len(weights)
    if n > MOST_VOTERS:
        raise ValueError(f"{n} voters; at most {MOST_VOTERS} can be counted one coalition at a time")
    if quota <= 0:
        raise ValueError("every coalition reaches a quota of 0 or less")
    if sum(weights) < quota:
        raise ValueError("no coalition can reach the quota")
    totals = [0] * (1 << n)
    counts = [[0] * n for _ in weights]
    for coalition in range(1, 1 << n):
        first = (coalition & -coalition).bit_length() - 1
        totals[coalition] = totals[coalition & (coalition - 1)] + weights[first]
        if totals[coalition] >= quota:
            size = coalition.bit_count() - 1
            for voter in range(n):
                if coalition >> voter & 1 and totals[coalition] - weights[voter] < quota:
                    counts[voter][size] += 1
    return counts


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
