"""What every command shares: its options, the book it is about, and how it prints.

A command is a module of `muniment.cli` with one decorated function named `command`:

    @click.command("cap-table")
    @answering("entity")
    def command(request: Request, entity: str) -> int:
        \"\"\"Show who holds what of ENTITY.\"\"\"
        ...
        return emit(answer, request.format)

It returns its exit code: 0, or 1 if the book has errors or an expectation fails. Heavy modules are imported inside it.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from muniment.render.answer import Answer
from muniment.render.formats import FORMATS, Format, render

BOOK_FILE = "muniment.toml"
STANDARD_INPUT = "-"
if TYPE_CHECKING:
    _Type = click.ParamType[Any]
else:  # older versions of click have no type arguments
    _Type = click.ParamType

PIPED_WIDTH = 100
"""Cells a line where the output is no terminal, so that a saved answer is the same everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the options common to all commands ask for.

    Attributes:
        book: The book's folder; `Path("-")` = one record file from standard input.
        format: How the answer is to be written.
        sources: Further folders in which source files are looked up, in order.
        as_recorded: Ask what was recorded by the date, not what was in force on it.
        account: The account in which disputed facts are resolved.
        under: The proposal or event, or several for commands that compare; None = what is in force.
        on: The date asked for.
        on_given: The date was asked for, not filled in with today's.
        stdin_name: What messages call the record file from standard input.
        book_given: Whether a book was named or found; not where an option makes BOOK needless and none was named.
    """

    book: Path
    format: Format
    sources: tuple[Path, ...]
    as_recorded: bool
    account: str
    under: str | None
    on: date
    on_given: bool
    stdin_name: str = "stdin.muni"
    book_given: bool = True


class Day(_Type):
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or refuse what is none."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 -- a calendar day has no zone
        except ValueError as fault:
            raise click.BadParameter(f"'{value}' is not a day such as 2021-04-01", ctx, param) from fault


class Identifier(_Type):
    """An id of the book; completes in the shell."""

    name = "id"

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return the ids of the records of these kinds that start so."""
        from muniment.cli.completion import record_ids

        folder = _find_book(ctx.params.get("words") or ())
        return [CompletionItem(name) for name in record_ids(folder, self.kinds, incomplete)] if folder else []


def today() -> date:
    """Return the day on the clock of this machine; the one place of the program that asks for it."""
    return date.today()  # noqa: DTZ011 -- the reader's own calendar day is meant


def answering(
    *words: str, optional: bool = False, needless_with: str | None = None
) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Give a command the book and the options that all commands share.

    The command receives a `Request` first, then a keyword argument for each of `words` and of its own options.

    Args:
        words: Names of further words that the command line takes after BOOK (`entity`), each required.
        optional: The words may be left out, and are then None.
        needless_with: The parameter of an option with which BOOK is not needed, and is taken only where it is named.
    """

    def decorate(command: Callable[..., int]) -> Callable[..., int]:
        def call(**given: Any) -> int:
            given_words = given.pop("words")
            needless = not given_words and needless_with is not None and given[needless_with] is not None
            book, named = (Path(), {}) if needless else split_words(given_words, words, optional)
            request = Request(
                book=book,
                book_given=not needless,
                format=chosen_format(given.pop("format"), given.pop("json")),
                sources=tuple(given.pop("sources")),
                as_recorded=given.pop("as_recorded"),
                account=given.pop("account"),
                under=given.pop("under"),
                on_given=given["on"] is not None,
                on=given.pop("on") or today(),
                stdin_name=given.pop("stdin_filename"),
            )
            return command(request, **named, **given)

        metavar = " ".join(["[BOOK]", *(f"[{word.upper()}]" if optional else word.upper() for word in words)])
        parameters: list[Callable[[Callable[..., int]], Callable[..., int]]] = [
            click.argument("words", nargs=-1, metavar=metavar, type=Word()),
            _option("--on", type=Day(), metavar="DATE", help="The day asked about; today if not given."),
            _option("--under", type=Identifier("proposal", "event"), metavar="PROPOSAL", help="Under a proposal."),
            _option(
                "--account",
                type=Identifier("account"),
                default="keeper",
                show_default=True,
                metavar="ACCOUNT",
                help="Whose version of disputed facts.",
            ),
            _option("--as-recorded", is_flag=True, help="Only what had been recorded by the day."),
            _option(
                "--sources",
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                multiple=True,
                metavar="DIR",
                help="A further folder of source files; may be repeated.",
            ),
            _option(
                "--stdin-filename", default="stdin.muni", metavar="NAME", help="What messages call BOOK where it is -."
            ),
            _option("--format", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print."),
            click.option("--json", is_flag=True, help="Short for --format json."),
        ]
        update_wrapper(call, command)
        decorated: Callable[..., int] = call
        for parameter in reversed(parameters):
            decorated = parameter(decorated)
        return decorated

    return decorate


class Word(_Type):
    """A word of the command line: the book's folder first, then ids; completes both."""

    name = "word"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Return folders for the first word, and ids of the book for any."""
        words = ctx.params.get("words") or ()
        items = Identifier().shell_complete(ctx, param, incomplete)
        return items if words else [CompletionItem(incomplete, type="dir"), *items]


def _option(name: str, **settings: Any) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """Return an option that is also read from `MUNIMENT_NAME`, for every command alike."""
    variable = "MUNIMENT_" + name.strip("-").upper().replace("-", "_")
    return click.option(name, envvar=variable, show_envvar=False, **settings)


def chosen_format(named: Format, json: bool) -> Format:
    """Return the format asked for, `--json` being short for `--format json`."""
    if json and named not in ("table", "json"):
        raise click.UsageError(f"--json and --format {named} contradict each other")
    return "json" if json else named


def split_words(
    given: Sequence[str], names: Sequence[str], optional: bool = False
) -> tuple[Path, dict[str, str | None]]:
    """Return the book and the named words of a command line in which BOOK may be left out.

    Raises:
        click.UsageError: If words are missing or too many, or no book is found.
    """
    rest = list(given)
    leads = bool(rest) and (len(rest) > len(names) or is_book(rest[0]) or (optional and _is_path(rest[0])))
    book = rest.pop(0) if leads else None
    if len(rest) > len(names):
        raise click.UsageError(f"'{rest[len(names)]}' is one word too many")
    if len(rest) < len(names) and not optional:
        raise click.UsageError(f"{names[len(rest)].upper()} is missing")
    named: dict[str, str | None] = dict.fromkeys(names)
    named.update(zip(names, rest, strict=False))
    return _book_folder(book), named


def _is_path(word: str) -> bool:
    return "/" in word or os.sep in word or word in (".", "..")


def is_book(word: str) -> bool:
    """Return whether a word names a book: a folder with a `muniment.toml`, or `-` for standard input."""
    return word == STANDARD_INPUT or (Path(word) / BOOK_FILE).is_file()


def _book_folder(word: str | None) -> Path:
    if word is None:
        found = nearest_book(Path.cwd())
        if found is None:
            raise click.UsageError(f"no {BOOK_FILE} in this folder or above it; name the BOOK")
        return found
    if word != STANDARD_INPUT and not is_book(word):
        lacks = f"has no {BOOK_FILE}" if Path(word).is_dir() else "is not a folder"
        raise click.UsageError(f"'{word}' {lacks}")
    return Path(word)


def nearest_book(folder: Path) -> Path | None:
    """Return `folder` or the nearest folder above it that is a book; None if there is none."""
    for parent in (folder, *folder.parents):
        if (parent / BOOK_FILE).is_file():
            return parent
    return None


def _find_book(words: Sequence[str]) -> Path | None:
    if words and words[0] != STANDARD_INPUT and is_book(words[0]):
        return Path(words[0])
    return nearest_book(Path.cwd())


def emit(answer: Answer, format: Format = "table", code: int = 0) -> int:  # noqa: A002
    """Print an answer on standard output and return the exit code it is to end with."""
    write(render(answer, format, width=terminal_width(), colour=wants_colour()))
    return code


def write(text: str) -> None:
    """Print text that is already rendered, as UTF-8 unless a terminal asks for something else."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        if sys.stdout.isatty():
            reconfigure(errors="backslashreplace")
        else:
            reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(text)
    sys.stdout.flush()


def terminal_width() -> int:
    """Return how many cells a line may take: the terminal's, `COLUMNS`, or 100 for a file or pipe."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS"):
        return shutil.get_terminal_size((PIPED_WIDTH, 24)).columns
    return PIPED_WIDTH


def wants_colour() -> bool:
    """Return whether standard output is a terminal that wants colour (`NO_COLOR` is honoured)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
