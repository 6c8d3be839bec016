"""`muniment legal`: who controls an entity, by which law's test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from muniment.cli.options import Identifier, Request, answering, emit

if TYPE_CHECKING:
    from muniment.answers.legal import Tested
    from muniment.cli.opening import Opened
    from muniment.control.legal import LegalTest


@click.command("legal")
@answering("entity", optional=True)
@click.option(
    "--entity",
    "of_entity",
    type=Identifier("company", "nonprofit", "partnership", "llc", "trust", "foundation", "fund", "cooperative"),
    metavar="ENTITY",
    help="Only this entity.",
)
@click.option("--party", type=Identifier(), metavar="PARTY", help="Only this party; else everyone who stands behind.")
@click.option(
    "--test", metavar="TEST", help="Only this test, such as ifrs10; else those that the entity's law suggests."
)
@click.option(
    "--blocked",
    type=Identifier(),
    multiple=True,
    metavar="PARTY",
    help="A party taken as blocked, for ofac-50; may be repeated.",
)
@click.option("--why", is_flag=True, help="Print every reason, with the records it rests on.")
def command(
    request: Request,
    entity: str | None,
    of_entity: str | None,
    party: str | None,
    test: str | None,
    blocked: tuple[str, ...],
    why: bool,
) -> int:
    """Answer who controls an entity by the law's own tests: yes, no, or undetermined and what would decide."""
    from muniment.answers.across import across_json
    from muniment.answers.header import footer, header
    from muniment.answers.legal import assumptions_of, entities_in_question, legal_answers, legal_json, tests_json
    from muniment.answers.legal_in_every_account import of_legal_answers
    from muniment.cli.opening import existing_entity, open_book
    from muniment.render.across import across_table
    from muniment.render.answer import Answer, Table
    from muniment.render.legal import legal_tables, reasons

    tests = chosen_tests(test)
    opened = open_book(request)
    named = of_entity or entity
    if named is not None:
        named = existing_entity(opened, named, request)
    for name in (party, *blocked):
        if name is not None:
            known_party(opened, name, request)
    names = (named,) if named is not None else entities_in_question(opened.world, request.on, request.under, party)
    found: list[Tested] = []
    for name in names:
        found += legal_answers(opened.world, request.on, request.under, name, tests, party, blocked)
    assumptions = assumptions_of(found)
    fared = of_legal_answers(opened.world, request.on, request.under, found, tests, party, blocked)
    data = header(opened.world, request.on, request.under, assumptions) | {
        "blocked": list(blocked),
        "tests": tests_json(found),
        "answers": [
            legal_json(each)
            | {"accounts": across_json(fared[each.finding.entity, each.finding.test, each.finding.party])}
            for each in found
        ],
    }
    tables: tuple[Table, ...] = legal_tables(found, collapse=party is None)
    if not found:
        who = f"'{party}' does not stand" if party else "Nobody on record stands"
        subject = f"{who} behind {f'{named!r}' if named else 'any entity'}"
        tables = (Table("Legal tests of control", note=f"{subject} on {request.on.isoformat()}."),)
    else:
        subjects = {f"{test} of {name}: {of}": across for (of, test, name), across in fared.items()}
        tables = (*tables, across_table(subjects, "Tests"))
    sentences = reasons(found) if why else ()
    notes = tuple(f"Assumed: {words}" for words in assumptions)
    foot = footer(opened.world, request.on, request.under)
    return emit(Answer("legal", data, tables, sentences, (*notes, *foot)), request.format, opened.code)


def chosen_tests(name: str | None) -> tuple[LegalTest, ...] | None:
    """Return the test of `--test`, or None where none is named.

    Raises:
        click.UsageError: If there is no such test.
    """
    from muniment.cli.opening import suggest
    from muniment.control.legal import TESTS, legal_test

    if name is None:
        return None
    test = legal_test(name)
    if test is None:
        known = [each.id for each in TESTS]
        listed = f"; there are: {', '.join(known)}"
        raise click.UsageError(f"there is no legal test '{name}'{suggest(name, known) or listed}")
    return (test,)


def known_party(opened: Opened, name: str, request: Request) -> None:
    """Refuse a name that is no party on the day asked.

    Raises:
        click.UsageError: If the book has no such party then.
    """
    from muniment.cli.opening import suggest

    parties = opened.world.on(request.on, request.under).parties
    if name in parties:
        return
    known = [record.name for record in opened.book.index.parties]
    if name in known:
        record = opened.book.index.defined[name]
        raise click.UsageError(
            f"'{name}' is not on record on {request.on.isoformat()}; its record is of {record.date.text}"
        )
    raise click.UsageError(f"there is no party '{name}'" + suggest(name, known))
