"""Voting pools: members' votes cast as the pool decides, in chains, within circles, and beside other rules."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from control_books import PERSONS, decided, written
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.answers.readings import entities_behind
from muniment.book.accounts import World
from muniment.book.checks import check_figures
from muniment.book.load import load_text
from muniment.control import Decision, passes

COMPANY = """
2020-01-01 company acme
  law pack: none
  class common
    votes per share: 1
  class super
    votes per share: 10
  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of votes
      removed by: majority of votes
  rules
    sell company: majority of votes
    amend charter: at least 2/3 of common
    merge: majority of common and super together
    dissolve: consent of ada
"""
HELD = "2020-01-02 issue acme\n  ada: 30 common\n  bo: 30 common\n  cy: 40 common\n"


def pool(*lines: str, name: str = "pact", members: str = "ada, bo") -> str:
    inner = "".join(f"    {line}\n" for line in (f"members: {members}", "over: acme", *lines))
    return f"2020-02-01 agreement {name}\n  parties: ada, bo\n  voting pool\n{inner}"


def asked(*records: str, matter: str = "sell company", directors: str = "loyal") -> Decision:
    return decided(written(COMPANY + "".join(records)), f"acme: {matter}", directors)


def test_without_a_rule_all_members_of_a_pool_must_agree() -> None:
    decision = asked(HELD, pool())
    assert decision.coalitions == (("ada", "bo"),)
    assert "The voting pool pact does not state how it decides; all its members must agree." in decision.assumptions
    assert asked(HELD).coalitions == (("ada", "bo"), ("ada", "cy"), ("bo", "cy"))


@pytest.mark.parametrize(
    ("rule", "coalitions"),
    [
        ("majority", (("ada", "bo"), ("ada", "dee"), ("bo", "dee"))),  # one each, though dee holds one share
        ("majority of votes", (("ada",),)),  # 35 of 61
        ("majority of common", (("ada",),)),
        ("at least 25/61 of votes", (("ada",), ("bo",))),
        ("all but 1", (("ada", "bo"), ("ada", "dee"), ("bo", "dee"))),
        ("2 of (ada, bo, dee)", (("ada", "bo"), ("ada", "dee"), ("bo", "dee"))),
        ("majority of members", (("ada", "bo"), ("ada", "dee"), ("bo", "dee"))),
        ("consent of ada", (("ada",),)),
        ("eve", (("eve",),)),
        ("never", ()),
    ],
)
def test_a_pool_decides_by_any_rule(rule: str, coalitions: tuple[tuple[str, ...], ...]) -> None:
    held = "2020-01-02 issue acme\n  ada: 35 common\n  bo: 25 common\n  cy: 39 common\n  dee: 1 common\n"
    decision = asked(held, pool(f"decides by: {rule}", members="ada, bo, dee"))
    assert decision.coalitions == coalitions


def test_the_votes_of_several_classes_are_bound_and_of_one_class_too() -> None:
    held = HELD + "2020-01-03 issue acme\n  bo: 2 super\n"
    records = (held, pool("decides by: bo"))
    assert asked(*records).alone == ("bo",)  # 80 of 120
    assert asked(*records, matter="merge").alone == ("bo",)
    assert asked(*records, matter="amend charter").coalitions == (("bo", "cy"),)
    assert asked(held, matter="amend charter").coalitions == (("ada", "cy"), ("bo", "cy"))


def test_seats_and_consents_by_name_are_not_bound() -> None:
    records = (HELD, pool("decides by: bo"), "2020-02-02 appoint acme\n  directors: ada, cy, dee\n")
    assert asked(*records, matter="dissolve").coalitions == (("ada",),)
    seats = asked(*records, matter="ordinary decision", directors="independent")
    assert seats.coalitions == (("ada", "cy"), ("ada", "dee"), ("cy", "dee"))
    assert asked(*records, matter="ordinary decision").coalitions == (("bo",),)  # who removes and fills them


def test_a_proxy_is_a_pool_of_one_member() -> None:
    held = "2020-01-02 issue acme\n  ada: 60 common\n  bo: 40 common\n"
    proxy = pool("decides by: gus", members="ada")
    decision = asked(held, proxy)
    assert decision.alone == ("gus",)
    assert "ada" not in decision.actors
    assert [mark.condition for mark in decision.reading_marks] == []


def test_a_revocable_pool_cannot_be_counted_on_and_is_shown_where_it_matters() -> None:
    held = "2020-01-02 issue acme\n  ada: 60 common\n  bo: 40 common\n"
    decision = asked(held, pool("decides by: gus", "revocable: yes", members="ada"))
    assert decision.alone == ("ada",)
    (mark,) = decision.reading_marks
    assert (mark.condition, mark.reading) == ("revocable pact", "its members vote for themselves")
    assert (mark.alone, mark.can_block) == (("gus",), ("gus",))
    assert mark.rule.record == "pact voting pool"


def test_a_revocable_pool_that_changes_nothing_shows_no_other_reading() -> None:
    (mark,) = asked(HELD, pool("decides by: all of (ada)", "revocable: yes", members="ada")).reading_marks
    assert (mark.alone, mark.can_block) == (None, None)


def test_a_member_that_is_an_entity_acts_by_its_own_rule() -> None:
    fund = "2020-01-01 company fund\n  law pack: none\n  rules\n    vote shares: 2 of (eve, fay, gus)\n"
    held = "2020-01-02 issue acme\n  ada: 30 common\n  fund: 30 common\n  cy: 40 common\n"
    decision = asked(fund, held, pool("decides by: all of (ada, fund)", members="ada, fund"))
    assert decision.coalitions == (("ada", "eve", "fay"), ("ada", "eve", "gus"), ("ada", "fay", "gus"))
    assert decision.number_of_minimal_coalitions == 3


def test_holders_who_do_not_act_together_vote_as_one_in_their_pool() -> None:
    crowd = "2020-01-01 group crowd\n  acts: apart\n"
    held = "2020-01-02 issue acme\n  crowd: 60 common\n  bo: 40 common\n"
    assert asked(crowd, held).alone == ()
    assert asked(crowd, held, pool("decides by: eve", members="crowd")).alone == ("eve",)


def test_holdings_in_percent_and_within_bounds_are_bound_too() -> None:
    percent = "2020-01-02 holding acme\n  ada: 30% of votes\n  bo: 25% of votes\n"
    decision = asked(percent, pool("decides by: bo"))
    assert decision.alone == ("bo",)
    open_ = "2020-01-02 holding acme\n  ada: 20% to 30% of votes\n  bo: 25% of votes\n"
    decision = asked(open_, pool("decides by: bo"))
    assert decision.alone == ()
    assert {(each.party, each.question) for each in decision.undetermined} >= {("bo", "alone")}


def test_a_pool_of_votes_that_are_not_stated_exactly_is_undetermined_not_guessed() -> None:
    open_ = "2020-01-02 holding acme\n  ada: 20% to 30% of votes\n  bo: 25% of votes\n  cy: 10% of votes\n"
    decision = asked(open_, pool("decides by: majority of votes", members="ada, bo, cy"))
    alone = {each.party for each in decision.undetermined if each.question == "alone"}
    assert alone == set()  # ada has at most 30 of 65, bo at most 25 of 55
    assert decision.coalitions == (("ada", "bo"), ("ada", "cy"), ("bo", "cy"))  # bo and cy: 35 of 65 at most


def test_a_circle_of_pools_and_holdings_keeps_the_least_fixpoint() -> None:
    loop = """
2020-01-01 company hold
  law pack: none
  class common
    votes per share: 1
2020-01-02 issue hold
  acme: 60 common
  dee: 40 common
2020-01-02 issue acme
  ada: 60 common
  bo: 40 common
"""
    loop += "2020-01-03 amend acme\n  rules\n    vote shares: majority of votes\n"
    decision = asked(loop, pool("decides by: hold", members="ada"))
    assert decision.impossible
    assert decision.alone == ()
    assert "acme" in decision.circular
    without = asked(
        loop.replace("acme: 60", "acme: 40").replace("dee: 40", "dee: 60"), pool("decides by: hold", members="ada")
    )
    assert without.alone == ("dee",)


def test_a_pool_whose_rule_asks_for_the_votes_of_the_same_entity_counts_its_members_only() -> None:
    decision = asked(HELD, pool("decides by: majority of votes", members="ada, bo, cy"))
    assert decision.coalitions == (("ada", "bo"), ("ada", "cy"), ("bo", "cy"))


def test_of_two_pools_over_one_entity_the_earlier_stands() -> None:
    later = pool("decides by: gus", name="second").replace("2020-02-01", "2020-03-01")
    book = load_text(PERSONS + COMPANY + HELD + pool("decides by: eve") + later)
    faults = [fault for fault in check_figures(book) if fault.code == "M516"]
    assert [fault.message for fault in faults] == [
        "'ada' is already bound by the voting pool 'pact' over 'acme'",
        "'bo' is already bound by the voting pool 'pact' over 'acme'",
    ]
    structure = World(book).on(written("").on)
    decision = decided(structure, "acme: sell company")
    assert decision.alone == ("eve",)
    assert [note for note in decision.assumptions if "two voting pools" in note] == [
        "ada is in two voting pools over acme, pact and second; pact stands.",
        "bo is in two voting pools over acme, pact and second; pact stands.",
    ]


def test_a_pool_that_has_ended_makes_room_for_another() -> None:
    first = pool("decides by: eve").replace("  parties: ada, bo\n", "  parties: ada, bo\n  until: 2020-03-01\n")
    later = pool("decides by: gus", name="second").replace("2020-02-01", "2020-03-01")
    book = load_text(PERSONS + COMPANY + HELD + first + later)
    assert [fault.code for fault in check_figures(book) if fault.code == "M516"] == []
    assert decided(World(book).on(written("").on), "acme: sell company").alone == ("gus",)


def test_an_agreement_may_have_several_pools() -> None:
    other = "2020-01-01 company other\n  law pack: none\n  class common\n2020-01-02 issue other\n  ada: 1 common\n"
    both = pool("decides by: eve") + "  voting pool\n    members: ada\n    over: other\n    decides by: fay\n"
    structure = written(COMPANY + HELD + other + both)
    assert [found.id for found in structure.pools] == ["pact", "pact/2"]
    assert decided(structure, "acme: sell company").alone == ("eve",)
    assert decided(structure, "other: ordinary decision").alone == ("fay",)


def test_a_disputed_rule_of_a_pool_is_open_for_the_entity_it_binds() -> None:
    sources = "2020-01-01 source one\n2020-01-01 source two\n"
    disputed = pool("decides by: disputed", "  - eve [@one, p. 1]", "  - fay [@two, p. 1]")
    structure = written(sources + COMPANY + HELD + disputed)
    assert structure.pools == ()
    assert [(fact.entity, fact.readings) for fact in structure.open_facts] == [("acme", ("eve", "fay"))]


def test_names_in_the_rule_of_a_pool_must_be_defined() -> None:
    book = load_text(PERSONS + COMPANY + HELD + pool("decides by: all of (ada, nobody-known)"))
    assert [fault.code for fault in book.diagnostics if fault.severity == "error"] == ["M302"]


def test_who_stands_behind_an_entity_includes_the_pools_that_bind_its_votes() -> None:
    fund = "2020-01-01 company fund\n  law pack: none\n  rules\n    vote shares: eve\n"
    structure = written(COMPANY + HELD + fund + pool("decides by: fund"))
    assert entities_behind(structure, "acme") == {"acme", "fund"}


def test_the_reason_names_the_pool_and_rests_on_its_record() -> None:
    decision = asked(HELD, pool("decides by: majority", members="ada, bo"))
    assert any("voting pool pact decides" in sentence for sentence in decision.why)
    assert any(basis.record == "pact voting pool" for basis in decision.because)


def test_votes_are_counted_as_the_pool_casts_them() -> None:
    structure = written(COMPANY + HELD + pool("decides by: bo"))
    assert passes(structure, "acme: sell company", ["bo"]).passes  # type: ignore[union-attr]
    assert not passes(structure, "acme: sell company", ["ada", "cy"]).passes  # type: ignore[union-attr]


NAMES = ("ada", "bo", "cy", "dee", "eve")


@given(
    votes=st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any),
    homes=st.lists(st.integers(0, 2), min_size=5, max_size=5),
    by_heads=st.lists(st.booleans(), min_size=2, max_size=2),
)
@settings(max_examples=60, deadline=None)
def test_pools_agree_with_counting_every_coalition(votes: list[int], homes: list[int], by_heads: list[bool]) -> None:
    """Members of pools 1 and 2 (home 0 is no pool); the second road casts each coalition's votes by hand."""
    records = (
        COMPANY
        + "2020-01-02 issue acme\n"
        + "".join(f"  {name}: {number} common\n" for name, number in zip(NAMES, votes, strict=True) if number)
    )
    pools: list[tuple[list[str], bool]] = []
    for number in (1, 2):
        members = [name for name, home in zip(NAMES, homes, strict=True) if home == number]
        if members:
            rule = "majority" if by_heads[number - 1] else "majority of votes"
            records += pool(f"decides by: {rule}", name=f"pact-{number}", members=", ".join(members))
            pools.append((members, by_heads[number - 1]))
    held = dict(zip(NAMES, votes, strict=True))

    def carries(agreeing: frozenset[str]) -> bool:
        for_it = sum(held[name] for name, home in zip(NAMES, homes, strict=True) if not home and name in agreeing)
        for members, heads in pools:
            weights = {name: 1 if heads else held[name] for name in members}
            if sum(weights[name] for name in members if name in agreeing) * 2 > sum(weights.values()):
                for_it += sum(held[name] for name in members)
        return Fraction(for_it) > Fraction(sum(votes), 2)

    winning = [frozenset(c) for size in range(6) for c in combinations(NAMES, size) if carries(frozenset(c))]
    minimal = {c for c in winning if not any(other < c for other in winning)}
    decision = decided(written(records), "acme: sell company")
    assert {frozenset(c) for c in decision.coalitions} == minimal
