"""Odd and contradictory terms never raise: they give rows that add up, or a refusal that says why."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from payout_structures import held, paid_before, share_class, structure, tier, usd

from muniment.book.structure import Cost, Holding, Rank, ShareClass, Structure, Tier
from muniment.model.values import Bounded, Money
from muniment.payout import cap_table, curve_of, pay_out

CLASSES = ("a", "b", "c")
PARTIES = ("ann", "ben", "e", "home")
names = st.sampled_from((*CLASSES, "elsewhere"))
numbers = st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(1), Fraction(7, 2), Fraction(100)])
moneys = st.builds(Money, numbers, st.sampled_from(["USD"] * 30 + ["EUR"]))


@st.composite
def odd_class(draw: st.DrawFn, class_id: str) -> ShareClass:
    participation = draw(st.sampled_from(["none", "full", "capped"]))
    return share_class(
        class_id,
        original_issue_price=draw(st.none() | moneys),
        preference=draw(st.none() | numbers),
        participation=participation,
        participation_cap=draw(st.none() | numbers | moneys) if participation == "capped" else None,
        accrued=draw(st.none() | moneys),
        ranks=tuple(draw(st.lists(st.builds(Rank, ahead=st.booleans(), classes=st.tuples(names)), max_size=2))),
        converts_into=draw(st.none() | st.tuples(numbers, names)),
        return_cap=draw(st.none() | numbers),
        excess_to=draw(st.none() | st.sampled_from(PARTIES)),
    )


@st.composite
def odd_holding(draw: st.DrawFn) -> Holding:
    of = draw(st.sampled_from([None] * 12 + ["class", "votes", "capital"]))
    shares = st.sampled_from([Fraction(3), Fraction(7, 2), Fraction(100), Fraction(0)])
    exact = shares if of is None else st.sampled_from([Fraction(1, 3), Fraction(2, 3), Fraction(1), Fraction(0)])
    bounded = st.builds(
        Bounded,
        st.none() | exact,
        st.none() | exact,
        about=st.sampled_from([False, False, False, True]),
        text=st.just("some"),
    )
    quantity: Any = draw(bounded if draw(st.integers(0, 7)) == 0 else exact)
    if isinstance(quantity, Bounded) and quantity.low is not None and quantity.high is not None:
        quantity = Bounded(min(quantity.low, quantity.high), max(quantity.low, quantity.high), about=quantity.about)
    class_id = "" if of in ("votes", "capital") else draw(st.sampled_from(CLASSES))
    return held(draw(st.sampled_from(PARTIES)), class_id, quantity, draw(st.none() | moneys), of)


@st.composite
def odd_tier(draw: st.DrawFn, number: int) -> Tier:
    first, second = (
        draw(st.sampled_from((*CLASSES, "home"))),
        draw(st.sampled_from((*CLASSES, "home", "home", "nobody"))),
    )
    share = draw(st.sampled_from([Fraction(0), Fraction(1, 5), Fraction(1, 2), Fraction(1)]))
    split = ((str(share), first), (str(1 - share), second)) if share < 1 else ((str(share), first),)
    limit = draw(
        st.none()
        | st.tuples(st.just("contributed"), numbers)
        | st.tuples(st.just("money"), moneys)
        | st.tuples(st.just("profit"), st.just(Fraction(1, 5)))
        | st.tuples(st.just("hurdle"), st.just(Fraction(8, 100)))
    )
    return tier(number, "as written", *split, until=limit)


@st.composite
def odd_structure(draw: st.DrawFn) -> Structure:
    classes = [draw(odd_class(class_id)) for class_id in CLASSES[: draw(st.integers(1, 3))]]
    holdings = draw(st.lists(odd_holding(), min_size=2, max_size=5))
    tiers = [draw(odd_tier(number)) for number in range(1, draw(st.integers(0, 3)) + 1)]
    costs = [
        Cost(kind=kind, party="bank", amount=amount, above=None, basis=classes[0].basis[""])
        for kind, amount in draw(
            st.lists(
                st.tuples(
                    st.sampled_from(["debt", "fees", "carve-out"]),
                    moneys | st.sampled_from([Fraction(1, 10), Fraction(1, 2)]),
                ).filter(lambda pair: pair[0] != "debt" or isinstance(pair[1], Money)),
                max_size=2,
            )
        )
    ]
    paid = [paid_before(party, 3) for party in draw(st.lists(st.sampled_from(PARTIES), max_size=1))]
    return structure(classes, holdings, tiers=tiers, costs=costs, paid=paid, others=PARTIES)


@settings(max_examples=120)
@given(odd_structure(), st.integers(0, 10_000).map(lambda cents: usd(Fraction(cents, 100))))
def test_never_raises(given_structure: Structure, proceeds: Money) -> None:
    answer = pay_out(given_structure, "e", proceeds)
    answer.to_json()
    cap_table(given_structure, "e").to_json()
    curve_of(given_structure, "e")
    assert answer.certificate == ()
    if answer.refusals:
        assert answer.rows == ()
        assert answer.refusals[0].message
        return
    assert answer.because
    if answer.totals or answer.curve is not None:
        assert sum(answer.totals.values()) + answer.unallocated == proceeds.amount
    for row in answer.rows:
        if row.low is not None and row.high is not None:
            assert 0 <= row.low <= row.high <= proceeds.amount
