"""`muniment check`: every fault of a book, and the expectations that do not hold."""

from __future__ import annotations

import click

from muniment.cli.options import Request, answering, emit, wants_colour, write


@click.command("check")
@answering()
@click.option("--strict", is_flag=True, help="Exit 1 on warnings too.")
@click.option("--concise", is_flag=True, help="One line a fault.")
@click.option("--github", is_flag=True, help="Print annotations for GitHub Actions.")
def command(request: Request, strict: bool, concise: bool, github: bool) -> int:
    """Report every fault of a book: words, references, figures, quotations, expectations."""
    from muniment.answers.checking import check_book
    from muniment.answers.conclusions import Conclusions
    from muniment.answers.header import footer, header
    from muniment.book.accounts import World
    from muniment.cli.opening import load_request
    from muniment.render.answer import Answer, Column, Table
    from muniment.render.inert import inert
    from muniment.text import rendering

    book = load_request(request)
    world = World(book, as_recorded=request.as_recorded)
    checked = check_book(book, request.sources, Conclusions(world))
    bad = ("error", "warning") if strict else ("error",)
    code = int(any(diagnostic.severity in bad for diagnostic in checked.diagnostics))
    if request.format == "table":
        if github:
            text = "".join(rendering.github(diagnostic) + "\n" for diagnostic in checked.diagnostics)
        elif concise:
            text = "".join(rendering.render_concise(diagnostic) + "\n" for diagnostic in checked.diagnostics)
        else:
            lines = rendering.lines_by_path(book.lines)
            text = "".join(
                rendering.render(diagnostic, lines, wants_colour()) + "\n\n" for diagnostic in checked.diagnostics
            )
        write(text + checked.summary() + "\n" + inert("\n".join(footer(world))) + "\n")
        return code
    data = header(world) | {
        "diagnostics": [rendering.to_json(diagnostic) for diagnostic in checked.diagnostics],
        "expectations": [
            {
                "at": str(outcome.question.span),
                "question": outcome.question.words,
                "value": outcome.value,
                "expected": outcome.question.expected,
                "holds": outcome.holds,
                "because": list(outcome.because),
            }
            for outcome in checked.outcomes
        ],
        "quotations": checked.quotations,
        "summary": checked.summary(),
    }
    rows = tuple((d.code, d.severity, str(d.span), d.message, d.hint or "") for d in checked.diagnostics)
    columns = (Column("Code"), Column("Severity"), Column("At"), Column("What"), Column("Hint"))
    table = Table("Diagnostics", columns, rows, checked.summary())
    return emit(Answer("check", data, (table,), footer=footer(world)), request.format, code)
