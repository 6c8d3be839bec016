"""Offers of employment: cash by year, vesting, what equity brings at an exit, and where two offers bring the same."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.answers.offering import Comparison, Package, compare_offers, comparison_json
from muniment.book.accounts import World
from muniment.book.load import load
from muniment.model.values import Money
from muniment.payout import offers
from muniment.payout.offers import break_even
from muniment.payout.piecewise import Piecewise, constant, through

ACME = """\
2020-01-01 person ada "Ada"
2020-01-01 person oak "Oak"
2020-01-01 company acme "Acme"
  class common "Common"
  class series-a "Series A"
    original issue price: USD 1
    liquidation preference: 1x
    converts: 1:1 into common at will
2020-01-01 issue acme
  ada: 8,000,000 common
  oak: 2,000,000 series-a for USD 2,000,000
"""
OPTIONS = """\
2021-01-01 offer startup
  by: acme
  salary: USD 120,000 a year
  equity: 100,000 options on common
  strike: USD 0.50
  vests: 4 years monthly, 12 months cliff
  dilution: 20%
"""


def compared(folder: Path, text: str, years: int = 4, on: date = date(2021, 2, 1)) -> Comparison:
    (folder / "muniment.toml").write_text('name = "Job"\nformat = 1\n', encoding="utf-8")
    (folder / "job.muni").write_text(text, encoding="utf-8")
    book = load(folder)
    assert [each for each in book.diagnostics if each.severity == "error"] == []
    return compare_offers(World(book, "keeper"), on, None, [Money(Fraction(10_000_000), "USD")], years)


def only(found: Comparison) -> Package:
    (package,) = found.packages
    return package


def test_options_by_hand(tmp_path: Path) -> None:
    # 10,000,000 shares and 100,000 new ones are 80% of all after the later rounds: 12,625,000 in all.
    # At 10 million the options bring in 50,000 more. Series A keeps its 2 million (it would convert at 1.00 a share);
    # 8,050,000 fall on 10,625,000 shares: 0.757647 a share, 75,764.7 for the options, less 50,000.
    equity = only(compared(tmp_path, ACME + OPTIONS)).equity
    assert equity is not None
    assert equity.units == 100_000
    assert equity.vested == (25_000, 50_000, 75_000, 100_000)
    expected = Fraction(8_050_000, 10_625_000) * 100_000 - 50_000
    assert equity.net.at(Fraction(10_000_000)) == expected
    assert equity.net.at(Fraction(7_000_000)) == 0
    # At 100 million series-a converts: 100,050,000 on 12,625,000 shares.
    assert equity.net.at(Fraction(10**8)) == Fraction(100_050_000, 12_625_000) * 100_000 - 50_000


def test_only_what_has_vested_counts(tmp_path: Path) -> None:
    equity = only(compared(tmp_path, ACME + OPTIONS, years=2)).equity
    assert equity is not None
    assert equity.vested == (25_000, 50_000)
    # 10,050,000 shares are 80% of 12,562,500; 25,000 come in for 50,000 options.
    expected = Fraction(100_025_000, 12_562_500) * 50_000 - 25_000
    assert equity.net.at(Fraction(10**8)) == expected


def test_a_part_of_a_company_counts_the_new_shares(tmp_path: Path) -> None:
    text = ACME + "2021-01-01 offer part\n  by: acme\n  salary: USD 1 a year\n  equity: 1% of acme\n"
    package = only(compared(tmp_path, text))
    assert package.equity is not None
    assert package.equity.net.at(Fraction(10**8)) == 10**6
    assert any("1% is taken as so much of all issued shares of acme" in each for each in package.assumptions)


def test_break_even_is_exact(tmp_path: Path) -> None:
    found = compared(tmp_path, ACME + OPTIONS + "2021-01-01 offer bank\n  salary: USD 15,000 a month\n")
    startup, bank = found.packages
    assert bank.cash[0].low == 180_000
    ((first, second, exits),) = found.even
    assert (first, second) == ("startup", "bank")
    assert exits == (36_562_500,)
    assert startup.equity is not None
    # 480,000 and the options bring what 720,000 do.
    assert startup.equity.net.at(Fraction(36_562_500)) == 240_000
    assert comparison_json(found)["break_even"][0]["exits"] == ["36562500"]


def test_payments_once_by_the_week_and_within_bounds(tmp_path: Path) -> None:
    text = "2021-01-01 offer a\n  salary: USD 1,000 a week\n  bonus: USD 5,000 once\n"
    text += "2021-01-01 offer b\n  salary: between USD 100,000 and USD 120,000 a year\n"
    text += "2021-01-01 offer c\n  salary: USD 50 an hour\n"
    text += "2021-01-01 offer d\n  salary: USD 100,000 a year\n  bonus: EUR 5,000 a year\n"
    a, b, c, d = compared(tmp_path, text, years=2).packages
    assert [each.low for each in a.cash] == [57_000, 52_000]
    assert [(each.low, each.high) for each in b.cash] == [(100_000, 120_000)] * 2
    assert (c.cash, d.cash) == ((), ())
    assert "an hour" in c.open[0]
    assert "USD and EUR" in d.open[0]


def test_an_alternative_stands_beside_its_offer(tmp_path: Path) -> None:
    text = "2021-01-01 offer a\n  salary: USD 100 a year\n  bonus: USD 10 a year\n"
    text += "  alternative: USD 30 a year as bonus, or the same in stock\n  alternative: a car\n"
    plain, cash, car = compared(tmp_path, text, years=1).packages
    assert [each.cash[0].low for each in (plain, cash, car)] == [110, 130, 100]
    assert plain.open == ()
    assert "or the same in stock" in cash.open[0]
    assert "a car" in car.open[0]


@pytest.mark.parametrize(
    ("equity", "words"),
    [
        ("0.25% of each batch", "recorded only in words"),
        ("0.25% of yc", "acme has no class yc"),
        ("100 options on common", "strike of the options is not recorded"),
        ("100 preferred", "acme has no class preferred"),
        ("about 100 common", "only known within bounds"),
    ],
)
def test_what_the_records_leave_open_is_said(equity: str, words: str, tmp_path: Path) -> None:
    text = ACME + f"2021-01-01 offer a\n  by: acme\n  salary: USD 1 a year\n  equity: {equity}\n"
    package = only(compared(tmp_path, text))
    assert package.equity is None
    assert words in package.open[0]


def test_vesting_in_words_is_open(tmp_path: Path) -> None:
    text = ACME + OPTIONS.replace("4 years monthly, 12 months cliff", "as the board decides")
    assert "when the equity vests" in only(compared(tmp_path, text)).open[0]


def test_offers_count_from_their_day(tmp_path: Path) -> None:
    assert compared(tmp_path, ACME + OPTIONS, on=date(2020, 6, 1)).packages == ()


def test_example() -> None:
    import doctest

    assert doctest.testmod(offers) == (0, 2)


LINES = st.builds(
    lambda steps, slope: through(
        [
            (Fraction(0), Fraction(0)),
            *((Fraction(10 * i), Fraction(sum(steps[:i]))) for i in range(1, len(steps) + 1)),
        ],
        Fraction(slope, 4),
    ),
    st.lists(st.integers(0, 20), max_size=4),
    st.integers(0, 4),
)


@given(LINES, LINES, st.integers(-30, 30))
def test_at_a_break_even_the_two_are_equal_and_between_two_the_order_stays(
    first: Piecewise, second: Piecewise, cash: int
) -> None:
    from muniment.payout.piecewise import plus

    first = plus((first, constant(Fraction(cash))))
    met = break_even(first, second)
    assert all(first.at(x) == second.at(x) for x in met)
    places = sorted({Fraction(0), *met, *(x for line in (first, second) for x, _ in line.knots), Fraction(10_000)})
    for low, high in pairwise(places):
        here = first.at((2 * low + high) / 3) - second.at((2 * low + high) / 3)
        there = first.at((low + 2 * high) / 3) - second.at((low + 2 * high) / 3)
        assert here * there > 0 or here == there == 0
