"""How boards and votes stand in a position: which seats agree with a coalition, and how many votes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from math import ceil, floor
from typing import Literal, NamedTuple

from muniment.control.compiled import BodyDecides, Directors, Key, SeatAgrees, VoteNote
from muniment.control.formula import And, Mode, Or, parts_of, reachable
from muniment.control.paths.answer import BodyStanding, SeatStanding, Standing, VotesStanding
from muniment.control.paths.position import NOMINEE, Position
from muniment.control.paths.reading import Reading, Side, occupants


class RestsOn(NamedTuple):
    """What decisions rest on.

    Attributes:
        bodies: Pairs of entity and body, in order of first mention.
        entities: Entities whose holders vote, likewise.
    """

    bodies: tuple[tuple[str, str], ...]
    entities: tuple[str, ...]


def rests_on(reading: Reading, keys: Iterable[Key]) -> RestsOn:
    """Return the bodies and the votes of holders on which decisions of a reading rest, nearest first.

    Args:
        reading: A reading in which those decisions were asked for.
        keys: The decisions; one that is not there rests on nothing.
    """
    compiled = reading.compiled
    by_number = {number: key for key, number in compiled.names.items()}
    seats = {number for key, number in compiled.names.items() if isinstance(key, SeatAgrees)}
    start = [number for key in keys if (number := reading.number_of(key)) is not None]
    bodies: dict[tuple[str, str], None] = {}
    entities: dict[str, None] = {}
    for number in reachable(compiled.system, start):
        key = by_number.get(number)
        if isinstance(key, BodyDecides | SeatAgrees):
            bodies[(key.entity, key.body)] = None
        note = compiled.votes.get(number)
        if note is not None and seats.isdisjoint(parts_of(compiled.system.nodes[number])):
            owner = note.words.rpartition(" of ")[2]
            if owner in reading.position.structure.entities and reading.position.structure.holdings.get(owner):
                entities[owner] = None
    return RestsOn(tuple(bodies), tuple(entities))


def standing_of(
    position: Position,
    rests: RestsOn,
    agreeing: Collection[str],
    directors: Directors,
    *,
    blocking: bool = True,
    mode: Mode = Mode.CERTAIN,
) -> Standing:
    """Return how the bodies and the votes that something rests on stand for a coalition.

    Args:
        position: What stands.
        rests: Which bodies and whose votes.
        agreeing: The coalition.
        directors: How the occupants of seats act.
        blocking: Read conditions that are not monotone so that a no-show is a no.
        mode: What is assumed of bounds and of holders who do not act together.
    """
    entities = position.structure.entities
    bodies = [(owner, body) for owner, body in rests.bodies if owner in entities and body in entities[owner].bodies]
    seats = {
        (owner, body): [
            (group, seat)
            for group in entities[owner].bodies[body].groups.values()
            for seat in (group.seats if group.votes_each > 0 else ())
        ]
        for owner, body in bodies
    }
    bare = Position(position.structure, position.settled_now)
    keys: list[Key] = [BodyDecides(*where) for where in bodies]
    keys.extend(SeatAgrees(*where, group.id, seat.number) for where in bodies for group, seat in seats[where])
    reading = Reading(bare, keys, directors=directors, blocking=blocking, entities=rests.entities)
    side = Side(frozenset(agreeing))
    sitting = occupants(position.structure)
    shown: list[BodyStanding] = []
    for where in bodies:
        listed: list[SeatStanding] = []
        ours = votes = 0
        for group, seat in seats[where]:
            occupant = sitting[(*where, group.id, seat.number)]
            agrees = reading.key_passes(SeatAgrees(*where, group.id, seat.number), side, mode)
            whose: Literal["ours", "others", "vacant"] = "others"
            if agrees:
                whose = "ours"
            elif occupant is None:
                whose = "vacant"
            votes += group.votes_each
            ours += group.votes_each if agrees else 0
            chosen = occupant is not None and occupant.startswith(NOMINEE)
            by_move = (*where, group.id, seat.number) in bare.settled and agrees
            listed.append(SeatStanding(group.id, seat.number, whose, "" if chosen else occupant or "", by_move))
        shown.append(BodyStanding(*where, tuple(listed), ours, votes, _carry(reading, BodyDecides(*where))))
    state = reading.state(side, mode)
    counted: list[VotesStanding] = []
    for entity, node in reading.all_votes.items():
        note = reading.compiled.votes.get(node)
        if note is None or note.base <= 0:
            continue
        parts = parts_of(reading.compiled.system.nodes[node])
        agreed = (held for part, (_, held) in zip(parts, note.voters, strict=True) if state.yes[part])
        counted.append(VotesStanding(entity, sum(agreed, Fraction(0)), note.base))
    return Standing(tuple(shown), tuple(counted))


def _carry(reading: Reading, key: BodyDecides) -> int | None:
    """Return the votes that carry an ordinary vote of a body; None where its rule is not one vote of its seats."""
    number = reading.number_of(key)
    if number is None:
        return None
    compiled = reading.compiled
    for _ in range(len(compiled.system.nodes)):
        note = compiled.votes.get(number)
        if note is not None:
            return _figure(note) if note.words.endswith(f"of {key.entity}.{key.body}") else None
        node = compiled.system.nodes[number]
        parts = parts_of(node)
        # With a casting vote the rule reads: a majority, or half with the chair.
        casts = isinstance(node, Or) and len(parts) == 2 and parts[0] in compiled.votes
        if not (casts or (isinstance(node, And) and len(parts) == 1)):
            return None
        number = parts[0]
    return None


def _figure(note: VoteNote) -> int:
    amount = note.needed.of(note.base)
    return floor(amount) + 1 if note.needed.more else max(ceil(amount), 0)
