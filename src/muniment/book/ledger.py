"""The share ledger: who holds how much of each class, folded from issues, transfers, conversions and so on."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from muniment.book.entity_fold import Chooser, EntityState, Slot, basis_of
from muniment.book.faults import Fault
from muniment.book.holding_limits import HoldingLimits
from muniment.book.numbers_held import ZERO, Lot, Lots, lots_passed_on, lots_times, lots_without_payments, times
from muniment.book.positions import Change, Position
from muniment.book.structure import Basis, Holding
from muniment.model.dates import earliest, exact_day, is_exact, latest
from muniment.model.records import Fact, Record
from muniment.model.right_terms import TenureVotes
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


class Ledger:
    """Applies one entity's ledger records in order. Faults are noted; a line at fault changes nothing."""

    def __init__(self, entity: str, choices: Chooser, fault: Fault) -> None:
        self.entity = entity
        self.choices = choices
        self.fault = fault
        self.positions: dict[tuple[str, str], Position] = {}
        self.issued: dict[str, Fraction | int] = {}
        self.stated: dict[tuple[str, str, str], Holding] = {}
        self.assumptions: dict[str, None] = {}
        self.since_recorded: dict[tuple[str, str], str] = {}
        self._changed: set[str] = set()
        self._limits = HoldingLimits(entity, fault)
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
            if record.kind != "split" and not self.choices.knows_party(fact.label):
                words = fact.statements[0].text if len(fact.statements) == 1 else "disputed"
                left_out = f"The line '{fact.label}: {words}' of {record.address} is left out:"
                self.assumptions[f"{left_out} no record defines a party '{fact.label}'."] = None
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
                self._say_which(giver, class_id, amount, "passed on", state)
                holder = self.positions.get((giver, class_id))
                passed = holder.paid_for(amount) if holder is not None else None
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
                    self._withdraw(class_id, amount)
                    self._add(party, into, amount * ratio, None, basis, record, when, lots_times(lots, ratio))
                    self._count_issued(into, amount * ratio, state, basis.span)
            else:
                self._say_which(party, class_id, amount, "given up", state)
                if self._take(party, class_id, amount, basis, record, when) is not None:
                    self._withdraw(class_id, amount)

    def _say_which(self, party: str, class_id: str, amount: Fraction, did: str, state: EntityState) -> None:
        """Note which shares are taken to go, where the holder has several kinds and it matters to money or votes."""
        position, part = self.positions.get((party, class_id)), state.classes.get(class_id)
        if position is None or part is None or not position.lots.are_chosen_among(amount):
            return
        votes = part.slots.get("votes per share") or part.slots.get("votes per unit")
        grow = votes is not None and isinstance(votes.value, TenureVotes)
        if state.tiers or grow or any(label in part.slots for label in ("return cap", "dividend")):
            self.assumptions[
                f"Of its {self.entity}.{class_id}, {party} is taken to have {did} those it had for the shortest time "
                f"first, with what was paid for them; what it was paid on them before stays {party}'s."
            ] = None

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
        self._withdraw(class_id, amount)
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
            was = position.quantity
            position.become(self.position(party, into), ratio, slot.basis)
            self._withdraw(class_id, was)
            self._count_issued(into, was * ratio, state, slot.basis.span)
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
        self._limits.check(state, changed, self.positions, self.stated)

    def position(self, party: str, class_id: str) -> Position:
        """Return what a party holds of a class, which it begins to hold if it did not."""
        found = self.positions.get((party, class_id))
        if found is None:
            found = self.positions[(party, class_id)] = Position()
        return found

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
                    position.split(value.amount)
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
                amount, None, False, [basis], Change(record, when, ZERO, basis), lots=Lots([Lot(amount, since)])
            )
            self._changed.add(class_id)
            if record.fact("held since") is None:
                self.since_recorded[(party, class_id)] = when.text
            self.issued[class_id] = self.issued.get(class_id, ZERO) + amount - before.quantity
            self.stated.pop((party, class_id, "class"), None)
            return
        self._changed.add(class_id)
        kind = of or "class"
        if kind == "class":
            # Parts of a class replace all of it that other records say; a number within bounds only its holder's.
            for key, position in list(self.positions.items()):
                beside = position.last is not None and position.last.record is record
                if key[1] == class_id and (key[0] == party or (is_share and not beside)):
                    self._withdraw(class_id, position.quantity)
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
        position = self.position(party, class_id)
        earlier = position.last
        day, today = self._day, amount
        if earlier is not None and earlier.record.kind == record.kind and earlier.when.ranges == when.ranges:
            today = earlier.added + amount
        position.last = Change(record, when, today, basis)
        self._changed.add(class_id)
        position.quantity += amount
        if lots is None:
            lots = (Lot(amount, day, None, paid),)
        position.lots.add(lots if paid is not None else lots_without_payments(lots))
        position.bases.append(basis)
        if paid is None or day is None or record.kind == "transfer":  # the days of who held them before are not kept
            position.contributed = None
        elif position.contributed is not None:
            position.contributed.append((day, paid))
        if not position.add_paid(paid) and position.paid is not None and paid is not None:
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
        held = position.quantity if position else ZERO
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
        self._changed.add(class_id)
        return position.take(amount, basis)

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

    def _withdraw(self, class_id: str, amount: Fraction) -> None:
        """Take shares that cease to be off those issued."""
        self.issued[class_id] = self.issued.get(class_id, ZERO) - amount

    def _count_issued(self, class_id: str, amount: Fraction, state: EntityState, span: Span) -> None:
        plain = amount.numerator if amount.denominator == 1 else amount  # whole numbers add several times faster
        total = self.issued[class_id] = self.issued.get(class_id, 0) + plain
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
            totals[class_id] = totals.get(class_id, ZERO) + position.quantity
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


def _number(amount: Fraction | int) -> str:
    return f"{amount.numerator:,}" if amount.denominator == 1 else f"{amount.numerator:,}/{amount.denominator:,}"
