"""History: fold the records that are in force on a date, under a proposal, into a structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from muniment.book.convertibles import convertibles_in_force
from muniment.book.defaults import Formed, with_defaults
from muniment.book.entity_fold import EntityFold, basis_of_record
from muniment.book.freezing import freeze
from muniment.book.grants import grants_in_force
from muniment.book.inexact import inexact_claims
from muniment.book.ledger import Ledger
from muniment.book.pools import pools_in_force
from muniment.book.rights import rights_in_force
from muniment.book.selecting import Choices, Selector
from muniment.book.split_order import Dated
from muniment.book.splitting import prices_after_splits
from muniment.book.structure import AgreedConsent, Basis, Entity, Holding, Paid, Party, Right, Structure
from muniment.model.dates import earliest, is_exact
from muniment.model.records import Part, Record, Statement
from muniment.model.values import Money, day
from muniment.model.vocabulary import ENTITY_KINDS, LEDGER_KINDS

if TYPE_CHECKING:
    from muniment.book.accounts import World

NOT_COUNTED: Mapping[str, str] = {"grant": "", "safe": "issuer", "note": "issuer", "lend": "to", "option": "issuer"}
"""Kinds of claims that payouts leave out, each with the label that names the entity; empty where the subject does."""


@dataclass(frozen=True, slots=True)
class Folded:
    """The outcome of folding one entity: its part of the structure and the faults met on the way."""

    fold: EntityFold
    ledger: Ledger


def structure_on(world: World, when: date, under: str | None = None, known: date | None = None) -> Structure:
    """Return what is in force on a date.

    Args:
        world: The book in one account.
        when: The date asked.
        under: A proposal taken as adopted from the dates of its records; None for fact alone.
        known: The day from which one looks ahead: records that begin after it, and editions of the law that do, are
            left out. None = `when`.

    Returns:
        The structure; facts that the account leaves open are in `open_facts`.

    Raises:
        ValueError: If `known` is after `when`.
    """
    known = when if known is None else known
    if known > when:
        raise ValueError(f"what is known on {known} cannot be left out of what is in force on {when}")
    choices = Choices(world)
    selector = Selector(world, day(when), proposals_under(world, under), choices, known=day(known))
    index = world.book.index
    parties: dict[str, Party] = {}
    entities: dict[str, Entity] = {}
    holdings: dict[str, tuple[Holding, ...]] = {}
    notes_on_law: list[str] = []
    notes_on_shares: list[str] = []
    for record in index.parties:
        name = record.name
        if not selector.is_in_force(record):
            continue
        acts = record.fact("acts")
        if acts is not None and acts.is_disputed:
            for entity in index.names:
                choices.entity = entity
                choices.choose(record, acts)
        stated = choices.choose(record, acts) if acts is not None else None
        together = stated is None or stated.value != "apart"
        parties[name] = Party(
            id=name, kind=record.kind, title=record.title or name, acts_together=together, basis=basis_of_record(record)
        )
        if record.kind in ENTITY_KINDS:
            choices.entity = name
            folded = fold_entity(name, selector.in_order(index.by_subject.get(name, ())), choices, when)
            if folded.fold.state is not None:
                left_open = [address for address, entity in choices.open_facts if entity == name]
                formed = Formed(freeze(name, folded.fold.state), record.date)
                entities[name], not_applied = with_defaults(formed, world.book.law_pack, known, left_open)
                notes_on_law += not_applied
                holdings[name] = folded.ledger.holdings(folded.fold.state.classes)
                notes_on_shares += _assumed_of_shares(entities[name], folded.ledger, holdings[name])
    entities = {name: _with_offices_elsewhere(entity, entities) for name, entity in entities.items()}
    pools, notes_on_pools = pools_in_force(world, selector, choices, entities)
    granted = grants_in_force(world, selector, choices, entities, when)
    entities, notes_on_prices = prices_after_splits(entities, granted.splits, choices)
    rights, notes_on_rights = rights_in_force(world, selector, choices, entities, holdings, granted)
    convertibles = convertibles_in_force(world, selector, choices, entities)
    counted = {
        *(each.id for each in granted.grants),
        *(each.id for each in convertibles),
        *(each.id for each in rights),
    }
    agreed = _consents(world, selector, choices)
    for name, consents in agreed.items():
        if name in entities:
            entities[name] = replace(entities[name], consents=consents)
    return Structure(
        on=when,
        account=world.account,
        under=under,
        parties=parties,
        entities=entities,
        holdings=holdings,
        paid=_paid(world, selector, choices),
        assumptions=(
            *_assumptions(world, under, when, known),
            *notes_on_law,
            *notes_on_shares,
            *notes_on_prices,
            *notes_on_rights,
            *notes_on_pools,
        ),
        open_facts=tuple(choices.open_facts.values()),
        disputed=tuple(choices.disputed),
        matters=world.book.index.matters,
        uncounted=_uncounted(world, selector, choices, rights),
        pools=pools,
        rights=rights,
        grants=granted.grants,
        splits=granted.splits,
        convertibles=convertibles,
        inexact=inexact_claims(world, selector, choices, entities, counted, when),
    )


def proposals_under(world: World, under: str | None) -> tuple[str, ...]:
    """Return a proposal with those it builds on, the deepest first; unknown names and circles end the chain."""
    chain: list[str] = []
    name = under
    while name and name not in chain:
        chain.append(name)
        record = world.book.index.defined.get(name)
        name = record.value("builds on") if record is not None and record.kind == "proposal" else None
    return tuple(reversed(chain))


def fold_entity(name: str, records: Sequence[Dated], choices: Choices, until: date | None = None) -> Folded:
    """Fold the records of one entity, already selected and in order.

    Args:
        name: The entity.
        records: Its records.
        choices: How facts are resolved.
        until: The day on which the entity is looked at: conversions whose date has come by then have taken place.
            None = the day of the last record.
    """
    fold = EntityFold(name, choices)
    ledger = Ledger(name, choices, fold.fault)
    before: Dated | None = None
    for dated in records:
        if before is not None and before.when.ranges != dated.when.ranges:
            _close_day(fold, ledger, dated.day - 1)
        before = dated
        fold.begin(dated.when, dated.day)
        record = dated.record
        if dated.ends:
            fold.end_appointment(record)
        elif record.kind in LEDGER_KINDS or record.kind == "holding":
            if fold.state is None:
                fold.does_not_exist(record)
            else:
                ledger.apply(record, dated.when, fold.state)
        else:
            fold.apply(record)
    _close_day(fold, ledger, until.toordinal() if until is not None else before.day if before is not None else 0)
    return Folded(fold, ledger)


def _with_offices_elsewhere(entity: Entity, entities: Mapping[str, Entity]) -> Entity:
    """Return an entity with seats that follow an office of another entity (`occupant: holder of e.ceo`) filled."""
    bodies = dict(entity.bodies)
    for body in entity.bodies.values():
        for group in body.groups.values():
            owner, dot, office_id = (group.office or "").rpartition(".")
            office = entities[owner].offices.get(office_id) if dot and owner in entities else None
            if office is None or office.holder is None or not group.seats:
                continue
            first = replace(group.seats[0], occupant=office.holder, basis=office.holder_basis or office.basis)
            filled = replace(group, seats=(first, *group.seats[1:]))
            groups = {**bodies[body.id].groups, group.id: filled}
            bodies[body.id] = replace(bodies[body.id], groups=groups)
    return entity if bodies == entity.bodies else replace(entity, bodies=bodies)


def _assumed_of_shares(entity: Entity, ledger: Ledger, holdings: Sequence[Holding]) -> Iterator[str]:
    """Yield what is assumed of shares: conversions that no record can show, and since when they are held."""
    yield from ledger.assumptions
    held = {holding.class_id for holding in holdings}
    for each in entity.classes.values():
        if each.converts is not None and each.converts.on_other and each.id in held:
            events = ", ".join(each.converts.on_other)
            yield f"{entity.id}.{each.id} converts on {events}; that is not taken to have happened."
    for (party, class_id), recorded in ledger.since_recorded.items():
        share_class = entity.classes.get(class_id)
        if share_class is not None and share_class.tenure is not None:
            what = f"What {party} holds of {entity.id}.{class_id}"
            yield f"{what} is taken to be held since {recorded}, when it is recorded."


def _close_day(fold: EntityFold, ledger: Ledger, by: int) -> None:
    """Let conversions by date take place, and check what must be true before anything else happens."""
    if fold.state is not None:
        ledger.convert_by_date(fold.state, by)
        ledger.check_limits(fold.state)
    fold.close_day(ledger.held() if fold.ended_classes else {})


def _consents(world: World, selector: Selector, choices: Choices) -> dict[str, dict[str, tuple[AgreedConsent, ...]]]:
    """Return the consents that agreements add: by entity, by matter, who must consent.

    A matter is written `ENTITY: MATTER`, or alone where just one party to the agreement is an entity with rules.
    """
    found: dict[str, dict[str, tuple[AgreedConsent, ...]]] = {}
    for record in world.book.records_of("agreement"):
        if not record.parts or not selector.is_in_force(record):
            continue
        parties = record.value("parties") or ()
        entities = [name for name in parties if name in world.book.index.names]
        for part in record.parts:
            if part.kind != "consent":
                continue
            choices.entity = next((name for name in entities), "")
            of, matters = _part_value(record, part, "of", choices), _part_value(record, part, "for", choices)
            if of is None or matters is None:
                continue
            nature = _part_value(record, part, "nature", choices)
            for words in matters.value:
                entity, colon, matter = words.partition(": ")
                targets = [entity] if colon else [name for name in entities if name != of.value]
                for target in targets:
                    basis = Basis(
                        f"{record.address} consent",
                        f"consent of {of.value}",
                        part.span,
                        part.citations,
                        part.quotations,
                    )
                    own = found.setdefault(target, {})
                    key = matter if colon else words
                    own[key] = (*own.get(key, ()), AgreedConsent(of.value, basis, nature.value if nature else ""))
    return found


def _part_value(record: Record, part: Part, label: str, choices: Choices) -> Statement | None:
    for fact in part.facts:
        if fact.label == label:
            statement = choices.choose(record, fact)
            return statement if statement is not None and statement.value is not None else None
    return None


def _paid(world: World, selector: Selector, choices: Choices) -> tuple[Paid, ...]:
    paid: list[Paid] = []
    for record in world.book.records_of("pay"):
        if not selector.is_in_force(record):
            continue
        choices.entity = record.value("by") or ""
        facts = {label: record.fact(label) for label in ("by", "to", "amount", "as")}
        values = {label: choices.choose(record, fact) for label, fact in facts.items() if fact is not None}
        by, to, amount = values.get("by"), values.get("to"), values.get("amount")
        if by is None or to is None or amount is None or not isinstance(amount.value, Money):
            continue
        kind = values.get("as")
        paid.append(
            Paid(
                by=by.value,
                to=to.value,
                amount=amount.value,
                as_=kind.value if kind else "",
                on=earliest(record.date) if is_exact(record.date) else None,
                basis=basis_of_record(record),
            )
        )
    return tuple(paid)


def _uncounted(
    world: World, selector: Selector, choices: Choices, rights: Sequence[Right]
) -> dict[str, tuple[str, ...]]:
    """Return, by entity, the claims and payments in force that payouts leave out, each in a sentence."""
    found: dict[str, dict[str, None]] = {}
    for kind, label in NOT_COUNTED.items():
        for record in world.book.records_of(kind):
            fact = record.fact(label) if label else None
            entity = record.name if not label else fact.statements[0].value if fact is not None else None
            if isinstance(entity, str) and selector.is_in_force(record):
                found.setdefault(entity, {})[f"The {kind} {record.address} is not counted in payouts."] = None
    for right in rights:
        claim = world.book.index.by_address.get(right.id)
        if claim is not None:
            found.setdefault(right.entity, {})[f"The {claim.kind} {right.id} is not counted in payouts."] = None
    for record in world.book.records_of("pay"):
        amount, by = record.fact("amount"), record.fact("by")
        statement = choices.choose(record, amount) if amount is not None else None
        if by is None or statement is None or isinstance(statement.value, Money) or not selector.is_in_force(record):
            continue
        if isinstance(by.statements[0].value, str):
            words = f"The payment {record.address} ({statement.text}) is not an exact amount, so it is not counted."
            found.setdefault(by.statements[0].value, {})[words] = None
    return {entity: tuple(sentences) for entity, sentences in found.items()}


def _assumptions(world: World, under: str | None, when: date, known: date) -> tuple[str, ...]:
    notes: list[str] = []
    if under:
        notes.append(f"The proposal '{under}' is taken as adopted from the dates of its records.")
    if world.as_recorded:
        notes.append(
            "Records count from the day they were recorded, where that is stated and later than their own day."
        )
    if known < when:
        notes.append(f"On {when}, what is on record and the law by {known} hold, with what they schedule by then.")
    return tuple(notes)
