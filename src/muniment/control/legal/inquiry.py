"""What legal tests ask of one structure, each part of it worked out once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from muniment.book.structure import Entity, Structure
from muniment.control.legal.chains import MAJORITY, Controlled, Ownership, Reach, controlled, integrated
from muniment.control.legal.finding import Given
from muniment.control.legal.powers import Powers, parties_named
from muniment.control.legal.stakes import Measure, Stake, Stakes, direct_stakes


class Inquiry:
    """One structure, and what tests have found out about it so far.

    Args:
        structure: What is in force.
        given: What is told beside it.
    """

    def __init__(self, structure: Structure, given: Given = Given()) -> None:  # noqa: B008 -- it cannot be changed
        self.structure = structure
        self.given = given
        self._stakes: dict[tuple[str, Measure], Stakes] = {}
        self._powers: dict[str, Powers] = {}
        self._behind: dict[str, tuple[str, ...]] = {}
        self._around: dict[str, tuple[str, ...]] = {}
        self._ranked: dict[str, tuple[str, ...]] = {}
        self._owned: dict[tuple[str, Measure], Ownership] = {}
        self._controlled: dict[tuple[frozenset[str], str, Reach], Controlled] = {}
        self._variants: dict[object, Inquiry] = {}

    def stakes(self, entity: str, measure: Measure) -> Stakes:
        """Return who holds which share of an entity's votes or capital, directly."""
        key = (entity, measure)
        if key not in self._stakes:
            owner = self.structure.entities.get(entity)
            found = Stakes({}, False) if owner is None else direct_stakes(self.structure, owner, measure)
            self._stakes[key] = found
        return self._stakes[key]

    def owned(self, party: str, entity: str, measure: Measure) -> Stake:
        """Return what a party owns of an entity, directly and through others: multiplied and added."""
        key = (entity, measure)
        if key not in self._owned:
            self._owned[key] = integrated(self, entity, measure)
        return self._owned[key].of(party)

    def controlled(self, start: Collection[str], entity: str, reach: Reach = MAJORITY) -> Controlled:
        """Return the entities behind an entity, itself among them, that parties control together."""
        key = (frozenset(start), entity, reach)
        if key not in self._controlled:
            self._controlled[key] = controlled(self, key[0], self.behind(entity), reach)
        return self._controlled[key]

    def powers(self, entity: str) -> Powers:
        """Return who passes and blocks what in an entity."""
        if entity not in self._powers:
            self._powers[entity] = Powers(self.structure, self.structure.entities[entity])
        return self._powers[entity]

    def behind(self, entity: str) -> tuple[str, ...]:
        """Return an entity with every entity that holds, manages or sits in it, at whatever distance, nearest first."""
        if entity not in self._behind:
            found = {entity: None}
            waiting = [entity]
            for name in waiting:
                for other in self.around(name):
                    if other in self.structure.entities and other not in found:
                        found[other] = None
                        waiting.append(other)
            self._behind[entity] = tuple(found)
        return self._behind[entity]

    def around(self, entity: str) -> tuple[str, ...]:
        """Return the parties that stand directly behind an entity: holders, managers, occupants, those who consent."""
        if entity not in self._around:
            self._around[entity] = self._found_around(entity)
        return self._around[entity]

    def _found_around(self, entity: str) -> tuple[str, ...]:
        owner = self.structure.entities.get(entity)
        if owner is None:
            return ()
        names = [holding.party for holding in self.structure.holdings.get(entity, ())]
        names += [*owner.general_partners, *owner.managers, *owner.trustees, *owner.members]
        names += _occupants(owner)
        names += [consent.of for consents in owner.consents.values() for consent in consents]
        names += [right.holder for right in self.structure.rights if right.entity == entity]
        for pool in self.structure.pools:
            if pool.over == entity:
                names += pool.members
        names += parties_named(owner)
        known = self.structure.parties
        return tuple(name for name in dict.fromkeys(names) if name in known and name != entity)

    def ranked(self, entity: str) -> tuple[str, ...]:
        """Return the holders of an entity's votes who act together, the greatest first."""
        if entity not in self._ranked:
            parties, each = self.structure.parties, self.stakes(entity, "votes").each
            together = [name for name in each if name not in parties or parties[name].acts_together]
            self._ranked[entity] = tuple(sorted(together, key=lambda name: (-each[name].high, name)))
        return self._ranked[entity]

    def variant(self, key: object, change: Structure) -> Inquiry:
        """Return the inquiry into a changed structure, the same one for the same key."""
        if key not in self._variants:
            self._variants[key] = Inquiry(change, self.given)
        return self._variants[key]

    def with_entities(self, key: object, entities: Mapping[str, Entity]) -> Inquiry:
        """Return the inquiry into the structure with some entities changed."""
        return self.variant(key, replace(self.structure, entities={**self.structure.entities, **entities}))

    def are_natural(self, parties: Iterable[str]) -> bool:
        """Whether all are persons, or groups of persons who act together."""
        known = self.structure.parties
        return all(
            (found := known.get(name)) is not None
            and (found.kind == "person" or (found.kind == "group" and found.acts_together))
            for name in parties
        )


def _occupants(owner: Entity) -> Collection[str]:
    seats = (seat for body in owner.bodies.values() for group in body.groups.values() for seat in group.seats)
    holders = (office.holder for office in owner.offices.values())
    return [*(seat.occupant for seat in seats if seat.occupant), *(holder for holder in holders if holder)]
