"""Another version of a source: what moved, stayed and was lost, against a second way to compute it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from muniment.book.load import load
from muniment.cli.main import run
from muniment.evidence.checking import check_against, check_quotes
from muniment.evidence.kept import Kept
from muniment.evidence.shelves import Shelves
from muniment.evidence.stale import find_version, keep_version

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
VERSIONS = ("emails-2024-11-16.md", "emails-2024-11-20.md", "emails-2025-01.md")
FIRST = "Article 1. Five directors.\nArticle 2. It shall not dissolve.\nArticle 3. Delaware law.\n"
SECOND = "Preamble.\nArticle 1. Five directors.\nArticle 2. It shall dissolve.\nArticle 3. Delaware law.\n"


def plain(text):
    """Fold as a reader would by eye: emphasis, quotation marks, dashes and white space."""
    text = re.sub(r"\\([\[\]*_.-])", r"\1", text)
    text = re.sub(r"[*_]", "", text)
    for mark, other in {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "}.items():
        text = text.replace(mark, other)
    return text


def lines_of(quotation, path):
    """Return the 1-based lines on which a quotation begins, by `str.find` on lines joined with a space."""
    lines = [" ".join(plain(line).split()) for line in path.read_text(encoding="utf-8").splitlines()]
    starts, length = [], 0
    for line in lines:
        starts.append(length)
        length += len(line) + 1
    text, found = " ".join(lines), set()
    for piece in (quotation, quotation[:1].swapcase() + quotation[1:]):
        needle, position = " ".join(plain(piece).split()), -1
        while (position := text.find(needle, position + 1)) >= 0:
            found.add(sum(1 for start in starts if start <= position))
    return found


@pytest.mark.skipif(not (SHARED / "evidence").is_dir(), reason="the folder 'shared' beside the checkout is absent")
@pytest.mark.parametrize("other", VERSIONS)
@pytest.mark.parametrize("source", ["emails-2024-11-16", "emails-2024-11-20", "emails-2025-01"])
def test_the_three_versions_of_the_archive(source, other):
    folders = (SHARED / "evidence", SHARED / "seeds")
    book = load(ROOT / "books" / "openai")
    path, own = SHARED / "evidence" / other, SHARED / "evidence" / f"{source}.md"
    rows = check_against(book, folders, source, other, path.read_bytes())
    if other == own.name:
        assert {row.change.kind for row in rows} <= {"unchanged"}
    seen = set()
    for row in rows:
        if "[" in row.quote:
            continue
        now, before = lines_of(row.quote, path), lines_of(row.quote, own)
        assert before, row.quote
        kind = row.change.kind
        seen.add(kind)
        if kind == "lost":
            assert not now or row.matched in ("header-mismatch", "ambiguous"), row.quote
            continue
        assert (row.located[0] in now, row.change.was[0] in before) == (True, True), row.quote
        assert (kind == "unchanged") == (row.located[0] == row.change.was[0])
    if source == "emails-2025-01" and other != own.name:
        assert seen >= {"moved", "lost"}


@pytest.fixture
def book(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "muniment.toml").write_text('name = "Acme"\nformat = 1\n')
    (tmp_path / "book" / "charter.txt").write_text(FIRST)
    (tmp_path / "book" / "acme.muni").write_text(
        '2021-03-04 source charter "Charter"\n  file: charter.txt\n'
        f"  sha256: {hashlib.sha256(FIRST.encode()).hexdigest()}\n\n"
        '2021-03-04 company acme "Acme"\n'
        "  law: Delaware [@charter, l. 3]\n    > Delaware law\n"
        "  remark: five [@charter]\n    > Five directors\n"
        "  remark: for ever [@charter]\n    > It shall not dissolve\n"
    )
    return tmp_path / "book"


def changes(rows):
    return [(row.state, row.change and str(row.change)) for row in rows]


def test_without_the_earlier_version_only_a_cited_line_is_known(book):
    (book / "charter.txt").write_text(SECOND)
    assert changes(check_quotes(load(book)).rows) == [
        ("stale", "moved from line 3"),
        ("stale", "unchanged; its earlier place is not known"),
        ("near-miss", "lost"),
    ]


@pytest.mark.parametrize("where", ["in the book", "on a shelf", "kept by an earlier run"])
def test_an_earlier_version_is_found_by_its_hash(book, tmp_path, where):
    kept = Kept(book / ".muniment")
    if where == "kept by an earlier run":
        assert all(row.is_verified for row in check_quotes(load(book), (), kept).rows)
    folder = {"in the book": book / "old", "on a shelf": tmp_path / "shelf"}.get(where)
    if folder is not None:
        folder.mkdir()
        (folder / "another name").write_text(FIRST)
    (book / "charter.txt").write_text(SECOND)
    rows = check_quotes(load(book), (tmp_path / "shelf",) if where == "on a shelf" else (), kept).rows
    assert changes(rows) == [
        ("stale", "moved from line 3"),
        ("stale", "moved from line 1"),
        ("near-miss", "lost (it stood in line 2)"),
    ]
    assert [row.critical for row in rows] == [False, False, True]
    assert all(row.is_in("stale") for row in rows)
    assert [row.is_in("near-miss") for row in rows] == [False, False, True]


def test_against_another_file(book, tmp_path, capsys):
    (tmp_path / "new.txt").write_text(SECOND)
    code = run(["quotes", str(book), "--against", f"charter={tmp_path / 'new.txt'}", "--json"])
    found = json.loads(capsys.readouterr().out)["quotes"]
    assert code == 1
    assert [(each["change"], each["was_line"], each["line"]) for each in found] == [
        ("moved", 3, 4),
        ("moved", 1, 2),
        ("lost", 2, 3),
    ]
    assert run(["quotes", str(book), "--against", f"charter={book / 'charter.txt'}"]) == 0
    assert "3 unchanged" in capsys.readouterr().out


@pytest.mark.parametrize("words", ["charter", "nobody=x", "charter=", "charter=absent.txt"])
def test_a_wrong_against_is_a_usage_error(book, words, capsys):
    assert run(["quotes", str(book), "--against", words]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) <= 4


def test_a_file_of_a_shelf_is_not_copied_into_the_book(book, tmp_path):
    (tmp_path / "shelf").mkdir()
    (book / "charter.txt").rename(tmp_path / "shelf" / "charter.txt")
    kept = Kept(book / ".muniment")
    assert all(row.is_verified for row in check_quotes(load(book), (tmp_path / "shelf",), kept).rows)
    assert not (book / ".muniment").exists()


def test_a_damaged_version_is_kept_again(tmp_path):
    kept, data = Kept(tmp_path / ".muniment"), b"five directors"
    digest = hashlib.sha256(data).hexdigest()
    keep_version(digest, data, kept)
    (entry,) = (each for each in (tmp_path / ".muniment").iterdir() if each.name != ".gitignore")
    entry.write_bytes(b"x" + entry.read_bytes()[1:])
    assert find_version(digest, tmp_path / "none", Shelves(()), kept) is None
    keep_version(digest, data, kept)
    assert find_version(digest, tmp_path / "none", Shelves(()), kept) == data
