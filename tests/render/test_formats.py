from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import date
from fractions import Fraction

import pytest

from muniment.render.answer import Answer, Column, Table
from muniment.render.formats import FORMATS, render
from muniment.render.machine import plain

PAYOUT = Answer(
    command="payout",
    data={
        "version": "0.1.0",
        "book": "acme",
        "on": date(2021, 4, 1),
        "account": "keeper",
        "under": None,
        "entity": "acme",
        "rows": [
            {"party": "birch-ventures", "class": "series-a", "amount": "3000000.00"},
            {"party": "ada", "class": "common", "amount": Fraction(14000000, 3)},
        ],
        "breakpoints": [{"proceeds": "3000000.00", "cause": ["series-a", "preference"]}],
    },
    tables=(
        Table(
            "Payout at USD 10,000,000",
            (Column("party"), Column("class"), Column("amount", "right")),
            (("birch-ventures", "series-a", "USD 3,000,000.00"), ("ada", "common", "USD 4,666,666.67")),
            "Rounded once, to the cent.",
        ),
    ),
    sentences=("birch-ventures takes its preference first,", "  because series-a ranks ahead of common."),
    footer=("On 2021-04-01, in the keeper's account.",),
)


def test_the_table_is_aligned_under_hairlines() -> None:
    assert render(PAYOUT, "table", width=60) == (
        "Payout at USD 10,000,000\n"
        "party           class               amount\n"
        "──────────────  ────────  ────────────────\n"
        "birch-ventures  series-a  USD 3,000,000.00\n"
        "ada             common    USD 4,666,666.67\n"
        "Rounded once, to the cent.\n"
        "\n"
        "birch-ventures takes its preference first,\n"
        "  because series-a ranks ahead of common.\n"
        "\n"
        "────────────────────────────────────────\n"
        "On 2021-04-01, in the keeper's account.\n"
    )


@pytest.mark.parametrize("width", [20, 27, 40, 80])
def test_a_table_is_wrapped_and_never_cut(width: int) -> None:
    words = [f"word{n}" for n in range(60)] + ["x" * 90]
    table = Table("T", (Column("what"), Column("amount", "right")), ((" ".join(words), "USD 1,000.00"),))
    text = render(Answer("x", {}, (table,)), "table", width=width)
    assert max(map(len, text.splitlines())) <= width
    assert [word for word in words if word[:4] == "word" and word not in text] == []
    assert text.count("x") == 90
    assert "USD 1,000.00" in text


def test_a_table_with_too_many_columns_is_printed_row_by_row() -> None:
    columns = tuple(Column(f"column{n}") for n in range(12))
    rows = (tuple(f"a long cell {n}" for n in range(12)),)
    text = render(Answer("x", {}, (Table("T", columns, rows),)), "table", width=40)
    assert "column11: a long cell 11" in text.splitlines()


def test_amounts_are_not_wrapped_while_words_can_be() -> None:
    table = Table("", (Column("why"), Column("amount", "right")), (("because " * 20, "USD 3,000,000.00"),))
    assert "USD 3,000,000.00" in render(Answer("x", {}, (table,)), "table", width=40)


def test_wide_signs_take_two_cells() -> None:
    table = Table("", (Column("party"), Column("n", "right")), (("奥特曼", "1"), ("ada", "2")))
    lines = render(Answer("x", {}, (table,)), "table").splitlines()
    assert lines[2:] == ["奥特曼  1", "ada     2"]


def test_colour_adds_escapes_only_when_asked_for() -> None:
    assert "\x1b" not in render(PAYOUT, "table")
    assert "\x1b[1mPayout" in render(PAYOUT, "table", colour=True)


def test_json_starts_with_the_format_and_keeps_the_order_and_exact_numbers() -> None:
    text = render(PAYOUT, "json")
    loaded = json.loads(text)
    assert text.startswith('{\n  "format": 1,\n  "version": "0.1.0",')
    assert list(loaded) == ["format", *PAYOUT.data]
    assert loaded["rows"][1]["amount"] == "14000000/3"
    assert loaded["on"] == "2021-04-01"


def test_json_writes_letters_of_any_language_as_they_are() -> None:
    assert "奥特曼" in render(Answer("x", {"who": "奥特曼"}), "json")


def test_json_lines_repeat_what_a_line_needs_to_stand_for_itself() -> None:
    lines = [json.loads(line) for line in render(PAYOUT, "jsonl").splitlines()]
    assert [line["party"] for line in lines] == ["birch-ventures", "ada"]
    assert all(line["format"] == 1 and line["on"] == "2021-04-01" and line["account"] == "keeper" for line in lines)
    assert lines[0]["under"] is None


def test_json_lines_of_an_answer_without_a_list_are_one_line() -> None:
    text = render(Answer("paths", {"answer": "no path", "moves": []}), "jsonl")
    assert json.loads(text) == {"format": 1, "answer": "no path", "moves": []}
    assert text.count("\n") == 1


def test_csv_flattens_the_main_list() -> None:
    data = {
        "answers": [
            {"matter": "acme: sell company", "alone": [], "coalitions": [["ada", "birch"], ["ada", "grace"]]},
            {"matter": "acme: appoint ceo", "banzhaf": {"ada": "3/5", "grace": "1/5"}, "circular": False},
        ]
    }
    rows = list(csv.DictReader(io.StringIO(render(Answer("control", data), "csv"))))
    assert rows[0]["coalitions"] == "ada + birch; ada + grace"
    assert rows[0]["banzhaf"] == ""
    assert rows[1]["banzhaf"] == "ada: 3/5; grace: 1/5"
    assert rows[1]["circular"] == "no"


def test_markdown_is_a_table_with_a_rule_for_each_column() -> None:
    assert render(PAYOUT, "md") == (
        "### Payout at USD 10,000,000\n\n"
        "| party | class | amount |\n"
        "| --- | --- | ---: |\n"
        "| birch-ventures | series-a | USD 3,000,000.00 |\n"
        "| ada | common | USD 4,666,666.67 |\n\n"
        "Rounded once, to the cent.\n\n"
        "birch-ventures takes its preference first,\n\n"
        "- because series-a ranks ahead of common.\n\n"
        "---\n\n"
        "On 2021-04-01, in the keeper's account.\n"
    )


@pytest.mark.parametrize("written", FORMATS)
def test_an_empty_answer_has_a_text_in_every_format(written: str) -> None:
    text = render(Answer("x", {"rows": []}), written)  # type: ignore[arg-type]
    assert text == "" or text.endswith("\n")


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="no format 'xml'"):
        render(PAYOUT, "xml")  # type: ignore[arg-type]


def test_a_float_has_no_exact_form() -> None:
    with pytest.raises(TypeError, match="float"):
        plain({"amount": 0.1})


@pytest.mark.parametrize("written", FORMATS)
def test_rendering_imports_nothing_heavy(written: str) -> None:
    code = (
        "import sys\nfrom muniment.render.answer import Answer\nfrom muniment.render.formats import render\n"
        f"render(Answer('x', {{'rows': [{{'a': 1}}]}}), {written!r})\n"
        "print([name for name in ('rich', 'numpy', 'jinja2', 'click') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_sentences_indented_too_far_are_still_a_list() -> None:
    text = render(Answer("x", {}, (), ("a", "        b", "      c")), "md")
    assert text == "a\n\n- b\n  - c\n"
