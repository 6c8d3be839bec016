"""Values of the labels of a round and of what converts in it: purchases, rounding, what a capitalization counts."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from muniment.model.amounts import parse_money
from muniment.model.dates import exact_day, parse_date
from muniment.model.terms import DOTTED, fault
from muniment.model.values import Money, PartialDate, ValueFault

COUNTED = (
    "issued",
    "options",
    "promised options",
    "unissued pool",
    "this",
    "other conversions",
    "pool increase",
    "adjustments",
    "new money",
)
"""What a capitalization may count; in the order of `payout.rounds.Counts`."""

MOST_PLACES = 12


class PurchaseTerms(NamedTuple):
    """`birch-ventures for USD 2,000,000 on 2021-03-04`; without a day, at the first closing."""

    investor: str
    money: Money
    closing: date | None


class RoundingTerms(NamedTuple):
    """`up to 5 places`, or `down` for whole numbers."""

    mode: Literal["down", "up", "nearest"]
    places: int


class MaturityTerms(NamedTuple):
    """What happens to a note on the day it is due, without a sale or a round.

    Attributes:
        kind: ``repaid``, ``converts`` or ``extended``.
        into: The class it converts into; empty for others.
        price: What a share costs then; None for others.
        until: To which day it is extended; None for others.
    """

    kind: Literal["repaid", "converts", "extended"]
    into: str = ""
    price: Money | None = None
    until: date | None = None


MATURITY = re.compile(r"(repaid)|converts into (\S+) at (.+)|extended to (\S+)")
PURCHASE = re.compile(r"(\S+) for (.+?)(?: on (\S+))?\Z")
PLACES = re.compile(r"(up|down|nearest)(?: to ([0-9]{1,2}) places?)?\Z", re.ASCII)


def parse_purchase(text: str) -> PurchaseTerms | ValueFault:
    """Read `birch-ventures for USD 2,000,000 on 2021-03-04`."""
    match = PURCHASE.match(text)
    money = parse_money(match[2]) if match else None
    if not match or not DOTTED.match(match[1]) or not isinstance(money, Money):
        return fault(
            "M280",
            f"'{text}' does not say who buys for how much",
            text,
            hint="write it as in 'birch-ventures for USD 2,000,000 on 2021-03-04'",
        )
    when = parse_date(match[3]) if match[3] else None
    day = exact_day(when) if isinstance(when, PartialDate) else None
    if match[3] and day is None:
        return fault("M280", f"'{match[3]}' is not an exact day", text, match[3], "write the day of the closing")
    return PurchaseTerms(match[1], money, day)


def parse_maturity(text: str) -> MaturityTerms | ValueFault:
    """Read `repaid`, `converts into common at USD 1.50` or `extended to 2025-05-01`."""
    match = MATURITY.fullmatch(text)
    if match is not None and match[1]:
        return MaturityTerms("repaid")
    if match is not None and match[2]:
        price = parse_money(match[3])
        if DOTTED.match(match[2]) and isinstance(price, Money) and price.amount > 0:
            return MaturityTerms("converts", into=match[2].rpartition(".")[2], price=price)
    if match is not None and match[4]:
        when = parse_date(match[4])
        until = exact_day(when) if isinstance(when, PartialDate) else None
        if until is not None:
            return MaturityTerms("extended", until=until)
    return fault(
        "M280",
        f"'{text}' does not say what happens when it is due",
        text,
        hint="write 'repaid', 'converts into common at USD 1.50' or 'extended to 2025-05-01'",
    )


def parse_rounding(text: str) -> RoundingTerms | ValueFault:
    """Read `up to 5 places` or `down`."""
    match = PLACES.match(text)
    if match is None or int(match[2] or 0) > MOST_PLACES:
        return fault(
            "M280",
            f"'{text}' is not a way to round",
            text,
            hint=f"write 'up to 5 places', 'nearest to 4 places' or 'down'; at most {MOST_PLACES} places",
        )
    mode: Literal["down", "up", "nearest"] = "down" if match[1] == "down" else "up" if match[1] == "up" else "nearest"
    return RoundingTerms(mode, int(match[2] or 0))
