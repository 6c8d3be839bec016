"""Every index by every road: what two roads reach is the same number."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from control_books import company, decided, stated, structure_of, written
from hypothesis import given, settings
from hypothesis import strategies as st
from small_systems import Game, systems, weighted

from muniment.control import powers as module
from muniment.control import to_json
from muniment.control.diagram import TooLarge
from muniment.control.formula import Actor, And, AtLeast, Drawing, Mode, Or, System, same_in_every_mode
from muniment.control.functions import function_of
from muniment.control.gates import gates_of, weighted_rule_of
from muniment.control.plain import decimal
from muniment.control.powers import MORE, USUAL, Powers, powers_of_rule

NO_DIAGRAM = TooLarge("the exact table of who passes", "nothing, in this test")


def names_of(system: System) -> list[str]:
    return [node.name for node in system.nodes if isinstance(node, Actor)]


def powers(system: System, *, every: bool = True, without_diagram: bool = False) -> Powers:
    function = NO_DIAGRAM if without_diagram else function_of(system, Mode.CERTAIN)
    return powers_of_rule(system, Mode.CERTAIN, function, names_of(system), every=every)


@settings(deadline=None)
@given(systems(circular=False), st.sampled_from(list(Mode)))
def test_a_weighted_rule_that_is_found_is_the_rule(system: System, mode: Mode) -> None:
    rule = weighted_rule_of(system, mode)
    if rule is None:
        return
    votes = dict(zip(rule.actors, rule.weights, strict=True))
    for coalition, passes in Game(system, gates_of(system, mode).actors, mode).passing.items():
        assert passes == (sum(votes.get(name, 0) for name in coalition) >= rule.quota)


def test_consents_beside_a_vote_and_ways_around_it_are_one_weighted_rule() -> None:
    for kind, expected in ((And, ((4, 3, 2, 9), 14)), (Or, ((4, 3, 2, 5), 5))):
        drawing = Drawing()
        names = [drawing.actor(name) for name in ("a", "b", "c")]
        vote = drawing.add(AtLeast(tuple(names), same_in_every_mode([4, 3, 2], 5)))
        rule = weighted_rule_of(drawing.system(drawing.add(kind((vote, drawing.actor("z"))))))
        assert rule is not None
        assert (rule.weights, rule.quota) == expected


votes_of_many = st.lists(st.integers(1, 9), min_size=25, max_size=29).flatmap(
    lambda weights: st.tuples(st.just(weights), st.integers(1, sum(weights)))
)


@settings(deadline=None, max_examples=15)
@given(votes_of_many)
def test_weights_and_diagrams_give_the_same_indices(game: tuple[list[int], int]) -> None:
    system = weighted(*game)
    by_weight = powers(system, without_diagram=True)
    assert by_weight.tables.keys() == {*USUAL, *MORE}
    assert not by_weight.tolerance
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "weighted_rule_of", lambda *_: None)
        by_diagram = powers(system)
    for name in (*USUAL, *MORE):
        if name == "johnston":
            if name not in by_diagram.tables:  # so few coalitions pass that a sample says nothing
                assert any("johnston" in table.what for table in by_diagram.refused)
                continue
            assert abs(by_diagram.tables[name]["a000"] - by_weight.tables[name]["a000"]) <= by_diagram.tolerance[name]
        else:
            assert by_diagram.tables[name] == by_weight.tables[name], name
            assert by_diagram.is_exact(name)


@settings(deadline=None)
@given(systems(actors=5))
def test_sums_dummies_and_twins(system: System) -> None:
    function = function_of(system, Mode.CERTAIN)
    assert not isinstance(function, TooLarge)
    names = names_of(system)
    game = Game(system, names)
    found = powers(system)
    swinging = {name for name in names if any(game.swings(name, coalition) for coalition in game.passing)}
    for name in ("banzhaf", "shapley_shubik", "deegan_packel", "holler", "johnston"):
        if name in found.tables:
            assert sum(found.tables[name].values()) == bool(swinging)
            assert {actor for actor, share in found.tables[name].items() if share} == swinging
    for first in names:
        for second in names:
            if all(
                game.passing[some | {first}] == game.passing[some | {second}]
                for some in game.passing
                if first not in some and second not in some
            ):
                assert all(table[first] == table[second] for table in found.tables.values())


@settings(deadline=None)
@given(systems(actors=4, circular=False))
def test_the_dual_rule_gives_the_same_swings(system: System) -> None:
    """Who blocks swings as often as who passes: Banzhaf, Penrose and Shapley-Shubik of a rule and its dual agree."""
    names = names_of(system)
    passing = Game(system, names).passing
    drawing = Drawing()
    leaves = {name: drawing.actor(name) for name in names}
    everyone = frozenset(names)
    blocking = [some for some in passing if not passing[everyone - some]]
    sets = [drawing.add(And(tuple(leaves[name] for name in sorted(some)))) for some in blocking]
    dual = drawing.system(drawing.add(Or(tuple(sets))))
    one, other = powers(system), powers(dual)
    for name in ("banzhaf", "penrose", "shapley_shubik"):
        table = one.tables.get(name, {})
        assert {actor: share for actor, share in table.items() if share} == {
            actor: share for actor, share in other.tables.get(name, {}).items() if share
        }


def test_more_votes_never_give_a_smaller_penrose_measure() -> None:
    """Adding votes to a holder, with the same quota, never lowers its Penrose measure."""
    for more in range(5):
        less, larger = (powers(weighted([3 + extra, 2, 2, 1, 1], 5)).tables["penrose"]["a000"] for extra in (0, more))
        assert less <= larger


def test_six_hundred_equal_votes_by_weight_and_beyond_it() -> None:
    votes = 601
    found = powers(weighted([1] * votes, 301), without_diagram=True)
    (share,) = set(found.tables["shapley_shubik"].values())
    assert abs(share - Fraction(1, votes)) <= found.tolerance.get("shapley_shubik", 0) < Fraction(1, 10**9)
    assert set(found.tables["penrose"].values()) == {Fraction(comb(votes - 1, 300), 2 ** (votes - 1))}
    assert found.tables["coleman_act"]["a000"] == Fraction(1, 2)


def tangle(size: int, votes: int) -> System:
    drawing = Drawing()
    parts = tuple(drawing.actor(f"a{at:03}") for at in range(size))
    weights = [[(at * 7919 + k * 104_729) % 9973 + 1 for at in range(size)] for k in range(1, votes + 1)]
    parts_of_rule = [drawing.add(AtLeast(parts, same_in_every_mode(each, sum(each) // 2 + 1))) for each in weights]
    return drawing.system(drawing.add(And(tuple(parts_of_rule))))


def test_what_no_exact_road_reaches_is_sampled_and_says_so() -> None:
    found = powers(tangle(80, 3), without_diagram=True)
    assert found.sampled is not None
    assert found.sampled.confidence == Fraction(999, 1000)
    assert NO_DIAGRAM in found.refused
    for name in ("banzhaf", "shapley_shubik", "penrose", "johnston"):
        assert 0 < found.tolerance[name] < Fraction(1, 20)
        for actor, each in found.intervals[name].items():
            assert each.low <= found.tables[name][actor] == each.estimate <= each.high
    assert not {"holler", "deegan_packel"} & found.tables.keys()


def test_a_decision_of_thousands_says_what_is_not_exact_and_ends() -> None:
    names = [f"h{at:04}" for at in range(3_000)]
    votes = {name: at * 7919 % 9973 + 1 for at, name in enumerate(names)}
    entity = company("acme", votes=votes, rules={"merge": stated("majority of votes")})
    decision = decided(structure_of([entity], names), "acme: merge")
    assert decision.sampled is not None
    assert decision.number_of_minimal_coalitions is None
    heaviest = sorted(votes.values(), reverse=True)
    assert decision.smallest_coalition is not None
    assert sum(heaviest[: decision.smallest_coalition]) * 2 > sum(heaviest)
    assert sum(heaviest[: decision.smallest_coalition - 1]) * 2 <= sum(heaviest)
    assert decision.too_large
    fields = to_json(decision)
    assert fields["tolerance"].keys() == {"banzhaf", "shapley_shubik"}
    assert fields["sampled"] == {"samples": decision.sampled.samples, "seed": 1, "confidence": "0.999"}
    low, high = fields["intervals"]["banzhaf"]["h0001"]
    assert float(low) <= float(fields["banzhaf"]["h0001"]) <= float(high)
    assert any("seed 1" in sentence for sentence in decision.assumptions)


@settings(deadline=None)
@given(systems())
def test_more_consent_never_makes_a_matter_fail(system: System) -> None:
    passing = Game(system, names_of(system)).passing
    assert all(passing[more] for some, passes in passing.items() if passes for more in passing if some <= more)


def test_two_names_of_one_holder_merged_change_nothing() -> None:
    """A holder by two entries of the ledger has the power of one who holds both at once."""
    book = """\
2020-01-01 company acme
  law pack: none
  class common
    votes per share: 1
  rules
    merge: majority of common
2020-01-01 issue acme
  ada: {first} common
  bo: 30 common
  cy: 25 common
{second}"""
    one = decided(written(book.format(first=45, second="")), "acme: merge")
    two = decided(written(book.format(first=20, second="2020-02-01 issue acme\n  ada: 25 common\n")), "acme: merge")
    assert one.banzhaf == two.banzhaf
    assert one.shapley_shubik == two.shapley_shubik
    assert one.coalitions == two.coalitions


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(1), "1"),
        (Fraction(1, 2), "0.5"),
        (Fraction(1, 3), "0.333333333333"),
        (Fraction(2, 10**15), "0.000000000000002"),
        (Fraction(-1, 8), "-0.125"),
    ],
)
def test_decimals(number: Fraction, text: str) -> None:
    assert decimal(number) == text
