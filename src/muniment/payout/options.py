"""Options, warrants and grants over new shares, as claims on the proceeds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from muniment.book.exercising import refusal, usable_by
from muniment.book.structure import Basis, Entity, Right, Structure
from muniment.model.amounts import format_fraction
from muniment.model.values import Money
from muniment.payout.faults import Refusal
from muniment.payout.piecewise import ZERO
from muniment.payout.sweep import Claim, Form


class Option(NamedTuple):
    """A right to new shares that can be exercised on the day.

    Attributes:
        id: Address of its record.
        holder: Who is paid.
        class_id: The class of the shares.
        quantity: Shares that can be acquired on the day; only what has vested.
        strike: Price of one share; 0 for a unit that costs nothing.
        outstanding: All shares of it, vested or not.
    """

    id: str
    holder: str
    class_id: str
    quantity: Fraction
    strike: Fraction
    outstanding: Fraction
    basis: Basis | None = None


class Options(NamedTuple):
    """The options of one entity.

    Attributes:
        counted: Those that can be exercised on the day.
        notes: Sentences on what of them is left out, and why.
        told: Ids that `counted` or `notes` speak of.
    """

    counted: tuple[Option, ...]
    notes: tuple[str, ...]
    told: frozenset[str]


def options_of(structure: Structure, entity: Entity, currency: str) -> Options | Refusal:
    """Return the options over new shares of `entity` that can be exercised on the structure's day.

    Options over shares of another holder, puts and parts of a class are left out, without a note.

    Args:
        structure: Everything in force.
        entity: Whose shares they are over.
        currency: Of the proceeds; empty if not known.
    """
    counted: list[Option] = []
    notes: list[str] = []
    told: set[str] = set()
    for right in structure.rights:
        if right.entity != entity.id or right.kind != "acquire" or right.source is not None or right.of is not None:
            continue
        if not isinstance(right.quantity, Fraction) or right.class_id not in entity.classes:
            continue
        told.add(right.id)
        why = refusal(right, structure.on, structure.on)
        vested = ZERO if why else usable_by(right, structure.on)
        if why:
            notes.append(f"{right.id} is paid nothing: {why}.")
            continue
        if not isinstance(vested, Fraction):
            told.discard(right.id)
            continue
        if vested < right.quantity:
            rest, all_of = format_fraction(right.quantity - vested), format_fraction(right.quantity)
            notes.append(f"{rest} of the {all_of} shares of {right.id} have not vested and are paid nothing.")
        strike = _strike(right, currency)
        if isinstance(strike, Refusal):
            return strike
        counted.append(Option(right.id, right.holder, right.class_id, vested, strike, right.quantity, right.basis))
    return Options(tuple(counted), tuple(notes), frozenset(told))


def _strike(right: Right, currency: str) -> Fraction | Refusal:
    if right.price_open:
        return Refusal(
            "no price",
            f"the price of {right.id} is not stated exactly",
            right.basis,
            "state its price as one amount of money",
        )
    price: Money | None = right.price_each
    each = price.amount if price is not None else ZERO
    if price is None and right.price_in_all is not None and isinstance(right.quantity, Fraction):
        price, each = right.price_in_all, right.price_in_all.amount / right.quantity
    if price is not None and currency and price.currency != currency:
        return Refusal(
            "mixed currencies",
            f"the price of {right.id} is in {price.currency}, and the proceeds are in {currency}",
            right.basis,
            "state all money of one payout in one currency",
        )
    return each


def option_claim(option: Option, forms: Sequence[Form]) -> Claim:
    """Return what an option may claim: nothing, or what its shares are paid less its strike.

    It is exercised in the state in which one share is worth more than the strike: for shares with a preference that
    may be while preferences are filled. Cash and net exercise give the same net payouts, because the money paid in is
    money to share.

    Args:
        option: The option.
        forms: What one share of its class can be paid as.

    Source:
        Payoff n max(v - K, 0), with v the value of one share in the state and K the strike.

    Example:
        >>> claim = option_claim(Option("o", "ina", "common", Fraction(10), Fraction(2), Fraction(10)),
        ...                      [Form(0, ZERO, Fraction(1))])
        >>> [str(form.strike) for form in claim.forms]
        ['0', '20']
    """
    count = option.quantity
    exercised = [
        Form(
            form.tier,
            form.preference * count,
            form.units * count,
            None if form.cap is None else form.cap * count,
            form.becomes or option.class_id,
            option.strike * count,
        )
        for form in forms
    ]
    return Claim(option.class_id, (Form(0, ZERO, ZERO), *exercised))
