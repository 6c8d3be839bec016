"""`muniment explain`: what a diagnostic code, a record kind or a label means."""

from __future__ import annotations

import click

from muniment.cli.options import write


@click.command("explain")
@click.argument("words", nargs=-1, required=True, metavar="CODE or KIND [LABEL]")
def command(words: tuple[str, ...]) -> int:
    """Say what a code (M304), a kind of record (class) or a label (class participation) means.

    'muniment explain kinds' lists the kinds of record, 'muniment explain codes' the codes.
    """
    from muniment.answers.explaining import explain, nearest_topic

    text = explain(" ".join(words))
    if text is None:
        close = nearest_topic(" ".join(words))
        raise click.UsageError(f"there is nothing called '{' '.join(words)}'" + (f"; did you mean '{close}'?" if close else ""))
    write(text)
    return 0
