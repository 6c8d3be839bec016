"""The phrases inside a clause of a rule: shares, electorates, parties, conditions, numbers."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal

from muniment.model.amounts import parse_quantity
from muniment.model.durations import parse_duration
from muniment.model.numbers import format_fraction, shortened
from muniment.model.rule_words import (
    CONDITION_STARTS,
    COUNT,
    FRACTION,
    ID,
    NUMERIC,
    PLAIN_CONDITIONS,
    RESERVED,
    ROLE_KINDS,
    ROLE_STARTS,
    SHARE_WORDS,
    Token,
    is_name,
    tokens_of,
)
from muniment.model.rules import Condition, Electorate, Party, RuleFault, Share
from muniment.model.values import Bounded, Quantity, ValueFault

_FARTHEST = 8


class Stopped(Exception):  # noqa: N818 - it never leaves the reader
    """Carries the fault out of the reader."""

    def __init__(self, fault: RuleFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Phrases:
    """Reads phrases from left to right.

    Attributes:
        text: The rule's words.
        tokens: What they fall into.
        words: The words of the tokens, then as many empty ones as are ever looked at past the end.
        next: Index of the token that comes next.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.words = [token.text for token in self.tokens] + [""] * _FARTHEST
        self.end = Token("", len(text))
        self.next = 0

    # The words ahead

    def peek(self, ahead: int = 0) -> str:
        """Return a word ahead; empty past the last."""
        return self.words[self.next + ahead]

    def take(self, *words: str) -> bool:
        """Move past these words if they come next."""
        if self.words[self.next] != words[0] or self.words[self.next : self.next + len(words)] != [*words]:
            return False
        self.next += len(words)
        return True

    def token(self) -> Token:
        """Return the next token; one of no words at the end."""
        return self.tokens[self.next] if self.next < len(self.tokens) else self.end

    def fail(
        self, code: str, message: str, hint: str | None, first: int | None = None, last: int | None = None
    ) -> Stopped:
        """Return a fault of the tokens from `first` to `last` (by default the next one)."""
        first = self.next if first is None else first
        last = max(first, self.next if last is None else last)
        start = self.tokens[first].at if first < len(self.tokens) else len(self.text)
        end = self.tokens[last].at + len(self.tokens[last].text) if last < len(self.tokens) else len(self.text)
        return Stopped(RuleFault(code, message, start, end, hint))

    # Shares and electorates

    def share(self) -> Share | None:
        """Read how much must agree, if that comes next."""
        if self.peek() not in SHARE_WORDS and not self.peek()[:1].isdigit():
            return None
        if self.take("majority"):
            return Share("majority")
        if self.take("plurality"):
            return Share("plurality")
        if self.take("cumulative"):
            return Share("cumulative")
        if self.take("more", "than"):
            return Share("more", amount=self.part_of_one(may_be_all=False))
        if self.take("all", "but"):
            return Share("all but", count=self.count("all but how many"))
        if self.take("all"):
            return Share("all")
        at_least = self.take("at", "least")
        if COUNT.fullmatch(self.peek()) and not FRACTION.fullmatch(self.peek(1)):
            return Share("count", count=self.count("how many"))
        if at_least or NUMERIC.fullmatch(self.peek()):
            return Share("least", amount=self.part_of_one())
        return None

    def electorate(self) -> Electorate:
        """Read who votes."""
        if self.peek() == "(":
            return Electorate("parties", parties=self.party_list())
        word = self.peek()
        if word in ("votes", "trustees", "members"):
            self.next += 1
            kind: Literal["votes", "trustees", "members"]
            kind = "votes" if word == "votes" else "trustees" if word == "trustees" else "members"
            return Electorate(kind)
        if self.take("others", "of"):
            return Electorate("others", (self.id("others of which class"),))
        together = self.together()
        if together:
            return Electorate("together", together)
        if self.take("board"):
            return Electorate("body", ("board",))
        return Electorate("word", (self.id("of whom"),))

    def together(self) -> tuple[str, ...]:
        """Read `a and b together`: the longest run of ids joined by `and`, if `together` follows it."""
        index, names = self.next, list[str]()
        while index < len(self.tokens) and is_name(self.tokens[index].text):
            names.append(self.tokens[index].text)
            following = self.tokens[index + 1].text if index + 1 < len(self.tokens) else ""
            if following == "together":
                if len(names) == 1:
                    raise self.fail(
                        "M258", "'together' after one class", "name two or more: a and b together", index + 1, index + 1
                    )
                self.next = index + 2
                return tuple(names)
            if following != "and":
                break
            index += 2
        return ()

    # Parties

    def party(self, after: str) -> Party:
        """Read one party; `after` is the words before it, for messages."""
        if self.peek() in ROLE_STARTS:
            for words, kind in ROLE_KINDS.items():
                if self.take(*words):
                    return Party(kind)
        if self.take("holder", "of"):
            return Party("holder of", self.id("holder of which office"))
        return Party("id", self.id(f"{after} whom" if after else "who"))

    def party_list(self) -> tuple[Party, ...]:
        """Read parties in parentheses, separated by commas."""
        opened = self.next
        self.next += 1
        parties = [self.party("")]
        while self.peek() in (",", ";"):
            self.next += 1
            parties.append(self.party(""))
        if not self.take(")"):
            if self.next >= len(self.tokens):
                raise self.fail("M252", "a parenthesis is not closed", "add )", opened, opened)
            raise self.fail(
                "M250",
                f"'{shortened(self.peek())}' in a list of parties",
                "separate the parties with commas: (ada, grace)",
            )
        if len(set(parties)) < len(parties):
            raise self.fail("M255", "a party stands in the list twice", "name each once", opened, self.next - 1)
        return tuple(parties)

    def id(self, question: str) -> str:
        """Read an id."""
        word = self.peek()
        if word in ("", ")", ",", ";", "("):
            raise self.fail("M250", f"a name is missing ({question})", "write the id of a party, class or body")
        if not is_name(word):
            raise self.bad_name(word)
        self.next += 1
        return word

    def bad_name(self, word: str) -> Stopped:
        """Return the fault of a word that stands where an id should."""
        if word in RESERVED:
            return self.fail(
                "M253", f"'{word}' stands where a name is expected", "write the id of a party, class or body"
            )
        if NUMERIC.fullmatch(word):
            return self.fail(
                "M253",
                f"'{shortened(word)}' stands where a name is expected",
                "write the number first: 2 of board, 2/3 of votes",
            )
        lower = re.sub(r"[^a-z0-9.]+", "-", word[:60].lower()).strip("-.")
        hint = f"write {lower}" if ID.fullmatch(lower) else "ids are small letters, digits and hyphens"
        return self.fail("M253", f"'{shortened(word)}' is not an id", hint)

    # Conditions

    def conditions(self) -> tuple[Condition, ...]:
        """Read the conditions that follow a clause or a parenthesis."""
        found: list[Condition] = []
        while (condition := self.condition()) is not None:
            found.append(condition)
        return tuple(found)

    def condition(self) -> Condition | None:
        """Read one condition, if one comes next."""
        if self.peek() not in CONDITION_STARTS:
            return None
        for plain, kind in PLAIN_CONDITIONS.items():
            if self.take(*plain):
                return Condition(kind)
        if self.take("(", "protective", ")"):
            return Condition("protective")
        if self.take("(", "substantive", ")"):
            return Condition("substantive")
        if self.take("with", "quorum"):
            self.take("of")
            if self.take("majority"):
                return Condition("quorum", amount=Fraction(1, 2), words="majority")
            return Condition("quorum", amount=self.part_of_one())
        if self.take("capped", "at"):
            amount = self.part_of_one()
            if not self.take("a", "holder"):
                raise self.fail("M250", "a cap without 'a holder'", "write capped at 15% a holder")
            return Condition("capped", amount=amount)
        if self.take("on"):
            words = self.duration()
            self.expect("notice", "'notice' is missing", f"write on {words} notice")
            return Condition("notice", words=words)
        if self.take("excluding"):
            return self.excluded()
        return None

    def excluded(self) -> Condition:
        """Read what follows `excluding`."""
        if self.take("the", "one", "concerned"):
            return Condition("excluding", words="the one concerned")
        if self.peek() == "(":
            return Condition("excluding", parties=self.party_list())
        return Condition("excluding", parties=(self.party("excluding"),))

    # Numbers and times

    def expect(self, word: str, message: str, hint: str) -> None:
        """Move past a word that must come next."""
        if not self.take(word):
            raise self.fail("M250", f"{message} is not said" if not message.endswith("missing") else message, hint)

    def count(self, question: str) -> int:
        """Read a whole number of seats, votes or items; at least 1."""
        word = self.peek()
        if not COUNT.fullmatch(word):
            raise self.fail(
                "M255", f"a number is missing ({question})", "write a whole number, such as all but 1 of board"
            )
        number = parse_quantity(word)
        if not isinstance(number, Quantity):
            raise self.fail("M255", f"'{shortened(word)}' is not a number", "write a whole number")
        if number.amount < 1:
            raise self.fail("M255", "a rule that needs nobody", "write a number of at least 1")
        self.next += 1
        return int(number.amount)

    def part_of_one(self, *, may_be_all: bool = True) -> Fraction:
        """Read a percentage or a fraction, above 0 and at most 1."""
        first = self.next
        words = self.peek()
        if COUNT.fullmatch(words) and FRACTION.fullmatch(self.peek(1)):
            words = f"{words} {self.peek(1)}"
            self.next += 1
        read = parse_quantity(words) if words else None
        if isinstance(read, ValueFault):
            raise self.fail(read.code, read.message, read.hint, first, self.next)
        if read is None or isinstance(read, Bounded) or read.unit in ("x", ":"):
            raise self.fail(
                "M254", "a share is missing", "write a percentage or a fraction, such as 75% or 2/3", first, self.next
            )
        if read.unit == "" and "/" not in words:
            hint = (
                f"write {format_fraction(read.amount * 100)}%" if read.amount <= 1 else f"write {words}% or {words} of"
            )
            raise self.fail(
                "M254", f"'{shortened(words)}' is neither a percentage nor a fraction", hint, first, self.next
            )
        if not 0 < read.amount <= 1 or (read.amount == 1 and not may_be_all):
            hint = "write never" if read.amount >= 1 and not may_be_all else "write a share above 0% and up to 100%"
            raise self.fail("M254", f"'{shortened(words)}' is no possible share", hint, first, self.next)
        self.next += 1
        return read.amount

    def duration(self) -> str:
        """Read a length of time and return its words."""
        first = self.next
        words = " ".join(word for word in (self.peek(), self.peek(1)) if word)
        read = parse_duration(words)
        if isinstance(read, ValueFault):
            raise self.fail(
                "M240", read.message if words else "a length of time is missing", read.hint, first, first + 1
            )
        self.next += 2
        return words
