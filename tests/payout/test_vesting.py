"""Vesting: days, whole shares, cliffs, accelerations, against a count of months done by hand in another way."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.book.load import load_text
from muniment.book.structure import Grant
from muniment.book.vesting import Quickened, Step, vested_by, vested_in_shares, vesting_steps
from muniment.model.right_terms import Acceleration, parse_acceleration, parse_vesting
from muniment.model.values import Duration, Money

HEAD = (
    '2020-01-01 person ina "Ina"\n\n2020-01-01 company acme "Acme"\n  class common\n  plan pool\n    of: common\n'
    "    reserved: 10,000\n\n"
)


def grant_on(records: str, on: date) -> Grant:
    book = load_text(HEAD + records)
    assert [each for each in book.diagnostics if each.severity == "error"] == []
    (grant,) = book.world().on(on).grants
    return grant


def months_passed(start: date, on: date, on_day: int) -> int:
    """Count whole months one by one, the way a person does with a calendar."""
    count = 0
    year, month = start.year, start.month
    while True:
        month += 1
        if month > 12:
            year, month = year + 1, 1
        last = monthrange(year, month)[1]
        if date(year, month, min(on_day or start.day, last)) > on:
            return count
        count += 1


@given(
    start=st.dates(date(2015, 1, 1), date(2024, 12, 31)),
    months=st.sampled_from([1, 6, 12, 24, 36, 48, 60]),
    step=st.sampled_from([("monthly", 1), ("quarterly", 3), ("yearly", 12)]),
    cliff=st.integers(0, 24),
    on_day=st.sampled_from([0, 1, 15, 29, 30, 31]),
    quantity=st.integers(1, 10_000),
    after=st.integers(0, 2500),
)
def test_the_count_of_months_done_by_hand_is_the_same(
    start: date, months: int, step: tuple[str, int], cliff: int, on_day: int, quantity: int, after: int
) -> None:
    if months % step[1]:
        return
    ending = {
        0: "",
        1: ", on the 1st",
        15: ", on the 15th",
        29: ", on the 29th",
        30: ", on the 30th",
        31: ", on the last day",
    }
    terms = parse_vesting(f"{months} months {step[0]}, {cliff} months cliff{ending[on_day]}")
    assert not terms.text
    on = start + timedelta(days=after)
    passed = months_passed(start, on, on_day)
    if passed < cliff:
        wanted = 0
    else:
        whole_steps = min(passed, months) // step[1] * step[1]
        wanted = quantity * whole_steps // months if cliff <= months else quantity
    assert vested_by(vested_in_shares(vesting_steps(terms, start), Fraction(quantity)), on) == wanted


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("1 year quarterly", ["2021-04-30", "2021-07-31", "2021-10-31", "2022-01-31"]),
        ("2 months monthly, on the 30th", ["2021-02-28", "2021-03-30"]),
        ("2 months monthly, on the last day of the month", ["2021-02-28", "2021-03-31"]),
        ("25% after 12 months, 75% after 18 months", ["2022-01-31", "2022-07-31"]),
        ("2023-05-01", ["2023-05-01"]),
        ("on the first product", []),
        ("25% after 12 months, 70% after 18 months", []),
        ("12 months monthly, 24 months cliff", ["2023-01-31"]),
    ],
)
def test_days_of_vesting(words: str, days: list[str]) -> None:
    assert [step.day.isoformat() for step in vesting_steps(parse_vesting(words), date(2021, 1, 31))] == days


@given(
    parts=st.lists(st.integers(1, 5), min_size=1, max_size=6),
    quick=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4)), max_size=3),
    quantity=st.integers(1, 1000),
)
def test_what_vests_only_grows_and_reaches_the_whole(
    parts: list[int], quick: list[tuple[int, int]], quantity: int
) -> None:
    total, reached, steps = sum(parts), 0, []
    for at, part in enumerate(parts):
        reached += part
        steps.append(Step(date(2021, 1, 1) + timedelta(days=7 * at), Fraction(reached, total)))
    quickened = [Quickened(date(2021, 1, 1) + timedelta(days=day), Fraction(part, 4)) for day, part in sorted(quick)]
    vesting = vested_in_shares(steps, Fraction(quantity), quickened)
    plain = vested_in_shares(steps, Fraction(quantity))
    shares = [each for _, each in vesting]
    assert shares == sorted(set(shares))
    assert shares[-1] == quantity
    for day in {day for day, _ in (*vesting, *plain)}:
        assert vested_by(vesting, day) >= vested_by(plain, day)


def test_acceleration_needs_every_event_and_in_time() -> None:
    assert parse_acceleration("50% on sale and dismissal within 12 months") == Acceleration(
        Fraction(1, 2), ("sale", "dismissal"), Duration(12, "months"), "50% on sale and dismissal within 12 months"
    )
    grant = (
        "2021-01-01 grant acme\n  to: ina\n  quantity: 4,800\n  of: common\n  vests: 4 years monthly\n"
        "  accelerates: 50% on sale\n  accelerates: 100% on sale and dismissal within 12 months\n\n"
    )
    sale = "2022-01-01 event sale\n  what: it was sold\n\n"
    late = "2023-06-01 event dismissal\n  what: too late\n\n"
    in_time = "2022-06-01 event dismissal\n  what: in time\n\n"
    assert grant_on(grant, date(2022, 6, 1)).vested == 1700
    # Half of the 3,600 that had not vested by the sale vest at once; of the rest, half of each month's part.
    assert grant_on(grant + sale, date(2022, 1, 1)).vested == 1200 + 1800
    assert grant_on(grant + sale, date(2022, 6, 1)).vested == 1200 + 1800 + 5 * 50
    assert grant_on(grant + sale + late, date(2023, 7, 1)).vested == 1200 + 1800 + 18 * 50
    assert grant_on(grant + sale + in_time, date(2022, 6, 1)).vested == 4800
    assert grant_on(grant + in_time, date(2022, 6, 1)).vested == 1700


def test_a_grant_through_exercise_forfeiture_split_and_expiry() -> None:
    records = (
        "2021-01-01 grant acme\n  id: options\n  to: ina\n  quantity: 4,800\n  of: common\n  strike: USD 0.60\n"
        "  vests: 4 years monthly, 12 months cliff\n  expires: 2025-01-01\n  plan: pool\n\n"
        "2022-06-15 exercise acme\n  grant: options\n  ina: 500 common\n\n"
        "2023-01-01 split acme\n  common: 1:3\n\n"
        "2023-07-10 forfeit acme\n  grant: options\n"
    )
    before = grant_on(records, date(2022, 6, 15))
    assert (before.granted, before.vested, before.exercised, before.usable) == (4800, 1700, 500, 1200)
    after = grant_on(records, date(2023, 7, 10))
    assert (after.granted, after.vested, after.exercised, after.forfeited) == (14_400, 9_000, 1_500, 5_400)
    assert (after.outstanding, after.usable, after.strike) == (7_500, 7_500, Money(Fraction(1, 5), "USD"))
    assert after.vesting[-1][1] == 9_000
    last, gone = grant_on(records, date(2025, 1, 1)), grant_on(records, date(2025, 1, 2))
    assert (last.expired, gone.expired, gone.outstanding) == (0, 7_500, 0)


def test_a_grant_without_dates_gives_no_number_for_what_has_vested() -> None:
    grant = grant_on(
        "2021-01-01 grant acme\n  to: ina\n  quantity: 10\n  of: common\n  vests: on the first product\n",
        date(2022, 1, 1),
    )
    assert (grant.vested, grant.usable, grant.outstanding) == (None, None, 10)
    assert grant.waits == "its vesting (on the first product)"


def test_exercises_without_a_named_grant_go_to_the_earliest() -> None:
    book = load_text(
        HEAD
        + "2021-01-01 grant acme\n  id: second\n  to: ina\n  quantity: 10\n  of: common\n\n"
        + "2020-02-01 grant acme\n  id: first\n  to: ina\n  quantity: 10\n  of: common\n\n"
        + "2021-02-01 exercise acme\n  ina: 15 common\n"
    )
    structure = book.world().on(date(2021, 3, 1))
    assert {each.id: each.exercised for each in structure.grants} == {"first": 10, "second": 5}
    assert any("taken to be under first" in words for words in structure.assumptions)
    assert [right.id for right in structure.rights] == ["second"]


@given(
    months=st.sampled_from([1, 6, 12, 36, 48]),
    step=st.sampled_from(["monthly", "quarterly", "yearly"]),
    cliff=st.integers(0, 24),
    quantity=st.fractions(min_value=Fraction(1, 7), max_value=500, max_denominator=7),
)
def test_an_acceleration_of_nothing_changes_nothing(months: int, step: str, cliff: int, quantity: Fraction) -> None:
    terms = parse_vesting(f"{months} months {step}" + (f", {cliff} months cliff" if cliff else ""))
    steps = vesting_steps(terms, date(2021, 1, 31))  # type: ignore[arg-type]
    nothing = [Quickened(date(2021, 2, 1), Fraction(0))]
    plain, quickened = vested_in_shares(steps, quantity), vested_in_shares(steps, quantity, nothing)
    assert [each for each in plain if each[1]] == [each for each in quickened if each[1]]
