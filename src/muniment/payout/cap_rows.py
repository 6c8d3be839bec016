"""Cap tables as they are answered: rows, totals, views, and plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from muniment.book.structure import Basis, Grant
from muniment.payout.faults import Refusal
from muniment.payout.instruments import ZERO, Owed, PlanTotal, Range
from muniment.payout.maturity import Due, then_words
from muniment.payout.rounding import minor_digits, plain

View = Literal["holder", "class", "instrument"]
VIEWS: tuple[View, ...] = ("holder", "class", "instrument")


class Within(NamedTuple):
    """Bounds of a row whose parts are open; a part that is not computable is None."""

    quantity: Range | None
    of_class: Range | None
    of_total: Range | None
    fully_diluted: Range | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRow:
    """What one party holds of one class; or, in another view, in all, of one class in all, or by one instrument.

    Attributes:
        party: Empty in the view by class, and for a pool.
        class_id: Empty for a percentage of the capital or of the votes, and in the view by holder.
        quantity: Shares or units; None where only a percentage or bounds are recorded.
        of_class: Part of what is outstanding of the class, 0 to 1; None if open.
        of_total: Part of all that is outstanding of all classes, share for share; None if open.
        fully_diluted: Part of all shares after every conversion, exercise and grant; None if open.
        stated: The holding as written, where it is not an exact number of shares; empty otherwise.
        within: Bounds, where a part is open and something is known of it; None elsewhere.
        instrument: In the view by instrument: ``shares``, ``options``, ``RSUs``, ``warrants``, ``option``, ``safe``,
            ``note`` or ``pool``; empty elsewhere.
        id: In the view by instrument: the record's address, or the plan's id; empty elsewhere.
    """

    party: str
    class_id: str
    quantity: Fraction | None
    of_class: Fraction | None
    of_total: Fraction | None
    fully_diluted: Fraction | None
    stated: str = ""
    because: tuple[Basis, ...] = ()
    within: Within | None = None
    instrument: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTotal:
    """What there is of one class.

    Attributes:
        issued: Shares or units, those that the entity holds in itself too; None if open.
        outstanding: Issued, without those that the entity holds in itself; None if open.
        authorized: Shares that may be issued; None if not stated.
        as_converted: Common-equivalent shares of those outstanding; None if open.
        fully_diluted: Common-equivalent shares, with those that grants, options, notes and pools over the class may
            become; None if open.
        ratio: Common shares that one share becomes; None where its terms lead back to it.
    """

    class_id: str
    issued: Fraction | None
    authorized: int | None
    as_converted: Fraction | None
    outstanding: Fraction | None = None
    fully_diluted: Fraction | None = None
    ratio: Fraction | None = None


def _no_rows(_: View) -> tuple[CapRow, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapTable:
    """The holdings in one entity on one date.

    Attributes:
        rows: By class in the order of the entity, then by party id.
        totals: One for each class, issued or not.
        more_views: Gives the rows by holder and by instrument, which are counted when they are asked for.
        grants: Grants with what has become of them.
        plans: Pools.
        owed: SAFEs and notes outstanding.
        due: What is due on those of them that have a day, without a sale or a round.
        refusals: Why there are no rows; empty if there are.
    """

    entity: str
    on: date
    rows: tuple[CapRow, ...] = ()
    totals: tuple[ClassTotal, ...] = ()
    more_views: Callable[[View], tuple[CapRow, ...]] = field(default=_no_rows, compare=False, repr=False)
    grants: tuple[Grant, ...] = ()
    plans: tuple[PlanTotal, ...] = ()
    owed: tuple[Owed, ...] = ()
    due: tuple[Due, ...] = ()
    assumptions: tuple[str, ...] = ()
    because: tuple[Basis, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def holders(self) -> tuple[CapRow, ...]:
        """One row a party with shares or instruments, the largest first; then the pools."""
        return self.more_views("holder")

    @property
    def instruments(self) -> tuple[CapRow, ...]:
        """One row for each holding of shares, then each instrument, then each pool."""
        return self.more_views("instrument")

    def view(self, by: View | None = None) -> tuple[CapRow, ...]:
        """Return the rows by holder and class, or in another view."""
        if by in ("holder", "instrument"):
            return self.more_views(by)
        return _of_classes(self.totals) if by == "class" else self.rows

    def to_json(self, by: View | None = None) -> dict[str, Any]:
        """Return the table as plain values; numbers are exact strings such as ``"4000000"`` and ``"2/3"``.

        Grants, plans, SAFEs and notes are there only where the entity has any.
        """
        fields: dict[str, Any] = {"entity": self.entity, "on": self.on.isoformat()}
        if by is not None:
            fields["by"] = by
        fields["rows"] = [row_json(row, by) for row in self.view(by)]
        fields["totals"] = [
            {
                "class": total.class_id,
                "issued": _exact(total.issued),
                "outstanding": _exact(total.outstanding),
                "authorized": None if total.authorized is None else str(total.authorized),
                "as_converted": _exact(total.as_converted),
                "fully_diluted": _exact(total.fully_diluted),
            }
            for total in self.totals
        ]
        if self.grants:
            fields["grants"] = [_grant_json(grant) for grant in self.grants]
        if self.plans:
            fields["plans"] = [_plan_json(plan) for plan in self.plans]
        if self.owed:
            due = {each.id: {"due": _due_json(each)} for each in self.due}
            fields["convertibles"] = [_owed_json(each) | due.get(each.terms.id, {}) for each in self.owed]
        return fields | {
            "assumptions": list(self.assumptions),
            "because": [{"record": each.record, "words": each.words, "at": str(each.span)} for each in self.because],
            "refusals": [{"kind": each.kind, "message": each.message, "hint": each.hint} for each in self.refusals],
        }


def _of_classes(totals: Sequence[ClassTotal]) -> tuple[CapRow, ...]:
    """Return the view by class."""
    outstanding = [total.outstanding for total in totals]
    diluted = [total.fully_diluted for total in totals]
    whole = None if None in outstanding else sum((each for each in outstanding if each is not None), ZERO)
    most = None if None in diluted else sum((each for each in diluted if each is not None), ZERO)
    return tuple(
        CapRow(
            party="",
            class_id=total.class_id,
            quantity=total.outstanding,
            of_class=Fraction(1) if total.outstanding else None,
            of_total=total.outstanding / whole if whole and total.outstanding is not None else None,
            fully_diluted=total.fully_diluted / most if most and total.fully_diluted is not None else None,
        )
        for total in totals
    )


def row_json(row: CapRow, by: View | None) -> dict[str, Any]:
    """Return a row as plain values; in a view, a party or class that it does not have is null."""
    fields: dict[str, Any] = {
        "party": row.party if by is None else row.party or None,
        "class": row.class_id if by is None else row.class_id or None,
        "quantity": _exact(row.quantity),
        "of_class": _exact(row.of_class),
        "of_total": _exact(row.of_total),
        "fully_diluted": _exact(row.fully_diluted),
    }
    if row.instrument:
        fields |= {"instrument": row.instrument, "id": row.id}
    if row.stated:
        fields["stated"] = row.stated
    if row.within is not None:
        fields["within"] = {name: _ends(ends) for name, ends in row.within._asdict().items() if ends is not None}
    return fields


def _grant_json(grant: Grant) -> dict[str, Any]:
    unvested = None if grant.usable is None else grant.outstanding - grant.usable
    strike = grant.strike
    return {
        "id": grant.id,
        "instrument": grant.kind,
        "party": grant.holder,
        "class": grant.class_id,
        "plan": grant.plan or None,
        "granted": str(grant.granted),
        "outstanding": str(grant.outstanding),
        "vested": _exact(grant.usable),
        "unvested": _exact(unvested),
        "exercised": str(grant.exercised),
        "forfeited": str(grant.forfeited),
        "expired": str(grant.expired),
        "strike": None if strike is None else f"{strike.currency} {_money(strike.amount, strike.currency)}",
        "expires": None if grant.expires is None else grant.expires.isoformat(),
    }


def _plan_json(plan: PlanTotal) -> dict[str, Any]:
    return {
        "plan": plan.plan,
        "class": plan.class_id or None,
        "reserved": _exact(plan.reserved),
        "granted": str(plan.granted),
        "exercised": str(plan.exercised),
        "returned": str(plan.returned),
        "available": _exact(plan.available),
    }


def _owed_json(each: Owed) -> dict[str, Any]:
    terms = each.terms
    return {
        "id": terms.id,
        "instrument": terms.kind,
        "party": terms.holder,
        "currency": each.currency or None,
        "amount": None if each.amount is None else _ends(each.amount),
        "interest": None if each.interest is None else _ends(each.interest),
        "cap": terms.cap or None,
        "discount": terms.discount or None,
        "mfn": terms.most_favored,
        "matures": None if terms.matures is None else terms.matures.isoformat(),
    }


def _due_json(due: Due) -> dict[str, Any]:
    def ends(amount: Range | None) -> list[str | None] | None:
        return None if amount is None else _ends(amount)

    return {
        "on": due.on.isoformat(),
        "matured": due.matured,
        "principal": ends(due.principal),
        "interest": ends(due.interest),
        "in_all": ends(due.in_all),
        "interest_since": ends(due.since),
        "then": then_words(due),
        "shares": ends(due.shares),
        "because": [{"record": each.record, "words": each.words, "at": str(each.span)} for each in due.because],
    }


def _money(amount: Fraction, currency: str) -> str:
    digits = minor_digits(currency)
    return plain(amount, digits) if (amount * 10**digits).denominator == 1 else str(amount)


def _ends(ends: Range) -> list[str | None]:
    return [str(ends.low), _exact(ends.high)]


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else str(number)
