"""Grants of options, restricted stock units and warrants: replayed through exercises, forfeitures and splits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from muniment.book.entity_fold import OF_THE_RECORD, basis_of_record
from muniment.book.numbers_held import ZERO, in_words
from muniment.book.selecting import Choices, Selector
from muniment.book.splitting import Splits
from muniment.book.structure import Entity, Grant, Split
from muniment.book.vesting import Quickened, Step, vested_by, vested_in_shares, vesting_steps
from muniment.model.dates import exact_day, latest
from muniment.model.durations import day_after
from muniment.model.records import Record
from muniment.model.right_terms import Acceleration, Vesting
from muniment.model.values import ClassQuantity, Money, PartialDate, Quantity

if TYPE_CHECKING:
    from muniment.book.accounts import World

REPLAYED = frozenset(("split", "grant", "exercise", "forfeit"))
"""Kinds of records that make grants what they are."""


class Granted(NamedTuple):
    """What was granted in every entity, and what was exercised beyond it.

    Attributes:
        grants: In order of date.
        rest: By entity, holder and class: shares got by exercise that no grant accounts for.
        splits: By entity and class, in order.
        notes: What is assumed, in sentences.
    """

    grants: tuple[Grant, ...]
    rest: Mapping[tuple[str, str, str], Fraction]
    splits: Splits
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Running:
    """One grant while it is replayed; numbers are in shares of the day reached."""

    record: Record
    values: Mapping[str, Any]
    holder: str
    class_id: str
    since: date | None
    quantity: Fraction
    quickened: tuple[Quickened, ...]
    known_steps: dict[tuple[Vesting, date], tuple[Step, ...]]
    exercised: Fraction = ZERO
    forfeited: Fraction = ZERO
    ratio: Fraction = Fraction(1)
    taken_to_be_under: Fraction = ZERO

    def left(self) -> Fraction:
        return self.quantity - self.exercised - self.forfeited

    def vesting(self) -> tuple[tuple[date, Fraction], ...]:
        """Return each day with what has vested by then in all; empty where the terms give no days."""
        terms = self.values.get("vests")
        start = self.values.get("vesting from")
        first = exact_day(start) if isinstance(start, PartialDate) else self.since
        if not isinstance(terms, Vesting) or (first is None and terms.day is None):
            return ()
        key = (terms, first or terms.day or date.min)
        steps = self.known_steps.get(key)
        if steps is None:
            steps = self.known_steps[key] = vesting_steps(*key)
        return vested_in_shares(steps, self.quantity, self.quickened) if steps else ()

    def vested(self, day: date) -> Fraction | None:
        """Return what has vested by a day in all; None where that cannot be computed."""
        terms = self.values.get("vests")
        if terms is None:
            return self.quantity
        vesting = self.vesting()
        return vested_by(vesting, day) if vesting else None


@dataclass(slots=True)
class _Register:
    """The grants of one entity while they are replayed, by address and by holder and class; the rest is of all."""

    grants: dict[str, _Running] = field(default_factory=dict)
    held: dict[tuple[str, str], list[_Running]] = field(default_factory=dict)
    splits: dict[tuple[str, str], list[Split]] = field(default_factory=dict)
    steps: dict[tuple[Vesting, date], tuple[Step, ...]] = field(default_factory=dict)
    rest: dict[tuple[str, str, str], Fraction] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)


def grants_in_force(
    world: World, selector: Selector, choices: Choices, entities: Mapping[str, Entity], on: date
) -> Granted:
    """Return the grants in force on a date, with what has become of them.

    Shares that a holder got by `exercise` are taken off the grant that the record names, else off the holder's earliest
    grants over the class. A split of the class multiplies what is left of a grant, and divides its strike.

    Args:
        world: The book in one account.
        selector: Selects the records in force on the date.
        choices: How facts are resolved.
        entities: As they stand.
        on: The date: what has vested and expired by then.
    """
    register = _Register()
    kept: list[tuple[str, _Running]] = []
    index = world.book.index
    concerned = {record.name for kind in REPLAYED for record in world.book.records_of(kind)}
    for name in (each for each in entities if each in concerned):
        register.grants, register.held = {}, {}
        choices.entity = name
        for dated in selector.in_order(index.by_subject.get(name, ()), REPLAYED):
            _apply(dated.record, name, selector, choices, register)
        kept += [(name, running) for running in register.grants.values()]
    grants = tuple(_freeze(name, running, on, register) for name, running in kept)
    splits = {key: tuple(found) for key, found in register.splits.items()}
    return Granted(grants, register.rest, splits, tuple(register.notes))


def _apply(record: Record, entity: str, selector: Selector, choices: Choices, register: _Register) -> None:
    match record.kind:
        case "grant":
            _grant(record, selector, choices, register)
        case "split":
            for label, value in _lines(record, choices):
                if isinstance(value, Quantity) and value.amount > 0:
                    class_id = label.rpartition(".")[2]
                    split = Split(selector.counts_from(record), value.amount, record.address)
                    register.splits.setdefault((entity, class_id), []).append(split)
                    _split(class_id, value.amount, record, register)
        case "exercise":
            named = _value(record, "grant", choices)
            for label, value in _lines(record, choices):
                quantity = value.quantity if isinstance(value, ClassQuantity) else None
                if isinstance(quantity, Quantity) and not quantity.unit:
                    key = (entity, label, value.of.rpartition(".")[2])
                    _exercise(key, quantity.amount, named, record, register)
        case _:
            _forfeit(record, selector, choices, register)


def _lines(record: Record, choices: Choices) -> Iterator[tuple[str, Any]]:
    for fact in record.facts:
        if fact.label in OF_THE_RECORD:
            continue
        statement = choices.choose(record, fact)
        if statement is not None and statement.value is not None:
            yield fact.label, statement.value


def _value(record: Record, label: str, choices: Choices) -> Any:
    fact = record.fact(label)
    statement = choices.choose(record, fact) if fact is not None else None
    return statement.value if statement is not None else None


def _grant(record: Record, selector: Selector, choices: Choices, register: _Register) -> None:
    values = dict(_lines(record, choices))
    holder, quantity, of = values.get("to"), values.get("quantity"), values.get("of")
    if not isinstance(holder, str) or not isinstance(quantity, int) or not isinstance(of, str) or quantity <= 0:
        missing = "who gets it" if not isinstance(holder, str) else "its class" if not isinstance(of, str) else ""
        what = missing or "how many shares it is over"
        register.notes[f"The grant {record.address} is left out: it does not say exactly {what}."] = None
        return
    running = _Running(
        record=record,
        values=values,
        holder=holder,
        class_id=of.rpartition(".")[2],
        since=exact_day(selector.counts_from(record)),
        quantity=Fraction(quantity),
        quickened=_accelerations(record, selector, choices, register),
        known_steps=register.steps,
    )
    register.grants[record.address] = running
    register.held.setdefault((holder, running.class_id), []).append(running)


def _accelerations(record: Record, selector: Selector, choices: Choices, register: _Register) -> tuple[Quickened, ...]:
    """Return the accelerations of a grant whose events are all on record."""
    found: list[Quickened] = []
    for fact in record.facts_of("accelerates"):
        statement = choices.choose(record, fact)
        terms = statement.value if statement is not None else None
        if not isinstance(terms, Acceleration):
            continue
        if terms.part is None:
            register.notes[f"The words '{terms.text}' of {record.address} are not read: nothing vests by them."] = None
            continue
        days: list[date] = []
        for name in terms.events:
            event = selector.world.book.index.defined.get(name)
            if event is None or event.kind != "event" or not selector.is_in_force(event):
                break
            day = exact_day(selector.counts_from(event))
            if day is None:
                words = f"The day of {name} is not known exactly, so {record.address} is not taken to vest by it."
                register.notes[words] = None
                break
            days.append(day)
        if len(days) < len(terms.events):
            continue
        if terms.within is not None and day_after(min(days), terms.within) < max(days):
            continue
        found.append(Quickened(max(days), terms.part))
    return tuple(sorted(found))


def _split(class_id: str, ratio: Fraction, record: Record, register: _Register) -> None:
    for running in register.grants.values():
        if running.class_id != class_id:
            continue
        running.quantity *= ratio
        running.exercised *= ratio
        running.forfeited *= ratio
        running.ratio *= ratio
        register.notes[f"The grant {running.record.address} is taken to follow the split of {record.date.text}."] = None


def _exercise(key: tuple[str, str, str], amount: Fraction, named: Any, record: Record, register: _Register) -> None:
    _, holder, class_id = key
    if isinstance(named, str):
        under = [register.grants[named]] if named in register.grants else []
    else:
        under = register.held.get((holder, class_id), [])
    for running in under:
        taken = min(amount, running.left())
        if taken <= 0:
            continue
        running.exercised += taken
        amount -= taken
        _say_of_exercise(running, holder, record, register)
        if not isinstance(named, str):
            running.taken_to_be_under += taken
    if amount and isinstance(named, str):
        words = f"{record.address} is for {in_words(amount)} more {class_id} than are left under {named}."
        register.notes[words] = None
    elif amount:
        register.rest[key] = register.rest.get(key, ZERO) + amount


def _say_of_exercise(running: _Running, holder: str, record: Record, register: _Register) -> None:
    name = running.record.address
    if running.holder != holder:
        words = f"{record.address} gives {holder} shares under {name}, which is {running.holder}'s."
        register.notes[words] = None
    day = exact_day(record.date)
    vested = running.vested(day) if day is not None else None
    if vested is not None and running.exercised > vested:
        register.notes[
            f"With {record.address}, {in_words(running.exercised)} of {name} are exercised, of which "
            f"{in_words(vested)} had vested."
        ] = None
    last = running.values.get("expires")
    until = latest(last) if isinstance(last, PartialDate) else None
    if day is not None and until is not None and day > until:
        register.notes[f"{record.address} is after {until}, the last day of {name}."] = None


def _forfeit(record: Record, selector: Selector, choices: Choices, register: _Register) -> None:
    named, quantity = _value(record, "grant", choices), _value(record, "quantity", choices)
    running = register.grants.get(named)
    if running is None:
        return
    if isinstance(quantity, int):
        amount = Fraction(quantity)
    else:
        day = exact_day(selector.counts_from(record))
        vested = running.vested(day) if day is not None else None
        if vested is None:
            words = f"{record.address} does not say how many, and what of {named} had vested is not known."
            register.notes[words] = None
            return
        amount = max(running.quantity - max(vested, running.exercised) - running.forfeited, ZERO)
    if amount > running.left():
        words = f"{record.address} is for {in_words(amount)} shares; {in_words(running.left())} are left under {named}."
        register.notes[words] = None
    running.forfeited += min(amount, running.left())


def _freeze(entity: str, running: _Running, on: date, register: _Register) -> Grant:
    values, record = running.values, running.record
    if running.taken_to_be_under:
        register.notes[
            f"{in_words(running.taken_to_be_under)} {running.class_id} that {running.holder} got by exercise are taken "
            f"to be under {record.address}."
        ] = None
    terms, expires, strike = values.get("vests"), values.get("expires"), values.get("strike")
    # What is forfeited was to vest last, so vesting stops where the rest begins.
    most = running.quantity - running.forfeited
    in_full = running.vesting()
    vesting = in_full
    if running.forfeited:
        cut = [(day, min(shares, most)) for day, shares in in_full]
        vesting = tuple(each for at, each in enumerate(cut) if not at or each[1] > cut[at - 1][1])
    vested = running.quantity if terms is None else vested_by(in_full, on) if in_full else None
    last = latest(expires) if isinstance(expires, PartialDate) else None
    waits = ""
    if terms is not None and vested is None:
        fact = record.fact("vests")
        waits = f"its vesting ({fact.statements[0].text if fact is not None else ''})"
    return Grant(
        id=record.address,
        kind=values.get("as") or "options",
        holder=running.holder,
        entity=entity,
        class_id=running.class_id,
        plan=values.get("plan") or "",
        granted=running.quantity,
        vested=None if vested is None else min(vested, most),
        vesting=vesting,
        exercised=running.exercised,
        forfeited=running.forfeited,
        expired=running.left() if last is not None and last < on else ZERO,
        strike=Money(strike.amount / running.ratio, strike.currency) if isinstance(strike, Money) else None,
        strike_open=record.fact("strike") is not None and not isinstance(strike, Money),
        expires=last,
        waits=waits,
        since=running.since,
        basis=basis_of_record(record),
    )
