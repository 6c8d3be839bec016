"""The parts of one line: its citations, its title, its date, and what is nearly one of these."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from muniment.text.nodes import Citation
from muniment.text.spans import Span

Report: TypeAlias = Callable[[str, str, int, int, int, str | None], None]
"""Called with a code, a message, a line, a column, an end column and a hint."""

SPACE = " \t\r"
RECORD = re.compile(r'([^ \t\r"“”]++)[ \t]++([^ \t\r"“”]++)(?:[ \t]++([^ \t\r"“”]++))?+[ \t]*+(?:"([^"]*+)")?+$')
FIELD = re.compile(r'([^":]*+(?::(?![ \t]|$)[^":]*+)*+):(?:[ \t]++(.*+))?+$', re.DOTALL)
_ONE_CITATION = r"(?: *+\[@([^ ,;\[\]\t\r]++)(?:, ([^ ;\[\]\t\r](?:[^;\[\]\t\r]*[^ ;\[\]\t\r])?))?\])?$"
_WORDS = r"[^\[\]\t\r]"
USUAL_FIELD = re.compile(
    rf'( ++)([a-z](?:[^":\[\]\t\r]*[^":\[\]\t\r ])?): ([^ \[\]\t\r](?:{_WORDS}*[^ \[\]\t\r])?){_ONE_CITATION}'
)
"""A field as nearly all are written; what the usual shapes do not match is read with more care, to the same end."""
USUAL_RECORD = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([a-z]++)(?: ([a-z0-9][a-z0-9-]*+))?"
    rf'(?: "([^"“”\[\]\t\r]*+)")?{_ONE_CITATION}'
)
USUAL_BLOCK = re.compile(rf'( ++)([a-z](?:[a-z0-9 -]*[a-z0-9-])?)(?: "([^"“”\[\]\t\r]*+)")?{_ONE_CITATION}')
BLOCK_HEAD = re.compile(r"[a-z][a-z0-9 -]*+$")
ITEM_NAME = re.compile(r"\(([^()]*[^() \t][^()]*)\)[ \t]*")
PLAIN_WORDS = re.compile(r"[a-z-]++(?:[ \t]++[a-z-]++(?=[ \t]))*+(?=[ \t])")
DATE = re.compile(r"[0-9\[]|\.\.")
SIMPLE_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?[?~%]?$")

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
WRONG_DATE = re.compile(
    r"(?:\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"  # 04/03/2021
    r"|\d{4}[/.]\d{1,2}[/.]\d{1,2}"  # 2021.03.04
    r"|\d{4}-\d{1,2}-\d{1,2}"  # 2021-3-4
    r"|\d{4}-\d(?!\d)"  # 2021-3
    r"|\d{1,2}-\d{1,2}-\d{4}"  # 04-03-2021
    r"|\d{8}"  # 20210304
    r"|\d{4}[年]\d{1,2}[月](?:\d{1,2}[日])?"
    rf"|(?:\d{{1,2}}[ \t]+)?{_MONTH}(?:[ \t]+\d{{1,2}},?)?[ \t]+\d{{4}}"  # March 2021, 4 March 2021, March 4, 2021
    rf"|\d{{1,2}}-{_MONTH}-\d{{2,4}})(?=[ \t]|$)",
    re.IGNORECASE,
)

_STARTS_OF_DATES = frozenset("0123456789jfmasondJFMASOND")

_PLAIN_CITATION = re.compile(r"\[(@[^\[\]]*+)\]$")
_WORD = re.compile(r"[^ \t\r]*+")
_BRACKET = re.compile(r"[\[\]]")
_BETWEEN = re.compile(r";[ \t]*(?=@)")


def wrong_date(words: str) -> str:
    """Return the date that the words start with if it looks like one written another way; else an empty text."""
    if words[0].isascii() and words[0] not in _STARTS_OF_DATES:
        return ""
    match = None if SIMPLE_DATE.match(first_word(words)) else WRONG_DATE.match(words)
    return match[0] if match else ""


def first_word(words: str) -> str:
    """Return what stands before the first space or tab."""
    return _WORD.match(words)[0]  # type: ignore[index]  # it matches the empty word too


def take_citations(words: str, line: int, column: int, path: str, report: Report) -> tuple[str, tuple[Citation, ...]]:
    """Split the citations off a line.

    Args:
        words: The line without its indentation and without spaces at its end; it holds `[@` somewhere.
        line: The line's number; 1-based.
        column: The column of the first of the words; 1-based.
        path: The file.
        report: Takes what is wrong with them.

    Returns:
        The words without citations, and the citations.
    """
    start = words.find("[@")
    plain = _PLAIN_CITATION.match(words, start)
    if plain:
        return words[:start].rstrip(SPACE), _split(plain[1], line, column + start + 1, path, report)
    kept: list[str] = []
    citations: tuple[Citation, ...] = ()
    position = 0
    while start >= 0:
        piece = words[position:start]
        kept.append(piece.strip(SPACE) if position else piece.rstrip(SPACE))
        end, missing = _closing(words, start)
        inner = words[start + 1 : end - 1] if not missing else words[start + 1 :] + "]" * (missing - 1)
        if missing:
            report("M119", "citation is not closed", line, column + start, column + len(words), "write ] at its end")
        elif words[end:].lstrip(SPACE).startswith("[@"):
            hint = "write all citations in one pair of brackets: [@source, place; @source2, place2]"
            report("M120", "a second citation follows", line, column + start, column + end, hint)
        elif end < len(words):
            report("M120", "words follow the citation", line, column + start, column + end, "move it to the line's end")
        citations += _split(inner, line, column + start + 1, path, report)
        position = end
        start = words.find("[@", position)
    kept.append(words[position:].strip(SPACE))
    return " ".join(part for part in kept if part), citations


def _closing(words: str, start: int) -> tuple[int, int]:
    """Return where the bracket opened at `start` is closed, and how many brackets are missing for that."""
    depth = 0
    for match in _BRACKET.finditer(words, start):
        depth += 1 if match[0] == "[" else -1
        if depth == 0:
            return match.end(), 0
    return len(words), depth


def _split(inner: str, line: int, column: int, path: str, report: Report) -> tuple[Citation, ...]:
    """Read `@source, place; @source2, place2`, which starts in `column`."""
    if ";" not in inner:
        return (_citation(inner, line, column, path, report),)
    found: list[Citation] = []
    position = 0
    for match in _BETWEEN.finditer(inner):
        found.append(_citation(inner[position : match.start()], line, column + position, path, report))
        position = match.end()
    found.append(_citation(inner[position:], line, column + position, path, report))
    return tuple(found)


def _citation(piece: str, line: int, column: int, path: str, report: Report) -> Citation:
    """Read `@source, place`."""
    words = piece.rstrip(SPACE)
    source, _, place = words[1:].partition(",")
    source, place = source.strip(SPACE), place.strip(SPACE)
    end = column + len(words)
    if not source:
        report("M122", "citation names no source", line, column, end, "write the source's id after @")
    elif " " in source or "\t" in source:
        source = first_word(source)
        place = words[1:].strip(SPACE)[len(source) :].strip(SPACE)
        hint = f'write "@{source[:60]}, {place[:60]}"'
        report("M121", f"no comma between '{source[:60]}' and the place in it", line, column, end, hint)
    return Citation(source, place, Span(path, line, column, end))


def take_title(words: str, line: int, column: int, report: Report) -> tuple[str, str] | None:
    """Split the title off the words of a record or block.

    Args:
        words: The words without citations.
        line: The line's number; 1-based.
        column: The column of the first of the words; 1-based.
        report: Takes what is wrong with it.

    Returns:
        The words before the title, and the title (empty if there is none); None if words stand after the title.
    """
    straight = words.find('"')
    curly = min((at for at in (words.find("“"), words.find("”")) if at >= 0), default=-1)
    if straight < 0 and curly < 0:
        return words, ""
    if straight < 0 or 0 <= curly < straight:
        title = words[curly + 1 :]
        closing = title.rstrip(SPACE)
        hint = f'write "{title.strip(SPACE).rstrip("“”")[:60]}" with straight quotes'
        report("M112", "title stands in curly quotes", line, column + curly, column + len(words), hint)
        if closing and closing[-1] in '“”"':
            return words[:curly].rstrip(SPACE), closing[:-1]
        if "”" in closing or '"' in closing:
            return None
        return words[:curly].rstrip(SPACE), closing
    end = words.rfind('"')
    front = words[:straight].rstrip(SPACE)
    if end == straight:
        title = words[straight + 1 :]
        if title.endswith(("”", "“")):
            title = title[:-1]
            report("M112", "title ends with a curly quote", line, column + straight, column + len(words), 'write "')
        else:
            hint = f'write "{title[:60]}"'
            report("M113", "title is not closed", line, column + straight, column + len(words), hint)
        return front, title
    if words[end + 1 :].strip(SPACE):
        hint = "write them on a line of their own below"
        report("M114", "words follow the title", line, column + end + 1, column + len(words), hint)
        return None
    return front, words[straight + 1 : end]
