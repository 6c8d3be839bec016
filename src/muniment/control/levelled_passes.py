"""Compiled passes over a diagram: once up, once down, for several points or primes at a time.

Each lane of a pass has its own weights of the two branches of every level. With chances p and 1 - p the pass gives the
chance that the function holds and, for every level, the chance that its actor decides; with weights t and 1 over
a diagram of sets it gives a sum over sets of t to the power of their size. Nothing here decides anything: the caller
knows what the numbers are and how exact they are.

Source:
    P. L. Montgomery, "Modular multiplication without trial division", Math. Comp. 44 (1985).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from muniment.control.machine_code import compiled

_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@compiled
def pass_in_floats(levels: Any, lows: Any, highs: Any, root: Any, stay: Any, go: Any) -> Any:
    """Return what the root sums to, and the difference that each level makes.

    Args:
        levels: Level of each node, parts before what refers to them; shape (nodes,), int32.
        lows: Node at a no; shape (nodes,), int32.
        highs: Node at a yes; shape (nodes,), int32.
        root: The function.
        stay: Weight of a no; shape (levels, lanes), float64.
        go: Weight of a yes; shape (levels, lanes), float64.

    Returns:
        Shapes (lanes,) and (levels, lanes). A lane in which every `stay` + `go` is 1 may skip levels.
    """
    lanes = stay.shape[1]
    down = np.zeros((root + 2, lanes))
    up = np.zeros((root + 2, lanes))
    difference = np.zeros(stay.shape)
    for lane in range(lanes):
        down[1, lane] = 1
        up[root, lane] = 1
    for at in range(2, root + 1):
        level, low, high = levels[at], lows[at], highs[at]
        for lane in range(lanes):
            down[at, lane] = stay[level, lane] * down[low, lane] + go[level, lane] * down[high, lane]
    for at in range(root, 1, -1):
        level, low, high = levels[at], lows[at], highs[at]
        for lane in range(lanes):
            here = up[at, lane]
            difference[level, lane] += here * (down[high, lane] - down[low, lane])
            up[low, lane] += here * stay[level, lane]
            up[high, lane] += here * go[level, lane]
    return down[root].copy(), difference


@compiled
def _times(first: Any, second: Any, prime: Any, inverse: Any) -> Any:
    """Return the product over 2**32, modulo a prime below 2**31."""
    product = first * second
    return _least((product + ((product * inverse) & _LOW) * prime) >> _HALF, prime)


@compiled
def _least(number: Any, prime: Any) -> Any:
    """Return a number below twice the prime modulo the prime."""
    return number - prime if number >= prime else number


@compiled
def pass_in_residues(
    levels: Any, lows: Any, highs: Any, root: Any, go: Any, primes: Any, inverses: Any, of_sets: Any
) -> Any:
    """Return what the root sums to, and the difference that each level makes, modulo a prime in each lane.

    Residues stand for themselves times 2**32 (Montgomery's form), in and out.

    Args:
        levels: As for `pass_in_floats`.
        lows: As for `pass_in_floats`.
        highs: As for `pass_in_floats`.
        root: As for `pass_in_floats`.
        go: Weight of a yes; shape (levels, lanes), uint32.
        primes: Odd, below 2**31; shape (lanes,), uint64.
        inverses: Minus one over each prime, modulo 2**32; shape (lanes,), uint64.
        of_sets: The weight of a no is 1, and the yes alone is counted; else that weight is 1 - `go`, and what a no
            gives is subtracted from what a yes gives.

    Returns:
        Shapes (lanes,) and (levels, lanes), uint32.
    """
    lanes = go.shape[1]
    down = np.zeros((root + 2, lanes), np.uint32)
    up = np.zeros((root + 2, lanes), np.uint32)
    difference = np.zeros(go.shape, np.uint32)
    for lane in range(lanes):
        one = (np.uint64(1) << _HALF) % primes[lane]
        down[1, lane] = one
        up[root, lane] = one
    for at in range(2, root + 1):
        level, low, high = levels[at], lows[at], highs[at]
        for lane in range(lanes):
            prime, inverse = primes[lane], inverses[lane]
            kept, made = np.uint64(down[low, lane]), np.uint64(down[high, lane])
            if not of_sets:
                made = made + prime - kept
            down[at, lane] = _least(kept + _times(np.uint64(go[level, lane]), made, prime, inverse), prime)
    for at in range(root, 1, -1):
        level, low, high = levels[at], lows[at], highs[at]
        for lane in range(lanes):
            prime, inverse = primes[lane], inverses[lane]
            here, made = np.uint64(up[at, lane]), np.uint64(down[high, lane])
            gone = _times(here, np.uint64(go[level, lane]), prime, inverse)
            if not of_sets:
                made = made + prime - np.uint64(down[low, lane])
            changed = _times(here, made, prime, inverse)
            difference[level, lane] = _least(np.uint64(difference[level, lane]) + changed, prime)
            up[high, lane] = _least(np.uint64(up[high, lane]) + gone, prime)
            stays = here if of_sets else _least(here + prime - gone, prime)
            up[low, lane] = _least(np.uint64(up[low, lane]) + stays, prime)
    return down[root].copy(), difference
