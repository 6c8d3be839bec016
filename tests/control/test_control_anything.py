"""Whatever a book says, a question has an answer: random rules, holdings and seats, good and senseless."""

from __future__ import annotations

import random

import pytest
from control_books import DAY, PERSONS

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.control import Decision, decide, matters_of, passes, to_json

ELECTORATES = [
    "board",
    "audit",
    "s",
    "c",
    "x",
    "votes",
    "trustees",
    "members",
    "others of c",
    "(ada, bo)",
    "c and x together",
    "nothing",
]
SHARES = [
    "majority",
    "more than 10%",
    "at least 2/3",
    "all",
    "all but 1",
    "3",
    "plurality",
    "cumulative",
    "all but 99",
    "0%",
]
CONDITIONS = [
    "",
    "outstanding",
    "cast",
    "present",
    "in office",
    "with quorum 50%",
    "excluding the one concerned",
    "excluding ada",
    "capped at 10% a holder",
    "on 3 days notice",
]
PARTIES = [
    "ada",
    "e",
    "k",
    "crowd",
    "general partner",
    "manager",
    "trustees",
    "attorney general",
    "holder of ceo",
    "holder of cfo",
]
BOOK = """
2020-01-01 group crowd
  acts: apart
2020-01-01 company k
  law pack: none
  rules
    vote shares: {0}
2020-01-01 company e
  law pack: none
  class c
    votes per share: 1
  class x
  board
    decides by: {decides}
    chair: ada, casting vote
    seats s
      number: {number}
      filled by: {1}
      removed by: {2}
    seats o
      number: 1
      votes each: 2
      occupant: holder of ceo
  board audit
    seats a
      number: 2
      filled by: {3}
  office ceo
    filled by: {4}
    removed by: {5}
  rules
    merge: {6}
    elect directors: {7}
2020-01-01 issue e
  ada: 5 c
  k: 3 c
  e: 2 c
  crowd: 1 c
2020-01-02 holding e
  bo: {held}
2020-01-03 appoint e
  ceo: cy
  a: dee
"""


def clause(chance: random.Random, depth: int = 0) -> str:
    kind = chance.choice(["vote"] * 5 + ["consent", "never", "objection", "body", "k", "joined"])
    if depth > 2 or kind == "vote":
        return f"{chance.choice(SHARES)} of {chance.choice(ELECTORATES)} {chance.choice(CONDITIONS)}".strip()
    match kind:
        case "consent":
            return f"consent of {chance.choice(PARTIES)}"
        case "never":
            return "never"
        case "objection":
            return "no objection of bo within 3 days"
        case "body":
            return chance.choice(["board", "audit"])
        case "k":
            return f"{chance.randint(1, 3)} of ({clause(chance, depth + 1)}; {clause(chance, depth + 1)})"
        case _:
            return f"({clause(chance, depth + 1)} {chance.choice(['and', 'or'])} {clause(chance, depth + 1)})"


@pytest.mark.parametrize("seed", range(40))
def test_every_question_is_answered(seed: int) -> None:
    chance = random.Random(seed)
    text = PERSONS + BOOK.format(
        *(clause(chance) for _ in range(8)),
        decides=chance.choice(["majority", "all", "majority in office", "audit"]),
        number=chance.randint(0, 3),
        held=chance.choice(["10% of votes", "less than 20% of x", "30% of x", "5 x", "about 5 x", "40% of capital"]),
    )
    structure = World(load_text(text)).on(DAY)
    for matter in [*matters_of(structure, "e"), "dissolve", "fill vacancies", "remove directors", "remove s"]:
        for directors in ("loyal", "independent"):
            decision = decide(structure, entity="e", matter=matter, directors=directors, all_indices=True)  # type: ignore[arg-type]
            assert isinstance(decision, Decision)
            assert decision.because
            assert decision.why
            assert to_json(decision)["alone"] == list(decision.alone)
            assert set(decision.alone) <= set(decision.actors)
            if decision.coalitions and decision.coalitions != ((),):
                assert sum(decision.banzhaf.values()) == sum(decision.shapley_shubik.values()) == 1
                assert set(decision.alone) == {one[0] for one in decision.coalitions if len(one) == 1}
            assert passes(structure, f"e: {matter}", ["ada", "k"])
