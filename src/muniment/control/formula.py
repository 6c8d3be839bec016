"""Monotone systems of decisions: who agrees determines what passes.

A `System` is a list of nodes that refer to one another by number, so chains and cycles of any length are flat data.
Leaves are actors, constants, and holders who do not act together (`Others`); inner nodes are conjunctions,
disjunctions and weighted thresholds. Cycles are allowed: the least fixpoint lets nobody's yes depend on itself, the
greatest lets each of a circle let the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple, TypeAlias


class Mode(IntEnum):
    """What is assumed of bounded holdings and of holders who do not act together.

    The number is the index of a threshold's weighing for the mode.
    """

    CERTAIN = 0  # bounds against those who agree; others say no
    CERTAIN_WITH_OTHERS = 1  # bounds against those who agree; others say yes
    POSSIBLE = 2  # bounds in favour of those who agree; others say no
    POSSIBLE_WITH_OTHERS = 3  # bounds in favour of those who agree; others say yes

    @property
    def others_agree(self) -> bool:
        """Whether those who do not act together are taken to say yes."""
        return bool(self.value & 1)


class Actor(NamedTuple):
    """One who decides alone what to agree to."""

    name: str


class Others(NamedTuple):
    """Holders who do not act together; nobody can count on them, and nobody can exclude them."""

    name: str


class Constant(NamedTuple):
    """Always yes, or always no."""

    value: bool


class And(NamedTuple):
    """Every part must agree; empty = yes."""

    parts: tuple[int, ...]


class Or(NamedTuple):
    """One part must agree; empty = no."""

    parts: tuple[int, ...]


class Weighing(NamedTuple):
    """Whole weights and the sum that suffices.

    Attributes:
        weights: One for each part; not negative.
        quota: The parts that agree must weigh at least this.
    """

    weights: tuple[int, ...]
    quota: int


class AtLeast(NamedTuple):
    """The parts that agree must weigh enough.

    Attributes:
        weighings: One for each `Mode`, in order; all the same object where nothing is bounded.
    """

    parts: tuple[int, ...]
    weighings: tuple[Weighing, Weighing, Weighing, Weighing]


Node: TypeAlias = Actor | Others | Constant | And | Or | AtLeast


class System(NamedTuple):
    """Nodes that refer to one another by position, and the one that is asked about."""

    nodes: tuple[Node, ...]
    root: int


class Drawing:
    """A system being drawn up: reserve a number first and define it later, so that circles can be written."""

    __slots__ = ("_actors", "_others", "nodes")

    def __init__(self) -> None:
        self.nodes: list[Node | None] = []
        self._actors: dict[str, int] = {}
        self._others: dict[str, int] = {}

    def reserve(self) -> int:
        """Return the number of a node that will be defined later."""
        self.nodes.append(None)
        return len(self.nodes) - 1

    def define(self, number: int, node: Node) -> None:
        """Say what a reserved node is."""
        self.nodes[number] = node

    def add(self, node: Node) -> int:
        """Add a node and return its number; a conjunction or disjunction of one part is that part."""
        if isinstance(node, And | Or) and len(node.parts) == 1:
            return node.parts[0]
        self.nodes.append(node)
        return len(self.nodes) - 1

    def wrap(self, part: int) -> int:
        """Return a new node that agrees exactly when `part` does, to hang records on."""
        self.nodes.append(And((part,)))
        return len(self.nodes) - 1

    def actor(self, name: str) -> int:
        """Return the one node of an actor."""
        if name not in self._actors:
            self._actors[name] = self.add(Actor(name))
        return self._actors[name]

    def others(self, name: str) -> int:
        """Return the one node of holders who do not act together."""
        if name not in self._others:
            self._others[name] = self.add(Others(name))
        return self._others[name]

    def system(self, root: int) -> System:
        """Return what was drawn; a number never defined says no."""
        return System(tuple(Constant(False) if node is None else node for node in self.nodes), root)


def same_in_every_mode(weights: Iterable[int], quota: int) -> tuple[Weighing, Weighing, Weighing, Weighing]:
    """Return the weighings of a threshold in which nothing is bounded."""
    weighing = Weighing(tuple(weights), quota)
    return (weighing, weighing, weighing, weighing)


def parts_of(node: Node) -> tuple[int, ...]:
    """Return the numbers a node refers to."""
    return node.parts if isinstance(node, And | Or | AtLeast) else ()


def weighing_of(node: And | Or | AtLeast, mode: Mode) -> Weighing:
    """Return any inner node as a threshold."""
    match node:
        case And(parts):
            return Weighing((1,) * len(parts), len(parts))
        case Or(parts):
            return Weighing((1,) * len(parts), 1)
        case AtLeast(_, weighings):
            return weighings[mode]


class Circuit(NamedTuple):
    """A system prepared for evaluation in one mode.

    Attributes:
        parents: For each node, the nodes that refer to it, each with the weight they give it.
        quotas: For each inner node, the weight that must agree; -1 at leaves.
        totals: For each inner node, the weight of all its parts; 0 at leaves.
        leaves: Node of each actor.
        always: Leaves that say yes whoever agrees.
        never: Leaves that say no whoever agrees.
    """

    parents: tuple[tuple[tuple[int, int], ...], ...]
    quotas: tuple[int, ...]
    totals: tuple[int, ...]
    leaves: dict[str, int]
    always: tuple[int, ...]
    never: tuple[int, ...]


class State(NamedTuple):
    """Which nodes say yes, and how much weight agrees at each."""

    yes: bytearray
    sums: list[int]


def prepare(system: System, mode: Mode) -> Circuit:
    """Prepare a system for evaluation in one mode."""
    parents: list[list[tuple[int, int]]] = [[] for _ in system.nodes]
    quotas = [-1] * len(system.nodes)
    totals = [0] * len(system.nodes)
    leaves: dict[str, int] = {}
    always: list[int] = []
    never: list[int] = []
    for number, node in enumerate(system.nodes):
        match node:
            case Actor(name):
                leaves[name] = number
            case Others():
                (always if mode.others_agree else never).append(number)
            case Constant(value):
                (always if value else never).append(number)
            case And() | Or() | AtLeast():
                weights, quota = weighing_of(node, mode)
                for part, weight in zip(node.parts, weights, strict=True):
                    if weight:
                        parents[part].append((number, weight))
                quotas[number] = max(quota, 0)
                totals[number] = sum(weights)
    return Circuit(
        tuple(tuple(refers) for refers in parents), tuple(quotas), tuple(totals), leaves, tuple(always), tuple(never)
    )


def least(circuit: Circuit, agreeing: Iterable[str], *, yes: Collection[int] = (), no: Collection[int] = ()) -> State:
    """Evaluate the least fixpoint: a yes that rests on itself is no yes.

    Args:
        circuit: The prepared system.
        agreeing: Actors who say yes; all others say no.
        yes: Nodes that say yes whatever their parts say.
        no: Nodes that say no whatever their parts say.
    """
    state = State(bytearray(len(circuit.quotas)), [0] * len(circuit.quotas))
    start = [circuit.leaves[name] for name in agreeing if name in circuit.leaves]
    start.extend(circuit.always)
    start.extend(yes)
    start.extend(number for number, quota in enumerate(circuit.quotas) if quota == 0)
    blocked = frozenset(no)
    waiting: list[int] = []
    for number in start:
        if not state.yes[number] and number not in blocked:
            state.yes[number] = 1
            waiting.append(number)
    _raise(circuit, state, waiting, blocked)
    return state


def _raise(circuit: Circuit, state: State, waiting: list[int], blocked: Collection[int]) -> None:
    said, sums = state
    parents, quotas = circuit.parents, circuit.quotas
    while waiting:
        for number, weight in parents[waiting.pop()]:
            sums[number] += weight
            if not said[number] and sums[number] >= quotas[number] and number not in blocked:
                said[number] = 1
                waiting.append(number)


def greatest(
    circuit: Circuit, agreeing: Iterable[str], *, yes: Collection[int] = (), no: Collection[int] = ()
) -> State:
    """Evaluate the greatest fixpoint: those in a circle let one another. Arguments as for `least`."""
    state = State(bytearray(b"\x01" * len(circuit.quotas)), list(circuit.totals))
    agreed = set(agreeing)
    start = [number for name, number in circuit.leaves.items() if name not in agreed]
    start.extend(circuit.never)
    start.extend(no)
    start.extend(number for number, quota in enumerate(circuit.quotas) if quota > circuit.totals[number])
    held = frozenset(yes)
    waiting: list[int] = []
    for number in start:
        if state.yes[number] and number not in held:
            state.yes[number] = 0
            waiting.append(number)
    said, sums = state
    while waiting:
        for number, weight in circuit.parents[waiting.pop()]:
            sums[number] -= weight
            if said[number] and sums[number] < circuit.quotas[number] and number not in held:
                said[number] = 0
                waiting.append(number)
    return state


def risen(circuit: Circuit, before: State, start: Iterable[int], until: Collection[int] = ()) -> set[int]:
    """Return the nodes that newly say yes, in the least fixpoint, when the nodes `start` also say yes.

    The cost is that of what changes, not of the whole system. `before` is not changed. The rest is left out once a node
    of `until` says yes.
    """
    newly: set[int] = set()
    waiting: list[int] = []
    for number in start:
        if not before.yes[number] and number not in newly:
            newly.add(number)
            waiting.append(number)
    added: dict[int, int] = {}
    while waiting:
        last = waiting.pop()
        if last in until:
            break
        for number, weight in circuit.parents[last]:
            if before.yes[number] or number in newly:
                continue
            added[number] = added.get(number, 0) + weight
            if before.sums[number] + added[number] >= circuit.quotas[number]:
                newly.add(number)
                waiting.append(number)
    return newly


def fallen(
    circuit: Circuit,
    before: State,
    start: Iterable[int],
    circular: Collection[int] = (),
    until: Collection[int] = (),
) -> set[int] | None:
    """Return the nodes that no longer say yes when the nodes `start` say no.

    Exact for the greatest fixpoint, and for the least one as long as no node of `circular` loses support. The rest is
    left out once a node of `until` says no.

    Returns:
        The nodes; None where a node of `circular` loses support and the least fixpoint must be evaluated afresh.
    """
    gone: set[int] = set()
    waiting: list[int] = []
    for number in start:
        if before.yes[number] and number not in gone:
            gone.add(number)
            waiting.append(number)
    lost: dict[int, int] = {}
    while waiting:
        last = waiting.pop()
        if last in until:
            break
        for number, weight in circuit.parents[last]:
            if number in circular:
                return None
            if not before.yes[number] or number in gone:
                continue
            lost[number] = lost.get(number, 0) + weight
            if before.sums[number] - lost[number] < circuit.quotas[number]:
                gone.add(number)
                waiting.append(number)
    return gone


def reachable(system: System, start: Iterable[int]) -> list[int]:
    """Return the nodes that `start` rest on, themselves included, each once, in order of first visit (depth first)."""
    seen = bytearray(len(system.nodes))
    order: list[int] = []
    waiting = list(start)[::-1]
    while waiting:
        number = waiting.pop()
        if seen[number]:
            continue
        seen[number] = 1
        order.append(number)
        waiting.extend(reversed(parts_of(system.nodes[number])))
    return order


def components(system: System, start: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the strongly connected components below `start`, parts before what refers to them.

    A component of several nodes, or of one that refers to itself, is a circle.

    Source:
        R. E. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972), made iterative.
    """
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    on_path: set[int] = set()
    path: list[int] = []
    found: list[tuple[int, ...]] = []
    for first in start:
        if first in index:
            continue
        work: list[tuple[int, int]] = [(first, 0)]
        while work:
            number, position = work.pop()
            if position == 0:
                index[number] = low[number] = len(index)
                path.append(number)
                on_path.add(number)
            parts = parts_of(system.nodes[number])
            while position < len(parts):
                part = parts[position]
                position += 1
                if part not in index:
                    work.append((number, position))
                    work.append((part, 0))
                    break
                if part in on_path:
                    low[number] = min(low[number], index[part])
            else:
                if low[number] == index[number]:
                    members: list[int] = []
                    while not members or members[-1] != number:
                        members.append(path.pop())
                    on_path.difference_update(members)
                    found.append(tuple(members))
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[number])
    return found


def circles(system: System, start: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the components below `start` in which a node rests on itself."""
    return [
        members
        for members in components(system, start)
        if len(members) > 1 or members[0] in parts_of(system.nodes[members[0]])
    ]
