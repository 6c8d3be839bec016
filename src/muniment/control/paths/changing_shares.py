"""What moves may change in the votes of holders: shares that are issued, and rights that are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from muniment.book.exercising import exercised
from muniment.book.numbers_held import Lot
from muniment.book.structure import Holding, Right, Structure
from muniment.control.ballots import Ballot, votes_of
from muniment.control.paths.acts import Act

MOVER = "those who make the move"
"""Stands for the mover among the holders while the votes of new shares are counted; no id has spaces."""


class Change(NamedTuple):
    """Votes that a move brings to a party, or takes from it.

    Attributes:
        bit: On once the move has been made.
        kept: On until it has been made; empty where nobody gives anything up by it.
        party: Whose votes.
        by_mover: The votes are the mover's, whoever that is.
        votes: In the units of the electorate; negative where the party gives them up.
    """

    bit: str
    kept: str
    party: str
    by_mover: bool
    votes: Fraction


class Brought(NamedTuple):
    """A structure in which one move has been made.

    Attributes:
        bit, kept: As in `Change`.
        structure: As the move leaves it.
        giving: Who gives shares up by it.
    """

    bit: str
    kept: str
    structure: Structure
    giving: frozenset[str]


@dataclass
class Changing:
    """What moves may change in the votes of one entity; each electorate is compared once.

    Attributes:
        structure: Before any move.
        entity: Whose votes.
        brought: One for each move.
        not_followed: Moves whose effect on an electorate is not a number of votes of those who take part in them.
    """

    structure: Structure
    entity: str
    brought: Sequence[Brought]
    not_followed: dict[str, None] = field(default_factory=dict)
    _found: dict[tuple[str, ...] | None, tuple[Change, ...]] = field(default_factory=dict)

    def of(self, classes: tuple[str, ...] | None) -> tuple[Change, ...]:
        """Return what changes in an electorate; None = the votes of the entity."""
        if classes not in self._found:
            self._found[classes] = tuple(self._changes(classes))
        return self._found[classes]

    def _changes(self, classes: tuple[str, ...] | None) -> list[Change]:
        before = self._counted(self.structure, classes)
        found: list[Change] = []
        for each in self.brought:
            later = self._counted(each.structure, classes)
            moved = {
                party: later.get(party, Fraction(0)) - before.get(party, Fraction(0))
                for party in sorted({*before, *later})
            }
            moved = {party: votes for party, votes in moved.items() if votes}
            unlike = any(votes < 0 and party not in each.giving for party, votes in moved.items())
            if unlike or (self._in_parts(classes) and sum(moved.values(), Fraction(0))):
                self.not_followed[each.bit] = None
                continue
            found += [Change(each.bit, each.kept, party, party == MOVER, votes) for party, votes in moved.items()]
        return found

    def _in_parts(self, classes: tuple[str, ...] | None) -> bool:
        """Whether the electorate is stated in parts of a whole, which new shares would all change."""
        return any(
            holding.of == "votes" if classes is None else holding.of is not None
            for holding in self.structure.holdings.get(self.entity, ())
            if classes is None or holding.of == "votes" or holding.class_id in classes
        )

    def _counted(self, structure: Structure, classes: tuple[str, ...] | None) -> Mapping[str, Fraction]:
        ballot: Ballot = votes_of(structure, structure.entities[self.entity], classes)
        return {entry.party: entry.low for entry in ballot.entries}


def issued_bit(act: Act) -> str:
    """Return the name of the bit that shares have been issued to the coalition."""
    return f"issued to us: {act.quantity} of {act.entity}.{act.class_id}"


def unused_bit(act: Act) -> str:
    """Return the name of the bit that shares have not been issued, so that as many may still be."""
    return f"not issued yet: {act.quantity} of {act.entity}.{act.class_id}"


def authorized_bit(entity: str, class_id: str) -> str:
    """Return the name of the bit that more shares of a class may be issued."""
    return f"authorized: more of {entity}.{class_id}"


def used_bit(act: Act) -> str:
    """Return the name of the bit that a right has been used, in whole or for what had vested."""
    return f"used: {act.right}" if act.quantity is None else f"used: {act.quantity} of {act.right}"


def kept_bit(act: Act) -> str:
    """Return the name of the bit that a right has not been used, so that what it costs is still held."""
    return f"not used yet: {act.right}"


def changing_of(structure: Structure, acts: Sequence[Act], rights: Sequence[Right]) -> dict[str, Changing]:
    """Return what moves may change in the votes of each entity.

    Args:
        structure: What is in force.
        acts: The moves; those that issue shares and use rights count.
        rights: Rights that moves may have used before, whether they are still open or not.
    """
    brought: dict[str, dict[str, Brought]] = {}
    for act in acts:
        each = brought.setdefault(act.entity, {})
        if act.kind == "issue shares":
            bit = issued_bit(act)
            each[bit] = Brought(bit, "", _issued(structure, act), frozenset())
        elif act.kind == "exercise right":
            made = _used(structure, act, rights)
            if made is not None:
                each[made.bit] = made
    return {entity: Changing(structure, entity, tuple(each.values())) for entity, each in brought.items() if each}


def _issued(structure: Structure, act: Act) -> Structure:
    held = structure.holdings.get(act.entity, ())
    quantity = act.quantity or Fraction(0)
    new = Holding(
        party=MOVER,
        entity=act.entity,
        class_id=act.class_id,
        quantity=quantity,
        lots=(Lot(quantity, structure.on),),
        basis=act.because[:1],
    )
    return replace(structure, holdings={**structure.holdings, act.entity: (*held, new)})


def _used(structure: Structure, act: Act, rights: Sequence[Right]) -> Brought | None:
    right = next((each for each in (*structure.rights, *rights) if each.id == act.right), None)
    if right is None or right.entity not in structure.entities:
        return None
    on = min(structure.on, act.last_day) if act.last_day is not None else structure.on  # it may have been used before
    if act.quantity is not None:
        right = replace(right, quantity=act.quantity, vesting=())
    last_vesting = max((day for day, _ in right.vesting), default=None)
    by = max([on, *(day for day in (act.until, last_vesting) if day is not None)])
    then = replace(structure, on=on, rights=(*(each for each in structure.rights if each.id != right.id), right))
    used = exercised(then, [right.id], by).structure
    if used is then or used.holdings == structure.holdings:
        return None
    after = replace(used, on=structure.on)
    gives = right.gives is not None or right.kind == "put"
    giving = {right.holder} if gives else set()
    if right.source is not None:
        giving.add(right.source)
    return Brought(used_bit(act), kept_bit(act) if giving else "", after, frozenset(giving))
