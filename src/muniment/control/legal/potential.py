"""Potential voting rights: which count because their holder can use them before a decision can be taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from muniment.book.exercising import exercised, refusal
from muniment.book.structure import Basis, Entity, Right, Structure
from muniment.control.deadlines import later
from muniment.control.legal.inquiry import Inquiry
from muniment.control.legal.powers import ORDINARY
from muniment.control.matters import default_act, find_rule
from muniment.control.signing_rules import next_annual_meeting
from muniment.model.durations import format_duration, parse_duration
from muniment.model.rules import And, KOf, Or, Rule, Vote
from muniment.model.values import Duration

MOST_HOLDERS = 20


class Earliest(NamedTuple):
    """The first day on which the holders of an entity can change how it is run.

    Attributes:
        why: A sentence on where it comes from.
    """

    day: date
    why: str
    bases: tuple[Basis, ...]


class Sifted(NamedTuple):
    """The rights over an entity's shares, as a test of present power takes them.

    Attributes:
        counted: Those that count.
        said: A sentence for each right, on why it counts or not.
        assumptions: What is taken where the records do not say whether a right is substantive.
        deadline: The first day of a decision.
    """

    counted: tuple[Right, ...]
    said: tuple[str, ...]
    assumptions: tuple[str, ...]
    deadline: Earliest


def earliest_decision(structure: Structure, entity: Entity) -> Earliest:
    """Return the first day on which the entity's ordinary decisions can be taken otherwise than they are.

    It is the date asked, put off by the notice that the rule of ordinary decisions asks for, or else by that of the
    rule for calling a meeting where holders of votes decide; or the annual meeting, if that comes before.
    """
    notices = list(_notices(entity, ORDINARY))
    if not notices and is_of_holders(entity):
        notices = list(_notices(entity, "call meeting"))
    if not notices:
        return Earliest(structure.on, f"No notice period of {entity.id} is recorded; it can decide at once (B24).", ())
    notice, basis = max(notices, key=lambda pair: later(structure.on, pair[0]) or date.max)
    day = later(structure.on, notice) or date.max
    annual = next_annual_meeting(entity, structure.on)
    if annual is not None and annual.until is not None and annual.until < day:
        return Earliest(annual.until, f"Nothing changes before {annual.words} of {entity.id} (B24).", annual.because)
    words = f"A meeting of {entity.id} needs {format_duration(notice)} of notice: nothing changes before {day} (B24)."
    return Earliest(day, words, (basis,))


def is_of_holders(entity: Entity) -> bool:
    """Whether the ordinary decisions are taken by holders of votes or of a class, not by a body."""
    found = find_rule(entity, ORDINARY)
    if found.default:
        return default_act(entity, for_matter=True)[0] == "votes"
    rules = [stated.rule.rule for stated in found.rules if stated.rule is not None]
    votes = [clause for rule in rules for clause in clauses_in(rule) if isinstance(clause, Vote)]
    of_classes = (name for vote in votes for name in vote.electorate.names if vote.electorate.kind == "word")
    return any(vote.electorate.kind in ("votes", "together", "others") for vote in votes) or any(
        name in entity.classes for name in of_classes
    )


def _notices(entity: Entity, matter: str) -> Iterator[tuple[Duration, Basis]]:
    for stated in find_rule(entity, matter).rules:
        for clause in clauses_in(stated.rule.rule) if stated.rule is not None else ():
            for condition in clause.conditions:
                length = parse_duration(condition.words) if condition.kind == "notice" else None
                if isinstance(length, Duration) and stated.rule is not None:
                    yield length, stated.rule.basis


def clauses_in(rule: Rule) -> Iterator[Rule]:
    """Yield a rule and every rule inside it."""
    waiting: list[Rule] = [rule]
    while waiting:
        clause = waiting.pop()
        yield clause
        if isinstance(clause, And | Or):
            waiting.extend(clause.parts)
        elif isinstance(clause, KOf):
            waiting.extend(clause.items)


def sifted(inquiry: Inquiry, entity: str) -> Sifted:
    """Return which rights over an entity's shares are substantive potential voting rights on the date.

    A right is left out that the records say is not substantive, that is never exercisable, not before the first day of
    a decision, or not yet because it waits for an event. A right to put shares is left out too.

    Source:
        IFRS 10 paragraphs B22 to B24 and B47 to B50, examples 3 and 9.
    """
    structure = inquiry.structure
    deadline = earliest_decision(structure, structure.entities[entity])
    counted: list[Right] = []
    said: list[str] = []
    assumptions: list[str] = []
    for right in structure.rights:
        if right.entity != entity or right.kind == "put":
            continue
        if right.substantive is False:
            said.append(f"{right.id} is recorded as not substantive, so it does not count (B23, B47).")
            continue
        refused = refusal(right, structure.on, deadline.day)
        if refused:
            said.append(f"{right.id} does not count: {refused} (B24).")
            continue
        counted.append(right)
        first = right.exercisable[0]
        when = f"from {first}, before {deadline.day}" if first is not None and first > structure.on else "at once"
        said.append(f"{right.id} counts: {right.holder} can use it {when} (B24, B47).")
        if right.substantive is None:
            assumptions.append(f"{right.id} is taken to be substantive (B23): nothing on record says that it is not.")
    return Sifted(tuple(counted), tuple(said), tuple(assumptions), deadline)


class Case(NamedTuple):
    """One choice of rights to use.

    Attributes:
        inquiry: The structure as it then stands.
        used: Ids of the rights used.
        refused: Sentences on those that could not be.
    """

    inquiry: Inquiry
    used: tuple[str, ...]
    refused: tuple[str, ...]


def cases(inquiry: Inquiry, party: str, rights: Sequence[Right], day: date) -> tuple[tuple[Case, ...], ...]:
    """Return, for each choice of a party's own rights, the cases that the choices of others leave.

    The party uses none or all of its own; of the others nobody uses any, each holder alone uses all, or all do.
    """
    own = tuple(right.id for right in rights if right.holder == party)
    by_holder: dict[str, tuple[str, ...]] = {}
    for right in rights:
        if right.holder != party:
            by_holder[right.holder] = (*by_holder.get(right.holder, ()), right.id)
    others: list[tuple[str, ...]] = [()]
    others += list(by_holder.values())[:MOST_HOLDERS]
    if len(by_holder) > 1:
        others.append(tuple(name for ids in by_holder.values() for name in ids))
    choices = [()] if not own else [(), own]
    return tuple(tuple(_case(inquiry, (*mine, *theirs), day) for theirs in others) for mine in choices)


def _case(inquiry: Inquiry, used: tuple[str, ...], day: date) -> Case:
    if not used:
        return Case(inquiry, (), ())
    result = exercised(inquiry.structure, used, day)
    refused = tuple(sentence for sentence in result.sentences if " is not used: " in sentence)
    return Case(inquiry.variant(("used", used, day), result.structure), used, refused)
