"""Open the book that a command is about, and say on standard error what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click

from muniment.book.accounts import World, account_named, accounts_of
from muniment.book.book import Book
from muniment.book.checks import check_figures
from muniment.book.load import in_file_order, load, load_text
from muniment.cli.options import STANDARD_INPUT, Request
from muniment.model.amounts import parse_money
from muniment.model.currencies import MINOR_UNITS
from muniment.model.typed import nearest
from muniment.model.values import Bounded, Money
from muniment.render.inert import inert
from muniment.text.diagnostics import Diagnostic
from muniment.text.rendering import render_concise

MOST_SHOWN = 5
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Opened:
    """A loaded book, the account asked, and every diagnostic.

    Attributes:
        code: The exit code of an answer from it: 1 if it has errors.
    """

    book: Book
    world: World
    diagnostics: tuple[Diagnostic, ...]

    @property
    def code(self) -> int:
        """Return 1 if the book has errors, else 0."""
        return int(any(diagnostic.severity == "error" for diagnostic in self.diagnostics))


def load_request(request: Request) -> Book:
    """Load the book that a request names, or the record file on standard input."""
    if str(request.book) == STANDARD_INPUT:
        return load_text(sys.stdin.buffer.read().decode("utf-8", "replace"), request.stdin_name)
    return load(request.book)


def open_book(request: Request, quiet: bool = False) -> Opened:
    """Load a book, check its figures, and choose the account.

    Raises:
        click.UsageError: If the account or proposal is not in the book.
    """
    book = load_request(request)
    diagnostics = in_file_order([*book.diagnostics, *check_figures(book)])
    account = known_account(book, request.account)
    conditions = [record.name for record in book.records_of("proposal", "event")]
    if request.under is not None and request.under not in conditions:
        raise click.UsageError(f"there is no proposal '{request.under}'" + suggest(request.under, conditions))
    opened = Opened(book, World(book, account, request.as_recorded), diagnostics)
    if not quiet:
        report(diagnostics)
    return opened


def known_account(book: Book, name: str) -> str:
    """Return an account's id; a party's id stands for the one account that is of it.

    Raises:
        click.UsageError: If the book has no such account.
    """
    account = account_named(book, name)
    if account is None:
        raise click.UsageError(f"there is no account '{name}'" + suggest(name, accounts_of(book)))
    return account


def known_entity(opened: Opened, name: str) -> str:
    """Return an entity's id.

    Raises:
        click.UsageError: If the book has no such entity.
    """
    if name not in opened.book.index.names:
        record = opened.book.index.defined.get(name)
        lacks = f"'{name}' is a {record.kind}, not an entity" if record is not None else f"there is no entity '{name}'"
        raise click.UsageError(lacks + suggest(name, opened.book.index.names))
    return name


def existing_entity(opened: Opened, name: str, request: Request) -> str:
    """Return an entity's id.

    Raises:
        click.UsageError: If the book has no such entity, or it does not exist on the day and proposal asked.
    """
    known_entity(opened, name)
    if name in opened.world.on(request.on, request.under).entities:
        return name
    record = opened.book.index.defined.get(name)
    condition = record.value("under") if record is not None else None
    if condition and condition != request.under:
        hint = f"it is part of '{condition}'; ask with --under {condition}"
    elif record is not None:
        hint = (
            f"its record is of {record.date.text} ({record.span.path}:{record.span.line}); ask another date with --on"
        )
    else:
        hint = "ask another date with --on"
    raise click.UsageError(f"'{name}' does not exist on {request.on.isoformat()}; {hint}")


def payable(option: str, amount: Money, words: str) -> Money:
    """Return an amount that an option gives, in whole minor units of its currency.

    Raises:
        click.UsageError: If it is finer.
    """
    digits = MINOR_UNITS.get(amount.currency, 2)
    if (amount.amount * 10**digits).denominator == 1:
        return amount
    least = f"at most {digits} decimals" if digits else "a whole number"
    raise click.UsageError(f"{option} '{words}' is finer than {amount.currency} can be paid; write {least}")


def money_asked(words: str) -> Money:
    """Return the amount of `--proceeds`.

    Raises:
        click.UsageError: If it is no amount of money, or finer than can be paid.
    """
    amount = parse_money(words)
    if isinstance(amount, Money):
        return payable("--proceeds", amount, words)
    if isinstance(amount, Bounded):
        raise click.UsageError(f"--proceeds '{words}' is a range; ask its ends one by one")
    hint = amount.hint or "write it as in 'USD 10,000,000'"
    raise click.UsageError(f"--proceeds '{words}': {amount.message}; {hint}")


def report(diagnostics: Sequence[Diagnostic]) -> None:
    """Say on standard error how many errors the book has, with the first of them."""
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]
    if not errors:
        return
    for diagnostic in errors[:MOST_SHOWN]:
        sys.stderr.write(inert(render_concise(diagnostic)) + "\n")
    more = f" ({MOST_SHOWN} shown)" if len(errors) > MOST_SHOWN else ""
    sys.stderr.write(
        f"The book has {len(errors)} error{'s' if len(errors) > 1 else ''}{more}; "
        "the answer leaves out what is at fault. See: muniment check\n"
    )


def suggest(name: str, known: Iterable[str]) -> str:
    """Return the nearest name as a question to put behind a refusal; else the names there are, if few."""
    names = list(known)
    close = nearest(name, names)
    if close:
        return f"; did you mean '{close}'?"
    if not names:
        return "; the book has none"
    return f"; there is: {', '.join(names)}" if len(names) <= MOST_NAMED else ""
