"""Who holds how much of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from muniment.book.structure import Basis, Entity, Holding, Structure
from muniment.model.values import Bounded
from muniment.payout.faults import Refusal
from muniment.payout.terms import conversion_chain


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRow:
    """What one party holds of one class.

    Attributes:
        class_id: Empty for a percentage of the capital or of the votes.
        quantity: Shares or units; None where only a percentage or bounds are recorded.
        of_class: Part of what is issued of the class, 0 to 1; None if open.
        of_total: Part of all that is issued of all classes, share for share; None if open.
        fully_diluted: Part of all shares after every conversion; None if open.
        stated: The holding as written, where it is not an exact number of shares; empty otherwise.
    """

    party: str
    class_id: str
    quantity: Fraction | None
    of_class: Fraction | None
    of_total: Fraction | None
    fully_diluted: Fraction | None
    stated: str = ""
    because: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTotal:
    """What is issued of one class.

    Attributes:
        issued: Shares or units; None if open.
        authorized: Shares that may be issued; None if not stated.
        as_converted: Common-equivalent shares; None if open.
    """

    class_id: str
    issued: Fraction | None
    authorized: int | None
    as_converted: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CapTable:
    """The holdings in one entity on one date.

    Attributes:
        rows: By class in the order of the entity, then by party id.
        totals: One for each class, issued or not.
        refusals: Why there are no rows; empty if there are.
    """

    entity: str
    on: date
    rows: tuple[CapRow, ...] = ()
    totals: tuple[ClassTotal, ...] = ()
    assumptions: tuple[str, ...] = ()
    because: tuple[Basis, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the table as plain values; numbers are exact strings such as ``"4000000"`` and ``"2/3"``."""
        return {
            "entity": self.entity,
            "on": self.on.isoformat(),
            "rows": [
                {
                    "party": row.party,
                    "class": row.class_id,
                    "quantity": _exact(row.quantity),
                    "of_class": _exact(row.of_class),
                    "of_total": _exact(row.of_total),
                    "fully_diluted": _exact(row.fully_diluted),
                    **({"stated": row.stated} if row.stated else {}),
                }
                for row in self.rows
            ],
            "totals": [
                {
                    "class": total.class_id,
                    "issued": _exact(total.issued),
                    "authorized": None if total.authorized is None else str(total.authorized),
                    "as_converted": _exact(total.as_converted),
                }
                for total in self.totals
            ],
            "assumptions": list(self.assumptions),
            "because": [{"record": each.record, "words": each.words, "at": str(each.span)} for each in self.because],
            "refusals": [{"kind": each.kind, "message": each.message, "hint": each.hint} for each in self.refusals],
        }


def cap_table(structure: Structure, entity: str) -> CapTable:
    """Return who holds how much of each class of `entity`.

    What the entity holds in itself is issued but not outstanding, and is left out.

    Args:
        structure: Everything in force on the date.
        entity: Id of the entity.
    """
    found = structure.entities.get(entity)
    if found is None:
        refusal = Refusal("unknown entity", f"'{entity}' is not an entity on {structure.on.isoformat()}")
        return CapTable(entity=entity, on=structure.on, refusals=(refusal,))
    holdings = [each for each in structure.holdings.get(entity, ()) if each.party != entity]
    order = {class_id: index for index, class_id in enumerate(found.classes)}
    holdings.sort(key=lambda each: (order.get(each.class_id, len(order)), each.class_id, each.party))
    issued = {class_id: _issued([each for each in holdings if each.class_id == class_id]) for class_id in order}
    ratios = {class_id: _ratio(found, class_id) for class_id in order}
    total = _sum(list(issued.values()))
    diluted = _sum([_times(issued[class_id], ratios[class_id]) for class_id in order])
    rows = tuple(_row(holding, issued, ratios, total, diluted) for holding in holdings)
    totals = tuple(
        ClassTotal(
            class_id=class_id,
            issued=issued[class_id],
            authorized=share_class.authorized,
            as_converted=_times(issued[class_id], ratios[class_id]),
        )
        for class_id, share_class in found.classes.items()
    )
    assumptions = [
        *structure.assumptions,
        "Fully diluted counts issued shares as converted; no options, SAFEs or notes.",
    ]
    if len(holdings) < len(structure.holdings.get(entity, ())):
        assumptions.append(f"What {entity} holds in itself is left out.")
    because = [basis for holding in holdings for basis in holding.basis]
    because += [
        basis for share_class in found.classes.values() if (basis := share_class.basis.get("converts")) is not None
    ]
    if not because and "" in found.basis:
        because = [found.basis[""]]
    return CapTable(
        entity=entity,
        on=structure.on,
        rows=rows,
        totals=totals,
        assumptions=tuple(dict.fromkeys(assumptions)),
        because=tuple(dict.fromkeys(because)),
    )


def _issued(holdings: Sequence[Holding]) -> Fraction | None:
    """Return the number of shares held; None if one of the holdings is not an exact number."""
    return _sum(
        [each.quantity if each.of is None and isinstance(each.quantity, Fraction) else None for each in holdings]
    )


def _sum(parts: Sequence[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def _times(amount: Fraction | None, ratio: Fraction | None) -> Fraction | None:
    return None if amount is None or ratio is None else amount * ratio


def _part(amount: Fraction | None, whole: Fraction | None) -> Fraction | None:
    return None if amount is None or not whole else amount / whole


def _ratio(entity: Entity, class_id: str) -> Fraction | None:
    chain = conversion_chain(entity, class_id)
    if isinstance(chain, Refusal):
        return None
    return chain[-1][1] if chain else Fraction(1)


def _row(
    holding: Holding,
    issued: Mapping[str, Fraction | None],
    ratios: Mapping[str, Fraction | None],
    total: Fraction | None,
    diluted: Fraction | None,
) -> CapRow:
    exact = holding.quantity if isinstance(holding.quantity, Fraction) else None
    number = exact if holding.of is None else None
    stated = ""
    if isinstance(holding.quantity, Bounded):
        stated = holding.quantity.text or "not stated exactly"
    elif holding.of is not None:
        stated = f"{exact} of {holding.class_id or holding.of}"
    of_class = exact if holding.of == "class" else _part(number, issued.get(holding.class_id))
    return CapRow(
        party=holding.party,
        class_id=holding.class_id,
        quantity=number,
        of_class=of_class,
        of_total=exact if holding.of == "capital" else _part(number, total),
        fully_diluted=_part(_times(number, ratios.get(holding.class_id)), diluted),
        stated=stated,
        because=holding.basis,
    )


def _exact(number: Fraction | None) -> str | None:
    return None if number is None else str(number)
