"""Tiers of distributions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from payout_structures import held, lighthouse, paid_before, share_class, structure, tier, usd

from muniment.book.structure import Holding, Structure, Tier
from muniment.payout import pay_out
from muniment.payout.hurdles import Flow, grow


def fund(*tiers: Tier, holdings: list[Holding] | None = None, paid: Any = ()) -> Structure:
    return structure(
        [share_class("lp")],
        holdings or [held("ann", "lp", 60, usd(60)), held("ben", "lp", 40, usd(40))],
        tiers=tiers,
        paid=paid,
        others=["gp"],
        kind="partnership",
    )


def totals(given: Structure, proceeds: int) -> dict[str, Fraction]:
    answer = pay_out(given, "e", usd(proceeds))
    assert answer.refusals == ()
    assert answer.certificate == ()
    return answer.totals


CONTRIBUTED = tier(1, "all to lp until 1x contributed", ("1", "lp"), until=("contributed", Fraction(1)))


def test_split_until_a_multiple_counts_what_earlier_tiers_paid() -> None:
    given = fund(
        CONTRIBUTED,
        tier(
            2,
            "80% to lp, 20% to gp until 2x contributed",
            ("4/5", "lp"),
            ("1/5", "gp"),
            until=("contributed", Fraction(2)),
        ),
        tier(3, "half each", ("1/2", "lp"), ("1/2", "gp")),
    )
    assert totals(given, 225) == {"ann": 120, "ben": 80, "gp": 25}
    assert totals(given, 325) == {"ann": 150, "ben": 100, "gp": 75}
    answer = pay_out(given, "e", usd(150))
    assert [each.proceeds for each in answer.breakpoints] == [100, 225]
    assert "The limit of tier 2 counts what lp, named first, has received in all." in answer.assumptions


def test_money_limit() -> None:
    given = fund(
        tier(1, "all to lp until USD 92 billion", ("1", "lp"), until=("money", usd(92 * 10**9))),
        tier(2, "gp", ("1", "gp")),
    )
    assert totals(given, 100 * 10**9) == {"ann": Fraction(552 * 10**8), "ben": Fraction(368 * 10**8), "gp": 8 * 10**9}


def test_catch_up_to_a_part_of_the_profit() -> None:
    given = fund(
        CONTRIBUTED,
        tier(2, "all to lp until USD 108", ("1", "lp"), until=("money", usd(108))),
        tier(3, "all to gp until 20% of profit", ("1", "gp"), until=("profit", Fraction(1, 5))),
        tier(4, "80/20", ("4/5", "lp"), ("1/5", "gp")),
    )
    assert totals(given, 110)["gp"] == 2
    assert totals(given, 200) == {"ann": 108, "ben": 72, "gp": 20}
    assert pay_out(given, "e", usd(1)).breakpoints[-1].proceeds == 110


def dated(party: str, units: int, *flows: tuple[date, int]) -> Holding:
    paid = sum(amount for _, amount in flows)
    return replace(held(party, "lp", units, usd(paid)), contributed=tuple((day, usd(amount)) for day, amount in flows))


def test_hurdle_compounds_from_the_day_of_each_contribution() -> None:
    holdings = [
        dated("ann", 60, (date(2019, 4, 1), 100)),
        dated("ben", 40, (date(2020, 4, 1), 50), (date(2020, 10, 1), 50)),
    ]
    hurdle = tier(1, "all to lp until 10% a year, compounded", ("1", "lp"), until=("hurdle", Fraction(1, 10)))
    given = fund(hurdle, tier(2, "all to gp", ("1", "gp")), holdings=holdings)
    answer = pay_out(given, "e", usd(1000))
    assert answer.refusals == ()
    exact = {row.party: row.exact for row in answer.rows}
    assert exact["ann"] == 121
    assert exact["ben"] == 55 + 50 * (1 + Fraction(182, 365) / 10)
    half = replace(paid_before("ann", 55), on=date(2020, 4, 1))
    later = {row.party: row.exact for row in pay_out(replace(given, paid=(half,)), "e", usd(1000)).rows}
    assert later["ann"] == 121 - Fraction(605, 10)
    undated = pay_out(replace(given, paid=(paid_before("ann", 55),)), "e", usd(1000))
    assert undated.refusals[0].kind == "hurdle needs dates"


def test_growth_over_a_leap_day() -> None:
    leap = Flow(date(2020, 2, 29), Fraction(100))
    assert grow(leap, Fraction(1, 10), date(2021, 2, 27)) < 110
    assert grow(leap, Fraction(1, 10), date(2021, 2, 28)) == 110
    assert grow(leap, Fraction(1, 10), date(2021, 3, 1)) == 110 * (1 + Fraction(1, 3650))
    assert grow(leap, Fraction(1, 10), date(2024, 2, 28)) < Fraction(14641, 100)
    assert grow(leap, Fraction(1, 10), date(2024, 2, 29)) == Fraction(14641, 100)
    assert grow(leap, Fraction(0), date.max) == 100
    assert grow(Flow(date(2020, 1, 1), Fraction(100)), Fraction(1, 10), date(2020, 1, 1)) == 100


def test_shares_follow_what_remains_due_to_each() -> None:
    given = replace(lighthouse(), paid=(paid_before("oak", 500_000_000),))
    assert totals(given, 250_000_000) == {
        "oak": 50_000_000, "elm": 200_000_000, "lighthouse-foundation": 0,
    }  # fmt: skip
    assert totals(given, 600_000_000)["lighthouse-foundation"] == 100_000_000


def test_a_limit_that_is_already_reached_pays_nothing() -> None:
    given = fund(CONTRIBUTED, tier(2, "gp", ("1", "gp")), paid=[paid_before("ann", 60), paid_before("ben", 40)])
    assert totals(given, 10) == {"ann": 0, "ben": 0, "gp": 10}


def test_what_is_beyond_the_last_limit_is_unallocated() -> None:
    answer = pay_out(fund(CONTRIBUTED), "e", usd(150))
    assert answer.unallocated == 50
    assert sum(answer.totals.values()) == 100


@pytest.mark.parametrize(
    ("tiers", "kind"),
    [
        ([tier(1, "8%", ("1", "lp"), until=("hurdle", Fraction(8, 100)))], "hurdle needs dates"),
        ([tier(1, "x", ("1", "nobody"))], "unknown payee"),
        ([tier(1, "x", ("1/2", "lp"), ("1/4", "gp"))], "tier not whole"),
        ([tier(1, "x", ("1", "gp"), until=("contributed", Fraction(1)))], "contribution unknown"),
        ([tier(1, "x", ("1", "gp"), until=("profit", Fraction(1, 5)))], "no profit yet"),
        ([CONTRIBUTED, tier(2, "x", ("1/10", "gp"), ("9/10", "lp"), until=("profit", Fraction(1, 5)))], None),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(tiers: list[Tier], kind: str | None) -> None:
    answer = pay_out(fund(*tiers), "e", usd(500))
    if kind is None:
        # The general partner has its 20% of no profit at once, so the tier is passed over.
        assert answer.refusals == ()
        assert answer.unallocated == 400
        return
    assert answer.rows == ()
    assert answer.refusals[0].kind == kind
    assert f"tier {tiers[-1].number}" in answer.refusals[0].message


def test_a_class_nobody_holds_is_refused() -> None:
    given = structure([share_class("lp"), share_class("b")], [held("ann", "lp", 1)], tiers=[tier(1, "x", ("1", "b"))])
    assert pay_out(given, "e", usd(1)).refusals[0].kind == "class nobody issued"


def test_an_unknown_contribution_is_refused() -> None:
    answer = pay_out(fund(CONTRIBUTED, holdings=[held("ann", "lp", 1)]), "e", usd(1))
    assert answer.refusals[0].kind == "contribution unknown"
    assert "ann" in answer.refusals[0].message


def test_a_distribution_that_exceeds_a_return_cap_is_reported_and_still_followed() -> None:
    entity = lighthouse().entities["e"]
    tiers = (tier(1, "all to first-round", ("1", "first-round")),)
    given = replace(lighthouse(), entities={"e": replace(entity, distribution=tiers)})
    answer = pay_out(given, "e", usd(2_000_000_000))
    assert answer.totals == {"elm": 800_000_000, "oak": 1_200_000_000}
    (found,) = answer.contradictions
    assert found.kind == "distribution contradicts class"
    assert "USD 1,000,000,000" in found.message
    assert pay_out(lighthouse(), "e", usd(2_000_000_000)).contradictions == ()


def test_an_excess_that_goes_elsewhere_is_reported() -> None:
    entity = lighthouse().entities["e"]
    tiers = (entity.distribution[0], tier(2, "all to oak", ("1", "oak")))
    given = replace(lighthouse(), entities={"e": replace(entity, distribution=tiers)})
    (found,) = pay_out(given, "e", usd(1)).contradictions
    assert "does not pay lighthouse-foundation" in found.message


def test_a_distribution_that_passes_over_a_preference_is_reported() -> None:
    preferred = share_class("a", original_issue_price=usd(3), preference=Fraction(1))
    holdings = [held("ada", "common", 10), held("bo", "a", 10)]

    def company(*tiers: Tier) -> Structure:
        return structure([share_class("common"), preferred], holdings, tiers=tiers)

    kept = company(tier(1, "a", ("1", "a"), until=("money", usd(30))), tier(2, "common", ("1", "common")))
    assert pay_out(kept, "e", usd(1)).contradictions == ()
    broken = company(tier(1, "a", ("1", "a"), until=("money", usd(20))), tier(2, "common", ("1", "common")))
    (found,) = pay_out(broken, "e", usd(1)).contradictions
    assert found.message == "of USD 30 the distribution pays a USD 20, where its own terms give it USD 30"


def test_a_tier_that_is_never_reached_is_reported() -> None:
    given = fund(tier(1, "x", ("1", "lp")), tier(2, "y", ("1", "gp")))
    assert [each.message for each in pay_out(given, "e", usd(1)).contradictions] == ["tier 2 is never reached"]


def test_one_payee_twice_in_a_tier() -> None:
    given = fund(tier(1, "x", ("1/2", "lp"), ("1/2", "gp"), until=("money", usd(100))), tier(2, "y", ("1", "gp")))
    assert totals(given, 300) == {"ann": 60, "ben": 40, "gp": 200}
