"""Who must sign, in every account of a book: under which the answer holds and what flips it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

from muniment.answers.across import Accounts, Across, Said, speak
from muniment.answers.deciding import names
from muniment.answers.signing import Signed, signatures
from muniment.book.accounts import World
from muniment.control import NoSuchMatter
from muniment.control.signing import Signing


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
