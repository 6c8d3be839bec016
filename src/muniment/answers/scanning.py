"""What `muniment scan` answers: records proposed from files, numbered, and the text of those that are chosen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from muniment.book.book import Book
from muniment.evidence.documents import Document, read_document
from muniment.evidence.scan.calendar_points import Interval, of_partial, written
from muniment.evidence.scan.findings import Finding
from muniment.evidence.scan.languages import Language
from muniment.evidence.scan.names import NOBODY, known_names
from muniment.evidence.scan.proposals import Origin, Proposal, propose, source_record
from muniment.evidence.scan.scanning import Scanned, scan
from muniment.evidence.shelves import read_below
from muniment.model.records import Record
from muniment.text import nodes
from muniment.text.reader import read
from muniment.text.writer import write

NOT_OF_IDS = re.compile(r"[^a-z0-9]+")
LONGEST_ID = 40
MOST_FINDINGS = 5_000
UNNAMEABLE = (
    "its name cannot stand in a record: it begins or ends with a space, or holds a citation such as [@x], a line break "
    "or a sign that does not print; rename it"
)


class ScannedFile(NamedTuple):
    """One file that was scanned.

    Attributes:
        path: As it was named.
        origin: The source it is.
        scanned: What was found; None where the file cannot be read.
        fault: Why it cannot be read; empty otherwise.
        notes: What the reader should know of how it was read and scanned.
    """

    path: str
    origin: Origin
    scanned: Scanned | None
    fault: str
    notes: tuple[str, ...]


class Numbered(NamedTuple):
    """A proposal with the number by which it is accepted, and the file it comes from; numbers start at 1."""

    number: int
    proposal: Proposal
    file: ScannedFile


class Scanning(NamedTuple):
    """What files propose: in the order in which they were named, each in the order of its text."""

    files: tuple[ScannedFile, ...]
    proposals: tuple[Numbered, ...]


def scan_files(
    files: Sequence[Path], book: Book | None = None, language: Language | None = None, dated: Interval | None = None
) -> Scanning:
    """Scan files and propose records.

    The same files, book and options always give the same proposals with the same numbers. Nothing leaves the machine.

    Args:
        files: Of any kind that has a reader.
        book: Whose parties, sources, seats and offices are known; None = none.
        language: Of all files; None = each file's own.
        dated: The date from which `last week` is counted; None = that of the source's record, where there is one.

    Returns:
        The files and the numbered proposals. A file that cannot be read has a fault and no proposals.
    """
    taken = set(book.index.defined) if book is not None else set()
    scanned: list[ScannedFile] = []
    numbered: list[Numbered] = []
    for path in files:
        read = _read(path, book, taken, dated)
        if isinstance(read, ScannedFile):
            scanned.append(read)
            continue
        document, origin, when = read
        names = known_names(book, origin.source) if book is not None else NOBODY
        found = scan(document, names, language, when)
        proposed = propose(found, names, origin, taken)
        file = ScannedFile(str(path), origin, found, "", (*document.notes, *proposed.notes))
        scanned.append(file)
        numbered += [Numbered(len(numbered) + at, one, file) for at, one in enumerate(proposed.proposals, 1)]
    return Scanning(tuple(scanned), tuple(numbered))


def _read(
    path: Path, book: Book | None, taken: set[str], dated: Interval | None
) -> ScannedFile | tuple[Document, Origin, Interval | None]:
    try:
        target = path.resolve(strict=True)
        data = read_below(target.parent, target.name)
    except (OSError, RuntimeError):
        return ScannedFile(str(path), Origin("", False, None, book), None, "the file cannot be opened", ())
    if not isinstance(data, bytes):
        return ScannedFile(str(path), Origin("", False, None, book), None, data.fault, ())
    record = None
    document = read_document(data, path.name)
    if book is not None:
        record = _source_of(book, path.name, document.sha256)
    if record is not None:
        document = read_document(
            data, path.name, _stated(record, "language"), document.sha256, (), _stated(record, "kind")
        )
    if document.unreadable:
        return ScannedFile(str(path), Origin("", False, None, book), None, document.unreadable, document.notes)
    if record is not None:
        return document, Origin(record.name, True, None, book), dated or of_partial(record.date)
    file = _safe_file(path.name)
    if not file:
        return ScannedFile(str(path), Origin("", False, None, book), None, UNNAMEABLE, ())
    name = _free_id(path.stem, taken)
    when = written(dated) if dated is not None else "../.."
    made = source_record(name, document.title or path.name, file, document.sha256, "", when)
    return document, Origin(name, False, made, book), dated


def _source_of(book: Book, name: str, sha256: str) -> Record | None:
    """Return the book's record of a file: by its hash, else by its name where only one source has it."""
    sources = book.index.by_kind.get("source", ())
    same = [one for one in sources if _stated(one, "sha256").removeprefix("sha256:").lower() == sha256]
    named = [one for one in sources if _stated(one, "file").rpartition("/")[2] == name]
    return same[0] if same else named[0] if len(named) == 1 else None


def _stated(record: Record, label: str) -> str:
    fact = record.fact(label)
    return fact.statements[0].text.strip() if fact and fact.statements else ""


def _safe_file(name: str) -> str:
    """Return a file's name as a value of a record; empty if a record that holds it would not read the same."""
    if not name.isprintable():
        return ""
    made = source_record("scanned", "", name, "", "", "../..")
    file, faults = read(write(nodes.File("", "", (made,))), "")
    again = [each for each in file.children if isinstance(each, nodes.Record)]
    fields = [each for one in again for each in one.children if isinstance(each, nodes.Field)]
    is_same = len(fields) == 1 and fields[0].value == name and not (fields[0].citations or faults)
    return name if is_same else ""


def _free_id(stem: str, taken: set[str]) -> str:
    """Return an id made of a file's name that the book does not use, and take it."""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    base = NOT_OF_IDS.sub("-", plain).strip("-")[:LONGEST_ID].strip("-") or "scanned"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name)
    return name


def records_text(scanning: Scanning, chosen: Iterable[int] | None = None, with_numbers: bool = True) -> str:
    """Return proposals as a file of records, those of the sources that a book lacks first.

    Args:
        scanning: What was proposed.
        chosen: Numbers of the proposals; None = all.
        with_numbers: Put a comment with its number and place above each.
    """
    wanted = None if chosen is None else set(chosen)
    kept = [one for one in scanning.proposals if wanted is None or one.number in wanted]
    children: list[nodes.Record | nodes.Comment | nodes.Blank] = []
    used = {one.proposal.source for one in kept}
    for file in scanning.files:
        if file.origin.record is not None and file.origin.source in used:
            children += [file.origin.record, nodes.Blank(0)]
    for one in kept:
        if with_numbers:
            at = f"{_commented(one.file.path)}:{one.proposal.line}:{one.proposal.column}"
            children.append(nodes.Comment(f"# {one.number}  {at}", 0, 0))
        children += [one.proposal.record, nodes.Blank(0)]
    return write(nodes.File("", "", tuple(children)))


def _commented(path: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in path)[-200:]


def to_json(scanning: Scanning) -> dict[str, Any]:
    """Return what `muniment scan --format json` gives beside the header."""
    return {
        "documents": [_document(file) for file in scanning.files],
        "rows": [_row(one) for one in scanning.proposals],
    }


def _document(file: ScannedFile) -> dict[str, Any]:
    scanned = file.scanned
    findings = scanned.findings if scanned is not None else []
    return {
        "file": file.path,
        "source": file.origin.source or None,
        "known": file.origin.is_known,
        "language": scanned.language if scanned is not None else None,
        "dated": written(scanned.dated) if scanned is not None and scanned.dated is not None else None,
        "sha256": scanned.document.sha256 if scanned is not None else None,
        "extractor": scanned.document.extractor if scanned is not None else "",
        "fault": file.fault or None,
        "notes": list(file.notes),
        "found": len(findings),
        "findings": [_finding(scanned.document, one) for one in findings[:MOST_FINDINGS]]
        if scanned is not None
        else [],
    }


def _finding(document: Document, one: Finding) -> dict[str, Any]:
    line, column = document.line_column(one.start)
    return {
        "kind": one.kind,
        "value": one.value or None,
        "unit": one.unit or None,
        "line": line,
        "column": column,
        "relative": one.is_relative,
        "rests_on": list(one.cues),
        "note": one.note or None,
    }


def _row(one: Numbered) -> dict[str, Any]:
    proposal = one.proposal
    document = one.file.scanned.document if one.file.scanned is not None else None
    return {
        "number": one.number,
        "file": one.file.path,
        "source": proposal.source,
        "place": proposal.place,
        "line": proposal.line,
        "column": proposal.column,
        "kind": proposal.record.kind,
        "date": proposal.record.date,
        "quote": proposal.quote,
        "rests_on": [cue for cue in dict.fromkeys(proposal.cues) if cue],
        "findings": [_finding(document, each) for each in proposal.findings] if document is not None else [],
        "record": write(nodes.File("", "", (proposal.record,))),
    }
