"""Read an Open Cap Format package from a folder or a zip archive. Nothing that stands in one raises."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Literal, NamedTuple

from muniment.formats.ocf_types import (
    FILES,
    KNOWN,
    MANIFEST,
    ON_A_SECURITY,
    OPTIONAL_LISTS,
    REQUIRED,
    SHAPES,
    canonical,
    has_shape,
    number,
)

LARGEST_FILE = 64 * 1024 * 1024
LARGEST_PACKAGE = 256 * 1024 * 1024
MOST_FILES = 2_000
DEEPEST = 60
MOST_OF_A_KIND = 50


class Finding(NamedTuple):
    """What is wrong with a package, or cannot be carried over.

    Attributes:
        where: File and item (`Transactions.ocf.json item 3`), or the object it is about.
        severity: ``error`` where something is left out of the figures, ``warning`` where it is taken as said,
            ``note`` where it is only carried along.
        kind: A short name of the finding, the same for all alike.
    """

    where: str
    severity: Literal["error", "warning", "note"]
    kind: str
    message: str


class Item(NamedTuple):
    """One object of a package.

    Attributes:
        kind: Its type under its present name.
        id: Its own id; empty if it has none.
        where: File and place in it, 1-based.
        data: The object as it stands in the file.
        usable: Whether every field that something is computed from is there and has its shape.
    """

    kind: str
    id: str
    where: str
    data: Mapping[str, Any]
    usable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package as it was read.

    Attributes:
        manifest: The manifest without its lists of files.
        issuer: None where the manifest has none.
        items: Every object of every file, the issuer left out, in order of file.
        findings: What could not be read, or is not as it should be.
        checked: Files whose MD5 is the one the manifest gives.
    """

    manifest: Mapping[str, Any] = field(default_factory=dict)
    issuer: Item | None = None
    items: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()
    checked: tuple[str, ...] = ()

    def of(self, *kinds: str) -> tuple[Item, ...]:
        """Return the objects of some types, in order of file."""
        return tuple(item for item in self.items if item.kind in kinds)


class _Unreadable(Exception):  # noqa: N818 - it never leaves this module
    """Carries the reason out."""


def read_package(path: str | os.PathLike[str], every_file: bool = False) -> Package:
    """Read a package.

    The manifest is the one file of the type ``OCF_MANIFEST_FILE``, whatever its name. Files are compared with the MD5
    that it gives. A file that it does not name is left out, and said.

    Args:
        path: A folder, or a zip archive of one.
        every_file: Read files that the manifest does not name too.

    Returns:
        The package, with everything that is wrong with it. Without a manifest, or with two, it has no items.

    Raises:
        FileNotFoundError: If there is neither a folder nor a file of that name.
    """
    root = Path(path)
    if not root.exists():
        raise FileNotFoundError(f"there is no file or folder '{path}'")
    findings: list[Finding] = []
    contents = dict(_folder(root, findings) if root.is_dir() else _archive(root, findings))
    return package_of(contents, findings, every_file)


def package_of(
    contents: Mapping[str, bytes], findings: list[Finding] | None = None, every_file: bool = True
) -> Package:
    """Return the package that files make up.

    Args:
        contents: Bytes by path inside the package, with `/` between folders.
        findings: What was found before, to which more is added.
        every_file: Read files that the manifest does not name too.
    """
    found = findings if findings is not None else []
    read: dict[str, dict[str, Any]] = {}
    for name, data in sorted(contents.items()):
        try:
            value = _json(data)
        except _Unreadable as fault:
            found.append(Finding(name, "error", "not JSON", str(fault)))
            continue
        if isinstance(value, dict) and isinstance(value.get("file_type"), str):
            read[name] = value
        elif name.lower().endswith(".ocf.json"):
            found.append(Finding(name, "error", "no file type", "the file does not say its 'file_type'"))
    manifests = [name for name, value in read.items() if value["file_type"] == MANIFEST]
    if len(manifests) != 1:
        names = f": {', '.join(manifests[:5])}" if manifests else ""
        message = f"a package has one file of the type {MANIFEST}; this has {len(manifests) or 'none'}{names}"
        found.append(Finding("package", "error", "manifest", message))
        return Package(findings=_few(found))
    return _assembled(manifests[0], read, contents, found, every_file)


def _assembled(
    at: str,
    read: Mapping[str, dict[str, Any]],
    contents: Mapping[str, bytes],
    found: list[Finding],
    every_file: bool,
) -> Package:
    manifest = read[at]
    chosen: list[str] = []
    checked: list[str] = []
    for label, file_type in FILES.items():
        entries = manifest.get(label)
        if entries is None and label in OPTIONAL_LISTS:
            continue
        if not isinstance(entries, list):
            found.append(Finding(at, "warning", "manifest", f"the manifest has no list '{label}'"))
            continue
        for index, entry in enumerate(entries, 1):
            name = _named(at, f"{at} {label} {index}", entry, contents, found)
            if name is None or name in chosen:
                continue
            digest = hashlib.md5(contents[name], usedforsecurity=False).hexdigest()
            if digest == entry.get("md5"):
                checked.append(name)
            else:
                message = f"its MD5 is {digest}, the manifest says {entry.get('md5', 'nothing')!s:.60}"
                found.append(Finding(name, "warning", "MD5", message))
            if name in read:
                if read[name]["file_type"] != file_type:
                    message = f"it is of the type {read[name]['file_type']!s:.60}, listed under {label}"
                    found.append(Finding(name, "warning", "file type", message))
                chosen.append(name)
    for name, value in read.items():
        if name == at or name in chosen or value["file_type"] not in FILES.values():
            continue
        if every_file:
            chosen.append(name)
        else:
            found.append(Finding(name, "warning", "not in the manifest", "the manifest does not name it: left out"))
    items = [item for name in chosen for item in _items(name, read[name], found)]
    issuer = manifest.get("issuer")
    first = None
    if isinstance(issuer, dict):
        first = Item("ISSUER", str(issuer.get("id", "")), f"{at} issuer", issuer)
    else:
        found.append(Finding(at, "error", "no issuer", "the manifest names no issuer"))
    rest = {key: value for key, value in manifest.items() if key not in FILES and key != "issuer"}
    unique = _unique(items, found)
    return Package(manifest=rest, issuer=first, items=unique, findings=_few(found), checked=tuple(checked))


def _named(at: str, where: str, entry: Any, contents: Mapping[str, bytes], found: list[Finding]) -> str | None:
    """Return the file that an entry of the manifest names; None, with a finding, if it is not in the package."""
    path = entry.get("filepath") if isinstance(entry, dict) else None
    if not isinstance(path, str) or not path:
        found.append(Finding(where, "error", "manifest", "the entry names no file"))
        return None
    parts: list[str] = list(PurePosixPath(at).parent.parts)
    for part in path.replace("\\", "/").split("/"):
        if (part == ".." and not parts) or path.startswith("/") or ":" in part:
            found.append(Finding(where, "error", "path", f"'{path[:80]}' leads out of the package"))
            return None
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    name = "/".join(parts)
    if name not in contents:
        found.append(Finding(where, "error", "missing file", f"'{path[:80]}' is not in the package"))
        return None
    return name


def _items(name: str, value: Mapping[str, Any], found: list[Finding]) -> Iterator[Item]:
    listed = value.get("items")
    if not isinstance(listed, list):
        found.append(Finding(name, "error", "no items", "the file has no list 'items'"))
        return
    for index, data in enumerate(listed, 1):
        where = f"{name} item {index}"
        named = data.get("object_type") if isinstance(data, dict) else None
        if not isinstance(named, str):
            found.append(Finding(where, "error", "no object type", "it does not say its 'object_type': left out"))
            continue
        kind = canonical(named)
        own = data.get("id")
        usable = True
        if kind not in KNOWN:
            found.append(Finding(where, "warning", "unknown type", f"'{kind[:60]}' is no type known: carried along"))
            usable = False
        if not isinstance(own, str) or not own:
            found.append(Finding(where, "error", "no id", "the object has no id"))
            own, usable = "", False
        for message in _misshapen(kind, data):
            found.append(Finding(f"{where} ({own[:60]})", "error", "field", message))
            usable = False
        yield Item(kind, own, where, data, usable)


def _misshapen(kind: str, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the fields of an object from which something is computed."""
    required = REQUIRED.get(kind) or (("security_id", "date") if kind in ON_A_SECURITY else ())
    for label in required:
        value = data.get(label)
        if value in (None, "", []) or (isinstance(value, dict) and value.get("omitted") is True):
            yield f"'{label}' is missing"
    for label, value in data.items():
        shape = "name" if label == "name" and kind == "STAKEHOLDER" else SHAPES.get(label)
        if shape is None or value is None or (isinstance(value, dict) and value.get("omitted") is True):
            continue
        if value == "" and label not in required:
            continue
        if not has_shape(value, shape):
            yield f"'{label}' is not a {shape}: {json.dumps(value)[:60]}"
        elif shape == "number" and (number(value) or 0) < 0:
            yield f"'{label}' is below zero: {json.dumps(value)[:60]}"


def _unique(items: list[Item], found: list[Finding]) -> tuple[Item, ...]:
    """Report ids that stand twice; all objects are kept, for none is more right than another."""
    first: dict[tuple[str, str], Item] = {}
    for item in items:
        key = (item.kind, item.id)
        if item.id and key in first:
            same = "the same" if first[key].data == item.data else "another"
            message = f"the id '{item.id[:60]}' stands at {first[key].where} too, on {same} object"
            found.append(Finding(item.where, "warning", "id twice", message))
        first.setdefault(key, item)
    return tuple(items)


def _json(data: bytes) -> Any:
    """Return a JSON value; numbers with a point stay text, so that none is rounded.

    Raises:
        _Unreadable: If it is none, a key stands twice, or it is nested too deeply.
    """

    def pairs(given: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(given)
        if len(made) != len(given):
            raise _Unreadable("a key stands twice in one object")
        return made

    def constant(word: str) -> Any:
        raise _Unreadable(f"{word} is no number")

    try:
        text = data.decode("utf-8-sig")
        value = json.loads(text, parse_float=str, parse_constant=constant, object_pairs_hook=pairs)
    except UnicodeDecodeError:
        raise _Unreadable("it is not UTF-8") from None
    except RecursionError:
        raise _Unreadable(f"it is nested deeper than {DEEPEST}") from None
    except ValueError as fault:
        raise _Unreadable(f"it is not JSON: {fault!s:.80}") from None
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return value
    raise _Unreadable(f"it is nested deeper than {DEEPEST}")


def _folder(root: Path, found: list[Finding]) -> Iterator[tuple[str, bytes]]:
    """Yield the JSON files of a folder, links that lead out of it left alone."""
    total = count = 0
    base = root.resolve()
    for path in sorted(root.rglob("*.json")):
        name = path.relative_to(root).as_posix()
        try:
            inside = path.resolve().is_relative_to(base)
            status = path.stat()
        except (OSError, RuntimeError) as fault:
            found.append(Finding(name, "error", "unreadable", f"it cannot be read: {fault!s:.80}"))
            continue
        if not inside or not stat.S_ISREG(status.st_mode):
            found.append(Finding(name, "error", "path", "it is no file of this folder: left out"))
            continue
        count, total = count + 1, total + status.st_size
        if status.st_size > LARGEST_FILE or total > LARGEST_PACKAGE or count > MOST_FILES:
            found.append(Finding(name, "error", "too large", _LIMITS))
            continue
        try:
            yield name, path.read_bytes()
        except OSError as fault:
            found.append(Finding(name, "error", "unreadable", f"it cannot be read: {fault!s:.80}"))


_LIMITS = f"left out: a file may have 64 MiB, a package 256 MiB and {MOST_FILES} files"


def _archive(path: Path, found: list[Finding]) -> Iterator[tuple[str, bytes]]:
    """Yield the JSON files of a zip archive; no more is unpacked than the limits allow, whatever its headers say."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        found.append(Finding(path.name, "error", "not an archive", f"it is neither a folder nor a zip: {fault!s:.60}"))
        return
    total, seen = 0, set()
    with archive:
        members = [each for each in archive.infolist() if each.filename.lower().endswith(".json")]
        for place, member in enumerate(members):
            name = member.filename
            parts = name.split("/")
            if name.startswith("/") or ".." in parts or "\\" in name or ":" in name:
                found.append(Finding(name[:80], "error", "path", "the path leads out of the archive: left out"))
                continue
            if "__MACOSX" in parts or parts[-1].startswith("._"):
                continue
            if name in seen:
                found.append(
                    Finding(name, "error", "twice", "the archive has two files of this name: the first counts")
                )
                continue
            seen.add(name)
            if place >= MOST_FILES:
                found.append(Finding(name, "error", "too large", _LIMITS))
                break
            try:
                with archive.open(member) as file:
                    data = file.read(min(LARGEST_FILE, LARGEST_PACKAGE - total) + 1)
            except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError) as fault:
                found.append(Finding(name, "error", "unreadable", f"it cannot be unpacked: {fault!s:.80}"))
                continue
            if len(data) > min(LARGEST_FILE, LARGEST_PACKAGE - total):
                found.append(Finding(name, "error", "too large", _LIMITS))
                continue
            total += len(data)
            yield name, data


def _few(found: list[Finding]) -> tuple[Finding, ...]:
    """Return findings, of each kind at most so many and then their number."""
    kept: list[Finding] = []
    counts: dict[str, int] = {}
    for finding in dict.fromkeys(found):
        counts[finding.kind] = counts.get(finding.kind, 0) + 1
        if counts[finding.kind] <= MOST_OF_A_KIND:
            kept.append(finding)
    for kind, count in counts.items():
        if count > MOST_OF_A_KIND:
            kept.append(Finding("package", "warning", kind, f"{count - MOST_OF_A_KIND} more like this ({kind})"))
    return tuple(kept)
