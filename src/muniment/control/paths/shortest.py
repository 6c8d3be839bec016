"""A shortest plan: fewest moves.

A plan is found first; then the fewest moves that could do if nothing were ever lost. If these can be put in an order in
which they do reach the goal, no plan has fewer moves. Only where losses stand in the way are states searched, those
first that could be part of a short plan.

Source:
    F. Pommerening and M. Helmert, "Optimal planning for delete-free tasks with incremental LM-cut", ICAPS 2012 (which
    moves are in the plan, by branching over a set of which one must be). P. E. Hart, N. J. Nilsson and B. Raphael,
    "A formal basis for the heuristic determination of minimum cost paths", IEEE Transactions on Systems Science and
    Cybernetics 4 (1968).
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

from muniment.control.paths.landmarks import landmarks, least_moves
from muniment.control.paths.network import Network, Prepared, closure_of, opened, spread
from muniment.control.paths.relevance import inside, relevant
from muniment.control.paths.search import Absent, Reached, TooLarge, certified, explore, numbered, outcome


class Plan(NamedTuple):
    """A plan.

    Attributes:
        steps: Moves of the problem by number, in order.
        is_shortest: No plan has fewer moves; False = the search for a shorter one was not exhausted.
    """

    steps: tuple[int, ...]
    is_shortest: bool


def shortest(prepared: Prepared, start: int | None = None, limit: int = 1_000) -> Plan | Absent | TooLarge:
    """Return a plan of fewest moves.

    Args:
        prepared: The problem.
        start: The state to start from; None = the problem's own.
        limit: Most partial plans to look at for a shorter one; and twenty times as many states for any plan at all.

    Returns:
        `Absent` if there is no plan, `TooLarge` if the limit was hit before it was known whether there is one.
    """
    begin = prepared.problem.start if start is None else start
    closure, missing = closure_of(prepared, begin)
    opening, nodes = opened(prepared.network, begin)
    spread(prepared.network, opening, nodes)
    if opening[prepared.network.goal] <= 0:
        return Plan((), True)
    if not closure.goal:
        return Absent((), closure.state)
    network = relevant(prepared, begin, closure, missing)
    local = inside(network, begin)
    found = explore(network, local, 20 * limit)
    if not isinstance(found, Reached):
        return certified(network, closure, found)
    plan, is_shortest = fewest(network, local, found.plan, limit)
    return Plan(numbered(network, plan), is_shortest)


def fewest(network: Network, start: int, plan: tuple[int, ...], limit: int) -> tuple[tuple[int, ...], bool]:
    """Return a plan of a network with fewest moves, given any, and whether it is proven that none has fewer."""
    bound = None
    # The better bound takes longer, and is often not needed.
    for counting in (False, True):
        bound = landmarks(network, start, counting=counting)
        if bound is None:
            raise ValueError("not a plan: the goal is out of reach")
        if least_moves(bound) >= len(plan):
            return plan, True
    indispensable = {step for some in bound or () if len(some.steps) == some.least for step in some.steps}
    plan = without_idle(network, start, plan, indispensable)
    if least_moves(bound or []) >= len(plan):
        return plan, True
    chosen, is_proven = fewest_without_losses(network, start, len(plan), limit)
    if chosen is None:
        if is_proven:
            return plan, True
    else:
        ordered = explore(network, start, 200, chosen)
        if isinstance(ordered, Reached) and len(ordered.plan) < len(plan):
            plan = ordered.plan
        if is_proven and len(plan) <= len(chosen):
            return plan, True
    # Where even this was too much, states are more: of one set of moves there are as many as orders to make them in.
    if not is_proven:
        return plan, False
    return _by_states(network, start, plan, limit)


def is_plan(network: Network, start: int, plan: tuple[int, ...]) -> bool:
    """Return whether moves can be made in this order and the goal says yes in the end."""
    state = start
    for step in plan:
        missing, nodes = opened(network, state)
        if step not in spread(network, missing, nodes):
            return False
        state = outcome(network, step, state)
    missing, nodes = opened(network, state)
    spread(network, missing, nodes)
    return missing[network.goal] <= 0


def without_idle(network: Network, start: int, plan: tuple[int, ...], indispensable: set[int]) -> tuple[int, ...]:
    """Return a plan with moves left out as long as it remains one, from the last to the first."""
    for at in range(len(plan) - 1, -1, -1):
        if plan[at] in indispensable and plan.count(plan[at]) == 1:
            continue
        shorter = plan[:at] + plan[at + 1 :]
        if is_plan(network, start, shorter):
            plan = shorter
    return plan


def fewest_without_losses(network: Network, start: int, below: int, limit: int) -> tuple[frozenset[int] | None, bool]:
    """Return fewest moves that reach the goal if nothing is ever lost.

    Args:
        network: In which the goal does not say yes for good.
        start: A state of it.
        limit: Most sets to look at.
        below: Only sets of fewer moves than this are looked for.

    Returns:
        The set, or None if there is none so small; and whether that is proven.
    """
    best: frozenset[int] | None = None
    lesser = substitutes(network, start)
    waiting: list[tuple[frozenset[int], frozenset[int]]] = [(frozenset(), frozenset())]
    looked = 0
    while waiting:
        if looked >= limit:
            return best, False
        looked += 1
        chosen, barred = waiting.pop()
        room = below - len(chosen)
        # The better bound costs more than it saves unless there is much to go through.
        counting = looked > 100
        cuts = landmarks(network, start, free=chosen, barred=barred, enough=room, counting=counting)
        if cuts is None or least_moves(cuts) >= room:
            continue
        if not cuts:
            best, below = chosen, len(chosen)
            continue
        # One of these must be made. If it is the second, the first need not be; nor then what could stand in for it.
        cut = min(cuts, key=lambda some: len(some.steps) - some.least).steps
        branches = []
        refused = barred
        for step in sorted(cut, key=lambda step: (-len(lesser.get(step, ())), step)):
            if step in refused:
                continue
            branches.append((chosen | {step}, refused))
            refused = refused | {step} | lesser.get(step, frozenset()) - chosen
        waiting += reversed(branches)
    return best, True


def substitutes(network: Network, start: int) -> dict[int, frozenset[int]]:
    """Return for each move those that it can stand in for, in any set of moves that reaches the goal without losses.

    One can stand in for another if both have the same guard and give one bit each, nothing else gives these, and the
    bit of the one weighs no less wherever the other's is asked. Of two that are equal only the one numbered first
    stands in for the other.
    """
    inputs, first_step = network.inputs, network.first_step
    alike: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for step in range(len(network.steps)):
        on = network.on[step] & ~start
        if on and not on & (on - 1) and not network.conditional[step]:
            bit = on.bit_length() - 1
            if inputs[bit] == ((first_step + step, 1),):
                alike.setdefault(inputs[first_step + step], []).append(step)
    found: dict[int, frozenset[int]] = {}
    for steps in alike.values():
        if len(steps) < 2:
            continue
        weights = {}
        for step in steps:
            bit = (network.on[step] & ~start).bit_length() - 1
            asked: dict[int, int] = {}
            for node, weight in network.out[bit]:
                asked[node] = asked.get(node, 0) + weight
            weights[step] = asked
        for step in steps:
            mine = weights[step]
            less = [
                other
                for other in steps
                if other != step
                and all(mine.get(node, 0) >= weight for node, weight in weights[other].items())
                and (weights[other] != mine or step < other)
            ]
            if less:
                found[step] = frozenset(less)
    return found


def _by_states(network: Network, start: int, plan: tuple[int, ...], limit: int) -> tuple[tuple[int, ...], bool]:
    """Return a shorter plan than the one given if there is one, by A* over states, and whether none is shorter.

    A state is passed over if another was reached with no more moves and has all its bits.
    """
    bound = landmarks(network, start)
    waiting: list[tuple[int, int, int, int]] = []
    came: list[tuple[int, int]] = [(-1, -1)]
    seen: dict[int, int] = {start: 0}
    heappush(waiting, (least_moves(bound or []), 0, 0, start))
    while waiting:
        least, negative, number, state = heappop(waiting)
        made = -negative
        if least >= len(plan):
            return plan, True
        if seen.get(state) != made:
            continue
        missing, nodes = opened(network, state)
        reached = spread(network, missing, nodes)
        if missing[network.goal] <= 0:
            shorter = []
            while number:
                number, step = came[number]
                shorter.append(step)
            return tuple(reversed(shorter)), True
        for step in reached:
            then = outcome(network, step, state)
            if not then & ~state:
                continue
            if any(number_made <= made + 1 and not then & ~other for other, number_made in seen.items()):
                continue
            if len(came) > limit:
                return plan, False
            cuts = landmarks(network, then, enough=len(plan) - made - 1)
            if cuts is None or made + 1 + least_moves(cuts) >= len(plan):
                continue
            for other in [other for other, many in seen.items() if many >= made + 1 and not other & ~then]:
                del seen[other]
            seen[then] = made + 1
            came.append((number, step))
            heappush(waiting, (max(least, made + 1 + least_moves(cuts)), -made - 1, len(came) - 1, then))
    return plan, True
