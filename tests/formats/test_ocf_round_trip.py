"""There and back: what was imported comes out as it stood; a book of one's own comes back with the same figures."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from ocf_packages import STORY, packed
from test_ocf_state import histories

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.formats.ocf_export import Exported, package_from
from muniment.formats.ocf_package import Package, package_of
from muniment.formats.ocf_records import Imported, book_of
from muniment.formats.ocf_state import ledger_of
from muniment.payout.cap_table import cap_table

LAST = date(2030, 1, 1)


def text_of(package: Package) -> tuple[str, str]:
    made = book_of(package)
    assert isinstance(made, Imported)
    return made.company, "\n".join(text for name, text in made.files.items() if name.endswith(".muni"))


def exported(text: str, entity: str, on: date = LAST) -> Exported:
    return package_from(World(load_text(text)), entity, on)


def objects(package: Package) -> Counter[str]:
    return Counter(json.dumps(item.data, sort_keys=True) for item in package.items)


def test_what_was_imported_comes_out_as_it_stood() -> None:
    package = package_of(packed(STORY))
    company, text = text_of(package)
    there = package_of(exported(text, company).files)
    assert there.findings == ()
    assert objects(there) == objects(package)
    assert there.issuer is not None
    assert package.issuer is not None
    assert there.issuer.data == package.issuer.data
    assert text_of(package_of(exported(text_of(there)[1], company).files)) == text_of(there)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_any_history_comes_out_as_it_stood(items: list[dict[str, Any]]) -> None:
    package = package_of(packed(items))
    company, text = text_of(package)
    made = exported(text, company)
    assert [each for each in made.findings if each.severity == "error"] == []
    assert objects(package_of(made.files)) == objects(package)


def test_what_was_changed_since_is_written_anew_and_the_rest_stays() -> None:
    company, text = text_of(package_of(packed(STORY)))
    changed = text.replace("ada: 600,000 common for USD 6,000", "ada: 700,000 common for USD 7,000")
    assert changed != text
    made = exported(changed, company)
    assert [each.kind for each in made.findings if each.severity != "note"] == ["changed"]
    there = package_of(made.files)
    assert ledger_of(there).shares(LAST)[("ada", "common")] == 700_000
    assert ledger_of(there).securities["cs-1"].item.data["custom_id"] == "CS-1"
    assert sum((objects(there) & objects(package_of(packed(STORY)))).values()) == len(STORY) - 1


OWN = """2020-01-01 person ada "Ada Okafor"
2020-01-01 person grace "Grace Lindqvist"
2020-01-01 fund oak "Oak Fund"
2020-01-01 company acme "Acme, Inc."
  class common "Common Stock"
    authorized: 10,000,000
    votes per share: 1
  class series-a "Series A"
    authorized: 1,000,000
    votes per share: 1
    original issue price: USD 1.50
    liquidation preference: 1x
    participation: up to 3x
    ranks: ahead of common
    converts: 1:4/3 into common
  plan pool "Pool"
    of: common
    reserved: 100,000
2020-01-02 issue acme
  ada: 900,000 common for USD 900
  grace: 100,000 common for USD 100
2020-02-01 issue acme
  oak: 300,000 series-a for USD 450,000
2020-03-01 transfer acme
  from: ada
  oak: 50,000 common
  grace: 25,000 common
2020-04-01 repurchase acme
  ada: 10,000 common for USD 20,000
2020-05-01 convert acme
  into: common
  oak: 30,000 series-a
2020-06-01 split acme
  common: 1:3
2020-07-01 cancel acme
  grace: 30,000 common
2020-08-01 grant acme "EQ-1"
  to: grace
  quantity: 48,000
  of: common
  strike: USD 0.25
  vests: 4 years monthly, 12 months cliff
  plan: pool
2020-09-01 safe first-safe "SAFE-1"
  issuer: acme
  to: oak
  amount: USD 250,000
  cap: USD 8,000,000 post-money
  discount: 20%
2020-10-01 note first-note
  issuer: acme
  to: oak
  amount: USD 100,000
  interest: 6% a year, simple
  matures: 2022-10-01
  until: 2021-10-01
"""


def test_a_book_of_ones_own_comes_back_with_the_same_figures() -> None:
    made = exported(OWN, "acme")
    assert [each for each in made.findings if each.severity == "error"] == []
    package = package_of(made.files)
    assert package.findings == ()
    company, text = text_of(package)
    assert company == "acme"
    for on in ("2020-01-15", "2020-02-15", "2020-03-15", "2020-04-15", "2020-05-15", "2020-06-15", "2020-12-31"):
        tables = [
            {
                (row.party, row.class_id): (row.quantity, row.fully_diluted)
                for row in cap_table(World(load_text(words)).on(date.fromisoformat(on)), "acme").rows
            }
            for words in (OWN, text)
        ]
        assert tables[0] == tables[1], on
    for line in (
        "    authorized: 1,000,000",
        "    original issue price: USD 1.50",
        "    liquidation preference: 1x",
        "    participation: up to 3x",
        "    ranks: ahead of common",
        "    converts: 1:4/3 into common",
        "    reserved: 100,000",
        "  strike: USD 0.25",
        "  vests: 4 years monthly, 12 months cliff",
        "  plan: pool",
        "  cap: USD 8,000,000 post-money",
        "  discount: 20%",
        "  interest: 6% a year, simple",
        "  matures: 2022-10-01",
        "  until: 2021-10-01",
    ):
        assert line in text, line
    # And what came back goes out again as it stands.
    assert objects(package_of(exported(text, "acme").files)) == objects(package)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("    participation: full", "full participation"),
        ("    participation: up to USD 900,000 in all", "a cap on participation in money"),
        ("    dividend: 8% a year, cumulative", "dividends that run"),
        ("    dividends accrued: USD 5,000", "dividends accrued"),
        ("    return cap: 100x, excess to ada", "a cap on returns"),
        ("    held at most: 15% a holder", "a limit of a holder"),
    ],
)
def test_what_the_format_has_no_place_for_is_said(line: str, said: str) -> None:
    made = exported(OWN.replace("    participation: up to 3x", line), "acme")
    assert any(each.kind == "no place" and said in each.message for each in made.findings)


def test_a_third_is_kept_as_a_ratio_and_never_cut_off() -> None:
    made = exported(OWN.replace("300,000 series-a for USD 450,000", "300,000 series-a for USD 100"), "acme")
    assert any(each.kind == "decimals" for each in made.findings)
    classes = package_of(made.files).of("STOCK_CLASS")
    rights = next(each.data["conversion_rights"] for each in classes if each.id == "series-a")
    assert rights[0]["conversion_mechanism"]["ratio"] == {"numerator": "4", "denominator": "3"}


def test_shares_the_format_cannot_count_are_said_to_differ() -> None:
    made = exported(OWN.replace("  common: 1:3\n", "  common: 1:1/7\n"), "acme")
    assert {"decimals", "does not agree"} <= {each.kind for each in made.findings if each.severity == "error"}
