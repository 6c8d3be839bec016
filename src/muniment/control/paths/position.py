"""What stands at some point of a sequence of moves, and what makes two such positions the same."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from muniment.book.numbers_held import Lot
from muniment.book.structure import Entity, Holding, MatterRule, Structure
from muniment.control.compiled import Key, SeatAgrees, SeatKey, SeatsElected, SeatsEmptied, SeatsFilled
from muniment.control.paths.acts import Act, RulePlace
from muniment.model.rules import And, Consent, Rule

NOMINEE = "nominee of "


class Made(NamedTuple):
    """A move that was made.

    Attributes:
        act: What was done.
        by: Who made it; seats, offices, shares and rules are the first one's or all of theirs.
        allies: Others of their side.
        keep: Seats besides that are not emptied.
        on: The day on which it took effect.
    """

    act: Act
    by: tuple[str, ...]
    allies: frozenset[str]
    keep: frozenset[SeatKey]
    on: date


@dataclass(frozen=True, slots=True)
class Position:
    """What stands at some point of a sequence of moves.

    Attributes:
        structure: What is in force, as the moves left it.
        settled: Seats that were filled by a move: their occupants' own, whatever their removal rule.
        abolished: Seats that are gone. Seats here, in `settled` and in acts are numbered as if they were still there.
        made: The moves made so far, in order, for a later day on which other records are in force.
    """

    structure: Structure
    settled: frozenset[SeatKey] = frozenset()
    abolished: frozenset[SeatKey] = frozenset()
    made: tuple[Made, ...] = ()

    @property
    def settled_now(self) -> frozenset[SeatKey]:
        """Return the seats filled by a move, as the structure numbers them."""
        return frozenset((*key[:3], number) for key in self.settled if (number := seat_now(self, key)) is not None)


def nominee_of(name: str) -> str:
    """Return the party that holds seats and offices for another."""
    return name if name.startswith(NOMINEE) else NOMINEE + name


def is_of(occupant: str, names: Collection[str]) -> bool:
    """Whether someone is one of several parties, or the nominee of one."""
    return occupant in names or occupant.removeprefix(NOMINEE) in names


def seat_now(position: Position, key: SeatKey) -> int | None:
    """Return the number that a seat has in the structure of a position; None if it is not there."""
    entity, body, group, number = key
    if key in position.abolished:
        return None
    before = sum(1 for gone in position.abolished if gone[:3] == (entity, body, group) and gone[3] < number)
    owner = position.structure.entities.get(entity)
    held = owner.bodies.get(body) if owner is not None else None
    found = held.groups.get(group) if held is not None else None
    return number - before if found is not None and 1 <= number - before <= len(found.seats) else None


def numbered_at_first(position: Position, act: Act) -> Act:
    """Return a move derived from the structure of a position with its seats numbered as positions number them."""
    where = (act.entity, act.body, act.group)
    gone = sorted(key[3] for key in position.abolished if key[:3] == where)
    if not gone:
        return act

    def first(number: int) -> int:
        for abolished in gone:
            number += abolished <= number
        return number

    def of_key(key: Key) -> Key:
        if not isinstance(key, SeatAgrees | SeatsFilled | SeatsEmptied | SeatsElected) or not key.number:
            return key
        if (key.entity, key.body, key.group) != where:
            return key
        return type(key)(*where, first(key.number))

    need = act.need._replace(keys=tuple(map(of_key, act.need.keys)))
    return replace(act, seats=tuple(map(first, act.seats)), need=need)


def is_as_liked(position: Position, entity: str, place: RulePlace, names: Collection[str]) -> bool:
    """Whether a rule asks for nothing but the consent of parties of one side, as who amends it would have it."""
    owner = position.structure.entities.get(entity)
    stated = rule_at(owner, place) if owner is not None else None
    if stated is None:
        return False
    parts = stated.rule.parts if isinstance(stated.rule, And) else (stated.rule,)
    return not stated.rule.conditions and all(
        isinstance(part, Consent) and not part.conditions and part.party.kind == "id" and part.party.name in names
        for part in parts
    )


def rule_at(entity: Entity, place: RulePlace) -> MatterRule | None:
    """Return the rule that stands at a place; None if there is none."""
    body = entity.bodies.get(place.body or place.name)
    group = body.groups.get(place.name) if body is not None else None
    office = entity.offices.get(place.name)
    match place.label:
        case "matter":
            return entity.rules.get(place.name)
        case "decides by":
            return body.decides_by if body is not None else None
        case "filled by":
            return group.filled_by if group is not None else None
        case "removed by":
            return group.removed_by if group is not None else None
        case "vacancies filled by":
            return group.vacancies_filled_by if group is not None else None
        case "office filled by":
            return office.filled_by if office is not None else None
        case "office removed by":
            return office.removed_by if office is not None else None
        case _:
            return None


class Signatures:
    """Tells positions apart by what differs in them, not by the moves that led there."""

    def __init__(self) -> None:
        self._entities: dict[int, tuple[Entity, Hashable]] = {}

    def of(self, position: Position) -> Hashable:
        """Return what two positions share that are the same but for their date: seats, holdings, rules, rights."""
        structure = position.structure
        return (
            position.settled,
            position.abolished,
            tuple(self._of_entity(entity) for entity in structure.entities.values()),
            tuple(
                (each.party, each.entity, each.class_id, each.of, each.quantity, self._lots(structure, each))
                for held in structure.holdings.values()
                for each in held
            ),
            tuple(right.id for right in structure.rights),
        )

    @staticmethod
    def _lots(structure: Structure, holding: Holding) -> tuple[Lot, ...]:
        share_class = structure.entities[holding.entity].classes.get(holding.class_id)
        return holding.lots if share_class is not None and share_class.tenure is not None else ()

    def _of_entity(self, entity: Entity) -> Hashable:
        known = self._entities.get(id(entity))
        if known is None:  # the entity is kept beside it, so its identity stays its own
            known = self._entities[id(entity)] = (entity, _signature(entity))
        return known[1]


def _signature(entity: Entity) -> Hashable:
    def said(stated: MatterRule | None) -> Rule | None:
        return stated.rule if stated is not None else None

    return (
        entity.id,
        entity.general_partners,
        tuple((label, stated.rule) for label, stated in entity.rules.items()),
        tuple((each.id, each.authorized) for each in entity.classes.values()),
        tuple(
            (office.id, office.holder, said(office.filled_by), said(office.removed_by))
            for office in entity.offices.values()
        ),
        tuple(
            (
                body.id,
                said(body.decides_by),
                tuple(
                    (
                        group.id,
                        tuple(seat.occupant for seat in group.seats),
                        said(group.filled_by),
                        said(group.removed_by),
                        said(group.vacancies_filled_by),
                        group.for_cause_only,
                    )
                    for group in body.groups.values()
                ),
            )
            for body in entity.bodies.values()
        ),
    )
