"""Bad input: each fault is one located diagnostic with a hint, and the rest of the book still answers."""

from __future__ import annotations

import os
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from muniment.answers.checking import check_book
from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.checks import check_figures
from muniment.book.load import load, load_text
from muniment.text.diagnostics import Diagnostic

REST = """\
2020-01-01 person ada "Ada"
2020-01-01 person grace "Grace"
2020-01-01 company acme "Acme"
  class common
    votes per share: 1
  rules
    sell company: majority of votes
2020-01-01 issue acme
  ada: 60 common
  grace: 40 common
"""


def faults(book: Book) -> list[Diagnostic]:
    return [*book.diagnostics, *check_figures(book)]


def the_only_fault(book: Book, code: str, line: int, words: str) -> None:
    """Assert that there is one fault, of a code, under certain words of a line, with a hint."""
    found = faults(book)
    assert [one.code for one in found] == [code], [one.message for one in found]
    span = found[0].span
    text = book.lines[span.path].split("\n")[span.line - 1]
    assert (span.line, text[span.column - 1 : span.end_column - 1]) == (line, words)
    assert found[0].hint


def the_rest_answers(book: Book) -> None:
    """Assert that Acme is there as if nothing else were in the book."""
    structure = World(book).on(date(2022, 1, 1))
    assert {holding.party: holding.quantity for holding in structure.holdings["acme"]} == {"ada": 60, "grace": 40}
    assert structure.entities["acme"].classes["common"].votes == 1
    assert "sell company" in structure.entities["acme"].rules


def last_line(text: str) -> int:
    """Return the number of the last line of a text that does not end with a line feed."""
    return text.count("\n") + 1


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are made as POSIX has them")
def test_an_unreadable_file_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "muniment.toml").write_text('name = "Book"\nformat = 1\n', encoding="utf-8")
    (tmp_path / "acme.muni").write_text(REST, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.muni")
    (tmp_path / "gone.muni").symlink_to(tmp_path / "nowhere.muni")
    (tmp_path / "out.muni").symlink_to("/etc/hostname")
    book = load(tmp_path)
    assert [(one.code, one.span.path) for one in faults(book)] == [
        ("M190", name) for name in ("gone.muni", "out.muni", "pipe.muni")
    ]
    assert all(one.hint for one in faults(book))
    the_rest_answers(book)


def test_a_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "muniment.toml").write_text("format = 1\n", encoding="utf-8")
    (tmp_path / "folder.muni").mkdir()
    (tmp_path / "folder.muni" / "acme.muni").write_text(REST, encoding="utf-8")
    book = load(tmp_path)
    assert faults(book) == []
    the_rest_answers(book)


def test_a_missing_folder_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match="no folder"):
        load(tmp_path / "nowhere")


def test_general_partners_in_a_circle() -> None:
    text = REST + (
        "2020-01-01 partnership one\n  general partner: two\n"
        "2020-01-01 partnership two\n  general partner: ada, three\n"
        "2020-01-01 partnership three\n  general partner: one\n"
    )
    book = load_text(text)
    the_only_fault(book, "M312", 12, "two")
    assert "one > two > three > one" in faults(book)[0].message
    the_rest_answers(book)


def test_a_long_circle_of_general_partners_needs_no_deep_stack() -> None:
    count = 5_000
    text = REST + "".join(f"2020-01-01 partnership p{n}\n  general partner: p{(n + 1) % count}\n" for n in range(count))
    book = load_text(text)
    assert [one.code for one in book.diagnostics] == ["M312"]


def test_a_class_that_nobody_issued() -> None:
    text = REST + "2020-01-01 company beta\n  class preferred\n  rules\n    merge: majority of preferred"
    book = load_text(text + "\n")
    the_only_fault(book, "M513", last_line(text), "majority of preferred")
    assert faults(book)[0].severity == "note"
    the_rest_answers(book)


def test_a_class_that_is_not_there_is_left_out_of_the_holdings() -> None:
    text = REST + "2020-02-01 issue acme\n  ada: 10 comon"
    book = load_text(text + "\n")
    the_only_fault(book, "M304", last_line(text), "comon")
    the_rest_answers(book)


def test_a_matter_that_nobody_decides() -> None:
    text = (
        REST + "2020-01-01 agreement pact\n"
        "  parties: ada, acme\n"
        "  consent\n"
        "    of: ada\n"
        "    for: sell company, paint the fence"
    )
    book = load_text(text + "\n")
    the_only_fault(book, "M314", last_line(text), "paint the fence")
    the_rest_answers(book)
    consents = World(book).on(date(2022, 1, 1)).entities["acme"].consents
    assert [party for party, _, _ in consents["sell company"]] == ["ada"]


def test_a_consent_in_an_entity_that_is_not_there() -> None:
    text = REST + "2020-01-01 agreement pact\n  parties: ada, acme\n  consent\n    of: ada\n    for: acne: sell company"
    book = load_text(text + "\n")
    the_only_fault(book, "M303", last_line(text), "acne")
    the_rest_answers(book)


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("2020-13-01 person piet", "M211", "13"),
        ("2020-02-30 person piet", "M211", "30"),
        ("0000-01-01 person piet", "M211", "0000"),
        ("10000-01-01 person piet", "M210", "10000-01-01"),
        ("2020/2019 person piet", "M212", "2020/2019"),
    ],
)
def test_a_date_out_of_range(line: str, code: str, words: str) -> None:
    text = f"{REST}{line}"
    book = load_text(text + "\n")
    the_only_fault(book, code, last_line(text), words)
    the_rest_answers(book)


def test_an_unknown_currency() -> None:
    text = REST + "2020-01-01 contribute gift\n  by: ada\n  to: acme\n  amount: XQQ 5"
    book = load_text(text + "\n")
    the_only_fault(book, "M231", last_line(text), "XQQ")
    the_rest_answers(book)


def test_a_record_of_an_unknown_kind_is_one_fault_however_often_it_is_named() -> None:
    text = REST + (
        "2020-01-01 compny beta\n  class ordinary\n  board\n    seats founders\n"
        "2020-01-01 issue beta\n  ada: 5 ordinary\n2020-01-02 appoint beta\n  founders: ada\n"
        "2020-01-01 holding acme\n  beta: 5% of votes\n"
    )
    book = load_text(text)
    the_only_fault(book, "M200", 11, "compny")


def test_a_value_at_fault_does_not_hide_another_fault() -> None:
    text = REST + "2020-01-02 issue acme\n  ada: ten comon\n2020-01-03 issue acme\n  ada: 10 comon\n"
    assert [(one.code, one.span.line) for one in load_text(text).diagnostics] == [("M220", 12), ("M304", 14)]


def test_a_subject_that_is_not_there_is_one_fault() -> None:
    text = REST + "2020-01-02 issue acne\n  ada: 10 ordinary\n  grace: 20 ordinary"
    the_only_fault(load_text(text + "\n"), "M303", 11, "acne")


def test_a_second_block_of_one_name_keeps_its_facts() -> None:
    text = REST + (
        "2020-01-01 company beta\n"
        "  board\n"
        "    seats founders\n"
        "      number: 1\n"
        "  board\n"
        "    seats others\n"
        "      number: 2\n"
        "2020-01-02 appoint beta\n  others: ada, grace\n"
    )
    book = load_text(text)
    the_only_fault(book, "M292", 15, "board")
    groups = World(book).on(date(2022, 1, 1)).entities["beta"].bodies["board"].groups
    assert [seat.occupant for seat in groups["others"].seats] == ["ada", "grace"]
    assert list(groups) == ["founders", "others"]


def test_many_faults_are_all_reported_in_one_run_in_file_order() -> None:
    text = (
        "2020-01-01 company acme\n  lwa: Delaware\n  class common\n    votes per share: half\n"
        "2020-01-02 issue acme\n  ada: 10 common\n2020-02-30 person ada\n"
    )
    found = load_text(text).diagnostics
    assert [(one.code, one.span.line) for one in found] == [("M290", 2), ("M220", 4), ("M211", 7)]


def test_every_fault_of_a_broken_book_has_a_place_and_a_hint() -> None:
    text = (
        REST.replace("company acme", "compny acme").replace("issue", "isue") + "2020-01-01 vote acme\n  on: nothing\n"
    )
    checked = check_book(load_text(text))
    assert checked.diagnostics
    for one in checked.diagnostics:
        assert one.hint
        assert one.span.line > 0
        assert one.span.column > 0


def test_amounts_stay_exact_whatever_else_is_wrong() -> None:
    text = REST.replace("60 common", "1/3 common").replace("40 common", "2/3 common") + "2020-01-01 foo bar\n"
    held = World(load_text(text)).on(date(2022, 1, 1)).holdings["acme"]
    assert [holding.quantity for holding in held] == [Fraction(1, 3), Fraction(2, 3)]


@pytest.mark.parametrize(
    "number", ["999999999", "4 to 999999999", "greater of 999999999 and 25% of board", "greater of 3 and 100% of board"]
)
def test_a_number_of_seats_that_no_body_has_is_refused_where_it_stands(number: str) -> None:
    book = load_text(
        f"2020-01-01 company acme\n  board\n    seats s\n      number: {number}\n      filled by: majority of board\n"
    )
    (fault,) = book.diagnostics
    assert (fault.code, fault.span.line, fault.hint is not None) == ("M204", 4, True)
    (group,) = book.world().on(date(2021, 1, 1)).entities["acme"].bodies["board"].groups.values()
    assert len(group.seats) == 1
