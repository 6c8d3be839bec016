"""The page on the format: every type of value is there, and every example on it is read as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from muniment.model.rules import RuleFault
from muniment.model.typing_table import PARSERS
from muniment.model.values import ValueFault

FAULTS = (ValueFault, RuleFault)
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "format.md").read_text(encoding="utf-8")
VALUES = PAGE.partition("\n## Values\n")[2].partition("\n## Rules\n")[0]
RULES = PAGE.partition("\n## Rules\n")[2].partition("\n## Expectations\n")[0]
ROWS = [
    (name, re.findall(r"`([^`]+)`", examples))
    for names, examples in re.findall(r"(?m)^\| ([a-z0-9][^|]*) \| (.*) \|$", VALUES)
    if names != "type"
    for name in names.split(", ")
]


def test_every_type_of_value_is_on_the_page_once() -> None:
    assert sorted(name for name, _ in ROWS) == sorted(PARSERS)


@pytest.mark.parametrize(("name", "examples"), ROWS, ids=[name for name, _ in ROWS])
def test_examples_of_values_are_read(name: str, examples: list[str]) -> None:
    assert examples or name == "rule"
    assert [text for text in examples if isinstance(PARSERS[name](text), FAULTS)] == []


def test_examples_of_rules_are_read() -> None:
    rules = re.findall(r"(?m)^\| `([^`]+)` \|", RULES)
    assert len(rules) >= 15
    assert [text for text in rules if isinstance(PARSERS["rule"](text), FAULTS)] == []


def test_what_is_not_in_the_format_is_refused() -> None:
    assert isinstance(PARSERS["rule"]("majority of board and consent of ada or consent of bo"), FAULTS)
    assert isinstance(PARSERS["money"]("ten dollars"), FAULTS)
