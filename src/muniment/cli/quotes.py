"""`muniment quotes`: whether each quotation stands in its source."""

from __future__ import annotations

import click

from muniment.cli.options import Request, answering, emit


@click.command("quotes")
@answering()
@click.option("--state", metavar="STATE", help="Only quotations in this state, as in 'absent'.")
def command(request: Request, state: str | None) -> int:
    """Check every quotation of a book against its source."""
    from muniment.answers.header import footer, header
    from muniment.cli.opening import open_book
    from muniment.evidence.checking import check_quotes, to_json
    from muniment.render.answer import Answer, Column, Table

    opened = open_book(request)
    checked = check_quotes(opened.book, request.sources)
    rows = [row for row in checked.rows if state is None or row.state == state]
    failed = any(diagnostic.severity == "error" for diagnostic in checked.diagnostics)
    table = Table(
        "Quotations",
        (Column("State"), Column("Source"), Column("Quotation"), Column("Found at"), Column("Record")),
        tuple((row.state + (" (critical)" if row.critical else ""), f"@{row.source}", row.quote, row.at or "", row.record) for row in rows),
        _counts([row.state for row in rows]),
    )
    data = header(opened.world) | to_json(rows)
    return emit(Answer("quotes", data, (table,), footer=footer(opened.world)), request.format, int(failed) or opened.code)


def _counts(states: list[str]) -> str:
    return ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states))) or "The book quotes nothing."
