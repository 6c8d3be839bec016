"""Reduced ordered decision diagrams: a system as a Boolean function of its actors, exactly.

A diagram is built from the system by Kleene iteration, so that circles take their least (or greatest) fixpoint.
Thresholds merge all remaining quotas that cannot be told apart, as in S. Bolus, "Power indices of simple games and
vector-weighted majority games by means of binary decision diagrams", EJOR 210 (2011). Nothing here recurses.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

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
    components,
    parts_of,
    reachable,
)

NO = 0
YES = 1
NODE_LIMIT = 150_000
STEP_LIMIT = 3_000_000


class TooLarge(NamedTuple):
    """Why an exact answer was refused.

    Attributes:
        what: What was asked for.
        limit: The limit that would have been passed, in words.
    """

    what: str
    limit: str


class Diagram(NamedTuple):
    """A Boolean function of actors. Node 0 is no, node 1 is yes; the parts of a node come before it.

    Attributes:
        actors: In the order of the levels; level n (their number) is that of the two constants.
        levels: Level of each node.
        lows: Node to go on with where the actor of the level says no.
        highs: The same for yes.
        root: The function.
    """

    actors: tuple[str, ...]
    levels: Sequence[int]
    lows: Sequence[int]
    highs: Sequence[int]
    root: int


class LimitReached(Exception):  # noqa: N818 - a signal between functions of this package, never seen outside it
    """More nodes or steps are needed than allowed."""


class Shop(Protocol):
    """Where nodes are made. Each method may raise `LimitReached`."""

    def node(self, level: int, low: int, high: int) -> int:
        """Return the node that tests the actor of `level`."""

    def both(self, first: int, second: int) -> int:
        """Return the conjunction."""

    def either(self, first: int, second: int) -> int:
        """Return the disjunction."""

    def threshold(self, parts: Sequence[int], weights: Sequence[int], quota: int) -> int:
        """Return the function that holds where the parts that hold weigh at least `quota`."""

    def order(self, parts: Sequence[int]) -> Sequence[int]:
        """Return parts in the order in which they are best joined."""

    def step(self) -> None:
        """Count one step."""

    def tidy(self, values: dict[int, int]) -> None:
        """Forget, where room is short, what no value rests on; values may be renumbered."""


class Workshop:
    """Nodes under construction; equal functions share one node."""

    __slots__ = ("_joined", "_unique", "highs", "levels", "lows", "node_limit", "steps_left")

    def __init__(self, size: int, node_limit: int = NODE_LIMIT, step_limit: int = STEP_LIMIT) -> None:
        self.levels: list[int] = [size, size]
        self.lows: list[int] = [NO, YES]
        self.highs: list[int] = [NO, YES]
        self._unique: dict[tuple[int, int, int], int] = {}
        self._joined: dict[tuple[int, int, int], int] = {}
        self.node_limit = node_limit
        self.steps_left = step_limit

    def node(self, level: int, low: int, high: int) -> int:
        """Return the node that tests the actor of `level`."""
        if low == high:
            return low
        key = (level, low, high)
        found = self._unique.get(key)
        if found is None:
            found = len(self.levels)
            if found > self.node_limit:
                raise LimitReached
            self._unique[key] = found
            self.levels.append(level)
            self.lows.append(low)
            self.highs.append(high)
        return found

    def both(self, first: int, second: int) -> int:
        """Return the conjunction."""
        return self.choose(first, second, NO)

    def either(self, first: int, second: int) -> int:
        """Return the disjunction."""
        return self.choose(first, YES, second)

    def choose(self, test: int, then: int, other: int) -> int:
        """Return `then` where `test` holds and `other` where it does not."""
        results: list[int] = []
        tasks: list[tuple[int, int, int, int]] = [(-1, test, then, other)]
        joined, levels, lows, highs = self._joined, self.levels, self.lows, self.highs
        while tasks:
            level, a, b, c = tasks.pop()
            if level >= 0:
                high = results.pop()
                low = results.pop()
                made = self.node(level, low, high)
                joined[(a, b, c)] = made
                results.append(made)
                continue
            if a == YES or b == c:
                results.append(b)
                continue
            if a == NO:
                results.append(c)
                continue
            if b == a:
                b = YES
            if c == a:
                c = NO
            if b == YES and c == NO:
                results.append(a)
                continue
            known = joined.get((a, b, c))
            if known is not None:
                results.append(known)
                continue
            self.steps_left -= 1
            if self.steps_left < 0:
                raise LimitReached
            top = min(levels[a], levels[b], levels[c])
            tasks.append((top, a, b, c))
            on_a, on_b, on_c = levels[a] == top, levels[b] == top, levels[c] == top
            tasks.append((-1, highs[a] if on_a else a, highs[b] if on_b else b, highs[c] if on_c else c))
            tasks.append((-1, lows[a] if on_a else a, lows[b] if on_b else b, lows[c] if on_c else c))
        return results[0]

    def order(self, parts: Sequence[int]) -> Sequence[int]:
        """Return each part once, those that rest on the last actors first, which are joined at little cost."""
        return sorted(dict.fromkeys(parts), key=lambda part: -self.levels[part])

    def step(self) -> None:
        """Count one step."""
        self.steps_left -= 1
        if self.steps_left < 0:
            raise LimitReached

    def tidy(self, values: dict[int, int]) -> None:
        """Do nothing: a function of up to the limit fits."""

    def threshold(self, parts: Sequence[int], weights: Sequence[int], quota: int) -> int:
        """Return the function that holds where the parts that hold weigh at least `quota`."""
        counted: dict[int, int] = {}
        for part, weight in zip(parts, weights, strict=True):
            if part == YES:
                quota -= weight
            elif part != NO and weight:
                counted[part] = counted.get(part, 0) + weight
        items = sorted(counted.items(), key=lambda item: (self.levels[item[0]], -item[1]))
        self.steps_left, function = weighed(items, quota, self.choose, (NO, YES), self.steps_left)
        return function


def weighed(
    items: Sequence[tuple[int, int]],
    quota: int,
    choose: Callable[[int, int, int], int],
    constants: tuple[int, int],
    steps: int,
) -> tuple[int, int]:
    """Return the function that holds where the parts that hold weigh at least a quota, and the steps that are left.

    At each part, all quotas that remain and cannot be told apart share one function.

    Args:
        items: Parts, each with its weight, in the order in which they are tested.
        quota: The weight that is needed.
        choose: Given a part and two functions, the first where the part holds and the second elsewhere.
        constants: The functions that never and always hold.
        steps: Most steps.
    """
    no, yes = constants
    after = [0] * (len(items) + 1)
    for position in range(len(items) - 1, -1, -1):
        after[position] = after[position + 1] + items[position][1]
    # At each position: disjoint intervals (above, to] of the quota that remains, each with its function.
    tos: list[list[int]] = [[] for _ in items]
    known: list[list[tuple[int, int, int]]] = [[] for _ in items]
    results: list[tuple[int, int | None, int | None]] = []
    tasks: list[tuple[int, int, bool]] = [(0, quota, False)]
    while tasks:
        position, needed, ready = tasks.pop()
        if needed <= 0:
            results.append((yes, None, 0))
            continue
        if needed > after[position]:
            results.append((no, after[position], None))
            continue
        at = bisect_left(tos[position], needed)
        if at < len(tos[position]) and known[position][at][1] < needed:
            results.append(known[position][at])
            continue
        part, weight = items[position]
        if not ready:
            steps -= 5
            if steps < 0:
                raise LimitReached
            tasks.append((position, needed, True))
            tasks.append((position + 1, needed - weight, False))
            tasks.append((position + 1, needed, False))
            continue
        high, high_above, high_to = results.pop()
        low, low_above, low_to = results.pop()
        aboves = [low_above] if high_above is None else [high_above + weight, low_above]
        ends = [low_to] if high_to is None else [high_to + weight, low_to]
        above = max((value for value in aboves if value is not None), default=0)
        to = min((value for value in ends if value is not None), default=after[position])
        made = (choose(part, high, low), max(above, 0), min(to, after[position]))
        tos[position].insert(at, made[2])
        known[position].insert(at, made)
        results.append(made)
    return steps, results[0][0]


def diagram_of(
    system: System,
    mode: Mode = Mode.CERTAIN,
    *,
    greatest: bool = False,
    root: int | None = None,
    node_limit: int = NODE_LIMIT,
    step_limit: int = STEP_LIMIT,
) -> Diagram | TooLarge:
    """Return the function of a system's root, or say that it is too large.

    Args:
        system: The system.
        mode: What is assumed of bounds and of holders who do not act together.
        greatest: Take the greatest fixpoint of circles instead of the least.
        root: Another node to ask about.
        node_limit: Most nodes of the diagram.
        step_limit: Most joining steps.
    """
    asked = system.root if root is None else root
    order = reachable(system, _by_weight(system, asked, mode))
    actors = tuple(node.name for node in (system.nodes[number] for number in order) if isinstance(node, Actor))
    shop = Workshop(len(actors), node_limit, step_limit)
    try:
        made = drawn(shop, system, mode, asked, actors, greatest=greatest)
    except LimitReached:
        return TooLarge("the exact table of who passes", f"{node_limit:,} nodes or {step_limit:,} steps")
    return Diagram(actors, shop.levels, shop.lows, shop.highs, made)


def drawn(shop: Shop, system: System, mode: Mode, asked: int, actors: Sequence[str], *, greatest: bool = False) -> int:
    """Return the function of a node of a system, as a node of the workshop.

    Args:
        shop: Where the nodes are made.
        system: The system.
        mode: What is assumed of bounds and of holders who do not act together.
        asked: The node of the system.
        actors: In the order of the levels.
        greatest: Take the greatest fixpoint of circles instead of the least.

    Raises:
        LimitReached: If the workshop would need more than it is allowed.
    """
    levels = {name: level for level, name in enumerate(actors)}
    values: dict[int, int] = {}
    settled = components(system, [asked])
    awaited = Counter(part for members in settled for number in members for part in parts_of(system.nodes[number]))
    awaited[asked] += 1
    for members in settled:
        for number in members:
            values[number] = YES if greatest else NO
        if len(members) == 1 and members[0] not in parts_of(system.nodes[members[0]]):
            values[members[0]] = _function(shop, system.nodes[members[0]], values, levels, mode)
        else:
            _settle(shop, system, members, values, levels, mode)
        for number in members:
            for part in parts_of(system.nodes[number]):
                awaited[part] -= 1
                if not awaited[part]:
                    del values[part]
        shop.tidy(values)
    return values[asked]


def _by_weight(system: System, asked: int, mode: Mode) -> list[int]:
    """Return the root's parts with the heaviest first, for a smaller diagram."""
    node = system.nodes[asked]
    if not isinstance(node, AtLeast):
        return [asked]
    weights = node.weighings[mode].weights
    return [part for _, part in sorted(zip(weights, node.parts, strict=True), key=lambda pair: -pair[0])] + [asked]


def _settle(
    shop: Shop, system: System, members: Sequence[int], values: dict[int, int], levels: dict[str, int], mode: Mode
) -> None:
    """Iterate a circle until nothing changes; each change wakes those that refer to it."""
    inside = set(members)
    refers: dict[int, list[int]] = {number: [] for number in members}
    for number in members:
        for part in parts_of(system.nodes[number]):
            if part in inside:
                refers[part].append(number)
    waiting = list(members)
    queued = set(members)
    while waiting:
        following: list[int] = []
        for number in waiting:
            queued.discard(number)
            shop.step()
            value = _function(shop, system.nodes[number], values, levels, mode)
            if value != values[number]:
                values[number] = value
                fresh = [other for other in refers[number] if other not in queued]
                queued.update(fresh)
                following.extend(fresh)
        waiting = following


def _function(shop: Shop, node: Node, values: dict[int, int], levels: dict[str, int], mode: Mode) -> int:
    match node:
        case Actor(name):
            return shop.node(levels[name], NO, YES)
        case Others():
            return YES if mode.others_agree else NO
        case Constant(value):
            return YES if value else NO
        case And(parts):
            function = YES
            for joined in shop.order([values[part] for part in parts]):
                function = shop.both(function, joined)
            return function
        case Or(parts):
            function = NO
            for joined in shop.order([values[part] for part in parts]):
                function = shop.either(function, joined)
            return function
        case AtLeast(parts, weighings):
            weighing = weighings[mode]
            return shop.threshold([values[part] for part in parts], weighing.weights, weighing.quota)


def holds(diagram: Diagram, agreeing: Sequence[str] | set[str] | frozenset[str]) -> bool:
    """Evaluate the function for one coalition."""
    agreed = set(agreeing)
    said = [name in agreed for name in diagram.actors]
    at = diagram.root
    while at > YES:
        at = diagram.highs[at] if said[diagram.levels[at]] else diagram.lows[at]
    return at == YES


def equal(first: Diagram, second: Diagram) -> bool:
    """Whether two functions over the same order of actors are the same."""
    if first.actors != second.actors:
        return False
    pairs: dict[int, int] = {NO: NO, YES: YES}
    waiting = [(first.root, second.root)]
    while waiting:
        one, other = waiting.pop()
        known = pairs.get(one)
        if known is not None:
            if known != other:
                return False
            continue
        if other <= YES or first.levels[one] != second.levels[other]:
            return False
        pairs[one] = other
        waiting.append((first.lows[one], second.lows[other]))
        waiting.append((first.highs[one], second.highs[other]))
    return True


def below(diagram: Diagram, root: int | None = None) -> list[int]:
    """Return the inner nodes the function rests on, parts before what refers to them."""
    seen = {NO, YES}
    waiting = [diagram.root if root is None else root]
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        waiting.append(diagram.lows[number])
        waiting.append(diagram.highs[number])
    return sorted(seen - {NO, YES})


def dual(diagram: Diagram) -> Diagram:
    """Return the function that holds for those who, by all saying no, block.

    The dual of f is not f(not x): a set blocks where the rest cannot pass.
    """
    turned = {NO: YES, YES: NO}
    lows = [NO, YES, *(turned.get(high, high) for high in diagram.highs[2:])]
    highs = [NO, YES, *(turned.get(low, low) for low in diagram.lows[2:])]
    return Diagram(diagram.actors, diagram.levels, lows, highs, turned.get(diagram.root, diagram.root))
