"""Who gets paid: a payout asked under every reading that an account leaves open, and as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from muniment.answers.header import grounds
from muniment.answers.readings import ask
from muniment.book.accounts import World
from muniment.model.values import Money
from muniment.payout import Payout, pay_out


@dataclass(frozen=True, slots=True)
class Paid:
    """A payout, with the readings of open facts it depends on."""

    payout: Payout
    reads: dict[str, str]


def payouts(world: World, on: date, under: str | None, entity: str, proceeds: Money) -> tuple[Paid, ...]:
    """Answer who is paid what; more than one answer where an open fact changes it."""
    readings = ask(
        world,
        on,
        under,
        entity,
        lambda structure: pay_out(structure, entity, proceeds),
        lambda payout: (payout.rows, payout.unallocated, payout.refusals),
    )
    return tuple(Paid(each.answer, dict(each.reads)) for each in readings.each)


def payout_json(paid: Paid) -> dict[str, Any]:
    """Return one payout as plain values."""
    fields = paid.payout.to_json()
    fields["because"] = grounds(paid.payout.because)
    if paid.reads:
        fields["reads"] = paid.reads
    return fields
