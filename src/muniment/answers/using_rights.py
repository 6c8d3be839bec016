"""Who decides if options, warrants and rights to convert are used: beside who decides as things stand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal

from muniment.answers.deciding import Decided, Decider, Wanted, decided_json
from muniment.book.exercising import exercised
from muniment.control import NoSuchMatter


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One answer as it would be if rights were used.

    Attributes:
        by: Last day of their use; None = the day asked.
        sentences: What was used and what was refused, and why.
        decided: The answer then; None where there is nothing to decide then.
    """

    by: date | None
    sentences: tuple[str, ...]
    decided: Decided | None


class NoSuchRightError(ValueError):
    """An id that is no right's; the message is one for the reader."""


def if_exercised(
    found: Sequence[Decided],
    ids: Collection[str] | Literal["all"],
    by: date | None,
    wanted: Wanted,
    decider: Decider | None = None,
) -> tuple[Exercise, ...]:
    """Answer each matter again with rights used.

    Args:
        found: The answers as things stand.
        ids: Ids of options, grants, instruments or classes that convert; or `all` that may be used.
        by: The last day on which they may be used; the day asked if None.
        wanted: What is asked beyond the usual.
        decider: Keeps decisions between calls.

    Raises:
        NoSuchRightError: If an id is a right's in no reading.
    """
    keeper = decider or Decider()
    structures = [each.structure for each in found if each.structure is not None]
    known = {right.id for structure in structures for right in structure.rights}
    for name in ids if ids != "all" else ():
        if structures and name not in known:
            near = get_close_matches(name, sorted(known), 1)
            listed = f"; there is: {', '.join(sorted(known)[:8])}" if known else "; no right is in force"
            raise NoSuchRightError(f"there is no right '{name}'" + (f"; did you mean '{near[0]}'?" if near else listed))
    answers: list[Exercise] = []
    for each in found:
        if each.structure is None:
            answers.append(Exercise(by=by, sentences=(), decided=None))
            continue
        changed = exercised(each.structure, ids, by)
        decision = each.decision
        then = keeper.decide(changed.structure, decision.entity, decision.matter, decision.directors, wanted)
        decided = (
            None
            if isinstance(then, NoSuchMatter)
            else Decided(decision=then, reads=each.reads, untried=each.untried, structure=changed.structure)
        )
        answers.append(Exercise(by=by, sentences=changed.sentences, decided=decided))
    return tuple(answers)


def exercise_json(exercise: Exercise) -> dict[str, Any]:
    """Return an answer as it would be if rights were used as plain values."""
    return {
        "by": None if exercise.by is None else exercise.by.isoformat(),
        "rights": list(exercise.sentences),
        "answer": None if exercise.decided is None else decided_json(exercise.decided),
    }
