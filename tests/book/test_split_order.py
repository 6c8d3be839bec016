"""A split of uncertain date beside records that count shares of its class: every order that the dates allow."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from book_texts import PEOPLE, faults

from muniment.answers.holding import cap_tables, ownership_history
from muniment.book.load import load_text

ACME = PEOPLE + (
    "2020-01-01 company acme\n  class common\n    votes per share: 1\n  class other\n"
    "2020-01-01 issue acme\n  ada: 100 common\n"
)


def bo_of(records: str, on: date = date(2022, 1, 1)) -> dict[tuple[str, ...], Fraction | None]:
    """Return what bo holds of common under each reading of the order."""
    held = cap_tables(load_text(ACME + records).world(), on, None, "acme")
    return {
        tuple(each.reads.values()): next(row.quantity for row in each.table.rows if row.party == "bo") for each in held
    }


def test_an_issue_within_the_year_of_a_split_is_multiplied_or_not() -> None:
    found = bo_of("2021 split acme\n  common: 1:10\n2021-06-15 issue acme\n  bo: 7 common\n")
    assert found == {("before 2021-06-15",): 7, ("after 2021-06-15",): 70}


def test_a_split_falls_between_the_days_of_several_issues() -> None:
    issues = "".join(f"2021-0{month}-15 issue acme\n  bo: {shares} common\n" for month, shares in ((3, 1), (6, 10)))
    found = bo_of("2021 split acme\n  common: 1:2\n" + issues)
    assert found == {("before 2021-03-15",): 11, ("after 2021-03-15",): 12, ("after 2021-06-15",): 22}


@pytest.mark.parametrize("when", ["2021", "2021-06"])
def test_an_issue_of_uncertain_date_beside_a_split_of_a_day(when: str) -> None:
    found = bo_of(f"2021-06-15 split acme\n  common: 1:10\n{when} issue acme\n  bo: 7 common\n")
    assert sorted(each for each in found.values() if each is not None) == [7, 70]


def test_a_transfer_is_of_shares_before_or_after_the_split() -> None:
    found = bo_of("2021 split acme\n  common: 1:10\n2021-06-15 transfer acme\n  from: ada\n  bo: 50 common\n")
    assert found == {("before 2021-06-15",): 50, ("after 2021-06-15",): 500}


@pytest.mark.parametrize(
    ("records", "bo"),
    [
        (
            "2021 split acme\n  id: s\n  common: 1:10\n2021-06-15 issue acme\n  after: s\n  bo: 7 common\n",
            7,
        ),
        ("2021 split acme\n  after: b\n  common: 1:10\n2021-06-15 issue acme\n  id: b\n  bo: 7 common\n", 70),
        ("2021 split acme\n  common: 1:10\n2021-12-31 issue acme\n  bo: 7 common\n", 7),
        ("2021 split acme\n  common: 1:10\n2020-12-31 issue acme\n  bo: 7 common\n", 70),
        ("2021 split acme\n  other: 1:10\n2021-06-15 issue acme\n  bo: 7 common\n", 7),
    ],
)
def test_what_is_certain_or_said_has_one_order(records: str, bo: int) -> None:
    assert faults(load_text(ACME + records)) == []
    assert bo_of(records) == {(): bo}


def test_a_split_comes_first_on_its_day_unless_it_says_otherwise() -> None:
    split = "2021-06-15 split acme\n  common: 1:10\n"
    issue = "2021-06-15 issue acme\n  id: b\n  bo: 7 common\n"
    assert bo_of(split + issue) == bo_of(issue + split) == {(): 7}
    assert bo_of(issue + split.replace("  common", "  after: b\n  common")) == {(): 70}


CONVERTS = ACME.replace("  class other\n", "  class other\n    converts: 1:2 into common\n") + (
    "2020-01-01 issue acme\n  id: others\n  bo: 50 other\n"
)


@pytest.mark.parametrize(
    ("split", "before", "after"),
    [
        # The split is of what the shares become: those converted before it are multiplied.
        ("common", {"common": 14, "other": 43}, {"common": 140, "other": 43}),
        # It is of what they were: the seven are of the fifty, or of the five hundred.
        ("other", {"common": 14, "other": 493}, {"common": 14, "other": 430}),
    ],
)
def test_a_conversion_is_before_or_after_a_split_of_either_class(
    split: str, before: dict[str, int], after: dict[str, int]
) -> None:
    records = f"2021 split acme\n  {split}: 1:10\n2021-06-15 convert acme\n  into: common\n  bo: 7 other\n"
    held = cap_tables(load_text(CONVERTS + records).world(), date(2022, 1, 1), None, "acme")
    found = {
        tuple(each.reads.values()): {row.class_id: row.quantity for row in each.table.rows if row.party == "bo"}
        for each in held
    }
    assert found == {("before 2021-06-15",): before, ("after 2021-06-15",): after}


@pytest.mark.parametrize(("issues", "readings"), [(63, 64), (64, 1)])
def test_more_orders_than_are_tried_leave_one_table_that_says_so(issues: int, readings: int) -> None:
    days = [date.fromordinal(date(2021, 2, 1).toordinal() + day) for day in range(issues)]
    records = "2021 split acme\n  common: 1:10\n" + "".join(f"{day} issue acme\n  bo: 1 common\n" for day in days)
    held = cap_tables(load_text(ACME + records).world(), date(2022, 1, 1), None, "acme")
    words = (
        "The order of acme/split/2021 is open, with too many readings to try: "
        "it is taken to stand at the first day that its date allows."
    )
    assert len(held) == readings
    assert [words in each.table.assumptions for each in held] == [readings == 1] * readings
    bo = [row.quantity for each in held for row in each.table.rows if row.party == "bo"]
    assert bo == ([issues + 9 * place for place in range(issues + 1)] if readings > 1 else [issues])


def test_ownership_over_time_says_which_order_it_takes() -> None:
    records = "2021 split acme\n  common: 1:10\n2021-06-15 issue acme\n  bo: 7 common\n"
    history = ownership_history(load_text(ACME + records).world(), date(2022, 1, 1), None, "acme")
    assert [row.quantity for row in history.tables[-1].rows] == [1000, 7]
    assert (
        "The order of acme/split/2021 is open in this account: "
        "it is taken to stand at the first day that its date allows."
    ) in history.assumptions


def test_a_grant_follows_the_split_in_the_same_readings_as_shares() -> None:
    records = (
        "2021 split acme\n  common: 1:10\n2021-03-15 issue acme\n  bo: 7 common\n"
        "2021-06-15 grant acme\n  id: options\n  to: chen\n  quantity: 5\n  of: common\n"
    )
    held = cap_tables(load_text(ACME + records).world(), date(2022, 1, 1), None, "acme")
    found = {
        tuple(each.reads.values()): (
            next(row.quantity for row in each.table.rows if row.party == "bo"),
            each.table.grants[0].granted,
        )
        for each in held
    }
    assert found == {("before 2021-03-15",): (7, 5), ("after 2021-03-15",): (70, 5), ("after 2021-06-15",): (70, 50)}
