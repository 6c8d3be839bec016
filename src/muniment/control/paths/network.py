"""A path problem as one network of thresholds, in which a yes spreads once along each edge.

Nodes are bits, gates, moves and conditional effects. A node comes on when the inputs that are on weigh its quota: a bit
needs one move that turns it on, `every` all its parts, a move its guard, a conditional effect its move and its bit.
Spread to the gates alone, this is the least fixpoint of the gates in one state; spread through the moves as well, it is
the relaxed problem, in which nothing is ever lost, and all that can ever be on comes on in time linear in the network.

Source:
    W. F. Dowling and J. H. Gallier, "Linear-time algorithms for testing the satisfiability of propositional Horn
    formulae", Journal of Logic Programming 1 (1984), here with thresholds in place of clauses. J. Hoffmann and
    B. Nebel, "The FF planning system", Journal of Artificial Intelligence Research 14 (2001), on the relaxed problem.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

from muniment.control.paths.problem import Bit, Either, Every, Fixed, Problem

NEVER = 1 << 200

Edges: TypeAlias = tuple[tuple[int, int], ...]


class Network(NamedTuple):
    """Nodes 0.. are the bits, then gates, then moves, then conditional effects.

    States of a network number its bits as its nodes; a move of a network is numbered from 0.

    Attributes:
        bits: Number in the problem of each bit.
        steps: Number in the problem of each move.
        first_step: Node of the first move.
        first_conditional: Node of the first conditional effect.
        quota: Weight that each node needs.
        out: For each node: nodes that it is an input of, with its weight there.
        inputs: For each node: its inputs, with their weights.
        seeds: Nodes that are on with no bit on; moves among them can always be made.
        goal: Node of the goal.
        on: For each move the bits it turns on whatever the state.
        off: For each move the bits it turns off, those left out that it turns on.
        conditional: For each move pairs of a bit and the bits turned on if that one was on.
    """

    bits: tuple[int, ...]
    steps: tuple[int, ...]
    first_step: int
    first_conditional: int
    quota: list[int]
    out: list[Edges]
    inputs: list[Edges]
    seeds: tuple[int, ...]
    goal: int
    on: tuple[int, ...]
    off: tuple[int, ...]
    conditional: tuple[tuple[tuple[int, int], ...], ...]


class Prepared(NamedTuple):
    """A problem made ready to be asked from many starts.

    Attributes:
        network: Of the whole problem; its bits and moves are numbered as in the problem.
        node_of: For each gate its node.
    """

    problem: Problem
    network: Network
    node_of: tuple[int, ...]


class Closure(NamedTuple):
    """All that can come on from a start if nothing is ever lost.

    Attributes:
        state: Every state that can be reached has no bit outside it.
        steps: Moves that can be made, each after those it needs.
        goal: Whether the goal says yes. If not, no sequence of moves reaches it.
    """

    state: int
    steps: tuple[int, ...]
    goal: bool


def prepare(problem: Problem) -> Prepared:
    """Make a problem ready to be asked from many starts."""
    many_bits, many_gates = len(problem.bits), len(problem.gates)
    node_of = tuple(gate.bit if isinstance(gate, Bit) else many_bits + at for at, gate in enumerate(problem.gates))
    quota = [1] * many_bits
    inputs: list[list[tuple[int, int]]] = [[] for _ in range(many_bits)]
    for gate in problem.gates:
        edges: list[tuple[int, int]] = []
        if isinstance(gate, Bit):
            quota.append(NEVER)
        elif isinstance(gate, Fixed):
            quota.append(0 if gate.value else NEVER)
        elif isinstance(gate, Every):
            quota.append(len(gate.parts))
            edges = [(node_of[part], 1) for part in gate.parts]
        elif isinstance(gate, Either):
            quota.append(1)
            edges = [(node_of[part], 1) for part in gate.parts]
        else:
            quota.append(gate.quota)
            edges = [(node_of[part], weight) for part, weight in zip(gate.parts, gate.weights, strict=True) if weight]
        inputs.append(edges)
    first_step = many_bits + many_gates
    masks: list[tuple[int, int, tuple[tuple[int, int], ...]]] = []
    conditionals: list[tuple[int, int, int]] = []
    for at, step in enumerate(problem.steps):
        quota.append(1)
        inputs.append([(node_of[step.guard], 1)])
        on = off = 0
        depends = []
        for effect in step.effects:
            if not effect.on:
                off |= 1 << effect.bit
            elif effect.where is None:
                on |= 1 << effect.bit
                inputs[effect.bit].append((first_step + at, 1))
            else:
                depends.append((1 << effect.where, 1 << effect.bit))
                conditionals.append((first_step + at, effect.where, effect.bit))
        masks.append((on, off & ~on, tuple(depends)))
    for step_node, where, bit in conditionals:
        inputs[bit].append((len(quota), 1))
        quota.append(2)
        inputs.append([(step_node, 1), (where, 1)])
    network = Network(
        bits=tuple(range(many_bits)),
        steps=tuple(range(len(problem.steps))),
        first_step=first_step,
        first_conditional=first_step + len(problem.steps),
        quota=quota,
        out=outputs(inputs),
        inputs=[tuple(edges) for edges in inputs],
        seeds=tuple(node for node, needed in enumerate(quota) if needed <= 0),
        goal=node_of[problem.goal],
        on=tuple(on for on, _, _ in masks),
        off=tuple(off for _, off, _ in masks),
        conditional=tuple(depends for _, _, depends in masks),
    )
    return Prepared(problem, network, node_of)


def outputs(inputs: Iterable[Iterable[tuple[int, int]]]) -> list[Edges]:
    """Return edges the other way round."""
    out: list[list[tuple[int, int]]] = []
    every = list(inputs)
    out = [[] for _ in every]
    for node, edges in enumerate(every):
        for source, weight in edges:
            out[source].append((node, weight))
    return [tuple(edges) for edges in out]


def bits_of(state: int) -> list[int]:
    """Return the numbers of the bits that are on, in order."""
    return [at for at, digit in enumerate(f"{state:b}"[::-1]) if digit == "1"]


def opened(network: Network, state: int) -> tuple[list[int], list[int]]:
    """Return what each node still needs in a state before anything has spread, and the nodes to spread from."""
    missing = list(network.quota)
    nodes = bits_of(state)
    for node in nodes:
        missing[node] = 0
    nodes += network.seeds
    return missing, nodes


def spread(network: Network, missing: list[int], nodes: list[int]) -> list[int]:
    """Spread from nodes that are on to all gates, and return the moves whose guards come to say yes.

    Args:
        network: Whose nodes.
        missing: What each node still needs; lowered in place, a node is on at 0 and below.
        nodes: Nodes just come on; emptied. Moves among them count as reached.
    """
    out, first_step = network.out, network.first_step
    reached = []
    while nodes:
        node = nodes.pop()
        if node >= first_step:
            reached.append(node - first_step)
            continue
        for other, weight in out[node]:
            left = missing[other]
            if left > 0:
                left -= weight
                missing[other] = left
                if left <= 0:
                    nodes.append(other)
    return reached


def flood(network: Network, missing: list[int], nodes: list[int]) -> list[int]:
    """Spread through gates and moves, nothing being lost; return moves in an order in which they can be made."""
    out, first_step, past = network.out, network.first_step, network.first_conditional
    fired = []
    while nodes:
        node = nodes.pop()
        if first_step <= node < past:
            fired.append(node - first_step)
        for other, weight in out[node]:
            left = missing[other]
            if left > 0:
                left -= weight
                missing[other] = left
                if left <= 0:
                    nodes.append(other)
    return fired


def says(prepared: Prepared, state: int) -> bytearray:
    """Return for each gate 1 if it says yes in a state, else 0: the least fixpoint."""
    missing, nodes = opened(prepared.network, state)
    spread(prepared.network, missing, nodes)
    return bytearray(missing[node] <= 0 for node in prepared.node_of)


def holds(prepared: Prepared, state: int, gate: int) -> bool:
    """Return whether a gate says yes in a state."""
    missing, nodes = opened(prepared.network, state)
    spread(prepared.network, missing, nodes)
    return missing[prepared.node_of[gate]] <= 0


def relaxed(prepared: Prepared, start: int | None = None) -> Closure:
    """Return all that can come on if nothing is ever lost; a goal that says no then is out of reach.

    Sound for every problem: a state with more bits on can do whatever one with fewer can, so that forgetting losses
    only ever helps. Exact where no move loses anything. Linear in the size of the problem.

    Args:
        prepared: The problem.
        start: The state to start from; None = the problem's own.
    """
    return closure_of(prepared, prepared.problem.start if start is None else start)[0]


def closure_of(prepared: Prepared, start: int) -> tuple[Closure, list[int]]:
    """Return the closure, and what each node of the network still needs in it."""
    network = prepared.network
    missing, nodes = opened(network, start)
    fired = flood(network, missing, nodes)
    digits = ["1" if left <= 0 else "0" for left in missing[: len(network.bits)]]
    state = int("".join(reversed(digits)) or "0", 2)
    return Closure(state, tuple(fired), missing[network.goal] <= 0), missing
