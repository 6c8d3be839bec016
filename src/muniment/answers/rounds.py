"""What a round comes to, under every reading that an account leaves open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from math import prod
from typing import Any

from muniment.answers.header import grounds
from muniment.answers.readings import ask_world
from muniment.book.accounts import World
from muniment.model.records import Record
from muniment.payout.accrued_interest import DAY_COUNTS
from muniment.payout.faults import Refusal
from muniment.payout.rounds.answer import RoundAnswer, compute_round
from muniment.payout.rounds.asked import ON_TOP, OUT_OF, AskedRound, asked_of_record, stated
from muniment.payout.rounds.reading import converting, without_day_count

MOST_READINGS = 64


@dataclass(frozen=True, slots=True)
class Financed:
    """A round's answer, with the readings of open facts it depends on."""

    answer: RoundAnswer
    reads: dict[str, str]


def recorded_rounds(world: World, record: Record, on: date, under: str | None) -> tuple[Financed, ...]:
    """Answer what a recorded round comes to; more than one answer where an open fact changes it.

    Args:
        world: The book in one account.
        record: The `round` record.
        on: The day of the round: interest runs to it, and what is held and outstanding is taken on it.
        under: The proposal taken as adopted, if any.
    """
    found: list[Financed] = []
    for reads, chosen in _readings_of_record(world, record):
        read = world.choosing(chosen) if chosen else world
        asked = asked_of_record(read, record)
        if isinstance(asked, Refusal):
            refused = RoundAnswer(
                entity=record.value("issuer") or "",
                round_id=record.address,
                on=on,
                currency="",
                because=(asked.basis,) if asked.basis is not None else (),
                refusals=(asked,),
            )
            found.append(Financed(refused, reads))
            continue
        found += [Financed(each.answer, {**reads, **each.reads}) for each in _answers(read, asked, on, under)]
    return tuple(_merged(found))


def thought_of_rounds(world: World, asked: AskedRound, on: date, under: str | None) -> tuple[Financed, ...]:
    """Answer what a round comes to that is not recorded."""
    return tuple(_answers(world, asked, on, under))


def _readings_of_record(world: World, record: Record) -> list[tuple[dict[str, str], dict[str, int]]]:
    """Return each combination of the statements that an account leaves open in a round's own record."""
    _, left_open = stated(world, record)
    options = [
        [(fact.address, index, words) for index, words in enumerate(fact.readings) if words] for fact in left_open
    ]
    combinations = 1
    for each in options:
        combinations *= len(each)
    if combinations > MOST_READINGS:
        return [({}, {})]
    return [
        ({address: words for address, _, words in chosen}, {address: index for address, index, _ in chosen})
        for chosen in product(*options)
    ]


def _answers(world: World, asked: AskedRound, on: date, under: str | None) -> list[Financed]:
    """Ask under each reading of what the structure leaves open, and each day count of notes that state none."""
    chosen = converting(world.on(on, under), asked)
    silent = () if isinstance(chosen, Refusal) else without_day_count(chosen)[:3]
    found: list[Financed] = []
    for counts, (placed, reading) in product(product(DAY_COUNTS, repeat=len(silent)), _placings(asked)):
        by_note = dict(zip(silent, counts, strict=True))
        readings = ask_world(world, on, under, asked.entity, _question(placed, on, under, by_note), _key)
        words = {f"{note} day count": count for note, count in by_note.items()} | reading
        found += [Financed(each.answer, {**words, **each.reads}) for each in readings.each]
    return _merged(found)


def _placings(asked: AskedRound) -> list[tuple[AskedRound, dict[str, str]]]:
    """Return a round under each reading of where the parts taken pro rata come from; once where it is said."""
    if not asked.pro_rata or asked.on_top is not None:
        return [(asked, {})]
    label = f"{asked.round_id} pro rata money".strip()
    return [
        (replace(asked, on_top=False), {label: OUT_OF}),
        (replace(asked, on_top=True), {label: ON_TOP}),
    ]


def _merged(found: list[Financed]) -> list[Financed]:
    """Put together the readings that give one answer; it depends on none where there is only one."""
    groups: dict[tuple[Any, ...], list[Financed]] = {}
    for each in found:
        groups.setdefault(_key(each.answer), []).append(each)
    if len(groups) == 1:
        return [Financed(found[0].answer, {})]
    merged: list[Financed] = []
    for alike in groups.values():
        labels = dict.fromkeys(label for each in alike for label in each.reads)
        words = {label: list(dict.fromkeys(each.reads.get(label, "") for each in alike)) for label in labels}
        together = prod(len(each) for each in words.values()) == len(alike)
        if together:
            merged.append(Financed(alike[0].answer, {label: " or ".join(each) for label, each in words.items()}))
        else:
            merged += alike
    return merged


def _question(
    asked: AskedRound, on: date, under: str | None, day_counts: dict[str, str]
) -> Callable[[World], RoundAnswer]:
    return lambda read: compute_round(read, read.on(on, under), asked, day_counts)


def _key(answer: RoundAnswer) -> tuple[Any, ...]:
    return answer.outcomes, answer.refusals, answer.circular


def round_json(financed: Financed) -> dict[str, Any]:
    """Return one answer as plain values."""
    fields = financed.answer.to_json()
    fields["because"] = grounds(financed.answer.because)
    if financed.reads:
        fields["reads"] = financed.reads
    return fields
