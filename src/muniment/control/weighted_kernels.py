"""Compiled loops over the table of one weighted rule: counts as remainders, and chances as floats.

Imported only where numba is installed and the rule is large; `weighted_residues` and `weighted_chances` are the ways
in. A table has a row for each weight below the quota and a column for each size of coalition, or one column only.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from muniment.control.machine_code import compiled

STRETCH = 1024
"""Entries that are added at once. They stay in the nearest memory, and are copied first where they would overlap."""
SWEEP = 8192
"""Entries by which a group of voters moves down the table at a time."""
LAG = 200_000
"""Entries between the first and the last voter of a group, which stay in near memory."""


@compiled
def _add(into: Any, what: Any, modulus: Any) -> None:
    """Add remainders; a modulus of 0 stands for 2**64, which the machine's own addition keeps to."""
    if modulus == 0:
        for at in range(into.size):
            into[at] += what[at]
    else:
        for at in range(into.size):
            total = into[at] + what[at]
            # Where the total is below the modulus, the difference wraps round to a huge number.
            into[at] = min(total, total - modulus)


@compiled
def _copy(into: Any, what: Any) -> None:
    for at in range(into.size):
        into[at] = what[at]


@compiled
def _ways(steps: Any, entries: Any, modulus: Any) -> Any:
    """Return in how many ways each entry is reached, as remainders; shape (entries,), uint64.

    Entry x gains what entry x - step was, from the top down. A group of voters goes down the table together, so that it
    passes through memory once: before a voter comes to an entry x, the one ahead must have been at x - step, so each
    runs ahead of the next by the next one's step.
    """
    table = np.zeros(entries, np.uint64)
    table[0] = 1
    copied = np.empty(STRETCH, np.uint64)
    first, reached = 0, np.int64(0)
    while first < steps.size:
        last, lag, top = first + 1, np.int64(0), reached + steps[first]
        while last < steps.size and lag + steps[last] <= LAG:
            lag += steps[last]
            top += steps[last]
            last += 1
        top = min(top + 1, entries)
        front = top
        while front > -lag:
            behind, own_top = np.int64(0), reached
            for voter in range(first, last):
                step = steps[voter]
                own_top += step
                if voter > first:
                    behind += step
                end = min(own_top + 1, entries)
                if front < top:
                    end = min(end, front + behind)
                stop = max(step, front - SWEEP + behind)
                while end > stop:
                    begin = max(stop, end - STRETCH)
                    if end - begin <= step:
                        _add(table[begin:end], table[begin - step : end - step], modulus)
                    else:
                        _copy(copied[: end - begin], table[begin - step : end - step])
                        _add(table[begin:end], copied[: end - begin], modulus)
                    end = begin
            front -= SWEEP
        for voter in range(first, last):
            reached += steps[voter]
        first = last
    return table


@compiled
def remainders(steps: Any, rows: Any, quota: Any, columns: Any, modulus: Any) -> Any:
    """Count losing coalitions and swings, as remainders.

    Args:
        steps: How many entries each voter moves a coalition on; shape (n,), int64, smallest first.
        rows: The different weights; shape (m,), int64.
        quota: Rows of the table.
        columns: Columns of the table: 1, or n + 1 to count sizes.
        modulus: 2 to 2**63, or 0 for 2**64; uint64.

    Returns:
        Losing coalitions for each column, then for each weight the swings for each size; shape (columns + m * sizes,),
        uint64, where there are n sizes, or 1 with one column.
    """
    entries = quota * columns
    table = _ways(steps, entries, modulus)
    for at in range(columns, entries):
        total = table[at] + table[at - columns]
        table[at] = min(total, total - modulus) if modulus != 0 else total
    sizes = 1 if columns == 1 else columns - 1
    found = np.empty(columns + rows.size * sizes, np.uint64)
    last = (quota - 1) * columns
    found[:columns] = table[last:]
    to = columns
    for row in rows:
        step = row * columns + (0 if columns == 1 else 1)
        for size in range(sizes):
            most = quota if columns == 1 else np.int64(size)
            high = _without_one(table, last + size, step, most, modulus)
            low = _without_one(table, last + size - row * columns, step, most, modulus)
            total = high + (modulus - low)
            found[to] = min(total, total - modulus) if modulus != 0 else total
            to += 1
    return found


@compiled
def _without_one(table: Any, place: Any, step: Any, most: Any, modulus: Any) -> Any:
    """Return an entry as it is without one voter: table[x] - table[x - step] + table[x - 2 step] - ..."""
    total = np.uint64(0)
    subtract = False
    for _ in range(most + 1):
        if place < 0:
            break
        what = modulus - table[place] if subtract else table[place]
        total += what
        if modulus != 0:
            total = min(total, total - modulus)
        subtract = not subtract
        place -= step
    return total


@compiled
def _mix(into: Any, what: Any, stay: Any, go: Any) -> None:
    for at in range(into.size):
        into[at] = stay * into[at] + go * what[at]


@compiled
def chances_below(weights: Any, chances: Any, lows: Any, highs: Any, quota: Any) -> Any:
    """Return the chance of each weight or less, below the quota, where each voter says yes with its own chance.

    Args:
        weights: Positive, smallest first; shape (n,), int64.
        chances: Of a yes; shape (n,), float64, 0 to 1.
        lows: Least weight that the voters so far are taken to reach; shape (n,), int64, 0 or more, never falling.
        highs: Greatest weight below the quota that they are taken to reach; shape (n,), int64, never falling.
        quota: Length of the table.

    Returns:
        Shape (quota,), float64; entry x is the chance that those who say yes weigh x or less.
    """
    table = np.zeros(quota, np.float64)
    table[0] = 1
    copied = np.empty(STRETCH, np.float64)
    low_before, high_before = np.int64(0), np.int64(0)
    for voter in range(weights.size):
        weight, go, low = weights[voter], chances[voter], lows[voter]
        stay = 1 - go
        end, first = highs[voter] + 1, max(weight + low_before, low)
        while end > first:
            begin = max(first, end - STRETCH)
            if end - begin <= weight:
                _mix(table[begin:end], table[begin - weight : end - weight], stay, go)
            else:
                _copy(copied[: end - begin], table[begin - weight : end - weight])
                _mix(table[begin:end], copied[: end - begin], stay, go)
            end = begin
        for at in range(low, min(first, high_before + 1)):
            table[at] *= stay
        low_before, high_before = low, highs[voter]
    table[: min(low_before, quota)] = 0
    # Summed with the part that each addition loses carried on (Kahan).
    total, lost = table[0], table[0] * 0
    for at in range(1, quota):
        term = table[at] - lost
        longer = total + term
        lost = (longer - total) - term
        total = longer
        table[at] = total
    return table


@compiled
def swing_chances(table: Any, rows: Any, chances: Any) -> Any:
    """Return the chance that a voter of each weight and chance swings the others.

    Args:
        table: From `chances_below`, over all voters; shape (quota,), float64.
        rows: Weights; shape (m,), int64, positive.
        chances: Of a yes of the voter; shape (m,), float64, 0 to 1/2: above it, errors would grow along the chain.

    Returns:
        Shape (m,), float64.
    """
    quota = table.size
    nothing = 0
    while nothing < quota and table[nothing] == 0:
        nothing += 1
    found = np.empty(rows.size, np.float64)
    for number in range(rows.size):
        weight, go = rows[number], chances[number]
        stay = 1 - go
        below = table[0] * 0
        first = quota - 1 - (quota - 1 - nothing) // weight * weight
        for at in range(first, quota - weight, weight):
            below = (table[at] - go * below) / stay
        found[number] = (table[quota - 1] - go * below) / stay - below
    return found
