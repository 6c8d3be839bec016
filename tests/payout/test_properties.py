"""What must hold of every payout, on random terms."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import prod

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from payout_structures import held, paid_before, share_class, structure, tier, usd

from muniment.book.structure import Cost, Rank, Structure
from muniment.model.values import Bounded
from muniment.payout import Curve, curve_of, pay_out
from muniment.payout.certificate import equilibria, pour, verify_columns, verify_sweep
from muniment.payout.sweep import Claim, Form, sweep

ZERO = Fraction(0)
small = st.integers(1, 30).map(Fraction)
parts = st.builds(Fraction, st.integers(1, 30), st.integers(1, 7))


@st.composite
def claim(draw: st.DrawFn, tiers: int, number: int) -> Claim:
    preference, units, place = draw(parts), draw(small), draw(st.integers(1, tiers))
    converted = Form(0, ZERO, units, becomes="common")
    forms = draw(
        st.sampled_from(
            [
                (Form(0, ZERO, units),),
                (Form(place, preference, ZERO),),
                (Form(place, preference, ZERO), converted),
                (Form(place, preference, units),),
                (Form(place, preference, units, cap=draw(parts)), converted),
                (
                    Form(place, preference, ZERO),
                    Form(draw(st.integers(1, tiers)), draw(parts), ZERO, becomes="other"),
                    converted,
                ),
            ]
        )
    )
    limit = draw(st.none() | parts)
    return Claim(f"class-{number}", forms, limit, limit is not None and draw(st.booleans()))


@st.composite
def claim_lists(draw: st.DrawFn) -> tuple[list[Claim], int]:
    tiers = draw(st.integers(1, 3))
    return [draw(claim(tiers, number)) for number in range(draw(st.integers(1, 4)))], tiers


@settings(max_examples=120)
@given(claim_lists(), st.lists(st.integers(0, 300).map(Fraction), min_size=1, max_size=3))
def test_two_roads_to_one_payout(given_claims: tuple[list[Claim], int], amounts: list[Fraction]) -> None:
    claims, tiers = given_claims
    assume(prod(len(each.forms) for each in claims) <= 64)
    swept = sweep(claims, tiers)
    vertices = [x for x, _ in swept.events][:3]
    for proceeds in [*amounts, *vertices]:
        assert equilibria(claims, proceeds) == [tuple(take.at(proceeds) for take in swept.takes)]
        assert verify_sweep(claims, swept, proceeds) == []
    assert verify_columns([*swept.takes, *swept.excesses, swept.unallocated], amounts) == []


@given(claim_lists(), st.integers(0, 300).map(Fraction))
def test_pouring_never_pays_more_than_there_is(given_claims: tuple[list[Claim], int], proceeds: Fraction) -> None:
    claims, _ = given_claims
    kept, excess, left = pour(claims, [0] * len(claims), proceeds)
    assert sum(kept) + sum(excess) + left == proceeds
    assert all(amount >= 0 for amount in (*kept, *excess, left))


@st.composite
def companies(draw: st.DrawFn, capped: bool = True) -> Structure:
    """A company with common and up to three preferred classes, of which two holders each have some."""
    count = draw(st.integers(0, 3))
    names = [f"series-{letter}" for letter in "abc"[:count]]
    classes = [share_class("common")]
    holdings = [held("ada", "common", draw(st.integers(1, 50))), held("bo", "common", draw(st.integers(1, 50)))]
    for index, name in enumerate(names):
        participation = draw(st.sampled_from(["none", "full", "capped"]))
        limit = draw(st.none() | st.integers(1, 6).map(Fraction)) if capped else None
        price = draw(st.integers(1, 20))
        ranks = draw(st.sampled_from([(), (Rank(ahead=True, classes=("common", *names[:index])),)]))
        classes.append(
            share_class(
                name,
                original_issue_price=usd(price),
                preference=draw(st.sampled_from([Fraction(1), Fraction(3, 2), Fraction(2)])),
                participation=participation,
                participation_cap=Fraction(draw(st.integers(1, 5))) if participation == "capped" else None,
                accrued=draw(st.none() | st.integers(1, 100).map(usd)),
                ranks=ranks,
                converts_into=draw(st.sampled_from([None, (Fraction(1), "common"), (Fraction(3, 2), "common")])),
                return_cap=limit,
                excess_to=draw(st.sampled_from([None, "home"])) if limit is not None else None,
            )
        )
        for party in ("cy", "di"):
            shares = draw(st.integers(1, 40))
            holdings.append(held(party, name, shares, usd(shares * price)))
    costs = []
    if draw(st.booleans()):
        costs = [
            Cost(kind="debt", party="bank", amount=usd(draw(st.integers(1, 200))), basis=holdings[0].basis[0]),
            Cost(
                kind="fees", party="advisers", amount=Fraction(draw(st.integers(1, 9)), 50), basis=holdings[0].basis[0]
            ),
            Cost(
                kind="carve-out",
                party="managers",
                amount=Fraction(1, 10),
                above=usd(draw(st.integers(1, 500))),
                basis=holdings[0].basis[0],
            ),
        ]
    return structure(classes, holdings, costs=costs, others=["home"])


cents = st.integers(0, 5_000_000).map(lambda number: Fraction(number, 100))


@settings(max_examples=100)
@given(companies(), cents, cents)
def test_payouts_add_up_and_never_fall(company: Structure, first: Fraction, second: Fraction) -> None:
    low, high = sorted((first, second))
    before, after = pay_out(company, "e", usd(low)), pay_out(company, "e", usd(high))
    for answer in (before, after):
        assert answer.refusals == ()
        assert answer.certificate == ()
        assert answer.because
        assert sum(answer.totals.values()) + answer.unallocated == answer.proceeds.amount
        for party, total in answer.totals.items():
            mine = [row for row in answer.rows if row.party == party]
            assert sum(row.amount or ZERO for row in mine) == total
            assert abs(sum(row.exact or ZERO for row in mine) - total) < Fraction(1, 100)
    for old, new in zip(before.rows, after.rows, strict=True):
        assert (old.exact or ZERO) <= (new.exact or ZERO)
    for party, total in before.totals.items():
        assert after.totals[party] >= total - Fraction(1, 100)


def exact_by(company: Structure, proceeds: Fraction) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    answer = pay_out(company, "e", usd(proceeds))
    assert answer.refusals == ()
    for row in answer.rows:
        found[row.party] = found.get(row.party, ZERO) + (row.exact or ZERO)
    return found


@settings(max_examples=60)
@given(companies(), cents)
def test_merging_two_names_for_one_holder_changes_no_other_total(company: Structure, proceeds: Fraction) -> None:
    renamed = tuple(replace(each, party="cy") if each.party == "di" else each for each in company.holdings["e"])
    apart, together = exact_by(company, proceeds), exact_by(replace(company, holdings={"e": renamed}), proceeds)
    assert together.pop("cy", ZERO) == apart.pop("cy", ZERO) + apart.pop("di", ZERO)
    assert together == apart


@settings(max_examples=60)
@given(companies(), cents, st.integers(2, 9))
def test_a_split_of_every_class_changes_nothing(company: Structure, proceeds: Fraction, factor: int) -> None:
    entity = company.entities["e"]
    classes = {
        name: replace(
            each,
            original_issue_price=None
            if each.original_issue_price is None
            else usd(each.original_issue_price.amount / factor),
        )
        for name, each in entity.classes.items()
    }
    holdings = tuple(
        replace(each, quantity=each.quantity * factor)
        for each in company.holdings["e"]
        if isinstance(each.quantity, Fraction)
    )
    split = replace(company, entities={"e": replace(entity, classes=classes)}, holdings={"e": holdings})
    assert exact_by(split, proceeds) == exact_by(company, proceeds)


@settings(max_examples=60)
@given(companies(), cents)
def test_order_of_holdings_and_classes_does_not_matter(company: Structure, proceeds: Fraction) -> None:
    entity = company.entities["e"]
    turned = replace(
        company,
        entities={"e": replace(entity, classes=dict(reversed(list(entity.classes.items()))))},
        holdings={"e": company.holdings["e"][::-1]},
    )
    assert exact_by(turned, proceeds) == exact_by(company, proceeds)


@settings(max_examples=60)
@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from(["none", "full", "capped"]), cents)
def test_merging_identical_classes_changes_nothing(
    first: int, second: int, participation: str, proceeds: Fraction
) -> None:
    terms = {
        "original_issue_price": usd(7),
        "preference": Fraction(1),
        "participation": participation,
        "participation_cap": Fraction(2) if participation == "capped" else None,
        "converts_into": (Fraction(1), "common"),
    }
    common = held("ada", "common", 30)
    apart = structure(
        [share_class("common"), share_class("a", **terms), share_class("b", **terms)],
        [common, held("cy", "a", first), held("di", "b", second)],
    )
    together = structure(
        [share_class("common"), share_class("a", **terms)], [common, held("cy", "a", first), held("di", "a", second)]
    )
    assert exact_by(apart, proceeds) == exact_by(together, proceeds)


@settings(max_examples=60)
@given(companies(capped=False), st.tuples(small, small, small), st.tuples(small, small, small), cents)
def test_bounds_hold_whatever_the_open_holdings_are(
    company: Structure, first: tuple[Fraction, ...], second: tuple[Fraction, ...], proceeds: Fraction
) -> None:
    entity = company.entities["e"]
    classes = {name: replace(each, accrued=None) for name, each in entity.classes.items()}
    company = replace(company, entities={"e": replace(entity, classes=classes)})

    def with_last(quantities: list[Fraction | Bounded[Fraction]]) -> Structure:
        holdings = company.holdings["e"]
        kept, opened = holdings[: -len(quantities)], holdings[-len(quantities) :]
        changed = tuple(replace(each, quantity=new) for each, new in zip(opened, quantities, strict=True))
        return replace(company, holdings={"e": (*kept, *changed)})

    count = min(3, len(company.holdings["e"]))
    lows = [min(a, b) for a, b in zip(first, second, strict=True)][:count]
    highs = [max(a, b) for a, b in zip(first, second, strict=True)][:count]
    middles = [(2 * a + b) / 3 for a, b in zip(lows, highs, strict=True)]
    bounds = pay_out(
        with_last([Bounded(a, b, text="open") for a, b in zip(lows, highs, strict=True)]), "e", usd(proceeds)
    )
    assert bounds.refusals == ()
    assert bounds.certificate == ()
    found = {(row.party, row.kind, row.class_id): row for row in bounds.rows}
    for quantities in (lows, middles, highs):
        for row in pay_out(with_last([*quantities]), "e", usd(proceeds)).rows:
            outer = found[(row.party, row.kind, row.class_id)]
            if outer.low is not None and outer.high is not None and row.exact is not None:
                assert outer.low <= row.exact <= outer.high


@settings(max_examples=60)
@given(companies(), cents)
def test_inverse_query_is_the_least_amount(company: Structure, amount: Fraction) -> None:
    curve = curve_of(company, "e", "USD")
    assert isinstance(curve, Curve)
    for party in ("ada", "cy", "bank"):
        found = curve.proceeds_for(party, amount)
        paid = curve.of_party(party)
        if found is None:
            assert paid.slope == 0
            assert paid.knots[-1][1] < amount
        else:
            assert paid.at(found) >= amount
            assert found == 0 or paid.at(found * Fraction(999, 1000)) < amount


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), min_size=1, max_size=3),
    st.integers(1, 5),
    st.integers(1, 99),
    cents,
    cents,
)
def test_two_distributions_pay_as_one(
    stakes: list[tuple[int, int]], multiple: int, percent: int, first: Fraction, second: Fraction
) -> None:
    """What is paid in two steps is what would have been paid in one, where every payee has one capacity."""
    holdings = [held(f"investor-{number}", "lp", units, usd(paid)) for number, (units, paid) in enumerate(stakes)]
    part = Fraction(percent, 100)
    tiers = [
        tier(1, "until contributed", ("1", "lp"), until=("contributed", Fraction(1))),
        tier(2, "split", (str(1 - part), "lp"), (str(part), "gp"), until=("contributed", Fraction(multiple))),
        tier(3, "all to gp", ("1", "gp")),
    ]
    given_structure = structure([share_class("lp")], holdings, tiers=tiers, others=["gp"])
    once = pay_out(given_structure, "e", usd(first + second))
    one_by_one = curve_of(given_structure, "e")
    assert isinstance(one_by_one, Curve)
    step = {row.party: row.exact or ZERO for row in pay_out(given_structure, "e", usd(first)).rows}
    earlier = tuple(replace(paid_before(party, 0), amount=usd(amount)) for party, amount in step.items())
    later = pay_out(replace(given_structure, paid=earlier), "e", usd(second))
    assert later.certificate == ()
    for row in later.rows:
        whole = next(each.exact or ZERO for each in once.rows if each.party == row.party)
        assert (row.exact or ZERO) + step[row.party] == whole
