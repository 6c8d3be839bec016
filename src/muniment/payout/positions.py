"""What each party holds of each class, as far as money turns on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.numbers_held import Lot
from muniment.book.structure import Basis, Entity, Holding, ShareClass, Structure
from muniment.model.values import Bounded, Money
from muniment.payout.accruing import dividend_terms
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
        contributed: When each part of it was paid; None if a day is not known.
        words: What is open, as written; empty if nothing is.
        lots: Since when each part has been held, and issued; empty where the number is not exact.
    """

    party: str
    class_id: str
    low: Fraction
    high: Fraction
    paid: Money | None
    words: str
    basis: tuple[Basis, ...]
    contributed: tuple[tuple[date, Money], ...] | None = None
    lots: tuple[Lot, ...] = ()


class Positions(NamedTuple):
    """All positions in one entity.

    Attributes:
        by_class: In the order in which the entity states its classes; only classes that somebody holds.
        in_fractions: Classes of which only fractions are recorded, so that one unit is the whole class.
        spread: By class in `in_fractions` whose division is open: who may hold which fraction. In `by_class` the whole
            of such a class stands under the party ``""``.
        assumptions: Sentences on what was read into the book.
    """

    by_class: Mapping[str, tuple[Position, ...]]
    in_fractions: frozenset[str]
    spread: Mapping[str, tuple[Position, ...]]
    assumptions: tuple[str, ...]


def has_preference(share_class: ShareClass) -> bool:
    """Return whether the class is paid something before the rest is shared."""
    if share_class.preference or share_class.accrued is not None:
        return True
    terms = dividend_terms(share_class.dividend)
    return terms is not None and terms.cumulative


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
    counted = any(each.of is None for found in held.values() for each in found)
    if capital and not counted:
        unclear = next((each.id for each in entity.classes.values() if has_preference(each)), None)
        if unclear is not None:
            return Refusal(
                "number of shares unknown",
                f"percentages of the capital cannot be set against the preference of {unclear}",
                _first_basis(capital),
                "record who holds how many shares of each class",
            )
        if held:
            assumptions.append(
                "Percentages of single classes are left aside, because those of the capital are recorded."
            )
        assumptions.append("Percentages of the capital are taken as percentages of what is paid out.")
        held = {CAPITAL: capital}
    elif capital:
        assumptions.append("Percentages of the capital are left aside, because holdings by class are recorded.")
    result: dict[str, tuple[Position, ...]] = {}
    in_fractions: set[str] = set()
    spread: dict[str, tuple[Position, ...]] = {}
    for class_id, found in held.items():
        fractions_only = all(each.of is not None for each in found)
        positions = _fractions(entity, class_id, found) if fractions_only else _positions(class_id, found)
        if isinstance(positions, Refusal):
            return positions
        if not positions:
            continue
        if fractions_only:
            in_fractions.add(class_id)
        if fractions_only and any(each.low != each.high for each in positions):
            spread[class_id] = positions
            basis = tuple(basis for each in positions for basis in each.basis)
            positions = (Position("", class_id, Fraction(1), Fraction(1), None, "", basis),)
        result[class_id] = positions
    return Positions(result, frozenset(in_fractions), spread, tuple(dict.fromkeys(assumptions)))


def _fractions(entity: Entity, class_id: str, holdings: Sequence[Holding]) -> tuple[Position, ...] | Refusal:
    """Return the positions in a class of which only fractions are recorded; the whole class is one unit.

    What the fractions leave over belongs to holders who are not named.
    """
    ends: list[tuple[Fraction, Fraction]] = []
    for holding in holdings:
        quantity = holding.quantity
        if isinstance(quantity, Bounded):
            if quantity.about:
                return _not_exact(holding)
            high = Fraction(1) if quantity.high is None else min(quantity.high, Fraction(1))
            ends.append((quantity.low or ZERO, high))
        else:
            ends.append((quantity, quantity))
    least = sum((low for low, _ in ends), ZERO)
    if least > 1:
        return Refusal("holdings exceed class", f"more than all of {class_id} is held", _first_basis(holdings))
    positions: list[Position] = []
    for holding, (low, high) in zip(holdings, ends, strict=True):
        high = min(high, 1 - least + low)
        words = "" if low == high else f"{holding.party} holds {_words(holding)} of {class_id}"
        positions.append(
            Position(holding.party, class_id, low, high, holding.paid, words, holding.basis, holding.contributed)
        )
    left_least, left_most = max(1 - sum((each.high for each in positions), ZERO), ZERO), 1 - least
    words = "" if left_least == left_most else f"who holds the rest of {class_id} is not stated"
    name = entity.id if class_id == CAPITAL else f"{entity.id}.{class_id}"
    positions.append(Position(f"others of {name}", class_id, left_least, left_most, None, words, ()))
    return tuple(each for each in positions if each.high > 0)


def _positions(class_id: str, holdings: Sequence[Holding]) -> tuple[Position, ...] | Refusal:
    """Return the positions in a class of which at least one holding is a number of shares."""
    stated = {holding.party for holding in holdings if holding.of is not None}
    counted = [holding for holding in holdings if holding.of is None and holding.party not in stated]
    fractions = [holding for holding in holdings if holding.of is not None]
    for holding in counted:
        if isinstance(holding.quantity, Bounded) and (holding.quantity.about or holding.quantity.high is None):
            return _not_exact(holding)
    positions = [_position(holding) for holding in counted]
    if not fractions:
        return tuple(each for each in positions if each.high > 0)
    bounded = next((each for each in (*fractions, *counted) if not isinstance(each.quantity, Fraction)), None)
    if bounded is not None:
        return _not_exact(bounded)
    exact = [holding.quantity for holding in fractions if isinstance(holding.quantity, Fraction)]
    together = sum(exact, ZERO)
    if together >= 1:
        return Refusal("holdings exceed class", f"more than all of {class_id} is held", _first_basis(fractions))
    whole = sum((each.low for each in positions), ZERO) / (1 - together)
    for holding, part in zip(fractions, exact, strict=True):
        units = part * whole
        positions.append(
            Position(holding.party, class_id, units, units, holding.paid, "", holding.basis, holding.contributed)
        )
    return tuple(each for each in positions if each.high > 0)


def _not_exact(holding: Holding) -> Refusal:
    return Refusal(
        "open holding",
        f"of {holding.class_id or CAPITAL}, {holding.party} is only known to hold '{_words(holding)}'",
        _first_basis([holding]),
        "state a number, or bounds on both sides",
    )


def _words(holding: Holding) -> str:
    quantity = holding.quantity
    return (quantity.text or "an unknown part") if isinstance(quantity, Bounded) else str(quantity)


def _position(holding: Holding) -> Position:
    quantity = holding.quantity
    if isinstance(quantity, Bounded):
        low, high = quantity.low or ZERO, quantity.high or ZERO
        words = f"{holding.party} holds {quantity.text or f'{low} to {high}'} of {holding.class_id}"
        return Position(
            holding.party, holding.class_id, low, high, holding.paid, words, holding.basis, holding.contributed
        )
    return Position(
        holding.party,
        holding.class_id,
        quantity,
        quantity,
        holding.paid,
        "",
        holding.basis,
        holding.contributed,
        holding.lots,
    )


def _first_basis(holdings: Sequence[Holding]) -> Basis | None:
    return next((basis for holding in holdings for basis in holding.basis), None)
