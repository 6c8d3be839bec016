"""What a model answered, out of the JSON it came in; nothing of it is trusted."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, NoReturn

DEEPEST = 32
FENCE = re.compile(r"^ {0,3}(?:```|~~~)[\w-]*[ \t]*$")
AFTER_THINKING = "</think>"


class Content(NamedTuple):
    """What a model wrote.

    Attributes:
        text: Without the fences around it and the thinking before it.
        is_cut: The service says that it stopped before the end.
    """

    text: str
    is_cut: bool


class Unusable(NamedTuple):
    """Why an answer holds nothing to read, in one sentence without a full stop."""

    message: str


class _RefusedError(ValueError):
    """What is wrong with a JSON text."""


def content_of(body: bytes) -> Content | Unusable:
    """Return what a model wrote.

    Args:
        body: The answer of an OpenAI-compatible service: an object with `choices`, the first of which has a `message`
            with a text as `content`.

    Returns:
        Its words, or why there are none: no JSON, a field that stands twice, nesting beyond 32 levels, another shape.
    """
    answer = _strict_json(body)
    if isinstance(answer, Unusable):
        return answer
    choices = answer.get("choices") if isinstance(answer, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    words = message.get("content") if isinstance(message, dict) else None
    if not isinstance(first, dict) or not isinstance(words, str):
        return Unusable("the answer has no text where one belongs (choices[0].message.content)")
    return Content(_unfenced(words), first.get("finish_reason") == "length")


def _strict_json(body: bytes) -> Any:
    """Return JSON values, or why the bytes are not JSON that has one reading."""
    try:
        value = json.loads(
            body.decode("utf-8-sig"), parse_float=str, parse_constant=_no_number, object_pairs_hook=_each_once
        )
    except UnicodeDecodeError:
        return Unusable("the answer is not UTF-8")
    except RecursionError:
        return Unusable(f"the answer is nested deeper than {DEEPEST} levels")
    except _RefusedError as fault:
        return Unusable(f"the answer is not JSON with one reading: {fault}")
    except ValueError:
        return Unusable("the answer is not JSON")
    level: list[object] = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return value
    return Unusable(f"the answer is nested deeper than {DEEPEST} levels")


def _each_once(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(fields)
    if len(value) < len(fields):
        raise _RefusedError("a field stands twice in one object")
    return value


def _no_number(name: str) -> NoReturn:
    raise _RefusedError(f"{name} is no number")


def _unfenced(words: str) -> str:
    """Return what stands between code fences, or all of it where there are none."""
    lines = re.split(r"\r\n|\r|\n", words.rpartition(AFTER_THINKING)[2])
    inside, is_inside, fences = [], False, 0
    for line in lines:
        if FENCE.match(line):
            is_inside, fences = not is_inside, fences + 1
        elif is_inside:
            inside.append(line)
    return "\n".join(inside if fences else lines) + "\n"
