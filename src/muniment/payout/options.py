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
        notes: Sentences on what of them is paid nothing, and why.
        told: Ids that `counted` or `notes` speak of.
        waiting: (class id, shares) of those that are outstanding and cannot be exercised on the day.
        unsized: Of those that are outstanding and cannot be exercised: why the number of shares of one is not known;
            None if all are known.
    """

    counted: tuple[Option, ...]
    notes: tuple[str, ...]
    told: frozenset[str]
    waiting: tuple[tuple[str, Fraction], ...] = ()
    unsized: Refusal | None = None


NO_OPTIONS = Options((), (), frozenset())


def options_of(structure: Structure, entity: Entity, currency: str) -> Options | Refusal:
    """Return the options over new shares of `entity` that can be exercised on the structure's day.

    Options over shares of another holder and puts are left out, without a note. Where one that can be exercised has no
    exact number of shares of a class, or no exact price, there is no answer: it would be paid something, and all others
    less.

    Args:
        structure: Everything in force.
        entity: Whose shares they are over.
        currency: Of the proceeds; empty if not known.
    """
    counted: list[Option] = []
    notes: list[str] = []
    told: set[str] = set()
    waiting: list[tuple[str, Fraction]] = []
    unsized: Refusal | None = None
    grants = {each.id: each.kind for each in structure.grants}
    for each in structure.inexact:
        if each.entity != entity.id or each.kind not in ("grant", "option"):
            continue
        unclear = _unclear(each.kind, each.id, f"does not say exactly {each.missing}", each.basis)
        if not each.waits:
            return unclear
        told.add(each.id)
        notes.append(f"{each.id} is paid nothing: {each.waits}.")
        unsized = unsized or unclear
    for right in structure.rights:
        if right.entity != entity.id or right.kind != "acquire" or right.source is not None:
            continue
        told.add(right.id)
        why = refusal(right, structure.on, structure.on)
        quantity = right.quantity if right.of is None and right.class_id in entity.classes else None
        kind = "grant" if right.id in grants else "option"
        if why:
            notes.append(f"{right.id} is paid nothing: {why}.")
            last = right.exercisable[1]
            if right.never or (last is not None and last < structure.on):
                continue
            if isinstance(quantity, Fraction):
                waiting.append((right.class_id, quantity))
            else:
                unsized = unsized or _unsized(kind, right, entity)
            continue
        if not isinstance(quantity, Fraction):
            return _unsized(kind, right, entity)
        vested = usable_by(right, structure.on)
        assert isinstance(vested, Fraction)
        if vested < quantity:
            rest, all_of = format_fraction(quantity - vested), format_fraction(quantity)
            notes.append(f"{rest} of the {all_of} shares of {right.id} have not vested and are paid nothing.")
        strike = _strike(right, kind, currency, grants.get(right.id) == "RSUs") if vested else ZERO
        if isinstance(strike, Refusal):
            return strike
        counted.append(Option(right.id, right.holder, right.class_id, vested, strike, quantity, right.basis))
    return Options(tuple(counted), tuple(notes), frozenset(told), tuple(waiting), unsized)


def _unclear(kind: str, name: str, what: str, basis: Basis) -> Refusal:
    line = "quantity: 10,000" if kind == "grant" else "over: 10,000 common"
    return Refusal(
        "open claim", f"{name} {what}, so what it is paid is not known", basis, f"state it exactly, as in '{line}'"
    )


def _unsized(kind: str, right: Right, entity: Entity) -> Refusal:
    if right.of is None and right.class_id not in entity.classes:
        return _unclear(kind, right.id, f"is over '{right.class_id}', which is no class of {entity.id}", right.basis)
    return _unclear(kind, right.id, f"is not over an exact number of shares of a class ({right.text})", right.basis)


def _strike(right: Right, kind: str, currency: str, free: bool) -> Fraction | Refusal:
    """Return the price of one share; 0 for what costs nothing by its kind."""
    line = "strike: USD 0.50" if kind == "grant" else "price: USD 0.50 each"
    hint = f"state it as one amount, as in '{line}' (USD 0 if it costs nothing)"
    if right.price_open:
        return Refusal("no price", f"the exercise price of {right.id} is not stated exactly", right.basis, hint)
    price: Money | None = right.price_each
    each = price.amount if price is not None else ZERO
    if price is None and right.price_in_all is not None and isinstance(right.quantity, Fraction):
        price, each = right.price_in_all, right.price_in_all.amount / right.quantity
    if price is None and not free:
        return Refusal("no price", f"no exercise price is recorded for {right.id}", right.basis, hint)
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
