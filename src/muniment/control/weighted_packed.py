"""Count the swings of a weighted rule with one whole number per table: the second road, in plain Python.

The coalitions of each weight are the coefficients of the product of (1 + x**w) over the voters. With x = 2**B and B
bits for each coefficient, the product is one whole number, made by shifting and adding. Sizes of coalitions are counted
along by giving each voter the weight w * (n + 1) + 1 in a table of so many columns.

Source:
    L. Kronecker's substitution, as in A. Schönhage, "Asymptotically fast algorithms for the numerical multiplication
    and division of polynomials with complex coefficients" (1982); the counts as in S. J. Brams and P. J. Affuso,
    "Power and size: a new paradox", Theory and Decision 7 (1976); one voter taken out again as in T. Uno, "Efficient
    computation of power indices for weighted majority games", ISAAC 2012.
"""

from __future__ import annotations

from collections.abc import Sequence

from muniment.control.weighted_game import Tally

WORK_LIMIT = 600_000_000
"""Words of 64 bits that may be shifted and added; some ten seconds."""
MEMORY_LIMIT = 1 << 28
"""Bytes of one table."""


def work(weights: Sequence[int], quota: int, *, sized: bool = False) -> int | None:
    """Return the words to be shifted and added; None where one table takes more memory than allowed."""
    n = len(weights)
    table = quota * (n + 1 if sized else 1) * (n // 8 + 1)
    return None if table > MEMORY_LIMIT else n * (table // 8 + 1)


def tally(weights: Sequence[int], quota: int, *, sized: bool = False) -> Tally:
    """Count losing coalitions and swings.

    Args:
        weights: Of each voter; shape (n,), positive.
        quota: Weight needed to pass, at least 1.
        sized: Whether to count the swings for each size of the others.
    """
    n = len(weights)
    columns = n + 1 if sized else 1
    extra = 1 if sized else 0
    wide = n // 8 + 1  # bytes of a count; a count is at most 2**n
    bits = 8 * wide
    entries = quota * columns
    everything = (1 << bits * entries) - 1
    product = 1
    for weight in weights:
        product = (product + (product << bits * (weight * columns + extra))) & everything
    # Coalitions below each weight: add up the rows, doubling how many at a time.
    rows = 1
    while rows < quota:
        product = (product + (product << bits * columns * rows)) & everything
        rows *= 2
    table = product.to_bytes(wide * entries, "little")

    def below(place: int) -> int:
        return int.from_bytes(table[wide * place : wide * (place + 1)], "little")

    def without_one(place: int, step: int, most: int) -> int:
        # F(x) = G(x) + G(x - w), with F for all voters and G for all but one: G(x) = F(x) - F(x - w) + F(x - 2w) ...
        return sum(
            -below(at) if times % 2 else below(at) for times, at in enumerate(range(place, -1, -step)[: most + 1])
        )

    last = (quota - 1) * columns
    losing = sum(below(last + size) for size in range(columns))
    swings: dict[int, tuple[int, ...]] = {}
    for weight in set(weights):
        step = weight * columns + extra
        swings[weight] = tuple(
            without_one(last + size, step, size if sized else quota)
            - without_one(last + size - weight * columns, step, size if sized else quota)
            for size in range(n if sized else 1)
        )
    return Tally(losing, swings)
