"""Rules as written, read into their tree; `rule_writer` writes them back.

The reader keeps its own stack, so a rule in a hundred thousand pairs of parentheses is read like any other. A tree that
is itself deeper than `MOST_DEEP` is refused: no instrument is written so, and every later step may then walk it freely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache

from muniment.model.numbers import shortened
from muniment.model.rule_phrases import Phrases, Stopped
from muniment.model.rule_words import CONDITION_WORDS, COUNT, FOREIGN_WORDS, SHARE_WORDS, Token, is_name
from muniment.model.rule_writer import format_rule
from muniment.model.rules import And, ByBody, Consent, Electorate, KOf, Never, NoObjection, Or, Rule, RuleFault, Vote

__all__ = ["MOST_DEEP", "format_rule", "parse_body_rule", "parse_removal", "parse_rule"]

MOST_DEEP = 100
"""Levels of and, or and k-of within one another."""


@dataclass(slots=True)
class _Level:
    """What has been read since an opening parenthesis.

    Attributes:
        opened: The parenthesis (or the start of the rule).
        k: For `k of (`: k; None for a plain parenthesis.
        parts: Clauses of the item being read, each with its depth.
        joined_by: `and`, `or`, or empty before the first of them.
        items: Finished items of `k of (`, each with its depth.
    """

    opened: Token
    k: int | None = None
    parts: list[tuple[Rule, int]] = field(default_factory=list)
    joined_by: str = ""
    items: list[tuple[Rule, int]] = field(default_factory=list)


@lru_cache(maxsize=16384)
def parse_rule(text: str) -> Rule | RuleFault:
    """Read a rule.

    Args:
        text: The rule's words, in the grammar of the language reference.

    Returns:
        The tree, with the parentheses that change nothing left out; or the first fault, with offsets into `text`.

    Example:
        >>> parse_rule("consent of oak")
        Consent(party=Party(kind='id', name='oak'), conditions=())
    """
    return _read(text, own_body=False)


@lru_cache(maxsize=1024)
def parse_body_rule(text: str) -> Rule | RuleFault:
    """Read the rule under `decides by`, where a share may stand without an electorate: `majority`, `2/3 present`.

    Args:
        text: The rule's words.

    Returns:
        As `parse_rule`. A share alone is a `Vote` of `Electorate("body", ())`: the body (or pool) whose rule it is.
    """
    return _read(text, own_body=True)


@lru_cache(maxsize=1024)
def parse_removal(text: str) -> tuple[Rule, bool] | RuleFault:
    """Read the rule under `removed by`, which may end in `for cause only`.

    Args:
        text: The rule's words.

    Returns:
        The rule and whether it says `for cause only`; or the first fault.
    """
    match = re.fullmatch(r"(.*\S)\s+for\s+cause\s+only\s*", text, re.ASCII | re.DOTALL)
    rule = _read(match[1] if match else text, own_body=False)
    return rule if isinstance(rule, RuleFault) else (rule, match is not None)


def _read(text: str, *, own_body: bool) -> Rule | RuleFault:
    try:
        return _Reader(text, own_body=own_body).read()
    except Stopped as stopped:
        return stopped.fault


class _Reader(Phrases):
    """Reads one rule from left to right, holding the open parentheses on a stack of its own."""

    def __init__(self, text: str, *, own_body: bool) -> None:
        super().__init__(text)
        self.own_body = own_body

    # Rules

    def read(self) -> Rule:
        """Read the whole rule."""
        if not self.tokens:
            raise self.fail("M250", "the rule is missing", "write a rule such as majority of board")
        levels = [_Level(self.tokens[0])]
        while True:
            opened = self.open_level()
            if opened is not None:
                levels.append(opened)
                continue
            levels[-1].parts.append((self.clause(), 0))
            while not self.joined(levels[-1]):
                if self.next >= len(self.tokens):
                    if len(levels) == 1:
                        return self.combine(levels[0])[0]
                    raise self.unclosed(levels[-1])
                if self.peek() != ")" or len(levels) == 1:
                    raise self.unexpected()
                self.next += 1
                closed = self.close_level(levels.pop())
                levels[-1].parts.append(closed)

    def open_level(self) -> _Level | None:
        """Open a parenthesis or a `k of (`, if one comes next."""
        if self.peek() == "(":
            opened = self.token()
            self.next += 1
            return _Level(opened)
        at_least = 2 if (self.peek(), self.peek(1)) == ("at", "least") else 0
        if COUNT.fullmatch(self.peek(at_least)) and (self.peek(at_least + 1), self.peek(at_least + 2)) == ("of", "("):
            self.next += at_least
            opened = self.token()
            k = self.count("how many of them")
            self.next += 2
            return _Level(opened, k)
        return None

    def joined(self, level: _Level) -> bool:
        """Move past `and`, `or` or a separator of items; return False where another clause does not follow."""
        word = self.peek()
        if word in ("and", "or"):
            if level.joined_by not in ("", word):
                hint = "put parentheses around the part that belongs together: a and (b or c)"
                raise self.fail("M251", "'and' and 'or' stand side by side without parentheses", hint)
            level.joined_by = word
        elif word in (",", ";") and level.k is not None:
            level.items.append(self.combine(level))
            level.parts, level.joined_by = [], ""
        else:
            return False
        self.next += 1
        return True

    def combine(self, level: _Level) -> tuple[Rule, int]:
        """Return the clauses of a level as one rule, with its depth."""
        if len(level.parts) == 1:
            return level.parts[0]
        parts = tuple(part for part, _ in level.parts)
        depth = self.deeper(level, level.parts)
        return (And(parts) if level.joined_by == "and" else Or(parts)), depth

    def deeper(self, level: _Level, parts: list[tuple[Rule, int]]) -> int:
        depth = 1 + max(depth for _, depth in parts)
        if depth > MOST_DEEP:
            raise Stopped(
                RuleFault(
                    "M256",
                    f"rules stand more than {MOST_DEEP} deep within one another",
                    level.opened.at,
                    level.opened.at + len(level.opened.text),
                    "leave out parentheses that join the same word, or name a part as a matter of its own",
                )
            )
        return depth

    def close_level(self, level: _Level) -> tuple[Rule, int]:
        """Return the rule of a level whose closing parenthesis was just read, with the conditions after it."""
        rule, depth = self.combine(level)
        if level.k is not None:
            items = [*level.items, (rule, depth)]
            if level.k > len(items):
                raise Stopped(
                    RuleFault(
                        "M255",
                        f"{level.k} of {len(items)} can never agree",
                        level.opened.at,
                        level.opened.at + len(level.opened.text),
                        f"write at most {len(items)}",
                    )
                )
            listed = [item for item, _ in items]
            if any(item in listed[:at] for at, item in enumerate(listed)):
                raise Stopped(
                    RuleFault(
                        "M255",
                        f"one of the {len(items)} stands in the list twice, and would count twice",
                        level.opened.at,
                        level.opened.at + len(level.opened.text),
                        "name each once",
                    )
                )
            depth = self.deeper(level, items)
            rule = KOf(level.k, tuple(item for item, _ in items))
        conditions = self.conditions()
        return (replace(rule, conditions=rule.conditions + conditions) if conditions else rule), depth

    # Clauses

    def clause(self) -> Rule:
        """Read one clause that is not in parentheses."""
        word = self.peek()
        if word in ("", ")", ",", ";", "and", "or"):
            raise self.missing_clause()
        if self.take("never"):
            return Never(self.conditions())
        if self.take("board"):
            return ByBody("board", self.conditions())
        if self.take("consent"):
            self.expect("of", "consent of whom", "write consent of PARTY")
            return Consent(self.party("consent of"), self.conditions())
        if self.take("no", "objection"):
            self.expect("of", "no objection of whom", "write no objection of PARTY within 30 days")
            party = self.party("no objection of")
            self.expect("within", "within what time", "write no objection of PARTY within 30 days")
            return NoObjection(party, self.duration(), self.conditions())
        start = self.next
        share = self.share()
        if share is None:
            return self.lone_party()
        if self.take("of"):
            electorate = self.electorate()
        elif self.own_body:
            electorate = Electorate("body", ())
        else:
            words = self.text[
                self.tokens[start].at : self.tokens[self.next - 1].at + len(self.tokens[self.next - 1].text)
            ]
            raise self.fail(
                "M257",
                f"'{words}' of whom is not said",
                f"write {words} of board, of votes or of a class",
                start,
                self.next - 1,
            )
        return Vote(share, electorate, self.conditions())

    def lone_party(self) -> Consent:
        """Read a party whose consent is meant."""
        word = self.peek()
        if word in FOREIGN_WORDS and self.peek(1) not in ("", ")", ",", ";", "and", "or"):
            raise self.fail("M253", f"'{word}' is no word of a rule", f"write {FOREIGN_WORDS[word]}")
        if self.peek(1) == "of" and word not in ("holder", "others"):
            near = get_close_matches(word[:60].lower(), (*SHARE_WORDS[:1], *SHARE_WORDS[3:], "consent"), n=1)
            hint = (
                f"did you mean {near[0]}?"
                if near
                else "write majority of, at least 2/3 of, all of, 2 of, or consent of"
            )
            raise self.fail("M253", f"'{shortened(word)}' is no share", hint)
        return Consent(self.party(""), self.conditions())

    # Faults

    def missing_clause(self) -> Stopped:
        word = self.peek()
        before = self.tokens[self.next - 1].text if self.next else ""
        if not word:
            return self.fail(
                "M250",
                f"nothing follows '{before}'",
                f"add a clause after '{before}', or leave it out",
                self.next - 1,
                self.next - 1,
            )
        if word == ")":
            return self.fail(
                "M252",
                "a parenthesis with nothing in it" if before == "(" else f"nothing follows '{before}'",
                "write a rule there, or leave it out",
            )
        return self.fail("M250", f"a clause is missing before '{word}'", "write a rule such as majority of board")

    def unclosed(self, level: _Level) -> Stopped:
        at = level.opened.at if level.k is None else self.text.index("(", level.opened.at)
        return Stopped(RuleFault("M252", "a parenthesis is not closed", at, at + 1, "add )"))

    def unexpected(self) -> Stopped:
        """Return the fault of a word that can follow no clause."""
        word = self.peek()
        if word == ")":
            return self.fail("M252", "a parenthesis is closed that was not opened", "leave it out, or open it before")
        if word == "(":
            return self.fail(
                "M250",
                "a parenthesis after a clause",
                "join it with and or or; conditions are (protective) and (substantive)",
            )
        if word in (",", ";"):
            return self.fail(
                "M250", f"'{word}' between clauses", "join clauses with and or or, or write 2 of (a, b, c)"
            )
        if word == "together":
            return self.fail("M258", "'together' does not follow classes", "write majority of a and b together")
        if word == "for" and self.peek(1) == "cause":
            return self.fail(
                "M253",
                "'for cause only' belongs under removed by",
                "leave it out",
                self.next,
                min(self.next + 2, len(self.tokens) - 1),
            )
        near = get_close_matches(word[:60].lower(), (*CONDITION_WORDS, "and", "or", "together", "quorum"), n=1)
        before = self.tokens[self.next - 1].text
        if not near and len(self.tokens) and is_name(before) and is_name(word):
            joined = f"{before}-{word}"
            return self.fail(
                "M253",
                f"'{shortened(word)}' follows '{shortened(before)}'",
                f"ids have no spaces: write {joined}, or join two with and",
            )
        hint = f"did you mean {near[0]}?" if near else "join clauses with and or or"
        return self.fail("M253", f"'{shortened(word)}' cannot follow a clause", hint)
