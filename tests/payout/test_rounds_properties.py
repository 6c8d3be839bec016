"""What must hold of every round, whatever its terms."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from rounds_setup import MILLION, Bounds, at_most_one, rounds

from muniment.payout.rounds import Instrument, Price, Rounding, RoundTerms, Way, faults_of, settle, solve_round


@settings(derandomize=True, deadline=None, max_examples=150)
@given(rounds())
def test_every_definition_holds_and_the_parts_make_the_whole(terms: RoundTerms) -> None:
    found = at_most_one(terms)
    if found is None:
        return
    assert faults_of(terms, found) == ()
    parts = [terms.issued, terms.options, terms.promised, found.unissued]
    parts += [each.shares for each in (*found.converted, *found.bought)] + [each.added for each in found.adjusted]
    assert sum(part / found.total for part in parts) == 1
    assert found.post_money == found.pre_money + terms.new_money == found.price * found.total
    bought = sum((each.shares for each in found.bought), Fraction(0))
    assert bought / found.total == terms.new_money / found.post_money
    if terms.price.by == "pre-money":
        assert found.pre_money == terms.price.value
    else:
        assert found.post_money == terms.price.value


@settings(derandomize=True, deadline=None, max_examples=60)
@given(rounds(), st.integers(2, 12))
def test_a_split_divides_the_price_and_changes_no_part(terms: RoundTerms, ratio: int) -> None:
    before = at_most_one(terms)
    after = at_most_one(
        terms._replace(
            issued=terms.issued * ratio,
            options=terms.options * ratio,
            unissued=terms.unissued * ratio,
            protected=tuple(
                each._replace(shares=each.shares * ratio, price=each.price / ratio, base=each.base * ratio)
                for each in terms.protected
            ),
        )
    )
    if before is None or after is None:
        assert before is after
        return
    assert after.price * ratio == before.price
    assert after.total == before.total * ratio
    assert [each.shares for each in after.converted] == [each.shares * ratio for each in before.converted]
    assert [each.factor for each in after.adjusted] == [each.factor for each in before.adjusted]


@settings(derandomize=True, deadline=None, max_examples=60)
@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_instruments_changes_nothing(terms: RoundTerms, random: object) -> None:
    shuffled = list(terms.instruments)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = (
        at_most_one(terms),
        at_most_one(terms._replace(instruments=tuple(shuffled), protected=terms.protected[::-1])),
    )
    if one is None or other is None:
        assert one is other
        return
    assert one.price == other.price
    assert sorted(one.converted) == sorted(other.converted)
    assert sorted(one.adjusted) == sorted(other.adjusted)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(rounds(), st.integers(1, 9))
def test_an_instrument_may_be_divided_in_two(terms: RoundTerms, tenth: int) -> None:
    """Only where it does not count itself apart from the others, and is no fixed part of the whole."""
    first = Instrument("i", "h", MILLION, (Way("cap", 9 * MILLION), Way("discount", Fraction(1, 5))))
    cut = first.amount * Fraction(tenth, 10)
    whole = at_most_one(terms._replace(instruments=(*terms.instruments, first)))
    parts = at_most_one(
        terms._replace(
            instruments=(
                *terms.instruments,
                first._replace(id="a", amount=cut),
                first._replace(id="b", amount=first.amount - cut),
            )
        )
    )
    if whole is None or parts is None:
        assert whole is parts
        return
    assert whole.price == parts.price
    assert whole.converted[-1].shares == parts.converted[-1].shares + parts.converted[-2].shares


@settings(derandomize=True, deadline=None, max_examples=40)
@given(rounds(Bounds(protected=False, price=("pre-money",))))
def test_more_pre_money_never_lowers_the_price(terms: RoundTerms) -> None:
    low = at_most_one(terms)
    high = at_most_one(terms._replace(price=Price("pre-money", terms.price.value + MILLION)))
    if low is not None:
        assert high is not None
        assert high.price > low.price


@settings(derandomize=True, deadline=None, max_examples=60)
@given(rounds(), st.integers(3, 6), st.sampled_from(("down", "nearest", "up")))
def test_rounded_rounds_hold_as_rounded(terms: RoundTerms, places: int, mode: str) -> None:
    exact = at_most_one(terms)
    if exact is None:
        return
    rounding = Rounding(places, "up", places, "up", mode)  # type: ignore[arg-type]
    found = settle(terms, rounding, exact)
    assert found.each
    assert not found.circular
    for each in found.each:
        assert faults_of(terms, each, rounding) == ()
        shares = [one.shares for one in (*each.converted, *each.bought)] + [one.added for one in each.adjusted]
        assert all(share.denominator == 1 for share in shares)
        assert (each.price * 10**places).denominator == 1


@settings(derandomize=True, deadline=None, max_examples=40)
@given(rounds(), st.integers(1, 10**6))
def test_a_wrong_answer_is_found_out(terms: RoundTerms, by: int) -> None:
    found = at_most_one(terms)
    if found is None:
        return
    step = Fraction(1, by)
    assert faults_of(terms, found._replace(price=found.price + step))
    assert faults_of(terms, found._replace(total=found.total + step))
    assert faults_of(terms, found._replace(pool_increase=found.pool_increase + step))
    for index, each in enumerate(found.converted):
        wrong = each._replace(shares=each.shares + step)
        converted = (*found.converted[:index], wrong, *found.converted[index + 1 :])
        assert faults_of(terms, found._replace(converted=converted))
    for index, adjusted in enumerate(found.adjusted):
        worse = adjusted._replace(added=adjusted.added + step)
        assert faults_of(terms, found._replace(adjusted=(*found.adjusted[:index], worse, *found.adjusted[index + 1 :])))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(rounds(), st.integers(3, 6), st.sampled_from(("down", "nearest", "up")))
def test_price_times_shares_is_the_money_but_for_less_than_one_share(terms: RoundTerms, places: int, mode: str) -> None:
    exact = at_most_one(terms)
    if exact is None:
        return
    for each in exact.bought:
        assert each.shares * exact.price == each.money
    for got in exact.converted:
        assert got.shares * got.price == got.amount
    found = settle(terms, Rounding(places, "up", places, "up", mode), exact)  # type: ignore[arg-type]
    ends = {"down": (0, 1), "up": (-1, 0), "nearest": (Fraction(-1, 2), Fraction(1, 2))}[mode]
    for one in found.each:
        left = [(each.money - each.shares * one.price) / one.price for each in one.bought]
        left += [(got.amount - got.shares * got.price) / got.price for got in one.converted]
        assert all(ends[0] <= rest <= ends[1] for rest in left)


@settings(derandomize=True, deadline=None, max_examples=80)
@given(rounds(), st.booleans(), st.booleans(), st.integers(0, 90))
def test_of_several_prices_all_hold_and_of_none_a_reason_is_given(
    terms: RoundTerms, unissued: bool, others: bool, pool: int
) -> None:
    """A pre-money that leaves things out may hold at two prices, the higher first, or at none."""
    counts = terms.pre_money_counts._replace(unissued=unissued, others=others)
    target = None if terms.pool is None else terms.pool._replace(part=Fraction(pool, 100))
    terms = terms._replace(pre_money_counts=counts, pool=target)
    found = solve_round(terms)
    assert (not found.each) == (found.none is not None)
    assert found.none is None or found.none.message
    prices = [each.price for each in found.each]
    assert prices == sorted(set(prices), reverse=True)
    assert len(prices) <= 2
    assert [faults_of(terms, each) for each in found.each] == [()] * len(found.each)
