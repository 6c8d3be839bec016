"""Check every quotation of a book against its source."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from muniment.book.book import Book
from muniment.evidence.codes import diagnostic
from muniment.evidence.documents import Document, read_document
from muniment.evidence.gaps import GAP
from muniment.evidence.kept import Kept
from muniment.evidence.near_misses import visible
from muniment.evidence.places import NO_NAMES, Names
from muniment.evidence.quote_rows import QuoteRow, compare_with_originals
from muniment.evidence.quotes import ACROSS_MESSAGES, QuoteResult, QuoteState, check_quotations
from muniment.evidence.searching import CJK_SIGN, Prepared
from muniment.evidence.shelves import SHA256, Found, Shelves, find_source
from muniment.evidence.stale import Change, compare_versions, find_version, keep_version
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


class CheckedQuotes(NamedTuple):
    """The quotations of a book, in file order, and what is wrong with them and their sources."""

    rows: tuple[QuoteRow, ...]
    diagnostics: tuple[Diagnostic, ...]


class Quoted(NamedTuple):
    """A quotation in a book with the citation that is its authority; None if it has none.

    `fact` is the line of the fact, block or record that it stands under; quotations of one fact have the same.
    """

    quotation: nodes.Quotation
    citation: nodes.Citation | None
    record: nodes.Record
    fact: int


class _Source(NamedTuple):
    """A source that is quoted: its record, what was found of it, and its text if there is any."""

    record: Record
    found: Found
    document: Document | None
    span: Span
    earlier: Document | None

    @property
    def shown_path(self) -> str:
        """The file's path; `path#text` where lines are those of the text that a reader made of the file."""
        return f"{self.found.path}#text" if self.document and self.document.is_extracted else self.found.path


class _Cited(NamedTuple):
    """A quotation whose source has a record."""

    quoted: Quoted
    place: str
    address: str
    source: _Source


def check_quotes(book: Book, folders: Sequence[Path] = (), kept: Kept | None = None) -> CheckedQuotes:
    """Check every quotation of a book.

    Args:
        book: As loaded.
        folders: Where sources lie that the book does not hold (`--sources`).
        kept: Where earlier versions of the book's own sources are kept; None keeps nothing.

    Returns:
        A row for each quotation, and diagnostics: one a quotation, and one for each source that is stale, refused or
        not held. A quotation whose source has no record is left out: that is reported where names are resolved.
    """
    desk = _Desk(book, Shelves(folders), kept or Kept(None))
    addresses = {(record.span.path, record.span.line): record.address for record in book.records}
    sources: dict[str, _Source] = {}
    diagnostics: list[Diagnostic] = []
    cited: list[_Cited] = []
    for quoted in quotations_of(book):
        diagnostics += _length_faults(quoted, book)
        if quoted.citation is None:
            hint = "add [@SOURCE, place] to the line above it"
            diagnostics.append(diagnostic("M412", "the quotation has no source", quoted.quotation.span, hint))
            continue
        name = quoted.citation.source
        record = book.index.defined.get(name)
        if record is None or record.kind != "source":
            continue
        if name not in sources:
            sources[name] = _open(record, desk)
            diagnostics += _source_faults(sources[name])
        head = quoted.record.span
        address = addresses.get((head.path, head.line), quoted.record.name)
        cited.append(_Cited(quoted, quoted.citation.place, address, sources[name]))
    rows: list[QuoteRow] = []
    for one, (result, change) in zip(cited, _results(cited, _names_of(book)), strict=True):
        if one.source.document is not None:
            diagnostics += _quotation_faults(result, one.quoted, one.source)
        rows.append(_row(one, result, change))
    compared = compare_with_originals(book, rows, [(one.quoted.quotation.span.path, one.quoted.fact) for one in cited])
    diagnostics += _translation_faults(compared)
    ordered = sorted(dict.fromkeys(diagnostics), key=lambda d: (d.span.path, d.span.line, d.span.column, d.code))
    return CheckedQuotes(compared, tuple(ordered))


def check_against(book: Book, folders: Sequence[Path], source: str, name: str, data: bytes) -> tuple[QuoteRow, ...]:
    """Check the quotations from one source against another version of it.

    Args:
        book: As loaded.
        folders: Where sources lie that the book does not hold.
        source: Id of the source.
        name: Name of the other version's file; shown in the rows.
        data: Its bytes.

    Returns:
        A row for each quotation from that source: ``stale`` if its words stand in the other version, with what became
        of each.

    Raises:
        KeyError: If the book has no such source.
    """
    record = book.index.defined[source]
    held = _open(record, _Desk(book, Shelves(folders), Kept(None)))
    new = read_document(data, name.rpartition("/")[2], _stated(record, "language"), kind=_stated(record, "kind"))
    version = held._replace(
        found=held.found._replace(state="stale", path=name, sha256=new.sha256), document=new, earlier=held.document
    )
    addresses = {(each.span.path, each.span.line): each.address for each in book.records}
    cited = [
        _Cited(quoted, quoted.citation.place, addresses.get((head.path, head.line), quoted.record.name), version)
        for quoted in quotations_of(book)
        if quoted.citation is not None and quoted.citation.source == source
        for head in (quoted.record.span,)
    ]
    return tuple(_row(one, *found) for one, found in zip(cited, _results(cited, _names_of(book)), strict=True))


def _results(cited: Sequence[_Cited], names: Names = NO_NAMES) -> list[tuple[QuoteResult, Change | None]]:
    """Return what was found of each quotation; those of one source are looked up together."""
    prepared = Prepared()
    results: list[tuple[QuoteResult, Change | None]] = [(QuoteResult("not-held"), None)] * len(cited)
    of_source: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(cited):
        of_source[one.source.record.address].append(number)
    for numbers in of_source.values():
        source = cited[numbers[0]].source
        asked = [(cited[number].quoted.quotation.text, cited[number].place) for number in numbers]
        found: Sequence[tuple[QuoteResult, Change | None]]
        if source.document is None:
            state: QuoteState = "refused" if source.found.state == "refused" else "not-held"
            found = [(QuoteResult(state), None)] * len(asked)
        elif source.found.state == "stale":
            found = compare_versions(asked, source.document, source.earlier, prepared, names)
        else:
            found = [(result, None) for result in check_quotations(asked, source.document, prepared, names)]
        for number, one_found in zip(numbers, found, strict=True):
            results[number] = one_found
    return results


def _names_of(book: Book) -> Names:
    """Return what the book calls its parties: by id, title and other name in small letters, all names of that party."""
    found: dict[str, list[str]] = defaultdict(list)
    for party in book.index.parties:
        aliases = [fact.agreed for fact in party.facts_of("also")]
        names = [party.name, party.title, *(alias.name for alias in aliases if alias is not None)]
        for name in names:
            if name:
                found[name.casefold()] += [each for each in names if each]
    return {name: tuple(dict.fromkeys(called)) for name, called in found.items()}


def quotations_of(book: Book) -> Iterator[Quoted]:
    """Yield every quotation in file order, with the last citation of its line, else of its block or record."""
    for file in book.files.values():
        for child in file.children:
            if isinstance(child, nodes.Record):
                yield from _quotations_in(child)


def _quotations_in(record: nodes.Record) -> Iterator[Quoted]:
    waiting: list[tuple[nodes.Record | nodes.Block | nodes.Field | nodes.Item, nodes.Citation | None, int]] = [
        (record, None, record.span.line)
    ]
    while waiting:
        node, inherited, above = waiting.pop()
        citation = node.citations[-1] if node.citations else inherited
        fact = above if isinstance(node, nodes.Item) else _line_of(node)
        for quotation in node.quotations:
            if quotation.text.strip():
                yield Quoted(quotation, citation, record, fact)
        below = node.items if isinstance(node, nodes.Field) else () if isinstance(node, nodes.Item) else node.children
        waiting += [
            (child, citation, fact)
            for child in reversed(below)
            if isinstance(child, nodes.Block | nodes.Field | nodes.Item)
        ]


def _line_of(node: nodes.Record | nodes.Block | nodes.Field) -> int:
    if isinstance(node, nodes.Record):
        return node.span.line
    return node.head_span.line if isinstance(node, nodes.Block) else node.label_span.line


class _Desk(NamedTuple):
    """Where the files of sources are looked for."""

    book: Book
    shelves: Shelves
    kept: Kept


def _open(record: Record, desk: _Desk) -> _Source:
    file, sha256, language, kind = (_stated(record, label) for label in ("file", "sha256", "language", "kind"))
    fact = record.fact("file")
    span = fact.statements[0].span if fact and fact.statements else record.name_span
    found = find_source(file, sha256 or None, desk.book.path, desk.shelves)
    name = found.path.rpartition("/")[2]
    document = earlier = None
    if found.state in ("held", "stale"):
        document = read_document(found.data, name, language, found.sha256, found.notes, kind)
    if found.state == "stale" and (recorded := stated_hash(sha256)):
        data = find_version(recorded, desk.book.path, desk.shelves, desk.kept)
        earlier = None if data is None else read_document(data, name, language, recorded, kind=kind)
    elif found.state == "held" and found.path == file and (desk.book.path / file).is_file():
        # A file of a shelf is not copied: its owner may not want that.
        keep_version(found.sha256, found.data, desk.kept)
    return _Source(record, found, document, span, earlier)


def stated_hash(text: str) -> str:
    """Return the hash that a record states, in lower case, or an empty text if it states none."""
    match = SHA256.fullmatch(text.strip())
    return match[1].lower() if match else ""


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
    if source.document is not None and source.document.unreadable:
        message = f"no text can be had of source '{name}': {visible(source.document.unreadable)}"
        yield diagnostic("M415", message, source.span, "keep a text version of it beside the file, and name that")
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
    at = f"{source.shown_path}:{result.at[0]}:{result.at[1]}" if result.at else ""
    changed = ", whose file has changed" if source.found.state == "stale" else ""
    if result.state == "absent":
        message = f"the quotation is not in source '{name}'{changed}"
        yield diagnostic("M401", message, span, "quote the words as the source has them")
    elif result.state == "near-miss" and not result.negation_before:
        kind = "differs in what it says" if result.critical else "differs"
        message = visible(result.gap_fault) or f"the quotation {kind} from source '{name}'{changed}"
        code = "M410" if result.gap_fault else "M402"
        yield diagnostic(code, message, span, f"{at} has: {result.diff}")
    elif result.state == "header-mismatch":
        where = f"is in: {visible(str(result.message))}" if result.message else "is in no message"
        message = f"the words stand in another message of '{name}' than the citation names"
        if ACROSS_MESSAGES in result.notes:
            message = f"the words run over the beginning of a message of '{name}'"
        elif result.message is not None and result.message.sent is None:
            where += ", which has no date of its own"
        yield diagnostic("M403", message, span, f"{at} {where}")
    elif result.state == "unreadable" and source.document is not None and not source.document.unreadable:
        message = f"the words may stand where no text can be had of source '{name}'"
        yield diagnostic("M415", message, span, "; ".join(visible(note) for note in result.notes))
    elif result.state == "ambiguous":
        hint = "name the message: [@SOURCE, message DATE TIME]"
        yield diagnostic("M404", f"the words stand in several messages of '{name}'", span, hint)
    if result.negation_before:
        message = f"the source has '{visible(result.negation_before)}' just before these words"
        yield diagnostic("M409", message, span, "begin the quotation at that word")
    if result.is_elsewhere:
        yield diagnostic("M413", "the words stand elsewhere than the citation says", span, f"they stand at {at}")
    if result.unread_place:
        message = f"the citation's place is not understood: '{visible(result.unread_place)}'"
        yield diagnostic("M416", message, span, "write 'message DATE TIME from NAME to NAME', or the lines: 'l. 12'")


def _translation_faults(rows: Sequence[QuoteRow]) -> Iterator[Diagnostic]:
    for row in rows:
        if row.differences:
            message = f"the translation differs from '{row.translation_of}', which the same fact quotes"
            yield diagnostic("M414", message, row.span, "; ".join(visible(str(each)) for each in row.differences))


def _row(one: _Cited, result: QuoteResult, change: Change | None) -> QuoteRow:
    source = one.source
    is_stale = change is not None and result.is_verified
    notes = (*result.notes, f"the words still stand ({result.state}) in the changed file") if is_stale else result.notes
    return QuoteRow(
        record=one.address,
        source=one.quoted.citation.source if one.quoted.citation else "",
        place=one.place,
        quote=one.quoted.quotation.text,
        state="stale" if is_stale else result.state,
        critical=result.critical,
        at=f"{source.shown_path}:{result.at[0]}:{result.at[1]}" if result.at else "",
        found=result.found,
        diff=result.diff,
        hidden=result.hidden,
        notes=notes,
        span=one.quoted.quotation.span,
        matched=result.state,
        located=result.at,
        page=result.page,
        message=result.message,
        extractor=source.document.extractor if source.document else "",
        sha256=source.found.sha256,
        change=change,
    )
