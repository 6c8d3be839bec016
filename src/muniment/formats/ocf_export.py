"""Write a company of a book as an Open Cap Format package.

What was imported and not changed since is given back as it stood; everything else is written anew, each share on a
certificate. What the format has no place for is said, never bent into another shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from muniment.book.accounts import World
from muniment.formats.ocf_company import CompanyExport, words_of
from muniment.formats.ocf_exercises import cancellation
from muniment.formats.ocf_files import packed
from muniment.formats.ocf_objects import (
    Object,
    convertible,
    grant,
    vesting_terms,
)
from muniment.formats.ocf_package import Finding, package_of
from muniment.formats.ocf_register import Register
from muniment.formats.ocf_state import ledger_of
from muniment.formats.ocf_types import ISSUANCES, canonical
from muniment.formats.ocf_words import signature
from muniment.model.dates import exact_day
from muniment.model.records import Fact, Record
from muniment.model.right_terms import Vesting
from muniment.model.values import Bounded, ClassQuantity, Quantity
from muniment.model.vocabulary import ENTITY_KINDS, LEDGER_KINDS

VERSION = "1.2.0"
RIGHTS = ("grant", "safe", "note")
OF_THE_LEDGER = frozenset((*LEDGER_KINDS, "holding", "forfeit"))


class Exported(NamedTuple):
    """A package to be written.

    Attributes:
        files: Bytes by path inside the folder or archive.
        findings: What the format cannot hold, and what it requires and the book does not say.
        objects: Objects by type.
    """

    files: Mapping[str, bytes]
    findings: tuple[Finding, ...]
    objects: Mapping[str, int]


def package_from(world: World, entity: str, on: date) -> Exported:
    """Return the package of one company.

    Args:
        world: The book in one account.
        entity: Id of an entity that exists on the day.
        on: The last day of which transactions are taken; the manifest's `as_of`.

    Returns:
        The package. It is read again, and a finding says where its outstanding shares are not those of the book.
    """
    return _Exporter(world, entity, on).exported()


class _Exporter(CompanyExport):
    """Makes the objects of one company, in order of day."""

    def exported(self) -> Exported:
        """Return the package."""
        books = [record for record in self.world.book.records if self._counts(record)]
        own = [record for record in books if record.name == self.id and record.kind in (*ENTITY_KINDS, "amend")]
        self._company(own)
        events: list[tuple[str, int, Record]] = []
        exercised: set[str] = set()
        for dated in self.selector.in_order(self.world.book.index.by_subject.get(self.id, ()), OF_THE_LEDGER):
            moment = exact_day(dated.when)
            if moment is None:
                self._say_inexact(dated.record, dated.when.text)
                continue
            # What is granted on a day comes before its first exercise, and what follows that stays behind it.
            exercised |= {moment.isoformat()} if dated.record.kind in ("exercise", "forfeit") else set()
            events.append((moment.isoformat(), 3 if moment.isoformat() in exercised else 1, dated.record))
        for record in books:
            moment = exact_day(record.date)
            of_this = record.name == self.id or record.value("issuer") == self.id
            if record.kind in RIGHTS and of_this and moment is None:
                self._say_inexact(record, record.date.text)
            elif record.kind in RIGHTS and of_this and moment is not None:
                events.append((moment.isoformat(), 2, record))
            elif record.kind == "event" and moment is not None and record.value("about") == self.id:
                events.append((moment.isoformat(), 4, record))
        for on, _, record in sorted(events, key=lambda each: each[:2]):
            self._event(on, record)
        for record in books:
            if record.kind in RIGHTS:
                self._end(record)
        self._stakeholders(books)
        self._said_elsewhere(books)
        return self._written()

    def _say_inexact(self, record: Record, when: str) -> None:
        message = f"its day, {when}, is not exact; the format has no other dates: left out"
        self.found.append(Finding(record.address, "error", "date", message))

    def _event(self, on: str, record: Record) -> None:
        keeps, before = list(self._kept(record)), len(self.register.objects)
        said = [("title", record.title), *((fact.label, words_of(fact)) for fact in record.facts)]
        signed = signature(record.kind, record.date.text, said)
        unchanged = [keep for keep in keeps if keep.get("signed") == signed]
        of_a_grant, named = record.kind in ("exercise", "forfeit"), record.value("grant")
        if of_a_grant and not all(self.grants.fit(keep["objects"], named) for keep in unchanged):
            unchanged = []
        for keep in unchanged or (keeps if record.kind == "event" else []):
            for made in keep["objects"]:
                self.register.add(made)
            if of_a_grant:
                self.grants.follow(keep["objects"])
        if unchanged:
            self.untouched.add(record.address)
            for fact in record.facts if record.kind == "split" else ():
                self._follow_split(record, fact)
        elif record.kind != "event":
            if keeps:
                message = "it was changed since it was imported: its transactions and certificates are written anew"
                self.found.append(Finding(record.address, "warning", "changed", message))
            if record.kind == "issue" and len(keeps) == 1 and self._issued_again(on, record, keeps[0]["objects"]):
                return
            (self._right if record.kind in RIGHTS else self._move)(on, record)
        if record.kind in RIGHTS:
            issued = [made for made in self.register.objects[before:] if canonical(made["object_type"]) in ISSUANCES]
            if issued:
                self.issuances[record.address] = issued[0]
            if issued and record.kind == "grant":
                self.grants.issued(record.address, issued[0], self._values(record), on, not unchanged)

    def _follow_split(self, record: Record, fact: Fact) -> None:
        statement = self.choices.choose(record, fact)
        value = statement.value if statement is not None else None
        if isinstance(value, Quantity) and fact.label not in ("remark", "id"):
            self.grants.split(self._class(fact.label), value.amount)

    def _issued_again(self, on: str, record: Record, kept: list[Object]) -> bool:
        """Write a changed issue of one certificate over what was kept of it; return whether it is one certificate."""
        outer, self.register = self.register, Register([], frozenset())
        self._move(on, record)
        made, self.register = self.register.objects, outer
        if len(made) != 1 or len(kept) != 1 or kept[0].get("object_type") != made[0]["object_type"]:
            return False
        changed = ("date", "stakeholder_id", "stock_class_id", "quantity", "share_price", "custom_id")
        self.register.add({**kept[0], **{label: made[0][label] for label in changed if label in made[0]}})
        return True

    def _values(self, record: Record) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for fact in record.facts:
            statement = self.choices.choose(record, fact)
            if statement is not None and statement.value is not None:
                values[fact.label] = statement.value
        return values

    def _move(self, on: str, record: Record) -> None:
        """Write one record of the ledger as transactions."""
        where, values = record.address, self._values(record)
        name = where.replace("/", "-")
        register = self.register
        if record.kind == "forfeit":
            self.grants.forfeit(values.get("grant"), values.get("quantity"), on, where, record.title)
            return
        for fact in record.facts:
            statement = self.choices.choose(record, fact)
            value = statement.value if statement is not None else None
            if record.kind == "split" and isinstance(value, Quantity) and fact.label not in ("remark", "id"):
                register.split(self._class(fact.label), value.amount, on, name)
                self.grants.split(self._class(fact.label), value.amount)
                continue
            if not isinstance(value, ClassQuantity):
                continue
            if not self.choices.knows_party(fact.label):
                message = f"no record defines a party '{fact.label}': the line is left out"
                self.found.append(Finding(where, "error", "holder", message))
                continue
            quantity = value.quantity
            if isinstance(quantity, Bounded) or quantity.unit == "%" or value.of in ("votes", "capital"):
                message = f"{fact.label}: {words_of(fact)} is no exact number of shares: it is left out"
                self.found.append(Finding(where, "error", "no number", message))
                continue
            party, class_id, shares = self._holder(fact.label), self._class(value.of), quantity.amount
            if record.kind == "holding":
                message = "a holding is no transaction: it is written as an issuance of its day"
                self.found.append(Finding(where, "warning", "holding", message))
                for one in [
                    each for each in register.open.values() if (each.holder, each.class_id) == (party, class_id)
                ]:
                    reason = {"reason_text": "Replaced by what is stated as held."}
                    register.close("CANCELLATION", one, one.quantity, on, name, [], reason)
            if record.kind in ("issue", "exercise", "holding"):
                price = register.paid_each(value.paid, shares, where)
                if record.kind == "exercise":
                    named = values.get("grant")
                    self.grants.exercise(named, party, class_id, shares, price, on, where, record.title)
                else:
                    register.issue(f"{name}-{party}", on, party, class_id, shares, price, record.title)
                continue
            giver = self._holder(str(values["from"])) if record.kind == "transfer" and "from" in values else party
            for one, part in register.take(giver, class_id, shares, where):
                results: list[tuple[str, str, Fraction]] = []
                more: dict[str, Any] = {}
                action = "CANCELLATION"
                if record.kind == "transfer":
                    action, results = "TRANSFER", [(party, class_id, part)]
                elif record.kind == "convert":
                    into = str(values.get("into", "")).rpartition(".")[2]
                    terms = (
                        self.world.on(date.fromisoformat(on)).entities[self.id].classes.get(value.of.rpartition(".")[2])
                    )
                    if terms is None or terms.converts is None:
                        self.found.append(
                            Finding(where, "error", "conversion", "its class states no conversion: left out")
                        )
                        continue
                    action, results = "CONVERSION", [(party, self._class(into), part * terms.converts.ratio)]
                elif record.kind == "repurchase":
                    action = "REPURCHASE"
                    price = register.paid_each(value.paid, shares, where)
                    more = {"price": price} if price is not None else {}
                else:
                    more = {"reason_text": record.title or "Cancelled."}
                register.close(action, one, part, on, name, results, more)

    def _right(self, on: str, record: Record) -> None:
        """Write a grant, a SAFE or a note as an issuance."""
        values, where = self._values(record), record.address
        security = self.register.fresh(where.replace("/", "-"))
        made: Object = {
            "id": f"{security}-issuance",
            "security_id": security,
            "custom_id": record.title or security,
            "date": on,
            "stakeholder_id": self._holder(str(values.get("to", ""))),
            "security_law_exemptions": [],
        }
        if "to" not in values:
            self.found.append(Finding(where, "error", "not stated", "who holds it: it is left out"))
            return
        if record.kind != "grant":
            matures = exact_day(values["matures"]) if "matures" in values else None
            values |= {"date": on, "security": security, "matures": matures.isoformat() if matures else None}
            made = {
                "object_type": "TX_CONVERTIBLE_ISSUANCE",
                **made,
                **convertible(values, record.kind, where, self.found),
            }
            self.register.add(made)
            return
        made |= grant(values, self._class, where, self.found)
        if "plan" in values:
            made["stock_plan_id"] = self.plan_ids.get(values["plan"], values["plan"])
        self.register.add(made)
        vests = values.get("vests")
        if isinstance(vests, Vesting) and (vests.months or vests.parts):
            terms = vesting_terms(f"{security}-vesting", vests)
            made["vesting_terms_id"] = terms["id"]
            self.others.append(terms)
            since = exact_day(values["vesting from"]) if "vesting from" in values else None
            self.register.add(
                {
                    "object_type": "TX_VESTING_START",
                    "id": f"{security}-vesting-start",
                    "security_id": security,
                    "date": since.isoformat() if since is not None else on,
                    "vesting_condition_id": f"{security}-vesting-start",
                }
            )

    def _end(self, record: Record) -> None:
        """Write the end of a grant, a SAFE or a note that no transaction kept from an import tells."""
        until = record.value("until")
        last = exact_day(until) if until is not None else None
        if last is None or last > self.on:
            return
        issued, running = self.issuances.get(record.address), self.grants.by_address.get(record.address)
        if running is not None:
            issued = running.issuance if running.left else None
        security = str(issued["security_id"]) if issued is not None else ""
        if issued is None or not security or security in self.register.spoken_for:
            return
        self.register.add(cancellation(issued, last.isoformat()))
        message = "it ended, how is not stated: a cancellation is written"
        self.found.append(Finding(record.address, "warning", "ended", message))

    def _said_elsewhere(self, books: list[Record]) -> None:
        """Say which records about the company the format has no place for."""
        kinds = {
            record.kind
            for record in books
            if record.kind in ("option", "agreement", "round", "lend", "pay")
            and self.id in str([fact.agreed for fact in record.facts])
        }
        for kind in sorted(kinds):
            message = f"the format has no place for records of the kind '{kind}', or what they state: left out"
            self.found.append(Finding(self.id, "note", "no place", message))

    def _written(self) -> Exported:
        """Return the files, read again and compared with the book."""
        objects = [*self.others, *self.register.objects]
        stated = {"ocf_version": VERSION, **self.manifest, "issuer": self.issuer}
        files = packed(objects, stated, self.on)
        self._compare(files)
        counts = {"ISSUER": 1}
        for made in objects:
            kind = str(made.get("object_type"))
            counts[kind] = counts.get(kind, 0) + 1
        return Exported(files, tuple(dict.fromkeys(self.found)), counts)

    def _compare(self, files: Mapping[str, bytes]) -> None:
        """Say where the shares outstanding by the package are not those that the book tells."""
        there = ledger_of(package_of(files)).shares(self.on)
        told: dict[tuple[str, str], Fraction] = {}
        for holding in self.structure.holdings.get(self.id, ()):
            if holding.of is None and isinstance(holding.quantity, Fraction):
                told[(self._holder(holding.party), self._class(holding.class_id))] = holding.quantity
        for holder, class_id in sorted({*there, *told}):
            has, should = there.get((holder, class_id), 0), told.get((holder, class_id), 0)
            if has != should:
                message = f"the package has {has} shares of '{class_id}' for '{holder}', the book {should}"
                self.found.append(Finding(holder, "error", "does not agree", message))
