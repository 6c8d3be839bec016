"""What two states of an entity differ in: as places, and as lines of the record that amends the one to the other."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.book.structure import Entity, MatterRule, SeatGroup
from muniment.control.paths.acts import RulePlace
from muniment.control.paths.catalog_places import OF_OFFICES, OF_SEATS


def amendment(before: Entity, after: Entity) -> tuple[str, ...]:
    """Return the lines of an `amend` record that turn an entity into another state of it.

    Only what provisions change is compared: the rules on matters, the terms of seats and boards, the rules of offices,
    and the votes of classes. Nothing is ever left out of `after` that `before` has.

    Args:
        before: As it stands.
        after: As it is to be.

    Returns:
        Lines indented as inside the record; empty if nothing differs.
    """
    return (*_classes(before, after), *_bodies(before, after), *_offices(before, after), *_rules(before, after))


def changed_places(before: Entity, after: Entity) -> tuple[RulePlace, ...]:
    """Return where two states of an entity differ; beside rules, ``number`` of seats and ``votes`` of classes."""
    found = [RulePlace("votes", name) for name in after.classes if _votes(before, name) != _votes(after, name)]
    for body in after.bodies.values():
        old = before.bodies[body.id]
        if (body.decides_by, body.changed_by) != (old.decides_by, old.changed_by):
            found.append(RulePlace("decides by", body.id))
        for group in body.groups.values():
            was = old.groups[group.id]
            fields = [label for label, (name, _) in OF_SEATS.items() if _differs(was, group, label, name)]
            found.extend(RulePlace(label, group.id, body.id) for label in fields)
            own = group.changed_by != was.changed_by and body.changed_by == old.changed_by
            if own or (group.least, group.most) != (was.least, was.most):
                found.append(RulePlace("number", group.id, body.id))
    for office in after.offices.values():
        for label, name in OF_OFFICES.items():
            if getattr(office, name) != getattr(before.offices[office.id], name):
                found.append(RulePlace(label, office.id))
    found.extend(RulePlace("matter", name) for name, rule in after.rules.items() if rule != before.rules.get(name))
    return tuple(found)


def _votes(entity: Entity, name: str) -> tuple[object, ...]:
    share_class = entity.classes[name]
    return share_class.votes, share_class.votes_within, share_class.tenure, share_class.changed_by


def _differs(was: SeatGroup, group: SeatGroup, label: str, name: str) -> bool:
    cause = label == "removed by" and group.for_cause_only != was.for_cause_only
    return cause or getattr(group, name) != getattr(was, name)


def _stated(indent: str, label: str, rule: MatterRule) -> Iterator[str]:
    yield f"{indent}{label}: {rule.text}"
    if rule.changed_by is not None:
        yield f"{indent}  changed by: {rule.changed_by}"


def _classes(before: Entity, after: Entity) -> Iterator[str]:
    for name, share_class in after.classes.items():
        if _votes(before, name) == _votes(after, name):
            continue
        yield f"  class {name}"
        old = before.classes[name]
        if share_class.votes != old.votes or share_class.tenure != old.tenure:
            label = "votes per unit" if "votes per unit" in share_class.basis else "votes per share"
            yield f"    {label}: {share_class.votes}"
        if share_class.changed_by != old.changed_by:
            yield f"    changed by: {share_class.changed_by}"


def _bodies(before: Entity, after: Entity) -> Iterator[str]:
    for body in after.bodies.values():
        old = before.bodies[body.id]
        lines: list[str] = []
        if body.decides_by is not None and body.decides_by != old.decides_by:
            lines.append(f"    decides by: {body.decides_by.text}")
        if body.changed_by != old.changed_by:
            lines.append(f"    changed by: {body.changed_by}")
        for group in body.groups.values():
            of_group = list(_seats(old.groups[group.id], group))
            if of_group:
                lines += [f"    seats {group.id}", *of_group]
        if lines:
            yield "  board" if body.id == "board" else f"  board {body.id}"
            yield from lines


def _seats(was: SeatGroup, group: SeatGroup) -> Iterator[str]:
    if (group.least, group.most) != (was.least, was.most):
        yield f"      number: {group.most}"
    for label, (name, _) in OF_SEATS.items():
        rule: MatterRule | None = getattr(group, name)
        if rule is not None and _differs(was, group, label, name):
            yield from _stated("      ", label, rule)
    if group.changed_by != was.changed_by:
        yield f"      changed by: {group.changed_by}"


def _offices(before: Entity, after: Entity) -> Iterator[str]:
    for office in after.offices.values():
        lines: list[str] = []
        for label, name in OF_OFFICES.items():
            rule: MatterRule | None = getattr(office, name)
            if rule is not None and rule != getattr(before.offices[office.id], name):
                lines.extend(_stated("    ", label.removeprefix("office "), rule))
        if lines:
            yield f"  office {office.id}"
            yield from lines


def _rules(before: Entity, after: Entity) -> Iterator[str]:
    lines: list[str] = []
    for matter, rule in after.rules.items():
        if rule != before.rules.get(matter):
            lines.extend(_stated("    ", matter, rule))
    if lines:
        yield "  rules"
        yield from lines
