"""Criteria that legal tests share: a share reached, a board appointed, a strategic decision carried or stopped."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis, Entity
from muniment.control.legal.chains import MAJORITY, Reach
from muniment.control.legal.finding import Point, Verdict, either, percent
from muniment.control.legal.inquiry import Inquiry
from muniment.control.legal.powers import ORDINARY
from muniment.control.legal.stakes import Measure, Stake
from muniment.model.numbers import format_fraction

OFFICES = (
    "ceo",
    "cfo",
    "coo",
    "president",
    "chief executive",
    "managing director",
    "general manager",
    "general counsel",
)
MOST_NAMED = 6


class Line(NamedTuple):
    """A threshold of a test.

    Attributes:
        strict: More than the share is needed, not just the share itself.
        section: Where the source states it.
    """

    share: Fraction
    strict: bool
    section: str

    def crossed_by(self, stake: Stake) -> Verdict:
        """Return whether a stake is enough."""
        return stake.more_than(self.share) if self.strict else stake.at_least(self.share)

    @property
    def words(self) -> str:
        """Return it as people read it: `more than 25%`, `25% or more`."""
        ends = (self.share * 10_000).denominator == 1
        words = percent(self.share) if ends else format_fraction(self.share)
        return f"more than {words}" if self.strict else f"{words} or more"


HALF_OF_VOTES = Line(Fraction(1, 2), True, "")
QUARTER_OR_MORE = Line(Fraction(1, 4), False, "")


def share_point(
    inquiry: Inquiry,
    party: str,
    entity: str,
    measure: Measure,
    line: Line,
    reach: Reach = MAJORITY,
    start: Collection[str] = (),
) -> Point:
    """Return whether a party reaches a share of an entity, its own holdings and those of whom it controls added.

    Args:
        inquiry: The structure asked.
        party: Who.
        entity: In whom.
        measure: `votes` or `capital`.
        line: The threshold.
        reach: When the holdings of another count as the party's.
        start: Further parties taken together with it.
    """
    own = frozenset((party, *start))
    below = inquiry.controlled(own, entity, reach)
    stakes = inquiry.stakes(entity, measure)
    certain, possible = stakes.of({*own, *below.certain}), stakes.of({*own, *below.possible})
    answer: Verdict = line.crossed_by(certain)
    if answer == "no" and line.crossed_by(possible) != "no":
        answer = "undetermined"
    through = [name for name in below.certain if name in stakes.each and stakes.each[name].high and name != entity]
    by = f", {'with what it controls' if party in stakes.each else 'through'} {names(through)}," if through else ""
    shown = certain if certain.low == certain.high or certain.high else possible
    words = f"{party}{by} holds {shown.words()} of the {measure} of {entity}; {line.section} asks for {line.words}."
    facts = tuple(dict.fromkeys((*possible.facts, *stakes_behind(inquiry, below.possible))))
    return Point(
        answer,
        words,
        tuple(f"The exact figure of {fact}." for fact in facts[:MOST_NAMED]) if answer == "undetermined" else (),
        tuple(dict.fromkeys((*possible.bases, *bases_of_links(inquiry, own, below.certain)))),
        stakes.assumptions,
    )


def stakes_behind(inquiry: Inquiry, entities: Collection[str]) -> tuple[str, ...]:
    """Return the facts about votes in entities that are not stated exactly."""
    found = (fact for name in entities for stake in inquiry.stakes(name, "votes").each.values() for fact in stake.facts)
    return tuple(dict.fromkeys(found))


def bases_of_links(inquiry: Inquiry, start: Collection[str], links: Sequence[str]) -> tuple[Basis, ...]:
    """Return the holdings by which parties control entities, each link after those it rests on."""
    inside = set(start)
    found: dict[Basis, None] = {}
    for name in links:
        found.update(dict.fromkeys(inquiry.stakes(name, "votes").of(inside).bases))
        inside.add(name)
    return tuple(found)


def owned_point(inquiry: Inquiry, party: str, entity: str, measure: Measure, line: Line) -> Point:
    """Return whether a party owns a share of an entity: multiplied along chains, added over them."""
    stake = inquiry.owned(party, entity, measure)
    answer = line.crossed_by(stake)
    unclear = tuple(
        f"{fact[0].upper()}{fact[1:]}." if fact.startswith("who ") else f"The exact figure of {fact}."
        for fact in stake.facts[:MOST_NAMED]
    )
    return Point(
        answer,
        f"{party} owns {stake.words()} of the {measure} of {entity}, directly and through others, multiplied and "
        f"added; {line.section} asks for {line.words}.",
        unclear if answer == "undetermined" else (),
        stake.bases,
        tuple(
            dict.fromkeys(note for name in inquiry.behind(entity) for note in inquiry.stakes(name, measure).assumptions)
        ),
    )


def board_point(inquiry: Inquiry, parties: Collection[str], entity: str, section: str, *, or_remove: bool) -> Point:
    """Return whether parties appoint (or remove) most of an entity's board, alone."""
    who = names(sorted(parties))
    powers = inquiry.powers(entity)
    board = powers.board(parties)
    if board is None:
        return Point("no", f"{entity} has no board on record that {who} could appoint ({section}).")
    fills = f"{board.fills} of {board.votes} votes of the board of {entity}"
    answer = board.appoints_majority
    removes = ""
    if or_remove:
        answer = either((answer, board.removes_majority))
        removes = f" and can remove those of {board.empties}"
    return Point(
        answer,
        f"{who} appoints the holders of {fills}{removes}; {section} asks for a majority.",
        tuple(f"The exact figure of {fact}." for fact in powers.open_facts) if answer == "undetermined" else (),
        powers.records_of_seats() if answer != "no" else (),
    )


def is_strategic(entity: Entity, matter: str) -> bool:
    """Whether a matter is one of business policy: budget, business plan, or who manages.

    Source:
        Commission Consolidated Jurisdictional Notice (2008/C 95/01), paragraphs 65 to 73.
    """
    words = matter.lower()
    if words == ORDINARY or any(part in words for part in ("budget", "business plan", "business policy", "management")):
        return True
    verb, _, name = words.partition(" ")
    return verb in ("appoint", "remove") and (name in entity.offices or name in OFFICES)


def strategic_matters(inquiry: Inquiry, entity: str) -> tuple[str, ...]:
    """Return the matters of business policy that the records give a rule or consent, the ordinary decisions first."""
    owner = inquiry.structure.entities[entity]
    return tuple(matter for matter in inquiry.powers(entity).matters if is_strategic(owner, matter))


def matters_stopped(
    inquiry: Inquiry, parties: Collection[str], entity: str, matters: Sequence[str]
) -> dict[str, Verdict]:
    """Return the matters that parties can stop, each certainly or under some value of bounded facts."""
    powers = inquiry.powers(entity)
    answers = {matter: powers.blocks(parties, matter) for matter in matters}
    return {matter: answer for matter, answer in answers.items() if answer != "no"}


def matters_carried(
    inquiry: Inquiry, parties: Collection[str], entity: str, matters: Sequence[str]
) -> dict[str, Verdict]:
    """Return the matters that parties pass alone, each certainly or under some value of bounded facts."""
    powers = inquiry.powers(entity)
    answers = {matter: powers.passes(parties, matter) for matter in matters}
    return {matter: answer for matter, answer in answers.items() if answer != "no"}


def certain(answers: dict[str, Verdict]) -> tuple[str, ...]:
    """Return the matters whose answer is certain."""
    return tuple(matter for matter, answer in answers.items() if answer == "yes")


def names(parties: Sequence[str]) -> str:
    """Return parties in one line; of many, the first."""
    more = len(parties) - MOST_NAMED
    return ", ".join(parties[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def quoted(matters: Sequence[str]) -> str:
    """Return matters in one line, each between quotation marks."""
    return ", ".join(f"'{matter}'" for matter in matters)
