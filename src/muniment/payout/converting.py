"""SAFEs and notes as claims on the proceeds of a sale: the greater of what is paid back and what conversion gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from muniment.book.structure import Basis, Convertible, Entity, ShareClass, Structure
from muniment.model.amounts import parse_money, parse_quantity
from muniment.model.values import Money, Quantity
from muniment.payout.instruments import Owed, dilution
from muniment.payout.liquidity import Game
from muniment.payout.piecewise import ZERO
from muniment.payout.sweep import Claim, Form

_CAP = re.compile(r"(?P<money>.+?)(?:,? (?P<basis>post-money|pre-money))?\Z")


class Paper(NamedTuple):
    """A SAFE or a note at an exit.

    Attributes:
        id: Address of its record.
        kind: ``safe`` or ``note``.
        due: Paid back where it does not convert: the amount, or a multiple of it, and interest.
        part: Of the capitalization that counts those who convert, for a cap after the money; None for others.
        shares_per: Shares it gets for each share of the capitalization before conversions, for a cap before the money;
            None for others.
        shares: Fixed number of shares it converts into; None for others.
        discounted: What its shares are worth at the sale's own price less the discount; None without a discount.
    """

    id: str
    kind: str
    holder: str
    due: Fraction
    part: Fraction | None = None
    shares_per: Fraction | None = None
    shares: Fraction | None = None
    discounted: Fraction | None = None
    basis: Basis | None = None


class Papers(NamedTuple):
    """The SAFEs and notes of an entity.

    Attributes:
        counted: Those that are computed.
        into: The class into which they convert; None if none is counted.
        notes: Sentences on what is assumed of them, and why others are left out.
        told: Ids that are counted.
    """

    counted: tuple[Paper, ...]
    into: str | None
    notes: tuple[str, ...]
    told: frozenset[str]


NO_PAPERS = Papers((), None, (), frozenset())


def papers_of(structure: Structure, entity: Entity, currency: str) -> Papers:
    """Return the SAFEs and notes of `entity` that are outstanding, as they stand at an exit on the structure's day.

    What cannot be computed is left out, with a note that says why.

    Args:
        structure: Everything in force.
        entity: The issuer.
        currency: Of the proceeds; empty if not known.
    """
    own = [each for each in structure.convertibles if each.entity == entity.id and not each.converted_in]
    if not own:
        return Papers((), None, (), frozenset())
    owed = {each.terms.id: each for each in dilution(structure, entity).owed}
    common = _common(entity)
    counted: list[Paper] = []
    notes: list[str] = []
    for terms in own:
        paper = _paper(terms, owed[terms.id], common, currency)
        if isinstance(paper, str):
            notes.append(f"{terms.id} is left out: {paper}.")
            continue
        counted.append(paper)
        if terms.most_favored:
            notes.append(f"{terms.id} is taken on its own terms: that it may take better ones is not applied.")
        if terms.matures is not None and terms.matures < structure.on:
            notes.append(f"{terms.id} was due on {terms.matures}; its interest is taken to run on.")
    return Papers(tuple(counted), common, tuple(notes), frozenset(each.id for each in counted))


def _common(entity: Entity) -> str | None:
    """Return the class into which SAFEs convert: the one without preference to which all conversions lead."""
    plain = [
        each.id
        for each in entity.classes.values()
        if not each.preference and each.accrued is None and each.converts_into is None and each.return_cap is None
    ]
    targets = {each.converts_into[1] for each in entity.classes.values() if each.converts_into is not None}
    led_to = [name for name in plain if name in targets]
    if len(led_to) == 1:
        return led_to[0]
    return plain[0] if len(plain) == 1 else None


def _paper(terms: Convertible, owed: Owed, common: str | None, currency: str) -> Paper | str:
    """Return a SAFE or note, or why it is left out."""
    if owed.amount is None or (amount := owed.amount.exact) is None:
        return "its amount is not stated exactly"
    if currency and owed.currency != currency:
        return f"its amount is in {owed.currency}, and the proceeds are in {currency}"
    if owed.interest is None or (interest := owed.interest.exact) is None:
        return "its interest is not exact, so write '6% a year, simple' and 'day count: actual/365'"
    due = amount + interest
    if terms.repays is None:
        return "what it pays back is not an exact multiple such as '2x'"
    paper = Paper(terms.id, terms.kind, terms.holder, amount * terms.repays + interest, basis=terms.basis)
    if terms.converts is not None:
        if not terms.converts.at_will or terms.converts.into.rpartition(".")[2] != common:
            return f"it converts {terms.converts.when} into {terms.converts.into}"
        paper = paper._replace(shares=terms.count * terms.converts.ratio)
    if (terms.cap or terms.discount) and common is None:
        return "it is not clear into which class it converts"
    if terms.cap:
        match = _CAP.match(terms.cap)
        money = parse_money(match["money"]) if match is not None else None
        if match is None or not isinstance(money, Money) or not money.amount or money.currency != owed.currency:
            return f"its cap ('{terms.cap}') is not an amount of money such as 'USD 10,000,000 post-money'"
        if match["basis"] is None:
            return f"its cap ('{terms.cap}') does not say 'post-money' or 'pre-money'"
        if match["basis"] == "post-money":
            if due >= money.amount:
                return "its cap is not above what is due on it"
            paper = paper._replace(part=due / money.amount)
        else:
            paper = paper._replace(shares_per=due / money.amount)
    if terms.discount:
        rate = parse_quantity(terms.discount)
        if not isinstance(rate, Quantity) or rate.unit != "%" or not 0 <= rate.amount < 1:
            return f"its discount ('{terms.discount}') is not a percentage"
        paper = paper._replace(discounted=due / (1 - rate.amount))
    return paper


class Built(NamedTuple):
    """The claims with those of SAFEs and notes added.

    Attributes:
        claims: Those given, then one for each paper.
        tiers: Number of tiers.
        game: Where a paper gets a part of the capitalization; None where all numbers of shares are fixed.
        assumptions: Sentences.
    """

    claims: tuple[Claim, ...]
    tiers: int
    game: Game | None
    assumptions: tuple[str, ...]


def with_papers(
    claims: Sequence[Claim],
    tiers: int,
    classes: Sequence[ShareClass],
    papers: Papers,
    outstanding_options: Fraction,
) -> Built:
    """Add the claims of SAFEs and notes to those of classes and options.

    Notes are paid back before every preference, SAFEs beside the preference that is paid last. At a discount a paper
    takes shares worth what is due on it divided by 1 less the discount, and so that amount before the shares it stands
    beside.

    Args:
        claims: Of classes and options.
        tiers: Number of tiers of their preferences.
        classes: The class of each claim.
        papers: SAFEs and notes; at least one.
        outstanding_options: Common-equivalent shares under options, vested or not.

    Source:
        Y Combinator, Post-Money SAFE v1.2, s. 1(b), 1(d), 2; pre-money SAFE of 2016, s. 2.
    """
    notes_first = int(any(paper.kind == "note" for paper in papers.counted))
    discounts = any(paper.discounted is not None for paper in papers.counted)
    beside = max(tiers, 1) + notes_first
    last = beside + 1 if discounts else beside
    shifted = [
        claim._replace(
            forms=tuple(form._replace(tier=form.tier + notes_first) if form.tier else form for form in claim.forms)
        )
        for claim in claims
    ]
    counted = _counted(shifted, classes)
    before = outstanding_options + sum(
        (max((n for (i, _), n in counted.items() if i == number), default=ZERO) for number in range(len(shifted))), ZERO
    )
    parts: dict[tuple[int, int], Fraction] = {}
    made: list[Claim] = []
    for paper in papers.counted:
        number = len(shifted) + len(made)
        forms = [Form(1 if paper.kind == "note" else beside, paper.due, ZERO)]
        shares = paper.shares if paper.shares is not None else ZERO
        if paper.shares_per is not None:
            shares = max(shares, paper.shares_per * before)
        if shares:
            counted[(number, len(forms))] = shares
            forms.append(Form(0, ZERO, shares, becomes=papers.into))
        if paper.discounted is not None:
            forms.append(Form(last, paper.discounted, ZERO, becomes=papers.into))
        if paper.part is not None:
            parts[(number, len(forms))] = paper.part
            forms.append(Form(0, ZERO, ZERO, becomes=papers.into))
        made.append(Claim(papers.into or paper.id, tuple(forms)))
    everything = (*shifted, *made)
    fixed = outstanding_options + sum(
        (n for (i, form), n in counted.items() if len(everything[i].forms) == 1 and form == 0), ZERO
    )
    choosing = {key: n for key, n in counted.items() if len(everything[key[0]].forms) > 1}
    game = Game(everything, last, fixed, choosing, parts) if parts else None
    assumptions = []
    if any(paper.kind == "safe" for paper in papers.counted):
        assumptions.append("SAFEs that do not convert are paid back beside the preference that is paid last.")
    if notes_first:
        assumptions.append("Notes that do not convert are paid back with interest before every preference.")
    if discounts:
        assumptions.append("What converts at a discount takes shares at the sale's own price, less the discount.")
    if parts:
        assumptions.append(
            "The capitalization of a cap after the money counts shares, all options outstanding and those who convert; "
            "not a preference that is taken instead, nor the rest of a pool."
        )
    if any(paper.shares_per is not None for paper in papers.counted):
        assumptions.append("The capitalization of a cap before the money counts shares as converted and all options.")
    return Built(everything, last, game, tuple(assumptions))


def _counted(claims: Sequence[Claim], classes: Sequence[ShareClass]) -> dict[tuple[int, int], Fraction]:
    """Return by (claim, form) the shares of classes that a capitalization counts: none whose preference is taken."""
    found: dict[tuple[int, int], Fraction] = {}
    for number, (claim, share_class) in enumerate(zip(claims, classes, strict=True)):
        if claim.is_option:
            continue
        for index, form in enumerate(claim.forms):
            instead = form.tier and share_class.participation == "none"
            if form.units and not instead:
                found[(number, index)] = form.units
    return found
