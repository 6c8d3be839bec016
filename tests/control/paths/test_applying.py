"""A move made in a structure leaves what records of its outcome leave, for every kind of move."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from control_books import decided, written

from muniment.book.structure import Structure
from muniment.control.compiled import BodyDecides, MatterPasses, SeatAgrees, SeatsEmptied, SeatsFilled
from muniment.control.paths.acts import Act, Need, RulePlace
from muniment.control.paths.applying import apply
from muniment.control.paths.moves import acts_of
from muniment.control.paths.position import Position, nominee_of, numbered_at_first, seat_now
from muniment.control.paths.reading import says

BOOK = """
2020-01-01 company e
  law pack: none
  class common
    votes per share: 1
    authorized: 1,000
  board
    decides by: majority
    seats first
      number: 2 to 4
      filled by: majority of common
      removed by: majority of common for cause only
    seats second
      number: 3
      filled by: consent of bo
      removed by: consent of bo
    seats chief
      occupant: holder of ceo
  office ceo
    filled by: majority of board
    removed by: majority of board
  rules
    sell company: majority of board and consent of holder of ceo
    merge: majority of votes
2020-01-02 issue e
  ada: 100 common
  bo: 100 common
2020-01-03 appoint e
  first: cy
  second: dee, eve, fay
  ceo: gus
2020-01-04 option call
  issuer: e
  holder: ada
  over: 50 common
"""
MATTERS = ("e: sell company", "e: merge", "e: ordinary decision", "e: elect directors")


def position_of(text: str = "") -> Position:
    return Position(written(BOOK + text))


def made(act: Act, *by: str, text: str = "") -> Structure:
    after = apply(position_of(text), act, by or ("ada",))
    assert isinstance(after, Position), after
    return after.structure


def with_real_names(structure: Structure) -> Structure:
    """Put whoever chose a nominee in the nominee's place, as a record of the outcome would name him."""

    def real(name: str | None) -> str | None:
        return name if name is None else name.removeprefix("nominee of ")

    entities = {}
    for entity in structure.entities.values():
        bodies = {
            body.id: replace(
                body,
                groups={
                    group.id: replace(
                        group, seats=tuple(replace(seat, occupant=real(seat.occupant)) for seat in group.seats)
                    )
                    for group in body.groups.values()
                },
            )
            for body in entity.bodies.values()
        }
        offices = {office.id: replace(office, holder=real(office.holder)) for office in entity.offices.values()}
        entities[entity.id] = replace(entity, bodies=bodies, offices=offices)
    return replace(structure, entities=entities)


OUTCOMES = {
    "fill seats": (
        Act(kind="fill seats", entity="e", body="board", group="first", seats=(1, 2)),
        "2020-02-01 appoint e\n  first: ada\n",
    ),
    "empty seats": (
        Act(kind="empty seats", entity="e", body="board", group="second", seats=(1, 2, 3)),
        "2020-02-01 remove e\n  second: dee, eve, fay\n",
    ),
    "elect successors": (
        Act(kind="elect successors", entity="e", body="board", group="second", seats=(1, 2)),
        "2020-02-01 remove e\n  second: dee, eve, fay\n2020-02-01 appoint e\n  second: ada, ada, fay\n",
    ),
    "enlarge board": (
        Act(kind="enlarge board", entity="e", body="board", group="first", quantity=Fraction(2)),
        "2020-02-01 amend e\n  board\n    seats first\n      number: 4\n",
    ),
    "fill office": (
        Act(kind="fill office", entity="e", office="ceo"),
        "2020-01-20 remove e\n  ceo: gus\n2020-02-01 appoint e\n  ceo: ada\n",
    ),
    "empty office": (Act(kind="empty office", entity="e", office="ceo"), "2020-02-01 remove e\n  ceo: gus\n"),
    "amend rule on a matter": (
        Act(kind="amend rule", entity="e", place=RulePlace("matter", "merge")),
        "2020-02-01 amend e\n  rules\n    merge: consent of ada\n",
    ),
    "amend what fills seats": (
        Act(kind="amend rule", entity="e", place=RulePlace("filled by", "second", "board")),
        "2020-02-01 amend e\n  board\n    seats second\n      filled by: consent of ada\n",
    ),
    "amend what empties seats": (
        Act(kind="amend rule", entity="e", place=RulePlace("removed by", "first", "board")),
        "2020-02-01 amend e\n  board\n    seats first\n      removed by: consent of ada\n",
    ),
    "amend how a body decides": (
        Act(kind="amend rule", entity="e", place=RulePlace("decides by", "board")),
        "2020-02-01 amend e\n  board\n    decides by: consent of ada\n",
    ),
    "amend an office": (
        Act(kind="amend rule", entity="e", place=RulePlace("office removed by", "ceo")),
        "2020-02-01 amend e\n  office ceo\n    removed by: consent of ada\n",
    ),
    "issue shares": (
        Act(kind="issue shares", entity="e", class_id="common", quantity=Fraction(500)),
        "2020-02-01 issue e\n  ada: 500 common\n",
    ),
    "authorize shares": (
        Act(kind="authorize shares", entity="e", class_id="common", quantity=Fraction(9000)),
        "2020-02-01 amend e\n  class common\n    authorized: 10,000\n",
    ),
    "exercise right": (
        Act(kind="exercise right", entity="e", right="call"),
        "2020-02-01 issue e\n  ada: 50 common\n",
    ),
}
BEFORE = {
    "fill office": "2020-01-20 remove e\n  ceo: gus\n",
}


@pytest.mark.parametrize("name", OUTCOMES)
@pytest.mark.parametrize("directors", ["loyal", "independent"])
def test_every_move_leaves_what_records_of_its_outcome_leave(name: str, directors: str) -> None:
    act, records = OUTCOMES[name]
    if name == "elect successors":
        records = "2020-02-01 remove e\n  second: dee, eve\n2020-02-01 appoint e\n  second: ada, bo\n"
        structure = made(replace(act, seats=(2,)), "bo")
        structure = apply_to(structure, replace(act, seats=(1,)), "ada")
    else:
        structure = made(act, text=BEFORE.get(name, ""))
    agrees_with_records(structure, written(BOOK + records), directors)


@pytest.mark.parametrize("directors", ["loyal", "independent"])
def test_a_seat_that_is_emptied_and_abolished_is_gone_as_on_record(directors: str) -> None:
    text = BOOK.replace("number: 3", "number: 2 to 3")
    where = {"entity": "e", "body": "board", "group": "second"}
    emptied = apply_to(written(text), Act(kind="empty seats", **where, seats=(2,)), "bo")
    abolished = apply_to(emptied, Act(kind="abolish vacant seats", **where, seats=(1, 2, 3)), "bo")
    agrees_with_records(abolished, written(text + "2020-02-01 remove e\n  second: eve\n"), directors)


def agrees_with_records(structure: Structure, stated: Structure, directors: str) -> None:
    for matter in MATTERS:
        ours, theirs = (decided(each, matter, directors) for each in (with_real_names(structure), stated))
        for part in ("actors", "alone", "can_block", "coalitions", "banzhaf", "impossible", "seats"):
            assert getattr(ours, part) == getattr(theirs, part), (matter, part)
    authorized = [each.entities["e"].classes["common"].authorized for each in (structure, stated)]
    assert authorized[0] == authorized[1]
    sizes = [
        sorted(
            (group.id, len(group.seats), sum(seat.occupant is None for seat in group.seats))
            for group in each.entities["e"].bodies["board"].groups.values()
        )
        for each in (structure, stated)
    ]
    assert sizes[0] == sizes[1]


def apply_to(structure: Structure, act: Act, *by: str) -> Structure:
    after = apply(Position(structure), act, by)
    assert isinstance(after, Position), after
    return after.structure


def test_every_move_changes_something() -> None:
    for name, (act, _) in OUTCOMES.items():
        before = position_of(BEFORE.get(name, ""))
        after = apply(before, act, ("ada",))
        assert isinstance(after, Position), after
        assert after.structure != before.structure, name


def test_the_general_partner_is_replaced() -> None:
    text = """
2020-01-01 partnership p
  law pack: none
  general partner: cy
  rules
    remove general partner: consent of ada
    merge: consent of general partner
"""
    after = apply(Position(written(text)), Act(kind="replace general partner", entity="p"), ("ada",))
    assert isinstance(after, Position)
    stated = written(text + "2020-02-01 amend p\n  general partner: ada\n")
    assert decided(after.structure, "p: merge").alone == decided(stated, "p: merge").alone == ("ada",)


FAULTY = {
    "no entity": Act(kind="fill seats", entity="nobody", body="board", group="first", seats=(1,)),
    "no body": Act(kind="fill seats", entity="e", body="council", group="first", seats=(1,)),
    "no group": Act(kind="empty seats", entity="e", body="board", group="third", seats=(1,)),
    "no seat": Act(kind="fill seats", entity="e", body="board", group="first", seats=(7,)),
    "ex officio": Act(kind="fill seats", entity="e", body="board", group="chief", seats=(1,)),
    "too many seats": Act(kind="enlarge board", entity="e", body="board", group="first", quantity=Fraction(3)),
    "part of a seat": Act(kind="enlarge board", entity="e", body="board", group="first", quantity=Fraction(1, 2)),
    "no quantity": Act(kind="enlarge board", entity="e", body="board", group="first"),
    "no office": Act(kind="fill office", entity="e", office="cfo"),
    "office held": Act(kind="fill office", entity="e", office="ceo"),
    "no partner": Act(kind="replace general partner", entity="e"),
    "no place": Act(kind="amend rule", entity="e"),
    "unknown place": Act(kind="amend rule", entity="e", place=RulePlace("elsewhere", "merge")),
    "no such office": Act(kind="amend rule", entity="e", place=RulePlace("office filled by", "cfo")),
    "no such body": Act(kind="amend rule", entity="e", place=RulePlace("decides by", "council")),
    "no such seats": Act(kind="amend rule", entity="e", place=RulePlace("filled by", "third", "board")),
    "no class": Act(kind="issue shares", entity="e", class_id="series-z", quantity=Fraction(1)),
    "not authorized": Act(kind="issue shares", entity="e", class_id="common", quantity=Fraction(801)),
    "no shares": Act(kind="issue shares", entity="e", class_id="common"),
    "authorize what": Act(kind="authorize shares", entity="e", class_id="series-z", quantity=Fraction(1)),
    "authorize part": Act(kind="authorize shares", entity="e", class_id="common", quantity=Fraction(1, 2)),
    "no right": Act(kind="exercise right", entity="e", right="put"),
    "wait for nothing": Act(kind="wait", entity="e"),
    "wait back": Act(kind="wait", entity="e", until=date(2019, 1, 1)),
    "wait for the unknown": Act(kind="wait", entity="e", until=date(2030, 1, 1)),
}


@pytest.mark.parametrize("name", FAULTY)
def test_what_cannot_be_done_gives_a_sentence(name: str) -> None:
    found = apply(position_of(), FAULTY[name], ("ada",))
    assert isinstance(found, str)
    assert found.endswith(".")


def test_nobody_fills_no_seat() -> None:
    act = Act(kind="fill seats", entity="e", body="board", group="first", seats=(2,))
    assert apply(position_of(), act, ()) == "Nobody makes the move: fill seats."


def test_a_seat_filled_by_a_move_agrees_whatever_its_removal_rule() -> None:
    need = Need((SeatAgrees("e", "board", "second", 1),))
    emptied = apply(
        position_of(), Act(kind="empty seats", entity="e", body="board", group="second", seats=(1,)), ("bo",)
    )
    assert isinstance(emptied, Position)
    for who, yes in ((("ada",), False), (("bo",), False)):  # vacant: it agrees to nothing, though bo could fill it
        assert says(emptied, need, who, directors="loyal", blocking=True) is yes
    fill = Act(kind="fill seats", entity="e", body="board", group="second", seats=(1, 2, 3))
    filled = apply(emptied, fill, ("ada",))
    assert isinstance(filled, Position)
    assert says(filled, need, ["ada"], directors="loyal", blocking=True)
    assert not says(filled, need, ["bo"], directors="loyal", blocking=True)
    assert filled.settled == {("e", "board", "second", 1)}
    second = filled.structure.entities["e"].bodies["board"].groups["second"].seats
    assert [seat.occupant for seat in second] == [nominee_of("ada"), "eve", "fay"]


def test_only_seats_of_others_are_emptied() -> None:
    position = position_of("2020-01-20 remove e\n  second: dee\n")
    where = {"entity": "e", "body": "board", "group": "second", "seats": (1, 2, 3)}
    vacant = [seat.number for seat in position.structure.entities["e"].bodies["board"].groups["second"].seats
              if seat.occupant is None]  # fmt: skip
    filled = apply(position, Act(kind="fill seats", **where), ("ada",))
    assert isinstance(filled, Position)
    emptied = apply(filled, Act(kind="empty seats", **where), ("bo",), allies=("ada",))
    assert isinstance(emptied, Position)
    seats = emptied.structure.entities["e"].bodies["board"].groups["second"].seats
    assert [seat.number for seat in seats if seat.occupant is not None] == vacant
    by_bo_alone = apply(filled, Act(kind="empty seats", **where), ("bo",))
    assert isinstance(by_bo_alone, Position)
    assert not by_bo_alone.settled


def test_seats_keep_their_first_numbers_when_others_are_abolished() -> None:
    position = position_of()
    entity = position.structure.entities["e"]
    board = entity.bodies["board"]
    group = board.groups["second"]
    opened = replace(group, least=1, seats=(replace(group.seats[0], occupant=None), *group.seats[1:]))
    body = replace(board, groups={**board.groups, "second": opened})
    entities = {**position.structure.entities, "e": replace(entity, bodies={"board": body})}
    position = Position(replace(position.structure, entities=entities))
    gone = apply(
        position, Act(kind="abolish vacant seats", entity="e", body="board", group="second", seats=(1, 2, 3)), ("bo",)
    )
    assert isinstance(gone, Position)
    assert [seat_now(gone, ("e", "board", "second", at)) for at in (1, 2, 3)] == [None, 1, 2]
    emptied = apply(gone, Act(kind="empty seats", entity="e", body="board", group="second", seats=(3,)), ("ada",))
    assert isinstance(emptied, Position)
    left = emptied.structure.entities["e"].bodies["board"].groups["second"].seats
    assert [(seat.number, seat.occupant) for seat in left] == [(1, "eve"), (2, None)]
    act = Act(
        kind="fill seats", entity="e", body="board", group="second", seats=(2,),
        need=Need((SeatsFilled("e", "board", "second", 2), SeatsEmptied("e", "board", "first", 2))),
    )  # fmt: skip
    first = numbered_at_first(emptied, act)
    assert first.seats == (3,)
    assert first.need.keys == (SeatsFilled("e", "board", "second", 3), SeatsEmptied("e", "board", "first", 2))
    filled = apply(emptied, first, ("ada",))
    assert isinstance(filled, Position)
    assert filled.settled == {("e", "board", "second", 3)}
    assert says(filled, Need((SeatAgrees("e", "board", "second", 3),)), ["ada"], directors="loyal", blocking=True)


def test_no_seat_goes_below_the_fewest() -> None:
    position = position_of("2020-01-20 remove e\n  second: dee, eve, fay\n")
    act = Act(kind="abolish vacant seats", entity="e", body="board", group="second", seats=(1, 2, 3))
    group = position.structure.entities["e"].bodies["board"].groups["second"]
    found = apply(position, act, ("bo",))
    assert found == "The seats second of e.board must be at least 3.", (found, group)


def test_a_wait_takes_in_what_falls_due_and_keeps_the_moves_made() -> None:
    now = position_of()
    later = written(BOOK + "2020-06-01 issue e\n  bo: 300 common\n2020-06-01 remove e\n  first: cy\n")
    day = date(2022, 6, 1)
    position = apply(now, Act(kind="issue shares", entity="e", class_id="common", quantity=Fraction(250)), ("ada",))
    assert isinstance(position, Position)
    fill = Act(kind="fill seats", entity="e", body="board", group="first", seats=(1, 2))
    position = apply(position, fill, ("ada",))
    assert isinstance(position, Position)
    asked: list[date] = []

    def ahead(when: date) -> Structure:
        asked.append(when)
        return replace(later, on=when)

    waited = apply(position, Act(kind="wait", entity="e", until=day), (), ahead)
    assert isinstance(waited, Position)
    assert asked == [day]
    assert waited.structure.on == day
    held = {each.party: each.quantity for each in waited.structure.holdings["e"]}
    assert held == {"ada": 350, "bo": 400}
    assert waited.settled == {("e", "board", "first", 2)}  # seat 1 fell vacant later, and was not filled by the move
    lots = next(each.lots for each in waited.structure.holdings["e"] if each.party == "ada")
    assert [lot.since for lot in lots] == [date(2020, 1, 2), now.structure.on]


def test_an_entity_agrees_as_its_own_rule_does_or_as_it_is_named() -> None:
    text = """
2020-01-01 company h
  law pack: none
  rules
    vote shares: consent of cy
2020-01-01 company k
  law pack: none
  class common
    votes per share: 1
  rules
    merge: majority of votes
2020-01-02 issue k
  h: 60 common
  bo: 40 common
"""
    position = Position(written(text))
    for need in (Need((MatterPasses("k", "merge"),)), Need((), ("h",))):
        for who, yes in ((["cy"], True), (["h"], True), (["bo"], False)):
            assert says(position, need, who, directors="loyal", blocking=True) is yes
    both = Need((MatterPasses("k", "merge"),), ("bo",))
    assert not says(position, both, ["cy"], directors="loyal", blocking=True)
    assert says(position, both, ["cy", "bo"], directors="loyal", blocking=True)
    assert not says(position, Need((BodyDecides("k", "board"),)), ["cy"], directors="loyal", blocking=True)


def test_the_moves_derived_from_a_structure_can_be_made() -> None:
    structure = written(BOOK)
    for matter in ("sell company", "merge"):
        for act in acts_of(structure, "e", matter):
            found = apply(Position(structure), act, ("ada",))
            # Shares beyond those authorized, full seats or offices, and what a rule bars wait for another move.
            waits = act.after is not None or act.kind in ("issue shares", "fill office", "fill seats", "empty seats")
            assert isinstance(found, Position) or waits, found
