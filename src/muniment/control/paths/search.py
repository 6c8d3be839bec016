"""Whether a goal can be reached at all: first with nothing ever lost, then exactly.

In a state, a move that loses nothing there only helps whatever comes after, so all such moves are made at once. Only
moves that lose something are tried one by one, and of the states so found only those are kept that have no bits less
than another. A state from which the goal is out of reach even if nothing more is ever lost stands for all that can come
on from it, and is left there. This ends, and it misses nothing, because a state with more bits on can do whatever one
with fewer can.

Source:
    A. Finkel and P. Schnoebelen, "Well-structured transition systems everywhere!", Theoretical Computer Science 256
    (2001), sections 2 and 3 (a larger state can do whatever a smaller one can); here on finitely many states.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from muniment.control.paths.network import Closure, Network, Prepared, closure_of, flood, opened, spread
from muniment.control.paths.relevance import inside, outside, relevant


class Reached(NamedTuple):
    """A way to the goal: moves of the problem by number, in order. Not always a shortest one."""

    plan: tuple[int, ...]


class Absent(NamedTuple):
    """No sequence of moves reaches the goal.

    Attributes:
        maximal: Where `closure` is None: states such that the start lies in one of them (has no bit outside it), every
            move that can be made in one of them leads into one of them, and the goal says yes in none.
        closure: A state with the start in it that no move leads out of, even if nothing is ever lost, and in which the
            goal says no; None where only the exact search could tell.
    """

    maximal: tuple[int, ...]
    closure: int | None


class TooLarge(NamedTuple):
    """The search was given up after so many states."""

    limit: int


Found: TypeAlias = Reached | Absent | TooLarge


def search(prepared: Prepared, start: int | None = None, limit: int = 20_000) -> Found:
    """Return a way to the goal, or a proof that there is none.

    Args:
        prepared: The problem.
        start: The state to start from; None = the problem's own.
        limit: Most states to look at; not reached where no move that matters loses anything.
    """
    begin = prepared.problem.start if start is None else start
    closure, missing = closure_of(prepared, begin)
    if not closure.goal:
        return Absent((), closure.state)
    opening, nodes = opened(prepared.network, begin)
    spread(prepared.network, opening, nodes)
    if opening[prepared.network.goal] <= 0:
        return Reached(())
    network = relevant(prepared, begin, closure, missing)
    found = explore(network, inside(network, begin), limit)
    if isinstance(found, Reached):
        return Reached(numbered(network, found.plan))
    return certified(network, closure, found)


def certified(network: Network, closure: Closure, found: Absent | TooLarge) -> Absent | TooLarge:
    """Return the states of an answer with the bits numbered as in the problem, and with those that do not matter."""
    if isinstance(found, TooLarge):
        return found
    of_no_matter = closure.state & ~outside(network, (1 << len(network.bits)) - 1)
    return Absent(tuple(sorted(outside(network, state) | of_no_matter for state in found.maximal)), None)


def numbered(network: Network, plan: Iterable[int]) -> tuple[int, ...]:
    """Return moves of a network by their numbers in the problem."""
    return tuple(network.steps[step] for step in plan)


def explore(network: Network, start: int, limit: int, allowed: frozenset[int] | None = None) -> Found:
    """Search a network from a state of it; states and moves of the answer are the network's.

    Where moves lead to the goal with nothing lost that they need, those alone are the plan.

    Args:
        network: In which the goal does not say yes for good.
        start: A state of it.
        limit: Most states to look at.
        allowed: Moves that may be made; None = all.
    """
    if allowed is None:
        direct = supporting_moves(network, start)
        found = explore(network, start, min(limit, 50), frozenset(direct))
        if isinstance(found, Reached):
            return found
    first = saturated(network, start, allowed)
    if first.goal:
        return Reached(first.made)
    met = {first.state}
    kept = Kept()
    kept.add(first.state)
    came: list[tuple[int, tuple[int, ...]]] = [(-1, first.made)]
    waiting = [(first, 0)]
    for here, number in waiting:
        if kept.hold(here.state):
            continue
        for step in here.lossy:
            then = outcome(network, step, here.state)
            if not then & ~here.state or then in met:
                continue
            met.add(then)
            there = saturated(network, then, allowed)
            if there.state != then:
                if there.state in met:
                    continue
                met.add(there.state)
            if kept.hold(there.state):
                continue
            came.append((number, (step, *there.made)))
            if there.goal:
                return Reached(_way(came))
            if len(came) > limit:
                return TooLarge(limit)
            beyond = unlost(network, there.state)
            if beyond is None:
                waiting.append((there, len(came) - 1))
                kept.add(there.state)
            else:
                met.add(beyond)
                kept.add(beyond)
    return Absent(kept.maximal(), None)


class Kept:
    """States that were met, by how many bits they have."""

    def __init__(self) -> None:
        # Of each state the bits it lacks: another lies in it if it has none of these.
        self._lacking: dict[int, list[int]] = {}

    def add(self, state: int) -> None:
        """Put a state by."""
        self._lacking.setdefault(state.bit_count(), []).append(~state)

    def hold(self, state: int) -> bool:
        """Return whether another one has all bits of a state, and more."""
        count = state.bit_count()
        for larger, lacking in self._lacking.items():
            if larger > count:
                for lacks in lacking:
                    if not state & lacks:
                        return True
        return False

    def maximal(self) -> tuple[int, ...]:
        """Return the states that lie in no other."""
        states = {~lacks for lacking in self._lacking.values() for lacks in lacking}
        return tuple(state for state in states if not self.hold(state))


def unlost(network: Network, state: int) -> int | None:
    """Return all that can come on from a state if nothing is ever lost; None if the goal is then reached."""
    missing, nodes = opened(network, state)
    flood(network, missing, nodes)
    if missing[network.goal] <= 0:
        return None
    found = 0
    for at in range(len(network.bits)):
        if missing[at] <= 0:
            found |= 1 << at
    return found


def _way(came: Sequence[tuple[int, tuple[int, ...]]]) -> tuple[int, ...]:
    parts = []
    number = len(came) - 1
    while number >= 0:
        number, made = came[number]
        parts.append(made)
    return tuple(step for made in reversed(parts) for step in made)


class Saturated(NamedTuple):
    """A state in which every move that can be made gives nothing or loses something.

    Attributes:
        made: The moves made on the way there; none of them lost anything.
        lossy: Moves that can be made and lose something.
        goal: Whether the goal says yes; then moves may be left that were not made.
    """

    state: int
    made: tuple[int, ...]
    lossy: tuple[int, ...]
    goal: bool


def outcome(network: Network, step: int, state: int) -> int:
    """Return the state after a move."""
    raised = network.on[step]
    for where, bit in network.conditional[step]:
        if state & where == where:
            raised |= bit
    return state & ~network.off[step] | raised


def saturated(network: Network, state: int, allowed: frozenset[int] | None = None) -> Saturated:
    """Make every move that loses nothing in the state it is made in, until none gives anything or the goal says yes."""
    missing, nodes = opened(network, state)
    made: list[int] = []
    lossy: list[int] = []
    depends: list[int] = []
    while True:
        reached = spread(network, missing, nodes)
        if missing[network.goal] <= 0:
            return Saturated(state, tuple(made), (), True)
        for step in reached:
            if allowed is not None and step not in allowed:
                continue
            if network.conditional[step]:
                depends.append(step)
                continue
            if state & network.off[step]:
                lossy.append(step)
                continue
            state = _made(step, state | network.on[step], state, missing, nodes, made)
        if not nodes:
            for step in depends:
                then = outcome(network, step, state)
                if not state & ~then:
                    state = _made(step, then, state, missing, nodes, made)
        if not nodes:
            # What was put by as losing something, or found so late, still does: nothing was lost in between.
            lossy += [step for step in depends if state & ~outcome(network, step, state)]
            return Saturated(state, tuple(made), tuple(lossy), False)


def _made(step: int, then: int, state: int, missing: list[int], nodes: list[int], made: list[int]) -> int:
    """Note the move that leads to a state, if it gives anything, and put what comes on among the nodes."""
    gained = then & ~state
    if gained:
        made.append(step)
        while gained:
            low = gained & -gained
            gained ^= low
            node = low.bit_length() - 1
            missing[node] = 0
            nodes.append(node)
    return then


def supporting_moves(network: Network, start: int) -> tuple[int, ...]:
    """Return moves that reach the goal if nothing is ever lost; few, though not always fewest.

    Raises:
        ValueError: If nothing reaches it.
    """
    return supporters(network, start, *rounds_of(network, start))


def supporters(network: Network, start: int, when: list[int], order: list[int]) -> tuple[int, ...]:
    """Return moves that the goal rests on, in the order in which they came on.

    Args:
        network: Whose nodes.
        start: A state of it.
        when: When each node came on, nothing being lost.
        order: Its place in the order in which they came on; -1 = never.

    Raises:
        ValueError: If the goal never came on.
    """
    if order[network.goal] < 0:
        raise ValueError("the goal is out of reach even if nothing is ever lost")
    quota, inputs, first_step, past = network.quota, network.inputs, network.first_step, network.first_conditional
    chosen: set[int] = set()
    nodes = [network.goal]
    while nodes:
        node = nodes.pop()
        if node in chosen:
            continue
        chosen.add(node)
        if node < first_step and start >> node & 1:
            continue
        left, at = quota[node], order[node]
        # Parts that came on before the node carry it alone; first those needed anyway, then early ones.
        parts = [
            (source not in chosen, when[source], -weight, source)
            for source, weight in inputs[node]
            if 0 <= order[source] < at
        ]
        for _, _, lighter, source in sorted(parts):
            if left <= 0:
                break
            left += lighter
            nodes.append(source)
    steps = [node for node in chosen if first_step <= node < past]
    return tuple(node - first_step for node in sorted(steps, key=order.__getitem__))


def rounds_of(network: Network, start: int) -> tuple[list[int], list[int]]:
    """Return for each node in which round it comes on if nothing is lost, and its place in the order; -1 = never.

    In each round all moves are made at once that can be made after the one before.
    """
    missing, opening = opened(network, start)
    out, first_step, past = network.out, network.first_step, network.first_conditional
    rounds, order = [-1] * len(missing), [-1] * len(missing)
    nodes = [node for node in opening if node < first_step]
    later = [node for node in opening if node >= first_step]
    number = came = 0
    while nodes or later:
        while nodes:
            node = nodes.pop()
            rounds[node], order[node] = number, came
            came += 1
            for other, weight in out[node]:
                left = missing[other]
                if left > 0:
                    left -= weight
                    missing[other] = left
                    if left <= 0:
                        (later if first_step <= other < past else nodes).append(other)
        number += 1
        nodes, later = later, []
    return rounds, order
