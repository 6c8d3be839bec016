"""One weighted rule, brought to the smallest form that has the same swings; and what every road of counting returns.

A weighted rule is passed by every coalition whose weights add up to the quota. Four steps leave every voter's swings as
they are: voters without weight are left out, a weight above the quota is brought down to it, weights and quota are
divided by their greatest common divisor, and a quota above half is replaced by that of the dual rule, W - q + 1, the
rule of who can block. The roads (`weighted_halves`, `weighted_packed`, `weighted_residues`) count what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, gcd
from typing import NamedTuple


class BeyondReach(ValueError):  # noqa: N818 - the caller made no mistake: there is another road
    """An exact count was refused, since it would pass a stated limit; the message says which, and what would help."""


class Game(NamedTuple):
    """A weighted rule in its smallest form.

    Attributes:
        weights: Of the voters that have any, smallest first; positive, at most `quota`.
        quota: Weight needed to pass; at most (W + 1) / 2, where W is the sum of `weights`, if the dual would do.
        dual: Whether this is the rule of who can block: it passes where the others, as they vote, fail to.
        without_weight: Number of voters left out because they have no weight.
        forms: For each voter as given, its weight in this form; 0 for one without weight.
    """

    weights: tuple[int, ...]
    quota: int
    dual: bool
    without_weight: int
    forms: tuple[int, ...]


class Tally(NamedTuple):
    """What a road counts in a game of n voters.

    Attributes:
        losing: Number of coalitions that do not reach the quota.
        swings: For each weight of the game, the coalitions of the others that a voter of this weight makes win: their
            number for each size, shape (n,), or one number for all sizes, shape (1,).
    """

    losing: int
    swings: dict[int, tuple[int, ...]]


class Counts(NamedTuple):
    """Exact counts of one weighted rule.

    Attributes:
        swings: For each voter, the number of coalitions of the others that lose, and win once the voter joins; shape
            (n,), 0 to 2**(n-1).
        winning: Number of coalitions that win, 0 to 2**n.
    """

    swings: list[int]
    winning: int


def checked(weights: Sequence[int], quota: int) -> None:
    """Raise a `ValueError` unless these are the weights and the quota of a weighted rule."""
    for weight in (*weights, quota):
        if not isinstance(weight, int):
            raise ValueError(f"weights and quota are whole numbers, not {weight!r}")
    least = min(weights, default=0)
    if least < 0:
        raise ValueError(f"a weight of {least}; weights are 0 or more")


def is_decided(weights: Sequence[int], quota: int) -> bool:
    """Return whether every coalition reaches the quota, the empty one included, or none does; then nobody swings."""
    return quota <= 0 or quota > sum(weights)


def smallest_form(weights: Sequence[int], quota: int, *, may_be_dual: bool = True) -> Game:
    """Return the smallest form of a rule that some coalition passes and some does not.

    Args:
        weights: Weight of each voter; shape (n,), 0 or more.
        quota: Weight needed to pass, 1 to the sum of the weights.
        may_be_dual: Whether the dual rule will do, which has the same swings, but other winning coalitions.
    """
    forms = list(weights)
    dual = False
    while True:
        before = (forms, quota)
        forms = [min(weight, quota) for weight in forms]
        divisor = gcd(*forms)
        forms = [weight // divisor for weight in forms]
        quota = -(-quota // divisor)
        of_dual = sum(forms) - quota + 1
        if may_be_dual and of_dual < quota:
            quota, dual = of_dual, not dual
        if (forms, quota) == before:
            break
    present = sorted(weight for weight in forms if weight)
    return Game(tuple(present), quota, dual, len(forms) - len(present), tuple(forms))


def counts_of(game: Game, tally: Tally) -> Counts:
    """Return the counts of the rule as given from a tally without sizes."""
    doubled = game.without_weight
    swings = [tally.swings[form][0] << doubled if form else 0 for form in game.forms]
    everyone = 1 << len(game.forms)
    losing = tally.losing << doubled
    return Counts(swings, losing if game.dual else everyone - losing)


def sized_swings_of(game: Game, tally: Tally) -> list[list[int]]:
    """Return the swings of the rule as given, for each voter and size of the others, from a tally with sizes."""
    free = game.without_weight
    chosen = [comb(free, size) for size in range(free + 1)]
    length = len(game.forms)
    by_form: dict[int, list[int]] = {0: [0] * length}
    for form, counts in tally.swings.items():
        # A swing of the dual rule is one of the rule itself: the others who said no are those who say yes.
        counts_here = counts[::-1] if game.dual else counts
        spread = [0] * length
        for size, count in enumerate(counts_here):
            if count:
                for more, ways in enumerate(chosen):
                    spread[size + more] += count * ways
        by_form[form] = spread
    return [list(by_form[form]) for form in game.forms]
