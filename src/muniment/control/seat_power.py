"""Which seats a party can fill, and empty, alone."""

from __future__ import annotations

from typing import NamedTuple

from muniment.book.structure import Structure
from muniment.control.compile import Compiler
from muniment.control.compiled import Directors, SeatsEmptied, SeatsFilled
from muniment.control.directors import seats_that_lead_back
from muniment.control.formula import Mode, least, prepare, risen


class Seats(NamedTuple):
    """How many seats of an entity's bodies a party fills, and empties, with everyone else saying no."""

    party: str
    fills: int
    empties: int


def seats_of_parties(structure: Structure, entity: str, directors: Directors) -> tuple[Seats, ...]:
    """Return, for each party, how many seats of each group of an entity's bodies it fills and empties alone."""
    owner = structure.entities.get(entity)
    if owner is None or not owner.bodies:
        return ()
    wanted = [
        (body.id, group.id, seat.number)
        for body in owner.bodies.values()
        for group in body.groups.values()
        for seat in group.seats
        if group.votes_each > 0
    ]

    def also(compiler: Compiler) -> None:
        for body_id, group_id, number in wanted:
            compiler.number(SeatsFilled(entity, body_id, group_id, number))
            compiler.number(SeatsEmptied(entity, body_id, group_id, number))

    own = seats_that_lead_back(structure, also) if directors == "loyal" else ()
    compiler = Compiler(structure, directors, own)
    also(compiler)
    compiler.run()
    compiled = compiler.finish(compiler.no)
    circuit = prepare(compiled.system, Mode.CERTAIN)
    nobody = least(circuit, ())
    found: list[Seats] = []
    for name in sorted(circuit.leaves):
        reached = risen(circuit, nobody, [circuit.leaves[name]])
        counts: dict[tuple[str, str], list[int]] = {}
        for body_id, group_id, number in wanted:
            count = counts.setdefault((body_id, group_id), [0, 0, 0])
            count[0] += compiled.names[SeatsFilled(entity, body_id, group_id, number)] in reached
            count[1] += compiled.names[SeatsEmptied(entity, body_id, group_id, number)] in reached
            count[2] += 1
        found.extend(
            Seats(name, body_id, group_id, fills, empties, of)
            for (body_id, group_id), (fills, empties, of) in counts.items()
            if fills or empties
        )
    return tuple(found)
