"""`muniment disputes`: what sources disagree on, and which answers turn on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from muniment.cli.options import Request, answering, emit

if TYPE_CHECKING:
    from muniment.answers.disputes import Dispute
    from muniment.book.book import Book


@click.command("disputes")
@answering()
@click.option(
    "--kind",
    type=click.Choice(("dispute", "error", "translation", "reporting", "category", "apparent")),
    help="Only differences of this kind.",
)
@click.option("--record", metavar="RECORD", help="Only what this record disputes, or what lies between it and others.")
@click.option("--turning", is_flag=True, help="Only facts on which an answer turns.")
@click.option("--found", is_flag=True, help="Only differences that no record states, found by comparing the records.")
@click.option(
    "--what-turns-on-it",
    is_flag=True,
    help="Every expectation, and every matter of every entity: under which accounts it holds, and what changes it.",
)
def command(
    request: Request, kind: str | None, record: str | None, turning: bool, found: bool, what_turns_on_it: bool
) -> int:
    """List every fact that sources give differently, who says what, and which answers turn on it."""
    from muniment.answers.conclusions import Conclusions, questions_of_matters, questions_worth_asking
    from muniment.answers.disputes import concerns, dispute_json, disputes_with, turning_json
    from muniment.answers.header import footer, header
    from muniment.answers.turning import Turns
    from muniment.cli.opening import open_book
    from muniment.render.answer import Answer
    from muniment.render.disputes import dispute_tables, turning_tables

    opened = open_book(request)
    expected = questions_worth_asking(opened.book)
    questions = expected
    not_asked: tuple[str, ...] = ()
    if what_turns_on_it:
        asked = request.on_given or request.under is not None
        at = [] if asked else [(question.on, question.under) for question in expected]
        matters = questions_of_matters(opened.world, at or [(request.on, request.under)])
        questions, not_asked = (*expected, *matters.questions), matters.not_asked
    turns = Turns(Conclusions(opened.world), questions)
    every = disputes_with(turns)
    if record is not None:
        _check_record(record, opened.book, every)
    disputes = [
        each
        for each in every
        if kind in (None, each.kind)
        and (record is None or concerns(each, record))
        and (each.flips or not turning)
        and (each.found or not found)
    ]
    data = header(opened.world) | {"disputes": [dispute_json(each) for each in disputes]}
    tables = dispute_tables(disputes, "asked here" if what_turns_on_it else "the book asks for")
    if what_turns_on_it:
        fared = [turns.fares(number, number < len(expected)) for number in range(len(questions))]
        data["what_turns_on_it"] = turning_json(fared, not_asked)
        tables = (*tables, *turning_tables(fared, not_asked))
    return emit(Answer("disputes", data, tables, footer=footer(opened.world)), request.format, opened.code)


def _check_record(record: str, book: Book, disputes: Iterable[Dispute]) -> None:
    """Refuse a name that neither a record has nor a difference speaks of."""
    from muniment.answers.disputes import concerns
    from muniment.cli.opening import suggest

    named = {*book.index.defined, *(each.address for each in book.records)}
    if record not in named and not any(concerns(each, record) for each in disputes):
        raise click.UsageError(f"--record '{record}' is no record of the book{suggest(record, sorted(named))}")
