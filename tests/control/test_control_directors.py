"""Loyal and independent directors: who stands behind a seat, and when it is its occupant's own."""

from __future__ import annotations

import pytest
from control_books import board, company, decided, stated, structure_of, tree, written

from muniment.control.compile import rules_of_seat
from muniment.model.rules import Never

BOARD = """
2020-01-01 company e
  law pack: none
  class c
    votes per share: 1
  class d
    votes per share: 1
  board
    decides by: majority
    seats s
      number: 1
{seat}
  office ceo
    filled by: consent of eve
    removed by: consent of eve
  rules
    merge: majority of board

2020-01-01 issue e
  ada: 60 c
  bo: 40 c
{appointed}
"""
SITTING = "2020-01-02 appoint e\n  s: cy\n"


def seat(lines: str, *, appointed: bool = True) -> str:
    rules = "\n".join(f"      {line.strip()}" for line in lines.strip().splitlines())
    return BOARD.format(seat=rules, appointed=SITTING if appointed else "")


@pytest.mark.parametrize(
    ("rules", "alone", "own"),
    [
        ("filled by: majority of c\nremoved by: majority of c", ("ada",), False),
        ("filled by: dee\nremoved by: dee", ("dee",), False),
        # both must be satisfied by those who agree
        ("filled by: dee\nremoved by: majority of c", (), False),
        # missing, never, for cause only: the occupant's own
        ("filled by: majority of c", ("cy",), True),
        ("removed by: majority of c", ("cy",), True),
        ("filled by: majority of c\nremoved by: never", ("cy",), True),
        ("filled by: never\nremoved by: majority of c", ("cy",), True),
        ("filled by: majority of c\nremoved by: majority of c for cause only", ("cy",), True),
        # an electorate without recorded holders counts as missing
        ("filled by: majority of c\nremoved by: majority of d", ("cy",), True),
        ("filled by: majority of c\nremoved by: majority of c or majority of d", ("ada",), False),
        ("filled by: majority of c\nremoved by: majority of c and majority of d", ("cy",), True),
        # leading back to its own body; an `or` only if every alternative does
        ("filled by: majority of board\nremoved by: majority of board", ("cy",), True),
        ("filled by: majority of c\nremoved by: majority of board", ("cy",), True),
        ("filled by: majority of c\nremoved by: majority of c or majority of board", ("ada",), False),
        ("filled by: majority of c\nremoved by: majority of c and majority of board", ("cy",), True),
        ("filled by: majority of c or dee\nremoved by: dee or majority of board", ("dee",), False),
        # vacancies: a removed director is replaced as vacancies are
        ("filled by: majority of c\nvacancies filled by: dee\nremoved by: majority of c or dee", ("dee",), False),
        ("filled by: majority of c\nvacancies filled by: majority of board\nremoved by: majority of c", ("cy",), True),
    ],
)
def test_a_filled_seat(rules: str, alone: tuple[str, ...], own: bool) -> None:
    decision = decided(written(seat(rules)), "e: merge")
    assert decision.alone == alone
    assert bool(decision.own_seats) is own
    independent = decided(written(seat(rules)), "e: merge", "independent")
    assert independent.alone == ("cy",)
    assert independent.own_seats == ()


@pytest.mark.parametrize(
    ("rules", "alone", "impossible"),
    [
        ("filled by: dee\nremoved by: majority of board", ("dee",), False),
        ("filled by: dee\nremoved by: never", ("dee",), False),
        ("filled by: majority of board\nremoved by: dee", (), True),
        ("filled by: never\nremoved by: dee", (), True),
        ("removed by: dee", (), True),
    ],
)
def test_a_vacant_seat_looks_at_who_fills_it(rules: str, alone: tuple[str, ...], impossible: bool) -> None:
    structure = written(seat(rules, appointed=False))
    decision = decided(structure, "e: merge")
    assert (decision.alone, decision.impossible) == (alone, impossible)
    assert decided(structure, "e: merge", "independent").impossible


def test_an_ex_officio_seat_uses_the_rules_of_its_office() -> None:
    text = seat("occupant: holder of ceo", appointed=False) + "2020-01-02 appoint e\n  ceo: gus\n"
    assert decided(written(text), "e: merge").alone == ("eve",)
    assert decided(written(text), "e: merge", "independent").alone == ("gus",)


def test_a_packs_rule_for_vacancies_does_not_count() -> None:
    body = board(["cy"], filled_by=stated("ada"), removed_by=stated("ada"))
    group = body.groups["seats"]
    packed, _ = company(
        "e", bodies={"board": body}, rules={"fill vacancies": stated("majority of board", assumed=True)}
    )
    assert rules_of_seat(packed, "board", group)[1] is group.filled_by
    own, _ = company("e", bodies={"board": body}, rules={"fill vacancies": stated("majority of board")})
    assert rules_of_seat(own, "board", group)[1] is own.rules["fill vacancies"]


TWO_BOARDS = """
2020-01-01 company a
  law pack: none
  board
    decides by: majority
    seats s
      number: 3
      filled by: consent of b
      removed by: consent of b
  rules
    merge: majority of board
2020-01-01 company b
  law pack: none
  board
    decides by: majority
    seats s
      number: 3
      filled by: {of_b}
      removed by: {of_b}
2020-01-02 appoint a
  s: ada, bo, cy
2020-01-02 appoint b
  s: dee, eve, fay
"""


def test_boards_that_appoint_each_other_are_their_members_own() -> None:
    decision = decided(written(TWO_BOARDS.format(of_b="consent of a")), "a: merge")
    assert decision.own_seats == ("a.board s 1", "a.board s 2", "a.board s 3")
    assert decision.smallest_coalition == 2
    assert decision.actors == ("ada", "bo", "cy")


def test_a_board_appointed_by_a_board_that_stands_elsewhere_follows_it() -> None:
    decision = decided(written(TWO_BOARDS.format(of_b="consent of gus")), "a: merge")
    assert decision.alone == ("gus",)
    assert decision.own_seats == ()
    assert decision.through == ("a.board", "b", "b.board")


def test_a_minority_held_by_the_company_s_own_subsidiary_leads_nowhere() -> None:
    text = """
2020-01-01 company top
  law pack: none
  class c
    votes per share: 1
  board
    decides by: majority
    seats s
      number: 1
      filled by: majority of votes
      removed by: majority of votes
  rules
    merge: majority of board
2020-01-01 company sub
  law pack: none
  rules
    vote shares: consent of top
2020-01-01 issue top
  ada: 60 c
  sub: 40 c
2020-01-02 appoint top
  s: bo
"""
    decision = decided(written(text), "top: merge")
    assert decision.alone == ("ada",)
    assert decision.own_seats == ()
    held = decided(written(text.replace("ada: 60", "ada: 40").replace("sub: 40", "sub: 60")), "top: merge")
    assert held.own_seats == ("top.board s 1",)
    assert held.alone == ("bo",)


def test_one_who_holds_shares_and_a_seat_is_one_actor() -> None:
    decision = decided(
        written(
            seat("filled by: majority of c\nremoved by: never")
            .replace("merge: majority of board", "merge: majority of board and majority of c")
            .replace("s: cy", "s: ada")
        ),
        "e: merge",
    )
    assert decision.alone == ("ada",)
    assert decision.actors == ("ada", "bo")


def test_a_corporate_director_acts_by_its_own_rule() -> None:
    inner, _ = company("inner", rules={"vote shares": stated("2 of (ada, bo, cy)")})
    outer, _ = company("outer", bodies={"board": board(["inner"])}, rules={"merge": stated("majority of board")})
    structure = structure_of([(inner, ()), (outer, ())], ["ada", "bo", "cy"])
    decision = decided(structure, "outer: merge", "independent")
    assert decision.coalitions == (("ada", "bo"), ("ada", "cy"), ("bo", "cy"))
    assert decision.through == ("inner", "outer.board")


def test_never_is_impossible() -> None:
    locked, held = company("locked", votes={"ada": 1}, rules={"merge": tree(Never())})
    decision = decided(structure_of([(locked, held)], ["ada"]), "locked: merge")
    assert decision.impossible
    assert decision.alone == decision.can_block == decision.coalitions == decision.blocking_sets == ()
    assert decision.because
