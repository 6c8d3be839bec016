"""What claims are worth: option pricing by hand and by a second road, its inverse, simulation, exits."""

from __future__ import annotations

import doctest
from dataclasses import replace
from fractions import Fraction
from math import exp, log, pi, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payout_structures import acme, ahead, basis, held, lighthouse, share_class, structure, usd

from muniment.book.structure import Cost
from muniment.payout import Curve, curve_of
from muniment.payout.piecewise import Piecewise, through
from muniment.payout.valuation import black_scholes, option_pricing
from muniment.payout.valuation.black_scholes import Market, call, chance, put
from muniment.payout.valuation.exits import Lognormal, Scenarios, Triangular
from muniment.payout.valuation.option_pricing import backsolve, bends, price, tolerance
from muniment.payout.valuation.simulation import simulate
from muniment.payout.valuation.value import Question, value

MARKET = Market(0.6, 3.0, 0.04)


@pytest.mark.parametrize("module", [black_scholes, option_pricing])
def test_examples(module: object) -> None:
    outcome = doctest.testmod(module)  # type: ignore[arg-type]
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_a_call_as_printed_in_a_textbook() -> None:
    # J. C. Hull, Options, Futures, and Other Derivatives, example on the Black-Scholes formulas: S = 42, K = 40,
    # r = 10%, volatility 20%, six months: call 4.76, put 0.81.
    market = Market(0.2, 0.5, 0.1)
    assert call(42, 40, market) == pytest.approx(4.76, abs=0.005)
    assert put(42, 40, market) == pytest.approx(0.81, abs=0.005)


@given(
    st.floats(1, 1e9), st.floats(0, 1e9, allow_subnormal=False), st.floats(0, 3), st.floats(0.01, 20), st.floats(0, 0.2)
)
def test_a_call_less_a_put_is_the_forward(
    worth: float, strike: float, volatility: float, term: float, rate: float
) -> None:
    market = Market(volatility, term, rate)
    forward = worth - strike * market.discount
    assert call(worth, strike, market) - put(worth, strike, market) == pytest.approx(
        forward, abs=1e-9 * (worth + strike)
    )
    assert max(forward, 0) <= call(worth, strike, market) + 1e-9 * (worth + strike)
    assert call(worth, strike, market) <= worth + 1e-9 * worth


def test_one_common_and_one_preferred_by_hand() -> None:
    # 2,000,000 shares of series-a with a preference of 3 million beside 6,000,000 common. At the exit series-a gets the
    # first 3 million, then nothing until it converts at 12 million, then a quarter of every unit:
    #   series-a = S - C(3M) + C(12M)/4,   common = C(3M) - C(12M)/4,
    # C(K) being the call with strike K on the whole. With S = 50M, 60%, 3 years, 4%:
    #   s = 0.6 sqrt(3) = 1.0392305
    #   C(3M):  d1 = (ln(50/3) + 0.12)/s + s/2 = 3.3425... , C = 47,346,770.65
    #   C(12M): d1 = (ln(50/12) + 0.12)/s + s/2 = 2.0083..., C = 40,011,131.39
    #   common = 47,346,770.65 - 10,002,782.85 = 37,343,987.80; series-a = 12,656,012.20
    found = value(acme(), "e", Question(currency="USD", equity=Fraction(50_000_000), market=MARKET))
    assert found.refusals == ()
    worth = {each.class_id: each.value for each in found.classes}
    assert worth["common"] == pytest.approx(37_343_987.80, abs=0.005)
    assert worth["series-a"] == pytest.approx(12_656_012.20, abs=0.005)
    assert {row.party: round(row.value or 0, 2) for row in found.rows} == {
        "ada": 24_895_991.87, "grace": 12_447_995.93, "birch-ventures": 12_656_012.20,
    }  # fmt: skip
    assert [round(worth, 2) for _, worth in found.strikes] == [47_346_770.65, 40_011_131.39]


def curve() -> Curve:
    """Three classes, one of them participating up to a cap, one with a return cap, and a debt ahead of all."""
    given = structure(
        [
            share_class("common"),
            share_class(
                "a",
                original_issue_price=usd(3),
                preference=Fraction(1),
                participation="capped",
                participation_cap=Fraction(2),
                converts_into=(Fraction(1), "common"),
                ranks=ahead("common"),
            ),
            share_class("b", original_issue_price=usd(2), return_cap=Fraction(5), excess_to="club"),
        ],
        [held("ada", "common", 60), held("bo", "a", 25), held("cy", "b", 15, usd(30)), held("di", "a", 5)],
        costs=[Cost(kind="debt", party="bank", amount=usd(40), basis=basis("debt"))],
        others=["club", "bank"],
    )
    found = curve_of(given, "e")
    assert isinstance(found, Curve)
    return found


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 1e5), st.floats(0, 2), st.floats(0, 10), st.floats(0, 0.2))
def test_the_parts_add_up_to_the_whole(equity: float, volatility: float, term: float, rate: float) -> None:
    found, market = curve(), Market(volatility, term, rate)
    amounts = [column.amount for column in found.columns]
    values = [price(amount, equity, market) for amount in amounts]
    assert abs(sum(values) - equity) <= tolerance(amounts, equity)
    assert min(values) >= -tolerance(amounts, equity)


@pytest.mark.parametrize("volatility", [0.0, 1e-9])
def test_without_volatility_it_is_the_waterfall_at_the_forward_value(volatility: float) -> None:
    market = Market(volatility, 3.0, 0.04)
    for equity in (20.0, 130.0, 417.0, 5000.0):
        for column in curve().columns:
            at_forward = float(column.amount.at(Fraction(equity * exp(0.12)))) * exp(-0.12)
            assert price(column.amount, equity, market) == pytest.approx(at_forward, abs=1e-6)


def by_integration(amount: Piecewise, equity: float, market: Market, steps: int = 200_000) -> float:
    """Return the discounted mean of the payout by the midpoint rule over the normal density."""
    drift = (market.rate - market.volatility**2 / 2) * market.term
    width = 20.0 / steps
    knots = [(float(x), float(y)) for x, y in amount.knots]
    slopes = [float(amount.slope_after(index)) for index in range(len(knots))]
    total, at = 0.0, 0
    for step in range(steps):
        z = -10 + (step + 0.5) * width
        exit_ = equity * exp(drift + market.spread * z)
        while at + 1 < len(knots) and knots[at + 1][0] <= exit_:
            at += 1
        total += (knots[at][1] + slopes[at] * (exit_ - knots[at][0])) * exp(-z * z / 2)
    return total * width / sqrt(2 * pi) * market.discount


def test_option_pricing_against_integration() -> None:
    for column in curve().columns:
        for equity in (50.0, 400.0):
            by_calls = price(column.amount, equity, MARKET)
            assert by_calls == pytest.approx(by_integration(column.amount, equity, MARKET), rel=1e-6, abs=1e-6)


def test_a_jump_is_a_digital_call() -> None:
    jump = through(
        [(Fraction(0), Fraction(0)), (Fraction(100), Fraction(10)), (Fraction(100), Fraction(40))], Fraction(0)
    )
    assert sum((each.jump for each in bends(jump)), Fraction(0)) == 30
    expected = (call(90, 0, MARKET) - call(90, 100, MARKET)) / 10 + 30 * chance(90, 100, MARKET)
    assert price(jump, 90, MARKET) == pytest.approx(expected)
    assert price(jump, 90, MARKET) == pytest.approx(by_integration(jump, 90, MARKET), rel=1e-4)


def test_the_value_of_the_whole_from_the_price_of_a_share() -> None:
    question = Question(currency="USD", market=MARKET, class_price=("series-a", Fraction(3, 2)))
    found = value(acme(), "e", question)
    assert found.equity is not None
    (root,) = found.roots
    per_share = next(each.value for each in found.classes if each.class_id == "series-a") / 2_000_000
    assert per_share == pytest.approx(1.5, abs=1e-12)
    assert root.within <= 1e-6
    again = value(acme(), "e", Question(currency="USD", equity=Fraction(found.equity), market=MARKET))
    assert [row.value for row in again.rows] == [row.value for row in found.rows]


def test_a_price_above_all_that_a_class_is_ever_paid_has_no_value_behind_it() -> None:
    given = structure(
        [share_class("common"), share_class("a", original_issue_price=usd(3), preference=Fraction(1))],
        [held("ada", "common", 60), held("bo", "a", 20)],
    )
    asked = Question(currency="USD", market=MARKET, class_price=("a", Fraction(4)))
    assert value(given, "e", asked).refusals[0].kind == "no value gives the price"
    # Discounted over three years at 4%, 3 is worth 2.6608 at most.
    asked = replace(asked, class_price=("a", Fraction(27, 10)))
    assert value(given, "e", asked).refusals[0].kind == "no value gives the price"
    assert value(given, "e", replace(asked, class_price=("a", Fraction(26, 10)))).refusals == ()
    assert (
        value(given, "e", replace(asked, class_price=("b", Fraction(1)))).refusals[0].kind == "number of shares unknown"
    )
    assert value(given, "e", replace(asked, market=Market(0, 3, 0))).refusals[0].kind == "no volatility"


def test_a_claim_that_falls_may_have_its_value_twice() -> None:
    hump = through(
        [(Fraction(0), Fraction(0)), (Fraction(100), Fraction(100)), (Fraction(200), Fraction(0))], Fraction(0)
    )
    market = Market(0.3, 1.0, 0.0)
    low, high = backsolve(hump, 40.0, market)
    assert low.equity < 100 < high.equity
    for root in (low, high):
        assert price(hump, root.equity, market) == pytest.approx(40, abs=1e-9)
    assert backsolve(hump, 120.0, market) == ()


def test_a_simulation_agrees_with_option_pricing() -> None:
    question = Question(currency="USD", equity=Fraction(50_000_000), market=MARKET, draws=40_000, seed=11)
    together, each = value(acme(), "e", question), value(acme(), "e", replace(question, simultaneous=False))
    for row, alone in zip(together.rows, each.rows, strict=True):
        assert row.simulated is not None
        assert alone.simulated is not None
        assert row.value is not None
        assert row.simulated.low <= row.value <= row.simulated.high
        assert row.simulated.low < alone.simulated.low < alone.simulated.high < row.simulated.high
    assert value(acme(), "e", question).rows == together.rows
    assert value(acme(), "e", replace(question, seed=8)).rows != together.rows


def test_intervals_hold_about_as_often_as_they_say() -> None:
    amount = through([(Fraction(0), Fraction(0)), (Fraction(50), Fraction(0))], Fraction(1))
    exits = Lognormal(Fraction(100), Market(0.4, 1.0, 0.0))
    exact = price(amount, 100, exits.market)
    held_ = 0
    for seed in range(300):
        (found,) = simulate([amount], exits, draws=500, seed=seed, confidence=0.9)
        held_ += found.low <= exact <= found.high
    assert 250 <= held_ <= 288  # 90% of 300 is 270; these bounds are more than three standard deviations away


def test_triangular_exits_against_their_own_formula() -> None:
    # Of exits between 0 and 100, the likeliest at 50, the density above 50 is (100 - x)/2500, so that the mean of what
    # exceeds 50 is the integral of (x - 50)(100 - x)/2500, which is 50^3 / (6 x 2500) = 25/3.
    amount = through([(Fraction(0), Fraction(0)), (Fraction(50), Fraction(0))], Fraction(1))
    (found,) = simulate([amount], Triangular(Fraction(0), Fraction(50), Fraction(100)), draws=50_000, seed=3)
    assert found.low <= 25 / 3 <= found.high
    (flat,) = simulate([amount], Triangular(Fraction(70), Fraction(70), Fraction(70)), draws=100, seed=3)
    assert (flat.mean, flat.standard_error) == (20, 0)


def test_stated_scenarios_are_exact_and_simulated() -> None:
    scenarios = Scenarios(((Fraction(3, 5), Fraction(2_000_000)), (Fraction(2, 5), Fraction(20_000_000))))
    found = value(acme(), "e", Question(currency="USD", exits=scenarios, draws=50_000, seed=2))
    # At 2 million series-a takes all; at 20 million it converts and has a quarter: 1.2 + 2 million.
    expected = {row.party: row.expected for row in found.rows}
    assert expected == {"ada": 4_000_000, "grace": 2_000_000, "birch-ventures": 3_200_000}
    for row in found.rows:
        assert row.simulated is not None
        assert row.expected is not None
        assert row.simulated.low <= row.expected <= row.simulated.high


def test_payouts_at_stated_exits_are_the_waterfall() -> None:
    found = value(acme(), "e", Question(currency="USD", table=(Fraction(10_000_000),)))
    ((exit_, totals, left),) = found.table
    assert (exit_, left) == (10_000_000, 0)
    assert totals == {"ada": Fraction("4666666.67"), "grace": Fraction("2333333.33"), "birch-ventures": 3_000_000}


def test_orders_of_distribution_and_open_facts() -> None:
    found = value(lighthouse(), "e", Question(currency="USD", equity=Fraction(10**9), market=MARKET))
    assert sum(row.value or 0 for row in found.rows) == pytest.approx(1e9, abs=found.tolerance)
    # The foundation has what exceeds a billion.
    foundation = next(row.value for row in found.rows if row.party == "lighthouse-foundation")
    assert foundation == pytest.approx(call(1e9, 1e9, MARKET))
    assert value(acme(), "nobody", Question(currency="USD")).refusals[0].kind == "unknown entity"


def test_draws_out_of_range_are_a_callers_mistake() -> None:
    with pytest.raises(ValueError, match="number of draws"):
        simulate([], Scenarios(((Fraction(1), Fraction(1)),)), draws=1, seed=0)


def test_far_strikes_lose_no_digits() -> None:
    assert call(1.0, 1e12, Market(0.2, 1.0, 0.0)) >= 0
    assert call(1e12, 1.0, Market(0.2, 1.0, 0.0)) == pytest.approx(1e12 - 1)
    assert log(price(through([(Fraction(0), Fraction(0))], Fraction(1)), 5.0, MARKET)) == pytest.approx(log(5))
