"""Plain text and Markdown: bytes to characters."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from muniment.evidence.readers.charsets import guess_charset
from muniment.evidence.readers.extracted import Extracted, unreadable

CHARSETS = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8",
    "cp1252": "windows-1252 cp1252 iso-8859-1 iso8859-1 latin1 latin-1 l1 us-ascii ascii ansi_x3.4-1968",
    "iso8859-2": "iso-8859-2 latin2",
    "cp1254": "iso-8859-9 latin5 windows-1254",
    "iso8859-15": "iso-8859-15 latin9 latin-9",
    "iso8859-7": "iso-8859-7 greek",
    "iso8859-5": "iso-8859-5 cyrillic",
    "cp1250": "windows-1250 cp1250",
    "cp1251": "windows-1251 cp1251",
    "cp1253": "windows-1253 cp1253",
    "cp1255": "windows-1255 iso-8859-8",
    "cp1256": "windows-1256 iso-8859-6",
    "koi8-r": "koi8-r koi8",
    "koi8-u": "koi8-u",
    "mac-roman": "macintosh mac",
    "gb18030": "gb18030 gbk gb2312 gb_2312-80 x-gbk chinese hz-gb-2312",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5",
    "cp932": "shift_jis shift-jis sjis windows-31j ms_kanji",
    "euc-jp": "euc-jp x-euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "cp949": "euc-kr ks_c_5601-1987 korean windows-949",
    "utf-16-le": "utf-16 utf-16le unicode ucs-2",
    "utf-16-be": "utf-16be unicodefffe",
}
CODECS = {label: codec for codec, labels in CHARSETS.items() for label in labels.split()}
"""The labels of charsets that web pages and mail use, and the codec by which each is read; no other is believed."""
SAMPLE = 4096
BOM_GB18030 = b"\x84\x31\x95\x33"
DOUBT = "it is not UTF-8, and nothing tells which charset it is in"
MEANINGLESS = "too many of its bytes have no meaning in the charset that it names"
MOST_REPLACED = 100
"""One character in so many may have no meaning in the charset that is stated, before that is in doubt."""


class Decoded(NamedTuple):
    """The characters of a file.

    Attributes:
        text: Without a byte order mark.
        notes: What the reader must know of how the bytes were read; empty for plain UTF-8.
        doubt: Why these may be other characters than were meant; empty if they are not in doubt. No quotation may be
            called absent from such a text.
    """

    text: str
    notes: tuple[str, ...]
    doubt: str = ""


def decode(data: bytes) -> Decoded:
    """Read bytes as characters: UTF-8, else UTF-16, else the charset that they look to be in, with a note.

    UTF-16 is known by its byte order mark, or by a zero in every second byte; the others by how their characters are
    used (`charsets.guess_charset`). Bytes without a meaning in Windows-1252 become U+FFFD.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and len(data) % 4 == 0:
        try:
            return Decoded(data.decode("utf-32"), ("read as UTF-32",))
        except UnicodeDecodeError:
            pass
    if data.startswith(BOM_GB18030):
        try:
            return Decoded(data[len(BOM_GB18030) :].decode("gb18030"), ("read as GB18030",))
        except UnicodeDecodeError:
            pass
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not data.startswith(codecs.BOM_UTF32_LE):
        try:
            return Decoded(data.decode("utf-16"), ("read as UTF-16",))
        except UnicodeDecodeError:
            note = "read as UTF-16; some bytes have no meaning in it"
            return Decoded(data.decode("utf-16", errors="replace"), (note,))
    unmarked = _utf16_without_mark(data)
    if unmarked:
        return Decoded(data.decode(unmarked, errors="replace"), ("read as UTF-16, which it does not say it is",))
    try:
        text, notes = data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        guess = guess_charset(data)
        text = data.decode(guess.codec, errors="replace")
        return Decoded(text, (f"not UTF-8; read as {guess.name}",), DOUBT if guess.is_doubtful else "")
    return Decoded(text, ("it holds characters of number 0",) if "\0" in text else notes)


def _utf16_without_mark(data: bytes) -> str:
    """Return the codec if almost every second byte of the beginning is 0 and hardly any other is; else nothing."""
    sample = data[:SAMPLE]
    if len(sample) < 8:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    most, least = 9 * len(sample) // 20, len(sample) // 50
    if odd >= most and even <= least:
        return "utf-16-le"
    return "utf-16-be" if even >= most and odd <= least else ""


def decode_as(data: bytes, label: str) -> Decoded:
    """Read bytes by the charset that they are said to be in, unless they belie it.

    Bytes that are UTF-8 beyond ASCII are read as UTF-8 whatever is said of them, since text in another charset is
    hardly ever UTF-8 by chance.

    Args:
        data: The bytes.
        label: The charset as stated (`iso-8859-1`); empty if none is.
    """
    label = label.strip().strip("\"'").lower()
    codec = CODECS.get(label)
    if not label or codec == "utf-8":
        found = decode(data)
        said = f"it says it is {label}, but is " if label and any("read as" in note for note in found.notes) else ""
        return found._replace(notes=tuple((said + note) for note in found.notes)) if said else found
    if codec is None:
        found = decode(data)
        return found._replace(notes=("it names a charset that is not known", *found.notes))
    if not codec.startswith(("utf-16", "iso2022")):
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
        else:
            note = "it says it is in another charset, but is UTF-8"
            return Decoded(text, () if data.isascii() else (note,))
    try:
        return Decoded(data.decode(codec), ())
    except UnicodeDecodeError:
        text = data.decode(codec, errors="replace")
        is_doubtful = text.count("\ufffd") * MOST_REPLACED > len(text)
        doubt = MEANINGLESS if is_doubtful else ""
        return Decoded(text, ("some bytes have no meaning in the charset it names",), doubt)


def read_plain(data: bytes) -> Extracted:
    """Read plain text; one whose charset is in doubt is unreadable, so that no quotation is called absent from it."""
    text, notes, doubt = decode(data)
    return unreadable("plain text", doubt) if doubt else Extracted(text, "plain text", notes)
