"""Day counts, and the interest that accrues by them."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.payout.accrued_interest import COMPUTED, Interest, accrued, day_count_of, years_between


@pytest.mark.parametrize(
    ("first", "last", "count", "years"),
    [
        ("2007-01-15", "2007-01-30", "30/360", Fraction(15, 360)),
        ("2007-09-30", "2008-03-31", "30/360", Fraction(180, 360)),
        ("2007-09-30", "2008-03-31", "30E/360", Fraction(180, 360)),
        ("2007-08-15", "2007-10-31", "30/360", Fraction(76, 360)),
        ("2007-08-15", "2007-10-31", "30E/360", Fraction(75, 360)),
        ("2008-02-28", "2008-08-31", "30/360", Fraction(183, 360)),
        ("2008-02-28", "2008-08-31", "30E/360", Fraction(182, 360)),
        ("2003-11-01", "2004-05-01", "actual/actual", Fraction(61, 365) + Fraction(121, 366)),
        ("1999-02-01", "1999-07-01", "actual/actual", Fraction(150, 365)),
        ("2002-08-15", "2003-07-15", "actual/actual", Fraction(334, 365)),
        ("1999-07-30", "2000-01-30", "actual/actual", Fraction(155, 365) + Fraction(29, 366)),
        ("2003-11-01", "2004-05-01", "actual/365", Fraction(182, 365)),
        ("2003-11-01", "2004-05-01", "actual/360", Fraction(182, 360)),
    ],
)
def test_years_by_each_day_count(first: str, last: str, count: str, years: Fraction) -> None:
    """The actual/actual cases are those of the memorandum "EMU and Market Conventions" of ISDA, 1998."""
    assert years_between(date.fromisoformat(first), date.fromisoformat(last), count) == years


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("ACT/ACT", "actual/actual"),
        ("Actual/Actual (ISDA)", "actual/actual"),
        ("30E/360", "30E/360"),
        ("30e / 360", "30E/360"),
        ("act/365 fixed", "actual/365"),
        ("30/360", "30/360"),
        ("30E/360 ISDA", None),
        ("", None),
    ],
)
def test_words_for_day_counts(words: str, count: str | None) -> None:
    assert day_count_of(words) == count


DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@given(DAYS, st.integers(0, 4000))
def test_actual_actual_counts_day_by_day(first: date, days: int) -> None:
    counted = Fraction(0)
    for step in range(days):
        year = (first + timedelta(step)).year
        counted += Fraction(1, (date(year + 1, 1, 1) - date(year, 1, 1)).days)
    assert years_between(first, first + timedelta(days), "actual/actual") == counted


@given(DAYS, DAYS, DAYS, st.sampled_from(COMPUTED))
def test_interest_never_falls_as_time_passes(one: date, two: date, three: date, count: str) -> None:
    first, last, later = sorted((one, two, three))
    for terms in (Interest(Fraction(7, 100), False), Interest(Fraction(7, 100), True, 4)):
        amounts = [accrued(Fraction(1000), terms, first, day, count) for day in (first, last, later)]
        assert amounts[0] == 0
        assert amounts == sorted(amounts)
