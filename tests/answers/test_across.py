"""Answers in every account: under which they hold, and the smallest set of disputed facts that flips them."""

from __future__ import annotations

from datetime import date
from itertools import combinations, product

import pytest

from muniment.answers.across import Across, across_json
from muniment.answers.deciding import Decider, Wanted, decisions
from muniment.answers.in_every_account import of_decisions
from muniment.answers.legal import legal_answers
from muniment.answers.legal_in_every_account import of_legal_answers
from muniment.answers.signing import signatures
from muniment.answers.signing_in_every_account import of_signing
from muniment.book.accounts import World, disputed_facts
from muniment.book.load import load_text
from muniment.control import Decision, NoSuchMatter, decide
from muniment.control.legal import legal_test
from muniment.render.across import across_table

DAY = date(2022, 1, 1)
SOURCES = """
2020-01-01 source charter "Charter"
  kind: charter
2020-01-01 source herald "Herald"
  kind: press report
2020-01-01 source letter "Letter"
  kind: statement
2020-01-01 person ada
2020-01-01 person bo
2020-01-01 person cy
2020-01-02 account herald-version "As the Herald tells it"
  follows: @herald
2020-01-02 account letter-version "As the letter tells it"
  follows: @letter
"""
ONE_RULE = (
    SOURCES
    + """
2020-01-03 company acme
  law pack: none
  rules
    merge: disputed
      - consent of ada                    [@charter, art. 2]
      - consent of ada and consent of bo  [@herald, para. 3]
      prefer: @charter
"""
)
TWO_FACTS = (
    SOURCES
    + """
2020-01-03 company acme
  law pack: none
  rules
    merge: 2 of (left, right, ada)
2020-01-03 company left
  law pack: none
  rules
    vote shares: disputed
      - consent of bo   [@charter, art. 2]
      - consent of cy   [@herald, para. 3]
      prefer: @charter
2020-01-03 company right
  law pack: none
  rules
    vote shares: disputed
      - consent of bo   [@charter, art. 3]
      - consent of cy   [@herald, para. 4]
      prefer: @charter
"""
)


def across(text: str, account: str = "keeper") -> Across:
    book = load_text(text)
    assert [str(found) for found in book.diagnostics if found.severity == "error"] == []
    world, decider = World(book, account), Decider()
    found = decisions(world, DAY, None, "acme", "merge", ("loyal",), decider=decider)
    assert not isinstance(found, NoSuchMatter)
    fared = of_decisions(world, DAY, None, found, Wanted(), decider)
    assert across_table({": ".join(key): each for key, each in fared.items()}).title == "In every account"
    return fared["acme", "merge", "loyal"]


def test_nothing_in_dispute_holds_everywhere() -> None:
    found = across(SOURCES + "2020-01-03 company acme\n  law pack: none\n  rules\n    merge: consent of ada\n")
    assert found.holds == "under all accounts"
    assert found.flips == ()
    assert found.facts == ()
    assert list(found.answers) == ["alone: ada; can block: ada; coalitions: ada"]


def test_an_account_that_follows_another_source_answers_otherwise() -> None:
    found = across(ONE_RULE)
    assert found.holds == "under keeper, letter-version"
    assert list(found.answers.values()) == [("keeper", "letter-version"), ("herald-version",)]
    (flip,) = found.flips
    assert flip.facts == {"acme rules merge": "consent of ada and consent of bo"}
    assert flip.answer == "alone: nobody; can block: ada, bo; coalitions: ada + bo"
    other = across(ONE_RULE, "herald-version")
    assert other.holds == "under herald-version"
    assert [flip.facts for flip in other.flips] == [{"acme rules merge": "consent of ada"}]


def test_an_open_fact_leaves_the_answer_open_and_says_what_settles_it() -> None:
    found = across(ONE_RULE.replace("      prefer: @charter\n", ""))
    assert found.holds == "open"
    assert sorted(found.answers.values()) == [("herald-version",), ("keeper", "letter-version")]
    settled = {words: flip.answer for flip in found.flips for words in flip.facts.values()}
    assert settled == {
        "consent of ada": "alone: ada; can block: ada; coalitions: ada",
        "consent of ada and consent of bo": "alone: nobody; can block: ada, bo; coalitions: ada + bo",
    }


def test_facts_that_flip_only_together_are_found_together() -> None:
    text = TWO_FACTS.replace("2 of (left, right, ada)", "(left or right) and (ada or cy)").replace(
        "consent of cy", "consent of bo and consent of cy"
    )
    found = across(text)
    assert found.searched == 2
    (flip,) = found.flips
    assert set(flip.facts) == {"left rules vote shares", "right rules vote shares"}


@pytest.mark.parametrize("rule", ["2 of (left, right, ada)", "left and right", "left or right", "left and ada", "ada"])
@pytest.mark.parametrize("account", ["keeper", "herald-version"])
def test_the_smallest_flips_are_those_of_every_combination(rule: str, account: str) -> None:
    book = load_text(TWO_FACTS.replace("2 of (left, right, ada)", rule))
    world = World(book, account)

    def answer(chosen: dict[str, int]) -> object:
        decision = decide(world.choosing(chosen).on(DAY), "acme: merge")
        assert isinstance(decision, Decision)
        return decision.alone, decision.can_block, decision.coalitions

    facts = {f"{record.address} {fact.address}": len(fact.statements) for record, fact in disputed_facts(book)}
    smallest: set[frozenset[str]] = set()
    for size in (1, 2):
        for addresses in combinations(facts, size):
            for indices in product(*(range(facts[address]) for address in addresses)):
                if not smallest or min(map(len, smallest)) == size:
                    changed = answer(dict(zip(addresses, indices, strict=True))) != answer({})
                    smallest |= {frozenset(addresses)} if changed else set()
    found = across(TWO_FACTS.replace("2 of (left, right, ada)", rule), account)
    assert {frozenset(flip.facts) for flip in found.flips} == smallest


def test_too_many_facts_to_try_are_said_to_be() -> None:
    disputed = "".join(
        f"    matter {n}: disputed\n      - consent of ada  [@charter, art. {n}]\n"
        f"      - consent of bo  [@herald, para. {n}]\n      prefer: @charter\n"
        for n in range(300)
    )
    text = SOURCES + "2020-01-03 company acme\n  law pack: none\n  rules\n    merge: consent of ada\n" + disputed
    found = across(text)
    assert found.searched == 0
    assert found.holds == "under all accounts"
    assert across_json(found)["read_otherwise_at_once"] == 0
    assert len(found.facts) == 300


LEGAL = (
    SOURCES
    + """
2020-01-03 company acme
  law pack: none
  class common
    votes per share: 1
2020-01-04 holding acme
  ada: disputed
    - 60% of common  [@charter, sched. 1]
    - 20% of common  [@herald, para. 2]
    prefer: @charter
  bo: 30% of common
"""
)


def test_legal_tests_are_asked_in_every_account() -> None:
    book = load_text(LEGAL)
    assert [str(found) for found in book.diagnostics if found.severity == "error"] == []
    world = World(book)
    test = legal_test("uk-psc")
    assert test is not None
    found = legal_answers(world, DAY, None, "acme", [test], "ada")
    assert [each.finding.answer for each in found] == ["yes"]
    across = of_legal_answers(world, DAY, None, found, [test], "ada", ())["acme", "uk-psc", "ada"]
    assert across.holds == "under keeper, letter-version"
    assert across.answers == {"yes": ("keeper", "letter-version"), "no": ("herald-version",)}
    assert [flip.facts for flip in across.flips] == [{"acme/holding/2020-01-04 ada": "20% of common"}]


def test_who_must_sign_is_asked_in_every_account() -> None:
    world = World(load_text(ONE_RULE))
    found = signatures(world, DAY, None, "acme", "merge", DAY)
    assert not isinstance(found, NoSuchMatter)
    across = of_signing(world, DAY, None, found, ())
    assert across.holds == "under keeper, letter-version"
    assert list(across.answers) == [
        "in time: yes, from 2022-01-01 on; fewest signers: ada",
        "in time: yes, from 2022-01-01 on; fewest signers: ada, bo",
    ]
    assert [flip.facts for flip in across.flips] == [{"acme rules merge": "consent of ada and consent of bo"}]
