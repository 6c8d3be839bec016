"""Structures for the tests of control: from records written in a test, or built by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.book.structure import (
    Basis,
    Body,
    Entity,
    Holding,
    MatterRule,
    Party,
    Seat,
    SeatGroup,
    ShareClass,
    Structure,
)
from muniment.control import Decision, decide
from muniment.model.rule_reader import parse_rule
from muniment.model.rules import Rule, RuleFault
from muniment.text.spans import Span

SHARED = Path(__file__).resolve().parents[3] / "shared"
DAY = date(2022, 1, 1)
PERSONS = "".join(f"2020-01-01 person {name}\n" for name in ("ada", "bo", "cy", "dee", "eve", "fay", "gus"))


def written(text: str, *, under: str | None = None, on: date = DAY) -> Structure:
    """Load records, with persons ada to gus at hand; nothing in them may be at fault."""
    book = load_text(PERSONS + text)
    assert [str(found) for found in book.diagnostics if found.severity == "error"] == []
    return World(book).on(on, under)


def decided(structure: Structure, question: str, directors: str = "loyal") -> Decision:
    """Decide, where a refusal would be a fault of the test."""
    decision = decide(structure, question, directors=directors)  # type: ignore[arg-type]
    assert isinstance(decision, Decision), decision
    return decision


def basis(words: str) -> Basis:
    return Basis(words, words, Span("built.muni", 1, 1, 2))


def stated(text: str, *, assumed: bool = False) -> MatterRule:
    rule = parse_rule(text)
    assert not isinstance(rule, RuleFault), rule
    return MatterRule(rule=rule, text=text, basis=basis(text), assumed=assumed)


def tree(rule: Rule, text: str = "a rule") -> MatterRule:
    return MatterRule(rule=rule, text=text, basis=basis(text))


def company(
    name: str,
    *,
    votes: Mapping[str, int] | None = None,
    rules: Mapping[str, MatterRule] | None = None,
    bodies: Mapping[str, Body] | None = None,
) -> tuple[Entity, tuple[Holding, ...]]:
    """Build a company with one class `c` of one vote each, and who holds it."""
    entity = Entity(
        id=name,
        kind="company",
        title=name,
        classes={"c": ShareClass(id="c", title="c", votes=Fraction(1))} if votes else {},
        bodies=bodies or {},
        rules=rules or {},
        basis={"": basis(name)},
    )
    held = tuple(
        Holding(party=party, entity=name, class_id="c", quantity=Fraction(number), basis=(basis(f"{name} {party}"),))
        for party, number in sorted((votes or {}).items())
    )
    return entity, held


def board(
    occupants: Sequence[str | None],
    *,
    filled_by: MatterRule | None = None,
    removed_by: MatterRule | None = None,
    decides_by: MatterRule | None = None,
) -> Body:
    """Build a board of one group of seats, `seats`."""
    seats = tuple(Seat(number=at + 1, occupant=name, basis=basis(f"seat {at}")) for at, name in enumerate(occupants))
    group = SeatGroup(id="seats", seats=seats, filled_by=filled_by, removed_by=removed_by, basis=basis("seats"))
    return Body(id="board", title="Board", groups={"seats": group}, decides_by=decides_by, basis=basis("board"))


def structure_of(parts: Sequence[tuple[Entity, tuple[Holding, ...]]], persons: Sequence[str]) -> Structure:
    """Put built entities and persons together."""
    parties = {name: Party(id=name, kind="person", title=name) for name in persons}
    parties.update({entity.id: Party(id=entity.id, kind=entity.kind, title=entity.title) for entity, _ in parts})
    return Structure(
        on=DAY,
        account="keeper",
        under=None,
        parties=parties,
        entities={entity.id: entity for entity, _ in parts},
        holdings={entity.id: held for entity, held in parts},
    )
