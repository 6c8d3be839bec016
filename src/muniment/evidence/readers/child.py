"""The process in which a reader runs: file on standard input, JSON on standard output, limits set before it begins.

`apart` starts it; it is not meant to be called by hand.
"""

from __future__ import annotations

import json
from contextlib import suppress

from muniment.evidence.readers.apart import MOST_OUTPUT, TOO_MUCH, to_json
from muniment.evidence.readers.by_name import read_with


def limit(processor: int, memory: int) -> None:
    """Set the limits of this process, where the system has them: seconds, bytes."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, MOST_OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


def read_standard_input(reader: str, processor: int, memory: int) -> int:
    """Read the file on standard input, write what the reader gives to standard output, and return the exit code."""
    limit(processor, memory)
    with open(0, "rb", closefd=False) as given:
        data = given.read()
    try:
        written = json.dumps(to_json(read_with(reader, data)), ensure_ascii=False).encode("utf-8", "surrogatepass")
        with open(1, "wb", closefd=False) as taken:
            taken.write(written)
    except (MemoryError, OSError):
        return TOO_MUCH
    return 0
