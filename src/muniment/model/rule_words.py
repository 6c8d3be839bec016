"""The words of rules: what stands where, and how a rule's text falls into words and signs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

_TOKEN = re.compile(r"(?>\d[\d,./]{0,70}\d[%x]?)(?!,\S|[\w.-])|[();,]|[^\s();,]+", re.ASCII)
ID = re.compile(r"[a-z0-9][a-z0-9-]*(?:\.[a-z0-9][a-z0-9-]*)?", re.ASCII)
COUNT = re.compile(r"\d{1,30}|\d{1,3}(?:,\d{3})+", re.ASCII)
FRACTION = re.compile(r"[\d,]+/[\d,]+%?", re.ASCII)
NUMERIC = re.compile(r"[\d.,/]+[%x]?", re.ASCII)

SHARE_WORDS = ("majority", "more", "at", "all", "plurality", "cumulative")
CLAUSE_WORDS = (*SHARE_WORDS, "consent", "board", "no", "never")
CONDITION_WORDS = (
    "outstanding",
    "cast",
    "present",
    "in",
    "with",
    "excluding",
    "capped",
    "on",
    "protective",
    "substantive",
)
CONDITION_STARTS = frozenset({*CONDITION_WORDS[:8], "("})
JOINING_WORDS = ("and", "or", "of", "together", "within", "than", "least", "but")
RESERVED = frozenset({*CLAUSE_WORDS, *CONDITION_WORDS, *JOINING_WORDS}) - {"board"}
ROLE_KINDS: dict[tuple[str, ...], Literal["general partner", "manager", "trustees", "attorney general"]]
ROLE_KINDS = {
    ("general", "partner"): "general partner",
    ("manager",): "manager",
    ("trustees",): "trustees",
    ("attorney", "general"): "attorney general",
}
ROLE_STARTS = frozenset(words[0] for words in ROLE_KINDS)
PLAIN_CONDITIONS: dict[tuple[str, ...], Literal["outstanding", "cast", "present", "in office"]]
PLAIN_CONDITIONS = {
    ("outstanding",): "outstanding",
    ("cast",): "cast",
    ("present",): "present",
    ("in", "office"): "in office",
}
FOREIGN_WORDS: Mapping[str, str] = {
    "unanimous": "all of board",
    "unanimity": "all of board",
    "unanimously": "all of board",
    "simple": "majority of ...",
    "supermajority": "at least 2/3 of ...",
    "two-thirds": "2/3 of ...",
    "half": "at least 1/2 of ..., or majority of ...",
    "most": "majority of ...",
    "any": "1 of (a, b)",
    "either": "1 of (a, b), or a or b",
    "both": "a and b",
    "each": "all of ...",
    "every": "all of ...",
    "one": "1 of ...",
    "two": "2 of ...",
    "three": "3 of ...",
    "none": "never",
    "nobody": "never",
    "approval": "consent of ...",
    "veto": "consent of ...",
    "directors": "board",
    "shareholders": "votes",
    "stockholders": "votes",
}


class Token(NamedTuple):
    """A word or a sign, and its offset."""

    text: str
    at: int


def tokens_of(text: str) -> list[Token]:
    """Return the words and signs of a rule; commas inside a number belong to it."""
    return [Token(match[0], match.start()) for match in _TOKEN.finditer(text)]


def is_name(word: str) -> bool:
    """Return whether a word can be an id in a rule."""
    return ID.fullmatch(word) is not None and word not in RESERVED and not word.isdigit()
