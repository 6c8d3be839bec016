"""Compiled building of decision diagrams: nodes in arrays, joined by hashing, thresholds by merging intervals.

Imported only where numba is installed and the rule is large; `muniment.control.levelled` is the way in. A node is a
whole number: 0 is no, 1 is yes. A negative result is one of the refusals below. Nothing recurses.

Source:
    S. Bolus, "Power indices of simple games and vector-weighted majority games by means of binary decision diagrams",
    European Journal of Operational Research 210 (2011), for the intervals; R. E. Bryant, "Graph-based algorithms for
    Boolean function manipulation", IEEE Trans. Computers 35 (1986), for joining.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from muniment.control.machine_code import compiled

NO = 0
YES = 1
NO_ROOM = -1
NO_STEPS = -2
USED = 0
STEPS = 1

_FIRST = -7046029254386353131
_SECOND = -4417276706812531889
_THIRD = 1609587929392839161
_FAR = 1 << 62


class Store(NamedTuple):
    """Nodes under construction; equal functions share one node.

    Attributes:
        levels: Level of each node; shape (capacity,), int32.
        lows: Node to go on with at a no; shape (capacity,), int32.
        highs: The same at a yes.
        unique: Open hash table of the nodes; 0 where free; a power of two above the capacity.
        joined: Results of joining, overwritten at will: three nodes and their result; shape (a power of two, 4), int32.
        state: Nodes used, steps left; shape (2,), int64.
    """

    levels: Any
    lows: Any
    highs: Any
    unique: Any
    joined: Any
    state: Any


def new_store(size: int, capacity: int, steps: int) -> Store:
    """Return a store with the two constants.

    Args:
        size: Number of actors, the level of the constants.
        capacity: Most nodes.
        steps: Most joining steps.
    """
    slots = 1 << max(capacity, 2).bit_length()
    levels, lows, highs = (np.empty(capacity + 2, np.int32) for _ in range(3))
    levels[:2], lows[:2], highs[:2] = size, (NO, YES), (NO, YES)
    return Store(
        levels,
        lows,
        highs,
        np.zeros(slots, np.int32),
        np.zeros((slots // 2, 4), np.int32),
        np.array([2, steps], np.int64),
    )


@compiled
def slot(first: Any, second: Any, third: Any, mask: Any) -> Any:
    """Return where three numbers stand in a hash table of `mask` + 1 places, a power of two."""
    mixed = first * _FIRST + second * _SECOND + third * _THIRD
    mixed ^= mixed >> 29
    mixed *= _SECOND
    mixed ^= mixed >> 32
    return mixed & mask


@compiled
def node(store: Any, level: Any, low: Any, high: Any) -> Any:
    """Return the node that tests the actor of `level`, or a refusal."""
    if low == high:
        return low
    return only_node(store, level, low, high)


@compiled
def only_node(store: Any, level: Any, low: Any, high: Any) -> Any:
    """Return the one node with this level and these branches, or a refusal."""
    mask = store.unique.size - 1
    at = slot(level, low, high, mask)
    while True:
        found = np.int64(store.unique[at])
        if found == 0:
            break
        if store.levels[found] == level and store.lows[found] == low and store.highs[found] == high:
            return found
        at = (at + 1) & mask
    made = store.state[USED]
    if made >= store.levels.size:
        return np.int64(NO_ROOM)
    store.state[USED] = made + 1
    store.levels[made] = level
    store.lows[made] = low
    store.highs[made] = high
    store.unique[at] = made
    return made


@compiled
def choose(store: Any, test: Any, then: Any, other: Any) -> Any:
    """Return `then` where `test` holds and `other` where it does not, or a refusal."""
    levels, lows, highs, joined = store.levels, store.lows, store.highs, store.joined
    depth = 3 * levels[0] + 8
    tasks = np.empty((depth, 4), np.int64)
    results = np.empty(depth, np.int64)
    mask = joined.shape[0] - 1
    tasks[0, 0], tasks[0, 1], tasks[0, 2], tasks[0, 3] = -1, test, then, other
    waiting, done = 1, 0
    while waiting:
        waiting -= 1
        level, a, b, c = tasks[waiting, 0], tasks[waiting, 1], tasks[waiting, 2], tasks[waiting, 3]
        if level >= 0:
            made = node(store, level, results[done - 2], results[done - 1])
            if made < 0:
                return made
            done -= 1
            results[done - 1] = made
            at = slot(a, b, c, mask)
            joined[at, 0], joined[at, 1], joined[at, 2], joined[at, 3] = a, b, c, made
            continue
        found = np.int64(-1)
        if a == YES or b == c:
            found = b
        elif a == NO:
            found = c
        else:
            if b == a:
                b = np.int64(YES)
            if c == a:
                c = np.int64(NO)
            if b == YES and c == NO:
                found = a
            elif b == c:
                found = b
            elif (b == YES and c > a) or (c == NO and b > YES and b > a):
                # "either" and "both" are the same in either order; one order finds more of what is known.
                if b == YES:
                    a, c = c, a
                else:
                    a, b = b, a
        if found < 0:
            at = slot(a, b, c, mask)
            if joined[at, 0] == a and joined[at, 1] == b and joined[at, 2] == c:
                found = np.int64(joined[at, 3])
        if found >= 0:
            results[done] = found
            done += 1
            continue
        store.state[STEPS] -= 1
        if store.state[STEPS] < 0:
            return np.int64(NO_STEPS)
        top = min(levels[a], levels[b], levels[c])
        on_a, on_b, on_c = levels[a] == top, levels[b] == top, levels[c] == top
        tasks[waiting, 0], tasks[waiting, 1], tasks[waiting, 2], tasks[waiting, 3] = top, a, b, c
        waiting += 1
        tasks[waiting, 0] = -1
        tasks[waiting, 1] = highs[a] if on_a else a
        tasks[waiting, 2] = highs[b] if on_b else b
        tasks[waiting, 3] = highs[c] if on_c else c
        waiting += 1
        tasks[waiting, 0] = -1
        tasks[waiting, 1] = lows[a] if on_a else a
        tasks[waiting, 2] = lows[b] if on_b else b
        tasks[waiting, 3] = lows[c] if on_c else c
        waiting += 1
    return results[0]


@compiled
def _join(store: Any, part: Any, high: Any, low: Any) -> Any:
    """Return `high` where the part holds and `low` elsewhere; at once where the part is an actor above both."""
    if high == low:
        return low
    level = np.int64(store.levels[part])
    if store.lows[part] == NO and store.highs[part] == YES and level < store.levels[high] and level < store.levels[low]:
        return node(store, level, low, high)
    return choose(store, part, high, low)


@compiled
def threshold(store: Any, parts: Any, weights: Any, quota: Any, most: Any) -> Any:
    """Return the function that holds where the parts that hold weigh at least `quota`, or a refusal.

    Args:
        store: The nodes.
        parts: In the order in which they are tested, no constants; shape (m,), int64.
        weights: Positive; shape (m,), int64; their sum below 2**62.
        quota: The weight that is needed.
        most: Where at most this many whole quotas could remain, over all parts, all are looked at; else intervals.
    """
    size = parts.size
    after = np.zeros(size + 1, np.int64)
    for position in range(size - 1, -1, -1):
        after[position] = after[position + 1] + weights[position]
    if quota <= 0:
        return np.int64(YES)
    if quota > after[0]:
        return np.int64(NO)
    windows = np.int64(0)
    for position in range(size):
        windows += min(quota, after[position]) - max(quota - after[0] + after[position], np.int64(1)) + 1
        if windows > most:
            return _by_intervals(store, parts, weights, quota, after)
    return _by_quotas(store, parts, weights, quota, after, windows)


@compiled
def _by_quotas(store: Any, parts: Any, weights: Any, quota: Any, after: Any, windows: Any) -> Any:
    """Go down with every quota that can remain, in order, and up again; equal functions are neighbours."""
    size = parts.size
    remaining = np.empty(windows + 1, np.int64)  # what is not touched takes no memory
    first = np.zeros(size + 2, np.int64)
    remaining[0] = quota
    first[1] = 1
    widest = np.int64(1)
    for position in range(size):
        begin, end = first[position], first[position + 1]
        weight, limit = weights[position], after[position + 1]
        one, other, to = begin, begin, end
        while other < end:  # merge r - weight (fewer are left over) and r
            lower = remaining[other] - weight
            if one < end and remaining[one] <= lower:
                value = remaining[one]
                if value == lower:
                    other += 1
                one += 1
            else:
                value = lower
                other += 1
            if 0 < value <= limit:
                remaining[to] = value
                to += 1
        while one < end:
            value = remaining[one]
            if 0 < value <= limit:
                remaining[to] = value
                to += 1
            one += 1
        first[position + 2] = to
        widest = max(widest, to - end)
    functions = np.empty((2, widest), np.int64)
    for position in range(size - 1, -1, -1):
        begin, end, to = first[position], first[position + 1], first[position + 2]
        here, below = position & 1, 1 - (position & 1)
        weight, limit = weights[position], after[position + 1]
        at_low, at_high = end, end
        last_low, last_high, last_made = np.int64(-1), np.int64(-1), np.int64(-1)
        for at in range(begin, end):
            value = remaining[at]
            if value > limit:
                low = np.int64(NO)
            else:
                while remaining[at_low] < value:
                    at_low += 1
                low = functions[below, at_low - end]
            value -= weight
            if value <= 0:
                high = np.int64(YES)
            elif value > limit:
                high = np.int64(NO)
            else:
                while remaining[at_high] < value:
                    at_high += 1
                high = functions[below, at_high - end]
            if low != last_low or high != last_high:
                last_low, last_high = low, high
                last_made = _join(store, parts[position], high, low)
                if last_made < 0:
                    return last_made
            functions[here, at - begin] = last_made
    return functions[0, 0]


@compiled
def _by_intervals(store: Any, parts: Any, weights: Any, quota: Any, after: Any) -> Any:
    """At each part, all quotas that remain and cannot be told apart share one function.

    The intervals (above, to] of a part stand in a treap, a search tree kept in balance by chance.
    """
    size = parts.size
    capacity = 2 * store.levels.size
    aboves = np.empty(capacity, np.int64)  # what is not touched takes no memory
    tos = np.empty(capacity, np.int64)
    functions = np.empty(capacity, np.int32)
    branches = np.empty((capacity, 2), np.int32)
    tops = np.full(size, -1, np.int64)
    used = np.int64(0)
    depth = 3 * size + 8
    tasks = np.empty((depth, 3), np.int64)
    results = np.empty((depth, 3), np.int64)
    tasks[0, 0], tasks[0, 1], tasks[0, 2] = 0, quota, 0
    waiting, done = 1, 0
    while waiting:
        waiting -= 1
        position, needed, ready = tasks[waiting, 0], tasks[waiting, 1], tasks[waiting, 2]
        if needed <= 0:
            results[done, 0], results[done, 1], results[done, 2] = YES, -_FAR, 0
            done += 1
            continue
        if needed > after[position]:
            results[done, 0], results[done, 1], results[done, 2] = NO, after[position], _FAR
            done += 1
            continue
        if not ready:
            at = tops[position]
            while at >= 0:
                if needed <= aboves[at]:
                    at = np.int64(branches[at, 0])
                elif needed > tos[at]:
                    at = np.int64(branches[at, 1])
                else:
                    break
            if at >= 0:
                results[done, 0], results[done, 1], results[done, 2] = functions[at], aboves[at], tos[at]
                done += 1
                continue
            store.state[STEPS] -= 1
            if store.state[STEPS] < 0:
                return np.int64(NO_STEPS)
            weight = weights[position]
            tasks[waiting, 0], tasks[waiting, 1], tasks[waiting, 2] = position, needed, 1
            waiting += 1
            tasks[waiting, 0], tasks[waiting, 1], tasks[waiting, 2] = position + 1, needed - weight, 0
            waiting += 1
            tasks[waiting, 0], tasks[waiting, 1], tasks[waiting, 2] = position + 1, needed, 0
            waiting += 1
            continue
        weight = weights[position]
        low, low_above, low_to = results[done - 2, 0], results[done - 2, 1], results[done - 2, 2]
        high, high_above, high_to = results[done - 1, 0], results[done - 1, 1], results[done - 1, 2]
        done -= 1
        made = _join(store, parts[position], high, low)
        if made < 0:
            return made
        above = max(low_above, np.int64(0))
        if high_above > -_FAR:
            above = max(above, high_above + weight)
        to = min(low_to, after[position])
        if high_to < _FAR:
            to = min(to, high_to + weight)
        results[done - 1, 0], results[done - 1, 1], results[done - 1, 2] = made, above, to
        if used == capacity:
            return np.int64(NO_ROOM)
        aboves[used], tos[used], functions[used] = above, to, made
        _plant(branches, tops, position, aboves, used)
        used += 1
    return results[0, 0]


@compiled
def _plant(branches: Any, tops: Any, position: Any, aboves: Any, new: Any) -> Any:
    """Insert an interval into the treap of its position."""
    rank = slot(new, position, np.int64(0), np.int64(_FAR - 1))
    key = aboves[new]
    parent, side, at = np.int64(-1), np.int64(0), tops[position]
    while at >= 0 and slot(at, position, np.int64(0), np.int64(_FAR - 1)) > rank:
        parent = at
        side = np.int64(key > aboves[at])
        at = np.int64(branches[at, side])
    if parent < 0:
        tops[position] = new
    else:
        branches[parent, side] = new
    # What stood here is split: smaller keys to the left of the new one, greater ones to its right.
    left, left_side, right, right_side = new, 0, new, 1
    while at >= 0:
        if aboves[at] < key:
            branches[left, left_side] = at
            left, left_side = at, 1
            at = np.int64(branches[at, 1])
        else:
            branches[right, right_side] = at
            right, right_side = at, 0
            at = np.int64(branches[at, 0])
    branches[left, left_side] = -1
    branches[right, right_side] = -1


@compiled
def marked(lows: Any, highs: Any, used: Any, roots: Any) -> Any:
    """Return which nodes the roots rest on, the constants included; shape (used,), uint8."""
    alive = np.zeros(used, np.uint8)
    alive[0] = alive[1] = 1
    for root in roots:
        alive[root] = 1
    for at in range(used - 1, 1, -1):
        if alive[at]:
            alive[lows[at]] = 1
            alive[highs[at]] = 1
    return alive


@compiled
def collect(store: Any, roots: Any) -> None:
    """Forget every node that no root rests on; `roots` is renumbered in place."""
    used = store.state[USED]
    alive = marked(store.lows, store.highs, used, roots)
    numbers = np.zeros(used, np.int32)
    numbers[1] = 1
    store.unique[:] = 0
    store.joined[:] = 0
    store.state[USED] = 2
    for at in range(2, used):
        if alive[at]:
            low, high = np.int64(numbers[store.lows[at]]), np.int64(numbers[store.highs[at]])
            numbers[at] = node(store, np.int64(store.levels[at]), low, high)
    for place in range(roots.size):
        roots[place] = numbers[roots[place]]


@compiled
def by_level(levels: Any, lows: Any, highs: Any, root: Any) -> Any:
    """Return the nodes that `root` rests on, sorted by level, the last level first; and the root's number."""
    used = max(root + 1, 2)
    roots = np.empty(1, np.int64)
    roots[0] = root
    alive = marked(lows, highs, used, roots)
    size = levels[0]
    starts = np.zeros(size + 2, np.int64)
    for at in range(2, used):
        if alive[at]:
            starts[size - levels[at]] += 1
    for place in range(1, size + 2):
        starts[place] += starts[place - 1]
    count = 2 + starts[size]
    numbers = np.zeros(used, np.int32)
    numbers[1] = 1
    filled = np.zeros(size + 2, np.int64)
    for at in range(2, used):
        if alive[at]:
            place = size - levels[at]
            numbers[at] = 2 + starts[place - 1] + filled[place]
            filled[place] += 1
    new_levels = np.empty(count, np.int32)
    new_lows = np.empty(count, np.int32)
    new_highs = np.empty(count, np.int32)
    new_levels[:2] = size
    new_lows[0] = new_highs[0] = 0
    new_lows[1] = new_highs[1] = 1
    for at in range(2, used):
        if alive[at]:
            to = numbers[at]
            new_levels[to] = levels[at]
            new_lows[to] = numbers[lows[at]]
            new_highs[to] = numbers[highs[at]]
    return new_levels, new_lows, new_highs, numbers[root]
