"""Orders of the actors for a decision diagram: which one is good decides how large the diagram becomes.

To find the best order is hard (B. Bollig and I. Wegener, IEEE Trans. Computers 45 (1996)), so a few that suit rules of
votes are tried. Heavy votes first leave few quotas to tell apart; actors of one vote side by side keep votes apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from muniment.control.formula import Actor, AtLeast, Mode, System, components, parts_of, weighing_of

WHOLE = 1 << 256  # the root's share, in whole numbers


def orders_of(system: System, asked: int, mode: Mode) -> tuple[tuple[str, ...], ...]:
    """Return some orders of the actors below a node, each once.

    Returns:
        By visit: vote after vote, the heaviest first. By share: by how much weight reaches each actor from the top. By
        vote: those who stand in the same votes side by side, smaller groups first, the heaviest first in each.
    """
    shares = _shares(system, asked, mode)
    names = {number: node.name for number, node in enumerate(system.nodes) if isinstance(node, Actor)}
    visited = [number for number in _visit(system, asked, mode) if number in names]
    place = {number: at for at, number in enumerate(visited)}
    by_share = sorted(visited, key=lambda number: (-shares[number], place[number]))
    groups = _groups(system, visited, mode)
    by_vote = sorted(
        visited, key=lambda number: (len(groups[number]), place[groups[number][0]], -shares[number], place[number])
    )
    found = dict.fromkeys(tuple(names[number] for number in order) for order in (by_share, visited, by_vote))
    return tuple(found)


def _shares(system: System, asked: int, mode: Mode) -> dict[int, int]:
    """Return how much of the root's weight reaches each node; a circle passes it on once."""
    shares = {asked: WHOLE}
    for members in reversed(components(system, [asked])):
        for number in sorted(members, key=lambda number: -shares.get(number, 0)):
            node = system.nodes[number]
            if not parts_of(node):
                continue
            share = shares.get(number, 0)
            if isinstance(node, AtLeast):
                weights, _ = weighing_of(node, mode)
                total = sum(weights) or 1
                for part, weight in zip(node.parts, weights, strict=True):
                    shares[part] = shares.get(part, 0) + share * weight // total
            else:
                for part in parts_of(node):
                    shares[part] = shares.get(part, 0) + share // len(parts_of(node))
    return shares


def _visit(system: System, asked: int, mode: Mode) -> list[int]:
    """Return the nodes below a node, each once, depth first, the heaviest part of a vote first."""
    seen = bytearray(len(system.nodes))
    order: list[int] = []
    waiting = [asked]
    while waiting:
        number = waiting.pop()
        if seen[number]:
            continue
        seen[number] = 1
        order.append(number)
        node = system.nodes[number]
        parts: Sequence[int] = parts_of(node)
        if isinstance(node, AtLeast):
            weights = node.weighings[mode].weights
            parts = [node.parts[at] for at in sorted(range(len(weights)), key=lambda at: -weights[at])]
        waiting.extend(reversed(parts))
    return order


def _groups(system: System, actors: Sequence[int], mode: Mode) -> dict[int, list[int]]:
    """Return, for each actor, those who stand in the same nodes, in order of visit."""
    parents: dict[int, list[int]] = {number: [] for number in actors}
    for number, node in enumerate(system.nodes):
        weights: Sequence[int] = node.weighings[mode].weights if isinstance(node, AtLeast) else ()
        for at, part in enumerate(parts_of(node)):
            if part in parents and (not weights or weights[at]):
                parents[part].append(number)
    groups: dict[tuple[int, ...], list[int]] = {}
    for number in actors:
        groups.setdefault(tuple(parents[number]), []).append(number)
    return {number: group for group in groups.values() for number in group}
