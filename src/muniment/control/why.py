"""The derivation of a decision: who passes it, who can block it, what is lacking where nobody can, and why each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from muniment.book.structure import Basis, Structure
from muniment.control.changes import named_rules
from muniment.control.decisions import Decision
from muniment.control.derivation import Step, bounded_facts, ground_of, steps_below
from muniment.control.directors import compile_matter
from muniment.control.evaluations import Prepared, prepared_for, with_everyone
from muniment.control.formula import AtLeast, Mode, State, least, parts_of
from muniment.control.matters import find_rule
from muniment.control.reasons import agreed_votes, short_by

MOST_ALONE = 3
MOST_BLOCKING = 4
MOST_SHORT = 12
MOST_TOGETHER = 12


def derive(structure: Structure, decision: Decision, *, entities_act: bool = False) -> tuple[Step, ...]:
    """Return why a decision is as it is, as sentences that rest on records.

    A step of depth 0 is a conclusion; the deeper steps that follow explain it, down to who holds, sits, fills and
    empties. What a rule of a statutory pack says is marked as such. The list is bounded: where something is left out, a
    step says how much.

    Args:
        structure: The structure in which the matter was decided.
        decision: What `decide` answered.
        entities_act: As it was asked of `decide`.
    """
    entity, matter = decision.entity, decision.matter
    compiled = compile_matter(structure, entity, matter, decision.directors, entities_act=entities_act)
    prepared = prepared_for(compiled)
    steps = [
        *_rule_steps(structure, decision),
        *_passing_steps(structure, prepared, decision),
        *_blocking_steps(structure, prepared, decision),
        *_open_steps(prepared, decision),
    ]
    assumed = {
        str(rule.basis.span) for each in structure.entities.values() for _, rule in named_rules(each) if rule.assumed
    }
    return tuple(_marked(step, assumed) for step in steps)


def _marked(step: Step, assumed: frozenset[str] | set[str]) -> Step:
    if not any(str(basis.span) in assumed for basis in step.because):
        return step
    stop = step.words[-1] if step.words[-1:] in (".", ":") else ""
    return step._replace(
        words=f"{step.words.removesuffix(stop)} (by a default of its law; the book says nothing){stop}"
    )


def _rule_steps(structure: Structure, decision: Decision) -> Iterator[Step]:
    entity = structure.entities[decision.entity]
    found = find_rule(entity, decision.matter)
    for stated in found.rules:
        if stated.rule is None:
            yield Step(0, f"{stated.words} is not stated for {entity.id}; nobody can pass it.")
        else:
            yield Step(0, f"The rule on {stated.words} of {entity.id} is: {stated.rule.text}.", (stated.rule.basis,))
    if found.default:
        yield Step(0, found.notes[0], (entity.basis[""],) if "" in entity.basis else ())
    for consent in entity.consents.get(decision.matter, ()):
        nature = f" ({consent.nature})" if consent.nature else ""
        yield Step(0, f"An agreement adds the consent of {consent.of}{nature}.", (consent.basis,))
    for mark in decision.reading_marks:
        yield Step(0, f"'{mark.condition}': {mark.reading}.", (mark.rule,))


def _passing_steps(structure: Structure, prepared: Prepared, decision: Decision) -> Iterator[Step]:
    if decision.impossible:
        yield Step(0, "It cannot pass, even with everyone agreeing:")
        yield from _below(structure, prepared, Mode.POSSIBLE_WITH_OTHERS, decision.actors, False)
        if decision.circular:
            yield from _circular_steps(decision)
        return
    if decision.alone:
        for name in decision.alone[:MOST_ALONE]:
            yield Step(0, f"{name} passes it alone:")
            yield from _below(structure, prepared, Mode.CERTAIN, (name,), True)
        if len(decision.alone) > MOST_ALONE:
            yield Step(0, f"{len(decision.alone) - MOST_ALONE:,} more pass it alone.")
    else:
        yield Step(0, "Nobody passes it alone.")
        yield from _short_steps(prepared, decision)
        yield from _together_steps(structure, prepared, decision)
    if decision.circular:
        yield from _circular_steps(decision)


def _together_steps(structure: Structure, prepared: Prepared, decision: Decision) -> Iterator[Step]:
    root = prepared.compiled.system.root
    coalition = decision.coalitions[0] if decision.coalitions else decision.actors
    if least(prepared.circuits[Mode.CERTAIN], coalition).yes[root]:
        who = _named(coalition) if decision.coalitions else f"All {len(coalition):,} together"
        yield Step(0, f"{who} pass it:" if coalition else "It passes with nobody agreeing:")
        yield from _below(structure, prepared, Mode.CERTAIN, coalition, True)
        return
    yield Step(0, "Those who can be counted on cannot pass it, even all together:")
    yield from _below(structure, prepared, Mode.CERTAIN, decision.actors, False)


def _short_steps(prepared: Prepared, decision: Decision) -> Iterator[Step]:
    """Say how far the strongest of those who fall short are from passing it alone."""
    shares = decision.banzhaf
    names = sorted(decision.actors, key=lambda name: (-shares.get(name, 0), name))
    strong = [name for name in names if shares.get(name)] or names
    circuit = prepared.circuits[Mode.CERTAIN]
    alike: dict[tuple[str, ...], list[str]] = {}
    for name in strong[:MOST_SHORT]:
        alike.setdefault(shortfalls(prepared, least(circuit, [name])), []).append(name)
    for short, each in alike.items():
        yield Step(1, f"{', '.join(each)}{', each' if len(each) > 1 else ''} alone: {'; '.join(short)}.")
    if len(strong) > MOST_SHORT:
        yield Step(1, f"And {len(strong) - MOST_SHORT:,} more whose yes counts.")


def shortfalls(prepared: Prepared, state: State, most: int = 8) -> tuple[str, ...]:
    """Return what is lacking, vote by vote, against what is needed (`2 seats of acme.board, of all but 1`).

    A vote that fails is not looked behind: who could carry it is not asked here.
    """
    compiled = prepared.compiled
    said: dict[str, None] = {}
    seen: set[int] = set()
    waiting = [compiled.system.root]
    while waiting:
        number = waiting.pop()
        if number in seen or state.yes[number]:
            continue
        seen.add(number)
        node, note = compiled.system.nodes[number], compiled.votes.get(number)
        if note is None or not isinstance(node, AtLeast):
            parts = parts_of(node)
            waiting.extend(reversed(parts))
            if not parts:
                name = getattr(node, "name", "")
                said[f"the consent of {name}" if name else "what is never allowed, or has no rule or electorate"] = None
            continue
        agreed = agreed_votes(note, node, frozenset(part for part in node.parts if state.yes[part]))
        short = short_by(note, agreed)
        words = _of_one(note.words) if short == "1" else note.words
        said[f"{short} {words} short of {note.needed.words.removesuffix(',')}"] = None
    shown = tuple(said)
    return (*shown[:most], f"and {len(shown) - most} more") if len(shown) > most else shown


def _of_one(words: str) -> str:
    for plural in ("votes", "seats", "trustees", "members"):
        words = words.replace(f"{plural} of", f"{plural[:-1]} of", 1)
    return words


def _blocking_steps(structure: Structure, prepared: Prepared, decision: Decision) -> Iterator[Step]:
    if decision.impossible and not decision.can_block:
        return
    if decision.impossible:
        yield Step(
            0, f"Were each of the circle to let the other vote, these could block it: {_list(decision.can_block)}."
        )
        return
    for name in decision.can_block[:MOST_BLOCKING]:
        others = tuple(other for other in decision.actors if other != name)
        yield Step(0, f"{name} can block it, for without {name}:")
        yield from _below(structure, prepared, Mode.POSSIBLE_WITH_OTHERS, others, False)
    if len(decision.can_block) > MOST_BLOCKING:
        yield Step(0, f"{len(decision.can_block) - MOST_BLOCKING:,} more can block it.")
    if decision.can_block or not with_everyone(prepared).yes[prepared.compiled.system.root]:
        return
    yield Step(0, "Nobody blocks it alone: without any one of them the others still pass it.")
    if decision.blocking_sets:
        blockers = decision.blocking_sets[0]
        others = tuple(other for other in decision.actors if other not in blockers)
        yield Step(0, f"{_named(blockers)} block it, for without them:")
        yield from _below(structure, prepared, Mode.POSSIBLE_WITH_OTHERS, others, False)


def _circular_steps(decision: Decision) -> Iterator[Step]:
    yield Step(
        0,
        f"{_list(decision.circular)} wait for one another in a circle of holdings; "
        "a yes that rests on itself is no yes.",
    )
    if decision.if_each_lets_the_other:
        shown = "; ".join(_named(coalition) for coalition in decision.if_each_lets_the_other[:6])
        more = len(decision.if_each_lets_the_other) - 6
        yield Step(
            1, f"Were each to let the other vote, these would do: {shown}{f' and {more} more' if more > 0 else ''}."
        )


def _open_steps(prepared: Prepared, decision: Decision) -> Iterator[Step]:
    facts: dict[tuple[str, str], list[str]] = {}
    for entry in decision.undetermined:
        facts.setdefault((entry.party, entry.question), []).append(entry.fact)
    for (party, question), turning in list(facts.items())[:MOST_SHORT]:
        asked = "passes it alone" if question == "alone" else "can block it"
        yield Step(
            0,
            f"Whether {party} {asked} is open: it turns on {_list(turning)}, stated within bounds.",
            bounded_facts(prepared.compiled, turning),
        )


def _below(structure: Structure, prepared: Prepared, mode: Mode, names: Sequence[str], passing: bool) -> list[Step]:
    return steps_below(ground_of(structure, prepared.compiled, prepared.circuits[mode], names, passing), 1)


def _named(names: Sequence[str]) -> str:
    return _list(names, " + ")


def _list(names: Sequence[str], joint: str = ", ") -> str:
    more = len(names) - MOST_TOGETHER
    return joint.join(names[:MOST_TOGETHER]) + (f" and {more:,} more" if more > 0 else "")


def records_of(steps: Sequence[Step]) -> tuple[Basis, ...]:
    """Return every record that a derivation lists, each once, in order."""
    return tuple({(basis.record, basis.span): basis for step in steps for basis in step.because}.values())
