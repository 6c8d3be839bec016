"""Shares, control link by link, and ownership multiplied and added: published examples and properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from control_books import DAY, basis, structure_of, written
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.book.structure import Entity, Holding, ShareClass, Structure
from muniment.control.legal import Inquiry
from muniment.control.legal.chains import LARGEST_CIRCLE, Reach
from muniment.control.legal.dispersed import needed_to_outvote
from muniment.control.legal.finding import percent
from muniment.control.legal.stakes import Stake
from muniment.control.legal.uk_psc import band
from muniment.model.values import Bounded

Edge = tuple[str, str, Fraction | Bounded[Fraction]]
HALF = Fraction(1, 2)
BY_VOTES = Reach(("votes",), HALF, True, False)


def holdings(edges: Sequence[tuple[str, str, object]]) -> Structure:
    """Build entities of one class each, held in percentages; a holder that nobody holds is a person."""
    entities = list(dict.fromkeys(held for _, held, _ in edges))
    persons = [holder for holder in dict.fromkeys(h for h, _, _ in edges) if holder not in entities]
    parts: list[tuple[Entity, tuple[Holding, ...]]] = []
    for name in entities:
        entity = Entity(
            id=name, kind="company", title=name, classes={"c": ShareClass(id="c", title="c", votes=Fraction(1))},
            basis={"": basis(name)},
        )  # fmt: skip
        held = tuple(
            Holding(
                party=holder, entity=name, class_id="c", of="class", basis=(basis(f"{holder} in {name}"),),
                quantity=share if isinstance(share, Bounded) else Fraction(str(share)),
            )
            for holder, target, share in edges
            if target == name
        )  # fmt: skip
        parts.append((entity, held))
    return structure_of(parts, persons)


def between(low: str, high: str) -> Bounded[Fraction]:
    return Bounded(Fraction(low), Fraction(high), text=f"{low} to {high}")


def controlled(structure: Structure, who: str, reach: Reach = BY_VOTES) -> set[str]:
    """Return what a party controls of the whole structure."""
    inquiry = Inquiry(structure)
    found: set[str] = set()
    for name in structure.entities:
        if name != who and name in inquiry.controlled((who,), name, reach).certain:
            found.add(name)
    return found


VADALOG = [
    ("1", "2", "0.9"), ("2", "3", "1.0"), ("3", "2", "0.1"), ("3", "4", "0.9"), ("4", "5", "1.0"), ("5", "1", "0.1"),
    ("1", "6", "0.9"), ("6", "5", "1.0"), ("5", "10", "0.9"), ("10", "20", "1.0"), ("20", "1", "0.5"),
    ("1", "10", "0.9"), ("19", "5", "1.0"), ("10", "19", "0.5"),
]  # fmt: skip


def test_circular_control_is_the_least_fixpoint() -> None:
    ring = [(a, b, "0.3") for a in "abc" for b in "abc" if a != b]
    assert {name: controlled(holdings(ring), name) for name in "abc"} == {"a": set(), "b": set(), "c": set()}
    pair = [("a", "b", "0.3"), ("a", "c", "0.3"), ("b", "c", "0.6"), ("c", "b", "0.6")]
    structure = holdings(pair)
    assert controlled(structure, "a") == set()
    assert controlled(structure, "b") == {"c"}
    assert controlled(structure, "c") == {"b"}


def test_a_published_network_with_circles_and_a_link_of_exactly_half() -> None:
    # Entities that are over-issued in the source (5 and 10) keep each holder's share as stated.
    sound = [edge for edge in VADALOG if edge[:2] not in (("6", "5"), ("19", "5"), ("1", "10"))]
    structure = holdings(sound)
    assert controlled(structure, "1") == {"2", "3", "4", "5", "6", "10", "20"}
    assert controlled(structure, "10") == {"20"}
    assert "19" not in controlled(structure, "10")


def test_shares_are_multiplied_and_added() -> None:
    structure = holdings(
        [
            ("x", "a", "0.25"),
            ("b", "a", "0.25"),
            ("w", "b", "1"),
            ("c", "a", "0.5"),
            ("y", "c", "0.9"),
            ("z", "c", "0.1"),
        ]
    )
    inquiry = Inquiry(structure)
    owned = {name: inquiry.owned(name, "a", "capital").low for name in "xwyz"}
    assert owned == {"x": Fraction(1, 4), "w": Fraction(1, 4), "y": Fraction(9, 20), "z": Fraction(1, 20)}


def test_a_circle_is_owned_by_those_outside_it() -> None:
    # A and B hold half of C each, C half of A; the other half of A is x's: rounds without end, not one.
    structure = holdings([("a", "c", "0.5"), ("b", "c", "0.5"), ("c", "a", "0.5"), ("x", "a", "0.5")])
    inquiry = Inquiry(structure)
    assert inquiry.owned("x", "c", "capital") == inquiry.owned("x", "c", "votes")
    assert inquiry.owned("x", "c", "capital").low == Fraction(1, 3)
    assert inquiry.owned("b", "c", "capital").low == Fraction(2, 3)


def test_a_circle_that_nobody_outside_owns_has_no_shares() -> None:
    structure = holdings([("alpha", "beta", "1"), ("beta", "alpha", "1")])
    stake = Inquiry(structure).owned("alpha", "beta", "capital")
    assert (stake.low, stake.high) == (0, 1)
    assert stake.facts == ("who stands behind the circle of beta, alpha",)


def test_bounded_links_give_a_bounded_product() -> None:
    structure = holdings([("a", "b", "0.5"), ("b", "c", between("0.5", "1")), ("c", "e", "1")])
    for target in "ce":
        stake = Inquiry(structure).owned("a", target, "capital")
        assert (stake.low, stake.high) == (Fraction(1, 4), Fraction(1, 2))
    control = Inquiry(structure).controlled(("b",), "c", BY_VOTES)
    assert (control.certain, control.possible) == ((), ("c",))


def test_a_circle_beyond_the_limit_is_open_not_hung() -> None:
    size = LARGEST_CIRCLE + 1
    ring = [(f"e{n}", f"e{(n + 1) % size}", "0.5") for n in range(size)] + [("x", "e0", "0.5")]
    stake = Inquiry(holdings(ring)).owned("x", "e1", "capital")
    assert (stake.low, stake.high) == (0, 1)


def test_own_shares_are_left_out() -> None:
    structure = holdings([("a", "a", "0.2"), ("p", "a", "0.4"), ("q", "a", "0.4")])
    stakes = Inquiry(structure).stakes("a", "votes").each
    assert "a" not in stakes


shares = st.integers(0, 100)


@st.composite
def networks(draw: st.DrawFn) -> list[tuple[str, str, Fraction]]:
    """Return holdings of up to five entities, circles included; of each no more than all is held."""
    entities = [f"e{n}" for n in range(draw(st.integers(1, 5)))]
    found = []
    for name in entities:
        left = 100
        for holder in [*entities, "p", "q", "r"]:
            part = min(draw(st.one_of(st.just(0), shares)), left)
            if part and holder != name:
                found.append((holder, name, Fraction(part, 100)))
                left -= part
        if left == 100:
            found.append(("p", name, Fraction(1, 100)))
    return found


def closure(edges: Sequence[tuple[str, str, Fraction]], who: str) -> set[str]:
    """Return what a party controls, by adding one entity after another in any order."""
    inside = {who}
    changed = True
    while changed:
        changed = False
        for name in {held for _, held, _ in edges} - inside:
            if sum(share for holder, held, share in edges if held == name and holder in inside) > HALF:
                inside.add(name)
                changed = True
    return inside - {who}


@settings(max_examples=60, deadline=None)
@given(networks())
def test_control_is_what_adding_one_by_one_finds(edges: list[tuple[str, str, Fraction]]) -> None:
    structure = holdings(edges)
    for who in ("p", "q", "e0"):
        assert controlled(structure, who) == closure(edges, who) - {who}


@settings(max_examples=60, deadline=None)
@given(networks())
def test_ownership_is_the_limit_of_going_round(edges: list[tuple[str, str, Fraction]]) -> None:
    """Follow every chain for many steps: what is reached never exceeds the solution, and comes close to it."""
    inquiry = Inquiry(holdings(edges))
    target = "e0"
    flow: Mapping[str, Fraction] = {target: Fraction(1)}
    reached: dict[str, Fraction] = {}
    for _ in range(60):
        following: dict[str, Fraction] = {}
        for holder, held, share in edges:
            if held in flow:
                reached[holder] = reached.get(holder, Fraction(0)) + share * flow[held]
                following[holder] = following.get(holder, Fraction(0)) + share * flow[held]
        flow = {name: Fraction(round(part * 10**12), 10**12) for name, part in following.items()}
    for who in ("p", "q", "r"):
        stake = inquiry.owned(who, target, "capital")
        if stake.facts:
            assert stake.low == 0
            continue
        assert stake.low == stake.high
        # Circles in which nearly all stays inside take longer than the rounds followed here.
        rest = sum(flow.values(), Fraction(0))
        assert reached.get(who, Fraction(0)) <= stake.low + Fraction(1, 10**6)
        assert stake.low <= reached.get(who, Fraction(0)) + rest * 100 + Fraction(1, 10**6) or rest > Fraction(1, 10**4)


def widened(share: Fraction, by: Fraction) -> Bounded[Fraction]:
    return Bounded(max(share - by, Fraction(0)), min(share + by, Fraction(1)), text="?")


@settings(max_examples=40, deadline=None)
@given(networks(), st.integers(0, 20))
def test_wider_bounds_never_change_a_certain_answer(edges: list[tuple[str, str, Fraction]], slack: int) -> None:
    wide = Fraction(slack, 100)
    bounded = [
        (holder, held, share if position else widened(share, wide))
        for position, (holder, held, share) in enumerate(edges)
    ]  # fmt: skip
    exact, loose = Inquiry(holdings(edges)), Inquiry(holdings(bounded))
    for name in exact.structure.entities:
        sure = loose.controlled(("p",), name, BY_VOTES)
        true = exact.controlled(("p",), name, BY_VOTES)
        assert set(sure.certain) <= set(true.certain) <= set(sure.possible)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        ("1/4", ""),
        ("26/100", "more than 25% but not more than 50%"),
        ("1/2", "more than 25% but not more than 50%"),
        ("51/100", "more than 50% but less than 75%"),
        ("3/4", "75% or more"),
        ("1", "75% or more"),
    ],
)
def test_bands_of_the_register(share: str, words: str) -> None:
    assert band(Stake(Fraction(share), Fraction(share))) == words


def test_a_stake_within_a_band_is_in_that_band_alone() -> None:
    stake = Stake(Fraction(1, 4), Fraction(1, 2), low_open=True)
    assert stake.more_than(Fraction(1, 4)) == "yes"
    assert stake.at_least(Fraction(1, 2)) == "undetermined"
    assert band(stake) == "more than 25% but not more than 50%"
    assert band(Stake(Fraction(1, 4), Fraction(3, 5), low_open=True)) == ""
    assert stake.words() == "more than 25%, at most 50%"


def test_the_ends_of_a_stake_decide_exactly() -> None:
    open_below = Stake(Fraction(0), Fraction(1, 4), high_open=True)
    assert open_below.at_least(Fraction(1, 4)) == "no"
    assert Stake(Fraction(0), Fraction(1, 4)).at_least(Fraction(1, 4)) == "undetermined"
    assert Stake(Fraction(1, 4), Fraction(1, 4)).at_least(Fraction(1, 4)) == "yes"
    assert Stake(Fraction(1, 4), Fraction(1, 4)).more_than(Fraction(1, 4)) == "no"


def test_percentages_are_exact_or_say_about() -> None:
    assert percent(Fraction(5073, 10000)) == "50.73%"
    assert percent(Fraction(24, 35)) == "about 68.57%"


@given(st.lists(st.integers(0, 30), max_size=8), st.integers(0, 90), st.booleans())
def test_the_fewest_who_outvote_are_the_largest(others: list[int], votes: int, tie: bool) -> None:
    found = needed_to_outvote(Fraction(votes), [Fraction(n) for n in others], tie=tie)
    ranked = sorted(others, reverse=True)
    enough = [n for n in range(1, len(ranked) + 1) if sum(ranked[:n]) > votes or (tie and sum(ranked[:n]) == votes)]
    assert found == (enough[0] if enough else None)


def test_capital_and_votes_differ_by_class() -> None:
    structure = written(
        """\
2020-01-01 company co
  class a
    votes per share: 10
  class b
    votes per share: 1
  class c
    votes per share: 0
2020-01-01 issue co
  ada: 10 a
  bo: 50 b
  cy: 40 c
"""
    )
    inquiry = Inquiry(structure)
    votes, capital = inquiry.stakes("co", "votes"), inquiry.stakes("co", "capital")
    assert {name: stake.low for name, stake in votes.each.items()} == {"ada": Fraction(2, 3), "bo": Fraction(1, 3)}
    assert {name: stake.low for name, stake in capital.each.items()} == {
        "ada": Fraction(1, 10), "bo": Fraction(1, 2), "cy": Fraction(2, 5),
    }  # fmt: skip
    assert any("whatever its class" in note for note in capital.assumptions)


def test_capital_that_is_not_recorded_is_open() -> None:
    structure = written(
        """\
2020-01-01 company co
  class a
    votes per share: 10
  class b
    votes per share: 1
2020-01-01 holding co
  ada: 60% of votes
"""
    )
    stake = Inquiry(structure).stakes("co", "capital").each["ada"]
    assert (stake.low, stake.high) == (0, 1)
    assert stake.facts == ("who holds which part of the capital of co",)


def test_a_bounded_holding_leaves_room_for_the_others() -> None:
    structure = written(
        """\
2020-01-01 company co
  class a
    votes per share: 1
2020-01-01 holding co
  ada: at least 20% of votes
  bo: 70% of votes
"""
    )
    stakes = Inquiry(structure).stakes("co", "votes")
    assert (stakes.each["ada"].low, stakes.each["ada"].high) == (Fraction(1, 5), Fraction(3, 10))
    assert stakes.of(("ada", "bo")).high == 1
    assert structure.on == DAY
