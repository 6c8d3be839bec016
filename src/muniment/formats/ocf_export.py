"""Write a company of a book as an Open Cap Format package.

What was imported and not changed since is given back as it stood; everything else is written anew, each share on a
certificate. What the format has no place for is said, never bent into another shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from muniment.book.accounts import World
from muniment.book.selecting import Choices, Selector
from muniment.book.splitting import prices_before_splits
from muniment.book.structure import Entity, Structure
from muniment.formats.ocf_exercises import OpenGrants, cancellation
from muniment.formats.ocf_files import packed
from muniment.formats.ocf_objects import (
    NO_PLACE,
    Object,
    convertible,
    grant,
    ratio_of,
    stakeholder,
    stock_class,
    vesting_terms,
)
from muniment.formats.ocf_package import Finding, package_of
from muniment.formats.ocf_register import Register
from muniment.formats.ocf_state import ledger_of
from muniment.formats.ocf_types import CLOSING, ISSUANCES, ON_A_SECURITY, canonical
from muniment.formats.ocf_words import read_kept, signature
from muniment.model.dates import exact_day
from muniment.model.records import Fact, Part, Record
from muniment.model.right_terms import Vesting
from muniment.model.values import Bounded, ClassQuantity, Quantity, day
from muniment.model.vocabulary import ENTITY_KINDS, LEDGER_KINDS

VERSION = "1.2.0"
RIGHTS = ("grant", "safe", "note")


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


class _Exporter:
    """Makes the objects of one company, in order of day."""

    def __init__(self, world: World, entity: str, on: date) -> None:
        self.world = world
        self.id = entity
        self.on = on
        self.structure: Structure = world.on(on)
        self.entity: Entity = prices_before_splits(self.structure.entities[entity], self.structure.splits)
        self.found: list[Finding] = []
        self.choices = Choices(world, entity)
        self.selector = Selector(world, day(on), (), self.choices)
        self.issuer: Object | None = None
        self.manifest: Object = {}
        self.holders: dict[str, str] = {}
        self.class_ids: dict[str, str] = {}
        self.plan_ids: dict[str, str] = {}
        self.others: list[Object] = []
        self.untouched: set[str] = set()
        self.issuances: dict[str, Object] = {}
        spoken_for: set[str] = set()
        self.ended: set[str] = set()
        for record in world.book.records:
            if not self._counts(record):
                continue
            for keep in self._kept(record):
                self._note(record, keep)
                for made in keep["objects"]:
                    if ON_A_SECURITY.get(canonical(str(made.get("object_type"))), ("", ""))[1] in CLOSING:
                        several = made.get("security_ids")
                        closed = several if isinstance(several, list) else [made.get("security_id")]
                        spoken_for.update(str(name) for name in closed)
        self.register = Register(self.found, frozenset(spoken_for))
        self.grants = OpenGrants(self.register, self.found)

    def _counts(self, record: Record) -> bool:
        """Return whether a record is a fact of this account that has begun by the day."""
        begun = exact_day(record.date)
        return self.world.exists(record) and record.value("under") is None and (begun is None or begun <= self.on)

    def _kept(self, record: Record) -> Iterator[Object]:
        for fact in record.facts_of("remark"):
            keep = read_kept(str(fact.agreed or ""))
            objects = keep.get("objects") if keep is not None else None
            if keep is not None and isinstance(objects, list) and all(isinstance(each, dict) for each in objects):
                yield keep

    def _note(self, record: Record, keep: Object) -> None:
        """Note the ids that parties, classes and plans had in the package they came from."""
        of = str(keep.get("of", ""))
        first = keep["objects"][0] if keep["objects"] else {}
        absent = keep.get("absent")
        if isinstance(absent, str):
            first = {"id": absent, "object_type": "" if of else "STAKEHOLDER"}
        if record.name == self.id and of == "issuer":
            self.issuer = first
            stated = keep.get("manifest")
            self.manifest = stated if isinstance(stated, dict) else {}
        elif record.name == self.id and record.kind != "amend" and of.startswith("class "):
            self.class_ids[of.removeprefix("class ")] = str(first.get("id"))
        elif record.name == self.id and record.kind != "amend" and of.startswith("plan "):
            self.plan_ids[of.removeprefix("plan ")] = str(first.get("id"))
        elif first.get("object_type") == "STAKEHOLDER":
            self.holders[record.name] = str(first.get("id"))

    def exported(self) -> Exported:
        """Return the package."""
        books = [record for record in self.world.book.records if self._counts(record)]
        own = [record for record in books if record.name == self.id and record.kind in (*ENTITY_KINDS, "amend")]
        self._company(own)
        events: list[tuple[str, int, Record]] = []
        exercised: set[str] = set()
        in_order = self.selector.in_order(self.world.book.index.by_subject.get(self.id, ()))
        for dated in in_order:
            if dated.record.kind in LEDGER_KINDS or dated.record.kind == "holding":
                moment = exact_day(dated.when)
                if moment is None:
                    self._say_inexact(dated.record, dated.when.text)
                    continue
                # What is granted on a day comes before its first exercise, and what follows that stays behind it.
                exercised |= {moment.isoformat()} if dated.record.kind == "exercise" else set()
                events.append((moment.isoformat(), 3 if moment.isoformat() in exercised else 1, dated.record))
        for record in books:
            moment = exact_day(record.date)
            of_this = record.name == self.id or record.value("issuer") == self.id
            if record.kind in RIGHTS and of_this and moment is None:
                self._say_inexact(record, record.date.text)
            elif record.kind in RIGHTS and of_this and moment is not None:
                events.append((moment.isoformat(), 2, record))
            elif record.kind == "forfeit" and record.name == self.id:
                message = "what is forfeited of a grant is not written: the grant stands whole in the package"
                self.found.append(Finding(record.address, "error", "forfeit", message))
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
        said = [("title", record.title), *((fact.label, _words(fact)) for fact in record.facts)]
        signed = signature(record.kind, record.date.text, said)
        unchanged = [keep for keep in keeps if keep.get("signed") == signed]
        if record.kind == "exercise" and not all(self.grants.fit(keep["objects"]) for keep in unchanged):
            unchanged = []
        for keep in unchanged or (keeps if record.kind == "event" else []):
            for made in keep["objects"]:
                self.register.add(made)
            if record.kind == "exercise":
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
                message = f"{fact.label}: {_words(fact)} is no exact number of shares: it is left out"
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

    def _company(self, own: list[Record]) -> None:
        """Write the issuer, its classes and plans, and what changed of them."""
        for record in own:
            keeps = list(self._kept(record))
            if record.kind != "amend":
                self._issuer(record)
                for keep in keeps:
                    if not keep.get("of"):
                        self.others += keep["objects"]
            for part in record.parts:
                of = f"{part.kind} {part.id}"
                said = [("title", part.title), *((fact.label, _words(fact)) for fact in part.facts)]
                signed = signature(of, record.date.text, said)
                same = [keep for keep in keeps if keep.get("of") == of and keep.get("signed") == signed]
                if not part.facts:
                    same += [keep for keep in keeps if keep.get("of") == of and keep.get("absent")]
                if same:
                    for keep in same:
                        (self.others if record.kind != "amend" else self.register.objects).extend(keep["objects"])
                elif part.kind == "class":
                    self._class_part(record, part)
                elif part.kind == "plan":
                    self._plan_part(record, part)
                elif part.kind in NO_PLACE:
                    message = f"the format has no place for {NO_PLACE[part.kind]}"
                    self.found.append(Finding(record.address, "note", "no place", message))

    def _issuer(self, record: Record) -> None:
        if self.issuer is not None:
            return
        self.issuer = {"object_type": "ISSUER", "id": self.id, "legal_name": record.title or self.id}
        formed = exact_day(record.date)
        if formed is not None:
            self.issuer["formation_date"] = formed.isoformat()
        message = "the country it is formed in, which the format requires as a code"
        self.found.append(Finding(self.id, "warning", "not stated", message))

    def _class_part(self, record: Record, part: Part) -> None:
        share_class = self.entity.classes.get(part.id)
        on = exact_day(record.date)
        facts = {fact.label: fact.agreed for fact in part.facts}
        made: list[Object] = self.others
        known = self._class(part.id) in {each.get("id") for each in made if each.get("object_type") == "STOCK_CLASS"}
        if share_class is None:
            return
        if not known:
            authorized = facts.get("authorized")
            made.append(
                stock_class(share_class, self.entity, authorized if isinstance(authorized, int) else None, self.found)
                | {"id": self._class(part.id)}
            )
            for right in made[-1].get("conversion_rights", ()):
                right["converts_to_stock_class_id"] = self._class(right["converts_to_stock_class_id"])
            return
        name = self.register.fresh(f"{record.address}-{part.id}".replace("/", "-"))
        head = {"id": name, "date": on.isoformat() if on else "", "stock_class_id": self._class(part.id)}
        if "authorized" in facts:
            kind = "TX_STOCK_CLASS_AUTHORIZED_SHARES_ADJUSTMENT"
            self.register.add({"object_type": kind, **head, "new_shares_authorized": str(facts["authorized"])})
        if facts.get("converts") is not None:
            kind = "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT"
            mechanism: Object = {"type": "RATIO_CONVERSION", "ratio": ratio_of(facts["converts"].ratio)}
            changed: Object = {"object_type": kind, **head, "new_ratio_conversion_mechanism": mechanism}
            self.register.add({**changed, "id": f"{name}-ratio"})
        rest = sorted(set(facts) - {"authorized", "converts"})
        if rest:
            message = f"a change of {', '.join(rest)} of class {part.id}: the class is written as it stands in the end"
            self.found.append(Finding(record.address, "warning", "no place", message))

    def _plan_part(self, record: Record, part: Part) -> None:
        facts = {fact.label: fact.agreed for fact in part.facts}
        plan = self.plan_ids.get(part.id, part.id)
        on = exact_day(record.date)
        reserved = facts.get("reserved")
        if any(each.get("object_type") == "STOCK_PLAN" and each.get("id") == plan for each in self.others):
            self.register.add(
                {
                    "object_type": "TX_STOCK_PLAN_POOL_ADJUSTMENT",
                    "id": self.register.fresh(f"{record.address}-{part.id}".replace("/", "-")),
                    "date": on.isoformat() if on else "",
                    "stock_plan_id": plan,
                    "shares_reserved": str(reserved),
                }
            )
            return
        made: Object = {"object_type": "STOCK_PLAN", "id": plan, "plan_name": part.title or part.id}
        if reserved is not None:
            made["initial_shares_reserved"] = str(reserved)
        made["stock_class_ids"] = [self._class(facts["of"])] if "of" in facts else []
        self.others.append(made)

    def _stakeholders(self, books: list[Record]) -> None:
        """Write every holder that a transaction names, and every other that was imported."""
        named = {str(made.get("stakeholder_id")) for made in self.register.objects if made.get("stakeholder_id")}
        records = {record.name: record for record in books if record.name in self.structure.parties}
        for party in self.structure.parties.values():
            record = records.get(party.id)
            keeps = list(self._kept(record)) if record is not None else []
            stated = [
                keep for keep in keeps if [each.get("object_type") for each in keep["objects"]] == ["STAKEHOLDER"]
            ]
            if any(keep.get("absent") for keep in keeps):
                continue
            if stated:
                kept = stated[0]["objects"][0]
                kept_name = kept.get("name")
                signed = signature(party.kind, record.date.text, [("title", record.title)]) if record else ""
                if signed == stated[0].get("signed") or not isinstance(kept_name, dict):
                    self.others.append(kept)
                else:
                    self.others.append({**kept, "name": {**kept_name, "legal_name": party.title}})
            elif self._holder(party.id) in named:
                self.others.append(stakeholder(party, self.found))

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

    def _holder(self, party: str) -> str:
        return self.holders.get(party, party)

    def _class(self, class_id: str) -> str:
        name = class_id.rpartition(".")[2]
        return self.class_ids.get(name, name)

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


def _words(fact: Fact) -> str:
    return fact.statements[0].text if len(fact.statements) == 1 else "disputed"
