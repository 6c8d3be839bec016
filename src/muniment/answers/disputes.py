"""Disputes: every fact that sources give differently, who says what, how they differ, and what turns on it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muniment.answers.conclusions import Conclusions
from muniment.answers.questions import Question
from muniment.book.accounts import World, accounts_of, disputed_facts
from muniment.book.book import Book
from muniment.book.checks import check_round, issues_by_round
from muniment.model.records import Fact, Record, Statement
from muniment.text.spans import Span

KINDS = ("dispute", "error", "translation", "reporting", "category", "apparent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One side of a dispute.

    Attributes:
        value: As written.
        name: Of a named reading; empty if none.
        sources: Ids of the sources that say so.
        accounts: Accounts in which the fact takes this value.
        quotation: Words quoted for it; empty if none.
        follows: Why it does not follow from the other figures; empty if it does or nothing can be compared.
    """

    value: str
    name: str
    sources: tuple[str, ...]
    accounts: tuple[str, ...]
    quotation: str
    follows: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """An answer that changes when a fact is read differently.

    Attributes:
        question: The question in words.
        answers: Value of the fact to the answer under it.
        with_facts: Other disputed facts that must change with it; empty if it flips the answer alone.
    """

    question: str
    answers: Mapping[str, str]
    with_facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A fact or a set of records that differ.

    Attributes:
        record: Address of the record.
        label: The fact inside it; `between records` for a contradiction.
        kind: dispute, error, translation, reporting, category or apparent.
        witnesses: How many independent sources there are: those that derive from one count once.
        open_in: Accounts that leave it open.
        flips: Answers that turn on it, found by computing them again.
        turns_on: What depends on it in the keeper's words; nothing is computed from them.
    """

    record: str
    label: str
    title: str
    kind: str
    values: tuple[Value, ...]
    witnesses: int
    open_in: tuple[str, ...]
    flips: tuple[Flip, ...]
    turns_on: str
    span: Span


def disputes(conclusions: Conclusions, questions: Sequence[Question]) -> tuple[Dispute, ...]:
    """Return every dispute of a book.

    Args:
        conclusions: Answers questions about the book; the accounts are compared whichever is asked.
        questions: The questions that are asked again under each value; see `conclusions.questions_worth_asking`.
    """
    book = conclusions.world.book
    worlds = {name: World(book, name, conclusions.world.as_recorded) for name in accounts_of(book)}
    everything = [(record, fact) for record, fact in disputed_facts(book)]
    found = []
    for record, fact in everything:
        flips = _flips(conclusions, record, fact, questions, everything)
        found.append(_dispute_of_fact(worlds, record, fact, flips))
    found += [_contradiction(book, record) for record in book.records_of("contradiction")]
    return tuple(found)


def _dispute_of_fact(worlds: Mapping[str, World], record: Record, fact: Fact, flips: tuple[Flip, ...]) -> Dispute:
    taken: dict[int, list[str]] = {}
    open_in = []
    for name, world in worlds.items():
        resolution = world.resolve(record, fact)
        if resolution.statement is None:
            open_in.append(name)
        else:
            taken.setdefault(resolution.choices[0], []).append(name)
    book = worlds["keeper"].book
    values = tuple(
        Value(
            value=statement.text,
            name=statement.name,
            sources=_sources(statement),
            accounts=tuple(taken.get(index, ())),
            quotation=statement.quotations[0].text if statement.quotations else "",
            follows=_does_not_follow(worlds["keeper"], record, fact, index),
            span=statement.span,
        )
        for index, statement in enumerate(fact.statements)
    )
    return Dispute(
        record=record.address,
        label=fact.address,
        title=record.title,
        kind=_kind(book, record, fact),
        values=values,
        witnesses=len({_witness(book, source) for value in values for source in value.sources}),
        open_in=tuple(open_in),
        flips=flips,
        turns_on="",
        span=fact.span,
    )


def _sources(statement: Statement) -> tuple[str, ...]:
    return tuple(dict.fromkeys(citation.source for citation in statement.citations))


def _does_not_follow(keeper: World, record: Record, fact: Fact, index: int) -> str:
    if record.kind != "round":
        return ""
    read = keeper.choosing({f"{record.address} {fact.address}": index})
    faults = check_round(read, record, issues_by_round(read.book).get(record.address, ()))
    return next((fault.message for fault in faults), "")


def _kind(book: Book, record: Record, fact: Fact) -> str:
    """Return what the record says the difference is, else what the origin of the sources makes it."""
    stated = record.value("difference")
    if isinstance(stated, str):
        return stated
    sources = {source for statement in fact.statements for source in _sources(statement)}
    for source in sorted(sources):
        others = sources - {source}
        for label, kind in (("translation of", "translation"), ("derived from", "reporting")):
            if any(other in others for other in _origins(book, source, label)):
                return kind
    return "dispute"


def _origins(book: Book, source: str, label: str) -> tuple[str, ...]:
    """Return what a source translates or derives from, through any number of steps."""
    chain: list[str] = []
    name: str | None = source
    while name is not None:
        record = book.index.defined.get(name)
        name = record.value(label) if record is not None else None
        if name in chain:
            break
        if name is not None:
            chain.append(name)
    return tuple(chain)


def _witness(book: Book, source: str) -> str:
    """Return the source at the end of the chain: two that derive from one are one witness."""
    seen = [source]
    while True:
        record = book.index.defined.get(seen[-1])
        origin = (record.value("translation of") or record.value("derived from")) if record is not None else None
        if origin is None or origin in seen:
            return seen[-1]
        seen.append(origin)


def _contradiction(book: Book, record: Record) -> Dispute:
    """Return the records that a `contradiction` names, each with its words and sources."""
    values = []
    for address in record.value("between") or ():
        values += _values_at(book, address)
    turns_on = record.fact("turns on")
    witnesses = {_witness(book, source) for value in values for source in value.sources}
    return Dispute(
        record=record.address,
        label="between records",
        title=record.title,
        kind=record.value("difference") or "dispute",
        values=tuple(values),
        witnesses=len(witnesses),
        open_in=(),
        flips=(),
        turns_on=turns_on.statements[0].text if turns_on else "",
        span=record.span,
    )


def _values_at(book: Book, address: str) -> list[Value]:
    whole = address in book.index.by_address
    record = book.index.by_address.get(address if whole else address.partition(" ")[0])
    if record is None:
        return []
    facts = [fact for fact in record.facts if fact.label == address[len(record.address) + 1 :]] if not whole else []
    statements = [statement for fact in facts for statement in fact.statements]
    if not statements:
        spoken = next((fact for label in ("says", "what", "amount") if (fact := record.fact(label)) is not None), None)
        statements = list(spoken.statements) if spoken else []
    if not statements:
        sources = tuple(dict.fromkeys(citation.source for citation in record.citations))
        return [
            Value(
                value=record.title or address,
                name=address,
                sources=sources,
                accounts=(),
                quotation="",
                follows="",
                span=record.span,
            )
        ]
    return [
        Value(
            value=statement.text,
            name=address,
            sources=_sources(statement),
            accounts=(),
            quotation=statement.quotations[0].text if statement.quotations else "",
            follows="",
            span=statement.span,
        )
        for statement in statements
    ]


def _flips(
    conclusions: Conclusions,
    record: Record,
    fact: Fact,
    questions: Sequence[Question],
    everything: Sequence[tuple[Record, Fact]],
) -> tuple[Flip, ...]:
    """Ask each question under each value of a fact; where that alone changes nothing, together with one other fact."""
    address = f"{record.address} {fact.address}"
    found = []
    asked: set[str] = set()
    for question in questions:
        words = conclusions.words(question)
        if words in asked or address not in conclusions.facts_behind(question):
            continue
        asked.add(words)
        answers = {
            _said(statement): conclusions.answer(question, {address: i}) for i, statement in enumerate(fact.statements)
        }
        if len(set(answers.values())) > 1:
            found.append(Flip(question=words, answers=answers))
            continue
        found += _flips_with_another(conclusions, address, fact, question, everything)
    return tuple(found)


def _flips_with_another(
    conclusions: Conclusions, address: str, fact: Fact, question: Question, everything: Sequence[tuple[Record, Fact]]
) -> Iterator[Flip]:
    behind = conclusions.facts_behind(question)
    for other_record, other in everything:
        other_address = f"{other_record.address} {other.address}"
        if other_address == address or other_address not in behind:
            continue
        alone = {conclusions.answer(question, {other_address: j}) for j in range(len(other.statements))}
        if len(alone) > 1:
            continue
        both = {
            f"{_said(fact.statements[i])}, {_said(other.statements[j])}": conclusions.answer(
                question, {address: i, other_address: j}
            )
            for i, j in itertools.product(range(len(fact.statements)), range(len(other.statements)))
        }
        if len(set(both.values())) > 1:
            yield Flip(question=conclusions.words(question), answers=both, with_facts=(other_address,))


def _said(statement: Statement) -> str:
    return f"({statement.name}) {statement.text}" if statement.name else statement.text


def dispute_json(dispute: Dispute) -> dict[str, Any]:
    """Return one dispute as plain values."""
    return {
        "record": dispute.record,
        "label": dispute.label,
        "title": dispute.title,
        "kind": dispute.kind,
        "values": [
            {
                "value": value.value,
                "name": value.name or None,
                "sources": list(value.sources),
                "accounts": list(value.accounts),
                "quotation": value.quotation or None,
                "does_not_follow": value.follows or None,
                "at": str(value.span),
            }
            for value in dispute.values
        ],
        "witnesses": dispute.witnesses,
        "open_in": list(dispute.open_in),
        "flips": [
            {"question": flip.question, "answers": dict(flip.answers), "with": list(flip.with_facts)}
            for flip in dispute.flips
        ],
        "turns_on": dispute.turns_on or None,
        "at": str(dispute.span),
    }
