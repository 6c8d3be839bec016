"""The certificates of an export: which are open, and the transactions that a change of the ledger makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from muniment.formats.ocf_objects import Object, monetary, ratio_of
from muniment.formats.ocf_package import Finding
from muniment.formats.ocf_types import CLOSING, ISSUANCES, ON_A_SECURITY, canonical, number
from muniment.formats.ocf_words import numeric
from muniment.model.values import Money


class Certificate(NamedTuple):
    """A certificate that is open.

    Attributes:
        price: Its `share_price` as an object; None if not stated.
    """

    id: str
    holder: str
    class_id: str
    quantity: Fraction
    price: Object | None


class Register:
    """Open certificates while transactions are added in the order of their days."""

    def __init__(self, found: list[Finding], spoken_for: frozenset[str]) -> None:
        self.found = found
        self.spoken_for = spoken_for
        self.objects: list[Object] = []
        self.open: dict[str, Certificate] = {}
        self._seen: set[str] = set()
        self._ids: set[str] = set()

    def add(self, made: Object) -> None:
        """Add an object as it stands; an issuance opens a certificate, and what closes one closes it."""
        self.objects.append(made)
        self._ids.add(str(made.get("id")))
        kind = canonical(str(made.get("object_type")))
        if kind in ISSUANCES:
            name = str(made.get("security_id"))
            shares = number(made.get("quantity"))
            if ISSUANCES[kind] == "STOCK" and name not in self._seen and shares is not None:
                holder, class_id = str(made.get("stakeholder_id")), str(made.get("stock_class_id"))
                self.open[name] = Certificate(name, holder, class_id, shares, made.get("share_price"))
            self._seen.add(name)
        elif ON_A_SECURITY.get(kind, ("", ""))[1] in CLOSING:
            several = made.get("security_ids")
            for closed in several if isinstance(several, list) else [made.get("security_id")]:
                self.open.pop(str(closed), None)

    def fresh(self, name: str) -> str:
        """Return an id that no object has yet."""
        taken, count, tried = self._ids | self._seen, 1, name
        while tried in taken:
            count += 1
            tried = f"{name}-{count}"
        return tried

    def issue(
        self, name: str, on: str, holder: str, class_id: str, shares: Fraction, price: Object | None, custom: str = ""
    ) -> str:
        """Issue a certificate; return its id, or nothing where its quantity does not end within ten decimals."""
        quantity = numeric(shares)
        if quantity is None:
            message = f"{shares} shares do not end within ten decimals: they are left out"
            self.found.append(Finding(name, "error", "decimals", message))
            return ""
        security = self.fresh(name)
        made: Object = {
            "object_type": "TX_STOCK_ISSUANCE",
            "id": self.fresh(f"{security}-issuance"),
            "security_id": security,
            "custom_id": custom or security,
            "date": on,
            "stakeholder_id": holder,
            "stock_class_id": class_id,
            "quantity": quantity,
            "security_law_exemptions": [],
            "stock_legend_ids": [],
        }
        if price is not None:
            made["share_price"] = price
        self.add(made)
        return security

    def paid_each(self, paid: Any, shares: Fraction, where: str) -> Object | None:
        """Return the price of one share; None, with a finding, where it is not stated exactly."""
        if not isinstance(paid, Money):
            message = "what was paid for the shares is not stated exactly; the format requires a price"
            self.found.append(Finding(where, "warning", "not stated", message))
            return None
        return monetary(Money(paid.amount / shares, paid.currency), where, self.found) if shares else None

    def take(self, holder: str, class_id: str, shares: Fraction, where: str) -> list[tuple[Certificate, Fraction]]:
        """Return the certificates that give up shares, the earliest first, each with how many."""
        taken: list[tuple[Certificate, Fraction]] = []
        left = shares
        for spoken in (False, True):
            for one in list(self.open.values()):
                if left and (one.holder, one.class_id, one.id in self.spoken_for) == (holder, class_id, spoken):
                    part = min(left, one.quantity)
                    taken.append((one, part))
                    left -= part
        if left:
            message = f"'{holder}' has no certificates of '{class_id}' for {left} shares: they are left out"
            self.found.append(Finding(where, "error", "no certificate", message))
        return taken

    def close(
        self,
        action: str,
        one: Certificate,
        part: Fraction,
        on: str,
        where: str,
        results: list[tuple[str, str, Fraction]],
        more: Mapping[str, Any],
    ) -> None:
        """Close one certificate whole; what is left of it, and each result, is a certificate of its own."""
        made: dict[str, Any] = {
            "object_type": f"TX_STOCK_{action}",
            "id": self.fresh(f"{where}-{action.lower()}"),
            "security_id": one.id,
            "date": on,
            ("quantity_converted" if action == "CONVERSION" else "quantity"): numeric(part),
            **more,
        }
        if action == "REISSUANCE":
            del made["quantity"]
        self.add(made)
        names = [
            self.issue(f"{where}-{holder}", on, holder, class_id, shares, one.price)
            for holder, class_id, shares in results
        ]
        if results:
            made["resulting_security_ids"] = [name for name in names if name]
        if one.quantity > part:
            left = one.quantity - part
            made["balance_security_id"] = self.issue(f"{where}-balance", on, one.holder, one.class_id, left, one.price)

    def split(self, class_id: str, times: Fraction, on: str, where: str) -> None:
        """Split a class: every certificate of it is reissued."""
        name = self.fresh(f"{where}-split")
        self.add(
            {
                "object_type": "TX_STOCK_CLASS_SPLIT",
                "id": name,
                "date": on,
                "stock_class_id": class_id,
                "split_ratio": ratio_of(times),
            }
        )
        for one in [each for each in self.open.values() if each.class_id == class_id]:
            results = [(one.holder, class_id, one.quantity * times)]
            price = None
            if one.price is not None and (each := number(one.price.get("amount"))) is not None:
                price = monetary(Money(each / times, str(one.price.get("currency"))), where, self.found)
            after = one._replace(price=price)
            self.close("REISSUANCE", after, one.quantity, on, where, results, {"split_transaction_id": name})
