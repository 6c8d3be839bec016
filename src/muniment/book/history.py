"""History: fold the records that are in force on a date, under a proposal, into a structure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from muniment.book.accounts import World
from muniment.book.entity_fold import EntityFold, basis_of, basis_of_record
from muniment.book.freezing import freeze
from muniment.book.ledger import Ledger
from muniment.book.structure import Basis, Entity, Holding, OpenFact, Paid, Party, Structure
from muniment.model.dates import is_on_or_before, sort_key
from muniment.model.records import Fact, Part, Record, Statement
from muniment.model.values import Money, PartialDate, day
from muniment.model.vocabulary import ENTITY_KINDS, LEDGER_KINDS, PARTY_KINDS

FOLDED_KINDS = frozenset((*ENTITY_KINDS, "amend", *LEDGER_KINDS, "holding", "appoint", "remove", "leave"))
ORDER_IN_A_DAY: Mapping[str, int] = {
    **dict.fromkeys(PARTY_KINDS, 0), "amend": 1, **dict.fromkeys(LEDGER_KINDS, 2), "holding": 2, "remove": 3, "leave": 3, "appoint": 4,
}  # fmt: skip


@dataclass
class Choices:
    """Resolves the facts that a fold meets, and notes which were disputed and which are open."""

    world: World
    entity: str = ""
    disputed: dict[str, None] = field(default_factory=dict)
    open_facts: dict[str, OpenFact] = field(default_factory=dict)

    def choose(self, record: Record, fact: Fact) -> Statement | None:
        """Return the statement to use, or None where the account leaves the fact open."""
        if len(fact.statements) == 1:
            return fact.statements[0]
        address = f"{record.address} {fact.address}"
        self.disputed[address] = None
        resolution = self.world.resolve(record, fact)
        if resolution.statement is None:
            readings = tuple(s.text if i in resolution.choices else "" for i, s in enumerate(fact.statements))
            self.open_facts[address] = OpenFact(
                address=address, readings=readings, entity=self.entity, basis=basis_of(record, fact, fact.statements[0])
            )
        return resolution.statement


@dataclass(frozen=True, slots=True)
class Folded:
    """The outcome of folding one entity: its part of the structure and the faults met on the way."""

    fold: EntityFold
    ledger: Ledger


def structure_on(world: World, when: date, under: str | None = None) -> Structure:
    """Return what is in force on a date.

    Args:
        world: The book in one account.
        when: The date asked.
        under: A proposal taken as adopted from the dates of its records; None for fact alone.

    Returns:
        The structure; facts that the account leaves open are in `open_facts`.
    """
    choices = Choices(world)
    selector = Selector(world, day(when), proposals_under(world, under), choices)
    index = world.book.index
    parties: dict[str, Party] = {}
    entities: dict[str, Entity] = {}
    holdings: dict[str, tuple[Holding, ...]] = {}
    for name, record in index.defined.items():
        if record.kind not in PARTY_KINDS or not selector.is_in_force(record):
            continue
        together = record.value("acts") != "apart"
        parties[name] = Party(id=name, kind=record.kind, title=record.title or name, acts_together=together, basis=basis_of_record(record))
        if record.kind in ENTITY_KINDS:
            choices.entity = name
            folded = fold_entity(name, selector.in_order(index.by_subject.get(name, ())), choices)
            if folded.fold.state is not None:
                entities[name] = freeze(name, folded.fold.state)
                holdings[name] = folded.ledger.holdings()
    agreed = _consents(world, selector, choices)
    for name, consents in agreed.items():
        if name in entities:
            entities[name] = replace(entities[name], consents=consents)
    return Structure(
        on=when, account=world.account, under=under, parties=parties, entities=entities, holdings=holdings,
        paid=_paid(world, selector, choices), assumptions=_assumptions(world, under), open_facts=tuple(choices.open_facts.values()),
        disputed=tuple(choices.disputed),
    )  # fmt: skip


def proposals_under(world: World, under: str | None) -> tuple[str, ...]:
    """Return a proposal with those it builds on, the deepest first; unknown names and circles end the chain."""
    chain: list[str] = []
    name = under
    while name and name not in chain:
        chain.append(name)
        record = world.book.index.defined.get(name)
        name = record.value("builds on") if record is not None and record.kind == "proposal" else None
    return tuple(reversed(chain))


class Selector:
    """Selects the records that are in force on a date and puts them in order."""

    def __init__(self, world: World, when: PartialDate | None, proposals: Sequence[str], choices: Choices) -> None:
        self.world = world
        self.when = when
        self.proposals = {name: position for position, name in enumerate(proposals)}
        self.choices = choices
        self.day = when.ranges[0][0] if when is not None else None

    def in_order(self, records: Iterable[Record]) -> list[Record]:
        """Return the records of one subject that are in force, in the order in which they are folded."""
        chosen = [record for record in records if record.kind in FOLDED_KINDS and self.is_in_force(record)]
        chosen.sort(key=self.order)
        return self._after(chosen)

    def order(self, record: Record) -> tuple[object, ...]:
        """Return the place of a record among those of its subject."""
        condition = record.value("under")
        position = self.proposals.get(condition, -1) if condition else -1
        hypothetical = condition in self.proposals
        when = sort_key(self.effective(record))
        return (when, hypothetical, position, ORDER_IN_A_DAY.get(record.kind, 5), record.span.path, record.span.line)

    def _after(self, records: list[Record]) -> list[Record]:
        """Move each record that says `after` behind the record it names, where both are of one day."""
        by_address = {record.address: record for record in records}
        moved = [record for record in records if record.value("after") in by_address]
        for record in moved:
            first = by_address[record.value("after")]
            if records.index(first) > records.index(record):
                records.remove(record)
                records.insert(records.index(first) + 1, record)
        return records

    def effective(self, record: Record) -> PartialDate:
        """Return the day a record takes effect: the day it was recorded where that is asked; a disputed date as the account has it."""
        if self.world.as_recorded:
            recorded = record.value("recorded")
            if isinstance(recorded, PartialDate):
                return recorded
        fact = record.fact("date")
        if fact is not None:
            statement = self.world.resolve(record, fact).statement
            if len(fact.statements) > 1:
                self.choices.disputed[f"{record.address} date"] = None
            if statement is not None and isinstance(statement.value, PartialDate):
                return statement.value
        return record.date

    def is_in_force(self, record: Record) -> bool:
        """Whether a record is in force; where its date leaves that open, the fact is noted and it is left out."""
        if not self.world.exists(record):
            return False
        condition = record.value("under")
        if condition is not None and not self._holds(condition):
            return False
        if self.when is None or self.day is None:
            return True
        begun = self._reached(record, self.effective(record), "date")
        until = record.value("until")
        if not begun or until is None:
            return begun
        return not self._reached(record, until, "until")

    def _holds(self, condition: str) -> bool:
        if condition in self.proposals:
            return True
        record = self.world.book.index.defined.get(condition)
        if record is None:
            return False
        if record.kind == "proposal":
            outcome = record.value("outcome")
            if outcome is None or outcome.word != "adopted" or outcome.date is None:
                return False
            return self.when is None or is_on_or_before(outcome.date, self.when) is True
        return self.when is None or is_on_or_before(self.effective(record), self.when) is True

    def _reached(self, record: Record, begins: PartialDate, label: str) -> bool:
        """Whether a day has come; open where the uncertain date allows both."""
        low, high = begins.ranges[0]
        if low is not None and low == high and len(begins.ranges) == 1 and not begins.approximate:
            return low <= self.day  # type: ignore[operator]
        assert self.when is not None
        reached = is_on_or_before(begins, self.when)
        if reached is not None:
            return reached
        address = f"{record.address} {label}"
        chosen = self.world.chosen.get(address)
        if chosen is not None:
            return chosen == 0
        if record.kind in FOLDED_KINDS or record.kind in ("agreement", "pay"):
            self.choices.open_facts[address] = OpenFact(
                address=address, readings=(f"by {self.when.text}", f"after {self.when.text}"), entity=record.name,
                basis=Basis(record.address, f"{label} {begins.text}", record.span, record.citations, record.quotations),
            )  # fmt: skip
        return False


def fold_entity(name: str, records: Sequence[Record], choices: Choices) -> Folded:
    """Fold the records of one entity, already selected and in order."""
    fold = EntityFold(name, choices.choose)
    ledger = Ledger(name, choices.choose)
    for record in records:
        if record.kind in LEDGER_KINDS or record.kind == "holding":
            if fold.state is None:
                fold.fault("M510", f"'{name}' does not exist yet when this takes effect", record.span, "date it after the entity's own record")
                continue
            authorized = {}
            ratios: dict[tuple[str, str], Fraction] = {}
            for class_id, part in fold.state.classes.items():
                if "authorized" in part.slots:
                    authorized[class_id] = part.slots["authorized"].value
                if "converts" in part.slots:
                    terms = part.slots["converts"].value
                    ratios[(class_id, terms.into)] = terms.ratio
            ledger.apply(record, authorized, ratios)
        else:
            fold.apply(record)
    return Folded(fold, ledger)


def _consents(world: World, selector: Selector, choices: Choices) -> dict[str, dict[str, tuple[tuple[str, Basis], ...]]]:
    """Return the consents that agreements add: by entity, by matter, who must consent.

    A matter is written `ENTITY: MATTER`, or alone where just one party to the agreement is an entity with rules.
    """
    found: dict[str, dict[str, tuple[tuple[str, Basis], ...]]] = {}
    for record in world.book.records_of("agreement"):
        if not record.parts or not selector.is_in_force(record):
            continue
        parties = record.value("parties") or ()
        entities = [name for name in parties if name in world.book.index.names]
        for part in record.parts:
            if part.kind != "consent":
                continue
            of, matters = _part_value(record, part, "of", choices), _part_value(record, part, "for", choices)
            if of is None or matters is None:
                continue
            for words in matters.value:
                entity, colon, matter = words.partition(": ")
                targets = [entity] if colon else [name for name in entities if name != of.value]
                for target in targets:
                    basis = Basis(f"{record.address} consent", f"consent of {of.value}", part.span, part.citations, part.quotations)
                    own = found.setdefault(target, {})
                    key = matter if colon else words
                    own[key] = (*own.get(key, ()), (of.value, basis))
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
        facts = {label: record.fact(label) for label in ("by", "to", "amount", "as")}
        values = {label: choices.choose(record, fact) for label, fact in facts.items() if fact is not None}
        by, to, amount = values.get("by"), values.get("to"), values.get("amount")
        if by is None or to is None or amount is None or not isinstance(amount.value, Money):
            continue
        kind = values.get("as")
        paid.append(
            Paid(by=by.value, to=to.value, amount=amount.value, as_=kind.value if kind else "", basis=basis_of_record(record))
        )
    return tuple(paid)


def _assumptions(world: World, under: str | None) -> tuple[str, ...]:
    notes: list[str] = []
    if under:
        notes.append(f"The proposal '{under}' is taken as adopted from the dates of its records.")
    if world.as_recorded:
        notes.append("Records take effect on the day they were recorded, where that day is stated.")
    return tuple(notes)

