"""Most-favored-nation clauses in a round: which terms are taken, with numbers computed by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from rounds_setup import COMPANY, ROUND, ask

from muniment.payout.rounds.solution import Converted

SAFE = """\
{day} safe {name}
  issuer: tide
  to: oak
  amount: USD {amount}
{terms}
"""
FAVORED = SAFE.format(day="2021-02-01", name="first", amount="1,000,000", terms="  mfn: yes")


def safe(name: str, terms: str, day: str = "2021-03-01", amount: str = "1,000,000") -> str:
    return SAFE.format(day=day, name=name, amount=amount, terms=terms)


def converted(*records: str, pre: str = "32,000,000") -> dict[str, Converted]:
    names = ", ".join(record.split()[2] for record in records)
    text = COMPANY + "".join(records) + ROUND.replace("32,000,000", pre) + f"  converts: {names}\n"
    (found,) = ask(text)
    assert found.answer.refusals == ()
    (outcome,) = found.answer.outcomes
    return {each.id: each for each in outcome.solution.converted}


def test_with_none_later_it_has_its_own_terms() -> None:
    """One of 32 million becomes 1/32 of the shares: 8 x 1/31 million, at the price of the round."""
    first = converted(FAVORED)["first"]
    assert (first.price, first.shares, first.way.of) == (Fraction("3.875"), Fraction(8_000_000, 31), "")
    earlier = converted(safe("other", "  discount: 50%", "2021-01-15"), FAVORED)["first"]
    same_day = converted(safe("other", "  discount: 50%", "2021-02-01"), FAVORED)["first"]
    assert earlier.way.of == same_day.way.of == ""


@pytest.mark.parametrize(("pre", "takes"), [("32,000,000", "capped"), ("10,000,000", "cheaper")])
def test_of_a_cap_and_a_discount_it_takes_what_gives_more_shares(pre: str, takes: str) -> None:
    """A cap of 16 beats 20% off a round at 32 and loses to it at 10; the shares of the round say which."""
    found = converted(
        FAVORED,
        safe("capped", "  cap: USD 16,000,000 post-money"),
        safe("cheaper", "  discount: 20%", "2021-04-01"),
        pre=pre,
    )
    assert found["first"].way.of == takes
    assert found["first"].price == found[takes].price == min(each.price for each in found.values())


def test_its_own_better_terms_are_kept() -> None:
    own = FAVORED + "  cap: USD 8,000,000 post-money\n"
    found = converted(own, safe("capped", "  cap: USD 16,000,000 post-money"))
    assert (found["first"].way.of, found["capped"].price / found["first"].price) == ("", 2)


def test_a_fixed_part_is_taken_in_proportion_to_the_amounts() -> None:
    """The other pays 500,000 for 5%, so a million buys a tenth: 8 / (1 - 0.15) million in all."""
    found = converted(FAVORED, safe("part", "  part: 5%", amount="500,000"))
    whole = Fraction(8_000_000) / Fraction(85, 100)
    assert (found["first"].shares, found["part"].shares) == (whole / 10, whole / 20)
    assert found["first"].way.of == "part"


def test_two_that_may_take_anothers_terms_take_the_same() -> None:
    second = safe("second", "  mfn: yes", "2021-02-15", "2,000,000")
    found = converted(FAVORED, second, safe("capped", "  cap: USD 16,000,000 post-money"))
    assert found["second"].shares == 2 * found["first"].shares == 2 * found["capped"].shares


def test_an_unknown_day_is_refused_only_where_it_matters() -> None:
    undated = safe("capped", "  cap: USD 16,000,000 post-money", "2021")
    (found,) = ask(COMPANY + FAVORED + undated + ROUND + "  converts: first\n", clean=False)
    assert [each.kind for each in found.answer.refusals] == ["date unknown"]
    (found,) = ask(COMPANY + FAVORED.replace("  mfn: yes", "") + undated + ROUND + "  converts: first\n", clean=False)
    assert found.answer.refusals == ()
