"""Cap tables."""

from __future__ import annotations

from fractions import Fraction

from payout_structures import acme, held, share_class, structure, usd

from muniment.model.values import Bounded
from muniment.payout import cap_table


def test_acme() -> None:
    table = cap_table(acme(), "e")
    rows = {(row.party, row.class_id): row for row in table.rows}
    ada = rows[("ada", "common")]
    assert (ada.quantity, ada.of_class, ada.of_total, ada.fully_diluted) == (
        4_000_000, Fraction(2, 3), Fraction(1, 2), Fraction(1, 2),
    )  # fmt: skip
    assert [(total.class_id, total.issued, total.authorized) for total in table.totals] == [
        ("common", 6_000_000, 10_000_000),
        ("series-a", 2_000_000, 4_000_000),
    ]
    assert table.because
    assert sum(row.of_total or 0 for row in table.rows) == 1
    assert sum(row.fully_diluted or 0 for row in table.rows) == 1
    json = table.to_json()
    assert json["rows"][0] == {
        "party": "ada",
        "class": "common",
        "quantity": "4000000",
        "of_class": "2/3",
        "of_total": "1/2",
        "fully_diluted": "1/2",
    }


def test_fully_diluted_counts_shares_as_converted() -> None:
    given = structure(
        [share_class("common"), share_class("a", converts_into=(Fraction(3), "common"))],
        [held("ada", "common", 3), held("bo", "a", 1, usd(1))],
    )
    assert [row.fully_diluted for row in cap_table(given, "e").rows] == [Fraction(1, 2), Fraction(1, 2)]
    assert [row.of_total for row in cap_table(given, "e").rows] == [Fraction(3, 4), Fraction(1, 4)]


def test_open_and_relative_holdings_are_shown_as_stated() -> None:
    given = structure(
        [share_class("common"), share_class("a")],
        [
            held("ada", "common", Fraction(1, 4), of="class"),
            held("bo", "a", Bounded(Fraction(1), Fraction(2), text="1 to 2")),
            held("cy", "", Fraction(1, 2), of="votes"),
        ],
    )
    ada, bo, cy = cap_table(given, "e").rows
    assert (ada.quantity, ada.of_class, ada.of_total) == (None, Fraction(1, 4), None)
    assert (bo.quantity, bo.of_class, bo.stated) == (None, 1, "1 to 2")  # whoever holds all of a class holds 100%
    assert (cy.of_class, cy.stated) == (None, "1/2 of votes")


def test_an_unknown_entity_is_refused() -> None:
    assert cap_table(acme(), "nobody").refusals[0].kind == "unknown entity"


def test_own_shares_are_left_out() -> None:
    given = structure([share_class("common")], [held("ada", "common", 1), held("e", "common", 9)])
    table = cap_table(given, "e")
    assert [row.of_class for row in table.rows] == [1]
    assert "What e holds in itself is left out." in table.assumptions
