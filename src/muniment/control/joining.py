"""Who must still join: the fewest further actors with whom those who are willing pass a matter, or block it."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from muniment.control.coalitions import Sets
from muniment.control.formula import (
    Actor,
    And,
    AtLeast,
    Constant,
    Mode,
    Node,
    Or,
    Others,
    System,
    least,
    prepare,
    reachable,
)
from muniment.control.functions import blocking_sets_of, function_of, sets_of

MOST_DROPS = 200
MOST_FOR_SETS = 600


class Joining(NamedTuple):
    """A set of further actors.

    Attributes:
        names: Who must join besides those who are willing.
        fewest: No smaller set does; else only that none of them can be left out, or that the search was cut short.
        all_fewest: Every set of that size where there are at most a hundred; just this one where that is not known.
    """

    names: tuple[str, ...]
    fewest: bool
    all_fewest: tuple[tuple[str, ...], ...]


def who_must_join(system: System, willing: Collection[str], mode: Mode = Mode.CERTAIN) -> Joining | None:
    """Return the fewest others with whom the willing pass a matter; None if all together do not.

    Exact wherever the rule is small enough for its minimal coalitions, or is one vote; else the heaviest are taken,
    whom they can do without is left out, and the result says that it may not be the smallest.

    Args:
        system: The compiled rule.
        willing: Actors who agree in any case.
        mode: What is assumed of bounds and of those who do not act together.
    """
    circuit = prepare(system, mode)
    if not least(circuit, circuit.leaves).yes[system.root]:
        return None
    if len(circuit.leaves) <= MOST_FOR_SETS:
        found = sets_of(function_of(_with_constant(system, willing, True), mode))
        if isinstance(found, Sets):
            return _first(found)
    return _by_weight(system, willing, mode)


def who_must_refuse(system: System, refusing: Collection[str]) -> Joining | None:
    """Return the fewest others who, refusing with some, keep a matter from passing; None where nobody can.

    None too where the rule is too large for its minimal blocking sets.
    """
    mode = Mode.POSSIBLE_WITH_OTHERS
    circuit = prepare(system, mode)
    if not least(circuit, circuit.leaves).yes[system.root] or least(circuit, ()).yes[system.root]:
        return None
    if len(circuit.leaves) > MOST_FOR_SETS:
        return None
    found = blocking_sets_of(function_of(_with_constant(system, refusing, False), mode))
    return _first(found) if isinstance(found, Sets) else None


def _first(sets: Sets) -> Joining | None:
    if not sets.listed:
        return None
    size = len(sets.listed[0])
    of_size = tuple(each for each in sets.listed if len(each) == size)
    return Joining(of_size[0], True, of_size)


def _with_constant(system: System, names: Collection[str], value: bool) -> System:
    nodes = tuple(Constant(value) if isinstance(node, Actor) and node.name in names else node for node in system.nodes)
    return System(nodes, system.root)


def _by_weight(system: System, willing: Collection[str], mode: Mode) -> Joining:
    """Take the heaviest until they pass, then leave out whom they can do without, the lightest first."""
    circuit = prepare(system, mode)
    weight = _weights(system, mode)
    names = sorted(
        (name for name in circuit.leaves if name not in willing), key=lambda name: (-weight.get(name, 0), name)
    )

    def passes(others: Collection[str]) -> bool:
        return bool(least(circuit, [*willing, *others]).yes[system.root])

    low, high = 0, len(names)  # all of them pass
    while low < high:
        middle = (low + high) // 2
        if passes(names[:middle]):
            high = middle
        else:
            low = middle + 1
    kept = dict.fromkeys(names[:high])
    if _is_one_vote(system, circuit.leaves):
        found = tuple(sorted(kept))
        return Joining(found, True, (found,))
    groups = [list(kept)[::-1]]
    tries = 0
    while groups and tries < MOST_DROPS:
        group = groups.pop()
        tries += 1
        gone = set(group)
        if passes([name for name in kept if name not in gone]):
            for name in group:
                del kept[name]
        elif len(group) > 1:
            half = len(group) // 2
            groups.extend((group[half:], group[:half]))
    found = tuple(sorted(kept))
    return Joining(found, False, (found,))


def _weights(system: System, mode: Mode) -> dict[str, int]:
    """Return a rough weight for each actor: its part of what every vote needs, summed."""
    weight: dict[str, int] = {}
    for number in reachable(system, [system.root]):
        node = system.nodes[number]
        if not isinstance(node, AtLeast):
            continue
        weighing = node.weighings[mode]
        for part, votes in zip(node.parts, weighing.weights, strict=True):
            voter = _past_aliases(system, part)
            if isinstance(voter, Actor):
                weight[voter.name] = weight.get(voter.name, 0) + votes * 10**12 // max(weighing.quota, 1)
    return weight


def _past_aliases(system: System, number: int) -> Node:
    """Return the node that a reference stands for, past nodes of one part."""
    node = system.nodes[number]
    passed: set[int] = set()
    while isinstance(node, And | Or) and len(node.parts) == 1 and number not in passed:
        passed.add(number)
        number = node.parts[0]
        node = system.nodes[number]
    return node


def _is_one_vote(system: System, actors: Collection[str]) -> bool:
    """Whether the matter is one vote in which everyone votes once, so that the heaviest are the fewest."""
    root = _past_aliases(system, system.root)
    if not isinstance(root, AtLeast):
        return False
    voters = [_past_aliases(system, part) for part in root.parts]
    names = [voter.name for voter in voters if isinstance(voter, Actor)]
    plain = all(isinstance(voter, Actor | Others | Constant) for voter in voters)
    return plain and len(set(names)) == len(names) and set(names) <= set(actors)
