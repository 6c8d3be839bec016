"""Count the swings of one weighted rule as remainders, in machine words: hundreds of voters, millions of votes.

The coalitions of each weight below the quota are counted as remainders, in one table of 64-bit numbers for each
modulus; the exact counts follow by the Chinese remainder theorem. The moduli are 2**64 and numbers below 2**63 without
a common divisor: nothing is ever divided, so that they need not be prime. Two remainders below 2**63 add up without
overflow. The order of the voters is the smallest weight first: the part of the table that is not yet zero grows slowly.
One voter is taken out of the table again only where its swings need it, in a chain of quota / weight steps. Numpy does
all this; where numba is installed, compiled loops do it some four times as fast.

Source:
    T. Uno, "Efficient computation of power indices for weighted majority games", ISAAC 2012, for the chain;
    D. E. Knuth, The Art of Computer Programming, volume 2, section 4.3.2, for counting by remainders.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from itertools import accumulate, count
from math import gcd, prod
from typing import TYPE_CHECKING

from muniment.control.weighted_game import Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORK_LIMIT = 60_000_000_000
"""Additions of two remainders by compiled loops; about a minute on one core."""
WORK_LIMIT_OF_NUMPY = 15_000_000_000
"""Additions of two remainders by numpy; about as long."""
ENTRY_LIMIT = 100_000_000
"""Entries of the tables that stand in memory at once, 8 bytes each."""
WORTH_COMPILING = 200_000_000
"""Additions that take numpy longer than it takes to load the compiled loops."""
_WORD = (1 << 64) - 1
_HALF = (1 << 32) - 1


def is_compiled() -> bool:
    """Return whether numba is installed, which runs this road some four times as fast."""
    return find_spec("numba") is not None


def work(weights: Sequence[int], quota: int, *, sized: bool = False) -> int | None:
    """Return the additions it takes; None where the table takes more memory than allowed.

    Args:
        weights: Of each voter; shape (n,), positive, smallest first.
        quota: Weight needed to pass, at least 1.
        sized: Whether to count the swings for each size of the others.
    """
    n = len(weights)
    columns = n + 1 if sized else 1
    if quota * columns > ENTRY_LIMIT:
        return None
    filled = sum(min(reached, quota) for reached in accumulate(weights))
    chains = sum(min(quota // weight, n) if sized else quota // weight for weight in set(weights))
    # One table holds 63 bits of the counts.
    return (n // 63 + 1) * columns * (filled + chains)


def tally(weights: Sequence[int], quota: int, *, sized: bool = False, compiled: bool | None = None) -> Tally:
    """Count losing coalitions and swings.

    Args:
        weights: Of each voter; shape (n,), positive, smallest first.
        quota: Weight needed to pass, at least 1.
        sized: Whether to count the swings for each size of the others.
        compiled: Whether to use the compiled loops rather than numpy; default, where they are installed and pay.
    """
    from concurrent.futures import ThreadPoolExecutor

    n = len(weights)
    moduli = moduli_above(1 << n)
    if compiled is None:
        compiled = is_compiled() and (work(weights, quota, sized=sized) or 0) > WORTH_COMPILING
    columns = n + 1 if sized else 1
    count_one = _compiled_remainders if compiled else _remainders
    at_once = max(1, min(len(moduli), os.cpu_count() or 1, ENTRY_LIMIT // (quota * columns)))
    with ThreadPoolExecutor(at_once) as pool:
        rows = list(pool.map(lambda modulus: count_one(weights, quota, sized, modulus), moduli))
    exact = joined(moduli, list(zip(*rows, strict=True)))
    sizes = n if sized else 1
    swings = {
        weight: tuple(exact[columns + sizes * place : columns + sizes * (place + 1)])
        for place, weight in enumerate(sorted(set(weights)))
    }
    return Tally(sum(exact[:columns]), swings)


def _compiled_remainders(weights: Sequence[int], quota: int, sized: bool, modulus: int) -> list[int]:
    """Return, as remainders, the losing coalitions of each size, then the swings of each weight and size."""
    import numpy as np

    from muniment.control.weighted_kernels import remainders

    columns, extra = (len(weights) + 1, 1) if sized else (1, 0)
    steps = np.array([weight * columns + extra for weight in weights], np.int64)
    rows = np.array(sorted(set(weights)), np.int64)
    found: list[int] = remainders(steps, rows, quota, columns, np.uint64(modulus & _WORD)).tolist()
    return found


def _remainders(weights: Sequence[int], quota: int, sized: bool, modulus: int) -> list[int]:
    """Return what `_compiled_remainders` does, with numpy alone."""
    import numpy as np

    columns, extra = (len(weights) + 1, 1) if sized else (1, 0)
    entries = quota * columns
    table = np.zeros(entries, np.uint64)
    table[0] = 1

    def move_on(begin: int, end: int, step: int) -> None:
        total = table[begin:end] + table[begin - step : end - step]
        # 2**64 is what the machine's own additions keep to; a negative difference wraps round to a huge number.
        table[begin:end] = total if modulus > _WORD else np.minimum(total, total - np.uint64(modulus))

    reached = 0
    for weight in weights:
        step = weight * columns + extra
        reached += step
        if min(reached + 1, entries) > step:
            move_on(step, min(reached + 1, entries), step)
    # Coalitions of this weight or less: add up the rows, doubling how many at a time.
    rows = 1
    while rows < quota:
        move_on(rows * columns, entries, rows * columns)
        rows *= 2
    by_row = table.reshape(quota, columns)
    found = [int(losing) for losing in by_row[-1]]
    for weight in sorted(set(weights)):
        found += _sized_swings(by_row, weight) if sized else [_swings(table, weight)]
    return [remainder % modulus for remainder in found]


def _swings(table: NDArray[np.uint64], weight: int) -> int:
    """Return F(q - 1) - 2 F(q - 1 - w) + 2 F(q - 1 - 2w) ..., where F is the table."""
    chain = table[(table.size - 1) % weight :: weight][::-1]
    return _sum(chain[:1]) - 2 * _sum(chain[1::2]) + 2 * _sum(chain[2::2])


def _sum(entries: NDArray[np.uint64]) -> int:
    """Return a sum that may not fit a word; those of the halves of its words do."""
    return int((entries & _HALF).sum()) + (int((entries >> 32).sum()) << 32)


def _sized_swings(by_row: NDArray[np.uint64], weight: int) -> list[int]:
    """Return the swings of a voter for each size of the others, from a table with a column for each size."""
    import numpy as np

    quota, columns = by_row.shape
    low, high = np.zeros(columns, np.int64), np.zeros(columns, np.int64)
    for begin, sign in ((quota - 1, 1), (quota - 1 - weight, -1)):
        for size, row in enumerate(range(begin, -1, -weight)[:columns]):
            entries = by_row[row, : columns - size]
            low[size:] += sign * (entries & _HALF).astype(np.int64)
            high[size:] += sign * (entries >> 32).astype(np.int64)
            sign = -sign
    return [int(a) + (int(b) << 32) for a, b in zip(low[:-1], high[:-1], strict=True)]


def moduli_above(bound: int) -> list[int]:
    """Return 2**64 and numbers below 2**63, no two with a common divisor, whose product is more than `bound`."""
    moduli = [1 << 64]
    whole = 1 << 64
    odd = count((1 << 63) - 1, -2)
    while whole <= bound:
        modulus = next(odd)
        if gcd(modulus, whole) == 1:
            moduli.append(modulus)
            whole *= modulus
    return moduli


def joined(moduli: Sequence[int], rows: Sequence[Sequence[int]]) -> list[int]:
    """Return, for each row of remainders, the number below the product that leaves them (Chinese remainder theorem)."""
    whole = prod(moduli)
    units = []
    for modulus in moduli:
        rest = whole // modulus
        units.append(rest * pow(rest, -1, modulus))
    return [sum(map(int.__mul__, row, units)) % whole for row in rows]
