"""How a decision may be taken: by a body, or by holders in writing, at a called meeting, or at the annual one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from muniment.book.structure import Basis, Entity, MatterRule, Structure
from muniment.control.clauses import RuleCompiler
from muniment.control.compiled import Key, MatterPasses, Setting
from muniment.control.matters import stated_rule
from muniment.control.meant import electorate_of
from muniment.control.paths.acts import Need
from muniment.control.terms_of_office import next_meeting
from muniment.model.durations import day_after, parse_duration
from muniment.model.rules import And, Condition, KOf, Never, Or, Rule, Vote
from muniment.model.values import Duration

CALL = "call meeting"
WRITTEN = "act by written consent"


class Way(NamedTuple):
    """One way in which a decision may be taken.

    Attributes:
        form: ``in writing``, ``at a meeting``, ``at the annual meeting``; empty where nothing more is asked.
        keys: Decisions that it needs besides the vote itself (the call of the meeting).
        days: Notice, in days.
        until: The day it waits for; None if none.
        of_holders: Whether holders vote.
    """

    form: str = ""
    keys: tuple[Key, ...] = ()
    days: int = 0
    until: date | None = None
    because: tuple[Basis, ...] = ()
    of_holders: bool = False


def ways_of_deciding(
    structure: Structure, entity: Entity, stated: MatterRule | None, *, elects: bool
) -> tuple[Way, ...]:
    """Return the ways in which a rule may be satisfied; at least one unless the records bar them all.

    Holders vote in writing where `act by written consent` lets them; at a meeting once `call meeting` is decided; in an
    election also at the annual meeting. Where no rule says who calls a meeting, one is taken to be called at once,
    but an election then waits for an annual meeting that is stated.

    Args:
        structure: What is in force.
        entity: Whose decision.
        stated: Its rule; None = as the entity decides where nothing is stated.
        elects: Whether it is an election.
    """
    if stated is None:
        return (Way(),)
    notice = days_of_notice(stated.rule, structure.on)
    if not is_of_holders(structure, entity, stated):
        return (Way(days=notice),)
    called, written = stated_rule(entity, CALL), stated_rule(entity, WRITTEN)
    annual = next_meeting(entity, structure.on) if elects else None
    ways: list[Way] = []
    if written is not None and not isinstance(written.rule, Never) and is_of_holders(structure, entity, written):
        key = MatterPasses(entity.id, WRITTEN)
        ways.append(Way("in writing", (key,), 0, None, (written.basis,), True))
    if called is not None and not isinstance(called.rule, Never):
        days = max(notice, days_of_notice(called.rule, structure.on))
        ways.append(Way("at a meeting", (MatterPasses(entity.id, CALL),), days, None, (called.basis,), True))
    elif called is None and annual is None:
        ways.append(Way("", (), notice, None, (), True))
    if annual is not None:
        basis = entity.basis.get("annual meeting")
        ways.append(Way("at the annual meeting", (), notice, annual, (basis,) if basis else (), True))
    return tuple(ways)


def is_of_holders(structure: Structure, entity: Entity, stated: MatterRule) -> bool:
    """Whether a rule cannot be satisfied without a vote of holders of classes or of members."""
    compiler = RuleCompiler(structure, blocking=True)
    setting = Setting(entity, "", stated.basis, stated.text)
    results: list[bool] = []
    tasks: list[tuple[Rule, bool]] = [(stated.rule, False)]
    while tasks:
        each, ready = tasks.pop()
        match each:
            case And(parts) | Or(parts) | KOf(_, parts):
                if not ready:
                    tasks.append((each, True))
                    tasks.extend((part, False) for part in parts)
                    continue
                others = len(parts) - sum(results.pop() for _ in parts)
                results.append(others < _wanted(each, len(parts)))
            case Vote(_, electorate):
                kind, _ = electorate_of(compiler.structure, entity, electorate, setting)
                results.append(kind in ("holders", "all") or electorate.kind == "members")
            case _:
                results.append(False)
    return results[0]


def _wanted(rule: And | Or | KOf, parts: int) -> int:
    """Return how many of its parts a rule wants."""
    match rule:
        case And():
            return parts
        case Or():
            return 1
        case KOf(wanted):
            return wanted


def days_of_notice(rule: Rule, on: date) -> int:
    """Return the least notice with which a rule can be satisfied, in days from a day."""
    results: list[int] = []
    tasks: list[tuple[Rule, bool]] = [(rule, False)]
    while tasks:
        each, ready = tasks.pop()
        own = _notice(each.conditions, on)
        match each:
            case And(parts) | Or(parts) | KOf(_, parts):
                if not ready:
                    tasks.append((each, True))
                    tasks.extend((part, False) for part in parts)
                    continue
                below = sorted(results.pop() for _ in parts)
                wanted = _wanted(each, len(parts))
                results.append(max(own, below[wanted - 1] if 0 < wanted <= len(below) else 0))
            case _:
                results.append(own)
    return results[0]


def _notice(conditions: Sequence[Condition], on: date) -> int:
    days = [0]
    for condition in conditions:
        length = parse_duration(condition.words) if condition.kind == "notice" else None
        if isinstance(length, Duration):
            days.append((day_after(on, length) - on).days)
    return max(days)


def needed(stated: MatterRule | None, keys: Iterable[Key], way: Way) -> Need:
    """Return what a move needs that is decided in a way: its own decisions, and those of the way."""
    return Need((*keys, *way.keys), (), stated.text if stated is not None else "")


def taking(way: Way) -> dict[str, Any]:
    """Return how a move is taken that is decided in a way, as fields of an `Act`."""
    return {"way": way.form, "days": way.days, **({"until": way.until} if way.until is not None else {})}


def grounds(stated: MatterRule | None, way: Way, *more: Basis | None) -> tuple[Basis, ...]:
    """Return the records on which a move rests: its rule, its way, and more."""
    own = (stated.basis,) if stated is not None else ()
    return tuple(dict.fromkeys((*own, *way.because, *(basis for basis in more if basis is not None))))
