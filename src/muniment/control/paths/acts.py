"""Moves that the rules of a structure may allow, whoever makes them: what is done, who must decide it, and how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from muniment.book.structure import Basis
from muniment.control.compiled import Key

Kind: TypeAlias = Literal[
    "fill seats",
    "empty seats",
    "elect successors",
    "enlarge board",
    "abolish vacant seats",
    "fill office",
    "empty office",
    "replace general partner",
    "amend rule",
    "authorize shares",
    "issue shares",
    "exercise right",
    "wait",
]


class RulePlace(NamedTuple):
    """Where a rule stands in its entity.

    Attributes:
        label: ``matter`` (a rule on a matter); ``filled by``, ``removed by``, ``vacancies filled by`` (of seats);
            ``decides by`` (of a body); ``office filled by``, ``office removed by``.
        name: The matter, seat group, body or office.
        body: The body of a seat group; empty elsewhere.
    """

    label: str
    name: str
    body: str = ""


class Need(NamedTuple):
    """Who must agree: every decision, and every party.

    Attributes:
        keys: Decisions, as the compiler of rules names them; all must say yes.
        parties: Parties that must each agree (the holder of a right).
        words: The rule as written, for people (`majority of preferred-a`).
    """

    keys: tuple[Key, ...] = ()
    parties: tuple[str, ...] = ()
    words: str = ""


NOBODY = Need()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One move. Who makes it is not part of it: seats are filled, and shares issued, by and to whoever makes it.

    Attributes:
        kind: What is done.
            `fill seats`: every vacant seat of `seats` becomes the mover's.
            `empty seats`: every seat of `seats` that is not the mover's becomes vacant.
            `elect successors`: every seat of `seats` that is not the mover's becomes so, its term having ended.
            `enlarge board`: `quantity` more seats of the group come into being, vacant.
            `abolish vacant seats`: the vacant ones of `seats` go.
            `fill office`, `empty office`: likewise of an office.
            `replace general partner`: the mover takes its place.
            `amend rule`: the rule at `place` becomes what the mover likes.
            `authorize shares`: `quantity` more of the class may be issued.
            `issue shares`: `quantity` of the class to the mover.
            `exercise right`: the right `right` is used in whole.
            `wait`: until the day `until`, with what falls due by then.
        entity: Whose.
        seats: Numbers of seats in the group, 1-based.
        quantity: Shares, or seats.
        right: Id of a right of the structure.
        place: Of `amend rule`.
        until: Of `wait`: the day waited for. Of others: the first day on which the move can take effect, if any (an
            annual meeting, the day a right opens).
        last_day: The last day on which it can be made; None = no last day.
        need: Who must agree.
        after: A place whose rule must first be as the mover likes, so that nothing else that it asks for is needed.
        way: How holders vote on it: `in writing`, `at a meeting`, `at the annual meeting`; empty where holders do not
            vote or the records say nothing of meetings.
        days: Notice, in days.
        because: The records it rests on.
        words: What is done, in words, without who does it (`fill the 4 seats preferred-a-seats of openai-tech.board`).
    """

    kind: Kind
    entity: str
    body: str = ""
    group: str = ""
    seats: tuple[int, ...] = ()
    office: str = ""
    class_id: str = ""
    quantity: Fraction | None = None
    right: str = ""
    place: RulePlace | None = None
    until: date | None = None
    last_day: date | None = None
    need: Need = NOBODY
    after: RulePlace | None = None
    way: str = ""
    days: int = 0
    because: tuple[Basis, ...] = ()
    words: str = ""
