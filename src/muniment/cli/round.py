"""`muniment round`: what a priced round comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from muniment.cli.options import Request, answering, emit

if TYPE_CHECKING:
    from datetime import date

    from muniment.answers.rounds import Financed
    from muniment.cli.opening import Opened
    from muniment.model.round_words import PurchaseTerms, RoundingTerms
    from muniment.model.values import Money
    from muniment.payout.rounds.asked import AskedRound
    from muniment.payout.rounds.round_terms import PoolTarget, Price


@click.command("round")
@answering("round")
@click.option("--raise", "new_money", metavar="MONEY", help="ROUND names an entity: the new money of a what-if round.")
@click.option("--pre", metavar="MONEY", help="The pre-money of a what-if round.")
@click.option("--post", metavar="MONEY", help="The post-money, instead of the pre-money.")
@click.option("--price", metavar="MONEY", help="The price of a share, instead of the pre-money.")
@click.option(
    "--sold-to", multiple=True, metavar="SALE", help="Who buys, as in 'oak for USD 2,000,000'; may be repeated."
)
@click.option("--pro-rata", metavar="PARTIES", help="Who takes its part of the new money in proportion.")
@click.option(
    "--pro-rata-money",
    type=click.Choice(("out-of", "on-top")),
    help="Whether those parts come out of the new money or on top of it; both answers if not given.",
)
@click.option(
    "--converts", metavar="RECORDS", help="The SAFEs and notes that convert; all that are outstanding if not given."
)
@click.option("--pool-after", metavar="PART", help="The pool as a part of all shares after the round, as in 10%.")
@click.option(
    "--pool-measure", type=click.Choice(("unissued", "all")), default="unissued", help="What counts as the pool."
)
@click.option("--pool-after-money", is_flag=True, help="The pool grows at the cost of all, not only of those before.")
@click.option("--price-rounds", metavar="WAY", help="How the price is rounded, as in 'up to 5 places'.")
@click.option("--conversion-prices-round", metavar="WAY", help="How conversion prices are; as the price if not given.")
@click.option("--shares-round", metavar="WAY", help="How shares become whole: down, up or nearest.")
def command(request: Request, round: str, **given: object) -> int:  # noqa: A002
    """Answer what ROUND comes to: price, conversions, adjustments, and who has what after it.

    ROUND is the id of a `round` record, or of an entity: then --raise and --pre give the terms of a what-if round.
    """
    from muniment.answers.header import footer, header
    from muniment.answers.rounds import round_json
    from muniment.cli.opening import open_book
    from muniment.render.answer import Answer
    from muniment.render.rounds import round_tables

    opened = open_book(request)
    found, on, what = _asked(opened, request, round, given)
    assumptions = list(dict.fromkeys(words for each in found for words in each.answer.assumptions))
    answers = [round_json(each) for each in found]
    data = header(opened.world, on, request.under, assumptions)
    data |= answers[0] if len(answers) == 1 else {**what, "answers": answers}
    tables = tuple(table for each in found for table in round_tables(each))
    refused = any(each.answer.refusals or each.answer.circular for each in found)
    notes = tuple(f"Assumed: {words}" for words in assumptions)
    answer = Answer("round", data, tables, footer=(*notes, *footer(opened.world, on, request.under)))
    return emit(answer, request.format, int(refused) or opened.code)


def _asked(
    opened: Opened, request: Request, name: str, given: dict[str, object]
) -> tuple[tuple[Financed, ...], date, dict[str, object]]:
    """Return the answers, the day they are for, and what was asked."""
    from muniment.answers.rounds import recorded_rounds, thought_of_rounds
    from muniment.cli.opening import existing_entity, suggest
    from muniment.model.dates import exact_day

    record = opened.book.index.defined.get(name)
    if record is not None and record.kind == "round":
        stated = [option for option, value in given.items() if value and value != "unissued"]
        if stated:
            option = {"new_money": "raise"}.get(stated[0], stated[0]).replace("_", "-")
            raise click.UsageError(f"--{option} is for a what-if round; '{name}' is recorded with its own terms")
        day = request.on if request.on_given else exact_day(record.date)
        if day is None:
            raise click.UsageError(f"the day of '{name}' is not exact ({record.date.text}); give it with --on")
        found = recorded_rounds(opened.world, record, day, request.under)
        return found, day, {"entity": record.value("issuer"), "round": name}
    if name not in opened.book.index.names:
        rounds = [each.name for each in opened.book.records_of("round")]
        known = [*rounds, *opened.book.index.names]
        raise click.UsageError(f"there is no round or entity '{name}'" + suggest(name, known))
    entity = existing_entity(opened, name, request)
    asked = _what_if(opened, entity, request, given)
    return (
        thought_of_rounds(opened.world, asked, request.on, request.under),
        request.on,
        {"entity": entity, "round": None},
    )


def _what_if(opened: Opened, entity: str, request: Request, given: dict[str, object]) -> AskedRound:
    from muniment.model.terms import parse_ids
    from muniment.model.values import ValueFault
    from muniment.payout.rounds.asked import UNNAMED, AskedRound, rounding_of
    from muniment.payout.rounds.round_terms import PRE_MONEY, Purchase

    sold = [_purchase(str(words)) for words in given["sold_to"]]  # type: ignore[attr-defined]
    price, currency = _price(given)
    money = _money("raise", given["new_money"])
    for other in (*([money] if money is not None else ()), *(each.money for each in sold)):
        if other.currency != currency:
            raise click.UsageError(f"the round is in {currency}, and one of its amounts in {other.currency}")
    early = next((each for each in sold if each.closing is not None and each.closing < request.on), None)
    if early is not None:
        raise click.UsageError(
            f"--sold-to: the closing of {early.closing} is before the day of the round; give that day with --on"
        )
    days = tuple(sorted({each.closing for each in sold if each.closing is not None}))
    purchases = [
        Purchase(each.investor, each.money.amount, days.index(each.closing) + 1 if each.closing is not None else 1)
        for each in sold
    ]
    if money is not None:
        left = money.amount - sum(each.money for each in purchases)
        if left < 0:
            raise click.UsageError("the lines --sold-to come to more than --raise")
        if left:
            purchases.append(Purchase(UNNAMED, left))
    if not purchases:
        raise click.UsageError("say how much is raised: --raise 'USD 10,000,000'")
    pro_rata: tuple[str, ...] = ()
    if given["pro_rata_money"] and not given["pro_rata"]:
        raise click.UsageError("--pro-rata-money says where parts come from that nobody takes; give --pro-rata too")
    if given["pro_rata"]:
        parties = parse_ids(str(given["pro_rata"]))
        if isinstance(parties, ValueFault):
            raise click.UsageError(f"--pro-rata: {parties.message}")
        pro_rata = parties
    for party in (*pro_rata, *(each.investor for each in sold)):
        if party not in opened.book.index.defined:
            raise click.UsageError(f"there is no party '{party}'")
    converts = tuple(each.strip() for each in str(given["converts"]).split(",")) if given["converts"] else None
    return AskedRound(
        entity=entity,
        currency=currency,
        price=price,
        purchases=tuple(purchases),
        closings=days or (None,),
        pro_rata=pro_rata,
        on_top=None if given["pro_rata_money"] is None else given["pro_rata_money"] == "on-top",
        converts=converts,
        pool=_pool(given),
        pre_money_counts=PRE_MONEY._replace(pool_increase=not given["pool_after_money"]),
        rounding=rounding_of(
            _rounding("price-rounds", given),
            _rounding("conversion-prices-round", given),
            _rounding("shares-round", given),
        ),
    )


def _price(given: dict[str, object]) -> tuple[Price, str]:
    from muniment.payout.rounds.round_terms import Price

    stated = [option for option in ("pre", "post", "price") if given[option]]
    if len(stated) != 1:
        raise click.UsageError("a what-if round needs one of --pre, --post and --price")
    money = _money(stated[0], given[stated[0]])
    assert money is not None
    if stated[0] == "pre":
        return Price("pre-money", money.amount), money.currency
    return Price("post-money" if stated[0] == "post" else "share", money.amount), money.currency


def _money(option: str, words: object) -> Money | None:
    from muniment.cli.opening import payable
    from muniment.model.amounts import parse_money
    from muniment.model.values import Money

    if not words:
        return None
    amount = parse_money(str(words))
    if isinstance(amount, Money) and amount.amount <= 0:
        raise click.UsageError(f"--{option} is not above 0")
    if isinstance(amount, Money):
        return amount if option == "price" else payable(f"--{option}", amount, str(words))
    raise click.UsageError(f"--{option} '{words}' is not an exact amount above 0; write it as in 'USD 10,000,000'")


def _purchase(words: str) -> PurchaseTerms:
    from muniment.model.round_words import parse_purchase
    from muniment.model.values import ValueFault

    read = parse_purchase(words)
    if isinstance(read, ValueFault):
        raise click.UsageError(f"--sold-to: {read.message}; {read.hint}")
    return read


def _pool(given: dict[str, object]) -> PoolTarget | None:
    from muniment.model.amounts import parse_quantity
    from muniment.model.values import Quantity
    from muniment.payout.rounds.round_terms import PoolTarget

    words = given["pool_after"]
    if not words:
        return None
    part = parse_quantity(str(words))
    if not isinstance(part, Quantity) or part.unit not in ("", "%") or not 0 <= part.amount < 1:
        raise click.UsageError(f"--pool-after '{words}' is not a part below the whole; write it as in '10%'")
    return PoolTarget(part.amount, "all" if given["pool_measure"] == "all" else "unissued")


def _rounding(option: str, given: dict[str, object]) -> RoundingTerms | None:
    from muniment.model.round_words import parse_rounding
    from muniment.model.values import ValueFault

    words = given[option.replace("-", "_")]
    if option == "shares-round" and words and " " in str(words):
        raise click.UsageError("--shares-round: shares become whole; write 'down', 'up' or 'nearest'")
    if not words:
        return None
    read = parse_rounding(str(words))
    if isinstance(read, ValueFault):
        raise click.UsageError(f"--{option}: {read.message}; {read.hint}")
    return read
