"""HTML: the text that a reader of the page sees, in the order of the document.

Block elements begin lines, paragraphs and headings begin paragraphs, the cells of a row are parted by ` | `. Scripts,
styles, templates and comments are left out. Text that the page hides by its own `hidden` attribute or inline style, a
closed dialog, and text that it strikes out are kept beside the text; what a style sheet or a script hides or strikes
out is not known here. Raised and lowered digits are written as such.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import Any, NamedTuple

from muniment.evidence.annotations import Annotation, AnnotationKind
from muniment.evidence.readers.extracted import Extracted, unreadable
from muniment.evidence.readers.inline_style import Effect, effect_of
from muniment.evidence.readers.plain import Decoded, decode_as
from muniment.evidence.readers.raised import Level, raise_or_lower

DEEPEST = 5_000
MOST_PARTS = 1_000_000
"""Elements and pieces of text that are walked."""
LONGEST_TITLE = 500
DEEPEST_QUOTE = 20
"""Marks of quotation that one line has at most."""
CHARSET_WITHIN = 4096
CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,500}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
REFRESH = re.compile(rb"<meta\b[^>]{0,200}?http-equiv\s*=\s*[\"']?\s*refresh", re.IGNORECASE)
TAG = re.compile(r"<(?:!--|(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]{0,40}))")
RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
"""Elements whose content is no markup."""
VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "rt",
    "rp", "colgroup", "html", "head", "body",
))  # fmt: skip
"""Elements that hold nothing, or whose end may be left out: they do not count as nested."""
LEFT_OUT = frozenset((
    "script", "style", "template", "head", "iframe", "object", "embed", "noembed", "noframes", "canvas",
    "audio", "video", "map",
))  # fmt: skip
UNSEEN = frozenset(("noscript",))
PARAGRAPHS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "ul", "ol", "dl", "section",
    "article", "header", "footer", "main", "nav", "aside", "figure", "form", "fieldset", "address", "hr",
    "details",
))  # fmt: skip
LINES = frozenset((
    "div", "li", "dt", "dd", "tr", "caption", "figcaption", "summary", "legend", "option", "center", "body",
    "optgroup",
))  # fmt: skip
CELLS = frozenset(("td", "th"))
STRUCK = frozenset(("del", "s", "strike"))
LEVELS: dict[str, Level] = {"sup": "raised", "sub": "lowered"}
POWERS: dict[str, tuple[Level, ...]] = {
    "msup": ("", "raised"),
    "msub": ("", "lowered"),
    "msubsup": ("", "lowered", "raised"),
    "mover": ("", "raised"),
    "munder": ("", "lowered"),
}
"""Elements of formulas whose parts stand at different heights, and at which."""
SPACES = ("", " ", " | ", "\n", "\n\n")
"""White space and the mark between cells, the weakest first."""
SPACE = re.compile(r"[ \t\n\r\f]+")


def read_html(data: bytes) -> Extracted:
    """Read the bytes of a page.

    Raises:
        ImportError: If selectolax is not installed.
    """
    stated = CHARSET.search(data[:CHARSET_WITHIN])
    text, notes, doubt = decode_as(data, stated[1].decode("ascii", "replace") if stated else "")
    if doubt:
        return unreadable(f"html, selectolax {version('selectolax')}", doubt)
    if REFRESH.search(data[:CHARSET_WITHIN]):
        notes = (*notes, "the page sends its reader on to another one, which is not read")
    return read_markup(Decoded(text, notes))


def read_markup(decoded: Decoded, *, marks_quotes: bool = False) -> Extracted:
    """Read a page whose characters are known.

    Args:
        decoded: Its markup.
        marks_quotes: Begin every line of a `blockquote` with `> `, as mail does with the words of others.
    """
    from selectolax.lexbor import LexborHTMLParser

    extractor = f"html, selectolax {version('selectolax')}"
    if depth_of(decoded.text) > DEEPEST:
        return unreadable(extractor, f"its elements are nested more than {DEEPEST:,} deep")
    root = LexborHTMLParser(decoded.text).root
    laid = _Laid(marks_quotes)
    if root is None:
        return Extracted("", extractor, decoded.notes)
    title = _walk(root, laid)
    notes = decoded.notes
    if laid.is_cut:
        notes = (*notes, f"only its first {MOST_PARTS:,} elements are read")
    return Extracted(laid.text(), extractor, notes, title, (), tuple(laid.hidden), None)


def depth_of(markup: str) -> int:
    """Return how deep elements are nested, by counting tags; counting ends beyond the depth that is read.

    Elements whose end may be left out do not count. It is counted before anything is parsed, since the parser's own
    time grows with the square of the depth.
    """
    depth = deepest = at = 0
    while (tag := TAG.search(markup, at)) is not None:
        at = tag.end()
        name = (tag["name"] or "!--").lower()
        if name == "!--":
            comment = markup.find("-->", at)
            at = len(markup) if comment < 0 else comment
        elif name in VOID:
            continue
        elif tag["close"]:
            depth = max(0, depth - 1)
        elif name in RAW:
            end = re.compile(f"</{name}", re.IGNORECASE).search(markup, at)
            at = end.end() if end else len(markup)
        else:
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEEPEST:
                break
    return deepest


class _Hidden(NamedTuple):
    """A run of text that is no part of the page's text: what it is, where it stands, and its pieces."""

    kind: AnnotationKind
    start: int
    pieces: list[str]


class _Laid:
    """Text as it is laid out: pieces with single spaces between words, line ends where blocks begin and end."""

    def __init__(self, marks_quotes: bool) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._wanted = ""
        """White space due before the next visible word."""
        self._marks_quotes = marks_quotes
        self._depth = 0
        """How many quotations are open whose lines are marked."""
        self.hidden: list[Annotation] = []
        self.is_cut = False

    @property
    def length(self) -> int:
        """How many characters are laid out."""
        return self._length

    def text(self) -> str:
        """Return everything laid out."""
        return "".join(self._pieces)

    def want(self, space: str) -> None:
        """Ask for white space before the next word; the strongest one asked for is put."""
        if SPACES.index(space) > SPACES.index(self._wanted):
            self._wanted = space

    def put(self, words: str, is_verbatim: bool) -> None:
        """Lay out a piece of text."""
        if is_verbatim:
            self._add(words)
            return
        single = SPACE.sub(" ", words)
        if single.startswith(" "):
            self.want(" ")
        bare = single.strip(" ")
        if bare:
            self._add(bare)
        if bare and single.endswith(" "):
            self.want(" ")

    def quote(self, change: int) -> None:
        """Begin (1) or end (-1) a quotation whose lines are marked."""
        if self._marks_quotes:
            self._depth = max(0, self._depth + change)

    def end_line(self) -> None:
        """Put the line end of a `br`, even several in a row."""
        if self._length:
            self._wanted = "\n\n" if self._wanted.startswith("\n") else "\n"

    def _add(self, words: str) -> None:
        mark = "> " * min(self._depth, DEEPEST_QUOTE)
        if mark and (not self._length or self._wanted.startswith("\n")):
            self._put(f"{self._wanted if self._length else ''}{mark}")
        elif self._length:
            self._put(self._wanted)
        self._wanted = ""
        self._put(words.replace("\n", f"\n{mark}") if mark else words)

    def _put(self, words: str) -> None:
        if words:
            self._pieces.append(words)
            self._length += len(words)


def _walk(root: Any, laid: _Laid) -> str:
    """Lay out the text below an element, without recursion; return the page's title."""
    title = ""
    node, count = root, 0
    hidden: _Hidden | None = None
    hidden_below: Any = None
    verbatim = 0
    levels: list[tuple[Any, Level]] = []
    while node is not None:
        count += 1
        if count > MOST_PARTS:
            laid.is_cut = True
            break
        tag = node.tag
        enters = False
        if tag == "-text":
            words = node.text_content or ""
            if hidden is not None:
                hidden.pieces.append(words)
            else:
                laid.put(raise_or_lower(words, levels[-1][1]) if levels else words, verbatim > 0)
        elif tag == "title" and not title:
            title = SPACE.sub(" ", node.text(deep=True) or "").strip()[:LONGEST_TITLE]
        elif tag == "head" or (tag not in LEFT_OUT and not tag.startswith(("-", "!", "_"))):
            enters = True
            effect: Effect = _effect(node, tag) if hidden is None else ""
            if effect in ("hidden", "struck"):
                kind: AnnotationKind = "hidden text" if effect == "hidden" else "struck-out passage"
                hidden, hidden_below = _Hidden(kind, laid.length, []), node
            elif effect == "raised" or effect == "lowered":
                levels.append((node, effect))
            if hidden is None:
                _open(tag, laid)
                if tag == "blockquote":
                    laid.quote(1)
                elif (parent := node.parent) is not None and parent.tag == "mfrac" and node.prev is not None:
                    laid.put("/", is_verbatim=True)
                verbatim += tag == "pre"
        child = node.child if enters else None
        if child is not None:
            node = child
            continue
        if enters:
            hidden, verbatim = _leave(node, tag, laid, hidden, hidden_below, verbatim)
            if levels and levels[-1][0].mem_id == node.mem_id:
                levels.pop()
        while node is not None and node.next is None:
            node = node.parent
            if node is None or node.mem_id == root.mem_id:
                node = None
                break
            hidden, verbatim = _leave(node, node.tag, laid, hidden, hidden_below, verbatim)
            if levels and levels[-1][0].mem_id == node.mem_id:
                levels.pop()
        node = node.next if node is not None else None
    return title


def _leave(
    node: Any, tag: str, laid: _Laid, hidden: _Hidden | None, hidden_below: Any, verbatim: int
) -> tuple[_Hidden | None, int]:
    """Close an element; return the run of hidden text and the depth of verbatim text that go on after it."""
    if hidden is not None:
        if node.mem_id == hidden_below.mem_id:
            words = SPACE.sub(" ", " ".join(hidden.pieces)).strip()
            if words:
                laid.hidden.append(Annotation(hidden.kind, hidden.start, hidden.start, words))
            return None, verbatim
        return hidden, verbatim
    _close(tag, laid)
    if tag == "blockquote":
        laid.quote(-1)
    return None, verbatim - (tag == "pre")


def _effect(node: Any, tag: str) -> Effect:
    """Return what an element does to its words: `hidden`, `struck`, `raised`, `lowered` or nothing."""
    if tag in UNSEEN:
        return "hidden"
    attributes = node.attributes
    if "hidden" in attributes or (tag == "dialog" and "open" not in attributes):
        return "hidden"
    style = attributes.get("style")
    effect = effect_of(style) if style else ""
    if effect == "hidden" or (tag not in STRUCK and effect == "struck"):
        return effect
    if tag in STRUCK:
        return "struck"
    parent = node.parent
    if parent is not None and parent.tag in POWERS:
        return _height(node, POWERS[parent.tag])
    return LEVELS.get(tag, effect)


def _height(node: Any, heights: tuple[Level, ...]) -> Level:
    """Return at which height a part of a formula stands, by how many parts stand before it."""
    before, count = node.prev, 0
    while before is not None and count < len(heights):
        count += before.tag != "-text"
        before = before.prev
    return heights[min(count, len(heights) - 1)]


def _open(tag: str, laid: _Laid) -> None:
    if tag == "br":
        laid.end_line()
    elif tag in PARAGRAPHS:
        laid.want("\n\n")
    elif tag in LINES:
        laid.want("\n")


def _close(tag: str, laid: _Laid) -> None:
    if tag in PARAGRAPHS:
        laid.want("\n\n")
    elif tag in LINES:
        laid.want("\n")
    elif tag in CELLS:
        laid.want(" | ")
