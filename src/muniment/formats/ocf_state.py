"""What is outstanding of an Open Cap Format package on a day: every security issued and not closed.

A security is a certificate. Any transaction that ends it closes it whole, and what is left is a security of its own;
no quantity is ever subtracted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from muniment.formats.ocf_package import Finding, Item, Package
from muniment.formats.ocf_types import (
    CLOSING,
    EXERCISES,
    ISSUANCES,
    KNOWN,
    ON_A_SECURITY,
    REFERENCES,
    Money,
    day,
    money,
    number,
    ratio,
)


class Security(NamedTuple):
    """A certificate.

    Attributes:
        family: ``STOCK``, ``CONVERTIBLE``, ``EQUITY_COMPENSATION`` or ``WARRANT``.
        holder: Id of the stakeholder.
        class_id, plan_id: Empty if not stated.
        quantity: None where the security has none (a SAFE), or none is stated.
        price: The price of a share, or the strike; None if not stated.
        item: The issuance.
    """

    id: str
    family: str
    holder: str
    class_id: str
    plan_id: str
    quantity: Fraction | None
    price: Money | None
    issued: date
    item: Item


class Closing(NamedTuple):
    """What ended a security.

    Attributes:
        action: ``TRANSFER``, ``CANCELLATION`` and so on.
        results: Ids of securities issued for it; the balance is not among them.
        balance: Id of the security for what is left; empty if none.
        quantity: As stated; None if it is not.
    """

    security: str
    action: str
    on: date
    results: tuple[str, ...]
    balance: str
    quantity: Fraction | None
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Every security of a package, what closed it, and what is not as it should be.

    Attributes:
        securities: By id.
        closings: By security, the one that counts: the first by day, then by type and id.
        idle: Closings of a security that an earlier one had already closed, or that was never issued; and issuances of
            a security that another one had already issued.
    """

    securities: Mapping[str, Security]
    closings: Mapping[str, Closing]
    idle: tuple[Item, ...]
    findings: tuple[Finding, ...]

    def outstanding(self, on: date) -> tuple[Security, ...]:
        """Return the securities issued by a day and not closed by it, in order of id."""
        return tuple(
            security
            for name, security in sorted(self.securities.items())
            if security.issued <= on and ((end := self.closings.get(name)) is None or end.on > on)
        )

    def shares(self, on: date) -> dict[tuple[str, str], Fraction]:
        """Return the shares outstanding by holder and class, on a day."""
        held: dict[tuple[str, str], Fraction] = {}
        for security in self.outstanding(on):
            if security.family == "STOCK" and security.quantity is not None:
                key = (security.holder, security.class_id)
                held[key] = held.get(key, Fraction(0)) + security.quantity
        return held


def ledger_of(package: Package) -> Ledger:
    """Return the securities of a package and what closed each; the order of files and items changes nothing."""
    findings: list[Finding] = []
    idle: dict[int, Item] = {}
    securities: dict[str, Security] = {}
    transactions = sorted((item for item in package.items if item.usable), key=_order)
    for item in transactions:
        family = ISSUANCES.get(item.kind)
        if family is None:
            continue
        security = _security(item, family)
        if security.id in securities:
            idle[id(item)] = item
            message = f"the security '{security.id[:60]}' was issued before, at {securities[security.id].item.where}"
            findings.append(Finding(_at(item), "error", "security issued twice", f"{message}: the first by day counts"))
        else:
            securities[security.id] = security
    closings: dict[str, Closing] = {}
    for item in transactions:
        for closing in _closings(item):
            issued = securities.get(closing.security)
            findings += _missing(closing, securities)
            if issued is not None:
                closing = _with_balance(closing, issued, securities)
            if issued is None:
                idle[id(item)] = item
                continue
            if closing.security in closings:
                idle[id(item)] = item
                before = closings[closing.security]
                message = f"'{closing.security[:60]}' was closed by {before.action.lower()} on {before.on} already"
                findings.append(Finding(_at(item), "warning", "closed twice", f"{message}: it closes once"))
                continue
            closings[closing.security] = closing
            findings += _odd(closing, issued, securities, _times(package, closing, issued))
    findings += _dangling(package, securities)
    return Ledger(securities=securities, closings=closings, idle=tuple(idle.values()), findings=tuple(findings))


def _order(item: Item) -> tuple[Any, ...]:
    """Return the place of a transaction: by day, issuances first, then by type, id and content, never by file."""
    return (
        str(item.data.get("date", "")),
        item.kind not in ISSUANCES,
        item.kind,
        item.id,
        json.dumps(item.data, sort_keys=True),
    )


def _at(item: Item) -> str:
    return f"{item.where} ({item.id[:60]})"


def _text(item: Item, label: str) -> str:
    value = item.data.get(label)
    return value if isinstance(value, str) else ""


def _texts(item: Item, label: str) -> tuple[str, ...]:
    value = item.data.get(label)
    return tuple(value) if isinstance(value, list) else ()


def _security(item: Item, family: str) -> Security:
    issued = day(item.data["date"])
    assert issued is not None  # its shape was checked on reading
    return Security(
        id=_text(item, "security_id"),
        family=family,
        holder=_text(item, "stakeholder_id"),
        class_id=_text(item, "stock_class_id"),
        plan_id=_text(item, "stock_plan_id"),
        quantity=number(item.data.get("quantity")),
        price=money(item.data.get("share_price" if family == "STOCK" else "exercise_price")),
        issued=issued,
        item=item,
    )


def _closings(item: Item) -> list[Closing]:
    """Return what a transaction closes: nothing, one security, or all that it consolidates."""
    action = ON_A_SECURITY.get(item.kind, ("", ""))[1]
    on = day(item.data.get("date"))
    if action not in CLOSING or on is None:
        return []
    closed = _texts(item, "security_ids") if action == "CONSOLIDATION" else (_text(item, "security_id"),)
    results = _texts(item, "resulting_security_ids")
    if action == "CONSOLIDATION" and _text(item, "resulting_security_id"):
        results = (_text(item, "resulting_security_id"),)
    quantity = number(item.data.get("quantity_converted" if action == "CONVERSION" else "quantity"))
    balance = _text(item, "balance_security_id")
    return [Closing(name, action, on, results, balance, quantity, item) for name in dict.fromkeys(closed)]


def _with_balance(closing: Closing, issued: Security, securities: Mapping[str, Security]) -> Closing:
    """Return an exercise with the balance that stands among its results: the one security of the same family.

    The format gives exercises no field for it.
    """
    if closing.action not in EXERCISES or closing.balance:
        return closing
    alike = [name for name in closing.results if name in securities and securities[name].family == issued.family]
    if len(alike) != 1:
        return closing
    return closing._replace(balance=alike[0], results=tuple(name for name in closing.results if name != alike[0]))


def _times(package: Package, closing: Closing, issued: Security) -> Fraction:
    """Return what one share of the class became by splits while a grant was open; 1 for any other security."""
    times = Fraction(1)
    for item in package.of("TX_STOCK_CLASS_SPLIT") if issued.family in ("EQUITY_COMPENSATION", "WARRANT") else ():
        on = day(item.data.get("date"))
        if item.usable and on is not None and issued.issued < on <= closing.on:
            of_it = _text(item, "stock_class_id") == issued.class_id
            times *= (ratio(item.data.get("split_ratio")) or 1) if of_it else 1
    return times


def _missing(closing: Closing, securities: Mapping[str, Security]) -> list[Finding]:
    """Return a finding where a closing names results that are never issued."""
    missing = [name for name in (*closing.results, closing.balance) if name and name not in securities]
    if not missing:
        return []
    names = ", ".join(name[:60] for name in missing[:3])
    message = f"the {closing.action.lower()} names as its result {names}, which the package never issues"
    return [Finding(_at(closing.item), "error", "missing result", f"{message}: it is not counted")]


def _odd(closing: Closing, issued: Security, securities: Mapping[str, Security], times: Fraction) -> list[Finding]:
    """Return what a closing leaves open; `times` is what one share became by splits since the security was issued."""
    found: list[Finding] = []
    where = _at(closing.item)
    if closing.on < issued.issued:
        message = f"'{closing.security[:60]}' is closed on {closing.on}, before it is issued on {issued.issued}"
        found.append(Finding(where, "warning", "closed before issued", f"{message}: it is never outstanding"))
    gone = closing.quantity
    if closing.action in EXERCISES and gone is None and all(name in securities for name in closing.results):
        gone = sum((securities[name].quantity or Fraction(0) for name in closing.results), Fraction(0))
    if issued.family == "CONVERTIBLE" or issued.quantity is None or gone is None:
        return found
    balance = securities[closing.balance].quantity if closing.balance in securities else None
    # A program may give a grant back in the shares of its issue, or of the day.
    lefts = dict.fromkeys((issued.quantity * times - gone, issued.quantity - gone))
    left = next(iter(lefts))
    if not closing.balance and 0 not in lefts:
        message = (
            f"the {closing.action.lower()} of {gone} of {issued.quantity * times} names no balance security: "
            f"by the close-out rule nothing is left; if the rest was kept, {left} are missing"
        )
        found.append(Finding(where, "warning", "no balance", message))
    elif balance is not None and balance not in lefts and closing.quantity is not None:
        message = f"{gone} of {issued.quantity * times} are gone, but the balance security has {balance}"
        found.append(Finding(where, "warning", "balance", f"{message}: the issuance counts"))
    return found


def _dangling(package: Package, securities: Mapping[str, Security]) -> list[Finding]:
    """Return references to objects that the package does not have; results of closings are reported there."""
    known: dict[str, set[str]] = {"security": set(securities)}
    for item in package.items:
        known.setdefault(item.kind, set()).add(item.id)
    if package.issuer is not None:
        known["ISSUER"] = {package.issuer.id}
    found: list[Finding] = []
    for item in package.items:
        if item.kind not in KNOWN:
            continue
        for label, value in item.data.items():
            wanted = REFERENCES.get(label)
            if wanted is None or label.startswith(("resulting_", "balance_")):
                continue
            for name in value if isinstance(value, list) else [value]:
                if isinstance(name, str) and name and name not in known.get(wanted, ()):
                    if wanted == "security" and item.kind in ISSUANCES:
                        continue
                    kind = "security never issued" if wanted == "security" else "missing object"
                    what = "a security" if wanted == "security" else wanted.lower().replace("_", " ")
                    message = f"'{label}' names '{name[:60]}', {what} that the package does not have"
                    counts = label in ("stakeholder_id", "stock_class_id", "security_id", "security_ids")
                    found.append(Finding(_at(item), "error" if counts else "warning", kind, message))
    return found
