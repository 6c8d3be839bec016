"""Compile a structure and its moves into a path problem.

Whether a seat is filled by the coalition, a rule is as it likes, new shares are out, a right is used: each is a bit of
the problem, and every rule is compiled once, over actors and bits. Thresholds count what a move may change in two
parts: what says yes, and what does not count against it because it is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, lcm
from typing import NamedTuple

from muniment.book.structure import Basis, Body, Entity, SeatGroup, Structure
from muniment.control.ballots import Ballot, Entry, Needed
from muniment.control.compile import Compiler, depends_on_seat, owner_of_seat, rules_of_seat
from muniment.control.compiled import Directors, SeatAgrees, SeatKey, SeatsEmptied, SeatsFilled, Setting, VoteNote
from muniment.control.electorates import Electorates
from muniment.control.formula import And, AtLeast, Or, Weighing
from muniment.control.matters import default_act
from muniment.control.paths.acts import RulePlace
from muniment.control.paths.changing_shares import Change, Changing
from muniment.control.paths.tracing import group_at, place_of
from muniment.model.rules import Condition, Party, Vote


class SeatBits(NamedTuple):
    """Names of the bits of a seat.

    Attributes:
        open: It exists, and nobody but the coalition sits there.
        out: It does not exist, so that it counts neither way.
        ours: The coalition filled it.
        there: It has not been abolished.
    """

    open: str
    out: str
    ours: str
    there: str


def seat_bits(entity: str, body: str, group: str, number: int) -> SeatBits:
    """Return the names of the bits of a seat."""
    seat = f"seat {number} of {group} of {entity}.{body}"
    return SeatBits(
        f"{seat} is not filled by others", f"{seat} does not exist", f"{seat} is ours", f"{seat} has not been abolished"
    )


def rule_bit(entity: str, place: RulePlace) -> str:
    """Return the name of the bit that a rule is as the coalition likes."""
    where = f"{place.body}.{place.name}" if place.body else place.name
    return f"as we like: {entity} {where} {place.label}"


def office_bit(entity: str, office: str) -> str:
    """Return the name of the bit that an office is held for the coalition."""
    return f"the {office} of {entity} is ours"


def follows_bit(entity: str, body: str, group: str, number: int) -> str:
    """Return the name under which a seat's own rules are asked whether they still lead back to its body."""
    return f"seat {number} of {group} of {entity}.{body} follows those who fill and empty it"


def vacant_bit(entity: str, office: str) -> str:
    """Return the name of the bit that nobody but the coalition holds an office."""
    return f"the {office} of {entity} is not held by others"


def partner_bit(entity: str) -> str:
    """Return the name of the bit that the coalition is the general partner."""
    return f"the general partner of {entity} is ours"


class Moved(NamedTuple):
    """What the moves may change, as far as compiling needs to know.

    Attributes:
        seats: Seats that a move may fill or empty, new ones among them.
        abolished: Seats that a move may abolish.
        places: (entity, place) of rules that may be amended.
        offices: (entity, office) that may be filled.
        partnerships: Entities whose general partner may be replaced.
        changing: What may change in holdings, by entity.
    """

    seats: frozenset[SeatKey]
    abolished: frozenset[SeatKey]
    places: frozenset[tuple[str, RulePlace]]
    offices: frozenset[tuple[str, str]]
    partnerships: frozenset[str]
    changing: Mapping[str, Changing]


class PathCompiler(Compiler):
    """Compiles decisions over actors and bits.

    A bit is an actor of the system under its own name, so that everything else of the compiler stays as it is.

    Args:
        structure: What is in force at first.
        directors: How the occupants of seats act.
        own: Seats that are their occupants' own although the reading is loyal.
        moved: What moves may change.
        may_follow: Seats of `own` that come to follow others if rules are rewritten.
        blocking: Read conditions that are not monotone so that a no-show is a no.
    """

    def __init__(
        self,
        structure: Structure,
        directors: Directors,
        own: Collection[SeatKey],
        moved: Moved,
        *,
        may_follow: Collection[SeatKey] = (),
        blocking: bool = True,
        electorates: Electorates | None = None,
    ) -> None:
        super().__init__(structure, directors, own, blocking=blocking, electorates=electorates)
        self.moved = moved
        self.may_follow = frozenset(may_follow)
        self.bits: dict[str, None] = {}
        self.units: dict[int, Fraction] = {}
        self.asked: dict[int, tuple[str, tuple[str, ...] | None]] = {}

    def bit(self, name: str) -> int:
        """Return the node of a bit."""
        self.bits[name] = None
        return self.drawing.actor(name)

    def stated(self, label: str, entity: Entity, name: str, node: int, body: str = "") -> int:
        """Let a rule that may be amended be satisfied once it is as the coalition likes."""
        place = place_of(self.structure, label, entity, name, body)
        group = group_at(self.structure, entity, name, body) if place.label == "removed by" else None
        if group is not None and group.for_cause_only:
            node = self.no  # no move brings a cause about
        if (entity.id, place) not in self.moved.places:
            return node
        return self.drawing.wrap(self.drawing.add(Or((self.bit(rule_bit(entity.id, place)), node))))

    def _act(self, entity: Entity, on: str) -> int:
        return self.drawing.add(Or((self.drawing.actor(entity.id), super()._act(entity, on))))

    def _body(self, entity: Entity, body_id: str) -> int:
        named = self.drawing.actor(f"{entity.id}.{body_id}")
        return self.drawing.add(Or((named, super()._body(entity, body_id))))

    def _default(self, entity: Entity, matter: str) -> int:
        node = super()._default(entity, matter)
        kind, names, _ = default_act(entity, for_matter=not matter.startswith(("vote shares", "consent to ")))
        partners = tuple(dict.fromkeys(entity.general_partners))
        if entity.id in self.moved.partnerships and kind == "parties" and names == partners:
            return self.drawing.wrap(self.drawing.add(Or((self.bit(partner_bit(entity.id)), node))))
        return node

    def _consent(self, party: Party, setting: Setting) -> int:
        node = super()._consent(party, setting)
        owner, _, office = party.name.rpartition(".")
        if party.kind == "holder of" and (owner or setting.entity.id, office) in self.moved.offices:
            return self.drawing.add(Or((self.bit(office_bit(owner or setting.entity.id, office)), node)))
        if party.kind == "general partner" and setting.entity.id in self.moved.partnerships:
            return self.drawing.add(Or((self.bit(partner_bit(setting.entity.id)), node)))
        return node

    def _seat(self, number: int, key: SeatAgrees) -> int:
        """Return when a seat agrees: once it is the coalition's, or as its occupant does at first."""
        entity = self.structure.entities[key.entity]
        group = entity.bodies[key.body].groups[key.group]
        ours: list[int] = []
        if (key.entity, key.body, key.group, key.number) in self.moved.seats:
            ours.append(self.bit(seat_bits(key.entity, key.body, key.group, key.number).ours))
        if group.office is not None:
            owner, _, office = group.office.rpartition(".")
            if (owner or entity.id, office) in self.moved.offices:
                ours.append(self.bit(office_bit(owner or entity.id, office)))
        if key.number > len(group.seats):
            return self.drawing.add(Or(tuple(ours)))
        seat = group.seats[key.number - 1]
        office_held = entity.offices.get(group.office) if group.office else None
        if seat.occupant is None and (office_held is None or office_held.holder is None):
            self._rests_on(number, seat.basis, group.basis)
            return self.drawing.add(Or(tuple(ours)))
        return self.drawing.add(Or((*ours, self._as_its_occupant(number, key))))

    def _as_its_occupant(self, number: int, key: SeatAgrees) -> int:
        """Return when a seat agrees with who sits there at first."""
        own = super()._seat(number, key)
        if (key.entity, key.body, key.group, key.number) in self.may_follow:
            return self.drawing.add(Or((self._once_it_follows(key), own)))
        return own

    def _once_it_follows(self, key: SeatAgrees) -> int:
        """Return when a seat of its occupant's own follows others: once its rules, rewritten, lead back no more."""
        group = self.structure.entities[key.entity].bodies[key.body].groups[key.group]
        owner = owner_of_seat(self.structure, self.structure.entities[key.entity], group)
        removed_by, filled_by = rules_of_seat(self.structure.entities[key.entity], key.body, group, owner)
        where = (key.entity, key.body, key.group)
        return self.drawing.add(
            And((
                self.drawing.actor(follows_bit(*where, key.number)),
                self.number(SeatsEmptied(*where, key.number if depends_on_seat(removed_by) else 0)),
                self.number(SeatsFilled(*where, key.number if depends_on_seat(filled_by) else 0)),
            ))
        )  # fmt: skip

    def _ballot(
        self, entity: Entity, classes: tuple[str, ...] | None, conditions: Collection[Condition], setting: Setting
    ) -> Ballot:
        ballot = super()._ballot(entity, classes, conditions, setting)
        self.asked[id(ballot)] = (entity.id, classes)
        return ballot

    def _vote_of_holders(self, ballot: Ballot, wanted: Needed, setting: Setting, owner: Entity | None = None) -> int:
        """Compile a vote of holders, with the shares that moves may bring, take away or move."""
        entity_id, classes = self.asked.get(id(ballot), ("", None))
        if owner is not None and not entity_id:
            entity_id = owner.id
        changing = self.moved.changing.get(entity_id)
        changes = changing.of(classes) if changing is not None and setting.pool is None and owner is not None else ()
        if not changes or owner is None:
            return super()._vote_of_holders(ballot, wanted, setting, owner)
        for sentence in ballot.assumptions:
            self.assume(sentence)
        parts: list[Counted] = []
        left = {entry.party: entry for entry in ballot.entries}
        for change in changes:
            parts.extend(self._changed(change, left, owner, setting))
        parts += [
            Counted(self._voter(entry.party, owner, setting), self.no, entry.low, entry.high) for entry in left.values()
        ]
        if ballot.others:
            held = sum((entry.low for entry in ballot.entries), Fraction(0))
            rest = max(ballot.total - held - ballot.uncast[0], Fraction(0))
            most = sum((entry.high for entry in ballot.entries), Fraction(0))
            least = min(max(ballot.total - most - ballot.uncast[1], Fraction(0)), rest)
            parts.append(Counted(self.drawing.others(ballot.others), self.no, least, rest))
        if ballot.uncast[1]:
            parts.append(Counted(self.no, self.no, ballot.uncast[0], ballot.uncast[1]))
        node = self.threshold(parts, wanted)
        facts = tuple(dict.fromkeys(fact for entry in ballot.entries for fact in entry.facts))
        if facts:
            self.facts[node] = facts
        voters = tuple((entry.party, entry.low) for entry in ballot.entries)
        bases = tuple(entry.bases for entry in ballot.entries)
        note = VoteNote(
            setting.entity.id, ballot.words, wanted, ballot.total, voters, bases, setting.rule, setting.text
        )
        self._note(node, note)
        return node

    def _changed(self, change: Change, left: dict[str, Entry], owner: Entity, setting: Setting) -> list[Counted]:
        """Return the votes that one move may bring or take, and take those that it takes out of what is left."""
        used = self.bit(change.bit)
        voter = self._voter(change.party, owner, setting)
        if change.votes > 0:
            says = used if change.by_mover else self.drawing.add(And((used, voter)))
            return [Counted(says, self.yes, change.votes, change.votes)]
        entry = left.get(change.party)
        if entry is None:
            return []
        gone = min(-change.votes, entry.low)
        left[change.party] = entry._replace(low=entry.low - gone, high=entry.high - gone)
        kept = self.drawing.add(And((self.bit(change.kept), voter))) if change.kept else voter
        return [Counted(kept, used, gone, gone)]

    def _vote_of_seats(
        self, kind: str, names: tuple[str, ...], vote: Vote, wanted: Needed, setting: Setting, absent: Needed | None
    ) -> int:
        """Compile a vote of seats, with those that moves may add, empty, fill or abolish."""
        owner = self.structure.entities[names[0]]
        body = owner.bodies[names[1]]
        groups = list(body.groups.values()) if kind == "body" else [body.groups[names[2]]]
        movable = {key for key in self.moved.seats if key[:2] == (owner.id, body.id)}
        movable |= {
            (owner.id, body.id, group.id, seat.number)
            for group in groups
            if self._office_of(owner, group) in self.moved.offices
            for seat in group.seats
        }
        if not any((owner.id, body.id, group.id) == key[:3] for group in groups for key in movable):
            return super()._vote_of_seats(kind, names, vote, wanted, setting, absent)
        in_office = any(condition.kind in ("in office", "present") for condition in vote.conditions)
        left_out = self._excluded(vote.conditions, setting)
        by_seat = absent is None and vote.share.kind in ("count", "all but")
        parts: list[Counted] = []
        voters: list[tuple[str, Fraction]] = []
        bases: list[tuple[Basis, ...]] = []
        in_chair: list[int] = []
        base = Fraction(0)
        for group in groups:
            for number, occupant, basis in self._seats_of(owner, body, group):
                if occupant is not None and occupant in left_out:
                    continue
                key = (owner.id, body.id, group.id, number)
                vacant = occupant is None and number <= len(group.seats)
                if in_office and vacant and key not in movable:
                    continue
                weight = Fraction(1 if by_seat else group.votes_each)
                node = self.number(SeatAgrees(*key))
                out = self._out(key, new=number > len(group.seats), in_office=in_office) if key in movable else self.no
                if key in movable and group.office is not None:
                    out = self.bit(vacant_bit(*self._office_of(owner, group))) if in_office else self.no
                parts.append(Counted(node, out, weight, weight))
                if number <= len(group.seats):
                    base += weight
                    voters.append((occupant or f"vacant {group.id} seat", weight))
                    bases.append((basis,))
                if occupant is not None and occupant == body.chair:
                    # Whoever is put into the chair's seat is not the chair.
                    in_chair.append(self._as_its_occupant(self.number(SeatAgrees(*key)), SeatAgrees(*key)))
            for condition in group.conditions:
                self.assume(f"The seats {group.id} of {owner.id}.{body.id} exist while {condition}.")
        words = f"seats of {owner.id}.{body.id}" if kind == "body" else f"{names[2]} seats of {owner.id}.{body.id}"
        used = absent or wanted
        node = self.threshold(parts, used)
        note = VoteNote(owner.id, words, used, base, tuple(voters), tuple(bases), setting.rule, setting.text)
        self._note(node, note)
        self._rests_on(node, body.basis)
        if body.casting_vote and in_chair and vote.share.kind == "majority" and absent is None:
            tied = self.threshold(parts, Needed(Fraction(1, 2), False, None, None, "half"))
            cast = self.drawing.add(And((tied, self.drawing.add(Or(tuple(in_chair))))))
            node = self.drawing.add(Or((node, cast)))
        return node

    @staticmethod
    def _office_of(owner: Entity, group: SeatGroup) -> tuple[str, str]:
        """Return the entity and the office that seats follow; empty names where they follow none."""
        entity, _, office = (group.office or "").rpartition(".")
        return (entity or owner.id, office) if office else ("", "")

    def _out(self, key: SeatKey, *, new: bool, in_office: bool) -> int:
        """Return the node that says yes while a seat counts neither way."""
        bits = seat_bits(*key)
        if in_office:
            return self.yes if new else self.bit(bits.open)
        return self.bit(bits.out) if new or key in self.moved.abolished else self.no

    def _seats_of(self, owner: Entity, body: Body, group: SeatGroup) -> list[tuple[int, str | None, Basis]]:
        """Return the seats of a group with who sits there: those that are, and those that a move may add."""
        if group.votes_each <= 0:
            return []
        office = owner.offices.get(group.office) if group.office else None
        found = [
            (seat.number, seat.occupant or (office.holder if office is not None else None), seat.basis)
            for seat in group.seats
        ]
        added = sorted(
            key[3] for key in self.moved.seats if key[:3] == (owner.id, body.id, group.id) and key[3] > len(group.seats)
        )
        return [*found, *((number, None, group.basis) for number in added)]

    def threshold(self, parts: Sequence[Counted], wanted: Needed) -> int:
        """Return the node of a threshold over parts that may not be there.

        A part that says yes counts for the motion; one that is out counts neither way, and any other against it. With
        n for what is needed of the votes that are there, the motion has for >= n(for + against), that is
        (1 - n) for + n (for + out) >= n (for + against + out), whose right side no move changes.
        """
        bounded = any(part.low != part.high for part in parts)
        certain, unit = self._weigh(parts, wanted, for_low=True)
        possible = self._weigh(parts, wanted, for_low=False)[0] if bounded else certain
        nodes: list[int] = []
        for part in parts:
            nodes.append(part.says)
            nodes.append(part.says if part.out == self.no else self.drawing.add(Or((part.says, part.out))))
        node = self.drawing.add(AtLeast(tuple(nodes), (certain, certain, possible, possible)))
        self.units[node] = Fraction(unit)
        return node

    def _weigh(self, parts: Sequence[Counted], wanted: Needed, *, for_low: bool) -> tuple[Weighing, int]:
        """Return the weights: of each part as it says yes, and as it says yes or is out; and what one vote weighs."""
        weights: list[Fraction] = []
        base = Fraction(0)
        share, more = wanted.share, wanted.more
        if wanted.number is not None:
            share, more = None, False
        for part in parts:
            own, against = (part.low, part.high) if for_low else (part.high, part.low)
            if wanted.number is not None:
                weights += [own, Fraction(0)]
            elif share is None:
                weights += [Fraction(0), against]
                base += against
            else:
                weights += [(1 - share) * own, share * against]
                base += share * against
        if wanted.number is not None:
            quota = Fraction(wanted.number)
        elif share is None:
            quota = base - (wanted.all_but or 0)
        else:
            quota = base
        scale = lcm(quota.denominator, *(weight.denominator for weight in weights)) if weights else quota.denominator
        whole = tuple(int(weight * scale) for weight in weights)
        limit = floor(quota * scale) + 1 if more else ceil(quota * scale)
        return Weighing(whole, max(limit, 0)), scale


class WrittenCompiler(PathCompiler):
    """Compiles the rules of seats as they are written, with everybody agreeing and the seats of one body silent.

    A seat whose rules are not satisfied then is led back to its own body, and is its occupant's own.

    Args:
        structure: What is in force at first.
        moved: What moves may change.
        silent: The body, as (entity, body).
    """

    def __init__(self, structure: Structure, moved: Moved, silent: tuple[str, str]) -> None:
        super().__init__(structure, "loyal", (), moved)
        self.as_written = True
        self.silent = silent

    def party(self, name: str, entity: Entity, matter: str) -> int:
        """Return the node of a party that is asked: everybody agrees; entities do as their rules say."""
        node = super().party(name, entity, matter)
        return node if name in self.structure.entities else self.yes

    def _seat(self, number: int, key: SeatAgrees) -> int:
        if (key.entity, key.body) == self.silent:
            return self.no
        return super()._seat(number, key)


def seats_without_rules(structure: Structure, moved: Moved) -> Iterator[SeatKey]:
    """Yield filled seats that moves touch and whose rules, as they stand, cannot be followed."""
    compiler = Compiler(structure, "loyal")
    for key in sorted(moved.seats):
        entity = structure.entities.get(key[0])
        body = entity.bodies.get(key[1]) if entity is not None else None
        group = body.groups.get(key[2]) if body is not None else None
        if entity is None or group is None or group.office is not None or key[3] > len(group.seats):
            continue
        if group.seats[key[3] - 1].occupant is None:
            continue
        removed_by, filled_by = rules_of_seat(entity, key[1], group)
        if group.for_cause_only or not all(compiler.is_usable(entity, stated) for stated in (removed_by, filled_by)):
            yield key


class Counted(NamedTuple):
    """A part of a threshold.

    Attributes:
        says: Node of its yes.
        out: Node that says yes while it is not there, or vacant where only filled seats count.
        low: Least votes.
        high: Greatest votes.
    """

    says: int
    out: int
    low: Fraction
    high: Fraction
