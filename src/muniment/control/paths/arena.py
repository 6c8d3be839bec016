"""Build the path problem of a matter: the rules of each stretch of time over the same bits, and the moves as steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from muniment.book.structure import Right, Structure
from muniment.control.compile import Compiler, depends_on_seat, owner_of_seat, rules_of_seat
from muniment.control.compiled import Directors, Key, MatterPasses, SeatKey, SeatsEmptied, SeatsFilled, VoteNote
from muniment.control.directors import seats_that_lead_back
from muniment.control.electorates import Electorates
from muniment.control.formula import Actor, And, AtLeast, Constant, Mode, Or, Others, System
from muniment.control.paths.acts import Act
from muniment.control.paths.changing_shares import (
    authorized_bit,
    changing_of,
    issued_bit,
    kept_bit,
    unused_bit,
    used_bit,
)
from muniment.control.paths.compile_paths import (
    Moved,
    PathCompiler,
    SeatBits,
    WrittenCompiler,
    follows_bit,
    office_bit,
    partner_bit,
    rule_bit,
    seat_bits,
    seats_without_rules,
    vacant_bit,
)
from muniment.control.paths.moves import Considered
from muniment.control.paths.problem import Bit, Effect, Either, Enough, Every, Fixed, Gate, Problem, Step
from muniment.control.paths.share_moves import new_shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of time in which nothing falls due: from a day on.

    Attributes:
        begins: The first day; the date asked for the first stretch.
        structure: What is in force then, but for the coalition's moves.
        considered: The moves that may be made then.
    """

    begins: date
    structure: Structure
    considered: Considered


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """A path problem with what its parts stand for.

    Attributes:
        problem: Bounded holdings are read against the coalition.
        hopeful: The same with bounded holdings read in its favor; the same object where nothing is bounded.
        acts: What each step of the problem does, in their order.
        actors: Number of the bit of each actor: on if it is of the coalition.
        named: The same for entities with inner rules and for bodies, which agree as named.
        votes: By gate, the thresholds that are votes.
        goals: Gate of the matter, by stretch.
        needs: By step, the gates of what it needs, in the stretches in which it can be made.
        units: By gate of a vote that moves may change, what one vote weighs.
        facts: By gate, addresses of the bounded facts it counts.
        own_seats: Seats that are their occupants' own although the reading is loyal.
        assumptions: Sentences, each once.
    """

    problem: Problem
    hopeful: Problem
    acts: tuple[Act, ...]
    actors: Mapping[str, int]
    named: Mapping[str, int]
    votes: Mapping[int, VoteNote]
    goals: tuple[int, ...]
    needs: tuple[tuple[int, ...], ...]
    units: Mapping[int, Fraction]
    facts: Mapping[int, tuple[str, ...]]
    own_seats: tuple[SeatKey, ...]
    assumptions: tuple[str, ...]

    def start(self, who: Sequence[str]) -> int:
        """Return the state in which a coalition starts: its members' bits and those that are on for anybody."""
        state = self.problem.start
        for name in who:
            for bits in (self.actors, self.named):
                if name in bits:
                    state |= 1 << bits[name]
        return state


def build(stretches: Sequence[Stretch], goal: MatterPasses, directors: Directors, *, blocking: bool = True) -> Arena:
    """Return the path problem of a matter.

    Args:
        stretches: At least one, in order of time.
        goal: The matter.
        directors: How the occupants of seats act.
        blocking: Read conditions that are not monotone so that a no-show is a no.
    """
    acts = _each_once(stretches)
    first = stretches[0].structure
    drawn = _Drawn(first, acts)
    begins = tuple(stretch.begins for stretch in stretches)
    for at, stretch in enumerate(stretches):
        drawn.add(at, stretch, goal, directors, blocking=blocking, begins=begins)
    return drawn.arena(stretches)


def name_of(act: Act) -> str:
    """Return the name of a move's step: what is done, and the way in which it is decided."""
    return f"{act.words}, {act.way}" if act.way else act.words


def _each_once(stretches: Sequence[Stretch]) -> dict[str, Act]:
    acts: dict[str, Act] = {}
    for stretch in stretches:
        for act in stretch.considered.acts:
            acts.setdefault(name_of(act), act)
    return acts


def _moved(structure: Structure, acts: Sequence[Act], rights: Sequence[Right]) -> Moved:
    seats: set[SeatKey] = set()
    abolished: set[SeatKey] = set()
    for act in acts:
        keys = {(act.entity, act.body, act.group, number) for number in act.seats}
        seats |= keys
        if act.kind == "abolish vacant seats":
            abolished |= keys
    return Moved(
        frozenset(seats),
        frozenset(abolished),
        frozenset((act.entity, act.place) for act in acts if act.place is not None),
        frozenset((act.entity, act.office) for act in acts if act.office),
        frozenset(act.entity for act in acts if act.kind == "replace general partner"),
        changing_of(structure, acts, rights),
    )


def _can_take_effect(act: Act, first: date, begins: date, ends: date | None) -> bool:
    """Whether a move can take effect in a stretch of time: no notice and no day that it waits for runs beyond it."""
    if act.last_day is not None and act.last_day < begins:
        return False
    earliest = max([first + timedelta(days=act.days), *((act.until,) if act.until is not None else ())])
    return ends is None or earliest < ends


def _once_there(seat: SeatBits, *, there: bool) -> tuple[tuple[str, bool], ...]:
    """Return bits of a seat that records bring into being, or end, and whether they are on then."""
    if there:
        return ((seat.out, False),)
    return ((seat.out, True), (seat.open, False), (seat.ours, False))


class _Drawn:
    """A problem being drawn up."""

    def __init__(self, first: Structure, acts: Mapping[str, Act]) -> None:
        self.first = first
        self.acts = acts
        self.bits: dict[str, int] = {}
        self.actors: dict[str, int] = {}
        self.named: dict[str, int] = {}
        self.gates: dict[Mode, list[Gate]] = {Mode.CERTAIN: [], Mode.POSSIBLE: []}
        self.needs: dict[str, list[int]] = {name: [] for name in acts}
        self.guards: dict[str, list[int]] = {name: [] for name in acts}
        self.goals: list[int] = []
        self.reached: list[int] = []
        self.votes: dict[int, VoteNote] = {}
        self.units: dict[int, Fraction] = {}
        self.facts: dict[int, tuple[str, ...]] = {}
        self.own: dict[SeatKey, None] = {}
        self.assumptions: dict[str, None] = {}
        self.follows: dict[str, int] = {}
        self.vacated: dict[int, list[str]] = {}
        self.rights: dict[str, Right] = {}
        self.there: dict[SeatKey, bool] = {}
        self.came: dict[int, list[tuple[str, bool]]] = {}

    def bit(self, name: str) -> int:
        return self.bits.setdefault(name, len(self.bits))

    def gate(self, gate: Gate) -> int:
        for gates in self.gates.values():
            gates.append(gate)
        return len(self.gates[Mode.CERTAIN]) - 1

    def add(
        self,
        at: int,
        stretch: Stretch,
        goal: MatterPasses,
        directors: Directors,
        *,
        blocking: bool,
        begins: Sequence[date],
    ) -> None:
        """Draw one stretch: its rules over the common bits, its moves, its goal."""
        structure = stretch.structure
        of = len(begins)
        ends = begins[at + 1] if at + 1 < of else None
        self.rights |= {right.id: right for right in structure.rights}
        moved = _moved(structure, tuple(self.acts.values()), tuple(self.rights.values()))
        keys: dict[Key, None] = {goal: None}
        for act in stretch.considered.acts:
            keys.update(dict.fromkeys(act.need.keys))
        electorates = Electorates()
        own: tuple[SeatKey, ...] = ()
        if directors == "loyal":

            def ask_all(asked: Compiler) -> None:
                for key in keys:
                    asked.ask(key)

            own = seats_that_lead_back(structure, ask_all, electorates)
        may_follow = self._add_followed(structure, moved, own) if directors == "loyal" and moved.places else ()
        compiler = PathCompiler(
            structure, directors, own, moved, may_follow=may_follow, blocking=blocking, electorates=electorates
        )
        for key in keys:
            compiler.ask(key)
        entity = structure.entities[goal.entity]
        parties = {
            name: compiler.party(name, entity, "") for act in stretch.considered.acts for name in act.need.parties
        }
        compiler.run()
        offset = len(self.gates[Mode.CERTAIN])
        system = compiler.drawing.system(compiler.names[goal])
        self._translate(system, compiler, structure, offset)
        self.votes |= {number + offset: note for number, note in compiler.votes.items()}
        self.facts |= {number + offset: facts for number, facts in compiler.facts.items()}
        self.units |= {number + offset: unit for number, unit in compiler.units.items()}
        self.own |= dict.fromkeys(compiler.own_seats)
        self.assumptions |= compiler.assumptions
        for changing in moved.changing.values():
            for bit in changing.not_followed:
                self.assumptions[f"'{bit}' is not followed in votes that are stated in percentages."] = None
        now = self._now(at, of)
        self.goals.append(compiler.names[goal] + offset)
        self.reached.append(self.gate(Every((*now, self.goals[-1]))))
        for act in stretch.considered.acts:
            if not _can_take_effect(act, self.first.on, stretch.begins, ends):
                continue
            nodes = [compiler.names[key] + offset for key in act.need.keys]
            nodes += [parties[name] + offset for name in act.need.parties]
            if act.kind == "issue shares":
                nodes.append(self._room(structure, act))
            if act.kind == "exercise right" and self._several(act):
                nodes.append(self.gate(Bit(self.bit(kept_bit(act)))))
            if act.kind == "abolish vacant seats":
                nodes.append(self._spare(structure, act))
            if act.after is not None:
                nodes.append(self.gate(Bit(self.bit(rule_bit(act.entity, act.after)))))
            if act.kind == "wait":
                continue
            needed = self.gate(Every(tuple(nodes)))
            self.needs[name_of(act)].append(needed)
            self.guards[name_of(act)].append(self.gate(Every((*now, needed))) if now else needed)
        for seat in sorted(moved.seats):
            self._note_seat(at, structure, seat)

    def _add_followed(self, structure: Structure, moved: Moved, own: Sequence[SeatKey]) -> tuple[SeatKey, ...]:
        """Draw when seats that are their occupants' own come to follow others because rules were rewritten."""
        self.follows = {}
        may_follow = tuple(dict.fromkeys((*own, *seats_without_rules(structure, moved))))
        for silent in dict.fromkeys((entity, body) for entity, body, _, _ in may_follow):
            compiler = WrittenCompiler(structure, moved, silent)
            asked: dict[SeatKey, tuple[Key, Key]] = {}
            for key in may_follow:
                if key[:2] != silent:
                    continue
                entity = structure.entities[key[0]]
                group = entity.bodies[key[1]].groups[key[2]]
                removed_by, filled_by = rules_of_seat(entity, key[1], group, owner_of_seat(structure, entity, group))
                emptied = SeatsEmptied(*key[:3], key[3] if depends_on_seat(removed_by) else 0)
                filled = SeatsFilled(*key[:3], key[3] if depends_on_seat(filled_by) else 0)
                asked[key] = (emptied, filled)
                compiler.ask(emptied)
                compiler.ask(filled)
            compiler.run()
            offset = len(self.gates[Mode.CERTAIN])
            self._translate(compiler.drawing.system(compiler.no), compiler, structure, offset)
            for key, both in asked.items():
                gate = self.gate(Every(tuple(compiler.names[each] + offset for each in both)))
                self.follows[follows_bit(*key)] = gate
        return may_follow

    def _several(self, act: Act) -> bool:
        """Whether a right can be used in more than one way, each of which uses it up."""
        return sum(each.kind == "exercise right" and each.right == act.right for each in self.acts.values()) > 1

    def _room(self, structure: Structure, act: Act) -> int:
        """Return the gate that says that shares may be issued: more are authorized, or nothing took their place."""
        more = self.gate(Bit(self.bit(authorized_bit(act.entity, act.class_id))))
        left = Fraction(structure.entities[act.entity].classes[act.class_id].authorized or 0)
        if (act.quantity or 0) > left:
            return more
        same = (act.entity, act.class_id)
        issues = [
            each for each in self.acts.values() if each.kind == "issue shares" and same == (each.entity, each.class_id)
        ]
        others = {unused_bit(each) for each in issues if (each.quantity or 0) <= left and each.quantity != act.quantity}
        if all((each.quantity or 0) <= (act.quantity or 0) for each in issues if (each.quantity or 0) <= left):
            new = new_shares(structure, act.entity, act.class_id)
            rights = [each for each in self.acts.values() if each.kind == "exercise right" and each.right in new]
            others |= {kept_bit(each) for each in rights}
        nothing_else = self.gate(Every(tuple(self.gate(Bit(self.bit(name))) for name in sorted(others))))
        return self.gate(Either((more, nothing_else)))

    def _spare(self, structure: Structure, act: Act) -> int:
        """Return the gate that says that seats may go: enough others have not been abolished."""
        group = structure.entities[act.entity].bodies[act.body].groups[act.group]
        others = [
            self.gate(Bit(self.bit(seat_bits(act.entity, act.body, act.group, seat.number).there)))
            for seat in group.seats
            if seat.number not in act.seats
        ]
        return self.gate(Enough(tuple(others), (1,) * len(others), group.least or 0))

    def _now(self, at: int, of: int) -> tuple[int, ...]:
        """Return the gates that say that it is a stretch: its day has come, and the next has not."""
        found: list[int] = []
        if at:
            found.append(self.gate(Bit(self.bit(f"day {at} has come"))))
        if at + 1 < of:
            found.append(self.gate(Bit(self.bit(f"day {at + 1} has not come yet"))))
        return tuple(found)

    def _note_seat(self, at: int, structure: Structure, key: SeatKey) -> None:
        """Note a seat that is vacant in a stretch or is not there: bits are on at the start, or changed by the wait."""
        entity = structure.entities.get(key[0])
        body = entity.bodies.get(key[1]) if entity is not None else None
        group = body.groups.get(key[2]) if body is not None else None
        there = group is not None and key[3] <= len(group.seats)
        if at == 0 or there != self.there[key]:
            self.came.setdefault(at, []).extend(_once_there(seat_bits(*key), there=there))
        self.there[key] = there
        if group is not None and there and group.seats[key[3] - 1].occupant is None:
            self.vacated.setdefault(at, []).append(seat_bits(*key).open)

    def _translate(self, system: System, compiler: PathCompiler, structure: Structure, offset: int) -> None:
        for node in system.nodes:
            for mode, gates in self.gates.items():
                gates.append(self._gate_of(node, mode, compiler, structure, offset))

    def _gate_of(self, node: object, mode: Mode, compiler: PathCompiler, structure: Structure, offset: int) -> Gate:
        match node:
            case Actor(name) if name in self.follows:
                return Either((self.follows[name],))
            case Actor(name):
                bit = self.bit(name)
                if name not in compiler.bits:
                    inner = name in structure.entities or name.rpartition(".")[0] in structure.entities
                    (self.named if inner and name not in self.actors else self.actors)[name] = bit
                return Bit(bit)
            case Others():
                return Fixed(mode.others_agree)
            case Constant(value):
                return Fixed(value)
            case And(parts):
                return Every(tuple(part + offset for part in parts))
            case Or(parts):
                return Either(tuple(part + offset for part in parts))
            case AtLeast(parts, weighings):
                weighing = weighings[mode]
                return Enough(tuple(part + offset for part in parts), weighing.weights, weighing.quota)
        raise TypeError(f"no gate for {type(node).__name__}")

    def arena(self, stretches: Sequence[Stretch]) -> Arena:
        """Return what was drawn, with the moves as steps."""
        reached = self.gate(Either(tuple(self.reached)))
        days = {stretch.begins: at for at, stretch in enumerate(stretches)}
        steps: list[Step] = []
        acts: list[Act] = []
        needs: list[tuple[int, ...]] = []
        for name, act in self.acts.items():
            step = self._wait(name, act, days) if act.kind == "wait" else self._step(name, act)
            if step is not None:
                steps.append(step)
                acts.append(act)
                needs.append(tuple(self.needs[name]))
        start = 0
        for name in self._on_at_the_start(len(stretches)):
            start |= 1 << self.bit(name)
        bits = tuple(self.bits)
        problem = Problem(bits, tuple(self.gates[Mode.CERTAIN]), tuple(steps), start, reached)
        hopeful = problem._replace(gates=tuple(self.gates[Mode.POSSIBLE]))
        return Arena(
            problem=problem,
            hopeful=problem if hopeful.gates == problem.gates else hopeful,
            acts=tuple(acts),
            actors=self.actors,
            named=self.named,
            votes=self.votes,
            goals=tuple(self.goals),
            needs=tuple(needs),
            units=self.units,
            facts=self.facts,
            own_seats=tuple(self.own),
            assumptions=tuple(self.assumptions),
        )

    def _on_at_the_start(self, stretches: int) -> Iterator[str]:
        yield from self.vacated.get(0, ())
        yield from (bit for bit, on in self.came.get(0, ()) if on)
        for act in self.acts.values():
            if act.kind in ("empty seats", "elect successors", "abolish vacant seats"):
                yield from (seat_bits(act.entity, act.body, act.group, number).there for number in act.seats)
            if act.kind == "issue shares":
                yield unused_bit(act)
            if act.kind == "exercise right":
                yield kept_bit(act)
            if act.kind in ("fill office", "empty office"):
                owner = self.first.entities.get(act.entity)
                office = owner.offices.get(act.office) if owner is not None else None
                if office is None or office.holder is None:
                    yield vacant_bit(act.entity, act.office)
        yield from (f"day {at} has not come yet" for at in range(1, stretches))

    def _step(self, name: str, act: Act) -> Step | None:
        if not self.guards[name]:
            return None
        guard = self.guards[name][0] if len(self.guards[name]) == 1 else self.gate(Either(tuple(self.guards[name])))
        since = self.first.on
        not_before = max((act.until - since).days, 0) if act.until is not None else 0
        not_after = (act.last_day - since).days if act.last_day is not None else None
        return Step(name, guard, tuple(self._effects(act)), act.days, not_before, not_after)

    def _wait(self, name: str, act: Act, days: Mapping[date, int]) -> Step | None:
        at = days.get(act.until) if act.until is not None else None
        if not at or act.until is None:
            return None
        come = self.gate(Bit(self.bit(f"day {at - 1} has come"))) if at > 1 else self.gate(Fixed(True))
        effects = [Effect(self.bit(f"day {at} has come"), True), Effect(self.bit(f"day {at} has not come yet"), False)]
        vacated = self.vacated.get(at, ())
        changed = dict(self.came.get(at, ()))
        effects += [Effect(self.bit(bit), on) for bit, on in changed.items() if on or bit not in vacated]
        effects += [Effect(self.bit(bit), True) for bit in vacated]
        return Step(name, come, tuple(effects), 0, (act.until - self.first.on).days)

    def _effects(self, act: Act) -> Iterator[Effect]:
        seats = [seat_bits(act.entity, act.body, act.group, number) for number in act.seats]
        match act.kind:
            case "fill seats":
                yield from (Effect(self.bit(seat.ours), True, self.bit(seat.open)) for seat in seats)
            case "empty seats":
                yield from (Effect(self.bit(seat.open), True, self.bit(seat.there)) for seat in seats)
            case "elect successors":
                for seat in seats:
                    yield Effect(self.bit(seat.open), True, self.bit(seat.there))
                    yield Effect(self.bit(seat.ours), True, self.bit(seat.there))
            case "enlarge board":
                for seat in seats:
                    yield Effect(self.bit(seat.open), True)
                    yield Effect(self.bit(seat.out), False)
            case "abolish vacant seats":
                for seat in seats:
                    yield Effect(self.bit(seat.out), True, self.bit(seat.open))
                    yield Effect(self.bit(seat.open), False)
                    yield Effect(self.bit(seat.there), False)
            case "fill office":
                vacant = self.bit(vacant_bit(act.entity, act.office))
                yield Effect(self.bit(office_bit(act.entity, act.office)), True, vacant)
            case "empty office":
                yield Effect(self.bit(vacant_bit(act.entity, act.office)), True)
            case "replace general partner":
                yield Effect(self.bit(partner_bit(act.entity)), True)
            case "amend rule":
                assert act.place is not None
                yield Effect(self.bit(rule_bit(act.entity, act.place)), True)
            case "authorize shares":
                yield Effect(self.bit(authorized_bit(act.entity, act.class_id)), True)
            case "issue shares":
                yield Effect(self.bit(issued_bit(act)), True)
                yield Effect(self.bit(unused_bit(act)), False)
            case "exercise right":
                yield Effect(self.bit(used_bit(act)), True)
                yield Effect(self.bit(kept_bit(act)), False)
            case "wait":
                return
