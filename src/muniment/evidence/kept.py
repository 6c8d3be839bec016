"""What is kept between runs: results that are slow to make, in the book's `.muniment` folder.

An entry is named by what it was made from, so that nothing in it can be out of date. It carries its own hash, so that a
damaged one counts as missing. That does not stop a forger: who can write into the folder can write the hash too. So
nothing here may decide whether a quotation verifies; that is always read from the source itself.

Whatever fails on disk is as if nothing were kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

FOLDER = ".muniment"
LARGEST_ENTRY = 96 * 1024 * 1024
LARGEST_TOTAL = 512 * 1024 * 1024
HASH_SIZE = hashlib.sha256().digest_size
KIND = re.compile(r"[a-z][a-z0-9-]{0,30}")
ENTRY = re.compile(r"[a-z][a-z0-9-]{0,30}\.[0-9a-f]{64}")
BESIDE = re.compile(r"\.new-[0-9a-f]{16}")
IGNORE = ".gitignore"
CLOSE_ON_EXEC = getattr(os, "O_CLOEXEC", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0) | CLOSE_ON_EXEC
OPEN_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | NO_LINK
OPEN_ENTRY = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | NO_LINK
OPEN_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK


class Kept:
    """Entries in one folder; none at all where the folder is None or cannot be used.

    Attributes:
        folder: The folder; it is made when the first entry is put into it.

    Example:
        >>> Kept(None).get("folded", "anything") is None
        True
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder if os.open in os.supports_dir_fd else None

    def get(self, kind: str, key: str) -> bytes | None:
        """Return what was kept, or None.

        Args:
            kind: What sort of result; lower case letters, digits and hyphens.
            key: The hash of the input and the versions of all that made the result.
        """
        if self.folder is None:
            return None
        try:
            with _opened(self.folder) as folder:
                handle = os.open(_name(kind, key), OPEN_ENTRY, dir_fd=folder)
                with os.fdopen(handle, "rb") as stream:
                    about = os.fstat(handle)
                    if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST_ENTRY + HASH_SIZE:
                        return None
                    entry = stream.read(LARGEST_ENTRY + HASH_SIZE)
        except (OSError, MemoryError):
            return None
        data = entry[HASH_SIZE:]
        return data if entry[:HASH_SIZE] == _seal(kind, key, data) else None

    def has(self, kind: str, key: str) -> bool:
        """Return whether an entry of this name is there; whether it is sound only `get` can say."""
        if self.folder is None:
            return False
        try:
            with _opened(self.folder) as folder:
                return stat.S_ISREG(os.stat(_name(kind, key), dir_fd=folder, follow_symlinks=False).st_mode)
        except OSError:
            return False

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep a result; the oldest entries go where the folder would hold over 512 MB.

        Args:
            kind: As for `get`.
            key: As for `get`.
            data: At most 96 MB; more is not kept.
        """
        if self.folder is None or len(data) > LARGEST_ENTRY:
            return
        with contextlib.suppress(OSError, MemoryError):
            with contextlib.suppress(FileExistsError):
                os.mkdir(self.folder, 0o755)
            with _opened(self.folder) as folder:
                _ignore(folder)
                _make_room(folder, len(data) + HASH_SIZE)
                _write(folder, _name(kind, key), (_seal(kind, key, data), data))


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    """Open a folder that is no symbolic link."""
    handle = os.open(folder, OPEN_FOLDER)
    try:
        yield handle
    finally:
        os.close(handle)


def _name(kind: str, key: str) -> str:
    if not KIND.fullmatch(kind):
        raise ValueError(f"the kind of a kept entry is lower case letters, digits and hyphens, not {kind!r}")
    return f"{kind}.{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _seal(kind: str, key: str, data: bytes) -> bytes:
    """Return the hash of an entry: of its name as well, so that one entry put in the place of another is seen."""
    seal = hashlib.sha256(_name(kind, key).encode("ascii") + b"\n")
    seal.update(data)
    return seal.digest()


def _ignore(folder: int) -> None:
    """Keep the folder out of version control."""
    with contextlib.suppress(FileExistsError):
        handle = os.open(IGNORE, OPEN_NEW, 0o644, dir_fd=folder)
        with os.fdopen(handle, "wb") as stream:
            stream.write(b"*\n")


def _write(folder: int, name: str, parts: tuple[bytes, ...]) -> None:
    """Write an entry beside its place and move it there, so that a reader finds all of it or nothing."""
    beside = f".new-{secrets.token_hex(8)}"
    handle = os.open(beside, OPEN_NEW, 0o644, dir_fd=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            for part in parts:
                stream.write(part)
        os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside, dir_fd=folder)
        raise


def _make_room(folder: int, wanted: int) -> None:
    """Remove the oldest entries until another one fits; what is not an entry is left alone."""
    entries = []
    total = wanted
    for name in os.listdir(folder):
        if not (ENTRY.fullmatch(name) or BESIDE.fullmatch(name)):
            continue
        with contextlib.suppress(OSError):
            about = os.stat(name, dir_fd=folder, follow_symlinks=False)
            entries.append((about.st_mtime_ns, name, about.st_size))
            total += about.st_size
    for _, name, size in sorted(entries):
        if total <= LARGEST_TOTAL:
            return
        with contextlib.suppress(OSError):
            os.unlink(name, dir_fd=folder)
            total -= size
