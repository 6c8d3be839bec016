"""`muniment paths`: whether parties can come to decide a matter by moves that the rules let them make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from muniment.cli.options import Identifier, Request, answering, emit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from muniment.answers.paths import FoundPath, PathQuestion
    from muniment.cli.opening import Opened

MOST_TOGETHER = 6
LARGEST_FILE = 64_000_000  # bytes


@click.command("paths")
@answering(needless_with="verify")
@click.option("--who", type=Identifier(), metavar="A,B", help="Who acts, together where several.")
@click.option("--matter", metavar="'ENTITY: MATTER'", help="What they would come to decide.")
@click.option(
    "--directors",
    type=click.Choice(("loyal", "independent")),
    default="loyal",
    show_default=True,
    help="How directors are read.",
)
@click.option(
    "--adversary",
    type=click.Choice(("passive", "blocking", "hostile")),
    default="blocking",
    show_default=True,
    help="The others do not vote, always refuse, or also move.",
)
@click.option(
    "--coalitions",
    type=click.IntRange(min=1, max=MOST_TOGETHER),
    metavar="N",
    help="Also every smallest coalition of at most N parties that has a path.",
)
@click.option("--cuts", is_flag=True, help="Also the smallest sets of provisions that leave no path.")
@click.option(
    "--keep",
    multiple=True,
    metavar="KEEP",
    help="What --cuts must leave possible: 'ENTITY: MATTER' or 'ENTITY: MATTER by A, B'.",
)
@click.option(
    "--certificate",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the certificate of the answer to a file.",
)
@click.option(
    "--verify",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Check a certificate instead; 0 accepted, 1 rejected, 2 unreadable.",
)
@click.option("--why", is_flag=True, help="Print the records behind each move.")
def command(
    request: Request,
    who: str | None,
    matter: str | None,
    directors: str,
    adversary: str,
    coalitions: int | None,
    cuts: bool,
    keep: tuple[str, ...],
    certificate: Path | None,
    verify: Path | None,
    why: bool,
) -> int:
    """Answer whether parties can come to decide a matter by moves the rules let them make, and how soon."""
    if verify is not None:
        context = click.get_current_context()
        beside = ("who", "matter", "directors", "adversary", "coalitions", "cuts", "keep", "certificate", "why")
        if any(context.get_parameter_source(name) is ParameterSource.COMMANDLINE for name in beside):
            raise click.UsageError("--verify checks a file; ask nothing else beside it")
        return _verify(request, verify)
    from muniment.answers.across import across_json
    from muniment.answers.header import footer, header
    from muniment.answers.paths import PathFinder, assumptions_of_paths, paths_found, paths_json
    from muniment.answers.paths_in_every_account import of_paths
    from muniment.cli.opening import open_book
    from muniment.control import NoSuchMatter
    from muniment.render.across import across_table
    from muniment.render.answer import Answer
    from muniment.render.paths import (
        considered_in_words,
        outside_in_words,
        path_grounds,
        path_tables,
        provisions_to_write,
    )

    if who is None:
        raise click.UsageError("--who is missing; name who acts, such as --who ada,bo")
    if matter is None:
        raise click.UsageError("--matter is missing; name it as in --matter 'acme: ordinary decision'")
    if ": " not in matter or not all(part.strip() for part in matter.split(": ", 1)):
        raise click.UsageError(f"--matter '{matter}' names no entity and matter; write 'ENTITY: MATTER'")
    if keep and not cuts:
        raise click.UsageError("--keep says what --cuts must leave possible; add --cuts")
    if certificate is not None:
        _check_writable(certificate)
    opened = open_book(request)
    asked = _asked(opened, request, who, matter)._replace(
        directors="independent" if directors == "independent" else "loyal",
        adversary="passive" if adversary == "passive" else "hostile" if adversary == "hostile" else "blocking",
        coalitions=coalitions or 0,
        cuts=cuts,
        keep=keep,
    )
    finder = PathFinder()
    found = paths_found(opened.world, request.on, request.under, asked, finder)
    if isinstance(found, NoSuchMatter):
        raise click.UsageError(found.message + (f"; {found.hint}" if found.hint else ""))
    if isinstance(found, str):
        raise click.UsageError(found)
    fared = of_paths(opened.world, request.on, request.under, asked, finder)
    assumptions = assumptions_of_paths(found)
    head = header(opened.world, request.on, request.under, assumptions)
    data = head | paths_json(found) | {"accounts": across_json(fared)}
    subject = f"{' + '.join(asked.who)}, {asked.entity}: {asked.matter}"
    has_cuts = any(each.answer.cuts is not None for each in found)
    notes = (
        *(("There is no path to cut: --cuts adds nothing.",) if cuts and not has_cuts else ()),
        considered_in_words(found),
        outside_in_words(found),
        *(f"Assumed: {words}" for words in assumptions),
    )
    foot = footer(opened.world, request.on, request.under, directors)
    tables = (*path_tables(found, opened.world.account, request.under), across_table({subject: fared}, "Question"))
    sentences = (*provisions_to_write(found), *(path_grounds(found) if why else ()))
    answer = Answer("paths", data, tables, sentences, (*notes, *foot))
    code = opened.code
    if certificate is not None:
        code = _write(found, certificate) or code
    return emit(answer, request.format, code)


def _asked(opened: Opened, request: Request, who: str, matter: str) -> PathQuestion:
    from muniment.answers.paths import PathQuestion
    from muniment.cli.legal import known_party
    from muniment.cli.opening import existing_entity

    entity, _, plain = matter.partition(": ")
    names = tuple(dict.fromkeys(part.strip() for part in who.split(",") if part.strip()))
    if not names:
        raise click.UsageError("--who names nobody; write ids such as --who ada,bo")
    named = existing_entity(opened, entity.strip(), request)
    for name in names:
        if "." not in name:  # ENTITY.BODY is a board
            known_party(opened, name, request)
    return PathQuestion(named, plain.strip(), names)


def _write(found: Sequence[FoundPath], path: Path) -> int:
    """Write the certificate to a file; return 1 where there is none to write."""
    from muniment.cli.fmt import write_file
    from muniment.control.paths.certificate import certificate_text

    if len(found) > 1:
        facts = ", ".join(dict.fromkeys(fact for each in found for fact in each.reads))
        raise click.UsageError(f"--certificate: the answer depends on what is open ({facts}); ask in one --account")
    if not found[0].answer.certificate:
        click.echo("No certificate is written: the answer is not determined.", err=True)
        return 1
    try:
        write_file(path, certificate_text(found[0].answer.certificate))
    except OSError as fault:
        raise click.UsageError(f"--certificate '{path}': {fault.strerror or fault}; name another file") from fault
    return 0


def _check_writable(path: Path) -> None:
    """Refuse, before anything is computed, what no certificate can be written to; nothing but a file is replaced.

    Raises:
        click.UsageError: If the file has no folder, or something that is no plain file stands in its place.
    """
    if path.name in ("", "."):
        raise click.UsageError("--certificate names no file; write a name such as --certificate answer.json")
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            raise click.UsageError(f"--certificate '{path}': not a plain file; name one to write or replace")
        if not target.parent.is_dir():
            raise click.UsageError(f"--certificate '{path}': there is no folder '{path.parent}'; make it first")
    except (OSError, RuntimeError, ValueError) as fault:
        raise click.UsageError(f"--certificate '{path}': it cannot be written to; name another file") from fault


def _verify(request: Request, path: Path) -> int:
    """Print whether a certificate proves what it says."""
    from muniment import __version__
    from muniment.control.paths.checker import check
    from muniment.control.paths.game_checker import KINDS, check_game
    from muniment.render.answer import Answer, Table
    from muniment.render.inert import inert

    value = _certificate_in(path)
    of_a_game = isinstance(value, dict) and value.get("kind") in KINDS
    verdict = check_game(value) if of_a_game else check(value)
    question = value.get("question") if isinstance(value, dict) else None
    about = question if isinstance(question, dict) and verdict.accepted else {}
    data = {
        "format": 1,
        "version": __version__,
        "verified": {
            "accepted": verdict.accepted,
            "says": verdict.says,
            "why": verdict.why,
            "question": about,
            "is_of_this_book": None,
        },
    }
    lines = [f"{'Accepted' if verdict.accepted else 'Rejected'}: {inert(path.name)}"]
    lines += [f"It says: {verdict.says}."] if verdict.says else []
    lines.append(f"{'Checked' if verdict.accepted else 'It fails'}: {verdict.why}.")
    if about:
        named = ("on", "account", "under", "adversary")
        context = [f"{name} {about[name]}" for name in named if about.get(name)]
        lines.append(f"As it states of itself: {', '.join(context)}." if context else "")
    if request.book_given:
        from muniment.cli.opening import load_request

        own = load_request(request).hash
        same = isinstance(question, dict) and question.get("book_hash") == own
        data["verified"]["is_of_this_book"] = same  # type: ignore[index]
        lines.append(
            f"The book given {'has the hash that the certificate names' if same else 'has another hash'}: {own[:12]}."
        )
    note = "\n".join(line for line in lines if line)
    foot = ("The problem that it states is taken as it stands; whether it is that of a book, the book's hash tells.",)
    answer = Answer("paths", data, (Table("Certificate", note=note),), footer=foot)
    return emit(answer, request.format, 0 if verdict.accepted else 1)


def _certificate_in(path: Path) -> object:
    """Return the certificate in a file: by itself, or within an answer as --json prints it.

    Raises:
        click.UsageError: If the file cannot be read, or is no JSON.
    """
    from muniment.control.paths.certificate import read_certificate

    if path.name in ("", "."):
        raise click.UsageError("--verify names no file; write a name such as --verify answer.json")
    try:
        if not path.is_file() and path.exists():  # a device or a pipe may never end
            raise click.UsageError(f"--verify '{path}': not a plain file; name a file that --certificate wrote")
        if path.stat().st_size > LARGEST_FILE:
            raise click.UsageError(f"--verify '{path}': the file is larger than {LARGEST_FILE // 1_000_000} MB")
        value = read_certificate(path.read_text(encoding="utf-8"))
    except OSError as fault:
        hint = "name a file that --certificate wrote"
        raise click.UsageError(f"--verify '{path}': {fault.strerror or fault}; {hint}") from fault
    except ValueError as fault:
        raise click.UsageError(f"--verify '{path}': not JSON; name a file that --certificate wrote") from fault
    if isinstance(value, dict) and "certificate" in value and "kind" not in value:
        return value["certificate"]
    return value
