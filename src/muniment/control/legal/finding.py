"""What a legal test of control answers, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from muniment.book.structure import Basis, Entity
from muniment.model.numbers import format_fraction

if TYPE_CHECKING:
    from muniment.control.legal.inquiry import Inquiry

Verdict: TypeAlias = Literal["yes", "no", "undetermined"]


class Turnout(NamedTuple):
    """How much of an entity's votes was cast at one meeting.

    Attributes:
        entity: Whose votes.
        low, high: Share of all votes, 0 to 1; equal where the record states it exactly.
        on: The first day on which the meeting may have been.
        basis: The record of the vote.
    """

    entity: str
    low: Fraction
    high: Fraction
    on: date
    basis: Basis


class Given(NamedTuple):
    """What a test is told beside the structure.

    Attributes:
        turnouts: Recorded turnouts up to the date asked.
        blocked: Parties taken to be blocked, for `ofac-50`; empty = the party asked about, alone.
    """

    turnouts: tuple[Turnout, ...] = ()
    blocked: frozenset[str] = frozenset()


class Point(NamedTuple):
    """One criterion of a test, as it came out.

    Attributes:
        words: A sentence with the figures and the section of the source.
        would_decide: What would settle it; empty unless it is undetermined.
        bases: Records it rests on.
        assumptions: What is assumed for it.
    """

    answer: Verdict
    words: str
    would_decide: tuple[str, ...] = ()
    bases: tuple[Basis, ...] = ()
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer of one legal test about one party and one entity.

    Attributes:
        test: Id of the test.
        answer: `yes`, `no` or `undetermined`: on the facts of the structure, never more.
        why: The facts that decide, as sentences with the section of the source; never empty.
        would_decide: For `undetermined`, what would decide it; else empty.
        because: Records it rests on; never empty.
        assumptions: What is assumed, each once.
    """

    entity: str
    party: str
    test: str
    answer: Verdict
    why: tuple[str, ...]
    would_decide: tuple[str, ...]
    because: tuple[Basis, ...]
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalTest:
    """A test of control that some law or standard states.

    Attributes:
        id: As it is asked for (`ifrs10`).
        title: What a yes means, in a few words.
        source: The law or standard with its sections.
        version: Which version was read, and since when it has been in force.
        reads: The facts of a structure it looks at.
        limits: What the source asks beyond that, and this test does not decide.
        usual: Whether the test is asked of an entity where nobody names a test.
        ask: The test itself: inquiry, entity, party.
        with_blocked: The test is about parties that are blocked, and is asked where some are named.
        any_entity: The answer may rest on entities that do not stand behind the one asked about.
    """

    id: str
    title: str
    source: str
    version: str
    reads: str
    limits: str
    usual: Callable[[Entity], bool]
    ask: Callable[[Inquiry, str, str], tuple[Point, ...]]
    with_blocked: bool = False
    any_entity: bool = False


def of_every_entity(entity: Entity) -> bool:  # noqa: ARG001 -- what a `usual` is asked
    """Return yes: the test is asked of any entity."""
    return True


def only_if_named(entity: Entity) -> bool:  # noqa: ARG001 -- what a `usual` is asked
    """Return no: the test is asked only where it is named."""
    return False


def verdict(certain: bool, possible: bool) -> Verdict:
    """Return what holds under every value of bounded facts (`certain`), under some (`possible`), or under none."""
    if certain:
        return "yes"
    return "undetermined" if possible else "no"


def either(answers: Sequence[Verdict]) -> Verdict:
    """Return yes if one is, no if all are, else undetermined."""
    if "yes" in answers:
        return "yes"
    return "undetermined" if "undetermined" in answers else "no"


def percent(share: Fraction) -> str:
    """Return a share as people read it: `25%`, or `about 68.57%` where its decimals go on.

    Example:
        >>> percent(Fraction(1, 4)), percent(Fraction(24, 35))
        ('25%', 'about 68.57%')
    """
    rounded = Fraction(round(share * 10_000), 100)
    return f"{'' if rounded == share * 100 else 'about '}{format_fraction(rounded)}%"
