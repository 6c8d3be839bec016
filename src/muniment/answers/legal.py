"""Who controls it, by which law's test: legal tests asked under every reading that an account leaves open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from muniment.answers.header import grounds
from muniment.answers.readings import Reading, ask, structures_of
from muniment.book.accounts import World
from muniment.book.entity_fold import basis_of
from muniment.book.structure import Entity, OpenFact, Structure
from muniment.control.legal import (
    MOST_PARTIES,
    TESTS,
    Finding,
    Given,
    Inquiry,
    LegalTest,
    Turnout,
    find,
    parties_in_question,
)
from muniment.model.dates import earliest, latest
from muniment.model.values import Bounded, Quantity

Findings = Mapping[tuple[str, str], Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One answer of one legal test, with the readings of open facts it depends on.

    Attributes:
        reads: Reading of each open fact that the answer depends on; empty if it depends on none.
        untried: Open facts that were left out because there were too many combinations.
    """

    finding: Finding
    reads: dict[str, str]
    untried: tuple[OpenFact, ...] = ()


def legal_answers(
    world: World,
    on: date,
    under: str | None,
    entity: str,
    tests: Sequence[LegalTest] | None = None,
    party: str | None = None,
    blocked: Iterable[str] = (),
) -> tuple[Tested, ...]:
    """Answer legal tests about one entity.

    Args:
        world: The book in one account.
        on: The date asked.
        under: The proposal taken as adopted, if any.
        entity: Whose control is asked about.
        tests: The tests; None = those that its kind and law make usual, and `ofac-50` where parties are blocked.
        party: The party asked about; None = everyone who stands behind the entity, and for `ofac-50` the parties that
            are blocked.
        blocked: Parties taken as blocked, for `ofac-50`.

    Returns:
        One answer for each test and party, in that order, and more where an open fact changes it. None where the
        entity does not exist.
    """
    given = Given(turnouts_up_to(world, on, under), frozenset(blocked))
    inquiries: dict[int, Inquiry] = {}

    def inquiry_into(structure: Structure) -> Inquiry:
        return inquiries.setdefault(id(structure), Inquiry(structure, given))

    def question(any_entity: bool) -> Callable[[Structure], Findings]:
        def answered(structure: Structure) -> Findings:
            owner = structure.entities.get(entity)
            if owner is None:
                return {}
            inquiry = inquiry_into(structure)
            asked = [test for test in (TESTS if tests is None else tests) if test.any_entity is any_entity]
            asked = [test for test in asked if tests is not None or _is_usual(test, owner, given)]
            everyone = (party,) if party is not None else parties_in_question(inquiry, entity)
            behind, rest = everyone[:MOST_PARTIES], len(everyone) - MOST_PARTIES
            left_out = (f"{rest:,} further parties behind {entity} are not asked about; name one with --party.",)
            listed = sorted(given.blocked & structure.parties.keys() - {entity})
            found: Findings = {
                (test.id, name): find(inquiry, test, entity, name)
                for test in asked
                for name in (listed if test.with_blocked and listed and party is None else behind)
            }
            if rest <= 0:
                return found
            return {key: replace(each, assumptions=(*each.assumptions, *left_out)) for key, each in found.items()}

        return answered

    found: list[Tested] = []
    for any_entity in (False, True):
        readings = ask(
            world,
            on,
            under,
            None if any_entity else entity,
            question(any_entity),
            lambda answers: tuple((key, finding.answer, finding.would_decide) for key, finding in answers.items()),
        )
        keys = dict.fromkeys(key for reading in readings.each for key in reading.answer)
        found += [each for key in keys for each in _one_finding(readings.each, key, readings.untried)]
    order = {test.id: at for at, test in enumerate(TESTS)}
    return tuple(sorted(found, key=lambda each: order[each.finding.test]))


def entities_in_question(world: World, on: date, under: str | None, party: str | None) -> tuple[str, ...]:
    """Return the entities on a date behind which somebody stands or, where a party is named, that party.

    Any reading of the open facts in which that is so is enough.
    """
    found: dict[str, None] = {}
    for structure in structures_of(world, on, under):
        inquiry = Inquiry(structure)
        for name in structure.entities:
            parties = () if name in found else parties_in_question(inquiry, name)
            if party in parties if party is not None else parties:
                found[name] = None
    return tuple(found)


def _is_usual(test: LegalTest, entity: Entity, given: Given) -> bool:
    return test.usual(entity) or (test.with_blocked and bool(given.blocked))


def _one_finding(
    each: Sequence[Reading[Findings]], key: tuple[str, str], untried: tuple[OpenFact, ...]
) -> list[Tested]:
    """Return the answers to one question, one for each reading of the facts that it depends on itself."""
    answers = [(reading.reads, reading.answer[key]) for reading in each if key in reading.answer]
    facts = dict.fromkeys(fact for reads, _ in answers for fact in reads)
    needed = [fact for fact in facts if _turns_on(answers, fact)]
    found: dict[tuple[str, ...], Tested] = {}
    for reads, finding in answers:
        part = tuple(reads.get(fact, "") for fact in needed)
        if part not in found:
            found[part] = Tested(finding=finding, reads={fact: reads[fact] for fact in needed}, untried=untried)
    return list(found.values())


def _turns_on(answers: Sequence[tuple[Mapping[str, str], Finding]], fact: str) -> bool:
    groups: dict[tuple[tuple[str, str], ...], object] = {}
    for reads, finding in answers:
        rest = tuple((name, words) for name, words in reads.items() if name != fact)
        said = (finding.answer, finding.would_decide)
        if groups.setdefault(rest, said) != said:
            return True
    return False


def turnouts_up_to(world: World, on: date, under: str | None = None) -> tuple[Turnout, ...]:
    """Return the turnouts of votes that were cast by a date, in order of date.

    A turnout that the account leaves open lies between the least and the greatest that is stated.
    """
    found: list[Turnout] = []
    for record in world.book.records_of("vote"):
        subject, fact = record.value("on"), record.fact("turnout")
        first, last = earliest(record.date), latest(record.date)
        if subject is None or fact is None or first is None or last is None or last > on:
            continue
        recorded = record.value("recorded")
        late = world.as_recorded and recorded is not None and (latest(recorded) or date.max) > on
        if late or not world.exists(record) or record.value("announced") or record.value("under") not in (None, under):
            continue
        chosen = world.resolve(record, fact).statement
        stated = (chosen,) if chosen is not None else fact.statements
        shares = [_share_cast(statement.value) for statement in stated]
        known = [share for share in shares if share is not None]
        if known and len(known) == len(shares):
            low, high = min(low for low, _ in known), max(high for _, high in known)
            found.append(Turnout(subject.entity, low, high, first, basis_of(record, fact, stated[0])))
    return tuple(sorted(found, key=lambda turnout: turnout.on))


def _share_cast(value: Quantity | Bounded[Quantity] | None) -> tuple[Fraction, Fraction] | None:
    """Return the least and greatest share of the votes that were cast; None if it is not a share above 0."""
    if isinstance(value, Quantity):
        low = high = value
    elif value is None or value.about or value.low is None:
        return None
    else:
        low, high = value.low, value.high or Quantity(Fraction(1), "%")
    if low.unit != "%" or high.unit != "%" or not 0 < low.amount <= high.amount <= 1:
        return None
    return low.amount, high.amount


def legal_json(tested: Tested) -> dict[str, Any]:
    """Return one answer as plain values."""
    finding = tested.finding
    fields: dict[str, Any] = {
        "entity": finding.entity,
        "party": finding.party,
        "test": finding.test,
        "answer": finding.answer,
        "because": grounds(finding.because),
        "would_decide": list(finding.would_decide),
        "why": list(finding.why),
        "assumptions": list(finding.assumptions),
    }
    if tested.reads:
        fields["reads"] = tested.reads
    if tested.untried:
        fields["untried"] = [fact.address for fact in tested.untried]
    return fields


def tests_json(found: Iterable[Tested]) -> list[dict[str, str]]:
    """Return the tests that were asked, with their sources."""
    asked = {tested.finding.test for tested in found}
    return [
        {"id": test.id, "title": test.title, "source": test.source, "version": test.version, "limits": test.limits}
        for test in TESTS
        if test.id in asked
    ]


def assumptions_of(found: Iterable[Tested]) -> list[str]:
    """Return what the answers assume, and which open facts they leave out, each once."""
    words: dict[str, None] = {}
    for each in found:
        words.update(dict.fromkeys(each.finding.assumptions))
        words.update(
            (f"Not tried, for there were too many combinations, and left out: {fact.address}.", None)
            for fact in each.untried
        )
    return list(words)
