"""The engine for path problems: every question that can be asked of a `Problem`, in one place.

`prepare` a problem once; then ask from any start: `says` and `holds` (gates in a state), `relaxed` (all that can come
on if nothing is ever lost), `search` (whether there is a plan, with a proof if there is none), `shortest` (fewest
moves), `schedule` (the days of a plan) and `soonest` (fewest days).

Example:
    >>> from muniment.control.paths.problem import Bit, Effect, Every, Fixed, Problem, Step
    >>> problem = Problem(
    ...     bits=("the board is ours", "the charter is amended"),
    ...     gates=(Bit(0), Bit(1), Fixed(True), Every((0, 1))),
    ...     steps=(
    ...         Step("amend the charter", 0, (Effect(1, True),), days=10),
    ...         Step("fill the board", 2, (Effect(0, True),), days=30),
    ...     ),
    ...     start=0,
    ...     goal=3,
    ... )
    >>> prepared = prepare(problem)
    >>> search(prepared)
    Reached(plan=(1, 0))
    >>> schedule(prepared, None, (1, 0))
    Schedule(starts=(0, 30), takes_effect=(30, 40))
    >>> relaxed(prepared, start=0b10).goal
    True
"""

from __future__ import annotations

from muniment.control.paths.network import Closure, Prepared, holds, prepare, relaxed, says
from muniment.control.paths.schedule import Impossible, Schedule, Soonest, schedule, soonest
from muniment.control.paths.search import Absent, Found, Reached, TooLarge, search
from muniment.control.paths.shortest import Plan, shortest

__all__ = [
    "Absent",
    "Closure",
    "Found",
    "Impossible",
    "Plan",
    "Prepared",
    "Reached",
    "Schedule",
    "Soonest",
    "TooLarge",
    "holds",
    "prepare",
    "relaxed",
    "says",
    "schedule",
    "search",
    "shortest",
    "soonest",
]
