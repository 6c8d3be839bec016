"""What each party holds of each class, as far as money turns on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis, Entity, Holding, Structure
from muniment.model.values import Bounded, Money
from muniment.payout.faults import Refusal
from muniment.payout.piecewise import ZERO

CAPITAL = "capital"
"""Stands for the class where only percentages of the capital are recorded."""


class Position(NamedTuple):
    """What one party holds of one class.

    Attributes:
        low: Least number of units it may hold.
        high: Greatest number of units it may hold; equal to `low` where the book says it exactly.
        paid: What it paid in all; None if not stated.
        words: What is open, as written; empty if nothing is.
    """

    party: str
    class_id: str
    low: Fraction
    high: Fraction
    paid: Money | None
    words: str
    basis: tuple[Basis, ...]


class Positions(NamedTuple):
    """All positions in one entity.

    Attributes:
        by_class: In the order in which the entity states its classes; only classes that somebody holds.
        in_fractions: Classes of which only fractions are recorded, so that one unit is the whole class.
        assumptions: Sentences on what was read into the book.
    """

    by_class: Mapping[str, tuple[Position, ...]]
    in_fractions: frozenset[str]
    assumptions: tuple[str, ...]


def positions_of(structure: Structure, entity: Entity) -> Positions | Refusal:
    """Return who holds what of `entity`; or the first fact that leaves it open beyond bounds."""
    holdings = structure.holdings.get(entity.id, ())
    assumptions: list[str] = []
    by_class: dict[str, list[Holding]] = {class_id: [] for class_id in entity.classes}
    capital: list[Holding] = []
    for holding in holdings:
        if holding.party == entity.id:
            assumptions.append(f"What {entity.id} holds in itself is paid nothing.")
        elif holding.of == "votes":
            assumptions.append("Holdings that are stated in votes alone carry no claim to money.")
        elif holding.of == "capital":
            capital.append(holding)
        else:
            by_class.setdefault(holding.class_id, []).append(holding)
    held = {class_id: found for class_id, found in by_class.items() if found}
    if capital and not held:
        held = {CAPITAL: capital}
    elif capital:
        assumptions.append("Percentages of the capital are left aside, because holdings by class are recorded.")
    result: dict[str, tuple[Position, ...]] = {}
    in_fractions: set[str] = set()
    for class_id, found in held.items():
        positions = _positions(entity, class_id, found)
        if isinstance(positions, Refusal):
            return positions
        if positions:
            result[class_id] = positions
            if all(each.of is not None for each in found):
                in_fractions.add(class_id)
    return Positions(result, frozenset(in_fractions), tuple(dict.fromkeys(assumptions)))


def _positions(entity: Entity, class_id: str, holdings: Sequence[Holding]) -> tuple[Position, ...] | Refusal:
    stated = {holding.party for holding in holdings if holding.of is not None}
    counted = [holding for holding in holdings if holding.of is None and holding.party not in stated]
    fractions = [holding for holding in holdings if holding.of is not None]
    for holding in (*counted, *fractions):
        fault = _unusable(holding)
        if fault is not None:
            return fault
    positions = [_position(holding) for holding in counted]
    if fractions:
        exact = [holding.quantity for holding in fractions if isinstance(holding.quantity, Fraction)]
        if len(exact) < len(fractions) or (counted and any(each.low != each.high for each in positions)):
            bounded = next((each for each in fractions if not isinstance(each.quantity, Fraction)), fractions[0])
            return Refusal(
                "open holding",
                f"the part of {class_id} that {bounded.party} holds is not stated exactly",
                bounded.basis[0] if bounded.basis else None,
                "state it exactly, or record the number of shares",
            )
        together = sum(exact, ZERO)
        if together > 1 or (together == 1 and counted):
            return Refusal("holdings exceed class", f"more than all of {class_id} is held", _first_basis(fractions))
        number = sum((each.low for each in positions), ZERO)
        whole = number / (1 - together) if counted else Fraction(1)
        for holding in fractions:
            assert isinstance(holding.quantity, Fraction)
            units = holding.quantity * whole
            positions.append(Position(holding.party, class_id, units, units, holding.paid, "", holding.basis))
        if not counted and together < 1:
            others = f"others of {entity.id}.{class_id}"
            positions.append(Position(others, class_id, 1 - together, 1 - together, None, "", ()))
    return tuple(each for each in positions if each.high > 0)


def _unusable(holding: Holding) -> Refusal | None:
    quantity = holding.quantity
    if not isinstance(quantity, Bounded):
        return None
    if quantity.about or quantity.high is None:
        return Refusal(
            "open holding",
            f"of {holding.class_id or CAPITAL}, {holding.party} is only known to hold '{quantity.text or 'unknown'}'",
            _first_basis([holding]),
            "state a number, or bounds on both sides",
        )
    return None


def _position(holding: Holding) -> Position:
    quantity = holding.quantity
    if isinstance(quantity, Bounded):
        low, high = quantity.low or ZERO, quantity.high or ZERO
        words = f"{holding.party} holds {quantity.text or f'{low} to {high}'} of {holding.class_id}"
        return Position(holding.party, holding.class_id, low, high, holding.paid, words, holding.basis)
    return Position(holding.party, holding.class_id, quantity, quantity, holding.paid, "", holding.basis)


def _first_basis(holdings: Sequence[Holding]) -> Basis | None:
    return next((basis for holding in holdings for basis in holding.basis), None)
