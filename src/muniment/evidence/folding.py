"""Folding: the differences between a quotation and its source that change no word.

Folded away: the shape of quotation marks and dashes, runs of white space, ligatures and full-width letters, how an
accented letter is composed, a soft hyphen inside a word of the source, spaces inside guillemets and between Chinese or
Japanese characters. In further views, made only when the plain one has no match: a hyphen at the end of a line or page,
the emphasis marks and backslashes of a Markdown source, and the spacing of marks (before `! ? ; :` and an ellipsis,
around a long dash, between Chinese and Latin).

Never folded: digits of any kind (superscripts, fractions, full-width and other scripts), letters that only look alike,
zero-width and bidirectional marks, anything that unfolds into more than three characters. These stay as they are, so a
quotation that differs in them does not match.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from muniment.evidence.rewriting import Rewritten, rewrite

SINGLE_QUOTES = "‘’‚‛‹›ʼ"
DOUBLE_QUOTES = "“”„‟«»「」『』〝〞〟"
DASHES = "‐‑‒–—―−﹘﹣"
LONG = 20_000
"""Characters from which on a text is folded by what its characters are, all at once."""
LONGEST_UNFOLDING = 3
LONGEST_CLUSTER = 30
SAFE_TAGS = ("<compat>", "<wide>", "<narrow>", "<small>", "<initial>", "<medial>", "<final>", "<isolated>")
CJK = (
    r"\u2e80-\u2fdf\u3001-\u3029\u3030-\u3098\u309b-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"
)
BETWEEN_CJK = re.compile(f"[{CJK}]")
SPACE, WHITE, STARTS, JOINS, CLOSES, SIGN = (1 << flag for flag in range(6))
HANGUL_TAILS = re.compile("[\u1161-\u1175\u11a8-\u11c2]")
LETTER = r"[^\W\d_]"
HYPHEN_AND_SPACE = re.compile(rf"- (?={LETTER})")
LINE_END = re.compile(r"[ \t]*(?:(?:\r\n|\r|\n)?\f(?:\r\n|\r|\n)?|\r\n|\r|\n)[ \t]*")
THIN = r"[ \t\u00a0\u2009\u200a\u202f]"
HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_DIGITS = "〇零一二两三四五六七八九十兩"
HAN_SCALES = "百千万亿兆萬億"
LOOSE = re.compile(
    rf"(?P<before>(?<=[^\W_]){THIN}{{1,3}}(?=[!?;:](?![\w!?;:)(*/'-])))"
    rf"|(?P<dash>(?<=[^\W\d_])\s{{0,3}}(?:[—―]|(?<!-)-{{2,3}}(?![->]))\s{{0,3}}(?=[^\W\d_]))"
    rf"|(?P<dots>\s{{0,3}}(?:(?<!\.)\.\.\.(?!\.)|…))"
    rf"|(?P<han>(?<=[{HAN}]){THIN}{{1,3}}(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]){THIN}{{1,3}}(?=[{HAN}]))"
)
DIVIDED = re.compile(rf"{LETTER}[-‐‑\u00ad]{LINE_END.pattern}{LETTER}")
MOST_HYPHENS = 4
BRACKETED = re.compile(r"(?<![\w\[])\[(?P<letter>[^\W\d_])\](?=[^\W\d_])")
MARKDOWN_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
MARKDOWN_MARK = re.compile(r"\\[!-/:-@\[-`{-~]|\*+|_+|\n[ \t]*\r?\n")


class View(NamedTuple):
    """One folded form of a source.

    Attributes:
        name: What was folded beyond the plain view, for the reader of the result; empty for the plain view.
        folded: The text and its map.
        is_loose: The spacing of marks was folded too, so that a quotation must be folded so before it is looked up.
        is_joined: Words that a line end divides are whole, without their hyphen.
    """

    name: str
    folded: Rewritten
    is_loose: bool = False
    is_joined: bool = False


def fold(text: str, *, of_source: bool, inner: Rewritten | None = None) -> Rewritten:
    """Fold a text.

    Args:
        text: A source or a quotation.
        of_source: Remove soft hyphens inside words; they are a typesetter's in a source and suspect in a quotation.
        inner: How `text` was made from the source, if it is not the source itself.

    Returns:
        The folded text, at most three times as long as `text`, with its map. Folding it again changes nothing.
    """
    if len(text) < LONG:
        return rewrite(text, _edits(text, of_source), inner)
    return fold_long(text, of_source, inner)


def fold_quotation(text: str) -> str:
    """Return a quotation folded, without white space at its ends."""
    return fold(text.strip(), of_source=False).text


def fold_loosely(text: str) -> str:
    """Return a quotation folded together with the spacing of its marks, as the loose views of a source are."""
    stripped = text.strip()
    return fold_quotation(rewrite(stripped, loose_edits(stripped)).text)


def loose_edits(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield edits that give marks one spacing, whatever the typographer's habit.

    No space before `! ? ; :` and between Chinese and Latin or digits, a spaced dash for `--` and an em dash between
    letters, no space before an ellipsis. Nothing between two digits changes, and no Chinese numeral joins a digit.
    """
    for match in LOOSE.finditer(text):
        start, end = match.span()
        kind = match.lastgroup
        if kind == "han" and (
            (text[start - 1] in HAN_DIGITS + HAN_SCALES and text[end].isdigit())
            or (text[start - 1].isdigit() and text[end] in HAN_DIGITS)
        ):
            continue
        replacement = " — " if kind == "dash" else "…" if kind == "dots" else ""
        if replacement != match.group():
            yield start, end, replacement


def turn_bracketed(text: str) -> str:
    """Return a quotation with each single letter in brackets at the start of a word in its other case.

    `[t]he company` says that the source has `The company`.
    """
    return BRACKETED.sub(lambda match: match["letter"].swapcase(), text)


def source_views(text: str, is_markdown: bool) -> Iterator[View]:
    """Yield the folded forms of a source, the plainest first, each made only when asked for."""
    plain = fold(text, of_source=True)
    yield View("", plain)
    yield from _hyphen_views(plain, text, "")
    if is_markdown:
        unmarked = rewrite(text, markdown_marks(text))
        if unmarked.text != text:
            folded = fold(unmarked.text, of_source=True, inner=unmarked)
            yield View("Markdown", folded)
            yield from _hyphen_views(folded, text, "Markdown, ")
            plain = folded
    else:
        unmarked = rewrite(text, ())
    loosened = rewrite(unmarked.text, loose_edits(unmarked.text), unmarked if is_markdown else None)
    if loosened.text != unmarked.text:
        plain = fold(loosened.text, of_source=True, inner=loosened)
    yield View("spacing", plain, is_loose=True)
    yield from (view._replace(is_loose=True) for view in _hyphen_views(plain, text, "spacing, "))


def _hyphen_views(folded: Rewritten, source: str, prefix: str) -> Iterator[View]:
    """Yield views in which words that a line end divides are whole: with their hyphen, then without."""
    text = folded.text
    divided = [
        match.end()
        for match in HYPHEN_AND_SPACE.finditer(text)
        if text[match.start() - 1 : match.start()].isalpha() and _is_line_end(folded, source, match.end() - 1)
    ]
    if divided:
        kept = rewrite(text, ((end - 1, end, "") for end in divided), folded)
        yield View(prefix + "hyphens at line ends kept", kept)
        dropped = rewrite(text, ((end - 2, end, "") for end in divided if text[end].islower()), folded)
        yield View(prefix + "hyphens at line ends removed", dropped, is_joined=True)


def joined_forms(folded: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield a folded quotation with some of its hyphens removed, and where each of them stood in the new form.

    At most four hyphens between letters are tried, in all their combinations.
    """
    hyphens = [
        at
        for at in range(1, len(folded) - 1)
        if folded[at] == "-" and folded[at - 1].isalpha() and folded[at + 1].isalpha()
    ][:MOST_HYPHENS]
    for count in range(1, len(hyphens) + 1):
        for chosen in combinations(hyphens, count):
            form = "".join(character for at, character in enumerate(folded) if at not in chosen)
            yield form, tuple(at - number for number, at in enumerate(chosen))


def _is_line_end(folded: Rewritten, source: str, position: int) -> bool:
    """Return whether the white space at a position of a folded text was one line end with spaces at most."""
    start, end = folded.source_span(position, position + 1)
    return LINE_END.fullmatch(source, start, end) is not None


def fold_character(character: str) -> str:
    """Return what one character folds to: itself unless the difference changes no word.

    Source:
        Unicode Standard Annex 15 (normalization forms); which compatibility tags are safe is our choice.
    """
    while True:
        folded = _unfold_once(character)
        if len(folded) != 1 or folded == character:
            return folded
        character = folded


def _unfold_once(character: str) -> str:
    if character in DOUBLE_QUOTES:
        return '"'
    if character in SINGLE_QUOTES:
        return "'"
    if character in DASHES:
        return "-"
    if character.isspace() or unicodedata.category(character).startswith("N"):
        return character
    tag = unicodedata.decomposition(character).partition(" ")[0]
    if not tag.startswith("<"):
        return unicodedata.normalize("NFC", character)
    if tag not in SAFE_TAGS:
        return character
    folded = unicodedata.normalize("NFKC", character)
    if len(folded) > LONGEST_UNFOLDING or not character.isalpha() == folded.isalpha() == _has_letter(folded):
        return character
    if any(part.isspace() or part.isnumeric() or unicodedata.combining(part) or _is_jamo(part) for part in folded):
        return character
    return folded


def _has_letter(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _is_jamo(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff"


def _edits(text: str, of_source: bool) -> Iterator[tuple[int, int, str]]:
    """Yield what folding replaces, in one pass over the text."""
    folding = _folding_of(set(text), unicodedata.is_normalized("NFC", text), of_source)
    for match in folding.pattern.finditer(text):
        edit = _edit(match, text, folding)
        if edit is not None:
            yield edit


class _Folding(NamedTuple):
    """How a text folds that has some characters.

    Attributes:
        pattern: What may be replaced.
        changed: Characters that become others, each by itself.
        marks: Characters that may join the one before them.
        has_cjk: The text has signs that are written without spaces.
    """

    pattern: re.Pattern[str]
    changed: dict[str, str]
    marks: str
    has_cjk: bool


def _folding_of(present: set[str], is_composed: bool, of_source: bool) -> _Folding:
    changed = {character: folded for character in present if (folded := fold_character(character)) != character}
    marks = "" if is_composed else "".join(sorted(filter(_joins_the_one_before, present)))
    has_cjk = any(BETWEEN_CJK.match(character) for character in present)
    return _Folding(_pattern(changed, marks, has_cjk, of_source and "\u00ad" in present), changed, marks, has_cjk)


def _edit(match: re.Match[str], text: str, folding: _Folding) -> tuple[int, int, str] | None:
    """Return what a match of the pattern is replaced by; None if it stays."""
    start, end = match.span()
    if match.lastgroup == "character":
        return start, end, folding.changed[match.group()]
    if match.lastgroup == "space":
        is_inside = folding.has_cjk and start > 0 and end < len(text)
        is_joined = is_inside and BETWEEN_CJK.match(text[start - 1]) and BETWEEN_CJK.match(text[end])
        replacement = "" if is_joined else " "
        return (start, end, replacement) if replacement != match.group() else None
    if match.lastgroup == "cluster":
        if end - start > LONGEST_CLUSTER:
            return None
        cluster = "".join(folding.changed.get(character, character) for character in match.group())
        composed = unicodedata.normalize("NFC", cluster)
        return (start, end, composed) if composed != match.group() else None
    if match.lastgroup == "guillemet":
        return start, end, fold_character(match.group().strip())
    return start, end, ""


def fold_long(text: str, of_source: bool, inner: Rewritten | None = None) -> Rewritten:
    """Fold a long text: the same result as `fold`, with the pattern tried only where it can match.

    A character that becomes one other needs no place in the map, so those are replaced in one step.
    """
    import numpy as np

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    present = {chr(point) for point in np.flatnonzero(np.bincount(points)).tolist()}
    folding = _folding_of(present, unicodedata.is_normalized("NFC", text), of_source)
    single = {c: f for c, f in folding.changed.items() if len(f) == 1 and c not in "«»‹›"}
    highest = int(points.max()) + 1
    role = np.zeros(highest, dtype=np.uint8)
    for character in present:
        role[ord(character)] = _role(character, folding, single)
    roles = role[points]
    is_space = roles & SPACE != 0
    may_start = roles & STARTS != 0
    may_start[:-1] |= (roles[:-1] & WHITE != 0) & (roles[1:] & (WHITE | CLOSES) != 0)
    may_start[:-1] |= roles[1:] & JOINS != 0
    may_start[1:-1] |= is_space[1:-1] & (roles[:-2] & roles[2:] & SIGN != 0)
    edits = list(_edits_at(np.flatnonzero(may_start).tolist(), text, folding, single))
    table = np.arange(highest, dtype="<u4")
    for character, folded in single.items():
        table[ord(character)] = ord(folded)
    return rewrite(table[points].tobytes().decode("utf-32-le", "surrogatepass") if single else text, edits, inner)


def _role(character: str, folding: _Folding, single: Mapping[str, str]) -> int:
    """Return what a character may do in a match of the pattern, as a sum of flags."""
    flags = SPACE if character == " " else 0
    if character.isspace():
        flags |= WHITE
    if (character.isspace() and character != " ") or character == "\u00ad":
        flags |= STARTS
    if character in folding.changed and character not in single:
        flags |= STARTS
    if character in folding.marks:
        flags |= JOINS
    if character in "»›":
        flags |= CLOSES
    if folding.has_cjk and BETWEEN_CJK.match(character):
        flags |= SIGN
    return flags


def _edits_at(
    starts: Iterable[int], text: str, folding: _Folding, single: Mapping[str, str]
) -> Iterator[tuple[int, int, str]]:
    """Yield what folding replaces, but for single characters, where the pattern can match only at some places."""
    done = 0
    for start in starts:
        match = folding.pattern.match(text, start) if start >= done else None
        if match is None or match.group() in single:
            continue
        done = match.end()
        edit = _edit(match, text, folding)
        if edit is not None:
            yield edit
        elif any(character in single for character in match.group()):
            yield start, done, match.group()


def _joins_the_one_before(character: str) -> bool:
    return unicodedata.combining(character) != 0 or HANGUL_TAILS.match(character) is not None


def _pattern(changed: dict[str, str], marks: str, has_cjk: bool, has_soft_hyphens: bool) -> re.Pattern[str]:
    """Return a pattern that finds only what this text has of what folding replaces."""
    alternatives = []
    if has_soft_hyphens:
        alternatives.append(rf"(?P<soft>(?<={LETTER})\xad+(?:[ \t]*(?:\r\n|\r|\n)[ \t]*)?(?={LETTER}))")
    if any(character in changed for character in "«»‹›"):
        alternatives.append(r"(?P<guillemet>(?<![\w.,!?…])[«‹]\s+|\s+[»›](?!\w))")
    alternatives.append(r"(?P<space>(?: \s|[^\S ])\s*" + (rf"|(?<=[{CJK}]) (?=[{CJK}])" if has_cjk else "") + ")")
    if marks:
        alternatives.append(rf"(?P<cluster>[^\s{re.escape(marks)}][{re.escape(marks)}]+)")
    if changed:
        alternatives.append(f"(?P<character>[{re.escape(''.join(sorted(changed)))}])")
    return re.compile("|".join(alternatives))


def markdown_marks(text: str) -> Iterator[tuple[int, int, str]]:
    r"""Yield the emphasis marks and escaping backslashes of a Markdown text, as edits that remove them.

    An asterisk or underscore is a mark only if it has its partner in the same paragraph and does not stand between two
    letters or digits: `2 * 3`, `5*3` and `a_b` stay.
    """
    removed: list[tuple[int, int]] = []
    openers: dict[str, list[list[int]]] = {"*": [], "_": []}
    for match in MARKDOWN_MARK.finditer(text):
        start, end = match.span()
        if MARKDOWN_ESCAPE.match(match.group()):
            removed.append((start, start + 1))
            continue
        if match.group()[0] not in openers:
            openers = {"*": [], "_": []}
            continue
        before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
        if before.isalnum() and after.isalnum():
            continue
        stack = openers[match.group()[0]]
        if not before.isspace() and not after.isalnum():
            start = _close(stack, start, end, removed)
        if start < end and not after.isspace():
            stack.append([start, end])
    yield from ((start, end, "") for start, end in sorted(removed))


def _close(stack: list[list[int]], start: int, end: int, removed: list[tuple[int, int]]) -> int:
    """Pair a closing run of marks with open ones; return where what is left of it starts."""
    while start < end and stack:
        opener = stack[-1]
        length = min(end - start, opener[1] - opener[0])
        removed.append((opener[1] - length, opener[1]))
        removed.append((start, start + length))
        start += length
        opener[1] -= length
        if opener[0] == opener[1]:
            stack.pop()
    return start
