"""Conclusions: the questions worth asking of a book, their answers in each account, the disputed facts behind them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from muniment.answers.across import speak
from muniment.answers.deciding import Decider, coalitions_in_words, names
from muniment.answers.in_every_account import same_decision
from muniment.answers.paths import PathFinder, facts_ahead
from muniment.answers.questions import Question, answer_in_words, decided_for, questions_of
from muniment.answers.readings import Readings
from muniment.book.accounts import World, accounts_of, disputed_facts
from muniment.book.book import Book
from muniment.control import Decision, NoSuchMatter, matters_of
from muniment.model.records import Fact, Record

Answered = tuple[str | None, tuple[str, ...]]
DECISION = "decision"
"""What is asked of a matter that no expectation names: who passes it alone, who blocks it, and which coalitions do."""

MOST_MATTERS = 500


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
    _met: dict[tuple[object, ...], frozenset[str]] = field(default_factory=dict)
    spoken: dict[tuple[object, ...], dict[Hashable, str]] = field(default_factory=dict)

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
            self._answers[key] = (
                self._who_decides(world, question, state)
                if question.what == DECISION
                else answer_in_words(world, question, lambda asked, what: self._decide(asked, what, state), self.finder)
            )
        return self._answers[key]

    def _who_decides(self, world: World, question: Question, state: tuple[object, ...]) -> Answered:
        """Return a whole decision in words; two that differ have different words."""
        readings = self._decide(world, question, state)
        subject = (question.entity, question.matter, question.on, question.under, question.directors)
        spoken = self.spoken.setdefault(subject, {})
        for reading in readings.each:
            speak(spoken, same_decision(reading.answer), _briefly(reading.answer))
        different = list(dict.fromkeys(spoken[same_decision(reading.answer)] for reading in readings.each))
        because = tuple(
            why for reading in readings.each if isinstance(reading.answer, Decision) for why in reading.answer.why
        )
        if readings.untried:
            return f"open: too many open facts to try together ({len(readings.untried)} not tried)", because
        return (different[0] if len(different) == 1 else f"open: {'; or '.join(different)}"), because

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

    def world_of(self, account: str) -> World:
        """Return the book in one account."""
        return self._world(account, {})

    @property
    def facts(self) -> Mapping[str, tuple[Record, Fact]]:
        """Return the disputed facts of the book, by address."""
        return self._facts

    def facts_behind(self, question: Question) -> frozenset[str]:
        """Return the addresses of the disputed facts that were resolved on the way to an answer, open ones too."""
        return self._behind(self._world(question.account, {}), question)

    def _behind(self, world: World, question: Question) -> frozenset[str]:
        if question.what == "fact":
            return frozenset((f"{question.entity} {question.matter}",))
        sort = question.what if question.what in ("path", "path of", "legal") else ""
        key = (world.account, tuple(sorted(world.chosen.items())), question.on, question.under, sort)
        if key not in self._met:
            self._met[key] = self._met_on_the_way(world, question)
        return self._met[key]

    def _met_on_the_way(self, world: World, question: Question) -> frozenset[str]:
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


def _briefly(decision: Decision | NoSuchMatter) -> str:
    """Return who passes a matter alone, who blocks it, and the one coalition that carries it or their number."""
    if isinstance(decision, NoSuchMatter):
        return "nothing to decide"
    coalitions = coalitions_in_words(decision, 1)
    return f"alone: {names(decision.alone)}; can block: {names(decision.can_block)}; coalitions: {coalitions}"


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


class Matters(NamedTuple):
    """The matters of a book's entities, as questions.

    Attributes:
        questions: One for each matter that the records state, on each day and under each proposal looked at.
        not_asked: What was left out, one sentence each.
    """

    questions: tuple[Question, ...]
    not_asked: tuple[str, ...]


def questions_of_matters(world: World, at: Iterable[tuple[date, str | None]], most: int = MOST_MATTERS) -> Matters:
    """Return who decides each matter of each entity as a question, in the account of a world.

    Args:
        world: The book in the account asked.
        at: The days, each with a proposal or None, on which matters are looked at.
        most: The number of questions past which the others are left out.
    """
    found: list[Question] = []
    left: dict[str, None] = {}
    looked_at = list(dict.fromkeys(at))
    for on, under in looked_at:
        structure = world.on(on, under)
        for entity in structure.entities:
            matters = matters_of(structure, entity)
            if matters and len(found) + len(matters) > most:
                left[entity] = None
                continue
            found += [_of_matter(world, on, under, entity, matter) for matter in matters]
    days = (
        "the day asked"
        if len(looked_at) == 1
        else f"{len(looked_at)} days and proposals that the book's expectations name"
    )
    not_asked = [
        f"Matters are asked on {days}, with loyal directors; other days, and directors who decide alone, are not.",
        "Matters that no record states, which the usual rule of the entity decides, are not asked.",
    ]
    if left:
        not_asked.append(f"More than {most} matters: those of {', '.join(left)} are not asked on every day.")
    return Matters(tuple(found), tuple(not_asked))


def _of_matter(world: World, on: date, under: str | None, entity: str, matter: str) -> Question:
    record = world.book.index.defined.get(entity) or world.book.records[0]
    return Question(
        entity=entity,
        matter=matter,
        what=DECISION,
        on=on,
        under=under,
        account=world.account,
        directors="loyal",
        expected="",
        words=f"{matter}, who decides",
        record=record.address,
        span=record.span,
    )
