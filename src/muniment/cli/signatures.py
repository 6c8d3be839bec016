"""`muniment signatures`: who must sign or vote for a matter, on what notice, and whether it can be done by a day."""

from __future__ import annotations

from datetime import date

import click

from muniment.cli.options import Day, Identifier, Request, answering, emit


@click.command("signatures")
@answering("entity", "matter")
@click.option("--by", type=Day(), metavar="DATE", required=True, help="The day by which it is to be done.")
@click.option("--who", type=Identifier(), metavar="A,B", help="Who is willing: say who else must sign.")
@click.option("--why", is_flag=True, help="Print the records behind each line.")
def command(request: Request, entity: str, matter: str, by: date, who: str | None, why: bool) -> int:
    """Answer who must sign or vote for MATTER of ENTITY, in what capacity, on what notice, and by when.

    Nobody acts, and no notice is given, before the day of --on.
    """
    from muniment.answers.across import across_json
    from muniment.answers.header import footer, header
    from muniment.answers.signing import assumptions_of_signing, signatures, signed_json
    from muniment.answers.signing_in_every_account import of_signing
    from muniment.cli.opening import existing_entity, open_book, suggest
    from muniment.control import NoSuchMatter
    from muniment.render.across import across_table
    from muniment.render.answer import Answer
    from muniment.render.signing import signing_grounds, signing_tables

    opened = open_book(request)
    name = existing_entity(opened, entity, request)
    if ": " in matter:
        whose, _, matter = matter.partition(": ")
        if whose != name:
            raise click.UsageError(f"'{whose}: {matter}' is a matter of '{whose}', not of '{name}'")
    if by < request.on:
        given = "" if request.on_given else ", which is today; say from when with --on"
        raise click.UsageError(f"--by {by.isoformat()} is before {request.on.isoformat()}{given}")
    willing = tuple(dict.fromkeys(part.strip() for part in (who or "").split(",") if part.strip()))
    parties = opened.world.on(request.on, request.under).parties
    for each in willing:
        if each not in parties:
            raise click.UsageError(f"--who: there is no party '{each}'" + suggest(each, parties))
    found = signatures(opened.world, request.on, request.under, name, matter, by, willing)
    if isinstance(found, NoSuchMatter):
        raise click.UsageError(found.message + (f"; {found.hint}" if found.hint else ""))
    assumptions = assumptions_of_signing(found)
    fared = of_signing(opened.world, request.on, request.under, found, willing)
    data = header(opened.world, request.on, request.under, assumptions) | {
        "answers": [signed_json(each) | {"accounts": across_json(fared)} for each in found]
    }
    notes = tuple(f"Assumed: {words}" for words in assumptions)
    answer = Answer(
        "signatures",
        data,
        (*signing_tables(found), across_table({f"{name}: {matter}": fared})),
        signing_grounds(found) if why else (),
        (*notes, *footer(opened.world, request.on, request.under)),
    )
    return emit(answer, request.format, opened.code)
