"""`muniment disputes --record`: a name that no record has is a mistake in the command, not an empty answer."""

from __future__ import annotations

from pathlib import Path

from muniment.cli.main import run

ACME = Path(__file__).resolve().parents[2] / "books" / "acme"


def test_a_record_that_is_not_there_is_refused(capsys):
    (known, *_) = (
        line.split()[2]
        for path in sorted(ACME.glob("*.muni"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line[:1].isdecimal() and line.split()[1] == "person"
    )
    assert run(["disputes", str(ACME), "--record", f"{known}x"]) == 2
    assert f"did you mean '{known}'?" in capsys.readouterr().err
    assert run(["disputes", str(ACME), "--record", known]) in (0, 1)
