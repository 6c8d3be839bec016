"""Who gets paid: a payout asked under every reading that an account leaves open, and as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any

from muniment.answers.distributing import received_in_capacities
from muniment.answers.header import grounds
from muniment.answers.readings import ask_world
from muniment.book.accounts import World
from muniment.model.values import Money
from muniment.payout import Payout, pay_out
from muniment.payout.distributions import UNCLEAR_CAPACITY
from muniment.payout.faults import Refusal
from muniment.payout.finding import Found, Target, find
from muniment.payout.modes import SALE
from muniment.payout.rounding import minor_digits, money_words


@dataclass(frozen=True, slots=True)
class Paid:
    """A payout, with the readings of open facts it depends on."""

    payout: Payout
    reads: dict[str, str]


def payouts(
    world: World, on: date, under: str | None, entity: str, proceeds: Money, mode: str = SALE
) -> tuple[Paid, ...]:
    """Answer who is paid what; more than one answer where an open fact changes it."""
    readings = ask_world(
        world,
        on,
        under,
        entity,
        lambda read: _paid_out(read, on, under, entity, proceeds, mode),
        lambda payout: (payout.rows, payout.unallocated, payout.refusals),
    )
    return tuple(Paid(each.answer, dict(each.reads)) for each in readings.each)


def _paid_out(world: World, on: date, under: str | None, entity: str, proceeds: Money, mode: str) -> Payout:
    """Return a payout; where it hangs on the capacity of earlier payments, by what the tiers made of them."""
    structure = world.on(on, under)
    payout = pay_out(structure, entity, proceeds, mode)
    if not any(each.kind == UNCLEAR_CAPACITY for each in payout.refusals):
        return payout
    received = received_in_capacities(world, structure, under, entity)
    if isinstance(received, Refusal):
        because = (received.basis,) if received.basis is not None else payout.because
        return replace(payout, refusals=(received,), because=because)
    payout = pay_out(structure, entity, proceeds, mode, received)
    words = "Earlier payments to whoever is paid in several capacities are divided as the tiers divided them then."
    return replace(payout, assumptions=(*payout.assumptions, words))


def found_in(paid: Paid, targets: Sequence[Target]) -> tuple[Found | Refusal, ...]:
    """Answer from which proceeds on each target is reached; nothing where there is no single curve."""
    payout = paid.payout
    if payout.curve is None or payout.facts is None:
        return ()
    return tuple(find(payout.facts, payout.curve, target) for target in targets)


def rounded_up(amount: Fraction, currency: str) -> Money:
    """Return the least amount in whole minor units that is not below `amount`."""
    scale = 10 ** minor_digits(currency)
    return Money(Fraction(ceil(amount * scale), scale), currency)


def found_json(found: Found | Refusal, currency: str) -> dict[str, Any]:
    """Return the answer to one inverse question as plain values."""
    if isinstance(found, Refusal):
        return {"refused": found.message, "hint": found.hint}
    fields: dict[str, Any] = {
        "name": found.target.name,
        "gets": money_words(Money(found.amount, currency)),
        "proceeds": None if found.proceeds is None else money_words(Money(found.proceeds, currency)),
    }
    if found.proceeds is not None and (found.proceeds * 10 ** minor_digits(currency)).denominator != 1:
        fields["exact"] = str(found.proceeds)
    if found.most is not None:
        fields["most"] = money_words(Money(found.most, currency))
    if found.falls:
        fields["falls"] = True
    return fields


def payout_json(paid: Paid) -> dict[str, Any]:
    """Return one payout as plain values."""
    fields = paid.payout.to_json()
    fields["because"] = grounds(paid.payout.because)
    if paid.reads:
        fields["reads"] = paid.reads
    return fields
