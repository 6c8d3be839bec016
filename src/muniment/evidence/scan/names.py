"""Names of a book's parties in a text, by their titles and by the other names that the book gives them (`also`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from muniment.book.book import Book
from muniment.evidence.searching import CJK_SIGN
from muniment.model.terms import Alias

MOST_NAMES = 5_000
SUFFIX = re.compile(r",?\s+(?:Inc|Incorporated|Corp|Corporation|Ltd|Limited|LLC|SA|SAS|GmbH|AG|plc)\.?$", re.IGNORECASE)
SIGN = re.compile(f"[{CJK_SIGN}]")
SHORTEST_PART = 3
NAME = r"[^\W\d_a-zà-ÿ\u0e00-\uffff][^\W\d_\u0e00-\uffff]+"
CAPITALIZED = re.compile(rf"(?<![^\W_\u0e00-\uffff]){NAME}(?:[ -]{NAME}){{0,3}}")
"""Only writings with capitals: a run of signs of China is a clause as often as a name."""

NO_NAMES = frozenset(
    "he she it they we you the this that these those then when where while but and for from his her its their our my "  # noqa: SIM905
    "il elle ils elles on nous vous je le la les un une des ce cette ces cela dans en selon pour mais et ou alors "
    "lorsque quand comme par sur sans son sa ses leur leurs aux au du de".split()
)
"""Words that begin a sentence with a capital and name nobody."""


class Named(NamedTuple):
    """A party that a text names.

    Attributes:
        party: Its id.
        start: Offset of the name.
        end: One past it.
    """

    party: str
    start: int
    end: int


class KnownNames(NamedTuple):
    """The names that stand for one party each.

    Attributes:
        by_name: Id of the party, by the name as a text writes it.
        pattern: Finds them; None if there are none.
        persons: Ids of persons and groups.
        entities: Ids of companies and the like.
    """

    by_name: Mapping[str, str]
    pattern: re.Pattern[str] | None
    persons: frozenset[str]
    entities: frozenset[str]

    def find(self, text: str, start: int, end: int) -> list[Named]:
        """Return the parties that a stretch of text names, left to right."""
        if self.pattern is None:
            return []
        return [
            Named(self.by_name[match[0]], *match.span()) for match in self.pattern.finditer(text, max(0, start), end)
        ]


NOBODY = KnownNames({}, None, frozenset(), frozenset())


def known_names(book: Book, source: str = "") -> KnownNames:
    """Return the names by which a book's parties are known in a source.

    A name that stands for two parties stands for none. Of a person's title the first and last word count too, where no
    other party has them.

    Args:
        book: As loaded.
        source: Id of the source the text is; names that the book limits to another source do not count.
    """
    meant: dict[str, set[str]] = {}
    parts: dict[str, set[str]] = {}
    persons: set[str] = set()
    entities: set[str] = set()
    for record in book.index.parties:
        (persons if record.kind in ("person", "group") else entities).add(record.name)
        title = record.title.strip()
        for name in dict.fromkeys((title, SUFFIX.sub("", title), *_aliases(record.facts_of("also"), source))):
            if name:
                meant.setdefault(name, set()).add(record.name)
        if record.kind == "person":
            words = [word for word in title.split() if len(word) >= SHORTEST_PART and word[0].isupper()]
            for word in {*words[:1], *words[-1:]}:
                parts.setdefault(word, set()).add(record.name)
    for word, owners in parts.items():
        if len(owners) == 1 and word not in meant:
            meant[word] = owners
    by_name = {name: next(iter(owners)) for name, owners in meant.items() if len(owners) == 1}
    chosen = sorted(by_name, key=lambda name: (-len(name), name))[:MOST_NAMES]
    pattern = re.compile("|".join(_alternative(name) for name in chosen)) if chosen else None
    return KnownNames(by_name, pattern, frozenset(persons), frozenset(entities))


def _aliases(facts: Iterable[object], source: str) -> Iterable[str]:
    for fact in facts:
        for statement in getattr(fact, "statements", ()):
            alias = statement.value
            if isinstance(alias, Alias) and alias.source in ("", source):
                yield alias.name


def _alternative(name: str) -> str:
    """Return a pattern for a name: a whole word, unless it is written in the signs of China."""
    escaped = re.escape(name)
    return escaped if SIGN.search(name) else rf"(?<![^\W_\u3040-\u9fff]){escaped}(?![^\W_\u3040-\u9fff])"


def as_written(text: str, start: int, end: int) -> str:
    """Return the last run of capitalized words in a stretch, for a speaker whom no book knows; empty if there is none."""  # noqa: E501
    found = ""
    for match in CAPITALIZED.finditer(text, max(0, start), end):
        if match[0].casefold() not in NO_NAMES and match[0][0].isupper() and not match[0].isupper():
            found = match[0]
    return found
