"""Exits at which classes must convert, such as a public offering."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from muniment.book.structure import Entity, ShareClass

SALE = "sale"
"""The mode in which nobody must convert."""

PUBLIC_OFFERING = ("ipo", "public offering")
"""Words in an event that mean a public offering."""


class Exit(NamedTuple):
    """An entity as it is paid out in one mode.

    Attributes:
        entity: With classes that must convert able to.
        forced: Their ids.
        notes: Sentences on who must convert.
    """

    entity: Entity
    forced: frozenset[str]
    notes: tuple[str, ...]


def at_exit(entity: Entity, mode: str) -> Exit:
    """Return an entity as it is paid out in a mode.

    Args:
        entity: The entity.
        mode: ``sale``; ``ipo``; or an event as the terms of conversion name it (`on EVENT`).
    """
    if mode == SALE:
        return Exit(entity, frozenset(), ())
    classes = dict(entity.classes)
    forced: list[str] = []
    for share_class in entity.classes.values():
        if share_class.converts is not None and any(means(event, mode) for event in share_class.converts.on_other):
            terms = share_class.converts
            into = terms.into.rpartition(".")[2]
            classes[share_class.id] = replace(share_class, converts_into=(terms.ratio, into))
            forced.append(share_class.id)
    notes = [f"On {mode}, {', '.join(forced)} must convert, so {_its(forced)} paid as converted."] if forced else []
    notes += [
        f"Nothing says that {each.id} must convert on {mode}, so its holders choose."
        for each in entity.classes.values()
        if each.id not in forced and _may_choose(each)
    ]
    return Exit(replace(entity, classes=classes), frozenset(forced), tuple(notes))


def _its(names: list[str]) -> str:
    return "it is" if len(names) == 1 else "they are"


def _may_choose(share_class: ShareClass) -> bool:
    return bool(share_class.preference) and share_class.converts_into is not None


def means(event: str, mode: str) -> bool:
    """Return whether an event on which something converts is what a mode names."""
    words = event.lower().replace("-", " ")
    asked = mode.lower().replace("-", " ")
    if asked == "ipo":
        return any(name in words.split() if " " not in name else name in words for name in PUBLIC_OFFERING)
    return words == asked
