"""Cap tables from ledgers: totals by an independent replay, views, pools, SAFEs and notes, bounds, history."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.answers.holding import ownership_history
from muniment.book.load import load_text
from muniment.payout import CapTable, cap_table
from muniment.payout.accrued_interest import Interest, accrued, interest_of, years_between

HEAD = (
    "".join(f'2020-01-01 person {name} "{name.title()}"\n\n' for name in ("ada", "bo", "cy"))
    + '2020-01-01 company acme "Acme"\n  class common\n  class series-a\n    converts: 1:2 into common\n'
    + "  plan pool\n    of: common\n    reserved: 1,000\n\n"
)
START = date(2020, 1, 1)


def table(records: str, on: date = date(2022, 1, 1)) -> CapTable:
    book = load_text(HEAD + records)
    assert [each for each in book.diagnostics if each.severity == "error"] == []
    return cap_table(book.world().on(on), "acme")


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["issue", "transfer", "convert", "repurchase", "cancel", "split", "exercise"]),
        st.sampled_from(["ada", "bo", "cy"]),
        st.sampled_from(["ada", "bo", "cy"]),
        st.sampled_from(["common", "series-a"]),
        st.integers(1, 40),
    ),
    max_size=14,
)


def replay(
    moves: list[tuple[str, str, str, str, int]],
) -> tuple[list[str], list[dict[tuple[str, str], int]], list[int]]:
    """Keep a register by hand: the records of the moves that are possible, what is held after each day, the pool."""
    held: dict[tuple[str, str], int] = {}
    pool, pools = 1000, []
    records: list[str] = []
    after: list[dict[tuple[str, str], int]] = []
    for kind, party, other, class_id, number in moves:
        day = (START + timedelta(days=len(records) + 1)).isoformat()
        own = held.get((party, class_id), 0)
        line = f"{day} {kind} acme\n"
        if kind in ("issue", "exercise"):
            held[(party, class_id)] = own + number
            line += f"  {party}: {number} {class_id}\n"
        elif kind == "split":
            factor = 1 + number % 3
            pool *= factor if class_id == "common" else 1
            held = {key: value * (factor if key[1] == class_id else 1) for key, value in held.items()}
            line += f"  {class_id}: 1:{factor}\n"
        elif own < number or (kind == "transfer" and party == other) or (kind == "convert" and class_id == "common"):
            continue
        else:
            held[(party, class_id)] = own - number
            if kind == "transfer":
                held[(other, class_id)] = held.get((other, class_id), 0) + number
                line += f"  from: {party}\n  {other}: {number} {class_id}\n"
            elif kind == "convert":
                held[(party, "common")] = held.get((party, "common"), 0) + 2 * number
                line += f"  into: common\n  {party}: {number} series-a\n"
            else:
                line += f"  {party}: {number} {class_id}\n"
        records.append(line)
        after.append(dict(held))
        pools.append(pool)
    return records, after, pools


@settings(max_examples=25, deadline=None)
@given(moves=MOVES, order=st.randoms())
def test_the_sum_of_instruments_is_the_replay_of_the_ledger(
    moves: list[tuple[str, str, str, str, int]], order: Any
) -> None:
    records, after, pools = replay(moves)
    shuffled = list(records)
    order.shuffle(shuffled)
    book = load_text(HEAD + "\n".join(shuffled))
    world = book.world()
    for at, held in enumerate(after):
        found = cap_table(world.on(START + timedelta(days=at + 1)), "acme")
        there = {key: value for key, value in held.items() if value}
        assert {(row.party, row.class_id): row.quantity for row in found.rows} == there
        for total in found.totals:
            count = sum(value for key, value in there.items() if key[1] == total.class_id)
            assert (total.issued, total.outstanding) == (count, count)
            assert total.as_converted == count * (2 if total.class_id == "series-a" else 1)
            assert (
                sum(
                    r.quantity or 0
                    for r in found.instruments
                    if (r.class_id, r.instrument) == (total.class_id, "shares")
                )
                == count
            )
        everything = sum(value * (2 if key[1] == "series-a" else 1) for key, value in there.items()) + pools[at]
        for row in found.holders[:-1]:
            own = sum(value * (2 if key[1] == "series-a" else 1) for key, value in there.items() if key[0] == row.party)
            assert row.fully_diluted == Fraction(own, everything) or own == 0
    history = ownership_history(world, START + timedelta(days=len(after)), None, "acme")
    last: dict[tuple[str, str], int] = {}
    days = []
    for at, held in enumerate(after):
        there = {key: value for key, value in held.items() if value}
        if there != last:
            days.append(START + timedelta(days=at + 1))
        last = there
    listed = [each.on for each in history.tables if each.rows or each.on != START]
    # A split of a class nobody holds changes the pool's part, so a day more may be listed, never one fewer.
    assert set(days) <= set(listed)


def test_views_add_up_to_the_whole() -> None:
    found = table(
        "2020-02-01 issue acme\n  ada: 600 common\n  bo: 100 series-a\n\n"
        "2020-03-01 grant acme\n  to: cy\n  quantity: 200\n  of: common\n  plan: pool\n  vests: 4 years monthly\n\n"
        "2020-03-02 grant acme\n  id: gone\n  to: ada\n  quantity: 300\n  of: common\n  plan: pool\n"
        "  expires: 2021-01-01\n\n"
        "2020-04-01 option warrant\n  issuer: acme\n  holder: bo\n  over: 50 acme.series-a\n  from: new shares\n\n"
        "2020-05-01 note loan\n  issuer: acme\n  to: bo\n  quantity: 10\n  converts: 1:5 into acme.common\n"
    )
    # 600 + 200 as converted, 200 granted, 100 for the warrant, 50 for the note, 800 left in the pool.
    assert sum(row.fully_diluted or 0 for row in found.instruments) == 1
    assert sum(row.fully_diluted or 0 for row in found.holders) == 1
    assert sum(row.fully_diluted or 0 for row in found.view("class")) == 1
    shares = {(row.instrument, row.party): row.fully_diluted for row in found.instruments}
    assert shares[("pool", "")] == Fraction(800, 1950)
    assert shares[("option", "bo")] == Fraction(100, 1950)
    assert shares[("note", "bo")] == Fraction(50, 1950)
    (plan,) = found.plans
    assert (plan.granted, plan.returned, plan.available) == (500, 300, 800)
    assert "What is forfeited, cancelled or expires returns to the pool of pool." in found.assumptions


def test_what_does_not_return_to_the_pool_stays_out() -> None:
    book = load_text(
        HEAD.replace("    reserved: 1,000\n", "    reserved: 1,000\n    returns to pool: no\n")
        + "2020-03-01 grant acme\n  id: g\n  to: cy\n  quantity: 200\n  of: common\n  plan: pool\n\n"
        + "2020-04-01 forfeit acme\n  grant: g\n  quantity: 150\n"
    )
    (plan,) = cap_table(book.world().on(date(2021, 1, 1)), "acme").plans
    assert (plan.returned, plan.available) == (0, 800)


def test_pools_that_are_overdrawn_or_unknown_are_said() -> None:
    found = table(
        "2020-03-01 grant acme\n  to: cy\n  quantity: 1,200\n  of: common\n  plan: pool\n\n"
        "2020-03-02 grant acme\n  to: cy\n  quantity: 5\n  of: common\n  plan: poool\n"
    )
    assert found.plans[0].available == -200
    assert "The grants under pool are 200 more than it reserves." in found.assumptions
    assert any("names the plan 'poool'" in words for words in found.assumptions)
    assert sum(row.fully_diluted or 0 for row in found.instruments) == 1


def test_a_pool_follows_a_split_that_comes_after_it() -> None:
    found = table("2020-06-01 split acme\n  common: 1:10\n")
    assert found.plans[0].available == 10_000
    assert "The plan pool is taken to follow the split of 2020-06-01." in found.assumptions
    assert (
        "The conversion of series-a into common is taken as stated: no split of common changes it." in found.assumptions
    )


def test_safes_and_notes_are_listed_with_what_has_accrued() -> None:
    found = table(
        "2021-01-01 safe first\n  issuer: acme\n  to: bo\n  amount: USD 500,000\n  cap: USD 5,000,000 post-money\n\n"
        "2021-01-01 note loan\n  issuer: acme\n  to: bo\n  amount: USD 100,000\n  interest: 6% a year\n"
        "  day count: 30/360\n\n"
        "2021-01-01 note vague\n  issuer: acme\n  to: bo\n  amount: USD 100,000\n  interest: 6% a year\n\n"
        "2021-01-01 note odd\n  issuer: acme\n  to: bo\n  amount: USD 100,000\n  interest: prime plus two\n\n"
        "2021-01-01 safe used\n  issuer: acme\n  to: bo\n  amount: USD 1\n\n"
        "2021-06-01 round seed\n  issuer: acme\n  converts: used\n",
        date(2021, 7, 1),
    )
    owed = {each.terms.id: each for each in found.owed}
    assert set(owed) == {"first", "loan", "vague", "odd"}
    assert owed["loan"].interest == (3000, 3000)
    assert owed["vague"].interest == (Fraction(100_000 * 6 * 181, 36_500), Fraction(100_000 * 6 * 181, 36_000))
    assert owed["odd"].interest is None
    assert "The interest of odd ('prime plus two') is not computed." in found.assumptions
    assert "The safe used is taken as converted in seed." in found.assumptions
    assert any(words.startswith("The safe first is not in the fully diluted count") for words in found.assumptions)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("6% a year", Interest(Fraction(3, 50), False)),
        ("6% per year, simple", Interest(Fraction(3, 50), False)),
        ("8% a year, compounded", Interest(Fraction(2, 25), True)),
        ("8% a year, compounded yearly", Interest(Fraction(2, 25), True)),
        ("8% a year, compounded daily", None),
        ("8% a month", None),
        ("0.08 a year", None),
    ],
)
def test_words_of_interest(words: str, found: Interest | None) -> None:
    assert interest_of(words) == found


def test_interest_by_hand() -> None:
    assert years_between(date(2020, 2, 29), date(2021, 2, 28), "actual/365") == Fraction(365, 365)
    assert years_between(date(2021, 1, 31), date(2021, 3, 31), "30/360") == Fraction(60, 360)
    two_and_a_half = accrued(
        Fraction(100), Interest(Fraction(1, 10), True), date(2020, 1, 1), date(2022, 7, 1), "30/360"
    )
    assert two_and_a_half == Fraction(121) * Fraction(105, 100) - 100
    assert accrued(Fraction(100), Interest(Fraction(1, 10), True), date(2020, 1, 1), date(2019, 1, 1), "30/360") == 0


def test_bounds_are_those_that_every_number_within_allows() -> None:
    found = table(
        "2020-02-01 holding acme\n  ada: 100 to 300 common\n  bo: 100 common\n  cy: at least 50 series-a\n",
    )
    rows = {row.party: row for row in found.rows}
    low, high = [], []
    for number in range(100, 301):
        part = Fraction(number, number + 100)
        low.append(part)
        high.append(1 - part)
    ada, bo, cy = rows["ada"].within, rows["bo"].within, rows["cy"].within
    assert ada is not None
    assert bo is not None
    assert cy is not None
    assert ada.of_class == (min(low), max(low))
    assert bo.of_class == (min(high), max(high))
    assert cy.quantity == (50, None)
    assert cy.of_class == (1, 1)
    assert bo.of_total == (0, Fraction(100, 250))
    assert rows["bo"].of_class is None
    assert found.to_json()["rows"][0]["within"]["quantity"] == ["100", "300"]


def test_shares_that_the_company_holds_itself_are_issued_and_not_outstanding() -> None:
    found = table("2020-02-01 issue acme\n  ada: 60 common\n  acme: 40 common\n")
    common = found.totals[0]
    assert (common.issued, common.outstanding) == (100, 60)
    assert [row.of_class for row in found.rows] == [1]


def test_a_history_has_a_table_for_each_day_of_change() -> None:
    book = load_text(
        HEAD
        + "2020-02-01 issue acme\n  ada: 60 common\n\n2020-03-01 transfer acme\n  from: ada\n  bo: 20 common\n\n"
        + "2021-03-01 amend acme\n  class common\n    converts: 1:1 into series-a on 2021-05-01\n"
    )
    history = ownership_history(book.world(), date(2022, 1, 1), None, "acme")
    assert [each.on.isoformat() for each in history.tables if each.rows] == ["2020-02-01", "2020-03-01", "2021-05-01"]
    assert [(row.party, row.class_id, row.quantity) for row in history.tables[-1].rows] == [
        ("ada", "series-a", 40),
        ("bo", "series-a", 20),
    ]
    earlier = ownership_history(book.world(), date(2020, 2, 15), None, "acme")
    assert [each.on.isoformat() for each in earlier.tables if each.rows] == ["2020-02-01"]
