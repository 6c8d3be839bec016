"""Every control number of the normative examples, through the book's own text."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from control_books import SHARED, decided

from muniment.book.accounts import World
from muniment.book.load import load
from muniment.book.structure import Structure
from muniment.control import Decision, decide, passes, to_json
from muniment.control.decisions import PassResult

EXAMPLES = SHARED / "examples"
pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the folder `shared` does not stand beside the checkout")


def expected(name: str) -> dict[str, Any]:
    return json.loads((EXAMPLES / name / "expected.json").read_text(encoding="utf-8"))


def structure(name: str, under: str | None = None, on: str | None = None) -> Structure:
    return World(load(EXAMPLES / name)).on(date.fromisoformat(on or expected(name)["on"]), under)


def questions() -> list[tuple[str, str | None, str, str]]:
    if not EXAMPLES.is_dir():
        return []
    found = []
    for name in ("acme", "pyramid", "lighthouse"):
        told = expected(name)
        for under, control in [(None, told["control"]), *told.get("control_under", {}).items()]:
            found += [(name, under, directors, matter) for directors, matters in control.items() for matter in matters]
    return found


@pytest.mark.parametrize(("name", "under", "directors", "matter"), questions())
def test_control_is_as_expected(name: str, under: str | None, directors: str, matter: str) -> None:
    told = expected(name)
    control = told["control"] if under is None else told["control_under"][under]
    answer = to_json(decided(structure(name, under), matter, directors))
    want = control[directors][matter]
    assert {field: answer.get(field) for field in want} == want
    assert answer["because"]


def test_a_refused_proposal_does_not_pass() -> None:
    result = passes(
        structure("lighthouse", on="2021-03-02"), "lighthouse-foundation: amend charter", ["amara", "bo", "chen"]
    )
    assert isinstance(result, PassResult)
    assert not result.passes
    assert result.why == expected("lighthouse")["why_amend_charter_fails"]
    assert result.lacking == ("1 seat of lighthouse-foundation.board",)


def test_the_foundation_alone_is_said_although_its_board_has_five_members() -> None:
    decision = decided(structure("lighthouse"), "lighthouse-lp: sell company")
    assert decision.through == ("lighthouse-foundation", "lighthouse-foundation.board")
    assert decision.blocks_through == decision.through
    assert len(decision.own_seats) == 5


def test_why_gives_the_figures_of_the_chain() -> None:
    why = " ".join(decided(structure("pyramid"), "target: elect directors").why)
    assert "55 of 100 votes of target agree (holdco 40, piet 15)" in why
    assert "holdco acts: 60 of 100 votes of holdco agree (piet 60)" in why


def test_what_lies_behind_a_dummy_is_not_relied_on() -> None:
    records = {basis.record for basis in decided(structure("pyramid"), "target: elect directors").because}
    assert "holdco/issue/2020-01-01 piet" in records
    assert "target rules elect directors" in records
    assert not any(record.startswith("family-trust") for record in records)


def test_at_the_level_of_entities_the_foundation_is_the_actor() -> None:
    decision = decide(structure("lighthouse"), "lighthouse-lp: sell company", entities_act=True)
    assert isinstance(decision, Decision)
    assert decision.alone == decision.can_block == decision.actors == ("lighthouse-foundation",)
    held = decide(structure("pyramid"), "target: elect directors", entities_act=True)
    assert isinstance(held, Decision)
    assert held.coalitions[0] == ("family-trust", "holdco")
