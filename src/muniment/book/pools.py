"""Voting pools: agreements whose members cast all their votes in one entity as the pool decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from muniment.book.entity_fold import words_in
from muniment.book.selecting import Choices, Selector
from muniment.book.structure import Basis, MatterRule, Pool
from muniment.model.dates import sort_key
from muniment.model.records import Fact, Part, Record
from muniment.text.diagnostics import Diagnostic
from muniment.text.spans import Span

if TYPE_CHECKING:
    from muniment.book.accounts import World


class PoolPart(NamedTuple):
    """A `voting pool` block: its agreement, its id, and its facts by label."""

    record: Record
    part: Part
    id: str
    facts: Mapping[str, Fact]


def pool_parts(records: Sequence[Record]) -> Iterator[PoolPart]:
    """Yield the `voting pool` blocks of agreements; the second of an agreement has `/2` after its address."""
    for record in records:
        count = 0
        for part in record.parts:
            if part.kind == "voting pool":
                count += 1
                name = record.address if count == 1 else f"{record.address}/{count}"
                yield PoolPart(record, part, name, {fact.label: fact for fact in part.facts})


def pools_in_force(
    world: World, selector: Selector, choices: Choices, entities: Mapping[str, Any]
) -> tuple[tuple[Pool, ...], tuple[str, ...]]:
    """Return the pools in force, those that cannot be revoked and the earlier ones first, and what is assumed.

    A party that is in two pools over one entity stays in the first of them alone.
    """
    found: list[tuple[tuple[object, ...], Pool]] = []
    for record, part, name, facts in pool_parts(world.book.records_of("agreement")):
        if not selector.is_in_force(record):
            continue
        over = facts["over"].statements[0].value if "over" in facts else None
        choices.entity = over if isinstance(over, str) else ""
        chosen = {label: choices.choose(record, fact) for label, fact in facts.items()}
        values = {label: said.value for label, said in chosen.items() if said is not None and said.value is not None}
        if not values.get("members") or values.get("over") not in entities:
            continue
        rule = chosen.get("decides by")
        decides_by = None
        if rule is not None and rule.value is not None:
            words = Basis(
                f"{record.address} voting pool decides by",
                f"decides by: {rule.text}",
                rule.span,
                rule.citations,
                rule.quotations,
            )
            decides_by = MatterRule(rule=rule.value, text=rule.text, basis=words)
        elif "decides by" in facts:
            continue  # open in this account, or at fault
        pool = Pool(
            id=name,
            members=tuple(dict.fromkeys(values["members"])),
            over=values["over"],
            decides_by=decides_by,
            revocable=values.get("revocable") is True,
            basis=Basis(
                f"{record.address} voting pool",
                f"voting pool of {', '.join(values['members'])} over {values['over']}",
                part.span,
                part.citations,
                part.quotations,
            ),
        )
        order = (pool.revocable, sort_key(selector.counts_from(record)), record.span.path, part.span.line)
        found.append((order, pool))
    found.sort(key=lambda pair: pair[0])
    return _each_in_one([pool for _, pool in found])


def _each_in_one(pools: Sequence[Pool]) -> tuple[tuple[Pool, ...], tuple[str, ...]]:
    bound: dict[tuple[str, str], Pool] = {}
    kept: list[Pool] = []
    notes: list[str] = []
    for pool in pools:
        members = []
        for member in pool.members:
            earlier = bound.setdefault((pool.over, member), pool)
            if earlier is pool:
                members.append(member)
            else:
                two = f"{earlier.id} and {pool.id}"
                notes.append(f"{member} is in two voting pools over {pool.over}, {two}; {earlier.id} stands.")
        if members:
            kept.append(pool if len(members) == len(pool.members) else replace(pool, members=tuple(members)))
    return tuple(kept), tuple(notes)


def faulty_pools(world: World) -> Iterator[Diagnostic]:
    """Yield what is wrong with pools and consents: no effect, or a party bound twice at one time."""
    agreements = [record for record in world.book.records_of("agreement") if world.exists(record)]
    for record in agreements:
        for part in record.parts:
            yield from _without_effect(part)
    seen: dict[tuple[Any, ...], list[tuple[PoolPart, Span]]] = {}
    parts = sorted(
        pool_parts(agreements), key=lambda p: (sort_key(p.record.date), p.record.span.path, p.part.span.line)
    )
    for pool in parts:
        over, members = pool.facts.get("over"), pool.facts.get("members")
        if over is None or members is None or not members.agreed:
            continue
        revocable = pool.facts["revocable"].agreed if "revocable" in pool.facts else False
        for member in members.agreed:
            key = (over.agreed, member, bool(revocable), pool.record.value("under"))
            at = words_in(members, member)
            for earlier, where in seen.get(key, ()):
                if _overlap(earlier.record, pool.record):
                    yield Diagnostic(
                        code="M516",
                        severity="error",
                        message=f"'{member}' is already bound by the voting pool '{earlier.id}' over '{over.agreed}'",
                        span=at,
                        hint="end the earlier agreement by 'until', or leave the party out of one of the two",
                        related=((where, "bound here"),),
                    )
                    break
            seen.setdefault(key, []).append((pool, at))


def _overlap(earlier: Record, later: Record) -> bool:
    until = earlier.value("until")
    return until is None or sort_key(until)[0] > sort_key(later.date)[0]


NEEDED: Mapping[str, Mapping[str, str]] = {
    "voting pool": {"members": "members: ada, grace", "over": "over: acme"},
    "consent": {"of": "of: oak", "for": "for: sell company"},
}
"""Labels without which a block has no effect, each with a line as it is written."""


def _without_effect(part: Part) -> Iterator[Diagnostic]:
    labels = {fact.label for fact in part.facts}
    for label, example in NEEDED.get(part.kind, {}).items():
        if label not in labels:
            yield Diagnostic(
                code="M517",
                severity="error",
                message=f"this {part.kind} does not say '{label}', so it has no effect",
                span=part.span,
                hint=f"add a line such as '{example}'",
            )
