"""Legal rounding: prices to so many places, shares to whole numbers, until nothing changes.

Rounded numbers enter one another's definitions, so a rounded round is a fixed point. It is looked for from the exact
solution, rounded down and rounded up, at each price near the exact one: there may be one, several, or none but a
circle. Where fewer shares never make more of any other, there always is one (A. Tarski, A lattice-theoretical fixpoint
theorem, 1955); a weighted average whose base counts the conversions is the exception.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from muniment.payout.rounds.round_terms import (
    ZERO,
    Counts,
    Instrument,
    Mode,
    Protected,
    Rounding,
    RoundTerms,
    Way,
    counted_before,
)
from muniment.payout.rounds.solution import Adjusted, Bought, Converted, Solution

MOST_STEPS = 5_000
PRICES_TRIED = 4
"""Prices tried on either side of the exact one, in steps of the last decimal place."""


class Settled(NamedTuple):
    """The rounded round.

    Attributes:
        each: Every fixed point found, the nearest to the exact price first; or the members of a circle.
        circular: There is no fixed point: each of `each` leads to the next.
    """

    each: tuple[Solution, ...]
    circular: bool = False


class _State(NamedTuple):
    price: Fraction
    conversions: tuple[Fraction, ...]
    bought: tuple[Fraction, ...]
    added: tuple[Fraction, ...]
    pool: Fraction


class _Sums(NamedTuple):
    """The totals of a state."""

    conversions: Fraction
    bought: Fraction
    added: Fraction


def _sums(state: _State) -> _Sums:
    return _Sums(sum(state.conversions, ZERO), sum(state.bought, ZERO), sum(state.added, ZERO))


def settle(terms: RoundTerms, rounding: Rounding, exact: Solution) -> Settled:
    """Return the round with prices and shares rounded.

    Args:
        terms: The round.
        rounding: The conventions.
        exact: The exact solution.

    Raises:
        ValueError: If a price rounds to 0.
    """
    starts = tuple(_start(exact, to_whole) for to_whole in (floor, ceil))
    found: dict[_State, None] = {}
    circle: list[_State] = []
    if terms.price.by == "share" or rounding.price_places is None:
        for start in starts:
            path = _run(terms, rounding, start, _price(terms, rounding, start) if terms.price.by == "share" else None)
            if len(path) == 1:
                found[path[0]] = None
            else:
                circle = circle or path
    else:
        for price in _near(exact.price, rounding):
            for start in starts:
                path = _run(terms, rounding, start, price)
                if len(path) == 1 and _price(terms, rounding, path[0]) == price:
                    found[path[0]] = None
        if not found:
            circle = _run(terms, rounding, starts[0], None)
            if len(circle) == 1:
                found[circle[0]] = None
    if found:
        return Settled(tuple(_solution(terms, rounding, state) for state in found))
    return Settled(tuple(_solution(terms, rounding, state) for state in circle), circular=True)


def _start(exact: Solution, to_whole: Callable[[Fraction], int]) -> _State:
    return _State(
        exact.price,
        tuple(Fraction(to_whole(each.shares)) for each in exact.converted),
        tuple(Fraction(to_whole(each.shares)) for each in exact.bought),
        tuple(Fraction(to_whole(each.added)) for each in exact.adjusted),
        Fraction(to_whole(exact.pool_increase)),
    )


def _near(price: Fraction, rounding: Rounding) -> list[Fraction]:
    """Return the prices of so many places around a price, the nearest of the mode first."""
    step = Fraction(1, 10 ** (rounding.price_places or 0))
    first = rounded(price, rounding.price_places, rounding.price_mode)
    around = [first + step * distance for distance in range(-PRICES_TRIED, PRICES_TRIED + 1)]
    return sorted((each for each in around if each > 0), key=lambda each: (abs(each - first), each))


def _run(terms: RoundTerms, rounding: Rounding, state: _State, price: Fraction | None) -> list[_State]:
    """Return where the definitions lead: one state if it is a fixed point, else the circle they run in.

    Args:
        terms: The round.
        rounding: The conventions.
        state: Where to begin.
        price: The price that is kept; None = it follows the other numbers too.
    """
    seen: dict[_State, int] = {}
    while state not in seen and len(seen) < MOST_STEPS:
        seen[state] = len(seen)
        state = _next(terms, rounding, state, price)
    return list(seen)[seen.get(state, 0) :]


def rounded(number: Fraction, places: int | None, mode: Mode) -> Fraction:
    """Return a number at so many decimal places; a half goes up where the nearest is taken.

    Example:
        >>> from fractions import Fraction
        >>> str(rounded(Fraction(40, 3), 2, "up")), str(rounded(Fraction(40, 3), 0, "down"))
        ('667/50', '13')
    """
    if places is None:
        return number
    scaled = number * 10**places
    whole = floor(scaled) if mode == "down" else ceil(scaled) if mode == "up" else floor(scaled + Fraction(1, 2))
    return Fraction(whole, 10**places)


def _counted(terms: RoundTerms, state: _State, sums: _Sums, counts: Counts, own: Fraction) -> Fraction:
    return (
        counted_before(terms, counts)
        + own * counts.this
        + (sums.conversions - own) * counts.others
        + state.pool * counts.pool_increase
        + sums.added * counts.adjustments
        + sums.bought * counts.new_money
    )


def _total(terms: RoundTerms, state: _State) -> Fraction:
    return terms.existing + sum((*state.conversions, *state.bought, *state.added, state.pool), ZERO)


def _price_of(
    terms: RoundTerms, rounding: Rounding, state: _State, sums: _Sums, instrument: Instrument, way: Way, own: Fraction
) -> Fraction:
    places, mode = rounding.conversion_places, rounding.conversion_mode
    if way.kind == "discount":
        price = (1 - way.value) * state.price
        return _rounded_price(price, Fraction(1), places, mode, instrument.id) if way.value else state.price
    if way.kind == "fixed":
        return way.value
    counted = _counted(terms, state, sums, way.counts, own)
    if way.kind == "cap":
        return _rounded_price(way.value, counted, places, mode, instrument.id)
    return _rounded_price(instrument.amount, way.value * counted, None, mode, instrument.id)


def _price(terms: RoundTerms, rounding: Rounding, state: _State) -> Fraction:
    if terms.price.by == "share":
        return terms.price.value
    by_pre_money = terms.price.by == "pre-money"
    counted = (
        _counted(terms, state, _sums(state), terms.pre_money_counts, ZERO) if by_pre_money else _total(terms, state)
    )
    return _rounded_price(terms.price.value, counted, rounding.price_places, rounding.price_mode, "the round")


def _rounded_price(value: Fraction, counted: Fraction, places: int | None, mode: Mode, of: str) -> Fraction:
    """Return the price that a value gives for the shares counted.

    Raises:
        ValueError: If it rounds to nothing, or no share is counted.
    """
    price = rounded(value / counted, places, mode) if counted else ZERO
    if not price:
        raise ValueError(f"the price of {of} rounds to 0")
    return price


def _next(terms: RoundTerms, rounding: Rounding, state: _State, price: Fraction | None) -> _State:
    """Return what the definitions give for the numbers of a state, at a price that is kept unless it is None."""
    price = _price(terms, rounding, state) if price is None else price
    state = state._replace(price=price)
    sums = _sums(state)
    conversions = tuple(
        rounded(instrument.amount / min(_prices(terms, rounding, state, sums, instrument, own)), 0, rounding.shares)
        for instrument, own in zip(terms.instruments, state.conversions, strict=True)
    )
    bought = tuple(rounded(each.money / price, 0, rounding.shares) for each in terms.purchases)
    state = state._replace(conversions=conversions, bought=bought)
    added = tuple(rounded(each.shares * (factor - 1), 0, rounding.shares) for each, factor in _factors(terms, state))
    state = state._replace(added=added)
    if terms.pool is None:
        return state
    base = terms.unissued if terms.pool.of == "unissued" else terms.unissued + terms.options + terms.promised
    target = max(rounded(terms.pool.part * _total(terms, state), 0, rounding.shares), terms.pool.least)
    return state._replace(pool=max(target - base, ZERO))


def _prices(
    terms: RoundTerms, rounding: Rounding, state: _State, sums: _Sums, instrument: Instrument, own: Fraction
) -> list[Fraction]:
    return [_price_of(terms, rounding, state, sums, instrument, way, own) for way in instrument.ways]


def _factors(terms: RoundTerms, state: _State) -> list[tuple[Protected, Fraction]]:
    found: list[tuple[Protected, Fraction]] = []
    converted = sum(state.conversions, ZERO)
    for each in terms.protected:
        if each.rule == "ratchet":
            factor = each.price / state.price
        else:
            sold, money = sum(state.bought, ZERO), terms.new_money
            if each.issue_counts_conversions:
                sold += converted
                money += sum((instrument.amount for instrument in terms.instruments), ZERO)
            base = each.base + (converted if each.base_counts_conversions else ZERO)
            factor = (base + sold) / (base + money / each.price) if base + money else Fraction(1)
        found.append((each, max(factor, Fraction(1))))
    return found


def _solution(terms: RoundTerms, rounding: Rounding, state: _State) -> Solution:
    converted = []
    sums = _sums(state)
    for instrument, own in zip(terms.instruments, state.conversions, strict=True):
        prices = _prices(terms, rounding, state, sums, instrument, own)
        best = prices.index(min(prices))
        converted.append(
            Converted(
                instrument.id, instrument.holder, instrument.amount, prices[best], instrument.ways[best], own,
                tuple(prices),
            )
        )  # fmt: skip
    counted = _counted(terms, state, _sums(state), terms.pre_money_counts, ZERO)
    return Solution(
        price=state.price,
        converted=tuple(converted),
        bought=tuple(
            Bought(each.investor, each.money, each.closing, shares)
            for each, shares in zip(terms.purchases, state.bought, strict=True)
        ),
        adjusted=tuple(
            Adjusted(each.class_id, each.price, each.price / factor, factor, added)
            for (each, factor), added in zip(_factors(terms, state), state.added, strict=True)
        ),
        pool_increase=state.pool,
        unissued=terms.unissued + state.pool,
        pre_money_shares=counted,
        total=_total(terms, state),
        pre_money=state.price * counted,
        post_money=state.price * counted + terms.new_money,
        rounded=True,
    )
