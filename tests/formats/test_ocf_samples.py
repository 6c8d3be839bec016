"""The published packages beside the checkout, and the figures that are known of them."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from ocf_packages import SHARED

from muniment.book.accounts import World
from muniment.book.checks import check_figures
from muniment.book.load import load_text
from muniment.formats.ocf_export import package_from
from muniment.formats.ocf_package import Package, package_of, read_package
from muniment.formats.ocf_records import Imported, book_of
from muniment.formats.ocf_state import ledger_of
from muniment.formats.ocf_types import ISSUANCES, KNOWN, number
from muniment.payout.cap_table import cap_table

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder `shared` does not stand beside the checkout")
PUBLISHED = SHARED.parents[1] / "published" / "payout.json"
NAMES = ("minicap", "example-inc", "acme_holdings_limited", "tutorial_options", "samples")
LAST = date(2030, 1, 1)


def package(name: str) -> Package:
    return read_package(SHARED / name, every_file=name == "samples")


def book(made: Imported) -> str:
    return "\n".join(text for name, text in made.files.items() if name.endswith(".muni"))


def imported(name: str) -> Imported:
    made = book_of(package(name))
    assert isinstance(made, Imported)
    return made


@pytest.mark.parametrize("name", NAMES)
def test_the_book_has_no_errors_and_agrees_on_every_day(name: str) -> None:
    made = imported(name)
    loaded = load_text(book(made))
    assert [each for each in (*loaded.diagnostics, *check_figures(loaded)) if each.severity == "error"] == []
    world = World(loaded)
    days = {each.issued for each in made.ledger.securities.values()}
    days |= {each.on for each in made.ledger.closings.values()} | {LAST}
    for day in sorted(days):
        table = cap_table(world.on(day), made.company)
        assert {(row.party, row.class_id): row.quantity for row in table.rows} == {
            (made.named.holders[party], made.named.classes[class_id]): shares
            for (party, class_id), shares in made.ledger.shares(day).items()
        }


@pytest.mark.parametrize("name", NAMES)
def test_what_was_imported_comes_out_as_it_stood(name: str) -> None:
    made, there = imported(name), package(name)
    again = package_of(package_from(World(load_text(book(made))), made.company, LAST).files)
    assert Counter(json.dumps(each.data, sort_keys=True) for each in again.items) == Counter(
        json.dumps(each.data, sort_keys=True) for each in there.items
    )
    assert again.issuer is not None
    assert there.issuer is not None
    assert again.issuer.data == there.issuer.data


def test_minicap_is_verified_and_its_table_exact() -> None:
    there, made = package("minicap"), imported("minicap")
    assert len(there.checked) == 5
    assert [each for each in made.findings if each.severity == "error"] == []
    assert made.ledger.shares(date(2026, 9, 1)) == {
        ("founder-alex", "common"): 4_500_000,
        ("founder-sam", "common"): 4_500_000,
    }
    text = book(made)
    for line in (
        "part: 7%",
        "mfn: yes",
        "cap: USD 15,000,000 post-money",
        "reserved: 1,000,000",
        "amount: USD 375,000",
    ):
        assert f"  {line}\n" in text


def test_the_published_figures_of_example_inc() -> None:
    cases = {case["id"]: case for case in json.loads(PUBLISHED.read_text(encoding="utf-8"))}
    expected = cases["OCF-01"]["expected"]
    there, made = package("example-inc"), imported("example-inc")
    named = {item.id: str(item.data["name"]) for item in there.of("STOCK_CLASS")}
    totals: dict[str, Fraction] = {}
    for (_, class_id), shares in made.ledger.shares(date(2023, 3, 2)).items():
        totals[named[class_id]] = totals.get(named[class_id], Fraction(0)) + shares
    assert totals == expected["outstanding"]
    assert sum(item.kind in ISSUANCES for item in there.items) == expected["issuances"]
    assert len(there.of("STAKEHOLDER")) == 22
    assert len(there.of("TX_EQUITY_COMPENSATION_ISSUANCE")) == 26
    for label, kind in (("granted", "ISSUANCE"), ("exercised", "EXERCISE"), ("cancelled", "CANCELLATION")):
        stated = [number(item.data["quantity"]) for item in there.of(f"TX_EQUITY_COMPENSATION_{kind}")]
        assert sum(each for each in stated if each is not None) == expected[f"plan_{label}"]
    assert not {"security never issued", "security issued twice"} & {each.kind for each in made.findings}
    holders_and_classes = [each for each in made.findings if each.kind == "missing object" and each.severity == "error"]
    assert holders_and_classes == []


def test_acme_reports_what_it_lacks_and_still_has_a_table() -> None:
    made = imported("acme_holdings_limited")
    results = [each for each in made.findings if each.kind == "missing result"]
    assert len(results) == 4
    assert all("share_issuance_0" in each.message for each in results)
    assert any("stock_plan_01" in each.message for each in made.findings if each.kind == "missing object")
    assert made.ledger.shares(date(2023, 6, 29)) == {
        ("fionaFounder", "ordinaryA"): 120_000,
        ("fionaFounder", "preferred"): 15_000,
        ("charlieCofounder", "ordinaryA"): 25_000,
        ("janeCTO", "ordinaryB"): 50_000,
    }
    assert made.ledger.shares(date(2023, 2, 28))[("janeCTO", "ordinaryB")] == 25_000
    assert "  ordinary-b: 1:2\n" in made.files["ledger.muni"] or "ordinaryb: 1:2\n" in made.files["ledger.muni"]


def test_the_samples_hold_every_type_and_their_gaps_are_counted() -> None:
    there = read_package(SHARED / "samples")
    found = ledger_of(there).findings
    never = {each.where for each in found if each.kind == "security never issued" and "consolidation" not in each.where}
    assert len(never) == 16
    assert sum(each.kind == "security issued twice" for each in found) == 9
    assert len([item for item in there.items if item.where.startswith("Transactions")]) == 86
    assert {item.kind for item in package("samples").items} | {"ISSUER"} == KNOWN
