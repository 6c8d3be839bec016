"""How long path questions take on made-up networks of companies, beside clingo; and whether both agree.

Prints Markdown tables. Each instance is a plain `Problem` of bits, gates and moves; clingo (Potassco, MIT) is given the
same problem, and looks for a shortest plan one step at a time (multi-shot), in the same process. Its time counts from
the facts in memory, ours from the `Problem` in memory. It is given up after LIMIT seconds. Answers and lengths of plans
are compared; if any differ, the script ends with exit code 1. Without clingo only our times are printed; `make bench`
installs it.

Run: python benchmarks/paths.py [SEEDS, default 6] [--into PAGE, to write them below its mark <!-- figures -->]
"""

from __future__ import annotations

import contextlib
import io
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from muniment.control.paths.network import holds, prepare, relaxed
from muniment.control.paths.problem import Bit, Effect, Either, Enough, Every, Fixed, Gate, Problem, Step, after
from muniment.control.paths.search import Absent, Reached, search
from muniment.control.paths.shortest import Plan, shortest

# Persons, units of power, rules, moves.
SIZES = ((10, 41, 4, 28), (50, 163, 24, 116), (200, 292, 40, 206))
CHAINS = (5, 10, 15, 20, 30)
EXHAUSTIONS = (8, 16, 24)
# Where there is no plan, clingo is asked for none of up to so many moves.
HORIZON = 8
# Seconds after which clingo is given up.
LIMIT = 20.0


class Made(NamedTuple):
    """A network of companies.

    Attributes:
        problem: With nobody in the coalition.
        held: For each person the bits that are on if the person is in the coalition.
        moves: How many moves there are.
    """

    problem: Problem
    held: tuple[int, ...]


class Drawn:
    """A problem being drawn up."""

    def __init__(self) -> None:
        self.bits: list[str] = []
        self.gates: list[Gate] = []
        self.steps: list[Step] = []

    def bit(self, name: str) -> int:
        self.bits.append(name)
        return len(self.bits) - 1

    def gate(self, gate: Gate) -> int:
        self.gates.append(gate)
        return len(self.gates) - 1

    def step(self, name: str, guard: int, on: Sequence[int], off: Sequence[int] = (), where: int | None = None) -> None:
        effects = [Effect(bit, True, where) for bit in on] + [Effect(bit, False) for bit in off]
        self.steps.append(Step(f"{name} ({len(self.steps)})", guard, tuple(effects)))


def companies(persons: int, units: int, rules: int, moves: int, seed: int) -> Made:
    """Draw companies that hold shares in one another, each with a board in classes, two rules and moves.

    A unit of power is a block of shares or a seat. The first rule of a company lets its holders remove directors, the
    second protects its board: with it on, filling a seat needs the board.
    """
    draw = random.Random(f"{persons}-{seed}")
    drawn = Drawn()
    many = rules // 2
    held = [0] * persons
    boards = [drawn.gate(Fixed(False)) for _ in range(many)]  # replaced below, once the seats are known
    seats: list[list[list[tuple[int, int]]]] = []
    spare = units
    for company in range(many):
        groups = []
        for group in range(3):
            pairs = []
            for number in range(draw.choice([1, 1, 2])):
                ours = drawn.bit(f"seat {company}.{group}.{number} is ours")
                free = drawn.bit(f"seat {company}.{group}.{number} is not others'")
                # Most directors are nobody's: they come into the coalition's hands by moves alone.
                if draw.random() < 0.2:
                    held[draw.randrange(persons)] |= 1 << ours
                pairs.append((ours, free))
                spare -= 1
            groups.append(pairs)
        seats.append(groups)
        every = [drawn.gate(Bit(ours)) for pairs in groups for ours, _ in pairs]
        drawn.gates[boards[company]] = Enough(tuple(every), (1,) * len(every), len(every) // 2 + 1)
    blocks: list[list[tuple[int, int]]] = [[] for _ in range(many)]
    issuable: list[list[tuple[int, int]]] = [[] for _ in range(many)]
    for at in range(spare):
        company, weight = at % many, draw.randint(1, 30)
        if draw.random() < 0.25 and many > 1:
            holder = draw.choice([other for other in range(many) if other != company])
            blocks[company].append((boards[holder], weight))
        else:
            bit = drawn.bit(f"block {at} of {company} is ours")
            if draw.random() < 0.1:
                issuable[company].append((bit, weight))
            else:
                held[draw.randrange(persons)] |= 1 << bit
            blocks[company].append((drawn.gate(Bit(bit)), weight))
    left = moves
    for company in range(many):
        parts, weights = tuple(part for part, _ in blocks[company]), tuple(weight for _, weight in blocks[company])
        total = sum(weights)
        majority = drawn.gate(Enough(parts, weights, total // 2 + 1))
        most = drawn.gate(Enough(parts, weights, -(-total * 2 // 3)))
        may_remove = drawn.bit(f"holders of {company} may remove directors")
        unprotected = drawn.bit(f"filling seats of {company} is not reserved to its board")
        removable, open_seats = drawn.gate(Bit(may_remove)), drawn.gate(Bit(unprotected))
        remove = drawn.gate(Every((majority, removable)))
        fill = drawn.gate(Either((boards[company], drawn.gate(Every((majority, open_seats))))))
        for group, pairs in enumerate(seats[company]):
            drawn.step(f"remove class {group} of {company}", remove, [free for _, free in pairs])
            guard = drawn.gate(Every((fill, *(drawn.gate(Bit(free)) for _, free in pairs))))
            drawn.step(f"fill class {group} of {company}", guard, [ours for ours, _ in pairs])
        drawn.step(f"let holders of {company} remove", draw.choice([most, boards[company]]), [may_remove])
        drawn.step(f"open the seats of {company}", most, [unprotected])
        left -= 8
        if issuable[company]:
            drawn.step(f"issue shares of {company}", boards[company], [bit for bit, _ in issuable[company]])
            left -= 1
    while left > 0:
        # Conversions give up one block for another: these lose something.
        company = draw.randrange(many)
        ours = [gate.bit for part, _ in blocks[company] if isinstance(gate := drawn.gates[part], Bit)]
        if len(ours) > 1:
            given, taken = draw.sample(ours, 2)
            drawn.step(f"convert a block of {company}", drawn.gate(Bit(given)), [taken], [given])
            left -= 1
    goal = boards[draw.randrange(many)]
    return Made(Problem(tuple(drawn.bits), tuple(drawn.gates), tuple(drawn.steps), 0, goal), tuple(held))


def with_paths(persons: int, units: int, rules: int, moves: int, many: int) -> Iterator[tuple[Made, int]]:
    """Yield the first networks, with their seeds, in which all persons together have a path that has a move."""
    seed = -1
    while many:
        seed += 1
        made = companies(persons, units, rules, moves, seed)
        everyone = 0
        for bits in made.held:
            everyone |= bits
        found = search(prepare(made.problem), everyone)
        if isinstance(found, Reached) and found.plan:
            many -= 1
            yield made, seed


def shrunk(made: Made, seed: int) -> tuple[int, int]:
    """Return the start of a minimal coalition that has a path, and the start with one member fewer."""
    prepared, draw = prepare(made.problem), random.Random(seed)
    members = list(range(len(made.held)))
    draw.shuffle(members)

    def start(who: Sequence[int]) -> int:
        found = 0
        for person in who:
            found |= made.held[person]
        return found

    for person in list(members):
        fewer = [member for member in members if member != person]
        if isinstance(search(prepared, start(fewer)), Reached):
            members = fewer
    return start(members), start(members[1:])


def chain(length: int) -> Problem:
    """Draw companies each of which fills the board of the next; beside each a company that leads nowhere."""
    drawn = Drawn()
    guard = drawn.gate(Fixed(True))
    for company in range(length):
        ours = [drawn.bit(f"seat {company}.{number} is ours") for number in range(3)]
        drawn.step(f"fill the board of {company}", guard, ours)
        aside = drawn.bit(f"the company beside {company} is ours")
        drawn.step(f"fill the board beside {company}", guard, [aside])
        guard = drawn.gate(Enough(tuple(drawn.gate(Bit(bit)) for bit in ours), (1, 1, 1), 2))
    return Problem(tuple(drawn.bits), tuple(drawn.gates), tuple(drawn.steps), 0, guard)


def exhaustion(lossy: int, seed: int) -> tuple[Problem, int]:
    """Draw rights that can each be used once, in one of up to six ways, for votes of two classes, never quite enough.

    If nothing were lost the goal would be reached, so that only going through all that matters shows that it is not.

    Returns:
        The problem, and a number of moves that no plan exceeds: each uses a right, and nothing gives it back.
    """
    draw = random.Random(f"{lossy}-{seed}")
    drawn = Drawn()
    first: list[tuple[int, int]] = []
    second: list[tuple[int, int]] = []
    start, groups, left = 0, 0, lossy
    best = {(0, 0)}
    while left:
        ways = min(6, left)
        left -= ways
        groups += 1
        right = drawn.bit(f"right {groups} is not used")
        start |= 1 << right
        guard = drawn.gate(Bit(right))
        gains = [(0, 0)]
        for _ in range(ways):
            a, b = draw.randint(0, 20), draw.randint(0, 20)
            bits = drawn.bit("first class"), drawn.bit("second class")
            first.append((drawn.gate(Bit(bits[0])), a))
            second.append((drawn.gate(Bit(bits[1])), b))
            drawn.step("use a right", guard, bits, [right])
            gains.append((a, b))
        best = {(x + a, y + b) for x, y in best for a, b in gains}
    # Just out of reach: one vote more of the second class than any way gives with a middling number of the first.
    enough = statistics.median_low(sorted(x for x, _ in best))
    short = max(y for x, y in best if x >= enough) + 1
    both = (
        drawn.gate(Enough(tuple(part for part, _ in first), tuple(votes for _, votes in first), enough)),
        drawn.gate(Enough(tuple(part for part, _ in second), tuple(votes for _, votes in second), short)),
    )
    goal = drawn.gate(Every(both))
    return Problem(tuple(drawn.bits), tuple(drawn.gates), tuple(drawn.steps), start, goal), lossy


# clingo

PROGRAM = """
#program base.
on(B,0) :- start(B).
yes(G,0) :- fixed(G).
yes(G,0) :- bit(G,B), on(B,0).
yes(G,0) :- enough(G,Q), #sum { W,I : part(G,I,P,W), yes(P,0) } >= Q.
#program step(t).
1 { do(M,t) : move(M,_) } 1.
:- do(M,t), move(M,G), not yes(G,t-1).
on(B,t) :- do(M,t), gain(M,B).
on(B,t) :- do(M,t), gain(M,B,W), on(W,t-1).
off(B,t) :- do(M,t), lose(M,B).
on(B,t) :- on(B,t-1), not off(B,t).
yes(G,t) :- fixed(G).
yes(G,t) :- bit(G,B), on(B,t).
yes(G,t) :- enough(G,Q), #sum { W,I : part(G,I,P,W), yes(P,t) } >= Q.
#program check(t).
#external query(t).
:- query(t), goal(G), not yes(G,t).
"""


def facts(problem: Problem) -> str:
    lines = [f"start({bit})." for bit in range(len(problem.bits)) if problem.start >> bit & 1]
    for at, gate in enumerate(problem.gates):
        if isinstance(gate, Bit):
            lines.append(f"bit({at},{gate.bit}).")
        elif isinstance(gate, Fixed):
            lines += [f"fixed({at})."] if gate.value else []
        else:
            weights = gate.weights if isinstance(gate, Enough) else (1,) * len(gate.parts)
            quota = gate.quota if isinstance(gate, Enough) else len(gate.parts) if isinstance(gate, Every) else 1
            lines.append(f"enough({at},{quota}).")
            pairs = zip(gate.parts, weights, strict=True)
            lines += [f"part({at},{number},{part},{weight})." for number, (part, weight) in enumerate(pairs)]
    for at, step in enumerate(problem.steps):
        lines.append(f"move({at},{step.guard}).")
        for effect in step.effects:
            where = "" if effect.where is None else f",{effect.where}"
            lines.append(f"gain({at},{effect.bit}{where})." if effect.on else f"lose({at},{effect.bit}).")
    lines.append(f"goal({problem.goal}).")
    return "#program base.\n" + "\n".join(lines)


def by_clingo(given: str, horizon: int) -> int | None:
    """Return the length of a shortest plan, or None if there is none of up to `horizon` moves.

    Raises:
        TimeoutError: If it takes longer than LIMIT.
    """
    import clingo

    begun = time.perf_counter()

    # Its remarks that no instance loses anything, or has a conditional effect, say nothing new.
    control: Any = clingo.Control(["--warn=none"])
    control.add("base", [], PROGRAM + given)
    for length in range(horizon + 1):
        parts: list[tuple[str, list[Any]]] = [("check", [clingo.Number(length)])]
        if length:
            control.release_external(clingo.Function("query", [clingo.Number(length - 1)]))
            parts.append(("step", [clingo.Number(length)]))
        else:
            parts.append(("base", []))
        control.ground(parts)
        control.assign_external(clingo.Function("query", [clingo.Number(length)]), True)
        with control.solve(async_=True) as solving:
            if not solving.wait(max(0.0, begun + LIMIT - time.perf_counter())):
                solving.cancel()
                raise TimeoutError
            if solving.get().satisfiable:
                return length
    return None


# The tables


class Timed(NamedTuple):
    """Seconds for one instance, and what was found: the length of the plan shown, or None.

    Attributes:
        spare: By how many moves clingo's plan is shorter; 0 in a plan said to be shortest, or the two do not agree.
    """

    ready: float
    relaxed: float
    decided: float
    planned: float
    length: int | None
    is_shortest: bool
    theirs: float | None
    agrees: bool
    spare: int


def best_of(run: Callable[[], object], most: int = 7, seconds: float = 1.0) -> float:
    best, spent, runs = 1e9, 0.0, 0
    while runs < most and (runs < 2 or spent < seconds):
        begun = time.perf_counter()
        run()
        took = time.perf_counter() - begun
        best, spent, runs = min(best, took), spent + took, runs + 1
    return best


def measure(problem: Problem, horizon: int) -> Timed:
    prepared = prepare(problem)
    found, plan = search(prepared), shortest(prepared)
    length = len(plan.steps) if isinstance(plan, Plan) else None
    agrees = isinstance(found, Reached) == (length is not None) and isinstance(found, Reached | Absent)
    if isinstance(plan, Plan):
        state = problem.start
        for number in plan.steps:
            agrees &= holds(prepared, state, problem.steps[number].guard)
            state = after(problem.steps[number], state)
        agrees &= holds(prepared, state, problem.goal)
    theirs, spare = None, 0
    if find_spec("clingo"):
        given = facts(problem)
        most = horizon if length is None else length
        answers: list[int | None] = []
        try:
            theirs = best_of(lambda: answers.append(by_clingo(given, most)), most=3, seconds=2)
        except TimeoutError:
            pass
        else:
            # Of a plan not proven shortest only that there is one can be compared.
            proven = not isinstance(plan, Plan) or plan.is_shortest
            agrees &= answers[0] == length or (not proven and answers[0] is not None)
            spare = (length or 0) - (answers[0] or 0)
    return Timed(
        best_of(lambda: prepare(problem)),
        best_of(lambda: relaxed(prepared)),
        best_of(lambda: search(prepared)),
        best_of(lambda: shortest(prepared)),
        length,
        not isinstance(plan, Plan) or plan.is_shortest,
        theirs,
        agrees,
        spare,
    )


HEAD = (
    "| {} | moves of the plans | ready, ms | relaxed, ms | yes or no, ms | shortest plan, ms "
    "| clingo, ms | ratio | agree |"
)


def show_row(name: str, timed: Sequence[Timed]) -> bool:
    def shown(seconds: Sequence[float]) -> str:
        middle, most = statistics.median(seconds) * 1e3, max(seconds) * 1e3
        return f"{middle:.3g}" if len(seconds) == 1 else f"{middle:.3g} (max {most:.3g})"

    lengths = [one.length for one in timed if one.length is not None]
    moves = "none" if not lengths else f"{min(lengths)} to {max(lengths)}" if len(lengths) > 1 else str(lengths[0])
    unproven = sum(not one.is_shortest for one in timed)
    if unproven:
        spare = max(one.spare for one in timed)
        moves += f" ({unproven} not proven shortest; clingo's {f'{spare} shorter' if spare else 'no shorter'})"
    theirs = [one.theirs for one in timed if one.theirs is not None]
    both, ratio = "", ""
    if theirs:
        given_up = sum(one.theirs is None for one in timed)
        ratio = f"{statistics.median(one.theirs / (one.ready + one.planned) for one in timed if one.theirs):,.3g}"
        both = shown(theirs) + (f", {given_up} given up" if given_up else "")
    agreed = sum(one.agrees for one in timed)
    print(
        f"| {name} | {moves} | {shown([one.ready for one in timed])} | {shown([one.relaxed for one in timed])} "
        f"| {shown([one.decided for one in timed])} | {shown([one.planned for one in timed])} | {both} | {ratio} "
        f"| {agreed} of {len(timed)} |",
        flush=True,
    )
    return agreed == len(timed)


def show_all(seeds: int) -> bool:
    if find_spec("clingo") is None:
        print("clingo is not installed, and skipped. Install it with: pip install muniment[bench]\n")
    line = "| --- " * 2 + "| ---: " * 6 + "| --- |"
    fine = True
    print(HEAD.format("persons; units of power, rules, moves") + "\n" + line)
    for persons, units, rules, moves in SIZES:
        reached, short = [], []
        for made, seed in with_paths(persons, units, rules, moves, seeds):
            start, one_fewer = shrunk(made, seed)
            reached.append(measure(made.problem._replace(start=start), HORIZON))
            short.append(measure(made.problem._replace(start=one_fewer), HORIZON))
        size = f"{persons}; {units}, {rules}, {moves}"
        fine &= show_row(f"{size}: a minimal coalition", reached)
        fine &= show_row(f"{size}: one member short", short)
    print("\n" + HEAD.format("a chain of companies") + "\n" + line)
    for length in CHAINS:
        fine &= show_row(str(length), [measure(chain(length), length)])
    print("\n" + HEAD.format("moves that lose something, all tried in vain") + "\n" + line)
    for lossy in EXHAUSTIONS:
        timed = [measure(*exhaustion(lossy, seed)) for seed in range(seeds)]
        fine &= show_row(str(lossy), timed)
    return fine


def main(words: Sequence[str]) -> int:
    seeds = int(words[0]) if words[:1] and words[0] != "--into" else 6
    if "--into" not in words:
        return 0 if show_all(seeds) else 1
    page = Path(words[words.index("--into") + 1])
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        fine = show_all(seeds)
    above, mark, _ = page.read_text(encoding="utf-8").partition("<!-- figures -->\n")
    made = f"\nMade with `python benchmarks/paths.py {seeds} --into {page}`.\n\n"
    page.write_text(above + mark + made + printed.getvalue(), encoding="utf-8", newline="\n")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
