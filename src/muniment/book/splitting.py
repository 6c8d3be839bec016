"""What a split of a class changes beside the number of its shares: the original issue price of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import prod

from muniment.book.structure import Entity, ShareClass
from muniment.model.values import Money

Splits = Mapping[tuple[str, str], tuple[tuple[date | None, Fraction], ...]]


def prices_after_splits(entities: Mapping[str, Entity], splits: Splits) -> tuple[dict[str, Entity], tuple[str, ...]]:
    """Return the entities with the original issue prices of their classes in shares of the date.

    A split changes nobody's claim: what was paid for one share is then paid for several. A price that is stated on the
    day of a split or after it is of the shares there are then.

    Args:
        entities: As they stand, prices as stated.
        splits: By entity and class: the day of each split, None if not known exactly, and what one share became.

    Returns:
        The entities by id, and what is assumed, in sentences.
    """
    found = dict(entities)
    notes: list[str] = []
    for entity_id, class_id in splits:
        entity = found.get(entity_id)
        share_class = entity.classes.get(class_id) if entity is not None else None
        if entity is None or share_class is None or share_class.original_issue_price is None:
            continue
        price = _price(share_class, share_class.original_issue_price, splits[entity_id, class_id], notes)
        classes = {**entity.classes, class_id: replace(share_class, original_issue_price=price)}
        found[entity_id] = replace(entity, classes=classes)
    return found, tuple(dict.fromkeys(notes))


def _price(
    share_class: ShareClass, price: Money, splits: tuple[tuple[date | None, Fraction], ...], notes: list[str]
) -> Money:
    amount = price.amount
    for day, ratio in splits:
        if day is None or share_class.price_stated is None:
            notes.append(
                f"A split and the original issue price of {share_class.id} are not known to the day, so the price is "
                "taken not to follow it."
            )
        elif day > share_class.price_stated:
            amount /= ratio
            notes.append(f"The original issue price of {share_class.id} is taken to follow the split of {day}.")
    return Money(amount, price.currency)


def prices_before_splits(entity: Entity, splits: Splits) -> Entity:
    """Return an entity with original issue prices as they were before every split of their classes.

    It undoes splits of a known day, for a text that states the price first and the splits after it.
    """
    classes = dict(entity.classes)
    for class_id, share_class in entity.classes.items():
        price = share_class.original_issue_price
        if price is None:
            continue
        ratios = [each for day, each in splits.get((entity.id, class_id), ()) if day is not None]
        ratio = prod(ratios, start=Fraction(1))
        classes[class_id] = replace(share_class, original_issue_price=Money(price.amount * ratio, price.currency))
    return replace(entity, classes=classes)
