"""A whole book's quotations, as rows and diagnostics."""

from __future__ import annotations

import hashlib
import json

import pytest

from muniment.book.load import load
from muniment.evidence.checking import check_quotes
from muniment.evidence.codes import CODES
from muniment.evidence.quote_rows import to_json

SOURCE = """Article 1. Acme is organised under the laws of Delaware and has five directors.
Article 2. It shall not dissolve.
"""
MAIL = "Ada to Bo - May 2, 2016 9:10 AM\n\nAgreed to five.\n\nBo to Ada - May 3, 2016\n\nAgreed to five.\nNo, six.\n"
HEAD = """2021-03-04 source charter "Charter"
  file: sources/charter.txt
2021-03-04 source mail "Mail"
  file: sources/mail.txt
"""


@pytest.fixture
def check(tmp_path):
    """Return a function that checks a book with the given records."""

    def run(records, head=HEAD, folders=()):
        (tmp_path / "sources").mkdir(exist_ok=True)
        (tmp_path / "sources" / "charter.txt").write_text(SOURCE)
        (tmp_path / "sources" / "mail.txt").write_text(MAIL)
        (tmp_path / "muniment.toml").write_text('name = "Acme"\nformat = 1\n')
        (tmp_path / "acme.muni").write_text(head + records)
        return check_quotes(load(tmp_path), folders)

    return run


def company(quotation, citation="@charter, art. 1"):
    return f'2021-03-04 company acme "Acme"\n  law: Delaware  [{citation}]\n    > {quotation}\n'


def codes(checked):
    return [(diagnostic.code, diagnostic.severity) for diagnostic in checked.diagnostics]


def test_a_quotation_that_verifies_gives_a_row_and_no_diagnostic(check):
    checked = check(company("under the laws of Delaware"))
    (row,) = checked.rows
    assert (row.record, row.source, row.state, row.at) == ("acme", "charter", "exact", "sources/charter.txt:1:30")
    assert checked.diagnostics == ()


@pytest.mark.parametrize(
    ("quotation", "citation", "expected"),
    [
        ("wholly other words that nobody wrote", "@charter", [("M401", "error")]),
        ("under the laws of Nevada", "@charter", [("M402", "error")]),
        ("No, six", "@mail, message 2016-05-02", [("M403", "error")]),
        ("Agreed to five", "@mail", [("M404", "warning")]),
        ("Agreed to five", "@mail, message 2016-05-03", []),
        (
            "Acme is organised under the laws of Delaware and has five directors. Article 2",
            "@charter",
            [("M408", "warning")],
        ),
        ("dissolve", "@charter", [("M409", "error")]),
        ("Acme [[3]] is organised", "@charter", [("M410", "error")]),
        ("five directors", "@charter, l. 2", [("M413", "note")]),
    ],
)
def test_each_fault_has_its_code(check, quotation, citation, expected):
    checked = check(company(quotation, citation))
    assert codes(checked) == expected
    assert all(diagnostic.span == checked.rows[0].span for diagnostic in checked.diagnostics)


def test_a_near_miss_shows_the_words_of_the_source(check):
    (diagnostic,) = check(company("under the laws of Nevada")).diagnostics
    assert diagnostic.hint == "sources/charter.txt:1:30 has: under the laws of [-Nevada-]{+Delaware+}"


def test_a_source_that_is_not_held_is_said_once(check):
    head = HEAD.replace("sources/charter.txt", "sources/gone.txt")
    checked = check(company("under the laws of Delaware") + company("five directors").replace("acme", "zenith"), head)
    assert codes(checked) == [("M406", "note")]
    assert [row.state for row in checked.rows] == ["not-held", "not-held"]


def test_a_folder_of_sources_is_searched(check, tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "gone.txt").write_text(SOURCE)
    checked = check(company("under the laws of Delaware"), HEAD.replace("sources/charter.txt", "gone.txt"), [folder])
    assert [(row.state, row.at) for row in checked.rows] == [("exact", "gone.txt:1:30")]


def test_words_in_a_changed_file_are_stale_and_lost_words_are_absent(check):
    sha256 = hashlib.sha256(b"as it was").hexdigest()
    head = HEAD.replace("sources/charter.txt", f"sources/charter.txt\n  sha256: {sha256}")
    lost = company("wholly other words that nobody wrote").replace("acme", "zenith")
    checked = check(company("under the laws of Delaware") + lost, head)
    assert [row.state for row in checked.rows] == ["stale", "absent"]
    assert codes(checked) == [("M405", "warning"), ("M401", "error")]
    assert hashlib.sha256(SOURCE.encode()).hexdigest() in checked.diagnostics[0].hint
    assert not checked.rows[0].is_verified


def test_a_source_outside_the_book_is_refused_without_a_word_of_it(check, tmp_path):
    secret = tmp_path.parent / "secret.txt"
    secret.write_text("under the laws of Delaware 4711")
    checked = check(company("under the laws of Delaware"), HEAD.replace("sources/charter.txt", "../secret.txt"))
    assert codes(checked) == [("M407", "error")]
    assert [row.state for row in checked.rows] == ["refused"]
    assert "4711" not in repr(checked)


def test_the_last_citation_counts_and_is_inherited(check):
    checked = check(
        "2021-03-04 company acme  [@mail; @charter]\n  law: Delaware\n    > under the laws of Delaware\n"
        "  rules  [@mail]\n    dissolve: never\n      > No, six\n"
        "    merge: board  [@mail; @charter, art. 2]\n      > shall not dissolve\n"
    )
    assert [(row.source, row.state) for row in checked.rows] == [
        ("charter", "exact"),
        ("mail", "exact"),
        ("charter", "exact"),
    ]


def test_a_quotation_without_source_is_reported(check):
    checked = check("2021-03-04 company acme\n  law: Delaware\n    > under the laws of Delaware\n")
    assert codes(checked) == [("M412", "warning")]
    assert checked.rows == ()


def test_another_encoding_is_noted(check, tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "old.txt").write_bytes("Société".encode("cp1252"))
    checked = check(company("Société"), "2021-03-04 source charter\n  file: sources/old.txt\n")
    assert codes(checked) == [("M411", "note")]
    assert checked.rows[0].state == "exact"


def test_a_source_in_another_format_is_read_and_noted(check, tmp_path):
    (tmp_path / "sources").mkdir()
    page = "<meta charset=utf-8><h1>Statuts</h1><p>La Soci&eacute;t&eacute; <b>Acm</b>e est régie".encode("cp1252")
    (tmp_path / "sources" / "old.html").write_bytes(page)
    checked = check(company("La Société Acme est régie"), "2021-03-04 source charter\n  file: sources/old.html\n")
    assert codes(checked) == [("M411", "note")]
    assert "Windows-1252" in checked.diagnostics[0].message
    assert [(row.state, row.at) for row in checked.rows] == [("exact", "sources/old.html#text:3:1")]


def test_a_quotation_over_several_lines_is_one(check):
    checked = check(company("under the laws\n    > of Delaware and has"))
    assert [(row.quote, row.state) for row in checked.rows] == [("under the laws of Delaware and has", "exact")]


def test_statements_and_their_quotations(check):
    checked = check(
        "2021-03-04 round seed\n  new money: disputed\n"
        "    - USD 5  [@charter]\n      > has five directors\n    - USD 6  [@mail]\n      > No, six\n"
    )
    assert [(row.record, row.source, row.state) for row in checked.rows] == [
        ("seed", "charter", "exact"),
        ("seed", "mail", "exact"),
    ]


def test_control_characters_of_a_source_do_not_reach_a_message(check, tmp_path):
    head = "2021-03-04 source odd\n  file: sources/odd.txt\n"
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "odd.txt").write_text("under the \x1b laws\u202e of Delaware alone")
    (diagnostic,) = check(company("under the laws of Delaware alone", "@odd"), head).diagnostics
    assert diagnostic.code == "M402"
    assert "\x1b" not in diagnostic.hint
    assert "\u202e" not in diagnostic.hint


def test_rows_as_json(check):
    data = to_json(check(company("under the laws of Nevada")).rows)
    assert json.loads(json.dumps(data)) == {
        "format": 1,
        "quotes": [
            {
                "record": "acme",
                "source": "charter",
                "quote": "under the laws of Nevada",
                "state": "near-miss",
                "critical": True,
                "at": "sources/charter.txt:1:30",
                "found": "under the laws of Delaware",
                "diff": "under the laws of [-Nevada-]{+Delaware+}",
                "matched": "near-miss",
                "place": "art. 1",
                "line": 1,
                "column": 30,
                "page": None,
                "message": None,
                "hidden": [],
                "notes": [],
                "extractor": "plain text",
                "sha256": hashlib.sha256(SOURCE.encode()).hexdigest(),
                "change": None,
                "was_line": None,
                "translation_of": None,
                "differences": [],
            }
        ],
    }


def test_codes_are_documented():
    for code, entry in CODES.items():
        assert code == entry.code
        assert code.startswith("M4")
        assert all((entry.what, entry.why, entry.example, entry.instead, entry.when_to_silence))
    assert len({entry.name for entry in CODES.values()}) == len(CODES)
