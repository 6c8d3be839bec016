"""`muniment disputes`: what sources disagree on, and which answers turn on it."""

from __future__ import annotations

import click

from muniment.cli.options import Request, answering, emit


@click.command("disputes")
@answering()
@click.option(
    "--kind",
    type=click.Choice(("dispute", "error", "translation", "reporting", "category", "apparent")),
    help="Only differences of this kind.",
)
@click.option("--record", metavar="RECORD", help="Only what this record disputes.")
@click.option("--turning", is_flag=True, help="Only facts on which an answer turns.")
def command(request: Request, kind: str | None, record: str | None, turning: bool) -> int:
    """List every fact that sources give differently, who says what, and which answers turn on it."""
    from muniment.answers.conclusions import Conclusions, questions_worth_asking
    from muniment.answers.disputes import dispute_json, disputes
    from muniment.answers.header import footer, header
    from muniment.cli.opening import open_book
    from muniment.render.answer import Answer
    from muniment.render.disputes import dispute_tables

    opened = open_book(request)
    found = [
        each
        for each in disputes(Conclusions(opened.world), questions_worth_asking(opened.book))
        if kind in (None, each.kind) and record in (None, each.record) and (each.flips or not turning)
    ]
    data = header(opened.world) | {"disputes": [dispute_json(each) for each in found]}
    answer = Answer("disputes", data, dispute_tables(found), footer=footer(opened.world))
    return emit(answer, request.format, opened.code)
