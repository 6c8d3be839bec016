"""Rules written as words, in the form that `rule_reader` reads back to the same tree."""

from __future__ import annotations

from fractions import Fraction

from muniment.model.amounts import format_fraction
from muniment.model.rules import (
    And,
    ByBody,
    Condition,
    Consent,
    Electorate,
    KOf,
    Never,
    NoObjection,
    Or,
    Party,
    Rule,
    Share,
    Vote,
)


def format_rule(rule: Rule) -> str:
    """Return a rule in words.

    Args:
        rule: A tree of any depth.

    Returns:
        Words that read back to the same tree, where the tree is one that can be read at all.
    """
    written: list[str] = []
    waiting: list[Rule | str] = [rule]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            written.append(piece)
        elif isinstance(piece, (And, Or)):
            waiting.extend(reversed(_joined(piece)))
        elif isinstance(piece, KOf):
            waiting.extend(reversed(_k_of(piece)))
        else:
            written.append(_clause(piece) + _conditions(piece.conditions))
    return "".join(written)


def _joined(rule: And | Or) -> list[Rule | str]:
    """Return the pieces of a rule joined by `and` or `or`; parts so joined themselves are put in parentheses."""
    word = " and " if isinstance(rule, And) else " or "
    pieces: list[Rule | str] = ["("] if rule.conditions else []
    for number, part in enumerate(rule.parts):
        if number:
            pieces.append(word)
        # A part with conditions brings parentheses of its own.
        pieces.extend(["(", part, ")"] if isinstance(part, (And, Or)) and not part.conditions else [part])
    if rule.conditions:
        pieces.append(")" + _conditions(rule.conditions))
    return pieces


def _k_of(rule: KOf) -> list[Rule | str]:
    """Return the pieces of `k of (a, b)`."""
    pieces: list[Rule | str] = [f"{rule.k:,} of ("]
    for number, item in enumerate(rule.items):
        if number:
            pieces.append(", ")
        # In a list, a party stands for its consent; the word board stands for the body.
        if isinstance(item, Consent) and not item.conditions and item.party.name != "board":
            pieces.append(_party(item.party))
        else:
            pieces.append(item)
    pieces.append(")" + _conditions(rule.conditions))
    return pieces


def _clause(rule: Vote | Consent | ByBody | NoObjection | Never) -> str:
    """Return a clause without its conditions."""
    if isinstance(rule, Vote):
        electorate = _electorate(rule.electorate)
        return f"{_share(rule.share)} of {electorate}" if electorate else _share(rule.share)
    if isinstance(rule, Consent):
        return f"consent of {_party(rule.party)}"
    if isinstance(rule, NoObjection):
        return f"no objection of {_party(rule.party)} within {rule.within}"
    return "never" if isinstance(rule, Never) else rule.name


def _share(share: Share) -> str:
    if share.kind == "more":
        return f"more than {_part(share.amount)}"
    if share.kind == "least":
        return f"at least {_part(share.amount)}"
    if share.kind == "all but":
        return f"all but {share.count:,}"
    return f"{share.count:,}" if share.kind == "count" else share.kind


def _part(amount: Fraction | None) -> str:
    """Return a share of a whole: a percentage where its decimals end, else a fraction."""
    if amount is None:
        return ""
    percentage = format_fraction(amount * 100)
    return f"{amount.numerator:,}/{amount.denominator:,}" if "/" in percentage else f"{percentage}%"


def _electorate(electorate: Electorate) -> str:
    if electorate.kind == "parties":
        return f"({', '.join(_party(party) for party in electorate.parties)})"
    if electorate.kind == "together":
        return f"{' and '.join(electorate.names)} together"
    if electorate.kind == "others":
        return f"others of {electorate.names[0]}"
    if electorate.kind in ("body", "word"):
        return "".join(electorate.names)
    return electorate.kind


def _party(party: Party) -> str:
    if party.kind == "id":
        return party.name
    return f"holder of {party.name}" if party.kind == "holder of" else party.kind


def _conditions(conditions: tuple[Condition, ...]) -> str:
    """Return conditions, each with a space before it."""
    return "".join(f" {_condition(condition)}" for condition in conditions)


def _condition(condition: Condition) -> str:
    if condition.kind == "quorum":
        return f"with quorum {condition.words or _part(condition.amount)}"
    if condition.kind == "capped":
        return f"capped at {_part(condition.amount)} a holder"
    if condition.kind == "notice":
        return f"on {condition.words} notice"
    if condition.kind in ("protective", "substantive"):
        return f"({condition.kind})"
    if condition.kind != "excluding":
        return condition.kind
    if condition.words:
        return f"excluding {condition.words}"
    if len(condition.parties) == 1:
        return f"excluding {_party(condition.parties[0])}"
    return f"excluding ({', '.join(_party(party) for party in condition.parties)})"
