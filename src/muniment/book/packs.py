"""Statutory packs: which there are, which law brings one in, and how one is read.

A pack is a `.muni` file in `muniment/law`, read by the same reader as a book. Its records of kind `defaults` are dated
like any others, and `amend` records carry later changes of the statute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from muniment.book.entity_fold import EntityFold
from muniment.book.freezing import freeze
from muniment.book.structure import Basis, Entity, MatterRule
from muniment.model.dates import sort_key
from muniment.model.records import Fact, Record, Statement
from muniment.model.typed import nearest, type_file
from muniment.model.values import PartialDate
from muniment.text.diagnostics import Diagnostic
from muniment.text.nodes import Citation
from muniment.text.reader import read_bytes
from muniment.text.spans import Span

PACKS: Mapping[str, str] = {
    "us-de": "Delaware",
    "us-ca-nonprofit": "California, nonprofit public benefit corporations",
    "uk": "United Kingdom, companies",
    "de": "Germany",
    "nl": "Netherlands",
}
"""Every pack, with what it is about."""
LAWS: Mapping[str, str] = {
    "delaware": "us-de",
    "state of delaware": "us-de",
    "california": "us-ca-nonprofit",
    "state of california": "us-ca-nonprofit",
    "england and wales": "uk",
    "england": "uk",
    "scotland": "uk",
    "northern ireland": "uk",
    "united kingdom": "uk",
    "germany": "de",
    "netherlands": "nl",
    "the netherlands": "nl",
}
"""The pack that a law brings in, by the law's name in small letters."""
ONLY_FOR: Mapping[str, frozenset[str]] = {"us-ca-nonprofit": frozenset({"nonprofit"})}
"""Packs that a law brings in for some kinds of entity alone."""
NONE = "none"
SEATS_OF_A_CLASS = "of-a-class"


class Edition(NamedTuple):
    """What one `defaults` record says from one day on.

    Attributes:
        since: The day, as a proleptic ordinal.
        says: Rules and bodies; each rule is marked as assumed and has its authority.
    """

    since: int
    says: Entity


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Default:
    """One `defaults` record with its amendments; each is read once, and equal to itself alone.

    Attributes:
        kinds: Kinds of entity it is for.
        forms: Legal forms it is for, in small letters; empty = all.
        where: Circumstances, all of which the book must record.
        formed_from: Only entities whose own record is of this day or later; None = all.
        casting_vote: Body whose chair has a casting vote, what says so and its authority; None if nothing is said.
        cross_held: Whether shares that subsidiaries hold vote (`vote`, `no votes`), what says so and its authority.
        editions: In order of their days.
        remarks: What the pack leaves out, and how it reads the statute.
    """

    record: Record
    kinds: frozenset[str]
    forms: frozenset[str]
    where: tuple[str, ...]
    formed_from: PartialDate | None
    casting_vote: tuple[str, Basis, str] | None
    cross_held: tuple[str, Basis, str] | None
    editions: tuple[Edition, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A statutory pack.

    Attributes:
        sources: Statutes, by id.
        defaults: In file order; where two speak of one matter, the later counts.
    """

    id: str
    title: str
    text: str
    sources: Mapping[str, Record]
    defaults: tuple[Default, ...]


class _Undisputed:
    """Takes the one statement of each fact: nothing in a pack is disputed."""

    def choose(self, record: Record, fact: Fact) -> Statement | None:  # noqa: ARG002
        return fact.statements[0]

    def choose_order(self, first: Record, second: Record) -> bool | None:  # noqa: ARG002
        return True

    def comes_after(self, record: Record, other: Record) -> bool:  # noqa: ARG002
        return True

    def knows_party(self, name: str) -> bool:  # noqa: ARG002
        """Return False: a pack has no ledger whose lines could name anybody."""
        return False

    def knows_seats(self, entity: str, name: str) -> bool:  # noqa: ARG002
        return True


def name_of_law(law: str) -> str:
    """Return the name of a law as `LAWS` has it: in small letters, with single spaces."""
    return " ".join(law.lower().split())


def pack_of_law(law: str | None, kind: str) -> str | None:
    """Return the id of the pack that a law brings in for a kind of entity; None if there is none."""
    pack = LAWS.get(name_of_law(law or ""))
    return pack if pack is not None and kind in ONLY_FOR.get(pack, (kind,)) else None


def pack_of(entity: Entity, of_book: str) -> str | None:
    """Return the id of the pack that is in force for an entity; None if there is none.

    Args:
        entity: As the book records it.
        of_book: The setting of the book, or empty.
    """
    chosen = entity.law_pack or of_book
    if chosen:
        return chosen if chosen in PACKS else None
    return pack_of_law(entity.law, entity.kind)


def unknown_pack(name: str, span: Span) -> Diagnostic:
    """Return the diagnostic for a pack that is not there."""
    close = LAWS.get(name_of_law(name)) or nearest(name, (NONE, *PACKS))
    return Diagnostic(
        code="M600",
        severity="error",
        message=f"there is no statutory pack '{name}'",
        span=span,
        hint=f"did you mean '{close}'?" if close else f"packs are: {', '.join(PACKS)}; 'none' switches them off",
    )


@cache
def read_pack(pack_id: str) -> Pack:
    """Read a pack that is shipped with the product.

    Args:
        pack_id: A key of `PACKS`.

    Raises:
        KeyError: If there is no pack of that id.
    """
    from importlib.resources import files

    title = PACKS[pack_id]
    path = f"muniment/law/{pack_id}.muni"
    data = files("muniment.law").joinpath(f"{pack_id}.muni").read_bytes()
    file, _ = read_bytes(data, path)
    records = type_file(file).records
    sources = {record.name: record for record in records if record.kind == "source"}
    amended: dict[str, list[Record]] = {}
    for record in records:
        if record.kind == "amend":
            amended.setdefault(record.name, []).append(record)
    defaults = tuple(
        _default(pack_id, record, amended.get(record.name, []), sources)
        for record in records
        if record.kind == "defaults"
    )
    return Pack(id=pack_id, title=title, text=data.decode("utf-8"), sources=sources, defaults=defaults)


class Stated(NamedTuple):
    """One default as a reader looks it up.

    Attributes:
        matter: The matter, or what of the board it is (`removed by`, for seats that a class elects).
        rule: As written.
        authority: The statute, its section, and the day from which the pack states it.
        place: Where it stands in the pack.
    """

    matter: str
    rule: str
    authority: str
    place: Span


def stated_in(default: Default) -> tuple[Stated, ...]:
    """Return every default of a record, in order of the days from which they are stated, each once."""
    found: dict[Stated, None] = {}
    for edition in default.editions:
        rules: list[tuple[str, MatterRule | None]] = []
        for body in edition.says.bodies.values():
            rules.append((f"{body.id} decides by", body.decides_by))
            for group in body.groups.values():
                of = " of a class" if group.id == SEATS_OF_A_CLASS else ""
                rules += [
                    (f"{body.id} seats{of} filled by", group.filled_by),
                    (f"{body.id} seats{of} removed by", group.removed_by),
                    (f"{body.id} vacancies{of} filled by", group.vacancies_filled_by),
                ]
        rules += edition.says.rules.items()
        for matter, rule in rules:
            if rule is not None:
                found[Stated(matter, rule.text, rule.authority, rule.basis.span)] = None
    if default.casting_vote is not None:
        body_id, basis, authority = default.casting_vote
        found[Stated(f"{body_id} casting vote", "the chair", authority, basis.span)] = None
    if default.cross_held is not None:
        held, basis, authority = default.cross_held
        found[Stated("cross-held shares", held, authority, basis.span)] = None
    return tuple(found)


def _default(pack_id: str, record: Record, amendments: list[Record], sources: Mapping[str, Record]) -> Default:
    fold = EntityFold(record.name, _Undisputed())
    dates: dict[str, str] = {}
    editions: list[Edition] = []
    for each in (record, *sorted(amendments, key=lambda amendment: sort_key(amendment.date))):
        since = sort_key(each.date)[0]
        address = each.address or f"{each.name}/amend/{each.date.text}"
        dates[address] = each.date.text
        fold.begin(each.date, since)
        fold.apply(replace(each, address=address))
        assert fold.state is not None
        editions.append(Edition(since, _marked(pack_id, freeze(record.name, fold.state), dates, sources)))

    def stated(label: str) -> tuple[Any, Basis, str] | None:
        fact = record.fact(label)
        if fact is None:
            return None
        statement = fact.statements[0]
        authority = _authority(statement.citations, record.date.text, sources)
        words = f"{label}: {statement.text}"
        basis = Basis(f"{record.name} {fact.address}", words, statement.span, _of_pack(pack_id, statement.citations))
        return statement.value, basis, authority

    casting, cross_held = stated("casting vote"), stated("cross-held shares")
    return Default(
        record=record,
        kinds=frozenset(record.value("for") or ()),
        forms=frozenset(plain_form(form) for form in record.value("legal form") or ()),
        where=record.value("where") or (),
        formed_from=record.value("formed from"),
        casting_vote=casting,
        cross_held=cross_held,
        editions=tuple(editions),
        remarks=tuple(fact.statements[0].text for fact in record.facts_of("remark")),
    )


def _marked(pack_id: str, says: Entity, dates: Mapping[str, str], sources: Mapping[str, Record]) -> Entity:
    """Mark every rule as assumed, with its authority."""

    def mark(rule: MatterRule | None) -> MatterRule | None:
        if rule is None:
            return None
        citations = rule.basis.citations
        since = dates[rule.basis.record.partition(" ")[0]]
        basis = rule.basis._replace(citations=_of_pack(pack_id, citations))
        return replace(rule, assumed=True, authority=_authority(citations, since, sources), basis=basis)

    bodies = {
        name: replace(
            body,
            decides_by=mark(body.decides_by),
            groups={
                group_id: replace(
                    group,
                    filled_by=mark(group.filled_by),
                    removed_by=mark(group.removed_by),
                    vacancies_filled_by=mark(group.vacancies_filled_by),
                )
                for group_id, group in body.groups.items()
            },
        )
        for name, body in says.bodies.items()
    }
    rules = {matter: marked for matter, rule in says.rules.items() if (marked := mark(rule)) is not None}
    return replace(says, rules=rules, bodies=bodies)


def _of_pack(pack_id: str, citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
    """Return citations whose source is named with its pack, so that it is not taken for one of the book's."""
    return tuple(citation._replace(source=f"{pack_id}/{citation.source}") for citation in citations)


def _authority(citations: tuple[Citation, ...], since: str, sources: Mapping[str, Record]) -> str:
    """Return the statute and section in words, with the day from which the pack states the rule."""
    named = [f"{sources[citation.source].title}, {citation.place}" for citation in citations]
    return f"{'; '.join(named)}, since {since}"


def plain_form(form: str) -> str:
    """Return a legal form in small letters without stops, so that `B.V.` is `BV`."""
    return " ".join(form.lower().replace(".", "").split())
