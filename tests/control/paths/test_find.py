"""Paths found in small books: every kind of move, every adversary, every answer."""

from __future__ import annotations

from datetime import date

import pytest
from control_books import written

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.book.scheduled import scheduled_days, structure_ahead
from muniment.control.matters import NoSuchMatter
from muniment.control.paths.answer import PathAnswer
from muniment.control.paths.checker import check
from muniment.control.paths.find import find_path
from muniment.control.paths.game_checker import KINDS, check_game

COMPANY = """
2020-01-01 company e
  law pack: none
  class common
    votes per share: 1
    authorized: 1,000
"""
HELD = """
2020-01-02 issue e
  ada: 40 common
  bo: 60 common
"""


def asked(text: str, who: str, question: str = "e: ordinary decision", **more: object) -> PathAnswer:
    answer = find_path(written(COMPANY + text), tuple(who.split(" + ")), question, **more)  # type: ignore[arg-type]
    assert isinstance(answer, PathAnswer), answer
    if answer.certificate:
        verdict = (check_game if answer.certificate["kind"] in KINDS else check)(answer.certificate)
        assert verdict.accepted, verdict.why
    return answer


def words(answer: PathAnswer) -> list[str]:
    return [move.act.words for move in answer.moves]


BOARD = """  board
    decides by: majority
    seats directors
      number: 3
      filled by: {filled}
      removed by: {removed}
"""
SITTING = """
2020-01-03 appoint e
  directors: cy, dee, eve
"""


def board(filled: str, removed: str, rules: str = "", sitting: str = SITTING) -> str:
    stated = "  rules\n" + "".join(f"    {rule}\n" for rule in rules.split("; ")) if rules else ""
    return BOARD.format(filled=filled, removed=removed) + stated + HELD + sitting


def test_who_decides_already_needs_no_move() -> None:
    answer = asked(board("majority of common", "majority of common"), "bo")
    assert (answer.answer, answer.moves, answer.certificate["kind"]) == ("already", (), "already")


def test_a_vacant_seat_agrees_to_nothing_until_it_is_filled() -> None:
    answer = asked(board("majority of common", "majority of common", sitting=""), "bo")
    assert answer.answer == "path"
    assert words(answer) == ["fill the 3 seats directors of e.board"]
    assert answer.moves[0].by == ("bo",)
    (stands,) = answer.moves[0].standing.bodies
    assert (stands.ours, stands.votes, stands.carry) == (3, 3, 2)


def test_independent_directors_are_removed_and_their_seats_filled() -> None:
    answer = asked(board("majority of common", "majority of common"), "bo", directors="independent")
    assert words(answer) == [
        "remove who sits in the 3 seats directors of e.board",
        "fill what is vacant of the 3 seats directors of e.board",
    ]
    assert answer.is_shortest


def test_removal_for_cause_only_is_no_move_but_may_be_rewritten() -> None:
    text = board("majority of common", "majority of common for cause only")
    assert asked(text, "bo").answer == "no path"
    by_holders = board("majority of common", "majority of common for cause only", "amend charter: majority of common")
    found = asked(by_holders, "bo")
    assert found.answer == "path"
    assert "rewrite" in words(found)[0]


def test_a_purpose_lock_can_be_changed_by_nobody() -> None:
    text = "  rules\n    ordinary decision: never\n    amend charter: majority of common\n" + HELD
    answer = asked(text, "ada + bo")
    assert answer.answer == "no path"
    assert not any(act.kind == "amend rule" for act in answer.considered)


def test_a_rule_is_rewritten_by_the_matter_that_changes_it() -> None:
    text = """  rules
    ordinary decision: consent of ada
      changed by: amend bylaws
    amend bylaws: majority of common
    amend charter: all of common
"""
    assert words(asked(text + HELD, "bo")) == ["rewrite the rule of e on 'ordinary decision' (amend bylaws)"]
    entrenched = text.replace("changed by: amend bylaws", "changed by: amend charter")
    assert asked(entrenched + HELD, "bo").answer == "no path"


def test_the_rule_on_amendments_may_itself_be_rewritten() -> None:
    text = """  rules
    ordinary decision: consent of ada
    amend charter: all of common
      changed by: amend bylaws
    amend bylaws: majority of common
"""
    assert words(asked(text + HELD, "bo")) == [
        "rewrite the rule of e on 'amend charter' (amend bylaws)",
        "rewrite the rule of e on 'ordinary decision' (amend charter)",
    ]


def test_a_board_grows_within_its_range_and_the_new_seats_are_filled() -> None:
    text = """  board
    decides by: majority
    seats directors
      number: 3 to 9
      filled by: majority of common
  rules
    change board size: majority of common
"""
    answer = asked(text + HELD + SITTING, "bo")
    assert [act.act.kind for act in answer.moves] == ["enlarge board", "fill seats"]
    (stands,) = answer.moves[-1].standing.bodies
    assert stands.ours * 2 > stands.votes


def test_seats_that_were_emptied_are_abolished() -> None:
    text = """  board
    decides by: majority
    seats one
      number: 2
    seats two
      number: 0 to 3
      removed by: consent of ada
  rules
    change board size: consent of ada
    amend charter: never
2020-01-02 appoint e
  one: cy, dee
  two: eve, fay, gus
"""
    answer = asked(text, "ada + cy + dee")
    assert [move.act.kind for move in answer.moves] == ["empty seats", "abolish vacant seats"]
    (stands,) = answer.moves[-1].standing.bodies
    assert (stands.ours, stands.carry) == (2, stands.votes // 2 + 1)
    assert asked(text, "ada + cy").answer == "no path"
    assert asked(text, "bo + cy + dee").answer == "no path"


def test_unissued_shares_are_issued_to_whoever_decides_on_them() -> None:
    text = """  rules
    ordinary decision: majority of common
    issue shares: consent of ada
    amend charter: all of common
"""
    answer = asked(text + HELD, "ada")
    assert words(answer) == ["issue the 900 unissued shares of e.common"]
    (votes,) = answer.moves[0].standing.votes
    assert (votes.ours, votes.of) == (940, 1000)
    assert asked(text.replace("consent of ada", "consent of bo") + HELD, "ada").answer == "no path"


def test_more_shares_are_authorized_first_where_none_are_left() -> None:
    text = """  rules
    ordinary decision: majority of common
    issue shares: consent of ada
    authorize shares: consent of ada
    amend charter: all of common
"""
    full = COMPANY.replace("1,000", "100")
    answer = find_path(written(full + text + HELD), ("ada",), "e: ordinary decision")
    assert isinstance(answer, PathAnswer)
    assert [move.act.kind for move in answer.moves] == ["authorize shares", "issue shares"]


OPTION = """
2020-02-01 option call
  issuer: e
  holder: ada
  over: {quantity} common
  from: {source}
  exercisable: {when}
"""
BY_VOTES = "  rules\n    ordinary decision: majority of common\n    amend charter: all of common\n" + HELD


@pytest.mark.parametrize(
    ("quantity", "source", "answer"),
    [("30", "new shares", "path"), ("20", "new shares", "no path"), ("11", "bo", "path"), ("10", "bo", "no path")],
)
def test_a_right_to_shares_is_used(quantity: str, source: str, answer: str) -> None:
    option = OPTION.format(quantity=quantity, source=source, when="2020-02-01/2030-01-01")
    assert asked(BY_VOTES + option, "ada").answer == answer


def test_what_has_vested_of_a_grant_may_be_used_at_once() -> None:
    grant = """
2021-01-01 grant e
  id: ada-options
  to: ada
  quantity: {quantity}
  of: common
  strike: USD 1
  vests: 2 years yearly
"""
    text = BY_VOTES + grant
    now = asked(text.format(quantity="60"), "ada")
    assert (now.answer, now.days) == ("path", 0)
    assert words(now) == ["exercise: the 30 of ada-options that have vested"]
    later = asked(text.format(quantity="30"), "ada")
    assert (later.answer, later.days) == ("path", 365)
    assert asked(text.format(quantity="20"), "ada").answer == "no path"


def test_a_right_that_opens_later_is_waited_for() -> None:
    option = OPTION.format(quantity="30", source="new shares", when="2022-03-02/2030-01-01")
    answer = asked(BY_VOTES + option, "ada")
    assert (answer.answer, answer.days, answer.least_days) == ("path", 60, 60)
    never = OPTION.format(quantity="30", source="new shares", when="never")
    assert asked(BY_VOTES + never, "ada").answer == "no path"


def test_converting_gives_a_class_up() -> None:
    text = """
2020-01-01 company e
  law pack: none
  class common
    votes per share: 1
  class senior
    votes per share: 0
    converts: 1:10 into common
  rules
    ordinary decision: majority of common
    sell company: majority of common and majority of senior
    amend charter: all of common
2020-01-02 issue e
  ada: 10 senior
  bo: 50 common
2020-01-03 issue e
  ada: 5 common
"""
    structure = written(text)
    found = find_path(structure, ("ada",), "e: ordinary decision")
    assert isinstance(found, PathAnswer)
    assert [move.act.kind for move in found.moves] == ["exercise right"]
    both = find_path(structure, ("ada",), "e: sell company")
    assert isinstance(both, PathAnswer)
    assert both.answer == "no path"
    assert both.certificate["kind"] == "maximal states"
    assert check(both.certificate).accepted


def test_a_meeting_is_called_or_the_vote_is_taken_in_writing() -> None:
    meeting = "call meeting: at least 20% of common; amend charter: all of common"
    on_notice = "majority of common on 20 days notice"
    text = board(on_notice, on_notice, meeting)
    answer = asked(text, "bo", directors="independent")
    assert (answer.answer, answer.days) == ("path", 20)
    assert [move.takes_effect for move in answer.moves] == [20, 20]
    written_too = board(on_notice, on_notice, meeting + "; act by written consent: majority of common")
    assert asked(written_too, "bo", directors="independent").days == 0
    barred = board(on_notice, on_notice, "call meeting: board; act by written consent: never; amend charter: never")
    assert asked(barred, "bo", directors="independent").answer == "no path"


def test_a_consent_by_agreement_stays_whatever_the_charter_says() -> None:
    agreed = """
2020-02-01 agreement pact
  parties: e, cy
  consent
    of: cy
    for: e: ordinary decision
"""
    assert asked(BY_VOTES + agreed, "bo").answer == "no path"
    assert asked(BY_VOTES + agreed, "bo + cy").answer == "already"


def test_others_who_do_not_vote_let_a_minority_pass_what_counts_votes_cast() -> None:
    text = "  rules\n    ordinary decision: majority of common cast\n    amend charter: all of common\n" + HELD
    assert asked(text, "ada").answer == "no path"
    assert asked(text, "ada", adversary="passive").answer == "already"


def test_bounds_leave_an_answer_open_and_name_the_fact() -> None:
    text = """
  board
    decides by: majority
    seats directors
      number: 1
      filled by: majority of votes
2020-01-02 holding e
  ada: 45% to 55% of votes
"""
    answer = asked(text, "ada")
    assert answer.answer == "undetermined"
    assert any("e/holding/2020-01-02 ada" in sentence for sentence in answer.would_decide)
    low = asked(text.replace("45% to 55%", "10% to 20%"), "ada")
    assert low.answer == "no path"
    assert asked(text.replace("45% to 55%", "60% to 70%"), "ada").answer == "path"


def test_only_the_facts_that_decide_are_named() -> None:
    text = """
2020-01-01 company other
  law pack: none
2020-01-02 holding other
  ada: 10% to 90% of votes
2020-01-02 holding e
  ada: 45% to 55% of votes
  other: 5% of votes
"""
    rules = "  rules\n    ordinary decision: majority of votes\n    amend charter: never\n"
    decided = asked(rules + text, "ada").would_decide
    assert [sentence.split(" is stated")[0] for sentence in decided] == ["e/holding/2020-01-02 ada"]


def test_what_an_answer_hangs_on_is_changed_on_later_days_too() -> None:
    world, on = sunset("2023-01-01")
    answer = find_path(
        world.on(on),
        ("ada",),
        "e: ordinary decision",
        world_ahead=lambda when: structure_ahead(world, when, None, on),
        scheduled=scheduled_days(world, on, None, 5),
    )
    assert isinstance(answer, PathAnswer)
    assert answer.hangs_on is not None
    assert ("e/issue/2020-01-02 ada", "left out", "no path") in {
        (each.fact, each.instead, each.answer) for each in answer.hangs_on
    }


def test_moves_of_one_plan_stand_in_the_order_of_their_days() -> None:
    text = """  annual meeting: 05-15
  board
    decides by: majority
    seats directors
      number: 4
      filled by: majority of common
      removed by: majority of common for cause only
      term: 2 years
  rules
    amend charter: never
2020-01-02 issue e
  ada: 40 common
  bo: 60 common
2020-05-15 appoint e
  directors: cy, dee
2021-05-15 appoint e
  id: later
  directors: eve, fay
"""
    answer = asked(text, "bo")
    assert [move.act.until for move in answer.moves] == [date(2022, 5, 15), date(2023, 5, 15)]
    assert [move.takes_effect for move in answer.moves] == [134, 499]


def test_cuts_against_those_who_move_too_are_games() -> None:
    text = """  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of common on 20 days notice
      removed by: majority of common on 20 days notice
  rules
    issue shares: board
    call meeting: at least 20% of common
    act by written consent: majority of common
    amend charter: never
"""
    answer = asked(text + HELD + SITTING, "bo", directors="independent", adversary="hostile", cuts=True)
    assert answer.answer == "path"
    assert answer.cuts is not None
    assert not answer.cuts.complete
    barred = {tuple(provision.kind for provision in cut.provisions) for cut in answer.cuts.cuts}
    assert ("no written consent",) in barred
    blocking = asked(text + HELD + SITTING, "bo", directors="independent", cuts=True)
    assert blocking.cuts is not None
    kinds = {provision.kind for cut in blocking.cuts.cuts for provision in cut.provisions}
    assert "no written consent" not in kinds


def test_a_general_partner_is_replaced_by_whoever_can() -> None:
    text = """
2020-01-01 partnership lp
  law pack: none
  general partner: bo
  rules
    remove general partner: majority of units
  class units
2020-01-02 issue lp
  ada: 60 units
  cy: 40 units
"""
    found = find_path(written(text), ("ada",), "lp: ordinary decision")
    assert isinstance(found, PathAnswer)
    assert words(found) == ["replace the general partner of lp"]
    alone = find_path(written(text), ("cy",), "lp: ordinary decision")
    assert isinstance(alone, PathAnswer)
    assert alone.answer == "no path"
    assert alone.consent_distance is not None
    assert (alone.consent_distance.fewest, alone.consent_distance.sets) == (1, (("ada",), ("bo",)))


def test_an_office_is_filled_and_with_it_the_seat_that_follows_it() -> None:
    text = """  board
    decides by: majority
    seats chief
      occupant: holder of ceo
  office ceo
    filled by: majority of common
    removed by: majority of common
  rules
    amend charter: all of common
"""
    answer = asked(text + HELD + "2020-01-03 appoint e\n  ceo: cy\n", "bo", directors="independent")
    assert words(answer) == ["remove the ceo of e", "appoint the ceo of e"]


def test_a_chain_of_entities_is_followed() -> None:
    text = """
2020-01-01 company top
  law pack: none
  class units
  board
    decides by: majority
    seats directors
      number: 1
      filled by: majority of units
2020-01-02 issue top
  ada: 60 units
  bo: 40 units
2020-01-02 issue e
  top: 100 common
"""
    text = "  rules\n    ordinary decision: majority of common\n    amend charter: never\n" + text
    assert words(asked(text, "ada")) == ["fill the seat directors of top.board"]
    assert asked(text, "top").answer == "already"
    assert asked(text, "top.board").answer == "already"


def sunset(day: str) -> tuple[World, date]:
    text = f"""
2020-01-01 person ada
2020-01-01 person bo
2020-01-01 company e
  law pack: none
  class common
    votes per share: 1
  class super
    votes per share: 10
    converts: 1:1 into common on {day}
  rules
    ordinary decision: majority of votes
    amend charter: never
2020-01-02 issue e
  ada: 60 common
  bo: 20 super
"""
    return World(load_text(text)), date(2022, 1, 1)


@pytest.mark.parametrize(("day", "days"), [("2023-01-01", 365), ("2024-01-01", 730)])
def test_a_sunset_is_waited_for(day: str, days: int) -> None:
    world, on = sunset(day)
    answer = find_path(
        world.on(on),
        ("ada",),
        "e: ordinary decision",
        world_ahead=lambda when: structure_ahead(world, when, None, on),
        scheduled=scheduled_days(world, on, None, 5),
    )
    assert isinstance(answer, PathAnswer)
    assert (answer.answer, words(answer), answer.days) == ("path", [f"wait until {day}"], days)
    assert check(answer.certificate).accepted
    without = find_path(world.on(on), ("ada",), "e: ordinary decision")
    assert isinstance(without, PathAnswer)
    assert without.answer == "no path"


def test_what_is_short_is_said_in_votes() -> None:
    answer = asked(board("majority of common", "majority of common"), "ada", directors="independent")
    assert answer.answer == "no path"
    assert answer.misses[0].what == "e: ordinary decision"
    assert "short by 2 votes of the seats of e.board" in answer.misses[0].short
    assert any("short by 11 votes" in miss.short for miss in answer.misses)


def test_what_it_hangs_on_is_changed_alone() -> None:
    answer = asked(BY_VOTES, "bo")
    assert answer.hangs_on is not None
    assert ("e/issue/2020-01-02 bo", "left out") in {(each.fact, each.instead) for each in answer.hangs_on}


def test_questions_that_cannot_be_asked_are_refused() -> None:
    structure = written(COMPANY + BY_VOTES)
    assert find_path(structure, ("adda",), "e: ordinary decision") == (
        "there is no party 'adda' on 2022-01-01; did you mean 'ada'?"
    )
    assert isinstance(find_path(structure, ("ada",), "e: ordinary decisions"), NoSuchMatter)
    assert isinstance(find_path(structure, (), "e: ordinary decision"), str)
    kept = find_path(structure, ("bo",), "e: ordinary decision", cuts=True, keep=("e: nothing such",))
    assert isinstance(kept, str)


def test_a_rule_that_nobody_can_satisfy_is_said_to_be_one() -> None:
    answer = asked("  rules\n    ordinary decision: never\n" + HELD, "ada")
    assert answer.misses[0].short == "no consent that anybody can give satisfies its rule"
