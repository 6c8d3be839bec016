"""Books on which an answer was once wrong, or left something out without saying so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import muniment
from muniment.answers.checking import check_book
from muniment.answers.deciding import asked_of, decisions
from muniment.answers.report import report_on
from muniment.book.book import Book
from muniment.control import Decision, NoSuchMatter, decide
from muniment.model.amounts import parse_money
from muniment.model.values import Money
from muniment.payout import Payout, pay_out

DAY = date(2021, 1, 1)
PEOPLE = "".join(f"2020-01-01 person {name}\n" for name in ("ada", "bo", "chen", "dara", "emil", "finn"))
SOURCES = "".join(f"2020-01-01 source {name}\n  kind: press report\n" for name in ("one", "two"))
ACCOUNTS = "2020-01-01 account first\n  follows: @one\n2020-01-01 account second\n  follows: @two\n"
START = PEOPLE + SOURCES + ACCOUNTS
COMPANY = "2020-01-01 company acme\n  law pack: none\n  class common\n    votes per share: 1\n"
HELD = "2020-01-02 issue acme\n  ada: 60 common\n  bo: 40 common\n"
HOLDCO = """2020-01-01 company holdco
  law pack: none
  class common
    votes per share: 1
2020-01-02 issue holdco
  bo: 50 common
  chen: disputed
    - 60 common [@one, p. 1]
    - 40 common [@two, p. 1]
"""

Load = Callable[[str], Book]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def read(text: str) -> Book:
        (tmp_path / "muniment.toml").write_text('name = "A test"\nformat = 1\n', encoding="utf-8")
        (tmp_path / "book.muni").write_text(text, encoding="utf-8")
        book = muniment.load(tmp_path)
        assert [each.message for each in book.diagnostics if each.severity == "error"] == []
        return book

    return read


def alone(
    book: Book, matter: str = "do it", entity: str = "acme", account: str = "keeper"
) -> list[tuple[Any, Mapping[str, str]]]:
    found = decisions(book.world(account), DAY, None, entity, matter, ["loyal"])
    assert not isinstance(found, NoSuchMatter)
    return [(each.decision.alone, each.reads) for each in found]


def loyal(book: Book, entity: str, matter: str) -> Decision:
    decision = decide(book.world().on(DAY), entity=entity, matter=matter, directors="loyal")
    assert isinstance(decision, Decision)
    return decision


def paid(book: Book, proceeds: str) -> Payout:
    money = parse_money(proceeds)
    assert isinstance(money, Money)
    return pay_out(book.world().on(DAY), "acme", money)


def test_a_matter_whose_rule_is_disputed_is_asked_in_each_reading(load: Load) -> None:
    rules = "  rules\n    do it: disputed\n      - majority of votes [@one, p. 1]\n      - all of votes [@two, p. 1]\n"
    book = load(START + COMPANY + rules + HELD)
    assert asked_of(book.world(), DAY, None, None, None) == (("acme", "do it"),)
    assert [who for who, _ in alone(book)] == [("ada",), ()]


def test_an_expectation_is_open_where_the_rule_is_there_in_one_reading_alone(load: Load) -> None:
    amended = """2020-06-01 amend acme
  id: late
  date: disputed
    - 2020-06-01 [@one, p. 1]
    - 2021-06-01 [@two, p. 1]
  rules
    do it: 40% of votes
2021-01-01 expect acme
  do it, alone: ada, bo
"""
    book = load(START + COMPANY + HELD + amended)
    assert [who for who, _ in alone(book)] == [("ada", "bo"), ("ada",)]
    assert [each.value for each in check_book(book).outcomes] == ["open"]


def test_a_disputed_outcome_of_a_proposal_is_resolved_by_the_account(load: Load) -> None:
    proposed = """2020-03-01 proposal change
  by: bo
  outcome: disputed
    - adopted 2020-04-01 [@one, p. 1]
    - refused [@two, p. 1]
2020-03-01 amend acme
  under: change
  rules
    do it: all of votes
"""
    book = load(START + COMPANY + "  rules\n    do it: majority of votes\n" + HELD + proposed)
    assert alone(book, account="first") == [((), {})]
    assert alone(book, account="second") == [(("ada",), {})]
    assert [reads for _, reads in alone(book)] == [
        {"change outcome": "adopted 2020-04-01"},
        {"change outcome": "refused"},
    ]


def test_a_disputed_giver_of_a_transfer_is_open(load: Load) -> None:
    moved = (
        "2020-05-01 transfer acme\n  from: disputed\n    - ada [@one, p. 1]\n    - bo [@two, p. 1]\n  chen: 30 common\n"
    )
    book = load(START + COMPANY + "  rules\n    do it: majority of votes\n" + HELD + moved)
    assert [who for who, _ in alone(book)] == [(), ("ada",)]


def test_whether_a_group_acts_together_may_be_disputed(load: Load) -> None:
    group = "2020-01-01 group staff\n  acts: disputed\n    - together [@one, p. 1]\n    - apart [@two, p. 1]\n"
    book = load(
        START + group + COMPANY + "  rules\n    do it: majority of votes\n2020-01-02 issue acme\n  staff: 60 common\n"
    )
    assert [who for who, _ in alone(book)] == [("staff",), ()]


@pytest.mark.parametrize(
    "text",
    [
        "  rules\n    do it: consent of ada\n2020-01-02 agreement pact\n  parties: acme, holdco\n"
        "  consent\n    of: holdco\n    for: acme: do it\n",
        "  board\n    seats chief\n      number: 1\n      occupant: holder of ceo\n  office ceo\n"
        "    filled by: holdco\n"
        "    removed by: holdco\n  rules\n    do it: majority of board\n2020-01-02 appoint acme\n  ceo: ada\n",
        "  board\n    decides by: majority of board and consent of holdco\n    seats all-seats\n      number: 1\n"
        "      filled by: ada\n      removed by: ada\n  rules\n    do it: board\n"
        "2020-01-02 appoint acme\n  all-seats: ada\n",
        "  rules\n    do it: majority of holdco.common\n",
    ],
    ids=["consent of an agreement", "office", "decides by", "class of another entity"],
)
def test_what_is_open_in_an_entity_that_a_rule_names_is_open_in_the_answer(load: Load, text: str) -> None:
    book = load(START + HOLDCO + COMPANY + text)
    found = decisions(book.world(), DAY, None, "acme", "do it", ["loyal"])
    assert not isinstance(found, NoSuchMatter)
    assert [set(each.decision.can_block) & {"bo", "chen"} for each in found] == [{"chen"}, {"bo"}]


def test_open_facts_that_are_too_many_leave_an_expectation_open(load: Load) -> None:
    people = "".join(f"2020-01-01 person p{number}\n" for number in range(8))
    stakes = "".join(
        f"  p{number}: disputed\n    - 1 common [@one, p. 1]\n    - {500 if number == 7 else 2} common [@two, p. 1]\n"
        for number in range(8)
    )
    asked = "2021-01-01 expect acme\n  do it, alone: ada\n"
    rules = "  rules\n    do it: majority of votes\n2020-01-02 issue acme\n  ada: 130 common\n"
    book = load(START + people + COMPANY + rules + stakes + asked)
    assert [each.value for each in check_book(book).outcomes] == ["open"]


def test_a_class_of_another_entity_is_not_the_class_of_that_name_here(load: Load) -> None:
    other = COMPANY.replace("acme", "other") + "2020-01-02 issue other\n  chen: 1 common\n"
    book = load(START + other + COMPANY + "  rules\n    do it: majority of other.common\n" + HELD)
    assert loyal(book, "acme", "do it").alone == ("chen",)


def test_votes_a_share_that_are_bounded_are_not_one_each(load: Load) -> None:
    text = "  class strong\n    votes per share: {}\n  rules\n    do it: majority of votes\n"
    held = "2020-01-02 issue acme\n  bo: 40 common\n  ada: 20 strong\n"
    assert loyal(load(START + COMPANY + text.format("at least 10") + held), "acme", "do it").alone == ("ada",)
    unclear = loyal(load(START + COMPANY + text.format("1 to 10") + held), "acme", "do it")
    assert unclear.alone == ()
    assert {each.party for each in unclear.undetermined if each.question == "alone"} == {"ada", "bo"}


def test_seats_behind_an_entity_that_sits_in_its_own_right_are_judged(load: Load) -> None:
    """The other company's seats lead back to their own board, and are asked only as the occupant's of this one's."""
    text = """2020-01-01 company other
  law pack: none
  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of board
      removed by: majority of board
2020-01-02 appoint other
  directors: dara, emil, finn
2020-01-01 company acme
  law pack: none
  board
    decides by: majority
    seats directors
      number: 1
      filled by: majority of board
      removed by: majority of board
  rules
    do it: majority of board
2020-01-02 appoint acme
  directors: other
"""
    decision = loyal(load(START + text), "acme", "do it")
    assert decision.coalitions == (("dara", "emil"), ("dara", "finn"), ("emil", "finn"))
    assert len(decision.own_seats) == 4


@pytest.mark.parametrize("further", [False, True])
def test_a_seat_filled_by_other_seats_of_its_board_leads_back_whatever_else_sits_there(
    load: Load, further: bool
) -> None:
    board = """  board
    decides by: majority
    seats elected
      number: 1
      filled by: majority of common
      removed by: majority of common
    seats chosen
      number: 1
      filled by: majority of elected
      removed by: majority of elected
"""
    third = (
        "    seats third\n      number: 1\n      filled by: majority of board\n      removed by: majority of board\n"
    )
    rules = "  rules\n    do it: majority of board\n"
    seated = "2020-01-03 appoint acme\n  elected: chen\n  chosen: dara\n" + ("  third: emil\n" if further else "")
    decision = loyal(
        load(START + COMPANY + board + (third if further else "") + rules + HELD + seated), "acme", "do it"
    )
    assert "acme.board chosen 1" in decision.own_seats
    assert "acme.board elected 1" not in decision.own_seats


PREFERRED = """  class preferred
    original issue price: {price}
    liquidation preference: {multiple}
    ranks: ahead of common
{more}"""
BOUGHT = "2020-01-02 issue acme\n  ada: 100 common\n  bo: 100 preferred for USD 100\n"


@pytest.mark.parametrize(
    ("price", "multiple", "more"),
    [
        ("at least USD 2.00", "1x", ""),
        ("USD 1.00", "at least 1x", ""),
        ("USD 1.00", "unknown", ""),
        ("USD 1.00", "1x", "    dividends accrued: about USD 20\n"),
        ("USD 1.00", "1x", "    dividend: as the board declares, cumulative\n"),
    ],
)
def test_a_term_about_money_that_is_not_exact_is_not_passed_over(
    load: Load, price: str, multiple: str, more: str
) -> None:
    text = PREFERRED.format(price=price, multiple=multiple, more=more)
    payout = paid(load(START + COMPANY + text + BOUGHT), "USD 150")
    assert not payout.rows
    assert "preferred" in payout.refusals[0].message


def test_a_sale_between_holders_does_not_change_what_the_company_owes(load: Load) -> None:
    text = "  class preferred\n    liquidation preference: 1x\n    ranks: ahead of common\n"
    sold = "2020-06-01 transfer acme\n  from: bo\n  chen: 50 preferred for USD 500\n"
    payout = paid(load(START + COMPANY + text + BOUGHT + sold), "USD 150")
    assert {party: int(amount) for party, amount in payout.totals.items()} == {"ada": 50, "bo": 50, "chen": 50}


@pytest.mark.parametrize(
    ("record", "named"),
    [
        ("2020-06-01 option call\n  issuer: ada\n  holder: bo\n  over: 10 common\n  from: ada\n", "call"),
        ("2020-06-01 lend loan\n  by: bo\n  to: acme\n  amount: USD 100\n", "lend loan"),
        ("2020-06-01 pay early\n  by: acme\n  to: ada\n  amount: about USD 150\n  as: distribution\n", "early"),
    ],
)
def test_a_claim_that_payouts_do_not_count_is_said(load: Load, record: str, named: str) -> None:
    payout = paid(load(START + COMPANY + HELD + record), "USD 150")
    assert [words for words in payout.assumptions if named in words and "not counted" in words]


def test_a_claim_without_exact_terms_leaves_no_payout(load: Load) -> None:
    record = "2020-06-01 safe paper\n  issuer: acme\n  to: bo\n  amount: USD 100\n  cap: about USD 1,000\n"
    payout = paid(load(START + COMPANY + HELD + record), "USD 150")
    assert not payout.rows
    assert "paper has a cap ('about USD 1,000')" in payout.refusals[0].message


def test_a_voting_pool_that_is_not_applied_is_said(load: Load) -> None:
    members = "  voting pool\n    members: ada, bo\n    over: acme\n    revocable: yes\n"
    pool = "2020-02-01 agreement pact\n  parties: ada, bo\n" + members
    book = load(START + COMPANY + "  rules\n    do it: majority of votes\n" + HELD + pool)
    (mark,) = loyal(book, "acme", "do it").reading_marks
    assert (mark.condition, mark.alone, mark.can_block) == ("revocable pact", (), ("ada", "bo"))


def test_a_report_tells_what_a_proposal_changes_in_the_entities_that_rest_on_the_changed_one(load: Load) -> None:
    subsidiary = COMPANY.replace("acme", "child") + "  rules\n    do it: majority of votes\n"
    proposed = (
        "2020-03-01 proposal change\n  by: bo\n2020-03-01 amend acme\n  under: change\n  rules\n    vote shares: bo\n"
    )
    book = load(START + COMPANY + HELD + subsidiary + "2020-01-02 issue child\n  acme: 1 common\n" + proposed)
    (hypothetical,) = report_on(book.world()).hypotheticals
    assert [each.decision.alone for each in hypothetical.decided if each.decision.entity == "child"] == [
        ("bo",),
        ("bo",),
    ]
