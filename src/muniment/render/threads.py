"""Threads of mail as tables."""

from __future__ import annotations

from muniment.answers.threads import Threads
from muniment.evidence.messages import Message
from muniment.evidence.threads import Ground, Thread
from muniment.render.answer import Column, Table

COLUMNS = (Column("Sent"), Column("From"), Column("To"), Column("Where"))
IN_WORDS: dict[Ground, str] = {
    "ids": "their ids",
    "heading": "the heading above them",
    "subject": "their subject",
    "quoted text": "what they quote",
    "near dates": "near dates, so perhaps not one exchange",
}


def thread_tables(found: Threads) -> tuple[Table, ...]:
    """Return a table for each thread, and what could not be read."""
    tables = [_table(number, thread) for number, thread in enumerate(found.threads, start=1)]
    if not tables:
        tables.append(Table("Threads", note="No source that was read holds mail."))
    if found.unread:
        rows = tuple((f"@{each.source}", each.why) for each in found.unread)
        tables.append(Table("Not read", (Column("Source"), Column("Why")), rows))
    return tuple(tables)


def _table(number: int, thread: Thread) -> Table:
    rows = tuple(
        (
            _when(mail.message),
            mail.message.sender,
            ", ".join((*mail.message.recipients, *(f"(cc) {name}" for name in mail.message.cc))),
            f"{mail.path}:{mail.line}",
        )
        for mail in thread.mails
    )
    grounds = "; ".join(IN_WORDS[ground] for ground in thread.grounds)
    note = f"Joined by {grounds}." if grounds else ""
    return Table(f"{number}. {thread.subject or '(no subject)'}", COLUMNS, rows, note)


def _when(message: Message) -> str:
    day = message.sent.isoformat() if message.sent else ""
    clock = message.at.isoformat("minutes") if message.at else ""
    return " ".join(part for part in (day, clock) if part) or "no date"
