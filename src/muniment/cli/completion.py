"""`muniment completion`: a script that completes commands, options and record ids."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")
LARGEST_FILE = 4_000_000
"""Bytes of one file that are looked through for ids; a longer file is passed over, to answer at once."""

_head = re.compile(rb"(?m)^\S+ ([a-z]+) ([a-z0-9][a-z0-9-]*)")
_SUBJECT_KINDS = frozenset(
    (
        *("amend", "issue", "transfer", "convert", "exercise", "repurchase", "cancel", "split"),
        *("grant", "holding", "appoint", "remove", "leave", "vote", "expect"),
    )
)
"""Kinds of record that name their subject and define no id of their own."""


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> int:
    """Print the completion script of a shell.

    For bash, put `eval "$(muniment completion bash)"` into ~/.bashrc; for zsh the same with zsh into ~/.zshrc; for
    fish, save the output as ~/.config/fish/completions/muniment.fish.
    """
    script = get_completion_class(shell)
    if script is None:
        raise click.UsageError(f"this version of click knows no {shell}")
    root = click.get_current_context().find_root().command
    click.echo(script(root, {}, "muniment", "_MUNIMENT_COMPLETE").source())
    return 0


def record_ids(folder: Path, kinds: Sequence[str], start: str) -> list[str]:
    """Return the ids that records of a book define, sorted.

    Args:
        folder: The book.
        kinds: Kinds of record looked for; empty = all kinds that define an id.
        start: What the id must begin with.
    """
    found: set[str] = set()
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "sources"]
        for name in files:
            path = Path(place, name)
            if not name.endswith(".muni") or path.is_symlink() or not path.is_file():
                continue
            if path.stat().st_size > LARGEST_FILE:
                continue
            for match in _head.finditer(path.read_bytes()):
                kind, identifier = match[1].decode(), match[2].decode()
                if (kind in kinds if kinds else kind not in _SUBJECT_KINDS) and identifier.startswith(start):
                    found.add(identifier)
    return sorted(found)
