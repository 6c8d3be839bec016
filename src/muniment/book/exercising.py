"""What would be held if rights to acquire, to put or to convert were used.

Whether a right is substantive, or worth its price, is not judged here: the caller chooses the rights.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from muniment.book.numbers_held import ZERO, Lot, Lots, Number, in_words, least, minus, plus, times
from muniment.book.structure import Holding, Right, Structure
from muniment.model.dates import latest
from muniment.model.terms import Conversion
from muniment.model.values import Bounded


class Exercised(NamedTuple):
    """A structure in which rights are used.

    Attributes:
        structure: As it would stand; the rights used are gone from it, and its assumptions say that they were used.
        sentences: What was used and what was refused, and why; one a right, in the order of use.
    """

    structure: Structure
    sentences: tuple[str, ...]


def exercised(structure: Structure, ids: Collection[str] | Literal["all"], by: date | None = None) -> Exercised:
    """Return what would be held if rights were used.

    The rights are used one after the other, in the order of the structure's rights. New shares are added, others move
    from the party on the other side; a quantity that is stated within bounds stays within bounds. A percentage in new
    shares is a part of what is there once they are issued. A right is refused, with a sentence, that is never
    exercisable, not yet by the date or no longer on the structure's own, waits for an event, or is over shares that
    cannot be found.

    Args:
        structure: What is in force.
        ids: Ids of rights of the structure; or `all`.
        by: The last day on which they may be used; the structure's date if not given.

    Returns:
        The structure, on its own date, and a sentence for each right. An id that is no right's gives a sentence too.
    """
    deadline = by or structure.on
    sentences: list[str] = []
    known = {right.id for right in structure.rights}
    if ids != "all":
        sentences.extend(
            f"There is no right '{name}' on {structure.on}." for name in dict.fromkeys(ids) if name not in known
        )
    result = structure
    used: list[str] = []
    for right in structure.rights:
        if ids != "all" and right.id not in ids:
            continue
        refused = refusal(right, structure.on, deadline)
        changed = refused or _used(result, right, deadline)
        if isinstance(changed, str):
            sentences.append(f"{right.id} is not used: {changed}.")
            continue
        sentences.append(_said(right, result, deadline))
        result = changed
        used.append(right.id)
    if used:
        said = tuple(sentence for sentence in sentences if sentence not in structure.assumptions)
        rest = tuple(right for right in result.rights if right.id not in used)
        result = replace(result, rights=rest, assumptions=(*structure.assumptions, *said))
    return Exercised(result, tuple(sentences))


def refusal(right: Right, on: date, by: date) -> str:
    """Return why a right cannot be used between two days, both included; empty if it can."""
    first, last = right.exercisable
    if right.never:
        return "it is never exercisable"
    if first is not None and first > by:
        return f"it is exercisable from {first}, after {by}"
    if last is not None and last < on:
        return f"it was exercisable until {last}"
    if right.on_event:
        return f"it is exercisable on {right.on_event}, which is not on record by {on}"
    return ""


def _said(right: Right, structure: Structure, by: date) -> str:
    first = right.exercisable[0]
    when = f" by {by}" if first is not None and first > structure.on else ""
    match right.kind:
        case "put":
            taker = right.source or right.entity
            what = f"{right.holder} puts {right.text or right.class_id} to {taker}"
        case "convert":
            what = f"{right.holder} converts {right.text or right.class_id}"
        case _:
            source = f"from {right.source}" if right.source else "as new shares"
            what = f"{right.holder} acquires {right.text or right.class_id} {source}"
    over = _over_authorized(structure, right, by)
    return f"{right.id} is taken to be used{when}: {what}.{f' {over}' if over else ''}"


def _over_authorized(structure: Structure, right: Right, by: date) -> str:
    """Return a sentence where new shares go beyond the authorized number."""
    entity = structure.entities.get(right.entity)
    share_class = entity.classes.get(right.class_id) if entity is not None else None
    if share_class is None or share_class.authorized is None or right.of is not None:
        return ""
    if right.kind == "put" or (right.kind == "acquire" and right.source is not None):
        return ""
    held = [h for h in structure.holdings.get(right.entity, ()) if h.class_id == right.class_id and h.of is None]
    there = sum((least(holding.quantity) for holding in held), least(usable_by(right, by) or ZERO))
    if there <= share_class.authorized:
        return ""
    return f"That is beyond the {share_class.authorized:,} authorized, so more must be authorized first."


def usable_by(right: Right, by: date) -> Number | None:
    """Return the shares, or the part, that a right gives by a day; less than all of a grant that vests over time."""
    if not right.vesting:
        return right.quantity
    return max((quantity for day, quantity in right.vesting if day <= by), default=ZERO)


class _Refused(Exception):  # noqa: N818 - it never leaves this module
    """Carries the reason out."""


def _used(structure: Structure, right: Right, by: date) -> Structure | str:
    """Return the structure once one right is used, or why it cannot be."""
    quantity = usable_by(right, by)
    if quantity is None:
        return "its quantity is not stated"
    if quantity == ZERO:
        return f"nothing of it has vested by {by}"
    register = _Register(structure, right, quantity)
    try:
        register.use()
    except _Refused as refused:
        return str(refused)
    kept = sorted((h for h in register.held if h.quantity != ZERO), key=lambda h: (h.party, h.class_id, h.of or ""))
    return replace(structure, holdings={**structure.holdings, right.entity: tuple(kept)})


def _most(amount: Number, there: Number) -> Fraction:
    """Return the most that an amount may be, of what is there."""
    most = there.high if isinstance(there, Bounded) else there
    top = amount.high if isinstance(amount, Bounded) else amount
    return min(each for each in (most, top, None) if each is not None) if (most, top) != (None, None) else ZERO


class _Register:
    """What is held of one entity while one right is used."""

    def __init__(self, structure: Structure, right: Right, quantity: Number) -> None:
        self.right = right
        self.quantity = quantity
        self.on = structure.on
        self.entity = structure.entities[right.entity]
        self.held = list(structure.holdings.get(right.entity, ()))

    def use(self) -> None:
        """Use the right."""
        right = self.right
        if right.kind == "put":
            self.move(right.holder, right.source)
        elif right.kind == "acquire" and right.source is not None:
            self.move(right.source, right.holder)
        else:
            if right.kind == "convert" and right.gives_class and right.gives is not None:
                self.take(right.holder, right.gives_class, None, right.gives)
            self.issue()

    def issue(self) -> None:
        """Add new shares; a percentage is a part of what is there once they are issued."""
        right, part = self.right, self.quantity
        kind = right.of or "class"
        in_percent = [h for h in self.held if h.of == kind and (right.of or h.class_id == right.class_id)]
        if right.of is None:
            if in_percent:
                raise _Refused(f"{right.entity}.{right.class_id} is held in percentages of an unstated number")
            self.add(right.holder, right.class_id, None, part)
            return
        if isinstance(part, Bounded) or part >= 1:
            raise _Refused("a part of new shares must be stated exactly, and be less than all")
        if in_percent:
            self.held = [replace(h, quantity=times(h.quantity, 1 - part)) if h in in_percent else h for h in self.held]
            self.add(right.holder, right.class_id, right.of, part)
            return
        class_id, each = self.class_of_part(None)
        self.add(right.holder, class_id, None, self.everything(class_id) * part / (1 - part) / each)

    def move(self, giver: str, taker: str | None) -> None:
        """Move shares from one party to another; taken back by the entity (`taker` None) they cease to be."""
        right = self.right
        class_id, of, amount = right.class_id, right.of, self.quantity
        if of is not None and not any((h.party, h.class_id, h.of) == (giver, class_id, of) for h in self.held):
            if isinstance(amount, Bounded):
                raise _Refused(f"what {giver} holds is not stated in {right.of}")
            class_id, each = self.class_of_part(giver)
            of, amount = None, self.everything(class_id) * amount / each
        amount = self.take(giver, class_id, of, amount)
        if taker is not None:
            terms = self.terms_of(class_id)
            if terms is not None and terms.on_transfer and of is None:
                class_id, amount = terms.into.rpartition(".")[2], times(amount, terms.ratio)
            self.add(taker, class_id, of, amount)

    def terms_of(self, class_id: str) -> Conversion | None:
        share_class = self.entity.classes.get(class_id)
        return share_class.converts if share_class is not None else None

    def as_of_the_day(self, class_id: str, amount: Number) -> tuple[str, Number]:
        """Return what shares are on the structure's own day, where the date on which their class converts has come."""
        for _ in self.entity.classes:
            terms = self.terms_of(class_id)
            last = latest(terms.on_date) if terms is not None and terms.on_date is not None else None
            if terms is None or last is None or last > self.on:
                break
            class_id, amount = terms.into.rpartition(".")[2], times(amount, terms.ratio)
        return class_id, amount

    def class_of_part(self, giver: str | None) -> tuple[str, Fraction]:
        """Return the class in which a part of a class or of the votes is counted, and the votes of its share."""
        right, classes = self.right, self.entity.classes
        if right.of == "class":
            return right.class_id, Fraction(1)
        own = {h.class_id for h in self.held if h.class_id and h.of is None and giver in (None, h.party)}
        names = sorted(name for name in own if name in classes and self.votes_of(name))
        if right.of != "votes" or len(names) != 1:
            where = f"what {giver} holds" if giver else f"{right.entity}"
            raise _Refused(f"{where} is not stated in {right.of}, and no one class of shares carries them")
        return names[0], self.votes_of(names[0])

    def votes_of(self, class_id: str) -> Fraction:
        classes = self.entity.classes
        if all(each.votes is None and each.votes_within is None for each in classes.values()):
            return Fraction(1)
        share_class = classes[class_id]
        if share_class.tenure is not None or share_class.votes_within is not None:
            raise _Refused(f"the votes of a share of {class_id} differ or are not stated exactly")
        return share_class.votes or ZERO

    def everything(self, class_id: str) -> Fraction:
        """Return all shares of the class a part is taken of, or all votes."""
        found = ZERO
        for holding in self.held:
            if holding.party == self.right.entity or (self.right.of == "class" and holding.class_id != class_id):
                continue
            if holding.of is not None or isinstance(holding.quantity, Bounded):
                raise _Refused(f"what {holding.party} holds of {self.right.entity} is not stated in shares")
            each = Fraction(1) if self.right.of == "class" else self.votes_of(holding.class_id)
            found += holding.quantity * each
        return found

    def place(self, party: str, class_id: str, of: str | None) -> int | None:
        sought = (party, class_id, of)
        return next((at for at, h in enumerate(self.held) if (h.party, h.class_id, h.of) == sought), None)

    def take(self, party: str, class_id: str, of: str | None, amount: Number) -> Number:
        """Take shares from a party; return them: nothing to all of them where the party may hold fewer."""
        at, what = self.place(party, class_id, of), class_id or of or ""
        if at is None:
            raise _Refused(f"{party} holds no {what} of {self.right.entity}")
        before = self.held[at]
        most = before.quantity.high if isinstance(before.quantity, Bounded) else before.quantity
        if most is not None and least(amount) > most:
            has, gives = (in_words(each, percent=bool(of)) for each in (before.quantity, amount))
            raise _Refused(f"{party} holds {has} of {what}, not {gives}")
        if least(before.quantity) < _most(amount, before.quantity):
            high, words = _most(amount, before.quantity), f"at most {in_words(amount, percent=bool(of))}"
            amount = Bounded(ZERO, high, text=words)
        rest = minus(before.quantity, amount)
        lots = Lots(before.lots)
        if isinstance(amount, Fraction):
            lots.take(amount)
        left = lots.listed() if isinstance(rest, Fraction) else ()
        self.held[at] = replace(before, quantity=rest, paid=None, contributed=None, lots=left)
        return amount

    def add(self, party: str, class_id: str, of: str | None, amount: Number) -> None:
        if of is None:
            class_id, amount = self.as_of_the_day(class_id, amount)
        at, basis = self.place(party, class_id, of), self.right.basis
        lot = (Lot(amount, self.on),) if isinstance(amount, Fraction) and of is None else ()
        if at is None:
            new = Holding(
                party=party,
                entity=self.right.entity,
                class_id=class_id,
                quantity=amount,
                of=of,
                lots=lot,
                basis=(basis,),
            )
            self.held.append(new)
            return
        before = self.held[at]
        self.held[at] = replace(
            before,
            quantity=plus(before.quantity, amount),
            paid=None,
            contributed=None,
            lots=(*before.lots, *lot),
            basis=(*before.basis, basis),
        )
