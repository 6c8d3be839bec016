"""Check figures: what is issued, transferred, seated and stated must follow. In time proportional to the book."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from muniment.book.accounts import World
from muniment.book.book import Book
from muniment.book.entity_fold import EntityState, words_in
from muniment.book.history import Folded, fold_entity, proposals_under
from muniment.book.mandatory import check_law
from muniment.book.pools import faulty_pools
from muniment.book.ranks import circles_of_ranks
from muniment.book.rights import faulty_rights
from muniment.book.rule_names import names_in_rule
from muniment.book.selecting import FOLDED_KINDS, Choices, Selector
from muniment.model.amounts import format_fraction, format_money
from muniment.model.dates import is_before, sort_key
from muniment.model.records import Fact, Record
from muniment.model.typed import nearest
from muniment.model.values import Bounded, ClassQuantity, Money
from muniment.model.vocabulary import STANDARD_MATTERS
from muniment.text.diagnostics import Diagnostic
from muniment.text.spans import Span


def check_figures(book: Book) -> tuple[Diagnostic, ...]:
    """Return what does not add up in the keeper's account: ledger, seats, rounds, percentages, dates, matters.

    Proposals are checked each on its own: only the entities its records touch are folded again.
    """
    world = World(book)
    found: list[Diagnostic] = []
    for name in book.index.names:
        if name not in book.index.defined:
            continue  # reported where it is named
        faults, folded = _faults(world, name, ())
        found += faults
        if folded.fold.state is not None:
            found += _unheld(name, folded.fold.state, folded)
            found += circles_of_ranks(name, folded.fold.state.classes)
            found += _into_themselves(name, folded.fold.state)
        found += _too_much_stated(folded)
    under = _under(book)
    for proposal in book.records_of("proposal"):
        found += _check_proposal(world, proposal, under.get(proposal.name, []))
    for record in book.records:
        found += _ends_before_it_begins(record)
        found += _comes_after_a_later_day(book, record)
    matters = known_matters(book)
    issues = issues_by_round(book)
    for record in book.records_of("round"):
        found += check_round(world, record, issues.get(record.address, ()))
    for record in book.records:
        found += _unknown_matters(record, matters)
        found += _consents_in_nobody(book, record)
    found += faulty_pools(world)
    found += faulty_rights(world)
    found += check_law(book)
    known = {diagnostic.span for diagnostic in book.diagnostics if diagnostic.severity == "error"}
    return tuple(diagnostic for diagnostic in found if diagnostic.span not in known)


def _fold(world: World, name: str, proposals: tuple[str, ...], not_ended_by: int | None = None) -> Folded:
    choices = Choices(world, name)
    selector = Selector(world, None, proposals, choices, not_ended_by)
    return fold_entity(name, selector.in_order(world.book.index.by_subject.get(name, ())), choices)


def _faults(world: World, name: str, proposals: tuple[str, ...]) -> tuple[list[Diagnostic], Folded]:
    """Return the faults of an entity's records, and the entity as they leave it.

    Each fault is met with what was in force when its record took effect.

    Records with `until` make spans of time between their ends; the entity is folded once for each span, and only the
    faults of that span are kept. Ends of appointments need no fold of their own.
    """
    ends = sorted(
        {
            sort_key(record.value("until"))[0]
            for record in world.book.index.by_subject.get(name, ())
            if record.kind in FOLDED_KINDS and record.kind != "appoint" and record.value("until") is not None
        }
    )
    found: list[Diagnostic] = []
    for begin, end in zip([0, *ends], [*ends, None], strict=True):
        folded = _fold(world, name, proposals, begin)
        found += [
            fault.diagnostic for fault in folded.fold.faults if begin <= fault.day and (end is None or fault.day < end)
        ]
    return found, folded


def _check_proposal(world: World, proposal: Record, records: list[Record]) -> list[Diagnostic]:
    chain = proposals_under(world, proposal.name)
    subjects = {record.name for record in records if record.name in world.book.index.names}
    lines = {(record.span.path, line) for record in records for line in range(record.span.line, record.last_line + 1)}
    found: list[Diagnostic] = []
    for name in sorted(subjects):
        faults, _ = _faults(world, name, chain)
        found += [fault for fault in faults if (fault.span.path, fault.span.line) in lines]
    return found


def _under(book: Book) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in book.records:
        condition = record.value("under")
        if condition is not None:
            found.setdefault(condition, []).append(record)
    return found


def _unheld(name: str, state: EntityState, folded: Folded) -> list[Diagnostic]:
    """Note rules and tiers whose class nobody holds: such an electorate counts as missing."""
    held = {class_id for (_, class_id), position in folded.ledger.positions.items() if position.quantity > 0}
    held |= {holding.class_id for holding in folded.ledger.stated.values()}
    if any(holding.of in ("votes", "capital") for holding in folded.ledger.stated.values()):
        return []
    empty = set(state.classes) - held
    found = []
    for matter, slot in state.rules.items():
        for kind, class_id in names_in_rule(slot.value):
            if kind in ("class", "word") and class_id in empty:
                found.append(_nobody_holds(name, class_id, slot.basis.span, f"'{matter}' needs"))
    for label, slot in state.tiers.items():
        for _, payee in slot.value.split if label.startswith("tier ") else ():
            if payee in empty:
                found.append(_nobody_holds(name, payee, slot.basis.span, "this tier pays"))
    return found


def _into_themselves(name: str, state: EntityState) -> Iterable[Diagnostic]:
    for class_id, part in state.classes.items():
        slot = part.slots.get("converts")
        if slot is not None and slot.value.into.rpartition(".")[2] == class_id:
            yield Diagnostic(
                code="M312",
                severity="error",
                message=f"class '{class_id}' of '{name}' converts into itself",
                span=slot.basis.span,
                hint="name the class that its shares become",
            )


def _nobody_holds(name: str, class_id: str, span: Span, what: str) -> Diagnostic:
    return Diagnostic(
        code="M513",
        severity="note",
        message=f"{what} '{class_id}', which nobody holds in '{name}'",
        span=span,
        hint="record who holds it by an 'issue' or a 'holding'; until then the answer treats it as missing",
    )


def _too_much_stated(folded: Folded) -> list[Diagnostic]:
    totals: dict[tuple[str, str | None], tuple[Fraction, Span]] = {}
    for holding in folded.ledger.stated.values():
        quantity = holding.quantity
        if holding.of is None:
            continue  # a number of shares within bounds
        least = (quantity.low or Fraction(0)) if isinstance(quantity, Bounded) else quantity
        key = (holding.class_id, holding.of)
        total = totals.get(key, (Fraction(0), holding.basis[0].span))[0] + least
        totals[key] = (total, holding.basis[0].span)
    return [
        Diagnostic(
            code="M511",
            severity="error",
            message=f"the percentages of '{class_id or of}' in '{folded.ledger.entity}' add up to {_percent(total)}",
            span=span,
            hint="correct one of the percentages, or end one of the records by 'until'",
        )
        for (class_id, of), (total, span) in totals.items()
        if total > 1
    ]


def _percent(share: Fraction) -> str:
    hundredths = share * 100
    return f"{hundredths.numerator:,}%" if hundredths.denominator == 1 else "more than 100%"


def _ends_before_it_begins(record: Record) -> Iterable[Diagnostic]:
    fact = record.fact("until")
    until = record.value("until") if fact is not None else None
    if fact is not None and until is not None and is_before(until, record.date):
        yield Diagnostic(
            code="M514",
            severity="error",
            message=f"the record ends on {until.text}, before it begins on {record.date.text}",
            span=fact.statements[0].span,
            hint="correct one of the two dates",
        )


def _comes_after_a_later_day(book: Book, record: Record) -> Iterable[Diagnostic]:
    fact = record.fact("after")
    above = book.index.by_address.get(fact.agreed) if fact is not None and fact.agreed is not None else None
    if fact is not None and above is not None and is_before(record.date, above.date):
        yield Diagnostic(
            code="M509",
            severity="error",
            message=f"the record of {record.date.text} cannot come after one of {above.date.text}",
            span=fact.statements[0].span,
            hint="correct one of the two dates, or drop 'after'",
            related=((above.span, "the later record"),),
        )


class IssueLine(NamedTuple):
    """One line of an `issue` that names a round."""

    class_id: str
    quantity: Fraction
    paid: Money | None
    span: Span


def issues_by_round(book: Book) -> dict[str, list[IssueLine]]:
    """Return the shares issued in each round."""
    found: dict[str, list[IssueLine]] = {}
    for record in book.records_of("issue"):
        of_round = record.value("round")
        for fact in record.facts if of_round is not None else ():
            value = fact.agreed
            if isinstance(value, ClassQuantity) and not isinstance(value.quantity, Bounded):
                paid = value.paid if isinstance(value.paid, Money) else None
                found.setdefault(of_round, []).append(
                    IssueLine(value.of.rpartition(".")[2], value.quantity.amount, paid, fact.span)
                )
    return found


def check_round(world: World, record: Record, issues: Sequence[IssueLine]) -> list[Diagnostic]:
    """Compare a round's price and new money with the shares issued in it."""
    price, money = _money(world, record, "price per share"), _money(world, record, "new money")
    class_id = record.value("class")
    issued = [line for line in issues if class_id is None or line.class_id == class_id.rpartition(".")[2]]
    if not issued:
        return []
    shares = sum((line.quantity for line in issued), Fraction(0))
    paid = [line.paid for line in issued]
    found = []
    if price is not None and money is not None and price[1].currency == money[1].currency:
        due = price[1].amount * shares
        rounding = record.fact("shares round") is not None
        away = abs(due - money[1].amount)
        if away and not (rounding and away < price[1].amount * len(issued)):
            found.append(
                _does_not_follow(
                    f"the new money is {format_money(money[1])}, but {format_fraction(shares)} shares "
                    f"at {format_money(price[1])} come to "
                    f"{format_money(Money(due, price[1].currency))}",
                    money[0],
                    issued[0].span,
                )
            )
    if money is not None and all(p is not None and p.currency == money[1].currency for p in paid):
        total = sum((p.amount for p in paid if p is not None), Fraction(0))
        if total != money[1].amount:
            found.append(
                _does_not_follow(
                    f"the new money is {format_money(money[1])}, but the shares were issued for "
                    f"{format_money(Money(total, money[1].currency))}",
                    money[0],
                    issued[0].span,
                )
            )
    return found


def _money(world: World, record: Record, label: str) -> tuple[Span, Money] | None:
    fact = record.fact(label)
    statement = world.resolve(record, fact).statement if fact is not None else None
    if statement is None or not isinstance(statement.value, Money):
        return None
    return statement.span, statement.value


def _does_not_follow(message: str, span: Span, issue: Span) -> Diagnostic:
    return Diagnostic(
        code="M505",
        severity="error",
        message=message,
        span=span,
        hint="correct one figure, or record both as 'disputed'",
        related=((issue, "the shares were issued here"),),
    )


def known_matters(book: Book) -> frozenset[str]:
    """Return every matter that the book or the standard list names."""
    found = set(STANDARD_MATTERS)
    for record in book.records:
        for part in record.parts:
            if part.kind == "rules":
                found.update(fact.label for fact in part.facts)
            elif part.kind == "class":
                found.add(f"convert {part.id}")
            elif part.kind == "office":
                found.update((f"appoint {part.id}", f"remove {part.id}"))
            elif part.kind == "board":
                found.update(f"{verb} {seats.id}" for seats in part.parts for verb in ("elect", "remove"))
    found.discard("changed by")
    return frozenset(found)


def _consents_in_nobody(book: Book, record: Record) -> Iterable[Diagnostic]:
    """Report `for: ENTITY: MATTER` in a consent where there is no such entity: it would have no effect."""
    facts = [fact for part in record.parts if part.kind == "consent" for fact in part.facts if fact.label == "for"]
    for fact in facts:
        for words in fact.agreed or ():
            entity, colon, _ = words.partition(": ")
            if colon and (entity not in book.index.defined or entity not in book.index.names):
                close = nearest(entity, book.index.names)
                yield Diagnostic(
                    code="M303",
                    severity="error",
                    message=f"entity '{entity}' is not defined",
                    span=words_in(fact, entity),
                    hint=f"did you mean '{close}'?"
                    if close
                    else "name an entity of the book, as in 'acme: sell company'",
                )


def _unknown_matters(record: Record, matters: frozenset[str]) -> Iterable[Diagnostic]:
    """Report matters that a vote, a consent or `changed by` names and that nobody decides."""
    places: list[tuple[str, Span]] = []
    if record.kind == "vote":
        fact = record.fact("on")
        if fact is not None and fact.agreed is not None:
            places.append((fact.agreed.matter, words_in(fact, fact.agreed.matter)))
    stack: list[tuple[Fact, bool]] = []
    for part in record.parts:
        for holder in (part, *part.parts):
            stack += [(fact, holder.kind == "consent") for fact in holder.facts]
    for fact, in_consent in stack:
        if fact.changed_by and fact.changed_by_span is not None:
            places.append((fact.changed_by, fact.changed_by_span))
        if fact.label == "changed by" and fact.agreed:
            places.append((fact.agreed, fact.statements[0].span))
        elif in_consent and fact.label == "for" and fact.agreed:
            places += [(words.rpartition(": ")[2], words_in(fact, words.rpartition(": ")[2])) for words in fact.agreed]
    for matter, span in places:
        if matter not in matters:
            close = nearest(matter, matters)
            yield Diagnostic(
                code="M314",
                severity="error",
                message=f"nobody decides '{matter}': it is neither a standard matter nor one of the book's",
                span=span,
                hint=f"did you mean '{close}'?" if close else "state how it is decided under 'rules'",
            )
