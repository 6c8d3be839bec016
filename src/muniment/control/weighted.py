"""One weighted rule: exact counts of swings and of winning coalitions, and the indices read off them.

    count_swings(weights, quota) -> Counts(swings, winning)
    count_swings_by_size(weights, quota) -> list of lists
    penrose, coleman_prevent, coleman_initiate (weights, quota) -> list[Fraction]; coleman_act -> Fraction

Beside it: `weighted_orders` (Shapley-Shubik), `weighted_chances` (voters with chances of their own),
`weighted_sets` (Deegan-Packel, Holler, Johnston). `count_swings` chooses between three roads, which return the same
numbers: `weighted_halves` for few voters with weights of any size, `weighted_packed` for small tables in plain Python,
`weighted_residues` for large ones.

Source:
    L. S. Penrose, "The elementary statistics of majority voting", Journal of the Royal Statistical Society 109 (1946);
    J. S. Coleman, "Control of collectivities and the power of a collectivity to act", in: Social Choice (1971).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from muniment.control import weighted_halves, weighted_packed, weighted_residues
from muniment.control.weighted_game import (
    BeyondReach,
    Counts,
    Game,
    Tally,
    checked,
    counts_of,
    is_decided,
    sized_swings_of,
    smallest_form,
)

FEW = 24
"""Voters up to whom halves are counted at once, whatever the weights, without numpy or numba."""
SMALL_TABLE = 3_000_000
"""Words of 64 bits that plain Python shifts and adds sooner than numpy is loaded."""


def count_swings(weights: Sequence[int], quota: int) -> Counts:
    """Count exactly how often each voter decides, and how many coalitions win.

    A coalition wins when its weights add up to the quota. A voter swings a coalition of the others when it loses, and
    wins once the voter joins. A quota of 0 or less is met by every coalition, one above all weights by none; then
    nobody swings.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more, whole numbers of any size.
        quota: Votes needed to pass; votes.

    Returns:
        The counts, in the order of `weights`.

    Raises:
        ValueError: If a weight is negative or not a whole number.
        BeyondReach: If it would take more than the stated work or memory: the table has quota / gcd entries (of the
            rule or of its dual, W - quota + 1, whichever is less; at most 100 million), each of which is added to
            once per voter and 63 voters (at most 60 thousand million times; without numba 15 thousand million).
            Up to 40 voters may have weights of any size.

    Example:
        >>> count_swings([4, 4, 4, 2, 2, 1], quota=12)
        Counts(swings=[10, 10, 10, 6, 6, 0], winning=14)
    """
    checked(weights, quota)
    if is_decided(weights, quota):
        return Counts([0] * len(weights), 1 << len(weights) if quota <= 0 else 0)
    game = smallest_form(weights, quota)
    return counts_of(game, _tally(game, sized=False))


def count_swings_by_size(weights: Sequence[int], quota: int) -> list[list[int]]:
    """Count exactly how often each voter decides, for each number of the others who say yes.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more, whole numbers of any size.
        quota: Votes needed to pass; votes.

    Returns:
        For each voter and each size of a coalition of the others, how many of them the voter makes win; shape (n, n).

    Raises:
        ValueError: If a weight is negative or not a whole number.
        BeyondReach: As `count_swings`; the table has n + 1 times as many entries, and 34 voters may have weights of
            any size.

    Example:
        >>> count_swings_by_size([3, 2, 1, 1], quota=4)
        [[0, 3, 3, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 1, 1, 0]]
    """
    checked(weights, quota)
    if is_decided(weights, quota):
        return [[0] * len(weights) for _ in weights]
    game = smallest_form(weights, quota)
    return sized_swings_of(game, _tally(game, sized=True))


def _tally(game: Game, *, sized: bool) -> Tally:
    """Count by the road that takes the least time."""
    n = len(game.weights)
    if n <= FEW:
        return weighted_halves.tally(game.weights, game.quota, sized=sized)
    packed = weighted_packed.work(game.weights, game.quota, sized=sized)
    if packed is not None and packed <= SMALL_TABLE:
        return weighted_packed.tally(game.weights, game.quota, sized=sized)
    additions = weighted_residues.work(game.weights, game.quota, sized=sized)
    most_by_halves = weighted_halves.MOST_VOTERS_WITH_FACTORS if sized else weighted_halves.MOST_VOTERS
    if n <= most_by_halves and (additions is None or additions >> n // 2 > 1000):
        return weighted_halves.tally(game.weights, game.quota, sized=sized)
    if additions is None:
        columns = n + 1 if sized else 1
        raise BeyondReach(
            f"the quota of {game.quota:,} takes a table of {game.quota * columns:,} numbers for {n} voters; "
            f"at most {weighted_residues.ENTRY_LIMIT:,} are counted exactly"
        )
    compiled = weighted_residues.is_compiled()
    limit = weighted_residues.WORK_LIMIT if compiled else weighted_residues.WORK_LIMIT_OF_NUMPY
    if additions > limit:
        within = not compiled and additions <= weighted_residues.WORK_LIMIT
        raise BeyondReach(
            f"{n} voters and a quota of {game.quota:,} take {additions:,} additions; at most {limit:,} are made"
            + (": install muniment[scale] for this exact count" if within else "")
        )
    return weighted_residues.tally(game.weights, game.quota, sized=sized)


def penrose(weights: Sequence[int], quota: int) -> list[Fraction]:
    """Return the chance that each voter decides, where all others say yes or no with equal chance (absolute Banzhaf).

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes.

    Returns:
        Shape (n,), dimensionless, 0 to 1.

    Raises:
        ValueError: As `count_swings`.

    Example:
        >>> [str(x) for x in penrose([3, 2, 1, 1], quota=4)]
        ['3/4', '1/4', '1/4', '1/4']
    """
    return _shares(count_swings(weights, quota).swings, 1 << max(len(weights) - 1, 0))


def coleman_prevent(weights: Sequence[int], quota: int) -> list[Fraction]:
    """Return the share of all winning coalitions that lose once the voter leaves; 1 is a veto.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes.

    Returns:
        Shape (n,), dimensionless, 0 to 1; all 0 if no coalition wins.

    Raises:
        ValueError: As `count_swings`.

    Example:
        >>> [str(x) for x in coleman_prevent([3, 2, 1, 1], quota=4)]
        ['3/4', '1/4', '1/4', '1/4']
    """
    counts = count_swings(weights, quota)
    return _shares(counts.swings, counts.winning)


def coleman_initiate(weights: Sequence[int], quota: int) -> list[Fraction]:
    """Return the share of all losing coalitions that win once the voter joins; 1 is a voter who passes alone.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes.

    Returns:
        Shape (n,), dimensionless, 0 to 1; all 0 if every coalition wins.

    Raises:
        ValueError: As `count_swings`.
    """
    counts = count_swings(weights, quota)
    return _shares(counts.swings, (1 << len(weights)) - counts.winning)


def coleman_act(weights: Sequence[int], quota: int) -> Fraction:
    """Return the share of all coalitions that win: how easily the body as a whole comes to a decision.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes.

    Raises:
        ValueError: As `count_swings`.
    """
    return Fraction(count_swings(weights, quota).winning, 1 << len(weights))


def _shares(counts: Sequence[int], whole: int) -> list[Fraction]:
    return [Fraction(count, whole) if whole else Fraction(0) for count in counts]
