"""The packs themselves: they can be read, every default has a section and a day, and the tables lead to them."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from muniment.answers.explaining import explain
from muniment.answers.explaining_packs import laws_of
from muniment.book.defaults import ANY_SEATS, SUPERVISORY_BOARD, THE_CLASS, THE_SEATS, clauses
from muniment.book.packs import LAWS, ONLY_FOR, PACKS, SEATS_OF_A_CLASS, pack_of_law, read_pack, stated_in
from muniment.book.rule_names import names_in_rule
from muniment.model.dates import is_exact
from muniment.model.rules import Vote
from muniment.model.typed import Typed, type_file
from muniment.model.vocabulary import STANDARD_MATTERS
from muniment.text.diagnostics import Diagnostic
from muniment.text.reader import read_bytes

EVERY = tuple(PACKS)


def read(pack: str) -> tuple[Typed, list[Diagnostic]]:
    data = files("muniment.law").joinpath(f"{pack}.muni").read_bytes()
    file, diagnostics = read_bytes(data, f"{pack}.muni")
    return type_file(file), diagnostics


def test_every_file_is_a_pack_and_every_pack_a_file() -> None:
    names = {
        entry.name.removesuffix(".muni") for entry in files("muniment.law").iterdir() if entry.name.endswith(".muni")
    }
    assert names == set(PACKS)
    assert set(LAWS.values()) == set(PACKS)
    assert all(law == law.lower() for law in LAWS)


@pytest.mark.parametrize("pack", EVERY)
def test_a_pack_is_read_without_a_fault(pack: str) -> None:
    typed, diagnostics = read(pack)
    assert diagnostics == []
    assert [str(one) for one in typed.diagnostics] == []
    assert {record.kind for record in typed.records} <= {"source", "defaults", "amend"}


@pytest.mark.parametrize("pack", EVERY)
def test_every_record_of_a_pack_is_dated_to_the_day_and_about_something(pack: str) -> None:
    typed, _ = read(pack)
    named = {record.name for record in typed.records if record.kind == "defaults"}
    for record in typed.records:
        assert is_exact(record.date), record.name
        if record.kind == "source":
            assert record.value("kind") == "statute"
            assert (record.value("link") or "").startswith("https://")
        elif record.kind == "amend":
            assert record.name in named
        else:
            assert record.title
            assert record.value("for")
            assert record.name.startswith(f"{pack}-")


@pytest.mark.parametrize("pack", EVERY)
def test_every_default_cites_a_section_of_a_statute_of_the_pack(pack: str) -> None:
    loaded = read_pack(pack)
    titles = "|".join(re.escape(record.title) for record in loaded.sources.values())
    form = re.compile(rf"(?:{titles}), (?:ss?\. |\d:|sch\. )\S.*, since \d{{4}}-\d\d-\d\d")
    rows = [stated for default in loaded.defaults for stated in stated_in(default)]
    assert len(rows) > 10
    assert [stated for stated in rows if not form.fullmatch(stated.authority)] == []
    assert all(stated.place.path == f"muniment/law/{pack}.muni" for stated in rows)
    lines = loaded.text.splitlines()
    assert all(stated.rule in lines[stated.place.line - 1] or stated.rule == "the chair" for stated in rows)


@pytest.mark.parametrize("pack", EVERY)
def test_defaults_speak_of_standard_matters_and_of_names_that_can_be_had(pack: str) -> None:
    known = {"board", SUPERVISORY_BOARD, THE_CLASS, THE_SEATS}
    for default in read_pack(pack).defaults:
        for edition in default.editions:
            assert set(edition.says.rules) <= set(STANDARD_MATTERS)
            assert set(edition.says.bodies) <= {"board", SUPERVISORY_BOARD}
            rules = list(edition.says.rules.values())
            for body in edition.says.bodies.values():
                assert set(body.groups) <= {ANY_SEATS, SEATS_OF_A_CLASS}
                rules += [body.decides_by] if body.decides_by is not None else []
                for group in body.groups.values():
                    rules += [r for r in (group.filled_by, group.removed_by, group.vacancies_filled_by) if r]
            for rule in rules:
                assert rule.assumed
                assert rule.basis.citations
                assert {name for _, name in names_in_rule(rule.rule)} <= known


@pytest.mark.parametrize("pack", EVERY)
def test_editions_are_in_order_and_never_before_their_statute(pack: str) -> None:
    loaded = read_pack(pack)
    for default in loaded.defaults:
        days = [edition.since for edition in default.editions]
        assert days == sorted(set(days))
        cited = {
            citation.source.rpartition("/")[2]
            for edition in default.editions
            for rule in edition.says.rules.values()
            for citation in rule.basis.citations
        }
        assert cited <= set(loaded.sources)


@pytest.mark.parametrize(
    ("law", "kind", "pack"),
    [
        ("Delaware", "company", "us-de"),
        ("State of  Delaware", "llc", "us-de"),
        ("California", "nonprofit", "us-ca-nonprofit"),
        ("California", "company", None),
        ("England and Wales", "company", "uk"),
        ("germany", "company", "de"),
        ("Netherlands", "foundation", "nl"),
        ("Maine", "company", None),
        (None, "company", None),
    ],
)
def test_a_law_brings_in_its_pack(law: str | None, kind: str, pack: str | None) -> None:
    assert pack_of_law(law, kind) == pack


def test_packs_for_some_kinds_speak_of_those_alone() -> None:
    for pack, kinds in ONLY_FOR.items():
        assert {kind for default in read_pack(pack).defaults for kind in default.kinds} <= kinds


@pytest.mark.parametrize("pack", EVERY)
def test_a_pack_is_explained_line_by_line(pack: str) -> None:
    text = explain(pack)
    assert text is not None
    for default in read_pack(pack).defaults:
        assert default.record.name in text
        assert all(remark in text for remark in default.remarks)
        for stated in stated_in(default):
            assert f"{stated.matter}: {stated.rule}\n" in text
            assert stated.authority in text
    overview = explain("packs") or ""
    assert all(f"law: {law}" in overview for law in laws_of(pack))


def test_quorums_of_a_majority_are_more_than_half() -> None:
    (default,) = (one for one in read_pack("us-de").defaults if one.record.name == "us-de-company")
    decides_by = default.editions[-1].says.bodies["board"].decides_by
    assert decides_by is not None
    (clause,) = clauses(decides_by.rule)
    assert isinstance(clause, Vote)
    assert [condition.words for condition in clause.conditions if condition.kind == "quorum"] == ["majority"]
