"""Every power index of a rule, by the road that its size allows: exact, within a tolerance, or sampled and saying so.

up to 24 actors                truth table or diagram: every index exact
one weighted vote of actors    counting by weights (`muniment.control.weighted`)
any other rule                 decision diagram (`muniment.control.levelled`)
what none of these reaches     sampling, with intervals (`muniment.control.sampling`)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import NamedTuple, TypeVar

from muniment.control.diagram import Diagram, TooLarge
from muniment.control.formula import Mode, System
from muniment.control.functions import Function, powers_of
from muniment.control.gates import WeightedRule, weighted_rule_of
from muniment.control.intervals import Interval
from muniment.control.levelled import is_installed
from muniment.control.levelled_counts import Swings, shapley_shubik_of, swings_of_diagram
from muniment.control.levelled_sets import Memberships, memberships_of_diagram
from muniment.control.more_indices import indices_by_name
from muniment.control.power import Indices
from muniment.control.truth_table import MOST_ACTORS, Table
from muniment.control.weighted import count_swings
from muniment.control.weighted_game import BeyondReach, smallest_form
from muniment.control.weighted_halves import MOST_VOTERS, MOST_VOTERS_WITH_FACTORS
from muniment.control.weighted_orders import shapley_shubik_by_integral, shapley_shubik_by_size
from muniment.control.weighted_residues import is_compiled, work
from muniment.control.weighted_sets import deegan_packel, holler, johnston

USUAL = ("banzhaf", "shapley_shubik")
MORE = ("penrose", "coleman_prevent", "coleman_initiate", "coleman_act", "deegan_packel", "holler", "johnston")
MOST_ADDITIONS = 5_000_000_000
"""Of an exact count of one weighted vote by compiled loops; about five seconds."""
MOST_SUMS = 50_000_000
"""Different weights times the quota; past it the counts of minimal coalitions refuse, and only after seconds."""
USUAL_NODES = 72
"""Nodes of an integral, as a rule."""
BITS_OF_PRIME = 63
MOST_NODES_TIMES_ACTORS = 400_000_000
"""Of a diagram on which indices are counted; about five seconds."""


WIDEST = Fraction(1, 2)
"""Of a tolerance; an interval that is wider says nothing."""
NEVER = Interval(Fraction(0), Fraction(0), Fraction(0))
Counted = TypeVar("Counted")


class SampleNote(NamedTuple):
    """How figures were sampled.

    Attributes:
        samples: Coalitions drawn.
        seed: Of the generator.
        confidence: Chance, at least, that every interval holds; 0 to 1.
    """

    samples: int
    seed: int
    confidence: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """Power indices of everyone whom a rule asks.

    Attributes:
        tables: By name of the index, by actor. An exact 0 of `banzhaf` is a dummy.
        tolerance: By name, of indices that are not exact: no value is further off than this.
        intervals: By name, of sampled indices: the bounds of each value.
        sampled: How they were sampled; None where nothing was.
        refused: What was too large for an exact answer.
    """

    tables: Mapping[str, Mapping[str, Fraction]]
    tolerance: Mapping[str, Fraction] = field(default_factory=dict)
    intervals: Mapping[str, Mapping[str, Interval]] = field(default_factory=dict)
    sampled: SampleNote | None = None
    refused: tuple[TooLarge, ...] = ()

    def is_exact(self, name: str) -> bool:
        """Return whether an index is there and exact."""
        return name in self.tables and name not in self.tolerance


class _Found:
    """Indices as they are found, road after road."""

    def __init__(self, actors: Sequence[str]) -> None:
        self.actors = actors
        self.tables: dict[str, Mapping[str, Fraction]] = {}
        self.tolerance: dict[str, Fraction] = {}
        self.refused: dict[TooLarge, None] = {}

    def add(self, name: str, values: Mapping[str, Fraction], tolerance: Fraction = Fraction(0)) -> None:
        """Add an index; whoever has no value is a dummy of the rule and has 0."""
        self.tables[name] = {actor: values.get(actor, Fraction(0)) for actor in self.actors}
        if tolerance:
            self.tolerance[name] = tolerance

    def add_swings(self, swings: Mapping[str, int], passing: int, size: int) -> None:
        """Add what follows from the number of swings; all of them are of the rule's own actors only."""
        total = sum(swings.values())
        failing = (1 << size) - passing
        half = 1 << max(size - 1, 0)
        self.add("banzhaf", {name: Fraction(count, total) for name, count in swings.items()} if total else {})
        self.add("penrose", {name: Fraction(count, half) for name, count in swings.items()})
        self.add("coleman_prevent", {name: Fraction(count, passing or 1) for name, count in swings.items()})
        self.add("coleman_initiate", {name: Fraction(count, failing or 1) for name, count in swings.items()})
        self.add("coleman_act", dict.fromkeys(self.actors, Fraction(passing, 1 << size)))


def powers_of_rule(
    system: System,
    mode: Mode,
    function: Function | TooLarge,
    actors: Sequence[str],
    *,
    every: bool = False,
    seed: int = 1,
) -> Powers:
    """Return the power indices of a rule.

    Args:
        system: The rule; some coalition passes it.
        mode: What is assumed of bounds and of holders who do not act together.
        function: The rule as a table or diagram, or why there is none.
        actors: Everyone to be shown; dummies get 0.
        every: Every index, not Banzhaf and Shapley-Shubik alone.
        seed: Of the generator, where an index must be sampled.
    """
    found = _Found(actors)
    wanted = (*USUAL, *MORE) if every else USUAL
    if isinstance(function, Table) or (isinstance(function, Diagram) and len(function.actors) <= MOST_ACTORS):
        _of_few(found, function, every=every)
        return Powers(tables=found.tables, refused=tuple(found.refused))
    rule = weighted_rule_of(system, mode)
    if rule is not None:
        _of_weighted_rule(found, rule, every=every)
    if isinstance(function, Diagram):
        _of_diagram(found, function, wanted)
    else:
        found.refused[function] = None
    return _with_sampled(found, [name for name in wanted if name not in found.tables], system, mode, seed)


def _of_few(found: _Found, function: Function, *, every: bool) -> None:
    usual = powers_of(function, found.actors)
    if isinstance(usual, TooLarge):
        found.refused[usual] = None
    else:
        found.add("banzhaf", usual.banzhaf)
        found.add("shapley_shubik", usual.shapley_shubik)
    if every:
        for name, table in indices_by_name(function, found.actors).items():
            found.add(name, table)


def _of_weighted_rule(found: _Found, rule: WeightedRule, *, every: bool) -> None:
    names, weights, quota = rule
    game = smallest_form(weights, quota)
    voters = len(game.weights)
    most = MOST_ADDITIONS if is_compiled() else MOST_ADDITIONS // 4
    additions = work(game.weights, game.quota)
    if voters <= MOST_VOTERS or (additions is not None and additions <= most):
        counts = _tried(found, lambda: count_swings(weights, quota))
        if counts is not None:
            found.add_swings(dict(zip(names, counts.swings, strict=True)), counts.winning, len(names))
    sized = work(game.weights, game.quota, sized=True)
    if voters <= MOST_VOTERS_WITH_FACTORS or (sized is not None and sized <= most // 4):
        orders = _tried(found, lambda: shapley_shubik_by_size(weights, quota))
        if orders is not None:
            found.add("shapley_shubik", dict(zip(names, orders, strict=True)))
    by_node = None if additions is None else additions // (voters // BITS_OF_PRIME + 1)
    if "shapley_shubik" not in found.tables and by_node is not None and by_node * USUAL_NODES <= 4 * most:
        integrals = _tried(found, lambda: shapley_shubik_by_integral(weights, quota))
        if integrals is not None:
            found.add("shapley_shubik", dict(zip(names, integrals.values, strict=True)), integrals.tolerance)
    if every and len(set(game.weights)) * game.quota > MOST_SUMS and voters > MOST_VOTERS:
        found.refused[TooLarge("indices of minimal coalitions", f"{MOST_SUMS:,} sums of weights")] = None
    elif every:
        for name, index in (("deegan_packel", deegan_packel), ("holler", holler), ("johnston", johnston)):
            shares = _tried(found, partial(index, weights, quota))
            if shares is not None:
                found.add(name, dict(zip(names, shares, strict=True)))


def _tried(found: _Found, count: Callable[[], Counted]) -> Counted | None:
    """Return what a count gives; where it refuses, note the refusal."""
    try:
        return count()
    except BeyondReach as refusal:
        found.refused[TooLarge("power indices by weights", str(refusal))] = None
        return None


def _of_diagram(found: _Found, diagram: Diagram, wanted: Sequence[str]) -> None:
    """Add what is not there yet."""
    nodes, size = len(diagram.levels), len(diagram.actors)
    if "banzhaf" not in found.tables and nodes * (size // 30 + 1) <= MOST_NODES_TIMES_ACTORS:
        swings = swings_of_diagram(diagram)
        if isinstance(swings, Swings):
            found.add_swings(swings.counts, swings.passing, size)
        else:
            found.refused[swings] = None
    if "shapley_shubik" not in found.tables and nodes * size <= MOST_NODES_TIMES_ACTORS:
        # Without numba the diagram is one of few nodes, on which plain whole numbers count exactly.
        usual = shapley_shubik_of(diagram) if is_installed() else powers_of(diagram, found.actors)
        if isinstance(usual, TooLarge):
            found.refused[usual] = None
        elif isinstance(usual, Indices):
            found.add("shapley_shubik", usual.shapley_shubik)
        else:
            found.add("shapley_shubik", usual.values, usual.tolerance)
    if "holler" in wanted and not {"holler", "deegan_packel"} <= found.tables.keys():
        members = memberships_of_diagram(diagram)
        if isinstance(members, TooLarge):
            found.refused[members] = None
        else:
            _add_memberships(found, members)


def _add_memberships(found: _Found, members: Memberships) -> None:
    total = sum(members.members.values())
    if not total:
        return
    found.add("holler", {name: Fraction(count, total) for name, count in members.members.items()})
    if members.shares is not None:
        found.add("deegan_packel", {name: share / members.sets for name, share in members.shares.items()})


def _with_sampled(found: _Found, missing: Sequence[str], system: System, mode: Mode, seed: int) -> Powers:
    """Return what was found, with what can be sampled of what is missing."""
    intervals: dict[str, Mapping[str, Interval]] = {}
    note: SampleNote | None = None
    asked = [name for name in missing if name not in ("deegan_packel", "holler")]
    if asked:
        from muniment.control.sampling import CONFIDENCE, Sampled, banzhaf_sampled, shapley_shubik_sampled

        half = 1 - (1 - CONFIDENCE) / 2
        drawn: list[Sampled | TooLarge] = []
        if any(name != "shapley_shubik" for name in asked):
            drawn.append(banzhaf_sampled(system, seed=seed, mode=mode, confidence=half, only=asked))
        if "shapley_shubik" in asked:
            drawn.append(shapley_shubik_sampled(system, seed=seed, mode=mode, confidence=half))
        for sample in drawn:
            if isinstance(sample, TooLarge):
                found.refused[sample] = None
                continue
            note = SampleNote(sample.samples, seed, CONFIDENCE)
            for name, table in sample.tables.items():
                if max((each.tolerance for each in table.values()), default=Fraction(0)) > WIDEST:
                    said = f"{sample.samples:,} coalitions, of which too few say anything"
                    found.refused[TooLarge(f"a sample of {name}", said)] = None
                    continue
                intervals[name] = {actor: table.get(actor, NEVER) for actor in found.actors}
                estimates = {actor: each.estimate for actor, each in table.items()}
                found.add(name, estimates, max((each.tolerance for each in table.values()), default=Fraction(0)))
    return Powers(
        tables={name: found.tables[name] for name in (*USUAL, *MORE) if name in found.tables},
        tolerance=found.tolerance,
        intervals=intervals,
        sampled=note,
        refused=tuple(found.refused),
    )
