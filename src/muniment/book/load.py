"""Load a folder: find its files, read them, type them, resolve them. Nothing that is written in a file raises."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from muniment.book.book import Book
from muniment.book.packs import NONE, PACKS, unknown_pack
from muniment.book.resolve import resolve
from muniment.model.records import Record
from muniment.model.typed import Reference, nearest, type_file
from muniment.text.diagnostics import Diagnostic
from muniment.text.nodes import File
from muniment.text.reader import decode, read, without_cycle_search
from muniment.text.spans import Span

SETTINGS = "muniment.toml"
LARGEST_FILE = 64 * 1024 * 1024
SUGGESTED_SETTINGS = ("name", "format", "law_pack")
KNOWN_SETTINGS = (*SUGGESTED_SETTINGS, "law pack")


class Settings(NamedTuple):
    """What `muniment.toml` says, and its text."""

    name: str
    law_pack: str
    text: str = ""


def load(path: str | os.PathLike[str]) -> Book:
    """Load a book.

    Args:
        path: The book's folder.

    Returns:
        The book; its `diagnostics` say what could not be used.

    Raises:
        NotADirectoryError: If there is no such folder.
    """
    root = Path(path)
    if not root.is_dir():
        raise NotADirectoryError(f"there is no folder '{path}'")
    with without_cycle_search():
        return _load(root)


def _load(root: Path) -> Book:
    diagnostics: list[Diagnostic] = []
    digest = hashlib.sha256()
    settings = _read_settings(root, diagnostics, digest)
    files: dict[str, File] = {}
    records: list[Record] = []
    references: list[Reference] = []
    for name, data in _record_files(root, diagnostics):
        digest.update(name.encode("utf-8", "surrogateescape") + b"\0" + hashlib.sha256(data).digest())
        text, faults = decode(data, name)
        file, read_faults = read(text, name)
        typed = type_file(file)
        files[name] = file
        diagnostics += [*faults, *read_faults, *_without_echoes(typed.diagnostics, read_faults)]
        records += typed.records
        references += typed.references
    return _assemble(root, settings, files, records, references, diagnostics, digest.hexdigest())


def load_text(text: str, name: str = "stdin.muni") -> Book:
    """Load one file of records from a string; `name` stands in its diagnostics."""
    file, diagnostics = read(text, name)
    typed = type_file(file)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _assemble(
        Path(),
        Settings(name, ""),
        {name: file},
        list(typed.records),
        list(typed.references),
        [*diagnostics, *_without_echoes(typed.diagnostics, diagnostics)],
        digest,
    )


def _assemble(
    root: Path,
    settings: Settings,
    files: dict[str, File],
    records: list[Record],
    references: list[Reference],
    diagnostics: list[Diagnostic],
    digest: str,
) -> Book:
    resolved = resolve(records, references, files, diagnostics)
    return Book(
        path=root,
        name=settings.name,
        law_pack=settings.law_pack,
        files=files,
        records=resolved.records,
        index=resolved.index,
        diagnostics=in_file_order([*diagnostics, *resolved.diagnostics]),
        hash=digest,
        settings=settings.text,
    )


def _without_echoes(typed: Sequence[Diagnostic], read_faults: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return what is wrong with values, without faults of words that could already not be read as a line."""
    places: dict[int, list[Span]] = {}
    for fault in read_faults:
        if fault.severity == "error":
            places.setdefault(fault.span.line, []).append(fault.span)
    return [
        found
        for found in typed
        if not any(
            found.span.column < span.end_column and span.column < found.span.end_column
            for span in places.get(found.span.line, ())
        )
    ]


def in_file_order(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return diagnostics by file, line and column, each once."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda d: (d.span.path, d.span.line, d.span.column, d.code)))


def _read_settings(root: Path, diagnostics: list[Diagnostic], digest: hashlib._Hash) -> Settings:
    where = Span(SETTINGS, 1, 1, 2)
    try:
        data = _regular_bytes(root, root / SETTINGS)
    except FileNotFoundError:
        diagnostics.append(
            Diagnostic(
                code="M193",
                severity="warning",
                message=f"the folder has no {SETTINGS}",
                span=where,
                hint=f'make {SETTINGS} with the lines: name = "..." and format = 1',
            )
        )
        return Settings(root.resolve().name, "")
    except OSError as error:
        diagnostics.append(_refusal(SETTINGS, error))
        return Settings(root.resolve().name, "")
    digest.update(data)
    text = data.decode("utf-8", "replace")
    try:
        settings = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        reason, where = _why_unreadable(error)
        message = f"{SETTINGS} cannot be read: {reason}"
        diagnostics.append(
            Diagnostic(
                code="M192", severity="error", message=message, span=where, hint='write: name = "..." and format = 1'
            )
        )
        return Settings(root.resolve().name, "", text)
    for key in settings:
        if key not in KNOWN_SETTINGS:
            close = nearest(key, SUGGESTED_SETTINGS)
            hint = f"did you mean '{close}'?" if close else f"settings are: {', '.join(SUGGESTED_SETTINGS)}"
            diagnostics.append(
                Diagnostic(
                    code="M194",
                    severity="warning",
                    message=f"'{key}' is not a setting",
                    span=_place_of(key, text),
                    hint=hint,
                )
            )
    known_format = settings.get("format", 1)
    if known_format != 1:
        diagnostics.append(
            Diagnostic(
                code="M192",
                severity="error",
                message=f"format {known_format!r} is not known",
                span=_place_of("format", text),
                hint="this version reads format 1; a later version of muniment may read it",
            )
        )
    key = "law pack" if "law pack" in settings else "law_pack"
    pack = settings.get(key, "")
    if pack not in ("", NONE, *PACKS):
        diagnostics.append(unknown_pack(str(pack), _place_of(key, text)))
    return Settings(str(settings.get("name", root.resolve().name)), str(pack), text)


def _why_unreadable(error: Exception) -> tuple[str, Span]:
    """Return why settings cannot be read, in words, and where."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8", Span(SETTINGS, 1, 1, 2)
    if isinstance(error, RecursionError):
        return "it is nested too deeply", Span(SETTINGS, 1, 1, 2)
    words, _, rest = str(error).partition(" (at ")
    numbers = re.findall(r"\d+", rest)
    line, column = (int(numbers[0]), int(numbers[1])) if len(numbers) == 2 else (1, 1)
    return f"{words[:1].lower()}{words[1:]}", Span(SETTINGS, line, column, column + 1)


def _place_of(key: str, text: str) -> Span:
    """Return where a key of the settings stands."""
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(rf"[\s\[\"']*({re.escape(key)})\b", line)
        if found:
            return Span(SETTINGS, number, found.start(1) + 1, found.end(1) + 1)
    return Span(SETTINGS, 1, 1, 2)


def _record_files(root: Path, diagnostics: list[Diagnostic]) -> Iterator[tuple[str, bytes]]:
    """Yield every `.muni` file below the folder by name; one that cannot be read becomes a diagnostic."""
    for folder, subfolders, names in os.walk(root):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if not name.endswith(".muni"):
                continue
            path = Path(folder) / name
            relative = path.relative_to(root).as_posix()
            try:
                yield relative, _regular_bytes(root, path)
            except OSError as error:
                diagnostics.append(_refusal(relative, error))


def _regular_bytes(root: Path, path: Path) -> bytes:
    """Return the bytes of a regular file inside the folder.

    Raises:
        OSError: If it leads outside the folder, is not a regular file, is too large, or cannot be read.
    """
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        raise PermissionError("it is a link that leads outside the book")
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise PermissionError("it is not a regular file")
        if status.st_size > LARGEST_FILE:
            raise PermissionError("it is larger than 64 MiB")
        return file.read()


def _refusal(name: str, error: OSError) -> Diagnostic:
    reason = str(error) if error.errno is None else (error.strerror or "it cannot be read").lower()
    return Diagnostic(
        code="M190",
        severity="error",
        message=f"'{name}' is not read: {reason}",
        span=Span(name, 1, 1, 2),
        hint="keep record files as readable, regular files inside the book's folder",
    )
