"""A manifest: every source of a book with the file that holds it, its hash and size."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from muniment.book.book import Book
from muniment.evidence.documents import read_document
from muniment.evidence.shelves import Shelves, find_source
from muniment.model.records import Record

SourceState = Literal["held", "stale", "not-held", "refused", "unreadable"]
HEAD = "muniment manifest 1"
FIELDS = ("source", "state", "sha256", "size", "file", "extractor")
NONE = "-"
MOST_LINES = 200_000


class Entry(NamedTuple):
    """One source.

    Attributes:
        source: Its id.
        state: ``held``; ``stale`` (the file is not the one whose hash the record states); ``not-held``; ``refused``
            (the file may not be read); ``unreadable`` (no text can be had of it).
        sha256: Of the file as it is; empty if there is none.
        size: Of the file in bytes; None if there is none.
        file: Where it is, relative to the book or to the folder that holds it; empty if there is none.
        extractor: What makes its text, with its version; empty if there is none.
    """

    source: str
    state: SourceState
    sha256: str
    size: int | None
    file: str
    extractor: str


class Departure(NamedTuple):
    """A field in which a source is not what an earlier manifest says.

    Attributes:
        source: Its id.
        field: A field of `Entry`; ``source`` where one of the two has no such source.
        before: As the earlier manifest has it; empty if it has not.
        now: As it is; empty if it is not.
    """

    source: str
    field: str
    before: str
    now: str


def manifest_of(book: Book, folders: Sequence[Path] = ()) -> tuple[Entry, ...]:
    """Return an entry for every source of a book, by id.

    Args:
        book: As loaded.
        folders: Where sources lie that the book does not hold.
    """
    shelves = Shelves(folders)
    records = sorted(book.records_of("source"), key=lambda record: record.name)
    return tuple(_entry(record, book.path, shelves) for record in records)


def _entry(record: Record, root: Path, shelves: Shelves) -> Entry:
    found = find_source(_stated(record, "file"), _stated(record, "sha256") or None, root, shelves)
    if found.state not in ("held", "stale"):
        return Entry(record.name, found.state, "", None, "", "")
    name = found.path.rpartition("/")[2]
    document = read_document(
        found.data, name, _stated(record, "language"), found.sha256, found.notes, _stated(record, "kind")
    )
    state: SourceState = "unreadable" if document.unreadable and found.state == "held" else found.state
    return Entry(record.name, state, found.sha256, len(found.data), found.path, document.extractor)


def _stated(record: Record, label: str) -> str:
    fact = record.fact(label)
    return fact.statements[0].text.strip() if fact and fact.statements else ""


def to_json(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return entries as `muniment manifest --format json` gives them."""
    return [entry._asdict() for entry in entries]


def to_text(entries: Sequence[Entry]) -> str:
    """Return entries as a file for people, for version control and for `from_text`: one source a line, tabs between."""
    lines = [HEAD, "\t".join(FIELDS)]
    lines += ["\t".join(_words(value) for value in entry) for entry in entries]
    return "\n".join(lines) + "\n"


def _words(value: object) -> str:
    return NONE if value in (None, "") else str(value)


def from_text(text: str) -> tuple[Entry, ...]:
    """Read a manifest in either of its forms, text or JSON.

    Raises:
        ValueError: If it is none, with one sentence that says why; also where one source stands in it twice.
    """
    entries = _from_json(text) if text.lstrip().startswith("{") else _from_lines(text.splitlines())
    seen: set[str] = set()
    for entry in entries:
        if entry.source in seen:
            raise ValueError(f"source '{entry.source}' stands in it twice")
        seen.add(entry.source)
    return entries


def _from_lines(lines: Sequence[str]) -> tuple[Entry, ...]:
    if lines[:2] != [HEAD, "\t".join(FIELDS)]:
        raise ValueError(f"its first line is not '{HEAD}', or its second does not name the columns")
    if len(lines) > MOST_LINES:
        raise ValueError(f"it has more than {MOST_LINES:,} lines")
    entries = []
    for number, line in enumerate(lines[2:], start=3):
        words = ["" if word == NONE else word for word in line.split("\t")]
        if len(words) != len(FIELDS):
            raise ValueError(f"line {number} has {len(words)} columns, not {len(FIELDS)}")
        entries.append(_checked(dict(zip(FIELDS, words, strict=True))))
    return tuple(entries)


def _from_json(text: str) -> tuple[Entry, ...]:
    try:
        data = json.loads(text, object_pairs_hook=_each_once)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except json.JSONDecodeError as fault:
        raise ValueError(f"it is no JSON: {fault.msg} in line {fault.lineno}") from None
    if not isinstance(data, dict) or data.get("format") != 1 or not isinstance(data.get("sources"), list):
        raise ValueError("it is no manifest of format 1")
    return tuple(_checked(each) for each in data["sources"])


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _checked(fields: object) -> Entry:
    """Return an entry from what a file holds."""
    if not isinstance(fields, dict) or set(fields) != set(FIELDS):
        raise ValueError(f"an entry has other fields than {', '.join(FIELDS)}")
    size = fields["size"]
    if isinstance(size, str):
        size = int(size) if size.isascii() and size.isdigit() and len(size) < 20 else None if not size else "?"
    texts = [fields[name] for name in FIELDS if name != "size"]
    if not all(isinstance(text, str) for text in texts) or not (size is None or type(size) is int):
        raise ValueError("an entry has a value of another type")
    return Entry(fields["source"], fields["state"], fields["sha256"], size, fields["file"], fields["extractor"])


def departures(before: Sequence[Entry], now: Sequence[Entry]) -> tuple[Departure, ...]:
    """Return in what the sources differ from an earlier manifest, by id and field."""
    earlier, later = ({entry.source: entry for entry in entries} for entries in (before, now))
    found: list[Departure] = []
    for source in sorted(earlier.keys() | later.keys()):
        old, new = earlier.get(source), later.get(source)
        if old is None or new is None:
            found.append(Departure(source, "source", source if old else "", source if new else ""))
            continue
        found += [
            Departure(source, field, _words(one), _words(other))
            for field, one, other in zip(FIELDS, old, new, strict=True)
            if one != other
        ]
    return tuple(found)
