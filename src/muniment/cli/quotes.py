"""`muniment quotes`: whether each quotation stands in its source."""

from __future__ import annotations

import click

from muniment.cli.options import Request, answering, emit


@click.command("quotes")
@answering()
@click.option("--state", metavar="STATE", help="Only quotations in this state, as in 'absent'.")
def command(request: Request, state: str | None) -> int:
    """Check every quotation of a book against its source."""
    from typing import get_args

    from muniment.answers.header import footer, header
    from muniment.cli.opening import open_book, suggest
    from muniment.evidence.checking import check_quotes, to_json
    from muniment.evidence.quotes import QuoteState
    from muniment.render.answer import Answer, Column, Table

    if state is not None and state not in get_args(QuoteState):
        raise click.UsageError(
            f"there is no state '{state}'{suggest(state, get_args(QuoteState))}; "
            f"states are: {', '.join(get_args(QuoteState))}"
        )
    opened = open_book(request)
    checked = check_quotes(opened.book, request.sources)
    rows = [row for row in checked.rows if state is None or row.state == state]
    failed = any(diagnostic.severity == "error" for diagnostic in checked.diagnostics)
    table = Table(
        "Quotations",
        (Column("State"), Column("Source"), Column("Quotation"), Column("Found at"), Column("Record")),
        tuple(
            (row.state + (" (critical)" if row.critical else ""), f"@{row.source}", row.quote, row.at or "", row.record)
            for row in rows
        ),
        _counts([row.state for row in rows], state),
    )
    data = header(opened.world) | to_json(rows)
    return emit(
        Answer("quotes", data, (table,), footer=footer(opened.world)), request.format, int(failed) or opened.code
    )


def _counts(states: list[str], asked: str | None) -> str:
    nothing = f"No quotation is {asked}." if asked else "The book quotes nothing."
    return ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states))) or nothing
