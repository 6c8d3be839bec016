"""Objects of the Open Cap Format as they are made of what a book says; and what the format has no place for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from muniment.book.structure import Entity, Party, ShareClass
from muniment.formats.ocf_mechanisms import capitalization_made, interest_made
from muniment.formats.ocf_package import Finding
from muniment.formats.ocf_words import numeric
from muniment.model.amounts import parse_money
from muniment.model.dates import exact_day
from muniment.model.right_terms import Vesting
from muniment.model.values import Money, Quantity
from muniment.payout.seniority import Seniority, order_preferences

Object = dict[str, Any]
NO_PLACE: Mapping[str, str] = {
    "board": "boards and seats",
    "office": "offices",
    "rules": "how matters are decided",
    "distribution": "an order of distributions",
    "costs of sale": "costs of a sale, such as debt",
}
"""Blocks of a company that the format cannot hold."""
CAP = re.compile(r"(?P<money>.+?)(?:,? (?P<basis>post-money|pre-money))?\Z")


def monetary(money: Money, where: str, found: list[Finding]) -> Object | None:
    """Return a `Monetary`; None, with a finding, where it does not end within ten decimals."""
    written = numeric(money.amount)
    if written is None:
        message = f"{money.currency} {money.amount} does not end within ten decimals: it is left out"
        found.append(Finding(where, "warning", "decimals", message))
        return None
    return {"amount": written, "currency": money.currency}


def ratio_of(number: Fraction) -> Object:
    """Return a `Ratio`, which keeps a third exactly."""
    return {"numerator": str(number.numerator), "denominator": str(number.denominator)}


def stakeholder(party: Party, found: list[Finding]) -> Object:
    """Return a holder."""
    if party.kind == "group":
        message = "a group is written as an institution; the format knows no groups"
        found.append(Finding(party.id, "note", "group", message))
    return {
        "object_type": "STAKEHOLDER",
        "id": party.id,
        "name": {"legal_name": party.title},
        "stakeholder_type": "INDIVIDUAL" if party.kind == "person" else "INSTITUTION",
    }


def stock_class(share_class: ShareClass, entity: Entity, authorized: int | None, found: list[Finding]) -> Object:
    """Return a class with the terms in force; what the format cannot hold becomes a finding."""
    where = f"class {share_class.id}"
    preferred = share_class.preference is not None
    made: Object = {
        "object_type": "STOCK_CLASS",
        "id": share_class.id,
        "name": share_class.title or share_class.id,
        "class_type": "PREFERRED" if preferred else "COMMON",
        "default_id_prefix": f"{share_class.id.upper()}-",
    }
    if authorized is not None:
        made["initial_shares_authorized"] = str(authorized)
    else:
        found.append(Finding(where, "warning", "not stated", "the authorized number, which the format requires"))
    votes = numeric(share_class.votes) if share_class.votes is not None else None
    if votes is not None:
        made["votes_per_share"] = votes
    else:
        found.append(Finding(where, "warning", "not stated", "votes per share, which the format requires"))
    made["seniority"] = _seniority(share_class, entity, found)
    if share_class.original_issue_price is not None:
        price = monetary(share_class.original_issue_price, where, found)
        if price is not None:
            made["price_per_share"] = price
    if share_class.preference is not None:
        multiple = numeric(share_class.preference)
        if multiple is not None:
            made["liquidation_preference_multiple"] = multiple
        if isinstance(share_class.participation_cap, Fraction):
            cap = numeric(share_class.participation_cap)
            if cap is not None:
                made["participation_cap_multiple"] = cap
    if share_class.converts_into is not None or share_class.converts is not None:
        made["conversion_rights"] = [_conversion(share_class, where, found)]
    found += [
        Finding(where, "warning", "no place", f"the format has no place for {message}")
        for message in _no_place(share_class)
    ]
    return made


def _no_place(share_class: ShareClass) -> list[str]:
    """Return terms of a class that the format cannot hold."""
    said = {
        "full participation": share_class.participation == "full",
        "a cap on participation in money": isinstance(share_class.participation_cap, Money),
        "dividends that run": bool(share_class.dividend),
        "dividends accrued": share_class.accrued is not None,
        "a cap on returns": share_class.return_cap is not None,
        "votes that grow with time": share_class.tenure is not None,
        "a limit of a holder": share_class.held_at_most is not None,
        "when it converts": share_class.converts is not None and share_class.converts_into is None,
    }
    return [words for words, there in said.items() if there]


def _seniority(share_class: ShareClass, entity: Entity, found: list[Finding]) -> str:
    preferred = [name for name, each in entity.classes.items() if each.preference is not None]
    order = order_preferences(entity.classes, preferred)
    if not isinstance(order, Seniority):
        found.append(Finding(f"class {share_class.id}", "error", "ranks", order.message))
        return "1"
    last = max(order.tiers.values(), default=0)
    tier = order.tiers.get(share_class.id)
    return "1" if tier is None else str(2 + last - tier)


def _conversion(share_class: ShareClass, where: str, found: list[Finding]) -> Object:
    terms = share_class.converts
    times, into = (terms.ratio, terms.into) if terms is not None else share_class.converts_into or (Fraction(1), "")
    mechanism: Object = {"type": "RATIO_CONVERSION", "ratio": ratio_of(times), "rounding_type": "NORMAL"}
    found.append(Finding(where, "note", "rounding", "how shares are rounded is not stated: NORMAL is written"))
    issue_price = share_class.original_issue_price
    if issue_price is not None:
        price = monetary(Money(issue_price.amount / times, issue_price.currency), where, found)
        if price is not None:
            mechanism["conversion_price"] = price
    return {
        "type": "STOCK_CLASS_CONVERSION_RIGHT",
        "conversion_mechanism": mechanism,
        "converts_to_stock_class_id": into.rpartition(".")[2],
    }


def convertible(values: Mapping[str, Any], kind: str, where: str, found: list[Finding]) -> Object:
    """Return what a SAFE or a note says, without its ids."""
    made: Object = {"convertible_type": "SAFE" if kind == "safe" else "NOTE"}
    paid = values.get("amount")
    if isinstance(paid, Money):
        made["investment_amount"] = monetary(paid, where, found)
    else:
        found.append(Finding(where, "error", "not stated", "what was paid, which the format requires"))
    found += [
        Finding(where, "warning", "no place", f"its line '{label}': it is left out")
        for label in ("at maturity", "quantity")
        if values.get(label) is not None
    ]
    if kind == "safe" and values.get("matures"):
        found.append(Finding(where, "warning", "no place", "the day on which a SAFE is due: it is left out"))
    part, repays = values.get("part"), values.get("repays")
    if isinstance(part, Quantity):
        fixed: Object = {"type": "FIXED_PERCENT_OF_CAPITALIZATION_CONVERSION"}
        fixed |= _percentage("converts_to_percent", part, "the part that it becomes", where, found)
        fixed |= capitalization_made(values, kind, "", where, found)
        beside = ("repays", "cap", "discount", "mfn", "interest", "day count")
        found += [
            Finding(
                where, "warning", "no place", f"its line '{label}', beside the part that it becomes: it is left out"
            )
            for label in beside
            if values.get(label)
        ]
        return made | {"conversion_triggers": [_trigger(values, kind, fixed)], "security_law_exemptions": []}
    mechanism: Object = {"type": "SAFE_CONVERSION" if kind == "safe" else "CONVERTIBLE_NOTE_CONVERSION"}
    cap = CAP.match(str(values.get("cap") or ""))
    limit = parse_money(cap["money"]) if cap else None
    basis = ""
    if cap and isinstance(limit, Money):
        basis, written = cap["basis"] or "", monetary(limit, where, found)
        mechanism |= {"conversion_valuation_cap": written} if written is not None else {}
        if not basis and kind == "safe":
            message = "whether its cap is before or after the money, which the format requires"
            found.append(Finding(where, "warning", "not stated", message))
    elif values.get("cap"):
        found.append(Finding(where, "warning", "no place", f"its cap in words: {values['cap']!s:.80}"))
    mechanism |= capitalization_made(values, kind, basis, where, found)
    discount = values.get("discount")
    if isinstance(discount, Quantity):
        mechanism |= _percentage("conversion_discount", discount, "its discount", where, found)
    elif discount is not None:
        found.append(Finding(where, "warning", "no place", "its discount, which is not an exact percentage"))
    if isinstance(repays, Quantity) and repays.unit == "x":
        mechanism["exit_multiple"] = ratio_of(repays.amount)
    elif repays is not None:
        found.append(Finding(where, "warning", "no place", "what it pays back, which is not an exact multiple"))
    if kind == "safe" or values.get("mfn") is not None:
        mechanism["conversion_mfn"] = values.get("mfn") is True
    mechanism |= interest_made(values, kind, where, found)
    trigger = _trigger(values, kind, mechanism)
    if values.get("converts") is not None:
        found.append(Finding(where, "warning", "no place", "how many shares it becomes"))
    made |= {"conversion_triggers": [trigger], "security_law_exemptions": []}
    found.append(Finding(where, "note", "not stated", "its seniority among convertibles, which the format requires"))
    return made


def grant(values: Mapping[str, Any], class_of: Callable[[str], str], where: str, found: list[Finding]) -> Object:
    """Return what a grant says, without its ids, its plan, and a schedule of vesting."""
    kind = values.get("as", "options")
    made: Object = {"object_type": "TX_EQUITY_COMPENSATION_ISSUANCE", "quantity": str(values.get("quantity", 0))}
    if kind == "warrants":
        made["object_type"] = "TX_WARRANT_ISSUANCE"
        message = "what triggers the exercise of the warrants, and their price, which the format requires"
        found.append(Finding(where, "warning", "not stated", message))
    else:
        made |= {"compensation_type": "RSU" if kind == "RSUs" else "OPTION", "termination_exercise_windows": []}
    if "of" in values:
        made["stock_class_id"] = class_of(values["of"])
    strike = values.get("strike")
    if isinstance(strike, Money):
        made["exercise_price"] = monetary(strike, where, found)
    expires = exact_day(values["expires"]) if "expires" in values else None
    made["expiration_date"] = expires.isoformat() if expires is not None else None
    vests = values.get("vests")
    if isinstance(vests, Vesting) and vests.day is not None:
        made["vestings"] = [{"date": vests.day.isoformat(), "amount": made["quantity"]}]
    elif isinstance(vests, Vesting) and vests.text:
        made["comments"] = [f"vests: {vests.text}"]
        found.append(Finding(where, "warning", "no place", f"its vesting in words: {vests.text[:80]}"))
    if "accelerates" in values:
        found.append(Finding(where, "warning", "no place", "what accelerates its vesting"))
    return made


def _percentage(label: str, part: Quantity, what: str, where: str, found: list[Finding]) -> Object:
    """Return a field with a `Percentage`; nothing, with a finding, where it does not end within ten decimals."""
    written = numeric(part.amount)
    if written is None:
        message = f"{what}, {part.amount}, does not end within ten decimals: it is left out"
        found.append(Finding(where, "warning", "decimals", message))
        return {}
    return {label: written}


def _trigger(values: Mapping[str, Any], kind: str, mechanism: Object) -> Object:
    """Return the one trigger of a SAFE or note: on the day a note is due, else of no stated type."""
    trigger: Object = {"type": "UNSPECIFIED", "trigger_id": f"{values['security']}-trigger"}
    if kind == "note" and values.get("matures"):
        trigger |= {"type": "AUTOMATIC_ON_DATE", "trigger_date": values["matures"]}
    right: Object = {"type": "CONVERTIBLE_CONVERSION_RIGHT", "conversion_mechanism": mechanism}
    if values.get("converts") is None:
        right["converts_to_future_round"] = True
    return trigger | {"conversion_right": right}


def vesting_terms(name: str, vesting: Vesting) -> Object:
    """Return terms that vest an equal part every step, nothing before the cliff; or part by part."""
    start, monthly = f"{name}-start", f"{name}-step"
    on_day = "VESTING_START_DAY_OR_LAST_DAY_OF_MONTH"
    if vesting.on_day:
        on_day = "29_OR_LAST_DAY_OF_MONTH" if vesting.on_day == 29 else f"{vesting.on_day:02}"
        on_day = {30: "30_OR_LAST_DAY_OF_MONTH", 31: "31_OR_LAST_DAY_OF_MONTH"}.get(vesting.on_day, on_day)
    steps = vesting.months // vesting.step if vesting.step else 0

    def after(at: str, months: int, times: int, part: Fraction, before: str, then: list[str]) -> Object:
        return {
            "id": at,
            "portion": ratio_of(part),
            "trigger": {
                "type": "VESTING_SCHEDULE_RELATIVE",
                "period": {
                    "length": months,
                    "type": "MONTHS",
                    "occurrences": times,
                    "day_of_month": on_day,
                },
                "relative_to_condition_id": before,
            },
            "next_condition_ids": then,
        }

    conditions: list[Object] = [
        {"id": start, "quantity": "0", "trigger": {"type": "VESTING_START_DATE"}, "next_condition_ids": [monthly]}
    ]
    first = -(-vesting.cliff // vesting.step) if vesting.step else 0
    if vesting.parts:
        names = [start, *(f"{monthly}-{place}" for place in range(1, len(vesting.parts) + 1))]
        conditions[0]["next_condition_ids"] = names[1:2]
        earlier = 0
        for place, (months, part) in enumerate(vesting.parts, 1):
            conditions.append(
                after(names[place], months - earlier, 1, part, names[place - 1], names[place + 1 : place + 2])
            )
            earlier = months
    elif first > 1:
        cliff = f"{name}-cliff"
        rest = steps - first
        conditions[0]["next_condition_ids"] = [cliff]
        conditions.append(
            after(cliff, first * vesting.step, 1, Fraction(first, steps), start, [monthly] if rest else [])
        )
        if rest:
            conditions.append(after(monthly, vesting.step, rest, Fraction(1, steps), cliff, []))
    else:
        conditions.append(after(monthly, vesting.step, steps, Fraction(1, steps), start, []))
    return {
        "object_type": "VESTING_TERMS",
        "id": name,
        "name": name,
        "description": "",
        "allocation_type": "CUMULATIVE_ROUND_DOWN",
        "vesting_conditions": conditions,
    }
