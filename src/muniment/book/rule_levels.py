"""How much of the holders' votes a rule needs, whatever way it is satisfied."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from muniment.book.defaults import SUPERVISORY_BOARD
from muniment.book.structure import Entity
from muniment.model.rules import And, ByBody, Consent, KOf, Never, Or, Party, Rule, Vote


class Level(NamedTuple):
    """How much of the holders' votes a rule needs: a share, or more than it. Greater levels need more."""

    share: Fraction
    more: bool = False


NOTHING = Level(Fraction(0))
MAJORITY = Level(Fraction(1, 2), True)
TWO_THIRDS = Level(Fraction(2, 3))
THREE_QUARTERS = Level(Fraction(3, 4))
EVERYTHING = Level(Fraction(1), True)


def level_of(rule: Rule, *, of_consent: Level = NOTHING, outstanding: bool = False) -> Level:
    """Return how much of the holders' votes every way to satisfy a rule includes.

    Args:
        rule: The rule.
        of_consent: What the consent of a party counts as: it may hold any part of the votes.
        outstanding: Votes that are counted of those cast or present count as nothing.
    """
    match rule:
        case And(parts):
            return max(level_of(part, of_consent=of_consent, outstanding=outstanding) for part in parts)
        case Or(parts):
            return min(level_of(part, of_consent=of_consent, outstanding=outstanding) for part in parts)
        case KOf(k, items):
            levels = sorted(level_of(item, of_consent=of_consent, outstanding=outstanding) for item in items)
            return levels[min(k, len(levels)) - 1]
        case Never():
            return EVERYTHING
        case Consent(party):
            return NOTHING if party == Party("id", SUPERVISORY_BOARD) else of_consent
        case Vote():
            return _level_of_vote(rule, outstanding)
        case _:
            return NOTHING


def _level_of_vote(vote: Vote, outstanding: bool) -> Level:
    if vote.electorate.kind == "parties":
        return NOTHING
    if vote.electorate.kind == "body" or (outstanding and any(c.kind in ("cast", "present") for c in vote.conditions)):
        return NOTHING
    share = vote.share
    match share.kind:
        case "majority":
            return MAJORITY
        case "more" | "least" if share.amount is not None:
            return Level(share.amount, share.kind == "more")
        case "all":
            return Level(Fraction(1))
        case _:
            return NOTHING


def is_vote_of_seats(entity: Entity, rule: Vote) -> bool:
    """Whether a vote names a body or a group of seats of the entity."""
    names = {name for body in entity.bodies.values() for name in (body.id, *body.groups)}
    return rule.electorate.kind in ("body", "word") and bool(names & set(rule.electorate.names))


def of_holders(entity: Entity, rule: Rule) -> Rule:
    """Return a rule in which votes of the entity's own seats stand as its bodies' decisions, not as holders' votes."""
    match rule:
        case And(parts):
            return And(tuple(of_holders(entity, part) for part in parts))
        case Or(parts):
            return Or(tuple(of_holders(entity, part) for part in parts))
        case KOf(k, items):
            return KOf(k, tuple(of_holders(entity, item) for item in items))
        case Vote() if is_vote_of_seats(entity, rule):
            return ByBody("board")
        case Consent(Party("id", name)) if name in entity.bodies:
            return ByBody(name)
        case _:
            return rule


def is_barred(rule: Rule) -> bool:
    """Whether no way to satisfy a rule is left."""
    return level_of(rule) == EVERYTHING


def a_majority_suffices(rule: Rule) -> bool:
    """Whether a majority of the votes, or of the members, satisfies a rule by itself."""
    match rule:
        case Or(parts):
            return any(a_majority_suffices(part) for part in parts)
        case And(parts):
            return all(a_majority_suffices(part) for part in parts)
        case Vote(_, electorate):
            return electorate.kind in ("votes", "members") and NOTHING < level_of(rule) <= MAJORITY
        case _:
            return False


def needs_supervisory_board(rule: Rule) -> bool:
    """Whether every way to satisfy a rule includes the supervisory board."""
    match rule:
        case And(parts):
            return any(needs_supervisory_board(part) for part in parts)
        case Or(parts):
            return all(needs_supervisory_board(part) for part in parts)
        case ByBody(name) | Consent(Party("id", name)):
            return name == SUPERVISORY_BOARD
        case Vote(_, electorate):
            return SUPERVISORY_BOARD in electorate.names
        case _:
            return isinstance(rule, Never)
