"""People with significant control over a company of the United Kingdom: the five conditions."""

from __future__ import annotations

import re
from fractions import Fraction

from muniment.control.legal.criteria import (
    Line,
    board_point,
    certain,
    is_strategic,
    matters_carried,
    matters_stopped,
    quoted,
    share_point,
)
from muniment.control.legal.finding import LegalTest, Point
from muniment.control.legal.inquiry import Inquiry
from muniment.control.legal.stakes import Measure, Stake

QUARTER = Fraction(1, 4)
BRITISH = re.compile(
    r"\b(united kingdom|uk|great britain|england|(?<!new south )wales|scotland|northern ireland)\b", re.IGNORECASE
)
WITHOUT_PERSONALITY = ("trust", "partnership")
CONDITIONS: tuple[tuple[Measure, str], ...] = (("capital", "Sch. 1A para. 2"), ("votes", "Sch. 1A para. 3"))


def ask(inquiry: Inquiry, entity: str, party: str) -> tuple[Point, ...]:
    """Return whether a party meets one of the conditions in relation to a company.

    What is held through another counts whole if the party has a majority stake in it at each level, and not at all
    otherwise. Members of a voting pool each hold what all of them hold.
    """
    owner = inquiry.structure.entities[entity]
    pools = [pool for pool in inquiry.structure.pools if pool.over == entity and party in pool.members]
    jointly = tuple(dict.fromkeys(name for pool in pools for name in pool.members if name != party))
    points: list[Point] = []
    for measure, section in CONDITIONS:
        point = share_point(inquiry, party, entity, measure, Line(QUARTER, True, section), start=jointly)
        point = point._replace(words=f"{point.words}{_band(inquiry, entity, (party, *jointly), measure, point)}")
        if jointly:
            note = (
                f"{party} is treated as holding what {', '.join(jointly)} hold too, by a joint arrangement (Sch. 1A "
                "para. 12)."
            )
            point = point._replace(words=f"{point.words} {note}", bases=(*point.bases, *(pool.basis for pool in pools)))
        points.append(point)
    points.append(board_point(inquiry, (party,), entity, "Sch. 1A para. 4", or_remove=True))
    points.append(_influence(inquiry, entity, party))
    points += _through_trusts(inquiry, entity, party)
    notes = []
    found = inquiry.structure.parties.get(party)
    if found is not None and party in inquiry.structure.entities:
        notes.append(
            f"{party} is no individual; a yes means that it is a relevant legal entity if it keeps such a "
            "register itself (s. 790C(6))."
        )
    elif found is not None and found.kind == "group":
        notes.append(f"The members of {party} are taken as one person.")
    if owner.law is None or not is_british(owner.law):
        notes.append(
            f"{entity} is asked about as though it were a company of the United Kingdom; its law is "
            f"{owner.law or 'not stated'}."
        )
    return tuple(point._replace(assumptions=(*point.assumptions, *notes)) for point in points)


def is_british(law: str | None) -> bool:
    """Whether an entity is formed under the law of a part of the United Kingdom."""
    return law is not None and BRITISH.search(law) is not None


def band(stake: Stake) -> str:
    """Return the band of a register that a share lies in; empty if it is 25% or less, or in no single band.

    Example:
        >>> band(Stake(Fraction(1, 2), Fraction(1, 2)))
        'more than 25% but not more than 50%'
    """
    if stake.at_least(Fraction(3, 4)) == "yes":
        return "75% or more"
    if stake.more_than(Fraction(1, 2)) == "yes" and stake.at_least(Fraction(3, 4)) == "no":
        return "more than 50% but less than 75%"
    if stake.more_than(QUARTER) == "yes" and stake.more_than(Fraction(1, 2)) == "no":
        return "more than 25% but not more than 50%"
    return ""


def _band(inquiry: Inquiry, entity: str, start: tuple[str, ...], measure: Measure, point: Point) -> str:
    if point.answer != "yes":
        return ""
    below = inquiry.controlled(start, entity)
    words = band(inquiry.stakes(entity, measure).of({*start, *below.certain}))
    return f" The band is {words}." if words else ""


def _influence(inquiry: Inquiry, entity: str, party: str) -> Point:
    """Return whether rights on record amount to significant influence or control."""
    owner = inquiry.structure.entities[entity]
    protective = {
        matter
        for matter, consents in owner.consents.items()
        if all(consent.nature == "protective" for consent in consents if consent.of == party)
    }
    matters = tuple(m for m in inquiry.powers(entity).matters if is_strategic(owner, m))
    carried = matters_carried(inquiry, (party,), entity, matters)
    stopped = {m: a for m, a in matters_stopped(inquiry, (party,), entity, matters).items() if m not in protective}
    section = "Sch. 1A para. 5; statutory guidance, part 2"
    for answers, verb in ((carried, "decides"), (stopped, "can stop")):
        done = certain(answers)
        if done:
            bases = inquiry.powers(entity).records((party,), done[0])
            return Point(
                "yes",
                f"{party} {verb} {quoted(done)} of {entity}: significant influence or control ({section}).",
                (),
                bases,
            )
    if carried or stopped:
        facts = inquiry.powers(entity).open_facts or (f"the votes in {entity}",)
        words = (
            f"Whether {party} decides or stops {quoted(tuple({**carried, **stopped}))} of {entity} hangs on figures "
            f"stated within bounds ({section})."
        )
        return Point("undetermined", words, tuple(f"The exact figure of {fact}." for fact in facts))
    return Point("no", f"{party} has no right on record to decide or stop how {entity} is run ({section}).")


def _through_trusts(inquiry: Inquiry, entity: str, party: str) -> list[Point]:
    """Return whether a trust or firm meets a condition, and the party directs it or is its trustee."""
    found = []
    for name in inquiry.behind(entity):
        owner = inquiry.structure.entities[name]
        if owner.kind not in WITHOUT_PERSONALITY or name in (entity, party):
            continue
        is_trustee = party in (*owner.trustees, *owner.general_partners)
        directs = inquiry.powers(name).passes((party,), "ordinary decision") == "yes"
        if not (is_trustee or directs):
            continue
        met = [
            point
            for measure, section in CONDITIONS
            if (point := share_point(inquiry, name, entity, measure, Line(QUARTER, True, section))).answer != "no"
        ]
        role = "is one of those who act for" if is_trustee else "directs"
        section = "Sch. 1A para. 6 with paras. 2 and 3"
        found += [point._replace(words=f"{party} {role} {name}. {point.words} ({section})") for point in met]
    return found


TEST = LegalTest(
    id="uk-psc",
    title="Significant control over a company of the United Kingdom",
    source=(
        "Companies Act 2006, section 790C and Schedule 1A, paragraphs 1 to 6, 11, 12 and 18, with the statutory "
        "guidance on significant influence"
    ),
    version="In force since 6 April 2016; Schedule read in its version of 2024, guidance as issued in 2016",
    reads=(
        "shares and votes with those held through majority stakes, seats of the board, strategic rights, trusts and "
        "partnerships, voting pools"
    ),
    limits=(
        "Influence that is exercised in fact without a right on record is not looked at. A yes says that a "
        "condition is met, not that "
        "the party is to be registered: who holds only through a relevant legal entity is not (s. 790C(4)). "
        "Every share counts alike, since "
        "records state no nominal value (para. 13)."
    ),
    usual=lambda entity: is_british(entity.law) and entity.kind == "company",
    ask=ask,
)
