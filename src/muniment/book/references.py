"""Check that every reference of a book names something that is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from muniment.book.book import Index, Names
from muniment.book.rule_names import names_in_rule, votes_together
from muniment.model.record_kinds import RECORDS
from muniment.model.records import Fact, Part, Record
from muniment.model.rule_writer import format_rule
from muniment.model.rules import Electorate, Vote
from muniment.model.typed import Reference, nearest, within
from muniment.model.vocabulary import ENTITY_KINDS, PARTY_KINDS
from muniment.text.diagnostics import Diagnostic
from muniment.text.spans import Span

HINTS = {
    "M302": "add a record for it, as in '2021-03-04 person {name}', or correct the name",
    "M303": "add a record for it, as in '2021-03-04 company {name}', or correct the name",
    "M304": "add a block 'class {name}' to its entity, or correct the name",
    "M305": "add a block 'seats {name}' or 'office {name}' to the entity, or correct the name",
    "M306": "add a block '{block}' to the entity, or correct the name",
    "M307": "add the record '2021-03-04 source {name}', or correct the name",
    "M308": "add the record '2021-03-04 proposal {name}', or correct the name",
    "M309": "add the record '2021-03-04 account {name}', or write 'keeper'",
    "M310": "name a record by its id, or by SUBJECT/KIND/DATE",
}
"""What to do about a name that nothing is like."""
WHAT = {
    "M302": "party",
    "M303": "entity",
    "M304": "class",
    "M305": "seat group or office",
    "M306": "body",
    "M307": "source",
    "M308": "proposal or event",
    "M309": "account",
    "M310": "record",
}


class ReferenceChecker:
    """Checks references against an index; collects diagnostics."""

    def __init__(self, index: Index, silenced: frozenset[str]) -> None:
        self.index = index
        self.silenced = silenced
        self.diagnostics: list[Diagnostic] = []
        kinds: dict[str, set[str]] = {}
        for name, record in index.defined.items():
            kinds.setdefault(record.kind, set()).add(name)
        self.parties = set().union(*(kinds.get(kind, set()) for kind in PARTY_KINDS))
        self.entities = set().union(*(kinds.get(kind, set()) for kind in ENTITY_KINDS))
        self.sources = kinds.get("source", set())
        self.conditions = kinds.get("proposal", set()) | kinds.get("event", set())
        self.proposals = kinds.get("proposal", set())
        self.deciding = self.entities | self.proposals
        self.accounts = kinds.get("account", set()) | {"keeper"}
        self.all_classes = {name: span for own in index.names.values() for name, span in own.classes.items()}
        self.handlers: Mapping[str, Callable[[Reference], None]] = {
            "party": lambda r: self._all_in((r.value,), self.parties, "M302", r),
            "purchase": lambda r: self._all_in((r.value.investor,), self.parties, "M302", r),
            "parties": lambda r: self._all_in(r.value, self.parties, "M302", r),
            "entity": lambda r: self._all_in((r.value,), self.entities, "M303", r),
            "proposal": lambda r: self._all_in((r.value,), self.proposals, "M308", r),
            "condition": lambda r: self._all_in((r.value,), self.conditions, "M308", r),
            "account": lambda r: self._all_in((r.value,), self.accounts, "M309", r),
            "accounts": lambda r: self._all_in(r.value, self.accounts, "M309", r),
            "source": lambda r: self._all_in((r.value,), self.sources, "M307", r),
            "sources": lambda r: self._all_in(r.value, self.sources, "M307", r),
            "record": lambda r: self._all_in((r.value,), self.index.by_address, "M310", r),
            "records": lambda r: self._all_in(r.value, self.index.by_address, "M310", r),
            "addresses": lambda r: self._all_in(
                [record_part(a, self.index) for a in r.value], self.index.by_address, "M310", r
            ),
            "reading": lambda r: self._reading(r),
            "alias": lambda r: self._all_in((r.value.source,) if r.value.source else (), self.sources, "M307", r),
            "chair": lambda r: self._all_in((r.value.party,), self.parties, "M302", r),
            "entity matter": lambda r: self._all_in((r.value.entity,), self.entities, "M303", r),
            "class": lambda r: self._classes((r.value,), r),
            "class quantity": lambda r: self._classes(
                (r.value.of,) if r.value.of not in ("votes", "capital") else (), r
            ),
            "option over": lambda r: self._over(r),
            "option source": lambda r: self._all_in((r.value.party,) if r.value.party else (), self.parties, "M302", r),
            "rank": lambda r: self._classes(r.value.classes, r),
            "conversion": lambda r: self._conversion(r),
            "return cap": lambda r: self._all_in(
                (r.value.excess_to,) if r.value.excess_to else (), self.parties, "M302", r
            ),
            "occupant": lambda r: self._office(r.value, r),
            "seats or office": lambda r: self._seats_or_office(r),
            "tier": lambda r: self._payees([name for _, name in r.value.split], r),
            "clawback": lambda r: self._clawback(r),
            "cost": lambda r: self._cost(r),
            "rule": lambda r: self._rule(r.value, r),
            "body rule": lambda r: self._rule(r.value, r),
            "removal": lambda r: self._rule(r.value[0], r),
        }

    def check(self, reference: Reference) -> None:
        """Check one reference."""
        handler = self.handlers.get(reference.type)
        if handler is not None:
            handler(reference)

    def subject(self, record: Record) -> None:
        """Check that a record's subject exists."""
        wanted = RECORDS[record.kind].subject
        if not wanted:
            return
        known = self.entities if wanted == "entity" else self.deciding
        if record.name not in known:
            self._undefined("M303", record.name, known, record.name_span)

    def _all_in(self, names: Iterable[str], known: Iterable[str], code: str, reference: Reference) -> None:
        for name in names:
            if name not in known:
                self._undefined(code, name, known, place(reference, name))

    def _office(self, name: str, reference: Reference) -> None:
        entity, dot, plain = name.rpartition(".")
        own = self.index.names.get(entity if dot else reference.subject)
        known: Mapping[str, Span] = own.offices if own else {}
        if plain not in known:
            self._undefined("M305", name, known, place(reference, name), known)

    def _classes(self, names: Iterable[str], reference: Reference) -> None:
        for name in names:
            entity, dot, plain = name.partition(".")
            if dot:
                scope = self.index.names.get(entity)
                known: Mapping[str, Span] = scope.classes if scope else {}
            elif RECORDS[reference.kind].subject and reference.subject not in self.index.names:
                continue  # its subject is reported instead
            else:
                plain, own = name, self.index.names.get(reference.subject)
                known = own.classes if own else self.all_classes
            if plain not in known:
                self._undefined("M304", name, known, place(reference, name), known)

    def _conversion(self, reference: Reference) -> None:
        self._classes((reference.value.into,), reference)
        if reference.value.by_vote is not None:
            self._rule(reference.value.by_vote, reference)

    def _over(self, reference: Reference) -> None:
        if reference.value.of not in ("votes", "capital"):
            self._classes((reference.value.of,), reference)
        elif reference.value.entity:
            self._all_in((reference.value.entity,), self.entities, "M303", reference)

    def _seats_or_office(self, reference: Reference) -> None:
        own = self.index.names.get(reference.subject)
        known = {**own.seats, **own.offices} if own else {}
        if reference.value not in known and own is not None:
            self._undefined("M305", reference.value, known, reference.span, known)

    def _payees(self, names: Iterable[str], reference: Reference) -> None:
        own = self.index.names.get(reference.subject)
        classes: Mapping[str, Span] = own.classes if own else {}
        for name in names:
            if name not in classes and name not in self.parties:
                self._undefined("M302", name, self.parties | set(classes), place(reference, name))

    def _clawback(self, reference: Reference) -> None:
        self._payees([reference.value.payee], reference)
        self._all_in(reference.value.over, self.entities, "M303", reference)

    def _cost(self, reference: Reference) -> None:
        kind, _, party = reference.value.partition(" to ")
        if kind not in ("debt", "fees", "carve-out", "holdback") or not party:
            self._add(
                "M290",
                f"'{reference.value}' is not a cost of sale",
                reference.span,
                "write 'debt to PARTY', 'fees to PARTY', 'carve-out to PARTY' or 'holdback to PARTY'",
            )
        else:
            self._all_in((party,), self.parties, "M302", reference)

    def _reading(self, reference: Reference) -> None:
        """Check that `reads` names a fact of a record, and one of the readings that stand under it."""
        address, name = reference.value
        record = self.index.by_address.get(record_part(address, self.index))
        if record is None:
            self._all_in((record_part(address, self.index),), self.index.by_address, "M310", reference)
            return
        path = address[len(record.address) :].strip()
        facts = {fact.address: fact for fact in facts_of(record)}
        if path not in facts:
            close = nearest(path, facts)
            hint = (
                f"did you mean '{record.address} {close}'?"
                if close
                else f"name a fact of '{record.address}' as 'RECORD [BLOCK ID] LABEL'"
            )
            self._add("M313", f"'{record.address}' has no fact '{path}'", place(reference, address), hint)
            return
        names = [statement.name for statement in facts[path].statements if statement.name]
        if name not in names:
            hint = f"its readings are: {', '.join(names)}" if names else "give its statements names: '- (NAME) value'"
            self._add("M313", f"'{address}' has no reading '{name}'", place(reference, name), hint)

    def _rule(self, rule: Any, reference: Reference) -> None:
        own = self.index.names.get(reference.subject) or self._names_of_pool(reference)
        if own is None:
            return
        self._of_one_entity(rule, reference)
        electorates = {**own.classes, **own.seats, **own.bodies}
        for kind, name in names_in_rule(rule):
            entity, dot, plain = name.partition(".")
            scope = self.index.names.get(entity) if dot else own
            classes: Mapping[str, Span] = scope.classes if scope else {}
            known: Iterable[str]
            if kind == "class":
                known, code = classes, "M304"
            elif kind == "body":
                known, code = (scope.bodies if dot and scope else own.bodies), "M306"
            elif kind == "office":
                known, code = (scope.offices if dot and scope else {} if dot else own.offices), "M305"
            elif kind == "word":
                known, code = ({**classes, **scope.seats, **scope.bodies} if dot and scope else electorates), "M304"
            elif (plain in scope.bodies if dot and scope else name in own.bodies) or (
                kind == "excluded" and (plain if dot else name) in classes
            ):
                continue
            else:
                known, code = self.parties, "M302"
            if (plain if dot else name) not in known:
                self._undefined(
                    code, name, known, place(reference, name), electorates if kind in ("class", "word") else None
                )

    def _of_one_entity(self, rule: Any, reference: Reference) -> None:
        """Check that classes that vote together are of one entity: shares of two have no votes in common."""
        for vote in votes_together(rule):
            by_owner: dict[str, list[str]] = {}
            for name in vote.electorate.names:
                by_owner.setdefault(name.rpartition(".")[0], []).append(name)
            if len(by_owner) > 1 and {*by_owner} != {"", reference.subject}:
                apart = " and ".join(format_rule(_vote_of(vote, names)) for names in by_owner.values())
                self._add(
                    "M316",
                    f"the classes {' and '.join(vote.electorate.names)} are of different entities",
                    reference.span,
                    f"let each vote by itself: '{apart}'",
                )

    def _names_of_pool(self, reference: Reference) -> Names | None:
        """Return the names of the entity whose votes a pool binds, for the rule of the pool."""
        record = self.index.defined.get(reference.subject)
        for part in record.parts if record is not None else ():
            if any(statement.span == reference.span for fact in part.facts for statement in fact.statements):
                over = next((fact.agreed for fact in part.facts if fact.label == "over"), None)
                return self.index.names.get(over or "")
        return None

    def citations(self, record: Record) -> None:
        """Check that every citation of a record names a source."""
        for citation in record.citations:
            self._source(citation.source, citation.span)
        stack: list[Record | Part] = [record]
        while stack:
            holder = stack.pop()
            if isinstance(holder, Part):
                for citation in holder.citations:
                    self._source(citation.source, citation.span)
            stack += holder.parts
            for fact in holder.facts:
                for statement in fact.statements:
                    for citation in statement.citations:
                        self._source(citation.source, citation.span)

    def _source(self, name: str, span: Span) -> None:
        if name and name not in self.sources:
            self._undefined("M307", name, self.sources, span)

    def _undefined(
        self, code: str, name: str, known: Iterable[str], span: Span, places: Mapping[str, Span] | None = None
    ) -> None:
        if name in self.silenced:
            return
        what = WHAT[code]
        if name in self.index.defined:
            other = self.index.defined[name]
            self.diagnostics.append(
                Diagnostic(
                    code="M311",
                    severity="error",
                    message=f"'{name}' is {_with_article(other.kind)}, not {_with_article(what)}",
                    span=span,
                    hint=f"name {_with_article(what)} here",
                    related=((other.name_span, "defined here"),),
                )
            )
            return
        close = nearest(name, known if code != "M310" else set(known) - self.parties)
        if close:
            at = (places or {}).get(close) or (
                self.index.defined[close].name_span if close in self.index.defined else None
            )
            hint = f"did you mean '{close}'" + (f" ({at.path}:{at.line})?" if at else "?")
        else:
            hint = HINTS[code].format(name=name, block="board" if name == "board" else f"board {name}")
        self._add(code, f"{what} '{name}' is not defined", span, hint)

    def _add(self, code: str, message: str, span: Span, hint: str) -> None:
        self.diagnostics.append(Diagnostic(code=code, severity="error", message=message, span=span, hint=hint))


def _vote_of(vote: Vote, names: Sequence[str]) -> Vote:
    """Return the same vote of some classes alone."""
    kind: Literal["word", "together"] = "word" if len(names) == 1 else "together"
    return replace(vote, electorate=Electorate(kind, tuple(names)))


def _with_article(words: str) -> str:
    return f"an {words}" if words[0] in "aeio" else f"a {words}"


def place(reference: Reference, name: str) -> Span:
    """Return where a name stands inside the words of a reference."""
    match = re.search(rf"(?<![a-z0-9-]){re.escape(name)}(?![a-z0-9-])", reference.text)
    return within(reference.span, match.start(), match.end()) if match else reference.span


def record_part(address: str, index: Index) -> str:
    """Return the record an address begins with: `acme rules sell company` is in `acme`."""
    return address if address in index.by_address else address.partition(" ")[0]


def facts_of(record: Record) -> list[Fact]:
    """Return the facts of a record and of every block inside it."""
    facts = list(record.facts)
    parts = list(record.parts)
    while parts:
        part = parts.pop()
        facts += part.facts
        parts += part.parts
    return facts
