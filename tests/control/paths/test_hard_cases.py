"""Small companies in which the answer was worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest
from control_books import PERSONS

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.book.scheduled import scheduled_days, structure_ahead
from muniment.control.paths.answer import PathAnswer
from muniment.control.paths.checker import check
from muniment.control.paths.find import find_path

DAY = date(2022, 1, 1)
COMPANY = """
2019-01-01 company e
  law pack: none
  class common
    votes per share: {votes}
    authorized: {authorized}
"""
HELD = """
2020-01-02 issue e
  id: held
  ada: {ada} common
  bo: {bo} common
"""


def asked(text: str, who: str, *, directors: str = "loyal", on: date = DAY) -> PathAnswer:
    book = load_text(PERSONS + text)
    assert [str(found) for found in book.diagnostics if found.severity == "error"] == []
    world = World(book)
    answer = find_path(
        world.on(on, None), tuple(who.split(" + ")), "e: ordinary decision",
        directors=directors, world_ahead=lambda when: structure_ahead(world, when, None, on),  # type: ignore[arg-type]
        scheduled=scheduled_days(world, on, None, 10), durable=False, hangs_on=False, distance=False,
    )  # fmt: skip
    assert isinstance(answer, PathAnswer), answer
    if answer.certificate:
        assert check(answer.certificate).accepted, check(answer.certificate).why
    return answer


def company(body: str = "", after: str = "", *, votes: str = "1", authorized: int = 100, held: str = HELD) -> str:
    return COMPANY.format(votes=votes, authorized=authorized) + body + held.format(ada=60, bo=40) + after


def found(answer: PathAnswer) -> tuple[str, int, int | None]:
    return answer.answer, len(answer.moves), answer.days


STAGGERED = """  annual meeting: 06-01
  board
    seats d
      number: 3
      filled by: majority of common
      removed by: majority of common for cause only
      vacancies filled by: {vacancies}
      term: 3 years, a third each year
  rules
    amend charter: all of common
"""
ELECTED = """
2020-06-01 appoint e
  id: first
  d: cy
2021-06-01 appoint e
  id: second
  d: dee
2021-06-02 appoint e
  id: third
  d: eve
"""


def test_who_elects_is_not_who_fills_vacancies() -> None:
    by_the_board = company(STAGGERED.format(vacancies="majority of board"), ELECTED)
    # Two of the three seats come up on 2024-06-01, and 60 of 100 shares elect.
    assert found(asked(by_the_board, "ada")) == ("path", 1, (date(2024, 6, 1) - DAY).days)
    by_bo = company(STAGGERED.format(vacancies="consent of bo"), ELECTED)
    assert asked(by_bo, "bo").answer == "no path"


BACK_TO_SEVEN = """  board
    seats d
      number: 7
{filled}  rules
    amend charter: never
"""
THREE_UNTIL = """
2020-01-01 amend e
  until: 2023-01-01
  board
    seats d
      number: 3
2020-06-01 appoint e
  d: ada, bo, cy
"""


def test_seats_that_come_back_later_count_neither_way_today() -> None:
    text = company(BACK_TO_SEVEN.format(filled=""), THREE_UNTIL)
    assert asked(text, "ada + bo").answer == "already"
    assert asked(text, "ada").answer == "no path"


def test_seats_that_come_back_are_filled_once_they_are_there() -> None:
    answer = asked(company(BACK_TO_SEVEN.format(filled="      filled by: majority of common\n"), THREE_UNTIL), "ada")
    assert [move.act.kind for move in answer.moves] == ["wait", "fill seats"]
    assert answer.days == 365


def test_shares_that_will_have_been_held_for_long_enough_are_waited_for() -> None:
    rules = "  rules\n    ordinary decision: majority of common\n    amend charter: never\n    issue shares: never\n"
    held = "2020-01-02 issue e\n  id: a\n  ada: 50 common\n2021-06-02 issue e\n  id: b\n  bo: 50 common\n"
    text = company(rules, votes="1, 3 after 4 years", held=held)
    # From 2024-01-02 on 150 of 200.
    assert found(asked(text, "ada")) == ("path", 1, (date(2024, 1, 2) - DAY).days)


POOLED = """  annual meeting: 06-01
  board
    seats d
      number: 3
      filled by: majority of common
      removed by: never
      term: 1 year
  rules
    amend charter: never
"""
POOL = """
2020-01-02 issue e
  ada: 40 common
  bo: 20 common
  cy: 40 common
2021-06-01 appoint e
  d: dee, eve, fay
2021-01-01 agreement p
  parties: ada, bo
  until: {until}
  voting pool
    members: ada, bo
    over: e
    decides by: consent of ada
"""


@pytest.mark.parametrize(("until", "expected"), [("2022-03-01", "no path"), ("2022-08-01", "path")])
def test_a_pool_that_ends_before_the_election_does_not_elect(until: str, expected: str) -> None:
    text = company(POOLED, POOL.format(until=until), held="")
    assert asked(text, "ada", directors="independent").answer == expected


def test_the_casting_vote_is_not_of_whoever_gets_the_seat_of_the_chair() -> None:
    body = """  board
    chair: bo, casting vote
    seats d
      number: 2
    seats x
      number: 1
      filled by: consent of ada
      removed by: consent of ada
    seats y
      number: 1
  rules
    amend charter: never
"""
    text = company(body, "2020-06-01 appoint e\n  d: cy, dee\n  x: bo\n  y: ada\n")
    assert asked(text, "ada", directors="independent").answer == "no path"
    assert asked(text, "ada + bo", directors="independent").answer == "already"


def test_an_emptied_office_leaves_fewer_seats_in_office() -> None:
    body = """  board
    decides by: at least 1/2 of board in office
    seats d
      number: 2
    seats c
      number: 1
      occupant: holder of ceo
  office ceo
    filled by: consent of bo
    removed by: consent of ada
  rules
    amend charter: never
"""
    text = company(body, "2020-06-01 appoint e\n  d: ada, bo\n  ceo: cy\n")
    # One of three, and once the chief executive is removed one of two.
    assert found(asked(text, "ada")) == ("path", 1, 0)


def test_a_removal_leaves_an_entity_of_the_coalition_where_it_sits() -> None:
    top = "2019-01-01 company top\n  law pack: none\n  class units\n    votes per share: 1\n"
    body = """  board
    seats d
      number: 3
      filled by: consent of bo
      removed by: consent of ada
  rules
    ordinary decision: majority of board in office
    amend charter: never
"""
    after = "2020-01-02 issue top\n  ada: 10 units\n2020-06-01 appoint e\n  d: top, cy, dee\n"
    answer = asked(top + company(body, after), "ada", directors="independent")
    assert found(answer) == ("path", 1, 0)
    assert [seat.whose for seat in answer.moves[0].standing.bodies[0].seats] == ["ours", "vacant", "vacant"]


def test_vacant_seats_go_wherever_they_are() -> None:
    body = """  board
    decides by: at least 1/2 of board
    seats d
      number: 2 to 4
      filled by: consent of bo
      removed by: consent of ada
  rules
    change board size: consent of ada
    amend charter: never
"""
    answer = asked(company(body, "2020-06-01 appoint e\n  d: cy, dee, eve, ada\n"), "ada", directors="independent")
    # Hers is the last seat: the others are emptied, and two of them go.
    assert [move.act.kind for move in answer.moves] == ["empty seats", *["abolish vacant seats"] * 2]
    body = body.replace("2 to 4", "3 to 4")
    text = company(body, "2020-06-01 appoint e\n  d: cy, dee, eve, ada\n")
    assert asked(text, "ada", directors="independent").answer == "no path"


def test_a_large_board_grows_step_by_step() -> None:
    persons = "".join(f"2020-01-01 person p{number}\n" for number in range(3))
    body = """  board
    decides by: at least 3/4 of board
    seats d
      number: 9 to 40
      filled by: majority of board
  rules
    ordinary decision: board
    change board size: consent of ada
    amend charter: never
"""
    after = "2020-06-01 appoint e\n  d: ada, bo, cy, dee, eve, fay, p0, p1, p2\n"
    # Six of nine fill two new seats (six of eleven), no more; eight of eleven fill four, and twelve of fifteen carry.
    answer = asked(persons + company(body, after), "ada + bo + cy + dee + eve + fay")
    assert [move.act.kind for move in answer.moves] == ["enlarge board", "fill seats"] * 2
    assert asked(persons + company(body, after), "ada + bo + cy + dee").answer == "no path"


def test_what_is_not_followed_is_said() -> None:
    rules = "  rules\n    ordinary decision: majority of common\n    amend charter: never\n"
    unlimited = company(rules).replace("    authorized: 100\n", "")
    said = asked(unlimited, "bo").assumptions
    assert "How many shares of e.common may be issued is not stated; no new ones are considered." in said
    grant = "2020-01-03 grant e\n  id: g\n  to: bo\n  quantity: 30\n  of: common\n  vests: once the plant runs\n"
    assert any("g is not considered" in sentence for sentence in asked(company(rules, grant), "bo").assumptions)


def test_shares_that_an_option_brought_stay_when_its_window_has_closed() -> None:
    body = """  rules
    ordinary decision: consent of bo
    issue shares: never
    amend charter: majority of common
"""
    after = """
2020-01-05 option call
  issuer: e
  holder: bo
  over: 30 common
  from: new shares
  exercisable: 2022-01-01/2022-12-31
2020-01-06 agreement veto
  parties: e, cy
  until: 2023-02-01
  consent
    of: cy
    for: ordinary decision, amend charter
"""
    text = company(body.replace("consent of bo", "majority of common"), after)
    # 40 + 30 of 130 is more than half; the veto ends after the window.
    answer = asked(text, "bo")
    assert [move.act.kind for move in answer.moves] == ["exercise right", "wait"]
    assert answer.days == (date(2023, 2, 1) - DAY).days


def test_an_office_that_nobody_holds_agrees_to_nothing() -> None:
    body = """  board
    seats one
      number: 2
    seats exo
      number: 1
      occupant: holder of ceo
  office ceo
    filled by: consent of ada
    removed by: consent of ada
  rules
    amend charter: never
"""
    answer = asked(company(body, "2020-06-01 appoint e\n  one: ada, cy\n"), "ada")
    assert [move.act.kind for move in answer.moves] == ["fill office"]


def test_who_is_elected_anew_sits_for_those_who_elect() -> None:
    body = """  annual meeting: 06-15
  board
    seats one
      number: 1
      filled by: majority of common
      removed by: consent of cy
      term: 1 year
  rules
    amend charter: never
"""
    # Whoever removes and fills decides for the seat, and that takes cy too, until ada's shares elect bo once more.
    answer = asked(company(body, "2021-06-15 appoint e\n  one: bo\n"), "ada + bo")
    assert [move.act.kind for move in answer.moves] == ["elect successors"]
