"""Fold one entity's records into its state: labels, classes, bodies, offices, rules, distribution, costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from muniment.book.structure import Basis
from muniment.model.records import Fact, Part, Record, Statement
from muniment.model.terms import GreaterOf
from muniment.model.values import Bounded
from muniment.model.vocabulary import ENTITY_KINDS
from muniment.text.diagnostics import Diagnostic
from muniment.text.spans import Span

Chooser = Callable[[Record, Fact], Statement | None]
LISTED = frozenset(("ranks", "while"))


@dataclass(slots=True)
class Slot:
    """A fact in force: its value, its words, what it rests on, and the record that set it."""

    value: Any
    text: str
    basis: Basis
    setter: Record


@dataclass(slots=True)
class Sitting:
    """A person in a seat or an office."""

    party: str
    basis: Basis


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
    """An entity as its records leave it."""

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


def basis_of(record: Record, fact: Fact, statement: Statement) -> Basis:
    """Return what a fact rests on."""
    return Basis(
        f"{record.address} {fact.address}", f"{fact.label}: {statement.text}", statement.span, statement.citations, statement.quotations
    )


def basis_of_record(record: Record) -> Basis:
    """Return what a record rests on."""
    return Basis(record.address, record.title or f"{record.kind} {record.name}", record.span, record.citations, record.quotations)


def basis_of_part(record: Record, part: Part) -> Basis:
    """Return what a block rests on."""
    name = f"{part.kind} {part.id}".strip()
    return Basis(f"{record.address} {name}", part.title or name, part.span, part.citations, part.quotations)


class EntityFold:
    """Applies an entity's records in order. Faults are collected, the state stays usable."""

    def __init__(self, name: str, choose: Chooser) -> None:
        self.name = name
        self.choose = choose
        self.state: EntityState | None = None
        self.diagnostics: list[Diagnostic] = []

    def apply(self, record: Record) -> None:
        """Apply one record of the kinds entity, amend, appoint, remove, leave; others are left alone."""
        if record.kind in ENTITY_KINDS:
            self.state = EntityState(record.kind, record.title, basis_of_record(record))
            self._merge(record)
        elif record.kind == "amend":
            if self.state is None:
                self.fault("M510", f"'{self.name}' does not exist yet when this takes effect", record.span, "date it after the entity's own record")
                return
            self._end(record)
            self._merge(record)
        elif record.kind in ("appoint", "remove", "leave") and self.state is not None:
            self._seat(record)

    def fault(self, code: str, message: str, span: Span, hint: str, related: tuple[tuple[Span, str], ...] = ()) -> None:
        """Note a fault."""
        self.diagnostics.append(Diagnostic(code=code, severity="error", message=message, span=span, hint=hint, related=related))

    def _merge(self, record: Record) -> None:
        state = self.state
        assert state is not None
        for fact in record.facts:
            self._set(state.slots, fact.label, record, fact)
        for part in record.parts:
            if part.kind == "class":
                self._merge_part(state.classes, part.id, part, record)
            elif part.kind == "board":
                body = self._merge_part(state.bodies, part.id or "board", part, record)
                for inner in part.parts:
                    self._merge_part(body.groups, inner.id, inner, record)
                    self._check_seats(body.groups[inner.id], inner.id, record, inner.span)
            elif part.kind == "office":
                self._merge_part(state.offices, part.id, part, record)
            elif part.kind == "rules":
                for fact in part.facts:
                    self._set(state.rules, fact.label, record, fact)
            elif part.kind == "distribution":
                if record.kind == "amend":
                    state.tiers.clear()
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
        statement = self.choose(record, fact)
        if statement is None or statement.value is None:
            return
        before = listed.get(label)
        values = (*before.value, statement.value) if before else (statement.value,)
        text = f"{before.text}; {statement.text}" if before else statement.text
        listed[label] = Slot(values, text, before.basis if before else basis_of(record, fact, statement), record)

    def _set(self, slots: dict[str, Slot], label: str, record: Record, fact: Fact) -> None:
        statement = self.choose(record, fact)
        if statement is None or statement.value is None:
            slots.pop(label, None)
            return
        before = slots.get(label)
        if (
            before is not None
            and before.setter is not record
            and before.setter.date == record.date
            and before.setter.kind == record.kind
            and before.text != statement.text
            and record.fact("after") is None
            and before.setter.value("under") == record.value("under")
        ):
            self.fault(
                "M506", f"two records of {record.date.text} both set '{label}' of '{self.name}'", fact.span,
                f"say which comes second: 'after: {before.setter.address}'", ((before.basis.span, "also set here"),),
            )  # fmt: skip
        slots[label] = Slot(statement.value, statement.text, basis_of(record, fact, statement), record)

    def _end(self, record: Record) -> None:
        state = self.state
        assert state is not None
        for fact in record.facts_of("without"):
            statement = self.choose(record, fact)
            for name in statement.value if statement is not None and statement.value else ():
                kind, _, rest = name.partition(" ")
                if kind == "seats" and rest:
                    ended = [body.groups.pop(rest, None) for body in state.bodies.values()]
                    found = any(group is not None for group in ended)
                elif kind in ("class", "office", "board") and rest:
                    parts = {"class": state.classes, "office": state.offices, "board": state.bodies}[kind]
                    found = parts.pop(rest, None) is not None
                else:
                    own: dict[str, Any] = {"board": state.bodies}.get(name, {})
                    found = any(table.pop(name, None) is not None for table in (state.slots, state.rules, state.costs, own))
                    if name == "distribution":
                        found = bool(state.tiers)
                        state.tiers.clear()
                if not found:
                    self.fault("M508", f"'{self.name}' has no '{name}' that could end", fact.statements[0].span, "name a label, a matter, 'seats ID', 'class ID' or 'office ID' in force")

    def _seat(self, record: Record) -> None:
        state = self.state
        assert state is not None
        groups = {name: group for body in state.bodies.values() for name, group in body.groups.items()}
        for fact in record.facts:
            if fact.label in ("until", "recorded", "under", "according to", "after", "id", "remark", "date", "difference"):
                continue
            place = groups.get(fact.label) or state.offices.get(fact.label)
            statement = self.choose(record, fact)
            if statement is None or not statement.value:
                continue
            if place is None:
                self.fault("M503", f"'{self.name}' has no seats or office '{fact.label}' on this date", fact.span, "date the record after the seats exist")
                continue
            basis = basis_of(record, fact, statement)
            for party in statement.value:
                if record.kind == "appoint":
                    self._appoint(place, party, basis, is_office=fact.label in state.offices and fact.label not in groups)
                else:
                    self._vacate(place, party, fact.label, statement.span)
            if record.kind == "appoint" and fact.label in groups:
                self._check_seats(groups[fact.label], fact.label, record, statement.span)

    def _appoint(self, place: PartState, party: str, basis: Basis, is_office: bool) -> None:
        if is_office:
            place.sitting[:] = [Sitting(party, basis)]
        elif any(sitting.party == party for sitting in place.sitting):
            self.fault("M503", f"'{party}' already sits there", basis.span, "name each person once")
        else:
            place.sitting.append(Sitting(party, basis))

    def _vacate(self, place: PartState, party: str, where: str, span: Span) -> None:
        for index, sitting in enumerate(place.sitting):
            if sitting.party == party:
                del place.sitting[index]
                return
        self.fault("M504", f"'{party}' does not sit in '{where}' of '{self.name}'", span, "name who sits there, or appoint them first")

    def _check_seats(self, group: PartState, name: str, record: Record, span: Span) -> None:
        most = most_seats(group)
        if most is not None and len(group.sitting) > most:
            code = "M503" if record.kind == "appoint" else "M507"
            hint = "remove someone first, or enlarge the seats by an 'amend' record" if code == "M503" else "add a 'remove' record of the same day"
            self.fault(code, f"{len(group.sitting)} people sit in the {most} seat{'s' if most != 1 else ''} '{name}' of '{self.name}'", span, hint)


def most_seats(group: PartState) -> int | None:
    """Return how many may sit in a group at most; None if that follows the size of the board or is not stated."""
    slot = group.slots.get("number")
    if slot is None or isinstance(slot.value, GreaterOf):
        return None
    if isinstance(slot.value, Bounded):
        return int(slot.value.high or 0)
    return int(slot.value)


def seats_in(body: PartState) -> dict[str, int]:
    """Return how many seats each group has: a range holds its minimum until more are filled.

    `greater of N and Q of board` is the least number n >= N that is at least Q of the board with these n seats in it.
    """
    counts: dict[str, int] = {}
    relative: list[tuple[str, GreaterOf]] = []
    for name, group in body.groups.items():
        slot = group.slots.get("number")
        if slot is None:
            counts[name] = max(1, len(group.sitting))
        elif isinstance(slot.value, GreaterOf):
            relative.append((name, slot.value))
        elif isinstance(slot.value, Bounded):
            counts[name] = max(int(slot.value.low or 0), len(group.sitting))
        else:
            counts[name] = slot.value
    others = sum(counts.values())
    for name, terms in relative:
        share = min(terms.share, Fraction(99, 100))
        needed = share * others / (1 - share)
        counts[name] = max(terms.count, -(-needed.numerator // needed.denominator), len(body.groups[name].sitting))
    return counts
