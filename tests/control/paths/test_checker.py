"""Certificates of paths: what follows is accepted; of whatever does not follow, nothing is."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_path_problems import (
    closure,
    earliest_days,
    has_path,
    holds,
    largest,
    random_problem,
    reached,
    saying_yes,
    without_losses,
)

import muniment.control.paths.checker
from muniment.control.paths.certificate import certificate_text, of_already, of_closure, of_maximal, of_plan
from muniment.control.paths.checker import ITEMS, Verdict, check
from muniment.control.paths.problem import (
    Bit,
    Effect,
    Either,
    Enough,
    Every,
    Fixed,
    Gate,
    Problem,
    Step,
    after,
)

QUESTION = {"entity": "acme", "matter": "sell company", "who": ("ada", "grace"), "adversary": "blocking"}
SEEDS = 400


@cache
def certificates() -> tuple[dict[str, Any], ...]:
    """Return certificates of random problems, made from the answers of the definitions."""
    found = []
    for seed in range(SEEDS):
        problem = random_problem(seed, timed=seed % 2 == 0, lossy=seed % 3 == 0)
        start, states = problem.start, reached(problem, problem.start)
        ways = sorted((plan for state, plan in states.items() if holds(problem, state)), key=len)
        timed = [(plan, days) for plan in ways if (days := earliest_days(problem, start, plan)) is not None]
        if holds(problem, start):
            found.append(of_already(problem, start, QUESTION))
        elif timed:
            plan, days = timed[-1]
            found.append(of_plan(problem, start, plan, days, QUESTION))
        elif not ways:
            bound = closure(problem, start)
            if not holds(problem, bound):
                found.append(of_closure(problem, start, bound, QUESTION))
            found.append(of_maximal(problem, start, largest(states), QUESTION))
    return tuple(found)


def problem_of(certificate: dict[str, Any]) -> Problem:
    """Return the problem that a certificate states, read once more and without the checker."""
    stated = certificate["problem"]
    gates: list[Gate] = []
    for gate in stated["gates"]:
        match gate:
            case {"bit": bit}:
                gates.append(Bit(bit))
            case {"always": value}:
                gates.append(Fixed(value))
            case {"all": parts}:
                gates.append(Every(tuple(parts)))
            case {"any": parts}:
                gates.append(Either(tuple(parts)))
            case {"at least": quota, "of": pairs}:
                weights = tuple(int(weight) for _, weight in pairs)
                gates.append(Enough(tuple(part for part, _ in pairs), weights, int(quota)))
    steps = []
    for step in stated["steps"]:
        effects = [Effect(bit, True, where) for bit, where in step["on"]]
        effects += [Effect(bit, False) for bit in step["off"]]
        times = (int(step["days"]), int(step["not_before"]), step["not_after"])
        steps.append(Step(step["name"], step["guard"], tuple(effects), *times))
    return Problem(tuple(stated["bits"]), tuple(gates), tuple(steps), state_of(stated["start"]), stated["goal"])


def state_of(bits: list[int]) -> int:
    return sum(1 << bit for bit in set(bits))


def follows(certificate: dict[str, Any]) -> bool:
    """Return whether what a certificate claims is so, by going through every state that can be reached.

    Of a set of states this asks less than the checker, which wants to see it without going through all of them.
    """
    problem, claim = problem_of(certificate), certificate["claim"]
    start = problem.start
    if certificate["kind"] == "already":
        return holds(problem, start)
    if certificate["kind"] == "plan":
        plan, days = [move["step"] for move in claim["plan"]], [move["day"] for move in claim["plan"]]
        return works(problem, plan, days)
    if certificate["kind"] == "closure":
        problem = without_losses(problem)
        bounds = [state_of(claim["closure"])]
    else:
        bounds = [state_of(each) for each in claim["states"]]
    inside = all(any(not state & ~bound for bound in bounds) for state in reached(problem, start))
    return inside and not has_path(problem, start)


def works(problem: Problem, plan: list[int], days: list[int]) -> bool:
    """Return whether moves can take effect on these days, day by day as a secretary would look it up."""
    states, took_effect = [problem.start], [0]
    for at, (number, day) in enumerate(zip(plan, days, strict=True)):
        step = problem.steps[number]
        allowed = [saying_yes(problem.gates, state)[step.guard] for state in states]
        if not allowed[-1]:
            return False
        begins = at
        while begins and allowed[begins - 1]:
            begins -= 1
        if day < max(took_effect[begins] + step.days, step.not_before, took_effect[-1]):
            return False
        if step.not_after is not None and day > step.not_after:
            return False
        states.append(after(step, states[-1]))
        took_effect.append(day)
    return holds(problem, states[-1])


def tampered(certificate: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the certificate with one thing changed: any bit, part, weight, quota, guard, effect, day, start, goal."""
    changes: list[tuple[tuple[str | int, ...], Any]] = []
    problem, claim = certificate["problem"], certificate["claim"]
    bits, gates, steps = range(len(problem["bits"])), range(len(problem["gates"])), range(len(problem["steps"]))
    lists: list[tuple[tuple[str | int, ...], list[Any], list[Any]]] = [
        (("problem", "start"), problem["start"], list(bits))
    ]
    for number, gate in enumerate(problem["gates"]):
        at = ("problem", "gates", number)
        changes += [(at, {"always": True}), (at, {"always": False})]
        if "bit" in gate:
            changes += [((*at, "bit"), bit) for bit in bits]
        if "of" in gate:
            changes += [((*at, "at least"), max(0, int(gate["at least"]) + by)) for by in (-10, -1, 1)]
            for part, (_, weight) in enumerate(gate["of"]):
                changes += [((*at, "of", part, 1), max(0, int(weight) + by)) for by in (-10, -1, 1, 5)]
        for name in ("all", "any"):
            if name in gate:
                lists.append(((*at, name), gate[name], list(gates)[:3]))
                changes += [(at, {"all": gate[name]}), (at, {"any": gate[name]})]
    for number, step in enumerate(problem["steps"]):
        at = ("problem", "steps", number)
        changes += [((*at, "guard"), gate) for gate in gates]
        lists += [((*at, "on"), step["on"], [[bit, None] for bit in bits])]
        lists += [((*at, "off"), step["off"], list(bits))]
        changes += [((*at, "on", part, 1), None) for part, (_, where) in enumerate(step["on"]) if where is not None]
        changes += [((*at, "days"), step["days"] + by) for by in (1, 9)]
        changes += [((*at, "not_before"), 16), ((*at, "not_after"), 0), ((*at, "not_after"), 6)]
    changes += [(("problem", "goal"), gate) for gate in gates]
    for name, value in claim.items():
        if name == "plan":
            lists.append((("claim", name), value, [{"step": step, "day": 40} for step in steps]))
            for at, move in enumerate(value):
                changes += [(("claim", name, at, "step"), step) for step in steps]
                changes += [(("claim", name, at, "day"), max(0, move["day"] + by)) for by in (-1, 1, -10)]
                swapped = [*value[:at], *reversed(value[at : at + 2]), *value[at + 2 :]]
                changes.append((("claim", name), swapped))
        elif name == "closure":
            lists.append((("claim", name), value, list(bits)))
        else:
            lists.append((("claim", name), value, []))
            lists += [(("claim", name, at), state, list(bits)) for at, state in enumerate(value)]
    for path, items, more in lists:
        changes += [(path, items[:at] + items[at + 1 :]) for at in range(len(items))]
        changes += [(path, [*items, each]) for each in more if each not in items or path[-1] == "plan"]
    for path, changed in changes:
        altered = copy.deepcopy(certificate)
        holder: Any = altered
        for part in path[:-1]:
            holder = holder[part]
        if holder[path[-1]] != changed:
            holder[path[-1]] = changed
            yield altered


def test_what_follows_is_accepted() -> None:
    kinds = Counter(certificate["kind"] for certificate in certificates())
    assert min(kinds[kind] for kind in ("plan", "already", "closure", "maximal states")) >= 20, kinds
    for certificate in certificates():
        verdict = check(certificate)
        assert verdict.accepted, (verdict, certificate)
        assert "sell company" in verdict.says
        assert follows(certificate)


def test_what_does_not_follow_is_refused() -> None:
    seen: Counter[tuple[str, bool, bool]] = Counter()
    chosen: list[dict[str, Any]] = []
    for kind in ("plan", "already", "closure", "maximal states"):
        of_kind = [certificate for certificate in certificates() if certificate["kind"] == kind]
        chosen += sorted(of_kind, key=lambda each: -len(list(places(each["claim"]))))[: 60 if kind == "already" else 8]
    for certificate in chosen:
        for altered in list(tampered(certificate))[::2]:
            verdict, so = check(altered), follows(altered)
            seen[altered["kind"], so, verdict.accepted] += 1
            assert so or not verdict.accepted, (verdict, altered)
            if altered["kind"] in ("plan", "already"):
                assert verdict.accepted == so, (verdict, altered)
    for kind in ("plan", "already", "closure", "maximal states"):
        assert seen[kind, False, False] >= 50, (kind, seen)
        assert seen[kind, True, True] >= 50, (kind, seen)


def test_the_states_of_an_answer_without_losses_are_not_taken_for_one_with_them() -> None:
    """A seat that must be given up for a share, and both are needed: only the exact search can tell."""
    gates = (Bit(0), Bit(1), Every((0, 1)), Fixed(True))
    swap = Step("swap", 0, (Effect(0, False), Effect(1, True)))
    problem = Problem(("seat", "share"), gates, (swap,), 1, 2)
    assert not has_path(problem, 1)
    assert check(of_maximal(problem, 1, [1, 2], QUESTION)).accepted
    assert not check(of_closure(problem, 1, 3, QUESTION)).accepted
    assert not check(of_closure(problem, 1, 1, QUESTION)).accepted
    refused = check(of_maximal(problem, 1, [1], QUESTION))
    assert refused.why == "claim: 'swap' leads out of state 0 of 1, by 'share'"


def test_a_yes_does_not_rest_on_itself() -> None:
    gates = (Either((1,)), Either((0,)), Enough((0, 1, 3), (2, 2, 1), 3), Bit(0))
    problem = Problem(("seat",), gates, (Step("take it", 2, (Effect(0, True),)),), 0, 3)
    assert check(of_closure(problem, 0, 0, QUESTION)).accepted
    assert not check(of_plan(problem, 0, [0], [0], QUESTION)).accepted


def test_notice_runs_while_the_guard_says_yes() -> None:
    """Two notices run side by side; one that is broken off runs anew."""
    gates = (Bit(0), Bit(1), Bit(2), Every((1, 2)))
    left = Step("left", 0, (Effect(1, True),), days=10)
    right = Step("right", 0, (Effect(2, True),), days=30)
    away = Step("away", 0, (Effect(0, False), Effect(3, True)))
    back = Step("back", 4, (Effect(0, True),))
    problem = Problem(("a", "b", "c", "d"), (*gates, Bit(3)), (left, right, away, back), 1, 3)

    def judged(*moves: tuple[int, int]) -> Verdict:
        return check(of_plan(problem, 1, [step for step, _ in moves], [day for _, day in moves], QUESTION))

    assert judged((0, 10), (1, 30)).accepted
    assert judged((0, 12), (1, 35)).accepted
    assert not judged((0, 9), (1, 30)).accepted
    assert not judged((0, 10), (1, 29)).accepted
    assert not judged((1, 30), (0, 10)).accepted
    assert not judged((0, 10), (2, 10), (3, 10), (1, 30)).accepted
    assert judged((0, 10), (2, 10), (3, 10), (1, 40)).accepted
    assert judged((0, 10), (1, 30)).why == "2 move(s) replayed, the last on day 30; the goal holds at the end"


def test_what_happens_by_itself_is_not_passed_over() -> None:
    """A term ends on day 20 and takes a seat along; who moves later has it in the plan, or no longer needs the seat."""
    gates = (Bit(0), Bit(1), Every((0, 1)), Fixed(True))
    term = Step("the term ends", 3, (Effect(0, False),), not_before=20)
    fill = Step("fill", 0, (Effect(1, True),), days=30)
    problem = Problem(("old seat", "new seat"), gates, (term, fill), 1, 2)

    def judged(start: int, *moves: tuple[int, int], goal: int = 2) -> Verdict:
        asked = problem._replace(goal=goal)
        return check(of_plan(asked, start, [step for step, _ in moves], [day for _, day in moves], QUESTION, [0]))

    assert judged(1, (1, 30)).why == judged(1, (0, 20), (1, 30)).why
    assert not judged(1, (1, 30)).accepted
    left_out = of_plan(problem, 1, [1], [30], QUESTION)
    assert check(left_out | {"problem": left_out["problem"] | {"goal": 1}}).accepted
    told = of_plan(problem, 1, [0, 1], [20, 30], QUESTION, [0])
    told["claim"]["plan"].pop(0)
    assert check(told).why == "claim.plan[0].day: later than a day on which something happens by itself"
    early = problem._replace(steps=(term._replace(not_before=30), fill))
    assert check(of_plan(early, 1, [1], [30], QUESTION, [0])).accepted
    assert not check(of_plan(early, 1, [1], [31], QUESTION, [0])).accepted
    lost = problem._replace(steps=(term, fill._replace(guard=3)), goal=1)
    assert check(of_plan(lost, 0, [1], [30], QUESTION, [0])).accepted
    complete = of_plan(lost, 1, [1], [30], QUESTION, [0])
    assert complete == of_plan(lost, 1, [0, 1], [20, 30], QUESTION, [0])
    assert check(complete).accepted
    complete["claim"]["plan"].pop(0)
    assert not check(complete).accepted


def test_a_last_day_of_zero_is_a_last_day() -> None:
    step = Step("at once", 0, (Effect(0, True),), not_after=0)
    problem = Problem(("seat",), (Fixed(True), Bit(0)), (step,), 0, 1)
    assert check(of_plan(problem, 0, [0], [0], QUESTION)).accepted
    assert not check(of_plan(problem, 0, [0], [1], QUESTION)).accepted


def test_a_plan_against_others_who_move_says_what_is_not_checked() -> None:
    problem = Problem(("seat",), (Fixed(True), Bit(0)), (Step("take it", 0, (Effect(0, True),)),), 0, 1)
    verdict = check(of_plan(problem, 0, [0], [0], QUESTION | {"adversary": "hostile"}))
    assert verdict.accepted
    assert verdict.why.endswith("that it holds against moves of the others is not checked")


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield from places(inner, (*path, name))


WRONG: list[Any] = [None, True, -1, 1.5, float("nan"), 10**5000, "", "x", "1e9", "²", [], [[]], {}, {"bit": True}, 999]
WRONG += ["\x1b[31m", "\ud800", object(), {1: 2}, b"1", -(10**30)]


def test_malformed_values_are_refused_where_they_stand() -> None:
    """Whatever stands anywhere in a certificate, the checker answers, and answers no unless it still follows."""
    seen = 0
    for kind in ("plan", "already", "closure", "maximal states"):
        certificate = next(
            each for each in certificates() if each["kind"] == kind and len(each["problem"]["steps"]) != 1
        )
        for number, path in enumerate(places(certificate)):
            for wrong in WRONG[number % 3 :: 3]:
                altered: Any = copy.deepcopy(certificate)
                holder = {"": altered}
                at: Any = ""
                for part in path:
                    holder, at = holder[at], part
                holder[at] = wrong
                verdict = check(holder[""] if path == () else altered)
                seen += 1
                assert isinstance(verdict, Verdict)
                verdict.why.encode("utf-8")
                verdict.says.encode("utf-8")
                assert verdict.says.isprintable()
                if not verdict.accepted:
                    assert verdict.why
                    continue
                assert path[0] in ("question", "problem", "claim")
                if path[0] != "question":
                    assert follows(altered), (path, wrong)
    assert seen > 1500


@pytest.mark.parametrize(
    ("path", "wrong", "why"),
    [
        (("format",), 2, "certificate.format: not as the format has it"),
        (("format",), True, "certificate.format: not as the format has it"),
        (("kind",), "proof", "kind: none of plan, already, closure, maximal states"),
        (("question", "who"), "ada", "certificate.question.who: not as the format has it"),
        (("problem", "bits", 1), "bit 0", "problem: two bits, or two steps, of one name; or too large"),
        (("problem", "gates", 0, "bit"), 6, "problem.gates[0].bit: not as the format has it"),
        (("problem", "gates", 0, "bit"), False, "problem.gates[0].bit: not as the format has it"),
        (("problem", "gates", 0), {"bit": 0, "any": []}, "problem.gates[0]: not as the format has it"),
        (("problem", "steps", 0, "days"), -1, "problem.steps[0].days: not as the format has it"),
        (("problem", "steps", 0, "guard"), 99, "problem.steps[0].guard: not as the format has it"),
        (("problem", "start"), [7], "problem.start[0]: not as the format has it"),
        (("problem", "goal"), None, "problem.goal: not as the format has it"),
        (("claim", "closure"), [0, "1"], "claim.closure[1]: not as the format has it"),
        (("claim",), {"closure": [], "plan": []}, "claim: not as the format has it"),
        (("problem", "bits"), [f"b{at}" for at in range(ITEMS + 1)], "problem.bits: not as the format has it"),
    ],
)
def test_what_is_wrong_is_said_where(path: tuple[str | int, ...], wrong: Any, why: str) -> None:
    gates = (Bit(0), Bit(1), Enough((0, 1), (1, 1), 2))
    problem = Problem(("bit 0", "bit 1"), gates, (Step("move", 1, (Effect(0, True),)),), 1, 2)
    altered: Any = of_closure(problem, 1, 1, QUESTION)
    holder = altered
    for part in path[:-1]:
        holder = holder[part]
    holder[path[-1]] = wrong
    assert check(altered) == Verdict(False, check(altered).says, why)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["format", "kind", "problem", "claim", "bits", "gates", "plan"]), inner)
        ),
        max_leaves=20,
    )
)
def test_any_values_at_all_are_refused_without_an_exception(value: object) -> None:
    assert not check(value).accepted


def test_a_list_that_holds_itself_is_refused() -> None:
    itself: list[Any] = []
    itself.append(itself)
    assert not check(itself).accepted
    certificate = copy.deepcopy(certificates()[0])
    certificate["problem"]["start"] = itself
    assert not check(certificate).accepted


def test_large_certificates_are_checked_or_refused_in_time() -> None:
    """A chain of 10,000 gates in a circle is followed to its end; what would take minutes is refused."""
    length = 10_000
    gates: list[Gate] = [Either((length - 1, length))]
    gates += [Every((at - 1,)) for at in range(1, length)]
    problem = Problem(("seat",), (*gates, Bit(0)), (Step("move", length - 1, (Effect(0, True),)),), 0, length - 1)
    assert check(of_closure(problem, 0, 0, QUESTION)).accepted
    assert check(of_already(problem, 1, QUESTION)).accepted
    many = of_plan(problem, 1, [0] * 20_000, [0] * 20_000, QUESTION)
    assert check(many).why == "claim.plan: too long"
    states = of_maximal(problem, 0, [0], QUESTION)
    states["claim"]["states"] *= 20_000
    assert check(states).why == "claim: too much to check here"


def test_votes_beyond_what_json_readers_keep_exactly_are_counted_exactly() -> None:
    votes = 10**30
    gates = (Bit(0), Bit(1), Enough((0, 1), (votes, votes + 1), 2 * votes + 1))
    problem = Problem(("a", "b"), gates, (), 3, 2)
    certificate = of_already(problem, 3, QUESTION)
    assert check(certificate).accepted
    assert str(votes) in certificate_text(certificate)
    certificate["problem"]["gates"][2]["at least"] = str(2 * votes + 2)
    assert not check(certificate).accepted


def test_the_checker_is_short_and_stands_alone() -> None:
    source = Path(muniment.control.paths.checker.__file__).read_text(encoding="utf-8")
    assert len(source.splitlines()) < 200
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert {node.module for node in imports if isinstance(node, ast.ImportFrom)} == {"__future__", "typing"}
    assert all(isinstance(node, ast.ImportFrom) for node in imports)
