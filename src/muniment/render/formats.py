"""One answer in any of the formats."""

from __future__ import annotations

from typing import Literal, TypeAlias

from muniment.render.answer import Answer

Format: TypeAlias = Literal["table", "json", "jsonl", "csv", "md"]
FORMATS: tuple[Format, ...] = ("table", "json", "jsonl", "csv", "md")


def render(answer: Answer, format: Format, width: int = 100, colour: bool = False) -> str:  # noqa: A002
    """Return the answer as text that ends with a line feed, or as an empty text if there is nothing to say.

    Args:
        answer: What to write.
        format: ``table`` for a terminal; ``json`` one object; ``jsonl`` one object a line; ``csv``; ``md`` Markdown.
        width: Terminal cells a line of ``table`` may take; at least 20 is used.
        colour: Whether ``table`` may use bold and dim.

    Raises:
        ValueError: If there is no such format.
    """
    match format:
        case "table":
            from muniment.render.table import to_text

            return to_text(answer, max(20, width), colour)
        case "json":
            from muniment.render.machine import to_json

            return to_json(answer)
        case "jsonl":
            from muniment.render.machine import to_json_lines

            return to_json_lines(answer)
        case "csv":
            from muniment.render.spreadsheet import to_csv

            return to_csv(answer)
        case "md":
            from muniment.render.markdown import to_markdown

            return to_markdown(answer)
    raise ValueError(f"no format {format!r}")
