"""Legal tests in every account of a book: under which their answers hold and what flips them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date

from muniment.answers.across import Accounts, Across, Said
from muniment.answers.legal import Tested, legal_answers
from muniment.book.accounts import World
from muniment.control.legal import LegalTest

VERDICTS: Mapping[Hashable, str] = {words: words for words in ("yes", "no", "undetermined", "not in question")}


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
