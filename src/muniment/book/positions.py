"""What one party holds of one class while the ledger is folded: shares, what was paid for them, and since when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from muniment.book.basis import Basis
from muniment.book.numbers_held import ZERO, Lot, Lots, lots_times, paid_for_all
from muniment.model.records import Record
from muniment.model.values import Money, PartialDate


@dataclass(slots=True)
class Change:
    """The last change of a position; `added` is what records of one kind added on that day."""

    record: Record
    when: PartialDate
    added: Fraction
    basis: Basis


@dataclass(slots=True)
class Position:
    """What one party holds of one class.

    Attributes:
        quantity: Shares.
        paid: What the entity got for them; None where nothing is stated.
        paid_is_known: Whether that is stated of all of them, in one currency.
        bases: What the number rests on, in order of time.
        last: The last change by a record of the ledger.
        contributed: What was paid on each day; None once a day is not known or some were passed on.
        lots: Since when each part is held.
    """

    quantity: Fraction = ZERO
    paid: Money | None = None
    paid_is_known: bool = True
    bases: list[Basis] = field(default_factory=list)
    last: Change | None = None
    contributed: list[tuple[date, Money]] | None = field(default_factory=list)
    lots: Lots = field(default_factory=Lots)

    def add_paid(self, paid: Money | None) -> bool:
        """Add what was paid for shares just received; return whether it is in the currency of the rest."""
        if paid is None:
            self.paid_is_known = False
        elif self.paid is None:
            self.paid = paid
        elif self.paid.currency == paid.currency:
            self.paid = Money(self.paid.amount + paid.amount, paid.currency)
        else:
            self.paid_is_known = False
            return False
        return True

    def paid_for(self, amount: Fraction) -> Money | None:
        """Return what the entity was paid for the shares that are taken next; a buyer steps into it at any price."""
        return paid_for_all(self.lots.to_be_taken(amount)) if self.quantity else None

    def take(self, amount: Fraction, basis: Basis) -> tuple[Lot, ...]:
        """Take shares away, of which there are enough, and return the lots they were."""
        self.contributed = None
        self.quantity -= amount
        self.bases.append(basis)
        taken = self.lots.take(amount)
        self.paid = paid_for_all(self.lots.with_payments())
        self.paid_is_known = self.paid is not None or not self.quantity
        return taken

    def become(self, target: Position, ratio: Fraction, basis: Basis) -> None:
        """Turn all of it into shares of another class, which its holder adds to those it has of that one."""
        target.quantity += self.quantity * ratio
        target.bases.extend([*self.bases, basis])
        target.lots.add(lots_times(self.lots.with_payments(), ratio))
        target.add_paid(self.paid if self.paid_is_known else None)
        if target.contributed is not None:
            target.contributed = [*target.contributed, *self.contributed] if self.contributed else None
        self.quantity, self.lots = ZERO, Lots()

    def split(self, ratio: Fraction) -> None:
        """Let each share become several."""
        self.quantity *= ratio
        self.lots.split(ratio)
