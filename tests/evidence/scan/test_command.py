"""`muniment scan` on the command line: what it prints, what it writes, and what it refuses to write over."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from muniment.cli.main import run
from muniment.text.reader import read

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "docs" / "reference" / "schemas" / "scan.json").read_text(encoding="utf-8"))
TEXT = (
    "In May 2021 Ada Okafor gave $5 million.\n\nIn June 2022 she gave more than $6 million.\n\nLast week: 25% of it.\n"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "news.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_prints_numbered_records_that_read(folder, capsys):
    assert run(["scan", "news.txt"]) == 0
    printed = capsys.readouterr()
    file, faults = read(printed.out, "x.muni")
    assert faults == []
    assert [line for line in printed.out.splitlines() if line.startswith("# ")] == [
        "# 1  news.txt:1:1",
        "# 2  news.txt:3:1",
        "# 3  news.txt:5:1",
    ]
    assert file.children[0].kind == "source"
    assert "3 records proposed" in printed.err


def test_a_book_names_source_and_parties(folder, capsys):
    assert (
        run(["scan", str(ROOT / "books" / "acme" / "sources" / "herald.txt"), "--book", str(ROOT / "books" / "acme")])
        == 0
    )
    printed = capsys.readouterr().out
    assert "[@herald, l. 1]" in printed
    assert "birch-ventures" in printed
    assert "USD 3,500,000" in printed
    assert " source " not in printed


def test_accepted_records_are_written_once(folder, capsys):
    assert run(["scan", "news.txt", "--accept", "1,3", "-o", "kept.muni"]) == 0
    text = (folder / "kept.muni").read_text(encoding="utf-8")
    file, faults = read(text, "kept.muni")
    assert faults == []
    assert [one.kind for one in file.children if hasattr(one, "kind")] == ["source", "event", "event"]
    assert "USD 5,000,000" in text
    assert "USD 6,000,000" not in text
    assert "#" not in text
    assert sorted(os.listdir(folder)) == ["kept.muni", "news.txt"]
    before = (folder / "kept.muni").read_bytes()
    assert run(["scan", "news.txt", "--accept", "all", "-o", "kept.muni"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert (folder / "kept.muni").read_bytes() == before
    assert run(["scan", "news.txt", "--accept", "all", "-o", "kept.muni", "--overwrite"]) == 0
    assert "USD 6,000,000" in (folder / "kept.muni").read_text(encoding="utf-8")


def test_a_link_that_leads_nowhere_is_not_written_through(folder, capsys):
    (folder / "link.muni").symlink_to(folder / "elsewhere.muni")
    assert run(["scan", "news.txt", "--accept", "all", "-o", "link.muni"]) == 2
    assert not (folder / "elsewhere.muni").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--accept", "1"], "go together"),
        (["-o", "x.muni"], "go together"),
        (["--accept", "1", "-o", "x.txt"], "must end in .muni"),
        (["--accept", "9", "-o", "x.muni"], "there are 3 proposals"),
        (["--accept", "3-1", "-o", "x.muni"], "no number or range"),
        (["--accept", "one", "-o", "x.muni"], "no number or range"),
        (["--accept", "1", "-o", "no/such/x.muni"], "cannot be written"),
        (["--dated", "yesterday"], "is no date"),
        (["--book", "."], "is no book"),
    ],
)
def test_wrong_usage_is_one_line(folder, capsys, words, says):
    assert run(["scan", "news.txt", *words]) == 2
    said = capsys.readouterr().err
    assert says in said
    assert "Traceback" not in said
    assert not (folder / "x.muni").exists()


def test_files_that_cannot_be_read_are_said_and_the_rest_is_scanned(folder, capsys):
    os.mkfifo(folder / "pipe.txt")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7\nnothing")
    assert run(["scan", "news.txt", "gone.txt", "pipe.txt", "bad.pdf"]) == 1
    printed = capsys.readouterr()
    assert "USD 5,000,000" in printed.out
    assert printed.err.count("is not scanned") == 3


def test_dated_is_what_last_week_is_counted_from(folder, capsys):
    assert run(["scan", "news.txt", "--dated", "2024-11-19"]) == 0
    assert "2024-11-11/2024-11-17 event" in capsys.readouterr().out


@pytest.mark.parametrize("book", [[], ["--book", str(ROOT / "books" / "acme")]], ids=["no book", "a book"])
def test_the_machine_answer_is_as_its_schema_says(folder, capsys, book):
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7\nnothing")
    assert run(["scan", "news.txt", "bad.pdf", *book, "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert [fault.message for fault in Draft202012Validator(SCHEMA).iter_errors(answer)] == []
    assert [row["number"] for row in answer["rows"]] == [1, 2, 3]
    assert answer["documents"][0]["found"] == 6


@pytest.mark.parametrize("format_name", ["csv", "md", "jsonl"])
def test_other_formats(folder, capsys, format_name):
    assert run(["scan", "news.txt", "--format", format_name]) == 0
    assert "USD" in capsys.readouterr().out


def test_a_message_file_gives_date_and_sender(folder, capsys):
    mail = "From: Ada Okafor <ada@example.org>\nTo: Bo <bo@example.org>\nDate: Tue, 19 Nov 2024 10:00:00 +0000\nSubject: Offer\n\n"  # noqa: E501
    (folder / "offer.eml").write_text(mail + "Last week they offered $5 million.\n", encoding="utf-8")
    assert run(["scan", "offer.eml"]) == 0
    printed = capsys.readouterr().out
    assert "2024-11-11/2024-11-17 event" in printed
    assert "who: Ada Okafor" in printed
    assert "message 2024-11-19 10:00" in printed
