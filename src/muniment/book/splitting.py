"""What a split of a class changes beside the number of its shares: prices and dividends of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING

from muniment.book.structure import Entity, ShareClass, Split
from muniment.model.dates import is_before, is_exact
from muniment.model.values import Money, PartialDate

if TYPE_CHECKING:
    from muniment.book.selecting import Choices


Splits = Mapping[tuple[str, str], tuple[Split, ...]]
"""By entity and class, in the order in which they took effect."""


def prices_after_splits(
    entities: Mapping[str, Entity], splits: Splits, choices: Choices
) -> tuple[dict[str, Entity], tuple[str, ...]]:
    """Return the entities with the original issue prices of their classes in shares of the date.

    A split changes nobody's claim: what was paid for one share is then paid for several. A price that is stated on the
    day of a split or after it is of the shares there are then. Where the dates allow both, that is an open fact.

    Args:
        entities: As they stand, prices as stated.
        splits: Those that have taken effect.
        choices: How open facts are read.

    Returns:
        The entities by id, and what is assumed, in sentences.
    """
    found = dict(entities)
    notes: list[str] = []
    for entity_id, class_id in splits:
        entity = found.get(entity_id)
        share_class = entity.classes.get(class_id) if entity is not None else None
        if entity is None or share_class is None:
            continue
        choices.entity = entity_id
        price, own = share_class.original_issue_price, splits[entity_id, class_id]
        after = replace(
            share_class,
            original_issue_price=_price(share_class, price, own, choices, notes) if price is not None else None,
            dividend_shares=_shares_since(share_class.dividend_stated, own),
        )
        found[entity_id] = replace(entity, classes={**entity.classes, class_id: after})
    return found, tuple(dict.fromkeys(notes))


def _price(share_class: ShareClass, price: Money, splits: Sequence[Split], choices: Choices, notes: list[str]) -> Money:
    amount, stated = price.amount, share_class.price_stated
    if stated is None:
        return price
    follows = {split: is_before(stated, split.when) for split in splits}
    unsure = [split for split in splits if follows[split] is None]
    come = _splits_before_the_price(share_class, unsure, choices) if unsure else 0
    for split in splits:
        if follows[split] is None and come is None:
            notes.append(
                f"It is not known whether the original issue price of {share_class.id} was stated before the split of "
                f"{split.when.text}, so the price is taken not to follow it."
            )
        elif follows[split] or (follows[split] is None and split not in unsure[:come]):
            amount /= split.ratio
            notes.append(
                f"The original issue price of {share_class.id} is taken to follow the split of {split.when.text}."
            )
    return Money(amount, price.currency)


def _shares_since(stated: PartialDate | None, splits: Sequence[Split]) -> Fraction | None:
    """Return what a share of the day on which something was stated has become; None where the order is open."""
    shares = Fraction(1)
    if stated is None:
        return shares
    for split in splits:
        follows = is_before(stated, split.when)
        if follows is None:
            return None
        shares *= split.ratio if follows else 1
    return shares


def _splits_before_the_price(share_class: ShareClass, unsure: Sequence[Split], choices: Choices) -> int | None:
    """Return how many of some splits came before a price was stated; None where that is left open."""
    address = f"{choices.entity}.{share_class.id} price order"
    chosen = choices.world.chosen.get(address)
    if chosen is not None:
        return min(chosen, len(unsure))
    named = [f"{split.address} ({split.when.text})" for split in unsure]
    readings = (f"before {named[0]}", *(f"after {each}" for each in named))
    choices.leave_open(address, readings, choices.entity, share_class.basis["original issue price"])
    return None


def prices_before_splits(entity: Entity, splits: Splits) -> Entity:
    """Return an entity with original issue prices as they were before every split of their classes.

    It undoes splits of a known day, for a text that states the price first and the splits after it, and of the others
    those that the price certainly follows.
    """
    classes = dict(entity.classes)
    for class_id, share_class in entity.classes.items():
        price, stated = share_class.original_issue_price, share_class.price_stated
        if price is None:
            continue
        ratios = [
            split.ratio
            for split in splits.get((entity.id, class_id), ())
            if is_exact(split.when) or (stated is not None and is_before(stated, split.when))
        ]
        ratio = prod(ratios, start=Fraction(1))
        classes[class_id] = replace(share_class, original_issue_price=Money(price.amount * ratio, price.currency))
    return replace(entity, classes=classes)
