"""Small changes of a structure: one rule, one consent, one right to seats, or one holding otherwise.

Nothing is concluded here. Each change comes with the structure as it would be, to be decided afresh.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from muniment.book.rule_names import names_in_rule
from muniment.book.structure import Basis, Body, Entity, Holding, MatterRule, Office, SeatGroup, Structure
from muniment.book.structure import Party as Known
from muniment.control.compiled import BodyDecides, Compiled, EntityActs, PoolDecides, SeatAgrees
from muniment.control.formula import reachable
from muniment.model.rule_writer import format_rule
from muniment.model.rules import And, Consent, Electorate, KOf, Or, Party, Rule, Share, Vote

SOMEBODY_ELSE = "somebody else"
MAJORITY = Share("majority")
HALF = Fraction(1, 2)
USUAL_SHARES = (
    MAJORITY,
    Share("least", Fraction(2, 3)),
    Share("least", Fraction(3, 4)),
    Share("least", Fraction(9, 10)),
    Share("all"),
)
TAKES_SHARES_OF = ("majority", "more", "least", "all", "all but", "count")


class Changed(NamedTuple):
    """A structure that differs in one thing.

    Attributes:
        kind: ``seats`` or ``rule``.
        words: What differs, as a clause (`if acme rules sell company did not need majority of board`).
        structure: The structure as it would be.
        because: The record that would differ.
    """

    kind: str
    words: str
    structure: Structure
    because: tuple[Basis, ...]


def changes_of_seats(structure: Structure, compiled: Compiled, party: str) -> Iterator[tuple[Changed, ...]]:
    """Yield, for each group of seats a matter meets, what would give a party one, two and more of its seats.

    Where directors are loyal that is the right to fill and to empty seats; where each decides alone, the seat itself.
    """
    for entity_id, body_id, group_id in _groups_met(compiled):
        entity = structure.entities[entity_id]
        body = entity.bodies[body_id]
        group = body.groups[group_id]
        if not group.seats or not group.votes_each:
            continue
        if compiled.directors == "independent":
            yield _sitting(structure, entity, body, group, party)
        elif group.office is not None and group.office in entity.offices:
            office = entity.offices[group.office]
            rule = _consent_of(party, office.basis)
            changed = replace(office, filled_by=rule, removed_by=rule)
            words = (
                f"if {party} appointed and removed the {group.office} of {entity_id}, who sits on {entity_id}.{body_id}"
            )
            yield (Changed("seats", words, _with_office(structure, entity, changed), (office.basis,)),)
        else:
            yield _appointing(structure, entity, body, group, party)


def _groups_met(compiled: Compiled) -> list[tuple[str, str, str]]:
    met = set(reachable(compiled.system, [compiled.system.root]))
    keys = [key for key, number in compiled.names.items() if number in met and isinstance(key, SeatAgrees)]
    return list(dict.fromkeys((key.entity, key.body, key.group) for key in keys))


def _appointing(structure: Structure, entity: Entity, body: Body, group: SeatGroup, party: str) -> tuple[Changed, ...]:
    rule = _consent_of(party, group.basis)
    appointed: dict[str, Any] = {
        "filled_by": rule, "removed_by": rule, "vacancies_filled_by": None, "for_cause_only": False, "term": None,
    }  # fmt: skip
    size = len(group.seats)
    found: list[Changed] = []
    named = {name.rpartition(".")[2] for _, rule in named_rules(entity) for _, name in names_in_rule(rule.rule)}
    for number in range(1 if group.id not in named else size, size + 1):
        whole = number == size
        seats = tuple(replace(seat, number=at + 1) for at, seat in enumerate(group.seats[size - number :]))
        given = replace(group, **appointed, seats=seats)
        groups: dict[str, SeatGroup] = dict(body.groups)
        if whole:
            groups[group.id] = given
        else:
            groups[group.id] = replace(group, seats=group.seats[: size - number])
            groups[f"{group.id} of {party}"] = replace(given, id=f"{group.id} of {party}")
        seats_in_words = f"{_of(number, size)} {group.id} seat{'s' if size > 1 else ''} of {entity.id}.{body.id}"
        words = f"if {party} filled and emptied {seats_in_words}"
        changed = _with_body(structure, entity, replace(body, groups=groups))
        found.append(Changed("seats", words, changed, (group.basis,)))
    return tuple(found)


def _of(number: int, size: int) -> str:
    if number == size:
        return "the" if size == 1 else f"all {size}"
    return f"{number} of the {size}"


def _sitting(structure: Structure, entity: Entity, body: Body, group: SeatGroup, party: str) -> tuple[Changed, ...]:
    free = [at for at, seat in enumerate(group.seats) if seat.occupant != party]
    found: list[Changed] = []
    for number in range(1, len(free) + 1):
        taken = set(free[-number:])
        seats = tuple(replace(seat, occupant=party) if at in taken else seat for at, seat in enumerate(group.seats))
        more = "more " if len(free) < len(group.seats) else ""
        words = (
            f"if {party} itself sat in {number} {more}of the {len(group.seats)} {group.id} seats of "
            f"{entity.id}.{body.id}"
        )
        changed = _with_body(
            structure, entity, replace(body, groups={**body.groups, group.id: replace(group, seats=seats, office=None)})
        )
        found.append(Changed("seats", words, changed, (group.basis,)))
    return tuple(found)


def changes_of_rules(structure: Structure, compiled: Compiled, party: str) -> Iterator[tuple[Changed, ...]]:
    """Yield the changes of a single rule that a matter meets, those of one kind together, the nearest first.

    A part of a rule dropped, a consent that an agreement adds dropped, a usual share in place of the stated one, a
    condition dropped, seats that could be emptied or filled by the majority of a class, by the board or by the party,
    removal without cause, no casting vote, a voting pool dissolved.
    """
    met = reachable(compiled.system, [compiled.system.root])
    places = {(basis.record, basis.span) for number in met for basis in compiled.bases.get(number, ())}
    places |= {(note.rule.record, note.rule.span) for n in met if (note := compiled.votes.get(n)) is not None}
    for entity in structure.entities.values():
        for name, stated in named_rules(entity):
            if (stated.basis.record, stated.basis.span) not in places:
                continue
            for variants in _variants(stated.rule):
                yield tuple(
                    Changed(
                        "rule",
                        f"if {name} {words}",
                        _with_rule(structure, entity, stated, replace(stated, rule=rule, text=format_rule(rule))),
                        (stated.basis,),
                    )
                    for words, rule in variants
                )
        for change in _without_consents(structure, entity, places):
            yield (change,)
    if compiled.directors == "loyal":
        for entity_id, body_id, group_id in _groups_met(compiled):
            for change in _changes_of_group(structure, entity_id, body_id, group_id, party):
                yield (change,)
    nodes = set(met)
    for key, number in compiled.names.items():
        if number not in nodes:
            continue
        if isinstance(key, BodyDecides):
            entity = structure.entities[key.entity]
            body = entity.bodies[key.body]
            if body.casting_vote:
                changed = _with_body(structure, entity, replace(body, casting_vote=False))
                words = f"if the chair of {key.entity}.{key.body} had no casting vote"
                yield (Changed("rule", words, changed, (body.basis,)),)
        elif isinstance(key, PoolDecides):
            kept = tuple(pool for pool in structure.pools if pool.id != key.pool)
            gone = tuple(pool.basis for pool in structure.pools if pool.id == key.pool)
            yield (Changed("rule", f"if the voting pool {key.pool} ended", replace(structure, pools=kept), gone),)


def named_rules(entity: Entity) -> Iterator[tuple[str, MatterRule]]:
    """Yield every rule of an entity with what it is the rule of, in words."""
    for label, rule in entity.rules.items():
        yield f"the rule of {entity.id} on '{label}'", rule
    for body in entity.bodies.values():
        if body.decides_by is not None:
            yield f"a decision of {entity.id}.{body.id}", body.decides_by
        for group in body.groups.values():
            seats = f"of the {group.id} seats of {entity.id}.{body.id}"
            for words, stated in (
                ("filling", group.filled_by),
                ("emptying", group.removed_by),
                ("filling vacancies", group.vacancies_filled_by),
            ):
                if stated is not None:
                    yield f"the {words} {seats}", stated
    for office in entity.offices.values():
        for words, stated in (("appointment", office.filled_by), ("removal", office.removed_by)):
            if stated is not None:
                yield f"the {words} of the {office.id} of {entity.id}", stated


def _without_consents(
    structure: Structure, entity: Entity, places: Collection[tuple[str, object]]
) -> Iterator[Changed]:
    for matter, consents in entity.consents.items():
        for at, consent in enumerate(consents):
            if (consent.basis.record, consent.basis.span) not in places:
                continue
            kept = {**entity.consents, matter: (*consents[:at], *consents[at + 1 :])}
            words = f"if {consent.basis.record} did not add the consent of {consent.of} to {entity.id}: {matter}"
            yield Changed("rule", words, _with(structure, replace(entity, consents=kept)), (consent.basis,))


def _variants(rule: Rule) -> Iterator[list[tuple[str, Rule]]]:
    """Yield a rule with one thing changed, and what is changed, as a clause without its subject."""
    if not isinstance(rule, And | Or | KOf):
        yield from _variants_of_vote(rule)
        return
    parts = rule.items if isinstance(rule, KOf) else rule.parts
    for at, part in enumerate(parts):
        rest = (*parts[:at], *parts[at + 1 :])
        if not isinstance(rule, KOf):
            words = f"did not {'need' if isinstance(rule, And) else 'allow'} {format_rule(part)}"
            yield [(words, rest[0] if len(rest) == 1 else replace(rule, parts=rest))]
        for variants in _variants_of_vote(part):
            yield [
                (said, replace(rule, items=whole) if isinstance(rule, KOf) else replace(rule, parts=whole))
                for said, other in variants
                for whole in [(*parts[:at], other, *parts[at + 1 :])]
            ]
    if isinstance(rule, KOf):
        for wanted in (rule.k - 1, rule.k + 1):
            if 0 < wanted <= len(rule.items):
                yield [(f"needed {wanted} of the {len(rule.items)} instead of {rule.k}", replace(rule, k=wanted))]


def _variants_of_vote(rule: Rule) -> Iterator[list[tuple[str, Rule]]]:
    if not isinstance(rule, Vote) or rule.share.kind not in TAKES_SHARES_OF:
        return
    for shares in _other_shares(rule.share):
        others = [replace(rule, share=share) for share in shares]
        yield [(f"needed {format_rule(other)} instead of {format_rule(rule)}", other) for other in others]
    for at, condition in enumerate(rule.conditions):
        if condition.kind in ("excluding", "capped", "in office", "quorum"):
            other = replace(rule, conditions=(*rule.conditions[:at], *rule.conditions[at + 1 :]))
            yield [(f"were {format_rule(other)} instead of {format_rule(rule)}", other)]


def _other_shares(share: Share) -> tuple[list[Share], list[Share]]:
    """Return the usual shares below and above one, the nearest first; both all of them where the base decides."""
    amount = {"majority": HALF, "all": Fraction(1)}.get(share.kind, share.amount)
    usual = [(each.amount or (HALF if each.kind == "majority" else Fraction(1)), each) for each in USUAL_SHARES]
    below = [each for at, each in reversed(usual) if each != share and (amount is None or at < amount)]
    above = [each for at, each in usual if each != share and (amount is None or at > amount)]
    return below, above


def _changes_of_group(
    structure: Structure, entity_id: str, body_id: str, group_id: str, party: str
) -> Iterator[Changed]:
    entity = structure.entities[entity_id]
    body = entity.bodies[body_id]
    group = body.groups[group_id]
    if group.office is not None:
        return
    seats = f"the {group_id} seats of {entity_id}.{body_id}"
    if group.for_cause_only:
        changed = replace(group, for_cause_only=False)
        words = f"if {seats} could be emptied without cause"
        yield Changed("rule", words, _with_group(structure, entity, body, changed), (group.basis,))
    voters: list[Rule] = [Vote(MAJORITY, Electorate("word", (name,))) for name in entity.classes]
    voters += [Vote(MAJORITY, Electorate("votes"))] if entity.classes else []
    voters += [Vote(MAJORITY, Electorate("body", (body_id,))), Consent(Party("id", party))]
    for label, done in (("removed_by", "emptied"), ("filled_by", "filled")):
        before: MatterRule | None = getattr(group, label)
        for rule in voters:
            if before is not None and before.rule == rule:
                continue
            stated = MatterRule(rule=rule, text=format_rule(rule), basis=before.basis if before else group.basis)
            new: dict[str, Any] = {label: stated}
            if label == "filled_by":
                new["vacancies_filled_by"] = None
            else:
                new["for_cause_only"] = False
            words = f"if {seats} could be {done} by {party if isinstance(rule, Consent) else stated.text}"
            changed = replace(group, **new)
            yield Changed("rule", words, _with_group(structure, entity, body, changed), (stated.basis,))


def moved(
    structure: Structure, entity: str, class_id: str, of: str | None, units: Fraction, to: str, givers: Sequence[str]
) -> Structure:
    """Return a structure in which units of a class have moved to a party, taken from the givers in turn.

    Args:
        structure: What is in force.
        entity: Whose class.
        class_id: The class; empty where `of` is ``votes``.
        of: As in `Holding`.
        units: Shares where `of` is None, else a fraction of the class or votes.
        to: Who receives them.
        givers: Who gives them up, each all it has before the next; they hold enough in all.
    """
    rest = units
    parties_to_it = {*givers, to}
    held: dict[str, Holding] = {}
    others: list[Holding] = []
    for holding in structure.holdings.get(entity, ()):
        if holding.class_id == class_id and holding.of == of and holding.party in parties_to_it:
            held[holding.party] = holding
        else:
            others.append(holding)
    received = held.get(to)
    for name in givers:
        if not rest:
            break
        giver = held[name]
        if not isinstance(giver.quantity, Fraction):
            continue
        taken = min(giver.quantity, rest)
        rest -= taken
        held[name] = replace(giver, quantity=giver.quantity - taken)
    before = received.quantity if received is not None else Fraction(0)
    if not isinstance(before, Fraction) or rest:
        raise ValueError(f"{to} cannot be given {units} of {class_id}")
    held[to] = Holding(
        party=to,
        entity=entity,
        class_id=class_id,
        quantity=before + units,
        of=of,
        basis=received.basis if received is not None else (),
    )
    after = sorted([*others, *(each for each in held.values() if each.quantity)], key=lambda each: each.party)
    parties: Mapping[str, Known] = structure.parties
    if to not in parties:
        parties = {**parties, to: Known(id=to, kind="person", title=to)}
    return replace(structure, parties=parties, holdings={**structure.holdings, entity: tuple(after)})


def _consent_of(party: str, basis: Basis) -> MatterRule:
    return MatterRule(rule=Consent(Party("id", party)), text=party, basis=basis)


def _with(structure: Structure, entity: Entity) -> Structure:
    return replace(structure, entities={**structure.entities, entity.id: entity})


def _with_body(structure: Structure, entity: Entity, body: Body) -> Structure:
    return _with(structure, replace(entity, bodies={**entity.bodies, body.id: body}))


def _with_group(structure: Structure, entity: Entity, body: Body, group: SeatGroup) -> Structure:
    return _with_body(structure, entity, replace(body, groups={**body.groups, group.id: group}))


def _with_office(structure: Structure, entity: Entity, office: Office) -> Structure:
    return _with(structure, replace(entity, offices={**entity.offices, office.id: office}))


def _with_rule(structure: Structure, entity: Entity, old: MatterRule, new: MatterRule) -> Structure:
    """Return a structure in which one rule stands in place of another, wherever the entity uses it."""

    def swap(rule: MatterRule | None) -> MatterRule | None:
        return new if rule is old else rule

    bodies = {
        body.id: replace(
            body,
            decides_by=swap(body.decides_by),
            groups={
                group.id: replace(
                    group,
                    filled_by=swap(group.filled_by),
                    removed_by=swap(group.removed_by),
                    vacancies_filled_by=swap(group.vacancies_filled_by),
                )
                for group in body.groups.values()
            },
        )
        for body in entity.bodies.values()
    }
    offices = {
        office.id: replace(office, filled_by=swap(office.filled_by), removed_by=swap(office.removed_by))
        for office in entity.offices.values()
    }
    rules = {label: new if rule is old else rule for label, rule in entity.rules.items()}
    return _with(structure, replace(entity, rules=rules, bodies=bodies, offices=offices))


def entities_met(compiled: Compiled, entity: str) -> tuple[str, ...]:
    """Return the entity of a matter and those that are asked, in the order in which its rule meets them."""
    by_number = {number: key for key, number in compiled.names.items()}
    keys = [by_number.get(number) for number in reachable(compiled.system, [compiled.system.root])]
    names = [key.entity for key in keys if isinstance(key, EntityActs | BodyDecides | SeatAgrees)]
    return tuple(dict.fromkeys([entity, *names]))
