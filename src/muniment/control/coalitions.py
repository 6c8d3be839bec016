"""Minimal coalitions and minimal blocking sets: exact numbers at any size, lists where they are short enough to read.

The minimal sets of a monotone function are kept as a zero-suppressed diagram (S. Minato, DAC 1993): a node holds the
sets without an actor (low) and with it (high).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from muniment.control.diagram import NO, NODE_LIMIT, STEP_LIMIT, YES, Diagram, LimitReached, TooLarge, below

LIST_LIMIT = 1_000
SHORT_LIST = 100


class Family(NamedTuple):
    """Sets of actors. Node 0 is no set at all, node 1 is the empty set alone; the parts of a node come before it."""

    actors: tuple[str, ...]
    levels: Sequence[int]
    lows: Sequence[int]
    highs: Sequence[int]
    root: int


class Sets(NamedTuple):
    """The minimal sets of a function.

    Attributes:
        number: How many there are.
        smallest: Size of the smallest; None if there are none.
        listed: All of them if at most 1,000, else the first hundred; by size, then by ids, which are in order in each.
    """

    number: int
    smallest: int | None
    listed: tuple[tuple[str, ...], ...]


def minimal_sets(diagram: Diagram, *, node_limit: int = NODE_LIMIT, step_limit: int = STEP_LIMIT) -> Sets | TooLarge:
    """Return the minimal coalitions for which a monotone function holds."""
    try:
        family = _minimal(diagram, node_limit, step_limit)
    except LimitReached:
        return TooLarge("the minimal coalitions", f"{node_limit:,} nodes or {step_limit:,} steps")
    by_size = _sizes(family)
    number = sum(by_size[family.root].values())
    if not number:
        return Sets(0, None, ())
    listed = _listed(family, by_size, number if number <= LIST_LIMIT else SHORT_LIST)
    return Sets(number, min(by_size[family.root]), listed)


def _minimal(diagram: Diagram, node_limit: int, step_limit: int) -> Family:
    """Build the minimal sets from the leaves up: with an actor, those minimal sets that do not hold without it."""
    size = len(diagram.actors)
    levels: list[int] = [size, size]
    lows: list[int] = [NO, YES]
    highs: list[int] = [NO, YES]
    unique: dict[tuple[int, int, int], int] = {}
    kept: dict[tuple[int, int], int] = {}
    steps = step_limit

    def make(level: int, low: int, high: int) -> int:
        if high == NO:
            return low
        key = (level, low, high)
        found = unique.get(key)
        if found is None:
            found = len(levels)
            if found > node_limit:
                raise LimitReached
            unique[key] = found
            levels.append(level)
            lows.append(low)
            highs.append(high)
        return found

    def without(sets: int, function: int) -> int:
        """Return the sets for which `function` does not hold."""
        nonlocal steps
        results: list[int] = []
        tasks: list[tuple[int, int, int]] = [(-1, sets, function)]
        while tasks:
            level, a, b = tasks.pop()
            if level >= 0:
                high = results.pop()
                low = results.pop()
                kept[(a, b)] = made = make(level, low, high)
                results.append(made)
                continue
            while b > YES and diagram.levels[b] < levels[a]:
                b = diagram.lows[b]
            if a == NO or b == YES:
                results.append(NO)
                continue
            if b == NO:
                results.append(a)
                continue
            known = kept.get((a, b))
            if known is not None:
                results.append(known)
                continue
            steps -= 1
            if steps < 0:
                raise LimitReached
            here = levels[a] == diagram.levels[b]
            tasks.append((levels[a], a, b))
            tasks.append((-1, highs[a], diagram.highs[b] if here else b))
            tasks.append((-1, lows[a], diagram.lows[b] if here else b))
        return results[0]

    minimal = {NO: NO, YES: YES}
    for number in below(diagram):
        low, high = diagram.lows[number], diagram.highs[number]
        minimal[number] = make(diagram.levels[number], minimal[low], without(minimal[high], low))
    return Family(diagram.actors, levels, lows, highs, minimal[diagram.root])


def memberships(
    diagram: Diagram, *, node_limit: int = NODE_LIMIT, step_limit: int = STEP_LIMIT
) -> dict[str, dict[int, int]] | TooLarge:
    """Return, for each actor, how many minimal coalitions of each size it belongs to."""
    try:
        family = _minimal(diagram, node_limit, step_limit)
    except LimitReached:
        return TooLarge("the minimal coalitions", f"{node_limit:,} nodes or {step_limit:,} steps")
    down = _sizes(family)
    up: dict[int, dict[int, int]] = {family.root: {0: 1}}
    found: dict[str, dict[int, int]] = {name: {} for name in family.actors}
    for number in reversed(_inner(family, family.root)):
        counts = found[family.actors[family.levels[number]]]
        low, high = up.setdefault(family.lows[number], {}), up.setdefault(family.highs[number], {})
        for size, paths in up[number].items():
            low[size] = low.get(size, 0) + paths
            high[size + 1] = high.get(size + 1, 0) + paths
            for rest, sets in down[family.highs[number]].items():
                counts[size + 1 + rest] = counts.get(size + 1 + rest, 0) + paths * sets
    return found


def _inner(family: Family, root: int) -> list[int]:
    return below(Diagram(family.actors, family.levels, family.lows, family.highs, root))


def _sizes(family: Family) -> dict[int, dict[int, int]]:
    """Return, for each node, how many of its sets have each size."""
    counts: dict[int, dict[int, int]] = {NO: {}, YES: {0: 1}}
    for number in _inner(family, family.root):
        here = dict(counts[family.lows[number]])
        for size, count in counts[family.highs[number]].items():
            here[size + 1] = here.get(size + 1, 0) + count
        counts[number] = here
    return counts


def _listed(family: Family, by_size: dict[int, dict[int, int]], wanted: int) -> tuple[tuple[str, ...], ...]:
    """Return the first sets by size, then by ids."""
    found: list[tuple[str, ...]] = []
    for size in sorted(by_size[family.root]):
        missing = wanted - len(found)
        if missing <= 0:
            break
        if by_size[family.root][size] <= max(missing, 2 * LIST_LIMIT):
            found.extend(sorted(_of_size(family, by_size, size))[:missing])
        else:
            found.extend(_first_of_size(family, by_size, size, missing))
    return tuple(found)


def _of_size(family: Family, by_size: dict[int, dict[int, int]], size: int) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[int, int, tuple[str, ...]]] = [(family.root, size, ())]
    while waiting:
        number, left, chosen = waiting.pop()
        if left not in by_size[number]:
            continue
        if number == YES:
            found.append(tuple(sorted(chosen)))
            continue
        waiting.append((family.lows[number], left, chosen))
        if left:
            waiting.append((family.highs[number], left - 1, (*chosen, family.actors[family.levels[number]])))
    return found


def _first_of_size(family: Family, by_size: dict[int, dict[int, int]], size: int, wanted: int) -> list[tuple[str, ...]]:
    """Return the first sets of one size in order of ids, where all of them are too many to sort.

    Actors are decided in order of id; a choice is kept as long as some set agrees with it.
    """
    ranks = sorted(range(len(family.actors)), key=lambda level: family.actors[level])
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[int, dict[int, bool]]] = [(0, {})]
    while waiting and len(found) < wanted:
        position, decided = waiting.pop()
        if not _has_set(family, by_size, size, decided):
            continue
        if position == len(ranks):
            found.append(tuple(sorted(family.actors[level] for level, inside in decided.items() if inside)))
            continue
        waiting.append((position + 1, {**decided, ranks[position]: False}))
        waiting.append((position + 1, {**decided, ranks[position]: True}))
    return found


def _has_set(family: Family, by_size: dict[int, dict[int, int]], size: int, decided: dict[int, bool]) -> bool:
    """Return whether a set of one size includes and excludes what was decided."""
    required = sorted(level for level, inside in decided.items() if inside)
    waiting = [(family.root, 0, 0)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        number, chosen, met = waiting.pop()
        if size - chosen not in by_size[number] or (number, chosen) in seen:
            continue
        if number == YES:
            if met == len(required):
                return True
            continue
        level = family.levels[number]
        if met < len(required) and required[met] < level:
            continue
        seen.add((number, chosen))
        if decided.get(level) is not True:
            waiting.append((family.lows[number], chosen, met))
        if decided.get(level) is not False:
            waiting.append((family.highs[number], chosen + 1, met + (decided.get(level) is True)))
    return False
