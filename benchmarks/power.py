"""How long the power indices of large rules take, beside the peers from PyPI; and whether all agree.

Prints Markdown tables: for each game and index our seconds and each peer's, the ratio, and the largest difference of
any voter's index from ours. Ours are exact whole numbers or fractions, except where the row says "integral", which has
a tolerance. A peer runs in a process of its own, and is given up after LIMIT seconds or 8 GB. One that is not installed
is skipped with a word; `make bench` installs them. Each figure is the best of several runs, the peers' without import,
ours after a first run; the time of a first run in a new process is given apart.

Run: python benchmarks/power.py [LIMIT, default 20] [--into PAGE, to write them below its mark <!-- figures -->]
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from importlib.util import find_spec
from math import comb
from pathlib import Path
from typing import Any, NamedTuple

PEERS = ("power_bdd", "powerindices", "powerindex", "tucoopy")
MEMORY = 8 << 30

# 1 January 2019, Eurostat; as in the tests of power_bdd, without the United Kingdom.
EU_27 = [493559, 613894, 875898, 1324820, 1919968, 2080908, 2794184, 4076246, 4904226, 5450421, 5517919, 5806081]
EU_27 += [7000039, 8858775, 9772756, 10230185, 10276617, 10649800, 10722287, 11467923, 17282163, 19401658, 37972812]
EU_27 += [46934632, 60359546, 67028048, 83019214]


class Game(NamedTuple):
    """A rule: any of the groups, in each of which every weighted rule must be met.

    Attributes:
        name: What is shown.
        leaves: Weights and quota of each weighted rule.
        groups: Numbers of leaves.
    """

    name: str
    leaves: list[tuple[list[int], int]]
    groups: list[list[int]]


def majority(name: str, weights: list[int]) -> Game:
    return Game(name, [(weights, sum(weights) // 2 + 1)], [[0]])


def members_of_a_fund(votes: int) -> list[int]:
    """Return 190 members' votes, a few of them large, as in an international fund."""
    draw = random.Random(1)
    sizes = [draw.lognormvariate(0, 1.5) for _ in range(190)]
    return [max(1, round(size / sum(sizes) * votes)) for size in sizes]


def games() -> dict[str, Game]:
    draw = random.Random(1)
    holders = [draw.randint(1, 1000) for _ in range(1000)]
    small = [draw.randint(1, 10) for _ in range(1000)]
    people = sum(EU_27)
    states = [1] * 27
    house, senate = [0] * 102 + [1] * 435, [0, 0] + [1] * 100 + [0] * 435
    president, vice = [1] + [0] * 536, [0, 1] + [0] * 535
    return {
        "eu": Game(
            "EU-27, Lisbon: 15 states with 65% of the people, or all but three states",
            [(states, 15), (EU_27, -(-people * 65 // 100)), (states, 24)],
            [[0, 1], [2]],
        ),
        "us": Game(
            "US federal legislature, 537 players, seven rules",
            [(house, 218), (senate, 51), (president, 1), (senate, 50), (vice, 1), (house, 290), (senate, 67)],
            [[0, 1, 2], [0, 3, 4, 2], [5, 6]],
        ),
        "fund": majority("190 members, 5.03 M votes", members_of_a_fund(5_030_000)),
        "fund/100": majority("190 members, 50,300 votes", members_of_a_fund(50_300)),
        "holders": majority("1,000 holders, 1 to 1,000 votes each", holders),
        "small": majority("1,000 holders, 1 to 10 votes each", small),
    }


ROWS = [
    ("eu", "banzhaf", ("power_bdd",)),
    ("eu", "both", ("power_bdd",)),
    ("us", "penrose", ("power_bdd",)),
    ("us", "shapley_shubik", ()),
    # Of the larger games only those peers that got nearest to an answer on the smaller ones.
    ("fund", "penrose", ("powerindices", "powerindex")),
    ("fund", "shapley_shubik", ("powerindices",)),
    ("fund/100", "penrose", PEERS),
    ("fund/100", "shapley_shubik", PEERS),
    ("holders", "penrose", ("powerindices", "powerindex")),
    ("holders", "shapley_shubik", ("powerindices",)),
    ("small", "penrose", PEERS),
    ("small", "shapley_shubik", ("powerindices", "powerindex")),
]
EXACT_BY_SIZE = {"fund/100"}
INDEX_NAMES = {
    "banzhaf": "Banzhaf",
    "penrose": "Banzhaf",
    "shapley_shubik": "Shapley-Shubik",
    "both": "Banzhaf and Shapley-Shubik",
}


# Ours


def ours(game: Game, index: str, *, exact: bool = False) -> tuple[list[Fraction], str]:
    """Return the index of every voter (two indices: one after the other), and how it was come by."""
    if len(game.leaves) > 1:
        return ours_by_diagram(game, index)
    from muniment.control.weighted import penrose
    from muniment.control.weighted_orders import shapley_shubik_by_integral, shapley_shubik_by_size

    weights, quota = game.leaves[0]
    if index == "penrose":
        return penrose(weights, quota), "exact"
    if exact:
        return shapley_shubik_by_size(weights, quota), "exact"
    found = shapley_shubik_by_integral(weights, quota)
    return found.values, f"integral, ±{float(found.tolerance):.0e}"


def ours_by_diagram(game: Game, index: str) -> tuple[list[Fraction], str]:
    from muniment.control.formula import And, AtLeast, Drawing, Or, same_in_every_mode
    from muniment.control.levelled import levelled_diagram_of
    from muniment.control.levelled_counts import shapley_shubik_of, swings_of

    drawing = Drawing()
    names = [f"{at:03}" for at in range(len(game.leaves[0][0]))]
    actors = tuple(drawing.actor(name) for name in names)
    votes = []
    for weights, quota in game.leaves:
        voting = [(actor, weight) for actor, weight in zip(actors, weights, strict=True) if weight]
        parts, counted = zip(*voting, strict=True)
        votes.append(drawing.add(AtLeast(parts, same_in_every_mode(list(counted), quota))))
    groups = [drawing.add(And(tuple(votes[at] for at in group))) for group in game.groups]
    diagram: Any = levelled_diagram_of(drawing.system(drawing.add(Or(tuple(groups)))))
    found: list[Fraction] = []
    how = "exact"
    if index != "shapley_shubik":
        swings: Any = swings_of(diagram)
        whole = 1 << swings.actors - 1 if index == "penrose" else sum(swings.counts.values())
        found += [Fraction(swings.counts[name], whole) for name in names]
    if index != "banzhaf" and index != "penrose":
        shares: Any = shapley_shubik_of(diagram)
        found += [shares.values[name] for name in names]
        if shares.tolerance:
            how = f"integral, ±{float(shares.tolerance):.0e}"
    return found, how


# The peers


def peers_index(peer: str, game: Game, index: str) -> list[float]:
    """Return the peer's index of every voter, or raise what it raises."""
    if peer == "power_bdd":
        return by_power_bdd(game, index)
    weights, quota = list(game.leaves[0][0]), game.leaves[0][1]
    if peer == "powerindices":
        import powerindices

        function = powerindices.compute_pbi if index == "penrose" else powerindices.compute_ssi
        return [float(value) for value in function(quota, weights)]
    if peer == "powerindex":
        from powerindex.powerindex import Game as TheirGame

        theirs = TheirGame(quota, weights)
        if index == "penrose":
            theirs.calc_banzhaf()
            return list(theirs.banzhaf)
        theirs.calc_shapley_shubik()
        return list(theirs.shapley_shubik)
    from tucoopy.power.banzhaf import banzhaf_index_weighted_voting
    from tucoopy.power.shapley_shubik import shapley_shubik_index_weighted_voting

    if index == "penrose":
        return list(banzhaf_index_weighted_voting(weights, quota))
    return list(shapley_shubik_index_weighted_voting(weights, quota))


def by_power_bdd(game: Game, index: str) -> list[float]:
    from power_bdd.bdd import BDD, WeightedGame

    diagram = None
    for group in game.groups:
        conjunction = None
        for at in group:
            weights, quota = game.leaves[at]
            leaf = BDD(WeightedGame(quota, list(weights)))
            conjunction = leaf if conjunction is None else conjunction & leaf
        diagram = conjunction if diagram is None else diagram | conjunction
    found: list[float] = []
    if index != "shapley_shubik":
        beta = list(diagram.calc_banzhaf())
        found += beta if index == "penrose" else [value / sum(beta) for value in beta]
    if index not in ("banzhaf", "penrose"):
        found += list(diagram.calc_shapley())
    return found


def run_peer(peer: str, name: str, index: str, limit: float) -> None:
    """Print a peer's best time and its values as JSON; this is a process of its own."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.setrecursionlimit(100_000)
    game = games()[name]
    best, spent = limit, 0.0
    for _ in range(3):
        start = time.perf_counter()
        try:
            values = peers_index(peer, game, index)
        except MemoryError:
            print(json.dumps({"error": "more than 8 GB"}))
            return
        except Exception as error:
            print(json.dumps({"error": f"{type(error).__name__}: {error}"[:80].strip(": ")}))
            return
        took = time.perf_counter() - start
        best, spent = min(best, took), spent + took
        if spent > limit / 4:
            break
    print(json.dumps({"seconds": best, "values": values}))


def beside(peer: str, name: str, index: str, limit: float) -> dict[str, Any]:
    """Return what a peer found within the limit, or its error."""
    if find_spec(peer) is None:
        return {"error": "not installed"}
    command = [sys.executable, "-W", "ignore", __file__, "--peer", peer, name, index, str(limit)]
    try:
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=limit + 5, check=False)
    except subprocess.TimeoutExpired:
        return {"error": f"given up after {limit:g} s", "at_least": limit}
    if not ran.stdout:
        return {"error": (ran.stderr.strip().splitlines() or ["ended without a word"])[-1][:80]}
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


# The tables


def best_of(run: Callable[[], object], *, most: int = 20, seconds: float = 10) -> float:
    """Return the best time of many runs: as many as fit the seconds, three at least."""
    best, spent, runs = 1e9, 0.0, 0
    while runs < most and (runs < 3 or spent < seconds):
        start = time.perf_counter()
        run()
        took = time.perf_counter() - start
        best, spent, runs = min(best, took), spent + took, runs + 1
    return best


def in_new_process(name: str, index: str) -> float:
    """Return seconds of a first run in a new process, in which numpy, numba and the compiled loops are loaded."""
    ran = subprocess.run(
        [sys.executable, __file__, "--first", name, index], capture_output=True, encoding="utf-8", check=True
    )
    return float(ran.stdout)


def difference(index: str, values: Sequence[Fraction], theirs: Sequence[float], peer: str) -> str:
    """Return by how much a peer's values are off at most; Banzhaf is compared as the peer gives it."""
    mine = list(values)
    if index == "penrose" and peer in ("powerindex", "tucoopy"):
        mine = [value / sum(values) for value in values]
    most = max(abs(float(a) - b) for a, b in zip(mine, theirs, strict=True))
    return f"differs by {most:.0e}" if most > 1e-9 else f"agrees, {most:.0e}"


def show_rows(limit: float) -> list[float]:
    print("| rule | index | ours, s | how | first run, s | peer | its seconds | ratio | result |")
    print("| --- | --- | ---: | --- | ---: | --- | ---: | ---: | --- |")
    ratios = []
    every = games()
    for name, index, peers in ROWS:
        game, exact = every[name], name in EXACT_BY_SIZE
        values, how = ours(game, index, exact=exact)
        seconds = best_of(partial(ours, game, index, exact=exact))
        shown = f"| {game.name} | {INDEX_NAMES[index]} | {seconds:.3g} | {how} | {in_new_process(name, index):.3g} |"
        if not peers:
            print(f"{shown} none | | | |", flush=True)
        for peer in peers:
            found = beside(peer, name, index, limit)
            if "seconds" in found:
                ratio = found["seconds"] / seconds
                ratios.append(ratio)
                result = difference(index, values, found["values"], peer)
                print(f"{shown} {peer} | {found['seconds']:.3g} | {ratio:,.3g} | {result} |", flush=True)
            else:
                ratio_shown = f"> {found['at_least'] / seconds:,.3g}" if "at_least" in found else ""
                print(f"{shown} {peer} | | {ratio_shown} | {found['error']} |", flush=True)
            shown = "| | | | | |"
    return ratios


def show_checks() -> None:
    """Compare our own roads where no peer gets there."""
    from muniment.control.weighted import penrose
    from muniment.control.weighted_chances import swing_chances_in_floats
    from muniment.control.weighted_game import smallest_form
    from muniment.control.weighted_orders import shapley_shubik_by_integral, shapley_shubik_by_size
    from muniment.control.weighted_packed import tally as packed
    from muniment.control.weighted_residues import tally as residues

    every = games()
    print("\nOur roads compared:\n")
    weights, quota = every["fund/100"].leaves[0]
    form = smallest_form(weights, quota)
    same = packed(form.weights, form.quota) == residues(form.weights, form.quota)
    print(f"* 190 members, 50,300 votes: remainders and one large number give the same swings: {same}")
    exact = shapley_shubik_by_size(weights, quota)
    integral = shapley_shubik_by_integral(weights, quota)
    most = max(abs(a - b) for a, b in zip(exact, integral.values, strict=True))
    off, within = float(most), float(integral.tolerance)
    print(f"* the same, Shapley-Shubik: the integral is off by {off:.0e}, its tolerance {within:.0e}")
    for name in ("fund", "holders"):
        weights, quota = every[name].leaves[0]
        floats = swing_chances_in_floats(weights, quota, [Fraction(1, 2)] * len(weights))
        pairs = zip(penrose(weights, quota), floats.swings, strict=True)
        most = max(abs(a - b) for a, b in pairs)
        print(f"* {every[name].name}: whole numbers and floats differ by {float(most):.0e} in Penrose's index")


def show_faults() -> None:
    """Show the games on which peers are known to be wrong."""
    from muniment.control.power import banzhaf
    from muniment.control.weighted import count_swings

    print("\nGames that some peers get wrong:\n")
    for n in (66, 68, 190):
        right = comb(n - 1, n // 2)
        assert count_swings([1] * n, n // 2 + 1).swings == [right] * n
        line = f"* {n} equal voters, simple majority: {float(right):.6e} swings each, as ours"
        if find_spec("powerindices"):
            import powerindices

            theirs = powerindices.compute_pbi(n // 2 + 1, [1] * n)[0] * 2 ** (n - 1)
            line += f"; powerindices {theirs:.6e}"
        print(line)
    right_shares = [str(share) for share in banzhaf([2, 1, 1], 2)]
    assert right_shares == ["3/5", "1/5", "1/5"]
    line = f"* 2 of 2, 1, 1 votes: Banzhaf {', '.join(right_shares)}, as ours"
    if find_spec("powerindex"):
        from powerindex.powerindex import Game as TheirGame

        theirs = TheirGame(2, [2, 1, 1])
        theirs.calc()
        line += f"; powerindex {', '.join(str(share) for share in theirs.banzhaf)}"
    print(line)


def main(words: Sequence[str]) -> None:
    if words[:1] == ["--peer"]:
        run_peer(words[1], words[2], words[3], float(words[4]))
        return
    if words[:1] == ["--first"]:
        game = games()[words[1]]
        ours(Game("", [([1], 1)], [[0]]), "penrose")
        start = time.perf_counter()
        ours(game, words[2], exact=words[1] in EXACT_BY_SIZE)
        print(time.perf_counter() - start)
        return
    limit = float(words[0]) if words[:1] and words[0] != "--into" else 20
    if "--into" not in words:
        show_all(limit)
        return
    page = Path(words[words.index("--into") + 1])
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        show_all(limit)
    above, mark, _ = page.read_text(encoding="utf-8").partition("<!-- figures -->\n")
    made = f"\nMade with `python benchmarks/power.py {limit:g} --into {page}`.\n\n"
    page.write_text(above + mark + made + printed.getvalue(), encoding="utf-8", newline="\n")


def show_all(limit: float) -> None:
    missing = [peer for peer in PEERS if find_spec(peer) is None]
    if missing:
        print(f"Not installed, and skipped: {', '.join(missing)}. Install them with: pip install muniment[bench]\n")
    ratios = show_rows(limit)
    if ratios:
        print(f"\nOf {len(ratios)} comparisons the median peer takes {statistics.median(ratios):,.3g} times as long.")
    show_checks()
    show_faults()


if __name__ == "__main__":
    main(sys.argv[1:])
