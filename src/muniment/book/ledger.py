"""The share ledger: who holds how much of each class, folded from issues, transfers, conversions and so on."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, Protocol

from muniment.book.entity_fold import Chooser, EntityState, Slot, basis_of
from muniment.book.numbers_held import Lot, Lots, in_words, least, lots_passed_on, lots_times, times
from muniment.book.structure import Basis, Holding
from muniment.model.dates import earliest, exact_day, is_exact, latest
from muniment.model.records import Fact, Record
from muniment.model.values import Bounded, ClassQuantity, Money, PartialDate, Quantity
from muniment.text.spans import Span

NOT_HOLDERS = frozenset(
    (
        "from",
        "round",
        "into",
        "permitted",
        "held since",
        "grant",
        "under",
        "according to",
        "until",
        "recorded",
        "date",
        "after",
        "id",
        "remark",
        "difference",
    )
)


@dataclass(slots=True)
class Position:
    """What one party holds of one class."""

    quantity: Fraction = Fraction(0)
    paid: Money | None = None
    paid_is_known: bool = True
    bases: list[Basis] = field(default_factory=list)
    last: Change | None = None
    contributed: list[tuple[date, Money]] | None = field(default_factory=list)
    lots: Lots = field(default_factory=Lots)


@dataclass(slots=True)
class Change:
    """The last change of a position; `added` is what records of one kind added on that day."""

    record: Record
    when: PartialDate
    added: Fraction
    basis: Basis


class Fault(Protocol):
    """Notes a fault."""

    def __call__(
        self, code: str, message: str, span: Span, hint: str, related: tuple[tuple[Span, str], ...] = ()
    ) -> None:
        """Note a fault at a place, with a hint and related places."""


class Ledger:
    """Applies one entity's ledger records in order. Faults are noted; a line at fault changes nothing."""

    def __init__(self, entity: str, choices: Chooser, fault: Fault) -> None:
        self.entity = entity
        self.choices = choices
        self.fault = fault
        self.positions: dict[tuple[str, str], Position] = {}
        self.issued: dict[str, Fraction] = {}
        self.stated: dict[tuple[str, str, str], Holding] = {}
        self.assumptions: dict[str, None] = {}
        self.since_recorded: dict[tuple[str, str], str] = {}
        self._changed: set[str] = set()
        self._limits: dict[str, Slot] = {}
        self._over_the_limit: set[tuple[str, str]] = set()
        self._day: date | None = None

    def apply(self, record: Record, when: PartialDate, state: EntityState) -> None:
        """Apply one ledger or holding record of the entity, which is in the state given on that day."""
        self._day = exact_day(when)
        if record.kind == "holding":
            self._state(record, when)
        elif record.kind == "split":
            self._split(record)
        else:
            self._move(record, when, state)

    def _lines(self, record: Record) -> list[tuple[Fact, Any, Basis]]:
        lines = []
        for fact in record.facts:
            if fact.label in NOT_HOLDERS:
                continue
            statement = self.choices.choose(record, fact)
            if statement is not None and statement.value is not None:
                lines.append((fact, statement.value, basis_of(record, fact, statement)))
        return lines

    def _move(self, record: Record, when: PartialDate, state: EntityState) -> None:
        giver = self._chosen(record, "from")
        into = (self._chosen(record, "into") or "").rpartition(".")[2]
        if record.kind == "transfer" and giver is None:
            if record.fact("from") is None:
                self.fault(
                    "M512", "the transfer does not say from whom", record.name_span, "add the line 'from: PARTY'"
                )
            return
        if record.kind == "convert" and not into:
            if record.fact("into") is None:
                self.fault(
                    "M512", "the conversion does not say into what", record.name_span, "add the line 'into: CLASS'"
                )
            return
        for fact, value, basis in self._lines(record):
            quantity = value.quantity
            if isinstance(quantity, Bounded) or quantity.unit == "%" or value.of in ("votes", "capital"):
                self.fault(
                    "M512",
                    f"a record of the kind '{record.kind}' needs an exact number of shares of a class",
                    basis.span,
                    "write 'PARTY: 1,000 common'; for a percentage use a 'holding' record",
                )
                continue
            party, class_id, amount = fact.label, value.of.rpartition(".")[2], quantity.amount
            paid = value.paid if isinstance(value.paid, Money) else None
            if record.kind in ("issue", "exercise"):
                self._add(party, class_id, amount, paid, basis, record, when)
                self._count_issued(class_id, amount, state, basis.span)
            elif record.kind == "transfer":
                passed = self._share_of_paid(giver, class_id, amount)
                if (given := self._take(giver, class_id, amount, basis, record, when)) is not None:
                    taken = lots_passed_on(given, exact_day(when))
                    self._pass_on(party, class_id, amount, passed, basis, record, when, state, taken)
            elif record.kind == "convert":
                ratio = _ratio(state, class_id, into)
                if ratio is None:
                    self.fault(
                        "M512",
                        f"nothing says how many '{into}' one '{class_id}' becomes",
                        basis.span,
                        f"state it in class '{class_id}', as in 'converts: 1:1 into {into}'",
                    )
                elif (lots := self._take(party, class_id, amount, basis, record, when)) is not None:
                    self.issued[class_id] = self.issued.get(class_id, Fraction(0)) - amount
                    self._add(party, into, amount * ratio, None, basis, record, when, lots_times(lots, ratio))
                    self._count_issued(into, amount * ratio, state, basis.span)
            elif self._take(party, class_id, amount, basis, record, when) is not None:
                self.issued[class_id] = self.issued.get(class_id, Fraction(0)) - amount

    def _pass_on(
        self,
        party: str,
        class_id: str,
        amount: Fraction,
        paid: Money | None,
        basis: Basis,
        record: Record,
        when: PartialDate,
        state: EntityState,
        lots: tuple[Lot, ...],
    ) -> None:
        """Give transferred shares to their new holder; of a class that converts on transfer, as the other class."""
        part = state.classes.get(class_id)
        slot = part.slots.get("converts") if part is not None else None
        if slot is None or not slot.value.on_transfer or self._chosen(record, "permitted") is True:
            self._add(party, class_id, amount, paid, basis, record, when, lots)
            return
        into, became = slot.value.into.rpartition(".")[2], amount * slot.value.ratio
        self.issued[class_id] = self.issued.get(class_id, Fraction(0)) - amount
        self._add(party, into, became, paid, basis, record, when)
        self.positions[(party, into)].bases.append(slot.basis)
        self._count_issued(into, became, state, basis.span)

    def convert_by_date(self, state: EntityState, day: int) -> None:
        """Convert the shares of every class whose date of conversion has come by a day (a proleptic ordinal)."""
        for class_id, part in state.classes.items():
            slot = part.slots.get("converts")
            terms = slot.value if slot is not None else None
            if terms is None or terms.on_date is None or slot is None:
                continue
            first, last = earliest(terms.on_date), latest(terms.on_date)
            left = f"{self.entity}.{class_id} is taken as not converted: its date, {terms.on_date.text}, is not exact."
            self.assumptions.pop(left, None)
            if last is not None and last.toordinal() <= day:
                self._convert_all(class_id, terms.into.rpartition(".")[2], terms.ratio, last, slot, state)
            elif first is None or first.toordinal() <= day:
                self.assumptions[left] = None

    def _convert_all(self, class_id: str, into: str, ratio: Fraction, on: date, slot: Slot, state: EntityState) -> None:
        there = list(self.positions.items()) if self.issued.get(class_id) and into != class_id else []
        for (party, held), position in there:
            if held != class_id or not position.quantity:
                continue
            target = self.positions.setdefault((party, into), Position())
            target.quantity += position.quantity * ratio
            target.bases.extend([*position.bases, slot.basis])
            target.lots.add(lots_times(position.lots.listed(), ratio))
            if position.paid is None or (target.paid is not None and target.paid.currency != position.paid.currency):
                target.paid_is_known = False
            else:
                before = target.paid.amount if target.paid is not None else Fraction(0)
                target.paid = Money(before + position.paid.amount, position.paid.currency)
            if target.contributed is not None:
                target.contributed = [*target.contributed, *position.contributed] if position.contributed else None
            self.issued[class_id] = self.issued.get(class_id, Fraction(0)) - position.quantity
            self._count_issued(into, position.quantity * ratio, state, slot.basis.span)
            position.quantity, position.lots = Fraction(0), Lots()
        stated = [key for key in self.stated if key[1] == class_id and key[2] == "class"]
        if stated and any(key[1] == into for key in (*self.stated, *self.positions)):
            self.assumptions[
                f"{self.entity}.{class_id} is taken as not converted on {on} into {into}: "
                "what is held of the two is not stated in one measure."
            ] = None
            return
        for key in stated:
            holding = self.stated.pop(key)
            quantity = holding.quantity if holding.of is not None else times(holding.quantity, ratio)
            self.stated[(key[0], into, key[2])] = replace(
                holding, class_id=into, quantity=quantity, basis=(*holding.basis, slot.basis)
            )

    def check_limits(self, state: EntityState) -> None:
        """Note who holds more of a class than one holder may; once, until it is put right."""
        changed, self._changed = self._changed, set()
        for class_id, part in state.classes.items():
            slot = part.slots.get("held at most")
            if slot is None or (class_id not in changed and self._limits.get(class_id) is slot):
                continue
            self._limits[class_id] = slot
            most: Quantity = slot.value.quantity
            held = [(at[0], p) for at, p in self.positions.items() if at[1] == class_id and at[0] != self.entity]
            whole = sum((p.quantity for _, p in held), Fraction(0)) if most.unit else Fraction(1)
            found: list[tuple[str, Fraction, Basis]] = [
                (party, position.quantity / whole, position.bases[-1]) for party, position in held if position.quantity
            ]
            found += [
                (holding.party, least(holding.quantity), holding.basis[-1])
                for key, holding in self.stated.items()
                if key[1] == class_id and (holding.of == "class") == bool(most.unit)
            ]
            for party, has, basis in found:
                key = (party, class_id)
                if has <= most.amount or party == self.entity:
                    self._over_the_limit.discard(key)
                elif key not in self._over_the_limit:
                    self._over_the_limit.add(key)
                    has_words = in_words(has, percent=bool(most.unit))
                    limit = in_words(most.amount, percent=bool(most.unit))
                    self.fault(
                        "M518",
                        f"'{party}' holds {has_words} of '{class_id}', of which one holder may hold {limit}",
                        basis.span,
                        "correct the quantity, or record what became of the excess",
                        ((slot.basis.span, "the limit is stated here"),),
                    )

    def _chosen(self, record: Record, label: str) -> Any:
        """Return what a fact of a record says in this account; None if it is not stated, or open, which is noted."""
        fact = record.fact(label)
        statement = self.choices.choose(record, fact) if fact is not None else None
        return statement.value if statement is not None else None

    def _split(self, record: Record) -> None:
        for fact, value, _basis in self._lines(record):
            if not isinstance(value, Quantity) or value.amount <= 0:
                self.fault(
                    "M512",
                    "a split needs an exact ratio above zero",
                    fact.span,
                    f"write '{fact.label}: 1:10', one share becomes ten",
                )
                continue
            split = fact.label.rpartition(".")[2]
            for (_, class_id), position in self.positions.items():
                if class_id == split:
                    position.quantity *= value.amount
                    position.lots.split(value.amount)
            if split in self.issued:
                self.issued[split] *= value.amount

    def _state(self, record: Record, when: PartialDate) -> None:
        """Apply what is held on a day: it takes the place of what the ledger says of the class before it."""
        held_since = self._chosen(record, "held since") if record.fact("held since") is not None else when
        since = exact_day(held_since) if isinstance(held_since, PartialDate) else None
        for fact, value, basis in self._lines(record):
            self._state_line(fact.label, value, basis, record, when, since)

    def _state_line(
        self, party: str, value: ClassQuantity, basis: Basis, record: Record, when: PartialDate, since: date | None
    ) -> None:
        of = value.of if value.of in ("votes", "capital") else None
        class_id = "" if of else value.of.rpartition(".")[2]
        quantity = value.quantity
        sample = (quantity.low or quantity.high) if isinstance(quantity, Bounded) else quantity
        is_share = sample is not None and sample.unit == "%"
        amount: Fraction | Bounded[Fraction]
        if isinstance(quantity, Bounded):
            amount = Bounded(
                quantity.low.amount if quantity.low else None,
                quantity.high.amount if quantity.high else None,
                quantity.low_open,
                quantity.high_open,
                quantity.about,
                quantity.text,
            )
        else:
            amount = quantity.amount
        if not is_share and of is None and isinstance(amount, Fraction):
            before = self.positions.get((party, class_id), Position())
            last = before.last
            if (
                last is not None
                and last.record is not record
                and before.quantity != amount
                and self._is_unordered(last, record, when)
            ):
                self._unordered(last, record, f"both say what '{party}' holds of '{class_id}'", basis)
            self.positions[(party, class_id)] = Position(
                amount, None, False, [basis], Change(record, when, Fraction(0), basis), lots=Lots([Lot(amount, since)])
            )
            self._changed.add(class_id)
            if record.fact("held since") is None:
                self.since_recorded[(party, class_id)] = when.text
            self.issued[class_id] = self.issued.get(class_id, Fraction(0)) + amount - before.quantity
            self.stated.pop((party, class_id, "class"), None)
            return
        self._changed.add(class_id)
        kind = of or "class"
        if kind == "class":
            # Parts of a class replace all of it that other records say; a number within bounds only its holder's.
            for key, position in list(self.positions.items()):
                beside = position.last is not None and position.last.record is record
                if key[1] == class_id and (key[0] == party or (is_share and not beside)):
                    self.issued[class_id] = self.issued.get(class_id, Fraction(0)) - position.quantity
                    del self.positions[key]
        self.stated[(party, class_id, kind)] = Holding(
            party=party,
            entity=self.entity,
            class_id=class_id,
            quantity=amount,
            of=kind if is_share or of else None,
            basis=(basis,),
        )

    def _add(
        self,
        party: str,
        class_id: str,
        amount: Fraction,
        paid: Money | None,
        basis: Basis,
        record: Record,
        when: PartialDate,
        lots: tuple[Lot, ...] | None = None,
    ) -> None:
        position = self.positions.setdefault((party, class_id), Position())
        earlier = position.last
        day, today = self._day, amount
        if earlier is not None and earlier.record.kind == record.kind and earlier.when.ranges == when.ranges:
            today = earlier.added + amount
        position.last = Change(record, when, today, basis)
        self._changed.add(class_id)
        position.quantity += amount
        position.lots.add([Lot(amount, day)] if lots is None else lots)
        position.bases.append(basis)
        if paid is None or day is None or record.kind == "transfer":  # the days of who held them before are not kept
            position.contributed = None
        elif position.contributed is not None:
            position.contributed.append((day, paid))
        if paid is None:
            position.paid_is_known = False
        elif position.paid is None:
            position.paid = paid
        elif position.paid.currency == paid.currency:
            position.paid = Money(position.paid.amount + paid.amount, paid.currency)
        else:
            position.paid_is_known = False
            self.fault(
                "M512",
                f"'{party}' paid for '{class_id}' in {position.paid.currency} and in {paid.currency}",
                basis.span,
                "record the price in one currency",
            )

    def _take(
        self, party: str, class_id: str, amount: Fraction, basis: Basis, record: Record, when: PartialDate
    ) -> tuple[Lot, ...] | None:
        """Take shares from a holder and return the lots they were; None where it does not hold them."""
        position = self.positions.get((party, class_id))
        held = position.quantity if position else Fraction(0)
        if position is None or held < amount:
            self.fault(
                "M502",
                f"'{party}' holds {_number(held)} of '{class_id}', not {_number(amount)}",
                basis.span,
                "correct the quantity, or record how the rest was acquired; within a day say which comes first "
                "by 'after: ID'",
            )
            return None
        last = position.last
        if (
            last is not None
            and held - last.added < amount
            and last.record.kind == record.kind
            and self._is_unordered(last, record, when)
        ):
            self._unordered(last, record, f"pass on the same '{class_id}'", basis)
        if position.paid is not None:
            position.paid = (
                Money(position.paid.amount * (held - amount) / held, position.paid.currency) if held else position.paid
            )
        position.contributed = None
        position.quantity = held - amount
        position.bases.append(basis)
        self._changed.add(class_id)
        return position.lots.take(amount)

    def _share_of_paid(self, party: str, class_id: str, amount: Fraction) -> Money | None:
        """Return what the entity was paid for part of a position; who buys from a holder steps into it at any price."""
        position = self.positions.get((party, class_id))
        if position is None or not position.paid_is_known or position.paid is None or not position.quantity:
            return None
        return Money(position.paid.amount * amount / position.quantity, position.paid.currency)

    def _is_unordered(self, last: Change, record: Record, when: PartialDate) -> bool:
        """Whether another record of the same certain day, neither before nor after, changed a position."""
        return (
            last.record is not record
            and is_exact(when)
            and last.when.ranges == when.ranges
            and last.record.value("under") == record.value("under")
            and not self.choices.comes_after(record, last.record)
        )

    def _unordered(self, last: Change, record: Record, what: str, basis: Basis) -> None:
        self.fault(
            "M506",
            f"two records of {record.date.text} {what}",
            basis.span,
            f"say which comes second: 'after: {last.record.address}'",
            ((last.basis.span, "the other is here"),),
        )

    def _count_issued(self, class_id: str, amount: Fraction, state: EntityState, span: Span) -> None:
        total = self.issued[class_id] = self.issued.get(class_id, Fraction(0)) + amount
        slot = state.classes[class_id].slots.get("authorized") if class_id in state.classes else None
        if slot is not None and total > slot.value:
            self.fault(
                "M501",
                f"{_number(total)} of '{class_id}' are issued, {_number(Fraction(slot.value))} are authorized",
                span,
                "correct the quantity, or amend the authorized number first",
                ((slot.basis.span, "authorized here"),),
            )

    def held(self) -> dict[str, Fraction]:
        """Return the shares held of each class, by class."""
        totals: dict[str, Fraction] = {}
        for (_, class_id), position in self.positions.items():
            totals[class_id] = totals.get(class_id, Fraction(0)) + position.quantity
        return totals

    def holdings(self, classes: Container[str]) -> tuple[Holding, ...]:
        """Return what is held of the entity's classes, by party and class; empty positions are left out."""
        held = [
            Holding(
                party=party,
                entity=self.entity,
                class_id=class_id,
                quantity=position.quantity,
                paid=position.paid if position.paid_is_known else None,
                contributed=tuple(position.contributed) if position.contributed else None,
                lots=position.lots.listed(),
                basis=tuple(position.bases),
            )
            for (party, class_id), position in self.positions.items()
            if position.quantity > 0 and class_id in classes
        ]
        held += [holding for holding in self.stated.values() if holding.of != "class" or holding.class_id in classes]
        return tuple(sorted(held, key=lambda h: (h.party, h.class_id, h.of or "")))


def _ratio(state: EntityState, class_id: str, into: str) -> Fraction | None:
    """Return what one share of a class becomes in another; None if its terms do not say."""
    part = state.classes.get(class_id) or state.ended.get(class_id)
    slot = part.slots.get("converts") if part is not None else None
    return slot.value.ratio if slot is not None and slot.value.into.rpartition(".")[2] == into else None


def _number(amount: Fraction) -> str:
    return f"{amount.numerator:,}" if amount.denominator == 1 else f"{amount.numerator:,}/{amount.denominator:,}"
