"""What an export says of the company itself: the issuer, its classes and plans, and its holders."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from muniment.book.accounts import World
from muniment.book.selecting import Choices, Selector
from muniment.book.splitting import prices_before_splits
from muniment.book.structure import Entity, Structure
from muniment.formats.ocf_exercises import OpenGrants
from muniment.formats.ocf_objects import NO_PLACE, Object, ratio_of, stakeholder, stock_class
from muniment.formats.ocf_package import Finding
from muniment.formats.ocf_register import Register
from muniment.formats.ocf_types import CLOSING, ON_A_SECURITY, canonical
from muniment.formats.ocf_words import read_kept, signature
from muniment.model.dates import exact_day
from muniment.model.records import Fact, Part, Record
from muniment.model.values import day


class CompanyExport:
    """What is written of one company so far, and the ids that its parties, classes and plans have there."""

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
                said = [("title", part.title), *((fact.label, words_of(fact)) for fact in part.facts)]
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
        reserved, returns = facts.get("reserved"), facts.get("returns to pool")
        if any(each.get("object_type") == "STOCK_PLAN" and each.get("id") == plan for each in self.others):
            if returns is not None:
                message = "a change of what returns to its pool: the plan is written as it first stood"
                self.found.append(Finding(f"plan {part.id}", "error", "no place", message))
            if reserved is None:
                return
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
        if isinstance(returns, bool):
            made["default_cancellation_behavior"] = "RETURN_TO_POOL" if returns else "RETIRE"
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

    def _holder(self, party: str) -> str:
        return self.holders.get(party, party)

    def _class(self, class_id: str) -> str:
        name = class_id.rpartition(".")[2]
        return self.class_ids.get(name, name)


def words_of(fact: Fact) -> str:
    """Return the words of a fact as written; `disputed` where statements differ."""
    return fact.statements[0].text if len(fact.statements) == 1 else "disputed"
