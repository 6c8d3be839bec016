"""Answers in every account as a table: under which they hold, and what flips them."""

from __future__ import annotations

from collections.abc import Mapping

from muniment.answers.across import Across, Flip
from muniment.render.answer import Column, Table


def across_table(fared: Mapping[str, Across], subject: str = "Matters") -> Table:
    """Return one row for each answer that some account gives, of those that differ or that disputed facts change.

    Subjects that fare alike share their rows; whether the others hold whatever is read is said below.

    Args:
        fared: By subject, in words.
        subject: What the subjects are, at the head of their column.
    """
    together: dict[tuple[object, ...], list[str]] = {}
    alike: dict[tuple[object, ...], Across] = {}
    firm: list[Across] = []
    for words, across in fared.items():
        if len(across.answers) == 1 and not across.flips and (across.searched or not across.facts):
            firm.append(across)
            continue
        key: tuple[object, ...] = (across.holds, _answers(across), what_flips(across))
        together.setdefault(key, []).append(words)
        alike[key] = across
    rows: list[tuple[str, ...]] = []
    for key, matters in together.items():
        across = alike[key]
        for position, (answer, accounts) in enumerate(_answers(across)):
            leading = ("\n".join(matters), across.holds) if position == 0 else ("", "")
            rows.append((*leading, answer, accounts, what_flips(across) if position == 0 else ""))
    columns = (Column(subject), Column("Holds"), Column("Answer"), Column("Accounts"), Column("It changes if"))
    return Table("In every account", columns if rows else (), tuple(rows), note=_firm(firm, bool(rows)))


def _firm(firm: list[Across], others: bool) -> str:
    if not firm:
        return ""
    subject = f"{'Every other' if others else 'Every'} answer holds under all accounts"
    facts = {address for across in firm for address in across.facts}
    if not facts:
        return f"{subject}: no disputed fact is met on the way."
    together = min(across.searched for across in firm if across.facts)
    if len(facts) == 1:
        return f"{subject}: the one disputed fact met on the way, read otherwise, changes none of them."
    tried = f"read otherwise, up to {together} at once, change none of them"
    return f"{subject}: the {len(facts)} disputed facts met on the way, {tried}."


def _answers(across: Across) -> tuple[tuple[str, str], ...]:
    if len(across.answers) == 1:
        return tuple((words, "all") for words in across.answers)
    return tuple((words, ", ".join(accounts)) for words, accounts in across.answers.items())


def what_flips(across: Across) -> str:
    """Return the smallest sets of disputed facts that change an answer, or that none was found."""
    if across.flips:
        return "\nor ".join(_flip(flip) for flip in across.flips)
    number = len(across.facts)
    if not number:
        return ""
    facts = "the one disputed fact" if number == 1 else f"the {number} disputed facts"
    if not across.searched:
        return f"{facts} met on the way: too many to try"
    together = "" if across.searched == 1 else f", up to {across.searched} at once"
    return f"nothing changes it: {facts} met on the way, read otherwise{together}"


def _flip(flip: Flip) -> str:
    return " and ".join(f"{address} is '{words}'" for address, words in flip.facts.items())
