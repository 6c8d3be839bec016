"""Why an answer is so, and what would have to be otherwise, for a decision that was made in one reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from muniment.answers.deciding import Decided
from muniment.answers.header import grounds
from muniment.control import NoSuchMatter
from muniment.control.counterfactuals import WhatIf, what_would_change
from muniment.control.derivation import Step
from muniment.control.why import derive


def derived_from(decided: Decided, entities_act: bool = False) -> tuple[Step, ...]:
    """Return the derivation of a decision, in the reading in which it was made."""
    if decided.structure is None:
        return ()
    return derive(decided.structure, decided.decision, entities_act=entities_act)


def derived_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Return a derivation as plain values."""
    return [
        {"depth": step.depth, "says": step.words, "because": grounds(step.because), "more": step.more} for step in steps
    ]


def flips_for(
    decided: Decided, parties: Sequence[str], entities_act: bool = False
) -> tuple[WhatIf, ...] | NoSuchMatter:
    """Return what would flip the answers about some parties; or why one of them cannot be asked about."""
    found: list[WhatIf] = []
    decision = decided.decision
    for party in dict.fromkeys(parties):
        if decided.structure is None:
            continue
        changes = what_would_change(
            decided.structure,
            f"{decision.entity}: {decision.matter}",
            party,
            directors=decision.directors,
            entities_act=entities_act,
        )
        if isinstance(changes, NoSuchMatter):
            return changes
        found.extend(changes)
    return tuple(found)


def flips_json(flips: tuple[WhatIf, ...] | NoSuchMatter) -> list[dict[str, Any]]:
    """Return what would flip answers as plain values."""
    if isinstance(flips, NoSuchMatter):
        return []
    return [
        {
            "party": each.party,
            "question": each.question,
            "holds": each.holds,
            "changes": [
                {
                    "kind": change.kind,
                    "change": change.words,
                    "answer": change.answer,
                    "because": grounds(change.because),
                }
                for change in each.changes
            ],
            "tries": each.tries,
            "complete": each.complete,
        }
        for each in flips
    ]
