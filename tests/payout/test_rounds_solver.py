"""Priced rounds: a second road to the price, several solutions, none, and a price that is no fraction."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from rounds_setup import AT_THE_PRICE, MILLION, Bounds, at_most_one, one_round, rounds

from muniment.payout.rounds import (
    Adjusted,
    Bought,
    Converted,
    Counts,
    Instrument,
    PoolTarget,
    Price,
    Protected,
    Purchase,
    Rounding,
    RoundTerms,
    Solution,
    Way,
    faults_of,
    settle,
    solve_round,
)
from muniment.payout.rounds.coupled import simplest_between
from muniment.payout.rounds.round_terms import PRE_MONEY


def shares_at(terms: RoundTerms, q: float) -> tuple[float, float]:
    """Return the pre-money shares and all shares at a price of 1 / q, by plain iteration from nothing."""
    before = (terms.issued, terms.options, terms.promised, terms.unissued)
    money, price = float(terms.new_money), 1 / q
    conversions = [0.0] * len(terms.instruments)
    pool, added = 0.0, [0.0] * len(terms.protected)

    def count(counts: Counts, own: float) -> float:
        flags = (counts.issued, counts.options, counts.promised, counts.unissued)
        return (
            sum(float(shares) for flag, shares in zip(flags, before, strict=True) if flag)
            + own * counts.this
            + (sum(conversions) - own) * counts.others
            + pool * counts.pool_increase
            + sum(added) * counts.adjustments
            + money * q * counts.new_money
        )

    for _ in range(3_000):
        last = (*conversions, pool, *added)
        for index, instrument in enumerate(terms.instruments):
            best = 0.0
            for way in instrument.ways:
                amount, value, counted = (
                    float(instrument.amount),
                    float(way.value),
                    count(way.counts, conversions[index]),
                )
                shares = {
                    "cap": amount / value * counted if value else 0.0,
                    "percent": value * counted,
                    "discount": amount / ((1 - value) * price) if value < 1 else 0.0,
                    "fixed": amount / value if value else 0.0,
                }[way.kind]
                best = max(best, shares)
            conversions[index] = best
        for index, each in enumerate(terms.protected):
            old, paid, sold = float(each.price), money, money * q
            if each.issue_counts_conversions:
                paid += sum(float(one.amount) for one in terms.instruments)
                sold += sum(conversions)
            base = float(each.base) + (sum(conversions) if each.base_counts_conversions else 0.0)
            factor = old / price if each.rule == "ratchet" else (base + sold) / (base + paid / old)
            added[index] = float(each.shares) * max(factor - 1, 0.0)
        total = sum(map(float, before)) + sum(conversions) + pool + sum(added) + money * q
        if terms.pool is not None:
            own = float(terms.unissued + (terms.options + terms.promised if terms.pool.of == "all" else 0))
            pool = max(float(terms.pool.part) * total - own, float(terms.pool.least) - own, 0.0)
        if total > 1e13 or max(abs(a - b) for a, b in zip(last, (*conversions, pool, *added), strict=True)) < 1e-7:
            break
    total = sum(map(float, before)) + sum(conversions) + pool + sum(added) + money * q
    return count(terms.pre_money_counts, 0.0), total


@settings(derandomize=True, deadline=None, max_examples=40)
@given(rounds(Bounds()))
def test_the_price_is_where_plain_iteration_crosses(terms: RoundTerms) -> None:
    found = at_most_one(terms)
    if found is None:
        return
    for side in (Fraction(999, 1000), Fraction(1001, 1000)):
        price = float(found.price * side)
        counted, total = shares_at(terms, 1 / price)
        worth = price * (counted if terms.price.by == "pre-money" else total)
        assert (worth > float(terms.price.value)) == (side > 1)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(rounds(Bounds()))
def test_where_there_is_no_price_plain_iteration_finds_none(terms: RoundTerms) -> None:
    if at_most_one(terms) is not None:
        return
    for exponent in range(-6, 7):
        counted, total = shares_at(terms, 10.0**exponent)
        assert (counted if terms.price.by == "pre-money" else total) > float(terms.price.value) * 10.0**exponent


def test_two_prices_where_the_pre_money_does_not_count_the_old_pool() -> None:
    """The old pool is left out of the pre-money and its increase is not: then the terms can hold twice."""
    terms = one_round(
        issued=Fraction(10),
        unissued=Fraction(100),
        price=Price("pre-money", Fraction(12)),
        purchases=(Purchase("lead", Fraction(20)),),
        pool=PoolTarget(Fraction(1, 2)),
        pre_money_counts=PRE_MONEY._replace(unissued=False),
    )
    found = solve_round(terms)
    assert [each.price for each in found.each] == [Fraction(6, 5), Fraction(1, 10)]
    assert [each.pool_increase for each in found.each] == [0, 110]
    assert [faults_of(terms, each) for each in found.each] == [(), ()]


def test_no_price_where_notes_take_more_than_the_pre_money() -> None:
    note = Instrument("note", "h", 45 * MILLION, (Way("discount", Fraction(0)),))
    found = solve_round(one_round(instruments=(note,)))
    assert found.each == ()
    assert found.none is not None
    assert found.none.kind == "no price"


def test_no_price_where_safes_promise_the_whole() -> None:
    safes = tuple(Instrument(f"s{n}", "h", 6 * MILLION, (Way("cap", 10 * MILLION),)) for n in range(2))
    found = solve_round(one_round(instruments=safes))
    assert found.none is not None
    assert found.none.kind == "the whole is promised"
    alone = Instrument("s", "h", 10 * MILLION, (Way("cap", 10 * MILLION),))
    assert solve_round(one_round(instruments=(alone,))).none is not None


def test_every_price_where_a_ratchet_meets_the_value_all_along() -> None:
    terms = one_round(
        issued=Fraction(30),
        price=Price("pre-money", Fraction(30)),
        purchases=(Purchase("lead", Fraction(1)),),
        protected=(Protected("a", Fraction(30), Fraction(1), "ratchet"),),
    )
    found = solve_round(terms)
    assert found.none is not None
    assert found.none.kind == "every price"


def coupled(base_counts_conversions: bool) -> RoundTerms:
    return one_round(
        price=Price("pre-money", 9 * MILLION),
        instruments=(Instrument("note", "h", MILLION, (Way("discount", Fraction(1, 5)),)),),
        protected=(
            Protected(
                "a", 2 * MILLION, Fraction(2), "weighted", 10 * MILLION,
                base_counts_conversions=base_counts_conversions,
            ),
        ),
    )  # fmt: skip


def test_a_base_that_counts_conversions_makes_the_price_a_root() -> None:
    terms = coupled(base_counts_conversions=True)
    found = solve_round(terms)
    assert len(found.each) == 1
    one = found.each[0]
    assert 0 < one.tolerance < Fraction(1, 10**30)
    assert faults_of(terms, one) == ()
    # With the price as unknown the definitions are p(10 + 1.25/p + x) = 9, x = 2(10/p - 5)/(10 + 1.25/p + 5), in
    # millions: cleared of denominators a quadratic in q = 1/p.
    q = 1 / one.price
    n = Fraction(5, 4)
    difference = (10 + n * q - 9 * q) * (15 + n * q) + 2 * (10 * q - 5)
    assert abs(difference) < Fraction(1, 10**25)
    plain = solve_round(coupled(base_counts_conversions=False)).each[0]
    assert plain.tolerance == 0
    assert plain.price < one.price


def test_a_base_that_counts_conversions_at_a_rational_price_is_exact() -> None:
    """No conversion is left to count where the only instrument is a fixed number of shares."""
    terms = coupled(base_counts_conversions=True)._replace(
        instruments=(Instrument("note", "h", MILLION, (Way("fixed", Fraction(1)),)),),
        price=Price("pre-money", Fraction(11_000_000) + 2 * MILLION * Fraction(5, 16)),
    )
    found = solve_round(terms).each[0]
    assert found.tolerance == 0
    assert found.price == 1
    assert faults_of(terms, found) == ()


def test_a_circle_of_cap_and_adjustment_is_refused() -> None:
    terms = coupled(base_counts_conversions=True)
    safe = Instrument("s", "h", MILLION, (Way("cap", 9 * MILLION, Counts(adjustments=True)),))
    found = solve_round(terms._replace(instruments=(safe,)))
    assert found.none is not None
    assert "circle" in found.none.message


def test_rounding_that_does_not_settle_is_said_with_both_states() -> None:
    """Fewer shares of one make more of another where an adjustment counts conversions and a cap the adjustment."""
    terms = RoundTerms(
        issued=Fraction(36),
        price=Price("share", Fraction(1)),
        purchases=(Purchase("lead", Fraction(55)),),
        instruments=(
            Instrument("n", "h", Fraction(3), (Way("cap", Fraction(46), Counts(adjustments=True)), AT_THE_PRICE)),
        ),
        protected=(Protected("a", Fraction(36), Fraction("2.9"), "weighted", base_counts_conversions=True),),
    )
    begin = Solution(
        price=Fraction(1),
        converted=(Converted("n", "h", Fraction(3), Fraction(1), AT_THE_PRICE, Fraction(5), (Fraction(1),)),),
        bought=(Bought("lead", Fraction(55), 1, Fraction(55)),),
        adjusted=(Adjusted("a", Fraction("2.9"), Fraction("2.9"), Fraction(1), Fraction(0)),),
        pool_increase=Fraction(0),
        unissued=Fraction(0),
        pre_money_shares=Fraction(36),
        total=Fraction(96),
        pre_money=Fraction(36),
        post_money=Fraction(91),
    )
    rounding = Rounding(1, "down", 1, "down", "down")
    found = settle(terms, rounding, begin)
    assert found.circular
    assert [(each.converted[0].shares, each.adjusted[0].added) for each in found.each] == [(7, 49), (6, 51)]
    assert all(faults_of(terms, each, rounding) for each in found.each)


def test_a_price_that_rounds_to_nothing_is_refused() -> None:
    terms = one_round(price=Price("pre-money", Fraction(1000)), purchases=(Purchase("lead", Fraction(10)),))
    with pytest.raises(ValueError, match="rounds to 0"):
        settle(terms, Rounding(2, "down"), solve_round(terms).each[0])
    nothing = Instrument("s", "h", Fraction(1), (Way("cap", MILLION, Counts(*(False,) * 9)),))
    with pytest.raises(ValueError, match="counts no shares"):
        solve_round(one_round(instruments=(nothing,)))


def test_terms_out_of_range_are_refused() -> None:
    for changes in (
        {"issued": Fraction(-1)},
        {"issued": Fraction(0)},
        {"price": Price("pre-money", Fraction(0))},
        {"purchases": (Purchase("a", Fraction(-1)),)},
        {"instruments": (Instrument("a", "h", Fraction(0), (Way("cap", MILLION),)),)},
        {"instruments": (Instrument("a", "h", MILLION, ()),)},
        {"instruments": (Instrument("a", "h", MILLION, (Way("cap", Fraction(0)),)),)},
        {"instruments": (Instrument("a", "h", MILLION, (Way("discount", Fraction(1)),)),)},
        {"pool": PoolTarget(Fraction(1))},
        {"protected": (Protected("a", MILLION, Fraction(0), "ratchet"),)},
    ):
        with pytest.raises(ValueError, match=r"is not|negative|no shares|no way|are not"):
            solve_round(one_round(**changes))


def test_the_simplest_fraction_between_two() -> None:
    assert simplest_between(Fraction(314, 100), Fraction(315, 100)) == Fraction(22, 7)
    assert simplest_between(Fraction(2), Fraction(3)) == 2
    assert simplest_between(Fraction(1, 3), Fraction(1, 3)) == Fraction(1, 3)


def why_not(**changes: object) -> str:
    found = solve_round(one_round(**changes))
    assert found.none is not None
    return found.none.message


def test_what_leaves_no_price_is_named_and_nothing_else() -> None:
    note = Instrument("note", "h", 45 * MILLION, (AT_THE_PRICE,))
    small = Instrument("note", "h", 25 * MILLION, (AT_THE_PRICE,))
    post = {"price": Price("post-money", 10 * MILLION)}
    assert why_not(**post, instruments=(note,)).startswith("the new money is not below the post-money")
    assert "what SAFEs and notes convert into grows" in why_not(instruments=(note,), pool=PoolTarget(Fraction(1, 10)))
    assert "worth more than it: the increase of the pool grows" in why_not(
        instruments=(Instrument("note", "h", MILLION, (AT_THE_PRICE,)),), pool=PoolTarget(Fraction(9, 10))
    )
    together = why_not(instruments=(small,), pool=PoolTarget(Fraction(2, 5)))
    assert "what SAFEs and notes convert into or the increase of the pool grows" in together
    both = why_not(instruments=(note,), pool=PoolTarget(Fraction(9, 10)))
    assert "what SAFEs and notes convert into and the increase of the pool grow together" in both
    ratchet = (Protected("a", 10 * MILLION, Fraction(9), "ratchet"),)
    assert "what anti-dilution adds grows" in why_not(protected=ratchet)
    nothing = why_not(pre_money_counts=PRE_MONEY._replace(issued=False))
    assert "counts no shares" in nothing
