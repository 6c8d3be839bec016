"""What follows an answer on paths: misses, further consents, durability, cuts, and what the answer hangs on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from muniment.book.structure import Structure
from muniment.control.paths.acts import Act
from muniment.control.paths.answer import ConsentDistance, Cuts, Durability, HangsOn, Miss, PathAnswer
from muniment.control.paths.distance import coalitions_up_to, consent_distance
from muniment.control.paths.find import (
    Asked,
    Searched,
    has_path,
    plan_moves,
    position_at_the_end,
    replayed,
)
from muniment.control.paths.hanging import HAS_IT, MOST_TRIED, Later, Otherwise, what_it_hangs_on
from muniment.control.paths.hostile import against_hostile, wins
from muniment.control.paths.misses import closest_misses
from muniment.control.paths.schedule import soonest
from muniment.control.paths.search import Absent

if TYPE_CHECKING:
    from muniment.control.paths.keeping import Keep

MOST_SEARCHES = 4_000
FEWEST_SEARCHES = 200
FEWEST_TRIED = 12
FEW_GATES = 2_000
"""Problems of so many gates are asked again as often as is allowed; larger ones in proportion less often."""

MOST_POSITIONS = 200
MOST_POSITIONS_OF_A_CUT = 60
MOST_POSITIONS_OF_A_FACT = 60
MOST_STATES = 4_000


def with_more(
    answer: PathAnswer,
    searched: Searched,
    asked: Asked,
    *,
    coalitions: int,
    cuts: bool,
    keep: tuple[str, ...],
    durable: bool,
    hangs_on: bool,
    distance: bool,
) -> PathAnswer | str:
    """Return an answer with what else is wanted of it; a sentence where what must remain possible is not understood.

    Args:
        answer: Whether there is a path.
        searched: What the search came to.
        asked: The question.
        coalitions: As of `find_path`, as are the rest.
        cuts: Whether provisions that leave no path are wanted.
        keep: What must remain possible with a cut.
        durable: Whether it is wanted if the others can undo the result.
        hangs_on: Whether the single facts that flip the answer are wanted.
        distance: Whether the fewest further consents are wanted.
    """
    kept = _kept(searched.structure, asked, keep)
    if isinstance(kept, str):
        return kept
    if asked.adversary == "hostile":
        answer = against_hostile(answer, searched, asked)
    elif answer.answer == "path":
        answer = with_soonest(answer, searched, asked)
    if answer.answer in ("no path", "undetermined") and not answer.misses:
        answer = replace(answer, misses=_misses(searched, asked))
    if distance:
        answer = replace(answer, consent_distance=_distance(answer, searched, asked))
    if coalitions > 0:
        found = coalitions_up_to(
            searched.prepared,
            searched.arena.start(()),
            searched.arena.actors,
            coalitions,
            _within(searched, MOST_SEARCHES, FEWEST_SEARCHES),
        )
        not_all = f"Coalitions of up to {coalitions} were not listed: there are too many to try."
        notes = answer.assumptions if found is not None else (*answer.assumptions, not_all)
        answer = replace(answer, coalitions=found, assumptions=notes)
    if durable and answer.answer in ("already", "path"):
        answer = replace(answer, durability=_durability(searched, asked))
    if cuts and answer.answer != "no path":
        answer = replace(answer, cuts=_cuts(searched, asked, kept))
    if hangs_on:
        hanging, all_tried = _hangs_on(answer, searched, asked)
        not_all = "Not every fact was left out to see whether the answer hangs on it: there is too much to try."
        notes = answer.assumptions if all_tried else (*answer.assumptions, not_all)
        answer = replace(answer, hangs_on=hanging, assumptions=notes)
    return answer


def with_soonest(answer: PathAnswer, searched: Searched, asked: Asked) -> PathAnswer:
    """Return an answer with the fewest days, and a quicker plan than the shortest where one was found."""
    deadlines = tuple(step for step, act in enumerate(searched.arena.acts) if act.kind == "wait")
    found = soonest(searched.prepared, searched.start, MOST_STATES, deadlines)
    answer = replace(answer, least_days=found.least_days)
    if found.plan is None or found.days is None or answer.days is None or found.days >= answer.days:
        return answer
    plan = [searched.arena.acts[step] for step in found.plan]
    made = replayed(searched.structure, asked, plan)
    if not made.ok or made.days >= answer.days:
        return answer
    return replace(answer, soonest=plan_moves(plan, made), soonest_days=made.days)


def _misses(searched: Searched, asked: Asked) -> tuple[Miss, ...]:
    found = searched.found if isinstance(searched.found, Absent) else searched.hoped
    if not isinstance(found, Absent):
        return ()
    states = found.maximal or ((found.closure,) if found.closure is not None else ())
    prepared = searched.prepared if found is searched.found else searched.hopeful
    return closest_misses(searched.arena, prepared, states, f"{asked.entity}: {asked.matter}")


def _distance(answer: PathAnswer, searched: Searched, asked: Asked) -> ConsentDistance | None:
    if answer.answer in ("already", "path"):
        return ConsentDistance(0)
    return consent_distance(
        searched.prepared,
        searched.start,
        searched.arena.actors,
        asked.who,
        _within(searched, MOST_SEARCHES, FEWEST_SEARCHES),
    )


def _durability(searched: Searched, asked: Asked) -> Durability:
    from muniment.control.paths.durability import durability
    from muniment.control.paths.moves import acts_of

    return durability(
        position_at_the_end(searched), asked.goal, asked.who, asked.directors, acts_of, MOST_POSITIONS,
        ahead=asked.ahead, scheduled=asked.scheduled,
    )  # fmt: skip


def _kept(structure: Structure, asked: Asked, keep: tuple[str, ...]) -> list[Keep] | str:
    """Return what must remain possible with a cut, whether or not there is a path to cut; or what is wrong with it."""
    if not keep:
        return []
    from muniment.control.paths.keeping import understand_keep

    kept: list[Keep] = []
    for text in keep:
        understood = understand_keep(structure, text, directors=asked.directors)
        if isinstance(understood, str):
            return understood
        kept.append(understood)
    return kept


def _cuts(searched: Searched, asked: Asked, kept: list[Keep]) -> Cuts:
    from muniment.control.paths.cuts import propose_cuts

    structure = searched.structure
    acts: tuple[Act, ...] = searched.stretches[0].considered.acts

    def is_left(changed: Structure, adopt: Callable[[Structure], Structure]) -> bool | None:
        ahead = asked.ahead
        adopted = asked if ahead is None else replace(asked, ahead=lambda day: adopt(ahead(day)))
        left = has_path(changed, adopted)
        return wins(changed, adopted, MOST_POSITIONS_OF_A_CUT) if left and asked.adversary == "hostile" else left

    return propose_cuts(
        structure, asked.entity, asked.matter, is_left, kept, who=asked.who, acts=acts, directors=asked.directors,
        is_monotone=asked.adversary != "hostile",
    )  # fmt: skip


def _within(searched: Searched, most: int, fewest: int) -> int:
    """Return how often a question of this size is asked again, so that all of it takes seconds."""
    return max(fewest, min(most, most * FEW_GATES // max(len(searched.arena.problem.gates), 1)))


def _hangs_on(answer: PathAnswer, searched: Searched, asked: Asked) -> tuple[tuple[HangsOn, ...], bool]:
    """Return the single facts that flip an answer, and whether all were tried as far as it takes."""
    traced = searched.stretches[0].considered.traced
    later = Later(asked.ahead, traced) if asked.ahead is not None else None

    def ask(other: Otherwise) -> str | None:
        if later is None or len(searched.stretches) == 1:  # nothing that matters falls due
            return _verdict(other.structure, replace(asked, ahead=None, scheduled=()))
        return _verdict(other.structure, replace(asked, ahead=lambda day: later.of(other, day)))

    most = _within(searched, MOST_TRIED, FEWEST_TRIED)
    if asked.adversary == "hostile":
        most //= 2
    found, all_tried = what_it_hangs_on(searched.structure, traced, answer.answer, ask, most)
    other = replace(asked, directors="independent" if asked.directors == "loyal" else "loyal")
    instead = _verdict(searched.structure, other)
    if instead is None or HAS_IT.get(instead, instead) == HAS_IT.get(answer.answer, answer.answer):
        return found, all_tried and instead is not None
    reading = HangsOn("directors", f"{asked.directors} directors", f"{other.directors} directors", instead)
    return (*found, reading), all_tried


def _verdict(structure: Structure, asked: Asked) -> str | None:
    """Return the answer in a structure, without more; control that stands already is a path.

    None where the others move too, and the positions looked at do not decide it.
    """
    found = has_path(structure, asked)
    if found is not False and asked.adversary == "hostile":
        won = wins(structure, asked, MOST_POSITIONS_OF_A_FACT)
        return None if won is None else "path" if won else "no path"
    return {True: "path", False: "no path", None: "undetermined"}[found]
