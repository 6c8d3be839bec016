"""Answers for machines: JSON and JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from muniment.render.answer import Answer
from muniment.render.numbers import digits, exact

FORMAT = 1
CONTEXT = (
    "version",
    "book",
    "book_hash",
    "on",
    "account",
    "under",
    "as_recorded",
    "directors",
    "entity",
    "proceeds",
)
"""What every line of a JSON lines or CSV answer repeats, so that a line stands for itself."""

_LARGEST_NUMBER = 2**53
_unsafe = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def plain(value: Any) -> Any:
    """Return a value in the types JSON has.

    A `Fraction`, and an integer that readers of JSON would round, becomes a string; dates are ISO 8601; named tuples
    and dataclasses are objects; sets are sorted lists.

    Raises:
        TypeError: If the value has no exact form in JSON (a float has none).
    """
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if abs(value) <= _LARGEST_NUMBER else digits(value)
        case Fraction():
            return exact(value)
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case tuple() if hasattr(value, "_asdict"):
            return {key: plain(item) for key, item in value._asdict().items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=str)
        case date():
            return value.isoformat()
        case Decimal() | PurePath():
            return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"no exact form in JSON for {type(value).__name__}")


def to_json(answer: Answer) -> str:
    """Return the whole answer as one indented object; `format` stands first, the rest in the order given."""
    return _dump({"format": FORMAT, **plain(answer.data)}, indent=2) + "\n"


def to_json_lines(answer: Answer) -> str:
    """Return one object a line: one for each item of the answer's main list, or the whole answer if it has none."""
    items = answer.main_list()
    if items is None:
        return _dump({"format": FORMAT, **plain(answer.data)}) + "\n"
    context = {"format": FORMAT, **{key: plain(answer.data[key]) for key in CONTEXT if key in answer.data}}
    lines = []
    for item in items:
        body = plain(item)
        lines.append(_dump({**context, **(body if isinstance(body, dict) else {"value": body})}) + "\n")
    return "".join(lines)


def _dump(value: Any, indent: int | None = None) -> str:
    """Return JSON in which characters that a terminal or an editor obeys stand as escapes; the value is the same."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    return _unsafe.sub(lambda match: json.dumps(match[0]).strip('"') if match[0] != "\x7f" else "\\u007f", text)
