"""Power under IFRS 10: who can direct the relevant activities now, by rights that are substantive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from muniment.book.structure import AgreedConsent, Entity, MatterRule
from muniment.control.legal.criteria import board_point, names, quoted, strategic_matters
from muniment.control.legal.dispersed import meetings_in_words, minority, turnout_needed
from muniment.control.legal.finding import LegalTest, Point, of_every_entity
from muniment.control.legal.inquiry import Inquiry
from muniment.control.legal.potential import Case, cases, sifted
from muniment.control.legal.powers import ORDINARY
from muniment.model.rules import And, Rule

MOST_MATTERS = 5


def ask(inquiry: Inquiry, entity: str, party: str) -> tuple[Point, ...]:
    """Return whether a party has power over an entity.

    Rights that only protect their holder are left out (B26 to B28). A party has power if some choice of its own
    substantive potential rights lets it direct the relevant activities whatever the others do with theirs (B47).
    """
    rights = sifted(inquiry, entity)
    if not rights.counted:
        return (_with_rights(directs(inquiry, entity, party), rights.said, rights.assumptions),)
    best: Point | None = None
    for choice in cases(inquiry, party, rights.counted, rights.deadline.day):
        worst = _worst(choice, entity, party)
        if best is None or _rank(worst) > _rank(best):
            best = worst
    assert best is not None
    best = best._replace(bases=(*best.bases, *rights.deadline.bases, *(right.basis for right in rights.counted)))
    return (_with_rights(best, (rights.deadline.why, *rights.said), rights.assumptions),)


def _rank(point: Point) -> int:
    return ("no", "undetermined", "yes").index(point.answer)


def _worst(choice: Sequence[Case], entity: str, party: str) -> Point:
    """Return the answer in the case that is worst for a party."""
    worst: Point | None = None
    for case in choice:
        point = directs(case.inquiry, entity, party)
        if case.used:
            point = point._replace(words=f"If {names(case.used)} {_verb(case.used)} used: {point.words}")
        if case.refused:
            point = Point("undetermined", " ".join(case.refused), ("What these rights are over.",), point.bases)
        if worst is None or _rank(point) < _rank(worst):
            worst = point
    assert worst is not None
    return worst


def _verb(used: Sequence[str]) -> str:
    return "is" if len(used) == 1 else "are"


def _with_rights(point: Point, said: Sequence[str], assumptions: Sequence[str]) -> Point:
    return point._replace(words=" ".join((point.words, *said)), assumptions=(*point.assumptions, *assumptions))


def directs(inquiry: Inquiry, entity: str, party: str) -> Point:
    """Return whether a party directs an entity's relevant activities with the rights it has."""
    lenient = _changed(inquiry, entity, "lenient", lambda nature: nature == "substantive")
    strict = _changed(inquiry, entity, "strict", lambda nature: nature != "protective")
    bare = _changed(inquiry, entity, "bare", lambda _: False)
    who = (party,)
    relevant = strategic_matters(strict, entity)
    powers = strict.powers(entity)
    answers = {matter: powers.passes(who, matter) for matter in relevant}
    bases = powers.records(who)
    assumed = powers.assumptions
    if all(answer == "yes" for answer in answers.values()):
        words = (
            f"{party} alone carries {quoted(relevant[:MOST_MATTERS])} of {entity}: it directs the relevant "
            "activities (para. 10, B15, B35)."
        )
        return Point("yes", words, (), bases, assumed)
    ordinary = lenient.powers(entity).passes(who, ORDINARY)
    if ordinary == "yes":
        return _carries_most(party, entity, answers, (lenient, bare))._replace(bases=bases, assumptions=assumed)
    rivals = _rivals(lenient, entity, party)
    managed = _managed(strict, entity, party)
    if managed:
        bases = tuple(dict.fromkeys(basis for matter in managed for basis in powers.records(who, matter)))
        words = (
            f"{party} alone decides {quoted(managed)} of {entity}, a right over those who direct it (B15(b), B40, "
            "example 5)"
        )
        if not rivals:
            return Point("yes", f"{words}, and nobody else carries its ordinary decisions alone.", (), bases, assumed)
        doubt = (
            f"Which activities affect the returns of {entity} most, those of its management or those that "
            f"{names(rivals)} decides (B13)."
        )
        return Point(
            "undetermined", f"{words}; but {names(rivals)} carries its ordinary decisions.", (doubt,), bases, assumed
        )
    if rivals:
        return Point(
            "no", f"{names(rivals)} carries the ordinary decisions of {entity}, not {party} (para. 10, B35).", (), bases
        )
    if "undetermined" in (ordinary, *answers.values()) and _is_bounded(lenient, entity):
        facts = powers.open_facts or (f"the votes in {entity}",)
        words = (
            f"Whether {party} carries the ordinary decisions of {entity} hangs on figures that are stated within "
            "bounds (B35)."
        )
        return Point("undetermined", words, tuple(f"The exact figure of {fact}." for fact in facts), bases, assumed)
    seats = board_point(strict, who, entity, "B15(b), B35(b)", or_remove=False)
    if seats.answer != "no":
        doubt = f"Who can empty the seats that {party} fills, and so whether its appointees direct {entity} (B15(b))."
        return seats._replace(answer="undetermined", would_decide=(*seats.would_decide, doubt))
    blocked = powers.blocks(who, ORDINARY)
    return _without_majority(strict, entity, party, blocked == "yes")._replace(assumptions=assumed)


def _carries_most(party: str, entity: str, answers: Mapping[str, str], variants: tuple[Inquiry, Inquiry]) -> Point:
    """Return the answer for a party that carries the ordinary decisions, but not every strategic one."""
    lenient, bare = variants
    failing = tuple(matter for matter, answer in answers.items() if answer != "yes")
    said = f"{party} alone carries the ordinary decisions of {entity}, but not {quoted(failing[:MOST_MATTERS])}"
    unstated = [m for m in failing if lenient.powers(entity).passes((party,), m) == "yes"]
    agreed = [m for m in failing if m not in unstated and bare.powers(entity).passes((party,), m) == "yes"]
    owner = bare.structure.entities[entity]
    if agreed:
        return Point("no", f"{said}: a substantive consent is needed, so nobody directs it alone (B9, B22, B25).")
    doubts = []
    if unstated:
        doubts.append(
            f"Whether the consent needed for {quoted(unstated)} of {owner.id} is protective (B26) or substantive "
            "(B22 to B25)."
        )
    if len(unstated) < len(failing):
        rest = [m for m in failing if m not in unstated]
        doubts.append(
            f"Whether {quoted(rest)} is among the activities that affect the returns of {owner.id} most (B13)."
        )
    return Point("undetermined", f"{said}.", tuple(doubts))


def _managed(inquiry: Inquiry, entity: str, party: str) -> tuple[str, ...]:
    """Return the matters of appointing and removing an officer where a party decides both alone."""
    powers = inquiry.powers(entity)
    for office in inquiry.structure.entities[entity].offices:
        pair = (f"appoint {office}", f"remove {office}")
        if all(matter in powers.matters and powers.passes((party,), matter) == "yes" for matter in pair):
            return pair
    pair = ("appoint ceo", "remove ceo")
    if all(matter in powers.matters and powers.passes((party,), matter) == "yes" for matter in pair):
        return pair
    return ()


def _rivals(inquiry: Inquiry, entity: str, party: str) -> tuple[str, ...]:
    """Return who else carries the ordinary decisions alone, of those who stand directly behind an entity."""
    powers = inquiry.powers(entity)
    chain = {party, *inquiry.controlled((party,), entity).possible}
    return tuple(name for name in powers.carriers(inquiry.around(entity)) if name not in chain)


def _is_bounded(inquiry: Inquiry, entity: str) -> bool:
    return bool(inquiry.powers(entity).open_facts)


def _without_majority(inquiry: Inquiry, entity: str, party: str, blocks: bool) -> Point:
    """Return the answer where nobody is known to direct the entity alone: by size, dispersion and past meetings."""
    found = minority(inquiry, party, entity)
    held = f"{party} holds {found.stake.words()} of the votes of {entity}"
    nobody = f"{party} does not direct {entity} alone (para. 10)"
    holders = (*inquiry.stakes(entity, "votes").each,)
    if found.pooled:
        pool = f"{held}, but a voting pool casts them, in which others have a say (B39)."
        return Point("no", pool, (), found.bases)
    if found.is_largest == "no" or not inquiry.powers(entity).is_decided_by(holders):
        if blocks:
            return Point(
                "no",
                f"{held} and can stop its ordinary decisions, but needs others to carry them (B9).",
                (),
                found.bases,
            )
        most = f", {found.largest} as many or more" if found.largest and found.stake.high else ""
        return Point("no", f"{nobody}: {held}{most}.", (), found.bases)
    if found.carried == "yes" and len(found.turnouts) > 1 and found.outvoted_by is None:
        words = (
            f"{held}; {meetings_in_words(found)}: it directs the relevant activities as the meetings went (B43, B45)."
        )
        return Point("yes", words, (), found.bases)
    if found.stopped_by is not None and found.stopped_by <= 2:
        others = "one other has" if found.stopped_by == 1 else "two others together have"
        words = f"{held}; {others} as many or more (B44, example 6)."
        return Point("no", words, (), found.bases)
    if found.carried == "no":
        words = f"{held}; {meetings_in_words(found)}: the others outvoted it or could have (B45, example 8)."
        return Point("no", words, (), found.bases)
    doubts = []
    if found.unnamed:
        doubts.append(f"How the votes of {entity} that nobody named holds are dispersed (B42(a), B43).")
    if found.turnouts:
        doubts.append(f"The turnout of further meetings: {meetings_in_words(found)} (B42(d), B45).")
    else:
        doubts.append(
            f"The turnout at past meetings: {party} has most of the votes cast where it is below "
            f"{turnout_needed(found)} (B42(d), B45)."
        )
    doubts.append(
        "Contracts, and signs that it directs in fact, such as management or staff of its own (B18 to B20, "
        "B42(c), B45)."
    )
    size = f"; {found.outvoted_by} others together have more" if found.outvoted_by is not None else ""
    return Point(
        "undetermined",
        f"{held}{size}: the size of the holdings alone is not conclusive (B42 to B46).",
        tuple(doubts),
        found.bases,
    )


def _changed(inquiry: Inquiry, entity: str, key: str, keeps: Callable[[str], bool]) -> Inquiry:
    """Return the inquiry without the consents of a nature that is not kept, and without clauses marked protective."""
    owner = inquiry.structure.entities[entity]
    consents: dict[str, tuple[AgreedConsent, ...]] = {}
    for matter, agreed in owner.consents.items():
        kept = tuple(consent for consent in agreed if keeps(consent.nature))
        if kept:
            consents[matter] = kept
    rules = {matter: _unprotected(stated) for matter, stated in owner.rules.items()}
    if consents == owner.consents and rules == owner.rules:
        return inquiry
    changed: Entity = replace(owner, consents=consents, rules=rules)
    return inquiry.with_entities((entity, key), {entity: changed})


def _unprotected(stated: MatterRule) -> MatterRule:
    """Return a rule without the parts of a conjunction that are marked protective; a rule of one such part stays."""
    if not isinstance(stated.rule, And):
        return stated
    parts: tuple[Rule, ...] = tuple(
        part for part in stated.rule.parts if not any(condition.kind == "protective" for condition in part.conditions)
    )
    if not parts or len(parts) == len(stated.rule.parts):
        return stated
    rule: Rule = And(parts, stated.rule.conditions) if len(parts) > 1 else parts[0]
    return replace(stated, rule=rule)


TEST = LegalTest(
    id="ifrs10",
    title="Power over the relevant activities",
    source="IFRS 10 Consolidated Financial Statements, paragraphs 10 to 14 and B9 to B50, with examples 3 to 9",
    version="As issued in 2011 and applied from 1 January 2013; these paragraphs read as amended to 2024",
    reads=(
        "rules, boards, offices and votes; consents of agreements by their nature; rights to acquire and convert by "
        "their dates and `substantive`; notice periods and the annual meeting; recorded turnouts"
    ),
    limits=(
        "Power alone is answered: exposure to variable returns, and the link between the two (paragraph 7(b) and (c)), "
        "are not, nor whether a manager is an agent (B58 to B72). What an option is worth is read off `substantive`, "
        "never from its price."
    ),
    usual=of_every_entity,
    ask=ask,
)
