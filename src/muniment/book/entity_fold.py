"""Fold one entity's records into its state: labels, classes, bodies, offices, rules, distribution, costs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from muniment.book.seat_numbers import most_seats
from muniment.book.structure import Basis
from muniment.model.dates import is_before
from muniment.model.records import Fact, Part, Record, Statement
from muniment.model.typed import within
from muniment.model.values import PartialDate, day
from muniment.model.vocabulary import COMMON, ENTITY_KINDS
from muniment.text.diagnostics import Diagnostic, Severity
from muniment.text.spans import Span

LISTED = frozenset(("ranks", "while"))
CHANGED_BY = "changed by"
OF_THE_RECORD = frozenset((*(label.name for label in COMMON), "without"))
"""Labels that speak of a record, not of what it changes."""
FOUNDING = frozenset((*ENTITY_KINDS, "defaults"))
"""Kinds of record from which a state begins: entities, and what a statute says of them."""


class Chooser(Protocol):
    """How an account settles what records leave open."""

    def choose(self, record: Record, fact: Fact) -> Statement | None:
        """Return the statement to use, or None where the account leaves the fact open."""

    def choose_order(self, first: Record, second: Record) -> bool | None:
        """Return whether the second came later; None where that is left open."""

    def comes_after(self, record: Record, other: Record) -> bool:
        """Whether a record says that it takes effect after another."""

    def knows_seats(self, entity: str, name: str) -> bool:
        """Whether an entity has, at any time, seats or an office of that name."""

    def knows_party(self, name: str) -> bool:
        """Whether a record defines a party of that name."""


class FoldFault(NamedTuple):
    """A fault and the first day of the date on which it was met, as a proleptic ordinal."""

    day: int
    diagnostic: Diagnostic


@dataclass(slots=True)
class Slot:
    """A fact in force: its value, its words, what it rests on, the record that set it, the matter that changes it."""

    value: Any
    text: str
    basis: Basis
    setter: Record
    when: PartialDate
    changed_by: str | None = None


@dataclass(slots=True)
class Sitting:
    """A person in a seat or an office."""

    party: str
    basis: Basis
    setter: Record


@dataclass(slots=True)
class PartState:
    """A class, body, seat group, office or other block as it stands."""

    title: str
    basis: Basis
    slots: dict[str, Slot] = field(default_factory=dict)
    groups: dict[str, PartState] = field(default_factory=dict)
    sitting: list[Sitting] = field(default_factory=list)


@dataclass(slots=True)
class EntityState:
    """An entity as its records leave it; `ended` keeps ended classes, for shares of them that become others."""

    kind: str
    title: str
    basis: Basis
    slots: dict[str, Slot] = field(default_factory=dict)
    classes: dict[str, PartState] = field(default_factory=dict)
    bodies: dict[str, PartState] = field(default_factory=dict)
    offices: dict[str, PartState] = field(default_factory=dict)
    rules: dict[str, Slot] = field(default_factory=dict)
    tiers: dict[str, Slot] = field(default_factory=dict)
    costs: dict[str, Slot] = field(default_factory=dict)
    plans: dict[str, PartState] = field(default_factory=dict)
    ended: dict[str, PartState] = field(default_factory=dict)


def basis_of(record: Record, fact: Fact, statement: Statement) -> Basis:
    """Return what a fact rests on."""
    return Basis(
        f"{record.address} {fact.address}",
        f"{fact.label}: {statement.text}",
        statement.span,
        statement.citations,
        statement.quotations,
    )


def basis_of_record(record: Record) -> Basis:
    """Return what a record rests on."""
    return Basis(
        record.address, record.title or f"{record.kind} {record.name}", record.span, record.citations, record.quotations
    )


def basis_of_part(record: Record, part: Part) -> Basis:
    """Return what a block rests on."""
    name = f"{part.kind} {part.id}".strip()
    return Basis(f"{record.address} {name}", part.title or name, part.span, part.citations, part.quotations)


class EntityFold:
    """Applies an entity's records in order. Faults are collected, the state stays usable."""

    def __init__(self, name: str, choices: Chooser) -> None:
        self.name = name
        self.choices = choices
        self.state: EntityState | None = None
        self.faults: list[FoldFault] = []
        self.when = day(date.min)
        self.day = 0
        self._changed_seats: dict[tuple[str, str], Span] = {}
        self.ended_classes: dict[str, Span] = {}

    def begin(self, when: PartialDate, first_day: int) -> None:
        """Take note of the date of the records that follow."""
        self.when = when
        self.day = first_day

    def apply(self, record: Record) -> None:
        """Apply one record of the kinds entity, amend, appoint, remove, leave; others are left alone."""
        if record.kind in FOUNDING:
            self.state = EntityState(record.kind, record.title, basis_of_record(record))
            self._merge(record)
        elif self.state is None:
            self.does_not_exist(record)
        elif record.kind == "amend":
            self._end(record)
            self._merge(record)
        elif record.kind in ("appoint", "remove", "leave"):
            self._seat(record)

    def end_appointment(self, record: Record) -> None:
        """Empty the seats that an appointment filled, where its people still sit there because of it."""
        if self.state is None:
            return
        places = [
            *(group for body in self.state.bodies.values() for group in body.groups.values()),
            *self.state.offices.values(),
        ]
        for place in places:
            place.sitting[:] = [sitting for sitting in place.sitting if sitting.setter is not record]

    def close_day(self, held: Mapping[str, Fraction]) -> None:
        """Check what must be true at the end of a day, when its removals and its ledger are in.

        Args:
            held: Shares held of each class.
        """
        state = self.state
        if state is not None:
            for (body, name), span in self._changed_seats.items():
                group = state.bodies[body].groups.get(name) if body in state.bodies else None
                if group is not None:
                    self._check_seats(group, name, "M507", span)
            for class_id, span in self.ended_classes.items():
                if held.get(class_id) and class_id not in state.classes:
                    self.fault(
                        "M515",
                        f"class '{class_id}' of '{self.name}' ends while shares of it are held",
                        span,
                        "record on the same day what becomes of them: a 'convert', 'repurchase' or 'cancel'",
                    )
        self._changed_seats.clear()
        self.ended_classes.clear()

    def does_not_exist(self, record: Record) -> None:
        """Note that a record changes an entity that is not there."""
        self.fault(
            "M510",
            f"'{self.name}' does not exist when this takes effect",
            record.name_span,
            "date it after the entity's own record; if that stands 'under' a proposal or 'according to' an account, "
            "so must this",
        )

    def fault(self, code: str, message: str, span: Span, hint: str, related: tuple[tuple[Span, str], ...] = ()) -> None:
        """Note a fault."""
        severity: Severity = "warning" if code == "M518" else "error"
        found = Diagnostic(code=code, severity=severity, message=message, span=span, hint=hint, related=related)
        self.faults.append(FoldFault(self.day, found))

    def _merge(self, record: Record) -> None:
        state = self.state
        assert state is not None
        for fact in record.facts:
            if fact.label not in OF_THE_RECORD:
                self._set(state.slots, fact.label, record, fact)
        for part in record.parts:
            if part.kind == "class":
                self._merge_part(state.classes, part.id, part, record)
            elif part.kind == "board":
                body = self._merge_part(state.bodies, part.id or "board", part, record)
                for inner in part.parts:
                    self._merge_part(body.groups, inner.id, inner, record)
                    self._changed_seats[(part.id or "board", inner.id)] = _span_of(inner, "number")
            elif part.kind == "office":
                self._merge_part(state.offices, part.id, part, record)
            elif part.kind == "plan":
                self._merge_part(state.plans, part.id, part, record)
            elif part.kind == "rules":
                said = [self.choices.choose(record, fact) for fact in part.facts if fact.label == CHANGED_BY]
                of_all = said[0].value if said and said[0] is not None else None
                for fact in part.facts:
                    if fact.label != CHANGED_BY:
                        self._set(state.rules, fact.label, record, fact, of_all)
            elif part.kind == "distribution":
                for fact in part.facts:
                    self._set(state.tiers, fact.label, record, fact)
            elif part.kind == "costs of sale":
                for fact in part.facts:
                    self._set(state.costs, fact.label, record, fact)

    def _merge_part(self, parts: dict[str, PartState], name: str, part: Part, record: Record) -> PartState:
        state = parts.get(name)
        if state is None:
            state = parts[name] = PartState(part.title, basis_of_part(record, part))
        elif part.title:
            state.title = part.title
        listed: dict[str, Slot] = {}
        for fact in part.facts:
            if fact.label in LISTED:
                self._list(listed, fact.label, record, fact)
            else:
                self._set(state.slots, fact.label, record, fact)
        state.slots.update(listed)
        return state

    def _list(self, listed: dict[str, Slot], label: str, record: Record, fact: Fact) -> None:
        """Collect the values of a label that may stand often; together they replace what stood before."""
        statement = self.choices.choose(record, fact)
        if statement is None or statement.value is None:
            return
        before = listed.get(label)
        values = (*before.value, statement.value) if before else (statement.value,)
        text = f"{before.text}; {statement.text}" if before else statement.text
        listed[label] = Slot(
            values, text, before.basis if before else basis_of(record, fact, statement), record, self.when
        )

    def _set(
        self, slots: dict[str, Slot], label: str, record: Record, fact: Fact, changed_by: str | None = None
    ) -> None:
        """Put a fact in force; `changed_by` is what its block says of every fact in it."""
        statement = self.choices.choose(record, fact)
        if statement is None or statement.value is None:
            slots.pop(label, None)
            return
        before = slots.get(label)
        if before is not None and before.text != statement.text and self._is_unordered(before.setter, record):
            if _is_same_day(before.when, self.when):
                self._unordered(
                    before.setter, record, f"both set '{label}' of '{self.name}'", fact.span, before.basis.span
                )
            elif is_before(before.when, self.when) is None:
                is_later = self.choices.choose_order(before.setter, record)
                if is_later is None:
                    slots.pop(label)
                if not is_later:
                    return
        basis = basis_of(record, fact, statement)
        changed_by = fact.changed_by or changed_by
        slots[label] = Slot(statement.value, statement.text, basis, record, self.when, changed_by)

    def _is_unordered(self, first: Record, second: Record) -> bool:
        """Whether two records are of one kind and one proposal, and neither says that it comes after the other."""
        return (
            first is not second
            and first.kind == second.kind
            and first.value("under") == second.value("under")
            and not self.choices.comes_after(second, first)
        )

    def _unordered(self, first: Record, second: Record, what: str, span: Span, other: Span) -> None:
        self.fault(
            "M506",
            f"two records of {second.date.text} {what}",
            span,
            f"say which comes second: 'after: {first.address}'",
            ((other, "also set here"),),
        )

    def _end(self, record: Record) -> None:
        state = self.state
        assert state is not None
        for fact in record.facts_of("without"):
            statement = self.choices.choose(record, fact)
            for name in statement.value if statement is not None and statement.value else ():
                kind, _, rest = name.partition(" ")
                if kind == "seats" and rest:
                    ended = [body.groups.pop(rest, None) for body in state.bodies.values()]
                    found = any(group is not None for group in ended)
                elif kind in ("class", "office", "board", "plan") and rest:
                    places = {"class": state.classes, "office": state.offices, "board": state.bodies}
                    parts = places.get(kind, state.plans)
                    ended_part = parts.pop(rest, None)
                    found = ended_part is not None
                    if ended_part is not None and kind == "class":
                        state.ended[rest] = ended_part
                        self.ended_classes[rest] = words_in(fact, name)
                else:
                    own: dict[str, Any] = {"board": state.bodies}.get(name, {})
                    found = any(
                        table.pop(name, None) is not None for table in (state.slots, state.rules, state.costs, own)
                    )
                    if name == "distribution":
                        found = bool(state.tiers)
                        state.tiers.clear()
                if not found:
                    self.fault(
                        "M508",
                        f"'{self.name}' has no '{name}' that could end",
                        words_in(fact, name),
                        "name a label, a matter, 'seats ID', 'class ID', 'office ID' or 'board' in force on this date",
                    )

    def _seat(self, record: Record) -> None:
        state = self.state
        assert state is not None
        groups = {name: group for body in state.bodies.values() for name, group in body.groups.items()}
        for fact in record.facts:
            if fact.label in OF_THE_RECORD:
                continue
            group, office = groups.get(fact.label), state.offices.get(fact.label)
            statement = self.choices.choose(record, fact)
            if statement is None or not statement.value:
                continue
            basis = basis_of(record, fact, statement)
            if group is None and office is None:
                if not self.choices.knows_seats(self.name, fact.label):
                    continue  # reported where references are checked
                self.fault(
                    "M503",
                    f"'{self.name}' has no seats or office '{fact.label}' on this date",
                    fact.span,
                    "date the record after the seats exist, and before they end",
                )
            elif record.kind != "appoint":
                for party in statement.value:
                    self._vacate(group or office, party, fact.label, words_in(fact, party, statement))  # type: ignore[arg-type]
            elif group is not None:
                self._seat_in_group(group, record, fact, statement, basis)
            elif office is not None:
                self._seat_in_office(office, record, fact, statement, basis)

    def _seat_in_group(self, group: PartState, record: Record, fact: Fact, statement: Statement, basis: Basis) -> None:
        if "occupant" in group.slots:
            self.fault(
                "M503",
                f"the seats '{fact.label}' follow the office '{group.slots['occupant'].value}'",
                fact.span,
                f"appoint to the office: '{group.slots['occupant'].value}: {statement.text}'",
            )
            return
        for party in statement.value:
            if any(sitting.party == party for sitting in group.sitting):
                self.fault(
                    "M503",
                    f"'{party}' already sits in '{fact.label}'",
                    words_in(fact, party, statement),
                    "name each person once",
                )
            else:
                group.sitting.append(Sitting(party, basis, record))
        self._check_seats(group, fact.label, "M503", statement.span)

    def _seat_in_office(
        self, office: PartState, record: Record, fact: Fact, statement: Statement, basis: Basis
    ) -> None:
        if len(statement.value) > 1:
            self.fault(
                "M503",
                f"{len(statement.value)} people are appointed to the one office '{fact.label}'",
                statement.span,
                "name one person; a second office needs an id of its own",
            )
        before = office.sitting[0] if office.sitting else None
        if (
            before is not None
            and before.party != statement.value[0]
            and before.setter.date.ranges == record.date.ranges
            and self._is_unordered(before.setter, record)
        ):
            self._unordered(
                before.setter,
                record,
                f"both fill the office '{fact.label}' of '{self.name}'",
                fact.span,
                before.basis.span,
            )
        office.sitting[:] = [Sitting(statement.value[0], basis, record)]

    def _vacate(self, place: PartState, party: str, where: str, span: Span) -> None:
        for index, sitting in enumerate(place.sitting):
            if sitting.party == party:
                del place.sitting[index]
                return
        self.fault(
            "M504",
            f"'{party}' does not sit in '{where}' of '{self.name}' on this date",
            span,
            "name who sits there, or record first how they were appointed",
        )

    def _check_seats(self, group: PartState, name: str, code: str, span: Span) -> None:
        most, sitting = most_seats(group), len(group.sitting)
        if most is not None and sitting > most:
            hint = (
                "remove someone first, or enlarge the seats by an 'amend' record"
                if code == "M503"
                else "add a 'remove' or 'leave' record of the same day"
            )
            people = f"{sitting} people sit" if sitting != 1 else "1 person sits"
            self.fault(
                code, f"{people} in the {most} seat{'s' if most != 1 else ''} '{name}' of '{self.name}'", span, hint
            )


def _is_same_day(first: PartialDate, second: PartialDate) -> bool:
    """Whether two dates are the same certain day."""
    low, high = first.ranges[0][0], first.ranges[-1][1]
    return low is not None and low == high and first.ranges == second.ranges


def _span_of(part: Part, label: str) -> Span:
    """Return where the value of a label of a block stands, or else its head."""
    return next((fact.statements[0].span for fact in part.facts if fact.label == label and fact.statements), part.span)


def words_in(fact: Fact, words: str, statement: Statement | None = None) -> Span:
    """Return where some words stand in a fact's value."""
    chosen = statement or fact.statements[0]
    match = re.search(rf"(?<![a-z0-9-]){re.escape(words)}(?![a-z0-9-])", chosen.text)
    return within(chosen.span, match.start(), match.end()) if match else chosen.span
