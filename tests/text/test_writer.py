"""The canonical form."""

from __future__ import annotations

from muniment.text.writer import format_text


def test_indentation_blank_lines_and_line_ends() -> None:
    text = "\n\n2021   company  a\r\n\r\n\r\n  # c\r\n  law :  x  \r\n      > q\n\n\n"
    assert format_text(text, "a") == "2021 company a\n\n  # c\n  law: x\n    > q\n"


def test_citations_stand_in_one_column_of_the_file() -> None:
    text = "2021 company a [@b]\n  law: x [@c,art. 1 ;@d]\n  note: " + "w" * 70 + " [@c]\n"
    assert format_text(text, "a").splitlines() == [
        "2021 company a".ljust(55) + "[@b]",
        "  law: x".ljust(55) + "[@c, art. 1; @d]",
        "  note: " + "w" * 70 + " [@c]",
    ]


def test_a_long_line_moves_the_column_by_what_it_needs() -> None:
    lines = format_text("2021 company a [@b]\n  law: " + "x" * 45 + " [@c]\n", "a").splitlines()
    assert [line.index("[") for line in lines] == [57, 57]


def test_wide_characters_count_as_two_columns() -> None:
    (_, line) = format_text("2021 company a\n  law: 特拉华 [@c]\n", "a").splitlines()
    assert line == "  law: 特拉华" + " " * (55 - 13) + "[@c]"


def test_an_over_long_citation_stands_one_space_after() -> None:
    line = format_text("2021 company a [@b, " + "p" * 60 + "]\n", "a")
    assert line == "2021 company a [@b, " + "p" * 60 + "]\n"


def test_unread_lines_stand_as_they_are() -> None:
    text = "2021 company a\n  law  Delaware\n       said   so\n  lei:   1\n"
    assert format_text(text, "a") == "2021 company a\n  law  Delaware\n       said   so\n  lei: 1\n"


def test_a_comment_before_a_quotation_stays_before_it() -> None:
    text = "2021 company a\n  law: x\n    > one\n\n    # c\n    > two\n    >> means\n"
    assert format_text(text, "a") == text


def test_empty_text_stays_empty() -> None:
    assert format_text("\n \n", "a") == ""
