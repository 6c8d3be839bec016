"""Systems with part of the answer given: some agree, some refuse, some vote as one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from muniment.control.compiled import BodyDecides, Compiled, EntityActs, SeatAgrees
from muniment.control.formula import Actor, And, Constant, Node, Others, System, parts_of


def nodes_named(compiled: Compiled, names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return the nodes at which each name has a say: as an actor, an entity, a body, or those who act apart.

    An entity or a body that is named votes as named, whatever its own rule says; of a body, every seat that can agree.

    Args:
        compiled: The matter.
        names: Ids of parties, `entity.body`, or `others of E.CLASS`.

    Returns:
        By name, in the order given; empty for who is not asked.
    """
    found: dict[str, list[int]] = {name: [] for name in names}
    nodes = compiled.system.nodes
    for key, number in compiled.names.items():
        match key:
            case EntityActs(entity) if entity in found:
                found[entity].append(number)
            case BodyDecides(entity, body) if f"{entity}.{body}" in found:
                found[f"{entity}.{body}"].append(number)
            case SeatAgrees(entity, body) if f"{entity}.{body}" in found:
                if not all(isinstance(nodes[part], Constant) for part in parts_of(nodes[number])):
                    found[f"{entity}.{body}"].append(number)
            case _:
                pass
    for number, node in enumerate(nodes):
        if isinstance(node, Actor | Others) and node.name in found:
            found[node.name].append(number)
    return {name: tuple(numbers) for name, numbers in found.items()}


def given(system: System, yes: Collection[int], no: Collection[int]) -> System:
    """Return a system in which some nodes say yes, and some no, whatever their parts say."""
    nodes: list[Node] = list(system.nodes)
    for number in yes:
        nodes[number] = Constant(True)
    for number in no:
        nodes[number] = Constant(False)
    return System(tuple(nodes), system.root)


def voting_as_one(system: System, blocs: Mapping[str, Sequence[str]]) -> System:
    """Return a system in which the actors of each bloc are one actor, named as the bloc is.

    Args:
        system: The system.
        blocs: By name of the bloc, its actors; each actor in at most one.
    """
    bloc_of = {name: bloc for bloc, names in blocs.items() for name in names}
    nodes: list[Node] = list(system.nodes)
    first: dict[str, int] = {}
    for number, node in enumerate(system.nodes):
        if not isinstance(node, Actor) or node.name not in bloc_of:
            continue
        bloc = bloc_of[node.name]
        nodes[number] = And((first[bloc],)) if bloc in first else Actor(bloc)
        first.setdefault(bloc, number)
    return System(tuple(nodes), system.root)
