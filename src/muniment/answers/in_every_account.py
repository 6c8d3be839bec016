"""Decisions, legal tests and signatures in every account of a book: under which they hold and what flips them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date

from muniment.answers.across import Accounts, Across, Said, speak
from muniment.answers.deciding import Decided, Decider, Directors, Wanted, coalitions_in_words, names
from muniment.answers.legal import Tested, legal_answers
from muniment.answers.signing import Signed, signatures
from muniment.book.accounts import World
from muniment.book.structure import Structure
from muniment.control import Decision, NoSuchMatter
from muniment.control.legal import LegalTest
from muniment.control.signing import Signing

VERDICTS: Mapping[Hashable, str] = {words: words for words in ("yes", "no", "undetermined", "not in question")}


def of_decisions(
    world: World, on: date, under: str | None, found: Iterable[Decided], wanted: Wanted, decider: Decider
) -> Mapping[tuple[str, str, Directors], Across]:
    """Return how answers to who decides fare in every account, by entity, matter and reading of the directors.

    Args:
        world: The book in the account asked.
        on: The date asked.
        under: The proposal taken as adopted, if any.
        found: The answers in that account.
        wanted: What was asked of them beyond the usual.
        decider: The one that found them, so that nothing is decided twice.
    """
    accounts = Accounts(world)
    fared: dict[tuple[str, str, Directors], Across] = {}
    for each in found:
        entity, matter, directors = each.decision.entity, each.decision.matter, each.decision.directors
        if (entity, matter, directors) in fared:
            continue

        def question(
            structure: Structure, entity: str = entity, matter: str = matter, directors: Directors = directors
        ) -> Decision | NoSuchMatter:
            return decider.decide(structure, entity, matter, directors, wanted)

        fared[entity, matter, directors] = accounts.across(on, under, entity, question, _conclusion, _decision_in_words)
    return fared


def _conclusion(decision: Decision | NoSuchMatter) -> Hashable:
    """Return what two decisions share where they conclude the same, whichever seats they read as whose."""
    if isinstance(decision, NoSuchMatter):
        return decision.message
    if decision.impossible:
        return ("impossible", decision.can_block)
    return (
        decision.alone,
        decision.can_block,
        decision.coalitions,
        decision.number_of_minimal_coalitions,
        decision.through,
        decision.undetermined,
        tuple(sorted(decision.banzhaf.items())),
    )


def _decision_in_words(decision: Decision | NoSuchMatter) -> str:
    if isinstance(decision, NoSuchMatter):
        return "nothing to decide"
    return (
        f"alone: {names(decision.alone)}; can block: {names(decision.can_block)}; "
        f"coalitions: {coalitions_in_words(decision)}"
    )


def of_legal_answers(
    world: World,
    on: date,
    under: str | None,
    found: Sequence[Tested],
    tests: Sequence[LegalTest] | None,
    party: str | None,
    blocked: Iterable[str],
) -> Mapping[tuple[str, str, str], Across]:
    """Return how answers of legal tests fare in every account, by entity, test and party.

    Args:
        world: The book in the account asked.
        on: The date asked.
        under: The proposal taken as adopted, if any.
        found: The answers in that account.
        tests: As for `legal_answers`.
        party: As for `legal_answers`.
        blocked: As for `legal_answers`.
    """
    accounts = Accounts(world)
    given: dict[tuple[str, str, tuple[tuple[str, int], ...]], Mapping[tuple[str, str], Said]] = {}
    facts = accounts.facts_behind(on, under, None) | accounts.facts_labeled("turnout")
    listed = tuple(blocked)

    def answers_of(asked: World, entity: str) -> Mapping[tuple[str, str], Said]:
        key = (entity, asked.account, tuple(sorted(asked.chosen.items())))
        if key not in given:
            own = asked is world
            answers: dict[tuple[str, str], dict[Hashable, None]] = {}
            for each in found if own else legal_answers(asked, on, under, entity, tests, party, listed):
                if each.finding.entity != entity:
                    continue
                answers.setdefault((each.finding.test, each.finding.party), {})[each.finding.answer] = None
            given[key] = {name: tuple(said) for name, said in answers.items()}
        return given[key]

    fared: dict[tuple[str, str, str], Across] = {}
    for each in found:
        entity, test, name = each.finding.entity, each.finding.test, each.finding.party
        if (entity, test, name) in fared:
            continue

        def said(asked: World, entity: str = entity, test: str = test, name: str = name) -> Said:
            return answers_of(asked, entity).get((test, name), ("not in question",))

        fared[entity, test, name] = accounts.compare(said, VERDICTS, facts)
    return fared


def of_signing(world: World, on: date, under: str | None, found: Sequence[Signed], willing: Sequence[str]) -> Across:
    """Return how the answer to who must sign fares in every account.

    Args:
        world: The book in the account asked.
        on: The first day on which anybody can act.
        under: The proposal taken as adopted, if any.
        found: The answer in that account; at least one.
        willing: Who is taken to sign.
    """
    asked_for = found[0].signing
    entity, matter, by = asked_for.entity, asked_for.matter, asked_for.by
    accounts = Accounts(world)
    spoken: dict[Hashable, str] = {}
    given: dict[tuple[str, tuple[tuple[str, int], ...]], Said] = {}

    def said(asked: World) -> Said:
        key = (asked.account, tuple(sorted(asked.chosen.items())))
        if key not in given:
            answers = found if asked is world else signatures(asked, on, under, entity, matter, by, willing)
            if isinstance(answers, NoSuchMatter):
                given[key] = (answers.message,)
                speak(spoken, answers.message, "nothing to decide")
                return given[key]
            given[key] = tuple(dict.fromkeys(_key_of_signing(each.signing) for each in answers))
            for each in answers:
                speak(spoken, _key_of_signing(each.signing), _signing_in_words(each.signing))
        return given[key]

    return accounts.compare(said, spoken, accounts.facts_behind(on, under, entity))


def _key_of_signing(signing: Signing) -> Hashable:
    lines = tuple(
        (line.instrument, line.needed, line.earliest, tuple((signer.party, signer.capacity) for signer in line.signers))
        for line in signing.lines
    )
    return (signing.possible, signing.earliest, signing.signers, lines)


def _signing_in_words(signing: Signing) -> str:
    when = f"from {signing.earliest.isoformat()} on" if signing.earliest else "on no day"
    return f"in time: {signing.possible}, {when}; fewest signers: {names(signing.signers)}"
