"""Whether a coalition can come to decide a matter, and how: the rules compiled, searched, and every plan replayed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeAlias

from muniment.book.structure import Basis, Structure
from muniment.control.compiled import Directors, MatterPasses
from muniment.control.matters import NoSuchMatter, basis_of, understand
from muniment.control.paths.acts import Act, RulePlace
from muniment.control.paths.answer import Adversary, PathAnswer, PlanMove, Standing
from muniment.control.paths.arena import Arena, Stretch, build
from muniment.control.paths.certificate import of_already, of_closure, of_maximal, of_plan
from muniment.control.paths.moves import moves_of, place_of_need
from muniment.control.paths.network import Prepared, prepare
from muniment.control.paths.position import Position
from muniment.control.paths.replay import Replayed, replay
from muniment.control.paths.schedule import Impossible, schedule
from muniment.control.paths.search import Absent, Reached, TooLarge, search
from muniment.control.paths.shortest import Plan, shortest
from muniment.model.durations import day_after

Ahead: TypeAlias = Callable[[date], Structure]
MOST_STRETCHES = 12
MOST_STATES = 20_000
MOST_FACTS = 40
MOST_KEPT = 8
OUTSIDE = (
    "Outside this answer: the duties of directors, courts, insolvency, regulators, markets, persuasion, resignation, "
    "transfers and repurchases of shares, new classes, the price of a right, and whether anybody would wish to."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question on paths, understood.

    Attributes:
        who: The coalition, sorted.
        ahead: Gives the structure scheduled for a later day; None = nothing is scheduled.
        scheduled: Days on which something falls due.
    """

    entity: str
    matter: str
    who: tuple[str, ...]
    directors: Directors
    adversary: Adversary
    ahead: Ahead | None = None
    scheduled: tuple[date, ...] = ()

    @property
    def goal(self) -> MatterPasses:
        """Return the decision that is wanted."""
        return MatterPasses(self.entity, self.matter)

    @property
    def blocking(self) -> bool:
        """Whether those who do not agree are taken to vote no."""
        return self.adversary != "passive"


class Drawn(NamedTuple):
    """A structure compiled for a question, whoever asks it."""

    structure: Structure
    stretches: tuple[Stretch, ...]
    arena: Arena
    prepared: Prepared
    hopeful: Prepared


@dataclass
class Arenas:
    """Keeps the latest structures compiled for a question, so that one after another can ask it."""

    _known: list[tuple[tuple[object, ...], Drawn]] = field(default_factory=list)

    def of(self, structure: Structure, asked: Asked) -> Drawn:
        """Return a structure compiled for a question; it is the same whoever asks."""
        key = (asked.entity, asked.matter, asked.directors, asked.blocking, asked.scheduled)
        for before, drawn in self._known:
            if before == key and drawn.structure is structure:
                return drawn
        drawn = draw(structure, asked)
        self._known = [(key, drawn), *self._known[: MOST_KEPT - 1]]
        return drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What the search of one structure came to.

    Attributes:
        found: The search with bounded holdings read against the coalition; `hoped`, read in its favor.
        replayed: The plan made move by move in the structure; None without one.
    """

    structure: Structure
    arena: Arena
    stretches: tuple[Stretch, ...]
    prepared: Prepared
    hopeful: Prepared
    start: int
    found: Plan | Absent | TooLarge
    hoped: Plan | Absent | TooLarge
    replayed: Replayed | None = None


def find_path(
    structure: Structure,
    who: Sequence[str],
    question: str,
    *,
    directors: Directors = "loyal",
    adversary: Adversary = "blocking",
    world_ahead: Ahead | None = None,
    scheduled: Sequence[date] = (),
    coalitions: int = 0,
    cuts: bool = False,
    keep: Sequence[str] = (),
    durable: bool = True,
    hangs_on: bool = True,
    distance: bool = True,
    standings: bool = True,
    arenas: Arenas | None = None,
) -> PathAnswer | NoSuchMatter | str:
    """Answer whether a coalition can come to decide a matter by moves that the rules allow.

    Args:
        structure: What is in force on the date asked.
        who: Ids of parties; `entity.body` for a body.
        question: `ENTITY: MATTER`.
        directors: How the occupants of seats act.
        adversary: ``passive``: others do not vote. ``blocking``: others always say no. ``hostile``: others move too.
        world_ahead: Gives the structure that is scheduled for a later day.
        scheduled: Days after the date on which something falls due.
        coalitions: Up to which size all coalitions with a path are wanted; 0 = none are.
        cuts: Whether provisions that leave no path are wanted.
        keep: What must remain possible with a cut, as `ENTITY: MATTER` or `ENTITY: MATTER by A, B`.
        durable: Whether it is wanted if the others can undo the result.
        hangs_on: Whether the single facts that flip the answer are wanted.
        distance: Whether the fewest further consents are wanted.
        standings: Whether it is wanted how boards and votes stand before any move.
        arenas: Keeps what is compiled, where several ask the same of one structure.

    Returns:
        The answer; a refusal of a question about nothing the book or the standard knows; a refusal in one sentence.

    Source:
        Notes of the design on paths: state, moves, order and certificates.
    """
    entity, _, matter = question.partition(": ")
    meant = understand(structure, entity, matter)
    if isinstance(meant, NoSuchMatter):
        return meant
    unknown = _unknown(structure, who)
    if unknown:
        return unknown
    asked = Asked(
        entity=meant[0],
        matter=meant[1],
        who=tuple(sorted(dict.fromkeys(who))),
        directors=directors,
        adversary=adversary,
        ahead=world_ahead,
        scheduled=tuple(sorted(day for day in set(scheduled) if day > structure.on)),
    )
    searched = search_in(structure, asked, arenas)
    answer = _answer(searched, asked, standings=standings)
    from muniment.control.paths.following import with_more

    return with_more(
        answer, searched, asked, coalitions=coalitions, cuts=cuts, keep=tuple(keep), durable=durable,
        hangs_on=hangs_on, distance=distance,
    )  # fmt: skip


def _unknown(structure: Structure, who: Sequence[str]) -> str:
    if not who:
        return "nobody is named; name one party or several"
    for name in who:
        owner, _, body = name.rpartition(".")
        if name in structure.parties or (owner in structure.entities and body in structure.entities[owner].bodies):
            continue
        near = get_close_matches(name, list(structure.parties), 1)
        return f"there is no party '{name}' on {structure.on}" + (f"; did you mean '{near[0]}'?" if near else "")
    return ""


def draw(structure: Structure, asked: Asked) -> Drawn:
    """Compile a structure for a question."""
    stretches = stretches_of(structure, asked)
    arena = build(stretches, asked.goal, asked.directors, blocking=asked.blocking)
    prepared = prepare(arena.problem)
    hopeful = prepared if arena.hopeful is arena.problem else prepare(arena.hopeful)
    return Drawn(structure, stretches, arena, prepared, hopeful)


def search_in(structure: Structure, asked: Asked, arenas: Arenas | None = None) -> Searched:
    """Search one structure, and replay the plan that is found."""
    drawn = arenas.of(structure, asked) if arenas is not None else draw(structure, asked)
    _, stretches, arena, prepared, hopeful = drawn
    start = arena.start(asked.who)
    found = quickest_of_shortest(arena, prepared, start)
    hoped = found if hopeful is prepared or isinstance(found, Plan) else shortest(hopeful, start)
    searched = Searched(
        structure=structure, arena=arena, stretches=stretches, prepared=prepared, hopeful=hopeful, start=start,
        found=found, hoped=hoped,
    )  # fmt: skip
    if not isinstance(found, Plan):
        return searched
    made = replayed(structure, asked, [arena.acts[step] for step in found.steps])
    for steps in _told_better(arena, found.steps):
        if isinstance(schedule(prepared, start, steps), Impossible):
            continue
        again = replayed(structure, asked, [arena.acts[step] for step in steps])
        if again.ok and again.takes_effect <= made.takes_effect:
            found, made = found._replace(steps=steps), again
    return replace(searched, found=found, replayed=made)


def _told_better(arena: Arena, steps: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield the same moves, first voted on in writing where they may be, then in the order of their days as well."""
    in_writing = {(act.entity, act.words): step for step, act in enumerate(arena.acts) if act.way == "in writing"}
    written = tuple(
        in_writing.get((arena.acts[step].entity, arena.acts[step].words), step) if arena.acts[step].way else step
        for step in steps
    )
    if written != steps:
        yield written
    if any(arena.acts[step].kind == "wait" for step in steps):
        return  # what falls due is in its place already
    for each in dict.fromkeys((steps, written)):
        by_day = tuple(sorted(each, key=lambda step: arena.problem.steps[step].not_before))
        if by_day != each:
            yield by_day


def quickest_of_shortest(arena: Arena, prepared: Prepared, start: int) -> Plan | Absent | TooLarge:
    """Return a shortest plan and, of several with as few moves, one that waits no longer than it must.

    The same number of moves is sought with only those moves that need no longer than a number of days; the least
    such number is taken. Where several moves add up, another plan of as many moves may still be quicker.
    """
    found = shortest(prepared, start)
    if not isinstance(found, Plan) or not found.steps:
        return found
    steps = arena.problem.steps
    waits = [max(step.days, step.not_before) for step in steps]
    longest = max(waits[step] for step in found.steps)
    for days in sorted({wait for wait in waits if wait < longest}):
        kept = [number for number, wait in enumerate(waits) if wait <= days]
        fewer = prepare(arena.problem._replace(steps=tuple(steps[number] for number in kept)))
        again = shortest(fewer, start)
        if isinstance(again, Plan) and len(again.steps) <= len(found.steps):
            return Plan(tuple(kept[step] for step in again.steps), found.is_shortest)
    return found


def replayed(structure: Structure, asked: Asked, plan: Sequence[Act]) -> Replayed:
    """Make the moves of a plan one after the other in the structure."""
    return replay(
        structure, plan, asked.who, asked.goal, directors=asked.directors, blocking=asked.blocking, ahead=asked.ahead,
        scheduled=asked.scheduled,
    )  # fmt: skip


def has_path(structure: Structure, asked: Asked) -> bool | None:
    """Whether a coalition has a path, or control, in a structure; None where that is not determined."""
    stretches = stretches_of(structure, asked)
    arena = build(stretches, asked.goal, asked.directors, blocking=asked.blocking)
    start = arena.start(asked.who)
    hopeful = search(prepare(arena.hopeful), start, MOST_STATES)
    if isinstance(hopeful, Absent):
        return False
    found = hopeful if arena.hopeful is arena.problem else search(prepare(arena.problem), start, MOST_STATES)
    return True if isinstance(found, Reached) else None


def stretches_of(structure: Structure, asked: Asked) -> tuple[Stretch, ...]:
    """Return the stretches of time between the days on which something that matters falls due."""
    later: list[tuple[date, Structure]] = []
    before = structure
    for day in asked.scheduled if asked.ahead is not None else ():
        assert asked.ahead is not None
        there = asked.ahead(day)
        if asked.entity not in there.entities or _stands_as(before, there):
            continue
        if len(later) + 1 == MOST_STRETCHES:
            break
        later.append((day, there))
        before = there
    days = [day for day, _ in later]
    first = moves_of(structure, asked.entity, asked.matter, days)
    return (
        Stretch(begins=structure.on, structure=structure, considered=first),
        *(
            Stretch(begins=day, structure=there, considered=moves_of(there, asked.entity, asked.matter))
            for day, there in later
        ),
    )


def _stands_as(before: Structure, after: Structure) -> bool:
    """Whether nothing that decides differs between two days; rights open and close by their own days."""
    same = (before.entities, before.holdings, before.pools) == (after.entities, after.holdings, after.pools)
    return same and not _held_longer(before, after)


def _held_longer(before: Structure, after: Structure) -> bool:
    """Whether shares carry other votes on a later day because they have been held for longer."""
    return any(
        lot.since is not None and before.on < day_after(lot.since, length) <= after.on
        for held in after.holdings.values()
        for holding in held
        if (share_class := after.entities[holding.entity].classes.get(holding.class_id)) is not None
        and share_class.tenure is not None
        for length, _ in share_class.tenure.after
        for lot in holding.lots
    )


def _answer(searched: Searched, asked: Asked, *, standings: bool) -> PathAnswer:
    structure, arena, found, made = searched.structure, searched.arena, searched.found, searched.replayed
    considered = tuple(dict.fromkeys(act for stretch in searched.stretches for act in stretch.considered.acts))
    first = searched.stretches[0].considered
    common: dict[str, Any] = {
        "entity": asked.entity,
        "matter": asked.matter,
        "who": asked.who,
        "on": structure.on,
        "directors": asked.directors,
        "adversary": asked.adversary,
        "considered": considered,
        "outside": OUTSIDE,
        "start": _standing_at_first(searched, asked) if standings else Standing(),
        "assumptions": _assumptions(searched, asked),
        "because": _because(structure, asked, first.traced.because),
        "certificate": {},
    }
    question = question_of(structure, asked)
    if isinstance(found, Plan) and made is not None and made.ok:
        plan = in_turn(structure, [arena.acts[step] for step in found.steps])
        moves = plan_moves(plan, made)
        common["because"] = tuple(
            dict.fromkeys((*(basis for act in plan for basis in act.because), *common["because"]))
        )
        if not plan:
            certificate = of_already(arena.problem, searched.start, question)
            return PathAnswer(**common | {"answer": "already", "certificate": certificate})
        waits = [step for step, act in enumerate(arena.acts) if act.kind == "wait"]
        certificate = of_plan(arena.problem, searched.start, found.steps, made.takes_effect, question, waits)
        return PathAnswer(
            **common
            | {
                "answer": "path",
                "moves": moves,
                "is_shortest": found.is_shortest,
                "days": made.days,
                "certificate": certificate,
            }
        )
    if isinstance(searched.hoped, Absent):
        absent = searched.hoped
        problem = arena.hopeful
        certificate = (
            of_closure(problem, searched.start, absent.closure, question)
            if absent.closure is not None
            else of_maximal(problem, searched.start, absent.maximal, question)
        )
        return PathAnswer(**common | {"answer": "no path", "certificate": certificate})
    return PathAnswer(**common | {"answer": "undetermined", "would_decide": _would_decide(searched)})


def in_turn(structure: Structure, plan: Sequence[Act]) -> tuple[Act, ...]:
    """Return the moves of a plan, each with what it needs in its turn: a rule rewritten before is as rewritten."""
    rewritten: set[tuple[str, RulePlace]] = set()
    moves: list[Act] = []
    for act in plan:
        place = place_of_need(structure, act.need.keys[0]) if act.need.keys else None
        changed = place is not None and (act.entity, place) in rewritten
        moves.append(replace(act, need=act.need._replace(words="the rule as rewritten")) if changed else act)
        if act.place is not None:
            rewritten.add((act.entity, act.place))
    return tuple(moves)


def plan_moves(plan: Sequence[Act], made: Replayed) -> tuple[PlanMove, ...]:
    """Return the moves of a plan as they were made."""
    return tuple(
        PlanMove(act, by, starts, takes_effect, standing)
        for act, by, starts, takes_effect, standing in zip(
            plan, made.by, made.starts, made.takes_effect, made.standings[1:], strict=True
        )
    )


def _standing_at_first(searched: Searched, asked: Asked) -> Standing:
    made = searched.replayed
    if made is not None and made.standings:
        return made.standings[0]
    return replayed(searched.structure, asked, ()).standings[0]


def question_of(structure: Structure, asked: Asked) -> dict[str, object]:
    """Return what a certificate says of the question."""
    return {
        "entity": asked.entity,
        "matter": asked.matter,
        "who": list(asked.who),
        "on": structure.on.isoformat(),
        "directors": asked.directors,
        "adversary": asked.adversary,
        "account": structure.account,
        "under": structure.under,
    }


def _assumptions(searched: Searched, asked: Asked) -> tuple[str, ...]:
    said = dict.fromkeys(searched.structure.assumptions)
    said["A seat that is filled on the way is its chooser's from then on; a vacant seat agrees to nothing."] = None
    if asked.adversary == "passive":
        said["Those outside do not vote, where only votes cast or those present count."] = None
    for stretch in searched.stretches:
        said |= dict.fromkeys(stretch.considered.assumptions)
    if len(searched.stretches) == MOST_STRETCHES:
        said[f"What falls due after {searched.stretches[-1].begins} is not looked at."] = None
    said |= dict.fromkeys(searched.arena.assumptions)
    return tuple(said)


def _because(structure: Structure, asked: Asked, met: Sequence[Basis]) -> tuple[Basis, ...]:
    entity = structure.entities[asked.entity]
    return tuple(dict.fromkeys((*met, basis_of(entity)))) if not met else tuple(dict.fromkeys(met))


def _would_decide(searched: Searched) -> tuple[str, ...]:
    found, hoped, made = searched.found, searched.hoped, searched.replayed
    said: list[str] = []
    if made is not None and not made.ok:
        said.append(f"A plan was found that the rules, read move by move, do not bear out: {made.why}")
    if isinstance(found, TooLarge) or isinstance(hoped, TooLarge):
        said.append("The search was given up: too many states.")
    if isinstance(hoped, Plan) and not isinstance(found, Plan):
        said += [f"{fact} is stated within bounds; the figure would decide." for fact in deciding_facts(searched)]
    return tuple(said)


def deciding_facts(searched: Searched) -> tuple[str, ...]:
    """Return the bounded facts that leave an answer open: those without whose better reading there is no path.

    Where several could each do it, all that could are named.
    """
    arena = searched.arena
    facts = tuple(dict.fromkeys(fact for each in arena.facts.values() for fact in each))

    def reached(favorable: Collection[str]) -> bool:
        gates = tuple(
            hoped if any(fact in favorable for fact in arena.facts.get(number, ())) else certain
            for number, (certain, hoped) in enumerate(zip(arena.problem.gates, arena.hopeful.gates, strict=True))
        )
        return isinstance(search(prepare(arena.problem._replace(gates=gates)), searched.start, MOST_STATES), Reached)

    if len(facts) > MOST_FACTS:
        return facts
    needed = tuple(fact for fact in facts if not reached([other for other in facts if other != fact]))
    return needed or tuple(fact for fact in facts if reached([fact])) or facts


def position_at_the_end(searched: Searched) -> Position:
    """Return what stands once the plan has been made; what stands at first where there is none."""
    made = searched.replayed
    return made.positions[-1] if made is not None and made.positions else Position(searched.structure)
