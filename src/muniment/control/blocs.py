"""Power where parties form blocs that vote as one, and where some are likelier than others to agree.

The Owen value shares out what the blocs would have as players, and inside each bloc what its members would have if they
came one by one. All of it is counted in quotient games: every other bloc is one actor, so that the exact roads for any
rule serve here as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import factorial, lcm
from typing import NamedTuple

from muniment.book.structure import Structure
from muniment.control.conditioned import voting_as_one
from muniment.control.diagram import NO, YES, Diagram, TooLarge, below, diagram_of
from muniment.control.formula import Mode, System
from muniment.control.functions import function_of
from muniment.control.truth_table import Table, coalitions_by_size, where_agreed

BITS_LIMIT = 40_000_000_000  # of whole numbers handled in one count
HALF = Fraction(1, 2)
MOST_UNEVEN = 8


class BlocValues(NamedTuple):
    """What the members of blocs have.

    Attributes:
        blocs: Actors of each bloc of more than one.
        owen: By actor; sums to 1 where somebody swings.
        banzhaf_owen: By actor: the chance of swinging where its own bloc's members are free and other blocs act as one,
            each with chance 1/2.
        symmetric_coalitional_banzhaf: By actor: as Banzhaf-Owen among blocs, as Shapley-Shubik inside one.
        of_blocs: Shapley-Shubik index of each bloc as one player, by its name (`ada+bo`, or the actor alone).
    """

    blocs: tuple[tuple[str, ...], ...]
    owen: Mapping[str, Fraction]
    banzhaf_owen: Mapping[str, Fraction]
    symmetric_coalitional_banzhaf: Mapping[str, Fraction]
    of_blocs: Mapping[str, Fraction]


class SwingChances(NamedTuple):
    """How often each actor decides where actors agree with chances of their own.

    Attributes:
        chances: By actor, the chance of agreeing; 0 to 1.
        passes: Chance that it passes.
        swings: By actor, the chance that the others leave the decision to it.
        swing_shares: The same as shares of all; 0 where nobody swings.
    """

    chances: Mapping[str, Fraction]
    passes: Fraction
    swings: Mapping[str, Fraction]
    swing_shares: Mapping[str, Fraction]


def name_of(bloc: Sequence[str]) -> str:
    """Return the name of a bloc: its members in order of id."""
    return "+".join(sorted(bloc))


def check_blocs(blocs: Sequence[Sequence[str]], actors: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return blocs of more than one actor, in order of id.

    Raises:
        ValueError: If a member is no actor of the rule, or is in two blocs.
    """
    seen: set[str] = set()
    for bloc in blocs:
        for name in dict.fromkeys(bloc):
            if name not in actors:
                raise ValueError(f"the rule does not ask '{name}', so no bloc can count on its vote")
            if name in seen:
                raise ValueError(f"'{name}' is in two blocs; it can vote with one only")
            seen.add(name)
    return tuple(tuple(sorted(set(bloc))) for bloc in blocs if len(set(bloc)) > 1)


def check_chances(chances: Mapping[str, Fraction], actors: Sequence[str]) -> None:
    """Check chances of agreeing.

    Raises:
        ValueError: If a name is no actor, or a chance is below 0 or above 1.
    """
    for name, chance in chances.items():
        if name not in actors:
            raise ValueError(f"the rule does not ask '{name}', so no chance of its agreeing counts")
        if not 0 <= chance <= 1:
            raise ValueError(f"the chance that '{name}' agrees is {chance}; it must be from 0 to 1")


def blocs_of_pools(structure: Structure, actors: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the voting pools in force as blocs, of each the members whom a rule asks; pools that share one are joined.

    A pool binds votes in one entity, a bloc votes as one in everything: the answer is what the pool's members have
    where they stand together throughout.
    """
    groups: list[set[str]] = []
    for pool in structure.pools:
        members = set(pool.members).intersection(actors)
        for group in [group for group in groups if group & members]:
            groups.remove(group)
            members |= group
        if members:
            groups.append(members)
    return tuple(tuple(sorted(group)) for group in groups if len(group) > 1)


def bloc_values(
    system: System, actors: Sequence[str], blocs: Sequence[Sequence[str]], mode: Mode = Mode.CERTAIN
) -> BlocValues | TooLarge:
    """Return the Owen, Banzhaf-Owen and symmetric coalitional Banzhaf values, exactly.

    Args:
        system: The rule.
        actors: Everyone to be shown; dummies get 0.
        blocs: Actors that form blocs; everyone else is a bloc of one.
        mode: What is assumed of bounds and of holders who do not act together.

    Returns:
        The values; or a refusal where a quotient game is too large to count.

    Raises:
        ValueError: If a member is no actor, or is in two blocs.

    Source:
        G. Owen, "Values of games with a priori unions" (1977) and "Modification of the Banzhaf-Coleman index for games
        with a priori unions" (1982); J. M. Alonso-Meijide and M. G. Fiestras-Janeiro, Ann. Oper. Res. 109 (2002).
    """
    formed = check_blocs(blocs, actors)
    named = {name_of(bloc): bloc for bloc in formed}
    within = {name for bloc in formed for name in bloc}
    single = [name for name in actors if name not in within]
    quotient = _counted(voting_as_one(system, named), [], mode)
    if isinstance(quotient, TooLarge):
        return quotient
    of_blocs = {name: _owen(quotient, name) for name in (*named, *single)}
    owen = {name: of_blocs[name] for name in single}
    fair = {name: _fair(quotient, name) for name in single}
    symmetric = {name: _symmetric(quotient, name) for name in single}
    for bloc in formed:
        others = {name: members for name, members in named.items() if members != bloc}
        counted = _counted(voting_as_one(system, others), bloc, mode)
        if isinstance(counted, TooLarge):
            return counted
        for name in bloc:
            owen[name] = _owen(counted, name)
            fair[name] = _fair(counted, name)
            symmetric[name] = _symmetric(counted, name)
    return BlocValues(
        formed,
        {name: owen[name] for name in actors},
        {name: fair[name] for name in actors},
        {name: symmetric[name] for name in actors},
        of_blocs,
    )


class _Counted(NamedTuple):
    """Swings in a quotient game.

    Attributes:
        members: Actors of the bloc whom the rule asks; 1 where the bloc is a single actor.
        unions: Blocs whom the rule asks.
        swings: By actor: by how many agree inside the bloc and how many other blocs, in how many ways it swings.
    """

    members: int
    unions: int
    swings: Mapping[str, Mapping[tuple[int, int], int]]


def _owen(counted: _Counted, name: str) -> Fraction:
    members, unions = counted.members, counted.unions
    total = sum(
        count * _orders(inner, members) * _orders(outer, unions)
        for (inner, outer), count in counted.swings.get(name, {}).items()
    )
    return Fraction(total, factorial(members) * factorial(unions))


def _fair(counted: _Counted, name: str) -> Fraction:
    number = sum(counted.swings.get(name, {}).values())
    return Fraction(number, 1 << max(counted.members - 1 + counted.unions - 1, 0))


def _symmetric(counted: _Counted, name: str) -> Fraction:
    total = sum(count * _orders(inner, counted.members) for (inner, _), count in counted.swings.get(name, {}).items())
    return Fraction(total, factorial(counted.members) << max(counted.unions - 1, 0))


def _orders(before: int, size: int) -> int:
    """Return in how many orders of `size` players one comes after a given set of `before` others."""
    return factorial(before) * factorial(size - 1 - before)


def _counted(system: System, bloc: Sequence[str], mode: Mode) -> _Counted | TooLarge:
    """Count the swings of the members of a bloc; with an empty bloc, those of everyone, each a bloc of one."""
    function = function_of(system, mode)
    if isinstance(function, TooLarge):
        return function
    inside = frozenset(bloc)
    swings = (
        _counted_in_table(function, inside) if isinstance(function, Table) else _counted_in_diagram(function, inside)
    )
    if isinstance(swings, TooLarge):
        return swings
    members = sum(name in inside for name in function.actors)
    return _Counted(max(members, 1), len(function.actors) - members + bool(bloc), swings)


def _counted_in_table(table: Table, inside: frozenset[str]) -> dict[str, dict[tuple[int, int], int]]:
    size = len(table.actors)
    of_bloc = [place for place, name in enumerate(table.actors) if name in inside]
    inner = _by_members(of_bloc, size)
    outer = _by_members([place for place in range(size) if place not in of_bloc], size)
    found: dict[str, dict[tuple[int, int], int]] = {}
    for place, name in enumerate(table.actors):
        if inside and name not in inside:
            continue
        bit = size - 1 - place
        swung = table.bits >> (1 << bit) & ~table.bits & (where_agreed(bit, size) >> (1 << bit))
        found[name] = {
            (within, without): count
            for within, some in enumerate(inner)
            for without, others in enumerate(outer)
            if (count := (swung & some & others).bit_count())
        }
    return found


def _by_members(places: Sequence[int], size: int) -> list[int]:
    """Return, for each number, the coalitions that have so many members among some actors of a table."""
    everything = (1 << (1 << size)) - 1
    if len(places) == size:
        return coalitions_by_size(size)
    masks = [everything]
    for place in places:
        agreed = where_agreed(size - 1 - place, size)
        rest = everything ^ agreed
        masks = [
            (masks[count] & rest if count < len(masks) else 0) | (masks[count - 1] & agreed if count else 0)
            for count in range(len(masks) + 1)
        ]
    return masks


def _counted_in_diagram(diagram: Diagram, inside: frozenset[str]) -> dict[str, dict[tuple[int, int], int]] | TooLarge:
    """Count on a diagram; a whole number holds the counts of all sizes, in fields that cannot run over."""
    size = len(diagram.actors)
    members = sum(name in inside for name in diagram.actors)
    field = size + 2
    wide = members + 1
    nodes = below(diagram)
    if len(nodes) * field * wide * (size - members + 2) > BITS_LIMIT:
        return TooLarge("the values of blocs", f"{BITS_LIMIT:,} bits of counting")
    steps = [field if name in inside else field * wide for name in diagram.actors]
    swings = _swings(diagram, nodes, [(1, 1 << step) for step in steps])
    mask = (1 << field) - 1
    found: dict[str, dict[tuple[int, int], int]] = {}
    for level, name in enumerate(diagram.actors):
        if inside and name not in inside:
            continue
        counts: dict[tuple[int, int], int] = {}
        for at in range(wide * (size - members + 1)):
            count = swings[level] >> field * at & mask
            if count:
                counts[(at % wide, at // wide)] = count
        found[name] = counts
    return found


def _swings(diagram: Diagram, nodes: Sequence[int], weights: Sequence[tuple[int, int]]) -> list[int]:
    """Return, for each actor, the weight of the coalitions of the others that it makes pass.

    Args:
        diagram: The function.
        nodes: Its inner nodes, parts before what refers to them.
        weights: Of a no and of a yes of each actor; the weight of a coalition is the product.
    """
    down, free = _passing_weights(diagram, nodes, weights)
    up = dict.fromkeys(nodes, 0)
    swings = [0] * len(diagram.actors)
    if diagram.root > YES:
        up[diagram.root] = free(0, diagram.levels[diagram.root])
    for number in reversed(nodes):
        level, low, high = diagram.levels[number], diagram.lows[number], diagram.highs[number]
        to_low, to_high = free(level + 1, diagram.levels[low]), free(level + 1, diagram.levels[high])
        swings[level] += up[number] * (down[high] * to_high - down[low] * to_low)
        if low > YES:
            up[low] += up[number] * to_low * weights[level][0]
        if high > YES:
            up[high] += up[number] * to_high * weights[level][1]
    return swings


class _Free:
    """The weight of everything that some levels may say, kept once found."""

    def __init__(self, weights: Sequence[tuple[int, int]]) -> None:
        self.sums = [no + yes for no, yes in weights]
        self.known: dict[tuple[int, int], int] = {}

    def __call__(self, start: int, stop: int) -> int:
        found = self.known.get((start, stop))
        if found is None:
            found = 1
            for level in range(start, stop):
                found *= self.sums[level]
            self.known[(start, stop)] = found
        return found


def _passing_weights(
    diagram: Diagram, nodes: Sequence[int], weights: Sequence[tuple[int, int]]
) -> tuple[dict[int, int], _Free]:
    free = _Free(weights)
    down = {NO: 0, YES: 1}
    for number in nodes:
        level, low, high = diagram.levels[number], diagram.lows[number], diagram.highs[number]
        no, yes = weights[level]
        down[number] = no * down[low] * free(level + 1, diagram.levels[low]) + yes * down[high] * free(
            level + 1, diagram.levels[high]
        )
    return down, free


def swing_chances(
    system: System, actors: Sequence[str], chances: Mapping[str, Fraction], mode: Mode = Mode.CERTAIN
) -> SwingChances | TooLarge:
    """Return how often each actor decides where actors agree with chances of their own, exactly.

    With all chances 1/2 the swings are the Penrose measure.

    Args:
        system: The rule.
        actors: Everyone to be shown; dummies get 0.
        chances: By actor, the chance of agreeing, 0 to 1; 1/2 for who is not named.
        mode: What is assumed of bounds and of holders who do not act together.

    Raises:
        ValueError: If a name is no actor, or a chance is below 0 or above 1.

    Source:
        G. Owen, "Multilinear extensions and the Banzhaf value", Naval Research Logistics Quarterly 22 (1975): the swing
        chance is the partial derivative of the multilinear extension.
    """
    check_chances(chances, actors)
    full = {name: chances.get(name, HALF) for name in actors}
    diagram = diagram_of(system, mode)
    if isinstance(diagram, TooLarge):
        table = function_of(system, mode)
        if isinstance(table, Table) and sum(full[name] != HALF for name in table.actors) <= MOST_UNEVEN:
            return _chances_of_table(table, full)
        if not isinstance(table, Diagram):
            return diagram
        diagram = table
    common = lcm(*(full[name].denominator for name in diagram.actors)) if diagram.actors else 1
    nodes = below(diagram)
    if len(nodes) * (len(diagram.actors) * common.bit_length()) > BITS_LIMIT:
        return TooLarge("the chances of swinging", f"{BITS_LIMIT:,} bits of counting")
    weights = [(int((1 - full[name]) * common), int(full[name] * common)) for name in diagram.actors]
    return _shown(full, diagram, nodes, weights, common)


def _shown(
    full: Mapping[str, Fraction],
    diagram: Diagram,
    nodes: Sequence[int],
    weights: Sequence[tuple[int, int]],
    common: int,
) -> SwingChances:
    size = len(diagram.actors)
    counts = dict(zip(diagram.actors, _swings(diagram, nodes, weights), strict=True))
    down, free = _passing_weights(diagram, nodes, weights)
    passing = down[diagram.root] * free(0, diagram.levels[diagram.root])
    swings = {name: Fraction(counts.get(name, 0), common ** max(size - 1, 0)) for name in full}
    return _with_shares(full, Fraction(passing, common**size), swings)


def _with_shares(full: Mapping[str, Fraction], passes: Fraction, swings: Mapping[str, Fraction]) -> SwingChances:
    total = sum(swings.values(), Fraction(0))
    shares = {name: each / total if total else Fraction(0) for name, each in swings.items()}
    return SwingChances(dict(full), passes, swings, shares)


def _chances_of_table(table: Table, full: Mapping[str, Fraction]) -> SwingChances:
    """Count coalition by coalition, those alike in everything but the fair actors at once."""
    size = len(table.actors)
    uneven = [place for place, name in enumerate(table.actors) if full[name] != HALF]
    passes = Fraction(0)
    swings = dict.fromkeys(full, Fraction(0))
    parts: list[tuple[int, Fraction, dict[str, Fraction]]] = [((1 << (1 << size)) - 1, Fraction(1), {})]
    for place in uneven:
        agreed = where_agreed(size - 1 - place, size)
        name = table.actors[place]
        yes = full[name]
        parts = [
            (mask & side, chance * of_side, {**each, name: of_side})
            for mask, chance, each in parts
            for side, of_side in ((agreed, yes), (~agreed, 1 - yes))
        ]
    fair = size - len(uneven)
    critical = [  # without the actor
        (table.bits ^ table.bits >> (1 << size - 1 - place))
        & (where_agreed(size - 1 - place, size) >> (1 << size - 1 - place))
        for place in range(size)
    ]
    for mask, chance, each in parts:
        passes += chance * Fraction((table.bits & mask).bit_count(), 1 << fair)
        for place, name in enumerate(table.actors):
            count = (critical[place] & mask).bit_count()
            if not count:
                continue
            if name in each:
                rest = Fraction(1)
                for other, of_other in each.items():
                    rest *= of_other if other != name else 1
                swings[name] += rest * Fraction(count, 1 << fair)
            else:
                swings[name] += chance * Fraction(count, 1 << fair - 1)
    return _with_shares(full, passes, swings)
