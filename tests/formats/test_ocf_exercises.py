"""Exercises there and back: the grant closes, the balance is issued anew, and nothing is counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ocf_packages import action, holder, issued, packed, share_class
from test_ocf_round_trip import exported, objects, text_of

from muniment.book.accounts import World
from muniment.book.checks import check_figures
from muniment.book.load import load_text
from muniment.formats.ocf_package import Package, package_of
from muniment.formats.ocf_records import Imported, book_of
from muniment.formats.ocf_state import ledger_of
from muniment.payout.cap_table import cap_table

ACME = """2020-01-01 person ada "Ada Okafor"
2020-01-01 person grace "Grace Lindqvist"
2020-01-01 company acme "Acme, Inc."
  class common "Common Stock"
    authorized: 10,000,000
    votes per share: 1
  plan pool "Pool"
    of: common
    reserved: 100,000
2020-01-02 issue acme
  ada: 900,000 common for USD 900
2020-02-01 grant acme "EQ-1"
  id: eq-1
  to: grace
  quantity: 48,000
  of: common
  strike: USD 0.24
  vests: 4 years monthly, 12 months cliff
  plan: pool
"""
FIRST = "2021-06-01 exercise acme\n  grant: eq-1\n  grace: 10,000 common for USD 2,400\n"
SECOND = "2022-01-01 exercise acme\n  grant: eq-1\n  grace: 12,000 common for USD 960\n"
REST = "2024-05-01 exercise acme\n  grant: eq-1\n  grace: 102,000 common for USD 8,160\n"
SPLIT = "2021-08-01 split acme\n  common: 1:3\n"
WARRANTS = """2020-03-01 grant acme "W-1"
  id: w-1
  to: ada
  quantity: 1,000
  of: common
  as: warrants
  strike: USD 2
2021-07-01 exercise acme
  grant: w-1
  ada: 400 common for USD 800
"""
DAYS = ("2020-02-15", "2021-05-31", "2021-06-01", "2021-07-01", "2021-08-01", "2022-01-01", "2023-03-01", "2024-06-01")


def told(text: str, on: str) -> tuple[Any, ...]:
    """Return what a book tells of its cap table on a day: rows, grants and pools."""
    book = load_text(text)
    assert [each for each in (*book.diagnostics, *check_figures(book)) if each.severity == "error"] == []
    table = cap_table(World(book).on(date.fromisoformat(on)), "acme")
    return (
        sorted((row.party, row.class_id, row.quantity, row.fully_diluted) for row in table.rows),
        sorted(
            (each.kind, each.holder, each.granted, each.exercised, each.vested, each.outstanding, str(each.strike))
            for each in table.grants
        ),
        sorted((each.plan, each.class_id, each.granted, each.exercised, each.available) for each in table.plans),
    )


def there_and_back(text: str, days: Sequence[str] = DAYS) -> Package:
    """Compare a book with what comes back of it on each day; return the package between."""
    made = exported(text, "acme")
    assert [each for each in made.findings if each.severity == "error"] == []
    package = package_of(made.files)
    assert (*package.findings, *ledger_of(package).findings) == ()
    again = text_of(package)[1]
    for on in days:
        assert told(text, on) == told(again, on), on
    assert objects(package_of(exported(again, "acme").files)) == objects(package)
    return package


def test_an_exercise_closes_the_grant_and_names_the_shares_and_the_balance() -> None:
    package = there_and_back(ACME + FIRST)
    (exercise,) = package.of("TX_EQUITY_COMPENSATION_EXERCISE")
    assert exercise.data["security_id"] == "eq-1"
    assert exercise.data["quantity"] == "10000"
    assert "balance_security_id" not in exercise.data
    ledger = ledger_of(package)
    shares, balance = (ledger.securities[name] for name in exercise.data["resulting_security_ids"])
    assert (shares.family, shares.quantity) == ("STOCK", 10_000)
    assert (balance.family, balance.quantity, balance.plan_id) == ("EQUITY_COMPENSATION", 38_000, "pool")
    assert "eq-1" in balance.item.data["comments"][0]
    assert ledger.closings["eq-1"].balance == balance.id
    # Twelve thousand had vested on 2021-02-01, of which ten are exercised; then a thousand each month.
    vests = balance.item.data["vestings"]
    assert vests[0] == {"date": "2021-02-01", "amount": "2000"}
    assert sum(int(each["amount"]) for each in vests) == 38_000
    assert {each["amount"] for each in vests[1:]} == {"1000"}
    outstanding = {each.id for each in ledger.outstanding(date(2021, 6, 1)) if each.family != "STOCK"}
    assert outstanding == {balance.id}


@pytest.mark.parametrize(
    ("records", "left", "available"),
    [
        (FIRST, 38_000, 52_000),
        (FIRST + SPLIT, 114_000, 156_000),
        (FIRST + SPLIT + SECOND, 102_000, 156_000),
        (FIRST + SPLIT + SECOND + REST, 0, 156_000),
        (FIRST + WARRANTS, 38_000, 52_000),
        (FIRST + SPLIT + WARRANTS + SECOND, 102_000, 156_000),
    ],
)
def test_what_comes_back_has_the_same_grants_on_every_day(records: str, left: int, available: int) -> None:
    there_and_back(ACME + records)
    _, grants, plans = told(text_of(package_of(exported(ACME + records, "acme").files))[1], "2024-06-01")
    assert [each[5] for each in grants if each[0] == "options"] == [left]
    assert [each[4] for each in plans] == [available]


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    parts=st.lists(st.integers(1, 12_000), min_size=1, max_size=4),
    times=st.sampled_from([2, 3, 10]),
    place=st.integers(0, 4),
)
def test_any_exercises_around_a_split_come_back(parts: list[int], times: int, place: int) -> None:
    records = [
        f"{2021 + at}-06-01 exercise acme\n  grant: eq-1\n  grace: {part} common\n" for at, part in enumerate(parts)
    ]
    records.insert(place, f"{2020 + min(place, len(parts))}-09-01 split acme\n  common: 1:{times}\n")
    days = [f"{year}-{month}-01" for year in (2020, 2021, 2022, 2023, 2024, 2025) for month in ("06", "12")]
    there_and_back(ACME + "".join(records), days)


def test_all_of_a_grant_leaves_no_balance() -> None:
    package = there_and_back(ACME + "2024-02-01 exercise acme\n  grant: eq-1\n  grace: 48,000 common\n")
    (exercise,) = package.of("TX_EQUITY_COMPENSATION_EXERCISE")
    assert len(exercise.data["resulting_security_ids"]) == 1
    assert len(package.of("TX_EQUITY_COMPENSATION_ISSUANCE")) == 1


def test_a_grant_exercised_on_its_own_day_comes_back() -> None:
    there_and_back(ACME + FIRST.replace("2021-06-01", "2020-02-01"))


def test_a_grant_that_ends_after_an_exercise_cancels_the_balance() -> None:
    ends = ACME.replace("  plan: pool\n", "  plan: pool\n  until: 2022-03-01\n")
    made = exported(ends + FIRST, "acme")
    package = package_of(made.files)
    ledger = ledger_of(package)
    (cancelled,) = package.of("TX_EQUITY_COMPENSATION_CANCELLATION")
    assert cancelled.data["security_id"] == ledger.closings["eq-1"].balance
    assert cancelled.data["quantity"] == "38000"
    assert [each for each in ledger.findings if each.severity == "error"] == []
    for on in ("2021-06-01", "2022-02-28", "2022-03-01"):
        assert told(ends + FIRST, on) == told(text_of(package)[1], on)


def test_warrants_are_exercised_as_warrants_and_their_trigger_is_asked_for() -> None:
    made = exported(ACME + WARRANTS, "acme")
    package = package_of(made.files)
    (exercise,) = package.of("TX_WARRANT_EXERCISE")
    assert "quantity" not in exercise.data
    assert {each.data["quantity"] for each in package.of("TX_WARRANT_ISSUANCE")} == {"1000", "600"}
    assert any("what triggered the exercise" in each.message for each in made.findings)


def test_an_exercise_that_names_no_grant_is_said_and_not_counted_twice() -> None:
    made = exported(ACME + FIRST.replace("  grant: eq-1\n", ""), "acme")
    (said,) = [each for each in made.findings if each.kind == "exercise"]
    assert (said.severity, said.where) == ("warning", "acme/exercise/2021-06-01")
    assert "taken off the earliest grants" in said.message
    ledger = ledger_of(package_of(made.files))
    there = [each.quantity for each in ledger.outstanding(date(2022, 1, 1)) if each.family != "STOCK"]
    assert there == [38_000]
    assert ledger.shares(date(2022, 1, 1))[("grace", "common")] == 10_000


@pytest.mark.parametrize(
    ("records", "shares", "options", "said"),
    [
        ("2021-06-01 exercise acme\n  ada: 500 common\n", ("ada", 900_500), [48_000], "500 shares are more"),
        (FIRST.replace("10,000", "50,000"), ("grace", 50_000), [], "2000 shares are more than is left under eq-1"),
    ],
)
def test_shares_beyond_what_is_granted_are_issued_and_said(
    records: str, shares: tuple[str, int], options: list[int], said: str
) -> None:
    made = exported(ACME + records, "acme")
    assert any(said in each.message for each in made.findings if each.kind == "exercise")
    ledger = ledger_of(package_of(made.files))
    assert ledger.shares(date(2022, 1, 1))[(shares[0], "common")] == shares[1]
    there = [each.quantity for each in ledger.outstanding(date(2022, 1, 1)) if each.family != "STOCK"]
    assert there == options


def test_a_grant_of_no_exact_day_is_left_out_and_said() -> None:
    made = exported(ACME.replace("2020-02-01 grant", "2020-02 grant") + FIRST, "acme")
    assert [each.where for each in made.findings if (each.severity, each.kind) == ("error", "date")] == ["eq-1"]
    assert any("no grant is closed" in each.message for each in made.findings if each.kind == "exercise")


def test_a_changed_exercise_writes_the_later_ones_anew() -> None:
    imported = text_of(package_of(exported(ACME + FIRST + SECOND.replace("960", "2,880"), "acme").files))[1]
    changed = imported.replace("grace: 10,000 common for USD 2,400", "grace: 9,000 common for USD 2,160")
    assert changed != imported
    ledger = ledger_of(package_of(exported(changed, "acme").files))
    assert [each for each in ledger.findings if each.severity == "error"] == []
    there = [each.quantity for each in ledger.outstanding(date(2024, 1, 1)) if each.family != "STOCK"]
    assert there == [27_000]
    assert ledger.shares(date(2024, 1, 1))[("grace", "common")] == 21_000


def test_a_changed_grant_writes_its_exercises_anew() -> None:
    imported = text_of(package_of(exported(ACME + FIRST + SECOND.replace("960", "2,880"), "acme").files))[1]
    changed = imported.replace("quantity: 48,000", "quantity: 50,000")
    assert changed != imported
    made = exported(changed, "acme")
    ledger = ledger_of(package_of(made.files))
    assert {"closed twice", "missing result"} & {each.kind for each in ledger.findings} == set()
    there = [each.quantity for each in ledger.outstanding(date(2024, 1, 1)) if each.family != "STOCK"]
    assert there == [28_000]
    assert ledger.shares(date(2024, 1, 1))[("grace", "common")] == 22_000


def option(security: str, shares: int, on: str = "2020-03-01", **more: Any) -> dict[str, Any]:
    made = issued(security, "grace", "common", shares, on, object_type="TX_EQUITY_COMPENSATION_ISSUANCE")
    del made["share_price"], made["stock_legend_ids"]
    made |= {"compensation_type": "OPTION", "exercise_price": {"amount": "0.10", "currency": "USD"}}
    return made | {"stock_plan_id": "plan", "expiration_date": None, "termination_exercise_windows": []} | more


PLAN = {
    "object_type": "STOCK_PLAN",
    "id": "plan",
    "plan_name": "2020 Plan",
    "initial_shares_reserved": "5000",
    "stock_class_ids": ["common"],
}
PEOPLE = (holder("ada"), holder("grace"), share_class("common"), PLAN, issued("cs-1", "ada", "common", 9_000))
EXERCISE = action("EQUITY_COMPENSATION_EXERCISE", "eq-1", "2021-06-01", quantity="400", resulting_security_ids=["cs-2"])
SHARES = issued("cs-2", "grace", "common", 400, "2021-06-01")


def imported(*items: dict[str, Any]) -> Imported:
    made = book_of(package_of(packed((*PEOPLE, *items))))
    assert isinstance(made, Imported)
    return made


def book(made: Imported) -> str:
    return "\n".join(text for name, text in made.files.items() if name.endswith(".muni"))


def test_a_partial_exercise_without_a_balance_closes_the_grant_and_says_so() -> None:
    made = imported(option("eq-1", 1_000), EXERCISE, SHARES)
    (said,) = [each for each in made.findings if each.kind == "no balance"]
    assert said.severity == "warning"
    assert "the exercise of 400 of 1000 names no balance security" in said.message
    assert "600 are missing" in said.message
    rows, grants, _ = told(book(made), "2021-06-01")
    assert [row[:3] for row in rows] == [("ada", "common", 9_000), ("grace", "common", 400)]
    assert [(each[2], each[3], each[5]) for each in grants] == [(1_000, 400, 0)]
    assert [each[5] for each in told(book(made), "2021-05-31")[1]] == [1_000]


def test_warrants_that_give_fewer_shares_without_a_balance_are_said() -> None:
    warrants = option("w-1", 1_000, object_type="TX_WARRANT_ISSUANCE", compensation_type=None, stock_plan_id=None)
    used = action("WARRANT_EXERCISE", "w-1", "2021-06-01", trigger_id="t", resulting_security_ids=["cs-2"])
    assert [each.kind for each in imported(warrants, used, SHARES).ledger.findings] == ["no balance"]


@pytest.mark.parametrize("label", ["resulting_security_ids", "balance_security_id"])
def test_a_balance_is_found_among_the_results_or_in_a_field_of_its_own(label: str) -> None:
    names = {"resulting_security_ids": ["cs-2", "eq-2"]} if label[0] == "r" else {label: "eq-2"}
    made = imported(option("eq-1", 1_000), EXERCISE | names, SHARES, option("eq-2", 600, "2021-06-01"))
    assert [each for each in made.findings if each.kind in ("no balance", "balance")] == []
    _, grants, plans = told(book(made), "2022-01-01")
    assert [(each[2], each[3], each[5]) for each in grants] == [(1_000, 400, 600)]
    assert plans == [("plan", "common", 1_000, 400, 4_000)]


@pytest.mark.parametrize(
    "more",
    [
        {"exercise_price": {"amount": "0.20", "currency": "USD"}},
        {"expiration_date": "2029-01-01"},
        {"stakeholder_id": "ada"},
        {"quantity": "500"},
    ],
)
def test_a_balance_on_other_terms_is_a_grant_of_its_own(more: dict[str, Any]) -> None:
    exercise = EXERCISE | {"resulting_security_ids": ["cs-2", "eq-2"]}
    made = imported(option("eq-1", 1_000), exercise, SHARES, option("eq-2", 600, "2021-06-01", **more))
    rows, grants, _ = told(book(made), "2022-01-01")
    left = Fraction(str(more.get("quantity", 600)))
    assert sorted((each[2], each[3], each[5]) for each in grants) == [(left, 0, left), (1_000, 400, 0)]
    assert ("grace", "common", 400) in [row[:3] for row in rows]


PLANS = """2020-01-01 person ada "Ada Okafor"
2020-01-01 person grace "Grace Lindqvist"
2020-01-01 company acme "Acme, Inc."
  class common "Common Stock"
    authorized: 10,000,000
    votes per share: 1
  class nonvoting "Nonvoting Stock"
    authorized: 10,000,000
    votes per share: 0
  plan first "2020 Plan"
    of: common
    reserved: 10,000
  plan second "2022 Plan"
    of: common
    reserved: 20,000
  plan third "Nonvoting Plan"
    of: nonvoting
    reserved: 5,000
2020-01-02 issue acme
  ada: 80,000 common for USD 80
"""


def granted(name: str, plan: str, quantity: int, of: str = "common", to: str = "grace") -> str:
    return (
        f'2022-03-01 grant acme "{name.upper()}"\n  id: {name}\n  to: {to}\n  quantity: {quantity}\n  of: {of}\n'
        f"  strike: USD 0.50\n  plan: {plan}\n"
    )


def test_plans_over_one_class_stay_apart_both_ways() -> None:
    text = PLANS + granted("a-1", "first", 4_000) + granted("b-1", "second", 7_000) + granted("b-2", "second", 1_000)
    text += granted("c-1", "third", 5_000, "nonvoting", "ada")
    text += "2023-01-01 exercise acme\n  grant: b-1\n  grace: 3,000 common for USD 1,500\n"
    text += "2023-02-01 amend acme\n  plan first\n    reserved: 12,000\n"
    days = ("2022-02-28", "2022-03-01", "2023-01-01", "2023-02-01")
    package = there_and_back(text, days)
    assert told(text, "2022-12-31")[2] == [
        ("first", "common", 4_000, 0, 6_000),
        ("second", "common", 8_000, 0, 12_000),
        ("third", "nonvoting", 5_000, 0, 0),
    ]
    # What is exercised stays taken from its own pool; the other pool grew by two thousand.
    assert told(text, "2023-02-01")[2] == [
        ("first", "common", 4_000, 0, 8_000),
        ("second", "common", 8_000, 3_000, 12_000),
        ("third", "nonvoting", 5_000, 0, 0),
    ]
    rows = told(text, "2023-02-01")[0]
    # 80,000 + 3,000 issued; 4,000 + 4,000 + 1,000 + 5,000 granted and left; 8,000 + 12,000 in the pools.
    assert [(row[0], row[3]) for row in rows] == [("ada", Fraction(80, 117)), ("grace", Fraction(3, 117))]
    assert {each.id: each.data["stock_class_ids"] for each in package.of("STOCK_PLAN")} == {
        "first": ["common"],
        "second": ["common"],
        "third": ["nonvoting"],
    }
    plans = {
        each.data["security_id"]: each.data["stock_plan_id"] for each in package.of("TX_EQUITY_COMPENSATION_ISSUANCE")
    }
    balance = ledger_of(package).closings["b-1"].balance
    assert plans == {"a-1": "first", "b-1": "second", "b-2": "second", balance: "second", "c-1": "third"}


def test_plans_of_a_package_stay_apart() -> None:
    second = PLAN | {"id": "plan-2", "plan_name": "2022 Plan", "initial_shares_reserved": "2000"}
    made = imported(second, option("eq-1", 1_000), option("eq-2", 500, stock_plan_id="plan-2"), option("eq-3", 2_500))
    assert told(book(made), "2022-01-01")[2] == [
        ("plan", "common", 3_500, 0, 1_500),
        ("plan-2", "common", 500, 0, 1_500),
    ]
    there = package_of(exported(book(made), "acme").files)
    issuances = there.of("TX_EQUITY_COMPENSATION_ISSUANCE")
    assert {each.data["security_id"]: each.data["stock_plan_id"] for each in issuances} == {
        "eq-1": "plan",
        "eq-2": "plan-2",
        "eq-3": "plan",
    }
    assert {each.id for each in there.of("STOCK_PLAN")} == {"plan", "plan-2"}
