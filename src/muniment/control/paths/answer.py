"""What an answer on paths to control holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeAlias

from muniment.book.structure import Basis
from muniment.control.compiled import Directors
from muniment.control.paths.acts import Act

Adversary: TypeAlias = Literal["passive", "blocking", "hostile"]
Verdict: TypeAlias = Literal["already", "path", "no path", "undetermined"]


class SeatStanding(NamedTuple):
    """One seat of a body at some point of a plan.

    Attributes:
        group: The seat group.
        number: 1-based in the group.
        whose: ``ours`` (it agrees with the coalition), ``others`` or ``vacant``.
        occupant: Who sits there; empty if nobody, or whom the coalition chose.
        by_move: The coalition filled it on the way.
    """

    group: str
    number: int
    whose: Literal["ours", "others", "vacant"]
    occupant: str = ""
    by_move: bool = False


class BodyStanding(NamedTuple):
    """How a body stands at some point of a plan.

    Attributes:
        seats: In order of group and number; observers left out.
        ours: Votes of seats that agree with the coalition.
        votes: Votes of all seats.
        carry: Votes that carry an ordinary vote of the body; None where its rule is no single vote.
    """

    entity: str
    body: str
    seats: tuple[SeatStanding, ...]
    ours: int
    votes: int
    carry: int | None


class VotesStanding(NamedTuple):
    """How the votes of an entity stand at some point of a plan, at least; shares are of the votes in being."""

    entity: str
    ours: Fraction
    of: Fraction


class Standing(NamedTuple):
    """Bodies and votes at some point of a plan, those that the matter rests on."""

    bodies: tuple[BodyStanding, ...] = ()
    votes: tuple[VotesStanding, ...] = ()


class PlanMove(NamedTuple):
    """One move of a plan.

    Attributes:
        act: What is done.
        by: Those of the coalition whose agreement the move needs, and no more.
        starts: Days from the date asked to the day on which its notice can begin.
        takes_effect: Days from the date asked to the day on which it takes effect.
        standing: How boards and votes stand after it.
        replies: What the others do while its notice runs and after it, under a hostile adversary, where they hold out
            longest; `standing` is after these.
    """

    act: Act
    by: tuple[str, ...]
    starts: int
    takes_effect: int
    standing: Standing
    replies: tuple[Act, ...] = ()


class Miss(NamedTuple):
    """How close the coalition comes to something at its strongest, where no path is found.

    Attributes:
        what: The matter, or a move (`fill the 9 seats outside of openai-tech.board`).
        short: What is short, in words (`5 votes of the seats of openai-tech.board`).
        because: Records of the rule that stops it.
    """

    what: str
    short: str
    because: tuple[Basis, ...] = ()


class ConsentDistance(NamedTuple):
    """The fewest outsiders who must agree.

    Attributes:
        fewest: How many; 0 with a path or control; None where all together have none, or none was found.
        sets: Who they may be, each set sorted; at most twenty.
        number: How many such sets there are; None where they were not counted to the end.
        at_least: Where `fewest` is None: sets of fewer than this were tried and do not suffice; 0 where all
            outsiders together do not suffice.
        any_of: Where any `fewest` of certain outsiders suffice, and no others do: those outsiders; else empty.
    """

    fewest: int | None
    sets: tuple[tuple[str, ...], ...] = ()
    number: int | None = None
    at_least: int = 0
    any_of: tuple[str, ...] = ()


class Durability(NamedTuple):
    """Whether the others can undo the result by moves of their own, the coalition refusing.

    Attributes:
        lasts: True: no sequence of the listed moves undoes it. False: `moves` does. None: not decided.
        moves: Their shortest way, by what is done.
        days: Days from the end of the plan that it takes at least; None where it lasts or is not decided.
        words: One sentence.
    """

    lasts: bool | None
    moves: tuple[Act, ...] = ()
    days: int | None = None
    words: str = ""


class Provision(NamedTuple):
    """A protective provision that may be adopted.

    Attributes:
        id: Stable, such as `for-cause:openai-tech.board.outside`.
        kind: From the catalog: `entrench`, `no removal`, `board size in charter`, `vote cap`, `class veto`,
            `pre-emption`, `sunset`, `for cause`, `no written consent`, `supermajority amendment`, `purpose lock`.
        words: One sentence.
        lines: The provision as lines of a `.muni` amendment of `entity`, indented as there.
    """

    id: str
    kind: str
    entity: str
    words: str
    lines: tuple[str, ...]


class Cut(NamedTuple):
    """A minimal set of provisions that leaves no path.

    Attributes:
        provisions: In order of id.
        repeal: For each provision, by whom it can be repealed with the set in force, in words.
        note: What else to know (`cuts from the sunset on`); empty if nothing.
        amendments: By entity: lines of one amendment that adopts all of them together.
    """

    provisions: tuple[Provision, ...]
    repeal: tuple[str, ...]
    note: str = ""
    amendments: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Cuts(NamedTuple):
    """Every minimal cut found.

    Attributes:
        cuts: By number of provisions, then ids.
        tried: Provisions of the catalog that apply here.
        complete: Every minimal cut from them is listed.
        refused: Minimal cuts left out because they end what must remain possible, in words.
        cuts_nothing: Kinds of provisions that, all adopted together without any others, still leave a path, with why.
    """

    cuts: tuple[Cut, ...]
    tried: tuple[Provision, ...]
    complete: bool
    refused: tuple[str, ...] = ()
    cuts_nothing: tuple[str, ...] = ()


class HangsOn(NamedTuple):
    """A single fact without which, or read otherwise, the answer is another.

    Attributes:
        fact: Address of the record or fact.
        as_recorded: What it says.
        instead: What it is changed to (`left out`, `independent directors`, a bound or another statement).
        answer: The answer then.
    """

    fact: str
    as_recorded: str
    instead: str
    answer: str
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathAnswer:
    """Whether a coalition can come to decide a matter, and how.

    Attributes:
        who: The coalition, sorted.
        answer: ``already``: it can pass the matter as things stand, vacant seats agreeing to nothing. ``path``: `moves`
            leads there. ``no path``: no sequence of the moves considered does. ``undetermined``: see `would_decide`.
        moves: A shortest plan; empty unless the answer is ``path``.
        is_shortest: No plan has fewer moves; else the search for a shorter one was not exhausted.
        days: Days that `moves` takes at least, notices running side by side where the rules let them; None without a
            plan.
        least_days: No plan takes fewer days than this; None without plan.
        soonest: A plan that takes fewer days than `moves`, though it has more moves; empty if none was found.
        soonest_days: Days that `soonest` takes; None where it is empty.
        start: How boards and votes stand before any move.
        misses: Where there is no path: how close it comes, the matter first.
        would_decide: Where undetermined: what would decide, in sentences.
        considered: Every move considered, whoever could make it.
        certificate: A closure, maximal states, a plan or a game, as plain values that `muniment paths --verify` checks;
            empty where undetermined.
        consent_distance, durability, cuts, coalitions, hangs_on: None where not asked.
        coalitions: Minimal coalitions up to the size asked that have a path or control already.
        outside: What the answer leaves out, in one sentence.
        assumptions: Sentences, each once.
        because: Records it rests on; never empty.
    """

    entity: str
    matter: str
    who: tuple[str, ...]
    on: date
    directors: Directors
    adversary: Adversary
    answer: Verdict
    moves: tuple[PlanMove, ...] = ()
    is_shortest: bool = True
    days: int | None = None
    least_days: int | None = None
    soonest: tuple[PlanMove, ...] = ()
    soonest_days: int | None = None
    start: Standing = Standing()  # noqa: RUF009 -- an immutable value
    misses: tuple[Miss, ...] = ()
    would_decide: tuple[str, ...] = ()
    considered: tuple[Act, ...] = ()
    certificate: Mapping[str, Any]
    consent_distance: ConsentDistance | None = None
    durability: Durability | None = None
    cuts: Cuts | None = None
    coalitions: tuple[tuple[str, ...], ...] | None = None
    hangs_on: tuple[HangsOn, ...] | None = None
    outside: str = ""
    assumptions: tuple[str, ...]
    because: tuple[Basis, ...]
