"""Why an answer is so: the records it rests on, sentences with figures, and what is lacking."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from math import floor

from muniment.book.structure import Basis
from muniment.control.ballots import figure
from muniment.control.compiled import BodyDecides, Compiled, EntityActs, Key, SeatAgrees, VoteNote
from muniment.control.formula import Actor, And, AtLeast, Constant, Or, Others, State, components, parts_of

MOST_SENTENCES = 40
MOST_NAMES = 8


def records_behind(compiled: Compiled, deciding: Collection[str]) -> tuple[Basis, ...]:
    """Return the records an answer rests on, in the order in which its rule meets them, each once.

    A vote rests on its rule and on every holding or seat of its base. What lies behind a voter is followed only where someone who
    decides stands there.

    Args:
        compiled: The compiled matter.
        deciding: Actors who are not dummies; empty = follow everything.
    """
    matters = _nodes_of(compiled, deciding)
    found: dict[tuple[str, object], Basis] = {}
    seen: set[int] = set()
    waiting = [compiled.system.root]
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        bases = list(compiled.bases.get(number, ()))
        note = compiled.votes.get(number)
        if note is not None:
            bases.extend(basis for of_part in note.bases for basis in of_part)
        for basis in bases:
            found.setdefault((basis.record, basis.span), basis)
        parts = parts_of(compiled.system.nodes[number])
        waiting.extend(part for part in reversed(parts) if not deciding or part in matters or part in compiled.votes)
    return tuple(found.values())


def _nodes_of(compiled: Compiled, deciding: Collection[str]) -> set[int]:
    """Return the nodes that rest on one of the actors."""
    if not deciding:
        return set()
    nodes = compiled.system.nodes
    rests: set[int] = set()
    for members in components(compiled.system, [compiled.system.root]):
        for number in members:
            node = nodes[number]
            if isinstance(node, Actor) and node.name in deciding:
                rests.add(number)
        if any(part in rests for number in members for part in parts_of(nodes[number])):
            rests.update(members)
    return rests


def sentences(compiled: Compiled, state: State, *, agreeing: bool = True) -> tuple[str, ...]:
    """Return, for each vote that a decision meets, who agrees and with how much of what.

    Args:
        compiled: The compiled matter.
        state: Which nodes agree.
        agreeing: Follow what agrees; else what does not.
    """
    said: dict[str, None] = {}
    names = {number: key for key, number in compiled.names.items()}
    seen: set[int] = set()
    waiting: list[tuple[int, str]] = [(compiled.system.root, "")]
    while waiting and len(said) < MOST_SENTENCES:
        number, whose = waiting.pop()
        if number in seen or bool(state.yes[number]) is not agreeing:
            continue
        seen.add(number)
        whose = _whose(names.get(number), compiled) or whose
        note = compiled.votes.get(number)
        node = compiled.system.nodes[number]
        if note is not None:
            said[_sentence(note, node, state, whose)] = None
        elif isinstance(node, And | Or):
            consenting = [
                part.name
                for part in (compiled.system.nodes[child] for child in node.parts)
                if isinstance(part, Actor) and compiled.bases.get(number)
            ]
            if consenting and agreeing:
                said[f"{whose}{_listed(consenting)} agree{'s' if len(consenting) == 1 else ''}."] = None
        parts = parts_of(node)
        if isinstance(node, Or) and agreeing:
            parts = tuple(part for part in parts if state.yes[part])[:1]
        waiting.extend((part, whose if note is None else "") for part in reversed(parts))
    return tuple(said)


def _whose(key: Key | None, compiled: Compiled) -> str:
    match key:
        case EntityActs(entity):
            return f"{entity} acts: "
        case BodyDecides(entity, body):
            return f"{entity}.{body} decides: "
        case SeatAgrees(entity, body, group, number):
            own = (entity, body, group, number) in compiled.own_seats
            return "" if own else f"Seat {number} of {group} of {entity}.{body} follows those who fill and empty it: "
        case _:
            return ""


def _sentence(note: VoteNote, node: object, state: State, whose: str) -> str:
    """Say one vote in figures: `55 of 100 votes of target (holdco 40, piet 15); a majority needs more than 50.`"""
    parts = node.parts if isinstance(node, AtLeast) else ()
    with_votes = [
        (name, votes) for part, (name, votes) in zip(parts, note.voters, strict=True) if state.yes[part] and votes
    ]
    agreed = sum((votes for _, votes in with_votes), Fraction(0))
    who = _voters(with_votes)
    verb = "agree" if who else "agree"
    return (
        f"{whose}{figure(agreed)} of {figure(note.base)} {note.words} {verb}{f' ({who})' if who else ''}; "
        f"{note.needed.words} needs {note.needed.figure(note.base)}."
    )


def _voters(voters: list[tuple[str, Fraction]]) -> str:
    alike = all(votes == 1 for _, votes in voters)
    shown = [name if alike else f"{name} {figure(votes)}" for name, votes in voters[:MOST_NAMES]]
    more = len(voters) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _listed(names: Iterable[str]) -> str:
    shown = list(dict.fromkeys(names))
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def lacking(compiled: Compiled, state: State) -> tuple[str, ...]:
    """Return what would have to be added for the matter to pass, vote by vote (`2 seats of acme.board`)."""
    said: dict[str, None] = {}
    seen: set[int] = set()
    waiting = [compiled.system.root]
    while waiting and len(said) < MOST_SENTENCES:
        number = waiting.pop()
        if number in seen or state.yes[number]:
            continue
        seen.add(number)
        node = compiled.system.nodes[number]
        note = compiled.votes.get(number)
        if note is not None and isinstance(node, AtLeast):
            agreed = sum(
                (votes for part, (_, votes) in zip(node.parts, note.voters, strict=True) if state.yes[part]), Fraction(0)
            )
            said[f"{_missing(note, agreed)} {note.words}"] = None
            continue
        match node:
            case Actor(name) | Others(name):
                said[f"consent of {name}"] = None
            case Constant():
                said["nothing helps: it is never allowed, or its rule or electorate is missing"] = None
            case _:
                waiting.extend(reversed(parts_of(node)))
    return tuple(said)


def _missing(note: VoteNote, agreed: Fraction) -> str:
    rest = note.needed.of(note.base) - agreed
    if not note.needed.more:
        return figure(max(rest, Fraction(0)))
    if note.base.denominator == 1 and agreed.denominator == 1 and note.base < 100:
        return figure(Fraction(floor(rest) + 1))
    return f"more than {figure(max(rest, Fraction(0)))}"


def tally(compiled: Compiled, state: State) -> tuple[str, ...]:
    """Return the votes nearest the matter itself, in short: `3 of 5 agree; all but 1 of board needs 4`."""
    said: dict[str, None] = {}
    seen: set[int] = set()
    waiting = [compiled.system.root]
    while waiting and len(said) < MOST_SENTENCES:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        note = compiled.votes.get(number)
        node = compiled.system.nodes[number]
        if note is not None and isinstance(node, AtLeast):
            agreed = sum(
                (votes for part, (_, votes) in zip(node.parts, note.voters, strict=True) if state.yes[part]), Fraction(0)
            )
            words = note.needed.words
            electorate = note.words.removeprefix("seats of ").removeprefix("votes of ")
            short = electorate.removeprefix(f"{note.entity}.") or electorate
            said[f"{figure(agreed)} of {figure(note.base)} agree; {words} of {short} needs {note.needed.figure(note.base)}"] = None
            continue
        if isinstance(node, Actor):
            said[f"{node.name} {'consents' if state.yes[number] else 'does not consent'}"] = None
        waiting.extend(reversed(parts_of(node)))
    return tuple(said)
