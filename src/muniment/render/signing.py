"""Who must sign and by when, as tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from muniment.answers.signing import Signed
from muniment.control.signing import Route, Signing
from muniment.control.signing_lines import Line, Signer, Taken
from muniment.render.answer import Column, Table
from muniment.render.grounds import grounds_in_words

MOST_SHOWN = 12
COLUMNS = (Column("#"), Column("Instrument"), Column("Who signs"), Column("Needed"), Column("How, and from when"))
IN_WORDS = {
    "meeting": "at a meeting",
    "annual meeting": "at the annual meeting",
    "in writing": "in writing",
    "vote": "",
    "consent": "",
    "no objection": "",
}


def signing_tables(found: Sequence[Signed]) -> tuple[Table, ...]:
    """Return, for each reading, the answer in a heading, the instruments one a row, and the routes."""
    tables: list[Table] = []
    for each in found:
        answer = each.signing
        reads = "".join(f"; if {fact} is '{reading}'" for fact, reading in each.reads.items())
        title = f"{answer.entity}: {answer.matter}, by {answer.by.isoformat()}{reads}"
        rows = tuple(_row(line, f"{answer.entity}: {answer.matter}") for line in answer.lines)
        tables.append(Table(title, COLUMNS, rows, "\n".join(_conclusions(answer))))
        if answer.routes:
            columns = (Column("Route"), Column("Fewest signers"), Column("Earliest"), Column("In time"))
            routes = tuple(_route_row(route) for route in answer.routes)
            note = f"{answer.more_routes} more alternatives were not taken apart." if answer.more_routes else ""
            tables.append(Table("Routes", columns, routes, note))
    return tuple(tables)


def _row(line: Line, asked: str) -> tuple[str, ...]:
    instrument = f"{'  ' * min(line.depth, 6)}{line.instrument}"
    nature = f"\n{line.nature}" if line.nature else ""
    purpose = f"\n{line.purpose}" if line.purpose not in ("", asked) else ""
    signers = [_signer(signer) for signer in line.signers[:MOST_SHOWN]]
    more = len(line.signers) - len(signers) + line.more_signers
    if more:
        signers.append(f"and {more:,} more")
    if line.vacant:
        signers.append(f"{line.vacant} vacant seat{'s' if line.vacant > 1 else ''}: nobody signs")
    ways = [_way(way) for way in line.ways]
    if line.gate:
        ways.append(line.gate)
    return str(line.number), f"{instrument}{purpose}{nature}", "\n".join(signers), line.needed, "\n".join(ways)


def _signer(signer: Signer) -> str:
    by = f"; see {', '.join(map(str, signer.decides_by))}" if signer.decides_by else ""
    willing = " (willing)" if signer.willing else ""
    return f"{signer.party}{willing}: {signer.capacity}{by}"


def _way(way: Taken) -> str:
    said = [word for word in (IN_WORDS[way.form], way.notice) if word]
    if way.form == "annual meeting":
        said = [way.notice]
    if way.needs:
        said.append(f"needs {way.needs}")
    if way.earliest is None:
        return ", ".join([*said, "cannot be had"])
    said.append(f"from {way.earliest.isoformat()}")
    if way.notice_by is None:
        said.append("too late")
    elif way.notice and way.form != "annual meeting":
        said.append(f"notice by {way.notice_by.isoformat()}")
    return ", ".join(said)


def _conclusions(answer: Signing) -> list[str]:
    said = [_when(answer)]
    if answer.earliest_with_others is None:
        return said
    sooner = answer.earliest_with_consents
    if answer.silent and sooner is not None and (answer.earliest is None or sooner < answer.earliest):
        names = ", ".join(answer.silent)
        said.append(f"The silence of {names} is counted; with the consent of {names}, from {sooner.isoformat()} on.")
    fewest = "The fewest who do it" if answer.fewest else "Who would do it, though fewer may"
    limit = {"yes": "", "no": ", not in time", "undetermined": ", beside those who cannot be counted on"}[
        answer.possible
    ]
    who = ", ".join(answer.signers[:50]) or "nobody need sign"
    more = f" and {len(answer.signers) - 50:,} more" if len(answer.signers) > 50 else ""
    others = f" (or {_counted(answer.other_sets)} of as many)" if answer.other_sets else ""
    if answer.willing:
        further = ", ".join(answer.further[:50]) or "nobody"
        said.append(f"With {', '.join(answer.willing)} willing, who must still sign: {further}{others}.")
    start = answer.signers_earliest
    from_day = f"; they can have it done from {start.isoformat()} on" if start not in (None, answer.earliest) else ""
    said.append(f"{fewest}{limit}: {who}{more}{'' if answer.willing else others}{from_day}.")
    return said


def _counted(sets: int) -> str:
    return "at least 99 other sets" if sets >= 99 else f"{sets} other set{'s' if sets > 1 else ''}"


def _when(answer: Signing) -> str:
    by = answer.by.isoformat()
    match answer.possible:
        case "yes":
            return f"It can be done by {by}: from {_day(answer.earliest)} on."
        case "undetermined":
            otherwise = "" if answer.earliest is None else f", and without them from {_day(answer.earliest)} on"
            return (
                f"Whether it can be done by {by} is undetermined: it takes holders who do not act together, or figures "
                f"stated within bounds{otherwise}."
            )
        case _ if answer.earliest_with_others is None:
            return "It cannot be done, whoever signs."
        case _:
            return f"It cannot be done by {by}: {_day(answer.earliest or answer.earliest_with_others)} at the earliest."


def _day(day: date | None) -> str:
    return "never" if day is None else day.isoformat()


def _route_row(route: Route) -> tuple[str, ...]:
    fewest = "" if route.fewest else " (fewer may do)"
    who = ", ".join(route.signers[:MOST_SHOWN]) or "nobody can"
    more = f" and {len(route.signers) - MOST_SHOWN} more" if len(route.signers) > MOST_SHOWN else ""
    return "\n".join(route.words), f"{who}{more}{fewest}", _day(route.earliest), route.possible


def signing_grounds(found: Sequence[Signed]) -> tuple[str, ...]:
    """Return the records behind each line, with their citations and quotations."""
    lines: list[str] = []
    for each in found:
        for line in each.signing.lines:
            told = grounds_in_words(line.because)
            if told:
                lines.append(f"{line.number}. {line.instrument} rests on:")
                lines += told
    return tuple(lines)
