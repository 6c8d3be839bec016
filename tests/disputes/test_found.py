"""Differences that no record states, found by comparing the records."""

from __future__ import annotations

import pytest

from muniment.answers.compared import MOST_OF_A_SLOT, Found, differ
from muniment.answers.conclusions import Conclusions, questions_worth_asking
from muniment.answers.disputes import Dispute, disputes, found_by_comparing
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.model.amounts import parse_money
from muniment.model.values import Quantity

BASE = """
2022-01-01 source minutes "Minutes"
  kind: filing
2022-01-01 source herald "Herald"
  kind: press report
2022-01-01 source herald-fr "Herald, in French"
  kind: translation
  translation of: herald
2022-01-01 source mirror "Mirror"
  kind: press report
2020-01-01 person ada "Ada Okafor"
2020-01-01 person bo "Bo Lind"
2020-01-01 person cy "Cy Marsh"
2020-01-02 account mirror-version "As the Mirror tells it"
  follows: @mirror
2020-02-01 company acme
  law pack: none
  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of board
      removed by: majority of board
  office ceo
    filled by: majority of board
    removed by: majority of board
  rules
    merge: majority of board
2020-02-01 foundation elm
  law pack: none
2020-02-02 appoint acme [@minutes, p. 1]
  id: first
  directors: ada, bo, cy
"""


def found(text: str, label: str | None = None) -> list[Found]:
    return [each for each in found_by_comparing(load_text(BASE + text)) if label in (None, each.label)]


def listed(text: str) -> tuple[Dispute, ...]:
    book = load_text(BASE + text)
    return disputes(Conclusions(World(book)), questions_worth_asking(book))


def test_records_that_agree_differ_in_nothing() -> None:
    assert found("") == []


GIFTS = """
2020-03-01 contribute gift-a [@herald, p. 1]
  by: ada
  to: {to}
  amount: {one}
{when} contribute gift-b [@{source}, p. 1]
  by: ada
  to: {to}
  amount: {other}
"""


def gifts(
    to: str = "acme", one: str = "USD 5", other: str = "USD 6", when: str = "2020-03-01", source: str = "mirror"
) -> str:
    return GIFTS.format(to=to, one=one, other=other, when=when, source=source)


@pytest.mark.parametrize(("source", "kind"), [("mirror", "dispute"), ("herald-fr", "translation")])
def test_one_gift_of_two_amounts_is_found_with_its_kind(source: str, kind: str) -> None:
    (one,) = found(gifts(source=source))
    assert (one.label, one.kind) == ("in several records", kind)
    assert [(side.record, side.value, side.sources) for side in one.sides] == [
        ("gift-a", "USD 5", ("herald",)),
        ("gift-b", "USD 6", (source,)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        gifts(other="USD 5"),  # the same amount
        gifts(other="at least USD 4"),  # may be the same amount
        gifts(other="about USD 9"),  # excludes nothing
        gifts(source="herald"),  # one source tells of both: two gifts
        gifts(when="2020-06-01"),  # another day
        gifts(when="2020-01/2021-12"),  # a sum over two years, of which the other may be a part
        gifts().replace("contribute gift-b", "pledge gift-b"),  # a promise is no payment
        gifts().replace("by: ada\n  to: acme\n  amount: USD 6", "by: bo\n  to: acme\n  amount: USD 6"),
        gifts() + "  after: gift-a\n",  # stated to be a second one
    ],
)
def test_what_may_be_two_gifts_or_one_amount_is_not_reported(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("USD 5", "USD 5.00", False),
        ("USD 5", "EUR 5", True),
        ("less than USD 45 million", "USD 50 million to USD 100 million", True),
        ("less than USD 45", "USD 45", True),
        ("at most USD 45", "USD 45", False),
        ("more than USD 90", "at least USD 90", False),
    ],
)
def test_bounded_amounts_differ_where_they_cannot_meet(one: str, other: str, apart: bool) -> None:
    assert differ(parse_money(one), parse_money(other)) is apart
    assert differ(parse_money(other), parse_money(one)) is apart


def test_numbers_of_different_units_differ() -> None:
    from fractions import Fraction

    assert differ(Quantity(Fraction(1, 4), "%"), Quantity(Fraction(1, 4), "x"))


def test_two_terms_of_one_round_are_found() -> None:
    text = """
2021-03-04 round series-a-as-agreed [@minutes, p. 9]
  issuer: acme
  new money: USD 3,000,000
2021-03 round series-a-as-reported [@mirror, p. 2]
  issuer: acme
  new money: USD 3,500,000
"""
    assert found(text) == []  # no class says that it is one round
    classed = text.replace("  issuer: acme\n", "  issuer: acme\n  class: common\n")
    (one,) = found(classed.replace("2021-03-04 round", "2021-01-01 amend acme\n  class common\n2021-03-04 round"))
    assert [side.value for side in one.sides] == ["USD 3,500,000", "USD 3,000,000"]


def test_a_seat_number_in_one_account_stands_beside_that_of_the_others() -> None:
    text = """
2021-01-01 amend acme [@mirror, p. 3]
  according to: mirror-version
  board
    seats directors
      number: 5
"""
    (one,) = found(text)
    assert one.label == "in some accounts only"
    assert [(side.value, side.accounts) for side in one.sides] == [
        ("seats directors number: 5", ("mirror-version",)),
        ("3", ()),
    ]


SEATS = """
2021-03-15 amend acme [@{one}, p. 3]
  id: as-one-says
  board
    seats directors
      number: 5
{when} amend acme [@{other}, p. 3]
  id: as-another-says
  board
    seats directors
      number: 7
"""


def test_two_numbers_of_seats_at_what_may_be_one_time_are_found() -> None:
    (one,) = found(SEATS.format(one="herald", other="mirror", when="2021-03"))
    assert (one.kind, {side.value for side in one.sides}) == ("dispute", {"5", "7"})
    assert found(SEATS.format(one="herald", other="herald", when="2021-03")) == []  # one source tells of a change
    assert found(SEATS.format(one="herald", other="mirror", when="2021-05")) == []  # a later change


def test_a_slot_with_very_many_values_is_listed_in_part() -> None:
    text = "".join(
        f"\n2020-03-01 contribute gift-{n} [@{('herald', 'mirror')[n % 2]}, p. {n}]\n"
        f"  by: ada\n  to: acme\n  amount: USD {n + 1}\n"
        for n in range(60)
    )
    assert len(found(text)) == MOST_OF_A_SLOT


def test_leaving_twice_is_one_act_at_two_dates() -> None:
    text = """
2021-01-01 leave acme [@herald, p. 4]
  directors: bo
2021-06-01 leave acme [@mirror, p. 4]
  directors: bo
"""
    (one,) = found(text)
    assert (one.title, one.kind) == ("When bo leaves directors of acme", "dispute")
    assert [side.value for side in one.sides] == ["leave on 2021-01-01", "leave on 2021-06-01"]


def test_coming_back_between_is_no_contradiction() -> None:
    text = """
2021-01-01 leave acme
  directors: bo
2021-02-01 appoint acme
  directors: bo
2021-06-01 leave acme
  directors: bo
"""
    assert found(text) == []


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        ("Ada is its largest investor", ""),
        ("Ada gave most", "    > son principal investisseur\n"),
        ("Ada gave most", "    > 其最大投资者\n"),
    ],
)
def test_a_donor_called_an_investor_is_a_difference_of_category(words: str, quoted: str) -> None:
    text = gifts(to="elm", other="USD 5") + (
        f"\n2020-04-01 event as-the-mirror-says\n  about: ada, elm\n  says: {words} [@mirror, p. 7]\n{quoted}"
    )
    (one,) = found(text)
    assert (one.label, one.kind) == ("of two categories", "category")
    assert one.sides[-1].record == "as-the-mirror-says"
    assert found(text.replace("elm", "acme")) == []  # a company has investors
    assert found(text.replace("about: ada, elm", "about: elm")) == []  # of nobody by name


def test_what_is_done_before_it_exists_or_after_it_ends() -> None:
    early = "\n2020-01-15 offer letter\n  by: acme\n  to: staff\n  salary: USD 5 a year\n"
    (one,) = found(early)
    assert (one.label, one.why) == ("impossible date", "acme exists from 2020-02-01, and the act is of 2020-01-15")
    assert found(early.replace("2020-01-15", "2020-01/2020-03")) == []  # it may have been later
    assert (
        found(
            early.replace(
                "2020-01-15 offer letter\n  by: acme\n  to: staff\n  salary: USD 5 a year",
                "2020-01-15 pledge p\n  by: ada\n  to: acme\n  amount: USD 5",
            )
        )
        == []
    )
    late = (
        "\n2020-02-01 company oak\n  law pack: none\n  until: 2021-01-01\n"
        "2021-01-01 lend loan\n  by: oak\n  to: acme\n  amount: USD 5\n"
    )
    assert [each.why for each in found(late)] == ["oak ends on 2021-01-01, and the act is of 2021-01-01"]
    assert found(late.replace("2021-01-01 lend", "2020-12-31 lend")) == []


VOTE = """
2021-01-01 leave acme
  directors: bo
2021-02-01 vote acme
  on: acme: merge
  for: ada, bo
"""


def test_a_vote_of_one_who_had_left_is_found() -> None:
    (one,) = found(VOTE)
    assert one.why == "bo left on 2021-01-01 and is counted in a vote of 2021-02-01"
    assert found(VOTE.replace("2021-02-01 vote", "2020-12-01 vote")) == []
    assert found(VOTE + "2021-01-15 appoint acme\n  ceo: bo\n") == []


def test_what_is_told_before_it_happens_is_found() -> None:
    text = "\n2022-05-01 event fire\n  what: the house burns [@mirror, p. 9]\n"
    (one,) = found(text)
    assert (one.kind, one.why) == ("error", "@mirror is of 2022-01-01 and tells of 2022-05-01")
    assert found(text.replace("@mirror", "@minutes")) == []  # what a filing is cited for may come later
    assert found(text.replace("2022-05-01 event", "2021 event")) == []


def test_one_event_at_two_dates_is_found() -> None:
    text = (
        "\n2019-05-01 event fire\n  who: ada\n  what: Leaves the house\n"
        "2019-07 event fire-again\n  who: ada\n  what: leaves  the house\n"
    )
    (one,) = found(text)
    assert one.title == "One event at two dates: fire"
    assert found(text.replace("2019-07", "2019")) == []  # may be the same day


def test_a_name_of_two_people_is_found_and_a_limited_one_is_not() -> None:
    text = '\n2020-01-01 person dee "Dee"\n  also: {}\n2020-01-01 person eve "Eve"\n  also: {}\n'
    (one,) = found(text.format("the boss", "The Boss"))
    assert (one.label, [side.record for side in one.sides]) == ("one name for several", ["dee", "eve"])
    assert found(text.format("the boss in @herald", "the boss in @mirror")) == []
    assert found(text.format("the boss in @herald", "the boss")) == []
    (of_title,) = found(text.format("Eve", "E."))
    assert (of_title.title, [side.record for side in of_title.sides]) == ("Who is meant by 'Eve'", ["dee", "eve"])


def test_what_a_contradiction_names_is_not_listed_twice() -> None:
    named = gifts() + "\n2020-05-01 contradiction how-much\n  difference: dispute\n  between: gift-a, gift-b\n"
    (one,) = listed(named)
    assert (one.record, one.label, one.found) == ("how-much", "between records", False)
    assert one.why.startswith("both are of the same time")
    (alone,) = listed(gifts())
    assert (alone.found, alone.label) == (True, "in several records")
