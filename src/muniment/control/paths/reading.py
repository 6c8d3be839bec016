"""What is decided in a position: the rules of an edited structure, read by the ordinary compiler.

Nothing here knows of path problems or of how plans are found, so a plan can be checked by it. Vacant seats agree to
nothing. A seat that was filled by a move is held by a nominee, who agrees with whoever chose the nominee.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from muniment.book.structure import Entity, SeatGroup, Structure
from muniment.control.clauses import MAJORITY
from muniment.control.compile import Compiler
from muniment.control.compiled import (
    BodyDecides,
    Compiled,
    Directors,
    EntityActs,
    Key,
    MatterPasses,
    PoolDecides,
    SeatAgrees,
    SeatKey,
    SeatsElected,
    SeatsEmptied,
    SeatsFilled,
    Setting,
)
from muniment.control.conditioned import nodes_named
from muniment.control.directors import seats_that_lead_back
from muniment.control.electorates import Electorates
from muniment.control.formula import Circuit, Mode, State, least, prepare
from muniment.control.matters import basis_of
from muniment.control.paths.acts import Need
from muniment.control.paths.position import Position, nominee_of, seat_now
from muniment.model.rules import Electorate, Vote

IN_FAVOR = Mode.POSSIBLE_WITH_OTHERS
VOTE_OF_ALL = Vote(MAJORITY, Electorate("votes"))


class Side(NamedTuple):
    """Those who move together.

    Attributes:
        names: The coalition: parties, or bodies as `entity.body`.
        against: The side is everybody else, all together, and the coalition refuses.
    """

    names: frozenset[str]
    against: bool = False


class Reading:
    """The decisions of one position, each compiled once for every side that is asked.

    Args:
        position: What stands.
        keys: Decisions that will be asked for; one of something that does not exist there says no.
        parties: Parties that will be asked to agree.
        directors: How the occupants of seats act.
        blocking: Read conditions that are not monotone so that a no-show is a no.
        entities: Entities whose holders' votes will be counted.
    """

    def __init__(
        self,
        position: Position,
        keys: Iterable[Key],
        parties: Iterable[str] = (),
        *,
        directors: Directors,
        blocking: bool,
        entities: Iterable[str] = (),
    ) -> None:
        self.position = position
        structure = position.structure
        asked = {key: now for key in keys if (now := key_now(position, key)) is not None}
        counted = Electorates()

        def ask(compiler: Compiler) -> None:
            for key in asked.values():
                compiler.ask(key)
            for name in parties:
                self._party(compiler, structure, name)

        own = position.settled_now
        if directors == "loyal" and asked:
            own |= frozenset(seats_that_lead_back(structure, ask, counted))
        compiler = Compiler(structure, directors, own, blocking=blocking, electorates=counted, vacant_agree=False)
        self._asked_parties = {name: self._party(compiler, structure, name) for name in parties}
        self.all_votes = {
            name: compiler.vote(VOTE_OF_ALL, Setting(owner, "vote shares", basis_of(owner), "majority of votes"))
            for name in entities
            if (owner := structure.entities.get(name)) is not None
        }
        self._asked = {key: compiler.number(now) for key, now in asked.items()}
        compiler.run()
        self.compiled: Compiled = compiler.finish(compiler.no)
        self._circuits: dict[Mode, Circuit] = {}
        self._states: dict[tuple[Side, Mode], State] = {}

    @staticmethod
    def _party(compiler: Compiler, structure: Structure, name: str) -> int:
        owner = structure.entities.get(name) or next(iter(structure.entities.values()))
        return compiler.party(name, owner, "")

    def state(self, side: Side, mode: Mode) -> State:
        """Return the least fixpoint in which a side says yes and everyone else no."""
        found = self._states.get((side, mode))
        if found is None:
            circuit = self._circuits.get(mode)
            if circuit is None:
                circuit = self._circuits[mode] = prepare(self.compiled.system, mode)
            named = [n for numbers in nodes_named(self.compiled, sorted(side.names)).values() for n in numbers]
            members = {*side.names, *map(nominee_of, side.names)}
            if side.against:
                agreeing = [name for name in circuit.leaves if name not in members]
                found = least(circuit, agreeing, no=named)
            else:
                found = least(circuit, members, yes=named)
            self._states[(side, mode)] = found
        return found

    def number_of(self, key: Key) -> int | None:
        """Return the node of a decision that was asked for; None where what it names is not there."""
        return self._asked.get(key)

    def key_passes(self, key: Key, side: Side, mode: Mode = Mode.CERTAIN) -> bool:
        """Whether a side carries a decision."""
        number = self._asked.get(key)
        return number is not None and bool(self.state(side, mode).yes[number])

    def passes(self, need: Need, side: Side, mode: Mode = Mode.CERTAIN) -> bool:
        """Whether a side carries every decision of a need, and every party of it agrees with that side."""
        state = self.state(side, mode)
        return all(self.key_passes(key, side, mode) for key in need.keys) and all(
            bool(state.yes[self._asked_parties[name]]) if name in self._asked_parties else False
            for name in need.parties
        )

    def outsiders(self, who: Collection[str]) -> tuple[str, ...]:
        """Return who decides for himself and is not of a coalition, persons before entities, in order of id."""
        members = {*who, *map(nominee_of, who)}
        circuit = (
            prepare(self.compiled.system, Mode.CERTAIN) if not self._circuits else next(iter(self._circuits.values()))
        )
        entities = self.position.structure.entities
        return tuple(sorted((n for n in circuit.leaves if n not in members), key=lambda n: (n in entities, n)))


def read(
    position: Position, needs: Iterable[Need], goals: Iterable[Key] = (), *, directors: Directors, blocking: bool
) -> Reading:
    """Return the reading of a position for several needs and goals.

    Args:
        position: What stands.
        needs: What moves need.
        goals: Decisions wanted.
        directors: How the occupants of seats act.
        blocking: Read conditions that are not monotone so that a no-show is a no.
    """
    listed = tuple(needs)
    keys = dict.fromkeys([*goals, *(key for need in listed for key in need.keys)])
    parties = dict.fromkeys(name for need in listed for name in need.parties)
    return Reading(position, keys, parties, directors=directors, blocking=blocking)


def says(
    position: Position,
    need: Need,
    agreeing: Collection[str],
    *,
    directors: Directors,
    blocking: bool,
    mode: Mode = Mode.CERTAIN,
) -> bool:
    """Whether those who agree carry a need, with everyone else saying no.

    Every decision must say yes in the least fixpoint, and every party must agree. A party that is an entity agrees if
    its own rule does, or if it is itself among those who agree.

    Args:
        position: What stands.
        need: What is needed.
        agreeing: Parties, or bodies as `entity.body`; an entity or body that is named says yes whatever its rule says.
        directors: How the occupants of seats act.
        blocking: Read conditions that are not monotone so that a no-show is a no.
        mode: What is assumed of bounds and of holders who do not act together.
    """
    return read(position, [need], directors=directors, blocking=blocking).passes(need, Side(frozenset(agreeing)), mode)


def who_is_needed(reading: Reading, need: Need, who: Collection[str], mode: Mode = Mode.CERTAIN) -> tuple[str, ...]:
    """Return members of a coalition who suffice for a need, none of whom can be left out; sorted.

    Of several such sets the one is taken that is left when members are dropped in reverse order of id.

    Args:
        reading: The reading of a position, with that need asked for.
        need: What the coalition carries.
        who: The coalition.
        mode: What is assumed of bounds and of holders who do not act together.
    """
    kept = sorted(who)
    for name in sorted(who, reverse=True):
        rest = [other for other in kept if other != name]
        if reading.passes(need, Side(frozenset(rest)), mode):
            kept = rest
    return tuple(kept)


def key_now(position: Position, key: Key) -> Key | None:
    """Return a decision as the structure of a position numbers it; None where what it names is not there."""
    entity = position.structure.entities.get(key.entity)
    if entity is None:
        return None
    match key:
        case MatterPasses() | EntityActs():
            return key
        case BodyDecides():
            return key if key.body in entity.bodies else None
        case PoolDecides():
            return key if any(pool.id == key.pool for pool in position.structure.pools) else None
        case SeatAgrees() | SeatsFilled() | SeatsEmptied() | SeatsElected():
            if _group_of(entity, key.body, key.group) is None:
                return None
            if not isinstance(key, SeatAgrees) and key.number == 0:
                return key
            number = seat_now(position, (key.entity, key.body, key.group, key.number))
            return None if number is None else type(key)(key.entity, key.body, key.group, number)


def _group_of(entity: Entity, body: str, group: str) -> SeatGroup | None:
    return entity.bodies[body].groups.get(group) if body in entity.bodies else None


def occupants(structure: Structure) -> Mapping[SeatKey, str | None]:
    """Return who sits in each seat of a structure, as numbered there; the holder of the office where it follows one."""
    found: dict[SeatKey, str | None] = {}
    for entity in structure.entities.values():
        for body in entity.bodies.values():
            for group in body.groups.values():
                office = entity.offices.get(group.office) if group.office else None
                for seat in group.seats:
                    occupant = seat.occupant or (office.holder if office is not None else None)
                    found[(entity.id, body.id, group.id, seat.number)] = occupant
    return found
