"""What a text puts in quotation marks, or after a colon of speech, and whose words it says they are."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from muniment.evidence.scan.cues import SPEECH
from muniment.evidence.scan.languages import Language
from muniment.evidence.scan.names import KnownNames, Named, as_written

MOST_QUOTATIONS = 20_000
REACH = 120
LONGEST = 1_200
FEWEST_WORDS, FEWEST_SIGNS = 4, 8
MARKS = re.compile(
    rf"«\s?(?P<a>[^«»\r\n]{{8,{LONGEST}}}?)\s?»|“(?P<b>[^“”\r\n]{{8,{LONGEST}}}?)”|「(?P<c>[^「」\r\n]{{4,{LONGEST}}}?)」"
    rf"|(?<![\w\"])\"(?P<d>[^\"\r\n]{{8,{LONGEST}}}?)\"(?!\w)"
)
COLON_OF_SPEECH = re.compile(
    rf"(?:写道|说道|表示|回复道|回复说|回答道|问道|补充道|声明)[:：]\s?(?P<words>[^「」\r\n。！？]{{4,{LONGEST}}})"
)
NEAR = 30
OPENED = re.compile('[«“「"]')
STOP = re.compile(r"[\r\n。!?;:]|\.\s")
STOP_OR_COMMA = re.compile(r"[\r\n。，,.!?;:]")
PRONOUN = re.compile(r"-t-(?:il|elle)\b|\b(?:he|she|he's|il|elle)\b", re.IGNORECASE)
SIGN = re.compile("[\u3400-\u9fff]")
RECIPIENT = re.compile(
    r"(?:[给向对致]|(?<!\w)(?:to|for|at|with|à|au|aux|avec|pour|chez|contre))[ \u00a0\u202f]?(?:(?:Mr|Ms|Mrs|Dr|M|Mme)\.?[ \u00a0])?$",  # noqa: E501
    re.IGNORECASE,
)
"""What marks a name as that of one spoken to."""
CLAUSE = re.compile("[,，;；:：()（）]")
PARTICIPLE = re.compile(r"ant$", re.IGNORECASE)
ADJACENT = 12
"""Characters between a company and the verb of which it is the subject."""


class Quoted(NamedTuple):
    """Words that a text gives as somebody's.

    Attributes:
        start: Offset of the first of them.
        end: One past the last.
        speaker: Id of the party whose they are, or a name as written; empty if nobody is named.
        is_known: The speaker is a party of the book.
    """

    start: int
    end: int
    speaker: str
    is_known: bool


def find_quoted(text: str, language: Language, names: KnownNames) -> list[Quoted]:
    """Return the quotations of a text that are long enough to be speech, left to right; at most 20,000."""
    found: list[Quoted] = []
    matches = [*islice(MARKS.finditer(text), MOST_QUOTATIONS)]
    if language == "zh":
        matches += islice(COLON_OF_SPEECH.finditer(text), MOST_QUOTATIONS)
    for match in sorted(matches, key=lambda each: each.start()):
        group = match.lastgroup or "a"
        start, end = match.span(group)
        words = text[start:end]
        if len(SIGN.findall(words)) < FEWEST_SIGNS and len(words.split()) < FEWEST_WORDS:
            continue
        if found and start < found[-1].end:
            continue
        said_until = found[-1].end if found else 0
        speaker, is_known = _speaker(text, match, language, names, group == "words", said_until)
        found.append(Quoted(start, end, speaker, is_known))
    return found


def _speaker(
    text: str, match: re.Match[str], language: Language, names: KnownNames, is_led: bool, said_until: int
) -> tuple[str, bool]:
    """Return who speaks: the nearest name before a verb of speech, in front of the words or just behind them."""
    start, end = match.span()
    low = _line_start(text, start)
    speech = SPEECH[language]
    behind = None if is_led else speech.search(text, end, min(len(text), end + NEAR))
    if behind is not None and STOP.search(text, end, behind.start()) is None:
        stop = STOP_OR_COMMA.search(text, behind.end(), behind.end() + REACH)
        high = stop.start() if stop else min(len(text), behind.end() + REACH)
        opened = OPENED.search(text, end, high)
        high = opened.start() if opened else high
        known = _spoken_behind(text, end, high, behind, names)
        if known:
            return known, True
        written = "" if names.find(text, end, high) else as_written(text, end, high)
        if written or not (PRONOUN.search(text, end, high) or PARTICIPLE.search(behind[0])):
            return written, False
    spoken = [*speech.finditer(text, max(low, said_until), start)]
    verbs = [start] if is_led else [verb.start() for verb in spoken]
    if not verbs:
        return "", False
    verb_word = "" if is_led else spoken[-1][0]
    low = max(low, said_until)
    named = names.find(text, low, verbs[-1])
    subject = subject_before(text, named, verbs[-1], verb_word, language, names)
    if subject or named:
        return subject, bool(subject)
    near = max(low, verbs[-1] - NEAR)
    written = as_written(text, near, verbs[-1])
    at = text.rfind(written, near, verbs[-1])
    return ("" if not written or RECIPIENT.search(text[max(0, at - 12) : at]) else written), False


def subject_before(text: str, known: list[Named], verb: int, word: str, language: Language, names: KnownNames) -> str:
    """Return the party that is most likely the subject of a verb of speech; empty where it is in doubt.

    It is one named in the verb's own clause, or the only person named before. Whoever is spoken to does not count. A
    company speaks only where it stands just before the verb, and nobody else is named.
    """
    speaking = [one for one in known if not RECIPIENT.search(text[max(0, one.start - 12) : one.start])]
    people = [one for one in speaking if one.party in names.persons]
    if people:
        last_clause = max((mark.end() for mark in CLAUSE.finditer(text, people[0].end, verb)), default=0)
        own = [one for one in people if one.start >= last_clause]
        if own:
            return (own[0] if language == "zh" else own[-1]).party
        return people[0].party if len({one.party for one in people}) == 1 else ""
    if speaking and not PARTICIPLE.search(word) and 0 <= verb - speaking[-1].end <= ADJACENT:
        return "" if CLAUSE.search(text, speaking[-1].end, verb) else speaking[-1].party
    return ""


def _spoken_behind(text: str, start: int, end: int, verb: re.Match[str], names: KnownNames) -> str:
    """Return whose a verb behind a quotation is: of the person next to it, or of a company that adjoins it."""
    if PARTICIPLE.search(verb[0]):
        return ""
    known = [
        one
        for one in names.find(text, start, end)
        if not RECIPIENT.search(text[max(start, one.start - 12) : one.start])
    ]
    people = [one for one in known if one.party in names.persons]
    if people:
        return people[0].party
    if known and (known[0].start - verb.end() <= 2 and verb.start() - known[0].end <= ADJACENT):
        return known[0].party
    return ""


def _line_start(text: str, at: int) -> int:
    low = max(0, at - REACH)
    for end in ("\n", ". ", "。", "\r"):
        cut = text.rfind(end, low, at)
        if cut >= 0:
            low = cut + len(end)
    return low
