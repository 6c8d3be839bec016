"""Rounds as they are recorded: what is read from a book, and what is refused."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

import pytest
from rounds_setup import COMPANY, DOWN, NOTE, ROUND, SAFE, ask, price_of, protected_by, refusal_of

from muniment.answers.rounds import thought_of_rounds
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.payout.rounds import Price, Purchase
from muniment.payout.rounds.asked import AskedRound


def test_a_round_with_a_safe() -> None:
    (found,) = ask(COMPANY + SAFE + ROUND + "  converts: first-safe\n")
    (outcome,) = found.answer.outcomes
    assert outcome.solution.total == 12_500_000
    assert outcome.solution.price == Fraction("3.2")
    after = {(row.party, row.kind): row.after for row in outcome.rows}
    assert after == {
        ("ada", "held"): 8_000_000,
        ("oak", "converted"): 2_000_000,
        ("new investors", "bought"): 2_500_000,
    }
    assert sum(row.part_after for row in outcome.rows) == 1
    assert {each.record.split(" ")[0] for each in found.answer.because} >= {"first-safe", "series-a-round"}


def test_a_safe_that_is_not_named_stays_out_and_is_said() -> None:
    (found,) = ask(COMPANY + SAFE + ROUND)
    assert found.answer.outcomes[0].solution.price == 4
    assert "first-safe does not convert in the round and is not counted." in found.answer.assumptions


def test_a_cap_counts_what_its_record_says() -> None:
    safe = SAFE + "  cap counts: issued\n"
    assert price_of(COMPANY + safe + ROUND + "  converts: first-safe\n") == Fraction(
        "3.333333333333333"
    ).limit_denominator(9)
    pre_money = SAFE.replace("post-money", "pre-money")
    assert price_of(COMPANY + pre_money + ROUND + "  converts: first-safe\n") == Fraction(10, 3)


def test_a_discount_the_lower_of_two_and_a_fixed_part() -> None:
    discount = SAFE.replace("  cap: USD 10,000,000 post-money\n", "  discount: 20%\n")
    assert price_of(COMPANY + discount + ROUND + "  converts: first-safe\n") == (32 - Fraction("2.5")) / 8
    both = SAFE + "  discount: 80%\n"
    (found,) = ask(COMPANY + both + ROUND + "  converts: first-safe\n")
    assert found.answer.outcomes[0].solution.converted[0].way.kind == "discount"
    part = SAFE.replace("  cap: USD 10,000,000 post-money\n", "  part: 20%\n")
    assert price_of(COMPANY + part + ROUND + "  converts: first-safe\n") == Fraction("3.2")


def test_most_favored_takes_later_terms_only() -> None:
    favored = SAFE.replace("first-safe", "mfn-safe").replace("cap: USD 10,000,000 post-money", "mfn: yes")
    earlier = SAFE.replace("2021-06-01", "2021-05-01").replace("10,000,000", "4,000,000")
    later = SAFE.replace("2021-06-01", "2021-07-01").replace("first-safe", "later-safe")
    (found,) = ask(COMPANY + favored + earlier + later + ROUND + "  converts: mfn-safe, first-safe, later-safe\n")
    by_id = {each.id: each for each in found.answer.outcomes[0].solution.converted}
    assert by_id["mfn-safe"].way.of == "later-safe"
    assert by_id["mfn-safe"].price == by_id["later-safe"].price > by_id["first-safe"].price


@pytest.mark.parametrize(
    ("lines", "amount"),
    [
        ("  day count: actual/365\n", Fraction(1_080_000)),
        ("  day count: ACT/360\n", 1_000_000 * (1 + Fraction(8, 100) * Fraction(365, 360))),
        ("  day count: 30/360\n", Fraction(1_080_000)),
    ],
)
def test_interest_converts_with_the_principal(lines: str, amount: Fraction) -> None:
    (found,) = ask(COMPANY + NOTE + lines + ROUND + "  converts: bridge\n")
    (note,) = found.answer.outcomes[0].solution.converted
    assert note.amount == amount
    assert note.price == 2
    assert note.shares == amount / 2


def test_compound_interest_and_a_note_past_due() -> None:
    note = NOTE.replace("simple", "compounded quarterly").replace("2021-01-01 note", "2020-01-01 note")
    note = note + "  day count: 30/360\n  matures: 2021-06-30\n"
    company = COMPANY.replace("2021-01-01", "2019-01-01")
    (found,) = ask(company + note + ROUND + "  converts: bridge\n")
    assert found.answer.outcomes[0].solution.converted[0].amount == 1_000_000 * Fraction(102, 100) ** 8
    assert any("was due on 2021-06-30" in words for words in found.answer.assumptions)


def test_a_note_without_a_day_count_gives_an_answer_for_each() -> None:
    found = ask(COMPANY + NOTE + ROUND + "  converts: bridge\n")
    assert [each.reads for each in found] == [
        {"bridge day count": "actual/365 or 30/360"},
        {"bridge day count": "actual/360"},
    ]


def test_a_pool_before_and_after_the_money() -> None:
    assert price_of(COMPANY + ROUND + "  pool after: 10%\n") == Fraction(7, 2)
    (found,) = ask(COMPANY + ROUND + "  pool after: 10%\n  pool increase: after the money\n")
    solution = found.answer.outcomes[0].solution
    assert solution.price == 4
    assert solution.unissued == solution.total / 10


def test_options_count_where_the_pool_is_measured_with_them() -> None:
    plan = "  plan team\n    of: common\n    reserved: 1,000,000\n"
    company = COMPANY.replace("  class seed\n", plan + "  class seed\n", 1)
    company += "2021-02-01 grant tide\n  to: ada\n  quantity: 400,000\n  of: common\n  strike: USD 1\n  plan: team\n"
    (found,) = ask(company + ROUND)
    assert {row.kind: row.after for row in found.answer.outcomes[0].rows if row.party != "new investors"} == {
        "held": 8_000_000,
        "options": 400_000,
        "pool": 600_000,
    }
    (of_all,) = ask(company + ROUND + "  pool after: 10%\n  pool measure: all\n")
    solution = of_all.answer.outcomes[0].solution
    assert solution.unissued + 400_000 == solution.total / 10


def test_closings_and_parts_taken_pro_rata() -> None:
    lines = "  sold to: oak for USD 6,000,000 on 2022-01-01\n  sold to: elm for USD 2,000,000 on 2022-03-01\n"
    lines += "  pro rata money: out of the new money\n"
    (found,) = ask(COMPANY + ROUND + lines + "  pro rata: ada\n")
    (outcome,) = found.answer.outcomes
    assert outcome.solution.price == 4
    assert {each.investor for each in outcome.solution.bought} == {"ada"}  # she has all there is before the round
    (found,) = ask(COMPANY + "2021-01-02 issue tide\n  fir: 2,000,000 common\n" + ROUND + lines + "  pro rata: fir\n")
    money = {(each.investor, each.closing): each.money for each in found.answer.outcomes[0].solution.bought}
    assert money == {
        ("oak", 1): 4_800_000,
        ("elm", 2): 1_600_000,
        ("fir", 1): 1_200_000,
        ("fir", 2): 400_000,
    }
    days = [day for day, _ in found.answer.outcomes[0].after_each_closing]
    assert days == [date(2022, 1, 1), date(2022, 3, 1)]
    assert found.answer.outcomes[0].after_each_closing[-1][1] == Fraction(1, 5)


def test_a_ratchet_and_weighted_averages() -> None:
    (ratchet,) = ask(protected_by("full ratchet") + DOWN)
    solution = ratchet.answer.outcomes[0].solution
    assert solution.adjusted[0].after == solution.price < 1
    prices = []
    for words in ("broad-based weighted average", "narrow-based weighted average, counting issued", "none"):
        (found,) = ask(protected_by(words) + DOWN)
        prices.append(found.answer.outcomes[0].solution.price)
    assert prices[0] == prices[1] < prices[2] == 1
    (coupled,) = ask(
        protected_by("broad-based weighted average, counting issued, options, conversions")
        + SAFE.replace("  cap: USD 10,000,000 post-money\n", "  discount: 20%\n")
        + DOWN
        + "  converts: first-safe\n"
    )
    assert coupled.answer.outcomes[0].solution.tolerance < Fraction(1, 10**20)
    assert any("were not looked at" in words for words in coupled.answer.assumptions)


def test_rounding_is_a_recorded_convention() -> None:
    lines = "  converts: first-safe\n  price rounds: up to 2 places\n  shares round: down\n"
    (found,) = ask(COMPANY + SAFE.replace("2,000,000", "3,000,000") + ROUND + lines)
    solution = found.answer.outcomes[0].solution
    assert found.answer.exact == Fraction("2.8")
    assert solution.rounded
    assert solution.converted[0].price == Fraction("0.88")
    assert solution.converted[0].shares == 3_409_090
    assert any(each.words == "price rounds: up to 2 places" for each in found.answer.because)


def test_issues_under_the_round_are_not_there_before_it_and_are_compared() -> None:
    issued = "2022-01-01 issue tide\n  round: series-a-round\n  elm: {} series-a for USD 8,000,000\n"
    assert price_of(COMPANY + ROUND + issued.format("2,000,000")) == 4
    lines = ROUND + "  sold to: elm for USD 8,000,000\n"
    (same,) = ask(COMPANY + lines + issued.format("2,000,000"))
    assert same.answer.contradictions == ()
    (other,) = ask(COMPANY + lines + issued.format("2,000,001"))
    assert [each.kind for each in other.answer.contradictions] == ["shares"]
    (stated,) = ask(COMPANY + ROUND + "  price per share: USD 4.01\n")
    assert "stated as 4.01, and comes to 4" in stated.answer.contradictions[0].message


def test_a_disputed_term_gives_an_answer_for_each_reading() -> None:
    text = ROUND.replace("new money: USD 8,000,000", "new money: disputed\n    - USD 8,000,000\n    - USD 16,000,000")
    found = ask(COMPANY + text, clean=False)
    assert [each.reads for each in found] == [
        {"series-a-round new money": "USD 8,000,000"},
        {"series-a-round new money": "USD 16,000,000"},
    ]
    assert [each.answer.outcomes[0].solution.post_money for each in found] == [40_000_000, 48_000_000]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (COMPANY + ROUND.replace("  pre-money: USD 32,000,000\n", ""), "neither a pre-money nor a price per share"),
        (COMPANY + ROUND.replace("  new money: USD 8,000,000\n", ""), "does not say how much is paid in"),
        (COMPANY + ROUND.replace("USD 32,000,000", "about USD 32,000,000"), "is not stated exactly"),
        (COMPANY + ROUND.replace("new money: USD", "new money: EUR"), "several currencies"),
        (COMPANY + SAFE.replace(" post-money", "") + ROUND + "  converts: first-safe\n", "pre-money or post-money"),
        (COMPANY + SAFE.replace("cap: USD", "cap: EUR") + ROUND + "  converts: first-safe\n", "not an exact amount"),
        (COMPANY + SAFE.replace("amount: USD", "amount: EUR") + ROUND + "  converts: first-safe\n", "is in EUR"),
        (COMPANY + SAFE.replace("2021-06-01", "2023-06-01") + ROUND + "  converts: first-safe\n", "in force on"),
        (
            COMPANY + NOTE.replace("8% a year, simple", "the usual") + ROUND + "  converts: bridge\n",
            "cannot be computed",
        ),
        (COMPANY + NOTE + "  day count: lunar\n" + ROUND + "  converts: bridge\n", "not a day count"),
        (COMPANY.replace("8,000,000 common", "60% of common") + ROUND, "exact number of shares"),
        (protected_by("as the board sees fit") + ROUND, "cannot be computed"),
        (COMPANY + ROUND + "  pool after: at least 10%\n", "not an exact part"),
        (COMPANY + SAFE.replace("2,000,000", "10,000,000") + ROUND + "  converts: first-safe\n", "the whole"),
        (COMPANY + ROUND + "  sold to: elm for USD 9,000,000\n", "more than its new money"),
        (COMPANY + ROUND + "  post-money: USD 41,000,000\n", "do not come to"),
    ],
)
def test_what_the_records_leave_open_is_refused_in_a_sentence(text: str, message: str) -> None:
    if "60% of common" in text:
        text = text.replace("issue tide\n  ada", "holding tide\n  ada")
    assert message in refusal_of(text)


def test_a_round_that_is_only_thought_of_takes_all_that_is_outstanding() -> None:
    book = load_text(COMPANY + SAFE, "tide.muni")
    asked = AskedRound(
        entity="tide",
        currency="USD",
        price=Price("pre-money", Fraction(32_000_000)),
        purchases=(Purchase("new investors", Fraction(8_000_000)),),
    )
    (found,) = thought_of_rounds(World(book), asked, date(2022, 1, 1), None)
    assert found.answer.outcomes[0].solution.price == Fraction("3.2")
    held = World(book).on(date(2022, 1, 1)).holdings["tide"]
    assert [each.quantity for each in held] == [8_000_000]


def test_numbers_of_the_machine_answer_are_exact_strings() -> None:
    (found,) = ask(COMPANY + SAFE + ROUND + "  converts: first-safe\n")
    plain = found.answer.to_json()
    (solution,) = plain["solutions"]
    assert solution["price"] == "16/5"
    numbers = [
        value for row in plain["rows"] for key, value in row.items() if key.startswith(("before", "part", "after"))
    ]
    assert all(re.fullmatch(r"\d+(/\d+)?|ada|oak|new investors", value) for value in numbers)
