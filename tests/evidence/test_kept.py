"""What is kept between runs: found again, never trusted when damaged, bounded, and silent where the disk fails."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.book.load import load
from muniment.evidence import kept as keeping
from muniment.evidence.checking import check_quotes
from muniment.evidence.kept import Kept


@pytest.fixture
def kept(tmp_path):
    return Kept(tmp_path / ".muniment")


def entry_of(kept):
    (path,) = (path for path in kept.folder.iterdir() if path.name != ".gitignore")
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(key=st.text(), data=st.binary(max_size=2_000))
def test_what_is_put_is_got(kept, key, data):
    kept.put("text", key, data)
    assert (kept.get("text", key), kept.get("folded", key), kept.has("text", key)) == (data, None, True)


def test_nothing_is_kept_without_a_folder():
    kept = Kept(None)
    kept.put("text", "key", b"data")
    assert (kept.get("text", "key"), kept.has("text", "key")) == (None, False)


def test_the_folder_is_out_of_version_control_and_holds_no_half_entries(kept):
    kept.put("text", "key", b"data")
    kept.put("text", "key", b"other")
    assert (kept.folder / ".gitignore").read_text() == "*\n"
    assert len(list(kept.folder.iterdir())) == 2
    assert kept.get("text", "key") == b"other"


@pytest.mark.parametrize("damage", [lambda d: d[:-1], lambda d: d + b"x", lambda d: b"x" + d[1:], lambda d: b""])
def test_a_damaged_entry_counts_as_missing(kept, damage):
    kept.put("text", "key", b"some data")
    path = entry_of(kept)
    path.write_bytes(damage(path.read_bytes()))
    assert kept.get("text", "key") is None


def test_an_entry_in_the_place_of_another_counts_as_missing(kept):
    kept.put("text", "one", b"some data")
    path = entry_of(kept)
    kept.put("text", "other", b"other data")
    for each in kept.folder.iterdir():
        if each.name not in (".gitignore", path.name):
            each.write_bytes(path.read_bytes())
    assert (kept.get("text", "one"), kept.get("text", "other")) == (b"some data", None)


def test_links_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / ".muniment").symlink_to(outside)
    kept = Kept(tmp_path / ".muniment")
    kept.put("text", "key", b"data")
    assert list(outside.iterdir()) == []
    real = Kept(tmp_path / "real")
    real.put("text", "key", b"data")
    path = entry_of(real)
    (tmp_path / "moved").write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(tmp_path / "moved")
    assert real.get("text", "key") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_in_the_place_of_an_entry_does_not_hang(kept):
    kept.put("text", "key", b"data")
    path = entry_of(kept)
    path.unlink()
    os.mkfifo(path)
    assert kept.get("text", "key") is None


def test_a_folder_that_cannot_be_written_is_as_if_nothing_were_kept(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "no" / "such", Path("/proc/muniment")):
        kept = Kept(folder)
        kept.put("text", "key", b"data")
        assert kept.get("text", "key") is None


def test_the_oldest_go_where_there_is_no_room(kept, monkeypatch):
    monkeypatch.setattr(keeping, "LARGEST_TOTAL", 1_000)
    for number in range(10):
        kept.put("text", str(number), bytes(200))
        path = kept.folder / keeping._name("text", str(number))
        os.utime(path, ns=(number, number))
    (kept.folder / "of the user").write_bytes(bytes(5_000))
    kept.put("text", "last", bytes(200))
    left = [number for number in range(10) if kept.get("text", str(number)) is not None]
    assert left == [7, 8, 9]
    assert kept.get("text", "last") == bytes(200)
    assert (kept.folder / "of the user").stat().st_size == 5_000


def test_a_forged_entry_makes_no_quotation_verify(tmp_path):
    """Who can write the folder can write any entry with its right hash; the verdict must not come from there."""
    real, forged = b"It shall not dissolve.\n", b"It shall dissolve at once.\n"
    (tmp_path / "muniment.toml").write_text('name = "Acme"\nformat = 1\n')
    (tmp_path / "charter.txt").write_bytes(real)
    (tmp_path / "acme.muni").write_text(
        f"2021-03-04 source charter\n  file: charter.txt\n  sha256: {hashlib.sha256(forged).hexdigest()}\n\n"
        "2021-03-04 company acme\n  remark: ends [@charter]\n    > It shall dissolve at once\n"
    )
    kept = Kept(tmp_path / ".muniment")
    for key in (hashlib.sha256(real).hexdigest(), hashlib.sha256(forged).hexdigest()):
        kept.put("source", key, forged)
    (row,) = check_quotes(load(tmp_path), (), kept).rows
    assert not row.is_verified
    assert row.matched != "exact"
    kept.put("source", hashlib.sha256(forged).hexdigest(), real)
    (row,) = check_quotes(load(tmp_path), (), kept).rows
    assert (row.is_verified, row.change.was) == (False, None)
