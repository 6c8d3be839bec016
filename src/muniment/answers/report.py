"""The report of a book: what it is, its structures by date, who decides, who is paid, what is disputed and assumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path

from muniment.answers.checking import Checked, check_book
from muniment.answers.conclusions import Conclusion, Conclusions, questions_worth_asking
from muniment.answers.deciding import Decided, Decider, decisions, matters_on, same_answer, state_behind
from muniment.answers.disputes import Dispute, disputes
from muniment.answers.paths import FoundPath, PathFinder, PathQuestion, assumptions_of_paths, paths_found
from muniment.answers.paying import Paid, payouts
from muniment.answers.questions import Question
from muniment.answers.readings import ask, entities_behind
from muniment.answers.timeline import Entry, timeline
from muniment.book.accounts import World, accounts_of
from muniment.book.history import proposals_under
from muniment.book.selecting import FOLDED_KINDS
from muniment.control import NoSuchMatter, passes
from muniment.model.dates import earliest, latest
from muniment.model.records import Record
from muniment.model.values import Money, PartialDate
from muniment.model.vocabulary import ENTITY_KINDS
from muniment.payout import Curve, curve_of

STRUCTURAL_KINDS = FOLDED_KINDS | {"agreement", "round", "proposal"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From a date on, the answers that differ from those before it.

    Attributes:
        decided: One entry for each matter and reading whose answer is new or changed.
        ended: Matters (`entity: matter`) that are no longer decided.
    """

    since: date
    decided: tuple[Decided, ...]
    ended: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothetical:
    """A proposal, and who would decide under it.

    Attributes:
        on: The last day on which one of its records takes effect.
        outcome: As written; empty if not stated.
        decided: Answers of the entities its records touch; empty where its records change no structure.
        votes: Whether each vote on it carries, in the structure without it, in one sentence each.
    """

    proposal: str
    title: str
    by: tuple[str, ...]
    outcome: str
    on: date
    decided: tuple[Decided, ...]
    votes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOut:
    """Payouts of one entity on one date at several proceeds."""

    entity: str
    on: date
    under: str | None
    each: tuple[tuple[Money, tuple[Paid, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPath:
    """Whether a coalition can come to decide a matter, as an expectation of the book asks.

    Attributes:
        found: One answer for each reading of open facts that changes it; at least one.
    """

    account: str
    under: str | None
    found: tuple[FoundPath, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a book answers. Nothing in it is written by hand: each part comes from the records."""

    world: World
    counts: tuple[tuple[str, int], ...]
    first: date | None
    last: date | None
    structures: tuple[Entry, ...]
    periods: tuple[Period, ...]
    hypotheticals: tuple[Hypothetical, ...]
    paths: tuple[AskedPath, ...]
    payouts: tuple[PaidOut, ...]
    disputes: tuple[Dispute, ...]
    conclusions: tuple[Conclusion, ...]
    leverage: tuple[Record, ...]
    claims: int
    checked: Checked
    sources: tuple[tuple[str, str, int], ...]
    assumptions: tuple[str, ...]


def report_on(world: World, sources: Sequence[Path] = (), until: date | None = None) -> Report:
    """Return the report of a book in one account.

    Args:
        world: The book in one account.
        sources: Further folders in which source files are looked up.
        until: Leave out dates after this one; None takes all.
    """
    entries = timeline(world)
    conclusions = Conclusions(world)
    questions = questions_worth_asking(world.book)
    days = [day for day in structural_days(world) if until is None or day <= until]
    periods = tuple(_periods(world, days, conclusions.decider))
    hypotheticals = tuple(
        _hypothetical(world, record, conclusions.decider)
        for record in world.book.records_of("proposal")
        if _begins(record, until)
    )
    paths = tuple(_paths(world, questions, conclusions.finder, until))
    paid = tuple(_payouts(world, questions, days))
    checked = check_book(world.book, sources, conclusions)
    dates = [entry.earliest for entry in entries if entry.earliest is not None]
    return Report(
        world=world,
        counts=_counts(world),
        first=min(dates, default=None),
        last=max(dates, default=None),
        structures=tuple(
            entry
            for entry in entries
            if entry.kind in STRUCTURAL_KINDS and (until is None or (entry.earliest or until) <= until)
        ),
        periods=periods,
        hypotheticals=hypotheticals,
        paths=paths,
        payouts=paid,
        disputes=disputes(conclusions, questions),
        conclusions=_conclusions(conclusions, questions),
        leverage=world.book.records_of("leverage"),
        claims=sum(1 for record in world.book.records_of("event") if record.fact("says") is not None),
        checked=checked,
        sources=_sources(world, checked),
        assumptions=_assumptions(world, periods, hypotheticals, paths, paid),
    )


def _begins(record: Record, until: date | None) -> bool:
    begins = earliest(record.date)
    return until is None or begins is None or begins <= until


def _counts(world: World) -> tuple[tuple[str, int], ...]:
    kinds = Counter(record.kind for record in world.book.records)
    return (
        ("records", len(world.book.records)),
        ("entities", sum(kinds[kind] for kind in ENTITY_KINDS)),
        ("people", kinds["person"]),
        ("groups", kinds["group"]),
        ("proposals", kinds["proposal"]),
        ("accounts beside the keeper's", len(accounts_of(world.book)) - 1),
        ("sources", kinds["source"]),
    )


def structural_days(world: World) -> list[date]:
    """Return the days on which a structure may change in fact: records begin or end, proposals are adopted."""
    days: set[date] = set()
    for record in world.book.records:
        if record.kind == "proposal":
            outcome = record.value("outcome")
            if outcome is not None and outcome.word == "adopted" and outcome.date is not None:
                _add_ends(days, outcome.date)
        elif record.kind in STRUCTURAL_KINDS and world.exists(record):
            begins = record.value("recorded") if world.as_recorded else None
            _add_ends(days, begins if isinstance(begins, PartialDate) else record.date)
            until = record.value("until")
            if isinstance(until, PartialDate):
                _add_ends(days, until)
            fact = record.fact("date")
            for statement in fact.statements if fact else ():
                if isinstance(statement.value, PartialDate):
                    _add_ends(days, statement.value)
    return sorted(days)


def _add_ends(days: set[date], when: PartialDate) -> None:
    days.update(day for day in (earliest(when), latest(when)) if day is not None)


def _periods(world: World, days: Sequence[date], decider: Decider) -> list[Period]:
    """Return the dates on which an answer changes, with the answers that changed."""
    periods: list[Period] = []
    known: dict[tuple[str, str], tuple[object, ...]] = {}
    behind: dict[str, tuple[object, ...]] = {}
    for day in days:
        structure = world.on(day)
        changed: list[Decided] = []
        current: set[tuple[str, str]] = set()
        for entity, matters in matters_on(world, day, None).items():
            state = state_behind(structure, entity)
            current.update((entity, matter) for matter in matters)
            if behind.get(entity) == state:
                continue
            behind[entity] = state
            for matter in matters:
                found = decisions(world, day, None, entity, matter, decider=decider)
                if isinstance(found, NoSuchMatter):
                    continue
                key = tuple(same_answer(each.decision) + tuple(each.reads.items()) for each in found)
                if known.get((entity, matter)) != key:
                    known[(entity, matter)] = key
                    changed += found
        ended = tuple(f"{entity}: {matter}" for entity, matter in known if (entity, matter) not in current)
        for pair in [pair for pair in known if pair not in current]:
            del known[pair]
        if changed or ended:
            periods.append(Period(since=day, decided=tuple(changed), ended=ended))
    return periods


def _hypothetical(world: World, proposal: Record, decider: Decider) -> Hypothetical:
    chain = proposals_under(world, proposal.name)
    records = [
        record for record in world.book.records if record.value("under") in chain and record.kind in FOLDED_KINDS
    ]
    days = [day for record in records if (day := latest(record.date)) is not None]
    on = max([*days, latest(proposal.date) or date.max] if days else [latest(proposal.date) or date.max])
    matters = matters_on(world, on, proposal.name)
    structure = world.on(on, proposal.name)
    changed = {record.name for record in records}
    decided: list[Decided] = []
    for entity in matters:
        if not changed & entities_behind(structure, entity):
            continue
        for matter in matters[entity]:
            found = decisions(world, on, proposal.name, entity, matter, decider=decider)
            if isinstance(found, NoSuchMatter):
                continue
            if entity in changed or _answers(found) != _answers(
                decisions(world, on, None, entity, matter, decider=decider)
            ):
                decided += found
    outcome = proposal.fact("outcome")
    return Hypothetical(
        proposal=proposal.name,
        title=proposal.title or proposal.name,
        by=proposal.value("by") or (),
        outcome=outcome.statements[0].text if outcome else "",
        on=on,
        decided=tuple(decided),
        votes=tuple(_votes(world, proposal.name)),
    )


def _answers(found: tuple[Decided, ...] | NoSuchMatter) -> tuple[object, ...]:
    """Return what two questions share where their answers are the same under each reading."""
    if isinstance(found, NoSuchMatter):
        return (found,)
    return tuple(same_answer(each.decision) + tuple(each.reads.items()) for each in found)


def _votes(world: World, proposal: str) -> Iterator[str]:
    """Yield whether each vote on a proposal carries: in the structure without it, on the vote's date."""
    for record in world.book.index.by_subject.get(proposal, ()):
        on, when = record.value("on") if record.kind == "vote" else None, earliest(record.date)
        if on is None or when is None:
            continue
        matter, in_favor = f"{on.entity}: {on.matter}", record.value("for") or ()
        readings = ask(
            world, when, None, on.entity, partial(passes, question=matter, in_favor=in_favor), lambda result: result[0]
        )
        cast = "announced" if record.value("announced") else "cast"
        for reading in readings.each:
            result = reading.answer
            condition = "".join(f", if {fact} is '{words}'" for fact, words in reading.reads.items())
            if isinstance(result, NoSuchMatter):
                yield f"The vote of {when.isoformat()} is on nothing that is decided{condition}: {result.message}."
                continue
            outcome = "carries" if result.passes else "fails"
            yield f"On {when.isoformat()}, with the votes as {cast}, {matter} {outcome}{condition}: {result.why}."


def _paths(
    world: World, questions: Sequence[Question], finder: PathFinder, until: date | None
) -> Iterator[AskedPath]:
    """Yield the answer to each `path of` question of the book's expectations, each once."""
    worlds = {world.account: world}
    asked: dict[tuple[PathQuestion, date, str | None, str], None] = {}
    for question in questions:
        if question.what == "path of" and (until is None or question.on <= until):
            who = tuple(sorted(set(question.party.split(" + "))))
            about = PathQuestion(
                question.entity, question.matter, who, question.directors, question.adversary, fully=False
            )
            asked[about, question.on, question.under, question.account] = None
    for about, on, under, account in asked:
        if account not in worlds:
            worlds[account] = World(world.book, account, world.as_recorded)
        found = paths_found(worlds[account], on, under, about, finder)
        if not isinstance(found, NoSuchMatter | str):
            yield AskedPath(account=account, under=under, found=found)


def _payouts(world: World, questions: Sequence[Question], days: Sequence[date]) -> list[PaidOut]:
    """Return payouts at the proceeds that the book's expectations name; if none, at the bends of each curve."""
    asked: dict[tuple[str, date, str | None], list[Money]] = {}
    for question in questions:
        if question.proceeds is not None:
            amounts = asked.setdefault((question.entity, question.on, question.under), [])
            if question.proceeds not in amounts:
                amounts.append(question.proceeds)
    if not asked and days:
        structure = world.on(days[-1])
        for entity in structure.entities:
            curve = curve_of(structure, entity) if structure.holdings.get(entity) else None
            if isinstance(curve, Curve) and curve.breakpoints:
                points = [point.proceeds for point in curve.breakpoints]
                asked[(entity, days[-1], None)] = [
                    Money(Fraction(point), curve.currency) for point in (*points, points[-1] * 2)
                ]
    return [
        PaidOut(
            entity=entity,
            on=on,
            under=under,
            each=tuple((amount, payouts(world, on, under, entity, amount)) for amount in amounts),
        )
        for (entity, on, under), amounts in asked.items()
        if entity in world.book.index.names
    ]


def _conclusions(conclusions: Conclusions, questions: Sequence[Question]) -> tuple[Conclusion, ...]:
    found: dict[str, Conclusion] = {}
    for question in questions:
        words = conclusions.words(question)
        if words not in found:
            found[words] = conclusions.conclude(question)
    return tuple(found.values())


def _sources(world: World, checked: Checked) -> tuple[tuple[str, str, int], ...]:
    """Return (source, title, how many quotations it has), those that are quoted first."""
    quoted = Counter(row.source for row in checked.quotes)
    listed = [
        (record.name, record.title or record.name, quoted[record.name]) for record in world.book.records_of("source")
    ]
    return tuple(sorted(listed, key=lambda source: -source[2]))


def _assumptions(
    world: World,
    periods: Sequence[Period],
    hypotheticals: Sequence[Hypothetical],
    paths: Sequence[AskedPath],
    paid: Sequence[PaidOut],
) -> tuple[str, ...]:
    """Return every assumption behind an answer of the report, each once."""
    found: dict[str, None] = {}
    for decided in (
        *(each for period in periods for each in period.decided),
        *(each for h in hypotheticals for each in h.decided),
    ):
        found.update(dict.fromkeys(decided.decision.assumptions))
        found.update(
            (f"Not tried, for there were too many combinations: {fact.address}.", None) for fact in decided.untried
        )
    for asked in paths:
        found.update(dict.fromkeys(assumptions_of_paths(asked.found)))
    for out in paid:
        for _, each in out.each:
            for one in each:
                found.update(dict.fromkeys(one.payout.assumptions))
    if world.as_recorded:
        found["Records take effect on the day they were recorded, where that day is stated."] = None
    return tuple(words for words in found if not words.startswith("The proposal '"))
