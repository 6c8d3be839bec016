"""The short TOML file that says which column of a spreadsheet means what; nothing is guessed from the heads."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from muniment.formats.spreadsheets import Unread
from muniment.model.currencies import MINOR_UNITS
from muniment.model.terms import IDENTIFIER
from muniment.model.vocabulary import ENTITY_KINDS, PARTY_KINDS

COLUMNS = ("holder", "class", "quantity", "paid", "date", "instrument", "strike", "vests", "expires", "plan", "id")
"""What a column may mean."""
INSTRUMENTS = ("shares", "options", "RSUs", "warrants")
DECIMAL_SIGNS = (".", ",")
THOUSANDS_SIGNS = (".", ",", "'", " ")
SETTINGS: Mapping[str, type | tuple[type, ...]] = {
    "entity": str,
    "title": str,
    "kind": str,
    "holders are": str,
    "classes are": str,
    "records": str,
    "currency": str,
    "date": (str, date),
    "dates": str,
    "decimal": str,
    "thousands": str,
    "sheet": str,
    "head": int,
    "delimiter": str,
    "ignore": list,
    "skip": list,
    "columns": dict,
    "classes": dict,
    "holders": dict,
    "instruments": dict,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What the columns of one spreadsheet mean.

    Attributes:
        entity: Whose shares they are.
        title, kind: Of the entity, where the file is to declare it; empty if a book already does.
        holders_are: Kind of every holder that the file is to declare (`person`); empty if a book already does. Holders
            without an id under `holders` then get one made of their names.
        declare_classes: Whether the file declares the classes.
        records: ``issue`` or ``holding``: what a row of shares is.
        currency: Of amounts that are bare numbers; empty if there are none.
        on: The date of rows without one; None if there is none.
        dates: How dates in text are written, in the signs of `strptime`; empty = 2021-04-01.
        decimal: The sign before the decimals of numbers in text. Empty = not said: a point, as in a book, and a number
            that may be meant otherwise is refused.
        thousands: The sign between thousands in text; empty = not said: a comma, with the same limit.
        sheet: None = the only one.
        head: The row with the heads, counted from 1.
        ignore: Heads of columns that are left out knowingly.
        skip: Words in the holder's column whose rows are left out knowingly (`Total`).
        columns: What is meant, by head.
        classes, holders, instruments: Ids and kinds by the words in the cells.
    """

    entity: str
    title: str = ""
    kind: str = ""
    holders_are: str = ""
    declare_classes: bool = False
    records: str = "issue"
    currency: str = ""
    on: date | None = None
    dates: str = ""
    decimal: str = ""
    thousands: str = ""
    sheet: str | None = None
    head: int = 1
    delimiter: str = ","
    ignore: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    holders: Mapping[str, str] = field(default_factory=dict)
    instruments: Mapping[str, str] = field(default_factory=dict)


def read_columns(name: str, text: str) -> Columns | Unread:
    """Return what a mapping says, or what is wrong with it.

    Args:
        name: What the file is called in messages.
        text: Its content, TOML.
    """
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        place = re.search(r"line (\d+), column (\d+)", str(fault))
        where = f"{name}:{place[1]}:{place[2]}" if place else name
        return Unread(where, f"the mapping is not TOML: {str(fault).partition(' (at')[0][:120]}")
    fault_of = _fault(found)
    if fault_of is not None:
        words, hint = fault_of
        return Unread(name, words, hint)
    when = found.get("date")
    return Columns(
        entity=found["entity"],
        title=found.get("title", ""),
        kind=found.get("kind", ""),
        holders_are=found.get("holders are", ""),
        declare_classes=found.get("classes are") == "declared here",
        records=found.get("records", "issue"),
        currency=found.get("currency", ""),
        on=date.fromisoformat(when) if isinstance(when, str) else when,
        dates=found.get("dates", ""),
        decimal=found.get("decimal", ""),
        thousands=found.get("thousands", ""),
        sheet=found.get("sheet"),
        head=found.get("head", 1),
        delimiter=found.get("delimiter", ","),
        ignore=tuple(found.get("ignore", ())),
        skip=tuple(found.get("skip", ())),
        columns={head: meaning for meaning, head in found["columns"].items()},
        classes=found.get("classes", {}),
        holders=found.get("holders", {}),
        instruments=found.get("instruments", {}),
    )


def _fault(found: Mapping[str, Any]) -> tuple[str, str | None] | None:
    """Return what is wrong with a mapping that is TOML, with a hint; None if nothing is."""
    for name, value in found.items():
        wanted = SETTINGS.get(name)
        if wanted is None:
            return f"'{name}' is not a setting of a mapping", f"it knows: {', '.join(SETTINGS)}"
        if not isinstance(value, wanted) or isinstance(value, bool | datetime):
            return f"'{name}' has a value of another type", None
        inside = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
        if not all(isinstance(each, str) for each in inside):
            return f"the values under '{name}' must be words", None
    columns = found.get("columns", {})
    for needed in ("entity", "columns"):
        if needed not in found:
            return f"the mapping does not say '{needed}'", 'as in entity = "acme" and [columns] holder = "Shareholder"'
    for needed in ("holder", "class", "quantity"):
        if needed not in columns:
            return f"no column is said to be the {needed}", f'add {needed} = "..." under [columns]'
    for meaning in columns:
        if meaning not in COLUMNS:
            return f"'{meaning}' is not what a column may mean", f"it may mean: {', '.join(COLUMNS)}"
    heads = list(columns.values())
    if len(set(heads)) < len(heads):
        return "one column is said to mean two things", None
    ids = [("entity", found["entity"])]
    ids += [(f"classes '{words}'", each) for words, each in found.get("classes", {}).items()]
    ids += [(f"holders '{words}'", each) for words, each in found.get("holders", {}).items()]
    for where, each in ids:
        if not IDENTIFIER.match(each):
            return f"'{each}' ({where}) is not an id", "write small letters, digits and hyphens"
    for words, each in found.get("instruments", {}).items():
        if each not in INSTRUMENTS:
            return f"'{each}' (instruments '{words}') is not an instrument", f"write one of: {', '.join(INSTRUMENTS)}"
    return _fault_of_settings(found)


def _fault_of_settings(found: Mapping[str, Any]) -> tuple[str, str | None] | None:
    choices = (
        ("kind", ENTITY_KINDS),
        ("holders are", PARTY_KINDS),
        ("classes are", ("declared here",)),
        ("records", ("issue", "holding")),
        ("currency", tuple(MINOR_UNITS)),
    )
    for name, words in choices:
        if name in found and found[name] not in words:
            shown = ", ".join(words) if len(words) < 20 else "an ISO 4217 code such as USD"
            return f"'{found[name]}' is not a value of '{name}'", f"write {shown}"
    if isinstance(found.get("date"), str):
        try:
            date.fromisoformat(found["date"])
        except ValueError:
            return f"'{found['date']}' is not a day", "write it as in 2021-04-01"
    if found.get("decimal", ".") not in DECIMAL_SIGNS:
        return f"'{found['decimal']}' is not a value of 'decimal'", 'write "." or ","'
    if found.get("thousands", ",") not in THOUSANDS_SIGNS:
        return f"'{found['thousands']}' is not a value of 'thousands'", "write one of: . , ' or a space"
    if "thousands" in found and found["thousands"] == found.get("decimal", ""):
        return "'decimal' and 'thousands' are one sign", None
    if found.get("head", 1) < 1:
        return "'head' counts from 1", None
    if len(found.get("delimiter", ",")) != 1 or found.get("delimiter") in ("\n", "\r", '"', "\0"):
        return "'delimiter' is one sign", 'such as ";"'
    return None
