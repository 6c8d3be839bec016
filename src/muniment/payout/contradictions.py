"""Where a distribution does not keep what the classes promise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from muniment.book.structure import Entity
from muniment.model.values import Money
from muniment.payout.curve import Column
from muniment.payout.distributions import Stake
from muniment.payout.faults import Refusal
from muniment.payout.piecewise import ZERO, Piecewise, plus, positions, reach, values
from muniment.payout.positions import has_preference
from muniment.payout.rounding import money_words
from muniment.payout.sweep import sweep
from muniment.payout.terms import Claims, fact


def broken_caps(
    entity: Entity,
    stakes: Mapping[str, Sequence[Stake]],
    columns: Sequence[Column],
    received: Mapping[str, Fraction],
    currency: str,
) -> Iterator[Refusal]:
    """Yield the return caps of classes that the distribution lets holders exceed, or whose excess goes elsewhere.

    Args:
        entity: Whose classes they are.
        stakes: By class id: who holds it and what was paid.
        columns: What the distribution pays; one holder each.
        received: What each party was paid before.
        currency: Of all money.
    """
    for class_id, share_class in entity.classes.items():
        if share_class.return_cap is None:
            continue
        mine = [column for column in columns if column.kind == "class" and column.class_id == class_id]
        for column in mine:
            party = column.holders[0][0]
            paid = next((stake.paid for stake in stakes[class_id] if stake.party == party), None)
            if paid is None:
                continue
            cap = max(share_class.return_cap * paid - received.get(party, ZERO), ZERO)
            if column.amount.slope > 0 or column.amount.knots[-1][1] > cap:
                met = reach(column.amount, cap) or ZERO
                yield Refusal(
                    "distribution contradicts class",
                    f"the distribution pays {party} more than the return cap of {class_id} allows, from "
                    f"{money_words(Money(met, currency))} on",
                    fact(share_class, "return cap"),
                    "end the tier where the cap is reached, or correct the cap",
                )
                break
        else:
            beneficiary = share_class.excess_to
            heirs = [column for column in columns if column.holders and column.holders[0][0] == beneficiary]
            if mine and beneficiary is not None and not any(column.amount.slope for column in heirs):
                yield Refusal(
                    "distribution contradicts class",
                    f"the last tier does not pay {beneficiary}, who gets the excess over the return cap of {class_id}",
                    fact(share_class, "return cap"),
                    f"let the last tier pay {beneficiary}, or correct the cap",
                )


def broken_preferences(entity: Entity, columns: Sequence[Column], claims: Claims, currency: str) -> Iterator[Refusal]:
    """Yield the classes with a preference that the distribution pays less than their own terms, and from where.

    Args:
        entity: Whose classes they are.
        columns: What the distribution pays.
        claims: What the classes may claim by their own terms.
        currency: Of all money.
    """
    swept = sweep([each.claim for each in claims.held], claims.tiers)
    for class_id, share_class in entity.classes.items():
        if not has_preference(share_class):
            continue
        promised = plus(
            [take for each, take in zip(claims.held, swept.takes, strict=True) if each.claim.class_id == class_id]
        )
        paid = plus([column.amount for column in columns if column.kind == "class" and column.class_id == class_id])
        short = _first_short(paid, promised)
        if short is not None:
            at, least, most = (money_words(Money(amount, currency)) for amount in short)
            yield Refusal(
                "distribution contradicts class",
                f"of {at} the distribution pays {class_id} {least}, where its own terms give it {most}",
                fact(share_class, "liquidation preference", "dividends accrued"),
                "correct the tiers, or the terms of the class",
            )


def _first_short(paid: Piecewise, promised: Piecewise) -> tuple[Fraction, Fraction, Fraction] | None:
    """Return (proceeds, paid, promised) at the first vertex where less is paid than promised; None if there is none."""
    xs = positions((paid, promised))
    xs.append(xs[-1] + 1)
    for x, least, most in zip(xs, values(paid, xs), values(promised, xs), strict=True):
        if least < most:
            return x, least, most
    return None
