"""A matter compiled once and asked often: who passes it, who blocks it, which coalitions suffice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from muniment.book.structure import Structure
from muniment.control.coalitions import Sets
from muniment.control.compiled import Directors
from muniment.control.conditioned import nodes_named
from muniment.control.diagram import TooLarge
from muniment.control.directors import compile_matter
from muniment.control.evaluations import Prepared, prepared_for, who_alone, who_can_block, with_everyone
from muniment.control.formula import Mode, least
from muniment.control.functions import blocking_sets_of, function_of, sets_of
from muniment.control.matters import NoSuchMatter, understand


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledDecision:
    """A matter of an entity, compiled; every question below is put to the same rule.

    Tests of a coalition, `alone` and `can_block` are evaluations of the rule: exact at any size.

    Attributes:
        entity: Whose matter.
        matter: What is decided.
        directors: How the occupants of seats act.
        structure: What is in force.
        prepared: The rule.

    Example:
        compiled = compile_decision(structure, "acme: sell company")
        compiled.passes(["ada", "birch-ventures"])
    """

    entity: str
    matter: str
    directors: Directors
    structure: Structure
    prepared: Prepared

    @property
    def actors(self) -> tuple[str, ...]:
        """Everyone whose will the rule asks for, in order of id."""
        return self.prepared.actors

    def passes(self, coalition: Iterable[str]) -> bool:
        """Return whether a coalition passes the matter with everyone else saying no.

        Bounded holdings are read against the coalition, and nobody who does not act together is counted on.

        Args:
            coalition: Ids of parties; `entity.body` for a body. An entity or a body that is named agrees as named.

        Raises:
            ValueError: If a name is no party.
        """
        names = self.known(coalition)
        nodes = [number for numbers in nodes_named(self.prepared.compiled, names).values() for number in numbers]
        state = least(self.prepared.circuits[Mode.CERTAIN], (), yes=nodes)
        return bool(state.yes[self.prepared.compiled.system.root])

    def blocks(self, coalition: Iterable[str]) -> bool:
        """Return whether the matter cannot pass without a coalition, whoever else agrees.

        Arguments and refusals as for `passes`; bounded holdings are read against the coalition.
        """
        names = self.known(coalition)
        nodes = [number for numbers in nodes_named(self.prepared.compiled, names).values() for number in numbers]
        state = least(self.prepared.circuits[Mode.POSSIBLE_WITH_OTHERS], self.actors, no=nodes)
        return not state.yes[self.prepared.compiled.system.root]

    def alone(self) -> tuple[str, ...]:
        """Return who passes the matter with everyone else saying no; nobody where all together cannot pass it."""
        return () if self._is_impossible() else who_alone(self.prepared, Mode.CERTAIN)

    def can_block(self) -> tuple[str, ...]:
        """Return without whom the matter cannot pass."""
        return who_can_block(self.prepared, self._is_impossible())[0]

    def coalitions(self) -> Sets | TooLarge:
        """Return the minimal coalitions that pass the matter, or say that they are too many to find."""
        return sets_of(function_of(self.prepared.compiled.system, Mode.CERTAIN))

    def blocking_sets(self) -> Sets | TooLarge:
        """Return the minimal sets without whom the matter cannot pass, or say that they are too many to find."""
        return blocking_sets_of(function_of(self.prepared.compiled.system, Mode.POSSIBLE_WITH_OTHERS))

    def known(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return names, each once.

        Raises:
            ValueError: If one is neither a party on the date nor anything that the rule asks.
        """
        found = tuple(dict.fromkeys(names))
        for name in found:
            if not is_known(self.structure, self.prepared, name):
                near = get_close_matches(name, [*self.actors, *self.structure.parties], 1)
                hint = f"; did you mean '{near[0]}'?" if near else ""
                raise ValueError(f"there is no party '{name}' on {self.structure.on}{hint}")
        return found

    def _is_impossible(self) -> bool:
        return not with_everyone(self.prepared).yes[self.prepared.compiled.system.root]


def is_known(structure: Structure, prepared: Prepared, name: str) -> bool:
    """Return whether a name is a party on the date, or anything that a rule asks."""
    if name in structure.parties:
        return True
    entity, _, body = name.rpartition(".")
    if entity in structure.entities and body in structure.entities[entity].bodies:
        return True
    return bool(nodes_named(prepared.compiled, [name])[name])


def compile_decision(
    structure: Structure, question: str, *, directors: Directors = "loyal", entities_act: bool = False
) -> CompiledDecision | NoSuchMatter:
    """Compile a matter once, to ask it often.

    Args:
        structure: What is in force.
        question: `ENTITY: MATTER`.
        directors: How the occupants of seats act.
        entities_act: Answer at the level of entities: every entity that is asked is an actor.

    Returns:
        The compiled matter; or a refusal, with a hint, of a question about nothing the book or the standard knows.
    """
    entity, _, matter = question.partition(": ")
    meant = understand(structure, entity, matter)
    if isinstance(meant, NoSuchMatter):
        return meant
    entity, matter = meant
    compiled = compile_matter(structure, entity, matter, directors, entities_act=entities_act)
    prepared = prepared_for(compiled)
    return CompiledDecision(entity=entity, matter=matter, directors=directors, structure=structure, prepared=prepared)


def can_pass(
    structure: Structure, question: str, coalition: Iterable[str], *, directors: Directors = "loyal"
) -> bool | NoSuchMatter:
    """Answer whether a coalition passes a matter with everyone else saying no.

    Args:
        structure: What is in force.
        question: `ENTITY: MATTER`.
        coalition: Ids of parties; an entity or a body (`entity.body`) that is named agrees as named.
        directors: How the occupants of seats act.

    Raises:
        ValueError: If a name is no party.
    """
    compiled = compile_decision(structure, question, directors=directors)
    return compiled if isinstance(compiled, NoSuchMatter) else compiled.passes(coalition)
