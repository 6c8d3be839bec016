"""`muniment timeline`: what happened, in order of dates."""

from __future__ import annotations

import click

from muniment.cli.options import Request, answering, emit


@click.command("timeline")
@answering()
def command(request: Request) -> int:
    """Show the records of a book by date."""
    from muniment.answers.header import footer, header
    from muniment.answers.timeline import timeline
    from muniment.cli.opening import open_book
    from muniment.render.answer import Answer, Column, Table

    opened = open_book(request)
    entries = [
        entry
        for entry in timeline(opened.world, request.under)
        if not request.on_given or entry.earliest is None or entry.earliest <= request.on
    ]
    on = request.on if request.on_given else None
    data = header(opened.world, on, request.under) | {
        "entries": [
            {
                "record": entry.record,
                "kind": entry.kind,
                "date": entry.date,
                "earliest": entry.earliest.isoformat() if entry.earliest else None,
                "latest": entry.latest.isoformat() if entry.latest else None,
                "recorded": entry.recorded or None,
                "until": entry.until or None,
                "title": entry.title,
                "under": entry.hypothetical or None,
                "at": str(entry.span),
            }
            for entry in entries
        ]
    }
    rows = tuple(
        (
            entry.date,
            entry.title + (f" (under {entry.hypothetical})" if entry.hypothetical else ""),
            entry.recorded or "",
            entry.record,
        )
        for entry in entries
    )
    table = Table("Timeline", (Column("Date"), Column("What"), Column("Made known"), Column("Record")), rows)
    return emit(
        Answer("timeline", data, (table,), footer=footer(opened.world, on, request.under)), request.format, opened.code
    )
