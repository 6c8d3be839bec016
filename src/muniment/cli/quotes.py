"""`muniment quotes`: whether each quotation stands in its source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from muniment.cli.options import STANDARD_INPUT, Request, answering, emit

if TYPE_CHECKING:
    from muniment.cli.opening import Opened


@click.command("quotes")
@answering()
@click.option("--state", metavar="STATE", help="Only quotations in this state, as in 'absent'.")
@click.option(
    "--against",
    metavar="SOURCE=FILE",
    help="Say what became of the quotations from SOURCE in FILE, another version of it.",
)
def command(request: Request, state: str | None, against: str | None) -> int:
    """Check every quotation of a book against its source."""
    from typing import get_args

    from muniment.answers.header import footer, header
    from muniment.cli.opening import open_book, suggest
    from muniment.evidence.checking import check_quotes
    from muniment.evidence.kept import FOLDER, Kept
    from muniment.evidence.quote_rows import to_json
    from muniment.evidence.quotes import QuoteState
    from muniment.render.answer import Answer
    from muniment.render.quotes import quote_table

    if state is not None and state not in get_args(QuoteState):
        raise click.UsageError(
            f"there is no state '{state}'{suggest(state, get_args(QuoteState))}; "
            f"states are: {', '.join(get_args(QuoteState))}"
        )
    opened = open_book(request)
    if against is not None:
        return _against(request, opened, against, state)
    kept = Kept(None if str(request.book) == STANDARD_INPUT else opened.book.path / FOLDER)
    checked = check_quotes(opened.book, request.sources, kept)
    rows = [row for row in checked.rows if state is None or row.is_in(state)]
    failed = any(diagnostic.severity == "error" for diagnostic in checked.diagnostics)
    data = header(opened.world) | to_json(rows)
    answer = Answer("quotes", data, (quote_table(rows, state),), footer=footer(opened.world))
    return emit(answer, request.format, int(failed) or opened.code)


def _against(request: Request, opened: Opened, words: str, state: str | None) -> int:
    """Say what became of the quotations from one source in another version of it; 1 if one is lost."""
    from muniment.answers.header import footer, header
    from muniment.cli.opening import suggest
    from muniment.evidence.checking import check_against
    from muniment.evidence.quote_rows import to_json
    from muniment.evidence.shelves import LARGEST_FILE
    from muniment.render.answer import Answer
    from muniment.render.quotes import change_table

    source, sign, name = words.partition("=")
    source = source.strip().removeprefix("@")
    known = [record.name for record in opened.book.records_of("source")]
    if not sign or not name.strip():
        raise click.UsageError("--against takes SOURCE=FILE, as in '--against charter=sources/charter-2021.txt'")
    if source not in known:
        raise click.UsageError(f"there is no source '{source}'" + suggest(source, known))
    path = Path(name.strip())
    try:
        if not path.is_file():
            raise click.UsageError(f"'{path}' is no file")
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as fault:
        raise click.UsageError(f"'{path}' cannot be read: {fault.strerror}") from None
    if len(data) > LARGEST_FILE:
        raise click.UsageError(f"'{path}' has more than 64 MB")
    every = check_against(opened.book, request.sources, source, path.name, data)
    rows = [row for row in every if state is None or row.is_in(state)]
    is_lost = any(row.change is not None and row.change.kind == "lost" for row in every)
    found = header(opened.world) | to_json(rows)
    answer = Answer("quotes", found, (change_table(rows, source, path.name),), footer=footer(opened.world))
    return emit(answer, request.format, int(is_lost) or opened.code)
