"""`muniment control`: who passes, blocks and swings each matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from muniment.cli.options import Day, Identifier, Request, answering, emit

if TYPE_CHECKING:
    from datetime import date

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
@click.option(
    "--what-if",
    type=Identifier(),
    metavar="PARTY",
    multiple=True,
    help="What would have to change for PARTY to pass or block --matter, or no longer to; may be repeated.",
)
@click.option(
    "--with",
    "agreeing",
    type=Identifier(),
    metavar="A,B",
    multiple=True,
    help="Who must still join these to pass --matter; whether they are enough, or can block.",
)
@click.option(
    "--without",
    "refusing",
    type=Identifier(),
    metavar="A,B",
    multiple=True,
    help="Who can pass --matter although these say no.",
)
@click.option(
    "--blocs", metavar="BLOCS", help="Power where parties vote as one: 'ada, bo; cy, dee', or 'pools' for voting pools."
)
@click.option("--chances", metavar="CHANCES", help="Power where chances of a yes differ: 'ada=2/3, oak=50%'; else 1/2.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Of samples, where a rule is too large to count.",
)
@click.option("--exercise", metavar="IDS", help="Answer again with these rights used: ids, or 'all' that may be.")
@click.option("--by", type=Day(), metavar="DATE", help="The last day for --exercise; alone, of all rights.")
def command(
    request: Request,
    entity: str | None,
    of_entity: str | None,
    matter: str | None,
    directors: str,
    actors: str,
    indices: str,
    why: bool,
    what_if: tuple[str, ...],
    agreeing: tuple[str, ...],
    refusing: tuple[str, ...],
    blocs: str | None,
    chances: str | None,
    seed: int,
    exercise: str | None,
    by: date | None,
) -> int:
    """Answer who decides: who passes alone, who can block, the smallest coalitions, and power."""
    from muniment.answers.across import across_json
    from muniment.answers.deciding import READINGS, Decider, Wanted, asked_of, assumptions_of, decided_json, decisions
    from muniment.answers.groups import NotAskedError, answers_beyond, beyond_json, refusals_of
    from muniment.answers.header import footer, header
    from muniment.answers.in_every_account import of_decisions
    from muniment.answers.using_rights import NoSuchRightError, exercise_json, if_exercised
    from muniment.answers.why import derived_from, derived_json, flips_for, flips_json
    from muniment.cli.asking import asked_about_groups, rights_asked
    from muniment.cli.opening import existing_entity, open_book, suggest
    from muniment.control import NoSuchMatter
    from muniment.control.decisions import refused_in_words
    from muniment.render.across import across_table
    from muniment.render.answer import Answer, Table
    from muniment.render.decisions import decision_table, power_tables
    from muniment.render.groups import beyond_tables, exercise_table
    from muniment.render.why import reasons, what_if_table

    if what_if and not matter:
        raise click.UsageError("--what-if asks about one matter; name it with --matter")
    asked = asked_about_groups(agreeing, refusing, blocs, chances, seed)
    rights = rights_asked(exercise, by, request.on)
    if not (asked.is_nothing or matter):
        raise click.UsageError("--with, --without, --blocs and --chances ask about one matter; name it with --matter")
    opened = open_book(request)
    if matter and ": " in matter:
        of_entity = matter.partition(": ")[0]
    named = of_entity or entity
    if named is not None:
        named = existing_entity(opened, named, request)
    readings = READINGS if directors == "both" else tuple(each for each in READINGS if each == directors)
    wanted = Wanted(seats=True, entities_act=actors == "entities", all_indices=indices == "all", seed=seed)
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
    flips = [flips_for(each, what_if, wanted.entities_act) for each in found]
    refused = next((each for each in flips if isinstance(each, NoSuchMatter)), None)
    if refused is not None:
        raise click.UsageError(f"--what-if: {refused.message}" + (f"; {refused.hint}" if refused.hint else ""))
    try:
        beyond = answers_beyond(found, asked, wanted.entities_act)
        used = if_exercised(found, rights, by, wanted, decider) if rights is not None else ()
    except (NotAskedError, NoSuchRightError) as fault:
        raise click.UsageError(str(fault)) from fault
    derived = [derived_from(each, wanted.entities_act) if why else () for each in found]
    assumptions = assumptions_of(found)
    too_large = dict.fromkeys(refused_in_words(table) for more in beyond for table in refusals_of(more))
    assumptions += [words for words in too_large if words not in assumptions]
    fared = of_decisions(opened.world, request.on, request.under, found, wanted, decider)
    data = header(opened.world, request.on, request.under, assumptions) | {
        "answers": [
            decided_json(each)
            | {"accounts": across_json(fared[each.decision.entity, each.decision.matter, each.decision.directors])}
            | ({"derivation": derived_json(steps)} if why else {})
            | ({"would_change": flips_json(changes)} if what_if else {})
            | beyond_json(more)
            for each, steps, changes, more in zip(found, derived, flips, beyond, strict=True)
        ]
    }
    for answer, exercised in zip(data["answers"], used, strict=False):
        answer["if_exercised"] = exercise_json(exercised)
    tables: tuple[Table, ...] = (decision_table(found),)
    tables += (exercise_table(found, used),) if used else ()
    tables += tuple(table for each in found if matter for table in power_tables(each.decision))
    tables += beyond_tables(found, beyond)
    tables += (across_table({f"{of}: {on} ({as_})": each for (of, on, as_), each in fared.items()}),) if found else ()
    tables += tuple(what_if_table(each, changes) for each, changes in zip(found, flips, strict=True) if what_if)
    sentences = reasons(found, derived) if why else ()
    if not found:
        subject = (
            f"'{named}' has no rules, no board and no shares" if named else "No entity of the book decides anything"
        )
        tables = (Table("Who decides", note=f"{subject} on {request.on.isoformat()}; nothing is to be decided in it."),)
    notes = tuple(f"Assumed: {words}" for words in assumptions)
    foot = footer(opened.world, request.on, request.under, directors)
    return emit(Answer("control", data, tables, sentences, (*notes, *foot)), request.format, opened.code)
