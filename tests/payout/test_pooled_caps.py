"""Return caps over several classes of one holder, and caps that grow with time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payout_structures import held, paid_before, share_class, structure, usd
from test_properties import claim_lists

from muniment.book.structure import Structure
from muniment.cli.main import run as command_line
from muniment.model.return_cap_terms import ReturnCap, parse_return_cap
from muniment.model.values import ValueFault
from muniment.payout import pay_out
from muniment.payout.certificate import verify_columns, verify_sweep
from muniment.payout.sweep import Claim, Form, sweep

ZERO = Fraction(0)


@st.composite
def pooled_lists(draw: st.DrawFn) -> tuple[list[Claim], int]:
    claims, tiers = draw(claim_lists())
    limit, goes_out = Fraction(draw(st.integers(0, 90)), draw(st.integers(1, 7))), draw(st.booleans())
    members = draw(st.sets(st.integers(0, len(claims) - 1), min_size=1))
    pooled = [
        each._replace(return_cap=limit, excess_goes_out=goes_out, pool="holder") if number in members else each
        for number, each in enumerate(claims)
    ]
    return pooled, tiers


@settings(max_examples=200, deadline=None)
@given(pooled_lists(), st.lists(st.integers(0, 300).map(Fraction), min_size=1, max_size=3))
def test_pouring_agrees_with_the_sweep_about_pools(
    given_claims: tuple[list[Claim], int], amounts: list[Fraction]
) -> None:
    claims, tiers = given_claims
    swept = sweep(claims, tiers)
    limit = next(each.return_cap for each in claims if each.pool)
    assert limit is not None
    for proceeds in [*amounts, *(x for x, _ in swept.events)]:
        assert verify_sweep(claims, swept, proceeds) == []
        kept = sum((take.at(proceeds) for each, take in zip(claims, swept.takes, strict=True) if each.pool), ZERO)
        assert kept <= limit
    assert verify_columns([*swept.takes, *swept.excesses, swept.unallocated], amounts) == []


def test_a_pool_stops_where_its_sum_is_full_and_not_where_one_class_is() -> None:
    first = Claim("a", (Form(0, ZERO, Fraction(3)),), Fraction(40), False, "bo")
    second = Claim("b", (Form(0, ZERO, Fraction(1)),), Fraction(40), False, "bo")
    common = Claim("common", (Form(0, ZERO, Fraction(4)),))
    takes = [str(take.at(Fraction(100))) for take in sweep([first, second, common], 0).takes]
    assert takes == ["30", "10", "60"]


def _bo(pooled: bool = True, heir: str | None = None, **other: Any) -> Structure:
    capped = {"return_cap": Fraction(2), "pooled_cap": pooled, "excess_to": heir}
    return structure(
        [share_class("common"), share_class("a", **capped), share_class("b", **capped)],
        [held("al", "common", 4), held("bo", "a", 3, usd(10)), held("bo", "b", 1, usd(10))],
        others=["home"],
        **other,
    )


def _totals(given_structure: Structure, amount: int) -> dict[str, int]:
    paid = pay_out(given_structure, "e", usd(amount))
    assert not paid.refusals
    assert not paid.certificate
    return {party: int(total) for party, total in paid.totals.items()}


def test_classes_of_one_holder_share_a_cap_where_it_is_pooled() -> None:
    assert _totals(_bo(pooled=False), 60) == {"al": 32, "bo": 28}
    assert _totals(_bo(), 60) == {"al": 30, "bo": 30}
    assert _totals(_bo(), 100) == {"al": 60, "bo": 40}
    assert _totals(_bo(heir="home"), 100) == {"al": 50, "bo": 40, "home": 10}
    why = pay_out(_bo(), "e", usd(100)).why
    assert "a keeps USD 30: bo has reached its return cap of USD 40 over its pooled classes." in why


def test_earlier_distributions_count_against_a_pool_whatever_class_they_were_for() -> None:
    assert _totals(_bo(paid=[paid_before("bo", 30)]), 100) == {"al": 90, "bo": 10}
    refused = pay_out(_bo(pooled=False, paid=[paid_before("bo", 30)]), "e", usd(100)).refusals
    assert [each.kind for each in refused] == ["earlier distribution unclear"]


def test_a_pool_beside_a_class_outside_it_leaves_earlier_distributions_unclear() -> None:
    given_structure = _bo(paid=[paid_before("bo", 30)])
    mixed = replace(given_structure, holdings={"e": (*given_structure.holdings["e"], held("bo", "common", 1))})
    assert [each.kind for each in pay_out(mixed, "e", usd(100)).refusals] == ["earlier distribution unclear"]


def test_pooled_classes_must_agree_on_the_excess() -> None:
    given_structure = _bo()
    entity = given_structure.entities["e"]
    other = replace(entity.classes["b"], excess_to="home")
    unlike = replace(entity, classes={**entity.classes, "b": other})
    refused = pay_out(replace(given_structure, entities={"e": unlike}), "e", usd(100)).refusals
    assert [each.kind for each in refused] == ["pooled cap unclear"]


@pytest.mark.parametrize(
    ("day", "paid"), [((2021, 4, 1), 10), ((2022, 3, 31), 10), ((2022, 4, 1), 12), ((2023, 5, 1), 14)]
)
def test_a_cap_grows_with_each_full_year(day: tuple[int, int, int], paid: int) -> None:
    cap = parse_return_cap("10x, growing 20% a year from 2021-04-01, released")
    assert isinstance(cap, ReturnCap)
    given_structure = structure(
        [share_class("common"), share_class("a", return_cap=cap.multiple, cap_growth=cap.growth)],
        [held("al", "common", 1), held("bo", "a", 1, usd(1))],
    )
    assert _totals(replace(given_structure, on=date(*day)), 100)["bo"] == paid


@pytest.mark.parametrize(
    "words",
    [
        "10x, growing 20% a year from 2021, released",
        "10x, growing 20 a year from 2021-04-01, released",
        "10x, growing 20% a year from 2021-04-01",
        "10x pooled, released",
        "pooled by holder, released",
    ],
)
def test_caps_that_say_too_little_are_not_read(words: str) -> None:
    assert isinstance(parse_return_cap(words), ValueFault)


def test_a_pooled_cap_is_read() -> None:
    assert parse_return_cap("10x pooled by holder, excess to home") == ReturnCap(Fraction(10), "home", pooled=True)


RECORDS = """2020-01-01 source charter "Charter"
  kind: charter

2020-01-01 person al "Al"
2020-01-01 person bo "Bo"

2020-01-01 company e "E, Inc."
  law pack: none
  class common "Common" [@charter]
    votes per share: 1
  class a "A" [@charter]
    return cap: 2x pooled by holder, released
  class b "B" [@charter]
    return cap: 2x pooled by holder, growing 50% a year from 2021-01-01, released

2020-01-01 issue e
  al: 4 common
  bo: 3 a for USD 10

2020-01-01 issue e
  bo: 1 b for USD 10

2024-01-01 amend e
  class a
    return cap: 5x pooled by holder, released
"""


@pytest.mark.parametrize(
    ("day", "bos"),
    [("2020-06-01", "40.00"), ("2022-06-01", "50.00"), ("2024-06-01", "117.50")],
    ids=["as at first", "grown by a year", "amended, and grown by three"],
)
def test_caps_are_those_of_the_day(tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str, bos: str) -> None:
    (tmp_path / "muniment.toml").write_text('name = "Caps"\nformat = 1\n', encoding="utf-8")
    (tmp_path / "e.muni").write_text(RECORDS, encoding="utf-8")
    assert command_line(["payout", str(tmp_path), "e", "--on", day, "--proceeds", "USD 500", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["totals"]["bo"] == bos
