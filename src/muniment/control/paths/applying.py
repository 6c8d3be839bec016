"""What stands after a move: a structure is edited record by record, as a book would state the outcome.

Seats filled by a move are held by nominees of whoever makes it. Acts name seats by the numbers they had at first, so
a position remembers which seats were abolished.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from muniment.book.exercising import exercised
from muniment.book.numbers_held import ZERO, Lot, Lots, least, plus
from muniment.book.structure import (
    Basis,
    Body,
    Entity,
    Holding,
    MatterRule,
    Office,
    Party,
    Seat,
    SeatGroup,
    Structure,
)
from muniment.control.compiled import SeatKey
from muniment.control.matters import basis_of
from muniment.control.paths.acts import Act, RulePlace
from muniment.control.paths.position import Made, Position, is_of, nominee_of, seat_now
from muniment.model.rule_writer import format_rule
from muniment.model.rules import And, Consent, Rule
from muniment.model.rules import Party as Named

MOST_SEATS_ADDED = 1_000
NEED_NO_MOVER = ("wait", "enlarge board", "abolish vacant seats", "authorize shares", "exercise right")
Ahead: TypeAlias = Callable[[date], Structure]


def apply(
    position: Position,
    act: Act,
    by: tuple[str, ...],
    ahead: Ahead | None = None,
    *,
    allies: Collection[str] = (),
    keep: Collection[SeatKey] = (),
    on: date | None = None,
) -> Position | str:
    """Return what stands once a move is made, or a sentence that says why it cannot be; who must agree is not asked.

    Args:
        position: What stands before.
        act: The move.
        by: Who makes it. Seats and offices go to a nominee of the first, shares to the first; a rule that is amended
            needs the consent of each.
        ahead: Gives the structure that is scheduled for a later day, for `wait`; earlier moves are made again on it.
        allies: Others of their side: their seats are not emptied either.
        keep: Seats besides that are not emptied.
        on: The day on which it takes effect; the structure's own if not given.
    """
    if act.entity not in position.structure.entities and act.kind != "wait":
        return f"There is no {act.entity} on {position.structure.on}."
    if not by and act.kind not in NEED_NO_MOVER:
        return f"Nobody makes the move: {act.words or act.kind}."
    today = position.structure.on
    day = on or max(today, act.until or today)
    made = Made(act, by, frozenset(allies), frozenset(keep), day)
    after = _waited(position, act, ahead) if act.kind == "wait" else _made(position, made)
    return after if isinstance(after, str) else replace(after, made=(*position.made, _as_made(position, after, made)))


def _as_made(before: Position, after: Position, made: Made) -> Made:
    """Return a move with only the seats that it did fill: on a later day it fills no more."""
    act = made.act
    if act.kind not in ("fill seats", "elect successors"):
        return made
    where = (act.entity, act.body, act.group)
    filled = tuple(number for number in act.seats if (*where, number) in after.settled - before.settled)
    return made._replace(act=replace(act, seats=filled))


def _waited(position: Position, act: Act, ahead: Ahead | None) -> Position | str:
    """Return the position on a later day: what is scheduled for it, and the moves made until then, made again."""
    if act.until is None:
        return "A wait needs a day."
    if act.until < position.structure.on:
        return f"{act.until} is past on {position.structure.on}."
    if ahead is None:
        return f"What is scheduled for {act.until} is not known."
    later = Position(ahead(act.until))
    for made in position.made:
        if made.act.kind == "wait":
            continue
        again = _made(_with_right(later, position, made.act), made)
        if not isinstance(again, str):  # what the move was about may have ended by then
            later = again
    return later


def _with_right(later: Position, before: Position, act: Act) -> Position:
    """Return a position that still has the right of an earlier exercise."""
    if act.kind != "exercise right":
        return later
    structure = later.structure
    if any(right.id == act.right for right in structure.rights):
        return later
    rights = tuple(right for right in before.structure.rights if right.id == act.right)
    return replace(later, structure=replace(structure, rights=(*structure.rights, *rights)))


def _made(position: Position, made: Made) -> Position | str:
    act, structure = made.act, position.structure
    entity = structure.entities.get(act.entity)
    if entity is None:
        return f"There is no {act.entity} on {structure.on}."
    match act.kind:
        case "fill seats" | "empty seats" | "elect successors" | "enlarge board" | "abolish vacant seats":
            return _of_seats(position, entity, made)
        case "fill office" | "empty office":
            return _of_office(position, entity, made)
        case "replace general partner":
            if not entity.general_partners:
                return f"{entity.id} has no general partner."
            return _with_entity(position, replace(entity, general_partners=made.by[:1]))
        case "amend rule":
            return _amended(position, entity, made)
        case "authorize shares":
            return _authorized(position, entity, act)
        case "issue shares":
            return _issued(position, entity, made)
        case "exercise right":
            return _exercised(position, made)
        case _:
            return f"It is not known how to make the move: {act.kind}."


def _with_entity(position: Position, entity: Entity) -> Position:
    structure = position.structure
    return replace(position, structure=replace(structure, entities={**structure.entities, entity.id: entity}))


def _with_party(position: Position, name: str) -> Position:
    structure = position.structure
    if name in structure.parties:
        return position
    parties = {**structure.parties, name: Party(id=name, kind="person", title=name)}
    return replace(position, structure=replace(structure, parties=parties))


def _of_seats(position: Position, entity: Entity, made: Made) -> Position | str:
    act = made.act
    body = entity.bodies.get(act.body)
    group = body.groups.get(act.group) if body is not None else None
    if body is None or group is None:
        return f"{entity.id} has no seats {act.group} of {act.body} on {position.structure.on}."
    where = (entity.id, body.id, group.id)
    if act.kind == "enlarge board":
        return _enlarged(position, entity, body, group, act)
    if group.office is not None:
        return f"The seats {group.id} of {entity.id}.{body.id} follow the office {group.office}."
    if act.kind == "empty seats" and group.for_cause_only:
        return f"Who sits in the seats {group.id} of {entity.id}.{body.id} can be removed for cause only."
    # A move may name seats that the board may still grow by.
    numbers = {now: number for number in act.seats if (now := seat_now(position, (*where, number))) is not None}
    if not numbers:
        return f"{entity.id}.{body.id} has none of those seats {group.id} on {position.structure.on}."
    seats: list[Seat] = []
    settled, abolished = set(position.settled), set(position.abolished)
    nominee = nominee_of(made.by[0]) if made.by else ""
    if act.kind in ("fill seats", "elect successors"):
        position = _with_party(position, nominee)
    for seat in group.seats:
        key = (*where, numbers.get(seat.number, 0))
        elects = act.kind == "elect successors"
        own = seat.occupant is not None and is_of(seat.occupant, {*made.by, *made.allies})
        free = seat.occupant is None or (elects and not own)
        if seat.number not in numbers:
            seats.append(seat)
        elif act.kind == "abolish vacant seats":
            if seat.occupant is None:
                abolished.add(key)
            else:
                seats.append(seat)
        elif act.kind == "empty seats":
            gone = not _is_movers(seat, key, made)
            seats.append(replace(seat, occupant=None, since=None) if gone else seat)
            settled -= {key} if gone else set()
        elif free:
            seats.append(replace(seat, occupant=nominee, since=made.on))
            settled.add(key)
        else:
            seats.append(replace(seat, since=made.on) if elects else seat)
            settled |= {key} if elects else set()  # elected anew, by whoever makes the move
    if group.least is not None and len(seats) < min(group.least, len(group.seats)):
        return f"The seats {group.id} of {entity.id}.{body.id} must be at least {group.least}."
    listed = tuple(replace(seat, number=at) for at, seat in enumerate(seats, 1))
    after = _with_seats(position, entity, body, group, listed)
    return replace(after, settled=frozenset(settled), abolished=frozenset(abolished))


def _enlarged(position: Position, entity: Entity, body: Body, group: SeatGroup, act: Act) -> Position | str:
    """Return the position with the seats that an act names, or as many more as it says."""
    where = (entity.id, body.id, group.id)
    gone = sum(1 for key in position.abolished if key[:3] == where)
    size = len(group.seats)
    if act.seats:
        count = max(act.seats) - gone - size
        if count <= 0:
            return f"{entity.id}.{body.id} has those seats {group.id} already."
    elif act.quantity is None or act.quantity.denominator != 1 or act.quantity <= 0:
        return f"How many seats {group.id} of {entity.id}.{body.id} are added is not stated as a whole number."
    else:
        count = int(act.quantity)
    most = group.most if group.most is not None else size + MOST_SEATS_ADDED
    if size + count > most:
        return f"The seats {group.id} of {entity.id}.{body.id} may be at most {most}."
    added = tuple(Seat(number=at, occupant=None, basis=group.basis) for at in range(size + 1, size + count + 1))
    return _with_seats(position, entity, body, group, (*group.seats, *added))


def _is_movers(seat: Seat, key: SeatKey, made: Made) -> bool:
    return key in made.keep or (seat.occupant is not None and is_of(seat.occupant, {*made.by, *made.allies}))


def _with_seats(position: Position, entity: Entity, body: Body, group: SeatGroup, seats: tuple[Seat, ...]) -> Position:
    changed = replace(body, groups={**body.groups, group.id: replace(group, seats=seats)})
    return _with_entity(position, replace(entity, bodies={**entity.bodies, body.id: changed}))


def _of_office(position: Position, entity: Entity, made: Made) -> Position | str:
    act = made.act
    office = entity.offices.get(act.office)
    if office is None:
        return f"{entity.id} has no office {act.office} on {position.structure.on}."
    if act.kind == "fill office":
        if office.holder is not None:
            return f"The office {office.id} of {entity.id} is not vacant."
        holder: str | None = nominee_of(made.by[0])
        position = _with_party(position, nominee_of(made.by[0]))
    else:
        if office.holder is not None and is_of(office.holder, {*made.by, *made.allies}):
            return position
        holder = None
    basis = office.holder_basis if holder is not None else None
    changed = replace(entity, offices={**entity.offices, office.id: replace(office, holder=holder, holder_basis=basis)})
    return _with_seats_of_office(_with_entity(position, changed), entity.id, office, holder, made.on)


def _with_seats_of_office(position: Position, owner: str, office: Office, holder: str | None, on: date) -> Position:
    """Seat the holder of an office where seats follow it; an office seats one, in the first seat of a group."""
    settled = set(position.settled)
    for entity in tuple(position.structure.entities.values()):
        names = (office.id, f"{owner}.{office.id}") if entity.id == owner else (f"{owner}.{office.id}",)
        for body_id, group_id in [
            (body.id, group.id)
            for body in entity.bodies.values()
            for group in body.groups.values()
            if group.office in names and group.seats
        ]:
            now = position.structure.entities[entity.id]
            body, group = now.bodies[body_id], now.bodies[body_id].groups[group_id]
            first = replace(group.seats[0], occupant=holder, since=on if holder is not None else None)
            position = _with_seats(position, now, body, group, (first, *group.seats[1:]))
            # The compiler of rules reads every seat of the group as the holder's.
            keys = {(entity.id, body_id, group_id, seat.number) for seat in group.seats}
            settled = settled | keys if holder is not None else settled - keys
    return replace(position, settled=frozenset(settled))


def _consents(names: Sequence[str]) -> Rule:
    """Return the rule that asks for the consent of each."""
    parts = tuple(Consent(Named("id", name)) for name in names)
    return parts[0] if len(parts) == 1 else And(parts)


def _amended(position: Position, entity: Entity, made: Made) -> Position | str:
    place = made.act.place
    if place is None:
        return "Which rule is amended is not stated."
    for name in made.by:
        if "." not in name:
            position = _with_party(position, name)
    entity = position.structure.entities[entity.id]
    rule = _consents(made.by)

    def instead(old: MatterRule | None, basis: Basis) -> MatterRule:
        changed_by = old.changed_by if old is not None else None
        return MatterRule(
            rule=rule, text=format_rule(rule), basis=old.basis if old is not None else basis, changed_by=changed_by
        )

    after = _with_rule_at(entity, place, instead)
    return after if isinstance(after, str) else _with_entity(position, after)


def _with_rule_at(
    entity: Entity, place: RulePlace, instead: Callable[[MatterRule | None, Basis], MatterRule]
) -> Entity | str:
    match place.label:
        case "matter":
            rules = {**entity.rules, place.name: instead(entity.rules.get(place.name), basis_of(entity))}
            return replace(entity, rules=rules)
        case "decides by":
            body = entity.bodies.get(place.name)
            if body is None:
                return f"{entity.id} has no {place.name}."
            changed = replace(body, decides_by=instead(body.decides_by, body.basis))
            return replace(entity, bodies={**entity.bodies, body.id: changed})
        case "filled by" | "removed by" | "vacancies filled by":
            body = entity.bodies.get(place.body)
            group = body.groups.get(place.name) if body is not None else None
            if body is None or group is None:
                return f"{entity.id} has no seats {place.name} of {place.body}."
            if place.label == "filled by":
                group = replace(group, filled_by=instead(group.filled_by, group.basis))
            elif place.label == "removed by":
                group = replace(group, removed_by=instead(group.removed_by, group.basis), for_cause_only=False)
            else:
                group = replace(group, vacancies_filled_by=instead(group.vacancies_filled_by, group.basis))
            with_group = replace(body, groups={**body.groups, group.id: group})
            return replace(entity, bodies={**entity.bodies, body.id: with_group})
        case "office filled by" | "office removed by":
            office = entity.offices.get(place.name)
            if office is None:
                return f"{entity.id} has no office {place.name}."
            if place.label == "office filled by":
                office = replace(office, filled_by=instead(office.filled_by, office.basis))
            else:
                office = replace(office, removed_by=instead(office.removed_by, office.basis))
            return replace(entity, offices={**entity.offices, office.id: office})
        case _:
            return f"It is not known where the rule '{place.label}' of {entity.id} stands."


def _authorized(position: Position, entity: Entity, act: Act) -> Position | str:
    share_class = entity.classes.get(act.class_id)
    if share_class is None:
        return f"{entity.id} has no class {act.class_id}."
    if act.quantity is None or act.quantity <= 0 or act.quantity.denominator != 1:
        return f"How many more {act.class_id} of {entity.id} are authorized is not stated as a whole number."
    if share_class.authorized is None:
        return f"How many {act.class_id} of {entity.id} are authorized is not stated."
    more = replace(share_class, authorized=share_class.authorized + int(act.quantity))
    return _with_entity(position, replace(entity, classes={**entity.classes, more.id: more}))


def _issued(position: Position, entity: Entity, made: Made) -> Position | str:
    act, structure = made.act, position.structure
    share_class = entity.classes.get(act.class_id)
    if share_class is None:
        return f"{entity.id} has no class {act.class_id}."
    quantity = act.quantity
    if quantity is None or quantity <= 0:
        return f"How many {act.class_id} of {entity.id} are issued is not stated."
    held = structure.holdings.get(entity.id, ())
    of_class = [each for each in held if each.class_id == act.class_id]
    if any(each.of is not None for each in of_class) or any(each.of in ("votes", "capital") for each in held):
        return f"What is held of {entity.id} is stated in percentages of an unstated number of shares."
    there = sum((least(each.quantity) for each in of_class), ZERO)
    if share_class.authorized is not None and there + quantity > share_class.authorized:
        return f"Of {act.class_id} of {entity.id} no more than {share_class.authorized:,} are authorized."
    party = _taker(structure, made.by)
    position = _with_party(position, party)
    basis = act.because or (share_class.basis.get("", basis_of(entity)),)
    kept = [each for each in held if (each.party, each.class_id) != (party, act.class_id)]
    before = next((each for each in of_class if each.party == party), None)
    new = _with_more(before, party, entity.id, act.class_id, quantity, made.on, basis)
    listed = tuple(sorted((*kept, new), key=lambda each: (each.party, each.class_id, each.of or "")))
    structure = position.structure
    return replace(position, structure=replace(structure, holdings={**structure.holdings, entity.id: listed}))


def _taker(structure: Structure, by: Sequence[str]) -> str:
    """Return who of a side takes shares: a party that decides for itself before an entity, never a body."""
    parties = [name for name in by if "." not in name] or list(by)
    return next((name for name in parties if name not in structure.entities), parties[0])


def _with_more(
    before: Holding | None,
    party: str,
    entity: str,
    class_id: str,
    quantity: Fraction,
    on: date,
    basis: tuple[Basis, ...],
) -> Holding:
    lot = Lot(quantity, on)
    if before is None:
        return Holding(party=party, entity=entity, class_id=class_id, quantity=quantity, lots=(lot,), basis=basis)
    lots = Lots(before.lots)
    lots.add([lot])
    exact = (
        isinstance(before.quantity, Fraction) and sum((each.quantity for each in before.lots), ZERO) == before.quantity
    )
    return replace(
        before,
        quantity=plus(before.quantity, quantity),
        paid=None,
        contributed=None,
        lots=lots.listed() if exact else (),
        basis=(*before.basis, *basis),
    )


def _exercised(position: Position, made: Made) -> Position | str:
    act, structure = made.act, position.structure
    then = replace(structure, on=min(made.on, structure.on))
    used = exercised(then, [act.right], made.on)
    if any(right.id == act.right for right in used.structure.rights) or not used.sentences:
        return used.sentences[0] if used.sentences else f"There is no right '{act.right}'."
    if all(right.id != act.right for right in structure.rights):
        return used.sentences[0]
    return replace(position, structure=replace(used.structure, on=structure.on, assumptions=structure.assumptions))
