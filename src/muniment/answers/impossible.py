"""Impossible dates: acts of those who do not exist yet or any more, votes of those who left, one event at two dates."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.answers.compared import Found, dated, side_of, tenures
from muniment.answers.origins import kind_of
from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.rule_names import names_in_rule
from muniment.book.structure import Structure
from muniment.model.dates import exact_day, is_before, is_on_or_before, sort_key
from muniment.model.records import Record
from muniment.model.values import PartialDate
from muniment.text.nodes import Citation

ACTORS = {
    "contribute": ("by", "to"),
    "lend": ("by", "to"),
    "pay": ("by", "to"),
    "pledge": ("by",),
    "offer": ("by",),
    "safe": ("issuer", "to"),
    "note": ("issuer", "to"),
    "round": ("issuer",),
    "agreement": ("parties",),
    "vote": ("for", "against", "abstain"),
    "event": ("who",),
}
"""Labels of those who act, or to whom money comes; a promise may be made to what is still to be formed."""

TOLD = ("event", "contribute", "lend", "vote")
TELLING = ("press report", "statement", "web page", "email", "testimony", "translation")
"""Kinds of source that tell what has happened; a charter may be cited for what is done under it later."""


def acts_out_of_time(book: Book) -> Iterator[Found]:
    """Yield acts that are certainly earlier than their actor's first day, or not earlier than its last.

    Only entities are looked at: what is recorded of a person does not say when they lived. Hypotheticals are left out.
    """
    entities = {name: book.index.defined[name] for name in book.index.names if name in book.index.defined}
    for record in book.records:
        if record.kind not in ACTORS or record.fact("under") is not None:
            continue
        when = dated(record)
        for name in dict.fromkeys(_actors(record)):
            entity = entities.get(name)
            if entity is None or entity.fact("under") is not None:
                continue
            until = entity.value("until")
            if is_before(when, entity.date):
                why = f"{name} exists from {entity.date.text}, and the act is of {when.text}"
            elif isinstance(until, PartialDate) and is_on_or_before(until, when):
                why = f"{name} ends on {until.text}, and the act is of {when.text}"
            else:
                continue
            sides = (
                side_of(book, record, None, f"{record.kind} of {when.text}: {record.title or record.address}"),
                side_of(book, entity, None, f"{entity.kind} from {entity.date.text}: {entity.title or name}"),
            )
            yield Found(
                label="impossible date",
                title=f"An act of {name} when it does not exist",
                kind=kind_of(book, [side.sources for side in sides]),
                sides=sides,
                why=why,
            )


def _actors(record: Record) -> Iterator[str]:
    for label in ACTORS[record.kind]:
        value = record.value(label)
        if isinstance(value, str):
            yield from (name.strip() for name in value.split(","))
        elif isinstance(value, tuple):
            yield from (str(name) for name in value)


def votes_after_leaving(book: Book) -> Iterator[Found]:
    """Yield votes of people who had left the entity's seats, and sit and hold nothing in it on the day of the vote."""
    votes = [record for record in book.records_of("vote") if record.value("on") is not None]
    if not votes:
        return
    world = World(book)
    places = tenures(book)
    for record in votes:
        entity, when = record.value("on").entity, dated(record)
        day = exact_day(when)
        for person in dict.fromkeys(_actors(record)):
            acts = [act for (of, _, who), each in places.items() if (of, who) == (entity, person) for act in each]
            ends = [act for act in acts if not act.takes and is_before(act.when, when)]
            structure = world.on(day, record.value("under")) if ends and day is not None else None
            if structure is None or entity not in structure.entities or _takes_part(structure, entity, person):
                continue
            end = max(ends, key=lambda act: sort_key(act.when))
            sides = (
                side_of(book, record, None, f"vote of {when.text}"),
                side_of(book, end.record, None, f"{end.record.kind} on {end.when.text}"),
            )
            yield Found(
                label="impossible date",
                title=f"A vote of {person} after leaving {entity}",
                kind=kind_of(book, [side.sources for side in sides]),
                sides=sides,
                why=f"{person} left on {end.when.text} and is counted in a vote of {when.text}",
            )


def _takes_part(structure: Structure, entity: str, person: str) -> bool:
    """Whether somebody sits, holds an office or shares, or is named in a rule, of an entity."""
    found = structure.entities[entity]
    groups = [group for body in found.bodies.values() for group in body.groups.values()]
    return (
        any(seat.occupant == person for group in groups for seat in group.seats)
        or any(office.holder == person for office in found.offices.values())
        or any(holding.party == person for holding in structure.holdings.get(entity, ()))
        or any(person in {name for _, name in names_in_rule(rule.rule)} for rule in found.rules.values())
        or person in (*found.general_partners, *found.managers, *found.trustees, *found.members)
    )


def told_too_early(book: Book) -> Iterator[Found]:
    """Yield what happened after the source that tells it was published."""
    for record in book.records:
        if record.kind not in TOLD or record.fact("under") is not None or record.value("announced"):
            continue
        when = dated(record)
        for name in dict.fromkeys(citation.source for citation in _citations(record)):
            source = book.index.defined.get(name)
            if source is None or source.value("kind") not in TELLING or not is_before(source.date, when):
                continue
            sides = (
                side_of(book, record, None, f"{record.kind} of {when.text}")._replace(sources=(name,)),
                side_of(book, source, None, f"source of {source.date.text}")._replace(sources=(name,)),
            )
            yield Found(
                label="impossible date",
                title=f"Told before it happened: {record.title or record.address}",
                kind="error",
                sides=sides,
                why=f"@{name} is of {source.date.text} and tells of {when.text}",
            )


def _citations(record: Record) -> Iterator[Citation]:
    yield from record.citations
    for label in ("what", "says", "amount"):
        fact = record.fact(label)
        for statement in fact.statements if fact is not None else ():
            yield from statement.citations


def events_at_two_dates(book: Book) -> Iterator[Found]:
    """Yield events of the same people and words whose dates exclude each other."""
    told: dict[tuple[str, ...], Record] = {}
    for record in book.records_of("event"):
        if record.fact("under") is not None:
            continue
        words = _words(record)
        known = told.setdefault(words, record) if any(words[1:]) else record
        if known is record or record.value("after") == known.address or not _exclude(dated(known), dated(record)):
            continue
        sides = tuple(
            side_of(book, each, None, f"{each.title or each.address}: {dated(each).text}") for each in (known, record)
        )
        yield Found(
            label="impossible date",
            title=f"One event at two dates: {known.title or known.address}",
            kind=kind_of(book, [side.sources for side in sides]),
            sides=sides,
            why="the same people and the same words, at dates that exclude each other",
        )


def _words(record: Record) -> tuple[str, ...]:
    found = []
    for label in ("who", "what", "says"):
        fact = record.fact(label)
        found.append(
            " ".join(fact.statements[0].text.casefold().split()) if fact is not None and fact.statements else ""
        )
    return tuple(found)


def _exclude(one: PartialDate, other: PartialDate) -> bool:
    return bool(is_before(one, other) or is_before(other, one))
