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
    pooled = _pooled(entity, stakes)
    for party, cap in pooled.items():
        total = plus(
            [
                each.amount
                for each in columns
                if each.holders and each.holders[0][0] == party and _is_pooled(entity, each)
            ]
        )
        limit = max(cap - received.get(party, ZERO), ZERO)
        if total.slope > 0 or total.knots[-1][1] > limit:
            first = next(each for each in entity.classes.values() if each.pooled_cap)
            yield Refusal(
                "distribution contradicts class",
                f"the distribution pays {party} more than its return cap over all pooled classes allows, from "
                f"{money_words(Money(reach(total, limit) or ZERO, currency))} on",
                fact(first, "return cap"),
                "end the tier where the cap is reached, or correct the cap",
            )
    for class_id, share_class in entity.classes.items():
        if share_class.return_cap is None:
            continue
        mine = [column for column in columns if column.kind == "class" and column.class_id == class_id]
        for column in mine:
            party = column.holders[0][0]
            paid = next((stake.paid for stake in stakes[class_id] if stake.party == party), None)
            if paid is None or (share_class.pooled_cap and party in pooled):
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


def _is_pooled(entity: Entity, column: Column) -> bool:
    share_class = entity.classes.get(column.class_id or "")
    return column.kind == "class" and share_class is not None and share_class.pooled_cap


def _pooled(entity: Entity, stakes: Mapping[str, Sequence[Stake]]) -> dict[str, Fraction]:
    """Return by party its return cap over several pooled classes, before anything is received."""
    parts: dict[str, list[Fraction | None]] = {}
    for class_id, members in stakes.items():
        share_class = entity.classes.get(class_id)
        if share_class is not None and share_class.pooled_cap and share_class.return_cap is not None:
            for stake in members:
                cap = None if stake.paid is None else share_class.return_cap * stake.paid
                parts.setdefault(stake.party, []).append(cap)
    known = {party: [cap for cap in caps if cap is not None] for party, caps in parts.items() if len(caps) > 1}
    return {party: sum(caps, ZERO) for party, caps in known.items() if len(caps) == len(parts[party])}


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
