"""Rounding money once, at the end, so that what is paid adds up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from muniment.model.currencies import MINOR_UNITS
from muniment.model.values import Money


def minor_digits(currency: str) -> int:
    """Return the number of decimals of a currency's minor unit, by ISO 4217 (2 for a code it does not list)."""
    return MINOR_UNITS.get(currency, 2)


def share_out(amounts: Sequence[tuple[str, Fraction]], total: int) -> list[int]:
    """Round amounts to whole units so that they sum to `total`, by largest remainder.

    Every amount becomes its floor, or one more. Ties go to the larger amount, then to the id that sorts first.

    Args:
        amounts: (id, amount), amounts at least 0, in units.
        total: Sum to reach: the sum of `amounts`, rounded down or up.

    Raises:
        ValueError: If the amounts cannot be rounded to that total.

    Example:
        >>> share_out([("ada", Fraction(14, 3)), ("grace", Fraction(7, 3))], 7)
        [5, 2]
    """
    floors = [amount.numerator // amount.denominator for _, amount in amounts]
    missing = total - sum(floors)
    order = sorted(
        (index for index, (_, amount) in enumerate(amounts) if amount.denominator != 1),
        key=lambda index: (
            _coarse(amounts[index][1]),
            floors[index] - amounts[index][1],
            -amounts[index][1],
            amounts[index][0],
        ),
    )
    if not 0 <= missing <= len(order):
        raise ValueError(f"amounts with floors of {sum(floors)} cannot be rounded to a sum of {total}")
    for index in order[:missing]:
        floors[index] += 1
    return floors


def _coarse(amount: Fraction) -> int:
    """Return a whole number that is never smaller for a smaller remainder, so that few fractions must be compared."""
    return -(((amount.numerator % amount.denominator) << 64) // amount.denominator)


def plain(amount: Fraction, digits: int) -> str:
    """Write an amount that has at most `digits` decimals without separators, such as ``4666666.67``."""
    units = amount * 10**digits
    whole, part = divmod(abs(units.numerator) // units.denominator, 10**digits)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{part:0{digits}d}" if digits else f"{sign}{whole}"


def money_words(money: Money) -> str:
    """Write money as the format does: ``USD 3,000,000``, ``USD 4,666,666.67``; to the nearest minor unit."""
    digits = minor_digits(money.currency)
    units = round(money.amount * 10**digits)
    whole, part = divmod(abs(units), 10**digits)
    text = f"{whole:,}.{part:0{digits}d}" if part else f"{whole:,}"
    return f"{money.currency} {'-' if units < 0 else ''}{text}".strip()
