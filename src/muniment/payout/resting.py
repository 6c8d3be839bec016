"""The facts that payouts of an entity rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from muniment.book.structure import Basis, Entity
from muniment.model.values import Money
from muniment.payout.positions import Positions
from muniment.payout.terms import fact

TERMS = (
    "original issue price",
    "liquidation preference",
    "dividends accrued",
    "dividend",
    "participation",
    "ranks",
    "converts",
    "return cap",
)
"""Labels of a class on which payouts turn."""


def moneys_of(entity: Entity, positions: Positions) -> Iterable[tuple[Money, Basis | None]]:
    """Yield every amount of money that payouts of an entity turn on, with its fact."""
    for class_id, members in positions.by_class.items():
        share_class = entity.classes.get(class_id)
        if share_class is not None:
            for label, money in (
                ("original issue price", share_class.original_issue_price),
                ("dividends accrued", share_class.accrued),
                ("participation", share_class.participation_cap),
            ):
                if isinstance(money, Money):
                    yield money, fact(share_class, label)
        if share_class is not None and (share_class.preference or share_class.return_cap or entity.distribution):
            for member in members:
                if member.paid is not None:
                    yield member.paid, member.basis[0] if member.basis else None
    for cost in entity.costs:
        for amount in (cost.amount, cost.above, cost.reaching):
            if isinstance(amount, Money):
                yield amount, cost.basis
    for tier in entity.distribution:
        if tier.until is not None and isinstance(tier.until[1], Money):
            yield tier.until[1], tier.basis


def rested_on(entity: Entity, positions: Positions, paid: Sequence[Basis]) -> tuple[Basis, ...]:
    """Return the facts that payouts rest on, each once; the entity's own record if there is nothing else."""
    found: list[Basis] = []
    for class_id, members in positions.by_class.items():
        share_class = entity.classes.get(class_id)
        if share_class is not None:
            labels = ("return cap",) if entity.distribution else TERMS
            found += [basis for label in labels if (basis := share_class.basis.get(label)) is not None]
        for member in members:
            found += member.basis
    found += [cost.basis for cost in entity.costs]
    found += [tier.basis for tier in entity.distribution]
    found += paid
    if not found:
        found += [basis for label, basis in entity.basis.items() if label == ""]
    return tuple(dict.fromkeys(found))
