"""Who decides: a matter asked under every reading that an account leaves open, as rows for a reader and a machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from muniment.answers.header import grounds
from muniment.answers.readings import Readings, ask, entities_behind, structures_of
from muniment.book.accounts import World
from muniment.book.structure import OpenFact, Structure
from muniment.control import Decision, NoSuchMatter, decide, matters_of, to_json

Directors = Literal["loyal", "independent"]
READINGS: tuple[Directors, ...] = ("loyal", "independent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Who decides one matter, in one reading of its directors and of the open facts.

    Attributes:
        reads: Reading of each open fact that the answer depends on; empty if it depends on none.
        untried: Open facts that were left out because there were too many combinations.
        structure: What was in force in that reading; None where the answer was not found in one.
    """

    decision: Decision
    reads: dict[str, str]
    untried: tuple[OpenFact, ...] = ()
    structure: Structure | None = None


class Wanted(NamedTuple):
    """What is asked of a decision beyond the usual.

    Attributes:
        seats: Which seats each party fills and empties.
        entities_act: Entities are actors, whoever stands behind them.
        all_indices: Every power index, not the two usual ones alone.
        seed: Of samples, where a rule is too large to count.
    """

    seats: bool = False
    entities_act: bool = False
    all_indices: bool = False
    seed: int = 1


NOTHING_MORE = Wanted()


@dataclass
class Decider:
    """Decides matters, each state of the entities behind one only once.

    Two accounts that resolve the facts behind a matter alike have equal entities, and so the same decision.
    """

    _known: dict[tuple[object, ...], list[tuple[tuple[object, ...], Decision | NoSuchMatter]]] = field(
        default_factory=dict
    )

    def decide(
        self, structure: Structure, entity: str, matter: str, directors: Directors, wanted: Wanted = NOTHING_MORE
    ) -> Decision | NoSuchMatter:
        """Answer who decides a matter, as `control.decide` does."""
        key = (entity, matter, directors, wanted, structure.on, structure.under)
        state = state_behind(structure, entity)
        known = self._known.setdefault(key, [])
        for before, decision in known:
            if before == state:
                return decision
        decision = decide(
            structure,
            entity=entity,
            matter=matter,
            directors=directors,
            with_seats=wanted.seats,
            entities_act=wanted.entities_act,
            all_indices=wanted.all_indices,
            seed=wanted.seed,
        )
        known.append((state, decision))
        return decision


def state_behind(structure: Structure, entity: str) -> tuple[object, ...]:
    """Return all that an entity's decisions may rest on, to see whether any of it differs."""
    names = sorted(entities_behind(structure, entity))
    opens = tuple(fact.address for fact in structure.open_facts if fact.entity in names)
    parties = tuple(structure.parties.get(name) for name in names)
    apart = tuple(name for name, party in structure.parties.items() if not party.acts_together)
    return (
        *((structure.entities.get(name), structure.holdings.get(name)) for name in names),
        parties,
        tuple(pool for pool in structure.pools if pool.over in names),
        apart,
        opens,
        structure.assumptions,
    )


def decisions(
    world: World,
    on: date,
    under: str | None,
    entity: str,
    matter: str,
    directors: Sequence[Directors] = READINGS,
    wanted: Wanted = NOTHING_MORE,
    decider: Decider | None = None,
) -> tuple[Decided, ...] | NoSuchMatter:
    """Answer who decides a matter.

    Args:
        world: The book in one account.
        on: The date asked.
        under: The proposal taken as adopted, if any.
        entity: Whose matter.
        matter: A matter of the book or a standard one.
        directors: The readings of directors that are wanted.
        wanted: What is asked beyond the usual.
        decider: Keeps decisions between calls.

    Returns:
        One answer for each reading of the directors, and more where an open fact changes it; or why there is none.
        Readings of an open fact in which there is nothing to decide are left out, and the others say which they are.
    """
    found: list[Decided] = []
    missing: NoSuchMatter | None = None
    keeper = decider or Decider()
    for reading in directors:

        def question(structure: Structure, reading: Directors = reading) -> Decision | NoSuchMatter:
            return keeper.decide(structure, entity, matter, reading, wanted)

        readings: Readings[Decision | NoSuchMatter] = ask(world, on, under, entity, question, same_answer)
        for each in readings.each:
            if isinstance(each.answer, NoSuchMatter):
                missing = missing or each.answer
                continue
            reads = dict(each.reads)
            found.append(Decided(decision=each.answer, reads=reads, untried=readings.untried, structure=each.structure))
    return tuple(found) if found or missing is None else missing


def same_answer(decision: Decision | NoSuchMatter) -> tuple[object, ...]:
    """Return what two decisions share where they are the same answer."""
    if isinstance(decision, NoSuchMatter):
        return (decision.message,)
    return (
        decision.alone,
        decision.can_block,
        decision.coalitions,
        decision.number_of_minimal_coalitions,
        decision.through,
        decision.undetermined,
        decision.own_seats,
        tuple(sorted(decision.banzhaf.items())),
    )


def asked_of(
    world: World, on: date, under: str | None, entity: str | None, matter: str | None
) -> tuple[tuple[str, str], ...]:
    """Return the (entity, matter) pairs of a question that may leave either out."""
    if matter and ": " in matter:
        entity, _, matter = matter.partition(": ")
    if entity and matter:
        return ((entity, matter),)
    matters = matters_on(world, on, under)
    names = [entity] if entity else list(matters)
    return tuple((name, each) for name in names for each in matters.get(name, ()) if matter in (None, each))


def matters_on(world: World, on: date, under: str | None) -> dict[str, tuple[str, ...]]:
    """Return the matters worth asking, by entity, in any reading of the open facts; a rule that is open is one."""
    found: dict[str, dict[str, None]] = {}
    for structure in structures_of(world, on, under):
        for name in structure.entities:
            found.setdefault(name, {}).update(dict.fromkeys(matters_of(structure, name)))
    return {name: tuple(matters) for name, matters in found.items()}


def assumptions_of(found: Iterable[Decided]) -> list[str]:
    """Return what some answers assume, and which open facts they leave out, each once."""
    words: dict[str, None] = {}
    for each in found:
        words.update(dict.fromkeys(each.decision.assumptions))
        words.update(
            (f"Not tried, for there were too many combinations, and left out: {fact.address}.", None)
            for fact in each.untried
        )
    return list(words)


def decided_json(decided: Decided) -> dict[str, Any]:
    """Return one answer as plain values."""
    fields = to_json(decided.decision)
    fields["because"] = grounds(decided.decision.because)
    if decided.reads:
        fields["reads"] = decided.reads
    if decided.untried:
        fields["untried"] = [fact.address for fact in decided.untried]
    return fields


def names(parties: Iterable[str], nobody: str = "nobody") -> str:
    """Return parties in one line."""
    return ", ".join(parties) or nobody


def coalitions_in_words(decision: Decision, most: int = 4) -> str:
    """Return the minimal coalitions in one line: all of a few, else their number and the smallest size."""
    number = decision.number_of_minimal_coalitions
    if decision.impossible:
        return "none: it cannot pass"
    if number is None:
        return "too many to count"
    if number <= most:
        return "; ".join(" + ".join(coalition) or "nobody need agree" for coalition in decision.coalitions)
    return f"{number:,}, the smallest of {decision.smallest_coalition}"
