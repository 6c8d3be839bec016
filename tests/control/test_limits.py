"""Limits on one holder: shares over `held at most` do not vote, and votes over a cap are cast by nobody."""

from __future__ import annotations

from fractions import Fraction

import pytest
from control_books import decided, written
from hypothesis import given
from hypothesis import strategies as st

from muniment.control.limits import kept_within_limits

BOOK = """
2020-01-01 group crowd
  acts: apart
2020-01-01 company e
  law pack: none
  class c
    votes per share: 1
    {limit}
  class x
    votes per share: 1
  rules
    merge: {rule}
    borrow: majority of x
2020-01-02 {kind} e
  {held}
"""


def book(
    held: str, *, rule: str = "majority of votes", limit: str = "held at most: 20% a holder", kind: str = "issue"
) -> str:
    lines = "\n  ".join(held.split("; "))
    return BOOK.format(held=lines, rule=rule, limit=limit, kind=kind)


@pytest.mark.parametrize(
    ("held", "limit", "kept"),
    [
        ("ada: 60 c; bo: 40 c", "held at most: 20% a holder", {"ada": Fraction(1, 3), "bo": Fraction(1, 2)}),
        ("ada: 60 c; bo: 40 c", "held at most: 45 a holder", {"ada": Fraction(3, 4)}),
        ("ada: 60 c; bo: 40 c", "held at most: 60% a holder", {}),
        # the company's own shares are no part of the whole: 30 of 50
        ("ada: 30 c; bo: 20 c; e: 50 c", "held at most: 50% a holder", {"ada": Fraction(5, 6)}),
        # the many are not one holder
        ("ada: 10 c; crowd: 90 c", "held at most: 20% a holder", {}),
        ("ada: 60 c; bo: 40 c", "", {}),
    ],
)
def test_what_is_within(held: str, limit: str, kept: dict[str, Fraction]) -> None:
    structure = written(book(held, limit=limit))
    found = kept_within_limits(structure, structure.entities["e"])
    assert found == {(party, "c"): part for party, part in kept.items()}


def test_percentages_are_held_too() -> None:
    structure = written(book("ada: 60% of c; bo: 5% of c", kind="holding"))
    assert kept_within_limits(structure, structure.entities["e"]) == {("ada", "c"): Fraction(1, 3)}
    # 20 for ada, 5 for bo, and 35 for those who do not act together: without ada 40 of 100
    decision = decided(structure, "e: merge")
    assert (decision.alone, decision.can_block) == ((), ("ada",))
    assert [(mark.alone, mark.can_block) for mark in decision.reading_marks if mark.condition == "held at most"] == [
        (("ada",), ("ada",))
    ]


def test_another_class_is_not_limited() -> None:
    structure = written(book("ada: 60 c; bo: 40 c; cy: 10 x"))
    decision = decided(structure, "e: borrow")
    assert decision.alone == ("cy",)
    assert decision.reading_marks == ()
    # of 110 votes ada casts 20, bo 20 and cy 10
    assert decided(structure, "e: merge").impossible


def test_votes_over_a_cap_do_not_pass_to_those_who_act_apart() -> None:
    structure = written(
        book("ada: 60% of c; bo: 5% of c", rule="majority of c capped at 20% a holder", limit="", kind="holding")
    )
    # ada casts 20 of 100, bo 5, the many 35 at most: nobody else makes a majority without ada
    decision = decided(structure, "e: merge")
    assert (decision.alone, decision.can_block) == ((), ("ada",))


@given(
    holdings=st.lists(st.integers(1, 30), min_size=1, max_size=6),
    percent=st.integers(5, 60),
    needs=st.sampled_from(["majority", "at least 2/3", "at least 25%"]),
)
def test_a_limit_on_holdings_decides_as_a_cap_on_votes_does(holdings: list[int], percent: int, needs: str) -> None:
    names = ("ada", "bo", "cy", "dee", "eve", "fay")
    held = "; ".join(f"{name}: {shares} c" for name, shares in zip(names, holdings, strict=False))
    limited = decided(written(book(held, rule=f"{needs} of c", limit=f"held at most: {percent}% a holder")), "e: merge")
    capped = decided(written(book(held, rule=f"{needs} of c capped at {percent}% a holder", limit="")), "e: merge")
    free = decided(written(book(held, rule=f"{needs} of c", limit="")), "e: merge")
    assert limited.coalitions == capped.coalitions
    assert limited.can_block == capped.can_block
    assert limited.banzhaf == capped.banzhaf
    assert set(limited.alone) <= set(free.alone)
    over = any(100 * shares > percent * sum(holdings) for shares in holdings)
    assert bool(limited.reading_marks) == over
