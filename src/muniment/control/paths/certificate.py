"""Write what proves an answer on paths as plain JSON values that an independent checker can read.

A certificate holds the whole question it answers: bits, gates, moves, start and goal, so that nothing else is needed to
check it. `muniment.control.paths.checker` does so and shares no code with this module.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, NoReturn

from muniment.control.paths.acts import Act
from muniment.control.paths.game import Stage
from muniment.control.paths.problem import Bit, Effect, Either, Enough, Every, Fixed, Gate, Problem, Step

FORMAT = 1
LONGEST = 64_000_000  # characters of a certificate, written or read
EXACT = 2**53 - 1  # JSON readers may round whole numbers beyond it
ASKED = ("entity", "matter", "who", "on", "directors", "adversary", "account", "under", "book_hash")
NEEDED = ("entity", "matter", "who", "adversary")


def of_plan(
    problem: Problem,
    start: int,
    plan: Sequence[int],
    days: Sequence[int],
    question: Mapping[str, object],
    deadlines: Collection[int] = (),
) -> dict[str, Any]:
    """Return the certificate that a sequence of moves leads from a state to the goal.

    Moves that the plan does not use, and what only they ask for, are left out, and the rest numbered anew.

    Args:
        problem: The problem; its own start is not used.
        start: The state from which the plan starts.
        plan: Numbers of steps of the problem, in order.
        days: For each, the day on which it takes effect, from the start of the problem.
        question: What is asked: `entity`, `matter`, `who` (a sequence) and `adversary`, and where they apply `on`,
            `directors`, `account`, `under` and `book_hash`.
        deadlines: Steps that happen by themselves on their `not_before`. Those that lose something and whose day the
            plan goes past are put in their places.

    Returns:
        Plain JSON values: dictionaries, lists, texts, whole numbers, booleans and null.

    Raises:
        ValueError: If `plan` and `days` differ in length, a step is not of the problem, or `question` lacks a field or
            has one that is not known.
    """
    if len(plan) != len(days):
        raise ValueError(f"{len(plan)} moves and {len(days)} days")
    if any(not 0 <= step < len(problem.steps) for step in plan):
        raise ValueError("a move of the plan is not a step of the problem")
    used = sorted({*plan, *deadlines})
    place = {step: at for at, step in enumerate(used)}
    moves = _with_deadlines(problem, list(zip(plan, days, strict=True)), deadlines)
    claim = {"plan": [{"step": place[step], "day": _whole(day)} for step, day in moves]}
    return _certificate("plan", problem, start, used, lambda _: claim, question, deadlines)


def _with_deadlines(
    problem: Problem, moves: Sequence[tuple[int, int]], deadlines: Collection[int]
) -> list[tuple[int, int]]:
    """Return moves and their days, with what happens by itself in between."""
    made = {step for step, _ in moves}
    days = [(problem.steps[step].not_before, step) for step in deadlines if problem.steps[step].is_lossy]
    due = sorted((day, step) for day, step in days if step not in made)
    complete: list[tuple[int, int]] = []
    for step, day in moves:
        complete += [(each, on) for on, each in due if on < day]
        due = [each for each in due if each[0] >= day]
        complete.append((step, day))
    return complete


def of_already(problem: Problem, start: int, question: Mapping[str, object]) -> dict[str, Any]:
    """Return the certificate that the goal holds at the start; arguments and errors as of `of_plan`."""
    return _certificate("already", problem, start, [], lambda _: {"plan": []}, question)


def of_closure(problem: Problem, start: int, closure: int, question: Mapping[str, object]) -> dict[str, Any]:
    """Return the certificate that no sequence of moves leads to the goal, even if nothing were ever lost.

    Every move of the problem is in it. Bits that no gate reads and no move sets are left out.

    Args:
        problem: The problem; its own start is not used.
        start: The state at the start.
        closure: A state that includes the start and whatever any move allowed in it turns on.
        question: As of `of_plan`.

    Raises:
        ValueError: As of `of_plan`.
    """
    steps = range(len(problem.steps))
    return _certificate("closure", problem, start, steps, lambda kept: {"closure": kept(closure)}, question)


def of_maximal(problem: Problem, start: int, states: Sequence[int], question: Mapping[str, object]) -> dict[str, Any]:
    """Return the certificate that no sequence of moves leads to the goal, by the largest states that can be reached.

    Every move of the problem is in it. The states are put in order, so that the same set gives the same certificate.

    Args:
        problem: The problem; its own start is not used.
        start: The state at the start.
        states: States below which the start lies and every move from them stays.
        question: As of `of_plan`.

    Raises:
        ValueError: As of `of_plan`.
    """

    def claim(kept: Callable[[int], list[int]]) -> dict[str, Any]:
        distinct = {tuple(kept(state)) for state in states}
        return {"states": [list(state) for state in sorted(distinct, key=lambda state: (-len(state), state))]}

    return _certificate("maximal states", problem, start, range(len(problem.steps)), claim, question)


def of_game(proof: Sequence[Stage], question: Mapping[str, object], *, won: bool) -> dict[str, Any]:
    """Return the certificate that a coalition wins, or does not, against others who also move.

    Args:
        proof: The stages of the game that matter, the start first.
        question: As of `of_plan`.
        won: Whether it wins.

    Raises:
        ValueError: As of `of_plan`.
    """

    def worded(acts: Sequence[Act]) -> list[str]:
        return [act.words or act.kind for act in acts]

    positions = [
        {
            "made": worded(stage.made),
            "holds": stage.holds,
            "openings": [
                {
                    "move": opening.act.words or opening.act.kind,
                    "days": _whole(opening.days),
                    "replies": [
                        {"during": worded(each.during), "effective": each.effective, "after": worded(each.after),
                         "to": each.to}
                        for each in opening.replies
                    ],
                }
                for opening in stage.openings
            ],
        }
        for stage in proof
    ]  # fmt: skip
    wins = [{"position": at, "opening": 0, "rounds": each.rounds} for at, each in enumerate(proof) if not each.holds]
    return {
        "format": FORMAT,
        "kind": "win" if won else "defeat",
        "question": _question(question),
        "problem": {"positions": positions, "start": 0},
        "claim": {"wins": wins} if won else {"lost": list(range(len(proof)))},
    }


def certificate_text(certificate: Mapping[str, Any]) -> str:
    """Return a certificate as JSON text, the same bytes for the same certificate.

    Raises:
        ValueError: If the text is longer than 64,000,000 characters.
    """
    text = json.dumps(certificate, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    if len(text) > LONGEST:
        raise ValueError(f"the certificate has {len(text):,} characters; at most {LONGEST:,} can be checked")
    return text


def read_certificate(text: str) -> object:
    """Return the JSON values of a text, whatever they say; nothing is checked beyond that they are JSON.

    Raises:
        ValueError: In one sentence, if the text is too long, is not JSON, is nested too deeply, has a field twice in
            one object, or a number that is not one.
    """
    if len(text) > LONGEST:
        raise ValueError(f"the text has {len(text):,} characters; at most {LONGEST:,} are read")
    try:
        value: object = json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
    except json.JSONDecodeError as fault:
        raise ValueError(f"not JSON: {fault}") from None
    except RecursionError:
        raise ValueError("nested too deeply for a certificate") from None
    except ValueError as fault:
        told = fault if isinstance(fault, _RefusedError) else "a number is too long"
        raise ValueError(f"not a certificate: {told}") from None
    return value


class _RefusedError(ValueError):
    """What is wrong with a text."""


def _each_once(fields: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(fields)
    if len(value) < len(fields):
        raise _RefusedError("a field stands twice in one object")
    return value


def _no_number(name: str) -> NoReturn:
    raise _RefusedError(f"{name} is no number")


def _certificate(
    kind: str,
    problem: Problem,
    start: int,
    steps: Sequence[int],
    claim: Callable[[Callable[[int], list[int]]], dict[str, Any]],
    question: Mapping[str, object],
    deadlines: Collection[int] = (),
) -> dict[str, Any]:
    """Return a certificate with these steps; `claim` makes its claim, given how states are written."""
    moves = [problem.steps[number] for number in steps]
    gates = _gates_asked(problem.gates, [problem.goal, *(move.guard for move in moves)])
    bits = _bits_named(problem.gates, gates, moves)
    bit_at = {bit: at for at, bit in enumerate(bits)}
    gate_at = {gate: at for at, gate in enumerate(gates)}

    def kept(state: int) -> list[int]:
        return [at for at, bit in enumerate(bits) if state >> bit & 1]

    return {
        "format": FORMAT,
        "kind": kind,
        "question": _question(question),
        "problem": {
            "bits": [problem.bits[bit] for bit in bits],
            "gates": [_gate(problem.gates[gate], bit_at, gate_at) for gate in gates],
            "steps": [
                _step(move, bit_at, gate_at, by_itself=number in deadlines)
                for number, move in zip(steps, moves, strict=True)
            ],
            "start": kept(start),
            "goal": gate_at[problem.goal],
        },
        "claim": claim(kept),
    }


def _gates_asked(gates: Sequence[Gate], asked: Sequence[int]) -> list[int]:
    """Return the gates that those asked rest on, themselves among them, in order."""
    found, waiting = set(asked), list(asked)
    while waiting:
        gate = gates[waiting.pop()]
        parts = gate.parts if isinstance(gate, (Every, Either, Enough)) else ()
        for part in parts:
            if part not in found:
                found.add(part)
                waiting.append(part)
    return sorted(found)


def _bits_named(gates: Sequence[Gate], asked: Sequence[int], moves: Sequence[Step]) -> list[int]:
    """Return the bits that these gates read or these moves set or read, in order."""
    found = {gate.bit for gate in (gates[number] for number in asked) if isinstance(gate, Bit)}
    for move in moves:
        for effect in move.effects:
            found.add(effect.bit)
            if effect.where is not None:
                found.add(effect.where)
    return sorted(found)


def _gate(gate: Gate, bit_at: Mapping[int, int], gate_at: Mapping[int, int]) -> dict[str, Any]:
    match gate:
        case Bit(bit):
            return {"bit": bit_at[bit]}
        case Fixed(value):
            return {"always": value}
        case Every(parts):
            return {"all": [gate_at[part] for part in parts]}
        case Either(parts):
            return {"any": [gate_at[part] for part in parts]}
        case Enough(parts, weights, quota):
            pairs = zip(parts, weights, strict=True)
            return {
                "at least": _whole(max(quota, 0)),
                "of": [[gate_at[part], _whole(weight)] for part, weight in pairs],
            }


def _step(step: Step, bit_at: Mapping[int, int], gate_at: Mapping[int, int], *, by_itself: bool) -> dict[str, Any]:
    def raised(effect: Effect) -> list[int | None]:
        return [bit_at[effect.bit], None if effect.where is None else bit_at[effect.where]]

    return {
        "name": step.name,
        "guard": gate_at[step.guard],
        "on": [raised(effect) for effect in step.effects if effect.on],
        "off": [bit_at[effect.bit] for effect in step.effects if not effect.on],
        "days": _whole(step.days),
        "not_before": _whole(max(step.not_before, 0)),
        "not_after": None if step.not_after is None else _whole(step.not_after),
        "by_itself": by_itself,
    }


def _whole(number: int) -> int | str:
    return number if number <= EXACT else str(number)


def _question(question: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields of a question as JSON values, those that do not apply as null."""
    unknown = sorted(set(question) - set(ASKED))
    missing = [name for name in NEEDED if question.get(name) is None]
    if unknown or missing:
        raise ValueError(f"a question has no '{unknown[0]}'" if unknown else f"a question needs '{missing[0]}'")
    plain: dict[str, Any] = {}
    for name in ASKED:
        value = question.get(name)
        if name == "who":
            if isinstance(value, str) or not isinstance(value, Sequence):
                raise ValueError("who asks must be a sequence of names")
            plain[name] = [str(each) for each in value]
        else:
            plain[name] = value.isoformat() if isinstance(value, date) else None if value is None else str(value)
    return plain
