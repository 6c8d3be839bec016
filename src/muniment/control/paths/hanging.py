"""What an answer on paths hangs on: each single fact left out, or read otherwise, and the answer then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis, Body, Entity, SeatGroup, Structure
from muniment.control.paths.acts import RulePlace
from muniment.control.paths.answer import HangsOn
from muniment.control.paths.tracing import Traced, rule_at
from muniment.model.values import Bounded

MOST_TRIED = 80
HAS_IT = {"already": "path"}
"""Control that stands already and control that can be reached are not told apart here."""


class Otherwise(NamedTuple):
    """A structure in which one fact is otherwise.

    Attributes:
        fact: Address of the record or fact.
        as_recorded: What it says.
        instead: What it is changed to.
    """

    fact: str
    as_recorded: str
    instead: str
    structure: Structure
    basis: Basis | None


def what_it_hangs_on(
    structure: Structure, traced: Traced, answer: str, ask: Callable[[Otherwise], str | None], most: int = MOST_TRIED
) -> tuple[tuple[HangsOn, ...], bool]:
    """Return the single facts that flip an answer.

    Args:
        structure: What is in force.
        traced: What the matter and the moves rest on.
        answer: The answer as the records stand.
        ask: Gives the answer with one fact otherwise; None where too little was looked at to tell.
        most: How many facts are tried.

    Returns:
        Those that flip it, in the order tried; and whether all were tried and told.
    """
    found: list[HangsOn] = []
    all_told = True
    for tried, other in enumerate(otherwise(structure, traced)):
        if tried == most:
            return tuple(found), False
        instead = ask(other)
        if instead is None:
            all_told = False
        elif HAS_IT.get(instead, instead) != HAS_IT.get(answer, answer):
            found.append(HangsOn(other.fact, other.as_recorded, other.instead, instead, other.basis))
    return tuple(found), all_told


class Later:
    """Later structures in which a fact is otherwise as it is in the first one.

    Args:
        ahead: Gives the structure scheduled for a later day.
        traced: As of `otherwise`.
    """

    def __init__(self, ahead: Callable[[date], Structure], traced: Traced) -> None:
        self.ahead = ahead
        self.traced = traced
        self._known: dict[date, dict[tuple[str, str], Structure]] = {}

    def of(self, other: Otherwise, day: date) -> Structure:
        """Return the structure of a later day in which the same fact is otherwise; as it is where it has none such."""
        there = self.ahead(day)
        if not all(entity in there.entities for entity, _ in self.traced.places):
            return there
        if day not in self._known:
            self._known[day] = {(each.fact, each.instead): each.structure for each in otherwise(there, self.traced)}
        return self._known[day].get((other.fact, other.instead), there)


def otherwise(structure: Structure, traced: Traced) -> Iterator[Otherwise]:
    """Yield structures in which one fact is otherwise, of those that a matter and its moves rest on."""
    yield from _holdings(structure, traced)
    yield from _authorized(structure, traced)
    yield from _consents(structure, traced)
    yield from _rules(structure, traced)
    yield from _seats(structure, traced)


def _holdings(structure: Structure, traced: Traced) -> Iterator[Otherwise]:
    for entity in dict.fromkeys(name for name, _ in traced.electorates):
        held = structure.holdings.get(entity, ())
        for at, holding in enumerate(held):
            basis = holding.basis[0] if holding.basis else None
            fact = basis.record if basis is not None else f"{entity} {holding.party}"
            words = basis.words if basis is not None else f"{holding.party} holds {holding.class_id or holding.of}"

            def changed(kept: tuple[object, ...], entity: str = entity) -> Structure:
                return replace(structure, holdings={**structure.holdings, entity: kept})  # type: ignore[dict-item]

            yield Otherwise(fact, words, "left out", changed((*held[:at], *held[at + 1 :])), basis)
            quantity = holding.quantity
            if isinstance(quantity, Bounded):
                bounds = (
                    (quantity.low, "least", "lower", quantity.low_open),
                    (quantity.high, "most", "upper", quantity.high_open),
                )
                for bound, name, end, is_open in bounds:
                    if isinstance(bound, Fraction):
                        exact = replace(holding, quantity=bound)
                        instead = f"the {end} bound itself" if is_open else f"exactly the {name} it may be"
                        yield Otherwise(fact, words, instead, changed((*held[:at], exact, *held[at + 1 :])), basis)


def _authorized(structure: Structure, traced: Traced) -> Iterator[Otherwise]:
    for entity in (structure.entities[name] for name in dict.fromkeys(name for name, _ in traced.electorates)):
        for share_class in entity.classes.values():
            basis = share_class.basis.get("authorized")
            if share_class.authorized is None or basis is None:
                continue
            unstated = replace(
                entity, classes={**entity.classes, share_class.id: replace(share_class, authorized=None)}
            )
            words = f"authorized of {entity.id}.{share_class.id}: {share_class.authorized:,}"
            yield Otherwise(basis.record, words, "left out", _with(structure, unstated), basis)


def _consents(structure: Structure, traced: Traced) -> Iterator[Otherwise]:
    entities = dict.fromkeys(entity for entity, _ in traced.places)
    for entity_id in entities:
        entity = structure.entities[entity_id]
        for matter, consents in entity.consents.items():
            for at, consent in enumerate(consents):
                left = {**entity.consents, matter: (*consents[:at], *consents[at + 1 :])}
                changed = _with(structure, replace(entity, consents=left))
                yield Otherwise(consent.basis.record, consent.basis.words, "left out", changed, consent.basis)


def _rules(structure: Structure, traced: Traced) -> Iterator[Otherwise]:
    for entity_id, place in traced.places:
        entity = structure.entities[entity_id]
        stated = rule_at(structure, entity, place)
        if stated is None:
            continue
        changed = _without_rule(entity, place)
        if changed is not None:
            words = f"{place.label if place.label != 'matter' else place.name}: {stated.text}"
            yield Otherwise(stated.basis.record, words, "left out", _with(structure, changed), stated.basis)


def _without_rule(entity: Entity, place: RulePlace) -> Entity | None:
    match place.label:
        case "matter":
            if place.name not in entity.rules:
                return None
            return replace(entity, rules={name: rule for name, rule in entity.rules.items() if name != place.name})
        case "decides by":
            body = entity.bodies.get(place.name)
            return _with_body(entity, replace(body, decides_by=None)) if body is not None else None
        case "office filled by" | "office removed by":
            return None
    body = entity.bodies.get(place.body)
    group = body.groups.get(place.name) if body is not None else None
    if body is None or group is None:
        return None
    match place.label:
        case "filled by":
            return _with_group(entity, body, replace(group, filled_by=None))
        case "removed by":
            return _with_group(entity, body, replace(group, removed_by=None))
        case _:
            return _with_group(entity, body, replace(group, vacancies_filled_by=None))


def _seats(structure: Structure, traced: Traced) -> Iterator[Otherwise]:
    for entity_id, body_id in dict.fromkeys(
        (key.entity, key.body) for key in traced.keys if hasattr(key, "body") and key.entity in structure.entities
    ):
        entity = structure.entities[entity_id]
        body = entity.bodies[body_id]
        for group in body.groups.values():
            if not group.seats or not group.votes_each:
                continue
            last = group.seats[-1]
            fewer = _with_group(entity, body, replace(group, seats=group.seats[:-1]))
            number = f"{len(group.seats)} seats {group.id} of {entity_id}.{body_id}"
            yield Otherwise(group.basis.record, number, f"{len(group.seats) - 1}", _with(structure, fewer), group.basis)
            added = replace(last, number=len(group.seats) + 1, occupant=None, since=None)
            more = _with_group(entity, body, replace(group, seats=(*group.seats, added)))
            yield Otherwise(group.basis.record, number, f"{len(group.seats) + 1}", _with(structure, more), group.basis)
            if last.occupant is not None:
                seats = (*group.seats[:-1], replace(last, occupant=None, since=None))
                vacated = _with_group(entity, body, replace(group, seats=seats))
                words = f"{last.occupant} sits in {group.id} of {entity_id}.{body_id}"
                yield Otherwise(last.basis.record, words, "left out", _with(structure, vacated), last.basis)


def _with(structure: Structure, entity: Entity) -> Structure:
    return replace(structure, entities={**structure.entities, entity.id: entity})


def _with_body(entity: Entity, body: Body) -> Entity:
    return replace(entity, bodies={**entity.bodies, body.id: body})


def _with_group(entity: Entity, body: Body, group: SeatGroup) -> Entity:
    return _with_body(entity, replace(body, groups={**body.groups, group.id: group}))
