"""`muniment export`: write a company of a book for another program."""

from __future__ import annotations

from pathlib import Path

import click

from muniment.cli.options import Request, answering, emit
from muniment.cli.spreadsheets import export_csv, export_xlsx


@click.group("export")
def command() -> None:
    """Write a company of a book for another program."""


command.add_command(export_csv)
command.add_command(export_xlsx)


@command.command("ocf")
@answering("entity")
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER or ZIP",
    help="A new folder, or an archive whose name ends in .zip.",
)
def ocf(request: Request, entity: str, out: Path) -> int:
    """Write ENTITY as an Open Cap Format package, and say what the format cannot hold.

    Exit code 1 means that something was left out of the figures.
    """
    from muniment.answers.header import header
    from muniment.cli.import_ import findings_answer
    from muniment.cli.opening import existing_entity, open_book
    from muniment.formats.ocf_export import package_from
    from muniment.formats.ocf_files import write_package

    opened = open_book(request)
    name = existing_entity(opened, entity, request)
    exported = package_from(opened.world, name, request.on)
    try:
        write_package(exported.files, out)
    except FileExistsError:
        raise click.UsageError(f"'{out}' is there already; name a new folder or archive") from None
    except OSError as fault:
        raise click.UsageError(f"'{out}' cannot be written: {fault.strerror}") from None
    head = header(opened.world, request.on, request.under) | {"entity": name}
    answer = findings_answer("export", f"Wrote '{name}' to {out}.", head, exported.objects, exported.findings)
    wrong = any(finding.severity == "error" for finding in exported.findings)
    return emit(answer, request.format, int(wrong) or opened.code)
