"""Rights: what options, grants, notes and classes give, and what would be held if they were used."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.book.accounts import World
from muniment.book.checks import check_figures
from muniment.book.exercising import exercised
from muniment.book.load import load_text
from muniment.book.structure import Right, Structure
from muniment.control import Decision, decide
from muniment.model.values import Bounded, Money

DAY = date(2022, 1, 1)
PEOPLE = "".join(f"2020-01-01 person {name}\n" for name in ("ada", "bo", "oak", "elm", "fir"))
COMPANY = """
2020-01-01 company acme
  law pack: none
  class ordinary
    votes per share: 1
    authorized: 2,000
  class series-a
    votes per share: 1
    converts: 1:3 into ordinary
  rules
    do it: majority of votes
"""
HELD = "2020-01-02 issue acme\n  ada: 600 ordinary\n  bo: 400 ordinary\n"


def on(text: str, when: date = DAY) -> Structure:
    book = load_text(PEOPLE + COMPANY + text)
    assert [str(found) for found in book.diagnostics if found.severity == "error"] == []
    return World(book).on(when)


def option(*lines: str, name: str = "call") -> str:
    return f"2021-01-01 option {name}\n" + "".join(f"  {line}\n" for line in lines)


def one(structure: Structure) -> Right:
    (right,) = structure.rights
    return right


def held(structure: Structure, entity: str = "acme") -> dict[tuple[str, str], object]:
    return {(h.party, h.class_id or h.of or ""): h.quantity for h in structure.holdings[entity]}


def alone(structure: Structure) -> tuple[str, ...]:
    decision = decide(structure, "acme: do it")
    assert isinstance(decision, Decision)
    return decision.alone


CALL = ("issuer: acme", "holder: oak", "over: 1,200 ordinary", "from: new shares")


def test_an_option_over_new_shares() -> None:
    structure = on(
        HELD + option(*CALL, "price: USD 1.50 each", "substantive: yes", "exercisable: 2021-06-01/2023-12-31")
    )
    right = one(structure)
    assert (right.id, right.kind, right.holder, right.entity) == ("call", "acquire", "oak", "acme")
    assert (right.class_id, right.quantity, right.of, right.source) == ("ordinary", 1200, None, None)
    assert right.exercisable == (date(2021, 6, 1), date(2023, 12, 31))
    assert (right.price_each, right.price_in_all, right.substantive) == (Money(Fraction(3, 2), "USD"), None, True)
    used, sentences = exercised(structure, ["call"])
    assert held(used) == {("ada", "ordinary"): 600, ("bo", "ordinary"): 400, ("oak", "ordinary"): 1200}
    assert sentences == (
        "call is taken to be used: oak acquires 1,200 ordinary as new shares. "
        "That is beyond the 2,000 authorized, so more must be authorized first.",
    )
    assert (alone(structure), alone(used)) == (("ada",), ("oak",))
    assert used.rights == ()
    assert sentences[0] in used.assumptions
    assert structure.rights == (right,)  # nothing is changed


def test_an_option_over_a_partys_shares_moves_them() -> None:
    used, _ = exercised(on(HELD + option("issuer: ada", "holder: bo", "over: 200 ordinary")), "all")
    assert held(used) == {("ada", "ordinary"): 400, ("bo", "ordinary"): 600}
    assert alone(used) == ("bo",)


def test_more_than_the_party_holds_is_refused() -> None:
    structure = on(HELD + option("issuer: acme", "holder: bo", "over: 700 ordinary", "from: ada"))
    used, sentences = exercised(structure, "all")
    assert used.holdings == structure.holdings
    assert sentences == ("call is not used: ada holds 600 of ordinary, not 700.",)


@pytest.mark.parametrize(
    ("when", "asked", "by", "said"),
    [
        ("never", DAY, None, "it is never exercisable"),
        ("2023-01-01/..", DAY, None, "it is exercisable from 2023-01-01, after 2022-01-01"),
        ("2023-01-01/..", DAY, date(2022, 12, 31), "it is exercisable from 2023-01-01, after 2022-12-31"),
        ("2023-01-01/..", DAY, date(2023, 1, 1), ""),
        ("../2021-12-31", DAY, None, "it was exercisable until 2021-12-31"),
        ("../2022-01-01", DAY, None, ""),
        ("2022", DAY, None, ""),
        ("2021", DAY, None, "it was exercisable until 2021-12-31"),
        (
            "on change-of-control",
            DAY,
            None,
            "it is exercisable on change-of-control, which is not on record by 2022-01-01",
        ),
    ],
)
def test_when_a_right_can_be_used(when: str, asked: date, by: date | None, said: str) -> None:
    structure = on(HELD + option(*CALL, f"exercisable: {when}"), asked)
    _, (sentence,) = exercised(structure, "all", by)
    assert sentence.startswith("call is taken to be used" if not said else f"call is not used: {said}.")


def test_a_right_that_waits_for_an_event_is_free_once_it_is_on_record() -> None:
    text = HELD + option(*CALL, "exercisable: on sale-begins") + "2021-06-01 event sale-begins\n"
    assert one(on(text, date(2021, 5, 31))).on_event == "sale-begins"
    assert one(on(text)).on_event == ""


def test_a_percentage_of_votes_from_a_party_who_holds_shares() -> None:
    """70 against 30, and an option over 35 of the votes: the holder would have 65."""
    shares = "2020-01-02 issue acme\n  ada: 70 ordinary\n  bo: 30 ordinary\n"
    used, _ = exercised(on(shares + option("issuer: ada", "holder: bo", "over: 35% of votes of acme")), "all")
    assert held(used) == {("ada", "ordinary"): 35, ("bo", "ordinary"): 65}
    percent = "2020-01-02 holding acme\n  ada: 70% of votes\n  bo: 30% of votes\n"
    used, _ = exercised(on(percent + option("issuer: ada", "holder: bo", "over: 35% of votes of acme")), "all")
    assert held(used) == {("ada", "votes"): Fraction(35, 100), ("bo", "votes"): Fraction(65, 100)}


def test_a_percentage_in_new_shares_is_of_what_is_there_then() -> None:
    used, _ = exercised(on(HELD + option("issuer: acme", "holder: oak", "over: 20% of acme.ordinary")), "all")
    assert held(used)[("oak", "ordinary")] == 250  # of 1,250
    used, _ = exercised(on(HELD + option("issuer: acme", "holder: oak", "over: 20% of votes of acme")), "all")
    assert held(used)[("oak", "ordinary")] == 250
    percent = "2020-01-02 holding acme\n  ada: 75% of votes\n  bo: 25% of votes\n"
    used, _ = exercised(on(percent + option("issuer: acme", "holder: oak", "over: 20% of votes of acme")), "all")
    assert held(used) == {
        ("ada", "votes"): Fraction(60, 100),
        ("bo", "votes"): Fraction(20, 100),
        ("oak", "votes"): Fraction(20, 100),
    }


def test_what_cannot_be_reckoned_is_refused() -> None:
    percent = "2020-01-02 holding acme\n  ada: 75% of ordinary\n"
    _, (said,) = exercised(on(percent + option(*CALL)), "all")
    assert said == "call is not used: acme.ordinary is held in percentages of an unstated number."
    _, (said,) = exercised(on(HELD + option("issuer: acme", "holder: oak", "over: 20% of capital of acme")), "all")
    assert said.startswith("call is not used: acme is not stated in capital")


def test_bounded_quantities_stay_bounded() -> None:
    bounded = "2020-01-02 holding acme\n  ada: 500 to 600 ordinary\n  bo: 400 ordinary\n"
    used, _ = exercised(on(bounded + option("issuer: ada", "holder: bo", "over: at most 100 ordinary")), "all")
    ada, bo = held(used)[("ada", "ordinary")], held(used)[("bo", "ordinary")]
    assert isinstance(ada, Bounded)
    assert isinstance(bo, Bounded)
    assert (ada.low, ada.high) == (400, 600)
    assert (bo.low, bo.high) == (None, 500)


def test_a_put_gives_shares_to_another_or_back() -> None:
    put = option("issuer: bo", "holder: ada", "right: put", "over: 300 acme.ordinary", name="exit")
    structure = on(HELD + put)
    assert (one(structure).kind, one(structure).source) == ("put", "bo")
    used, (said,) = exercised(structure, "all")
    assert held(used) == {("ada", "ordinary"): 300, ("bo", "ordinary"): 700}
    assert said == "exit is taken to be used: ada puts 300 acme.ordinary to bo."
    back = option("issuer: acme", "holder: ada", "right: put", "over: 600 ordinary")
    assert held(exercised(on(HELD + back), "all").structure) == {("bo", "ordinary"): 400}


def test_a_class_that_converts_at_will_is_a_right_of_each_holder() -> None:
    structure = on(HELD + "2020-01-03 issue acme\n  oak: 500 series-a\n")
    right = one(structure)
    assert right.id == "acme.series-a held by oak"
    assert (right.kind, right.gives_class, right.gives, right.class_id, right.quantity) == (
        "convert",
        "series-a",
        500,
        "ordinary",
        1500,
    )
    used, _ = exercised(structure, [right.id])
    assert held(used) == {("ada", "ordinary"): 600, ("bo", "ordinary"): 400, ("oak", "ordinary"): 1500}
    assert (alone(structure), alone(used)) == ((), ("oak",))


def test_a_note_that_converts() -> None:
    note = "2021-01-01 note bridge\n  issuer: acme\n  to: oak\n  amount: USD 1,000\n  converts: 1:40 into ordinary\n"
    assert held(exercised(on(HELD + note), "all").structure)[("oak", "ordinary")] == 40
    many = note + "  quantity: 30\n"
    assert held(exercised(on(HELD + many), "all").structure)[("oak", "ordinary")] == 1200
    later = note.replace("into ordinary", "into ordinary on 2023-01-01")
    assert one(on(HELD + later)).exercisable == (date(2023, 1, 1), None)
    plain = "2021-01-01 safe paper\n  issuer: acme\n  to: oak\n  amount: USD 1,000\n"
    assert on(HELD + plain).rights == ()


def test_a_grant_vests_month_by_month_after_its_cliff() -> None:
    grant = (
        "2021-01-15 grant acme\n  id: esop\n  to: oak\n  quantity: 1,000\n  of: ordinary\n  strike: USD 0.50\n"
        "  vests: 4 years monthly, 12 months cliff\n  expires: 2031-01-15\n"
    )
    right = one(on(HELD + grant))
    assert right.vesting[0] == (date(2022, 1, 15), 250)
    assert right.vesting[1] == (date(2022, 2, 15), 270)  # 13/48 of 1,000, in whole shares
    assert right.vesting[-1] == (date(2025, 1, 15), 1000)
    assert len(right.vesting) == 37
    assert exercised(on(HELD + grant), "all").sentences == (
        "esop is not used: nothing of it has vested by 2022-01-01.",
    )
    used, _ = exercised(on(HELD + grant), "all", date(2022, 1, 31))
    assert held(used)[("oak", "ordinary")] == 250
    assert right.price_each == Money(Fraction(1, 2), "USD")
    late = exercised(on(HELD + grant, date(2031, 1, 16)), "all").sentences
    assert late == ("esop is not used: it was exercisable until 2031-01-15.",)


def test_a_grant_with_vesting_in_other_words_waits_for_it() -> None:
    grant = "2021-01-15 grant acme\n  to: oak\n  quantity: 10\n  of: ordinary\n  vests: on the first product\n"
    _, (said,) = exercised(on(HELD + grant), "all")
    assert "its vesting (on the first product), which is not on record" in said


def test_what_was_exercised_is_taken_off_the_grant() -> None:
    grant = "2021-01-15 grant acme\n  id: esop\n  to: oak\n  quantity: 100\n  of: ordinary\n"
    used = grant + "2021-02-01 exercise acme\n  oak: 30 ordinary\n"
    structure = on(HELD + used)
    assert one(structure).quantity == 70
    assert "30 ordinary that oak got by exercise are taken to be under esop." in structure.assumptions
    assert on(HELD + used + "2021-03-01 exercise acme\n  oak: 70 ordinary\n").rights == ()


def test_rights_are_used_one_after_the_other() -> None:
    chain = option("issuer: acme", "holder: oak", "over: 100 series-a", name="first") + option(
        "issuer: oak", "holder: elm", "over: 100 acme.series-a", name="second"
    )
    used, sentences = exercised(on(HELD + chain), "all")
    assert len(sentences) == 2
    assert held(used)[("elm", "series-a")] == 100
    assert ("oak", "series-a") not in held(used)


def test_an_id_that_is_no_right_is_said() -> None:
    _, sentences = exercised(on(HELD), ["nothing"])
    assert sentences == ("There is no right 'nothing' on 2022-01-01.",)


def test_a_right_that_ended_is_gone() -> None:
    assert on(HELD + option(*CALL, "until: 2021-06-01")).rights == ()


def test_the_entity_of_an_option() -> None:
    other = "2020-01-01 company beta\n  law pack: none\n  class ordinary\n  class rare\n"
    assert one(on(HELD + other + option("holder: oak", "over: 5 beta.ordinary"))).entity == "beta"
    assert one(on(HELD + other + option("holder: oak", "over: 5 rare"))).entity == "beta"
    assert on(HELD + other + option("holder: oak", "over: 5 ordinary")).rights == ()
    book = load_text(PEOPLE + COMPANY + other + option("holder: oak", "over: 5 ordinary"))
    assert [fault.code for fault in check_figures(book) if fault.severity == "warning"] == ["M519"]


def test_names_in_options_must_be_defined() -> None:
    book = load_text(PEOPLE + COMPANY + option("holder: oak", "over: 5 acme.ordinry", "from: nobody-known"))
    assert sorted(fault.code for fault in book.diagnostics if fault.severity == "error") == ["M302", "M304"]


def test_payouts_say_that_rights_are_not_counted() -> None:
    structure = on(HELD + option("holder: oak", "over: 5 acme.ordinary"))
    assert "The option call is not counted in payouts." in structure.uncounted["acme"]


@given(
    quantities=st.lists(st.integers(1, 500), min_size=3, max_size=3),
    over=st.integers(1, 600),
    source=st.sampled_from(["new shares", "ada", "bo"]),
)
@settings(max_examples=40, deadline=None)
def test_shares_are_neither_lost_nor_made(quantities: list[int], over: int, source: str) -> None:
    held_by = dict(zip(("ada", "bo", "oak"), quantities, strict=True))
    ledger = "2020-01-02 issue acme\n" + "".join(f"  {name}: {n} ordinary\n" for name, n in held_by.items())
    structure = on(ledger + option("issuer: acme", "holder: oak", f"over: {over} ordinary", f"from: {source}"))
    used, (said,) = exercised(structure, "all")
    before, after = (sum(h.quantity for h in each.holdings["acme"]) for each in (structure, used))  # type: ignore[misc]
    if source == "new shares":
        assert after == before + over
    else:
        assert after == before
        assert (over <= held_by[source]) == said.startswith("call is taken to be used")
    assert all(sum(lot.quantity for lot in h.lots) == h.quantity for h in used.holdings["acme"])
