"""Which matter changes a rule, seats or a class (`changed by`), and how many seats there may be."""

from __future__ import annotations

import pytest
from book_texts import PEOPLE, acme, faults, sound

from muniment.book.load import load_text
from muniment.book.structure import SeatGroup

ACME = PEOPLE + (
    "2020-01-01 company acme\n"
    "  law pack: none\n"
    "  class common\n    votes per share: 1\n    changed by: amend bylaws\n"
    "  class other\n    votes per share: 1\n"
    "  board\n    decides by: majority\n    changed by: amend bylaws\n"
    "    seats founders\n      number: 2\n      filled by: majority of common\n        changed by: merge\n"
    "      removed by: majority of common for cause only\n        changed by: dissolve\n"
    "      changed by: set budget\n"
    "    seats others\n      number: 1 to 3\n      filled by: board\n"
    "  office ceo\n    filled by: majority of board\n      changed by: amend bylaws\n"
    "  rules\n    borrow: board\n      changed by: amend bylaws\n    merge: majority of votes\n"
    "2020-01-01 issue acme\n  ada: 60 common\n  bo: 40 common\n"
)


def group(text: str, name: str, day: str = "2020-01-01") -> SeatGroup:
    return acme(sound(text), day).bodies["board"].groups[name]


def test_a_rule_knows_the_matter_that_changes_it() -> None:
    rules = acme(sound(ACME), "2020-01-01").rules
    assert {matter: rule.changed_by for matter, rule in rules.items()} == {"borrow": "amend bylaws", "merge": None}


def test_seats_classes_bodies_and_offices_know_it_too() -> None:
    entity = acme(sound(ACME), "2020-01-01")
    assert {name: each.changed_by for name, each in entity.classes.items()} == {"common": "amend bylaws", "other": None}
    board = entity.bodies["board"]
    assert board.changed_by == "amend bylaws"
    founders, others = board.groups["founders"], board.groups["others"]
    assert (founders.changed_by, others.changed_by) == ("set budget", None)
    assert founders.filled_by is not None
    assert founders.filled_by.changed_by == "merge"
    assert founders.removed_by is not None
    assert founders.removed_by.changed_by == "dissolve"
    assert founders.for_cause_only
    assert others.filled_by is not None
    assert others.filled_by.changed_by is None
    ceo = entity.offices["ceo"].filled_by
    assert ceo is not None
    assert ceo.changed_by == "amend bylaws"


def test_a_block_of_rules_may_say_it_of_all_its_rules() -> None:
    text = ACME + (
        "2021-01-01 amend acme\n"
        "  rules\n    changed by: amend bylaws\n    set budget: board\n    sell company: majority of votes\n"
        "      changed by: dissolve\n"
    )
    rules = acme(sound(text), "2021-01-01").rules
    assert {matter: rule.changed_by for matter, rule in rules.items()} == {
        "borrow": "amend bylaws",
        "merge": None,
        "set budget": "amend bylaws",
        "sell company": "dissolve",
    }


def test_an_amendment_of_something_else_leaves_it() -> None:
    text = ACME + (
        "2021-01-01 amend acme\n"
        "  class common\n    authorized: 1,000\n"
        "  board\n    seats founders\n      number: 3\n"
        "  rules\n    merge: all of votes\n"
    )
    entity = acme(sound(text), "2021-01-01")
    assert entity.rules["borrow"].changed_by == "amend bylaws"
    assert entity.classes["common"].changed_by == "amend bylaws"
    founders = entity.bodies["board"].groups["founders"]
    assert founders.changed_by == "set budget"
    assert founders.filled_by is not None
    assert founders.filled_by.changed_by == "merge"


@pytest.mark.parametrize(("stated", "expected"), [("", None), ("      changed by: dissolve\n", "dissolve")])
def test_a_rule_restated_has_what_the_new_statement_says(stated: str, expected: str | None) -> None:
    text = ACME + f"2021-01-01 amend acme\n  rules\n    borrow: majority of votes\n{stated}"
    book = sound(text)
    assert acme(book, "2020-12-31").rules["borrow"].changed_by == "amend bylaws"
    assert acme(book, "2021-01-01").rules["borrow"].changed_by == expected


def test_a_default_of_the_law_has_none() -> None:
    entity = acme(load_text(ACME.replace("  law pack: none\n", "  law: Delaware\n")), "2020-01-01")
    assumed = [rule for rule in entity.rules.values() if rule.assumed]
    assert assumed
    assert all(rule.changed_by is None for rule in assumed)


def test_a_matter_that_nobody_decides_is_reported_where_it_stands() -> None:
    text = ACME.replace("      changed by: amend bylaws\n  rules", "      changed by: amend by-laws\n  rules")
    line = text[: text.index("amend by-laws")].count("\n") + 1
    assert faults(load_text(text)) == [("M314", line)]


@pytest.mark.parametrize(
    ("stated", "least", "most", "seats"),
    [
        ("number: 2", 2, 2, 2),
        ("number: 4 to 12", 4, 12, 4),
        ("number: 0 to 9", 0, 9, 0),
        ("number: greater of 3 and 50% of board", 3, 3, 3),
        ("votes each: 1", None, None, 1),
    ],
)
def test_how_few_and_how_many_seats_there_may_be(stated: str, least: int | None, most: int | None, seats: int) -> None:
    found = group(ACME.replace("number: 1 to 3", stated), "others")
    assert (found.least, found.most, len(found.seats)) == (least, most, seats)


def test_seats_that_follow_the_size_of_the_board_have_the_number_that_it_gives() -> None:
    text = ACME.replace("number: 1 to 3", "number: greater of 1 and 60% of board")
    found = group(text, "others")
    assert (found.least, found.most) == (3, 3)  # 3 of 5 are 60%
    assert len(found.seats) == 3


def test_a_range_stays_as_stated_when_more_seats_are_filled() -> None:
    found = group(ACME + "2020-02-01 appoint acme\n  others: chen, dara\n", "others", "2020-02-01")
    assert (found.least, found.most, len(found.seats)) == (1, 3, 2)


def test_days_of_the_year_that_no_year_has_are_refused() -> None:
    for day, right in (("02-29", True), ("02-30", False), ("04-31", False), ("12-31", True), ("01-00", False)):
        book = load_text(f"2020-01-01 company acme\n  annual meeting: {day}\n")
        assert [code for code, _ in faults(book)] == ([] if right else ["M280"])
