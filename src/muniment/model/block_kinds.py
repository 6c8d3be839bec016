"""The blocks that stand inside records: classes, boards, seats, offices, rules, distributions, costs, consents, pools."""

from __future__ import annotations

from collections.abc import Mapping

from muniment.model.vocabulary import Kind, Label

CHANGED_BY = Label("changed by", "matter", "The matter by which this may be changed; `amend charter` if not stated.", "changed by: amend bylaws")

BLOCKS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "class", "id", "A class or series of shares or interests.", 'class series-a "Series A Preferred Stock"',
            (
                Label("authorized", "whole number", "Shares the charter lets the entity issue.", "authorized: 4,000,000"),
                Label("votes per share", "votes", "Votes that one share carries; they may grow while one holder keeps it.", "votes per share: 1, 2 after 2 years"),
                Label("votes per unit", "votes", "Votes that one unit carries.", "votes per unit: 0"),
                Label("original issue price", "money", "What the preference and the conversion are measured from.", "original issue price: USD 1.50"),
                Label("liquidation preference", "quantity", "Multiple of the original issue price, or of the price paid where none is stated.", "liquidation preference: 1x"),
                Label("participation", "participation", "Whether the class shares in the rest beside its preference; a cap includes the preference.", "participation: up to 3x"),
                Label("dividends accrued", "money", "Dividends accrued, in all; added to the preference.", "dividends accrued: USD 2,120,000"),
                Label("dividend", "text", "A dividend that accrues over time.", "dividend: 8% a year, cumulative"),
                Label("ranks", "rank", "Order of preference against other classes.", "ranks: ahead of common, series-seed", many=True),
                Label("converts", "conversion", "What one share becomes, and when.", "converts: 1:1 into common at will"),
                Label("anti-dilution", "text", "How the conversion changes after a cheaper round.", "anti-dilution: broad-based weighted average"),
                Label("return cap", "return cap", "The most a holder may receive, as a multiple of its contribution, and who gets the excess.", "return cap: 100x, excess to lighthouse-foundation"),
                Label("held at most", "limit of a holder", "The most that one holder may hold.", "held at most: 15% a holder"),
                CHANGED_BY,
            ),
        ),
        Kind(
            "board", "none", "A board or committee; it may be repeated with an id.", 'board "Board of Directors"',
            (
                Label("decides by", "body rule", "What the clause `board` means; also the rule of any matter that nothing else names.", "decides by: majority"),
                Label("chair", "chair", "Who sits in the chair, and whether with a casting vote.", "chair: ada, casting vote"),
                CHANGED_BY,
            ),
            parts=("seats",),
        ),
        Kind(
            "seats", "id", "Seats of a body that are filled and emptied in one way.", "seats founders",
            (
                Label("number", "seat number", "How many seats there are.", "number: 2"),
                Label("filled by", "rule", "Who fills them: a rule; a bare party means its consent.", "filled by: majority of series-a"),
                Label("removed by", "removal", "Who removes an occupant, and whether only for cause.", "removed by: majority of series-a for cause only"),
                Label("vacancies filled by", "rule", "Who fills a seat that falls vacant, where that differs.", "vacancies filled by: majority of board"),
                Label("occupant", "occupant", "Ex officio: the seat follows an office.", "occupant: holder of ceo"),
                Label("votes each", "whole number", "Votes of each seat; 0 is an observer.", "votes each: 1"),
                Label("term", "term", "How long an occupant sits.", "term: 3 years, a third each year"),
                Label("while", "text", "A condition, noted as an assumption.", "while: ada works for the company", many=True),
                CHANGED_BY,
            ),
        ),
        Kind(
            "office", "id", "An office; it defines the matters of appointing and removing its holder.", "office ceo",
            (
                Label("filled by", "rule", "Who appoints.", "filled by: majority of board"),
                Label("removed by", "removal", "Who removes.", "removed by: majority of board"),
            ),
        ),
        Kind(
            "rules", "none", "How matters are decided; each label is a matter.", "rules",
            (CHANGED_BY,),
            open=Label("MATTER", "rule", "The rule by which the matter is decided.", "sell company: majority of board and majority of votes"),
        ),
        Kind(
            "distribution", "none", "The order in which money is distributed; where there is one, it alone decides payouts.", 'distribution "Order of distributions"',
            (Label("clawback", "clawback", "What a payee must give back where it has been paid more than its share of the profit, or the others less than is due before it.", "clawback: gp above 20% of profit"),),
            open=Label("tier N", "tier", "Who shares in this tier, and until what limit.", "tier 1: all to first-round until 100x contributed"),
        ),
        Kind(
            "costs of sale", "none", "What is paid out of the proceeds before any holder.", "costs of sale",
            (),
            open=Label("COST to PARTY", "cost", "A debt, fees or a carve-out, and who gets it; or a holdback, and who keeps it until it is paid out.", "debt to north-bank: USD 4,000,000"),
        ),
        Kind(
            "plan", "id", "A plan or pool of options.", "plan employee-pool",
            (
                Label("of", "class", "The class that is reserved.", "of: common"),
                Label("reserved", "whole number", "Shares reserved.", "reserved: 1,000,000"),
                Label("returns to pool", "flag", "Whether what is forfeited, cancelled or expires may be granted again; it may if not stated.", "returns to pool: no"),
            ),
        ),
        Kind(
            "consent", "none", "A consent that an agreement adds to the rules of the matters it names.", "consent",
            (
                Label("of", "party", "Whose consent is needed.", "of: birch-ventures"),
                Label("for", "matters", "The matters it is needed for.", "for: sell company, merge"),
                Label("nature", "nature", "Whether it protects an interest or gives a say in the business.", "nature: protective"),
            ),
        ),
        Kind(
            "voting pool", "none", "Members of an agreement cast all their votes as the pool decides.", "voting pool",
            (
                Label("members", "parties", "Who is bound.", "members: ada, grace"),
                Label("over", "entity", "Whose votes are bound.", "over: acme"),
                Label("decides by", "body rule", "How the pool decides.", "decides by: all of (ada, grace)"),
                Label("revocable", "flag", "Whether a member may leave at will.", "revocable: no"),
            ),
        ),
    )
}
