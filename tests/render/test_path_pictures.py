"""The picture of a plan, and the page it stands on: seats as the legend says, words for all, nothing that can act."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from path_answers import FILL, answer, board, no_path

from muniment.control.paths.answer import PathAnswer, PlanMove, SeatStanding, Standing, VotesStanding
from muniment.render.answer import Answer, Column, Table
from muniment.render.page import STYLE, to_page
from muniment.render.paths_picture import letters_of, picture_in_words, plan_picture

SVG = "{http://www.w3.org/2000/svg}"


def drawn(given: PathAnswer) -> ElementTree.Element:
    return ElementTree.fromstring(plan_picture(given))


def rows(given: PathAnswer) -> list[list[str]]:
    """Return the kind of each seat drawn, board by board."""
    groups = [[seat.get("class", "") for seat in group.iter(f"{SVG}rect")] for group in drawn(given).iter(f"{SVG}g")]
    return [[each.removeprefix("seat ") for each in group] for group in groups if group and "seat bar" not in group]


def test_each_row_has_the_askers_seats_first_then_those_of_the_plan_vacant_ones_and_others() -> None:
    assert rows(answer()) == [
        ["ours"] * 2 + ["others"] * 5,
        ["ours"] * 2 + ["vacant"] * 2 + ["others"] * 3,
        ["ours"] * 2 + ["plan"] * 2 + ["others"] * 3,
    ]


def test_the_line_stands_after_the_seat_at_which_the_votes_suffice() -> None:
    for group in drawn(answer()).iter(f"{SVG}g"):
        seats = [seat for seat in group.iter(f"{SVG}rect") if seat.get("y") == "4" and seat.get("rx")]
        if not seats:
            continue
        at = float(next(group.iter(f"{SVG}line")).get("x1", "0"))
        ends = [float(seat.get("x", "0")) + float(seat.get("width", "0")) for seat in seats]
        assert sum(end < at for end in ends) == 4
        assert "4 carry" in [text.text for text in group.iter(f"{SVG}text")]


def test_no_line_is_drawn_where_seats_carry_several_votes_or_the_rule_is_no_single_vote() -> None:
    body = board(2, 3).bodies[0]
    for other in (body._replace(votes=8), body._replace(carry=None)):
        given = no_path(start=Standing((other,)))
        assert list(drawn(given).iter(f"{SVG}line")) == []


def test_seats_have_letters_but_for_vacant_ones_and_very_small_ones() -> None:
    texts = [text.text for text in drawn(answer()).iter(f"{SVG}text") if (text.get("class") or "").startswith("sl ")]
    assert texts == [*"FFOOOOO", *"FFOOO", *"FFMMOOO"]
    crowd = no_path(start=board(30, 40))
    assert not [text for text in drawn(crowd).iter(f"{SVG}text") if (text.get("class") or "").startswith("sl ")]
    assert len(rows(crowd)[0]) == 70
    assert float(drawn(crowd).get("width", "0")) < 800


def test_letters_tell_groups_apart_and_leave_m_to_the_plan() -> None:
    seats = tuple(SeatStanding(group, 1, "others") for group in ("members", "mates", "a1", "a2", "x"))
    body = board(1, 1).bodies[0]._replace(seats=seats)
    letters = list(letters_of([body]).values())
    assert len(set(letters)) == 5
    assert "M" not in letters


def test_what_it_shows_stands_in_words() -> None:
    label = drawn(answer()).get("aria-label")
    assert drawn(answer()).get("role") == "img"
    assert label == picture_in_words(answer())
    assert "after move 2, acme.board: founders 4 ours, outside 3 others, 4 of 7 votes, 4 carry" in (label or "")
    assert "votes of acme: 53 of 100 (53%) ours" in (label or "")


def test_there_is_no_picture_of_nothing() -> None:
    assert plan_picture(no_path(start=Standing())) == ""


def test_a_bar_is_filled_from_zero_to_the_share() -> None:
    bars = [seat for seat in drawn(no_path()).iter(f"{SVG}rect") if seat.get("height") == "10"]
    assert [bar.get("width") for bar in bars] == ["200", "106"]


def test_votes_are_drawn_again_only_where_they_change() -> None:
    assert len([seat for seat in drawn(answer()).iter(f"{SVG}rect") if seat.get("height") == "10"]) == 2
    more = board(2, 3, vacant=2)._replace(votes=(VotesStanding("acme", Fraction(60), Fraction(100)),))
    given = answer(moves=(PlanMove(FILL, ("ada",), 0, 0, more),))
    assert len([seat for seat in drawn(given).iter(f"{SVG}rect") if seat.get("height") == "10"]) == 4


def test_the_key_says_what_is_drawn_and_no_more() -> None:
    words = " ".join(text.text or "" for text in drawn(no_path(start=board(2, 3))).iter(f"{SVG}text"))
    assert "filled: ours; outlined: others" in words
    assert "filled by the plan" not in words
    assert "vacant" not in words


NASTY = '<script>alert(1)</script> & "quoted" \u202e\x1b[31m'


def test_names_from_a_book_are_inert() -> None:
    act = replace(FILL, words=NASTY)
    body = board(2, 3).bodies[0]._replace(entity=NASTY, seats=(SeatStanding(NASTY, 1, "ours", NASTY),))
    given = answer(moves=(PlanMove(act, ("ada",), 0, 0, Standing((body,))),))
    svg = plan_picture(given)
    assert "<script" not in svg
    assert "\x1b" not in svg
    assert "\u202e" not in svg
    assert {element.tag.removeprefix(SVG) for element in drawn(given).iter()} <= {"svg", "g", "rect", "line", "text"}


@pytest.fixture(scope="module")
def page() -> str:
    table = Table("Plan", (Column("A"), Column("N", "right")), ((NASTY, "1"),), NASTY, plan_picture(answer()))
    return to_page(Answer("report", {}, (Table(NASTY, note="Words."), table), ("One.", "  two"), (NASTY,)))


def test_a_page_shows_the_picture_and_can_do_nothing(page: str) -> None:
    assert page.count("<svg ") == 1
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page
    assert not re.search(r"(?i)\s(?:on\w+|style|src|href)=", page)


def test_a_page_allows_its_own_style_sheet_alone(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(STYLE.encode("utf-8")).digest()).decode("ascii")
    assert f"style-src &#x27;sha256-{digest}&#x27;" in policy[1]
    assert "default-src &#x27;none&#x27;" in policy[1]
    assert re.findall(r"(?s)<style>(.*?)</style>", page) == [STYLE]


def test_a_page_has_one_title_and_heads_for_its_columns(page: str) -> None:
    assert page.count("<h1>") == 1
    assert page.count('<th scope="col"') == 2
    assert '<td class="right">1</td>' in page
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
