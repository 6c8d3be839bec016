"""Why an answer is so: the records it rests on, sentences with figures, and what is lacking."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from math import floor

from muniment.book.structure import Basis
from muniment.control.ballots import figure
from muniment.control.compiled import BodyDecides, Compiled, EntityActs, Key, PoolDecides, SeatAgrees, VoteNote
from muniment.control.formula import Actor, And, AtLeast, Constant, Or, Others, State, components, parts_of

MOST_SENTENCES = 40
MOST_NAMES = 8


def records_behind(compiled: Compiled, deciding: Collection[str]) -> tuple[Basis, ...]:
    """Return the records an answer rests on, in the order in which its rule meets them, each once.

    A vote rests on its rule and on every holding or seat of its base. What lies behind a voter is followed only where
    someone who decides stands there.

    Args:
        compiled: The compiled matter.
        deciding: Actors who are not dummies; empty = follow everything.
    """
    found: dict[tuple[str, object], Basis] = {}
    for number in _met(compiled, deciding):
        bases = list(compiled.bases.get(number, ()))
        note = compiled.votes.get(number)
        if note is not None:
            bases.extend(basis for of_part in note.bases for basis in of_part)
        for basis in bases:
            found.setdefault((basis.record, basis.span), basis)
    return tuple(found.values())


def voters_behind(compiled: Compiled, deciding: Collection[str]) -> tuple[str, ...]:
    """Return, for each vote an answer rests on, who has how much of it (`Of 100 votes of hold: ann 60, dov 40`).

    Args:
        compiled: The compiled matter.
        deciding: As for `records_behind`.
    """
    notes = [note for number in _met(compiled, deciding) if (note := compiled.votes.get(number)) is not None]
    said = (
        f"Of {amount(note, note.base)} {note.words}: {names_of_voters(note, [v for v in note.voters if v[1]])}."
        for note in notes
        if any(votes for _, votes in note.voters)
    )
    return tuple(dict.fromkeys(said))


def _met(compiled: Compiled, deciding: Collection[str]) -> Iterator[int]:
    """Yield the nodes an answer rests on, in the order in which its rule meets them."""
    matters = _nodes_of(compiled, deciding)
    seen: set[int] = set()
    waiting = [compiled.system.root]
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        yield number
        parts = parts_of(compiled.system.nodes[number])
        waiting.extend(part for part in reversed(parts) if not deciding or part in matters or part in compiled.votes)


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
        if note is not None and isinstance(node, AtLeast):
            said[_sentence(note, node, state, whose)] = None
        elif isinstance(node, Actor) and agreeing and whose != SEAT_OF_ITS_OWN:
            said[f"{whose}{node.name} agrees."] = None
        parts = parts_of(node)
        if isinstance(node, Or) and agreeing:
            parts = tuple(part for part in parts if state.yes[part])[:1]
        if note is not None:
            parts = tuple(part for part in parts if not _is_actor(compiled, part))
        waiting.extend((part, "" if note is not None else whose) for part in reversed(parts))
    return tuple(sentence for sentence in said if sentence)


SEAT_OF_ITS_OWN = "\0"


def _is_actor(compiled: Compiled, number: int) -> bool:
    """Whether a node is an actor, or an entity that is one."""
    node = compiled.system.nodes[number]
    if isinstance(node, And) and len(node.parts) == 1:
        node = compiled.system.nodes[node.parts[0]]
    return isinstance(node, Actor)


def _whose(key: Key | None, compiled: Compiled) -> str:
    match key:
        case EntityActs(entity):
            return "" if _is_actor(compiled, compiled.names[key]) else f"{entity} acts: "
        case BodyDecides(entity, body):
            return f"{entity}.{body} decides: "
        case PoolDecides(pool):
            return f"The voting pool {pool} decides: "
        case SeatAgrees(entity, body, group, number):
            if compiled.directors == "independent" or (entity, body, group, number) in compiled.own_seats:
                return SEAT_OF_ITS_OWN
            return f"The {group} seats of {entity}.{body} follow those who fill and empty them: "
        case _:
            return ""


def _sentence(note: VoteNote, node: AtLeast, state: State, whose: str) -> str:
    """Say a vote in figures: `55 of 100 votes of target agree (holdco 40, piet 15); a majority needs more than 50`."""
    agreeing = [
        (name, votes) for part, (name, votes) in zip(node.parts, note.voters, strict=True) if state.yes[part] and votes
    ]
    agreed = _in_state(note, node, state)
    who = names_of_voters(note, agreeing)
    return (
        f"{whose.strip(SEAT_OF_ITS_OWN)}{amount(note, agreed)} of {amount(note, note.base)} {note.words} agree"
        f"{f' ({who})' if who else ''}; {note.needed.words} needs {figure_needed(note)}."
    )


def agreed_votes(note: VoteNote, node: AtLeast, agreeing: Collection[int]) -> Fraction:
    """Return the votes of the parts that agree."""
    voters = zip(node.parts, note.voters, strict=True)
    return sum((votes for part, (_, votes) in voters if part in agreeing), Fraction(0))


def _in_state(note: VoteNote, node: AtLeast, state: State) -> Fraction:
    return agreed_votes(note, node, frozenset(part for part in node.parts if state.yes[part]))


def _in_percent(note: VoteNote) -> bool:
    return note.base == 1 and any(votes.denominator != 1 for _, votes in note.voters)


def amount(note: VoteNote, votes: Fraction) -> str:
    """Return a number of votes as people read it: `1,200`, or `60%` where shares of a whole are all that is known."""
    return f"{figure(votes * 100)}%" if _in_percent(note) else figure(votes)


def figure_needed(note: VoteNote) -> str:
    """Return what a vote needs as a figure (`4`, `more than 50`, `more than 50%`)."""
    if not _in_percent(note):
        return note.needed.figure(note.base)
    return f"{'more than ' if note.needed.more else ''}{amount(note, note.needed.of(note.base))}"


def names_of_voters(note: VoteNote, voters: list[tuple[str, Fraction]]) -> str:
    """Return voters with their votes in one line (`holdco 40, piet 15`); of many, the first and how many more."""
    alike = all(votes == 1 for _, votes in voters)
    together: dict[tuple[str, Fraction], int] = {}
    for voter in voters:
        together[voter] = together.get(voter, 0) + 1
    shown = [
        f"{_repeated(name, times)}{'' if alike else f' {amount(note, votes)}'}"
        for (name, votes), times in list(together.items())[:MOST_NAMES]
    ]
    more = len(together) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _repeated(name: str, times: int) -> str:
    if times == 1:
        return name
    return f"{times} {name}s" if name.startswith("vacant ") else f"{times} times {name}"


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
            agreed = _in_state(note, node, state)
            said[_missing(note, agreed)] = None
            continue
        match node:
            case Actor(name) | Others(name):
                said[f"consent of {name}"] = None
            case Constant():
                said["nothing helps: it is never allowed, or its rule or electorate is missing"] = None
            case _:
                waiting.extend(reversed(parts_of(node)))
    return tuple(said)


def short_by(note: VoteNote, agreed: Fraction) -> str:
    """Return how many more votes are needed (`2`, `more than 10%`)."""
    rest = note.needed.of(note.base) - agreed
    whole = all(votes.denominator == 1 for _, votes in note.voters)
    if not note.needed.more:
        return amount(note, max(rest, Fraction(0)))
    if whole:
        return figure(Fraction(floor(rest) + 1))
    return f"more than {amount(note, max(rest, Fraction(0)))}"


def _missing(note: VoteNote, agreed: Fraction) -> str:
    said = short_by(note, agreed)
    words = note.words
    if said == "1":
        for plural in ("votes", "seats", "trustees", "members"):
            words = words.replace(f"{plural} of", f"{plural[:-1]} of", 1)
    return f"{said} {words}"


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
            agreed = _in_state(note, node, state)
            words = note.needed.words
            electorate = note.words.removeprefix("seats of ").removeprefix("votes of ")
            short = electorate.removeprefix(f"{note.entity}.") or electorate
            figures = f"{amount(note, agreed)} of {amount(note, note.base)} agree"
            said[f"{figures}; {words} of {short} needs {figure_needed(note)}"] = None
            continue
        if isinstance(node, Actor):
            said[f"{node.name} {'consents' if state.yes[number] else 'does not consent'}"] = None
        waiting.extend(reversed(parts_of(node)))
    return tuple(said)
