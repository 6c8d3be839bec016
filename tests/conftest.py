"""The option `--update` and the fixture `golden`: outputs kept under tests/golden and compared letter by letter."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from muniment import __version__

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden"

# A busy machine must not fail a property for being slow; time is measured by the benchmarks.
settings.register_profile("muniment", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "muniment")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the files under tests/golden")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own MUNIMENT_* settings out of the tests."""
    for name in list(os.environ):
        if name.startswith("MUNIMENT_"):
            monkeypatch.delenv(name)


def scrub(text: str, *folders: Path) -> str:
    """Replace what differs from run to run: folders, the version, hashes.

    Dates are replaced only where they are today's: an answer's own dates are what is tested.
    """
    from datetime import date

    for folder in sorted({*folders, ROOT}, key=lambda path: -len(str(path))):
        text = text.replace(str(folder), "FOLDER")
    text = re.sub(rf"(?<![\d.]){re.escape(__version__)}(?![\d.])", "VERSION", text)
    text = re.sub(r"\b[0-9a-f]{40,64}\b", "HASH", text)
    return text.replace(date.today().isoformat(), "TODAY")  # noqa: DTZ011


@pytest.fixture
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str, str], None]:
    """Return a function that compares a text with `tests/golden/NAME`, or rewrites that file under `--update`."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        shown = scrub(text, tmp_path)
        if request.config.getoption("--update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(shown, encoding="utf-8", newline="\n")
        if not path.is_file():
            pytest.fail(f"tests/golden/{name} is missing; run pytest --update and read the diff", pytrace=False)
        assert shown == path.read_text(encoding="utf-8")

    return compare
