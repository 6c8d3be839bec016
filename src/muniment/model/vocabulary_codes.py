"""The codes M200 to M209 and M280 to M299: what can be wrong with a kind, an id, a label or a value of one label."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from muniment.text.codes import Code

_NEVER = "Never: what stands there is left out of every answer."
_ENTITY = "2021-03-04 company acme\n"
_CLASS = "2021-03-04 company acme\n  class series-a\n"


def _code(code: str, name: str, *, what: str, why: str, example: str, instead: str) -> Code:
    return Code(
        code=code,
        name=name,
        severity="error",
        what=what,
        why=why,
        example=example,
        instead=instead,
        when_to_silence=_NEVER,
    )


_WORDS = (
    _code(
        "M200",
        "unknown-kinds",
        what="The word after a date is a kind of record; `muniment explain kinds` lists them.",
        why="The kind says what every line of the record means.",
        example='2021-03-04 compny acme "Acme"',
        instead='2021-03-04 company acme "Acme"',
    ),
    _code(
        "M201",
        "malformed-ids",
        what="An id has small letters, digits and hyphens, and starts with a letter or digit.",
        why="Other lines name things by their ids, and two that differ in case alone are easily confused.",
        example='2021-03-04 person Ada "Ada Okafor"',
        instead='2021-03-04 person ada "Ada Okafor"',
    ),
    _code(
        "M202",
        "malformed-source-names",
        what="A source in a list is written as @ and its id.",
        why="The @ tells a source from a party of the same name.",
        example="2021-03-04 account ours\n  follows: charter",
        instead="2021-03-04 account ours\n  follows: @charter",
    ),
    _code(
        "M203",
        "other-words-for-yes",
        what="A flag is yes or no.",
        why="A third word would be read as one of the two by a guess.",
        example="2021-03-04 source charter\n  confidential: true",
        instead="2021-03-04 source charter\n  confidential: yes",
    ),
    _code(
        "M204",
        "fractional-counts",
        what="Shares that may be issued, seats and votes of a seat are whole numbers of at least 0.",
        why="There is no half seat.",
        example=_CLASS + "    authorized: 1/2",
        instead=_CLASS + "    authorized: 4,000,000",
    ),
    _code(
        "M205",
        "unreadable-participations",
        what="A participation is none, full, up to a multiple, or up to an amount in all.",
        why="It decides whether a class shares in what is left after its preference.",
        example=_CLASS + "    participation: partial",
        instead=_CLASS + "    participation: up to 3x",
    ),
    _code(
        "M206",
        "unreadable-ranks",
        what="A rank says ahead of which classes a class stands, or with which.",
        why="It decides who is paid first.",
        example=_CLASS + "    ranks: first",
        instead=_CLASS + "    ranks: ahead of common",
    ),
    _code(
        "M207",
        "unreadable-conversions",
        what="A conversion is a ratio and a class: 1:40 into ordinary, one of this class into forty.",
        why="A ratio the wrong way round changes a holding a thousandfold.",
        example=_CLASS + "    converts: into common",
        instead=_CLASS + "    converts: 1:1 into common",
    ),
    _code(
        "M208",
        "unreadable-return-caps",
        what="A return cap is a multiple and who gets what exceeds it.",
        why="What exceeds the cap has to go to somebody.",
        example=_CLASS + "    return cap: 100x",
        instead=_CLASS + "    return cap: 100x, released",
    ),
    _code(
        "M209",
        "unreadable-chairs",
        what="A chair is a party's id, perhaps with a casting vote.",
        why="A casting vote decides a tie.",
        example=_ENTITY + "  board\n    chair: ada with casting vote",
        instead=_ENTITY + "  board\n    chair: ada, casting vote",
    ),
)

_VALUES = (
    _code(
        "M280",
        "words-outside-the-list",
        what="Where a label takes one of a few words, or a code of a fixed form, the value is one of them.",
        why="Each of the words has a meaning that something is computed from.",
        example="2021-03-04 source charter\n  kind: letter",
        instead="2021-03-04 source charter\n  kind: charter",
    ),
    _code(
        "M281",
        "unreadable-occupants",
        what="The occupant of a seat group is the holder of an office.",
        why="People come and go by dated records; only an office is a standing rule.",
        example=_ENTITY + "  board\n    seats chair\n      occupant: ada",
        instead="2021-03-05 appoint acme\n  chair: ada",
    ),
    _code(
        "M282",
        "unreadable-splits",
        what="A tier says what part goes to whom.",
        why="Money without a payee cannot be paid out.",
        example=_ENTITY + "  distribution\n    tier 1: 80% ada",
        instead=_ENTITY + "  distribution\n    tier 1: 80% to ada, 20% to grace",
    ),
    _code(
        "M283",
        "splits-beside-the-whole",
        what="The parts of a tier add up to 100%.",
        why="What is missing or too much would be paid by nobody.",
        example=_ENTITY + "  distribution\n    tier 1: 80% to ada, 30% to grace",
        instead=_ENTITY + "  distribution\n    tier 1: 80% to ada, 20% to grace",
    ),
    _code(
        "M284",
        "unreadable-limits",
        what="A tier ends at a multiple of what was contributed, an amount, a hurdle or a share of the profit; "
        "a clawback says what is kept of the profit.",
        why="The limit decides where the next tier begins.",
        example=_ENTITY + "  distribution\n    tier 1: all to ada until she is paid",
        instead=_ENTITY + "  distribution\n    tier 1: all to ada until 1x contributed",
    ),
    _code(
        "M285",
        "unreadable-costs",
        what="A cost of a sale is an amount, a part of the proceeds, or a part of what exceeds an amount.",
        why="Costs are paid before anybody else.",
        example=_ENTITY + "  costs of sale\n    fees to adviser: a success fee",
        instead=_ENTITY + "  costs of sale\n    fees to adviser: 2% of proceeds",
    ),
    _code(
        "M286",
        "empty-names",
        what="Another name of a party has at least one character.",
        why="An empty name is found everywhere.",
        example="2021-03-04 person ada\n  also: in @herald",
        instead="2021-03-04 person ada\n  also: A. Okafor in @herald",
    ),
    _code(
        "M287",
        "unreadable-outcomes",
        what="An outcome is adopted, refused, withdrawn, lapsed, open or unknown; adopted has a date.",
        why="From the day of its adoption a proposal is fact.",
        example="2021-03-01 proposal buy-out\n  outcome: adopted",
        instead="2021-03-01 proposal buy-out\n  outcome: adopted 2021-04-01",
    ),
    _code(
        "M288",
        "unreadable-matters",
        what="What is voted on is an entity, a colon, a space and a matter.",
        why="The same matter may be decided by several entities.",
        example="2021-03-02 vote acme\n  on: sell company",
        instead="2021-03-02 vote acme\n  on: acme: sell company",
    ),
    _code(
        "M289",
        "unreadable-readings",
        what="A reading is a fact's address, the word as, and the name of one of its statements.",
        why="An account that chooses nothing leaves the fact open.",
        example="2021-03-04 account ours\n  reads: strict",
        instead="2021-03-04 account ours\n  reads: acme rules sell company as strict",
    ),
)

_LINES = (
    _code(
        "M290",
        "unknown-labels",
        what="A label belongs to the kind of record or block it stands in.",
        why="A fact under a label that nothing reads changes no answer, and its writer would not know.",
        example=_ENTITY + "  laws: Delaware",
        instead=_ENTITY + "  law: Delaware",
    ),
    _code(
        "M291",
        "unknown-blocks",
        what="A line without a colon opens a block: class, board, seats, office, rules and a few others.",
        why="Everything indented below it would belong to nothing.",
        example=_ENTITY + '  clas common "Common Stock"',
        instead=_ENTITY + '  class common "Common Stock"',
    ),
    _code(
        "M292",
        "repeated-facts",
        what="A label or block stands once in its record or block, unless the vocabulary says that it may stand often.",
        why="Of two different values one would win without notice.",
        example=_ENTITY + "  law: Delaware\n  law: Maine",
        instead=_ENTITY + "  law: disputed\n    - Delaware [@charter]\n    - Maine [@herald]",
    ),
    _code(
        "M293",
        "missing-ids",
        what="A record, and a block of a kind that stands several times, has an id.",
        why="Other lines could not name it.",
        example='2021-03-04 person "Ada Okafor"',
        instead='2021-03-04 person ada "Ada Okafor"',
    ),
    _code(
        "M294",
        "missing-values",
        what="A label has a value after its colon.",
        why="An empty value is neither 'unknown' nor 'none'; either can be written.",
        example=_ENTITY + "  law:",
        instead=_ENTITY + "  law: Delaware",
    ),
    _code(
        "M295",
        "lone-statements",
        what="A fact is one value, or `disputed` with at least two statements below it.",
        why="A dispute needs two sides, and a value beside statements is a side without a source.",
        example="2021-03-04 round seed\n  new money: disputed\n    - USD 3,000,000",
        instead="2021-03-04 round seed\n  new money: USD 3,000,000",
    ),
    _code(
        "M296",
        "misplaced-blocks",
        what="A block stands inside a record or block that has such blocks.",
        why="Seats outside a board would be seats of nothing.",
        example=_ENTITY + "  seats founders\n    number: 2",
        instead=_ENTITY + "  board\n    seats founders\n      number: 2",
    ),
    _code(
        "M297",
        "unreadable-preferences",
        what="`prefer` names a source or a reading that exactly one of the statements above it has.",
        why="A preference for nothing leaves the fact open although its writer had decided.",
        example="2021-03-04 round seed\n"
        "  new money: disputed\n"
        "    - USD 3 [@spa]\n"
        "    - USD 4 [@herald]\n"
        "    prefer: @charter",
        instead="2021-03-04 round seed\n"
        "  new money: disputed\n"
        "    - USD 3 [@spa]\n"
        "    - USD 4 [@herald]\n"
        "    prefer: @spa",
    ),
)

CODES: Mapping[str, Code] = MappingProxyType({code.code: code for code in (*_WORDS, *_VALUES, *_LINES)})
"""Every code of the vocabulary, by its code."""
