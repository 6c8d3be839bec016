"""The payout of everyone as an exact function of the proceeds, and questions that can be put to it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis
from muniment.payout.piecewise import Piecewise, plus, reach, times


class Cause(NamedTuple):
    """Why the curve bends: the clause in words, and where it stands."""

    words: str
    basis: Basis | None


class Breakpoint(NamedTuple):
    """An amount of proceeds at which the next unit of money goes to others than the last one did.

    Attributes:
        proceeds: In units of the currency; more than 0.
        causes: What happens there; in the order of the classes.
    """

    proceeds: Fraction
    causes: tuple[Cause, ...]

    @property
    def cause(self) -> str:
        """All causes in one phrase."""
        return "; ".join(cause.words for cause in self.causes)


class Column(NamedTuple):
    """What one group of payees who stand alike is paid.

    Attributes:
        kind: ``class`` (as holders of it), ``party`` (named in a distribution), ``excess`` (above a return cap),
            ``debt``, ``fees``, ``carve-out``, ``unallocated``, ``option``, ``grant``, ``safe`` or ``note``.
        class_id: The class it is paid for, or whose shares it would give; None for a party, a cost or what is
            unallocated.
        holders: (party, part of the column); parts sum to 1. Empty for what is unallocated.
        amount: The column as a function of the proceeds; for options net of the strike.
        instrument: Address of the record of an option, a SAFE or a note; empty for others.
    """

    kind: str
    class_id: str | None
    holders: tuple[tuple[str, Fraction], ...]
    amount: Piecewise
    instrument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Payouts of one entity for every amount of proceeds, in one currency.

    Attributes:
        entity: Id of the entity.
        currency: ISO 4217 code; empty if the book names no money.
        columns: Together they are the proceeds, at every amount.
        breakpoints: Ascending; where the columns bend.
    """

    entity: str
    currency: str
    columns: tuple[Column, ...]
    breakpoints: tuple[Breakpoint, ...]

    def of_party(self, party: str) -> Piecewise:
        """Return what `party` is paid in all, as a function of the proceeds (0 for a stranger)."""
        return plus(
            [
                times(column.amount, part)
                for column in self.columns
                for holder, part in column.holders
                if holder == party
            ]
        )

    def of_class(self, class_id: str) -> Piecewise:
        """Return what the holders of a class are paid for it in all, as a function of the proceeds."""
        return plus(
            [column.amount for column in self.columns if column.kind == "class" and column.class_id == class_id]
        )

    def proceeds_for(self, party: str, amount: Fraction) -> Fraction | None:
        """Return the least proceeds at which `party` is paid at least `amount`; None if it never is."""
        return reach(self.of_party(party), amount)

    def next_unit(self, proceeds: Fraction) -> tuple[tuple[str, Fraction], ...]:
        """Return who is paid what of the next unit of money above `proceeds`, by party id, without zeros."""
        parts: dict[str, Fraction] = {}
        for column in self.columns:
            index = sum(1 for x, _ in column.amount.knots if x <= proceeds) - 1
            slope = column.amount.slope_after(index)
            for party, part in column.holders:
                parts[party] = parts.get(party, Fraction(0)) + slope * part
        return tuple(sorted((party, part) for party, part in parts.items() if part))
