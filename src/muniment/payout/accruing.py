"""Dividends that accrue with time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.numbers_held import Lot
from muniment.model.amounts import parse_money, parse_quantity
from muniment.model.durations import day_after
from muniment.model.values import Duration, Money, Quantity
from muniment.payout.piecewise import ZERO

COMPOUNDINGS = {"": 1, "annually": 1, "yearly": 1, "semi-annually": 2, "quarterly": 4, "monthly": 12}
"""Words after `compounded`, and how often a year."""

_WORDS = re.compile(
    r"(?P<rate>.+?) (?:a|per) year(?:,? (?P<cumulative>cumulative|non-cumulative))?"
    r"(?:,? (?:(?P<simple>simple)|compounded(?: (?P<often>[a-z-]+))?))?\Z"
)


class Accrual(NamedTuple):
    """How something accrues.

    Attributes:
        rate: A part of the price a year, or money a share a year.
        cumulative: Whether it accrues without being declared.
        often: How often a year it is compounded; 0 = simple.
        stated: Whether simple or compounded is said.
    """

    rate: Fraction | Money
    cumulative: bool
    often: int
    stated: bool


def dividend_terms(words: str) -> Accrual | None:
    """Read `8% a year, cumulative, compounded quarterly` or `USD 0.12 a year, cumulative`; None if it says otherwise.

    Example:
        >>> terms = dividend_terms("8% a year, cumulative")
        >>> str(terms.rate), terms.cumulative, terms.often
        ('2/25', True, 0)
    """
    match = _WORDS.match(words)
    if match is None:
        return None
    often = COMPOUNDINGS.get(match["often"] or "") if "compounded" in words else 0
    if often is None:
        return None
    stated = bool(match["simple"]) or "compounded" in words
    cumulative = match["cumulative"] == "cumulative"
    share = parse_quantity(match["rate"])
    if isinstance(share, Quantity) and share.unit == "%":
        return Accrual(share.amount, cumulative, often, stated)
    money = parse_money(match["rate"])
    if isinstance(money, Money) and not often:
        return Accrual(money, cumulative, often, stated)
    return None


def accrued_dividends(terms: Accrual, lots: Sequence[Lot], price: Fraction | None, on: date) -> Fraction | None:
    """Return what has accrued on shares by a day, lot by lot from the day of issue; None if that or the price is open.

    The days after the last anniversary count as a part of the days to the next one.

    Args:
        terms: How it accrues; nothing does if it is not cumulative.
        lots: The shares.
        price: What the rate is of, for each share; not needed where the rate is money.
        on: The day, included neither at its beginning nor its end: day differences are counted.

    Example:
        >>> lots = [Lot(Fraction(1000), date(2020, 1, 1))]
        >>> str(accrued_dividends(dividend_terms("8% a year, cumulative"), lots, Fraction(5), date(2023, 1, 1)))
        '1200'
    """
    total = ZERO
    for lot in lots:
        issued = lot.issued or lot.since
        if issued is None:
            return None
        if issued >= on:
            continue
        if isinstance(terms.rate, Money):
            total += lot.quantity * terms.rate.amount * years_between(issued, on)
        elif price is None:
            return None
        else:
            total += lot.quantity * price * growth(terms.rate, terms.often, issued, on)
    return total if terms.cumulative else ZERO


def years_between(first: date, last: date) -> Fraction:
    """Return the years from `first` to `last`: whole ones, and the days left as a part of the days of the next."""
    years = last.year - first.year
    if anniversary(first, years) > last:
        years -= 1
    start, end = anniversary(first, years), anniversary(first, years + 1)
    # On the last day that a date can have, there is no next anniversary.
    return years + Fraction((last - start).days, max((end - start).days, 1))


def anniversary(start: date, years: int) -> date:
    """Return the day on which a number of years from `start` is over; that of 29 February is the last of February.

    Example:
        >>> anniversary(date(2020, 2, 29), 1)
        datetime.date(2021, 2, 28)
    """
    return day_after(start, Duration(years, "years"))


def growth(rate: Fraction, often: int, first: date, last: date) -> Fraction:
    """Return what 1 has earned between two days.

    Args:
        rate: A year.
        often: How often a year it is compounded, with simple interest for what is left of a period; 0 = simple.
        first: From this day.
        last: To this day, not before `first`.
    """
    years = years_between(first, last)
    if not often:
        return rate * years
    whole = int(years * often)
    each = rate / often
    return (1 + each) ** whole * (1 + each * (years * often - whole)) - 1
