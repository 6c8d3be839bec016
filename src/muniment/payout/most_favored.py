"""The terms that the holder of a SAFE or note with a most-favored-nation clause may take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from muniment.book.structure import Convertible
from muniment.model.amounts import parse_quantity
from muniment.model.values import Money, Quantity
from muniment.payout.faults import Refusal

WHAT_IS_TAKEN = (
    "{id} may take the price terms of one SAFE or note issued after it, its cap, discount and part together; "
    "its amount, interest, maturity and repayment stay its own, and a part is taken in proportion to the amount."
)
"""What is assumed of a most-favored-nation clause; to be filled with the id of the instrument that has it."""


class TermsTaken(NamedTuple):
    """One choice of the holder.

    Attributes:
        of: Id of the later instrument whose terms these are; empty for its own.
        terms: The holder's instrument, with the cap, the discount and the part of that one in place of its own.
    """

    of: str
    terms: Convertible


def terms_it_may_take(favored: Convertible, others: Sequence[Convertible]) -> tuple[TermsTaken, ...] | Refusal:
    """Return every set of terms the holder of an instrument may choose, its own first, then in order of issue.

    Terms are taken whole: the cap and the discount of one later instrument, never the cap of one and the discount of
    another. A fixed part of the capitalization is worth more to whoever paid less for it, so it is taken in proportion
    to the amounts. An instrument without the clause has its own terms only. Terms that say the same are listed once. A
    later instrument with neither cap, discount nor part offers nothing, and is not listed.

    Args:
        favored: The instrument.
        others: SAFEs and notes of any issuers, in any order; `favored` among them or not.

    Returns:
        The choices; a refusal where it is not known which of two instruments came later.

    Source:
        Y Combinator, SAFE (MFN, no Valuation Cap, no Discount) v1.2, s. 2, "MFN Amendment Provision" and
        "Subsequent Convertible Securities".

    Example:
        >>> from datetime import date
        >>> from muniment.book.structure import Basis
        >>> from muniment.text.spans import Span
        >>> words = Basis("record", "", Span("a.muni", 1, 1, 2))
        >>> first = Convertible(id="first", kind="safe", holder="ada", entity="tide", amount=None,
        ...                     most_favored=True, since=date(2021, 1, 1), basis=words)
        >>> later = replace(first, id="later", most_favored=False, since=date(2021, 2, 1), discount="20%")
        >>> [(each.of, each.terms.discount) for each in terms_it_may_take(first, [first, later])]
        [('', ''), ('later', '20%')]
    """
    later = issued_after(favored, others) if favored.most_favored else ()
    if isinstance(later, Refusal):
        return later
    found = [TermsTaken("", favored)]
    seen = {(favored.cap, favored.discount, favored.part, favored.cap_counts), ("", "", "", "")}
    for each in later:
        part = part_in_proportion(favored, each) if each.part else ""
        if isinstance(part, Refusal):
            return part
        terms = (each.cap, each.discount, part, each.cap_counts)
        if terms not in seen:
            seen.add(terms)
            taken = replace(favored, cap=each.cap, discount=each.discount, part=part, cap_counts=each.cap_counts)
            found.append(TermsTaken(each.id, taken))
    return tuple(found)


def part_in_proportion(favored: Convertible, other: Convertible) -> str | Refusal:
    """Return the part of the capitalization that an instrument gets on the terms of another that has a fixed part.

    What is paid for each part is then the same for both. Words that are no exact part are passed on as they are.

    Args:
        favored: Who takes the terms.
        other: Whose terms they are; its `part` is stated.
    """
    whole = parse_quantity(other.part)
    if not isinstance(whole, Quantity) or whole.unit not in ("", "%"):
        return other.part
    for each in (favored, other):
        if not isinstance(each.amount, Money) or each.amount.amount <= 0:
            message = f"{favored.id} may take the part of {other.id}, and the amount of {each.id} is not stated exactly"
            return Refusal("amount unknown", message, each.basis, "state both amounts")
    own, theirs = favored.amount, other.amount
    if not isinstance(own, Money) or not isinstance(theirs, Money) or own.currency != theirs.currency:
        message = f"{favored.id} may take the part of {other.id}, and their amounts are in two currencies"
        return Refusal("mixed currencies", message, favored.basis, "state both amounts in one currency")
    if own.amount == theirs.amount:
        return other.part
    return str(whole.amount * own.amount / theirs.amount)


def issued_after(favored: Convertible, others: Sequence[Convertible]) -> tuple[Convertible, ...] | Refusal:
    """Return the SAFEs and notes of the same issuer that were issued after an instrument, the earliest first.

    Those of the same day are not after it.

    Args:
        favored: The instrument.
        others: SAFEs and notes of any issuers; `favored` among them or not.
    """
    own = [each for each in others if each.entity == favored.entity and each.id != favored.id]
    for each in (favored, *own) if own else ():
        if each.since is None:
            return Refusal("date unknown", f"the day of {each.id} is not known exactly", each.basis, None)
    after = [(each.since, each) for each in own if each.since is not None]
    after = [pair for pair in after if favored.since is not None and pair[0] > favored.since]
    return tuple(each for _, each in sorted(after, key=lambda pair: pair[0]))
