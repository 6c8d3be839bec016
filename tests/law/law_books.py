"""What the tests of the law share: records with people at hand, and what is in force in them."""

from __future__ import annotations

from datetime import date

from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.checks import check_figures
from muniment.book.load import in_file_order, load_text
from muniment.book.structure import Entity, Structure

NAMES = ("ada", "bo", "cy", "dee", "eve", "fay", "gus", "hal", "ina")
PERSONS = "".join(f"2000-01-01 person {name}\n" for name in NAMES)
DAY = date(2024, 1, 1)


def book_of(text: str) -> Book:
    """Return the book of some records, with people at hand."""
    return load_text(PERSONS + text)


def codes(text: str) -> list[str]:
    """Return the codes of everything that is wrong with a text, in file order."""
    book = book_of(text)
    return [one.code for one in in_file_order([*book.diagnostics, *check_figures(book)])]


def structure(text: str, on: date = DAY) -> Structure:
    """Return what is in force in a text on a day; its lines can all be read."""
    book = book_of(text)
    assert [str(one) for one in book.diagnostics] == []
    return World(book).on(on)


def acme(text: str, on: date = DAY) -> Entity:
    """Return the entity `acme` of a text on a day."""
    return structure(text, on).entities["acme"]
