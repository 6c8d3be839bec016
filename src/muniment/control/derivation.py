"""Why an answer is so: matter, rule, votes, seats, those who fill and empty them, holdings; each step with its records.

The steps are a tree written flat: a step's depth is one more than that of the step it explains. They are found by
walking the compiled system once, so a chain or circle of any length costs no more than its size.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from muniment.book.structure import AgreedConsent, Basis, Structure
from muniment.control.compiled import (
    BodyDecides,
    Compiled,
    EntityActs,
    Key,
    PoolDecides,
    SeatAgrees,
    SeatsEmptied,
    SeatsFilled,
    VoteNote,
)
from muniment.control.formula import Actor, And, AtLeast, Circuit, Constant, Node, Or, Others, components, parts_of
from muniment.control.reasons import agreed_votes, amount, figure_needed, names_of_voters, short_by

MOST_STEPS = 60
MOST_RECORDS = 8
DEEPEST = 12


class Step(NamedTuple):
    """One sentence of a derivation.

    Attributes:
        depth: 0 for a conclusion; the steps that follow with a greater depth explain it.
        words: The sentence.
        because: Records it rests on.
        more: Records that it rests on besides, too many to list.
    """

    depth: int
    words: str
    because: tuple[Basis, ...] = ()
    more: int = 0


class Ground(NamedTuple):
    """What a walk goes over: the system, who says yes, and which nodes rest on themselves.

    Attributes:
        yes: For each node, whether it says yes.
        risen: For each node that says yes, when it came to; earlier ones do not rest on later ones.
        circle: For each node in a circle, the number of its circle.
        agreeing: Explain what says yes; else what says no.
        consents: Consents that agreements add, by the place of their record.
    """

    compiled: Compiled
    keys: dict[int, Key]
    yes: Sequence[int]
    risen: Sequence[int]
    circle: dict[int, int]
    agreeing: bool
    consents: dict[str, AgreedConsent]


class _Visit(NamedTuple):
    number: int
    depth: int
    prefix: str
    bases: tuple[Basis, ...]
    above: int


class _Arrival(NamedTuple):
    """The node a reference leads to, past nodes that only stand for another."""

    number: int
    prefix: str
    bases: tuple[Basis, ...]
    passed: tuple[int, ...]


def ground_of(structure: Structure, compiled: Compiled, circuit: Circuit, names: Iterable[str], why: bool) -> Ground:
    """Return what a walk goes over when some actors agree.

    Args:
        structure: What is in force.
        compiled: The compiled matter.
        circuit: The same, prepared in the mode that is asked.
        names: Actors who say yes.
        why: Explain why the matter passes; else why it does not.
    """
    yes, risen = _least_in_order(circuit, names)
    circle: dict[int, int] = {}
    for at, members in enumerate(components(compiled.system, [compiled.system.root])):
        if len(members) > 1 or members[0] in parts_of(compiled.system.nodes[members[0]]):
            circle.update(dict.fromkeys(members, at))
    consents = {
        str(consent.basis.span): consent
        for entity in structure.entities.values()
        for agreed in entity.consents.values()
        for consent in agreed
    }
    keys = {number: key for key, number in compiled.names.items()}
    return Ground(compiled, keys, yes, risen, circle, why, consents)


def _least_in_order(circuit: Circuit, agreeing: Iterable[str]) -> tuple[bytearray, list[int]]:
    """Return who says yes in the least fixpoint, and in which order they came to."""
    size = len(circuit.quotas)
    yes, risen, sums = bytearray(size), [size] * size, [0] * size
    waiting: list[int] = []

    def rise(number: int) -> None:
        yes[number] = 1
        risen[number] = len(waiting)
        waiting.append(number)

    start = [circuit.leaves[name] for name in agreeing if name in circuit.leaves]
    start += [*circuit.always, *(number for number, quota in enumerate(circuit.quotas) if quota == 0)]
    for number in start:
        if not yes[number]:
            rise(number)
    for last in waiting:  # grows on the way
        for number, weight in circuit.parents[last]:
            sums[number] += weight
            if not yes[number] and sums[number] >= circuit.quotas[number]:
                rise(number)
    return yes, risen


def steps_below(ground: Ground, depth: int, most: int = MOST_STEPS) -> list[Step]:
    """Return why the matter passes or does not, from its rule down to the records.

    Args:
        ground: What to walk over.
        depth: Depth of the first step.
        most: Steps to return; a last one says how many more there are.
    """
    found: list[Step] = []
    seen: set[int] = set()
    waiting: list[_Visit | Step] = [_Visit(ground.compiled.system.root, depth, "", (), -1)]
    left_out = 0
    while waiting:
        visit = waiting.pop()
        if isinstance(visit, Step):
            if len(found) < most:
                found.append(_bounded(visit))
            else:
                left_out += 1
            continue
        arrived = _arrive(ground, visit)
        known = arrived.number in seen or bool(seen.intersection(arrived.passed))
        seen.update((arrived.number, *arrived.passed))
        if known:
            words = _again(ground, visit, arrived)
            waiting.extend([Step(visit.depth, words, arrived.bases)] if words else [])
        else:
            steps, below = _explain(ground, arrived, visit.depth)
            waiting.extend(reversed([*steps, *below]))
    if left_out:
        found.append(Step(depth, f"And {left_out:,} more step{'s' if left_out > 1 else ''}."))
    return found


def _bounded(step: Step) -> Step:
    bases = tuple({(basis.record, basis.span): basis for basis in step.because}.values())
    return Step(min(step.depth, DEEPEST), step.words, bases[:MOST_RECORDS], max(len(bases) - MOST_RECORDS, 0))


def _arrive(ground: Ground, visit: _Visit) -> _Arrival:
    """Follow a reference past nodes that only stand for another, gathering what they say and rest on."""
    number, prefix, bases = visit.number, visit.prefix, list(visit.bases)
    passed: list[int] = []
    while True:
        prefix = _prefix(ground, number, prefix) or prefix
        bases.extend(ground.compiled.bases.get(number, ()))
        node = ground.compiled.system.nodes[number]
        if number in ground.compiled.votes or not (isinstance(node, And) and len(node.parts) == 1):
            return _Arrival(number, prefix, tuple(bases), tuple(passed))
        if number in passed:  # stands for nothing but itself
            return _Arrival(number, prefix, tuple(bases), ())
        passed.append(number)
        number = node.parts[0]


def _prefix(ground: Ground, number: int, before: str) -> str:
    match ground.keys.get(number):
        case EntityActs(entity, on):
            return f"{entity} consents to {on}: " if on else f"{entity} acts: "
        case BodyDecides(entity, body):
            whose = before.removesuffix(": ")
            return f"{whose}, as {entity}.{body} decides: " if whose else f"{entity}.{body} decides: "
        case PoolDecides(pool):
            return f"The voting pool {pool} decides: "
        case _:
            return ""


def _again(ground: Ground, visit: _Visit, arrived: _Arrival) -> str:
    """Say that something was explained above, or that it waits for itself."""
    node = ground.compiled.system.nodes[arrived.number]
    if isinstance(node, Actor):
        return f"{node.name} {_agrees(ground)}."
    whose = arrived.prefix.removesuffix(": ")
    circle = ground.circle.get(visit.above)
    if not ground.agreeing and circle is not None and circle == ground.circle.get(visit.number):
        who = whose.removesuffix(" acts") or "This"
        return f"{who} waits for the one above in turn; a yes that rests on itself is no yes."
    return f"{whose}, as above." if whose else ""


def _agrees(ground: Ground) -> str:
    return "agrees" if ground.agreeing else "does not agree"


def _explain(ground: Ground, arrived: _Arrival, depth: int) -> tuple[list[Step], list[_Visit | Step]]:
    """Return the sentence on a node, and what to visit for its explanation."""
    compiled = ground.compiled
    number, prefix, bases, _ = arrived
    node = compiled.system.nodes[number]
    note = compiled.votes.get(number)
    if note is not None and isinstance(node, AtLeast):
        return _explain_vote(ground, arrived, node, note, depth)
    match node:
        case Actor(name):
            whose = "" if prefix == f"{name} acts: " else prefix
            return [Step(depth, f"{whose}{name} {_agrees(ground)}.", bases)], []
        case Others(name):
            said = "are read as agreeing" if ground.agreeing else "cannot be counted on"
            return [Step(depth, f"{prefix}The {name} {said}.", bases)], []
        case Constant(value):
            said = "Nobody need agree" if value else "It is never allowed, or its rule or electorate is missing"
            return [Step(depth, f"{prefix}{said}.", bases)], []
    return _explain_parts(ground, arrived, node, depth)


def _explain_parts(ground: Ground, arrived: _Arrival, node: Node, depth: int) -> tuple[list[Step], list[_Visit | Step]]:
    parts = parts_of(node)
    said = [part for part in parts if _counts(ground, arrived.number, part)]
    shown = said if ground.agreeing else [part for part in parts if part not in said]
    of_parts = f"{len(parts)} part{'s' if len(parts) != 1 else ''}"
    match node:
        case And():
            both = len(parts) == 2
            if ground.agreeing:
                words = f"{'both parts' if both else f'all {of_parts}'} of the rule are satisfied"
            else:
                words = f"of {of_parts}, {'both' if both else 'all'} needed, {len(shown)} {_fails(len(shown))}"
        case Or():
            shown = shown[:1] if ground.agreeing else shown
            words = f"one of {len(parts)} alternatives is enough" if ground.agreeing else (
                f"none of {len(parts)} alternatives is satisfied"
            )  # fmt: skip
        case _:
            wanted = node.weighings[0].quota if isinstance(node, AtLeast) else len(parts)
            words = f"{len(said)} of {of_parts} {_is_satisfied(len(said))}; {wanted} are needed"
    colon = ":" if shown else ""
    step = Step(depth, _capital(f"{arrived.prefix}{words}{colon or '.'}"), _own(ground, arrived.bases))
    return [step], [
        _Visit(part, depth + 1, "", _agreed_consent(ground, arrived.bases, part), arrived.number) for part in shown
    ]


def _fails(number: int) -> str:
    return "fails" if number == 1 else "fail"


def _is_satisfied(number: int) -> str:
    return "is satisfied" if number == 1 else "are satisfied"


def _capital(words: str) -> str:
    """Return a sentence with a capital, unless it starts with an id."""
    first = words.split(" ", 1)[0]
    return words[:1].upper() + words[1:] if first in ("all", "both", "of", "one", "none", "the", "to") else words


def _own(ground: Ground, bases: Sequence[Basis]) -> tuple[Basis, ...]:
    """Return the records of a rule, without those of consents that an agreement adds."""
    return tuple(basis for basis in bases if str(basis.span) not in ground.consents)


def _agreed_consent(ground: Ground, bases: Sequence[Basis], part: int) -> tuple[Basis, ...]:
    """Return the record of the agreement that adds the consent of a part."""
    name = _name(ground, part)
    agreed = ((basis, ground.consents.get(str(basis.span))) for basis in bases)
    return tuple(basis for basis, consent in agreed if consent is not None and consent.of == name)


def _name(ground: Ground, number: int) -> str:
    """Return whose will a node is: an actor's or an entity's; empty for others."""
    key, node = ground.keys.get(number), ground.compiled.system.nodes[number]
    if isinstance(key, EntityActs):
        return key.entity
    return node.name if isinstance(node, Actor | Others) else ""


def _counts(ground: Ground, number: int, part: int) -> bool:
    """Whether a part says yes, and not only because the node itself does."""
    if not ground.yes[part]:
        return False
    circle = ground.circle.get(number)
    apart = circle is None or ground.circle.get(part) != circle
    return apart or not ground.agreeing or ground.risen[part] < ground.risen[number]


def _explain_vote(
    ground: Ground, arrived: _Arrival, node: AtLeast, note: VoteNote, depth: int
) -> tuple[list[Step], list[_Visit | Step]]:
    said = frozenset(part for part in node.parts if _counts(ground, arrived.number, part))
    agreed = agreed_votes(note, node, said)
    parts = list(zip(node.parts, note.voters, note.bases, strict=True))
    who = names_of_voters(note, [voter for part, voter, _ in parts if part in said and voter[1]])
    words = (
        f"{arrived.prefix}{amount(note, agreed)} of {amount(note, note.base)} {note.words} agree"
        f"{f' ({who})' if who else ''}; {note.needed.words.removesuffix(',')} needs {figure_needed(note)}"
    )
    bounded = ground.compiled.facts.get(arrived.number, ())
    if bounded:
        words += f"; stated within bounds: {', '.join(bounded[:4])}"
    elif not ground.agreeing:
        words += f"; {short_by(note, agreed)} short"
        away = names_of_voters(note, [voter for part, voter, _ in parts if part not in said and voter[1]])
        words += f" without {away}" if away else ""
    shown = [part for part in parts if (part[0] in said) is ground.agreeing]
    bases = [*_own(ground, arrived.bases), note.rule]
    bases.extend(basis for _, (_, votes), held in shown for basis in held if votes)
    first = Step(depth, f"{words}.", tuple(bases))
    return _behind_voters(ground, first, [(part, voter[0]) for part, voter, _ in shown], depth + 1, arrived.number)


def _behind_voters(
    ground: Ground, first: Step, voters: Sequence[tuple[int, str]], depth: int, above: int
) -> tuple[list[Step], list[_Visit | Step]]:
    """Return what to visit behind each voter that is not an actor named in the vote; seats that are alike once."""
    nodes = ground.compiled.system.nodes
    visits: list[_Visit] = []
    met: set[int] = set()
    alike: dict[tuple[SeatAgrees, tuple[int, ...]], list[str]] = {}
    own: dict[str, list[str]] = {}
    own_bases: dict[str, tuple[Basis, ...]] = {}
    for part, name in voters:
        key = ground.keys.get(part)
        if not isinstance(key, SeatAgrees):
            if part not in met and not _decides_itself(ground, part, name):
                met.add(part)
                visits.append(_Visit(part, depth, "", (), above))
            continue
        (behind,) = parts_of(nodes[part])
        asked = tuple(found for found in (behind, *parts_of(nodes[behind])) if _of_seats(ground, found))
        if asked:
            alike.setdefault((SeatAgrees(key.entity, key.body, key.group, 0), asked), []).append(name)
            continue
        if (key.entity, key.body, key.group, key.number) in ground.compiled.own_seats and not name.startswith("vacant"):
            group = f"{key.group} seats of {key.entity}.{key.body}"
            own.setdefault(group, []).append(name)
            own_bases[group] = ground.compiled.bases.get(part, ())[-1:]
        if not _decides_itself(ground, part, name) and not isinstance(nodes[behind], Constant):
            visits.append(_Visit(part, depth, "", (), above))
    below: list[_Visit | Step] = []
    for group, names in own.items():
        words = f"The {group} ({_few(names)}) are taken to be their occupants' own."
        below.append(Step(depth, words, own_bases[group]))
    for (key, asked), names in alike.items():
        below.extend(_follow(ground, key, asked, names, depth, above))
    return [first], [*below, *visits]


def _follow(
    ground: Ground, key: SeatAgrees, asked: tuple[int, ...], names: Sequence[str], depth: int, above: int
) -> list[_Visit | Step]:
    """Return the sentence on seats that follow those who empty and fill them, and then those to visit."""
    seats = f"{key.group} seat{'s' if len(names) > 1 else ''} of {key.entity}.{key.body} ({_few(names)})"
    verbs = f"follow{'' if len(names) > 1 else 's'}"
    them = "them" if len(names) > 1 else "it"
    shown = [number for number in asked if bool(ground.yes[number]) is ground.agreeing]
    done = {number: "empty" if isinstance(ground.keys[number], SeatsEmptied) else "fill" for number in shown}
    votes = {number: _vote_at(ground, number) for number in shown}
    if len(shown) == 2 and votes[shown[0]] is not None and votes[shown[0]] == votes[shown[1]]:
        words = f"The {seats} {verbs} those who empty and fill {them}:"
        return [Step(depth, words), _Visit(shown[0], depth + 1, "", _rule_behind(ground, shown[1]), above)]
    who = " and ".join(dict.fromkeys(done.values()))
    first = Step(depth, f"The {seats} {verbs} those who {who} {them}:")
    return [first, *(_Visit(number, depth + 1, f"To {done[number]} {them}: ", (), above) for number in shown)]


def _vote_at(ground: Ground, number: int) -> tuple[object, ...] | None:
    """Return what a vote asks of whom, to see whether two are alike; None where there is no plain vote."""
    arrived = _arrive(ground, _Visit(number, 0, "", (), -1))
    note = ground.compiled.votes.get(arrived.number)
    return None if note is None else (note.words, note.needed, note.base, note.voters)


def _rule_behind(ground: Ground, number: int) -> tuple[Basis, ...]:
    arrived = _arrive(ground, _Visit(number, 0, "", (), -1))
    note = ground.compiled.votes.get(arrived.number)
    return (*arrived.bases, note.rule) if note is not None else arrived.bases


def _of_seats(ground: Ground, number: int) -> bool:
    return isinstance(ground.keys.get(number), SeatsEmptied | SeatsFilled)


def _decides_itself(ground: Ground, number: int, name: str) -> bool:
    """Whether a voter, named where the vote is told, decides for itself; nothing stands behind it then."""
    nodes = ground.compiled.system.nodes
    passed: set[int] = set()
    node = nodes[number]
    while isinstance(node, And) and len(node.parts) == 1 and number not in passed:
        passed.add(number)
        number = node.parts[0]
        node = nodes[number]
    return isinstance(node, Actor | Others) and node.name == name


def _few(names: Sequence[str], most: int = 8) -> str:
    """Return names in one line, equal ones once; of many, the first and how many more."""
    counted = Counter(names)
    shown = [f"{times} {name}s" if times > 1 else name for name, times in list(counted.items())[:most]]
    more = len(counted) - most
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")


def bounded_facts(compiled: Compiled, facts: Collection[str]) -> tuple[Basis, ...]:
    """Return the records of facts that are stated within bounds."""
    found = {
        basis.span: basis
        for number in compiled.facts
        if number in compiled.votes
        for held in compiled.votes[number].bases
        for basis in held
        if basis.record in facts
    }
    return tuple(found.values())
