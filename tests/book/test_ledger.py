"""The share ledger: who holds what after issues, transfers, conversions, repurchases, splits and stated holdings."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from book_texts import PEOPLE, faults, held, on, sound
from hypothesis import given
from hypothesis import strategies as st

from muniment.book.load import load_text
from muniment.model.values import Bounded, Money

ACME = PEOPLE + (
    "2020-01-01 company acme\n"
    "  class common\n    authorized: 1,000\n    votes per share: 1\n"
    "  class series-a\n    converts: 1:3 into common\n"
)
FOUNDED = ACME + "2020-01-01 issue acme\n  ada: 600 common for USD 600\n  bo: 100 series-a for USD 1,000\n"
LINE = FOUNDED.count("\n")


def test_an_issue_gives_shares_and_keeps_what_was_paid() -> None:
    (ada, bo) = on(sound(FOUNDED), "2020-01-01").holdings["acme"]
    assert (ada.party, ada.quantity, ada.paid) == ("ada", Fraction(600), Money(Fraction(600), "USD"))
    assert (bo.class_id, bo.paid) == ("series-a", Money(Fraction(1000), "USD"))
    assert ada.basis[0].record == "acme/issue/2020-01-01 ada"


def test_nothing_is_held_the_day_before() -> None:
    assert on(sound(FOUNDED.replace("2020-01-01 issue", "2020-01-02 issue")), "2020-01-01").holdings["acme"] == ()


def test_a_transfer_moves_shares_and_a_part_of_what_was_paid() -> None:
    book = sound(FOUNDED + "2021-01-01 transfer acme\n  from: ada\n  chen: 200 common for USD 900\n")
    assert held(on(book, "2020-12-31"))[("ada", "common")] == 600
    after = {one.party: one for one in on(book, "2021-01-01").holdings["acme"]}
    assert (after["ada"].quantity, after["chen"].quantity) == (Fraction(400), Fraction(200))
    assert (after["ada"].paid, after["chen"].paid) == (Money(Fraction(400), "USD"), Money(Fraction(200), "USD"))


def test_a_transfer_to_several_takes_from_one() -> None:
    book = sound(FOUNDED + "2021-01-01 transfer acme\n  from: ada\n  chen: 200 common\n  dara: 400 common\n")
    assert held(on(book, "2021-01-01")) == {("bo", "series-a"): 100, ("chen", "common"): 200, ("dara", "common"): 400}


def test_a_transfer_of_more_than_is_held_is_an_error_and_moves_nothing() -> None:
    book = load_text(FOUNDED + "2021-01-01 transfer acme\n  from: ada\n  chen: 500 common\n  dara: 101 common\n")
    assert faults(book) == [("M502", LINE + 4)]
    assert held(on(book, "2021-01-01")) == {("ada", "common"): 100, ("bo", "series-a"): 100, ("chen", "common"): 500}


def test_a_transfer_without_a_giver_moves_nothing() -> None:
    book = load_text(FOUNDED + "2021-01-01 transfer acme\n  chen: 5 common\n")
    assert faults(book) == [("M512", LINE + 1)]
    assert ("chen", "common") not in held(on(book, "2021-01-01"))


def test_an_issue_over_the_authorized_number_is_an_error_until_the_charter_is_amended() -> None:
    issue = "2021-01-01 issue acme\n  chen: 500 common\n"
    assert faults(load_text(FOUNDED + issue)) == [("M501", LINE + 2)]
    sound(FOUNDED + issue + "2021-01-01 amend acme\n  class common\n    authorized: 2,000\n")


def test_a_repurchase_makes_room_under_the_authorized_number() -> None:
    text = FOUNDED + "2021-01-01 repurchase acme\n  ada: 300 common\n2021-01-02 issue acme\n  chen: 700 common\n"
    assert held(on(sound(text), "2021-01-02")) == {
        ("ada", "common"): 300,
        ("bo", "series-a"): 100,
        ("chen", "common"): 700,
    }


def test_a_conversion_follows_the_ratio_of_the_class() -> None:
    book = sound(FOUNDED + "2021-01-01 convert acme\n  into: common\n  bo: 40 series-a\n")
    after = {(one.party, one.class_id): one for one in on(book, "2021-01-01").holdings["acme"]}
    assert after[("bo", "series-a")].quantity == 60
    assert after[("bo", "common")].quantity == 120
    assert after[("bo", "series-a")].paid == Money(Fraction(600), "USD")


def test_a_conversion_for_which_there_is_no_ratio_converts_nothing() -> None:
    book = load_text(FOUNDED + "2021-01-01 convert acme\n  into: series-a\n  ada: 40 common\n")
    assert faults(book) == [("M512", LINE + 3)]
    assert held(on(book, "2021-01-01")) == held(on(book, "2020-06-01"))


def test_a_conversion_counts_against_the_authorized_number() -> None:
    issue = "2020-02-01 issue acme\n  bo: 100 series-a\n"
    book = load_text(FOUNDED + issue + "2021-01-01 convert acme\n  into: common\n  bo: 200 series-a\n")
    assert faults(book) == [("M501", LINE + 5)]


@pytest.mark.parametrize(("ratio", "ada"), [("1:10", 6000), ("1:1/3", 200)])
def test_a_split_changes_every_holding_of_the_class_alone(ratio: str, ada: int) -> None:
    book = sound(FOUNDED + f"2021-01-01 split acme\n  common: {ratio}\n")
    assert held(on(book, "2021-01-01")) == {("ada", "common"): ada, ("bo", "series-a"): 100}


def test_a_cancellation_of_all_shares_leaves_no_holding() -> None:
    book = sound(FOUNDED + "2021-01-01 cancel acme\n  bo: 100 series-a\n")
    assert held(on(book, "2021-01-01")) == {("ada", "common"): 600}


def test_an_exercise_adds_shares() -> None:
    book = sound(FOUNDED + "2021-01-01 exercise acme\n  chen: 50 common for USD 5\n")
    assert held(on(book, "2021-01-01"))[("chen", "common")] == 50


def test_what_was_paid_in_two_currencies_is_not_added_up() -> None:
    book = load_text(FOUNDED + "2021-01-01 issue acme\n  ada: 1 common for EUR 1\n")
    assert faults(book) == [("M512", LINE + 2)]
    assert {one.party: one.paid for one in on(book, "2021-01-01").holdings["acme"]}["ada"] is None


def test_a_holding_takes_the_place_of_what_the_ledger_says_before_it() -> None:
    book = sound(
        FOUNDED + "2021-01-01 holding acme\n  ada: 50 common\n2021-02-01 transfer acme\n  from: ada\n  bo: 20 common\n"
    )
    assert held(on(book, "2021-01-31"))[("ada", "common")] == 50
    after = held(on(book, "2021-02-01"))
    assert (after[("ada", "common")], after[("bo", "common")]) == (Fraction(30), Fraction(20))


def test_a_percentage_of_a_class_takes_the_place_of_its_ledger() -> None:
    book = sound(FOUNDED + "2021-01-01 holding acme\n  ada: 60% of common\n  chen: more than 10% of common\n")
    assert held(on(book, "2020-06-01"))[("ada", "common")] == 600
    after = held(on(book, "2021-01-01"))
    assert after[("ada", "common")] == Fraction(3, 5)
    chen = after[("chen", "common")]
    assert isinstance(chen, Bounded)
    assert (chen.low, chen.low_open, chen.high) == (Fraction(1, 10), True, None)
    assert after[("bo", "series-a")] == 100
    assert len(after) == 3


def test_percentages_above_the_whole_are_an_error() -> None:
    text = ACME + "2021-01-01 holding acme\n  ada: 60% of votes\n  bo: at least 40% of votes\n"
    sound(text)
    assert faults(load_text(text + "2021-01-02 holding acme\n  chen: 1% of votes\n"))[0][0] == "M511"


def test_a_later_percentage_of_the_same_party_replaces_the_earlier() -> None:
    book = sound(ACME + "2021-01-01 holding acme\n  ada: 60% of votes\n2022-01-01 holding acme\n  ada: 70% of votes\n")
    assert held(on(book, "2022-01-01")) == {("ada", "votes"): Fraction(7, 10)}


def test_a_ledger_takes_no_percentages() -> None:
    assert faults(load_text(FOUNDED + "2021-01-01 issue acme\n  chen: 5% of common\n")) == [("M512", LINE + 2)]


def test_a_class_that_ends_leaves_no_shares_without_a_word() -> None:
    end = FOUNDED + "2021-01-01 amend acme\n  without: class series-a\n"
    assert faults(load_text(end)) == [("M515", LINE + 2)]
    assert held(on(load_text(end), "2021-01-01")) == {("ada", "common"): 600}
    book = sound(end + "2021-01-01 convert acme\n  into: common\n  bo: 100 series-a\n")
    assert held(on(book, "2021-01-01")) == {("ada", "common"): 600, ("bo", "common"): 300}


def test_within_a_day_shares_are_issued_before_they_pass_on_whatever_the_order_of_lines() -> None:
    records = [
        "2020-02-01 transfer acme\n  from: chen\n  dara: 10 common\n",
        "2020-02-01 issue acme\n  chen: 10 common\n",
        "2020-02-01 cancel acme\n  dara: 4 common\n",
    ]
    for order in permutations(records):
        book = sound(FOUNDED + "".join(order))
        assert held(on(book, "2020-02-01"))[("dara", "common")] == 6


def test_shares_that_pass_on_twice_in_one_day_need_an_order() -> None:
    first = "2021-01-01 transfer acme\n  id: first\n  from: ada\n  chen: 600 common\n"
    second = "2021-01-01 transfer acme\n  from: chen\n  dara: 600 common\n"
    assert faults(load_text(FOUNDED + first + second)) == [("M506", LINE + 7)]
    assert faults(load_text(FOUNDED + second + first)) == [("M502", LINE + 3)]
    ordered = second.replace("from", "after: first\n  from")
    for text in (first + ordered, ordered + first):
        assert held(on(sound(FOUNDED + text), "2021-01-01"))[("dara", "common")] == 600


AMOUNTS = st.integers(1, 50)
MOVES = st.lists(
    st.tuples(
        st.integers(1, 28),
        st.sampled_from(("issue", "transfer", "repurchase")),
        st.sampled_from(("ada", "bo")),
        AMOUNTS,
    ),
    unique_by=lambda move: move[0],
    max_size=8,
)


@given(MOVES, st.randoms(use_true_random=False))
def test_the_order_of_records_in_a_file_does_not_matter(moves: list[tuple[int, str, str, int]], random: object) -> None:
    records = []
    for day, kind, party, amount in moves:
        giver = f"  from: {'bo' if party == 'ada' else 'ada'}\n" if kind == "transfer" else ""
        records.append(f"2021-01-{day:02d} {kind} acme\n{giver}  {party}: {amount} common\n")
    shuffled = list(records)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = load_text(FOUNDED + "".join(records)), load_text("".join(shuffled) + FOUNDED)
    assert held(on(one, "2021-02-01")) == held(on(other, "2021-02-01"))
    assert sorted(code for code, _ in faults(one)) == sorted(code for code, _ in faults(other))


@given(st.integers(1, 600), st.integers(1, 100))
def test_transfers_and_conversions_lose_no_share(moved: int, converted: int) -> None:
    text = FOUNDED.replace("1,000\n    votes", "1,000,000\n    votes") + (
        f"2021-01-01 transfer acme\n  from: ada\n  chen: {moved} common\n"
        f"2021-01-02 convert acme\n  into: common\n  bo: {converted} series-a\n"
    )
    after = held(on(sound(text), "2021-01-02"))
    of_class = {
        name: sum(
            quantity for (_, class_id), quantity in after.items() if class_id == name and isinstance(quantity, Fraction)
        )
        for name in ("common", "series-a")
    }
    assert of_class == {"common": 600 + 3 * converted, "series-a": 100 - converted}
