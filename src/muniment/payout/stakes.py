"""What each party has in each class, as the tiers of a distribution count it."""

from __future__ import annotations

from muniment.book.structure import Entity
from muniment.payout.distributions import Stake
from muniment.payout.hurdles import Flow
from muniment.payout.positions import Positions
from muniment.payout.terms import Raised


def stakes_of(entity: Entity, positions: Positions, currency: str, raised: Raised) -> dict[str, list[Stake]]:
    """Return who has what in each class of an entity, classes that nobody holds too.

    What a party contributed is taken from the original issue price where no payment is recorded.

    Args:
        entity: Whose classes they are.
        positions: Who holds what.
        currency: Of all money concerned.
        raised: Whether the open facts of a position (party, class id) are taken at their upper ends.
    """
    stakes: dict[str, list[Stake]] = {class_id: [] for class_id in entity.classes}
    for class_id, members in positions.by_class.items():
        share_class = entity.classes.get(class_id)
        price = None if share_class is None else share_class.original_issue_price
        for member in members:
            units = member.high if raised((member.party, class_id)) else member.low
            paid = None if member.paid is None else member.paid.amount
            if paid is None and price is not None and class_id not in positions.in_fractions:
                paid = price.amount * units
            flows = None
            if member.contributed is not None and all(money.currency == currency for _, money in member.contributed):
                flows = tuple(Flow(day, money.amount) for day, money in member.contributed)
            stakes.setdefault(class_id, []).append(Stake(member.party, units, paid, flows))
    return stakes
