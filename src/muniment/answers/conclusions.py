"""Conclusions: the questions worth asking of a book, their answers in each account, the disputed facts behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from muniment.answers.deciding import Decider
from muniment.answers.paths import PathFinder, facts_ahead
from muniment.answers.questions import Question, answer_in_words, decided_for, questions_of
from muniment.answers.readings import Readings
from muniment.book.accounts import World, accounts_of, disputed_facts
from muniment.book.book import Book
from muniment.control import Decision, NoSuchMatter

Answered = tuple[str | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A question with its answer in every account.

    Attributes:
        answers: Answer to the accounts that give it, in order.
        holds: `under all accounts`, `under A, B` (the greatest group), or `open`.
    """

    question: Question
    words: str
    answers: Mapping[str, tuple[str, ...]]
    holds: str


@dataclass
class Conclusions:
    """Answers questions about one book, each once.

    An answer depends on the account only through the facts it resolves; accounts that resolve them alike are asked
    once.
    """

    world: World
    decider: Decider = field(default_factory=Decider)
    finder: PathFinder = field(default_factory=PathFinder)
    _worlds: dict[tuple[object, ...], World] = field(default_factory=dict)
    _answers: dict[tuple[object, ...], Answered] = field(default_factory=dict)
    _decided: dict[tuple[object, ...], Readings[Decision | NoSuchMatter]] = field(default_factory=dict)

    def answer(self, question: Question, chosen: Mapping[str, int] | None = None) -> str:
        """Return the answer in words, with some facts fixed; a question that has no answer says why."""
        value, because = self.answer_with_reasons(question, chosen)
        return value if value is not None else f"not answered: {because[0]}"

    def answer_with_reasons(self, question: Question, chosen: Mapping[str, int] | None = None) -> Answered:
        """Return the answer in words, or None, with what it rests on."""
        world = self._world(question.account, chosen or {})
        state = self._state(world, question)
        named = question.expected if question.what == "path" else ""
        key = (question.what, question.proceeds, question.party, question.adversary, named, *state)
        if key not in self._answers:
            self._answers[key] = answer_in_words(
                world, question, lambda asked, what: self._decide(asked, what, state), self.finder
            )
        return self._answers[key]

    def _decide(self, world: World, question: Question, state: tuple[object, ...]) -> Readings[Decision | NoSuchMatter]:
        key = (question.what == "seats filled", *state)
        if key not in self._decided:
            self._decided[key] = decided_for(world, question, self.decider)
        return self._decided[key]

    def _world(self, account: str, chosen: Mapping[str, int]) -> World:
        key = (account, tuple(sorted(chosen.items())))
        if key not in self._worlds:
            self._worlds[key] = World(self.world.book, account, self.world.as_recorded, dict(chosen))
        return self._worlds[key]

    def facts_behind(self, question: Question) -> frozenset[str]:
        """Return the addresses of the disputed facts that were resolved on the way to an answer, open ones too."""
        return self._behind(self._world(question.account, {}), question)

    def _behind(self, world: World, question: Question) -> frozenset[str]:
        if question.what == "fact":
            return frozenset((f"{question.entity} {question.matter}",))
        structure = world.on(question.on, question.under)
        turnouts = self._turnouts if question.what == "legal" else ()
        later = facts_ahead(world, question.on, question.under) if question.what in ("path", "path of") else ()
        return frozenset((*structure.disputed, *(fact.address for fact in structure.open_facts), *turnouts, *later))

    def conclude(self, question: Question) -> Conclusion:
        """Return a question's answer in every account."""
        answers: dict[str, list[str]] = {}
        for account in accounts_of(self.world.book):
            answers.setdefault(self.answer(replace(question, account=account)), []).append(account)
        given = {words: tuple(accounts) for words, accounts in answers.items()}
        if len(given) == 1:
            holds = "open" if next(iter(given)) == "open" else "under all accounts"
        else:
            most = max(given.values(), key=len)
            holds = "under " + ", ".join(most)
        return Conclusion(question=question, words=self.words(question), answers=given, holds=holds)

    def words(self, question: Question) -> str:
        """Return a question as a reader would put it."""
        subject = (
            f"{question.entity} {question.matter}"
            if question.what == "fact"
            else f"{question.entity}: {question.words.removeprefix(question.entity + ': ')}"
        )
        under = f", under {question.under}" if question.under else ""
        reading = "" if question.directors == "loyal" else f", directors {question.directors}"
        others = "" if question.adversary == "blocking" else f", adversary {question.adversary}"
        return f"{subject}{under}, on {question.on.isoformat()}{reading}{others}"

    def _state(self, world: World, question: Question) -> tuple[object, ...]:
        """Return all that an answer may depend on: the question, and how the account resolves the facts behind it."""
        resolved = []
        for address in sorted(self._behind(world, question)):
            found = self._facts.get(address)
            resolved.append((address, world.resolve(*found).choices if found else world.chosen.get(address)))
        there = tuple(record.address for record in self._of_accounts if world.exists(record))
        subject = (question.entity, question.matter, question.on, question.under, question.directors)
        return (*subject, tuple(resolved), there)

    def __post_init__(self) -> None:
        book = self.world.book
        self._facts = {f"{record.address} {fact.address}": (record, fact) for record, fact in disputed_facts(book)}
        self._turnouts = tuple(
            address
            for address, (record, fact) in self._facts.items()
            if record.kind == "vote" and fact.label == "turnout"
        )
        self._of_accounts = [record for record in book.records if record.fact("according to") is not None]


def _identity(question: Question) -> tuple[object, ...]:
    return (
        question.entity,
        question.matter,
        question.what,
        question.on,
        question.under,
        question.directors,
        question.proceeds,
        question.party,
        question.adversary,
    )


def questions_worth_asking(book: Book) -> tuple[Question, ...]:
    """Return the questions of the book's own `expect` records, each once."""
    found: dict[tuple[object, ...], Question] = {}
    for record in book.records_of("expect"):
        for question in questions_of(book, record)[0]:
            found.setdefault((*_identity(question), question.account), question)
    return tuple(found.values())
