"""What statutes say on meetings and on acting in writing that their packs cannot hold as rules: told, and not counted.

The one exception bars a way: a resolution that a statute does not allow in writing.
"""

from __future__ import annotations

from collections.abc import Mapping

from muniment.book.structure import Entity, MatterRule

NOTICE_OF_MEETINGS: Mapping[str, str] = {
    "us-de-company": "10 days, and 20 for a merger or a sale of all assets: DGCL ss. 222(b), 251(c), 271(a)",
    "us-ca-nonprofit-members": "10 days: Corporations Code s. 5511(a)",
    "uk-company": "14 clear days, 21 for the annual meeting of a public company: Companies Act 2006, ss. 307, 360",
    "uk-guarantee-company": "14 clear days: Companies Act 2006, ss. 307, 360",
    "de-ag": "30 days: AktG s. 123(1)",
    "de-gmbh": "a week: GmbHG s. 51(1)",
    "nl-nv": "15 days: BW 2:115(1)",
    "nl-bv": "8 days: BW 2:225",
}
"""Notice of a meeting of holders or members, by the `defaults` record of those it is for."""
BOARD_IN_WRITING: Mapping[str, str] = {
    "us-de-company": "DGCL s. 141(f)",
    "us-de-nonstock": "DGCL s. 141(f), (j)",
    "us-ca-nonprofit-all": "Corporations Code s. 5211(b)",
    "uk-private-model-articles": "Model Articles, sch. 1 art. 8",
    "uk-guarantee-model-articles": "Model Articles, sch. 2 art. 8",
    "uk-public-model-articles": "Model Articles, sch. 3 arts. 17, 18",
}
"""Statutes by which the acting board may act in writing if all its members agree."""
HOLDERS_IN_WRITING: Mapping[str, str] = {
    "us-de-nonstock-members": "with as many as a meeting would need: DGCL s. 228(b)",
    "us-de-llc": "with as many as a meeting would need: LLC Act s. 18-302(d)",
    "us-de-llc-members": "with as many as a meeting would need: LLC Act s. 18-302(d)",
    "us-ca-nonprofit-members": "if all consent: Corporations Code s. 5516",
    "nl-bv": "if all who may attend agree to that: BW 2:238(1)",
    "de-association": "if all consent: BGB s. 32",
}
"""Statutes by which holders or members may act in writing where no rule of the pack says so."""


def packs_behind(entity: Entity) -> frozenset[str]:
    """Return the `defaults` records whose rules an entity uses."""
    rules: list[MatterRule | None] = list(entity.rules.values())
    for body in entity.bodies.values():
        rules.append(body.decides_by)
        for group in body.groups.values():
            rules += [group.filled_by, group.removed_by, group.vacancies_filled_by]
    names = (rule.basis.record for rule in rules if rule is not None and rule.assumed)
    return frozenset(name.partition(" ")[0].partition("/")[0] for name in names)


def notice_by_law(entity: Entity) -> str:
    """Return the notice that its law asks for a meeting of an entity, in words; empty if none is known."""
    behind = packs_behind(entity)
    return next((words for name, words in NOTICE_OF_MEETINGS.items() if name in behind), "")


def writing_by_law(entity: Entity, *, of_bodies: bool) -> str:
    """Return how its law lets an entity's acting board, or its holders or members, act in writing; empty if unknown."""
    behind = packs_behind(entity)
    if of_bodies:
        return next((f"if all agree: {words}" for name, words in BOARD_IN_WRITING.items() if name in behind), "")
    return next((words for name, words in HOLDERS_IN_WRITING.items() if name in behind), "")


def is_barred_in_writing(entity: Entity, matter: str) -> bool:
    """Whether a statute does not allow the holders or members of an entity to pass a matter in writing.

    Source: Companies Act 2006 s. 288(2)(a): a resolution under s. 168 to remove a director before the term ends.
    """
    verb, _, name = matter.partition(" ")
    of_seats = name == "directors" or any(name in body.groups for body in entity.bodies.values())
    return verb == "remove" and of_seats and bool(packs_behind(entity) & {"uk-company", "uk-guarantee-company"})


def caution_on_elections(entity: Entity, matter: str) -> str:
    """Return what a statute asks of an election in writing, as a sentence; empty if nothing is known.

    Source: 8 Del. C. s. 211(b).
    """
    if not matter.startswith("elect ") or "us-de-company" not in packs_behind(entity):
        return ""
    return (
        f"Fewer than all holders of {entity.id} can elect directors in writing, in place of an annual meeting, only if "
        "every seat is vacant, or is emptied too, and is filled so (DGCL s. 211(b))."
    )
