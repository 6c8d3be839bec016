"""What decisions rest on: the decisions behind them, the electorates they count, the offices and rules they ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from muniment.book.structure import Basis, Entity, MatterRule, SeatGroup, Structure
from muniment.control.ballots import Ballot
from muniment.control.compile import Compiler
from muniment.control.compiled import Key, Setting
from muniment.control.matters import default_act, find_rule
from muniment.control.paths.acts import RulePlace
from muniment.model.rules import Condition, Party


class Traced(NamedTuple):
    """What decisions rest on.

    Attributes:
        keys: Every decision met.
        electorates: (entity, class ids) whose holders vote; None = the votes of the entity.
        offices: (entity, office) whose holder is asked.
        partnerships: Entities whose general partner is asked.
        places: (entity, place) of every rule met, with the rule that stands there; None where none does.
        because: The records met.
        assumptions: Sentences of the reading.
    """

    keys: tuple[Key, ...]
    electorates: tuple[tuple[str, tuple[str, ...] | None], ...]
    offices: tuple[tuple[str, str], ...]
    partnerships: tuple[str, ...]
    places: Mapping[tuple[str, RulePlace], MatterRule | None]
    because: tuple[Basis, ...]
    assumptions: tuple[str, ...]


class Tracer(Compiler):
    """Compiles decisions and notes what they rest on."""

    def __init__(self, structure: Structure) -> None:
        super().__init__(structure, "loyal")
        self.met: dict[tuple[str, tuple[str, ...] | None], None] = {}
        self.offices: dict[tuple[str, str], None] = {}
        self.partnerships: dict[str, None] = {}
        self.places: dict[tuple[str, RulePlace], MatterRule | None] = {}

    def _ballot(
        self, entity: Entity, classes: tuple[str, ...] | None, conditions: Collection[Condition], setting: Setting
    ) -> Ballot:
        self.met[entity.id, classes] = None
        return super()._ballot(entity, classes, conditions, setting)

    def _default(self, entity: Entity, matter: str) -> int:
        kind, names, _ = default_act(entity, for_matter=not matter.startswith(("vote shares", "consent to ")))
        if kind == "votes":
            self.met[entity.id, None] = None
        if kind == "parties" and names == tuple(dict.fromkeys(entity.general_partners)):
            self.partnerships[entity.id] = None
        return super()._default(entity, matter)

    def _consent(self, party: Party, setting: Setting) -> int:
        if party.kind == "holder of":
            owner, _, office = party.name.rpartition(".")
            self.offices[owner or setting.entity.id, office] = None
        if party.kind == "general partner":
            self.partnerships[setting.entity.id] = None
        return super()._consent(party, setting)

    def stated(self, label: str, entity: Entity, name: str, node: int, body: str = "") -> int:
        """Note the rule that stands at a place."""
        place = place_of(self.structure, label, entity, name, body)
        self.places[entity.id, place] = rule_at(self.structure, entity, place)
        if place.label.startswith("office"):
            self.offices[entity.id, place.name] = None
        return node


def group_at(structure: Structure, entity: Entity, name: str, body: str) -> SeatGroup | None:
    """Return a seat group by its name and its body; it may be another entity's, where it follows an office."""
    for owner in (entity, *structure.entities.values()):
        if body in owner.bodies and name in owner.bodies[body].groups:
            return owner.bodies[body].groups[name]
    return None


def place_of(structure: Structure, label: str, entity: Entity, name: str, body: str) -> RulePlace:
    """Return the place of a rule; seats that follow an office have the rules of the office."""
    if label not in ("filled by", "removed by", "vacancies filled by"):
        return RulePlace(label, name)
    group = group_at(structure, entity, name, body)
    if group is not None and group.office is not None:
        ending = "removed by" if label == "removed by" else "filled by"
        return RulePlace(f"office {ending}", group.office.rpartition(".")[2])
    return RulePlace(label, name, body)


def rule_at(structure: Structure, entity: Entity, place: RulePlace) -> MatterRule | None:
    """Return the rule that stands at a place; None where none does."""
    match place.label:
        case "matter":
            found = find_rule(entity, place.name)
            return found.rules[0].rule if found.rules else entity.rules.get(place.name)
        case "decides by":
            return entity.bodies[place.name].decides_by if place.name in entity.bodies else None
        case "office filled by" | "office removed by":
            office = entity.offices.get(place.name)
            if office is None:
                return None
            return office.filled_by if place.label == "office filled by" else office.removed_by
    group = group_at(structure, entity, place.name, place.body)
    if group is None:
        return None
    match place.label:
        case "filled by":
            return group.filled_by
        case "removed by":
            return group.removed_by
        case _:
            return group.vacancies_filled_by


def trace(structure: Structure, keys: Iterable[Key]) -> Traced:
    """Return what decisions rest on, in the reading in which seats follow those who fill and empty them."""
    tracer = Tracer(structure)
    for key in keys:
        tracer.ask(key)
    tracer.run()
    because = dict.fromkeys(basis for bases in tracer.bases.values() for basis in bases)
    return Traced(
        tuple(tracer.names),
        tuple(tracer.met),
        tuple(tracer.offices),
        tuple(tracer.partnerships),
        tracer.places,
        tuple(because),
        tuple(tracer.assumptions),
    )
