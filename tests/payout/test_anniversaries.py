"""A year after 29 February ends on one day, whatever counts it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.book.vesting import vesting_steps
from muniment.model.durations import day_after
from muniment.model.right_terms import Vesting, parse_vesting
from muniment.model.values import Duration, Money
from muniment.payout import pay_out
from muniment.payout.accruing import growth, years_between
from muniment.payout.hurdles import Flow, grow

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@given(DAYS, st.integers(0, 12))
def test_dividends_hurdles_and_vesting_have_the_same_anniversaries(start: date, years: int) -> None:
    end = day_after(start, Duration(years, "years"))
    rate = Fraction(1, 10)
    assert years_between(start, end) == years
    assert growth(rate, 1, start, end) == (1 + rate) ** years - 1
    assert grow(Flow(start, Fraction(1)), rate, end) == (1 + rate) ** years
    if years:
        terms = parse_vesting(f"{years} years yearly")
        assert isinstance(terms, Vesting)
        assert vesting_steps(terms, start)[-1].day == end


@given(DAYS, DAYS)
def test_time_never_runs_back(one: date, other: date) -> None:
    first, last = min(one, other), max(one, other)
    between = years_between(first, last)
    assert between >= 0
    assert abs(between - Fraction((last - first).days * 4, 1461)) < Fraction(1, 100)
    if last < date(2060, 12, 31):
        assert years_between(first, date.fromordinal(last.toordinal() + 1)) > between


@pytest.mark.parametrize(("on", "due"), [("2021-02-28", 100), ("2024-02-29", 400)])
def test_a_dividend_of_a_year_from_29_february_is_due_on_the_last_of_february(on: str, due: int) -> None:
    text = (
        '2020-01-01 person ben "Ben"\n2020-01-01 person ada "Ada"\n\n'
        "2020-01-01 company tern\n  class common\n  class prefs\n"
        "    original issue price: USD 10\n    liquidation preference: 1x\n"
        "    dividend: 10% a year, cumulative, simple\n\n2020-02-29 issue tern\n  ben: 100 prefs\n  ada: 100 common\n"
    )
    structure = World(load_text(text)).on(date.fromisoformat(on))
    rows = pay_out(structure, "tern", Money(Fraction(10_000), "USD")).rows
    assert {row.party: row.amount for row in rows} == {"ben": 1000 + due, "ada": 9000 - due}
