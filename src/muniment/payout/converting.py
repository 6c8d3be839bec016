"""SAFEs and notes as claims on the proceeds of a sale: the greater of what is paid back and what conversion gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from muniment.book.exercising import refusal
from muniment.book.structure import Basis, Convertible, Entity, ShareClass, Structure
from muniment.model.amounts import format_fraction, parse_money, parse_quantity
from muniment.model.dates import is_before
from muniment.model.values import Money, Quantity, day
from muniment.payout.faults import Refusal
from muniment.payout.instruments import Owed, dilution
from muniment.payout.liquidity import Game
from muniment.payout.maturity import Due, due_at_maturity
from muniment.payout.modes import SALE, means
from muniment.payout.most_favored import WHAT_IS_TAKEN, terms_it_may_take
from muniment.payout.piecewise import ZERO
from muniment.payout.positions import has_preference
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
        became: The class whose shares it has become by the day, when it was due; None if it has not.
    """

    id: str
    kind: str
    holder: str
    due: Fraction
    part: Fraction | None = None
    shares_per: Fraction | None = None
    shares: Fraction | None = None
    discounted: Fraction | None = None
    became: str | None = None
    basis: Basis | None = None


class Papers(NamedTuple):
    """The SAFEs and notes of an entity.

    Attributes:
        counted: All that are outstanding.
        into: The class into which they convert; None if none converts.
        notes: Sentences on what is assumed of them.
        told: Ids that are counted.
        currency: Of their amounts; empty if there is none.
    """

    counted: tuple[Paper, ...]
    into: str | None
    notes: tuple[str, ...]
    told: frozenset[str]
    currency: str = ""

    @property
    def count_options(self) -> bool:
        """Whether the number of shares under options changes what one converts into."""
        return any(each.part is not None or each.shares_per is not None for each in self.counted)


NO_PAPERS = Papers((), None, (), frozenset())


def papers_of(structure: Structure, entity: Entity, currency: str, mode: str = SALE) -> Papers | Refusal:
    """Return the SAFEs and notes of `entity` that are outstanding, as they stand at an exit on the structure's day.

    Each of them is paid before or beside the owners, so where one cannot be computed nothing can, and the reason is
    returned instead.

    Args:
        structure: Everything in force.
        entity: The issuer.
        currency: Of the proceeds; empty if not known, and then of the first SAFE or note.
        mode: ``sale``, ``ipo``, or an event on which some must convert.
    """
    for each in structure.inexact:
        if each.entity == entity.id and each.kind in ("safe", "note"):
            return _unclear(each.id, each.basis, f"does not say exactly {each.missing}", "add it to the record")
    own = [each for each in structure.convertibles if each.entity == entity.id and not each.converted_in]
    if not own:
        return NO_PAPERS
    notes: list[str] = []
    owed = {each.terms.id: each for each in dilution(structure, entity).owed}
    common = _common(entity)
    stated = currency or owed[own[0].id].currency
    counted: list[Paper] = []
    for terms in own:
        due = due_at_maturity(owed[terms.id], structure.on)
        if due is not None and due.matured and due.then is not None and due.then.kind == "converts":
            paper = _became(due, owed[terms.id], structure, entity, stated, notes)
            if isinstance(paper, Refusal):
                return paper
            counted.append(paper)
            continue
        converts = _fixed(structure, terms, common, mode, notes)
        if isinstance(converts, Refusal):
            return converts
        ways = _ways(terms, structure.convertibles)
        if isinstance(ways, Refusal):
            return ways
        paper = _paper(terms, owed[terms.id], ways, common, stated)
        if isinstance(paper, Refusal):
            return paper
        counted.append(paper._replace(shares=converts))
        if terms.most_favored:
            notes += _of_the_most_favored(terms, ways)
        if terms.cap_counts:
            notes.append(
                f"What the capitalization of {terms.id} counts ('{terms.cap_counts}') is taken to be meant for rounds."
            )
        if due is not None and due.on < structure.on:
            notes.append(_of_the_matured(due))
    return Papers(tuple(counted), common, tuple(notes), frozenset(each.id for each in counted), stated)


def _of_the_matured(due: Due) -> str:
    """Return what is assumed of what was due before the day, and has not become shares."""
    if due.then is not None and due.then.kind == "repaid":
        return (
            f"{due.id} was to be repaid on {due.on}, and no record says that it was: it is taken to be outstanding, "
            "with interest to that day."
        )
    extended = ", the day to which it was extended" if due.then is not None else ""
    return f"{due.id} was due on {due.on}{extended}; its interest is taken to run on."


def _became(
    due: Due, owed: Owed, structure: Structure, entity: Entity, currency: str, notes: list[str]
) -> Paper | Refusal:
    """Return what a SAFE or note is that by its record converted at a price on the day it was due."""
    terms = owed.terms
    assert due.then is not None
    owner, _, name = due.then.into.rpartition(".")
    into = entity.classes.get(name) if owner in ("", entity.id) else None
    shares = due.shares.exact if due.shares is not None else None
    principal = owed.amount.exact if owed.amount is not None else None
    interest = due.interest.exact if due.interest is not None else None
    hint = f"record the shares with 'issue', and end {due.id} with 'until'"
    if shares is None or principal is None or interest is None or (currency and owed.currency != currency):
        what = f"converted on {due.on} into {due.then.into}, and into how many shares is not stated exactly"
        return _unclear(due.id, terms.basis, what, hint)
    if into is None or has_preference(into) or into.return_cap is not None or into.converts_into is not None:
        what = f"converted on {due.on} into {due.then.into}, which is no class without preference of {entity.id}"
        return _unclear(due.id, terms.basis, what, hint)
    for split in structure.splits.get((entity.id, name), ()):
        since = is_before(day(due.on), split.when)
        if since is None:
            what = f"converted on {due.on} into {name}, before or after the split of {split.when.text}"
            return _unclear(due.id, terms.basis, what, hint)
        if since:
            shares *= split.ratio
        else:
            notes.append(f"The price at which {due.id} converted is taken as stated: no split of {name} changes it.")
    notes.append(
        f"{due.id} is taken to have become {format_fraction(shares)} {name} on {due.on}, when it was due, with the "
        "interest to that day; no record shows their issue."
    )
    return Paper(due.id, terms.kind, terms.holder, principal + interest, shares=shares, became=name, basis=terms.basis)


def _unclear(name: str, basis: Basis, what: str, hint: str) -> Refusal:
    return Refusal("open claim", f"{name} {what}, so what it is paid is not known", basis, hint)


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


class _Ways(NamedTuple):
    """How a SAFE or note may convert.

    Attributes:
        caps: After the money; the least counts.
        caps_before: Before the money; the least counts.
        parts: Of the capitalization; the greatest counts.
        discounts: The greatest counts.
        of: Ids of later instruments whose terms it may take.
    """

    caps: tuple[Fraction, ...] = ()
    caps_before: tuple[Fraction, ...] = ()
    parts: tuple[Fraction, ...] = ()
    discounts: tuple[Fraction, ...] = ()
    of: tuple[str, ...] = ()


def _ways(terms: Convertible, others: Sequence[Convertible]) -> _Ways | Refusal:
    """Return how a SAFE or note may convert, by its own terms and those that a most-favored-nation clause brings in.

    The holder gets the greater of all forms in the end, and in each form the better terms are better whatever the
    others do, so that it is enough to list them all.
    """
    choices = terms_it_may_take(terms, others)
    if isinstance(choices, Refusal):
        return choices
    found = _Ways()
    for choice in choices:
        own = _own_ways(choice.terms, choice.of or terms.id)
        if isinstance(own, Refusal):
            return own
        of = (*found.of, choice.of) if choice.of else found.of
        found = _Ways(
            found.caps + own.caps,
            found.caps_before + own.caps_before,
            found.parts + own.parts,
            found.discounts + own.discounts,
            of,
        )
    more = next((each for each in others if each.id in found.of and (each.repays is None or each.repays > 1)), None)
    if more is not None and more.repays != terms.repays:
        what = f"may take the terms of {more.id}, which pays back more than its amount"
        hint = f"state in {terms.id} which terms it has taken, without 'mfn'"
        return _unclear(terms.id, terms.basis, what, hint)
    return found


def _own_ways(terms: Convertible, stated_in: str) -> _Ways | Refusal:
    """Return what one set of terms says of how an instrument converts: a cap, a part, a discount."""
    found = _Ways()
    if terms.cap:
        match = _CAP.match(terms.cap)
        money = parse_money(match["money"]) if match is not None else None
        if match is None or not isinstance(money, Money) or money.amount <= 0:
            what = f"has a cap ('{terms.cap}') that is not an exact amount of money"
            return _unclear(stated_in, terms.basis, what, "write it as in 'cap: USD 10,000,000 post-money'")
        if isinstance(terms.amount, Money) and money.currency != terms.amount.currency:
            return Refusal(
                "mixed currencies",
                f"the cap of {stated_in} is in {money.currency}, and the amount of {terms.id} in "
                f"{terms.amount.currency}",
                terms.basis,
                "state both in one currency",
            )
        if match["basis"] is None:
            what = f"has a cap ('{terms.cap}') that is neither post-money nor pre-money"
            return _unclear(stated_in, terms.basis, what, "write 'post-money' or 'pre-money' behind it")
        after = match["basis"] == "post-money"
        found = found._replace(caps=(money.amount,)) if after else found._replace(caps_before=(money.amount,))
    rates: dict[str, Fraction] = {}
    for label, words in (("part", terms.part), ("discount", terms.discount)):
        rate = parse_quantity(words) if words else None
        if rate is None:
            continue
        if not isinstance(rate, Quantity) or rate.unit not in ("", "%") or not 0 <= rate.amount < 1:
            what = f"has a {label} ('{words}') that is not an exact percentage below 100%"
            return _unclear(stated_in, terms.basis, what, f"write it as in '{label}: 20%'")
        rates[label] = rate.amount
    parts, discounts = ((rates[label],) if label in rates else () for label in ("part", "discount"))
    return found._replace(parts=parts, discounts=discounts)


def _of_the_most_favored(terms: Convertible, ways: _Ways) -> tuple[str, ...]:
    """Return what is assumed of a most-favored-nation clause."""
    if not ways.of:
        return (f"{terms.id} may take better terms, and keeps its own: nothing issued after it has others.",)
    whose = " or ".join(ways.of)
    return (
        WHAT_IS_TAKEN.format(id=terms.id),
        f"{terms.id} is paid by the terms of {whose} or by its own, whichever give more.",
    )


def _fixed(
    structure: Structure, terms: Convertible, common: str | None, mode: str, notes: list[str]
) -> Fraction | Refusal | None:
    """Return the fixed number of shares into which a SAFE or note converts at will; None if there is none."""
    converts = terms.converts
    if converts is None:
        return None
    if not converts.at_will:
        right = next((each for each in structure.rights if each.id == terms.id), None)
        due = right is not None and not refusal(right, structure.on, structure.on)
        if due or any(means(event, mode) for event in converts.on_other):
            hint = f"record the conversion, and end {terms.id} with 'until'"
            return _unclear(terms.id, terms.basis, f"converts {converts.when} into {converts.into}", hint)
        notes.append(f"{terms.id} is taken as not converted: it converts {converts.when}.")
        return None
    if common is None or converts.into.rpartition(".")[2] != common:
        what = f"converts into {converts.into}, which is not the class without preference that the others lead to"
        return _unclear(terms.id, terms.basis, what, "state what it converts into in shares of that class")
    return terms.count * converts.ratio


def _paper(terms: Convertible, owed: Owed, ways: _Ways, common: str | None, currency: str) -> Paper | Refusal:
    """Return a SAFE or note, or why it cannot be computed."""
    if owed.amount is None or (amount := owed.amount.exact) is None:
        return _unclear(terms.id, terms.basis, "does not say exactly what its amount is", "write 'amount: USD 500,000'")
    if currency and owed.currency != currency:
        return Refusal(
            "mixed currencies",
            f"the amount of {terms.id} is in {owed.currency}, and the proceeds are in {currency}",
            terms.basis,
            "state all money of one payout in one currency",
        )
    if owed.interest is None or (interest := owed.interest.exact) is None:
        hint = "write 'interest: 6% a year, simple' and 'day count: actual/365', and date the record to the day"
        return _unclear(terms.id, terms.basis, "bears interest that is not stated exactly", hint)
    due = amount + interest
    if terms.repays is None:
        return _unclear(
            terms.id, terms.basis, "does not say exactly what it pays back", "write a multiple, as in 'repays: 2x'"
        )
    paper = Paper(terms.id, terms.kind, terms.holder, amount * terms.repays + interest, basis=terms.basis)
    if any(ways[:4]) and common is None:
        what = "does not say into which class it converts, and there are several without preference, or none"
        return _unclear(terms.id, terms.basis, what, "let the other classes convert into the one that is meant")
    parts = [*(due / cap for cap in ways.caps), *ways.parts]
    if parts and max(parts) >= 1:
        what = "has a cap that is not above what is due on it"
        return _unclear(terms.id, terms.basis, what, "correct the cap or the amount")
    return paper._replace(
        part=max(parts, default=None),
        shares_per=due / min(ways.caps_before) if ways.caps_before else None,
        discounted=due / (1 - max(ways.discounts)) if ways.discounts else None,
    )


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
    notes_first = int(any(paper.kind == "note" and paper.became is None for paper in papers.counted))
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
    before = outstanding_options + sum((each.shares or ZERO for each in papers.counted if each.became), ZERO)
    before += sum(
        (max((n for (i, _), n in counted.items() if i == number), default=ZERO) for number in range(len(shifted))), ZERO
    )
    parts: dict[tuple[int, int], Fraction] = {}
    worth: set[tuple[int, int]] = set()
    made: list[Claim] = []
    for paper in papers.counted:
        number = len(shifted) + len(made)
        if paper.became is not None:
            counted[(number, 0)] = paper.shares or ZERO
            made.append(Claim(paper.became, (Form(0, ZERO, paper.shares or ZERO),)))
            continue
        forms = [Form(1 if paper.kind == "note" else beside, paper.due, ZERO)]
        shares = paper.shares if paper.shares is not None else ZERO
        if paper.shares_per is not None:
            shares = max(shares, paper.shares_per * before)
        if shares:
            counted[(number, len(forms))] = shares
            forms.append(Form(0, ZERO, shares, becomes=papers.into))
        if paper.discounted is not None:
            worth.add((number, len(forms)))
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
    game = Game(everything, last, fixed, choosing, parts, frozenset(worth)) if parts else None
    assumptions = []
    if any(paper.kind == "safe" and paper.became is None for paper in papers.counted):
        assumptions.append("SAFEs that do not convert are paid back beside the preference that is paid last.")
    if notes_first:
        assumptions.append("Notes that do not convert are paid back with interest before every preference.")
    if discounts:
        assumptions.append("What converts at a discount takes shares at the sale's own price, less the discount.")
    if parts:
        assumptions.append(
            "The capitalization of a cap after the money counts shares, all options outstanding and those who convert, "
            "at a discount too; not a preference that is taken instead, nor the rest of a pool."
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
