"""Terms of the Open Cap Format as lines of a book: classes, plans, grants, SAFEs and notes; and what has no line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from muniment.formats.ocf_mechanisms import capitalization_lines, interest_lines
from muniment.formats.ocf_package import Finding, Item
from muniment.formats.ocf_state import Security
from muniment.formats.ocf_types import day, money, number, ratio
from muniment.formats.ocf_words import amount, becomes, shown
from muniment.model.amounts import format_money
from muniment.model.values import Money

Line = tuple[str, str]
KINDS: Mapping[str, str] = {
    "OPTION": "options",
    "OPTION_ISO": "options",
    "OPTION_NSO": "options",
    "RSU": "RSUs",
}
"""Types of compensation that a grant of a book can be."""


class Named(NamedTuple):
    """Ids of the book, by ids of the package."""

    classes: Mapping[str, str]
    plans: Mapping[str, str]
    holders: Mapping[str, str]


def in_money(value: Any) -> str | None:
    """Return a `Monetary` as a book writes it; None if it is none, or below zero."""
    read = money(value)
    if read is None or read.amount < 0:
        return None
    return format_money(Money(read.amount, read.currency))


def class_lines(item: Item, classes: Mapping[str, Item], named: Named, found: list[Finding]) -> list[Line]:
    """Return the lines of a class block; what they cannot say is added to the findings."""
    data, lines = item.data, []
    where = f"class {named.classes[item.id]}"
    authorized = number(data.get("initial_shares_authorized", data.get("current_shares_authorized")))
    if authorized is not None and authorized.denominator == 1 and authorized > 0:
        lines.append(("authorized", amount(authorized)))
    else:
        found.append(Finding(where, "note", "not stated", "no whole number of authorized shares is stated"))
    votes = number(data.get("votes_per_share"))
    if votes is not None and votes >= 0:
        lines.append(("votes per share", amount(votes)))
    else:
        found.append(Finding(where, "warning", "not stated", "votes per share are not stated: none are written"))
    price = in_money(data.get("price_per_share"))
    if price is not None:
        lines.append(("original issue price", price))
    multiple = number(data.get("liquidation_preference_multiple"))
    if data.get("class_type") == "PREFERRED":
        lines += _preference(item, multiple, classes, named, found)
    elif multiple is not None:
        message = f"a common class states a preference of {multiple}x: it is kept for export and not written"
        found.append(Finding(where, "warning", "preference of common", message))
    lines += conversion_lines(data.get("conversion_rights"), named, where, found)
    return lines


def _preference(
    item: Item, multiple: Fraction | None, classes: Mapping[str, Item], named: Named, found: list[Finding]
) -> Iterator[Line]:
    where = f"class {named.classes[item.id]}"
    if multiple is None:
        message = "a preferred class states no liquidation preference: none is written"
        found.append(Finding(where, "warning", "not stated", message))
        return
    yield "liquidation preference", f"{amount(multiple)}x"
    cap = number(item.data.get("participation_cap_multiple"))
    yield "participation", "none" if cap is None else f"up to {amount(cap)}x"
    reading = (
        "no cap is read as not participating" if cap is None else f"a cap of {cap}x is read as participating to it"
    )
    message = (
        f"the format does not say whether the class participates: {reading}; full participation has no place in it"
    )
    found.append(Finding(where, "warning", "participation", message))
    own = number(item.data.get("seniority"))
    ranks = {name: number(other.data.get("seniority")) for name, other in classes.items() if name != item.id}
    below = [named.classes[name] for name, rank in ranks.items() if own is not None and rank is not None and rank < own]
    beside = [
        named.classes[name]
        for name, rank in ranks.items()
        if own is not None and rank == own and classes[name].data.get("class_type") == "PREFERRED"
    ]
    if below:
        yield "ranks", f"ahead of {', '.join(below)}"
    if beside:
        yield "ranks", f"with {', '.join(beside)}"
    if own is None:
        found.append(Finding(where, "warning", "not stated", "its seniority is not stated: no rank is written"))


def conversion_lines(rights: Any, named: Named, where: str, found: list[Finding]) -> Iterator[Line]:
    """Yield how a class converts, where it does so into one class at a ratio."""
    listed = [right for right in rights if isinstance(right, Mapping)] if isinstance(rights, list) else []
    for place, right in enumerate(listed):
        mechanism = right.get("conversion_mechanism")
        into = named.classes.get(str(right.get("converts_to_stock_class_id")))
        each = ratio(mechanism.get("ratio")) if isinstance(mechanism, Mapping) else None
        if place == 0 and each is not None and into is not None:
            yield "converts", f"{becomes(each)} into {into}"
        else:
            message = "a right to convert is not one ratio into one class of the package: kept for export, not written"
            found.append(Finding(where, "warning", "conversion", message))


def convertible_lines(item: Item, named: Named, issuer: str, found: list[Finding]) -> tuple[str, list[Line]]:
    """Return whether it is a `safe` or a `note`, and its lines."""
    data = item.data
    kind = "safe" if data.get("convertible_type") == "SAFE" else "note"
    lines = [("issuer", issuer), ("to", named.holders[str(data["stakeholder_id"])])]
    paid = in_money(data.get("investment_amount"))
    if paid is not None:
        lines.append(("amount", paid))
    triggers = data.get("conversion_triggers")
    listed = [each for each in triggers if isinstance(each, Mapping)] if isinstance(triggers, list) else []
    rights = [right for each in listed if isinstance(right := each.get("conversion_right"), Mapping)]
    mechanisms = [m for right in rights if isinstance(m := right.get("conversion_mechanism"), Mapping)]
    same = mechanisms[:1] if all(each == mechanisms[0] for each in mechanisms) else []
    if mechanisms and not same:
        message = f"it has {len(mechanisms)} ways to convert on different terms: kept for export, none is written"
        found.append(Finding(item.where, "warning", "conversion", message))
    for mechanism in same:
        lines += _mechanism(mechanism, item, found)
    if kind == "note":
        days = {str(each.get("trigger_date")) for each in listed if each.get("type") == "AUTOMATIC_ON_DATE"}
        if len(days) == 1 and (matures := day(days.pop())) is not None:
            lines.append(("matures", matures.isoformat()))
    if data.get("pro_rata") is not None:
        message = "its right to take part pro rata is a bare number: kept for export, not written"
        found.append(Finding(item.where, "note", "pro rata", message))
    return kind, lines


def _mechanism(mechanism: Mapping[str, Any], item: Item, found: list[Finding]) -> Iterator[Line]:
    kind = mechanism.get("type")
    cap = in_money(mechanism.get("conversion_valuation_cap"))
    basis, counts = capitalization_lines(mechanism, item.where, found)
    timing = f" {basis}" if basis else ""
    if cap is not None:
        yield "cap", f"{cap}{timing}"
        if not timing and not counts and kind == "SAFE_CONVERSION":
            message = "it does not say whether its cap is before or after the money"
            found.append(Finding(item.where, "warning", "not stated", message))
    elif timing:
        yield "remark", f"converts{timing}, without a cap"
    discount = number(mechanism.get("conversion_discount"))
    if discount:
        yield "discount", f"{amount(discount * 100)}%"
    if mechanism.get("conversion_mfn") is True:
        yield "mfn", "yes"
    repaid = ratio(mechanism.get("exit_multiple"))
    if repaid is not None and repaid != 1:
        yield "repays", f"{amount(repaid)}x"
    if counts:
        yield "cap counts", counts
    yield from interest_lines(mechanism, item.data.get("date"), item.where, found)
    percent = number(mechanism.get("converts_to_percent"))
    if kind == "FIXED_PERCENT_OF_CAPITALIZATION_CONVERSION" and percent is not None:
        yield "part", f"{amount(percent * 100)}%"
    elif kind not in ("SAFE_CONVERSION", "CONVERTIBLE_NOTE_CONVERSION"):
        words = shown(mechanism.get("custom_conversion_description") or kind)
        yield "remark", f"converts as {words}"
        found.append(Finding(item.where, "warning", "conversion", f"it converts as '{words}': a remark says so"))


def grant_lines(
    security: Security,
    plans: Mapping[str, Item],
    terms: Mapping[str, Item],
    starts: Mapping[str, date],
    named: Named,
    found: list[Finding],
) -> list[Line] | None:
    """Return the lines of a grant; None where its quantity is no whole number."""
    item, data = security.item, security.item.data
    if security.quantity is None or security.quantity.denominator != 1 or security.quantity <= 0:
        message = "no whole number of shares is stated that it is over: kept for export, no grant is written"
        found.append(Finding(item.where, "warning", "no quantity", message))
        return None
    lines = [("to", named.holders[security.holder]), ("quantity", amount(security.quantity))]
    over = class_over(security, plans)
    if over in named.classes:
        lines.append(("of", named.classes[over]))
    else:
        message = "neither it nor its plan names one class that it is over"
        found.append(Finding(item.where, "warning", "no class", message))
    kind = "warrants" if security.family == "WARRANT" else KINDS.get(str(data.get("compensation_type")))
    if kind:
        lines.append(("as", kind))
    else:
        message = (
            f"compensation of the type {shown(data.get('compensation_type', 'not stated'), 40)} is no kind of grant"
        )
        found.append(Finding(item.where, "warning", "kind of grant", f"{message}: none is written"))
    if security.plan_id in named.plans:
        lines.append(("plan", named.plans[security.plan_id]))
    strike = in_money(data.get("exercise_price"))
    if strike is not None:
        lines.append(("strike", strike))
    lines += vesting_line(security, terms, starts, found)
    expires = day(data.get("expiration_date", data.get("warrant_expiration_date")))
    if expires is not None:
        lines.append(("expires", expires.isoformat()))
    return lines


def returns_to_pool(plan: Item) -> bool | None:
    """Return whether what is cancelled under a plan may be granted again; None if it does not say for all grants."""
    said = str(plan.data.get("default_cancellation_behavior"))
    return {"RETURN_TO_POOL": True, "RETIRE": False, "HOLD_AS_CAPITAL_STOCK": False}.get(said)


def class_over(security: Security, plans: Mapping[str, Item]) -> str:
    """Return the class that a grant is over: its own, that of its plan, or that of every trigger of a warrant."""
    if security.class_id:
        return security.class_id
    plan = plans.get(security.plan_id)
    if plan is not None:
        several = plan.data.get("stock_class_ids")
        listed = several if isinstance(several, list) else [plan.data.get("stock_class_id")]
        return str(listed[0]) if len(listed) == 1 else ""
    triggers = security.item.data.get("exercise_triggers")
    into = {
        str(right.get("converts_to_stock_class_id"))
        for each in (triggers if isinstance(triggers, list) else [])
        if isinstance(each, Mapping) and isinstance(right := each.get("conversion_right"), Mapping)
    }
    return into.pop() if len(into) == 1 else ""


def vesting_line(
    security: Security, terms: Mapping[str, Item], starts: Mapping[str, date], found: list[Finding]
) -> list[Line]:
    """Return when a grant vests: a schedule where one says exactly the same, else words; nothing if nothing is said."""
    data = security.item.data
    name = data.get("vesting_terms_id")
    listed = data.get("vestings")
    if isinstance(listed, list) and len(listed) == 1 and isinstance(listed[0], Mapping):
        on, all_of_it = day(listed[0].get("date")), number(listed[0].get("amount")) == security.quantity
        if on is not None and all_of_it:
            return [("vests", on.isoformat())]
    if listed:
        found.append(Finding(security.item.where, "note", "vesting", "it lists its days of vesting: kept for export"))
        return [("vests", "on the days that its package lists")]
    if not isinstance(name, str) or not name:
        return []
    item = terms.get(name)
    title = shown(item.data.get("name", name) if item is not None else name, 80)
    start = starts.get(security.id)
    schedule = _schedule(item.data) if item is not None else None
    if schedule and start is not None and security.quantity is not None:
        down = item is not None and item.data.get("allocation_type") == "CUMULATIVE_ROUND_DOWN"
        if down or all((security.quantity * part).denominator == 1 for _, part in schedule):
            later = [("vesting from", start.isoformat())] if start != security.issued else []
            return [("vests", _in_words(schedule)), *later]
    since = f" from {start}" if start is not None else ""
    message = f"its vesting ('{title}'{since}) is written in words: nothing is computed from it"
    found.append(Finding(security.item.where, "note", "vesting", message))
    return [("vests", f"under {title}{since}")]


def _schedule(data: Mapping[str, Any]) -> list[tuple[int, Fraction]] | None:
    """Return months and the part vested by then of terms that depend on time alone; None of any other."""
    conditions = data.get("vesting_conditions")
    if not isinstance(conditions, list) or not all(isinstance(each, Mapping) for each in conditions):
        return None
    by_id = {str(each.get("id")): each for each in conditions}
    vested: list[tuple[int, Fraction]] = []
    at, before, month, seen = next(iter(by_id.values()), None), "", 0, 0
    total, cliff = Fraction(0), 0
    while at is not None and seen <= len(by_id):
        seen += 1
        trigger, following = at.get("trigger"), at.get("next_condition_ids")
        part = ratio(at.get("portion")) or Fraction(0)
        kind = trigger.get("type") if isinstance(trigger, Mapping) else None
        if kind == "VESTING_SCHEDULE_RELATIVE" and isinstance(trigger, Mapping):
            period = trigger.get("period")
            if not isinstance(period, Mapping) or period.get("type") != "MONTHS":
                return None
            if trigger.get("relative_to_condition_id") != before:
                return None
            length, times = period.get("length"), period.get("occurrences")
            if not isinstance(length, int) or not isinstance(times, int) or not 0 < length * times <= 1200:
                return None
            for _ in range(times):
                month, total = month + length, total + part
                vested.append((month, total))
            held_back = at.get("cliff_condition")
            if isinstance(held_back, Mapping):
                until = held_back.get("period")
                if len(vested) != times or not isinstance(until, Mapping) or until.get("type") != "MONTHS":
                    return None
                held_for = until.get("length")
                cliff = held_for if isinstance(held_for, int) else 0
        elif kind != "VESTING_START_DATE" or part or seen > 1:
            return None
        if not isinstance(following, list) or len(following) > 1:
            return None
        before, at = str(at.get("id")), by_id.get(str(following[0])) if following else None
    vested = [each for each in vested if each[0] >= cliff]
    return vested if vested and vested[-1][1] == 1 else None


def _in_words(vested: list[tuple[int, Fraction]]) -> str:
    """Return a schedule as a book writes it: even steps after a cliff, or each part."""
    months, first = vested[-1][0], vested[0][0]
    for step, pace in ((1, "monthly"), (3, "quarterly"), (12, "yearly")):
        steps = [(m, Fraction(m, months)) for m in range(step, months + 1, step) if m >= first]
        if months % step == 0 and vested == steps:
            length = f"{months // 12} years" if months % 12 == 0 and months > 12 else f"{months} months"
            return f"{length} {pace}" + (f", {first} months cliff" if first > step else "")
    before = Fraction(0)
    parts = []
    for month, total in vested:
        if total > before:
            parts.append(f"{amount((total - before) * 100)}% after {month} months")
        before = total
    return ", ".join(parts)
