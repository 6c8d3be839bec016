"""Count the swings of a weighted rule by halves: any whole weights, however large, of at most 40 voters.

The voters are split in two. For each coalition `a` of one half, G(a) is the number of coalitions of the other half that
leave it below the quota, read off by binary search in their sorted weights. A voter of the first half then swings as
often as the sum of G over the coalitions without it exceeds the sum over those with it. The work grows with 2**(n/2),
not with the weights, and needs nothing but whole numbers of any size.

A voter multiplies a coalition by one factor where it says no and by another where it says yes. With 1 and 1 coalitions
are counted; with 1 and a power of two, each size in bits of its own; with the parts of a fraction, they have chances.

Source:
    E. Horowitz and S. Sahni, "Computing partitions with applications to the knapsack problem", JACM 21 (1974), for the
    halves; B. Klinz and G. J. Woeginger, "Faster algorithms for computing power indices in weighted voting games",
    Mathematical Social Sciences 49 (2005), for swings counted by them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from muniment.control.weighted_game import Tally

MOST_VOTERS = 40
MOST_VOTERS_WITH_FACTORS = 34


class Voter(NamedTuple):
    """A voter and its factors.

    Attributes:
        weight: Votes, positive.
        no: What a coalition without the voter is multiplied by; 0 or more.
        yes: What a coalition with the voter is multiplied by; 0 or more.
    """

    weight: int
    no: int = 1
    yes: int = 1


def tally(weights: Sequence[int], quota: int, *, sized: bool = False) -> Tally:
    """Count losing coalitions and swings.

    Args:
        weights: Of each voter; shape (n,), positive, n <= 40, or 34 if `sized`.
        quota: Weight needed to pass, at least 1.
        sized: Whether to count the swings for each size of the others.
    """
    n = len(weights)
    width = n + 1 if sized else 0
    losing, swings = multiplied([Voter(weight, yes=1 << width) for weight in weights], quota)
    return Tally(
        sum(_sizes(losing, n + 1, width)),
        {weight: _sizes(swing, n, width) for weight, swing in zip(weights, swings, strict=True)},
    )


def multiplied(voters: Sequence[Voter], quota: int) -> tuple[int, list[int]]:
    """Return the sum of all losing coalitions, each the product of its factors, and the same of each voter's swings.

    The factors of the voter who swings are left out of its swings.
    """
    n = len(voters)
    plain = all(voter.no == voter.yes == 1 for voter in voters)
    most = MOST_VOTERS if plain else MOST_VOTERS_WITH_FACTORS
    if n > most:
        raise ValueError(f"{n} voters; at most {most} can be counted by halves")
    # Every second voter: both halves then have small and large weights.
    first, second = voters[::2], voters[1::2]
    losing, swings_of_first = _half(first, second, quota, plain)
    _, swings_of_second = _half(second, first, quota, plain)
    swings = [0] * n
    swings[::2], swings[1::2] = swings_of_first, swings_of_second
    return losing, swings


def _half(half: Sequence[Voter], rest: Sequence[Voter], quota: int, plain: bool) -> tuple[int, list[int]]:
    """Return the sum of all losing coalitions, and of the swings of each voter of one half."""
    if plain:
        sums = sorted(_sums(rest))
        table = [bisect_left(sums, quota - weight) for weight in _sums(half)]
    else:
        sums, sum_before = _below(rest)
        table = [sum_before[bisect_left(sums, quota - weight)] for weight in _sums(half)]
    swings = [0] * len(half)
    known: dict[Voter, int] = {}
    for at in range(len(half) - 1, -1, -1):
        # The voter stands in the highest bit of the place: without it the lower half, with it the upper.
        middle = len(table) // 2
        without, with_it = table[:middle], table[middle:]
        voter = half[at]
        if voter not in known:
            known[voter] = _folded(without, half[:at], plain) - _folded(with_it, half[:at], plain)
        swings[at] = known[voter]
        table = _fold(table, voter, plain)
    return table[0], swings


def _sums(voters: Sequence[Voter]) -> list[int]:
    """Return the weight of every coalition; that of the coalition with bits b stands at place b."""
    sums = [0]
    for voter in voters:
        sums += [below + voter.weight for below in sums]
    return sums


def _below(voters: Sequence[Voter]) -> tuple[list[int], list[int]]:
    """Return the sorted weights of all coalitions, and for each place the sum of the coalitions before it."""
    pairs = [(0, 1)]
    for weight, no, yes in voters:
        # Two sorted runs: sorting them is merging them.
        pairs = sorted(
            [(total, one * no) for total, one in pairs] + [(total + weight, one * yes) for total, one in pairs]
        )
    return [total for total, _ in pairs], [0, *accumulate(one for _, one in pairs)]


def _folded(table: Sequence[int], voters: Sequence[Voter], plain: bool) -> int:
    """Return the sum of a table over all coalitions of the voters, each multiplied by its factors."""
    if plain:
        return sum(table)
    for voter in reversed(voters):
        table = _fold(table, voter, plain)
    return table[0]


def _fold(table: Sequence[int], voter: Voter, plain: bool) -> list[int]:
    """Return the table without the voter of the highest bit, whose two answers are added up."""
    middle = len(table) // 2
    pairs = zip(table[:middle], table[middle:], strict=True)
    if plain:
        return [a + b for a, b in pairs]
    return [a * voter.no + b * voter.yes for a, b in pairs]


def _sizes(packed: int, length: int, width: int) -> tuple[int, ...]:
    """Return the counts of so many sizes that one whole number stands for."""
    if width == 0:
        return (packed,)
    mask = (1 << width) - 1
    return tuple(packed >> width * size & mask for size in range(length))
