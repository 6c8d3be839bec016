"""`muniment cap-table`: who holds what of an entity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from muniment.cli.options import Request, answering, emit

if TYPE_CHECKING:
    from muniment.payout.cap_rows import View


@click.command("cap-table")
@answering("entity")
@click.option(
    "--by",
    type=click.Choice(("holder", "class", "instrument")),
    help="One row a holder, a class or an instrument; by holder and class if not given.",
)
@click.option("--history", is_flag=True, help="Who held what on every day on which that changed.")
def command(request: Request, entity: str, by: View | None, history: bool) -> int:
    """Answer who holds what of ENTITY: issued, granted and fully diluted."""
    from muniment.answers.header import footer, header
    from muniment.answers.holding import cap_table_json, cap_tables, history_json, ownership_history
    from muniment.cli.opening import existing_entity, open_book
    from muniment.render.answer import Answer
    from muniment.render.cap_tables import cap_table_tables, history_table

    if history and by is not None:
        raise click.UsageError("--history is by holder and class; leave --by out")
    opened = open_book(request)
    name = existing_entity(opened, entity, request)
    if history:
        over_time = ownership_history(opened.world, request.on, request.under, name)
        data = header(opened.world, request.on, request.under, over_time.assumptions) | history_json(over_time)
        notes = tuple(f"Assumed: {words}" for words in over_time.assumptions)
        lines = (*notes, *footer(opened.world, request.on, request.under))
        answer = Answer("cap-table", data, (history_table(over_time),), footer=lines)
        return emit(answer, request.format, int(bool(over_time.refusals)) or opened.code)
    found = cap_tables(opened.world, request.on, request.under, name)
    assumptions = list(dict.fromkeys(words for each in found for words in each.table.assumptions))
    answers = [cap_table_json(each, by) for each in found]
    data = header(opened.world, request.on, request.under, assumptions)
    data |= answers[0] if len(answers) == 1 else {"entity": name, "answers": answers}
    tables = tuple(table for each in found for table in cap_table_tables(each, by))
    refused = any(each.table.refusals for each in found)
    notes = tuple(f"Assumed: {words}" for words in assumptions)
    answer = Answer("cap-table", data, tables, footer=(*notes, *footer(opened.world, request.on, request.under)))
    return emit(answer, request.format, int(refused) or opened.code)
