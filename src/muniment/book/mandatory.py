"""Mandatory law: what a document says that its statute does not allow.

Only entities whose statutory pack is in force are looked at, each on every day on which its own terms change. Each
check names the section. A term is an error where the statute plainly forbids it, whoever wrote it; where that depends
on the document it stands in, the record's citation decides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.defaults import Formed, acting_body, circumstances, clauses, in_force
from muniment.book.entity_fold import EntityFold
from muniment.book.freezing import freeze
from muniment.book.history import proposals_under
from muniment.book.law_codes import CODES
from muniment.book.packs import LAWS, NONE, PACKS, name_of_law, pack_of, read_pack, unknown_pack
from muniment.book.rule_levels import (
    EVERYTHING,
    MAJORITY,
    THREE_QUARTERS,
    TWO_THIRDS,
    Level,
    a_majority_suffices,
    is_barred,
    is_vote_of_seats,
    level_of,
    needs_supervisory_board,
    of_holders,
)
from muniment.book.selecting import Choices, Selector
from muniment.book.split_order import Dated
from muniment.book.structure import Basis, Body, Entity, MatterRule, SeatGroup
from muniment.model.rules import Vote
from muniment.model.vocabulary import ENTITY_KINDS
from muniment.text.diagnostics import Diagnostic

YEARS_EACH_YEAR = re.compile(r"(\d{1,3}) years?\b.*\b(?:each|every) year\b", re.IGNORECASE)
MOST_CLASSES_OF_DIRECTORS = 3


class Floor(NamedTuple):
    """A majority that a statute lets nobody lower.

    Attributes:
        of: The `defaults` record of those it is for.
    """

    of: str
    matter: str
    least: Level
    section: str


FLOORS: tuple[Floor, ...] = (
    Floor("uk-company", "amend charter", THREE_QUARTERS, "Companies Act 2006, ss. 21 and 283,"),
    Floor("uk-company", "change purpose", THREE_QUARTERS, "Companies Act 2006, ss. 21, 31 and 283,"),
    Floor("uk-guarantee-company", "amend charter", THREE_QUARTERS, "Companies Act 2006, ss. 21 and 283,"),
    Floor("de-gmbh", "amend charter", THREE_QUARTERS, "GmbHG s. 53(2)"),
    Floor("de-gmbh", "change purpose", THREE_QUARTERS, "GmbHG s. 53(2)"),
    Floor("de-ag", "change purpose", THREE_QUARTERS, "AktG s. 179(2)"),
)
CROSS_HELD = {
    "us-de-company": "DGCL s. 160(c)",
    "de-ag": "AktG ss. 71b and 71d",
    "nl-nv": "BW 2:118(7)",
    "nl-bv": "BW 2:228(6)",
}
"""Sections by which shares that an entity's own subsidiaries hold in it do not vote, by the `defaults` record."""
NEEDS_HOLDERS = {
    "amend charter": "DGCL s. 242(b)(1)",
    "merge": "DGCL s. 251(c)",
    "sell company": "DGCL s. 271(a)",
    "dissolve": "DGCL s. 275(b)",
}
"""Matters of a Delaware corporation that a majority of the outstanding stock must approve."""


def check_law(book: Book) -> tuple[Diagnostic, ...]:
    """Return what the statutes forbid, in the keeper's account, and packs that are not there."""
    found = [*_unknown_packs(book), *_defaults_in_books(book)]
    world = World(book)
    for name in book.index.names:
        if _has_law(book, name):
            found += _faults_of(world, name, ())
    for proposal in book.records_of("proposal"):
        chain = proposals_under(world, proposal.name)
        records = [record for record in book.records if record.value("under") == proposal.name]
        lines = {(record.span.path, n) for record in records for n in range(record.span.line, record.last_line + 1)}
        for name in sorted({record.name for record in records if record.name in book.index.names}):
            if _has_law(book, name):
                found += [one for one in _faults_of(world, name, chain) if (one.span.path, one.span.line) in lines]
    return tuple(dict.fromkeys(found))


def _unknown_packs(book: Book) -> Iterator[Diagnostic]:
    for record in book.records_of(*ENTITY_KINDS, "amend"):
        for fact in record.facts_of("law pack"):
            for statement in fact.statements:
                if statement.value not in (None, NONE, *PACKS):
                    yield unknown_pack(statement.value, statement.span)


def _defaults_in_books(book: Book) -> Iterator[Diagnostic]:
    for record in book.records_of("defaults"):
        yield Diagnostic(
            code="M601",
            severity="error",
            message="a record of kind 'defaults' stands in a book",
            span=record.span,
            hint="state the rule in the entity itself, with the section of the statute as its citation",
        )


def _has_law(book: Book, name: str) -> bool:
    """Whether a pack may be in force for an entity at any time."""
    if name not in book.index.defined:
        return False
    if book.law_pack in PACKS:
        return True
    return any(
        name_of_law(statement.text) in LAWS or statement.text in PACKS
        for record in book.index.by_subject.get(name, ())
        for fact in record.facts
        if fact.label in ("law", "law pack")
        for statement in fact.statements
    )


def _faults_of(world: World, name: str, proposals: tuple[str, ...]) -> list[Diagnostic]:
    """Return the faults of an entity on each day on which its own terms change."""
    choices = Choices(world, name)
    selector = Selector(world, None, proposals, choices)
    changes = selector.in_order(
        record
        for record in world.book.index.by_subject.get(name, ())
        if record.kind in ENTITY_KINDS or record.kind == "amend"
    )
    fold = EntityFold(name, choices)
    found: dict[Diagnostic, None] = {}
    for at, dated in enumerate(changes):
        fold.begin(dated.when, dated.day)
        fold.apply(dated.record)
        is_last_of_day = at + 1 == len(changes) or changes[at + 1].day != dated.day
        if fold.state is not None and is_last_of_day:
            formed = Formed(freeze(name, fold.state), world.book.index.defined[name].date)
            found.update(dict.fromkeys(_on_day(world.book, formed, dated)))
    return list(found)


def _on_day(book: Book, formed: Formed, dated: Dated) -> Iterator[Diagnostic]:
    entity = formed.entity
    pack_id = pack_of(entity, book.law_pack)
    if pack_id is None:
        return
    defaults = in_force(read_pack(pack_id), formed, date.fromordinal(max(dated.day, 1)))
    of = {default.record.name for default in defaults}
    yield from _floors(entity, of)
    yield from _cross_held(entity, of)
    if "us-de-company" in of:
        yield from _delaware_removal(entity)
        yield from _delaware_charter_terms(book, entity)
        yield from _delaware_holders(entity)
        yield from _delaware_classes(entity)
        yield from _quorums(entity, Fraction(1, 3), "DGCL s. 141(b)", "DGCL s. 216")
    if "us-ca-nonprofit-all" in of:
        yield from _quorums(entity, Fraction(1, 5), "Corporations Code s. 5211(a)(7)", "")
        yield from _distributions(entity, "Corporations Code s. 5410")
    if of & {"uk-company", "uk-guarantee-company"}:
        yield from _uk_removal(entity)
    if "de-ag" in of:
        yield from _management_board(entity)
    if "nl-stichting" in of:
        yield from _members_of_a_foundation(entity)
        yield from _distributions(entity, "BW 2:285(3)")
    if of & {"nl-nv", "nl-bv"}:
        yield from _dutch_dismissal(entity, "BW 2:134(2)" if "nl-nv" in of else "BW 2:244(2)")


def _fault(code: str, message: str, basis: Basis, hint: str) -> Diagnostic:
    return Diagnostic(code=code, severity=CODES[code].severity, message=message, span=basis.span, hint=hint)


def _removals(entity: Entity) -> Iterator[tuple[str, MatterRule, SeatGroup | None]]:
    """Yield each rule by which the book lets directors be removed, with the seats it is about."""
    body = acting_body(entity)
    groups: Sequence[SeatGroup] = tuple(body.groups.values()) if body is not None else ()
    for group in groups:
        if group.removed_by is not None and group.votes_each > 0 and group.office is None:
            yield f"the seats '{group.id}'", group.removed_by, group
    stated = entity.rules.get("remove directors")
    if stated is not None:
        yield "directors", stated, None


def _kinds_of_source(book: Book, basis: Basis) -> frozenset[str]:
    """Return the kinds of the documents that a fact cites."""
    sources = (book.index.defined.get(citation.source) for citation in basis.citations)
    return frozenset(source.value("kind") or "" for source in sources if source is not None)


# Delaware


def _delaware_removal(entity: Entity) -> Iterator[Diagnostic]:
    """Check that directors may be removed without cause.

    Source: 8 Del. C. s. 141(k); In re VAALCO Energy, Inc. Stockholder Litigation, C.A. 11775-VCL (Del. Ch. 2015).
    """
    if not circumstances(entity) >= {"no classified board", "no cumulative votes"}:
        return
    for of_whom, stated, group in _removals(entity):
        barred = is_barred(stated.rule)
        if barred or (group is not None and group.for_cause_only):
            what = "cannot be removed at all" if barred else "can be removed for cause only"
            yield _fault(
                "M610",
                f"{of_whom} {what}, though the board is neither classified nor elected by cumulative votes",
                stated.basis,
                "DGCL s. 141(k) lets a majority of the stock remove without cause: write 'majority of votes'; "
                "where the terms are staggered, state 'term: 3 years, a third each year'",
            )


def _delaware_charter_terms(book: Book, entity: Entity) -> Iterator[Diagnostic]:
    """Check that terms which only the certificate of incorporation may hold are cited to it.

    Source: 8 Del. C. ss. 102(b)(4), 141(k), 214, 228(a); Frechter v. Zier, C.A. 12038-VCG (Del. Ch. 2017).
    """
    terms: list[tuple[str, MatterRule, str]] = []
    terms += [
        (f"more than a majority must vote to remove {of_whom}", stated, "ss. 102(b)(4) and 141(k)")
        for of_whom, stated, _ in _removals(entity)
        if MAJORITY < level_of(of_holders(entity, stated.rule)) < EVERYTHING
    ]
    consent = entity.rules.get("act by written consent")
    if consent is not None and level_of(of_holders(entity, consent.rule)) > MAJORITY:
        how = "is barred" if is_barred(consent.rule) else "needs more votes than at a meeting"
        terms.append((f"consent in writing of the holders {how}", consent, "s. 228(a)"))
    body = acting_body(entity)
    elections = [group.filled_by for group in body.groups.values()] if body is not None else []
    for election in (*elections, entity.rules.get("elect directors")):
        if election is not None and any(
            isinstance(clause, Vote) and clause.share.kind == "cumulative" for clause in clauses(election.rule)
        ):
            terms.append(("directors are elected by cumulative votes", election, "s. 214"))
    for message, stated, section in terms:
        kinds = _kinds_of_source(book, stated.basis)
        if "charter" in kinds:
            continue
        if "bylaws" in kinds:
            hint = f"DGCL {section}: only the certificate of incorporation may say so; leave it out, or cite that"
            yield _fault("M611", f"by a bylaw {message}", stated.basis, hint)
        else:
            hint = f"DGCL {section}: cite the certificate of incorporation for it, a source of kind 'charter'"
            yield _fault("M612", f"{message}, but no charter is cited for it", stated.basis, hint)


def _delaware_holders(entity: Entity) -> Iterator[Diagnostic]:
    """Check that fundamental changes need a majority of the outstanding stock.

    Source: 8 Del. C. ss. 242(b)(1), 251(c), 271(a), 275(b).
    """
    for matter, section in NEEDS_HOLDERS.items():
        stated = entity.rules.get(matter)
        if stated is None:
            continue
        level = level_of(of_holders(entity, stated.rule), of_consent=EVERYTHING, outstanding=True)
        if level < MAJORITY:
            yield _fault(
                "M613",
                f"'{matter}' can be decided without a majority of the outstanding stock",
                stated.basis,
                f"{section} asks for it: write 'board and majority of votes outstanding'",
            )


def _delaware_classes(entity: Entity) -> Iterator[Diagnostic]:
    """Check that a classified board has at most three classes.

    Source: 8 Del. C. s. 141(d).
    """
    body = acting_body(entity)
    for group in body.groups.values() if body is not None else ():
        match = YEARS_EACH_YEAR.search(group.term or "")
        if match is not None and int(match[1]) > MOST_CLASSES_OF_DIRECTORS:
            yield _fault(
                "M615",
                f"the terms of the seats '{group.id}' make {int(match[1])} classes of directors",
                group.basis,
                "DGCL s. 141(d) allows three at most: write 'term: 3 years, a third each year'",
            )


def _quorums(entity: Entity, least: Fraction, of_board: str, of_holders: str) -> Iterator[Diagnostic]:
    """Check that no quorum is below the least that the statute allows.

    Source: 8 Del. C. ss. 141(b), 216; California Corporations Code s. 5211(a)(7).
    """
    body: Body | None = acting_body(entity)
    stated: list[tuple[MatterRule, str]] = []
    if body is not None and body.decides_by is not None:
        stated.append((body.decides_by, of_board))
    stated += [(rule, of_holders) for rule in entity.rules.values() if of_holders]
    for rule, section in stated:
        for clause in clauses(rule.rule):
            of_seats = isinstance(clause, Vote) and is_vote_of_seats(entity, clause)
            counts = of_seats if section == of_board else isinstance(clause, Vote) and not of_seats
            for condition in clause.conditions if counts else ():
                if condition.kind == "quorum" and condition.amount is not None and condition.amount < least:
                    yield _fault(
                        "M614",
                        f"a quorum of {condition.amount} is less than {least}",
                        rule.basis,
                        f"{section} allows no less: write 'with quorum {least}' or more",
                    )


# Elsewhere


def _cross_held(entity: Entity, of: Collection[str]) -> Iterator[Diagnostic]:
    """Check that shares which subsidiaries hold in their parent do not vote.

    Source: 8 Del. C. s. 160(c); AktG ss. 71b, 71d; BW 2:118(7), 2:228(6).
    """
    for name, section in CROSS_HELD.items():
        if name in of and entity.cross_held_vote:
            yield _fault(
                "M623",
                f"shares that subsidiaries of '{entity.id}' hold in it are said to vote",
                entity.basis["cross-held shares"],
                f"{section} takes their votes away: write 'cross-held shares: no votes', or leave the line out",
            )


def _floors(entity: Entity, of: Collection[str]) -> Iterator[Diagnostic]:
    """Check majorities that a statute lets nobody lower.

    Source: Companies Act 2006 ss. 21, 31, 283; GmbHG s. 53(2); AktG s. 179(2).
    """
    for floor in FLOORS:
        stated = entity.rules.get(floor.matter) if floor.of in of else None
        if stated is None:
            continue
        level = level_of(of_holders(entity, stated.rule), of_consent=EVERYTHING)
        if level < floor.least:
            yield _fault(
                "M616",
                f"'{floor.matter}' can be decided with less than {int(floor.least.share * 100)}% of the votes",
                stated.basis,
                f"{floor.section} allows no less: write 'at least {int(floor.least.share * 100)}% of votes cast'",
            )


def _uk_removal(entity: Entity) -> Iterator[Diagnostic]:
    """Check that an ordinary resolution is enough to remove a director.

    Source: Companies Act 2006 s. 168(1).
    """
    for of_whom, stated, group in _removals(entity):
        if not a_majority_suffices(stated.rule) or (group is not None and group.for_cause_only):
            yield _fault(
                "M617",
                f"an ordinary resolution is not enough to remove {of_whom}",
                stated.basis,
                "Companies Act 2006 s. 168 lets one remove a director whatever the articles say: "
                "write '... or majority of votes cast'",
            )


def _management_board(entity: Entity) -> Iterator[Diagnostic]:
    """Check that the supervisory board appoints the management board, and removes it for good cause.

    Source: AktG s. 84(1), (4) (until 11 August 2021: (3)).
    """
    body = acting_body(entity)
    if "supervisory board" not in circumstances(entity) or body is None:
        return
    for group in body.groups.values():
        for verb, stated in (("appointed", group.filled_by), ("removed", group.removed_by)):
            if stated is not None and group.office is None and not needs_supervisory_board(stated.rule):
                yield _fault(
                    "M618",
                    f"the seats '{group.id}' of the management board are {verb} without the supervisory board",
                    stated.basis,
                    "AktG s. 84 leaves that to the supervisory board alone: write 'supervisory-board'",
                )
        if group.removed_by is not None and not group.for_cause_only and needs_supervisory_board(group.removed_by.rule):
            yield _fault(
                "M619",
                f"the seats '{group.id}' of the management board can be emptied without cause",
                group.removed_by.basis,
                "AktG s. 84(4) asks for good cause: write 'removed by: supervisory-board for cause only'",
            )


def _members_of_a_foundation(entity: Entity) -> Iterator[Diagnostic]:
    """Check that a stichting has neither members nor shares.

    Source: BW 2:285(1).
    """
    if entity.members:
        yield _fault(
            "M620",
            f"the stichting '{entity.id}' has members",
            entity.basis["members"],
            "BW 2:285(1) allows none: name who appoints the board under 'filled by', or make it a vereniging",
        )
    for share_class in entity.classes.values():
        yield _fault(
            "M620",
            f"the stichting '{entity.id}' has the class '{share_class.id}'",
            share_class.basis[""],
            "BW 2:285(1) allows no members: leave the class out",
        )


def _distributions(entity: Entity, section: str) -> Iterator[Diagnostic]:
    """Note distributions of an entity that may not have profits for anybody.

    Source: BW 2:285(3); California Corporations Code s. 5410.
    """
    for tier in entity.distribution:
        yield _fault(
            "M621",
            f"'{entity.id}' distributes to {', '.join(payee for _, payee in tier.split)}",
            tier.basis,
            f"{section} forbids distributions to those who founded or govern it; a gift within its purpose is a 'pay'",
        )


def _dutch_dismissal(entity: Entity, section: str) -> Iterator[Diagnostic]:
    """Check that two thirds of the votes cast are always enough to dismiss a director.

    Source: BW 2:134(2), 2:244(2).
    """
    for of_whom, stated, _ in _removals(entity):
        if level_of(of_holders(entity, stated.rule)) > TWO_THIRDS:
            yield _fault(
                "M622",
                f"more than two thirds of the votes must agree to remove {of_whom}",
                stated.basis,
                f"{section} allows no greater majority: write 'at least 2/3 of votes cast'",
            )
