"""Who must agree for a path to exist: against every subset, one at a time."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations
from math import comb
from random import Random

import pytest
from small_path_problems import has_path, random_problem, subsets

from muniment.control.paths import distance
from muniment.control.paths.answer import ConsentDistance
from muniment.control.paths.distance import coalitions_up_to, consent_distance
from muniment.control.paths.network import prepare
from muniment.control.paths.problem import Bit, Effect, Either, Enough, Every, Fixed, Gate, Problem, Step
from muniment.control.paths.search import TooLarge
from muniment.control.paths.twins import twin_classes


def board_problem(seed: int) -> tuple[Problem, dict[str, int]]:
    """Draw a board of seats of several kinds, whose holders agree or are replaced, and holders of votes of one size.

    The board carries a decision by so many seats; the holders fill seats of one kind, and may thereby lose another.
    """
    draw = Random(seed)
    directors, holders = draw.randint(2, 4), draw.randint(1, 3)
    names = [f"director-{at}" for at in range(directors)] + [f"holder-{at}" for at in range(holders)]
    bits = [*(f"agrees: {name}" for name in names), *(f"seat {at} is ours" for at in range(directors)), "asset"]
    first_seat, asset = len(names), len(bits) - 1
    gates: list[Gate] = [Bit(bit) for bit in range(len(bits))]
    kept = draw.randint(0, directors)
    seats = []
    for at in range(directors):
        parts = (at, first_seat + at) if at < kept else (first_seat + at, at)
        gates.append(Either(parts))
        seats.append(len(gates) - 1)
    gates.append(Enough(tuple(seats), (1,) * directors, draw.randint(1, directors)))
    board = len(gates) - 1
    weights = tuple(draw.choice([1, 1, 2]) for _ in range(holders))
    gates.append(Enough(tuple(range(directors, len(names))), weights, draw.randint(1, sum(weights) + 1)))
    votes = len(gates) - 1
    gates.append(Every((board, votes) if draw.random() < 0.3 else (board, asset)))
    goal = len(gates) - 1
    gates.append(Either((votes, board)))
    fill = [
        Step(
            f"fill seat {at}",
            draw.choice([votes, goal + 1]) if at >= kept else goal,
            (Effect(first_seat + at, True), *([Effect(asset, False)] if draw.random() < 0.3 else [])),
        )
        for at in range(directors)
    ]
    back = Step("take the asset", draw.choice([board, votes]), (Effect(asset, True),))
    steps = (*fill, back) if draw.random() < 0.6 else tuple(fill)
    return Problem(tuple(bits), tuple(gates), steps, 1 << asset, goal), {name: at for at, name in enumerate(names)}


def problems() -> list[tuple[Problem, dict[str, int]]]:
    drawn = [(random_problem(seed, bits=8, actors=5, lossy=seed % 3 == 0), 5) for seed in range(80)]
    found = [(problem, {f"a{at}": at for at in range(actors)}) for problem, actors in drawn]
    return [*found, *(board_problem(seed) for seed in range(80))]


def with_those(problem: Problem, actor_bits: dict[str, int], names: tuple[str, ...]) -> int:
    state = problem.start
    for name, bit in actor_bits.items():
        state = state | 1 << bit if name in names else state & ~(1 << bit)
    return state


def every_answer(problem: Problem, actor_bits: dict[str, int]) -> dict[tuple[str, ...], bool]:
    """Return for every coalition whether it has a path."""
    return {each: has_path(problem, with_those(problem, actor_bits, each)) for each in subsets(actor_bits)}


@cache
def answered() -> list[tuple[Problem, dict[str, int], dict[tuple[str, ...], bool]]]:
    return [(problem, actor_bits, every_answer(problem, actor_bits)) for problem, actor_bits in problems()]


def by_the_definition(answers: dict[tuple[str, ...], bool], who: tuple[str, ...]) -> ConsentDistance:
    outsiders = sorted({name for each in answers for name in each} - set(who))
    ways = [others for others in subsets(outsiders) if answers[tuple(sorted((*who, *others)))]]
    if not ways:
        return ConsentDistance(None)
    fewest = min(map(len, ways))
    sets = sorted(others for others in ways if len(others) == fewest)
    people = sorted({name for each in sets for name in each})
    any_of = people if set(sets) == set(combinations(people, fewest)) else []
    return ConsentDistance(fewest, tuple(sets[:20]), len(sets), any_of=tuple(any_of))


def test_the_fewest_outsiders_are_those_of_trying_every_set() -> None:
    seen: Counter[int | None] = Counter()
    for problem, actor_bits, answers in answered():
        prepared, names = prepare(problem), sorted(actor_bits)
        for who in ((), (names[0],), (names[1], names[-1])):
            expected = by_the_definition(answers, who)
            start = with_those(problem, actor_bits, who)
            assert consent_distance(prepared, start, actor_bits, who) == expected
            seen[expected.fewest] += 1
    assert min(seen[fewest] for fewest in (None, 0, 1, 2, 3)) >= 4, seen


def test_the_minimal_coalitions_are_those_of_trying_every_set() -> None:
    seen: Counter[int] = Counter()
    for problem, actor_bits, answers in answered():
        ways = [each for each in answers if answers[each]]
        minimal = [each for each in ways if not any(set(other) < set(each) for other in ways)]
        for size in (0, 1, 2, 9):
            expected = tuple(
                sorted((each for each in minimal if len(each) <= size), key=lambda each: (len(each), each))
            )
            assert coalitions_up_to(prepare(problem), problem.start, actor_bits, size) == expected
        seen.update(map(len, minimal))
    assert min(seen[size] for size in (0, 1, 2, 3)) >= 3, seen


def test_whoever_is_twins_can_be_exchanged() -> None:
    """The count of twins alone decides, whatever others do; and twins are found where they are plain to see."""
    together = 0
    for problem, actor_bits, answers in answered():
        names = sorted(actor_bits)
        classes = twin_classes(prepare(problem), problem.start, actor_bits, names)
        assert sorted(name for members in classes for name in members) == names
        by_counts: dict[tuple[int, ...], bool] = {}
        for chosen, path in answers.items():
            counts = tuple(len(set(chosen) & set(members)) for members in classes)
            assert by_counts.setdefault(counts, path) == path
        together += len(names) - len(classes)
    assert together > 120


def board_of(directors: int, carry: int, members: int = 0) -> tuple[Problem, dict[str, int]]:
    """Return a board whose seats can be refilled one by one by a decision of the board, each with bits of its own."""
    names = [f"d{at:03}" for at in range(directors)] + [f"m{at:03}" for at in range(members)]
    bits = [*names, *(f"seat {at}" for at in range(directors))]
    gates: list[Gate] = [Bit(bit) for bit in range(len(bits))]
    gates += [Either((at, len(names) + at)) for at in range(directors)]
    seats = tuple(range(len(bits), len(bits) + directors))
    gates.append(Enough(seats, (1,) * directors, carry))
    board = len(gates) - 1
    gates.append(Enough(seats, (1,) * directors, directors))
    steps = tuple(Step(f"fill {at}", board, (Effect(len(names) + at, True),)) for at in range(directors))
    return Problem(tuple(bits), tuple(gates), steps, 0, len(gates) - 1), {name: at for at, name in enumerate(names)}


def test_five_of_twelve_directors_are_not_792_searches() -> None:
    problem, actor_bits = board_of(12, 7, members=40)
    prepared = prepare(problem)
    found = consent_distance(prepared, 0b11, actor_bits, ["d000", "d001"], limit=60)
    assert found is not None
    assert found.fewest == 5
    assert found.number == comb(10, 5)
    assert found.sets == tuple(combinations([f"d{at:03}" for at in range(2, 12)], 5))[:20]
    coalitions = coalitions_up_to(prepared, 0, actor_bits, 7, limit=60)
    assert coalitions is not None
    assert len(coalitions) == comb(12, 7) == 792


def test_a_large_board_takes_a_few_searches() -> None:
    problem, actor_bits = board_of(100, 51)
    found = consent_distance(prepare(problem), 0, actor_bits, (), limit=50)
    assert found is not None
    assert (found.fewest, found.number, len(found.sets)) == (51, comb(100, 51), 20)


def distinct_problem(actors: int) -> tuple[Problem, dict[str, int]]:
    """Return a weighted vote in which no two weigh the same, carried by two thirds."""
    weights = tuple(range(10, 10 + actors))
    gates: list[Gate] = [Bit(bit) for bit in range(actors)]
    gates.append(Enough(tuple(range(actors)), weights, sum(weights) * 2 // 3))
    names = {f"p{at:02}": at for at in range(actors)}
    return Problem(tuple(names), tuple(gates), (), 0, actors), names


def test_those_who_outweigh_others_are_tried_first() -> None:
    """Sixty holders, no two with the same votes: the fewest are the largest, found in a few hundred tries."""
    problem, actor_bits = distinct_problem(60)
    found = consent_distance(prepare(problem), 0, actor_bits, (), limit=1_500)
    assert found is not None
    weights = sorted(range(10, 70), reverse=True)
    enough = sum(weights) * 2 // 3
    fewest = next(many for many in range(61) if sum(weights[:many]) >= enough)
    assert found.fewest == fewest
    assert found.number is None
    assert all(sum(10 + actor_bits[name] for name in each) >= enough for each in found.sets)


def test_a_search_given_up_says_how_many_at_least() -> None:
    problem, actor_bits = distinct_problem(12)
    exact = consent_distance(prepare(problem), 0, actor_bits, (), limit=5_000)
    assert exact is not None
    assert exact == by_the_definition(every_answer(problem, actor_bits), ())
    assert exact.fewest is not None
    for limit in (0, 1, 5, 30, 100):
        bounded = consent_distance(prepare(problem), 0, actor_bits, (), limit=limit)
        if bounded is None:
            assert limit <= 1
        elif bounded.fewest is None:
            assert 0 < bounded.at_least <= exact.fewest
        else:
            assert bounded.fewest == exact.fewest
            assert bounded.number is None
    assert consent_distance(prepare(problem), 0, actor_bits, (), limit=1) is None
    assert coalitions_up_to(prepare(problem), 0, actor_bits, 12, limit=30) is None


def test_a_search_too_large_leaves_the_answer_open(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, actor_bits = board_of(4, 3)
    monkeypatch.setattr(distance, "search", lambda prepared, start, limit: TooLarge(limit))
    assert consent_distance(prepare(problem), 0, actor_bits, ()) == ConsentDistance(None, at_least=3)
    assert coalitions_up_to(prepare(problem), 0, actor_bits, 4) is None
    assert coalitions_up_to(prepare(problem), 0, actor_bits, 2) == ()
    passes = problem._replace(goal=len(problem.gates) - 2)
    assert consent_distance(prepare(passes), 0b111, actor_bits, ["d000", "d001", "d002"]) is None


def test_nobody_but_the_coalition_and_nothing_to_gain() -> None:
    problem = Problem(("a", "b"), (Bit(0), Fixed(False)), (), 0, 0)
    assert consent_distance(prepare(problem), 1, {"a": 0}, ["a"]) == ConsentDistance(0, ((),), 1)
    alone = ConsentDistance(1, (("a",),), 1, any_of=("a",))
    assert consent_distance(prepare(problem), 1, {"a": 0, "b": 1}, ["b"]) == alone
    never = problem._replace(goal=1)
    assert consent_distance(prepare(never), 0, {"a": 0, "b": 1}, []) == ConsentDistance(None)
    assert coalitions_up_to(prepare(problem), 1, {"a": 0, "b": 1}, 0) == ()
    assert coalitions_up_to(prepare(problem), 1, {"b": 1}, 1) == ((),)
