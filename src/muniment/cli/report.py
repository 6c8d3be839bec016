"""`muniment report`: everything a book answers, in one page."""

from __future__ import annotations

from pathlib import Path

import click

from muniment.cli.options import Request, answering, emit


@click.command("report")
@answering()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to a file instead; .html, .md and .json choose the format.",
)
def command(request: Request, output: Path | None) -> int:
    """Report what a book is, who decides, who is paid, what is disputed, and what is assumed."""
    from muniment.answers.header import footer, header
    from muniment.answers.report import report_on
    from muniment.answers.report_json import report_json
    from muniment.cli.opening import open_book
    from muniment.render.answer import Answer
    from muniment.render.report import report_tables

    opened = open_book(request, quiet=True)
    on = request.on if request.on_given else None
    report = report_on(opened.world, request.sources, on)
    data = header(opened.world, on, None, report.assumptions) | report_json(report)
    foot = footer(opened.world, on, None, "loyal, and independent where that differs")
    answer = Answer("report", data, report_tables(report), footer=foot)
    code = int(any(diagnostic.severity == "error" for diagnostic in report.checked.diagnostics))
    if output is None:
        return emit(answer, request.format, code)
    return _write(answer, request, output, code)


def _write(answer: object, request: Request, output: Path, code: int) -> int:
    from muniment.cli.fmt import write_file
    from muniment.render.answer import Answer
    from muniment.render.formats import render

    assert isinstance(answer, Answer)
    if output.suffix in (".html", ".htm") and request.format == "table":
        from muniment.render.page import to_page

        write_file(output, to_page(answer))
        return code
    by_name = {".md": "md", ".json": "json", ".jsonl": "jsonl", ".csv": "csv"}
    chosen = request.format if request.format != "table" else by_name.get(output.suffix, "table")
    write_file(output, render(answer, chosen))  # type: ignore[arg-type]
    return code
