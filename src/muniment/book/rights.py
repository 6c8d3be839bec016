"""Rights to acquire, to put and to convert, as options, grants, notes and the terms of classes give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from muniment.book.entity_fold import OF_THE_RECORD, basis_of_record
from muniment.book.grants import Granted
from muniment.book.numbers_held import ZERO, Number, in_words, minus, times
from muniment.book.selecting import Choices, Selector
from muniment.book.splitting import Splits
from muniment.book.structure import Entity, Grant, Holding, Right
from muniment.model.dates import exact_day, is_before
from muniment.model.records import Record
from muniment.model.right_terms import ExerciseTime, OptionOver, OptionPrice, OptionSource
from muniment.model.terms import Conversion
from muniment.model.values import Bounded, Money, PartialDate, Quantity
from muniment.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from muniment.book.accounts import World

NEEDED: Mapping[str, tuple[str, ...]] = {"option": ("holder", "over"), "grant": ("to", "quantity", "of")}
"""Labels without which a record gives nobody a right to anything."""


def rights_in_force(
    world: World,
    selector: Selector,
    choices: Choices,
    entities: Mapping[str, Entity],
    holdings: Mapping[str, Sequence[Holding]],
    granted: Granted,
) -> tuple[tuple[Right, ...], tuple[str, ...]]:
    """Return the rights in force, and what is assumed of them.

    What a party got by `exercise` records of a class in new shares is taken off its grants, and what they do not
    account for off its options over new shares of that class, the earliest first.
    """
    options: list[Right] = []
    notes_and_safes: list[Right] = []
    begun: dict[str, PartialDate | None] = {}
    for kind, read, found in (
        ("option", _option, options),
        ("note", _note, notes_and_safes),
        ("safe", _note, notes_and_safes),
    ):
        for record in world.book.records_of(kind):
            if not selector.is_in_force(record):
                continue
            values = _values(record, choices, entities)
            right = read(record, values, selector, entities)
            if right is not None and right.entity in entities:
                found.append(right)
                begun[right.id] = selector.counts_from(record)
    notes: list[str] = [*granted.notes]
    left = _less_exercised(options, granted.rest, notes)
    notes += _unsplit((*left, *notes_and_safes), begun, granted.splits)
    grants = [right for grant in granted.grants if (right := _of_grant(grant)) is not None]
    return (*left, *grants, *notes_and_safes, *_of_classes(entities, holdings)), tuple(notes)


def _values(record: Record, choices: Choices, entities: Mapping[str, Entity]) -> dict[str, Any]:
    """Return what a record says in this account, by label; the open facts touch the entity it is about."""
    choices.entity = next((name for name in _named(record) if name in entities), "")
    values: dict[str, Any] = {}
    for fact in record.facts:
        statement = choices.choose(record, fact) if fact.label not in OF_THE_RECORD else None
        if statement is not None and statement.value is not None:
            values[fact.label] = statement.value
    return values


def _named(record: Record) -> Iterator[str]:
    """Yield entities whose shares a record may be over, the likeliest first."""
    if record.kind == "grant":
        yield record.name
    for label in ("over", "converts", "issuer"):
        fact = record.fact(label)
        value = fact.statements[0].value if fact is not None else None
        if isinstance(value, OptionOver):
            yield value.entity or value.of.rpartition(".")[0]
        elif isinstance(value, Conversion):
            yield value.into.rpartition(".")[0]
        elif isinstance(value, str):
            yield value


def _option(
    record: Record, values: Mapping[str, Any], selector: Selector, entities: Mapping[str, Entity]
) -> Right | None:
    over, holder = values.get("over"), values.get("holder")
    if not isinstance(over, OptionOver) or not isinstance(holder, str):
        return None
    entity = _entity_of(over, values.get("issuer"), entities)
    if entity is None:
        return None
    when = values.get("exercisable")
    time = when if isinstance(when, ExerciseTime) else ExerciseTime()
    price = values.get("price")
    each, in_all = _price(price) if isinstance(price, OptionPrice) else (None, None)
    issuer = values.get("issuer")
    stated = values.get("from")
    source = stated.party if isinstance(stated, OptionSource) else issuer if issuer != entity else None
    if values.get("right") == "put":
        taker = values.get("to") or issuer
        source = taker if taker != entity else None
    part = over.of in ("votes", "capital")
    quantity, is_part = _number(over.quantity)
    return Right(
        id=record.address,
        kind=values.get("right") or "acquire",
        holder=holder,
        entity=entity,
        class_id="" if part else over.of.rpartition(".")[2],
        quantity=quantity,
        of=over.of if part else "class" if is_part else None,
        source=source,
        never=time.never,
        exercisable=(time.first, time.last),
        on_event=_waits_for(time.event, selector),
        price_each=each,
        price_in_all=in_all,
        price_open=record.fact("price") is not None and each is None and in_all is None,
        substantive=values.get("substantive"),
        text=record.fact("over").statements[0].text,  # type: ignore[union-attr]
        basis=basis_of_record(record),
    )


def _entity_of(over: OptionOver, issuer: str | None, entities: Mapping[str, Entity]) -> str | None:
    """Return whose shares an option is over: as said, else the issuer's, else of the one entity with the class."""
    named = over.entity or over.of.rpartition(".")[0]
    if named:
        return named
    if over.of in ("votes", "capital"):
        return issuer if issuer in entities else None
    if issuer in entities and over.of in entities[issuer].classes:  # type: ignore[index]
        return issuer
    owners = [name for name, entity in entities.items() if over.of in entity.classes]
    return owners[0] if len(owners) == 1 else None


def _waits_for(event: str, selector: Selector) -> str:
    """Return what a right still waits for: nothing once the event is on record by the day asked."""
    record = selector.world.book.index.defined.get(event)
    if record is not None and record.kind == "event" and selector.is_in_force(record):
        return ""
    return event


def _price(price: OptionPrice) -> tuple[Money | None, Money | None]:
    amount = price.amount if isinstance(price.amount, Money) else None
    return (amount, None) if price.per == "each" else (None, amount)


def _number(quantity: Quantity | Bounded[Quantity]) -> tuple[Number, bool]:
    """Return a quantity as a number, and whether it is a part of something."""
    if isinstance(quantity, Quantity):
        return quantity.amount, quantity.unit == "%"
    ends = [end for end in (quantity.low, quantity.high) if end is not None]
    low = quantity.low.amount if quantity.low is not None else None
    high = quantity.high.amount if quantity.high is not None else None
    number = Bounded(low, high, quantity.low_open, quantity.high_open, quantity.about, quantity.text)
    return number, any(end.unit == "%" for end in ends)


def _of_grant(grant: Grant) -> Right | None:
    """Return what a grant still gives; None if nothing of it is left. One that has expired says until when it ran."""
    left = grant.granted - grant.exercised - grant.forfeited
    if left <= 0:
        return None
    one_day = len(grant.vesting) == 1
    return Right(
        id=grant.id,
        holder=grant.holder,
        entity=grant.entity,
        class_id=grant.class_id,
        quantity=left,
        vesting=() if one_day else _left_of(grant),
        exercisable=(grant.vesting[0][0] if one_day else None, grant.expires),
        on_event=grant.waits,
        price_each=grant.strike,
        price_open=grant.strike_open,
        text=f"{in_words(left)} {grant.class_id}",
        basis=grant.basis,
    )


def _left_of(grant: Grant) -> tuple[tuple[date, Fraction], ...]:
    """Return the days on which a grant vests, with what has vested by then and is not exercised."""
    if not grant.exercised:
        return grant.vesting
    return tuple((day, max(vested - grant.exercised, ZERO)) for day, vested in grant.vesting)


def _note(
    record: Record,
    values: Mapping[str, Any],
    selector: Selector,
    entities: Mapping[str, Entity],
) -> Right | None:
    terms, holder, issuer = values.get("converts"), values.get("to"), values.get("issuer")
    if not isinstance(terms, Conversion) or holder is None:
        return None
    over = OptionOver(Quantity(Fraction(1)), terms.into, "")
    entity = _entity_of(over, issuer, entities)
    if entity is None:
        return None
    count = Fraction(values.get("quantity") or 1)
    waits, first = "", exact_day(terms.on_date) if terms.on_date is not None else None
    if not terms.at_will and first is None:
        waits = terms.when.removeprefix("on ")
        for event in terms.on_other:
            if not _waits_for(event, selector):
                waits = ""
    quantity = count * terms.ratio
    return Right(
        id=record.address,
        kind="convert",
        holder=holder,
        entity=entity,
        class_id=terms.into.rpartition(".")[2],
        quantity=quantity,
        exercisable=(first, None),
        on_event=waits,
        text=f"{record.address} into {in_words(quantity)} {terms.into}",
        basis=basis_of_record(record),
    )


def _of_classes(entities: Mapping[str, Entity], holdings: Mapping[str, Sequence[Holding]]) -> Iterator[Right]:
    """Yield the rights to convert at will, one for each holding; without a quantity where that is not in shares."""
    for entity in entities.values():
        for holding in holdings.get(entity.id, ()):
            share_class = entity.classes.get(holding.class_id)
            if share_class is None or share_class.converts_into is None or holding.of in ("votes", "capital"):
                continue
            if holding.party == entity.id:
                continue
            ratio, into = share_class.converts_into
            gives = holding.quantity if holding.of is None else None
            quantity = times(gives, ratio) if gives is not None else None
            shown = in_words(holding.quantity, percent=holding.of is not None)
            yield Right(
                id=f"{entity.id}.{share_class.id} held by {holding.party}",
                kind="convert",
                holder=holding.party,
                entity=entity.id,
                class_id=into.rpartition(".")[2],
                quantity=quantity,
                gives=gives,
                gives_class=share_class.id,
                text=f"{shown} {share_class.id} into {into}",
                basis=share_class.basis.get("converts") or share_class.basis[""],
            )


def _less_exercised(
    rights: Sequence[Right], exercised: Mapping[tuple[str, str, str], Fraction], notes: list[str]
) -> list[Right]:
    rest = dict(exercised)
    left: list[Right] = []
    for right in rights:
        key = (right.entity, right.holder, right.class_id)
        used = rest.get(key, ZERO)
        new_shares = right.kind == "acquire" and right.source is None and right.of is None
        if not used or not new_shares or not isinstance(right.quantity, Fraction):
            left.append(right)
            continue
        taken = min(used, right.quantity)
        rest[key] = used - taken
        notes.append(
            f"{in_words(taken)} {right.class_id} that {right.holder} got by exercise are taken to be under {right.id}."
        )
        if taken < right.quantity:
            rest_of = minus(right.quantity, taken)
            price = right.price_in_all
            if price is not None:
                price = Money(price.amount * (right.quantity - taken) / right.quantity, price.currency)
            left.append(replace(right, quantity=rest_of, price_in_all=price))
    notes += [
        f"{in_words(amount)} {class_id} that {holder} got by exercise are under no right that is on record."
        for (_, holder, class_id), amount in rest.items()
        if amount
    ]
    return left


def _unsplit(
    rights: Sequence[Right],
    begun: Mapping[str, PartialDate | None],
    splits: Splits,
) -> Iterator[str]:
    """Yield what is said of options, SAFEs and notes over a class that was split since: they stay as stated."""
    for right in rights:
        own = splits.get((right.entity, right.class_id), ()) if right.of is None else ()
        since = begun.get(right.id)
        if any(since is None or is_before(split.when, since) is not True for split in own):
            yield f"{right.id} is taken as stated: no split of {right.class_id} changes it."


def faulty_rights(world: World) -> Iterator[Diagnostic]:
    """Yield options and grants that give nobody a right to anything."""
    entities = world.book.index.names
    for kind, labels in NEEDED.items():
        for record in world.book.records_of(kind):
            missing = next((label for label in labels if record.fact(label) is None), None)
            if missing is not None:
                message = f"this {kind} does not say '{missing}', so nobody can use it"
                hint = f"add the line '{missing}: ...'"
            elif kind == "option" and _has_no_entity(record, entities):
                message = "this option does not say whose shares it is over"
                hint = "write the class as 'acme.ordinary', or 'of votes of acme', or name the 'issuer'"
            else:
                continue
            yield Diagnostic(code="M519", severity="warning", message=message, span=record.name_span, hint=hint)


def _has_no_entity(record: Record, entities: Mapping[str, Any]) -> bool:
    over = record.value("over")
    if not isinstance(over, OptionOver) or over.entity or "." in over.of or record.value("issuer") in entities:
        return False
    owners = [name for name, names in entities.items() if over.of in names.classes]
    return len(owners) != 1
