"""Diagnostics to text: for people, for programs, and for a code host."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from muniment.text.diagnostics import Diagnostic
from muniment.text.spans import Span
from muniment.text.width import character_width

Lines: TypeAlias = Callable[[str], Sequence[str]] | Mapping[str, str]
"""Gives the lines of a file by its path, or a mapping of paths to whole texts."""

TAB = 4
"""Columns a tab is shown as."""
LONGEST_EXCERPT = 120
"""Columns of a source line that are shown; a longer one is cut around the words at fault."""
LONGEST_MESSAGE = 2_000
"""Characters of a message or hint that are shown."""

_COLOURS = {"error": "31", "warning": "33", "note": "36"}
_LINE_ENDS = re.compile(r"\r\n|\n")
_SHOWN = {"\n": "␊", "\r": "␍", "\x7f": "␡"}


def render(diagnostic: Diagnostic, lines: Lines, colour: bool = False) -> str:
    """Return a diagnostic with the line it is about, carets under the words at fault, and what to do.

    Args:
        diagnostic: What is wrong.
        lines: Where the lines of a file are found; a file or line it does not have is left out.
        colour: Whether to colour the severity and the carets with ANSI sequences.

    Returns:
        Several lines without a line feed at the end. No control character of a file or message reaches them.
    """
    paint = _COLOURS[diagnostic.severity] if colour else ""
    severity = _painted(f"{diagnostic.severity}[{_safe(diagnostic.code)}]", paint)
    shown = [f"{_safe(str(diagnostic.span))}: {severity}: {_safe(diagnostic.message)}"]
    gutter = " " * len(str(diagnostic.span.line))
    line = _line(diagnostic.span, lines)
    if line is not None:
        words, carets = _excerpt(line, diagnostic.span)
        shown.append(f"{gutter} |")
        shown.append(f"{diagnostic.span.line} | {words}".rstrip())
        before = len(carets) - len(carets.lstrip(" "))
        shown.append(f"{gutter} | {carets[:before]}{_painted(carets[before:], paint)}")
    if diagnostic.hint:
        shown.append(f"{gutter} = hint: {_safe(diagnostic.hint)}")
    shown += [f"{gutter} = see: {_safe(str(span))}: {_safe(words)}" for span, words in diagnostic.related]
    return "\n".join(shown)


def render_concise(diagnostic: Diagnostic) -> str:
    """Return a diagnostic on one line: `file:line:column: severity[CODE]: message`."""
    head = f"{_safe(str(diagnostic.span))}: {diagnostic.severity}[{_safe(diagnostic.code)}]"
    return f"{head}: {_safe(diagnostic.message)}"


def to_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return a diagnostic as values that `json.dumps` takes; texts are as they are, not made safe for a terminal."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        **_place(diagnostic.span),
        "hint": diagnostic.hint,
        "related": [{**_place(span), "message": words} for span, words in diagnostic.related],
    }


def github(diagnostic: Diagnostic) -> str:
    """Return a diagnostic as an annotation that GitHub Actions shows beside the line.

    Source:
        GitHub Docs, "Workflow commands for GitHub Actions", setting an error message.
    """
    level = {"error": "error", "warning": "warning", "note": "notice"}[diagnostic.severity]
    span = diagnostic.span
    # An end column is inclusive there.
    end = max(span.end_column - 1, span.column)
    message = diagnostic.message + (f"\nhint: {diagnostic.hint}" if diagnostic.hint else "")
    properties = f"file={_property(span.path)},line={span.line},col={span.column},endColumn={end}"
    text = "%0A".join(_safe(part).replace("%", "%25") for part in message.split("\n"))
    return f"::{level} {properties},title={_property(diagnostic.code)}::{text}"


def _property(words: str) -> str:
    return _safe(words).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def _place(span: Span) -> dict[str, Any]:
    return {"path": span.path, "line": span.line, "column": span.column, "end_column": span.end_column}


def _painted(words: str, colour: str) -> str:
    return f"\x1b[1;{colour}m{words}\x1b[0m" if colour and words else words


def lines_by_path(texts: Mapping[str, str]) -> Callable[[str], Sequence[str]]:
    """Return a function that gives the lines of a file, each file being split once however often it is asked."""
    split: dict[str, list[str]] = {}

    def lines_of(path: str) -> Sequence[str]:
        if path not in split:
            text = texts.get(path)
            split[path] = [] if text is None else _LINE_ENDS.split(text.removeprefix("\ufeff"))
        return split[path]

    return lines_of


def _line(span: Span, lines: Lines) -> str | None:
    """Return the line a span stands on; None if it is not at hand."""
    found: Sequence[str]
    if callable(lines):
        found = lines(span.path)
    else:
        text = lines.get(span.path)
        if text is None:
            return None
        found = _LINE_ENDS.split(text.removeprefix("\ufeff"))
    return found[span.line - 1].rstrip("\r\n") if 0 < span.line <= len(found) else None


def _excerpt(line: str, span: Span) -> tuple[str, str]:
    """Return a line made safe and cut to what fits, and the carets that stand under the span's characters.

    At most `LONGEST_EXCERPT` characters on either side of the span's start are looked at, so that a line of any
    length is shown at once.
    """
    start = min(max(span.column - 1, 0), len(line))
    end = min(max(span.end_column - 1, start + 1), max(len(line), start + 1))
    first, last = 0, len(line)
    if len(line) > LONGEST_EXCERPT // 2:
        first, last = _window(line, start, end)
    words = ["…"] if first else []
    before = under = 0
    column = len(words)
    before = column
    for index in range(first, last):
        shown = _visible(line[index], column)
        size = sum(map(character_width, shown))
        words.append(shown)
        column += size
        if index < start:
            before += size
        elif index < end:
            under += size
    if last < len(line):
        words.append("…")
    return "".join(words), " " * before + "^" * max(under, 1)


def _window(line: str, start: int, end: int) -> tuple[int, int]:
    """Return the first and one past the last character shown, which take at most `LONGEST_EXCERPT` columns."""
    near = line[max(0, start - LONGEST_EXCERPT) : start + LONGEST_EXCERPT]
    offset = max(0, start - LONGEST_EXCERPT)
    sizes = [sum(map(character_width, _visible(one, 0))) for one in near]
    last, used = start, 0
    # The words at fault first, but no more than two thirds of the room; then what stands before; then what follows.
    while last < min(end, offset + len(near)) and used + sizes[last - offset] <= LONGEST_EXCERPT * 2 // 3:
        used += sizes[last - offset]
        last += 1
    first = start
    room = (
        LONGEST_EXCERPT if offset + len(near) == len(line) and used < LONGEST_EXCERPT // 6 else LONGEST_EXCERPT * 5 // 6
    )
    while first > offset and used + sizes[first - 1 - offset] <= room:
        first -= 1
        used += sizes[first - offset]
    while last < offset + len(near) and used + sizes[last - offset] <= LONGEST_EXCERPT:
        used += sizes[last - offset]
        last += 1
    return first, last


def _visible(character: str, column: int) -> str:
    """Return what is shown for a character, in a line of which `column` columns are shown before it."""
    if " " <= character <= "~":
        return character
    if character == "\t":
        return " " * (TAB - column % TAB)
    if character < " ":
        return _SHOWN.get(character) or chr(0x2400 + ord(character))
    if character in _SHOWN:
        return _SHOWN[character]
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return f"<U+{ord(character):04X}>"
    return character


def _safe(words: str) -> str:
    """Return words without a character that steers a terminal or reorders what it shows."""
    if words.isascii() and words.isprintable() and len(words) <= LONGEST_MESSAGE:
        return words
    cut = words if len(words) <= LONGEST_MESSAGE else words[:LONGEST_MESSAGE] + "…"
    return "".join([_visible(one, 0) if one != "\t" else " " for one in cut])
