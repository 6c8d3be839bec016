"""Which rule decides a matter of an entity, and which matters an entity has."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple

from muniment.book.structure import Basis, Body, Entity, MatterRule, SeatGroup, Structure
from muniment.model.vocabulary import STANDARD_MATTERS
from muniment.text.spans import Span


class StatedRule(NamedTuple):
    """One rule that must be satisfied.

    Attributes:
        words: What it is the rule of (`filled by of seats founders`).
        rule: None where the record leaves it out; then nobody satisfies it.
        concerned: Whom the matter concerns, for `excluding the one concerned`.
        seats: How many seats it fills; under cumulative votes the matter passes for those who secure most of them.
    """

    words: str
    rule: MatterRule | None
    concerned: frozenset[str] = frozenset()
    seats: int = 1


class FoundRule(NamedTuple):
    """How a matter is decided: by all of `rules` or, where `default`, as the entity decides where nothing is stated."""

    rules: tuple[StatedRule, ...]
    default: bool = False
    notes: tuple[str, ...] = ()


class NoSuchMatter(NamedTuple):
    """Why a question cannot be asked.

    Attributes:
        message: What is not known.
        hint: The nearest thing that is; empty if nothing is near.
    """

    message: str
    hint: str = ""


def find_rule(entity: Entity, matter: str) -> FoundRule:
    """Return the rule of a matter: the book's own, the office's or seats', a pack's, else the entity's default."""
    stated = entity.rules.get(matter)
    if stated is not None and not stated.assumed:
        return FoundRule((StatedRule(matter, stated, seats=_seats_filled(entity, matter)),))
    verb, _, name = matter.partition(" ")
    office = entity.offices.get(name)
    if office is not None and verb in ("appoint", "remove"):
        rule = office.filled_by if verb == "appoint" else office.removed_by
        if rule is not None:
            concerned = frozenset([office.holder] if office.holder and verb == "remove" else [])
            return FoundRule((StatedRule(matter, rule, concerned),))
    conversion = _rule_of_conversion(entity, matter)
    if conversion is not None:
        return conversion
    seats = _rule_of_seats(entity, matter)
    if seats is not None:
        return seats
    if stated is not None:
        return FoundRule((StatedRule(matter, stated, seats=_seats_filled(entity, matter)),))
    note = f"No rule names '{matter}' of {entity.id}; it is decided as {entity.id} decides otherwise."
    return FoundRule((), True, (note,))


def stated_rule(entity: Entity, matter: str) -> MatterRule | None:
    """Return the rule on a matter that the book or a statutory pack states; None where nothing is stated."""
    found = find_rule(entity, matter)
    return None if found.default or not found.rules else found.rules[0].rule


def _rule_of_conversion(entity: Entity, matter: str) -> FoundRule | None:
    """Return the rule by which a class converts, for `convert CLASS`; for `convert shares` where just one class has."""
    verb, _, name = matter.partition(" ")
    if verb != "convert":
        return None
    by_vote = {each.id: each.conversion_vote for each in entity.classes.values() if each.conversion_vote is not None}
    if name in by_vote:
        return FoundRule((StatedRule(matter, by_vote[name]),))
    if matter == "convert shares" and len(by_vote) == 1:
        return FoundRule((StatedRule(matter, next(iter(by_vote.values()))),))
    return None


def _rule_of_seats(entity: Entity, matter: str) -> FoundRule | None:
    """Return the rule of an election, of a removal or of filling vacancies, as the seats state it."""
    verb, _, name = matter.partition(" ")
    body = board_of(entity)
    groups: list[SeatGroup] = []
    if matter in ("elect directors", "remove directors", "fill vacancies"):
        groups = [] if body is None else [group for group in body.groups.values() if group.votes_each > 0]
    elif verb in ("elect", "remove"):
        groups = [found.groups[name] for found in entity.bodies.values() if name in found.groups]
    if not groups:
        return None
    rules: dict[int, StatedRule] = {}
    for group in groups:
        rule = _rule_of_group(entity, group, matter)
        words = f"'{matter}' of the seats {group.id}"
        sitting = [seat.occupant for seat in group.seats if seat.occupant is not None]
        concerned = frozenset(sitting if verb == "remove" and len(group.seats) == 1 else [])
        key = id(rule.rule) if rule is not None and not concerned else id(group)
        rules.setdefault(key, StatedRule(words, rule, concerned, max(len(group.seats), 1)))
    notes: tuple[str, ...] = ()
    if len(groups) > 1:
        names = ", ".join(group.id for group in groups)
        notes = (f"'{matter}' of {entity.id} is taken to mean the whole board: the seats {names}.",)
    return FoundRule(tuple(rules.values()), False, notes)


def _seats_filled(entity: Entity, matter: str) -> int:
    body = board_of(entity)
    if matter != "elect directors" or body is None:
        return 1
    return max(sum(len(group.seats) for group in body.groups.values() if group.votes_each > 0), 1)


def _rule_of_group(entity: Entity, group: SeatGroup, matter: str) -> MatterRule | None:
    if group.office is not None:
        office = entity.offices.get(group.office)
        if office is None:
            return None
        return office.removed_by if matter.startswith("remove") else office.filled_by
    if matter.startswith("remove"):
        return group.removed_by
    if matter == "fill vacancies" and group.vacancies_filled_by is not None:
        return group.vacancies_filled_by
    return group.filled_by


def board_of(entity: Entity) -> Body | None:
    """Return the body that acts for an entity: `board`, else the first."""
    return entity.bodies.get("board") or next(iter(entity.bodies.values()), None)


def basis_of(entity: Entity) -> Basis:
    """Return the entity's own record."""
    return entity.basis.get("") or Basis(entity.id, entity.title, Span("", 1, 1, 1))


def default_act(entity: Entity, *, for_matter: bool) -> tuple[str, tuple[str, ...], Basis]:
    """Return how an entity decides where no rule says: ("parties", ids), ("body", (id,)) or ("votes", ()).

    An entity acts by its general partner, manager or trustees, else its board, else its votes. A matter of its own that
    no rule names is its board's, where it has one.
    """
    basis = basis_of(entity)
    body = board_of(entity)
    if for_matter and body is not None:
        return "body", (body.id,), basis
    for label, parties in (
        ("general partner", entity.general_partners),
        ("manager", entity.managers),
        ("trustees", entity.trustees),
    ):
        if parties:
            return "parties", tuple(dict.fromkeys(parties)), entity.basis.get(label, basis)
    if body is not None:
        return "body", (body.id,), basis
    return "votes", (), basis


def known_matters(structure: Structure) -> dict[str, None]:
    """Return every matter that the standard or the book knows."""
    known = dict.fromkeys((*STANDARD_MATTERS, *sorted(structure.matters)))
    for entity in structure.entities.values():
        known.update(dict.fromkeys(matters_of_entity(entity)))
        known.update(dict.fromkeys(entity.consents))
    return known


def matters_of_entity(entity: Entity) -> list[str]:
    """Return the matters worth asking for an entity: its rules, its offices, its elections; each once."""
    found = dict.fromkeys(
        label for label, rule in entity.rules.items() if not rule.assumed and not label.startswith("consent to ")
    )
    for office in entity.offices.values():
        if office.filled_by is not None:
            found[f"appoint {office.id}"] = None
        if office.removed_by is not None:
            found[f"remove {office.id}"] = None
    found.update({f"convert {each.id}": None for each in entity.classes.values() if each.conversion_vote is not None})
    body = board_of(entity)
    if body is not None and any(group.votes_each > 0 and group.filled_by is not None for group in body.groups.values()):
        found["elect directors"] = None
    found.update(dict.fromkeys(entity.consents))
    return list(found)


def matters_of(structure: Structure, entity: str) -> list[str]:
    """Return the matters worth asking for an entity, `vote shares` last; empty if there is no such entity."""
    found = structure.entities.get(entity)
    if found is None:
        return []
    matters = matters_of_entity(found)
    return [matter for matter in matters if matter != "vote shares"] + [m for m in matters if m == "vote shares"]


def understand(structure: Structure, entity: str, matter: str) -> tuple[str, str] | NoSuchMatter:
    """Return the entity and matter meant, or why they are not known."""
    entity, matter = entity.strip(), " ".join(matter.split())
    if entity not in structure.entities:
        near = get_close_matches(entity, list(structure.entities), 1)
        known = entity in structure.parties
        message = (
            f"'{entity}' is not an entity, so nothing is decided in it"
            if known
            else f"no entity '{entity}' on {structure.on}"
        )
        return NoSuchMatter(message, f"did you mean '{near[0]}'?" if near else "")
    owner = structure.entities[entity]
    if matter in STANDARD_MATTERS or matter in matters_of_entity(owner) or matter in known_matters(structure):
        return entity, matter
    verb, _, name = matter.partition(" ")
    if verb in ("appoint", "remove") and name in owner.offices:
        return entity, matter
    if verb in ("elect", "remove") and any(name in body.groups for body in owner.bodies.values()):
        return entity, matter
    candidates = [*matters_of(structure, entity), *known_matters(structure)]
    near = get_close_matches(matter, candidates, 1)
    return NoSuchMatter(
        f"'{matter}' is neither a standard matter nor one of the book's", f"did you mean '{near[0]}'?" if near else ""
    )
