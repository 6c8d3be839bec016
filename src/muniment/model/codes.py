"""The codes M210 to M279: what can be wrong with a value or a rule."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from muniment.text.codes import Code
from muniment.text.diagnostics import Severity

_NEVER = "Never: the value cannot be used as it stands."


def _code(
    code: str, name: str, severity: Severity = "error", *, what: str, why: str, example: str, instead: str
) -> Code:
    return Code(
        code=code,
        name=name,
        severity=severity,
        what=what,
        why=why,
        example=example,
        instead=instead,
        when_to_silence=_NEVER,
    )


_DATES = (
    _code(
        "M210",
        "unreadable-dates",
        what="A date has one of the forms of EDTF: 2021-03-04, 2021-03, 2021, 2018~, 2017-09/2017-10, [2017,2019].",
        why="Nothing can be put in order by a date that cannot be read.",
        example="2021-03-04 source charter\n  retrieved: last spring",
        instead="2021-03-04 source charter\n  retrieved: 2021-03/2021-05",
    ),
    _code(
        "M211",
        "impossible-dates",
        what="A date is in the calendar: months 1 to 12, days that the month has, years 0001 to 9999.",
        why="It is a slip of the pen, and only its writer knows which day was meant.",
        example='2021-02-30 person ada "Ada"',
        instead='2021-02-28 person ada "Ada"',
    ),
    _code(
        "M212",
        "reversed-intervals",
        what="The first date of an interval is not later than the second.",
        why="No day lies in an interval that ends before it starts.",
        example='2019/2018 event letter "The letter"',
        instead='2018/2019 event letter "The letter"',
    ),
    _code(
        "M213",
        "foreign-date-forms",
        what="A date is written year first, with hyphens.",
        why="04/03/2021 is March in one country and April in another.",
        example="2021-03-04 source charter\n  retrieved: 04/03/2021",
        instead="2021-03-04 source charter\n  retrieved: 2021-03-04",
    ),
)

_NUMBERS = (
    _code(
        "M220",
        "unreadable-numbers",
        what="A number is written in digits, with a unit where it has one.",
        why="Every answer is computed exactly from the numbers as written.",
        example="2021-03-04 company acme\n  class common\n    votes per share: half",
        instead="2021-03-04 company acme\n  class common\n    votes per share: 1/2",
    ),
    _code(
        "M221",
        "misplaced-commas",
        what="Commas stand before each group of three digits and a point before the decimals.",
        why="1,50 is one and a half to one reader and a slip for 150 to another.",
        example="2021-03-04 company acme\n  class common\n    votes per share: 1,50",
        instead="2021-03-04 company acme\n  class common\n    votes per share: 1.50",
    ),
    _code(
        "M222",
        "long-numbers",
        what="A number has at most 30 digits.",
        why="No amount or count has more, and exact arithmetic on a longer one could take for ever.",
        example="2021-03-04 company acme\n  class common\n    votes per share: 1" + "0" * 30,
        instead="2021-03-04 company acme\n  class common\n    votes per share: 1",
    ),
    _code(
        "M223",
        "digits-of-another-script",
        what="Numbers are written with the digits 0 to 9.",
        why="Full-width and other digits look alike but are not found by a search, and some look like others.",
        example="2021-03-04 company acme\n  class common\n    votes per share: １０",
        instead="2021-03-04 company acme\n  class common\n    votes per share: 10",
    ),
    _code(
        "M224",
        "division-by-zero",
        what="The number below the line of a fraction is not zero.",
        why="Such a fraction has no value.",
        example="2021-03-04 company acme\n  class common\n    votes per share: 1/0",
        instead="2021-03-04 company acme\n  class common\n    votes per share: 1/10",
    ),
    _code(
        "M225",
        "exponents",
        what="A number is written out, or with thousand, million, billion or trillion.",
        why="1e9 is seldom what a document says, and easily one nought too many.",
        example="2021-03-04 company acme\n  class common\n    votes per share: 1e3",
        instead="2021-03-04 company acme\n  class common\n    votes per share: 1,000",
    ),
)

_MONEY = (
    _code(
        "M230",
        "unreadable-money",
        what="Money is a currency code, a space and a number.",
        why="$ is the sign of two dozen currencies.",
        example="2021-03-04 pledge gift\n  amount: $5 million",
        instead="2021-03-04 pledge gift\n  amount: USD 5 million",
    ),
    _code(
        "M231",
        "unknown-currencies",
        what="A currency code is in ISO 4217, or was withdrawn from it, as those that the euro replaced.",
        why="Amounts are rounded at the currency's minor unit, which only a known currency has.",
        example="2021-03-04 pledge gift\n  amount: USF 5",
        instead="2021-03-04 pledge gift\n  amount: USD 5",
    ),
    _code(
        "M235",
        "unreadable-bounds",
        what="A value between bounds states each of them.",
        why="A bound that is missing is not the same as no bound.",
        example="2021-03-04 pledge gift\n  amount: between USD 5",
        instead="2021-03-04 pledge gift\n  amount: between USD 5 and USD 10, or at least USD 5",
    ),
    _code(
        "M236",
        "mismatched-bounds",
        what="The lower bound is below the upper one, and both are of one unit or currency.",
        why="No value lies between them.",
        example="2021-03-04 pledge gift\n  amount: USD 10 to USD 5",
        instead="2021-03-04 pledge gift\n  amount: USD 5 to USD 10",
    ),
    _code(
        "M240",
        "unreadable-durations",
        what="A length of time is a whole number of days, weeks, months or years.",
        why="Notice periods are added to dates.",
        example="2021-03-04 company acme\n  rules\n    merge: majority of votes on thirty days notice",
        instead="2021-03-04 company acme\n  rules\n    merge: majority of votes on 30 days notice",
    ),
    _code(
        "M245",
        "unreadable-holdings",
        what="A line of a ledger says how many of which class, or what percentage of a class, of votes or of capital.",
        why="60 of a class and 60% of it are far apart.",
        example="2021-03-04 holding acme\n  ada: 60 votes",
        instead="2021-03-04 holding acme\n  ada: 60% of votes",
    ),
)

_RULE = "2021-03-04 company acme\n  rules\n    merge: "
_RULES = (
    _code(
        "M250",
        "unreadable-rules",
        what="A rule is made of clauses such as majority of board, 2/3 of votes, consent of oak, joined by and or or.",
        why="Who decides is computed from the rule as written.",
        example=_RULE + "majority of board and",
        instead=_RULE + "majority of board and consent of oak",
    ),
    _code(
        "M251",
        "mixed-and-or",
        what="and and or are not joined without parentheses.",
        why="Readers differ on which of the two binds more closely, and so would on who can block.",
        example=_RULE + "majority of board and oak or elm",
        instead=_RULE + "majority of board and (oak or elm)",
    ),
    _code(
        "M252",
        "unbalanced-parentheses",
        what="Each parenthesis of a rule is closed, and holds something.",
        why="What belongs together would be a guess.",
        example=_RULE + "majority of board and (oak or elm",
        instead=_RULE + "majority of board and (oak or elm)",
    ),
    _code(
        "M253",
        "unknown-rule-words",
        what="Every word of a rule is one of the grammar's or an id.",
        why="A word that is passed over may be the one that changes who decides.",
        example=_RULE + "majorty of board",
        instead=_RULE + "majority of board",
    ),
    _code(
        "M254",
        "impossible-shares",
        what="A share is a percentage or a fraction, above 0 and at most the whole; more than 100% is not possible.",
        why="A rule that nobody can satisfy is written never, and 1.5 may mean 1.5% or 150%.",
        example=_RULE + "at least 120% of votes",
        instead=_RULE + "all of votes",
    ),
    _code(
        "M255",
        "impossible-counts",
        what="A number of seats, votes or parties is a whole number of at least 1, and no more than are listed; "
        "nobody and nothing stands in a list twice.",
        why="3 of two parties never agree, 0 of them let nobody decide, and who is listed twice counts twice.",
        example=_RULE + "3 of (oak, elm)",
        instead=_RULE + "2 of (oak, elm)",
    ),
    _code(
        "M256",
        "deep-rules",
        what="Rules stand at most 100 deep within one another; parentheses that change nothing do not count.",
        why="No instrument is written so, and nobody could check it.",
        example=_RULE + "(oak and " * 101 + "elm" + ")" * 101,
        instead=_RULE + "oak and elm",
    ),
    _code(
        "M257",
        "missing-electorates",
        what="A share says of whom; only under decides by may it stand alone.",
        why="A majority of the board and a majority of the votes are different people.",
        example=_RULE + "majority",
        instead=_RULE + "majority of votes",
    ),
    _code(
        "M258",
        "stray-together",
        what="together follows two or more classes joined by and, after a share.",
        why="Classes that vote together are one electorate; classes that vote apart are two clauses.",
        example=_RULE + "majority of common together",
        instead=_RULE + "majority of common and series-a together",
    ),
)

_OPTION = "2021-03-04 option call\n"
_CLASS = "2021-03-04 company acme\n  class common\n"
_RIGHTS = (
    _code(
        "M260",
        "unreadable-option-quantities",
        what="An option says how much it is over: a number of a class, or a part of a class, of votes or of capital.",
        why="What would be held if it were used is computed from it.",
        example=_OPTION + "  over: half of what ada has",
        instead=_OPTION + "  over: 1,000 ordinary",
    ),
    _code(
        "M261",
        "unreadable-option-sources",
        what="The shares an option is over are new shares, or those of one party.",
        why="New shares dilute everybody; a party's shares leave that party.",
        example=_OPTION + "  from: treasury stock",
        instead=_OPTION + "  from: new shares",
    ),
    _code(
        "M262",
        "unreadable-exercise-times",
        what="An option may be used never, on a day, between two days, or on an event.",
        why="Whether a right can be used in time decides whether it counts.",
        example=_OPTION + "  exercisable: next spring",
        instead=_OPTION + "  exercisable: 2024-03-01/2024-05-31",
    ),
    _code(
        "M263",
        "unreadable-option-prices",
        what="The price of an option is an amount for each share, or in all.",
        why="USD 100 for a share and USD 100 for all of them are different rights.",
        example=_OPTION + "  price: USD 100",
        instead=_OPTION + "  price: USD 100 each",
    ),
    _code(
        "M264",
        "unreadable-votes-by-time-held",
        what="Votes that grow with the time a share is held are written one step after the other, shortest time first.",
        why="Who has a majority may turn on a share held for two years.",
        example=_CLASS + "    votes per share: 1, 2 after a while",
        instead=_CLASS + "    votes per share: 1, 2 after 2 years",
    ),
    _code(
        "M265",
        "unreadable-limits-of-a-holder",
        what="The most that one holder may hold is a part of the class, or a number of shares.",
        why="Holdings above it are reported.",
        example=_CLASS + "    held at most: not too much",
        instead=_CLASS + "    held at most: 15% a holder",
    ),
)

CODES: Mapping[str, Code] = MappingProxyType(
    {code.code: code for code in (*_DATES, *_NUMBERS, *_MONEY, *_RULES, *_RIGHTS)}
)
"""Every code of values and rules, by its code."""
