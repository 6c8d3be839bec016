"""Waterfalls, breakpoints and return caps that others published, at the precision they print.

`payout_waterfalls.json` holds figures and where they come from; the figures of cap-table-bench are CC BY 4.0, by Arthur
Wayne. Where a source is wrong, `expected` is ours, and the test shows by a second road that somebody would gain by
departing from what the source says, or that the source does not pay out what there is.
"""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from muniment.book.structure import (
    Basis,
    Entity,
    Holding,
    Party,
    Rank,
    Right,
    ShareClass,
    Structure,
)
from muniment.model.values import Money
from muniment.payout import pay_out
from muniment.payout.build import build, gather
from muniment.payout.certificate import equilibria, pour
from muniment.text.spans import Span

CASES = json.loads((Path(__file__).parent / "payout_waterfalls.json").read_text(encoding="utf-8"), parse_float=str)
BASIS = Basis("record", "words", Span("book.muni", 1, 1, 2))


def of_kind(kind: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in CASES if case["kind"] == kind]


def usd(amount: Any) -> Money:
    return Money(Fraction(amount), "USD")


def named(name: str) -> str:
    return name.lower().replace(" ", "-")


def holding(party: str, class_id: str, shares: Any, paid: Money | None = None) -> Holding:
    return Holding(
        party=party, entity="issuer", class_id=class_id, quantity=Fraction(shares), paid=paid, basis=(BASIS,)
    )


def company(classes: list[dict[str, Any]]) -> Structure:
    """Each class has one holder, who bears its name; options are over the first common class."""
    common = named(next(each["name"] for each in classes if each["kind"] == "common"))
    preferred = [each for each in classes if each["kind"] == "preferred"]
    terms: dict[str, ShareClass] = {}
    held: list[Holding] = []
    rights: list[Right] = []
    for each in classes:
        name = named(each["name"])
        if each["kind"] == "option":
            rights.append(
                Right(
                    id=f"{name}-right",
                    holder=name,
                    entity="issuer",
                    class_id=common,
                    quantity=Fraction(each["shares"]),
                    price_each=usd(each["strike"]),
                    basis=BASIS,
                )
            )
            continue
        held.append(holding(name, name, each["shares"]))
        if each["kind"] == "common":
            terms[name] = ShareClass(id=name, title=name, basis={"": BASIS})
            continue
        junior = [named(other["name"]) for other in preferred if other["seniority_rank"] > each["seniority_rank"]]
        equal = [named(other["name"]) for other in preferred if other["seniority_rank"] == each["seniority_rank"]]
        cap = each.get("cap_total_incl_preference")
        terms[name] = ShareClass(
            id=name,
            title=name,
            original_issue_price=usd(Fraction(each["original_investment"]) / Fraction(each["shares"])),
            preference=Fraction(each["preference_multiple"]),
            participation=each["participation"],
            participation_cap=None if cap is None else usd(cap),
            accrued=usd(each["accrued_dividends"]) if "accrued_dividends" in each else None,
            ranks=(
                Rank(ahead=True, classes=(*junior, common)),
                Rank(ahead=False, classes=tuple(other for other in equal if other != name)),
            ),
            converts_into=(Fraction(each["conversion_ratio"]), common),
            basis={"": BASIS},
        )
    parties = {each.party: Party(id=each.party, kind="person", title=each.party) for each in held}
    entity = Entity(id="issuer", kind="company", title="E", classes=terms, basis={"": BASIS})
    return Structure(
        on=date(2021, 4, 1),
        account="keeper",
        under=None,
        parties=parties,
        entities={"issuer": entity},
        holdings={"issuer": tuple(held)},
        rights=tuple(rights),
    )


@pytest.mark.parametrize("case", of_kind("waterfall"))
def test_waterfall(case: dict[str, Any]) -> None:
    given = company(case["inputs"]["classes"])
    answer = pay_out(given, "issuer", usd(case["inputs"]["exit_value"]))
    assert answer.refusals == ()
    assert answer.certificate == ()
    within = Fraction(case["tolerance"])
    for name, amount in case["expected"]["payouts"].items():
        assert abs(answer.totals[named(name)] - Fraction(amount)) <= within, name
    if case["published"] is not None and not case.get("source_is_wrong"):
        for name, amount in case["published"].items():
            assert abs(answer.totals[named(name)] - Fraction(amount)) <= within, name


@pytest.mark.parametrize("case", [case for case in of_kind("waterfall") if case.values[0].get("source_is_wrong")])
def test_the_source_is_no_equilibrium(case: dict[str, Any]) -> None:
    """Trying all choices finds one equilibrium, ours; what the source prints is none of them."""
    facts = gather(company(case["inputs"]["classes"]), "issuer", "USD")
    built = build(facts, lambda _: False)  # type: ignore[arg-type]
    claims = [each.claim for each in built.held]  # type: ignore[union-attr]
    proceeds = Fraction(case["inputs"]["exit_value"])
    (only,) = equilibria(claims, proceeds)
    assert sum(only) == proceeds
    printed = {named(name): Fraction(amount) for name, amount in case["published"].items()}
    far = [claim.class_id for claim, paid in zip(claims, only, strict=True) if abs(printed[claim.class_id] - paid) > 1]
    assert far
    for choices in ([0] * len(claims), [len(claim.forms) - 1 for claim in claims]):
        assert sum(pour(claims, choices, proceeds)[0]) == proceeds


@pytest.mark.parametrize("case", of_kind("breakpoints"))
def test_breakpoints(case: dict[str, Any]) -> None:
    answer = pay_out(company(case["inputs"]["classes"]), "issuer", usd(1))
    assert answer.certificate == ()
    wanted = [Fraction(each) for each in case["expected"]["breakpoints"] if Fraction(each)]
    assert len(answer.breakpoints) == len(wanted)
    for found, each in zip(answer.breakpoints, wanted, strict=True):
        assert abs(found.proceeds - each) <= Fraction(case["tolerance"])
    if case["published"] is not None and not case.get("source_is_wrong"):
        for found, each in zip(answer.breakpoints, case["published"][1:], strict=True):
            assert abs(found.proceeds - Fraction(each)) <= Fraction(case["tolerance"])
    for found, event in zip(answer.breakpoints, case["expected"]["events"][1:], strict=True):
        who, _, what = event.rpartition(": ")[2].rpartition(" ")
        if what == "converts":
            assert f"{named(who)} converts into" in found.cause
        elif what == "exercises":
            assert f"{named(who)}-right is exercised for" in found.cause
        elif event.endswith("cap reached"):
            assert "reaches its cap" in found.cause
        else:
            assert "is paid in full" in found.cause


@pytest.mark.parametrize("case", of_kind("return-cap"))
def test_return_cap(case: dict[str, Any]) -> None:
    inputs, wanted = case["inputs"], case["expected"]
    capped = ShareClass(
        id="first",
        title="first",
        return_cap=Fraction(inputs["cap_multiple"]),
        excess_to="nonprofit",
        basis={"": BASIS},
    )
    given = company([{"name": "first", "kind": "common", "shares": 1}])
    entity = Entity(id="issuer", kind="partnership", title="E", classes={"first": capped}, basis={"": BASIS})
    held = (holding("investor", "first", 1, usd(inputs["invested"])),)
    parties = {name: Party(id=name, kind="person", title=name) for name in ("investor", "nonprofit")}
    given = Structure(
        on=given.on,
        account="keeper",
        under=None,
        parties=parties,
        entities={"issuer": entity},
        holdings={"issuer": held},
    )
    for proceeds, investor, excess in zip(
        inputs["entitlement"], wanted["investor"], wanted["nonprofit_excess"], strict=True
    ):
        assert pay_out(given, "issuer", usd(proceeds)).totals == {"investor": investor, "nonprofit": excess}


def test_every_published_case_of_these_kinds_is_here() -> None:
    assert {case["id"] for case in CASES} >= {"KD-700", "KD-2000", "WB-10", "WB-11b", "WB-14", "CP-01", "RC-W4"}
    assert len(CASES) == 20
