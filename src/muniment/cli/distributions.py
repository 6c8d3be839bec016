"""`muniment distributions`: what was distributed by which tier, and where the tiers stand."""

from __future__ import annotations

import click

from muniment.cli.options import Request, answering, emit


@click.command("distributions")
@answering("entity")
@click.option("--why", is_flag=True, help="Print the records that the answer rests on.")
def command(request: Request, entity: str, why: bool) -> int:
    """Answer what ENTITY distributed up to the day, tier by tier and payee by payee, and what must be given back."""
    from muniment.answers.distributing import histories, history_json
    from muniment.answers.header import footer, header
    from muniment.cli.opening import existing_entity, open_book
    from muniment.render.answer import Answer
    from muniment.render.distributions import history_tables
    from muniment.render.grounds import grounds_in_words

    opened = open_book(request)
    name = existing_entity(opened, entity, request)
    found = histories(opened.world, request.on, request.under, name)
    assumptions = list(dict.fromkeys(words for each in found for words in each.assumptions))
    answers = [history_json(each) for each in found]
    data = header(opened.world, request.on, request.under, assumptions)
    data |= answers[0] if len(answers) == 1 else {"entity": name, "answers": answers}
    data["assumptions"] = assumptions
    tables = tuple(table for each in found for table in history_tables(each))
    sentences = tuple(line for each in found for line in grounds_in_words(each.because)) if why else ()
    notes = tuple(f"Assumed: {words}" for words in assumptions)
    answer = Answer(
        "distributions", data, tables, sentences, (*notes, *footer(opened.world, request.on, request.under))
    )
    return emit(answer, request.format, int(any(each.refusals for each in found)) or opened.code)
