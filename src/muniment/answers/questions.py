"""Questions: what an expectation asks, and the answer in its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from muniment.answers.deciding import Decider, Directors, Wanted, same_answer
from muniment.answers.legal import legal_answers
from muniment.answers.paths import PathFinder, PathQuestion
from muniment.answers.paths_in_every_account import path_of, who_have_paths
from muniment.answers.readings import Readings, ask, ask_world
from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.control import Decision, NoSuchMatter, PassResult, passes
from muniment.control.legal import TESTS, legal_test
from muniment.control.paths.answer import Adversary
from muniment.model.amounts import format_amount, format_money, parse_money
from muniment.model.dates import earliest
from muniment.model.records import Fact, Record
from muniment.model.typed import nearest
from muniment.model.values import Bounded, Money
from muniment.payout.waterfall import Payout, pay_out
from muniment.text.diagnostics import Diagnostic
from muniment.text.spans import Span

CONTROL_QUESTIONS = (
    "alone",
    "can block",
    "coalitions",
    "smallest coalition",
    "number of coalitions",
    "blocking sets",
    "through",
)
TOO_LARGE = "too many to count exactly"
NOT_DECIDED = "nothing to decide"
SETTINGS = frozenset(
    (
        "directors",
        "adversary",
        "account",
        "under",
        "remark",
        "id",
        "until",
        "recorded",
        "according to",
        "after",
        "date",
        "difference",
    )
)
SEATS_OF = re.compile(r"seats filled by ([a-z0-9-]+)\Z")
PATH_OF = re.compile(r"path of ([a-z0-9][a-z0-9.-]*(?: \+ [a-z0-9][a-z0-9.-]*)*)\Z")
LEGAL = re.compile(r"(?P<test>[a-z0-9][a-z0-9-]*) of (?P<parties>[a-z0-9][a-z0-9-]*(?: \+ [a-z0-9][a-z0-9-]*)*)\Z")
BLOCKED_TOGETHER = "ofac-50"
PAYOUT_AT = re.compile(r"(?:([a-z0-9-]+): )?payout at (.+)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One line of an `expect` record.

    Attributes:
        entity: Whom it is about; for `amount`, the address of the record.
        matter: The matter, or `payout`, or the label of a fact.
        what: `alone`, `can block`, `coalitions`, `passes`, `payout`, `fact`, `legal`, `path`, `path of`, ...
        proceeds: For `payout`.
        party: For `seats filled by PARTY`, `TEST of PARTY` and `path of PARTY`, several of the last two at ` + `.
        adversary: For `path` and `path of`: what the others do.
        test: Id of a legal test, for `legal`.
    """

    entity: str
    matter: str
    what: str
    on: date
    under: str | None
    account: str
    directors: Directors
    expected: str
    words: str
    record: str
    span: Span
    proceeds: Money | None = None
    party: str = ""
    test: str = ""
    adversary: Adversary = "blocking"


def questions_of(book: Book, record: Record) -> tuple[tuple[Question, ...], tuple[Diagnostic, ...]]:
    """Return the questions of an `expect` record, and the lines that are none.

    `expect PROPOSAL` asks each under the proposal.
    """
    on = earliest(record.date)
    assert on is not None
    found: list[Question] = []
    faults: list[Diagnostic] = []
    for fact in record.facts:
        if fact.label in SETTINGS or not fact.statements:
            continue
        question = _question(record, fact, on)
        if isinstance(question, Diagnostic):
            faults.append(question)
        else:
            found.append(question if record.name in book.index.names else replace(question, under=record.name))
    return tuple(found), tuple(faults)


def _question(record: Record, fact: Fact, on: date) -> Question | Diagnostic:
    text = fact.statements[0].text
    common = Question(
        entity=record.name,
        matter="",
        what="",
        on=on,
        under=record.value("under"),
        account=record.value("account") or "keeper",
        directors=record.value("directors") or "loyal",
        adversary=record.value("adversary") or "blocking",
        expected=text,
        words=fact.label,
        record=record.address,
        span=fact.span,
    )
    payout = PAYOUT_AT.match(fact.label)
    if payout:
        proceeds = parse_money(payout[2])
        if not isinstance(proceeds, Money):
            return _fault(fact, f"'{payout[2]}' is not an amount of money", "write 'payout at USD 10,000,000'")
        return replace(common, entity=payout[1] or record.name, matter="payout", what="payout", proceeds=proceeds)
    subject, comma, what = fact.label.rpartition(", ")
    entity, colon, plain = fact.label.rpartition(": ")
    legal = LEGAL.match(what if comma else plain)
    if legal and (legal_test(legal["test"]) or (not comma and nearest(legal["test"], [test.id for test in TESTS]))):
        entity = subject.partition(": ")[0] if comma and ": " in subject else entity if not comma else ""
        return _legal_question(fact, replace(common, entity=entity or record.name), legal)
    if not comma:
        return _fault(
            fact,
            f"'{fact.label}' asks no question",
            f"write 'MATTER, QUESTION: VALUE'; questions are {', '.join(CONTROL_QUESTIONS)}, passes, path, amount; "
            "or 'LEGAL TEST of PARTY: VALUE'",
        )
    if what == "amount":
        return replace(common, entity=subject, matter="amount", what="fact")
    entity, colon, matter = subject.partition(": ")
    common = replace(common, entity=entity if colon else record.name, matter=matter if colon else subject, what=what)
    seats = SEATS_OF.match(what)
    if seats:
        return replace(common, what="seats filled", party=seats[1])
    path = PATH_OF.match(what)
    if path:
        return replace(common, what="path of", party=path[1])
    if what not in (*CONTROL_QUESTIONS, "passes", "path"):
        return _fault(
            fact,
            f"'{what}' is not a question",
            f"questions are: {', '.join(CONTROL_QUESTIONS)}, passes, amount, seats filled by PARTY, "
            "LEGAL TEST of PARTY, path, path of PARTY",
        )
    return common


def _legal_question(fact: Fact, common: Question, legal: re.Match[str]) -> Question | Diagnostic:
    """Return the question of `TEST of PARTY`; `ofac-50` takes several parties that are blocked together."""
    test, parties = legal["test"], legal["parties"]
    if legal_test(test) is None:
        known = [each.id for each in TESTS]
        close = nearest(test, known)
        hint = f"did you mean '{close}'?" if close else f"legal tests are: {', '.join(known)}"
        return _fault(fact, f"'{test}' is not a legal test", hint)
    if " + " in parties and test != BLOCKED_TOGETHER:
        return _fault(fact, f"'{test}' is asked of one party", f"only {BLOCKED_TOGETHER} takes several at ' + '")
    return replace(common, matter=test, what="legal", test=test, party=parties)


def _fault(fact: Fact, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code="M531", severity="error", message=message, span=fact.span, hint=hint)


def answer_in_words(
    world: World,
    question: Question,
    decide_matter: Callable[[World, Question], Readings[Decision | NoSuchMatter]] | None = None,
    finder: PathFinder | None = None,
) -> tuple[str | None, tuple[str, ...]]:
    """Return the answer in the words of an expectation, with what it rests on; None if there is no answer.

    Args:
        world: The book in the account asked.
        question: What is asked.
        decide_matter: Gives the decision behind a question of control; `decided_for` unless the caller keeps decisions.
        finder: Answers questions on paths; one of its own unless the caller keeps answers.
    """
    if question.what == "fact":
        return _fact_in_words(world, question)
    if question.entity not in world.book.index.names:
        return None, (
            f"there is no entity '{question.entity}'",
            "name an entity before the matter: 'ENTITY: MATTER, QUESTION'",
        )
    if question.what == "payout":
        return _payout_in_words(world, question)
    if question.what == "legal":
        return _legal_in_words(world, question)
    if question.what == "passes":
        return _passes_in_words(world, question)
    if question.what == "path of":
        return _path_of_in_words(world, question, finder or PathFinder())
    if question.what == "path":
        return _paths_in_words(world, question, finder or PathFinder())
    readings = (decide_matter or decided_for)(world, question)
    decided = [reading.answer for reading in readings.each if isinstance(reading.answer, Decision)]
    if not decided:
        first = readings.each[0].answer
        return None, (first.message, first.hint) if isinstance(first, NoSuchMatter) else ()
    values = [
        (
            reading.reads.items(),
            _control_words(reading.answer, question) if isinstance(reading.answer, Decision) else NOT_DECIDED,
        )
        for reading in readings.each
    ]
    if readings.untried:
        left_out = ", ".join(fact.address for fact in readings.untried)
        return "open", (f"too many open facts to try together; not tried: {left_out}",)
    return _one_or_open(values, decided[0].why)


def decided_for(world: World, question: Question, decider: Decider | None = None) -> Readings[Decision | NoSuchMatter]:
    """Return the decision that a question of control is about, under every reading of the open facts."""
    keeper = decider or Decider()
    return ask(
        world,
        question.on,
        question.under,
        question.entity,
        lambda structure: keeper.decide(
            structure,
            question.entity,
            question.matter,
            question.directors,
            Wanted(seats=question.what == "seats filled"),
        ),
        same_answer,
    )


def _one_or_open(
    values: Sequence[tuple[Iterable[tuple[str, str]], str]], why: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    different = dict.fromkeys(words for _, words in values)
    if len(different) == 1:
        return values[0][1], why
    said = tuple(
        f"{words}, if {' and '.join(f'{fact} is {reading}' for fact, reading in reads)}" for reads, words in values
    )
    return "open", said


def _control_words(decision: Decision, question: Question) -> str:
    what = question.what
    if any(entry.question == what for entry in decision.undetermined):
        return "undetermined"
    if what == "alone":
        return _names(decision.alone)
    if what == "can block":
        return _names(decision.can_block)
    if what == "through":
        return _names(decision.through)
    if what == "coalitions":
        return TOO_LARGE if decision.number_of_minimal_coalitions is None else _sets(decision.coalitions)
    if what == "blocking sets":
        return TOO_LARGE if decision.number_of_blocking_sets is None else _sets(decision.blocking_sets)
    if what == "smallest coalition":
        if decision.number_of_minimal_coalitions is None:
            return TOO_LARGE
        return "none" if decision.smallest_coalition is None else str(decision.smallest_coalition)
    if what == "number of coalitions":
        return (
            TOO_LARGE if decision.number_of_minimal_coalitions is None else str(decision.number_of_minimal_coalitions)
        )
    return str(next((seats.fills for seats in decision.seats if seats.party == question.party), 0))


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nobody"


def _sets(coalitions: Iterable[Iterable[str]]) -> str:
    return "; ".join(sorted(" + ".join(sorted(coalition)) for coalition in coalitions)) or "none"


def _payout_in_words(world: World, question: Question) -> tuple[str | None, tuple[str, ...]]:
    proceeds = question.proceeds
    assert proceeds is not None
    readings = ask(
        world,
        question.on,
        question.under,
        question.entity,
        lambda structure: pay_out(structure, question.entity, proceeds),
        lambda payout: _payout_words(payout) or str(payout.refusals),
    )
    values = []
    for reading in readings.each:
        words = _payout_words(reading.answer)
        if words is None:
            return None, (reading.answer.refusals[0].message, reading.answer.refusals[0].hint or "")
        values.append((reading.reads.items(), words))
    return _one_or_open(values, readings.each[0].answer.why)


def _payout_words(payout: Payout) -> str | None:
    if payout.refusals:
        return None
    if payout.totals:
        currency = payout.proceeds.currency
        return ", ".join(
            f"{party} {currency} {format_amount(amount, currency, commas=True)}"
            for party, amount in payout.totals.items()
        )
    return "undetermined"


def _passes_in_words(world: World, question: Question) -> tuple[str | None, tuple[str, ...]]:
    """Return whether a proposal's vote carries, in the structure without it, on the vote's date."""
    vote = _vote_on(world, question)
    if vote is None:
        return None, (
            "no 'vote' record says who is for",
            f"write a 'vote {question.under or question.entity}' record with 'on:' and 'for:'",
        )
    when = earliest(vote.date)
    assert when is not None
    in_favor = vote.value("for") or ()
    matter = f"{question.entity}: {question.matter}"
    readings = ask(
        world,
        when,
        None,
        question.entity,
        lambda structure: passes(structure, matter, in_favor),
        lambda result: result[0],
    )
    first = readings.each[0].answer
    if isinstance(first, NoSuchMatter):
        return None, (first.message, first.hint)
    results = [(reading, reading.answer) for reading in readings.each]
    values = [
        (reading.reads.items(), "yes" if result.passes else "no")
        for reading, result in results
        if isinstance(result, PassResult)
    ]
    return _one_or_open(values, (first.why, *first.lacking))


def _legal_in_words(world: World, question: Question) -> tuple[str | None, tuple[str, ...]]:
    """Return the answer of a legal test, or `open` where it hangs on a fact that the account leaves open."""
    test = legal_test(question.test)
    assert test is not None
    first, *others = question.party.split(" + ")
    unknown = _unknown_party(world, (first, *others))
    if unknown:
        return None, unknown
    blocked = (first, *others) if others else ()
    found = legal_answers(world, question.on, question.under, question.entity, (test,), first, blocked)
    if not found:
        return None, (f"'{question.entity}' does not exist on {question.on}", "ask a date on which it does")
    if found[0].untried:
        left_out = ", ".join(fact.address for fact in found[0].untried)
        return "open", (f"too many open facts to try together; not tried: {left_out}",)
    values = [(each.reads.items(), each.finding.answer) for each in found]
    finding = found[0].finding
    return _one_or_open(values, (*finding.why, *finding.would_decide))


def _unknown_party(world: World, parties: Iterable[str]) -> tuple[str, ...]:
    """Return that one of these is no party, with what it may have been meant to be; empty where all are."""
    known = {record.name for record in world.book.index.parties}
    unknown = [name for name in parties if name.partition(".")[0] not in known]
    if not unknown:
        return ()
    close = nearest(unknown[0], sorted(known))
    return f"there is no party '{unknown[0]}'", f"did you mean '{close}'?" if close else ""


def _path_of_in_words(world: World, question: Question, finder: PathFinder) -> tuple[str | None, tuple[str, ...]]:
    """Return how a coalition fares: `already`, `no`, `undetermined`, or the length of a shortest plan."""
    who = tuple(question.party.split(" + "))
    unknown = _unknown_party(world, who)
    if unknown:
        return None, unknown
    asked = PathQuestion(question.entity, question.matter, who, question.directors, question.adversary)
    found = path_of(world, question.on, question.under, asked, finder)
    if isinstance(found, NoSuchMatter):
        return None, (found.message, found.hint)
    if isinstance(found, str):
        return None, (found,)
    values, answer = found
    because = tuple(f"{move.act.words}." for move in answer.moves) or tuple(
        f"{miss.what}: {miss.short}." for miss in answer.misses
    )
    because = because or answer.would_decide or tuple(f"{basis.record}: {basis.words}." for basis in answer.because)
    return _one_or_open([(reads.items(), words) for reads, words in values], because)


def _paths_in_words(world: World, question: Question, finder: PathFinder) -> tuple[str | None, tuple[str, ...]]:
    """Return who alone has a path or control already: of all who stand behind the matter and all who are expected."""
    expected = tuple(part.strip() for part in question.expected.split(",") if part.strip() not in ("", "nobody"))
    unknown = _unknown_party(world, expected)
    if unknown and question.expected not in ("open", "undetermined"):
        return None, unknown
    asked = PathQuestion(question.entity, question.matter, (), question.directors, question.adversary)
    further = () if unknown else expected

    def said(read: World) -> tuple[str, str]:
        found, refused = who_have_paths(read, question.on, question.under, asked, finder, further)
        if refused is not None:
            return "", refused if isinstance(refused, str) else refused.message
        if "undetermined" in found.values():
            return "undetermined", f"undetermined for {_names(name for name in found if found[name] == 'undetermined')}"
        return _names(name for name, words in found.items() if words != "no"), "; ".join(
            f"{name}: {words}" for name, words in found.items()
        )

    readings = ask_world(world, question.on, question.under, question.entity, said, lambda answer: answer[0])
    values = [(reading.reads.items(), reading.answer[0] or NOT_DECIDED) for reading in readings.each]
    if not any(reading.answer[0] for reading in readings.each):
        return None, (readings.each[0].answer[1],)
    return _one_or_open(values, (readings.each[0].answer[1],))


def _vote_on(world: World, question: Question) -> Record | None:
    subjects = [question.under, question.entity] if question.under else [question.entity]
    for subject in subjects:
        for record in world.book.index.by_subject.get(subject or "", ()):
            on = record.value("on") if record.kind == "vote" else None
            if on is not None and (on.entity, on.matter) == (question.entity, question.matter):
                return record
    return None


def _fact_in_words(world: World, question: Question) -> tuple[str | None, tuple[str, ...]]:
    record = world.book.index.by_address.get(question.entity)
    fact = record.fact(question.matter) if record is not None else None
    if record is None or fact is None:
        return None, (f"there is no fact '{question.entity} {question.matter}'",)
    resolution = world.resolve(record, fact)
    if resolution.statement is None:
        return "open", (resolution.why,)
    value = resolution.statement.value
    if isinstance(value, Money) or (
        isinstance(value, Bounded) and (isinstance(value.low, Money) or isinstance(value.high, Money))
    ):
        return format_money(value), (resolution.why,)
    return resolution.statement.text, (resolution.why,)
