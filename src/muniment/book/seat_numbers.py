"""How many seats a group has: its range, the most, and how many there are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from muniment.model.terms import GreaterOf
from muniment.model.values import Bounded

if TYPE_CHECKING:
    from muniment.book.entity_fold import PartState


def range_of_seats(group: PartState, count: int) -> tuple[int | None, int | None]:
    """Return how few and how many seats a group may have, given how many it has; None if that is not stated."""
    slot = group.slots.get("number")
    if slot is None:
        return None, None
    if isinstance(slot.value, GreaterOf):
        return count, count
    if isinstance(slot.value, Bounded):
        return int(slot.value.low or 0), int(slot.value.high or 0)
    return slot.value, slot.value


def most_seats(group: PartState) -> int | None:
    """Return how many may sit in a group at most; None if that follows the size of the board or is not stated."""
    slot = group.slots.get("number")
    if slot is None or isinstance(slot.value, GreaterOf):
        return None
    if isinstance(slot.value, Bounded):
        return int(slot.value.high or 0)
    return int(slot.value)


def seats_in(body: PartState) -> dict[str, int]:
    """Return how many seats each group has: a range holds its minimum until more are filled.

    `greater of N and Q of board` is the least number n >= N that is at least Q of the board with these n seats in it.
    """
    counts: dict[str, int] = {}
    relative: list[tuple[str, GreaterOf]] = []
    for name, group in body.groups.items():
        slot = group.slots.get("number")
        if slot is None:
            counts[name] = max(1, len(group.sitting))
        elif isinstance(slot.value, GreaterOf):
            relative.append((name, slot.value))
        elif isinstance(slot.value, Bounded):
            counts[name] = max(int(slot.value.low or 0), len(group.sitting))
        else:
            counts[name] = slot.value
    others = sum(counts.values())
    for name, terms in relative:
        needed = terms.share * others / (1 - terms.share)
        counts[name] = max(terms.count, -(-needed.numerator // needed.denominator), len(body.groups[name].sitting))
    return counts
