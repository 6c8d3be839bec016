"""Questions about a group: who must still join it, whether it suffices or blocks, and who can pass without it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias

from muniment.control.coalitions import Sets
from muniment.control.conditioned import given, nodes_named
from muniment.control.diagram import TooLarge
from muniment.control.evaluations import Prepared
from muniment.control.formula import Mode, least
from muniment.control.functions import function_of, sets_of

Answer: TypeAlias = Literal["yes", "no", "undetermined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswer:
    """What a group can do about a matter.

    Attributes:
        agreeing: Who says yes.
        refusing: Who says no.
        not_asked: Those of both whom the rule does not ask.
        enough: Whether those agreeing pass it with everyone else saying no; None where nobody is named.
        can_block: Whether nothing passes without those agreeing; None where nobody is named.
        still_passes: Whether it passes where those refusing say no and everybody else yes.
        completions: Minimal sets that must still join those agreeing, without those refusing; by size, then ids: all of
            at most 1,000, else the first hundred. One empty set where nobody need join.
        number_of_completions: How many there are; None where they are too large to find.
        smallest_completion: Size of the smallest; None if there is none, or they are too large to find.
        too_large: What was refused.
    """

    agreeing: tuple[str, ...]
    refusing: tuple[str, ...]
    not_asked: tuple[str, ...]
    enough: Answer | None
    can_block: Answer | None
    still_passes: Answer
    completions: tuple[tuple[str, ...], ...]
    number_of_completions: int | None
    smallest_completion: int | None
    too_large: tuple[TooLarge, ...] = ()


def ask_group(prepared: Prepared, agreeing: Collection[str], refusing: Collection[str] = ()) -> GroupAnswer:
    """Answer what a group can do about a matter.

    The tests are evaluations, exact at any size; a bounded holding, or holders who do not act together, may leave them
    undetermined. Completions count on nobody who does not act together and read bounds against whom they name.

    Args:
        prepared: The matter.
        agreeing: Ids of parties, or `entity.body`, who say yes; an entity or body votes as named.
        refusing: The same, who say no.

    Raises:
        ValueError: If somebody both agrees and refuses.
    """
    both = sorted(set(agreeing) & set(refusing))
    if both:
        raise ValueError(f"'{both[0]}' cannot both agree and refuse")
    system = prepared.compiled.system
    nodes = nodes_named(prepared.compiled, [*agreeing, *refusing])
    yes = [number for name in agreeing for number in nodes[name]]
    no = [number for name in refusing for number in nodes[name]]
    function = function_of(given(system, yes, no), Mode.CERTAIN)
    sets = sets_of(function)
    counted = isinstance(sets, Sets)
    nobody, everyone = (), prepared.actors
    return GroupAnswer(
        agreeing=tuple(agreeing),
        refusing=tuple(refusing),
        not_asked=tuple(name for name, numbers in nodes.items() if not numbers),
        enough=_between(prepared, nobody, yes, (), (Mode.CERTAIN, Mode.POSSIBLE)) if agreeing else None,
        can_block=_opposite(
            _between(prepared, everyone, (), yes, (Mode.CERTAIN_WITH_OTHERS, Mode.POSSIBLE_WITH_OTHERS))
        )
        if agreeing
        else None,
        still_passes=_between(prepared, everyone, yes, no, (Mode.CERTAIN_WITH_OTHERS, Mode.POSSIBLE_WITH_OTHERS)),
        completions=sets.listed if isinstance(sets, Sets) else (),
        number_of_completions=sets.number if isinstance(sets, Sets) else None,
        smallest_completion=sets.smallest if isinstance(sets, Sets) else None,
        too_large=() if counted or not isinstance(sets, TooLarge) else (sets,),
    )


def _between(
    prepared: Prepared,
    agreeing: Collection[str],
    yes: Collection[int],
    no: Collection[int],
    modes: tuple[Mode, Mode],
) -> Answer:
    """Return whether it passes, where bounds are read against it and where they are read in favor of it."""
    root = prepared.compiled.system.root
    certain, possible = (least(prepared.circuits[mode], agreeing, yes=yes, no=no).yes[root] for mode in modes)
    if certain:
        return "yes"
    return "undetermined" if possible else "no"


def _opposite(answer: Answer) -> Answer:
    if answer == "undetermined":
        return answer
    return "no" if answer == "yes" else "yes"
