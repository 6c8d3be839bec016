"""A system in its shortest form: actors and thresholds only, without constants and nodes that repeat another.

Many rules turn out to be one weighted vote in this form, which is counted without a diagram.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from muniment.control.formula import (
    Actor,
    And,
    AtLeast,
    Constant,
    Mode,
    Or,
    Others,
    System,
    components,
    parts_of,
    weighing_of,
)


class Gate(NamedTuple):
    """A threshold: the parts that agree must weigh at least the quota.

    Attributes:
        parts: Numbers of actors (below their count) and of gates; each once.
        weights: Of each part; positive.
        quota: Weight that is needed.
    """

    parts: tuple[int, ...]
    weights: tuple[int, ...]
    quota: int


class Gates(NamedTuple):
    """A system of gates.

    Attributes:
        actors: Those whom the root may rest on, in order of id; their numbers are 0 to n - 1.
        gates: Numbers n and up; parts before what refers to them, but for circles.
        circles: By the number of its first gate, the gates of a circle, which stand together.
        root: A number, or a constant answer.
    """

    actors: tuple[str, ...]
    gates: tuple[Gate, ...]
    circles: Mapping[int, tuple[int, ...]]
    root: int | bool


class WeightedRule(NamedTuple):
    """One weighted vote of actors.

    Attributes:
        actors: Who votes, in order of id.
        weights: Votes of each; positive.
        quota: Votes needed.
    """

    actors: tuple[str, ...]
    weights: tuple[int, ...]
    quota: int


def gates_of(system: System, mode: Mode = Mode.CERTAIN) -> Gates:
    """Return a system in its shortest form, with the same answers in its least fixpoint."""
    order = components(system, [system.root])
    met = (system.nodes[number] for members in order for number in members)
    names = sorted({node.name for node in met if isinstance(node, Actor)})
    places = {name: at for at, name in enumerate(names)}
    meaning: dict[int, int | bool] = {}
    gates: list[Gate] = []
    circles: dict[int, tuple[int, ...]] = {}
    for members in order:
        first = members[0]
        start = len(names) + len(gates)
        if len(members) > 1 or first in parts_of(system.nodes[first]):
            meaning.update((number, start + at) for at, number in enumerate(members))
            circles[start] = tuple(range(start, start + len(members)))
            gates.extend(_as_gate(_simplified(system, number, meaning, mode)) for number in members)
            continue
        match system.nodes[first]:
            case Actor(name):
                meaning[first] = places[name]
            case Others():
                meaning[first] = mode.others_agree
            case Constant(value):
                meaning[first] = value
            case _:
                found = _simplified(system, first, meaning, mode)
                if isinstance(found, Gate):
                    gates.append(found)
                    meaning[first] = start
                else:
                    meaning[first] = found
    return Gates(tuple(names), tuple(gates), circles, meaning[system.root])


def _simplified(system: System, number: int, meaning: Mapping[int, int | bool], mode: Mode) -> Gate | int | bool:
    """Return a node as a gate, as the number of the node it repeats, or as a constant."""
    node = system.nodes[number]
    if not isinstance(node, And | Or | AtLeast):
        raise TypeError(f"node {number} has no parts")
    weighing = weighing_of(node, mode)
    quota = weighing.quota
    counted: dict[int, int] = {}
    for part, weight in zip(node.parts, weighing.weights, strict=True):
        meant = meaning[part]
        if meant is True:
            quota -= weight
        elif meant is not False and weight:
            counted[meant] = counted.get(meant, 0) + weight
    if quota <= 0:
        return True
    if sum(counted.values()) < quota:
        return False
    if len(counted) == 1:
        return next(iter(counted))
    return Gate(tuple(counted), tuple(counted.values()), quota)


def _as_gate(value: Gate | int | bool) -> Gate:
    """Return a member of a circle that is a constant, or repeats another, as a gate of its own."""
    if isinstance(value, Gate):
        return value
    if isinstance(value, bool):
        return Gate((), (), 0 if value else 1)
    return Gate((value,), (1,), 1)


def weighted_rule_of(system: System, mode: Mode = Mode.CERTAIN) -> WeightedRule | None:
    """Return a system as one weighted vote of actors; None where it is none, or asks fewer than two actors.

    A vote that also needs the consent of some actors is one: theirs weigh more than all others' together, and the quota
    grows by as much. So is a vote that some actors can pass over.
    """
    found = gates_of(system, mode)
    size = len(found.actors)
    if isinstance(found.root, bool) or found.root < size or found.circles:
        return None
    rule = _joined(found, found.gates[found.root - size])
    if rule is None:
        return None
    order = sorted(rule)[:-1]
    return WeightedRule(tuple(found.actors[at] for at in order), tuple(rule[at] for at in order), rule[size])


def _joined(found: Gates, top: Gate) -> dict[int, int] | None:
    """Return the votes of each actor in a rule of one vote and single actors beside it; the quota under their count."""
    size = len(found.actors)
    inner = [part for part in top.parts if part >= size]
    if not inner:
        return {**dict(zip(top.parts, top.weights, strict=True)), size: top.quota}
    if len(inner) > 1:
        return None
    gate = found.gates[inner[0] - size]
    if any(part >= size for part in gate.parts):
        return None
    single = [part for part in top.parts if part < size]
    votes = dict(zip(gate.parts, gate.weights, strict=True))
    if top.quota == sum(top.weights):  # all of them: each single actor is added to the quota
        extra = sum(votes.values())
        for part in single:
            votes[part] = votes.get(part, 0) + extra
        return {**votes, size: gate.quota + extra * len(single)}
    if all(weight >= top.quota for weight in top.weights):  # any of them
        return {**votes, **dict.fromkeys(single, gate.quota), size: gate.quota}
    return None
