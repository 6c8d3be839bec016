"""The price where the base of a weighted average has the conversions of the round in it.

Then what the adjustment adds is a quotient of functions of q = 1 / price, and the price need not be a fraction.
Intervals of q are halved with exact bounds at their ends, so that every root in the range that is searched lies in an
interval that is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from muniment.payout.rounds.round_terms import ZERO, Protected, RoundTerms
from muniment.payout.rounds.system import Unbounded, definitions_of, first_policy, improve, line_of

HALVINGS = 120
"""Intervals are halved until they are this many powers of two narrower than where the search begins."""
LOWEST = 2**20
"""Prices below the highest that is possible, divided by this, are not looked at."""
MOST_INTERVALS = 4_000


class Root(NamedTuple):
    """A root.

    Attributes:
        added: What each protected class adds there.
        tolerance: How far the exact price is from 1 / q at most; 0 if it is exact.
    """

    q: Fraction
    added: tuple[Fraction, ...]
    tolerance: Fraction


class Roots(NamedTuple):
    """Every root at a price of at least `above`."""

    each: tuple[Root, ...]
    above: Fraction


def is_coupled(terms: RoundTerms) -> bool:
    """Whether what anti-dilution adds is a quotient of unknowns."""
    return bool(terms.instruments) and any(
        each.rule == "weighted" and each.base_counts_conversions for each in terms.protected
    )


def coupled_roots(terms: RoundTerms) -> Roots:
    """Return the roots of a round whose weighted average counts the conversions.

    Raises:
        Unbounded: If what SAFEs and notes become depends on the adjustment itself, or has no finite solution.
    """
    for instrument in terms.instruments:
        for way in instrument.ways:
            if way.kind in ("cap", "percent") and (
                way.counts.adjustments or (way.counts.pool_increase and terms.pool is not None)
            ):
                raise Unbounded(
                    f"the cap of {instrument.id} counts what the adjustment adds, and the adjustment counts what "
                    f"{instrument.id} becomes; this circle is not solved here"
                )
    if terms.price.by == "share":
        q = 1 / terms.price.value
        return Roots((Root(q, _added_at(terms, q), ZERO),), ZERO)
    bound = _counted(terms, ZERO, (ZERO,) * len(terms.protected)) / terms.price.value
    least = simplest_between(bound * Fraction(999, 1000), bound)
    most = least * LOWEST
    narrow = least / 2**HALVINGS
    waiting = [(least, most)]
    left: list[tuple[Fraction, Fraction]] = []
    looked = 0
    while waiting:
        low, high = waiting.pop()
        looked += 1
        if looked > MOST_INTERVALS:
            raise Unbounded("the price could not be separated from others within the search")
        if _holds_no_root(terms, low, high):
            continue
        if high - low <= narrow:
            if left and left[-1][1] == low:
                low = left.pop()[0]
            left.append((low, high))
            continue
        middle = (low + high) / 2
        waiting += [(middle, high), (low, middle)]
    return Roots(tuple(root for low, high in left if (root := _root_in(terms, low, high)) is not None), 1 / most)


def _root_in(terms: RoundTerms, low: Fraction, high: Fraction) -> Root | None:
    """Return the root of an interval: exact if its simplest fraction is one; None where the signs prove none."""
    simple = simplest_between(low, high)
    if not _difference(terms, simple):
        return Root(simple, _added_at(terms, simple), ZERO)
    if (_difference(terms, low) > 0) == (_difference(terms, high) > 0):
        return None
    middle = (low + high) / 2
    return Root(middle, _added_at(terms, middle), 1 / low - 1 / high)


def _difference(terms: RoundTerms, q: Fraction) -> Fraction:
    return _counted(terms, q, _added_at(terms, q)) - terms.price.value * q


def _holds_no_root(terms: RoundTerms, low: Fraction, high: Fraction) -> bool:
    """Whether exact bounds show that the counted shares are never worth the value in an interval of q."""
    fewest, most = _conversions(terms, low), _conversions(terms, high)
    at_least = tuple(_added(terms, each, low, fewest, most) for each in terms.protected)
    at_most = tuple(_added(terms, each, high, most, fewest) for each in terms.protected)
    value = terms.price.value
    return _counted(terms, low, at_least) > value * high or _counted(terms, high, at_most) < value * low


def _conversions(terms: RoundTerms, q: Fraction) -> Fraction:
    """Return what SAFEs and notes become at q; it does not depend on the adjustment, and never falls with q."""
    definitions = definitions_of(terms, (ZERO,) * len(terms.protected))
    _, totals = improve(definitions, first_policy(definitions), q)
    return totals.conversions[0] + totals.conversions[1] * q


def _added_at(terms: RoundTerms, q: Fraction) -> tuple[Fraction, ...]:
    converted = _conversions(terms, q)
    return tuple(_added(terms, each, q, converted, converted) for each in terms.protected)


def _added(terms: RoundTerms, each: Protected, q: Fraction, issued: Fraction, based: Fraction) -> Fraction:
    """Return what a class adds, with the conversions `issued` in the issue and `based` in the base."""
    if each.rule == "ratchet":
        return max(each.shares * (each.price * q - 1), ZERO)
    money, sold = terms.new_money, terms.new_money * q
    if each.issue_counts_conversions:
        money += sum((instrument.amount for instrument in terms.instruments), ZERO)
        sold += issued
    at_old_price = money / each.price
    base = each.base + at_old_price + (based if each.base_counts_conversions else ZERO)
    return max(each.shares * (sold - at_old_price) / base, ZERO) if base else ZERO


def _counted(terms: RoundTerms, q: Fraction, added: Sequence[Fraction]) -> Fraction:
    """Return the shares that the price multiplies, where the classes add so much."""
    definitions = definitions_of(terms, added)
    _, totals = improve(definitions, first_policy(definitions), q)
    function = definitions.pre_money if terms.price.by == "pre-money" else definitions.total
    level, slope = line_of(function, totals)
    return level + slope * q


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction of the least denominator in a closed interval of positive numbers.

    Example:
        >>> from fractions import Fraction
        >>> str(simplest_between(Fraction(33, 100), Fraction(34, 100)))
        '1/3'
    """
    parts: list[int] = []
    while True:
        whole = -(-low.numerator // low.denominator)
        if whole <= high:
            break
        floor = whole - 1
        parts.append(floor)
        low, high = 1 / (high - floor), 1 / (low - floor)
    found = Fraction(whole)
    for part in reversed(parts):
        found = part + 1 / found
    return found
