"""The hostile adversary and durability: who wins when the others move too."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from control_books import written

from muniment.book.structure import Structure
from muniment.control.compiled import MatterPasses
from muniment.control.paths import durability as lasting
from muniment.control.paths import game
from muniment.control.paths.acts import Act
from muniment.control.paths.both_sides import ActsOf, fits, notice_of
from muniment.control.paths.durability import durability
from muniment.control.paths.find import Asked, search_in
from muniment.control.paths.game import Lost, Unknown, Won, win
from muniment.control.paths.moves import acts_of
from muniment.control.paths.position import Position
from muniment.control.paths.replay import replay

GOAL = MatterPasses("e", "sell company")
BLANK = """
2020-01-01 company e
  law pack: none
  class common
    votes per share: 1
    authorized: 1,000
  class blank
    votes per share: 1
    authorized: 5,000
  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of common and blank together
      removed by: majority of common and blank together
  rules
    issue shares: ISSUE
    call meeting: at least 10% of votes on 20 days notice
    act by written consent: WRITTEN
    amend charter: board and majority of votes
    sell company: majority of board
2020-01-02 issue e
  ada: 510 common
  bo: 490 common
2020-01-03 appoint e
  directors: dee, eve, fay
"""


def blank_check(*, written_consent: str = "never", issue: str = "majority of board") -> Structure:
    return written(BLANK.replace("WRITTEN", written_consent).replace("ISSUE", issue))


def of(structure: Structure, directors: str = "independent", *who: str, acts: ActsOf = acts_of, **more: int):  # type: ignore[no-untyped-def]
    return win(structure, GOAL, who or ("ada",), directors, acts, **more)  # type: ignore[arg-type]


def plan_of(structure: Structure, ways: str) -> list[Act]:
    acts = acts_of(structure, "e", "sell company")
    return [
        next(act for act in acts if act.kind == kind and act.way == ways and act.after is None)
        for kind in ("empty seats", "fill seats")
    ]


def test_the_holder_of_a_majority_has_a_path_while_the_others_only_say_no() -> None:
    structure = blank_check()
    found = replay(structure, plan_of(structure, "at a meeting"), ["ada"], GOAL, directors="independent")
    assert found.ok
    assert found.days == 20


def test_the_board_dilutes_the_majority_during_the_notice() -> None:
    found = of(blank_check())
    assert isinstance(found, Lost)
    assert {act.kind for act in (defeat.act for defeat in found.why)} == {"fill seats", "empty seats"}
    for defeat in found.why:
        assert [act.words for act in defeat.during] == ["issue the 5,000 unissued shares of e.blank"]
        assert defeat.words.endswith(
            "while its notice of 20 days runs, the others issue the 5,000 unissued shares of e.blank; "
            "its need is then not met."
        )


def test_written_consent_leaves_the_board_no_time() -> None:
    found = of(blank_check(written_consent="majority of votes"))
    assert isinstance(found, Won)
    assert [(each.act.kind, each.act.way, each.by) for each in found.plan] == [
        ("empty seats", "in writing", ("ada",)),
        ("fill seats", "in writing", ("ada",)),
    ]
    assert all(each.effective and not each.during and not each.after for each in found.plan)


def test_preemptive_rights_leave_the_board_nothing_to_dilute_with() -> None:
    def without_issues(structure: Structure, entity: str, matter: str) -> tuple[Act, ...]:
        return tuple(act for act in acts_of(structure, entity, matter) if act.kind != "issue shares")

    found = of(blank_check(), acts=without_issues)
    assert isinstance(found, Won)
    assert found.plan[-1].takes_effect == 40


def test_holders_who_must_agree_to_new_shares_cannot_be_diluted() -> None:
    assert isinstance(of(blank_check(issue="majority of board and majority of common")), Won)


def test_a_slower_issue_does_not_fit_within_the_notice() -> None:
    late = blank_check(issue="majority of board on 30 days notice")
    assert isinstance(of(late), Won)
    just = blank_check(issue="majority of board on 20 days notice")
    assert isinstance(of(just), Lost)


def test_who_passes_the_matter_already_needs_no_move() -> None:
    assert of(blank_check(), "loyal").plan == ()
    assert isinstance(of(blank_check(), "independent", "dee", "eve"), Won)


def test_who_has_no_opening_has_lost() -> None:
    assert of(blank_check(), "independent", "gus").why == ()


def test_the_limit_leaves_it_open() -> None:
    found = of(blank_check(), limit=2)
    assert isinstance(found, Unknown)
    assert "more than 2 positions" in found.words
    assert isinstance(of(blank_check(), limit=0), Unknown)


def test_a_move_that_comes_too_late() -> None:
    structure = blank_check()
    act = plan_of(structure, "at a meeting")[0]
    day = structure.on + timedelta(days=30)
    assert notice_of(act, structure) == 20
    assert notice_of(replace(act, until=day), structure) == 30
    assert notice_of(replace(act, last_day=day), structure) == 20
    assert notice_of(replace(act, last_day=day - timedelta(days=11)), structure) is None
    assert fits(act, structure, 20)
    assert not fits(act, structure, 19)


def test_a_majority_that_replaced_the_board_keeps_it() -> None:
    structure = blank_check()
    done = replay(structure, plan_of(structure, "at a meeting"), ["ada"], GOAL, directors="independent")
    found = durability(done.positions[-1], GOAL, ["ada"], "independent", acts_of)
    assert (found.lasts, found.moves, found.days) == (True, (), None)
    assert found.words


def test_a_board_that_others_can_remove_does_not_last() -> None:
    structure = blank_check()
    found = durability(Position(structure), GOAL, ["dee", "eve"], "independent", acts_of)
    assert found.lasts is False
    assert [act.kind for act in found.moves] == ["empty seats"]
    assert found.days == 20
    assert found.words == "The others, all together, can undo it by 1 move, in 20 days at least."


def test_durability_where_nothing_holds_and_at_the_limit() -> None:
    structure = blank_check()
    assert durability(Position(structure), GOAL, ["ada"], "independent", acts_of).lasts is False
    cut = durability(Position(structure), GOAL, ["dee", "eve"], "independent", acts_of, limit=1)
    assert cut.lasts is None
    assert cut.words


def test_a_way_of_several_moves_and_its_days() -> None:
    # The board may issue at once; then the holders outvote the coalition of a bare majority, on notice.
    structure = blank_check()
    done = replay(structure, plan_of(structure, "at a meeting"), ["ada"], GOAL, directors="independent")
    middle = replace(done.positions[-1].structure.entities["e"], rules={
        **structure.entities["e"].rules, "issue shares": written(
            BLANK.replace("WRITTEN", "never").replace("ISSUE", "consent of bo")
        ).entities["e"].rules["issue shares"],
    })  # fmt: skip
    changed = replace(
        done.positions[-1],
        structure=replace(
            done.positions[-1].structure, entities={**done.positions[-1].structure.entities, "e": middle}
        ),
    )
    found = durability(changed, GOAL, ["ada"], "independent", acts_of)
    assert found.lasts is False
    assert [act.kind for act in found.moves] == ["issue shares", "empty seats"]
    assert found.days == 20


def small_book(draw: random.Random) -> Structure:
    """Draw a company with two groups of seats, rules of several kinds and some notices."""
    rules = [
        "majority of votes", "majority of board", "consent of bo", "consent of ada", "at least 2/3 of votes",
        "majority of common", "consent of ada and majority of board", "consent of cy or majority of votes",
    ]  # fmt: skip

    def rule(*, notice: bool = False) -> str:
        chosen = draw.choice(rules)
        if notice and " or " not in chosen and " and " not in chosen and draw.random() < 0.6:
            chosen += f" on {draw.choice([10, 20])} days notice"
        return chosen

    text = f"""
2020-01-01 company e
  law pack: none
  class common
    votes per share: 1
    authorized: {draw.choice([100, 120, 400])}
  board
    decides by: majority
    seats first
      number: {1}
      filled by: {rule(notice=True)}
      removed by: {rule(notice=True)}{draw.choice(["", " for cause only"])}
    seats second
      number: 2
      filled by: {rule()}
      removed by: {rule(notice=True)}
  rules
    issue shares: {rule(notice=True)}
    amend charter: {draw.choice(["never", rule(notice=True)])}
    change board size: {rule()}
    sell company: {draw.choice(["majority of board", "majority of board and consent of cy"])}
2020-01-02 issue e
  ada: {draw.choice([40, 51, 60])} common
  bo: 40 common
2020-01-03 appoint e
  first: {draw.choice(["dee", "bo", "ada"])}
  second: {draw.choice(["eve", "ada"])}{draw.choice(["", ", fay"])}
"""
    return written(text)


def few_acts(structure: Structure, entity: str, matter: str) -> tuple[Act, ...]:
    """Leave out what only makes the brute force long: most amendments, and shares never authorized."""
    return tuple(
        act
        for act in acts_of(structure, entity, matter)
        if act.kind in ("fill seats", "empty seats", "issue shares", "amend rule")
        and act.after is None
        and "newly" not in act.words
        and not (
            act.kind == "amend rule" and (act.place is None or act.place.name != "first" or "removed" not in act.words)
        )
    )


@pytest.mark.parametrize("directors", ["loyal", "independent"])
def test_moves_made_at_once_decide_as_every_order_of_moves_does(
    directors: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(7)
    books = [small_book(draw) for _ in range(6)]
    coalitions: Sequence[tuple[str, ...]] = (("ada",), ("ada", "cy"), ("ada", "cy", "dee", "eve"))

    def answers() -> list[object]:
        found: list[object] = []
        for structure in books:
            for who in coalitions:
                won = of(structure, directors, *who, acts=few_acts, limit=60)
                held = durability(Position(structure), GOAL, who, directors, few_acts, 60)  # type: ignore[arg-type]
                found.append((type(won).__name__, len(won.plan) if isinstance(won, Won) else 0))
                found.append((held.lasts, len(held.moves), held.days))
        return found

    at_once = answers()
    for module in (game, lasting):
        monkeypatch.setattr(module, "NO_LOSS", frozenset())
    in_every_order = answers()
    pairs = [
        (one, other)
        for one, other in zip(at_once, in_every_order, strict=True)
        if "Unknown" not in (one[0], other[0]) and None not in (one[0], other[0])
    ]
    assert len(pairs) > len(at_once) * 0.8
    assert [pair for pair in pairs if pair[0] != pair[1]] == []
    kinds = {one[0] for one, _ in pairs}
    assert kinds >= {"Won", "Lost", True, False}


def test_a_win_against_all_is_a_path_and_every_plan_is_replayed() -> None:
    draw = random.Random(3)
    met: set[tuple[bool, str]] = set()
    for _ in range(8):
        structure = small_book(draw)
        for who in (("ada",), ("bo", "cy"), ("ada", "cy")):
            asked = Asked(entity="e", matter="sell company", who=who, directors="independent", adversary="blocking")
            searched = search_in(structure, asked)
            if searched.replayed is not None:
                assert searched.replayed.ok, searched.replayed.why
            won = of(structure, "independent", *who, limit=60)
            met.add((searched.replayed is not None, type(won).__name__))
    assert met >= {(True, "Won"), (False, "Lost")}
    assert (False, "Won") not in met


def test_what_is_scheduled_can_be_waited_for_by_both_sides() -> None:
    text = BLANK.replace("WRITTEN", "at least 2/3 of votes").replace("ISSUE", "never").replace("510", "400")
    text = text.replace("majority of common and blank together", "at least 2/3 of common and blank together")
    text = text.replace("board and majority of votes", "never")
    due = date(2022, 6, 1)
    sold = written(text + "2021-05-01 transfer e\n  from: bo\n  ada: 300 common\n")

    def ahead(when: date) -> Structure:
        return replace(sold if when >= due else written(text), on=when)

    assert isinstance(of(written(text)), Lost)
    found = win(written(text), GOAL, ["ada"], "independent", acts_of, ahead=ahead, scheduled=[due])
    assert isinstance(found, Won)
    assert [each.act.kind for each in found.plan] == ["wait", "empty seats", "fill seats"]
    assert [each.takes_effect for each in found.plan] == [151, 151, 151]
    assert found.plan[-1].position.structure.on == due
    gone = durability(
        Position(written(text)), GOAL, ["bo", "dee", "eve"], "independent", acts_of, ahead=ahead, scheduled=[due]
    )
    assert gone.lasts is False
    assert [act.kind for act in gone.moves] == ["wait", "empty seats"]
    assert gone.days == 151
    assert durability(Position(written(text)), GOAL, ["bo", "dee", "eve"], "independent", acts_of).lasts


def test_openings_that_lead_nowhere_end_although_days_pass() -> None:
    # The seats are full, so filling them on notice changes nothing, again and again.
    text = BLANK.replace("WRITTEN", "never").replace("ISSUE", "never").replace(
        "removed by: majority of common and blank together", "removed by: consent of bo"
    )  # fmt: skip
    found = win(
        written(text), GOAL, ["ada"], "independent", acts_of, ahead=lambda when: replace(written(text), on=when),
        scheduled=[date(2022, 2, 1)],
    )  # fmt: skip
    assert isinstance(found, Lost)
    assert any(defeat.words.endswith("it leads no further.") for defeat in found.why)
