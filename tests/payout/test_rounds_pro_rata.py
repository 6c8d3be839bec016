"""Parts taken pro rata: out of the new money, on top of it, and where the records do not say which."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rounds_setup import COMPANY, MILLION, ROUND, SAFE, Bounds, ask, one_round, rounds

from muniment.payout.rounds import (
    Instrument,
    NoSolution,
    PoolTarget,
    Price,
    Purchase,
    RoundTerms,
    Way,
    faults_of,
    solve_round,
)
from muniment.payout.rounds.pro_rata import Rights, Taken, pro_rata_faults, take_pro_rata

BUYERS = "  sold to: oak for USD 6,000,000 on 2022-01-01\n  sold to: elm for USD 2,000,000 on 2022-03-01\n"
HOLDER = "2021-01-02 issue tide\n  fir: 2,000,000 common\n"
ON_TOP = "  pro rata: fir\n  pro rata money: on top of the new money\n"


def money_of(text: str) -> dict[tuple[str, int], Fraction]:
    (found,) = ask(text)
    (outcome,) = found.answer.outcomes
    return {(each.investor, each.closing): each.money for each in outcome.solution.bought}


def test_on_top_the_others_pay_all_and_the_holder_has_its_part_of_the_whole() -> None:
    """Fir has a fifth: beside 8 it pays 2, a fifth of 10, a quarter of each closing's money."""
    (found,) = ask(COMPANY + HOLDER + ROUND + BUYERS + ON_TOP)
    (outcome,) = found.answer.outcomes
    assert money_of(COMPANY + HOLDER + ROUND + BUYERS + ON_TOP) == {
        ("oak", 1): 6_000_000,
        ("elm", 2): 2_000_000,
        ("fir", 1): 1_500_000,
        ("fir", 2): 500_000,
    }
    assert outcome.solution.price == Fraction("3.2")
    assert outcome.solution.post_money == 42_000_000
    fir = sum(row.after for row in outcome.rows if row.party == "fir")
    assert fir / outcome.solution.total == Fraction(1, 5)
    assert any("on top of the new money" in words for words in found.answer.assumptions)


def test_on_top_a_pool_moves_the_price_with_the_money() -> None:
    """All shares T = 10 + T/10 + 10/p and p = 42/T, in millions, so 0.9 T = 10 + 10 T / 42."""
    (found,) = ask(COMPANY + HOLDER + ROUND + BUYERS + ON_TOP + "  pool after: 10%\n")
    solution = found.answer.outcomes[0].solution
    total = 10 * MILLION / (Fraction(9, 10) - Fraction(10, 42))
    assert (solution.total, solution.price, solution.tolerance) == (total, 42 * MILLION / total, 0)


def test_a_converted_safe_counts_for_its_holder() -> None:
    """Oak's SAFE is a fifth of what there is before the money: 2 of 10 on top of 8."""
    text = COMPANY + SAFE + ROUND + "  converts: first-safe\n  pro rata: oak\n"
    (found,) = ask(text + "  pro rata money: on top of the new money\n")
    bought = {each.investor: each.money for each in found.answer.outcomes[0].solution.bought}
    assert bought == {"new investors": 8_000_000, "oak": 2_000_000}


def test_where_the_record_does_not_say_both_answers_are_given() -> None:
    found = ask(COMPANY + HOLDER + ROUND + BUYERS + "  pro rata: fir\n")
    assert [each.reads for each in found] == [
        {"series-a-round pro rata money": "out of the new money"},
        {"series-a-round pro rata money": "on top of the new money"},
    ]
    assert [each.answer.outcomes[0].solution.post_money for each in found] == [40_000_000, 42_000_000]


def test_where_it_does_not_matter_there_is_one_answer() -> None:
    """Elm has nothing before the round, so its part is nothing."""
    (found,) = ask(COMPANY + HOLDER + ROUND + "  pro rata: elm\n")
    assert found.reads == {}
    assert found.answer.outcomes[0].solution.post_money == 40_000_000


def test_one_who_has_everything_cannot_take_its_part_on_top() -> None:
    (found,) = ask(COMPANY + ROUND + "  pro rata: ada\n  pro rata money: on top of the new money\n")
    (refusal,) = found.answer.refusals
    assert "have all the shares" in refusal.message


def taken(terms: RoundTerms, rights: Rights) -> tuple[Taken, ...]:
    found = take_pro_rata(terms, solve_round(terms).each, rights)
    assert not isinstance(found, NoSolution)
    return found


def test_a_part_that_moves_with_the_price_is_found_within_a_tolerance() -> None:
    """Fir's own note converts at a discount, and the pool ties the price to the money: the part is a root."""
    note = Instrument("note", "fir", 2 * MILLION, (Way("discount", Fraction(1, 5)),))
    terms = one_round(instruments=(note,), pool=PoolTarget(Fraction(1, 10)))
    rights = Rights(("fir",), {"fir": MILLION}, on_top=True)
    ((changed, found),) = taken(terms, rights)
    assert 0 < found.tolerance < Fraction(1, 10**30)
    assert faults_of(changed, found) == ()
    part = (MILLION + found.converted[0].shares) / (10 * MILLION + found.converted[0].shares)
    assert abs(changed.new_money * (1 - part) - 10 * MILLION) < Fraction(1, 10**20)
    assert pro_rata_faults(terms, Taken(changed, found), rights) == ()


def test_of_two_prices_each_has_its_own_parts() -> None:
    """The two prices of a pre-money that counts a pool's increase and not the old pool."""
    terms = one_round(
        issued=Fraction(10),
        unissued=Fraction(100),
        price=Price("pre-money", Fraction(12)),
        purchases=(Purchase("lead", Fraction(20)),),
        pool=PoolTarget(Fraction(1, 2)),
        instruments=(Instrument("note", "fir", Fraction(1), (Way("discount", Fraction(0)),)),),
    )
    terms = terms._replace(pre_money_counts=terms.pre_money_counts._replace(unissued=False))
    solutions = solve_round(terms).each
    assert len(solutions) == 2
    rights = Rights(("fir",), {}, on_top=False)
    found = take_pro_rata(terms, solutions, rights)
    assert not isinstance(found, NoSolution)
    assert [each.solution.price for each in found] == [each.price for each in solutions]
    for before, each in zip(solutions, found, strict=True):
        shares = before.converted[0].shares
        paid = {one.investor: one.money for one in each.terms.purchases}
        assert paid["fir"] == 20 * shares / (110 + shares)
        assert pro_rata_faults(terms, each, rights) == ()


@settings(derandomize=True, deadline=None, max_examples=40)
@given(rounds(Bounds(protected=False)), st.booleans(), st.integers(1, 9))
def test_parts_taken_hold_and_a_wrong_part_is_found_out(terms: RoundTerms, on_top: bool, tenths: int) -> None:
    solutions = solve_round(terms).each
    rights = Rights(("h0", "old"), {"old": terms.issued * Fraction(tenths, 20)}, on_top)
    found = take_pro_rata(terms, solutions, rights)
    if isinstance(found, NoSolution):
        return
    for each in found:
        assert faults_of(each.terms, each.solution) == ()
        assert pro_rata_faults(terms, each, rights) == ()
        if not on_top:
            assert each.terms.new_money == terms.new_money
        first, *rest = each.terms.purchases
        wrong = each.terms._replace(purchases=(first._replace(money=first.money + 1), *rest))
        assert pro_rata_faults(terms, each._replace(terms=wrong), rights)


@pytest.mark.parametrize("on_top", [False, True])
def test_the_rest_keeps_its_agreed_proportions(on_top: bool) -> None:
    terms = one_round(purchases=(Purchase("a", 6 * MILLION), Purchase("b", 2 * MILLION, 2)))
    ((changed, _),) = taken(terms, Rights(("old",), {"old": 4 * MILLION}, on_top))
    paid = {(each.investor, each.closing): each.money for each in changed.purchases}
    assert paid["a", 1] == 3 * paid["b", 2]
    assert paid["old", 1] + paid["old", 2] == changed.new_money * Fraction(4, 10)


def test_the_shares_that_a_part_is_of_are_named() -> None:
    """With an increase of the pool beside it, fir has a fifth of the shares before the round, and the words say so."""
    (found,) = ask(COMPANY + HOLDER + ROUND + BUYERS + "  pool after: 10%\n" + ON_TOP)
    money = money_of(COMPANY + HOLDER + ROUND + BUYERS + "  pool after: 10%\n" + ON_TOP)
    assert sum(paid for (party, _), paid in money.items() if party == "fir") == sum(money.values()) / 5
    (words,) = (words for words in found.answer.assumptions if words.startswith("A part pro rata"))
    assert "what the round adds to the pool, and by anti-dilution, is not counted" in words
