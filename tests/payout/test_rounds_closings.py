"""Several closings of a round, with numbers computed by hand: one price, one conversion, shares added later."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from rounds_setup import COMPANY, SAFE, ask

from muniment.answers.rounds import recorded_rounds
from muniment.book.accounts import World
from muniment.book.load import load_text

ROLLING = """\
2022-01-01 round series-a-round
  issuer: tide
  class: series-a
  pre-money: USD 32,000,000
  sold to: oak for USD 6,000,000 on 2022-01-01
"""
LATER = "  sold to: elm for USD 2,000,000 on 2022-03-01\n"


def test_a_later_closing_adds_shares_at_the_same_price_and_converts_nothing_again() -> None:
    """The SAFE has a fifth of 10 million shares, so the price is 3.2: oak gets 1,875,000, and later elm 625,000."""
    converts = "  converts: first-safe\n"
    (one,) = ask(COMPANY + SAFE + ROLLING + converts)
    (two,) = ask(COMPANY + SAFE + ROLLING + LATER + converts)
    (first,), (both,) = one.answer.outcomes, two.answer.outcomes
    assert first.solution.price == both.solution.price == Fraction("3.2")
    assert first.solution.converted == both.solution.converted
    assert both.solution.converted[0].shares == 2_000_000
    assert {each.investor: each.shares for each in both.solution.bought} == {"oak": 1_875_000, "elm": 625_000}
    assert both.solution.total - first.solution.total == 625_000
    assert both.after_each_closing == (
        (date(2022, 1, 1), Fraction(1_875_000, 11_875_000)),
        (date(2022, 3, 1), Fraction(2_500_000, 12_500_000)),
    )


ISSUED = "2022-01-01 issue tide\n  round: series-a-round\n  oak: 1,500,000 series-a for USD 6,000,000\n"
LATE = """\
2022-02-01 safe late-safe
  issuer: tide
  to: fir
  amount: USD 1,000,000
  cap: USD 20,000,000 post-money
"""
NEXT = """\
2022-03-01 round next-closing
  issuer: tide
  class: series-a
  price per share: USD 4
  sold to: elm for USD 2,000,000
  converts: late-safe
"""


def test_a_safe_of_between_two_closings_converts_at_the_next_one_as_a_round_of_its_own() -> None:
    """It has a twentieth of 9.5 million and its own: 500,000 of 10 million, at 2; elm gets 500,000 at 4."""
    book = load_text(COMPANY + ROLLING + ISSUED + LATE + NEXT, "tide.muni")
    record = book.index.defined["next-closing"]
    (found,) = recorded_rounds(World(book), record, date(2022, 3, 1), None)
    solution = found.answer.outcomes[0].solution
    assert (solution.converted[0].price, solution.converted[0].shares) == (2, 500_000)
    assert solution.bought[0].shares == 500_000
    assert solution.total == 10_500_000


def test_a_later_safe_is_not_taken_into_the_first_closing() -> None:
    (found,) = ask(COMPANY + ROLLING + LATER + LATE)
    assert found.answer.outcomes[0].solution.converted == ()
    (refused,) = ask(COMPANY + LATE + ROLLING + LATER + "  converts: late-safe\n")
    assert "the day on which all convert" in refused.answer.refusals[0].message


def test_what_converted_in_one_round_does_not_convert_in_another() -> None:
    again = NEXT.replace("late-safe", "first-safe")
    book = load_text(COMPANY + SAFE + ROLLING + "  converts: first-safe\n" + again, "tide.muni")
    record = book.index.defined["next-closing"]
    (found,) = recorded_rounds(World(book), record, date(2022, 3, 1), None)
    assert "converts once" in found.answer.refusals[0].message
