"""One term, one refusal or one open fact at a time."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from payout_structures import acme, ahead, basis, beside, held, lighthouse, paid_before, share_class, structure, usd
from payout_structures import without_distribution as by_class_terms

from muniment.book.structure import Cost, OpenFact, ShareClass, Structure
from muniment.model.values import Bounded, Money
from muniment.payout import Refusal, curve_of, pay_out

PLAIN: dict[str, Any] = {"original_issue_price": usd(1), "preference": Fraction(1)}


def totals(given: Structure, proceeds: int) -> dict[str, Fraction]:
    answer = pay_out(given, "e", usd(proceeds))
    assert answer.refusals == ()
    assert answer.certificate == ()
    return answer.totals


def refusal(given: Structure, proceeds: Money | None = None) -> Refusal:
    answer = pay_out(given, "e", proceeds or usd(10))
    assert answer.rows == ()
    assert answer.totals == {}
    assert len(answer.refusals) == 1
    return answer.refusals[0]


def preferred(*classes: ShareClass) -> Structure:
    holdings = [held(f"holder-{each.id}", each.id, 10) for each in classes]
    return structure([share_class("common"), *classes], [held("ada", "common", 10), *holdings])


# Seniority


def test_ahead_comes_first_and_unranked_last_side_by_side() -> None:
    given = preferred(
        share_class("c", **PLAIN), share_class("a", ranks=ahead("b", "common"), **PLAIN),
        share_class("b", ranks=ahead("common"), **PLAIN), share_class("d", **PLAIN),
    )  # fmt: skip
    assert totals(given, 15) == {"ada": 0, "holder-c": 0, "holder-a": 10, "holder-b": 5, "holder-d": 0}
    assert totals(given, 30) == {"ada": 0, "holder-c": 5, "holder-a": 10, "holder-b": 10, "holder-d": 5}


def test_with_puts_classes_side_by_side() -> None:
    given = preferred(
        share_class("a", ranks=ahead("common"), **PLAIN), share_class("b", ranks=beside("a"), **PLAIN),
        share_class("c", **PLAIN),
    )  # fmt: skip
    assert totals(given, 10) == {"ada": 0, "holder-a": 5, "holder-b": 5, "holder-c": 0}


def test_a_circle_of_ranks_is_refused() -> None:
    given = preferred(share_class("a", ranks=ahead("b"), **PLAIN), share_class("b", ranks=ahead("a"), **PLAIN))
    found = refusal(given)
    assert found.kind == "seniority clash"
    assert found.basis is not None
    assert found.basis.words == "a ranks"


def test_an_open_order_between_ranked_classes_is_refused() -> None:
    given = preferred(
        share_class("a", ranks=ahead("b"), **PLAIN), share_class("b", ranks=ahead("common"), **PLAIN),
        share_class("x", ranks=ahead("common"), **PLAIN),
    )  # fmt: skip
    assert refusal(given).message == "it is not stated whether b or x is paid first"


def test_ranked_classes_that_nothing_sets_apart_stand_side_by_side_and_say_so() -> None:
    given = preferred(
        share_class("a", ranks=ahead("common"), **PLAIN), share_class("b", ranks=ahead("common"), **PLAIN)
    )
    answer = pay_out(given, "e", usd(10))
    assert answer.totals == {"ada": 0, "holder-a": 5, "holder-b": 5}
    assert "Nothing ranks a before or after b, so they are paid side by side." in answer.assumptions


# Preference, participation, conversion


def test_preference_of_the_price_paid_where_no_issue_price_is_stated() -> None:
    given = structure(
        [share_class("common"), share_class("a", preference=Fraction(2))],
        [held("ada", "common", 1), held("bo", "a", 1, usd(10)), held("cy", "a", 1, usd(30))],
    )
    assert totals(given, 40) == {"ada": 0, "bo": 10, "cy": 30}
    assert totals(given, 100) == {"ada": 20, "bo": 20, "cy": 60}


def test_a_preference_without_a_price_is_refused() -> None:
    given = structure(
        [share_class("common"), share_class("a", preference=Fraction(1))],
        [held("ada", "common", 1), held("bo", "a", 1)],
    )
    assert refusal(given).kind == "no price for a preference"


def test_accrued_dividends_add_to_the_preference() -> None:
    given = preferred(share_class("a", accrued=usd(5), **PLAIN))
    assert totals(given, 14) == {"ada": 0, "holder-a": 14}
    assert totals(given, 20) == {"ada": 5, "holder-a": 15}


def test_a_cap_below_the_preference_limits_it_and_says_so() -> None:
    given = preferred(
        share_class("a", participation="capped", participation_cap=Fraction(1, 2), **PLAIN),
    )
    answer = pay_out(given, "e", usd(30))
    assert answer.totals == {"ada": 25, "holder-a": 5}
    assert "The cap of a is not above its preference, so it limits the preference." in answer.assumptions


def test_capped_participation_in_money_converts_in_the_end() -> None:
    given = preferred(
        share_class(
            "a", participation="capped", participation_cap=usd(15), converts_into=(Fraction(1), "common"), **PLAIN
        )
    )
    answer = pay_out(given, "e", usd(100))
    assert answer.totals == {"ada": 50, "holder-a": 50}
    assert [str(each.proceeds) for each in answer.breakpoints] == ["10", "20", "30"]
    assert answer.breakpoints[1].cause == "the participation of a reaches its cap"


def test_converts_one_to_many_and_through_another_class() -> None:
    given = structure(
        [
            share_class("common"),
            share_class("b", converts_into=(Fraction(3), "common")),
            share_class("a", converts_into=(Fraction(2), "b"), **PLAIN),
        ],
        [held("ada", "common", 4), held("bo", "b", 1), held("cy", "a", 1)],
    )
    assert totals(given, 13_000) == {"ada": 4000, "bo": 3000, "cy": 6000}


def test_conversion_into_a_class_that_has_a_preference_itself() -> None:
    given = structure(
        [
            share_class("common"),
            share_class("b", original_issue_price=usd(10), preference=Fraction(1), ranks=ahead("common")),
            share_class("a", converts_into=(Fraction(1), "b")),
        ],
        [held("ada", "common", 100), held("bo", "b", 1), held("cy", "a", 1)],
    )
    assert totals(given, 15) == {"ada": 0, "bo": Fraction("7.5"), "cy": Fraction("7.5")}
    assert totals(given, 30) == {"ada": 10, "bo": 10, "cy": 10}


def test_conversion_in_a_circle_is_refused() -> None:
    given = preferred(
        share_class("a", converts_into=(Fraction(1), "b"), **PLAIN),
        share_class("b", converts_into=(Fraction(1), "a"), **PLAIN),
    )
    assert refusal(given).kind == "circular conversion"


def test_no_common_at_all() -> None:
    given = structure(
        [
            share_class("common"),
            share_class(
                "a", converts_into=(Fraction(1), "common"), original_issue_price=usd(3), preference=Fraction(1)
            ),
            share_class("b", converts_into=(Fraction(1), "common"), **PLAIN),
        ],
        [held("ada", "a", 1), held("bo", "b", 3)],
    )
    assert totals(given, 4) == {"ada": 2, "bo": 2}
    assert totals(given, 6) == {"ada": 3, "bo": 3}
    assert totals(given, 12) == {"ada": 3, "bo": 9}
    assert totals(given, 40) == {"ada": 10, "bo": 30}


# Return caps


def test_released_cap_lets_the_others_share_the_rest() -> None:
    capped = share_class("a", return_cap=Fraction(2))
    given = structure([share_class("common"), capped], [held("ada", "common", 10), held("bo", "a", 10, usd(10))])
    answer = pay_out(given, "e", usd(100))
    assert answer.totals == {"ada": 80, "bo": 20}
    assert answer.breakpoints[0].cause == "the return cap of a is reached: the others share the rest"


def test_when_everyone_is_capped_the_rest_is_unallocated_and_reported() -> None:
    given = structure([share_class("a", return_cap=Fraction(2))], [held("bo", "a", 10, usd(10))])
    answer = pay_out(given, "e", usd(100))
    assert answer.totals == {"bo": 20}
    assert answer.unallocated == 80
    assert answer.to_json()["unallocated"] == "80.00"
    assert "USD 80 is left that nobody may have." in answer.why


def test_return_caps_are_net_of_earlier_distributions_but_not_of_interest() -> None:
    given = replace(
        by_class_terms(lighthouse()),
        paid=(paid_before("oak", 500_000_000), paid_before("elm", 7, as_="interest")),
    )
    assert totals(given, 1_000_000_000) == {
        "oak": 100_000_000, "elm": 400_000_000, "lighthouse-foundation": 500_000_000,
    }  # fmt: skip


def test_earlier_distributions_to_a_holder_of_two_classes_are_refused() -> None:
    given = structure(
        [share_class("common"), share_class("a", return_cap=Fraction(2))],
        [held("bo", "common", 1), held("bo", "a", 1, usd(1))], paid=[paid_before("bo", 1)],
    )  # fmt: skip
    assert refusal(given).kind == "earlier distribution unclear"


def test_caps_are_per_holder_on_what_each_paid() -> None:
    given = structure(
        [share_class("a", return_cap=Fraction(10), excess_to="home")],
        [held("bo", "a", 1, usd(1)), held("cy", "a", 1, usd(3))], others=["home"],
    )  # fmt: skip
    assert totals(given, 100) == {"bo": 10, "cy": 30, "home": 60}


# Costs


def cost(kind: str, party: str, amount: Money | Fraction, above: Money | None = None) -> Cost:
    return Cost(kind=kind, party=party, amount=amount, above=above, basis=basis(f"{kind} to {party}"))


def test_costs_come_before_owners_in_order() -> None:
    costs = [
        cost("carve-out", "managers", Fraction(1, 10), usd(5_000_000)),
        cost("fees", "advisers", Fraction(2, 100)),
        cost("debt", "north-bank", usd(4_000_000)),
    ]
    given = replace(acme(), entities={"e": replace(acme().entities["e"], costs=tuple(costs))})
    assert totals(given, 10_000_000) == {
        "north-bank": 4_000_000, "advisers": 200_000, "managers": 500_000,
        "birch-ventures": 3_000_000, "ada": Fraction("1533333.33"), "grace": Fraction("766666.67"),
    }  # fmt: skip
    assert totals(given, 4_010_000)["advisers"] == 10_000
    causes = [each.cause for each in pay_out(given, "e", usd(1)).breakpoints]
    assert causes[:2] == ["debt to north-bank is paid in full", "fees to advisers"]


def test_debts_share_what_does_not_suffice() -> None:
    costs = [cost("debt", "bank", usd(300)), cost("debt", "lender", usd(100))]
    given = structure([share_class("common")], [held("ada", "common", 1)], costs=costs)
    assert totals(given, 100) == {"bank": 75, "lender": 25, "ada": 0}


def test_costs_that_take_everything_are_refused() -> None:
    costs = [cost("fees", "advisers", Fraction(6, 10)), cost("carve-out", "managers", Fraction(4, 10))]
    assert refusal(structure([share_class("common")], [held("ada", "common", 1)], costs=costs)).kind == (
        "costs exceed proceeds"
    )


# Money, rounding and what is missing


def test_rounding_gives_the_missing_cent_to_the_largest_remainder_then_to_the_first_id() -> None:
    given = structure(
        [share_class("common")], [held("bo", "common", 1), held("ada", "common", 1), held("cy", "common", 1)]
    )
    assert totals(given, 100) == {"ada": Fraction("33.34"), "bo": Fraction("33.33"), "cy": Fraction("33.33")}


def test_a_payee_is_rounded_once_over_all_its_classes() -> None:
    given = structure(
        [share_class("a"), share_class("b")],
        [held("ada", "a", 1), held("ada", "b", 1), held("bo", "a", 1)],
    )
    answer = pay_out(given, "e", usd(100))
    assert answer.totals == {"ada": Fraction("66.67"), "bo": Fraction("33.33")}
    rows = {(row.party, row.class_id): row.amount for row in answer.rows}
    assert rows[("ada", "a")] == Fraction("33.34")
    assert rows[("ada", "b")] == Fraction("33.33")


def test_minor_units_follow_the_currency() -> None:
    given = structure([share_class("common")], [held("ada", "common", 1), held("bo", "common", 2)])
    rows = pay_out(given, "e", Money(Fraction(100), "JPY")).to_json()["rows"]
    assert [row["amount"] for row in rows] == ["33", "67"]
    assert refusal(given, Money(Fraction(1, 2), "JPY")).kind == "proceeds not payable"
    assert refusal(given, usd(-1)).kind == "proceeds not payable"


def test_mixed_currencies_are_refused_and_located() -> None:
    found = refusal(acme(), Money(Fraction(1), "EUR"))
    assert found.kind == "mixed currencies"
    assert found.basis is not None


def test_nothing_issued_and_unknown_entities_are_refused() -> None:
    assert refusal(structure([share_class("common")], [])).kind == "class nobody issued"
    assert pay_out(acme(), "nobody", usd(1)).refusals[0].kind == "unknown entity"
    assert isinstance(curve_of(acme(), "nobody"), Refusal)


def test_a_fact_that_the_account_leaves_open_is_refused_if_it_concerns_money() -> None:
    def leaving_open(address: str) -> Structure:
        return replace(
            acme(), open_facts=(OpenFact(address=address, readings=("1x", "2x"), entity="e", basis=basis("?")),)
        )

    found = refusal(leaving_open("e class series-a liquidation preference"))
    assert found.kind == "open fact"
    assert "e class series-a liquidation preference" in found.message
    assert pay_out(leaving_open("e seats founders removed by"), "e", usd(10)).refusals == ()


def test_a_nonprofit_owes_its_donors_nothing() -> None:
    found = refusal(structure([], [], kind="nonprofit"))
    assert "what is given to it carries no claim" in found.message


def test_what_an_entity_holds_in_itself_is_paid_nothing() -> None:
    given = structure([share_class("common")], [held("ada", "common", 1), held("e", "common", 9)])
    assert totals(given, 10) == {"ada": 10}


def test_percentages_of_a_class_and_what_they_leave_over() -> None:
    given = structure([share_class("common")], [held("ada", "common", Fraction(3, 5), of="class")])
    assert totals(given, 10) == {"ada": 6, "others of e.common": 4}
    mixed = structure(
        [share_class("common")], [held("ada", "common", Fraction(3, 5), of="class"), held("bo", "common", 4)]
    )
    assert totals(mixed, 10) == {"ada": 6, "bo": 4}
    capital = structure(
        [], [held("ada", "", Fraction(1, 4), of="capital"), held("bo", "", Fraction(3, 4), of="capital")]
    )
    assert totals(capital, 100) == {"ada": 25, "bo": 75}


def test_bounded_percentages_of_the_capital_give_bounds() -> None:
    def founder(part: Any) -> Structure:
        return structure(
            [share_class("a")], [held("mo", "", part, of="capital"), held("mo", "a", Fraction(1, 3), of="class")]
        )

    answer = pay_out(founder(Bounded(Fraction(1, 2), Fraction(3, 5), text="50% to 60%")), "e", usd(1000))
    assert {row.party: (row.low, row.high) for row in answer.rows} == {"mo": (500, 600), "others of e": (400, 500)}
    assert "Percentages of the capital are taken as percentages of what is paid out." in answer.assumptions
    assert any("50% to 60%" in each for each in answer.assumptions)
    more = pay_out(founder(Bounded(Fraction(1, 2), None, low_open=True, text="more than 50%")), "e", usd(1000))
    assert {row.party: (row.low, row.high) for row in more.rows} == {"mo": (500, 1000), "others of e": (0, 500)}
    assert pay_out(founder(Bounded(Fraction(1, 2), Fraction(1, 2), about=True)), "e", usd(1)).refusals


def test_percentages_cannot_be_set_against_a_preference() -> None:
    given = structure([share_class("a", **PLAIN)], [held("mo", "a", Fraction(1, 2), of="class")])
    assert refusal(given).kind == "number of shares unknown"
    capital = structure([share_class("a", **PLAIN)], [held("mo", "", Fraction(1, 2), of="capital")])
    assert refusal(capital).kind == "number of shares unknown"


def test_more_than_all_of_a_class_is_refused() -> None:
    given = structure(
        [share_class("common")],
        [held("ada", "common", Fraction(3, 5), of="class"), held("bo", "common", Fraction(1, 2), of="class")],
    )
    assert refusal(given).kind == "holdings exceed class"


def test_a_bounded_holding_gives_bounds_that_the_ends_attain() -> None:
    def company(shares: Any) -> Structure:
        return structure(
            [share_class("common"), share_class("a", converts_into=(Fraction(1), "common"), **PLAIN)],
            [held("ada", "common", 10), held("bo", "a", shares)],
        )

    answer = pay_out(company(Bounded(Fraction(5), Fraction(20), text="5 to 20")), "e", usd(25))
    assert answer.totals == {}
    assert answer.breakpoints == ()
    rows = {row.party: (row.low, row.high) for row in answer.rows}
    assert rows["bo"] == (totals(company(5), 25)["bo"], totals(company(20), 25)["bo"])
    assert rows["ada"] == (totals(company(20), 25)["ada"], totals(company(5), 25)["ada"])
    assert any("5 to 20" in each for each in answer.assumptions)
    found = answer.to_json()["rows"][0]
    assert "amount" not in found
    assert {"low", "high"} <= set(found)


def test_a_holding_without_an_upper_bound_is_refused_by_name() -> None:
    given = structure(
        [share_class("common")],
        [held("ada", "common", 1), held("bo", "common", Bounded(Fraction(5), None, text="more than 5"))],
    )
    found = refusal(given)
    assert found.kind == "open holding"
    assert "bo" in found.message
    about = structure([share_class("common")], [held("ada", "common", Bounded(Fraction(5), Fraction(5), about=True))])
    assert refusal(about).kind == "open holding"


def test_an_unknown_contribution_to_a_capped_class_gives_bounds() -> None:
    given = structure(
        [share_class("a", return_cap=Fraction(10), excess_to="home")],
        [held("bo", "a", 1, usd(1)), held("cy", "a", 1)], others=["home"],
    )  # fmt: skip
    rows = {row.party: (row.low, row.high) for row in pay_out(given, "e", usd(100)).rows}
    assert rows == {"bo": (10, 10), "cy": (0, 50), "home": (40, 90)}


def test_what_may_stay_unallocated_within_bounds_is_said() -> None:
    given = structure([share_class("a", return_cap=Fraction(2))], [held("bo", "a", 1, usd(10)), held("cy", "a", 1)])
    answer = pay_out(given, "e", usd(100))
    assert {row.party: (row.low, row.high) for row in answer.rows} == {"bo": (20, 20), "cy": (0, 80)}
    assert "Between USD 0 and USD 80 is left that nobody may have." in answer.why


def test_why_names_holders_who_stand_otherwise_than_the_rest_of_their_class() -> None:
    given = structure(
        [share_class("common"), share_class("a", preference=Fraction(1))],
        [held("ada", "common", 1), held("bo", "a", 1, usd(10)), held("cy", "a", 1, usd(30))],
    )
    assert "a of bo takes its preference of USD 10." in pay_out(given, "e", usd(50)).why


def test_because_holds_the_terms_and_the_holdings() -> None:
    words = [each.words for each in pay_out(acme(), "e", usd(1)).because]
    assert "series-a liquidation preference" in words
    assert "ada: common" in words


@pytest.mark.parametrize("holders", [400])
def test_many_holders_who_stand_alike_are_one_claim(holders: int) -> None:
    given = structure(
        [share_class("common"), share_class("a", converts_into=(Fraction(1), "common"), **PLAIN)],
        [held(f"p{number}", "common" if number % 2 else "a", number + 1) for number in range(holders)],
    )
    answer = pay_out(given, "e", usd(1_000_003))
    assert sum(answer.totals.values()) == 1_000_003
    assert answer.curve is not None
    assert len(answer.curve.columns) == 3
