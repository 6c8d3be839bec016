"""Control under EU merger law: decisive influence over strategic commercial behavior, sole, negative or joint."""

from __future__ import annotations

from muniment.control.legal.criteria import certain, matters_carried, matters_stopped, names, quoted, strategic_matters
from muniment.control.legal.dispersed import meetings_in_words, minority, turnout_needed
from muniment.control.legal.finding import LegalTest, Point, of_every_entity
from muniment.control.legal.inquiry import Inquiry

MEETINGS = 2


def ask(inquiry: Inquiry, entity: str, party: str) -> tuple[Point, ...]:
    """Return whether a party has decisive influence on an entity.

    It has, if it carries the strategic decisions alone (sole control), or can stop one of them: with others who can
    (joint control) or alone among all (negative sole control). Which matters are strategic is read from what they are
    about, whatever an agreement calls its consents.
    """
    who = (party,)
    matters = strategic_matters(inquiry, entity)
    powers = inquiry.powers(entity)
    carried, stopped = matters_carried(inquiry, who, entity, matters), matters_stopped(inquiry, who, entity, matters)
    carries, stops = certain(carried), certain(stopped)
    bases = tuple(dict.fromkeys(basis for matter in (carries or stops) for basis in powers.records(who, matter)))
    others = powers.stoppers(inquiry.around(entity), matters)
    rivals = [name for name in others if _is_apart(inquiry, entity, party, name)]
    if set(carries) == set(matters):
        return (
            Point(
                "yes",
                f"{party} alone carries {quoted(matters)} of {entity}: sole control (54, 56).",
                (),
                bases,
                powers.assumptions,
            ),
        )
    if stops and rivals:
        vetoes = "; ".join(f"{name} {quoted(others[name])}" for name in rivals[:3])
        words = f"{party} can stop {quoted(stops)} of {entity}, and so can {vetoes}: joint control (62 to 73)."
        return (Point("yes", words, (), bases, powers.assumptions),)
    if stops:
        kind = "sole control (54)" if carries else "negative sole control (54, 57 and 58)"
        words = f"{party} can stop {quoted(stops)} of {entity}, and nobody else can: {kind}."
        return (Point("yes", words, (), bases, powers.assumptions),)
    if carried or stopped:
        facts = powers.open_facts or (f"the votes in {entity}",)
        words = (
            f"Whether {party} carries or stops {quoted(tuple({**carried, **stopped}))} of {entity} hangs on figures "
            "stated within bounds."
        )
        return (
            Point(
                "undetermined",
                words,
                tuple(f"The exact figure of {fact}." for fact in facts),
                bases,
                powers.assumptions,
            ),
        )
    if rivals:
        words = f"{party} can neither carry nor stop {quoted(matters)} of {entity}; {names(rivals)} can (54, 62)."
        return (Point("no", words, (), ()),)
    return (_in_fact(inquiry, entity, party),)


def _is_apart(inquiry: Inquiry, entity: str, party: str, other: str) -> bool:
    """Whether another is not the party itself, nor controlled by it, nor in control of it."""
    below = inquiry.controlled((party,), entity).possible
    return other != party and other not in below and party not in inquiry.controlled((other,), entity).possible


def _in_fact(inquiry: Inquiry, entity: str, party: str) -> Point:
    """Return whether a minority is likely to have a majority at meetings, with what would decide."""
    found = minority(inquiry, party, entity)
    held = f"{party} holds {found.stake.words()} of the votes of {entity}"
    holders = (*inquiry.stakes(entity, "votes").each,)
    if found.pooled:
        return Point("no", f"{held}, which a voting pool casts; it can stop nothing there alone (63).", (), found.bases)
    if found.is_largest == "no" or not inquiry.powers(entity).is_decided_by(holders):
        return Point(
            "no", f"{held} and can neither carry nor stop its strategic decisions (54, 62, 80).", (), found.bases
        )
    if found.carried == "yes" and len(found.turnouts) >= MEETINGS and found.outvoted_by is None:
        words = f"{held}; {meetings_in_words(found)}: sole control in fact (59)."
        return Point("yes", words, (), found.bases)
    if found.carried == "no":
        return Point("no", f"{held}; {meetings_in_words(found)}: no majority at the meetings (59).", (), found.bases)
    if not found.unnamed:
        return Point(
            "no", f"{held}, the rest lies with named holders, and majorities may shift (59, 80).", (), found.bases
        )
    doubt = (
        "The turnout at the meetings of the last three years: a majority of the votes cast needs less than "
        f"{turnout_needed(found)} (59)."
    )
    past = f" So far: {meetings_in_words(found)}." if found.turnouts else ""
    return Point("undetermined", f"{held}, more than any other named holder.{past}", (doubt,), found.bases)


TEST = LegalTest(
    id="eu-merger",
    title="Control in EU merger law",
    source=(
        "Regulation (EC) No 139/2004, Article 3(2), and the Commission Consolidated Jurisdictional Notice "
        "(OJ C 95, 16.4.2008, p. 1), paragraphs 16 to 23 and 54 to 82"
    ),
    version="Regulation in force since 1 May 2004; notice of 10 July 2007 as published on 16 April 2008",
    reads=(
        "rules, boards, offices, votes and consents on strategic matters (ordinary decisions, budget, business plan, "
        "appointing and removing managers), and recorded turnouts"
    ),
    limits=(
        "Other strategic matters of one market, such as technology or brands (72), common interests of holders "
        "without an agreement (76), "
        "economic dependence (20) and whether control is lasting are not looked at. A veto over investments "
        "counts only "
        "where its level is low (71), which records do not say."
    ),
    usual=of_every_entity,
    ask=ask,
)
