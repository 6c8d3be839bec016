"""Compare: the same questions put to several sides, which are proposals, dates or accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from muniment.answers.deciding import Decided, Directors, asked_of, coalitions_in_words, decisions, names
from muniment.answers.paying import payouts
from muniment.book.accounts import World
from muniment.control import NoSuchMatter
from muniment.model.amounts import format_amount, format_money
from muniment.model.values import Money

NOT_THERE = "does not exist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One column of a comparison: a proposal, a date and an account; `name` is what the column is called."""

    name: str
    on: date
    under: str | None
    account: str


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its answer on each side."""

    question: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether two sides answer differently."""
        return len(set(self.values)) > 1


def compare(
    world: World,
    sides: Sequence[Side],
    entity: str | None = None,
    matter: str | None = None,
    directors: Directors = "loyal",
    proceeds: Money | None = None,
) -> tuple[Row, ...]:
    """Ask who decides (and who is paid, where proceeds are given) on every side.

    Returns:
        A row for each entity, matter and question that a side knows, in the order of the first side that does.
    """
    worlds = [World(world.book, side.account, world.as_recorded) for side in sides]
    matters: dict[tuple[str, str], None] = {}
    for side, own in zip(sides, worlds, strict=True):
        matters.update(dict.fromkeys(asked_of(own, side.on, side.under, entity, matter)))
    rows: list[Row] = []
    for name, each in matters:
        answers = [_decided(own, side, name, each, directors) for side, own in zip(sides, worlds, strict=True)]
        rows += [
            Row(f"{name}: {each}, {question}", tuple(_in_words(answer, question) for answer in answers))
            for question in ("alone", "can block", "smallest coalitions")
        ]
    if proceeds is not None:
        for name in dict.fromkeys(name for name in world.book.index.names if entity in (None, name)):
            paid = [_paid(own, side, name, proceeds) for side, own in zip(sides, worlds, strict=True)]
            if any(words != NOT_THERE for words in paid):
                rows.append(Row(f"{name}: payout at {format_money(proceeds)}", tuple(paid)))
    return tuple(rows)


def _decided(world: World, side: Side, entity: str, matter: str, directors: Directors) -> tuple[Decided, ...] | None:
    if entity not in world.on(side.on, side.under).entities:
        return None
    found = decisions(world, side.on, side.under, entity, matter, (directors,))
    return None if isinstance(found, NoSuchMatter) else found


def _in_words(found: tuple[Decided, ...] | None, question: str) -> str:
    if found is None:
        return NOT_THERE
    said = []
    for each in found:
        decision = each.decision
        if question == "smallest coalitions":
            words = coalitions_in_words(decision)
        else:
            words = names(decision.alone if question == "alone" else decision.can_block)
        reads = " and ".join(f"{fact} is '{reading}'" for fact, reading in each.reads.items())
        said.append(f"{words} if {reads}" if reads else words)
    return "; ".join(said) if len({words.partition(" if ")[0] for words in said}) > 1 else said[0].partition(" if ")[0]


def _paid(world: World, side: Side, entity: str, proceeds: Money) -> str:
    structure = world.on(side.on, side.under)
    if entity not in structure.entities or not (
        structure.holdings.get(entity) or structure.entities[entity].distribution
    ):
        return NOT_THERE
    said = []
    for each in payouts(world, side.on, side.under, entity, proceeds):
        if each.payout.refusals:
            said.append(each.payout.refusals[0].message)
        else:
            totals = each.payout.totals.items()
            said.append(
                ", ".join(
                    f"{party} {proceeds.currency} {format_amount(amount, proceeds.currency, commas=True)}"
                    for party, amount in totals
                )
                or "undetermined"
            )
    return "; ".join(dict.fromkeys(said))
