"""The part of a path problem that the goal can depend on, from one start."""

from __future__ import annotations

from muniment.control.paths.network import Closure, Edges, Network, Prepared, bits_of, opened, outputs, spread


def relevant(prepared: Prepared, start: int, closure: Closure, missing: list[int]) -> Network:
    """Return the network of what the goal depends on, from a start.

    Left out are moves and gates that can never say yes; bits that nothing needs, with the moves that give no other; and
    what is on at the start and can never be lost, which is taken off the quotas. Every plan of the problem that is as
    short as can be is one of this network, and the other way round.

    Args:
        prepared: The problem.
        start: The state to start from.
        closure: The closure from the start, in which the goal says yes.
        missing: What each node still needs in it.

    Raises:
        ValueError: If the goal says yes for good already, so that nothing is left to depend on.
    """
    whole = prepared.network
    losable = 0
    for step in closure.steps:
        losable |= whole.off[step]
    lasting, found = _cone(whole, start & ~losable, missing)
    kept = 0
    for node in found:
        if whole.first_step <= node < whole.first_conditional:
            kept |= whole.off[node - whole.first_step]
    if kept & start != losable & start:
        lasting, found = _cone(whole, start & ~kept, missing)
    if not found:
        raise ValueError("the goal says yes already, for good")
    return _rebuilt(whole, sorted(found), lasting)


def _cone(whole: Network, lasting_state: int, missing: list[int]) -> tuple[list[int], set[int]]:
    """Return what each node still needs with the lasting bits on, and the nodes the goal depends on beyond them."""
    lasting, nodes = opened(whole, lasting_state)
    spread(whole, lasting, nodes)
    found: set[int] = set()
    first_step, past, inputs = whole.first_step, whole.first_conditional, whole.inputs
    nodes = [whole.goal] if lasting[whole.goal] > 0 else []
    found.update(nodes)
    while nodes:
        for source, _ in inputs[nodes.pop()]:
            if source in found or missing[source] > 0:
                continue
            if lasting[source] > 0 or first_step <= source < past:
                found.add(source)
                nodes.append(source)
    return lasting, found


def _rebuilt(whole: Network, nodes: list[int], lasting: list[int]) -> Network:
    """Return the network of some nodes of a larger one; what lasts is taken off the quotas."""
    first_step, past = whole.first_step, whole.first_conditional
    place = {node: at for at, node in enumerate(nodes)}
    quota, inputs = [], []
    for node in nodes:
        needed = whole.quota[node]
        edges = []
        for source, weight in whole.inputs[node]:
            if source in place:
                edges.append((place[source], weight))
            elif lasting[source] <= 0:
                needed -= weight
        quota.append(needed)
        inputs.append(tuple(edges))
    many_bits = len(whole.bits)
    bits = tuple(node for node in nodes if node < many_bits)
    steps = tuple(node - first_step for node in nodes if first_step <= node < past)
    conditional = []
    for step in steps:
        depends: list[tuple[int, int]] = []
        for where, bit in whole.conditional[step]:
            source, target = where.bit_length() - 1, bit.bit_length() - 1
            if target not in place:
                continue
            if source in place:
                depends.append((1 << place[source], 1 << place[target]))
            elif lasting[source] <= 0:
                depends.append((0, 1 << place[target]))
        conditional.append(tuple(depends))
    on = tuple(_renumbered(whole.on[step], place) for step in steps)
    return Network(
        bits=bits,
        steps=steps,
        first_step=sum(1 for node in nodes if node < first_step),
        first_conditional=sum(1 for node in nodes if node < past),
        quota=quota,
        out=outputs(inputs),
        inputs=inputs,
        seeds=tuple(at for at, needed in enumerate(quota) if needed <= 0),
        goal=place[whole.goal],
        on=on,
        off=tuple(_renumbered(whole.off[step], place) for step in steps),
        conditional=tuple(conditional),
    )


def _renumbered(state: int, place: dict[int, int]) -> int:
    found = 0
    for bit in bits_of(state):
        if bit in place:
            found |= 1 << place[bit]
    return found


def inside(network: Network, state: int) -> int:
    """Return a state of the problem as one of a network of part of it."""
    found = 0
    for at, bit in enumerate(network.bits):
        if state >> bit & 1:
            found |= 1 << at
    return found


def outside(network: Network, state: int) -> int:
    """Return a state of a network with the bits numbered as in the problem."""
    found = 0
    for at in bits_of(state):
        found |= 1 << network.bits[at]
    return found


__all__ = ["Edges", "inside", "outside", "relevant"]
