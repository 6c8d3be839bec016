"""Values of one label each: participation, ranks, conversions, caps, tiers, costs, outcomes, aliases, readings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from muniment.model.amounts import parse_money, parse_quantity
from muniment.model.dates import parse_date
from muniment.model.rule_reader import parse_rule
from muniment.model.rules import Rule, RuleFault
from muniment.model.values import Bounded, Money, PartialDate, Quantity, ValueFault

IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
DOTTED = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)?\Z")


class Ranks(NamedTuple):
    """`ahead of common, series-seed` or `with series-b`."""

    ahead: bool
    classes: tuple[str, ...]


class Conversion(NamedTuple):
    """`1:40 into ordinary at will, on transfer, on 2031-01-01`: what one becomes, of which class, and when.

    Attributes:
        when: As written; `at will` if not stated.
        at_will: Whenever the holder likes.
        on_transfer: When a share passes to another holder.
        on_date: From this day.
        by_vote: When this rule is satisfied; its words are in `vote_text`.
        on_other: Other events, as written (`death`).
    """

    ratio: Fraction
    into: str
    when: str
    at_will: bool = True
    on_transfer: bool = False
    on_date: PartialDate | None = None
    by_vote: Rule | None = None
    vote_text: str = ""
    on_other: tuple[str, ...] = ()


class Participation(NamedTuple):
    """`none`, `full`, or `capped` at a multiple of the price or at an amount in all; a cap includes the preference."""

    kind: str
    cap: Fraction | Money | None = None


class Chair(NamedTuple):
    """Who sits in the chair, and whether with a casting vote."""

    party: str
    casting_vote: bool


@dataclass(frozen=True, slots=True)
class GreaterOf:
    """`greater of 3 and 25% of board`: a number of seats that follows the size of a body."""

    count: int
    share: Fraction
    body: str


class TierTerms(NamedTuple):
    """A tier's split, (share, payee) with shares that sum to 1, and its limit (see `book.structure.Tier.until`)."""

    split: tuple[tuple[Fraction, str], ...]
    until: tuple[str, Any] | None


class CostTerms(NamedTuple):
    """An amount, or a fraction of the proceeds, perhaps of what exceeds an amount; due only where they reach one."""

    amount: Money | Fraction
    above: Money | None
    reaching: Money | None = None


class Alias(NamedTuple):
    """Another name; `source` limits it to one source, `why` says how it came about."""

    name: str
    source: str
    why: str


class Outcome(NamedTuple):
    """What became of a proposal; only `adopted` with a date folds it into fact."""

    word: str
    date: PartialDate | None


class EntityMatter(NamedTuple):
    """`ENTITY: MATTER`."""

    entity: str
    matter: str


class Reading(NamedTuple):
    """`RECORD LABEL as NAME`."""

    address: str
    name: str


class Pay(NamedTuple):
    """`USD 175,000 a year`: an amount and the period it is for (empty: once)."""

    amount: Money | Bounded[Money]
    period: str


def fault(code: str, message: str, text: str, words: str = "", hint: str | None = None) -> ValueFault:
    """Return a fault at `words` inside `text`, or at the whole of it."""
    start = text.find(words) if words else 0
    start = max(start, 0)
    return ValueFault(code, message, start, start + (len(words) or len(text) or 1), hint)


def parse_id(text: str) -> str | ValueFault:
    """Read an id, plain or `entity.class`."""
    if DOTTED.match(text):
        return text
    return fault(
        "M201",
        f"'{text}' is not an id",
        text,
        hint="an id has small letters, digits and hyphens, as in 'birch-ventures'",
    )


def parse_ids(text: str) -> tuple[str, ...] | ValueFault:
    """Read ids at comma-space."""
    names = tuple(part.strip() for part in text.split(","))
    for name in names:
        if not DOTTED.match(name):
            return fault(
                "M201",
                f"'{name}' is not an id",
                text,
                name,
                "an id has small letters, digits and hyphens; between two stand a comma and a space",
            )
    return names


def parse_sources(text: str) -> tuple[str, ...] | ValueFault:
    """Read `@source, @source`."""
    names = tuple(part.strip() for part in text.split(","))
    for name in names:
        if not name.startswith("@") or not IDENTIFIER.match(name[1:]):
            return fault(
                "M202", f"'{name}' is not a source", text, name, "write each source as '@' and its id, as in '@charter'"
            )
    return tuple(name[1:] for name in names)


def parse_flag(text: str) -> bool | ValueFault:
    """Read `yes` or `no`."""
    if text in ("yes", "no"):
        return text == "yes"
    return fault("M203", f"'{text}' is neither 'yes' nor 'no'", text, hint="write 'yes' or 'no'")


def parse_whole(text: str) -> int | ValueFault:
    """Read a whole number of shares, seats or votes."""
    quantity = parse_quantity(text)
    if isinstance(quantity, ValueFault):
        return quantity
    if isinstance(quantity, Bounded) or quantity.unit or quantity.amount.denominator != 1:
        return fault("M204", f"'{text}' is not a whole number", text, hint="write a whole number, as in '4,000,000'")
    return int(quantity.amount)


GREATER_OF = re.compile(r"greater of ([\d,]+) and (\S+) of ([a-z0-9-]+)\Z")
RANGE = re.compile(r"([\d,]+) to ([\d,]+)\Z")


MOST_SEATS = 1_000
"""Seats of one group; no board or committee comes near, and a slip of the keyboard must not cost an answer."""

MOST_OF_BODY = Fraction(9, 10)
"""Part of a body that one group may be said to have."""


def parse_seat_number(text: str) -> int | Bounded[Fraction] | GreaterOf | ValueFault:
    """Read `4`, `4 to 12` or `greater of 3 and 25% of board`; at most `MOST_SEATS`."""
    number = _seat_number(text)
    most = number.count if isinstance(number, GreaterOf) else number.high if isinstance(number, Bounded) else number
    if isinstance(most, int | Fraction) and most > MOST_SEATS:
        return fault("M204", f"'{text}' is more than {MOST_SEATS:,} seats", text, hint="correct the number of seats")
    return number


def _seat_number(text: str) -> int | Bounded[Fraction] | GreaterOf | ValueFault:
    greater = GREATER_OF.match(text)
    if greater:
        count, share = parse_whole(greater[1]), parse_quantity(greater[2])
        if isinstance(count, int) and isinstance(share, Quantity):
            if share.amount > MOST_OF_BODY:
                return fault(
                    "M204", f"'{greater[2]}' of a body is more than nine tenths", text, greater[2], "correct the share"
                )
            return GreaterOf(count, share.amount, greater[3])
    span = RANGE.match(text)
    if span:
        low, high = parse_whole(span[1]), parse_whole(span[2])
        if isinstance(low, int) and isinstance(high, int) and low <= high:
            return Bounded(Fraction(low), Fraction(high), text=text)
    return parse_whole(text)


def parse_participation(text: str) -> Participation | ValueFault:
    """Read `none`, `full`, `up to 3x` or `up to USD 36,000,000 in all`."""
    if text in ("none", "full"):
        return Participation(text)
    if text.startswith("up to "):
        rest = text[6:].removesuffix(" in all")
        cap = parse_quantity(rest)
        if isinstance(cap, Quantity) and cap.unit == "x":
            return Participation("capped", cap.amount)
        money = parse_money(rest)
        if isinstance(money, Money):
            return Participation("capped", money)
    return fault(
        "M205",
        f"'{text}' is not a participation",
        text,
        hint="write 'none', 'full', 'up to 3x' or 'up to USD 36,000,000 in all'",
    )


def parse_rank(text: str) -> Ranks | ValueFault:
    """Read `ahead of A, B` or `with A`."""
    for words, ahead in (("ahead of ", True), ("with ", False)):
        if text.startswith(words):
            classes = parse_ids(text[len(words) :])
            return classes if isinstance(classes, ValueFault) else Ranks(ahead, classes)
    return fault("M206", f"'{text}' is not a rank", text, hint="write 'ahead of common' or 'with series-b'")


CONVERTS = re.compile(r"(\S+) into ([^\s,]+)(?:,? (at will.*|on .+|by vote .+))?\Z")


def parse_conversion(text: str) -> Conversion | ValueFault:
    """Read `1:1 into common`, perhaps with `at will`, `on DATE`, `on transfer`, `on death` or `by vote RULE`.

    Several stand one after the other, a vote last: `1:1 into common at will, on transfer, by vote 2/3 of class-b`.
    """
    match = CONVERTS.match(text)
    ratio = parse_quantity(match[1]) if match else None
    if not match or not isinstance(ratio, Quantity) or ratio.unit != ":" or ratio.amount <= 0:
        return _not_a_conversion(text, text)
    if not DOTTED.match(match[2]):
        return _not_a_conversion(text, text)
    terms = Conversion(ratio.amount, match[2], match[3] or "at will")
    return _with_times(terms, text, match[3]) if match[3] else terms


def _with_times(terms: Conversion, text: str, rest: str) -> Conversion | ValueFault:
    """Return a conversion with the times that are listed."""
    terms = terms._replace(at_will=False)
    while rest:
        if rest.startswith("by vote "):
            words = rest.removeprefix("by vote ")
            rule = parse_rule(words)
            if isinstance(rule, RuleFault):
                start = len(text) - len(words)
                return ValueFault(rule.code, rule.message, start + rule.start, start + rule.end, rule.hint)
            return terms._replace(by_vote=rule, vote_text=words)
        part, _, rest = rest.partition(", ")
        if part == "at will":
            terms = terms._replace(at_will=True)
        elif part == "on transfer":
            terms = terms._replace(on_transfer=True)
        elif not part.startswith("on ") or not part[3:].strip():
            return _not_a_conversion(text, part)
        elif part[3:4].isdigit() or part[3:4] in "[./":
            when = parse_date(part[3:])
            if isinstance(when, ValueFault):
                start = text.find(part) + 3
                return ValueFault(when.code, when.message, start + when.start, start + when.end, when.hint)
            terms = terms._replace(on_date=when)
        else:
            terms = terms._replace(on_other=(*terms.on_other, part[3:]))
    return terms


def _not_a_conversion(text: str, words: str) -> ValueFault:
    return fault(
        "M207",
        f"'{words}' is not a conversion" if words == text else f"'{words}' does not say when it converts",
        text,
        "" if words == text else words,
        "write '1:1 into common', or '1:1 into common on transfer'",
    )


def parse_chair(text: str) -> Chair | ValueFault:
    """Read `ada` or `ada, casting vote`."""
    name, _, rest = text.partition(", ")
    if IDENTIFIER.match(name) and rest in ("", "casting vote"):
        return Chair(name, bool(rest))
    return fault("M209", f"'{text}' does not name a chair", text, hint="write 'ada' or 'ada, casting vote'")


def parse_occupant(text: str) -> str | ValueFault:
    """Read `holder of OFFICE`, or `holder of ENTITY.OFFICE`; the value is the office."""
    if text.startswith("holder of ") and DOTTED.match(text[10:]):
        return text[10:]
    return fault(
        "M281",
        f"'{text}' does not name an office",
        text,
        hint="write 'holder of ceo'; people are appointed by an 'appoint' record",
    )


SPLIT = re.compile(r"(all|\S+%) to (\S+)\Z")


def parse_tier(text: str) -> TierTerms | ValueFault:
    """Read `SPLIT [until LIMIT]`, as in `80% to a, 20% to b until 2x contributed`."""
    split_text, _, limit = text.partition(" until ")
    split: list[tuple[Fraction, str]] = []
    for part in split_text.split(", "):
        match = SPLIT.match(part)
        share = parse_quantity(match[1]) if match and match[1] != "all" else Quantity(Fraction(1), "%")
        if not match or not isinstance(share, Quantity) or not DOTTED.match(match[2]):
            return fault(
                "M282",
                f"'{part}' is not a share of a tier",
                text,
                part,
                "write 'all to common' or '80% to ada, 20% to grace'",
            )
        split.append((share.amount, match[2]))
    if sum(share for share, _ in split) != 1:
        return fault(
            "M283", f"the shares of '{split_text}' do not add up to 100%", text, split_text, "correct one of them"
        )
    if not limit:
        return TierTerms(tuple(split), None)
    until = parse_limit(limit)
    return until if isinstance(until, ValueFault) else TierTerms(tuple(split), until)


def parse_limit(text: str) -> tuple[str, Any] | ValueFault:
    """Read `1x contributed`, `USD 92 billion`, `8% a year, compounded` or `20% of profit`."""
    for words, kind, unit in (
        (" contributed", "contributed", "x"),
        (" a year, compounded", "hurdle", "%"),
        (" of profit", "profit", "%"),
    ):
        if text.endswith(words):
            amount = parse_quantity(text.removesuffix(words))
            if isinstance(amount, Quantity) and amount.unit == unit:
                return kind, amount.amount
    money = parse_money(text)
    if isinstance(money, Money):
        return "money", money
    return fault(
        "M284",
        f"'{text}' is not a limit",
        text,
        hint="write '1x contributed', 'USD 92 billion', '8% a year, compounded' or '20% of profit'",
    )


def parse_cost(text: str) -> CostTerms | ValueFault:
    """Read an amount, `2% of proceeds`, `10% above USD 5,000`, or one of them `if proceeds reach USD 20,000`."""
    if " if proceeds reach " in text:
        first, _, rest = text.partition(" if proceeds reach ")
        cost, reaching = parse_cost(first), parse_money(rest)
        if isinstance(cost, CostTerms) and cost.reaching is None and isinstance(reaching, Money):
            return cost._replace(reaching=reaching)
    if text.endswith(" of proceeds"):
        share = parse_quantity(text.removesuffix(" of proceeds"))
        if isinstance(share, Quantity):
            return CostTerms(share.amount, None)
    if " above " in text:
        first, _, rest = text.partition(" above ")
        share, above = parse_quantity(first), parse_money(rest)
        if isinstance(share, Quantity) and share.unit == "%" and isinstance(above, Money):
            return CostTerms(share.amount, above)
    money = parse_money(text)
    if isinstance(money, Money):
        return CostTerms(money, None)
    return fault(
        "M285",
        f"'{text}' is not a cost",
        text,
        hint="write 'USD 4,000,000', '2% of proceeds' or '10% above USD 5,000,000', and behind it, if it is due only "
        "from there on, 'if proceeds reach USD 20,000,000'",
    )


ALIAS = re.compile(r"(.+?)(?: in @([a-z0-9-]+))?(?:, (translation|transliteration|ocr|handle|former name|spelling))?\Z")


def parse_alias(text: str) -> Alias | ValueFault:
    """Read `Ultraman in @ifanr, translation`."""
    match = ALIAS.match(text)
    if match is None or match[1].startswith("in @"):
        return fault("M286", "the name itself is missing", text, hint="write it first, as in 'A. Okafor in @herald'")
    return Alias(match[1], match[2] or "", match[3] or "")


OUTCOMES = ("adopted", "refused", "withdrawn", "lapsed", "open", "unknown")


def parse_outcome(text: str) -> Outcome | ValueFault:
    """Read `refused`, `adopted 2019-03-11`, `withdrawn 2017-09-20`."""
    word, _, rest = text.partition(" ")
    if word in OUTCOMES:
        when = parse_date(rest) if rest else None
        if isinstance(when, ValueFault):
            return ValueFault(when.code, when.message, when.start + len(word) + 1, when.end + len(word) + 1, when.hint)
        if word == "adopted" and when is None:
            return fault("M287", "the day of the adoption is missing", text, hint="write 'adopted 2019-03-11'")
        return Outcome(word, when)
    return fault(
        "M287", f"'{word}' is not an outcome", text, word, f"write one of: {', '.join(OUTCOMES)}; a date may follow"
    )


def parse_entity_matter(text: str) -> EntityMatter | ValueFault:
    """Read `ENTITY: MATTER`."""
    entity, colon, matter = text.partition(": ")
    if colon and IDENTIFIER.match(entity) and matter:
        return EntityMatter(entity, matter)
    return fault("M288", f"'{text}' does not name an entity and a matter", text, hint="write 'acme: sell company'")


def parse_reading(text: str) -> Reading | ValueFault:
    """Read `RECORD LABEL as NAME`."""
    address, word, name = text.rpartition(" as ")
    if word and " " in address and name:
        return Reading(address, name.strip("()"))
    return fault(
        "M289",
        f"'{text}' does not choose a reading",
        text,
        hint="write 'RECORD LABEL as NAME', as in 'acme rules sell company as strict'",
    )


PAY = re.compile(r"(.+?)(?: (a year|a month|a week|an hour|once))?\Z")


def parse_pay(text: str) -> Pay | ValueFault:
    """Read `USD 175,000 a year`."""
    match = PAY.match(text)
    amount = parse_money(match[1] if match else text)
    return amount if isinstance(amount, ValueFault) else Pay(amount, (match[2] if match else "") or "")
