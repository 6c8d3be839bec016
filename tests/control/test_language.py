"""Each phrase of the language of rules, from its words to the decision."""

from __future__ import annotations

import pytest
from control_books import PERSONS, decided, written

from muniment.book.checks import check_figures
from muniment.book.load import load_text
from muniment.control import Decision
from muniment.control.directors import compile_matter

Coalitions = tuple[tuple[str, ...], ...]


def entity(*lines: str, kind: str = "company", name: str = "e") -> str:
    return f"2020-01-01 {kind} {name}\n  law pack: none\n" + "".join(f"  {line}\n" for line in lines)


def rule(words: str, *before: str) -> str:
    return entity(*before, "rules", f"  do it: {words}")


def ask(text: str, matter: str = "do it", directors: str = "independent") -> Decision:
    return decided(written(text), f"e: {matter}", directors)


def coalitions(text: str, matter: str = "do it", directors: str = "independent") -> Coalitions:
    return ask(text, matter, directors).coalitions


def board(number: str, *more: str) -> tuple[str, ...]:
    return ("board", "  decides by: majority", "  seats d", f"    number: {number}", *more)


def seats(people: str, group: str = "d", name: str = "e") -> str:
    return f"2020-01-03 appoint {name}\n  {group}: {people}\n"


@pytest.mark.parametrize(
    ("number", "people", "size"),
    [
        ("2 to 5", "", None),  # two seats, both vacant
        ("2 to 5", "ada, bo", 2),
        ("2 to 5", "ada, bo, cy, dee", 3),
        ("1 to 7", "ada, bo, cy, dee, eve, fay, gus", 4),
    ],
)
def test_a_range_of_seats_holds_its_least_until_more_are_filled(number: str, people: str, size: int | None) -> None:
    text = rule("board", *board(number)) + (seats(people) if people else "")
    assert ask(text).smallest_coalition == size


def test_seats_that_follow_the_size_of_the_board() -> None:
    lines = (*board("9"), "  seats outside", "    number: greater of 3 and 25% of board")
    structure = written(entity(*lines))
    assert {name: len(group.seats) for name, group in structure.entities["e"].bodies["board"].groups.items()} == {
        "d": 9,
        "outside": 3,
    }
    structure = written(entity(*(line.replace("9", "12") for line in lines)))
    assert len(structure.entities["e"].bodies["board"].groups["outside"].seats) == 4


def test_several_bodies_each_decide_by_their_own_rule() -> None:
    lines = (
        *board("3"),
        "board audit",
        "  decides by: all of audit",
        "  seats auditors",
        "    number: 2",
    )
    text = seats("ada, bo, cy") + seats("dee, eve", "auditors")
    assert coalitions(rule("audit", *lines) + text) == (("dee", "eve"),)
    assert coalitions(rule("board and audit", *lines) + text) == (
        ("ada", "bo", "dee", "eve"),
        ("ada", "cy", "dee", "eve"),
        ("bo", "cy", "dee", "eve"),
    )
    assert coalitions(rule("1 of audit", *lines) + text) == (("dee",), ("eve",))
    assert coalitions(rule("2 of auditors", *lines) + text) == (("dee", "eve"),)


def test_a_seat_ex_officio_follows_its_office() -> None:
    lines = (
        "office ceo",
        "  filled by: consent of gus",
        "  removed by: consent of gus",
        *board("1"),
        "  seats chief",
        "    number: 1",
        "    occupant: holder of ceo",
    )
    text = rule("all of board", *lines) + seats("ada") + "2020-01-04 appoint e\n  ceo: bo\n"
    assert coalitions(text) == (("ada", "bo"),)
    assert coalitions(text, directors="loyal") == (("ada", "gus"),)


def test_a_seat_ex_officio_follows_an_office_of_another_entity() -> None:
    parent = entity(
        "office ceo",
        "  filled by: majority of members",
        "  removed by: majority of members",
        "members: fay, gus, eve",
        name="parent",
    )
    lines = (*board("1"), "  seats chief", "    number: 1", "    occupant: holder of parent.ceo")
    text = parent + rule("all of board", *lines) + seats("ada") + "2020-01-04 appoint parent\n  ceo: bo\n"
    assert coalitions(text) == (("ada", "bo"),)
    loyal = ask(text, directors="loyal")
    assert loyal.coalitions == (("ada", "eve", "fay"), ("ada", "eve", "gus"), ("ada", "fay", "gus"))
    assert loyal.own_seats == ("e.board d 1",)
    assert coalitions(parent + rule("consent of holder of parent.ceo") + "2020-01-04 appoint parent\n  ceo: bo\n") == (
        ("bo",),
    )


@pytest.mark.parametrize("where", ["rule", "occupant"])
def test_an_office_of_another_entity_must_be_defined(where: str) -> None:
    text = entity(name="parent")
    text += (
        rule("holder of parent.ceo") if where == "rule" else entity(*board("1"), "    occupant: holder of parent.ceo")
    )
    faults = [fault.code for fault in load_text(PERSONS + text).diagnostics if fault.severity == "error"]
    assert faults == ["M305"]


def test_observers_have_no_vote() -> None:
    lines = (*board("2"), "  seats watch", "    number: 1", "    votes each: 0")
    text = rule("all of board", *lines) + seats("ada, bo") + seats("cy", "watch")
    assert coalitions(text) == (("ada", "bo"),)


def test_seats_with_several_votes_each() -> None:
    lines = (*board("2"), "  seats strong", "    number: 1", "    votes each: 3")
    text = rule("board", *lines) + seats("ada, bo") + seats("cy", "strong")
    assert coalitions(text) == (("cy",),)


HELD = ("class c", "  votes per share: 1")
SHARES = "2020-01-03 issue e\n  ada: 55 c\n  bo: 35 c\n  cy: 10 c\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("majority of c", (("ada",),)),
        ("more than 55% of c", (("ada", "bo"), ("ada", "cy"))),
        ("at least 55% of votes outstanding", (("ada",),)),
        ("60% of votes", (("ada", "bo"), ("ada", "cy"))),
        ("66 2/3% of votes", (("ada", "bo"),)),
        ("2/3 of c", (("ada", "bo"),)),
        ("all of votes", (("ada", "bo", "cy"),)),
        ("all but 10 of votes", (("ada", "bo"),)),
        ("45 of c", (("ada",), ("bo", "cy"))),
        ("majority of votes excluding (ada)", (("bo",),)),
        ("majority of votes excluding ada", (("bo",),)),
        ("majority of votes capped at 36% a holder", (("ada", "bo"),)),
        ("2 of (majority of c; consent of dee, eve)", (("ada", "dee"), ("ada", "eve"), ("dee", "eve"))),
        ("majority of (ada, bo, cy)", (("ada", "bo"), ("ada", "cy"), ("bo", "cy"))),
        ("all but 1 of (ada, bo, cy)", (("ada", "bo"), ("ada", "cy"), ("bo", "cy"))),
        ("dee", (("dee",),)),
        ("consent of attorney general", (("attorney general",),)),
        ("no objection of dee within 30 days", (("dee",),)),
        ("majority of c on 20 days notice", (("ada",),)),
        ("majority of c (protective)", (("ada",),)),
        ("never", ()),
        ("consent of dee and (majority of c or never)", (("ada", "dee"),)),
    ],
)
def test_a_rule_over_holders_and_parties(words: str, expected: Coalitions) -> None:
    assert coalitions(rule(words, *HELD) + SHARES) == expected


@pytest.mark.parametrize(
    ("words", "condition", "alone", "other"),
    [
        ("plurality of votes", "plurality", ("ada",), ("ada", "bo", "cy")),
        ("2/3 of votes cast", "cast", (), ("ada", "bo", "cy")),
        ("2/3 of votes present", "present", (), ("ada", "bo", "cy")),
        ("no objection of dee within 30 days", "no objection of dee", ("dee",), None),
        ("majority of votes excluding (ada)", "excluding", ("bo",), None),
    ],
)
def test_conditions_that_are_not_monotone_are_marked_with_the_other_reading(
    words: str, condition: str, alone: tuple[str, ...], other: tuple[str, ...] | None
) -> None:
    decision = ask(rule(words, *HELD) + SHARES)
    assert decision.alone == alone
    mark = next(mark for mark in decision.reading_marks if mark.condition == condition)
    if other is not None:
        assert mark.alone == other


def test_a_quorum_that_absence_defeats() -> None:
    decision = ask(rule("majority of votes with quorum 60%", *HELD) + SHARES)
    (mark,) = decision.reading_marks
    assert mark.condition.startswith("with quorum")
    assert decision.coalitions[0][0] == "ada"


def test_cumulative_votes_secure_a_number_of_seats() -> None:
    lines = (*HELD, *board("5", "    filled by: cumulative of votes", "    removed by: majority of votes"))
    decision = ask(entity(*lines) + SHARES, "elect directors")
    assert {seat.party: seat.fills for seat in decision.seats} == {"ada": 3, "bo": 2}


def test_trustees_and_members_are_electorates_and_may_be_bodies() -> None:
    listed = entity("trustees: ada, bo, cy", "rules", "  do it: majority of trustees", kind="trust")
    assert coalitions(listed) == (("ada", "bo"), ("ada", "cy"), ("bo", "cy"))
    body = entity(
        "board trustees", "  seats t", "    number: 3", "rules", "  do it: 2/3 of trustees", kind="foundation"
    )
    assert ask(body + seats("ada, bo, cy", "t")).smallest_coalition == 2
    by_body = body.replace("2/3 of trustees", "consent of trustees")
    assert ask(by_body + seats("ada, bo, cy", "t")).smallest_coalition == 2
    club = entity("members: ada, bo, cy, dee, eve", "rules", "  do it: all but 1 of members", kind="cooperative")
    assert ask(club).smallest_coalition == 4
    group = entity("board", "  seats members", "    number: 2", "rules", "  do it: all of members")
    assert coalitions(group + seats("ada, bo", "members")) == (("ada", "bo"),)


def test_roles_are_looked_up() -> None:
    assert coalitions(entity("general partner: ada", "rules", "  do it: general partner", kind="partnership")) == (
        ("ada",),
    )
    assert coalitions(entity("manager: bo", "rules", "  do it: consent of manager", kind="llc")) == (("bo",),)
    assert coalitions(rule("holder of ceo", "office ceo") + "2020-01-03 appoint e\n  ceo: cy\n") == (("cy",),)


def test_holdings_as_of_a_date_in_percent_leave_the_rest_to_others() -> None:
    text = rule("majority of votes", "class c") + "2020-01-03 holding e\n  ada: 30% of votes\n  bo: 25% of votes\n"
    decision = ask(text)
    assert decision.coalitions == (("ada", "bo"),)
    assert [mark.condition for mark in decision.reading_marks] == ["others of e"]


def test_treasury_shares_are_out_of_the_base() -> None:
    assert ask(rule("majority of votes", *HELD) + SHARES.replace("ada: 55", "e: 55")).alone == ("bo",)  # 35 of 45


def test_the_nature_of_a_consent_is_kept_and_can_be_reached() -> None:
    text = rule("majority of c and consent of dee (protective) and consent of eve (substantive)", *HELD)
    text += SHARES + "2020-02-01 agreement pact\n  parties: e, fay\n"
    text += "  consent\n    of: fay\n    for: do it\n    nature: protective\n"
    structure = written(text)
    stated = structure.entities["e"].rules["do it"].rule
    kinds = [condition.kind for part in stated.parts for condition in part.conditions]  # type: ignore[union-attr]
    assert kinds == ["protective", "substantive"]
    (agreed,) = structure.entities["e"].consents["do it"]
    assert (agreed.of, agreed.nature) == ("fay", "protective")
    assert decided(structure, "e: do it").coalitions == (("ada", "dee", "eve", "fay"),)


def test_notice_is_kept_in_the_rule() -> None:
    structure = written(rule("majority of c on 20 days notice", *HELD) + SHARES)
    (notice,) = structure.entities["e"].rules["do it"].rule.conditions
    assert (notice.kind, notice.words) == ("notice", "20 days")
    assert compile_matter(structure, "e", "do it", "loyal").marks == ()


def test_the_one_concerned_is_left_out_of_a_removal() -> None:
    lines = (
        *board("3", "    filled by: majority of board", "    removed by: all of board excluding the one concerned"),
    )
    text = entity(*lines) + seats("ada, bo, cy")
    structure = written(text)
    group = structure.entities["e"].bodies["board"].groups["d"]
    assert group.removed_by is not None
    assert ask(text, "remove d").smallest_coalition in (2, 3)


def test_a_casting_vote_breaks_a_tie() -> None:
    lines = ("board", "  decides by: majority", "  chair: ada, casting vote", "  seats d", "    number: 4")
    text = rule("board", *lines) + seats("ada, bo, cy, dee")
    assert coalitions(text) == (("ada", "bo"), ("ada", "cy"), ("ada", "dee"), ("bo", "cy", "dee"))


def test_together_across_entities_is_an_error_with_a_hint() -> None:
    other = entity("class k", name="f")
    text = other + rule("majority of e.c and f.k together", *HELD)
    (fault,) = [fault for fault in load_text(PERSONS + text).diagnostics if fault.severity == "error"]
    assert fault.code == "M316"
    assert fault.hint is not None
    assert "majority of e.c and majority of f.k" in fault.hint


def test_ranks_in_a_circle_are_an_error() -> None:
    text = entity("class a", "  ranks: ahead of b", "class b", "  ranks: ahead of c", "class c", "  ranks: ahead of a")
    faults = [fault for fault in check_figures(load_text(PERSONS + text)) if fault.severity == "error"]
    assert [fault.code for fault in faults] == ["M312"]
    equal = entity("class a", "  ranks: ahead of b", "class b", "  ranks: with a")
    assert [fault.code for fault in check_figures(load_text(PERSONS + equal)) if fault.severity == "error"] == ["M312"]
    fine = entity("class a", "  ranks: ahead of c", "  ranks: with b", "class b", "  ranks: ahead of c", "class c")
    assert [fault.code for fault in check_figures(load_text(PERSONS + fine)) if fault.severity == "error"] == []
