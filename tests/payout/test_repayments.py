"""SAFEs and notes that pay back a multiple or convert, whichever is more, and those that have been repaid."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from muniment.answers.rounds import thought_of_rounds
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.model.values import Money
from muniment.payout import Payout, pay_out
from muniment.payout.rounds import Price, Purchase
from muniment.payout.rounds.asked import AskedRound

COMPANY = """\
2021-01-01 person ada "Ada"
2021-01-01 fund oak "Oak"
2021-01-01 company tide
  law pack: none
  class common
2021-01-01 issue tide
  ada: 8,000,000 common
2021-06-01 note bridge
  issuer: tide
  to: oak
  amount: USD 500,000
"""


def world(lines: str) -> World:
    book = load_text(COMPANY + lines, "tide.muni")
    assert [each for each in book.diagnostics if each.severity == "error"] == []
    return World(book)


def sold(lines: str, proceeds: int, on: date = date(2022, 6, 1)) -> Payout:
    answer = pay_out(world(lines).on(on), "tide", Money(Fraction(proceeds), "USD"))
    assert answer.refusals == answer.certificate == ()
    return answer


@pytest.mark.parametrize(
    ("lines", "paid"),
    [
        ("", 500_000),
        ("  repays: 2x\n", 1_000_000),
        ("  repays: 1.5x\n  interest: 6% a year, simple\n  day count: 30/360\n", 780_000),
    ],
)
def test_what_is_paid_back_is_a_multiple_of_the_amount_and_the_interest(lines: str, paid: int) -> None:
    assert sold(lines, 5_000_000).totals["oak"] == paid


def test_the_greater_of_a_multiple_and_conversion() -> None:
    """Like a preference of twice the amount and the interest that does not participate."""
    lines = "  repays: 2x\n  cap: USD 5,300,000 post-money\n  interest: 6% a year, simple\n  day count: 30/360\n"
    low, high = sold(lines, 10_000_000), sold(lines, 10_400_000)
    assert low.totals == {"ada": 8_970_000, "oak": 1_030_000}
    assert high.totals == {"ada": 9_360_000, "oak": 1_040_000}
    assert [each.proceeds for each in high.breakpoints if "bridge converts" in each.cause] == [10_300_000]


def test_a_multiple_does_not_convert() -> None:
    terms = AskedRound(
        entity="tide",
        currency="USD",
        price=Price("pre-money", Fraction(8_500_000)),
        purchases=(Purchase("new", Fraction(1_000_000)),),
    )
    (found,) = thought_of_rounds(world("  repays: 2x\n"), terms, date(2022, 6, 1), None)
    assert found.answer.outcomes[0].solution.converted[0].amount == 500_000
    assert found.answer.outcomes[0].solution.price == 1


def test_a_note_that_has_been_repaid_is_not_outstanding() -> None:
    lines = "  repays: 2x\n  matures: 2021-12-01\n  until: 2021-12-01\n"
    assert sold(lines, 5_000_000).totals == {"ada": 5_000_000}
    assert sold(lines, 5_000_000, date(2021, 11, 30)).totals["oak"] == 1_000_000


@pytest.mark.parametrize("words", ["20%", "at least 2x"])
def test_what_is_no_multiple_leaves_no_payout(words: str) -> None:
    answer = pay_out(world(f"  repays: {words}\n").on(date(2022, 6, 1)), "tide", Money(Fraction(5_000_000), "USD"))
    (refusal,) = answer.refusals
    assert (answer.rows, str(refusal.basis.span)) == ((), "tide.muni:8:1")  # type: ignore[union-attr]
    assert refusal.message == "bridge does not say exactly what it pays back, so what it is paid is not known"
    assert refusal.hint == "write a multiple, as in 'repays: 2x'"
