"""The fixture that all golden tests rest on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from muniment import __version__

pytest_plugins = ["pytester"]


def test_what_differs_from_run_to_run_is_replaced(pytester: pytest.Pytester) -> None:
    conftest = (Path(__file__).parents[1] / "conftest.py").read_text(encoding="utf-8")
    folder = pytester.path / "tests"
    folder.mkdir()
    (folder / "conftest.py").write_text(conftest, encoding="utf-8")
    test = folder / "test_it.py"
    text = f"in {{tmp_path}}, version {__version__}, {'a' * 64}, {date.today()}, on 2019-03-11"  # noqa: DTZ011
    test.write_text(f"def test_it(golden, tmp_path):\n    golden('it.txt', f'{text}')\n", encoding="utf-8")
    pytester.runpytest_subprocess("tests").assert_outcomes(failed=1)
    pytester.runpytest_subprocess("--update", "tests").assert_outcomes(passed=1)
    assert (folder / "golden" / "it.txt").read_text() == "in FOLDER, version VERSION, HASH, TODAY, on 2019-03-11"
    pytester.runpytest_subprocess("tests").assert_outcomes(passed=1)
    test.write_text(test.read_text().replace("on 2019-03-11", "on 2019-03-12"), encoding="utf-8")
    pytester.runpytest_subprocess("tests").assert_outcomes(failed=1)
