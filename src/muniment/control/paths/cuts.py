"""Cuts: the minimal sets of protective provisions that leave no path, what they cost, and who can repeal them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeAlias

from muniment.book.structure import Entity, Structure
from muniment.control.compiled import Directors
from muniment.control.compiled_decision import compile_decision
from muniment.control.diagram import TooLarge
from muniment.control.matters import NoSuchMatter, find_rule
from muniment.control.paths.acts import Act
from muniment.control.paths.answer import Cut, Cuts
from muniment.control.paths.catalog import KINDS, LOCKED, Offered, with_matter
from muniment.control.paths.catalog_lines import amendment, changed_places
from muniment.control.paths.catalog_places import changed_by, is_for_ever, with_changed_by, with_entity
from muniment.control.paths.cuts_minimal import minimal_cuts
from muniment.control.paths.keeping import Keep, is_kept
from muniment.control.paths.provisions import provisions_for
from muniment.model.rules import Never

Adopt: TypeAlias = Callable[[Structure], Structure]
HasPath: TypeAlias = Callable[[Structure, Adopt], bool | None]

MOST_PROVISIONS = 40
MOST_CUTS = 20
MOST_CALLS = 500
MOST_SHOWN = 3


def propose_cuts(
    structure: Structure,
    entity: str,
    matter: str,
    has_path: HasPath,
    keep: Sequence[Keep] = (),
    *,
    who: Collection[str] = (),
    acts: Sequence[Act] | None = None,
    directors: Directors = "loyal",
    is_monotone: bool = True,
    limit: int = MOST_CUTS,
    most_calls: int = MOST_CALLS,
) -> Cuts:
    """Return the minimal sets of protective provisions that leave no path to a matter.

    A provision is in force from the start, and can be amended away again on the way by whichever decision can. Every
    set returned was put to `has_path` itself, and so was each set with one provision less.

    Args:
        structure: What is in force.
        entity: Id of an entity of the structure.
        matter: What is asked.
        has_path: Whether a path is left in a structure with provisions adopted; None = undetermined, which counts as a
            path. The second argument adopts the same in another structure, that of a later day.
        keep: What must remain possible; minimal cuts that end it are left out and named.
        who: Against whom the cuts are sought.
        acts: The moves on which the matter turns; None = those that the rules allow.
        directors: How the occupants of seats act, for what must remain possible and for who can repeal.
        is_monotone: Adopting more brings no path back. That does not hold against others who move too, for a provision
            may stop them as well; then the cuts are what they are, and no claim is made that they are all.
        limit: The most cuts that are sought, refused ones among them.
        most_calls: The most times that `has_path` is asked.
    """
    offered = provisions_for(structure, entity, matter, who, acts)
    nearest = sorted(offered, key=lambda each: each.provision.entity != entity)[:MOST_PROVISIONS]
    tried = tuple(sorted(nearest, key=lambda each: each.provision.id))
    # Adopted in the order of the catalog whatever set they are in, since a cap reaches what was added before it alone.
    order = [each for each in offered if each in nearest]
    undecided: set[frozenset[int]] = set()

    def left(chosen: frozenset[int]) -> bool | None:
        answer = _ask(has_path, structure, _those(order, tried, chosen))
        if answer is None:
            undecided.add(chosen)
        return answer

    found = minimal_cuts(len(tried), left, most_cuts=limit, most_calls=most_calls)
    if found.cuts == (frozenset(),):
        return Cuts((), tuple(each.provision for each in tried), True)  # there is nothing to cut
    cuts: list[Cut] = []
    refused: list[str] = []
    for chosen in found.cuts:
        together = _those(order, tried, chosen)
        after = adopted(structure, together)
        ended = [each.words for each in keep if not is_kept(after, each, directors=directors)]
        if ended:
            ids = " and ".join(tried[at].provision.id for at in sorted(chosen))
            refused.append(f"{ids} would end what must remain possible: {'; '.join(ended)}.")
            continue
        cuts.append(
            Cut(
                tuple(tried[at].provision for at in sorted(chosen)),
                tuple(who_repeals(structure, after, tried[at], directors) for at in sorted(chosen)),
                _note(together, [chosen - {at} for at in chosen], undecided),
                _amendments(structure, after),
            )
        )
    nothing = _kinds_that_cut_nothing(structure, order, has_path, directors)
    complete = found.complete and is_monotone and len(tried) == len(offered)
    return Cuts(tuple(cuts), tuple(each.provision for each in tried), complete, tuple(refused), nothing)


def adopted(structure: Structure, provisions: Iterable[Offered]) -> Structure:
    """Return a structure with provisions in force, adopted in the order given."""
    for each in provisions:
        structure = each.adopt(structure)
    return structure


def who_repeals(before: Structure, after: Structure, offered: Offered, directors: Directors = "loyal") -> str:
    """Return by whom a provision can be repealed, in words.

    Args:
        before: The structure without provisions, for which this one was offered.
        after: The structure with the whole set in force.
        offered: The provision.
        directors: How the occupants of seats act.
    """
    entity = offered.provision.entity
    old, now = before.entities[entity], after.entities[entity]
    places = changed_places(old, offered.adopt(before).entities[entity])
    matters = dict.fromkeys(changed_by(now, place) for place in places if not is_for_ever(now, place))
    if not matters:
        return "nobody: no decision changes 'never'"
    return "; ".join(_who_passes(after, now, matter, directors) for matter in matters)


def _who_passes(structure: Structure, entity: Entity, matter: str, directors: Directors) -> str:
    compiled = compile_decision(structure, f"{entity.id}: {matter}", directors=directors)
    if isinstance(compiled, NoSuchMatter):
        return f"'{matter}': {compiled.message}"
    found = find_rule(entity, matter)
    stated = found.rules[0].rule if len(found.rules) == 1 else None
    if stated is not None and isinstance(stated.rule, Never):
        return f"nobody: '{matter}' is never passed"
    by = f"'{matter}' ({stated.text})" if stated is not None else f"'{matter}'"
    alone = compiled.alone()
    if alone:
        return f"{by}: {', '.join(alone)} alone"
    if not compiled.passes(compiled.actors):
        return f"{by}: nobody as things stand, even all together"
    sets = compiled.coalitions()
    if isinstance(sets, TooLarge) or not sets.listed:
        return f"{by}: only several together, in more ways than can be listed"
    smallest = [each for each in sets.listed if len(each) == len(sets.listed[0])]
    shown = " or ".join(" + ".join(each) for each in smallest[:MOST_SHOWN])
    number = sets.number if sets.number is not None else len(sets.listed)
    more = f", among {number} minimal coalitions" if number > len(smallest[:MOST_SHOWN]) else ""
    return f"{by}: {shown} together{more}"


def _ask(
    has_path: HasPath, structure: Structure, provisions: Sequence[Offered], *, for_ever: bool = False
) -> bool | None:
    """Ask whether a path is left with provisions in force, `for_ever` = and nobody can change them."""

    def adopt(before: Structure) -> Structure:
        after = adopted(before, provisions)
        return _locked(before, after) if for_ever else after

    return has_path(adopt(structure), adopt)


def _those(order: Sequence[Offered], tried: Sequence[Offered], chosen: frozenset[int]) -> list[Offered]:
    ids = {tried[at].provision.id for at in chosen}
    return [each for each in order if each.provision.id in ids]


def _amendments(before: Structure, after: Structure) -> tuple[tuple[str, tuple[str, ...]], ...]:
    changes = ((name, amendment(entity, after.entities[name])) for name, entity in before.entities.items())
    return tuple((name, lines) for name, lines in changes if lines)


def _note(
    provisions: Sequence[Offered], smaller: Sequence[frozenset[int]], undecided: Collection[frozenset[int]]
) -> str:
    notes: list[str] = []
    if any(each.provision.kind == "sunset" for each in provisions):
        notes.append("cuts from the sunset on")
    if any(each.provision.kind == "vote cap" for each in provisions):
        notes.append("the cap counts each holder by itself: shares that are passed on to others are not followed")
    if any(chosen in undecided for chosen in smaller):
        notes.append("with one of them less it is not decided whether a path is left")
    return "; ".join(notes)


def _kinds_that_cut_nothing(
    structure: Structure, order: Sequence[Offered], has_path: HasPath, directors: Directors
) -> tuple[str, ...]:
    """Return the kinds that leave a path though all provisions of the kind are adopted, with why."""
    said: list[str] = []
    for kind in KINDS:
        of_kind = [each for each in order if each.provision.kind == kind]
        if not of_kind:
            continue
        answer = _ask(has_path, structure, of_kind)
        if answer is False:
            continue
        after = adopted(structure, of_kind)
        if answer is None:
            said.append(f"{kind}: with all of this kind in force it is not decided whether a path is left.")
        elif _ask(has_path, structure, of_kind, for_ever=True) is False:
            repeal = dict.fromkeys(who_repeals(structure, after, each, directors) for each in of_kind)
            said.append(f"{kind}: it can be repealed on the way, by {'; '.join(repeal)}; it would cut if entrenched.")
        else:
            said.append(f"{kind}: a path goes round it, even if nobody could repeal it.")
    return tuple(said)


def _locked(before: Structure, after: Structure) -> Structure:
    """Return a structure in which nobody can change what provisions have changed."""
    for name, old in before.entities.items():
        now = after.entities[name]
        made = now
        for place in changed_places(old, now):
            if not is_for_ever(now, place):
                made = with_changed_by(after, made, place, LOCKED)
        if made is not now:
            after = with_entity(after, with_matter(made, LOCKED, "never", LOCKED))
    return after
