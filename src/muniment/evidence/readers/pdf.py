"""PDF: the text of each page, in two reading orders.

pypdf follows the order in which the page's content is written; pdfium orders characters by where they stand, and tells
which digits stand raised or lowered beside others; they are written as such. Pages are parted by form feeds. A page
without text, or one that is a picture under a stamp of few words, is a scan: it is listed, never searched as if it were
empty. White text and text outside the page are not told apart from other text.
"""

from __future__ import annotations

import ctypes
import io
import re
from importlib.metadata import version
from typing import Any

from muniment.evidence.readers.extracted import Extracted, unreadable
from muniment.evidence.readers.raised import LOWERED, RAISED, Level

MOST_PAGES = 20_000
MOST_CHARACTERS = 20_000_000
LONGEST_TITLE = 500
STAMP = 200
"""Characters, without white space, that a stamp on a scanned page may have."""
PICTURE_SHARE = 2
"""A picture that covers at least one part in this many of its page makes it a scan, if the page has few words."""
MOST_OBJECTS = 200
DIGITS = re.compile(r"(?<=[0-9])[0-9]")
RISE = 0.2
"""By how much of its neighbor's height a digit stands higher or lower to count as raised or lowered."""
MOST_RISE = 1.2
LEVEL_WITHIN = 0.02
"""Radians by which text may lean; of turned text the heights are not told."""
ENCRYPTED = "it is encrypted, and no password is tried"


def read_pdf(data: bytes) -> Extracted:
    """Read with pypdf.

    Raises:
        ImportError: If pypdf is not installed.
    """
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    extractor = f"pdf, pypdf {version('pypdf')}"
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return unreadable(extractor, ENCRYPTED)
    count = len(reader.pages)
    if count > MOST_PAGES:
        return unreadable(extractor, f"it has more than {MOST_PAGES:,} pages")
    texts, faulty, taken = [], [], 0
    for number in range(count):
        try:
            words = reader.pages[number].extract_text() or ""
        except MemoryError:
            raise
        except Exception:  # pypdf raises many kinds for a damaged page; the others are still read
            words = ""
            faulty.append(number + 1)
        texts.append(_on_one_page(words))
        taken += len(words)
        if taken > MOST_CHARACTERS:
            return unreadable(extractor, "its text is larger than is allowed")
    notes = (f"pages that cannot be read: {_listed(faulty)}",) if faulty else ()
    title = getattr(reader.metadata, "title", None)
    return Extracted(
        text="\f".join(texts),
        extractor=extractor,
        notes=notes,
        title=" ".join(title.split())[:LONGEST_TITLE] if isinstance(title, str) else "",
        pages_unreadable=tuple(number for number, words in enumerate(texts, start=1) if not words.strip()),
    )


def read_pdf_again(data: bytes) -> Extracted:
    """Read with pdfium, and find the pages that are pictures.

    Raises:
        ImportError: If pypdfium2 is not installed.
    """
    import pypdfium2

    extractor = f"pdf, pypdfium2 {version('pypdfium2')}"
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        is_locked = "password" in str(fault).lower()
        return unreadable(extractor, ENCRYPTED if is_locked else "it is damaged, or no PDF")
    if len(document) > MOST_PAGES:
        return unreadable(extractor, f"it has more than {MOST_PAGES:,} pages")
    texts: list[str] = []
    scans: list[int] = []
    taken = 0
    for number in range(len(document)):
        try:
            words, is_scan = _page(document, number)
        except pypdfium2.PdfiumError:
            words, is_scan = "", True
        texts.append(words)
        if is_scan:
            scans.append(number + 1)
        taken += len(words)
        if taken > MOST_CHARACTERS:
            return unreadable(extractor, "its text is larger than is allowed")
    return Extracted("\f".join(texts), extractor, (), "", tuple(scans))


def _page(document: Any, number: int) -> tuple[str, bool]:
    """Return a page's text, and whether it is a scan: no text on it, or a stamp over a picture that covers it."""
    page = document[number]
    try:
        text_page = page.get_textpage()
        try:
            words = _on_one_page(_with_heights(text_page, text_page.get_text_range()))
        finally:
            text_page.close()
        count = len("".join(words.split()))
        return words, count <= STAMP and (_has_picture(page, PICTURE_SHARE) if count else _has_content(page))
    finally:
        page.close()


def _with_heights(text_page: Any, words: str) -> str:
    """Return a page's text with every digit that stands raised or lowered beside another written as such."""
    signs = list(words)
    level: Level = ""
    last = -1
    for match in DIGITS.finditer(words):
        at = match.start()
        before = level if at == last + 1 else ""
        level = _height(text_page, at, words, before)
        last = at
        if level:
            signs[at] = words[at].translate(RAISED if level == "raised" else LOWERED)
    return "".join(signs)


def _height(text_page: Any, at: int, words: str, before: Level) -> Level:
    """Return how a digit stands beside the one before it, which stands at the height `before`."""
    import pypdfium2.raw as pdfium

    if any(pdfium.FPDFText_GetUnicode(text_page, index) != ord(words[index]) for index in (at - 1, at)):
        return ""
    if abs(float(pdfium.FPDFText_GetCharAngle(text_page, at))) > LEVEL_WITHIN:
        return ""
    (left, bottom, right, top), (_, own_bottom, own_right, own_top) = (
        text_page.get_charbox(index) for index in (at - 1, at)
    )
    size = top - bottom
    if size <= 0 or own_right <= right - 0.1 * size or left > own_right:
        return ""
    rise = (own_bottom - bottom) / size
    if RISE < rise < MOST_RISE:
        return "" if before == "lowered" else "raised"
    if -MOST_RISE < rise < -RISE / 2 and (own_top < top - RISE / 2 * size):
        return "" if before == "raised" else "lowered"
    return before


def _has_content(page: Any) -> bool:
    """Return whether anything at all is drawn on a page, so that its lack of text is no emptiness."""
    import pypdfium2.raw as pdfium

    return int(pdfium.FPDFPage_CountObjects(page)) > 0


def _has_picture(page: Any, share: int) -> bool:
    """Return whether a picture covers at least one part in `share` of a page."""
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    for index in range(min(int(pdfium.FPDFPage_CountObjects(page)), MOST_OBJECTS)):
        each = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(each) not in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            continue
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if pdfium.FPDFPageObj_GetBounds(each, left, bottom, right, top):
            covered = (right.value - left.value) * (top.value - bottom.value)
            if covered * share >= width * height:
                return True
    return False


def _on_one_page(words: str) -> str:
    """Return a page's text with one kind of line end and no form feed of its own."""
    return words.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\ufffe", "\u00ad")


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return f"{shown} and {len(numbers) - 10} more" if len(numbers) > 10 else shown
