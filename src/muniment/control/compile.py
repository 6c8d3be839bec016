"""Compile the rules of a structure into one monotone system over actors.

Persons, groups that act together and entities without inner rules are actors. Everything else is a named decision: an
entity acts, a body decides, a seat agrees, a group of seats is filled or emptied, a matter passes. Each is compiled
once and referred to by number, so chains and circles of any length are walked without recursion.
"""

from __future__ import annotations

from collections.abc import Collection

from muniment.book.structure import Entity, MatterRule, SeatGroup, Structure
from muniment.control.ballots import needed, votes_of
from muniment.control.clauses import MAJORITY, RuleCompiler
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
from muniment.control.electorates import Electorates
from muniment.control.formula import And
from muniment.control.matters import FoundRule, board_of, default_act, find_rule
from muniment.control.meant import electorate_of, parties_of
from muniment.control.terms_of_office import of_term, own_until_the_term_ends
from muniment.model.rules import And as AllOf
from muniment.model.rules import Consent, Electorate, KOf, Never, NoObjection, Rule, Vote
from muniment.model.rules import Or as OneOf


class Compiler(RuleCompiler):
    """Compiles the decisions that a matter rests on.

    Args:
        structure: What is in force.
        directors: How the occupants of seats act.
        own: Seats that are their occupants' own although the reading is loyal.
        blocking: Read conditions that are not monotone so that a no-show is a no; else so that it does not count.
        entities_act: Every entity that is asked is an actor; what stands behind it is not followed.
        as_written: Follow the rules of seats only to see where they lead; a seat without usable rules agrees.
        electorates: Those of the structure that were counted before.
        vacant_agree: A vacant seat agrees, where loyal, as those do who fill it; else it agrees to nothing.
    """

    def __init__(
        self,
        structure: Structure,
        directors: Directors,
        own: Collection[SeatKey] = (),
        *,
        blocking: bool = True,
        as_written: bool = False,
        entities_act: bool = False,
        electorates: Electorates | None = None,
        vacant_agree: bool = True,
    ) -> None:
        super().__init__(structure, blocking=blocking, entities_act=entities_act, electorates=electorates)
        self.directors = directors
        self.vacant_agree = vacant_agree
        self.own = frozenset(own)
        self.as_written = as_written
        self.own_seats: dict[SeatKey, None] = {}

    def ask(self, key: Key) -> None:
        """Have a decision compiled."""
        self.number(key)

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
                case PoolDecides(pool):
                    self._alias(number, self._pool(pool))
                case SeatAgrees():
                    self._alias(number, self._seat(number, key))
                case SeatsFilled():
                    self._alias(number, self._filled(key))
                case SeatsEmptied():
                    self._alias(number, self._emptied(key))
                case SeatsElected():
                    self._alias(number, self._elected(key))

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
            self.directors,
        )

    def stated(self, label: str, entity: Entity, name: str, node: int, body: str = "") -> int:  # noqa: ARG002
        """Return the node of a rule that stands somewhere; for compilers that let rules change.

        Args:
            label: ``matter``, ``filled by``, ``removed by``, ``vacancies filled by`` or ``decides by``.
            entity: Whose rule.
            name: The matter, seat group or body.
            node: What the rule asks for as it stands.
            body: The body of a seat group.
        """
        return node

    def _alias(self, number: int, part: int) -> None:
        self.drawing.define(number, And((part,)))

    def _matter(self, entity: Entity, matter: str) -> int:
        found = find_rule(entity, matter)
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
                self.assume(of_law(f"{entity.id}: {matter}", stated.rule))
            setting = self._setting(entity, matter, stated.rule)
            setting = setting._replace(concerned=stated.concerned, seat=(stated.seats // 2 + 1, stated.seats))
            parts.append(self.rule(stated.rule.rule, setting))
        if found.default:
            parts.append(self._default(entity, matter))
        node = self.drawing.wrap(self.drawing.add(And(tuple(parts))))
        for stated in found.rules:
            self._rests_on(node, stated.rule.basis if stated.rule is not None else None)
        return self._with_consents(entity, matter, self.stated("matter", entity, matter, node))

    def _with_consents(self, entity: Entity, matter: str, node: int) -> int:
        consents = entity.consents.get(matter, ())
        if not consents:
            return node
        added = self.drawing.add(And((node, *(self.party(consent.of, entity, matter) for consent in consents))))
        self._rests_on(added, *(consent.basis for consent in consents))
        return added

    def _act(self, entity: Entity, on: str) -> int:
        """Return how an entity acts: by its rule for this consent, else its `vote shares`, else the default."""
        label = f"consent to {on}" if on else "vote shares"
        stated = entity.rules.get(label)
        if stated is None:
            node = self._default(entity, label)
        else:
            if stated.assumed:
                self.assume(of_law(f"{entity.id}: {label}", stated))
            node = self.rule(stated.rule, self._setting(entity, label, stated))
            node = self.drawing.wrap(node)
            self._rests_on(node, stated.basis)
        return self._with_consents(entity, "vote shares", self.stated("matter", entity, label, node))

    def _default(self, entity: Entity, matter: str) -> int:
        """Return how an entity decides where nothing is stated."""
        kind, names, basis = default_act(entity, for_matter=not matter.startswith(("vote shares", "consent to ")))
        match kind:
            case "parties":
                if len(names) > 1:
                    self.assume(f"{', '.join(names)} must all agree to what {entity.id} does; nothing else is stated.")
                parts = tuple(self.party(name, entity, matter) for name in names)
                node = self.drawing.wrap(self.drawing.add(And(parts)))
                self._rests_on(node, basis)
                return node
            case "body":
                return self.number(BodyDecides(entity.id, names[0]))
            case _:
                setting = Setting(entity, matter, basis, "majority of votes")
                within = self._within_limits(entity, None)
                ballot = votes_of(self.structure, entity, None, pooled=self._pooled(entity), within=within)
                if not ballot.entries and not ballot.others:
                    return self.drawing.actor(entity.id)
                self.assume(f"{entity.id} states no rule for this; a majority of its votes is taken to decide.")
                return self._vote_of_holders(ballot, needed(MAJORITY), setting, entity)

    def _body(self, entity: Entity, body_id: str) -> int:
        body = entity.bodies[body_id]
        if body.decides_by is None:
            self.assume(f"{_dotted(entity, body_id)} does not state how it decides; a majority of it is assumed.")
            setting = Setting(entity, "ordinary decision", body.basis, "majority of board", body=body_id)
            node = self.vote(Vote(MAJORITY, Electorate("body", (body_id,))), setting)
            return self.stated("decides by", entity, body_id, node)
        if body.decides_by.assumed:
            self.assume(of_law(f"{_dotted(entity, body_id)} decides by", body.decides_by))
        setting = self._setting(entity, "ordinary decision", body.decides_by)._replace(body=body_id)
        node = self.rule(body.decides_by.rule, setting)
        node = self.drawing.wrap(node)
        self._rests_on(node, body.decides_by.basis)
        return self.stated("decides by", entity, body_id, node)

    def _pool(self, pool_id: str) -> int:
        """Return how a voting pool decides: by its rule, else all its members."""
        pool = next(pool for pool in self.structure.pools if pool.id == pool_id)
        entity = self.structure.entities[pool.over]
        if pool.decides_by is None:
            if len(pool.members) > 1:
                self.assume(f"The voting pool {pool.id} does not state how it decides; all its members must agree.")
            node = self.drawing.wrap(self.drawing.add(And(tuple(self.party(n, entity, "") for n in pool.members))))
            self._rests_on(node, pool.basis)
            return node
        stated = pool.decides_by
        setting = self._setting(entity, "", stated)._replace(pool=pool)
        node = self.drawing.wrap(self.rule(stated.rule, setting))
        self._rests_on(node, pool.basis, stated.basis)
        return node

    def _seat(self, number: int, key: SeatAgrees) -> int:
        """Return when a seat agrees: as its occupant does or, loyal, as those do who empty and fill it."""
        entity = self.structure.entities[key.entity]
        group = entity.bodies[key.body].groups[key.group]
        seat = group.seats[key.number - 1]
        office = entity.offices.get(group.office) if group.office else None
        occupant = seat.occupant or (office.holder if office is not None else None)
        self._rests_on(number, seat.basis, group.basis)
        for sentence in of_term(entity, key.body, group, seat, self.structure.on):
            self.assume(sentence)
        if occupant is None and not self.vacant_agree:
            return self.no
        owner = owner_of_seat(self.structure, entity, group)
        removed_by, filled_by = rules_of_seat(entity, key.body, group, owner)
        if self.directors == "loyal":
            usable = self.is_usable(owner, filled_by) and (
                occupant is None or (not group.for_cause_only and self.is_usable(owner, removed_by))
            )
            if self.as_written and occupant is not None and occupant in self.structure.entities:
                # The seat may turn out to be its occupant's own; the seats behind an entity that sits are judged too.
                self.party(occupant, entity, "ordinary decision")
            if self.as_written and not usable:
                return self.yes
            if usable and (key.entity, key.body, key.group, key.number) not in self.own:
                return self._loyal(key, occupant, removed_by, filled_by)
            self.own_seats[(key.entity, key.body, key.group, key.number)] = None
            if occupant is not None and group.sits_for is not None and (group.for_cause_only or removed_by is None):
                self.assume(own_until_the_term_ends(entity, key.body, group))
        if occupant is None:
            return self.no
        return self.party(occupant, entity, "ordinary decision")

    def _loyal(
        self, key: SeatAgrees, occupant: str | None, removed_by: MatterRule | None, filled_by: MatterRule | None
    ) -> int:
        alone = key.number if depends_on_seat(filled_by) else 0
        filled = self.number(SeatsFilled(key.entity, key.body, key.group, alone))
        if occupant is None:
            return filled
        alone = key.number if depends_on_seat(removed_by) else 0
        emptied = self.number(SeatsEmptied(key.entity, key.body, key.group, alone))
        return self.drawing.add(And((emptied, filled)))

    def is_usable(self, entity: Entity, stated: MatterRule | None) -> bool:
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
                kind, names = electorate_of(self.structure, entity, electorate, setting)
                if kind in ("holders", "all"):
                    classes = names if kind == "holders" else None
                    return bool(self._ballot(entity, classes, conditions, setting).entries)
                if kind == "foreign":
                    owner = self.structure.entities[names[0]]
                    return bool(self._ballot(owner, names[1:], conditions, setting).entries)
                return kind != "missing" and (kind != "parties" or bool(names))
            case Consent(party) | NoObjection(party):
                return bool(parties_of(self.structure, entity, party))
            case _:
                return True

    def _filled(self, key: SeatsFilled) -> int:
        entity = self.structure.entities[key.entity]
        group = entity.bodies[key.body].groups[key.group]
        owner = owner_of_seat(self.structure, entity, group)
        stated = rules_of_seat(entity, key.body, group, owner)[1]
        matter = "fill vacancies" if stated is not None and stated is group.vacancies_filled_by else "elect directors"
        label = "vacancies filled by" if matter == "fill vacancies" else "filled by"
        return self._seat_rule(owner, matter, stated, group, key, label)

    def _emptied(self, key: SeatsEmptied) -> int:
        entity = self.structure.entities[key.entity]
        group = entity.bodies[key.body].groups[key.group]
        owner = owner_of_seat(self.structure, entity, group)
        stated = rules_of_seat(entity, key.body, group, owner)[0]
        return self._seat_rule(owner, "remove directors", stated, group, key, "removed by")

    def _elected(self, key: SeatsElected) -> int:
        entity = self.structure.entities[key.entity]
        group = entity.bodies[key.body].groups[key.group]
        stated = rule_of_election(entity, key.body, group)
        return self._seat_rule(entity, "elect directors", stated, group, key, "filled by")

    def _seat_rule(
        self,
        entity: Entity,
        matter: str,
        stated: MatterRule | None,
        group: SeatGroup,
        key: SeatsFilled | SeatsEmptied | SeatsElected,
        label: str,
    ) -> int:
        number = key.number
        if stated is None:
            return self.stated(label, entity, group.id, self.no, key.body)
        if stated.assumed:
            of_seats = "removed by" if matter.startswith("remove") else "filled by"
            self.assume(of_law(f"{entity.id}: {group.id} {of_seats}", stated))
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
        return self._with_consents(entity, matter, self.stated(label, entity, group.id, node, key.body))


def owner_of_seat(structure: Structure, entity: Entity, group: SeatGroup) -> Entity:
    """Return in whose terms the rules of a seat are read: of a seat ex officio, the entity whose office it follows."""
    owner = (group.office or "").rpartition(".")[0]
    return structure.entities.get(owner, entity) if owner else entity


def rules_of_seat(
    entity: Entity, body_id: str, group: SeatGroup, owner: Entity | None = None
) -> tuple[MatterRule | None, MatterRule | None]:
    """Return the rules that empty a seat and that fill it again.

    An ex officio seat has those of its office, which is one of `owner` where another entity has it. Where the seats of
    the board state none, the entity's rules for elections and removals are theirs. A vacancy is filled as stated for
    vacancies, unless only a statutory pack says so.
    """
    rules = entity.rules
    if group.office is not None:
        name = group.office.rpartition(".")[2]
        office, rules = (owner or entity).offices.get(name), (owner or entity).rules
        removed_by = (office.removed_by if office is not None else None) or rules.get(f"remove {name}")
        return removed_by, (office.filled_by if office is not None else None) or rules.get(f"appoint {name}")
    board = board_of(entity)
    of_board = rules if board is not None and board.id == body_id else {}
    removed_by = group.removed_by or of_board.get("remove directors")
    vacancies = group.vacancies_filled_by or of_board.get("fill vacancies")
    if vacancies is not None and not vacancies.assumed:
        return removed_by, vacancies
    return removed_by, group.filled_by or of_board.get("elect directors")


def rule_of_election(entity: Entity, body_id: str, group: SeatGroup) -> MatterRule | None:
    """Return the rule by which the seats of a group are filled when terms end, whatever is stated for vacancies."""
    board = board_of(entity)
    of_board = entity.rules if board is not None and board.id == body_id else {}
    return group.filled_by or of_board.get("elect directors")


def depends_on_seat(stated: MatterRule | None) -> bool:
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


def of_law(what: str, stated: MatterRule) -> str:
    """Return the sentence that says which default of the law is used for what."""
    authority = f": {stated.authority}" if stated.authority else ""
    return f"{what}: {stated.text} (a default of its law, the book says nothing{authority})."


def _dotted(entity: Entity, part: str) -> str:
    return f"{entity.id}.{part}"
