"""Many coalitions at once: a monotone system evaluated for columns of coalitions with numpy, exactly.

A coalition is a column; a node's answers are a row of booleans. Every inner node is a threshold whose weights are split
into limbs small enough that sums of them are exact, whatever their size. Circles take their least fixpoint. Beside the
answer of each coalition stands who is critical in it: whose change of mind alone changes the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from muniment.control.formula import Mode, System
from muniment.control.gates import Gate, gates_of

Bits: TypeAlias = NDArray[np.bool_]
Whole: TypeAlias = NDArray[np.int64]
EXACT_BITS = 52  # whole numbers below 2**52 add up exactly as floats of 53 bits
MOST_PARENTS = 4
BLOCK = 256
NEVER = np.iinfo(np.int64).max


class Votes(NamedTuple):
    """The weights of a gate, split into limbs, lowest first.

    Attributes:
        parts: Numbers of actors (below their count) and of gates.
        weights: Shape (limbs, parts).
        quota: Shape (limbs,).
        bits: Of a limb.
    """

    parts: tuple[int, ...]
    weights: Whole
    quota: Whole
    bits: int


class Plan(NamedTuple):
    """A system prepared for columns of coalitions.

    Attributes:
        actors: In order of id; their numbers are 0 to n - 1.
        gates: Numbers n and up; parts before what refers to them, but for circles.
        circles: By the number of its first gate, the gates of a circle, which stand together.
        root: A number, or a constant answer.
        parents: By number: the gates that refer to it, each with the place among its parts.
        alone: Actors whose gates do not rest on one another: by those gates, all actors that have just them.
        single: The other actors.
        above: By gates, or an actor, that change: the gates to ask again, in order.
        cost: Elements that are touched for one coalition.
    """

    actors: tuple[str, ...]
    gates: tuple[Votes, ...]
    circles: Mapping[int, tuple[int, ...]]
    root: int | bool
    parents: tuple[tuple[tuple[int, int], ...], ...]
    alone: Mapping[tuple[int, ...], tuple[int, ...]]
    single: tuple[int, ...]
    above: Mapping[tuple[int, ...], tuple[int, ...]]
    cost: int


class Answers(NamedTuple):
    """The answers of a system for columns of coalitions.

    Attributes:
        rows: By number, who agrees; each of shape (columns,).
        margins: By gate, the weight that agrees less the quota, in limbs; each of shape (limbs, columns).
        passes: Whether each coalition passes.
    """

    rows: list[Bits]
    margins: list[Whole]
    passes: Bits


def plan_of(system: System, mode: Mode = Mode.CERTAIN) -> Plan:
    """Prepare a system for columns of coalitions."""
    found = gates_of(system, mode)
    return _with_roads(found.actors, tuple(map(_in_limbs, found.gates)), found.circles, found.root)


def _in_limbs(gate: Gate) -> Votes:
    """Return a gate with its weights split so that sums of them are exact as floats."""
    total = sum(gate.weights)
    bits = EXACT_BITS if total >> EXACT_BITS == 0 else EXACT_BITS - len(gate.parts).bit_length()
    limbs = range(max(1, -(-max(total, gate.quota).bit_length() // bits)))
    mask = (1 << bits) - 1
    weights = np.array([[weight >> bits * limb & mask for weight in gate.weights] for limb in limbs], dtype=np.int64)
    quota = np.array([gate.quota >> bits * limb & mask for limb in limbs], dtype=np.int64)
    return Votes(gate.parts, weights, quota, bits)


def _with_roads(
    actors: tuple[str, ...], gates: tuple[Votes, ...], circles: Mapping[int, tuple[int, ...]], root: int | bool
) -> Plan:
    size = len(actors)
    parents: list[list[tuple[int, int]]] = [[] for _ in range(size + len(gates))]
    for at, gate in enumerate(gates):
        for column, part in enumerate(gate.parts):
            parents[part].append((size + at, column))
    in_circle = {number for members in circles.values() for number in members}
    above: dict[tuple[int, ...], tuple[int, ...]] = {}
    alone: dict[tuple[int, ...], list[int]] = {}
    single: list[int] = []
    for actor in range(size):
        asked = tuple(dict.fromkeys(gate for gate, _ in parents[actor]))
        if asked not in above:
            above[asked] = _gates_above(parents, asked, circles)
        free = len(asked) <= MOST_PARENTS and not in_circle.intersection(asked)
        if free and not set(asked).intersection(above[asked]):
            alone.setdefault(asked, []).append(actor)
        else:
            single.append(actor)
    for actor in single:
        above[(actor,)] = _gates_above(parents, (actor,), circles)
    cost = size + sum(len(gate.parts) for gate in gates)
    cost += sum(len(group) * len(asked) * 2 for asked, group in alone.items())
    roads = [above[(actor,)] for actor in single]
    roads += [above[asked] for asked in alone for _ in range(2 ** len(asked) - 1)]
    for road in roads:
        for number in road:
            cost += 4 * len(gates[number - size].parts) if number in in_circle else 4
    grouped = {asked: tuple(group) for asked, group in alone.items()}
    return Plan(actors, gates, circles, root, tuple(map(tuple, parents)), grouped, tuple(single), above, max(cost, 1))


def _gates_above(
    parents: Sequence[Sequence[tuple[int, int]]], start: Sequence[int], circles: Mapping[int, tuple[int, ...]]
) -> tuple[int, ...]:
    """Return the gates that rest on any of `start`, in order; of a circle all of it."""
    together = {number: members for members in circles.values() for number in members}
    found: set[int] = set()
    waiting = list(start)
    while waiting:
        for gate, _ in parents[waiting.pop()]:
            if gate not in found:
                members = together.get(gate, (gate,))
                found.update(members)
                waiting.extend(members)
    return tuple(sorted(found))


def answers_of(plan: Plan, coalitions: Bits) -> Answers:
    """Answer for columns of coalitions.

    Args:
        plan: The system.
        coalitions: Who agrees; shape (actors, columns).

    Returns:
        Which pass, and what each node says.
    """
    columns = coalitions.shape[1]
    rows: list[Bits] = list(coalitions)
    margins: list[Whole] = []
    size = len(plan.actors)
    at = size
    while at < size + len(plan.gates):
        members = plan.circles.get(at, (at,))
        rows.extend(np.zeros(columns, dtype=np.bool_) for _ in members)
        margins.extend(_settled(plan, members, rows, columns))
        at += len(members)
    return Answers(rows, margins, _row(plan.root, rows, columns))


def _row(root: int | bool, rows: Sequence[Bits], columns: int) -> Bits:
    return np.full(columns, root) if isinstance(root, bool) else rows[root]


def _settled(plan: Plan, members: Sequence[int], rows: list[Bits], columns: int) -> list[Whole]:
    """Set the rows of a gate, or of a circle up to its least fixpoint, and return their margins."""
    size = len(plan.actors)
    while True:
        margins = [_margin(plan.gates[number - size], rows, columns) for number in members]
        settled = members[0] not in plan.circles
        fresh = [
            agrees(margin, plan.gates[number - size].bits) for number, margin in zip(members, margins, strict=True)
        ]
        if settled or all(np.array_equal(row, rows[number]) for number, row in zip(members, fresh, strict=True)):
            rows[members[0] : members[0] + len(members)] = fresh
            return margins
        rows[members[0] : members[0] + len(members)] = fresh


def _margin(gate: Votes, rows: Sequence[Bits], columns: int) -> Whole:
    total = np.repeat(-gate.quota[:, None], columns, axis=1)
    for start in range(0, len(gate.parts), BLOCK):
        parts = gate.parts[start : start + BLOCK]
        said = np.stack([rows[part] for part in parts]).astype(np.float64)
        total += (gate.weights[:, start : start + BLOCK].astype(np.float64) @ said).astype(np.int64)
    return total


def agrees(margin: Whole, bits: int) -> Bits:
    """Return where the weight that agrees reaches the quota; a limb passes on what exceeds its bits."""
    carried = margin[0]
    for limb in margin[1:]:
        carried = limb + (carried >> bits)
    found: Bits = carried >= 0
    return found


def critical(plan: Plan, answers: Answers, coalitions: Bits) -> Bits:
    """Return who is critical: whose change of mind alone changes whether the coalition passes.

    Args:
        plan: The system.
        answers: Of the coalitions.
        coalitions: Who agrees; shape (actors, columns).

    Returns:
        Shape (actors, columns).
    """
    found = np.zeros_like(coalitions)
    if isinstance(plan.root, bool):
        return found
    if plan.root < len(plan.actors):
        found[plan.root] = True
        return found
    for asked, group in plan.alone.items():
        _critical_group(plan, answers, coalitions, asked, group, found)
    for actor in plan.single:
        turned = _with_changed(plan, answers, {actor: ~coalitions[actor]}, plan.above[(actor,)])
        found[actor] = turned != answers.passes
    return found


def _critical_group(
    plan: Plan, answers: Answers, coalitions: Bits, asked: tuple[int, ...], group: tuple[int, ...], found: Bits
) -> None:
    """Find who is critical among actors of the same gates: whom the change of each set of those gates would carry."""
    if not asked:
        return
    columns = coalitions.shape[1]
    decides = [np.zeros(columns, dtype=np.bool_)]
    for chosen in range(1, 1 << len(asked)):
        changed = {gate: ~answers.rows[gate] for at, gate in enumerate(asked) if chosen >> at & 1}
        decides.append(_with_changed(plan, answers, changed, plan.above[asked]) != answers.passes)
    size = len(plan.actors)
    step = max(1, (1 << 20) // max(columns, 1))
    place = [{part: column for column, part in enumerate(plan.gates[gate - size].parts)} for gate in asked]
    for start in range(0, len(group), step):
        some = list(group[start : start + step])
        said = coalitions[some]
        turns = [
            _turned(plan.gates[gate - size], answers.margins[gate - size], answers.rows[gate], said, columns_of)
            for gate, columns_of in zip(asked, ([at[actor] for actor in some] for at in place), strict=True)
        ]
        if len(turns) == 1:
            found[some] = turns[0] & decides[1]
            continue
        pattern = np.zeros(said.shape, dtype=np.uint8)
        for at, turn in enumerate(turns):
            pattern |= turn.astype(np.uint8) << at
        shown = np.zeros(said.shape, dtype=np.bool_)
        for chosen in range(1, 1 << len(asked)):
            shown |= (pattern == chosen) & decides[chosen]
        found[some] = shown


def _turned(gate: Votes, margin: Whole, row: Bits, said: Bits, columns_of: Sequence[int]) -> Bits:
    """Return where a gate changes its answer when one of its parts does; shape (parts asked, columns)."""
    weights = gate.weights[:, list(columns_of)]
    if len(gate.quota) == 1:
        to_fall = np.where(row, margin[0] + 1, NEVER)
        to_rise = np.where(row, NEVER, -margin[0])
        turned: Bits = weights[0][:, None] >= np.where(said, to_fall, to_rise)
        return turned
    sign = np.where(said, -1, 1)
    moved = np.stack([limb + weight[:, None] * sign for limb, weight in zip(margin, weights, strict=True)])
    changed: Bits = agrees(moved, gate.bits) != row
    return changed


def _with_changed(plan: Plan, answers: Answers, changed: Mapping[int, Bits], above: Sequence[int]) -> Bits:
    """Return which coalitions pass if some nodes say something else; `above` are the gates that rest on them."""
    size = len(plan.actors)
    said = dict(changed)
    rows: list[Bits] | None = None
    for number in above:
        if number in said:
            continue
        members = plan.circles.get(number)
        if members is not None:
            rows = rows or list(answers.rows)
            for other, row in said.items():
                rows[other] = row
            for member in members:
                rows[member] = np.zeros_like(answers.passes)
            _settled(plan, members, rows, len(answers.passes))
            said.update((member, rows[member]) for member in members)
            continue
        gate = plan.gates[number - size]
        margin = answers.margins[number - size].copy()
        for column, row, part in _changed_parts(plan, number, said):
            step = row.astype(np.int64) - answers.rows[part].astype(np.int64)
            margin += gate.weights[:, column][:, None] * step
        said[number] = agrees(margin, gate.bits)
    return answers.passes if isinstance(plan.root, bool) else said.get(plan.root, answers.passes)


def _changed_parts(plan: Plan, number: int, said: Mapping[int, Bits]) -> list[tuple[int, Bits, int]]:
    """Return the parts of a gate that changed: each with its place among the parts, and what it says."""
    parts = plan.gates[number - len(plan.actors)].parts
    if len(parts) <= len(said):
        return [(column, said[part], part) for column, part in enumerate(parts) if part in said]
    return [(column, row, part) for part, row in said.items() for gate, column in plan.parents[part] if gate == number]
