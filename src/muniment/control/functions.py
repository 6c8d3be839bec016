"""A rule as an exact function of its actors: a decision diagram or, for few actors and tangled rules, a truth table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from muniment.control.coalitions import Sets, minimal_sets
from muniment.control.diagram import Diagram, TooLarge, below, diagram_of, dual, equal
from muniment.control.formula import Actor, Mode, System, reachable
from muniment.control.power import Indices, indices
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


def function_of(system: System, mode: Mode, *, greatest: bool = False) -> Function | TooLarge:
    """Return the function of a system's root, exactly, or say that it is too large; 24 actors never are too many."""
    below_root = reachable(system, [system.root])
    few = sum(isinstance(system.nodes[number], Actor) for number in below_root) <= MOST_ACTORS
    diagram = diagram_of(system, mode, greatest=greatest)
    if isinstance(diagram, TooLarge):
        return table_of(system, mode, greatest=greatest) if few else diagram
    if few and len(below(diagram)) > FEW_NODES:
        return table_of_diagram(diagram)
    return diagram


def sets_of(function: Function | TooLarge) -> Sets | TooLarge:
    """Return the minimal coalitions that pass."""
    match function:
        case Diagram():
            return minimal_sets(function)
        case Table():
            return minimal_sets_of_table(function)
        case _:
            return function


def blocking_sets_of(function: Function | TooLarge) -> Sets | TooLarge:
    """Return the minimal coalitions without which nothing passes."""
    match function:
        case Diagram():
            return minimal_sets(dual(function))
        case Table():
            return minimal_sets_of_table(dual_table(function))
        case _:
            return function


def powers_of(function: Function | TooLarge, actors: Sequence[str]) -> Indices | TooLarge:
    """Return the power indices of everyone in `actors`."""
    match function:
        case Diagram():
            return indices(function, actors)
        case Table():
            return indices_of_table(function, actors)
        case _:
            return function


def same(first: Function, second: Function) -> bool:
    """Whether two functions of one system are the same."""
    if isinstance(first, Diagram) and isinstance(second, Diagram):
        return equal(first, second)
    one = table_of_diagram(first) if isinstance(first, Diagram) else first
    other = table_of_diagram(second) if isinstance(second, Diagram) else second
    return one == other
