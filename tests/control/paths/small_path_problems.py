"""Small path problems drawn from a seed, and answers about them from the definitions, one state at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from random import Random

from muniment.control.paths.problem import (
    Bit,
    Effect,
    Either,
    Enough,
    Every,
    Fixed,
    Gate,
    Problem,
    Step,
    after,
)


def random_problem(
    seed: int, *, bits: int = 6, steps: int = 6, timed: bool = False, lossy: bool = False, actors: int = 0
) -> Problem:
    """Draw a problem with gates in circles, thresholds, effects that hang on a bit, and moves that lose bits.

    No move sets the first bits, those of the actors.
    """
    movable = range(actors, bits)
    draw = Random(seed)
    gates: list[Gate] = [Bit(bit) for bit in range(bits)]
    inner = draw.randint(2, 8)
    for _ in range(inner):
        parts = tuple(draw.choices(range(bits + inner), k=draw.randint(1, 4)))
        sort = draw.choice(["every", "either", "enough", "enough", "fixed"] if draw.random() < 0.3 else ["enough"])
        if sort == "every":
            gates.append(Every(parts))
        elif sort == "either":
            gates.append(Either(parts))
        elif sort == "fixed":
            gates.append(Fixed(draw.random() < 0.5))
        else:
            scale = 10**20 if draw.random() < 0.1 else 1
            weights = tuple(scale * draw.randint(0, 4) for _ in parts)
            gates.append(Enough(parts, weights, draw.randint(1, max(1, sum(weights) * 2 // 3))))
    moves = []
    for number in range(steps):
        on = draw.sample(movable, draw.randint(1, 2))
        effects = [Effect(bit, True, draw.randrange(bits) if draw.random() < 0.2 else None) for bit in on]
        if lossy or draw.random() < 0.6:
            effects += [Effect(bit, False) for bit in draw.sample(movable, 2 if lossy else 1)]
        days = draw.choice([0, 0, 7, 10]) if timed else 0
        not_before = draw.choice([0, 0, 0, 15]) if timed else 0
        not_after = draw.choice([None, None, None, 0, 20, 30]) if timed else None
        moves.append(Step(f"move {number}", draw.randrange(len(gates)), tuple(effects), days, not_before, not_after))
    start = 0
    for bit in draw.sample(range(bits), draw.randint(1, 2)):
        start |= 1 << bit
    gates.append(Every(tuple(draw.sample(range(bits), 3))))
    goal = len(gates) - 1 if lossy else draw.choice([len(gates) - 1, draw.randrange(len(gates))])
    return Problem(tuple(f"bit {bit}" for bit in range(bits)), tuple(gates), tuple(moves), start, goal)


def saying_yes(gates: Sequence[Gate], state: int) -> list[bool]:
    """Return who says yes in the least fixpoint, by going through all gates until nothing changes."""
    said = [False] * len(gates)
    while True:
        again = [_says_yes(gate, state, said) for gate in gates]
        if again == said:
            return said
        said = again


def _says_yes(gate: Gate, state: int, said: Sequence[bool]) -> bool:
    match gate:
        case Bit(bit):
            return bool(state >> bit & 1)
        case Fixed(value):
            return value
        case Every(parts):
            return all(said[part] for part in parts)
        case Either(parts):
            return any(said[part] for part in parts)
        case Enough(parts, weights, quota):
            return sum(weight for part, weight in zip(parts, weights, strict=True) if said[part]) >= quota


def without_losses(problem: Problem) -> Problem:
    steps = [step._replace(effects=tuple(effect for effect in step.effects if effect.on)) for step in problem.steps]
    return problem._replace(steps=tuple(steps))


def reached(problem: Problem, start: int) -> dict[int, tuple[int, ...]]:
    """Return every state that can be reached, days left aside, with a shortest sequence of moves to it."""
    found: dict[int, tuple[int, ...]] = {start: ()}
    waiting = [start]
    for state in waiting:
        said = saying_yes(problem.gates, state)
        for number, step in enumerate(problem.steps):
            following = after(step, state)
            if said[step.guard] and following not in found:
                found[following] = (*found[state], number)
                waiting.append(following)
    return found


def holds(problem: Problem, state: int) -> bool:
    return saying_yes(problem.gates, state)[problem.goal]


def has_path(problem: Problem, start: int) -> bool:
    return any(holds(problem, state) for state in reached(problem, start))


def closure(problem: Problem, start: int) -> int:
    """Return everything that is on in some state reached where nothing is ever lost."""
    bound = 0
    for state in reached(without_losses(problem), start):
        bound |= state
    return bound


def largest(states: Iterable[int]) -> list[int]:
    listed = sorted(states)
    return [state for state in listed if not any(state != other and not state & ~other for other in listed)]


def earliest_days(problem: Problem, start: int, plan: Sequence[int]) -> list[int] | None:
    """Return the first day on which each move of a plan can take effect, kept in order; None if it does not work.

    The notice of a move runs from the day since which its guard has said yes without a break.
    """
    states, took_effect = [start], [0]
    for at, number in enumerate(plan):
        step, opened = problem.steps[number], None
        for back in range(at, -1, -1):
            if not saying_yes(problem.gates, states[back])[step.guard]:
                break
            opened = took_effect[back]
        if opened is None:
            return None
        day = max(took_effect[at], opened + step.days, step.not_before)
        if step.not_after is not None and day > step.not_after:
            return None
        states.append(after(step, states[at]))
        took_effect.append(day)
    return took_effect[1:]


def subsets(names: Iterable[str]) -> list[tuple[str, ...]]:
    listed = sorted(names)
    return [chosen for size in range(len(listed) + 1) for chosen in combinations(listed, size)]
