"""`muniment threads`: the mail of a book's sources, by exchange."""

from __future__ import annotations

import click

from muniment.cli.options import Identifier, Request, answering, emit


@click.command("threads")
@answering()
@click.option(
    "--source", "names", type=Identifier("source"), multiple=True, metavar="ID", help="Only this source; repeatable."
)
def command(request: Request, names: tuple[str, ...]) -> int:
    """Show the mail in the sources of BOOK by exchange: who wrote to whom, when, and on which line it stands."""
    from muniment.answers.header import footer, header
    from muniment.answers.threads import mail_threads, sources_of, threads_json
    from muniment.cli.opening import open_book, suggest
    from muniment.render.answer import Answer
    from muniment.render.threads import thread_tables

    opened = open_book(request)
    known = sources_of(opened.book)
    for name in names:
        if name not in known:
            raise click.UsageError(f"there is no source '{name}'" + suggest(name, known))
    found = mail_threads(opened.book, request.sources, names)
    data = header(opened.world) | threads_json(found)
    return emit(Answer("threads", data, thread_tables(found), footer=footer(opened.world)), request.format, opened.code)
