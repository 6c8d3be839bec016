"""The terms of a priced round, as plain numbers.

Shares are common-equivalent shares throughout: a preferred share counts as what it converts into.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

ZERO = Fraction(0)
Mode = Literal["down", "up", "nearest"]


class Counts(NamedTuple):
    """Which shares a capitalization counts: the divisor of a valuation cap, or of the pre-money.

    Attributes:
        issued: Shares issued before the round, as converted.
        options: Options and warrants granted and not exercised.
        promised: Options promised and not granted.
        unissued: What is left in the pool before the round.
        this: What the instrument itself converts into; for a pre-money, unused.
        others: What the other instruments convert into; for a pre-money, what all convert into.
        pool_increase: The increase of the pool in the round.
        adjustments: What anti-dilution adds in the round.
        new_money: The shares sold for new money.

    Source:
        The members are those of Open Cap Format's `capitalization_definition_rules`, and `adjustments`, on which that
        format has no word.
    """

    issued: bool = True
    options: bool = True
    promised: bool = True
    unissued: bool = True
    this: bool = True
    others: bool = True
    pool_increase: bool = False
    adjustments: bool = False
    new_money: bool = False


POST_MONEY_SAFE = Counts()
"""Source: Y Combinator, Post-Money SAFE (Valuation Cap) v1.2, s. 2, "Company Capitalization"."""

PRE_MONEY_SAFE = Counts(promised=False, unissued=False, this=False, others=False)
"""Source: Y Combinator, SAFE (pre-money, Cap) 2016, s. 2, "Company Capitalization": without the pool that is reserved
and not granted, this instrument, other SAFEs and convertible notes."""

NOTE = Counts(this=False, others=False)
"""The fully diluted capitalization before the round, without convertible securities: the usual words of a note."""

PRE_MONEY = Counts(pool_increase=True, adjustments=True)
"""The fully diluted pre-money capitalization, into which the investor's term sheet puts every conversion, the pool's
increase and every adjustment.

Source: NVCA, Model Term Sheet, "Price Per Share" and "Employee Pool"."""


class Way(NamedTuple):
    """One way in which an instrument may convert; the one that gives the most shares is taken.

    Attributes:
        kind: ``cap`` (price = value / capitalization), ``percent`` (value = part of the capitalization, shares =
            value x capitalization, and no price is rounded), ``discount`` (price = (1 - value) x round price; 0 is the
            round price itself) or ``fixed`` (price = value).
        value: Money, a part from 0 to 1, or money a share.
        counts: The capitalization of a `cap` or `percent`.
        of: Id of the instrument from which a most-favored-nation clause takes this way; empty for its own.
    """

    kind: Literal["cap", "percent", "discount", "fixed"]
    value: Fraction
    counts: Counts = POST_MONEY_SAFE
    of: str = ""


class Instrument(NamedTuple):
    """A SAFE or note that converts in the round.

    Attributes:
        amount: What converts: the purchase amount, or principal with interest. Money, above 0.
        ways: At least one.
    """

    id: str
    holder: str
    amount: Fraction
    ways: tuple[Way, ...]


class PoolTarget(NamedTuple):
    """How large the pool has to be after the round.

    Attributes:
        part: Part of all shares after the round, 0 to below 1.
        of: ``unissued`` (only what may still be granted counts toward it) or ``all`` (granted options count too).
        least: Shares that it must have in any case.
    """

    part: Fraction
    of: Literal["unissued", "all"] = "unissued"
    least: Fraction = ZERO


class Protected(NamedTuple):
    """A class whose conversion price falls when shares are sold for less.

    Attributes:
        shares: Common-equivalent shares before the adjustment; counted in `RoundTerms.issued` too.
        price: Its conversion price before the round, money a share.
        rule: ``weighted`` or ``ratchet``.
        base: Shares outstanding before the round in the sense of the clause: broad (fully diluted) or narrow.
        base_counts_conversions: The base has what SAFEs and notes convert into as well.
        issue_counts_conversions: Their conversion is itself an issue for consideration, together with the new money.
    """

    class_id: str
    shares: Fraction
    price: Fraction
    rule: Literal["weighted", "ratchet"]
    base: Fraction = ZERO
    base_counts_conversions: bool = False
    issue_counts_conversions: bool = False


class Purchase(NamedTuple):
    """What one investor pays at one closing, at the price of the round."""

    investor: str
    money: Fraction
    closing: int = 1


class Price(NamedTuple):
    """What fixes the price.

    Attributes:
        by: ``pre-money`` (price x pre-money capitalization), ``post-money`` (price x all shares after the round) or
            ``share`` (the price itself).
        value: Money; above 0.
    """

    by: Literal["pre-money", "post-money", "share"]
    value: Fraction


class Rounding(NamedTuple):
    """The conventions by which prices and shares are rounded.

    Attributes:
        price_places: Decimal places of the price of the round; None = as it comes.
        conversion_places: Decimal places of conversion prices; None = as they come.
        shares: How each holder's shares of each instrument become whole.
    """

    price_places: int | None = None
    price_mode: Mode = "up"
    conversion_places: int | None = None
    conversion_mode: Mode = "up"
    shares: Mode = "down"


class RoundTerms(NamedTuple):
    """A round.

    Attributes:
        issued, options, promised, unissued: Shares before the round, as in `Counts`.
        price: What fixes the price.
        purchases: Who pays how much new money, at which closing.
        pre_money_counts: The capitalization that the pre-money is divided by; `this` is not read.
    """

    issued: Fraction
    price: Price
    purchases: tuple[Purchase, ...]
    instruments: tuple[Instrument, ...] = ()
    options: Fraction = ZERO
    promised: Fraction = ZERO
    unissued: Fraction = ZERO
    pool: PoolTarget | None = None
    protected: tuple[Protected, ...] = ()
    pre_money_counts: Counts = PRE_MONEY

    @property
    def new_money(self) -> Fraction:
        """Return what is paid in, in all."""
        return sum((each.money for each in self.purchases), ZERO)

    @property
    def existing(self) -> Fraction:
        """Return all shares before the round, fully diluted, without SAFEs and notes."""
        return self.issued + self.options + self.promised + self.unissued


def counted_before(terms: RoundTerms, counts: Counts) -> Fraction:
    """Return the shares from before the round that a capitalization counts."""
    return (
        terms.issued * counts.issued
        + terms.options * counts.options
        + terms.promised * counts.promised
        + terms.unissued * counts.unissued
    )


def check_terms(terms: RoundTerms) -> None:
    """Refuse numbers that are no round.

    Raises:
        ValueError: If a number is out of its range.
    """
    for name in ("issued", "options", "promised", "unissued"):
        if getattr(terms, name) < 0:
            raise ValueError(f"'{name}' is negative")
    if terms.existing <= 0:
        raise ValueError("there are no shares before the round")
    if terms.price.value <= 0:
        raise ValueError(f"the {terms.price.by} is not above 0")
    if any(each.money < 0 for each in terms.purchases):
        raise ValueError("a purchase is negative")
    for each in terms.instruments:
        if each.amount <= 0:
            raise ValueError(f"the amount of {each.id} is not above 0")
        if not each.ways:
            raise ValueError(f"{each.id} has no way to convert")
        for way in each.ways:
            if way.kind in ("cap", "fixed") and way.value <= 0:
                raise ValueError(f"the {way.kind} of {each.id} is not above 0")
            if way.kind in ("discount", "percent") and not 0 <= way.value < 1:
                raise ValueError(f"the {way.kind} of {each.id} is not from 0 to below 1")
    if terms.pool is not None and not 0 <= terms.pool.part < 1:
        raise ValueError("the pool is not from 0 to below 1 of all shares")
    for protected in terms.protected:
        if protected.price <= 0 or protected.shares < 0 or protected.base < 0:
            raise ValueError(f"the anti-dilution terms of {protected.class_id} are not above 0")
