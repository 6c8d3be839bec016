"""What compiling a matter yields: a system, and what each of its nodes stands for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from muniment.book.structure import Basis, Entity, Pool
from muniment.control.ballots import Needed, figure
from muniment.control.formula import System

Directors: TypeAlias = Literal["loyal", "independent"]


@dataclass(frozen=True, slots=True)
class MatterPasses:
    """The matter of an entity is decided."""

    entity: str
    matter: str


@dataclass(frozen=True, slots=True)
class EntityActs:
    """An entity acts: votes, consents, appoints.

    Attributes:
        on: `E: M` where the entity has a rule of its own for consents to it; else empty.
    """

    entity: str
    on: str


@dataclass(frozen=True, slots=True)
class BodyDecides:
    """A body decides as its `decides by` says."""

    entity: str
    body: str


@dataclass(frozen=True, slots=True)
class SeatAgrees:
    """One seat of a body agrees."""

    entity: str
    body: str
    group: str
    number: int


@dataclass(frozen=True, slots=True)
class SeatsFilled:
    """Those who fill the seats of a group agree; number 0 = every seat alike."""

    entity: str
    body: str
    group: str
    number: int


@dataclass(frozen=True, slots=True)
class SeatsEmptied:
    """Those who empty the seats of a group agree; number 0 = every seat alike."""

    entity: str
    body: str
    group: str
    number: int


@dataclass(frozen=True, slots=True)
class SeatsElected:
    """Those who elect to the seats of a group when terms end agree, whoever fills vacancies; number 0 = all alike."""

    entity: str
    body: str
    group: str
    number: int


@dataclass(frozen=True, slots=True)
class PoolDecides:
    """A voting pool decides how its members' votes in an entity are cast.

    Attributes:
        pool: Id of the pool.
        entity: The entity whose votes are bound.
    """

    pool: str
    entity: str


Key: TypeAlias = (
    MatterPasses | EntityActs | BodyDecides | SeatAgrees | SeatsFilled | SeatsEmptied | SeatsElected | PoolDecides
)
SeatKey: TypeAlias = tuple[str, str, str, int]


class VoteNote(NamedTuple):
    """What a threshold of the system is a vote of, for sentences and reasons.

    Attributes:
        entity: Whose vote.
        words: What is counted (`votes of acme`, `seats of acme.board`).
        needed: How much of it must agree.
        base: What the share is taken of.
        voters: For each part: who votes (or the seat's occupant) and with how much.
        bases: For each part, the records it rests on.
        rule: The rule's basis.
        text: The rule as written.
    """

    entity: str
    words: str
    needed: Needed
    base: Fraction
    voters: tuple[tuple[str, Fraction], ...]
    bases: tuple[tuple[Basis, ...], ...]
    rule: Basis
    text: str

    def needs_nobody(self) -> Iterator[str]:
        """Yield a sentence where a rule leaves out as many as there are."""
        if self.needed.all_but is not None and self.needed.all_but >= self.base:
            there = f"{figure(self.base)} {self.words}"
            yield f"'{self.needed.words}' of {there} needs nobody: it always passes."


class Mark(NamedTuple):
    """A condition that is not monotone, and the reading taken of it."""

    condition: str
    rule: Basis
    reading: str


class Compiled(NamedTuple):
    """A system with what its nodes stand for.

    Attributes:
        system: The root is the matter asked about.
        names: Node of each named decision.
        votes: By node, the thresholds that are votes.
        bases: By node, the records a decision rests on.
        own_seats: Seats that are taken to be their occupants' own under the loyal reading.
        marks: Conditions that are not monotone.
        facts: By node of a threshold, addresses of the facts that are bounded.
        assumptions: Sentences, each once.
        directors: The reading of directors.
    """

    system: System
    names: dict[Key, int]
    votes: dict[int, VoteNote]
    bases: dict[int, tuple[Basis, ...]]
    own_seats: tuple[SeatKey, ...]
    marks: tuple[Mark, ...]
    facts: dict[int, tuple[str, ...]]
    assumptions: tuple[str, ...]
    directors: Directors


class Setting(NamedTuple):
    """Where a rule stands.

    Attributes:
        entity: Whose rule.
        matter: What it decides; holders' own rules for consents to it go before their `vote shares`.
        rule: Its basis.
        text: As written.
        concerned: Who is left out under `excluding the one concerned`.
        seat: The seat that is filled or emptied: its number of how many (cumulative voting); 0 of 0 elsewhere.
        body: The body whose own rule it is; empty elsewhere.
        pool: The voting pool whose own rule it is; None elsewhere.
        of_seat: The rule fills or empties a seat: an electorate without recorded holders counts as missing.
    """

    entity: Entity
    matter: str
    rule: Basis
    text: str
    concerned: frozenset[str] = frozenset()
    seat: tuple[int, int] = (0, 0)
    body: str = ""
    pool: Pool | None = None
    of_seat: bool = False
