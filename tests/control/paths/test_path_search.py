"""The engine against plain searches written here on their own, on thousands of small random problems."""

from __future__ import annotations

import random
from collections import deque
from itertools import permutations

import pytest

from muniment.control.paths.network import holds, prepare, relaxed, says
from muniment.control.paths.problem import Bit, Effect, Either, Enough, Every, Fixed, Gate, Problem, Step
from muniment.control.paths.schedule import Impossible, Schedule, schedule, soonest
from muniment.control.paths.search import Absent, Reached, TooLarge, search
from muniment.control.paths.shortest import Plan, shortest

YES, NO = Fixed(True), Fixed(False)

# Plain searches. States are sets of bits, gates are read over and over until nothing changes.


def yes_of(problem: Problem, state: frozenset[int]) -> set[int]:
    yes: set[int] = set()
    while True:
        before = len(yes)
        for at, gate in enumerate(problem.gates):
            match gate:
                case Bit(bit):
                    says_so = bit in state
                case Fixed(value):
                    says_so = value
                case Every(parts):
                    says_so = all(part in yes for part in parts)
                case Either(parts):
                    says_so = any(part in yes for part in parts)
                case Enough(parts, weights, quota):
                    says_so = sum(weights[i] for i, part in enumerate(parts) if part in yes) >= quota
            if says_so:
                yes.add(at)
        if len(yes) == before:
            return yes


def next_state(step: Step, state: frozenset[int]) -> frozenset[int]:
    on = {effect.bit for effect in step.effects if effect.on and (effect.where is None or effect.where in state)}
    off = {effect.bit for effect in step.effects if not effect.on}
    return frozenset((state - off) | on)


def bits(state: int) -> frozenset[int]:
    return frozenset(bit for bit in range(state.bit_length()) if state >> bit & 1)


def fewest_moves(problem: Problem) -> int | None:
    start = bits(problem.start)
    moves = {start: 0}
    queue = deque([start])
    while queue:
        state = queue.popleft()
        yes = yes_of(problem, state)
        if problem.goal in yes:
            return moves[state]
        for step in problem.steps:
            if step.guard in yes:
                then = next_state(step, state)
                if then not in moves:
                    moves[then] = moves[state] + 1
                    queue.append(then)
    return None


def days_of(problem: Problem, plan: tuple[int, ...]) -> list[tuple[int, int]] | None:
    """Return when the notice of each move begins and when it takes effect; None = not a plan, or not in time."""
    states = [bits(problem.start)]
    for number in plan:
        states.append(next_state(problem.steps[number], states[-1]))
    says_yes = [yes_of(problem, state) for state in states]
    if problem.goal not in says_yes[-1]:
        return None
    found: list[tuple[int, int]] = []
    for at, number in enumerate(plan):
        step = problem.steps[number]
        if step.guard not in says_yes[at]:
            return None
        since = at
        while since and step.guard in says_yes[since - 1]:
            since -= 1
        begins = found[since - 1][1] if since else 0
        day = max([begins + step.days, step.not_before] + [effect for _, effect in found])
        if step.not_after is not None and day > step.not_after:
            return None
        found.append((begins, day))
    return found


# Random problems


def loose(seed: int) -> Problem:
    """Gates of all kinds over one another, in circles too, with empty ones, weights and quotas of nought."""
    draw = random.Random(seed)
    many = draw.randint(2, 8)
    total = many + draw.randint(2, 8)
    gates: list[Gate] = [Bit(bit) for bit in range(many)]
    for _ in range(many, total):
        kind = draw.random()
        parts = tuple(draw.randrange(total) for _ in range(draw.randint(0 if kind < 0.1 else 1, 4)))
        if kind < 0.05:
            gates.append(Fixed(draw.random() < 0.5))
        elif kind < 0.35:
            gates.append(Every(parts))
        elif kind < 0.5:
            gates.append(Either(parts))
        else:
            weights = tuple(draw.randint(0, 4) for _ in parts)
            gates.append(Enough(parts, weights, draw.randint(draw.random() > 0.1, max(1, sum(weights)))))
    steps = []
    for number in range(draw.randint(1, 9)):
        effects = {}
        for _ in range(draw.randint(1, 3)):
            bit, on = draw.randrange(many), draw.random() < 0.65
            effects[bit] = Effect(bit, on, draw.randrange(many) if on and draw.random() < 0.2 else None)
        steps.append(Step(f"move {number}", draw.randrange(total), tuple(effects.values())))
    return finished(draw, many, gates, steps, draw.randrange(many, total), 0.3)


def winding(seed: int, *, losing: float = 0.4, moves: int = 12) -> Problem:
    """Votes of blocs that vote with one another's shares, and moves that mostly give something: longer plans."""
    draw = random.Random(seed)
    many = draw.randint(4, 9)
    total = many + draw.randint(3, 8)
    gates: list[Gate] = [Bit(bit) for bit in range(many)]
    for _ in range(many, total):
        parts = tuple(draw.sample(range(total), draw.randint(2, 5)))
        weights = tuple(draw.choice([1, 1, 1, 2, 3]) for _ in parts)
        kind = draw.random()
        if kind < 0.2:
            gates.append(Every(parts[:2]))
        elif kind < 0.35:
            gates.append(Either(parts[:3]))
        else:
            gates.append(Enough(parts, weights, draw.randint(1, max(1, sum(weights) * 3 // 4))))
    wanted = draw.sample(range(many), draw.randint(2, 4)) if draw.random() < 0.7 else [total - 1, total - 2]
    gates += [Every(tuple(wanted)), Fixed(True)]
    steps = []
    for number in range(draw.randint(min(4, moves), moves)):
        bit = draw.randrange(many)
        effects = {bit: Effect(bit, True, draw.randrange(many) if draw.random() < 0.15 else None)}
        for chance, on in ((0.3, True), (losing, False)):
            if draw.random() < chance:
                bit = draw.randrange(many)
                effects.setdefault(bit, Effect(bit, on))
        guard = draw.randrange(total) if draw.random() < 0.8 else total + 1
        steps.append(Step(f"move {number}", guard, tuple(effects.values())))
    return finished(draw, many, gates, steps, total, 0.2)


def seated(seed: int) -> Problem:
    """Boards of seats of unequal votes, each seat filled by a move of its own, a few of them by one that gives more."""
    draw = random.Random(seed)
    many = draw.randint(5, 8)
    gates: list[Gate] = [Bit(bit) for bit in range(many)]
    for _ in range(draw.randint(1, 3)):
        parts = tuple(draw.sample(range(many), draw.randint(3, many)))
        votes = tuple(draw.randint(1, 5) for _ in parts)
        gates.append(Enough(parts, votes, draw.randint(1, sum(votes))))
    gates += [Every(tuple(range(many, len(gates)))), YES]
    steps = []
    for bit in range(many):
        guard = len(gates) - 1 if draw.random() < 0.8 else draw.randrange(many, len(gates))
        effects = [Effect(bit, True)]
        if draw.random() < 0.15:
            effects.append(Effect((bit + 1) % many, draw.random() < 0.5))
        steps.append(Step(f"fill seat {bit}", guard, tuple(effects)))
    return finished(draw, many, gates, steps, len(gates) - 2, 0.1)


def finished(draw: random.Random, many: int, gates: list[Gate], steps: list[Step], goal: int, held: float) -> Problem:
    start = sum(1 << bit for bit in range(many) if draw.random() < held)
    return Problem(tuple(f"bit {bit}" for bit in range(many)), tuple(gates), tuple(steps), start, goal)


def check(problem: Problem) -> tuple[int | None, bool]:
    """Hold every answer against the plain search; return fewest moves, and whether losses alone stand in the way."""
    prepared = prepare(problem)
    fewest = fewest_moves(problem)
    found, plan, closure = search(prepared), shortest(prepared), relaxed(prepared)
    yes = yes_of(problem, bits(problem.start))
    assert says(prepared, problem.start) == bytearray(gate in yes for gate in range(len(problem.gates)))
    if fewest is None:
        assert isinstance(found, Absent)
        assert isinstance(plan, Absent)
        check_absent(problem, found)
        check_absent(problem, plan)
        assert (found.closure is None) == closure.goal
        return None, closure.goal
    assert closure.goal
    assert isinstance(found, Reached)
    assert isinstance(plan, Plan)
    for moves in (found.plan, plan.steps):
        state = bits(problem.start)
        for number in moves:
            assert problem.steps[number].guard in yes_of(problem, state)
            state = next_state(problem.steps[number], state)
        assert problem.goal in yes_of(problem, state)
    assert plan.is_shortest
    assert len(plan.steps) == fewest
    return fewest, False


def check_absent(problem: Problem, absent: Absent) -> None:
    """A proof of absence, read by itself: the start is in it, no move leads out, and no state of it has the goal."""
    states = [bits(state) for state in (absent.maximal if absent.closure is None else (absent.closure,))]
    assert any(bits(problem.start) <= state for state in states)
    for state in states:
        yes = yes_of(problem, state)
        assert problem.goal not in yes
        for step in problem.steps:
            if step.guard in yes:
                then = next_state(step, state)
                if absent.closure is not None:
                    then |= state
                assert any(then <= other for other in states)


@pytest.mark.parametrize("family", [loose, winding, seated])
def test_agrees_with_a_search_of_every_state(family):
    found = [check(family(seed)) for seed in range(500 if family is seated else 1500)]
    lengths = [length for length, _ in found if length]
    assert len(lengths) > (60 if family is loose else 300)
    # Problems where losses alone stand in the way, and plans of several moves, are among them.
    assert family is not winding or sum(by_losses for _, by_losses in found) > 5
    assert max(lengths) >= (3 if family is loose else 5)


def test_without_losses_the_closure_alone_decides():
    for seed in range(300):
        problem = winding(seed, losing=0)
        check(problem)
        assert relaxed(prepare(problem)).goal == (fewest_moves(problem) is not None)


def test_more_at_the_start_never_loses_the_goal():
    for seed in range(400):
        problem = winding(seed)
        prepared = prepare(problem)
        draw = random.Random(seed)
        less = problem.start
        more = less | draw.getrandbits(len(problem.bits))
        if isinstance(search(prepared, less), Reached):
            assert isinstance(search(prepared, more), Reached)
            shorter, longer = shortest(prepared, more), shortest(prepared, less)
            assert isinstance(shorter, Plan)
            assert isinstance(longer, Plan)
            assert len(shorter.steps) <= len(longer.steps)
        for gate in range(len(problem.gates)):
            assert holds(prepared, less, gate) <= holds(prepared, more, gate)


def timed(seed: int, losing: float) -> Problem:
    draw = random.Random(seed)
    problem = winding(seed, losing=losing, moves=4)
    steps = [
        step._replace(
            days=draw.choice([0, 0, 10, 30]),
            not_before=draw.choice([0, 0, 0, 20, 50]),
            not_after=draw.choice([None, None, None, 15, 40]),
        )
        for step in problem.steps
    ]
    return problem._replace(steps=tuple(steps))


def sequences(problem: Problem) -> list[tuple[int, ...]]:
    numbers = range(len(problem.steps))
    return [chosen for many in range(len(problem.steps) + 1) for chosen in permutations(numbers, many)]


def test_days_agree_with_every_sequence_of_moves():
    reached = 0
    for seed in range(400):
        problem = timed(seed, 0)
        # No move need be made twice where nothing is lost, unless it gives more the second time.
        if any(effect.where is not None for step in problem.steps for effect in step.effects):
            continue
        days = [
            found[-1][1] if found else 0 for plan in sequences(problem) if (found := days_of(problem, plan)) is not None
        ]
        least, plan, taken = soonest(prepare(problem))
        assert least == taken == (min(days) if days else None)
        assert (plan is None) == (not days)
        reached += bool(days and min(days))
    assert reached > 12


def test_days_with_losses_lie_between_the_bound_and_the_plan_found():
    for seed in range(150):
        problem = timed(seed, 0.5)
        prepared = prepare(problem)
        least, plan, taken = soonest(prepared)
        for sequence in sequences(problem):
            found = days_of(problem, sequence)
            if found is not None:
                made = schedule(prepared, None, sequence)
                assert made == Schedule(tuple(begins for begins, _ in found), tuple(day for _, day in found))
                assert least is not None
                assert least <= made.days
        if plan is not None:
            found = days_of(problem, plan)
            assert found is not None
            assert taken == (found[-1][1] if found else 0)


# Cases of their own


def test_no_yes_rests_on_itself():
    """Two companies that hold each other's majority, and nothing else: neither votes."""
    circle = (Enough((1, 2), (60, 40), 51), Enough((0, 2), (60, 40), 51), Bit(0))
    problem = Problem(("shares",), circle, (), 1, 0)
    assert list(says(prepare(problem), 1)) == [0, 0, 1]
    outvoted = (Enough((1, 2), (40, 60), 51), Enough((0, 2), (60, 40), 51), Bit(0))
    assert list(says(prepare(problem._replace(gates=outvoted)), 1)) == [1, 1, 1]


def test_bits_that_do_not_matter_are_in_the_proof():
    """A right may be used for one of two things, both are wanted; a third move is of no use, but can be made."""
    problem = Problem(
        ("unused", "first", "second", "idle", "never"),
        (Bit(0), Every((2, 3)), Bit(1), Bit(2), YES, Bit(4)),
        (
            Step("use it for the first", 0, (Effect(1, True), Effect(0, False))),
            Step("use it for the second", 0, (Effect(2, True), Effect(0, False))),
            Step("do something idle", 4, (Effect(3, True),)),
            Step("do what cannot be done", 5, (Effect(4, True),)),
        ),
        1,
        1,
    )
    assert relaxed(prepare(problem)).goal
    found = search(prepare(problem))
    assert isinstance(found, Absent)
    assert found.closure is None
    check_absent(problem, found)
    assert all(state >> 3 & 1 and not state >> 4 & 1 for state in found.maximal)


def test_too_large_is_said():
    rights = 12
    gates: list[Gate] = [Bit(bit) for bit in range(3 * rights)] + [YES]
    steps = []
    for number in range(rights):
        for way in (1, 2):
            bit = way * rights + number
            steps.append(Step(f"{number} {way}", number, (Effect(bit, True), Effect(number, False))))
    numbers = range(rights)
    first = Enough(tuple(rights + number for number in numbers), tuple(2**number for number in numbers), 1234)
    second = Enough(tuple(2 * rights + number for number in numbers), tuple(2**number for number in numbers), 2862)
    gates += [first, second, Every((len(gates), len(gates) + 1))]
    problem = Problem(tuple(map(str, range(3 * rights))), tuple(gates), tuple(steps), 2**rights - 1, len(gates) - 1)
    assert search(prepare(problem), limit=100) == TooLarge(100)
    assert shortest(prepare(problem), limit=5) == TooLarge(100)


def test_votes_that_need_many_seats_are_proven_shortest():
    """Twenty seats of unequal votes, each filled by a move of its own: the fewest are those of most votes."""
    votes = tuple(range(1, 21))
    gates: tuple[Gate, ...] = (*(Bit(bit) for bit in range(20)), YES, Enough(tuple(range(20)), votes, 150))
    steps = tuple(Step(f"fill seat {bit}", 20, (Effect(bit, True),)) for bit in range(20))
    plan = shortest(prepare(Problem(tuple(map(str, range(20))), gates, steps, 0, 21)))
    assert isinstance(plan, Plan)
    assert plan.is_shortest
    assert len(plan.steps) == 10  # 20 + 19 + ... + 11 = 155, and 20 + ... + 12 = 144


def test_a_chain_is_proven_shortest():
    gates: tuple[Gate, ...] = (*(Bit(bit) for bit in range(300)), YES)
    steps = tuple(Step(f"step {bit}", bit - 1 if bit else 300, (Effect(bit, True),)) for bit in range(300))
    problem = Problem(tuple(map(str, range(300))), gates, steps, 0, 60)
    assert shortest(prepare(problem)) == Plan(tuple(range(61)), True)
    found = search(prepare(problem._replace(goal=299)))
    assert found == Reached(tuple(range(300)))


def test_gates_may_be_nested_deeply():
    gates: list[Gate] = [Bit(0)]
    gates += [Every((at,)) if at % 2 else Either((at,)) for at in range(20_000)]
    step = Step("come", 1, (Effect(0, True),))
    problem = Problem(("bit",), (*gates, YES), (step._replace(guard=len(gates)),), 0, len(gates) - 1)
    assert shortest(prepare(problem)) == Plan((0,), True)


def test_a_problem_without_bits_or_moves():
    assert search(prepare(Problem((), (YES,), (), 0, 0))) == Reached(())
    assert shortest(prepare(Problem((), (YES,), (), 0, 0))) == Plan((), True)
    assert search(prepare(Problem((), (NO,), (), 0, 0))) == Absent((), 0)
    assert soonest(prepare(Problem((), (NO,), (), 0, 0))) == (None, None, None)


def test_notices_run_side_by_side():
    gates = (YES, Bit(0), Bit(1), Every((1, 2)))
    steps = (Step("first", 0, (Effect(0, True),), days=30), Step("second", 0, (Effect(1, True),), days=20))
    prepared = prepare(Problem(("a", "b"), gates, steps, 0, 3))
    assert schedule(prepared, None, (0, 1)) == Schedule((0, 0), (30, 30))
    assert soonest(prepared).days == 30


def test_a_notice_begins_anew_where_the_guard_was_broken():
    gates = (YES, Bit(0), Bit(1))
    steps = (
        Step("lose the seat", 0, (Effect(0, False),)),
        Step("win it back", 0, (Effect(0, True),), days=5),
        Step("act", 1, (Effect(1, True),), days=10),
    )
    prepared = prepare(Problem(("seat", "done"), gates, steps, 1, 2))
    assert schedule(prepared, None, (2,)) == Schedule((0,), (10,))
    assert schedule(prepared, None, (0, 1, 2)) == Schedule((0, 0, 5), (0, 5, 15))
    made = schedule(prepared, None, (0, 2))
    assert isinstance(made, Impossible)
    assert made.why.startswith("act: ")


def test_a_day_on_which_something_falls_due_is_not_passed_over():
    """A right ends on day 40, by itself; it can be used on ten days' notice, and what it gives needs 50 days."""
    gates = (YES, Bit(0), Bit(1), Bit(2))
    steps = (
        Step("use the right", 1, (Effect(1, True),), days=10),
        Step("wait until the right ends", 0, (Effect(0, False),), not_before=40),
        Step("act", 2, (Effect(2, True),), days=50),
        Step("use the right late", 1, (Effect(1, True),), days=45),
    )
    prepared = prepare(Problem(("right", "used", "done"), gates, steps, 1, 3))
    assert schedule(prepared, None, (0, 2)) == Schedule((0, 10), (10, 60))
    passed = schedule(prepared, None, (0, 2), deadlines=(1,))
    assert isinstance(passed, Impossible)
    assert "wait until the right ends" in passed.why
    assert schedule(prepared, None, (0, 1, 2), deadlines=(1,)) == Schedule((0, 0, 10), (10, 40, 60))
    assert isinstance(schedule(prepared, None, (3,), deadlines=(1,)), Impossible)
    # Where the right is gone already, nothing falls due.
    assert schedule(prepared, 0b010, (2,), deadlines=(1,)) == Schedule((0,), (50,))


def test_last_days():
    steps = (Step("act", 0, (Effect(0, True),), days=10, not_after=9),)
    prepared = prepare(Problem(("done",), (YES, Bit(0)), steps, 0, 1))
    assert isinstance(schedule(prepared, None, (0,)), Impossible)
    assert soonest(prepared) == (None, None, None)
