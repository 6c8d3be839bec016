"""Shares an entity holds in itself, and those its subsidiaries hold where they carry no votes."""

from __future__ import annotations

from control_books import decided, written
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.control.ballots import votes_of


def company(name: str, *lines: str) -> str:
    inner = "".join(f"  {line}\n" for line in lines)
    return (
        f"2020-01-01 company {name}\n  law pack: none\n{inner}"
        "  class common\n    votes per share: 1\n  rules\n    vote shares: majority of votes\n"
        "    do it: majority of votes\n"
    )


NO_VOTES = "cross-held shares: no votes"


def held(name: str, **shares: int) -> str:
    return f"2020-01-02 issue {name}\n" + "".join(f"  {party}: {n} common\n" for party, n in shares.items())


def test_a_subsidiarys_shares_carry_no_votes_where_the_entity_says_so() -> None:
    text = company("sub") + held("sub", acme=60, bo=40) + held("acme", ada=35, bo=40, sub=25)
    with_votes = decided(written(company("acme") + text), "acme: do it")
    assert with_votes.alone == ()
    decision = decided(written(company("acme", NO_VOTES) + text), "acme: do it")
    assert decision.alone == ("bo",)  # 40 of 75
    assert (
        "What sub holds of acme carries no votes: acme has a majority of its votes, "
        "directly or through others it so holds."
    ) in decision.assumptions
    assert any(basis.record == "acme cross-held shares" for basis in decision.because)


def test_just_half_is_no_majority() -> None:
    text = company("sub") + held("sub", acme=50, bo=50) + held("acme", ada=35, bo=40, sub=25)
    structure = written(company("acme", NO_VOTES) + text)
    assert votes_of(structure, structure.entities["acme"], None).base == 100


def test_majorities_are_followed_downwards_and_added_up() -> None:
    chain = company("first") + company("second") + company("third")
    chain += (
        held("first", acme=60, ada=40) + held("second", acme=30, first=30, ada=40) + held("third", second=51, ada=49)
    )
    structure = written(company("acme", NO_VOTES) + chain + held("acme", ada=60, third=40))
    ballot = votes_of(structure, structure.entities["acme"], None)
    assert [entry.party for entry in ballot.entries] == ["ada"]
    assert ballot.base == 60


def test_a_circle_that_no_majority_enters_from_above_is_not_held() -> None:
    """Two companies hold each other; neither rests on acme, so their shares vote."""
    ring = company("left") + company("right") + held("left", right=100) + held("right", left=100)
    structure = written(company("acme", NO_VOTES) + ring + held("acme", ada=60, left=40))
    assert votes_of(structure, structure.entities["acme"], None).base == 100


def test_a_class_vote_leaves_them_out_too() -> None:
    text = company("sub") + held("sub", acme=100) + held("acme", ada=35, bo=40, sub=25)
    structure = written(company("acme", NO_VOTES) + text)
    assert votes_of(structure, structure.entities["acme"], ("common",)).base == 75


def test_a_majority_that_bounds_leave_open_is_no_majority() -> None:
    text = company("sub") + "2020-01-02 holding sub\n  acme: 40% to 60% of votes\n" + held("acme", ada=60, sub=40)
    structure = written(company("acme", NO_VOTES) + text)
    assert votes_of(structure, structure.entities["acme"], None).base == 100


def test_treasury_shares_stated_in_percent_are_out_of_the_base() -> None:
    for of in ("votes", "common"):
        text = f"2020-01-02 holding acme\n  ada: 45% of {of}\n  acme: 20% of {of}\n  bo: 35% of {of}\n"
        decision = decided(written(company("acme") + text), "acme: do it")
        assert (decision.alone, decision.can_block) == (("ada",), ("ada",)), of  # 45 of 80
        left = f"2020-01-02 holding acme\n  ada: 45% of {of}\n  acme: 20% of {of}\n"
        decision = decided(written(company("acme") + left), "acme: do it")
        assert [mark.condition for mark in decision.reading_marks] == ["others of acme"]
        assert decision.alone == ("ada",)  # of 80, 35 by others


def test_those_excluded_are_out_of_a_base_in_percent() -> None:
    rule = company("acme").replace("do it: majority of votes", "do it: majority of votes excluding (bo)")
    text = "2020-01-02 holding acme\n  ada: 40% of votes\n  bo: 30% of votes\n  cy: 30% of votes\n"
    assert decided(written(rule + text), "acme: do it").alone == ("ada",)  # 40 of 70


@given(
    shares=st.lists(st.lists(st.integers(0, 5), min_size=5, max_size=5), min_size=4, max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_who_is_held_agrees_with_trying_every_set(shares: list[list[int]]) -> None:
    """The least set closed under majority, by brute force over all sets of the three subsidiaries."""
    names = ["acme", "first", "second", "third", "ada"]
    text = company("acme", NO_VOTES) + "".join(company(name) for name in names[1:4])
    holdings = {name: dict(zip(names, row, strict=True)) for name, row in zip(names[:4], shares, strict=True)}
    for name, row in holdings.items():
        if any(row.values()):
            text += held(name, **{party: number for party, number in row.items() if number})
    structure = written(text)

    def closed(members: frozenset[str]) -> bool:
        for name in names[1:4]:
            row = {party: number for party, number in holdings[name].items() if party != name}
            owned = sum(number for party, number in row.items() if party in members)
            if 2 * owned > sum(row.values()) and name not in members:
                return False
        return True

    sets = [frozenset(["acme", *(name for at, name in enumerate(names[1:4]) if mask >> at & 1)]) for mask in range(8)]
    smallest = frozenset.intersection(*(members for members in sets if closed(members)))
    ballot = votes_of(structure, structure.entities["acme"], None)
    expected = {p for p, number in holdings["acme"].items() if number and p not in smallest and p != "acme"}
    assert {entry.party for entry in ballot.entries} == expected
