"""Distributions day by day: the state of each tier, two roads to each amount, and what must be given back."""

from __future__ import annotations

import doctest
from datetime import date
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from payout_structures import tier, usd

from muniment.answers.distributing import History, histories, history_json
from muniment.book.accounts import World
from muniment.book.load import load
from muniment.book.structure import Tier
from muniment.payout import clawback
from muniment.payout.clawback import claw_back
from muniment.payout.distributions import Capacity, Distributed, Earlier, Stake, distribute
from muniment.payout.hurdles import Flow

ZERO = Fraction(0)


def asked(folder: Path, text: str, entity: str, on: date) -> History:
    (folder / "muniment.toml").write_text('name = "Fund"\nformat = 1\n', encoding="utf-8")
    (folder / "fund.muni").write_text(text, encoding="utf-8")
    book = load(folder)
    assert [each for each in book.diagnostics if each.severity == "error"] == []
    (found,) = histories(World(book, "keeper"), on, None, entity)
    return found


def paid(name: str, on: str, to: str, amount: str, by: str = "fund") -> str:
    return f"{on} pay {name}\n  by: {by}\n  to: {to}\n  amount: USD {amount}\n  as: distribution\n"


def fund(name: str, tiers: str, issued: str = "ann: 100 lp for USD 100") -> str:
    return f"2019-01-01 partnership {name}\n  class lp\n  distribution\n{tiers}2019-01-01 issue {name}\n  {issued}\n"


PEOPLE = "2019-01-01 person ann\n2019-01-01 person ben\n2019-01-01 company gp\n"
EUROPEAN = """\
    tier 1: all to lp until 1x contributed
    tier 2: all to lp until 8% a year, compounded
    tier 3: all to gp until 20% of profit
    tier 4: 80% to lp, 20% to gp
"""


def test_a_whole_fund_by_hand(tmp_path: Path) -> None:
    # 200 paid in on 2019-01-01. On 2020-01-01 200 are distributed: all return capital, the carry waits.
    # On 2021-01-01 50 are distributed. What 8% still owe: 200 x 1.08^2 - 200 x 1.08 = 233.28 - 216 = 17.28.
    # Catch-up: the carry x is 20% of all profit, x = (17.28 + x) / 5, so x = 4.32.
    # The rest, 50 - 17.28 - 4.32 = 28.40, goes 22.72 and 5.68. The carry in all: 10 = 20% of a profit of 50.
    text = PEOPLE + fund("fund", EUROPEAN, "ann: 100 lp for USD 200")
    text += paid("a", "2020-01-01", "ann", "200.00")
    text += paid("b", "2021-01-01", "ann", "40.00") + paid("c", "2021-01-01", "gp", "10.00")
    found = asked(tmp_path, text, "fund", date(2021, 1, 1))
    first, second = found.distributions
    assert [(each.before, each.through, each.after) for each in first.tiers] == [
        (200, 200, 0), (16, 0, 16), (4, 0, 4), (None, 0, None),
    ]  # fmt: skip
    assert [each.before for each in second.tiers] == [0, Fraction(1728, 100), Fraction(432, 100), None]
    assert [each.after for each in second.tiers] == [0, 0, 0, None]
    assert {each.party: (each.before, each.due, each.after) for each in second.payees} == {
        "ann": (200, 40, 240), "gp": (0, 10, 10),
    }  # fmt: skip
    assert first.departures == second.departures == ()
    assert [each.flow for each in found.standing] == [0, 0, 0, None]
    assert found.clawback is None


AMERICAN = (
    PEOPLE
    + fund("deal-1", EUROPEAN + "    clawback: gp above 20% of profit of deal-1, deal-2\n")
    + fund("deal-2", EUROPEAN)
    + paid("a", "2020-01-01", "ann", "180.00", "deal-1")
    + paid("b", "2020-01-01", "gp", "20.00", "deal-1")
    + paid("c", "2021-01-01", "ann", "50.00", "deal-2")
)


def test_deal_by_deal_and_what_the_carry_gives_back(tmp_path: Path) -> None:
    # The same flows, deal by deal. Deal 1 returns 200 on 100 after a year: 100, then 8, then 2 to catch up, then 90
    # as 72 and 18: 180 and 20. Deal 2 returns 50 on 100, all of it capital. Together: a profit of 50, of which the
    # carry keeps 10, so that 10 of its 20 come back; 200 x 1.08^2 = 233.28 stands against 180 x 1.08 + 50 = 244.40.
    found = asked(tmp_path, AMERICAN, "deal-1", date(2021, 1, 1))
    assert found.distributions[0].departures == ()
    clawed = found.clawback
    assert clawed is not None
    assert (clawed.carried, clawed.contributed, clawed.distributed, clawed.profit) == (20, 200, 250, 50)
    assert (clawed.excess, clawed.shortfall, clawed.due) == (10, 0, 10)
    assert history_json(found)["clawback"]["due"] == "10.00"


def test_a_clawback_has_a_limit(tmp_path: Path) -> None:
    text = AMERICAN.replace("of deal-1, deal-2", "of deal-1, deal-2, at most 30% of what it received")
    clawed = asked(tmp_path, text, "deal-1", date(2021, 1, 1)).clawback
    assert clawed is not None
    assert (clawed.excess, clawed.limit, clawed.due) == (10, 6, 6)


def test_the_others_first_return_counts_where_it_is_more() -> None:
    # 100 in, 95 out a year later, and 5 of carry: no profit, so all 5 are above the carry's part; but at 10% the others
    # lack 110 - 95 = 15, which is more than the carry ever received.
    start, end = date(2020, 1, 1), date(2021, 1, 1)
    paid_in, paid_out = {"lp": [Flow(start, Fraction(100))]}, {"lp": [Flow(end, Fraction(95))]}
    part, rate = Fraction(1, 5), Fraction(1, 10)
    found = claw_back(Fraction(5), paid_in, paid_out, part=part, rate=rate, most=Fraction(1), on=end)
    assert (found.excess, found.shortfall, found.limit, found.due) == (5, 15, 5, 5)


def test_a_partner_recoups_then_shares_up_to_its_cap(tmp_path: Path) -> None:
    # 75% until it has its 13 back: 13 / 0.75 = 17 1/3 flow. Then 49% until it has 92: 79 / 0.49 flow. Then nothing.
    tiers = """\
    tier 1: 75% to lp, 25% to gp until 1x contributed
    tier 2: 49% to lp, 51% to gp until USD 92
    tier 3: all to gp
"""
    text = PEOPLE + fund("fund", tiers, "ann: 1 lp for USD 13")
    text += paid("a", "2020-01-01", "ann", "14.31") + paid("b", "2020-01-01", "gp", "5.69")
    text += paid("c", "2021-01-01", "ann", "77.69") + paid("d", "2021-01-01", "gp", "222.31")
    found = asked(tmp_path, text, "fund", date(2022, 1, 1))
    first, second = found.distributions
    assert [each.before for each in first.tiers] == [Fraction(52, 3), Fraction(7900, 49), None]
    # Of 20: 13 + 0.49 x (20 - 17 1/3) = 14.30666..., which is 14.31 to the cent.
    assert {each.party: each.due for each in first.payees}["ann"] == 13 + Fraction(49, 100) * Fraction(8, 3)
    assert first.departures == second.departures == ()
    assert {(party): amount for party, _, amount in found.received} == {"ann": 92, "gp": 228}


def test_a_payment_that_departs_from_the_tiers_is_said_and_counts_as_paid(tmp_path: Path) -> None:
    text = PEOPLE + fund("fund", "    tier 1: all to lp until 1x contributed\n    tier 2: all to gp\n")
    text += paid("a", "2020-01-01", "ann", "60") + paid("b", "2020-01-01", "gp", "10")
    found = asked(tmp_path, text, "fund", date(2020, 6, 1))
    (only,) = found.distributions
    assert set(only.departures) == {"ann", "gp"}
    assert found.standing[0].flow == 40


def test_a_manager_that_also_invests(tmp_path: Path) -> None:
    # 60 and 40 paid in; of 200: 100 return capital, 100 are split 80/20 over the class and the carry.
    tiers = "    tier 1: all to lp until 1x contributed\n    tier 2: 80% to lp, 20% to gp\n"
    text = PEOPLE + fund("fund", tiers, "ann: 60 lp for USD 60\n  gp: 40 lp for USD 40")
    text += paid("a", "2020-01-01", "ann", "108") + paid("b", "2020-01-01", "gp", "92")
    text += paid("c", "2021-01-01", "ann", "48") + paid("d", "2021-01-01", "gp", "52")
    found = asked(tmp_path, text, "fund", date(2021, 6, 1))
    assert {(party, name): amount for party, name, amount in found.received} == {
        ("ann", "lp"): 156, ("gp", "lp"): 104, ("gp", "gp"): 40,
    }  # fmt: skip
    unclear = text.replace("USD 92", "USD 90").replace("USD 108", "USD 110")
    assert asked(tmp_path, unclear, "fund", date(2021, 6, 1)).refusals[0].kind == "earlier distribution unclear"


def test_what_cannot_be_replayed_is_refused_with_its_place(tmp_path: Path) -> None:
    tiers = "    tier 1: all to lp\n"
    undated = PEOPLE + fund("fund", tiers) + paid("a", "2020", "ann", "60")
    (refusal,) = asked(tmp_path, undated, "fund", date(2021, 6, 1)).refusals
    assert (refusal.kind, refusal.basis is not None) == ("day unknown", True)
    no_price = PEOPLE + fund("fund", tiers + "    clawback: gp above 20% of profit\n", "ann: 100 lp")
    (refusal,) = asked(tmp_path, no_price, "fund", date(2021, 6, 1)).refusals
    assert refusal.kind == "contribution unknown"


STAKES = {"lp": [Stake("ann", Fraction(3), Fraction(60)), Stake("ben", Fraction(2), Fraction(40))]}
PARTIES = frozenset({"gp", "ann", "ben"})


def poured(tiers: list[Tier], received: dict[Capacity, tuple[Flow, ...]], amount: Fraction) -> dict[Capacity, Fraction]:
    by_party: dict[str, Fraction] = {}
    for (party, _), flows in received.items():
        by_party[party] = by_party.get(party, ZERO) + sum((flow.amount for flow in flows), ZERO)
    outcome = distribute(tiers, STAKES, PARTIES, Earlier(by_party, None, date(2021, 1, 1), received))
    assert isinstance(outcome, Distributed)
    due: dict[Capacity, Fraction] = {}
    for each in outcome.passes:
        for party, name, part in each.parts:
            due[(party, name)] = due.get((party, name), ZERO) + part * each.through(amount)
    return due


def tiers_of(multiple: int, share: int, part: int, more: int, preferred: int) -> list[Tier]:
    """Capital, a first return in money, a catch-up, and splits that keep at least the part that was caught up."""
    least = min(part + more, 99)
    return [
        tier(1, "a", ("1", "lp"), until=("contributed", Fraction(1))),
        tier(2, "b", ("1", "lp"), until=("money", usd(100 + preferred))),
        tier(3, "c", ("1", "gp"), until=("profit", Fraction(part, 100))),
        tier(
            4,
            "d",
            (f"{100 - least}/100", "lp"),
            (f"{least}/100", "gp"),
            until=("contributed", 1 + Fraction(multiple, 4)),
        ),
        tier(5, "e", ("1/2", "gp"), ("1/2", "lp"), until=("money", usd(50 + more))),
        tier(6, "f", (f"{100 - share}/100", "lp"), (f"{share}/100", "gp")),
    ]


TIERS = st.builds(
    lambda multiple, part, more, last, preferred: tiers_of(multiple, max(part, last), part, more, preferred),
    st.integers(0, 12),
    st.integers(0, 50),
    st.integers(0, 60),
    st.integers(0, 100),
    st.integers(0, 80),
)


@settings(max_examples=80, deadline=None)
@given(TIERS, st.lists(st.fractions(0, 300, max_denominator=100), min_size=1, max_size=5))
def test_day_by_day_comes_to_the_same_as_all_at_once(tiers: list[Tier], amounts: list[Fraction]) -> None:
    at_once = poured(tiers, {}, sum(amounts, ZERO))
    received: dict[Capacity, tuple[Flow, ...]] = {}
    for day, amount in enumerate(amounts, 1):
        for capacity, part in poured(tiers, received, amount).items():
            received[capacity] = (*received.get(capacity, ()), Flow(date(2020, 1, day), part))
    assert {name: sum((flow.amount for flow in flows), ZERO) for name, flows in received.items()} == at_once
    assert sum(at_once.values(), ZERO) == sum(amounts, ZERO)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=6), st.integers(0, 30))
def test_a_hurdle_is_the_balance_that_rolls_from_year_to_year(payments: list[int], percent: int) -> None:
    rate = Fraction(percent, 100)
    start = date(2000, 1, 1)
    stakes = {"lp": [Stake("ann", Fraction(1), Fraction(100), (Flow(start, Fraction(100)),))]}
    tiers = [tier(1, "a", ("1", "lp"), until=("hurdle", rate)), tier(2, "b", ("1", "gp"))]
    balance, flows = Fraction(100), tuple[Flow, ...]()
    for year, payment in enumerate(payments, 2001):
        balance *= 1 + rate
        today = date(year, 1, 1)
        received = {("ann", "lp"): flows}
        outcome = distribute(tiers, stakes, PARTIES, Earlier({}, None, today, received))
        assert isinstance(outcome, Distributed)
        assert outcome.passes[0].flow == balance
        through = outcome.passes[0].through(Fraction(payment))
        balance -= through
        flows = (*flows, Flow(today, through))


def test_example() -> None:
    assert doctest.testmod(clawback) == (0, 4)
