"""The derivation of an answer: matter, rule, votes, seats, who fills and empties them, holdings, with their records."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from control_books import DAY, company, decided, stated, structure_of, written
from test_control_anything import BOOK, PERSONS, clause

from muniment.book.accounts import World
from muniment.book.load import load, load_text
from muniment.book.structure import Structure
from muniment.cli.main import run
from muniment.control import Decision, decide, derive, matters_of
from muniment.control.derivation import MOST_RECORDS, MOST_STEPS, Step
from muniment.control.why import records_of

BOOKS = Path(__file__).resolve().parents[2] / "books"

CHAIN = """
2020-01-01 source deed "The deed of the trust"
  kind: charter
2020-01-01 source register "Register"
  kind: filing
2020-01-01 trust family
  law pack: none
  trustees: ada, bo                                  [@deed, cl. 2]
  rules
    vote shares: all of trustees                     [@deed, cl. 9]
      > all of them acting together
2020-01-01 company top
  law pack: none
  class c
    votes per share: 1
  rules
    vote shares: majority of votes
2020-01-01 issue top                                 [@register, p. 1]
  family: 51 c
  cy: 49 c
2020-01-01 company mid
  law pack: none
  class c
    votes per share: 1
  rules
    vote shares: majority of votes
2020-01-01 issue mid
  top: 60 c
  dee: 40 c
2020-01-01 company low
  law pack: none
  class c
    votes per share: 1
  board
    decides by: majority
    seats any
      number: 3
      filled by: majority of c
      removed by: majority of c
  rules
    merge: board
2020-01-01 issue low
  mid: 70 c
  eve: 30 c
2020-01-02 appoint low
  any: fay, gus
"""

COMPANY = """
2020-01-01 company e
  law pack: none
  class c
    votes per share: 1
  rules
    merge: majority of votes
"""


def told(structure: Structure, question: str, directors: str = "loyal") -> tuple[Step, ...]:
    return derive(structure, decided(structure, question, directors))


def words(steps: tuple[Step, ...]) -> str:
    return "\n".join(f"{'  ' * step.depth}{step.words}" for step in steps)


def test_a_chain_is_followed_from_the_matter_through_three_entities_to_the_trustees() -> None:
    steps = told(written(CHAIN), "low: merge")
    assert words(steps).split("\n")[:11] == [
        "The rule on merge of low is: board.",
        "Nobody passes it alone.",
        "  ada, bo, each alone: 2 seats of low.board short of a majority.",
        "ada + bo pass it:",
        "  low.board decides: 3 of 3 seats of low.board agree (fay, gus, vacant any seat); a majority needs 2.",
        "    The any seats of low.board (fay, gus) follow those who empty and fill them:",
        "      70 of 100 c of low agree (mid 70); a majority needs more than 50.",
        "        mid acts: 60 of 100 votes of mid agree (top 60); a majority needs more than 50.",
        "          top acts: 51 of 100 votes of top agree (family 51); a majority needs more than 50.",
        "            family acts: 2 of 2 trustees of family agree (ada, bo); all needs 2.",
        "    The any seat of low.board (vacant any seat) follows those who fill it:",
    ]
    leaf = next(step for step in steps if step.words.startswith("family acts"))
    assert [(basis.words, basis.span.line) for basis in leaf.because] == [
        ("vote shares: all of trustees", 17),
        ("trustees: ada, bo", 15),
    ]
    assert leaf.because[0].citations[0].place == "cl. 9"
    assert leaf.because[0].quotations[0].text == "all of them acting together"
    held = next(step for step in steps if step.words.startswith("top acts"))
    assert [basis.words for basis in held.because if "51" in basis.words] == ["family: 51 c"]
    assert held.because[-1].citations[0].source == "register"


def test_blocking_says_what_fails_down_to_the_holding() -> None:
    steps = told(written(CHAIN), "low: merge")
    text = words(steps)
    assert "ada can block it, for without ada:" in text
    assert "family acts: 1 of 2 trustees of family agree (bo); all needs 2; 1 short without ada." in text
    assert (
        "mid acts: 40 of 100 votes of mid agree (dee 40); a majority needs more than 50; 11 short without top 60."
        in text
    )


def test_nobody_alone_and_nobody_blocks_alone() -> None:
    board = (
        "2020-01-01 nonprofit f\n  law pack: none\n  board\n    decides by: all but 2\n    seats t\n      number: 5\n"
    )
    structure = written(board + "2020-01-02 appoint f\n  t: ada, bo, cy, dee, eve\n")
    text = words(told(structure, "f: ordinary decision", "independent"))
    assert "ada, bo, cy, dee, eve, each alone: 2 seats of f.board short of all but 2." in text
    assert "Nobody blocks it alone: without any one of them the others still pass it." in text
    assert "ada + bo + cy block it, for without them:" in text
    assert "2 of 5 seats of f.board agree (dee, eve); all but 2 needs 3; 1 short without ada, bo, cy." in text


def test_a_purpose_lock_is_said_to_be_one() -> None:
    entity = "2020-01-01 nonprofit f\n  law pack: none\n  rules\n    change purpose: never\n"
    steps = told(written(entity), "f: change purpose")
    assert [step.words for step in steps] == [
        "The rule on change purpose of f is: never.",
        "It cannot pass, even with everyone agreeing:",
        "It is never allowed, or its rule or electorate is missing.",
    ]
    assert steps[2].because[0].words == "change purpose: never"


def test_a_circle_is_walked_once_and_named() -> None:
    structure = World(load(BOOKS / "pyramid")).on(DAY)
    text = words(told(structure, "left: elect directors"))
    assert "right waits for the one above in turn; a yes that rests on itself is no yes." in text
    assert "left, right wait for one another in a circle of holdings" in text
    assert "Were each to let the other vote, these would do: rosa + sven." in text
    assert "Were each of the circle to let the other vote, these could block it: rosa, sven." in text


def test_what_agrees_in_a_circle_is_never_shown_to_rest_on_itself() -> None:
    parts = [
        company("e", votes={"ada": 60, "k": 40}, rules={"vote shares": stated("majority of votes")}),
        company("k", votes={"e": 60, "bo": 40}, rules={"vote shares": stated("majority of votes")}),
        company("m", votes={"k": 60, "bo": 40}, rules={"merge": stated("majority of votes")}),
    ]
    text = words(told(structure_of(parts, ["ada", "bo"]), "m: merge"))
    # k agrees because of e, and e because of ada alone, though by then k agrees too.
    assert "k acts: 60 of 100 votes of k agree (e 60)" in text
    assert "e acts: 60 of 100 votes of e agree (ada 60)" in text


def test_a_bounded_holding_that_leaves_an_answer_open_is_named_with_its_record() -> None:
    structure = written(COMPANY + "2020-01-02 holding e\n  ada: more than 40% of votes\n  bo: 30% of votes\n")
    steps = told(structure, "e: merge")
    found = next(step for step in steps if "is open" in step.words)
    assert found.words.startswith("Whether ada passes it alone is open: it turns on ")
    assert [basis.words for basis in found.because] == ["ada: more than 40% of votes"]


def test_a_consent_of_an_agreement_keeps_its_nature_and_record() -> None:
    entity = "2020-01-01 company e\n  law pack: none\n  rules\n    merge: consent of ada\n"
    agreement = (
        "2020-01-02 agreement sha\n  parties: e, bo\n  consent\n    of: bo\n    for: merge\n    nature: protective\n"
    )
    steps = told(written(entity + agreement), "e: merge")
    added = next(step for step in steps if step.words.startswith("An agreement adds"))
    assert added.words == "An agreement adds the consent of bo (protective)."
    agrees = next(step for step in steps if step.words == "bo agrees.")
    assert [basis.record for basis in agrees.because] == ["sha consent"]
    assert [basis.record for basis in next(s for s in steps if s.words == "ada agrees.").because] == ["e rules merge"]


def test_a_seat_that_follows_an_office_is_followed_to_those_who_fill_the_office() -> None:
    entity = """
2020-01-01 company e
  law pack: none
  class c
    votes per share: 1
  office ceo
    filled by: majority of c
    removed by: majority of c
  board
    decides by: majority
    seats boss
      number: 1
      occupant: holder of ceo
2020-01-02 issue e
  ada: 100 c
2020-01-02 appoint e
  ceo: bo
"""
    steps = told(written(entity), "e: ordinary decision")
    text = words(steps)
    assert "ada passes it alone:" in text
    assert "The boss seat of e.board (bo) follows those who empty and fill it:" in text
    assert {"filled by: majority of c", "removed by: majority of c", "ada: 100 c"} <= {
        basis.words for basis in records_of(steps)
    }


def test_a_pool_is_a_step_of_its_own() -> None:
    held = "2020-01-02 issue e\n  ada: 30 c\n  bo: 30 c\n  cy: 40 c\n"
    pool = "2020-01-03 agreement pact\n  parties: ada, bo\n  voting pool\n    members: ada, bo\n"
    pool += "    over: e\n    decides by: consent of ada\n"
    text = words(told(written(COMPANY + held + pool), "e: merge"))
    assert "60 of 100 votes of e agree (ada 30, bo 30)" in text
    assert "The voting pool pact decides: ada agrees." in text


def test_a_default_of_the_law_is_marked_as_one() -> None:
    entity = """
2020-01-01 company e
  law: Delaware
  class c
    votes per share: 1
  board
    decides by: majority
    seats s
      number: 1
"""
    text = words(told(written(entity + "2020-01-02 issue e\n  ada: 10 c\n2020-01-02 appoint e\n  s: bo\n"), "e: merge"))
    assert "(by a default of its law; the book says nothing)" in text


def test_a_long_chain_is_cut_and_says_how_much_is_left() -> None:
    rules = {"vote shares": stated("majority of votes"), "merge": stated("majority of votes")}
    length = 300
    parts = [
        company(f"e{at}", votes={f"e{at + 1}" if at + 1 < length else "ada": 60, "bo": 40}, rules=rules)
        for at in range(length)
    ]
    steps = told(structure_of(parts, ["ada", "bo"]), "e0: merge")
    assert len(steps) <= 2 * MOST_STEPS + 20
    left = [step.words for step in steps if step.words.startswith("And ")]
    assert left == [f"And {length - MOST_STEPS} more steps."] * 2


def test_of_many_holders_a_few_are_named_and_the_rest_counted() -> None:
    names = [f"p{at:03}" for at in range(200)]
    entity = company("e", votes=dict.fromkeys(names, 1), rules={"merge": stated("all of votes")})
    steps = told(structure_of([entity], names), "e: merge")
    vote = next(step for step in steps if "200 of 200 votes of e agree" in step.words)
    assert "and 192 more" in vote.words
    assert len(vote.because) == MOST_RECORDS
    assert vote.more == 201 - MOST_RECORDS


@pytest.mark.parametrize("seed", range(25))
def test_whatever_a_book_says_the_derivation_agrees_with_the_answer(seed: int) -> None:
    chance = random.Random(seed)
    text = PERSONS + BOOK.format(
        *(clause(chance) for _ in range(8)), decides="majority", number=chance.randint(0, 3), held="30% of x"
    )
    structure = World(load_text(text)).on(DAY)
    for matter in matters_of(structure, "e"):
        for directors in ("loyal", "independent"):
            decision = decide(structure, entity="e", matter=matter, directors=directors)  # type: ignore[arg-type]
            assert isinstance(decision, Decision)
            steps = derive(structure, decision)
            said = [step.words for step in steps if step.depth == 0]
            assert [name for name in decision.actors if f"{name} passes it alone:" in said] == list(decision.alone[:3])
            if not decision.impossible:
                blocking = [name for name in decision.actors if f"{name} can block it, for without {name}:" in said]
                assert blocking == list(decision.can_block[:4])
            assert any("It cannot pass" in each for each in said) is decision.impossible
            depths = [step.depth for step in steps]
            assert all(after <= before + 1 for before, after in pairwise(depths))
            assert all(basis.span.path for step in steps for basis in step.because)


def test_every_vote_that_is_said_to_pass_has_what_it_needs() -> None:
    chance = random.Random(7)
    for _ in range(30):
        names = ["ada", "bo", "cy", "dee"]
        votes = {name: chance.randint(1, 9) for name in names}
        needs = Fraction(chance.randint(1, 9), 10)
        entity = company(
            "e", votes=votes, rules={"merge": stated(f"more than {needs.numerator}/{needs.denominator} of votes")}
        )
        structure = structure_of([entity], names)
        for step in told(structure, "e: merge"):
            if " votes of e agree" in step.words and " short" not in step.words:
                agreed, of = (int(word.replace(",", "")) for word in step.words.split(" votes")[0].split(" of "))
                assert of == sum(votes.values())
                assert agreed > needs * of


def test_the_command_prints_each_record_once_in_full_with_its_quotation(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [
        "control",
        str(BOOKS / "acme"),
        "--on",
        "2021-04-01",
        "--matter",
        "acme: sell company",
        "--directors",
        "loyal",
    ]
    assert run([*asked, "--why"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    quoted = '"shall require the consent of the holders of a majority of the Series A Preferred"'
    assert text.count(quoted) == 1
    assert "acme.muni:59:19: sell company: majority of board" in text
    assert "see acme.muni:59:19" in text
    assert run([*asked, "--why", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)["answers"][0]
    leaves = [leaf for step in answer["derivation"] for leaf in step["because"]]
    assert leaves
    assert all(leaf.keys() == {"record", "says", "at", "citations", "quotations"} for leaf in leaves)
    assert {leaf["at"] for leaf in leaves} <= {leaf["at"] for leaf in answer["because"]}
    assert run([*asked, "--json"]) == 0
    assert "derivation" not in json.loads(capsys.readouterr().out)["answers"][0]
