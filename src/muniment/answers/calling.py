"""Differences of category and of name: a donor called an investor, one name for two people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from muniment.answers.compared import Found, Side, side_of, sources_of
from muniment.book.book import Book
from muniment.book.references import facts_of
from muniment.model.records import Record, Statement

WITHOUT_OWNERS = frozenset(("nonprofit", "foundation"))
"""Kinds of entity in which money that is given carries neither votes nor returns."""

INVESTING = re.compile(
    r"\binvest(?:s|ed|or|ors|ing|ment|ments)?\b|\bshareholders?\b|\bstockholders?\b"
    r"|\binvesti(?:r|t|e|s|es|sseur|sseurs|ssement|ssements)?\b|\bactionnaires?\b"
    "|投资|投資|股东|股東|入股",
    re.IGNORECASE,
)
ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def donors_called_investors(book: Book) -> Iterator[Found]:
    """Yield givers to an entity without owners whom a source calls an investor, or whose gift it calls an investment.

    Looked at are the words of the gift's own statements, and of events and promises that name both giver and receiver:
    in English, French and Chinese.
    """
    gifts: dict[tuple[str, str], list[Record]] = {}
    kinds = {name: book.index.defined[name].kind for name in book.index.names if name in book.index.defined}
    for record in book.records_of("contribute"):
        by, to = record.value("by"), record.value("to")
        if by is not None and kinds.get(to) in WITHOUT_OWNERS:
            gifts.setdefault((by, to), []).append(record)
    if not gifts:
        return
    told: dict[tuple[str, str], list[Record]] = {}
    for record in book.records_of("event", "pledge"):
        named = set(_named(record))
        for pair in gifts:
            if named.issuperset(pair):
                told.setdefault(pair, []).append(record)
    for (by, to), given in gifts.items():
        sides = [
            side_of(book, record, statement)
            for record in given
            for statement in _amounts(record)
            if not INVESTING.search(_words(statement))
        ]
        called = [
            side_of(book, record, statement)
            for record in (*given, *told.get((by, to), ()))
            for fact in facts_of(record)
            if fact.label in ("amount", "what", "says", "for")
            for statement in fact.statements
            if INVESTING.search(_words(statement))
        ]
        if called:
            yield Found(
                label="of two categories",
                title=f"What {by} gave to {to}: a gift or an investment",
                kind="category",
                sides=(*(sides or [side_of(book, given[0], None)]), *called),
                why=f"{to} is a {kinds[to]}: what it is given carries neither votes nor returns",
            )


def _named(record: Record) -> Iterator[str]:
    for label in ("who", "about", "by", "to"):
        value = record.value(label)
        if isinstance(value, str):
            yield from ID.findall(value)


def _amounts(record: Record) -> tuple[Statement, ...]:
    fact = record.fact("amount")
    return fact.statements if fact is not None else ()


def _words(statement: Statement) -> str:
    return " ".join((statement.text, *(f"{each.text} {each.gloss}" for each in statement.quotations)))


def names_of_two(book: Book) -> Iterator[Found]:
    """Yield names that are those of two people or groups; a name limited to one source is not one in the others."""
    bearers: dict[tuple[str, str], dict[str, tuple[Record, Statement | None]]] = {}
    for record in book.records_of("person", "group"):
        for name in {record.title.casefold()} - {""}:
            bearers.setdefault((name, ""), {}).setdefault(record.name, (record, None))
        for fact in record.facts_of("also"):
            alias = fact.agreed
            if alias is not None:
                key = (alias.name.casefold(), alias.source)
                bearers.setdefault(key, {}).setdefault(record.name, (record, fact.statements[0]))
    for (_, source), found in bearers.items():
        if len(found) < 2:
            continue
        sides = tuple(_bearer(book, record, statement) for record, statement in found.values())
        title = sides[0].value
        yield Found(
            label="one name for several",
            title=f"Who is meant by '{title}'" + (f" in @{source}" if source else ""),
            kind="error",
            sides=sides,
            why="a passage that has the name could be about either; limit each to the source it stands in",
        )


def _bearer(book: Book, record: Record, statement: Statement | None) -> Side:
    name = statement.value.name if statement is not None else record.title
    side = side_of(book, record, statement, name)
    return side._replace(sources=side.sources or sources_of(record))
