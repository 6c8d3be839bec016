"""`muniment payout`: who gets what of the proceeds of a sale or distribution."""

from __future__ import annotations

import click

from muniment.cli.options import Request, answering, emit


@click.command("payout")
@answering("entity")
@click.option("--proceeds", required=True, metavar="MONEY", help="What there is to pay out, as in 'USD 10,000,000'.")
@click.option("--curve", is_flag=True, help="Print the payouts at every point where their slope changes.")
@click.option("--why", is_flag=True, help="Print how each amount comes about, with the records it rests on.")
def command(request: Request, entity: str, proceeds: str, curve: bool, why: bool) -> int:
    """Answer who gets paid what of the proceeds of ENTITY."""
    from muniment.answers.header import footer, header
    from muniment.answers.paying import payout_json, payouts
    from muniment.cli.opening import existing_entity, money_asked, open_book
    from muniment.render.answer import Answer
    from muniment.render.payouts import curve_table, payout_table, reasons

    amount = money_asked(proceeds)
    opened = open_book(request)
    name = existing_entity(opened, entity, request)
    found = payouts(opened.world, request.on, request.under, name, amount)
    assumptions = [words for each in found for words in each.payout.assumptions]
    answers = [payout_json(each) for each in found]
    data = header(opened.world, request.on, request.under, assumptions)
    data |= answers[0] if len(answers) == 1 else {"entity": name, "proceeds": proceeds, "answers": answers}
    data["assumptions"] = list(dict.fromkeys(assumptions))
    tables = [payout_table(each) for each in found]
    if curve:
        tables += [table for each in found if (table := curve_table(each.payout)) is not None]
    notes = tuple(f"Assumed: {words}" for words in data["assumptions"])
    sentences = tuple(line for each in found for line in reasons(each.payout)) if why else ()
    refused = any(each.payout.refusals for each in found)
    answer = Answer(
        "payout", data, tuple(tables), sentences, (*notes, *footer(opened.world, request.on, request.under))
    )
    return emit(answer, request.format, int(refused) or opened.code)
