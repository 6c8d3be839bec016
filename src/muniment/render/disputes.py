"""Disputes as tables: one for each, with its values, who says so, and what turns on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from muniment.answers.disputes import BETWEEN, Dispute
from muniment.answers.turning import Flip, Turning
from muniment.render.answer import Column, Table

COLUMNS = (Column("Value"), Column("Sources"), Column("Accounts"))
MOST_FLIPS = 3
"""Answers named where records differ; all of them stand under the fact on which they turn."""

MOST_COLUMNS = 3
MOST_ACCOUNTS = 2


def dispute_tables(disputes: Sequence[Dispute], asked: str = "the book asks for") -> tuple[Table, ...]:
    """Return a table for each dispute; an account that follows none of its sources takes what the keeper prefers.

    Args:
        disputes: What differs.
        asked: Which answers were asked again, as in `No answer that the book asks for turns on it`.
    """
    if not disputes:
        return (Table("Disputes", note="No fact of the book is given differently by its sources."),)
    return tuple(_table(dispute, asked) for dispute in disputes)


def _table(dispute: Dispute, asked: str) -> Table:
    rows = []
    preferred = next((value.accounts for value in dispute.values if "keeper" in value.accounts), ())
    for value in dispute.values:
        said = f"({value.name}) {value.value}" if value.name else value.value
        if value.follows:
            said += f"\ndoes not follow: {value.follows}"
        rows.append(
            (
                said,
                ", ".join(f"@{source}" for source in value.sources),
                _accounts(value.accounts, value.accounts == preferred),
            )
        )
    notes = [f"{dispute.witnesses} independent source{'s' if dispute.witnesses != 1 else ''}."]
    if dispute.open_in:
        notes.append(f"Open in: {', '.join(dispute.open_in)}.")
    if dispute.why:
        notes.append(f"Found by comparing the records: {dispute.why}.")
    notes += _what_changes(dispute, asked)
    if dispute.turns_on:
        notes.append(f"The keeper says that it matters for: {dispute.turns_on}.")
    title = f"{dispute.title or dispute.record} ({dispute.record}: {dispute.label}), {dispute.kind}"
    return Table(title, COLUMNS, tuple(rows), "\n".join(notes))


def _what_changes(dispute: Dispute, asked: str) -> list[str]:
    notes = []
    between = dispute.label == BETWEEN or dispute.found
    if between and dispute.flips:
        by = ", ".join(dict.fromkeys(flip.by for flip in dispute.flips))
        count = len({flip.question for flip in dispute.flips})
        notes.append(f"Changes: {count} answer{'s' if count != 1 else ''}, by {by}.")
    shown = dispute.flips[:MOST_FLIPS] if between else dispute.flips
    notes += [flip_in_words(flip) for flip in shown]
    more = len(dispute.flips) - len(shown)
    if more:
        notes.append(f"And {more} more; each stands under the fact on which it turns, or in --json.")
    if not dispute.flips:
        notes.append(
            f"No answer that {asked} turns on it." if asked != "asked here" else "No answer asked turns on it."
        )
    if dispute.not_left_out:
        named = ", ".join(dispute.not_left_out)
        notes.append(f"Not left out, to see what turns on it: {named}; other records name it, or too many were tried.")
    if dispute.not_whole:
        asked_of = f"{dispute.not_whole} answer{'s' if dispute.not_whole != 1 else ''}"
        notes.append(f"For {asked_of}, too many facts are disputed to read every set of them otherwise.")
    return notes


def turning_tables(fared: Sequence[Turning], not_asked: Sequence[str]) -> tuple[Table, ...]:
    """Return a table for each smallest set of disputed facts, with the answers that turn on it; then what is firm.

    A question that is asked in several accounts stands once: which account gives which answer is said beside it.
    """
    by_set: dict[tuple[str, ...], dict[str, tuple[Mapping[str, str], Turning]]] = {}
    apart: dict[str, Turning] = {}
    firm: list[Turning] = []
    for each in fared:
        for addresses, answers in each.smallest.sets:
            by_set.setdefault(addresses, {}).setdefault(each.words, (answers, each))
        if not each.smallest.sets:
            if len(each.answers) == 1 and each.holds != "open":
                firm.append(each)
            else:
                apart.setdefault(each.words, each)
    tables = [_on_a_set(addresses, turned) for addresses, turned in by_set.items()]
    if apart:
        rows = tuple((words, _by_account(each, {})) for words, each in apart.items())
        columns = (Column("Question"), Column("Answer"))
        note = "No disputed fact that was read otherwise changes these; records that only some accounts have may."
        tables.append(Table("What differs between accounts", columns, rows, note))
    tables.append(Table("What holds", note="\n".join((*_firm(firm, fared), *not_asked))))
    return tuple(tables)


def _on_a_set(addresses: Sequence[str], turned: Mapping[str, tuple[Mapping[str, str], Turning]]) -> Table:
    """Return the answers that turn on a set of facts; questions that fare alike share a row."""
    title = f"What turns on {' and '.join(addresses)}"
    readings = list(next(iter(turned.values()))[0])
    alike: dict[tuple[tuple[str, ...], str], list[str]] = {}
    for words, (answers, each) in turned.items():
        key = (
            tuple(shortened(answer, 1) for answer in answers.values()),
            _by_account(each, answers, len(addresses) == 1),
        )
        alike.setdefault(key, []).append(words)
    if len(readings) <= MOST_COLUMNS:
        columns = (Column("Question"), *(Column(f"If {words}") for words in readings), Column("Accounts"))
        rows = tuple(("\n".join(words), *answers, accounts) for (answers, accounts), words in alike.items())
        return Table(title, columns, rows)
    columns = (Column("Question"), Column("If"), Column("Answer"), Column("Accounts"))
    long = [
        ("\n".join(words) if not place else "", reading, answer, "" if place else accounts)
        for (answers, accounts), words in alike.items()
        for place, (reading, answer) in enumerate(zip(readings, answers, strict=True))
    ]
    return Table(title, columns, tuple(long))


def _by_account(each: Turning, answers: Mapping[str, str], is_one_fact: bool = True) -> str:
    """Return which accounts give which answer: by the readings under which it is given, else by the answer itself."""
    parts = []
    for answer, accounts in each.answers.items():
        under = [_reading(words) if is_one_fact else words for words, given in answers.items() if given == answer]
        shown = ", ".join(accounts)
        if len(accounts) > MOST_ACCOUNTS:
            shown = "all" if len(each.answers) == 1 else f"{accounts[0]} and {len(accounts) - 1} others"
        parts.append(f"as {' or '.join(under)}: {shown}" if under else f"{shortened(answer, 1)}: {shown}")
    return "\n".join(parts)


def _reading(words: str) -> str:
    """Return the name of a reading in its brackets, else its words."""
    return words[: words.index(")") + 1] if words.startswith("(") and ")" in words else words


def _firm(firm: Sequence[Turning], fared: Sequence[Turning]) -> list[str]:
    expected = sum(1 for each in firm if each.expected)
    matters = len(firm) - expected
    notes = [
        f"Of {len(fared)} answers, {len(firm)} hold under all accounts, and no set of disputed facts that was read "
        f"otherwise changes them: {expected} expectation{'s' if expected != 1 else ''} and "
        f"{matters} matter{'s' if matters != 1 else ''}."
    ]
    part = [each for each in firm if not each.smallest.is_whole]
    if part:
        fewest = min(each.smallest.searched for each in part)
        notes.append(
            f"For {len(part)} of them the search stopped at sets of {fewest} facts: more would take too many tries."
        )
    return notes


def _accounts(accounts: Sequence[str], is_preferred: bool) -> str:
    if is_preferred and len(accounts) > 2:
        return f"keeper, and {len(accounts) - 1} accounts that do not follow another"
    return ", ".join(accounts)


def flip_in_words(flip: Flip) -> str:
    """Return what changes with a fact in one sentence."""
    beside = f", together with {', '.join(flip.with_facts)}" if flip.with_facts else ""
    return f"Turns on it{beside}: {flip.question}: {answers_in_words(flip.answers)}."


def shortened(words: str, most: int = 4) -> str:
    """Return a long list of coalitions as its length and its first; other words as they are."""
    coalitions = words.split("; ")
    if len(coalitions) <= most or any(": " in each for each in coalitions):
        return words
    return f"{len(coalitions)} coalitions, the first {coalitions[0]}"


def answers_in_words(answers: Mapping[str, str]) -> str:
    """Return each answer with the reading that gives it."""
    return "; ".join(f"{shortened(answer)} if {words}" for words, answer in answers.items())
