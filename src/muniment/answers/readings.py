"""Open facts: ask a question once for each way an account may be read, and say which facts the answer depends on."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from muniment.book.accounts import World
from muniment.book.rule_names import names_in_rule
from muniment.book.structure import Entity, MatterRule, OpenFact, Structure

Answer = TypeVar("Answer")
MOST_READINGS = 64


@dataclass(frozen=True, slots=True)
class Reading(Generic[Answer]):
    """One answer, and the readings of open facts under which it holds.

    Attributes:
        reads: Address of each open fact the answer depends on, with the reading in words; empty if it depends on none.
        answer: The answer.
        structure: The structure it was found in.
    """

    reads: Mapping[str, str]
    answer: Answer
    structure: Structure


@dataclass(frozen=True, slots=True)
class Readings(Generic[Answer]):
    """Every answer that the open facts allow.

    Attributes:
        each: One entry an answer, in the order of the readings.
        untried: Open facts that were left out because there were too many combinations; the caller must say so.
    """

    each: tuple[Reading[Answer], ...]
    untried: tuple[OpenFact, ...] = ()


def entities_behind(structure: Structure, entity: str) -> frozenset[str]:
    """Return an entity with every entity that stands behind it: holders, managers, occupants, parties in its rules."""
    seen = {entity}
    waiting = [entity]
    while waiting:
        name = waiting.pop()
        found = structure.entities.get(name)
        if found is None:
            continue
        behind = [holding.party for holding in structure.holdings.get(name, ())]
        behind += [*found.general_partners, *found.managers, *found.trustees, *found.members]
        behind += [
            seat.occupant
            for body in found.bodies.values()
            for group in body.groups.values()
            for seat in group.seats
            if seat.occupant
        ]
        behind += [
            (group.office or "").rpartition(".")[0] for body in found.bodies.values() for group in body.groups.values()
        ]
        named = [words for rule in _rules(found) for _, words in names_in_rule(rule.rule)]
        behind += [*named, *(words.partition(".")[0] for words in named)]
        behind += [consent.of for consents in found.consents.values() for consent in consents]
        behind += [office.holder for office in found.offices.values() if office.holder]
        for pool in structure.pools:
            if pool.over == name:
                behind += pool.members
                behind += [words for _, words in names_in_rule(pool.decides_by.rule)] if pool.decides_by else []
        for other in behind:
            if other in structure.entities and other not in seen:
                seen.add(other)
                waiting.append(other)
    return frozenset(seen)


def _rules(entity: Entity) -> list[MatterRule]:
    groups = [group for body in entity.bodies.values() for group in body.groups.values()]
    of_seats = [
        rule for group in groups for rule in (group.filled_by, group.removed_by, group.vacancies_filled_by) if rule
    ]
    of_offices = [rule for office in entity.offices.values() for rule in (office.filled_by, office.removed_by) if rule]
    of_bodies = [body.decides_by for body in entity.bodies.values() if body.decides_by]
    of_classes = [each.conversion_vote for each in entity.classes.values() if each.conversion_vote]
    return [*entity.rules.values(), *of_seats, *of_offices, *of_bodies, *of_classes]


def ask(
    world: World,
    when: date,
    under: str | None,
    entity: str | None,
    question: Callable[[Structure], Answer],
    key: Callable[[Answer], Hashable],
) -> Readings[Answer]:
    """Ask a question under every combination of the open facts that may touch it.

    Args:
        world: The book in one account.
        when: The date asked.
        under: The proposal taken as adopted, if any.
        entity: Whom the question is about; only open facts of entities that stand behind it are tried. None tries all.
        question: Gives the answer from a structure.
        key: Two answers with the same key are the same answer.

    Returns:
        One answer if it is the same under every reading; else one for each combination of the facts it depends on.
    """
    return ask_world(world, when, under, entity, lambda read: question(read.on(when, under)), key)


def ask_world(
    world: World,
    when: date,
    under: str | None,
    entity: str | None,
    question: Callable[[World], Answer],
    key: Callable[[Answer], Hashable],
) -> Readings[Answer]:
    """Ask a question that looks at more than one day, as `ask` does; it is given the world of each reading."""
    tried: list[OpenFact] = []
    untried: list[OpenFact] = []
    results: dict[tuple[int, ...], tuple[Structure, dict[str, int]]] = {(): (world.on(when, under), {})}
    while True:
        new = _untouched(results, tried, untried, entity)
        if new is None:
            break
        options = [index for index, words in enumerate(new.readings) if words]
        if len(results) * len(options) > MOST_READINGS:
            untried.append(new)
            continue
        tried.append(new)
        results = {
            (*combination, index): (
                world.choosing(chosen | {new.address: index}).on(when, under),
                chosen | {new.address: index},
            )
            for combination, (_, chosen) in results.items()
            for index in options
        }
    answers = {
        combination: (question(world.choosing(chosen) if chosen else world), structure)
        for combination, (structure, chosen) in results.items()
    }
    keys = {combination: key(answer) for combination, (answer, _) in answers.items()}
    needed = [position for position in range(len(tried)) if _depends(keys, position)]
    each: dict[tuple[int, ...], Reading[Answer]] = {}
    for combination, (answer, read) in answers.items():
        part = tuple(combination[position] for position in needed)
        if part not in each:
            reads = {tried[position].address: tried[position].readings[combination[position]] for position in needed}
            each[part] = Reading(reads, answer, read)
    return Readings(tuple(each.values()), tuple(untried))


def structures_of(world: World, when: date, under: str | None) -> tuple[Structure, ...]:
    """Return the structure on a date, then one for each reading of each open fact, for what only one of them shows."""
    found = [world.on(when, under)]
    chosen: list[Mapping[str, int]] = [{}]
    known: set[str] = set()
    for position, structure in enumerate(found):
        for fact in structure.open_facts:
            if fact.address in known or len(found) >= MOST_READINGS:
                continue
            known.add(fact.address)
            for index, words in enumerate(fact.readings):
                if words:
                    chosen.append({**chosen[position], fact.address: index})
                    found.append(world.choosing(chosen[-1]).on(when, under))
    return tuple(found)


def _untouched(
    results: Mapping[tuple[int, ...], tuple[Structure, dict[str, int]]],
    tried: list[OpenFact],
    untried: list[OpenFact],
    entity: str | None,
) -> OpenFact | None:
    """Return an open fact that touches the question and has not been looked at; choosing one may bring up another."""
    known = {fact.address for fact in (*tried, *untried)}
    for structure, _ in results.values():
        behind = None
        for fact in structure.open_facts:
            if fact.address in known:
                continue
            if entity is None:
                return fact
            behind = behind or entities_behind(structure, entity)
            if fact.entity in behind:
                return fact
    return None


def _depends(keys: Mapping[tuple[int, ...], Hashable], position: int) -> bool:
    """Whether two combinations that differ at this position alone give different answers."""
    groups: dict[tuple[int, ...], Hashable] = {}
    for combination, value in keys.items():
        rest = combination[:position] + combination[position + 1 :]
        if groups.setdefault(rest, value) != value:
            return True
    return False
