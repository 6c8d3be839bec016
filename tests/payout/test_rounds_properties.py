"""What must hold of every round, whatever its terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.payout.rounds import (
    NOTE,
    POST_MONEY_SAFE,
    PRE_MONEY_SAFE,
    Counts,
    Instrument,
    PoolTarget,
    Price,
    Protected,
    Purchase,
    Rounding,
    RoundTerms,
    Solution,
    Way,
    faults_of,
    settle,
    solve_round,
)

MILLION = Fraction(1_000_000)
COUNTS = (
    POST_MONEY_SAFE,
    PRE_MONEY_SAFE,
    NOTE,
    Counts(pool_increase=True),
    Counts(pool_increase=True, adjustments=True),
)


@dataclass(frozen=True)
class Bounds:
    protected: bool = True
    price: tuple[str, ...] = ("pre-money", "post-money")


def tenths(low: int, high: int) -> st.SearchStrategy[Fraction]:
    return st.integers(low, high).map(lambda n: Fraction(n, 10))


@st.composite
def ways(draw: Callable[..., object]) -> tuple[Way, ...]:
    found = [Way("discount", Fraction(draw(st.integers(0, 40)), 100))]  # type: ignore[arg-type]
    if draw(st.booleans()):
        found.append(Way("cap", draw(tenths(40, 400)) * MILLION, draw(st.sampled_from(COUNTS))))  # type: ignore[arg-type, operator]
    if draw(st.integers(0, 4)) == 0:
        found.append(Way("percent", Fraction(draw(st.integers(1, 8)), 100)))  # type: ignore[arg-type]
    return tuple(found)


@st.composite
def rounds(draw: Callable[..., object], bounds: Bounds = Bounds()) -> RoundTerms:
    issued = draw(tenths(20, 200)) * MILLION  # type: ignore[operator]
    instruments = tuple(
        Instrument(f"i{n}", f"h{n}", draw(tenths(1, 15)) * MILLION, draw(ways()))  # type: ignore[arg-type, operator]
        for n in range(draw(st.integers(0, 4)))  # type: ignore[arg-type]
    )
    protected = ()
    if bounds.protected:
        protected = tuple(
            Protected(
                f"c{n}",
                issued * Fraction(draw(st.integers(1, 30)), 100),  # type: ignore[arg-type]
                draw(tenths(1, 80)),  # type: ignore[arg-type]
                draw(st.sampled_from(("weighted", "ratchet"))),  # type: ignore[arg-type]
                issued * Fraction(draw(st.integers(20, 130)), 100),  # type: ignore[arg-type]
                issue_counts_conversions=draw(st.booleans()),  # type: ignore[arg-type]
            )
            for n in range(draw(st.integers(0, 2)))  # type: ignore[arg-type]
        )
    pool = None
    if draw(st.booleans()):
        part = Fraction(draw(st.integers(0, 25)), 100)  # type: ignore[arg-type]
        pool = PoolTarget(part, draw(st.sampled_from(("unissued", "all"))))  # type: ignore[arg-type]
    return RoundTerms(
        issued=issued,
        options=draw(tenths(0, 10)) * MILLION,  # type: ignore[operator]
        unissued=draw(tenths(0, 10)) * MILLION,  # type: ignore[operator]
        price=Price(draw(st.sampled_from(bounds.price)), draw(tenths(100, 900)) * MILLION),  # type: ignore[arg-type, operator]
        purchases=tuple(
            Purchase(f"b{n}", draw(tenths(5, 40)) * MILLION, n + 1)  # type: ignore[operator]
            for n in range(draw(st.integers(1, 2)))  # type: ignore[arg-type]
        ),
        instruments=instruments,
        pool=pool,
        protected=protected,
    )


def only(terms: RoundTerms) -> Solution | None:
    """Return the solution; where all is counted there is never more than one."""
    found = solve_round(terms)
    assert (not found.each) == (found.none is not None)
    assert len(found.each) <= 1
    return found.each[0] if found.each else None


@settings(derandomize=True, deadline=None, max_examples=150)
@given(rounds())
def test_every_definition_holds_and_the_parts_make_the_whole(terms: RoundTerms) -> None:
    found = only(terms)
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
    before = only(terms)
    after = only(
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
    one, other = only(terms), only(terms._replace(instruments=tuple(shuffled), protected=terms.protected[::-1]))
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
    whole = only(terms._replace(instruments=(*terms.instruments, first)))
    parts = only(
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
    low = only(terms)
    high = only(terms._replace(price=Price("pre-money", terms.price.value + MILLION)))
    if low is not None:
        assert high is not None
        assert high.price > low.price


@settings(derandomize=True, deadline=None, max_examples=60)
@given(rounds(), st.integers(3, 6), st.sampled_from(("down", "nearest", "up")))
def test_rounded_rounds_hold_as_rounded(terms: RoundTerms, places: int, mode: str) -> None:
    exact = only(terms)
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
    found = only(terms)
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
