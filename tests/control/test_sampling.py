"""Sampled power: columns of coalitions against single ones, and intervals that hold."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_systems import Game, systems, weighted

from muniment.control.batches import answers_of, critical, plan_of
from muniment.control.blocs import BlocValues, bloc_values
from muniment.control.diagram import TooLarge
from muniment.control.formula import AtLeast, Drawing, Mode, Or, System, same_in_every_mode
from muniment.control.functions import function_of, powers_of
from muniment.control.intervals import Interval, mean_bounds, total_bounds
from muniment.control.more_indices import indices_by_name
from muniment.control.power import Indices
from muniment.control.sampling import Sampled, banzhaf_sampled, owen_sampled, shapley_shubik_sampled


@settings(deadline=None)
@given(systems(), st.sampled_from(list(Mode)))
def test_columns_answer_as_single_coalitions_do(system: System, mode: Mode) -> None:
    plan = plan_of(system, mode)
    size = len(plan.actors)
    columns = np.array([[bool(at >> place & 1) for at in range(1 << size)] for place in range(size)], dtype=np.bool_)
    columns = columns.reshape(size, 1 << size)
    answers = answers_of(plan, columns)
    seen = critical(plan, answers, columns)
    game = Game(system, plan.actors, mode)
    for at in range(1 << size):
        coalition = frozenset(name for place, name in enumerate(plan.actors) if at >> place & 1)
        assert answers.passes[at] == game.passing[coalition]
        for place, name in enumerate(plan.actors):
            assert seen[place, at] == game.swings(name, coalition)


def exact_tables(system: System, names: tuple[str, ...]) -> dict[str, dict[str, Fraction]]:
    function = function_of(system, Mode.CERTAIN)
    assert not isinstance(function, TooLarge)
    powers = powers_of(function, names)
    assert isinstance(powers, Indices)
    found = {name: dict(table) for name, table in indices_by_name(function, names).items()}
    return found | {"banzhaf": powers.banzhaf, "shapley_shubik": powers.shapley_shubik}


def all_hold(tables: dict[str, dict[str, Interval]], truth: dict[str, dict[str, Fraction]]) -> bool:
    return all(
        found.low <= truth[name].get(actor, Fraction(0)) <= found.high and found.low <= found.estimate <= found.high
        for name, table in tables.items()
        for actor, found in table.items()
    )


GAMES = (
    weighted([4, 4, 4, 2, 2, 1], 12),
    weighted([9, 1, 1, 1, 1, 1, 1], 9),
    weighted([1] * 9, 7),
    weighted([3 * 10**30, 2 * 10**30, 10**30, 10**30 + 1], 4 * 10**30),
)


@pytest.mark.parametrize("game", range(len(GAMES)))
def test_intervals_hold_together_as_often_as_they_say(game: int) -> None:
    """Forty seeds: with a confidence of 999 in 1,000, one failure would already be a rare event, and two a fault."""
    system = GAMES[game]
    names = plan_of(system).actors
    truth = exact_tables(system, names)
    held = 0
    for seed in range(40):
        swings = banzhaf_sampled(system, seed=seed, work=30_000)
        orders = shapley_shubik_sampled(system, seed=seed, work=30_000)
        assert isinstance(swings, Sampled)
        assert isinstance(orders, Sampled)
        assert swings.confidence == Fraction(999, 1000)
        held += all_hold({**swings.tables, **orders.tables}, truth)  # type: ignore[dict-item]
    assert held >= 39


def test_intervals_of_blocs_and_of_chances_hold() -> None:
    system = weighted([4, 4, 4, 2, 2, 1], 12)
    names = plan_of(system).actors
    blocs = [names[:2], names[3:5]]
    exact = bloc_values(system, names, blocs)
    assert isinstance(exact, BlocValues)
    chances = {"a000": Fraction(9, 10), "a005": Fraction(0)}
    passes, swings = Game(system, names).chances({name: chances.get(name, Fraction(1, 2)) for name in names})
    for seed in range(20):
        found = owen_sampled(system, blocs, seed=seed, work=60_000)
        assert isinstance(found, Sampled)
        for name, table in found.tables.items():
            for actor, each in table.items():
                assert each.low <= getattr(exact, name)[actor] <= each.high
        uneven = banzhaf_sampled(system, seed=seed, chances=chances, work=30_000)
        assert isinstance(uneven, Sampled)
        for actor in names:
            assert uneven.tables["swings"][actor].low <= swings[actor] <= uneven.tables["swings"][actor].high
            assert uneven.tables["passes"][actor].low <= passes <= uneven.tables["passes"][actor].high


def test_intervals_are_about_as_narrow_as_a_sample_allows() -> None:
    """Four times the work halves them; at 99.9% for nine actors they are some four standard errors to each side."""
    system = weighted([1] * 9, 5)
    widths = []
    for work in (500_000, 2_000_000):
        found = banzhaf_sampled(system, seed=3, work=work)
        assert isinstance(found, Sampled)
        chance = 70 / 256
        error = (chance * (1 - chance) / found.samples) ** 0.5
        for each in found.tables["penrose"].values():
            assert 3 * error < each.high - each.estimate < 5.5 * error
        widths.append(max(float(each.tolerance) for each in found.tables["penrose"].values()))
    assert 1.8 < widths[0] / widths[1] < 2.2


def test_a_seed_gives_the_same_answer_and_another_seed_another() -> None:
    system = weighted([5, 4, 3, 2, 1], 8)
    first, again, other = (banzhaf_sampled(system, seed=seed, work=20_000) for seed in (7, 7, 8))
    assert first == again != other


def test_a_sample_of_ten_thousand_holders_keeps_to_its_work() -> None:
    found = banzhaf_sampled(weighted([at % 997 + 1 for at in range(10_000)], 2_500_000), seed=1)
    assert isinstance(found, Sampled)
    assert found.samples >= 400
    tolerance = max(each.tolerance for each in found.tables["penrose"].values())
    assert 0 < tolerance < Fraction(1, 10)
    assert all(each.high > 0 for each in found.tables["penrose"].values())


def test_what_is_too_much_work_is_refused() -> None:
    drawing = Drawing()
    names = tuple(drawing.actor(f"a{at:03}") for at in range(200))
    votes = [
        drawing.add(AtLeast(names, same_in_every_mode([(at * k) % 7 + 1 for at in range(200)], 300)))
        for k in range(1, 12)
    ]
    system = drawing.system(drawing.add(Or(tuple(votes))))
    refused = banzhaf_sampled(system, seed=1, work=10_000)
    assert isinstance(refused, TooLarge)
    assert isinstance(banzhaf_sampled(system, seed=1, work=10_000_000), Sampled)


def test_bounds_of_means() -> None:
    lows, highs = mean_bounds(np.array([0.0, 0.5, 1.0]), 1000, 0.001)
    assert lows[0] == 0 < highs[0] < 0.01
    assert 0.44 < lows[1] < 0.5 < highs[1] < 0.56
    assert 0.99 < lows[2] < highs[2] == 1
    low, high = total_bounds(3.0, 0.0, 10.0, 10_000, 0.001)
    assert 2.9 < low < 3 < high < 3.1
