"""`muniment draft`: records that a language model proposes, kept only where their quotations stand in the file sent."""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from muniment.cli.options import BOOK_FILE, chosen_format, emit, is_book, nearest_book, write
from muniment.render.formats import FORMATS

if TYPE_CHECKING:
    from muniment.book.book import Book
    from muniment.evidence.documents import Document
    from muniment.evidence.drafting.endpoint import Endpoint
    from muniment.evidence.drafting.passages import Passage
    from muniment.evidence.drafting.proposals import Discarded, Draft
    from muniment.render.formats import Format

URL, MODEL, KEY = "MUNIMENT_DRAFT_URL", "MUNIMENT_DRAFT_MODEL", "MUNIMENT_DRAFT_KEY"
NOT_CONFIGURED = (
    f"nothing is sent unless you name a service: set {URL} to its address, as in http://localhost:11434/v1, and "
    f"{MODEL} to the name of its model ({KEY} to its key, if it wants one)"
)
USUAL_SECONDS = 120
USUAL_REQUESTS = 50
LARGEST_FILE = 64 * 1024 * 1024


@dataclass(slots=True)
class _Drafted:
    """What has come of the files so far.

    Attributes:
        kept: Id of the source, and the record.
        discarded: Id of the source, and why.
        failures: One sentence for each request that came to nothing.
        sent: Requests that were sent, answered or not.
        characters: Of the passages that were sent.
    """

    kept: list[tuple[str, Draft]] = field(default_factory=list)
    discarded: list[tuple[str, Discarded]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    sent: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class _Sent:
    """One file that is to be sent."""

    source: str
    path: Path
    document: Document
    passages: tuple[Passage, ...]


@click.command("draft")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--book", type=click.Path(path_type=Path), metavar="BOOK", help="The book that the records are for.")
@click.option("--source", metavar="ID", help="The source that FILE is, where the book does not name FILE.")
@click.option("--url", envvar=URL, show_envvar=False, metavar="URL", help=f"The service to send to; also from {URL}.")
@click.option("--model", envvar=MODEL, show_envvar=False, metavar="MODEL", help=f"The model to ask; also from {MODEL}.")
@click.option("--dry-run", is_flag=True, help="Send nothing; print exactly what would be sent.")
@click.option("--confidential", is_flag=True, help="Send sources too that the book marks as confidential.")
@click.option(
    "--most", type=click.IntRange(1, 10_000), default=USUAL_REQUESTS, show_default=True, help="Requests, at most."
)
@click.option(
    "--timeout",
    "seconds",
    type=click.IntRange(1, 3_600),
    default=USUAL_SECONDS,
    show_default=True,
    help="Seconds for each request.",
)
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), metavar="FILE", help="A new file to write to.")
@click.option("--format", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print.")
@click.option("--json", is_flag=True, help="Short for --format json.")
def command(
    files: tuple[Path, ...],
    book: Path | None,
    source: str | None,
    url: str | None,
    model: str | None,
    dry_run: bool,
    confidential: bool,
    most: int,
    seconds: int,
    out: Path | None,
    format: Format,  # noqa: A002
    json: bool,
) -> int:
    """Ask a language model that you name for records of what FILES state.

    The text of FILES is sent to the service; nothing else of Muniment ever leaves the machine. A record is kept only if
    it reads, and if each of its quotations stands in the file that was sent. What the record says of the quotation is
    for you to read.

    The service, the model and the key are never taken from a book; the key is taken from the environment alone.
    """
    from muniment.book.load import load

    endpoint = _endpoint(url, model)
    form = chosen_format(format, json)
    if out is not None and out.exists():
        raise click.UsageError(f"'{out}' is there already; name a new file")
    loaded = load(_book(book))
    to_send = [_open(path, loaded, source if len(files) == 1 else None, confidential) for path in files]
    if source is not None and len(files) > 1:
        raise click.UsageError("--source names one file; give one FILE")
    count = sum(len(each.passages) for each in to_send)
    if count > most:
        raise click.UsageError(
            f"the text makes {count:,} requests; at most {most:,} are sent; raise --most, or give less"
        )
    if dry_run:
        _print_requests(to_send, loaded, endpoint)
        return 0
    drafted = _draft(to_send, loaded, endpoint, seconds)
    return _say(drafted, to_send, loaded, endpoint, out, form)


def _endpoint(url: str | None, model: str | None) -> Endpoint:
    from muniment.evidence.drafting.endpoint import endpoint_at

    if not url or not model:
        raise click.UsageError(NOT_CONFIGURED)
    try:
        return endpoint_at(url, model, os.environ.get(KEY, ""))
    except ValueError as fault:
        raise click.UsageError(str(fault)) from None


def _book(book: Path | None) -> Path:
    if book is None:
        found = nearest_book(Path.cwd())
        if found is None:
            raise click.UsageError(f"no {BOOK_FILE} in this folder or above it; name the book with --book")
        return found
    if not is_book(str(book)) or not book.is_dir():
        raise click.UsageError(f"'{book}' is not the folder of a book: it has no {BOOK_FILE}")
    return book


def _open(path: Path, book: Book, source: str | None, confidential: bool) -> _Sent:
    """Read a file and find the source that it is.

    Raises:
        click.UsageError: If it cannot be sent.
    """
    import hashlib

    from muniment.evidence.documents import read_document
    from muniment.evidence.drafting.passages import passages_of
    from muniment.model.terms import IDENTIFIER

    data = _read(path)
    digest = hashlib.sha256(data).hexdigest()
    name = source or _source_of(path, digest, book)
    if name is None:
        raise click.UsageError(f"no source of the book is '{path}'; say which it is to be with --source ID")
    if not IDENTIFIER.match(name):
        raise click.UsageError(f"'{name}' is not an id; an id has small letters, digits and hyphens")
    record = book.index.defined.get(name)
    if record is not None and record.kind != "source":
        raise click.UsageError(f"'{name}' is a {record.kind} of the book, not a source")
    if record is not None and record.value("confidential") and not confidential:
        raise click.UsageError(
            f"source '{name}' is marked as confidential; to send it all the same, add --confidential"
        )
    language = str(record.value("language") or "") if record is not None else ""
    kind = str(record.value("kind") or "") if record is not None else ""
    document = read_document(data, path.name, language, digest, kind=kind)
    passages = passages_of(document)
    if not passages:
        why = f": {document.unreadable}" if document.unreadable else ""
        raise click.UsageError(f"'{path}' has no text that could be sent{why}")
    return _Sent(name, path, document, passages)


def _read(path: Path) -> bytes:
    """Return the bytes of an ordinary file."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise click.UsageError(f"'{path}' is not an ordinary file")
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise click.UsageError(f"'{path}' has over {LARGEST_FILE // 1024 // 1024} MB")
    return data


def _source_of(path: Path, digest: str, book: Book) -> str | None:
    """Return the id of the source that a file is: by hash, by place in the book, or by a name that only one has."""
    records = book.records_of("source")
    by_hash = [record.name for record in records if str(record.value("sha256") or "").lower().endswith(digest)]
    if by_hash:
        return by_hash[0]
    named = [(record.name, str(record.value("file") or "")) for record in records]
    here = path.resolve()
    by_place = [name for name, file in named if file and (book.path / file).resolve() == here]
    if by_place:
        return by_place[0]
    by_name = [name for name, file in named if file.rpartition("/")[2] == path.name]
    return by_name[0] if len(by_name) == 1 else None


def _print_requests(to_send: Sequence[_Sent], book: Book, endpoint: Endpoint) -> None:
    """Print each request as it would be sent, the key left out; bodies are ASCII, so they print as they are."""
    from muniment.evidence.drafting.requests import names_in, request_body

    for each in to_send:
        for passage in each.passages:
            body = request_body(passage, each.source, names_in(passage, book), endpoint.model)
            headers = endpoint.headers(len(body))
            if "Authorization" in headers:
                headers["Authorization"] = f"Bearer [the key in {KEY}]"
            lines = [f"POST {endpoint.url}", *(f"{name}: {value}" for name, value in headers.items())]
            write("\n".join(lines) + f"\n\n{body.decode('ascii')}\n\n")


def _draft(to_send: Sequence[_Sent], book: Book, endpoint: Endpoint, seconds: int) -> _Drafted:
    """Send every passage and sift every answer; the first request that fails to get one is the last."""
    from muniment.evidence.drafting.endpoint import Answered, Failed, ask
    from muniment.evidence.drafting.proposals import sift
    from muniment.evidence.drafting.replies import Unusable, content_of
    from muniment.evidence.drafting.requests import names_in, request_body
    from muniment.evidence.searching import Prepared

    drafted = _Drafted()
    known = frozenset(book.index.defined)
    for each in to_send:
        prepared = Prepared()
        for passage in each.passages:
            where = f"@{each.source}, ll. {passage.first_line}-{passage.last_line}"
            body = request_body(passage, each.source, names_in(passage, book), endpoint.model)
            answered = ask(endpoint, body, seconds)
            if isinstance(answered, Answered) or answered.was_sent:
                drafted.sent, drafted.characters = drafted.sent + 1, drafted.characters + len(passage.text)
            if isinstance(answered, Failed):
                drafted.failures.append(f"{where}: {answered.message}; nothing more was sent")
                return drafted
            content = content_of(answered.body)
            if isinstance(content, Unusable):
                drafted.failures.append(f"{where}: {content.message}")
                continue
            if content.is_cut:
                drafted.failures.append(f"{where}: the model stopped before the end of its answer")
            kept, discarded = sift(content.text, each.source, each.document, known, prepared)
            have = {draft.text for _, draft in drafted.kept}
            drafted.kept += [(each.source, draft) for draft in kept if draft.text not in have]
            drafted.discarded += [(each.source, one) for one in discarded]
    return drafted


def _say(
    drafted: _Drafted, to_send: Sequence[_Sent], book: Book, endpoint: Endpoint, out: Path | None, form: Format
) -> int:
    """Print or write what was kept; say on standard error what was sent and what was discarded."""
    from muniment.cli.fmt import write_file

    text = _records_text(drafted, endpoint)
    if out is not None and drafted.kept:
        write_file(out, text)
    if form == "table":
        if out is None:
            write(text)
        _report(drafted, to_send, endpoint, out)
    else:
        emit(_answer(drafted, book, endpoint), form)
    return int(bool(drafted.failures))


def _records_text(drafted: _Drafted, endpoint: Endpoint) -> str:
    """Return the records as a file, with a comment that says where they come from."""
    if not drafted.kept:
        return ""
    sources = ", ".join(dict.fromkeys(f"@{source}" for source, _ in drafted.kept))
    head = f"# Drafted by the model {endpoint.model} from {sources}. Each quotation stands there; the rest is unread."
    parts = [head]
    for _, draft in drafted.kept:
        notes = "".join(f"# {note}\n" for note in _notes(draft))
        parts.append(f"{notes}{draft.text.rstrip()}")
    return "\n\n".join(parts) + "\n"


def _notes(draft: Draft) -> tuple[str, ...]:
    """Return what the reader should look at before keeping a record."""
    notes = []
    if draft.not_quoted:
        notes.append(f"not in its quotations: {'; '.join(draft.not_quoted)}")
    if draft.unknown:
        notes.append(f"the book does not define: {', '.join(draft.unknown)}")
    if draft.is_known:
        notes.append(f"the book already defines: {draft.name}")
    return tuple(notes)


def _report(drafted: _Drafted, to_send: Sequence[_Sent], endpoint: Endpoint, out: Path | None) -> None:
    from muniment.render.inert import inert_line

    for failure in drafted.failures:
        sys.stderr.write(inert_line(f"Error: {failure}") + "\n")
    for source, one in drafted.discarded:
        detail = f": {one.detail}" if one.detail else ""
        sys.stderr.write(inert_line(f"discarded, {one.reason}{detail} (@{source}: {one.head})") + "\n")
    counts = Counter(one.reason for _, one in drafted.discarded)
    reasons = f" ({', '.join(f'{count} {reason}' for reason, count in counts.most_common())})" if counts else ""
    written = f", written to {out}" if out is not None and drafted.kept else ""
    sys.stderr.write(
        inert_line(
            f"{drafted.sent} of {sum(len(each.passages) for each in to_send)} passages with {drafted.characters:,} "
            f"characters sent to {endpoint.address}; {len(drafted.kept)} kept{written}, "
            f"{len(drafted.discarded)} discarded{reasons}."
        )
        + "\n"
    )


def _answer(drafted: _Drafted, book: Book, endpoint: Endpoint) -> Any:
    from muniment.answers.header import header
    from muniment.book.accounts import World
    from muniment.render.answer import Answer, Column, Table

    rows = [
        {
            "source": source,
            "kind": draft.kind,
            "name": draft.name,
            "text": draft.text,
            "quotations": [quoted._asdict() for quoted in draft.quotations],
            "not_quoted": list(draft.not_quoted),
            "unknown": list(draft.unknown),
            "is_known": draft.is_known,
        }
        for source, draft in drafted.kept
    ]
    data = header(World(book)) | {
        "endpoint": endpoint.url,
        "model": endpoint.model,
        "sent": drafted.sent,
        "characters": drafted.characters,
        "rows": rows,
        "discarded": [{"source": source, **one._asdict()} for source, one in drafted.discarded],
        "failures": drafted.failures,
    }
    kept = Table(
        "Drafted records",
        (Column("Source"), Column("Record"), Column("To look at")),
        tuple((f"@{source}", draft.text.rstrip(), "; ".join(_notes(draft))) for source, draft in drafted.kept),
    )
    discarded = Table(
        "Discarded",
        (Column("Source"), Column("Why"), Column("Detail"), Column("Record")),
        tuple((f"@{source}", one.reason, one.detail, one.head) for source, one in drafted.discarded),
        "\n".join(drafted.failures),
    )
    return Answer("draft", data, (kept, discarded))
