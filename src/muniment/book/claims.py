"""Claims to shares that are not issued: plans, grants, SAFEs and notes, as they stand on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.basis import Basis
from muniment.model.round_words import MaturityTerms
from muniment.model.terms import Conversion
from muniment.model.values import Bounded, Money, PartialDate


class Split(NamedTuple):
    """A split of one class.

    Attributes:
        when: Its date, which may allow several days.
        ratio: What one share became.
        address: Of its record.
    """

    when: PartialDate
    ratio: Fraction
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan: shares reserved for grants.

    Attributes:
        of: The class that is reserved; empty if not stated.
        reserved: Shares reserved in all, those already granted included; None if not stated.
        returns: Whether what is forfeited, cancelled or expires may be granted again; None if not stated (then it may).
        stated: The date from which `reserved` counts; None if it is not stated.
    """

    id: str
    title: str
    of: str = ""
    reserved: int | None = None
    returns: bool | None = None
    stated: PartialDate | None = None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Options, restricted stock units or warrants, as they stand on the date; splits of the class are followed.

    Attributes:
        id: Address of the record.
        kind: ``options``, ``RSUs`` or ``warrants``.
        class_id: What they are over.
        plan: Id of the plan in the entity; empty if none is named.
        granted: In all, in shares of the date.
        vested: What has vested by the date in all, whatever became of it since; None where that cannot be computed.
        vesting: Each day with what has vested by then in all; empty where that is not a schedule.
        exercised, forfeited, expired: What is no longer there, and why.
        strike: The price of each share; None if not stated, or not exactly.
        strike_open: Whether a price is stated, but not exactly.
        expires: The last day; None if not stated.
        waits: What vesting waits for, as written; empty if nothing.
        since: The day of the grant; None if not known exactly.
    """

    id: str
    kind: str
    holder: str
    entity: str
    class_id: str
    plan: str = ""
    granted: Fraction
    vested: Fraction | None
    vesting: tuple[tuple[date, Fraction], ...] = ()
    exercised: Fraction = Fraction(0)
    forfeited: Fraction = Fraction(0)
    expired: Fraction = Fraction(0)
    strike: Money | None = None
    strike_open: bool = False
    expires: date | None = None
    waits: str = ""
    since: date | None = None
    basis: Basis

    @property
    def outstanding(self) -> Fraction:
        """Return the shares that may still be acquired, vested or not."""
        return self.granted - self.exercised - self.forfeited - self.expired

    @property
    def usable(self) -> Fraction | None:
        """Return the vested shares that may still be acquired; None where vesting cannot be computed."""
        if self.vested is None:
            return None
        return min(max(self.vested - self.exercised, Fraction(0)), self.outstanding)


@dataclass(frozen=True, slots=True, kw_only=True)
class Convertible:
    """A SAFE or a note, with its terms as written.

    Attributes:
        id: Address of the record.
        kind: ``safe`` or ``note``.
        entity: The issuer.
        amount: What was paid for it; None if not stated.
        interest, day_count, cap, discount, part, cap_counts: As written; empty if not stated.
        most_favored: `mfn: yes`.
        since: The day of the record; None if not known exactly.
        matures: The day it is due, as first stated; None if not stated.
        at_maturity: What happens then without a sale or a round; None if not stated.
        places: Where what is due is stated: the label, and what it rests on.
        repays: What is paid back where it does not convert, as a multiple of the amount, beside the interest; None if
            it is stated and not an exact multiple.
        count: How many of them there are.
        converts: What one becomes, where that is a fixed number; None elsewhere.
        converted_in: The round in force that names it as converted; empty if none.
    """

    id: str
    kind: str
    holder: str
    entity: str
    amount: Money | Bounded[Money] | None
    interest: str = ""
    day_count: str = ""
    cap: str = ""
    discount: str = ""
    part: str = ""
    cap_counts: str = ""
    most_favored: bool = False
    since: date | None = None
    matures: date | None = None
    repays: Fraction | None = Fraction(1)
    count: int = 1
    converts: Conversion | None = None
    converted_in: str = ""
    at_maturity: MaturityTerms | None = None
    places: tuple[tuple[str, Basis], ...] = ()
    basis: Basis

    @property
    def due_on(self) -> date | None:
        """Return the day it is due: the later one where the record extends it; None if none is stated."""
        until = self.at_maturity.until if self.at_maturity is not None else None
        return self.matures if self.matures is None or until is None else max(self.matures, until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inexact:
    """A claim on an entity, or a payment by it, that does not say what is needed to count it.

    Attributes:
        id: Address of the record.
        kind: ``grant``, ``option``, ``safe``, ``note`` or ``pay``.
        missing: What it does not say exactly, in words.
        party: Who holds it or was paid; empty if not stated.
        as_: What a payment was for; empty for others, and if not stated.
        waits: Why nothing of a grant can be used on the date, however large it is; empty if something may be.
    """

    id: str
    kind: str
    entity: str
    missing: str
    party: str = ""
    as_: str = ""
    waits: str = ""
    basis: Basis
