"""Write an Open Cap Format package as records of a book.

Every object of the package is kept in a remark beside the record it became, so that an export gives it back; what has
no record of its own stands in the company's remarks, or in an event of its day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from muniment.book.checks import check_figures
from muniment.book.load import load_text
from muniment.formats.ocf_groups import Move, moves_of
from muniment.formats.ocf_package import Finding, Item, Package
from muniment.formats.ocf_state import Ledger, ledger_of
from muniment.formats.ocf_terms import (
    Line,
    Named,
    class_lines,
    conversion_lines,
    convertible_lines,
    grant_lines,
    returns_to_pool,
)
from muniment.formats.ocf_types import OF_A_CLASS, day, number
from muniment.formats.ocf_words import Names, amount, becomes, kept, shown, signature
from muniment.model.amounts import format_money
from muniment.model.values import Money

SETTINGS = 'name = "{name}"\nformat = 1\n'
KEPT_LINE = re.compile(r"^ +remark: .*\n?", re.MULTILINE)
TOO_MANY = re.compile(r"of '([a-z0-9-]+)' are issued")
MOST_TRIES = 50


class Imported(NamedTuple):
    """A book made of a package.

    Attributes:
        files: Text by path inside the book's folder.
        company: Id of the issuer.
        findings: What is wrong with the package, and what the book cannot say.
        objects: Objects by type.
        ledger: The close-out state, from which the book can be checked.
        named: Ids of the book by ids of the package.
    """

    files: Mapping[str, str]
    company: str
    findings: tuple[Finding, ...]
    objects: Mapping[str, int]
    ledger: Ledger
    named: Named


def book_of(package: Package) -> Imported | tuple[Finding, ...]:
    """Return the book that a package makes; the package's findings where it has no issuer, and so no book."""
    if package.issuer is None:
        return package.findings
    ledger = ledger_of(package)
    unlimited: set[str] = set()
    for _ in range(MOST_TRIES):
        writer = _Writer(package, package.issuer, ledger, unlimited)
        files = writer.files()
        over = _over_authorized("\n".join(text for name, text in files.items() if name.endswith(".muni")))
        if not over - unlimited:
            break
        unlimited |= over
    counts: dict[str, int] = {}
    for item in (package.issuer, *package.items):
        counts[item.kind] = counts.get(item.kind, 0) + 1
    findings = (*package.findings, *ledger.findings, *dict.fromkeys(writer.found))
    return Imported(files, writer.company, findings, counts, ledger, writer.named)


def _over_authorized(text: str) -> set[str]:
    """Return the classes of which the records issue more than is authorized."""
    figures = KEPT_LINE.sub("", text)  # what is only kept has no part in the figures, and is most of the text
    faults = check_figures(load_text(figures, "import.muni"))
    found = (TOO_MANY.search(fault.message) for fault in faults if fault.code == "M501")
    return {match[1] for match in found if match is not None}


class _Writer:
    """Writes the records of one package."""

    def __init__(self, package: Package, issuer: Item, ledger: Ledger, unlimited: set[str]) -> None:
        self.package = package
        self.issuer = issuer
        self.ledger = ledger
        self.unlimited = unlimited
        self.found: list[Finding] = []
        self.names = Names()
        self.written: set[int] = set()
        self.company = self.names.give(issuer.id, str(issuer.data.get("legal_name", "")), "company")
        self.classes = self._first("STOCK_CLASS")
        self.plans = self._first("STOCK_PLAN")
        self.terms = self._first("VESTING_TERMS")
        self.grant_names: dict[str, str] = {}
        self.left_of: dict[str, str] = {}
        self.balances: set[str] = set()
        self.off_plan: set[str] = set()
        self.stakeholders = self._first("STAKEHOLDER")
        self.named = self._named()
        dates = [day(item.data.get("date")) for item in package.items]
        formed = day(issuer.data.get("formation_date"))
        self.first_day = min([each for each in (*dates, formed) if each is not None], default=date(1900, 1, 1))
        if formed is not None and self.first_day < formed:
            message = f"transactions from {self.first_day} on come before its formation on {formed}: it is dated so"
            self.found.append(Finding("issuer", "warning", "before formation", message))

    def _first(self, kind: str) -> dict[str, Item]:
        found: dict[str, Item] = {}
        for item in self.package.of(kind):
            if item.id and item.usable:
                found.setdefault(item.id, item)
        return found

    def _named(self) -> Named:
        """Give an id to each holder, class and plan, those that the package only names included."""
        holders: dict[str, str] = {}
        classes: dict[str, str] = {}
        plans: dict[str, str] = {}
        for name, item in self.stakeholders.items():
            holders[name] = self.names.give(name, _legal_name(item), "holder")
        own = Names()
        for name, item in self.classes.items():
            classes[name] = own.give(name, str(item.data["name"]), "class")
        for name, item in self.plans.items():
            plans[name] = own.give(name, str(item.data["plan_name"]), "plan")
        for security in self.ledger.securities.values():
            if security.holder not in holders:
                holders[security.holder] = self.names.give(security.holder, security.holder, "holder")
            if security.family == "STOCK" and security.class_id not in classes:
                classes[security.class_id] = own.give(security.class_id, security.class_id, "class")
        return Named(classes, plans, holders)

    def files(self) -> dict[str, str]:
        """Return every file of the book."""
        name = shown(self.issuer.data.get("legal_name", self.company)).replace("\\", "")
        ledger = self._ledger()
        rights = self._rights()
        parties = self._parties()
        amended = self._amended()
        rest = self._rest()
        company = self._company()
        return {
            "muniment.toml": SETTINGS.format(name=name or self.company),
            "company.muni": "\n".join([*parties, company, *amended]),
            "ledger.muni": "\n".join(ledger),
            "rights.muni": "\n".join(rights),
            "kept.muni": "\n".join(rest),
        }

    def _keep(self, item: Item) -> dict[str, Any]:
        self.written.add(id(item))
        return dict(item.data)

    def _record(
        self,
        on: date,
        kind: str,
        name: str,
        title: str,
        lines: Iterable[Line],
        items: Iterable[Item] = (),
        mark: bool = False,
    ) -> str:
        """Return one record, with the objects it stands for kept in a remark; one that stands for none if `mark`."""
        said = [(label, value) for label, value in lines if value]
        objects = [self._keep(item) for item in items]
        if objects or mark:
            signed = signature(kind, on.isoformat(), [("title", title), *said])
            said.append(("remark", kept({"signed": signed, "objects": objects})))
        head = " ".join(part for part in (on.isoformat(), kind, name, f'"{title}"' if title else "") if part)
        return "\n".join([head, *(f"  {label}: {value}" for label, value in said), ""])

    def _parties(self) -> list[str]:
        records = []
        for name, party in self.named.holders.items():
            item = self.stakeholders.get(name)
            if item is None:
                self.found.append(
                    Finding(name[:60], "error", "holder", "the package names this holder and does not describe it")
                )
                absent = [("remark", kept({"absent": name, "objects": []}))]
                records.append(self._record(self.first_day, "group", party, shown(name), absent, []))
                continue
            kind = "person" if item.data.get("stakeholder_type") == "INDIVIDUAL" else "group"
            records.append(self._record(self.first_day, kind, party, shown(_legal_name(item)), [], [item]))
        if any(item.data.get("stakeholder_type") != "INDIVIDUAL" for item in self.stakeholders.values()):
            message = "the format does not say what kind of entity an institution is: each is written as a group"
            self.found.append(Finding("stakeholders", "note", "institutions", message))
        return records

    def _company(self) -> str:
        lines: list[str] = []
        blocks: list[str] = []
        for name, class_id in self.named.classes.items():
            item = self.classes.get(name)
            if item is None:
                message = "the package names this class and does not describe it: it is written without terms"
                self.found.append(Finding(name[:60], "error", "class", message))
                lines.append(kept({"of": f"class {class_id}", "absent": name, "objects": []}))
                blocks.append(f'  class {class_id} "{shown(name)}"\n')
                continue
            said = class_lines(item, self.classes, self.named, self.found)
            if class_id in self.unlimited:
                said = [line for line in said if line[0] != "authorized"]
                message = "more is issued at some time than is authorized: the authorized number is kept, not written"
                self.found.append(Finding(f"class {class_id}", "error", "authorized", message))
            of = f"class {class_id}"
            title = shown(item.data["name"])
            signed = signature(of, self.first_day.isoformat(), [("title", title), *said])
            lines.append(kept({"of": of, "signed": signed, "objects": [self._keep(item)]}))
            head = f'  class {class_id} "{title}"'
            blocks.append("\n".join([head, *(f"    {label}: {value}" for label, value in said), ""]))
        for name, plan_id in self.named.plans.items():
            item = self.plans[name]
            said = self._plan_lines(
                item, item.data.get("initial_shares_reserved", item.data.get("current_shares_reserved"))
            )
            returns = returns_to_pool(item)
            said += [("returns to pool", "yes" if returns else "no")] if returns is not None else []
            of = f"plan {plan_id}"
            title = shown(item.data["plan_name"])
            signed = signature(of, self.first_day.isoformat(), [("title", title), *said])
            lines.append(kept({"of": of, "signed": signed, "objects": [self._keep(item)]}))
            head = f'  plan {plan_id} "{title}"'
            blocks.append("\n".join([head, *(f"    {label}: {value}" for label, value in said), ""]))
        lines.insert(0, kept({"of": "issuer", "objects": [self.issuer.data], "manifest": dict(self.package.manifest)}))
        undated = [item for item in self.package.items if id(item) not in self.written]
        lines += [kept({"objects": [self._keep(item)]}) for item in undated]
        for kind in sorted({item.kind for item in undated}):
            message = f"{sum(item.kind == kind for item in undated)} of this type are kept in remarks of the company"
            self.found.append(Finding(kind, "note", "kept", message))
        title = shown(self.issuer.data.get("legal_name", self.company))
        head = f'{self.first_day.isoformat()} company {self.company} "{title}"'
        return "\n".join([head, *(f"  remark: {line}" for line in lines), "", "\n".join(blocks)])

    def _plan_lines(self, item: Item, reserved: Any) -> list[Line]:
        several = item.data.get("stock_class_ids")
        listed = several if isinstance(several, list) else [item.data.get("stock_class_id")]
        over = [self.named.classes[str(name)] for name in listed if str(name) in self.named.classes]
        lines: list[Line] = [("of", over[0])] if len(listed) == 1 and over else []
        number_reserved = number(reserved)
        if number_reserved is not None and number_reserved.denominator == 1 and number_reserved >= 0:
            lines.append(("reserved", amount(number_reserved)))
        return lines

    def _amended(self) -> list[str]:
        """Return changes of classes and plans as amendments of the company, in order of day."""
        records = []
        for item in sorted(self.package.items, key=lambda each: (str(each.data.get("date", "")), each.id)):
            on = day(item.data.get("date"))
            class_id = self.named.classes.get(str(item.data.get("stock_class_id")))
            plan = self.plans.get(str(item.data.get("stock_plan_id")))
            said: list[Line] = []
            if on is None or not item.usable:
                continue
            if item.kind in OF_A_CLASS and class_id is not None:
                of = f"class {class_id}"
                new = number(item.data.get("new_shares_authorized"))
                if new is not None and new.denominator == 1 and new > 0 and class_id not in self.unlimited:
                    said = [("authorized", amount(new))]
                mechanism = item.data.get("new_ratio_conversion_mechanism")
                if mechanism is not None:
                    rights = self.classes[str(item.data["stock_class_id"])].data.get("conversion_rights")
                    first = rights[0] if isinstance(rights, list) and rights and isinstance(rights[0], dict) else {}
                    changed = [{**first, "conversion_mechanism": mechanism}]
                    said = list(conversion_lines(changed, self.named, item.where, self.found))
            elif item.kind == "TX_STOCK_PLAN_POOL_ADJUSTMENT" and plan is not None:
                of = f"plan {self.named.plans[plan.id]}"
                said = self._plan_lines(plan, item.data.get("shares_reserved"))
            if not said:
                continue
            signed = signature(of, on.isoformat(), [("title", ""), *said])
            remark = kept({"of": of, "signed": signed, "objects": [self._keep(item)]})
            lines = [f"  id: {self.names.give('', item.id, 'change')}", f"  remark: {remark}", f"  {of}"]
            lines += [f"    {label}: {value}" for label, value in said]
            records.append("\n".join([f"{on.isoformat()} amend {self.company}", *lines, ""]))
        return records

    def _ledger(self) -> list[str]:
        records: list[str] = []
        moves = moves_of(self.package, self.ledger, self.found)
        busy = {move.on for move in moves if move.kind not in ("issue", "nothing")}
        last: tuple[date | None, str] = (None, "")
        for move in moves:
            if move.kind == "nothing":
                name = self.names.give("", move.title, "change")
                lines = [("about", self.company), ("what", shown(move.title))]
                records.append(self._record(move.on, "event", name, shown(move.title), lines, move.items))
                continue
            name = self.names.give("", move.title, move.kind)
            lines = [("id", name)]
            if last[0] == move.on and move.on in busy:
                lines.append(("after", last[1]))
            if move.grant:
                lines.append(("grant", self._grant_name(move.grant)))
                self._used(move)
            lines += self._move_lines(move)
            records.append(self._record(move.on, move.kind, self.company, shown(move.title), lines, move.items, True))
            last = (move.on, name)
        return records

    def _used(self, move: Move) -> None:
        """Note which security is what is left of a grant, none once it is used in full; and what stands in its place.

        What lapses does not return to some pools. There, a security issued in its place takes nothing more from it.
        """
        left = [name for name in move.makes if (at := self.ledger.securities.get(name)) and at.family != "STOCK"]
        self.left_of[move.grant] = left[0] if left else ""
        self.balances.update(left)
        plan_id = self.ledger.securities[move.grant].plan_id
        plan = self.plans.get(plan_id)
        for name in move.replaced if plan is not None and returns_to_pool(plan) is False else ():
            made = self.ledger.securities.get(name)
            if made is not None and made.family != "STOCK" and made.plan_id == plan_id:
                self.off_plan.add(name)

    def _grant_name(self, security: str) -> str:
        if security not in self.grant_names:
            title = shown(self.ledger.securities[security].item.data.get("custom_id", ""))
            self.grant_names[security] = self.names.give("", title, "grant")
        return self.grant_names[security]

    def _move_lines(self, move: Move) -> list[Line]:
        if move.kind == "forfeit":
            return [("quantity", amount(move.lines[0][1]))]
        class_id = self.named.classes[move.class_id]
        if move.kind == "split":
            return [(class_id, becomes(move.lines[0][1]))]
        lines = [("from", self.named.holders[move.giver])] if move.giver else []
        for holder, shares, paid in move.lines:
            price = f" for {format_money(Money(*paid))}" if paid is not None else ""
            lines.append((self.named.holders[holder], f"{amount(shares)} {class_id}{price}"))
        return lines

    def _rights(self) -> list[str]:
        """Return grants, SAFEs and notes; one that is closed, other than by exercises written so, ends on that day."""
        starts: dict[str, date] = {}
        for item in self.package.of("TX_VESTING_START"):
            on = day(item.data.get("date"))
            if on is not None and item.usable:
                starts[str(item.data["security_id"])] = min(on, starts.get(str(item.data["security_id"]), on))
        records = []
        for name, security in sorted(self.ledger.securities.items(), key=lambda each: (each[1].issued, each[0])):
            if security.family == "STOCK" or name in self.balances:
                continue
            end = self.ledger.closings.get(self.left_of.get(name, name))
            if name not in self.left_of and (end is not None and end.on <= security.issued):
                continue
            title = shown(security.item.data.get("custom_id", ""))
            lines: list[Line] | None
            if security.family == "CONVERTIBLE":
                kind, lines = convertible_lines(security.item, self.named, self.company, self.found)
                subject = self.names.give("", title, kind)
            else:
                kind, subject = "grant", self.company
                lines = grant_lines(security, self.plans, self.terms, starts, self.named, self.found)
                if lines is None:
                    continue
                if name in self.off_plan:
                    message = "it stands in the place of a grant whose shares stay taken from the pool: no plan is said"
                    self.found.append(Finding(security.item.where, "note", "plan", message))
                    lines = [line for line in lines if line[0] != "plan"]
                lines = [("id", self._grant_name(name)), *lines]
            if end is not None:
                lines.append(("until", end.on.isoformat()))
            records.append(self._record(security.issued, kind, subject, title, lines, [security.item]))
        return records

    def _rest(self) -> list[str]:
        """Return an event for every dated object that became no other record."""
        records = []
        counts: dict[str, int] = {}
        for item in sorted(self.package.items, key=lambda each: (str(each.data.get("date", "")), each.kind, each.id)):
            on = day(item.data.get("date"))
            if on is None or id(item) in self.written:
                continue
            words = item.kind.removeprefix("TX_").removeprefix("CE_").replace("_", " ").lower()
            words = shown(words) or "an object of no type"
            about = item.data.get("security_id", item.data.get("stakeholder_id", ""))
            title = shown(f"{words} {about}" if isinstance(about, str) else words, 80)
            lines = [("about", self.company), ("what", words)]
            records.append(self._record(on, "event", self.names.give("", title, "kept"), title, lines, [item]))
            counts[item.kind] = counts.get(item.kind, 0) + 1
        for kind, count in sorted(counts.items()):
            self.found.append(Finding(kind, "note", "kept", f"{count} of this type are kept as events of their day"))
        self._pools()
        return records

    def _pools(self) -> None:
        """Say where what returns to a pool turns on a transaction of its own, which no figure follows."""
        returned = [item for item in self.package.of("TX_STOCK_PLAN_RETURN_TO_POOL") if item.usable]
        per_grant = {
            name
            for name, plan in self.plans.items()
            if plan.data.get("default_cancellation_behavior") == "DEFINED_PER_PLAN_SECURITY"
        }
        for item in returned:
            security = self.ledger.securities.get(str(item.data.get("security_id")))
            plan = self.plans.get(security.plan_id) if security is not None else None
            if security is None or plan is None or plan.id in per_grant:
                continue
            if item.data.get("stock_plan_id") != plan.id or returns_to_pool(plan) is False:
                message = "what it returns is not what its plan provides for: the pools are computed without it"
                self.found.append(Finding(item.where, "error", "pool", message))
        for name in sorted(per_grant):
            message = "each grant says whether it returns to the pool: all of them are taken to return"
            self.found.append(Finding(f"plan {self.named.plans[name]}", "error", "pool", message))


def _legal_name(item: Item) -> str:
    name = item.data.get("name")
    return str(name.get("legal_name", item.id)) if isinstance(name, Mapping) else item.id


def total_of(shares: Mapping[tuple[str, str], Fraction]) -> dict[str, Fraction]:
    """Return shares by class."""
    totals: dict[str, Fraction] = {}
    for (_, class_id), held in shares.items():
        totals[class_id] = totals.get(class_id, Fraction(0)) + held
    return totals
