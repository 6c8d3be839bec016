"""The three worked examples: every figure of their `expected.json` is given by the commands.

The files are read key by key: a key that this test does not know fails it, at any level.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from muniment.book.load import load
from muniment.cli.main import run

ROOT = Path(__file__).resolve().parents[1]
BOOKS = ROOT / "books"
SHARED = ROOT.parent / "shared" / "examples"
EXAMPLES = ("acme", "lighthouse", "pyramid")


@cache
def ask(*words: str) -> tuple[int, dict[str, Any]]:
    """Return the exit code and the machine answer of a command."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = run([*words, "--format", "json"])
    return code, json.loads(out.getvalue())


class Example:
    """One book and what is expected of it; each method named after a key compares that key."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.book = str(BOOKS / name)
        self.expected: dict[str, Any] = json.loads((BOOKS / name / "expected.json").read_text(encoding="utf-8"))
        self.on: str = self.expected["on"]

    def compare(self) -> int:
        """Compare every key; return how many figures were compared."""
        by_key: dict[str, Callable[[Any], int]] = {
            "on": lambda _: 0,
            "control": self.control,
            "control_under": self.control_under,
            "payout": self.payout,
            "quotes": self.quotes,
            "disputes": self.disputes,
            "contributed_by_elm": self.contributed_by_elm,
            "passes": self.passes,
            "why": self.why,
            "why_amend_charter_fails": self.why_amend_charter_fails,
        }
        compared = 0
        for key, value in self.expected.items():
            assert key in by_key, f"{self.name}: this test does not know '{key}'"
            compared += by_key[key](value)
        return compared

    def decision(self, entity_and_matter: str, directors: str, under: str | None = None) -> dict[str, Any]:
        words = ["control", self.book, "--on", self.on, "--matter", entity_and_matter, "--directors", directors]
        code, answer = ask(*words, *(["--under", under] if under else []))
        assert code == 0
        assert (answer["on"], answer["under"]) == (self.on, under)
        (found,) = answer["answers"]
        assert f"{found['entity']}: {found['matter']}" == entity_and_matter
        assert found["directors"] == directors
        return found

    def control(self, readings: Mapping[str, Any], under: str | None = None) -> int:
        compared = 0
        for directors, matters in readings.items():
            assert directors in ("loyal", "independent")
            for matter, wanted in matters.items():
                found = self.decision(matter, directors, under)
                for key, value in wanted.items():
                    place = f"{self.name} {matter} {directors} {key}"
                    assert key in COMPARE_DECISION, f"this test does not know '{key}' ({place})"
                    assert key in found, place
                    assert COMPARE_DECISION[key](found[key]) == COMPARE_DECISION[key](value), place
                    compared += 1
        return compared

    def control_under(self, proposals: Mapping[str, Any]) -> int:
        return sum(self.control(readings, under) for under, readings in proposals.items())

    def payout(self, entities: Mapping[str, Any]) -> int:
        compared = 0
        for entity, wanted in entities.items():
            assert set(wanted) <= {"breakpoints", "at"}
            for proceeds, amounts in wanted["at"].items():
                code, answer = ask("payout", self.book, entity, "--proceeds", proceeds, "--on", self.on)
                assert code == 0
                paid: dict[str, Fraction] = {}
                for row in answer["rows"]:
                    paid[row["party"]] = paid.get(row["party"], Fraction(0)) + Fraction(row["amount"])
                    assert re.fullmatch(r"\d+\.\d\d", row["amount"])
                assert paid == {party: Fraction(amount) for party, amount in amounts.items()}
                assert Fraction(answer["unallocated"]) == 0
                points = [point["proceeds"] for point in answer["breakpoints"]]
                assert points == wanted["breakpoints"]
                compared += len(amounts) + len(points)
        return compared

    def quotes(self, wanted: Mapping[str, int]) -> int:
        assert set(wanted) == {"exact_or_folded", "other"}
        _, answer = ask("quotes", self.book)
        verified = sum(1 for quote in answer["quotes"] if quote["state"] in ("exact", "folded"))
        assert {"exact_or_folded": verified, "other": len(answer["quotes"]) - verified} == wanted
        return 2

    def disputes(self, wanted: list[str]) -> int:
        _, answer = ask("disputes", self.book)
        assert [f"{each['record']}: {each['label']}" for each in answer["disputes"]] == wanted
        return len(wanted)

    def contributed_by_elm(self, wanted: Mapping[str, str]) -> int:
        _, answer = ask("disputes", self.book)
        (gift,) = [each for each in answer["disputes"] if each["record"] == "elm-gift"]
        taken = {account: value["value"] for value in gift["values"] for account in value["accounts"]}
        taken |= dict.fromkeys(gift["open_in"], "open")
        assert taken == wanted
        return len(wanted)

    def passes(self, wanted: Mapping[str, bool]) -> int:
        for words, value in wanted.items():
            outcome = self.expectation(words)
            assert (outcome["value"], outcome["holds"]) == ("yes" if value else "no", True)
        return len(wanted)

    def expectation(self, words: str) -> dict[str, Any]:
        """Return the outcome of the book's own `passes` line on 'PROPOSAL on DATE by ENTITY: MATTER'."""
        parts = re.fullmatch(r"(?P<proposal>\S+) on (?P<day>\S+) by (?P<matter>.+)", words)
        assert parts is not None
        vote = (BOOKS / self.name / f"{self.name}.muni").read_text(encoding="utf-8")
        assert f"{parts['day']} vote {parts['proposal']}" in vote
        _, answer = ask("check", self.book)
        (outcome,) = [each for each in answer["expectations"] if each["question"] == f"{parts['matter']}, passes"]
        return outcome

    def why(self, wanted: Mapping[str, str]) -> int:
        """The wording is illustrative; the figures and parties it names must be named."""
        for matter, words in wanted.items():
            found = self.decision(matter, "loyal")
            said = " ".join(found["why"]) + json.dumps(found)
            for figure in set(re.findall(r"\d+", words)):
                if figure not in ILLUSTRATIVE[matter]:
                    assert re.search(rf"(?<!\d){figure}(?!\d)", said), (
                        f"{matter}: {figure} is not named in: {found['why']}"
                    )
        return len(wanted)

    def why_amend_charter_fails(self, wanted: str) -> int:
        (outcome,) = [self.expectation(words) for words in self.expected["passes"]]
        said = " ".join(outcome["because"])
        for figure in re.findall(r"\d+", wanted):
            assert re.search(rf"(?<!\d){figure}(?!\d)", said), said
        return 1


def sets(lists: list[list[str]]) -> set[frozenset[str]]:
    found = {frozenset(each) for each in lists}
    assert len(found) == len(lists)
    return found


def fractions(shares: Mapping[str, str]) -> dict[str, Fraction]:
    return {party: Fraction(share) for party, share in shares.items()}


COMPARE_DECISION: Mapping[str, Callable[[Any], Any]] = {
    "alone": set,
    "can_block": set,
    "coalitions": sets,
    "banzhaf": fractions,
    "shapley_shubik": fractions,
    "smallest_coalition": int,
    "number_of_minimal_coalitions": int,
    "circular": set,
    "if_each_lets_the_other": sets,
}

ILLUSTRATIVE: Mapping[str, tuple[str, ...]] = {"target: elect directors": (), "left: elect directors": ()}
"""Figures of a `why` that are derived in its wording and not named by ours."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_expected_figure_is_given(name: str) -> None:
    assert Example(name).compare() >= 10


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_unknown_key_fails(name: str) -> None:
    example = Example(name)
    example.expected = {"on": example.on, "something new": 1}
    with pytest.raises(AssertionError, match="does not know"):
        example.compare()
    directors, matters = next(iter(json.loads((BOOKS / name / "expected.json").read_text())["control"].items()))
    example.expected = {"on": example.on, "control": {directors: {next(iter(matters)): {"something new": 1}}}}
    with pytest.raises(AssertionError, match="does not know"):
        example.compare()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_loads_without_a_diagnostic_and_checks(name: str) -> None:
    assert load(BOOKS / name).diagnostics == ()
    code, answer = ask("check", str(BOOKS / name))
    assert (code, answer["diagnostics"]) == (0, [])
    assert all(outcome["holds"] for outcome in answer["expectations"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_copies_are_the_given_examples(name: str) -> None:
    if not SHARED.is_dir():
        pytest.skip("the given examples are not beside this checkout")
    theirs = {
        path.relative_to(SHARED / name): path.read_bytes() for path in (SHARED / name).rglob("*") if path.is_file()
    }
    ours = {
        path.relative_to(BOOKS / name): path.read_bytes()
        for path in (BOOKS / name).rglob("*")
        if path.is_file() and ".muniment" not in path.parts  # what earlier answers kept
    }
    assert ours == theirs
