"""Check a certificate of an answer on paths, with nothing but the certificate and the standard library.

It shares no code with the search for paths, nor with any other module, so that it can be read against its page alone.
Gates are monotone and moves set constants: what no move leads out of bounds all that is reached.
"""

from __future__ import annotations

from typing import Any, NamedTuple

ITEMS = 50_000  # in one list
WORK = 60_000_000  # bits, gates, parts and states looked at: about a minute
DIGITS = 400  # of a number; one that JSON readers may round is a text of digits
ASKED = {"entity": str, "matter": str, "who": [str], "on": {str}, "directors": {str}, "adversary": str}
ASKED |= {"account": {str}, "under": {str}, "book_hash": {str}}  # see `fit`
WHOLE = {"format": range(1, 2), "kind": str, "question": ASKED, "problem": object, "claim": object}


class Verdict(NamedTuple):
    """Whether a certificate proves what it `says`; `why` tells what was checked, or where it fails."""

    accepted: bool
    says: str
    why: str


class UnprovenError(Exception):
    """What is wrong, and where."""


class _System(NamedTuple):
    """A gate says yes once the weights of those used in it that say yes add up to what it needs."""

    bits: list[str]
    need: list[int]  # by gate
    users: list[list[tuple[int, int]]]  # by gate: the gates that use it, and its weight there
    readers: list[list[int]]  # by bit: the gates that say yes with it
    steps: list[dict[str, Any]]
    start: int
    goal: int
    size: int

    def yes(self, state: int) -> bytearray:
        """Return which gates say yes in the least fixpoint, in which no yes rests on itself."""
        need, said, held = list(self.need), bytearray(len(self.need)), state.to_bytes(len(self.bits) // 8 + 1, "little")
        ready = [gate for gate, lacking in enumerate(need) if lacking <= 0]
        ready += [gate for bit, gates in enumerate(self.readers) if held[bit >> 3] >> (bit & 7) & 1 for gate in gates]
        for gate in ready:
            said[gate] = 1
        while ready:
            for user, weight in self.users[ready.pop()]:
                need[user] -= weight
                if need[user] <= 0 and not said[user]:
                    said[user] = 1
                    ready.append(user)
        return said

    def after(self, step: dict[str, Any], state: int, *, losses: bool) -> int:
        """Return the state after a step; all effects read the state before it, and what is turned on stays on."""
        result = state & ~_mask(step["off"]) if losses else state
        return result | _mask([bit for bit, where in step["on"] if where is None or state >> where & 1])


def check(certificate: object) -> Verdict:
    """Say whether a certificate, given as plain JSON values of anyone's making, proves its claim; raises nothing."""
    says = ""
    try:
        top: dict[str, Any] = fit(certificate, WHOLE, "certificate")
        kind, asked, system = top["kind"], top["question"], _system(top["problem"])
        who = f"{' + '.join(asked['who'])} to decide '{asked['matter']}' of {asked['entity']}"
        if kind in ("plan", "already"):
            says = shown(f"{'the moves of the plan' if kind == 'plan' else 'things as stated'} lead {who}")
            why = _replay(system, top["claim"], ITEMS if kind == "plan" else 0)
            hostile = kind == "plan" and asked["adversary"] == "hostile"
            return Verdict(True, says, why + hostile * "; that it holds against moves of the others is not checked")
        if kind in ("closure", "maximal states"):
            says = shown(f"no sequence of the {len(system.steps)} move(s) stated leads {who}")
            return Verdict(True, says, _bound(system, top["claim"], kind))
        raise UnprovenError("kind: none of plan, already, closure, maximal states")
    except UnprovenError as fault:
        return Verdict(False, says, str(fault))


def _replay(system: _System, claim: object, most: int) -> str:
    plan = fit(claim, {"plan": [{"day": int, "step": range(len(system.steps))}]}, "claim")["plan"]
    if len(plan) > most or len(plan) * system.size > WORK:
        raise UnprovenError("claim.plan: too long")
    state, day, allowed_since, used = system.start, 0, dict[int, int](), {move["step"] for move in plan}
    due = frozenset(at for at, step in enumerate(system.steps) if step["by_itself"])
    for at, move in enumerate(plan):
        said, step, where = system.yes(state), system.steps[move["step"]], f"claim.plan[{at}]"
        for each in used:  # notice runs while the guard says yes, without a break
            if not said[system.steps[each]["guard"]]:
                allowed_since.pop(each, None)
            else:
                allowed_since.setdefault(each, day)
        if move["step"] not in allowed_since:
            raise UnprovenError(f"{where}: the move is not allowed there: {shown(step['name'])}")
        first = max(day, allowed_since[move["step"]] + int(step["days"]), int(step["not_before"]))
        if not first <= int(move["day"]) <= int(move["day"] if step["not_after"] is None else step["not_after"]):
            raise UnprovenError(f"{where}.day: the move cannot take effect then: {shown(step['name'])}")
        due, day = due - {move["step"]}, int(move["day"])
        past = [system.steps[each] for each in due if int(system.steps[each]["not_before"]) < day]
        if any(state & ~system.after(each, state, losses=True) for each in past):
            raise UnprovenError(f"{where}.day: later than a day on which something happens by itself")
        state = system.after(step, state, losses=True)
    if not system.yes(state)[system.goal]:
        raise UnprovenError("claim.plan: the goal does not hold at its end")
    return f"{len(plan)} move(s) replayed, the last on day {day}; the goal holds at the end"


def _bound(system: _System, claim: object, kind: str) -> str:
    within, is_closure = [range(len(system.bits))], kind == "closure"
    claimed = fit(claim, {"closure": within} if is_closure else {"states": [within]}, "claim")
    states = [_mask(each) for each in ([claimed["closure"]] if is_closure else claimed["states"])]
    work = len(states) * system.size
    if all(system.start & ~state for state in states):
        raise UnprovenError("claim: the start does not lie within it")
    for at, state in enumerate(states):
        if work > WORK:
            raise UnprovenError("claim: too much to check here")
        said = system.yes(state)
        if said[system.goal]:
            raise UnprovenError(f"claim: the goal holds in state {at} of {len(states)}")
        for step in [step for step in system.steps if said[step["guard"]]]:
            result = system.after(step, state, losses=not is_closure)
            work += len(states) if result & ~state else 0
            if result & ~state and all(result & ~other for other in states):
                bit, name = shown(system.bits[(result & ~state).bit_length() - 1]), shown(step["name"])
                raise UnprovenError(f"claim: '{name}' leads out of state {at} of {len(states)}, by '{bit}'")
    return f"the start lies within, no move leads out of the {len(states)} state(s) listed, the goal holds in none"


def _system(value: object) -> _System:
    whole = {"bits": [str], "gates": [object], "goal": object, "start": object, "steps": [object]}
    stated = fit(value, whole, "problem")
    bits, gates, steps = stated["bits"], stated["gates"], stated["steps"]
    one_bit, one_gate, size = range(len(bits)), range(len(gates)), len(bits) + len(gates) + len(steps)
    sorts = {"bit": one_bit, "always": bool, "all": [one_gate], "any": [one_gate], "of": [(one_gate, int)]}
    move = {"name": str, "guard": one_gate, "on": [(one_bit, {one_bit})], "off": [one_bit], "by_itself": bool}
    move |= {"days": int, "not_before": int, "not_after": {int}}
    need, users, readers = [1] * len(gates), [list[tuple[int, int]]() for _ in gates], [list[int]() for _ in bits]
    for at, gate in enumerate(gates):
        sort = next((name for name in sorts if type(gate) is dict and name in gate), "bit")
        quota = {"at least": int} if sort == "of" else {}
        used = fit(gate, {sort: sorts[sort], **quota}, f"problem.gates[{at}]")[sort]
        if sort == "bit":
            readers[used].append(at)
        elif sort == "always":
            need[at] = 0 if used else 1
        else:
            need[at] = int(gate["at least"]) if quota else len(used) if sort == "all" else 1
            size += len(used)
            for part in used:
                users[part[0] if quota else part].append((at, int(part[1]) if quota else 1))
    for at, step in enumerate(steps):
        fit(step, move, f"problem.steps[{at}]")
        size += len(step["on"]) + len(step["off"])
    if len(set(bits)) < len(bits) or len({step["name"] for step in steps}) < len(steps) or size > WORK:
        raise UnprovenError("problem: two bits, or two steps, of one name; or too large")
    start, goal = fit(stated["start"], [one_bit], "problem.start"), fit(stated["goal"], one_gate, "problem.goal")
    return _System(bits, need, users, readers, steps, _mask(start), goal, size)


def fit(value: Any, shape: Any, where: str) -> Any:
    """Return a value of a shape: {name: shape}, [shape of each], (shape, shape), a range, a type; {shape}: or null."""
    if isinstance(shape, set) and value is None:
        return value
    (shape,) = shape if isinstance(shape, set) else (shape,)
    fits = shape is object or type(value) is shape or (type(shape) is range and type(value) is int and value in shape)
    if isinstance(shape, dict):
        fits = type(value) is dict and value.keys() == shape.keys()
    elif isinstance(shape, (list, tuple)):
        fits = type(value) is list and (len(value) == len(shape) if isinstance(shape, tuple) else len(value) <= ITEMS)
    elif shape is int:
        digits = type(value) is str and len(value) <= DIGITS and value.isascii() and value.isdigit()
        fits = digits or (fits and 0 <= value < 10**DIGITS)
    if not fits:
        raise UnprovenError(f"{where}: not as the format has it")
    if isinstance(shape, dict):
        for name, inner in shape.items():
            fit(value[name], inner, f"{where}.{name}")
    elif isinstance(shape, (list, tuple)):
        for at, each in enumerate(value):
            fit(each, shape[at] if isinstance(shape, tuple) else shape[0], f"{where}[{at}]")
    return value


def _mask(bits: list[int]) -> int:
    held = bytearray(max(bits, default=0) // 8 + 1)
    for bit in bits:
        held[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(held, "little")


def shown(text: str) -> str:
    """Return the beginning of a text with nothing in it that a terminal would obey."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:300])
