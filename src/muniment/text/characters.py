"""Bytes to characters: what is not UTF-8, and what a reader of the file could not see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from muniment.text.codes import CODES, diagnostic
from muniment.text.diagnostics import Diagnostic, Severity
from muniment.text.spans import Span

MOST_DIAGNOSTICS = 100
"""Faults shown of one file; one more diagnostic counts the others."""

_NOT_UTF_8 = re.compile("[\udc80-\udcff]+")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|\r(?!\n)")
_INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL_BYTES = bytes([*range(9), 11, 12, *range(14, 32), 127])


def decode(data: bytes, path: str) -> tuple[str, list[Diagnostic]]:
    """Turn the bytes of a file into text.

    A byte that is not UTF-8 becomes U+FFFD, so that the rest still reads. A byte order mark at the start is taken out.
    Line ends stay as they are.

    Args:
        data: The whole file.
        path: The file's name in diagnostics.

    Returns:
        The text, and a diagnostic for every character that is wrong or invisible, in the order of the file; at most
        101.
    """
    found: list[Diagnostic] = []
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
        message = "the file starts with a byte order mark"
        found.append(diagnostic("M101", message, Span(path, 1, 1, 1), "run `muniment fmt`, which takes it out"))
    try:
        text = data.decode("utf-8")
        bad_bytes: list[Diagnostic] = []
    except UnicodeDecodeError:
        text = data.decode("utf-8", "surrogateescape")
        bad_bytes = _cap(_bad_bytes(text, path), _NOT_UTF_8, text, path)
        text = _NOT_UTF_8.sub(lambda match: "\ufffd" * len(match[0]), text)
    crlf = data.count(b"\r\n")
    if crlf:
        first = text.find("\r\n")
        line, column = 1 + text.count("\n", 0, first), first - text.rfind("\n", 0, first)
        message = "lines end with CR LF"
        where = Span(path, line, column, column)
        found.append(diagnostic("M102", message, where, "run `muniment fmt`, which ends lines with LF"))
    found += bad_bytes
    plain = len(data.translate(None, _CONTROL_BYTES)) == len(data) and data.count(b"\r") == crlf
    if not (plain and data.isascii()):
        found += _cap(_faults(_CONTROL, text, path), _CONTROL, text, path)
        found += _cap(_faults(_INVISIBLE, text, path), _INVISIBLE, text, path)
    found.sort(key=lambda one: (one.span.line, one.span.column))
    return text, shorten(found, path)


def shorten(found: list[Diagnostic], path: str) -> list[Diagnostic]:
    """Return the first hundred diagnostics of a file, and one more that counts the others."""
    if len(found) <= MOST_DIAGNOSTICS:
        return found
    rest = [one for one in found[MOST_DIAGNOSTICS:] if one.code != "M199"]
    number = len(rest) + sum(_counted(one) for one in found[MOST_DIAGNOSTICS:] if one.code == "M199")
    severities = {one.severity for one in found[MOST_DIAGNOSTICS:]}
    return [*found[:MOST_DIAGNOSTICS], more(number, severities, Span(path, found[-1].span.line, 1, 1))]


def more(number: int, severities: set[Severity], span: Span) -> Diagnostic:
    """Return the diagnostic that counts what is not shown; it is as severe as the worst of them."""
    worst: Severity = "error" if "error" in severities else "warning" if "warning" in severities else "note"
    message = f"{number:,} more of this file are not shown"
    return Diagnostic(code="M199", severity=worst, message=message, span=span, hint="mend these first and check again")


def _counted(diagnostic_of_more: Diagnostic) -> int:
    return int(diagnostic_of_more.message.split()[0].replace(",", ""))


def _cap(faults: Iterator[Diagnostic], pattern: re.Pattern[str], text: str, path: str) -> list[Diagnostic]:
    """Return the first hundred, and count the others without making a diagnostic of each."""
    first = [one for _, one in zip(range(MOST_DIAGNOSTICS + 1), faults, strict=False)]
    if len(first) <= MOST_DIAGNOSTICS:
        return first
    number = sum(1 for _ in pattern.finditer(text)) - MOST_DIAGNOSTICS
    last = first.pop()
    severity = CODES[last.code].severity
    return [*first, more(number, {severity}, Span(path, last.span.line, last.span.column, last.span.column))]


def _places(pattern: re.Pattern[str], text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each match with its line and column; one pass over the text."""
    line, line_start, counted = 1, 0, 0
    for match in pattern.finditer(text):
        newlines = text.count("\n", counted, match.start())
        if newlines:
            line += newlines
            line_start = text.rfind("\n", counted, match.start()) + 1
        counted = match.start()
        yield match[0], line, counted - line_start + 1


def _bad_bytes(text: str, path: str) -> Iterator[Diagnostic]:
    for characters, line, column in _places(_NOT_UTF_8, text):
        shown = " ".join(f"{ord(one) - 0xDC00:02X}" for one in characters[:8])
        message = (
            f"{'byte' if len(characters) == 1 else 'bytes'} {shown} {'is' if len(characters) == 1 else 'are'} not UTF-8"
        )
        where = Span(path, line, column, column + len(characters))
        yield diagnostic("M100", message, where, "save the file as UTF-8")


def _faults(pattern: re.Pattern[str], text: str, path: str) -> Iterator[Diagnostic]:
    code = "M103" if pattern is _CONTROL else "M104"
    words = "control character" if pattern is _CONTROL else "invisible character"
    for character, line, column in _places(pattern, text):
        where = Span(path, line, column, column + 1)
        yield diagnostic(code, f"{words} U+{ord(character):04X}", where, "delete it")
