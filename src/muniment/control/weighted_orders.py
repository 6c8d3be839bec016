"""Shapley-Shubik of one weighted rule: exactly by the sizes of coalitions, or by an integral with a tolerance.

    shapley_shubik_by_size(weights, quota) -> list[Fraction]      exact
    shapley_shubik_by_integral(weights, quota) -> Integrals(values, tolerance)      a thousand voters and more

In the integral every voter says yes with the same chance p, and a voter's index is the chance that it swings the
others, averaged over p from 0 to 1. The voters' chances add up to the slope of h(p), the chance that the rule passes.
What lies outside an interval [a, b] therefore gives no voter more than h(a) + 1 - h(b); a and b are chosen by
Chernoff's bound on h, so that this is below 1e-16. Inside, the slope of h is a bell in most rules, on which the
trapezoidal rule gains digits in proportion to its nodes; where it does not die out at both ends, Gauss-Legendre nodes
are used, which are exact from n / 2 nodes on.

A result is given only with its certificate: the values add up to 1, and doubling the nodes moves none of them, both to
within the tolerance asked for. The tolerance returned is the sum of both differences and a bound on rounding.

Source:
    L. S. Shapley and M. Shubik, "A method for evaluating the distribution of power in a committee system", American
    Political Science Review 48 (1954); G. Owen, "Multilinear extensions of games", Management Science 18 (1972), for
    the integral; H. Chernoff, Annals of Mathematical Statistics 23 (1952), for the bound; L. N. Trefethen and
    J. A. C. Weideman, "The exponentially convergent trapezoidal rule", SIAM Review 56 (2014).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import exp, factorial
from typing import TYPE_CHECKING, NamedTuple

from muniment.control.weighted import count_swings_by_size
from muniment.control.weighted_chances import (
    ENTRY_LIMIT,
    multiplications,
    rounding_bound,
    swings_in,
    table_of,
    too_long,
)
from muniment.control.weighted_game import BeyondReach, Game, checked, is_decided, smallest_form
from muniment.control.weighted_residues import is_compiled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORK_LIMIT = 60_000_000_000
"""Multiplications over all nodes by compiled loops; about a minute on one core."""
WORK_LIMIT_OF_NUMPY = 15_000_000_000
FIRST_NODES = 20
OUTSIDE = Fraction(1, 10**17)
"""Chance of passing, or of failing, that is left out at either end."""
FAINT = Fraction(1, 10**8)
LEAST_LOG_ODDS = 60
TOLERANCE = Fraction(1, 10**9)


class Integrals(NamedTuple):
    """Shapley-Shubik indices from an integral.

    Attributes:
        values: In the order of the weights; shape (n,), dimensionless, sum 1 to within the tolerance. Not a proof that
            a voter never decides: exact counts of swings are.
        tolerance: No value is further from the truth than this, as far as the certificate can tell.
        nodes: Number of chances p at which all voters' swings were evaluated.
    """

    values: list[Fraction]
    tolerance: Fraction
    nodes: int


def shapley_shubik_by_size(weights: Sequence[int], quota: int) -> list[Fraction]:
    """Return exactly the share of all orders of voting in which each voter makes the coalition win.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes.

    Returns:
        Shape (n,), dimensionless, sum 1; all 0 if every coalition wins or none does.

    Raises:
        ValueError: If a weight is negative or not a whole number.
        BeyondReach: As `weighted.count_swings_by_size`; `shapley_shubik_by_integral` reaches further.

    Example:
        >>> [str(x) for x in shapley_shubik_by_size([3, 2, 1, 1], quota=4)]
        ['1/2', '1/6', '1/6', '1/6']
    """
    # Who has no weight changes nobody's share of the orders.
    with_weight = [weight for weight in weights if weight != 0]
    n = len(with_weight)
    orders = [factorial(size) * factorial(n - 1 - size) for size in range(n)]
    shares = {}
    for weight, counts in zip(with_weight, count_swings_by_size(with_weight, quota), strict=True):
        if weight not in shares:
            ways = sum(count * order for count, order in zip(counts, orders, strict=True))
            shares[weight] = Fraction(ways, factorial(n))
    return [shares.get(weight, Fraction(0)) for weight in weights]


def shapley_shubik_by_integral(weights: Sequence[int], quota: int, *, tolerance: Fraction = TOLERANCE) -> Integrals:
    """Return the Shapley-Shubik index of each voter to within a tolerance.

    Args:
        weights: Votes held by each voter; shape (n,), votes, 0 or more.
        quota: Votes needed to pass; votes.
        tolerance: The most that a value may be off; dimensionless, more than 0.

    Raises:
        ValueError: If a weight is negative or not a whole number, or every coalition wins, or none.
        BeyondReach: If the nodes together take more than 60 thousand million multiplications (without numba 15 thousand
            million), a table more than 50 million entries, or the tolerance is finer than rounding allows.
    """
    import numpy as np

    checked(weights, quota)
    if is_decided(weights, quota):
        raise ValueError("every coalition wins, or none does; nobody decides")
    game = smallest_form(weights, quota)
    if game.quota > ENTRY_LIMIT:
        raise too_long(game.quota)
    rows = np.array(sorted(set(game.weights)), np.int64)
    copies = Counter(game.weights)
    times = np.array([copies[row] for row in rows.tolist()], np.float64)
    most = -(-len(game.weights) // 2)
    begin, end, bell = _interval(game) if most > FIRST_NODES else (0, 1, False)
    limit = WORK_LIMIT if is_compiled() else WORK_LIMIT_OF_NUMPY
    work = spent = 0
    seen: NDArray[np.float64] | None = None
    trapezoid = np.zeros(rows.size)
    count = FIRST_NODES if bell else min(FIRST_NODES, most)
    while True:
        if bell:
            # Nodes at the ends are left out: nothing is there. A doubled rule has the old nodes, and those between.
            places = np.arange(1, count) if seen is None else np.arange(1, count, 2)
            nodes, shares = begin + (end - begin) / count * places, np.ones(places.size)
        else:
            roots, shares = np.polynomial.legendre.leggauss(count)
            nodes = begin + (end - begin) * (roots + 1) / 2
        work += sum(multiplications(game.weights, _entries(game, node)) for node in nodes.tolist())
        if work > limit:
            raise BeyondReach(
                f"{spent + nodes.size} nodes take {work:,} multiplications; at most {limit:,} are made"
                + (": install muniment[scale] for more" if limit < WORK_LIMIT else "")
            )
        spent += nodes.size
        summed = shares @ _swings_at(game, nodes.tolist(), rows)
        if bell:
            trapezoid += summed
            found = trapezoid * ((end - begin) / count)
        else:
            found = summed * ((end - begin) / 2)
        # Every entry of a table is right to some digits; the integral is an average of such chances.
        bound = (
            rounding_bound(game.weights, max(_entries(game, begin), _entries(game, end))) * Fraction(end - begin)
            + 2 * OUTSIDE
        )
        off = abs(1 - Fraction((times @ found).item()))
        exact = not bell and count >= most
        if exact or seen is not None:
            moved = Fraction(0) if exact or seen is None else Fraction(abs(found - seen).max().item())
            certain = off + moved + bound
            if certain <= tolerance:
                by_form = dict(zip(rows.tolist(), map(Fraction, found.tolist()), strict=True))
                return Integrals([by_form.get(form, Fraction(0)) for form in game.forms], certain, spent)
            if exact or bound > tolerance:
                raise BeyondReach(f"a tolerance of {_power(tolerance)}; rounding leaves {_power(certain)}")
        seen = found
        if bell and count > most:
            # As many nodes are enough for any rule of so many voters.
            bell, count = False, most
        else:
            count = 2 * count if bell else min(2 * count, most)


def _power(number: Fraction) -> str:
    return f"{number.numerator / number.denominator:.0e}"


def _entries(game: Game, chance: float) -> int:
    """Return the length of the table for a chance of a yes: voters are taken out only where it is at most 1/2."""
    return game.quota if chance * 2 <= 1 else sum(game.weights) - game.quota + 1


def _swings_at(game: Game, nodes: Sequence[float], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the chance that a voter of each weight swings the others, at each node; shape (nodes, rows)."""
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    def at(chance: float) -> NDArray[np.float64]:
        of_dual = chance * 2 > 1
        same = np.full(len(game.weights), 1 - chance if of_dual else chance)
        table = table_of(game.weights, same, game.quota, of_dual=of_dual)
        return swings_in(table, rows, same[: rows.size])

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return np.stack(list(pool.map(at, nodes)))


def _interval(game: Game) -> tuple[float, float, bool]:
    """Return the interval of chances outside of which the rule is as good as decided, and whether its slope is a bell.

    It is taken for a bell where it needs a twentieth of the interval at either end to become more than faint.
    """
    import numpy as np

    copies = Counter(game.weights)
    weights, times = (np.array(list(column), np.float64) for column in (copies.keys(), copies.values()))
    of_dual = sum(game.weights) - game.quota + 1
    begin, faint_begin = (_last_below(weights, times, game.quota, chance) for chance in (OUTSIDE, FAINT))
    end, faint_end = (1 - _last_below(weights, times, of_dual, chance) for chance in (OUTSIDE, FAINT))
    margin = (end - begin) / 20
    return begin, end, bool(faint_begin - begin >= margin and end - faint_end >= margin)


def _last_below(weights: NDArray[np.float64], times: NDArray[np.float64], quota: int, chance: Fraction) -> float:
    """Return a chance of a yes, as large as Chernoff's bound shows, at which the quota is met with less than `chance`.

    With log-odds x of a yes, the log of the chance of meeting the quota is at most the sum of log(1 - p + p e**(t w))
    less t q, for each t of 0 or more. It is least where voters with log-odds x + t w weigh q on average.
    """
    import numpy as np

    wanted = np.log(chance.numerator) - np.log(chance.denominator)
    scale = weights.max().item()
    weights, needed = weights / scale, quota / scale

    def bound(odds: float) -> float:
        low: float = 0
        high: float = 100 / weights.min().item()
        for _ in range(45):
            tilt = (low + high) / 2
            if times @ (weights / (1 + np.exp(-np.clip(odds + tilt * weights, -700, 700)))) < needed:
                low = tilt
            else:
                high = tilt
        no, yes = -np.logaddexp(0, odds), -np.logaddexp(0, -odds)
        bounded: float = (times @ np.logaddexp(no, yes + low * weights)).item() - low * needed
        return bounded

    least: float = -LEAST_LOG_ODDS
    most: float = LEAST_LOG_ODDS
    for _ in range(30):
        middle = (least + most) / 2
        if bound(middle) < wanted:
            least = middle
        else:
            most = middle
    return 1 / (1 + exp(-least)) if least > -LEAST_LOG_ODDS else 0
