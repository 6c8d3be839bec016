"""Every code of values and rules has a page, and its example causes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import muniment.model
from muniment.model import right_terms
from muniment.model.amounts import parse_class_quantity, parse_money
from muniment.model.codes import CODES
from muniment.model.dates import parse_date
from muniment.model.rule_reader import parse_rule

READERS = ("dates", "numbers", "durations", "amounts", "rule_reader", "rule_phrases", "right_terms")


def found_in(example: str) -> object:
    """Read what an example is about: its date, or the value on its last line."""
    if "\n" not in example:
        return parse_date(example.split()[0])
    label, _, value = example.splitlines()[-1].strip().partition(": ")
    readers = {
        "votes per share": right_terms.parse_votes,
        "over": right_terms.parse_option_over,
        "from": right_terms.parse_option_source,
        "exercisable": right_terms.parse_exercise_time,
        "price": right_terms.parse_option_price,
        "held at most": right_terms.parse_held_at_most,
        "retrieved": parse_date,
        "amount": parse_money,
        "ada": parse_class_quantity,
        "merge": parse_rule,
    }
    return readers[label](value)


@pytest.mark.parametrize("code", CODES)
def test_the_example_of_a_code_causes_it(code: str) -> None:
    assert getattr(found_in(CODES[code].example), "code", None) == code


@pytest.mark.parametrize("code", CODES)
def test_what_to_write_instead_has_no_fault(code: str) -> None:
    assert not hasattr(found_in(re.split(r",? or (?=\d|at least)", CODES[code].instead)[0]), "code")


def test_the_codes_that_readers_use_are_those_with_a_page() -> None:
    folder = Path(muniment.model.__file__).parent
    used = {code for name in READERS for code in re.findall(r'"(M2\d\d)"', (folder / f"{name}.py").read_text("utf-8"))}
    assert used == set(CODES)
    assert all("M210" <= code <= "M279" for code in CODES)


def test_names_are_kebab_case_and_unique() -> None:
    names = [code.name for code in CODES.values()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)
