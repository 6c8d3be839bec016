"""`muniment value`: what each holder's claims are worth before a sale."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import click

from muniment.cli.options import Request, answering, emit

if TYPE_CHECKING:
    from muniment.cli.opening import Opened
    from muniment.model.values import Money
    from muniment.payout.valuation.black_scholes import Market
    from muniment.payout.valuation.exits import Exits

MOST_VOLATILITY = 10
MOST_YEARS = 100


@click.command("value")
@answering("entity")
@click.option("--equity", metavar="MONEY", help="Value of the whole today, as in 'USD 50,000,000'.")
@click.option("--volatility", metavar="PERCENT", help="Of the whole, a year, as in 60%.")
@click.option("--term", metavar="DURATION", help="Until the exit, as in '3 years' or '18 months'.")
@click.option("--rate", metavar="PERCENT", help="Riskless rate, compounded continuously, as in 4%; 0% if not given.")
@click.option(
    "--backsolve",
    metavar="CLASS=PRICE",
    help="Find the value of the whole from the price of a share, as in series-a='USD 1.50', or of a recorded round.",
)
@click.option("--monte-carlo", "draws", type=int, default=0, metavar="N", help="Simulate N exits.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the simulation.")
@click.option(
    "--draw",
    metavar="EXITS",
    help="How exits fall: 'triangular USD 10 million, USD 50 million, USD 90 million' (least, likeliest, most), or "
    "scenarios as in '60% USD 10 million, 40% USD 90 million'; lognormal if not given.",
)
@click.option("--confidence", metavar="PERCENT", default="95%", show_default=True, help="Of the intervals.")
@click.option("--each", is_flag=True, help="Intervals for each row by itself, not for all together.")
@click.option("--exits", metavar="LIST", help="Payouts at these exits, as in 'USD 10 million, USD 1 billion'.")
def command(
    request: Request,
    entity: str,
    equity: str | None,
    volatility: str | None,
    term: str | None,
    rate: str | None,
    backsolve: str | None,
    draws: int,
    seed: int,
    draw: str | None,
    confidence: str,
    each: bool,
    exits: str | None,
) -> int:
    """Answer what each holder's claims on ENTITY are worth."""
    from muniment.answers.header import footer, header
    from muniment.answers.valuing import valuation_json, valuations
    from muniment.cli.opening import existing_entity, open_book
    from muniment.payout.valuation.value import Question
    from muniment.render.answer import Answer
    from muniment.render.values import value_tables

    if equity is not None and backsolve is not None:
        raise click.UsageError(
            "--equity and --backsolve exclude each other: the one gives the value, the other finds it"
        )
    if equity is None and backsolve is None and not draw and not exits:
        raise click.UsageError("say what is asked: --equity, --backsolve, --draw or --exits")
    needs_market = equity is not None or backsolve is not None
    market = _market(volatility, term, rate, needs_market, needs_exits=draw is not None)
    _check_draws(draws, draw, needs_market)
    listed = [money_of("--exits", each_exit) for each_exit in exits.split(", ")] if exits else []
    whole = money_of("--equity", equity) if equity is not None else None
    distribution, drawn = _distribution(draw) if draw is not None else (None, [])
    opened = open_book(request)
    name = existing_entity(opened, entity, request)
    priced = _price_asked(opened, backsolve) if backsolve is not None else None
    moneys = [*listed, *drawn, *([whole] if whole else []), *([priced[1]] if priced else [])]
    currencies = dict.fromkeys(each_money.currency for each_money in moneys)
    if len(currencies) > 1:
        raise click.UsageError(f"all money asked about must be in one currency, not in {' and '.join(currencies)}")
    if whole is not None and whole.amount <= 0:
        raise click.UsageError("--equity is more than 0")
    question = Question(
        currency=next(iter(currencies)),
        equity=whole.amount if whole else None,
        market=market,
        class_price=(priced[0], priced[1].amount) if priced else None,
        exits=distribution,
        draws=draws,
        seed=seed,
        confidence=float(_percent("--confidence", confidence, Fraction(1, 2), Fraction(999999, 1000000))),
        simultaneous=not each,
        table=tuple(each_exit.amount for each_exit in listed),
    )
    found = valuations(opened.world, request.on, request.under, name, question)
    assumptions = list(dict.fromkeys(words for each_one in found for words in each_one.valuation.assumptions))
    answers = [valuation_json(each_one) for each_one in found]
    data = header(opened.world, request.on, request.under, assumptions)
    data |= answers[0] if len(answers) == 1 else {"entity": name, "answers": answers}
    data["assumptions"] = assumptions
    tables = tuple(table for each_one in found for table in value_tables(each_one))
    notes = tuple(f"Assumed: {words}" for words in assumptions)
    answer = Answer("value", data, tables, footer=(*notes, *footer(opened.world, request.on, request.under)))
    refused = any(each_one.valuation.refusals for each_one in found)
    return emit(answer, request.format, int(refused) or opened.code)


def money_of(option: str, words: str) -> Money:
    """Return an amount of money given by an option.

    Raises:
        click.UsageError: If it is none, or finer than can be paid; the price of one share may be finer.
    """
    from muniment.cli.opening import payable
    from muniment.model.amounts import parse_money
    from muniment.model.values import Bounded, Money

    amount = parse_money(words.strip())
    if isinstance(amount, Money):
        return amount if option == "--backsolve" else payable(option, amount, words)
    if isinstance(amount, Bounded):
        raise click.UsageError(f"{option} '{words}' is a range; ask its ends one by one")
    raise click.UsageError(f"{option} '{words}': {amount.message}; {amount.hint or 'write it as in USD 10,000,000'}")


def _percent(option: str, words: str, least: Fraction, most: Fraction) -> Fraction:
    from muniment.model.amounts import parse_quantity
    from muniment.model.values import Quantity

    found = parse_quantity(words)
    if not isinstance(found, Quantity) or found.unit not in ("%", ""):
        raise click.UsageError(f"{option} '{words}' is not a percentage such as 60%")
    if not least <= found.amount <= most:
        raise click.UsageError(f"{option} is from {float(least):.0%} to {float(most):.6g}, not {words}")
    return found.amount


def _market(
    volatility: str | None, term: str | None, rate: str | None, needed: bool, needs_exits: bool
) -> Market | None:
    from muniment.model.durations import parse_duration
    from muniment.model.values import Duration
    from muniment.payout.valuation.black_scholes import Market

    if needed and (volatility is None or term is None):
        raise click.UsageError("option pricing needs --volatility and --term, as in --volatility 60% --term '3 years'")
    if term is None:
        if volatility is not None or rate is not None:
            raise click.UsageError("--volatility and --rate mean nothing without --term")
        return None
    if not needed and not needs_exits:
        raise click.UsageError("--term, --volatility and --rate belong to --equity, --backsolve or --draw")
    length = parse_duration(term)
    if not isinstance(length, Duration):
        raise click.UsageError(f"--term '{term}': {length.message}; {length.hint or 'write it as in 3 years'}")
    in_years = {"days": Fraction(365), "weeks": Fraction(365, 7), "months": Fraction(12), "years": Fraction(1)}[
        length.unit
    ]
    years = Fraction(length.count) / in_years
    if years > MOST_YEARS:
        raise click.UsageError(f"--term is at most {MOST_YEARS} years")
    spread = _percent("--volatility", volatility, Fraction(0), Fraction(MOST_VOLATILITY)) if volatility else Fraction(0)
    earned = _percent("--rate", rate, Fraction(0), Fraction(1)) if rate else Fraction(0)
    return Market(float(spread), float(years), float(earned))


def _check_draws(draws: int, draw: str | None, has_value: bool) -> None:
    from muniment.payout.valuation.simulation import LEAST_DRAWS, MOST_DRAWS

    if draws and not LEAST_DRAWS <= draws <= MOST_DRAWS:
        raise click.UsageError(f"--monte-carlo is from {LEAST_DRAWS} to {MOST_DRAWS:,}")
    if draws and draw is None and not has_value:
        raise click.UsageError("--monte-carlo needs --equity, --backsolve or --draw")
    if draw is not None and draw.startswith("triangular ") and not draws:
        raise click.UsageError("--draw 'triangular ...' needs --monte-carlo")


def _distribution(words: str) -> tuple[Exits, list[Money]]:
    """Read `triangular A, B, C` or `P A, Q B, ...`."""
    from muniment.payout.valuation.exits import Scenarios, Triangular

    if words.startswith("triangular "):
        ends = [money_of("--draw", part) for part in words.removeprefix("triangular ").split(", ")]
        if len(ends) != 3 or not 0 <= ends[0].amount <= ends[1].amount <= ends[2].amount:
            raise click.UsageError("--draw 'triangular ...' takes the least, the likeliest and the greatest exit")
        return Triangular(ends[0].amount, ends[1].amount, ends[2].amount), ends
    each: list[tuple[Fraction, Fraction]] = []
    moneys: list[Money] = []
    for part in words.split(", "):
        weight, _, amount = part.partition(" ")
        exit_ = money_of("--draw", amount)
        if exit_.amount < 0:
            raise click.UsageError(f"--draw '{part}': an exit is at least 0")
        moneys.append(exit_)
        each.append((_percent("--draw", weight, Fraction(0), Fraction(1)), exit_.amount))
    if sum(weight for weight, _ in each) != 1:
        raise click.UsageError("the weights of --draw do not add up to 100%")
    return Scenarios(tuple(each)), moneys


def _price_asked(opened: Opened, words: str) -> tuple[str, Money]:
    from muniment.answers.valuing import class_of_price

    class_id, equals, price = words.partition("=")
    if equals:
        found = class_id.strip(), money_of("--backsolve", price)
    else:
        of_round = class_of_price(opened.world, words)
        if of_round is None:
            raise click.UsageError(
                f"--backsolve '{words}' is no round with a class and a price per share; "
                "write it as in series-a='USD 1.50'"
            )
        found = of_round
    if found[1].amount <= 0:
        raise click.UsageError("the price of --backsolve is more than 0")
    return found
