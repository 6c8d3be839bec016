"""Actors whose parts in a path problem are the same, so that only how many of them agree can matter.

Two actors are twins if some exchange of bits, gates and moves that exchanges the two, and no other actor, leaves the
problem as it is. Of the directors who hold the seats of one kind only the number counts, even where each seat has gates
and moves of its own. Exchanges are guessed from the look of what surrounds the two, then verified in full.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from muniment.control.paths.network import Network, Prepared, bits_of

Label: TypeAlias = tuple[str, int]
Sides: TypeAlias = list[list[tuple[Label, int]]]

ROUNDS = 12


def twin_classes(
    prepared: Prepared, start: int, actor_bits: Mapping[str, int], among: Sequence[str]
) -> list[list[str]]:
    """Return actors in classes of twins; sound, though twins may be missed.

    Args:
        prepared: The problem; whether there is a path is what twins must leave as it is, so that days do not count.
        start: The state at the start; the bits of those in `among` do not matter.
        actor_bits: The bit of each actor, theirs and those of all others who must stay where they are.
        among: Whom to put in classes.

    Returns:
        Classes in order of their first member in `among`, members in that order.
    """
    network = prepared.network
    sides = _sides(network)
    moved = {actor_bits[name] for name in among}
    colors = _colors(network, sides, start, moved)
    fixed = set(actor_bits.values())
    classes: list[list[str]] = []
    for name in among:
        bit = actor_bits[name]
        for members in classes:
            other = actor_bits[members[0]]
            if colors[bit] == colors[other] and _exchanges(sides, colors, bit, other, fixed - {bit, other}):
                members.append(name)
                break
        else:
            classes.append([name])
    return classes


def _sides(network: Network) -> Sides:
    """Return for each node its neighbors, each with what joins them and which way."""
    sides: Sides = [[] for _ in network.quota]
    for node, edges in enumerate(network.inputs):
        for source, weight in edges:
            sides[node].append((("from", weight), source))
            sides[source].append((("to", weight), node))
    for step, off in enumerate(network.off):
        for bit in bits_of(off):
            sides[network.first_step + step].append((("ends", 1), bit))
            sides[bit].append((("ended by", 1), network.first_step + step))
    return sides


def _colors(network: Network, sides: Sides, start: int, moved: set[int]) -> list[int]:
    """Return a number for each node that is the same for nodes that look the same from around them."""
    looks: list[object] = []
    for node, quota in enumerate(network.quota):
        if node < len(network.bits):
            looks.append(("bit", "actor" if node in moved else start >> node & 1))
        elif node < network.first_step:
            looks.append(("gate", quota))
        else:
            looks.append(("move" if node < network.first_conditional else "conditional", quota))
    looks[network.goal] = ("goal", looks[network.goal])
    colors = _numbered(looks)
    for _ in range(ROUNDS):
        looks = [
            (colors[node], tuple(sorted((label, colors[other]) for label, other in edges)))
            for node, edges in enumerate(sides)
        ]
        finer = _numbered(looks)
        if max(finer, default=0) == max(colors, default=0):
            break
        colors = finer
    return colors


def _numbered(looks: Sequence[object]) -> list[int]:
    numbers: dict[object, int] = {}
    return [numbers.setdefault(look, len(numbers)) for look in looks]


def _exchanges(sides: Sides, colors: list[int], left: int, right: int, fixed: set[int]) -> bool:
    """Return whether an exchange of two nodes, and of what belongs to either alone, is found and verified."""
    image = {left: right, right: left}
    waiting = [(left, right)]
    while waiting:
        one, two = waiting.pop()
        mine, theirs = Counter(sides[one]), Counter(sides[two])
        own: dict[tuple[Label, int], list[int]] = defaultdict(list)
        for label, node in sorted((mine - theirs).elements()):
            own[label, colors[node]].append(node)
        for label, node in sorted((theirs - mine).elements()):
            partners = own.get((label, colors[node]), [])
            known = image.get(node)
            if known in partners:
                partners.remove(known)
                continue
            fresh = next((each for each in partners if each not in image), None)
            if known is not None or fresh is None or fresh == node:
                return False
            partners.remove(fresh)
            image[node], image[fresh] = fresh, node
            waiting.append((fresh, node))
    if fixed & image.keys():
        return False
    return all(
        colors[node] == colors[other]
        and Counter((label, image.get(each, each)) for label, each in sides[node]) == Counter(sides[other])
        for node, other in image.items()
    )
