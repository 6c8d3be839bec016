"""`muniment control`: who passes, blocks and swings each matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from muniment.cli.options import Identifier, Request, answering, emit

if TYPE_CHECKING:
    from muniment.answers.deciding import Decided


@click.command("control")
@answering("entity", optional=True)
@click.option(
    "--entity",
    "of_entity",
    type=Identifier("company", "nonprofit", "partnership", "llc", "trust", "foundation"),
    metavar="ENTITY",
    help="Only this entity.",
)
@click.option("--matter", metavar="MATTER", help="Only this matter; also 'ENTITY: MATTER'.")
@click.option(
    "--directors",
    type=click.Choice(("loyal", "independent", "both")),
    default="both",
    show_default=True,
    help="How directors are read.",
)
@click.option(
    "--actors",
    type=click.Choice(("people", "entities")),
    default="people",
    show_default=True,
    help="At which level actors are named.",
)
@click.option(
    "--indices",
    type=click.Choice(("usual", "all")),
    default="usual",
    show_default=True,
    help="Banzhaf and Shapley-Shubik, or every power index.",
)
@click.option("--why", is_flag=True, help="Print how each answer comes about, with the records it rests on.")
def command(
    request: Request,
    entity: str | None,
    of_entity: str | None,
    matter: str | None,
    directors: str,
    actors: str,
    indices: str,
    why: bool,
) -> int:
    """Answer who decides: who passes alone, who can block, the smallest coalitions, and power."""
    from muniment.answers.across import across_json, of_decisions
    from muniment.answers.deciding import READINGS, Decider, Wanted, asked_of, assumptions_of, decided_json, decisions
    from muniment.answers.header import footer, header
    from muniment.cli.opening import existing_entity, open_book, suggest
    from muniment.control import NoSuchMatter
    from muniment.render.across import across_table
    from muniment.render.answer import Answer, Table
    from muniment.render.decisions import decision_table, power_table, reasons

    opened = open_book(request)
    if matter and ": " in matter:
        of_entity = matter.partition(": ")[0]
    named = of_entity or entity
    if named is not None:
        named = existing_entity(opened, named, request)
    readings = READINGS if directors == "both" else tuple(each for each in READINGS if each == directors)
    wanted = Wanted(seats=True, entities_act=actors == "entities", all_indices=indices == "all")
    decider = Decider()
    found: list[Decided] = []
    for name, each in asked_of(opened.world, request.on, request.under, named, matter):
        decided = decisions(
            opened.world,
            request.on,
            request.under,
            name,
            each,
            readings,
            wanted,
            decider,
        )
        if isinstance(decided, NoSuchMatter):
            raise click.UsageError(decided.message + (f"; {decided.hint}" if decided.hint else ""))
        found += decided
    if not found and matter:
        known = {each for _, each in asked_of(opened.world, request.on, request.under, None, None)}
        hint = suggest(matter, sorted(known)) or "; name one as 'ENTITY: MATTER'"
        raise click.UsageError(f"no entity that exists on {request.on.isoformat()} decides '{matter}'{hint}")
    assumptions = assumptions_of(found)
    fared = of_decisions(opened.world, request.on, request.under, found, wanted, decider)
    data = header(opened.world, request.on, request.under, assumptions) | {
        "answers": [
            decided_json(each)
            | {"accounts": across_json(fared[each.decision.entity, each.decision.matter, each.decision.directors])}
            for each in found
        ]
    }
    tables: tuple[Table, ...] = (decision_table(found), *(power_table(each.decision) for each in found if matter))
    tables += (across_table(fared),) if found else ()
    sentences = reasons(found) if why else ()
    if not found:
        subject = (
            f"'{named}' has no rules, no board and no shares" if named else "No entity of the book decides anything"
        )
        tables = (Table("Who decides", note=f"{subject} on {request.on.isoformat()}; nothing is to be decided in it."),)
    notes = tuple(f"Assumed: {words}" for words in assumptions)
    foot = footer(opened.world, request.on, request.under, directors)
    return emit(Answer("control", data, tables, sentences, (*notes, *foot)), request.format, opened.code)
