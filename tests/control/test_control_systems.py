"""Systems with circles: worklists, diagrams and truth tables against plain iteration over every coalition."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from muniment.control.coalitions import minimal_sets
from muniment.control.compiled import Compiled
from muniment.control.diagram import Diagram, TooLarge, diagram_of, dual, holds
from muniment.control.evaluations import Prepared, circular_holdings, prepared_for, who_alone, who_can_block
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
    circles,
    greatest,
    least,
    prepare,
    same_in_every_mode,
)
from muniment.control.functions import same
from muniment.control.truth_table import dual_table, minimal_sets_of_table, table_of, table_of_diagram

SIZE = 9


@st.composite
def systems(draw: st.DrawFn) -> System:
    """Any nodes that refer to any nodes, circles included."""
    nodes: list[Node] = [Actor(name) for name in "abcde"[: draw(st.integers(1, 5))]]
    nodes += draw(st.lists(st.sampled_from([Constant(True), Constant(False), Others("many")]), max_size=1))
    inner = draw(st.integers(1, SIZE - 2))
    last = len(nodes) + inner - 1
    for _ in range(inner):
        parts = tuple(draw(st.lists(st.integers(0, last), min_size=1, max_size=4)))
        kind = draw(st.sampled_from("ao%"))
        if kind == "%":
            weights = draw(st.lists(st.integers(0, 5), min_size=len(parts), max_size=len(parts)))
            nodes.append(AtLeast(parts, same_in_every_mode(weights, draw(st.integers(0, sum(weights) + 1)))))
        else:
            nodes.append(And(parts) if kind == "a" else Or(parts))
    return System(tuple(nodes), last)


def by_iteration(system: System, agreeing: Sequence[str], others: bool, start: bool) -> list[bool]:
    """The definition: from all no (or all yes), apply every node until nothing changes."""
    said = [start] * len(system.nodes)

    def value(node: Node) -> bool:
        match node:
            case Actor(name):
                return name in agreeing
            case Others():
                return others
            case Constant(always):
                return always
            case And(parts):
                return all(said[part] for part in parts)
            case Or(parts):
                return any(said[part] for part in parts)
            case AtLeast(parts, weighings):
                weights, quota = weighings[0]
                return sum(weight for part, weight in zip(parts, weights, strict=True) if said[part]) >= quota

    while True:
        following = [value(node) for node in system.nodes]
        if following == said:
            return said
        said = following


def coalitions_of(system: System) -> list[tuple[str, ...]]:
    names = [node.name for node in system.nodes if isinstance(node, Actor)]
    return [chosen for size in range(len(names) + 1) for chosen in combinations(names, size)]


def minimal(passing: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [one for one in passing if not any(set(other) < set(one) for other in passing)]


@given(systems(), st.booleans())
def test_worklists_find_both_fixpoints(system: System, others: bool) -> None:
    circuit = prepare(system, Mode.CERTAIN_WITH_OTHERS if others else Mode.CERTAIN)
    for agreeing in coalitions_of(system):
        assert list(map(bool, least(circuit, agreeing).yes)) == by_iteration(system, agreeing, others, False)
        assert list(map(bool, greatest(circuit, agreeing).yes)) == by_iteration(system, agreeing, others, True)


@given(systems(), st.booleans())
def test_diagrams_and_tables_agree_with_every_coalition(system: System, from_above: bool) -> None:
    diagram = diagram_of(system, Mode.CERTAIN, greatest=from_above)
    table = table_of(system, Mode.CERTAIN, greatest=from_above)
    assert isinstance(diagram, Diagram)
    assert not isinstance(table, TooLarge)
    assert same(diagram, table)
    assert table_of_diagram(diagram) == table
    everyone = coalitions_of(system)
    passing = [chosen for chosen in everyone if by_iteration(system, chosen, False, from_above)[system.root]]
    assert [chosen for chosen in everyone if holds(diagram, chosen)] == passing
    wanted = minimal(passing)
    for sets in (minimal_sets(diagram), minimal_sets_of_table(table)):
        assert not isinstance(sets, TooLarge)
        assert list(sets.listed) == wanted
        assert sets.number == len(wanted)


@given(systems())
def test_blocking_sets_are_the_dual(system: System) -> None:
    diagram = diagram_of(system)
    table = table_of(system, Mode.CERTAIN)
    assert isinstance(diagram, Diagram)
    assert not isinstance(table, TooLarge)
    everyone = coalitions_of(system)
    rest = {chosen: tuple(name for name in everyone[-1] if name not in chosen) for chosen in everyone}
    blocking = [chosen for chosen in everyone if not by_iteration(system, rest[chosen], False, False)[system.root]]
    for sets in (minimal_sets(dual(diagram)), minimal_sets_of_table(dual_table(table))):
        assert not isinstance(sets, TooLarge)
        assert list(sets.listed) == minimal(blocking)
    assert same(dual(dual(diagram)), diagram)


def bare(system: System) -> Prepared:
    return prepared_for(Compiled(system, {}, {}, {}, (), (), {}, (), "loyal"))


@given(systems())
def test_alone_and_block_are_single_evaluations(system: System) -> None:
    prepared = bare(system)
    everyone = prepared.actors
    passes = lambda chosen, others: by_iteration(system, chosen, others, False)[system.root]  # noqa: E731
    alone = who_alone(prepared, Mode.CERTAIN)
    assert alone == tuple(name for name in everyone if passes((name,), False))
    if passes(everyone, True):
        found, only_circular = who_can_block(prepared, False)
        assert not only_circular
        without = lambda name: tuple(other for other in everyone if other != name)  # noqa: E731
        assert found == tuple(name for name in everyone if not passes(without(name), True))


@given(systems())
def test_no_circle_no_circular_holding(system: System) -> None:
    if not circles(system, [system.root]):
        assert circular_holdings(bare(system)) == ((), ())


@given(systems(), st.integers(0, SIZE - 1))
def test_more_consent_never_undoes_a_decision(system: System, at: int) -> None:
    circuit = prepare(system, Mode.CERTAIN)
    for chosen in coalitions_of(system):
        before, after = least(circuit, chosen).yes, least(circuit, {*chosen, "abcde"[at % 5]}).yes
        assert all(late >= early for early, late in zip(before, after, strict=True))


def on_a_small_stack(work: Callable[[], None]) -> None:
    """Run on a thread of 256 KB, where deep recursion would end the process."""
    failures: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)

    before = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=guarded)
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert not failures, failures


def test_a_chain_and_a_circle_of_a_hundred_thousand() -> None:
    def work() -> None:
        chain = Drawing()
        last = chain.actor("a")
        for _ in range(100_000):
            last = chain.wrap(last)
        system = chain.system(last)
        assert least(prepare(system, Mode.CERTAIN), ["a"]).yes[last]
        diagram = diagram_of(system)
        assert isinstance(diagram, Diagram)
        assert holds(diagram, ["a"])
        circle = Drawing()
        numbers = [circle.reserve() for _ in range(100_000)]
        for at, number in enumerate(numbers):
            circle.define(number, And((numbers[at - 1],)))
        system = circle.system(numbers[0])
        assert not least(prepare(system, Mode.CERTAIN), []).yes[numbers[0]]
        assert greatest(prepare(system, Mode.CERTAIN), []).yes[numbers[0]]
        assert len(circles(system, [numbers[0]])) == 1
        assert isinstance(diagram_of(system), Diagram)

    on_a_small_stack(work)
