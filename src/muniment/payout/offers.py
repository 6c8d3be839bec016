"""Offers of employment side by side: cash by year, equity that has vested, and what it brings at an exit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis, Entity, Holding, Structure
from muniment.book.vesting import vesting_steps
from muniment.model.amounts import format_quantity
from muniment.model.durations import day_after
from muniment.model.right_terms import Vesting
from muniment.model.values import ClassQuantity, Duration, Money, Quantity
from muniment.payout.faults import Refusal
from muniment.payout.piecewise import ONE, ZERO, Piecewise, constant, minus, most, plus, through
from muniment.payout.positions import Positions, has_preference, positions_of
from muniment.payout.terms import conversion_chain
from muniment.payout.waterfall import curve_of

CANDIDATE = "(whoever accepts)"
LATER = "(later rounds)"
"""Parties that no book can name, for who takes an offer and for who comes in later."""


class Equity(NamedTuple):
    """The equity of an offer, as stated.

    Attributes:
        quantity: Shares of a class, or a part of an entity or a class.
        by: The entity that offers; a bare class is one of its classes.
        strike: What each share costs; None = nothing.
        vests: None = at once.
        dilution: The part by which later rounds thin all shares; from 0 to below 1.
    """

    quantity: ClassQuantity
    by: str
    strike: Money | None
    vests: Vesting | None
    dilution: Fraction
    basis: Basis


class Cash(NamedTuple):
    """What is paid in money: bounds, equal where the amount is exact."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What the equity of an offer brings.

    Attributes:
        entity, class_id: What it is in.
        units: Shares in all, once everything has vested.
        vested: By year: the shares that have vested at its end.
        net: What those of the last year bring at an exit, after the strike, as a function of the proceeds.
        currency: Of the proceeds.
        assumptions: Sentences on what the book leaves open.
    """

    entity: str
    class_id: str
    units: Fraction
    vested: tuple[Fraction, ...]
    net: Piecewise
    currency: str
    assumptions: tuple[str, ...]
    because: tuple[Basis, ...]


def worth(structure: Structure, equity: Equity, start: date, years: int) -> Worth | Refusal:
    """Return what the equity of an offer brings at any exit, through the exact curve with the new shares in it.

    Options are used where that brings more than they cost: what is paid for them joins the proceeds, and is taken off
    what they bring.

    Args:
        structure: Everything in force.
        equity: As stated.
        start: The day from which it vests.
        years: After how many years the exit is; from 1.
    """
    place = _place(structure, equity)
    if isinstance(place, Refusal):
        return place
    entity, class_id = place
    positions = positions_of(structure, entity)
    if isinstance(positions, Refusal):
        return positions
    assumptions = list(positions.assumptions)
    total = _as_converted(entity, positions)
    if isinstance(total, Refusal):
        return total
    units = _units(equity, entity, class_id, positions, total, assumptions)
    if isinstance(units, Refusal):
        return units
    vested = _vested(equity, units, start, years)
    if isinstance(vested, Refusal):
        return vested
    curve = _with_new_shares(structure, equity, entity, class_id, total, vested[-1])
    if isinstance(curve, Refusal):
        return curve
    gross, currency, more = curve
    assumptions += more
    net = gross
    if equity.strike is not None and equity.strike.amount and vested[-1]:
        if currency and equity.strike.currency != currency:
            return Refusal(
                "mixed currencies",
                f"a strike in {equity.strike.currency} cannot be set against amounts in {currency}",
                equity.basis,
                "state all money of one payout in one currency",
            )
        if gross.jumps():
            return Refusal(
                "payouts jump",
                f"the payouts of {entity.id} jump, so that whether options pay is not one amount of proceeds",
                equity.basis,
                "ask 'payout' at the exit",
            )
        cost = equity.strike.amount * vested[-1]
        net = most(minus(_shifted(gross, cost), constant(cost)), constant(ZERO))
        currency = currency or equity.strike.currency
    if vested[-1] < units:
        assumptions.append("Shares that have not vested by the exit lapse.")
    if equity.dilution:
        assumptions.append(f"Later rounds are taken as new shares of {class_id} that thin all others alike.")
    assumptions.append("The exit comes at the end of the last year, and on the cap table of the day asked.")
    basis = tuple(
        dict.fromkeys(
            [equity.basis, *(each for members in positions.by_class.values() for m in members for each in m.basis)]
        )
    )
    return Worth(
        entity=entity.id,
        class_id=class_id,
        units=units,
        vested=vested,
        net=net,
        currency=currency,
        assumptions=tuple(dict.fromkeys(assumptions)),
        because=basis,
    )


def break_even(first: Piecewise, second: Piecewise) -> tuple[Fraction, ...]:
    """Return every exit at which two functions of the proceeds change places, ascending.

    Where they are equal over a stretch, its ends are returned.

    Example:
        >>> from muniment.payout.piecewise import proportional
        >>> [str(x) for x in break_even(constant(Fraction(100)), proportional(Fraction(1, 4)))]
        ['400']
    """
    gap = minus(first, second)
    found: list[Fraction] = []
    knots = gap.knots
    for index, (x, y) in enumerate(knots):
        if y == 0 and x > 0:
            found.append(x)
        slope = gap.slope_after(index)
        end = knots[index + 1] if index + 1 < len(knots) else None
        if end is not None and end[0] == x:
            if y * end[1] < 0:
                found.append(x)
            continue
        crosses = y * slope < 0
        if crosses and (end is None or y * end[1] < 0):
            found.append(x - y / slope)
    return tuple(dict.fromkeys(found))


def _place(structure: Structure, equity: Equity) -> tuple[Entity, str] | Refusal:
    """Return the entity and the class that the equity is in."""
    of = equity.quantity.of
    named, _, class_id = of.rpartition(".")
    entity = structure.entities.get(named or (of if of in structure.entities else equity.by))
    if entity is None:
        return _open(equity, f"'{of}' is no entity and no class of {equity.by or 'whoever offers'} on this day")
    if named or of not in structure.entities:
        if class_id not in entity.classes:
            return _open(equity, f"{entity.id} has no class {class_id}")
        return entity, class_id
    plain = [
        each.id
        for each in entity.classes.values()
        if not has_preference(each) and each.converts_into is None and each.return_cap is None
    ]
    if len(plain) != 1:
        return _open(equity, f"which class of {entity.id} it is in is not stated")
    return entity, plain[0]


def _open(equity: Equity, message: str) -> Refusal:
    return Refusal("open equity", message, equity.basis, "write it as in '10,000 common' or '0.25% of acme'")


def _as_converted(entity: Entity, positions: Positions) -> Fraction | Refusal:
    """Return all issued shares, as converted."""
    if positions.in_fractions or not positions.by_class:
        return Refusal(
            "number of shares unknown",
            f"how many shares of {entity.id} there are is not recorded",
            entity.basis.get(""),
            "record who holds how many shares",
        )
    total = ZERO
    for class_id, members in positions.by_class.items():
        ratio = ONE
        if class_id in entity.classes:
            chain = conversion_chain(entity, class_id)
            if isinstance(chain, Refusal):
                return chain
            ratio = chain[-1][1] if chain else ONE
        for member in members:
            if member.low != member.high:
                return Refusal(
                    "open holding", member.words, member.basis[0] if member.basis else None, "state a number"
                )
            total += member.low * ratio
    return total


def _units(
    equity: Equity, entity: Entity, class_id: str, positions: Positions, total: Fraction, assumptions: list[str]
) -> Fraction | Refusal:
    """Return how many new shares are meant."""
    quantity = equity.quantity.quantity
    if not isinstance(quantity, Quantity):
        return _open(equity, f"the number of shares of {entity.id} is only known within bounds")
    if quantity.unit != "%":
        return quantity.amount
    if not 0 <= quantity.amount < 1:
        return _open(equity, f"a part of {entity.id} is below 100%")
    words = format_quantity(quantity)
    if equity.quantity.of in (entity.id, "capital"):
        base, what = total, f"all issued shares of {entity.id}, as converted"
    else:
        base = sum((member.low for member in positions.by_class.get(class_id, ())), ZERO)
        what = f"all issued shares of {class_id}"
    assumptions.append(f"{words} is taken as so much of {what}, the new shares included.")
    return base * quantity.amount / (1 - quantity.amount)


def _vested(equity: Equity, units: Fraction, start: date, years: int) -> tuple[Fraction, ...] | Refusal:
    if equity.vests is None:
        return (units,) * years
    steps = vesting_steps(equity.vests, start)
    if not steps:
        return Refusal(
            "open vesting",
            f"when the equity vests is recorded only in words: '{equity.vests.text}'",
            equity.basis,
            "write it as in '4 years monthly, 12 months cliff'",
        )
    return tuple(
        units
        * max((step.part for step in steps if step.day <= day_after(start, Duration(year, "years"))), default=ZERO)
        for year in range(1, years + 1)
    )


def _with_new_shares(
    structure: Structure, equity: Equity, entity: Entity, class_id: str, total: Fraction, units: Fraction
) -> tuple[Piecewise, str, tuple[str, ...]] | Refusal:
    """Return what the new shares are paid of each amount of proceeds, and its currency."""
    new = [_holding(equity, entity, class_id, CANDIDATE, units)]
    if equity.dilution:
        later = (total + units) * equity.dilution / (1 - equity.dilution)
        new.append(_holding(equity, entity, class_id, LATER, later))
    holdings = {**structure.holdings, entity.id: (*structure.holdings.get(entity.id, ()), *new)}
    curve = curve_of(replace(structure, holdings=holdings), entity.id)
    if isinstance(curve, Refusal):
        return curve
    return curve.of_party(CANDIDATE), curve.currency, ()


def _holding(equity: Equity, entity: Entity, class_id: str, party: str, units: Fraction) -> Holding:
    return Holding(party=party, entity=entity.id, class_id=class_id, quantity=units, basis=(equity.basis,))


def _shifted(function: Piecewise, by: Fraction) -> Piecewise:
    """Return the function whose value at x is that of `function` at x + `by`."""
    points = [(ZERO, function.at(by)), *((x - by, y) for x, y in function.knots if x > by)]
    return through(points, function.slope)


def together(cash: Sequence[Cash], net: Piecewise | None) -> Piecewise | None:
    """Return all that an offer brings as a function of the exit; None where its cash is known only within bounds."""
    if any(each.low != each.high for each in cash):
        return None
    paid = constant(sum((each.low for each in cash), ZERO))
    return paid if net is None else plus((paid, net))
