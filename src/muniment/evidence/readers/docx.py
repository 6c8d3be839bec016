"""Word files (DOCX): paragraphs and tables, notes, headers and footers, with tracked changes and comments as such.

The text is the document as it stands: tracked insertions are in it and marked, the words of tracked deletions are not;
hidden and struck-out words, by their own properties or a style's, are not either (styles of tables are not read).
Raised and lowered digits are written as such, and the cells of a row are parted by ` | `.
Footnotes, endnotes, headers and footers follow the body. Nothing is written to disk; the parts are parsed by expat with
every document type declaration refused.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from xml.parsers import expat

from muniment.evidence.annotations import Annotation, AnnotationKind
from muniment.evidence.readers.extracted import Extracted, unreadable
from muniment.evidence.readers.raised import Level, raise_or_lower
from muniment.evidence.readers.word_styles import Look, Styles, read_styles

EXTRACTOR = "docx, standard library"
MOST_MEMBERS = 20_000
LARGEST_PART = 48 * (1 << 20)
LARGEST_RATIO = 300
"""Bytes that one compressed byte of a large part may become; text in XML stays below 100."""
RATIO_FROM = 4 * (1 << 20)
DEEPEST = 2_000
MAIN = "word/document.xml"
RELATIONS = {"footnotes": "Footnotes", "endnotes": "Endnotes", "header": "Header", "footer": "Footer"}
ORDER = ("footnotes", "endnotes", "header", "footer")
DELETING = frozenset(("del", "moveFrom"))
INSERTING = frozenset(("ins", "moveTo"))
SEPARATORS = frozenset(("separator", "continuationSeparator", "continuationNotice"))
LONGEST_NAME = 200
EARLIER = frozenset(("rPrChange", "pPrChange", "trPrChange", "tcPrChange", "tblPrChange", "sectPrChange"))
"""Elements that keep properties as they were before a tracked change of them."""
ROW_OR_CELL = frozenset(("tr", "tc"))
SPACES = ("", " ", " | ", "\n", "\n\n")
"""White space and the mark between cells, the weakest first."""


class UnfitError(ValueError):
    """The file is no Word file that may be read; its words say why."""


class _Event(NamedTuple):
    """The beginning or end of an element, or a piece of text.

    Attributes:
        kind: ``open``, ``close`` or ``text``.
        name: Of the element, without its namespace; the characters of a piece of text.
        attributes: Of the element, names without namespaces.
    """

    kind: str
    name: str
    attributes: Mapping[str, str]


def read_docx(data: bytes) -> Extracted:
    """Read the bytes of a Word file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(_Parts(archive))
    except UnfitError as fault:
        return unreadable(EXTRACTOR, str(fault))
    except (zipfile.BadZipFile, expat.ExpatError, EOFError, NotImplementedError, OSError, UnicodeError):
        return unreadable(EXTRACTOR, "it is damaged")


class _Parts:
    """The members of a Word file, each read within limits."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise UnfitError(f"it has more than {MOST_MEMBERS:,} parts")
        self._archive = archive
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            if member.filename in self._members:
                raise UnfitError("it has two parts of one name, so that programs may read different texts in it")
            self._members[member.filename] = member

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """Return a part.

        Raises:
            UnfitError: If it is encrypted or too large.
        """
        member = self._members[name]
        if member.flag_bits & 1:
            raise UnfitError("it is encrypted")
        if member.file_size > max(RATIO_FROM, LARGEST_RATIO * member.compress_size):
            raise UnfitError("a part of it grows too much when it is unpacked")
        if member.file_size > LARGEST_PART:
            raise UnfitError(f"a part of it is larger than {LARGEST_PART >> 20} MB")
        with self._archive.open(member) as stream:
            data = stream.read(LARGEST_PART + 1)
        if len(data) > LARGEST_PART:
            raise UnfitError(f"a part of it is larger than {LARGEST_PART >> 20} MB")
        return data


def _read(parts: _Parts) -> Extracted:
    main = next((target for kind, target in _relations(parts, "") if kind == "officeDocument"), MAIN)
    if main not in parts:
        raise UnfitError("it holds no Word document")
    related: dict[str, list[str]] = {}
    for kind, target in _relations(parts, main):
        if target in parts and target not in related.setdefault(kind, []):
            related[kind].append(target)
    beside_main = posixpath.join(posixpath.dirname(main), "styles.xml")
    named = related.get("styles") or [beside_main] * (beside_main in parts)
    styles = read_styles(_plain(_events(parts.read(named[0])))) if named else Styles()
    laid = _Laid(styles)
    laid.lay_out(_events(parts.read(main)))
    for kind in ORDER:
        for part in sorted(related.get(kind, ())):
            laid.lay_out(_events(parts.read(part)))
    text = laid.text()
    annotations = list(laid.annotations)
    for part in related.get("comments", ()):
        annotations += _comments(parts.read(part), laid.comment_spans, len(text))
    annotations.sort(key=lambda each: (each.start, each.end))
    return Extracted(text, EXTRACTOR, _notes(annotations), _title(parts), (), tuple(annotations), None)


def _notes(annotations: list[Annotation]) -> tuple[str, ...]:
    kinds: tuple[AnnotationKind, ...] = (
        "tracked insertion", "tracked deletion", "comment", "hidden text", "struck-out passage",
    )  # fmt: skip
    counts = [(kind, sum(each.kind == kind for each in annotations)) for kind in kinds]
    said = [f"{count} {kind}{'s' if count > 1 and kind != 'hidden text' else ''}" for kind, count in counts if count]
    return (f"it has {', '.join(said)}",) if said else ()


def _relations(parts: _Parts, of: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, part) for every part that one part names; those outside the file are left out."""
    folder, name = posixpath.split(of)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if listing not in parts:
        return
    for event in _events(parts.read(listing)):
        if event.kind == "open" and event.name == "Relationship" and event.attributes.get("TargetMode") != "External":
            target = event.attributes.get("Target", "")
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            yield event.attributes.get("Type", "").rpartition("/")[2], full


def _title(parts: _Parts) -> str:
    if "docProps/core.xml" not in parts:
        return ""
    words: list[str] = []
    inside = False
    for event in _events(parts.read("docProps/core.xml")):
        if event.kind == "text":
            words += [event.name] if inside else []
        elif event.name == "title":
            inside = event.kind == "open"
    return " ".join("".join(words).split())[:500]


def _events(data: bytes) -> list[_Event]:
    """Return the elements and texts of a part, in order.

    Raises:
        UnfitError: If it declares a document type, and with it entities, or is nested too deeply.
        expat.ExpatError: If it is not well formed.
    """
    events: list[_Event] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def refuse(*_: object) -> None:
        raise UnfitError("it declares entities or a document type, which no Word file does")

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise UnfitError(f"its elements are nested more than {DEEPEST:,} deep")
        own = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        events.append(_Event("open", name.rpartition(" ")[2], own))

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        events.append(_Event("close", name.rpartition(" ")[2], {}))

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda words: events.append(_Event("text", words, {}))
    parser.Parse(data, True)
    return events


def _plain(events: list[_Event]) -> Iterator[tuple[bool, str, Mapping[str, str]]]:
    """Yield the elements of a part as (whether it opens, name, attributes)."""
    return ((kind == "open", name, attributes) for kind, name, attributes in events if kind != "text")


class _Change(NamedTuple):
    """A tracked change that is being read: what it is, who made it when, and where it begins."""

    element: str
    by: str
    when: str
    start: int


class _Laid:
    """Text as it is laid out from the parts of a Word file."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._pieces: list[str] = []
        self._length = 0
        self._wanted = ""
        self.annotations: list[Annotation] = []
        self.comment_spans: dict[str, tuple[int, int]] = {}

    def text(self) -> str:
        """Return everything laid out."""
        return "".join(self._pieces)

    def _add(self, words: str) -> None:
        if not words:
            return
        self._settle()
        self._pieces.append(words)
        self._length += len(words)

    def _settle(self) -> None:
        """Put the white space that is due, so that what follows has its place after it."""
        if self._length and self._wanted:
            self._pieces.append(self._wanted)
            self._length += len(self._wanted)
        self._wanted = ""

    def _want(self, space: str) -> None:
        if SPACES.index(space) > SPACES.index(self._wanted):
            self._wanted = space

    def _next(self) -> int:
        """Return the offset that the next word will have."""
        return self._length + (len(self._wanted) if self._length else 0)

    def lay_out(self, events: list[_Event]) -> None:
        """Lay out one part: the body, or the notes, headers or footers."""
        self._want("\n\n")
        changes: list[_Change] = []
        cells = left_out = 0
        takes_text = takes_deleted = False
        gone: list[str] = []
        above: list[str] = []
        removed: list[_Change | None] = []
        paragraphs = [""]
        looks = [Look()]
        aside: dict[AnnotationKind, list[str]] = {"hidden text": [], "struck-out passage": []}
        for kind, name, attributes in events:
            if left_out:
                left_out += (kind == "open") - (kind == "close")
                continue
            if kind == "text":
                if not (takes_text or takes_deleted):
                    continue
                if takes_deleted or _is_gone(changes, removed):
                    gone.append(name)
                elif beside := self._styles.beside(paragraphs[-1], looks[-1]):
                    aside[beside].append(name)
                else:
                    self._add(raise_or_lower(name, self._level(paragraphs[-1], looks[-1], above)))
            elif kind == "open":
                parent = above[-1] if above else ""
                above.append(name)
                if name == "Fallback" or name in EARLIER or _is_separator(name, attributes):
                    left_out = 1
                elif name == "t":
                    takes_text = True
                elif name == "delText":
                    takes_deleted = True
                elif name == "p":
                    paragraphs.append("")
                elif name == "pStyle":
                    paragraphs[-1] = attributes.get("val", "")
                elif name == "r":
                    looks.append(Look())
                elif parent == "rPr" and above[-3:-2] == ["r"]:
                    looks[-1] = looks[-1].having(name, attributes)
                elif (name == "del" and parent == "trPr") or (name == "cellDel" and parent == "tcPr"):
                    if removed:
                        removed[-1] = _Change("del", *_who(attributes), self._next())
                elif name in DELETING or name in INSERTING:
                    changes.append(_Change(name, *_who(attributes), self._next()))
                elif name == "tbl":
                    self._want("\n\n")
                elif name in ROW_OR_CELL:
                    cells += name == "tc"
                    removed.append(None)
                elif name == "den":
                    self._add("/")
                elif name == "commentRangeStart":
                    at = self._next()
                    self.comment_spans.setdefault(attributes.get("id", ""), (at, at))
                elif name == "commentRangeEnd":
                    key = attributes.get("id", "")
                    start = self.comment_spans.get(key, (self._length, 0))[0]
                    self.comment_spans[key] = (min(start, self._length), self._length)
                elif name == "commentReference":
                    self.comment_spans.setdefault(attributes.get("id", ""), (self._length, self._length))
                else:
                    sign = _sign(name, attributes)
                    if sign and _is_gone(changes, removed):
                        gone.append(sign)
                    elif sign:
                        self._add(sign)
                if left_out:
                    above.pop()
                continue
            else:
                above.pop()
                if name == "t":
                    takes_text = False
                elif name == "delText":
                    takes_deleted = False
                elif name == "r":
                    self._end_run(aside)
                    looks.pop()
                elif name in DELETING or name in INSERTING:
                    if not above or above[-1] not in ("trPr", "tcPr"):
                        self._end_change(changes.pop(), gone)
                elif name == "p":
                    paragraphs.pop()
                    if gone and _is_gone(changes, removed):
                        gone.append("\n")
                    self._want(" " if cells else "\n\n")
                elif name in ROW_OR_CELL:
                    change = removed.pop()
                    if change is not None:
                        self._end_change(change, gone)
                    cells -= name == "tc"
                    self._want(" | " if name == "tc" else "\n")
                elif name == "tbl":
                    self._want("\n\n")

    def _level(self, paragraph: str, look: Look, above: list[str]) -> Level:
        """Return at which height the words of a run stand: raised, lowered, or on the line."""
        for name in reversed(above):
            if name in ("sup", "sub"):
                return "raised" if name == "sup" else "lowered"
            if name in ("oMath", "p"):
                break
        return self._styles.level(paragraph, look)

    def _end_run(self, aside: dict[AnnotationKind, list[str]]) -> None:
        for kind, words in aside.items():
            if words:
                at = self._length
                self.annotations.append(Annotation(kind, at, at, "".join(words)))
                words.clear()

    def _end_change(self, change: _Change, gone: list[str]) -> None:
        if change.element in DELETING:
            if gone:
                self._settle()
                at, words = self._length, "".join(gone)
                self.annotations.append(Annotation("tracked deletion", at, at, words, change.by, change.when))
                gone.clear()
        elif self._length > change.start:
            words = self._since(change.start)
            self.annotations.append(
                Annotation("tracked insertion", change.start, self._length, words, change.by, change.when)
            )

    def _since(self, start: int) -> str:
        """Return the characters laid out from an offset on."""
        taken: list[str] = []
        length = self._length
        for piece in reversed(self._pieces):
            if length <= start:
                break
            length -= len(piece)
            taken.append(piece)
        return "".join(reversed(taken))[start - length :]


def _is_separator(name: str, attributes: Mapping[str, str]) -> bool:
    """Return whether an element is the line that parts notes from the text."""
    return name in ("footnote", "endnote") and attributes.get("type") in SEPARATORS


def _is_gone(changes: list[_Change], removed: list[_Change | None]) -> bool:
    """Return whether words are deleted, by a change around them or with their row or cell."""
    return any(change.element in DELETING for change in changes) or any(change is not None for change in removed)


def _who(attributes: Mapping[str, str]) -> tuple[str, str]:
    """Return the author and the date of a change, as written."""
    return attributes.get("author", "")[:LONGEST_NAME], attributes.get("date", "")[:40]


def _sign(name: str, attributes: Mapping[str, str]) -> str:
    """Return the character that an element stands for, or nothing."""
    if name in ("tab", "ptab"):
        return "\t" if "pos" not in attributes else ""
    if name in ("br", "cr"):
        return "\n"
    if name == "noBreakHyphen":
        return "\u2011"
    if name == "softHyphen":
        return "\u00ad"
    return "\ufffd" if name == "sym" else ""


def _comments(data: bytes, spans: Mapping[str, tuple[int, int]], end: int) -> Iterator[Annotation]:
    """Yield each comment where it is anchored; one without an anchor stands at the end."""
    words: list[str] = []
    about: Mapping[str, str] = {}
    takes = False
    for kind, name, attributes in _events(data):
        if kind == "open" and name == "comment":
            about, words = attributes, []
        elif name == "t":
            takes = kind == "open"
        elif kind == "text" and takes:
            words.append(name)
        elif kind == "close" and name == "p":
            words.append("\n")
        elif kind == "close" and name == "comment":
            start, stop = spans.get(about.get("id", ""), (end, end))
            by, when = about.get("author", "")[:LONGEST_NAME], about.get("date", "")[:40]
            yield Annotation("comment", min(start, end), min(stop, end), "".join(words).strip(), by, when)
