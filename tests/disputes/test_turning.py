"""What turns on disputed facts: the smallest sets, how far the search went, and what leaving a record out changes."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from muniment.answers.conclusions import Conclusions, questions_of_matters, questions_worth_asking
from muniment.answers.disputes import disputes
from muniment.answers.turning import MOST_TRIES, Turns, awaited, is_read, without
from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.load import load_text

HEAD = """
2022-01-01 source charter "Charter"
  kind: charter
2022-01-01 source herald "Herald"
  kind: press report
2020-01-01 person ada
2020-01-01 person bo
2020-01-01 person cy
2020-01-02 account herald-version
  follows: @herald
"""


def companies(names: str, rule: str, others: str = "consent of cy") -> str:
    """Return companies whose own vote is disputed, and one whose matter depends on theirs."""
    text = HEAD + f"2020-01-03 company acme\n  law pack: none\n  rules\n    merge: {rule}\n"
    for name in names.split():
        text += (
            f"2020-01-03 company {name}\n  law pack: none\n  rules\n    vote shares: disputed\n"
            f"      - consent of bo  [@charter, art. 1]\n      - {others}  [@herald, para. 1]\n      prefer: @charter\n"
        )
    return text + "2021-01-01 expect acme\n  merge, alone: bo\n  merge, coalitions: bo\n"


def turns(text: str) -> Turns:
    book = load_text(text)
    assert [str(each) for each in book.diagnostics if each.severity == "error"] == []
    return Turns(Conclusions(World(book)), questions_worth_asking(book))


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        ("one", "one"),
        ("one two", "one or two"),
        ("one two", "one and two"),
        ("one two three", "2 of (one, two, three)"),
        ("one two three", "one or two or three"),
        ("one two three four", "one or two or three or four"),
        ("one two three", "(one or two) and (three or bo)"),
        ("one two three", "bo"),
    ],
)
def test_the_smallest_sets_are_those_of_every_combination(names: str, rule: str) -> None:
    text = companies(names, rule, others="consent of bo and consent of cy")
    asked = turns(text)
    conclusions, question = asked.conclusions, asked.questions[1]
    facts = [f"{name} rules vote shares" for name in names.split()]
    smallest: list[frozenset[str]] = []
    for size in range(1, len(facts) + 1):
        for chosen in combinations(facts, size):
            if any(known <= set(chosen) for known in smallest):
                continue
            answers = {
                conclusions.answer(question, dict(zip(chosen, indices, strict=True)))
                for indices in product((0, 1), repeat=size)
            }
            if len(answers) > 1:
                smallest.append(frozenset(chosen))
    found = asked.smallest(1)
    assert {frozenset(addresses) for addresses, _ in found.sets} == set(smallest)
    assert found.is_whole


def test_a_set_of_four_is_found_where_no_three_change_the_answer() -> None:
    asked = turns(companies("one two three four", "one or two or three or four", "consent of bo and consent of cy"))
    found = asked.smallest(0)
    ((addresses, answers),) = found.sets
    assert len(addresses) == 4
    assert set(answers.values()) == {"bo", "nobody"}
    (flip,) = [
        each for each in asked.of_fact("one rules vote shares") if each.question.endswith("alone, on 2021-01-01")
    ]
    assert flip.with_facts == tuple(sorted(f"{name} rules vote shares" for name in ("two", "three", "four")))


def test_the_search_says_when_it_stops() -> None:
    names = " ".join(f"c{number}" for number in range(30))
    asked = turns(companies(names, " or ".join(names.split()), "consent of bo and consent of cy"))
    found = asked.smallest(0)
    assert found.facts == 30
    assert found.searched == 1  # 435 pairs of 4 tries each are more than may be tried
    assert 30 * 2 <= MOST_TRIES < 435 * 4
    assert not found.is_whole
    assert asked.untried(["c0 rules vote shares"]) == 2
    (first, *_) = disputes(asked.conclusions, asked.questions)
    assert first.not_whole == 2


def test_facts_of_entities_that_stand_nowhere_behind_are_not_read_otherwise() -> None:
    asked = turns(companies("one two", "one"))
    assert asked.smallest(0).facts == 1


def test_an_answer_in_every_account() -> None:
    asked = turns(companies("one", "one"))
    fared = asked.fares(0, True)
    assert (fared.answer, fared.holds) == ("bo", "under keeper")
    assert fared.answers == {"bo": ("keeper",), "cy": ("herald-version",)}
    firm = turns(companies("one", "bo")).fares(0, True)
    assert (firm.holds, firm.smallest.sets) == ("under all accounts", ())
    opened = turns(companies("one", "one").replace("      prefer: @charter\n", "")).fares(0, True)
    assert opened.holds == "open"


def test_matters_are_asked_of_every_entity_and_what_is_not_asked_is_said() -> None:
    book = load_text(companies("one two", "one and two"))
    world = World(book)
    at = [(question.on, question.under) for question in questions_worth_asking(book)]
    asked = questions_of_matters(world, at)
    assert [(each.entity, each.matter) for each in asked.questions] == [
        ("acme", "merge"),
        ("one", "vote shares"),
        ("two", "vote shares"),
    ]
    assert not any("More than" in sentence for sentence in asked.not_asked)
    few = questions_of_matters(world, at, most=2)
    assert len(few.questions) == 2
    assert any("those of two are not asked" in sentence for sentence in few.not_asked)
    turned = Turns(Conclusions(world), asked.questions)
    assert [len(turned.smallest(number).sets) for number in range(3)] == [2, 1, 1]


CONTRADICTION = """
2020-01-03 company acme
  law pack: none
  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of board
      removed by: majority of board
2020-01-04 appoint acme
  id: first-board
  directors: ada, bo
2020-02-01 appoint acme
  id: third-director
  directors: cy
2020-03-01 event cy-never-sat
  who: cy
  says: he never sat there [@herald, para. 3]
2020-04-01 contradiction who-sat
  difference: dispute
  between: third-director, cy-never-sat, acme
2021-01-01 expect acme
  ordinary decision, number of coalitions: 3
"""


def test_a_contradiction_says_what_changes_if_a_record_is_left_out() -> None:
    book = load_text(HEAD + CONTRADICTION)
    (found,) = disputes(Conclusions(World(book)), questions_worth_asking(book))
    (flip,) = found.flips
    assert flip.by == "third-director"
    assert flip.answers == {"it stands": "3", "it does not": "1"}
    assert found.rests_on == ("third-director", "cy-never-sat")
    assert found.not_left_out == ("acme",)


def test_a_record_left_out_is_in_no_index_and_its_book_stays_as_it_was() -> None:
    book = load_text(HEAD + CONTRADICTION)
    record = book.index.by_address["third-director"]
    left = without(book, record)
    assert record in book.records
    assert record not in left.records
    assert "third-director" not in left.index.by_address
    assert record not in left.index.by_subject["acme"]
    assert record not in left.index.by_kind["appoint"]


def test_an_event_on_which_nothing_waits_is_read_by_no_answer() -> None:
    book = load_text(HEAD + CONTRADICTION)
    assert not is_read(book.index.by_address["cy-never-sat"], awaited(book))
    waiting: Book = load_text(
        HEAD + CONTRADICTION + "2020-05-01 appoint acme\n  under: cy-never-sat\n  directors: cy\n"
    )
    assert is_read(waiting.index.by_address["cy-never-sat"], awaited(waiting))
