"""`muniment manifest`: every source with its file and hash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from muniment.cli.options import Request, answering, emit

LARGEST = 64 * 1024 * 1024


@click.command("manifest")
@answering()
@click.option(
    "--verify",
    "earlier",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Compare with a manifest that -o wrote; the exit code is 1 where something differs.",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it as text."
)
def command(request: Request, earlier: Path | None, output: Path | None) -> int:
    """List every source of BOOK with its file, hash, size and state, and compare it with an earlier list."""
    from muniment.answers.header import footer, header
    from muniment.cli.opening import open_book
    from muniment.evidence.manifest import departures, manifest_of, to_json, to_text
    from muniment.render.answer import Answer
    from muniment.render.manifests import manifest_tables

    opened = open_book(request)
    entries = manifest_of(opened.book, request.sources)
    before = _read(earlier) if earlier else None
    changes = departures(before, entries) if before is not None else ()
    if output is not None:
        try:
            output.write_text(to_text(entries), encoding="utf-8", newline="\n")
        except OSError as fault:
            raise click.UsageError(f"'{output}' cannot be written: {fault.strerror}") from None
    data: dict[str, Any] = header(opened.world) | {
        "sources": to_json(entries),
        "verified": None if before is None else not changes,
        "differences": [change._asdict() for change in changes],
    }
    tables = manifest_tables(entries, changes, before is not None)
    code = int(bool(changes)) or opened.code
    return emit(Answer("manifest", data, tables, footer=footer(opened.world)), request.format, code)


def _read(path: Path) -> Any:
    from muniment.evidence.manifest import from_text

    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as fault:
        raise click.UsageError(f"'{path}' cannot be read: {fault.strerror}") from None
    if len(data) > LARGEST:
        raise click.UsageError(f"'{path}' is no manifest: it has more than 64 MB")
    try:
        return from_text(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise click.UsageError(f"'{path}' is no manifest: it is not UTF-8") from None
    except ValueError as fault:
        raise click.UsageError(f"'{path}' is no manifest: {fault}") from None
