"""`muniment fmt`: write record files in their one layout."""

from __future__ import annotations

import difflib
import os
import sys
import tempfile
from pathlib import Path

import click

from muniment.cli.options import STANDARD_INPUT, nearest_book, write
from muniment.render.inert import inert_line


@click.command("fmt")
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True, path_type=Path), metavar="[BOOK or FILE]...")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 if a file would change.")
@click.option("--diff", "show_diff", is_flag=True, help="Change nothing; print what would change.")
@click.option("--stdin-filename", default="stdin.muni", metavar="NAME", help="What to call standard input in messages.")
def command(paths: tuple[Path, ...], only_check: bool, show_diff: bool, stdin_filename: str) -> int:
    """Write .muni files in their one layout; comments and citations are kept."""
    from muniment.text.writer import format_text

    if paths == (Path(STANDARD_INPUT),):
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
        sys.stdout.write(format_text(text, stdin_filename))
        return 0
    changed = refused = 0
    for path in _files(paths):
        data = path.read_bytes()
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            sys.stderr.write(f"{inert_line(str(path))}: left as it is, for it is not UTF-8; see: muniment check\n")
            changed = refused = 1
            continue
        formatted = format_text(text, str(path))
        if formatted.encode() == data:
            continue
        changed = 1
        if show_diff:
            lines = difflib.unified_diff(
                text.splitlines(keepends=True), formatted.splitlines(keepends=True), str(path), str(path)
            )
            write("".join(f"{inert_line(line)}\n" for line in lines))
        elif only_check:
            write(f"would change {inert_line(str(path))}\n")
        elif write_file(path, formatted, instead_of=data):
            write(f"changed {inert_line(str(path))}\n")
        else:
            sys.stderr.write(
                f"{inert_line(str(path))}: left as it is, for it changed meanwhile; run muniment fmt again\n"
            )
            refused = 1
    return changed if only_check or show_diff else refused


def _files(paths: tuple[Path, ...]) -> list[Path]:
    if not paths:
        book = nearest_book(Path.cwd())
        if book is None:
            raise click.UsageError("no muniment.toml in this folder or above it; name a BOOK or a file")
        paths = (book,)
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(found for found in path.rglob("*.muni") if found.is_file() and not found.is_symlink())
        elif path.is_file():
            files.append(path)
        else:
            raise click.UsageError(f"there is no file or folder '{path}'")
    return files


def write_file(path: Path, text: str, instead_of: bytes | None = None) -> bool:
    """Write a file whole: beside it first, flushed to disk, then renamed over it; an old file's mode is kept.

    Args:
        path: The file; where it is a symbolic link, what it leads to is written and the link stays.
        text: What to write.
        instead_of: The bytes that were read before; None = whatever stands there is replaced.

    Returns:
        Whether it was written: not if the file no longer holds `instead_of`.

    Raises:
        OSError: If the folder cannot be written to, or the disk is full; the old file stays.
    """
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, target.stat().st_mode & 0o7777 if target.exists() else 0o644)
        is_as_read = instead_of is None or target.read_bytes() == instead_of
        if is_as_read:
            os.replace(name, target)
        else:
            Path(name).unlink()
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return is_as_read
