"""What is outstanding: certificates close whole, in any order of file, and the book tells the same on every day."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ocf_packages import STORY, action, holder, issued, packed, share_class

from muniment.book.accounts import World
from muniment.book.checks import check_figures
from muniment.book.load import load_text
from muniment.formats.ocf_package import package_of
from muniment.formats.ocf_records import Imported, book_of
from muniment.formats.ocf_state import Ledger, ledger_of
from muniment.payout.cap_table import cap_table

LAST = date(2030, 1, 1)


def ledger(*items: dict[str, Any]) -> Ledger:
    return ledger_of(package_of(packed(items)))


def imported(*items: dict[str, Any]) -> Imported:
    made = book_of(package_of(packed(items)))
    assert isinstance(made, Imported)
    return made


def held_by_book(made: Imported, on: date) -> dict[tuple[str, str], Fraction | None]:
    text = "\n".join(text for name, text in made.files.items() if name.endswith(".muni"))
    book = load_text(text)
    assert [each for each in (*book.diagnostics, *check_figures(book)) if each.severity == "error"] == []
    return {(row.party, row.class_id): row.quantity for row in cap_table(World(book).on(on), made.company).rows}


def held_by_package(made: Imported, on: date) -> dict[tuple[str, str], Fraction]:
    return {
        (made.named.holders[party], made.named.classes[class_id]): shares
        for (party, class_id), shares in made.ledger.shares(on).items()
    }


def days_of(made: Imported) -> list[date]:
    days = {each.issued for each in made.ledger.securities.values()} | {
        each.on for each in made.ledger.closings.values()
    }
    return sorted({*days, *(day - timedelta(days=1) for day in days), LAST})


def test_the_story_ends_as_counted_by_hand() -> None:
    assert ledger(*STORY).shares(LAST) == {
        ("ada", "common"): 600_000,
        ("grace", "common"): 300_000,
        ("birch fund", "common"): 120_000,
        ("birch fund", "series-a"): 315_000,
    }


def test_the_story_is_written_as_what_happened() -> None:
    text = imported(*STORY).files["ledger.muni"]
    for words in (
        "2021-01-01 transfer acme",
        "  from: grace",
        "2021-01-01 repurchase acme",
        "  ada: 40,000 common for USD 80,000",
        "2022-01-01 split acme",
        "  series-a: 1:3/2",
        "2022-02-01 cancel acme",
        "  birch-fund: 300,000 series-a for USD 450,000",
    ):
        assert words in text
    assert (
        "  vests: 4 years monthly, 12 months cliff\n  vesting from: 2020-04-01" in imported(*STORY).files["rights.muni"]
    )
    company = imported(*STORY).files["company.muni"]
    assert "    converts: 1:4/3 into common" in company
    assert "    ranks: ahead of common" in company


def test_on_every_day_the_book_holds_what_the_package_holds() -> None:
    made = imported(*STORY)
    for day in days_of(made):
        assert held_by_book(made, day) == held_by_package(made, day), day


def test_a_quantity_is_never_subtracted() -> None:
    found = ledger(
        holder("ada"),
        share_class("common"),
        issued("a", "ada", "common", 100),
        action("STOCK_CANCELLATION", "a", "2021-01-01", quantity="30"),
    )
    assert found.shares(LAST) == {}
    (finding,) = found.findings
    assert (finding.kind, finding.severity) == ("no balance", "warning")
    assert "30 of 100" in finding.message
    assert "70 are missing" in finding.message


def test_a_certificate_closes_once_however_often_it_is_closed() -> None:
    found = ledger(
        holder("ada"),
        share_class("common"),
        issued("a", "ada", "common", 100),
        issued("b", "ada", "common", 7),
        action("STOCK_REPURCHASE", "a", "2021-01-01", quantity="100", price={"amount": "1", "currency": "USD"}),
        action("STOCK_CANCELLATION", "a", "2021-02-01", quantity="100"),
    )
    assert found.shares(LAST) == {("ada", "common"): 7}
    assert [each.kind for each in found.findings] == ["closed twice"]
    assert [item.kind for item in found.idle] == ["TX_STOCK_CANCELLATION"]


@pytest.mark.parametrize(
    ("items", "kind"),
    [
        ([issued("a", "ada", "common", 1), issued("a", "ada", "common", 2, "2021-01-01")], "security issued twice"),
        ([issued("a", "eve", "common", 1)], "missing object"),
        ([issued("a", "ada", "rare", 1)], "missing object"),
        ([action("STOCK_RETRACTION", "z", "2021-01-01")], "security never issued"),
        (
            [
                issued("a", "ada", "common", 1),
                action("STOCK_REISSUANCE", "a", "2021-01-01", resulting_security_ids=["b"]),
            ],
            "missing result",
        ),
        ([issued("a", "ada", "common", 1), action("STOCK_RETRACTION", "a", "2019-01-01")], "closed before issued"),
    ],
    ids=["twice", "holder", "class", "never", "result", "before"],
)
def test_a_gap_is_said_and_the_book_still_agrees(items: list[dict[str, Any]], kind: str) -> None:
    made = imported(holder("ada"), share_class("common"), *items)
    assert kind in {each.kind for each in made.findings}
    for day in days_of(made):
        assert held_by_book(made, day) == held_by_package(made, day)


def test_results_of_another_day_are_written_apart() -> None:
    made = imported(
        holder("ada"),
        holder("grace"),
        share_class("common"),
        issued("a", "ada", "common", 100),
        action("STOCK_TRANSFER", "a", "2021-01-10", quantity="100", resulting_security_ids=["b"]),
        issued("b", "grace", "common", 100, "2021-01-01"),
    )
    assert "written apart" in {each.kind for each in made.findings}
    assert held_by_package(made, date(2021, 1, 5)) == {("ada", "common"): 100, ("grace", "common"): 100}
    for day in days_of(made):
        assert held_by_book(made, day) == held_by_package(made, day)


def test_a_split_that_is_not_carried_out_is_said() -> None:
    split = {
        "object_type": "TX_STOCK_CLASS_SPLIT",
        "id": "s",
        "date": "2021-01-01",
        "stock_class_id": "common",
        "split_ratio": {"numerator": "2", "denominator": "1"},
    }
    made = imported(holder("ada"), share_class("common"), issued("a", "ada", "common", 100), split)
    assert "split" in {each.kind for each in made.findings}
    assert held_by_book(made, LAST) == {("ada", "common"): 100}


def test_more_than_is_authorized_is_said_and_gives_no_error() -> None:
    made = imported(holder("ada"), share_class("common"), issued("a", "ada", "common", 10_000_001))
    assert ("authorized", "error") in {(each.kind, each.severity) for each in made.findings}
    assert held_by_book(made, LAST) == {("ada", "common"): 10_000_001}


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_the_order_of_files_and_items_changes_nothing(chance: random.Random) -> None:
    shuffled = list(STORY)
    chance.shuffle(shuffled)
    one, other = ledger(*STORY), ledger(*shuffled)
    for day in days_of(imported(*STORY)):
        assert one.shares(day) == other.shares(day)
        assert [each.id for each in one.outstanding(day)] == [each.id for each in other.outstanding(day)]


ENDINGS = ("TRANSFER", "CANCELLATION", "REPURCHASE", "REISSUANCE", "RETRACTION", "CONVERSION")


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Draw a company whose certificates pass on, whole or in part, are cut, joined, cancelled, in any way."""
    items: list[dict[str, Any]] = [holder(name) for name in ("ada", "grace", "ina")]
    items += [share_class("common"), share_class("other")]
    there: dict[str, tuple[str, str, int, int]] = {}
    made = 0

    def new(to: str, of: str, shares: int, day: int) -> str:
        nonlocal made
        made += 1
        name = f"c{made}"
        items.append(issued(name, to, of, shares, (date(2020, 1, 1) + timedelta(days=day)).isoformat()))
        there[name] = (to, of, shares, day)
        return name

    day = 0
    for _ in range(draw(st.integers(1, 3))):
        new(draw(st.sampled_from(["ada", "grace"])), draw(st.sampled_from(["common", "other"])), 60, day)
    for _ in range(draw(st.integers(0, 7))):
        if not there:
            break
        day += draw(st.integers(0, 2))
        name = draw(st.sampled_from(sorted(there)))
        to, of, shares, since = there.pop(name)
        on = max(day, since)
        when = (date(2020, 1, 1) + timedelta(days=on)).isoformat()
        what = draw(st.sampled_from(ENDINGS))
        part = draw(st.integers(1, shares))
        late = draw(st.sampled_from([0, 0, 0, 1]))
        more: dict[str, Any] = {"quantity": str(part)}
        if what == "TRANSFER":
            more["resulting_security_ids"] = [new(draw(st.sampled_from(["ada", "ina"])), of, part, on + late)]
        elif what == "CONVERSION":
            more = {"quantity_converted": str(part)}
            more["resulting_security_ids"] = [new(to, "common", part * 2, on + late)]
        elif what == "REPURCHASE":
            more["price"] = {"amount": "1.25", "currency": "USD"}
        elif what == "REISSUANCE":
            part = shares
            cut = draw(st.integers(0, shares - 1))
            more = {"resulting_security_ids": [new(to, of, shares - cut, on)]}
            if cut:
                more["resulting_security_ids"].append(new(to, of, cut, on))
        elif what == "RETRACTION":
            part, more = shares, {}
        if part < shares and draw(st.booleans()):
            more["balance_security_id"] = new(to, of, shares - part, on)
        items.append(action(f"STOCK_{what}", name, when, **more))
    return items


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_any_history_is_told_alike_by_package_and_book_on_every_day(items: list[dict[str, Any]]) -> None:
    made = imported(*items)
    ends = [each for each in items if each["object_type"].startswith("TX_STOCK_")]
    closed = {each["security_id"]: each["date"] for each in ends if each["object_type"] != "TX_STOCK_ISSUANCE"}
    for day in days_of(made):
        replayed: dict[tuple[str, str], int] = {}
        for each in items:
            if each["object_type"] != "TX_STOCK_ISSUANCE" or each["date"] > day.isoformat():
                continue
            if closed.get(each["security_id"], "9999") > day.isoformat():
                key = (each["stakeholder_id"], each["stock_class_id"])
                replayed[key] = replayed.get(key, 0) + int(each["quantity"])
        assert made.ledger.shares(day) == replayed
        assert held_by_book(made, day) == held_by_package(made, day)
