"""Where sources come from: kinds of difference and independent witnesses."""

from __future__ import annotations

import pytest

from muniment.answers.origins import kind_between, kind_of, origins, witnesses
from muniment.book.book import Book
from muniment.book.load import load_text

SOURCES = """
2020-01-01 source letter "Letter"
  kind: email
2020-01-02 source letter-fr "Letter, in French"
  kind: translation
  translation of: letter
2020-01-03 source letter-zh "Letter, in Chinese"
  kind: translation
  translation of: letter-fr
2020-01-04 source herald "Herald"
  kind: press report
  derived from: letter
2020-01-05 source herald-fr "Herald, in French"
  kind: translation
  translation of: herald
2020-01-06 source gazette "Gazette"
  kind: press report
  derived from: letter
2020-01-07 source mirror "Mirror"
  kind: press report
"""


@pytest.fixture(scope="module")
def book() -> Book:
    found = load_text(SOURCES)
    assert [each for each in found.diagnostics if each.severity == "error"] == []
    return found


def test_origins_are_followed_through_every_step(book: Book) -> None:
    assert origins(book, "letter-zh") == {"letter-fr": True, "letter": True}
    assert origins(book, "herald-fr") == {"herald": True, "letter": False}
    assert origins(book, "mirror") == {}


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("letter", "letter", "error"),
        ("letter", "letter-fr", "translation"),
        ("letter-zh", "letter", "translation"),
        ("letter-zh", "letter-fr", "translation"),
        ("herald", "letter", "reporting"),
        ("letter", "herald-fr", "reporting"),
        ("herald-fr", "herald", "translation"),
        ("herald", "gazette", "reporting"),
        ("letter-fr", "herald", "reporting"),
        ("mirror", "letter", "dispute"),
        ("mirror", "herald-fr", "dispute"),
    ],
)
def test_what_two_sources_make_of_a_difference(book: Book, one: str, other: str, kind: str) -> None:
    assert kind_between(book, one, other) == kind
    assert kind_between(book, other, one) == kind


def test_two_translations_of_one_original_differ_by_translation() -> None:
    book = load_text(SOURCES.replace("  translation of: letter-fr\n", "  translation of: letter\n"))
    assert kind_between(book, "letter-fr", "letter-zh") == "translation"


def test_the_kind_of_several_sides_is_the_one_that_no_origin_explains(book: Book) -> None:
    assert kind_of(book, [["letter"], ["letter-fr"]]) == "translation"
    assert kind_of(book, [["letter"], ["letter-fr"], ["herald"]]) == "reporting"
    assert kind_of(book, [["letter"], ["letter-fr"], ["mirror"]]) == "dispute"
    assert kind_of(book, [["letter"], []]) == "dispute"
    assert kind_of(book, [["letter", "mirror"], ["letter-fr"]]) == "translation"


def test_two_values_of_one_source_are_an_error_unless_each_is_a_named_reading(book: Book) -> None:
    assert kind_of(book, [["herald"], ["herald"]]) == "error"
    assert kind_of(book, [["herald"], ["herald"]], named=True) == "dispute"
    assert kind_of(book, [["herald"], ["letter"]], named=True) == "reporting"


def test_two_that_go_back_to_one_source_are_one_witness(book: Book) -> None:
    assert witnesses(book, ["letter", "letter-fr", "letter-zh", "herald", "herald-fr", "gazette"]) == 1
    assert witnesses(book, ["gazette", "herald-fr"]) == 1
    assert witnesses(book, ["gazette", "mirror", "herald-fr"]) == 2
    assert witnesses(book, ["mirror", "mirror"]) == 1
    assert witnesses(book, []) == 0


def test_a_circle_of_origins_ends() -> None:
    book = load_text('2020-01-01 source a "A"\n  derived from: b\n2020-01-01 source b "B"\n  translation of: a\n')
    assert witnesses(book, ["a", "b"]) == 1
    assert kind_between(book, "a", "b") in ("reporting", "translation")
