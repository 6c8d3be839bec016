"""Which protective provisions an entity could adopt against the moves on which a matter turns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from muniment.book.structure import Entity, Structure
from muniment.control.compiled import MatterPasses
from muniment.control.paths import catalog
from muniment.control.paths.acts import Act, RulePlace
from muniment.control.paths.catalog import KINDS, Offered
from muniment.control.paths.catalog_places import has_holders
from muniment.control.paths.moves import acts_of

__all__ = ["KINDS", "Offered", "provisions_for"]

OF_SEATS = ("filled by", "removed by", "vacancies filled by")


def provisions_for(
    structure: Structure, entity: str, matter: str, who: Collection[str] = (), acts: Sequence[Act] | None = None
) -> tuple[Offered, ...]:
    """Return the provisions that bear on a matter and on the moves by which it may be reached.

    Nothing is offered that would change nothing, or that stands already.

    Args:
        structure: What is in force.
        entity: Id of an entity of the structure.
        matter: What is asked.
        who: Against whom; without them, also what might serve them is offered.
        acts: The moves on which the matter turns; None = those that `acts_of` finds.

    Returns:
        By kind in the order of `KINDS`, then in the order of the moves; ids are unique.
    """
    moves = acts_of(structure, entity, matter) if acts is None else tuple(acts)
    asked = structure.entities[entity]
    owners = dict.fromkeys([entity, *(act.entity for act in moves if act.entity in structure.entities)])
    found: dict[str, Offered] = {}
    for name in owners:
        owner = structure.entities[name]
        own = [act for act in moves if act.entity == name]
        if name == entity:
            offers = [*_of_entity(structure, owner, own, matter, who), *_of_matter(structure, asked, matter, who)]
        else:
            offers = list(_of_entity(structure, owner, own, "", who))
        for each in offers:
            found.setdefault(each.provision.id, each)
    return tuple(sorted(found.values(), key=lambda each: KINDS.index(each.provision.kind)))


def _of_matter(structure: Structure, entity: Entity, matter: str, who: Collection[str]) -> Iterator[Offered]:
    yield from catalog.class_vetoes(structure, entity, matter, who)
    yield from catalog.purpose_lock(structure, entity, matter)


def _of_entity(
    structure: Structure, entity: Entity, acts: Sequence[Act], matter: str, who: Collection[str]
) -> Iterator[Offered]:
    yield from _entrenched(structure, entity, acts)
    seats = dict.fromkeys((act.body, act.group) for act in acts if act.kind == "empty seats")
    for body_id, group_id in seats:
        body = entity.bodies[body_id]
        yield from catalog.no_removal(structure, entity, body, body.groups[group_id])
        yield from catalog.for_cause(structure, entity, body, body.groups[group_id])
    for body_id in dict.fromkeys(act.body for act in acts if act.kind in ("enlarge board", "abolish vacant seats")):
        yield from catalog.board_size(structure, entity, entity.bodies[body_id])
    decided = dict.fromkeys(
        key.matter for act in acts for key in act.need.keys if isinstance(key, MatterPasses) and key.entity == entity.id
    )
    if has_holders(structure, entity):
        matters = dict.fromkeys([*([matter] if matter else []), *decided])
        yield from catalog.vote_cap(structure, entity, tuple(matters))
        yield from _sunsets(structure, entity, who)
    if any(act.kind == "issue shares" for act in acts):
        yield from catalog.pre_emption(structure, entity)
    if any(act.way == "in writing" for act in acts):
        yield from catalog.no_written_consent(structure, entity)
    changing = dict.fromkeys(
        key.matter
        for act in acts
        if act.kind in ("amend rule", "enlarge board")
        for key in act.need.keys[:1]  # those that follow belong to how holders vote on it
        if isinstance(key, MatterPasses) and key.entity == entity.id
    )
    if changing:
        yield from catalog.supermajority(structure, entity, tuple(changing))


def _entrenched(structure: Structure, entity: Entity, acts: Sequence[Act]) -> Iterator[Offered]:
    """Yield the entrenchment of every rule that a move may amend; the terms of a group of seats go together."""
    places: dict[RulePlace, None] = {}
    for act in acts:
        if act.kind == "amend rule" and act.place is not None:
            of_seats = act.place.label in OF_SEATS
            places[RulePlace("number", act.place.name, act.place.body) if of_seats else act.place] = None
    for place in places:
        if place.label == "number":
            words = f"the terms of the {place.name} seats of {entity.id}.{place.body}"
            name = f"{place.body}.{place.name}"
        elif place.label == "decides by":
            words, name = f"how {entity.id}.{place.name} decides", f"{place.name}.decides-by"
        elif place.label == "matter":
            words, name = f"the rule of {entity.id} on '{place.name}'", place.name
        else:
            label = place.label.removeprefix("office ")
            words, name = f"'{label}' of the office {place.name} of {entity.id}", f"{place.name}.{label}"
        yield from catalog.entrenched(structure, entity, place, words, name)


def _sunsets(structure: Structure, entity: Entity, who: Collection[str]) -> Iterator[Offered]:
    """Yield the sunset of each class with many votes that those asked about hold; of others' it would serve them."""
    held = structure.holdings.get(entity.id, ())
    if len(entity.classes) < 2 or any(holding.of == "votes" for holding in held):
        return
    for name in entity.classes:
        holders = {holding.party for holding in held if holding.class_id == name}
        if holders and (not who or holders & set(who)):
            yield from catalog.sunset(structure, entity, name)
