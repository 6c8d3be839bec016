"""Every construct of the language of rules stands in a mechanism's book, where it is compiled and asked."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest
from mechanism_books import FILES, asked

from muniment.model import return_cap_terms, rules, terms
from muniment.model.block_kinds import BLOCKS
from muniment.model.records import Fact, Part, Record
from muniment.model.values import Bounded
from muniment.model.vocabulary import STANDARD_MATTERS

BOOKS = [asked(path).book for path in FILES]
NOT_OF_RULES = {"anti-dilution", "dividend"}
"""Labels of a class that speak of later rounds and of pay alone."""


def facts_of(record: Record) -> Iterator[tuple[str, str, Fact]]:
    """Yield each fact with the kind and id of the block or record in which it stands."""
    waiting: list[tuple[str, str, Record | Part]] = [(record.kind, record.name, record)]
    while waiting:
        kind, name, part = waiting.pop()
        yield from ((kind, name, fact) for fact in part.facts)
        waiting += [(inner.kind, inner.id, inner) for inner in part.parts]


FACTS = [(book, *fact) for book in BOOKS for record in book.records for fact in facts_of(record)]
LABELS = {(kind, fact.label) for _, kind, _, fact in FACTS}
VALUES = [(kind, fact.label, statement) for _, kind, _, fact in FACTS for statement in fact.statements]


def clauses() -> Iterator[rules.Rule]:
    """Yield every clause of every rule, nested ones too."""
    waiting: list[object] = [statement.value for _, _, statement in VALUES]
    while waiting:
        value = waiting.pop()
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], bool):
            value = value[0]  # a removal: the rule, and whether it is for cause only
        if isinstance(value, rules.And | rules.Or):
            waiting += value.parts
        elif isinstance(value, rules.KOf):
            waiting += value.items
        elif not isinstance(value, rules.Vote | rules.Consent | rules.ByBody | rules.NoObjection | rules.Never):
            continue
        yield value


CLAUSES = list(clauses())
VOTES = [clause for clause in CLAUSES if isinstance(clause, rules.Vote)]


def test_every_kind_of_clause_is_asked() -> None:
    assert {type(clause) for clause in CLAUSES} == {
        rules.Vote, rules.Consent, rules.ByBody, rules.NoObjection, rules.KOf, rules.Never, rules.And, rules.Or,
    }  # fmt: skip
    either = [part for clause in CLAUSES if isinstance(clause, rules.Or) for part in clause.parts]
    assert any(isinstance(part, rules.And) for part in either)


@pytest.mark.parametrize("kind", ["majority", "more", "least", "all", "all but", "count", "plurality", "cumulative"])
def test_every_share_is_asked(kind: str) -> None:
    assert [vote for vote in VOTES if vote.share.kind == kind]


@pytest.mark.parametrize("kind", ["body", "word", "together", "votes", "trustees", "members", "others", "parties"])
def test_every_electorate_is_asked(kind: str) -> None:
    assert [vote for vote in VOTES if vote.electorate.kind == kind]


def test_a_word_may_be_a_class_a_group_of_seats_or_a_body() -> None:
    words = {vote.electorate.names[0] for vote in VOTES if vote.electorate.kind == "word"}
    names = {kind: {name for _, of, name, _ in FACTS if of == kind} for kind in ("class", "seats", "board")}
    assert words & names["class"]
    assert words & names["seats"]
    assert words & names["board"]


@pytest.mark.parametrize("kind", ["id", "general partner", "manager", "trustees", "attorney general", "holder of"])
def test_every_kind_of_party_is_asked(kind: str) -> None:
    assert [clause for clause in CLAUSES if isinstance(clause, rules.Consent) and clause.party.kind == kind]


CONDITIONS = (
    "outstanding", "cast", "present", "in office", "quorum", "excluding", "capped", "notice",
    "protective", "substantive",
)  # fmt: skip


@pytest.mark.parametrize("kind", CONDITIONS)
def test_every_condition_is_asked(kind: str) -> None:
    assert [clause for clause in CLAUSES for condition in clause.conditions if condition.kind == kind]


def test_a_party_a_class_and_the_one_concerned_are_excluded() -> None:
    excluded = [item for clause in CLAUSES for item in clause.conditions if item.kind == "excluding"]
    names = {party.name for item in excluded for party in item.parties}
    assert {"ada", "common"} <= names
    assert "the one concerned" in {item.words for item in excluded}


def test_every_label_of_classes_bodies_and_agreements_is_written() -> None:
    wanted = {
        (kind, label.name)
        for kind in ("class", "board", "seats", "office", "consent", "voting pool", "rules")
        for label in BLOCKS[kind].labels
        if label.name not in NOT_OF_RULES
    }
    # `changed by` stands below the line it speaks of
    changed = {kind for _, kind, _, fact in FACTS if fact.changed_by}
    assert {pair for pair in wanted - LABELS if pair[1] != "changed by"} == set()
    assert changed


def test_every_number_of_seats_is_written() -> None:
    numbers = [statement.value for kind, label, statement in VALUES if (kind, label) == ("seats", "number")]
    assert {type(number) for number in numbers} == {int, Bounded, terms.GreaterOf}


def test_every_form_of_a_class_term_is_written() -> None:
    def values(label: str) -> list[object]:
        return [statement.value for kind, of, statement in VALUES if kind == "class" and of == label]

    taken = [value for value in values("participation") if isinstance(value, terms.Participation)]
    assert {(value.kind, type(value.cap)) for value in taken} >= {("none", type(None)), ("full", type(None))}
    assert {type(value.cap).__name__ for value in taken if value.kind == "capped"} == {"Fraction", "Money"}
    ranks = [value for value in values("ranks") if isinstance(value, terms.Ranks)]
    assert {value.ahead for value in ranks} == {True, False}
    caps = [value for value in values("return cap") if isinstance(value, return_cap_terms.ReturnCap)]
    assert {bool(value.excess_to) for value in caps} == {True, False}
    times = [value for value in values("converts") if isinstance(value, terms.Conversion)]
    assert any(value.at_will for value in times)
    assert any(value.on_transfer for value in times)
    assert any(value.on_date is not None for value in times)
    assert any(value.by_vote is not None for value in times)
    assert any("death" in value.on_other for value in times)
    assert all(isinstance(value.ratio, Fraction) for value in times)


def test_every_standard_matter_is_asked() -> None:
    expected = {fact.label for _, kind, _, fact in FACTS if kind == "expect"}
    asked = {label.rpartition(", ")[0].rpartition(": ")[2] for label in expected}
    assert set(STANDARD_MATTERS) - asked == set()
