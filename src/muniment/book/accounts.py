"""Accounts: in each party's version a disputed fact takes one of its statements, or stays open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from muniment.book.book import Book
from muniment.book.history import structure_on
from muniment.book.structure import Structure
from muniment.model.records import Fact, Part, Record, Statement
from muniment.text.reader import without_cycle_search

KEEPER = "keeper"


class Resolution(NamedTuple):
    """What a fact is in an account.

    Attributes:
        statement: The statement taken; None if the fact is open.
        choices: Indices of the statements that remain possible; one if `statement` is not None.
        why: Why this one (`follows @reply`), or why it is open.
    """

    statement: Statement | None
    choices: tuple[int, ...]
    why: str


@dataclass(frozen=True)
class World:
    """A book as one account tells it.

    Attributes:
        book: The book.
        account: An account's id, or `keeper`.
        as_recorded: Whether records take effect on the day they were recorded, where that is stated.
        chosen: Statements fixed by the caller, by address of the fact: index of the statement. Used to try readings.
    """

    book: Book
    account: str = KEEPER
    as_recorded: bool = False
    chosen: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def told_by(self) -> tuple[Record, ...]:
        """Return the account's own record, then those it extends, each once; empty for the keeper."""
        chain: list[Record] = []
        record = self.book.index.defined.get(self.account)
        while record is not None and record.kind == "account" and record not in chain:
            chain.append(record)
            record = self.book.index.defined.get(record.value("extends") or "")
        return tuple(chain)

    @cached_property
    def follows(self) -> tuple[str, ...]:
        """Return the sources the account follows, its own first, then those of the accounts it extends."""
        return tuple(dict.fromkeys(source for record in self.told_by for source in record.value("follows") or ()))

    @cached_property
    def reads(self) -> Mapping[str, str]:
        """Return the readings the account chooses: address of the fact to name of the statement; its own come first."""
        chosen: dict[str, str] = {}
        for record in self.told_by:
            for fact in record.facts_of("reads"):
                if fact.agreed is not None:
                    chosen.setdefault(fact.agreed.address, fact.agreed.name)
        return chosen

    def resolve(self, record: Record, fact: Fact) -> Resolution:
        """Return which statement of a fact the account takes.

        Source: language.md, "Disputed facts and accounts".
        """
        everything = tuple(range(len(fact.statements)))
        if len(everything) == 1:
            return Resolution(fact.statements[0], everything, "undisputed")
        address = f"{record.address} {fact.address}"
        if address in self.chosen:
            index = self.chosen[address]
            return Resolution(fact.statements[index], (index,), "as asked")
        named = self.reads.get(address)
        for index, statement in enumerate(fact.statements):
            if named is not None and statement.name == named:
                return Resolution(statement, (index,), f"{self.account} reads it as {named}")
        for source in self.follows:
            said = tuple(i for i in everything if any(c.source == source for c in fact.statements[i].citations))
            if len(said) == 1:
                return Resolution(fact.statements[said[0]], said, f"{self.account} follows @{source}")
            if said:
                chosen = self._preferred(fact)
                if chosen is not None and chosen in said and fact.prefer is not None and fact.prefer.name:
                    return Resolution(fact.statements[chosen], (chosen,), "the keeper prefers this reading")
                return Resolution(None, said, f"ambiguous: @{source} has {len(said)} readings")
        chosen = self._preferred(fact)
        if chosen is not None:
            reason = fact.prefer.reason if fact.prefer and fact.prefer.reason else "the keeper prefers it"
            return Resolution(fact.statements[chosen], (chosen,), reason)
        return Resolution(None, everything, "no source that is followed says, and the keeper prefers none")

    def _preferred(self, fact: Fact) -> int | None:
        if fact.prefer is None:
            return None
        for index, statement in enumerate(fact.statements):
            if fact.prefer.name and statement.name == fact.prefer.name:
                return index
            if fact.prefer.source and any(c.source == fact.prefer.source for c in statement.citations):
                return index
        return None

    def exists(self, record: Record) -> bool:
        """Whether a record exists in this account (`according to`)."""
        fact = record.fact("according to")
        return fact is None or fact.agreed is None or self.account in fact.agreed

    def choosing(self, chosen: Mapping[str, int]) -> World:
        """Return the same world with some statements fixed."""
        key = tuple(sorted(chosen.items()))
        if key not in self._worlds:
            self._worlds[key] = replace(self, chosen={**self.chosen, **chosen})
        return self._worlds[key]

    @cached_property
    def _worlds(self) -> dict[tuple[tuple[str, int], ...], World]:
        """Worlds already made from this one, so that each keeps the structures it has folded."""
        return {}

    def on(self, when: date, under: str | None = None, known: date | None = None) -> Structure:
        """Return what is in force on a date, with a proposal taken as adopted.

        Args:
            when: The date asked.
            under: The proposal; None for fact alone.
            known: Look ahead from this day, `when` or earlier: records that begin after it are left out, while what
                those before it schedule (`until`, conversions on a date, terms, vesting) has taken effect by `when`.
                None = look at `when` itself.

        Raises:
            ValueError: If `known` is after `when`.
        """
        known = when if known is None else known
        if (when, under, known) not in self._structures:
            with without_cycle_search():
                self._structures[(when, under, known)] = structure_on(self, when, under, known)
        return self._structures[(when, under, known)]

    @cached_property
    def _structures(self) -> dict[tuple[date, str | None, date], Structure]:
        """Structures already folded: a world never changes, so each is folded once."""
        return {}


def accounts_of(book: Book) -> tuple[str, ...]:
    """Return the keeper and every account, in order."""
    return (KEEPER, *(record.name for record in book.records_of("account")))


def account_named(book: Book, name: str) -> str | None:
    """Return the account of that id, else the one account that is `of` the party of that id, else None."""
    if name in accounts_of(book):
        return name
    own = [record.name for record in book.records_of("account") if record.fact("of") and record.value("of") == name]
    return own[0] if len(own) == 1 else None


def disputed_facts(book: Book) -> Iterator[tuple[Record, Fact]]:
    """Yield every fact with several statements, in file order."""
    for record in book.records:
        yield from ((record, fact) for fact in record.facts if fact.is_disputed)
        stack: list[Part] = list(record.parts)
        while stack:
            part = stack.pop(0)
            yield from ((record, fact) for fact in part.facts if fact.is_disputed)
            stack[:0] = part.parts
