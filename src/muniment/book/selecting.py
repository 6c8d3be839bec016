"""Select the records that are in force on a date, in the order in which they are folded, and resolve their facts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from muniment.book.entity_fold import basis_of, basis_of_record
from muniment.book.split_order import Dated, with_splits_placed
from muniment.book.structure import Basis, OpenFact
from muniment.model.dates import is_before, is_on_or_before, sort_key
from muniment.model.records import Fact, Record, Statement
from muniment.model.values import PartialDate
from muniment.model.vocabulary import ENTITY_KINDS, LEDGER_KINDS, PARTY_KINDS

if TYPE_CHECKING:
    from muniment.book.accounts import World

FOLDED_KINDS = frozenset((*ENTITY_KINDS, "amend", *LEDGER_KINDS, "holding", "appoint", "remove", "leave"))
COUNT_SHARES = frozenset((*LEDGER_KINDS, "holding", "grant", "forfeit"))
IN_A_DAY: tuple[tuple[str, ...], ...] = (
    PARTY_KINDS,
    ("amend",),
    ("split",),
    ("grant",),
    ("issue",),
    ("exercise",),
    ("convert",),
    ("transfer",),
    ("repurchase",),
    ("cancel",),
    ("forfeit",),
    ("holding",),
    ("remove", "leave"),
    ("appoint",),
)
"""The order within a day. Within the ledger, splits are of the shares there were, shares come into
being before they move, and a holding is what is left."""
ORDER_IN_A_DAY: Mapping[str, int] = {kind: place for place, kinds in enumerate(IN_A_DAY) for kind in kinds}


@dataclass
class Choices:
    """Resolves the facts that a fold meets, and notes which were disputed and which are open."""

    world: World
    entity: str = ""
    disputed: dict[str, None] = field(default_factory=dict)
    open_facts: dict[tuple[str, str], OpenFact] = field(default_factory=dict)

    def choose(self, record: Record, fact: Fact) -> Statement | None:
        """Return the statement to use, or None where the account leaves the fact open."""
        if len(fact.statements) == 1:
            return fact.statements[0]
        address = f"{record.address} {fact.address}"
        self.disputed[address] = None
        resolution = self.world.resolve(record, fact)
        if resolution.statement is None:
            readings = tuple(
                (f"({s.name}) {s.text}" if s.name else s.text) if i in resolution.choices else ""
                for i, s in enumerate(fact.statements)
            )
            self.leave_open(address, readings, self.entity, basis_of(record, fact, fact.statements[0]))
        return resolution.statement

    def choose_order(self, first: Record, second: Record) -> bool | None:
        """Return whether the second of two records of uncertain date came later; None where that is left open."""
        address = f"{second.address} order"
        chosen = self.world.chosen.get(address)
        if chosen is not None:
            return chosen == 0
        other = f"{first.address} ({first.date.text})"
        self.leave_open(address, (f"after {other}", f"before {other}"), self.entity, basis_of_record(second))
        return None

    def choose_place(self, split: Record, days: Sequence[str]) -> int | None:
        """Return how many of some days come before a split of uncertain date; None where that is left open."""
        address = f"{split.address} order"
        chosen = self.world.chosen.get(address)
        if chosen is not None:
            return min(chosen, len(days))
        readings = (f"before {days[0]}", *(f"after {day}" for day in days))
        self.leave_open(address, readings, self.entity, basis_of_record(split))
        return None

    def comes_after(self, record: Record, other: Record) -> bool:
        """Whether a record says, itself or through others, that it takes effect after another."""
        seen: set[str] = set()
        while (address := record.value("after")) and address not in seen:
            if address == other.address:
                return True
            seen.add(address)
            above = self.world.book.index.by_address.get(address)
            if above is None:
                return False
            record = above
        return False

    def knows_seats(self, entity: str, name: str) -> bool:
        """Whether an entity has, at any time, seats or an office of that name."""
        names = self.world.book.index.names.get(entity)
        return names is not None and (name in names.seats or name in names.offices)

    def knows_party(self, name: str) -> bool:
        """Whether a record defines a party of that name."""
        record = self.world.book.index.defined.get(name)
        return record is not None and record.kind in PARTY_KINDS

    def leave_open(self, address: str, readings: tuple[str, ...], entity: str, basis: Basis) -> None:
        """Note a fact that is open, with what may be chosen and whom it touches."""
        self.open_facts[(address, entity)] = OpenFact(address=address, readings=readings, entity=entity, basis=basis)


class Begin(NamedTuple):
    """One of the dates that must have come before a record counts: its own, its event's, its proposal's adoption.

    Attributes:
        address: The fact (`RECORD date`).
        dates: One; several where the account leaves open which.
        texts: The dates as written.
    """

    address: str
    dates: tuple[PartialDate, ...]
    texts: tuple[str, ...]


class Selector:
    """Selects the records that are in force on a date and puts them in order.

    Without a date (`when` None) every record counts that has not ended by `not_ended_by`; an appointment that ends is
    then followed by its end.

    With a day `known` before `when` it looks ahead: a record counts if it begins by `known`, and ends by `when`.
    """

    def __init__(
        self,
        world: World,
        when: PartialDate | None,
        proposals: Sequence[str],
        choices: Choices,
        not_ended_by: int | None = None,
        known: PartialDate | None = None,
    ) -> None:
        self.world = world
        self.when = when
        self.proposals = {name: position for position, name in enumerate(proposals)}
        self.choices = choices
        self.not_ended_by = not_ended_by
        self.known = known or when

    def in_order(self, records: Iterable[Record], kinds: Collection[str] = FOLDED_KINDS) -> list[Dated]:
        """Return the records of one subject that are in force, in the order in which they take effect.

        Args:
            records: All records of the subject.
            kinds: Those that are wanted.
        """
        chosen: list[tuple[tuple[object, ...], Dated]] = []
        records = tuple(records)
        # A split stands among all records that count shares, whichever of them are wanted.
        needed = {*kinds, *COUNT_SHARES} if any(record.kind == "split" for record in records) else kinds
        for record in records:
            if record.kind not in needed or not self.is_in_force(record):
                continue
            dated = Dated(self.counts_from(record), record)
            chosen.append((self._order(dated), dated))
            until = record.value("until")
            if self.when is None and record.kind == "appoint" and until is not None:
                end = Dated(until, record, ends=True)
                chosen.append((self._order(end), end))
        chosen.sort(key=lambda pair: pair[0])
        placed = with_splits_placed(_after([dated for _, dated in chosen]), self.choices)
        return [dated for dated in placed if dated.record.kind in kinds]

    def _order(self, dated: Dated) -> tuple[object, ...]:
        """Return the place of a record among those of its subject."""
        record = dated.record
        position = self._taken(record)
        kind = ORDER_IN_A_DAY["remove" if dated.ends else record.kind]
        return (sort_key(dated.when), position, kind, record.span.path, record.span.line)

    def _taken(self, record: Record) -> int:
        """Return the place of the proposal that a record stands under among those taken; -1 if it is fact."""
        seen: set[str] = set()
        while (condition := record.value("under")) and condition not in seen:
            if condition in self.proposals:
                return self.proposals[condition]
            seen.add(condition)
            above = self.world.book.index.defined.get(condition)
            if above is None:
                break
            record = above
        return -1

    def begins(self, record: Record) -> tuple[Begin, ...] | None:
        """Return the dates that must have come before a record counts.

        None if it does not exist in this account and proposal.
        """
        found: list[Begin] = []
        seen: set[str] = set()
        current = record
        while self.world.exists(current):
            found.append(self._begin(current))
            recorded = current.value("recorded") if self.world.as_recorded else None
            if isinstance(recorded, PartialDate):
                found.append(Begin(f"{current.address} recorded", (recorded,), (recorded.text,)))
            condition = current.value("under")
            if condition is None or condition in self.proposals:
                return tuple(found)
            above = self.world.book.index.defined.get(condition)
            if above is None or condition in seen:
                return None
            seen.add(condition)
            if above.kind == "proposal":
                adopted = self._adopted(above, record) if self.world.exists(above) else None
                if adopted is None:
                    return None
                found.append(Begin(f"{condition} outcome", (adopted,), (adopted.text,)))
                return tuple(found)
            current = above
        return None

    def _adopted(self, proposal: Record, record: Record) -> PartialDate | None:
        """Return the day a proposal was adopted; None if it was not, or if it is open, which is noted for `record`."""
        fact = proposal.fact("outcome")
        if fact is None:
            return None
        statement = None if fact.is_disputed else fact.statements[0]
        for entity in self._touched(record) if fact.is_disputed else ():
            self.choices.entity = entity
            statement = self.choices.choose(proposal, fact)
        if statement is None or statement.value is None or statement.value.word != "adopted":
            return None
        date: PartialDate | None = statement.value.date
        return date

    def _begin(self, record: Record) -> Begin:
        """Return a record's own date; where it is disputed and the account leaves it open, each date that it may be."""
        address = f"{record.address} date"
        fact = record.fact("date")
        if fact is None:
            return Begin(address, (record.date,), (record.date.text,))
        if len(fact.statements) > 1:
            self.choices.disputed[address] = None
        resolution = self.world.resolve(record, fact)
        if resolution.statement is not None:
            value = resolution.statement.value
            when = value if isinstance(value, PartialDate) else record.date
            return Begin(f"{address} {when.text}" if len(fact.statements) > 1 else address, (when,), (when.text,))
        possible = [
            (i, s)
            for i, s in enumerate(fact.statements)
            if i in resolution.choices and isinstance(s.value, PartialDate)
        ]
        if not possible:
            return Begin(address, (record.date,), (record.date.text,))
        texts = ["" for _ in fact.statements]
        for index, statement in possible:
            texts[index] = statement.text
        return Begin(address, tuple(s.value for _, s in possible), tuple(texts))

    def counts_from(self, record: Record) -> PartialDate:
        """Return the day from which a record counts: its own, or that of what it stands under where that is later."""
        begins = self.begins(record) or (self._begin(record),)
        dates = [
            begin.dates[0] if len(begin.dates) == 1 else record.date
            for begin in begins
            if not begin.address.endswith(" recorded")
        ]
        return dates[0] if len(dates) == 1 else max(dates, key=sort_key)

    def is_in_force(self, record: Record) -> bool:
        """Whether a record is in force; where its date leaves that open, the fact is noted and it is left out."""
        begins = self.begins(record)
        if begins is None:
            return False
        if self.when is None or self.known is None:
            return self._has_not_ended(record)
        come = [self._has_come(record, begin, self.known) for begin in begins]  # each, so that every open date is noted
        if not all(come):
            return False
        fact = record.fact("until")
        if fact is None:
            return True
        dates = tuple(s.value for s in fact.statements if isinstance(s.value, PartialDate))
        resolution = self.world.resolve(record, fact)
        if resolution.statement is not None:
            dates = (resolution.statement.value,) if isinstance(resolution.statement.value, PartialDate) else ()
        texts = tuple(s.text for s in fact.statements)
        return not dates or not self._has_come(record, Begin(f"{record.address} until", dates, texts), self.when)

    def _has_not_ended(self, record: Record) -> bool:
        until = record.value("until")
        if until is None or record.kind == "appoint":
            return True
        return self.not_ended_by is not None and sort_key(until)[0] > self.not_ended_by

    def _has_come(self, record: Record, begin: Begin, by: PartialDate) -> bool:
        """Whether a date has come by a day; open where it is uncertain and allows both."""
        first = begin.dates[0]
        low, high = first.ranges[0]
        if (
            len(begin.dates) == 1
            and low is not None
            and low == high
            and len(first.ranges) == 1
            and not first.approximate
        ):
            return low <= by.ranges[0][0]  # type: ignore[operator]
        reached = {is_on_or_before(when, by) for when in begin.dates}
        if len(reached) == 1 and None not in reached:
            return reached == {True}
        if record.kind in ("person", "group"):
            return True  # a person is there before and after what is recorded of them
        readings = begin.texts
        if len(begin.dates) == 1:
            chosen = self.world.chosen.get(begin.address)
            if chosen is not None:
                return chosen == 0
            readings = (f"by {by.text}", f"after {by.text}")
        if record.kind in FOLDED_KINDS or record.kind in ("agreement", "pay"):
            words = f"{begin.address.rpartition(' ')[2]} {' or '.join(text for text in begin.texts if text)}"
            basis = Basis(record.address, words, record.span, record.citations, record.quotations)
            for entity in self._touched(record):
                self.choices.leave_open(begin.address, readings, entity, basis)
        return False

    def _touched(self, record: Record) -> tuple[str, ...]:
        """Return the entities that a record changes."""
        if record.kind == "agreement":
            named = [*(record.value("parties") or ())]
            named += [fact.agreed for part in record.parts for fact in part.facts if fact.label == "over"]
            return tuple(dict.fromkeys(name for name in named if name in self.world.book.index.names))
        if record.kind == "pay":
            return (record.value("by") or "",)
        return (record.name,)


def _after(dated: Sequence[Dated]) -> list[Dated]:
    """Put each record that says `after` behind the record it names; one that certainly came earlier stays."""
    place = {one.record.address: one for one in dated if not one.ends}
    waiting: dict[str, list[Dated]] = {}
    done: set[str] = set()
    result: list[Dated] = []
    for one in dated:
        above = place.get(one.record.value("after") or "") if not one.ends else None
        if above is not None and above.record.address not in done and is_before(one.when, above.when) is not True:
            waiting.setdefault(above.record.address, []).append(one)
            continue
        ready = [one]
        while ready:
            current = ready.pop()
            result.append(current)
            if not current.ends:
                done.add(current.record.address)
                ready += reversed(waiting.pop(current.record.address, []))
    # Records that wait for one another in a circle are reported when the book is loaded.
    return result + [one for held in waiting.values() for one in held]
