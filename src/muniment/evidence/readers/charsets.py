"""Which charset bytes are in that are not UTF-8 and say nothing of it: by the characters that every text is full of.

A double-byte charset is believed only if every byte has a meaning in it, most of its characters are East Asian, and
its commonest ones appear as often as they do in texts. Bytes beyond ASCII that stand alone between letters of ASCII are
those of a Western European text. Anything else is in doubt: it is not guessed at.

The counts of common characters are those of everyday text: the hundred and some here make up about half of it; among
characters that come of reading bytes in a wrong charset they make up a few in a hundred.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SIMPLIFIED = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还"
    "发成事只作当想看文无开手用主行方又如前所本见经头面公同已老从动两长知样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话"
    "者向情部正名定女问力机给等几业权董司股份资法院协议章程约第条款应应当东席任期决卖购买合并票"
)
TRADITIONAL = frozenset(
    "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可她裡後小麼心多天而能好都然沒日於起還"
    "發成事只作當想看文無開手用主行方又如前所本見經頭面公同已老從動兩長知樣現分將外但身些與高意進把法此實回二理美點月明其種聲全工己話"
    "者向情部正名定女問力機給等幾業權董司股份資法院協議章程約第條款應應當東席任期決賣購買合併票"
)
KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]")
HANGUL = re.compile("[\uac00-\ud7a3]")
COMMON_HANGUL = frozenset(
    "이다는의가을에를고하한은로지사기도자대서인정시그어리나있수들과보해아부일전제여적주으상장만원"
)
EAST_ASIAN = re.compile("[\u3041-\u30fc\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]")
ODD = re.compile("[\ue000-\uf8ff\ufffd\x80-\x9f\uff61-\uff9f]")
"""Characters for private use, controls and half-width kana: many of them come of a wrong charset."""
HIGH_RUN = re.compile(rb"[\x80-\xff]+")
NAMES = {
    "gb18030": "GB18030", "big5hkscs": "Big5", "cp932": "Shift-JIS", "euc_jp": "EUC-JP", "cp949": "EUC-KR",
}  # fmt: skip
SAMPLE = 200_000
LEAST_SHARE = 0.2
"""Of the East Asian characters, how many are common ones."""
LEAST_LEAD = 1.5
"""How many times the share of common characters is that of the next charset."""
LEAST_EAST_ASIAN = 0.5
"""Of the characters beyond ASCII, how many are East Asian; signs and marks are the rest."""
MOST_IN_RUNS = 0.3
"""Of the bytes beyond ASCII of a Western European text, how many stand next to another."""
TYPOGRAPHIC = bytes((0x80, 0x82, 0x84, 0x85, 0x8B, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9B, 0xA0, 0xA7,
                     0xA3, 0xAB, 0xB0, 0xB6, 0xBB))  # fmt: skip
"""Bytes of quotation marks, dashes and signs in Windows-1252, which stand next to letters beyond ASCII in any text."""
FEW = 8
"""Bytes beyond ASCII up to which a text may be called Western European although some stand together."""


class Guess(NamedTuple):
    """What is held of the charset of some bytes.

    Attributes:
        codec: By which they are read.
        name: Of the charset, for people.
        is_doubtful: They may as well be in another one.
    """

    codec: str
    name: str
    is_doubtful: bool


def guess_charset(data: bytes) -> Guess:
    """Return the charset of bytes that are not UTF-8.

    Example:
        >>> guess_charset("我们不卖公司".encode("gb18030")).name, guess_charset("société".encode("cp1252")).name
        ('GB18030', 'Windows-1252')
        >>> guess_charset("Мы не продаём компанию".encode("cp1251")).is_doubtful
        True
    """
    western = Guess("cp1252", "Windows-1252", False)
    if _is_western(data):
        return western
    ranked = sorted(((_common_share(data, codec), codec) for codec in NAMES), reverse=True)
    (best, codec), (second, _) = ranked[:2]
    if best >= LEAST_SHARE and best >= LEAST_LEAD * second:
        return Guess(codec, NAMES[codec], False)
    return western._replace(is_doubtful=True)


def _is_western(data: bytes) -> bool:
    """Return whether the bytes beyond ASCII stand alone, as accented letters do, but for quotation marks and signs."""
    sample = data[:SAMPLE]
    letters = sum(len(run.group().strip(TYPOGRAPHIC)) for run in HIGH_RUN.finditer(sample))
    in_runs = sum(len(rest) for run in HIGH_RUN.finditer(sample) if len(rest := run.group().strip(TYPOGRAPHIC)) > 1)
    alone = letters - in_runs
    if in_runs == 0:
        return True
    return in_runs <= MOST_IN_RUNS * letters or (in_runs <= FEW // 2 and alone >= in_runs)


def _common_share(data: bytes, codec: str) -> float:
    """Return how large a share of the East Asian characters are common ones; 0 if the bytes are no such text."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return 0.0
    sample = text[:SAMPLE]
    signs = EAST_ASIAN.findall(sample)
    beyond = sum(not sign.isascii() for sign in sample)
    if not signs or len(signs) < LEAST_EAST_ASIAN * beyond or len(ODD.findall(sample)) * 20 > beyond:
        return 0.0
    if codec in ("cp932", "euc_jp"):
        kana = len(KANA.findall(sample))
        return min(1.0, kana / len(signs) * 1.5) if kana >= 2 else 0.0
    if codec == "cp949":
        hangul = len(HANGUL.findall(sample))
        return sum(sign in COMMON_HANGUL for sign in signs) / len(signs) if hangul * 2 > len(signs) else 0.0
    common = TRADITIONAL if codec == "big5hkscs" else SIMPLIFIED | TRADITIONAL
    return sum(sign in common for sign in signs) / len(signs)
