"""Power indices: textbook functions, diagrams and truth tables against published tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from control_books import SHARED
from hypothesis import given
from hypothesis import strategies as st

from muniment.control.coalitions import memberships
from muniment.control.diagram import Diagram, TooLarge, diagram_of
from muniment.control.formula import And, AtLeast, Drawing, Mode, Or, System, same_in_every_mode
from muniment.control.functions import function_of, powers_of, sets_of
from muniment.control.more_indices import indices_by_name
from muniment.control.power import Indices, banzhaf, indices, shapley_shubik
from muniment.control.truth_table import indices_of_table, table_of

PRINTED = {
    "banzhaf_abs": "penrose",
    "johnston": "johnston",
    "coleman_prevent": "coleman_prevent",
    "coleman_initiate": "coleman_initiate",
    "deegan_packel": "deegan_packel",
    "holler": "holler",
}
PUBLISHED = SHARED / "published" / "power.json"


def weighted(weights: Sequence[int], quota: int) -> System:
    return rule_of(list(range(len(weights))), [(weights, quota)], [[0]])


def rule_of(
    names: Sequence[object], leaves: Sequence[tuple[Sequence[int], int]], groups: Sequence[Sequence[int]]
) -> System:
    drawing = Drawing()
    actors = tuple(drawing.actor(f"{at:03}") for at, _ in enumerate(names))
    votes = [drawing.add(AtLeast(actors, same_in_every_mode(weights, quota))) for weights, quota in leaves]
    return drawing.system(
        drawing.add(Or(tuple(drawing.add(And(tuple(votes[at] for at in group))) for group in groups)))
    )


def games() -> list[dict[str, Any]]:
    if not PUBLISHED.is_file():
        return []
    return [
        game for game in json.loads(PUBLISHED.read_text(encoding="utf-8")) if len(game["leaves"][0]["weights"]) <= 60
    ]


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the folder `shared` does not stand beside the checkout")
@pytest.mark.parametrize("game", games(), ids=lambda game: game["id"])
def test_published_indices(game: dict[str, Any]) -> None:
    leaves = [([int(weight) for weight in leaf["weights"]], int(leaf["quota"])) for leaf in game["leaves"]]
    system = rule_of(leaves[0][0], leaves, game["wins_if_any_group_of_leaves_all_met"])
    diagram = diagram_of(system)
    assert isinstance(diagram, Diagram)
    found = indices(diagram, [f"{at:03}" for at, _ in enumerate(leaves[0][0])])
    assert isinstance(found, Indices)
    for field, table in (("banzhaf_norm", found.banzhaf), ("ss", found.shapley_shubik)):
        for share, printed in zip(table.values(), game["expected"].get(field, []), strict=False):
            assert abs(share - Fraction(printed)) <= Fraction(game["tolerance"])
            if printed == "0":
                assert share == 0


def test_textbook_examples() -> None:
    assert [str(share) for share in banzhaf([4, 4, 4, 2, 2, 1], 12)] == ["5/21", "5/21", "5/21", "1/7", "1/7", "0"]
    assert [str(share) for share in shapley_shubik([3, 2, 1, 1], 4)] == ["1/2", "1/6", "1/6", "1/6"]
    # [2; 2, 1, 1]: a peer gives all to the first, who passes alone but not only
    assert [str(share) for share in banzhaf([2, 1, 1], 2)] == ["3/5", "1/5", "1/5"]


@pytest.mark.parametrize(("weights", "quota"), [([1, 1], 3), ([1, 1], 0)])
def test_refused_games(weights: list[int], quota: int) -> None:
    with pytest.raises(ValueError, match="quota"):
        banzhaf(weights, quota)


weights_and_quota = st.lists(st.integers(0, 12), min_size=1, max_size=9).flatmap(
    lambda weights: st.tuples(st.just(weights), st.integers(1, max(sum(weights), 1)))
)


@given(weights_and_quota)
def test_three_roads_to_the_indices(game: tuple[list[int], int]) -> None:
    weights, quota = game
    if sum(weights) < quota:
        return
    names = [f"{at:03}" for at, _ in enumerate(weights)]
    system = weighted(weights, quota)
    diagram, table = diagram_of(system), table_of(system, Mode.CERTAIN)
    assert isinstance(diagram, Diagram)
    assert not isinstance(table, TooLarge)
    found = indices(diagram, names)
    assert isinstance(found, Indices)
    assert found == indices_of_table(table, names)
    assert list(found.banzhaf.values()) == banzhaf(weights, quota)
    assert list(found.shapley_shubik.values()) == shapley_shubik(weights, quota)
    assert sum(found.banzhaf.values()) == sum(found.shapley_shubik.values()) == 1
    for at, weight in enumerate(weights):
        if weight == 0:
            assert found.banzhaf[names[at]] == 0
        for other in range(at):
            if weights[other] == weight:
                assert found.shapley_shubik[names[at]] == found.shapley_shubik[names[other]]


def test_counts_beyond_any_list_are_exact() -> None:
    sets = sets_of(function_of(weighted([1] * 41, 21), Mode.CERTAIN))
    assert not isinstance(sets, TooLarge)
    assert sets.number == 269128937220
    assert sets.smallest == 21
    assert len(sets.listed) == 100
    assert sets.listed[0] == tuple(f"{at:03}" for at in range(21))
    assert list(sets.listed) == sorted(sets.listed)


def test_tangled_rules_of_24_actors_are_exact() -> None:
    names = list(range(24))
    leaves = [([(at * 7919 + k * 104729) % 9973 + 1 for at in names], 60_000) for k in (1, 2, 3, 5)]
    system = rule_of(names, leaves, [[0, 1], [2, 3]])
    assert isinstance(diagram_of(system, node_limit=2_000), TooLarge)
    table = table_of(system, Mode.CERTAIN)
    assert not isinstance(table, TooLarge)
    powers = powers_of(table, table.actors)
    assert isinstance(powers, Indices)
    assert sum(powers.shapley_shubik.values()) == 1
    diagram = diagram_of(system, node_limit=2_000_000, step_limit=30_000_000)
    assert isinstance(diagram, Diagram)
    assert indices(diagram, table.actors) == powers


def test_ten_thousand_holders_are_refused_not_hung() -> None:
    found = function_of(weighted([at % 997 + 1 for at in range(10_000)], 2_500_000), Mode.CERTAIN)
    assert isinstance(found, TooLarge)
    assert "nodes" in found.limit


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the folder `shared` does not stand beside the checkout")
@pytest.mark.parametrize("game", games(), ids=lambda game: game["id"])
def test_published_further_indices(game: dict[str, Any]) -> None:
    leaves = [([int(weight) for weight in leaf["weights"]], int(leaf["quota"])) for leaf in game["leaves"]]
    system = rule_of(leaves[0][0], leaves, game["wins_if_any_group_of_leaves_all_met"])
    names = [f"{at:03}" for at, _ in enumerate(leaves[0][0])]
    function = function_of(system, Mode.CERTAIN)
    assert not isinstance(function, TooLarge)
    found = indices_by_name(function, names)
    for field, name in PRINTED.items():
        wanted = game["expected"].get(field, [])
        for share, printed in zip(list(found.get(name, {}).values())[: len(wanted)], wanted, strict=True):
            assert abs(share - Fraction(printed)) <= Fraction(game["tolerance"])
    if "winning_coalitions" in game:
        assert found["coleman_act"][names[0]] == Fraction(game["winning_coalitions"], 1 << len(names))


@given(weights_and_quota)
def test_further_indices_against_every_coalition(game: tuple[list[int], int]) -> None:
    weights, quota = game
    if sum(weights) < quota:
        return
    voters = range(len(weights))
    names = [f"{at:03}" for at in voters]
    sums = {
        chosen: sum(weights[at] for at in chosen)
        for size in range(len(weights) + 1)
        for chosen in combinations(voters, size)
    }
    passing = [chosen for chosen, votes in sums.items() if votes >= quota]
    critical = {chosen: [at for at in chosen if sums[chosen] - weights[at] < quota] for chosen in passing}
    minimal = [chosen for chosen in passing if len(critical[chosen]) == len(chosen)]
    function = function_of(weighted(weights, quota), Mode.CERTAIN)
    assert isinstance(function, Diagram)
    table = indices_by_name(function, names)
    nothing = Fraction(0)
    swings = [sum(at in critical[chosen] for chosen in passing) for at in voters]
    johnston = [sum((Fraction(1, len(critical[c])) for c in passing if at in critical[c]), nothing) for at in voters]
    packel = [sum((Fraction(1, len(chosen)) for chosen in minimal if at in chosen), nothing) for at in voters]
    by_hand = {
        "penrose": [Fraction(count, 1 << len(weights) - 1) for count in swings],
        "coleman_prevent": [Fraction(count, len(passing)) for count in swings],
        "deegan_packel": [share / len(minimal) for share in packel],
        "holler": [Fraction(sum(at in chosen for chosen in minimal), sum(map(len, minimal))) for at in voters],
        "johnston": [share / sum(johnston) for share in johnston],
    }
    for name, wanted in by_hand.items():
        assert list(table[name].values()) == wanted
    sizes = memberships(function)
    assert not isinstance(sizes, TooLarge)
    assert {name: sum(counts.values()) for name, counts in sizes.items()} == {
        names[at]: sum(at in c for c in minimal) for at in voters
    }
