"""What each line shape is read as, and what is said of lines that have none."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.text.codes import CODES
from muniment.text.nodes import Blank, Block, Comment, Field, Item, Record, Unread
from muniment.text.reader import decode, read, read_bytes
from muniment.text.spans import Span
from muniment.text.writer import format_text, write

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "examples"


def only_record(text: str) -> Record:
    file, found = read(text, "a.muni")
    assert found == []
    (record,) = file.children
    assert isinstance(record, Record)
    return record


def codes(text: str) -> list[str]:
    return [one.code for one in read(text, "a.muni")[1]]


def plain(node: object) -> object:
    """A node without spans, line numbers and blank lines."""
    if isinstance(node, Span):
        return None
    if isinstance(node, Comment | Unread):
        node = node._replace(line=0)
    if isinstance(node, tuple):
        return type(node).__name__, tuple(plain(one) for one in node if not isinstance(one, Blank))
    return node


def test_record_head_with_all_parts() -> None:
    record = only_record('2021-03-04 company acme "Acme, Inc."   [@charter, art. 1]\n')
    assert (record.date, record.kind, record.name, record.title) == ("2021-03-04", "company", "acme", "Acme, Inc.")
    assert record.date_span == Span("a.muni", 1, 1, 11)
    assert record.kind_span == Span("a.muni", 1, 12, 19)
    assert record.name_span == Span("a.muni", 1, 20, 24)
    assert record.span == Span("a.muni", 1, 1, 37)
    (citation,) = record.citations
    assert citation == ("charter", "art. 1", Span("a.muni", 1, 41, 57))


@pytest.mark.parametrize(
    "date", ["2018", "2018-02~", "[2017-01-21,2017-07-21]", "../2018-02-20", "2017-09/2017-10", "2018?", "201X"]
)
def test_dates_are_kept_as_written(date: str) -> None:
    assert only_record(f"{date} event e\n").date == date


def test_both_roads_read_the_same() -> None:
    """A second space sends a line down the careful road."""
    usual = '2021-03-04 company acme "A" [@c, 1]\n  law: Delaware [@c, art. 1]\n  board "B" [@c]\n    number: 3\n'
    careful = (
        '2021-03-04  company acme "A" [@c,  1]\n  law:  Delaware [@c,  art. 1]\n  board  "B" [@c, ]\n    number:  3\n'
    )
    assert plain(read(usual, "a")[0].children) == plain(read(careful, "a")[0].children)


def test_field_label_ends_at_the_first_colon_and_space() -> None:
    record = only_record("2021-03-04 expect x\n  a:b c: d: e\n  payout at USD 10,000,000: ada USD 1\n  none:\n")
    fields = [one for one in record.children if isinstance(one, Field)]
    assert [(one.label, one.value) for one in fields] == [
        ("a:b c", "d: e"),
        ("payout at USD 10,000,000", "ada USD 1"),
        ("none", ""),
    ]
    assert fields[0].label_span == Span("a.muni", 2, 3, 8)
    assert fields[0].value_span == Span("a.muni", 2, 10, 14)


def test_quote_before_the_colon_makes_a_block() -> None:
    (block,) = only_record('2021-03-04 company a\n  board "Board: of Directors"\n    number: 3\n').children
    assert isinstance(block, Block)
    assert (block.head, block.title) == ("board", "Board: of Directors")
    assert isinstance(block.children[0], Field)


def test_items_names_and_a_field_among_them() -> None:
    text = "2021-03-04 round r\n  new money: disputed\n    - USD 3   [@spa, s. 1; @b]\n      > for three\n"
    text += "      > dollars\n      >> meaning\n    - (one) 4 (four)\n    prefer: @spa, because\n"
    (field,) = only_record(text).children
    assert isinstance(field, Field)
    first, second, prefer = field.items
    assert isinstance(first, Item)
    assert [(one.source, one.place) for one in first.citations] == [("spa", "s. 1"), ("b", "")]
    (quotation,) = first.quotations
    assert (quotation.text, quotation.gloss) == ("for three dollars", "meaning")
    assert quotation.span == Span("a.muni", 4, 9, 18)
    assert isinstance(second, Item)
    assert (second.name, second.value, second.span) == ("one", "4 (four)", Span("a.muni", 7, 13, 21))
    assert isinstance(prefer, Field)
    assert (prefer.label, prefer.value) == ("prefer", "@spa, because")


def test_place_may_hold_commas_brackets_and_semicolons() -> None:
    (field,) = only_record("2021 company a\n  law: x [@c, art. 4(B), [sic]; and 5; @d, p. [2]]\n").children
    assert [(one.source, one.place) for one in field.citations] == [("c", "art. 4(B), [sic]; and 5"), ("d", "p. [2]")]


def test_comments_and_blank_lines_are_kept_in_place() -> None:
    file, found = read("# top\n\n2021 company a\n  # of law\n  law: x\n# end\n", "a.muni")
    assert found == []
    comment, blank, record, end = file.children
    assert (comment, blank, end) == (Comment("# top", 0, 1), Blank(2), Comment("# end", 0, 6))
    assert isinstance(record, Record)
    assert record.children[0] == Comment("# of law", 1, 4)


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "hint"),
    [
        ("2021 company a\n\tlaw: x\n", "M105", 2, 1, "two spaces"),
        ("2021 company a\n   law: x\n", "M106", 2, 1, "fmt"),
        ("2021 company a\n    law: x\n", "M107", 2, 1, "fmt"),
        ("2021 company a\nlaw: x\n", "M108", 2, 1, "indent"),
        ('company acme "A"\n', "M109", 1, 1, '2021-03-04 company acme "A"'),
        ("04/03/2021 company a\n", "M110", 1, 1, "2021-03-04"),
        ("2021-3-4 company a\n", "M110", 1, 1, "2021-03-04"),
        ("2021.03.04 company a\n", "M110", 1, 1, "2021-03-04"),
        ("March 2021 company a\n", "M110", 1, 1, "2021-03-04"),
        ("4 March 2021 company a\n", "M110", 1, 1, "2021-03-04"),
        ("2021-03-04\n", "M111", 1, 1, "after the date"),
        ("2021 company a “A”\n", "M112", 1, 16, '"A"'),
        ('2021 company a "A\n', "M113", 1, 16, '"A"'),
        ('2021 company a "A" b\n', "M114", 1, 19, "own"),
        ("2021 company a B\n", "M115", 1, 14, "'a-b'"),
        ("2021 company a\n  law Delaware\n", "M116", 2, 3, 'write "law: Delaware"'),
        ("2021 company a\n  authorized 10,000,000\n", "M116", 2, 3, 'write "authorized: 10,000,000"'),
        ("2021 company a\n  votes per share 1.5\n", "M116", 2, 3, 'write "votes per share: 1.5"'),
        ("2021 company a\n  : x\n", "M117", 2, 3, "label"),
        ('2021 company a\n  class Common "C"\n', "M118", 2, 3, "lower-case"),
        ("2021 company a\n  law: x [@c, art. 1\n", "M119", 2, 10, "]"),
        ("2021 company a\n  law: x [@c] y\n", "M120", 2, 10, "end"),
        ("2021 company a\n  law: x [@c] [@d]\n", "M120", 2, 10, "one pair"),
        ("2021 company a\n  law: x [@c art. 1]\n", "M121", 2, 11, "@c, art. 1"),
        ("2021 company a\n  law: x [@, art. 1]\n", "M122", 2, 11, "after @"),
        ("2021 company a\n  - x\n", "M123", 2, 3, "label"),
        ("> x\n", "M124", 1, 1, "below"),
        ("  law: x\n", "M125", 1, 3, "record first"),
        ("2021 company a\n  law: disputed\n    -x\n", "M128", 3, 5, "- x"),
        ("2021 company a\n  law: x\n    and y\n", "M129", 3, 5, "line 2"),
    ],
)
def test_each_fault_has_its_code_place_and_hint(text: str, code: str, line: int, column: int, hint: str) -> None:
    file, (found,) = read(text, "a.muni")
    assert (found.code, found.span.line, found.span.column) == (code, line, column)
    assert found.severity == CODES[code].severity
    assert found.hint is not None
    assert hint in found.hint
    assert file.text == text


def test_wrong_date_still_gives_the_record() -> None:
    file, _ = read('4 March 2021 company acme "A"\n  law: x\n', "a")
    (record,) = file.children
    assert isinstance(record, Record)
    assert (record.date, record.kind, record.name, len(record.children)) == ("4 March 2021", "company", "acme", 1)


def test_what_stands_below_an_unread_line_is_silent() -> None:
    text = "2021 company a\n  Board of Directors\n      decides by majority\n    > said so\n  law: x\n"
    file, found = read(text, "a")
    assert [one.code for one in found] == ["M116"]
    (record,) = file.children
    assert isinstance(record, Record)
    assert [type(one).__name__ for one in record.children] == ["Unread", "Unread", "Unread", "Field"]


def test_four_spaces_a_level_keep_the_structure() -> None:
    text = "2021 company a\n    board\n        number: 3\n    law: x\n"
    assert format_text(text, "a") == "2021 company a\n  board\n    number: 3\n  law: x\n"
    assert set(codes(text)) == {"M107"}


def test_bytes_that_are_not_utf_8_are_named_and_replaced() -> None:
    text, (found,) = decode(b"2021 person a\n  also: Andr\xe9 x\n", "a")
    assert text == "2021 person a\n  also: Andr\ufffd x\n"
    assert (found.code, found.span) == ("M100", Span("a", 2, 13, 14))
    assert "E9" in found.message


def test_marks_line_ends_and_control_characters() -> None:
    text, found = decode(b"\xef\xbb\xbf2021 person a\r\n  also: \x00b\r\n  also: c\rd\n  also: \xe2\x80\xae\r\n", "a")
    assert [(one.code, str(one.span)) for one in found] == [
        ("M101", "a:1:1"),
        ("M102", "a:1:14"),
        ("M103", "a:2:9"),
        ("M103", "a:3:10"),
        ("M104", "a:4:9"),
    ]
    assert [one.severity for one in found] == ["warning", "warning", "error", "error", "warning"]
    assert not text.startswith("\ufeff")
    assert codes(text) == []


def test_at_most_a_hundred_and_one_diagnostics_and_an_error_stays_one() -> None:
    _, found = read("2021 company a\n" + "  law Delaware\n" * 250, "a")
    assert len(found) == 101
    assert found[-1].code == "M199"
    assert found[-1].severity == "error"
    assert found[-1].message.startswith("150 more")
    _, both = read_bytes(b"2021 company a\x00\n" + b"  law Dela\x00ware\n" * 250, "a")
    assert len(both) == 101
    assert both[-1].message.startswith("401 more")


@pytest.mark.parametrize(
    "text",
    [
        '2021 company a "' + "x" * 20_000_000,
        "2021 company a\n  law: " + "[" * 50_000_000,
        " " * 50_000_000 + "x",
        "x\n" * 1_000_000,
        "2021 company a\n" + "  law: x [@" + "[" * 90_000 + "\n",
        "2021 company a\n  a" + " " * 90_000 + "[x\n",
        "2021 company a\n  a: " + "b " * 45_000 + "[@x\n",
        "2021 company a\n" + "".join(" " * indent + "b\n" for indent in range(2, 2_000, 2)),
    ],
    ids=["string", "line", "spaces", "lines", "brackets", "gap", "words", "levels"],
)
def test_abuse_is_read_in_linear_time(text: str) -> None:
    started = time.process_time()
    file, found = read(text, "a")
    assert time.process_time() - started < 30
    assert 1 <= len(found) <= 101
    assert file.text is text


def test_long_line_is_one_fault() -> None:
    file, found = read("2021 company a\n  law: " + "x" * 100_000 + "\n    > q\n  lei: y\n", "a")
    assert [one.code for one in found] == ["M126"]
    (record,) = file.children
    assert isinstance(record, Record)
    assert isinstance(record.children[0], Unread)
    assert isinstance(record.children[-1], Field)


PIECES = st.sampled_from(
    [
        *(
            "2021-03-04 ",
            "company ",
            "acme ",
            '"T"',
            "“T”",
            '"',
            '""',
            "law: ",
            "law ",
            "x: disputed",
            "- ",
            "-",
            "(n) ",
        ),
        *("> ", ">> ", "# c", " ", "  ", "   ", "    ", "\t", "\n", "\n  ", "\n    ", "\n      ", "\n\n", "board", "é"),
        *(
            "[@a, p. 1]",
            " [@a, p. 1]",
            "[@a",
            "[@a; @b]",
            "[",
            "]",
            "class A",
            "12 ",
            "March 2021 ",
            "04/03/2021 ",
            "..",
        ),
        *("\r", "\r\n", "\ufeff", ";", ":", ",", "\x00", "\u3000", "\u2028"),
    ]
)
NEARLY = st.lists(PIECES, max_size=40).map(lambda pieces: "2021-01-01 company a\n" + "".join(pieces))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_never_crash(data: bytes) -> None:
    file, found = read_bytes(data, "a")
    assert all(one.span.line >= 1 and one.span.column >= 1 for one in found)
    assert write(file) == format_text(file.text, "a")


@settings(max_examples=500, deadline=None)
@given(NEARLY | st.text(max_size=200))
def test_writing_loses_nothing_and_is_stable(text: str) -> None:
    file, _ = read(text, "a")
    written = write(file)
    again, _ = read(written, "a")
    assert plain(again.children) == plain(file.children)
    assert write(again) == written


@settings(max_examples=300, deadline=None)
@given(NEARLY)
def test_the_quick_road_and_the_careful_one_agree_to_the_column(text: str) -> None:
    quick = read(text, "a")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("USUAL_FIELD", "USUAL_BLOCK", "USUAL_RECORD"):
            patch.setattr(f"muniment.text.reader.{name}", re.compile(r"(?!)"))
        careful = read(text, "a")
    assert quick == careful


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the normative examples are not beside this checkout")
@pytest.mark.parametrize("name", ["acme", "lighthouse", "pyramid"])
def test_examples_read_without_a_fault_and_are_canonical(name: str) -> None:
    data = (EXAMPLES / name / f"{name}.muni").read_bytes()
    file, found = read_bytes(data, f"{name}.muni")
    assert found == []
    assert write(file).encode() == data
