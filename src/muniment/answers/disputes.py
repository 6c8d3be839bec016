"""Disputes: every fact that sources give differently, who says what, how they differ, and what turns on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from muniment.answers.calling import donors_called_investors, names_of_two
from muniment.answers.compared import Found, accounts_with, records_in_some_accounts, repeated_acts, rival_records
from muniment.answers.conclusions import Conclusions
from muniment.answers.impossible import acts_out_of_time, events_at_two_dates, told_too_early, votes_after_leaving
from muniment.answers.origins import kind_of, witnesses
from muniment.answers.questions import Question
from muniment.answers.turning import NAMED, Flip, Turning, Turns, is_read
from muniment.book.accounts import World, accounts_of
from muniment.book.book import Book
from muniment.book.checks import check_round, issues_by_round
from muniment.book.references import facts_of, record_part
from muniment.model.records import Fact, Record, Statement
from muniment.text.spans import Span

KINDS = ("dispute", "error", "translation", "reporting", "category", "apparent")
BETWEEN = "between records"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One side of a dispute.

    Attributes:
        value: As written.
        name: Of a named reading, or the address of the record where several differ; empty if none.
        sources: Ids of the sources that say so.
        accounts: Accounts in which the fact takes this value.
        quotation: Words quoted for it; empty if none.
        follows: Why it does not follow from the other figures; empty if it does or nothing can be compared.
        witnesses: How many independent sources say so.
    """

    value: str
    name: str
    sources: tuple[str, ...]
    accounts: tuple[str, ...]
    quotation: str
    follows: str
    span: Span
    witnesses: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A fact or a set of records that differ.

    Attributes:
        record: Address of the record.
        label: The fact inside it; `between records` for a contradiction; what sort of comparison found it.
        kind: dispute, error, translation, reporting, category or apparent.
        witnesses: How many independent sources there are: those that derive from one count once.
        open_in: Accounts that leave it open.
        flips: Answers that turn on it, found by computing them again.
        turns_on: What depends on it in the keeper's words; nothing is computed from them.
        found: Whether no record says so, and comparing the records found it.
        why: Why the sides cannot all be right, where comparing the records says so; empty elsewhere.
        rests_on: Disputed facts that were read otherwise, and records that were left out, to see what turns on it.
        not_left_out: Records of which it was not seen what turns on them: others name them, or too many were left out.
        not_whole: For how many answers too many facts are disputed for every set of them to be tried.
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
    found: bool = False
    why: str = ""
    rests_on: tuple[str, ...] = ()
    not_left_out: tuple[str, ...] = ()
    not_whole: int = 0


def disputes(conclusions: Conclusions, questions: Sequence[Question]) -> tuple[Dispute, ...]:
    """Return every dispute of a book: facts with several statements, what contradictions name, what comparing finds.

    Args:
        conclusions: Answers questions about the book; the accounts are compared whichever is asked.
        questions: The questions that are asked again under each value; see `conclusions.questions_worth_asking`.
    """
    return disputes_with(Turns(conclusions, questions))


def disputes_with(turns: Turns) -> tuple[Dispute, ...]:
    """Return every dispute of a book, with what turns on it."""
    conclusions = turns.conclusions
    book = conclusions.world.book
    worlds = {name: World(book, name, conclusions.world.as_recorded) for name in accounts_of(book)}
    facts = [_dispute_of_fact(worlds, record, fact, turns) for record, fact in conclusions.facts.values()]
    named = [_contradiction(book, record, turns) for record in book.records_of("contradiction")]
    compared = []
    for found in found_by_comparing(book):
        known = [
            number for number, (_, records) in enumerate(named) if len(found.records & records) == len(found.records)
        ]
        for number in known:
            dispute, records = named[number]
            named[number] = (replace(dispute, why=dispute.why or found.why), records)
        if not known:
            compared.append(_of_found(book, found, turns))
    return (*facts, *(dispute for dispute, _ in named), *compared)


def found_by_comparing(book: Book) -> tuple[Found, ...]:
    """Return every difference between records that the book does not state, each once."""
    found: dict[tuple[str, frozenset[str], str], Found] = {}
    for search in (
        rival_records,
        records_in_some_accounts,
        repeated_acts,
        donors_called_investors,
        names_of_two,
        acts_out_of_time,
        votes_after_leaving,
        told_too_early,
        events_at_two_dates,
    ):
        for each in search(book):
            found.setdefault((each.label, each.records, each.title), each)
    return tuple(found.values())


def _dispute_of_fact(worlds: Mapping[str, World], record: Record, fact: Fact, turns: Turns) -> Dispute:
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
            witnesses=witnesses(book, _sources(statement)),
        )
        for index, statement in enumerate(fact.statements)
    )
    address = f"{record.address} {fact.address}"
    return Dispute(
        record=record.address,
        label=fact.address,
        title=record.title,
        kind=_kind(book, record, fact),
        values=values,
        witnesses=_witnesses(book, values),
        open_in=tuple(open_in),
        flips=turns.of_fact(address),
        turns_on="",
        span=fact.span,
        rests_on=(address,),
        not_whole=turns.untried((address,)),
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
    return kind_of(
        book, [_sources(statement) for statement in fact.statements], all(each.name for each in fact.statements)
    )


def _witnesses(book: Book, values: Iterable[Value]) -> int:
    return witnesses(book, [source for value in values for source in value.sources])


def _contradiction(book: Book, record: Record, turns: Turns) -> tuple[Dispute, frozenset[str]]:
    """Return the records that a `contradiction` names, each with its words and sources; and their addresses."""
    between = record.value("between") or ()
    values = [value for address in between for value in _values_at(book, address)]
    turns_on = record.fact("turns on")
    rests_on = [each for address in between for each in _rests_on(book, address)]
    stated = record.value("difference")
    dispute = Dispute(
        record=record.address,
        label=BETWEEN,
        title=record.title,
        kind=stated if isinstance(stated, str) else kind_of(book, [value.sources for value in values]),
        values=tuple(values),
        witnesses=_witnesses(book, values),
        open_in=(),
        flips=(),
        turns_on=turns_on.statements[0].text if turns_on and turns_on.statements else "",
        span=record.span,
    )
    return _turned(dispute, book, rests_on, turns), frozenset(record_part(each, book.index) for each in between)


def _of_found(book: Book, found: Found, turns: Turns) -> Dispute:
    """Return a difference that comparing the records found."""
    values = [
        Value(
            value=side.value,
            name=side.record,
            sources=side.sources,
            accounts=side.accounts,
            quotation=side.quotation,
            follows="",
            span=side.span,
            witnesses=witnesses(book, side.sources),
        )
        for side in found.sides
    ]
    dispute = Dispute(
        record=found.sides[0].record,
        label=found.label,
        title=found.title,
        kind=found.kind,
        values=tuple(values),
        witnesses=_witnesses(book, values),
        open_in=(),
        flips=(),
        turns_on="",
        span=found.sides[0].span,
        found=True,
        why=found.why,
    )
    return _turned(dispute, book, [each for side in found.sides for each in _rests_on(book, side.record)], turns)


def _turned(dispute: Dispute, book: Book, rests_on: Iterable[str], turns: Turns) -> Dispute:
    """Return a dispute between records with what turns on them: their disputed facts read otherwise, each left out."""
    flips: list[Flip] = []
    tried: list[str] = []
    kept: list[str] = []
    for address in dict.fromkeys(rests_on):
        record = book.index.by_address.get(address)
        if record is None:
            flips += turns.of_fact(address)
        elif record.kind in NAMED:
            kept.append(address)
            continue
        elif is_read(record, turns.awaited):
            changed = turns.of_record(record)
            if changed is None:
                kept.append(address)
                continue
            flips += changed
        tried.append(address)
    return replace(
        dispute,
        flips=tuple(flips),
        rests_on=tuple(tried),
        not_left_out=tuple(kept),
        not_whole=turns.untried(tried),
    )


def _rests_on(book: Book, address: str) -> list[str]:
    """Return the disputed facts of an address, which may be read otherwise; the whole record is left out as well."""
    name = record_part(address, book.index)
    record = book.index.by_address.get(name)
    if record is None:
        return []
    whole = address == name
    path = address[len(name) + 1 :]
    disputed = [
        f"{name} {fact.address}"
        for fact in facts_of(record)
        if fact.is_disputed and (whole or path in (fact.address, fact.label))
    ]
    return [*disputed, name] if whole else disputed or [name]


def _values_at(book: Book, address: str) -> list[Value]:
    name = record_part(address, book.index)
    record = book.index.by_address.get(name)
    if record is None:
        return []
    path = address[len(name) + 1 :]
    facts = [fact for fact in facts_of(record) if path and fact.address == path]
    facts = facts or [fact for fact in record.facts if path and fact.label == path]
    statements = [statement for fact in facts for statement in fact.statements]
    if not statements:
        spoken = next((fact for label in ("says", "what", "amount") if (fact := record.fact(label)) is not None), None)
        statements = list(spoken.statements) if spoken else []
    accounts = accounts_with(book, record) if record.value("according to") else ()
    if not statements:
        sources = tuple(dict.fromkeys(citation.source for citation in record.citations))
        return [
            Value(
                value=record.title or address,
                name=address,
                sources=sources,
                accounts=accounts,
                quotation="",
                follows="",
                span=record.span,
                witnesses=witnesses(book, sources),
            )
        ]
    return [
        Value(
            value=statement.text,
            name=address,
            sources=_sources(statement),
            accounts=accounts,
            quotation=statement.quotations[0].text if statement.quotations else "",
            follows="",
            span=statement.span,
            witnesses=witnesses(book, _sources(statement)),
        )
        for statement in statements
    ]


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
                "witnesses": value.witnesses,
                "at": str(value.span),
            }
            for value in dispute.values
        ],
        "witnesses": dispute.witnesses,
        "open_in": list(dispute.open_in),
        "flips": [
            {"question": flip.question, "answers": dict(flip.answers), "with": list(flip.with_facts), "by": flip.by}
            for flip in dispute.flips
        ],
        "turns_on": dispute.turns_on or None,
        "found": dispute.found,
        "why": dispute.why or None,
        "rests_on": list(dispute.rests_on),
        "not_left_out": list(dispute.not_left_out),
        "not_whole": dispute.not_whole,
        "at": str(dispute.span),
    }


def concerns(dispute: Dispute, record: str) -> bool:
    """Whether a dispute is of a record, or lies between it and others."""
    return record == dispute.record or any(record == value.name.partition(" ")[0] for value in dispute.values)


def turning_json(fared: Sequence[Turning], not_asked: Sequence[str]) -> dict[str, Any]:
    """Return how answers fare as plain values."""
    return {
        "answers": [
            {
                "question": each.words,
                "account": each.account,
                "expected": each.expected,
                "answer": each.answer,
                "holds": each.holds,
                "answers": [{"answer": words, "accounts": list(accounts)} for words, accounts in each.answers.items()],
                "smallest_sets": [
                    {"facts": list(addresses), "answers": dict(answers)} for addresses, answers in each.smallest.sets
                ],
                "disputed_facts": each.smallest.facts,
                "read_otherwise_at_once": each.smallest.searched,
            }
            for each in fared
        ],
        "not_asked": list(not_asked),
    }
