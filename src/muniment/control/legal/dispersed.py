"""Control without a majority: how a minority of votes compares with the rest, and with the turnout of past meetings."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis
from muniment.control.legal.chains import bound_by_pool
from muniment.control.legal.finding import Turnout, Verdict, percent
from muniment.control.legal.inquiry import Inquiry
from muniment.control.legal.stakes import Stake

HALF = Fraction(1, 2)


class Minority(NamedTuple):
    """A holder with less than a majority, beside the others.

    Attributes:
        stake: Its votes, with those of whom it controls.
        largest: Who holds most among the others that the records name; empty if they name none.
        is_largest: Whether it holds more votes than any other.
        stopped_by: Looked at only for the largest: the smallest number of other named holders who together have as
            many votes; None as below.
        outvoted_by: The smallest number of other named holders who together have more votes than it; None where all of
            them together have not.
        pooled: Its votes are cast by a voting pool that others belong to.
        unnamed: Some votes are held by nobody the records name, or by a group whose members act apart.
        at_meetings: Its share of the votes cast at each meeting with a recorded turnout, as (low, high).
        turnouts: Those meetings.
        bases: Holdings and votes it rests on.
    """

    stake: Stake
    largest: str
    is_largest: Verdict
    stopped_by: int | None
    outvoted_by: int | None
    pooled: bool
    unnamed: bool
    at_meetings: tuple[tuple[Fraction, Fraction], ...]
    turnouts: tuple[Turnout, ...]
    bases: tuple[Basis, ...]

    @property
    def carried(self) -> Verdict:
        """Return whether it had most of the votes cast at every recorded meeting (yes) or at none (no)."""
        if self.at_meetings and all(low > HALF for low, _ in self.at_meetings):
            return "yes"
        if self.at_meetings and all(high <= HALF for _, high in self.at_meetings):
            return "no"
        return "undetermined"


def minority(inquiry: Inquiry, party: str, entity: str) -> Minority:
    """Return how a party's votes in an entity compare with the rest."""
    stakes = inquiry.stakes(entity, "votes")
    own = {party, *inquiry.controlled((party,), entity).certain}
    stake = stakes.of(own)
    ranked = [name for name in inquiry.ranked(entity) if name not in own]
    largest = ranked[0] if ranked else ""
    is_largest: Verdict = "yes"
    if not stake.high or (largest and stakes.each[largest].low >= stake.high):
        is_largest = "no"
    elif largest and stakes.each[largest].high >= stake.low:
        is_largest = "undetermined"
    others = [stakes.each[name].low for name in ranked] if is_largest != "no" else []
    turnouts = tuple(turnout for turnout in inquiry.given.turnouts if turnout.entity == entity and turnout.low > 0)
    shares = tuple(
        (min(stake.low / turnout.high, Fraction(1)), min(stake.high / turnout.low, Fraction(1))) for turnout in turnouts
    )
    return Minority(
        stake,
        largest,
        is_largest,
        needed_to_outvote(stake.high, others, tie=True),
        needed_to_outvote(stake.high, others),
        any(bound_by_pool(inquiry, entity, name, own) for name in own if name in stakes.each),
        stakes.unnamed or len(stakes.each) > len(inquiry.ranked(entity)),
        shares,
        turnouts,
        tuple(dict.fromkeys((*stake.bases, *(turnout.basis for turnout in turnouts)))),
    )


def needed_to_outvote(votes: Fraction, others: Sequence[Fraction], *, tie: bool = False) -> int | None:
    """Return the smallest number of others who together have more votes; None where all of them have not.

    Args:
        votes: Of the one who may be outvoted.
        others: Of each of the others.
        tie: As many votes are enough: a majority cannot be had against them.

    Example:
        >>> needed_to_outvote(Fraction(45), [Fraction(5)] * 11)
        10
    """
    total = Fraction(0)
    for number, each in enumerate(sorted(others, reverse=True), 1):
        total += each
        if total > votes or (tie and total == votes):
            return number
    return None


def meetings_in_words(found: Minority) -> str:
    """Return the turnouts with the party's share of the votes cast: `70% cast, about 68.57% of them its own`."""
    parts = []
    for (low, high), turnout in zip(found.at_meetings, found.turnouts, strict=True):
        cast = (
            percent(turnout.low)
            if turnout.low == turnout.high
            else f"{percent(turnout.low)} to {percent(turnout.high)}"
        )
        share = percent(low) if low == high else f"{percent(low)} to {percent(high)}"
        parts.append(f"{cast} cast, {share} of them its own")
    return "; ".join(parts)


def turnout_needed(found: Minority) -> str:
    """Return below which turnout the party has most of the votes cast."""
    return percent(min(2 * found.stake.low, Fraction(1)))
