"""Beneficial owners under the Anti-Money Laundering Regulation of the European Union."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from muniment.control.legal.chains import Reach
from muniment.control.legal.criteria import (
    QUARTER_OR_MORE,
    Line,
    board_point,
    certain,
    matters_carried,
    matters_stopped,
    names,
    owned_point,
    quoted,
    share_point,
    strategic_matters,
)
from muniment.control.legal.finding import LegalTest, Point
from muniment.control.legal.inquiry import Inquiry
from muniment.control.legal.powers import ORDINARY
from muniment.control.legal.stakes import Measure
from muniment.control.legal.uk_psc import is_british
from muniment.control.legal.us_cta import is_american

APPLIES = date(2027, 7, 10)
MEASURES: tuple[Measure, ...] = ("capital", "votes")
QUARTER = QUARTER_OR_MORE._replace(section="Art. 52(1)")
MIXED = QUARTER_OR_MORE._replace(section="Art. 54")
HALF_AND_ONE = Line(Fraction(1, 2), True, "Art. 53(2)(c)")
OWNERSHIP = Reach(("capital", "votes"), Fraction(1, 2), True, True)
PROFIT = ("declare dividend", "distribute profit", "distribution")


def ask(inquiry: Inquiry, entity: str, party: str) -> tuple[Point, ...]:
    """Return whether a natural person is a beneficial owner of an entity.

    By an ownership interest (multiplied along chains and added), by control at each level, or by both at different
    levels of one chain.
    """
    if not inquiry.are_natural((party,)):
        found = inquiry.structure.parties.get(party)
        if found is not None and found.kind == "group":
            doubt = f"Who the members of {party} are, and what each of them holds."
            return (Point("undetermined", f"{party} stands for persons who act apart (Art. 51).", (doubt,)),)
        words = f"{party} is no natural person; only natural persons are beneficial owners (Art. 51)."
        return (Point("no", words),)
    points = [owned_point(inquiry, party, entity, measure, QUARTER) for measure in MEASURES]
    points += [share_point(inquiry, party, entity, measure, HALF_AND_ONE, OWNERSHIP) for measure in MEASURES]
    points += _in_concert(inquiry, entity, party)
    points.append(board_point(inquiry, (party,), entity, "Art. 53(3)(b)", or_remove=True))
    points.append(_decides(inquiry, entity, party))
    points += _mixed(inquiry, entity, party)
    points.append(_vetoes(inquiry, entity, party))
    if inquiry.structure.on < APPLIES:
        note = (
            f"The Regulation applies from {APPLIES}; it is asked here as of {inquiry.structure.on}, as though it did."
        )
        points = [point._replace(assumptions=(*point.assumptions, note)) for point in points]
    return tuple(points)


def _in_concert(inquiry: Inquiry, entity: str, party: str) -> list[Point]:
    """Return, for each voting pool that a person is in, whether its members have a majority of the votes together."""
    found = []
    line = HALF_AND_ONE._replace(section="Art. 53(3)(a), acting in concert,")
    for pool in inquiry.structure.pools:
        if pool.over == entity and party in pool.members:
            others = tuple(name for name in pool.members if name != party)
            point = share_point(inquiry, party, entity, "votes", line, OWNERSHIP, others)
            words = f"By the voting pool {pool.id} of {names(pool.members)}: {point.words}"
            found.append(point._replace(words=words, bases=(*point.bases, pool.basis)))
    return found


def _decides(inquiry: Inquiry, entity: str, party: str) -> Point:
    """Return whether a person carries the decisions of an entity, or those on its profit, alone."""
    powers = inquiry.powers(entity)
    matters = (ORDINARY, *(m for m in powers.matters if any(words in m for words in PROFIT)))
    carried = matters_carried(inquiry, (party,), entity, matters)
    done = certain(carried)
    if done:
        words = f"{party} alone carries {quoted(done)} of {entity} (Art. 53(2)(a), (3)(a) and (d))."
        return Point("yes", words, (), powers.records((party,), done[0]), powers.assumptions)
    if carried:
        facts = powers.open_facts or (f"the votes in {entity}",)
        words = (
            f"Whether {party} alone carries {quoted(tuple(carried))} of {entity} hangs on figures stated within "
            "bounds (Art. 53)."
        )
        return Point("undetermined", words, tuple(f"The exact figure of {fact}." for fact in facts))
    return Point("no", f"{party} alone carries none of {quoted(matters)} of {entity} (Art. 53(3)).")


def _vetoes(inquiry: Inquiry, entity: str, party: str) -> Point:
    """Return whether a person's vetoes are control: those on strategy are, of others it is not settled."""
    powers = inquiry.powers(entity)
    strategic = strategic_matters(inquiry, entity)
    stopped = matters_stopped(inquiry, (party,), entity, powers.matters)
    relevant = [matter for matter in certain(stopped) if matter in strategic]
    if relevant:
        words = f"{party} can stop {quoted(relevant)} of {entity}: relevant veto rights (Art. 53(3)(c))."
        return Point("yes", words, (), powers.records((party,), relevant[0]), powers.assumptions)
    if stopped:
        doubt = (
            f"Whether a veto over {quoted(tuple(stopped))} is a relevant one, that gives significant influence (Art. "
            "53(2)(a), (3)(c))."
        )
        words = f"{party} can stop {quoted(tuple(stopped))} of {entity} (Art. 53(3)(c))."
        return Point("undetermined", words, (doubt,), powers.records((party,), next(iter(stopped))), powers.assumptions)
    return Point("no", f"{party} can stop nothing of {entity} alone (Art. 53(3)(c)).")


def _mixed(inquiry: Inquiry, entity: str, party: str) -> list[Point]:
    """Return what Article 54 adds: control of direct owners, and ownership of whoever controls."""
    points = []
    for measure in MEASURES:
        point = share_point(inquiry, party, entity, measure, MIXED, OWNERSHIP)
        points.append(point._replace(words=f"Counting in full what {party} controls: {point.words}"))
    for name in inquiry.behind(entity):
        if name == entity or entity not in inquiry.controlled((name,), entity, OWNERSHIP).certain:
            continue
        for measure in MEASURES:
            point = owned_point(inquiry, party, name, measure, MIXED)
            if point.answer != "no":
                points.append(point._replace(words=f"{names((name,))} controls {entity}, and {point.words}"))
    return points


TEST = LegalTest(
    id="eu-amlr",
    title="Beneficial owner in the European Union",
    source="Regulation (EU) 2024/1624, Articles 51 to 54",
    version=("OJ L, 2024/1624, 19.6.2024; applies from 10 July 2027, with the general threshold of 25% or more"),
    reads=(
        "shares of capital and votes along all chains, control at each level, seats of the board, decisions and vetoes"
    ),
    limits=(
        "A lower threshold that the Commission may set for risky categories (Article 52(2)), nominees and family "
        "members (Article 53(4)), "
        "and the special rules on trusts, foundations and investment funds (Articles 55 and 57 to 61) are not applied, "
        "nor is the fallback to senior managers (Article 63(4))."
    ),
    usual=lambda entity: not (is_american(entity.law) or is_british(entity.law) or entity.kind == "government"),
    ask=ask,
)
