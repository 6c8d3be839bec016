"""Threads of the mail that a book's sources hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from muniment.book.book import Book
from muniment.evidence.documents import read_document
from muniment.evidence.shelves import Shelves, find_source
from muniment.evidence.threads import Mail, Thread, mails_of, threads_of
from muniment.model.records import Record


class Unread(NamedTuple):
    """A source whose text could not be had, and why."""

    source: str
    why: str


class Threads(NamedTuple):
    """The threads of a book's mail.

    Attributes:
        threads: In the order of their first messages.
        sources: Ids of the sources that were read, in the order of the book.
        unread: Those that could not be.
    """

    threads: tuple[Thread, ...]
    sources: tuple[str, ...]
    unread: tuple[Unread, ...]


def sources_of(book: Book) -> tuple[str, ...]:
    """Return the ids of a book's sources, in file order."""
    return tuple(record.name for record in book.records_of("source"))


def mail_threads(book: Book, folders: Sequence[Path] = (), only: Sequence[str] = ()) -> Threads:
    """Return the threads of the mail in a book's sources.

    Args:
        book: As loaded.
        folders: Where sources lie that the book does not hold (`--sources`).
        only: Ids of the sources to read; all if empty.
    """
    shelves = Shelves(folders)
    mails: list[Mail] = []
    read: list[str] = []
    unread: list[Unread] = []
    for record in book.records_of("source"):
        if only and record.name not in only:
            continue
        found, why = _mails(record, book.path, shelves)
        if why:
            unread.append(Unread(record.name, why))
        else:
            read.append(record.name)
            mails += found
    return Threads(threads_of(mails), tuple(read), tuple(unread))


def _mails(record: Record, root: Path, shelves: Shelves) -> tuple[tuple[Mail, ...], str]:
    """Return the messages of a source, or why it could not be read."""
    stated = {label: _stated(record, label) for label in ("file", "sha256", "language", "kind")}
    found = find_source(stated["file"], stated["sha256"] or None, root, shelves)
    if found.state == "refused":
        return (), found.fault
    if found.state == "not-held":
        return (), "it is not held"
    name = found.path.rpartition("/")[2]
    document = read_document(found.data, name, stated["language"], found.sha256, found.notes, stated["kind"])
    path = f"{found.path}#text" if document.is_extracted else found.path
    return mails_of(document, record.name, path), document.unreadable


def _stated(record: Record, label: str) -> str:
    fact = record.fact(label)
    return fact.statements[0].text.strip() if fact and fact.statements else ""


def threads_json(found: Threads) -> dict[str, Any]:
    """Return threads as `muniment threads --format json` gives them, below the header."""
    return {
        "threads": [
            {
                "subject": thread.subject,
                "joined_by": list(thread.grounds),
                "messages": [
                    {
                        "source": mail.source,
                        "at": f"{mail.path}:{mail.line}:1",
                        "line": mail.line,
                        "sender": mail.message.sender,
                        "recipients": list(mail.message.recipients),
                        "copies": list(mail.message.cc),
                        "date": mail.message.sent.isoformat() if mail.message.sent else None,
                        "time": mail.message.at.isoformat() if mail.message.at else None,
                        "subject": mail.message.subject,
                        "id": mail.message.id or None,
                        "answers": None if answered is None else answered + 1,
                    }
                    for mail, answered in zip(thread.mails, thread.answers, strict=True)
                ],
            }
            for thread in found.threads
        ],
        "sources": list(found.sources),
        "unread": [{"source": each.source, "why": each.why} for each in found.unread],
    }
