"""Parts of a round that holders take pro rata, out of the new money or on top of it.

Out of the new money, the money in all stays as it is, and so does the price. On top of it, the money grows to the old
money divided by one less the parts taken, so that each holder has its part of all the money, and the others pay what
they were to pay. The parts are fixed numbers unless a conversion depends on the price and the price on the money; then
they are found by repetition, within a tolerance that the solution carries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from muniment.payout.rounds.conversion import parts_before, with_pro_rata
from muniment.payout.rounds.round_terms import ZERO, Purchase, RoundTerms
from muniment.payout.rounds.solution import NoSolution, Solution
from muniment.payout.rounds.solve import solve_round

MOST_STEPS = 60
PLACES = 10**40
"""Parts that do not settle at a fraction are cut to so many parts of one between steps."""
NEAR = Fraction(1, 10**35)
"""Parts that change by no more than this have settled."""


class Rights(NamedTuple):
    """Who takes its part.

    Attributes:
        takers: The holders.
        held: Shares of each holder before the round, as converted.
        on_top: The parts come on top of the new money; else out of it.
    """

    takers: tuple[str, ...]
    held: Mapping[str, Fraction]
    on_top: bool = False


class Taken(NamedTuple):
    """The round with the parts taken.

    Attributes:
        terms: With the purchases as they then are.
        solution: Of those terms.
    """

    terms: RoundTerms
    solution: Solution


def take_pro_rata(terms: RoundTerms, solutions: Sequence[Solution], rights: Rights) -> tuple[Taken, ...] | NoSolution:
    """Return a round with the parts taken, once for each of its solutions that stays one.

    Args:
        terms: The round before anyone takes a part.
        solutions: Its solutions.
        rights: Who takes its part, and where from.

    Raises:
        ValueError: If the parts are more than the round, or, on top, all of it.
    """
    found: list[Taken] = []
    for number, solution in enumerate(solutions):
        taken = _settled(terms, number, solution, rights)
        if isinstance(taken, NoSolution):
            return taken
        found.append(taken)
    return tuple(found)


def _settled(terms: RoundTerms, number: int, solution: Solution, rights: Rights) -> Taken | NoSolution:
    parts = _parts(terms, solution, rights)
    for step in range(MOST_STEPS):
        changed = terms._replace(purchases=with_parts(terms.purchases, parts, rights.on_top))
        again = solve_round(changed)
        if again.none is not None:
            return again.none
        if number >= len(again.each):
            break
        now = again.each[number]
        reached = _parts(changed, now, rights)
        if reached == parts:
            return Taken(changed, now)
        if all(abs(reached[party] - parts[party]) <= NEAR for party in parts):
            return Taken(changed, now._replace(tolerance=max(now.tolerance, now.price * NEAR)))
        # The first steps are exact, so that parts which are fractions are found as such.
        parts = (
            reached if step < 2 else {party: Fraction(round(part * PLACES), PLACES) for party, part in reached.items()}
        )
    return NoSolution("no settled parts", "the parts taken pro rata and the price do not settle at one answer")


def _parts(terms: RoundTerms, solution: Solution, rights: Rights) -> dict[str, Fraction]:
    parts = parts_before(terms, solution, rights.held)
    return {party: parts.get(party, ZERO) for party in rights.takers}


def with_parts(purchases: Sequence[Purchase], parts: Mapping[str, Fraction], on_top: bool) -> tuple[Purchase, ...]:
    """Return purchases of which some holders take their parts.

    Args:
        purchases: Who pays what before anyone takes a part.
        parts: What each holder takes of the money in all, 0 to 1.
        on_top: The others pay what they were to pay; else they give way in proportion.

    Raises:
        ValueError: If the parts are more than the whole; on top, if they are the whole.

    Example:
        A holder of a fifth, beside 8 of new money: 2 on top make it a fifth of 10.

        >>> [(each.investor, str(each.money)) for each in
        ...  with_parts([Purchase("oak", Fraction(8))], {"fir": Fraction(1, 5)}, on_top=True)]
        [('oak', '8'), ('fir', '2')]
    """
    if not on_top:
        return with_pro_rata(purchases, parts)
    rest = 1 - sum(parts.values(), ZERO)
    if rest <= 0:
        raise ValueError(
            "those who take their parts on top of the new money have all the shares, so no amount suffices"
        )
    return with_pro_rata([each._replace(money=each.money / rest) for each in purchases], parts)


def pro_rata_faults(before: RoundTerms, taken: Taken, rights: Rights, near: Fraction = NEAR) -> tuple[str, ...]:
    """Return where the parts taken are not what was agreed; empty if nothing is wrong.

    The parts are counted again from the shares of the answer, and the money of each holder is held against them.

    Args:
        before: The round before anyone took a part.
        taken: The answer, not rounded.
        rights: Who takes its part, and where from.
        near: How far a part may be off where the answer has a tolerance.
    """
    shares = {each.id: each.shares for each in taken.solution.converted}
    whole = before.issued + before.options + before.promised + before.unissued + sum(shares.values(), ZERO)
    faults: list[str] = []
    for closing in sorted({each.closing for each in before.purchases}):
        asked = sum((each.money for each in before.purchases if each.closing == closing), ZERO)
        paid = sum((each.money for each in taken.terms.purchases if each.closing == closing), ZERO)
        own = dict.fromkeys(rights.takers, ZERO)
        for party in rights.takers:
            converted = sum((shares[each.id] for each in before.instruments if each.holder == party), ZERO)
            own[party] = (rights.held.get(party, ZERO) + converted) / whole
        kept = ZERO + 1 if rights.on_top else 1 - sum(own.values(), ZERO)
        slack = 4 * near * paid if taken.solution.tolerance else ZERO
        expected = asked / (1 - sum(own.values(), ZERO)) if rights.on_top else asked
        if abs(paid - expected) > slack:
            faults.append(f"the money of closing {closing} is not what the parts on top of it give")
        investors = {each.investor for each in before.purchases if each.closing == closing} | set(own)
        for party in sorted(investors):
            agreed = sum(
                (each.money for each in before.purchases if (each.investor, each.closing) == (party, closing)), ZERO
            )
            got = sum(
                (each.money for each in taken.terms.purchases if (each.investor, each.closing) == (party, closing)),
                ZERO,
            )
            if abs(got - agreed * kept - own.get(party, ZERO) * expected) > slack:
                faults.append(f"{party} does not take its part at closing {closing}")
    return tuple(faults)
