"""The curve of a payout as a table for spreadsheets and as a chart."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from muniment.payout import Payout
from muniment.payout.curve import Column, Curve
from muniment.payout.rounding import minor_digits, plain
from muniment.render.inert import inert_spreadsheet

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


def curve_points(payout: Payout) -> list[tuple[Fraction, bool]]:
    """Return where the curve is shown, ascending: (proceeds, just before it); both sides of a jump."""
    curve = payout.curve
    if curve is None:
        return []
    jumps = {x for column in curve.columns for x in column.amount.jumps()}
    points = {Fraction(0), payout.proceeds.amount, *(each.proceeds for each in payout.breakpoints), *jumps}
    return [(x, before) for x in sorted(points) for before in ((True, False) if x in jumps else (False,))]


def named_columns(curve: Curve) -> list[tuple[str, Column]]:
    """Return the columns that may hold something, each with a name of its own where it can be."""
    found: list[tuple[str, Column]] = []
    for column in curve.columns:
        if not column.holders and not column.amount.slope and all(not y for _, y in column.amount.knots):
            continue
        name = column.instrument or column.class_id or column.kind
        if column.kind == "excess":
            name = f"excess over {name}"
        elif column.class_id is None and column.holders:
            name = f"{column.kind} to {column.holders[0][0]}"
        found.append((name, column))
    return found


def _values(payout: Payout) -> Iterator[tuple[Fraction, bool, list[Fraction]]]:
    curve = payout.curve
    assert curve is not None
    columns = [column for _, column in named_columns(curve)]
    for x, before in curve_points(payout):
        yield x, before, [column.amount.before(x) if before else column.amount.at(x) for column in columns]


def curve_csv(payout: Payout, rests_on: Mapping[str, str] | None = None) -> str:
    """Return the curve as CSV: a row for each point at which it bends, two where it jumps; between rows it is straight.

    Amounts are to the nearest minor unit.

    Args:
        payout: Whose curve it is.
        rests_on: Further columns, by name, that hold the same in each row, such as the date.
    """
    curve = payout.curve
    if curve is None:
        return ""
    causes = {each.proceeds: each.cause for each in payout.breakpoints}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [name for name, _ in named_columns(curve)]
    more = rests_on or {}
    writer.writerow([inert_spreadsheet(name) for name in ("proceeds", "side", *names, "currency", "cause", *more)])
    for x, before, amounts in _values(payout):
        cells = [_text(x, curve), "before" if before else "at", *(_text(amount, curve) for amount in amounts)]
        said = ("" if before else causes.get(x, ""), *more.values())
        writer.writerow([*cells, curve.currency, *(inert_spreadsheet(words) for words in said)])
    return out.getvalue()


def curve_vega(payout: Payout) -> str:
    """Return a Vega-Lite chart of the curve: a line for each class, instrument and cost, and a rule at each bend."""
    curve = payout.curve
    if curve is None:
        return ""
    names = [name for name, _ in named_columns(curve)]
    lines: list[dict[str, Any]] = []
    for order, (x, _, amounts) in enumerate(_values(payout)):
        lines += [
            {"proceeds": _text(x, curve), "payee": name, "amount": _text(amount, curve), "order": order}
            for name, amount in zip(names, amounts, strict=True)
        ]
    bends = [{"proceeds": _text(each.proceeds, curve), "cause": each.cause} for each in payout.breakpoints]
    money = f", {curve.currency}" if curve.currency else ""
    across = {"field": "proceeds", "type": "quantitative", "title": f"Proceeds{money}", "axis": {"format": ",.0f"}}
    upward = {"field": "amount", "type": "quantitative", "title": f"Paid{money}", "axis": {"format": ",.0f"}}
    spec = {
        "$schema": SCHEMA,
        "title": f"Payouts of {curve.entity}",
        "description": f"What each class of {curve.entity} is paid, by the proceeds, in {curve.currency}.",
        "width": 640,
        "height": 400,
        "layer": [
            {
                "data": {"values": lines, "format": {"parse": {"proceeds": "number", "amount": "number"}}},
                "mark": {"type": "line", "tooltip": True},
                "encoding": {
                    "x": across,
                    "y": upward,
                    "color": {"field": "payee", "type": "nominal", "sort": names, "title": "Paid to"},
                    "order": {"field": "order", "type": "quantitative"},
                },
            },
            {
                "data": {"values": bends, "format": {"parse": {"proceeds": "number"}}},
                "mark": {"type": "rule", "strokeDash": [2, 4], "opacity": 0.5},
                "encoding": {
                    "x": {"field": "proceeds", "type": "quantitative"},
                    "tooltip": {"field": "cause", "type": "nominal", "title": "What happens here"},
                },
            },
        ],
    }
    return json.dumps(spec, indent=2, ensure_ascii=False) + "\n"


def _text(amount: Fraction, curve: Curve) -> str:
    digits = minor_digits(curve.currency)
    return plain(Fraction(round(amount * 10**digits), 10**digits), digits)
