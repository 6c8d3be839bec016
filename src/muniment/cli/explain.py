"""`muniment explain`: what a diagnostic code, a record kind or a label means."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from muniment.cli.options import write


def _topics(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG001
    """Complete codes, kinds, and the labels of a kind already named, from the tables that the program uses."""
    from muniment.answers.explaining import topics

    return [CompletionItem(topic) for topic in topics(ctx.params.get("words") or ()) if topic.startswith(incomplete)]


@click.command("explain")
@click.argument("words", nargs=-1, required=True, metavar="CODE or KIND [LABEL]", shell_complete=_topics)
def command(words: tuple[str, ...]) -> int:
    """Say what a code (M304), a kind of record (class) or a label (class participation) means.

    'muniment explain kinds' lists the kinds of record, 'muniment explain codes' the codes,
    'muniment explain packs' the statutory packs; 'muniment explain us-de' prints one.
    """
    from muniment.answers.explaining import explain, explain_code, nearest_topic
    from muniment.cli.codes import CODES

    own = CODES.get(" ".join(words).upper())
    text = explain_code(own) if own else explain(" ".join(words))
    if text is None:
        close = nearest_topic(" ".join(words))
        raise click.UsageError(
            f"there is nothing called '{' '.join(words)}'" + (f"; did you mean '{close}'?" if close else "")
        )
    write(text)
    return 0
