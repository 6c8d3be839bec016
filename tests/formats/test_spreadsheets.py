"""Spreadsheets in and out: cells with their places, limits, harmless text, and formulas that recompute."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from formula_sheets import Sheets
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.book.load import load, load_text
from muniment.cli.main import run
from muniment.formats import spreadsheets
from muniment.formats.mapped_cap_table import Imported, import_cap_table
from muniment.formats.mapped_columns import Columns, read_columns
from muniment.formats.spreadsheets import Cell, Formula, Page, Sheet, Unread, read_csv, read_xlsx, write_xlsx
from muniment.model.amounts import parse_quantity
from muniment.model.values import Money, Quantity
from muniment.payout import cap_table, pay_out
from muniment.render.workbooks import workbook

BOOKS = Path(__file__).resolve().parents[2] / "books"
MAP = """
entity = "acme"
title = "Acme Inc."
kind = "company"
"holders are" = "person"
"classes are" = "declared here"
currency = "USD"
date = "2021-04-01"
skip = ["Total"]
[columns]
holder = "Holder"
class = "Class"
quantity = "Shares"
paid = "Paid"
[classes]
Common = "common"
Preferred = "series-a"
"""


def columns(text: str = MAP) -> Columns:
    found = read_columns("map.toml", text)
    assert isinstance(found, Columns), found
    return found


def taken(text: str, mapping: str = MAP) -> Imported:
    raw = text.encode()
    sheet = read_csv("t.csv", raw)
    assert isinstance(sheet, Sheet)
    found = import_cap_table(sheet, columns(mapping), "t.csv", raw)
    assert isinstance(found, Imported), found
    return found


def xlsx(rows: list[list[Any]], title: str = "Ledger") -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_rows_become_records_with_the_cell_they_come_from() -> None:
    found = taken('Holder,Class,Shares,Paid\nAda Okafor,Common,"4,000,000",\nBirch,Preferred,2000000,"3,000,000.00"\n')
    assert (found.rows, found.findings) == (2, ())
    book = load_text(found.text)
    assert [each for each in book.diagnostics if each.severity == "error"] == []
    structure = book.world().on(date(2021, 4, 1))
    rows = {(row.party, row.class_id): row for row in cap_table(structure, "acme").rows}
    assert rows[("ada-okafor", "common")].quantity == 4_000_000
    assert structure.holdings["acme"][1].paid == Money(Fraction(3_000_000), "USD")
    assert [each.place for each in rows[("birch", "series-a")].because[0].citations] == ["t.csv:3:3"]


def test_every_unmapped_column_and_unread_row_is_reported_with_its_cell() -> None:
    found = taken(
        "Holder,Class,Shares,Paid,Notes\n"
        "Ada,Common,10,,x\n"
        "Bo,Ordinary,10,,\n"
        "Cy,Common,ten,,\n"
        ",Common,10,,\n"
        "Dee,Common,10,EUR x,\n"
        "Total,,10,,\n"
        "Eve,Common,0,,\n"
        "Flo,Common,10,,,stray\n"
    )
    assert [(each.where, each.severity) for each in found.findings] == [
        ("t.csv:1:5", "warning"),
        ("t.csv:3:2", "error"),
        ("t.csv:4:3", "error"),
        ("t.csv:5:1", "error"),
        ("t.csv:6:4", "error"),
        ("t.csv:7:1", "note"),
        ("t.csv:8:3", "error"),
        ("t.csv:9:6", "warning"),
    ]
    assert found.rows == 2


def test_two_names_never_become_one_holder() -> None:
    found = taken("Holder,Class,Shares,Paid\nAda O,Common,1,\nADA-O,Common,2,\nAda O,Common,3,\n")
    assert [each.where for each in found.findings] == ["t.csv:3:1"]
    assert found.rows == 2
    stated = MAP + '[holders]\n"Ada O" = "ada"\n"ADA-O" = "ada"\n'
    assert taken("Holder,Class,Shares,Paid\nAda O,Common,1,\nADA-O,Common,2,\n", stated).rows == 2


def test_grants_are_read_with_their_terms() -> None:
    mapping = MAP.replace('paid = "Paid"', 'instrument = "Type"\nstrike = "Strike"\nvests = "Vesting"\nplan = "Plan"')
    mapping += '[instruments]\nShare = "shares"\nOption = "options"\nRSU = "RSUs"\n'
    found = taken(
        "Holder,Class,Shares,Type,Strike,Vesting,Plan\n"
        'Ina,Common,"4,800",Option,0.50,"4 years monthly, 12 months cliff",pool\n'
        "Jo,Common,10,RSU,,,pool\n"
        "Ko,Common,10,Warrant,,,\n"
        "Lu,Common,10,Share,1,,\n",
        mapping,
    )
    assert [each.where for each in found.findings] == ["t.csv:4:4", "t.csv:5:5"]
    grants = load_text(found.text).world().on(date(2022, 10, 1)).grants
    assert [(each.holder, each.kind, each.granted, each.usable) for each in grants] == [
        ("ina", "options", 4800, 1800),
        ("jo", "RSUs", 10, 10),
    ]


def test_numbers_and_days_of_xlsx_are_exact() -> None:
    raw = xlsx([["a", 0.1, 4_000_000, date(2021, 3, 4), True, None, "=1+1"]])
    sheet = read_xlsx("t.xlsx", raw)
    assert isinstance(sheet, Sheet)
    assert sheet.rows[0] == (
        Cell("a", "Ledger!A1"),
        Cell(Fraction(1, 10), "Ledger!B1"),
        Cell(Fraction(4_000_000), "Ledger!C1"),
        Cell(date(2021, 3, 4), "Ledger!D1"),
        Cell(True, "Ledger!E1"),
    )


def test_xlsx_is_read_like_csv() -> None:
    raw = xlsx([["Holder", "Class", "Shares", "Paid"], ["Ada", "Common", 4_000_000, None], ["Bo", "Common", "=A1", 3]])
    sheet = read_xlsx("t.xlsx", raw)
    assert isinstance(sheet, Sheet)
    found = import_cap_table(sheet, columns(), "t.xlsx", raw)
    assert isinstance(found, Imported)
    assert [(each.where, each.severity) for each in found.findings] == [("Ledger!C3", "error")]
    assert "formula" in found.findings[0].message


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("entity = 3", "another type"),
        ("entity = ", "not TOML"),
        (MAP.replace('quantity = "Shares"\n', ""), "quantity"),
        (MAP + "[plans]\n", "'plans' is not a setting"),
        (MAP.replace('"common"', '"Common Stock"'), "is not an id"),
        (MAP.replace('"USD"', '"Dollars"'), "'Dollars'"),
        (MAP.replace('paid = "Paid"', 'paid = "Shares"'), "two things"),
        (MAP.replace("2021-04-01", "1 April 2021"), "is not a day"),
        ("head = 0\n" + MAP, "counts from 1"),
    ],
)
def test_a_faulty_mapping_is_refused_in_one_sentence(mapping: str, words: str) -> None:
    found = read_columns("map.toml", mapping)
    assert isinstance(found, Unread)
    assert words in found.message


def test_files_that_are_no_spreadsheets_are_refused_where_the_fault_is() -> None:
    assert read_csv("t.csv", b"a,b\nc,\xff\n") == Unread(
        "t.csv:2:3", "the file is not UTF-8 here", "save it as CSV in UTF-8"
    )
    broken = read_csv("t.csv", b'a,b\n"c"x,d\n')
    assert isinstance(broken, Unread)
    assert broken.where == "t.csv:2:1"
    assert isinstance(read_xlsx("t.xlsx", b"not a zip"), Unread)
    assert isinstance(read_xlsx("t.xlsx", xlsx([["a"]])[:-40]), Unread)
    two = read_xlsx("t.xlsx", xlsx([["a"]]), "Other")
    assert isinstance(two, Unread)
    assert two.hint == "it has: Ledger"


def test_wide_and_long_sheets_are_refused_at_the_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = read_csv("t.csv", b"a\n" + b"," * spreadsheets.MOST_COLUMNS + b"\n")
    assert isinstance(wide, Unread)
    assert wide.where == "t.csv:2:1"
    assert isinstance(read_xlsx("t.xlsx", xlsx([["a"], ["b"] * (spreadsheets.MOST_COLUMNS + 1)])), Unread)
    monkeypatch.setattr(spreadsheets, "MOST_CELLS", 3)
    assert isinstance(read_csv("t.csv", b"a,b\nc,d\n"), Unread)
    monkeypatch.setattr(spreadsheets, "LARGEST_FILE", 3)
    assert isinstance(read_csv("t.csv", b"a,b,c"), Unread)


def _with_part(raw: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.infolist():
            made.writestr(part.filename, content if part.filename == name else given.read(part))
        if name not in given.namelist():
            made.writestr(name, content)
    return out.getvalue()


def test_archives_that_would_explode_are_not_unpacked() -> None:
    bomb = _with_part(xlsx([["a"]]), "xl/worksheets/sheet1.xml", b" " * 20_000_000)
    found = read_xlsx("t.xlsx", bomb)
    assert isinstance(found, Unread)
    assert found.where == "t.xlsx!xl/worksheets/sheet1.xml"
    laughs = b'<?xml version="1.0"?><!--' + b"x" * 9000 + b'--><!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'
    found = read_xlsx("t.xlsx", _with_part(xlsx([["a"]]), "xl/workbook.xml", laughs))
    assert isinstance(found, Unread)
    assert "document type" in found.message
    many = _with_part(xlsx([["a"]]), "x", b"")
    with zipfile.ZipFile(io.BytesIO(many), "a") as archive:
        for each in range(spreadsheets.MOST_PARTS):
            archive.writestr(f"p{each}", b"")
        raw = archive.fp
        assert raw is not None
        raw.seek(0)
        whole = raw.read()
    assert isinstance(read_xlsx("t.xlsx", whole), Unread)


@settings(max_examples=60, deadline=None)
@given(raw=st.binary(max_size=200), header=st.booleans())
def test_no_bytes_raise(raw: bytes, header: bool) -> None:
    content = b"Holder,Class,Shares,Paid\n" + raw if header else raw
    sheet = read_csv("t.csv", content)
    if isinstance(sheet, Sheet) and sheet.rows:
        found = import_cap_table(sheet, columns(), "t.csv", content)
        if isinstance(found, Imported):
            load_text(found.text)
    assert isinstance(read_xlsx("t.xlsx", b"PK\x03\x04" + raw), Unread)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=40))
def test_no_name_breaks_out_of_its_line(text: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["Holder", "Class", "Shares", "Paid"], [text, "Common", "5", ""]])
    found = taken(out.getvalue().replace("\0", ""))
    book = load_text(found.text)
    assert [each for each in book.diagnostics if each.severity == "error"] == []
    assert len(book.records_of("issue")) == found.rows
    assert len(book.records) <= 4


def test_exact_numbers_and_divisions_are_written() -> None:
    rows = ((Fraction(1, 3), Fraction(1, 4), Fraction(10**20), 7, "=1+1", Formula("A1*3"), date(2021, 4, 1), None),)
    raw = write_xlsx([Page(title="A", rows=rows, heads=())], date(2021, 4, 1))
    assert isinstance(raw, bytes)
    sheets = Sheets(raw)
    assert sheets.value("A", "A1") == Fraction(1, 3)
    assert sheets.value("A", "B1") == Fraction(1, 4)
    assert sheets.value("A", "E1") == "=1+1"
    assert sheets.book["A"]["E1"].data_type == "s"
    assert sheets.value("A", "F1") == 1
    assert raw == write_xlsx([Page(title="A", rows=rows, heads=())], date(2021, 4, 1))


@pytest.mark.parametrize(
    ("book", "entity", "on"),
    [("acme", "acme", date(2021, 4, 1)), ("lighthouse", "lighthouse-lp", date(2021, 3, 10))],
)
def test_formulas_give_the_exact_payout_of_any_proceeds(book: str, entity: str, on: date) -> None:
    structure = load(BOOKS / book).world().on(on)
    payout = pay_out(structure, entity, Money(Fraction(10_000_000), "USD"))
    table = cap_table(structure, entity)
    raw = write_xlsx(workbook(table, payout, {"book": book}), on)
    assert isinstance(raw, bytes)
    sheets = Sheets(raw)
    curve = payout.curve
    assert curve is not None
    knots = sorted({x for column in curve.columns for x, _ in column.amount.knots})
    asked = {Fraction(10_000_000), *(knot + step for knot in knots for step in (0, 1, -1) if knot + step >= 0)}
    for proceeds in sorted({*asked, Fraction(1, 3), knots[-1] * 7 + 5}):
        sheets.set("Payout", "B1", f"={proceeds.numerator}/{proceeds.denominator}")
        rows = sheets.rows("Payout")
        split = [at for at, row in enumerate(rows) if row[0] in ("By class", "By party")]
        by_class = {row[0]: row[4] for row in rows[split[0] + 1 : split[1] - 1]}
        by_party = {row[0]: row[4] for row in rows[split[1] + 1 :]}
        classes = [column.class_id for column in curve.columns if column.kind == "class"]
        assert by_class == {name: curve.of_class(name or "").at(proceeds) for name in classes}
        assert by_party == {name: curve.of_party(name).at(proceeds) for name in by_party}
        total = next(row[4] for row in rows if row[0] == "All")
        assert total == proceeds


def test_percentages_and_totals_recompute() -> None:
    text = (
        '2020-01-01 person ada "Ada"\n\n2020-01-01 person oak "Oak"\n\n2020-01-01 company acme "Acme"\n'
        "  class common\n  class series-a\n    converts: 1:3 into common\n"
        "  plan pool\n    of: common\n    reserved: 500\n\n"
        "2020-01-02 issue acme\n  ada: 700 common\n  oak: 100 series-a\n\n"
        "2020-01-03 grant acme\n  to: oak\n  quantity: 60\n  of: series-a\n"
    )
    structure = load_text(text).world().on(date(2020, 2, 1))
    table = cap_table(structure, "acme")
    raw = write_xlsx(workbook(table, None, {}), date(2020, 2, 1))
    assert isinstance(raw, bytes)
    rows = Sheets(raw).rows("Cap table")
    for shown, row in zip(rows[1:], table.instruments, strict=False):
        assert (shown[4], shown[5], shown[8]) == (row.of_class, row.of_total, row.fully_diluted)
    assert rows[-1][3] == 800
    assert rows[-1][7] == 700 + 300 + 180 + 500
    classes = Sheets(raw).rows("Classes")
    assert [row[3:6] for row in classes[1:-1]] == [
        [total.outstanding, total.as_converted, total.fully_diluted] for total in table.totals
    ]
    # The sheet recomputes from its quantities, so a changed one changes every part.
    sheets = Sheets(raw)
    sheets.set("Cap table", "D2", 1400)
    assert sheets.value("Cap table", "F2") == Fraction(1400, 1500)


def test_what_a_name_holds_is_never_a_formula(tmp_path: Path) -> None:
    text = (
        '2020-01-01 person ada "Ada"\n\n2020-01-01 company acme "Acme"\n  class common\n\n'
        "2020-01-02 holding acme\n  ada: about 10 common\n"
    )
    structure = load_text(text).world().on(date(2020, 2, 1))
    raw = write_xlsx(
        workbook(cap_table(structure, "acme"), None, {"book": "=HYPERLINK(1)", "account": "@SUM(1)"}), date.min
    )
    assert isinstance(raw, bytes)
    sheets = Sheets(raw)
    assert [row[1] for row in sheets.rows("Rests on")[1:5:3]] == ["'=HYPERLINK(1)", "'@SUM(1)"]
    # An open quantity has no formula over it: a total would be short.
    assert all(cell.data_type != "f" for row in sheets.book["Cap table"].rows for cell in row)


def test_without_openpyxl_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = xlsx([["a"]])
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    found = read_xlsx("t.xlsx", raw)
    assert isinstance(found, Unread)
    assert "muniment[spreadsheets]" in (found.hint or "")
    assert isinstance(write_xlsx([Page(title="A", rows=())], date(2021, 4, 1)), Unread)


def test_the_commands_go_there_and_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, mapping = tmp_path / "t.csv", tmp_path / "map.toml"
    sheet.write_text("Holder,Class,Shares,Paid\nAda,Common,4000000,\nBirch,Preferred,2000000,3000000\n")
    mapping.write_text(MAP)
    (tmp_path / "muniment.toml").write_text("")
    assert run(["import", "csv", str(sheet), "--columns", str(mapping), "-o", str(tmp_path / "a.muni")]) == 0
    assert "2 rows read, 0 not read" in capsys.readouterr().out
    out = tmp_path / "t.xlsx"
    words = ["export", "xlsx", str(tmp_path), "acme", "--on", "2021-04-01", "-o", str(out), "--proceeds", "USD 600"]
    assert run(words) == 0
    by_party = {row[0]: row[4] for row in Sheets(out.read_bytes()).rows("Payout")[-2:]}
    assert by_party == {"ada": 400, "birch": 200}
    assert run(["export", "csv", str(tmp_path), "acme", "--on", "2021-04-01", "-o", str(tmp_path / "o.csv")]) == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "o.csv").read_text())))
    assert [(row["Party"], row["Quantity"]) for row in rows] == [("ada", "4000000"), ("birch", "2000000")]
    assert run(["import", "xlsx", str(sheet), "--columns", str(mapping), "-o", str(tmp_path / "b.muni")]) == 2
    assert "is not an XLSX file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "signs", "shares"),
    [
        ("1.000", 'decimal = ","', "1000"),
        ("1.000", 'decimal = "."', "1"),
        ("1.000,5", 'decimal = ","\nthousands = "."', "1000.5"),
        ("1 000", 'thousands = " "', "1000"),
        ("1\u202f000\u00a0000", 'thousands = " "', "1000000"),
        ("1'000.5", """thousands = "'\"""", "1000.5"),
        ("1,000", "", "1000"),
        ("1000.5", "", "1000.5"),
    ],
)
def test_signs_of_numbers_are_read_as_the_mapping_says(written: str, signs: str, shares: str) -> None:
    found = taken(f'Holder,Class,Shares,Paid\nAda,Common,"{written}",\n', signs + "\n" + MAP)
    assert not [each for each in found.findings if each.severity == "error"]
    (line,) = [line for line in found.text.splitlines() if line.startswith("  ada:")]
    read = parse_quantity(line.removeprefix("  ada: ").partition(" common")[0])
    assert isinstance(read, Quantity)
    assert read.amount == Fraction(shares)


@pytest.mark.parametrize(
    ("written", "signs"),
    [
        ("1.000", ""),
        ("1.000,50", ""),
        ("1 000", ""),
        ("1'000", ""),
        ("1,5", ""),
        ("1.000.000", ""),
        ("1,000.50", 'decimal = ","'),
        ("10.00", 'decimal = ","'),
    ],
)
def test_a_number_of_more_than_one_reading_is_refused_at_its_cell(written: str, signs: str) -> None:
    found = taken(f'Holder,Class,Shares,Paid\nAda,Common,"{written}",\n', signs + "\n" + MAP)
    (fault,) = [each for each in found.findings if each.severity == "error"]
    assert (fault.where, found.rows) == ("t.csv:2:3", 0)
    assert f"'{written}'" in fault.message
