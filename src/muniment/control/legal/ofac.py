"""The 50 Percent Rule: what blocked persons own, directly and through entities that they own half of."""

from __future__ import annotations

from fractions import Fraction

from muniment.control.legal.chains import Reach
from muniment.control.legal.criteria import Line, names, share_point
from muniment.control.legal.finding import LegalTest, Point, only_if_named
from muniment.control.legal.inquiry import Inquiry

HALF = Fraction(1, 2)
OWNED = Reach(("capital",), HALF, False, False)
LINE = Line(HALF, False, "the 50 Percent Rule")


def ask(inquiry: Inquiry, entity: str, party: str) -> tuple[Point, ...]:
    """Return whether an entity is owned 50% or more, in the aggregate, by a party and the others taken as blocked.

    An entity that they own half of counts whole towards the next: shares are added, never multiplied. Control without
    ownership does not count.
    """
    blocked = inquiry.given.blocked
    together = tuple(sorted(blocked - {party}))
    point = share_point(inquiry, party, entity, "capital", LINE, OWNED, together)
    if together:
        listed = names(sorted((party, *together)))
        note = f"{listed} are taken as blocked, and what they own is added up; nothing on record says so."
        point = point._replace(words=f"Together with {names(together)}: {point.words}")
    else:
        note = "Whoever is asked about is taken as blocked, and nobody else is; nothing on record says so."
    return (point._replace(assumptions=(*point.assumptions, note)),)


TEST = LegalTest(
    id="ofac-50",
    title="Owned 50% or more by blocked persons",
    source=(
        "OFAC, Revised Guidance on Entities Owned by Persons Whose Property and Interests in Property Are Blocked, "
        "and FAQ 398, 399 and 401"
    ),
    version="Guidance of 13 August 2014; FAQ as read in 2025",
    reads="shares of capital, direct and through entities that are owned 50% or more at each level",
    limits=(
        "Who is blocked is not looked up: the party asked about is taken to be, with those named beside it "
        "(`--blocked`). Control does not count (FAQ 398); "
        "programs that block on other grounds are not looked at."
    ),
    usual=only_if_named,
    with_blocked=True,
    ask=ask,
)
