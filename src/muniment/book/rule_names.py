"""The names that stand in a rule."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.model.rules import And, ByBody, Condition, Consent, KOf, NoObjection, Or, Party, Rule, Vote


def names_in_rule(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield (what it must be, name).

    It is a `class`, `body`, `office` or `party`; a `word` is a class, seat group or body; `excluded` is a party or
    a class.
    """
    stack: list[Rule] = [rule]
    while stack:
        clause = stack.pop()
        for condition in clause.conditions:
            yield from _in_condition(condition)
        if isinstance(clause, And | Or):
            stack.extend(reversed(clause.parts))
        elif isinstance(clause, KOf):
            stack.extend(reversed(clause.items))
        elif isinstance(clause, ByBody):
            yield "body", clause.name
        elif isinstance(clause, Consent | NoObjection):
            yield from _in_party(clause.party)
        elif isinstance(clause, Vote):
            electorate = clause.electorate
            kind = {"body": "body", "word": "word", "together": "class", "others": "class"}.get(electorate.kind)
            if kind:
                for name in electorate.names:
                    yield kind, name
            for party in electorate.parties:
                yield from _in_party(party)


def _in_party(party: Party) -> Iterator[tuple[str, str]]:
    if party.kind == "id":
        yield "party", party.name
    elif party.kind == "holder of":
        yield "office", party.name


def _in_condition(condition: Condition) -> Iterator[tuple[str, str]]:
    for party in condition.parties:
        if party.kind == "id" and condition.kind == "excluding":
            yield "excluded", party.name
        else:
            yield from _in_party(party)


def votes_together(rule: Rule) -> Iterator[Vote]:
    """Yield the votes of several classes together."""
    stack: list[Rule] = [rule]
    while stack:
        clause = stack.pop()
        if isinstance(clause, And | Or):
            stack.extend(reversed(clause.parts))
        elif isinstance(clause, KOf):
            stack.extend(reversed(clause.items))
        elif isinstance(clause, Vote) and clause.electorate.kind == "together":
            yield clause
