"""Text from a book, made unable to do anything where it is shown.

Titles, quotations and file names are other people's words. A terminal obeys escape sequences, a spreadsheet obeys
cells that start with `=`, a Markdown viewer obeys links and HTML, and bidirectional controls make text read otherwise
than it is.
"""

from __future__ import annotations

import re

_CONTROL = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f"  # C0 but the line feed, DEL, C1 (which holds the one-byte CSI and OSC)
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks, embeddings, overrides, isolates
    "\u2028\u2029"  # line and paragraph separators
    "\ufff9-\ufffb\U000e0000-\U000e007f"  # interlinear annotation, tags: invisible text
    "\ud800-\udfff"  # half characters, from undecodable file names
)
_control = re.compile(f"[{_CONTROL}]")
_plain_number = re.compile(r"[+-]?[0-9][0-9,]*(\.[0-9]+)?%?")
_markdown_special = re.compile(r"([\\`*_\[\]|~$!{}])")
_indentation = re.compile(r"(?m)^ +")
_markdown_start = re.compile(r"(?m)^(?:[#+\-=>:]|[0-9]+(?=[.)]))")
_bare_link = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*:(?=//)|www\.|mailto:|xmpp:|javascript:|data:)")


def _show(match: re.Match[str]) -> str:
    return " " if match[0] == "\t" else f"[U+{ord(match[0]):04X}]"


def inert(text: str) -> str:
    """Return `text` with a tab as a space and every other control character written out, such as `[U+202E]`.

    Line feeds stay: the caller lays lines out.
    """
    return _control.sub(_show, text)


def inert_line(text: str) -> str:
    """Return `text` as `inert` does, on one line."""
    return " ".join(inert(text).splitlines())


def inert_spreadsheet(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula: an apostrophe is put before what could be one.

    Plain numbers stay (`-5`, `+1,000.00`).
    """
    start = text.lstrip()[:1]
    risky = text[:1] in ("\t", "\r") or (start != "" and start in "=+-@\uff1d\uff0b\uff0d\uff20")
    shown = inert(text)
    return "'" + shown if risky and not _plain_number.fullmatch(text) else shown


def inert_markdown(text: str) -> str:
    """Return `text` so that Markdown shows it letter by letter: no markup, no HTML, no link, no mention."""
    shown = _markdown_special.sub(r"\\\1", inert(text))
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "\\@")
    shown = _bare_link.sub(lambda match: match[0][:-1] + "\\" + match[0][-1], shown)
    return _markdown_start.sub(_escape_start, _indentation.sub("", shown))


def _escape_start(match: re.Match[str]) -> str:
    """Escape what would start a heading, list, quotation or rule; after a number it is the sign that follows."""
    return match[0] + "\\" if match[0].isdigit() else "\\" + match[0]
