"""Companies that hold one another at random, with boards, against a plain reading of the design: two roads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from control_books import basis, board, company, decided, stated, structure_of
from hypothesis import given, settings
from hypothesis import strategies as st
from test_control_systems import minimal, on_a_small_stack

from muniment.book.structure import Entity, Holding, Structure
from muniment.control import matters_of, passes
from muniment.control.decisions import PassResult

PERSONS = ("ann", "ben", "cat", "dan")
COMPANIES = ("k", "l", "m")
SHARES: Mapping[str, tuple[Fraction, bool]] = {
    "majority": (Fraction(1, 2), True),
    "at least 2/3": (Fraction(2, 3), False),
    "at least 50%": (Fraction(1, 2), False),
    "all": (Fraction(1), False),
}


class Firm(NamedTuple):
    """A company: who holds it, the share its votes need, who sits on its board, who decides a merger."""

    votes: dict[str, int]
    share: str
    seats: tuple[str | None, ...]
    merge: str


holder = st.sampled_from(PERSONS + COMPANIES)
firms = st.fixed_dictionaries(
    {
        name: st.builds(
            Firm,
            st.dictionaries(holder, st.integers(1, 4), min_size=1, max_size=4),
            st.sampled_from(sorted(SHARES)),
            st.lists(st.sampled_from([*PERSONS, *COMPANIES, None]), min_size=1, max_size=3).map(tuple),
            st.sampled_from(["votes", "board", "both", "either"]),
        )
        for name in COMPANIES
    }
)


def built(world: Mapping[str, Firm]) -> Structure:
    parts = []
    for name, firm in world.items():
        merge = {
            "votes": f"{firm.share} of votes",
            "board": "majority of board",
            "both": f"{firm.share} of votes and majority of board",
            "either": f"{firm.share} of votes or majority of board",
        }[firm.merge]
        rules = {"vote shares": stated(f"{firm.share} of votes"), "merge": stated(merge)}
        parts.append(company(name, votes=firm.votes, rules=rules, bodies={"board": board(firm.seats)}))
    return structure_of(parts, PERSONS)


def plain_reading(world: Mapping[str, Firm], root: str, agreeing: Collection[str], start: bool) -> bool:
    """Votes are cast by whoever passes them; from nobody (or everybody), until nothing changes."""
    acts = dict.fromkeys(world, start)

    def says(name: str | None) -> bool:
        return False if name is None else acts.get(name, name in agreeing)

    def votes_pass(firm: Firm, name: str) -> bool:
        base = sum(number for party, number in firm.votes.items() if party != name)
        yes = sum(number for party, number in firm.votes.items() if party != name and says(party))
        share, more = SHARES[firm.share]
        return base > 0 and (yes > share * base if more else yes >= share * base)

    while True:
        following = {name: votes_pass(firm, name) for name, firm in world.items()}
        if following == acts:
            break
        acts = following
    firm = world[root]
    by_votes = votes_pass(firm, root)
    by_board = 2 * sum(says(seat) for seat in firm.seats) > len(firm.seats)
    return {"votes": by_votes, "board": by_board, "both": by_votes and by_board, "either": by_votes or by_board}[
        firm.merge
    ]


@settings(max_examples=100)
@given(firms)
def test_decisions_agree_with_a_plain_reading(world: dict[str, Firm]) -> None:
    decision = decided(built(world), "k: merge", "independent")
    coalitions = [chosen for size in range(5) for chosen in combinations(PERSONS, size)]
    low = {chosen: plain_reading(world, "k", chosen, False) for chosen in coalitions}
    high = {chosen: plain_reading(world, "k", chosen, True) for chosen in coalitions}
    fixpoint = low if low[PERSONS] else high
    blocks = {name for name in PERSONS if not fixpoint[tuple(other for other in PERSONS if other != name)]}
    assert decision.impossible == (not low[PERSONS])
    assert set(decision.alone) == ({name for name in PERSONS if low[name,]} & set(decision.actors))
    assert list(decision.coalitions) == minimal([chosen for chosen in coalitions if low[chosen]])
    if fixpoint[PERSONS]:
        assert set(decision.can_block) == blocks
    differ = low != high
    assert bool(decision.circular) == differ
    if differ:
        assert list(decision.if_each_lets_the_other) == minimal([chosen for chosen in coalitions if high[chosen]])
    assert decision.because
    counted = passes(built(world), "k: merge", PERSONS[1:])
    assert isinstance(counted, PassResult)
    assert counted.passes == low[PERSONS[1:]]


@settings(max_examples=40)
@given(firms)
def test_power_adds_up_and_dummies_have_none(world: dict[str, Firm]) -> None:
    decision = decided(built(world), "k: merge", "independent")
    total = 0 if decision.impossible or decision.coalitions == ((),) else 1
    for table in (decision.banzhaf, decision.shapley_shubik):
        assert set(table) == set(decision.actors)
        assert sum(table.values()) == total
        if total:
            members = {name for coalition in decision.coalitions for name in coalition}
            assert {name for name, share in table.items() if share} == members
    if not decision.impossible:
        singles = tuple(blockers[0] for blockers in decision.blocking_sets if len(blockers) == 1)
        assert singles == decision.can_block


@settings(max_examples=60)
@given(firms, st.sampled_from(PERSONS), st.integers(1, 3))
def test_two_entries_of_one_holder_are_one_holder(world: dict[str, Firm], name: str, part: int) -> None:
    """Splitting a holding into two records of the same party changes no answer."""
    structure = built(world)
    split: list[Holding] = []
    for holding in structure.holdings["k"]:
        if holding.party == name and holding.quantity > part:  # type: ignore[operator]
            split.append(replace(holding, quantity=Fraction(part)))
            split.append(replace(holding, quantity=holding.quantity - part, basis=(basis("second"),)))  # type: ignore[operator]
        else:
            split.append(holding)
    other = replace(structure, holdings={**structure.holdings, "k": tuple(split)})
    one, two = decided(structure, "k: merge"), decided(other, "k: merge")
    assert (one.alone, one.can_block, one.coalitions, one.banzhaf) == (
        two.alone,
        two.can_block,
        two.coalitions,
        two.banzhaf,
    )


def chain(length: int, *, closed: bool) -> Structure:
    """Companies that each hold the next in full; closed, the first is held half by the last."""
    parts: list[tuple[Entity, tuple[Holding, ...]]] = []
    for at in range(length):
        above = {f"c{at + 1}": 1} if at + 1 < length else {"ann": 1, **({"c0": 1} if closed else {})}
        parts.append(company(f"c{at}", votes=above, rules={"vote shares": stated("majority of votes")}))
    return structure_of(parts, ["ann"])


def test_a_chain_of_four_thousand_companies() -> None:
    def work() -> None:
        decision = decided(chain(4_000, closed=False), "c0: vote shares")
        assert decision.alone == ("ann",)
        assert len(decision.through) == 3_999
        assert len(decision.because) >= 4_000

    on_a_small_stack(work)


def test_a_circle_of_two_thousand_companies() -> None:
    def work() -> None:
        decision = decided(chain(2_000, closed=True), "c0: vote shares")
        assert decision.impossible
        assert decision.can_block == ("ann",)
        assert len(decision.circular) == 2_000
        assert decision.if_each_lets_the_other == (("ann",),)

    on_a_small_stack(work)


def test_matters_of_nothing_are_none() -> None:
    assert matters_of(chain(1, closed=False), "nobody") == []


def test_a_circle_among_many_holders_does_not_slow_the_search_for_blockers() -> None:
    votes = {f"h{at}": 1 for at in range(2_000)}
    parts = [
        company("a", votes={**votes, "b": 500}, rules={"vote shares": stated("majority of votes")}),
        company("b", votes={"a": 50, "ann": 50}, rules={"vote shares": stated("majority of votes")}),
    ]
    decision = decided(structure_of(parts, ["ann", *votes]), "b: vote shares")
    assert decision.can_block == ("ann",)
    assert decision.too_large
