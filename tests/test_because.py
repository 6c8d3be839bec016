"""What an answer rests on: `because` is never empty, and no record in it can go without a change of the answer."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.answers.deciding import asked_of, decided_json, decisions
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.control import NoSuchMatter

BOOKS = Path(__file__).resolve().parents[1] / "books"
Key = tuple[str, str, str, str]


def answers(text: str, on: date, under: str | None = None) -> dict[Key, dict[str, Any]]:
    """Return every decision of a book by entity, matter, reading of directors and reading of open facts."""
    world = World(load_text(text))
    found: dict[Key, dict[str, Any]] = {}
    for entity, matter in asked_of(world, on, under, None, None):
        decided = decisions(world, on, under, entity, matter)
        if isinstance(decided, NoSuchMatter):
            continue
        for each in decided:
            plain = decided_json(each)
            found[entity, matter, plain["directors"], json.dumps(plain.get("reads"))] = plain
    return found


def without(text: str, line: int) -> str:
    """Return a text without the fact or block on a line (1-based), and without what is nested in it."""
    lines = text.split("\n")
    end = line
    while end < len(lines) and lines[end].strip() and indentation(lines[end]) > indentation(lines[line - 1]):
        end += 1
    return "\n".join([*lines[: line - 1], *lines[end:]])


def indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def with_more(text: str, line: int) -> str:
    """Return a text in which the number on a line is another one."""
    lines = text.split("\n")
    lines[line - 1] = re.sub(r"\d+", lambda number: str(int(number[0]) + 7), lines[line - 1], count=1)
    return "\n".join(lines)


def apart_from_grounds(answer: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return an answer with its reasons in words, but without the list of records."""
    return None if answer is None else {name: value for name, value in answer.items() if name != "because"}


def same_decision(base: dict[Key, dict[str, Any]], other: dict[Key, dict[str, Any]], key: Key) -> bool:
    """Return whether a matter is decided alike, for the same reasons in words, in both readings of directors."""
    entity, matter, _, reads = key
    keys = [(entity, matter, directors, reads) for directors in ("loyal", "independent")]
    return all(apart_from_grounds(base.get(each)) == apart_from_grounds(other.get(each)) for each in keys)


def idle_grounds(text: str, on: date, under: str | None = None) -> list[tuple[Key, str, str]]:
    """Return the records in `because` that can go without a change of the answer or of its reason.

    Some facts can go although they count: the number of seats of a group that is fully occupied follows from its
    occupants too, and two thirds of three holders are all of two. So a figure is also changed. Who sits in a seat may
    count only where directors decide alone: a vacant seat and a filled one can follow the same rule. So a record counts
    if it does in one of the two readings of directors.
    """
    base = answers(text, on, under)
    ask = cache(lambda changed: answers(changed, on, under))
    idle = []
    for key, answer in base.items():
        assert answer["because"], f"{key} rests on nothing"
        for ground in answer["because"]:
            line = int(ground["at"].split(":")[1])
            changed = [without(text, line)]
            if re.search(r": \d", ground["says"]):
                changed.append(with_more(text, line))
            if all(same_decision(base, ask(each), key) for each in changed):
                idle.append((key, ground["says"], ground["at"]))
    return idle


@pytest.mark.parametrize(
    ("name", "on", "under"),
    [
        ("acme", date(2021, 4, 1), None),
        ("lighthouse", date(2021, 3, 10), None),
        ("lighthouse", date(2021, 3, 10), "buy-out"),
        ("pyramid", date(2020, 6, 30), None),
    ],
)
def test_every_record_of_an_example_that_is_named_counts(name: str, on: date, under: str | None) -> None:
    text = (BOOKS / name / f"{name}.muni").read_text(encoding="utf-8")
    assert idle_grounds(text, on, under) == []


def test_every_answer_of_the_openai_book_rests_on_something() -> None:
    from muniment.book.load import load

    world = World(load(BOOKS / "openai"))
    for on in (date(2016, 1, 1), date(2019, 6, 1), date(2023, 11, 18)):
        pairs = asked_of(world, on, None, None, None)
        assert pairs
        for entity, matter in pairs:
            decided = decisions(world, on, None, entity, matter)
            assert not isinstance(decided, NoSuchMatter)
            for each in decided:
                assert decided_json(each)["because"], (on, entity, matter)


# No rule with "or": where one side suffices, what the other side rests on is named and may still go.
RULES = (
    "majority of votes",
    "at least 2/3 of votes",
    "majority of board",
    "majority of board and majority of votes",
    "all but 1 of board",
    "2 of (ann, bea, cleo)",
    "majority of common and consent of bea",
)


@st.composite
def books(draw: st.DrawFn) -> str:
    """Return a small company: up to three holders, one of them through a holding company, and a board."""
    shares = draw(st.lists(st.integers(1, 60), min_size=2, max_size=3))
    rule = draw(st.sampled_from(RULES))
    filled = draw(st.sampled_from(("majority of common", "ann", "majority of board")))
    seated = draw(st.lists(st.sampled_from(("ann", "bea", "cleo", "dov", "eve")), min_size=1, max_size=3, unique=True))
    size = len(seated) + draw(st.integers(0, 1))
    through = draw(st.booleans())
    holders = ["hold" if through else "ann", "bea", "cleo"][: len(shares)]
    people = "".join(f"2020-01-01 person {name}\n" for name in ("ann", "bea", "cleo", "dov", "eve"))
    hold = (
        "2020-01-01 company hold\n  law pack: none\n  class common\n    votes per share: 1\n"
        "  rules\n    vote shares: majority of votes\n2020-01-01 issue hold\n  ann: 60 common\n  dov: 40 common\n"
    )
    issue = "".join(f"  {name}: {count} common\n" for name, count in zip(holders, shares, strict=True))
    return (
        f"{people}{hold if through else ''}2020-01-01 company acme\n  law pack: none\n"
        f"  class common\n    votes per share: 1\n"
        f"  board\n    decides by: majority\n    seats directors\n      number: {size}\n      filled by: {filled}\n"
        f"      removed by: {filled}\n  rules\n    sell company: {rule}\n"
        f"2020-01-02 issue acme\n{issue}2020-01-03 appoint acme\n  directors: {', '.join(seated)}\n"
    )


@settings(max_examples=25)
@given(text=books())
def test_every_record_of_a_generated_book_that_is_named_counts(text: str) -> None:
    assert load_text(text).diagnostics == ()
    assert idle_grounds(text, date(2020, 6, 1)) == []
