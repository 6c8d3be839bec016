"""Small books on which rules, holdings or rights were once read wrongly, or too surely."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from muniment.book.accounts import World
from muniment.book.checks import check_figures
from muniment.book.exercising import exercised
from muniment.book.load import load_text
from muniment.book.structure import Structure
from muniment.control import Decision, decide
from muniment.control.compiled import Directors
from muniment.model.values import Bounded

DAY = date(2022, 1, 1)
PEOPLE = "".join(f"2020-01-01 person {name}\n" for name in ("ada", "bo", "cy", "dee", "gus"))


def company(*lines: str, rule: str = "majority of votes", name: str = "acme") -> str:
    inner = "".join(f"  {line}\n" for line in lines)
    head = f"2020-01-01 company {name}\n  law pack: none\n  class common\n    votes per share: 1\n"
    return f"{head}{inner}  rules\n    do it: {rule}\n"


def held(name: str = "acme", kind: str = "issue", **quantities: str | int) -> str:
    lines = "".join(f"  {party}: {each}{'' if ' ' in str(each) else ' common'}\n" for party, each in quantities.items())
    return f"2020-01-02 {kind} {name}\n{lines}"


def on(text: str, day: date = DAY) -> Structure:
    book = load_text(PEOPLE + text)
    assert [str(fault) for fault in book.diagnostics if fault.severity == "error"] == []
    return World(book).on(day)


def ask(structure: Structure, directors: Directors = "independent") -> Decision:
    decision = decide(structure, "acme: do it", directors=directors)
    assert isinstance(decision, Decision)
    return decision


def faults(text: str) -> list[str]:
    book = load_text(PEOPLE + text)
    return [fault.code for fault in (*book.diagnostics, *check_figures(book)) if fault.severity == "error"]


BOARD = ("board", "  seats strong", "    number: 1", "    votes each: 3", "  seats plain", "    number: 2")
SEATED = "2020-01-03 appoint acme\n  strong: ada\n  plain: bo, cy\n"


@pytest.mark.parametrize(
    ("rule", "coalitions"),
    [
        ("majority of board", (("ada",),)),  # 3 of 5 votes
        ("2 of board", (("ada", "bo"), ("ada", "cy"), ("bo", "cy"))),  # seats
        ("all but 1 of board", (("ada", "bo"), ("ada", "cy"), ("bo", "cy"))),
        ("3 of board", (("ada", "bo", "cy"),)),
    ],
)
def test_a_number_counts_seats_whatever_votes_each_has(rule: str, coalitions: tuple[tuple[str, ...], ...]) -> None:
    assert ask(on(company(*BOARD, rule=rule) + SEATED)).coalitions == coalitions


@pytest.mark.parametrize("rule", ["consent of dee and majority of audit", "consent of dee and audit"])
def test_a_body_named_in_its_own_rule_is_a_majority_of_it(rule: str) -> None:
    lines = ("board audit", f"  decides by: {rule}", "  seats d", "    number: 3")
    decision = ask(on(company(*lines, rule="audit") + "2020-01-03 appoint acme\n  d: ada, bo, cy\n"))
    assert decision.coalitions == (("ada", "bo", "dee"), ("ada", "cy", "dee"), ("bo", "cy", "dee"))
    assert decision.circular == ()
    said = "acme.audit decides by what names itself; a majority of its seats is meant."
    assert (said in decision.assumptions) == (rule.endswith("and audit"))


def test_the_consent_of_trustees_who_are_a_body_is_given_as_that_body_decides() -> None:
    lines = ("board trustees", "  decides by: all of trustees", "  seats t", "    number: 3")
    text = company(*lines, rule="consent of trustees") + "2020-01-03 appoint acme\n  t: ada, bo, cy\n"
    assert ask(on(text)).coalitions == (("ada", "bo", "cy"),)


def test_a_seat_filled_by_votes_that_nobody_holds_leads_nowhere() -> None:
    """The committee follows the board, whose vacant seat nobody can fill: it is not its member's own."""
    lines = (
        *("board", "  seats d", "    number: 1", "    filled by: majority of votes"),
        *("board audit", "  seats a", "    number: 1", "    filled by: board", "    removed by: board"),
    )
    text = company(*lines, rule="audit") + held(acme=10) + "2020-01-03 appoint acme\n  a: ada\n"
    decision = ask(on(text), "loyal")
    assert decision.impossible
    assert decision.own_seats == ("acme.board d 1",)


@pytest.mark.parametrize("rule", ["2 of (ada, ada, bo)", "majority of (ada, ada, bo)", "2 of (1 of board; 1 of board)"])
def test_who_stands_in_a_list_twice_is_an_error(rule: str) -> None:
    assert faults(company(*BOARD, rule=rule)) == ["M255"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("all but 5 of board", "'all but 5' of 3 seats of acme.board needs nobody: it always passes."),
        ("all but 100 of votes", "'all but 100' of 100 votes of acme needs nobody: it always passes."),
    ],
)
def test_a_rule_that_leaves_out_everybody_is_said_to_need_nobody(rule: str, said: str) -> None:
    decision = ask(on(company(*BOARD, rule=rule) + SEATED + held(ada=60, bo=40)))
    assert decision.coalitions == ((),)
    assert said in decision.assumptions


@pytest.mark.parametrize("order", [("ada", "bo", "cy"), ("cy", "bo", "ada"), ("bo", "cy", "ada")])
def test_numbers_within_bounds_and_exact_ones_stand_side_by_side_in_any_order(order: tuple[str, ...]) -> None:
    quantities = {"ada": "15 to 25 common", "bo": "20 common", "cy": "15 to 25 common"}
    text = company() + held(kind="holding", **{name: quantities[name] for name in order})
    assert [holding.party for holding in on(text).holdings["acme"]] == ["ada", "bo", "cy"]
    assert faults(text) == []


def test_a_number_within_bounds_replaces_only_its_holders_shares() -> None:
    later = "2021-01-01 holding acme\n  ada: 50 to 70 common\n"
    structure = on(company() + held(ada=60, bo=40) + later)
    assert [(each.party, isinstance(each.quantity, Bounded)) for each in structure.holdings["acme"]] == [
        ("ada", True),
        ("bo", False),
    ]
    parts = "2021-01-01 holding acme\n  ada: 70% of common\n"  # parts of the class are all that is known of it
    assert [each.party for each in on(company() + held(ada=60, bo=40) + parts).holdings["acme"]] == ["ada"]


STRONG = ("class strong", "  votes per share: 10")
LEDGER = "2020-01-02 issue acme\n  ada: 60 common\n  bo: 10 strong\n"


@pytest.mark.parametrize(
    ("day", "alone"),
    [("2020-06-01", "bo"), ("2022-02-27", "bo"), ("2022-02-28", "ada"), ("2024-01-01", "ada")],
)
def test_an_uncertain_day_of_conversion_that_is_surely_past_has_come(day: str, alone: str) -> None:
    text = company(*STRONG, "  converts: 1:1 into common on 2021-12/2022-02") + LEDGER
    structure = on(text, date.fromisoformat(day))
    assert ask(structure).alone == (alone,)
    assert any("is not exact" in each for each in structure.assumptions) == (day == "2022-02-27")


def test_a_class_that_converts_into_itself_is_an_error_and_keeps_its_shares() -> None:
    text = company(*STRONG, "  converts: 1:1 into strong on 2021-06-01") + LEDGER
    assert faults(text) == ["M312"]
    assert ask(on(text)).alone == ("bo",)


def test_a_right_to_a_class_that_has_converted_gives_the_other_class() -> None:
    note = "2021-01-01 note paper\n  issuer: acme\n  to: cy\n  amount: USD 5\n  converts: 1:40 into strong\n"
    text = company(*STRONG, "  converts: 1:2 into common on 2021-06-01") + LEDGER + note
    used, _ = exercised(on(text), "all")
    assert {each.party: (each.class_id, each.quantity) for each in used.holdings["acme"]} == {
        "ada": ("common", 60),
        "bo": ("common", 20),
        "cy": ("common", 80),
    }


def test_an_option_over_more_than_its_giver_surely_holds_gives_nothing_for_sure() -> None:
    option = "2021-01-01 option call\n  issuer: ada\n  holder: gus\n  over: 55% of votes of acme\n"
    text = company() + held(kind="holding", ada="50% to 70% of votes", bo="30% of votes") + option
    used, _ = exercised(on(text), "all")
    (of_gus,) = (each.quantity for each in used.holdings["acme"] if each.party == "gus")
    assert isinstance(of_gus, Bounded)
    assert (of_gus.low, of_gus.high) == (0, Fraction(55, 100))
    decision = ask(used)
    assert "gus" not in decision.alone
    assert ("gus", "alone") in {(each.party, each.question) for each in decision.undetermined}
    surely = text.replace("50% to 70%", "60% to 70%")
    assert ask(exercised(on(surely), "all").structure).alone == ("gus",)


def test_a_cross_holding_that_bounds_leave_open_is_said() -> None:
    text = company("cross-held shares: no votes") + company(name="sub") + held(sub=60, ada=40)
    text += held("sub", "holding", acme="40% to 60% of votes", bo="40% of votes")
    said = "Whether acme has a majority of the votes of sub is open; what sub holds of acme is taken to carry votes."
    assert said in ask(on(text)).assumptions
    assert said not in ask(on(text.replace("40% to 60%", "20% to 30%"))).assumptions
