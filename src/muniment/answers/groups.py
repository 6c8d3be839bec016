"""Groups, blocs and chances: what is asked of a decision beyond who decides, in the reading in which it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from muniment.answers.deciding import Decided
from muniment.control import CompiledDecision, NoSuchMatter, compile_decision
from muniment.control.bloc_powers import powers_of_blocs, powers_of_chances
from muniment.control.blocs import blocs_of_pools, check_blocs
from muniment.control.compiled_decision import is_known
from muniment.control.diagram import TooLarge
from muniment.control.formula import Mode
from muniment.control.group_questions import GroupAnswer, ask_group
from muniment.control.plain import powers_to_json
from muniment.control.powers import Powers


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked about groups.

    Attributes:
        agreeing: Who says yes.
        refusing: Who says no.
        blocs: Who votes as one; each party in at most one.
        pools: The voting pools in force are the blocs.
        chances: By party, the chance of agreeing, 0 to 1.
        seed: Of samples.
    """

    agreeing: tuple[str, ...] = ()
    refusing: tuple[str, ...] = ()
    blocs: tuple[tuple[str, ...], ...] = ()
    pools: bool = False
    chances: Mapping[str, Fraction] | None = None
    seed: int = 1

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is asked."""
        return not (self.agreeing or self.refusing or self.blocs or self.pools or self.chances)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """The answers about groups, of one decision.

    Attributes:
        group: Who must still join, and who can pass without; None if not asked.
        blocs: The blocs that were formed; None if not asked.
        of_blocs: Their values; None if not asked.
        chances: Chances as given; None if not asked.
        of_chances: How often each decides then; None if not asked.
    """

    group: GroupAnswer | None = None
    blocs: tuple[tuple[str, ...], ...] | None = None
    of_blocs: Powers | None = None
    chances: Mapping[str, Fraction] | None = None
    of_chances: Powers | None = None


class NotAskedError(ValueError):
    """A question about somebody or something that the rule does not ask; the message is one for the reader."""


def answers_beyond(found: Sequence[Decided], asked: Asked, entities_act: bool = False) -> tuple[Beyond, ...]:
    """Answer what is asked about groups, for each decision.

    Args:
        found: Decisions on one matter, one for each reading.
        asked: The questions.
        entities_act: Entities are actors, whoever stands behind them.

    Raises:
        NotAskedError: If a name is no party; if a member of a bloc, or one with a chance, is asked in no reading; or if
            there is no voting pool.
    """
    if asked.is_nothing:
        return tuple(Beyond() for _ in found)
    matters = [_compiled(each, entities_act) for each in found]
    actors = {name for matter in matters if matter is not None for name in matter.actors}
    _check(matters, actors, asked)
    return tuple(Beyond() if matter is None else _answer(matter, asked) for matter in matters)


def _compiled(decided: Decided, entities_act: bool) -> CompiledDecision | None:
    decision = decided.decision
    if decided.structure is None:
        return None
    compiled = compile_decision(
        decided.structure,
        f"{decision.entity}: {decision.matter}",
        directors=decision.directors,
        entities_act=entities_act,
    )
    return None if isinstance(compiled, NoSuchMatter) else compiled


def _check(matters: Sequence[CompiledDecision | None], actors: set[str], asked: Asked) -> None:
    asking = [matter for matter in matters if matter is not None]
    for name in (*asked.agreeing, *asked.refusing):
        if not any(is_known(matter.structure, matter.prepared, name) for matter in asking):
            known = {name for matter in asking for name in matter.structure.parties}
            raise NotAskedError(f"there is no party '{name}'{_nearest(name, known)}")
    twice = set(asked.agreeing) & set(asked.refusing)
    if twice:
        raise NotAskedError(f"'{min(twice)}' cannot be both --with and --without")
    for name in (*(name for bloc in asked.blocs for name in bloc), *(asked.chances or ())):
        if name not in actors:
            raise NotAskedError(f"the rule does not ask '{name}'{_nearest(name, actors) or _some(actors)}")
    try:
        check_blocs(asked.blocs, sorted(actors))
    except ValueError as fault:
        raise NotAskedError(str(fault)) from fault
    if asked.pools and not any(blocs_of_pools(matter.structure, matter.actors) for matter in asking):
        raise NotAskedError(
            "no voting pool in force has two members whom the rule asks; name blocs as in 'ada, bo; cy, dee'"
        )


def _nearest(name: str, known: set[str]) -> str:
    near = get_close_matches(name, sorted(known), 1)
    return f"; did you mean '{near[0]}'?" if near else ""


def _some(actors: set[str], most: int = 8) -> str:
    listed = sorted(actors)
    more = f" and {len(listed) - most:,} more" if len(listed) > most else ""
    return f"; it asks {', '.join(listed[:most])}{more}" if listed else "; it asks nobody"


def _answer(matter: CompiledDecision, asked: Asked) -> Beyond:
    system, actors = matter.prepared.compiled.system, matter.actors
    group = ask_group(matter.prepared, asked.agreeing, asked.refusing) if asked.agreeing or asked.refusing else None
    formed: tuple[tuple[str, ...], ...] | None = None
    of_blocs = None
    if asked.blocs or asked.pools:
        blocs = blocs_of_pools(matter.structure, actors) if asked.pools else asked.blocs
        formed = check_blocs([[name for name in bloc if name in actors] for bloc in blocs], actors)
        of_blocs = powers_of_blocs(system, actors, formed, mode=Mode.CERTAIN, seed=asked.seed)
    given = None
    of_chances = None
    if asked.chances:
        given = {name: chance for name, chance in asked.chances.items() if name in actors}
        of_chances = powers_of_chances(system, actors, given, seed=asked.seed)
    return Beyond(group=group, blocs=formed, of_blocs=of_blocs, chances=given, of_chances=of_chances)


def refusals_of(beyond: Beyond) -> tuple[TooLarge, ...]:
    """Return what was too large for an exact answer."""
    found = dict.fromkeys(beyond.group.too_large if beyond.group is not None else ())
    for powers in (beyond.of_blocs, beyond.of_chances):
        found.update(dict.fromkeys(powers.refused if powers is not None else ()))
    return tuple(found)


def beyond_json(beyond: Beyond) -> dict[str, Any]:
    """Return the answers about groups as plain values; nothing that was not asked."""
    fields: dict[str, Any] = {}
    if beyond.group is not None:
        group = beyond.group
        fields["group"] = {
            "with": list(group.agreeing),
            "without": list(group.refusing),
            "not_asked": list(group.not_asked),
            "enough": group.enough,
            "can_block": group.can_block,
            "still_passes": group.still_passes,
            "completions": [list(joining) for joining in group.completions],
            "number_of_completions": group.number_of_completions,
            "smallest_completion": group.smallest_completion,
        }
    if beyond.of_blocs is not None:
        fields["blocs"] = {"formed": [list(bloc) for bloc in beyond.blocs or ()], **powers_to_json(beyond.of_blocs)}
    if beyond.of_chances is not None:
        of_all = powers_to_json(beyond.of_chances)
        passing = of_all.pop("passes", {})
        given = {name: str(chance) for name, chance in (beyond.chances or {}).items()}
        fields["chances"] = {"given": given, "passes": next(iter(passing.values()), None), **of_all}
    return fields
