"""The codes M6xx: what a statute does not allow, and packs that are not there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from muniment.text.codes import Code
from muniment.text.diagnostics import Severity

_OTHERWISE = "When the law in question is not the one the record states: correct `law`, or write `law pack: none`."
_DELAWARE = "2021-03-04 company acme\n  law: Delaware\n"
_SEATS = _DELAWARE + "  board\n    seats directors\n      removed by: "
_CHARTER = "2021-03-04 source charter\n  kind: charter\n"
_BYLAWS = "2021-03-04 source bylaws\n  kind: bylaws\n"
_BRITISH = "2021-03-04 company acme\n  law: England and Wales\n"
_AG = (
    "2021-03-04 company acme\n  law: Germany\n  legal form: AG\n  board supervisory-board\n"
    "  board\n    seats managers\n      removed by: "
)
_BV = "2021-03-04 company acme\n  law: Netherlands\n  legal form: BV\n  board\n    seats directors\n      removed by: "
_STICHTING = "2021-03-04 foundation elm\n  law: Netherlands\n  legal form: stichting\n"


def _code(
    code: str,
    name: str,
    severity: Severity = "error",
    *,
    what: str,
    why: str,
    example: str,
    instead: str,
    silence: str = _OTHERWISE,
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


_PACKS = (
    _code(
        "M600",
        "unknown-packs",
        what="`law pack`, in an entity or in muniment.toml, names a statutory pack of this version, or is none.",
        why="With another name no default is used, and the answers say less than the law does.",
        example="2021-03-04 company acme\n  law pack: delaware",
        instead="2021-03-04 company acme\n  law pack: us-de",
        silence="Never: write none to use no pack.",
    ),
    _code(
        "M601",
        "defaults-in-books",
        what="Records of kind `defaults` stand in the statutory packs alone.",
        why="A book says what its documents say; what a statute says where they are silent is the same for every book.",
        example="2021-03-04 defaults my-law\n  for: company\n  rules\n    merge: board",
        instead="2021-03-04 company acme\n  rules\n    merge: board  [@statute, s. 12]",
        silence="Never: the record is not used.",
    ),
)

_DELAWARE_CODES = (
    _code(
        "M610",
        "removals-for-cause-only",
        what="Directors of a Delaware corporation whose board is neither classified nor elected by cumulative votes "
        "may be removed without cause (8 Del. C. s. 141(k)).",
        why="A charter that says otherwise is invalid in that; whoever relies on it cannot keep their seat.",
        example=_SEATS + "majority of votes for cause only",
        instead=_SEATS + "majority of votes",
    ),
    _code(
        "M611",
        "charter-terms-in-bylaws",
        what="More than a majority to remove directors, limits on consents in writing, and cumulative voting stand in "
        "the certificate of incorporation, not in a bylaw (8 Del. C. ss. 102(b)(4), 141(k), 214, 228(a)). "
        "Where a term stands is read off the `kind` of the source it cites.",
        why="A bylaw of this content is invalid.",
        example=_BYLAWS + _SEATS + "at least 2/3 of votes  [@bylaws, s. 3.4]",
        instead=_CHARTER + _SEATS + "at least 2/3 of votes  [@charter, art. 5]",
    ),
    _code(
        "M612",
        "charter-terms-without-charter",
        "warning",
        what="A term that only the certificate of incorporation can hold cites a source of kind charter "
        "(8 Del. C. ss. 102(b)(4), 141(k), 214, 228(a)).",
        why="In a bylaw or an agreement it would not bind the corporation.",
        example=_SEATS + "at least 2/3 of votes",
        instead=_CHARTER + _SEATS + "at least 2/3 of votes  [@charter, art. 5]",
        silence="When the certificate has been read and is not among the sources of the book.",
    ),
    _code(
        "M613",
        "decided-without-holders",
        "warning",
        what="Amending the charter, a merger, a sale of the company and its dissolution need a majority of the "
        "outstanding stock (8 Del. C. ss. 242(b)(1), 251(c), 271(a), 275(b)).",
        why="The charter may ask for more, not for less.",
        example=_DELAWARE + "  rules\n    merge: board",
        instead=_DELAWARE + "  rules\n    merge: board and majority of votes outstanding",
        silence="When the statute makes an exception, as for small mergers and for sales of less than the whole.",
    ),
    _code(
        "M614",
        "quorums-below-the-statute",
        what="A quorum is not less than the statute allows: a third in a Delaware corporation (8 Del. C. ss. 141(b), "
        "216), a fifth of the directors of a California nonprofit (Corporations Code s. 5211(a)(7)).",
        why="What a smaller meeting decides is void.",
        example=_DELAWARE + "  board\n    decides by: majority with quorum 1/4",
        instead=_DELAWARE + "  board\n    decides by: majority with quorum 1/3",
    ),
    _code(
        "M615",
        "too-many-classes-of-directors",
        what="A classified board of a Delaware corporation has at most three classes (8 Del. C. s. 141(d)).",
        why="A director may not sit for more than three years without an election.",
        example=_DELAWARE + "  board\n    seats directors\n      term: 4 years, a quarter each year",
        instead=_DELAWARE + "  board\n    seats directors\n      term: 3 years, a third each year",
    ),
)

_ELSEWHERE = (
    _code(
        "M616",
        "majorities-below-the-statute",
        what="Articles are changed by at least three quarters of the votes in a company of the United Kingdom "
        "(Companies Act 2006 ss. 21, 283) and in a GmbH (GmbHG s. 53(2)); so is the purpose of an AG (AktG s. 179(2)).",
        why="Articles may ask for more, not for less.",
        example=_BRITISH + "  rules\n    amend charter: majority of votes cast",
        instead=_BRITISH + "  rules\n    amend charter: at least 75% of votes cast",
    ),
    _code(
        "M617",
        "removals-kept-from-members",
        "warning",
        what="An ordinary resolution is enough to remove a director of a company of the United Kingdom "
        "(Companies Act 2006 s. 168).",
        why="The power stands beside whatever the articles say; an answer that leaves it out says too little.",
        example=_BRITISH + "  board\n    seats directors\n      removed by: at least 75% of votes cast",
        instead=_BRITISH + "  board\n    seats directors\n      removed by: majority of votes cast",
        silence="When the articles weight votes on a removal, and the book leaves the weights out.",
    ),
    _code(
        "M618",
        "managers-without-supervisory-board",
        what="The supervisory board alone appoints and removes the management board of an AG (AktG s. 84).",
        why="Articles cannot give that to the general meeting or to a holder.",
        example=_AG + "majority of votes",
        instead=_AG + "supervisory-board for cause only",
    ),
    _code(
        "M619",
        "managers-without-cause",
        "warning",
        what="A member of the management board of an AG is removed for good cause only (AktG s. 84(4)).",
        why="The seat is its occupant's own as long as there is no cause.",
        example=_AG + "supervisory-board",
        instead=_AG + "supervisory-board for cause only",
    ),
    _code(
        "M620",
        "foundations-with-members",
        what="A stichting has no members and no shares (BW 2:285(1)).",
        why="What has members is an association or a company, and other rules apply to it.",
        example=_STICHTING + "  members: ada, grace",
        instead=_STICHTING + "  board\n    seats directors\n      filled by: majority of (ada, grace)",
    ),
    _code(
        "M621",
        "distributions-without-owners",
        "warning",
        what="A stichting and a California public benefit corporation make no distributions "
        "(BW 2:285(3), Corporations Code s. 5410).",
        why="They have no owners; what they pay within their purpose is no distribution.",
        example=_STICHTING + "  distribution\n    tier 1: all to ada",
        instead="2021-03-04 pay first-gift\n  by: elm\n  to: ada\n  amount: EUR 1,000",
        silence="When those paid neither founded nor govern it, and the payments serve an ideal or social end.",
    ),
    _code(
        "M622",
        "dismissals-above-two-thirds",
        what="Articles of a BV or NV ask for no more than two thirds of the votes cast, from more than half of the "
        "capital, to dismiss a director (BW 2:134(2), 2:244(2)).",
        why="A greater majority is void.",
        example=_BV + "at least 75% of votes cast",
        instead=_BV + "at least 2/3 of votes cast",
    ),
    _code(
        "M623",
        "votes-of-cross-held-shares",
        what="Shares that a company's own subsidiaries hold in it carry no votes (8 Del. C. s. 160(c), "
        "AktG ss. 71b and 71d, BW 2:118(7), 2:228(6)).",
        why="Its managers would otherwise vote in the meeting that elects them.",
        example=_DELAWARE + "  cross-held shares: vote",
        instead=_DELAWARE + "  cross-held shares: no votes",
    ),
)

CODES: Mapping[str, Code] = MappingProxyType({code.code: code for code in (*_PACKS, *_DELAWARE_CODES, *_ELSEWHERE)})
"""Every code of the law, by its code."""
