"""Compiled building and reading of families of sets: the minimal coalitions of a large rule.

A family is a zero-suppressed diagram (S. Minato, DAC 1993): a node holds the sets without an actor (low) and with it
(high); node 0 is no set at all, node 1 the empty set alone. `muniment.control.levelled_sets` is the way in.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from muniment.control.levelled_kernels import NO, NO_STEPS, STEPS, YES, only_node, slot
from muniment.control.machine_code import compiled

FREE = 0
IN = 1
OUT = 2


@compiled
def minimal(store: Any, levels: Any, lows: Any, highs: Any, root: Any) -> Any:
    """Return the minimal sets for which a monotone function holds, as a node of the store, or a refusal.

    With an actor, these are the minimal sets of its yes for which its no does not hold already.

    Args:
        store: Where the family is made; its level of the constants is the function's.
        levels: Of the function, parts before what refers to them; shape (nodes,), int32.
        lows: Node at a no; shape (nodes,), int32.
        highs: Node at a yes; shape (nodes,), int32.
        root: The function.
    """
    families = np.zeros(root + 2, np.int64)
    families[YES] = YES
    for at in range(2, root + 1):
        high = _without(store, families[highs[at]], np.int64(lows[at]), levels, lows, highs)
        if high < 0:
            return high
        low = families[lows[at]]
        made = low if high == NO else only_node(store, np.int64(levels[at]), low, high)
        if made < 0:
            return made
        families[at] = made
    return families[root]


@compiled
def _without(store: Any, sets: Any, function: Any, levels: Any, lows: Any, highs: Any) -> Any:
    """Return the sets for which the function does not hold, or a refusal."""
    depth = 3 * levels[0] + 8
    tasks = np.empty((depth, 3), np.int64)
    results = np.empty(depth, np.int64)
    joined = store.joined
    mask = joined.shape[0] - 1
    tasks[0, 0], tasks[0, 1], tasks[0, 2] = -1, sets, function
    waiting, done = 1, 0
    while waiting:
        waiting -= 1
        level, a, b = tasks[waiting, 0], tasks[waiting, 1], tasks[waiting, 2]
        if level >= 0:
            high = results[done - 1]
            made = results[done - 2] if high == NO else only_node(store, level, results[done - 2], high)
            if made < 0:
                return made
            done -= 1
            results[done - 1] = made
            at = slot(a, b, np.int64(0), mask)
            joined[at, 0], joined[at, 1], joined[at, 3] = a, b, made
            continue
        while b > YES and levels[b] < store.levels[a]:
            b = np.int64(lows[b])
        found = np.int64(-1)
        if a == NO or b == YES:
            found = np.int64(NO)
        elif b == NO:
            found = a
        else:
            at = slot(a, b, np.int64(0), mask)
            if joined[at, 0] == a and joined[at, 1] == b:
                found = np.int64(joined[at, 3])
        if found >= 0:
            results[done] = found
            done += 1
            continue
        store.state[STEPS] -= 1
        if store.state[STEPS] < 0:
            return np.int64(NO_STEPS)
        here = store.levels[a] == levels[b]
        tasks[waiting, 0], tasks[waiting, 1], tasks[waiting, 2] = store.levels[a], a, b
        waiting += 1
        tasks[waiting, 0], tasks[waiting, 1], tasks[waiting, 2] = -1, store.highs[a], highs[b] if here else b
        waiting += 1
        tasks[waiting, 0], tasks[waiting, 1], tasks[waiting, 2] = -1, store.lows[a], lows[b] if here else b
        waiting += 1
    return results[0]


@compiled
def sizes_and_members(levels: Any, lows: Any, highs: Any, root: Any, decided: Any, size: Any) -> Any:
    """Return the sizes of the sets that agree with what is decided, who is in those of one size, and what holds them.

    Args:
        levels: Of the family, parts before what refers to them; shape (nodes,), int32.
        lows: The sets without the actor; shape (nodes,), int32.
        highs: The sets with it; shape (nodes,), int32.
        root: The family.
        decided: For each level, whether its actor is free, in or out; shape (n,), uint8.
        size: Members of the sets that are asked about, 0 to n.

    Returns:
        A bit for each size, lowest first, shape (n // 64 + 1,), uint64; for each level, whether some set of that size
        has the actor, shape (n,), uint8; and a family, as `levels`, `lows`, `highs` and `root`, of which the sets of
        that size that agree with what is decided are the same.
    """
    n = decided.size
    words = n // 64 + 1
    one, last = np.uint64(1), np.uint64(63)
    # How many of the actors before a level must be in: an edge that skips one of them leads nowhere.
    needed = np.zeros(n + 2, np.int64)
    for level in range(n):
        needed[level + 1] = needed[level] + (decided[level] == IN)
    kept_lows = np.zeros(root + 2, np.int32)
    kept_highs = np.zeros(root + 2, np.int32)
    down = np.zeros((root + 2, words), np.uint64)
    down[YES, 0] = one
    for at in range(2, root + 1):
        level, low, high = levels[at], lows[at], highs[at]
        if low != NO and decided[level] != IN and needed[levels[low]] == needed[level + 1]:
            kept_lows[at] = low
            for word in range(words):
                down[at, word] |= down[low, word]
        if high != NO and decided[level] != OUT and needed[levels[high]] == needed[level + 1]:
            kept_highs[at] = high
            carried = np.uint64(0)
            for word in range(words):
                down[at, word] |= (down[high, word] << one) | carried
                carried = down[high, word] >> last
    found = np.zeros(n, np.uint8)
    begin = np.int64(root)
    if needed[levels[root]]:
        begin = np.int64(NO)
    left = np.zeros((root + 2, words), np.uint64)  # how many members may still be missing
    left[begin, size // 64] = one << np.uint64(size % 64)
    numbers = np.zeros(root + 2, np.int32)
    numbers[YES] = YES
    for at in range(begin, 1, -1):
        level, low, high = levels[at], kept_lows[at], kept_highs[at]
        for word in range(words):
            left[low, word] |= left[at, word]
            shifted = left[at, word] >> one
            if word + 1 < words:
                shifted |= left[at, word + 1] << last
            left[high, word] |= shifted
            if shifted & down[high, word]:
                found[level] = 1
            if left[at, word] & down[at, word]:
                numbers[at] = 1
    used = np.int32(2)
    for at in range(2, begin + 1):
        if numbers[at]:
            numbers[at] = used
            used += 1
    new_levels = np.empty(used, np.int32)
    new_lows = np.empty(used, np.int32)
    new_highs = np.empty(used, np.int32)
    new_levels[:2] = levels[0]
    new_lows[0] = new_highs[0] = 0
    new_lows[1] = new_highs[1] = 1
    for at in range(2, begin + 1):
        to = numbers[at]
        if to:
            new_levels[to] = levels[at]
            new_lows[to] = numbers[kept_lows[at]]
            new_highs[to] = numbers[kept_highs[at]]
    return down[begin].copy(), found, new_levels, new_lows, new_highs, numbers[begin]
