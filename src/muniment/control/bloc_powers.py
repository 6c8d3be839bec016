"""Power of blocs and of uneven chances by the road that the rule's size allows, as `muniment.control.powers` does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from muniment.control.blocs import (
    HALF,
    BlocValues,
    SwingChances,
    bloc_values,
    check_blocs,
    check_chances,
    name_of,
    swing_chances,
)
from muniment.control.conditioned import voting_as_one
from muniment.control.diagram import TooLarge
from muniment.control.formula import Mode, System
from muniment.control.functions import function_of
from muniment.control.gates import weighted_rule_of
from muniment.control.intervals import Interval
from muniment.control.powers import NEVER, Powers, SampleNote, powers_of_rule
from muniment.control.weighted_chances import swing_chances_in_floats
from muniment.control.weighted_game import BeyondReach

OF_BLOCS = ("owen", "banzhaf_owen", "symmetric_coalitional_banzhaf")
OF_CHANCES = ("swings", "swing_shares", "passes")
MOST_ENTRIES_TIMES_VOTERS = 3_000_000_000


def powers_of_blocs(
    system: System,
    actors: Sequence[str],
    blocs: Sequence[Sequence[str]],
    *,
    mode: Mode = Mode.CERTAIN,
    seed: int = 1,
) -> Powers:
    """Return what the members of blocs have: tables `owen`, `banzhaf_owen` and `symmetric_coalitional_banzhaf`.

    The table `of_blocs` is the Shapley-Shubik index of the blocs, each as one player, by its name (`ada+bo`).

    Args:
        system: The rule.
        actors: Everyone to be shown; dummies get 0.
        blocs: Actors that form blocs; everyone else is a bloc of one.
        mode: What is assumed of bounds and of holders who do not act together.
        seed: Of the generator, where the values must be sampled.

    Raises:
        ValueError: If a member is no actor, or is in two blocs.
    """
    formed = check_blocs(blocs, actors)
    exact = bloc_values(system, actors, formed, mode)
    if isinstance(exact, BlocValues):
        tables = {name: getattr(exact, name) for name in OF_BLOCS}
        return Powers(tables={**tables, "of_blocs": exact.of_blocs})
    from muniment.control.sampling import CONFIDENCE, owen_sampled

    half = 1 - (1 - CONFIDENCE) / 2
    drawn = owen_sampled(system, formed, seed=seed, mode=mode, confidence=half)
    named = {name_of(bloc): bloc for bloc in formed}
    within = {name for bloc in formed for name in bloc}
    quotient = voting_as_one(system, named)
    units = [*named, *(name for name in actors if name not in within)]
    as_one = powers_of_rule(quotient, mode, function_of(quotient, mode), units, seed=seed)
    index = "shapley_shubik"
    tables, tolerance, intervals = {}, {}, {}
    refused = dict.fromkeys((exact, *as_one.refused))
    note = as_one.sampled
    if isinstance(drawn, TooLarge):
        refused[drawn] = None
    else:
        note = SampleNote(drawn.samples, seed, CONFIDENCE)
        for name, sampled in drawn.tables.items():
            intervals[name] = {actor: sampled.get(actor, NEVER) for actor in actors}
            tables[name] = {actor: each.estimate for actor, each in intervals[name].items()}
            tolerance[name] = _widest(intervals[name])
    if index in as_one.tables:
        tables["of_blocs"] = dict(as_one.tables[index])
    if index in as_one.tolerance:
        tolerance["of_blocs"] = as_one.tolerance[index]
    if index in as_one.intervals:
        intervals["of_blocs"] = dict(as_one.intervals[index])
    return Powers(tables=tables, tolerance=tolerance, intervals=intervals, sampled=note, refused=tuple(refused))


def powers_of_chances(
    system: System,
    actors: Sequence[str],
    chances: Mapping[str, Fraction],
    *,
    mode: Mode = Mode.CERTAIN,
    seed: int = 1,
) -> Powers:
    """Return how often each actor decides where some are likelier than others to agree.

    Tables: `swings`, the chance that the others leave the decision to an actor; `swing_shares`, the same as shares of
    all; `passes`, the chance that it passes, the same for everyone.

    Args:
        system: The rule.
        actors: Everyone to be shown; dummies get 0.
        chances: By actor, the chance of agreeing, 0 to 1; 1/2 for who is not named.
        mode: What is assumed of bounds and of holders who do not act together.
        seed: Of the generator, where the chances must be sampled.

    Raises:
        ValueError: If a name is no actor, or a chance is below 0 or above 1.
    """
    check_chances(chances, actors)
    exact = swing_chances(system, actors, chances, mode)
    if isinstance(exact, SwingChances):
        return _with_passes(exact.passes, exact.swings, exact.swing_shares, {}, ())
    by_weight = _by_weight(system, actors, chances, mode, exact)
    if by_weight is not None:
        return by_weight
    from muniment.control.sampling import CONFIDENCE, banzhaf_sampled

    drawn = banzhaf_sampled(system, seed=seed, mode=mode, chances=chances)
    if isinstance(drawn, TooLarge):
        return Powers(tables={}, refused=(exact, drawn))
    sampled = {name: {actor: table.get(actor, NEVER) for actor in actors} for name, table in drawn.tables.items()}
    if drawn.tables["passes"]:
        passing = next(iter(drawn.tables["passes"].values()))
        sampled["passes"] = dict.fromkeys(actors, passing)
    return Powers(
        tables={name: {actor: each.estimate for actor, each in table.items()} for name, table in sampled.items()},
        tolerance={name: _widest(table) for name, table in sampled.items()},
        intervals=sampled,
        sampled=SampleNote(drawn.samples, seed, CONFIDENCE),
        refused=(exact,),
    )


def _by_weight(
    system: System, actors: Sequence[str], chances: Mapping[str, Fraction], mode: Mode, refusal: TooLarge
) -> Powers | None:
    """Return the chances of one weighted vote within a tolerance; None for any other rule, or where it is too large."""
    rule = weighted_rule_of(system, mode)
    if rule is None or sum(rule.weights) * len(rule.actors) > MOST_ENTRIES_TIMES_VOTERS:
        return None
    try:
        found = swing_chances_in_floats(rule.weights, rule.quota, [chances.get(name, HALF) for name in rule.actors])
    except BeyondReach:
        return None
    swings = dict.fromkeys(actors, Fraction(0)) | dict(zip(rule.actors, found.swings, strict=True))
    total = sum(swings.values())
    lowest = total - len(rule.actors) * found.tolerance
    if not found.tolerance or lowest <= 0:
        return None
    shares = {name: each / total for name, each in swings.items()}
    tolerance = dict.fromkeys(OF_CHANCES, found.tolerance)
    tolerance["swing_shares"] = (len(rule.actors) + 1) * found.tolerance / lowest
    return _with_passes(found.passing, swings, shares, tolerance, (refusal,))


def _with_passes(
    passes: Fraction,
    swings: Mapping[str, Fraction],
    shares: Mapping[str, Fraction],
    tolerance: Mapping[str, Fraction],
    refused: tuple[TooLarge, ...],
) -> Powers:
    tables = {"swings": swings, "swing_shares": shares, "passes": dict.fromkeys(swings, passes)}
    return Powers(tables=tables, tolerance=tolerance, refused=refused)


def _widest(table: Mapping[str, Interval]) -> Fraction:
    return max((each.tolerance for each in table.values()), default=Fraction(0))
