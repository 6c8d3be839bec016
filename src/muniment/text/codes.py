"""The table of codes M1xx: what can be wrong with the characters and lines of a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from muniment.text.diagnostics import Diagnostic, Severity
from muniment.text.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One kind of fault, as `muniment explain` prints it.

    Attributes:
        code: Stable code such as ``M116``; never reused.
        name: Words that fit "allow ___" (`missing-colon`).
        severity: ``error``, ``warning`` or ``note``.
        what: What it checks.
        why: Why it matters.
        example: The smallest text that causes it.
        instead: What to write instead.
        when_to_silence: When the fault may be left as it is.
    """

    code: str
    name: str
    severity: Severity
    what: str
    why: str
    example: str
    instead: str
    when_to_silence: str


NEVER = "Never: the line cannot be used as it stands."
"""For faults that have no good reason to stay."""


def _code(
    code: str, name: str, severity: Severity, *, what: str, why: str, example: str, instead: str, silence: str = NEVER
) -> Code:
    return Code(
        code=code,
        name=name,
        severity=severity,
        what=what,
        why=why,
        example=example,
        instead=instead,
        when_to_silence=silence,
    )


_ALL = (
    _code(
        "M100",
        "bytes-not-utf-8",
        "error",
        what="Every byte of a file belongs to a character in UTF-8.",
        why="In another encoding a name or an amount can turn into a different one without notice.",
        example='2021-03-04 person andre "Andr\\xe9"',
        instead='Save the file as UTF-8: 2021-03-04 person andre "André"',
    ),
    _code(
        "M101",
        "byte-order-mark",
        "warning",
        what="A file does not start with a byte order mark (U+FEFF).",
        why="The mark is invisible, and other tools take it for a part of the first date.",
        example='\\ufeff2021-03-04 person ada "Ada"',
        instead="Run `muniment fmt`, which takes it out.",
        silence="When an editor that you cannot change puts it back each time.",
    ),
    _code(
        "M102",
        "carriage-returns",
        "warning",
        what="Lines end with a line feed alone.",
        why="With two kinds of line end, a comparison of versions shows lines as changed that are not.",
        example='2021-03-04 person ada "Ada"\\r\\n',
        instead="Run `muniment fmt`, which writes LF.",
        silence="When version control turns line ends on check-out.",
    ),
    _code(
        "M103",
        "control-characters",
        "error",
        what="A file holds no control characters but the tab and the end of the line.",
        why="They are invisible, can hide words from a reader, and can steer a terminal.",
        example="2021-03-04 person ada\\x00",
        instead="Delete the character.",
    ),
    _code(
        "M104",
        "invisible-characters",
        "warning",
        what="A line holds no character that reorders text or has no width.",
        why="With them a line can show other words than it holds, and two ids can look alike.",
        example='2021-03-04 person ada "Ada\\u202e"',
        instead="Delete the character.",
        silence="When a quotation in a right-to-left script has it in the source.",
    ),
    _code(
        "M105",
        "tab-indentation",
        "error",
        what="Lines are indented with spaces.",
        why="A tab has no fixed width, so nobody can see which line a line belongs to.",
        example="2021-03-04 company acme\n\tlaw: Delaware",
        instead="2021-03-04 company acme\n  law: Delaware",
    ),
    _code(
        "M106",
        "odd-indentation",
        "error",
        what="Each level is indented by two spaces.",
        why="What a line belongs to would be a guess.",
        example="2021-03-04 company acme\n   law: Delaware",
        instead="2021-03-04 company acme\n  law: Delaware",
    ),
    _code(
        "M107",
        "deep-indentation",
        "error",
        what="A line stands one level, two spaces, below the line it belongs to.",
        why="A level that is skipped often means that a line between was lost.",
        example="2021-03-04 company acme\n    law: Delaware",
        instead="2021-03-04 company acme\n  law: Delaware",
    ),
    _code(
        "M108",
        "missing-indentation",
        "error",
        what="Everything that belongs to a record is indented below it.",
        why="Only a record starts at the left edge.",
        example="2021-03-04 company acme\nlaw: Delaware",
        instead="2021-03-04 company acme\n  law: Delaware",
    ),
    _code(
        "M109",
        "missing-date",
        "error",
        what="A line at the left edge starts with a date.",
        why="A record holds from its date; without one nobody can say when it was in force.",
        example='company acme "Acme"',
        instead='2021-03-04 company acme "Acme"',
    ),
    _code(
        "M110",
        "wrong-dates",
        "error",
        what="A date is written year, month, day: 2021-03-04, 2021-03 or 2021.",
        why="04/03/2021 is the fourth of March to some and the third of April to others.",
        example='04/03/2021 company acme "Acme"',
        instead='2021-03-04 company acme "Acme"',
    ),
    _code(
        "M111",
        "missing-kind",
        "error",
        what="A record has a kind after its date.",
        why="The kind says what the record is about: a company, an issue, a vote.",
        example="2021-03-04",
        instead='2021-03-04 company acme "Acme"',
    ),
    _code(
        "M112",
        "curly-quotes",
        "error",
        what='A title stands in straight quotes ("...").',
        why="Word processors turn quotes into other characters; one kind keeps titles unmistakable.",
        example="2021-03-04 company acme “Acme”",
        instead='2021-03-04 company acme "Acme"',
    ),
    _code(
        "M113",
        "unclosed-titles",
        "error",
        what="A title ends with a quote.",
        why="Without it nobody can say where the title stops.",
        example='2021-03-04 company acme "Acme',
        instead='2021-03-04 company acme "Acme"',
    ),
    _code(
        "M114",
        "words-after-title",
        "error",
        what="Nothing but a citation follows a title.",
        why="Words there belong to nothing.",
        example='2021-03-04 company acme "Acme" Delaware',
        instead='2021-03-04 company acme "Acme"\n  law: Delaware',
    ),
    _code(
        "M115",
        "several-names",
        "error",
        what="A record has one id, without spaces.",
        why="Other records name it by its id.",
        example="2021-03-04 company acme robotics",
        instead='2021-03-04 company acme-robotics "Acme Robotics"',
    ),
    _code(
        "M116",
        "missing-colon",
        "error",
        what="A fact is a label, a colon, a space and a value.",
        why="Without the colon nobody can say where the label stops.",
        example="2021-03-04 company acme\n  law Delaware",
        instead="2021-03-04 company acme\n  law: Delaware",
    ),
    _code(
        "M117",
        "missing-label",
        "error",
        what="A fact has a label before its colon.",
        why="The label says what the value is.",
        example="2021-03-04 company acme\n  : Delaware",
        instead="2021-03-04 company acme\n  law: Delaware",
    ),
    _code(
        "M118",
        "other-characters-in-blocks",
        "error",
        what="The words of a block are lower-case letters, digits and hyphens.",
        why="They are its kind and its id, which other lines name.",
        example='2021-03-04 company acme\n  class Common "Common Stock"',
        instead='2021-03-04 company acme\n  class common "Common Stock"',
    ),
    _code(
        "M119",
        "unclosed-citations",
        "error",
        what="A citation ends with a square bracket.",
        why="Without it nobody can say where the place in the source stops.",
        example="2021-03-04 company acme\n  law: Delaware [@charter, art. 1",
        instead="2021-03-04 company acme\n  law: Delaware [@charter, art. 1]",
    ),
    _code(
        "M120",
        "citation-not-last",
        "error",
        what="A citation is the last thing on its line; several stand in one pair of brackets.",
        why="What stands before it is the fact, what stands in it is the authority for all of that fact.",
        example="2021-03-04 company acme\n  law: Delaware [@charter] and Maine",
        instead="2021-03-04 company acme\n  law: Delaware and Maine [@charter]",
    ),
    _code(
        "M121",
        "citation-without-comma",
        "error",
        what="A comma stands between a source and the place in it.",
        why="Without it the place would be a part of the source's id.",
        example="2021-03-04 company acme\n  law: Delaware [@charter art. 1]",
        instead="2021-03-04 company acme\n  law: Delaware [@charter, art. 1]",
    ),
    _code(
        "M122",
        "citation-without-source",
        "error",
        what="A citation names a source.",
        why="A place alone cannot be looked up.",
        example="2021-03-04 company acme\n  law: Delaware [@, art. 1]",
        instead="2021-03-04 company acme\n  law: Delaware [@charter, art. 1]",
    ),
    _code(
        "M123",
        "item-without-label",
        "error",
        what="A statement (`- value`) stands under a label.",
        why="The label says what it is a statement of.",
        example="2021-03-04 company acme\n  - USD 3,000,000",
        instead="2021-03-04 round seed\n  new money: disputed\n    - USD 3,000,000",
    ),
    _code(
        "M124",
        "quotation-without-line",
        "error",
        what="A quotation stands below the line whose source it quotes.",
        why="Its words are looked for in that source.",
        example="> one times the Original Issue Price",
        instead="2021-03-04 company acme\n  law: Delaware [@charter, art. 1]\n    > under the laws of Delaware",
    ),
    _code(
        "M125",
        "fact-without-record",
        "error",
        what="An indented line stands under a record.",
        why="A fact without a record is about nobody and has no date.",
        example="  law: Delaware",
        instead="2021-03-04 company acme\n  law: Delaware",
    ),
    _code(
        "M126",
        "long-lines",
        "error",
        what="A line has at most 100,000 characters.",
        why="A longer one is a file that went wrong, and nobody could read it.",
        example="  remark: ... (100,001 characters)",
        instead="Put the text into a source file and cite it.",
    ),
    _code(
        "M127",
        "deep-nesting",
        "error",
        what="A file has at most 20 levels.",
        why="No kind of record needs more than six.",
        example="2021-03-04 company acme\n  a\n    a\n      a\n        ... (21 levels)",
        instead="2021-03-04 company acme\n  board\n    seats founders\n      number: 4",
    ),
    _code(
        "M128",
        "item-without-space",
        "error",
        what="A space follows the hyphen of a statement.",
        why="It could be a minus sign.",
        example="2021-03-04 round seed\n  new money: disputed\n    -USD 3,000,000",
        instead="2021-03-04 round seed\n  new money: disputed\n    - USD 3,000,000",
    ),
    _code(
        "M129",
        "continued-values",
        "error",
        what="A value stands on one line.",
        why="One fact, one line, one citation: so a comparison of versions shows facts.",
        example="2021-03-04 company acme\n  purpose: that the light\n    serves every ship",
        instead="2021-03-04 company acme\n  purpose: that the light serves every ship",
    ),
    _code(
        "M199",
        "more-faults",
        "note",
        what="At most 100 faults of one file are shown; this counts the others.",
        why="A file of another format would bury every other message. It is an error if one of the others is.",
        example="a file with 101 lines that cannot be read",
        instead="Mend the faults shown and run `muniment check` again.",
    ),
)

CODES: Mapping[str, Code] = MappingProxyType({code.code: code for code in _ALL})
"""Every code of this area, by its code."""


def diagnostic(code: str, message: str, span: Span, hint: str | None = None) -> Diagnostic:
    """Return a diagnostic of this area with the severity that its code has."""
    return Diagnostic(code=code, severity=CODES[code].severity, message=message, span=span, hint=hint)
