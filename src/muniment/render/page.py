"""Answers as one HTML page that stands by itself: no script, no request, one style sheet under a strict policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from muniment.render.answer import Answer, Table
from muniment.render.inert import inert, inert_line

STYLE = """
:root { color-scheme: light dark; --paper: #fdfcf9; --ink: #1f1c17; --ink-2: #585146; --rule: #ddd7ca;
  --rule-2: #8c8475; --control: #9c3a06; --soft: #f6ddcd;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, P052, Georgia, "Liberation Serif", serif;
  --sans: -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --paper: #171512; --ink: #ece6da; --ink-2: #b6ad9d; --rule: #3b362d;
  --rule-2: #857c6c; --control: #f39b68; --soft: #4a2a17; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 24px; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.5 var(--serif); font-variant-numeric: lining-nums; }
h1 { font-size: 1.9375rem; font-weight: 400; line-height: 1.2; margin: 0 0 16px; }
h2 { font-size: 1.25rem; font-weight: 600; line-height: 1.2; margin: 0 0 8px; }
h3 { font-size: 1.0625rem; font-weight: 600; line-height: 1.2; margin: 0 0 8px; }
section { margin: 0 0 40px; padding-top: 16px; border-top: 1px solid var(--rule); }
section.part { margin-top: -28px; padding-top: 0; border-top: 0; }
p { margin: 0 0 8px; max-width: 42rem; white-space: pre-wrap; }
.scroll { overflow-x: auto; margin: 8px 0 12px; }
table { border-collapse: collapse; width: 100%; font: .875rem/1.45 var(--sans); }
th, td { text-align: left; vertical-align: top; padding: 6px 16px 6px 0; border-bottom: 1px solid var(--rule);
  white-space: pre-wrap; }
thead th { border-bottom: 1px solid var(--ink); font-weight: 600; }
tbody th { font-weight: 600; }
td.right, th.right { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 12px 0; overflow-x: auto; }
footer { font: .8125rem/1.5 var(--sans); color: var(--ink-2); border-top: 1px solid var(--rule-2); padding-top: 12px; }
svg.plan text { fill: var(--ink); } svg.plan .majt { fill: var(--ink-2); } svg.plan .maj { stroke: var(--ink); }
svg.plan .ours { fill: var(--control); stroke: var(--control); }
svg.plan text.ours { fill: var(--paper); stroke: none; }
svg.plan .plan { fill: var(--soft); stroke: var(--control); }
svg.plan text.plan { fill: var(--control); stroke: none; }
svg.plan .others { fill: var(--paper); stroke: var(--ink); } svg.plan text.others { fill: var(--ink); stroke: none; }
svg.plan .vacant { fill: none; stroke: var(--rule-2); } svg.plan .bar { fill: var(--paper); stroke: var(--rule-2); }
@media print { body { padding: 0; font-size: 10.5pt; } section, figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; } }
"""
POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


def to_page(answer: Answer) -> str:
    """Return the answer as an HTML page; the first table's title is that of the page."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode("utf-8")).digest()).decode("ascii")
    title = _words(answer.tables[0].title) if answer.tables else answer.command
    parts = [_section(table, is_first=at == 0) for at, table in enumerate(answer.tables)]
    if answer.sentences:
        parts.append(f"<section>{_paragraphs(answer.sentences)}</section>")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY.format(digest))}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + f"\n</main>\n<footer>{_paragraphs(answer.footer)}</footer>\n</body>\n</html>\n"
    )


def _section(table: Table, *, is_first: bool) -> str:
    level = "h1" if is_first else "h3" if table.is_part else "h2"
    parts = [f"<{level}>{_words(table.title)}</{level}>"] if table.title else []
    if table.columns:
        heads = "".join(f'<th scope="col"{_side(column.align)}>{_words(column.name)}</th>' for column in table.columns)
        rows = "".join(f"<tr>{_row(table, row)}</tr>\n" for row in table.rows)
        parts.append(
            f'<div class="scroll"><table><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>'
        )
    if table.note:
        parts.append(_paragraphs(table.note.splitlines()))
    if table.picture:
        parts.append(f"<figure>{table.picture}</figure>")
    opening = '<section class="part">' if table.is_part and not is_first else "<section>"
    return opening + "\n".join(parts) + "</section>"


def _row(table: Table, row: tuple[str, ...]) -> str:
    cells = [
        f"<td{_side(column.align)}>{escape(inert(text), quote=False)}</td>"
        for column, text in zip(table.columns, row, strict=True)
    ]
    return "".join(cells)


def _side(align: str) -> str:
    return ' class="right"' if align == "right" else ""


def _paragraphs(sentences: Iterable[str]) -> str:
    return "\n".join(f"<p>{escape(inert_line(words), quote=False)}</p>" for words in sentences if words.strip())


def _words(text: str) -> str:
    return escape(inert_line(text), quote=False)
