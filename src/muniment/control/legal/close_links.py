"""Close links between two parties: a participation of a fifth, control, or a third who controls both."""

from __future__ import annotations

from fractions import Fraction

from muniment.control.legal.chains import MAJORITY
from muniment.control.legal.criteria import Line, owned_point, share_point
from muniment.control.legal.finding import LegalTest, Point, Verdict, either, only_if_named, verdict
from muniment.control.legal.inquiry import Inquiry
from muniment.control.legal.stakes import Measure

FIFTH = Fraction(1, 5)
MEASURES: tuple[Measure, ...] = ("votes", "capital")


def ask(inquiry: Inquiry, entity: str, party: str) -> tuple[Point, ...]:
    """Return whether an entity and a party have close links in the sense of the Capital Requirements Regulation.

    A participation counts direct or by way of control, in either direction; so do control itself and a link of both to
    one person who controls them.
    """
    line = Line(FIFTH, False, "Art. 4(1)(38)(a)")
    points = []
    for holder, held in _directions(inquiry, entity, party):
        points += [share_point(inquiry, holder, held, measure, line) for measure in MEASURES]
        points.append(_control(inquiry, holder, held))
    points.append(_common(inquiry, entity, party))
    return tuple(points)


def ask_eurosystem(inquiry: Inquiry, entity: str, party: str) -> tuple[Point, ...]:
    """Return whether an entity and a party have close links in the sense of the Eurosystem's collateral rules.

    A fifth of the capital, direct or through others (multiplied and added), in either direction; or a third who has a
    fifth of both.
    """
    line = Line(FIFTH, False, "Art. 138(2)(a) and (b)")
    points = [
        owned_point(inquiry, holder, held, "capital", line) for holder, held in _directions(inquiry, entity, party)
    ]
    points.append(_third(inquiry, entity, party))
    return tuple(points)


def _directions(inquiry: Inquiry, entity: str, party: str) -> list[tuple[str, str]]:
    pairs = [(party, entity)]
    if party in inquiry.structure.entities:
        pairs.append((entity, party))
    return pairs


def _control(inquiry: Inquiry, holder: str, held: str) -> Point:
    answer = inquiry.controlled((holder,), held, MAJORITY).holds(held)
    said = {"yes": "controls", "no": "does not control", "undetermined": "may control"}[answer]
    doubts = (f"Whether {holder} controls {held}: figures that decide it are stated within bounds.",)
    powers = inquiry.powers(held)
    return Point(
        answer,
        f"{holder} {said} {held} (Art. 4(1)(38)(b)).",
        doubts if answer == "undetermined" else (),
        powers.records((holder,)) if answer == "yes" else (),
    )


def _common(inquiry: Inquiry, entity: str, party: str) -> Point:
    """Return whether one third party controls both."""
    if party not in inquiry.structure.entities:
        return Point("no", f"{party} is not an entity that a third could control (Art. 4(1)(38)(c)).")
    for sure in (True, False):
        for third in _candidates(inquiry, entity, party):
            both = [inquiry.controlled((third,), held, MAJORITY).holds(held) for held in (entity, party)]
            if all(answer == "yes" for answer in both) if sure else "no" not in both:
                doubts = () if sure else (f"Whether {third} controls both {entity} and {party}.",)
                bases = inquiry.powers(entity).records((third,)) + inquiry.powers(party).records((third,))
                said = "controls" if sure else "may control"
                words = f"{third} {said} both {entity} and {party} (Art. 4(1)(38)(c))."
                return Point("yes" if sure else "undetermined", words, doubts, bases)
    return Point("no", f"Nobody on record controls both {entity} and {party} (Art. 4(1)(38)(c)).")


def _candidates(inquiry: Inquiry, entity: str, party: str) -> tuple[str, ...]:
    """Return who stands behind both, at whatever distance, but is neither of the two."""
    sides = []
    for name in (entity, party):
        behind = {other for each in inquiry.behind(name) for other in inquiry.around(each)}
        sides.append(behind | set(inquiry.behind(name)))
    return tuple(sorted((sides[0] & sides[1]) - {entity, party}))


def _third(inquiry: Inquiry, entity: str, party: str) -> Point:
    section = "Art. 138(2)(c)"
    line = Line(FIFTH, False, section)
    open_: list[Point] = []
    if party in inquiry.structure.entities:
        for third in _candidates(inquiry, entity, party):
            points = [owned_point(inquiry, third, held, "capital", line) for held in (entity, party)]
            answers: list[Verdict] = [point.answer for point in points]
            both = Point(
                verdict(answers == ["yes", "yes"], "no" not in answers),
                " ".join(point.words for point in points),
                tuple(dict.fromkeys(doubt for point in points for doubt in point.would_decide)),
                tuple(basis for point in points for basis in point.bases),
                tuple(note for point in points for note in point.assumptions),
            )
            if both.answer == "yes":
                return both
            open_.append(both)
    if either([point.answer for point in open_]) == "undetermined":
        return next(point for point in open_ if point.answer == "undetermined")
    return Point("no", f"Nobody on record owns a fifth of both {entity} and {party} ({section}).")


TEST = LegalTest(
    id="close-links",
    title="Close links (Capital Requirements Regulation)",
    source="Regulation (EU) No 575/2013, Article 4(1)(38); the same words in Directive 2014/65/EU, Article 4(1)(35)",
    version="In force since 1 January 2014; read in the version of 2024",
    reads="votes and capital, direct or by way of control, in both directions; control; a third who controls both",
    limits=(
        "Dominant influence without a right on record, and unified management (Directive 2013/34/EU, Article 22(2)), "
        "are not looked at."
    ),
    usual=only_if_named,
    ask=ask,
    any_entity=True,
)
EUROSYSTEM = LegalTest(
    id="close-links-eurosystem",
    title="Close links (Eurosystem collateral)",
    source="Guideline (EU) 2015/510 of the European Central Bank (ECB/2014/60), Article 138(2)",
    version="In force since 1 May 2015; read as consolidated on 6 May 2024",
    reads="capital, direct and through others, multiplied and added, in both directions and of a third in both",
    limits="The exceptions of Article 138(3), such as for public sector entities and covered bonds, are not applied.",
    usual=only_if_named,
    ask=ask_eurosystem,
    any_entity=True,
)
