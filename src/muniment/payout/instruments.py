"""What may become shares: grants and their plans, options over new shares, SAFEs and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.splitting import Splits
from muniment.book.structure import Basis, Convertible, Entity, Grant, Plan, Structure
from muniment.model.dates import is_before
from muniment.model.values import Bounded, Money
from muniment.payout.accrued_interest import DAY_COUNTS, accrued, day_count_of, interest_of

ZERO = Fraction(0)


class Range(NamedTuple):
    """A number within bounds.

    Attributes:
        low: At least 0.
        high: None = without bound.
    """

    low: Fraction
    high: Fraction | None

    @property
    def exact(self) -> Fraction | None:
        """Return the number if it is exact."""
        return self.low if self.low == self.high else None

    def times(self, factor: Fraction) -> Range:
        """Return a multiple; `factor` is at least 0."""
        return Range(self.low * factor, None if self.high is None else self.high * factor)


def range_of(quantity: Fraction | Bounded[Fraction] | None) -> Range:
    """Return a quantity as a range; of `about X`, and of what is not stated, nothing is concluded."""
    if quantity is None or (isinstance(quantity, Bounded) and quantity.about):
        return Range(ZERO, None)
    if isinstance(quantity, Bounded):
        return Range(max(quantity.low or ZERO, ZERO), quantity.high)
    return Range(quantity, quantity)


def sum_of(ranges: Sequence[Range]) -> Range:
    """Return the sum of ranges."""
    low, high = ZERO, ZERO
    open_above = False
    for each in ranges:
        low += each.low
        if each.high is None:
            open_above = True
        else:
            high += each.high
    return Range(low, None if open_above else high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """Something that may become shares, in shares of its class.

    Attributes:
        kind: ``options``, ``RSUs``, ``warrants``, ``option``, ``safe``, ``note`` or ``pool``.
        id: Address of the record, or id of the plan.
        party: Who holds it; empty for a pool.
        shares: What it may become, vested or not.
    """

    kind: str
    id: str
    party: str
    class_id: str
    shares: Range
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTotal:
    """What has become of a plan's pool, in shares of the date.

    Attributes:
        reserved: In all; None if not stated.
        granted: Under the plan, in all.
        exercised: Of that.
        returned: Of that, forfeited, cancelled or expired, and back in the pool.
        available: What may still be granted; None where `reserved` is not stated. Below 0 where more is granted.
    """

    plan: str
    class_id: str
    reserved: Fraction | None
    granted: Fraction
    exercised: Fraction
    returned: Fraction
    available: Fraction | None
    basis: Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A SAFE or note outstanding, with what has accrued on it.

    Attributes:
        amount: Principal or purchase amount; None if not stated.
        interest: Accrued by the date; 0 where it bears none; None where its words are not computed.
    """

    terms: Convertible
    amount: Range | None
    currency: str
    interest: Range | None


class Dilution(NamedTuple):
    """Everything beside issued shares.

    Attributes:
        instruments: What counts in fully diluted shares.
        notes: What is assumed, and what is left out.
    """

    instruments: tuple[Instrument, ...]
    grants: tuple[Grant, ...]
    plans: tuple[PlanTotal, ...]
    owed: tuple[Owed, ...]
    notes: tuple[str, ...]


def dilution(structure: Structure, entity: Entity) -> Dilution:
    """Return what may become shares of an entity on the date of the structure."""
    notes: list[str] = []
    grants = tuple(each for each in structure.grants if each.entity == entity.id)
    plans = plan_totals(entity, grants, structure.splits, notes)
    owed = tuple(
        _owed(each, structure.on, notes)
        for each in structure.convertibles
        if each.entity == entity.id and not each.converted_in
    )
    notes += [
        f"The {each.kind} {each.id} is taken as converted in {each.converted_in}."
        for each in structure.convertibles
        if each.entity == entity.id and each.converted_in
    ]
    found = [
        Instrument(
            kind=each.kind,
            id=each.id,
            party=each.holder,
            class_id=each.class_id,
            shares=Range(each.outstanding, each.outstanding),
            basis=each.basis,
        )
        for each in grants
        if each.outstanding > 0
    ]
    notes += [
        f"What has vested of {each.id} is not computed: it waits for {each.waits}." for each in grants if each.waits
    ]
    found += _options(structure, entity, {each.id for each in grants})
    for each in owed:
        converts = each.terms.converts
        if converts is None:
            notes.append(
                f"The {each.terms.kind} {each.terms.id} is not in the fully diluted count: the number of its shares is "
                "not fixed."
            )
            continue
        shares = each.terms.count * converts.ratio
        found.append(
            Instrument(
                kind=each.terms.kind,
                id=each.terms.id,
                party=each.terms.holder,
                class_id=converts.into.rpartition(".")[2],
                shares=Range(shares, shares),
                basis=each.terms.basis,
            )
        )
    for plan in plans:
        if plan.available is not None and plan.available > 0 and plan.class_id:
            left = Range(plan.available, plan.available)
            found.append(
                Instrument(kind="pool", id=plan.plan, party="", class_id=plan.class_id, shares=left, basis=plan.basis)
            )
    kept = tuple(each for each in found if each.class_id in entity.classes)
    notes += [
        f"{each.id} is left out: {entity.id} has no class '{each.class_id}'."
        for each in found
        if each.class_id not in entity.classes
    ]
    return Dilution(kept, grants, plans, owed, tuple(dict.fromkeys(notes)))


def _options(structure: Structure, entity: Entity, grants: set[str]) -> list[Instrument]:
    """Return options over a number of new shares that may still be used some day."""
    found: list[Instrument] = []
    for right in structure.rights:
        last = right.exercisable[1]
        over_new = right.kind == "acquire" and right.source is None and right.of is None
        if right.entity != entity.id or right.id in grants or not over_new or right.never:
            continue
        if last is not None and last < structure.on:
            continue
        found.append(
            Instrument(
                kind="option",
                id=right.id,
                party=right.holder,
                class_id=right.class_id,
                shares=range_of(right.quantity),
                basis=right.basis,
            )
        )
    return found


def plan_totals(
    entity: Entity,
    grants: Sequence[Grant],
    splits: Splits,
    notes: list[str],
) -> tuple[PlanTotal, ...]:
    """Return what has become of each plan's pool; what is assumed is added to `notes`."""
    under: dict[str, list[Grant]] = {}
    for grant in grants:
        if grant.plan:
            under.setdefault(grant.plan, []).append(grant)
    for name, named in under.items():
        if name not in entity.plans:
            notes.append(f"{named[0].id} names the plan '{name}', which {entity.id} does not have.")
    found: list[PlanTotal] = []
    for plan in entity.plans.values():
        own = under.get(plan.id, [])
        others = [grant.id for grant in own if plan.of and grant.class_id != plan.of]
        notes += [f"{each} is over another class than its plan {plan.id}, and is left out of it." for each in others]
        own = [grant for grant in own if grant.id not in others]
        reserved = _reserved(entity, plan, splits, notes)
        granted = sum((grant.granted for grant in own), ZERO)
        given_up = sum((grant.forfeited + grant.expired for grant in own), ZERO)
        returned = given_up if plan.returns is not False else ZERO
        if returned and plan.returns is None:
            notes.append(f"What is forfeited, cancelled or expires returns to the pool of {plan.id}.")
        available = None if reserved is None else reserved - granted + returned
        if available is None:
            notes.append(f"The plan {plan.id} does not say how many shares are reserved, so its pool is left out.")
        elif available < 0:
            notes.append(f"The grants under {plan.id} are {-available} more than it reserves.")
        found.append(
            PlanTotal(
                plan=plan.id,
                class_id=plan.of,
                reserved=reserved,
                granted=granted,
                exercised=sum((grant.exercised for grant in own), ZERO),
                returned=returned,
                available=available,
                basis=plan.basis,
            )
        )
    return tuple(found)


def _reserved(
    entity: Entity,
    plan: Plan,
    splits: Splits,
    notes: list[str],
) -> Fraction | None:
    """Return the shares that a plan reserves, in shares of the date."""
    if plan.reserved is None:
        return None
    reserved = Fraction(plan.reserved)
    for split in splits.get((entity.id, plan.of), ()):
        follows = is_before(plan.stated, split.when) if plan.stated is not None else None
        if follows is None:
            notes.append(
                f"It is not known whether the plan {plan.id} was stated before the split of {split.when.text}, so it "
                "is taken not to follow it."
            )
        elif follows:
            reserved *= split.ratio
            notes.append(f"The plan {plan.id} is taken to follow the split of {split.when.text}.")
    return reserved


def _owed(terms: Convertible, on: date, notes: list[str]) -> Owed:
    amount: Range | None = None
    currency = ""
    match terms.amount:
        case Money(amount=exact, currency=code):
            amount, currency = Range(exact, exact), code
        case Bounded(low=low, high=high, about=about):
            end = low or high
            currency = end.currency if end is not None else ""
            if not about:
                amount = Range(low.amount if low is not None else ZERO, high.amount if high is not None else None)
    return Owed(terms=terms, amount=amount, currency=currency, interest=_interest_owed(terms, amount, on, notes))


def _interest_owed(terms: Convertible, amount: Range | None, on: date, notes: list[str]) -> Range | None:
    """Return the interest owed on a day; what is repaid or converted when due bears none after that."""
    due, then = terms.due_on, terms.at_maturity
    if due is None or due >= on or then is None or then.kind == "extended":
        return interest_by(terms, amount, on, notes)
    if terms.interest:
        word = "repaid" if then.kind == "repaid" else "converted"
        notes.append(f"{terms.id} was due on {due}, to be {word} then: its interest is counted to that day.")
    return interest_by(terms, amount, due, notes)


def interest_by(terms: Convertible, amount: Range | None, on: date, notes: list[str]) -> Range | None:
    """Return the interest that has accrued on a SAFE or note by a day, within bounds; None where it is not computed.

    Args:
        terms: The SAFE or note.
        amount: What bears interest; None if not stated.
        on: The day.
        notes: What is assumed, or why nothing is computed, is added to them.
    """
    if not terms.interest:
        return Range(ZERO, ZERO)
    read = interest_of(terms.interest)
    if read is None:
        notes.append(f"The interest of {terms.id} ('{terms.interest}') is not computed.")
        return None
    if amount is None or terms.since is None:
        missing = "its amount" if amount is None else "the day it begins"
        notes.append(f"The interest of {terms.id} is not computed: {missing} is not stated exactly.")
        return None
    named = day_count_of(terms.day_count) if terms.day_count else None
    if terms.day_count and named is None:
        notes.append(f"The interest of {terms.id} is not computed: '{terms.day_count}' is not a day count it knows.")
        return None
    counts = DAY_COUNTS if named is None else (named,)
    if named is None:
        notes.append(f"{terms.id} states no day count: its interest is given within those of {', '.join(DAY_COUNTS)}.")
    if terms.due_on is not None and terms.due_on < on:
        notes.append(f"{terms.id} was due on {terms.due_on}; its interest is taken to run on.")
    since = terms.since
    lows = [accrued(amount.low, read, since, on, each) for each in counts]
    if amount.high is None:
        return Range(min(lows), None)
    top = amount.high
    return Range(min(lows), max(accrued(top, read, since, on, each) for each in counts))
