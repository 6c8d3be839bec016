"""Abuse case: markup in each field is inert in every format."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from muniment.render.answer import Answer, Column, Table
from muniment.render.formats import FORMATS, Format, render
from muniment.render.inert import inert, inert_markdown, inert_spreadsheet

HUMAN: tuple[Format, ...] = ("table", "csv", "md")
ATTACKS = [
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x9b31m",
    "\x07bell\x08\x7f",
    "pay \u202eDSU 01\u202c",
    "\u2066isolate\u2069\u200f",
    "line\u2028forged: yes\u2029",
    "line\rforged",
    "nul\x00",
    "tag\U000e0041",
    "half\udcff",
]
FORBIDDEN = set("\x00\x07\x08\x0d\x1b\x7f\x9b\u2028\u2029\u202e\u202c\u2066\u2069\u200f\U000e0041\udcff")


def everywhere(text: str) -> Answer:
    """Put a text in every field an answer has."""
    table = Table(text, (Column(text), Column(text, "right")), ((text, text),), text)
    return Answer(
        "x", {"book": text, "rows": [{"party": text, text: [text, [text]]}]}, (table,), (text, "  " + text), (text,)
    )


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_control_characters_reach_no_terminal(attack: str, written: Format) -> None:
    text = render(everywhere(attack), written)
    assert FORBIDDEN & set(text) == set()
    text.encode("utf-8")


@pytest.mark.parametrize("attack", ATTACKS)
def test_json_keeps_the_value_although_it_is_escaped(attack: str) -> None:
    assert json.loads(render(Answer("x", {"title": attack}), "json"))["title"] == attack


@given(st.text())
def test_no_text_brings_a_control_character_into_any_format(text: str) -> None:
    for written in FORMATS:
        assert FORBIDDEN & set(render(everywhere(text), written)) == set()


@pytest.mark.parametrize(
    "attack",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "\uff1d1", "-5+cmd"],
)
def test_a_spreadsheet_gets_no_formula(attack: str) -> None:
    text = render(Answer("x", {"rows": [{"party": attack, "with": [attack, "b"]}]}), "csv")
    row = list(csv.reader(io.StringIO(text)))[1]
    assert [value[0] for value in row] == ["'", "'"]


@pytest.mark.parametrize("number", ["-5", "+1,000.00", "-3.5%", "12", "1/3", ""])
def test_a_plain_number_in_a_spreadsheet_stays_a_number(number: str) -> None:
    assert inert_spreadsheet(number) == number


@pytest.mark.parametrize(
    "attack",
    [
        "[click](javascript:alert(1))",
        "![x](http://evil.example/x.png)",
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "&lt;script&gt;",
        "http://evil.example and www.evil.example and mailto:a@b.example",
        "<http://evil.example>",
        "[a]: http://evil.example",
        "# heading",
        "- item",
        "1. item",
        "1) item",
        "> quoted",
        "```\ncode",
        "~~~ code",
        "**bold** _it_ `code` ~~gone~~",
        "a | b || c",
        "--- \n===",
        "\\[a\\](b)",
        "\\",
        "$x$ <!-- gone",
        "    code",
    ],
)
def test_markdown_shows_the_letters_and_does_nothing(attack: str) -> None:
    reader = MarkdownIt("commonmark").enable("table").enable("strikethrough")
    table = Table("", (Column("a"), Column("b")), ((attack, attack),))
    for source in (inert_markdown(attack), render(Answer("x", {}, (), (attack.strip(),)), "md")):
        kinds = {token.type for token in reader.parse(source)}
        inner = {child.type for token in reader.parse(source) for child in token.children or ()}
        assert kinds <= {"paragraph_open", "paragraph_close", "inline"}
        assert inner <= {"text", "softbreak", "hardbreak", "text_special"}
    shown = reader.parse(render(Answer("x", {}, (table,)), "md"))
    assert sum(token.type in ("th_open", "td_open") for token in shown) == 4
    assert {child.type for token in shown for child in token.children or ()} <= {"text", "text_special", "html_inline"}


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cf")), min_size=1))
def test_markdown_says_the_same_words(text: str) -> None:
    reader = MarkdownIt("commonmark")
    words = "".join(
        child.content for token in reader.parse(inert_markdown("x" + text)) for child in token.children or ()
    )
    assert words.split() == inert("x" + text).split()
