"""Percentages, ranges and `others`: a certain answer holds whatever the facts are, a possible one for some of them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

from control_books import basis, company, decided, stated, structure_of, written
from hypothesis import given
from hypothesis import strategies as st

from muniment.book.structure import Holding, Structure
from muniment.model.values import Bounded

COMPANY = """
2020-01-01 company e
  law pack: none
  class c
    votes per share: 1
  rules
    merge: majority of {of}
    dissolve: at least 75% of {of}
2020-01-01 holding e
  {held}
"""


def held(lines: str, of: str = "votes") -> Structure:
    return written(COMPANY.format(held="\n  ".join(lines.split("; ")), of=of))


def test_what_percentages_leave_over_is_held_by_others() -> None:
    for structure in (held("ada: 30% of votes; bo: 30% of votes"), held("ada: 30% of c; bo: 30% of c", "c")):
        decision = decided(structure, "e: merge")
        assert decision.actors == ("ada", "bo")
        assert decision.alone == ()
        assert decision.coalitions == (("ada", "bo"),)
        assert decision.can_block == ()
        assert decided(structure, "e: dissolve").can_block == ("ada", "bo")
        assert not decided(structure, "e: dissolve").impossible
        mark = decision.reading_marks[-1]
        assert mark.condition.startswith("others of e")
        assert (mark.alone, mark.can_block) == (("ada", "bo"), ("ada", "bo"))
        assert any("do not act together" in sentence for sentence in decision.assumptions)


def test_percentages_that_leave_nothing_over_leave_no_others() -> None:
    decision = decided(held("ada: 60% of votes; bo: 40% of votes"), "e: merge")
    assert decision.alone == decision.can_block == ("ada",)
    assert decision.reading_marks == ()
    assert "60% of 100% votes of e agree (ada 60%); a majority needs more than 50%." in decision.why


def test_more_than_half_is_a_majority_and_half_is_not() -> None:
    assert decided(held("ada: more than 50% of votes"), "e: merge").alone == ("ada",)
    assert decided(held("ada: at least 50% of votes"), "e: merge").alone == ()
    # with exactly half she blocks a majority of the other half
    most = decided(held("ada: at most 50% of votes"), "e: merge").undetermined
    assert {(entry.party, entry.question) for entry in most} == {("ada", "can block")}
    assert decided(held("ada: less than 50% of votes"), "e: merge").undetermined == ()
    open_half = decided(held("ada: at least 50% of votes"), "e: merge").undetermined
    assert ("ada", "alone") in {(entry.party, entry.question) for entry in open_half}
    assert all("ada" in entry.fact for entry in open_half)


def test_a_range_is_undetermined_between_its_ends() -> None:
    decision = decided(held("ada: 40% to 60% of votes; bo: 20% of votes"), "e: merge")
    assert decision.alone == ()
    assert {(entry.party, entry.question) for entry in decision.undetermined} == {
        ("ada", "alone"),
        ("ada", "can block"),
    }
    settled = decided(held("ada: 55% to 60% of votes; bo: 20% of votes"), "e: merge")
    assert (settled.alone, settled.undetermined) == (("ada",), ())


def test_of_about_nothing_is_concluded() -> None:
    decision = decided(held("ada: about 60% of votes"), "e: merge")
    assert decision.alone == ()
    assert ("ada", "alone") in {(entry.party, entry.question) for entry in decision.undetermined}


def test_only_facts_that_turn_the_answer_are_named() -> None:
    text = (
        COMPANY.format(held="ada: 40% to 60% of votes\n  inner: 20% of votes", of="votes")
        + """
2020-01-01 company inner
  law pack: none
  class k
    votes per share: 1
  rules
    vote shares: majority of votes
2020-01-01 holding inner
  bo: 51% to 70% of votes
"""
    )
    facts = {entry.fact for entry in decided(written(text), "e: merge").undetermined if entry.party == "ada"}
    assert facts
    assert not any("inner/" in fact for fact in facts)


amounts = st.integers(0, 6)
holdings = st.lists(st.tuples(amounts, amounts, st.booleans(), st.booleans()), min_size=1, max_size=4)


@given(
    holdings, st.sampled_from(["majority", "at least 50%", "at least 2/3", "all", "all but 1", "more than 25%", "3"])
)
def test_certain_and_possible_are_the_ends_of_every_case(rows: list[tuple[int, int, bool, bool]], share: str) -> None:
    """Two roads: the bounded structure against every exact structure between its bounds, hairs inside open ends."""
    hair = Fraction(1, 1000)
    entity, _ = company("e", votes={"p0": 1}, rules={"merge": stated(f"{share} of c")})
    bounded: list[Holding] = []
    ends: list[tuple[Fraction, ...]] = []
    for at, (one, other, low_open, high_open) in enumerate(rows):
        low, high = Fraction(min(one, other)), Fraction(max(one, other))
        low_open, high_open = low_open and low < high, high_open and low < high
        value = low if low == high else Bounded(low, high, low_open, high_open, False, f"{low} to {high}")
        bounded.append(Holding(party=f"p{at}", entity="e", class_id="c", quantity=value, basis=(basis(f"h{at}"),)))
        ends.append((low + (hair * (at + 1) if low_open else 0), high - (hair * (at + 1) if high_open else 0)))
    whole = structure_of([(entity, tuple(bounded))], [f"p{at}" for at, _ in enumerate(rows)])
    cases = []
    for quantities in product(*ends):
        exact = tuple(replace(row, quantity=quantity) for row, quantity in zip(bounded, quantities, strict=True))
        cases.append(decided(replace(whole, holdings={"e": exact}), "e: merge"))
    decision = decided(whole, "e: merge")
    if any(case.actors != decision.actors for case in cases):
        return  # somebody may hold nothing at all, and then is no actor
    may = {(entry.party, entry.question) for entry in decision.undetermined}
    for name in decision.actors:
        alone = [name in case.alone for case in cases]
        assert (name in decision.alone) == all(alone)
        assert ((name, "alone") in may) == (any(alone) and not all(alone))
        if not any(case.impossible for case in cases):
            blocks = [name in case.can_block for case in cases]
            assert (name in decision.can_block) == all(blocks)
            assert ((name, "can block") in may) == (any(blocks) and not all(blocks))
