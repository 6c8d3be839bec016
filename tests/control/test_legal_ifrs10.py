"""Power under IFRS 10: rights that are substantive, protective or only potential, and control without a majority."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from control_books import DAY, basis, written

from muniment.book.structure import Structure
from muniment.control.legal import Finding, Given, Turnout, legal_finding, legal_test

COMPANY = """\
2020-01-01 company inv
  class ordinary
    votes per share: 1
  rules
    ordinary decision: majority of votes
"""


def ifrs10(structure: Structure, party: str, given: Given = Given(), entity: str = "inv") -> Finding:  # noqa: B008
    test = legal_test("ifrs10")
    assert test is not None
    return legal_finding(structure, test, entity, party, given)


def held(**votes: int) -> str:
    return "2020-01-01 issue inv\n" + "".join(f"  {name}: {number} ordinary\n" for name, number in votes.items())


def turnouts(*shares: str) -> Given:
    cast = [Fraction(share) for share in shares]
    return Given(tuple(Turnout("inv", s, s, date(2021, 1 + n, 1), basis(f"vote {n}")) for n, s in enumerate(cast)))


def test_a_majority_directs() -> None:
    structure = written(COMPANY + held(ada=51, bo=49))
    found = ifrs10(structure, "ada")
    assert found.answer == "yes"
    assert any("ada: 51 ordinary" in each.words for each in found.because)
    other = ifrs10(structure, "bo")
    assert other.answer == "no"
    assert "ada carries the ordinary decisions" in other.why[0]
    assert other.because


def test_exactly_half_is_no_majority() -> None:
    structure = written(COMPANY + held(ada=50, bo=50))
    assert {name: ifrs10(structure, name).answer for name in ("ada", "bo")} == {"ada": "no", "bo": "no"}


def test_two_others_who_outvote_settle_it_example_6() -> None:
    structure = written(COMPANY + held(ada=45, bo=26, cy=26, dee=1, eve=1, fay=1))
    found = ifrs10(structure, "ada")
    assert found.answer == "no"
    assert "example 6" in found.why[0]


def test_many_small_holders_leave_it_open_example_7() -> None:
    others = {f"s{n}": 5 for n in range(11)}
    persons = "".join(f"2020-01-01 person {name}\n" for name in others)
    found = ifrs10(written(persons + COMPANY + held(ada=45, **others)), "ada")
    assert found.answer == "undetermined"
    assert "10 others together have more" in found.why[0]
    assert any("below 90%" in doubt for doubt in found.would_decide)


DISPERSED = "2020-01-01 group public\n  acts: apart\n"


@pytest.mark.parametrize(
    ("votes", "cast", "answer"),
    [
        (48, (), "undetermined"),
        (48, ("7/10",), "undetermined"),
        (48, ("7/10", "78/100"), "yes"),
        (48, ("7/10", "97/100"), "undetermined"),
        (35, ("3/4", "7/10"), "no"),
        (48, ("96/100", "96/100"), "no"),
    ],
)
def test_past_meetings_decide(votes: int, cast: tuple[str, ...], answer: str) -> None:
    structure = written(DISPERSED + COMPANY + held(ada=votes, public=100 - votes))
    found = ifrs10(structure, "ada", turnouts(*cast))
    assert found.answer == answer
    assert bool(found.would_decide) is (answer == "undetermined")
    if cast:
        assert any(each.record == "vote 0" for each in found.because)


VETO = """\
2020-01-01 agreement pact
  parties: ada, bo, inv
  consent
    of: bo
    for: inv: set budget
"""


@pytest.mark.parametrize(
    ("nature", "of_ada"), [("protective", "yes"), ("substantive", "no"), ("", "undetermined")]
)  # fmt: skip
def test_the_nature_of_a_veto_decides(nature: str, of_ada: str) -> None:
    veto = VETO + (f"    nature: {nature}\n" if nature else "")
    structure = written(COMPANY + "    set budget: majority of votes\n" + held(ada=75, bo=25) + veto)
    found = ifrs10(structure, "ada")
    assert found.answer == of_ada
    assert ifrs10(structure, "bo").answer == "no"
    if not nature:
        assert "protective (B26) or substantive" in found.would_decide[0]


def test_a_clause_marked_protective_does_not_count() -> None:
    text = COMPANY + "    set budget: majority of votes and consent of bo {}\n" + held(ada=75, bo=25)
    assert ifrs10(written(text.format("(protective)")), "ada").answer == "yes"
    plain = ifrs10(written(text.format("")), "ada")
    assert plain.answer == "undetermined"
    assert "B13" in plain.would_decide[0]


OPTION = """\
2020-06-01 option call
  issuer: inv
  holder: bo
  over: 35 ordinary
  from: ada
  exercisable: {}
"""
NOW = "2020-06-01/2030-01-01"


@pytest.mark.parametrize(
    ("when", "more", "ada", "bo"),
    [
        (NOW, "  substantive: no\n", "yes", "no"),
        (NOW, "  substantive: yes\n", "no", "yes"),
        (NOW, "", "no", "yes"),
        ("never", "", "yes", "no"),
        ("2020-06-01/2021-12-31", "", "yes", "no"),
        ("2022-01-26/2030-01-01", "", "yes", "no"),
    ],
)
def test_potential_votes_count_if_they_can_be_used_now(when: str, more: str, ada: str, bo: str) -> None:
    structure = written(COMPANY + held(ada=70, bo=30) + OPTION.format(when) + more)
    found = ifrs10(structure, "bo")
    assert (ifrs10(structure, "ada").answer, found.answer) == (ada, bo)
    if not more and when == NOW:
        assert "call is taken to be substantive (B23): nothing on record says that it is not." in found.assumptions


@pytest.mark.parametrize(("first", "answer"), [("2022-01-26", "yes"), ("2022-01-31", "yes"), ("2022-02-01", "no")])
def test_a_right_counts_that_comes_before_the_meeting(first: str, answer: str) -> None:
    assert date(2022, 1, 1) == DAY
    text = COMPANY + "    call meeting: at least 5% of votes on 30 days notice\n" + held(ada=70, bo=30)
    structure = written(text + OPTION.format(f"{first}/2030-01-01"))
    assert ifrs10(structure, "bo").answer == answer


def test_a_board_that_can_act_at_once_leaves_no_time() -> None:
    text = COMPANY.replace(
        "    ordinary decision: majority of votes\n", "    call meeting: 5% of votes on 30 days notice\n"
    )
    board = """\
  board
    decides by: majority
    seats all
      number: 3
      filled by: majority of votes
      removed by: majority of votes
"""
    structure = written(text + board + held(ada=70, bo=30) + OPTION.format("2022-01-26/2030-01-01"))
    assert ifrs10(structure, "bo").answer == "no"
    assert ifrs10(structure, "ada").answer == "yes"


def test_the_annual_meeting_comes_first() -> None:
    text = COMPANY.replace("2020-01-01 company inv\n", "2020-01-01 company inv\n  annual meeting: 01-10\n")
    text += "    call meeting: at least 5% of votes on 30 days notice\n" + held(ada=70, bo=30)
    assert ifrs10(written(text + OPTION.format("2022-01-26/2030-01-01")), "bo").answer == "no"
    assert ifrs10(written(text + OPTION.format("2022-01-09/2030-01-01")), "bo").answer == "yes"


def test_the_right_to_appoint_management() -> None:
    office = "  office management\n    filled by: ada\n    removed by: ada\n"
    alone = written(COMPANY + office + held(ada=40, bo=20, cy=20, dee=20))
    assert ifrs10(alone, "ada").answer == "yes"
    against = written(COMPANY + office + held(ada=40, bo=60))
    found = ifrs10(against, "ada")
    assert found.answer == "undetermined"
    assert "B13" in found.would_decide[0]
    appoints_only = written(
        COMPANY + office.replace("removed by: ada", "removed by: majority of votes") + held(ada=40, bo=60)
    )
    assert ifrs10(appoints_only, "ada").answer == "no"


def test_a_bounded_majority_is_undetermined_and_names_the_fact() -> None:
    text = COMPANY + "2020-01-01 holding inv\n  ada: 45% to 55% of votes\n  bo: 20% of votes\n"
    found = ifrs10(written(text), "ada")
    assert found.answer == "undetermined"
    assert any("holding" in doubt for doubt in found.would_decide)


def test_a_chain_gives_power_to_whoever_directs_the_top() -> None:
    text = COMPANY.replace("inv", "top") + held(ada=60, bo=40).replace("inv", "top") + COMPANY + held(top=80, cy=20)
    structure = written(text)
    assert [ifrs10(structure, name).answer for name in ("ada", "top", "bo", "cy")] == ["yes", "yes", "no", "no"]


def test_a_member_of_a_pool_does_not_direct_alone() -> None:
    pool = "2020-01-01 agreement pact\n  parties: ada, bo\n  voting pool\n    members: ada, bo\n    over: inv\n"
    structure = written(COMPANY + held(ada=60, bo=30, cy=10) + pool + "    decides by: all of (ada, bo)\n")
    assert ifrs10(structure, "ada").answer == "no"
    free = written(COMPANY + held(ada=60, bo=30, cy=10) + pool + "    decides by: ada\n")
    assert ifrs10(free, "ada").answer == "yes"


def test_rights_over_the_same_shares_are_not_both_used() -> None:
    twice = OPTION.format(NOW) + OPTION.format(NOW).replace("call", "second").replace("holder: bo", "holder: cy")
    found = ifrs10(written(COMPANY + held(ada=40, bo=30, cy=30) + twice), "bo")
    assert found.answer == "undetermined"
    assert "is not used" in found.why[0]


def test_circular_holdings_end_and_give_nobody_power_by_themselves() -> None:
    text = COMPANY.replace("inv", "left") + COMPANY.replace("inv", "right")
    text += "2020-01-01 issue left\n  right: 50 ordinary\n  ada: 50 ordinary\n"
    text += "2020-01-01 issue right\n  left: 50 ordinary\n  bo: 50 ordinary\n"
    structure = written(text)
    for entity, other in (("left", "right"), ("right", "left")):
        assert {ifrs10(structure, name, entity=entity).answer for name in ("ada", "bo", other)} == {"no"}
