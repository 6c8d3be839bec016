"""The codes M530 to M533: what can be wrong with an expectation, and with the issues of a round."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from muniment.text.codes import Code

CODES: Mapping[str, Code] = MappingProxyType(
    {
        "M530": Code(
            code="M530",
            name="failed-expectations",
            severity="error",
            what="The answer to the question that an `expect` line asks is the one it states.",
            why="A change of a record may change an answer that somebody relies on.",
            example="2021-04-01 expect acme\n  sell company, alone: nobody",
            instead="2021-04-01 expect acme\n  sell company, alone: ada",
            when_to_silence="Never: correct the expectation, or the records.",
        ),
        "M531": Code(
            code="M531",
            name="unreadable-questions",
            severity="error",
            what="A line of an `expect` record is a matter, a comma, a question, a colon and the answer.",
            why="An assertion that is not understood tests nothing.",
            example="2021-04-01 expect acme\n  sell company, who: ada",
            instead="2021-04-01 expect acme\n  sell company, alone: ada",
            when_to_silence="Never: the line is not tested.",
        ),
        "M532": Code(
            code="M532",
            name="unanswered-questions",
            severity="warning",
            what="The question of an `expect` line can be answered: its entity, matter or fact is in the book.",
            why="An assertion that is not tested may not hold.",
            example="2021-04-01 expect acme\n  sell compny, alone: ada",
            instead="2021-04-01 expect acme\n  sell company, alone: ada",
            when_to_silence="When the question is one that this version does not answer.",
        ),
        "M533": Code(
            code="M533",
            name="rounds-issued-otherwise",
            severity="warning",
            what="The price, the shares and the money of the issues under a round are what its terms come to.",
            why="A term may be recorded wrongly, or shares issued to the wrong number.",
            example="a round of USD 8,000,000 at a pre-money of USD 32,000,000 for 8,000,000 shares, "
            "with 2,000,001 shares issued under it",
            instead="a round of USD 8,000,000 at a pre-money of USD 32,000,000 for 8,000,000 shares, "
            "with 2,000,000 shares issued under it",
            when_to_silence="When the parties left the terms on purpose: the ledger holds, whatever the terms.",
        ),
    }
)
"""Every code of what is asked of a whole book, by its code."""
