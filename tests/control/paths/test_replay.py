"""Plans made move by move: what is allowed, in which order, on which day, and who is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from control_books import written

from muniment.book.structure import Structure
from muniment.control.compiled import BodyDecides, MatterPasses, SeatsEmptied, SeatsFilled
from muniment.control.paths.acts import Act, Need, RulePlace
from muniment.control.paths.position import Position
from muniment.control.paths.replay import replay

# As in Roven v. Cotter (Del. Ch. 1988): the holders may amend away the bar on removal without cause, and then remove.
STAGGERED = """
2020-01-01 company e
  law pack: none
  class common
    votes per share: 1
  class preferred
    votes per share: 1
  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of common
      removed by: majority of common for cause only
  rules
    sell company: majority of board
    amend charter: majority of common
2020-01-02 issue e
  ada: 60 common
  bo: 40 common
  cy: 100 preferred
2020-01-03 appoint e
  directors: dee, eve, fay
"""
GOAL = MatterPasses("e", "sell company")
SEATS = {"entity": "e", "body": "board", "group": "directors", "seats": (1, 2, 3)}
AMEND = Act(
    kind="amend rule", entity="e", place=RulePlace("removed by", "directors", "board"),
    need=Need((MatterPasses("e", "amend charter"),)), words="amend the bar on removal",
)  # fmt: skip
EMPTY = Act(kind="empty seats", **SEATS, need=Need((SeatsEmptied("e", "board", "directors", 0),)), words="remove them")
FILL = Act(kind="fill seats", **SEATS, need=Need((SeatsFilled("e", "board", "directors", 0),)), words="fill the seats")
ON = date(2022, 1, 1)


def replayed(plan: Sequence[Act], *who: str, text: str = STAGGERED, directors: str = "independent", **more: object):  # type: ignore[no-untyped-def]
    return replay(written(text), plan, who or ("ada",), GOAL, directors=directors, **more)  # type: ignore[arg-type]


def test_the_two_move_path_around_a_bar_on_removal() -> None:
    found = replayed([AMEND, EMPTY, FILL])
    assert (found.ok, found.why, found.days) == (True, "", 0)
    assert found.by == (("ada",), ("ada",), ("ada",))
    board = [standing.bodies[0] for standing in found.standings]
    assert [(each.ours, each.votes, each.carry) for each in board] == [(0, 3, 2), (0, 3, 2), (0, 3, 2), (3, 3, 2)]
    assert [[seat.whose for seat in each.seats] for each in board] == [
        ["others"] * 3,
        ["others"] * 3,
        ["vacant"] * 3,
        ["ours"] * 3,
    ]
    assert [seat.occupant for seat in board[0].seats] == ["dee", "eve", "fay"]
    assert [(seat.occupant, seat.by_move) for seat in board[3].seats] == [("", True)] * 3
    (votes,) = found.standings[0].votes
    assert (votes.entity, votes.ours, votes.of) == ("e", 60, 200)


def test_a_plan_in_the_wrong_order_is_refused_at_the_move_that_fails() -> None:
    found = replayed([EMPTY, AMEND, FILL])
    assert not found.ok
    assert found.why == (
        "Move 1 (remove them): Who sits in the seats directors of e.board can be removed for cause only."
    )
    assert len(found.positions) == 1
    found = replayed([AMEND, EMPTY])
    assert found.why == "After the last move the coalition does not pass the matter."
    assert len(found.positions) == 3


def test_a_coalition_that_does_not_carry_a_move_is_refused() -> None:
    found = replayed([AMEND, EMPTY, FILL], "bo", "cy")
    assert found.why == "Move 1 (amend the bar on removal): those of the coalition do not suffice for it."
    assert replayed([], "bo").why == "After the last move the coalition does not pass the matter."
    assert replayed([], "dee", "eve").ok


def test_only_those_who_are_needed_are_named() -> None:
    assert replayed([AMEND, EMPTY, FILL], "ada", "bo", "cy").by == (("ada",),) * 3
    text = STAGGERED.replace("ada: 60", "ada: 50").replace("bo: 40", "bo: 50")
    assert replayed([AMEND, EMPTY, FILL], "ada", "bo", "cy", text=text).by[0] == ("ada", "bo")


def test_notices_run_side_by_side_where_the_need_is_met_from_the_start() -> None:
    side_by_side = [replace(AMEND, days=30), replace(EMPTY, days=20), replace(FILL, days=50)]
    found = replayed(side_by_side)
    # Who removes is decided by the common before and after the amendment, so all three run from the first day.
    assert (found.starts, found.takes_effect) == ((0, 0, 0), (30, 30, 50))
    new_rule = STAGGERED.replace("removed by: majority of common for cause only", "removed by: majority of preferred")
    found = replayed(side_by_side, text=new_rule)
    assert (found.starts, found.takes_effect) == ((0, 30, 0), (30, 50, 50))


def test_first_and_last_days() -> None:
    meeting = ON + timedelta(days=90)
    found = replayed([AMEND, EMPTY, replace(FILL, until=meeting, days=10)])
    assert found.takes_effect == (0, 0, 90)
    found = replayed([replace(AMEND, days=100), replace(EMPTY, last_day=meeting), FILL])
    assert found.why == "Move 2 (remove them): it could be made until 2022-04-01, and takes effect on 2022-04-11."


def test_a_wait_reads_what_is_scheduled() -> None:
    bought = written(STAGGERED + "2021-05-01 transfer e\n  from: bo\n  cy: 20 common\n")

    def ahead(when: date) -> Structure:
        return replace(bought if when >= date(2022, 5, 1) else written(STAGGERED), on=when)

    wait = Act(kind="wait", entity="e", until=date(2022, 5, 1))
    plan = [wait, AMEND, EMPTY, FILL]
    assert not replayed(plan[1:], "bo", "cy", ahead=ahead).ok
    assert not replayed(plan, "bo", "cy", ahead=ahead).ok
    found = replayed([*plan[1:2], wait, *plan[2:]], ahead=ahead)
    assert found.ok
    assert found.takes_effect == (0, 120, 120, 120)
    quantities = {each.party: each.quantity for each in found.positions[-1].structure.holdings["e"]}
    assert quantities["bo"] == 20
    refused = replayed([wait])
    assert refused.why == "Move 1 (wait): What is scheduled for 2022-05-01 is not known."


def test_what_falls_due_while_a_notice_runs_counts() -> None:
    due = date(2022, 3, 1)
    sold = written(STAGGERED + "2021-05-01 transfer e\n  from: ada\n  bo: 20 common\n")

    def ahead(when: date) -> Structure:
        return replace(sold if when >= due else written(STAGGERED), on=when)

    plan = [replace(AMEND, days=100), EMPTY, FILL]
    assert replayed(plan, ahead=ahead).ok
    found = replayed(plan, ahead=ahead, scheduled=[due])
    assert found.why == (
        "Move 1 (amend the bar on removal): from 2022-03-01 on those of the coalition do not suffice for it."
    )


def test_a_move_under_a_rewritten_rule_needs_the_rewriting() -> None:
    quick = replace(EMPTY, after=AMEND.place, need=EMPTY.need)
    removable = STAGGERED.replace(" for cause only", "")
    assert replayed([EMPTY, FILL], text=removable).ok
    found = replayed([quick, FILL], text=removable)
    assert found.why == "Move 1 (remove them): the rule it rests on was not rewritten before."
    assert replayed([AMEND, quick, FILL]).ok


def test_passive_others_do_not_count() -> None:
    text = STAGGERED.replace("majority of common\n      removed", "majority of votes cast\n      removed").replace(
        "amend charter: majority of common", "amend charter: majority of votes cast"
    ).replace("removed by: majority of common for cause only", "removed by: majority of votes cast")  # fmt: skip
    assert not replayed([EMPTY, FILL], "bo", text=text).ok
    assert replayed([EMPTY, FILL], "bo", text=text, blocking=False).ok


def test_a_replay_may_start_from_a_position() -> None:
    first = replayed([AMEND, EMPTY])
    found = replay(first.positions[-1], [FILL], ["ada"], GOAL, directors="loyal")
    assert found.ok
    assert isinstance(found.positions[0], Position)
    assert found.positions[0].made == first.positions[-1].made


def test_the_votes_that_carry_are_those_of_one_single_vote() -> None:
    for rule, carry in (
        ("majority", 2),
        ("at least 2/3", 2),
        ("more than 2/3", 3),
        ("all but 1", 2),
        ("majority and consent of bo", None),
    ):
        text = STAGGERED.replace("decides by: majority", f"decides by: {rule}")
        standing = replayed([], text=text).standings[0]
        assert standing.bodies[0].carry == carry, rule


def test_new_shares_move_the_votes() -> None:
    issue = Act(
        kind="issue shares", entity="e", class_id="common", quantity=Fraction(100),
        need=Need((BodyDecides("e", "board"),)),
    )  # fmt: skip
    text = STAGGERED.replace("ada: 60 common", "ada: 40 common\n  gus: 20 common")
    plan = [issue, AMEND, EMPTY, FILL]
    assert not replayed(plan[1:], text=text).ok
    found = replayed(plan, "ada", "dee", "eve", text=text)
    assert found.ok
    assert [(each.votes[0].ours, each.votes[0].of) for each in found.standings] == [(40, 200)] + [(140, 300)] * 4
    assert found.by[0] == ("dee", "eve")
