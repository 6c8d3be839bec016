"""What an expectation cannot ask of a mechanism: other readings, own seats, assumptions, circles, what stays."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from mechanism_books import FILES, asked, numbered

from muniment.book.accounts import World
from muniment.book.exercising import exercised
from muniment.book.structure import Structure
from muniment.control import Decision, decide, matters_of
from muniment.control.compiled import Directors

BEFORE, AFTER = date(2020, 6, 1), date(2021, 6, 1)
Names = tuple[str, ...]


def on(number: int, day: date = AFTER, under: str | None = None) -> Structure:
    return World(numbered(number).book).on(day, under)


def decided(structure: Structure, question: str, directors: Directors = "loyal") -> Decision:
    decision = decide(structure, question, directors=directors)
    assert isinstance(decision, Decision), decision
    return decision


@pytest.mark.parametrize(
    ("number", "day", "question", "condition", "alone", "can_block"),
    [
        (1, AFTER, "acme: declare dividend", "cast", ("ada", "grace", "oto"), ()),
        (1, AFTER, "acme: repurchase shares", "present", ("ada", "grace", "oto"), ()),
        (4, AFTER, "acme: amend bylaws", "with quorum 3/5", None, None),
        (7, AFTER, "acme: elect directors", "plurality", ("ada", "grace"), ()),
        (8, AFTER, "acme: elect directors", "cumulative", ("ada", "grace", "oto"), ()),
        (17, AFTER, "harbour: dissolve", "with quorum 3/5", None, None),
        (18, AFTER, "acme: set budget", "held at most", ("ada",), ("ada",)),
        (22, AFTER, "acme: elect directors", "capped", (), ()),
        (25, AFTER, "acme: elect directors", "revocable general-proxy", ("ada",), ("ada",)),
        (35, AFTER, "lighthouse: merge", "no objection of antitrust-authority", (), ()),
        (37, AFTER, "acme: merge with oto", "excluding", (), ("oto",)),
        (41, AFTER, "acme: merge", "excluding", ("ada",), ("ada",)),
        (41, AFTER, "acme: remove ceo", "excluding", (), ()),
        (52, AFTER, "acme: elect directors", "others of acme", ("ada", "grace"), ("ada", "grace")),
        (53, AFTER, "acme: call meeting", "present", ("ada", "bram", "grace", "ina", "oto"), ()),
        (61, AFTER, "acme: elect directors", "plurality", None, None),
        (56, AFTER, "acme: borrow", "excluding", (), ()),
    ],
)  # fmt: skip
def test_the_other_reading_of_what_more_consent_can_hurt(
    number: int, day: date, question: str, condition: str, alone: Names | None, can_block: Names | None
) -> None:
    marks = {mark.condition: mark for mark in decided(on(number, day), question).reading_marks}
    assert (marks[condition].alone, marks[condition].can_block) == (alone, can_block)
    assert marks[condition].rule.words


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_lists_agree_with_one_another(path: Path) -> None:
    """Who passes alone is a coalition of one, who blocks is in all of them, and the power of an actor is in one."""
    for answered in asked(path).answers:
        decision = answered.decision
        if decision is None or any("act together" in said for said in decision.assumptions):
            continue
        sets = [set(coalition) for coalition in decision.coalitions]
        assert decision.number_of_minimal_coalitions == len(sets)
        assert set(decision.alone) == {name for found in sets if len(found) == 1 for name in found}
        blocking = set.intersection(*sets) if sets else set()
        assert set(decision.can_block) == (set() if decision.impossible else blocking)
        assert {name for name, power in decision.banzhaf.items() if power} == set().union(*sets)
        assert sum(decision.shapley_shubik.values()) == (0 if decision.impossible else 1)


def test_the_limit_of_a_rights_plan_has_another_reading() -> None:
    (mark,) = decided(on(36, under="tender"), "acme: elect directors").reading_marks
    assert (mark.condition, mark.alone, mark.can_block) == ("held at most", ("oto",), ("oto",))
    assert decided(on(36, under="flip-in", day=date(2021, 8, 1)), "acme: elect directors").reading_marks == ()


def rows_of(decision: Decision) -> tuple[object, ...]:
    return (
        decision.alone,
        decision.can_block,
        decision.coalitions,
        decision.blocking_sets,
        decision.through,
        decision.banzhaf,
        decision.shapley_shubik,
        decision.seats,
    )


@pytest.mark.parametrize(
    ("number", "entity"), [(13, "acme"), (34, "acme"), (46, "lighthouse"), (47, "lighthouse"), (43, "acme")]
)
def test_what_is_no_power_changes_no_decision_at_all(number: int, entity: str) -> None:
    before, after = on(number, BEFORE), on(number, date(2022, 1, 1))
    matters = matters_of(before, entity)
    assert matters
    for matter in matters:
        for directors in get_args(Directors):
            one, two = (decided(each, f"{entity}: {matter}", directors) for each in (before, after))
            assert rows_of(one) == rows_of(two), (matter, directors)


@pytest.mark.parametrize(
    ("number", "day", "question", "seats"),
    [
        (9, BEFORE, "acme: set budget", 0),
        (9, AFTER, "acme: set budget", 3),
        (10, BEFORE, "acme: set budget", 3),
        (10, AFTER, "acme: set budget", 0),
        (15, BEFORE, "acme: set budget", 0),
        (15, AFTER, "acme: set budget", 3),
        (15, date(2022, 6, 1), "acme: set budget", 5),
        (16, BEFORE, "lighthouse: set budget", 0),
        (16, AFTER, "lighthouse: set budget", 3),
        (34, AFTER, "acme: set budget", 0),
    ],
)
def test_whose_own_seats_are(number: int, day: date, question: str, seats: int) -> None:
    assert len(decided(on(number, day), question).own_seats) == seats


def test_a_condition_of_a_seat_is_an_assumption() -> None:
    said = decided(on(11), "acme: set budget").assumptions
    assert "The seats founder of acme.board exist while Ada works for the company." in said
    assert decided(on(11, BEFORE), "acme: set budget").assumptions == ()


def test_an_observer_sits_and_has_no_vote() -> None:
    group = on(13).entities["acme"].bodies["board"].groups["observer"]
    assert (group.votes_each, group.seats[0].occupant) == (0, "ina")
    assert decided(on(13), "acme: set budget", "independent").banzhaf.keys() == {"ada", "grace", "oto"}


def test_vetoes_carry_their_nature() -> None:
    acme = on(19).entities["acme"]
    (agreed,) = acme.consents["declare dividend"]
    assert (agreed.of, agreed.nature) == ("elm", "protective")
    assert "(protective)" in acme.rules["borrow"].text
    assert "(substantive)" in on(19, date(2022, 6, 1)).entities["acme"].rules["set budget"].text
    (covenant,) = on(44).entities["acme"].consents["borrow"]
    assert (covenant.of, covenant.nature) == ("north-bank", "protective")


def test_a_circle_of_holdings_is_named() -> None:
    decision = decided(on(31, date(2022, 6, 1)), "acme: elect directors")
    assert decision.circular == ("acme", "sub")
    assert decision.if_each_lets_the_other == (("ada",), ("grace",))
    assert decided(on(31, date(2023, 6, 1)), "acme: elect directors").circular == ()


def test_leverage_and_events_stand_in_the_book_and_in_no_decision() -> None:
    for number, name, matter in (
        (45, "kestrel-cloud", "set budget"),
        (46, "staff", "appoint ceo"),
        (47, "elm", "set budget"),
    ):
        assert name not in decided(on(number), f"lighthouse: {matter}").actors
        assert numbered(number).book.records_of("leverage")


def test_a_purpose_lock_cannot_be_passed_by_everybody() -> None:
    decision = decided(on(33), "lighthouse: change purpose")
    assert decision.impossible
    assert decision.can_block == decision.alone == ()
    assert decided(on(33), "lighthouse: amend charter").impossible is False


def test_the_power_behind_a_vehicle_is_named() -> None:
    assert decided(on(30), "target: elect directors").through == ("holdco",)
    assert decided(on(28), "oak-fund: ordinary decision").blocks_through == ("oak",)
    assert decided(on(26), "acme: elect directors").blocks_through == ("family-trust",)


@pytest.mark.parametrize(
    ("number", "days"),
    [
        # a meeting on 20 days notice; then in writing, on the day
        (5, (date(2020, 6, 21), date(2021, 6, 1))),
        # no notice; then 21 days
        (6, (date(2020, 6, 1), date(2021, 6, 22))),
    ],
)
def test_notice_moves_the_first_day(number: int, days: tuple[date, ...]) -> None:
    assert tuple(found.earliest for found in numbered(number).first_days) == days


@pytest.mark.parametrize(
    ("number", "question", "on_day", "used", "alone"),
    [
        (32, "acme: elect directors", date(2021, 3, 1), (), ("ada",)),
        (32, "acme: elect directors", date(2022, 6, 1), ("call-on-ada", "warrant"), ()),
        (32, "acme: elect directors", date(2024, 6, 1), (), ("ada",)),
        (39, "acme: elect directors", date(2022, 6, 1), (), ("ada",)),
        (42, "venture: sell company", date(2021, 4, 30), (), ()),
        (60, "acme: elect directors", BEFORE, ("acme.class-b held by ada", "acme.class-b held by grace"), ("oto",)),
    ],
)
def test_rights_are_used_within_their_dates_and_events(
    number: int, question: str, on_day: date, used: Names, alone: Names
) -> None:
    structure = on(number, on_day)
    after = exercised(structure, "all")
    left = {right.id for right in after.structure.rights}
    assert tuple(right.id for right in structure.rights if right.id not in left) == used
    assert decided(after.structure, question).alone == alone


def test_one_side_of_a_shotgun_takes_all() -> None:
    structure = on(42, date(2021, 5, 2))
    for right, holder in (("shotgun-of-ada", "ada"), ("shotgun-of-grace", "grace")):
        assert decided(exercised(structure, [right]).structure, "venture: sell company").alone == (holder,)


def test_a_right_may_be_used_by_a_later_day() -> None:
    early = on(32, date(2021, 3, 1))
    for by, held in ((date(2021, 5, 31), 0), (date(2021, 12, 31), 25), (date(2022, 1, 1), 55)):
        after = exercised(early, "all", by).structure
        assert sum(each.quantity for each in after.holdings["acme"] if each.party == "birch-ventures") == held
