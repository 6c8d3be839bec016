"""`muniment check` holds the issues under a round against its terms."""

from __future__ import annotations

import pytest

from muniment.answers.checking import check_book
from muniment.book.load import load_text

COMPANY = """\
2021-01-01 person ada "Ada"
2021-01-01 fund oak "Oak"
2021-01-01 fund elm "Elm"
2021-01-01 company tide
  law pack: none
  class common
  class series-a
    converts: 1:1 into common
2021-01-01 issue tide
  ada: 8,000,000 common
"""
ROUND = """\
2022-01-01 round series-a-round
  issuer: tide
  class: series-a
  pre-money: USD 32,000,000
  sold to: oak for USD 6,000,000{}
  sold to: elm for USD 2,000,000{}
"""
ISSUE = """\
2022-01-01 issue tide
  round: series-a-round
"""
BOTH = "  oak: 1,500,000 series-a for USD 6,000,000\n  elm: 500,000 series-a for USD 2,000,000\n"


def warned(text: str) -> list[str]:
    book = load_text(COMPANY + text, "tide.muni")
    assert [each for each in book.diagnostics if each.severity == "error"] == []
    found = [each for each in check_book(book).diagnostics if each.code == "M533"]
    assert {each.severity for each in found} <= {"warning"}
    return [each.message for each in found]


def test_issues_as_the_terms_have_them_are_not_remarked() -> None:
    assert warned(ROUND.format("", "") + ISSUE + BOTH) == []
    assert warned(ROUND.format("", "")) == []


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (BOTH.replace("1,500,000", "1,400,000"), "the terms give oak 1,500,000 shares, and 1,400,000 are issued"),
        (BOTH.partition("  elm")[0], "the terms give elm 500,000 shares, and none are issued"),
        (BOTH + "  ada: 7 series-a\n", "7 shares are issued to ada in the round, which neither buys nor converts"),
        (BOTH.replace("USD 2,000,000", "USD 1,999,999"), "by the terms elm pays USD 2,000,000, and the shares are"),
        (BOTH.replace("elm: 500,000 series-a", "elm: 500,000 common"), ""),
    ],
)
def test_what_differs_is_said_once(lines: str, words: str) -> None:
    found = warned(ROUND.format("", "") + ISSUE + lines)
    assert [each[: len(words)] for each in found] == ([words] if words else [])


def test_the_price_that_is_stated_is_compared() -> None:
    stated = ROUND.format("", "") + "  price per share: USD 4.01\n"
    assert warned(stated + ISSUE + BOTH) == ["the price per share is stated as 4.01, and comes to 4"]


def test_a_closing_that_is_still_to_come_is_not_missed() -> None:
    closings = ROUND.format(" on 2022-01-01", " on 2022-06-01")
    first, second = BOTH.splitlines(keepends=True)
    assert warned(closings + ISSUE + first) == []
    later = ISSUE.replace("2022-01-01", "2022-06-01")
    assert warned(closings + ISSUE + first + later + second) == []
    assert warned(closings + ISSUE + first + later + second.replace("500,000", "400,000")) == [
        "the terms give elm 500,000 shares, and 400,000 are issued in the round"
    ]


def test_without_a_way_of_rounding_whole_shares_may_be_less_than_one_away() -> None:
    thirds = ROUND.format("", "").replace("32,000,000", "24,000,003")
    exact = [8_000_000 * money / 24_000_003 for money in (6_000_000, 2_000_000)]
    lines = "".join(f"  {name}: {int(each):,} series-a\n" for name, each in zip(("oak", "elm"), exact, strict=True))
    assert warned(thirds + ISSUE + lines) == []
    assert len(warned(thirds + ISSUE + lines.replace(f"{int(exact[0]):,}", f"{int(exact[0]) - 1:,}"))) == 1
    down = thirds + "  shares round: down\n"
    assert warned(down + ISSUE + lines) == []
    assert len(warned(down + ISSUE + lines.replace(f"{int(exact[0]):,}", f"{int(exact[0]) + 1:,}"))) == 1


def test_one_reading_that_fits_is_enough() -> None:
    disputed = ROUND.format("", "").replace(
        "pre-money: USD 32,000,000", "pre-money: disputed\n    - USD 32,000,000\n    - USD 16,000,000"
    )
    assert warned(disputed + ISSUE + BOTH) == []
    doubled = BOTH.replace("1,500,000", "3,000,000").replace("500,000 ", "1,000,000 ")
    assert warned(disputed + ISSUE + doubled) == []
    assert warned(disputed + ISSUE + BOTH.replace("1,500,000", "1,500,001")) != []


def test_a_round_that_cannot_be_computed_is_left_alone() -> None:
    assert warned(ROUND.format("", "").replace("  pre-money: USD 32,000,000\n", "") + ISSUE + BOTH) == []
    assert warned(ROUND.format("", "").replace("2022-01-01 round", "2022-01 round") + ISSUE + BOTH) == []


def test_money_that_buys_no_whole_share_is_no_fault_where_shares_round() -> None:
    terms = ROUND.format("", "").replace("USD 32,000,000", "USD 24,000,000") + "  new money: USD 8,000,000\n"
    terms += "  price per share: USD 3\n  shares round: down\n"
    lines = "  oak: 2,000,000 series-a\n  elm: 666,666 series-a\n"
    assert warned(terms + ISSUE + lines) == []
    found = {each.code for each in check_book(load_text(COMPANY + terms + ISSUE + lines, "tide.muni")).diagnostics}
    assert "M505" not in found
    for wrong in (
        terms.replace("  shares round: down\n", ""),
        terms.replace("money: USD 8,000,000", "money: USD 8,000,009"),
    ):
        faults = check_book(load_text(COMPANY + wrong + ISSUE + lines, "tide.muni")).diagnostics
        assert "M505" in {each.code for each in faults}
