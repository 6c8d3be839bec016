"""What comes after terms were stated: a split of uncertain date, a day of maturity, shares that pass on."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from muniment.answers.paying import payouts
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.model.values import Money
from muniment.payout import Payout, cap_table, pay_out

PEOPLE = "".join(f'2015-01-01 person {name} "{name}"\n' for name in ("ada", "ben", "cy", "dan"))
PREFERRED = """\
2020-01-01 company t
  law pack: none
  class common
  class a
    original issue price: USD 10
    liquidation preference: 1x
    converts: 1:1 into common at will
2020-01-31 issue t
  ada: 100 common
  ben: 100 a for USD 1,000
"""
SPLIT = "{} split t\n  common: 1:2\n  a: 1:2\n"


def world(lines: str) -> World:
    return World(load_text(PEOPLE + lines, "t.muni"))


def sold(lines: str, proceeds: int, on: date = date(2025, 1, 1)) -> Payout:
    answer = pay_out(world(lines).on(on), "t", Money(Fraction(proceeds), "USD"))
    assert answer.certificate == ()
    return answer


@pytest.mark.parametrize("when", ["2021-03-01", "2021-03", "2021"])
def test_a_price_stated_before_every_day_of_a_split_follows_it(when: str) -> None:
    """100 shares at 10 become 200 at 5: the preference stays 1,000; converted, half of 1,500 is less."""
    answer = sold(PREFERRED + SPLIT.format(when), 1_500)
    assert answer.totals == {"ada": 500, "ben": 1_000}
    assert f"The original issue price of a is taken to follow the split of {when}." in answer.assumptions


def test_a_price_stated_within_the_time_of_a_split_has_two_readings() -> None:
    """Stated after the split, 200 shares at 10 have 2,000 before all others; stated before it, 200 at 5 have 1,000."""
    amended = "2021-03-10 amend t\n  class a\n    original issue price: USD 10\n"
    read = world(PREFERRED + amended + SPLIT.format("2021-03"))
    found = payouts(read, date(2022, 1, 1), None, "t", Money(Fraction(1_500), "USD"))
    by_reading = {reading: each.payout.totals for each in found for reading in each.reads.values()}
    assert by_reading == {
        "before t/split/2021-03 (2021-03)": {"ada": 500, "ben": 1_000},
        "after t/split/2021-03 (2021-03)": {"ada": 0, "ben": 1_500},
    }
    assert {address for each in found for address in each.reads} == {"t.a price order"}


def test_a_plan_stated_before_every_day_of_a_split_follows_it() -> None:
    lines = PREFERRED.replace("  class a\n", "  plan pool\n    of: common\n    reserved: 50\n  class a\n", 1)
    table = cap_table(world(lines + SPLIT.format("2021-03")).on(date(2022, 1, 1)), "t")
    assert [each.reserved for each in table.plans] == [100]


NOTE = """\
2020-01-01 company t
  law pack: none
  class common
2020-01-01 issue t
  ada: 1,000,000 common
2021-01-31 note n
  issuer: t
  to: ben
  amount: USD 100,000
  interest: 10% a year, simple
  day count: 30/360
  matures: 2022-01-31
  at maturity: """


def test_what_is_repaid_when_due_bears_no_interest_after_that() -> None:
    """100,000 and one year at 10%."""
    answer = sold(NOTE + "repaid\n", 1_000_000)
    assert answer.totals == {"ada": 890_000, "ben": 110_000}
    assert any(
        "n was to be repaid on 2022-01-31, and no record says that it was" in each for each in answer.assumptions
    )


def test_what_converts_when_due_has_become_shares() -> None:
    """110,000 at 1.10 are 100,000 shares beside 1,000,000; before the day it is a debt still."""
    answer = sold(NOTE + "converts into common at USD 1.10\n", 2_200_000)
    assert answer.totals == {"ada": 2_000_000, "ben": 200_000}
    assert any("n is taken to have become 100,000 common on 2022-01-31" in each for each in answer.assumptions)
    assert sold(NOTE + "converts into common at USD 1.10\n", 60_000).totals["ben"] == Fraction("5454.55")
    before = sold(NOTE + "converts into common at USD 1.10\n", 60_000, date(2022, 1, 30))
    assert before.totals["ben"] == 60_000


def test_a_split_after_the_day_changes_the_shares_that_a_note_became() -> None:
    split = "2023-01-01 split t\n  common: 1:2\n"
    assert sold(NOTE + "converts into common at USD 1.10\n" + split, 2_200_000).totals["ben"] == 200_000


def test_a_note_that_became_shares_of_a_class_with_a_preference_is_refused() -> None:
    lines = NOTE.replace("  class common\n", "  class common\n  class a\n    liquidation preference: 1x\n")
    (refusal,) = sold(lines + "converts into a at USD 1.10\n", 2_200_000).refusals
    assert refusal.message.startswith("n converted on 2022-01-31 into a, which is no class without preference of t")


def test_what_is_extended_is_due_on_the_later_day() -> None:
    """Three years at 10% by 2024-01-31; to 2025-01-31 it is taken to run on."""
    lines = NOTE + "extended to 2024-01-31\n"
    assert sold(lines, 1_000_000, date(2024, 1, 31)).totals["ben"] == 130_000
    answer = sold(lines, 1_000_000, date(2025, 1, 31))
    assert answer.totals["ben"] == 140_000
    said = "n was due on 2024-01-31, the day to which it was extended; its interest is taken to run on."
    assert said in answer.assumptions


LOTS = """\
2020-01-01 partnership t
  class lp
    return cap: 2x, released
  class com
2020-01-01 issue t
  ada: 100 lp for USD 1,000
  dan: 100 com
2020-06-01 issue t
  ada: 100 lp for USD 3,000
2021-01-01 pay first
  by: t
  to: ada
  amount: USD 400
  as: distribution
"""
WHICH = "Of its t.lp, ada is taken to have {} those it had for the shortest time first, with what was paid for them; "


def test_what_was_paid_goes_with_the_shares_that_pass_on() -> None:
    """The 100 that cost 3,000 and 50 of those at 10 pass on: caps of 7,000 and 1,000, less 400 paid to ada before."""
    answer = sold(LOTS + "2021-06-01 transfer t\n  from: ada\n  ben: 150 lp for USD 9,000\n", 100_000)
    assert answer.totals == {"ada": 600, "ben": 7_000, "dan": 92_400}
    assert WHICH.format("passed on") + "what it was paid on them before stays ada's." in answer.assumptions


def test_what_was_paid_goes_with_the_shares_that_are_repurchased() -> None:
    """The later 100 go, which cost 3,000: 1,000 is left, twice that is 2,000, less 400."""
    answer = sold(LOTS + "2021-06-01 repurchase t\n  from: ada\n  ada: 100 lp\n", 100_000)
    assert answer.totals["ada"] == 1_600
    assert any(each.startswith(WHICH.format("given up")) for each in answer.assumptions)


def test_who_gives_all_its_shares_chooses_none() -> None:
    answer = sold(LOTS + "2021-06-01 transfer t\n  from: ada\n  ben: 200 lp\n", 100_000)
    assert answer.totals["ben"] == 8_000
    assert not any("shortest time" in each for each in answer.assumptions)


DIVIDEND = PREFERRED.replace("converts: 1:1 into common at will", "dividend: USD 1 a year, cumulative").replace(
    "2020-01-31", "2020-01-01"
)


def test_a_dividend_in_money_for_each_share_follows_a_split() -> None:
    """A year at 1 on 100 shares, and a year at 0.50 on 200: 200 on the preference of 1,000."""
    on = date(2022, 1, 1)
    split = sold(DIVIDEND + "2021-01-01 split t\n  a: 1:2\n", 5_000, on)
    assert split.totals == {"ada": 3_800, "ben": 1_200}
    assert split.totals == sold(DIVIDEND, 5_000, on).totals
    assert "The dividend of a for each share is taken to follow its splits." in split.assumptions


def test_a_dividend_whose_order_with_a_split_is_open_is_refused() -> None:
    found = pay_out(
        world(DIVIDEND + "2020 split t\n  a: 1:2\n").on(date(2022, 1, 1)), "t", Money(Fraction(5_000), "USD")
    )
    assert [refusal.kind for refusal in found.refusals] == ["open fact"]
