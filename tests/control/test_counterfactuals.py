"""What would flip an answer about a party: every change is decided afresh here too, by the other road, `decide`."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path

import pytest
from control_books import DAY, company, decided, stated, structure_of, written
from test_control_anything import BOOK, PERSONS, clause

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.book.structure import Structure
from muniment.cli.main import run
from muniment.control import Decision, NoSuchMatter, WhatIf, decide, matters_of, what_would_change
from muniment.control.changes import SOMEBODY_ELSE, changes_of_rules, changes_of_seats, moved
from muniment.control.directors import compile_matter

BOOKS = Path(__file__).resolve().parents[2] / "books"
TWO_CLASSES = """
2020-01-01 company e
  law pack: none
  class common
    votes per share: 1
  class series-a
    votes per share: 1
  board
    decides by: majority
    seats common-seats
      number: 2
      filled by: majority of common
      removed by: majority of common
    seats a-seats
      number: 3
      filled by: majority of series-a
      removed by: majority of series-a
  rules
    merge: majority of board and majority of common
    wind up: majority of common and consent of bo
2020-01-02 issue e
  ada: 40,000 common
  cy: 160,000 common
  bo: 1,000 series-a
2020-01-03 appoint e
  common-seats: dee, eve
  a-seats: fay, gus
"""
COMPANY = """
2020-01-01 company e
  law pack: none
  class c
    votes per share: 1
  rules
    merge: majority of votes
"""


def asked(structure: Structure, question: str, party: str, directors: str = "loyal") -> dict[str, WhatIf]:
    found = what_would_change(structure, question, party, directors=directors)  # type: ignore[arg-type]
    assert isinstance(found, tuple), found
    assert not isinstance(found, NoSuchMatter)
    return {each.question: each for each in found}


def words(found: WhatIf, *kinds: str) -> list[str]:
    return [change.words for change in found.changes if not kinds or change.kind in kinds]


def test_votes_are_counted_to_the_last_one() -> None:
    alone = asked(written(TWO_CLASSES), "e: wind up", "ada")["alone"]
    assert not alone.holds
    assert words(alone, "consents") == ["if bo + cy agreed too"]
    assert words(alone, "votes") == []  # no number of shares stands in for the consent of bo
    block = asked(written(TWO_CLASSES), "e: wind up", "ada")["can block"]
    assert words(block, "votes") == ["if 60,000 more common of e (ada now holds 40,000 of 200,000) moved to ada"]
    passing = asked(written(TWO_CLASSES.replace(" and consent of bo", "")), "e: wind up", "ada")["alone"]
    assert words(passing, "votes") == ["if 60,001 more common of e (ada now holds 40,000 of 200,000) moved to ada"]
    assert passing.changes[1].answer == "ada would pass e: wind up alone"
    assert [basis.words for basis in passing.changes[1].because] == ["ada: 40,000 common"]


def test_one_part_of_a_rule_dropped() -> None:
    structure = written(TWO_CLASSES)
    assert words(asked(structure, "e: wind up", "cy")["alone"], "rule") == [
        "if the rule of e on 'wind up' did not need consent of bo"
    ]
    assert words(asked(structure, "e: wind up", "bo")["alone"], "rule") == [
        "if the rule of e on 'wind up' did not need majority of common"
    ]


def test_the_right_to_the_fewest_seats() -> None:
    alone = asked(written(TWO_CLASSES), "e: merge", "cy")["alone"]
    assert words(alone, "seats") == ["if cy filled and emptied 1 of the 3 a-seats seats of e.board"]
    assert words(alone, "votes") == ["if 501 more series-a of e (cy now holds 0 of 1,000) moved to cy"]
    # The board's rule falls away; or another class empties the seats that the series fills.
    assert "if the rule of e on 'merge' did not need majority of board" in words(alone, "rule")


def test_seats_that_another_class_could_empty() -> None:
    structure = written(
        TWO_CLASSES.replace("merge: majority of board and majority of common", "merge: majority of board")
    )
    found = asked(structure, "e: merge", "bo")
    assert found["alone"].holds
    flips = words(found["alone"], "rule")
    assert "if the a-seats seats of e.board could be emptied by majority of common" in flips
    assert "if the a-seats seats of e.board could be filled by majority of common" in flips


def test_a_director_who_decides_alone_would_need_the_seats_themselves() -> None:
    found = asked(written(TWO_CLASSES), "e: ordinary decision", "dee", "independent")
    assert words(found["alone"], "seats") == [
        "if dee itself sat in 2 of the 3 a-seats seats of e.board",
    ]


def test_a_share_of_a_vote_and_the_nearest_usual_one() -> None:
    entity = company("e", votes={"ada": 60, "bo": 40}, rules={"merge": stated("at least 75% of votes")})
    found = asked(structure_of([entity], ["ada", "bo"]), "e: merge", "ada")
    assert words(found["alone"], "rule") == [
        "if the rule of e on 'merge' needed majority of votes instead of at least 75% of votes"
    ]
    block = asked(structure_of([entity], ["ada", "bo"]), "e: merge", "bo")["can block"]
    assert block.holds
    assert words(block, "rule") == [
        "if the rule of e on 'merge' needed majority of votes instead of at least 75% of votes"
    ]
    assert words(block, "votes") == ["if 15 c of e (bo now holds 40 of 100) moved from bo to somebody else"]


def test_percentages_are_moved_to_the_hair() -> None:
    structure = written(COMPANY + "2020-01-02 holding e\n  ada: 40% of c\n  bo: 60% of c\n")
    found = asked(structure, "e: merge", "ada")
    assert words(found["alone"], "votes") == ["if more than 10% of the c of e (ada now holds 40%) moved to ada"]
    assert words(found["can block"], "votes") == ["if 10% of the c of e (ada now holds 40%) moved to ada"]


def test_a_chain_is_reached_at_any_link() -> None:
    rules = {"vote shares": stated("majority of votes"), "merge": stated("majority of votes")}
    parts = [
        company("low", votes={"mid": 60, "bo": 40}, rules=rules),
        company("mid", votes={"top": 70, "bo": 30}, rules=rules),
        company("top", votes={"ada": 55, "bo": 45}, rules=rules),
    ]
    found = asked(structure_of(parts, ["ada", "bo"]), "low: merge", "bo")["alone"]
    assert sorted(words(found, "votes")) == [
        "if 11 more c of low (bo now holds 40 of 100) moved to bo",
        "if 21 more c of mid (bo now holds 30 of 100) moved to bo",
        "if 6 more c of top (bo now holds 45 of 100) moved to bo",
    ]


def test_in_a_circle_the_least_that_breaks_it() -> None:
    rules = {"vote shares": stated("majority of votes"), "merge": stated("majority of votes")}
    parts = [
        company("left", votes={"right": 50, "ada": 50}, rules=rules),
        company("right", votes={"left": 50, "bo": 50}, rules=rules),
    ]
    structure = structure_of(parts, ["ada", "bo"])
    assert decided(structure, "left: merge").impossible
    found = asked(structure, "left: merge", "ada")["alone"]
    assert "if 1 more c of left (ada now holds 50 of 100) moved to ada" in words(found, "votes")


def test_a_consent_that_an_agreement_adds_and_a_pool() -> None:
    held = "2020-01-02 issue e\n  ada: 60 c\n  bo: 40 c\n"
    agreement = "2020-01-03 agreement sha\n  parties: e, bo\n  consent\n    of: bo\n    for: merge\n"
    found = asked(written(COMPANY + held + agreement), "e: merge", "ada")
    assert words(found["alone"], "rule") == ["if sha consent did not add the consent of bo to e: merge"]
    pool = "2020-01-03 agreement pact\n  parties: ada, bo\n  voting pool\n    members: ada, bo\n    over: e\n"
    found = asked(written(COMPANY + held + pool), "e: merge", "ada")
    assert words(found["alone"], "rule") == ["if the voting pool pact ended"]


def test_who_passes_it_could_lose_so_much() -> None:
    entity = company("e", votes={"ada": 60, "bo": 40}, rules={"merge": stated("majority of votes")})
    found = asked(structure_of([entity], ["ada", "bo"]), "e: merge", "ada")
    assert found["alone"].holds
    assert words(found["alone"], "votes") == ["if 10 c of e (ada now holds 60 of 100) moved from ada to somebody else"]
    assert words(found["can block"], "votes") == [
        "if 11 c of e (ada now holds 60 of 100) moved from ada to somebody else"
    ]


def test_what_nobody_can_change_is_not_claimed() -> None:
    entity = company("e", votes={"ada": 60, "bo": 40}, rules={"change purpose": stated("never")})
    found = asked(structure_of([entity], ["ada", "bo"]), "e: change purpose", "ada")
    assert [change for each in found.values() for change in each.changes] == []
    assert all(each.complete for each in found.values())


@pytest.mark.parametrize("seed", range(60))
def test_the_number_of_units_is_the_least_by_trying_them_all(seed: int) -> None:
    chance = random.Random(seed)
    names = ["ada", "bo", "cy"]
    rules = {
        "vote shares": stated(chance.choice(["majority of votes", "at least 2/3 of votes"])),
        "merge": stated(chance.choice(["majority of votes", "at least 60% of votes", "all but 2 of votes"])),
    }
    low = {name: chance.randint(0, 6) for name in names} | {"k": chance.randint(1, 6)}
    held = {name: chance.randint(0, 5) for name in names} | {"ada": chance.randint(1, 6)}
    parts = [
        company("e", votes={name: votes for name, votes in low.items() if votes}, rules=rules),
        company("k", votes={name: votes for name, votes in held.items() if votes}, rules=rules),
    ]
    structure = structure_of(parts, names)
    for question, found in asked(structure, "e: merge", "ada").items():
        told = {
            change.words.split(" of ")[1].split(" ")[0]: change for change in found.changes if change.kind == "votes"
        }
        for entity in ("e", "k"):
            if entity in told or any(entity == part.id for part, _ in parts):
                least = _by_trying_all(structure, entity, question, found.holds)
                number = int(told[entity].words.split()[1]) if entity in told else None
                assert number == least, (seed, question, entity, found)


def _by_trying_all(structure: Structure, entity: str, question: str, holds: bool) -> int | None:
    """Return the fewest units that flip the answer, whoever of those who do not follow ada gives them."""
    holdings = {each.party: int(each.quantity) for each in structure.holdings[entity]}
    if holds:
        givers, to = ["ada"], SOMEBODY_ELSE
    else:
        # k votes as ada does where ada can make it; taking from it takes from ada's own side.
        follows = _follows(structure, question)
        givers = [name for name in sorted(holdings, key=lambda n: (-holdings[n], n)) if name not in ("ada", *follows)]
        to = "ada"
    most = sum(holdings.get(name, 0) for name in givers)
    givers = [name for name in givers if name in holdings]
    for units in range(1, most + 1):
        changed = moved(structure, entity, "c", None, Fraction(units), to, givers)
        if _holds(changed, question) is not holds:
            return units
    return None


def _follows(structure: Structure, question: str) -> list[str]:
    decision = decide(structure, "k: vote shares")
    assert isinstance(decision, Decision)
    named = decision.alone if question == "alone" else decision.can_block
    return ["k"] if "ada" in named else []


def _holds(structure: Structure, question: str) -> bool:
    decision = decide(structure, "e: merge")
    assert isinstance(decision, Decision)
    return "ada" in (decision.alone if question == "alone" else decision.can_block)


@pytest.mark.parametrize("directors", ["loyal", "independent"])
@pytest.mark.parametrize("party", ["ada", "bo", "cy", "dee"])
def test_every_change_of_a_rule_or_seat_that_is_told_is_confirmed_by_deciding_again(party: str, directors: str) -> None:
    structure = written(TWO_CLASSES)
    for matter in ("merge", "wind up", "ordinary decision"):
        compiled = compile_matter(structure, "e", matter, directors)  # type: ignore[arg-type]
        options = {
            option.words: option.structure
            for group in (
                *changes_of_rules(structure, compiled, party),
                *changes_of_seats(structure, compiled, party),
            )
            for option in group
        }
        for question, found in asked(structure, f"e: {matter}", party, directors).items():
            assert {change.kind for change in found.changes} <= {"consents", "votes", "rule", "seats"}
            for change in found.changes:
                if change.kind in ("rule", "seats"):
                    again = decided(options[change.words], f"e: {matter}", directors)
                    named = again.alone if question == "alone" else again.can_block
                    assert (party in named) is not found.holds, change


@pytest.mark.parametrize("seed", range(12))
def test_whatever_a_book_says_the_answer_as_it_stands_is_that_of_decide(seed: int) -> None:
    chance = random.Random(seed)
    text = PERSONS + BOOK.format(
        *(clause(chance) for _ in range(8)), decides="majority", number=chance.randint(0, 3), held="30% of x"
    )
    structure = World(load_text(text)).on(DAY)
    for matter in matters_of(structure, "e")[:3]:
        for directors in ("loyal", "independent"):
            decision = decided(structure, f"e: {matter}", directors)
            for party in decision.actors[:2]:
                found = asked(structure, f"e: {matter}", party, directors)
                assert found["alone"].holds is (party in decision.alone)
                assert found["can block"].holds is (party in decision.can_block)
                assert all(each.tries <= 400 for each in found.values())


def test_the_search_is_cut_at_a_number_of_tries_and_says_so() -> None:
    rules = {"vote shares": stated("majority of votes"), "merge": stated("majority of votes")}
    parts = [
        company(f"e{at}", votes={f"e{at + 1}" if at < 15 else "ada": 60, "bo": 40}, rules=rules) for at in range(16)
    ]
    found = asked(structure_of(parts, ["ada", "bo"]), "e0: merge", "bo")
    assert not found["alone"].complete
    assert len(words(found["alone"], "votes")) == 12


def test_who_cannot_be_asked_about_is_refused_with_a_hint() -> None:
    structure = written(TWO_CLASSES)
    wrong = what_would_change(structure, "e: merge", "adda")
    assert wrong == NoSuchMatter(f"'adda' is no party on {DAY}", "did you mean 'ada'?")
    missing = what_would_change(structure, "e: mrege", "ada")
    assert isinstance(missing, NoSuchMatter)
    assert missing.hint == "did you mean 'merge'?"
    rules = {"vote shares": stated("majority of votes"), "merge": stated("majority of votes")}
    chain = structure_of(
        [company("e", votes={"k": 6, "bo": 4}, rules=rules), company("k", votes={"ada": 6, "bo": 4}, rules=rules)],
        ["ada", "bo"],
    )
    through = what_would_change(chain, "e: merge", "k")
    assert isinstance(through, NoSuchMatter)
    assert through.message == "'k' acts through others, so the question is about them"
    as_actor = what_would_change(chain, "e: merge", "k", entities_act=True)
    assert isinstance(as_actor, tuple)
    assert as_actor[0].holds


def test_the_command_prints_and_writes_what_would_change(capsys: pytest.CaptureFixture[str]) -> None:
    book = ["control", str(BOOKS / "acme"), "--on", "2021-04-01", "--directors", "loyal"]
    assert run([*book, "--matter", "acme: sell company", "--what-if", "grace"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "What would change: acme: sell company (directors loyal)" in printed
    assert "Every change was decided afresh" in printed
    assert run([*book, "--matter", "acme: sell company", "--what-if", "grace", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)["answers"][0]
    assert [(each["party"], each["question"], each["holds"]) for each in answer["would_change"]] == [
        ("grace", "alone", False),
        ("grace", "can block", False),
    ]
    assert run([*book, "--what-if", "grace"]) == 2
    assert "--what-if asks about one matter; name it with --matter" in capsys.readouterr().err
    assert run([*book, "--matter", "acme: sell company", "--what-if", "grce"]) == 2
    assert "did you mean 'grace'?" in capsys.readouterr().err
