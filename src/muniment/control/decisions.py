"""Who decides a matter: alone, together, by blocking, through whom, and how often."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from muniment.book.structure import Basis, Structure
from muniment.control.ballots import figure
from muniment.control.coalitions import Sets
from muniment.control.compiled import Directors, SeatKey
from muniment.control.conditioned import nodes_named
from muniment.control.diagram import TooLarge
from muniment.control.directors import compile_matter
from muniment.control.electorates import Electorates
from muniment.control.evaluations import (
    Prepared,
    Undetermined,
    circular_holdings,
    left_open,
    others_otherwise,
    prepared_for,
    tables,
    through_whom,
    who_acts_apart,
    who_alone,
    who_can_block,
    who_decides,
    with_everyone,
)
from muniment.control.formula import Mode, least, prepare
from muniment.control.intervals import Interval
from muniment.control.matters import NoSuchMatter, basis_of, understand
from muniment.control.more_indices import NOT_MONOTONE, WITH_A_WARNING
from muniment.control.powers import USUAL, Powers, SampleNote
from muniment.control.reasons import lacking, records_behind, sentences, tally, voters_behind
from muniment.control.seat_power import Seats, seats_of_parties

MOST_VOTES = 40
MOST_SHORTFALLS = 50


class ReadingMark(NamedTuple):
    """A condition that is not monotone, read so that a no-show is a no, with the other reading where it differs.

    Holders who do not act together are marked in the same way: the other reading has them agree for passing, and stay
    away for blocking.

    Attributes:
        condition: As the rule says it, or the name of those who do not act together.
        rule: Where it stands.
        reading: What was assumed.
        alone: Who passes alone in the other reading; None where nothing differs.
        can_block: Who can block in the other reading; None where nothing differs.
    """

    condition: str
    rule: Basis
    reading: str
    alone: tuple[str, ...] | None
    can_block: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decides one matter of one entity, in one reading of its directors.

    Attributes:
        actors: Everyone whose will the rule asks for, in order of id.
        alone: Who passes the matter with everyone else saying no.
        can_block: Without whom it cannot pass.
        coalitions: Minimal coalitions by size, then ids: all if at most 1,000, else the first hundred.
        number_of_minimal_coalitions: How many there are; None where counting them is too large.
        smallest_coalition: Size of the smallest; None if there is none, or it is not known.
        blocking_sets: Minimal sets without whom it cannot pass; as `coalitions`.
        number_of_blocking_sets: As `number_of_minimal_coalitions`.
        through: Entities and bodies whose single yes passes it.
        blocks_through: Entities and bodies whose single no blocks it.
        banzhaf: By actor, normalized, 0 for dummies; all 0 where nobody can pass it; empty if too large.
        shapley_shubik: As `banzhaf`.
        more_indices: By name (`penrose`, `coleman_prevent` and so on), where asked; too large ones are left out.
        tolerance: By name of the index, where it is not exact: no value is further off than this.
        intervals: By name, then actor, of indices that were sampled: the estimate and its bounds.
        sampled: How many coalitions were drawn, from which seed, and how sure the intervals are; None if none were.
        circular: Entities whose holdings in one another make the least and greatest fixpoint differ.
        if_each_lets_the_other: Coalitions under the greatest fixpoint, where it differs.
        own_seats: Seats taken to be their occupants' own, as `entity.body group number`.
        undetermined: Questions that a bounded fact leaves open; the lists hold what is certain.
        impossible: All together cannot pass it; then only `can_block` may have members, where just circular holding
            makes it so.
        seats: Seats of the entity's bodies that each party fills and empties alone.
        short_of: What each actor lacks to pass it alone; only where there are at most fifty.
        reading_marks: Conditions that are not monotone, and how they were read.
        too_large: What was refused, and at which limit.
        because: Records it rests on; never empty.
        why: Sentences with figures.
    """

    entity: str
    matter: str
    directors: Directors
    actors: tuple[str, ...]
    alone: tuple[str, ...]
    can_block: tuple[str, ...]
    coalitions: tuple[tuple[str, ...], ...]
    number_of_minimal_coalitions: int | None
    smallest_coalition: int | None
    blocking_sets: tuple[tuple[str, ...], ...]
    number_of_blocking_sets: int | None
    through: tuple[str, ...]
    blocks_through: tuple[str, ...]
    banzhaf: Mapping[str, Fraction]
    shapley_shubik: Mapping[str, Fraction]
    more_indices: Mapping[str, Mapping[str, Fraction]] = field(default_factory=dict)
    tolerance: Mapping[str, Fraction] = field(default_factory=dict)
    intervals: Mapping[str, Mapping[str, Interval]] = field(default_factory=dict)
    sampled: SampleNote | None = None
    circular: tuple[str, ...] = ()
    if_each_lets_the_other: tuple[tuple[str, ...], ...] = ()
    own_seats: tuple[str, ...] = ()
    undetermined: tuple[Undetermined, ...] = ()
    impossible: bool = False
    seats: tuple[Seats, ...] = ()
    short_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reading_marks: tuple[ReadingMark, ...] = ()
    too_large: tuple[TooLarge, ...] = ()
    assumptions: tuple[str, ...] = ()
    because: tuple[Basis, ...]
    why: tuple[str, ...]


class PassResult(NamedTuple):
    """Whether those in favor suffice, counting votes as cast.

    Attributes:
        passes: Whether the matter passes.
        why: The figures that decide it (`3 of 5 agree; all but 1 of board needs 4`).
        lacking: What is short, vote by vote; empty where it passes.
        because: Records it rests on.
        assumptions: Sentences, each once.
    """

    passes: bool
    why: str
    lacking: tuple[str, ...]
    because: tuple[Basis, ...]
    assumptions: tuple[str, ...]


def decide(
    structure: Structure,
    question: str = "",
    *,
    entity: str = "",
    matter: str = "",
    directors: Directors = "loyal",
    with_seats: bool = True,
    entities_act: bool = False,
    all_indices: bool = False,
    seed: int = 1,
) -> Decision | NoSuchMatter:
    """Answer who decides a matter.

    Args:
        structure: What is in force.
        question: `ENTITY: MATTER`; or give `entity` and `matter`.
        entity: Id of an entity.
        matter: A matter of the book or a standard one.
        directors: How the occupants of seats act.
        with_seats: Compute `seats` too, which costs as much as the rest.
        entities_act: Answer at the level of entities: every entity that is asked is an actor.
        all_indices: Compute `more_indices` too.
        seed: Of the sample from which indices are estimated where the rule is too large to count.

    Returns:
        The decision; or a refusal, with a hint, of a question about nothing the book or the standard knows.

    Source:
        Section 1 of the design; power indices as in `muniment.control.power`.
    """
    if question:
        entity, _, matter = question.partition(": ")
    meant = understand(structure, entity, matter)
    if isinstance(meant, NoSuchMatter):
        return meant
    entity, matter = meant
    asked: dict[str, Any] = {"entity": entity, "matter": matter, "directors": directors, "entities_act": entities_act}
    electorates = Electorates()
    prepared = prepared_for(compile_matter(structure, **asked, electorates=electorates))
    compiled, actors = prepared.compiled, prepared.actors
    impossible = not with_everyone(prepared).yes[compiled.system.root]
    alone = () if impossible else who_alone(prepared, Mode.CERTAIN)
    can_block, only_circular = who_can_block(prepared, impossible)
    counted = tables(prepared, impossible, all_indices=all_indices, seed=seed)
    sets, blocking, powers = counted.coalitions, counted.blocking_sets, counted.powers
    more = {name: table for name, table in powers.tables.items() if name not in USUAL} if all_indices else {}
    circular, together = circular_holdings(prepared)
    through, blocks_through = ((), ()) if impossible else through_whom(prepared)
    deciding = frozenset() if impossible else who_decides(prepared, powers, can_block, alone)
    because = records_behind(compiled, deciding) or (basis_of(structure.entities[entity]),)
    exemplar = _exemplar(alone, sets, actors)
    why = (
        *_why(prepared, exemplar, can_block, impossible, circular, together),
        *voters_behind(compiled, deciding)[:MOST_VOTES],
    )
    return Decision(
        entity=entity,
        matter=matter,
        directors=directors,
        actors=actors,
        alone=alone,
        can_block=can_block,
        coalitions=sets.listed if isinstance(sets, Sets) else (),
        number_of_minimal_coalitions=sets.number if isinstance(sets, Sets) else None,
        smallest_coalition=counted.smallest,
        blocking_sets=blocking.listed if isinstance(blocking, Sets) else (),
        number_of_blocking_sets=blocking.number if isinstance(blocking, Sets) else None,
        through=through,
        blocks_through=blocks_through,
        banzhaf=powers.tables.get("banzhaf", {}),
        shapley_shubik=powers.tables.get("shapley_shubik", {}),
        more_indices=more,
        tolerance={name: most for name, most in powers.tolerance.items() if name in USUAL or name in more},
        intervals=powers.intervals,
        sampled=powers.sampled,
        circular=circular,
        if_each_lets_the_other=together,
        own_seats=tuple(seat_words(seat) for seat in compiled.own_seats),
        undetermined=left_open(prepared, alone, can_block, only_circular),
        impossible=impossible,
        seats=seats_of_parties(structure, entity, directors, electorates) if with_seats else (),
        short_of=_shortfalls(prepared, alone),
        reading_marks=_reading_marks(structure, prepared, asked, alone, can_block),
        too_large=counted.too_large,
        assumptions=tuple(
            dict.fromkeys(
                [
                    *structure.assumptions,
                    *compiled.assumptions,
                    *map(refused_in_words, counted.too_large),
                    *_estimated(powers),
                    *([NOT_MONOTONE] if more.keys() & set(WITH_A_WARNING) else []),
                ]
            )
        ),
        because=because,
        why=why,
    )


def _estimated(powers: Powers) -> tuple[str, ...]:
    """Return how figures that are not exact came about."""
    note = powers.sampled
    if note is None:
        return ()
    names = [name for name in powers.tables if name in powers.intervals]
    return (
        f"{', '.join(names)}: estimated from {note.samples:,} coalitions drawn with seed {note.seed}; "
        f"with a confidence of {figure(note.confidence * 100)}% every figure is within its interval.",
    )


def refused_in_words(table: TooLarge) -> str:
    """Return what was too large for an exact answer, as a sentence."""
    return f"Too large for an exact answer: {table.what} (limit: {table.limit})."


def seat_words(seat: SeatKey) -> str:
    """Return a seat as people read it: `acme.board founders 2`."""
    entity, body, group, number = seat
    return f"{entity}.{body} {group} {number}"


def _exemplar(alone: tuple[str, ...], sets: Sets | TooLarge, actors: tuple[str, ...]) -> tuple[str, ...]:
    if alone:
        return alone[:1]
    if isinstance(sets, Sets) and sets.listed:
        return sets.listed[0]
    return actors


def _why(
    prepared: Prepared,
    exemplar: tuple[str, ...],
    can_block: tuple[str, ...],
    impossible: bool,
    circular: tuple[str, ...],
    together: tuple[tuple[str, ...], ...],
) -> tuple[str, ...]:
    said: list[str] = []
    compiled = prepared.compiled
    root = compiled.system.root
    if not impossible:
        state = least(prepared.circuits[Mode.CERTAIN], exemplar)
        if state.yes[root]:
            more = f" and {len(exemplar) - 12} more" if len(exemplar) > 12 else ""
            who = f"{' + '.join(exemplar[:12])}{more}"
            said.append(f"{who} can pass it:" if exemplar else "It passes with nobody agreeing:")
            said.extend(sentences(compiled, state))
        for name in can_block[:4]:
            rest = least(
                prepared.circuits[Mode.POSSIBLE_WITH_OTHERS], (other for other in prepared.actors if other != name)
            )
            said.append(f"Without {name} it fails: lacking {'; '.join(lacking(compiled, rest)[:6])}.")
    else:
        state = with_everyone(prepared)
        said.append("Even with everyone agreeing it does not pass:")
        said.extend(sentences(compiled, state, agreeing=False))
    if circular:
        said.append(
            f"{', '.join(circular)} wait for one another in a circle of holdings; a yes that rests on itself is no yes."
        )
        if together:
            shown = "; ".join(" + ".join(coalition) for coalition in together[:6])
            said.append(f"Were each to let the other vote, these would do: {shown}.")
    return tuple(said) or ("Nobody need agree.",)


def _shortfalls(prepared: Prepared, alone: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    if len(prepared.actors) > MOST_SHORTFALLS:
        return {}
    circuit = prepared.circuits[Mode.CERTAIN]
    return {name: lacking(prepared.compiled, least(circuit, [name])) for name in prepared.actors if name not in alone}


def _reading_marks(
    structure: Structure,
    prepared: Prepared,
    asked: Mapping[str, Any],
    alone: tuple[str, ...],
    can_block: tuple[str, ...],
) -> tuple[ReadingMark, ...]:
    """Return how conditions that are not monotone, and holders who act apart, were read, with the other reading."""
    marks: list[ReadingMark] = []
    if prepared.compiled.marks:
        other = prepared_for(compile_matter(structure, **asked, blocking=False))
        impossible = not with_everyone(other).yes[other.compiled.system.root]
        shown = _where_different(
            () if impossible else who_alone(other, Mode.CERTAIN), who_can_block(other, impossible)[0], alone, can_block
        )
        marks.extend(ReadingMark(*mark, *shown) for mark in prepared.compiled.marks)
    apart = who_acts_apart(prepared)
    if apart:
        shown = _where_different(*others_otherwise(prepared), alone, can_block)
        basis = basis_of(structure.entities[asked["entity"]])
        marks.extend(
            ReadingMark(name, rule or basis, "they count as a no for passing and as a yes for blocking", *shown)
            for name, rule in apart
        )
    return tuple(marks)


def _where_different(
    other_alone: tuple[str, ...], other_block: tuple[str, ...], alone: tuple[str, ...], can_block: tuple[str, ...]
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    same = other_alone == alone and other_block == can_block
    return (None, None) if same else (other_alone, other_block)


def passes(
    structure: Structure, question: str, in_favor: Collection[str], directors: Directors = "independent"
) -> PassResult | NoSuchMatter:
    """Answer whether those in favor suffice to pass a matter.

    Votes are counted as cast: an entity that is named votes as named, whatever its own rule says.

    Args:
        structure: What is in force.
        question: `ENTITY: MATTER`.
        in_favor: Ids of the parties in favor; everyone else counts as against.
        directors: How the occupants of seats act.
    """
    entity, _, matter = question.partition(": ")
    meant = understand(structure, entity, matter)
    if isinstance(meant, NoSuchMatter):
        return meant
    entity, matter = meant
    compiled = compile_matter(structure, entity, matter, directors)
    circuit = prepare(compiled.system, Mode.CERTAIN)
    named = [number for numbers in nodes_named(compiled, in_favor).values() for number in numbers]
    state = least(circuit, in_favor, yes=named)
    because = records_behind(compiled, ()) or (basis_of(structure.entities[entity]),)
    return PassResult(
        bool(state.yes[compiled.system.root]),
        "; ".join(tally(compiled, state)) or "nobody need agree",
        lacking(compiled, state),
        because,
        tuple(dict.fromkeys([*structure.assumptions, *compiled.assumptions])),
    )
