"""Run a reader in a process of its own, with limits on processor time, memory, output and waiting.

The parent gives the file on standard input and takes JSON from standard output, both through unnamed temporary files,
so that neither side can make the other wait. There is no shell, and no code is taken from the working directory (`-P`).
What comes back is checked field by field, as the reader may have been misled by the file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from datetime import date, time
from typing import Any, NamedTuple, get_args

from muniment.evidence.annotations import Annotation, AnnotationKind
from muniment.evidence.messages import Message
from muniment.evidence.readers.extracted import Extracted, unreadable

TOO_MUCH = 3
"""The exit code of a reader that ran out of memory or output."""
MEGABYTE = 1 << 20
MOST_MEMORY = 480 * MEGABYTE
MOST_OUTPUT = 96 * MEGABYTE
PARTS = ("", "quoted", "continued")
KINDS = frozenset(get_args(AnnotationKind))


class Limits(NamedTuple):
    """What a reader may take.

    Attributes:
        processor: Seconds of processor time.
        wall: Seconds until it is stopped, whatever it does.
    """

    processor: int
    wall: int


LIMITS = {
    "html": Limits(6, 8),
    "docx": Limits(6, 8),
    "eml": Limits(6, 8),
    "mbox": Limits(6, 8),
    "pdf-first": Limits(5, 5),
    "pdf-second": Limits(3, 4),
}
"""Two readers of PDF together stay under ten seconds."""


def read_apart(reader: str, data: bytes, limits: Limits | None = None, memory: int = MOST_MEMORY) -> Extracted:
    """Read a file in a process of its own.

    Args:
        reader: A name in `LIMITS`; no other is run.
        data: The file's bytes.
        limits: Other limits than those of the reader.
        memory: How many bytes of address space it may take, where the system can limit that.

    Returns:
        What the reader gives, or that it took too much or failed.

    Raises:
        KeyError: If there is no such reader.
    """
    own = LIMITS[reader]
    chosen = limits or own
    call = f"raise SystemExit(read_standard_input({reader!r}, {chosen.processor}, {memory}))"
    command = [sys.executable, "-P", "-c", f"from muniment.evidence.readers.child import read_standard_input; {call}"]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as taken:
        given.write(data)
        given.seek(0)
        with subprocess.Popen(
            command, stdin=given, stdout=taken, stderr=subprocess.DEVNULL, env=_environment(), close_fds=True
        ) as process:
            try:
                code = process.wait(chosen.wall)
            except subprocess.TimeoutExpired:
                return unreadable(_kind_of(reader), "it takes too long to read")
            finally:
                if process.poll() is None:
                    process.kill()
        size = os.fstat(taken.fileno()).st_size
        if code != 0:
            return unreadable(_kind_of(reader), _why(code, size))
        taken.seek(0)
        return _checked(reader, taken.read(MOST_OUTPUT))


def _environment() -> dict[str, str]:
    """Return the environment of this process with the places where its own modules lie."""
    here = [os.path.abspath(path) for path in sys.path if path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(here), "PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}


def _kind_of(reader: str) -> str:
    return reader.partition("-")[0]


def _why(code: int, size: int) -> str:
    if size >= MOST_OUTPUT - MEGABYTE:
        return "its text is larger than is allowed"
    return "it takes too much time or memory to read" if code < 0 or code == TOO_MUCH else "it cannot be read"


def _checked(reader: str, written: bytes) -> Extracted:
    """Return what a reader wrote, or that it wrote something else than a reader does."""
    try:
        found = from_json(json.loads(written.decode("utf-8", "surrogatepass")))
    except (ValueError, KeyError, TypeError, RecursionError):
        return unreadable(_kind_of(reader), "it cannot be read")
    return found


def to_json(found: Extracted) -> dict[str, Any]:
    """Return what a reader found as JSON values."""
    messages = None
    if found.messages is not None:
        messages = [
            [
                *(each.number, each.sender, each.recipients, each.cc, each.origin),
                *(part.isoformat() if part else "" for part in (each.sent, each.at, each.not_before)),
                *(each.subject, each.start, each.body, each.end, each.id, each.references, each.part),
            ]
            for each in found.messages
        ]
    return found._asdict() | {"messages": messages}


def from_json(data: Any) -> Extracted:
    """Return what a reader found.

    Raises:
        ValueError: If offsets do not lie in the text, in order, or a value is none.
        TypeError: If a value is of another type.
    """
    text = _text(data["text"])
    messages: list[Message] = []
    for each in data["messages"] or ():
        number, sender, recipients, cc, origin, sent, at, not_before, subject, start, body, end, *ids = each
        name, references, part = ids
        at_least = messages[-1].end if messages else 0
        if part not in PARTS or not at_least <= _int(start) <= _int(body) <= _int(end) <= len(text):
            raise ValueError("messages overlap, or a part is none")
        messages.append(
            Message(
                number=_int(number),
                sender=_text(sender),
                recipients=_texts(recipients),
                cc=_texts(cc),
                origin=_text(origin),
                sent=date.fromisoformat(sent) if sent else None,
                at=time.fromisoformat(at) if at else None,
                not_before=date.fromisoformat(not_before) if not_before else None,
                subject=_text(subject),
                start=start,
                body=body,
                end=end,
                id=_text(name),
                references=_texts(references),
                part=part,
            )
        )
    annotations = []
    for kind, start, end, words, by, when in data["annotations"]:
        if kind not in KINDS or not 0 <= _int(start) <= _int(end) <= len(text):
            raise ValueError("an annotation is out of the text")
        annotations.append(Annotation(kind, start, end, _text(words), _text(by), _text(when)))
    return Extracted(
        text=text,
        extractor=_text(data["extractor"]),
        notes=_texts(data["notes"]),
        title=_text(data["title"]),
        pages_unreadable=tuple(_int(page) for page in data["pages_unreadable"]),
        annotations=tuple(annotations),
        messages=None if data["messages"] is None else tuple(messages),
        second=_text(data["second"]),
        second_extractor=_text(data["second_extractor"]),
        fault=_text(data["fault"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return tuple(_text(each) for each in value)


def _int(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("no number")
    return value
