"""The codes M190 to M195, M3xx and M5xx: what can be wrong with a folder, a reference, or figures that must follow."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from muniment.text.codes import Code
from muniment.text.diagnostics import Severity

_NEVER = "Never: what stands there is left out of every answer."
_ENTITY = "2021-03-04 company acme\n"


def _code(
    code: str,
    name: str,
    severity: Severity = "error",
    *,
    what: str,
    why: str,
    example: str,
    instead: str,
    silence: str = _NEVER,
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


_FOLDER = (
    _code(
        "M190",
        "unreadable-files",
        what="A record file is an ordinary file of at most 64 MiB inside the book's folder, and may be read.",
        why="What stands in a file that is passed over would be missing from every answer.",
        example="acme.muni -> /elsewhere/acme.muni (a link out of the folder)",
        instead="Put the file itself into the folder.",
    ),
    _code(
        "M192",
        "unreadable-settings",
        what="muniment.toml is TOML in UTF-8, and its format is one that this version reads.",
        why="A book of a later format may mean other things by the same words.",
        example="name = Acme",
        instead='name = "Acme"\nformat = 1',
    ),
    _code(
        "M193",
        "missing-settings",
        "warning",
        what="The folder of a book has a muniment.toml.",
        why="It marks where a book begins, and says in which format it is written.",
        example="a folder with acme.muni alone",
        instead='muniment.toml with the lines\nname = "Acme"\nformat = 1',
        silence="For a few records that are looked at once.",
    ),
    _code(
        "M194",
        "unknown-settings",
        "warning",
        what="A key of muniment.toml is one of the settings: name, format, law_pack.",
        why="A setting that nothing reads has no effect, and its writer would not know.",
        example='name = "Acme"\nformat = 1\ncurrency = "USD"',
        instead='name = "Acme"\nformat = 1',
        silence="When another tool reads the key.",
    ),
)

_REFERENCES = (
    _code(
        "M301",
        "duplicate-ids",
        what="An id is defined once in a book.",
        why="A line that names it would mean one of two things.",
        example='2021-03-04 person ada "Ada Okafor"\n2021-03-04 person ada "Ada Lovelace"',
        instead='2021-03-04 person ada "Ada Okafor"\n2021-03-04 person ada-l "Ada Lovelace"',
    ),
    _code(
        "M302",
        "undefined-parties",
        what="A party that is named has a record.",
        why="A slip in a name would make two holders out of one; a line of the ledger with such a name is left out.",
        example=_ENTITY + "  class common\n2021-03-04 issue acme\n  adda: 100 common",
        instead=_ENTITY + "  class common\n2021-03-04 person ada\n2021-03-04 issue acme\n  ada: 100 common",
    ),
    _code(
        "M303",
        "undefined-entities",
        what="The entity or proposal that a record is about has a record of its own.",
        why="What is recorded of nobody changes no answer.",
        example="2021-03-05 appoint acme\n  founders: ada",
        instead=_ENTITY + "  board\n    seats founders\n2021-03-05 appoint acme\n  founders: ada",
    ),
    _code(
        "M304",
        "undefined-classes",
        what="A class that is named is a block of its entity.",
        why="Votes and payouts go by class.",
        example=_ENTITY + "  class series-a\n  rules\n    merge: majority of serie-a",
        instead=_ENTITY + "  class series-a\n  rules\n    merge: majority of series-a",
    ),
    _code(
        "M305",
        "undefined-seats",
        what="A seat group or office that is named is a block of its entity.",
        why="Nobody can sit where there is no seat.",
        example=_ENTITY + "  board\n    seats founders\n2021-03-05 appoint acme\n  founder: ada",
        instead=_ENTITY + "  board\n    seats founders\n2021-03-05 appoint acme\n  founders: ada",
    ),
    _code(
        "M306",
        "undefined-bodies",
        what="A board or committee that a rule names is a block of its entity.",
        why="A rule that waits for a body that is not there can never be met.",
        example=_ENTITY + "  rules\n    merge: board",
        instead=_ENTITY + "  board\n    seats founders\n      number: 3\n  rules\n    merge: board",
    ),
    _code(
        "M307",
        "undefined-sources",
        what="A source that is cited or followed has a record.",
        why="A reader must be able to find what a fact rests on.",
        example=_ENTITY + "  law: Delaware [@charter, art. 1]",
        instead='2021-03-04 source charter "Certificate of Incorporation"\n'
        + _ENTITY
        + "  law: Delaware [@charter, art. 1]",
    ),
    _code(
        "M308",
        "undefined-proposals",
        what="What stands behind `under` or `builds on` is a proposal, or behind `under` an event, with a record.",
        why="A record under a proposal that is not there would never be in force.",
        example="2021-03-01 amend acme\n  under: buy-out",
        instead="2021-03-01 proposal buy-out\n2021-03-01 amend acme\n  under: buy-out",
    ),
    _code(
        "M309",
        "undefined-accounts",
        what="An account that is named has a record, or is `keeper`.",
        why="A record according to nobody would be in force for nobody.",
        example=_ENTITY + "  according to: gazette-version",
        instead="2021-03-01 account gazette-version\n" + _ENTITY + "  according to: gazette-version",
    ),
    _code(
        "M310",
        "undefined-records",
        what="A record that is named by its address is in the book.",
        why="The order, round or difference that the line states would not be taken into account.",
        example="2021-03-04 issue acme\n  round: acme-series-a",
        instead="2021-03-04 round acme-series-a\n2021-03-04 issue acme\n  round: acme-series-a",
    ),
    _code(
        "M311",
        "names-of-another-kind",
        what="What is named is of the kind that is needed there: a party, an entity, a class, a source.",
        why="A person has no shares to issue, and a source cannot vote.",
        example="2021-03-04 person ada\n2021-03-04 issue ada",
        instead="2021-03-04 company ada-ltd\n2021-03-04 issue ada-ltd",
    ),
    _code(
        "M312",
        "circles",
        what="No proposal builds on itself, no account extends itself, no entity is its own general partner, "
        "no class ranks ahead of itself or converts into itself, through others or directly.",
        why="Such a chain has no beginning; what stands in the circle is read as if the chain ended there.",
        example="2021-03-01 proposal one\n  builds on: two\n2021-03-01 proposal two\n  builds on: one",
        instead="2021-03-01 proposal one\n2021-03-01 proposal two\n  builds on: one",
    ),
    _code(
        "M313",
        "undefined-readings",
        what="`reads` names a fact of a record, and one of the names that its statements have.",
        why="A choice of nothing leaves the fact open in that account.",
        example="2021-03-01 account ours\n  reads: acme law as wide",
        instead=_ENTITY + "  law: disputed\n"
        "    - (wide) Delaware or Maine\n"
        "    - (narrow) Delaware\n"
        "2021-03-01 account ours\n"
        "  reads: acme law as wide",
    ),
    _code(
        "M314",
        "undecided-matters",
        what="A matter that a vote, a consent or `changed by` names is a standard one or has a rule in the book.",
        why="A slip in its name would leave the consent without effect.",
        example="2021-03-02 vote acme\n  on: acme: sel company",
        instead="2021-03-02 vote acme\n  on: acme: sell company",
    ),
    _code(
        "M315",
        "shared-names",
        what="One name in one source belongs to one party.",
        why="A passage that has the name could be about either.",
        example="2021-03-04 person ada\n  also: the founder\n2021-03-04 person grace\n  also: the founder",
        instead="2021-03-04 person ada\n"
        "  also: the founder in @herald\n"
        "2021-03-04 person grace\n"
        "  also: the founder in @gazette",
    ),
    _code(
        "M316",
        "electorates-of-several-entities",
        what="Classes that vote together are classes of one entity.",
        why="Shares of two companies have no votes in common: there is nothing of which they could make a majority.",
        example=_ENTITY + "  rules\n    merge: majority of acme.common and beta.common together",
        instead=_ENTITY + "  rules\n    merge: majority of acme.common and majority of beta.common",
    ),
)

_FIGURES = (
    _code(
        "M501",
        "issues-over-authorized",
        what="No more shares of a class are issued than its entity may issue on that day.",
        why="Shares beyond the authorized number are void, or the number on record is old.",
        example=_ENTITY + "  class common\n    authorized: 100\n2021-03-04 issue acme\n  ada: 101 common",
        instead=_ENTITY + "  class common\n    authorized: 1,000\n2021-03-04 issue acme\n  ada: 101 common",
    ),
    _code(
        "M502",
        "transfers-over-holdings",
        what="Nobody passes on, converts or gives back more shares than the records give them on that day.",
        why="Either a figure is wrong or an acquisition is missing.",
        example="2021-03-04 issue acme\n  ada: 100 common\n2021-04-01 transfer acme\n  from: ada\n  grace: 101 common",
        instead="2021-03-04 issue acme\n  ada: 100 common\n2021-04-01 transfer acme\n  from: ada\n  grace: 100 common",
    ),
    _code(
        "M503",
        "over-filled-seats",
        what="Each seat and office has one occupant, who is named once, and exists on the day of the appointment.",
        why="Votes would be counted that the board does not have.",
        example=_ENTITY
        + "  board\n    seats founders\n      number: 1\n2021-03-05 appoint acme\n  founders: ada, grace",
        instead=_ENTITY
        + "  board\n    seats founders\n      number: 2\n2021-03-05 appoint acme\n  founders: ada, grace",
    ),
    _code(
        "M504",
        "removals-of-nobody",
        what="Who is removed or leaves sits there on that day.",
        why="Either the seat is wrong or the appointment is missing.",
        example="2021-03-05 appoint acme\n  founders: ada\n2021-04-01 remove acme\n  founders: grace",
        instead="2021-03-05 appoint acme\n  founders: ada\n2021-04-01 remove acme\n  founders: ada",
    ),
    _code(
        "M505",
        "figures-that-do-not-follow",
        what="The price and the new money of a round fit the shares issued in it, in the keeper's account.",
        why="One of the figures is wrong, or two sources count differently; either is worth knowing.",
        example="price per share: USD 1.50 and new money: USD 3,500,000, for 2,000,000 shares",
        instead="price per share: USD 1.50 and new money: USD 3,000,000, for 2,000,000 shares",
    ),
    _code(
        "M506",
        "unordered-changes",
        what="Two records of one day and kind whose order changes the result say which comes second.",
        why="The order of files and lines has no meaning, so one of the two would win by chance.",
        example="2021-04-01 amend acme\n  law: Maine\n2021-04-01 amend acme\n  law: Nevada",
        instead="2021-04-01 amend acme\n"
        "  law: Maine\n"
        "2021-04-01 amend acme\n"
        "  after: acme/amend/2021-04-01\n"
        "  law: Nevada",
    ),
    _code(
        "M507",
        "fewer-seats-than-occupants",
        what="When seats are cut, somebody has left or is removed on the same day.",
        why="The records do not say which of the occupants went.",
        example="2021-04-01 amend acme\n  board\n    seats founders\n      number: 1",
        instead="2021-04-01 amend acme\n"
        "  board\n"
        "    seats founders\n"
        "      number: 1\n"
        "2021-04-01 leave acme\n"
        "  founders: grace",
    ),
    _code(
        "M508",
        "endings-of-nothing",
        what="What `without` ends is in force on that day.",
        why="A slip in the name would leave the rule or seats in force.",
        example="2021-04-01 amend acme\n  without: seats founder",
        instead="2021-04-01 amend acme\n  without: seats founders",
    ),
    _code(
        "M509",
        "impossible-orders",
        what="A record that says `after` does not stand on an earlier day than the one it names.",
        why="One of the two dates, or the order, is wrong.",
        example="2021-04-01 amend acme\n  after: second-amendment\n2021-05-01 amend acme\n  id: second-amendment",
        instead="2021-05-01 amend acme\n  after: second-amendment\n2021-05-01 amend acme\n  id: second-amendment",
    ),
    _code(
        "M510",
        "records-before-their-entity",
        what="What an entity issues, amends or appoints has a date on which the entity exists.",
        why="It would be left out, since there is nothing yet that it could change.",
        example=_ENTITY + "  class common\n2020-01-01 issue acme\n  ada: 100 common",
        instead=_ENTITY + "  class common\n2021-03-04 issue acme\n  ada: 100 common",
    ),
    _code(
        "M511",
        "percentages-over-the-whole",
        what="Stated percentages of one class, of the votes or of the capital do not exceed 100%.",
        why="One of them is wrong or has ended.",
        example="2021-03-04 holding acme\n  ada: 60% of votes\n  grace: 50% of votes",
        instead="2021-03-04 holding acme\n  ada: 60% of votes\n  grace: 40% of votes",
    ),
    _code(
        "M512",
        "unusable-ledger-lines",
        what="A line of the ledger says how many shares of which class pass from whom to whom, or become what.",
        why="The holdings after it would be a guess.",
        example="2021-04-01 transfer acme\n  grace: 100 common",
        instead="2021-04-01 transfer acme\n  from: ada\n  grace: 100 common",
    ),
    _code(
        "M513",
        "empty-electorates",
        "note",
        what="A class that a rule or a tier needs is held by somebody.",
        why="A rule whose electorate has no holders can be met "
        "by nobody, and a tier that pays nobody leaves money over.",
        example=_ENTITY + "  class series-a\n  rules\n    merge: majority of series-a",
        instead=_ENTITY
        + "  class series-a\n  rules\n    merge: majority of series-a\n2021-03-04 issue acme\n  ada: 100 series-a",
        silence="When the class is yet to be issued, or its holders are not known.",
    ),
    _code(
        "M514",
        "ends-before-begins",
        what="`until` is not earlier than the date of its record.",
        why="Such a record is in force on no day.",
        example="2021-03-04 agreement lease\n  until: 2020-03-04",
        instead="2021-03-04 agreement lease\n  until: 2022-03-04",
    ),
    _code(
        "M515",
        "ended-classes-with-holders",
        what="A class that ends has no shares outstanding at the end of that day.",
        why="The records do not say what became of the shares; they are left out of every answer from then on.",
        example="2021-03-04 issue acme\n  ada: 100 series-a\n2022-01-01 amend acme\n  without: class series-a",
        instead="2022-01-01 amend acme\n"
        "  without: class series-a\n"
        "2022-01-01 convert acme\n"
        "  into: common\n"
        "  ada: 100 series-a",
    ),
    _code(
        "M516",
        "parties-in-two-pools",
        what="A party is in one voting pool over an entity at a time.",
        why="The party's votes cannot be cast as two pools decide; only the earlier pool is applied to them.",
        example="2021-03-04 agreement first-pact\n"
        "  voting pool\n"
        "    members: ada, grace\n"
        "    over: acme\n"
        "2021-06-01 agreement second-pact\n"
        "  voting pool\n"
        "    members: ada, ina\n"
        "    over: acme",
        instead="2021-03-04 agreement first-pact\n"
        "  until: 2021-06-01\n"
        "  voting pool\n"
        "    members: ada, grace\n"
        "    over: acme",
    ),
    _code(
        "M517",
        "blocks-without-effect",
        what="A voting pool says who its members are and over which entity, a consent whose it is and for what.",
        why="A block that leaves this out changes no answer, and its writer would not know.",
        example="2021-03-04 agreement pact\n  voting pool\n    members: ada, grace",
        instead="2021-03-04 agreement pact\n  voting pool\n    members: ada, grace\n    over: acme",
    ),
    _code(
        "M518",
        "holdings-over-a-limit",
        "warning",
        what="No holder has more of a class than one holder may have (`held at most`).",
        why="What a holder has over the limit is read as votes that nobody casts; the other reading is shown.",
        example="  class common\n    held at most: 15% a holder\n2021-03-04 issue acme\n  ada: 100 common",
        instead="  class common\n    held at most: 15% a holder\n2021-03-04 issue acme\n  ada: 15 common\n"
        "  grace: 15 common\n  others: 70 common",
        silence="When the holding is over the limit in fact.",
    ),
    _code(
        "M519",
        "rights-of-nobody",
        "warning",
        what="An option says who holds it and whose shares it is over; a grant says to whom, how many and of what.",
        why="What would be held if the right were used cannot be said.",
        example="2021-03-04 option call\n  holder: oak",
        instead="2021-03-04 option call\n  issuer: acme\n  holder: oak\n  over: 1,000 ordinary",
        silence="When the record is kept for the narrative alone.",
    ),
)

CODES: Mapping[str, Code] = MappingProxyType({code.code: code for code in (*_FOLDER, *_REFERENCES, *_FIGURES)})
"""Every code of folders, references and figures, by its code."""
