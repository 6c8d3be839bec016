"""What the book does not state exactly is never left out of a payout: there is none, and the record is named."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from muniment.answers.distributing import histories
from muniment.answers.paying import payouts
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.model.values import Money
from muniment.payout import Payout, Refusal, cap_table, pay_out

COMPANY = """\
2020-01-01 person ada "Ada"
2020-01-01 person ina "Ina"
2020-01-01 fund oak "Oak"
2020-01-01 fund elm "Elm"
2020-01-01 company tide
  law pack: none
  class common
2020-01-02 issue tide
  ada: 8,000,000 common
"""
ON = date(2022, 6, 1)
GRANT = "2021-01-01 grant tide\n  id: g\n  to: ina\n  of: common\n"
SAFE = "2021-02-01 safe first\n  issuer: tide\n  to: oak\n  amount: USD 1,000,000\n"
LATER = "2021-03-01 safe later\n  issuer: tide\n  to: elm\n  amount: USD 500,000\n"


def world(lines: str, company: str = COMPANY) -> World:
    return World(load_text(company + lines, "tide.muni"))


def sold(lines: str, proceeds: int | str, mode: str = "sale", company: str = COMPANY) -> Payout:
    answer = pay_out(world(lines, company).on(ON), "tide", Money(Fraction(proceeds), "USD"), mode)
    assert answer.certificate == ()
    return answer


def paid(lines: str, proceeds: int | str, company: str = COMPANY) -> dict[str, Fraction]:
    answer = sold(lines, proceeds, company=company)
    assert answer.refusals == ()
    return dict(answer.totals)


def why_not(lines: str, company: str = COMPANY) -> Refusal:
    answer = sold(lines, 20_000_000, company=company)
    (refusal,) = answer.refusals
    assert (answer.rows, answer.totals) == ((), {})
    assert refusal.basis is not None
    assert str(refusal.basis.span).startswith("tide.muni:")
    assert refusal.hint
    return refusal


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (SAFE.replace("USD 1,000,000", "about USD 1,000,000"), "first does not say exactly what its amount is"),
        (SAFE.replace("  to: oak\n", ""), "first does not say exactly who holds it"),
        (SAFE.replace("USD", "EUR"), "the amount of first is in EUR, and the proceeds are in USD"),
        (
            SAFE + "  cap: USD 10,000,000\n",
            "first has a cap ('USD 10,000,000') that is neither post-money nor pre-money",
        ),
        (SAFE + "  cap: EUR 10,000,000 post-money\n", "the cap of first is in EUR"),
        (SAFE + "  cap: USD 900,000 post-money\n", "first has a cap that is not above what is due on it"),
        (SAFE + "  discount: 10% to 20%\n", "first has a discount ('10% to 20%') that is not an exact percentage"),
        (SAFE + "  part: at least 7%\n", "first has a part ('at least 7%') that is not an exact percentage"),
        (SAFE.replace("safe", "note") + "  interest: 6% a year, simple\n", "first bears interest that is not stated"),
        (GRANT + "  strike: USD 1\n", "g does not say exactly how many shares it is over"),
        (GRANT + "  quantity: 100\n", "no exercise price is recorded for g"),
        (GRANT + "  quantity: 100\n  strike: at most USD 1\n", "the exercise price of g is not stated exactly"),
        (GRANT + "  quantity: 100\n  as: warrants\n", "no exercise price is recorded for g"),
        (
            "2021-01-01 option o\n  issuer: tide\n  holder: ina\n  over: 100 common\n",
            "no exercise price is recorded for o",
        ),
        (
            "2021-01-01 option o\n  issuer: tide\n  holder: ina\n  over: about 100 common\n  price: USD 1 each\n",
            "o is not over an exact number of shares of a class (about 100 common)",
        ),
        (
            "2021-01-01 option o\n  issuer: tide\n  holder: ina\n  over: 20% of capital\n  price: USD 1 in all\n",
            "o is not over an exact number of shares of a class (20% of capital)",
        ),
    ],
)
def test_a_claim_that_is_not_exact_leaves_no_payout(lines: str, says: str) -> None:
    assert says in why_not(lines).message


def test_what_gets_nothing_however_large_it_is_needs_no_number() -> None:
    later = GRANT + "  strike: USD 1\n  vests: 4 years monthly, 24 months cliff\n"
    answer = sold(later, 800)
    assert answer.totals == {"ada": 800}
    assert "g is paid nothing: nothing of it has vested by 2022-06-01." in answer.assumptions
    over = sold(GRANT + "  strike: USD 1\n  expires: 2022-05-31\n", 800)
    assert over.totals == {"ada": 800}
    never = "2021-01-01 option o\n  issuer: tide\n  holder: ina\n  over: about 100 common\n  exercisable: never\n"
    assert paid(never, 800) == {"ada": 800}
    unpriced = GRANT + "  quantity: 480\n  vests: 4 years monthly, 24 months cliff\n"
    assert paid(unpriced, 800)["ada"] == 800


def test_it_needs_one_where_a_capitalization_counts_it() -> None:
    later = GRANT + "  strike: USD 1\n  vests: 4 years monthly, 24 months cliff\n"
    assert "g does not say exactly" in why_not(later + SAFE + "  cap: USD 10,000,000 post-money\n").message
    assert paid(later + SAFE, 2_000_000) == {"ada": 1_000_000, "oak": 1_000_000}


def test_a_capitalization_counts_options_that_cannot_be_exercised_yet() -> None:
    """A tenth of 8,000,000 + 1,000,000 + 1,000,000 shares; the 1,000,000 of the grant are paid nothing."""
    waits = GRANT + "  quantity: 1,000,000\n  strike: USD 1\n  vests: on 2024-01-01\n"
    found = paid(waits + SAFE + "  cap: USD 10,000,000 post-money\n", 90_000_000)
    assert found == {"ada": 80_000_000, "oak": 10_000_000}


def test_what_costs_nothing_by_its_kind_needs_no_price() -> None:
    assert paid(GRANT + "  quantity: 2,000,000\n  as: RSUs\n", 10_000_000) == {"ada": 8_000_000, "ina": 2_000_000}
    assert paid(GRANT + "  quantity: 2,000,000\n  strike: USD 0\n", 10_000_000)["ina"] == 2_000_000


def test_a_fixed_part_of_the_capitalization_converts() -> None:
    assert paid(SAFE + "  part: 20%\n", 10_000_000) == {"ada": 8_000_000, "oak": 2_000_000}
    assert paid(SAFE + "  part: 20%\n", 2_000_000) == {"ada": 1_000_000, "oak": 1_000_000}


def test_what_converts_on_an_event_is_owed_until_then() -> None:
    note = SAFE.replace("safe", "note") + "  converts: 1:2,000,000 into tide.common on listing\n"
    answer = sold(note, 20_000_000)
    assert answer.totals == {"ada": 19_000_000, "oak": 1_000_000}
    assert "first is taken as not converted: it converts on listing." in answer.assumptions
    assert "first converts on listing" in sold(note, 20_000_000, "listing").refusals[0].message


@pytest.mark.parametrize(
    ("own", "other", "proceeds", "oak"),
    [
        ("", "  cap: USD 5,000,000 post-money\n", 40_000_000, 8_000_000),
        ("  cap: USD 4,000,000 post-money\n", "  cap: USD 5,000,000 post-money\n", 40_000_000, 10_000_000),
        ("  cap: USD 10,000,000 post-money\n", "  cap: USD 5,000,000 post-money\n", 40_000_000, 8_000_000),
        ("  cap: USD 10,000,000 post-money\n", "  discount: 50%\n", 12_000_000, 2_000_000),
        ("  cap: USD 10,000,000 post-money\n", "  discount: 50%\n", 40_000_000, 4_000_000),
    ],
)
def test_the_most_favored_takes_the_terms_that_give_more(own: str, other: str, proceeds: int, oak: int) -> None:
    """A lower cap and a higher discount are each taken in turn."""
    answer = sold(SAFE + own + "  mfn: yes\n" + LATER + other, proceeds)
    assert answer.refusals == ()
    assert answer.totals["oak"] == oak
    assert [words for words in answer.assumptions if words.startswith("first is paid by the terms of later")]


def test_the_most_favored_keeps_its_own_where_nothing_came_after() -> None:
    before = LATER.replace("2021-03-01", "2021-01-01") + "  cap: USD 5,000,000 post-money\n"
    answer = sold(SAFE + "  mfn: yes\n" + before, 40_000_000)
    assert answer.totals["oak"] == 1_000_000
    assert [words for words in answer.assumptions if words.startswith("first may take better terms, and keeps its own")]
    unsure = SAFE.replace("2021-02-01", "2021-02") + "  mfn: yes\n" + LATER + "  cap: USD 5,000,000 post-money\n"
    assert "the day of first is not known exactly" in sold(unsure, 40_000_000).refusals[0].message


def test_a_split_of_the_common_is_said_as_the_cap_table_says_it() -> None:
    company = COMPANY.replace(
        "  class common\n",
        "  class common\n  class a\n    original issue price: USD 1\n    liquidation preference: 1x\n"
        "    converts: 1:1 into common at will\n",
    )
    lines = "2020-01-03 issue tide\n  oak: 100 a\n2021-01-01 split tide\n  common: 1:2\n"
    words = "The conversion of a into common is taken as stated: no split of common changes it."
    assert words in sold(lines, 1_000, company=company).assumptions
    assert words in cap_table(world(lines, company).on(ON), "tide").assumptions


TIERS = """\
2020-01-01 person ada "Ada"
2020-01-01 fund oak "Oak"
2020-01-01 partnership tide
  law pack: none
  class a
  class b
  distribution
    1: all to a until 1x contributed
    2: 80% to a, 20% to b
2020-01-02 issue tide
  oak: 100 a for USD 1,000
  ada: 100 b for USD 0
"""
PAY = "2021-01-01 pay early\n  by: tide\n  to: oak\n  amount: USD 400\n  as: distribution\n"


@pytest.mark.parametrize(
    "lines",
    [
        PAY.replace("USD 400", "about USD 400"),
        PAY.replace("USD 400", "USD 300 to USD 400"),
        PAY.replace("  to: oak\n", ""),
    ],
)
def test_what_was_distributed_before_has_to_be_exact(lines: str) -> None:
    missing = "how much was paid" if "to: oak" in lines else "to whom it was paid"
    assert f"the distribution early does not say exactly {missing}" in why_not(lines, TIERS).message
    (history,) = histories(world(lines, TIERS), ON, None, "tide")
    assert (history.distributions, history.refusals[0].kind) == ((), "open payment")


def test_a_payment_that_no_limit_counts_may_stay_inexact() -> None:
    early = PAY.replace("USD 400", "about USD 400")
    assert paid(early, 1_000, TIERS.replace("    1: all to a until 1x contributed\n    2: ", "    1: "))["oak"] == 800
    assert paid(early, 800) == {"ada": 800}
    capped = COMPANY.replace("  class common\n", "  class common\n    return cap: 2x, released\n")
    assert why_not(early, capped).kind == "open payment"


def test_a_payee_in_several_capacities_is_paid_by_what_the_tiers_made_of_earlier_payments() -> None:
    """After the USD 600 that a is still due, oak has 80 of the last USD 100 for a, and a tenth of the rest for b."""
    split = TIERS.replace("100 b for USD 0\n", "90 b\n2020-01-03 issue tide\n  oak: 10 b\n")
    read = world(PAY, split)
    alone = pay_out(read.on(ON), "tide", Money(Fraction(700), "USD"))
    assert alone.refusals[0].kind == "earlier distribution unclear"
    (answer,) = payouts(read, ON, None, "tide", Money(Fraction(700), "USD"))
    assert answer.payout.refusals == answer.payout.certificate == ()
    assert answer.payout.totals == {"oak": 600 + 80 + 2, "ada": 18}
    assert [words for words in answer.payout.assumptions if words.startswith("Earlier payments to whoever is paid")]
    otherwise = PAY + "2021-02-01 pay odd\n  by: tide\n  to: oak\n  amount: USD 900\n  as: distribution\n"
    (refused,) = payouts(world(otherwise, split), ON, None, "tide", Money(Fraction(700), "USD"))
    assert "on 2021-02-01 not what the tiers give it" in refused.payout.refusals[0].message


def test_a_payment_that_does_not_say_what_it_was_for_is_said() -> None:
    words = "The payment early does not say what it was for ('as: distribution'), so it is not counted."
    assert words in sold(PAY.replace("  as: distribution\n", ""), 800, company=TIERS).assumptions
    assert words not in sold(PAY, 800, company=TIERS).assumptions


def test_what_is_left_of_an_option_costs_its_part_of_the_price_in_all() -> None:
    """Of 2,000,000 shares for USD 2,000,000 half are exercised; the other half still costs USD 1 a share."""
    option = "2021-01-01 option o\n  issuer: tide\n  holder: ina\n  over: 2,000,000 tide.common\n"
    used = "  from: new shares\n  price: USD 2,000,000 in all\n2021-06-01 exercise tide\n  ina: 1,000,000 common\n"
    answer = sold(option + used, 19_000_000)
    (row,) = (each for each in answer.rows if each.instrument == "o")
    assert (row.strike, row.amount, answer.totals["ada"]) == (1_000_000, 1_000_000, 16_000_000)
