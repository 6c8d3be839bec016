"""The OpenAI book: what it quotes stands in its papers, what it expects holds, and its README names what is there."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from muniment.book.book import Book
from muniment.book.load import load
from muniment.cli.main import run
from muniment.evidence.checking import check_quotes

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "books" / "openai"
SHARED = ROOT.parent / "shared"
PAPERS = (SHARED / "seeds", SHARED / "evidence")
CLASSES = {"dispute", "error", "translation", "reporting", "category", "apparent"}
CHINESE_SIGN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")


@cache
def check(*words: str) -> tuple[int, dict[str, Any]]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = run(["check", str(BOOK), *words, "--format", "json"])
    return code, json.loads(out.getvalue())


@cache
def book() -> Book:
    return load(BOOK)


@pytest.fixture
def with_papers() -> tuple[int, dict[str, Any]]:
    if not all(folder.is_dir() for folder in PAPERS):
        pytest.skip("the papers that the book quotes are not beside this checkout")
    return check(*(word for folder in PAPERS for word in ("--sources", str(folder))))


def test_every_quotation_stands_in_its_paper(with_papers: tuple[int, dict[str, Any]]) -> None:
    code, answer = with_papers
    assert [each for each in answer["diagnostics"] if each["severity"] in ("error", "warning")] == []
    assert code == 0
    assert set(answer["quotations"]) <= {"exact", "folded", "gapped"}
    assert sum(answer["quotations"].values()) > 300


def test_without_papers_it_says_that_they_are_not_held() -> None:
    code, answer = check()
    assert code == 0
    assert set(answer["quotations"]) == {"not-held"}
    not_held = {each["message"] for each in answer["diagnostics"] if each["code"] == "M406"}
    quoted = {row.source for row in check_quotes(book()).rows}
    assert {re.findall("'([^']+)'", message)[0] for message in not_held} == quoted


def test_every_expectation_holds() -> None:
    _, answer = check()
    assert len(answer["expectations"]) >= 80
    assert [each for each in answer["expectations"] if each["holds"] is not True] == []
    assert [each for each in answer["expectations"] if not each["because"]] == []


def test_the_contradictions_are_there_with_a_class_each() -> None:
    records = book().records_of("contradiction")
    assert len(records) == 25
    classes = Counter(str(record.value("difference")) for record in records)
    assert set(classes) <= CLASSES
    assert len(classes) >= 5
    for record in records:
        assert record.value("between"), record.address
        assert record.fact("turns on") or record.fact("remark"), record.address


def test_every_contradiction_shows_both_sides_with_their_sources() -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(["disputes", str(BOOK), "--json"]) == 0
    between = {
        each["record"]: each for each in json.loads(out.getvalue())["disputes"] if each["label"] == "between records"
    }
    assert set(between) == {record.address for record in book().records_of("contradiction")}
    assert {name for name, each in between.items() if len(each["values"]) < 2} == set()
    assert {name for name, each in between.items() if not any(value["sources"] for value in each["values"])} == set()


def test_the_ids_in_the_readme_exist() -> None:
    text = (BOOK / "README.md").read_text(encoding="utf-8")
    names = {name for name in re.findall(r"`([^`\s]+)`", ids_section(text)) if re.fullmatch(r"[a-z0-9.-]+", name)}
    index = book().index
    inside = {
        f"{entity}.{name}"
        for entity, named in index.names.items()
        for kind in (named.classes, named.bodies, named.seats, named.offices)
        for name in kind
    }
    known = {*index.defined, *inside, *(name.partition(".")[2] for name in inside)}
    readings = {statement.name for record in book().records for fact in record.facts for statement in fact.statements}
    missing = {name for name in names if name.removeprefix(".") not in known | readings | {"disputed"}}
    assert missing == set()
    assert len(names) > 60


def ids_section(text: str) -> str:
    return text.partition("## Ids")[2].partition("\n## ")[0].partition("**Matters.**")[0]


def test_the_matters_in_the_readme_are_decided() -> None:
    text = (BOOK / "README.md").read_text(encoding="utf-8").partition("**Matters.**")[2].partition("\n\n")[0]
    matters = set(re.findall(r"`([^`]+)`", text.replace("\n", " ")))
    ruled = "\n".join(file.text for file in book().files.values())
    assert len(matters) >= 4
    assert [matter for matter in matters if f" {matter}:" not in ruled and matter != "ordinary decision"] == []


def test_the_files_in_the_readme_exist() -> None:
    text = (BOOK / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z]+\.muni)`", text))
    assert named == {path.name for path in BOOK.glob("*.muni")}


def test_no_quotation_is_longer_than_one_may_copy() -> None:
    long = []
    for row in check_quotes(book()).rows:
        words = row.quote.replace("[...]", " ")
        signs = len(CHINESE_SIGN.findall(words))
        others = len(WORD.findall(CHINESE_SIGN.sub(" ", words)))
        if signs > 30 or others > 12:
            long.append((str(row.span), others, signs))
    assert long == []
