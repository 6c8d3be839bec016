"""The report as tables and sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from muniment.answers.conclusions import Conclusion
from muniment.answers.deciding import Decided, coalitions_in_words, names
from muniment.answers.disputes import Dispute
from muniment.answers.paths import path_in_a_sentence
from muniment.answers.report import AskedPath, Hypothetical, PaidOut, Period, Report
from muniment.control import Decision
from muniment.model.amounts import format_money
from muniment.model.records import Record
from muniment.model.values import Money
from muniment.render.answer import Column, Table
from muniment.render.disputes import flip_in_words, shortened
from muniment.render.paths import beside_in_words, misses_tables, plan_tables
from muniment.render.paths_picture import plan_picture
from muniment.render.payouts import amount_words, capacity

MOST_FLIPS = 3


def report_tables(report: Report) -> tuple[Table, ...]:
    """Return the parts of a report in reading order."""
    return (
        _identity(report),
        _structures(report),
        *_periods(report.periods),
        *(table for each in report.hypotheticals for table in _hypothetical(each)),
        *_paths(report.paths),
        *(_payout(each) for each in report.payouts),
        *_disputes(report.disputes),
        _conclusions(report.conclusions),
        _quotations(report),
        *_leverage(report),
        _assumptions(report),
    )


def _identity(report: Report) -> Table:
    book = report.world.book
    counted = ", ".join(f"{number} {_one_or_many(what, number)}" for what, number in report.counts)
    span = (
        f" They run from {report.first.isoformat()} to {report.last.isoformat()}."
        if report.first and report.last
        else ""
    )
    reader = "the keeper" if report.world.account == "keeper" else f"the account '{report.world.account}'"
    found = report.checked.summary().partition("; ")[2]
    note = f"The book holds {counted}.{span} It is read here as {reader} reads it. Checked: {found}"
    return Table(book.name, note=note)


def _one_or_many(what: str, number: int) -> str:
    if number != 1:
        return what
    return {"entities": "entity", "people": "person"}.get(what, what.removesuffix("s")).replace(
        "accounts beside", "account beside"
    )


def _structures(report: Report) -> Table:
    rows = []
    for entry in report.structures:
        what = entry.title + (f" (under {entry.hypothetical})" if entry.hypothetical else "")
        rows.append((entry.date, what, entry.kind, entry.recorded))
    note = "" if rows else "No record of the book makes or changes a structure."
    columns = (Column("Date"), Column("What"), Column("Record"), Column("Made known")) if rows else ()
    return Table("The line of structures", columns, tuple(rows), note)


def _periods(periods: Sequence[Period]) -> list[Table]:
    if not periods:
        return [Table("Who decides", note="No entity of the book decides anything that it states.")]
    tables = []
    for period in periods:
        note = f"No longer decided: {', '.join(period.ended)}." if period.ended else ""
        title = f"Who decides from {period.since.isoformat()}"
        tables.append(Table(title, _DECIDED, tuple(_rows(period.decided)), (note + _read(period.decided)).strip()))
    return tables


_DECIDED = (Column("Matter"), Column("Alone"), Column("Can block"), Column("Smallest coalitions"))


def _rows(decided: Iterable[Decided]) -> Iterable[tuple[str, ...]]:
    """Yield a row for each matter; readings of open facts, and of directors where they differ, stand below it."""
    matter = ""
    loyal: list[tuple[str, str, str]] = []
    for each in decided:
        decision = each.decision
        words, cells = f"{decision.entity}: {decision.matter}", _cells(decision)
        is_new = words != matter
        if is_new:
            matter, loyal = words, []
        if decision.directors == "loyal":
            loyal.append(cells)
        elif loyal and set(loyal) == {cells}:
            continue
        conditions = [_reading(reading) for reading in each.reads.values()]
        if decision.directors == "independent":
            conditions.append("each director decides alone")
        if is_new and conditions:
            yield (words, "", "", "")
        yield (words if is_new and not conditions else "  if " + " and ".join(conditions), *cells)


def _reading(words: str) -> str:
    """Return a named reading by its name, and any other in quotation marks."""
    return words[: words.index(")") + 1] if words.startswith("(") and ")" in words else f"'{words}'"


def _read(decided: Iterable[Decided]) -> str:
    """Return what each reading that stands in a table means."""
    meant = {(_reading(words), fact, words) for each in decided for fact, words in each.reads.items()}
    return "".join(
        f" {short}: {fact} is '{words.removeprefix(short).strip()}'."
        for short, fact, words in sorted(meant)
        if short != f"'{words}'"
    ) + "".join(f" {short} is of {fact}." for short, fact, words in sorted(meant) if short == f"'{words}'")


def _cells(decision: Decision) -> tuple[str, str, str]:
    if decision.circular and decision.impossible:
        return "nobody", names(decision.can_block), f"none: {', '.join(decision.circular)} hold one another"
    if decision.impossible:
        return "nobody", "nobody", coalitions_in_words(decision)
    alone = names(decision.alone) + _perhaps(decision, "alone")
    return alone, names(decision.can_block) + _perhaps(decision, "can block"), coalitions_in_words(decision)


def _perhaps(decision: Decision, question: str) -> str:
    """Return, for each fact that is known only within bounds, the parties for whom it leaves the question open."""
    facts: dict[str, list[str]] = {}
    for entry in decision.undetermined:
        if entry.question == question:
            facts.setdefault(entry.fact, []).append(entry.party)
    return "".join(f"\nundetermined for {', '.join(parties)} ({fact})" for fact, parties in facts.items())


def _hypothetical(each: Hypothetical) -> list[Table]:
    by = f" by {', '.join(each.by)}" if each.by else ""
    outcome = f"; outcome: {each.outcome}" if each.outcome else ""
    note = " ".join((f"Proposed{by}{outcome}.", *each.votes))
    if not each.decided:
        return [Table(f"Proposal {each.proposal}: {each.title}", note=note + " Its records change no structure.")]
    title = f"Under {each.proposal}, on {each.on.isoformat()}: {each.title}"
    return [Table(title, _DECIDED, tuple(_rows(each.decided)), note + _read(each.decided))]


def _paths(paths: Sequence[AskedPath]) -> Iterable[Table]:
    """Yield what all answers on paths leave out, then each."""
    outside = " ".join(dict.fromkeys(each.answer.outside for asked in paths for each in asked.found))
    if paths:
        note = f"Each coalition and matter that the book's expectations ask about, once.\n{outside}".strip()
        yield Table("Paths to control", note=note)
    for asked in paths:
        yield from _path(asked)


def _path(asked: AskedPath) -> Iterable[Table]:
    """Yield, for each reading, the answer in a sentence and the plan with its picture; then how near it comes."""
    for each in asked.found:
        answer = each.answer
        under = f", under {asked.under}" if asked.under else ""
        account = "" if asked.account == "keeper" else f", in the account '{asked.account}'"
        others = "" if answer.adversary == "blocking" else f", adversary {answer.adversary}"
        reading = "" if answer.directors == "loyal" else ", each director deciding alone"
        who = " + ".join(answer.who)
        title = (
            f"Is there a path? {who}, {answer.entity}: {answer.matter}{under}, on {answer.on.isoformat()}"
            f"{account}{reading}{others}"
        )
        sentence = path_in_a_sentence(answer, asked.account, asked.under, each.reads)
        yield from plan_tables(title, sentence, answer, plan_picture(answer), beside_in_words(answer))
        yield from misses_tables(answer)


def _payout(out: PaidOut) -> Table:
    parties: dict[tuple[str, str], None] = {}
    for _, paid in out.each:
        for one in paid:
            parties.update(dict.fromkeys((row.party, capacity(row)) for row in one.payout.rows))
    rows = []
    for party, what in parties:
        cells = []
        for amount, paid in out.each:
            found = [row for one in paid for row in one.payout.rows if (row.party, capacity(row)) == (party, what)]
            words = dict.fromkeys(
                amount_words(row.amount, amount.currency)
                if row.amount is not None
                else f"{amount_words(row.low, amount.currency)} to {amount_words(row.high, amount.currency)}"
                for row in found
            )
            cells.append(" or ".join(words))
        rows.append((party, what, *cells))
    notes = [refusal.message for _, paid in out.each for one in paid for refusal in one.payout.refusals]
    points = {
        (point.proceeds, f"{format_money(Money(point.proceeds, amount.currency))} ({point.cause})")
        for amount, paid in out.each
        for one in paid
        for point in one.payout.breakpoints
    }
    if points:
        notes.append("The curve bends at " + "; ".join(words for _, words in sorted(points)))
    under = f", under {out.under}" if out.under else ""
    columns = (Column("Party"), Column("For"), *(Column(format_money(amount), "right") for amount, _ in out.each))
    return Table(
        f"Who is paid by {out.entity} on {out.on.isoformat()}{under}",
        columns,
        tuple(rows),
        "".join(f"{note}." for note in dict.fromkeys(notes)),
    )


def _disputes(disputes: Sequence[Dispute]) -> list[Table]:
    if not disputes:
        return [Table("Disputes", note="No fact of the book is given differently by its sources.")]
    kinds = Counter(dispute.kind for dispute in disputes)
    rows = [(dispute.title or dispute.record, dispute.kind, _sides(dispute), _turns(dispute)) for dispute in disputes]
    counted = ", ".join(f"{number} {kind}" for kind, number in kinds.most_common())
    columns = (Column("What"), Column("Kind"), Column("Who differs"), Column("Turns on it"))
    differences = f"{len(disputes)} difference{'s' if len(disputes) != 1 else ''}"
    note = f"{differences}: {counted}. Every value with its source: muniment disputes."
    tables = [Table("What is disputed", columns, tuple(rows), note)]
    facts = {f"{dispute.record} {dispute.label}" for dispute in disputes}
    turning = [
        dispute
        for dispute in disputes
        if f"{dispute.record} {dispute.label}" in {flip.by for flip in dispute.flips}
        or any(flip.by not in facts for flip in dispute.flips)
    ]
    for dispute in turning:
        sentences = [flip_in_words(flip) for flip in dispute.flips[:MOST_FLIPS]]
        more = len(dispute.flips) - MOST_FLIPS
        if more > 0:
            sentences.append(f"{more} more answers turn on it; see: muniment disputes.")
        tables.append(Table(f"What turns on {dispute.record} {dispute.label}", note="\n".join(sentences)))
    if not turning:
        tables.append(
            Table("What turns on a dispute", note="No answer that the book asks for changes with any disputed fact.")
        )
    return tables


def _sides(dispute: Dispute) -> str:
    """Return the values of a dispute of fact with their sources; of a contradiction between records, the sources."""
    if dispute.kind == "dispute" and dispute.label != "between records":
        return "\n".join(
            f"{value.value} [{', '.join('@' + source for source in value.sources)}]" for value in dispute.values
        )
    return ", ".join(dict.fromkeys(f"@{source}" for value in dispute.values for source in value.sources))


def _turns(dispute: Dispute) -> str:
    if dispute.flips:
        return f"{len(dispute.flips)} answer{'s' if len(dispute.flips) != 1 else ''}"
    return "nothing asked"


def _conclusions(conclusions: Sequence[Conclusion]) -> Table:
    everywhere = [each for each in conclusions if each.holds == "under all accounts"]
    split = [each for each in conclusions if each.holds != "under all accounts"]
    rows = []
    for each in split:
        answers = "\n".join(f"{shortened(words)}: {_of_accounts(accounts)}" for words, accounts in each.answers.items())
        rows.append((each.words, answers))
    if not conclusions:
        note = "The book states no expectation, so no conclusion is compared between accounts."
    else:
        note = f"{len(everywhere)} of {len(conclusions)} conclusions hold under all accounts" + (
            "; the others are above." if split else "."
        )
    columns = (Column("Question"), Column("Answer: accounts")) if rows else ()
    return Table("Conclusions, account by account", columns, tuple(rows), note)


def _of_accounts(accounts: Sequence[str]) -> str:
    if len(accounts) <= 3:
        return ", ".join(accounts)
    first = "keeper" if "keeper" in accounts else accounts[0]
    return f"{first} and {len(accounts) - 1} other accounts"


def _quotations(report: Report) -> Table:
    states = report.checked.quotations
    rows = tuple((f"@{source}", title, str(count)) for source, title, count in report.sources if count)
    counted = ", ".join(f"{number} {state}" for state, number in states.items()) or "none"
    note = f"Quotations: {counted}."
    if states.get("not-held"):
        note += " A source that is not held is looked for in the folders that --sources names."
    columns = (Column("Source"), Column("Title"), Column("Quotations", "right")) if rows else ()
    return Table("What the sources say, word for word", columns, rows, note)


def _leverage(report: Report) -> list[Table]:
    if not report.leverage and not report.claims:
        return []
    rows = tuple(_leverage_row(record) for record in report.leverage)
    note = f"{report.claims} records say what somebody claims. Neither they nor these powers enter any answer above."
    columns = (Column("Date"), Column("Who"), Column("On"), Column("Can"), Column("How many")) if rows else ()
    return [Table("Power that is not legal, and claims", columns, rows, note)]


def _leverage_row(record: Record) -> tuple[str, ...]:
    texts = []
    for label in ("by", "on", "can", "share"):
        fact = record.fact(label)
        texts.append(" / ".join(statement.text for statement in fact.statements) if fact else "")
    return (record.date.text, *texts)


def _assumptions(report: Report) -> Table:
    note = "\n".join(f"- {words}" for words in report.assumptions) or "No answer above rests on an assumption."
    return Table("What is assumed", note=note)
