"""One answer in every account: under which it holds, and the smallest set of disputed facts that flips it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, product
from math import prod
from typing import Any, NamedTuple, TypeVar

from muniment.answers.readings import Readings, ask, entities_behind
from muniment.book.accounts import World, accounts_of, disputed_facts
from muniment.book.structure import Structure
from muniment.model.records import Fact, Record, Statement

Answer = TypeVar("Answer")
Said = tuple[Hashable, ...]
"""Keys of the different answers that an account's readings of its open facts allow; one where nothing is open."""

MOST_TRIES = 256
FEWEST_TRIES = 24
MOST_RECORDS_READ = 400_000
"""A try folds the book anew; a large book is tried less often, so that an answer comes in seconds."""

MOST_FACTS_TOGETHER = 3
MOST_FLIPS = 8


class Flip(NamedTuple):
    """Disputed facts that, read otherwise, change an answer.

    Attributes:
        facts: Address of each fact to the statement it would have to take, in words.
        answer: The answer then.
    """

    facts: Mapping[str, str]
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """How one answer fares in every account of the book.

    Attributes:
        holds: `under all accounts`, `under A, B` (those that give the answer of the account asked), or `open`.
        answers: Each answer with the accounts that give it, in order; an open one names its readings.
        flips: Every smallest set of disputed facts that changes (or, where it is open, settles) the answer in the
            account asked; at most eight. Empty where none was found.
        facts: Addresses of the disputed facts the answer could rest on.
        searched: Up to how many of those facts were read otherwise at once, in every combination.
    """

    holds: str
    answers: Mapping[str, tuple[str, ...]]
    flips: tuple[Flip, ...]
    facts: tuple[str, ...]
    searched: int


@dataclass
class Accounts:
    """Asks one question after another in every account; each account is opened and folded once.

    Attributes:
        world: The account asked.
    """

    world: World
    _others: dict[str, World] = field(default_factory=dict)

    def __post_init__(self) -> None:
        book = self.world.book
        self._facts = {f"{record.address} {fact.address}": (record, fact) for record, fact in disputed_facts(book)}

    def across(
        self,
        on: date,
        under: str | None,
        entity: str,
        question: Callable[[Structure], Answer],
        key: Callable[[Answer], Hashable],
        words: Callable[[Answer], str],
    ) -> Across:
        """Return how an answer fares in every account.

        Args:
            on: The date asked.
            under: The proposal taken as adopted, if any.
            entity: Whom the question is about.
            question: Gives the answer from a structure.
            key: Two answers with the same key are the same answer.
            words: The answer in a few words.
        """
        spoken: dict[Hashable, str] = {}

        def said(world: World) -> Said:
            readings: Readings[Answer] = ask(world, on, under, entity, question, key)
            for reading in readings.each:
                speak(spoken, key(reading.answer), words(reading.answer))
            return tuple(dict.fromkeys(key(reading.answer) for reading in readings.each))

        return self.compare(said, spoken, self.facts_behind(on, under, entity))

    def compare(
        self, said: Callable[[World], Said], spoken: Mapping[Hashable, str], known: Mapping[str, tuple[Record, Fact]]
    ) -> Across:
        """Return how an answer fares in every account.

        Args:
            said: Gives the answers that an account's readings allow.
            spoken: The words of each answer that `said` has given.
            known: The disputed facts to read otherwise, by address.
        """
        answers: dict[Said, list[str]] = {}
        for account in accounts_of(self.world.book):
            answers.setdefault(said(self._in(account)), []).append(account)
        asked = said(self.world)
        most = max(FEWEST_TRIES, min(MOST_TRIES, MOST_RECORDS_READ // max(len(self.world.book.records), 1)))
        flips, searched = _flips(self.world, known, said, asked, most)
        if len(asked) > 1:
            holds = "open"
        elif len(answers) == 1:
            holds = "under all accounts"
        else:
            holds = "under " + ", ".join(answers[asked])
        return Across(
            holds=holds,
            answers={_in_words(each, spoken): tuple(accounts) for each, accounts in answers.items()},
            flips=tuple(Flip(facts, _in_words(each, spoken)) for facts, each in flips),
            facts=tuple(known),
            searched=searched,
        )

    def facts_behind(self, on: date, under: str | None, entity: str | None) -> dict[str, tuple[Record, Fact]]:
        """Return the disputed facts met on the way, but for those of entities that stand nowhere behind this one.

        Args:
            on: The date asked.
            under: The proposal taken as adopted, if any.
            entity: Whom the question is about; None = every entity.

        Who stands behind it may itself depend on a fact; one that stands there when some fact is read otherwise counts.
        """
        met: dict[str, tuple[Record, Fact]] = {}
        behind: set[str] = set()
        waiting = [self.world]
        while waiting:
            structure = waiting.pop().on(on, under)
            behind |= structure.entities.keys() if entity is None else entities_behind(structure, entity)
            for address in (*structure.disputed, *(fact.address for fact in structure.open_facts)):
                if address in met or address not in self._facts:
                    continue
                record, fact = self._facts[address]
                if record.name in structure.entities and record.name not in behind:
                    continue
                met[address] = (record, fact)
                if len(met) <= FEWEST_TRIES:
                    waiting += [self.world.choosing({address: i}) for i in _other_statements(self.world, record, fact)]
        return met

    def facts_labeled(self, label: str) -> dict[str, tuple[Record, Fact]]:
        """Return the disputed facts of one label, which no structure holds (the turnout of a vote)."""
        return {address: found for address, found in self._facts.items() if found[1].label == label}

    def _in(self, account: str) -> World:
        if account == self.world.account:
            return self.world
        if account not in self._others:
            self._others[account] = World(self.world.book, account, self.world.as_recorded)
        return self._others[account]


def speak(spoken: dict[Hashable, str], key: Hashable, words: str) -> None:
    """Note an answer's words; where another answer has the same words, say that they differ."""
    if key not in spoken:
        alike = any(each == words or each.startswith(f"{words} (") for each in spoken.values())
        spoken[key] = f"{words} (another answer in its details)" if alike else words


def _in_words(said: Said, spoken: Mapping[Hashable, str]) -> str:
    words = [spoken[key] for key in said]
    return words[0] if len(words) == 1 else f"open: {'; or '.join(words)}"


def _flips(
    world: World, facts: Mapping[str, tuple[Record, Fact]], said: Callable[[World], Said], asked: Said, most: int
) -> tuple[list[tuple[Mapping[str, str], Said]], int]:
    """Read ever more facts otherwise at once, until some set changes the answer or there are too many to try."""
    others = {address: _other_statements(world, *found) for address, found in facts.items()}
    tries = 0
    for size in range(1, min(MOST_FACTS_TOGETHER, len(others)) + 1):
        tries += sum(prod(len(others[address]) for address in chosen) for chosen in combinations(others, size))
        if tries > most:
            return [], size - 1
        found = list(_of_size(world, others, size, said, asked))
        if found:
            return found[:MOST_FLIPS], size
    return [], min(MOST_FACTS_TOGETHER, len(others))


def _of_size(
    world: World,
    others: Mapping[str, Mapping[int, str]],
    size: int,
    said: Callable[[World], Said],
    asked: Said,
) -> Iterator[tuple[Mapping[str, str], Said]]:
    for addresses in combinations(others, size):
        for indices in product(*(others[address] for address in addresses)):
            chosen = dict(zip(addresses, indices, strict=True))
            instead = said(world.choosing(chosen))
            if instead != asked:
                yield {address: others[address][index] for address, index in chosen.items()}, instead


def _other_statements(world: World, record: Record, fact: Fact) -> Mapping[int, str]:
    """Return the statements that the account does not take, by index, in words; all of them where it is open."""
    taken = world.resolve(record, fact)
    return {
        index: _said(statement)
        for index, statement in enumerate(fact.statements)
        if taken.statement is None or index not in taken.choices
    }


def _said(statement: Statement) -> str:
    return f"({statement.name}) {statement.text}" if statement.name else statement.text


def across_json(across: Across) -> dict[str, Any]:
    """Return it as plain values."""
    return {
        "holds": across.holds,
        "answers": [{"answer": words, "accounts": list(accounts)} for words, accounts in across.answers.items()],
        "flips": [{"facts": dict(flip.facts), "answer": flip.answer} for flip in across.flips],
        "disputed_facts": list(across.facts),
        "read_otherwise_at_once": across.searched,
    }
