"""Asking for paths: each state once, the days ahead, every account, and who is asked at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from muniment.answers.paths import PathFinder, PathQuestion, facts_ahead, paths_found
from muniment.answers.paths_in_every_account import of_paths, parties_behind, path_of, who_have_paths
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.book.structure import Structure
from muniment.control import NoSuchMatter
from muniment.control.paths.answer import PathAnswer
from muniment.control.paths.find import find_path

ON = date(2021, 2, 1)
BOOK = """\
2021-01-01 source a "A"
  kind: statement
2021-01-01 source b "B"
  kind: statement
2021-01-01 account version-a
  follows: @a
2021-01-01 account version-b
  follows: @b
2021-01-01 account third
2021-01-01 person ada
2021-01-01 person bo
2021-01-01 person cy
2021-01-01 person dee
2021-01-01 person eli
2021-01-01 person stranger
2021-01-01 fund oak
2021-01-01 company pier
  law pack: none
  class shares
    votes per share: 1
2021-01-01 issue pier
  eli: 10 shares
2021-01-01 company harbor
  law pack: none
  class shares
    votes per share: 1
  board
    decides by: majority
    seats any
      number: 1
      filled by: majority of shares
      removed by: majority of shares
  rules
    merge: majority of board and consent of cy
2021-01-02 issue harbor
  ada: disputed
    - 60 shares   [@a]
    - 20 shares   [@b]
    prefer: @a, because it is signed
  bo: 30 shares
  pier: 10 shares
2021-01-02 appoint harbor
  any: dee
2021-01-03 option call
  issuer: harbor
  holder: oak
  over: 5 shares
"""
ASKED = PathQuestion("harbor", "ordinary decision", ("ada",), "independent")


def world(text: str = BOOK, account: str = "keeper") -> World:
    return World(load_text(text), account)


class Counting:
    """The analysis, counting how often it is asked and with what."""

    def __init__(self) -> None:
        self.settings: list[dict[str, Any]] = []

    def __call__(
        self, structure: Structure, who: tuple[str, ...], question: str, **settings: Any
    ) -> PathAnswer | NoSuchMatter | str:
        self.settings.append(settings)
        return find_path(structure, who, question, **settings)


def test_accounts_that_read_the_facts_alike_are_asked_once() -> None:
    counting = Counting()
    across = of_paths(world(), ON, None, ASKED, PathFinder(counting))
    assert across.holds == "under keeper, version-a, third"
    assert {words.partition(",")[0]: accounts for words, accounts in across.answers.items()} == {
        "path": ("keeper", "version-a", "third"),
        "no path": ("version-b",),
    }
    assert [dict(flip.facts) for flip in across.flips] == [{"harbor/issue/2021-01-02 ada": "20 shares"}]
    assert len(counting.settings) == 2


def test_accounts_are_asked_for_the_answer_alone() -> None:
    counting = Counting()
    asked = ASKED._replace(cuts=True, coalitions=2, keep=("harbor: merge",))
    of_paths(world(), ON, None, asked, PathFinder(counting))
    for each in counting.settings:
        assert not any((each["cuts"], each["coalitions"], each["durable"], each["hangs_on"], each["distance"]))


def test_the_certificate_names_book_account_and_proposal() -> None:
    found = paths_found(world(account="version-a"), ON, None, ASKED)
    assert isinstance(found, tuple)
    assert not isinstance(found, NoSuchMatter)
    question = found[0].answer.certificate["question"]
    assert (question["account"], question["under"]) == ("version-a", None)
    assert question["book_hash"] == world().book.hash


def test_what_is_scheduled_is_shown_to_the_analysis() -> None:
    text = BOOK.replace("2021-01-03 option call\n", "2021-01-03 option call\n  exercisable: 2021-06-01/2021-12-31\n")
    counting = Counting()
    given = world(text)
    PathFinder(counting).answer(given, ON, None, ASKED)
    (settings,) = counting.settings
    assert date(2021, 6, 1) in settings["scheduled"]
    ahead = settings["world_ahead"](date(2021, 6, 1))
    assert (ahead.on, ahead.under) == (date(2021, 6, 1), None)


def test_disputed_facts_that_are_met_only_later_count_as_behind_the_answer() -> None:
    later = BOOK + "2021-01-04 agreement pact\n  parties: ada, bo\n  until: 2021-05-01\n"
    assert "harbor/issue/2021-01-02 ada" in facts_ahead(world(later), ON, None)
    assert facts_ahead(world(), ON, None) == ()


def test_a_state_that_changed_is_asked_again() -> None:
    counting = Counting()
    finder = PathFinder(counting)
    for text in (BOOK, BOOK, BOOK.replace("bo: 30", "bo: 90")):
        finder.answer(world(text), ON, None, ASKED)
    assert len(counting.settings) == 2


def test_who_is_asked_stands_behind_the_matter_and_acts_for_itself() -> None:
    names = parties_behind(world().on(ON), "harbor")
    assert names == {"ada", "bo", "cy", "dee", "eli", "oak"}


def test_who_alone_has_a_path() -> None:
    found, refused = who_have_paths(world(), ON, None, ASKED, PathFinder(), further=("stranger",))
    assert refused is None
    assert found == dict.fromkeys(("bo", "cy", "eli", "oak", "stranger"), "no") | {
        "ada": "2 moves, 0 days",
        "dee": "already",
    }


@pytest.mark.parametrize(("entity", "matter"), [("harbour", "merge"), ("harbor", "mergr")])
def test_what_is_not_known_is_refused_with_a_hint(entity: str, matter: str) -> None:
    asked = ASKED._replace(entity=entity, matter=matter)
    found = path_of(world(), ON, None, asked, PathFinder())
    assert isinstance(found, NoSuchMatter | str)
    assert who_have_paths(world(), ON, None, asked, PathFinder(), further=("ada",))[1] is not None


def test_readings_in_which_nothing_is_decided_are_left_out() -> None:
    real = find_path(world().on(ON), ("ada",), "harbor: ordinary decision", directors="independent")
    assert isinstance(real, PathAnswer)

    def find(structure: Structure, who: tuple[str, ...], question: str, **settings: Any) -> PathAnswer | str:
        held = [holding.quantity for holding in structure.holdings["harbor"] if holding.party == "ada"]
        return replace(real) if held == [60] else "there is nothing to ask"

    open_book = BOOK.replace("    prefer: @a, because it is signed\n", "")
    found = paths_found(world(open_book), ON, None, ASKED, PathFinder(find))
    assert isinstance(found, tuple)
    assert not isinstance(found, NoSuchMatter)
    assert [each.reads for each in found] == [{"harbor/issue/2021-01-02 ada": "60 shares"}]
