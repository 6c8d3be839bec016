"""Read and write CSV and XLSX files: cells with their places, within limits. Nothing that stands in a file raises."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias
from xml.parsers import expat

LARGEST_FILE = 64 * 1024 * 1024
LARGEST_UNPACKED = 512 * 1024 * 1024
MOST_PACKED = 200
"""How many times its packed size a part of an XLSX file may take, beyond the first megabyte."""
MOST_PARTS = 2_000
MOST_ROWS = 1_000_000
MOST_COLUMNS = 500
MOST_CELLS = 5_000_000
LONGEST_CELL = 32_767
NEEDS_OPENPYXL = "XLSX files are read and written with openpyxl, which is not installed"
INSTALL = "install muniment[spreadsheets], or use CSV"

Value: TypeAlias = str | Fraction | date | bool | None


class Cell(NamedTuple):
    """One cell.

    Attributes:
        value: Text, an exact number as it was written, a day, a truth value; None if empty.
        where: Its place: `Ledger!B3`, or `file.csv:3:2` for the second column of the third line.
    """

    value: Value
    where: str

    @property
    def text(self) -> str:
        """Return the value as words, without spaces around them; empty if there is none."""
        match self.value:
            case None:
                return ""
            case bool():
                return "yes" if self.value else "no"
            case Fraction():
                return decimal_text(self.value)
            case date():
                return self.value.isoformat()
            case _:
                return self.value.strip()


class Sheet(NamedTuple):
    """The cells of one sheet, by row; rows are as long as what stands in them."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


class Unread(NamedTuple):
    """Why a file, or a part of it, could not be read, and where."""

    where: str
    message: str
    hint: str | None = None


def decimal_text(number: Fraction) -> str:
    """Return a number as decimals if it has them, else as a fraction: `1000000`, `0.25`, `1/3`.

    Example:
        >>> decimal_text(Fraction(5, 4)), decimal_text(Fraction(1, 3))
        ('1.25', '1/3')
    """
    digits, rest = 0, number.denominator
    while rest % 10 == 0:
        rest, digits = rest // 10, digits + 1
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return str(number)
    digits += max(twos, fives)
    units = number.numerator * 10**digits // number.denominator
    sign, words = "-" if units < 0 else "", str(abs(units)).rjust(digits + 1, "0")
    return f"{sign}{words[: len(words) - digits]}.{words[len(words) - digits :]}" if digits else f"{sign}{words}"


def read_csv(name: str, raw: bytes, delimiter: str = ",") -> Sheet | Unread:
    """Return the cells of a CSV file in UTF-8; every value is text.

    Args:
        name: What the file is called in messages.
        raw: Its content.
        delimiter: The sign between cells.
    """
    if len(raw) > LARGEST_FILE:
        return _too_large(name, len(raw))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        column = fault.start - raw.rfind(b"\n", 0, fault.start)
        return Unread(f"{name}:{line}:{column}", "the file is not UTF-8 here", "save it as CSV in UTF-8")
    rows: list[tuple[Cell, ...]] = []
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    cells = 0
    before = 0
    while True:
        try:
            found = next(lines, None)
        except csv.Error as fault:
            return Unread(f"{name}:{max(lines.line_num, 1)}:1", f"the line cannot be read as CSV: {fault}")
        if found is None:
            return Sheet(name, tuple(rows))
        line, before = before + 1, lines.line_num
        cells += len(found)
        if len(found) > MOST_COLUMNS or cells > MOST_CELLS or len(rows) >= MOST_ROWS:
            return _too_many(f"{name}:{line}:1")
        rows.append(tuple(Cell(words or None, f"{name}:{line}:{at}") for at, words in enumerate(found, 1)))


def read_xlsx(name: str, raw: bytes, sheet: str | None = None) -> Sheet | Unread:
    """Return the cells of one sheet of an XLSX file; of a formula, the value that was saved with it.

    Archives that would unpack to too much, and parts that declare entities, are refused before anything is unpacked.

    Args:
        name: What the file is called in messages.
        raw: Its content.
        sheet: Title of the sheet; None = the only one.
    """
    refused = _unsafe_archive(name, raw)
    if refused is not None:
        return refused
    try:
        from openpyxl import load_workbook  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        return Unread(name, NEEDS_OPENPYXL, INSTALL)
    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        titles = [each.title for each in book.worksheets]
        if sheet is None and len(titles) != 1:
            return Unread(name, f"the file has {len(titles)} sheets: {', '.join(titles)}", 'say which: sheet = "..."')
        if sheet is not None and sheet not in titles:
            return Unread(name, f"the file has no sheet '{sheet}'", f"it has: {', '.join(titles)}")
        title = sheet if sheet is not None else titles[0]
        page = book[title]
        page.reset_dimensions()
        return _cells_of(title, page.iter_rows(max_col=MOST_COLUMNS + 1))
    except Exception as fault:  # openpyxl raises anything on a damaged file
        return Unread(name, f"the file cannot be read as XLSX ({type(fault).__name__})", "open and save it again")


def _cells_of(title: str, rows: Iterable[Sequence[Any]]) -> Sheet | Unread:
    found: list[tuple[Cell, ...]] = []
    cells = 0
    for number, row in enumerate(rows, 1):
        values = [each.value for each in row]
        while values and values[-1] is None:
            values.pop()
        cells += len(values)
        if number > MOST_ROWS or cells > MOST_CELLS or len(values) > MOST_COLUMNS:
            return _too_many(f"{title}!A{number}")
        found.append(tuple(_cell(value, f"{title}!{column_name(at)}{number}") for at, value in enumerate(values, 1)))
    while found and not found[-1]:
        found.pop()
    return Sheet(title, tuple(found))


def _cell(value: Any, where: str) -> Cell:
    match value:
        case bool() | None:
            return Cell(value, where)
        case int() | float():
            # The shortest decimals of a float are those that the file has, up to the 17 that Excel writes.
            return Cell(Fraction(repr(value)) if value == value and abs(value) != float("inf") else str(value), where)
        case datetime():
            return Cell(value.date() if value.time().isoformat() == "00:00:00" else value.isoformat(), where)
        case date():
            return Cell(value, where)
        case _:
            return Cell(str(value), where)


def column_name(number: int) -> str:
    """Return the letters of a column, counted from 1.

    Example:
        >>> column_name(1), column_name(28)
        ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _unsafe_archive(name: str, raw: bytes) -> Unread | None:
    """Return why an XLSX archive must not be unpacked; None if it may be."""
    if len(raw) > LARGEST_FILE:
        return _too_large(name, len(raw))
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                return Unread(name, f"the file has {len(parts)} parts, more than {MOST_PARTS}")
            unpacked = sum(part.file_size for part in parts)
            if unpacked > LARGEST_UNPACKED:
                return Unread(name, f"the file would unpack to {unpacked:,} bytes, more than {LARGEST_UNPACKED:,}")
            for part in parts:
                if part.file_size > 2**20 and part.file_size > MOST_PACKED * max(part.compress_size, 1):
                    return Unread(
                        f"{name}!{part.filename}", "this part is packed suspiciously tight; it is not unpacked"
                    )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _declares_a_type(archive, part):
                    return Unread(
                        f"{name}!{part.filename}", "this part declares a document type, which may hide entities"
                    )
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return Unread(name, "the file is not an XLSX file", "save it as .xlsx; old .xls files are not read")
    return None


class _Begun(Exception):  # noqa: N818 -- it never leaves this module
    """The first element of an XML part has begun: no document type can follow."""


def _declares_a_type(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether an XML part has a document type declaration, the only place where entities are declared."""
    declared: list[str] = []

    def begun(*_: object) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *words: declared.append(str(words[0]))
    parser.StartElementHandler = begun
    with archive.open(part) as stream:
        try:
            while (chunk := stream.read(4096)) and not declared:
                parser.Parse(chunk)
        except _Begun:
            return bool(declared)
        except expat.ExpatError:
            return bool(declared)
    return bool(declared)


def _too_large(name: str, size: int) -> Unread:
    return Unread(name, f"the file has {size:,} bytes, more than {LARGEST_FILE:,}", "split it")


def _too_many(where: str) -> Unread:
    return Unread(
        where,
        f"more than {MOST_ROWS:,} rows, {MOST_COLUMNS} columns or {MOST_CELLS:,} cells in all",
        "split the file, or leave out what is not needed",
    )


class Formula(NamedTuple):
    """A formula, without the sign `=` before it, in the English names of functions."""

    text: str


Written: TypeAlias = str | Fraction | int | date | Formula | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A sheet to be written.

    Attributes:
        title: At most 31 signs, none of the signs that Excel forbids there.
        rows: Cells; texts must already be harmless in a spreadsheet.
        formats: Number format by column, counted from 1 (``#,##0``, ``0.00%``).
        heads: Rows, counted from 1, that are shown as heads.
        names: A defined name for a cell of the page, as in ``{"Proceeds": "$B$2"}``.
    """

    title: str
    rows: tuple[tuple[Written, ...], ...]
    formats: Mapping[int, str] = field(default_factory=dict)
    heads: tuple[int, ...] = (1,)
    names: Mapping[str, str] = field(default_factory=dict)


def write_xlsx(pages: Sequence[Page], on: date) -> bytes | Unread:
    """Return an XLSX file; the same pages give the same bytes.

    Exact numbers that a spreadsheet cannot hold are written as the division that gives them (`=1/3`).

    Args:
        pages: In order; at least one.
        on: The day that the file gives as that of its making.
    """
    try:
        from openpyxl import Workbook  # type: ignore[import-untyped,import-not-found,unused-ignore]
        from openpyxl.styles import Font  # type: ignore[import-untyped,import-not-found,unused-ignore]
        from openpyxl.workbook.defined_name import DefinedName  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        return Unread("the file", NEEDS_OPENPYXL, INSTALL)
    book = Workbook()
    book.remove(book.active)
    for page in pages:
        sheet = book.create_sheet(page.title)
        widths: dict[int, int] = {}
        for number, row in enumerate(page.rows, 1):
            for at, value in enumerate(row, 1):
                written = _excel(value)
                if written is None:
                    continue
                cell = sheet.cell(number, at, written)
                if isinstance(value, str):
                    cell.data_type = "s"
                    widths[at] = max(widths.get(at, 8), min(len(value), 60))
                elif at in page.formats and number not in page.heads:
                    cell.number_format = page.formats[at]
                if number in page.heads:
                    cell.font = Font(bold=True)
        for at in range(1, max((len(row) for row in page.rows), default=0) + 1):
            sheet.column_dimensions[column_name(at)].width = max(widths.get(at, 0) + 2, 14)
        for name, place in page.names.items():
            book.defined_names[name] = DefinedName(name, attr_text=f"'{page.title}'!{place}")
    book.properties.creator = "muniment"
    book.properties.created = datetime(on.year, on.month, on.day)  # noqa: DTZ001 -- a calendar day has no zone
    packed = io.BytesIO()
    book.save(packed)
    return _same_every_time(packed.getvalue(), on)


def _excel(value: Written) -> Any:
    match value:
        case Formula(text):
            return f"={text}"
        case bool() | int():
            value = Fraction(value)
        case Fraction():
            pass
        case str():
            return value[:LONGEST_CELL]
        case _:
            return value
    if value.denominator == 1 and abs(value.numerator) < 10**15:
        return int(value)
    words = decimal_text(value)
    if "/" not in words and len(words.strip("-0.").replace(".", "")) <= 15:
        return float(words)
    return f"={value.numerator}/{value.denominator}"


_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def _same_every_time(packed: bytes, on: date) -> bytes:
    """Return an archive without the times of its making."""
    fixed = io.BytesIO()
    stamp = f"{on.isoformat()}T00:00:00Z".encode("ascii")
    with zipfile.ZipFile(io.BytesIO(packed)) as given, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.infolist():
            content = given.read(part)
            if part.filename == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            made.writestr(zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def write_csv(rows: Iterable[Sequence[Written]]) -> str:
    """Return rows as CSV; texts must already be harmless in a spreadsheet, numbers are exact."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(list(_plain_cells(row)) for row in rows)
    return out.getvalue()


def _plain_cells(row: Sequence[Written]) -> Iterator[str]:
    for value in row:
        match value:
            case None:
                yield ""
            case Formula(text):
                yield f"={text}"
            case Fraction():
                yield decimal_text(value)
            case date():
                yield value.isoformat()
            case _:
                yield str(value)
