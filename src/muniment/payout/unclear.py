"""Terms and payments that no payout can do without, and that the book does not state exactly."""

from __future__ import annotations

from muniment.book.structure import Entity, Structure
from muniment.payout.accruing import dividend_terms
from muniment.payout.faults import Refusal
from muniment.payout.positions import Positions

DISTRIBUTIONS = frozenset(("distribution", "dividend"))
"""Payments that count against return caps and limits of tiers; interest and salary do not."""


def unclear_term(entity: Entity, positions: Positions) -> Refusal | None:
    """Return why no payout can be computed where a class that is held states a term about money within bounds only."""
    for class_id in positions.by_class:
        share_class = entity.classes.get(class_id)
        if share_class is None or entity.distribution:
            continue
        label = next((label for label in share_class.inexact), None)
        if label is not None:
            return Refusal(
                "open term",
                f"the {label} of {class_id} is not stated exactly",
                share_class.basis.get(label),
                "state one value, or each possible value under 'disputed'",
            )
        running = share_class.dividend and share_class.accrued is None
        if running and "cumulative" in share_class.dividend and dividend_terms(share_class.dividend) is None:
            return Refusal(
                "open term",
                f"{class_id} carries a dividend ({share_class.dividend}), and what has accrued is not stated",
                share_class.basis.get("dividend"),
                "state 'dividends accrued: USD ...' on the day of the payout, or write '8% a year, cumulative'",
            )
    return None


def inexact_payment(structure: Structure, entity_id: str) -> Refusal | None:
    """Return why what an entity has distributed is not known: one payment is not exact; None if all are."""
    for each in structure.inexact:
        if each.kind == "pay" and each.entity == entity_id and each.as_ in DISTRIBUTIONS:
            return Refusal(
                "open payment",
                f"the {each.as_} {each.id} does not say exactly {each.missing}, and what comes after counts it",
                each.basis,
                "state 'to: PARTY' and 'amount: USD 10,000'",
            )
    return None


def unclear_payment(structure: Structure, entity: Entity, positions: Positions) -> Refusal | None:
    """Return the payment that is not exact, where a limit of a tier or a return cap counts it."""
    return inexact_payment(structure, entity.id) if counts_earlier(entity, positions) else None


def unnamed_payments(structure: Structure, entity: Entity, positions: Positions) -> tuple[str, ...]:
    """Return what is said of payments that do not say what they were for, where earlier distributions count."""
    if not counts_earlier(entity, positions):
        return ()
    return tuple(
        f"The payment {each.basis.record} does not say what it was for ('as: distribution'), so it is not counted."
        for each in structure.paid
        if each.by == entity.id and not each.as_
    )


def counts_earlier(entity: Entity, positions: Positions) -> bool:
    """Return whether what was distributed before changes who is paid: by limits of tiers, or by return caps."""
    if entity.distribution:
        return any(tier.until is not None for tier in entity.distribution)
    held = [entity.classes[name] for name in positions.by_class if name in entity.classes]
    return any(each.return_cap is not None for each in held)
