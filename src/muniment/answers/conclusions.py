"""Conclusions: the questions worth asking of a book, their answers in each account, and the disputed facts behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from muniment.answers.expectations import Question, answer_in_words, questions_of
from muniment.book.accounts import World, accounts_of, disputed_facts
from muniment.book.book import Book


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

    An answer depends on the account only through the facts it resolves; two accounts that resolve them alike are asked once.
    """

    world: World
    _answers: dict[tuple[object, ...], str] = field(default_factory=dict)
    _behind: dict[tuple[object, ...], frozenset[str]] = field(default_factory=dict)

    def answer(self, question: Question, chosen: Mapping[str, int] | None = None) -> str:
        """Return the answer in words, with some facts fixed; a question that has no answer says why."""
        chosen = dict(chosen or {})
        key = (_identity(question), self._signature(question, chosen), tuple(sorted(chosen.items())))
        if key not in self._answers:
            world = World(self.world.book, question.account, self.world.as_recorded, chosen)
            value, because = answer_in_words(world, question)
            self._answers[key] = value if value is not None else f"not answered: {because[0]}"
        return self._answers[key]

    def facts_behind(self, question: Question) -> frozenset[str]:
        """Return the addresses of the disputed facts that were resolved on the way to an answer, open ones too."""
        key = (question.on, question.under, question.account, question.what == "fact" and (question.entity, question.matter))
        if key not in self._behind:
            world = World(self.world.book, question.account, self.world.as_recorded)
            structure = world.on(question.on, question.under)
            behind = {*structure.disputed, *(fact.address for fact in structure.open_facts)}
            if question.what == "fact":
                behind = {f"{question.entity} {question.matter}"}
            self._behind[key] = frozenset(behind)
        return self._behind[key]

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
        subject = f"{question.entity} {question.matter}" if question.what == "fact" else f"{question.entity}: {question.words.removeprefix(question.entity + ': ')}"
        under = f", under {question.under}" if question.under else ""
        reading = "" if question.directors == "loyal" else f", directors {question.directors}"
        return f"{subject}{under}, on {question.on.isoformat()}{reading}"

    def _signature(self, question: Question, chosen: Mapping[str, int]) -> tuple[object, ...]:
        """Return how an account resolves the facts behind a question; the account's name counts only where records name accounts."""
        world = World(self.world.book, question.account, self.world.as_recorded, chosen)
        resolved = []
        for address in sorted(self.facts_behind(question)):
            found = self._facts.get(address)
            resolved.append(world.resolve(*found).choices if found else ())
        named = question.account if self._names_accounts else ""
        return (*resolved, named)

    def __post_init__(self) -> None:
        book = self.world.book
        self._facts = {f"{record.address} {fact.address}": (record, fact) for record, fact in disputed_facts(book)}
        self._names_accounts = any(record.fact("according to") is not None for record in book.records)


def _identity(question: Question) -> tuple[object, ...]:
    return (
        question.entity, question.matter, question.what, question.on, question.under, question.directors, question.proceeds, question.party,
    )  # fmt: skip


def questions_worth_asking(book: Book) -> tuple[Question, ...]:
    """Return the questions of the book's own `expect` records, each once."""
    found: dict[tuple[object, ...], Question] = {}
    for record in book.records_of("expect"):
        for question in questions_of(record)[0]:
            under = question.under if record.name in book.index.names else record.name
            asked = replace(question, under=under)
            found.setdefault((*_identity(asked), asked.account), asked)
    return tuple(found.values())

