"""Power indices by sampling, for rules that are too large to count: seeded, and never without an interval.

Coalitions are drawn, and for each of them everyone is found who is critical. All intervals of one result hold together
with the stated confidence, by the union bound over inequalities that are exact at any sample size. The size of the
sample follows from the rule and not from the clock, so that a seed gives the same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from muniment.control.batches import Bits, Plan, answers_of, critical, plan_of
from muniment.control.diagram import TooLarge
from muniment.control.formula import Mode, System
from muniment.control.intervals import Interval, interval, mean_bounds, total_bounds

WORK = 80_000_000  # elements touched: about half a second
MOST_SAMPLES = 400_000
LEAST_SAMPLES = 400
MOST_ELEMENTS = 4_000_000  # of one table of coalitions
CONFIDENCE = Fraction(999, 1000)
ZERO = Interval(Fraction(0), Fraction(0), Fraction(0))

Floats: TypeAlias = NDArray[np.float64]
Chances: TypeAlias = Callable[[int, int], Floats]
"""Chances that actors agree in the samples from one number to another; shape (actors, samples) or (1, samples)."""


class Sampled(NamedTuple):
    """Power indices estimated from a sample.

    Attributes:
        tables: By name of the index, by actor: the estimate and its bounds.
        samples: Coalitions drawn.
        seed: Of the generator.
        confidence: Chance, at least, that every interval of every table holds; 0 to 1.
    """

    tables: Mapping[str, Mapping[str, Interval]]
    samples: int
    seed: int
    confidence: Fraction


class _Counts(NamedTuple):
    """What was seen in a sample.

    Attributes:
        critical: Samples in which each actor is critical; shape (actors,).
        shares: One over the number who are critical, summed where a sample passes and an actor is; shape (actors,).
        passing: Samples that pass.
        settled: Passing samples in which somebody is critical.
        together: Sum, and sum of squares, of the number who are critical.
        samples: Coalitions drawn.
    """

    critical: Floats
    shares: Floats
    passing: int
    settled: int
    together: tuple[float, float]
    samples: int


def banzhaf_sampled(
    system: System,
    *,
    seed: int,
    mode: Mode = Mode.CERTAIN,
    chances: Mapping[str, Fraction] | None = None,
    confidence: Fraction = CONFIDENCE,
    work: int = WORK,
    only: Collection[str] | None = None,
) -> Sampled | TooLarge:
    """Estimate the indices that count swings: Penrose, Banzhaf, Coleman's three and Johnston.

    Coalitions are drawn with each actor in them independently: with chance 1/2, or as `chances` says.

    Args:
        system: The rule.
        seed: Of the generator; the same seed gives the same answer.
        mode: What is assumed of bounds and of holders who do not act together.
        chances: By actor, the chance of agreeing, 0 to 1; 1/2 for who is not named. The tables then are `swings` (the
            chance of swinging), `swing_shares` (as shares of all) and `passes` (the chance that it passes).
        confidence: Chance, at least, that all intervals hold together; 0 to 1.
        work: Elements to touch; 80,000,000 take about half a second.
        only: Names of the tables that are wanted; None = all.

    Returns:
        Tables `penrose`, `banzhaf`, `coleman_prevent`, `coleman_initiate`, `coleman_act`, `johnston`, each with all
        actors; or a refusal where even a few hundred coalitions are too much work. An interval never says that somebody
        is a dummy: its upper end is more than 0.

    Source:
        Y. Bachrach et al., "Approximating power indices", AAMAS (2008), with the bounds of W. Hoeffding (1963).
    """
    plan = plan_of(system, mode)
    samples = _samples(plan, work)
    if isinstance(samples, TooLarge):
        return samples
    given = chances or {}
    likely = np.array([[float(given.get(name, Fraction(1, 2)))] for name in plan.actors]).reshape(-1, 1)
    counts = _drawn(plan, samples, seed, lambda start, stop: np.repeat(likely, stop - start, axis=1))
    size = len(plan.actors)
    doubt = float(1 - confidence) / (4 * size + 8)
    reached = _bounded(counts.critical, samples, doubt)
    passes = _bounded(np.array([float(counts.passing)]), samples, doubt)[0]
    number = _together(counts, size, 2 * doubt)
    shares = _shares_of(reached, number)
    if chances is not None:
        named = {"swings": reached, "swing_shares": shares, "passes": [passes] * size}
    else:
        prevent = [_ratio(each, passes, 2.0) for each in reached]
        initiate = [_ratio(each, (1 - passes[0], 1 - passes[2], 1 - passes[1]), 2.0) for each in reached]
        settled = _bounded(np.array([float(counts.settled)]), samples, doubt)[0]
        johnston = [_ratio(each, settled, 1.0) for each in _bounded(counts.shares, samples, doubt)]
        named = {
            "penrose": reached,
            "banzhaf": shares,
            "coleman_prevent": prevent,
            "coleman_initiate": initiate,
            "coleman_act": [passes] * size,
            "johnston": johnston,
        }
    tables = {
        name: {actor: interval(*bounds) for actor, bounds in zip(plan.actors, table, strict=True)}
        for name, table in named.items()
        if only is None or name in only
    }
    return Sampled(tables, samples, seed, confidence)


def shapley_shubik_sampled(
    system: System,
    *,
    seed: int,
    mode: Mode = Mode.CERTAIN,
    confidence: Fraction = CONFIDENCE,
    work: int = WORK,
) -> Sampled | TooLarge:
    """Estimate the Shapley-Shubik index: a share of agreement is drawn, then each agrees with that chance.

    The shares are stratified: one is drawn from each of as many equal parts of 0 to 1 as there are samples.

    Args:
        system: The rule.
        seed: Of the generator; the same seed gives the same answer.
        mode: What is assumed of bounds and of holders who do not act together.
        confidence: Chance, at least, that all intervals hold together; 0 to 1.
        work: Elements to touch; 80,000,000 take about half a second.

    Returns:
        The table `shapley_shubik` with all actors; or a refusal as in `banzhaf_sampled`.

    Source:
        G. Owen, "Multilinear extensions of games", Management Science 18 (1972), for the integral over the share.
    """
    plan = plan_of(system, mode)
    samples = _samples(plan, work)
    if isinstance(samples, TooLarge):
        return samples
    shares = _strata(samples, seed, 0)
    counts = _drawn(plan, samples, seed, lambda start, stop: shares[None, start:stop])
    bounds = _bounded(counts.critical, samples, float(1 - confidence) / (2 * len(plan.actors) + 2))
    table = {actor: interval(*each) for actor, each in zip(plan.actors, bounds, strict=True)}
    return Sampled({"shapley_shubik": table}, samples, seed, confidence)


def owen_sampled(
    system: System,
    blocs: Sequence[Sequence[str]],
    *,
    seed: int,
    mode: Mode = Mode.CERTAIN,
    confidence: Fraction = CONFIDENCE,
    work: int = WORK,
) -> Sampled | TooLarge:
    """Estimate the Owen, Banzhaf-Owen and symmetric coalitional Banzhaf values of blocs of actors.

    Inside a bloc its members are drawn one by one, with one share of agreement for all (Owen, symmetric) or with chance
    1/2 (Banzhaf-Owen); other blocs say yes or no as one, with a share of their own (Owen) or with chance 1/2.

    Args:
        system: The rule.
        blocs: Actors that form blocs, each in at most one; everyone else is a bloc of one.
        seed: Of the generator; the same seed gives the same answer.
        mode: What is assumed of bounds and of holders who do not act together.
        confidence: Chance, at least, that all intervals hold together; 0 to 1.
        work: Elements to touch; 80,000,000 take about half a second.

    Returns:
        The tables `owen`, `banzhaf_owen` and `symmetric_coalitional_banzhaf` with all actors; or a refusal as in
        `banzhaf_sampled`.

    Source:
        G. Owen, "Values of games with a priori unions" (1977) and "Modification of the Banzhaf-Coleman index for games
        with a priori unions" (1982); J. M. Alonso-Meijide and M. G. Fiestras-Janeiro, Ann. Oper. Res. 109 (2002).
    """
    plan = plan_of(system, mode)
    size = len(plan.actors)
    place = {name: at for at, name in enumerate(plan.actors)}
    inside = [[place[name] for name in bloc if name in place] for bloc in blocs]
    inside = [members for members in inside if members]
    grouped = {at for members in inside for at in members}
    alone = [at for at in range(size) if at not in grouped]
    unions = [*inside, *([at] for at in alone)]
    of_union = np.zeros(size, dtype=np.int64)
    for number, members in enumerate(unions):
        of_union[members] = number
    rounds = [(members, members) for members in inside] + ([([], alone)] if alone else [])
    samples = _samples(plan, work // (3 * max(len(rounds), 1)))
    if isinstance(samples, TooLarge):
        return samples
    doubt = float(1 - confidence) / (6 * size + 6)
    tables: dict[str, dict[str, Interval]] = {}
    for at, (name, outer_varies, inner_varies) in enumerate(
        (("owen", True, True), ("banzhaf_owen", False, False), ("symmetric_coalitional_banzhaf", False, True))
    ):
        table: dict[str, Interval] = {}
        for number, (open_, shown) in enumerate(rounds):
            generator = np.random.default_rng([seed, at, number])
            inner = _strata(samples, seed, number) if inner_varies else np.full(samples, 0.5)
            outer = generator.random(samples) if outer_varies else np.full(samples, 0.5)
            counts = np.zeros(size)
            for start, stop in _steps(plan, samples):
                votes = generator.random((len(unions), stop - start)) < outer[start:stop]
                coalitions: Bits = votes[of_union]
                if open_:
                    coalitions[open_] = generator.random((len(open_), stop - start)) < inner[start:stop]
                seen = critical(plan, answers_of(plan, coalitions), coalitions)
                counts += np.count_nonzero(seen, axis=1)
            for actor, bounds in zip(shown, _bounded(counts[shown], samples, doubt), strict=True):
                table[plan.actors[actor]] = interval(*bounds)
        tables[name] = {actor: table[actor] for actor in plan.actors}
    return Sampled(tables, samples, seed, confidence)


def _samples(plan: Plan, work: int) -> int | TooLarge:
    """Return how many coalitions a given work allows; it follows from the rule alone."""
    allowed = work // plan.cost
    if allowed < LEAST_SAMPLES and plan.cost * LEAST_SAMPLES > 10 * work:
        return TooLarge("a sample of the power indices", f"{10 * work:,} elements for {LEAST_SAMPLES} coalitions")
    return max(LEAST_SAMPLES, min(MOST_SAMPLES, allowed))


def _strata(samples: int, seed: int, number: int) -> Floats:
    """Return one share from each of as many equal parts of 0 to 1 as there are samples."""
    drawn = np.random.default_rng([seed, number, 1]).random(samples)
    shares: Floats = (np.arange(samples) + drawn) / samples
    return shares


def _steps(plan: Plan, samples: int) -> list[tuple[int, int]]:
    width = max(64, min(4096, MOST_ELEMENTS // max(len(plan.actors), 1)))
    return [(start, min(start + width, samples)) for start in range(0, samples, width)]


def _drawn(plan: Plan, samples: int, seed: int, chances: Chances) -> _Counts:
    generator = np.random.default_rng(seed)
    size = len(plan.actors)
    often, shares = np.zeros(size), np.zeros(size)
    passing = settled = 0
    total = squares = 0.0
    for start, stop in _steps(plan, samples):
        coalitions = generator.random((size, stop - start)) < chances(start, stop)
        answers = answers_of(plan, coalitions)
        seen = critical(plan, answers, coalitions)
        together = np.count_nonzero(seen, axis=0)
        often += np.count_nonzero(seen, axis=1)
        some = answers.passes & (together > 0)
        shares += seen @ np.where(some, 1 / np.maximum(together, 1), 0.0)
        passing += int(np.count_nonzero(answers.passes))
        settled += int(np.count_nonzero(some))
        total += float(together.sum())
        squares += float((together.astype(np.float64) ** 2).sum())
    return _Counts(often, shares, passing, settled, (total, squares), samples)


Bounds: TypeAlias = tuple[float, float, float]
"""Estimate, lower and upper bound."""


def _bounded(counts: Floats, samples: int, doubt: float) -> list[Bounds]:
    means = counts / samples
    lows, highs = mean_bounds(means, samples, doubt)
    return list(zip(means.tolist(), lows.tolist(), highs.tolist(), strict=True))


def _together(counts: _Counts, size: int, doubt: float) -> Bounds:
    """Return how many actors are critical on average."""
    total, squares = counts.together
    mean = total / counts.samples
    variance = max(squares - counts.samples * mean * mean, 0.0) / (counts.samples - 1)
    return (mean, *total_bounds(mean, variance, float(size), counts.samples, doubt))


def _shares_of(each: Sequence[Bounds], number: Bounds) -> list[Bounds]:
    """Return each one's share of all; the sum of all is bounded in itself and by the bounds of the others."""
    lows, highs = sum(low for _, low, _ in each), sum(high for _, _, high in each)
    found: list[Bounds] = []
    for mean, low, high in each:
        most = min(number[2], low + highs - high)
        least = max(number[1], high + lows - low)
        found.append(
            (
                mean / number[0] if number[0] else 0.0,
                low / most if low > 0 else 0.0,
                min(high / least, 1.0) if least > 0 else 1.0,
            )
        )
    return found


def _ratio(above: Bounds, below: Bounds, times: float) -> Bounds:
    """Return a share of what `below` counts: at most 1."""
    mean = above[0] / (times * below[0]) if below[0] else 0.0
    low = above[1] / (times * below[2]) if below[2] > 0 else 0.0
    high = above[2] / (times * below[1]) if below[1] > 0 else 1.0
    return min(mean, 1.0), min(low, 1.0), min(high, 1.0)
