"""Waterfalls and breakpoints that others published.

Not covered here: cases with options (KD-700, KD-2000, WB-14), priced rounds, SAFEs, notes and anti-dilution, which need
instruments that a structure does not hold.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from payout_structures import held, share_class, structure, usd

from muniment.book.structure import Rank, Structure
from muniment.payout import pay_out

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "published" / "payout.json"


def cases(kind: str) -> list[Any]:
    if not PUBLISHED.is_file():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the published cases are not beside this checkout"))]
    found = json.loads(PUBLISHED.read_text(encoding="utf-8"), parse_float=str)
    return [
        pytest.param(case, id=case["id"])
        for case in found
        if case["kind"] == kind and all(each["kind"] != "option" for each in case["inputs"].get("classes", ()))
    ]


def identifier(name: str) -> str:
    return name.lower().replace(" ", "-")


def built(classes: list[dict[str, Any]]) -> Structure:
    common = next(identifier(each["name"]) for each in classes if each["kind"] == "common")
    preferred = [each for each in classes if each["kind"] == "preferred"]
    found, holdings = [], []
    for each in classes:
        name = identifier(each["name"])
        holdings.append(held(f"holder-of-{name}", name, each["shares"]))
        if each["kind"] == "common":
            found.append(share_class(name))
            continue
        behind = [identifier(other["name"]) for other in preferred if other["seniority_rank"] > each["seniority_rank"]]
        beside = [identifier(other["name"]) for other in preferred if other["seniority_rank"] == each["seniority_rank"]]
        cap = each.get("cap_total_incl_preference")
        found.append(
            share_class(
                name,
                original_issue_price=usd(Fraction(each["original_investment"]) / Fraction(each["shares"])),
                preference=Fraction(each["preference_multiple"]),
                participation=each["participation"],
                participation_cap=None if cap is None else usd(cap),
                accrued=usd(each["accrued_dividends"]) if "accrued_dividends" in each else None,
                ranks=(
                    Rank(ahead=True, classes=(*behind, common)),
                    Rank(ahead=False, classes=tuple(other for other in beside if other != name)),
                ),
                converts_into=(Fraction(each["conversion_ratio"]), common),
            )
        )
    return structure(found, holdings)


@pytest.mark.parametrize("case", cases("waterfall"))
def test_waterfall(case: dict[str, Any]) -> None:
    answer = pay_out(built(case["inputs"]["classes"]), "e", usd(case["inputs"]["exit_value"]))
    assert answer.certificate == ()
    paid = {row.class_id: row.exact for row in answer.rows}
    for name, amount in case["expected"]["payouts"].items():
        exact = paid[identifier(name)]
        assert exact is not None
        assert abs(exact - Fraction(amount)) < Fraction(1, 100), name


@pytest.mark.parametrize("case", cases("breakpoints"))
def test_breakpoints(case: dict[str, Any]) -> None:
    answer = pay_out(built(case["inputs"]["classes"]), "e", usd(1))
    wanted = [Fraction(each) for each in case["expected"]["breakpoints"] if Fraction(each)]
    assert len(answer.breakpoints) == len(wanted)
    for found, each in zip(answer.breakpoints, wanted, strict=True):
        assert abs(found.proceeds - each) < Fraction(1, 100)
    for found, event in zip(answer.breakpoints, case["expected"]["events"][1:], strict=True):
        name, _, what = event.rpartition(": ")[2].partition(" ")
        if "converts" in event:
            converting = identifier(event.rpartition(": ")[2].removesuffix(" converts"))
            assert f"{converting} converts into" in found.cause
        elif "cap reached" in event:
            assert "reaches its cap" in found.cause
        else:
            assert name.startswith("tier")
            assert what == "paid"
            assert "is paid in full" in found.cause


@pytest.mark.parametrize("case", cases("return-cap"))
def test_return_cap(case: dict[str, Any]) -> None:
    inputs, wanted = case["inputs"], case["expected"]
    capped = share_class("first", return_cap=Fraction(inputs["cap_multiple"]), excess_to="nonprofit")
    given = structure([capped], [held("investor", "first", 1, usd(inputs["invested"]))], others=["nonprofit"])
    for proceeds, investor, excess in zip(
        inputs["entitlement"], wanted["investor"], wanted["nonprofit_excess"], strict=True
    ):
        assert pay_out(given, "e", usd(proceeds)).totals == {"investor": investor, "nonprofit": excess}
