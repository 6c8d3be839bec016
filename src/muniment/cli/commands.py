"""The commands and the first page of help; imports nothing, so that help comes at once."""

from __future__ import annotations

COMMANDS = {
    "check": "Report every fault of a book, and the expectations that do not hold.",
    "fmt": "Write .muni files in their one layout.",
    "explain": "Say what a diagnostic code means and what to write instead.",
    "control": "Who passes, blocks and swings each matter.",
    "signatures": "Who must sign or vote for a matter, and by when.",
    "paths": "Whether parties can come to decide a matter, and how.",
    "legal": "Who controls an entity, by the tests of several laws.",
    "payout": "Who gets what of the proceeds of a sale.",
    "cap-table": "Who holds what of a company.",
    "round": "What a priced round comes to: price, conversions, holders.",
    "distributions": "What was distributed by which tier, and what is open.",
    "value": "What each holder's claim is worth before a sale.",
    "offers": "Offers of employment side by side.",
    "quotes": "Whether each quotation stands in its source.",
    "scan": "Records proposed from documents, cited and quoted.",
    "draft": "Records that a model you name proposes, if quoted truly.",
    "manifest": "Every source with its file and hash; compare with an earlier list.",
    "disputes": "What sources disagree on, and which answers turn on it.",
    "threads": "The mail of the sources, by exchange.",
    "timeline": "What happened, in order of dates.",
    "compare": "The same questions under several proposals, dates or accounts.",
    "report": "Everything a book answers, in one page.",
    "import": "Records from an Open Cap Format package or a spreadsheet.",
    "export": "A company as an Open Cap Format package or a spreadsheet.",
    "completion": "Print a script that completes commands in your shell.",
}
"""Every command with its line of help; the module of the same name is imported when the command is called."""


def help_text() -> str:
    """Return the page that `muniment --help` prints, at most 80 cells wide."""
    rows = "".join(f"  {name:<13} {line}\n" for name, line in COMMANDS.items())
    return f"""\
Usage: muniment COMMAND [BOOK] [OPTIONS]

  Ask a book of records who decides, who gets paid, and who says so.

  BOOK is a folder of .muni files with a muniment.toml; without it, the
  nearest such folder is taken, from here upwards.

Commands:
{rows}
Options:
  --version   Print the version.
  -h, --help  Print this page; after a command, the help of that command.

Every option is also read from the environment: --on from MUNIMENT_ON.
Exit codes: 0 fine; 1 the book has errors; 2 wrong usage; 3 our own fault.
"""
