"""The share ledger: who holds how much of each class, folded from issues, transfers, conversions, repurchases and splits."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from muniment.book.entity_fold import Chooser, basis_of
from muniment.book.structure import Basis, Holding
from muniment.model.records import Fact, Record
from muniment.model.values import Bounded, ClassQuantity, Money, Quantity
from muniment.text.diagnostics import Diagnostic
from muniment.text.spans import Span

NOT_HOLDERS = frozenset(
    ("from", "round", "into", "under", "according to", "until", "recorded", "date", "after", "id", "remark", "difference")
)


@dataclass(slots=True)
class Position:
    """What one party holds of one class."""

    quantity: Fraction = Fraction(0)
    paid: Money | None = None
    paid_is_known: bool = True
    bases: list[Basis] = field(default_factory=list)


class Ledger:
    """Applies one entity's ledger records in order. Faults are collected; a record at fault changes nothing it cannot."""

    def __init__(self, entity: str, choose: Chooser) -> None:
        self.entity = entity
        self.choose = choose
        self.positions: dict[tuple[str, str], Position] = {}
        self.issued: dict[str, Fraction] = {}
        self.stated: dict[tuple[str, str, str | None], Holding] = {}
        self.diagnostics: list[Diagnostic] = []

    def apply(self, record: Record, authorized: dict[str, int], ratios: dict[tuple[str, str], Fraction]) -> None:
        """Apply one record.

        Args:
            record: A ledger or holding record of the entity.
            authorized: Shares each class may issue on that day.
            ratios: What one share of the first class becomes in the second.
        """
        if record.kind == "holding":
            self._state(record)
        elif record.kind == "split":
            self._split(record)
        else:
            self._move(record, authorized, ratios)

    def _lines(self, record: Record) -> list[tuple[Fact, Any, Basis]]:
        lines = []
        for fact in record.facts:
            if fact.label in NOT_HOLDERS:
                continue
            statement = self.choose(record, fact)
            if statement is not None and statement.value is not None:
                lines.append((fact, statement.value, basis_of(record, fact, statement)))
        return lines

    def _move(self, record: Record, authorized: dict[str, int], ratios: dict[tuple[str, str], Fraction]) -> None:
        giver = record.value("from")
        into = record.value("into")
        for fact, value, basis in self._lines(record):
            quantity = value.quantity
            if isinstance(quantity, Bounded) or quantity.unit == "%" or value.of in ("votes", "capital"):
                self.fault("M512", "a ledger record needs an exact number of shares of a class", basis.span, "write 'PARTY: 1,000 common'; for a percentage use a 'holding' record")
                continue
            party, class_id, amount = fact.label, value.of.rpartition(".")[2], quantity.amount
            paid = value.paid if isinstance(value.paid, Money) else None
            if record.kind in ("issue", "exercise"):
                self._add(party, class_id, amount, paid, basis)
                self._count_issued(class_id, amount, authorized, basis.span)
            elif record.kind == "transfer":
                if giver is None:
                    self.fault("M512", "the transfer does not say from whom", record.span, "add 'from: PARTY'")
                elif self._take(giver, class_id, amount, basis):
                    self._add(party, class_id, amount, paid, basis)
            elif record.kind == "convert":
                if into is None:
                    self.fault("M512", "the conversion does not say into what", record.span, "add 'into: CLASS'")
                elif self._take(party, class_id, amount, basis):
                    ratio = ratios.get((class_id, into), Fraction(1))
                    self.issued[class_id] = self.issued.get(class_id, Fraction(0)) - amount
                    self._add(party, into, amount * ratio, None, basis)
                    self._count_issued(into, amount * ratio, authorized, basis.span)
            elif self._take(party, class_id, amount, basis):
                self.issued[class_id] = self.issued.get(class_id, Fraction(0)) - amount

    def _split(self, record: Record) -> None:
        for fact, value, _basis in self._lines(record):
            if not isinstance(value, Quantity) or value.amount <= 0:
                continue
            for (_, class_id), position in self.positions.items():
                if class_id == fact.label:
                    position.quantity *= value.amount
            if fact.label in self.issued:
                self.issued[fact.label] *= value.amount

    def _state(self, record: Record) -> None:
        for fact, value, basis in self._lines(record):
            self._state_line(fact.label, value, basis)

    def _state_line(self, party: str, value: ClassQuantity, basis: Basis) -> None:
        of = value.of if value.of in ("votes", "capital") else None
        class_id = "" if of else value.of.rpartition(".")[2]
        quantity = value.quantity
        sample = (quantity.low or quantity.high) if isinstance(quantity, Bounded) else quantity
        is_share = sample is not None and sample.unit == "%"
        amount: Fraction | Bounded[Fraction]
        if isinstance(quantity, Bounded):
            amount = Bounded(
                quantity.low.amount if quantity.low else None, quantity.high.amount if quantity.high else None,
                quantity.low_open, quantity.high_open, quantity.about, quantity.text,
            )  # fmt: skip
        else:
            amount = quantity.amount
        if not is_share and of is None and isinstance(amount, Fraction):
            before = self.positions.get((party, class_id), Position()).quantity
            self.positions[(party, class_id)] = Position(amount, None, False, [basis])
            self.issued[class_id] = self.issued.get(class_id, Fraction(0)) + amount - before
            return
        kind = of or "class"
        self.stated[(party, class_id, kind)] = Holding(
            party=party, entity=self.entity, class_id=class_id, quantity=amount, of=kind if is_share or of else None, basis=(basis,)
        )

    def _add(self, party: str, class_id: str, amount: Fraction, paid: Money | None, basis: Basis) -> None:
        position = self.positions.setdefault((party, class_id), Position())
        position.quantity += amount
        position.bases.append(basis)
        if paid is None:
            position.paid_is_known = False
        elif position.paid is None:
            position.paid = paid
        elif position.paid.currency == paid.currency:
            position.paid = Money(position.paid.amount + paid.amount, paid.currency)
        else:
            position.paid_is_known = False
            self.fault("M512", f"'{party}' paid for '{class_id}' in {position.paid.currency} and in {paid.currency}", basis.span, "record the price in one currency")

    def _take(self, party: str, class_id: str, amount: Fraction, basis: Basis) -> bool:
        position = self.positions.get((party, class_id))
        held = position.quantity if position else Fraction(0)
        if position is None or held < amount:
            self.fault(
                "M502", f"'{party}' holds {_number(held)} of '{class_id}', not {_number(amount)}", basis.span,
                "correct the quantity, or record first how the shares were acquired",
            )  # fmt: skip
            return False
        if position.paid is not None:
            position.paid = Money(position.paid.amount * (held - amount) / held, position.paid.currency)
        position.quantity = held - amount
        position.bases.append(basis)
        return True

    def _count_issued(self, class_id: str, amount: Fraction, authorized: dict[str, int], span: Span) -> None:
        total = self.issued[class_id] = self.issued.get(class_id, Fraction(0)) + amount
        limit = authorized.get(class_id)
        if limit is not None and total > limit:
            self.fault(
                "M501", f"{_number(total)} of '{class_id}' are issued, {_number(Fraction(limit))} are authorized", span,
                "correct the quantity, or amend the authorized number first",
            )  # fmt: skip

    def fault(self, code: str, message: str, span: Span, hint: str) -> None:
        """Note a fault."""
        self.diagnostics.append(Diagnostic(code=code, severity="error", message=message, span=span, hint=hint))

    def holdings(self) -> tuple[Holding, ...]:
        """Return what is held, by party and class; positions that fell to nothing are left out."""
        held = [
            Holding(
                party=party, entity=self.entity, class_id=class_id, quantity=position.quantity,
                paid=position.paid if position.paid_is_known else None, basis=tuple(position.bases),
            )
            for (party, class_id), position in self.positions.items()
            if position.quantity > 0
        ]  # fmt: skip
        held += self.stated.values()
        return tuple(sorted(held, key=lambda h: (h.party, h.class_id, h.of or "")))


def _number(amount: Fraction) -> str:
    return f"{amount.numerator:,}" if amount.denominator == 1 else f"{amount.numerator:,}/{amount.denominator:,}"
