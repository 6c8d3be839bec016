"""Decisions in time: from when a matter can pass if some acts need notice, and who must act for it to pass by a day."""

from __future__ import annotations

import heapq
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from muniment.book.structure import Basis
from muniment.control.formula import Actor, And, AtLeast, Circuit, Constant, Node, Or, Others, System, parts_of
from muniment.model.durations import day_after
from muniment.model.values import Duration

MOST_UNROLLED = 200_000


class Delay(NamedTuple):
    """What a node waits for besides its part.

    Attributes:
        words: As written (`30 days notice`).
        after: How long it waits once its part says yes; None = not at all.
        until: The day it waits for; None = none.
        because: Where that is stated.
    """

    words: str
    after: Duration | None
    until: date | None
    because: tuple[Basis, ...] = ()

    def ends(self, start: date) -> date | None:
        """Return the first day on which it is over; None where that is beyond the calendar."""
        ended = later(start, self.after) if self.after is not None else start
        if ended is None or self.until is None:
            return ended
        return max(ended, self.until)

    def must_start(self, by: date) -> date | None:
        """Return the last day on which it may start to be over by a day; None where it cannot be."""
        if self.until is not None and self.until > by:
            return None
        return latest_start(by, self.after) if self.after is not None else by


def later(start: date, length: Duration) -> date | None:
    """Return the day a length of time after another, which is not counted; None where it is beyond the calendar.

    Example:
        >>> later(date(2021, 1, 31), Duration(1, "months"))
        datetime.date(2021, 2, 28)
    """
    ended = day_after(start, length)
    return None if ended == date.max else ended


def latest_start(by: date, length: Duration) -> date | None:
    """Return the last day from which a length of time is over by a day; None where there is none.

    Example:
        >>> latest_start(date(2021, 2, 28), Duration(1, "months"))
        datetime.date(2021, 1, 31)
    """
    try:
        if length.unit in ("days", "weeks"):
            return by - timedelta(days=length.count * (7 if length.unit == "weeks" else 1))
        months = by.year * 12 + by.month - 1 - length.count * (12 if length.unit == "years" else 1)
        year, month = divmod(months, 12)
        days = monthrange(year, month + 1)[1]
        # The last day of a shorter month is reached from every later day of a longer one.
        ends_month = by.day == monthrange(by.year, by.month)[1]
        return date(year, month + 1, days if ends_month else min(by.day, days))
    except (OverflowError, ValueError):
        return None


def first_days(circuit: Circuit, delays: Mapping[int, Delay], agreeing: Iterable[str], on: date) -> dict[int, date]:
    """Return, for each node that can say yes, the first day on which it does.

    Args:
        circuit: The system, prepared in a mode.
        delays: What nodes wait for besides their parts.
        agreeing: Actors who agree, from `on` at once.
        on: The first day on which anybody acts.

    Source:
        D. E. Knuth, "A generalization of Dijkstra's algorithm", Information Processing Letters 6 (1977): a node's day
        never falls before the days of the parts it needs.
    """
    days: dict[int, date] = {}
    sums = [0] * len(circuit.quotas)
    queue: list[tuple[date, int]] = []

    def rise(number: int, day: date) -> None:
        delay = delays.get(number)
        ended = delay.ends(day) if delay is not None else day
        if ended is not None:
            heapq.heappush(queue, (ended, number))

    start = [circuit.leaves[name] for name in agreeing if name in circuit.leaves]
    start += [*circuit.always, *(number for number, quota in enumerate(circuit.quotas) if quota == 0)]
    for number in start:
        rise(number, on)
    reached = set(start)
    while queue:
        day, number = heapq.heappop(queue)
        if number in days:
            continue
        days[number] = day
        for above, weight in circuit.parents[number]:
            sums[above] += weight
            if above not in reached and sums[above] >= circuit.quotas[above]:
                reached.add(above)
                rise(above, day)
    return days


class Unrolled(NamedTuple):
    """A system with a deadline at every node.

    Attributes:
        system: Over the same actors.
        deadlines: For each node of the system without deadlines that is still needed, the last day on which it may say
            yes; where it is needed by several days, the last of them.
    """

    system: System
    deadlines: dict[int, date]


def by_deadline(system: System, delays: Mapping[int, Delay], on: date, by: date) -> Unrolled | None:
    """Return the system of what must be agreed for the matter to pass by a day.

    A node that waits must be begun so much sooner. What would have to be begun before `on` is out of reach.

    Args:
        system: The compiled rule.
        delays: What nodes wait for besides their parts.
        on: The first day on which anybody acts.
        by: The last day on which the matter may pass.

    Returns:
        The system; None where it is too large.
    """
    nodes: list[Node] = []
    numbers: dict[tuple[int, date | None], int] = {}
    deadlines: dict[int, date] = {}
    waiting: list[tuple[int, date | None]] = []

    def number_of(number: int, day: date | None) -> int:
        day = None if isinstance(system.nodes[number], Actor | Others | Constant) and number not in delays else day
        found = numbers.get((number, day))
        if found is None:
            found = numbers[number, day] = len(nodes)
            nodes.append(Constant(False))
            waiting.append((number, day))
        return found

    root = number_of(system.root, by)
    while waiting:
        if len(nodes) > MOST_UNROLLED:
            return None
        number, day = waiting.pop()
        node, own = system.nodes[number], numbers[number, day]
        if day is None:
            nodes[own] = node
            continue
        deadlines[number] = max(deadlines.get(number, day), day)
        delay = delays.get(number)
        start = delay.must_start(day) if delay is not None else day
        if start is None or start < on:
            continue  # begun too late: it stays a constant no
        parts = tuple(number_of(part, start) for part in parts_of(node))
        nodes[own] = node._replace(parts=parts) if isinstance(node, And | Or | AtLeast) else node
    return Unrolled(System(tuple(nodes), root), deadlines)
