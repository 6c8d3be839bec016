"""On which days the moves of a plan can take effect, and how soon a goal can be reached.

Moves take effect in the order of the plan. Notices run side by side: that of a move begins as soon as the move's guard
says yes and goes on saying so until the move takes effect.
"""

from __future__ import annotations

from collections.abc import Collection
from heapq import heappop, heappush
from typing import NamedTuple

from muniment.control.paths.network import Network, Prepared, closure_of, opened, says, spread
from muniment.control.paths.problem import Step, after
from muniment.control.paths.relevance import inside, relevant
from muniment.control.paths.search import Reached, explore, numbered, supporters
from muniment.control.paths.shortest import Plan, shortest


class Schedule(NamedTuple):
    """The earliest days of a sequence of moves.

    Attributes:
        starts: For each move the day on which its notice begins, in days from the start.
        takes_effect: For each move the day on which it takes effect, in days from the start; these never fall.
    """

    starts: tuple[int, ...]
    takes_effect: tuple[int, ...]

    @property
    def days(self) -> int:
        """Days until the last move takes effect; 0 without moves."""
        return self.takes_effect[-1] if self.takes_effect else 0


class Impossible(NamedTuple):
    """A sequence of moves that no days fit, and why, in words."""

    why: str


class Soonest(NamedTuple):
    """How soon a goal can be reached.

    Attributes:
        least_days: No plan takes fewer days; None where none reaches the goal in time.
        plan: The quickest plan found, moves by number; None where none was found. It has no move it can do without.
        days: Days that `plan` takes; if it is `least_days`, no plan is quicker.
    """

    least_days: int | None
    plan: tuple[int, ...] | None
    days: int | None


def schedule(
    prepared: Prepared, start: int | None, plan: tuple[int, ...], deadlines: Collection[int] = ()
) -> Schedule | Impossible:
    """Return the earliest days on which moves can take effect in a given order.

    A move takes effect on the first day that is not before the move before it, nor before its `not_before`, and `days`
    after its notice began; notice begins when the earlier move took effect since which the guard has said yes
    throughout, or on day 0.

    Args:
        prepared: The problem.
        start: The state to start from; None = the problem's own.
        plan: Moves by number.
        deadlines: Moves that happen by themselves on their `not_before` (a term ends). A plan that goes past such a day
            must have the move in its place; only where the move would lose nothing just then may it be left out.
    """
    state = prepared.problem.start if start is None else start
    steps = prepared.problem.steps
    starts: list[int] = []
    effects: list[int] = []
    # The position since which each guard has said yes without a break.
    since: dict[int, int] = {}
    due = dict.fromkeys(deadlines)
    for at, number in enumerate(plan):
        step = steps[number]
        yes = says(prepared, state)
        for later in plan[at:]:
            guard = steps[later].guard
            if yes[guard]:
                since.setdefault(guard, at)
            else:
                since.pop(guard, None)
        if step.guard not in since:
            return Impossible(f"{step.name}: the rules do not let it be made at this point")
        first = since[step.guard]
        begins = effects[first - 1] if first else 0
        day = max(begins + step.days, step.not_before, effects[-1] if effects else 0)
        if step.not_after is not None and day > step.not_after:
            return Impossible(f"{step.name}: day {day} is past its last day, {step.not_after}")
        due.pop(number, None)
        for other in due:
            if day > steps[other].not_before and _loses(steps[other], state):
                return Impossible(
                    f"{step.name}: day {day} is past day {steps[other].not_before}, on which comes: {steps[other].name}"
                )
        starts.append(begins)
        effects.append(day)
        state = after(step, state)
    return Schedule(tuple(starts), tuple(effects))


def _loses(step: Step, state: int) -> bool:
    return bool(state & ~after(step, state))


def soonest(
    prepared: Prepared, start: int | None = None, limit: int = 1_000, deadlines: Collection[int] = ()
) -> Soonest:
    """Return how soon a goal can be reached: a bound, and the quickest plan found.

    The bound forgets losses: every move is made as soon as it can be. It is exact where no move that matters loses
    anything; else the plan found may take longer.

    Args:
        prepared: The problem.
        start: The state to start from; None = the problem's own.
        limit: As of `shortest`; 1,000 at most.
        deadlines: As of `schedule`.
    """
    begin = prepared.problem.start if start is None else start
    closure, missing = closure_of(prepared, begin)
    if not closure.goal:
        return Soonest(None, None, None)
    opening, nodes = opened(prepared.network, begin)
    spread(prepared.network, opening, nodes)
    if opening[prepared.network.goal] <= 0:
        return Soonest(0, (), 0)
    network = relevant(prepared, begin, closure, missing)
    local = inside(network, begin)
    day, order = days_of(prepared, network, local)
    if order[network.goal] < 0:
        return Soonest(None, None, None)
    least = day[network.goal]
    chosen = supporters(network, local, day, order)
    plans = [numbered(network, chosen)]
    ordered = explore(network, local, 200, frozenset(chosen))
    if isinstance(ordered, Reached):
        plans.append(numbered(network, ordered.plan))
    best: tuple[int, tuple[int, ...]] | None = None
    for plan in plans:
        best = _quicker(prepared, begin, plan, deadlines, best)
        if best is not None and best[0] == least:
            break
    else:
        found = shortest(prepared, begin, min(limit, 1_000))
        if isinstance(found, Plan):
            best = _quicker(prepared, begin, found.steps, deadlines, best)
    if best is None:
        return Soonest(least, None, None)
    days, plan = best
    for at in range(len(plan) - 1, -1, -1):
        fewer = _quicker(prepared, begin, plan[:at] + plan[at + 1 :], deadlines, None)
        if fewer is not None and fewer[0] <= days:
            days, plan = fewer
    return Soonest(least, plan, days)


def _quicker(
    prepared: Prepared,
    start: int,
    plan: tuple[int, ...],
    deadlines: Collection[int],
    best: tuple[int, tuple[int, ...]] | None,
) -> tuple[int, tuple[int, ...]] | None:
    """Return the better of a plan and the best so far; a sequence that does not reach the goal is none."""
    made = schedule(prepared, start, plan, deadlines)
    if isinstance(made, Impossible) or (best is not None and made.days >= best[0]):
        return best
    state = start
    for number in plan:
        state = after(prepared.problem.steps[number], state)
    return (made.days, plan) if says(prepared, state)[prepared.problem.goal] else best


def days_of(prepared: Prepared, network: Network, start: int) -> tuple[list[int], list[int]]:
    """Return for each node of a network the first day on which it can come on if nothing is lost; -1 = never.

    Returns:
        The days, and the place of each node in the order in which they come on.
    """
    missing, opening = opened(network, start)
    out, first_step, past = network.out, network.first_step, network.first_conditional
    steps = [prepared.problem.steps[number] for number in network.steps]
    day, order = [-1] * len(missing), [-1] * len(missing)
    waiting: list[tuple[int, int]] = []
    came = today = 0

    def reach(node: int) -> None:
        comes, last = today, None
        if first_step <= node < past:
            step = steps[node - first_step]
            comes, last = max(today + step.days, step.not_before), step.not_after
        elif node >= past:
            last = steps[network.inputs[node][0][0] - first_step].not_after
        if last is None or comes <= last:
            heappush(waiting, (comes, node))

    for node in opening:
        reach(node)
    while waiting:
        today, node = heappop(waiting)
        day[node], order[node] = today, came
        came += 1
        for other, weight in out[node]:
            left = missing[other]
            if left > 0:
                left -= weight
                missing[other] = left
                if left <= 0:
                    reach(other)
    return day, order
