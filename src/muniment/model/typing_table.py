"""How each type of the vocabulary is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from muniment.model import clawback_terms, return_cap_terms, right_terms, round_words, terms
from muniment.model.amounts import parse_class_quantity, parse_money, parse_quantity
from muniment.model.dates import parse_date
from muniment.model.rule_reader import parse_body_rule, parse_removal, parse_rule
from muniment.model.values import ValueFault
from muniment.model.vocabulary import ENTITY_KINDS

Parser = Callable[[str], Any]

SOURCE_KINDS = (
    "email",
    "court exhibit",
    "charter",
    "filing",
    "signed agreement",
    "press report",
    "web page",
    "statement",
    "testimony",
    "translation",
    "bylaws",
    "statute",
)
CIRCUMSTANCES = (
    "classified board",
    "no classified board",
    "cumulative votes",
    "no cumulative votes",
    "members",
    "no members",
    "manager",
    "no manager",
    "one class",
    "several classes",
    "supervisory board",
    "no supervisory board",
)
"""What a statute may make its default depend on; each is read off the entity as the book records it."""
DIFFERENCES = ("dispute", "error", "translation", "reporting", "category", "apparent")


def one_of(words: tuple[str, ...]) -> Parser:
    """Return a parser that takes one of a list of words."""

    def parse(text: str) -> str | ValueFault:
        if text in words:
            return text
        return terms.fault(
            "M280", f"'{text}' is not one of the words for this label", text, hint=f"write one of: {', '.join(words)}"
        )

    return parse


def some_of(words: tuple[str, ...]) -> Parser:
    """Return a parser that takes several of a list of words, at comma-space."""
    one = one_of(words)

    def parse(text: str) -> tuple[str, ...] | ValueFault:
        read = [(part, one(part)) for part in parse_list(text)]
        for part, found in read:
            if isinstance(found, ValueFault):
                at = text.index(part)
                return ValueFault(found.code, found.message, at, at + len(part), found.hint)
        return tuple(part for part, _ in read)

    return parse


DAY_OF_THE_YEAR = r"02-(0[1-9]|1\d|2\d)|(0[469]|11)-(0[1-9]|[12]\d|30)|(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])"


def matching(pattern: str, what: str, example: str) -> Parser:
    """Return a parser that takes words of one form."""
    compiled = re.compile(pattern)

    def parse(text: str) -> str | ValueFault:
        if compiled.fullmatch(text):
            return text
        return terms.fault("M280", f"'{text}' is not {what}", text, hint=f"write it as in '{example}'")

    return parse


def parse_text(text: str) -> str:
    """Take the words as they stand."""
    return text


def parse_accounts(text: str) -> tuple[str, ...] | ValueFault:
    """Read the accounts of `according to`."""
    return terms.parse_ids(text)


def parse_list(text: str) -> tuple[str, ...]:
    """Read words at comma-space."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


PARSERS: Mapping[str, Parser] = {
    "text": parse_text,
    "path": parse_text,
    "flag": terms.parse_flag,
    "date": parse_date,
    "money": parse_money,
    "pay": terms.parse_pay,
    "quantity": parse_quantity,
    "whole number": terms.parse_whole,
    "seat number": terms.parse_seat_number,
    "class quantity": parse_class_quantity,
    "rule": parse_rule,
    "body rule": parse_body_rule,
    "removal": parse_removal,
    "party": terms.parse_id,
    "parties": terms.parse_ids,
    "entity": terms.parse_id,
    "class": terms.parse_id,
    "proposal": terms.parse_id,
    "condition": terms.parse_id,
    "account": terms.parse_id,
    "accounts": parse_accounts,
    "source": terms.parse_id,
    "sources": terms.parse_sources,
    "record": parse_text,
    "list": parse_list,
    "body name": terms.parse_id,
    "records": parse_list,
    "addresses": parse_list,
    "new id": terms.parse_id,
    "participation": terms.parse_participation,
    "rank": terms.parse_rank,
    "conversion": terms.parse_conversion,
    "return cap": return_cap_terms.parse_return_cap,
    "chair": terms.parse_chair,
    "occupant": terms.parse_occupant,
    "tier": terms.parse_tier,
    "clawback": clawback_terms.parse_clawback,
    "cost": terms.parse_cost,
    "option over": right_terms.parse_option_over,
    "option source": right_terms.parse_option_source,
    "exercise time": right_terms.parse_exercise_time,
    "option price": right_terms.parse_option_price,
    "vesting": right_terms.parse_vesting,
    "acceleration": right_terms.parse_acceleration,
    "grant kind": one_of(("options", "RSUs", "warrants")),
    "votes": right_terms.parse_votes,
    "limit of a holder": right_terms.parse_held_at_most,
    "term": right_terms.parse_term,
    "purchase": round_words.parse_purchase,
    "rounding": round_words.parse_rounding,
    "maturity": round_words.parse_maturity,
    "counted": some_of(round_words.COUNTED),
    "pool measure": one_of(("unissued", "all")),
    "pool placing": one_of(("before the money", "after the money")),
    "pro rata placing": one_of(("out of the new money", "on top of the new money")),
    "cross-held": one_of(("vote", "no votes")),
    "right": one_of(("acquire", "put")),
    "matter": parse_text,
    "matters": parse_list,
    "endings": parse_list,
    "entity matter": terms.parse_entity_matter,
    "alias": terms.parse_alias,
    "outcome": terms.parse_outcome,
    "reading": terms.parse_reading,
    "nature": one_of(("protective", "substantive")),
    "entity kinds": some_of(ENTITY_KINDS),
    "circumstances": some_of(CIRCUMSTANCES),
    "acting": one_of(("together", "apart")),
    "payment": one_of(("distribution", "dividend", "interest", "salary")),
    "directors": one_of(("loyal", "independent")),
    "adversary": one_of(("passive", "blocking", "hostile")),
    "source kind": one_of(SOURCE_KINDS),
    "difference": one_of(DIFFERENCES),
    "language": matching(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", "a language code", "fr"),
    "sha256": matching(r"[0-9a-f]{64}", "a SHA-256 hash (64 signs, 0-9 and a-f)", "9f86d0..."),
    "month day": matching(DAY_OF_THE_YEAR, "a day of the year", "05-15"),
}
