"""What is in force on a date, under a proposal, in an account: dates, proposals, events, endings, order, folding."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import permutations

import pytest
from book_texts import PEOPLE, acme, faults, held, on, sitting, sound
from hypothesis import given
from hypothesis import strategies as st

from muniment.book.load import load_text
from muniment.book.structure import Structure

ACME = PEOPLE + (
    "2020-01-01 company acme\n"
    "  law: Delaware\n"
    "  class common\n    votes per share: 1\n"
    "  board\n    decides by: majority\n"
    "    seats founders\n      number: 2\n      filled by: majority of common\n      removed by: majority of common\n"
    "    seats others\n      number: 1 to 3\n      filled by: board\n"
    "  office ceo\n    filled by: majority of board\n"
    "  rules\n    sell company: majority of votes\n    borrow: board\n"
    "2020-01-01 issue acme\n  ada: 60 common\n  bo: 40 common\n"
)
LINE = ACME.count("\n")
APPOINTED = ACME + "2020-01-02 appoint acme\n  founders: ada, bo\n"


def opened(structure: Structure) -> list[tuple[str, tuple[str, ...]]]:
    return [(fact.address, fact.readings) for fact in structure.open_facts]


# Dates, and until


def test_an_entity_is_there_from_its_date() -> None:
    book = sound(ACME)
    assert "acme" not in on(book, "2019-12-31").entities
    assert "acme" in on(book, "2020-01-01").entities


def test_until_is_the_day_on_which_it_has_ended() -> None:
    book = sound(ACME + "2021-01-01 appoint acme\n  until: 2021-06-01\n  founders: ada\n")
    assert sitting(on(book, "2021-05-31"), "founders") == ["ada", None]
    assert sitting(on(book, "2021-06-01"), "founders") == [None, None]


def test_an_amendment_with_until_ends_and_what_stood_before_is_back() -> None:
    book = sound(ACME + "2021-01-01 amend acme\n  until: 2022-01-01\n  law: Maine\n")
    assert [acme(book, day).law for day in ("2020-12-31", "2021-01-01", "2022-01-01")] == [
        "Delaware",
        "Maine",
        "Delaware",
    ]


def test_seats_are_free_again_for_a_successor_on_the_day_an_appointment_ends() -> None:
    text = ACME + (
        "2021-01-01 appoint acme\n  until: 2021-06-01\n  founders: ada, bo\n"
        "2021-06-01 appoint acme\n  founders: chen, dara\n"
    )
    assert sitting(on(sound(text), "2021-06-01"), "founders") == ["chen", "dara"]
    early = text.replace("2021-06-01 appoint", "2021-05-31 appoint")
    assert faults(load_text(early)) == [("M503", LINE + 5)]


def test_seats_that_exist_for_a_time_can_be_filled_in_that_time_alone() -> None:
    text = ACME + (
        "2021-01-01 amend acme\n  until: 2022-01-01\n  board\n    seats guests\n      number: 1\n"
        "2021-02-01 appoint acme\n  guests: chen\n"
    )
    book = sound(text)
    assert sitting(on(book, "2021-12-31"), "guests") == ["chen"]
    assert "guests" not in acme(book, "2022-01-01").bodies["board"].groups
    assert faults(load_text(text.replace("2021-02-01", "2022-02-01"))) == [("M503", LINE + 7)]


def test_an_end_before_the_beginning_is_an_error() -> None:
    assert (
        faults(load_text(APPOINTED + "2021-01-01 agreement pact\n  parties: ada, bo\n  until: 2020-06-01\n"))[0][0]
        == "M514"
    )


# Recorded


def test_as_recorded_a_record_counts_from_the_day_it_was_entered() -> None:
    book = sound(ACME + "2021-01-01 transfer acme\n  recorded: 2021-03-01\n  from: ada\n  chen: 10 common\n")
    assert held(on(book, "2021-02-01"))[("chen", "common")] == 10
    assert ("chen", "common") not in held(on(book, "2021-02-01", as_recorded=True))
    assert held(on(book, "2021-03-01", as_recorded=True))[("chen", "common")] == 10
    assert any("recorded" in words for words in on(book, "2021-03-01", as_recorded=True).assumptions)


def test_what_is_announced_beforehand_does_not_count_before_its_date() -> None:
    book = sound(ACME + "2021-03-01 amend acme\n  recorded: 2021-01-01\n  law: Maine\n")
    assert on(book, "2021-02-01", as_recorded=True).entities["acme"].law == "Delaware"


def test_a_late_entry_does_not_undo_what_took_effect_after_it() -> None:
    book = sound(
        ACME + "2021-01-01 amend acme\n  recorded: 2023-01-01\n  law: Maine\n2022-01-01 amend acme\n  law: Nevada\n"
    )
    assert on(book, "2023-06-01", as_recorded=True).entities["acme"].law == "Nevada"


# Proposals and events

BUY_OUT = (
    "2021-01-01 proposal buy-out\n"
    "2021-01-01 amend acme\n  under: buy-out\n  board\n    seats buyers\n      number: 3\n      filled by: chen\n"
)


def test_a_proposal_exists_only_where_it_is_asked() -> None:
    book = sound(ACME + BUY_OUT)
    assert "buyers" not in acme(book, "2022-01-01").bodies["board"].groups
    assert len(sitting(on(book, "2022-01-01", under="buy-out"), "buyers")) == 3
    assert "buyers" not in acme(book, "2020-06-01", under="buy-out").bodies["board"].groups


@pytest.mark.parametrize("outcome", ["refused", "withdrawn 2021-02-01", "open"])
def test_other_outcomes_leave_a_proposal_hypothetical(outcome: str) -> None:
    book = sound(ACME + BUY_OUT.replace("buy-out\n2021", f"buy-out\n  outcome: {outcome}\n2021", 1))
    assert "buyers" not in acme(book, "2022-01-01").bodies["board"].groups
    assert "buyers" in acme(book, "2022-01-01", under="buy-out").bodies["board"].groups


def test_an_adopted_proposal_is_fact_from_its_adoption() -> None:
    book = sound(ACME + BUY_OUT.replace("buy-out\n2021", "buy-out\n  outcome: adopted 2021-06-01\n2021", 1))
    assert "buyers" not in acme(book, "2021-05-31").bodies["board"].groups
    assert "buyers" in acme(book, "2021-06-01").bodies["board"].groups


def test_an_adopted_proposal_comes_after_what_was_changed_before_its_adoption() -> None:
    book = sound(
        ACME + "2021-01-01 proposal move\n"
        "  outcome: adopted 2021-06-01\n"
        "2021-01-01 amend acme\n"
        "  under: move\n"
        "  law: Nevada\n" + "2021-03-01 amend acme\n  law: Maine\n"
    )
    assert [acme(book, day).law for day in ("2021-05-31", "2021-06-01")] == ["Maine", "Nevada"]


def test_a_proposal_is_folded_after_all_others_of_its_date() -> None:
    under = "2021-01-01 proposal move\n2021-01-01 amend acme\n  under: move\n  law: Nevada\n"
    fact = "2021-01-01 amend acme\n  law: Maine\n"
    for text in (under + fact, fact + under):
        book = sound(ACME + text)
        assert acme(book, "2021-01-01", under="move").law == "Nevada"
        assert acme(book, "2021-01-01").law == "Maine"


def test_a_later_fact_comes_after_a_proposal() -> None:
    book = sound(
        ACME + "2021-01-01 proposal move\n"
        "2021-01-01 amend acme\n"
        "  under: move\n"
        "  law: Nevada\n"
        "2021-02-01 amend acme\n"
        "  law: Maine\n"
    )
    assert acme(book, "2021-03-01", under="move").law == "Maine"


def test_builds_on_brings_the_other_proposal_in_first() -> None:
    text = ACME + (
        "2021-01-01 proposal second\n  builds on: first\n2021-01-01 amend acme\n  under: second\n  law: Nevada\n"
        "2021-01-01 proposal first\n2021-01-01 amend acme\n  under: first\n  law: Maine\n  purpose: toys\n"
    )
    book = sound(text)
    both = acme(book, "2021-01-01", under="second")
    assert (both.law, both.purpose) == ("Nevada", "toys")
    assert acme(book, "2021-01-01", under="first").law == "Maine"


def test_a_fault_of_a_proposal_is_reported_and_its_fact_is_not() -> None:
    text = (
        APPOINTED
        + "2021-01-01 proposal cut\n2021-01-01 amend acme\n  under: cut\n  board\n    seats founders\n      number: 1\n"
    )
    assert faults(load_text(text)) == [("M507", LINE + 8)]
    sound(text + "2021-01-01 remove acme\n  under: cut\n  founders: bo\n")


def test_a_record_under_an_event_exists_once_the_event_is_recorded() -> None:
    text = ACME + "2021-01-01 amend acme\n  under: flood\n  law: Maine\n2021-05-01 event flood\n"
    book = sound(text)
    assert [acme(book, day).law for day in ("2021-04-30", "2021-05-01")] == ["Delaware", "Maine"]
    late = sound(text.replace("event flood\n", "event flood\n  recorded: 2021-07-01\n"))
    assert on(late, "2021-06-01", as_recorded=True).entities["acme"].law == "Delaware"


def test_an_entity_under_a_proposal_needs_its_records_there_too() -> None:
    text = PEOPLE + (
        "2021-01-01 proposal merger\n2021-01-01 company newco\n  under: merger\n  class common\n"
        "2021-01-02 issue newco\n  under: merger\n  ada: 5 common\n"
    )
    book = sound(text)
    assert "newco" not in on(book, "2022-01-01").entities
    assert held(on(book, "2022-01-01", under="merger"), "newco") == {("ada", "common"): 5}
    assert [code for code, _ in faults(load_text(text.replace("issue newco\n  under: merger", "issue newco")))] == [
        "M510"
    ]


# Folding


def test_amend_merges_block_by_block_and_label_by_label() -> None:
    book = sound(
        ACME + "2021-01-01 amend acme\n"
        "  class common\n"
        "    votes per share: 10\n"
        "  board\n"
        "    seats founders\n"
        "      number: 4\n"
        "  rules\n    borrow: never\n"
    )
    entity = acme(book, "2021-01-01")
    founders = entity.bodies["board"].groups["founders"]
    assert (len(founders.seats), founders.filled_by is not None) == (4, True)
    assert entity.classes["common"].votes == 10
    assert (entity.rules["borrow"].text, entity.rules["sell company"].text) == ("never", "majority of votes")
    assert entity.law == "Delaware"
    assert "others" in entity.bodies["board"].groups


def test_an_amended_tier_leaves_the_others() -> None:
    text = (
        PEOPLE + "2020-01-01 company acme\n  distribution\n    tier 1: all to ada until USD 5\n    tier 2: all to bo\n"
    )
    book = sound(text + "2021-01-01 amend acme\n  distribution\n    tier 2: all to chen\n")
    assert [tier.text for tier in acme(book, "2021-01-01").distribution] == ["all to ada until USD 5", "all to chen"]


def test_a_remark_or_an_id_of_two_amendments_is_no_conflict() -> None:
    book = sound(
        ACME + "2021-01-01 amend acme\n"
        "  id: one\n"
        "  remark: first\n"
        "  law: Maine\n"
        "2021-01-01 amend acme\n"
        "  id: two\n"
        "  remark: second\n"
        "  purpose: toys\n"
    )
    assert (acme(book, "2021-01-01").law, acme(book, "2021-01-01").purpose) == ("Maine", "toys")


def test_without_ends_labels_matters_seats_offices_and_boards() -> None:
    book = sound(
        APPOINTED + "2021-01-01 amend acme\n"
        "  without: law, seats founders, borrow\n"
        "  without: office ceo\n"
        "2022-01-01 amend acme\n"
        "  without: board\n"
    )
    entity = acme(book, "2021-01-01")
    assert (entity.law, list(entity.offices), list(entity.rules)) == (None, [], ["sell company"])
    assert list(entity.bodies["board"].groups) == ["others"]
    assert acme(book, "2022-01-01").bodies == {}


def test_what_ends_can_begin_anew_without_its_former_occupants() -> None:
    book = sound(
        APPOINTED + "2021-01-01 amend acme\n"
        "  without: seats founders\n"
        "2022-01-01 amend acme\n"
        "  board\n"
        "    seats founders\n"
        "      number: 2\n"
    )
    assert sitting(on(book, "2022-01-01"), "founders") == [None, None]


def test_an_end_of_what_is_not_there_is_an_error_under_its_name() -> None:
    text = ACME + "2021-01-01 amend acme\n  without: law, seats founder\n"
    found = load_text(text)
    assert faults(found) == [("M508", LINE + 2)]
    assert acme(found, "2021-01-01").law is None


# Seats


def test_more_people_than_seats_is_an_error() -> None:
    assert faults(load_text(APPOINTED + "2020-02-01 appoint acme\n  founders: chen\n")) == [("M503", LINE + 4)]
    sound(APPOINTED + "2020-02-01 appoint acme\n  founders: chen\n2020-02-01 leave acme\n  founders: bo\n")


def test_a_range_holds_its_minimum_until_more_are_appointed() -> None:
    book = sound(ACME + "2021-01-01 appoint acme\n  others: ada, bo\n")
    assert sitting(on(book, "2020-06-01"), "others") == [None]
    assert sitting(on(book, "2021-01-01"), "others") == ["ada", "bo"]
    assert faults(load_text(ACME + "2021-01-01 appoint acme\n  others: ada, bo, chen, dara\n")) == [("M503", LINE + 2)]


def test_a_removal_from_where_nobody_sits_is_an_error() -> None:
    assert faults(load_text(APPOINTED + "2021-01-01 remove acme\n  founders: chen\n")) == [("M504", LINE + 4)]
    assert faults(load_text(APPOINTED + "2021-01-01 leave acme\n  others: ada\n")) == [("M504", LINE + 4)]


def test_fewer_seats_than_occupants_need_a_removal_of_the_same_day() -> None:
    cut = "2021-01-01 amend acme\n  board\n    seats founders\n      number: 1\n"
    assert faults(load_text(APPOINTED + cut)) == [("M507", LINE + 6)]
    book = sound(APPOINTED + cut + "2021-01-01 leave acme\n  founders: ada\n")
    assert sitting(on(book, "2021-01-01"), "founders") == ["bo"]


def test_an_office_has_one_holder_and_its_seats_follow_it() -> None:
    text = ACME.replace("  office ceo", "    seats chief\n      occupant: holder of ceo\n  office ceo")
    book = sound(
        text + "2021-01-01 appoint acme\n"
        "  ceo: chen\n"
        "2022-01-01 appoint acme\n"
        "  ceo: dara\n"
        "2023-01-01 remove acme\n"
        "  ceo: dara\n"
    )
    assert [acme(book, day).offices["ceo"].holder for day in ("2021-06-01", "2022-01-01", "2023-01-01")] == [
        "chen",
        "dara",
        None,
    ]
    assert [sitting(on(book, day), "chief") for day in ("2021-06-01", "2023-01-01")] == [["chen"], [None]]
    assert faults(load_text(text + "2021-01-01 appoint acme\n  chief: ada\n"))[0][0] == "M503"


def test_an_appointment_before_the_company_exists_is_not_lost_in_silence() -> None:
    assert faults(load_text(ACME + "2019-01-01 appoint acme\n  founders: ada\n")) == [("M510", LINE + 1)]


# Order


def test_within_a_day_people_leave_before_others_are_appointed() -> None:
    records = ["2020-03-01 appoint acme\n  founders: chen\n", "2020-03-01 remove acme\n  founders: ada\n"]
    for order in permutations(records):
        assert sitting(on(sound(APPOINTED + "".join(order)), "2020-03-01"), "founders") == ["bo", "chen"]


def test_two_amendments_of_one_day_that_differ_need_an_order() -> None:
    one, two = "2021-01-01 amend acme\n  id: one\n  law: Maine\n", "2021-01-01 amend acme\n  id: two\n  law: Nevada\n"
    for text in (one + two, two + one):
        assert faults(load_text(ACME + text)) == [("M506", LINE + 6)]
    ordered = one.replace("law", "after: two\n  law")
    for text in (ordered + two, two + ordered):
        assert acme(sound(ACME + text), "2021-01-01").law == "Maine"


def test_an_order_may_lead_through_other_records() -> None:
    records = [
        "2021-01-01 amend acme\n  id: one\n  law: Maine\n",
        "2021-01-01 amend acme\n  id: two\n  after: one\n  purpose: toys\n",
        "2021-01-01 amend acme\n  id: three\n  after: two\n  law: Nevada\n",
    ]
    for order in permutations(records):
        assert acme(sound(ACME + "".join(order)), "2021-01-01").law == "Nevada"


def test_after_overrides_the_order_of_kinds() -> None:
    text = (
        APPOINTED + "2021-01-01 amend acme\n"
        "  after: out\n"
        "  board\n"
        "    seats founders\n"
        "      number: 1\n"
        "2021-01-01 leave acme\n"
        "  id: out\n"
        "  founders: ada\n"
    )
    assert sitting(on(sound(text), "2021-01-01"), "founders") == ["bo"]


def test_two_equal_amendments_of_one_day_are_no_conflict() -> None:
    sound(ACME + "2021-01-01 amend acme\n  law: Maine\n2021-01-01 amend acme\n  law: Maine\n")


def test_orders_in_a_circle_are_an_error_and_nothing_is_lost() -> None:
    text = (
        ACME + "2021-01-01 amend acme\n"
        "  id: one\n"
        "  after: two\n"
        "  law: Maine\n"
        "2021-01-01 amend acme\n"
        "  id: two\n"
        "  after: one\n"
        "  purpose: toys\n"
    )
    book = load_text(text)
    assert [code for code, _ in faults(book)] == ["M312"]
    assert (acme(book, "2021-01-01").law, acme(book, "2021-01-01").purpose) == ("Maine", "toys")


def test_after_a_later_day_is_an_error() -> None:
    text = ACME + "2021-01-01 amend acme\n  after: two\n  law: Maine\n2021-02-01 amend acme\n  id: two\n  law: Nevada\n"
    assert faults(load_text(text)) == [("M509", LINE + 2)]
    assert acme(load_text(text), "2021-03-01").law == "Nevada"


# Uncertain dates


def test_an_uncertain_date_leaves_open_whether_a_record_is_in_force() -> None:
    book = sound(ACME + "2021 amend acme\n  id: change\n  law: Maine\n")
    assert acme(book, "2020-12-31").law == "Delaware"
    middle = on(book, "2021-06-01")
    assert opened(middle) == [("change date", ("by 2021-06-01", "after 2021-06-01"))]
    assert middle.open_facts[0].entity == "acme"
    assert acme(book, "2021-12-31").law == "Maine"


def test_each_reading_of_an_uncertain_date_can_be_tried() -> None:
    from muniment.book.accounts import World
    from muniment.model.dates import earliest, parse_date
    from muniment.model.values import PartialDate

    world = World(sound(ACME + "2021 amend acme\n  id: change\n  law: Maine\n"))
    asked = parse_date("2021-06-01")
    assert isinstance(asked, PartialDate)
    day = earliest(asked)
    assert day is not None
    read = [world.choosing({"change date": index}).on(day) for index in (0, 1)]
    assert [structure.entities["acme"].law for structure in read] == ["Maine", "Delaware"]
    assert [structure.open_facts for structure in read] == [(), ()]


def test_an_uncertain_end_is_open_in_between() -> None:
    book = sound(ACME + "2021-01-01 appoint acme\n  id: first\n  until: 2021-05/2021-06\n  founders: ada\n")
    assert sitting(on(book, "2021-04-30"), "founders") == ["ada", None]
    assert opened(on(book, "2021-05-15")) == [("first until", ("by 2021-05-15", "after 2021-05-15"))]
    assert sitting(on(book, "2021-07-01"), "founders") == [None, None]


def test_a_disputed_date_is_open_between_the_days_the_sources_give() -> None:
    text = (
        "2020-01-01 source one\n2020-01-01 source two\n"
        + ACME
        + "[2021-01-01,2021-03-01] amend acme\n  id: change\n  date: disputed\n"
        "    - 2021-03-01 [@two]\n    - 2021-01-01 [@one]\n  law: Maine\n"
        "2020-01-01 account first\n  follows: @one\n2020-01-01 account second\n  follows: @two\n"
    )
    book = sound(text)
    assert opened(on(book, "2021-02-01")) == [("change date", ("2021-03-01", "2021-01-01"))]
    assert opened(on(book, "2021-04-01")) == []
    assert acme(book, "2021-04-01").law == "Maine"
    assert [acme(book, "2021-02-01", account=name).law for name in ("first", "second")] == ["Maine", "Delaware"]


def test_the_order_of_two_uncertain_dates_is_open_where_it_matters() -> None:
    text = ACME + "2021 amend acme\n  id: one\n  law: Maine\n2021-03 amend acme\n  id: two\n  law: Nevada\n"
    structure = on(sound(text), "2022-01-01")
    ((address, readings),) = opened(structure)
    assert {address.split()[1], *readings} == {"order", "after one (2021)", "before one (2021)"}
    assert structure.entities["acme"].law is None
    from datetime import date

    from muniment.book.accounts import World

    world = World(load_text(text))
    laws = [world.choosing({address: index}).on(date(2022, 1, 1)).entities["acme"].law for index in (0, 1)]
    assert laws == ["Nevada", "Maine"]
    settled = text.replace("id: two\n", "id: two\n  after: one\n")
    assert acme(sound(settled), "2022-01-01").law == "Nevada"


def test_two_uncertain_amendments_that_say_the_same_are_not_open() -> None:
    text = ACME + "2021 amend acme\n  law: Maine\n2021-03 amend acme\n  law: Maine\n"
    assert opened(on(sound(text), "2022-01-01")) == []


def test_an_uncertain_adoption_is_open() -> None:
    book = sound(ACME + BUY_OUT.replace("buy-out\n2021", "buy-out\n  outcome: adopted 2021-06\n2021", 1))
    assert [address for address, _ in opened(on(book, "2021-06-10"))] == ["buy-out outcome"]
    assert "buyers" in acme(book, "2021-07-01").bodies["board"].groups


def test_a_person_of_uncertain_date_is_there_all_the_same() -> None:
    assert "ada" in on(sound("2018~ person ada\n"), "2018-06-01").parties


# The order of files and lines


RECORDS = [
    "2020-02-01 issue acme\n  chen: 10 common\n",
    "2020-03-01 amend acme\n  law: Maine\n",
    "2020-03-02 amend acme\n  id: named\n  law: Nevada\n  rules\n    borrow: never\n",
    "2020-03-02 amend acme\n  after: named\n  law: Ohio\n",
    "2020-04-01 appoint acme\n  founders: ada, bo\n",
    "2020-05-01 remove acme\n  founders: ada\n",
    "2020-05-01 appoint acme\n  founders: chen\n  ceo: dara\n",
    "2020-06-01 proposal move\n",
    "2020-06-01 amend acme\n  under: move\n  law: Texas\n",
    "2020-06-01 amend acme\n  class common\n    votes per share: 2\n",
    "2020 event flood\n",
]


@given(
    st.permutations(RECORDS),
    st.sampled_from(["2020-03-02", "2020-05-01", "2020-12-31"]),
    st.sampled_from([None, "move"]),
)
def test_the_order_of_lines_does_not_matter(records: list[str], day: str, under: str | None) -> None:
    assert _facts(on(load_text("".join(records) + ACME), day, under)) == _facts(
        on(sound(ACME + "".join(RECORDS)), day, under)
    )


def _facts(structure: Structure) -> object:
    """Return what a structure says, without where it is written."""
    entity = structure.entities["acme"]
    return (
        entity.law,
        {matter: rule.text for matter, rule in entity.rules.items()},
        {name: one.votes for name, one in entity.classes.items()},
        held(structure),
        sitting(structure, "founders"),
        entity.offices["ceo"].holder,
        set(structure.parties),
    )


def test_the_order_and_number_of_files_do_not_matter(tmp_path: object) -> None:
    from pathlib import Path

    from muniment.book.load import load

    assert isinstance(tmp_path, Path)
    whole = _facts(on(sound(ACME + "".join(RECORDS)), "2020-12-31", "move"))
    for seed in range(3):
        folder = tmp_path / str(seed)
        (folder / "later").mkdir(parents=True)
        (folder / "muniment.toml").write_text("format = 1\n", encoding="utf-8")
        names = [f"later/{n}.muni" if n % 2 else f"{n}.muni" for n in range(len(RECORDS) + 1)]
        random.Random(seed).shuffle(names)
        for name, text in zip(names, [ACME, *RECORDS], strict=True):
            (folder / name).write_text(text, encoding="utf-8")
        book = load(folder)
        assert faults(book) == []
        assert _facts(on(book, "2020-12-31", "move")) == whole


# Agreements and payments


def test_an_agreement_adds_a_consent_while_it_lasts() -> None:
    book = sound(
        ACME + "2021-01-01 agreement pact\n"
        "  parties: chen, acme\n"
        "  until: 2022-01-01\n"
        "  consent\n"
        "    of: chen\n"
        "    for: acme: sell company, borrow\n"
    )
    entity = acme(book, "2021-01-01")
    assert {matter: [party for party, _, _ in who] for matter, who in entity.consents.items()} == {
        "sell company": ["chen"],
        "borrow": ["chen"],
    }
    assert acme(book, "2022-01-01").consents == {}


def test_payments_made_by_the_day_are_kept_for_caps() -> None:
    book = sound(ACME + "2021-01-01 pay first\n  by: acme\n  to: ada\n  amount: USD 5\n  as: distribution\n")
    assert on(book, "2020-12-31").paid == ()
    (paid,) = on(book, "2021-01-01").paid
    assert (paid.by, paid.to, paid.amount.amount, paid.as_) == ("acme", "ada", Fraction(5), "distribution")
