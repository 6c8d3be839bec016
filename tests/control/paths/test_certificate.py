"""Certificates as they are written and read."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from small_path_problems import closure, earliest_days, has_path, holds, random_problem, without_losses

from muniment.control.paths.certificate import (
    LONGEST,
    certificate_text,
    of_already,
    of_closure,
    of_maximal,
    of_plan,
    read_certificate,
)
from muniment.control.paths.checker import Verdict, check
from muniment.control.paths.network import prepare, relaxed
from muniment.control.paths.problem import Bit, Effect, Either, Enough, Every, Fixed, Problem, Step
from muniment.control.paths.search import Absent, Reached, TooLarge, search

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "docs" / "reference" / "path-certificate.json").read_text(encoding="utf-8"))
QUESTION: dict[str, object] = {
    "entity": "acme",
    "matter": "sell company",
    "who": ("ada", "grace"),
    "on": date(2021, 4, 1),
    "directors": "loyal",
    "adversary": "blocking",
    "account": "keeper",
    "book_hash": "0" * 64,
}


def small_problem() -> Problem:
    gates = (Bit(0), Bit(2), Enough((0, 1), (2, 10**17), 3), Every((2,)), Fixed(False), Either((3,)), Bit(1))
    fill = Step("fill the seat", 0, (Effect(2, True), Effect(0, False)), 30, 5, 400)
    idle = Step("do nothing of use", 4, (Effect(1, True, 0),))
    return Problem(("member", "unused", "seat"), gates, (idle, fill), 1, 2)


def test_a_plan_is_written_with_what_it_needs_and_no_more() -> None:
    assert of_plan(small_problem(), 1, [1], [30], QUESTION) == {
        "format": 1,
        "kind": "plan",
        "question": {
            "entity": "acme",
            "matter": "sell company",
            "who": ["ada", "grace"],
            "on": "2021-04-01",
            "directors": "loyal",
            "adversary": "blocking",
            "account": "keeper",
            "under": None,
            "book_hash": "0" * 64,
        },
        "problem": {
            "bits": ["member", "seat"],
            "gates": [{"bit": 0}, {"bit": 1}, {"at least": 3, "of": [[0, 2], [1, "100000000000000000"]]}],
            "steps": [
                {
                    "name": "fill the seat",
                    "guard": 0,
                    "on": [[1, None]],
                    "off": [0],
                    "days": 30,
                    "not_before": 5,
                    "not_after": 400,
                    "by_itself": False,
                }
            ],
            "start": [0],
            "goal": 2,
        },
        "claim": {"plan": [{"step": 0, "day": 30}]},
    }


def test_a_no_holds_every_move() -> None:
    problem = small_problem()._replace(goal=4)
    for certificate in (of_closure(problem, 1, 0b101, QUESTION), of_maximal(problem, 1, [0b100, 0b1], QUESTION)):
        assert [step["name"] for step in certificate["problem"]["steps"]] == ["do nothing of use", "fill the seat"]
        assert certificate["problem"]["bits"] == ["member", "unused", "seat"]
        assert check(certificate).accepted


def test_the_same_answer_gives_the_same_bytes() -> None:
    problem = small_problem()._replace(goal=4)
    texts = {certificate_text(of_maximal(problem, 1, states, QUESTION)) for states in ([1, 4], [4, 1], [4, 1, 4])}
    texts.add(certificate_text(of_maximal(problem, 1, [4, 1], dict(reversed(QUESTION.items())))))
    assert len(texts) == 1
    assert texts.pop().endswith("\n")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"who": "ada"}, "who asks must be a sequence of names"),
        ({"matter": None}, "a question needs 'matter'"),
        ({"colour": "red"}, "a question has no 'colour'"),
    ],
)
def test_a_question_is_stated_in_full(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        of_already(small_problem(), 1, QUESTION | change)


def test_a_plan_of_other_moves_or_days_is_refused() -> None:
    with pytest.raises(ValueError, match="1 moves and 2 days"):
        of_plan(small_problem(), 1, [1], [1, 2], QUESTION)
    with pytest.raises(ValueError, match="not a step of the problem"):
        of_plan(small_problem(), 1, [2], [1], QUESTION)


def made_by_the_search(seed: int) -> dict[str, Any] | None:
    """Return the certificate of what the search finds; None where no order of days suits the plan it finds."""
    problem = random_problem(seed, bits=8, steps=9, timed=seed % 3 == 0, lossy=seed % 2 == 0)
    start = problem.start
    found = search(prepare(problem), start)
    assert not isinstance(found, TooLarge)
    if isinstance(found, Absent):
        if found.closure is None:
            return of_maximal(problem, start, found.maximal, QUESTION)
        return of_closure(problem, start, found.closure, QUESTION)
    assert isinstance(found, Reached)
    days = earliest_days(problem, start, found.plan)
    if not found.plan:
        return of_already(problem, start, QUESTION)
    return None if days is None else of_plan(problem, start, found.plan, days, QUESTION)


def test_what_the_search_finds_is_accepted_read_back_and_as_the_schema_says() -> None:
    kinds: Counter[str] = Counter()
    validator = Draft202012Validator(SCHEMA)
    for seed in range(500):
        certificate = made_by_the_search(seed)
        if certificate is None:
            continue
        kinds[certificate["kind"]] += 1
        assert check(certificate).accepted, seed
        text = certificate_text(certificate)
        assert read_certificate(text) == certificate
        assert certificate_text(made_by_the_search(seed) or {}) == text
        assert [fault.message for fault in validator.iter_errors(json.loads(text))] == []
    assert min(kinds[kind] for kind in ("plan", "already", "closure")) >= 15, kinds
    assert kinds["maximal states"] >= 10, kinds


def test_the_definitions_and_the_engine_agree_on_closures() -> None:
    for seed in range(100):
        problem = random_problem(seed)
        found = relaxed(prepare(problem), problem.start)
        assert found.state == closure(problem, problem.start)
        assert found.goal == holds(problem, found.state) == has_path(without_losses(problem), problem.start)


def test_the_schema_says_what_every_field_is_and_knows_no_other() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    waiting = [("certificate", SCHEMA)]
    while waiting:
        path, part = waiting.pop()
        for name, inner in part.get("properties", {}).items():
            assert "description" in inner, f"{path}.{name}"
            waiting.append((f"{path}.{name}", inner))
        if "properties" in part:
            assert part["additionalProperties"] is False, path
        inside = [part.get("items"), *part.get("oneOf", []), *part.get("prefixItems", [])]
        waiting += [(f"{path}[]", inner) for inner in inside if isinstance(inner, dict)]
        waiting += [(f"{path}#{name}", inner) for name, inner in part.get("$defs", {}).items()]
    certificate = of_plan(small_problem(), 1, [1], [30], QUESTION)
    certificate["problem"]["more"] = 1
    assert [fault.json_path for fault in Draft202012Validator(SCHEMA).iter_errors(certificate)] == ["$.problem"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON: Expecting value"),
        ("{", "not JSON: "),
        ("[" * 100_000, "nested too deeply"),
        ('{"format": NaN}', "NaN is no number"),
        ('{"format": -Infinity}', "-Infinity is no number"),
        ('{"format": 1, "format": 1}', "a field stands twice"),
        ('{"format": ' + "9" * 5000 + "}", "a number is too long"),
        (" " * (LONGEST + 1), "at most 64,000,000 are read"),
    ],
)
def test_a_text_that_is_none_is_refused_in_a_sentence(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_certificate(text)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet='{}[]",:0123456789e.- truefalsn', max_size=60))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    with suppress(ValueError):
        assert not check(read_certificate(text)).accepted


def test_a_certificate_cut_short_or_with_a_sign_changed_never_raises() -> None:
    text = certificate_text(of_plan(small_problem(), 1, [1], [30], QUESTION))
    for at in range(len(text) - 1):
        for changed in (text[:at], text[:at] + "9" + text[at + 1 :], text[:at] + '"' + text[at:]):
            with suppress(ValueError):
                assert isinstance(check(read_certificate(changed)), Verdict)
