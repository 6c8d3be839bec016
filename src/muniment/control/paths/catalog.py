"""The catalog of protective provisions: each adds to what stands in an entity, and deletes nothing.

A provision is a change of an entity. What it adds can be amended away again by whoever may change the place where it
stands, `never` excepted; so a provision that does not last is often worth something only beside an entrenchment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from muniment.book.structure import Basis, Body, Entity, MatterRule, SeatGroup, Structure
from muniment.control.matters import basis_of, board_of
from muniment.control.paths.acts import RulePlace
from muniment.control.paths.answer import Provision
from muniment.control.paths.catalog_lines import amendment
from muniment.control.paths.catalog_places import (
    OF_SEATS,
    both,
    has_holders,
    is_for_ever,
    places_of,
    restated,
    rule_at,
    with_changed_by,
    with_entity,
    with_group,
    with_rule,
)
from muniment.model.rule_reader import parse_rule
from muniment.model.rules import And, Condition, KOf, Never, Or, Rule, RuleFault, Vote

ENTRENCHED = "change the entrenched rules"
LOCKED = "change the locked rules"
CAP = Condition("capped", amount=Fraction(1, 2))
KINDS = (
    "entrench",
    "no removal",
    "board size in charter",
    "vote cap",
    "class veto",
    "pre-emption",
    "sunset",
    "for cause",
    "no written consent",
    "supermajority amendment",
    "purpose lock",
)
"""Every kind of provision, in the order in which they are offered."""
Change: TypeAlias = Callable[[Structure, Entity], Entity]


class Offered(NamedTuple):
    """A provision that may be adopted, and what adopting it does to a structure.

    Attributes:
        adopt: Returns a structure with the provision in force from the start. Several are adopted in the order in which
            they are offered: a cap reaches what stands by then.
    """

    provision: Provision
    adopt: Callable[[Structure], Structure]


def offer(structure: Structure, entity: Entity, kind: str, name: str, words: str, change: Change) -> Iterator[Offered]:
    """Yield a provision, unless it would change nothing.

    Args:
        structure: What is in force.
        entity: Whose provision.
        kind: One of `KINDS`.
        name: What of the entity it protects, for the id; empty if the whole of it.
        words: One sentence.
        change: What it does.
    """
    changed = change(structure, entity)
    lines = amendment(entity, changed)
    if not lines:
        return
    of = f"{entity.id}.{name.replace(' ', '-')}" if name else entity.id
    provision = Provision(f"{kind.replace(' ', '-')}:{of}", kind, entity.id, words, lines)

    def adopt(before: Structure) -> Structure:
        standing = before.entities.get(entity.id)
        if standing is None:
            return before
        try:
            return with_entity(before, change(before, standing))
        except KeyError:  # on another day, the seats, the office or the class that it protects may not be there
            return before

    yield Offered(provision, adopt)


def entrenched(structure: Structure, entity: Entity, place: RulePlace, words: str, name: str) -> Iterator[Offered]:
    """Yield that what stands at a place is changed by all of the board and all of the votes alone.

    Args:
        structure: What is in force.
        entity: Whose.
        place: Of a rule; ``number`` stands for all terms of a group of seats.
        words: What it is that is entrenched.
        name: For the id.
    """
    everyone = _everyone(structure, entity)
    if not everyone:
        return

    def change(now: Structure, standing: Entity) -> Entity:
        made = with_matter(standing, ENTRENCHED, everyone, ENTRENCHED)
        for each in _places_together(now, standing, place):
            if _changed_by_rule(standing, each) != LOCKED and not is_for_ever(standing, each):
                made = with_changed_by(now, made, each, ENTRENCHED)
        return made

    sentence = f"Only {everyone} of {entity.id} can change {words}."
    yield from offer(structure, entity, "entrench", name, sentence, change)


def no_removal(structure: Structure, entity: Entity, body: Body, group: SeatGroup) -> Iterator[Offered]:
    """Yield that nobody removes who sits in a group of seats before the term ends."""
    place = RulePlace("removed by", group.id, body.id)

    def change(now: Structure, standing: Entity) -> Entity:
        present = rule_at(now, standing, place)
        stated = MatterRule(
            rule=Never(), text="never", basis=present.basis if present else group.basis,
            changed_by=present.changed_by if present else None,
        )  # fmt: skip
        if present is None or present.assumed:
            # A rule that only the law states stays as it is for other seats.
            return with_group(standing, place, removed_by=stated, for_cause_only=False)
        made = with_rule(standing, place, stated)
        return with_group(made, place, for_cause_only=False)

    words = f"Nobody can remove who sits in the {group.id} seats of {entity.id}.{body.id}."
    yield from offer(structure, entity, "no removal", f"{body.id}.{group.id}", words, change)


def for_cause(structure: Structure, entity: Entity, body: Body, group: SeatGroup) -> Iterator[Offered]:
    """Yield that who sits in a group of seats is removed for cause only."""
    place = RulePlace("removed by", group.id, body.id)
    if group.removed_by is None:
        stated = rule_at(structure, entity, place)
        if stated is None or not stated.assumed:
            return  # `for cause only` is written at the seats, and these leave it to a rule of the whole board

    def change(now: Structure, standing: Entity) -> Entity:
        present = rule_at(now, standing, place)
        if present is None or isinstance(present.rule, Never):
            return standing
        made = restated(present, present.rule, for_cause=True)
        if made is None or standing.bodies[body.id].groups[group.id].for_cause_only:
            return standing
        return with_group(standing, place, removed_by=made, for_cause_only=True)

    words = f"Who sits in the {group.id} seats of {entity.id}.{body.id} is removed for cause only."
    yield from offer(structure, entity, "for cause", f"{body.id}.{group.id}", words, change)


def board_size(structure: Structure, entity: Entity, body: Body) -> Iterator[Offered]:
    """Yield that the charter fixes the number of seats at what it is."""

    def change(_: Structure, standing: Entity) -> Entity:
        for group in standing.bodies[body.id].groups.values():
            there = len(group.seats)
            if group.office is None and there and (group.least, group.most) not in ((there, there), (None, None)):
                place = RulePlace("number", group.id, body.id)
                standing = with_group(standing, place, least=there, most=there)
        return standing

    words = f"The charter of {entity.id} fixes the number of seats of {body.id} at what it is."
    yield from offer(structure, entity, "board size in charter", body.id, words, change)


def vote_cap(structure: Structure, entity: Entity, matters: Collection[str]) -> Iterator[Offered]:
    """Yield that no holder votes more than half of a class or of the votes.

    Args:
        structure: What is in force.
        entity: Whose.
        matters: Matters whose rule is capped even where only the law states it.
    """

    def change(now: Structure, standing: Entity) -> Entity:
        places = [
            RulePlace("matter", matter)
            for matter, rule in standing.rules.items()
            if not rule.assumed or (matter in matters and matter not in [name for _, name in OF_SEATS.values()])
        ]
        places += [
            RulePlace("matter", each)
            for each in matters
            if each not in standing.rules and places_of(standing, each) == (RulePlace("matter", each),)
        ]
        places += [
            RulePlace(label, group.id, each.id)
            for each in standing.bodies.values()
            for group in each.groups.values()
            for label in OF_SEATS
            if group.office is None
        ]
        made = standing
        for place in places:
            present = rule_at(now, made, place)
            if present is None:
                continue
            limited = _capped(present.rule, standing)
            if limited == present.rule:
                continue
            cause = place.label == "removed by" and made.bodies[place.body].groups[place.name].for_cause_only
            stated = restated(present, limited, for_cause=cause)
            made = made if stated is None else with_rule(made, place, stated)
        return made

    words = f"No holder of {entity.id} votes more than half, however much it holds."
    yield from offer(structure, entity, "vote cap", "", words, change)


def class_vetoes(structure: Structure, entity: Entity, matter: str, who: Collection[str]) -> Iterator[Offered]:
    """Yield that a matter also needs a majority of another class, or one seat of another group.

    Args:
        structure: What is in force.
        entity: Whose matter.
        matter: Asked about.
        who: A class of which nobody else holds anything is no protection against them.
    """
    body = board_of(entity)
    groups = [g for g in body.groups.values() if g.votes_each > 0 and g.seats] if body is not None else []
    taken = {*(group.id for each in entity.bodies.values() for group in each.groups.values()), *entity.bodies}
    held = structure.holdings.get(entity.id, ())
    for name in entity.classes if len(entity.classes) > 1 else ():
        holders = {holding.party for holding in held if holding.class_id == name}
        if holders - set(who) and name not in taken:
            words = f"'{matter}' of {entity.id} also needs a majority of {name}."
            change = _also(matter, f"majority of {name}")
            yield from offer(structure, entity, "class veto", f"{matter}.{name}", words, change)
    for group in groups if len(groups) > 1 else ():
        if {seat.occupant for seat in group.seats} - {*who, None}:
            words = f"'{matter}' of {entity.id} also needs one of the {group.id} seats."
            change = _also(matter, f"1 of {group.id}")
            yield from offer(structure, entity, "class veto", f"{matter}.{group.id}", words, change)


def pre_emption(structure: Structure, entity: Entity) -> Iterator[Offered]:
    """Yield that new shares go to holders in proportion, so that one alone gets them only if all the others waive."""
    if has_holders(structure, entity):
        words = f"New shares of {entity.id} are offered to all holders in proportion, unless every one of them waives."
        yield from offer(structure, entity, "pre-emption", "", words, _also("issue shares", "all of votes"))


def sunset(structure: Structure, entity: Entity, name: str) -> Iterator[Offered]:
    """Yield that a class with more than one vote a share has one."""

    def change(_: Structure, standing: Entity) -> Entity:
        share_class = standing.classes[name]
        if share_class.votes is None or share_class.votes <= 1:
            return standing
        plain = replace(share_class, votes=Fraction(1), tenure=None)
        return replace(standing, classes={**standing.classes, name: plain})

    words = f"From a day to be set, each {name} of {entity.id} has one vote."
    yield from offer(structure, entity, "sunset", name, words, change)


def no_written_consent(structure: Structure, entity: Entity) -> Iterator[Offered]:
    """Yield that holders decide at meetings only."""

    def change(_: Structure, standing: Entity) -> Entity:
        basis = _basis(standing, "act by written consent")
        never = MatterRule(rule=Never(), text="never", basis=basis)
        return replace(standing, rules={**standing.rules, "act by written consent": never})

    words = f"Holders of {entity.id} decide at meetings only, never in writing."
    yield from offer(structure, entity, "no written consent", "", words, change)


def supermajority(structure: Structure, entity: Entity, matters: Sequence[str]) -> Iterator[Offered]:
    """Yield that matters which change rules also need two thirds of the board and of the votes.

    Args:
        structure: What is in force.
        entity: Whose.
        matters: Matters by which its rules may be changed.
    """
    body = board_of(entity)
    parts = [f"at least 2/3 of {body.id}"] if body is not None else []
    parts += ["at least 2/3 of votes"] if has_holders(structure, entity) else []
    if not parts:
        return

    def change(now: Structure, standing: Entity) -> Entity:
        for matter in matters:
            standing = _also(matter, " and ".join(parts))(now, standing)
        return standing

    listed = ", ".join(f"'{matter}'" for matter in matters)
    words = f"{listed} of {entity.id} also {'need' if len(matters) > 1 else 'needs'} {' and '.join(parts)}."
    yield from offer(structure, entity, "supermajority amendment", "", words, change)


def purpose_lock(structure: Structure, entity: Entity, matter: str) -> Iterator[Offered]:
    """Yield that a matter also needs the consent of an authority outside, and that nobody can change this."""

    def change(now: Structure, standing: Entity) -> Entity:
        made = _also(matter, "consent of attorney general")(now, standing)
        if made == standing:
            return standing
        made = with_matter(made, LOCKED, "never", LOCKED)
        for place in places_of(standing, matter):
            made = with_changed_by(now, made, place, LOCKED)
        return made

    words = f"'{matter}' of {entity.id} also needs the consent of the attorney general; no decision can change this."
    yield from offer(structure, entity, "purpose lock", matter, words, change)


def _also(matter: str, addition: str) -> Change:
    """Return the change by which a matter needs something more than it does."""

    def change(structure: Structure, entity: Entity) -> Entity:
        more = parse_rule(addition)
        if isinstance(more, RuleFault):
            return entity
        made = entity
        for place in places_of(entity, matter):
            present = rule_at(structure, made, place)
            if present is None:
                continue
            wanted = both(present.rule, more)
            cause = place.label == "removed by" and made.bodies[place.body].groups[place.name].for_cause_only
            stated = restated(present, wanted, for_cause=cause) if wanted != present.rule else None
            made = made if stated is None else with_rule(made, place, stated)
        return made

    return change


def _everyone(structure: Structure, entity: Entity) -> str:
    """Return the rule by which everybody who has a say in an entity must agree; empty if nobody has."""
    body = board_of(entity)
    parts = [f"all of {body.id}"] if body is not None else []
    parts += ["consent of general partner"] if entity.general_partners else []
    parts += ["consent of manager"] if entity.managers else []
    parts += ["consent of trustees"] if entity.trustees else []
    parts += ["all of votes"] if has_holders(structure, entity) else []
    return " and ".join(parts)


def with_matter(entity: Entity, matter: str, text: str, changed_by: str) -> Entity:
    """Return an entity with a rule on a matter of its own, unless it has one."""
    rule = parse_rule(text)
    if matter in entity.rules or isinstance(rule, RuleFault):
        return entity
    made = MatterRule(rule=rule, text=text, basis=_basis(entity, f"{matter}: {text}"), changed_by=changed_by)
    return replace(entity, rules={**entity.rules, matter: made})


def _basis(entity: Entity, words: str) -> Basis:
    return basis_of(entity)._replace(words=words, citations=(), quotations=())


def _places_together(structure: Structure, entity: Entity, place: RulePlace) -> tuple[RulePlace, ...]:
    """Return the places that one entrenchment covers: of seats all terms, with the rules that say what changes them."""
    if place.label != "number":
        return (place,)
    rules = (RulePlace(label, place.name, place.body) for label in OF_SEATS)
    stated = ((each, rule_at(structure, entity, each)) for each in rules)
    return (place, *(each for each, rule in stated if rule is not None and rule.changed_by is not None))


def _changed_by_rule(entity: Entity, place: RulePlace) -> str | None:
    stated = entity.rules.get(place.name) if place.label == "matter" else None
    if place.label in OF_SEATS:
        stated = getattr(entity.bodies[place.body].groups[place.name], OF_SEATS[place.label][0])
    return stated.changed_by if stated is not None else None


def _capped(rule: Rule, entity: Entity) -> Rule:
    """Return a rule in which every vote of holders is capped; a rule is never deep (`rule_reader.MOST_DEEP`)."""
    if isinstance(rule, (And, Or)):
        return replace(rule, parts=tuple(_capped(part, entity) for part in rule.parts))
    if isinstance(rule, KOf):
        return replace(rule, items=tuple(_capped(item, entity) for item in rule.items))
    if not isinstance(rule, Vote) or rule.share.kind in ("all", "all but", "cumulative"):
        return rule
    if any(condition.kind == "capped" for condition in rule.conditions):
        return rule
    taken = {*entity.bodies, *(group for body in entity.bodies.values() for group in body.groups)}
    name = rule.electorate.names[0] if rule.electorate.names else ""
    of_class = rule.electorate.kind == "word" and name in entity.classes and name not in taken
    of_holders = of_class or rule.electorate.kind in ("votes", "together")
    return replace(rule, conditions=(*rule.conditions, CAP)) if of_holders else rule
