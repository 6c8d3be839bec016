"""Terms of classes and seats that run with time: sunsets, transfers, votes, time held, limits, terms of office."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from control_books import PERSONS, decided, written
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.book.accounts import World
from muniment.book.checks import check_figures
from muniment.book.load import load_text
from muniment.book.numbers_held import Lot, Lots
from muniment.book.structure import Structure
from muniment.model.durations import day_after
from muniment.model.values import Duration


def company(*terms: str) -> str:
    inner = "".join(f"    {line}\n" for line in terms)
    return f"""
2020-01-01 company acme
  law pack: none
  annual meeting: 05-15
  class common
    votes per share: 1
  class strong
{inner}
  rules
    do it: majority of votes
"""


def held(structure: Structure) -> dict[tuple[str, str], object]:
    return {(h.party, h.class_id): h.quantity for h in structure.holdings["acme"]}


SUNSET = company("votes per share: 10", "converts: 1:2 into common on 2021-06-30")
LEDGER = "2020-01-02 issue acme\n  ada: 20 strong for USD 10\n  bo: 50 common\n"


def test_a_class_converts_on_its_day() -> None:
    assert held(written(SUNSET + LEDGER, on=date(2021, 6, 29))) == {("ada", "strong"): 20, ("bo", "common"): 50}
    after = written(SUNSET + LEDGER, on=date(2021, 6, 30))
    assert held(after) == {("ada", "common"): 40, ("bo", "common"): 50}
    (holding,) = [h for h in after.holdings["acme"] if h.party == "ada"]
    assert any(basis.record == "acme class strong converts" for basis in holding.basis)
    assert holding.lots == (Lot(Fraction(40), date(2020, 1, 2)),)
    assert holding.paid is not None
    assert holding.paid.amount == 10
    assert decided(after, "acme: do it").alone == ("bo",)


def test_what_happens_before_and_after_the_day_is_in_its_own_class() -> None:
    text = SUNSET + LEDGER + "2021-06-30 transfer acme\n  from: ada\n  cy: 5 strong\n"
    text += "2021-07-01 transfer acme\n  from: cy\n  dee: 10 common\n"
    book = load_text(PERSONS + text)
    assert [str(fault) for fault in check_figures(book) if fault.severity == "error"] == []
    assert held(World(book).on(date(2022, 1, 1))) == {
        ("ada", "common"): 30,
        ("bo", "common"): 50,
        ("dee", "common"): 10,
    }
    late = SUNSET + LEDGER + "2021-07-01 transfer acme\n  from: ada\n  cy: 5 strong\n"
    assert [fault.code for fault in check_figures(load_text(PERSONS + late)) if fault.severity == "error"] == ["M502"]


def test_an_amendment_before_the_day_puts_it_off() -> None:
    later = "2021-06-01 amend acme\n  class strong\n    converts: 1:2 into common on 2030-01-01\n"
    assert held(written(SUNSET + LEDGER + later)) == {("ada", "strong"): 20, ("bo", "common"): 50}


def test_shares_issued_after_the_day_convert_at_once() -> None:
    assert held(written(SUNSET + LEDGER + "2021-12-01 issue acme\n  cy: 1 strong\n"))[("cy", "common")] == 2


def test_holdings_in_percentages_convert_where_they_can_be_compared() -> None:
    percent = "2020-01-02 holding acme\n  ada: 60% of strong\n  cy: 40% of strong\n"
    structure = written(SUNSET + percent)
    assert held(structure) == {("ada", "common"): Fraction(3, 5), ("cy", "common"): Fraction(2, 5)}
    mixed = percent + "2020-01-03 issue acme\n  bo: 50 common\n"
    structure = written(SUNSET + mixed)
    assert ("ada", "strong") in held(structure)
    assert any("taken as not converted on 2021-06-30" in note for note in structure.assumptions)


def test_a_day_that_is_not_exact_is_said() -> None:
    text = company("votes per share: 10", "converts: 1:2 into common on 2021") + LEDGER
    note = "acme.strong is taken as not converted: its date, 2021, is not exact."
    structure = written(text, on=date(2021, 12, 30))
    assert ("ada", "strong") in held(structure)
    assert note in structure.assumptions
    for day, name in ((date(2020, 12, 31), "strong"), (date(2021, 12, 31), "common"), (date(2024, 1, 1), "common")):
        structure = written(text, on=day)
        assert ("ada", name) in held(structure)
        assert note not in structure.assumptions


def test_shares_convert_when_they_pass_to_another() -> None:
    text = company("votes per share: 10", "converts: 1:1 into common at will, on transfer") + LEDGER
    text += "2021-01-01 transfer acme\n  from: ada\n  cy: 5 strong\n"
    structure = written(text)
    assert held(structure) == {("ada", "strong"): 15, ("bo", "common"): 50, ("cy", "common"): 5}
    assert [right.id for right in structure.rights] == ["acme.strong held by ada"]  # at will too
    permitted = written(text + "  permitted: yes\n")
    assert held(permitted)[("cy", "strong")] == 5


def test_conversion_on_death_stays_a_term_that_is_said() -> None:
    structure = written(company("converts: 1:1 into common on death") + LEDGER)
    assert "acme.strong converts on death; that is not taken to have happened." in structure.assumptions
    assert structure.rights == ()


def test_conversion_by_vote_is_a_matter() -> None:
    text = company("votes per share: 10", "converts: 1:1 into common by vote at least 2/3 of strong") + LEDGER
    text += "2020-01-03 issue acme\n  cy: 10 strong\n"
    structure = written(text)
    assert decided(structure, "acme: convert strong").alone == ("ada",)  # 20 of 30
    assert decided(structure, "acme: convert shares").alone == ("ada",)
    assert decided(structure, "acme: convert shares").because[0].record == "acme class strong converts"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("1:1 into common by vote majority of strnog", "M304"),
        ("1:1 into common by vote majority", "M257"),
        ("1:1 into common sometime", "M207"),
        ("1:1 into common on 2021-13-01", "M211"),
        ("1:1 into common at will, later", "M207"),
    ],
)
def test_faults_in_a_conversion(words: str, code: str) -> None:
    book = load_text(PERSONS + company(f"converts: {words}"))
    assert [fault.code for fault in book.diagnostics if fault.severity == "error"] == [code]


TENURE = company("votes per share: 1, 2 after 2 years, 3 after 5 years")


def votes(text: str, on: date) -> dict[str, Fraction]:
    """Return the votes that a decision counts, by holder."""
    from muniment.control.ballots import votes_of

    structure = written(text, on=on)
    return {e.party: e.low for e in votes_of(structure, structure.entities["acme"], None).entries if e.is_exact}


def test_votes_grow_with_the_time_a_share_is_held() -> None:
    text = TENURE + "2016-01-02 issue acme\n  ada: 10 strong\n".replace("2016", "2020")
    assert votes(text, date(2022, 1, 1)) == {"ada": 10}
    assert votes(text, date(2022, 1, 2)) == {"ada": 20}
    assert votes(text, date(2025, 1, 1)) == {"ada": 20}
    assert votes(text, date(2025, 1, 2)) == {"ada": 30}


def test_a_transfer_begins_anew_and_those_held_longest_stay() -> None:
    text = TENURE + "2020-01-02 issue acme\n  ada: 10 strong\n2021-01-02 issue acme\n  ada: 5 strong\n"
    text += "2021-06-01 transfer acme\n  from: ada\n  bo: 8 strong\n"
    assert votes(text, date(2022, 6, 1)) == {"ada": 14, "bo": 8}  # ada keeps seven of 2020
    assert votes(text, date(2023, 6, 1)) == {"ada": 14, "bo": 16}


def test_conversions_and_splits_keep_the_time() -> None:
    text = company("converts: 1:3 into common").replace(
        "  class common\n    votes per share: 1\n", "  class common\n    votes per share: 1, 2 after 2 years\n"
    )
    text += "2020-01-02 issue acme\n  ada: 10 strong\n2021-12-01 convert acme\n  into: common\n  ada: 10 strong\n"
    text += "2021-12-02 split acme\n  common: 1:2\n"
    assert votes(text, date(2022, 1, 1)) == {"ada": 60}
    assert votes(text, date(2022, 1, 2)) == {"ada": 120}


def test_a_stated_holding_is_held_since_its_date_or_as_said() -> None:
    text = TENURE + "2021-01-01 holding acme\n  ada: 10 strong\n"
    assert votes(text, date(2022, 12, 31)) == {"ada": 10}
    assert votes(text, date(2023, 1, 1)) == {"ada": 20}
    said = TENURE + "2021-01-01 holding acme\n  held since: 2015-06-01\n  ada: 10 strong\n"
    assert votes(said, date(2021, 1, 1)) == {"ada": 30}
    structure = written(text)
    assert [note for note in decided(structure, "acme: do it").assumptions if "taken to be held since" in note]


def test_time_that_is_not_known_exactly_leaves_the_votes_open() -> None:
    text = TENURE + "2021-01-01 holding acme\n  held since: 2019\n  ada: 10 strong\n"
    text += "2021-01-02 issue acme\n  bo: 15 common\n"
    decision = decided(written(text, on=date(2021, 6, 1)), "acme: do it")
    assert decision.alone == ()
    assert {(each.party, each.question) for each in decision.undetermined} >= {("ada", "alone")}


def test_percentages_do_not_show_the_time() -> None:
    text = TENURE + "2021-01-01 holding acme\n  ada: 60% of strong\n"
    decision = decided(written(text), "acme: do it")
    assert decision.alone == ("ada",)
    assert any("held in percentages, which do not show for how long" in note for note in decision.assumptions)


@given(
    issued=st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 50)), min_size=1, max_size=4),
    passed=st.integers(0, 60),
)
@settings(max_examples=80, deadline=None)
def test_lots_hold_what_is_held(issued: list[tuple[int, int]], passed: int) -> None:
    lots = [Lot(Fraction(number), date.fromordinal(737000 + day)) for day, number in issued]
    whole = sum(number for _, number in issued)
    position = Lots()
    position.add(lots)
    gone = position.take(Fraction(min(passed, whole)))
    left = position.listed()
    assert sum(lot.quantity for lot in left) == whole - min(passed, whole)
    assert sum(lot.quantity for lot in gone) == min(passed, whole)
    if left and gone:
        assert max(lot.since for lot in left) <= min(lot.since for lot in gone)  # type: ignore[type-var]


def test_a_month_ends_on_its_last_day_where_there_is_no_such_day() -> None:
    assert day_after(date(2024, 1, 31), Duration(1, "months")) == date(2024, 2, 29)
    assert day_after(date(2023, 12, 31), Duration(2, "months")) == date(2024, 2, 29)
    assert day_after(date(2020, 1, 1), Duration(3, "weeks")) == date(2020, 1, 22)
    assert day_after(date(9999, 1, 1), Duration(10_000, "years")) == date.max


def test_a_holder_over_a_limit_is_reported_once_and_marked() -> None:
    text = company("votes per share: 1", "held at most: 40% a holder")
    text += "2020-01-02 issue acme\n  ada: 60 strong\n  bo: 40 strong\n"
    text += "2020-02-02 issue acme\n  ada: 10 strong\n2020-03-02 issue acme\n  cy: 100 strong\n"
    warnings = [fault for fault in check_figures(load_text(PERSONS + text)) if fault.code == "M518"]
    assert [(fault.severity, fault.message) for fault in warnings] == [
        ("warning", "'ada' holds 60% of 'strong', of which one holder may hold 40%"),
        ("warning", "'cy' holds 47 13/21% of 'strong', of which one holder may hold 40%"),
    ]
    (mark,) = decided(written(text), "acme: do it").reading_marks
    assert mark.condition == "held at most"


BOARD = """
2020-01-01 company acme
  law pack: none
  class common
    votes per share: 1
  board
    decides by: majority
    seats directors
      number: 3
      filled by: majority of votes
      {removal}
      term: {term}
  rules
    do it: board
2020-01-02 issue acme
  ada: 60 common
  bo: 40 common
2020-01-03 appoint acme
  directors: cy, dee, eve
"""


def test_a_classified_board_with_removal_for_cause_is_its_own() -> None:
    text = BOARD.format(removal="removed by: majority of votes for cause only", term="3 years, a third each year")
    decision = decided(written(text), "acme: do it")
    assert len(decision.own_seats) == 3
    assert decision.coalitions == (("cy", "dee"), ("cy", "eve"), ("dee", "eve"))
    assert [note for note in decision.assumptions if "3 years, a third each year" in note]


def test_a_term_that_has_ended_is_said() -> None:
    text = BOARD.format(removal="removed by: majority of votes", term="1 year")
    before = decided(written(text, on=date(2021, 1, 2)), "acme: do it")
    assert [note for note in before.assumptions if "term" in note] == []
    after = decided(written(text, on=date(2021, 1, 3)), "acme: do it")
    assert sorted(note for note in after.assumptions if "term" in note) == [
        f"The term of {name} in the seats directors of acme.board ended on 2021-01-03; "
        "whoever sits there is taken to stay until a successor does."
        for name in ("cy", "dee", "eve")
    ]


def test_a_term_ends_with_the_annual_meeting() -> None:
    text = BOARD.format(removal="removed by: majority of votes", term="2 years")
    text = text.replace("law pack: none", "law pack: none\n  annual meeting: 05-15", 1)
    # appointed in January 2020: the second annual meeting after that is in May 2021
    assert not [n for n in decided(written(text, on=date(2021, 5, 14)), "acme: do it").assumptions if "ended" in n]
    assert [n for n in decided(written(text, on=date(2021, 5, 15)), "acme: do it").assumptions if "2021-05-15" in n]


def test_a_term_in_other_words_is_not_silent() -> None:
    text = BOARD.format(removal="removed by: majority of votes", term="until the lighthouse is sold")
    notes = decided(written(text), "acme: do it").assumptions
    assert "The term of the seats directors of acme.board is not computed: until the lighthouse is sold." in notes


def test_a_limit_that_comes_later_is_checked_at_once() -> None:
    text = company("votes per share: 1") + "2020-01-02 issue acme\n  ada: 60 strong\n  bo: 40 strong\n"
    text += "2021-01-01 amend acme\n  class strong\n    held at most: 50 a holder\n"
    warnings = [fault.message for fault in check_figures(load_text(PERSONS + text)) if fault.code == "M518"]
    assert warnings == ["'ada' holds 60 of 'strong', of which one holder may hold 50"]
