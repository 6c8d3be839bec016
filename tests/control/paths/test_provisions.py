"""Provisions: each is written as lines of an amendment, and those lines, once adopted, mean what the provision does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from control_books import decided, written

from muniment.book.structure import Entity, Structure
from muniment.control import matters_of
from muniment.control.paths.catalog import ENTRENCHED, KINDS, LOCKED, Offered
from muniment.control.paths.catalog_lines import amendment, changed_places
from muniment.control.paths.catalog_places import both, changed_by, places_of, rule_at
from muniment.control.paths.cuts import adopted
from muniment.control.paths.provisions import provisions_for
from muniment.model.rule_reader import parse_rule
from muniment.model.rule_writer import format_rule
from muniment.model.rules import Never, RuleFault

COMPANY = """
2020-01-01 company acme "Acme"
  law pack: none
  class common "Common"
    authorized: 1,000
    votes per share: 1
  class super "Super"
    authorized: 100
    votes per share: 10
  board
    decides by: majority
    seats founders
      number: 2
      filled by: majority of super
      removed by: majority of super
    seats outside
      number: 3 to 9
      filled by: majority of common and super together
      removed by: majority of common and super together
        changed by: amend bylaws
  office ceo
    filled by: majority of board
    removed by: majority of board
  rules
    sell company: majority of board or majority of votes
    change board size: majority of votes
    amend charter: board and majority of votes
    amend bylaws: majority of votes
    issue shares: board
    act by written consent: majority of votes
2020-01-02 issue acme
  ada: 60 super
  bo: 20 super
  ada: 100 common
  cy: 400 common
2020-01-03 appoint acme
  founders: ada, bo
  outside: cy, dee
2020-01-03 appoint acme
  id: the-ceo
  ceo: eve
"""
UNDER_DELAWARE = COMPANY.replace("law pack: none", "law: Delaware\n  annual meeting: 05-01").partition("  rules")[0] + (
    """  rules
    sell company: majority of votes
2020-01-02 issue acme
  ada: 60 super
  cy: 400 common
2020-01-03 appoint acme
  founders: ada, bo
  outside: cy, dee
"""
)
SELF_PERPETUATING = """
2020-01-01 nonprofit lighthouse "Lighthouse"
  law pack: none
  board
    decides by: majority
    seats directors
      number: 6
      filled by: majority of board
      removed by: majority of board
  rules
    appoint ceo: majority of board
2020-01-03 appoint lighthouse
  directors: ada, bo, cy, dee, eve, fay
"""
PARTNERSHIP = """
2020-01-01 company gp "General partner"
  law pack: none
  class common "Common"
    votes per share: 1
  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of votes
      removed by: majority of votes
  rules
    amend charter: majority of votes
2020-01-01 partnership fund "Fund"
  law pack: none
  general partner: gp
  class interests "Interests"
    votes per unit: 1
  rules
    sell company: consent of general partner
    remove general partner: at least 2/3 of interests
2020-01-02 issue gp
  ada: 60 common
  bo: 40 common
2020-01-02 issue fund
  cy: 50 interests
  dee: 50 interests
2020-01-03 appoint gp
  directors: ada, bo, eve
"""
BOOKS = {
    "company": (COMPANY, "acme: sell company"),
    "its chief executive": (COMPANY, "acme: appoint ceo"),
    "its directors": (COMPANY, "acme: elect directors"),
    "what no rule names": (COMPANY, "acme: borrow"),
    "company under Delaware": (UNDER_DELAWARE, "acme: sell company"),
    "its charter": (UNDER_DELAWARE, "acme: amend charter"),
    "nonprofit": (SELF_PERPETUATING, "lighthouse: appoint ceo"),
    "partnership": (PARTNERSHIP, "fund: sell company"),
}


def offers(name: str) -> tuple[str, Structure, tuple[Offered, ...]]:
    text, question = BOOKS[name]
    structure = written(text)
    entity, _, matter = question.partition(": ")
    return text, structure, provisions_for(structure, entity, matter)


def amended(text: str, entity: str, lines: tuple[str, ...]) -> Structure:
    """Load a book with lines adopted."""
    return written("\n".join([text, f"2021-06-01 amend {entity}", *lines, ""]), on=date(2022, 1, 1))


def rules_of(entity: Entity) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return each rule in force with what changes it, by its place."""
    found = {("matter", name, ""): rule for name, rule in entity.rules.items()}
    for body in entity.bodies.values():
        found["decides by", body.id, ""] = body.decides_by
        for group in body.groups.values():
            found["filled by", group.id, body.id] = group.filled_by
            found["removed by", group.id, body.id] = group.removed_by
            found["vacancies filled by", group.id, body.id] = group.vacancies_filled_by
    return {place: (rule.text, rule.changed_by or "") for place, rule in found.items() if rule is not None}


def same(one: Structure, other: Structure, questions: Iterable[str]) -> None:
    """Assert that two structures say the same, of rules and of who decides."""
    for name, entity in one.entities.items():
        there = other.entities[name]
        assert rules_of(entity) == rules_of(there)
        for body in entity.bodies.values():
            loaded = there.bodies[body.id]
            assert body.changed_by == loaded.changed_by
            for group in body.groups.values():
                of = loaded.groups[group.id]
                assert (group.least, group.most, group.changed_by) == (of.least, of.most, of.changed_by)
                assert (group.for_cause_only, len(group.seats)) == (of.for_cause_only, len(of.seats))
    for asked in dict.fromkeys(questions):
        for directors in ("loyal", "independent"):
            a = decided(one, asked, directors)
            b = decided(other, asked, directors)
            assert (a.alone, a.can_block, a.coalitions, a.banzhaf, a.impossible) == (
                b.alone, b.can_block, b.coalitions, b.banzhaf, b.impossible,
            ), (asked, directors)  # fmt: skip


def everything(structure: Structure) -> list[str]:
    """Return every question that a structure and the standard have."""
    more = ("amend charter", "amend bylaws", "elect directors", "remove directors", "fill vacancies", "issue shares",
            "change board size", "ordinary decision", "borrow")  # fmt: skip
    return [f"{name}: {matter}" for name in structure.entities for matter in (*matters_of(structure, name), *more)]


@pytest.mark.parametrize("name", BOOKS)
def test_lines_adopted_mean_what_the_provision_does(name: str) -> None:
    text, structure, offered = offers(name)
    assert offered
    assert len({each.provision.id for each in offered}) == len(offered)
    for each in offered:
        after = each.adopt(structure)
        assert after != structure
        loaded = amended(text, each.provision.entity, each.provision.lines)
        before, now = structure.entities[each.provision.entity], after.entities[each.provision.entity]
        touched = [place.name for place in changed_places(before, now) if place.label == "matter"]
        matters = [*touched, "ordinary decision", "amend charter", "elect directors", "remove directors"]
        same(after, loaded, [BOOKS[name][1], *(f"{now.id}: {matter}" for matter in matters)])


@pytest.mark.parametrize("name", BOOKS)
def test_all_together_are_written_as_one_amendment(name: str) -> None:
    text, structure, offered = offers(name)
    after = adopted(structure, offered)
    records = [text]
    for entity in structure.entities.values():
        lines = amendment(entity, after.entities[entity.id])
        if lines:
            records += [f"2021-06-01 amend {entity.id}", *lines]
    loaded = written("\n".join([*records, ""]))
    same(after, loaded, everything(loaded))


@pytest.mark.parametrize("name", BOOKS)
def test_adopting_deletes_nothing(name: str) -> None:
    _, structure, offered = offers(name)
    for each in offered:
        before, after = structure.entities[each.provision.entity], each.adopt(structure).entities[each.provision.entity]
        assert before.rules.keys() <= after.rules.keys()
        assert before.classes.keys() == after.classes.keys()
        for place in changed_places(before, after):
            if place.label in ("number", "votes", "decides by") or place.name in (ENTRENCHED, LOCKED):
                continue
            was = rule_at(structure, before, place)
            now = rule_at(structure, after, place)
            assert now is not None
            if was is not None and not isinstance(now.rule, Never) and each.provision.kind != "vote cap":
                assert format_rule(both(now.rule, was.rule)) == format_rule(now.rule)


def test_every_kind_is_offered_where_it_applies() -> None:
    seen = {each.provision.kind for name in BOOKS for each in offers(name)[2]}
    assert seen == set(KINDS)


def of_kind(name: str, kind: str) -> list[Offered]:
    return [each for each in offers(name)[2] if each.provision.kind == kind]


def question(name: str) -> str:
    return BOOKS[name][1]


def test_a_purpose_lock_needs_the_outside_and_lasts() -> None:
    structure = written(COMPANY)
    (lock,) = of_kind("company", "purpose lock")
    after = lock.adopt(structure)
    assert decided(structure, question("company")).alone == ("ada",)
    assert decided(after, question("company")).can_block == ("ada", "attorney general")
    acme = after.entities["acme"]
    assert changed_by(acme, places_of(acme, "sell company")[0]) == LOCKED
    assert decided(after, f"acme: {LOCKED}").impossible


def test_a_class_veto_gives_a_class_or_its_seats_a_say() -> None:
    structure = written(COMPANY)
    by_id = {each.provision.id: each for each in of_kind("company", "class veto")}
    after = by_id["class-veto:acme.sell-company.common"].adopt(structure)
    assert decided(after, question("company")).alone == ()
    assert "cy" in decided(after, question("company")).can_block
    assert "class-veto:acme.sell-company.founders" in by_id


def test_a_class_that_only_those_asked_about_hold_gives_no_veto() -> None:
    structure = written(UNDER_DELAWARE)
    ids = [each.provision.id for each in provisions_for(structure, "acme", "sell company", ["ada"])]
    assert "class-veto:acme.sell-company.common" in ids
    assert "class-veto:acme.sell-company.super" not in ids
    assert "sunset:acme.super" in ids
    assert "sunset:acme.super" not in [
        e.provision.id for e in provisions_for(structure, "acme", "sell company", ["cy"])
    ]


def test_a_cap_takes_the_majority_away_from_one_holder() -> None:
    structure = written(COMPANY)
    (cap,) = of_kind("company", "vote cap")
    assert decided(structure, "acme: amend bylaws").alone == ("ada",)
    assert decided(cap.adopt(structure), "acme: amend bylaws").alone == ()


def test_a_sunset_leaves_one_vote_a_share() -> None:
    structure = written(COMPANY)
    (sunset,) = of_kind("company", "sunset")
    after = sunset.adopt(structure)
    assert after.entities["acme"].classes["super"].votes == 1
    assert decided(after, "acme: amend bylaws").alone == ("cy",)


def test_an_entrenchment_covers_what_says_otherwise_of_itself() -> None:
    structure = written(COMPANY)
    by_id = {each.provision.id: each for each in of_kind("company", "entrench")}
    after = by_id["entrench:acme.board.outside"].adopt(structure).entities["acme"]
    places = changed_places(structure.entities["acme"], after)
    assert {changed_by(after, place) for place in places} == {ENTRENCHED}
    assert ("removed by", "outside", "board") in places
    everyone = decided(by_id["entrench:acme.board.outside"].adopt(structure), f"acme: {ENTRENCHED}")
    assert set(everyone.can_block) >= {"ada", "bo", "cy"}


def test_how_the_board_decides_is_entrenched_without_its_seats() -> None:
    structure = written(COMPANY)
    by_id = {each.provision.id: each for each in of_kind("company", "entrench")}
    before = structure.entities["acme"]
    after = by_id["entrench:acme.board.decides-by"].adopt(structure).entities["acme"]
    (decides,) = (place for place in changed_places(before, after) if place.label == "decides by")
    assert changed_by(after, decides) == ENTRENCHED
    for label in ("filled by", "removed by"):
        place = decides._replace(label=label, name="outside", body="board")
        assert changed_by(after, place) == changed_by(before, place) != ENTRENCHED


def test_two_thirds_are_asked_beside_what_stands() -> None:
    structure = written(SELF_PERPETUATING)
    (more,) = of_kind("nonprofit", "supermajority amendment")
    assert decided(structure, "lighthouse: amend charter").smallest_coalition == 4
    structure = written(SELF_PERPETUATING.replace("number: 6", "number: 7").replace("eve, fay", "eve, fay, gus"))
    (more,) = (
        each
        for each in provisions_for(structure, "lighthouse", "appoint ceo")
        if each.provision.kind == "supermajority amendment"
    )
    assert decided(structure, "lighthouse: amend charter").smallest_coalition == 4
    assert decided(more.adopt(structure), "lighthouse: amend charter").smallest_coalition == 5


def test_seats_of_their_occupants_own_stay_so_where_nobody_removes_them() -> None:
    structure = written(COMPANY)
    by_id = {each.provision.id: each for each in of_kind("company", "no removal")}
    after = by_id["no-removal:acme.board.outside"].adopt(structure)
    assert "acme.board outside 1" in decided(after, "acme: ordinary decision").own_seats
    assert "acme.board outside 1" not in decided(structure, "acme: ordinary decision").own_seats
    cause = {each.provision.id: each for each in of_kind("company", "for cause")}
    after = cause["for-cause:acme.board.outside"].adopt(structure)
    assert after.entities["acme"].bodies["board"].groups["outside"].for_cause_only


def test_what_stands_already_is_not_offered_again() -> None:
    structure = written(COMPANY)
    for each in provisions_for(structure, "acme", "sell company"):
        again = {other.provision.id for other in provisions_for(each.adopt(structure), "acme", "sell company")}
        assert each.provision.id not in again


def test_a_rule_and_what_is_added_to_it_are_one_list() -> None:
    def rule(text: str):  # type: ignore[no-untyped-def]
        read = parse_rule(text)
        assert not isinstance(read, RuleFault)
        return read

    assert format_rule(both(rule("board and all of votes"), rule("all of votes"))) == "board and all of votes"
    assert (
        format_rule(both(rule("board or all of votes"), rule("2 of board"))) == "(board or all of votes) and 2 of board"
    )
    assert both(rule("never"), rule("board")) == rule("never")
