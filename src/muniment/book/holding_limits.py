"""How much of a class one holder may have (`held at most`), and who has more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from muniment.book.basis import Basis
from muniment.book.entity_fold import EntityState, Slot
from muniment.book.faults import Fault
from muniment.book.numbers_held import ZERO, in_words, least
from muniment.book.positions import Position
from muniment.book.structure import Holding
from muniment.model.values import Quantity


class HoldingLimits:
    """Notes who holds more of a class than one holder may; once, until it is put right."""

    def __init__(self, entity: str, fault: Fault) -> None:
        self.entity = entity
        self.fault = fault
        self._limits: dict[str, Slot] = {}
        self._over: set[tuple[str, str]] = set()

    def check(
        self,
        state: EntityState,
        changed: set[str],
        positions: Mapping[tuple[str, str], Position],
        stated: Mapping[tuple[str, str, str], Holding],
    ) -> None:
        """Check every class that has a limit and whose holdings, or limit, changed.

        Args:
            state: The entity as it stands.
            changed: Classes of which holdings changed.
            positions: What is held, by party and class.
            stated: What is held as stated in parts or bounds, by party, class and measure.
        """
        for class_id, part in state.classes.items():
            slot = part.slots.get("held at most")
            if slot is None or (class_id not in changed and self._limits.get(class_id) is slot):
                continue
            self._limits[class_id] = slot
            most: Quantity = slot.value.quantity
            for party, has, basis in self._held(class_id, bool(most.unit), positions, stated):
                key = (party, class_id)
                if has <= most.amount or party == self.entity:
                    self._over.discard(key)
                elif key not in self._over:
                    self._over.add(key)
                    has_words = in_words(has, percent=bool(most.unit))
                    limit = in_words(most.amount, percent=bool(most.unit))
                    self.fault(
                        "M518",
                        f"'{party}' holds {has_words} of '{class_id}', of which one holder may hold {limit}",
                        basis.span,
                        "correct the quantity, or record what became of the excess",
                        ((slot.basis.span, "the limit is stated here"),),
                    )

    def _held(
        self,
        class_id: str,
        in_parts: bool,
        positions: Mapping[tuple[str, str], Position],
        stated: Mapping[tuple[str, str, str], Holding],
    ) -> Iterator[tuple[str, Fraction, Basis]]:
        """Yield each holder with what it has of a class, in parts of the whole or in shares."""
        held = [(at[0], each) for at, each in positions.items() if at[1] == class_id and at[0] != self.entity]
        whole = sum((each.quantity for _, each in held), ZERO) if in_parts else Fraction(1)
        for party, position in held:
            if position.quantity:
                yield party, position.quantity / whole, position.bases[-1]
        for key, holding in stated.items():
            if key[1] == class_id and (holding.of == "class") == in_parts:
                yield holding.party, least(holding.quantity), holding.basis[-1]
