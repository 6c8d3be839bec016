"""Folding: the differences between a quotation and its source that change no word.

Folded away: the shape of quotation marks and dashes, runs of white space, ligatures and full-width letters, how an
accented letter is composed, a soft hyphen inside a word of the source, spaces inside guillemets and between Chinese or
Japanese characters. In further views, made only when the plain one has no match: a hyphen at the end of a line, and the
emphasis marks and backslashes of a Markdown source.

Never folded: digits of any kind (superscripts, fractions, full-width and other scripts), letters that only look alike,
zero-width and bidirectional marks, anything that unfolds into more than three characters. These stay as they are, so a
quotation that differs in them does not match.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from muniment.evidence.rewriting import Rewritten, rewrite

SINGLE_QUOTES = "‘’‚‛‹›ʼ"
DOUBLE_QUOTES = "“”„‟«»「」『』〝〞〟"
DASHES = "‐‑‒–—―−﹘﹣"
LONGEST_UNFOLDING = 3
LONGEST_CLUSTER = 30
SAFE_TAGS = ("<compat>", "<wide>", "<narrow>", "<small>", "<initial>", "<medial>", "<final>", "<isolated>")
CJK = (
    r"\u2e80-\u2fdf\u3001-\u3029\u3030-\u3098\u309b-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"
)
HANGUL_TAILS = re.compile("[\u1161-\u1175\u11a8-\u11c2]")
LETTER = r"[^\W\d_]"
HYPHEN_AND_SPACE = re.compile(rf"- (?={LETTER})")
LINE_END = re.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t]*")
MARKDOWN_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
MARKDOWN_MARK = re.compile(r"\\[!-/:-@\[-`{-~]|\*+|_+|\n[ \t]*\r?\n")


class View(NamedTuple):
    """One folded form of a source.

    Attributes:
        name: What was folded beyond the plain view, for the reader of the result; empty for the plain view.
        folded: The text and its map.
    """

    name: str
    folded: Rewritten


def fold(text: str, *, of_source: bool, inner: Rewritten | None = None) -> Rewritten:
    """Fold a text.

    Args:
        text: A source or a quotation.
        of_source: Remove soft hyphens inside words; they are a typesetter's in a source and suspect in a quotation.
        inner: How `text` was made from the source, if it is not the source itself.

    Returns:
        The folded text, at most three times as long as `text`, with its map. Folding it again changes nothing.
    """
    return rewrite(text, _edits(text, of_source), inner)


def fold_quotation(text: str) -> str:
    """Return a quotation folded, without white space at its ends."""
    return fold(text.strip(), of_source=False).text


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
        yield View(prefix + "hyphens at line ends removed", dropped)


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
    present = set(text)
    changed = {character: folded for character in present if (folded := fold_character(character)) != character}
    is_composed = unicodedata.is_normalized("NFC", text)
    marks = "" if is_composed else "".join(sorted(filter(_joins_the_one_before, present)))
    between_cjk = re.compile(rf"[{CJK}]")
    has_cjk = between_cjk.search(text) is not None
    for match in _pattern(changed, marks, has_cjk, of_source and "\u00ad" in present).finditer(text):
        start, end = match.span()
        if match.lastgroup == "character":
            yield start, end, changed[match.group()]
        elif match.lastgroup == "space":
            is_inside = has_cjk and start > 0 and end < len(text)
            is_joined = is_inside and between_cjk.match(text[start - 1]) and between_cjk.match(text[end])
            replacement = "" if is_joined else " "
            if replacement != match.group():
                yield start, end, replacement
        elif match.lastgroup == "cluster":
            if end - start <= LONGEST_CLUSTER:
                cluster = "".join(changed.get(character, character) for character in match.group())
                composed = unicodedata.normalize("NFC", cluster)
                if composed != match.group():
                    yield start, end, composed
        elif match.lastgroup == "guillemet":
            yield start, end, fold_character(match.group().strip())
        else:
            yield start, end, ""


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
