"""Interest and capitalization of SAFEs and notes, as the Open Cap Format holds them and as a book says them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from muniment.formats.ocf_package import Finding
from muniment.formats.ocf_types import day, number
from muniment.formats.ocf_words import amount, numeric, shown
from muniment.model.round_words import COUNTED
from muniment.payout.accrued_interest import day_count_of, interest_of
from muniment.payout.rounds.asked import counts_of
from muniment.payout.rounds.round_terms import NOTE, POST_MONEY_SAFE, PRE_MONEY_SAFE, Counts

Object = dict[str, Any]
PERIODS: Mapping[int, str] = {1: "ANNUAL", 2: "SEMI_ANNUAL", 4: "QUARTERLY", 12: "MONTHLY"}
"""How often a year interest is compounded, and the accrual period of the format; it has DAILY as well."""

COMPOUNDED: Mapping[str, str] = {
    "ANNUAL": ", compounded",
    "SEMI_ANNUAL": ", compounded semi-annually",
    "QUARTERLY": ", compounded quarterly",
    "MONTHLY": ", compounded monthly",
}
DAY_COUNTS: Mapping[str, str] = {"30/360": "30_360", "actual/365": "ACTUAL_365"}
RULES: Mapping[str, str] = {
    "issued": "include_outstanding_shares",
    "options": "include_outstanding_options",
    "promised options": "include_option_pool_topup_for_promised_options",
    "unissued pool": "include_outstanding_unissued_options",
    "this": "include_this_security",
    "other conversions": "include_other_converting_securities",
    "pool increase": "include_additional_option_pool_topup",
    "new money": "include_new_money",
}
"""What a capitalization may count, and the rule of the format that says so; it has none for adjustments."""


def interest_made(values: Mapping[str, Any], kind: str, where: str, found: list[Finding]) -> Object:
    """Return the fields of a note's mechanism that say its interest; what has no place becomes a finding."""
    words, counted = str(values.get("interest") or ""), str(values.get("day count") or "")
    if kind != "note":
        if words:
            found.append(Finding(where, "warning", "no place", f"the interest of a SAFE: {shown(words, 80)}"))
        return {}
    made: Object = {"interest_rates": []}
    terms = interest_of(words)
    rate = numeric(terms.rate) if terms is not None else None
    if terms is not None and rate is not None:
        made["interest_rates"] = [{"rate": rate, "accrual_start_date": values["date"]}]
        made["interest_payout"] = "DEFERRED"
        made["interest_accrual_period"] = PERIODS[terms.periods]
        made["compounding_type"] = "COMPOUNDING" if terms.compounded else "SIMPLE"
    elif words:
        message = f"its interest in words: {shown(words, 80)}: it is left out, and read again it bears none"
        found.append(Finding(where, "error", "no place", message))
    read = day_count_of(counted) if counted else None
    if read is not None and read in DAY_COUNTS:
        made["day_count_convention"] = DAY_COUNTS[read]
    elif counted:
        message = f"its day count, {shown(counted, 40)}: it is left out, and read again its interest is within bounds"
        found.append(Finding(where, "warning", "no place", message))
    elif words:
        found.append(Finding(where, "warning", "not stated", "its day count, which the format requires"))
    return made


def interest_lines(
    mechanism: Mapping[str, Any], issued: Any, where: str, found: list[Finding]
) -> Iterator[tuple[str, str]]:
    """Yield the interest of a mechanism, and how it counts days.

    Interest that a book cannot say exactly is written in words, from which nothing is computed: a rate that changes,
    that runs from another day than that of the issue or ends, that is compounded daily or paid as it runs.

    Args:
        mechanism: The mechanism.
        issued: The day of the issue, as it stands in the package.
        where: The object, for findings.
        found: Findings are added to it.
    """
    listed = mechanism.get("interest_rates")
    rates = [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    words: list[str] = []
    exact = len(rates) == 1 and (mechanism.get("interest_payout") or "DEFERRED") == "DEFERRED"
    how = ""
    kind, period = mechanism.get("compounding_type"), str(mechanism.get("interest_accrual_period"))
    if kind == "COMPOUNDING":
        often = shown(period, 20).lower() if period != "None" else "over a period not stated"
        how = COMPOUNDED.get(period, f", compounded {often}")
        exact = exact and period in COMPOUNDED
    elif kind == "SIMPLE":
        how = ", simple"
    for each in rates:
        read = number(each.get("rate"))
        start, end = each.get("accrual_start_date"), each.get("accrual_end_date")
        exact = exact and read is not None and end is None and (start is None or day(start) == day(issued))
        said = f"{amount(read * 100)}% a year" if read is not None else f"{shown(each.get('rate'), 40)} a year"
        said += f" from {shown(start, 20)}" if start is not None and not exact else ""
        said += f" to {shown(end, 20)}" if end is not None else ""
        words.append(said)
    stray = mechanism.get("interest_rate")
    if stray is not None:
        exact = False
        words.append(f"{shown(stray, 40)}, as an 'interest_rate' that the format does not have")
    if words:
        paid = "" if exact or mechanism.get("interest_payout") != "CASH" else ", paid in cash"
        if exact:
            yield "interest", f"{words[0]}{how}"
        else:
            yield "interest", f"{'; '.join(words)}{how}{paid}"
            message = f"its interest ({shown('; '.join(words), 80)}) is written in words: nothing is computed from it"
            found.append(Finding(where, "warning", "interest", message))
    counted = {code: name for name, code in DAY_COUNTS.items()}.get(str(mechanism.get("day_count_convention")))
    if counted:
        yield "day count", counted


def capitalization_made(values: Mapping[str, Any], kind: str, basis: str, where: str, found: list[Finding]) -> Object:
    """Return what a cap or a part is of: the timing of a SAFE, and rules where `cap counts` or a note's cap need them.

    Args:
        values: What the record says.
        kind: ``safe`` or ``note``.
        basis: ``post-money``, ``pre-money``, or empty if the cap says neither.
        where: The record, for findings.
        found: Findings are added to it.
    """
    made: Object = {}
    if kind == "safe" and basis:
        made["conversion_timing"] = basis.replace("-", "_").upper()
    words = values.get("cap counts")
    counts: Counts | None = counts_of(words) if words else None
    if counts is None and kind == "note" and basis:
        counts = POST_MONEY_SAFE if basis == "post-money" else NOTE
    elif counts is not None and kind == "note" and basis:
        made["capitalization_definition"] = basis
    if counts is None:
        return made
    if counts.adjustments:
        message = "adjustments among what its capitalization counts: they are left out"
        found.append(Finding(where, "warning", "no place", message))
    there = dict(zip(COUNTED, counts, strict=True))
    return made | {"capitalization_definition_rules": {rule: there[word] for word, rule in RULES.items()}}


def capitalization_lines(mechanism: Mapping[str, Any], where: str, found: list[Finding]) -> tuple[str, str]:
    """Return whether a cap is ``post-money`` or ``pre-money``, and what `cap counts` says; empty if not said."""
    kind = mechanism.get("type")
    basis = {"POST_MONEY": "post-money", "PRE_MONEY": "pre-money"}.get(str(mechanism.get("conversion_timing")), "")
    rules, defined = mechanism.get("capitalization_definition_rules"), mechanism.get("capitalization_definition")
    if defined in ("post-money", "pre-money"):
        basis = basis or str(defined)
    elif isinstance(defined, str) and defined:
        message = "its capitalization is defined in words: kept for export, not written"
        found.append(Finding(where, "note", "capitalization", message))
    if not isinstance(rules, Mapping):
        return basis, ""
    words = [word for word, rule in RULES.items() if rules.get(rule) is True]
    counts = counts_of(words)
    usual = {"post-money": POST_MONEY_SAFE, "pre-money": PRE_MONEY_SAFE if kind == "SAFE_CONVERSION" else NOTE}
    if basis:
        return basis, "" if counts == usual[basis] else ", ".join(words)
    of_usual = [name for name, each in usual.items() if each == counts] if kind != "SAFE_CONVERSION" else []
    return (of_usual[0], "") if of_usual else ("", ", ".join(words))
