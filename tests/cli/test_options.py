"""The options that all commands share."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from muniment.cli import options
from muniment.cli.completion import record_ids
from muniment.cli.main import run
from muniment.cli.options import Request, answering, emit, split_words
from muniment.render.answer import Answer, Column, Table

ANSWER = Answer("cap-table", {"rows": [{"party": "奥特曼"}]}, (Table("T", (Column("party"),), (("奥特曼",),)),))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    folder = tmp_path / "acme"
    (folder / "more").mkdir(parents=True)
    (folder / "muniment.toml").write_text('name = "Acme"\nformat = 1\n')
    (folder / "acme.muni").write_text(
        '2019-01-01 company acme "Acme"\n2019-01-01 person ada\n2019-01-02 issue acme\n2020-01-01 proposal alone\n'
    )
    return folder


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Request, str]]:
    """Put a command that remembers what it was asked in the place of `cap-table`."""
    seen: list[tuple[Request, str]] = []

    @click.command("cap-table")
    @answering("entity")
    @click.option("--deep", is_flag=True)
    def command(request: Request, entity: str, deep: bool) -> int:
        """Show who holds what of ENTITY."""
        seen.append((request, entity))
        return emit(ANSWER, request.format, code=1 if deep else 0)

    monkeypatch.setitem(sys.modules, "muniment.cli.cap_table", SimpleNamespace(command=command))
    for name in ("NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return seen


def test_options_reach_the_command(book: Path, asked: list[tuple[Request, str]]) -> None:
    words = ["cap-table", str(book), "acme", "--on", "2021-04-01", "--under", "alone", "--account", "press"]
    assert run([*words, "--as-recorded", "--sources", str(book / "more"), "--sources", str(book), "--json"]) == 0
    request, entity = asked[0]
    assert entity == "acme"
    assert request == Request(
        book=book,
        format="json",
        sources=(book / "more", book),
        as_recorded=True,
        account="press",
        under="alone",
        on=date(2021, 4, 1),
        on_given=True,
    )


def test_the_book_is_the_nearest_folder_upwards(
    book: Path, asked: list[tuple[Request, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(book / "more")
    assert run(["cap-table", "acme"]) == 0
    assert asked[0][0].book == book


def test_today_is_asked_of_the_clock_once_and_only_if_no_date_is_given(
    book: Path, asked: list[tuple[Request, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(options, "today", lambda: date(2001, 2, 3))
    run(["cap-table", str(book), "acme"])
    run(["cap-table", str(book), "acme", "--on", "1999-12-31"])
    assert [(request.on, request.on_given) for request, _ in asked] == [
        (date(2001, 2, 3), False),
        (date(1999, 12, 31), True),
    ]


def test_options_are_read_from_the_environment(
    book: Path, asked: list[tuple[Request, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMENT_ON", "2020-02-29")
    monkeypatch.setenv("MUNIMENT_FORMAT", "jsonl")
    monkeypatch.setenv("MUNIMENT_CAP_TABLE_DEEP", "1")
    assert run(["cap-table", str(book), "acme"]) == 1
    assert (asked[0][0].on, asked[0][0].format) == (date(2020, 2, 29), "jsonl")


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["acme"], "no muniment.toml in this folder or above it; name the BOOK"),
        (["BOOK"], "ENTITY is missing"),
        (["BOOK", "acme", "more"], "'more' is one word too many"),
        (["nowhere", "acme"], "'nowhere' is not a folder"),
        (["EMPTY", "acme"], "has no muniment.toml"),
        (["BOOK", "acme", "--on", "2021-02-30"], "'2021-02-30' is not a day such as 2021-04-01"),
        (["BOOK", "acme", "--json", "--format", "csv"], "--json and --format csv contradict each other"),
        (["BOOK", "acme", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_wrong_usage_says_what_is_wrong(
    words: list[str],
    fault: str,
    book: Path,
    asked: list[tuple[Request, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    places = {"BOOK": str(book), "EMPTY": str(tmp_path / "empty")}
    assert run(["cap-table", *(places.get(word, word) for word in words)]) == 2
    said = capsys.readouterr()
    assert fault in said.err
    assert said.out == ""
    assert asked == []


def test_words_may_be_optional(book: Path) -> None:
    assert split_words([str(book)], ("file",), optional=True) == (book, {"file": None})
    assert split_words([str(book), "x"], ("file",), optional=True) == (book, {"file": "x"})


def test_standard_input_is_a_book() -> None:
    assert split_words(["-"], ()) == (Path("-"), {})


def test_answers_are_printed_in_the_format_asked_for(
    book: Path, asked: list[tuple[Request, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    run(["cap-table", str(book), "acme", "--json"])
    assert json.loads(capsys.readouterr().out) == {"format": 1, "rows": [{"party": "奥特曼"}]}
    run(["cap-table", str(book), "acme"])
    assert capsys.readouterr().out == "T\nparty\n──────\n奥特曼\n"


@pytest.mark.parametrize(
    ("terminal", "settings", "wanted"),
    [
        (True, {"TERM": "xterm"}, True),
        (True, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {"TERM": "xterm"}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    terminal: bool, settings: dict[str, str], wanted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: terminal))
    assert options.wants_colour() is wanted


def test_ids_complete_by_kind(book: Path) -> None:
    assert record_ids(book, (), "a") == ["acme", "ada", "alone"]
    assert record_ids(book, ("proposal",), "") == ["alone"]
