"""What the tests of rounds share: terms drawn at random, a plain round, and a book with its records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from muniment.answers.rounds import Financed, recorded_rounds
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.payout.rounds import (
    NOTE as NOTE_COUNTS,
)
from muniment.payout.rounds import (
    POST_MONEY_SAFE,
    PRE_MONEY_SAFE,
    Counts,
    Instrument,
    PoolTarget,
    Price,
    Protected,
    Purchase,
    RoundTerms,
    Solution,
    Way,
    faults_of,
    solve_round,
)

AT_THE_PRICE = Way("discount", Fraction(0))
MILLION = Fraction(1_000_000)
COUNTS = (
    POST_MONEY_SAFE,
    PRE_MONEY_SAFE,
    NOTE_COUNTS,
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


def at_most_one(terms: RoundTerms) -> Solution | None:
    """Return the solution; where all is counted there is never more than one."""
    found = solve_round(terms)
    assert (not found.each) == (found.none is not None)
    assert len(found.each) <= 1
    return found.each[0] if found.each else None


def the_only(terms: RoundTerms) -> Solution:
    """Return the one solution of a round, held against every definition."""
    found = solve_round(terms)
    assert len(found.each) == 1
    assert faults_of(terms, found.each[0]) == ()
    return found.each[0]


def one_round(**changes: object) -> RoundTerms:
    terms = RoundTerms(
        issued=10 * MILLION,
        price=Price("pre-money", 40 * MILLION),
        purchases=(Purchase("lead", 10 * MILLION),),
    )
    return terms._replace(**changes)


COMPANY = """\
2021-01-01 person ada "Ada"
2021-01-01 fund oak "Oak"
2021-01-01 fund elm "Elm"
2021-01-01 fund fir "Fir"
2021-01-01 company tide "Tide, Inc."
  law pack: none
  class common
    authorized: 90,000,000
  class seed
    authorized: 5,000,000
    original issue price: USD 2
    liquidation preference: 1x
    converts: 1:1 into common
  class series-a
    authorized: 90,000,000
    converts: 1:1 into common
2021-01-01 issue tide
  ada: 8,000,000 common
"""
ROUND = """\
2022-01-01 round series-a-round
  issuer: tide
  class: series-a
  pre-money: USD 32,000,000
  new money: USD 8,000,000
"""
SAFE = """\
2021-06-01 safe first-safe
  issuer: tide
  to: oak
  amount: USD 2,000,000
  cap: USD 10,000,000 post-money
"""


def ask(text: str, account: str = "keeper", clean: bool = True) -> tuple[Financed, ...]:
    book = load_text(text, "tide.muni")
    assert not clean or not [each for each in book.diagnostics if each.severity == "error"], book.diagnostics
    record = next(iter(book.records_of("round")))
    return recorded_rounds(World(book, account), record, date(2022, 1, 1), None)


def price_of(text: str) -> Fraction:
    found = ask(text)
    assert len(found) == 1
    assert found[0].answer.refusals == ()
    assert len(found[0].answer.outcomes) == 1
    return found[0].answer.outcomes[0].solution.price


def refusal_of(text: str) -> str:
    (found,) = ask(text)
    (refusal,) = found.answer.refusals
    assert refusal.basis is not None
    assert found.answer.because
    return refusal.message


NOTE = """\
2021-01-01 note bridge
  issuer: tide
  to: elm
  amount: USD 1,000,000
  cap: USD 16,000,000 pre-money
  discount: 20%
  interest: 8% a year, simple
"""
SEEDED = COMPANY + "2021-01-02 issue tide\n  elm: 1,000,000 seed for USD 2,000,000\n"
DOWN = ROUND.replace("32,000,000", "9,000,000").replace("8,000,000", "3,000,000")


def protected_by(words: str) -> str:
    return SEEDED.replace("  class series-a\n", f"    anti-dilution: {words}\n  class series-a\n", 1)
