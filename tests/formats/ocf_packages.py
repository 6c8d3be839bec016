"""Small packages of the Open Cap Format, made here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from muniment.formats.ocf_types import FILES, OBJECTS

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "ocf"
ISSUER = {
    "object_type": "ISSUER",
    "id": "acme",
    "legal_name": "Acme, Inc.",
    "formation_date": "2020-01-01",
    "country_of_formation": "US",
}


def holder(name: str, kind: str = "INDIVIDUAL") -> dict[str, Any]:
    return {
        "object_type": "STAKEHOLDER",
        "id": name,
        "name": {"legal_name": name.title()},
        "stakeholder_type": kind,
    }


def share_class(name: str, kind: str = "COMMON", **more: Any) -> dict[str, Any]:
    return {
        "object_type": "STOCK_CLASS",
        "id": name,
        "name": name.title(),
        "class_type": kind,
        "default_id_prefix": f"{name[:2].upper()}-",
        "initial_shares_authorized": "10000000",
        "votes_per_share": "1",
        "seniority": "1",
        **more,
    }


def issued(security: str, to: str, of: str, shares: int | str, on: str = "2020-02-01", **more: Any) -> dict[str, Any]:
    return {
        "object_type": "TX_STOCK_ISSUANCE",
        "id": f"{security}-issuance",
        "security_id": security,
        "custom_id": security.upper(),
        "date": on,
        "stakeholder_id": to,
        "stock_class_id": of,
        "quantity": str(shares),
        "share_price": {"amount": "0.01", "currency": "USD"},
        "stock_legend_ids": [],
        "security_law_exemptions": [],
        **more,
    }


def action(kind: str, security: str, on: str, **more: Any) -> dict[str, Any]:
    made = {"object_type": f"TX_{kind}", "id": f"{security}-{kind.lower()}-{on}", "security_id": security, "date": on}
    return made | more


def packed(items: Iterable[Mapping[str, Any]], **manifest: Any) -> dict[str, bytes]:
    """Return the files of a package with the right MD5s."""
    lists: dict[str, list[Mapping[str, Any]]] = {label: [] for label in FILES}
    for item in items:
        lists[OBJECTS.get(str(item.get("object_type")), "transactions_files")].append(item)
    head: dict[str, Any] = {
        "file_type": "OCF_MANIFEST_FILE",
        "ocf_version": "1.2.0",
        "as_of": "2024-01-01",
        "generated_at": "2024-01-01T00:00:00Z",
        "issuer": ISSUER,
    }
    files = {}
    for label, listed in lists.items():
        name = f"{label}.ocf.json"
        data = json.dumps({"file_type": FILES[label], "items": listed}).encode()
        files[name] = data
        head[label] = [{"filepath": f"./{name}", "md5": hashlib.md5(data, usedforsecurity=False).hexdigest()}]
    files["Manifest.ocf.json"] = json.dumps(head | manifest).encode()
    return files


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


STORY: tuple[dict[str, Any], ...] = (
    holder("ada"),
    holder("grace"),
    holder("birch fund", "INSTITUTION"),
    share_class("common"),
    share_class(
        "series-a",
        "PREFERRED",
        seniority="2",
        price_per_share={"amount": "1.50", "currency": "USD"},
        liquidation_preference_multiple="1",
        conversion_rights=[
            {
                "type": "STOCK_CLASS_CONVERSION_RIGHT",
                "conversion_mechanism": {
                    "type": "RATIO_CONVERSION",
                    "ratio": {"numerator": "4", "denominator": "3"},
                    "conversion_price": {"amount": "1.125", "currency": "USD"},
                    "rounding_type": "NORMAL",
                },
                "converts_to_stock_class_id": "common",
            }
        ],
    ),
    {
        "object_type": "STOCK_PLAN",
        "id": "plan",
        "plan_name": "2020 Plan",
        "initial_shares_reserved": "500000",
        "stock_class_ids": ["common"],
    },
    {
        "object_type": "VESTING_TERMS",
        "id": "monthly",
        "name": "Four years",
        "description": "",
        "allocation_type": "CUMULATIVE_ROUND_DOWN",
        "vesting_conditions": [
            {
                "id": "start",
                "portion": {"numerator": "0", "denominator": "48"},
                "trigger": {"type": "VESTING_START_DATE"},
                "next_condition_ids": ["step"],
            },
            {
                "id": "step",
                "portion": {"numerator": "1", "denominator": "48"},
                "trigger": {
                    "type": "VESTING_SCHEDULE_RELATIVE",
                    "period": {"length": 1, "type": "MONTHS", "occurrences": 48, "day_of_month": "01"},
                    "relative_to_condition_id": "start",
                },
                "cliff_condition": {"id": "cliff", "period": {"length": 12, "type": "MONTHS"}},
                "next_condition_ids": [],
            },
        ],
    },
    issued("cs-1", "ada", "common", 600_000),
    issued("cs-2", "grace", "common", 400_000),
    issued("sa-1", "birch fund", "series-a", 300_000, "2020-03-01", share_price={"amount": "1.50", "currency": "USD"}),
    # A transfer of part: the rest is a certificate of its own.
    action(
        "STOCK_TRANSFER",
        "cs-2",
        "2021-01-01",
        quantity="100000",
        resulting_security_ids=["cs-3"],
        balance_security_id="cs-4",
    ),
    issued("cs-3", "ada", "common", 100_000, "2021-01-01"),
    issued("cs-4", "grace", "common", 300_000, "2021-01-01"),
    # On the same day the new certificate is cut in two, and one of the two is bought back.
    action("STOCK_REISSUANCE", "cs-3", "2021-01-01", resulting_security_ids=["cs-5", "cs-6"]),
    issued("cs-5", "ada", "common", 60_000, "2021-01-01"),
    issued("cs-6", "ada", "common", 40_000, "2021-01-01"),
    action("STOCK_REPURCHASE", "cs-6", "2021-01-01", quantity="40000", price={"amount": "2", "currency": "USD"}),
    # A conversion of part, at 4:3.
    action(
        "STOCK_CONVERSION",
        "sa-1",
        "2021-06-01",
        quantity_converted="90000",
        resulting_security_ids=["cs-7"],
        balance_security_id="sa-2",
    ),
    issued("cs-7", "birch fund", "common", 120_000, "2021-06-01"),
    issued("sa-2", "birch fund", "series-a", 210_000, "2021-06-01"),
    {
        "object_type": "TX_STOCK_CLASS_SPLIT",
        "id": "split",
        "date": "2022-01-01",
        "stock_class_id": "series-a",
        "split_ratio": {"numerator": "3", "denominator": "2"},
    },
    action(
        "STOCK_REISSUANCE",
        "sa-2",
        "2022-01-01",
        resulting_security_ids=["sa-3"],
        split_transaction_id="split",
    ),
    issued("sa-3", "birch fund", "series-a", 315_000, "2022-01-01"),
    action("STOCK_CANCELLATION", "cs-5", "2022-02-01", quantity="60000", reason_text="error"),
    {
        "object_type": "TX_EQUITY_COMPENSATION_ISSUANCE",
        "id": "option-issuance",
        "security_id": "option",
        "custom_id": "EQ-1",
        "date": "2020-05-01",
        "stakeholder_id": "grace",
        "stock_plan_id": "plan",
        "stock_class_id": "common",
        "compensation_type": "OPTION_ISO",
        "quantity": "48000",
        "exercise_price": {"amount": "0.10", "currency": "USD"},
        "vesting_terms_id": "monthly",
        "expiration_date": "2030-04-30",
        "termination_exercise_windows": [],
        "security_law_exemptions": [],
    },
    action("VESTING_START", "option", "2020-04-01", vesting_condition_id="start"),
    {
        "object_type": "TX_CONVERTIBLE_ISSUANCE",
        "id": "safe-issuance",
        "security_id": "safe",
        "custom_id": "SAFE-1",
        "date": "2020-06-01",
        "stakeholder_id": "birch fund",
        "convertible_type": "SAFE",
        "investment_amount": {"amount": "500000.00", "currency": "USD"},
        "seniority": 1,
        "security_law_exemptions": [],
        "conversion_triggers": [
            {
                "type": "AUTOMATIC_ON_CONDITION",
                "trigger_id": "next",
                "trigger_condition": 'the next "equity" round [@ any price]',
                "conversion_right": {
                    "type": "CONVERTIBLE_CONVERSION_RIGHT",
                    "conversion_mechanism": {
                        "type": "SAFE_CONVERSION",
                        "conversion_timing": "POST_MONEY",
                        "conversion_mfn": False,
                        "conversion_discount": "0.2",
                        "conversion_valuation_cap": {"amount": "10000000", "currency": "USD"},
                    },
                },
            }
        ],
    },
    {
        "object_type": "VALUATION",
        "id": "409a",
        "effective_date": "2020-04-01",
        "price_per_share": {"amount": "0.10", "currency": "USD"},
        "stock_class_id": "common",
        "valuation_type": "409A",
        "comments": ["two  spaces, a [@citation] and \u007f"],
    },
)
"""A company with a transfer, a reissuance, a repurchase, a conversion, a split and a cancellation."""
