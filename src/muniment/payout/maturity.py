"""What is due on a SAFE or note on the day it matures, where there is neither a sale nor a round."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from muniment.book.structure import Basis
from muniment.model.round_words import MaturityTerms
from muniment.payout.instruments import Owed, Range, interest_by, sum_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is due at maturity.

    Attributes:
        id: Address of the record.
        on: The day it is due; the later one where the record extends it.
        matured: Whether that day is before the day asked about, or is that day.
        principal: The amount, or the multiple of it that is paid back; None if not stated exactly enough.
        interest: Accrued by the day it is due, by its own terms; None where they are not computed.
        since: What the same terms would add from then to the day asked about; None where nothing can.
        then: What the record says happens; None if nothing.
        shares: What it converts into then; None where it does not convert, or into what is not computed.
        because: Where each of these is stated.
        notes: What is assumed, in sentences.
    """

    id: str
    currency: str
    on: date
    matured: bool
    principal: Range | None
    interest: Range | None
    since: Range | None
    then: MaturityTerms | None
    shares: Range | None
    because: tuple[Basis, ...]
    notes: tuple[str, ...]

    @property
    def in_all(self) -> Range | None:
        """Return principal and interest by the day it is due; None where one of them is open."""
        if self.principal is None or self.interest is None:
            return None
        return sum_of([self.principal, self.interest])


def due_at_maturity(owed: Owed, asked: date) -> Due | None:
    """Return what is due on a SAFE or note when it matures; None where its record names no such day.

    Interest is computed up to the day it is due and no further. What the terms would add after that day is given apart,
    since few notes say that it runs on.

    Args:
        owed: The SAFE or note.
        asked: The day asked about.
    """
    terms = owed.terms
    if terms.due_on is None:
        return None
    then, day = terms.at_maturity, terms.due_on
    unsaid: list[str] = []
    interest = interest_by(terms, owed.amount, day, unsaid)
    now = interest_by(terms, owed.amount, asked, unsaid) if asked > day else None
    since = None
    if interest is not None and now is not None and terms.interest:
        high = None if interest.high is None or now.high is None else now.high - interest.high
        since = Range(now.low - interest.low, high)
    principal = None if owed.amount is None or terms.repays is None else owed.amount.times(terms.repays)
    shares = None
    notes: list[str] = []
    if then is not None and then.price is not None and owed.amount is not None and interest is not None:
        if then.price.currency == owed.currency:
            shares = sum_of([owed.amount, interest]).times(Fraction(1) / then.price.amount)
        else:
            notes.append(f"What {terms.id} converts into when due is not computed: its price is in another currency.")
    if asked >= day:
        what = "is taken to be outstanding, since no record says that it was repaid or converted"
        notes.append(f"{terms.id} has matured since {day.isoformat()} and {what}.")
        if then is None:
            notes.append(f"The record of {terms.id} does not say what happens when it is due.")
    return Due(
        id=terms.id,
        currency=owed.currency,
        on=day,
        matured=asked >= day,
        principal=principal,
        interest=interest,
        since=since,
        then=then,
        shares=shares,
        because=tuple(basis for _, basis in terms.places),
        notes=tuple(notes),
    )


def then_words(due: Due) -> str:
    """Return what the record says happens when it is due."""
    if due.then is None:
        return "not stated"
    if due.then.price is not None:
        return f"converts into {due.then.into}"
    return "repaid" if due.then.kind == "repaid" else "extended to this day"
