"""The legal tests that can be asked, and how a party's answer is put together from their criteria."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.book.structure import Basis, Structure
from muniment.control.legal import (
    close_links,
    delaware,
    eu_amlr,
    eu_merger,
    ifrs10,
    ofac,
    uk_psc,
    us_cta,
)
from muniment.control.legal.finding import Finding, Given, LegalTest, Point, either
from muniment.control.legal.inquiry import Inquiry
from muniment.control.matters import basis_of

TESTS: tuple[LegalTest, ...] = (
    ifrs10.TEST,
    eu_merger.TEST,
    delaware.TEST,
    uk_psc.TEST,
    eu_amlr.TEST,
    us_cta.TEST,
    ofac.TEST,
    close_links.TEST,
    close_links.EUROSYSTEM,
)
MOST_PARTIES = 300


def legal_test(name: str) -> LegalTest | None:
    """Return the test of an id; None if there is none."""
    return next((test for test in TESTS if test.id == name), None)


def legal_finding(structure: Structure, test: LegalTest, entity: str, party: str, given: Given = Given()) -> Finding:  # noqa: B008
    """Answer one legal test about one party and one entity.

    Args:
        structure: What is in force.
        test: One of `TESTS`.
        entity: Id of an entity of the structure.
        party: Id of another party.
        given: What is told beside the structure.

    Raises:
        KeyError: If the structure has no such entity.
    """
    return find(Inquiry(structure, given), test, entity, party)


def find(inquiry: Inquiry, test: LegalTest, entity: str, party: str) -> Finding:
    """Answer as `legal_finding` does, from what an inquiry has found out so far."""
    owner = inquiry.structure.entities[entity]
    if party == entity:
        words = f"{entity} is the entity asked about; nobody is asked about in relation to itself."
        points: Sequence[Point] = (Point("no", words),)
    else:
        points = test.ask(inquiry, entity, party)
    answer = either([point.answer for point in points])
    telling = [point for point in points if point.answer == answer]
    bases: dict[Basis, None] = dict.fromkeys(basis for point in telling for basis in point.bases)
    assumptions = [*inquiry.structure.assumptions, *(note for point in telling for note in point.assumptions)]
    return Finding(
        entity=entity,
        party=party,
        test=test.id,
        answer=answer,
        why=tuple(dict.fromkeys(point.words for point in telling)),
        would_decide=tuple(dict.fromkeys(doubt for point in telling for doubt in point.would_decide)),
        because=tuple(bases) or (basis_of(owner),),
        assumptions=tuple(dict.fromkeys(assumptions)),
    )


def parties_in_question(inquiry: Inquiry, entity: str) -> tuple[str, ...]:
    """Return who may control an entity: everyone who stands behind it, at whatever distance, nearest first.

    Where more than `MOST_PARTIES` stand directly behind one entity, those with a role or the greatest holdings come
    first; a caller that asks about some of them only must say so.
    """
    found: dict[str, None] = {}
    for name in inquiry.behind(entity):
        around = inquiry.around(name)
        if len(around) > MOST_PARTIES:
            stakes = inquiry.stakes(name, "votes").each
            around = tuple(sorted(around, key=lambda p: (p in stakes, -stakes[p].high if p in stakes else 0, p)))
        found.update(dict.fromkeys(party for party in around if party != entity))
    return tuple(found)
