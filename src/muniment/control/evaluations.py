"""Questions of a compiled matter: who passes it alone, who blocks it, through whom, and which holdings are circular.

Each is a few evaluations of the system, exact at any size; only the tables of coalitions and of power need a diagram.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from muniment.book.structure import Basis
from muniment.control.coalitions import Sets
from muniment.control.compiled import BodyDecides, Compiled, EntityActs, MatterPasses, SeatAgrees
from muniment.control.diagram import Diagram, TooLarge
from muniment.control.formula import (
    Actor,
    AtLeast,
    Circuit,
    Constant,
    Mode,
    Others,
    State,
    System,
    circles,
    fallen,
    greatest,
    least,
    parts_of,
    prepare,
    reachable,
    risen,
)
from muniment.control.functions import blocking_sets_of, function_of, same, sets_of
from muniment.control.gates import weighted_rule_of
from muniment.control.levelled_sets import fewest_of_diagram
from muniment.control.powers import USUAL, Powers, powers_of_rule

MOST_BOUNDED_VOTES = 20
MOST_TURNED_ACTORS = 200
NOT_COUNTED = Sets(0, None, ())


class Undetermined(NamedTuple):
    """A question that a bounded fact leaves open.

    Attributes:
        question: `alone` or `can block`.
        fact: Address of the fact.
    """

    party: str
    question: str
    fact: str


class Prepared(NamedTuple):
    """A compiled matter prepared for single evaluations."""

    compiled: Compiled
    actors: tuple[str, ...]
    circular: frozenset[int]
    circuits: Mapping[Mode, Circuit]


def prepared_for(compiled: Compiled) -> Prepared:
    """Prepare a compiled matter in every mode that makes a difference."""
    system = compiled.system
    below = reachable(system, [system.root])
    actors = sorted(node.name for node in (system.nodes[number] for number in below) if isinstance(node, Actor))
    circular = frozenset(number for members in circles(system, [system.root]) for number in members)
    bounded = any(isinstance(system.nodes[n], AtLeast) and n in compiled.facts for n in below)
    others = any(isinstance(system.nodes[number], Others) for number in below)
    circuits: dict[Mode, Circuit] = {}
    for mode in Mode:
        if mode.others_agree and not others:
            circuits[mode] = circuits[Mode(mode - 1)]
        elif mode >= Mode.POSSIBLE and not bounded:
            circuits[mode] = circuits[Mode(mode - 2)]
        else:
            circuits[mode] = prepare(system, mode)
    return Prepared(compiled, tuple(actors), circular, circuits)


def with_everyone(prepared: Prepared, mode: Mode = Mode.POSSIBLE_WITH_OTHERS) -> State:
    """Evaluate the least fixpoint with every actor agreeing."""
    return least(prepared.circuits[mode], prepared.actors)


def who_alone(prepared: Prepared, mode: Mode) -> tuple[str, ...]:
    """Return who passes the matter with everyone else saying no; each actor costs what changes, no more."""
    circuit, root = prepared.circuits[mode], prepared.compiled.system.root
    nobody = least(circuit, ())
    if nobody.yes[root]:
        return prepared.actors
    return tuple(name for name in prepared.actors if root in risen(circuit, nobody, [circuit.leaves[name]]))


def who_can_block(prepared: Prepared, impossible: bool) -> tuple[tuple[str, ...], bool]:
    """Return who can block, and whether that is so only because holdings are circular."""
    mode = Mode.POSSIBLE_WITH_OTHERS
    if not impossible:
        return _blocking(prepared, mode), False
    circuit, root = prepared.circuits[mode], prepared.compiled.system.root
    together = greatest(circuit, prepared.actors)
    if not together.yes[root]:
        return (), False
    gone = ((name, fallen(circuit, together, [circuit.leaves[name]])) for name in prepared.actors)
    return tuple(name for name, nodes in gone if nodes is not None and root in nodes), True


def who_acts_apart(prepared: Prepared) -> list[tuple[str, Basis | None]]:
    """Return the holders who do not act together, each with a rule under which they vote."""
    system, votes = prepared.compiled.system, prepared.compiled.votes
    found: dict[str, Basis | None] = {}
    for number in reachable(system, [system.root]):
        node = system.nodes[number]
        if isinstance(node, Others):
            found.setdefault(node.name, None)
        for part in parts_of(node) if number in votes else ():
            voter = system.nodes[part]
            if isinstance(voter, Others) and found.get(voter.name) is None:
                found[voter.name] = votes[number].rule
    return list(found.items())


def others_otherwise(prepared: Prepared) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who passes alone if those who do not act together agree, and who can block if they do not show up."""
    return who_alone(prepared, Mode.CERTAIN_WITH_OTHERS), _blocking(prepared, Mode.POSSIBLE)


def _blocking(prepared: Prepared, mode: Mode) -> tuple[str, ...]:
    circuit, root = prepared.circuits[mode], prepared.compiled.system.root
    everyone = least(circuit, prepared.actors)
    if not everyone.yes[root]:
        return prepared.actors
    found: list[str] = []
    unsettled: list[str] = []
    for name in prepared.actors:
        gone = fallen(circuit, everyone, [circuit.leaves[name]], prepared.circular)
        if gone is None:
            unsettled.append(name)
        elif root in gone:
            found.append(name)
    # Where circles are touched, ask of whole groups: if it passes without all of a group, none of them blocks.
    groups = [unsettled] if unsettled else []
    while groups:
        group = groups.pop()
        away = set(group)
        if least(circuit, (name for name in prepared.actors if name not in away)).yes[root]:
            continue
        if len(group) == 1:
            found.extend(group)
        else:
            half = len(group) // 2
            groups.extend((group[:half], group[half:]))
    return tuple(sorted(found))


class Tables(NamedTuple):
    """What needs the whole rule at once.

    Attributes:
        coalitions: Minimal coalitions.
        blocking_sets: Minimal blocking sets.
        smallest: Size of the smallest coalition; None if there is none or it is not known.
        powers: Power indices.
        too_large: What was refused.
    """

    coalitions: Sets | TooLarge
    blocking_sets: Sets | TooLarge
    smallest: int | None
    powers: Powers
    too_large: tuple[TooLarge, ...]


def tables(prepared: Prepared, impossible: bool, *, all_indices: bool = False, seed: int = 1) -> Tables:
    """Return minimal coalitions, minimal blocking sets and power indices.

    Coalitions and indices count on nobody who does not act together, blocking sets on everybody; bounds are read
    against whom the answer names.
    """
    if impossible:
        nothing = dict.fromkeys(prepared.actors, Fraction(0))
        powers = Powers(tables=dict.fromkeys(USUAL, nothing))
        return Tables(NOT_COUNTED, NOT_COUNTED, None, powers, ())
    system, circuits = prepared.compiled.system, prepared.circuits
    certain = function_of(system, Mode.CERTAIN)
    possible = certain
    # Of a rule too large in one reading the other is not tried: it is the same rule with a few votes moved.
    if circuits[Mode.CERTAIN] is not circuits[Mode.POSSIBLE_WITH_OTHERS] and not isinstance(certain, TooLarge):
        possible = function_of(system, Mode.POSSIBLE_WITH_OTHERS)
    sets = sets_of(certain)
    blocking = blocking_sets_of(possible)
    powers = powers_of_rule(system, Mode.CERTAIN, certain, prepared.actors, every=all_indices, seed=seed)
    refused = dict.fromkeys(table for table in (sets, blocking) if isinstance(table, TooLarge))
    refused.update(dict.fromkeys(powers.refused))
    if isinstance(sets, Sets):
        smallest = sets.smallest
    else:
        smallest = fewest_of_diagram(certain) if isinstance(certain, Diagram) else fewest_of(system, Mode.CERTAIN)
    return Tables(sets, blocking, smallest, powers, tuple(refused))


def fewest_of(system: System, mode: Mode) -> int | None:
    """Return how many actors suffice for one weighted vote: those with the most votes; None for any other rule."""
    rule = weighted_rule_of(system, mode)
    if rule is None:
        return None
    return 1 + bisect_left(list(accumulate(sorted(rule.weights, reverse=True))), rule.quota)


def circular_holdings(prepared: Prepared) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the entities in a circle that changes the answer, and the coalitions if each lets the other."""
    if not prepared.circular:
        return (), ()
    system = prepared.compiled.system
    low, high = function_of(system, Mode.CERTAIN), function_of(system, Mode.CERTAIN, greatest=True)
    together: Sets | TooLarge = NOT_COUNTED
    if not isinstance(low, TooLarge) and not isinstance(high, TooLarge):
        if same(low, high):
            return (), ()
        together = sets_of(high)
    tests: list[Collection[str]] = [(), prepared.actors]
    if isinstance(together, Sets):
        tests.extend(together.listed[:100])
    circuit = prepared.circuits[Mode.CERTAIN]
    differ: set[int] = set()
    for agreeing in tests:
        one, other = least(circuit, agreeing), greatest(circuit, agreeing)
        if one.yes[system.root] != other.yes[system.root]:
            differ.update(number for number in prepared.circular if one.yes[number] != other.yes[number])
    names = {
        key.entity
        for key, number in prepared.compiled.names.items()
        if number in differ and not isinstance(key, MatterPasses)
    }
    listed = together.listed if isinstance(together, Sets) and names else ()
    return tuple(sorted(names)), listed


def through_whom(prepared: Prepared) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the entities and bodies whose single yes passes the matter, and those whose single no blocks it."""
    system, compiled = prepared.compiled.system, prepared.compiled
    place = {number: at for at, number in enumerate(reachable(system, [system.root]))}
    constant = {number for number, node in enumerate(system.nodes) if isinstance(node, Constant)}
    nodes: dict[str, list[int]] = {}
    for key, number in compiled.names.items():
        if number not in place:
            continue
        match key:
            case EntityActs(entity):
                (part,) = parts_of(system.nodes[number])
                if not isinstance(system.nodes[part], Actor):
                    nodes.setdefault(entity, []).append(number)
            case BodyDecides(entity, body):
                nodes.setdefault(f"{entity}.{body}", []).append(number)
            case SeatAgrees(entity, body):
                if not constant.issuperset(parts_of(system.nodes[number])):
                    nodes.setdefault(f"{entity}.{body}", []).append(number)
            case _:
                pass
    low, high = prepared.circuits[Mode.CERTAIN], prepared.circuits[Mode.POSSIBLE_WITH_OTHERS]
    nobody, everyone = least(low, ()), least(high, prepared.actors)
    # Nearest to the matter first: whoever carries one who was found before is found at once.
    passing, blocking = {system.root: ""}, {system.root: ""}
    for name in sorted(nodes, key=lambda name: min(place[number] for number in nodes[name])):
        alone = nodes[name][0] if len(nodes[name]) == 1 else None
        if any(number in passing for number in risen(low, nobody, nodes[name], passing)):
            passing[alone if alone is not None else -len(passing)] = name
        gone = fallen(high, everyone, nodes[name], prepared.circular, blocking)
        if gone is None:
            stopped = not least(high, prepared.actors, no=nodes[name]).yes[system.root]
        else:
            stopped = any(number in blocking for number in gone)
        if stopped:
            blocking[alone if alone is not None else -len(blocking)] = name
    return tuple(sorted(filter(None, passing.values()))), tuple(sorted(filter(None, blocking.values())))


def left_open(
    prepared: Prepared, alone: tuple[str, ...], can_block: tuple[str, ...], only_circular: bool
) -> tuple[Undetermined, ...]:
    """Return who might pass alone, or might block, if a bounded fact is at its other end, and which facts decide it.

    A fact is named where the vote it belongs to, at its other end alone, decides the question, or where the question is
    not open without that vote; all facts where only several votes together decide.
    """
    bounded = prepared.compiled.facts
    if not bounded or only_circular:
        return ()
    found: list[Undetermined] = []
    few = len(bounded) <= MOST_BOUNDED_VOTES and len(prepared.actors) <= MOST_TURNED_ACTORS
    votes = list(bounded) if few else []
    turned = [_turned(prepared, {vote}) for vote in votes]
    kept = [_turned(prepared, set(votes) - {vote}) for vote in votes]
    for question, mode, certain, possible in (
        ("alone", Mode.CERTAIN, alone, who_alone(prepared, Mode.POSSIBLE)),
        ("can block", Mode.CERTAIN_WITH_OTHERS, can_block, _blocking(prepared, Mode.CERTAIN_WITH_OTHERS)),
    ):
        for name in possible:
            if name in certain:
                continue
            asked = (name,) if question == "alone" else tuple(other for other in prepared.actors if other != name)
            usual = _passes(prepared, mode, asked)
            deciding = [
                vote
                for vote, one, rest in zip(votes, turned, kept, strict=True)
                if _passes(one, mode, asked) != usual or _passes(rest, mode, asked) == usual
            ]
            facts = dict.fromkeys(fact for vote in deciding or bounded for fact in bounded[vote])
            found.extend(Undetermined(name, question, fact) for fact in facts)
    return tuple(found)


def _passes(prepared: Prepared, mode: Mode, agreeing: Iterable[str]) -> bool:
    return bool(least(prepared.circuits[mode], agreeing).yes[prepared.compiled.system.root])


def _turned(prepared: Prepared, votes: Collection[int]) -> Prepared:
    """Return the matter with some votes at the other end of their bounds."""
    nodes = list(prepared.compiled.system.nodes)
    for vote in votes:
        node = nodes[vote]
        if isinstance(node, AtLeast):
            possible, with_others = node.weighings[Mode.POSSIBLE], node.weighings[Mode.POSSIBLE_WITH_OTHERS]
            nodes[vote] = AtLeast(node.parts, (possible, with_others, possible, with_others))
    system = System(tuple(nodes), prepared.compiled.system.root)
    return prepared_for(prepared.compiled._replace(system=system))


def who_decides(prepared: Prepared, powers: Powers, can_block: Iterable[str], alone: Iterable[str]) -> frozenset[str]:
    """Return the actors who are not known to be dummies; only exact counts show that somebody is one."""
    if not powers.is_exact("banzhaf"):
        return frozenset(prepared.actors)
    swinging = (name for name, share in powers.tables["banzhaf"].items() if share)
    return frozenset([*alone, *can_block, *swinging])
