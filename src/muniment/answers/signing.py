"""Who must sign and by when: asked under every reading that an account leaves open, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from muniment.answers.header import grounds
from muniment.answers.readings import ask
from muniment.book.accounts import World
from muniment.book.structure import OpenFact, Structure
from muniment.control import NoSuchMatter
from muniment.control.signing import Route, Signing, who_signs
from muniment.control.signing_lines import Line, Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Who must sign, in one reading of the open facts.

    Attributes:
        reads: Reading of each open fact that the answer depends on; empty if it depends on none.
        untried: Open facts that were left out because there were too many combinations.
    """

    signing: Signing
    reads: dict[str, str]
    untried: tuple[OpenFact, ...] = ()


def signatures(
    world: World, on: date, under: str | None, entity: str, matter: str, by: date, willing: Sequence[str] = ()
) -> tuple[Signed, ...] | NoSuchMatter:
    """Answer who must sign or vote for a matter by a day, once for each reading of open facts that changes it.

    Args:
        world: The book in one account.
        on: The first day on which anybody can act.
        under: The proposal taken as adopted, if any.
        entity: Whose matter.
        matter: A matter of the book or a standard one.
        by: The day by which it is to be done.
        willing: Who is taken to sign.
    """

    def question(structure: Structure) -> Signing | NoSuchMatter:
        return who_signs(structure, f"{entity}: {matter}", by=by, willing=willing)

    def same(answer: Signing | NoSuchMatter) -> object:
        if isinstance(answer, NoSuchMatter):
            return answer.message
        return (
            answer.possible,
            answer.earliest,
            answer.earliest_with_consents,
            answer.signers,
            answer.further,
            answer.lines,
            answer.routes,
        )

    readings = ask(world, on, under, entity, question, same)
    found = [
        Signed(signing=each.answer, reads=dict(each.reads), untried=readings.untried)
        for each in readings.each
        if isinstance(each.answer, Signing)
    ]
    refused = next((each.answer for each in readings.each if isinstance(each.answer, NoSuchMatter)), None)
    return tuple(found) if found or refused is None else refused


def signed_json(signed: Signed) -> dict[str, Any]:
    """Return one answer as plain values."""
    answer = signed.signing
    fields: dict[str, Any] = {
        "entity": answer.entity,
        "matter": answer.matter,
        "by": answer.by.isoformat(),
        "possible": answer.possible,
        "earliest": _day(answer.earliest),
        "earliest_with_others": _day(answer.earliest_with_others),
        "earliest_with_consents": _day(answer.earliest_with_consents),
        "silent": list(answer.silent),
        "who": list(answer.willing),
        "signers": list(answer.signers),
        "signers_earliest": _day(answer.signers_earliest),
        "further": list(answer.further),
        "fewest": answer.fewest,
        "other_sets": answer.other_sets,
        "lines": [_line_json(line) for line in answer.lines],
        "routes": [_route_json(route) for route in answer.routes],
        "more_routes": answer.more_routes,
        "because": grounds(answer.because),
        "assumptions": list(answer.assumptions),
    }
    if signed.reads:
        fields["reads"] = signed.reads
    if signed.untried:
        fields["untried"] = [fact.address for fact in signed.untried]
    return fields


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _line_json(line: Line) -> dict[str, Any]:
    return {
        "line": line.number,
        "depth": line.depth,
        "instrument": line.instrument,
        "purpose": line.purpose,
        "needed": line.needed,
        "nature": line.nature or None,
        "signers": [
            {
                "party": signer.party,
                "capacity": signer.capacity,
                "decides_by": list(signer.decides_by),
                "willing": signer.willing,
            }
            for signer in line.signers
        ],
        "more_signers": line.more_signers,
        "vacant_seats": line.vacant,
        "ways": [_way_json(way) for way in line.ways],
        "earliest": _day(line.earliest),
        "gate": line.gate or None,
        "because": grounds(line.because),
    }


def _way_json(way: Taken) -> dict[str, Any]:
    return {
        "form": way.form,
        "needs": way.needs or None,
        "notice": way.notice or None,
        "earliest": _day(way.earliest),
        "notice_by": _day(way.notice_by),
        "because": grounds(way.because),
    }


def _route_json(route: Route) -> dict[str, Any]:
    return {
        "route": list(route.words),
        "signers": list(route.signers),
        "fewest": route.fewest,
        "earliest": _day(route.earliest),
        "possible": route.possible,
        "because": grounds(route.because),
    }


def assumptions_of_signing(found: Sequence[Signed]) -> list[str]:
    """Return what some answers assume, and which open facts they leave out, each once."""
    words: dict[str, None] = {}
    for each in found:
        words.update(dict.fromkeys(each.signing.assumptions))
        words.update(
            (f"Not tried, for there were too many combinations, and left out: {fact.address}.", None)
            for fact in each.untried
        )
    return list(words)
