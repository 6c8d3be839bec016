"""Shares that an entity's own subsidiaries hold in it, where they carry no votes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from typing import Protocol

from muniment.book.structure import Entity, Structure


class Voter(Protocol):
    """One holder of an electorate: who, and with how many votes at least and at most."""

    @property
    def party(self) -> str:
        """Return who votes."""

    @property
    def low(self) -> Fraction:
        """Return the least number of votes."""

    @property
    def high(self) -> Fraction:
        """Return the greatest number of votes."""


class Votes(Protocol):
    """An electorate: its holders, and the votes of which a share is taken."""

    @property
    def entries(self) -> Sequence[Voter]:
        """Return the holders."""

    @property
    def base(self) -> Fraction | None:
        """Return all votes; None = what the holders turn out to have."""


def holders_held_by(
    structure: Structure, entity: Entity, votes_of: Callable[[Entity], Votes], *, possibly: bool = False
) -> tuple[str, ...]:
    """Return the holders of an entity of whose votes it has a majority, directly or through others it so holds.

    It is reckoned from the entity downwards: at first nobody is held, and whoever is found to be held counts for the
    next (the least fixpoint). A majority that bounds leave open is no majority.

    Args:
        structure: What is in force.
        entity: Whose shares are held.
        votes_of: Returns all votes of an entity, those it holds in itself aside.
        possibly: Take a majority that bounds leave open for one.

    Returns:
        Ids of holders, in order.

    Source:
        Delaware General Corporation Law s. 160(c).
    """
    holders = {holding.party for holding in structure.holdings.get(entity.id, ())}
    if not (holders & structure.entities.keys()) - {entity.id}:
        return ()
    held_in: dict[str, list[str]] = {}
    for name, holdings in structure.holdings.items():
        for party in dict.fromkeys(holding.party for holding in holdings):
            held_in.setdefault(party, []).append(name)
    known = {entity.id}
    electorates: dict[str, Votes] = {}
    waiting = [entity.id]
    while waiting:
        for name in held_in.get(waiting.pop(), ()):
            if name in known or name not in structure.entities:
                continue
            if name not in electorates:
                electorates[name] = votes_of(structure.entities[name])
            votes = electorates[name]
            inside = sum((e.high if possibly else e.low for e in votes.entries if e.party in known), Fraction(0))
            outside = sum((e.low if possibly else e.high for e in votes.entries if e.party not in known), Fraction(0))
            base = inside + outside if votes.base is None else votes.base
            if 2 * inside > base:
                known.add(name)
                waiting.append(name)
    return tuple(sorted(holders & known - {entity.id}))


def left_open_of(entity: Entity, silent: Collection[str], perhaps: Collection[str]) -> Iterator[str]:
    """Yield a sentence on the holders of whose votes an entity may or may not have a majority."""
    rest = sorted(set(perhaps) - set(silent))
    if rest:
        yield (
            f"Whether {entity.id} has a majority of the votes of {', '.join(rest)} is open; "
            f"what {', '.join(rest)} holds of {entity.id} is taken to carry votes."
        )


def said_of(entity: Entity, silent: Collection[str]) -> Iterator[str]:
    """Yield a sentence on the holders whose votes in an entity do not count."""
    if silent:
        authority = entity.by_law.get("cross-held shares")
        by_law = f" (a default of its law, the book says nothing: {authority})" if authority else ""
        yield (
            f"What {', '.join(silent)} holds of {entity.id} carries no votes: {entity.id} has a majority of its votes, "
            f"directly or through others it so holds{by_law}."
        )
