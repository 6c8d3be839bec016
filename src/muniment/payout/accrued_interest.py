"""Interest that has accrued on a note by a date."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.model.amounts import parse_quantity
from muniment.model.values import Quantity

DAY_COUNTS = ("actual/365", "actual/360", "30/360")
"""The usual day counts; a note that states none gets the bounds over all of them."""

COMPUTED = (*DAY_COUNTS, "30E/360", "actual/actual")
"""Every day count that is computed where it is stated.

Source: ISDA 2006 Definitions, s. 4.16(b) actual/actual, (d) actual/365 (fixed), (e) actual/360, (f) 30/360 and
(g) 30E/360.
"""

_OTHER_WORDS = {
    "actual/365fixed": "actual/365",
    "actual/365(fixed)": "actual/365",
    "30e/360": "30E/360",
    "eurobondbasis": "30E/360",
    "actual/act": "actual/actual",
    "actual/actualisda": "actual/actual",
    "actual/actual(isda)": "actual/actual",
    "actual/actisda": "actual/actual",
    "actual/act(isda)": "actual/actual",
}

PERIODS = {"": 1, "yearly": 1, "annually": 1, "semi-annually": 2, "quarterly": 4, "monthly": 12}
"""Words after `compounded`, and how often a year they mean."""

_RATE = re.compile(
    r"(?P<rate>\S+?) (?:a|per) year(?:, (?P<how>simple|compounded(?: (?P<period>[a-z-]+))?))?\Z", re.ASCII
)
ZERO = Fraction(0)


class Interest(NamedTuple):
    """The terms of interest.

    Attributes:
        rate: A year, as a fraction.
        compounded: Once a period; else simple.
        periods: Periods a year.
    """

    rate: Fraction
    compounded: bool
    periods: int = 1


def interest_of(text: str) -> Interest | None:
    """Return what `6% a year`, `6% a year, simple` or `6% a year, compounded quarterly` says; None for other words."""
    match = _RATE.match(text)
    rate = parse_quantity(match["rate"]) if match else None
    if match is None or not isinstance(rate, Quantity) or rate.unit != "%" or rate.amount < 0:
        return None
    periods = PERIODS.get(match["period"] or "")
    return None if periods is None else Interest(rate.amount, (match["how"] or "").startswith("compounded"), periods)


def day_count_of(text: str) -> str | None:
    """Return the day count in `COMPUTED` that the words mean; None if they are others.

    Example:
        >>> day_count_of("ACT/ACT ISDA"), day_count_of("30e/360"), day_count_of("by the moon")
        ('actual/actual', '30E/360', None)
    """
    word = text.strip().lower().replace("act/", "actual/").replace(" ", "")
    word = _OTHER_WORDS.get(word, word)
    return word if word in COMPUTED else None


def years_between(first: date, last: date, day_count: str) -> Fraction:
    """Return the years from one day to another by a day count.

    Args:
        first: The day from which interest runs.
        last: The day up to which it runs, not before `first`.
        day_count: One of `COMPUTED`.

    Example:
        >>> years_between(date(2021, 1, 31), date(2021, 7, 31), "30/360")
        Fraction(1, 2)
        >>> years_between(date(2021, 1, 1), date(2022, 1, 1), "actual/actual")
        Fraction(1, 1)
    """
    if day_count == "actual/actual":
        return _of_its_year(last) - _of_its_year(first)
    if day_count in ("30/360", "30E/360"):
        start = min(first.day, 30)
        end = 30 if last.day == 31 and (start == 30 or day_count == "30E/360") else last.day
        days = 360 * (last.year - first.year) + 30 * (last.month - first.month) + end - start
        return Fraction(days, 360)
    return Fraction(last.toordinal() - first.toordinal(), int(day_count.rpartition("/")[2]))


def _of_its_year(day: date) -> Fraction:
    """Return a day as a year and the part of that year before it: days of a leap year count as 1/366 each."""
    start = date(day.year, 1, 1).toordinal()
    length = 366 if isleap(day.year) else 365
    return day.year + Fraction(day.toordinal() - start, length)


def accrued(principal: Fraction, terms: Interest, first: date, last: date, day_count: str) -> Fraction:
    """Return the interest accrued on a principal from one day to another; nothing before the first.

    Compounded interest is added to the principal once for each whole period by the day count; the rest of a period
    bears simple interest on what there then is.

    Example:
        >>> accrued(Fraction(100_000), Interest(Fraction(6, 100), False), date(2021, 1, 1), date(2021, 7, 1), "30/360")
        Fraction(3000, 1)
    """
    if last <= first:
        return ZERO
    years = years_between(first, last, day_count)
    if not terms.compounded:
        return principal * terms.rate * years
    elapsed, each = years * terms.periods, terms.rate / terms.periods
    whole = elapsed.numerator // elapsed.denominator
    grown = principal * (1 + each) ** whole
    return grown * (1 + each * (elapsed - whole)) - principal
