"""Whom the words of a rule mean: a body, the parties that must agree, an electorate."""

from __future__ import annotations

from muniment.book.structure import Body, Entity, Structure
from muniment.control.compiled import Setting
from muniment.model.rules import Electorate, Party

ATTORNEY_GENERAL = "attorney general"


def find_body(structure: Structure, entity: Entity, name: str) -> tuple[Entity | None, Body | None]:
    """Return the body a rule names: `board`, an id, or `entity.id`; the only body answers to `board`."""
    if "." in name:
        owner_id, _, rest = name.rpartition(".")
        owner = structure.entities.get(owner_id)
        if owner is not None and rest in owner.bodies:
            return owner, owner.bodies[rest]
    if name in entity.bodies:
        return entity, entity.bodies[name]
    if name == "board" and len(entity.bodies) == 1:
        return entity, next(iter(entity.bodies.values()))
    return None, None


def parties_of(structure: Structure, entity: Entity, party: Party) -> tuple[str, ...]:
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
            owner = structure.entities.get(owner_id, entity) if owner_id else entity
            office = owner.offices.get(office_id)
            return (office.holder,) if office is not None and office.holder else ()


def electorate_of(
    structure: Structure, entity: Entity, electorate: Electorate, setting: Setting
) -> tuple[str, tuple[str, ...]]:
    """Return what kind of electorate a rule means: body, group, holders, all, others, parties or missing."""
    if setting.pool is not None and (electorate.kind == "members" or electorate == Electorate("body", ())):
        return "parties", setting.pool.members
    match electorate.kind:
        case "body" | "word":
            name = electorate.names[0] if electorate.names else setting.body or "board"
            owner, body = find_body(structure, entity, name)
            if owner is not None and body is not None:
                return "body", (owner.id, body.id)
            found = _find_group(structure, entity, name)
            if found:
                return "group", found
            owner_id, _, plain = name.rpartition(".")
            if owner_id and owner_id != entity.id:
                known = electorate.kind == "word" and owner_id in structure.entities
                return ("foreign", (owner_id, plain)) if known else ("missing", (name,))
            if electorate.kind == "word" and plain in entity.classes:
                return "holders", (plain,)
            if electorate.kind == "word" and any(
                holding.class_id == name for holding in structure.holdings.get(entity.id, ())
            ):
                return "holders", (name,)
            return "missing", (name,)
        case "together":
            owners = {name.rpartition(".")[0] or entity.id for name in electorate.names}
            classes = tuple(dict.fromkeys(name.rpartition(".")[2] for name in electorate.names))
            if owners == {entity.id}:
                return "holders", classes
            if len(owners) == 1 and owners <= set(structure.entities):
                return "foreign", (*owners, *classes)
            return "missing", electorate.names
        case "votes":
            return "all", ()
        case "others":
            return "others", electorate.names
        case "parties":
            names = [name for party in electorate.parties for name in parties_of(structure, entity, party)]
            return "parties", tuple(dict.fromkeys(names))
        case "trustees" | "members":
            listed = entity.trustees if electorate.kind == "trustees" else entity.members
            if listed:
                return "parties", tuple(dict.fromkeys(listed))
            return electorate_of(structure, entity, Electorate("word", (electorate.kind,)), setting)


def _find_group(structure: Structure, entity: Entity, name: str) -> tuple[str, ...]:
    parts = name.split(".")
    owner = structure.entities.get(parts[0], entity) if len(parts) > 1 else entity
    for body in owner.bodies.values():
        if parts[-1] in body.groups:
            return (owner.id, body.id, parts[-1])
    return ()
