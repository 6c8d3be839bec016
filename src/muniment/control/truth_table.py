"""Truth tables of up to 24 actors as one whole number: exact for any rule, where a diagram would grow too large.

Bit c of the number says whether coalition c passes. Coalition c has the actor of place p (in order of id) where bit
n-1-p of c is set, so that among coalitions of one size the first by ids is the greatest number.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from typing import NamedTuple

from muniment.control.coalitions import LIST_LIMIT, SHORT_LIST, Sets
from muniment.control.diagram import NO, YES, Diagram, LimitReached, TooLarge, Workshop, below, weighed
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
from muniment.control.power import Indices

MOST_ACTORS = 24
BYTES_LIMIT = 40_000_000_000  # read or written in joining tables


class Table(NamedTuple):
    """Who passes, coalition by coalition.

    Attributes:
        actors: In order of id.
        bits: Bit c: whether coalition c passes.
    """

    actors: tuple[str, ...]
    bits: int


def table_of(system: System, mode: Mode, *, greatest: bool = False) -> Table | TooLarge:
    """Return the truth table of a system's root; refuse more than 24 actors."""
    below_root = reachable(system, [system.root])
    actors = tuple(sorted(node.name for node in map(system.nodes.__getitem__, below_root) if isinstance(node, Actor)))
    if len(actors) > MOST_ACTORS:
        return TooLarge("the exact table of who passes", f"{MOST_ACTORS} actors")
    builder = _Builder(system, actors, mode)
    try:
        for members in components(system, [system.root]):
            for number in members:
                builder.values[number] = builder.all if greatest else 0
            changed = True
            while changed:
                changed = False
                for number in members:
                    value = builder.function(system.nodes[number])
                    changed = changed or value != builder.values[number]
                    builder.values[number] = value
                changed = changed and (len(members) > 1 or members[0] in parts_of(system.nodes[members[0]]))
    except LimitReached:
        return TooLarge("the exact table of who passes", f"{BYTES_LIMIT:,} bytes of joining")
    return Table(actors, builder.values[system.root])


class _Builder:
    """Tables under construction, one for each node of a system."""

    def __init__(self, system: System, actors: Sequence[str], mode: Mode) -> None:
        self.nodes = system.nodes
        self.mode = mode
        self.size = len(actors)
        self.all = (1 << (1 << self.size)) - 1
        self.levels = {name: level for level, name in enumerate(actors)}
        self.values: dict[int, int] = {}
        self.steps = 5 * (BYTES_LIMIT >> max(self.size - 3, 0))

    def function(self, node: Node) -> int:
        """Return the table of a node from those of its parts."""
        self.steps -= 1
        match node:
            case Actor(name):
                return where_agreed(self.size - 1 - self.levels[name], self.size)
            case Others():
                return self.all if self.mode.others_agree else 0
            case Constant(value):
                return self.all if value else 0
            case And(parts):
                bits = self.all
                for part in parts:
                    bits &= self.values[part]
                return bits
            case Or(parts):
                bits = 0
                for part in parts:
                    bits |= self.values[part]
                return bits
            case AtLeast():
                return self._threshold(node)

    def _threshold(self, node: AtLeast) -> int:
        weights, quota = node.weighings[self.mode]
        of_actors = [self.nodes[part] for part in node.parts]
        if all(isinstance(part, Actor) for part in of_actors) and len(set(node.parts)) == len(node.parts):
            shop = Workshop(self.size, self.steps)
            parts = [shop.node(self.levels[part.name], NO, YES) for part in of_actors if isinstance(part, Actor)]
            root = shop.threshold(parts, weights, quota)
            return _expanded(Diagram(tuple(self.levels), shop.levels, shop.lows, shop.highs, root))
        items = [(self.values[part], weight) for part, weight in zip(node.parts, weights, strict=True) if weight]
        items.sort(key=lambda item: -item[1])
        self.steps, bits = weighed(items, quota, _choose, (0, self.all), self.steps)
        return bits


def _choose(part: int, high: int, low: int) -> int:
    """Join two monotone tables: `high` where the part holds, at least `low` everywhere."""
    return low | (part & high)


def where_agreed(bit: int, size: int) -> int:
    """Return the coalitions whose number has a bit set."""
    block = (1 << (1 << bit)) - 1 << (1 << bit)
    for doubled in range(bit + 1, size):
        block |= block << (1 << doubled)
    return block


def _expanded(diagram: Diagram) -> int:
    """Return the table of a diagram whose first level is the highest bit."""
    size = len(diagram.actors)
    tables: dict[int, int] = {NO: 0, YES: 1}

    def widened(number: int, level: int) -> int:
        bits = tables[number]
        for at in range(diagram.levels[number], level, -1):
            bits |= bits << (1 << size - at)
        return bits

    for number in below(diagram):
        level = diagram.levels[number]
        low, high = widened(diagram.lows[number], level + 1), widened(diagram.highs[number], level + 1)
        tables[number] = low | high << (1 << size - level - 1)
    return widened(diagram.root, 0)


def table_of_diagram(diagram: Diagram) -> Table:
    """Return the truth table of a diagram of at most 24 actors.

    Raises:
        ValueError: If it has more.
    """
    size = len(diagram.actors)
    if size > MOST_ACTORS:
        raise ValueError(f"{size} actors; at most {MOST_ACTORS} fit a truth table")
    bits = _expanded(diagram)
    order = list(diagram.actors)
    for place, name in enumerate(sorted(order)):
        other = order.index(name)
        if other != place:
            bits = _swapped(bits, size - 1 - other, size - 1 - place, size)
            order[other], order[place] = order[place], order[other]
    return Table(tuple(order), bits)


def _swapped(bits: int, low: int, high: int, size: int) -> int:
    """Return a table with the actors of two bits exchanged (`low` < `high`)."""
    shift = (1 << high) - (1 << low)
    moved = where_agreed(low, size) & ~where_agreed(high, size)
    differing = (bits ^ bits >> shift) & moved
    return bits ^ differing ^ differing << shift


def coalitions_by_size(size: int) -> list[int]:
    """Return, for each number of members, the coalitions that have it."""
    masks = [1]
    for actors in range(size):
        shift = 1 << actors
        masks = [
            (masks[count] if count < len(masks) else 0) | (masks[count - 1] << shift if count else 0)
            for count in range(len(masks) + 1)
        ]
    return masks


def dual_table(table: Table) -> Table:
    """Return the table of those who, by all saying no, block."""
    size = len(table.actors)
    width = 1 << size
    reversed_bits = int(f"{table.bits:0{width}b}"[::-1], 2) if width < 64 else _mirrored(table.bits, size)
    return Table(table.actors, ((1 << width) - 1) ^ reversed_bits)


def _mirrored(bits: int, size: int) -> int:
    """Return the table with every coalition replaced by all the others."""
    for bit in range(size):
        shift = 1 << bit
        agreed = where_agreed(bit, size)
        bits = (bits & agreed) >> shift | (bits & (agreed >> shift)) << shift
    return bits


def _minimal(table: Table) -> int:
    size = len(table.actors)
    beyond = 0
    for bit in range(size):
        beyond |= (table.bits << (1 << bit)) & where_agreed(bit, size)
    return table.bits & ~beyond


def minimal_sets_of_table(table: Table) -> Sets:
    """Return the minimal coalitions for which a monotone table holds."""
    size = len(table.actors)
    minimal = _minimal(table)
    number = minimal.bit_count()
    if not number:
        return Sets(0, None, ())
    wanted = number if number <= LIST_LIMIT else SHORT_LIST
    listed: list[tuple[str, ...]] = []
    smallest: int | None = None
    for members, mask in enumerate(coalitions_by_size(size)):
        here = minimal & mask
        if here and smallest is None:
            smallest = members
        while here and len(listed) < wanted:
            coalition = here.bit_length() - 1
            here ^= 1 << coalition
            listed.append(tuple(name for place, name in enumerate(table.actors) if coalition >> size - 1 - place & 1))
        if len(listed) == wanted:
            break
    return Sets(number, smallest, tuple(listed))


def swings_of_table(table: Table) -> list[list[int]]:
    """Count, for each actor and size, the coalitions of the others that the actor makes pass; shape (n, n)."""
    size = len(table.actors)
    masks = coalitions_by_size(size)
    counts: list[list[int]] = []
    for place, _ in enumerate(table.actors):
        bit = size - 1 - place
        without = where_agreed(bit, size) >> (1 << bit)
        swung = table.bits >> (1 << bit) & ~table.bits & without
        counts.append([(swung & masks[members]).bit_count() for members in range(size)])
    return counts


def memberships_of_table(table: Table) -> dict[str, dict[int, int]]:
    """Return, for each actor, how many minimal coalitions of each size it belongs to."""
    size = len(table.actors)
    minimal = _minimal(table)
    by_size = [minimal & mask for mask in coalitions_by_size(size)]
    return {
        name: {
            members: count
            for members, sets in enumerate(by_size)
            if (count := (sets & where_agreed(size - 1 - place, size)).bit_count())
        }
        for place, name in enumerate(table.actors)
    }


def critical_shares(table: Table) -> dict[str, Fraction]:
    """Return, for each actor, one over the number of critical members, summed where the actor is one of them."""
    size = len(table.actors)
    critical: list[int] = []
    for place, _ in enumerate(table.actors):
        bit = size - 1 - place
        agreed = where_agreed(bit, size)
        critical.append(table.bits & ~(table.bits << (1 << bit)) & agreed)
    planes: list[int] = []  # bit b of the number of critical members, coalition by coalition
    for of_actor in critical:
        carry = of_actor
        for at, plane in enumerate(planes):
            planes[at], carry = plane ^ carry, plane & carry
        if carry:
            planes.append(carry)
    shares = dict.fromkeys(table.actors, Fraction(0))
    for number in range(1, size + 1):
        exactly = (1 << (1 << size)) - 1
        for at, plane in enumerate(planes):
            exactly &= plane if number >> at & 1 else ~plane
        if number >> len(planes) or not exactly:
            continue
        for name, of_actor in zip(table.actors, critical, strict=True):
            shares[name] += Fraction((of_actor & exactly).bit_count(), number)
    return shares


def indices_of_table(table: Table, actors: Sequence[str]) -> Indices:
    """Return the power indices of a monotone table; who never swings has exactly 0."""
    size = len(table.actors)
    orders = [factorial(members) * factorial(size - 1 - members) for members in range(size)]
    swings = dict(zip(table.actors, swings_of_table(table), strict=True))
    total = sum(sum(counts) for counts in swings.values())
    by_banzhaf = dict.fromkeys(actors, Fraction(0))
    by_order = dict.fromkeys(actors, Fraction(0))
    for name, counts in swings.items():
        if total:
            by_banzhaf[name] = Fraction(sum(counts), total)
            weighted = sum(count * order for count, order in zip(counts, orders, strict=True))
            by_order[name] = Fraction(weighted, factorial(size))
    return Indices(by_banzhaf, by_order)
