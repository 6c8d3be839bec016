"""Check every quotation of a book against its source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from muniment.book.book import Book
from muniment.evidence.codes import diagnostic
from muniment.evidence.documents import Document, read_document
from muniment.evidence.gaps import GAP
from muniment.evidence.near_misses import visible
from muniment.evidence.quotes import STATES_VERIFIED, QuoteResult, check_quotation
from muniment.evidence.searching import CJK_SIGN, Prepared
from muniment.evidence.shelves import Found, Shelves, find_source
from muniment.model.records import Record
from muniment.text import nodes
from muniment.text.diagnostics import Diagnostic
from muniment.text.spans import Span

MOST_WORDS = 12
MOST_WORDS_OF_INSTRUMENT = 30
"""Of a charter or a signed agreement the clause itself is the fact, and it may be quoted at more length."""
INSTRUMENTS = ("charter", "signed agreement")
MOST_SIGNS = 30
SIGN = re.compile(f"[{CJK_SIGN}]")
WORD = re.compile(rf"[^\s{CJK_SIGN}]*[^\W_{CJK_SIGN}][^\s{CJK_SIGN}]*")


class QuoteRow(NamedTuple):
    """One quotation of the book and what was found of it.

    Attributes:
        record: Address of the record it stands in.
        source: Id of the source it is cited from; empty if it has no citation.
        place: The citation's place, as written.
        quote: The quotation, as written, on one line.
        state: See `QuoteResult`; also ``stale`` (its words stand in a file that is not the one that was read),
            ``not-held`` and ``refused``.
        critical: The difference may change the meaning.
        at: `file:line:column` in the source; empty if it was not located.
        found: The source's own words.
        diff: For a near-miss, how the words differ.
        hidden: What each gap hides.
        notes: What else the reader should know.
        span: Where the quotation stands in the book.
    """

    record: str
    source: str
    place: str
    quote: str
    state: str
    critical: bool
    at: str
    found: str
    diff: str
    hidden: tuple[str, ...]
    notes: tuple[str, ...]
    span: Span

    @property
    def is_verified(self) -> bool:
        """Whether the words stand in the source where the citation says."""
        return self.state in STATES_VERIFIED


class CheckedQuotes(NamedTuple):
    """The quotations of a book, in file order, and what is wrong with them and their sources."""

    rows: tuple[QuoteRow, ...]
    diagnostics: tuple[Diagnostic, ...]


class Quoted(NamedTuple):
    """A quotation in a book with the citation that is its authority; None if it has none."""

    quotation: nodes.Quotation
    citation: nodes.Citation | None
    record: nodes.Record


class _Source(NamedTuple):
    """A source that is quoted: its record, what was found of it, and its text if there is any."""

    record: Record
    found: Found
    document: Document | None
    span: Span


def check_quotes(book: Book, folders: Sequence[Path] = ()) -> CheckedQuotes:
    """Check every quotation of a book.

    Args:
        book: As loaded.
        folders: Where sources lie that the book does not hold (`--sources`).

    Returns:
        A row for each quotation, and diagnostics: one a quotation, and one for each source that is stale, refused or
        not held. A quotation whose source has no record is left out: that is reported where names are resolved.
    """
    shelves, prepared = Shelves(folders), Prepared()
    addresses = {(record.span.path, record.span.line): record.address for record in book.records}
    sources: dict[str, _Source] = {}
    rows: list[QuoteRow] = []
    diagnostics: list[Diagnostic] = []
    for quoted in quotations_of(book):
        span = quoted.quotation.span
        diagnostics += _length_faults(quoted, book)
        if quoted.citation is None:
            hint = "add [@SOURCE, place] to the line above it"
            diagnostics.append(diagnostic("M412", "the quotation has no source", span, hint))
            continue
        name = quoted.citation.source
        record = book.index.defined.get(name)
        if record is None or record.kind != "source":
            continue
        if name not in sources:
            sources[name] = _open(record, book.path, shelves)
            diagnostics += _source_faults(sources[name])
        source = sources[name]
        head = quoted.record.span
        address = addresses.get((head.path, head.line), quoted.record.name)
        if source.document is None:
            state = source.found.state
            row = _row(address, quoted, QuoteResult("refused" if state == "refused" else "not-held"), "")
        else:
            result = check_quotation(quoted.quotation.text, source.document, quoted.citation.place, prepared)
            is_changed = source.found.state == "stale"
            diagnostics += _quotation_faults(result, quoted, source)
            if is_changed and result.is_verified:
                note = f"the words still stand ({result.state}) in the changed file"
                result = result._replace(state="stale", notes=(*result.notes, note))
            row = _row(address, quoted, result, source.found.path)
        rows.append(row)
    ordered = sorted(dict.fromkeys(diagnostics), key=lambda d: (d.span.path, d.span.line, d.span.column, d.code))
    return CheckedQuotes(tuple(rows), tuple(ordered))


def to_json(rows: Sequence[QuoteRow]) -> dict[str, Any]:
    """Return rows as `muniment quotes --format json` gives them."""
    return {
        "format": 1,
        "quotes": [
            {
                "record": row.record,
                "source": row.source,
                "quote": row.quote,
                "state": row.state,
                "critical": row.critical,
                "at": row.at,
                "found": row.found,
                "diff": row.diff,
            }
            for row in rows
        ],
    }


def quotations_of(book: Book) -> Iterator[Quoted]:
    """Yield every quotation in file order, with the last citation of its line, else of its block or record."""
    for file in book.files.values():
        for child in file.children:
            if isinstance(child, nodes.Record):
                yield from _quotations_in(child)


def _quotations_in(record: nodes.Record) -> Iterator[Quoted]:
    waiting: list[tuple[nodes.Record | nodes.Block | nodes.Field | nodes.Item, nodes.Citation | None]] = [
        (record, None)
    ]
    while waiting:
        node, inherited = waiting.pop()
        citation = node.citations[-1] if node.citations else inherited
        for quotation in node.quotations:
            if quotation.text.strip():
                yield Quoted(quotation, citation, record)
        below = node.items if isinstance(node, nodes.Field) else () if isinstance(node, nodes.Item) else node.children
        waiting += [
            (child, citation) for child in reversed(below) if isinstance(child, nodes.Block | nodes.Field | nodes.Item)
        ]


def _open(record: Record, root: Path, shelves: Shelves) -> _Source:
    file, sha256, language = (_stated(record, label) for label in ("file", "sha256", "language"))
    fact = record.fact("file")
    span = fact.statements[0].span if fact and fact.statements else record.name_span
    found = find_source(file, sha256 or None, root, shelves)
    document = None
    if found.state in ("held", "stale"):
        document = read_document(found.text, found.path.rpartition("/")[2], language, found.sha256, found.notes)
    return _Source(record, found, document, span)


def _stated(record: Record, label: str) -> str:
    """Return the words of the first statement under a label, or an empty text."""
    fact = record.fact(label)
    return fact.statements[0].text.strip() if fact and fact.statements else ""


def _source_faults(source: _Source) -> Iterator[Diagnostic]:
    name, found = source.record.address, source.found
    if found.state == "refused":
        message = f"the file of source '{name}' is not read: {found.fault}"
        yield diagnostic("M407", message, source.span, "name an ordinary file inside the book's folder")
    elif found.state == "not-held":
        message = f"source '{name}' is not held; its quotations are not checked"
        yield diagnostic("M406", message, source.span, "put its file into the book, or give its folder with --sources")
    elif found.state == "stale":
        message = f"the file of source '{name}' is not the one that was read: its hash differs"
        yield diagnostic("M405", message, source.span, f"check its quotations, then state sha256: {found.sha256}")
    for note in source.document.notes if source.document else found.notes:
        hint = "keep a UTF-8 text version of it, and name that"
        yield diagnostic("M411", f"source '{name}': {visible(note)}", source.span, hint)


def _length_faults(quoted: Quoted, book: Book) -> Iterator[Diagnostic]:
    quotation = quoted.quotation
    words = GAP.sub(" ", quotation.text)
    count, signs = len(WORD.findall(words)), len(SIGN.findall(words))
    source = book.index.defined.get(quoted.citation.source) if quoted.citation else None
    is_instrument = source is not None and _stated(source, "kind") in INSTRUMENTS
    most = MOST_WORDS_OF_INSTRUMENT if is_instrument else MOST_WORDS
    hint = f"quote at most {most} words or {MOST_SIGNS} signs, and mark what you leave out with [...]"
    if signs > MOST_SIGNS:
        yield diagnostic("M408", f"the quotation has {signs} signs", quotation.span, hint)
    elif count > most:
        yield diagnostic("M408", f"the quotation has {count} words", quotation.span, hint)


def _quotation_faults(result: QuoteResult, quoted: Quoted, source: _Source) -> Iterator[Diagnostic]:
    span, name = quoted.quotation.span, source.record.address
    at = f"{source.found.path}:{result.at[0]}:{result.at[1]}" if result.at else ""
    changed = ", whose file has changed" if source.found.state == "stale" else ""
    if result.state == "absent":
        message = f"the quotation is not in source '{name}'{changed}"
        yield diagnostic("M401", message, span, "quote the words as the source has them")
    elif result.state == "near-miss":
        kind = "differs in what it says" if result.critical else "differs"
        yield diagnostic(
            "M402", f"the quotation {kind} from source '{name}'{changed}", span, f"{at} has: {result.diff}"
        )
    elif result.state == "header-mismatch":
        where = f"is in: {visible(str(result.message))}" if result.message else "is in no message"
        message = f"the words stand in another message of '{name}' than the citation names"
        yield diagnostic("M403", message, span, f"{at} {where}")
    elif result.state == "ambiguous":
        hint = "name the message: [@SOURCE, message DATE TIME]"
        yield diagnostic("M404", f"the words stand in several messages of '{name}'", span, hint)
    if result.negation_before:
        message = f"the source has '{visible(result.negation_before)}' just before these words"
        yield diagnostic("M409", message, span, "begin the quotation at that word")
    if result.is_elsewhere:
        yield diagnostic("M413", "the words stand elsewhere than the citation says", span, f"they stand at {at}")
    if result.state == "gapped" and result.critical:
        message = "the editor's words bring a number into the quotation"
        yield diagnostic("M410", message, span, "give it in the gloss (>>)")


def _row(address: str, quoted: Quoted, result: QuoteResult, path: str) -> QuoteRow:
    citation = quoted.citation
    return QuoteRow(
        record=address,
        source=citation.source if citation else "",
        place=citation.place if citation else "",
        quote=quoted.quotation.text,
        state=result.state,
        critical=result.critical,
        at=f"{path}:{result.at[0]}:{result.at[1]}" if result.at else "",
        found=result.found,
        diff=result.diff,
        hidden=result.hidden,
        notes=result.notes,
        span=quoted.quotation.span,
    )
