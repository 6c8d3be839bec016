"""Which moves the rules of a structure may allow, as far as a matter rests on them.

A move is listed whoever could make it; whether its need is met is for the search. Moves come from seats, offices,
sizes of boards, general partners, rules that may be amended, shares that may be issued, rights that may be used, and
days that are waited for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from muniment.book.structure import Body, Entity, MatterRule, SeatGroup, Structure
from muniment.control.compile import depends_on_seat, owner_of_seat, rule_of_election, rules_of_seat
from muniment.control.compiled import (
    BodyDecides,
    Key,
    MatterPasses,
    SeatAgrees,
    SeatsElected,
    SeatsEmptied,
    SeatsFilled,
)
from muniment.control.matters import board_of, default_act, find_rule
from muniment.control.paths.acts import Act, Kind, Need, RulePlace
from muniment.control.paths.meetings import (
    days_of_notice,
    grounds,
    is_of_holders,
    needed,
    taking,
    ways_of_deciding,
)
from muniment.control.paths.share_moves import moves_of_rights, moves_of_shares
from muniment.control.paths.tracing import Traced, trace
from muniment.control.terms_of_office import end_of_term, next_meeting
from muniment.model.durations import day_after
from muniment.model.rules import And, KOf, Never, Or, Rule

AMEND = "amend charter"
MOST_SIZES = 40
"""Up to so many new seats every number of them is considered; beyond it one, and all."""


class Considered(NamedTuple):
    """The moves considered and what is assumed of them.

    Attributes:
        acts: In a fixed order.
        assumptions: Sentences, each once.
        traced: What the matter and the moves rest on.
    """

    acts: tuple[Act, ...]
    assumptions: tuple[str, ...]
    traced: Traced


def acts_of(structure: Structure, entity: str, matter: str) -> tuple[Act, ...]:
    """Return the moves on which a matter of an entity may turn, whoever could make them."""
    return moves_of(structure, entity, matter).acts


def moves_of(structure: Structure, entity: str, matter: str, scheduled: Sequence[date] = ()) -> Considered:
    """Return the moves on which a matter of an entity may turn, whoever could make them, and what they rest on.

    Args:
        structure: What is in force.
        entity: Id of an entity of the structure.
        matter: A matter that the book or the standard knows.
        scheduled: Days after the structure's own on which something falls due; each can be waited for.
    """
    goal = MatterPasses(entity, matter)
    keys: dict[Key, None] = {goal: None}
    while True:
        traced = trace(structure, keys)
        assumed: dict[str, None] = {}
        acts = _with_rewritten(structure, tuple(_moves(structure, traced, assumed)))
        needed = dict.fromkeys(key for act in acts for key in act.need.keys)
        if needed.keys() <= keys.keys():
            break
        keys |= needed
    waits = (
        Act(kind="wait", entity=entity, until=day, words=f"wait until {day.isoformat()}")
        for day in sorted(set(scheduled))
        if day > structure.on
    )
    return Considered((*acts, *waits), tuple(assumed), traced)


def _with_rewritten(structure: Structure, acts: tuple[Act, ...]) -> tuple[Act, ...]:
    """Return moves, and what each asks for once its rule is as the mover likes: neither meeting nor notice."""
    places = {(act.entity, act.place) for act in acts if act.kind == "amend rule"}
    more: dict[tuple[str, str], Act] = {}
    for act in acts:
        if not act.need.keys or not (len(act.need.keys) > 1 or act.days or act.until is not None):
            continue
        place = place_of_need(structure, act.need.keys[0])
        if (act.entity, place) not in places or act.kind == "elect successors":
            continue
        words = f"{act.words}, as the rewritten rule lets them"
        need = Need(act.need.keys[:1], (), "the rewritten rule")
        more[act.entity, words] = replace(act, need=need, after=place, way="", days=0, until=None, words=words)
    return (*acts, *more.values())


def place_of_need(structure: Structure, key: Key) -> RulePlace | None:
    """Return the place of the rule that a decision is taken by."""
    match key:
        case MatterPasses(_, matter):
            return RulePlace("matter", matter)
        case SeatsEmptied(_, body, group):
            return RulePlace("removed by", group, body)
        case SeatsElected(_, body, group):
            return RulePlace("filled by", group, body)
        case SeatsFilled(entity, body, group):
            there = structure.entities[entity].bodies[body].groups[group]
            stated = there.vacancies_filled_by
            label = "vacancies filled by" if stated is not None and not stated.assumed else "filled by"
            return RulePlace(label, group, body)
        case _:
            return None


def _moves(structure: Structure, traced: Traced, assumed: dict[str, None]) -> Iterator[Act]:
    bodies = dict.fromkeys((key.entity, key.body) for key in traced.keys if isinstance(key, BodyDecides | SeatAgrees))
    for entity_id, body_id in bodies:
        entity = structure.entities[entity_id]
        body = entity.bodies[body_id]
        for group in body.groups.values():
            if group.votes_each > 0:
                yield from _of_seats(structure, entity, body, group, assumed)
    for entity_id, office_id in traced.offices:
        if entity_id in structure.entities:
            yield from _of_office(structure.entities[entity_id], office_id, structure.on)
    for entity_id in traced.partnerships:
        yield from _of_general_partner(structure.entities[entity_id], structure.on)
    for (entity_id, place), stated in traced.places.items():
        yield from _amendment(structure, structure.entities[entity_id], place, stated)
    for entity_id in dict.fromkeys(name for name, _ in traced.electorates):
        yield from moves_of_shares(structure, structure.entities[entity_id], traced, assumed)
    yield from moves_of_rights(structure, traced, assumed)


def _of_seats(
    structure: Structure, entity: Entity, body: Body, group: SeatGroup, assumed: dict[str, None]
) -> Iterator[Act]:
    where = f"{group.id} of {entity.id}.{body.id}"
    if group.office is not None:
        return  # they follow the office
    owner = owner_of_seat(structure, entity, group)
    removed_by, filled_by = rules_of_seat(entity, body.id, group, owner)
    numbers = tuple(seat.number for seat in group.seats)
    new = _new_seats(group)
    common: dict[str, Any] = {"entity": entity.id, "body": body.id, "group": group.id}
    for each in _together(filled_by, (*numbers, *new)):
        key = SeatsFilled(entity.id, body.id, group.id, each[0] if depends_on_seat(filled_by) else 0)
        vacant = tuple(seat.number for seat in group.seats if seat.occupant is None)
        some = len(each) > 1 and set(each) != set(vacant)
        what = f"fill {'what is vacant of ' if some else ''}{_seats(each, numbers + new, where)}"
        for way in ways_of_deciding(structure, entity, filled_by, elects=True):
            yield Act(
                kind="fill seats", **common, seats=each, need=needed(filled_by, (key,), way),
                **taking(way), because=grounds(filled_by, way, group.basis), words=what,
            )  # fmt: skip
    yield from _by_vacancy_rule(structure, entity, body, group, numbers + new)
    if numbers:
        for each in _together(removed_by, numbers):
            key_of_removal = SeatsEmptied(entity.id, body.id, group.id, each[0] if depends_on_seat(removed_by) else 0)
            what = f"remove who sits in {_seats(each, numbers, where)}"
            for way in ways_of_deciding(structure, entity, removed_by, elects=False):
                yield Act(
                    kind="empty seats", **common, seats=each, need=needed(removed_by, (key_of_removal,), way),
                    **taking(way), because=grounds(removed_by, way, group.basis), words=what,
                )  # fmt: skip
    elected_by = rule_of_election(entity, body.id, group)
    yield from _elections(structure, entity, body, group, elected_by, assumed, apart=elected_by is not filled_by)
    yield from _of_size(structure, entity, body, group, assumed)


def _new_seats(group: SeatGroup) -> tuple[int, ...]:
    """Return the numbers of the seats that the board's size may still grow by."""
    if group.most is None or group.most <= len(group.seats):
        return ()
    return tuple(range(len(group.seats) + 1, group.most + 1))


def _seats(chosen: Sequence[int], of: Sequence[int], where: str) -> str:
    if len(chosen) == len(of):
        return f"the {len(of)} seats {where}" if len(of) > 1 else f"the seat {where}"
    if len(chosen) == 1:
        return f"seat {chosen[0]} of the seats {where}"
    return f"{len(chosen)} of the {len(of)} seats {where}"


def _together(stated: MatterRule | None, numbers: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield seats that one decision fills or empties: all, or each by itself where the rule differs by seat."""
    if not numbers:
        return
    if depends_on_seat(stated):
        yield from ((number,) for number in numbers)
    else:
        yield tuple(numbers)


def _by_vacancy_rule(
    structure: Structure, entity: Entity, body: Body, group: SeatGroup, numbers: Sequence[int]
) -> Iterator[Act]:
    """Yield the filling of vacancies as a statutory pack lets it be done, where the book says nothing else."""
    board = board_of(entity)
    stated = entity.rules.get("fill vacancies")
    if stated is None or not stated.assumed or board is None or board.id != body.id or not numbers:
        return
    if group.vacancies_filled_by is not None:
        return  # those of a class have a rule of their own
    for way in ways_of_deciding(structure, entity, stated, elects=False):
        yield Act(
            kind="fill seats", entity=entity.id, body=body.id, group=group.id, seats=tuple(numbers),
            need=needed(stated, (MatterPasses(entity.id, "fill vacancies"),), way), **taking(way),
            because=grounds(stated, way, group.basis),
            words=f"fill vacancies among {_seats(numbers, numbers, f'{group.id} of {entity.id}.{body.id}')}",
        )  # fmt: skip


def _elections(
    structure: Structure,
    entity: Entity,
    body: Body,
    group: SeatGroup,
    filled_by: MatterRule | None,
    assumed: dict[str, None],
    *,
    apart: bool,
) -> Iterator[Act]:
    """Yield the elections at which seats come up, once their terms end; `apart`: vacancies are filled otherwise."""
    if filled_by is None:
        return
    due: dict[date, list[int]] = {}
    for number, day in _ends_of_terms(structure, entity, body, group, filled_by, assumed):
        due.setdefault(day, []).append(number)
    where = f"{group.id} of {entity.id}.{body.id}"
    every = tuple(seat.number for seat in group.seats)
    for day, numbers in sorted(due.items()):
        for each in _together(filled_by, numbers):
            kind = SeatsElected if apart else SeatsFilled
            key = kind(entity.id, body.id, group.id, each[0] if depends_on_seat(filled_by) else 0)
            meets = entity.annual_meeting is not None
            notice = 0 if meets else days_of_notice(filled_by.rule, structure.on)
            yield Act(
                kind="elect successors", entity=entity.id, body=body.id, group=group.id, seats=each,
                until=day if day > structure.on else None, need=Need((key,), (), filled_by.text),
                way="at the annual meeting" if meets else "", days=notice,
                because=(filled_by.basis, group.basis),
                words=f"elect successors on {day.isoformat()} in {_seats(each, every, where)}",
            )  # fmt: skip


def _ends_of_terms(
    structure: Structure,
    entity: Entity,
    body: Body,
    group: SeatGroup,
    filled_by: MatterRule,
    assumed: dict[str, None],
) -> Iterator[tuple[int, date]]:
    """Yield the first day from which each seat can be filled anew because its occupant's term is over."""
    on = structure.on
    filled = [seat for seat in group.seats if seat.occupant is not None]
    where = f"the seats {group.id} of {entity.id}.{body.id}"
    terms = group.sits_for
    if terms is None or terms.length is None:
        annual = next_meeting(entity, on)
        if annual is not None and terms is None and filled and is_of_holders(structure, entity, filled_by):
            assumed[f"No term is stated for {where}; they are taken to come up at each annual meeting."] = None
            yield from ((seat.number, annual) for seat in filled)
        return
    since = {seat.since for seat in filled}
    all_at_once = len(since) == 1 and len(filled) > 1 and terms.part_each_year is not None
    each_year = max(int(len(group.seats) * (terms.part_each_year or 1)), 1)
    for at, seat in enumerate(filled):
        began = seat.since
        if began is None:
            assumed[
                f"The day on which a term in {where} began is not known exactly; it is taken to end one whole term "
                "from the date asked at the latest, and not before."
            ] = None
            yield seat.number, day_after(on, terms.length)
            continue
        length = terms.length
        if all_at_once and terms.length.unit == "years":
            assumed[f"Which of {where} come up in which year is not recorded; they are taken in their order."] = None
            length = replace(terms.length, count=min(at // each_year + 1, terms.length.count))
        ends = end_of_term(entity, terms._replace(length=length), began)
        if ends is None:
            continue
        if ends < on:
            ends = next_meeting(entity, on) or on
        yield seat.number, ends


def _of_size(
    structure: Structure, entity: Entity, body: Body, group: SeatGroup, assumed: dict[str, None]
) -> Iterator[Act]:
    found = find_rule(entity, "change board size")
    stated = found.rules[0].rule if found.rules else None
    text = stated.text if stated is not None else "as the entity decides otherwise"
    key = MatterPasses(entity.id, "change board size")
    where = f"{group.id} of {entity.id}.{body.id}"
    new = _new_seats(group)
    numbers = tuple(seat.number for seat in group.seats)
    spare = len(group.seats) - group.least if group.least is not None else 0
    if max(len(new), spare) > MOST_SIZES:
        assumed[f"The seats {where} are taken to grow or shrink by one, or by as many as they may."] = None
    for way in ways_of_deciding(structure, entity, stated, elects=False):
        common: dict[str, Any] = {
            "entity": entity.id, "body": body.id, "group": group.id, "way": way.form, "days": way.days,
            "need": Need((key, *way.keys), (), text), "because": grounds(stated, way, group.basis),
        }  # fmt: skip
        for count in _sizes(len(new)):
            yield Act(
                kind="enlarge board", **common, seats=new[:count], quantity=Fraction(count),
                words=f"add {count} seat{'s' if count > 1 else ''} to {where}",
            )  # fmt: skip
        for count in _sizes(max(spare, 0)):
            yield Act(
                kind="abolish vacant seats", **common, seats=numbers[-count:], quantity=Fraction(count),
                words=f"abolish {count} vacant seat{'s' if count > 1 else ''} of {where}",
            )  # fmt: skip
        for number in numbers[:-1] if spare > 0 else ():
            yield Act(
                kind="abolish vacant seats", **common, seats=(number,), quantity=Fraction(1),
                words=f"abolish seat {number} of the seats {where}, vacant",
            )  # fmt: skip


def _sizes(most: int) -> Sequence[int]:
    """Return by how many seats a board is taken to grow or shrink at once, of so many at most."""
    return range(1, most + 1) if most <= MOST_SIZES else (1, most)


def _of_office(entity: Entity, office_id: str, on: date) -> Iterator[Act]:
    office = entity.offices.get(office_id)
    if office is None:
        return
    kinds: tuple[tuple[Kind, str, MatterRule | None], ...] = (
        ("empty office", "remove", office.removed_by),
        ("fill office", "appoint", office.filled_by),
    )
    for kind, verb, rule in kinds:
        matter = f"{verb} {office_id}"
        stated = rule or entity.rules.get(matter)
        if stated is not None:
            yield Act(
                kind=kind, entity=entity.id, office=office_id,
                need=Need((MatterPasses(entity.id, matter),), (), stated.text), days=days_of_notice(stated.rule, on),
                because=(stated.basis, office.basis), words=f"{verb} the {office_id} of {entity.id}",
            )  # fmt: skip


def _of_general_partner(entity: Entity, on: date) -> Iterator[Act]:
    stated = entity.rules.get("remove general partner")
    if stated is None or not entity.general_partners:
        return
    yield Act(
        kind="replace general partner", entity=entity.id,
        need=Need((MatterPasses(entity.id, "remove general partner"),), (), stated.text),
        days=days_of_notice(stated.rule, on), because=(stated.basis,),
        words=f"replace the general partner of {entity.id}",
    )  # fmt: skip


def _amendment(structure: Structure, entity: Entity, place: RulePlace, stated: MatterRule | None) -> Iterator[Act]:
    if (stated is not None and is_locked(stated.rule)) or _is_an_actor(structure, entity):
        return
    changed_by = _changed_by(entity, place, stated)
    if place == RulePlace("matter", changed_by):
        return  # who carries it need not change it first
    found = find_rule(entity, changed_by)
    by = found.rules[0].rule if found.rules else None
    what = _what_stands(entity, place)
    for way in ways_of_deciding(structure, entity, by, elects=False):
        yield Act(
            kind="amend rule", entity=entity.id, place=place,
            need=Need((MatterPasses(entity.id, changed_by), *way.keys), (), by.text if by else changed_by),
            **taking(way), because=grounds(by, way, stated.basis if stated else entity.basis.get("")),
            words=f"rewrite {what} ({changed_by})",
        )  # fmt: skip


def _is_an_actor(structure: Structure, entity: Entity) -> bool:
    """Whether an entity has no rules of its own, so that there is nothing in it to rewrite."""
    kind, _, _ = default_act(entity, for_matter=False)
    return kind == "votes" and not entity.rules and not structure.holdings.get(entity.id)


def _changed_by(entity: Entity, place: RulePlace, stated: MatterRule | None) -> str:
    """Return the matter that changes what stands at a place: as the rule says, else its seats, else its body."""
    body = entity.bodies.get(place.body or place.name) if place.label != "matter" else None
    group = body.groups.get(place.name) if body is not None else None
    return (
        (stated.changed_by if stated is not None else None)
        or (group.changed_by if group is not None else None)
        or (body.changed_by if body is not None else None)
        or AMEND
    )


def _what_stands(entity: Entity, place: RulePlace) -> str:
    match place.label:
        case "matter":
            return f"the rule of {entity.id} on '{place.name}'"
        case "decides by":
            return f"how {entity.id}.{place.name} decides"
        case "office filled by" | "office removed by":
            return f"'{place.label.removeprefix('office ')}' of the office {place.name} of {entity.id}"
        case _:
            return f"'{place.label}' of the seats {place.name} of {entity.id}.{place.body}"


def is_locked(rule: Rule) -> bool:
    """Whether a rule can never be satisfied as written, so that it locks a purpose and nobody may change it."""
    results: list[bool] = []
    tasks: list[tuple[Rule, bool]] = [(rule, False)]
    while tasks:
        each, ready = tasks.pop()
        match each:
            case And(parts) | Or(parts) | KOf(_, parts):
                if not ready:
                    tasks.append((each, True))
                    tasks.extend((part, False) for part in parts)
                    continue
                locked = sum(results.pop() for _ in parts)
                wanted = {And: len(parts), Or: 1}.get(type(each), each.k if isinstance(each, KOf) else 1)
                results.append(len(parts) - locked < wanted)
            case _:
                results.append(isinstance(each, Never))
    return results[0]
