"""Rules: how a matter is decided, as an abstract syntax tree. The grammar is in `docs/reference/language.md`."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Share:
    """How much of an electorate must agree.

    Attributes:
        kind: ``majority`` (more than half); ``more`` (more than `amount`); ``least`` (at least `amount`); ``all``;
            ``all but`` (the base less `count`); ``count`` (at least `count` seats or votes);
            ``plurality``; ``cumulative``.
        amount: A fraction of the base, for ``more`` and ``least``.
        count: Seats of a body or votes of a class, for ``all but`` and ``count``.
    """

    kind: Literal["majority", "more", "least", "all", "all but", "count", "plurality", "cumulative"]
    amount: Fraction | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """A party in a rule: an id, or a role that is looked up when the rule is used.

    Attributes:
        kind: ``id``; ``general partner``, ``manager``, ``trustees``, ``attorney general`` (roles; name is empty);
            ``holder of`` (name is the office).
    """

    kind: Literal["id", "general partner", "manager", "trustees", "attorney general", "holder of"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Electorate:
    """Who votes.

    Attributes:
        kind: ``body`` (names = (body id,)); ``word`` (names = (id,): a seat group, body or class, found when it is
            resolved); ``together`` (names = two or more class ids); ``votes``, ``trustees``, ``members`` (names empty);
            ``others`` (names = (class id,)); ``parties`` (see `parties`).
            The word `board` alone is ``body`` with names ("board",); ``body`` without names is the body (or voting
            pool) whose own rule this is (`decides by: majority`). `2 of (ada, grace)` is a `KOf`, not a count of
            ``parties``.
    """

    kind: Literal["body", "word", "together", "votes", "trustees", "members", "others", "parties"]
    names: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A qualification of a clause.

    Attributes:
        kind: ``outstanding``, ``cast``, ``present``, ``in office``, ``quorum`` (amount;
            with words = ``majority``: more than it), ``excluding`` (parties, or
            `words` = "the one concerned"), ``capped`` (amount), ``notice`` (words = the duration as written),
            ``protective``, ``substantive``.
    """

    kind: Literal[
        "outstanding",
        "cast",
        "present",
        "in office",
        "quorum",
        "excluding",
        "capped",
        "notice",
        "protective",
        "substantive",
    ]
    amount: Fraction | None = None
    parties: tuple[Party, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Vote:
    """`majority of series-a outstanding`: a share of an electorate."""

    share: Share
    electorate: Electorate
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Consent:
    """`consent of oak`; also a bare party (as in `filled by: oak`)."""

    party: Party
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class ByBody:
    """`board`, or a body's id alone: whatever the body's own `decides by` rule says."""

    name: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class NoObjection:
    """`no objection of ftc within 30 days`."""

    party: Party
    within: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class KOf:
    """`2 of (ada, grace, majority of board)`: k of several rules (a party is a `Consent`)."""

    k: int
    items: tuple[Rule, ...]
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Never:
    """A purpose lock."""

    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class And:
    """Every part must be satisfied."""

    parts: tuple[Rule, ...]
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """One part must be satisfied."""

    parts: tuple[Rule, ...]
    conditions: tuple[Condition, ...] = ()


Rule: TypeAlias = Vote | Consent | ByBody | NoObjection | KOf | Never | And | Or


@dataclass(frozen=True, slots=True)
class RuleFault:
    """Why a rule could not be read.

    Attributes:
        code: The diagnostic's code.
        message: Names the thing at fault; no full stop.
        start: Offset of the words at fault in the rule's text; 0-based, characters.
        end: One past the last.
        hint: One action the reader can take.
    """

    code: str
    message: str
    start: int
    end: int
    hint: str | None = field(default=None)
