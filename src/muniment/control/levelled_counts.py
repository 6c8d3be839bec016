"""Power read off a decision diagram of any size: swings, Shapley-Shubik, and chances with each actor's own.

For a monotone function h of independent chances, the chance that an actor decides is the slope of h in its chance: the
sum, over the diagram's nodes that test the actor, of the chance to get there times the difference of the two branches.
One pass up and one down give all slopes. Modulo primes below 2**31 the pass is exact: with all chances 1/2, slopes
times 2**(n-1) are the swings. The Shapley-Shubik index is the integral of the slope over a chance common to all
(G. Owen, Management Science 18 (1972)), a polynomial of degree n - 1: n points give it exactly, modulo primes, since
its denominator divides the least common multiple of 1 to n; n/2 Gauss-Legendre points give it up to rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, NamedTuple

from muniment.control.diagram import NO, YES, Diagram, TooLarge, below
from muniment.control.levelled import is_installed, not_installed, refused_without_numba
from muniment.control.power import Indices, indices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXACT_WORK = 300_000_000
"""Most steps of an exact count where floats would do: nodes times primes times points, of some ten nanoseconds each."""
MOST_EXACT_WORK = 5_000_000_000
"""Most steps where only an exact count will do."""
FLOAT_WORK = 10_000_000_000
"""Most steps of a quadrature: nodes times points, of some five nanoseconds each, three times over."""
ENTRIES = 1 << 24
MOST_LANES = 16
FEW_NODES = 5_000
FEW_STEPS = 2_000_000
"""Nodes, and steps of counting with Python's whole numbers, that take less time than numba takes to start."""
BELOW = 1 << 31
HALF = Fraction(1, 2)


class Swings(NamedTuple):
    """How often each actor decides, exactly.

    Attributes:
        counts: By actor, the coalitions of the others that it makes pass; 0 to 2**(n-1).
        passing: How many of the 2**n coalitions pass.
        actors: n, the number of actors of the diagram.
    """

    counts: dict[str, int]
    passing: int
    actors: int


class Shares(NamedTuple):
    """An index of every actor.

    Attributes:
        values: By actor; sums to 1 (within the tolerance) unless the function is constant.
        tolerance: 0 where the values are exact; else no value is further off than this.
    """

    values: dict[str, Fraction]
    tolerance: Fraction


class Chances(NamedTuple):
    """What happens where each actor says yes with its own chance, independently.

    Attributes:
        passing: The chance that the matter passes.
        swings: By actor, the chance that the others leave the matter to it.
        tolerance: 0 where all are exact; else nothing is further off than this.
    """

    passing: Fraction
    swings: dict[str, Fraction]
    tolerance: Fraction


class Arrays(NamedTuple):
    """A diagram as the passes read it: `size` actors, and the fields of `Diagram`."""

    levels: NDArray[np.int32]
    lows: NDArray[np.int32]
    highs: NDArray[np.int32]
    root: int
    size: int


def indices_of_diagram(diagram: Diagram, actors: Sequence[str] | None = None) -> Indices | TooLarge:
    """Return the Banzhaf and Shapley-Shubik indices of a monotone function of any size, exactly.

    Args:
        diagram: The function.
        actors: Everyone to be shown; default, the actors of the diagram.
    """
    if is_small(diagram) or not is_installed():
        found = indices(diagram, actors)
        return refused_without_numba(found) if isinstance(found, TooLarge) else found
    shown = diagram.actors if actors is None else actors
    swings = swings_of(diagram)
    if isinstance(swings, TooLarge):
        return swings
    shares = shapley_shubik_at_scale(diagram, exact=True)
    if isinstance(shares, TooLarge):
        return shares
    total = sum(swings.counts.values())
    by_banzhaf = {name: Fraction(swings.counts.get(name, 0), total or 1) for name in shown}
    return Indices(by_banzhaf, {name: shares.values.get(name, Fraction(0)) for name in shown})


def swings_of_diagram(diagram: Diagram) -> Swings | TooLarge:
    """Count what `swings_of` counts, by the road that is quicker for the size."""
    if is_small(diagram) or not is_installed():
        return swings_in_whole_numbers(diagram)
    return swings_of(diagram)


def is_small(diagram: Diagram) -> bool:
    """Whether plain Python counts sooner than numba starts."""
    nodes, n = len(diagram.levels), len(diagram.actors)
    return nodes <= FEW_NODES and nodes * (n + 1) * (n // 64 + 1) ** 2 <= FEW_STEPS


def swings_of(diagram: Diagram, *, work_limit: int = MOST_EXACT_WORK) -> Swings | TooLarge:
    """Count the coalitions that each actor of a monotone function makes pass, exactly.

    Args:
        diagram: The function.
        work_limit: Most steps: nodes times primes, of which there is one for each 31 actors.
    """
    n = len(diagram.actors)
    if len(diagram.levels) * (n // 30 + 1) > work_limit:
        return TooLarge("power indices", f"{work_limit:,} steps of counting")
    if not is_installed():
        return not_installed("power indices")
    chances = _exactly(diagram, dict.fromkeys(diagram.actors, HALF))
    counts = {name: int(chance * (1 << n - 1)) for name, chance in chances.swings.items()}
    return Swings(counts, int(chances.passing * (1 << n)), n)


def swings_in_whole_numbers(diagram: Diagram) -> Swings:
    """Count what `swings_of` counts with Python's whole numbers alone: slower, and needs nothing installed."""
    n, level = len(diagram.actors), diagram.levels
    nodes = below(diagram)
    down = {NO: 0, YES: 1}
    for number in nodes:
        low, high = diagram.lows[number], diagram.highs[number]
        down[number] = (down[low] << level[low] - level[number] - 1) + (down[high] << level[high] - level[number] - 1)
    up = dict.fromkeys(nodes, 0)
    swings = [0] * n
    if diagram.root > YES:
        up[diagram.root] = 1 << level[diagram.root]
    for number in reversed(nodes):
        low, high = diagram.lows[number], diagram.highs[number]
        skipped_low, skipped_high = level[low] - level[number] - 1, level[high] - level[number] - 1
        swings[level[number]] += up[number] * ((down[high] << skipped_high) - (down[low] << skipped_low))
        if low > YES:
            up[low] += up[number] << skipped_low
        if high > YES:
            up[high] += up[number] << skipped_high
    return Swings(dict(zip(diagram.actors, swings, strict=True)), down[diagram.root] << level[diagram.root], n)


def chances_of(diagram: Diagram, chances: Mapping[str, Fraction], *, exact: bool | None = None) -> Chances | TooLarge:
    """Return how likely the matter passes, and how likely each actor decides, at given chances of a yes.

    Args:
        diagram: The function.
        chances: By actor of the diagram, 0 to 1.
        exact: Exactly, or in floats with a tolerance; default, exactly where that takes few steps (`EXACT_WORK`): nodes
            times primes, of which the product of all denominators needs one for each 31 bits.

    Raises:
        ValueError: If a chance is missing, or not between 0 and 1.
    """
    _check(diagram, chances)
    if not is_installed():
        return not_installed("chances")
    bits = sum(chances[name].denominator.bit_length() for name in diagram.actors)
    steps = len(diagram.levels) * (bits // 30 + 1)
    within = steps <= (MOST_EXACT_WORK if exact else EXACT_WORK)
    if exact and not within:
        return TooLarge("chances", f"{MOST_EXACT_WORK:,} steps of counting")
    return _exactly(diagram, chances) if within and exact is not False else _in_floats(diagram, chances)


def shapley_shubik_of(diagram: Diagram) -> Shares | TooLarge:
    """Return the share of all orders in which each actor is the one who makes a monotone function hold.

    Exact where that takes few steps (`EXACT_WORK`), else by quadrature; by the road that is quicker for the size.
    """
    if is_small(diagram) or not is_installed():
        found = indices(diagram)
        if isinstance(found, Indices):
            return Shares(found.shapley_shubik, Fraction(0))
    return shapley_shubik_at_scale(diagram)


def shapley_shubik_at_scale(diagram: Diagram, *, exact: bool | None = None) -> Shares | TooLarge:
    """Return what `shapley_shubik_of` does, by the compiled road whatever the size.

    Args:
        diagram: A monotone function.
        exact: Exactly, or by quadrature with a tolerance; default, exactly where that takes few steps (`EXACT_WORK`):
            nodes times points times primes.

    Raises:
        ArithmeticError: If exact shares do not sum to what they must; a fault of ours, or of the machine.
    """
    n = len(diagram.actors)
    if diagram.root <= YES:
        return Shares(dict.fromkeys(diagram.actors, Fraction(0)), Fraction(0))
    if not is_installed():
        return not_installed("the Shapley-Shubik index")
    steps = len(diagram.levels) * n
    within = steps * (3 * n // 60 + 1) <= (MOST_EXACT_WORK if exact else EXACT_WORK)
    if within and exact is not False:
        return _integrated(diagram)
    if exact or steps > FLOAT_WORK:
        limit = f"{MOST_EXACT_WORK:,} steps exactly or {FLOAT_WORK:,} in floats"
        return TooLarge("the Shapley-Shubik index", limit)
    return _by_quadrature(diagram)


def _check(diagram: Diagram, chances: Mapping[str, Fraction]) -> None:
    for name in diagram.actors:
        if name not in chances:
            raise ValueError(f"no chance is given for {name}")
        if not 0 <= chances[name] <= 1:
            raise ValueError(f"the chance of {name} is {chances[name]}, not between 0 and 1")


def arrays_of(diagram: Diagram) -> Arrays:
    """Return a diagram as the passes read it."""
    import numpy as np

    levels, lows, highs = (np.asarray(numbers, np.int32) for numbers in (diagram.levels, diagram.lows, diagram.highs))
    return Arrays(levels, lows, highs, diagram.root, len(diagram.actors))


def _lanes(nodes: int) -> int:
    return max(2, min(MOST_LANES, ENTRIES // nodes))


def primes(number: int, avoided: int = 1) -> Iterator[int]:
    """Yield the greatest primes below 2**31, in falling order, without those that divide a number.

    Source:
        C. Pomerance, J. L. Selfridge and S. S. Wagstaff, Math. Comp. 35 (1980): below 3,215,031,751 the bases 2, 3, 5
        and 7 tell every prime.
    """
    candidate, found = BELOW + 1, 0
    while found < number:
        candidate -= 2
        if all(_passes_for_prime(candidate, base) for base in (2, 3, 5, 7)) and avoided % candidate:
            found += 1
            yield candidate


def _passes_for_prime(number: int, base: int) -> bool:
    odd = number - 1
    twos = (odd & -odd).bit_length() - 1
    power = pow(base, odd >> twos, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


def joined(residues: Sequence[Sequence[int]], moduli: Sequence[int]) -> list[int]:
    """Return the whole numbers, from 0 to the product of the moduli, that leave the given residues.

    Args:
        residues: For each modulus, what each number leaves; shape (moduli, numbers).
        moduli: Primes, each once.
    """
    found = list(residues[0])
    whole = moduli[0]
    for of_prime, prime in zip(residues[1:], moduli[1:], strict=True):
        inverse = pow(whole, -1, prime)
        found = [
            number + whole * ((residue - number) * inverse % prime)
            for number, residue in zip(found, of_prime, strict=True)
        ]
        whole *= prime
    return found


def residues_of_pass(
    arrays: Arrays, go: Sequence[Sequence[int]], moduli: Sequence[int], *, of_sets: bool = False
) -> tuple[list[int], NDArray[np.uint64]]:
    """Return what the root sums to, and the difference each level makes, modulo a prime in each lane.

    Args:
        arrays: The diagram.
        go: For each lane, the weight of a yes on each level, or one weight of all levels.
        moduli: A prime below 2**31 for each lane.
        of_sets: See `muniment.control.levelled_passes.pass_in_residues`.

    Returns:
        Shapes (lanes,) and (lanes, levels).
    """
    import numpy as np

    from muniment.control import levelled_passes

    lanes = _lanes(len(arrays.levels))
    roots: list[int] = []
    found = np.empty((len(moduli), arrays.size), np.uint64)
    for first in range(0, len(moduli), lanes):
        chunk = np.array(moduli[first : first + lanes], np.uint64)
        weights = np.empty((arrays.size, len(chunk)), np.uint32)
        for lane, of_lane in enumerate(go[first : first + lanes]):
            prime = int(chunk[lane])
            standing = [weight * (1 << 32) % prime for weight in of_lane]
            weights[:, lane] = standing if len(standing) > 1 else standing[0]
        inverses = np.array([-pow(int(prime), -1, 1 << 32) % (1 << 32) for prime in chunk], np.uint64)
        root, difference = levelled_passes.pass_in_residues(
            arrays.levels, arrays.lows, arrays.highs, arrays.root, weights, chunk, inverses, of_sets
        )
        back = np.array([pow(1 << 32, -1, int(prime)) for prime in chunk], np.uint64)
        roots.extend((root.astype(np.uint64) * back % chunk).tolist())
        found[first : first + lanes] = (difference.astype(np.uint64) * back % chunk).T
    return roots, found


def _exactly(diagram: Diagram, chances: Mapping[str, Fraction]) -> Chances:
    if diagram.root <= YES:
        return Chances(Fraction(diagram.root), dict.fromkeys(diagram.actors, Fraction(0)), Fraction(0))
    whole = 1
    for name in diagram.actors:
        whole *= chances[name].denominator
    moduli = list(primes(whole.bit_length() // 30 + 1, whole))
    go = []
    for prime in moduli:
        known = {
            chance: chance.numerator * pow(chance.denominator, -1, prime) % prime for chance in set(chances.values())
        }
        go.append([known[chances[name]] for name in diagram.actors])
    roots, slopes = residues_of_pass(arrays_of(diagram), go, moduli)
    residues = [
        [root * whole % prime, *(slope * (whole % prime) % prime for slope in of_prime)]
        for root, of_prime, prime in zip(roots, slopes.tolist(), moduli, strict=True)
    ]
    passing, *swings = (Fraction(number, whole) for number in joined(residues, moduli))
    return Chances(passing, dict(zip(diagram.actors, swings, strict=True)), Fraction(0))


def _in_floats(diagram: Diagram, chances: Mapping[str, Fraction]) -> Chances:
    import numpy as np

    if diagram.root <= YES:
        return _exactly(diagram, chances)
    arrays = arrays_of(diagram)
    go = np.array([[chances[name].numerator / chances[name].denominator] for name in diagram.actors])
    root, slopes = _float_pass(arrays, go)
    swings = dict(zip(diagram.actors, map(Fraction, np.maximum(slopes[:, 0], 0).tolist()), strict=True))
    # A chance that is off by a rounding moves the result by no more than that.
    return Chances(Fraction(root[0].item()), swings, _rounding(arrays) * 2)


def _float_pass(arrays: Arrays, go: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    import numpy as np

    from muniment.control import levelled_passes

    lanes = _lanes(2 * len(arrays.levels))
    roots = np.empty(go.shape[1])
    slopes = np.empty(go.shape)
    for first in range(0, go.shape[1], lanes):
        part = np.ascontiguousarray(go[:, first : first + lanes])
        roots[first : first + lanes], slopes[:, first : first + lanes] = levelled_passes.pass_in_floats(
            arrays.levels, arrays.lows, arrays.highs, arrays.root, 1 - part, part
        )
    return roots, slopes


def _rounding(arrays: Arrays) -> Fraction:
    """Return how far a slope may be off for rounding in a pass of floats: at most this, whatever the chances.

    All numbers are sums of products that are not negative, so that relative errors add up: three roundings a level on
    the way up, and on the way down two and one for each reference to a node. The last sum runs over a level's nodes.
    """
    import numpy as np

    inner = slice(2, arrays.root + 1)
    referred = np.bincount(arrays.lows[inner], minlength=arrays.root + 1)
    referred += np.bincount(arrays.highs[inner], minlength=arrays.root + 1)
    most = np.zeros(arrays.size + 1, np.int64)
    np.maximum.at(most, arrays.levels[inner], referred[inner])
    widest = np.bincount(arrays.levels[inner]).max() if arrays.root > YES else 0
    roundings = 6 * arrays.size + int(most.sum()) + int(widest) + 8
    return Fraction(2 * roundings, 1 << 53)


def _integrated(diagram: Diagram) -> Shares:
    n = len(diagram.actors)
    whole = lcm(*range(1, n + 1))
    numbers = integrals(arrays_of(diagram), whole)
    if sum(numbers) != whole:
        raise ArithmeticError("the exact Shapley-Shubik shares do not sum to 1")
    values = {name: Fraction(part, whole) for name, part in zip(diagram.actors, numbers, strict=True)}
    return Shares(values, Fraction(0))


def integrals(arrays: Arrays, most: int, *, of_sets: bool = False) -> list[int]:
    """Integrate what each level contributes, from 0 to 1, modulo primes from n points each.

    Args:
        arrays: The diagram.
        most: No result is greater.
        of_sets: See `muniment.control.levelled_passes.pass_in_residues`.

    Returns:
        The integrals times the least common multiple of 1 to n; shape (n,).
    """
    import numpy as np

    n = arrays.size
    whole = lcm(*range(1, n + 1))
    moduli = list(primes(most.bit_length() // 30 + 1))
    residues: list[list[int]] = []
    for prime in moduli:
        _, slopes = residues_of_pass(arrays, [[point] for point in range(n)], [prime] * n, of_sets=of_sets)
        weighted = slopes * weights_of_points(n, prime)[:, np.newaxis] % np.uint64(prime)
        total = weighted.sum(axis=0, dtype=np.uint64) % np.uint64(prime)
        residues.append([number * (whole % prime) % prime for number in total.tolist()])
    return joined(residues, moduli)


def weights_of_points(n: int, prime: int) -> NDArray[np.uint64]:
    """Return the weights that integrate a polynomial of degree below n from 0 to 1, modulo a prime above n.

    Args:
        n: Number of points; they are 0, 1 and so on to n - 1.
        prime: Below 2**31.
    """
    import numpy as np

    modulus = np.uint64(prime)
    points = np.arange(n, dtype=np.uint64)
    product = [1]  # (x - 0)(x - 1)...(x - (n-1)), the highest power first
    for point in range(n):
        shifted = [*product, 0]
        for at, coefficient in enumerate(product):
            shifted[at + 1] = (shifted[at + 1] - point * coefficient) % prime
        product = shifted
    # Divided by each x - point in turn, integrated power by power, and over what is left at the point itself.
    quotient = np.zeros(n, np.uint64)
    integral = np.zeros(n, np.uint64)
    at_point = np.zeros(n, np.uint64)
    for power in range(n - 1, -1, -1):
        quotient = (quotient * points + np.uint64(product[n - 1 - power])) % modulus
        integral = (integral + quotient * np.uint64(pow(power + 1, -1, prime))) % modulus
        at_point = (at_point * points + quotient) % modulus
    inverses = np.array([pow(value, -1, prime) for value in at_point.tolist()], np.uint64)
    return integral * inverses % modulus


def _by_quadrature(diagram: Diagram) -> Shares:
    """Integrate the slopes in floats: n/2 points are enough up to rounding; twice as many and the sum confirm it."""
    import numpy as np

    arrays = arrays_of(diagram)
    n = arrays.size
    found = []
    for number in ((n + 1) // 2, n + 1):
        points, weights = gauss_legendre(number)
        _, slopes = _float_pass(arrays, np.broadcast_to(points, (n, number)))
        found.append(slopes @ weights)
    first, second = found
    apart = max(Fraction(np.abs(first - second).max().item()), abs(Fraction(second.sum().item()) - 1))
    values = map(Fraction, np.maximum(second, 0).tolist())
    return Shares(dict(zip(diagram.actors, values, strict=True)), apart + _rounding(arrays))


def gauss_legendre(number: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points and weights that integrate polynomials of degree below 2 * number from 0 to 1, up to rounding.

    Newton's method on the Legendre polynomial, from the angles of its zeros for large degrees.
    """
    import numpy as np

    places = np.arange(number)
    points = np.cos(np.pi * (4 * places + 3) / (4 * number + 2))
    for _ in range(10):
        before, value = np.zeros(number), np.ones(number)
        for degree in range(number):
            before, value = value, ((2 * degree + 1) * points * value - degree * before) / (degree + 1)
        slope = number * (points * value - before) / (points * points - 1)
        points = points - value / slope
    return (1 + points) / 2, 1 / ((1 - points * points) * slope * slope)
