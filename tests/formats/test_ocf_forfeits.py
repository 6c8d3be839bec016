"""Forfeitures, releases and odd exercises there and back: grants, vesting and pools agree on every day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ocf_packages import action, issued, packed
from test_ocf_exercises import (
    ACME,
    EXERCISE,
    FIRST,
    PEOPLE,
    PLAN,
    SHARES,
    SPLIT,
    WARRANTS,
    book,
    imported,
    option,
    there_and_back,
    told,
)
from test_ocf_round_trip import exported, text_of

from muniment.book.load import load_text
from muniment.formats.ocf_package import package_of
from muniment.formats.ocf_records import book_of
from muniment.formats.ocf_state import ledger_of

UNVESTED = '2021-07-15 forfeit acme "Left the company"\n  grant: eq-1\n'
VESTED = "2021-09-01 forfeit acme\n  grant: eq-1\n  quantity: 1,500\n"
RSUS = ACME.replace("  strike: USD 0.24\n", "  as: RSUs\n")
SALE = '2021-03-01 event sale-of-acme "Sale"\n  about: acme\n  what: sale\n'
NO_RETURN = ACME.replace("    reserved: 100,000\n", "    reserved: 100,000\n    returns to pool: no\n")


def test_what_has_not_vested_is_cancelled_and_the_rest_is_issued_anew() -> None:
    package = there_and_back(ACME + FIRST + UNVESTED)
    (cancelled,) = package.of("TX_EQUITY_COMPENSATION_CANCELLATION")
    # Seventeen thousand had vested by 2021-07-01, of which ten are exercised.
    assert cancelled.data["quantity"] == "31000"
    assert cancelled.data["reason_text"] == "Left the company"
    balance = ledger_of(package).securities[cancelled.data["balance_security_id"]]
    assert (balance.quantity, balance.plan_id) == (7_000, "pool")
    assert sum(int(each["amount"]) for each in balance.item.data["vestings"]) == 7_000
    assert max(each["date"] for each in balance.item.data["vestings"]) == "2021-07-01"
    assert told(ACME + FIRST + UNVESTED, "2024-01-01")[2] == [("pool", "common", 48_000, 10_000, 83_000)]


@pytest.mark.parametrize(
    "records",
    [
        UNVESTED,
        VESTED,
        UNVESTED + VESTED,
        UNVESTED + SPLIT + VESTED,
        FIRST + SPLIT + VESTED.replace("1,500", "100,000"),
        WARRANTS + "2021-08-01 forfeit acme\n  grant: w-1\n  quantity: 600\n",
        "2021-01-01 forfeit acme\n  grant: eq-1\n",
    ],
)
@pytest.mark.parametrize("start", [ACME, NO_RETURN])
def test_forfeitures_come_back_on_every_day(start: str, records: str) -> None:
    days = (
        "2020-12-31",
        "2021-01-01",
        "2021-06-01",
        "2021-07-14",
        "2021-07-15",
        "2021-08-01",
        "2021-09-01",
        "2025-01-01",
    )
    there_and_back(start + records, days)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["exercise", "forfeit", "all"]), st.integers(1, 9_000)), min_size=1, max_size=4
    ),
    times=st.sampled_from([1, 2, 10]),
    place=st.integers(0, 4),
    returns=st.booleans(),
)
def test_any_exercises_and_forfeitures_around_a_split_come_back(
    moves: list[tuple[str, int]], times: int, place: int, returns: bool
) -> None:
    records: list[str] = []
    left = 48_000
    for at, (kind, part) in enumerate(moves):
        if at == place:
            records.append(f"{2020 + at}-09-01 split acme\n  common: 1:{times}\n")
        on = f"{2021 + at}-06-15"
        if kind == "exercise" and "all" not in [each for each, _ in moves[:at]]:
            records.append(f"{on} exercise acme\n  grant: eq-1\n  grace: {min(part, left)} common\n")
        elif kind == "forfeit" and "all" not in [each for each, _ in moves[:at]]:
            records.append(f"{on} forfeit acme\n  grant: eq-1\n  quantity: {min(part, left)}\n")
        else:
            records.append(f"{on} forfeit acme\n  grant: eq-1\n")
        left -= part
    days = [f"{year}-{month}-20" for year in (2020, 2021, 2022, 2023, 2024, 2025) for month in ("06", "12")]
    there_and_back((ACME if returns else NO_RETURN) + "".join(records), days)


def test_what_does_not_return_to_the_pool_stands_in_the_plan() -> None:
    package = there_and_back(NO_RETURN + UNVESTED)
    assert [each.data["default_cancellation_behavior"] for each in package.of("STOCK_PLAN")] == ["RETIRE"]
    assert told(NO_RETURN + UNVESTED, "2024-01-01")[2] == [("pool", "common", 48_000, 0, 52_000)]


@pytest.mark.parametrize(
    ("grant", "said"),
    [
        (ACME.replace("4 years monthly, 12 months cliff", "as the board decides"), "is not known"),
        (ACME.replace("  plan: pool\n", "  plan: pool\n  accelerates: 100% on sale-of-acme\n") + SALE, "is not known"),
        (ACME.replace("  plan: pool\n", "  plan: pool\n  until: 2021-01-01\n"), "is open in the package"),
    ],
)
def test_a_forfeiture_that_cannot_be_written_is_said(grant: str, said: str) -> None:
    made = exported(grant + UNVESTED, "acme")
    (found,) = [each for each in made.findings if each.kind == "forfeit"]
    assert (found.severity, found.where) == ("error", "acme/forfeit/2021-07-15")
    assert said in found.message


def test_a_changed_exercise_writes_the_later_forfeiture_anew() -> None:
    text = text_of(package_of(exported(ACME + FIRST + UNVESTED, "acme").files))[1]
    changed = text.replace("grace: 10,000 common for USD 2,400", "grace: 9,000 common for USD 2,160")
    assert changed != text
    ledger = ledger_of(package_of(exported(changed, "acme").files))
    assert [each for each in ledger.findings if each.severity == "error"] == []
    there = [each.quantity for each in ledger.outstanding(date(2024, 1, 1)) if each.family != "STOCK"]
    assert there == [8_000]


def test_rsus_are_released_and_the_rest_is_issued_anew() -> None:
    package = there_and_back(RSUS + FIRST + SPLIT)
    assert package.of("TX_EQUITY_COMPENSATION_EXERCISE") == ()
    (released,) = package.of("TX_EQUITY_COMPENSATION_RELEASE")
    assert (released.data["quantity"], released.data["settlement_date"]) == ("10000", "2021-06-01")
    ledger = ledger_of(package)
    shares, balance = (ledger.securities[name] for name in released.data["resulting_security_ids"])
    assert (shares.quantity, balance.quantity) == (10_000, 38_000)
    assert balance.item.data["compensation_type"] == "RSU"
    findings = exported(RSUS + FIRST, "acme").findings
    assert any("the value of a share at the release" in each.message for each in findings)


RELEASE = action(
    "EQUITY_COMPENSATION_RELEASE",
    "eq-1",
    "2021-06-01",
    quantity="400",
    settlement_date="2021-06-01",
    release_price={"amount": "9", "currency": "USD"},
)


@pytest.mark.parametrize("settled", ["2021-06-01", "2021-06-04"])
def test_a_release_closes_the_units_and_the_balance_is_what_is_left(settled: str) -> None:
    rsus = option("eq-1", 1_000, compensation_type="RSU", exercise_price=None)
    rest = option("eq-2", 600, "2021-06-01", compensation_type="RSU", exercise_price=None)
    release = RELEASE | {"settlement_date": settled, "resulting_security_ids": ["cs-2", "eq-2"]}
    made = imported(rsus, release, SHARES | {"date": settled}, rest)
    assert [each for each in made.ledger.findings if each.severity != "note"] == []
    for on in ("2021-06-01", "2021-06-03", "2022-01-01"):
        rows, grants, plans = told(book(made), on)
        assert [(each[0], each[2], each[3], each[5]) for each in grants] == [("RSUs", 1_000, 400, 600)]
        assert plans == [("plan", "common", 1_000, 400, 4_000)]
        assert (("grace", "common", 400) in [row[:3] for row in rows]) == (on >= settled)


@pytest.mark.parametrize("plan", [PLAN, PLAN | {"default_cancellation_behavior": "RETIRE"}])
@pytest.mark.parametrize(
    ("exercise", "others", "available"),
    [
        (EXERCISE, (SHARES,), (4_600, 4_000)),
        (EXERCISE, (), (4_600, 4_000)),
        (EXERCISE, (SHARES | {"date": "2021-06-03"},), (4_600, 4_000)),
        (EXERCISE | {"quantity": "500"}, (SHARES,), (4_500, 4_000)),
        (
            EXERCISE | {"resulting_security_ids": ["cs-2", "eq-2"]},
            (SHARES, option("eq-2", 600, "2021-06-01")),
            (4_000, 4_000),
        ),
        (
            EXERCISE | {"resulting_security_ids": ["cs-2", "eq-2"]},
            (SHARES, option("eq-2", 600, "2021-06-01", expiration_date="2029-01-01")),
            (4_000, 4_000),
        ),
        (
            EXERCISE | {"resulting_security_ids": ["cs-2", "eq-2"]},
            (SHARES, option("eq-2", 500, "2021-06-01")),
            (4_100, 4_000),
        ),
    ],
)
def test_what_was_exercised_never_returns_to_the_pool(
    plan: dict[str, Any], exercise: dict[str, Any], others: tuple[dict[str, Any], ...], available: tuple[int, int]
) -> None:
    made = imported(option("eq-1", 1_000), exercise, *others)
    text = book(made)
    if plan is not PLAN:
        text = text.replace("    reserved: 5,000\n", "    reserved: 5,000\n    returns to pool: no\n")
        made = imported_under(plan, option("eq-1", 1_000), exercise, *others)
        text = book(made)
    assert [each.severity for each in load_text(text).diagnostics] == []
    for on in (date(2021, 5, 31), date(2021, 6, 1), date(2021, 6, 3), date(2022, 1, 1)):
        rows, grants, plans = told(text, on.isoformat())
        assert {row[0]: row[2] for row in rows if row[2]} == {
            holder: shares for (holder, _), shares in made.ledger.shares(on).items()
        }
        expected = 4_000 if on < date(2021, 6, 1) else available[plan is not PLAN]
        assert [each[4] for each in plans] == [expected], on
        there = sum(each.quantity or 0 for each in made.ledger.outstanding(on) if each.family != "STOCK")
        assert sum(each[5] for each in grants) == there
    again = package_of(exported(text, "acme").files)
    assert sorted(str(each.data) for each in again.items if each.kind.startswith("TX_EQ")) == sorted(
        str(each) for each in (option("eq-1", 1_000), exercise, *others) if each["object_type"].startswith("TX_EQ")
    )
    assert ledger_of(again).shares(date(2022, 1, 1)) == made.ledger.shares(date(2022, 1, 1))


@pytest.mark.parametrize(
    ("behavior", "said"),
    [("RETURN_TO_POOL", 0), ("RETIRE", 1), ("DEFINED_PER_PLAN_SECURITY", 1), (None, 0)],
)
def test_a_return_that_the_plan_does_not_provide_for_is_said(behavior: str | None, said: int) -> None:
    back = action("STOCK_PLAN_RETURN_TO_POOL", "eq-1", "2021-06-01", quantity="1000", stock_plan_id="plan")
    cancelled = action("EQUITY_COMPENSATION_CANCELLATION", "eq-1", "2021-06-01", quantity="1000", reason_text="x")
    plan = PLAN | ({"default_cancellation_behavior": behavior} if behavior else {})
    made = imported_under(plan, option("eq-1", 1_000), cancelled, back)
    found = [each for each in made.findings if each.kind == "pool"]
    assert [each.severity for each in found] == ["error"] * said
    assert [each[4] for each in told(book(made), "2021-06-01")[2]] == [4_000 if behavior == "RETIRE" else 5_000]


def imported_under(plan: dict[str, Any], *items: dict[str, Any]) -> Any:
    return book_of(package_of(packed((*(each for each in PEOPLE if each is not PLAN), plan, *items))))


@pytest.mark.parametrize(
    ("more", "others", "left", "available"),
    [
        ({}, (), 0, 5_000),
        ({"quantity": "300", "balance_security_id": "eq-2"}, (option("eq-2", 700, "2021-06-01"),), 700, 4_300),
        ({"quantity": "300", "balance_security_id": "eq-2"}, (option("eq-2", 650, "2021-06-01"),), 650, 4_350),
        ({"quantity": "300"}, (), 0, 5_000),
    ],
)
def test_a_cancellation_is_a_forfeiture(
    more: dict[str, Any], others: tuple[dict[str, Any], ...], left: int, available: int
) -> None:
    data = {"quantity": "1000", "reason_text": "Lapsed"} | more
    cancelled = action("EQUITY_COMPENSATION_CANCELLATION", "eq-1", "2021-06-01", **data)
    made = imported(option("eq-1", 1_000), cancelled, *others)
    assert " forfeit acme " in book(made)
    _, grants, plans = told(book(made), "2021-06-01")
    assert sum(each[5] for each in grants) == left
    assert [each[4] for each in plans] == [available]
    again = package_of(exported(book(made), "acme").files)
    assert cancelled in [each.data for each in again.items]


def test_what_lapses_after_an_exercise_leaves_the_exercised_taken() -> None:
    exercise = EXERCISE | {"resulting_security_ids": ["cs-2", "eq-2"]}
    lapsed = action("EQUITY_COMPENSATION_CANCELLATION", "eq-2", "2022-06-01", quantity="600", reason_text="Lapsed")
    made = imported(option("eq-1", 1_000), exercise, SHARES, option("eq-2", 600, "2021-06-01"), lapsed)
    assert told(book(made), "2022-06-01")[2] == [("plan", "common", 1_000, 400, 4_600)]


def test_what_is_handed_on_after_an_exercise_leaves_the_exercised_taken() -> None:
    exercise = EXERCISE | {"resulting_security_ids": ["cs-2", "eq-2"]}
    handed = action(
        "EQUITY_COMPENSATION_TRANSFER", "eq-2", "2022-06-01", quantity="600", resulting_security_ids=["eq-3"]
    )
    third = option("eq-3", 600, "2022-06-01", stakeholder_id="ada")
    made = imported(option("eq-1", 1_000), exercise, SHARES, option("eq-2", 600, "2021-06-01"), handed, third)
    assert [each[4] for each in told(book(made), "2022-06-01")[2]] == [4_000]


def test_an_issue_of_another_class_is_never_claimed_by_an_exercise() -> None:
    other = issued("cs-2", "grace", "unknown", 400, "2021-06-01")
    made = imported(option("eq-1", 1_000), EXERCISE, other)
    rows, _, plans = told(book(made), "2021-06-01")
    assert {(row[0], row[1]): row[2] for row in rows if row[2]} == {
        ("ada", "common"): 9_000,
        ("grace", "unknown-class"): 400,
    }
    assert [each[4] for each in plans] == [4_600]
