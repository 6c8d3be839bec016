"""The order of classes by preference: circles in what `ranks` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from muniment.book.entity_fold import PartState
from muniment.text.diagnostics import Diagnostic


def circles_of_ranks(entity: str, classes: Mapping[str, PartState]) -> Iterator[Diagnostic]:
    """Yield one fault for the classes of an entity that stand ahead of themselves, through others.

    Classes that stand `with` one another are one step of the order.

    Args:
        entity: Whose classes.
        classes: As its records leave them.
    """
    step = {name: name for name in classes}
    ahead: list[tuple[str, str]] = []
    for name, part in classes.items():
        slot = part.slots.get("ranks")
        for rank in slot.value if slot is not None else ():
            for other in (each.rpartition(".")[2] for each in rank.classes):
                if other not in classes:
                    continue
                if rank.ahead:
                    ahead.append((name, other))
                else:
                    old, new = _first(step, name), _first(step, other)
                    step[old] = new
    behind: dict[str, int] = {}
    below: dict[str, list[str]] = {}
    for name, other in ahead:
        one, two = _first(step, name), _first(step, other)
        below.setdefault(one, []).append(two)
        behind[two] = behind.get(two, 0) + 1
    waiting = [name for name in {_first(step, name) for name in classes} if not behind.get(name)]
    while waiting:
        for other in below.get(waiting.pop(), ()):
            behind[other] -= 1
            if not behind[other]:
                waiting.append(other)
    in_circle = {name for name, count in behind.items() if count}
    above = {name for name in in_circle if any(other in in_circle for other in below.get(name, ()))}
    for name, _ in ahead:
        if _first(step, name) in above:
            slot = classes[name].slots["ranks"]
            yield Diagnostic(
                code="M312",
                severity="error",
                message=f"class '{name}' of '{entity}' ranks, through others, ahead of itself",
                span=slot.basis.span,
                hint="correct one 'ranks' of the circle",
            )
            return


def _first(step: dict[str, str], name: str) -> str:
    """Return the class that stands for all that rank with one."""
    while step[name] != name:
        step[name] = step[step[name]]
        name = step[name]
    return name
