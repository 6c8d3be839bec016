"""What the tests of the book share: how a text is loaded, checked and looked at on a day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.checks import check_figures
from muniment.book.load import in_file_order, load_text
from muniment.book.structure import Entity, Structure
from muniment.model.values import Bounded

PEOPLE = "".join(f"2000-01-01 person {name}\n" for name in ("ada", "bo", "chen", "dara"))


def faults(book: Book) -> list[tuple[str, int]]:
    """Return the code and line of everything that is wrong with a book, in file order."""
    return [(one.code, one.span.line) for one in in_file_order([*book.diagnostics, *check_figures(book)])]


def sound(text: str) -> Book:
    """Return the book of a text in which nothing is wrong."""
    book = load_text(text)
    assert faults(book) == []
    return book


def on(book: Book, day: str, under: str | None = None, account: str = "keeper", as_recorded: bool = False) -> Structure:
    """Return what is in force on a day."""
    return World(book, account, as_recorded).on(date.fromisoformat(day), under)


def acme(book: Book, day: str, under: str | None = None, account: str = "keeper") -> Entity:
    """Return the entity `acme` on a day."""
    return on(book, day, under, account).entities["acme"]


def held(structure: Structure, entity: str = "acme") -> dict[tuple[str, str], Fraction | Bounded[Fraction]]:
    """Return what is held in an entity, by party and class (or votes, capital)."""
    return {(one.party, one.class_id or one.of or ""): one.quantity for one in structure.holdings[entity]}


def sitting(structure: Structure, seats: str, entity: str = "acme") -> list[str | None]:
    """Return who sits in a seat group, None for each vacant seat."""
    groups = {name: group for body in structure.entities[entity].bodies.values() for name, group in body.groups.items()}
    return [seat.occupant for seat in groups[seats].seats]
