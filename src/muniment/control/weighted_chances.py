"""One weighted rule whose voters say yes with chances of their own: how likely each decides, and that it passes.

    swing_chances(weights, quota, chances) -> Chances      exact, at most 34 voters
    swing_chances_in_floats(weights, quota, chances) -> Chances      with a tolerance, hundreds of voters

The float road multiplies the voters into a table of chances, one entry for each weight below the quota, and takes one
voter out again by a chain: with F for all voters and G for all but one, F(x) = (1 - p) G(x) + p G(x - w). A chain
multiplies an error by p / (1 - p) at each step, so it is followed only for p of at most 1/2; a voter with more is
taken out of the dual rule, quota W - q + 1 and chances 1 - p, in which it swings as often.

Source:
    G. Owen, "Multilinear extensions of games", Management Science 18 (1972), for the chances; T. Uno, "Efficient
    computation of power indices for weighted majority games", ISAAC 2012, for the chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from muniment.control.weighted_game import BeyondReach, checked, is_decided, smallest_form
from muniment.control.weighted_halves import MOST_VOTERS_WITH_FACTORS, Voter, multiplied
from muniment.control.weighted_residues import is_compiled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENTRY_LIMIT = 50_000_000
"""Entries of one table of chances, 8 bytes each."""
WORTH_COMPILING = 100_000_000
"""Multiplications that take numpy longer than it takes to load the compiled loops."""
WORTH_COMPILING_CHAINS = 1_000_000
"""Steps of chains of which the same is true."""


class Chances(NamedTuple):
    """Chances under voters who say yes independently, each with its own chance.

    Attributes:
        swings: For each voter, the chance that it decides: the others lose without it and win with it; shape (n,).
        passing: The chance that the rule is passed.
        tolerance: No number is further from the truth than this; 0 where they are exact.
    """

    swings: list[Fraction]
    passing: Fraction
    tolerance: Fraction


def swing_chances(weights: Sequence[int], quota: int, chances: Sequence[Fraction]) -> Chances:
    """Return exactly how likely each voter decides, where each says yes with its own chance.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more; at most 34 of them above 0.
        quota: Votes needed to pass; votes.
        chances: Of a yes of each voter, independent of the others; shape (n,), 0 to 1.

    Raises:
        ValueError: If the weights or chances are none, or their numbers differ.
        BeyondReach: With more than 34 voters with weight.

    Example:
        >>> found = swing_chances([2, 1, 1], 3, [Fraction(1, 2), Fraction(1, 3), Fraction(1, 3)])
        >>> [str(x) for x in found.swings], str(found.passing)
        (['5/9', '1/3', '1/3'], '5/18')
    """
    _checked(weights, quota, chances)
    if is_decided(weights, quota):
        return Chances([Fraction(0)] * len(weights), Fraction(int(quota <= 0)), Fraction(0))
    game = smallest_form(weights, quota)
    if len(game.weights) > MOST_VOTERS_WITH_FACTORS:
        raise BeyondReach(
            f"{len(game.weights)} voters with chances of their own; {MOST_VOTERS_WITH_FACTORS} are counted exactly, "
            "and more by swing_chances_in_floats, with a tolerance"
        )
    present = [place for place, form in enumerate(game.forms) if form]
    parts = [_of_dual(Fraction(chances[place]), game.dual).as_integer_ratio() for place in present]
    voters = [Voter(game.forms[place], whole - yes, yes) for place, (yes, whole) in zip(present, parts, strict=True)]
    losing, counts = multiplied(voters, game.quota)
    everything = prod(whole for _, whole in parts)
    swings = [Fraction(0)] * len(weights)
    for place, count, (_, whole) in zip(present, counts, parts, strict=True):
        swings[place] = Fraction(count * whole, everything)
    return Chances(swings, _of_dual(1 - Fraction(losing, everything), game.dual), Fraction(0))


def swing_chances_in_floats(weights: Sequence[int], quota: int, chances: Sequence[Fraction]) -> Chances:
    """Return how likely each voter decides, where each says yes with its own chance, to within a tolerance.

    Only voters without weight have a chance of exactly 0 here; whether another ever decides is settled by
    `weighted.count_swings`, in whole numbers.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes.
        chances: Of a yes of each voter, independent of the others; shape (n,), 0 to 1.

    Raises:
        ValueError: If the weights or chances are none, or their numbers differ.
        BeyondReach: If a table would need more than 50 million entries: one for each weight below the quota, or below
            W - quota + 1 where a chance is more than 1/2.
    """
    import numpy as np

    _checked(weights, quota, chances)
    if is_decided(weights, quota):
        return Chances([Fraction(0)] * len(weights), Fraction(int(quota <= 0)), Fraction(0))
    game = smallest_form(weights, quota)
    if game.quota > ENTRY_LIMIT:
        raise too_long(game.quota)
    places = sorted((place for place, form in enumerate(game.forms) if form), key=lambda place: game.forms[place])
    rows = np.array(game.weights, np.int64)
    exact = [_of_dual(Fraction(chances[place]), game.dual) for place in places]
    likely = np.array([chance.numerator / chance.denominator for chance in exact], np.float64)
    seldom = likely * 2 <= 1
    found = np.zeros(len(places), np.float64)
    passing = Fraction(0)
    bound = Fraction(0)
    for of_dual, chosen in ((False, seldom), (True, ~seldom)):
        if chosen.any():
            table = table_of(game.weights, 1 - likely if of_dual else likely, game.quota, of_dual=of_dual)
            found[chosen] = swings_in(table, rows[chosen], (1 - likely if of_dual else likely)[chosen])
            below = Fraction(table[-1].item())
            passing = below if of_dual else 1 - below
            bound = max(bound, rounding_bound(game.weights, table.size))
    swings = [Fraction(0)] * len(weights)
    for place, chance in zip(places, found.tolist(), strict=True):
        swings[place] = Fraction(chance)
    return Chances(swings, _of_dual(passing, game.dual), bound)


def table_of(
    weights: Sequence[int], chances: NDArray[np.float64], quota: int, *, of_dual: bool = False
) -> NDArray[np.float64]:
    """Return the chance that those who say yes weigh x or less, for each x below the quota.

    Args:
        weights: Positive, smallest first; shape (n,).
        chances: Of a yes, in the same order; shape (n,).
        quota: Of the rule.
        of_dual: Whether the table ends at the quota of the dual rule.
    """
    import numpy as np

    entries = sum(weights) - quota + 1 if of_dual else quota
    if entries > ENTRY_LIMIT:
        raise too_long(entries)
    lows, highs = _reached(weights, chances, entries)
    if multiplications(weights, entries) > WORTH_COMPILING and is_compiled():
        from muniment.control.weighted_kernels import chances_below

        compiled: NDArray[np.float64] = chances_below(np.array(weights, np.int64), chances, lows, highs, entries)
        return compiled
    table = np.zeros(entries, np.float64)
    table[0] = 1
    low_before = high_before = 0
    for weight, yes, low, high in zip(weights, chances.tolist(), lows.tolist(), highs.tolist(), strict=True):
        begin, end = low_before + weight, high + 1
        moved = yes * table[low_before : max(end - weight, low_before)]
        table[low_before : high_before + 1] *= 1 - yes
        table[begin : begin + moved.size] += moved
        low_before, high_before = low, high
    table[:low_before] = 0
    # Summed as whole numbers of 2**-62, so that the sums themselves are exact.
    summed: NDArray[np.float64] = np.rint(table * (1 << 62)).astype(np.int64).cumsum() / (1 << 62)
    return summed


def _reached(
    weights: Sequence[int], chances: NDArray[np.float64], entries: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return between which weights, below the length of the table, the first voters are, all but surely.

    By Hoeffding's bound the sum is further than c times the root of the squares of the weights from its mean with a
    chance of exp(-2 c**2) on either side; with c of 4.6 that is below 1e-18.
    """
    import numpy as np

    votes = np.array(weights, np.float64)
    means, spread = (votes * chances).cumsum(), 46 * np.sqrt((votes * votes).cumsum()) / 10
    lows = np.clip(np.maximum.accumulate(np.floor(means - spread)), 0, entries)
    highs = np.minimum(np.minimum(np.ceil(means + spread), votes.cumsum()), entries - 1)
    return lows.astype(np.int64), highs.astype(np.int64)


def multiplications(weights: Sequence[int], entries: int) -> int:
    """Return how many entries of a table are multiplied, over all voters."""
    return sum(min(reached, entries) for reached in accumulate(weights))


def swings_in(table: NDArray[np.float64], rows: NDArray[np.int64], chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance that each voter swings the others.

    Args:
        table: From `table_of`, over all voters.
        rows: Weights of the voters asked for; shape (m,), positive.
        chances: Of a yes of each of them, 0 to 1/2; shape (m,).
    """
    import numpy as np

    if int((table.size // rows).sum()) > WORTH_COMPILING_CHAINS and is_compiled():
        from muniment.control.weighted_kernels import swing_chances as compiled_swings

        compiled: NDArray[np.float64] = compiled_swings(table, rows, chances)
        return compiled
    found = np.zeros(rows.size, np.float64)
    for number, (weight, yes) in enumerate(zip(rows.tolist(), chances.tolist(), strict=True)):
        no = 1 - yes
        chain = table[(table.size - 1) % weight :: weight][::-1]
        # F(x) - r F(x - w) + r**2 F(x - 2w) - ...: in pairs, which are not negative, so that nothing cancels.
        ratio = yes / no
        terms = chain[1:] if chain.size % 2 else np.append(chain[1:], 0)
        pairs = terms[::2] - ratio * terms[1::2]
        without = (pairs * np.power(ratio, 2 * np.arange(pairs.size))).sum() / no
        found[number] = (chain[0] - yes * without) / no - without
    return found


def rounding_bound(weights: Sequence[int], entries: int) -> Fraction:
    """Return how far rounding can put a chance of swinging from the truth.

    With u = 2**-53: an entry is right to 4 u for each voter, its sum to 2 u (or q u / 256, where it is summed in whole
    numbers of 2**-62); sums that are all but never reached are left out, 1e-18 on either side of each voter. Along a
    chain the errors of the entries have alternating signs, so that they add up to no more than the errors of all
    entries, which are in proportion to chances of sum 1; the errors of the sums and of the steps, 5 u, add up in the
    worst case. The last step doubles both, and dividing by 1 - p of 1/2 doubles once more.
    """
    steps = entries // min(weights) + 1
    left_out = Fraction(16 * len(weights), 10**18)
    return Fraction(50 * len(weights) + 25 * steps, 1 << 53) + Fraction(entries, 1 << 59) + left_out


def too_long(entries: int) -> BeyondReach:
    """Return the refusal of a table."""
    return BeyondReach(f"the quota takes a table of {entries:,} chances; at most {ENTRY_LIMIT:,} are kept")


def _of_dual(chance: Fraction, dual: bool) -> Fraction:
    return 1 - chance if dual else chance


def _checked(weights: Sequence[int], quota: int, chances: Sequence[Fraction]) -> None:
    """Raise a `ValueError` unless these are weights, a quota and a chance for each weight."""
    checked(weights, quota)
    if len(chances) != len(weights):
        raise ValueError(f"{len(weights)} weights but {len(chances)} chances")
    for chance in chances:
        if not 0 <= chance <= 1:
            raise ValueError(f"a chance of {chance}; chances are 0 to 1")
