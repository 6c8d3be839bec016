"""Defaults of the law: what it says of an entity where the book says nothing.

A default fills a gap, matter by matter and seat by seat; whatever the book states stands, and so does what an account
leaves open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from muniment.book.packs import NONE, SEATS_OF_A_CLASS, Default, Pack, pack_of, plain_form, read_pack
from muniment.book.rule_names import names_in_rule
from muniment.book.structure import Basis, Body, Entity, MatterRule, SeatGroup
from muniment.model.dates import is_before
from muniment.model.rule_writer import format_rule
from muniment.model.rules import And, ByBody, Consent, Electorate, KOf, Or, Party, Rule, Vote
from muniment.model.values import PartialDate

ANY_SEATS = "any"
THE_CLASS = "the-class"
THE_SEATS = "the-seats"
ACTING_BODY = "board"
SUPERVISORY_BOARD = "supervisory-board"
WORDS_OF_BODY = {ACTING_BODY: "board", SUPERVISORY_BOARD: "supervisory board"}
MATTER_OF_SEATS: Mapping[str, str] = {
    "filled by": "elect directors",
    "removed by": "remove directors",
    "vacancies filled by": "fill vacancies",
}
"""The matter of the whole board that a label of seats answers to."""
NOT_STATED = "not stated"
FOR_CAUSE = " for cause only"
STAGGERED = re.compile(r"\b(?:each|every) year\b|\bstagger|\bclassified\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Formed:
    """An entity as the book records it, with the date of its own record."""

    entity: Entity
    date: PartialDate


def acting_body(entity: Entity) -> Body | None:
    """Return the body that acts for an entity: `board`, else the first; None if that is a supervisory board."""
    body = entity.bodies.get(ACTING_BODY) or next(iter(entity.bodies.values()), None)
    return None if body is not None and body.id == SUPERVISORY_BOARD else body


def circumstances(entity: Entity) -> frozenset[str]:
    """Return what a statute may make its default depend on, as the book records it of an entity."""
    body = acting_body(entity)
    groups = [group for group in body.groups.values() if group.votes_each > 0] if body is not None else []
    elections = [rule for rule in (*(group.filled_by for group in groups), entity.rules.get("elect directors")) if rule]
    true = {
        "classified board": any(group.term and STAGGERED.search(group.term) for group in groups),
        "cumulative votes": any(
            isinstance(part, Vote) and part.share.kind == "cumulative"
            for rule in elections
            for part in clauses(rule.rule)
        ),
        "members": bool(entity.members) or "members" in entity.classes,
        "manager": bool(entity.managers),
        "supervisory board": SUPERVISORY_BOARD in entity.bodies and body is not None,
    }
    found = {name if holds else f"no {name}" for name, holds in true.items()}
    return frozenset(found | {"several classes" if len(entity.classes) > 1 else "one class"})


def clauses(rule: Rule) -> Iterator[Rule]:
    """Yield the clauses of a rule that are not joined of others."""
    waiting: list[Rule] = [rule]
    while waiting:
        clause = waiting.pop()
        match clause:
            case And(parts) | Or(parts) | KOf(_, parts):
                waiting.extend(reversed(parts))
            case _:
                yield clause


def in_force(pack: Pack, formed: Formed, on: date) -> tuple[Default, ...]:
    """Return the defaults of a pack that are for an entity, on a day on which they are stated."""
    entity = formed.entity
    form = plain_form(entity.legal_form) if entity.legal_form else NOT_STATED
    true = circumstances(entity)
    return tuple(
        default
        for default in pack.defaults
        if entity.kind in default.kinds
        and (not default.forms or form in default.forms)
        and true.issuperset(default.where)
        and (default.formed_from is None or is_before(formed.date, default.formed_from) is False)
        and default.editions[0].since <= on.toordinal()
    )


def with_defaults(
    formed: Formed, of_book: str, on: date, left_open: Collection[str] = ()
) -> tuple[Entity, tuple[str, ...]]:
    """Return an entity with what its law says where the book says nothing.

    Args:
        formed: The entity, as the book records it.
        of_book: The setting `law_pack` of the book, or empty.
        on: The date asked.
        left_open: Addresses of the entity's facts that the account leaves open: of these the book says something.

    Returns:
        The entity, and sentences on what is not applied.
    """
    entity = formed.entity
    chosen = entity.law_pack or of_book
    if chosen == NONE or not (chosen or entity.law):
        return entity, ()
    pack_id = pack_of(entity, of_book)
    if pack_id is None:
        lacks = f"for its law, {entity.law}," if not chosen else f"of the name '{chosen}'"
        return entity, (
            f"Of {entity.id} only what the book states is applied: no statutory pack {lacks} is part of this version.",
        )
    pack = read_pack(pack_id)
    defaults = in_force(pack, formed, on)
    if not defaults:
        form = f" of the form {entity.legal_form}" if entity.legal_form else " that states no legal form"
        return entity, (
            f"Of {entity.id} only what the book states is applied: "
            f"the pack {pack_id} has nothing for a {entity.kind}{form} on {on.isoformat()}.",
        )
    filled, notes = _Filling(entity, defaults, on, left_open).fill()
    return filled, (*_taken_form(entity, defaults), *notes)


def _taken_form(entity: Entity, defaults: tuple[Default, ...]) -> Iterator[str]:
    """Say which legal form an entity is taken to have, where it states none and a default is for one form only."""
    for default in () if entity.legal_form else defaults:
        form = next((form for form in default.record.value("legal form") or () if plain_form(form) != NOT_STATED), "")
        if NOT_STATED in default.forms and form:
            yield f"{entity.id} states no legal form; it is taken to be a {form}."
            return


class _Filling:
    """Fills the gaps of one entity."""

    def __init__(self, entity: Entity, defaults: tuple[Default, ...], on: date, left_open: Collection[str]) -> None:
        self.entity = entity
        self.left_open = tuple(left_open)
        self.acting = acting_body(entity)
        self.bodies = Bodies(self.acting.id if self.acting is not None else None, SUPERVISORY_BOARD in entity.bodies)
        self.defaults = defaults
        self.day = on.toordinal()
        self.says = [_edition(default, self.day) for default in defaults]
        self.casting = [default.casting_vote for default in defaults if default.casting_vote is not None]
        self.absent: dict[str, None] = {}

    def fill(self) -> tuple[Entity, tuple[str, ...]]:
        entity = self.entity
        bodies = {name: self._body(body) for name, body in entity.bodies.items()}
        by_law, absent = _rules_on(self.defaults, self.day, self.bodies)
        if self.left_open:
            by_law = {matter: rule for matter, rule in by_law.items() if not self._is_open(f"rules {matter}")}
        rules = {**by_law, **entity.rules}
        notes = tuple(
            f"Defaults of the law of {entity.id} that need its {words} are left out: the book records none."
            for name, words in WORDS_OF_BODY.items()
            if name in absent or name in self.absent
        )
        return self._cross_held(replace(entity, bodies=bodies, rules=rules)), notes

    def _cross_held(self, entity: Entity) -> Entity:
        spoken = [default.cross_held for default in self.defaults if default.cross_held is not None]
        if not spoken or entity.cross_held_vote is not None or self._is_open("cross-held shares"):
            return entity
        held, basis, authority = spoken[-1]
        label = "cross-held shares"
        return replace(
            entity, cross_held_vote=held == "vote", basis={**entity.basis, label: basis}, by_law={label: authority}
        )

    def _is_silent_on(self, matter: str) -> bool:
        return matter not in self.entity.rules and not self._is_open(f"rules {matter}")

    def _is_open(self, path: str) -> bool:
        return any(address.endswith(f" {path}") for address in self.left_open)

    def _body(self, body: Body) -> Body:
        name = ACTING_BODY if self.acting is not None and body.id == self.acting.id else body.id
        spoken = [says.bodies[name] for says in self.says if name in says.bodies]
        path = "board decides by" if body.id == ACTING_BODY else f"board {body.id} decides by"
        decides_by = body.decides_by
        for says in spoken:
            if body.decides_by is None and says.decides_by is not None and not self._is_open(path):
                decides_by = self._here(says.decides_by, {name: body.id})
        by_law = [(basis, authority) for of_body, basis, authority in self.casting if of_body == name]
        gives = bool(by_law) and body.chair is not None and not body.casting_vote
        return replace(
            body,
            decides_by=decides_by,
            casting_vote=body.casting_vote or gives,
            casting_vote_by=_has_casting_vote(*by_law[-1]) if gives else None,
            groups={group_id: self._group(group, spoken, name) for group_id, group in body.groups.items()},
        )

    def _group(self, group: SeatGroup, spoken: list[Body], body: str) -> SeatGroup:
        """Fill the gaps of one group of seats.

        Seats that a class elects are emptied and filled again as the statute says of such seats. Of the vacancies of
        seats that others fill, such as a party to an agreement, no statute is taken to speak.
        """
        if group.office is not None or group.votes_each == 0:
            return group
        electors = _classes_that_elect(self.entity, group)
        kinds = (ANY_SEATS,) if electors is None else (SEATS_OF_A_CLASS, ANY_SEATS)
        found: dict[str, tuple[MatterRule, bool]] = {}
        for label, matter in MATTER_OF_SEATS.items():
            silent = body != ACTING_BODY or self._is_silent_on(matter)
            if silent and not self._is_open(f"seats {group.id} {label}"):
                of_kinds = kinds[:1] if label == "vacancies filled by" else kinds
                of_label = self._of_seats(label, group, spoken, of_kinds, body == ACTING_BODY)
                if of_label is not None:
                    found[label] = of_label
        elected = group.filled_by is not None and (electors is not None or _is_vote_of_all(group.filled_by.rule))
        filled_by = group.filled_by or found.get("filled by", (None, False))[0]
        if not elected and group.filled_by is not None:
            found.pop("vacancies filled by", None)
        by_law, for_cause = found.get("removed by", (None, False))
        return replace(
            group,
            filled_by=filled_by,
            removed_by=group.removed_by or by_law,
            for_cause_only=group.for_cause_only if group.removed_by is not None else for_cause,
            vacancies_filled_by=group.vacancies_filled_by or found.get("vacancies filled by", (None, False))[0],
        )

    def _of_seats(
        self, label: str, group: SeatGroup, spoken: list[Body], kinds: tuple[str, ...], of_whole_board: bool
    ) -> tuple[MatterRule, bool] | None:
        """Return what the law says of seats of the first of these kinds of which it speaks, else of the whole board.

        Beside it stands whether they are emptied for cause only.
        """
        electors = _classes_that_elect(self.entity, group)
        for kind in kinds:
            for says in reversed(spoken):
                seats = says.groups.get(kind)
                if seats is None:
                    continue
                stated = {
                    "filled by": seats.filled_by,
                    "removed by": seats.removed_by,
                    "vacancies filled by": seats.vacancies_filled_by,
                }[label]
                usable = self._here(stated, {THE_SEATS: group.id}, electors) if stated is not None else None
                if usable is not None:
                    return usable, seats.for_cause_only
        for edition in reversed(self.says if of_whole_board and ANY_SEATS in kinds else []):
            of_board = edition.rules.get(MATTER_OF_SEATS[label])
            usable = self._here(of_board) if of_board is not None else None
            if usable is not None:
                return usable, False
        return None

    def _here(
        self, stated: MatterRule, names: Mapping[str, str] | None = None, electors: Electorate | None = None
    ) -> MatterRule | None:
        """Return a default with the names that this entity uses; None where it needs a body that is not recorded."""
        found = here(stated, self.bodies, names or {}, electors)
        if isinstance(found, str):
            self.absent[found] = None
            return None
        return found


def _has_casting_vote(basis: Basis, authority: str) -> Basis:
    return basis._replace(
        words=f"its chair has a casting vote (a default of its law, the book says nothing: {authority})"
    )


class Bodies(NamedTuple):
    """The bodies of an entity of which defaults speak.

    Attributes:
        acting: Id of the body that acts; None if none is recorded.
        supervisory: Whether there is a supervisory board.
    """

    acting: str | None
    supervisory: bool


def here(stated: MatterRule, bodies: Bodies, names: Mapping[str, str], electors: Electorate | None) -> MatterRule | str:
    """Return a default with the names that an entity uses, or the body that it needs and that is not recorded."""
    named = {name for _, name in names_in_rule(stated.rule)}
    if ACTING_BODY in named and bodies.acting is None:
        return ACTING_BODY
    if SUPERVISORY_BOARD in named and not bodies.supervisory:
        return SUPERVISORY_BOARD
    names = {**names, ACTING_BODY: bodies.acting or ACTING_BODY}
    if electors is None and all(names.get(name, name) == name for name in named):
        return stated
    rule = _renamed(stated.rule, names, electors)
    cause = FOR_CAUSE if stated.text.endswith(FOR_CAUSE) else ""
    return stated if rule == stated.rule else replace(stated, rule=rule, text=format_rule(rule) + cause)


@lru_cache(maxsize=256)
def _rules_on(
    defaults: tuple[Default, ...], day: int, bodies: Bodies
) -> tuple[Mapping[str, MatterRule], frozenset[str]]:
    """Return the rules of some defaults on a day for entities with these bodies, and the bodies that others need.

    Where two defaults speak of a matter, the later counts.
    """
    rules: dict[str, MatterRule] = {}
    absent: set[str] = set()
    for default in defaults:
        for matter, stated in _edition(default, day).rules.items():
            found = here(stated, bodies, {}, None)
            if isinstance(found, str):
                absent.add(found)
            else:
                rules[matter] = found
    return rules, frozenset(absent)


def _edition(default: Default, day: int) -> Entity:
    place = bisect_right([edition.since for edition in default.editions], day)
    return default.editions[max(place - 1, 0)].says


def _classes_that_elect(entity: Entity, group: SeatGroup) -> Electorate | None:
    """Return the classes whose vote fills a group of seats; None if others fill it."""
    rule = group.filled_by.rule if group.filled_by is not None else None
    if not isinstance(rule, Vote) or not rule.electorate.names:
        return None
    of_classes = all(name in entity.classes for name in rule.electorate.names)
    return rule.electorate if of_classes else None


def _is_vote_of_all(rule: Rule) -> bool:
    return isinstance(rule, Vote) and rule.electorate.kind in ("votes", "members")


def _renamed(rule: Rule, names: Mapping[str, str], electors: Electorate | None) -> Rule:
    """Return a rule of a pack with other names; rules of packs are a few clauses deep."""
    match rule:
        case And(parts) | Or(parts):
            return replace(rule, parts=tuple(_renamed(part, names, electors) for part in parts))
        case KOf(_, items):
            return replace(rule, items=tuple(_renamed(item, names, electors) for item in items))
        case ByBody(name):
            return replace(rule, name=names.get(name, name))
        case Consent(Party("id", name)) if name in names:
            return replace(rule, party=Party("id", names[name]))
        case Vote(_, electorate):
            if electors is not None and electorate.names == (THE_CLASS,):
                return replace(rule, electorate=electors)
            renamed = tuple(names.get(name, name) for name in electorate.names)
            return replace(rule, electorate=replace(electorate, names=renamed))
        case _:
            return rule
