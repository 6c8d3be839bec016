"""What must remain possible: matters that somebody, or some people together, can still pass."""

from __future__ import annotations

from difflib import get_close_matches
from typing import NamedTuple

from muniment.book.structure import Structure
from muniment.control.compiled import Directors
from muniment.control.compiled_decision import CompiledDecision, compile_decision
from muniment.control.matters import NoSuchMatter, understand


class Keep(NamedTuple):
    """A matter that must remain possible.

    Attributes:
        by: Who together must be able to pass it; empty = somebody, if need be all together.
    """

    entity: str
    matter: str
    by: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The same in words, as `understand_keep` reads it."""
        return f"{self.entity}: {self.matter}" + (f" by {', '.join(self.by)}" if self.by else "")


def understand_keep(structure: Structure, text: str, *, directors: Directors = "loyal") -> Keep | str:
    """Read what must remain possible.

    Args:
        structure: What is in force.
        text: `ENTITY: MATTER`, or `ENTITY: MATTER by a, b`.
        directors: How the occupants of seats act.

    Returns:
        What is meant; or why it cannot be, in one line that says where the fault lies and what to do.
    """
    entity, colon, rest = (part.strip() for part in text.partition(":"))
    if not colon or not entity or not rest:
        return f"'{text}' names no matter of an entity; write 'ENTITY: MATTER' or 'ENTITY: MATTER by PARTY, PARTY'"
    meant = understand(structure, entity, rest)
    by: tuple[str, ...] = ()
    if isinstance(meant, NoSuchMatter):
        matter, word, names = rest.rpartition(" by ")
        if word:
            meant = understand(structure, entity, matter)
            by = tuple(dict.fromkeys(name.strip() for name in names.split(",")))
    if isinstance(meant, NoSuchMatter):
        return f"'{text}': {meant.message}" + (f"; {meant.hint}" if meant.hint else "")
    if "" in by:
        return f"'{text}': after 'by' a name is missing; write them with a comma between, as in 'by ada, bo'"
    entity, matter = meant
    compiled = compile_decision(structure, f"{entity}: {matter}", directors=directors)
    if isinstance(compiled, NoSuchMatter):
        return f"'{text}': {compiled.message}"
    for name in by:
        if not _is_known(structure, compiled, name):
            close = get_close_matches(name, [*structure.parties, *compiled.actors], 1)
            hint = f"; did you mean '{close[0]}'?" if close else "; name a party of the book"
            return f"'{text}': there is no party '{name}' on {structure.on}{hint}"
    keep = Keep(entity, matter, by)
    if not _holds(compiled, keep):
        who = " and ".join(by) + " cannot" if by else "nobody can"
        return f"'{text}' does not hold as things stand, so it cannot remain so: {who} pass it; name what holds today"
    return keep


def is_kept(structure: Structure, keep: Keep, *, directors: Directors = "loyal") -> bool:
    """Return whether what must remain possible is possible in a structure."""
    compiled = compile_decision(structure, f"{keep.entity}: {keep.matter}", directors=directors)
    return not isinstance(compiled, NoSuchMatter) and _holds(compiled, keep)


def _holds(compiled: CompiledDecision, keep: Keep) -> bool:
    return compiled.passes(keep.by or compiled.actors)


def _is_known(structure: Structure, compiled: CompiledDecision, name: str) -> bool:
    try:
        compiled.known([name])
    except ValueError:
        return False
    return name in structure.parties or name in compiled.actors or "." in name
