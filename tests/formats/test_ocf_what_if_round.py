"""A package of the Open Cap Format is imported, and a round asked of the book: from the files to the share counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ocf_packages import SHARED, holder, issued, packed, share_class, write

from muniment.book.accounts import World
from muniment.book.load import load_text
from muniment.cli.main import run
from muniment.formats.ocf_export import package_from
from muniment.formats.ocf_package import package_of
from muniment.formats.ocf_records import Imported, book_of

PLACES = 10**5


def up(number: Fraction) -> Fraction:
    """Round a price up to five places."""
    return Fraction(-((-number * PLACES).numerator // (-number * PLACES).denominator), PLACES)


def asked(capsys: pytest.CaptureFixture[str], folder: Path, book: Path, scenario: Mapping[str, Any]) -> dict[str, Any]:
    """Import a package, add the new investors of a scenario as parties, and ask for its round."""
    assert run(["import", "ocf", str(folder), "-o", str(book)]) == 0
    capsys.readouterr()
    sold = []
    for number, each in enumerate(scenario["investments"]):
        party = f"new-investor-{number}"
        with (book / "investors.muni").open("a", encoding="utf-8") as file:
            file.write(f'{scenario["as_of"]} fund {party} "{each["stakeholder_id"]}"\n')
        sold += ["--sold-to", f"{party} for {scenario['currency']} {each['amount']}"]
    basis = {"post_money": "--post", "pre_money": "--pre"}[scenario["valuation_basis"]]
    words = ["round", str(book), json.loads((folder / "Manifest.ocf.json").read_text("utf-8"))["issuer"]["id"]]
    words += ["--on", scenario["financing_date"], basis, f"{scenario['currency']} {scenario['valuation']}", *sold]
    words += ["--pool-after", f"{Fraction(scenario['target_option_pool']) * 100}%"]
    words += ["--price-rounds", "up to 5 places", "--shares-round", "down", "--json"]
    assert run(words) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert answer["refusals"] == []
    return answer


def counts(answer: Mapping[str, Any], names: Mapping[str, str]) -> dict[Fraction, dict[str, Fraction]]:
    """Return for each price that fits the shares after the round, by the name of who has them."""
    found: dict[Fraction, dict[str, Fraction]] = {}
    for number, solution in enumerate(answer["solutions"], 1):
        shares: dict[str, Fraction] = {}
        for row in answer["rows"]:
            if row["solution"] == number:
                name = "Unallocated option pool" if row["kind"] == "pool" else names[row["party"]]
                shares[name] = shares.get(name, Fraction(0)) + Fraction(row["after"])
        found[Fraction(solution["price"])] = shares
    return found


def names_of(folder: Path, scenario: Mapping[str, Any]) -> dict[str, str]:
    named = {f"new-investor-{n}": each["stakeholder_id"] for n, each in enumerate(scenario["investments"])}
    for path in folder.glob("*.ocf.json"):
        for item in json.loads(path.read_text("utf-8")).get("items", ()):
            if item.get("object_type") == "STAKEHOLDER":
                named[item["id"]] = item["name"]["legal_name"]
    return named


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder `shared` does not stand beside the checkout")
def test_the_published_scenario_of_minicap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two prices fit the rounded definitions; the published one is one of them, with all of its six share counts."""
    folder = SHARED / "minicap"
    scenario = json.loads((folder / "scenario-series-a-10-on-40.request.json").read_text("utf-8"))
    expected = json.loads((folder / "scenario-series-a-10-on-40.expected.json").read_text("utf-8"))
    answer = asked(capsys, folder, tmp_path / "book", scenario)
    found = counts(answer, names_of(folder, scenario))
    assert found[Fraction(expected["price_per_share"])] == expected["shares"]
    assert len(expected["shares"]) == 6
    assert expected["price_per_share"] == "2.37913"
    assert set(found) == {Fraction("2.37912"), Fraction("2.37913")}
    assert answer["settled"] is False


def safe(name: str, to: str, amount: int, mechanism: Mapping[str, Any], on: str = "2026-02-01") -> dict[str, Any]:
    right = {
        "type": "CONVERTIBLE_CONVERSION_RIGHT",
        "converts_to_future_round": True,
        "conversion_mechanism": dict(mechanism),
    }
    trigger = {
        "type": "AUTOMATIC_ON_CONDITION",
        "trigger_id": f"{name}-financing",
        "trigger_condition": "the next financing",
        "conversion_right": right,
    }
    return {
        "object_type": "TX_CONVERTIBLE_ISSUANCE",
        "id": f"{name}-issuance",
        "security_id": name,
        "custom_id": name.upper(),
        "date": on,
        "stakeholder_id": to,
        "convertible_type": "SAFE",
        "investment_amount": {"amount": str(amount), "currency": "USD"},
        "seniority": 1,
        "security_law_exemptions": [],
        "conversion_triggers": [trigger],
    }


def prices_that_fit(
    common: int, pool: int, part: Fraction, favored: int, capped: int, cap: int, post: int, money: int, target: Fraction
) -> dict[Fraction, dict[str, int]]:
    """Try every price of five places near the exact one: each count follows from the price, and the price from them."""
    whole = int((common + pool) / (1 - part - Fraction(favored + capped, cap))) + 1
    while True:
        price = up(Fraction(cap, whole))
        of_part, of_favored, of_capped = int(part * whole), int(favored / price), int(capped / price)
        counted = common + pool + of_part + of_favored + of_capped
        if counted == whole:
            break
        whole = counted
    sold = Fraction(money, post)
    exact = post / max(whole / (1 - sold), (whole - pool) / (1 - target - sold))
    fitting: dict[Fraction, dict[str, int]] = {}
    for step in range(-300, 301):
        tried = up(exact) + Fraction(step, PLACES)
        bought = int(money / tried)
        kept = whole - pool + bought
        pool_after = max(pool, int(kept * target / (1 - target)))
        total = next(
            each
            for each in range(kept + pool_after - 2, kept + pool_after + 3)
            if each - kept == max(pool, int(target * each))
        )
        if up(Fraction(post, total)) == tried:
            shares = {"part and favored": of_part + of_favored, "capped": of_capped, "bought": bought}
            fitting[tried] = {**shares, "pool": total - kept}
    return fitting


@pytest.mark.parametrize(
    ("pool", "favored", "capped", "cap", "post", "money", "target"),
    [
        (700_000, 350_000, 900_000, 12_000_000, 30_000_000, 6_000_000, "0.12"),
        (1_000_000, 375_000, 1_000_000, 15_000_000, 40_000_000, 10_000_000, "0.10"),
        (2_500_000, 125_000, 2_000_000, 9_000_000, 25_000_000, 5_000_000, "0.05"),
    ],
)
def test_a_package_of_the_same_shape(
    pool: int,
    favored: int,
    capped: int,
    cap: int,
    post: int,
    money: int,
    target: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A fixed part, a most-favored SAFE and a capped one, against every price of five places tried in turn."""
    plan = {"object_type": "STOCK_PLAN", "id": "plan", "plan_name": "Plan", "stock_class_ids": ["common"]}
    items = (
        holder("ada"),
        holder("grace"),
        holder("birch", "INSTITUTION"),
        holder("elm", "INSTITUTION"),
        share_class("common", initial_shares_authorized="20000000"),
        plan | {"initial_shares_reserved": str(pool)},
        issued("c1", "ada", "common", 4_000_000),
        issued("c2", "grace", "common", 3_000_000),
        safe(
            "part",
            "birch",
            125_000,
            {"type": "FIXED_PERCENT_OF_CAPITALIZATION_CONVERSION", "converts_to_percent": "0.07"},
        ),
        safe("favored", "birch", favored, {"type": "SAFE_CONVERSION", "conversion_mfn": True}),
        safe(
            "capped",
            "elm",
            capped,
            {
                "type": "SAFE_CONVERSION",
                "conversion_timing": "POST_MONEY",
                "conversion_mfn": False,
                "conversion_valuation_cap": {"amount": str(cap), "currency": "USD"},
            },
            "2026-06-01",
        ),
    )
    scenario = {
        "financing_date": "2026-10-01",
        "as_of": "2026-09-01",
        "currency": "USD",
        "valuation_basis": "post_money",
        "valuation": str(post),
        "investments": [{"stakeholder_id": "Lead", "amount": str(money)}],
        "target_option_pool": target,
    }
    folder = write(packed(items), tmp_path / "package")
    found = counts(asked(capsys, folder, tmp_path / "book", scenario), names_of(folder, scenario))
    part = Fraction(7, 100)
    fitting = prices_that_fit(7_000_000, pool, part, favored, capped, cap, post, money, Fraction(target))
    assert fitting
    assert found == {
        price: {
            "Ada": 4_000_000,
            "Grace": 3_000_000,
            "Birch": shares["part and favored"],
            "Elm": shares["capped"],
            "Lead": shares["bought"],
            "Unallocated option pool": shares["pool"],
        }
        for price, shares in fitting.items()
    }


@pytest.mark.parametrize(("over", "under", "line"), [("2", "1", "2x"), ("3", "2", "1.5x"), ("4", "3", "1 1/3x")])
def test_what_is_paid_back_goes_in_and_out(over: str, under: str, line: str) -> None:
    multiple = {"numerator": over, "denominator": under}
    mechanism = {"type": "SAFE_CONVERSION", "conversion_mfn": True, "exit_multiple": multiple}
    items = (holder("ada"), share_class("common"), issued("c1", "ada", "common", 10), safe("s", "ada", 5, mechanism))
    made = book_of(package_of(packed(items)))
    assert isinstance(made, Imported)
    written = "\n".join(text for name, text in made.files.items() if name.endswith(".muni"))
    assert f"  repays: {line}\n" in written
    anew = "\n".join(each for each in written.splitlines() if "remark: ocf" not in each)
    again = package_of(package_from(World(load_text(anew)), made.company, date(2027, 1, 1)).files)
    (out,) = again.of("TX_CONVERTIBLE_ISSUANCE")
    (trigger,) = out.data["conversion_triggers"]
    assert trigger["conversion_right"]["conversion_mechanism"]["exit_multiple"] == multiple
