"""Deegan-Packel, Holler and Johnston of one weighted rule, exactly, by the weights that coalitions can have.

    count_minimal_coalitions(weights, quota) -> MinimalCounts
    deegan_packel, holler, johnston (weights, quota) -> list[Fraction]

Voters of the same weight are one class. The classes are gone through, the largest weight first, with every sum of
weights that can be reached; a coalition that meets the quota with its last and smallest member is a minimal one. The
voters of a class are in as many of them as there are ways to come to the class, times ways to go on with the voter.
The number of sums is bounded by the quota and by 2**n, whichever is less, so that few voters may have weights of any
size; past the stated work the functions refuse.

None of the three indices is monotone: a voter with more votes may get a smaller share.

Source:
    J. Deegan and E. W. Packel, "A new index of power for simple n-person games", International Journal of Game Theory 7
    (1978); M. J. Holler, "Forming coalitions and measuring voting power", Political Studies 30 (1982); R. J. Johnston,
    "On the measurement of power: some reactions to Laver", Environment and Planning A 10 (1978).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from math import comb
from typing import NamedTuple

from muniment.control.weighted_game import BeyondReach, checked, is_decided, smallest_form

WORK_LIMIT = 20_000_000
"""Steps with numbers of up to 16 words of 64 bits; a step with longer ones counts for more. Some ten seconds."""


class MinimalCounts(NamedTuple):
    """Minimal winning coalitions: those that lose whichever member leaves.

    Attributes:
        number: How many there are.
        containing: For each voter, how many it is a member of; shape (n,).
    """

    number: int
    containing: list[int]


class _Class(NamedTuple):
    weight: int
    voters: int


class _Ways(NamedTuple):
    """Coalitions, counted by size in one whole number, some bits for each size."""

    all: int
    with_voter: dict[int, int]
    """By the weight of a voter: the coalitions it is a member of."""


def count_minimal_coalitions(weights: Sequence[int], quota: int) -> MinimalCounts:
    """Count the minimal winning coalitions, and those that each voter is a member of.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes. At 0 or less the empty coalition is the only minimal one.

    Raises:
        ValueError: If a weight is negative or not a whole number.
        BeyondReach: If it takes more than the stated work.

    Example:
        >>> count_minimal_coalitions([3, 2, 1, 1], quota=4)
        MinimalCounts(number=4, containing=[3, 2, 2, 2])
    """
    checked(weights, quota)
    if is_decided(weights, quota):
        return MinimalCounts(int(quota <= 0), [0] * len(weights))
    forms, ways, _ = _minimal(weights, quota, sized=False)
    return MinimalCounts(ways.all, [ways.with_voter.get(form, 0) for form in forms])


def holler(weights: Sequence[int], quota: int) -> list[Fraction]:
    """Return each voter's share of all memberships in minimal winning coalitions (the public good index).

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes.

    Returns:
        Shape (n,), dimensionless, sum 1; all 0 if every coalition wins or none does. Not monotone.

    Raises:
        ValueError: As `count_minimal_coalitions`.

    Example:
        >>> [str(x) for x in holler([3, 2, 1, 1], quota=4)]
        ['1/3', '2/9', '2/9', '2/9']
    """
    return _shares([Fraction(count) for count in count_minimal_coalitions(weights, quota).containing])


def deegan_packel(weights: Sequence[int], quota: int) -> list[Fraction]:
    """Return each voter's share where every minimal winning coalition is as likely, and its members share alike.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes.

    Returns:
        Shape (n,), dimensionless, sum 1; all 0 if every coalition wins or none does. Not monotone.

    Raises:
        ValueError: As `count_minimal_coalitions`.

    Example:
        >>> [str(x) for x in deegan_packel([3, 2, 1, 1], quota=4)]
        ['3/8', '5/24', '5/24', '5/24']
    """
    checked(weights, quota)
    if is_decided(weights, quota):
        return [Fraction(0)] * len(weights)
    forms, ways, width = _minimal(weights, quota, sized=True)
    shares = {form: _shared(packed, width) for form, packed in ways.with_voter.items()}
    return _shares([shares.get(form, Fraction(0)) for form in forms])


def johnston(weights: Sequence[int], quota: int) -> list[Fraction]:
    """Return each voter's share where every winning coalition is shared alike by those it cannot lose.

    A coalition that can lose any one member is shared by nobody.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes.

    Returns:
        Shape (n,), dimensionless, sum 1; all 0 if every coalition wins or none does. Not monotone.

    Raises:
        ValueError: As `count_minimal_coalitions`.

    Example:
        >>> [str(x) for x in johnston([5, 3, 1], quota=8)]
        ['1/2', '1/2', '0']
    """
    checked(weights, quota)
    if is_decided(weights, quota):
        return [Fraction(0)] * len(weights)
    game = smallest_form(weights, quota, may_be_dual=False)
    classes = _classes(game.weights)
    width = len(game.weights) + 1
    shares = dict.fromkeys((of.weight for of in classes), Fraction(0))
    light = {0: 1}
    left = WORK_LIMIT
    # With d votes more than the quota, those with more than d are critical: the same ones from one weight to the next.
    for number in range(len(classes) - 1, -1, -1):
        heavy = classes[: number + 1]
        lighter = classes[number + 1].weight if number + 1 < len(classes) else 0
        least, most = game.quota + lighter, game.quota + classes[number].weight - 1
        sums = sorted(light)
        below = [0, *accumulate(light[total] for total in sums)]
        at_end = _between(sums, below, least, most)
        ways, left = _ways(heavy, width, left, least=least - sums[-1], most=most, at_end=at_end)
        for weight, packed in ways.with_voter.items():
            shares[weight] += _shared(packed, width)
        light, left = _joined(light, classes[number], game.quota + game.weights[-1], left)
    return _shares([shares.get(form, Fraction(0)) for form in game.forms])


def _minimal(weights: Sequence[int], quota: int, *, sized: bool) -> tuple[tuple[int, ...], _Ways, int]:
    """Return each voter's weight in the smallest form, the minimal winning coalitions, and the bits of a size."""
    game = smallest_form(weights, quota, may_be_dual=False)
    width = len(game.weights) + 1 if sized else 0
    ways, _ = _ways(_classes(game.weights), width, WORK_LIMIT, least=game.quota, most=game.quota - 1, at_end=None)
    return game.forms, ways, width


def _classes(weights: Sequence[int]) -> list[_Class]:
    """Return the classes of voters of the same weight, the largest weight first."""
    return [_Class(weight, voters) for weight, voters in sorted(Counter(weights).items(), reverse=True)]


def _ways(
    classes: Sequence[_Class],
    width: int,
    left: int,
    *,
    least: int,
    most: int,
    at_end: Callable[[int], int] | None,
) -> tuple[_Ways, int]:
    """Count coalitions and memberships class by class.

    Args:
        classes: The largest weight first.
        width: Bits of a size; 0 where sizes do not matter.
        left: Steps that may still be made.
        least: Weight below which a coalition does not count.
        most: Weight up to which a coalition goes on.
        at_end: How often a coalition of a weight counts after the last class. None: it does not; it counts once, and
            goes no further, with the first member that takes it above `most`.

    Returns:
        The ways, and the steps that are left.
    """
    words = width * (sum(of.voters for of in classes) + 1) // 64
    step = 2 + words // 16
    # Ways to a weight times ways on from it: the longer the numbers, the more of their words meet.
    product = 2 + (words // 16) ** 2
    rest = [0, *accumulate(of.weight * of.voters for of in reversed(classes))][::-1]
    reached: list[dict[int, int]] = [{0: 1}]
    for number, (weight, voters) in enumerate(classes):
        here: dict[int, int] = {}
        for total, ways in reached[-1].items():
            for members in range(min(voters, (most - total) // weight) + 1):
                to = total + members * weight
                if to + rest[number + 1] >= least:
                    here[to] = here.get(to, 0) + (ways * comb(voters, members) << width * members)
                    left -= step
            left -= product
            if left < 0:
                raise _too_many(sum(of.voters for of in classes))
        reached.append(here)
    onward = {total: at_end(total) if at_end else 0 for total in reached.pop()}
    with_voter: dict[int, int] = {}
    for weight, voters in reversed(classes):
        here = {}
        memberships = 0
        for total, ways in reached.pop().items():
            counted = of_one = 0
            for members in range(voters + 1):
                to = total + members * weight
                further = int(at_end is None) if to > most else onward.get(to, 0)
                if further:
                    counted += further * comb(voters, members) << width * members
                    if members:
                        of_one += further * comb(voters - 1, members - 1) << width * members
                if to > most:
                    break
            here[total] = counted
            memberships += ways * of_one
        onward = here
        with_voter[weight] = memberships
    return _Ways(onward.get(0, 0), with_voter), left


def _between(sums: Sequence[int], below: Sequence[int], least: int, most: int) -> Callable[[int], int]:
    """Return how many light coalitions bring a weight to between `least` and `most`."""
    return lambda total: below[bisect_right(sums, most - total)] - below[bisect_left(sums, least - total)]


def _joined(coalitions: Mapping[int, int], of: _Class, most: int, left: int) -> tuple[dict[int, int], int]:
    """Return how many coalitions have each weight up to `most`, once the voters of a class may join them."""
    joined: dict[int, int] = {}
    for total, ways in coalitions.items():
        for members in range(min(of.voters, (most - total) // of.weight) + 1):
            to = total + members * of.weight
            joined[to] = joined.get(to, 0) + ways * comb(of.voters, members)
            left -= 1
        if left < 0:
            raise _too_many(of.voters)
    # Each is sorted and added up once more.
    return joined, left - len(joined)


def _too_many(voters: int) -> BeyondReach:
    return BeyondReach(
        f"coalitions of {voters} voters and others have too many different weights; "
        f"at most {WORK_LIMIT:,} steps of counting are made"
    )


def _shared(packed: int, width: int) -> Fraction:
    """Return the sum of 1 / size over coalitions counted by size in one whole number."""
    mask = (1 << width) - 1
    total, size = Fraction(0), 0
    while packed:
        if size:
            total += Fraction(packed & mask, size)
        packed >>= width
        size += 1
    return total


def _shares(parts: Sequence[Fraction]) -> list[Fraction]:
    whole = sum(parts, Fraction(0))
    return [part / whole if whole else Fraction(0) for part in parts]
