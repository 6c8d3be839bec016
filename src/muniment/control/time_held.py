"""Votes that grow with the time for which one holder has held a share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from muniment.book.numbers_held import ZERO, least
from muniment.book.structure import Entity, Holding, Structure
from muniment.model.durations import day_after
from muniment.model.right_terms import TenureVotes
from muniment.model.values import Bounded


def by_time_held(
    structure: Structure, entity: Entity, holdings: list[Holding], units: dict[str, Fraction], notes: list[str]
) -> list[Holding]:
    """Return holdings in votes, where the votes of a share grow with the time it is held; such a unit is one vote."""
    for name in units:
        share_class = entity.classes.get(name)
        terms = share_class.tenure if share_class is not None else None
        if share_class is None or terms is None:
            continue
        label = "votes per share" if "votes per share" in share_class.basis else "votes per unit"
        basis = share_class.basis[label]
        if any(holding.of == "class" and holding.class_id == name for holding in holdings):
            notes.append(
                f"{name} of {entity.id} is held in percentages, which do not show for how long; "
                "a share is taken to carry the votes that it has at first."
            )
            continue
        units[name] = Fraction(1)
        holdings = [
            replace(holding, quantity=votes_by_time_held(holding, terms, structure.on), basis=(*holding.basis, basis))
            if holding.class_id == name and holding.of is None
            else holding
            for holding in holdings
        ]
    return holdings


def votes_by_time_held(holding: Holding, terms: TenureVotes, on: date) -> Fraction | Bounded[Fraction]:
    """Return the votes of a holding whose shares gain votes with the time they are held.

    Args:
        holding: In shares; its lots say since when.
        terms: Votes of a share at first, and after each length of time.
        on: The day of the vote.

    Returns:
        The votes; between bounds where the number of shares is, or the day on which they were acquired is not known.
    """
    low = high = ZERO
    steps = [terms.at_first, *(votes for _, votes in terms.after)]
    if isinstance(holding.quantity, Bounded):
        low = least(holding.quantity) * min(steps)
        most = None if holding.quantity.about else holding.quantity.high
        return Bounded(low, None if most is None else most * max(steps), text=f"{holding.quantity.text} by time held")
    rest = holding.quantity
    for lot in holding.lots:
        if lot.since is None:
            continue
        since = lot.since
        votes = [number for length, number in terms.after if day_after(since, length) <= on]
        each = votes[-1] if votes else terms.at_first
        low, high, rest = low + lot.quantity * each, high + lot.quantity * each, rest - lot.quantity
    if rest:
        low, high = low + rest * min(steps), high + rest * max(steps)
    return low if low == high else Bounded(low, high, text="votes by time held")
