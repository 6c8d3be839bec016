"""`muniment import`: make a book of what another program wrote."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from muniment.cli.fmt import write_file
from muniment.cli.options import emit
from muniment.cli.spreadsheets import import_csv, import_xlsx
from muniment.render.formats import FORMATS

if TYPE_CHECKING:
    from muniment.formats.ocf_package import Finding
    from muniment.render.answer import Answer
    from muniment.render.formats import Format


@click.group("import")
def command() -> None:
    """Make records of what another program wrote."""


command.add_command(import_csv)
command.add_command(import_xlsx)


@command.command("ocf")
@click.argument("package", type=click.Path(exists=True, path_type=Path), metavar="FOLDER or ZIP")
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The new book's folder.",
)
@click.option("--every-file", is_flag=True, help="Read files that the manifest does not name too.")
@click.option("--format", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print.")
def ocf(package: Path, out: Path, every_file: bool, format: Format) -> int:  # noqa: A002
    """Make a book of an Open Cap Format package, and say what it could not carry over.

    Exit code 1 means that something was left out of the figures.
    """
    from muniment.answers.header import header
    from muniment.book.accounts import World
    from muniment.book.load import load
    from muniment.formats.ocf_package import read_package
    from muniment.formats.ocf_records import Imported, book_of
    from muniment.render.inert import inert_line

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise click.UsageError(f"'{out}' is there already; name a new folder")
    made = book_of(read_package(package, every_file))
    if not isinstance(made, Imported):
        for finding in made:
            if finding.severity == "error":
                sys.stderr.write(inert_line(f"{finding.where}: {finding.message}") + "\n")
        raise click.UsageError(f"'{package}' is no package that a book can be made of")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in made.files.items():
            if text:
                write_file(out / name, text)
    except OSError as fault:
        raise click.UsageError(f"'{out}' cannot be written: {fault.strerror}") from None
    first = f"Wrote the book of '{made.company}' to {out}."
    head = header(World(load(out))) | {"entity": made.company}
    answer = findings_answer("import", first, head, made.objects, made.findings)
    return emit(answer, format, int(any(finding.severity == "error" for finding in made.findings)))


def findings_answer(
    name: str, first: str, head: Mapping[str, Any], objects: Mapping[str, int], findings: Sequence[Finding]
) -> Answer:
    """Return what was carried over and what was found, as an answer."""
    from muniment.render.answer import Answer, Column, Table

    order = {"error": 0, "warning": 1, "note": 2}
    listed = sorted(findings, key=lambda each: (order[each.severity], each.kind, each.where))
    data = {
        **head,
        "objects": dict(sorted(objects.items())),
        "findings": [each._asdict() for each in listed],
    }
    counted = Table(
        "Objects",
        (Column("Type"), Column("Number", "right")),
        tuple((k, str(n)) for k, n in sorted(objects.items())),
        first,
    )
    columns = (Column("Severity"), Column("Kind"), Column("Where"), Column("What"))
    rows = tuple((each.severity, each.kind, each.where, each.message) for each in listed)
    tables = (counted, Table("Findings", columns, rows, "")) if rows else (counted,)
    return Answer(name, data, tables)
