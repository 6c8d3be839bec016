"""Levelled diagrams at scale: against truth tables, closed forms, another package's figures, and one another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from math import comb, prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba", reason="the compiled road needs the extra `scale`")

import numpy as np

from muniment.control import functions, levelled, levelled_counts, levelled_sets
from muniment.control.diagram import Diagram, TooLarge, diagram_of, dual, equal
from muniment.control.formula import (
    Actor,
    And,
    AtLeast,
    Constant,
    Drawing,
    Mode,
    Node,
    Or,
    Others,
    System,
    Weighing,
    same_in_every_mode,
)
from muniment.control.levelled import CompiledWorkshop, Limits, levelled_diagram_of
from muniment.control.levelled_counts import (
    Shares,
    Swings,
    chances_of,
    shapley_shubik_at_scale,
    shapley_shubik_of,
    swings_of,
)
from muniment.control.levelled_order import orders_of
from muniment.control.levelled_sets import fewest_of_diagram, memberships_at_scale, sets_at_scale
from muniment.control.power import Indices
from muniment.control.truth_table import (
    dual_table,
    indices_of_table,
    memberships_of_table,
    minimal_sets_of_table,
    swings_of_table,
    table_of,
    table_of_diagram,
)
from muniment.control.weighted import count_swings
from muniment.control.weighted_orders import shapley_shubik_by_size

NAMES = "abcdefghijkl"


@st.composite
def systems(draw: st.DrawFn, most_actors: int = 8, circles: bool = True) -> System:
    """Rules of any shape: votes and conditions over actors and over one another, actors in several places."""
    nodes: list[Node] = [Actor(name) for name in NAMES[: draw(st.integers(1, most_actors))]]
    nodes += draw(st.lists(st.sampled_from([Constant(True), Constant(False), Others("many")]), max_size=1))
    inner = draw(st.integers(1, 6))
    leaves = len(nodes)
    for at in range(inner):
        last = leaves + inner - 1 if circles else leaves + at - 1
        parts = tuple(draw(st.lists(st.integers(0, last), min_size=1, max_size=most_actors)))
        kind = draw(st.sampled_from("ao%%"))
        if kind == "%":
            weights = draw(st.lists(st.integers(0, 9), min_size=len(parts), max_size=len(parts)))
            quota = draw(st.integers(0, sum(weights) + 1))
            more = [Weighing(tuple(weights), max(quota - lower, 0)) for lower in (0, 0, 1, 1)]
            nodes.append(AtLeast(parts, (more[0], more[1], more[2], more[3])))
        else:
            nodes.append(And(parts) if kind == "a" else Or(parts))
    return System(tuple(nodes), len(nodes) - 1)


def drawn(system: System, mode: Mode = Mode.CERTAIN, greatest: bool = False) -> Diagram:
    found = levelled_diagram_of(system, mode, greatest=greatest)
    assert isinstance(found, Diagram)
    return found


def swung(diagram: Diagram) -> Swings:
    found = swings_of(diagram)
    assert isinstance(found, Swings)
    return found


@given(systems(), st.sampled_from(Mode), st.booleans())
@settings(max_examples=200)
def test_the_same_function_as_the_truth_table(system: System, mode: Mode, greatest: bool) -> None:
    table = table_of(system, mode, greatest=greatest)
    assert not isinstance(table, TooLarge)
    diagram = drawn(system, mode, greatest)
    assert table_of_diagram(diagram) == table
    assert sorted(diagram.levels[2:], reverse=True) == list(diagram.levels[2:])
    assert len({*zip(diagram.levels[2:], diagram.lows[2:], diagram.highs[2:], strict=True)}) == len(diagram.levels) - 2


@given(systems(most_actors=12, circles=False))
def test_counts_are_those_of_every_coalition(system: System) -> None:
    table = table_of(system, Mode.CERTAIN)
    assert not isinstance(table, TooLarge)
    diagram = drawn(system)
    found = swung(diagram)
    assert found == levelled_counts.swings_in_whole_numbers(diagram)
    assert found.passing == table.bits.bit_count()
    assert found.counts == dict(zip(table.actors, map(sum, swings_of_table(table)), strict=True))
    wanted = indices_of_table(table, table.actors).shapley_shubik
    exact = shapley_shubik_at_scale(diagram, exact=True)
    assert isinstance(exact, Shares)
    assert exact == Shares({name: wanted[name] for name in diagram.actors}, Fraction(0))
    near = shapley_shubik_at_scale(diagram, exact=False)
    assert isinstance(near, Shares)
    assert near.tolerance < Fraction(1, 10**12)
    assert all(abs(near.values[name] - wanted[name]) <= near.tolerance for name in wanted)


@given(systems(most_actors=12, circles=False))
def test_sets_are_those_of_every_coalition(system: System) -> None:
    table = table_of(system, Mode.CERTAIN)
    assert not isinstance(table, TooLarge)
    diagram = drawn(system)
    assert sets_at_scale(diagram) == minimal_sets_of_table(table)
    assert sets_at_scale(diagram, blocking=True) == minimal_sets_of_table(dual_table(table))
    assert fewest_of_diagram(diagram) == minimal_sets_of_table(table).smallest
    assert fewest_of_diagram(diagram, blocking=True) == minimal_sets_of_table(dual_table(table)).smallest
    found = memberships_at_scale(diagram)
    assert not isinstance(found, TooLarge)
    wanted = memberships_of_table(table)
    assert found.sets == minimal_sets_of_table(table).number
    assert found.members == {name: sum(wanted[name].values()) for name in diagram.actors}
    assert found.shares == {
        name: sum((Fraction(count, size) for size, count in wanted[name].items()), Fraction(0))
        for name in diagram.actors
    }
    assert levelled_sets.memberships_of_diagram(diagram) == found


@given(systems(circles=False))
def test_certificates(system: System) -> None:
    diagram = drawn(system)
    n = len(diagram.actors)
    found, other = swung(diagram), swung(dual(diagram))
    assert found.counts == other.counts
    assert found.passing + other.passing == 1 << n
    assert len({count % 2 for count in found.counts.values()}) <= 1
    shares = shapley_shubik_of(diagram)
    assert isinstance(shares, Shares)
    assert sum(shares.values.values()) == (1 if 0 < found.passing < 1 << n else 0)
    for name, count in found.counts.items():
        assert (count == 0) == (shares.values[name] == 0)
        rest = [other for other in diagram.actors if other != name]
        vetoes = found.passing > 0 and not passes(diagram, rest)
        assert vetoes == (found.passing > 0 and count == found.passing)  # Coleman's power to prevent is 1


def passes(diagram: Diagram, agreeing: Sequence[str]) -> bool:
    at = diagram.root
    while at > 1:
        at = diagram.highs[at] if diagram.actors[diagram.levels[at]] in agreeing else diagram.lows[at]
    return at == 1


@given(systems(most_actors=6), st.lists(st.fractions(0, 1, max_denominator=97), min_size=6, max_size=6))
def test_chances_of_their_own(system: System, given_chances: list[Fraction]) -> None:
    diagram = drawn(system)
    chances = dict(zip(diagram.actors, given_chances, strict=False))
    weights = {
        agreeing: prod(
            (chances[name] if name in agreeing else 1 - chances[name] for name in diagram.actors), start=Fraction(1)
        )
        for size in range(len(diagram.actors) + 1)
        for agreeing in combinations(diagram.actors, size)
    }
    passing = sum((weight for agreeing, weight in weights.items() if passes(diagram, agreeing)), Fraction(0))
    exact = chances_of(diagram, chances, exact=True)
    near = chances_of(diagram, chances, exact=False)
    assert not isinstance(exact, TooLarge)
    assert not isinstance(near, TooLarge)
    assert (exact.passing, exact.tolerance) == (passing, 0)
    assert abs(near.passing - passing) <= near.tolerance
    for name in diagram.actors:
        swings = sum(
            (
                weight
                for agreeing, weight in weights.items()
                if passes(diagram, {*agreeing, name}) and not passes(diagram, set(agreeing) - {name})
            ),
            Fraction(0),
        )
        assert exact.swings[name] == swings
        assert abs(near.swings[name] - swings) <= near.tolerance


def test_chances_must_be_given_and_be_chances() -> None:
    diagram = drawn(weighted([2, 1], 2))
    with pytest.raises(ValueError, match="no chance is given"):
        chances_of(diagram, {"000": Fraction(1, 2)})
    with pytest.raises(ValueError, match="not between 0 and 1"):
        chances_of(diagram, {"000": Fraction(1, 2), "001": Fraction(3, 2)})


def weighted(weights: Sequence[int], quota: int) -> System:
    drawing = Drawing()
    actors = tuple(drawing.actor(f"{at:03}") for at, _ in enumerate(weights))
    return drawing.system(drawing.add(AtLeast(actors, same_in_every_mode(weights, quota))))


@given(st.lists(st.integers(0, 60), min_size=25, max_size=40), st.fractions(0, 1, max_denominator=50))
@settings(max_examples=25)
def test_one_weighted_rule_is_counted_as_by_its_weights(weights: list[int], part: Fraction) -> None:
    quota = max(1, int(sum(weights) * part))
    diagram = drawn(weighted(weights, quota))
    counted = count_swings(weights, quota)
    found = swung(diagram)
    assert [found.counts[f"{at:03}"] for at, _ in enumerate(weights)] == counted.swings
    assert found.passing == counted.winning
    if 0 < counted.winning < 1 << len(weights):
        shares = shapley_shubik_at_scale(diagram, exact=True)
        assert isinstance(shares, Shares)
        assert [shares.values[f"{at:03}"] for at, _ in enumerate(weights)] == shapley_shubik_by_size(weights, quota)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=14), st.fractions(0, 1), st.integers(1, 10**8))
def test_quotas_and_intervals_are_two_roads_to_one_node(weights: list[int], part: Fraction, grain: int) -> None:
    from muniment.control import levelled_kernels

    rounded = sorted((weight // grain + 1 for weight in weights), reverse=True)
    quota = int(sum(rounded) * part)
    store = levelled_kernels.new_store(len(rounded), 60_000, 10_000_000)
    parts = np.array([levelled_kernels.node(store, level, 0, 1) for level, _ in enumerate(rounded)], np.int64)
    made = {
        int(levelled_kernels.threshold(store, parts, np.array(rounded, np.int64), quota, most)) for most in (0, 100_000)
    }
    assert len(made) == 1
    assert made.pop() >= 0


@given(st.lists(st.integers(0, 2**58), min_size=1, max_size=10), st.fractions(0, 1))
@settings(max_examples=50)
def test_votes_of_any_size(weights: list[int], part: Fraction) -> None:
    system = weighted(weights, int(sum(weights) * part))
    table = table_of(system, Mode.CERTAIN)
    assert not isinstance(table, TooLarge)
    assert table_of_diagram(drawn(system)) == table


# Figures of power_bdd 1.0.0 (MIT), its tests: the Council of the European Union of 28 members, populations of 2019.
COUNCIL = {
    "population": [
        493559, 613894, 875898, 1324820, 1919968, 2080908, 2794184, 4076246, 4904226, 5450421, 5517919, 5806081,
        7000039, 8858775, 9772756, 10230185, 10276617, 10649800, 10722287, 11467923, 17282163, 19401658, 37972812,
        46934632, 60359546, 66647112, 67028048, 83019214,
    ],
    "penrose": [
        0.02993607521057129, 0.030137911438941956, 0.030573546886444092, 0.03132106363773346, 0.03231021761894226,
        0.0325763076543808, 0.03375901281833649, 0.03587421774864197, 0.03724370896816254, 0.03814743459224701,
        0.03825753927230835, 0.03873381018638611, 0.04070255160331726, 0.043756380677223206, 0.04526035487651825,
        0.04601353406906128, 0.046089619398117065, 0.04670339822769165, 0.04682156443595886, 0.04804880917072296,
        0.057645514607429504, 0.061206281185150146, 0.08346369862556458, 0.10274338722229004, 0.12771199643611908,
        0.13851484656333923, 0.13922742009162903, 0.17020191252231598,
    ],
    "shapley_shubik": [
        0.00883986193482761, 0.009002234136841751, 0.009357572974479695, 0.009975079747929395, 0.01078847600553079,
        0.01101647765196022, 0.012007360905597543, 0.013785377848845343, 0.014940288917944054, 0.015713165640141007,
        0.015808291968273123, 0.016225354627225675, 0.017904512379879188, 0.020593884784892994, 0.021878553213187754,
        0.022539183557153675, 0.02261653846221083, 0.023149908102795432, 0.023266568437520115, 0.024335834182718022,
        0.033006553130392136, 0.03638113536653044, 0.06241470459265586, 0.0750470799074245, 0.09954163583184986,
        0.11131426309142017, 0.11209421991189389, 0.14645588268787893,
    ],
}  # fmt: skip


def council(members: int) -> System:
    """Lisbon: 55% of the members and either 65% of the people, or no four members against it."""
    people = COUNCIL["population"][28 - members :]
    drawing = Drawing()
    actors = tuple(drawing.actor(f"{at:03}") for at in range(members))
    each = same_in_every_mode([1] * members, -(-55 * members // 100))
    enough = same_in_every_mode(people, -(-65 * sum(map(int, people)) // 100))
    no_minority = same_in_every_mode([1] * members, members - 3)
    people_or = drawing.add(Or((drawing.add(AtLeast(actors, enough)), drawing.add(AtLeast(actors, no_minority)))))
    return drawing.system(drawing.add(And((drawing.add(AtLeast(actors, each)), people_or))))


def test_council_of_the_union() -> None:
    diagram = drawn(council(28))
    found, shares = swung(diagram), shapley_shubik_of(diagram)
    assert isinstance(shares, Shares)
    assert shares.tolerance == 0
    for at, (penrose, share) in enumerate(zip(COUNCIL["penrose"], COUNCIL["shapley_shubik"], strict=True)):
        assert found.counts[f"{at:03}"] / 2**27 == pytest.approx(penrose, abs=1e-14)
        assert float(shares.values[f"{at:03}"]) == pytest.approx(share, abs=1e-14)
    sets, blocking = sets_at_scale(diagram), sets_at_scale(diagram, blocking=True)
    assert not isinstance(sets, TooLarge)
    assert not isinstance(blocking, TooLarge)
    assert (sets.smallest, blocking.smallest) == (16, 4)
    assert len(sets.listed) == len(blocking.listed) == 100


def test_council_of_27_by_every_road() -> None:
    """Too many for a truth table, so the two roads of counting, and the plain one of joining, must agree."""
    system = council(27)
    diagram, plain = drawn(system), diagram_of(system)
    assert isinstance(plain, Diagram)
    assert (
        swung(diagram)
        == swung(plain)
        == levelled_counts.swings_in_whole_numbers(plain)._replace(
            counts={name: swung(diagram).counts[name] for name in diagram.actors}
        )
    )
    assert functions.same(diagram, plain)
    powers = functions.powers_of(plain, sorted(plain.actors))
    exact = shapley_shubik_of(diagram)
    assert isinstance(powers, Indices)
    assert isinstance(exact, Shares)
    assert powers.shapley_shubik == exact.values
    assert levelled_counts.indices_of_diagram(diagram) == powers


SENATORS = [f"senator-{at:03}" for at in range(100)]
MEMBERS = [f"member-{at:03}" for at in range(435)]


def legislature() -> System:
    """Both houses and the president; a tie of the senate goes to the vice president; two thirds of both override."""
    drawing = Drawing()
    president, vice = drawing.actor("president"), drawing.actor("vice-president")
    senate, house = ([drawing.actor(name) for name in names] for names in (SENATORS, MEMBERS))
    every: Callable[..., int] = lambda *parts: drawing.add(And(parts))  # noqa: E731
    vote: Callable[[list[int], int], int] = lambda who, quota: drawing.add(  # noqa: E731
        AtLeast(tuple(who), same_in_every_mode([1] * len(who), quota))
    )
    return drawing.system(
        drawing.add(
            Or(
                (
                    every(vote(house, 218), vote(senate, 51), president),
                    every(vote(house, 218), vote(senate, 50), vice, president),
                    every(vote(house, 290), vote(senate, 67)),
                )
            )
        )
    )


def legislature_of_two_votes() -> System:
    """The same rule as two weighted votes, both of which must pass."""
    drawing = Drawing()
    actors = tuple(drawing.actor(name) for name in ("president", "vice-president", *SENATORS, *MEMBERS))
    one = same_in_every_mode([72, 0, *[0] * 100, *[1] * 435], 290)
    other = same_in_every_mode([33, 1, *[2] * 100, *[0] * 435], 134)
    return drawing.system(drawing.add(And((drawing.add(AtLeast(actors, one)), drawing.add(AtLeast(actors, other))))))


def chosen(n: int, least: int) -> int:
    return sum(comb(n, size) for size in range(least, n + 1))


def test_federal_legislature() -> None:
    diagram = drawn(legislature())
    found = swung(diagram)
    house, majority, override = chosen(435, 290), chosen(435, 218), chosen(100, 67)
    passed_senate = 2 * chosen(100, 51) + comb(100, 50)  # with either vote of the vice president
    assert found.passing == majority * passed_senate + 2 * house * override
    overridden = 2 * house * override
    assert found.counts["president"] == majority * passed_senate - overridden
    assert found.counts["vice-president"] == majority * comb(100, 50)
    signed = majority * (comb(99, 50) + comb(99, 49))
    unsigned = 2 * house * comb(99, 66)
    assert found.counts["senator-042"] == signed + unsigned
    assert found.counts["member-007"] == comb(434, 217) * passed_senate + 2 * comb(434, 289) * override
    # Figures of power_bdd 1.0.0 (MIT), its tests.
    penrose = {"president": 0.2499999999999993, "vice-president": 0.019897309346794692}
    penrose |= {"senator-000": 0.01989730934679494, "member-434": 0.009569407217589256}
    for name, figure in penrose.items():
        assert float(Fraction(found.counts[name], 1 << 536)) == pytest.approx(figure, abs=1e-14)


def test_federal_legislature_in_its_other_form() -> None:
    one, other = drawn(legislature()), drawn(legislature_of_two_votes())
    assert functions.same(one, other)
    assert swung(one).counts == swung(other).counts
    shares = shapley_shubik_of(one)
    assert isinstance(shares, Shares)
    assert 0 < shares.tolerance < Fraction(1, 10**11)
    assert abs(sum(shares.values.values()) - 1) <= shares.tolerance * 537


def test_minimal_sets_of_the_federal_legislature() -> None:
    diagram = drawn(legislature())
    sets, blocking = sets_at_scale(diagram), sets_at_scale(diagram, blocking=True)
    assert not isinstance(sets, TooLarge)
    assert not isinstance(blocking, TooLarge)
    assert sets.number == comb(435, 218) * (comb(100, 51) + comb(100, 50)) + comb(435, 290) * comb(100, 67)
    assert sets.smallest == 218 + 51 + 1
    assert sets.listed[0] == (*MEMBERS[:218], "president", *SENATORS[:51])
    assert sorted(sets.listed) == list(sets.listed)
    # 51 senators, or 50 and the vice president; the president and 34 senators or 146 members; 218 members.
    assert blocking.smallest == 35
    assert blocking.listed[0] == ("president", *SENATORS[:34])
    assert blocking.number == (comb(100, 34) + comb(435, 146) + comb(435, 218) + comb(100, 51) + comb(100, 50))


def company(holders: int, seats: int) -> System:
    """Common and preferred vote by class, holders and both classes sit on a board; a supermajority may do instead."""
    drawing = Drawing()
    actors = [drawing.actor(f"{at:03}") for at in range(holders)]
    vote: Callable[[Sequence[int], Sequence[int], int], int] = lambda who, weights, quota: drawing.add(  # noqa: E731
        AtLeast(tuple(who), same_in_every_mode(weights, quota))
    )
    common = [at * 7 % 5 + 1 for at in range(holders)]
    preferred = [(at * 11 % 4 + 1) if at % 4 == 0 else 0 for at in range(holders)]
    classes = [
        vote(actors, common, sum(common) // 2 + 1),
        vote(actors, preferred, sum(preferred) * 2 // 3 + 1),
    ]
    board = vote([*actors[:seats], *classes], [1] * (seats + 2), (seats + 2) // 2 + 1)
    instead = vote(actors, common, sum(common) * 9 // 10 + 1)
    return drawing.system(drawing.add(Or((drawing.add(And((*classes, board))), instead))))


def test_one_person_in_several_places() -> None:
    small = company(11, 3)
    table = table_of(small, Mode.CERTAIN)
    assert not isinstance(table, TooLarge)
    diagram = drawn(small)
    assert table_of_diagram(diagram) == table
    assert sets_at_scale(diagram, blocking=True) == minimal_sets_of_table(dual_table(table))
    large = drawn(company(100, 7))
    found, shares = swung(large), shapley_shubik_at_scale(large, exact=True)
    assert isinstance(shares, Shares)
    assert found == levelled_counts.swings_in_whole_numbers(large)
    assert sum(shares.values.values()) == 1
    near = shapley_shubik_at_scale(large, exact=False)
    assert isinstance(near, Shares)
    assert all(abs(near.values[name] - shares.values[name]) <= near.tolerance for name in shares.values)


def test_rules_of_hundreds_are_answered_by_the_usual_way_in() -> None:
    function = functions.function_of(company(150, 9), Mode.CERTAIN)
    assert isinstance(function, Diagram)
    sets, blocking = functions.sets_of(function), functions.blocking_sets_of(function)
    assert not isinstance(sets, TooLarge)
    assert not isinstance(blocking, TooLarge)
    assert sets.smallest is not None
    for listed, formula in ((sets.listed, function), (blocking.listed, dual(function))):
        assert len(listed) == 100
        assert list(listed) == sorted(listed, key=lambda members: (len(members), members))
        for members in listed:
            assert passes(formula, members)
            assert not any(passes(formula, [*members[:at], *members[at + 1 :]]) for at, _ in enumerate(members))


def test_circles_beyond_the_plain_limit() -> None:
    """Two companies that hold shares in each other: what each lets the other do differs only with the fixpoint."""
    drawing = Drawing()
    actors = [drawing.actor(f"{at:03}") for at in range(30)]
    one, other = drawing.reserve(), drawing.reserve()
    drawing.define(one, AtLeast((*actors[:20], other), same_in_every_mode([*range(50, 70), 900], 1000)))
    drawing.define(other, AtLeast((*actors[10:], one), same_in_every_mode([*range(30, 50), 700], 800)))
    system = drawing.system(drawing.add(And((one, other))))
    low, high = drawn(system), drawn(system, greatest=True)
    assert not functions.same(low, high)
    plain = diagram_of(system, node_limit=2_000_000, step_limit=30_000_000)
    assert isinstance(plain, Diagram)
    assert functions.same(plain, low)
    assert swung(low).passing < swung(high).passing


@given(systems())
def test_every_order_has_every_actor_once(system: System) -> None:
    orders = orders_of(system, system.root, Mode.CERTAIN)
    assert len({tuple(sorted(order)) for order in orders}) == 1
    assert all(len(set(order)) == len(order) for order in orders)
    assert len(set(orders)) == len(orders)


def test_what_is_no_longer_needed_makes_room() -> None:
    shop = CompiledWorkshop(24, 400, 100_000)
    actors = [shop.node(level, 0, 1) for level in range(24)]
    kept = shop.threshold(actors, [1] * 24, 12)
    values = {0: kept, 1: actors[5]}
    before = shop.diagram(tuple(map(str, range(24))), kept)
    for quota in range(1, 24):
        shop.threshold([values[1], *range(2, 3)], [1, 1], 1)
        try:
            shop.threshold([shop.node(level, 0, 1) for level in range(24)], [1 + (quota < 12)] * 24, quota)
        finally:
            shop.tidy(values)
    assert equal(shop.diagram(tuple(map(str, range(24))), values[0]), before)
    assert shop.node(5, 0, 1) == values[1]


def test_ten_thousand_holders_are_refused_at_once() -> None:
    system = weighted([at % 997 + 1 for at in range(10_000)], 2_500_000)
    found = levelled_diagram_of(system)
    assert isinstance(found, TooLarge)
    assert "nodes" in found.limit


def test_limits_are_kept_and_named() -> None:
    found = levelled_diagram_of(council(27), limits=Limits(nodes=2_000, steps=1_000_000))
    assert isinstance(found, TooLarge)
    assert found.limit == "2,000 nodes or 1,000,000 steps"
    assert isinstance(levelled_diagram_of(council(27), limits=Limits(steps=1_000)), TooLarge)
    enormous = levelled_diagram_of(weighted([2**62 + 1, 2**62 - 1, 3], 2**62))
    assert enormous == TooLarge("the exact table of who passes", "a sum of votes below 2^62")
    assert isinstance(levelled_diagram_of(weighted([2**70, 2**71, 2**70], 2**71)), Diagram)
    diagram = drawn(council(27))
    assert isinstance(sets_at_scale(diagram, limits=Limits(nodes=500)), TooLarge)
    assert isinstance(swings_of(diagram, work_limit=1_000), TooLarge)


def test_without_numba_the_plain_roads_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levelled, "find_spec", lambda _: None)
    found = levelled_diagram_of(company(40, 5))
    assert isinstance(found, TooLarge)
    assert "muniment[scale]" in found.limit
    function = functions.function_of(council(27), Mode.CERTAIN)
    assert isinstance(function, Diagram)
    powers = functions.powers_of(function, function.actors)
    assert isinstance(powers, Indices)
    assert sum(powers.shapley_shubik.values()) == 1
    assert not isinstance(functions.sets_of(functions.function_of(weighted([1] * 41, 21), Mode.CERTAIN)), TooLarge)
    refused = functions.function_of(weighted([at % 97 + 1 for at in range(400)], 9_000), Mode.CERTAIN)
    assert isinstance(refused, TooLarge)
    assert refused.limit.endswith("; install muniment[scale] for more")


def test_primes_are_the_greatest_and_numbers_are_joined() -> None:
    found = list(levelled_counts.primes(5, avoided=2147483629 * 3))
    assert found == [2147483647, 2147483587, 2147483579, 2147483563, 2147483549]
    number = 3**70
    assert levelled_counts.joined([[number % prime] for prime in found], found) == [number]


@pytest.mark.parametrize("n", [1, 2, 7, 40])
def test_weights_of_points_integrate_exactly(n: int) -> None:
    prime = 2147483647
    weights = levelled_counts.weights_of_points(n, prime).tolist()
    for power in range(n):
        total = sum(weight * pow(point, power, prime) for point, weight in enumerate(weights))
        assert total * (power + 1) % prime == 1


@pytest.mark.parametrize("n", [1, 2, 9, 100])
def test_gauss_legendre_points(n: int) -> None:
    points, weights = levelled_counts.gauss_legendre(n)
    wanted, of_them = np.polynomial.legendre.leggauss(n)
    assert np.abs(np.sort(points) - (1 + wanted) / 2).max() < 1e-14
    assert np.abs(np.sort(weights) - np.sort(of_them) / 2).max() < 1e-14
