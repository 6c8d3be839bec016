"""The order in which preferences are paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from muniment.book.structure import Basis, ShareClass
from muniment.payout.faults import Refusal


class Seniority(NamedTuple):
    """Tiers of preferences.

    Attributes:
        tiers: By class id; 1 = paid first; classes of one tier share in proportion to what is due.
        assumptions: Sentences on what the book leaves open.
    """

    tiers: Mapping[str, int]
    assumptions: tuple[str, ...]


def order_preferences(classes: Mapping[str, ShareClass], preferred: Sequence[str]) -> Seniority | Refusal:
    """Return the tier of each class that has a preference.

    A class that states no rank comes after every ranked class, beside the other unranked. Ranked classes between which
    nothing is stated stand beside each other where the rest of the order allows only that; else the order is open.

    Args:
        classes: All classes of the entity.
        preferred: Ids of those with a preference.
    """
    leader = {class_id: class_id for class_id in preferred}
    for class_id in preferred:
        for rank in classes[class_id].ranks:
            for other in rank.classes:
                if not rank.ahead and other in leader:
                    _join(leader, class_id, other)
    group = {class_id: _find(leader, class_id) for class_id in preferred}
    ranked = {group[class_id] for class_id in preferred if classes[class_id].ranks}
    junior: dict[str, set[str]] = {name: set() for name in group.values()}
    for class_id in preferred:
        for rank in classes[class_id].ranks:
            if rank.ahead:
                junior[group[class_id]].update(group[other] for other in rank.classes if other in group)
    for name in ranked:
        junior[name].update(set(junior) - ranked)
    layers = _layers(junior)
    if layers is None:
        stuck = [class_id for class_id in preferred if classes[class_id].ranks]
        return Refusal(
            "seniority clash",
            f"the ranks of {', '.join(stuck)} lead in a circle",
            _basis(classes, stuck),
            "state for each class which classes it ranks ahead of",
        )
    below = _closure(junior, layers)
    assumptions: list[str] = []
    names = list(junior)
    for index, first in enumerate(names):
        for second in names[index + 1 :]:
            if first in below[second] or second in below[first] or {first, second}.isdisjoint(ranked):
                continue
            if layers[first] != layers[second]:
                return Refusal(
                    "seniority clash",
                    f"it is not stated whether {first} or {second} is paid first",
                    _basis(classes, [first, second]),
                    f"add 'ranks: ahead of {second}' to {first}, or 'with {second}'",
                )
            assumptions.append(f"Nothing ranks {first} before or after {second}, so they are paid side by side.")
    return Seniority({class_id: layers[group[class_id]] for class_id in preferred}, tuple(assumptions))


def _find(leader: dict[str, str], name: str) -> str:
    while leader[name] != name:
        leader[name] = leader[leader[name]]
        name = leader[name]
    return name


def _join(leader: dict[str, str], first: str, second: str) -> None:
    a, b = _find(leader, first), _find(leader, second)
    if a != b:
        leader[b] = a


def _layers(junior: Mapping[str, set[str]]) -> dict[str, int] | None:
    """Return the layer of each group, 1 for those that nothing is ahead of; None if there is a circle."""
    waiting = dict.fromkeys(junior, 0)
    for followers in junior.values():
        for follower in followers:
            waiting[follower] += 1
    layers = {name: 1 for name, count in waiting.items() if not count}
    ready = list(layers)
    while ready:
        name = ready.pop()
        for follower in junior[name]:
            layers[follower] = max(layers.get(follower, 1), layers[name] + 1)
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    return layers if not any(waiting.values()) else None


def _closure(junior: Mapping[str, set[str]], layers: Mapping[str, int]) -> dict[str, set[str]]:
    """Return all groups below each group."""
    below: dict[str, set[str]] = {}
    for name in sorted(junior, key=lambda each: -layers[each]):
        below[name] = set(junior[name]).union(*(below[follower] for follower in junior[name]))
    return below


def _basis(classes: Mapping[str, ShareClass], names: Sequence[str]) -> Basis | None:
    for name in names:
        basis = classes[name].basis
        found = basis.get("ranks") or basis.get("")
        if found is not None:
            return found
    return None
