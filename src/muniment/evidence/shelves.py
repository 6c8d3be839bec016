"""Finding the file that a source record names, in the book or on the shelves (folders given with `--sources`).

A name in a book is not trusted: it may not lead out of the book by `..`, an absolute path or a symbolic link, and only
an ordinary file is read. What is refused is said without a byte of what it pointed to.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from muniment.evidence.readers.plain import decode

LARGEST_FILE = 64 * 1024 * 1024
MOST_FILES = 20_000
MOST_BYTES = 4 * 1024 * 1024 * 1024
DEEPEST_FOLDER = 32
ABSENT = "no such file"
SHA256 = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.IGNORECASE)
DRIVE = re.compile(r"^[A-Za-z]:")
READ_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
FOLDER_FLAGS = READ_FLAGS | getattr(os, "O_DIRECTORY", 0)

State = Literal["held", "stale", "not-held", "refused"]


class Found(NamedTuple):
    """What was found of a source.

    Attributes:
        state: ``held``; ``stale`` (a file of that name with another hash); ``not-held`` (no file); ``refused``.
        path: Where the file is: relative to the book, or below a shelf; empty if there is none.
        sha256: Of the file as it is; hexadecimal, lower case; empty if there is none.
        data: Its bytes; empty if there is none.
        notes: What the reader must know of how it was found.
        fault: Why it was refused; names no content of the target; empty otherwise.
    """

    state: State
    path: str
    sha256: str
    data: bytes
    notes: tuple[str, ...] = ()
    fault: str = ""

    @property
    def text(self) -> str:
        """Its characters if it is plain text; `documents.read_document` reads every format."""
        return decode(self.data).text


class _Refused(NamedTuple):
    """Why a file may not be read."""

    fault: str


class Shelves:
    """Folders in which sources may lie, indexed once.

    Nothing is read until a source is asked for; names are listed before anything is hashed, and hashes are made only
    when no file of the right name has the right content.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self._files: list[tuple[Path, Path]] | None = None
        self._by_name: dict[str, list[int]] = {}
        self._hashes: dict[int, str] = {}
        self.notes: list[str] = []

    def named(self, name: str) -> list[tuple[Path, Path]]:
        """Return (shelf, file) for every file with this last part of a name, in the order of the shelves."""
        files = self._list()
        return [files[index] for index in self._by_name.get(name, ())]

    def with_hash(self, sha256: str) -> tuple[Path, Path] | None:
        """Return (shelf, file) of the first file with this content, or None."""
        files = self._list()
        if not self._hashes:
            budget = MOST_BYTES
            for index, (shelf, file) in enumerate(files):
                data = read_below(shelf, file.relative_to(shelf).as_posix())
                if isinstance(data, _Refused):
                    continue
                budget -= len(data)
                if budget < 0:
                    self.notes.append("the folders of sources hold over 4 GB; the rest was not searched by hash")
                    break
                self._hashes[index] = hashlib.sha256(data).hexdigest()
        return next((files[index] for index, found in self._hashes.items() if found == sha256), None)

    def _list(self) -> list[tuple[Path, Path]]:
        if self._files is None:
            self._files = []
            for shelf in self.folders:
                self._files += [(shelf, file) for file in _walk(shelf, MOST_FILES - len(self._files))]
            if len(self._files) >= MOST_FILES:
                self.notes.append(f"the folders of sources hold over {MOST_FILES:,} files; the rest was not searched")
            for index, (_, file) in enumerate(self._files):
                self._by_name.setdefault(file.name, []).append(index)
        return self._files


def find_source(file: str, sha256: str | None, book_root: Path, folders: Sequence[Path] | Shelves = ()) -> Found:
    """Find the file of a source.

    A file in the book is taken as it is named. Only if the book has none are the shelves searched: first for a file of
    that name with the right hash, then for any file with the right hash, then for the name alone.

    Args:
        file: As the record gives it, relative to the book, with forward slashes; empty if it gives none.
        sha256: As the record gives it; None or empty if it gives none. Text that is no hash matches nothing.
        book_root: The book's folder.
        folders: The shelves, indexed already or not.

    Returns:
        What was found.
    """
    shelves = folders if isinstance(folders, Shelves) else Shelves(folders)
    match = SHA256.fullmatch(sha256.strip()) if sha256 else None
    wanted = match[1].lower() if match else ("none" if sha256 else "")
    fault = name_fault(file) if file else ""
    if fault:
        return Found("refused", "", "", b"", (), fault)
    if file:
        data = read_below(book_root, file)
        if isinstance(data, bytes):
            return _found(file, data, wanted)
        if data.fault != ABSENT:
            return Found("refused", "", "", b"", (), data.fault)
    return _found_on_shelves(file.rpartition("/")[2], wanted, shelves)


def _found_on_shelves(name: str, wanted: str, shelves: Shelves) -> Found:
    candidates = [
        (file, data)
        for shelf, file in (shelves.named(name) if name else ())
        if isinstance(data := read_below(shelf, file.relative_to(shelf).as_posix()), bytes)
    ]
    if wanted:
        for file, data in candidates:
            if hashlib.sha256(data).hexdigest() == wanted:
                return _found(file.name, data, wanted)
        held = shelves.with_hash(wanted)
        again = read_below(held[0], held[1].relative_to(held[0]).as_posix()) if held else None
        if held and isinstance(again, bytes):
            return _found(held[1].name, again, wanted)
    if candidates:
        file, data = candidates[0]
        found = _found(file.name, data, wanted)
        if len({other for _, other in candidates}) > 1:
            note = f"{len(candidates)} files are named '{file.name}'; the first was read; give a sha256"
            found = found._replace(notes=(*found.notes, note))
        return found
    return Found("not-held", "", "", b"", tuple(shelves.notes))


def _found(path: str, data: bytes, wanted: str) -> Found:
    sha256 = hashlib.sha256(data).hexdigest()
    return Found("held" if wanted in ("", sha256) else "stale", path, sha256, data)


def name_fault(file: str) -> str:
    """Return why a name may not be followed, or an empty text."""
    if not file.isprintable():
        return "the name of a source file has a character that cannot be seen"
    if file.startswith(("/", "\\", "~")) or DRIVE.match(file):
        return "a source file must be named relative to the book"
    if "\\" in file:
        return "a source file is named with forward slashes"
    if ".." in file.split("/"):
        return "a source file must lie inside the book"
    return ""


def read_below(root: Path, name: str) -> bytes | _Refused:
    """Read an ordinary file below a folder.

    Every part of the name is opened from the folder above it without following symbolic links. A link is followed only
    by resolving it first and finding that its target lies inside the folder.

    Returns:
        The bytes, or why not.
    """
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts:
        return _Refused("a source file must lie inside the book")
    try:
        real_root = os.path.realpath(root)
        real = os.path.realpath(os.path.join(real_root, *parts))
        inside = os.path.commonpath((real_root, real)) == real_root and real != real_root
        if not inside:
            return _Refused("a source file must lie inside the book; a link leads out of it")
        return _read(real_root, os.path.relpath(real, real_root).split(os.sep))
    except FileNotFoundError:
        return _Refused(ABSENT)
    except NotADirectoryError:
        return _Refused(ABSENT)
    except (OSError, ValueError):
        return _Refused("the source file cannot be opened")


def _read(root: str, parts: list[str]) -> bytes | _Refused:
    """Open each part from the one above it, so that no link can be put in between; then read an ordinary file."""
    handle = _open(root, parts)
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            return _Refused("a source must be an ordinary file")
        if about.st_size > LARGEST_FILE:
            return _Refused("a source file may have at most 64 MB")
        with os.fdopen(os.dup(handle), "rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
        return data if len(data) <= LARGEST_FILE else _Refused("a source file may have at most 64 MB")
    finally:
        os.close(handle)


def _open(root: str, parts: list[str]) -> int:
    if os.open not in os.supports_dir_fd:
        return os.open(os.path.join(root, *parts), READ_FLAGS)
    handle = os.open(root, FOLDER_FLAGS & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        for index, part in enumerate(parts):
            flags = READ_FLAGS if index == len(parts) - 1 else FOLDER_FLAGS
            below = os.open(part, flags, dir_fd=handle)
            os.close(handle)
            handle = below
    except OSError:
        os.close(handle)
        raise
    return handle


def _walk(shelf: Path, limit: int) -> list[Path]:
    """Return the ordinary files below a folder, by name; hidden ones and links left out."""
    found: list[Path] = []
    folders = [(shelf, 0)]
    while folders and len(found) < limit:
        folder, depth = folders.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        below = []
        for entry in entries:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth < DEEPEST_FOLDER:
                    below.append((Path(entry.path), depth + 1))
            elif entry.is_file(follow_symlinks=False) and len(found) < limit:
                found.append(Path(entry.path))
        folders += reversed(below)
    return found
