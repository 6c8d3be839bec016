"""Who holds how much of what: issued, outstanding, as converted and fully diluted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis, Entity, Holding, Structure
from muniment.model.values import Bounded
from muniment.payout.cap_rows import CapRow, CapTable, ClassTotal, View, Within
from muniment.payout.faults import Refusal
from muniment.payout.instruments import ZERO, Dilution, Instrument, Range, dilution, range_of, sum_of
from muniment.payout.maturity import due_at_maturity
from muniment.payout.terms import conversion_chain, conversions_as_stated
from muniment.text.reader import without_cycle_search


def cap_table(structure: Structure, entity: str) -> CapTable:
    """Return who holds how much of each class of `entity`, and what may become shares.

    What the entity holds in itself is issued but not outstanding; parts are of what is outstanding. Fully diluted
    counts the shares outstanding as converted, everything granted and not yet used, forfeited or expired, vested or
    not, options over new shares, notes that become a fixed number of shares, and what is left in the pools. SAFEs and
    notes whose shares depend on a later price are listed and not counted.

    Args:
        structure: Everything in force on the date.
        entity: Id of the entity.
    """
    with without_cycle_search():
        return _cap_table(structure, entity)


def _cap_table(structure: Structure, entity: str) -> CapTable:
    found = structure.entities.get(entity)
    if found is None:
        refusal = Refusal("unknown entity", f"'{entity}' is not an entity on {structure.on.isoformat()}")
        return CapTable(entity=entity, on=structure.on, refusals=(refusal,))
    more = dilution(structure, found)
    counted = _Counted(found, structure.holdings.get(entity, ()), more)
    rows = tuple(counted.row(holding) for holding in counted.holdings)
    assumptions = [*structure.assumptions, _of_the_count(more), *more.notes]
    assumptions += conversions_as_stated(structure, found)
    due = tuple(one for each in more.owed if (one := due_at_maturity(each, structure.on)) is not None)
    assumptions += [words for each in due for words in each.notes]
    if counted.own:
        assumptions.append(f"What {entity} holds in itself is left out.")
    because = [basis for holding in counted.holdings for basis in holding.basis]
    because += [
        basis for share_class in found.classes.values() if (basis := share_class.basis.get("converts")) is not None
    ]
    because += [each.basis for each in more.grants] + [each.basis for each in more.plans]
    because += [each.basis for each in more.instruments] + [each.terms.basis for each in more.owed]
    because += [basis for each in due for basis in each.because]
    if not because and "" in found.basis:
        because = [found.basis[""]]
    return CapTable(
        entity=entity,
        on=structure.on,
        rows=rows,
        totals=tuple(counted.total_of(class_id) for class_id in found.classes),
        more_views=counted.view,
        grants=more.grants,
        plans=more.plans,
        owed=more.owed,
        due=due,
        assumptions=tuple(dict.fromkeys(assumptions)),
        because=tuple(dict.fromkeys(because)),
    )


def _of_the_count(more: Dilution) -> str:
    if not more.instruments and not more.owed and not more.grants:
        return "Fully diluted counts issued shares as converted; no options, SAFEs or notes."
    return (
        "Fully diluted counts shares outstanding as converted, what is granted and left (vested or not), options over "
        "new shares, notes that become a fixed number of shares, and what is left in the pools."
    )


class _Whole(NamedTuple):
    """A sum of ranges from which one of them can be taken away again.

    Attributes:
        low: The sum of the least numbers.
        high: The sum of the greatest, of those that have one.
        unbounded: How many have none.
    """

    low: Fraction = ZERO
    high: Fraction = ZERO
    unbounded: int = 0

    @property
    def range(self) -> Range:
        """Return the sum."""
        return Range(self.low, None if self.unbounded else self.high)

    def without(self, part: Range) -> Range:
        """Return the sum of the others."""
        if part.high is None:
            return Range(self.low - part.low, None if self.unbounded > 1 else self.high)
        return Range(self.low - part.low, None if self.unbounded else self.high - part.high)

    def times(self, factor: Fraction) -> _Whole:
        """Return a multiple; `factor` is above 0."""
        return _Whole(self.low * factor, self.high * factor, self.unbounded)


def _whole(parts: Iterable[Range]) -> _Whole:
    low = high = ZERO
    unbounded = 0
    for part in parts:
        low += part.low
        if part.high is None:
            unbounded += 1
        else:
            high += part.high
    return _Whole(low, high, unbounded)


def _together(wholes: Iterable[_Whole | None]) -> _Whole | None:
    low = high = ZERO
    unbounded = 0
    for each in wholes:
        if each is None:
            return None
        low, high, unbounded = low + each.low, high + each.high, unbounded + each.unbounded
    return _Whole(low, high, unbounded)


class _Counted:
    """The shares of one entity, counted by class: outstanding, held in itself, and fully diluted."""

    def __init__(self, entity: Entity, holdings: Sequence[Holding], more: Dilution) -> None:
        self.entity = entity
        self.more = more
        order = {class_id: index for index, class_id in enumerate(entity.classes)}
        self.holdings = [each for each in holdings if each.party != entity.id]
        self.holdings.sort(key=lambda each: (order.get(each.class_id, len(order)), each.class_id, each.party))
        self.own = [each for each in holdings if each.party == entity.id]
        self.ratios = {class_id: _ratio(entity, class_id) for class_id in order}
        self.outstanding = _by_class(self.holdings, order)
        self.itself = _by_class(self.own, order)
        self.granted = {
            class_id: _whole(each.shares for each in more.instruments if each.class_id == class_id)
            for class_id in order
        }
        self.total = _together(self.outstanding.values())
        self.diluted = _together(self._all_of(class_id) for class_id in order)

        self.exact = self._exact_wholes()

    def _exact_wholes(self) -> dict[str, tuple[Fraction, Fraction, Fraction]]:
        """Return (of the class, of all, fully diluted) by class, where all three are exact and above 0."""
        total = self.total.range.exact if self.total is not None else None
        diluted = self.diluted.range.exact if self.diluted is not None else None
        found: dict[str, tuple[Fraction, Fraction, Fraction]] = {}
        for class_id, whole in self.outstanding.items():
            of_class = whole.range.exact
            if of_class and total and diluted:
                found[class_id] = (of_class, total, diluted)
        return found

    def _all_of(self, class_id: str) -> _Whole | None:
        """Return the common shares of a class fully diluted."""
        ratio = self.ratios[class_id]
        in_all = _together((self.outstanding[class_id], self.granted[class_id]))
        return None if ratio is None or in_all is None else in_all.times(ratio)

    def _converted(self, class_id: str, shares: Range) -> Range | None:
        ratio = self.ratios.get(class_id)
        return None if ratio is None else shares.times(ratio)

    def total_of(self, class_id: str) -> ClassTotal:
        """Return the totals of a class."""
        outstanding = self.outstanding[class_id].range
        converted = self._converted(class_id, outstanding)
        diluted = self._all_of(class_id)
        return ClassTotal(
            class_id=class_id,
            issued=sum_of([outstanding, self.itself[class_id].range]).exact,
            outstanding=outstanding.exact,
            authorized=self.entity.classes[class_id].authorized,
            as_converted=None if converted is None else converted.exact,
            fully_diluted=None if diluted is None else diluted.range.exact,
            ratio=self.ratios[class_id],
        )

    def row(self, holding: Holding) -> CapRow:
        """Return the row of one holding."""
        if holding.of is not None:
            exact = holding.quantity if isinstance(holding.quantity, Fraction) else None
            words = f"{exact} of {holding.class_id or holding.of}"
            bounds = range_of(holding.quantity) if exact is None else None
            if bounds is not None:
                assert isinstance(holding.quantity, Bounded)
                words = holding.quantity.text or "not stated exactly"
            of_class, of_total = holding.of == "class", holding.of == "capital"
            return CapRow(
                party=holding.party,
                class_id=holding.class_id,
                quantity=None,
                of_class=exact if of_class else None,
                of_total=exact if of_total else None,
                fully_diluted=None,
                stated=words,
                because=holding.basis,
                within=Within(None, bounds if of_class else None, bounds if of_total else None, None)
                if bounds is not None and (of_class or of_total)
                else None,
            )
        class_id = holding.class_id
        whole, ratio = self.exact.get(class_id), self.ratios.get(class_id)
        if whole is not None and ratio is not None and isinstance(holding.quantity, Fraction):
            in_class, total, diluted = whole
            return CapRow(
                party=holding.party,
                class_id=class_id,
                quantity=holding.quantity,
                of_class=holding.quantity / in_class,
                of_total=holding.quantity / total,
                fully_diluted=holding.quantity * ratio / diluted,
                because=holding.basis,
            )
        held = range_of(holding.quantity)
        return self._row(
            party=holding.party,
            class_id=class_id,
            held=held,
            parts=(
                _part(held, self.outstanding.get(class_id)),
                _part(held, self.total),
                self._diluted_part(class_id, held),
            ),
            stated=(holding.quantity.text or "not stated exactly") if isinstance(holding.quantity, Bounded) else "",
            because=holding.basis,
        )

    def _diluted_part(self, class_id: str, shares: Range) -> Range | None:
        converted = self._converted(class_id, shares)
        return None if converted is None or self.diluted is None else _part(converted, self.diluted)

    def _row(
        self,
        *,
        party: str,
        class_id: str,
        held: Range,
        parts: tuple[Range | None, Range | None, Range | None],
        stated: str = "",
        because: tuple[Basis, ...] = (),
        instrument: str = "",
        id: str = "",  # noqa: A002 - the name of the field
    ) -> CapRow:
        of_class, of_total, diluted = parts
        is_open = held.exact is None or any(each is not None and each.exact is None for each in parts)
        return CapRow(
            party=party,
            class_id=class_id,
            quantity=held.exact,
            of_class=of_class.exact if of_class is not None else None,
            of_total=of_total.exact if of_total is not None else None,
            fully_diluted=diluted.exact if diluted is not None else None,
            stated=stated,
            because=because,
            within=Within(held, of_class, of_total, diluted) if is_open else None,
            instrument=instrument,
            id=id,
        )

    def instrument_row(self, each: Instrument) -> CapRow:
        """Return the row of what is not issued: it is no part of the class or of the total."""
        return self._row(
            party=each.party,
            class_id=each.class_id,
            held=each.shares,
            parts=(None, None, self._diluted_part(each.class_id, each.shares)),
            because=(each.basis,),
            instrument=each.kind,
            id=each.id,
        )

    def view(self, by: View) -> tuple[CapRow, ...]:
        """Return the rows by holder or by instrument."""
        if by == "holder":
            return self.by_holder()
        rows = [self.row(holding) for holding in self.holdings]
        return (
            *(replace(row, instrument="shares", id=row.because[0].record if row.because else "") for row in rows),
            *(self.instrument_row(each) for each in self.more.instruments),
        )

    def by_holder(self) -> tuple[CapRow, ...]:
        """Return one row a party: shares of all classes, and the part of all fully diluted; then the pools."""
        of: dict[str, _OfOne] = {}
        pools: list[CapRow] = []
        for holding in self.holdings:
            one = of.setdefault(holding.party, _OfOne())
            held = range_of(holding.quantity if holding.of is None else None)
            one.shares.append(held)
            one.converted.append(self._converted(holding.class_id, held) if holding.of is None else Range(ZERO, None))
            one.because += holding.basis
        for each in self.more.instruments:
            if each.kind == "pool":
                pools.append(replace(self.instrument_row(each), class_id="", quantity=ZERO, of_total=ZERO))
                continue
            one = of.setdefault(each.party, _OfOne())
            one.converted.append(self._converted(each.class_id, each.shares))
            one.because.append(each.basis)
        found: list[CapRow] = []
        for party, one in of.items():
            held = sum_of(one.shares)
            in_all = _sum_if_all(one.converted)
            part = None if in_all is None or self.diluted is None else _part(in_all, self.diluted)
            because = tuple(dict.fromkeys(one.because))
            parts = (None, _part(held, self.total), part)
            found.append(self._row(party=party, class_id="", held=held, parts=parts, because=because))
        found.sort(key=lambda row: (-(row.fully_diluted or ZERO), row.party))
        return (*found, *pools)


@dataclass(slots=True)
class _OfOne:
    """What one party has: shares, and the same with its instruments as converted (None where that is not known)."""

    shares: list[Range] = field(default_factory=list)
    converted: list[Range | None] = field(default_factory=list)
    because: list[Basis] = field(default_factory=list)


def _sum_if_all(ranges: Iterable[Range | None]) -> Range | None:
    found: list[Range] = []
    for each in ranges:
        if each is None:
            return None
        found.append(each)
    return sum_of(found)


def _by_class(holdings: Sequence[Holding], classes: Mapping[str, int]) -> dict[str, _Whole]:
    """Return what is held of each class in all."""
    found: dict[str, list[Range]] = {class_id: [] for class_id in classes}
    for holding in holdings:
        if holding.class_id in found:
            found[holding.class_id].append(range_of(holding.quantity if holding.of is None else None))
    return {class_id: _whole(ranges) for class_id, ranges in found.items()}


def _part(own: Range, whole: _Whole | None) -> Range | None:
    """Return what part of a whole its own part is, within bounds; None where the whole is 0 or not known."""
    if whole is None or (whole.high == 0 and not whole.unbounded):
        return None
    if own.low == own.high and whole.low == whole.high and not whole.unbounded:
        part = own.low / whole.low
        return Range(part, part)
    others = whole.without(own)
    low, high = ZERO, Fraction(1)
    if own.low and others.high is not None:
        low = own.low / (own.low + others.high)
    if own.high is not None and own.high + others.low:
        high = own.high / (own.high + others.low)
    return Range(low, high)


def _ratio(entity: Entity, class_id: str) -> Fraction | None:
    chain = conversion_chain(entity, class_id)
    if isinstance(chain, Refusal):
        return None
    return chain[-1][1] if chain else Fraction(1)
