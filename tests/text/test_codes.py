"""The table of codes: complete, and true to what the reader reports."""

from __future__ import annotations

import re

import pytest

from muniment.text.codes import CODES
from muniment.text.reader import read_bytes

ABRIDGED = {"M126", "M127", "M199"}


def test_codes_are_of_this_area_and_complete() -> None:
    names = [code.name for code in CODES.values()]
    assert len(set(names)) == len(names)
    for key, code in CODES.items():
        assert key == code.code
        assert re.fullmatch(r"M1\d\d", key)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.name)
        assert all((code.what, code.why, code.example, code.instead, code.when_to_silence))


@pytest.mark.parametrize("key", sorted(CODES.keys() - ABRIDGED))
def test_example_causes_the_fault_and_nothing_else(key: str) -> None:
    data = CODES[key].example.encode("utf-8")
    data = data.replace(b"\\xe9", b"\xe9").replace(b"\\x00", b"\0").replace(b"\\r\\n", b"\r\n")
    data = data.replace(b"\\ufeff", b"\xef\xbb\xbf").replace(b"\\u202e", "\u202e".encode())
    _, found = read_bytes(data, "a")
    assert [one.code for one in found] == [key]


@pytest.mark.parametrize("key", sorted(CODES))
def test_what_to_write_instead_reads_without_a_fault(key: str) -> None:
    instead = CODES[key].instead
    if instead.startswith("2021"):
        assert read_bytes(instead.encode(), "a")[1] == []
    else:
        assert instead.endswith((".", '"')) or '"' in instead
