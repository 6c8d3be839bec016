"""Grants while an export is written: what is used or lapses closes the security whole, and the rest is issued anew.

The format has no field for the balance of an exercise or a release, as it has for a cancellation. So the balance stands
among the results of the exercise, beside the shares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from muniment.book.vesting import Step, vested_by, vested_in_shares, vesting_steps
from muniment.formats.ocf_objects import Object, monetary
from muniment.formats.ocf_package import Finding, Item
from muniment.formats.ocf_register import Register
from muniment.formats.ocf_types import EXERCISES, ISSUANCES, ON_A_SECURITY, canonical, day, money, number
from muniment.formats.ocf_words import numeric
from muniment.model.dates import exact_day
from muniment.model.right_terms import Vesting
from muniment.model.values import Money, PartialDate

ZERO = Fraction(0)
END, ENDED = "-end", "Ended."
"""How the id and the reason of a cancellation read that tells the `until` of a record, not a forfeiture."""


@dataclass(slots=True)
class OpenGrant:
    """A grant of which something may be left; numbers are in shares of the day reached.

    Attributes:
        issuance: Of the security that is open now.
        price: The strike as issued; None if not stated.
        steps: When it vests; empty where it is vested, or no days are computed.
        vests: Whether anything is said of when it vests.
        accelerates: Whether an event may quicken it, which is not computed here.
        until: The day on which it ends; None if it does not.
        anew: Whether something of it was written anew, so that what was kept of its later exercises no longer fits.
        gone, lapsed: What was exercised, and what was forfeited.
    """

    holder: str
    class_id: str
    issuance: Object
    price: Money | None
    steps: tuple[Step, ...]
    vests: bool
    accelerates: bool
    until: date | None
    anew: bool
    granted: Fraction
    gone: Fraction = ZERO
    lapsed: Fraction = ZERO
    since_issued: Fraction = Fraction(1)

    @property
    def left(self) -> Fraction:
        """Return what has not been exercised, and has not lapsed."""
        return self.granted - self.gone - self.lapsed

    def unvested(self, on: date) -> Fraction | None:
        """Return what of the rest has not vested by a day; None where that cannot be computed."""
        if not self.vests:
            return ZERO
        if not self.steps or self.accelerates:
            return None
        vested = vested_by(vested_in_shares(self.steps, self.granted), on)
        return max(self.granted - max(vested, self.gone) - self.lapsed, ZERO)


class OpenGrants:
    """The grants of an export, by address, while transactions are added in the order of their days."""

    def __init__(self, register: Register, found: list[Finding]) -> None:
        self.register = register
        self.found = found
        self.by_address: dict[str, OpenGrant] = {}

    def issued(self, address: str, issuance: Object, values: Mapping[str, Any], on: str, anew: bool) -> None:
        """Note that a grant is issued, with what its record says."""
        granted, price = number(issuance.get("quantity")), money(issuance.get("exercise_price"))
        if granted is None:
            return
        terms, since, until = values.get("vests"), values.get("vesting from"), values.get("until")
        first = exact_day(since) if isinstance(since, PartialDate) else None
        steps = vesting_steps(terms, first or date.fromisoformat(on)) if isinstance(terms, Vesting) else ()
        self.by_address[address] = OpenGrant(
            holder=str(issuance.get("stakeholder_id")),
            class_id=str(issuance.get("stock_class_id", "")),
            issuance=issuance,
            price=Money(*price) if price is not None else None,
            steps=steps,
            vests=terms is not None,
            accelerates="accelerates" in values,
            until=exact_day(until) if isinstance(until, PartialDate) else None,
            anew=anew,
            granted=granted,
        )

    def split(self, class_id: str, times: Fraction) -> None:
        """Let the grants over a class follow its split, as they do in the book."""
        for each in self.by_address.values():
            if each.class_id == class_id:
                each.granted *= times
                each.gone *= times
                each.lapsed *= times
                each.since_issued *= times

    def fit(self, kept: Iterable[Object], named: str | None) -> bool:
        """Whether what was kept of an exercise or a forfeiture still closes the security that is open."""
        closed = {str(made["security_id"]) for made in kept if _closes_a_grant(made)}
        fitting = [each for each in self.by_address.values() if str(each.issuance["security_id"]) in closed]
        if not closed and named in self.by_address:
            return not self.by_address[named].anew
        return len(fitting) == len(closed) and not any(each.anew for each in fitting)

    def follow(self, kept: list[Object]) -> None:
        """Follow an exercise or a forfeiture that was given back as it stood."""
        for made in kept:
            if not _closes_a_grant(made):
                continue
            for each in self.by_address.values():
                if each.issuance["security_id"] == made["security_id"]:
                    self._follow(each, made, kept)

    def _follow(self, each: OpenGrant, closing: Object, kept: list[Object]) -> None:
        results = closing.get("resulting_security_ids") or ()
        used = _action(closing) in EXERCISES
        for made in kept:
            balance = made.get("security_id") in (*results, closing.get("balance_security_id"))
            if balance and ISSUANCES.get(canonical(str(made["object_type"])), "STOCK") != "STOCK":
                left = number(made.get("quantity")) or ZERO
                price = money(made.get("exercise_price"))
                each.gone += each.left - left if used else ZERO
                each.lapsed += ZERO if used else each.left - left
                each.issuance, each.since_issued = made, Fraction(1)
                each.price = Money(*price) if price is not None else None
                return
        each.gone += each.left if used else ZERO
        each.lapsed += each.left

    def forfeit(self, named: str | None, stated: int | None, on: str, where: str, reason: str) -> None:
        """Cancel part of a grant, and issue what is left.

        Args:
            named: Address of the grant.
            stated: How many shares lapse; None where it is all that has not vested.
            on: The day.
            where: Address of the record.
            reason: Why.
        """
        each, day_of_it = self.by_address.get(named or ""), date.fromisoformat(on)
        if each is None or (each.until is not None and each.until <= day_of_it):
            message = f"no grant '{named}' is open in the package: nothing is cancelled"
            self.found.append(Finding(where, "error", "forfeit", message))
            return
        lapses = Fraction(stated) if stated is not None else each.unvested(day_of_it)
        if lapses is None:
            message = f"what of {named} had not vested is not known: nothing is cancelled"
            self.found.append(Finding(where, "error", "forfeit", message))
            return
        if lapses > each.left:
            message = f"{lapses} shares are more than the {each.left} left under {named}: those are cancelled"
            self.found.append(Finding(where, "warning", "forfeit", message))
        part = min(lapses, each.left)
        if not part:
            return
        name, before = where.replace("/", "-"), each.issuance
        made: Object = {
            "object_type": f"TX_{ISSUANCES[canonical(str(before['object_type']))]}_CANCELLATION",
            "id": self.register.fresh(f"{name}-cancellation"),
            "security_id": before["security_id"],
            "date": on,
            "quantity": numeric(part),
            "reason_text": reason or ("Forfeited." if stated is not None else "Forfeited: not vested."),
        }
        self.register.add(made)
        each.lapsed += part
        each.anew = True
        if each.left:
            balance = self._balance(each, on, where, "cancellation")
            self.register.add(balance)
            made["balance_security_id"] = balance["security_id"]
            each.issuance = balance

    def exercise(
        self,
        named: str | None,
        holder: str,
        class_id: str,
        shares: Fraction,
        price: Object | None,
        on: str,
        where: str,
        title: str,
    ) -> None:
        """Issue shares, and close the grants that they come from: the one named, else the holder's earliest.

        Args:
            named: Address of the grant; None if the record does not say.
            holder: Id of the stakeholder who gets the shares.
            class_id: Class of the shares, in the package.
            shares: How many.
            price: What was paid for each share.
            on: The day.
            where: Address of the record.
            title: A name for the certificate; empty if it has none.
        """
        rest, name = shares, where.replace("/", "-")
        for each in self._used(named, holder, class_id, date.fromisoformat(on), where):
            part = min(rest, each.left)
            if part <= 0:
                continue
            rest -= part
            stock = self.register.issue(f"{name}-{holder}", on, holder, class_id, part, price, title)
            self._close(each, part, stock, on, where)
        if rest:
            self.register.issue(f"{name}-{holder}", on, holder, class_id, rest, price, title)
            of = f"under {named}" if named else f"under grants of '{holder}' over '{class_id}'"
            message = f"{rest} shares are more than is left {of}: they are issued, and no grant is closed for them"
            self.found.append(Finding(where, "warning", "exercise", message))

    def _used(self, named: str | None, holder: str, class_id: str, on: date, where: str) -> list[OpenGrant]:
        def is_open(each: OpenGrant) -> bool:
            return each.until is None or each.until > on

        if named is not None:
            one = self.by_address.get(named)
            return [one] if one is not None and is_open(one) else []
        used = [
            each
            for each in self.by_address.values()
            if (each.holder, each.class_id) == (holder, class_id) and is_open(each) and each.left
        ]
        message = "which grant was used is not stated"
        if used:
            message += ": the shares are taken off the earliest grants of their holder"
        self.found.append(Finding(where, "warning", "exercise", message))
        return used

    def _close(self, each: OpenGrant, part: Fraction, stock: str, on: str, where: str) -> None:
        """Write the exercise of part of a grant, and issue what is left."""
        before, name = each.issuance, where.replace("/", "-")
        family = ISSUANCES[canonical(str(before["object_type"]))]
        action = "RELEASE" if before.get("compensation_type") == "RSU" else "EXERCISE"
        made: Object = {
            "object_type": f"TX_{family}_{action}",
            "id": self.register.fresh(f"{name}-{action.lower()}"),
            "security_id": before["security_id"],
            "date": on,
            "resulting_security_ids": [stock] if stock else [],
        }
        if family == "WARRANT":
            self._say_trigger(made, before, where)
        else:
            made["quantity"] = numeric(part)
        if action == "RELEASE":
            made["settlement_date"] = on
            message = "the value of a share at the release of the RSUs, which the format requires"
            self.found.append(Finding(where, "warning", "not stated", message))
        self.register.add(made)
        each.gone += part
        each.anew = True
        if each.left:
            balance = self._balance(each, on, where, action.lower())
            self.register.add(balance)
            made["resulting_security_ids"].append(balance["security_id"])
            each.issuance = balance

    def _say_trigger(self, made: Object, issuance: Object, where: str) -> None:
        listed = issuance.get("exercise_triggers")
        names = [each.get("trigger_id") for each in listed or () if isinstance(each, dict)]
        if len(names) == 1 and names[0]:
            made["trigger_id"] = names[0]
            return
        message = "what triggered the exercise of the warrants, which the format requires"
        self.found.append(Finding(where, "warning", "not stated", message))

    def _balance(self, each: OpenGrant, on: str, where: str, action: str) -> Object:
        before, name = each.issuance, self.register.fresh(f"{where.replace('/', '-')}-balance")
        if numeric(each.left) is None:
            message = f"the balance of {each.left} shares does not end within ten decimals: it is left out"
            self.found.append(Finding(where, "error", "decimals", message))
        comments = before.get("comments")
        balance: Object = {
            **before,
            "id": self.register.fresh(f"{name}-issuance"),
            "security_id": name,
            "custom_id": name,
            "date": on,
            "quantity": numeric(each.left),
            "comments": [
                *(comments if isinstance(comments, list) else ()),
                f"The balance of {before['security_id']} after its {action}.",
            ],
        }
        if each.price is not None:
            strike = Money(each.price.amount / each.since_issued, each.price.currency)
            balance["exercise_price"] = monetary(strike, where, self.found)
            each.price = strike
        each.since_issued = Fraction(1)
        balance.pop("vesting_terms_id", None)
        balance.pop("vestings", None)
        if each.steps:
            balance["vestings"] = vestings_left(each.steps, each.granted, each.gone, each.lapsed)
        return balance


def cancellation(issuance: Object, on: str) -> Object:
    """Return the cancellation of all of a right that ended, how is not stated."""
    family, security = ISSUANCES[canonical(str(issuance["object_type"]))], issuance["security_id"]
    made: Object = {
        "object_type": f"TX_{family}_CANCELLATION",
        "id": f"{security}{END}",
        "security_id": security,
        "date": on,
        "reason_text": ENDED,
    }
    if family == "CONVERTIBLE":
        return made | {"amount": issuance.get("investment_amount")}
    return made | {"quantity": issuance.get("quantity")}


def tells_an_end(item: Item) -> bool:
    """Whether a cancellation was written for a record that ends on a day, and says nothing of how."""
    return item.data.get("reason_text") == ENDED and item.id == f"{item.data.get('security_id')}{END}"


def vestings_left(steps: tuple[Step, ...], granted: Fraction, gone: Fraction, lapsed: Fraction = ZERO) -> list[Object]:
    """Return the days on which more of what is left vests: what is exercised vested first, what lapses would last.

    Args:
        steps: Of the whole grant.
        granted: Its shares, more than 0.
        gone: How many of them are exercised.
        lapsed: How many of them are forfeited.

    Example:
        >>> steps = (Step(date(2022, 1, 1), Fraction(1, 2)), Step(date(2023, 1, 1), Fraction(1)))
        >>> vestings_left(steps, Fraction(100), Fraction(30))
        [{'date': '2022-01-01', 'amount': '20'}, {'date': '2023-01-01', 'amount': '50'}]
    """
    found: list[Object] = []
    before = ZERO
    for moment, vested in vested_in_shares(steps, granted):
        there = max(min(vested, granted - lapsed) - gone, ZERO)
        if there > before:
            found.append({"date": moment.isoformat(), "amount": numeric(there - before)})
        before = there
    return found


def vestings_of(issuance: Mapping[str, Any]) -> dict[date, Fraction]:
    """Return the shares that vest on each day that an issuance lists."""
    listed = issuance.get("vestings")
    found: dict[date, Fraction] = {}
    for each in listed if isinstance(listed, list) else ():
        moment = day(each.get("date")) if isinstance(each, Mapping) else None
        shares = number(each.get("amount")) if isinstance(each, Mapping) else None
        if moment is not None and shares is not None:
            found[moment] = found.get(moment, ZERO) + shares
    return found


def _action(made: Object) -> str:
    return ON_A_SECURITY.get(canonical(str(made.get("object_type"))), ("", ""))[1]


def _closes_a_grant(made: Object) -> bool:
    family, action = ON_A_SECURITY.get(canonical(str(made.get("object_type"))), ("", ""))
    return action in EXERCISES or (action == "CANCELLATION" and family in ("EQUITY_COMPENSATION", "WARRANT"))
