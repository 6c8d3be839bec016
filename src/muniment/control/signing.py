"""Who must sign or vote for a matter, in which capacity, on what notice, and whether it can be done by a day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, islice, product
from typing import Literal, NamedTuple

from muniment.book.structure import Basis, Structure
from muniment.control.compiled import Compiled, EntityActs, MatterPasses
from muniment.control.deadlines import by_deadline, first_days
from muniment.control.formula import (
    Actor,
    And,
    Circuit,
    Constant,
    Mode,
    Or,
    System,
    least,
    parts_of,
    prepare,
    reachable,
)
from muniment.control.joining import who_must_join
from muniment.control.matters import NoSuchMatter, basis_of, understand
from muniment.control.reasons import records_behind
from muniment.control.signing_lines import Line, Walk, lines_of
from muniment.control.signing_rules import CALL, WRITTEN, Choice, SigningCompiler

MOST_ROUTES = 16
Possible = Literal["yes", "no", "undetermined"]


class Route(NamedTuple):
    """One way through the alternatives of the rules.

    Attributes:
        words: The alternative taken, for each that the rules leave.
        signers: The fewest who do it in time or, where that is not possible, at all; empty where nobody can.
        fewest: No smaller set does.
        earliest: The first day on which it can be done; None if it cannot.
        possible: Whether it can be done in time.
        because: The rules that leave the alternatives.
    """

    words: tuple[str, ...]
    signers: tuple[str, ...]
    fewest: bool
    earliest: date | None
    possible: Possible
    because: tuple[Basis, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who must sign or vote for one matter of one entity.

    Attributes:
        on: The first day on which anybody can act or give notice.
        by: The day by which it is to be done.
        possible: Whether it can be done by then: ``undetermined`` where that turns on holders who do not act together
            or on a figure that is stated within bounds.
        earliest: The first day on which it can be done; None if it cannot be. Of those whose silence is enough only
            the silence is counted, unless they are willing or among the signers.
        earliest_with_others: The same if those who do not act together agree and bounds are in favor; None if it cannot
            be even then.
        earliest_with_consents: The same as `earliest` if those whose silence is enough consent at once.
        silent: Whose silence is counted and not their consent.
        willing: Who is taken to sign.
        signers: The fewest who do it in time (where that is not possible, at all), the willing included who are needed.
        signers_earliest: The first day on which those signers alone can have it done; None if there are none.
        further: Those of them who are not among the willing.
        fewest: No smaller number of further signers does; else the search for one was cut short.
        other_sets: Other sets of as few further signers; at most 99 are counted.
        lines: Every vote and consent, in the order of the rules.
        routes: The ways through alternatives; empty where the rules leave none.
        more_routes: Combinations of alternatives that were not looked at.
        because: Records it rests on; never empty.
    """

    entity: str
    matter: str
    on: date
    by: date
    possible: Possible
    earliest: date | None
    earliest_with_others: date | None
    earliest_with_consents: date | None
    silent: tuple[str, ...]
    willing: tuple[str, ...]
    signers: tuple[str, ...]
    signers_earliest: date | None
    further: tuple[str, ...]
    fewest: bool
    other_sets: int
    lines: tuple[Line, ...]
    routes: tuple[Route, ...]
    more_routes: int
    assumptions: tuple[str, ...]
    because: tuple[Basis, ...]


class _Matter(NamedTuple):
    """A compiled matter with the time its acts take."""

    structure: Structure
    compiled: Compiled
    compiler: SigningCompiler
    actors: tuple[str, ...]
    certain: Circuit
    possible: Circuit
    by: date
    asked: MatterPasses


class _Found(NamedTuple):
    possible: Possible
    earliest: date | None
    with_others: date | None
    with_consents: date | None
    silent: tuple[str, ...]
    signers: tuple[str, ...]
    signers_earliest: date | None
    further: tuple[str, ...]
    fewest: bool
    other_sets: int


def who_signs(
    structure: Structure, question: str, *, by: date, willing: Collection[str] = ()
) -> Signing | NoSuchMatter:
    """Answer who must sign or vote for a matter, in which capacity, with what notice, and by when.

    Notice is given and consents are asked for on the structure's date, at the earliest; the day of the notice is not
    counted. Notices run side by side, but a meeting is called before its notice runs. Directors sign for themselves.

    Args:
        structure: What is in force.
        question: `ENTITY: MATTER`.
        by: The day by which it is to be done; not before the structure's date.
        willing: Actors who are taken to sign.

    Raises:
        ValueError: If `by` is before the structure's date.
    """
    if by < structure.on:
        raise ValueError(f"{by} is before {structure.on}")
    entity, _, matter = question.partition(": ")
    meant = understand(structure, entity, matter)
    if isinstance(meant, NoSuchMatter):
        return meant
    entity, matter = meant
    compiler = SigningCompiler(structure)
    asked_for = MatterPasses(entity, matter)
    root = compiler.number(asked_for)
    compiler.run()
    compiled = compiler.finish(root)
    below = set(reachable(compiled.system, [root]))
    certain = prepare(compiled.system, Mode.CERTAIN)
    actors = tuple(sorted(name for name, number in certain.leaves.items() if number in below))
    at_hand = _Matter(
        structure,
        compiled,
        compiler,
        actors,
        certain,
        prepare(compiled.system, Mode.POSSIBLE_WITH_OTHERS),
        by,
        asked_for,
    )
    asked = tuple(dict.fromkeys(name for name in willing if name in actors))
    found = _fewest(at_hand, compiled.system, asked)
    counted, _ = _in_silence(compiled.system, compiler, (*found.signers, *asked))
    circuit = at_hand.possible if counted is compiled.system else prepare(counted, Mode.POSSIBLE_WITH_OTHERS)
    days = first_days(circuit, compiler.delays, actors, structure.on)
    unrolled = by_deadline(compiled.system, compiler.delays, structure.on, by)
    routes, more_routes = _routes(at_hand, asked)
    walk = Walk(structure, compiled, compiler, days, unrolled.deadlines if unrolled is not None else {}, by, asked)
    unused = [name for name in willing if name not in actors]
    return Signing(
        entity=entity,
        matter=matter,
        on=structure.on,
        by=by,
        possible=found.possible,
        earliest=found.earliest,
        earliest_with_others=found.with_others,
        earliest_with_consents=found.with_consents,
        silent=found.silent,
        willing=asked,
        signers=found.signers,
        signers_earliest=found.signers_earliest,
        further=found.further,
        fewest=found.fewest,
        other_sets=found.other_sets,
        lines=lines_of(walk),
        routes=routes,
        more_routes=more_routes,
        assumptions=tuple(
            dict.fromkeys(
                [
                    *structure.assumptions,
                    *compiled.assumptions,
                    *compiler.noted,
                    f"Notice is given, and consents are asked for, on {structure.on.isoformat()} at the earliest; "
                    "the day of a notice is not counted.",
                    "Directors sign for themselves; a vacant seat signs nothing.",
                    *(_unused(compiled, name) for name in unused),
                ]
            )
        ),
        because=records_behind(compiled, ()) or (basis_of(structure.entities[entity]),),
    )


def _unused(compiled: Compiled, name: str) -> str:
    if any(isinstance(key, EntityActs) and key.entity == name for key in compiled.names):
        return f"{name} acts through others, so that its being willing is not counted; name those who act for it."
    return f"Nobody asks {name} to sign for this matter."


def _fewest(at_hand: _Matter, system: System, willing: Sequence[str]) -> _Found:
    """Return when a matter can be done and who does it with the fewest further signers."""
    on, by, delays = at_hand.structure.on, at_hand.by, at_hand.compiler.delays
    same = system is at_hand.compiled.system
    earliest = _first_day(at_hand.certain if same else prepare(system, Mode.CERTAIN), system, at_hand)
    circuit = at_hand.possible if same else prepare(system, Mode.POSSIBLE_WITH_OTHERS)
    with_others = _first_day(circuit, system, at_hand)
    possible: Possible = "no"
    if earliest is not None and earliest <= by:
        possible = "yes"
    elif with_others is not None and with_others <= by:
        possible = "undetermined"
    if with_others is None:
        return _Found("no", None, None, None, (), (), None, (), True, 0)
    in_certain = earliest is not None and possible != "undetermined"
    mode = Mode.CERTAIN if in_certain else Mode.POSSIBLE_WITH_OTHERS
    unrolled = by_deadline(system, delays, on, date.max if possible == "no" else by)
    joining = who_must_join(unrolled.system, willing, mode) if unrolled is not None else None
    timed = unrolled.system if unrolled is not None else system
    if joining is None:
        timed = system
        joining = who_must_join(system, willing, mode)
    if joining is None:
        return _Found(possible, earliest, with_others, earliest, (), (), None, (), True, 0)
    needed = _needed(timed, willing, joining.names, mode)
    signers = tuple(sorted((*needed, *joining.names)))
    with_consents = earliest
    counted, silent = _in_silence(system, at_hand.compiler, (*signers, *willing))
    if silent:
        earliest = _first_day(prepare(counted, Mode.CERTAIN), counted, at_hand)
        with_others = _first_day(prepare(counted, Mode.POSSIBLE_WITH_OTHERS), counted, at_hand)
    days = first_days(circuit if mode is not Mode.CERTAIN else prepare(system, mode), delays, signers, on)
    others = len(joining.all_fewest) - 1
    return _Found(
        possible,
        earliest,
        with_others,
        with_consents,
        silent,
        signers,
        days.get(system.root),
        joining.names,
        joining.fewest,
        others,
    )


def _in_silence(
    system: System, compiler: SigningCompiler, consenting: Collection[str]
) -> tuple[System, tuple[str, ...]]:
    """Return a system in which only some consent before their silence is enough, and who else is silent in it."""
    if not compiler.lapses:
        return system, ()
    agreed = least(prepare(system, Mode.CERTAIN), consenting)
    met = set(reachable(system, [system.root]))
    silent = [
        number for number in compiler.lapses if number in met and not agreed.yes[parts_of(system.nodes[number])[0]]
    ]
    nodes = list(system.nodes)
    for number in silent:
        nodes[number] = Or((compiler.lapses[number][1],))
    names = tuple(dict.fromkeys(compiler.lapses[number][0] for number in silent))
    return (System(tuple(nodes), system.root), names) if silent else (system, ())


def _needed(system: System, willing: Sequence[str], further: Sequence[str], mode: Mode) -> tuple[str, ...]:
    """Return the fewest of the willing who are needed beside the further signers."""
    named = {*willing, *further}
    nodes = tuple(
        Constant(False) if isinstance(node, Actor) and node.name not in named else node for node in system.nodes
    )
    joining = who_must_join(System(nodes, system.root), further, mode)
    return tuple(willing) if joining is None else joining.names


def _first_day(circuit: Circuit, system: System, at_hand: _Matter) -> date | None:
    days = first_days(circuit, at_hand.compiler.delays, at_hand.actors, at_hand.structure.on)
    return days.get(system.root)


def _routes(at_hand: _Matter, willing: Sequence[str]) -> tuple[tuple[Route, ...], int]:
    """Return each way through the alternatives that the rules leave, up to a number, and how many more there are."""
    below = reachable(at_hand.compiled.system, [at_hand.compiled.system.root])
    choices = {
        number: choice
        for number in below
        if (choice := at_hand.compiler.choices.get(number)) is not None
        and (choice.matter not in (CALL, WRITTEN) or MatterPasses(choice.entity, choice.matter) == at_hand.asked)
    }
    if not choices:
        return (), 0
    # Where there are too many combinations, only the alternatives met first are taken apart.
    taken: dict[int, Choice] = {}
    combined = 1
    for number, choice in choices.items():
        options = _options(choice)
        if combined * len(options) > MOST_ROUTES:
            continue
        combined *= len(options)
        taken[number] = choice
    left = len(choices) - len(taken)
    if not taken:
        number, choice = next(iter(choices.items()))
        taken = {number: choice}
    found: list[Route] = []
    for picked in islice(product(*(_options(choice) for choice in taken.values())), MOST_ROUTES):
        nodes = list(at_hand.compiled.system.nodes)
        for number, option in zip(taken, picked, strict=True):
            nodes[number] = And(tuple(taken[number].parts[at] for at in option))
        system = System(tuple(nodes), at_hand.compiled.system.root)
        result = _fewest(at_hand, system, willing)
        met = set(reachable(system, [system.root]))
        words = tuple(
            _route_words(choice, option, at_hand.asked)
            for (number, choice), option in zip(taken.items(), picked, strict=True)
            if number in met
        )
        rules = tuple(choice.rule for number, choice in taken.items() if number in met)
        found.append(Route(words, result.signers, result.fewest, result.earliest, result.possible, rules))
    found.sort(key=lambda route: (route.earliest or date.max, len(route.signers), route.words))
    return tuple(dict.fromkeys(found)), left


def _route_words(choice: Choice, option: Sequence[int], asked: MatterPasses) -> str:
    words = " and ".join(choice.words[at] for at in option)
    own = (choice.entity, choice.matter) == (asked.entity, asked.matter)
    return words if own else f"{choice.entity}: {choice.matter} by {words}"


def _options(choice: Choice) -> list[tuple[int, ...]]:
    return list(islice(combinations(range(len(choice.parts)), choice.wanted), MOST_ROUTES + 1))
