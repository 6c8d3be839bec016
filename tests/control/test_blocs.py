"""Blocs and unequal chances, against the definitions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_systems import Game, systems, weighted

from muniment.control import blocs as module
from muniment.control.blocs import BlocValues, SwingChances, bloc_values, check_blocs, swing_chances
from muniment.control.diagram import TooLarge
from muniment.control.formula import Actor, Mode, System
from muniment.control.functions import function_of, powers_of
from muniment.control.power import Indices
from muniment.control.truth_table import table_of


def actors_of(system: System) -> list[str]:
    return [node.name for node in system.nodes if isinstance(node, Actor)]


def partition(names: list[str], labels: list[int]) -> list[list[str]]:
    groups: dict[int, list[str]] = {}
    for name, label in zip(names, labels, strict=False):
        groups.setdefault(label, []).append(name)
    return [group for label, group in groups.items() if label]


@settings(deadline=None)
@given(systems(), st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_values_of_blocs_are_those_of_the_definitions(system: System, labels: list[int]) -> None:
    names = actors_of(system)
    blocs = partition(names, labels)
    found = bloc_values(system, names, blocs)
    assert isinstance(found, BlocValues)
    game = Game(system, names)
    assert found.owen == game.owen(blocs)
    assert found.banzhaf_owen == game.of_unions(blocs, by_order=False)
    assert found.symmetric_coalitional_banzhaf == game.of_unions(blocs, by_order=True)
    for bloc in found.blocs:
        assert sum(found.owen[name] for name in bloc) == found.of_blocs["+".join(bloc)]


@settings(deadline=None)
@given(systems())
def test_without_blocs_the_values_are_the_usual_indices(system: System) -> None:
    names = actors_of(system)
    found = bloc_values(system, names, [])
    powers = powers_of(function_of(system, Mode.CERTAIN), names)
    even = swing_chances(system, names, {})
    assert isinstance(found, BlocValues)
    assert isinstance(powers, Indices)
    assert isinstance(even, SwingChances)
    assert found.owen == found.of_blocs == powers.shapley_shubik
    assert found.banzhaf_owen == even.swings
    assert even.swing_shares == powers.banzhaf


@settings(deadline=None)
@given(systems(), st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_a_table_and_a_diagram_count_the_same(system: System, labels: list[int]) -> None:
    names = actors_of(system)
    blocs = partition(names, labels)
    by_diagram = bloc_values(system, names, blocs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "function_of", table_of)
        assert bloc_values(system, names, blocs) == by_diagram


chances = st.lists(
    st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(9, 10), Fraction(1)]), min_size=5, max_size=5
)


@settings(deadline=None)
@given(systems(), chances)
def test_chances_are_those_of_the_definition(system: System, drawn: list[Fraction]) -> None:
    names = actors_of(system)
    each = dict(zip(names, drawn, strict=False))
    found = swing_chances(system, names, each)
    assert isinstance(found, SwingChances)
    passes, swings = Game(system, names).chances(each)
    assert (found.passes, found.swings) == (passes, swings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "diagram_of", lambda *_: TooLarge("a diagram", "nothing"))
        patch.setattr(module, "function_of", table_of)
        assert swing_chances(system, names, each) == found


def test_a_bloc_can_be_worth_less_than_its_members_apart() -> None:
    """Majority of three votes: two who form a bloc decide, and share what three had."""
    found = bloc_values(weighted([1, 1, 1], 2), ["a000", "a001", "a002"], [["a000", "a001"]])
    assert isinstance(found, BlocValues)
    assert found.owen == {"a000": Fraction(1, 2), "a001": Fraction(1, 2), "a002": 0}
    assert found.of_blocs == {"a000+a001": Fraction(1), "a002": 0}


def test_blocs_of_many_members_are_exact() -> None:
    """Sixty equal votes in three blocs of twenty: every bloc a third, every member a sixtieth."""
    names = [f"a{at:03}" for at in range(60)]
    found = bloc_values(weighted([1] * 60, 31), names, [names[:20], names[20:40], names[40:]])
    assert isinstance(found, BlocValues)
    assert set(found.owen.values()) == {Fraction(1, 60)}
    assert set(found.of_blocs.values()) == {Fraction(1, 3)}


def test_refused_blocs_and_chances() -> None:
    with pytest.raises(ValueError, match="'zed'"):
        check_blocs([["ada", "zed"]], ["ada", "bo"])
    with pytest.raises(ValueError, match="two blocs"):
        check_blocs([["ada", "bo"], ["bo"]], ["ada", "bo"])
    assert check_blocs([["bo", "ada", "bo"], ["cy"]], ["ada", "bo", "cy"]) == (("ada", "bo"),)
    system = weighted([1, 1], 2)
    with pytest.raises(ValueError, match="from 0 to 1"):
        swing_chances(system, ["a000", "a001"], {"a000": Fraction(3, 2)})
    with pytest.raises(ValueError, match="'zed'"):
        swing_chances(system, ["a000", "a001"], {"zed": Fraction(1)})
