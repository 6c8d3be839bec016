"""SAFEs and notes there and back: the same is paid on every date, and what the format cannot hold is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from ocf_packages import holder, packed, share_class

from muniment.answers.paying import payouts
from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.book.structure import Convertible
from muniment.formats.ocf_export import Exported, package_from
from muniment.formats.ocf_package import package_of
from muniment.formats.ocf_records import Imported, book_of
from muniment.model.values import Money

LAST = date(2030, 1, 1)
DAYS = [date(2021, 3, 31), date(2022, 2, 28), date(2023, 3, 1), date(2024, 2, 29), date(2026, 7, 17)]
COMPANY = """\
2020-01-01 company tern "Tern"
  class common
  plan pool
    of: common
    reserved: 1,000,000

2020-01-01 person ada "Ada"
2020-01-01 person ben "Ben"
2020-01-01 person eve "Eve"

2020-01-01 issue tern
  ada: 8,000,000 common

2020-06-01 safe early
  issuer: tern
  to: ben
  amount: USD 300,000
  discount: 30%

2021-03-01 {kind} one
  issuer: tern
  to: eve
  amount: USD 100,000
{lines}"""


def book(lines: str, kind: str = "note") -> str:
    indented = "".join(f"  {line}\n" for line in lines.splitlines())
    return COMPANY.format(kind=kind, lines=indented)


def exported(text: str) -> Exported:
    return package_from(World(load_text(text)), "tern", LAST)


def text_of(files: Any) -> str:
    made = book_of(package_of(files))
    assert isinstance(made, Imported)
    texts = [text for name, text in made.files.items() if name.endswith(".muni")]
    return "\n".join(line for text in texts for line in text.splitlines() if "remark: ocf" not in line)


def mechanism_of(files: Any) -> dict[str, Any]:
    for item in package_of(files).items:
        if item.data.get("security_id") == "one" and item.kind == "TX_CONVERTIBLE_ISSUANCE":
            found: dict[str, Any] = item.data["conversion_triggers"][0]["conversion_right"]["conversion_mechanism"]
            return found
    raise AssertionError


def paid(text: str, on: date, proceeds: int) -> list[tuple[str, Fraction]]:
    found = payouts(World(load_text(text)), on, (), "tern", Money(Fraction(proceeds), "USD"), "sale")
    assert [each.payout.refusals for each in found] == [()]
    return sorted((row.party, row.amount) for row in found[0].payout.rows)


def terms(text: str) -> Convertible:
    (found,) = (each for each in World(load_text(text)).on(LAST).convertibles if each.id == "one")
    return replace(found, basis=found.basis._replace(span=None), places=())  # type: ignore[arg-type]


@pytest.mark.parametrize("day_count", ["30/360", "actual/365"])
@pytest.mark.parametrize(
    "interest",
    [
        "8% a year",
        "8% a year, simple",
        "8% a year, compounded",
        "8% a year, compounded yearly",
        "8% per year, compounded semi-annually",
        "7.25% a year, compounded quarterly",
        "8% a year, compounded monthly",
    ],
)
def test_the_interest_of_a_note_comes_back(interest: str, day_count: str) -> None:
    text = book(f"interest: {interest}\nday count: {day_count}\ncap: USD 5,000,000 pre-money\nmatures: 2024-03-01")
    made = exported(text)
    assert [each for each in made.findings if each.where == "one" and each.severity != "note"] == []
    there = text_of(made.files)
    for on in DAYS:
        for proceeds in (90_000, 400_000, 9_000_000):
            assert paid(there, on, proceeds) == paid(text, on, proceeds), (on, proceeds)
    assert text_of(exported(there).files) == there


def test_a_note_is_written_as_the_format_asks() -> None:
    made = exported(book("interest: 8% a year, compounded quarterly\nday count: 30/360\ncap: USD 5,000,000 pre-money"))
    mechanism = mechanism_of(made.files)
    rules = mechanism.pop("capitalization_definition_rules")
    assert mechanism == {
        "type": "CONVERTIBLE_NOTE_CONVERSION",
        "interest_rates": [{"rate": "0.08", "accrual_start_date": "2021-03-01"}],
        "day_count_convention": "30_360",
        "interest_payout": "DEFERRED",
        "interest_accrual_period": "QUARTERLY",
        "compounding_type": "COMPOUNDING",
        "conversion_valuation_cap": {"amount": "5000000", "currency": "USD"},
    }
    assert {rule for rule, there in rules.items() if there} == {
        "include_outstanding_shares",
        "include_outstanding_options",
        "include_outstanding_unissued_options",
        "include_option_pool_topup_for_promised_options",
    }
    assert len(rules) == 8


@pytest.mark.parametrize("kind", ["safe", "note"])
@pytest.mark.parametrize(
    "lines",
    [
        "cap: USD 5,000,000 post-money",
        "cap: USD 5,000,000, pre-money",
        "cap: USD 5,000,000.50 post-money\ndiscount: 12.5%",
        "cap: USD 5,000,000 post-money\ncap counts: issued, options, pool increase",
        "cap: USD 5,000,000 pre-money\ncap counts: issued, options, this, other conversions",
        "discount: 20%\nrepays: 1.5x",
        "mfn: yes",
        "part: 7%",
        "part: 7%\ncap counts: issued, new money",
        "",
    ],
)
def test_the_terms_of_conversion_come_back(kind: str, lines: str) -> None:
    text = book(lines, kind)
    made = exported(text)
    assert [each for each in made.findings if each.where == "one" and each.severity != "note"] == []
    was, now = terms(text), terms(text_of(made.files))
    assert (now.cap_counts, now.repays) == (was.cap_counts, was.repays)
    assert now == replace(was, basis=now.basis, cap=was.cap.replace(",000, pre", ",000 pre"))


@pytest.mark.parametrize(
    ("lines", "severity", "words"),
    [
        ("interest: 8% a year, simple\nday count: actual/360", "warning", "its day count, actual/360"),
        ("interest: 8% a year, simple", "warning", "its day count, which the format requires"),
        ("interest: prime plus 2%", "error", "its interest in words"),
        ("interest: 8% a year, simple\nday count: 30/360\nat maturity: repaid", "warning", "'at maturity'"),
        ("part: 7%\ndiscount: 20%", "warning", "'discount', beside the part"),
        ("discount: 1/3", "warning", "does not end within ten decimals"),
        ("cap: USD 1,000 post-money\ncap counts: issued, adjustments", "warning", "adjustments"),
        ("quantity: 3", "warning", "'quantity'"),
    ],
)
def test_what_the_format_cannot_hold_is_said(lines: str, severity: str, words: str) -> None:
    found = [each for each in exported(book(lines)).findings if words in each.message and each.where == "one"]
    assert [each.severity for each in found] == [severity]


def test_a_safe_bears_no_interest_in_the_format_and_has_no_day() -> None:
    made = exported(book("interest: 8% a year, simple\nmatures: 2024-03-01\ncap: USD 1,000,000", "safe"))
    said = " ".join(each.message for each in made.findings if each.severity == "warning" and each.where == "one")
    assert "the interest of a SAFE" in said
    assert "the day on which a SAFE is due" in said
    assert "before or after the money" in said
    assert mechanism_of(made.files).keys() == {"type", "conversion_valuation_cap", "conversion_mfn"}


NOTE = {
    "type": "CONVERTIBLE_NOTE_CONVERSION",
    "interest_rates": [{"rate": "0.08", "accrual_start_date": "2021-03-01"}],
    "day_count_convention": "ACTUAL_365",
    "interest_payout": "DEFERRED",
    "interest_accrual_period": "MONTHLY",
    "compounding_type": "COMPOUNDING",
}


def imported(mechanism: dict[str, Any]) -> tuple[str, list[str]]:
    note = {
        "object_type": "TX_CONVERTIBLE_ISSUANCE",
        "id": "note-issuance",
        "security_id": "one",
        "custom_id": "one",
        "date": "2021-03-01",
        "stakeholder_id": "ada",
        "convertible_type": "NOTE",
        "investment_amount": {"amount": "100000", "currency": "USD"},
        "conversion_triggers": [{"type": "UNSPECIFIED", "conversion_right": {"conversion_mechanism": mechanism}}],
        "seniority": 1,
        "security_law_exemptions": [],
    }
    made = book_of(package_of(packed([holder("ada"), share_class("common"), note])))
    assert isinstance(made, Imported)
    text = "\n".join(text for name, text in made.files.items() if name.endswith(".muni"))
    assert load_text(text).diagnostics == ()
    (line,) = [line.strip() for line in text.splitlines() if line.startswith("  interest: ")]
    return line.removeprefix("interest: "), [each.message for each in made.findings if each.kind == "interest"]


def test_how_often_interest_is_compounded_is_read() -> None:
    assert imported(NOTE) == ("8% a year, compounded monthly", [])
    assert imported({**NOTE, "compounding_type": "SIMPLE"}) == ("8% a year, simple", [])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"interest_accrual_period": "DAILY"}, "8% a year from 2021-03-01, compounded daily"),
        ({"interest_accrual_period": None}, "8% a year from 2021-03-01, compounded over a period not stated"),
        ({"interest_payout": "CASH"}, "8% a year from 2021-03-01, compounded monthly, paid in cash"),
        (
            {"interest_rates": [{"rate": "0.08", "accrual_start_date": "2021-05-01"}]},
            "8% a year from 2021-05-01, compounded monthly",
        ),
        (
            {
                "interest_rates": [
                    {"rate": "0.08", "accrual_start_date": "2021-03-01", "accrual_end_date": "2022-01-01"}
                ]
            },
            "8% a year from 2021-03-01 to 2022-01-01, compounded monthly",
        ),
        ({"interest_rates": [], "interest_rate": "5.0"}, "5.0, as an 'interest_rate' that the format does not have"),
    ],
)
def test_interest_that_a_book_cannot_say_is_never_computed(changed: dict[str, Any], words: str) -> None:
    line, said = imported(NOTE | changed)
    assert line.startswith(words)
    assert len(said) == 1
    assert "nothing is computed from it" in said[0]
    text = book(f"interest: {line}\nday count: 30/360")
    found = payouts(World(load_text(text)), DAYS[1], (), "tern", Money(Fraction(400_000), "USD"), "sale")
    assert all(each.payout.refusals for each in found)


def test_a_line_of_nobody_is_not_exported() -> None:
    text = book("").replace("  ada: 8,000,000 common\n", "  ada: 8,000,000 common\n  eda: 5 common\n")
    made = exported(text)
    said = [(each.severity, each.message) for each in made.findings if each.kind in ("holder", "does not agree")]
    assert said == [("error", "no record defines a party 'eda': the line is left out")]
