"""Rounds as tables."""

from __future__ import annotations

from fractions import Fraction

from muniment.answers.rounds import Financed
from muniment.model.amounts import format_amount
from muniment.payout.faults import Refusal
from muniment.payout.rounds.answer import RoundAnswer, RoundOutcome, RoundRow, way_words
from muniment.payout.rounds.recorded import shown
from muniment.render.answer import Column, Table


def round_tables(financed: Financed) -> tuple[Table, ...]:
    """Return what a round comes to: the price, what converted and was adjusted, and who has what."""
    answer = financed.answer
    name = answer.round_id or f"a round of {answer.entity}"
    reads = " ".join(f"If {fact} is '{reading}'." for fact, reading in financed.reads.items())
    if answer.refusals:
        return (Table(f"No answer for {name}", note=" ".join((*map(_sentence, answer.refusals), reads)).strip()),)
    tables: list[Table] = []
    for number, outcome in enumerate(answer.outcomes, 1):
        several = f", {number} of {len(answer.outcomes)}" if len(answer.outcomes) > 1 else ""
        tables += _outcome_tables(answer, outcome, f"{name}{several}", reads)
    if len(answer.outcomes) > 1:
        words = (
            "Rounding does not settle: each of these leads to the next."
            if answer.circular
            else "Each of these prices satisfies the terms; the records do not say which is meant."
        )
        tables.insert(0, Table(f"{len(answer.outcomes)} answers for {name}", note=words))
    return tuple(tables)


def _outcome_tables(answer: RoundAnswer, outcome: RoundOutcome, name: str, reads: str) -> list[Table]:
    found, currency = outcome.solution, answer.currency
    terms = [
        ("Price per share", f"{currency} {shown(found.price)}"),
        ("Pre-money", f"{currency} {_money(found.pre_money, currency)}"),
        ("New money", f"{currency} {_money(found.post_money - found.pre_money, currency)}"),
        ("Post-money", f"{currency} {_money(found.post_money, currency)}"),
        ("Shares counted in the pre-money", shown(found.pre_money_shares)),
        ("Shares after the round, fully diluted", shown(found.total)),
    ]
    if answer.exact is not None and answer.exact != found.price:
        terms.insert(1, ("Before rounding", f"{currency} {shown(answer.exact)}"))
    if found.tolerance:
        terms.insert(1, ("Exact to", f"{currency} {float(found.tolerance):.1g}"))
    if found.pool_increase:
        terms.append(("Increase of the pool", shown(found.pool_increase)))
    notes = [reads, *(_sentence(each) for each in answer.contradictions)]
    tables = [
        Table(
            f"Terms of {name}", (Column("What"), Column("Value", "right")), tuple(terms), " ".join(filter(None, notes))
        )
    ]
    if found.converted:
        heads = ("Instrument", "Holder", "Converts", "By", "Price", "Shares")
        rows = tuple(
            (
                each.id,
                each.holder,
                _money(each.amount, currency),
                way_words(each.way),
                shown(each.price),
                shown(each.shares),
            )
            for each in found.converted
        )
        tables.append(Table("What converts", _columns(heads, 2, 4, 5), rows))
    if found.adjusted:
        of_class = ("Class", "Conversion price before", "After", "Shares added")
        rows_adjusted = tuple(
            (each.class_id, shown(each.before), shown(each.after), shown(each.added)) for each in found.adjusted
        )
        tables.append(Table("Anti-dilution", _columns(of_class, 1, 2, 3), rows_adjusted))
    heads = ("Party", "Of", "Before", "Part", "After", "Part after")
    tables.append(
        Table(
            "Who has what, as converted",
            _columns(heads, 2, 3, 4, 5),
            tuple(_row(row) for row in outcome.rows),
            _closings(outcome),
        )
    )
    return tables


def _columns(heads: tuple[str, ...], *right: int) -> tuple[Column, ...]:
    return tuple(Column(head, "right" if index in right else "left") for index, head in enumerate(heads))


def _row(row: RoundRow) -> tuple[str, ...]:
    return (row.party, row.of, shown(row.before), _part(row.part_before), shown(row.after), _part(row.part_after))


def _closings(outcome: RoundOutcome) -> str:
    closings = outcome.after_each_closing
    if len(closings) < 2:
        return ""
    parts = [
        f"after closing {number}{f' ({day.isoformat()})' if day else ''} {_part(part)}"
        for number, (day, part) in enumerate(closings, 1)
    ]
    return f"The buyers so far have of all shares: {', '.join(parts)}."


def _part(part: Fraction) -> str:
    """Return a percentage to two places; the exact fraction is in the machine answer."""
    hundredths = round(part * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def _money(amount: Fraction, currency: str) -> str:
    """Return an amount to the minor unit."""
    return format_amount(Fraction(round(amount * 100), 100), currency, commas=True)


def _sentence(refusal: Refusal) -> str:
    place = f" ({refusal.basis.span})" if refusal.basis is not None else ""
    hint = f" ({refusal.hint})" if refusal.hint else ""
    return f"{refusal.message}{place}{hint}."
