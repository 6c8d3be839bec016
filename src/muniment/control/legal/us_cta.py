"""Beneficial owners under the Corporate Transparency Act of the United States."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from muniment.book.exercising import exercised
from muniment.control.legal.chains import MAJORITY
from muniment.control.legal.criteria import (
    OFFICES,
    QUARTER_OR_MORE,
    board_point,
    certain,
    is_strategic,
    matters_carried,
    matters_stopped,
    owned_point,
    quoted,
    share_point,
)
from muniment.control.legal.finding import LegalTest, Point
from muniment.control.legal.inquiry import Inquiry
from muniment.control.legal.stakes import Measure

NARROWED = date(2025, 3, 26)
MEASURES: tuple[Measure, ...] = ("capital", "votes")
QUARTER = QUARTER_OR_MORE._replace(section="31 CFR 1010.380(d)")
IMPORTANT = (
    "merge", "sell company", "dissolve", "issue shares", "authorize shares", "borrow", "amend charter", "amend bylaws",
)  # fmt: skip
NAMES_OF_STATES = (
    "alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, georgia, "
    "hawaii, idaho, illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts, "
    "michigan, minnesota, mississippi, missouri, montana, nebraska, nevada, new hampshire, new jersey, new "
    "mexico, new york, north carolina, north dakota, ohio, oklahoma, oregon, pennsylvania, rhode island, south "
    "carolina, south dakota, tennessee, texas, utah, vermont, virginia, washington, west virginia, wisconsin, "
    "wyoming, district of columbia, united states"
)
STATES = frozenset(NAMES_OF_STATES.split(", "))


def ask(inquiry: Inquiry, entity: str, party: str) -> tuple[Point, ...]:
    """Return whether an individual owns or controls a quarter of an entity, or has substantial control over it.

    Options are taken as used, whatever they say of when. Ownership interests are multiplied and added, and those of an
    entity that the individual controls count whole.
    """
    if not inquiry.are_natural((party,)):
        found = inquiry.structure.parties.get(party)
        if found is not None and found.kind == "group":
            doubt = f"Who the members of {party} are, and what each of them holds."
            return (Point("undetermined", f"{party} stands for persons who act apart (1010.380(d)).", (doubt,)),)
        return (Point("no", f"{party} is no individual; only individuals are beneficial owners (31 CFR 1010.380(d))."),)
    as_used = _with_options(inquiry, entity)
    points = [owned_point(as_used, party, entity, measure, QUARTER) for measure in MEASURES]
    points += [share_point(as_used, party, entity, measure, QUARTER, MAJORITY) for measure in MEASURES]
    points += [
        _officer(inquiry, entity, party),
        board_point(inquiry, (party,), entity, "1010.380(d)(1)(i)(B)", or_remove=True),
        _important(inquiry, entity, party),
    ]
    notes = []
    law = inquiry.structure.entities[entity].law
    if is_american(law) and inquiry.structure.on >= NARROWED:
        notes.append(
            f"Since {NARROWED} an entity formed under the law of a state reports no beneficial owners "
            "(1010.380(c)(2)(xxiv)); the definition is asked all the same."
        )
    elif not is_american(law):
        notes.append(
            f"{entity} is asked about as though it were a reporting company; its law is {law or 'not stated'}."
        )
    if as_used is not inquiry:
        notes.append("Options and rights to convert are taken as used (1010.380(d)(2)(iii)(A)).")
    return tuple(point._replace(assumptions=(*point.assumptions, *notes)) for point in points)


def is_american(law: str | None) -> bool:
    """Whether an entity is formed under the law of a state of the United States."""
    return law is not None and law.strip().lower() in STATES


def _with_options(inquiry: Inquiry, entity: str) -> Inquiry:
    rights = [right for right in inquiry.structure.rights if right.entity == entity and right.kind != "put"]
    if not rights:
        return inquiry
    # Dates and events of exercise do not matter here; what is marked as never exercisable stays out.
    freed = tuple(replace(right, exercisable=(None, None), on_event="") for right in rights)
    structure = replace(inquiry.structure, rights=freed)
    used = exercised(structure, [right.id for right in rights if right.kind == "acquire"])
    return inquiry.variant(("options used", entity), used.structure)


def _officer(inquiry: Inquiry, entity: str, party: str) -> Point:
    held = [o for o in inquiry.structure.entities[entity].offices.values() if o.holder == party and o.id in OFFICES]
    if not held:
        return Point("no", f"{party} holds no senior office of {entity} (1010.380(d)(1)(i)(A)).")
    bases = tuple(office.holder_basis or office.basis for office in held)
    return Point("yes", f"{party} is {held[0].id} of {entity}, a senior officer (1010.380(d)(1)(i)(A)).", (), bases)


def _important(inquiry: Inquiry, entity: str, party: str) -> Point:
    owner = inquiry.structure.entities[entity]
    powers = inquiry.powers(entity)
    matters = tuple(m for m in powers.matters if m in IMPORTANT or is_strategic(owner, m))
    carried = matters_carried(inquiry, (party,), entity, matters)
    stopped = matters_stopped(inquiry, (party,), entity, matters)
    for answers, verb in ((carried, "decides"), (stopped, "can stop")):
        done = certain(answers)
        if done:
            words = (
                f"{party} {verb} {quoted(done[:5])} of {entity}: substantial influence over important decisions "
                "(1010.380(d)(1)(i)(C))."
            )
            return Point("yes", words, (), powers.records((party,), done[0]), powers.assumptions)
    if carried or stopped:
        facts = powers.open_facts or (f"the votes in {entity}",)
        words = (
            f"Whether {party} decides or stops important decisions of {entity} hangs on figures stated within bounds "
            "(1010.380(d)(1)(i)(C))."
        )
        return Point("undetermined", words, tuple(f"The exact figure of {fact}." for fact in facts))
    return Point(
        "no",
        f"{party} has no right on record to decide or stop important decisions of {entity} (1010.380(d)(1)(i)(C)).",
    )


TEST = LegalTest(
    id="us-cta",
    title="Beneficial owner under the US Corporate Transparency Act",
    source="31 U.S.C. 5336(a)(3) and 31 CFR 1010.380(d)",
    version=(
        "In force since 1 January 2024; narrowed to foreign reporting companies by the interim final rule of 26 "
        "March 2025 (90 Fed. Reg. 13688)"
    ),
    reads=(
        "shares of capital and votes along all chains with options used, senior offices, seats of the board, "
        "decisions and vetoes"
    ),
    limits=(
        "Exempt companies, trusts and minors (1010.380(c)(2), (d)(2)(ii), (d)(3)), and influence without a right "
        "on record "
        "are not looked at; nor is who is a US person, whom foreign companies need not report."
    ),
    usual=lambda entity: is_american(entity.law) and entity.kind in ("company", "llc", "partnership"),
    ask=ask,
)
