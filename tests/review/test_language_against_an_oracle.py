"""Random small books, decided by a second and plain reading of the language, and compared with `decide`.

The reading below follows the description of the language clause by clause. It tries every set of those who agree, and
settles circles by starting from nothing (or, where the greatest fixpoint is asked, from everything) until nothing
changes. Nothing in it is shared with `muniment.control`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import combinations, product
from random import Random
from typing import Any, TypeAlias

from hypothesis import given, note, settings
from hypothesis import strategies as st

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.book.structure import Structure
from muniment.control import Decision, decide

DAY = date(2022, 1, 1)
PEOPLE = ("ada", "bo", "cy", "dee", "eve")
CROWD = "crowd"
QUOTAS = tuple(Fraction(*pair) for pair in ((1, 2), (1, 3), (2, 3), (3, 4), (1, 4), (2, 5)))
MATTER = "do it"

Rule: TypeAlias = tuple[Any, ...]
"""`("and" | "or", rules)`, `("k", k, rules)`, `("consent", party)`, `("body", id)`, `("never",)`, or
`("vote", share, electorate, conditions)`."""
Key: TypeAlias = tuple[Any, ...]


@dataclass
class Group:
    """Seats of a body that are filled and emptied alike; an office is one such seat."""

    id: str = ""
    seats: list[str | None] = field(default_factory=list)
    filled: Rule | None = None
    removed: Rule | None = None
    vacancies: Rule | None = None
    for_cause: bool = False
    votes: int = 1
    of_office: bool = False


@dataclass
class Body:
    id: str
    groups: list[Group] = field(default_factory=list)
    decides: Rule | None = None
    chair: str | None = None


@dataclass
class Entity:
    id: str
    kind: str = "company"
    classes: dict[str, int] = field(default_factory=dict)
    held: dict[tuple[str, str], int] = field(default_factory=dict)
    bodies: list[Body] = field(default_factory=list)
    office: Group | None = None
    rules: dict[str, Rule] = field(default_factory=dict)
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    consents: list[str] = field(default_factory=list)

    def body(self, name: str) -> Body:
        return next(body for body in self.bodies if body.id == name)

    def body_of(self, group: str) -> Body:
        return next(body for body in self.bodies if group in [each.id for each in body.groups])


@dataclass
class Pool:
    members: tuple[str, ...]
    over: str
    decides: Rule | None
    revocable: bool


@dataclass
class Facts:
    entities: dict[str, Entity] = field(default_factory=dict)
    pools: list[Pool] = field(default_factory=list)


# As a book


def rule_text(rule: Rule, inner: bool = False) -> str:
    match rule:
        case ("and" | "or" as word, parts):
            words = f" {word} ".join(rule_text(part, True) for part in parts)
            return f"({words})" if inner else words
        case ("k", k, parts):
            return f"{k} of ({'; '.join(map(rule_text, parts))})"
        case ("consent", party):
            return f"consent of {party}"
        case ("body", name):
            return str(name)
        case ("vote", share, electorate, conditions):
            who = f"({', '.join(electorate[1])})" if electorate[0] == "parties" else electorate[-1]
            if electorate[0] == "together":
                who = f"{' and '.join(electorate[1])} together"
            return " ".join([f"{' '.join(map(str, share))} of {who}", *map(condition_text, conditions)])
    return str(rule[0])


def condition_text(condition: tuple[Any, ...]) -> str:
    match condition:
        case ("with quorum" | "capped at" as word, amount):
            return f"{word} {amount}{' a holder' if word == 'capped at' else ''}"
        case ("excluding", parties):
            return f"excluding ({', '.join(parties)})"
    return str(condition[0])


def book_text(facts: Facts) -> str:
    lines = [f"2020-01-01 person {name}" for name in PEOPLE] + [f"2020-01-01 group {CROWD}", "  acts: apart"]
    after: list[str] = []
    for entity in facts.entities.values():
        lines += [f"2020-01-01 {entity.kind} {entity.id}", "  law pack: none"]
        lines += [f"  {role}: {', '.join(names)}" for role, names in entity.roles.items()]
        for name, votes in entity.classes.items():
            lines += [f"  class {name}", f"    votes per share: {votes}"]
        for body in entity.bodies:
            lines.append(f"  board {body.id}")
            lines += [f"    decides by: {rule_text(body.decides)}"] if body.decides else []
            lines += [f"    chair: {body.chair}, casting vote"] if body.chair else []
            for group in body.groups:
                lines += [f"    seats {group.id}", f"      number: {len(group.seats)}"]
                lines += [f"      votes each: {group.votes}"] if group.votes != 1 else []
                lines += ["      occupant: holder of ceo"] if group.of_office else terms_text(group, "      ")
                after += seated(entity, group.id, group.seats) if not group.of_office else []
        if entity.office is not None:
            lines += ["  office ceo", *terms_text(entity.office, "    ")]
            after += seated(entity, "ceo", entity.office.seats)
        lines += ["  rules", *(f"    {label}: {rule_text(rule)}" for label, rule in entity.rules.items())]
        after += [f"2020-01-02 issue {entity.id}"] if entity.held else []
        after += [f"  {party}: {number} {name}" for (party, name), number in entity.held.items()]
        for at, party in enumerate(entity.consents):
            after += [f"2020-02-01 agreement {entity.id}-{at}", f"  parties: {entity.id}, {party}", "  consent"]
            after += [f"    of: {party}", f"    for: {entity.id}: {MATTER}"]
    for at, pool in enumerate(facts.pools):
        members = ", ".join(pool.members)
        after += [f"2020-03-01 agreement pool-{at}", f"  parties: {members}", "  voting pool"]
        after += [f"    members: {members}", f"    over: {pool.over}"]
        after += [f"    decides by: {rule_text(pool.decides)}"] if pool.decides else []
        after += ["    revocable: yes"] if pool.revocable else []
    return "\n".join(lines + after) + "\n"


def terms_text(group: Group, indent: str) -> list[str]:
    stated = {"filled by": group.filled, "removed by": group.removed, "vacancies filled by": group.vacancies}
    ending = {"removed by": " for cause only" if group.for_cause else ""}
    return [f"{indent}{label}: {rule_text(rule)}{ending.get(label, '')}" for label, rule in stated.items() if rule]


def seated(entity: Entity, group: str, seats: Sequence[str | None]) -> list[str]:
    names = ", ".join(name for name in seats if name)
    return [f"2020-01-05 appoint {entity.id}", f"  {group}: {names}"] if names else []


# Who decides


def majority_of(body: Body) -> Rule:
    return ("vote", ("majority",), ("body", body.id), ())


class Reading:
    """Who decides in a book: `loyal` says how directors vote, `apart` how those vote who do not act together."""

    def __init__(self, facts: Facts, loyal: bool, apart: bool = False) -> None:
        self.facts, self.loyal, self.apart = facts, loyal, apart
        self.silent: tuple[str, str] | None = None
        self.own: set[Key] = set()
        self.yes: frozenset[str] = frozenset()
        self.now: dict[Key, bool] = {}
        if loyal:
            self.own = {key for key in self.seats() if self.is_own(*key)}

    def seats(self) -> list[Key]:
        entities = self.facts.entities.values()
        groups = [(entity, body, group) for entity in entities for body in entity.bodies for group in body.groups]
        return [(entity.id, body.id, group.id, at) for entity, body, group in groups for at in range(len(group.seats))]

    def passes(self, name: str, agree: frozenset[str], *, from_everything: bool = False) -> bool:
        entity = self.facts.entities[name]
        self.settle(agree, from_everything)
        about = (name, MATTER)
        return self.ask(entity, entity.rules[MATTER], about) and all(self.party(p, about) for p in entity.consents)

    def settle(self, agree: frozenset[str], start: bool) -> None:
        self.yes = agree
        entities = self.facts.entities.values()
        keys: list[Key] = [("acts", entity.id, None) for entity in entities]
        keys += [("acts", e.id, (o.id, MATTER)) for e in entities for o in entities if consent_to(o.id) in e.rules]
        keys += [("seat", *seat) for seat in self.seats()]
        keys += [("body", entity.id, body.id) for entity in entities for body in entity.bodies]
        keys += [("pool", at) for at in range(len(self.facts.pools))]
        self.now = dict.fromkeys(keys, start)
        while (new := {key: self.value(key) for key in keys}) != self.now:
            self.now = new

    def value(self, key: Key) -> bool:
        match key:
            case ("pool", at):
                pool = self.facts.pools[at]
                return self.ask(self.facts.entities[pool.over], self.rule_of(pool), None, pool)
            case ("acts", name, about):
                rule = self.acts_by(name, about)
                return name in self.yes if rule is None else self.ask(self.facts.entities[name], rule, (name, ""))
            case ("body", name, body_id):
                body = self.facts.entities[name].body(body_id)
                rule = itself_replaced(body.decides, body) if body.decides else majority_of(body)
                return self.ask(self.facts.entities[name], rule, None)
        _, name, body_id, group_id, at = key
        entity = self.facts.entities[name]
        group = next(group for group in entity.body(body_id).groups if group.id == group_id)
        occupant = group.seats[at]
        behind = self.behind(entity, group, occupant) if self.loyal and key[1:] not in self.own else None
        if self.silent is not None and (self.silent == (name, body_id) or behind is None):
            return self.silent != (name, body_id)
        if behind is None:
            return occupant is not None and self.party(occupant, None)
        return all(self.ask(entity, rule, None) for rule in behind)

    def behind(self, entity: Entity, group: Group, occupant: str | None) -> list[Rule] | None:
        """Return the rules that empty and fill a seat; None where one is lacking or cannot be followed."""
        group = entity.office if group.of_office and entity.office else group
        filled = group.vacancies or group.filled
        rules = [filled] if occupant is None else [filled, group.removed]
        if occupant is not None and group.for_cause:
            return None
        found = [rule for rule in rules if rule is not None and not self.is_lacking(entity, rule)]
        return found if len(found) == len(rules) else None

    def is_lacking(self, entity: Entity, rule: Rule) -> bool:
        match rule:
            case ("never",):
                return True
            case ("and", parts):
                return any(self.is_lacking(entity, part) for part in parts)
            case ("or", parts):
                return all(self.is_lacking(entity, part) for part in parts)
            case ("k", k, parts):
                return sum(not self.is_lacking(entity, part) for part in parts) < k
            case ("vote", _, ("votes" | "class" | "together", *_) as electorate, conditions):
                out = {party for word, *rest in conditions if word == "excluding" for party in rest[0]}
                return not any(n for party, n in self.votes(entity, electorate).items() if party not in out)
        return False

    def is_own(self, name: str, body_id: str, group_id: str, at: int) -> bool:
        """Say whether a seat is its occupant's: its rules cannot be met with all agreeing but the body silent."""
        entity = self.facts.entities[name]
        group = next(group for group in entity.body(body_id).groups if group.id == group_id)
        rules = self.behind(entity, group, group.seats[at])
        if rules is None:
            return True
        other = Reading(self.facts, loyal=False, apart=True)
        other.loyal, other.silent = True, (name, body_id)
        other.settle(frozenset(PEOPLE) | frozenset(self.facts.entities), True)
        return not all(other.ask(entity, rule, None) for rule in rules)

    def acts_by(self, name: str, about: tuple[str, str] | None = None) -> Rule | None:
        entity = self.facts.entities[name]
        if about is not None and consent_to(about[0]) in entity.rules:
            return entity.rules[consent_to(about[0])]
        if "vote shares" in entity.rules:
            return entity.rules["vote shares"]
        named = entity.roles.get("manager", ()) + entity.roles.get("trustees", ())
        if named:
            return ("and", [("consent", party) for party in named])
        if entity.bodies:
            return ("body", entity.bodies[0].id)
        return ("vote", ("majority",), ("votes",), ()) if any(self.votes(entity, ("votes",)).values()) else None

    def party(self, name: str, about: tuple[str, str] | None) -> bool:
        if name == CROWD:
            return self.apart
        if name not in self.facts.entities:
            return name in self.yes
        return self.now.get(("acts", name, about), self.now["acts", name, None])

    def votes(self, entity: Entity, electorate: tuple[Any, ...]) -> dict[str, int]:
        """Return votes by holder, without those that the entity holds in itself."""
        each = dict(entity.classes)
        if electorate[0] != "votes":
            names = electorate[1] if electorate[0] == "together" else [electorate[1]]
            each = {name: entity.classes[name] or 1 for name in names}
        found: dict[str, int] = {}
        for (party, name), number in entity.held.items():
            if name in each and party != entity.id:
                found[party] = found.get(party, 0) + number * each[name]
        return found

    def rule_of(self, pool: Pool) -> Rule:
        return pool.decides or ("vote", ("all",), ("parties", pool.members), ())

    def ask(self, entity: Entity, rule: Rule, about: tuple[str, str] | None, pool: Pool | None = None) -> bool:
        match rule:
            case ("and", parts):
                return all(self.ask(entity, part, about, pool) for part in parts)
            case ("or", parts):
                return any(self.ask(entity, part, about, pool) for part in parts)
            case ("k", k, parts):
                return bool(sum(self.ask(entity, part, about, pool) for part in parts) >= k)
            case ("consent", party):
                return self.party(party, about)
            case ("body", name):
                return self.now["body", entity.id, name]
            case ("vote", share, electorate, conditions):
                return self.count(entity, share, electorate, {c[0]: c[1:] for c in conditions}, about, pool)
        return False

    def count(
        self,
        entity: Entity,
        share: tuple[Any, ...],
        electorate: tuple[Any, ...],
        conditions: Mapping[str, tuple[Any, ...]],
        about: tuple[str, str] | None,
        pool: Pool | None,
    ) -> bool:
        out = conditions.get("excluding", ((),))[0]
        ballots: list[tuple[int, bool]] = []
        many = 0  # votes of those who do not act together; a cap on one holder is none on them
        chair: bool | None = None
        if electorate[0] in ("body", "group"):
            body = entity.body(electorate[1]) if electorate[0] == "body" else entity.body_of(electorate[1])
            for group in body.groups:
                for at, occupant in enumerate(group.seats if electorate[1] in (body.id, group.id) else ()):
                    if occupant in out or (occupant is None and {"in office", "present"} & conditions.keys()):
                        continue
                    agrees = self.now["seat", entity.id, body.id, group.id, at]
                    chair = agrees if occupant is not None and occupant == body.chair and group.votes else chair
                    a_number = isinstance(share[-1], int)  # of seats, whatever their votes
                    ballots.append((min(group.votes, 1) if a_number else group.votes, agrees))
        elif electorate[0] in ("votes", "class", "together"):
            for party, number in self.votes(entity, electorate).items():
                if party in out or (pool is not None and party not in pool.members):
                    continue
                bound = [each for each in self.facts.pools if each.over == entity.id and party in each.members]
                if pool is None and bound and not bound[0].revocable:
                    ballots.append((number, self.now["pool", self.facts.pools.index(bound[0])]))
                else:
                    ballots.append((number, self.party(party, about)))
                    many += number if party == CROWD else 0
        else:
            named = electorate[1] if electorate[0] == "parties" else entity.roles[electorate[0]]
            ballots = [(1, self.party(party, about)) for party in named if party not in out]
        base = sum(number for number, _ in ballots)
        cap = conditions["capped at"][0] * base if "capped at" in conditions else base
        got = sum((min(Fraction(number), Fraction(cap)) for number, agrees in ballots if agrees), Fraction(0))
        got += max(many - Fraction(cap), Fraction(0)) if self.apart else 0
        quorum = conditions.get("with quorum", (Fraction(0),))[0]
        return base > 0 and got >= quorum * base and self.is_enough(share, got, base, chair)

    def is_enough(self, share: tuple[Any, ...], got: Fraction, base: int, chair: bool | None) -> bool:
        match share:
            case ("majority",):
                return 2 * got > base or (chair is True and 2 * got == base)
            case ("plurality",):
                return 2 * got > base
            case ("all",):
                return got >= base
            case ("all but", number):
                return bool(got >= base - number)
            case ("more than", part):
                return bool(got > part * base)
            case ("at least", part):
                return bool(got >= part * base)
        least = share[0]
        return bool(got >= (least if isinstance(least, int) else least * base))


def consent_to(entity: str) -> str:
    return f"consent to {entity}: {MATTER}"


def itself_replaced(rule: Rule, body: Body) -> Rule:
    """Return a body's own rule where the body named in it is a majority of its seats."""
    match rule:
        case ("and" | "or" as word, parts):
            return (word, [itself_replaced(part, body) for part in parts])
        case ("k", k, parts):
            return ("k", k, [itself_replaced(part, body) for part in parts])
    return majority_of(body) if rule == ("body", body.id) else rule


def least_sets(sets: Sequence[frozenset[str]]) -> list[list[str]]:
    found: list[frozenset[str]] = []
    for one in sorted(sets, key=len):
        if not any(other <= one for other in found):
            found.append(one)
    return sorted(sorted(one) for one in found)


# Random books


class Maker:
    """Makes a small book, of one to three entities that hold one another as chance has it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        names = [f"e{at}" for at in range(random.choice([1, 2, 2, 3]))]
        self.parties = [*PEOPLE[: random.choice([3, 4, 5])], *names]
        self.facts = Facts({name: self.entity(name) for name in names})
        for entity in self.facts.entities.values():
            self.terms(entity)
        for _ in range(random.choice([0, 1, 1, 2])):
            self.pool()

    def chance(self, part: float) -> bool:
        return self.random.random() < part

    def some(self, most: int) -> tuple[str, ...]:
        return tuple(self.random.sample(self.parties, min(len(self.parties), self.random.randint(1, most))))

    def entity(self, name: str) -> Entity:
        random, entity = self.random, Entity(name)
        for letter in random.sample("ab", random.choice([0, 1, 1, 2])):
            entity.classes[f"{letter}{name}"] = random.choice([0, 1, 1, 2, 10])
            for party in random.sample([*self.parties, CROWD], random.randint(0, 3)):
                entity.held[party, f"{letter}{name}"] = random.randint(1, 4)
        for body_id in ("board", "committee")[: random.choice([0, 1, 1, 2])]:
            body, free = Body(body_id), random.sample(PEOPLE, 5)
            for at in range(random.choice([1, 1, 2])):
                seats: list[str | None] = [free.pop() for _ in range(random.randint(0, 2))]
                seats += [None] * (random.choice([0, 0, 1]) if seats else 1)
                body.groups.append(Group(f"g{at}{body_id[0]}{name}", seats, votes=random.choice([1, 1, 1, 0, 2])))
            inside = [occupant for group in body.groups for occupant in group.seats if occupant]
            body.chair = random.choice(inside) if inside and self.chance(0.2) else None
            entity.bodies.append(body)
        if self.chance(0.3):
            holder = random.choice([*PEOPLE, None])
            entity.office = Group("ceo", [holder])
            seated_there = {occupant for body in entity.bodies[:1] for g in body.groups for occupant in g.seats}
            if entity.bodies and holder is not None and holder not in seated_there:
                entity.bodies[0].groups.append(Group(f"x{name}", [holder], of_office=True))
        kind, role = random.choice([("trust", "trustees"), ("llc", "manager"), ("company", "members"), *[("", "")] * 5])
        if role:
            entity.kind, entity.roles = kind, {role: self.some(3)}
        return entity

    def terms(self, entity: Entity) -> None:
        for body in entity.bodies:
            body.decides = self.rule(entity, 1) if self.chance(0.2) else None
            for group in body.groups:
                if not group.of_office:
                    self.seats(entity, group)
        if entity.office is not None:
            self.seats(entity, entity.office)
            entity.office.vacancies, entity.office.for_cause = None, False
        entity.rules[MATTER] = self.rule(entity, 2)
        if self.chance(0.4):
            entity.rules["vote shares"] = self.rule(entity, 1)
        if self.chance(0.2):
            entity.consents.append(self.random.choice(self.parties))
        for other in self.facts.entities:
            if other != entity.id and self.chance(0.15):
                entity.rules[consent_to(other)] = self.rule(entity, 1)

    def seats(self, entity: Entity, group: Group) -> None:
        group.filled = self.rule(entity, 1) if self.chance(0.85) else None
        group.removed = group.filled if self.chance(0.5) else self.rule(entity, 1)
        group.vacancies = self.rule(entity, 1) if self.chance(0.15) else None
        group.for_cause = group.removed is not None and self.chance(0.1)

    def pool(self) -> None:
        over = self.random.choice(list(self.facts.entities.values()))
        bound = {party for pool in self.facts.pools if pool.over == over.id for party in pool.members}
        holders = [party for party, _ in over.held]
        free = [party for party in dict.fromkeys([*holders, *self.parties]) if party not in {*bound, over.id, CROWD}]
        if not free:
            return
        members = tuple(self.random.sample(free, min(len(free), self.random.randint(1, 3))))
        by_head: Rule = ("vote", ("majority",), ("parties", members), ())
        rules = [None, by_head, ("vote", ("majority",), ("votes",), ()), ("consent", self.random.choice(PEOPLE))]
        self.facts.pools.append(Pool(members, over.id, self.random.choice(rules), self.chance(0.1)))

    def rule(self, entity: Entity, depth: int) -> Rule:
        random, roll = self.random, self.random.random()
        if depth and roll < 0.3:
            parts = [self.rule(entity, depth - 1) for _ in range(random.choice([2, 2, 3]))]
            parts = [part for at, part in enumerate(parts) if part not in parts[:at]]
            word = random.choice(["and", "or", "k"])
            if len(parts) > 1:
                return (word, parts) if word != "k" else ("k", random.randint(1, len(parts)), parts)
        if roll < 0.42:
            return ("never",) if roll > 0.4 else ("consent", random.choice(self.parties))
        if entity.bodies and roll < 0.5:
            return ("body", random.choice(entity.bodies).id)
        return self.vote(entity)

    def vote(self, entity: Entity) -> Rule:
        random = self.random
        electorates: list[tuple[Any, ...]] = [("parties", self.some(4)), *((role,) for role in entity.roles)]
        electorates = [each for each in electorates if each != ("manager",)]
        if entity.classes:
            electorates += [("votes",)] * 3 + [("class", name) for name in entity.classes]
        if len(entity.classes) > 1:
            electorates.append(("together", tuple(entity.classes)))
        for body in entity.bodies:
            electorates += [("body", body.id), ("body", body.id), *(("group", group.id) for group in body.groups)]
        electorate = random.choice(electorates)
        of_shares, of_seats = electorate[0] in ("votes", "class", "together"), electorate[0] in ("body", "group")
        shares: list[tuple[Any, ...]] = [("majority",)] * 3 + [("all",), ("all but", random.randint(1, 2))]
        shares += [(word, random.choice(QUOTAS)) for word in ("more than", "at least")]
        shares += [("plurality",)] if of_shares else []
        shares += [(random.randint(1, 4),)] if electorate[0] != "parties" else []
        conditions: list[tuple[Any, ...]] = []
        if of_shares and self.chance(0.15):
            conditions.append((random.choice(["outstanding", "cast", "present"]),))
        if of_seats and self.chance(0.2):
            conditions.append((random.choice(["in office", "present"]),))
        if (of_shares or of_seats) and self.chance(0.1):
            conditions.append(("with quorum", random.choice(QUOTAS)))
        if (of_shares or of_seats) and self.chance(0.1):
            conditions.append(("excluding", self.some(2)))
        if of_shares and self.chance(0.1):
            conditions.append(("capped at", random.choice(QUOTAS)))
        return ("vote", random.choice(shares), electorate, tuple(conditions))


def structure_of(text: str) -> Structure:
    book = load_text(text)
    assert [str(fault) for fault in book.diagnostics if fault.severity == "error"] == []
    return World(book).on(DAY)


def subsets(names: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]


@given(st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=20, deadline=None, derandomize=True)
def test_who_decides_agrees_with_a_plain_reading(random: Random, loyal: bool) -> None:
    facts = Maker(random).facts
    text = book_text(facts)
    note(text)
    structure = structure_of(text)
    passing, blocking = Reading(facts, loyal), Reading(facts, loyal, apart=True)
    actors = [*PEOPLE, *(name for name in facts.entities if passing.acts_by(name) is None)]
    every = frozenset(actors)
    for name in facts.entities:
        decision = decide(structure, f"{name}: {MATTER}", directors="loyal" if loyal else "independent")
        assert isinstance(decision, Decision)
        wins = [some for some in subsets(actors) if passing.passes(name, some)]
        assert decision.impossible == (not blocking.passes(name, every))
        assert sorted(map(list, decision.coalitions)) == least_sets(wins)
        assert list(decision.alone) == sorted(a for a in decision.actors if frozenset([a]) in wins)
        if decision.impossible:
            continue
        stops = [some for some in subsets(actors) if not blocking.passes(name, every - some)]
        assert sorted(map(list, decision.blocking_sets)) == least_sets(stops)
        assert list(decision.can_block) == sorted(a for a in actors if frozenset([a]) in stops)
        if not decision.circular:
            assert wins == [some for some in subsets(actors) if passing.passes(name, some, from_everything=True)]


@given(st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_what_bounds_leave_open_agrees_with_every_corner(random: Random) -> None:
    """A share of votes is decided at the corners: what holds at all of them is certain, what holds at one possible."""
    facts, spans = Facts(), dict[tuple[str, str], tuple[int, int]]()
    for name in ("e0", "e1")[: random.choice([1, 2])]:
        share = random.choice([("majority",), ("at least", Fraction(2, 3)), ("more than", Fraction(1, 3)), ("all",)])
        conditions = random.choice([(), (), (("capped at", Fraction(1, 4)),), (("excluding", ("ada",)),)])
        rule = ("vote", share, ("votes",), conditions)
        facts.entities[name] = Entity(name, classes={f"c{name}": 1}, rules={MATTER: rule, "vote shares": rule})
        holders = random.sample(["ada", "bo", "cy", *(["e1"] if name == "e0" else [])], 3)
        for holder in holders:
            spans[name, holder] = random.choice([(10, 10), (20, 20), (10, 30), (0, 20), (15, 25), (30, 40)])
    facts.entities.setdefault("e1", Entity("e1", rules={MATTER: ("never",)}))
    text = book_text(facts)
    for name in dict.fromkeys(name for name, _ in spans):
        text += f"2020-01-02 holding {name}\n"
        for (entity, holder), (low, high) in spans.items():
            if entity == name:
                text += f"  {holder}: {low if low == high else f'{low} to {high}'} c{name}\n"
    decision = decide(structure_of(text), f"e0: {MATTER}")
    assert isinstance(decision, Decision)
    alone: list[set[str]] = []
    block: list[set[str]] = []
    everyone: list[bool] = []
    for corner in product(*(sorted(set(span)) for span in spans.values())):
        for entity in facts.entities.values():
            entity.held = {}
        for (name, holder), number in zip(spans, corner, strict=True):
            facts.entities[name].held[holder, f"c{name}"] = number
        reading = Reading(facts, loyal=True)
        actors = [*PEOPLE, *(name for name in facts.entities if reading.acts_by(name) is None)]
        alone.append({a for a in actors if reading.passes("e0", frozenset([a]))})
        block.append({a for a in actors if not reading.passes("e0", frozenset(actors) - {a})})
        everyone.append(reading.passes("e0", frozenset(actors)))
    pairs = [("alone", set(decision.alone), alone)]
    pairs += [("can block", set(decision.can_block), block)] if all(everyone) else []
    for question, given_, found in pairs:
        certain, possible = set.intersection(*found), set.union(*found)
        left_open = {each.party for each in decision.undetermined if each.question == question}
        assert given_ <= certain
        assert possible <= given_ | left_open
