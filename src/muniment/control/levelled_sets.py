"""Minimal coalitions and minimal blocking sets of a large rule: their number, the first of them, who is in."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from muniment.control.coalitions import LIST_LIMIT, SHORT_LIST, Sets, memberships, minimal_sets
from muniment.control.diagram import NO, YES, Diagram, TooLarge, dual
from muniment.control.levelled import Limits, is_installed, not_installed, refused_without_numba
from muniment.control.levelled_counts import (
    EXACT_WORK,
    Arrays,
    arrays_of,
    integrals,
    joined,
    primes,
    residues_of_pass,
)

SET_LIMITS = Limits(steps=12_000_000)
SMALL_NODES = 5_000
SMALL_STEPS = 100_000
SHARES_WORK = EXACT_WORK
MOST_VISITS = 200_000
WHAT = "the minimal coalitions"


class Memberships(NamedTuple):
    """Who is in the minimal coalitions, exactly.

    Attributes:
        sets: How many minimal coalitions there are.
        members: By actor, how many it belongs to; over their sum, the index of Holler.
        shares: By actor, one over the size of each it belongs to, summed; over `sets`, the index of Deegan and Packel.
            None where counting by size was not asked for, or would take too many steps.
    """

    sets: int
    members: dict[str, int]
    shares: dict[str, Fraction] | None


class Family(NamedTuple):
    """Minimal sets as a zero-suppressed diagram, sorted by level, the last first."""

    actors: tuple[str, ...]
    arrays: Arrays


def sets_of_diagram(diagram: Diagram, *, blocking: bool = False, limits: Limits = SET_LIMITS) -> Sets | TooLarge:
    """Return the minimal coalitions for which a monotone function of any size holds.

    Args:
        diagram: The function.
        blocking: Return the minimal sets without which it does not hold.
        limits: What the family of sets may cost, where numba is installed.
    """
    function = dual(diagram) if blocking else diagram
    if not is_installed():
        plain = minimal_sets(function)
        return refused_without_numba(plain) if isinstance(plain, TooLarge) else plain
    if len(diagram.levels) <= SMALL_NODES:
        found = minimal_sets(function, node_limit=4 * SMALL_NODES, step_limit=SMALL_STEPS)
        if isinstance(found, Sets):
            return found
    return sets_at_scale(function, limits=limits)


def sets_at_scale(diagram: Diagram, *, blocking: bool = False, limits: Limits = SET_LIMITS) -> Sets | TooLarge:
    """Return what `sets_of_diagram` does, by the compiled road whatever the size."""
    family = _family(dual(diagram) if blocking else diagram, limits)
    if isinstance(family, TooLarge):
        return family
    number, _ = _counted(family)
    if not number:
        return Sets(0, None, ())
    sizes = _asked(family.arrays, (), (), 0).sizes
    smallest = sizes[0]
    if number <= LIST_LIMIT:
        every = sorted(_all(family), key=lambda members: (len(members), members))
        return Sets(number, smallest, tuple(every))
    listed: list[tuple[str, ...]] = []
    for size in sizes:
        if len(listed) < SHORT_LIST:
            listed.extend(_first(family, size, SHORT_LIST - len(listed)))
    return Sets(number, smallest, tuple(listed))


def fewest_of_diagram(diagram: Diagram, *, blocking: bool = False) -> int | None:
    """Return the size of the smallest coalition for which a function holds, however many minimal ones there are.

    Args:
        diagram: The function.
        blocking: Return the size of the smallest set without which it does not hold.

    Returns:
        The size; None where there is no such coalition.
    """
    never = len(diagram.actors) + 1
    fewest = [never, never]
    fewest[NO if blocking else YES] = 0
    # An actor costs one where it is named: at a yes, or, to block, at a no.
    cost_of_no, cost_of_yes = (1, 0) if blocking else (0, 1)
    for low, high in zip(diagram.lows[2 : diagram.root + 1], diagram.highs[2 : diagram.root + 1], strict=True):
        fewest.append(min(fewest[low] + cost_of_no, fewest[high] + cost_of_yes))
    return fewest[diagram.root] if fewest[diagram.root] < never else None


def memberships_of_diagram(diagram: Diagram) -> Memberships | TooLarge:
    """Return who is in the minimal coalitions of a function of any size, exactly."""
    if not is_installed() or len(diagram.levels) <= SMALL_NODES // 2:
        found = memberships(diagram)
        if not isinstance(found, TooLarge):
            shares = {
                name: sum((Fraction(count, size) for size, count in of.items()), Fraction(0))
                for name, of in found.items()
            }
            members = {name: sum(of.values()) for name, of in found.items()}
            # Each set of any members counts as one in the sum of the shares; a constant has the empty set or none.
            sets = sum(shares.values(), Fraction(0)) if diagram.root > YES else Fraction(diagram.root)
            return Memberships(int(sets), members, shares)
        if not is_installed():
            return refused_without_numba(found)
    return memberships_at_scale(diagram)


def memberships_at_scale(
    diagram: Diagram, *, by_size: bool = True, limits: Limits = SET_LIMITS, work_limit: int = SHARES_WORK
) -> Memberships | TooLarge:
    """Return what `memberships_of_diagram` does, by the compiled road whatever the size.

    Args:
        diagram: A monotone function.
        by_size: Whether `shares` are asked for, which takes as many passes as there are actors.
        limits: What the family of sets may cost.
        work_limit: Most steps for `shares`: nodes times actors times primes, of some ten nanoseconds each.
    """
    family = _family(diagram, limits)
    if isinstance(family, TooLarge):
        return family
    n = len(family.actors)
    number, members = _counted(family)
    whole = lcm(*range(1, n + 1))
    if family.arrays.root <= YES:
        return Memberships(number, members, dict.fromkeys(family.actors, Fraction(0)))
    most = whole * number
    if not by_size or len(family.arrays.levels) * n * (most.bit_length() // 30 + 1) > work_limit:
        return Memberships(number, members, None)
    # With G(t) the sum of t to the power of the size of an actor's sets, the integral of G(t)/t is the sum of 1/size.
    shares = integrals(family.arrays, most, of_sets=True)
    return Memberships(
        number, members, {name: Fraction(part, whole) for name, part in zip(family.actors, shares, strict=True)}
    )


def _family(diagram: Diagram, limits: Limits) -> Family | TooLarge:
    if not is_installed():
        return not_installed(WHAT)
    from muniment.control import levelled_families, levelled_kernels

    function = arrays_of(diagram)
    store = levelled_kernels.new_store(len(diagram.actors), limits.nodes, limits.steps)
    made = levelled_families.minimal(store, function.levels, function.lows, function.highs, function.root)
    if made < 0:
        return TooLarge(WHAT, f"{limits.nodes:,} nodes or {limits.steps:,} steps")
    levels, lows, highs, root = levelled_kernels.by_level(store.levels, store.lows, store.highs, made)
    return Family(diagram.actors, Arrays(levels, lows, highs, int(root), len(diagram.actors)))


def _counted(family: Family) -> tuple[int, dict[str, int]]:
    """Return how many sets there are, and how many each actor is in; both less than 2 to the power of n."""
    n = len(family.actors)
    if family.arrays.root <= YES:
        return family.arrays.root, dict.fromkeys(family.actors, 0)
    moduli = list(primes(n // 30 + 1))
    roots, found = residues_of_pass(family.arrays, [[1]] * len(moduli), moduli, of_sets=True)
    number, *members = joined([[root, *of] for root, of in zip(roots, found.tolist(), strict=True)], moduli)
    return number, dict(zip(family.actors, members, strict=True))


class _Choice(NamedTuple):
    """What is left of a family once some are chosen and others left out.

    Attributes:
        sizes: Of the sets that agree, rising.
        members: Levels of those who are in a set of the size asked about, besides the chosen.
        arrays: A family with the same sets of that size.
    """

    sizes: list[int]
    members: list[int]
    arrays: Arrays


def _asked(arrays: Arrays, chosen: Sequence[int], left_out: Sequence[int], size: int) -> _Choice:
    import numpy as np

    from muniment.control.levelled_families import IN, OUT, sizes_and_members

    decided = np.zeros(arrays.size, np.uint8)
    decided[list(chosen)] = IN
    decided[list(left_out)] = OUT
    bits, members, levels, lows, highs, root = sizes_and_members(
        arrays.levels, arrays.lows, arrays.highs, arrays.root, decided, size
    )
    sizes = [64 * at + bit for at, word in enumerate(bits.tolist()) for bit in range(64) if word >> bit & 1]
    members[list(chosen)] = 0
    return _Choice(sizes, np.flatnonzero(members).tolist(), Arrays(levels, lows, highs, int(root), arrays.size))


def _first(family: Family, size: int, wanted: int) -> list[tuple[str, ...]]:
    """Return the first sets of one size in order of ids: each begins with the first id with which there is a set."""
    arrays = _asked(family.arrays, (), (), size).arrays
    few = _of_size(family.actors, arrays, size, LIST_LIMIT)
    if few is not None:
        return sorted(few)[:wanted]
    rank = {name: at for at, name in enumerate(sorted(family.actors))}
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[tuple[int, ...], tuple[int, ...], Arrays]] = [((), (), arrays)]
    while waiting and len(found) < wanted:
        chosen, left_out, arrays = waiting.pop()
        if len(chosen) == size:
            found.append(tuple(family.actors[level] for level in chosen))
            continue
        asked = _asked(arrays, chosen, left_out, size)
        if asked.members:
            following = min(asked.members, key=lambda level: rank[family.actors[level]])
            waiting.append((chosen, (*left_out, following), asked.arrays))
            waiting.append(((*chosen, following), left_out, asked.arrays))
    return found


def _of_size(actors: Sequence[str], arrays: Arrays, size: int, most: int) -> list[tuple[str, ...]] | None:
    """Return the sets of one size in no order; None if there are more than `most`, or it takes long to find them."""
    levels, lows, highs = (numbers.tolist() for numbers in (arrays.levels, arrays.lows, arrays.highs))
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[int, tuple[int, ...]]] = [(arrays.root, ())]
    for _ in range(MOST_VISITS):
        if not waiting:
            return found
        at, chosen = waiting.pop()
        if at == YES and len(chosen) == size:
            found.append(tuple(sorted(actors[level] for level in chosen)))
            if len(found) > most:
                return None
        elif at > YES and len(chosen) <= size:
            waiting.append((lows[at], chosen))
            waiting.append((highs[at], (*chosen, levels[at])))
    return None


def _all(family: Family) -> list[tuple[str, ...]]:
    arrays = family.arrays
    levels, lows, highs = (numbers.tolist() for numbers in (arrays.levels, arrays.lows, arrays.highs))
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[int, tuple[str, ...]]] = [(arrays.root, ())]
    while waiting:
        at, chosen = waiting.pop()
        if at == YES:
            found.append(tuple(sorted(chosen)))
        elif at > YES:
            waiting.append((lows[at], chosen))
            waiting.append((highs[at], (*chosen, family.actors[levels[at]])))
    return found
