"""Return caps that grow with time, and caps that a holder has over several classes at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from muniment.book.structure import Entity, ShareClass
from muniment.model.dates import exact_day
from muniment.payout.accruing import years_between
from muniment.payout.faults import Refusal
from muniment.payout.piecewise import ZERO
from muniment.payout.positions import Positions


def grown(share_class: ShareClass, on: date) -> Fraction | None:
    """Return the return cap of a class on a day, as a multiple of what was contributed; None if it has none.

    With each full year since the day from which it grows it is that part of itself higher.

    Example:
        >>> from muniment.model.return_cap_terms import parse_return_cap
        >>> cap = parse_return_cap("100x, growing 20% a year from 2025-01-01, released")
        >>> capped = ShareClass(id="a", title="A", return_cap=cap.multiple, cap_growth=cap.growth)
        >>> [int(grown(capped, date(year, 6, 1))) for year in (2024, 2025, 2026, 2027)]
        [100, 100, 120, 144]
    """
    start = exact_day(share_class.cap_growth.start) if share_class.cap_growth is not None else None
    if share_class.return_cap is None or share_class.cap_growth is None or start is None or on <= start:
        return share_class.return_cap
    return share_class.return_cap * (1 + share_class.cap_growth.rate) ** int(years_between(start, on))


def with_grown_caps(entity: Entity, on: date) -> tuple[Entity, list[str]]:
    """Return an entity with the return caps of its classes as they are on a day, and what is assumed of them."""
    classes = dict(entity.classes)
    notes: list[str] = []
    for share_class in entity.classes.values():
        if share_class.cap_growth is not None and share_class.return_cap is not None:
            cap = grown(share_class, on)
            assert cap is not None
            classes[share_class.id] = replace(share_class, return_cap=cap, cap_growth=None)
            notes.append(
                f"The return cap of {share_class.id} grows with each full year since "
                f"{share_class.cap_growth.start.text}, on what it then is: on {on} it is {cap}x."
            )
    return (replace(entity, classes=classes) if notes else entity), notes


def pools(entity: Entity, positions: Positions) -> Mapping[str, tuple[str, ...]]:
    """Return by party the classes, more than one, whose pooled caps make one cap over all of them."""
    found: dict[str, list[str]] = {}
    for class_id, members in positions.by_class.items():
        share_class = entity.classes.get(class_id)
        if share_class is not None and share_class.return_cap is not None and share_class.pooled_cap:
            for member in members:
                found.setdefault(member.party, []).append(class_id)
    distinct = {party: tuple(dict.fromkeys(ids)) for party, ids in found.items()}
    return {party: ids for party, ids in distinct.items() if len(ids) > 1}


def unclear_pool(entity: Entity, pooled: Mapping[str, Sequence[str]]) -> Refusal | None:
    """Return why a pool cannot be computed whose classes give the excess to several."""
    for party, ids in sorted(pooled.items()):
        heirs = {entity.classes[class_id].excess_to for class_id in ids}
        if len(heirs) > 1:
            return Refusal(
                "pooled cap unclear",
                f"{party} has one return cap over {', '.join(ids)}, and they do not give the excess to the same",
                entity.classes[ids[0]].basis.get("return cap"),
                "state the same 'excess to' or 'released' in every class that is pooled",
            )
    return None


def left_of_pool(limits: Sequence[Fraction | None], received: Fraction) -> Fraction | None:
    """Return what one holder may still receive over all classes of its pool; None if there is no limit."""
    stated = [limit for limit in limits if limit is not None]
    return max(sum(stated, ZERO) - received, ZERO) if len(stated) == len(limits) else None
