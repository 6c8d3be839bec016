"""Cap tables and payouts for spreadsheets: CSV with values, XLSX with formulas that recompute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from muniment.formats.spreadsheets import Formula, Page, Written, column_name, decimal_text
from muniment.payout.cap_rows import CapRow, CapTable
from muniment.payout.curve import Column, Curve
from muniment.payout.piecewise import Piecewise
from muniment.payout.waterfall import Payout
from muniment.render.inert import inert_line, inert_spreadsheet

COUNT, PERCENT, AMOUNT = "#,##0", "0.00%", "#,##0.00"
PLACES = 12
"""Decimals of a part in CSV that does not end before; a fraction such as 2/3 would be read as a day."""
CAP, CLASSES, PAYOUT, CURVE, RESTS = "Cap table", "Classes", "Payout", "Curve", "Rests on"


def cap_table_rows(table: CapTable) -> list[list[Written]]:
    """Return a cap table by instrument as rows of values, the heads first."""
    heads = ["Instrument", "Party", "Class", "Quantity", "Of class", "Of total", "Fully diluted", "Stated", "Record"]
    rows: list[list[Written]] = [list(heads)]
    rows += [
        [
            row.instrument,
            safe(row.party),
            safe(row.class_id),
            row.quantity,
            *(_decimals(part) for part in (row.of_class, row.of_total, row.fully_diluted)),
            safe(row.stated),
            safe(row.id),
        ]
        for row in table.instruments
    ]
    return rows


def workbook(table: CapTable, payout: Payout | None, header: Mapping[str, Any]) -> tuple[Page, ...]:
    """Return a cap table, and the payout of chosen proceeds if there is one, as sheets with formulas.

    Totals and percentages are formulas over the quantities. The payout of any proceeds typed into the sheet is a
    formula over the breakpoints of the exact curve. Amounts there are not rounded to the minor unit.

    Args:
        table: Without refusals.
        payout: With a curve; None = no payout.
        header: What the answer rests on: version, book, hash, date, account, proposal, assumptions.
    """
    pages = [_cap_page(table), _classes_page(table)]
    curve = payout.curve if payout is not None else None
    if payout is not None and curve is not None:
        xs = points(curve)
        pages += [_payout_page(payout, curve, len(xs)), _curve_page(curve, xs)]
    return (*pages, _rests_page(header, payout))


def safe(text: str) -> str:
    """Return text on one line that no spreadsheet takes for a formula."""
    return inert_spreadsheet(inert_line(text))


def is_exact(table: CapTable) -> bool:
    """Whether every quantity of a table and every ratio of conversion is an exact number."""
    return all(row.quantity is not None for row in table.instruments) and all(
        total.ratio is not None for total in table.totals
    )


def _cap_page(table: CapTable) -> Page:
    heads = (
        *("Instrument", "Party", "Class", "Quantity", "Of class", "Of total", "Common for one"),
        *("As converted", "Fully diluted", "Stated", "Record"),
    )
    last = len(table.instruments) + 1
    exact = is_exact(table)
    rows: list[tuple[Written, ...]] = [heads]
    rows += [_cap_row(row, at, last, table, exact) for at, row in enumerate(table.instruments, 2)]
    if exact and table.instruments:
        sums = {name: Formula(f"SUM({name}2:{name}{last})") for name in "FHI"}
        shares = Formula(f'SUMIFS(D2:D{last},A2:A{last},"shares")')
        rows.append(("All", None, None, shares, None, sums["F"], None, sums["H"], sums["I"], None, None))
    formats = {4: COUNT, 5: PERCENT, 6: PERCENT, 8: COUNT, 9: PERCENT}
    return Page(title=CAP, rows=tuple(rows), formats=formats)


def _cap_row(row: CapRow, at: int, last: int, table: CapTable, exact: bool) -> tuple[Written, ...]:
    """Return one row; formulas only where every quantity is exact, for else a total would be short."""
    start = (row.instrument, safe(row.party), safe(row.class_id), row.quantity)
    end = (safe(row.stated), safe(row.id))
    if not exact:
        parts = (row.of_class, row.of_total, None, None, row.fully_diluted)
        return (*start, *parts, *end)
    kinds, classes, counts = (f"${name}$2:${name}${last}" for name in "ACD")
    of_class = of_total = None
    if row.instrument == "shares":
        of_class = Formula(f'D{at}/SUMIFS({counts},{classes},C{at},{kinds},"shares")')
        of_total = Formula(f'D{at}/SUMIFS({counts},{kinds},"shares")')
    bottom = len(table.totals) + 1
    ratio = Formula(f"INDEX({CLASSES}!$C$2:$C${bottom},MATCH(C{at},{CLASSES}!$A$2:$A${bottom},0))")
    return (*start, of_class, of_total, ratio, Formula(f"D{at}*G{at}"), Formula(f"H{at}/SUM($H$2:$H${last})"), *end)


def _classes_page(table: CapTable) -> Page:
    heads = ("Class", "Authorized", "Common for one", "Outstanding", "As converted", "Fully diluted")
    last = len(table.instruments) + 1
    exact = is_exact(table)
    rows: list[tuple[Written, ...]] = [heads]
    kinds, classes, counts, diluted = (f"'{CAP}'!${name}$2:${name}${last}" for name in "ACDH")
    for at, total in enumerate(table.totals, 2):
        start: tuple[Written, ...] = (safe(total.class_id), total.authorized, total.ratio)
        if exact:
            outstanding = Formula(f'SUMIFS({counts},{classes},A{at},{kinds},"shares")')
            rows.append((*start, outstanding, Formula(f"D{at}*C{at}"), Formula(f"SUMIFS({diluted},{classes},A{at})")))
        else:
            rows.append((*start, total.outstanding, total.as_converted, total.fully_diluted))
    bottom = len(rows)
    if exact and table.totals:
        rows.append(("All", None, None, *(Formula(f"SUM({name}2:{name}{bottom})") for name in "DEF")))
    return Page(title=CLASSES, rows=tuple(rows), formats={2: COUNT, 4: COUNT, 5: COUNT, 6: COUNT})


def points(curve: Curve) -> list[tuple[Fraction, bool]]:
    """Return the amounts of proceeds at which the curve has a knot; where it jumps, the amount stands twice.

    Returns:
        (proceeds, whether the value that the curve comes from is meant), ascending.
    """
    count: dict[Fraction, int] = {}
    for column in curve.columns:
        own: dict[Fraction, int] = {}
        for x, _ in column.amount.knots:
            own[x] = own.get(x, 0) + 1
        for x, times in own.items():
            count[x] = max(count.get(x, 0), times)
    return [(x, before) for x in sorted(count) for before in ((True, False) if count[x] > 1 else (False,))]


def _value(function: Piecewise, x: Fraction, before: bool) -> Fraction:
    """Return the value at a knot, or the one that the function comes from there."""
    if not before:
        return function.at(x)
    return next((y for knot, y in function.knots if knot == x), function.at(x))


def _curve_page(curve: Curve, xs: Sequence[tuple[Fraction, bool]]) -> Page:
    names = [_label(column, at) for at, column in enumerate(curve.columns)]
    heads = (f"Proceeds, {curve.currency}", *names, *(f"Slope: {name}" for name in names))
    rows: list[tuple[Written, ...]] = [heads]
    for at, (x, before) in enumerate(xs, 2):
        amounts = [_value(column.amount, x, before) for column in curve.columns]
        if at == len(xs) + 1:
            slopes: list[Written] = [column.amount.slope for column in curve.columns]
        else:
            cells = [column_name(place) for place in range(2, len(names) + 2)]
            slopes = [Formula(f"IF($A{at + 1}=$A{at},0,({c}{at + 1}-{c}{at})/($A{at + 1}-$A{at}))") for c in cells]
        rows.append((x, *amounts, *slopes))
    formats = dict.fromkeys(range(1, len(names) + 2), AMOUNT)
    return Page(title=CURVE, rows=tuple(rows), formats=formats)


def _payout_page(payout: Payout, curve: Curve, knots: int) -> Page:
    last = knots + 1
    rows: list[tuple[Written, ...]] = [
        (f"Proceeds, {curve.currency}", payout.proceeds.amount),
        ("Row of the curve", Formula(f"MATCH($B$1,{CURVE}!$A$2:$A${last},1)")),
        ("Type other proceeds into B1; amounts are not rounded to the minor unit.",),
        (),
        ("Party", "For", "Class", "Part", f"Amount, {curve.currency}"),
    ]
    first = len(rows) + 1
    width = len(curve.columns)
    for place, column in enumerate(curve.columns, 2):
        amount, slope = column_name(place), column_name(place + width)
        in_all = (
            f"INDEX({CURVE}!${amount}$2:${amount}${last},$B$2)+INDEX({CURVE}!${slope}$2:${slope}${last},$B$2)"
            f"*($B$1-INDEX({CURVE}!$A$2:$A${last},$B$2))"
        )
        for party, part in column.holders or (("", Fraction(1)),):
            at = len(rows) + 1
            label = (safe(party), _kind(column), safe(column.class_id or ""), part)
            rows.append((*label, Formula(f"$D${at}*({in_all})")))
    bottom = len(rows)
    rows += [("All", None, None, None, Formula(f"SUM(E{first}:E{bottom})")), ()]
    parties, kinds, classes, amounts = (f"${name}${first}:${name}${bottom}" for name in "ABCE")
    heads = [5, len(rows) + 1]
    rows.append(("By class", None, None, None, f"Amount, {curve.currency}"))
    for class_id in dict.fromkeys(column.class_id for column in curve.columns if column.kind == "class"):
        at = len(rows) + 1
        total = Formula(f'SUMIFS({amounts},{classes},A{at},{kinds},"class")')
        rows.append((safe(class_id or ""), None, None, None, total))
    heads.append(len(rows) + 2)
    rows += [(), ("By party", None, None, None, f"Amount, {curve.currency}")]
    for party in dict.fromkeys(party for column in curve.columns for party, _ in column.holders):
        rows.append((safe(party), None, None, None, Formula(f"SUMIFS({amounts},{parties},A{len(rows) + 1})")))
    return Page(
        title=PAYOUT,
        rows=tuple(rows),
        formats={2: AMOUNT, 4: PERCENT, 5: AMOUNT},
        heads=tuple(heads),
        names={"Proceeds": "$B$1"},
    )


def _label(column: Column, at: int) -> str:
    who = column.class_id or (column.holders[0][0] if column.holders else "")
    return safe(f"{_kind(column)} {who} {at + 1}".replace("  ", " "))


def _kind(column: Column) -> str:
    return "not allocated" if column.kind == "unallocated" else column.kind


def _rests_page(header: Mapping[str, Any], payout: Payout | None) -> Page:
    """Return what the workbook rests on: the book, the day, what is assumed, and why the curve bends."""
    names = ("book", "book_hash", "on", "account", "under", "as_recorded", "version")
    rows: list[tuple[Written, ...]] = [("What this file rests on", None)]
    for name in names:
        value = header.get(name)
        words = "" if value is None else ("yes" if value else "no") if isinstance(value, bool) else str(value)
        rows.append((name.replace("_", " "), safe(words)))
    assumptions = [*header.get("assumptions", ()), *(payout.assumptions if payout is not None else ())]
    rows += [("assumed", safe(words)) for words in dict.fromkeys(assumptions)]
    if payout is not None:
        for each in payout.breakpoints:
            rows.append((f"bends at {payout.proceeds.currency} {decimal_text(each.proceeds)}", safe(each.cause)))
    return Page(title=RESTS, rows=tuple(rows))


def _decimals(part: Fraction | None) -> Written:
    if part is None:
        return None
    words = decimal_text(part)
    return part if "/" not in words else decimal_text(Fraction(round(part * 10**PLACES), 10**PLACES))
