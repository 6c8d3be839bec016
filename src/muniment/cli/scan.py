"""`muniment scan`: records proposed from documents, cited and quoted."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muniment.cli.fmt import write_file
from muniment.cli.options import emit, is_book, nearest_book, write
from muniment.render.formats import FORMATS
from muniment.render.inert import inert, inert_line

if TYPE_CHECKING:
    from muniment.book.book import Book
    from muniment.evidence.scan.calendar_points import Interval
    from muniment.evidence.scan.languages import Language
    from muniment.render.formats import Format

RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)


@click.command("scan")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--book", type=click.Path(path_type=Path), metavar="BOOK", help="Whose names are known; else the nearest."
)
@click.option("--language", type=click.Choice(("fr", "en", "zh")), help="Of the files; else each file's own.")
@click.option("--dated", metavar="DATE", help="The day or month from which 'last week' is counted; else the source's.")
@click.option("--accept", metavar="NUMBERS", help="Write these proposals, as in 1,4-7 or all; needs -o.")
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), metavar="FILE.muni", help="A new record file.")
@click.option("--overwrite", is_flag=True, help="Replace FILE.muni if it is there.")
@click.option("--format", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print.")
@click.option("--json", is_flag=True, help="Short for --format json.")
def command(
    files: tuple[Path, ...],
    book: Path | None,
    language: Language | None,
    dated: str | None,
    accept: str | None,
    out: Path | None,
    overwrite: bool,
    format: Format,  # noqa: A002
    json: bool,
) -> int:
    """Propose records from documents in English, French or Chinese.

    Each is cited and quoted; its remark says on what it rests. Read them, keep what is true, discard the rest. Nothing
    leaves this machine.
    """
    from muniment.answers.header import header
    from muniment.answers.scanning import records_text, scan_files, to_json
    from muniment.book.accounts import World
    from muniment.book.load import load_text
    from muniment.cli.options import chosen_format
    from muniment.render.answer import Answer
    from muniment.render.scan import file_sentences, scan_tables

    chosen = chosen_format(format, json)
    _check_output(accept, out, overwrite)
    opened = _book(book)
    scanning = scan_files(files, opened, language, _interval(dated))
    code = int(any(file.scanned is None for file in scanning.files))
    for sentence in file_sentences(scanning):
        sys.stderr.write(inert_line(sentence) + "\n")
    if accept is not None and out is not None:
        numbers = _numbers(accept, len(scanning.proposals))
        _write_new(out, records_text(scanning, numbers, with_numbers=False), overwrite)
        write(f"Wrote {len(numbers)} of {len(scanning.proposals)} proposed records to {inert_line(str(out))}.\n")
        return code
    if chosen == "table":
        write(inert(records_text(scanning)))
        return code
    world = World(opened if opened is not None else load_text("", ""))
    return emit(Answer("scan", header(world) | to_json(scanning), scan_tables(scanning)), chosen, code)


def _check_output(accept: str | None, out: Path | None, overwrite: bool) -> None:
    """Refuse what cannot be written before anything is scanned."""
    if (accept is None) != (out is None):
        raise click.UsageError("--accept and -o go together: what to keep, and the file to write it to")
    if out is None:
        return
    if out.suffix != ".muni":
        raise click.UsageError(f"'{out}' is no record file; its name must end in .muni")
    if not overwrite and os.path.lexists(out):
        raise click.UsageError(f"'{out}' is there already; name a new file, or say --overwrite")


def _book(named: Path | None) -> Book | None:
    from muniment.book.load import load

    if named is not None and not is_book(str(named)):
        raise click.UsageError(f"'{named}' is no book: it has no muniment.toml")
    found = named if named is not None else nearest_book(Path.cwd())
    return load(found) if found is not None else None


def _interval(dated: str | None) -> Interval | None:
    from muniment.evidence.scan.calendar_points import of_partial
    from muniment.model.dates import parse_date
    from muniment.model.values import PartialDate

    if dated is None:
        return None
    when = parse_date(dated)
    interval = of_partial(when) if isinstance(when, PartialDate) else None
    if interval is None:
        raise click.UsageError(f"--dated '{dated}' is no date such as 2024-11-19 or 2024-11")
    return interval


def _numbers(accept: str, count: int) -> set[int]:
    """Return the numbers of `1,4-7` or `all`."""
    if accept.strip() == "all":
        return set(range(1, count + 1))
    chosen: set[int] = set()
    for part in accept.split(","):
        match = RANGE.fullmatch(part.strip())
        low, high = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= low <= high:
            raise click.UsageError(f"--accept '{part.strip()}' is no number or range such as 4-7")
        if high > count:
            raise click.UsageError(f"--accept {high}: there are {count} proposals")
        chosen |= set(range(low, high + 1))
    return chosen


def _write_new(out: Path, text: str, overwrite: bool) -> None:
    """Write a file that is not there yet, beside it first; one that is there only if told to."""
    try:
        if overwrite:
            write_file(out, text)
            return
        os.close(os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
        try:
            if not write_file(out, text, instead_of=b""):
                raise click.UsageError(f"'{out}' changed meanwhile; nothing was written")
        except OSError:
            out.unlink(missing_ok=True)
            raise
    except FileExistsError:
        raise click.UsageError(f"'{out}' is there already; name a new file, or say --overwrite") from None
    except OSError as fault:
        raise click.UsageError(f"'{out}' cannot be written: {fault.strerror}") from None
