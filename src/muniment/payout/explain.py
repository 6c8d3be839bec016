"""Sentences on why a payout is as it is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from muniment.model.amounts import format_fraction
from muniment.model.values import Money
from muniment.payout.build import Built
from muniment.payout.certificate import pour
from muniment.payout.liquidity import Liquidity
from muniment.payout.piecewise import reach
from muniment.payout.rounding import money_words
from muniment.payout.sweep import Claim, Form


def explain(built: Built, proceeds: Money) -> tuple[str, ...]:
    """Say how each class is paid out of `proceeds`, and what it would get by the other choice."""
    sentences: list[str] = []
    for column in built.curve.columns:
        amount = column.amount.at(proceeds.amount)
        if column.kind in ("debt", "fees", "carve-out"):
            sentences.append(f"{column.holders[0][0]} takes {_words(amount, proceeds)} first ({column.kind}).")
        elif column.kind == "unallocated" and amount:
            sentences.append(f"{_words(amount, proceeds)} is left that nobody may have.")
        elif column.kind == "excess" and amount:
            excess = f"the excess over the return cap of {column.class_id}"
            sentences.append(f"{column.holders[0][0]} gets {_words(amount, proceeds)}, {excess}.")
    if built.liquidity is not None:
        return tuple(dict.fromkeys([*sentences, *_equilibrium(built, built.liquidity, proceeds)]))
    if built.swept is None:
        return (*sentences, *_tiers(built, proceeds))
    rest = built.remaining.at(proceeds.amount)
    takes = [take.at(rest) for take in built.swept.takes]
    choices = built.swept.choices(rest)
    sentences += [_claim(built, number, choices, takes, rest, proceeds) for number in range(len(takes))]
    return tuple(dict.fromkeys(sentences))


def _equilibrium(built: Built, liquidity: Liquidity, proceeds: Money) -> list[str]:
    """Say how each claim is paid where the number of shares hangs on who converts."""
    rest = built.remaining.at(proceeds.amount)
    regime = liquidity.at(rest)
    state = reach(regime.swept.total, rest)
    price = max(state - liquidity.game.tiers, Fraction(0)) if state is not None else Fraction(0)
    counted = liquidity.game.capitalization(regime.vector, price)
    sentences = [f"The capitalization counts {format_fraction(counted)} shares."] if counted is not None else []
    choices = regime.swept.choices(rest)
    for number, original in enumerate(liquidity.game.claims):
        name, take = _name(built, number), _words(regime.swept.takes[number].at(rest), proceeds)
        form = regime.claims[number].forms[choices[number]]
        if original.is_option:
            sentences.append(_option(name, form, take, proceeds))
            continue
        part = liquidity.game.parts.get((number, regime.vector[number]))
        shares = form.units if part is None else part * counted if counted is not None else None
        if form.becomes is not None and shares:
            said = f"{name} converts into {format_fraction(shares)} {form.becomes} and gets {take}"
        elif form.becomes is not None:
            said = f"{name} converts into {form.becomes} and gets {take}"
        else:
            said = f"{name} gets {take}" if not form.tier else f"{name} does not convert and gets {take}"
        otherwise = [amount for _, amount in liquidity.otherwise(number, rest)]
        said += f"; choosing otherwise would give {_words(max(otherwise), proceeds)}" if otherwise else ""
        sentences.append(said + ".")
    return sentences


def _option(name: str, form: Form, take: str, proceeds: Money) -> str:
    """Say how an option is paid."""
    if form.becomes is None:
        return f"{name} is not exercised: its shares are not worth more than its price."
    if not form.strike:
        return f"{name} gives {form.becomes} for nothing and gets {take}."
    return f"{name} is exercised into {form.becomes} for {_words(form.strike, proceeds)} and gets {take} net of that."


def _tiers(built: Built, proceeds: Money) -> list[str]:
    """Say which tiers the proceeds fill, and who is paid the next unit of money."""
    sentences = [
        f"Up to {_words(each.proceeds, proceeds)}: {each.cause}."
        for each in built.curve.breakpoints
        if each.proceeds <= proceeds.amount
    ]
    following = built.curve.next_unit(proceeds.amount)
    if len(following) == 1 and following[0][1] == 1:
        sentences.append(f"All of the next money goes to {following[0][0]}.")
    elif following:
        shares = ", ".join(f"{party} {part}" for party, part in following)
        sentences.append(f"The next money is shared: {shares}.")
    return sentences


def _claim(
    built: Built, number: int, choices: Sequence[int], takes: Sequence[Fraction], rest: Fraction, proceeds: Money
) -> str:
    """Say how one claim is paid."""
    claim = built.held[number].claim
    name = _name(built, number)
    form = claim.forms[choices[number]]
    take = _words(takes[number], proceeds)
    if claim.is_option:
        return _option(name, form, take, proceeds)
    if claim.pool is not None and _pool_full(built, claim, takes):
        cap = _words(claim.return_cap or Fraction(0), proceeds)
        said = f"{name} keeps {take}: {claim.pool} has reached its return cap of {cap} over its pooled classes"
    elif claim.pool is None and claim.return_cap is not None and takes[number] == claim.return_cap:
        said = f"{name} has reached its return cap of {take}"
    elif form.becomes is not None:
        said = f"{name} converts into {form.becomes} and gets {take}"
    elif form.cap is not None and takes[number] == form.cap:
        said = f"{name} has reached the cap on its participation, {take}"
    elif form.tier and takes[number] < form.preference:
        said = f"{name} gets {take}, less than its preference of {_words(form.preference, proceeds)}"
    elif form.tier and form.units:
        preference = _words(form.preference, proceeds)
        said = f"{name} takes its preference of {preference} and shares in the rest: {take}"
    elif form.tier:
        said = f"{name} takes its preference of {take}"
    else:
        said = f"{name} shares in what is left: {take}"
    if len(claim.forms) == 1 or claim.pool is not None:
        return said + "."
    claims = [each.claim for each in built.held]
    others = [other for other in range(len(claim.forms)) if other != choices[number]]
    gains = [pour(claims, [*choices[:number], other, *choices[number + 1 :]], rest)[0][number] for other in others]
    otherwise = "not converting" if form.becomes is not None else "converting"
    return f"{said}; {otherwise} would give {_words(max(gains), proceeds)}."


def _pool_full(built: Built, claim: Claim, takes: Sequence[Fraction]) -> bool:
    mine = [take for each, take in zip(built.held, takes, strict=True) if each.claim.pool == claim.pool]
    return sum(mine) == claim.return_cap


def _name(built: Built, number: int) -> str:
    """Name a claim by its class, and by its holders where they stand otherwise than the rest of the class."""
    held = built.held[number]
    if held.instrument:
        return held.instrument
    class_id = held.claim.class_id
    if sum(each.claim.class_id == class_id and not each.instrument for each in built.held) == 1:
        return class_id
    holders = [party for party, _ in held.holders]
    shown = ", ".join(holders[:3]) + (" and others" if len(holders) > 3 else "")
    return f"{class_id} of {shown}"


def _words(amount: Fraction, proceeds: Money) -> str:
    return money_words(Money(amount, proceeds.currency))
