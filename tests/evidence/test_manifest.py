"""The manifest of sources, and its comparison with an earlier one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from muniment.cli.main import run
from muniment.evidence.manifest import Entry, departures, from_text, to_text

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schemas" / "manifest.json"
TEXT = "Article 1. Five directors.\n"


@pytest.fixture
def book(tmp_path):
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "muniment.toml").write_text('name = "Acme"\nformat = 1\n')
    (folder / "charter.txt").write_text(TEXT)
    (folder / "old.txt").write_text("changed\n")
    (folder / "scan.pdf").write_bytes(b"%PDF-1.4\nnothing\n")
    (folder / "acme.muni").write_text(
        f"2021-03-04 source old\n  file: old.txt\n  sha256: {'0' * 64}\n\n"
        "2021-03-04 source charter\n  file: charter.txt\n\n2021-03-04 source lost\n  file: lost.txt\n\n"
        "2021-03-04 source private\n  file: ../private.txt\n\n2021-03-04 source scan\n  file: scan.pdf\n"
    )
    return folder


def asked(capsys, *words):
    code = run(["manifest", *map(str, words), "--json"])
    data = json.loads(capsys.readouterr().out)
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(data)
    return code, data


def test_every_source_with_its_state(book, capsys):
    code, data = asked(capsys, book)
    assert code == 0
    assert [(each["source"], each["state"], each["size"]) for each in data["sources"]] == [
        ("charter", "held", len(TEXT)),
        ("lost", "not-held", None),
        ("old", "stale", 8),
        ("private", "refused", None),
        ("scan", "unreadable", 17),
    ]
    assert data["sources"][0]["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert (data["verified"], data["differences"]) == (None, [])


def test_an_earlier_manifest_is_compared(book, tmp_path, capsys):
    earlier = tmp_path / "manifest.txt"
    assert asked(capsys, book, "-o", earlier)[0] == 0
    first = earlier.read_bytes()
    assert asked(capsys, book, "-o", earlier, "--verify", earlier)[1]["verified"] is True
    assert earlier.read_bytes() == first
    (book / "charter.txt").write_text(TEXT.replace("Five", "Four"))
    (book / "lost.txt").write_text("found\n")
    code, data = asked(capsys, book, "--verify", earlier)
    assert (code, data["verified"]) == (1, False)
    assert [(each["source"], each["field"]) for each in data["differences"]] == [
        ("charter", "sha256"),
        *(("lost", field) for field in ("state", "sha256", "size", "file", "extractor")),
    ]
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 1, "sources": data["sources"]}))
    assert asked(capsys, book, "--verify", tmp_path / "manifest.json")[1]["verified"] is True


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1).filter(lambda text: text != "-")
ENTRIES = st.lists(
    st.builds(Entry, WORDS, st.just("held"), WORDS, st.none() | st.integers(0, 2**60), WORDS, WORDS),
    unique_by=lambda entry: entry.source,
)


@given(ENTRIES)
def test_a_manifest_is_read_back_as_it_was_written(entries):
    assert from_text(to_text(entries)) == tuple(entries)
    assert from_text(json.dumps({"format": 1, "sources": [entry._asdict() for entry in entries]})) == tuple(entries)
    assert departures(entries, entries) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "other words",
        "muniment manifest 1\nsource\tstate\n",
        '{"format": 2}',
        '{"format": 1, "sources": [1]}',
        '{"format": 1, "format": 1, "sources": []}',
        '{"format": 1, "sources": [{"source": "a"}]}',
        "{" * 100_000,
        '{"format":1,"sources":' + "[" * 100_000,
        to_text([Entry("a", "held", "", 1, "", "")] * 2),
        to_text([Entry("a", "held", "", 1, "", "")]).replace("\t1\t", "\t1e9\t"),
    ],
)
def test_what_is_no_manifest_is_a_usage_error(book, tmp_path, capsys, text):
    (tmp_path / "manifest.txt").write_text(text)
    assert run(["manifest", str(book), "--verify", str(tmp_path / "manifest.txt")]) == 2
    assert "is no manifest" in capsys.readouterr().err
