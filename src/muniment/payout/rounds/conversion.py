"""The terms at which SAFEs and notes convert: most-favored-nation clauses, and parts of a round taken pro rata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.payout.rounds.round_terms import ZERO, Purchase, RoundTerms, Way
from muniment.payout.rounds.solution import Solution


class Offered(NamedTuple):
    """An instrument as it was issued.

    Attributes:
        since: The day of issue.
        ways: Its own; without the price of the round.
        most_favored: Its holder may take the terms of any instrument issued after it.
        amount: What was paid for it; None if not known. A fixed part is taken in proportion to the amounts.
    """

    id: str
    since: date
    ways: tuple[Way, ...]
    most_favored: bool = False
    amount: Fraction | None = None


def ways_of(offered: Sequence[Offered]) -> dict[str, tuple[Way, ...]]:
    """Return the ways of each instrument, with those that a most-favored-nation clause brings in.

    The holder of such a clause may take the terms of one instrument issued after its own, whole. Since the way with the
    most shares is taken in the end, it is enough to list them all. Instruments of the same day are not after it.

    Args:
        offered: All instruments of the issuer, in any order.

    Source:
        Y Combinator, SAFE (MFN, no Valuation Cap, no Discount) v1.2, s. 2, "MFN Amendment Provision".

    Example:
        >>> caps = [(1, 10), (2, 20), (4, 10), (5, 8)]
        >>> offered = [Offered(f"s{day}", date(2021, 1, day), (Way("cap", Fraction(cap)),)) for day, cap in caps]
        >>> offered.append(Offered("mfn", date(2021, 1, 3), (), True))
        >>> str(lowest_cap(ways_of(offered)["mfn"]))
        '8'
    """
    found: dict[str, tuple[Way, ...]] = {}
    for each in offered:
        ways = list(each.ways)
        if each.most_favored:
            for other in offered:
                if other.id != each.id and other.since > each.since:
                    ways += [_taken(way, each, other) for way in other.ways]
        found[each.id] = tuple(dict.fromkeys(ways))
    return found


def _taken(way: Way, each: Offered, other: Offered) -> Way:
    """Return a way of another instrument as `each` may take it."""
    if way.kind != "percent" or each.amount is None or other.amount is None:
        return way._replace(of=other.id)
    return way._replace(value=way.value * each.amount / other.amount, of=other.id)


def lowest_cap(ways: Sequence[Way]) -> Fraction | None:
    """Return the lowest valuation cap among ways; None if there is none."""
    return min((way.value for way in ways if way.kind == "cap"), default=None)


def parts_before(terms: RoundTerms, solution: Solution, held: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Return each holder's part of all shares before the new money, conversions counted and the pool's increase not.

    Args:
        terms: The round.
        solution: Its solution.
        held: Shares of each holder before the round, as converted.
    """
    converted = sum((each.shares for each in solution.converted), ZERO)
    whole = terms.existing + converted
    found = {party: shares / whole for party, shares in held.items()}
    for each in solution.converted:
        found[each.holder] = found.get(each.holder, ZERO) + each.shares / whole
    return found


def with_pro_rata(purchases: Sequence[Purchase], parts: Mapping[str, Fraction]) -> tuple[Purchase, ...]:
    """Return purchases of which some holders take their parts, the others keeping what is left in proportion.

    The money in all, and so the price, stays as it is.

    Args:
        purchases: Who pays what before anyone takes a part.
        parts: What each holder takes of the money in all, 0 to 1; together at most 1.

    Raises:
        ValueError: If the parts are more than the whole.
    """
    taken = sum(parts.values(), ZERO)
    if taken > 1:
        raise ValueError("the parts taken pro rata are more than the round")
    found = [each._replace(money=each.money * (1 - taken)) for each in purchases]
    for party, part in parts.items():
        found += [Purchase(party, each.money * part, each.closing) for each in purchases]
    merged: dict[tuple[str, int], Fraction] = {}
    for each in found:
        merged[(each.investor, each.closing)] = merged.get((each.investor, each.closing), ZERO) + each.money
    return tuple(Purchase(investor, money, closing) for (investor, closing), money in merged.items() if money)


def cheque_to_reach(part: Fraction, before: Fraction, pre_money: Fraction, new_money: Fraction) -> Fraction:
    """Return what a holder has to pay in a round to own a part of the company after it.

    Args:
        part: What it is to own after the round, 0 to 1.
        before: What it owns before the round, 0 to 1.
        pre_money: Value before the money.
        new_money: Money of the round in all, the cheque included.

    Example:
        >>> str(cheque_to_reach(Fraction(15, 100), Fraction(10, 100), Fraction(20), Fraction(5)))
        '7/4'
    """
    return part * (pre_money + new_money) - before * pre_money
