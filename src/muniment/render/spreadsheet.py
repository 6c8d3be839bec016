"""Answers for spreadsheets: CSV, safe to open."""

from __future__ import annotations

import csv
import io
from typing import Any

from muniment.render.answer import Answer
from muniment.render.inert import inert_spreadsheet
from muniment.render.machine import CONTEXT, plain


def to_csv(answer: Answer) -> str:
    """Return the answer's main list, one row an item; without such a list, one row for the whole answer.

    A list in a cell is joined by `; `, a list inside that by ` + `, an object is `name: value`; of an object in a list
    the empty values are left out. The last columns say what each row rests on: the date, the account, the book's hash.
    """
    items = answer.main_list()
    rows = [_row(plain(item)) for item in ([dict(answer.data)] if items is None else items)]
    context = {name: cell(plain(answer.data[name])) for name in CONTEXT if name in answer.data}
    rows = [{**row, **{name: text for name, text in context.items() if name not in row}} for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    if names:
        writer.writerow([inert_spreadsheet(name) for name in names])
    writer.writerows([inert_spreadsheet(row.get(name, "")) for name in names] for row in rows)
    return out.getvalue()


def _row(item: Any) -> dict[str, str]:
    if not isinstance(item, dict):
        return {"value": cell(item)}
    return {name: cell(value) for name, value in item.items()}


def cell(value: Any, joint: str = "; ") -> str:
    """Return a value of an answer as the text of one cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return joint.join(f"{name}: {cell(item, ' + ')}" for name, item in value.items())
    if isinstance(value, list):
        return joint.join(_fields(item) if isinstance(item, dict) else cell(item, " + ") for item in value)
    return str(value)


def _fields(value: dict[str, Any]) -> str:
    """Return an object inside a list: its values that are not empty, by name."""
    return ", ".join(f"{name}: {text}" for name, item in value.items() if (text := cell(item, " + ")))
