"""A rule as an exact function of its actors: a decision diagram or, for few actors and tangled rules, a truth table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from muniment.control.coalitions import Sets
from muniment.control.diagram import Diagram, TooLarge, below, diagram_of, equal
from muniment.control.formula import Actor, Mode, System, reachable
from muniment.control.levelled import LIMITS, Limits, is_installed, levelled_diagram_of, refused_without_numba
from muniment.control.levelled_counts import Swings, indices_of_diagram, swings_of_diagram
from muniment.control.levelled_sets import sets_of_diagram
from muniment.control.power import Indices
from muniment.control.truth_table import (
    MOST_ACTORS,
    Table,
    dual_table,
    indices_of_table,
    minimal_sets_of_table,
    table_of,
    table_of_diagram,
)

Function: TypeAlias = Diagram | Table
FEW_NODES = 3_000
AT_ONCE = (4_000, 40_000)
"""Nodes and steps that plain Python joins in less time than it takes to start numba."""
MANY = 1_000
LIMITS_OF_MANY = Limits(nodes=300_000, steps=6_000_000)
"""What a diagram of more actors may cost: it seldom has fewer nodes than that, and the refusal is not to take long."""


def function_of(system: System, mode: Mode, *, greatest: bool = False) -> Function | TooLarge:
    """Return the function of a system's root, exactly, or say that it is too large; 24 actors never are too many."""
    below_root = reachable(system, [system.root])
    actors = sum(isinstance(system.nodes[number], Actor) for number in below_root)
    few = actors <= MOST_ACTORS
    if not few and is_installed():
        nodes, steps = AT_ONCE
        found = diagram_of(system, mode, greatest=greatest, node_limit=nodes, step_limit=steps)
        if isinstance(found, Diagram):
            return found
        limits = LIMITS if actors <= MANY else LIMITS_OF_MANY
        made = levelled_diagram_of(system, mode, greatest=greatest, limits=limits)
        # Sums that do not fit a machine word are added by plain Python, which has no such limit.
        if isinstance(made, TooLarge) and "2^62" in made.limit:
            return diagram_of(system, mode, greatest=greatest)
        return made
    diagram = diagram_of(system, mode, greatest=greatest)
    if isinstance(diagram, TooLarge):
        return table_of(system, mode, greatest=greatest) if few else refused_without_numba(diagram)
    if few and len(below(diagram)) > FEW_NODES:
        return table_of_diagram(diagram)
    return diagram


def sets_of(function: Function | TooLarge) -> Sets | TooLarge:
    """Return the minimal coalitions that pass."""
    match function:
        case Diagram():
            return sets_of_diagram(function)
        case Table():
            return minimal_sets_of_table(function)
        case _:
            return function


def blocking_sets_of(function: Function | TooLarge) -> Sets | TooLarge:
    """Return the minimal coalitions without which nothing passes."""
    match function:
        case Diagram():
            return sets_of_diagram(function, blocking=True)
        case Table():
            return minimal_sets_of_table(dual_table(function))
        case _:
            return function


def powers_of(function: Function | TooLarge, actors: Sequence[str]) -> Indices | TooLarge:
    """Return the power indices of everyone in `actors`."""
    match function:
        case Diagram():
            return indices_of_diagram(function, actors)
        case Table():
            return indices_of_table(function, actors)
        case _:
            return function


def same(first: Function, second: Function) -> bool:
    """Whether two functions of one system, of which the second holds wherever the first does, are the same."""
    if isinstance(first, Diagram) and isinstance(second, Diagram):
        if first.actors == second.actors:
            return equal(first, second)
        # In different orders of the actors, it is enough that as many coalitions pass.
        one, other = swings_of_diagram(first), swings_of_diagram(second)
        return isinstance(one, Swings) and isinstance(other, Swings) and one.passing == other.passing
    table = table_of_diagram(first) if isinstance(first, Diagram) else first
    return table == (table_of_diagram(second) if isinstance(second, Diagram) else second)
