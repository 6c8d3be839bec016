"""`muniment payout`: who gets what of the proceeds of a sale or distribution."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from muniment.cli.options import Request, answering, emit, write

if TYPE_CHECKING:
    from muniment.answers.paying import Paid
    from muniment.book.structure import Structure
    from muniment.model.values import Money
    from muniment.payout import Payout
    from muniment.payout.finding import Target


@click.command("payout")
@answering("entity")
@click.option("--proceeds", metavar="MONEY", help="What there is to pay out, as in 'USD 10,000,000'.")
@click.option("--curve", is_flag=True, help="Print the payouts at every point where their slope changes.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write the curve to FILE: .csv a table, .json a Vega-Lite chart.",
)
@click.option(
    "--find", "finds", multiple=True, metavar="QUESTION", help="From which proceeds on, as in 'ada gets USD 5,000,000'."
)
@click.option(
    "--mode",
    default="sale",
    show_default=True,
    metavar="MODE",
    help="sale, ipo, or an event on which classes must convert.",
)
@click.option(
    "--why",
    is_flag=False,
    flag_value="",
    metavar="[PARTY]",
    help="Print how each amount comes about, or every step to what PARTY, or each holder of a class, gets.",
)
def command(
    request: Request,
    entity: str,
    proceeds: str | None,
    curve: bool,
    output: Path | None,
    finds: tuple[str, ...],
    mode: str,
    why: str | None,
) -> int:
    """Answer who gets paid what of the proceeds of ENTITY.

    Without --proceeds, --find takes the least that give what is asked for, and --curve those at its last point.
    """
    from muniment.answers.header import footer, header
    from muniment.answers.paying import found_in, found_json, payout_json, payouts
    from muniment.cli.opening import existing_entity, money_asked, open_book
    from muniment.render.answer import Answer
    from muniment.render.payouts import curve_table, found_table, other_tables, payout_table, reasons, reasons_for

    targets = _targets(finds)
    if proceeds is None and not (targets or curve or output):
        raise click.UsageError("Missing option '--proceeds'; give the amount, as in --proceeds 'USD 10,000,000'")
    asked = money_asked(proceeds) if proceeds is not None else None
    opened = open_book(request)
    name = existing_entity(opened, entity, request)
    _check_mode(mode, opened.world.on(request.on, request.under), name)

    def paid_of(amount: Money) -> tuple[Paid, ...]:
        return payouts(opened.world, request.on, request.under, name, amount, mode)

    found = paid_of(asked) if asked is not None else paid_of(_proceeds_for(paid_of, targets))
    amount = found[0].payout.proceeds
    explained = _payees_asked(why, found) if why else ()
    assumptions = [words for each in found for words in each.payout.assumptions]
    answers = [payout_json(each) for each in found]
    for each, fields in zip(found, answers, strict=True):
        answered = found_in(each, targets)
        if answered:
            fields["found"] = [found_json(one, amount.currency) for one in answered]
    data = header(opened.world, request.on, request.under, assumptions)
    shown = proceeds if proceeds is not None else answers[0]["proceeds"]
    data |= answers[0] if len(answers) == 1 else {"entity": name, "proceeds": shown, "answers": answers}
    data["assumptions"] = list(dict.fromkeys(assumptions))
    tables = [table for each in found for table in (payout_table(each), *other_tables(each.payout))]
    if targets:
        tables += [found_table(found_in(each, targets), each.payout) for each in found]
    if curve:
        tables += [table for each in found if (table := curve_table(each.payout)) is not None]
    if output is not None:
        _write_curve(output, found)
    notes = tuple(f"Assumed: {words}" for words in data["assumptions"])
    sentences: tuple[str, ...] = ()
    if why is not None:
        sentences = tuple(
            line
            for each in found
            for line in (
                (line for party in explained for line in reasons_for(each.payout, party))
                if why
                else reasons(each.payout)
            )
        )
    refused = any(each.payout.refusals for each in found)
    if curve and request.format == "csv" and not refused:
        write(_curve_as_csv(found, data))
        return opened.code
    answer = Answer(
        "payout", data, tuple(tables), sentences, (*notes, *footer(opened.world, request.on, request.under))
    )
    return emit(answer, request.format, int(refused) or opened.code)


def _targets(questions: tuple[str, ...]) -> tuple[Target, ...]:
    from muniment.cli.opening import payable
    from muniment.model.values import Money
    from muniment.payout.finding import read_target

    targets = []
    for question in questions:
        target = read_target(question)
        if target is None:
            raise click.UsageError(
                f"--find does not understand '{question}'; write 'ada gets USD 5,000,000' or 'series-a gets 3x'"
            )
        if isinstance(target.amount, Money):
            payable("--find", target.amount, question)
        targets.append(target)
    return tuple(targets)


def _proceeds_for(paid_of: Callable[[Money], tuple[Paid, ...]], targets: Sequence[Target]) -> Money:
    """Return the proceeds to show where none are given: those that the first target needs, or the last point."""
    from muniment.answers.paying import found_in, rounded_up
    from muniment.model.values import Money
    from muniment.payout.faults import Refusal

    money = next((target.amount for target in targets if isinstance(target.amount, Money)), None)
    none = Money(Fraction(0), "")
    first = paid_of(none)[0]
    curve = first.payout.curve
    if curve is None:
        return none
    currency = curve.currency or (money.currency if money is not None else "")
    points = [point.proceeds for point in curve.breakpoints]
    for answer in found_in(first, targets):
        if isinstance(answer, Refusal):
            hint = f"; {answer.hint}" if answer.hint else ""
            raise click.UsageError(f"--find: {answer.message}{hint}")
    answered = [
        answer.proceeds
        for answer in found_in(first, targets)
        if not isinstance(answer, Refusal) and answer.proceeds is not None
    ]
    return rounded_up(max(answered or points, default=Fraction(0)), currency)


def _check_mode(mode: str, structure: Structure, entity: str) -> None:
    """Refuse a mode that neither is one of every entity nor an event on which something of this one converts."""
    from muniment.cli.opening import suggest
    from muniment.payout.modes import PUBLIC_OFFERING, SALE, means

    terms = [each.converts for each in structure.entities[entity].classes.values()]
    terms += [each.converts for each in structure.convertibles if each.entity == entity]
    events = dict.fromkeys(event for each in terms if each is not None for event in each.on_other)
    known = list(dict.fromkeys((SALE, PUBLIC_OFFERING[0], *events)))
    if mode != SALE and not any(means(event, mode) for event in known[1:]):
        there = f"; there is: {', '.join(known)}"
        hint = suggest(mode, known)
        raise click.UsageError(
            f"--mode: nothing of '{entity}' converts on '{mode}'{hint if hint != there else ''}{there}"
        )


def _payees_asked(name: str, found: Sequence[Paid]) -> tuple[str, ...]:
    """Return the party asked about, or all who are paid for the class asked about."""
    rows = [row for each in found for row in each.payout.rows]
    payees = dict.fromkeys(row.party for row in rows)
    if name in payees or not payees:
        return (name,)
    of_class = tuple(dict.fromkeys(row.party for row in rows if row.class_id == name))
    if not of_class:
        raise click.UsageError(
            f"--why: '{name}' is paid nothing here, and is no class for which one is; "
            f"payees are {', '.join(sorted(payees)[:12])}"
        )
    return of_class


def _single_curve(found: Sequence[Paid]) -> Payout:
    """Return the only payout, which has a curve; wrong usage where there is none or more than one."""
    payout = found[0].payout
    if payout.curve is None or len(found) > 1:
        raise click.UsageError("there is no single curve to write: a fact is open, or the question is refused")
    return payout


def _curve_as_csv(found: Sequence[Paid], data: Mapping[str, Any]) -> str:
    """Return the curve as CSV; its last columns say what it rests on, as those of every answer do."""
    from muniment.render.curves import curve_csv
    from muniment.render.machine import CONTEXT, plain
    from muniment.render.spreadsheet import cell

    rests_on = {name: cell(plain(data[name])) for name in CONTEXT if name in data and name != "proceeds"}
    return curve_csv(_single_curve(found), rests_on)


def _write_curve(output: Path, found: Sequence[Paid]) -> None:
    """Write the curve of the first answer to a file."""
    from muniment.render.curves import curve_csv, curve_vega

    writers: dict[str, Callable[[Payout], str]] = {".csv": curve_csv, ".json": curve_vega}
    make = writers.get(output.suffix)
    if make is None:
        raise click.UsageError(f"'{output}' ends neither in .csv nor in .json")
    payout = _single_curve(found)
    try:
        output.write_text(make(payout), encoding="utf-8", newline="\n")
    except OSError as fault:
        raise click.UsageError(f"'{output}' cannot be written: {fault.strerror}") from fault
