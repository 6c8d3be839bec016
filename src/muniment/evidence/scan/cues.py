"""Words that tell of an appointment, a removal, a departure, money, ownership or a merger; and of speech."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from muniment.evidence.scan.languages import Language

Act = Literal["appoint", "remove", "resign", "pledge", "give", "invest", "own", "merge"]
MOST_CUES = 20_000

_CUES: Mapping[str, Mapping[Act, str]] = {
    "en": {
        "appoint": r"appoint(?:s|ed|ing|ment)?|(?:is |was |been )?(?:named|elected) (?:as )?(?:chair|ceo|chief|president|director)\w*"  # noqa: E501
        r"|becomes? (?:the )?(?:interim )?(?:ceo|chair\w*|president|chief)|join(?:s|ed|ing)? (?:the|our|its) board",
        "remove": r"fire[sd]?|firing|oust(?:s|ed|ing|er)?|remov(?:es|ed|ing|al)|dismiss(?:es|ed|al)?|sack(?:s|ed)",
        "resign": r"resign(?:s|ed|ing|ation)?|step(?:s|ped|ping)? down|depart(?:s|ed)|(?<!point of )departure|quits?|(?:left|leaves?|leaving) (?:the |our |its )?(?:board|company|organization)",  # noqa: E501
        "pledge": r"pledg(?:es?|ed|ing)|commit(?:s|ted|ments?)|promis(?:es?|ed|ing)",
        "give": r"donat(?:es?|ed|ions?)|contribut(?:es?|ed|ions?)|gave|gives|grant(?:s|ed)",
        "invest": r"invest(?:s|ed|ing|ments?|ors?)?|fund(?:s|ed|ing)|rais(?:es|ed|ing) (?=[$€£¥\d])",
        "own": r"own(?:s|ed|ing|ers?|ership)|stakes?|holds?|majority|equity|shareholders?",
        "merge": r"merg(?:es?|ed|ing|ers?)|acqui(?:res?|red|ring|sitions?)|takeovers?|tak(?:es?|en|ing) over|spins? out",  # noqa: E501
    },
    "fr": {
        "appoint": r"nomm(?:e|é|ée|és|er|ent|a)|nominations?|désign(?:e|é|ée|er)|élue?s?|(?:devien(?:t|dra)|devenue?) (?:le |la )?(?:pdg|président\w*|directeur|directrice)|rejoint le conseil",  # noqa: E501
        "remove": r"licenci\w{0,8}|évinc\w{0,6}|révo(?:qu\w{1,6}|cation)|destitu\w{1,6}|limog\w{1,6}|renvoyée?s?",
        "resign": r"démission\w{0,6}|quitt(?:e|é|ée|ent|er|ant)|(?<!point de )(?<!dès le )(?<!au )(?<!depuis le )départs?|(?:est|était|être) partie?s?",  # noqa: E501
        "pledge": r"promesses?|promis(?:e|es)?|promet\w{0,6}|engagements?|s['’]engage\w{0,4}|engagée?s? à",
        "give": r"dons?|donné|verse(?:r|nt)?|versée?s?|contribué|recueillie?s?",
        "invest": r"invest(?:i|ie|ir|it|issent|issements?|isseurs?)|financ(?:e|é|ée|er|ement|ements)|lever|levées? de fonds",  # noqa: E501
        "own": r"détien(?:t|nent|drait)|déten(?:ir|ue?s?|teurs?)|poss[èé]d\w{1,5}|participations?|parts|actionnaires?|actions",  # noqa: E501
        "merge": r"fusion\w{0,6}|acquérir|acquisitions?|acquis|rach(?:at|ats|eter|ète|eté)|intégrer",
    },
    "zh": {
        "appoint": "任命|出任|当选(?!总统)|聘任|担任|就任|接任",
        "remove": "解雇|罢免|开除|解职|撤职|解聘|驱逐|赶出",
        "resign": "辞职|辞去|离职|卸任|离开|退出",
        "pledge": "承诺|许诺|保证提供|答应",
        "give": "捐赠|捐款|捐献|赠予",
        "invest": "投资|融资|注资|筹集|出资|资助",
        "own": "持有|拥有|股权|股份|控股|股东",
        "merge": "合并|收购|并购|兼并",
    },
}  # fmt: skip
_SPEECH: Mapping[str, str] = {
    "en": r"(?:said|says|wrote|writes|told|replied|responded|added|asked|answered|stated|announced|argued|warned|claimed|suggested|declared|noted|explained)",  # noqa: E501
    "fr": r"(?:dit|déclaré|déclare|écrit|écrivait|répondu|répond|ajouté|ajoute|affirmé|affirme|affirmait|suggéré|souligné|souligne|annoncé|expliqué|indiqué|indique|indiquait|demandé"  # noqa: E501
    r"|prévenu|averti|admis|commentant|note|estime|soutenu|allègue|déclarait|disant|raconté|décrit|promettant|exhortés?|exhorté)",
    "zh": r"(?:写道|说道|表示|声称|称|回复道|回复说|回答道|回答说|回应道|问道|补充道|补充说|警告说|警告道|指出|说|写信给)",  # noqa: E501
}
OFFICE = re.compile(
    r"(?<!\w)(?:CEO|chief executive(?: officer)?|PDG|directeur général)(?!\w)|首席执行官|行政总裁", re.IGNORECASE
)
BOARD = re.compile(r"(?<!\w)(?:board(?: of directors)?|conseil(?: d['’]administration)?)(?!\w)|董事会", re.IGNORECASE)
CHAIR = re.compile(r"(?<!\w)(?:co-?chair\w*|chair\w*|co-?président\w*|président\w*)(?!\w)|主席|董事长", re.IGNORECASE)


class Cue(NamedTuple):
    """A word that tells of an act, and where it stands."""

    act: Act
    start: int
    end: int
    word: str


def _pattern(language: str) -> re.Pattern[str]:
    edges = ("", "") if language == "zh" else (r"(?<!\w)", r"(?!\w)")
    return re.compile(
        "|".join(f"{edges[0]}(?P<{act}>{words}){edges[1]}" for act, words in _CUES[language].items()), re.IGNORECASE
    )


PATTERNS: Mapping[Language, re.Pattern[str]] = {"en": _pattern("en"), "fr": _pattern("fr"), "zh": _pattern("zh")}
SPEECH: Mapping[Language, re.Pattern[str]] = {
    "en": re.compile(rf"(?<!\w){_SPEECH['en']}(?!\w)", re.IGNORECASE),
    "fr": re.compile(rf"(?<!\w){_SPEECH['fr']}(?!\w)", re.IGNORECASE),
    "zh": re.compile(_SPEECH["zh"]),
}


def find_cues(text: str, language: Language, start: int, end: int) -> list[Cue]:
    """Return the cues in a stretch of text, left to right, at most 20,000."""
    found: list[Cue] = []
    for match in PATTERNS[language].finditer(text, start, end):
        if len(found) == MOST_CUES:
            break
        act: Act = match.lastgroup  # type: ignore[assignment]  # every group of the pattern is an act
        found.append(Cue(act, match.start(), match.end(), match[0].casefold()))
    return found


MONEY = re.compile(
    r"[$€£¥￥]|(?<!\w)(?:money|cash|funds?|funding|capital|dollars?|euros?|millions?|billions?|argent|fonds|financements?"
    r"|milliards?|USD|EUR)(?!\w)|资金|美元|欧元|[万亿]元|经费|捐款|融资|投资",
    re.IGNORECASE,
)
COMPANY = re.compile(
    r"(?<!\w)(?:company|companies|corporation|start-?ups?|firms?|business|société|sociétés|entreprises?|filiales?)(?!\w)"
    r"|公司|企业",
    re.IGNORECASE,
)
VERB_OF_MERGER = re.compile(r"acquire|acquir|acquis(?!ition)|tak(?:e|es|en|ing) over|rach")
PASSIVE = re.compile(r"(?:been|being|be|was|were|is|are|été|est|sont|par|by)[ \u00a0]$", re.IGNORECASE)
WISH = re.compile(r"(?:想|希望|愿意|打算|是否|如果|要是|假如)[^，。；！？,;!?\r\n]{0,8}$")
ELECTED = re.compile(r"elected|élu|当选")
REACH = 60


def is_telling(text: str, cue: Cue, start: int, end: int, entities: Sequence[tuple[int, int]]) -> bool:
    """Return whether a cue can mean its act in the sentence it stands in.

    A pledge needs money in the sentence, a merger a company: behind the verb, where it is a verb. A wish to hold an
    office is no appointment, and an election without an entity of the book is that of something else.

    Args:
        text: The document's.
        cue: In it.
        start: Where the sentence begins.
        end: One past it.
        entities: Where the sentence names companies and the like, left to right.
    """
    match cue.act:
        case "pledge":
            return MONEY.search(text, start, end) is not None
        case "merge":
            is_verb = VERB_OF_MERGER.match(cue.word) is not None
            low, high = (cue.end, min(end, cue.end + REACH)) if is_verb else (start, end)
            if is_verb and PASSIVE.search(text[max(start, cue.start - 8) : cue.start]):
                low = start
            is_named = any(low <= at and until <= high for at, until in entities)
            return is_named or COMPANY.search(text, low, high) is not None
        case "appoint":
            is_wish = WISH.search(text[max(start, cue.start - 12) : cue.start]) is not None
            return not is_wish and (bool(entities) or ELECTED.match(cue.word) is None)
        case _:
            return True
