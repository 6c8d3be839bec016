"""How directors act: which seats follow those who fill and empty them, and which are their occupants' own.

A rule that leads back to its own body says nothing about who stands behind the seat. Whether it does is read off the
rules as written, before anybody is asked: with everyone agreeing and only the seats of that body silent, it cannot be
satisfied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from muniment.book.structure import Structure
from muniment.control.compile import Compiler
from muniment.control.compiled import Compiled, Directors, MatterPasses, SeatAgrees, SeatKey
from muniment.control.electorates import Electorates
from muniment.control.formula import And, Mode, System, circles, fallen, greatest, parts_of, prepare

WORK_LIMIT = 20_000_000


def seats_that_lead_back(
    structure: Structure, asked: Callable[[Compiler], None], electorates: Electorates | None = None
) -> tuple[SeatKey, ...]:
    """Return the seats whose rules lead back to their own body.

    An alternative that does not lead back is enough: of an `or`, of several holders who can pass a vote without the one
    who does.

    Args:
        structure: What is in force.
        asked: Refers a compiler to the decisions asked about.
        electorates: Those of the structure that were counted before.
    """
    compiler = Compiler(structure, "loyal", as_written=True, electorates=electorates)
    asked(compiler)
    compiler.run()
    return _leading_back(compiler.finish(compiler.no))


def _leading_back(written: Compiled) -> tuple[SeatKey, ...]:
    bodies: dict[tuple[str, str], list[tuple[SeatAgrees, int]]] = {}
    for key, number in written.names.items():
        if isinstance(key, SeatAgrees):
            bodies.setdefault((key.entity, key.body), []).append((key, number))
    if not bodies:
        return ()
    in_circle = _bodies_in_circles(written, [[number for _, number in seats] for seats in bodies.values()])
    circuit = prepare(written.system, Mode.POSSIBLE_WITH_OTHERS)
    everyone = greatest(circuit, circuit.leaves)
    found: list[SeatKey] = []
    work = 0
    for seats in bodies.values():
        circular = seats[0][1] in in_circle
        gone = (fallen(circuit, everyone, [number for _, number in seats]) or set()) if circular else set()
        work += len(gone)
        for key, number in seats:
            (followed,) = parts_of(written.system.nodes[number])
            if followed in gone or not everyone.yes[followed] or work > WORK_LIMIT:
                found.append((key.entity, key.body, key.group, key.number))
    return tuple(found)


def _bodies_in_circles(written: Compiled, bodies: Sequence[Sequence[int]]) -> frozenset[int]:
    """Return the first seats of the bodies of which a seat rests, at whatever distance, on a seat of the same body.

    A body's seats are taken as one: a seat that its other seats fill leads back though they do not rest on it.
    """
    nodes = list(written.system.nodes)
    for first, *rest in bodies:
        nodes[first] = And(tuple(part for number in (first, *rest) for part in parts_of(written.system.nodes[number])))
        for number in rest:
            nodes[number] = And((first,))
    found = circles(System(tuple(nodes), written.system.root), list(written.names.values()))
    return frozenset(number for members in found for number in members)


def compile_matter(
    structure: Structure,
    entity: str,
    matter: str,
    directors: Directors,
    *,
    blocking: bool = True,
    entities_act: bool = False,
    electorates: Electorates | None = None,
) -> Compiled:
    """Compile a matter of an entity.

    Args:
        structure: What is in force.
        entity: Id of an entity of the structure.
        matter: A matter that the book or the standard knows.
        directors: How the occupants of seats act.
        blocking: Read conditions that are not monotone so that a no-show is a no.
        entities_act: Every entity that is asked is an actor.
        electorates: Those of the structure that were counted before.
    """
    key = MatterPasses(entity, matter)
    counted = electorates if electorates is not None else Electorates()
    compiler = Compiler(structure, directors, blocking=blocking, entities_act=entities_act, electorates=counted)
    root = compiler.number(key)
    compiler.run()
    if directors == "loyal" and any(isinstance(name, SeatAgrees) for name in compiler.names):
        own = seats_that_lead_back(structure, lambda asked: asked.ask(key), counted)
        if own:
            compiler = Compiler(
                structure, directors, own, blocking=blocking, entities_act=entities_act, electorates=counted
            )
            root = compiler.number(key)
            compiler.run()
    return compiler.finish(root)
