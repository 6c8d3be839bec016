"""The kinds of record."""

from __future__ import annotations

from collections.abc import Mapping

from muniment.model.vocabulary import ENTITY_KINDS, Kind, Label

ENTITY_LABELS: tuple[Label, ...] = (
    Label("law", "text", "The law it is formed under.", "law: Delaware"),
    Label("law pack", "text", "The statutory pack that fills gaps, or `none`.", "law pack: none"),
    Label("legal form", "text", "Its form under that law, where the law knows several.", "legal form: GmbH"),
    Label("registered number", "text", "Its number in a register, as written there.", "registered number: 04521877"),
    Label("lei", "text", "Its Legal Entity Identifier.", "lei: 5493001KJTIIGC8Y1R12"),
    Label("purpose", "text", "What it is for.", "purpose: that the light serves every ship"),
    Label("general partner", "parties", "Who manages a partnership.", "general partner: lighthouse-foundation"),
    Label("manager", "parties", "Who manages it.", "manager: oak"),
    Label("trustees", "parties", "Who holds the property of a trust.", "trustees: rosa, sven"),
    Label("members", "parties", "Its members, one vote each.", "members: ada, grace"),
    Label("beneficiaries", "parties", "Who benefits, without a vote.", "beneficiaries: piet"),
    Label("cross-held shares", "cross-held", "Whether shares in it vote that are held by those of whose votes it has a majority; they do if not stated.", "cross-held shares: no votes"),
    Label("annual meeting", "month day", "The day of the annual meeting.", "annual meeting: 05-15"),
)
ENTITY_PARTS: tuple[str, ...] = ("class", "board", "office", "rules", "distribution", "costs of sale", "plan")

MEANING: Mapping[str, str] = {
    "company": "A company with shares.", "nonprofit": "An organisation without owners.", "partnership": "A partnership with a general partner.",
    "llc": "A limited liability company.", "trust": "Property held by trustees.", "foundation": "A foundation.", "fund": "An investment fund.",
    "cooperative": "A cooperative of members.", "government": "A state or an authority.",
}

LEDGER_LABELS: tuple[Label, ...] = (
    Label("from", "party", "Who gives up the shares.", "from: ada"),
    Label("round", "record", "The financing it belongs to.", "round: acme-series-a"),
    Label("into", "class", "The class they become.", "into: common"),
    Label("permitted", "flag", "A transfer that the charter permits: the shares keep a class that converts on transfer.", "permitted: yes"),
)
HOLDER_LINE = Label("PARTY", "class quantity", "What this party gets or gives up, and what was paid.", "ada: 2,000,000 series-a for USD 3,000,000", many=True)


def entity(name: str) -> Kind:
    """Return the row of one kind of entity; they differ only in words."""
    return Kind(name, "id", MEANING[name], f'2021-03-04 {name} acme "Acme"', ENTITY_LABELS, parts=ENTITY_PARTS)


GRANT_USED = Label("grant", "record", "The grant under which the shares are acquired; the earliest of the holder's if not stated.", "grant: acme/grant/2021-05-01")


def ledger(name: str, meaning: str, example: str, *more: Label) -> Kind:
    """Return the row of one kind of ledger record."""
    return Kind(name, "subject", meaning, example, (*LEDGER_LABELS, *more), open=HOLDER_LINE, subject="entity")


def money_out(name: str, meaning: str, example: str) -> Kind:
    """Return the row of one kind of payment."""
    return Kind(
        name, "id", meaning, example,
        (
            Label("by", "party", "Who gives.", "by: elm"),
            Label("to", "party", "Who receives.", "to: lighthouse-foundation"),
            Label("amount", "money", "How much.", "amount: USD 10 million"),
            Label("as", "payment", "For `pay`: distribution, dividend, interest or salary.", "as: distribution"),
            Label("for", "text", "What it was given for.", "for: compute"),
        ),
    )


RECORDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "source", "id", "A document.", '2021-03-04 source charter "Certificate of Incorporation"',
            (
                Label("kind", "source kind", "What sort of document it is.", "kind: charter"),
                Label("file", "path", "The file, relative to the book's folder or to a folder given by --sources.", "file: sources/charter.txt"),
                Label("link", "text", "Where it is published.", "link: https://example.org/charter"),
                Label("by", "text", "Who wrote or made it: a party's id or a name.", "by: lighthouse-foundation"),
                Label("publisher", "text", "Who published it.", "publisher: The Herald"),
                Label("language", "language", "Its language, as a two-letter code.", "language: fr"),
                Label("retrieved", "date", "The day it was fetched.", "retrieved: 2025-01-05"),
                Label("sha256", "sha256", "The hash of the file that was read.", "sha256: 572f92c6..."),
                Label("docket", "text", "Its number in a court's docket.", "docket: cand:433688:379:67"),
                Label("derived from", "source", "The source it was made from; the two are one witness.", "derived from: exhibits"),
                Label("translation of", "source", "The source it translates; the two are one witness.", "translation of: verge"),
                Label("confidential", "flag", "Whether it must not be shown.", "confidential: yes"),
            ),
        ),
        Kind(
            "person", "id", "A person who can act.", '2021-03-04 person ada "Ada Okafor"',
            (Label("also", "alias", "Another name, and where it stands.", "also: Ultraman in @ifanr, translation", many=True),),
        ),
        Kind(
            "group", "id", "People who act together or apart.", '2019-01-10 group staff "Employees"',
            (
                Label("also", "alias", "Another name.", "also: the team", many=True),
                Label("size", "quantity", "How many they are.", "size: 200"),
                Label("acts", "acting", "Whether its members act together (the default) or apart.", "acts: apart"),
            ),
        ),
        *(entity(name) for name in ENTITY_KINDS),
        Kind(
            "amend", "subject", "Changes an entity from its date; what it does not name stays.", '2021-03-01 amend acme "More seats"',
            (*ENTITY_LABELS, Label("without", "endings", "Facts that end: a label, `seats ID`, `class ID`, `office ID` or a matter.", "without: seats founders, sell company", many=True)),
            parts=ENTITY_PARTS, subject="entity",
        ),
        Kind(
            "defaults", "id", "What a statute says where documents are silent; only the statutory packs have such records.", "1967-07-03 defaults us-de-company",
            (
                Label("for", "entity kinds", "The kinds of entity it is for.", "for: company"),
                Label("legal form", "list", "The legal forms it is for; `not stated` takes entities that state none.", "legal form: AG, SE"),
                Label("where", "circumstances", "What the book must record of the entity; all of it.", "where: no classified board, no cumulative votes"),
                Label("formed from", "date", "Only entities whose own record is of this day or later.", "formed from: 2009-10-01"),
                Label("cross-held shares", "cross-held", "Whether shares in it vote that its own subsidiaries hold.", "cross-held shares: no votes"),
                Label("casting vote", "body name", "The body whose chair, if there is one, has a casting vote.", "casting vote: board"),
            ),
            parts=("board", "rules"),
        ),
        ledger("issue", "New shares or interests.", "2021-03-04 issue acme"),
        ledger("transfer", "Shares pass from one holder to others.", "2022-01-01 transfer acme"),
        ledger("convert", "Shares become shares of another class.", "2022-01-01 convert acme"),
        ledger("exercise", "A right to acquire shares is used.", "2022-01-01 exercise acme", GRANT_USED),
        ledger("repurchase", "The entity buys its shares back.", "2022-01-01 repurchase acme"),
        ledger("cancel", "Shares cease to exist.", "2022-01-01 cancel acme"),
        Kind(
            "split", "subject", "Each share of a class becomes several.", "2022-01-01 split acme", (),
            open=Label("CLASS", "quantity", "What one share becomes.", "common: 1:10", many=True), subject="entity",
        ),
        Kind(
            "holding", "subject", "What is held on the date, whatever the ledger says before it.", "2020-01-01 holding acme",
            (Label("held since", "date", "Since when it has been held without a break; the record's date if not stated.", "held since: 2015-06-01"),),
            open=Label("PARTY", "class quantity", "Shares, or a percentage of a class, of votes or of capital.", "ada: 60% of votes", many=True), subject="entity",
        ),
        Kind(
            "grant", "subject", "Options, restricted stock units or warrants.", "2021-05-01 grant acme",
            (
                Label("to", "party", "Who gets them.", "to: ina"),
                Label("quantity", "whole number", "How many shares they are over.", "quantity: 10,000"),
                Label("of", "class", "The class they are over.", "of: common"),
                Label("strike", "money", "The price of each share.", "strike: USD 0.50"),
                Label("vests", "vesting", "When they vest; none = vested.", "vests: 4 years monthly, 12 months cliff"),
                Label("expires", "date", "The last day on which they may be used.", "expires: 2031-05-01"),
                Label("as", "grant kind", "What they are: options, RSUs or warrants; options if not stated.", "as: RSUs"),
                Label("plan", "text", "The plan whose pool they come from: its id in the entity.", "plan: employee-pool"),
                Label("vesting from", "date", "The day from which they vest; the grant's own if not stated.", "vesting from: 2021-02-15"),
                Label("accelerates", "acceleration", "What part of the unvested vests at once, and on which events.", "accelerates: 100% on sale-of-acme and dismissal-of-ina", many=True),
            ),
            subject="entity",
        ),
        Kind(
            "forfeit", "subject", "Part of a grant ceases to exist: what has not vested, or what is cancelled.", "2023-05-01 forfeit acme",
            (
                Label("grant", "record", "The grant.", "grant: acme/grant/2021-05-01"),
                Label("quantity", "whole number", "How many shares; all that has not vested on the day if not stated.", "quantity: 4,000"),
            ),
            subject="entity",
        ),
        *(
            Kind(
                name, "id", meaning, f"2021-05-01 {name} first-{name}",
                (
                    Label("issuer", "entity", "Who issues it.", "issuer: acme"),
                    Label("to", "party", "Who holds it.", "to: birch-ventures"),
                    Label("amount", "money", "What was paid for it.", "amount: USD 500,000"),
                    Label("cap", "text", "The valuation cap.", "cap: USD 10,000,000 post-money"),
                    Label("discount", "quantity", "The discount on the round's price.", "discount: 20%"),
                    Label("part", "quantity", "The part of the capitalization that it becomes, whatever the price.", "part: 7%"),
                    Label("cap counts", "counted", "What the capitalization counts that the cap or the part is of, where it is not the usual one.", "cap counts: issued, options, unissued pool, pool increase"),
                    Label("mfn", "flag", "Most favored nation.", "mfn: yes"),
                    Label("interest", "text", "The interest it bears.", "interest: 6% a year"),
                    Label("day count", "text", "How days are counted.", "day count: 30/360"),
                    Label("matures", "date", "When it is due.", "matures: 2023-05-01"),
                    Label("at maturity", "maturity", "What happens on that day without a sale or a round.", "at maturity: converts into common at USD 1.50"),
                    Label("repays", "quantity", "What is paid back where it does not convert, as a multiple of the amount, beside the interest; 1x if not stated.", "repays: 2x"),
                    Label("quantity", "whole number", "How many of them there are; one if not stated.", "quantity: 1,000"),
                    Label("converts", "conversion", "What one of them becomes.", "converts: 1:40 into ordinary"),
                ),
            )
            for name, meaning in (("safe", "A simple agreement for future equity."), ("note", "A convertible note."))
        ),
        Kind(
            "round", "id", "The terms of a priced financing; it never changes the ledger.", "2021-03-04 round acme-series-a",
            (
                Label("issuer", "entity", "Who issues the shares.", "issuer: acme"),
                Label("class", "class", "The class that is issued.", "class: series-a"),
                Label("price per share", "money", "The price of one share.", "price per share: USD 1.50"),
                Label("pre-money", "money", "The value before the new money.", "pre-money: USD 9,000,000"),
                Label("new money", "money", "What is paid in, in all.", "new money: USD 3,000,000"),
                Label("post-money", "money", "The value after the new money, where that is what was agreed.", "post-money: USD 12,000,000"),
                Label("sold to", "purchase", "Who buys for how much, and at which closing.", "sold to: birch-ventures for USD 2,000,000 on 2021-03-04", many=True),
                Label("pro rata", "parties", "Who takes its part of the new money in proportion to what it has before.", "pro rata: oak"),
                Label("pro rata money", "pro rata placing", "Whether what is taken pro rata comes out of the new money, the other buyers giving way in proportion, or on top of it.", "pro rata money: on top of the new money"),
                Label("pool after", "quantity", "The pool as a share of all, after the round.", "pool after: 10%"),
                Label("pool measure", "pool measure", "Whether only what may still be granted counts as the pool (`unissued`, if not stated) or granted options too (`all`).", "pool measure: all"),
                Label("pool increase", "pool placing", "Whether the pool grows at the cost of those before the round (`before the money`, if not stated) or of all.", "pool increase: after the money"),
                Label("promised options", "whole number", "Options promised and not granted.", "promised options: 40,000"),
                Label("pre-money counts", "counted", "What the capitalization counts that the pre-money is divided by, where it is not everything before the new money.", "pre-money counts: issued, options, unissued pool"),
                Label("price rounds", "rounding", "How the price of a share is rounded.", "price rounds: up to 4 places"),
                Label("conversion prices round", "rounding", "How the prices at which SAFEs and notes convert are rounded.", "conversion prices round: up to 4 places"),
                Label("shares round", "rounding", "How each holder's shares of each instrument become whole.", "shares round: down"),
                Label("converts", "records", "SAFEs and notes that convert in it.", "converts: first-safe"),
            ),
        ),
        *(
            Kind(
                name, "subject", meaning, f"2021-03-05 {name} acme", (),
                open=Label("SEATS or OFFICE", "parties", "Who, by seat group or office.", "common-directors: ada, grace", many=True), subject="entity",
            )
            for name, meaning in (
                ("appoint", "Who takes a seat or an office."),
                ("remove", "Who is removed from a seat or an office."),
                ("leave", "Who leaves a seat or an office."),
            )
        ),
        Kind(
            "agreement", "id", "A contract.", "2021-03-04 agreement investors-agreement",
            (
                Label("parties", "parties", "Who is bound.", "parties: ada, birch-ventures"),
                Label("gives", "text", "What one side gives.", "gives: compute worth USD 60 million", many=True),
                Label("gets", "text", "What it gets.", "gets: USD 10 million", many=True),
                Label("condition", "text", "A condition.", "condition: board approval", many=True),
                Label("terminates", "text", "How it ends.", "terminates: by either side at any time"),
            ),
            parts=("consent", "voting pool"),
        ),
        Kind(
            "option", "id", "A right to acquire, put or convert.", "2021-03-04 option call-on-shares",
            (
                Label("issuer", "party", "Who granted it.", "issuer: acme"),
                Label("holder", "party", "Who may use it.", "holder: oak"),
                Label("right", "right", "To acquire the shares (if not stated), or to put them to another.", "right: put"),
                Label("over", "option over", "What it is over.", "over: 1,000 ordinary"),
                Label("from", "option source", "A party's shares or new shares; the issuer's own if not stated.", "from: new shares"),
                Label("to", "party", "Who must take the shares that are put; the issuer if not stated.", "to: elm"),
                Label("exercisable", "exercise time", "When it may be used: never, between two days, or on an event.", "exercisable: 2024-01-01/2025-12-31"),
                Label("price", "option price", "What is paid, for each share or in all.", "price: USD 1 each"),
                Label("substantive", "flag", "Whether it counts as a right that can be used.", "substantive: yes"),
            ),
        ),
        money_out("pledge", "A promise of money.", "2015-12-11 pledge first-pledge"),
        money_out("contribute", "Money given; to a nonprofit it carries neither votes nor returns.", "2016-01-01 contribute first-gift"),
        money_out("lend", "Money lent.", "2016-01-01 lend bridge"),
        money_out("pay", "Money paid out.", "2022-01-01 pay first-distribution"),
        Kind(
            "offer", "id", "Terms of employment.", "2016-01-01 offer founding-team",
            (
                Label("by", "party", "Who offers.", "by: acme"),
                Label("to", "text", "To whom: a party's id or a description.", "to: new hires"),
                Label("salary", "pay", "Salary.", "salary: USD 175,000 a year"),
                Label("bonus", "pay", "Bonus.", "bonus: USD 125,000 a year"),
                Label("equity", "text", "Shares or options.", "equity: 0.25% of yc"),
                Label("alternative", "text", "What may be taken instead.", "alternative: shares of spacex", many=True),
                Label("vests", "vesting", "When the equity vests; none = at once.", "vests: 4 years monthly, 12 months cliff"),
                Label("strike", "money", "What each share costs, where the equity is options.", "strike: USD 0.50"),
                Label("dilution", "quantity", "By how much later rounds are taken to thin all shares before the exit.", "dilution: 20%"),
            ),
        ),
        Kind(
            "proposal", "id", "A hypothetical: records `under` it exist only if it is taken.", "2021-03-01 proposal buy-out",
            (
                Label("by", "parties", "Who proposes.", "by: oak"),
                Label("builds on", "proposal", "The proposal that is folded in first.", "builds on: musk-terms"),
                Label("outcome", "outcome", "What became of it: `adopted DATE` folds it into fact; any other word leaves it hypothetical.", "outcome: refused"),
            ),
        ),
        Kind(
            "vote", "subject", "Who is for and against.", "2021-03-02 vote buy-out",
            (
                Label("on", "entity matter", "The matter that is voted on.", "on: lighthouse-foundation: amend charter"),
                Label("for", "parties", "Who is for.", "for: amara, bo, chen"),
                Label("against", "parties", "Who is against.", "against: dara, emil"),
                Label("abstain", "parties", "Who abstains.", "abstain: bo"),
                Label("turnout", "quantity", "The share that voted.", "turnout: 80%"),
                Label("announced", "flag", "Whether the votes are announced, not yet cast.", "announced: yes"),
            ),
            subject="entity or proposal",
        ),
        Kind(
            "leverage", "id", "Power that is not legal.", "2021-03-05 leverage staff-letter",
            (
                Label("by", "parties", "Who has it.", "by: staff"),
                Label("on", "party", "On whom.", "on: lighthouse-foundation"),
                Label("can", "text", "What they can do.", "can: leave together"),
                Label("share", "text", "How many of how many.", "share: 184 of 200"),
            ),
        ),
        Kind(
            "event", "id", "Something that happened or was said; a claim is an event with `says`.", "2017-09-20 event honest-thoughts",
            (
                Label("who", "text", "Who acted or spoke: ids or names.", "who: ilya, greg"),
                Label("what", "text", "What happened.", "what: leaves the board"),
                Label("about", "text", "Whom or what it is about.", "about: openai-inc"),
                Label("says", "text", "What is claimed.", "says: that the terms give one person control"),
            ),
        ),
        Kind(
            "contradiction", "id", "Records that differ, and why.", "2024-03-05 contradiction how-much-was-given",
            (
                Label("between", "addresses", "The records or facts that differ.", "between: elm-gift amount, herald-report"),
                Label("turns on", "text", "What depends on it.", "turns on: who paid for the first years"),
            ),
        ),
        Kind(
            "account", "id", "A party's or narrator's version.", "2020-06-01 account gazette-version",
            (
                Label("of", "text", "Whose version it is.", "of: lighthouse-foundation"),
                Label("follows", "sources", "The sources it follows; the earlier wins.", "follows: @reply, @lpa"),
                Label("extends", "account", "The account whose sources come after its own.", "extends: gazette-version"),
                Label("reads", "reading", "Which reading of a passage it takes.", "reads: acme rules sell company as strict", many=True),
            ),
        ),
        Kind(
            "expect", "subject", "An assertion that `muniment check` tests.", "2021-04-01 expect acme",
            (
                Label("directors", "directors", "How directors are read: loyal (the default) or independent.", "directors: loyal"),
                Label("adversary", "adversary", "What the others do while a path is taken: passive, blocking (the default) or hostile.", "adversary: hostile"),
                Label("account", "account", "The account it is asked in.", "account: gazette-version"),
            ),
            open=Label("[ENTITY: ]MATTER, QUESTION", "text", "The answer that is expected.", "sell company, can block: ada, birch-ventures", many=True),
            subject="entity or proposal",
        ),
    )
}
