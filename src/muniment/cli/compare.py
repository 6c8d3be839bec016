"""`muniment compare`: the same questions under several proposals, dates or accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import click

from muniment.cli.options import Day, Request, chosen_format, emit, split_words, today
from muniment.render.formats import Format


@click.command("compare")
@click.argument("words", nargs=-1, metavar="[BOOK]")
@click.option(
    "--under", envvar="MUNIMENT_UNDER", metavar="P,Q,none", help="Proposals, with commas; 'none' is fact alone."
)
@click.option("--on", envvar="MUNIMENT_ON", metavar="DATE,DATE", help="Days, with commas; today if not given.")
@click.option(
    "--account", envvar="MUNIMENT_ACCOUNT", metavar="A,B", help="Accounts, with commas; the keeper's if not given."
)
@click.option("--entity", metavar="ENTITY", help="Only this entity.")
@click.option("--matter", metavar="MATTER", help="Only this matter; also 'ENTITY: MATTER'.")
@click.option(
    "--directors",
    type=click.Choice(("loyal", "independent")),
    default="loyal",
    show_default=True,
    help="How directors are read.",
)
@click.option("--proceeds", metavar="MONEY", help="Compare payouts too, as in 'USD 10,000,000'.")
@click.option("--differing", is_flag=True, help="Only questions whose answers differ.")
@click.option(
    "--as-recorded", is_flag=True, envvar="MUNIMENT_AS_RECORDED", help="Only what had been recorded by the day."
)
@click.option(
    "--sources",
    type=click.Path(exists=True, file_okay=False),
    multiple=True,
    envvar="MUNIMENT_SOURCES",
    metavar="DIR",
    help="A further folder of source files.",
)
@click.option(
    "--format",
    type=click.Choice(("table", "json", "jsonl", "csv", "md")),
    default="table",
    show_default=True,
    help="How to print.",
)
@click.option("--json", is_flag=True, help="Short for --format json.")
def command(
    words: tuple[str, ...],
    under: str | None,
    on: str | None,
    account: str | None,
    entity: str | None,
    matter: str | None,
    directors: Literal["loyal", "independent"],
    proceeds: str | None,
    differing: bool,
    as_recorded: bool,
    sources: tuple[str, ...],  # noqa: ARG001 -- every command takes it
    format: Format,  # noqa: A002
    json: bool,
) -> int:
    """Ask the same questions of several proposals, dates or accounts, side by side."""
    from muniment.answers.comparing import Side, compare
    from muniment.answers.header import footer, header
    from muniment.cli.opening import known_account, known_entity, money_asked, open_book
    from muniment.render.answer import Answer, Column, Table

    book, _ = split_words(words, ())
    days = [Day().convert(each, None, None) for each in _listed(on)] or [today()]
    request = Request(
        book=book,
        format=chosen_format(format, json),
        sources=(),
        as_recorded=as_recorded,
        account="keeper",
        under=None,
        on=days[0],
        on_given=on is not None,
    )
    opened = open_book(request)
    proposals = [None if each == "none" else each for each in _listed(under)] or [None]
    accounts = [known_account(opened.book, each) for each in _listed(account) or ["keeper"]]
    _check_proposals(opened.book, proposals)
    if entity is not None:
        known_entity(opened, entity)
    amount = money_asked(proceeds) if proceeds else None
    several = [len(days) > 1, len(proposals) > 1, len(accounts) > 1]
    sides = [
        Side(name=_side_name(day, proposal, each, several), on=day, under=proposal, account=each)
        for day in days
        for proposal in proposals
        for each in accounts
    ]
    if len(sides) < 2:
        raise click.UsageError("name two sides at least: --under P,none or --on DATE,DATE or --account A,B")
    compared = compare(opened.world, sides, entity, matter, directors, amount)
    rows = [row for row in compared if row.differs or not differing]
    data = header(opened.world, days[0] if len(days) == 1 else None) | {
        "directors": directors,
        "sides": [{"name": s.name, "on": s.on.isoformat(), "under": s.under, "account": s.account} for s in sides],
        "rows": [{"question": row.question, "values": list(row.values), "differs": row.differs} for row in rows],
    }
    columns = (Column("Question"), *(Column(side.name) for side in sides), Column("Differs"))
    table = Table("Compared", columns, tuple((row.question, *row.values, "yes" if row.differs else "") for row in rows))
    foot = footer(opened.world, days[0] if len(days) == 1 else None, None, directors)
    asked = (
        f"As of {_each(s.on.isoformat() for s in sides)}, account: {_each(s.account for s in sides)}, "
        f"proposal: {_each(s.under or 'none' for s in sides)}, directors: {directors}"
        f"{', as recorded' if as_recorded else ''}."
    )
    return emit(Answer("compare", data, (table,), footer=(asked, *foot[1:])), request.format, opened.code)


def _listed(words: str | None) -> list[str]:
    return [part.strip() for part in (words or "").split(",") if part.strip()]


def _each(names: Iterable[str]) -> str:
    return " and ".join(dict.fromkeys(names))


def _side_name(day: date, proposal: str | None, account: str, several: list[bool]) -> str:
    parts = [day.isoformat(), proposal or "none", account]
    return ", ".join(part for part, differs in zip(parts, several, strict=True) if differs) or parts[1]


def _check_proposals(book: object, proposals: list[str | None]) -> None:
    from muniment.book.book import Book
    from muniment.cli.opening import suggest

    assert isinstance(book, Book)
    known = [record.name for record in book.records_of("proposal", "event")]
    for proposal in proposals:
        if proposal is not None and proposal not in known:
            raise click.UsageError(f"there is no proposal '{proposal}'" + suggest(proposal, known))
