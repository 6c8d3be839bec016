"""The controlling stockholder of a Delaware corporation."""

from __future__ import annotations

from fractions import Fraction

from muniment.control.legal.criteria import HALF_OF_VOTES, Line, board_point, names, share_point
from muniment.control.legal.finding import LegalTest, Point
from muniment.control.legal.inquiry import Inquiry

THIRD = Line(Fraction(1, 3), False, "§ 144(e), with managerial authority,")
NOT_DELAWARE = "{entity} is asked about as though it were a Delaware corporation; its law is {law}."


def ask(inquiry: Inquiry, entity: str, party: str) -> tuple[Point, ...]:
    """Return whether a party is a controlling stockholder, or one of a control group.

    A majority of the votes, or the right to have most of the board elected, is control. With a third of the votes it
    hangs on managerial authority, which is a question of fact. Those whom the party controls count as its affiliates.
    """
    majority = share_point(inquiry, party, entity, "votes", HALF_OF_VOTES._replace(section="§ 144(e)"))
    points = [majority, board_point(inquiry, (party,), entity, "§ 144(e)", or_remove=False)]
    points += _group(inquiry, entity, party)
    third = share_point(inquiry, party, entity, "votes", THIRD)
    if third.answer != "no":
        held = [office.id for office in inquiry.structure.entities[entity].offices.values() if office.holder == party]
        office = f" It holds the office of {names(held)}." if held else ""
        doubt = (
            f"Whether {party} has power to exercise managerial authority over {entity}, so that its power is that of a "
            "majority holder (§ 144(e))."
        )
        third = third._replace(
            answer="undetermined", words=third.words + office, would_decide=(*third.would_decide, doubt)
        )
    points.append(third)
    law = inquiry.structure.entities[entity].law
    if not is_delaware(law):
        note = NOT_DELAWARE.format(entity=entity, law=law or "not stated")
        points = [point._replace(assumptions=(*point.assumptions, note)) for point in points]
    return tuple(points)


def is_delaware(law: str | None) -> bool:
    """Whether an entity is formed under the law of Delaware."""
    return law is not None and "delaware" in law.lower()


def _group(inquiry: Inquiry, entity: str, party: str) -> list[Point]:
    """Return, for each voting pool that a party is in, whether its members have a majority together."""
    found = []
    for pool in inquiry.structure.pools:
        if pool.over != entity or party not in pool.members or len(pool.members) < 2:
            continue
        others = tuple(name for name in pool.members if name != party)
        line = HALF_OF_VOTES._replace(section="a control group, § 144(e),")
        point = share_point(inquiry, party, entity, "votes", line, start=others)
        words = f"By the voting pool {pool.id} of {names(pool.members)}: {point.words}"
        found.append(point._replace(words=words, bases=(*point.bases, pool.basis)))
    return found


TEST = LegalTest(
    id="delaware",
    title="Controlling stockholder of a Delaware corporation",
    source="Delaware General Corporation Law, 8 Del. C. § 144(e), controlling stockholder and control group",
    version=(
        "As amended by Senate Bill 21, signed on 25 March 2025; upheld in Rutledge v. Clearway Energy Group LLC "
        "(Del. 27 February 2026)"
    ),
    reads="votes with those of entities the party controls, seats of the board, voting pools, offices held",
    limits=(
        "Managerial authority is not decided. The definition serves § 144; it applies to earlier acts too, save where "
        "proceedings were begun or ended by 17 February 2025, and there the older case law on actual control is "
        "not applied."
    ),
    usual=lambda entity: is_delaware(entity.law) and entity.kind == "company",
    ask=ask,
)
