"""`muniment import csv|xlsx` and `muniment export csv|xlsx`: cap tables from and to spreadsheets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from muniment.cli.options import Request, answering, write

if TYPE_CHECKING:
    from muniment.formats.spreadsheets import Sheet, Unread
    from muniment.payout import CapTable, Payout

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)
_columns = click.option(
    "--columns", "mapping", required=True, type=_FILE, metavar="MAP.toml", help="Which column means what."
)
_muni = click.option("-o", "--output", required=True, type=_OUT, metavar="FILE.muni", help="The record file to write.")


@click.command("csv")
@click.argument("file", type=_FILE)
@_columns
@_muni
def import_csv(file: Path, mapping: Path, output: Path) -> int:
    """Write the cap table in the CSV file FILE as records."""
    return _import(file, mapping, output, xlsx=False)


@click.command("xlsx")
@click.argument("file", type=_FILE)
@_columns
@_muni
def import_xlsx(file: Path, mapping: Path, output: Path) -> int:
    """Write the cap table in the XLSX file FILE as records."""
    return _import(file, mapping, output, xlsx=True)


@click.command("csv")
@answering("entity")
@click.option("-o", "--output", required=True, type=_OUT, metavar="FILE", help="The file to write.")
def export_csv(request: Request, entity: str, output: Path) -> int:
    """Write the cap table of ENTITY as CSV, one row an instrument."""
    from muniment.formats.spreadsheets import write_csv
    from muniment.render.workbooks import cap_table_rows

    table, _, _, code = _asked(request, entity, None)
    _write(output, write_csv(cap_table_rows(table)).encode("utf-8"))
    return code


@click.command("xlsx")
@answering("entity")
@click.option("-o", "--output", required=True, type=_OUT, metavar="FILE", help="The file to write.")
@click.option("--proceeds", metavar="MONEY", help="Add the payout of these proceeds, as in 'USD 10,000,000'.")
def export_xlsx(request: Request, entity: str, output: Path, proceeds: str | None) -> int:
    """Write the cap table of ENTITY as XLSX, with formulas that recompute it."""
    from muniment.formats.spreadsheets import Unread, write_xlsx
    from muniment.render.workbooks import workbook

    table, payout, header, code = _asked(request, entity, proceeds)
    made = write_xlsx(workbook(table, payout, header), request.on)
    if isinstance(made, Unread):
        raise click.UsageError(_words(made))
    _write(output, made)
    return code


def _import(file: Path, mapping: Path, output: Path, *, xlsx: bool) -> int:
    from muniment.book.load import load_text
    from muniment.formats.mapped_cap_table import import_cap_table
    from muniment.formats.mapped_columns import read_columns
    from muniment.formats.spreadsheets import LARGEST_FILE, Unread, read_csv, read_xlsx
    from muniment.render.inert import inert_line
    from muniment.text.rendering import render_concise

    columns = read_columns(mapping.name, _read(mapping, LARGEST_FILE).decode("utf-8", "replace"))
    if isinstance(columns, Unread):
        raise click.UsageError(_words(columns))
    raw = _read(file, LARGEST_FILE + 1)
    sheet: Sheet | Unread = (
        read_xlsx(file.name, raw, columns.sheet) if xlsx else read_csv(file.name, raw, columns.delimiter)
    )
    if isinstance(sheet, Unread):
        raise click.UsageError(_words(sheet))
    found = import_cap_table(sheet, columns, file.name, raw)
    if isinstance(found, Unread):
        raise click.UsageError(_words(found))
    _write(output, found.text.encode("utf-8"))
    lines = [f"{each.where}: {each.severity}: {each.message}" for each in found.findings]
    wrong = any(each.severity == "error" for each in found.findings)
    if columns.kind and columns.holders_are and columns.declare_classes:
        # The file is a book of its own, so what is wrong with it can be said at once.
        diagnostics = load_text(found.text, output.name).diagnostics
        lines += [render_concise(each) for each in diagnostics]
        wrong = wrong or any(each.severity == "error" for each in diagnostics)
    left = sum(1 for each in found.findings if each.severity == "error")
    lines.append(f"{found.rows} rows read, {left} not read; written to {output}")
    write("".join(f"{inert_line(line)}\n" for line in lines))
    return int(wrong)


def _asked(request: Request, entity: str, proceeds: str | None) -> tuple[CapTable, Payout | None, dict[str, Any], int]:
    """Return the cap table, the payout of the proceeds if they are given, what they rest on, and the exit code."""
    from muniment.answers.header import header
    from muniment.answers.holding import cap_tables
    from muniment.answers.paying import payouts
    from muniment.cli.opening import existing_entity, money_asked, open_book

    amount = money_asked(proceeds) if proceeds is not None else None
    opened = open_book(request)
    name = existing_entity(opened, entity, request)
    held = cap_tables(opened.world, request.on, request.under, name)
    if len(held) > 1:
        facts = ", ".join(held[0].reads)
        raise click.UsageError(f"the account '{request.account}' leaves {facts} open; export another with --account")
    table = held[0].table
    rests = header(opened.world, request.on, request.under, table.assumptions)
    if amount is None:
        return table, None, rests, opened.code
    paid = payouts(opened.world, request.on, request.under, name, amount)
    payout = paid[0].payout
    if len(paid) > 1 or payout.refusals or payout.curve is None:
        why = payout.refusals[0].message if payout.refusals else "a fact it turns on is open"
        raise click.UsageError(f"the payout of {name} cannot be written as formulas: {why}; leave out --proceeds")
    return table, payout, rests, opened.code


def _words(unread: Unread) -> str:
    from muniment.render.inert import inert_line

    return inert_line(f"{unread.where}: {unread.message}" + (f"; {unread.hint}" if unread.hint else ""))


def _read(file: Path, most: int) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as fault:
        raise click.UsageError(f"'{file}' cannot be read: {fault.strerror}") from fault


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as fault:
        raise click.UsageError(f"'{file}' cannot be written: {fault.strerror}") from fault
