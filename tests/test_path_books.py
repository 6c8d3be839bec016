"""The worked cases of paths to control: every answer that the books expect holds, and nothing in them is at fault."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from muniment.book.load import load
from muniment.cli.main import run

BOOKS = Path(__file__).resolve().parents[1] / "books"
CASES = {"dual-class": 8, "removal-without-cause": 7, "blank-check": 10}
"""Each book with how many of its expectations are on paths, at least."""


@pytest.mark.parametrize("name", CASES)
def test_every_expectation_holds_and_nothing_is_at_fault(name: str) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = run(["check", str(BOOKS / name), "--format", "json"])
    answer = json.loads(out.getvalue())
    assert [each for each in answer["expectations"] if each["holds"] is not True] == []
    assert answer["diagnostics"] == []
    assert code == 0
    assert sum(", path" in each["question"] for each in answer["expectations"]) >= CASES[name]


@pytest.mark.parametrize("name", CASES)
def test_the_readme_names_its_files_and_proposals(name: str) -> None:
    text = (BOOKS / name / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`([a-z]+\.muni)`", text)) == {path.name for path in (BOOKS / name).glob("*.muni")}
    book = load(BOOKS / name)
    proposals = {record.name for record in book.records_of("proposal")}
    assert {each for each in proposals if f"`{each}`" in text} >= proposals - {"the-amendment"}
