"""`muniment timeline`: what happened, in order of dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muniment.cli.options import Day, Identifier, Request, answering, emit, terminal_width

if TYPE_CHECKING:
    from muniment.answers.timeline import Entry, Order
    from muniment.cli.opening import Opened


@click.command("timeline")
@answering()
@click.option("--from", "first", type=Day(), metavar="DATE", help="Leave out what is surely over before this day.")
@click.option("--to", "last", type=Day(), metavar="DATE", help="Leave out what surely begins after this day.")
@click.option(
    "--entity",
    "parties",
    type=Identifier(),
    multiple=True,
    metavar="ID",
    help="Only what names this party; repeatable.",
)
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind of record; may be repeated.")
@click.option("--against", metavar="RECORD", help="Say of each whether it came before or after this record.")
@click.option(
    "--lanes", type=click.Choice(("kind", "entity")), default="kind", show_default=True, help="Rows of the picture."
)
@click.option(
    "-o", "--svg", "picture", type=click.Path(path_type=Path), metavar="FILE", help="Draw it as a picture (SVG)."
)
def command(
    request: Request,
    first: date | None,
    last: date | None,
    parties: tuple[str, ...],
    kinds: tuple[str, ...],
    against: str | None,
    lanes: str,
    picture: Path | None,
) -> int:
    """Show the records of a book by date, uncertain dates as long as what they allow."""
    from muniment.answers.header import footer, header
    from muniment.answers.timeline import entry_json, order, stated_order, timeline, within
    from muniment.cli.opening import open_book
    from muniment.render.answer import Answer
    from muniment.render.timeline import timeline_table

    if first is not None and last is not None and first > last:
        raise click.UsageError(f"--from {first.isoformat()} is later than --to {last.isoformat()}")
    opened = open_book(request)
    _check(opened, parties, kinds)
    everything = timeline(opened.world, request.under)
    shown = [
        entry
        for entry in within(everything, first, last, parties, kinds)
        if not request.on_given or entry.earliest is None or entry.earliest <= request.on
    ]
    orders: list[Order | None] = []
    if against is not None:
        other, after = _record(against, everything), stated_order(everything)
        orders = [None if entry.record == other.record else order(entry, other, after) for entry in shown]
    on = request.on if request.on_given else None
    foot = footer(opened.world, on, request.under)
    if picture is not None:
        return _draw(picture, shown, lanes, (opened.book.name, *foot), opened.code)
    said: Sequence[Order | None] = orders or [None] * len(shown)
    data = header(opened.world, on, request.under) | {
        "entries": [entry_json(entry, one) for entry, one in zip(shown, said, strict=True)]
    }
    width = terminal_width() if request.format == "table" else None
    table = timeline_table(shown, orders, against or "", width)
    return emit(Answer("timeline", data, (table,), footer=foot), request.format, opened.code)


def _check(opened: Opened, parties: Sequence[str], kinds: Sequence[str]) -> None:
    from muniment.cli.opening import suggest
    from muniment.model.record_kinds import RECORDS

    known = [record.name for record in opened.book.index.parties]
    for name in parties:
        if name not in known:
            raise click.UsageError(f"there is no party '{name}'" + suggest(name, known))
    for kind in kinds:
        if kind not in RECORDS:
            raise click.UsageError(f"'{kind}' is not a kind of record" + suggest(kind, RECORDS))


def _record(name: str, entries: Sequence[Entry]) -> Entry:
    from muniment.cli.opening import suggest

    for entry in entries:
        if entry.record == name:
            return entry
    raise click.UsageError(f"the timeline has no record '{name}'" + suggest(name, [entry.record for entry in entries]))


def _draw(path: Path, entries: Sequence[Entry], lanes: str, words: Sequence[str], code: int) -> int:
    from muniment.cli.fmt import write_file
    from muniment.cli.options import write
    from muniment.render.inert import inert_line
    from muniment.render.timeline_picture import MOST_DRAWN, timeline_picture

    if len(entries) > MOST_DRAWN:
        raise click.UsageError(
            f"a picture of {len(entries):,} records cannot be read; at most {MOST_DRAWN:,} are drawn; "
            "choose with --from, --to, --entity or --kind"
        )
    if path.is_dir():
        raise click.UsageError(f"'{path}' is a folder")
    write_file(path, timeline_picture(entries, lanes, words[0], words[1:]))
    write(f"Wrote {inert_line(str(path))} with {len(entries)} record{'' if len(entries) == 1 else 's'}.\n")
    return code
