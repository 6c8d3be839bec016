"""Small systems of any shape for property tests, and answers about them by the definitions, one coalition at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, permutations
from math import factorial

from hypothesis import strategies as st

from muniment.control.formula import (
    And,
    AtLeast,
    Constant,
    Drawing,
    Mode,
    Or,
    System,
    least,
    prepare,
    same_in_every_mode,
)

HUGE = 10**21


def all_subsets(names: Iterable[str]) -> list[frozenset[str]]:
    listed = list(names)
    return [frozenset(chosen) for size in range(len(listed) + 1) for chosen in combinations(listed, size)]


@st.composite
def systems(draw: st.DrawFn, *, actors: int = 5, circular: bool = True) -> System:
    """Draw a system with conjunctions, disjunctions, thresholds, shared actors, constants and, if allowed, circles."""
    drawing = Drawing()
    leaves = [drawing.actor(f"a{at}") for at in range(draw(st.integers(1, actors)))]
    leaves += [drawing.add(Constant(True)), drawing.add(Constant(False)), drawing.others("others of e.c")]
    inner = [drawing.reserve() for _ in range(draw(st.integers(1, 6)))]
    rounded = circular and draw(st.booleans())
    for at, number in enumerate(inner):
        pool = leaves + (inner if rounded else inner[:at])
        parts = tuple(draw(st.lists(st.sampled_from(pool), min_size=1, max_size=6)))
        kind = draw(st.sampled_from(["and", "or", "votes", "huge votes"]))
        if kind == "and":
            drawing.define(number, And(parts))
        elif kind == "or":
            drawing.define(number, Or(parts))
        else:
            scale = HUGE if kind == "huge votes" else 1
            weights = [scale * draw(st.integers(0, 5)) + draw(st.integers(0, 3)) for _ in parts]
            quota = draw(st.integers(0, sum(weights) // scale + 1)) * scale + draw(st.integers(0, 3))
            drawing.define(number, AtLeast(parts, same_in_every_mode(weights, quota)))
    return drawing.system(inner[-1])


def weighted(weights: Sequence[int], quota: int) -> System:
    drawing = Drawing()
    parts = tuple(drawing.actor(f"a{at:03}") for at in range(len(weights)))
    return drawing.system(drawing.add(AtLeast(parts, same_in_every_mode(weights, quota))))


class Game:
    """Who passes, coalition by coalition."""

    def __init__(self, system: System, actors: Sequence[str], mode: Mode = Mode.CERTAIN) -> None:
        circuit = prepare(system, mode)
        self.actors = tuple(actors)
        self.passing = {
            coalition: bool(least(circuit, coalition).yes[system.root]) for coalition in all_subsets(actors)
        }

    def swings(self, name: str, coalition: Iterable[str]) -> bool:
        rest = frozenset(coalition) - {name}
        return self.passing[rest | {name}] and not self.passing[rest]

    def owen(self, blocs: Sequence[Sequence[str]]) -> dict[str, Fraction]:
        """Count the orders that keep blocs together, as the paper defines the value."""
        within = {name for bloc in blocs for name in bloc}
        unions = [tuple(bloc) for bloc in blocs] + [(name,) for name in self.actors if name not in within]
        found = dict.fromkeys(self.actors, Fraction(0))
        orders = 0
        for order in permutations(unions):
            inner: list[tuple[str, ...]] = [()]
            for bloc in order:
                inner = [before + some for before in inner for some in permutations(bloc)]
            for line in inner:
                orders += 1
                for at, name in enumerate(line):
                    if self.swings(name, line[:at]):
                        found[name] += 1
        return {name: count / orders for name, count in found.items()}

    def of_unions(self, blocs: Sequence[Sequence[str]], *, by_order: bool) -> dict[str, Fraction]:
        """Return Banzhaf-Owen or, with orders inside a bloc, the symmetric coalitional Banzhaf value."""
        within = {name for bloc in blocs for name in bloc}
        unions = [frozenset(bloc) for bloc in blocs] + [frozenset([name]) for name in self.actors if name not in within]
        found: dict[str, Fraction] = {}
        for name in self.actors:
            own = next(bloc for bloc in unions if name in bloc)
            others = [bloc for bloc in unions if bloc != own]
            total = Fraction(0)
            for chosen in all_subsets([str(at) for at in range(len(others))]):
                outside = frozenset().union(*(others[int(at)] for at in chosen))
                for inside in all_subsets(own - {name}):
                    if self.swings(name, outside | inside):
                        size = len(inside)
                        share = Fraction(factorial(size) * factorial(len(own) - 1 - size), factorial(len(own)))
                        total += share if by_order else Fraction(1, 1 << len(own) - 1)
            found[name] = total / (1 << len(others))
        return found

    def chances(self, given: Mapping[str, Fraction]) -> tuple[Fraction, dict[str, Fraction]]:
        """Return the chance that it passes, and each actor's chance of swinging."""
        passes = Fraction(0)
        swings = dict.fromkeys(self.actors, Fraction(0))
        for coalition in self.passing:
            chance = Fraction(1)
            for name in self.actors:
                chance *= given[name] if name in coalition else 1 - given[name]
            passes += chance * self.passing[coalition]
            for name in self.actors:
                if self.swings(name, coalition):
                    swings[name] += chance
        return passes, swings
