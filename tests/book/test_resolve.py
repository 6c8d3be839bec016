"""References, addresses, and what each account takes of a disputed fact."""

from __future__ import annotations

from datetime import date

import pytest
from book_texts import PEOPLE, acme, faults, on, sound

from muniment.book.accounts import World, accounts_of, disputed_facts
from muniment.book.book import Book
from muniment.book.load import load_text

SOURCES = "".join(f"2000-01-01 source {name}\n" for name in ("charter", "herald", "gazette", "reply"))
ACCOUNTS = (
    "2020-01-01 account heralds\n  follows: @herald\n"
    "2020-01-01 account gazettes\n  follows: @gazette, @herald\n"
    "2020-01-01 account replies\n  follows: @reply\n  extends: gazettes\n"
    "2020-01-01 account silent\n"
)
GIFT = (
    PEOPLE
    + SOURCES
    + ACCOUNTS
    + (
        "2020-01-01 company acme\n  class common\n"
        "2020-01-01 contribute gift\n  by: ada\n  to: acme\n  amount: disputed\n"
        "    - USD 1 [@charter, art. 1]\n    - USD 2 [@herald, p. 1]\n    - USD 3 [@gazette, p. 1]\n"
    )
)
LINE = GIFT.count("\n")


def taken(book: Book, account: str, address: str = "gift amount") -> str:
    """Return the words an account takes for a fact of a record, or why it is open."""
    for record, fact in disputed_facts(book):
        if f"{record.address} {fact.address}" == address:
            resolution = World(book, account).resolve(record, fact)
            return resolution.statement.text if resolution.statement is not None else resolution.why
    raise AssertionError(address)


# Accounts


def test_an_account_takes_what_its_sources_say() -> None:
    book = sound(GIFT)
    assert accounts_of(book) == ("keeper", "heralds", "gazettes", "replies", "silent")
    assert taken(book, "heralds") == "USD 2"


def test_where_two_followed_sources_differ_the_earlier_wins() -> None:
    assert taken(sound(GIFT), "gazettes") == "USD 3"
    assert taken(sound(GIFT.replace("@gazette, @herald", "@herald, @gazette")), "gazettes") == "USD 2"


def test_the_sources_of_an_extended_account_come_after_ones_own() -> None:
    assert taken(sound(GIFT), "replies") == "USD 3"
    assert taken(sound(GIFT + "    - USD 4 [@reply, p. 1]\n"), "replies") == "USD 4"


def test_a_statement_of_several_sources_counts_for_each() -> None:
    book = sound(GIFT.replace("[@herald, p. 1]", "[@herald, p. 1; @reply, p. 2]"))
    assert [taken(book, name) for name in ("heralds", "replies")] == ["USD 2", "USD 2"]


def test_where_no_source_says_prefer_decides() -> None:
    book = sound(GIFT + "    prefer: @charter, because it is signed\n")
    assert [taken(book, name) for name in ("keeper", "silent", "heralds")] == ["USD 1", "USD 1", "USD 2"]


def test_where_nothing_is_preferred_the_fact_is_open() -> None:
    record, fact = next(disputed_facts(sound(GIFT)))
    resolution = World(sound(GIFT), "silent").resolve(record, fact)
    assert (resolution.statement, resolution.choices) == (None, (0, 1, 2))


READINGS = (
    SOURCES
    + PEOPLE
    + (
        "2020-01-01 company acme\n"
        "  class common\n"
        "  board\n"
        "    seats outside\n"
        "      number: 1\n"
        "      removed by: disputed\n"
        "        - (strict) never [@charter, art. 2]\n        - (loose) majority of board [@charter, art. 2]\n"
        "        - ada [@herald, p. 1]\n"
        "2020-01-01 account wide\n  follows: @charter\n  reads: acme seats outside removed by as loose\n"
        "2020-01-01 account doubtful\n  follows: @charter\n"
        "2020-01-01 account wider\n  extends: wide\n"
        "2020-01-01 account narrower\n  extends: wide\n  reads: acme seats outside removed by as strict\n"
    )
)


def removal(book: Book, account: str) -> str | None:
    group = acme(book, "2021-01-01", account=account).bodies["board"].groups["outside"]
    return group.removed_by.text if group.removed_by else None


def test_reads_chooses_between_the_readings_of_one_passage() -> None:
    book = sound(READINGS)
    assert removal(book, "wide") == "majority of board"
    assert removal(book, "wider") == "majority of board"
    assert removal(book, "narrower") == "never"


def test_two_readings_without_a_choice_are_open_and_the_third_is_no_choice() -> None:
    book = sound(READINGS)
    structure = on(book, "2021-01-01", account="doubtful")
    (fact,) = structure.open_facts
    assert (fact.address, fact.readings) == (
        "acme seats outside removed by",
        ("(strict) never", "(loose) majority of board", ""),
    )
    assert "ambiguous" in taken(book, "doubtful", "acme seats outside removed by")
    assert removal(book, "doubtful") is None


def test_prefer_may_choose_a_reading_by_name() -> None:
    book = sound(
        READINGS.replace("        - ada [@herald, p. 1]\n", "        - ada [@herald, p. 1]\n        prefer: (strict)\n")
    )
    assert [removal(book, name) for name in ("keeper", "doubtful", "wide")] == ["never", "never", "majority of board"]


def test_an_account_is_resolved_once_for_all_that_is_asked_of_it() -> None:
    world = World(sound(GIFT), "replies")
    assert world.follows is world.follows
    assert world.follows == ("reply", "gazette", "herald")


def test_a_record_according_to_an_account_exists_there_alone() -> None:
    book = sound(
        GIFT + "2020-02-01 amend acme\n"
        "  according to: heralds, silent\n"
        "  law: Maine\n"
        "2020-03-01 amend acme\n"
        "  according to: keeper\n"
        "  law: Ohio\n"
    )
    laws = {name: acme(book, "2021-01-01", account=name).law for name in accounts_of(book)}
    assert laws == {"keeper": "Ohio", "heralds": "Maine", "gazettes": None, "replies": None, "silent": "Maine"}


def test_what_happens_under_an_event_of_one_account_happens_in_that_account() -> None:
    book = sound(
        GIFT + "2020-02-01 event flood\n  according to: heralds\n2020-02-01 amend acme\n  under: flood\n  law: Maine\n"
    )
    assert [acme(book, "2021-01-01", account=name).law for name in ("heralds", "keeper")] == ["Maine", None]


def test_what_nobody_disputes_holds_in_every_account() -> None:
    book = sound(GIFT)
    for name in accounts_of(book):
        assert "common" in acme(book, "2021-01-01", account=name).classes


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("  reads: gift amounts as strict", "M313", "gift amounts"),
        ("  reads: gift amount as strict", "M313", "strict"),
        ("  reads: gifts amount as strict", "M310", "gifts"),
        ("  follows: @heralds", "M311", "heralds"),
        ("  follows: @tribune", "M307", "tribune"),
        ("  extends: nobody", "M309", "nobody"),
    ],
)
def test_an_account_that_names_nothing_is_an_error(line: str, code: str, words: str) -> None:
    book = load_text(GIFT + "2020-01-01 account ours\n" + line + "\n")
    (found,) = book.diagnostics
    text = book.lines["stdin.muni"].split("\n")[found.span.line - 1]
    assert (found.code, text[found.span.column - 1 : found.span.end_column - 1]) == (code, words)


# Addresses


def test_subject_records_are_addressed_by_subject_kind_and_date_and_then_by_number() -> None:
    book = sound(
        PEOPLE
        + "2020-01-01 company acme\n  class common\n"
        + "2020-01-01 issue acme\n  ada: 1 common\n" * 2
        + "2020-01-01 issue acme\n  id: last\n  ada: 1 common\n"
    )
    assert list(book.index.by_address)[-4:] == ["acme", "acme/issue/2020-01-01", "acme/issue/2020-01-01/2", "last"]


def test_a_second_record_of_one_id_is_an_error_and_the_first_stays() -> None:
    book = load_text(PEOPLE + '2020-01-01 person ada "Another"\n2020-01-01 source bo "A letter"\n')
    assert faults(book) == [("M301", 5), ("M301", 6)]
    assert book.index.defined["ada"].title == ""
    assert book.index.defined["bo"].kind == "person"


def test_classes_of_two_entities_may_have_one_id() -> None:
    book = sound(
        PEOPLE + "2020-01-01 company acme\n  class common\n2020-01-01 company beta\n  class common\n"
        "  rules\n    merge: majority of common and majority of acme.common\n"
        "2020-01-01 issue acme\n  ada: 1 common\n2020-01-01 issue beta\n  bo: 1 common\n"
    )
    assert on(book, "2020-01-01").holdings["beta"][0].party == "bo"


# One fault, one diagnostic


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("04/03/2021 person ada\n", [("M110", 1)]),
        ("2021-03-04 person ada okafor\n", [("M115", 1)]),
        ("2021-03-04 company acme\n  class Common\n    votes per share: 1\n", [("M116", 2)]),
        ("2021-03-04 company acme\n  law: Maine [@, art. 1]\n", [("M122", 2)]),
        ("2021-03-04 pledge gift\n  amount: disputed\n    -USD 5\n", [("M128", 3)]),
        ("2021-03-04 compny acme\n  law: Maine\n2021-03-05 amend acme\n  law: Ohio\n", [("M200", 1)]),
        ("2021-13-04 company acme\n2021-03-05 amend acme\n  law: Ohio\n", [("M211", 1)]),
        (
            "2021-03-04 company acme\n"
            "  bord\n"
            "    seats one\n"
            "      number: 1\n"
            "2021-03-05 vote acme\n"
            "  on: acme: merge\n",
            [("M291", 2)],
        ),
        ("2021-03-04 company acme\n  class a\n  rules\n    merge: majority of b\n", [("M304", 4)]),
    ],
)
def test_one_fault_is_reported_once(text: str, expected: list[tuple[str, int]]) -> None:
    assert faults(load_text(text)) == expected


def test_seats_in_a_block_that_is_left_out_are_not_reported_again() -> None:
    text = (
        PEOPLE + "2020-01-01 company acme\n"
        "  bord\n"
        "    seats founders\n"
        "      number: 1\n"
        "2020-01-02 appoint acme\n"
        "  founders: ada\n"
    )
    assert faults(load_text(text)) == [("M291", 6)]


def test_a_fault_in_one_record_does_not_hide_the_same_word_elsewhere() -> None:
    text = PEOPLE + "2020-01-01 company acme\n  law: [\n  lwa: preferred\n  rules\n    merge: majority of preferred\n"
    assert ("M304", 9) in faults(load_text(text))


# Open facts reach the entity they are about


def test_an_open_fact_names_the_entity_it_touches() -> None:
    text = (
        SOURCES
        + PEOPLE
        + (
            "2020-01-01 company acme\n2020-01-01 company beta\n"
            "2020-01-01 agreement pact\n"
            "  parties: ada, beta\n"
            "  consent\n"
            "    of: disputed\n"
            "      - ada [@herald, p. 1]\n"
            "      - bo [@gazette, p. 1]\n"
            "    for: merge\n"
            "2020-01-01 pay first\n"
            "  by: acme\n"
            "  to: ada\n"
            "  amount: disputed\n"
            "    - USD 1 [@herald, p. 1]\n"
            "    - USD 2 [@gazette, p. 1]\n"
        )
    )
    structure = on(sound(text), "2021-01-01")
    assert {fact.address: fact.entity for fact in structure.open_facts} == {
        "pact consent of": "beta",
        "first amount": "acme",
    }


def test_the_keeper_may_try_a_statement() -> None:
    book = sound(GIFT)
    record, fact = next(disputed_facts(book))
    chosen = World(book).choosing({"gift amount": 2}).resolve(record, fact)
    assert chosen.statement is not None
    assert chosen.statement.text == "USD 3"
    assert World(book).on(date(2021, 1, 1)).account == "keeper"
