"""Compile the rules of a structure into one monotone system over actors.

Persons, groups that act together and entities without inner rules are actors. Everything else is a named decision: an entity
acts, a body decides, a seat agrees, a group of seats is filled or emptied, a matter passes. Each is compiled once and
referred to by number, so chains and circles of any length are walked without recursion.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from muniment.book.structure import Basis, Body, Entity, MatterRule, Office, SeatGroup, Structure
from muniment.control.ballots import Ballot, Entry, Needed, capped, needed, votes_of, weighings
from muniment.control.formula import And, AtLeast, Constant, Drawing, Or, System, same_in_every_mode
from muniment.control.matters import FoundRule, default_act, find_rule
from muniment.model.rules import And as AllOf
from muniment.model.rules import (
    ByBody,
    Condition,
    Consent,
    Electorate,
    KOf,
    Never,
    NoObjection,
    Party,
    Rule,
    Share,
    Vote,
)
from muniment.model.rules import Or as OneOf

Directors: TypeAlias = Literal["loyal", "independent"]
MAJORITY = Share("majority")
ATTORNEY_GENERAL = "attorney general"


class MatterPasses(NamedTuple):
    """The matter of an entity is decided."""

    entity: str
    matter: str


class EntityActs(NamedTuple):
    """An entity acts: votes, consents, appoints.

    Attributes:
        on: `E: M` where the entity has a rule of its own for consents to it; else empty.
    """

    entity: str
    on: str


class BodyDecides(NamedTuple):
    """A body decides as its `decides by` says."""

    entity: str
    body: str


class SeatAgrees(NamedTuple):
    """One seat of a body agrees."""

    entity: str
    body: str
    group: str
    number: int


class SeatsFilled(NamedTuple):
    """Those who fill the seats of a group agree; number 0 = every seat alike."""

    entity: str
    body: str
    group: str
    number: int


class SeatsEmptied(NamedTuple):
    """Those who empty the seats of a group agree; number 0 = every seat alike."""

    entity: str
    body: str
    group: str
    number: int


Key: TypeAlias = MatterPasses | EntityActs | BodyDecides | SeatAgrees | SeatsFilled | SeatsEmptied
SeatKey: TypeAlias = tuple[str, str, str, int]


class VoteNote(NamedTuple):
    """What a threshold of the system is a vote of, for sentences and reasons.

    Attributes:
        entity: Whose vote.
        words: What is counted (`votes of acme`, `seats of acme.board`).
        needed: How much of it must agree.
        base: What the share is taken of.
        voters: For each part: who votes (or the seat's occupant) and with how much.
        bases: For each part, the records it rests on.
        rule: The rule's basis.
        text: The rule as written.
    """

    entity: str
    words: str
    needed: Needed
    base: Fraction
    voters: tuple[tuple[str, Fraction], ...]
    bases: tuple[tuple[Basis, ...], ...]
    rule: Basis
    text: str


class Mark(NamedTuple):
    """A condition that is not monotone, and the reading taken of it."""

    condition: str
    rule: Basis
    reading: str


class Compiled(NamedTuple):
    """A system with what its nodes stand for.

    Attributes:
        system: The root is the matter asked about.
        names: Node of each named decision.
        votes: By node, the thresholds that are votes.
        bases: By node, the records a decision rests on.
        own_seats: Seats that are taken to be their occupants' own under the loyal reading.
        marks: Conditions that are not monotone.
        facts: By node of a threshold, addresses of the facts that are bounded.
        assumptions: Sentences, each once.
    """

    system: System
    names: dict[Key, int]
    votes: dict[int, VoteNote]
    bases: dict[int, tuple[Basis, ...]]
    own_seats: tuple[SeatKey, ...]
    marks: tuple[Mark, ...]
    facts: dict[int, tuple[str, ...]]
    assumptions: tuple[str, ...]


class Setting(NamedTuple):
    """Where a rule stands.

    Attributes:
        entity: Whose rule.
        matter: What it decides; holders' own rules for consents to it go before their `vote shares`.
        rule: Its basis.
        text: As written.
        concerned: Who is left out under `excluding the one concerned`.
        seat: The seat that is filled or emptied: its number of how many (cumulative voting); 0 of 0 elsewhere.
        body: The body whose own rule it is; empty elsewhere.
        of_seat: The rule fills or empties a seat: an electorate without recorded holders counts as missing.
    """

    entity: Entity
    matter: str
    rule: Basis
    text: str
    concerned: frozenset[str] = frozenset()
    seat: tuple[int, int] = (0, 0)
    body: str = ""
    of_seat: bool = False


class Compiler:
    """Compiles the decisions that a matter rests on.

    Args:
        structure: What is in force.
        directors: How the occupants of seats act.
        own: Seats that are their occupants' own although the reading is loyal.
        blocking: Read conditions that are not monotone so that a no-show is a no; else so that it does not count.
    """

    def __init__(
        self,
        structure: Structure,
        directors: Directors,
        own: Collection[SeatKey] = (),
        *,
        blocking: bool = True,
        as_written: bool = False,
    ) -> None:
        self.structure = structure
        self.directors = directors
        self.own = frozenset(own)
        self.blocking = blocking
        self.as_written = as_written
        self.drawing = Drawing()
        self.names: dict[Key, int] = {}
        self.waiting: list[Key] = []
        self.votes: dict[int, VoteNote] = {}
        self.bases: dict[int, tuple[Basis, ...]] = {}
        self.facts: dict[int, tuple[str, ...]] = {}
        self.own_seats: dict[SeatKey, None] = {}
        self.marks: dict[Mark, None] = {}
        self.assumptions: dict[str, None] = {}
        self.no = self.drawing.add(Constant(False))
        self.yes = self.drawing.add(Constant(True))

    # Named decisions

    def number(self, key: Key) -> int:
        """Return the node of a decision, to be defined when its turn comes."""
        found = self.names.get(key)
        if found is None:
            found = self.names[key] = self.drawing.reserve()
            self.waiting.append(key)
        return found

    def run(self) -> None:
        """Define every decision that was referred to."""
        while self.waiting:
            key = self.waiting.pop()
            number = self.names[key]
            match key:
                case MatterPasses(entity, matter):
                    self._alias(number, self._matter(self.structure.entities[entity], matter))
                case EntityActs(entity, on):
                    self._alias(number, self._act(self.structure.entities[entity], on))
                case BodyDecides(entity, body):
                    self._alias(number, self._body(self.structure.entities[entity], body))
                case SeatAgrees():
                    self._alias(number, self._seat(number, key))
                case SeatsFilled():
                    self._alias(number, self._filled(key))
                case SeatsEmptied():
                    self._alias(number, self._emptied(key))

    def finish(self, root: int) -> Compiled:
        """Return what was compiled."""
        return Compiled(
            self.drawing.system(root),
            self.names,
            self.votes,
            self.bases,
            tuple(sorted(self.own_seats)),
            tuple(self.marks),
            self.facts,
            tuple(self.assumptions),
        )

    def _alias(self, number: int, part: int) -> None:
        self.drawing.define(number, And((part,)))

    def _rests_on(self, number: int, *bases: Basis | None) -> None:
        stated = tuple(basis for basis in bases if basis is not None)
        if stated:
            self.bases[number] = self.bases.get(number, ()) + stated

    def assume(self, sentence: str) -> None:
        """Note an assumption, once."""
        self.assumptions[sentence] = None

    def _matter(self, entity: Entity, matter: str) -> int:
        found = find_rule(self.structure, entity, matter)
        for note in found.notes:
            self.assume(note)
        return self._found(entity, matter, found)

    def _found(self, entity: Entity, matter: str, found: FoundRule) -> int:
        parts: list[int] = []
        for stated in found.rules:
            if stated.rule is None:
                self.assume(f"{stated.words} is not stated for {entity.id}; nobody can pass it.")
                parts.append(self.no)
                continue
            if stated.rule.assumed:
                self.assume(f"{entity.id}: {matter}: {stated.rule.text} (a default of its law, the book says nothing).")
            setting = self._setting(entity, matter, stated.rule)
            parts.append(self.rule(stated.rule.rule, setting._replace(concerned=stated.concerned)))
        if found.default:
            parts.append(self._default(entity, matter))
        node = self.drawing.wrap(self.drawing.add(And(tuple(parts))))
        for stated in found.rules:
            self._rests_on(node, stated.rule.basis if stated.rule is not None else None)
        return self._with_consents(entity, matter, node)

    def _with_consents(self, entity: Entity, matter: str, node: int) -> int:
        consents = entity.consents.get(matter, ())
        if not consents:
            return node
        added = self.drawing.add(And((node, *(self.party(name, entity, matter) for name, _ in consents))))
        self._rests_on(added, *(basis for _, basis in consents))
        return added

    def _setting(self, entity: Entity, matter: str, stated: MatterRule) -> Setting:
        return Setting(entity, matter, stated.basis, stated.text)

    def _act(self, entity: Entity, on: str) -> int:
        """Return how an entity acts: by its rule for this consent, else its `vote shares`, else the default."""
        label = f"consent to {on}" if on else "vote shares"
        stated = entity.rules.get(label)
        if stated is None:
            node = self._default(entity, label)
        else:
            if stated.assumed:
                self.assume(f"{entity.id}: {label}: {stated.text} (a default of its law, the book says nothing).")
            node = self.rule(stated.rule, self._setting(entity, label, stated))
            node = self.drawing.wrap(node)
            self._rests_on(node, stated.basis)
        return self._with_consents(entity, "vote shares", node)

    def _default(self, entity: Entity, matter: str) -> int:
        """Return how an entity decides where nothing is stated."""
        kind, names, basis = default_act(entity, for_matter=not matter.startswith(("vote shares", "consent to ")))
        match kind:
            case "parties":
                if len(names) > 1:
                    self.assume(f"{', '.join(names)} must all agree to what {entity.id} does; nothing else is stated.")
                node = self.drawing.wrap(self.drawing.add(And(tuple(self.party(name, entity, matter) for name in names))))
                self._rests_on(node, basis)
                return node
            case "body":
                return self.number(BodyDecides(entity.id, names[0]))
            case _:
                setting = Setting(entity, matter, basis, "majority of votes")
                ballot = votes_of(self.structure, entity, None)
                if not ballot.entries and not ballot.others:
                    return self.drawing.actor(entity.id)
                self.assume(f"{entity.id} states no rule for this; a majority of its votes is taken to decide.")
                return self._vote_of_holders(ballot, needed(MAJORITY), setting)

    def party(self, name: str, entity: Entity, matter: str) -> int:
        """Return the node of a party that is asked to agree to a matter of an entity."""
        holder = self.structure.entities.get(name)
        if holder is not None:
            on = f"{entity.id}: {matter}"
            return self.number(EntityActs(name, on if f"consent to {on}" in holder.rules else ""))
        known = self.structure.parties.get(name)
        if name.startswith("others of ") or (known is not None and known.kind == "group" and not known.acts_together):
            self.assume(f"{name} do not act together: nobody can count on them, and they may agree.")
            return self.drawing.others(name)
        return self.drawing.actor(name)

    # Bodies and seats

    def _body(self, entity: Entity, body_id: str) -> int:
        body = entity.bodies[body_id]
        if body.decides_by is None:
            self.assume(f"{_dotted(entity, body_id)} does not state how it decides; a majority of it is assumed.")
            setting = Setting(entity, "ordinary decision", body.basis, "majority of board", body=body_id)
            return self.vote(Vote(MAJORITY, Electorate("body", (body_id,))), setting)
        setting = self._setting(entity, "ordinary decision", body.decides_by)._replace(body=body_id)
        node = self.rule(body.decides_by.rule, setting)
        node = self.drawing.wrap(node)
        self._rests_on(node, body.decides_by.basis)
        return node

    def _seat(self, number: int, key: SeatAgrees) -> int:
        """Return when a seat agrees: as its occupant does or, loyal, as those do who empty and fill it."""
        entity = self.structure.entities[key.entity]
        group = entity.bodies[key.body].groups[key.group]
        seat = group.seats[key.number - 1]
        office = entity.offices.get(group.office) if group.office else None
        occupant = seat.occupant or (office.holder if office is not None else None)
        self._rests_on(number, seat.basis, group.basis)
        removed_by, filled_by = rules_of_seat(group, office)
        if self.directors == "loyal":
            usable = self._is_usable(entity, filled_by, group, key.number) and (
                occupant is None
                or (not group.for_cause_only and self._is_usable(entity, removed_by, group, key.number))
            )
            if self.as_written and not usable:
                return self.yes
            if usable and tuple(key) not in self.own:
                return self._loyal(entity, key, group, occupant, removed_by, filled_by)
            self.own_seats[(key.entity, key.body, key.group, key.number)] = None
        if occupant is None:
            return self.no
        return self.party(occupant, entity, "ordinary decision")

    def _loyal(
        self,
        entity: Entity,
        key: SeatAgrees,
        group: SeatGroup,
        occupant: str | None,
        removed_by: MatterRule | None,
        filled_by: MatterRule | None,
    ) -> int:
        alone = key.number if _depends_on_seat(filled_by) else 0
        filled = self.number(SeatsFilled(key.entity, key.body, key.group, alone))
        if occupant is None:
            return filled
        alone = key.number if _depends_on_seat(removed_by) else 0
        emptied = self.number(SeatsEmptied(key.entity, key.body, key.group, alone))
        return self.drawing.add(And((emptied, filled)))

    def _is_usable(self, entity: Entity, stated: MatterRule | None, group: SeatGroup, number: int) -> bool:
        """Whether a seat's rule can be followed at all: stated, not `never`, of an electorate with recorded holders."""
        if stated is None:
            return False
        results: list[bool] = []
        tasks: list[tuple[Rule, bool]] = [(stated.rule, False)]
        while tasks:
            rule, ready = tasks.pop()
            match rule:
                case AllOf(parts) | OneOf(parts):
                    wanted = len(parts) if isinstance(rule, AllOf) else 1
                case KOf(wanted, parts):
                    pass
                case _:
                    results.append(self._clause_is_usable(entity, rule, self._setting(entity, "", stated)))
                    continue
            if not ready:
                tasks.append((rule, True))
                tasks.extend((part, False) for part in parts)
                continue
            usable = sum(results.pop() for _ in parts)
            results.append(usable >= wanted)
        return results[0]

    def _clause_is_usable(self, entity: Entity, rule: Rule, setting: Setting) -> bool:
        match rule:
            case Never():
                return False
            case Vote(_, electorate, conditions):
                kind, names = self._electorate(entity, electorate, setting)
                if kind == "holders":
                    return bool(self._ballot(entity, names, conditions, setting).entries)
                return kind != "missing" and (kind != "parties" or bool(names))
            case Consent(party) | NoObjection(party):
                return bool(self._parties(entity, party))
            case _:
                return True

    def _filled(self, key: SeatsFilled) -> int:
        entity = self.structure.entities[key.entity]
        group = entity.bodies[key.body].groups[key.group]
        office = entity.offices.get(group.office) if group.office else None
        stated = rules_of_seat(group, office)[1]
        matter = "elect directors" if stated is group.filled_by else "fill vacancies"
        return self._seat_rule(entity, matter, stated, group, key.number)

    def _emptied(self, key: SeatsEmptied) -> int:
        entity = self.structure.entities[key.entity]
        group = entity.bodies[key.body].groups[key.group]
        office = entity.offices.get(group.office) if group.office else None
        return self._seat_rule(entity, "remove directors", rules_of_seat(group, office)[0], group, key.number)

    def _seat_rule(self, entity: Entity, matter: str, stated: MatterRule | None, group: SeatGroup, number: int) -> int:
        if stated is None:
            return self.no
        if stated.assumed:
            self.assume(f"{entity.id}: {stated.text} (a default of its law, the book says nothing).")
        occupant = group.seats[number - 1].occupant if number else None
        setting = Setting(
            entity,
            matter,
            stated.basis,
            stated.text,
            frozenset([occupant] if occupant else []),
            (number or 1, len(group.seats)),
            of_seat=True,
        )
        node = self.rule(stated.rule, setting)
        node = self.drawing.wrap(node)
        self._rests_on(node, stated.basis)
        return self._with_consents(entity, matter, node)

    # Rules

    def rule(self, rule: Rule, setting: Setting) -> int:
        """Compile one rule as it stands in its entity."""
        results: list[int] = []
        tasks: list[tuple[Rule, bool]] = [(rule, False)]
        while tasks:
            clause, ready = tasks.pop()
            match clause:
                case AllOf(parts) | OneOf(parts) | KOf(_, parts):
                    if not ready:
                        tasks.append((clause, True))
                        tasks.extend((part, False) for part in reversed(parts))
                        continue
                    made = tuple(results[len(results) - len(parts) :])
                    del results[len(results) - len(parts) :]
                    if isinstance(clause, AllOf):
                        results.append(self.drawing.add(And(made)))
                    elif isinstance(clause, OneOf):
                        results.append(self.drawing.add(Or(made)))
                    else:
                        results.append(self.drawing.add(AtLeast(made, same_in_every_mode((1,) * len(made), clause.k))))
                case Never():
                    results.append(self.no)
                case Consent(party):
                    results.append(self._consent(party, setting))
                case NoObjection(party):
                    self._mark(setting, f"no objection of {party.name or party.kind}", "its consent is needed")
                    results.append(self._consent(party, setting) if self.blocking else self.yes)
                case ByBody(name):
                    results.append(self._by_body(name, setting))
                case Vote():
                    results.append(self.vote(clause, setting))
        return results[0]

    def _mark(self, setting: Setting, condition: str, reading: str) -> None:
        self.marks[Mark(condition, setting.rule, reading)] = None

    def _by_body(self, name: str, setting: Setting) -> int:
        owner, body = self._find_body(setting.entity, name)
        if owner is None or body is None:
            if name in setting.entity.bodies or name == "board":
                self.assume(f"{setting.entity.id} has no {name}.")
                return self.no
            return self._consent(Party("id", name), setting)
        if owner.id == setting.entity.id and setting.body == body.id:
            return self.vote(Vote(MAJORITY, Electorate("body", (body.id,))), setting)
        return self.number(BodyDecides(owner.id, body.id))

    def _find_body(self, entity: Entity, name: str) -> tuple[Entity | None, Body | None]:
        """Return the body a rule names: `board`, an id, or `entity.id`; the only body answers to `board`."""
        if "." in name:
            owner_id, _, rest = name.rpartition(".")
            owner = self.structure.entities.get(owner_id)
            if owner is not None and rest in owner.bodies:
                return owner, owner.bodies[rest]
        if name in entity.bodies:
            return entity, entity.bodies[name]
        if name == "board" and len(entity.bodies) == 1:
            return entity, next(iter(entity.bodies.values()))
        return None, None

    def _parties(self, entity: Entity, party: Party) -> tuple[str, ...]:
        """Return the ids a party of a rule stands for; all of them must agree."""
        match party.kind:
            case "id":
                return (party.name,)
            case "general partner":
                return entity.general_partners
            case "manager":
                return entity.managers
            case "trustees":
                return entity.trustees
            case "attorney general":
                return (ATTORNEY_GENERAL,)
            case "holder of":
                owner_id, _, office_id = party.name.rpartition(".")
                owner = self.structure.entities.get(owner_id, entity) if owner_id else entity
                office = owner.offices.get(office_id)
                return (office.holder,) if office is not None and office.holder else ()

    def _consent(self, party: Party, setting: Setting) -> int:
        entity = setting.entity
        if party.kind == "trustees" and not entity.trustees:
            kind, names = self._electorate(entity, Electorate("trustees"), setting)
            if kind != "missing":
                return self.vote(Vote(MAJORITY, Electorate("trustees")), setting)
        if party.kind == "id" and party.name not in self.structure.parties:
            owner, body = self._find_body(entity, party.name)
            if owner is not None and body is not None:
                return self.number(BodyDecides(owner.id, body.id))
        names = self._parties(entity, party)
        if not names:
            self.assume(f"{entity.id} has no {party.kind} {party.name}".rstrip() + " in office; the consent cannot be had.")
            return self.no
        nodes = tuple(self.party(name, entity, setting.matter) for name in names)
        node = self.drawing.wrap(self.drawing.add(And(nodes)))
        label = {"general partner": "general partner", "manager": "manager", "trustees": "trustees"}.get(party.kind)
        self._rests_on(node, setting.rule, entity.basis.get(label) if label else None)
        if party.kind == "holder of":
            held = entity.offices.get(party.name)
            self._rests_on(node, held.holder_basis if held else None)
        return node

    # Votes

    def _electorate(self, entity: Entity, electorate: Electorate, setting: Setting) -> tuple[str, tuple[str, ...]]:
        """Return what kind of electorate a rule means: body, group, holders, all, others, parties or missing."""
        match electorate.kind:
            case "body" | "word":
                name = electorate.names[0] if electorate.names else setting.body or "board"
                owner, body = self._find_body(entity, name)
                if owner is not None and body is not None:
                    return "body", (owner.id, body.id)
                found = self._find_group(entity, name)
                if found:
                    return "group", found
                owner_id, _, plain = name.rpartition(".")
                if electorate.kind == "word" and (plain in entity.classes or name in entity.classes):
                    return "holders", (plain if plain in entity.classes else name,)
                if electorate.kind == "word" and owner_id in self.structure.entities:
                    return "foreign", (owner_id, plain)
                if electorate.kind == "word" and any(
                    holding.class_id == name for holding in self.structure.holdings.get(entity.id, ())
                ):
                    return "holders", (name,)
                return "missing", (name,)
            case "together":
                return "holders", tuple(dict.fromkeys(name.rpartition(".")[2] for name in electorate.names))
            case "votes":
                return "all", ()
            case "others":
                return "others", electorate.names
            case "parties":
                names = [name for party in electorate.parties for name in self._parties(entity, party)]
                return "parties", tuple(dict.fromkeys(names))
            case "trustees" | "members":
                listed = entity.trustees if electorate.kind == "trustees" else entity.members
                if listed:
                    return "parties", tuple(dict.fromkeys(listed))
                return self._electorate(entity, Electorate("word", (electorate.kind,)), setting)

    def _find_group(self, entity: Entity, name: str) -> tuple[str, ...]:
        parts = name.split(".")
        owner = self.structure.entities.get(parts[0], entity) if len(parts) > 1 else entity
        for body in owner.bodies.values():
            if parts[-1] in body.groups:
                return (owner.id, body.id, parts[-1])
        return ()

    def vote(self, vote: Vote, setting: Setting) -> int:
        """Compile a share of an electorate."""
        entity = setting.entity
        kind, names = self._electorate(entity, vote.electorate, setting)
        wanted = needed(vote.share, setting.seat[1] or 1, setting.seat[0] or 1)
        if vote.share.kind == "plurality":
            self._mark(setting, "plurality", "a majority of the base is needed")
        absent = self._absent(vote, setting)
        match kind:
            case "body" | "group":
                node = self._vote_of_seats(kind, names, vote, wanted, setting, absent)
            case "holders" | "all":
                ballot = self._ballot(entity, names if kind == "holders" else None, vote.conditions, setting)
                node = self._vote_of_holders(ballot, absent or wanted, setting)
            case "foreign":
                owner = self.structure.entities[names[0]]
                ballot = self._ballot(owner, names[1:], vote.conditions, setting)
                node = self._vote_of_holders(ballot, absent or wanted, setting)
            case "others":
                name = f"others of {entity.id}.{names[0].rpartition('.')[2]}"
                self.assume(f"{name} do not act together: nobody can count on them, and they may agree.")
                node = self.drawing.others(name)
            case "parties":
                left_out = self._excluded(vote.conditions, setting)
                listed = tuple(name for name in names if name not in left_out)
                entries = tuple(Entry(name, Fraction(1), Fraction(1)) for name in listed)
                words = vote.electorate.kind if vote.electorate.kind != "parties" else ", ".join(listed)
                of_whom = f" of {entity.id}" if vote.electorate.kind != "parties" else ""
                ballot = Ballot(entries, Fraction(len(listed)), "", f"{words}{of_whom}")
                node = self._vote_of_holders(ballot, absent or wanted, setting)
                self._rests_on(node, entity.basis.get(vote.electorate.kind))
            case _:
                self.assume(f"{entity.id} has no {' '.join(names)}; a vote of it cannot pass.")
                node = self.no
        return node

    def _absent(self, vote: Vote, setting: Setting) -> Needed | None:
        """Mark conditions that count who takes part; return what is needed where a no-show does not count."""
        quorum: Fraction | None = None
        counts = vote.share.kind == "plurality"
        for condition in vote.conditions:
            match condition.kind:
                case "cast" | "present":
                    counts = True
                    self._mark(setting, condition.kind, "who does not vote counts as a no")
                case "quorum":
                    quorum = condition.amount
                    counts = True
                    self._mark(setting, f"with quorum {condition.amount}", "who stays away counts as a no")
                case "excluding":
                    self._mark(setting, "excluding", "those excluded are out of the base")
                case "capped":
                    self._mark(setting, "capped", "the cap is on each holder; the base stays uncapped")
                case _:
                    pass
        if self.blocking or not counts:
            return None
        if quorum:
            return Needed(quorum, False, None, None, f"a quorum of {quorum}")
        return Needed(Fraction(0), True, None, None, "any vote")

    def _excluded(self, conditions: Collection[Condition], setting: Setting) -> frozenset[str]:
        names: set[str] = set()
        for condition in conditions:
            if condition.kind != "excluding":
                continue
            for party in condition.parties:
                names.update(self._parties(setting.entity, party))
            if condition.words == "the one concerned":
                if not setting.concerned:
                    self.assume("Nobody is known to be the one concerned; nobody is excluded.")
                names.update(setting.concerned)
        return frozenset(names)

    def _ballot(
        self, entity: Entity, classes: tuple[str, ...] | None, conditions: Collection[Condition], setting: Setting
    ) -> Ballot:
        left_out = self._excluded(conditions, setting)
        names = classes
        if left_out & set(entity.classes):
            names = tuple(name for name in (classes or tuple(entity.classes)) if name not in left_out)
            if classes is None:
                names = tuple(name for name in names if entity.classes[name].votes)
        ballot = votes_of(self.structure, entity, names, left_out)
        for condition in conditions:
            if condition.kind == "capped" and condition.amount is not None:
                ballot = capped(ballot, condition.amount)
        return ballot

    def _vote_of_holders(self, ballot: Ballot, wanted: Needed, setting: Setting) -> int:
        for note in ballot.assumptions:
            self.assume(note)
        if not ballot.entries and (not ballot.others or setting.of_seat):
            self.assume(f"No holder of the {ballot.words} is recorded; nobody can pass a vote of them.")
            return self.no
        thresholds, others = weighings(ballot, wanted)
        parts = [self.party(entry.party, setting.entity, setting.matter) for entry in ballot.entries]
        if others:
            self.assume(f"The {ballot.others} do not act together: nobody can count on them, and they may agree.")
            parts.append(self.drawing.others(ballot.others))
        node = self.drawing.add(AtLeast(tuple(parts), thresholds))
        held = sum((entry.low for entry in ballot.entries), Fraction(0))
        voters = [(entry.party, entry.low) for entry in ballot.entries]
        bases = [entry.bases for entry in ballot.entries]
        if others:
            voters.append((ballot.others, max(ballot.total - held, Fraction(0))))
            bases.append(())
        facts = tuple(dict.fromkeys(fact for entry in ballot.entries for fact in entry.facts))
        if facts:
            self.facts[node] = facts
        self._note(node, VoteNote(
            setting.entity.id, ballot.words, wanted, ballot.total, tuple(voters), tuple(bases), setting.rule, setting.text
        ))  # fmt: skip
        return node

    def _note(self, node: int, note: VoteNote) -> None:
        self.votes[node] = note
        self._rests_on(node, note.rule)

    def _vote_of_seats(
        self, kind: str, names: tuple[str, ...], vote: Vote, wanted: Needed, setting: Setting, absent: Needed | None
    ) -> int:
        owner = self.structure.entities[names[0]]
        body = owner.bodies[names[1]]
        groups = list(body.groups.values()) if kind == "body" else [body.groups[names[2]]]
        kinds = {condition.kind for condition in vote.conditions}
        in_office = bool(kinds & {"in office", "present"})
        left_out = self._excluded(vote.conditions, setting)
        parts: list[int] = []
        weights: list[int] = []
        voters: list[tuple[str, Fraction]] = []
        bases: list[tuple[Basis, ...]] = []
        in_chair: list[int] = []
        for group in groups:
            office = owner.offices.get(group.office) if group.office else None
            for seat in group.seats if group.votes_each > 0 else ():
                occupant = seat.occupant or (office.holder if office is not None else None)
                if (in_office and occupant is None) or (occupant is not None and occupant in left_out):
                    continue
                node = self.number(SeatAgrees(owner.id, body.id, group.id, seat.number))
                parts.append(node)
                weights.append(group.votes_each)
                voters.append((occupant or f"vacant {group.id} seat", Fraction(group.votes_each)))
                bases.append((seat.basis,))
                if occupant is not None and occupant == body.chair:
                    in_chair.append(node)
            for condition in group.conditions:
                self.assume(f"The seats {group.id} of {_dotted(owner, body.id)} exist while {condition}.")
        base = Fraction(sum(weights))
        words = f"seats of {_dotted(owner, body.id)}" if kind == "body" else f"{group_words(owner, names)} seats"
        if any(weight != 1 for weight in weights):
            words = words.replace("seats of", "votes of")
        used = absent or wanted
        entries = tuple(
            Entry(name, Fraction(weight), Fraction(weight)) for (name, _), weight in zip(voters, weights, strict=True)
        )
        thresholds, _ = weighings(Ballot(entries, base, "", words), used)
        node = self.drawing.add(AtLeast(tuple(parts), thresholds)) if parts else self.no
        if not parts:
            self.assume(f"No {words} are in office; a vote of them cannot pass.")
            return node
        self._note(node, VoteNote(
            owner.id, words, used, base, tuple(voters), tuple(bases), setting.rule, setting.text
        ))  # fmt: skip
        self._rests_on(node, body.basis)
        if body.casting_vote and in_chair and vote.share.kind == "majority" and absent is None:
            half, _ = weighings(Ballot(entries, base, "", words), Needed(Fraction(1, 2), False, None, None, "half"))
            tied = self.drawing.add(AtLeast(tuple(parts), half))
            self._note(tied, self.votes[node]._replace(
                needed=Needed(Fraction(1, 2), False, None, None, "exactly half, with the chair's casting vote,")
            ))  # fmt: skip
            cast = self.drawing.add(And((tied, self.drawing.add(Or(tuple(in_chair))))))
            node = self.drawing.add(Or((node, cast)))
        return node


def rules_of_seat(group: SeatGroup, office: Office | None) -> tuple[MatterRule | None, MatterRule | None]:
    """Return the rules that empty a seat and that fill it again.

    An ex officio seat has those of its office. A vacancy is filled as stated for vacancies, unless a statutory pack says so.
    """
    if group.office is not None:
        return (office.removed_by, office.filled_by) if office is not None else (None, None)
    vacancies = group.vacancies_filled_by
    stated = vacancies if vacancies is not None and not vacancies.assumed else group.filled_by
    return group.removed_by, stated


def _depends_on_seat(stated: MatterRule | None) -> bool:
    """Whether a rule differs from seat to seat: cumulative votes, or the one concerned is left out."""
    if stated is None:
        return False
    waiting: list[Rule] = [stated.rule]
    while waiting:
        rule = waiting.pop()
        match rule:
            case AllOf(parts) | OneOf(parts) | KOf(_, parts):
                waiting.extend(parts)
            case Vote(share, _, conditions):
                if share.kind == "cumulative" or any(item.words == "the one concerned" for item in conditions):
                    return True
            case _:
                pass
    return False


def _dotted(entity: Entity, part: str) -> str:
    return f"{entity.id}.{part}"


def group_words(entity: Entity, names: tuple[str, ...]) -> str:
    """Return the name of a group of seats as people read it."""
    return f"{names[2]} of {_dotted(entity, names[1])}"
