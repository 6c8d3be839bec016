"""Priced rounds, SAFEs, notes and anti-dilution that others published, at the precision they print.

Every answer is held against every definition by `faults_of`, which shares no code with the solver.
"""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from rounds_setup import AT_THE_PRICE, the_only

from muniment.payout.rounds import (
    NOTE,
    POST_MONEY_SAFE,
    Counts,
    Instrument,
    PoolTarget,
    Price,
    Protected,
    Purchase,
    Rounding,
    RoundTerms,
    Solution,
    Way,
    faults_of,
    settle,
)
from muniment.payout.rounds.conversion import Offered, cheque_to_reach, lowest_cap, ways_of

FILE = Path(__file__).with_name("payout_rounds.toml")
CASES: dict[str, Any] = {case["id"]: case for case in tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]}


def exact(words: Any) -> Fraction:
    return Fraction(str(words))


def capped(amount: Any, cap: Any, counts: Counts = POST_MONEY_SAFE, name: str = "safe") -> Instrument:
    return Instrument(name, f"holder of {name}", exact(amount), (Way("cap", exact(cap), counts), AT_THE_PRICE))


def sold(*money: Any) -> tuple[Purchase, ...]:
    return tuple(Purchase(f"investor {n}", exact(each)) for n, each in enumerate(money))


def printed_as(number: Fraction, words: str) -> bool:
    """Whether a number is what is printed, at the precision printed."""
    places = len(words.partition(".")[2])
    return abs(number - Fraction(words)) * 2 * 10**places <= 1


def close(number: Fraction, words: Any, part: str) -> bool:
    return abs(number - exact(words)) <= exact(words) * Fraction(part)


def test_one_post_money_safe() -> None:
    case = CASES["SF-01"]
    given, expected = case["inputs"], case["expected"]
    terms = RoundTerms(
        issued=exact(given["common"]),
        price=Price("pre-money", exact(given["pre_money"])),
        purchases=sold(*given["new_money"]),
        instruments=tuple(capped(each["amount"], each["cap"]) for each in given["safes"]),
    )
    rounding = Rounding(8, "up", 8, "up", "nearest")
    for found in (the_only(terms), settle(terms, rounding, the_only(terms)).each[0]):
        assert found.price == exact(expected["pps"])
        assert found.total == expected["total_shares"]
        assert found.post_money == expected["post_money"]
        assert found.converted[0].shares == expected["safe_shares"]
        assert found.bought[0].shares == expected["new_shares"]


def test_ten_post_money_safes() -> None:
    case = CASES["SF-03"]
    given, expected = case["inputs"], case["expected"]
    terms = RoundTerms(
        issued=exact(given["common"]),
        price=Price("pre-money", exact(given["pre_money"])),
        purchases=sold(*given["new_money"]),
        instruments=tuple(
            capped(each["amount"], each["cap"], name=f"safe-{n}") for n, each in enumerate(given["safes"])
        ),
        pool=PoolTarget(exact(given["target_pool_pct"])),
    )
    rounding = Rounding(given["rounding"]["pps_places_up"], "up", given["rounding"]["pps_places_up"], "up", "down")
    settled = settle(terms, rounding, the_only(terms))
    assert len(settled.each) == 1
    assert not settled.circular
    found = settled.each[0]
    assert faults_of(terms, found, rounding) == ()
    assert found.total == expected["total_shares"]
    assert found.unissued == expected["total_pool"]
    assert found.price == exact(expected["pps"])
    assert round(found.price * found.total) == expected["post_money_rounded"]


def test_a_fixed_part_a_most_favored_safe_and_a_cap() -> None:
    """The rounded definitions hold at two prices, and the published answer is one of them."""
    case = CASES["MC-01"]
    given, expected = case["inputs"], case["expected"]
    part, favored, angel = given["safes"]
    offered = [
        Offered("yc-part", date(2023, 1, 1), (Way("percent", exact(part["fixed_pct"])),)),
        Offered("yc-mfn", date(2023, 1, 1), (), favored["mfn"]),
        Offered("angel", date(2023, 6, 1), (Way("cap", exact(angel["cap"])),)),
    ]
    ways = ways_of(offered)
    amounts = {"yc-part": part["amount"], "yc-mfn": favored["amount"], "angel": angel["amount"]}
    terms = RoundTerms(
        issued=exact(given["common"]),
        unissued=exact(given["unused_pool"]),
        price=Price("post-money", exact(given["post_money"])),
        purchases=sold(*given["new_money"]),
        instruments=tuple(
            Instrument(name, name, exact(amount), (*ways[name], *(() if name == "yc-part" else (AT_THE_PRICE,))))
            for name, amount in amounts.items()
        ),
        pool=PoolTarget(exact(given["target_pool_pct"])),
    )
    rounding = Rounding(5, "up", 5, "up", "down")
    settled = settle(terms, rounding, the_only(terms))
    assert not settled.circular
    assert [faults_of(terms, each, rounding) for each in settled.each] == [(), ()]
    found = next(each for each in settled.each if each.price == exact(expected["pps"]))
    shares = expected["shares"]
    assert found.bought[0].shares == shares["Series A Lead"]
    by_id = {each.id: each for each in found.converted}
    assert by_id["angel"].shares == shares["Angel"]
    assert by_id["yc-part"].shares + by_id["yc-mfn"].shares == shares["YC"]
    assert (by_id["yc-part"].shares, by_id["yc-mfn"].shares) == (834_989, 298_208)
    assert by_id["yc-mfn"].price == Fraction("1.25751")
    assert by_id["yc-mfn"].way.of == "angel"
    assert found.unissued == shares["Pool"]
    assert found.total == expected["total_shares"]


def test_a_down_round_with_two_notes_and_two_protected_classes() -> None:
    """The source's inputs do not fit one another to the last digit; `note` says how far."""
    case = CASES["KD-round"]
    given, expected = {key: exact(each) for key, each in case["inputs"].items()}, case["expected"]
    counts = Counts(pool_increase=True, adjustments=True)
    base = Fraction(36_617_961)
    terms = RoundTerms(
        issued=sum((given[key] for key in ("common", "seed", "A", "B", "C", "D_adj", "E")), Fraction(0)),
        options=given["options_issued"],
        unissued=given["pool_min"] - given["options_issued"],
        price=Price("pre-money", given["pre_money"]),
        purchases=sold(given["primary"]),
        instruments=(
            Instrument("a", "a", exact(5_000_000), (Way("cap", exact(10**9), counts), Way("discount", exact("0.2")))),
            Instrument(
                "b", "b", exact(3_000_000), (Way("cap", exact(16 * 10**8), counts), Way("discount", exact("0.15")))
            ),
        ),
        pool=PoolTarget(given["pool_pct"], "all", given["pool_min"]),
        protected=(
            Protected("E", given["E"], exact("49.158311"), "weighted", base),
            Protected("D", given["D_adj"], exact("58.118347"), "weighted", base),
        ),
    )
    found = the_only(terms)
    assert close(found.price, expected["pps"], "0.00002")
    assert close(found.total, expected["fully_diluted"], "0.00002")
    for note, key, kind in ((found.converted[0], "note_a", "cap"), (found.converted[1], "note_b", "discount")):
        assert note.way.kind == kind == expected[key]["branch"]
        assert close(note.price, expected[key]["price"], "0.00002")
        assert close(note.shares, expected[key]["shares"], "0.00002")
    e, d = found.adjusted
    assert close(e.after, expected["E"]["ncp"], "0.00004")
    assert close(e.factor, expected["E"]["ratio"], "0.00002")
    assert close(d.after, expected["D"]["ncp"], "0.00002")
    assert close(d.factor * exact("1.03237623"), expected["D"]["compound_ratio"], "0.00002")
    whole = base + (given["E"] * (e.factor - 1) + given["D_adj"] * (d.factor - 1))
    assert found.pre_money_shares == whole + found.pool_increase + sum(each.shares for each in found.converted)


def test_most_favored_takes_the_lowest_later_cap() -> None:
    case = CASES["SF-06"]
    offered = [
        Offered(
            str(n),
            date(2021, 1, 1) + timedelta(n),
            (Way("cap", exact(each["cap"])),) if "cap" in each else (),
            each.get("mfn", False),
        )
        for n, each in enumerate(case["inputs"]["order"])
    ]
    favored = next(each.id for each in offered if each.most_favored)
    assert lowest_cap(ways_of(offered)[favored]) == case["expected"]["mfn_cap"]


def ownership(terms: RoundTerms) -> list[Fraction]:
    """Return what each instrument owns just before the new money."""
    found = the_only(terms)
    converted = sum((each.shares for each in found.converted), Fraction(0))
    return [each.shares / (terms.existing + converted) for each in found.converted]


@pytest.mark.parametrize("founders", [1_000_000, 7_654_321])
def test_part_of_a_post_money_safe(founders: int) -> None:
    case = CASES["YC-01"]
    for amount, words in zip(case["inputs"]["amounts"], case["expected"]["ownership"], strict=True):
        terms = RoundTerms(
            issued=exact(founders),
            price=Price("pre-money", exact(10**9)),
            purchases=sold(10**6),
            instruments=(capped(amount, case["inputs"]["cap"]),),
        )
        assert printed_as(ownership(terms)[0], words)


def test_two_post_money_safes() -> None:
    case = CASES["WB-01"]
    safes = tuple(capped(amount, cap, name=f"safe-{cap}") for amount, cap in case["inputs"]["safes"])
    terms = RoundTerms(
        issued=exact(5_000_000), price=Price("pre-money", exact(10**9)), purchases=sold(10**6), instruments=safes
    )
    parts = ownership(terms)
    assert all(printed_as(part, words) for part, words in zip(parts, case["expected"]["ownership"], strict=True))
    assert 1 - sum(parts) == exact(case["expected"]["founder"])


def test_a_discount() -> None:
    case = CASES["WB-03"]
    given, expected = case["inputs"], case["expected"]
    terms = RoundTerms(
        issued=exact(given["shares"]),
        price=Price("share", exact(given["round_price"])),
        purchases=sold(1_000_000),
        instruments=(Instrument("safe", "h", exact(given["amount"]), (Way("discount", exact(given["discount"])),)),),
    )
    found = the_only(terms)
    assert found.converted[0].price == exact(expected["safe_price"])
    assert found.converted[0].shares == expected["safe_shares"]
    assert found.pre_money_shares == expected["capitalization"]
    assert printed_as(found.converted[0].shares / found.pre_money_shares, expected["pct"])


def noted(case_id: str, ways: tuple[Way, ...]) -> Solution:
    given = CASES[case_id]["inputs"]
    price = exact(given["round_price"])
    return the_only(
        RoundTerms(
            issued=exact(given["pre_money"]) / price,
            price=Price("share", price),
            purchases=sold(1_000_000),
            instruments=(Instrument("note", "h", exact(given["amount"]), ways),),
        )
    )


def test_a_note_takes_its_cap_or_its_discount() -> None:
    given, expected = CASES["WB-05"]["inputs"], CASES["WB-05"]["expected"]
    ways = (Way("cap", exact(given["cap"]), NOTE), Way("discount", exact(given["discount"])))
    found = noted("WB-05", ways).converted[0]
    assert (found.way.kind, found.price, found.shares) == (
        expected["branch"],
        exact(expected["price"]),
        expected["shares"],
    )
    given, expected = CASES["WB-07"]["inputs"], CASES["WB-07"]["expected"]
    by_cap = noted("WB-07", (Way("cap", exact(given["cap"]), NOTE),)).converted[0]
    assert printed_as(by_cap.price, expected["cap_price"])
    assert by_cap.shares == expected["cap_shares"]
    assert noted("WB-07", (Way("discount", exact("0.2")),)).converted[0].shares == expected["discount_shares"]


def test_a_weighted_average_that_its_source_slips_on() -> None:
    """The source's own factor does not satisfy the definition that it states; ours is held against it."""
    case = CASES["AD-W1"]
    given, expected = case["inputs"], case["expected"]
    protected = Protected("a", exact(1_000_000), exact(given["old_price"]), "weighted", exact(given["base"]))
    new_price = exact(given["new_price"])
    terms = RoundTerms(
        issued=exact(given["base"]),
        price=Price("share", new_price),
        purchases=sold(given["new_shares"] * new_price),
        protected=(protected,),
    )
    found = the_only(terms)
    assert found.adjusted[0].after == exact(expected["new_price"])
    assert printed_as(found.adjusted[0].factor, expected["ratio"])
    rounded = settle(terms, Rounding(), found).each[0]
    assert protected.shares + rounded.adjusted[0].added == expected["as_converted_of_1m"]
    theirs = found.adjusted[0]._replace(after=protected.price * exact(case["published"]["factor"]))
    assert faults_of(terms, found._replace(adjusted=(theirs,)))


def test_a_full_ratchet() -> None:
    given, expected = CASES["AD-01"]["inputs"], CASES["AD-01"]["expected"]
    protected = Protected("a", exact(given["shares"]), exact(given["old_price"]), "ratchet")
    terms = RoundTerms(
        issued=exact(10_000_000),
        price=Price("share", exact(given["new_price"])),
        purchases=sold(1_000_000),
        protected=(protected,),
    )
    found = the_only(terms).adjusted[0]
    assert found.factor == exact(expected["ratio"])
    assert protected.shares + found.added == expected["as_converted"]


def test_a_pool_and_a_round_dilute_a_founder() -> None:
    given = CASES["UR-01"]["inputs"]
    terms = RoundTerms(
        issued=exact(100),
        price=Price("post-money", exact(100)),
        purchases=sold(given["sold"]),
        pool=PoolTarget(Fraction(given["pool"], 100)),
    )
    assert given["stake"] / the_only(terms).total * 100 == CASES["UR-01"]["expected"]["answer"]


def test_a_cheque_to_reach_a_part() -> None:
    given = CASES["UR-04"]["inputs"]
    cheque = cheque_to_reach(
        Fraction(given["target"], 100), Fraction(given["own"], 100), exact(given["pre"]), exact(given["raise_"])
    )
    assert cheque == exact(CASES["UR-04"]["expected"]["answer"])
