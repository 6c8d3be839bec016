"""One weighted rule: every road to its counts, and the indices read off them."""

from __future__ import annotations

import doctest
import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations, product
from math import comb, gcd
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.control import (
    power,
    weighted,
    weighted_chances,
    weighted_halves,
    weighted_orders,
    weighted_packed,
    weighted_residues,
    weighted_sets,
)
from muniment.control.power import banzhaf, shapley_shubik
from muniment.control.weighted import (
    coleman_act,
    coleman_initiate,
    coleman_prevent,
    count_swings,
    count_swings_by_size,
    penrose,
)
from muniment.control.weighted_chances import swing_chances, swing_chances_in_floats
from muniment.control.weighted_game import BeyondReach, Counts, Tally, smallest_form
from muniment.control.weighted_orders import shapley_shubik_by_integral, shapley_shubik_by_size
from muniment.control.weighted_sets import count_minimal_coalitions, deegan_packel, holler, johnston

WITH_NUMBA = pytest.mark.skipif(not weighted_residues.is_compiled(), reason="numba is not installed")

weight = st.one_of(st.integers(0, 3), st.integers(0, 30))
rules = st.lists(weight, min_size=1, max_size=8).flatmap(
    lambda weights: st.tuples(st.just(weights), st.integers(-1, sum(weights) + 2))
)
undecided = rules.filter(lambda rule: 0 < rule[1] <= sum(rule[0]))


def swings_one_by_one(weights: Sequence[int], quota: int) -> tuple[list[list[int]], int]:
    """Go through all coalitions: the swings for each voter and size, and the number of winning coalitions."""
    n = len(weights)
    swings = [[0] * n for _ in weights]
    winning = 0
    for said in product((0, 1), repeat=n):
        total = sum(weight for weight, yes in zip(weights, said, strict=True) if yes)
        winning += total >= quota
        for voter in range(n):
            if not said[voter] and total < quota <= total + weights[voter]:
                swings[voter][sum(said)] += 1
    return swings, winning


@given(rules)
def test_counts_are_those_of_all_coalitions(rule: tuple[list[int], int]) -> None:
    weights, quota = rule
    swings, winning = swings_one_by_one(weights, quota)
    assert count_swings(weights, quota) == Counts([sum(sizes) for sizes in swings], winning)
    assert count_swings_by_size(weights, quota) == swings


def roads(weights: Sequence[int], quota: int, *, sized: bool) -> list[Tally]:
    found = [
        weighted_halves.tally(weights, quota, sized=sized),
        weighted_packed.tally(weights, quota, sized=sized),
        weighted_residues.tally(weights, quota, sized=sized, compiled=False),
    ]
    if weighted_residues.is_compiled():
        found.append(weighted_residues.tally(weights, quota, sized=sized, compiled=True))
    return found


@given(st.lists(st.integers(1, 40), min_size=1, max_size=16), st.integers(1, 400), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_road_counts_the_same(weights: list[int], quota: int, sized: bool) -> None:
    weights.sort()
    first, *others = roads(weights, min(quota, sum(weights)), sized=sized)
    assert others == [first] * len(others)


def uneven(n: int, most: int, seed: int = 1) -> list[int]:
    """Return n weights up to about `most`, always the same."""
    found, state = [], seed
    for _ in range(n):
        state = state * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        found.append(1 + ((state >> 40) * most >> 24))
    return found


@pytest.mark.parametrize(("n", "most"), [(63, 50), (64, 50), (65, 50), (130, 40)])
def test_roads_agree_beyond_one_machine_word(n: int, most: int) -> None:
    weights = sorted(uneven(n, most))
    quota = sum(weights) * 2 // 5
    found = [weighted_residues.tally(weights, quota, compiled=False), weighted_packed.tally(weights, quota)]
    if weighted_residues.is_compiled():
        found.append(weighted_residues.tally(weights, quota, compiled=True))
    assert found[1:] == found[:1] * (len(found) - 1)
    assert max(swings for (swings,) in found[0].swings.values()) > 1 << n - 8


@pytest.mark.parametrize("n", [1, 2, 25, 63, 64, 65, 128, 190, 1000])
def test_equal_voters_are_counted_by_binomials(n: int) -> None:
    quota = n // 2 + 1
    counts = count_swings([7] * n, 7 * quota)
    assert counts.swings == [comb(n - 1, quota - 1)] * n
    assert counts.winning == sum(comb(n, size) for size in range(quota, n + 1))
    if n <= 128:
        by_size = count_swings_by_size([7] * n, 7 * quota)
        assert by_size[0] == [comb(n - 1, quota - 1) if size == quota - 1 else 0 for size in range(n)]
        assert shapley_shubik_by_size([7] * n, 7 * quota) == [Fraction(1, n)] * n


@WITH_NUMBA
def test_many_voters_are_counted_by_compiled_loops_and_by_numpy_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = uneven(400, 300)
    quota = sum(weights) * 3 // 5
    compiled = count_swings(weights, quota)
    monkeypatch.setattr(weighted_residues, "WORTH_COMPILING", 1 << 60)
    assert count_swings(weights, quota) == compiled
    # Swings are twice the winning coalitions with the voter, less all winning coalitions: the parity is the same.
    assert {swings % 2 for swings in compiled.swings} == {compiled.winning % 2}


@given(undecided)
def test_the_rule_and_who_can_block_it_have_the_same_swings(rule: tuple[list[int], int]) -> None:
    weights, quota = rule
    counts = count_swings(weights, quota)
    of_dual = count_swings(weights, sum(weights) - quota + 1)
    assert of_dual.swings == counts.swings
    assert counts.winning + of_dual.winning == 1 << len(weights)
    assert shapley_shubik(weights, quota) == shapley_shubik(weights, sum(weights) - quota + 1)


@given(undecided, st.integers(1, 10**30))
def test_weights_of_any_size(rule: tuple[list[int], int], factor: int) -> None:
    weights, quota = rule
    larger = [weight * factor for weight in weights]
    assert count_swings(larger, quota * factor - factor // 2) == count_swings(weights, quota)
    assert johnston(larger, quota * factor) == johnston(weights, quota)


def test_forty_voters_with_unrelated_weights_are_counted() -> None:
    weights = [10**20 + weight for weight in uneven(36, 10**6)]
    counts = count_swings(weights, sum(weights) // 2 + 1)
    # Any 19 of 36 outweigh the others; of 18 against 18, one side does.
    assert counts.winning == 1 << 35
    assert sum(counts.swings) > 0
    assert [a for _, a in sorted(zip(weights, counts.swings, strict=True))] == sorted(counts.swings)


def test_the_smallest_form() -> None:
    # 60 of 100 with 70, 20 and 10 votes: 6 of 6, 2 and 1 votes, as a voter's votes above the quota do not matter; the
    # same swings as with 4 of 6, 2 and 1; that is, with 4 of 4, 2 and 1.
    form = smallest_form([70, 20, 10, 0], 60)
    assert (form.weights, form.quota, form.without_weight) == ((1, 2, 4), 4, 1)
    assert count_swings([70, 20, 10, 0], 60) == Counts([8, 0, 0, 0], 8)
    assert smallest_form([4, 4, 2], 6).weights == (1, 2, 2)


@pytest.mark.parametrize(
    ("weights", "quota", "expected"),
    [
        ([5], 1, Counts([1], 1)),
        ([5], 5, Counts([1], 1)),
        ([5], 6, Counts([0], 0)),
        ([5], 0, Counts([0], 2)),
        ([0, 0], 1, Counts([0, 0], 0)),
        ([], 1, Counts([], 0)),
        ([], 0, Counts([], 1)),
        ([2, 1, 1], 2, Counts([3, 1, 1], 5)),
        ([3, 3, 1], 3, Counts([2, 2, 0], 6)),
        ([3, 3, 1], 7, Counts([1, 1, 1], 1)),
    ],
)
def test_ends_and_voters_who_pass_alone(weights: list[int], quota: int, expected: Counts) -> None:
    assert count_swings(weights, quota) == expected


def test_bad_weights_are_refused() -> None:
    for function in (count_swings, count_swings_by_size, holler, johnston, deegan_packel, shapley_shubik_by_integral):
        with pytest.raises(ValueError, match="a weight of -1"):
            function([2, -1], 1)
    with pytest.raises(ValueError, match="whole numbers"):
        count_swings([1.5, 1], 1)  # type: ignore[list-item]
    with pytest.raises(ValueError, match="2 weights but 1 chances"):
        swing_chances([1, 1], 1, [Fraction(1, 2)])
    with pytest.raises(ValueError, match="a chance of 3/2"):
        swing_chances_in_floats([1, 1], 1, [Fraction(1, 2), Fraction(3, 2)])


def test_refusals_say_what_would_help(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BeyondReach, match="at most 100,000,000 are counted exactly"):
        count_swings(uneven(60, 10**12), 10**13)
    monkeypatch.setattr(weighted_residues, "is_compiled", lambda: False)
    with pytest.raises(BeyondReach, match=r"install muniment\[scale\]"):
        count_swings(uneven(1000, 10_000), 2_500_000)
    with pytest.raises(BeyondReach, match=r"at most 15,000,000,000 are made$"):
        count_swings(uneven(3000, 30_000), 20_000_000)
    monkeypatch.setattr(weighted_sets, "WORK_LIMIT", 100_000)
    with pytest.raises(BeyondReach, match="different weights"):
        johnston(uneven(60, 10**9), 10**10)
    with pytest.raises(BeyondReach, match="in_floats"):
        swing_chances([1] * 35, 18, [Fraction(1, 3)] * 35)
    with pytest.raises(BeyondReach, match="at most 50,000,000 are kept"):
        shapley_shubik_by_integral(uneven(60, 10**12), 10**13)


def test_few_voters_need_neither_numpy_nor_numba() -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "from muniment.control.power import banzhaf, shapley_shubik\n"
        "before = set(sys.modules)\n"
        "banzhaf([10**9 + 7 * at for at in range(24)], 12 * 10**9)\n"
        "shapley_shubik([10**9 + 7 * at for at in range(24)], 12 * 10**9)\n"
        "print(sorted({'numpy', 'numba'} & (set(sys.modules) - before)))\n"
        "print('numba' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout == "[]\nFalse\n"


@WITH_NUMBA
def test_machine_code_is_kept_only_beside_the_source_or_where_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from muniment.control import machine_code

    def twice(number: int) -> int:
        return 2 * number

    def kept(function: Callable[..., object]) -> str:
        return type(function._cache).__name__  # type: ignore[attr-defined]

    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(machine_code.os, "access", lambda path, mode: True)
    assert kept(machine_code.compiled(twice)) == "FunctionCache"
    monkeypatch.setattr(machine_code.os, "access", lambda path, mode: False)
    function = machine_code.compiled(twice)
    assert kept(function) == "NullCache"
    assert function(21) == 42


@pytest.mark.parametrize("module", [weighted, weighted_chances, weighted_orders, weighted_sets, power])
def test_examples_in_the_docstrings(module: ModuleType) -> None:
    ran = doctest.testmod(module)
    assert ran.attempted > 0
    assert ran.failed == 0


# The moduli and their joining


@pytest.mark.parametrize("bits", [1, 64, 65, 1000])
def test_moduli_have_no_common_divisor(bits: int) -> None:
    moduli = weighted_residues.moduli_above(1 << bits)
    assert all(gcd(a, b) == 1 for a, b in combinations(moduli, 2))
    assert all(modulus < 1 << 63 for modulus in moduli[1:])
    number = 3**500 % (1 << bits)
    assert weighted_residues.joined(moduli, [[number % modulus for modulus in moduli]]) == [number]


# Penrose, Coleman


@given(undecided)
def test_penrose_and_coleman(rule: tuple[list[int], int]) -> None:
    weights, quota = rule
    swings, winning = swings_one_by_one(weights, quota)
    n, all_swings = len(weights), [sum(sizes) for sizes in swings]
    assert penrose(weights, quota) == [Fraction(count, 2 ** (n - 1)) for count in all_swings]
    assert coleman_prevent(weights, quota) == [Fraction(count, winning) for count in all_swings]
    assert coleman_initiate(weights, quota) == [Fraction(count, 2**n - winning) for count in all_swings]
    assert coleman_act(weights, quota) == Fraction(winning, 2**n)
    assert sum(banzhaf(weights, quota)) == 1
    for weight, prevent in zip(weights, coleman_prevent(weights, quota), strict=True):
        assert (prevent == 1) == (sum(weights) - weight < quota)


def test_published_figures() -> None:
    # Council of the EEC, 1958: Luxembourg never decided (L. Brams and P. Affuso, 1976).
    assert banzhaf([4, 4, 4, 2, 2, 1], 12) == [Fraction(5, 21)] * 3 + [Fraction(1, 7)] * 2 + [Fraction(0)]
    # Nassau County, 1964 (J. Banzhaf, 1965).
    assert banzhaf([31, 31, 28, 21, 2, 2], 58) == [Fraction(1, 3)] * 3 + [Fraction(0)] * 3
    # Council of the EU after Nice, votes only: 2,718,774 winning coalitions (D. Felsenthal and M. Machover, 2001).
    nice = [29] * 4 + [27] * 2 + [14, 13] + [12] * 5 + [10] * 3 + [7] * 5 + [4] * 5 + [3]
    assert count_swings(nice, 255).winning == 2_718_774
    assert [round(share, 4) for share in banzhaf(nice, 255)][::26] == [Fraction("0.0778"), Fraction("0.0094")]
    # California in the Electoral College of 1996 (Y. Matsui and T. Matsui, 2000).
    states = [54, 33, 32, 25, 23, 22, 21, 18, 15, 14, 13, 13, 12, 12, 11, 11, 11, 11, 10, 10, 9, 9] + [8] * 6
    states += [7] * 3 + [6] * 2 + [5] * 4 + [4] * 6 + [3] * 8
    assert abs(penrose(states, 270)[0] - Fraction("0.4664541346829614")) < Fraction(1, 10**15)
    assert abs(shapley_shubik(states, 270)[0] - Fraction("0.10812540951779513")) < Fraction(1, 10**15)


# Shapley-Shubik


@given(undecided)
@settings(max_examples=60, deadline=None)
def test_both_roads_to_shapley_shubik(rule: tuple[list[int], int]) -> None:
    weights, quota = rule
    exact = shapley_shubik_by_size(weights, quota)
    assert sum(exact) == 1
    found = shapley_shubik_by_integral(weights, quota)
    assert all(abs(a - b) <= found.tolerance for a, b in zip(exact, found.values, strict=True))
    assert found.tolerance <= Fraction(1, 10**9)
    assert [value == 0 for value, weight in zip(found.values, weights, strict=True) if weight == 0].count(False) == 0


@pytest.mark.parametrize("share", [Fraction(1, 2), Fraction(2, 3), Fraction(17, 20), Fraction(1, 20)])
def test_the_integral_reaches_its_tolerance(share: Fraction) -> None:
    weights = uneven(70, 40)
    quota = int(sum(weights) * share) + 1
    exact = shapley_shubik_by_size(weights, quota)
    found = shapley_shubik_by_integral(weights, quota, tolerance=Fraction(1, 10**10))
    assert max(abs(a - b) for a, b in zip(exact, found.values, strict=True)) <= found.tolerance <= Fraction(1, 10**10)


@pytest.mark.parametrize(("big", "small", "quota"), [(400, 1000, 701), (400, 1000, 1300), (3, 900, 452), (30, 5, 30)])
def test_one_great_holder_among_many_small_ones(big: int, small: int, quota: int) -> None:
    # The great holder decides where q - w to q - 1 of the small ones came before: each number is as likely.
    share = Fraction(sum(1 for before in range(small + 1) if quota - big <= before < quota), small + 1)
    found = shapley_shubik_by_integral([big, *[1] * small], quota)
    assert abs(found.values[0] - share) <= found.tolerance
    assert abs(found.values[1] - (1 - share) / small) <= found.tolerance


def test_numpy_alone_gives_the_same_integral(monkeypatch: pytest.MonkeyPatch) -> None:
    weights, quota = uneven(150, 200), 9_000
    usual = shapley_shubik_by_integral(weights, quota)
    monkeypatch.setattr(weighted_chances, "is_compiled", lambda: False)
    by_numpy = shapley_shubik_by_integral(weights, quota)
    assert max(abs(a - b) for a, b in zip(usual.values, by_numpy.values, strict=True)) < Fraction(1, 10**12)


@WITH_NUMBA
def test_compiled_tables_of_chances_are_those_of_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    weights, quota = uneven(40, 300), 2_500
    chances = [Fraction(1 + at % 9, 10) for at in range(40)]
    by_numpy = swing_chances_in_floats(weights, quota, chances)
    monkeypatch.setattr(weighted_chances, "WORTH_COMPILING", 0)
    monkeypatch.setattr(weighted_chances, "WORTH_COMPILING_CHAINS", 0)
    compiled = swing_chances_in_floats(weights, quota, chances)
    assert max(abs(a - b) for a, b in zip(by_numpy.swings, compiled.swings, strict=True)) < Fraction(1, 10**13)
    assert abs(by_numpy.passing - compiled.passing) < Fraction(1, 10**13)


def test_a_tolerance_beyond_rounding_is_refused() -> None:
    with pytest.raises(BeyondReach, match="rounding"):
        shapley_shubik_by_integral(uneven(60, 40), 600, tolerance=Fraction(1, 10**30))


# Voters with chances of their own


@given(rules, st.data())
@settings(max_examples=60, deadline=None)
def test_chances_are_those_of_all_coalitions(rule: tuple[list[int], int], data: st.DataObject) -> None:
    weights, quota = rule
    n = len(weights)
    kinds = st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(7, 10)])
    chances = data.draw(st.lists(kinds, min_size=n, max_size=n))
    passing, swings = Fraction(0), [Fraction(0)] * n
    for said in product((False, True), repeat=n):
        total = sum(weight for weight, yes in zip(weights, said, strict=True) if yes)
        parts = [chance if yes else 1 - chance for chance, yes in zip(chances, said, strict=True)]
        likely = Fraction(1)
        for part in parts:
            likely *= part
        passing += likely if total >= quota else 0
        for voter in range(n):
            if not said[voter] and total < quota <= total + weights[voter]:
                others = Fraction(1)
                for part in (*parts[:voter], *parts[voter + 1 :]):
                    others *= part
                swings[voter] += others
    exact = swing_chances(weights, quota, chances)
    assert (exact.swings, exact.passing, exact.tolerance) == (swings, passing, 0)
    floats = swing_chances_in_floats(weights, quota, chances)
    assert floats.tolerance < Fraction(1, 10**11)
    assert abs(floats.passing - passing) <= floats.tolerance
    assert all(abs(a - b) <= floats.tolerance for a, b in zip(floats.swings, swings, strict=True))


def test_a_chance_of_one_half_is_penrose() -> None:
    weights, quota = uneven(30, 10**6), 8 * 10**6
    half = [Fraction(1, 2)] * 30
    found = swing_chances(weights, quota, half)
    assert found.swings == penrose(weights, quota)
    assert found.passing == coleman_act(weights, quota)


def test_chances_of_many_voters_are_in_proportion_to_those_counted() -> None:
    weights = uneven(300, 100)
    quota = sum(weights) // 2 + 1
    found = swing_chances_in_floats(weights, quota, [Fraction(1, 2)] * 300)
    assert all(abs(a - b) <= found.tolerance for a, b in zip(found.swings, penrose(weights, quota), strict=True))
    assert found.tolerance < Fraction(1, 10**9)


# Minimal coalitions


def shares_one_by_one(weights: Sequence[int], quota: int) -> dict[str, list[Fraction]]:
    n = len(weights)
    parts = {name: [Fraction(0)] * n for name in ("deegan_packel", "holler", "johnston")}
    for size in range(n + 1):
        for coalition in combinations(range(n), size):
            surplus = sum(weights[voter] for voter in coalition) - quota
            if surplus < 0:
                continue
            critical = [voter for voter in coalition if weights[voter] > surplus]
            for voter in critical:
                parts["johnston"][voter] += Fraction(1, len(critical))
                if len(critical) == size:
                    parts["deegan_packel"][voter] += Fraction(1, size)
                    parts["holler"][voter] += 1
    return parts


@given(undecided)
@settings(max_examples=80, deadline=None)
def test_deegan_packel_holler_and_johnston(rule: tuple[list[int], int]) -> None:
    weights, quota = rule
    parts = shares_one_by_one(weights, quota)
    for name, index in (("deegan_packel", deegan_packel), ("holler", holler), ("johnston", johnston)):
        assert index(weights, quota) == [part / sum(parts[name]) for part in parts[name]]
    assert count_minimal_coalitions(weights, quota).containing == parts["holler"]


def test_published_figures_of_minimal_coalitions() -> None:
    # J. Deegan and E. Packel (1978) and M. Holler (1982) are not monotone: 20 votes, and a smaller share than 15.
    shares = holler([35, 20, 15, 15, 15], 51)
    assert shares == [Fraction(4, 15), Fraction(2, 15), Fraction(1, 5), Fraction(1, 5), Fraction(1, 5)]
    assert johnston([5, 3, 1], 8) == [Fraction(1, 2), Fraction(1, 2), Fraction(0)]
    assert count_minimal_coalitions([1] * 101, 51).number == comb(101, 51)
    assert weighted.count_swings([1] * 101, 51).swings[0] == comb(100, 50)


def test_decided_rules_have_no_indices() -> None:
    for index in (holler, deegan_packel, johnston, shapley_shubik_by_size, penrose):
        assert index([2, 1], 4) == [0, 0]
        assert index([2, 1], 0) == [0, 0]
    assert count_minimal_coalitions([2, 1], 0) == (1, [0, 0])
    assert count_minimal_coalitions([2, 1], 4) == (0, [0, 0])
