"""Moves that change who holds how much: shares that are authorized and issued, and rights that are used."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from muniment.book.exercising import refusal, usable_by
from muniment.book.structure import Entity, Right, ShareClass, Structure
from muniment.control.ballots import figure
from muniment.control.compiled import MatterPasses
from muniment.control.matters import find_rule
from muniment.control.paths.acts import Act, Need
from muniment.control.paths.meetings import grounds, taking, ways_of_deciding
from muniment.control.paths.tracing import Traced

AMEND = "amend charter"
ENOUGH_NEW_SHARES = 1_000
"""How many times the shares in being `authorize shares` adds: enough for any share of the votes that a rule names."""


def moves_of_shares(structure: Structure, entity: Entity, traced: Traced, assumed: dict[str, None]) -> Iterator[Act]:
    """Yield the issues of shares of an entity that count in an electorate that was met, and what authorizes more.

    Args:
        structure: What is in force.
        entity: Whose shares.
        traced: What the matter and the moves rest on.
        assumed: Takes sentences on what is not followed.
    """
    asked = [classes for name, classes in traced.electorates if name == entity.id]
    for share_class in entity.classes.values():
        counts = any(
            (classes is None and (share_class.votes or 0) > 0) or (classes is not None and share_class.id in classes)
            for classes in asked
        )
        if counts and share_class.authorized is not None:
            yield from _of_class(structure, entity, share_class, assumed)
        elif counts:
            name = f"{entity.id}.{share_class.id}"
            assumed[f"How many shares of {name} may be issued is not stated; no new ones are considered."] = None


def _of_class(structure: Structure, entity: Entity, share_class: ShareClass, assumed: dict[str, None]) -> Iterator[Act]:
    held = [holding for holding in structure.holdings.get(entity.id, ()) if holding.class_id == share_class.id]
    if any(holding.of is not None or not isinstance(holding.quantity, Fraction) for holding in held):
        assumed[
            f"New shares of {entity.id}.{share_class.id} are not followed: what is held of it is not stated in shares."
        ] = None
        return
    issued = sum((h.quantity for h in held if isinstance(h.quantity, Fraction)), Fraction(0))
    left = Fraction(share_class.authorized or 0) - issued
    common: dict[str, Any] = {"entity": entity.id, "class_id": share_class.id}
    name = f"{entity.id}.{share_class.id}"
    basis = share_class.basis.get("authorized") or share_class.basis.get("")
    stated = find_rule(entity, "issue shares")
    rule = stated.rules[0].rule if stated.rules else None
    text = rule.text if rule is not None else "as the entity decides otherwise"
    many = max(sum((h.quantity for h in structure.holdings.get(entity.id, ()) if isinstance(h.quantity, Fraction)),
                   Fraction(0)), Fraction(1)) * ENOUGH_NEW_SHARES + (share_class.authorized or 0)  # fmt: skip
    spare = left - sum(new_shares(structure, entity.id, share_class.id).values(), Fraction(0))
    for way in ways_of_deciding(structure, entity, rule, elects=False):
        issue: dict[str, Any] = {
            **common, "kind": "issue shares", **taking(way),
            "need": Need((MatterPasses(entity.id, "issue shares"), *way.keys), (), text),
            "because": grounds(rule, way, basis),
        }  # fmt: skip
        if left > 0:
            yield Act(**issue, quantity=left, words=f"issue the {figure(left)} unissued shares of {name}")
        if 0 < spare < left:
            words = f"issue {figure(spare)} unissued shares of {name} that no right is over"
            yield Act(**issue, quantity=spare, words=words)
        yield Act(**issue, quantity=many, words=f"issue {figure(many)} newly authorized shares of {name}")
    matter = "authorize shares" if "authorize shares" in entity.rules else AMEND
    found = find_rule(entity, matter)
    by = found.rules[0].rule if found.rules else None
    for way in ways_of_deciding(structure, entity, by, elects=False):
        yield Act(
            **common, kind="authorize shares", quantity=many,
            need=Need((MatterPasses(entity.id, matter), *way.keys), (), by.text if by else matter), **taking(way),
            because=grounds(by, way, basis), words=f"authorize {figure(many)} more shares of {name}",
        )  # fmt: skip


def new_shares(structure: Structure, entity: str, class_id: str) -> dict[str, Fraction]:
    """Return, by right, how many new shares of a class it gives at most, where that is stated exactly."""
    return {
        right.id: right.quantity
        for right in structure.rights
        if (right.entity, right.class_id) == (entity, class_id)
        and right.kind != "put"
        and right.source is None
        and right.of is None
        and isinstance(right.quantity, Fraction)
    }


def _for_what_has_vested(structure: Structure, right: Right) -> Iterator[Act]:
    """Yield the use of a grant for what has vested by now, where that is not yet all of it."""
    first, last = right.exercisable
    vested = usable_by(right, structure.on)
    if not isinstance(vested, Fraction) or not vested or structure.on >= max(day for day, _ in right.vesting):
        return
    if refusal(right, structure.on, structure.on) or (first is not None and first > structure.on):
        return
    yield Act(
        kind="exercise right", entity=right.entity, class_id=right.class_id, right=right.id, quantity=vested,
        last_day=last, need=Need((), (right.holder,), f"{right.holder} chooses"), because=(right.basis,),
        words=f"exercise: the {figure(vested)} of {right.id} that have vested",
    )  # fmt: skip


def moves_of_rights(structure: Structure, traced: Traced, assumed: dict[str, None]) -> Iterator[Act]:
    """Yield the rights over shares that count in an electorate that was met; each is used in whole."""
    entities = {name for name, _ in traced.electorates}
    for right in structure.rights:
        if right.entity not in entities or right.never or right.kind == "put":
            continue
        first, last = right.exercisable
        if right.vesting:
            vested = [day for day, _ in right.vesting]
            first = max([day for day in (first, max(vested)) if day is not None])
        why = refusal(right, structure.on, first if first is not None and first > structure.on else structure.on)
        if why:
            if right.on_event:
                assumed[f"{right.id} is not considered: {why}."] = None
            continue
        if right.gives is not None:
            assumed[f"{right.id} is taken to be used in whole or not at all."] = None
        if right.vesting:
            assumed[f"{right.id} is taken to be used once: for what has vested by now, or for all of it later."] = None
            yield from _for_what_has_vested(structure, right)
        yield Act(
            kind="exercise right", entity=right.entity, class_id=right.class_id, right=right.id,
            until=first if first is not None and first > structure.on else None, last_day=last,
            need=Need((), (right.holder,), f"{right.holder} chooses"), because=(right.basis,),
            words=f"{'convert' if right.kind == 'convert' else 'exercise'}: {right.id}",
        )  # fmt: skip
