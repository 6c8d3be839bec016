"""The OpenAI book's contradictions: each lies between what the papers say, and what each changes is computed."""

from __future__ import annotations

import contextlib
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from muniment.answers.conclusions import Conclusions, questions_worth_asking
from muniment.answers.disputes import Dispute, disputes_with
from muniment.answers.turning import NAMED, Turns, is_read, without
from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.load import load
from muniment.book.references import facts_of, record_part
from muniment.cli.main import run

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
FACTS = SHARED / "seed-facts.json"
REMOVAL = "musk-terms-board seats preferred-a-seats removed by"

KINDS = {
    "C01": "dispute",
    "C02": "category",
    "C03": "reporting",
    "C04": "dispute",
    "C05": "translation",
    "C06": "reporting",
    "C07": "dispute",
    "C08": "apparent",
    "C09": "reporting",
    "C10": "reporting",
    "C11": "apparent",
    "C12": "apparent",
    "C13": "translation",
    "C14": "category",
    "C15": "dispute",
    "C16": "dispute",
    "C17": "dispute",
    "C18": "dispute",
    "C19": "reporting",
    "C20": "category",
    "C21": "error",
    "C22": "error",
    "C23": "apparent",
    "C24": "translation",
    "C25": "reporting",
}
CHANGES = {
    "C03": {"musk-leaves date"},
    "C08": {REMOVAL},
    "C24": {"openai-lp distribution tier 1"},
}
"""By which facts a contradiction changes an answer that the book asks for; every other changes none."""


@cache
def book() -> Book:
    return load(ROOT / "books" / "openai")


@cache
def turns() -> Turns:
    return Turns(Conclusions(World(book())), questions_worth_asking(book()))


@cache
def listed() -> tuple[Dispute, ...]:
    return disputes_with(turns())


@pytest.fixture(scope="module")
def seeds() -> dict[str, Any]:
    if not FACTS.is_file() or not (SHARED / "seeds").is_dir():
        pytest.skip("the papers and the facts read out of them are not beside this checkout")
    found: dict[str, Any] = json.loads(FACTS.read_text(encoding="utf-8"))
    return found


def contradictions() -> list[Dispute]:
    return [each for each in listed() if each.label == "between records"]


def quoted(address: str) -> list[tuple[str, str]]:
    """Return each quotation of an address with the file of each source that it is cited from."""
    record = book().index.by_address[record_part(address, book().index)]
    path = address[len(record.address) + 1 :]
    facts = [fact for fact in facts_of(record) if not path or path in (fact.address, fact.label)]
    files = {source.name: source.value("file") for source in book().records_of("source")}
    return [
        (files[citation.source], quotation.text)
        for fact in facts
        for statement in fact.statements
        for quotation in statement.quotations
        for citation in statement.citations
        if files.get(citation.source)
    ]


def places(seed: str, words: str) -> list[tuple[int, int]]:
    text = (SHARED / "seeds" / seed).read_text(encoding="utf-8")
    found, start = [], text.find(words)
    while start >= 0:
        found.append((start, start + len(words)))
        start = text.find(words, start + 1)
    return found


def covered(dispute: Dispute, facts: list[dict[str, Any]]) -> set[str]:
    """Return the ids of the facts of which some words are quoted on one side of a contradiction."""
    between = book().index.by_address[dispute.record].value("between")
    quotations = [pair for address in between for pair in quoted(address)]
    found = set()
    for fact in facts:
        low, high = fact["char_offset"], fact["char_offset"] + len(fact["quote"])
        for seed, words in quotations:
            if seed == fact["seed"] and any(start < high and end > low for start, end in places(seed, words)):
                found.add(fact["id"])
    return found


def test_each_contradiction_of_the_papers_is_one_of_the_book_with_its_kind(seeds: dict[str, Any]) -> None:
    facts = {fact["id"]: fact for fact in seeds["facts"]}
    found = contradictions()
    assert len(found) == len(seeds["contradictions"]) == 25
    for wanted, dispute in zip(seeds["contradictions"], found, strict=True):
        told = [facts[name] for name in wanted["fact_ids"]]
        assert covered(dispute, told) == set(wanted["fact_ids"]), (wanted["id"], dispute.record)
        assert dispute.kind == KINDS[wanted["id"]], (wanted["id"], dispute.record)


def test_the_report_says_which_of_them_change_an_answer(seeds: dict[str, Any]) -> None:
    for wanted, dispute in zip(seeds["contradictions"], contradictions(), strict=True):
        assert {flip.by for flip in dispute.flips} == CHANGES.get(wanted["id"], set()), (wanted["id"], dispute.record)
        assert dispute.rests_on, dispute.record
        assert dispute.not_whole == 0, dispute.record


def test_the_amount_given_changes_no_answer_and_the_rule_for_removing_directors_does() -> None:
    by_record = {each.record: each for each in contradictions()}
    assert by_record["how-much-musk-gave"].flips == ()
    assert by_record["donation-or-investment"].flips == ()
    flips = by_record["control-demanded"].flips
    alone = next(
        each
        for each in flips
        if each.question.startswith("openai-tech: ordinary decision, alone, under musk-terms-filled")
    )
    assert alone.answers == {
        "(outside-only) majority of preferred-a": "musk",
        "(every-seat) all but 1 of board": "nobody",
    }
    given = [each for each in listed() if each.record == "musk-gave"]
    assert [each.flips for each in given] == [()]


def test_the_day_of_leaving_decides_who_sat_in_march_2018() -> None:
    (left,) = [each for each in listed() if (each.record, each.label) == ("musk-leaves", "date")]
    number = next(each for each in left.flips if "number of coalitions, on 2018-03-01" in each.question)
    assert list(number.answers.values()) == ["4", "4", "10"]


def test_no_answer_reads_a_claim() -> None:
    """Every record that is said to be read by no answer is left out, together and in groups, and nothing changes."""
    asked = turns()
    sides = {name.partition(" ")[0] for each in contradictions() for name in each.rests_on}
    records = [book().index.by_address[name] for name in sorted(sides)]
    claims = [record for record in records if record.kind not in NAMED and not is_read(record, asked.awaited)]
    assert len(claims) > 50
    before = [asked.conclusions.answer(question) for question in asked.questions]
    for group in (claims, claims[::2], claims[1::2]):
        left = book()
        for record in group:
            left = without(left, record)
        others = Conclusions(World(left), asked.conclusions.decider, asked.conclusions.finder)
        assert [others.answer(question) for question in asked.questions] == before


def test_what_comparing_finds_in_it() -> None:
    found = {(each.label, each.record) for each in listed() if each.found}
    assert ("impossible date", "first-letters") in found  # an offer in the name of what was formed three weeks later
    (gift,) = [each for each in contradictions() if each.record == "donation-or-investment"]
    assert "carries neither votes nor returns" in gift.why  # found too, and not listed a second time
    assert not any(label == "of two categories" for label, _ in found)


def test_what_turns_on_it_names_the_facts_and_what_holds() -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(["disputes", str(ROOT / "books" / "openai"), "--what-turns-on-it", "--json"]) == 0
    answer = json.loads(out.getvalue())["what_turns_on_it"]
    expected = [each for each in answer["answers"] if each["expected"]]
    matters = [each for each in answer["answers"] if not each["expected"]]
    assert len(expected) == len(questions_worth_asking(book()))
    assert len(matters) > 80
    sets = {tuple(found["facts"]) for each in answer["answers"] for found in each["smallest_sets"]}
    assert (REMOVAL,) in sets
    assert not any("musk-gave" in address for addresses in sets for address in addresses)
    assert all(each["read_otherwise_at_once"] == each["disputed_facts"] for each in answer["answers"])
    firm = [each for each in answer["answers"] if each["holds"] == "under all accounts" and not each["smallest_sets"]]
    assert len(firm) > 150
    assert answer["not_asked"]
