"""The types of the Open Cap Format: files, objects, transactions, and the fields that anything is computed from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NamedTuple

MANIFEST = "OCF_MANIFEST_FILE"
FILES: Mapping[str, str] = {
    "stakeholders_files": "OCF_STAKEHOLDERS_FILE",
    "stock_classes_files": "OCF_STOCK_CLASSES_FILE",
    "stock_plans_files": "OCF_STOCK_PLANS_FILE",
    "stock_legend_templates_files": "OCF_STOCK_LEGEND_TEMPLATES_FILE",
    "vesting_terms_files": "OCF_VESTING_TERMS_FILE",
    "valuations_files": "OCF_VALUATIONS_FILE",
    "transactions_files": "OCF_TRANSACTIONS_FILE",
    "financings_files": "OCF_FINANCINGS_FILE",
    "documents_files": "OCF_DOCUMENTS_FILE",
}
"""Lists of the manifest, each with the type of the files it names."""
OPTIONAL_LISTS = frozenset({"financings_files", "documents_files"})

OBJECTS: Mapping[str, str] = {
    "STAKEHOLDER": "stakeholders_files",
    "STOCK_CLASS": "stock_classes_files",
    "STOCK_PLAN": "stock_plans_files",
    "STOCK_LEGEND_TEMPLATE": "stock_legend_templates_files",
    "VESTING_TERMS": "vesting_terms_files",
    "VALUATION": "valuations_files",
    "FINANCING": "financings_files",
    "DOCUMENT": "documents_files",
}
"""Objects that are no transactions, each with the list its file stands in; every other stands among transactions."""

Family = Literal["STOCK", "CONVERTIBLE", "EQUITY_COMPENSATION", "WARRANT"]
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "STOCK": (
        "ACCEPTANCE",
        "TRANSFER",
        "CANCELLATION",
        "RETRACTION",
        "REPURCHASE",
        "REISSUANCE",
        "CONSOLIDATION",
        "CONVERSION",
    ),
    "CONVERTIBLE": ("ACCEPTANCE", "TRANSFER", "CANCELLATION", "RETRACTION", "CONVERSION"),
    "EQUITY_COMPENSATION": (
        "ACCEPTANCE",
        "TRANSFER",
        "CANCELLATION",
        "RETRACTION",
        "EXERCISE",
        "RELEASE",
        "REPRICING",
    ),
    "WARRANT": ("ACCEPTANCE", "TRANSFER", "CANCELLATION", "RETRACTION", "EXERCISE"),
}
"""What may be done with a security of each family once it is issued."""
EXERCISES = frozenset({"EXERCISE", "RELEASE"})
"""Actions by which shares are got under a grant: a release is what settles RSUs."""
CLOSING = EXERCISES | {
    "TRANSFER",
    "CANCELLATION",
    "RETRACTION",
    "REPURCHASE",
    "REISSUANCE",
    "CONSOLIDATION",
    "CONVERSION",
}
"""Actions after which a security is no longer there; what is left of it is a security of its own."""
ISSUANCES: Mapping[str, str] = {f"TX_{family}_ISSUANCE": family for family in ACTIONS}
ON_A_SECURITY: Mapping[str, tuple[str, str]] = {
    f"TX_{family}_{action}": (family, action) for family, actions in ACTIONS.items() for action in actions
} | {f"TX_VESTING_{action}": ("", f"VESTING_{action}") for action in ("START", "EVENT", "ACCELERATION")}
OF_A_CLASS = frozenset(
    {
        "TX_STOCK_CLASS_SPLIT",
        "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT",
        "TX_STOCK_CLASS_AUTHORIZED_SHARES_ADJUSTMENT",
    }
)
OTHER_TRANSACTIONS = frozenset(
    {
        *OF_A_CLASS,
        "TX_ISSUER_AUTHORIZED_SHARES_ADJUSTMENT",
        "TX_STOCK_PLAN_POOL_ADJUSTMENT",
        "TX_STOCK_PLAN_RETURN_TO_POOL",
        "CE_STAKEHOLDER_RELATIONSHIP",
        "CE_STAKEHOLDER_STATUS",
    }
)
KNOWN = frozenset({"ISSUER", *OBJECTS, *ISSUANCES, *ON_A_SECURITY, *OTHER_TRANSACTIONS})
OLD_NAME = re.compile(r"TX_PLAN_SECURITY_")

REFERENCES: Mapping[str, str] = {
    "stakeholder_id": "STAKEHOLDER",
    "stock_class_id": "STOCK_CLASS",
    "stock_class_ids": "STOCK_CLASS",
    "converts_to_stock_class_id": "STOCK_CLASS",
    "stock_plan_id": "STOCK_PLAN",
    "vesting_terms_id": "VESTING_TERMS",
    "valuation_id": "VALUATION",
    "stock_legend_ids": "STOCK_LEGEND_TEMPLATE",
    "security_id": "security",
    "security_ids": "security",
    "balance_security_id": "security",
    "resulting_security_id": "security",
    "resulting_security_ids": "security",
    "issuer_id": "ISSUER",
}
"""Fields that name another object, each with what it must be."""

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "STAKEHOLDER": ("name", "stakeholder_type"),
    "STOCK_CLASS": ("name", "class_type"),
    "STOCK_PLAN": ("plan_name",),
    "TX_STOCK_ISSUANCE": ("security_id", "date", "stakeholder_id", "stock_class_id", "quantity"),
    "TX_CONVERTIBLE_ISSUANCE": ("security_id", "date", "stakeholder_id", "convertible_type", "investment_amount"),
    "TX_EQUITY_COMPENSATION_ISSUANCE": ("security_id", "date", "stakeholder_id", "quantity"),
    "TX_WARRANT_ISSUANCE": ("security_id", "date", "stakeholder_id"),
    "TX_STOCK_CONSOLIDATION": ("security_ids", "date"),
    "TX_STOCK_CLASS_SPLIT": ("stock_class_id", "date", "split_ratio"),
    "TX_STOCK_CLASS_AUTHORIZED_SHARES_ADJUSTMENT": ("stock_class_id", "date", "new_shares_authorized"),
    "TX_STOCK_PLAN_POOL_ADJUSTMENT": ("stock_plan_id", "date", "shares_reserved"),
}
"""Fields without which nothing can be computed from an object; every other on a security needs it and a date."""

NUMERIC = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,10})?\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
CURRENCY = re.compile(r"[A-Z]{3}\Z")

Shape = Literal["text", "texts", "number", "money", "ratio", "day", "name"]
SHAPES: Mapping[str, Shape] = {
    "security_id": "text",
    "stakeholder_id": "text",
    "stock_class_id": "text",
    "stock_plan_id": "text",
    "vesting_terms_id": "text",
    "balance_security_id": "text",
    "resulting_security_id": "text",
    "stakeholder_type": "text",
    "class_type": "text",
    "convertible_type": "text",
    "custom_id": "text",
    "plan_name": "text",
    "security_ids": "texts",
    "resulting_security_ids": "texts",
    "stock_class_ids": "texts",
    "quantity": "number",
    "quantity_converted": "number",
    "shares_reserved": "number",
    "share_price": "money",
    "exercise_price": "money",
    "price": "money",
    "price_per_share": "money",
    "investment_amount": "money",
    "new_exercise_price": "money",
    "split_ratio": "ratio",
    "date": "day",
    "expiration_date": "day",
    "effective_date": "day",
    "formation_date": "day",
}
"""The shape of fields that something is computed from, by name; it is the same on every object."""


class Money(NamedTuple):
    """An amount and its currency, as `Monetary` gives it."""

    amount: Fraction
    currency: str


def canonical(name: str) -> str:
    """Return the present name of an object type; 1.0.0-b1 called equity compensation a plan security."""
    return OLD_NAME.sub("TX_EQUITY_COMPENSATION_", name)


def number(value: Any) -> Fraction | None:
    """Return a `Numeric`; None for anything else. A JSON number is taken where one stands (older ratios have them)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    return Fraction(value) if isinstance(value, str) and NUMERIC.match(value) else None


def money(value: Any) -> Money | None:
    """Return a `Monetary`; None for anything else."""
    if not isinstance(value, Mapping):
        return None
    amount, currency = number(value.get("amount")), value.get("currency")
    if amount is None or not isinstance(currency, str) or not CURRENCY.match(currency):
        return None
    return Money(amount, currency)


def ratio(value: Any) -> Fraction | None:
    """Return numerator over denominator; None where it is no ratio above zero."""
    if not isinstance(value, Mapping):
        return None
    over, under = number(value.get("numerator")), number(value.get("denominator"))
    return over / under if over is not None and under and over / under > 0 else None


def day(value: Any) -> date | None:
    """Return a date; None for anything else."""
    if not isinstance(value, str) or not DAY.match(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def has_shape(value: Any, shape: Shape) -> bool:
    """Return whether a value is of a shape."""
    match shape:
        case "text":
            return isinstance(value, str)
        case "texts":
            return isinstance(value, list) and all(isinstance(each, str) for each in value)
        case "number":
            return number(value) is not None
        case "money":
            return money(value) is not None
        case "ratio":
            return ratio(value) is not None
        case "day":
            return day(value) is not None
        case "name":
            return isinstance(value, Mapping) and isinstance(value.get("legal_name"), str)
