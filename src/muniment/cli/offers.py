"""`muniment offers`: offers of employment side by side."""

from __future__ import annotations

import click

from muniment.cli.options import Request, answering, emit

MOST_YEARS = 30


@click.command("offers")
@answering()
@click.option("--offer", "names", multiple=True, metavar="ID", help="Only this offer; may be repeated.")
@click.option(
    "--exits", metavar="LIST", help="Proceeds at which equity is shown, as in 'USD 10 million, USD 1 billion'."
)
@click.option("--years", type=click.IntRange(1, MOST_YEARS), default=4, show_default=True, help="For how long.")
def command(request: Request, names: tuple[str, ...], exits: str | None, years: int) -> int:
    """Compare the offers of employment in BOOK: cash by year, equity at each exit, and where they bring the same."""
    from muniment.answers.header import footer, header
    from muniment.answers.offering import compare_offers, comparison_json, offers_in_book
    from muniment.cli.opening import open_book, suggest
    from muniment.cli.value import money_of
    from muniment.render.answer import Answer
    from muniment.render.offers import offer_tables

    listed = [money_of("--exits", each) for each in exits.split(", ")] if exits else []
    if any(each.amount < 0 for each in listed):
        raise click.UsageError("--exits are at least 0")
    opened = open_book(request)
    known = offers_in_book(opened.world)
    for name in names:
        if name not in known:
            raise click.UsageError(f"there is no offer '{name}'" + suggest(name, known))
    found = compare_offers(opened.world, request.on, request.under, listed, years, names)
    assumptions = list(dict.fromkeys(words for each in found.packages for words in each.assumptions))
    data = header(opened.world, request.on, request.under, assumptions)
    data |= comparison_json(found)
    notes = tuple(f"Assumed: {words}" for words in assumptions)
    answer = Answer(
        "offers", data, offer_tables(found), footer=(*notes, *footer(opened.world, request.on, request.under))
    )
    return emit(answer, request.format, opened.code)
