"""Looking ahead: what is scheduled takes effect, what is recorded later is not known."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from book_texts import PEOPLE, held, sitting, sound
from hypothesis import given
from hypothesis import strategies as st

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.book.scheduled import MOST_DAYS, scheduled_changes, scheduled_days, structure_ahead
from muniment.book.structure import Structure

ACME = PEOPLE + (
    "2020-01-01 company acme\n"
    "  law pack: none\n"
    "  class common\n    votes per share: 1\n"
    "  board\n    decides by: majority\n"
    "    seats founders\n      number: 2\n      filled by: majority of common\n      removed by: majority of common\n"
    "  rules\n    borrow: board\n"
    "2020-01-01 issue acme\n  ada: 60 common\n  bo: 40 common\n"
)


def world(text: str, as_recorded: bool = False) -> World:
    return World(sound(ACME + text), as_recorded=as_recorded)


def ahead(text: str, when: str, known: str, under: str | None = None, as_recorded: bool = False) -> Structure:
    opened = world(text, as_recorded)
    return structure_ahead(opened, date.fromisoformat(when), under, date.fromisoformat(known))


def days(text: str, on: str = "2021-01-01", years: int = 5, under: str | None = None) -> list[str]:
    return [each.isoformat() for each in scheduled_days(world(text), date.fromisoformat(on), under, years)]


# Looking ahead


def test_a_record_of_a_later_day_is_not_known() -> None:
    text = "2021-06-01 amend acme\n  purpose: boats\n"
    assert ahead(text, "2022-01-01", "2021-01-01").entities["acme"].purpose is None
    assert ahead(text, "2022-01-01", "2021-06-01").entities["acme"].purpose == "boats"


def test_the_end_of_a_known_record_takes_effect() -> None:
    text = "2021-01-01 amend acme\n  until: 2022-01-01\n  purpose: boats\n"
    assert ahead(text, "2021-12-31", "2021-02-01").entities["acme"].purpose == "boats"
    assert ahead(text, "2022-01-01", "2021-02-01").entities["acme"].purpose is None


def test_an_appointment_that_ends_leaves_a_vacant_seat_though_a_successor_is_recorded_later() -> None:
    text = "2021-01-01 appoint acme\n  until: 2021-06-01\n  founders: ada\n2021-06-01 appoint acme\n  founders: bo\n"
    assert sitting(ahead(text, "2021-06-01", "2021-05-01"), "founders") == [None, None]
    assert sitting(ahead(text, "2021-06-01", "2021-06-01"), "founders") == ["bo", None]


def test_a_class_converts_on_its_date_and_what_was_issued_later_is_not_there() -> None:
    text = (
        "2021-01-01 amend acme\n  class super\n    votes per share: 10\n    converts: 1:1 into common on 2024-01-01\n"
        "2021-01-01 issue acme\n  chen: 10 super\n2022-01-01 issue acme\n  dara: 5 common\n"
    )
    assert held(ahead(text, "2023-12-31", "2021-06-01"))[("chen", "super")] == 10
    later = held(ahead(text, "2024-01-01", "2021-06-01"))
    assert later[("chen", "common")] == 10
    assert ("dara", "common") not in later


def test_under_a_proposal_only_its_records_of_the_day_asked_are_known() -> None:
    text = (
        "2021-01-01 proposal reform\n"
        "2021-01-01 amend acme\n  under: reform\n  purpose: boats\n"
        "2021-06-01 amend acme\n  under: reform\n  legal form: corporation\n"
    )
    entity = ahead(text, "2022-01-01", "2021-01-01", under="reform").entities["acme"]
    assert (entity.purpose, entity.legal_form) == ("boats", None)


def test_an_outcome_and_an_event_of_a_later_day_are_not_known() -> None:
    text = (
        "2021-01-01 proposal reform\n  outcome: adopted 2021-06-01\n"
        "2021-01-01 amend acme\n  under: reform\n  purpose: boats\n"
        "2021-06-01 event storm\n2021-01-01 amend acme\n  under: storm\n  legal form: corporation\n"
    )
    entity = ahead(text, "2022-01-01", "2021-05-31").entities["acme"]
    assert (entity.purpose, entity.legal_form) == (None, None)
    entity = ahead(text, "2022-01-01", "2021-06-01").entities["acme"]
    assert (entity.purpose, entity.legal_form) == ("boats", "corporation")


def test_as_recorded_what_was_recorded_later_is_not_known() -> None:
    text = "2021-01-01 amend acme\n  recorded: 2021-06-01\n  purpose: boats\n"
    assert ahead(text, "2022-01-01", "2021-05-31").entities["acme"].purpose == "boats"
    assert ahead(text, "2022-01-01", "2021-05-31", as_recorded=True).entities["acme"].purpose is None
    assert ahead(text, "2022-01-01", "2021-06-01", as_recorded=True).entities["acme"].purpose == "boats"


def test_a_right_waits_for_an_event_of_a_later_day() -> None:
    text = (
        "2021-01-01 option call\n  issuer: acme\n  holder: chen\n  over: 10 acme.common\n  exercisable: on storm\n"
        "2021-06-01 event storm\n"
    )
    assert ahead(text, "2022-01-01", "2021-01-01").rights[0].on_event == "storm"
    assert ahead(text, "2022-01-01", "2021-06-01").rights[0].on_event == ""


def test_an_uncertain_date_is_open_as_on_the_day_asked() -> None:
    text = "2021-03/2021-09 amend acme\n  id: at-some-time\n  purpose: boats\n"
    opened = world(text)
    today, later = opened.on(date(2021, 6, 1)), opened.on(date(2025, 1, 1), known=date(2021, 6, 1))
    assert [fact.address for fact in later.open_facts] == ["at-some-time date"]
    assert [fact.readings for fact in later.open_facts] == [fact.readings for fact in today.open_facts]
    chosen = opened.choosing({"at-some-time date": 0})
    assert chosen.on(date(2025, 1, 1), known=date(2021, 6, 1)).entities["acme"].purpose == "boats"


def test_the_law_is_that_of_the_day_asked() -> None:
    """The UK let a tenth of the votes call a meeting, and a twentieth from 3 August 2009."""
    text = "2008-01-01 company acme\n  law: England and Wales\n  board\n    seats directors\n      number: 1\n"
    opened, known, later = World(load_text(text)), date(2009, 8, 2), date(2026, 1, 1)
    rules = [opened.on(when, known=by).entities["acme"].rules for when, by in ((later, known), (later, later))]
    seen = [each["call meeting"].text for each in rules]
    assert seen == ["board or at least 10% of votes", "board or at least 5% of votes"]
    assert rules[0] == opened.on(known).entities["acme"].rules


def test_what_was_not_asked_ahead_is_as_ever_and_says_nothing_of_it() -> None:
    opened = world("")
    day = date(2021, 1, 1)
    assert opened.on(day, known=day) is opened.on(day)
    assert opened.on(day).assumptions == ()
    assert opened.on(date(2022, 1, 1), known=day).assumptions == (
        "On 2022-01-01, what is on record and the law by 2021-01-01 hold, with what they schedule by then.",
    )


def test_one_cannot_look_ahead_to_the_past() -> None:
    with pytest.raises(ValueError, match="2021-01-02"):
        ahead("", "2021-01-01", "2021-01-02")


@given(st.integers(0, 1500), st.integers(0, 1500))
def test_with_everything_on_record_looking_ahead_is_looking(first: int, second: int) -> None:
    """A book with no record after the day asked is the same seen from that day and seen later."""
    known = date(2021, 6, 1) + timedelta(days=min(first, second))
    when = date(2021, 6, 1) + timedelta(days=max(first, second))
    text = (
        "2021-01-01 amend acme\n  class super\n    votes per share: 10\n    converts: 1:1 into common on 2023-01-01\n"
        "2021-01-01 issue acme\n  chen: 10 super\n"
        "2021-02-01 appoint acme\n  until: 2022-02-01\n  founders: ada\n"
        "2021-03-01 amend acme\n  until: 2024-03-01\n  purpose: boats\n"
    )
    opened = world(text)
    seen, looked = opened.on(when, known=known), opened.on(when)
    assert (seen.entities, seen.holdings, seen.rights) == (looked.entities, looked.holdings, looked.rights)


# Scheduled days


def test_nothing_is_scheduled_in_a_plain_book() -> None:
    assert days("2023-01-01 amend acme\n  purpose: boats\n") == []


def test_ends_of_records_in_force_are_scheduled() -> None:
    text = (
        "2020-06-01 amend acme\n  until: 2022-01-01\n  purpose: boats\n"
        "2020-06-01 appoint acme\n  until: 2023\n  founders: ada\n"
        "2020-06-01 amend acme\n  until: 2020-12-01\n  legal form: corporation\n"
        "2022-06-01 amend acme\n  until: 2024-01-01\n  purpose: boats\n"
        "2020-06-01 agreement pact\n  parties: ada, bo\n  until: 2021-01-02\n"
        "2020-06-01 event storm\n  until: 2021-03-01\n"
        "2020-06-01 proposal reform\n2020-06-01 amend acme\n  under: reform\n  until: 2022-05-05\n  law: Maine\n"
    )
    assert days(text) == ["2021-01-02", "2022-01-01", "2023-12-31"]
    assert days(text, under="reform") == ["2021-01-02", "2022-01-01", "2022-05-05", "2023-12-31"]
    assert days(text, years=1) == ["2021-01-02", "2022-01-01"]
    assert days(text, years=0) == []


def test_conversions_windows_and_vesting_are_scheduled() -> None:
    text = (
        "2020-06-01 amend acme\n  class super\n    converts: 1:1 into common on 2024-01-01\n"
        "2020-06-01 option call\n  issuer: acme\n  holder: chen\n  over: 10 acme.common\n"
        "  exercisable: 2021-07-01/2021-12-31\n"
        "2020-06-01 grant acme\n  to: dara\n  quantity: 40\n  of: common\n  vests: 4 years yearly, 12 months cliff\n"
    )
    assert days(text) == [
        "2021-06-01",
        "2021-07-01",
        "2022-01-01",
        "2022-06-01",
        "2023-06-01",
        "2024-01-01",
        "2024-06-01",
    ]
    changes = scheduled_changes(world(text), date(2021, 1, 1), None, 1)
    assert [each.what for each in changes] == [
        "acme/grant/2020-06-01 vests",
        "call may be used",
        "call may no longer be used",
    ]
    assert [each.gradual for each in changes] == [True, False, False]


def test_shares_that_gain_votes_are_scheduled() -> None:
    text = (
        "2020-06-01 amend acme\n  class loyal\n    votes per share: 1, 2 after 2 years, 3 after 4 years\n"
        "2020-07-01 issue acme\n  chen: 10 loyal\n"
    )
    assert days(text) == ["2022-07-01", "2024-07-01"]


def test_annual_meetings_are_scheduled_where_seats_have_terms() -> None:
    text = "2020-06-01 amend acme\n  annual meeting: 05-15\n  board\n    seats founders\n      term: 3 years\n"
    assert days(text, years=2) == ["2021-05-15", "2022-05-15"]
    assert days(text, on="2021-05-15", years=2) == ["2022-05-15", "2023-05-15"]
    assert days(text.replace("      term: 3 years\n", "      votes each: 1\n"), years=2) == []
    assert days(text.replace("05-15", "02-29"), years=4) == [f"{year}-02-28" for year in (2021, 2022, 2023, 2024)]


def test_a_term_without_a_meeting_ends_on_its_own_day() -> None:
    text = (
        "2020-06-01 amend acme\n  board\n    seats founders\n      term: 18 months\n"
        "2020-06-10 appoint acme\n  founders: ada\n"
    )
    assert days(text) == ["2021-12-10"]


def test_what_an_ending_record_brings_back_is_looked_at() -> None:
    text = (
        "2020-06-01 amend acme\n  class super\n    converts: 1:1 into common on 2024-01-01\n"
        "2020-07-01 amend acme\n  until: 2022-01-01\n  class super\n    converts: 1:1 into common at will\n"
    )
    assert days(text) == ["2022-01-01", "2024-01-01"]


def test_steps_of_a_gradual_change_go_first_where_there_are_too_many_days() -> None:
    monthly = "2021-01-01 grant acme\n  to: dara\n  quantity: 480\n  of: common\n  vests: 4 years monthly\n"
    text = monthly + "2020-06-01 amend acme\n  until: 2024-12-31\n  purpose: boats\n"
    found = days(text)
    assert len(found) == MOST_DAYS
    assert found == sorted(set(found))
    assert found[-2:] == ["2024-12-31", "2025-01-01"]
    assert found[:22] == [f"{2021 + (at // 12)}-{at % 12 + 1:02d}-01" for at in range(1, 23)]


def test_an_end_that_is_open_may_be_any_of_those_stated() -> None:
    text = (
        "2020-01-01 source one\n2020-01-01 source two\n"
        "2020-06-01 amend acme\n  purpose: boats\n"
        "  until: disputed\n    - 2022-01-01 [@one]\n    - 2023-01-01 [@two]\n"
    )
    opened = World(sound(ACME + text))
    assert scheduled_days(opened, date(2021, 1, 1), None, 5) == (date(2022, 1, 1), date(2023, 1, 1))


def test_a_negative_horizon_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        days("", years=-1)


def test_no_scheduled_day_is_missed_and_nothing_changes_between() -> None:
    """Between two scheduled days the structure that is seen ahead is the same on every day."""
    text = (
        "2020-06-01 amend acme\n  class super\n    votes per share: 5\n    converts: 1:1 into common on 2021-03-03\n"
        "2020-06-01 issue acme\n  chen: 10 super\n"
        "2020-06-01 appoint acme\n  until: 2021-02-10\n  founders: ada\n"
        "2020-06-01 amend acme\n  until: 2021-04-01\n  rules\n    borrow: majority of votes\n"
        "2021-02-20 appoint acme\n  founders: bo\n"
    )
    opened, on = world(text), date(2021, 1, 1)
    changes = set()
    before = opened.on(on)
    for number in range(1, 150):
        when = on + timedelta(days=number)
        after = opened.on(when, known=on)
        if (after.entities, after.holdings) != (before.entities, before.holdings):
            changes.add(when)
        before = after
    assert changes == set(scheduled_days(opened, on, None, 1))
    assert changes == {date(2021, 2, 10), date(2021, 3, 3), date(2021, 4, 1)}
    assert held(opened.on(date(2021, 5, 1), known=on))[("chen", "common")] == Fraction(10)
