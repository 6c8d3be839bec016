"""Limits on one holder: how much may be held, and how many votes may be cast."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from muniment.book.structure import Entity, Structure
from muniment.control.ballots import ZERO, Ballot

Held = tuple[str, str]
"""A party and a class."""


def kept_within_limits(structure: Structure, entity: Entity) -> Mapping[Held, Fraction]:
    """Return, for each party over the limit of a class, the part of its holding that is within.

    Shares that the entity holds in itself are no part of the whole of which a share is taken. What is stated within
    bounds, or as a share of all votes, is not judged.

    Args:
        structure: What is in force.
        entity: Whose classes.
    """
    found: dict[Held, Fraction] = {}
    holdings = [holding for holding in structure.holdings.get(entity.id, ()) if holding.party != entity.id]
    for name, share_class in entity.classes.items():
        if share_class.held_at_most is None:
            continue
        most = share_class.held_at_most.quantity
        held: dict[str, Fraction] = {}
        parts: dict[str, Fraction] = {}
        for holding in holdings:
            if holding.class_id != name or not isinstance(holding.quantity, Fraction):
                continue
            own = held if holding.of is None else parts if holding.of == "class" else None
            if own is not None:
                own[holding.party] = own.get(holding.party, Fraction(0)) + holding.quantity
        if not most.unit:
            limit, counted = most.amount, held
        elif parts:
            limit, counted = most.amount, parts
        else:
            limit, counted = most.amount * sum(held.values()), held
        for party, quantity in counted.items():
            known = structure.parties.get(party)
            if quantity > limit and (known is None or known.acts_together) and not party.startswith("others of "):
                found[(party, name)] = limit / quantity
    return found


def capped(ballot: Ballot, cap: Fraction, *, base_too: bool = False) -> Ballot:
    """Return the electorate with no holder voting more than a share of the base.

    Args:
        ballot: The electorate.
        cap: Most that one holder casts, as a share of the base.
        base_too: Votes that are not cast leave the base, where all are stated exactly; else it stays uncapped.
    """
    base = ballot.base
    high_base = sum((entry.high for entry in ballot.entries), ZERO) if base is None else base
    most_low, most_high = cap * ballot.total, cap * high_base
    entries = tuple(
        entry._replace(
            low=min(entry.low, most_low),
            high=min(entry.high, most_high),
            low_open=entry.low_open and entry.low < most_low,
            high_open=entry.high_open and entry.high <= most_high,
        )
        for entry in ballot.entries
    )
    lost_low = sum((old.low - new.low for old, new in zip(ballot.entries, entries, strict=True)), ZERO)
    lost_high = sum((old.high - new.high for old, new in zip(ballot.entries, entries, strict=True)), ZERO)
    if base_too and all(entry.is_exact for entry in ballot.entries):
        return ballot._replace(entries=entries, base=high_base - lost_low)
    uncast = (ballot.uncast[0] + lost_low, ballot.uncast[1] + lost_high)
    return ballot._replace(entries=entries, base=high_base if base is None else base, uncast=uncast)
