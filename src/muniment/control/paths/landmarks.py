"""How many moves a path takes at least: sets of moves of which every path makes some, no two with a move in common.

Source:
    M. Helmert and C. Domshlak, "Landmarks, critical paths and abstractions: what's the difference anyway?", ICAPS
    2009, section 5 (the heuristic LM-cut), here with thresholds beside conjunctions: of a vote that comes on in some
    round, the parts that came on before are too few, so that one of the others is needed, or several.
"""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from muniment.control.paths.network import NEVER, Network, opened


class Landmark(NamedTuple):
    """Moves of which every path makes at least so many different ones."""

    steps: tuple[int, ...]
    least: int


def least_moves(found: list[Landmark]) -> int:
    """Return how many moves every path makes at least."""
    return sum(landmark.least for landmark in found)


def landmarks(
    network: Network,
    state: int,
    *,
    free: Set[int] = frozenset(),
    barred: Set[int] = frozenset(),
    enough: int | None = None,
    counting: bool = True,
) -> list[Landmark] | None:
    """Return sets of moves of each of which every path from a state makes some; no move is in two sets.

    What holds with losses forgotten holds with losses, so their counts together bound the number of moves from below.

    Args:
        network: In which the goal does not say yes for good.
        state: A state of it.
        free: Moves that are not counted, and in no set.
        barred: Moves that cannot be made.
        enough: Stop once the counts together are so many.
        counting: Look for votes that need several moves at once; the bound is better, and takes longer.

    Returns:
        None if the goal is out of reach; no set if free moves alone reach it.
    """
    first_step, past, goal, out = network.first_step, network.first_conditional, network.goal, network.out
    base, nodes = opened(network, state)
    for step in barred:
        base[first_step + step] = NEVER
    unpaid = bytearray(len(base))
    for node in range(first_step, past):
        unpaid[node] = node - first_step not in free
    ready: list[int] = []
    if network.seeds:
        ready = [node for node in nodes if unpaid[node] and base[node] <= 0]
        nodes = [node for node in nodes if not unpaid[node] and base[node] <= 0]
    found: list[Landmark] = []
    total = 0
    _on(out, base, nodes, unpaid, ready)
    while base[goal] > 0 and (enough is None or total < enough):
        missing, level, number = list(base), dict.fromkeys(ready, 1), 1
        below, current = base, list(ready)
        while True:
            if not current:
                return None
            later: list[int] = []
            _on(out, missing, current, unpaid, later)
            if missing[goal] <= 0:
                break
            below, number = list(missing), number + 1
            level.update(dict.fromkeys(later, number))
            current = later
        late = Late(network, below, level, number, unpaid)
        several = _several(late) if counting else None
        if several is None:
            cut, count = _first_crossed(network, base, ready, unpaid, _crossing(late, network.goal)), 1
        else:
            cut, count = several
        if not cut:
            raise AssertionError("a node came on that none of its inputs carried")
        found.append(Landmark(tuple(node - first_step for node in sorted(cut)), count))
        total += count
        for node in cut:
            unpaid[node] = 0
        nodes = [node for node in ready if node in cut]
        ready = [node for node in ready if node not in cut]
        _on(out, base, nodes, unpaid, ready)
    return found


def _on(
    out: list[tuple[tuple[int, int], ...]], missing: list[int], nodes: list[int], unpaid: bytearray, later: list[int]
) -> None:
    """Spread from nodes that are on, through moves that are free; note the others that could be made."""
    while nodes:
        for other, weight in out[nodes.pop()]:
            left = missing[other]
            if left > 0:
                left -= weight
                missing[other] = left
                if left <= 0:
                    (later if unpaid[other] else nodes).append(other)


class Late(NamedTuple):
    """What is not on before the round in which the goal comes on.

    Attributes:
        below: What each node still needs just before the round.
        level: In which round a counted move is made, for those that can be.
        number: The round.
        unpaid: For each node whether it is a move that is counted.
    """

    network: Network
    below: list[int]
    level: dict[int, int]
    number: int
    unpaid: bytearray

    def inputs(self, node: int) -> tuple[list[tuple[int, int]], list[int], int]:
        """Return the late inputs of a node with their weights, those indispensable, and what the others leave open."""
        late = []
        spare = gap = -self.network.quota[node]
        for source, weight in self.network.inputs[node]:
            spare += weight
            if self.unpaid[source]:
                is_late = self.level.get(source, self.number) >= self.number
            else:
                is_late = self.below[source] > 0
            if is_late:
                late.append((source, weight))
            else:
                gap += weight
        return late, [source for source, weight in late if spare < weight], -gap


def _crossing(late: Late, start: int) -> set[int]:
    """Return moves of which one must be made for a late node to come on: going back from it over late nodes.

    A late node needs one of its late inputs; where one of these is indispensable, it will do alone.
    """
    unpaid = late.unpaid
    if unpaid[start]:
        return {start}
    crossing: set[int] = set()
    zone = {start}
    nodes = [start]
    while nodes:
        inputs, alone, _ = late.inputs(nodes.pop())
        if alone:
            if any(source in zone or source in crossing for source in alone):
                continue
            needed = alone[:1]
        else:
            needed = [source for source, _ in inputs]
        for source in needed:
            if unpaid[source]:
                crossing.add(source)
            elif source not in zone:
                zone.add(source)
                nodes.append(source)
    return crossing


def _several(late: Late) -> tuple[set[int], int] | None:
    """Return moves of which at least two must be made, and how many; None where no vote on the way shows it.

    Each late input of a vote needs a move behind it. A move counts for all inputs it may stand behind; the fewest moves
    that could fill what is missing are those that count most.
    """
    node = late.network.goal
    met = {node}
    while not late.unpaid[node]:
        inputs, alone, gap = late.inputs(node)
        if alone or len(inputs) == 1:
            onward = [source for source in alone or [inputs[0][0]] if source not in met]
            if not onward:
                return None
            node = onward[0]
            met.add(node)
            continue
        if max(weight for _, weight in inputs) >= gap:
            return None
        counts: dict[int, int] = {}
        for source, weight in inputs:
            for step in _crossing(late, source):
                counts[step] = counts.get(step, 0) + weight
                if counts[step] >= gap:
                    return None
        number = filled = 0
        for weight in sorted(counts.values(), reverse=True):
            if filled >= gap:
                break
            filled += weight
            number += 1
        return set(counts), number
    return None


def _first_crossed(
    network: Network, base: list[int], ready: list[int], unpaid: bytearray, crossing: set[int]
) -> set[int]:
    """Return those of the crossing moves that can be made before any of them has been."""
    missing = list(base)
    cut = {node for node in ready if node in crossing}
    nodes = [node for node in ready if node not in crossing]
    out = network.out
    while nodes:
        for other, weight in out[nodes.pop()]:
            left = missing[other]
            if left > 0:
                left -= weight
                missing[other] = left
                if left <= 0:
                    if unpaid[other] and other in crossing:
                        cut.add(other)
                    else:
                        nodes.append(other)
    return cut
