"""What turns on what: an answer asked again with disputed facts read otherwise and records left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from math import comb, prod

from muniment.answers.across import FEWEST_TRIES, Accounts
from muniment.answers.conclusions import Conclusions
from muniment.answers.questions import Question
from muniment.book.accounts import World, accounts_of
from muniment.book.book import Book
from muniment.model.records import Record, Statement
from muniment.model.vocabulary import PARTY_KINDS

MOST_TRIES = 256
"""Ways of reading the facts behind one question otherwise; a set of facts that would take more is not tried."""

MOST_FACTS_TOGETHER = 4
MOST_LEFT_OUT = 40
"""Records that are left out one after the other; for each, every question is asked again."""

NAMED = (*PARTY_KINDS, "source", "account", "proposal")
"""Kinds that other records name: they cannot be left out of the book without these."""

TOLD = ("event", "pledge", "contribute", "offer", "leverage", "contradiction", "expect")
"""Kinds that no computed answer reads, but where another record stands under them or waits for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """An answer that changes when a fact is read differently.

    Attributes:
        question: The question in words.
        answers: Value of the fact to the answer under it.
        with_facts: Other disputed facts that must change with it; empty if it flips the answer alone.
        by: Address of the fact, or of the record that is left out.
    """

    question: str
    answers: Mapping[str, str]
    with_facts: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smallest:
    """The smallest sets of disputed facts on which an answer turns.

    Attributes:
        sets: Each set of addresses, none of which has a smaller one in it, with the answer under each combination.
        searched: Up to how many facts were read otherwise at once, in every combination.
        facts: How many disputed facts were met on the way to the answer.
    """

    sets: tuple[tuple[tuple[str, ...], Mapping[str, str]], ...]
    searched: int
    facts: int

    @property
    def is_whole(self) -> bool:
        """Return whether every combination was tried, so that no other set can change the answer."""
        return self.searched >= self.facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """How one answer fares.

    Attributes:
        words: The question in words.
        account: The account asked.
        expected: Whether the book expects the answer; else it is asked because the entity has the matter.
        answer: The answer in that account.
        holds: `under all accounts`, `under A, B`, or `open`.
        answers: Each answer with the accounts that give it.
    """

    words: str
    account: str
    expected: bool
    answer: str
    holds: str
    answers: Mapping[str, tuple[str, ...]]
    smallest: Smallest


@dataclass
class Turns:
    """Asks the questions of a book again, each combination once.

    Attributes:
        conclusions: Answers them.
        questions: What is asked; two that differ in the account alone are asked in each.
    """

    conclusions: Conclusions
    questions: Sequence[Question]
    _smallest: dict[int, Smallest] = field(default_factory=dict)
    _elsewhere: dict[tuple[object, ...], frozenset[str]] = field(default_factory=dict)
    _left_out: dict[str, tuple[Flip, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.awaited = awaited(self.conclusions.world.book)

    def of_fact(self, address: str) -> tuple[Flip, ...]:
        """Return what turns on a disputed fact, alone or together with others."""
        found: dict[tuple[str, tuple[str, ...]], Flip] = {}
        for number, question in enumerate(self.questions):
            if address not in self.conclusions.facts_behind(question):
                continue
            words = self.conclusions.words(question)
            for addresses, answers in self.smallest(number).sets:
                if address in addresses:
                    others = tuple(each for each in addresses if each != address)
                    in_order = self._with_first(question, address, others) if others else answers
                    flip = Flip(question=words, answers=in_order, with_facts=others, by=address)
                    found.setdefault((words, others), flip)
        return tuple(found.values())

    def untried(self, addresses: Iterable[str]) -> int:
        """Return for how many questions too many facts are met for all their sets to be tried."""
        wanted = set(addresses)
        return sum(
            1
            for number, question in enumerate(self.questions)
            if wanted & self.conclusions.facts_behind(question) and not self.smallest(number).is_whole
        )

    def _with_first(self, question: Question, first: str, others: tuple[str, ...]) -> Mapping[str, str]:
        return dict(self._under_each(question, (first, *others)))

    def smallest(self, number: int) -> Smallest:
        """Return the smallest sets of facts on which the answer to a question turns."""
        if number not in self._smallest:
            self._smallest[number] = self._search(self.questions[number])
        return self._smallest[number]

    def _search(self, question: Question) -> Smallest:
        """Read ever more facts otherwise at once, leaving out what holds a set that is known to change the answer."""
        counts = {
            address: len(self.conclusions.facts[address][1].statements) for address in self._facts_behind(question)
        }
        found: list[tuple[tuple[str, ...], Mapping[str, str]]] = []
        firm = list(counts)  # those that change nothing alone: only they can be in a larger set
        tries = 0
        for size in range(1, len(counts) + 1):
            if len(firm) < size:
                break
            if size > MOST_FACTS_TOGETHER or comb(len(firm), size) > MOST_TRIES:
                return Smallest(sets=tuple(found), searched=size - 1, facts=len(counts))
            left = [
                chosen
                for chosen in combinations(firm, size)
                if not any(set(known) <= set(chosen) for known, _ in found)
            ]
            tries += sum(prod(counts[address] for address in chosen) for chosen in left)
            if tries > MOST_TRIES:
                return Smallest(sets=tuple(found), searched=size - 1, facts=len(counts))
            for chosen in left:
                answers = dict(self._under_each(question, chosen))
                if len(set(answers.values())) > 1:
                    found.append((chosen, answers))
            firm = [address for address in firm if (address,) not in {addresses for addresses, _ in found}]
        return Smallest(sets=tuple(found), searched=len(counts), facts=len(counts))

    def _facts_behind(self, question: Question) -> list[str]:
        """Return the facts met on the way to an answer, but for those of entities that stand nowhere behind its own."""
        met = {address for address in self.conclusions.facts_behind(question) if address in self.conclusions.facts}
        if not met or question.what == "fact":
            return sorted(met)
        key = (question.account, question.on, question.under, question.entity)
        if key not in self._elsewhere:
            world = self.conclusions.world_of(question.account)
            structure = world.on(question.on, question.under)
            behind = Accounts(world).facts_behind(question.on, question.under, question.entity)
            now = {*structure.disputed, *(fact.address for fact in structure.open_facts)}
            self._elsewhere[key] = frozenset(now - behind.keys()) if len(behind) < FEWEST_TRIES else frozenset()
        return sorted(met - self._elsewhere[key])

    def _under_each(self, question: Question, addresses: Sequence[str]) -> Iterator[tuple[str, str]]:
        statements = [self.conclusions.facts[address][1].statements for address in addresses]
        for indices in product(*(range(len(each)) for each in statements)):
            words = ", ".join(said(each[index]) for each, index in zip(statements, indices, strict=True))
            yield words, self.conclusions.answer(question, dict(zip(addresses, indices, strict=True)))

    def of_record(self, record: Record) -> tuple[Flip, ...] | None:
        """Return what changes where a record is left out of the book; None if too many were left out before."""
        if record.address not in self._left_out:
            if len(self._left_out) == MOST_LEFT_OUT:
                return None
            self._left_out[record.address] = self._without(record)
        return self._left_out[record.address]

    def _without(self, record: Record) -> tuple[Flip, ...]:
        world = self.conclusions.world
        left = without(world.book, record)
        others = Conclusions(
            World(left, world.account, world.as_recorded),
            self.conclusions.decider,
            self.conclusions.finder,
            spoken=self.conclusions.spoken,
        )
        found: dict[str, Flip] = {}
        for question in self.questions:
            words = self.conclusions.words(question)
            answers = {"it stands": self.conclusions.answer(question), "it does not": others.answer(question)}
            if words not in found and len(set(answers.values())) > 1:
                found[words] = Flip(question=words, answers=answers, by=record.address)
        return tuple(found.values())

    def fares(self, number: int, expected: bool) -> Turning:
        """Return how the answer to a question fares in every account, and what it turns on."""
        question = self.questions[number]
        answer = self.conclusions.answer(question)
        answers: dict[str, list[str]] = {}
        for account in accounts_of(self.conclusions.world.book):
            answers.setdefault(self.conclusions.answer(replace(question, account=account)), []).append(account)
        if answer.startswith("open"):
            holds = "open"
        elif len(answers) == 1:
            holds = "under all accounts"
        else:
            holds = "under " + ", ".join(answers[answer])
        return Turning(
            words=self.conclusions.words(question),
            account=question.account,
            expected=expected,
            answer=answer,
            holds=holds,
            answers={words: tuple(accounts) for words, accounts in answers.items()},
            smallest=self.smallest(number),
        )


def said(statement: Statement) -> str:
    """Return a statement with the name of its reading."""
    return f"({statement.name}) {statement.text}" if statement.name else statement.text


def is_read(record: Record, waited_for: frozenset[str]) -> bool:
    """Whether a computed answer may read a record: by its kind, or because another stands under it or waits for it.

    Args:
        record: The record.
        waited_for: What `awaited` says of its book.
    """
    if record.kind not in (*TOLD, *NAMED):
        return True
    return record.kind == "event" and record.name in waited_for


def awaited(book: Book) -> frozenset[str]:
    """Return the ids that some record stands under, may be used on, or vests by."""
    found = {record.value("under") for record in book.records}
    for record in book.records_of("option", "grant", "forfeit", "amend", *PARTY_KINDS):
        for label in ("exercisable", "vests", "when", "on"):
            fact = record.fact(label)
            found.update(word for each in (fact.statements if fact else ()) for word in each.text.split())
    return frozenset(name for name in found if name)


def without(book: Book, record: Record) -> Book:
    """Return the book without one record that no other names."""

    def kept(records: Sequence[Record]) -> tuple[Record, ...]:
        return tuple(each for each in records if each is not record)

    index = book.index
    rest = replace(
        index,
        defined={name: each for name, each in index.defined.items() if each is not record},
        by_address={address: each for address, each in index.by_address.items() if each is not record},
        by_subject={name: kept(each) for name, each in index.by_subject.items()},
        by_kind={kind: kept(each) for kind, each in index.by_kind.items()},
    )
    return replace(book, records=kept(book.records), index=rest)
