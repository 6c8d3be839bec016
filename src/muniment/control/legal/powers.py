"""Who passes and who blocks the matters of one entity, as legal tests ask it: for any set of parties, entities too.

Directors are read as loyal to those who fill and empty their seats, since every test looks through the board.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from muniment.book.rule_names import names_in_rule
from muniment.book.structure import Basis, Entity, MatterRule, Structure
from muniment.control.compile import Compiler, depends_on_seat, rules_of_seat
from muniment.control.compiled import Compiled, EntityActs, MatterPasses, SeatAgrees, SeatsEmptied, SeatsFilled
from muniment.control.directors import seats_that_lead_back
from muniment.control.evaluations import prepared_for
from muniment.control.formula import Mode, Or, State, System, fallen, least, risen
from muniment.control.legal.finding import Verdict, verdict
from muniment.control.matters import board_of, matters_of_entity
from muniment.control.reasons import records_behind

ORDINARY = "ordinary decision"
MOST_FACTS = 6


class Board(NamedTuple):
    """How much of a board a set of parties fills and empties, in votes of its seats.

    Attributes:
        votes: Votes of all seats.
        fills, empties: Certainly.
        may_fill, may_empty: Under some value of bounded facts.
    """

    votes: int
    fills: int
    empties: int
    may_fill: int
    may_empty: int

    @property
    def appoints_majority(self) -> Verdict:
        """Whether they fill more than half of it."""
        return verdict(2 * self.fills > self.votes, 2 * self.may_fill > self.votes)

    @property
    def removes_majority(self) -> Verdict:
        """Whether they empty more than half of it."""
        return verdict(2 * self.empties > self.votes, 2 * self.may_empty > self.votes)


class Said(NamedTuple):
    """What passes: the nodes of a state, but for those that changed.

    Attributes:
        changed: Nodes that say otherwise than in the state.
        now: What the changed nodes say.
    """

    state: State
    changed: Collection[int]
    now: bool

    def yes(self, number: int) -> bool:
        """Return whether a node says yes."""
        return self.now if number in self.changed else bool(self.state.yes[number])


class Powers:
    """The matters of one entity, compiled once and asked often.

    Args:
        structure: What is in force.
        entity: Whose matters.
    """

    def __init__(self, structure: Structure, entity: Entity) -> None:
        self.entity = entity
        self.matters = matters_worth_asking(entity)
        self._seats = _seats(entity)
        own = seats_that_lead_back(structure, self._refer)
        compiler = Compiler(structure, "loyal", own)
        self._refer(compiler)
        compiler.run()
        root = compiler.number(MatterPasses(entity.id, ORDINARY))
        self.compiled: Compiled = compiler.finish(root)
        self._acts: dict[str, list[int]] = {}
        for key, number in self.compiled.names.items():
            if isinstance(key, EntityActs):
                self._acts.setdefault(key.entity, []).append(number)
        own_seats = set(self.compiled.own_seats)
        self._own: dict[str, list[int]] = {}
        for key, number in self.compiled.names.items():
            if isinstance(key, SeatAgrees) and (key.entity, key.body, key.group, key.number) in own_seats:
                group = structure.entities[key.entity].bodies[key.body].groups[key.group]
                self._own.setdefault(group.seats[key.number - 1].occupant or "", []).append(number)
        # Prepared from a root that rests on everything asked, so that no bound or circle is overlooked.
        prepared = prepared_for(_with_root(self.compiled, self._roots()))
        self._circuits, self._circular = prepared.circuits, prepared.circular
        self._nobody: dict[Mode, State] = {}
        self._everyone: dict[Mode, State] = {}
        self._said: dict[tuple[Mode, frozenset[str], bool], Said] = {}
        self._among: dict[tuple[object, ...], Mapping[str, tuple[str, ...]]] = {}

    def _refer(self, compiler: Compiler) -> None:
        for matter in self.matters:
            compiler.ask(MatterPasses(self.entity.id, matter))
        for filled, emptied, _ in self._seats:
            compiler.ask(filled)
            compiler.ask(emptied)

    def _roots(self) -> tuple[int, ...]:
        names = self.compiled.names
        matters = [names[MatterPasses(self.entity.id, matter)] for matter in self.matters]
        return (*matters, *(names[key] for filled, emptied, _ in self._seats for key in (filled, emptied)))

    def alone(self, who: Collection[str], mode: Mode) -> Said:
        """Return what passes with these parties agreeing and everyone else against."""
        key = (mode, frozenset(who), True)
        if key not in self._said:
            circuit = self._circuits[mode]
            if mode not in self._nobody:
                self._nobody[mode] = least(circuit, ())
            start = [circuit.leaves[name] for name in who if name in circuit.leaves]
            start += [number for name in who for number in self._acts.get(name, ())]
            self._said[key] = Said(self._nobody[mode], risen(circuit, self._nobody[mode], start), True)
        return self._said[key]

    def without(self, who: Collection[str], mode: Mode) -> Said:
        """Return what passes with these parties against and everyone else agreeing.

        A seat that is its occupant's own is taken to agree: a director's vote is cast in office, and is no veto of the
        person.
        """
        key = (mode, frozenset(who), False)
        if key not in self._said:
            circuit = self._circuits[mode]
            if mode not in self._everyone:
                self._everyone[mode] = least(circuit, circuit.leaves)
            acts = [number for name in who for number in self._acts.get(name, ())]
            seats = [number for name in who for number in self._own.get(name, ())]
            start = [*acts, *(circuit.leaves[name] for name in who if name in circuit.leaves)]
            gone = None if seats else fallen(circuit, self._everyone[mode], start, self._circular)
            if gone is None:
                others = [name for name in circuit.leaves if name not in who]
                self._said[key] = Said(least(circuit, others, yes=seats, no=acts), frozenset(), True)
            else:
                self._said[key] = Said(self._everyone[mode], gone, False)
        return self._said[key]

    def passes(self, who: Collection[str], matter: str) -> Verdict:
        """Return whether these parties pass a matter with everyone else against."""
        number = self.compiled.names[MatterPasses(self.entity.id, matter)]
        return verdict(self.alone(who, Mode.CERTAIN).yes(number), self.alone(who, Mode.POSSIBLE).yes(number))

    def blocks(self, who: Collection[str], matter: str) -> Verdict:
        """Return whether a matter that can pass cannot pass without these parties."""
        number = self.compiled.names[MatterPasses(self.entity.id, matter)]
        if not self.without((), Mode.POSSIBLE_WITH_OTHERS).yes(number):
            return "no"
        return verdict(
            not self.without(who, Mode.POSSIBLE_WITH_OTHERS).yes(number),
            not self.without(who, Mode.CERTAIN_WITH_OTHERS).yes(number),
        )

    def carriers(self, parties: Sequence[str]) -> tuple[str, ...]:
        """Return those of some parties who each carry the ordinary decisions alone."""
        key = ("carriers", tuple(parties))
        if key not in self._among:
            self._among[key] = {name: (ORDINARY,) for name in parties if self.passes((name,), ORDINARY) == "yes"}
        return tuple(self._among[key])

    def stoppers(self, parties: Sequence[str], matters: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return those of some parties who each can stop some of these matters, with the matters."""
        key = ("stoppers", tuple(parties), tuple(matters))
        if key not in self._among:
            found = {name: tuple(m for m in matters if self.blocks((name,), m) == "yes") for name in parties}
            self._among[key] = {name: stopped for name, stopped in found.items() if stopped}
        return self._among[key]

    def board(self, who: Collection[str]) -> Board | None:
        """Return how much of the board these parties fill and empty alone; None if there is no board with votes."""
        votes = sum(weight for _, _, weight in self._seats)
        if not votes:
            return None
        counts = []
        for mode in (Mode.CERTAIN, Mode.POSSIBLE):
            said, names = self.alone(who, mode), self.compiled.names
            counts.append(sum(weight for filled, _, weight in self._seats if said.yes(names[filled])))
            counts.append(sum(weight for _, emptied, weight in self._seats if said.yes(names[emptied])))
        return Board(votes, counts[0], counts[1], counts[2], counts[3])

    def is_decided_by(self, holders: Collection[str]) -> bool:
        """Whether all holders of votes, named and unnamed, together carry the ordinary decisions."""
        number = self.compiled.names[MatterPasses(self.entity.id, ORDINARY)]
        return self.alone(holders, Mode.POSSIBLE_WITH_OTHERS).yes(number)

    @property
    def open_facts(self) -> tuple[str, ...]:
        """Return the facts behind these matters that are stated within bounds only."""
        return tuple(dict.fromkeys(fact for facts in self.compiled.facts.values() for fact in facts))[:MOST_FACTS]

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Return what compiling had to assume."""
        return self.compiled.assumptions

    def records(self, who: Collection[str], matter: str = ORDINARY) -> tuple[Basis, ...]:
        """Return the records that a matter rests on where these parties stand."""
        number = self.compiled.names[MatterPasses(self.entity.id, matter)]
        leaves = self._circuits[Mode.CERTAIN].leaves
        deciding = {name for name in who if name in leaves}
        return records_behind(_with_root(self.compiled, (number,)), deciding)

    def records_of_seats(self) -> tuple[Basis, ...]:
        """Return the records of how the seats of the board are filled and emptied."""
        names = self.compiled.names
        found = [
            basis
            for filled, emptied, _ in self._seats
            for key in (filled, emptied)
            for basis in self._basis(names[key])
        ]
        return tuple(dict.fromkeys(found))

    def _basis(self, number: int) -> Iterable[Basis]:
        node = self.compiled.system.nodes[number]
        parts = getattr(node, "parts", ())
        return (basis for at in (number, *parts) for basis in self.compiled.bases.get(at, ()))


def matters_worth_asking(entity: Entity) -> tuple[str, ...]:
    """Return the matters that the records give a rule or a consent, with the ordinary decisions of the entity."""
    stated = [matter for matter in matters_of_entity(entity) if matter != "vote shares"]
    return tuple(dict.fromkeys((ORDINARY, *stated)))


def _seats(entity: Entity) -> tuple[tuple[SeatsFilled, SeatsEmptied, int], ...]:
    """Return, for each seat of the board that votes, who fills it, who empties it, and its votes."""
    body = board_of(entity)
    found: list[tuple[SeatsFilled, SeatsEmptied, int]] = []
    for group in body.groups.values() if body is not None else ():
        assert body is not None
        removed_by, filled_by = rules_of_seat(entity, body.id, group)
        for seat in group.seats if group.votes_each > 0 else ():
            filled = SeatsFilled(entity.id, body.id, group.id, seat.number if depends_on_seat(filled_by) else 0)
            emptied = SeatsEmptied(entity.id, body.id, group.id, seat.number if depends_on_seat(removed_by) else 0)
            found.append((filled, emptied, group.votes_each))
    return tuple(found)


def _with_root(compiled: Compiled, parts: tuple[int, ...]) -> Compiled:
    """Return the same system asked about several of its nodes at once."""
    if len(parts) == 1:
        return compiled._replace(system=System(compiled.system.nodes, parts[0]))
    nodes = (*compiled.system.nodes, Or(parts))
    return compiled._replace(system=System(nodes, len(nodes) - 1))


def parties_named(entity: Entity) -> tuple[str, ...]:
    """Return the parties that an entity's own rules name."""
    rules = [rule for rule in entity.rules.values() if not rule.assumed]
    for office in entity.offices.values():
        rules += [rule for rule in (office.filled_by, office.removed_by) if rule is not None]
    for body in entity.bodies.values():
        for group in body.groups.values():
            rules += [rule for rule in (group.filled_by, group.removed_by) if rule is not None]
    return tuple(dict.fromkeys(name for rule in rules for name in _parties_of(rule)))


def _parties_of(stated: MatterRule) -> Iterable[str]:
    return (words for kind, words in names_in_rule(stated.rule) if kind == "party")
