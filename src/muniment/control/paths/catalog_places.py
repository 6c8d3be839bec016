"""Where the rules of an entity stand, what is in force there, and who may change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from muniment.book.structure import Body, Entity, MatterRule, SeatGroup, Structure
from muniment.control.ballots import votes_of
from muniment.control.clauses import MAJORITY
from muniment.control.matters import basis_of, board_of, default_act
from muniment.control.paths.acts import RulePlace
from muniment.model.rule_reader import parse_rule
from muniment.model.rule_writer import format_rule
from muniment.model.rules import And, Consent, Electorate, Never, Party, Rule, RuleFault, Vote

AMEND_CHARTER = "amend charter"
OF_SEATS: Mapping[str, tuple[str, str]] = {
    "filled by": ("filled_by", "elect directors"),
    "removed by": ("removed_by", "remove directors"),
    "vacancies filled by": ("vacancies_filled_by", "fill vacancies"),
}
"""Labels of seats: the field that holds the rule, and the matter of the whole board that stands in for it."""
OF_OFFICES: Mapping[str, str] = {"office filled by": "filled_by", "office removed by": "removed_by"}


def places_of(entity: Entity, matter: str) -> tuple[RulePlace, ...]:
    """Return where the rules stand that decide a matter; empty for the conversion of a class.

    They are looked for in the order in which a decision looks for them: the entity's own rule, an office, the seats,
    the law, and last what the entity decides by otherwise.
    """
    stated = entity.rules.get(matter)
    own = (RulePlace("matter", matter),)
    if stated is not None and not stated.assumed:
        return own
    verb, _, name = matter.partition(" ")
    office = entity.offices.get(name)
    if office is not None and verb in ("appoint", "remove"):
        label = "office filled by" if verb == "appoint" else "office removed by"
        if getattr(office, OF_OFFICES[label]) is not None:
            return (RulePlace(label, name),)
    if verb == "convert" and any(each.conversion_vote is not None for each in entity.classes.values()):
        return ()
    seats = _places_of_seats(entity, matter, verb, name)
    return seats or own


def _places_of_seats(entity: Entity, matter: str, verb: str, name: str) -> tuple[RulePlace, ...]:
    body = board_of(entity)
    found: list[tuple[Body, SeatGroup]] = []
    if matter in ("elect directors", "remove directors", "fill vacancies"):
        found = [(body, group) for group in body.groups.values() if group.votes_each > 0] if body is not None else []
    elif verb in ("elect", "remove"):
        found = [(each, each.groups[name]) for each in entity.bodies.values() if name in each.groups]
    label = "removed by" if verb == "remove" else "vacancies filled by" if matter == "fill vacancies" else "filled by"
    return tuple(
        RulePlace(label if getattr(group, OF_SEATS[label][0]) is not None else "filled by", group.id, each.id)
        if label == "vacancies filled by"
        else RulePlace(label, group.id, each.id)
        for each, group in found
        if group.office is None
    )


def rule_at(structure: Structure, entity: Entity, place: RulePlace) -> MatterRule | None:
    """Return the rule in force at a place; None where nothing is stated and nothing stands in for it."""
    if place.label == "matter":
        return entity.rules.get(place.name) or _otherwise(structure, entity, place.name)
    if place.label in OF_SEATS:
        return _of_seats(entity, place)[0]
    if place.label == "decides by":
        return entity.bodies[place.name].decides_by
    if place.label in OF_OFFICES:
        found: MatterRule | None = getattr(entity.offices[place.name], OF_OFFICES[place.label])
        return found
    return None


def with_rule(entity: Entity, place: RulePlace, rule: MatterRule) -> Entity:
    """Return an entity with a rule at a place; what stood there is replaced."""
    if place.label == "matter":
        return replace(entity, rules={**entity.rules, place.name: rule})
    if place.label in OF_SEATS:
        at = _of_seats(entity, place)[1]
        if at.label == "matter":
            return with_rule(entity, at, rule)
        return with_group(entity, place, **{OF_SEATS[place.label][0]: rule})
    if place.label == "decides by":
        body = replace(entity.bodies[place.name], decides_by=rule)
        return replace(entity, bodies={**entity.bodies, place.name: body})
    fields: dict[str, Any] = {OF_OFFICES[place.label]: rule}
    office = replace(entity.offices[place.name], **fields)
    return replace(entity, offices={**entity.offices, place.name: office})


def with_group(entity: Entity, place: RulePlace, **changes: Any) -> Entity:
    """Return an entity in which the seats of a place have some fields otherwise."""
    body = entity.bodies[place.body]
    group = replace(body.groups[place.name], **changes)
    return replace(entity, bodies={**entity.bodies, body.id: replace(body, groups={**body.groups, group.id: group})})


def with_entity(structure: Structure, entity: Entity) -> Structure:
    """Return a structure with an entity in place of the one of its id."""
    return replace(structure, entities={**structure.entities, entity.id: entity})


def restated(stated: MatterRule, rule: Rule, *, for_cause: bool = False, **changes: Any) -> MatterRule | None:
    """Return a rule in other words, as a book would state it; None if those words cannot be written in a record."""
    text = format_rule(rule)
    read = parse_rule(text)
    if isinstance(read, RuleFault):
        return None
    words = f"{text} for cause only" if for_cause else text
    return replace(stated, rule=read, text=words, assumed=False, authority="", **changes)


def both(present: Rule, addition: Rule) -> Rule:
    """Return the rule that asks for what stands and for something more."""
    if present == addition or (isinstance(present, And) and not present.conditions and addition in present.parts):
        return present
    if isinstance(present, Never):
        return present
    parts = present.parts if isinstance(present, And) and not present.conditions else (present,)
    more = addition.parts if isinstance(addition, And) and not addition.conditions else (addition,)
    return And((*parts, *(part for part in more if part not in parts)))


def has_holders(structure: Structure, entity: Entity) -> bool:
    """Whether anybody is recorded to hold votes in an entity."""
    ballot = votes_of(structure, entity, None)
    return bool(ballot.entries or ballot.others)


def changed_by(entity: Entity, place: RulePlace) -> str:
    """Return the matter by which what stands at a place may be changed.

    Args:
        entity: Whose.
        place: Beside the places of rules: ``number`` (of seats) and ``votes`` (of the class `name`).
    """
    if place.label == "votes":
        return entity.classes[place.name].changed_by or AMEND_CHARTER
    if place.label == "number":
        body = entity.bodies[place.body]
        return body.groups[place.name].changed_by or body.changed_by or AMEND_CHARTER
    if place.label in OF_SEATS:
        stated = _of_seats(entity, place)[0]
        own = stated.changed_by if stated is not None else None
        return own or changed_by(entity, RulePlace("number", place.name, place.body))
    if place.label == "decides by":
        body = entity.bodies[place.name]
        return (body.decides_by.changed_by if body.decides_by is not None else None) or body.changed_by or AMEND_CHARTER
    if place.label == "matter":
        stated = entity.rules.get(place.name)
    else:
        stated = getattr(entity.offices[place.name], OF_OFFICES[place.label])
    return (stated.changed_by if stated is not None else None) or AMEND_CHARTER


def is_for_ever(entity: Entity, place: RulePlace) -> bool:
    """Whether what stands at a place is `never`, which no decision amends."""
    if place.label == "matter":
        stated = entity.rules.get(place.name)
    elif place.label in OF_SEATS:
        stated = _of_seats(entity, place)[0]
    elif place.label in OF_OFFICES:
        stated = getattr(entity.offices[place.name], OF_OFFICES[place.label])
    else:
        return False
    return stated is not None and isinstance(stated.rule, Never)


def with_changed_by(structure: Structure, entity: Entity, place: RulePlace, matter: str) -> Entity:
    """Return an entity in which only a matter changes what stands at a place.

    A rule that the book does not state is stated as it is, for a rule that stands nowhere cannot say what changes it.
    """
    if place.label == "votes":
        share_class = replace(entity.classes[place.name], changed_by=matter)
        return replace(entity, classes={**entity.classes, place.name: share_class})
    if place.label == "number":
        return with_group(entity, place, changed_by=matter)
    if place.label == "decides by":
        body = entity.bodies[place.name]
        # What the body says holds for its seats too, where they say nothing; they keep what holds for them today.
        groups = {
            group.id: replace(group, changed_by=group.changed_by or body.changed_by or AMEND_CHARTER)
            for group in body.groups.values()
        }
        return replace(entity, bodies={**entity.bodies, body.id: replace(body, changed_by=matter, groups=groups)})
    stated = rule_at(structure, entity, place)
    if stated is None:
        return with_group(entity, place, changed_by=matter) if place.label in OF_SEATS else entity
    for_cause = place.label == "removed by" and entity.bodies[place.body].groups[place.name].for_cause_only
    if not stated.assumed:
        return with_rule(entity, place, replace(stated, changed_by=matter))
    made = restated(stated, stated.rule, for_cause=for_cause, changed_by=matter)
    return entity if made is None else with_rule(entity, place, made)


def _of_seats(entity: Entity, place: RulePlace) -> tuple[MatterRule | None, RulePlace]:
    """Return the rule of seats, and where a change of it is to be written.

    Where the seats of the board state none, the entity's rules for elections and removals are theirs. One that only the
    law states is written down at the seats, so that it goes on applying to no others.
    """
    field, matter = OF_SEATS[place.label]
    own: MatterRule | None = getattr(entity.bodies[place.body].groups[place.name], field)
    if own is not None:
        return own, place
    board = board_of(entity)
    of_board = entity.rules.get(matter) if board is not None and board.id == place.body else None
    if of_board is None or (of_board.assumed and place.label == "vacancies filled by"):
        return None, place
    return of_board, place if of_board.assumed else RulePlace("matter", matter)


def _otherwise(structure: Structure, entity: Entity, matter: str) -> MatterRule | None:
    """Return as a rule how an entity decides where nothing is stated; None if it has no inner rules at all."""
    kind, names, basis = default_act(entity, for_matter=not matter.startswith(("vote shares", "consent to ")))
    if kind == "parties":
        parts = tuple(Consent(Party("id", name)) for name in names)
        rule: Rule = parts[0] if len(parts) == 1 else And(parts)
    elif kind == "body":
        read = parse_rule(names[0])
        if isinstance(read, RuleFault):
            return None
        rule = read
    elif has_holders(structure, entity):
        rule = Vote(MAJORITY, Electorate("votes"))
    else:
        return None
    return MatterRule(rule=rule, text=format_rule(rule), basis=basis or basis_of(entity), assumed=True)
