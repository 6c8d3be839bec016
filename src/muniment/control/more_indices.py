"""Further power indices: Penrose, Coleman's three, Deegan-Packel, Holler and Johnston, exactly.

Sources: L. S. Penrose (1946); J. S. Coleman (1971); J. Deegan and E. W. Packel (1978); M. J. Holler (1982);
R. J. Johnston (1978). The last three are not monotone: a voter with more votes may get a smaller share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from muniment.control.coalitions import memberships
from muniment.control.diagram import Diagram, TooLarge
from muniment.control.functions import Function
from muniment.control.power import swings_by_size
from muniment.control.truth_table import (
    MOST_ACTORS,
    Table,
    critical_shares,
    memberships_of_table,
    swings_of_table,
    table_of_diagram,
)

WITH_A_WARNING = ("deegan_packel", "holler", "johnston")
NOT_MONOTONE = "Deegan-Packel, Holler and Johnston are not monotone: more votes may give a smaller share."


def indices_by_name(function: Function, actors: Sequence[str]) -> Mapping[str, Mapping[str, Fraction]]:
    """Return every further index that can be had exactly; Johnston only of at most 24 actors.

    Args:
        function: Who passes; some coalition must, and not every one.
        actors: Everyone to be shown; dummies get 0.

    Returns:
        By the name of the index, by actor. Penrose: the chance of swinging if all others say yes with chance 1/2.
        Coleman prevent, initiate: the share of passing coalitions it can stop, of failing ones it can make pass.
        Coleman act, of the rule and so the same for everyone: the share of coalitions that pass. The others sum to 1.
    """
    if isinstance(function, Diagram) and len(function.actors) <= MOST_ACTORS:
        function = table_of_diagram(function)
    n = len(function.actors)
    counts = swings_of_table(function) if isinstance(function, Table) else swings_by_size(function)
    found: dict[str, Mapping[str, Fraction]] = {}
    if not isinstance(counts, TooLarge):
        passing = _passing(function)
        failing = (1 << n) - passing
        swings = dict(zip(function.actors, map(sum, counts), strict=True))
        if passing and failing:
            found["penrose"] = {name: Fraction(swings.get(name, 0), 1 << n - 1) for name in actors}
            found["coleman_prevent"] = {name: Fraction(swings.get(name, 0), passing) for name in actors}
            found["coleman_initiate"] = {name: Fraction(swings.get(name, 0), failing) for name in actors}
            found["coleman_act"] = {name: Fraction(passing, 1 << n) for name in actors}
    sets = memberships_of_table(function) if isinstance(function, Table) else memberships(function)
    if not isinstance(sets, TooLarge):
        number = sum((Fraction(count, size) for of in sets.values() for size, count in of.items()), Fraction(0))
        seats = sum(count for of in sets.values() for count in of.values())
        if number and seats:
            found["deegan_packel"] = {
                name: sum((Fraction(count, size) for size, count in sets.get(name, {}).items()), Fraction(0)) / number
                for name in actors
            }
            found["holler"] = {name: Fraction(sum(sets.get(name, {}).values()), seats) for name in actors}
    if isinstance(function, Table):
        shares = critical_shares(function)
        whole = sum(shares.values(), Fraction(0))
        if whole:
            found["johnston"] = {name: shares.get(name, Fraction(0)) / whole for name in actors}
    return found


def _passing(function: Function) -> int:
    """Return how many coalitions pass."""
    if isinstance(function, Table):
        return function.bits.bit_count()
    n = len(function.actors)
    ways = {0: 0, 1: 1}
    for number, level in enumerate(function.levels):
        if number > 1:
            low, high = function.lows[number], function.highs[number]
            ways[number] = (ways[low] << function.levels[low] - level - 1) + (
                ways[high] << function.levels[high] - level - 1
            )
    return ways[function.root] << (function.levels[function.root] if n else 0)
