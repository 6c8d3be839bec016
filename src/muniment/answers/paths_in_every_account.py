"""Paths in every account of a book, and the parties who have one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date

from muniment.answers.across import Accounts, Across, Said, speak
from muniment.answers.paths import (
    Answered,
    PathFinder,
    PathQuestion,
    counted,
    key_of_path,
    path_in_words,
    paths_found,
)
from muniment.answers.readings import Readings, ask_world, entities_behind
from muniment.book.accounts import World
from muniment.book.rule_names import names_in_rule
from muniment.book.structure import Entity, MatterRule, Structure
from muniment.control import NoSuchMatter
from muniment.control.paths.answer import PathAnswer

MOST_MOVES_NAMED = 4


def of_paths(
    world: World, on: date, under: str | None, asked: PathQuestion, finder: PathFinder | None = None
) -> Across:
    """Return how the answer to a question on paths fares in every account.

    Two answers are the same if they say the same and do the same.

    Args:
        world: The book in the account asked.
        on: The date asked.
        under: The proposal taken as adopted, if any.
        asked: The question; what it asks beyond the answer itself is left out.
        finder: Keeps answers between calls.
    """
    keeper = finder or PathFinder()
    briefly = asked.briefly()
    accounts = Accounts(world)
    spoken: dict[Hashable, str] = {}
    given: dict[tuple[str, tuple[tuple[str, int], ...]], Said] = {}

    def said(each: World) -> Said:
        key = (each.account, tuple(sorted(each.chosen.items())))
        if key not in given:
            readings: Readings[Answered] = ask_world(
                each, on, under, asked.entity, lambda read: keeper.answer(read, on, under, briefly), key_of_path
            )
            for reading in readings.each:
                speak(spoken, key_of_path(reading.answer), _in_words(reading.answer))
            given[key] = tuple(dict.fromkeys(key_of_path(reading.answer) for reading in readings.each))
        return given[key]

    return accounts.compare(said, spoken, accounts.facts_behind(on, under, asked.entity))


def _in_words(answer: Answered) -> str:
    if isinstance(answer, NoSuchMatter):
        return "nothing to decide"
    if isinstance(answer, str):
        return answer
    if answer.answer != "path":
        return answer.answer
    done = [move.act.words for move in answer.moves]
    more = len(done) - MOST_MOVES_NAMED
    rest = f"; and {counted(more, 'move')} more" if more > 0 else ""
    return f"path, {counted(len(done), 'move')}: {'; '.join(done[:MOST_MOVES_NAMED])}{rest}"


def who_have_paths(
    world: World, on: date, under: str | None, asked: PathQuestion, finder: PathFinder, further: Iterable[str] = ()
) -> tuple[dict[str, str], NoSuchMatter | str | None]:
    """Answer for one party after another whether it alone has a path or control already.

    Args:
        world: The book in one account, with open facts fixed or left out.
        on: The date asked.
        under: The proposal taken as adopted, if any.
        asked: The question; its `who` is not looked at.
        finder: Keeps answers between calls.
        further: Parties to ask beside those who stand behind the entity.

    Returns:
        The answer by party, in the words of an expectation; and why nobody could be asked, None where somebody could.
    """
    structure = world.on(on, under)
    refused: NoSuchMatter | str | None = None
    found: dict[str, str] = {}
    for name in sorted({*parties_behind(structure, asked.entity), *further}):
        answer = finder.answer(world, on, under, asked._replace(who=(name,)).briefly())
        if isinstance(answer, PathAnswer):
            found[name] = path_in_words(answer)
        else:
            refused = refused or answer
    return found, None if found else refused


def parties_behind(structure: Structure, entity: str) -> frozenset[str]:
    """Return everyone who stands behind an entity and acts by a will of its own.

    Holders, directors, officers, partners, members, parties in rules and consents, and holders of rights: people,
    groups that act together, and entities in which nobody decides.
    """
    names: set[str] = set()
    for each in entities_behind(structure, entity):
        names.update(_behind_one(structure, structure.entities[each]) if each in structure.entities else ())
    return frozenset(name for name in names if _acts_for_itself(structure, name))


def _behind_one(structure: Structure, entity: Entity) -> Iterable[str]:
    yield entity.id
    yield from (holding.party for holding in structure.holdings.get(entity.id, ()))
    yield from (*entity.general_partners, *entity.managers, *entity.trustees, *entity.members)
    rules: list[MatterRule | None] = list(entity.rules.values())
    for body in entity.bodies.values():
        rules.append(body.decides_by)
        for group in body.groups.values():
            rules += [group.filled_by, group.removed_by, group.vacancies_filled_by]
            yield from (seat.occupant for seat in group.seats if seat.occupant)
    for office in entity.offices.values():
        rules += [office.filled_by, office.removed_by]
        if office.holder:
            yield office.holder
    for rule in rules:
        yield from (name for _, name in names_in_rule(rule.rule)) if rule else ()
    yield from (consent.of for consents in entity.consents.values() for consent in consents)
    for pool in structure.pools:
        yield from pool.members if pool.over == entity.id else ()
    for right in structure.rights:
        if right.entity == entity.id:
            yield right.holder


def _acts_for_itself(structure: Structure, name: str) -> bool:
    party, entity = structure.parties.get(name), structure.entities.get(name)
    if party is None or not party.acts_together:
        return False
    if entity is None:
        return True
    inside = (entity.bodies, entity.general_partners, entity.managers, entity.trustees, entity.members)
    return not any(inside) and not structure.holdings.get(name) and "vote shares" not in entity.rules


def path_of(
    world: World, on: date, under: str | None, asked: PathQuestion, finder: PathFinder
) -> tuple[Sequence[tuple[dict[str, str], str]], PathAnswer] | NoSuchMatter | str:
    """Return an answer in the words of an expectation, with the readings under which it is that one.

    Returns:
        (Readings of open facts, words), and the first answer in full; or why there is none.
    """
    found = paths_found(world, on, under, asked.briefly(), finder)
    if not isinstance(found, tuple) or isinstance(found, NoSuchMatter):
        return found
    return [(dict(each.reads), path_in_words(each.answer)) for each in found], found[0].answer
