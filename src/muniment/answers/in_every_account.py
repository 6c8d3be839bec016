"""Decisions in every account of a book: under which they hold and what flips them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import date

from muniment.answers.across import Accounts, Across
from muniment.answers.deciding import Decided, Decider, Directors, Wanted, coalitions_in_words, names
from muniment.book.accounts import World
from muniment.book.structure import Structure
from muniment.control import Decision, NoSuchMatter


def of_decisions(
    world: World, on: date, under: str | None, found: Iterable[Decided], wanted: Wanted, decider: Decider
) -> Mapping[tuple[str, str, Directors], Across]:
    """Return how answers to who decides fare in every account, by entity, matter and reading of the directors.

    Args:
        world: The book in the account asked.
        on: The date asked.
        under: The proposal taken as adopted, if any.
        found: The answers in that account.
        wanted: What was asked of them beyond the usual.
        decider: The one that found them, so that nothing is decided twice.
    """
    accounts = Accounts(world)
    fared: dict[tuple[str, str, Directors], Across] = {}
    for each in found:
        entity, matter, directors = each.decision.entity, each.decision.matter, each.decision.directors
        if (entity, matter, directors) in fared:
            continue

        def question(
            structure: Structure, entity: str = entity, matter: str = matter, directors: Directors = directors
        ) -> Decision | NoSuchMatter:
            return decider.decide(structure, entity, matter, directors, wanted)

        fared[entity, matter, directors] = accounts.across(
            on, under, entity, question, same_decision, _decision_in_words
        )
    return fared


def same_decision(decision: Decision | NoSuchMatter) -> Hashable:
    """Return what two decisions share where they conclude the same, whichever seats they read as whose."""
    if isinstance(decision, NoSuchMatter):
        return decision.message
    if decision.impossible:
        return ("impossible", decision.can_block)
    return (
        decision.alone,
        decision.can_block,
        decision.coalitions,
        decision.number_of_minimal_coalitions,
        decision.through,
        decision.undetermined,
        tuple(sorted(decision.banzhaf.items())),
    )


def _decision_in_words(decision: Decision | NoSuchMatter) -> str:
    if isinstance(decision, NoSuchMatter):
        return "nothing to decide"
    return (
        f"alone: {names(decision.alone)}; can block: {names(decision.can_block)}; "
        f"coalitions: {coalitions_in_words(decision)}"
    )
