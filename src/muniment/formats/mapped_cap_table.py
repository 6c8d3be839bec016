"""A cap table or share register from a spreadsheet, as records, each with the cell it comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Literal, NamedTuple

from muniment.formats.mapped_columns import Columns
from muniment.formats.number_signs import Ambiguous, in_plain_signs
from muniment.formats.ocf_words import shown, slug
from muniment.formats.spreadsheets import Cell, Sheet, Unread, decimal_text
from muniment.model.amounts import format_fraction, parse_money, parse_quantity
from muniment.model.terms import IDENTIFIER
from muniment.model.values import Money, Quantity

Severity = Literal["error", "warning", "note"]
EMPTY = Cell(None, "")
MOST_SHOWN = 60


class Finding(NamedTuple):
    """What was not read, or is to be known.

    Attributes:
        where: The cell, as `Ledger!B3` or `file.csv:3:2`.
        severity: ``error``: a row is left out; ``warning``: a column is; ``note``: something left out as asked.
    """

    where: str
    severity: Severity
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Records made from a spreadsheet.

    Attributes:
        text: A `.muni` file.
        rows: Rows that became records.
        findings: Every column and row that did not, in order of the file.
    """

    text: str
    rows: int
    findings: tuple[Finding, ...]


class _Fault(Exception):  # noqa: N818 -- it never leaves this module
    """Why a row is not read: the cell, and the reason."""

    def __init__(self, cell: Cell, message: str) -> None:
        super().__init__(message)
        self.cell = cell
        self.message = message


@dataclass(slots=True)
class _Records:
    """Records while rows are read."""

    source: str
    ledger: dict[date, list[str]] = field(default_factory=dict)
    grants: list[str] = field(default_factory=list)
    holders: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    first: date | None = None
    rows: int = 0


def import_cap_table(sheet: Sheet, columns: Columns, name: str, raw: bytes) -> Imported | Unread:
    """Return the rows of a sheet as records of one entity.

    Args:
        sheet: The cells.
        columns: What its columns mean.
        name: What the file is called; it becomes the title of the source that every line cites.
        raw: The content of the file, for its hash.
    """
    if len(sheet.rows) < columns.head:
        return Unread(sheet.name, f"there is no row {columns.head}, where the heads should be")
    heads: dict[str, int] = {}
    findings: list[Finding] = []
    for at, cell in enumerate(sheet.rows[columns.head - 1]):
        if not cell.text:
            continue
        if cell.text in heads and cell.text in columns.columns:
            message = f"two columns are headed '{cell.text}', which the mapping names"
            return Unread(cell.where, message, "give one of them another head")
        if cell.text in heads:
            findings.append(Finding(cell.where, "warning", f"a second column is headed '{cell.text}'; it is not read"))
            continue
        heads[cell.text] = at
        if cell.text not in columns.columns and cell.text not in columns.ignore:
            findings.append(Finding(cell.where, "warning", f"the column '{cell.text}' is not mapped; it is not read"))
    lacking = [head for head in columns.columns if head not in heads]
    if lacking:
        row = sheet.rows[columns.head - 1]
        where = row[0].where if row else sheet.name
        return Unread(where, f"no column is headed '{lacking[0]}'", f"the heads are: {', '.join(heads)[:200]}")
    place = {meaning: heads[head] for head, meaning in columns.columns.items()}
    records = _Records(source=f"{slug(name) or 'spreadsheet'}-file")
    widest = max(heads.values(), default=0)
    for row in sheet.rows[columns.head :]:
        filled = [cell for cell in row if cell.text]
        if not filled:
            continue
        cells = {meaning: row[at] if at < len(row) else Cell(None, filled[0].where) for meaning, at in place.items()}
        if cells["holder"].text in columns.skip and cells["holder"].text:
            message = f"the row '{shown(cells['holder'].text, MOST_SHOWN)}' is skipped, as asked"
            findings.append(Finding(cells["holder"].where, "note", message))
            continue
        findings += [
            Finding(cell.where, "warning", "this cell is under no head; it is not read")
            for at, cell in enumerate(row)
            if cell.text and (at > widest or at not in heads.values())
        ]
        try:
            _row(cells, columns, records)
            records.rows += 1
        except _Fault as fault:
            where = fault.cell.where or filled[0].where
            findings.append(Finding(where, "error", f"the row is not read: {fault.message}"))
    text = _text(columns, records, name, raw)
    return Imported(text=text, rows=records.rows, findings=tuple(findings))


def _row(cells: Mapping[str, Cell], columns: Columns, records: _Records) -> None:
    """Read one row. Nothing is kept of a row that has a fault."""
    instrument = _instrument(cells, columns)
    class_id = columns.classes.get(cells["class"].text, "")
    if not class_id:
        words = shown(cells["class"].text, MOST_SHOWN)
        raise _Fault(cells["class"], f"the class '{words}' is not under [classes]" if words else "it names no class")
    quantity = _quantity(cells["quantity"], columns)
    when = _day(cells["date"], columns) if "date" in cells and cells["date"].text else columns.on
    if when is None:
        raise _Fault(cells.get("date", cells["holder"]), "it has no date, and the mapping gives none")
    paid = _money(cells.get("paid", EMPTY), columns)
    cite = f"[@{records.source}, {cells['quantity'].where}]"
    if instrument == "shares":
        surplus = [meaning for meaning in ("strike", "vests", "expires", "plan") if cells.get(meaning, EMPTY).text]
        if surplus:
            raise _Fault(cells[surplus[0]], f"shares have no '{surplus[0]}'")
        holder = _holder(cells["holder"], columns, records)
        price = f" for {paid}" if paid and columns.records == "issue" else ""
        line = f"  {holder}: {format_fraction(quantity)} {class_id}{price}"
        records.ledger.setdefault(when, []).append(f"{line}  {cite}")
    else:
        grant = _grant(cells, columns, records, quantity, class_id, instrument, when)
        holder = _holder(cells["holder"], columns, records)
        records.grants.append(grant.replace("HOLDER", holder, 1).replace("CITE", cite, 1))
    title = shown(cells["class"].text)
    records.classes.setdefault(class_id, title)
    records.first = when if records.first is None else min(when, records.first)


def _instrument(cells: Mapping[str, Cell], columns: Columns) -> str:
    if "instrument" not in cells:
        return "shares"
    words = cells["instrument"].text
    found = columns.instruments.get(words)
    if found is None:
        raise _Fault(cells["instrument"], f"the instrument '{shown(words, MOST_SHOWN)}' is not under [instruments]")
    return found


def _grant(
    cells: Mapping[str, Cell],
    columns: Columns,
    records: _Records,
    quantity: Fraction,
    class_id: str,
    instrument: str,
    when: date,
) -> str:
    if quantity.denominator != 1:
        raise _Fault(cells["quantity"], "a grant is over a whole number of shares")
    lines = [f"{when.isoformat()} grant {columns.entity}  CITE"]
    own = cells.get("id", EMPTY).text
    if own:
        name = own if IDENTIFIER.match(own) else slug(own)
        if not name or name in records.ids:
            raise _Fault(cells["id"], f"the id '{shown(own, MOST_SHOWN)}' is not one, or stands twice")
        lines.append(f"  id: {name}")
    lines += ["  to: HOLDER", f"  quantity: {int(quantity):,}", f"  of: {class_id}"]
    strike = _money(cells.get("strike", EMPTY), columns)
    lines += [f"  strike: {strike}"] if strike else []
    vests = cells.get("vests", EMPTY).text
    lines += [f"  vests: {shown(vests)}"] if vests else []
    if cells.get("expires", EMPTY).text:
        lines.append(f"  expires: {_day(cells['expires'], columns).isoformat()}")
    lines += [f"  as: {instrument}"] if instrument != "options" else []
    plan = cells.get("plan", EMPTY).text
    if plan:
        lines.append(f"  plan: {plan if IDENTIFIER.match(plan) else slug(plan)}")
    if own:
        records.ids.add(name)
    return "\n".join(lines)


def _holder(cell: Cell, columns: Columns, records: _Records) -> str:
    words = cell.text
    if not words:
        raise _Fault(cell, "it names no holder")
    stated = columns.holders.get(words)
    if stated is None and not columns.holders_are:
        hint = "is not under [holders], and the mapping does not say what 'holders are'"
        raise _Fault(cell, f"the holder '{shown(words, MOST_SHOWN)}' {hint}")
    name = stated or slug(words)
    if not name:
        raise _Fault(cell, f"no id can be made of '{shown(words, MOST_SHOWN)}'; give it one under [holders]")
    before = records.names.setdefault(name, words)
    if before != words and (stated is None or columns.holders.get(before) != name):
        both = f"'{shown(words, MOST_SHOWN)}' and '{shown(before, MOST_SHOWN)}'"
        raise _Fault(cell, f"{both} would have one id, '{name}'; say under [holders] who is who")
    records.holders.setdefault(name, (shown(words) or name, cell.where))
    return name


def _in_plain_signs(cell: Cell, columns: Columns) -> str:
    """Return the words of a cell with numbers in the signs of a book; a number in a cell of XLSX has no signs."""
    if isinstance(cell.value, Fraction):
        return cell.text
    read = in_plain_signs(cell.text, columns.decimal, columns.thousands)
    if isinstance(read, Ambiguous):
        raise _Fault(cell, read.message)
    return read


def _quantity(cell: Cell, columns: Columns) -> Fraction:
    number = cell.value if isinstance(cell.value, Fraction) else None
    if number is None:
        if not cell.text:
            raise _Fault(cell, "it has no quantity, or a formula whose value was not saved")
        read = parse_quantity(_in_plain_signs(cell, columns))
        number = read.amount if isinstance(read, Quantity) and not read.unit and "/" not in cell.text else None
    if number is None:
        raise _Fault(cell, f"'{shown(cell.text, MOST_SHOWN)}' is not a number of shares")
    if number <= 0:
        raise _Fault(cell, f"the quantity {decimal_text(number)} is not above zero")
    return number


def _money(cell: Cell, columns: Columns) -> str:
    """Return an amount as it is written in a book; empty if the cell is."""
    if not cell.text:
        return ""
    if isinstance(cell.value, Fraction) or cell.text[:1].isdigit():
        if not columns.currency:
            raise _Fault(cell, "the amount has no currency, and the mapping gives none")
        words = f"{columns.currency} {_in_plain_signs(cell, columns)}"
    else:
        words = _in_plain_signs(cell, columns)
    read = parse_money(words)
    if not isinstance(read, Money) or read.amount < 0:
        raise _Fault(cell, f"'{shown(cell.text, MOST_SHOWN)}' is not an amount such as 'USD 1,000.00'")
    return words


def _day(cell: Cell, columns: Columns) -> date:
    if isinstance(cell.value, date):
        return cell.value
    try:
        if columns.dates:
            return datetime.strptime(cell.text, columns.dates).date()  # noqa: DTZ007 -- a calendar day has no zone
        return date.fromisoformat(cell.text)
    except ValueError:
        form = columns.dates or "2021-04-01"
        raise _Fault(cell, f"'{shown(cell.text, MOST_SHOWN)}' is not a day written as {form}") from None


def _text(columns: Columns, records: _Records, name: str, raw: bytes) -> str:
    first = (records.first or columns.on or date.min).isoformat()
    parts = [
        f'{first} source {records.source} "{shown(name) or "spreadsheet"}"\n  kind: statement\n'
        f"  sha256: {hashlib.sha256(raw).hexdigest()}"
    ]
    if columns.holders_are:
        parts += [
            f'{first} {columns.holders_are} {holder} "{title}"  [@{records.source}, {where}]'
            for holder, (title, where) in records.holders.items()
            if holder != columns.entity
        ]
    if columns.kind:
        lines = [f'{first} {columns.kind} {columns.entity} "{shown(columns.title) or columns.entity}"']
        lines[0] += f"  [@{records.source}]"
        if columns.declare_classes:
            lines += [f'  class {class_id} "{title}"' for class_id, title in records.classes.items()]
        parts.append("\n".join(lines))
    elif columns.declare_classes and records.classes:
        lines = [f"{first} amend {columns.entity}  [@{records.source}]"]
        lines += [f'  class {class_id} "{title}"' for class_id, title in records.classes.items()]
        parts.append("\n".join(lines))
    for when, found in sorted(records.ledger.items()):
        parts.append("\n".join([f"{when.isoformat()} {columns.records} {columns.entity}", *found]))
    parts += _sorted_grants(records.grants)
    return "\n\n".join(parts) + "\n"


def _sorted_grants(grants: Sequence[str]) -> list[str]:
    return sorted(grants, key=lambda text: text[:10])
