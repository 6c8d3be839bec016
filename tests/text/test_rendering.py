"""What a reader of a terminal, a program and a code host get."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.text.diagnostics import Diagnostic
from muniment.text.rendering import github, lines_by_path, render, render_concise, to_json
from muniment.text.spans import Span

LINE = "    elected: 1 by serie-a                     [@charter, art. 4(B) s. 3.2]"
FAULT = Diagnostic(
    code="M304",
    severity="error",
    message="class 'serie-a' is not defined",
    span=Span("acme.muni", 19, 19, 26),
    hint="did you mean 'series-a' (acme.muni:9)?",
    related=((Span("acme.muni", 9, 9, 17), "'series-a' is defined here"),),
)
TEXT = "\n" * 18 + LINE + "\n"


def at(line: str, column: int, end: int, message: str = "m") -> str:
    fault = Diagnostic(code="M116", severity="warning", message=message, span=Span("a", 1, column, end))
    return render(fault, {"a": line})


def test_full_form() -> None:
    assert render(FAULT, {"acme.muni": TEXT}).splitlines() == [
        "acme.muni:19:19: error[M304]: class 'serie-a' is not defined",
        "   |",
        "19 | " + LINE,
        "   | " + " " * 18 + "^^^^^^^",
        "   = hint: did you mean 'series-a' (acme.muni:9)?",
        "   = see: acme.muni:9:9: 'series-a' is defined here",
    ]


def test_lines_may_be_a_function_and_may_be_missing() -> None:
    assert render(FAULT, lambda path: TEXT.splitlines()) == render(FAULT, {"acme.muni": TEXT})
    assert "serie-a  " not in render(FAULT, {})
    assert render(FAULT, {}).count("\n") == 2


def test_colour_is_only_around_severity_and_carets() -> None:
    shown = render(FAULT, {"acme.muni": TEXT}, colour=True)
    assert shown.count("\x1b[1;31m") == 2
    assert shown.replace("\x1b[1;31m", "").replace("\x1b[0m", "") == render(FAULT, {"acme.muni": TEXT})


@pytest.mark.parametrize(
    ("line", "column", "end", "words", "carets"),
    [
        ("  名称 株式会社", 6, 10, "  名称 株式会社", "       ^^^^^^^^"),
        ("\tlaw x", 2, 5, "    law x", "    ^^^"),
        ("e\u0301 x", 4, 5, "e\u0301 x", "  ^"),
        ("a\x1b[31mb", 7, 8, "a␛[31mb", "      ^"),
        ("a\u202eb", 3, 4, "a<U+202E>b", "         ^"),
        ("abc", 9, 12, "abc", "   ^"),
    ],
)
def test_carets_stand_under_the_words(line: str, column: int, end: int, words: str, carets: str) -> None:
    _, _, shown, under = at(line, column, end).splitlines()
    assert (shown, under) == (f"1 | {words}", f"  | {carets}")


@pytest.mark.parametrize("place", [1, 50, 500_000, 999_997])
def test_long_lines_are_cut_around_the_words(place: int) -> None:
    line = "x" * (place - 1) + "abc" + "y" * (1_000_000 - place)
    started = time.process_time()
    _, _, shown, under = at(line, place, place + 3).splitlines()
    assert time.process_time() - started < 1
    assert len(shown) <= 126
    assert shown[under.index("^") : under.index("^") + 3] == "abc"
    assert "…" in shown


HOSTILE = st.text(
    st.sampled_from("a\x1b]8;;\x07\x00\x7f\x9b\u202e\u2066\u2028\r\n\t\u200b<>&\ud800é界") | st.characters(),
    max_size=60,
)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_nothing_that_steers_a_terminal_gets_out(line: str, message: str, path: str) -> None:
    fault = Diagnostic(
        code="M116",
        severity="note",
        message=message,
        span=Span(path, 1, 2, 5),
        hint=message,
        related=((Span(path, 2, 1, 2), message),),
    )
    for shown in (render(fault, lambda _: [line]), render_concise(fault), github(fault)):
        bad = [
            one for one in shown.replace("\n", "") if not one.isprintable() and one != "\u3000" and not one.isspace()
        ]
        assert bad == []
        assert not set(shown) & set("\x1b\x07\x9b\r\u202e\u2066\u2028\x85")
    assert "\n" not in render_concise(fault)
    assert "\n" not in github(fault)
    assert render(fault, lambda _: [line]).count("\n") <= 5


def test_concise_json_and_annotation() -> None:
    assert render_concise(FAULT) == "acme.muni:19:19: error[M304]: class 'serie-a' is not defined"
    assert json.loads(json.dumps(to_json(FAULT))) == {
        "code": "M304",
        "severity": "error",
        "message": "class 'serie-a' is not defined",
        "path": "acme.muni",
        "line": 19,
        "column": 19,
        "end_column": 26,
        "hint": "did you mean 'series-a' (acme.muni:9)?",
        "related": [
            {"path": "acme.muni", "line": 9, "column": 9, "end_column": 17, "message": "'series-a' is defined here"}
        ],
    }
    assert github(FAULT) == (
        "::error file=acme.muni,line=19,col=19,endColumn=25,title=M304::class 'serie-a' is not defined"
        "%0Ahint: did you mean 'series-a' (acme.muni:9)?"
    )


def test_a_file_is_split_once_for_all_its_diagnostics() -> None:
    class Texts(dict[str, str]):
        asked = 0

        def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
            self.asked += 1
            return super().get(key, default)

    texts = Texts({"a.muni": "one\r\ntwo\n"})
    lines_of = lines_by_path(texts)
    assert [lines_of("a.muni")[1], lines_of("a.muni")[0], list(lines_of("b.muni"))] == ["two", "one", []]
    assert texts.asked == 2
