"""`muniment cap-table`: who holds what of an entity."""

from __future__ import annotations

import click

from muniment.cli.options import Request, answering, emit


@click.command("cap-table")
@answering("entity")
def command(request: Request, entity: str) -> int:
    """Answer who holds what of ENTITY: by holder and class, issued and fully diluted."""
    from muniment.answers.header import footer, header
    from muniment.answers.holding import cap_table_json, cap_tables
    from muniment.cli.opening import existing_entity, open_book
    from muniment.render.answer import Answer
    from muniment.render.cap_tables import cap_table_tables

    opened = open_book(request)
    name = existing_entity(opened, entity, request)
    found = cap_tables(opened.world, request.on, request.under, name)
    assumptions = list(dict.fromkeys(words for each in found for words in each.table.assumptions))
    answers = [cap_table_json(each) for each in found]
    data = header(opened.world, request.on, request.under, assumptions)
    data |= answers[0] if len(answers) == 1 else {"entity": name, "answers": answers}
    tables = tuple(table for each in found for table in cap_table_tables(each))
    refused = any(each.table.refusals for each in found)
    notes = tuple(f"Assumed: {words}" for words in assumptions)
    answer = Answer("cap-table", data, tables, footer=(*notes, *footer(opened.world, request.on, request.under)))
    return emit(answer, request.format, int(refused) or opened.code)
