"""Payouts at very many amounts, compiled; imported only where numba is installed."""

from __future__ import annotations

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

Whole = NDArray[np.int64]


@njit(cache=True, inline="always")
def _divide(value: int, divisor: int, inverse: float) -> int:
    """Return value // divisor, exactly: a quotient from the inverse is off by a few at most, and is then put right."""
    quotient = np.int64(value * inverse)
    rest = value - quotient * divisor
    while rest < 0:
        quotient -= 1
        rest += divisor
    while rest >= divisor:
        quotient += 1
        rest -= divisor
    return int(quotient)


@njit(cache=True, parallel=True)
def pay_all(
    starts: Whole, commons: Whole, rises: Whole, wholes: Whole, rests: Whole, proceeds: Whole, paid: Whole
) -> None:
    """Fill `paid` with what each column is paid at each of `proceeds`, rounded down.

    Args:
        starts: Where each segment begins, ascending, the first 0 (segments,), minor units.
        commons: The denominator of each segment (segments,), below 2**31.
        rises: Of each line, over the denominator (segments, columns), from 0 to the denominator.
        wholes: Whole units of each offset (segments, columns).
        rests: The rest of each offset, over the denominator (segments, columns), at least 0.
        proceeds: Shape (n,), minor units.
        paid: Shape (columns, n), minor units; is overwritten.
    """
    count, columns = proceeds.size, rises.shape[1]
    block = 4096
    for part in prange((count + block - 1) // block):
        for index in range(part * block, min(count, (part + 1) * block)):
            amount = proceeds[index]
            low, high = 0, starts.size - 1
            while low < high:
                middle = (low + high + 1) >> 1
                if starts[middle] <= amount:
                    low = middle
                else:
                    high = middle - 1
            common = commons[low]
            inverse = 1 / common
            quotient = _divide(amount, common, inverse)
            remainder = amount - quotient * common
            for column in range(columns):
                rise = rises[low, column]
                part_unit = rise * remainder + rests[low, column]
                paid[column, index] = rise * quotient + wholes[low, column] + _divide(part_unit, common, inverse)
