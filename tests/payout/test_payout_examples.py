"""The normative examples, with structures as the loader builds them."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from payout_structures import acme, lighthouse, usd, without_distribution

from muniment.book.accounts import World
from muniment.book.load import load
from muniment.book.structure import Structure
from muniment.payout import Curve, curve_of, pay_out

EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "examples"
BUILT = {"acme": acme, "lighthouse-lp": lighthouse}


def expected(example: str) -> dict[str, Any]:
    path = EXAMPLES / example / "expected.json"
    if not path.is_file():
        pytest.skip("the examples are not beside this checkout")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["payout"]
    return found


def amounts(structure: Structure, proceeds: int) -> dict[str, str]:
    answer = pay_out(structure, "e", usd(proceeds))
    assert answer.refusals == ()
    assert answer.certificate == ()
    return {row["party"]: row["amount"] for row in answer.to_json()["rows"]}


@pytest.mark.parametrize(("example", "entity"), [("acme", "acme"), ("lighthouse", "lighthouse-lp")])
def test_gives_every_number_of_the_example(example: str, entity: str) -> None:
    wanted = expected(example)[entity]
    structure = BUILT[entity]()
    for proceeds, payouts in wanted["at"].items():
        number = int(proceeds.removeprefix("USD ").replace(",", ""))
        assert amounts(structure, number) == payouts
        answer = pay_out(structure, "e", usd(number)).to_json()
        assert [each["proceeds"] for each in answer["breakpoints"]] == wanted["breakpoints"]


@pytest.mark.parametrize(("example", "entity"), [("acme", "acme"), ("lighthouse", "lighthouse-lp")])
def test_gives_every_number_from_the_files(example: str, entity: str) -> None:
    wanted = expected(example)[entity]
    on = date.fromisoformat(json.loads((EXAMPLES / example / "expected.json").read_text(encoding="utf-8"))["on"])
    structure = World(load(EXAMPLES / example)).on(on)
    for proceeds, payouts in wanted["at"].items():
        answer = pay_out(structure, entity, usd(int(proceeds.removeprefix("USD ").replace(",", "")))).to_json()
        assert {row["party"]: row["amount"] for row in answer["rows"]} == payouts
        assert [each["proceeds"] for each in answer["breakpoints"]] == wanted["breakpoints"]
        assert all(each["record"] for each in answer["because"])


def test_acme_without_the_example_files() -> None:
    assert amounts(acme(), 10_000_000) == {
        "ada": "4666666.67",
        "birch-ventures": "3000000.00",
        "grace": "2333333.33",
    }


def test_breakpoints_name_their_clause() -> None:
    causes = [each.causes for each in pay_out(acme(), "e", usd(1)).breakpoints]
    assert [[cause.words for cause in each] for each in causes] == [
        ["the liquidation preference of series-a is paid in full"],
        ["series-a converts into common"],
    ]
    assert [each[0].basis.words for each in causes if each[0].basis is not None] == [
        "series-a liquidation preference",
        "series-a converts",
    ]


def test_class_terms_alone_send_the_excess_to_the_foundation() -> None:
    answer = pay_out(without_distribution(lighthouse()), "e", usd(2_500_000_000))
    assert answer.totals == {
        "elm": 400_000_000,
        "oak": 600_000_000,
        "lighthouse-foundation": 1_500_000_000,
    }
    assert [row.kind for row in answer.rows] == ["class", "class", "excess"]


def test_inverse_query() -> None:
    curve = curve_of(acme(), "e")
    assert isinstance(curve, Curve)
    assert curve.proceeds_for("birch-ventures", Fraction(9_000_000)) == 36_000_000
    assert curve.proceeds_for("birch-ventures", Fraction(3_000_000)) == 3_000_000
    foundation = curve_of(lighthouse(), "e")
    assert isinstance(foundation, Curve)
    assert foundation.proceeds_for("oak", Fraction(600_000_001)) is None
    assert foundation.next_unit(Fraction(1_000_000_000)) == (("lighthouse-foundation", 1),)


def test_why_says_what_the_other_choice_would_give() -> None:
    why = pay_out(acme(), "e", usd(10_000_000)).why
    assert "series-a takes its preference of USD 3,000,000; converting would give USD 2,500,000." in why
