"""Where sources come from: what each translates or derives from, who is an independent witness, how two differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from muniment.book.book import Book

LABELS = ("translation of", "derived from")


def origins(book: Book, source: str) -> Mapping[str, bool]:
    """Return every source that one goes back to, however far; true where every step on the way is a translation."""
    found: dict[str, bool] = {}
    waiting = [(source, True)]
    while waiting:
        name, translated = waiting.pop()
        record = book.index.defined.get(name)
        for label in LABELS if record is not None else ():
            above = record.value(label) if record is not None else None
            steps = translated and label == "translation of"
            if isinstance(above, str) and above != source and (above not in found or (steps and not found[above])):
                found[above] = steps
                waiting.append((above, steps))
    return found


def witnesses(book: Book, sources: Iterable[str]) -> int:
    """Return how many of the sources are independent: two that go back to one source are one witness."""
    groups: list[set[str]] = []
    for source in dict.fromkeys(sources):
        known = {source, *origins(book, source)}
        shared = [group for group in groups if group & known]
        groups = [group for group in groups if not group & known]
        groups.append(known.union(*shared))
    return len(groups)


def kind_between(book: Book, one: str, other: str) -> str:
    """Return what two sources that differ make of the difference.

    A source differs from itself by an error, a translation from its original by a translation error, a report from what
    it reports on by a reporting error. Of two that go back to a third, at least one departs from it. All else is a
    dispute.
    """
    if one == other:
        return "error"
    of_one, of_other = origins(book, one), origins(book, other)
    if other in of_one or one in of_other:
        return "translation" if of_one.get(other) or of_other.get(one) else "reporting"
    shared = of_one.keys() & of_other.keys()
    if not shared:
        return "dispute"
    return "translation" if any(of_one[name] and of_other[name] for name in shared) else "reporting"


def kind_of(book: Book, sides: Sequence[Sequence[str]], named: bool = False) -> str:
    """Return the kind of a difference from the origins of its sources.

    Args:
        book: The book that says what each source derives from.
        sides: The sources of each statement.
        named: Whether each statement is a named reading; two readings of one source are then a dispute over it.

    Returns:
        `dispute` where two sides are told by sources that share no origin, or a side has none; else `reporting`,
        `translation` or `error`, the first that lies between two of the sides.
    """
    if any(not side for side in sides):
        return "dispute"
    found = {
        min((kind_between(book, a, b) for a in one for b in other), key=_nearness)
        for one, other in combinations(sides, 2)
    }
    if found == {"error"} and named:
        return "dispute"
    return next((kind for kind in ("dispute", "reporting", "translation", "error") if kind in found), "dispute")


def _nearness(kind: str) -> int:
    """Return how near to each other two sources are that differ so: where a side has several, the nearest two count."""
    return ("error", "translation", "reporting", "dispute").index(kind)
