"""What a payee of a distribution must give back, as written."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from muniment.model.amounts import parse_quantity
from muniment.model.terms import DOTTED, fault
from muniment.model.values import Quantity, ValueFault


class ClawbackTerms(NamedTuple):
    """`gp above 20% of profit of deal-1, deal-2, at most 60% of what it received`.

    Attributes:
        payee: Who gives back: a party, or a class.
        part: What it may keep of the profit.
        over: Entities whose profits count together; empty = the entity's own.
        most: The most it gives back, as a part of what it received.
    """

    payee: str
    part: Fraction
    over: tuple[str, ...]
    most: Fraction


CLAWBACK = re.compile(
    r"(\S+) above (\S+%) of profit(?: of ([a-z0-9-]+(?:, [a-z0-9-]+)*?))?(?:, at most (\S+%) of what it received)?\Z",
    re.ASCII,
)


def parse_clawback(text: str) -> ClawbackTerms | ValueFault:
    """Read `gp above 20% of profit`, with `of deal-1, deal-2` and `, at most 60% of what it received` behind it."""
    match = CLAWBACK.match(text)
    part = parse_quantity(match[2]) if match else None
    most = parse_quantity(match[4] or "100%") if match else None
    if match and DOTTED.match(match[1]) and isinstance(part, Quantity) and isinstance(most, Quantity):
        over = tuple(match[3].split(", ")) if match[3] else ()
        return ClawbackTerms(match[1], part.amount, over, most.amount)
    return fault(
        "M284",
        f"'{text[:60]}' does not say what is given back",
        text,
        hint="write 'gp above 20% of profit', then ' of deal-1, deal-2' and ', at most 60% of what it received' if so",
    )
