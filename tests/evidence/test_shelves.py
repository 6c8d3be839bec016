"""Finding source files, and refusing what a book may not read."""

from __future__ import annotations

import hashlib
import os

import pytest

from muniment.evidence.shelves import LARGEST_FILE, Shelves, find_source

SECRET = "the combination of the safe is 4711"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def book(tmp_path):
    """Return a book with one source, beside a folder whose name begins with its own."""
    root = tmp_path / "book"
    (root / "sources").mkdir(parents=True)
    (root / "sources" / "charter.txt").write_text("Article 1.")
    for name in ("book-private", "Book", "outside"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "secret.txt").write_text(SECRET)
    return root


def test_a_file_in_the_book_is_held(book):
    found = find_source("sources/charter.txt", None, book)
    assert (found.state, found.path, found.text, found.sha256) == (
        "held",
        "sources/charter.txt",
        "Article 1.",
        sha("Article 1."),
    )
    assert find_source("sources/charter.txt", sha("Article 1.").upper(), book).state == "held"


def test_a_file_with_another_hash_is_stale(book):
    found = find_source("sources/charter.txt", sha("Article 2."), book)
    assert (found.state, found.sha256, found.text) == ("stale", sha("Article 1."), "Article 1.")


@pytest.mark.parametrize(
    "name",
    [
        "../outside/secret.txt",
        "sources/../../outside/secret.txt",
        "../book-private/secret.txt",
        "../Book/secret.txt",
        "/etc/passwd",
        "//etc/passwd",
        "~/secret.txt",
        "C:/secret.txt",
        "C:secret.txt",
        "..\\outside\\secret.txt",
        "sources\\charter.txt",
        "sources/charter.txt\n",
        "sources/\x00charter.txt",
        "sources/\u202echarter.txt",
        "links/file",
        "links/folder/secret.txt",
        "links/sibling/secret.txt",
        "links/loop",
        "links/device",
        "pipe",
        "sources",
        ".",
    ],
)
def test_a_name_that_leads_astray_is_refused_without_a_byte_of_its_target(book, name):
    links = book / "links"
    links.mkdir()
    (links / "file").symlink_to(book.parent / "outside" / "secret.txt")
    (links / "folder").symlink_to(book.parent / "outside")
    (links / "sibling").symlink_to(book.parent / "book-private")
    (links / "loop").symlink_to(links / "loop")
    (links / "device").symlink_to("/dev/zero")
    os.mkfifo(book / "pipe")
    found = find_source(name, None, book, [book.parent / "outside"])
    assert found.state == "refused"
    assert found.text == found.sha256 == found.path == ""
    assert found.fault
    assert "4711" not in repr(found)
    assert "root:" not in repr(found)


def test_a_link_that_stays_in_the_book_is_followed(book):
    (book / "latest.txt").symlink_to("sources/charter.txt")
    assert find_source("latest.txt", None, book).text == "Article 1."


def test_a_book_may_itself_be_reached_through_a_link(book):
    (book.parent / "shortcut").symlink_to(book)
    assert find_source("sources/charter.txt", None, book.parent / "shortcut").state == "held"


def test_a_file_over_64_mb_is_refused(book):
    with (book / "large.txt").open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)
    found = find_source("large.txt", None, book)
    assert (found.state, found.text) == ("refused", "")


def test_an_absent_file_is_not_held(book):
    assert find_source("sources/missing.txt", None, book).state == "not-held"
    assert find_source("sources/charter.txt/below", None, book).state == "not-held"
    assert find_source("", None, book).state == "not-held"


def test_a_shelf_is_searched_by_name_then_by_hash(book, tmp_path):
    shelf = tmp_path / "shelf"
    (shelf / "a" / "b").mkdir(parents=True)
    (shelf / "a" / "letter.txt").write_text("old")
    (shelf / "a" / "b" / "letter.txt").write_text("right")
    (shelf / "a" / "renamed.bin").write_text("moved")
    assert find_source("letter.txt", sha("right"), book, [shelf]).text == "right"
    assert find_source("papers/letter.txt", sha("moved"), book, [shelf]).path == "renamed.bin"
    stale = find_source("letter.txt", sha("lost"), book, [shelf])
    assert (stale.state, stale.text) == ("stale", "old")
    unsure = find_source("letter.txt", None, book, [shelf])
    assert unsure.state == "held"
    assert "2 files are named 'letter.txt'" in unsure.notes[0]
    assert find_source("", sha("moved"), book, [shelf]).state == "held"
    assert find_source("none.txt", sha("none"), book, [shelf]).state == "not-held"


def test_a_hash_that_is_none_matches_nothing(book):
    assert find_source("sources/charter.txt", "572f92c6", book).state == "stale"


def test_links_and_hidden_files_on_a_shelf_are_not_followed(book, tmp_path):
    shelf = tmp_path / "shelf"
    (shelf / ".git").mkdir(parents=True)
    (shelf / ".git" / "letter.txt").write_text("hidden")
    (shelf / "letter.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (shelf / "folder").symlink_to(tmp_path / "outside")
    assert find_source("letter.txt", None, book, [shelf]).state == "not-held"
    assert find_source("secret.txt", sha(SECRET), book, [shelf]).state == "not-held"


def test_a_shelf_is_listed_once(book, tmp_path):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    shelves = Shelves([shelf])
    assert find_source("late.txt", None, book, shelves).state == "not-held"
    (shelf / "late.txt").write_text("late")
    assert find_source("late.txt", None, book, shelves).state == "not-held"
    assert find_source("late.txt", None, book, [shelf]).state == "held"
