"""What a round comes to."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from muniment.payout.rounds.round_terms import Way


class Converted(NamedTuple):
    """What one SAFE or note became.

    Attributes:
        price: Its conversion price, money a share.
        way: The way it took; of several that give equally many shares, the first.
        shares: Shares it became.
        prices: The price of every way it had, in the order of the instrument.
    """

    id: str
    holder: str
    amount: Fraction
    price: Fraction
    way: Way
    shares: Fraction
    prices: tuple[Fraction, ...]


class Bought(NamedTuple):
    """What one investor got at one closing."""

    investor: str
    money: Fraction
    closing: int
    shares: Fraction


class Adjusted(NamedTuple):
    """A class with anti-dilution.

    Attributes:
        before, after: Conversion prices, money a share; equal where nothing is adjusted.
        factor: What the conversion ratio is multiplied by; at least 1.
        added: Common-equivalent shares that the adjustment adds.
    """

    class_id: str
    before: Fraction
    after: Fraction
    factor: Fraction
    added: Fraction


class Solution(NamedTuple):
    """One price at which every definition of the round holds.

    Attributes:
        price: Money a share.
        pool_increase: Shares added to the pool.
        unissued: What may still be granted after the round.
        pre_money_shares: The capitalization that the pre-money is divided by.
        total: All shares after the round, fully diluted.
        pre_money: price x pre_money_shares.
        post_money: pre_money + new money.
        tolerance: The exact price is at most so far from `price`; 0 where `price` is exact.
        rounded: Prices and shares follow rounding conventions.
    """

    price: Fraction
    converted: tuple[Converted, ...]
    bought: tuple[Bought, ...]
    adjusted: tuple[Adjusted, ...]
    pool_increase: Fraction
    unissued: Fraction
    pre_money_shares: Fraction
    total: Fraction
    pre_money: Fraction
    post_money: Fraction
    tolerance: Fraction = Fraction(0)
    rounded: bool = False


class NoSolution(NamedTuple):
    """Why no price satisfies the terms."""

    kind: str
    message: str


class Solutions(NamedTuple):
    """Every price at which the definitions hold, the highest first.

    Attributes:
        each: Empty where there is none.
        none: Why there is none; None where there is one.
        above: Where a price below this was not looked at (terms whose adjustment depends on the conversions), this
            price; 0 where every price was.
    """

    each: tuple[Solution, ...]
    none: NoSolution | None = None
    above: Fraction = Fraction(0)
