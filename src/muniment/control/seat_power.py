"""Which seats a party can fill, and empty, alone."""

from __future__ import annotations

from typing import NamedTuple

from muniment.book.structure import Structure
from muniment.control.compile import Compiler, depends_on_seat, owner_of_seat, rules_of_seat
from muniment.control.compiled import Directors, SeatsEmptied, SeatsFilled
from muniment.control.directors import seats_that_lead_back
from muniment.control.electorates import Electorates
from muniment.control.formula import Mode, least, prepare, risen


class Seats(NamedTuple):
    """How many seats of an entity's bodies a party fills, and empties, with everyone else saying no."""

    party: str
    fills: int
    empties: int


def seats_of_parties(
    structure: Structure, entity: str, directors: Directors, electorates: Electorates | None = None
) -> tuple[Seats, ...]:
    """Return, for each party that fills or empties a seat of an entity's bodies alone, how many."""
    owner = structure.entities.get(entity)
    if owner is None or not owner.bodies:
        return ()
    fillings: list[SeatsFilled] = []
    emptyings: list[SeatsEmptied] = []
    for body in owner.bodies.values():
        for group in body.groups.values():
            removed_by, filled_by = rules_of_seat(owner, body.id, group, owner_of_seat(structure, owner, group))
            for seat in group.seats if group.votes_each > 0 else ():
                alone = seat.number if depends_on_seat(filled_by) else 0
                fillings.append(SeatsFilled(entity, body.id, group.id, alone))
                alone = seat.number if depends_on_seat(removed_by) else 0
                emptyings.append(SeatsEmptied(entity, body.id, group.id, alone))

    def also(compiler: Compiler) -> None:
        for filling in fillings:
            compiler.number(filling)
        for emptying in emptyings:
            compiler.number(emptying)

    counted = electorates if electorates is not None else Electorates()
    own = seats_that_lead_back(structure, also, counted) if directors == "loyal" else ()
    compiler = Compiler(structure, directors, own, electorates=counted)
    also(compiler)
    compiler.run()
    compiled = compiler.finish(compiler.no)
    circuit = prepare(compiled.system, Mode.CERTAIN)
    nobody = least(circuit, ())
    filled = [compiled.names[key] for key in fillings]
    emptied = [compiled.names[key] for key in emptyings]
    either = {*filled, *emptied}
    found: list[Seats] = []
    for name in sorted(circuit.leaves):
        reached = risen(circuit, nobody, [circuit.leaves[name]])
        if reached & either:
            fills = sum(number in reached for number in filled)
            found.append(Seats(name, fills, sum(number in reached for number in emptied)))
    return tuple(found)
