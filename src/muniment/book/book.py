"""A loaded book: every record, resolved, with what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.model.records import Record
from muniment.text.diagnostics import Diagnostic
from muniment.text.nodes import File
from muniment.text.spans import Span

if TYPE_CHECKING:
    from muniment.book.accounts import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What one entity defines, over its whole life: id to the place of its first definition."""

    classes: Mapping[str, Span]
    bodies: Mapping[str, Span]
    seats: Mapping[str, Span]
    offices: Mapping[str, Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Where things stand.

    Attributes:
        defined: Records that define an id, by id.
        by_address: Every record, by address.
        names: By entity, what it defines.
        by_subject: By subject, its records in order of date.
        by_kind: By kind, its records in file order.
        parties: Persons, groups and entities, in file order.
        matters: Matters that a block `rules` names anywhere, on whatever date and in whatever account.
    """

    defined: Mapping[str, Record]
    by_address: Mapping[str, Record]
    names: Mapping[str, Names]
    by_subject: Mapping[str, tuple[Record, ...]]
    by_kind: Mapping[str, tuple[Record, ...]]
    parties: tuple[Record, ...]
    matters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A folder of records.

    Attributes:
        path: The folder.
        name: As `muniment.toml` gives it, else the folder's name.
        law_pack: The book's own setting (`none`), or empty.
        files: The trees, by path relative to the folder.
        records: In order of file and line.
        diagnostics: From reading, typing and resolving, in file order. Figures are checked by `checks.check_figures`.
        hash: SHA-256 of all record files and the settings.
        settings: The text of `muniment.toml`.
    """

    path: Path
    name: str
    law_pack: str
    files: Mapping[str, File]
    records: tuple[Record, ...]
    index: Index
    diagnostics: tuple[Diagnostic, ...]
    hash: str
    settings: str = ""

    def world(self, account: str = "keeper", as_recorded: bool = False) -> World:
        """Return the book as one account tells it: disputed facts are resolved once, here.

        Raises:
            ValueError: If the book has no such account.
        """
        from muniment.book.accounts import World, accounts_of

        if account not in accounts_of(self):
            raise ValueError(f"there is no account '{account}'")
        return World(self, account, as_recorded)

    @property
    def lines(self) -> Mapping[str, str]:
        """Return the text of each file and of the settings, for excerpts."""
        texts = {"muniment.toml": self.settings} if self.settings else {}
        return texts | {path: file.text for path, file in self.files.items()}

    def records_of(self, *kinds: str) -> tuple[Record, ...]:
        """Return the records of some kinds, in file order."""
        if len(kinds) == 1:
            return self.index.by_kind.get(kinds[0], ())
        return tuple(record for record in self.records if record.kind in kinds)
