"""Options, SAFEs, notes, dividends, cliffs and holdbacks: by random terms, by hand, and by trying all choices."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product
from math import prod

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from payout_structures import basis, held, share_class, structure, usd

from muniment.book.load import load_text
from muniment.book.numbers_held import Lot
from muniment.book.structure import Convertible, Cost, Right, Structure
from muniment.model.values import Money
from muniment.payout import Curve, curve_of, pay_out
from muniment.payout.accruing import accrued_dividends, dividend_terms
from muniment.payout.certificate import equilibria, pour, verify_columns, verify_sweep
from muniment.payout.faults import Refusal
from muniment.payout.finding import find, read_target
from muniment.payout.liquidity import Game, equilibria_by_proceeds
from muniment.payout.options import Option, option_claim
from muniment.payout.piecewise import Piecewise, compose, constant, plus, proportional, spliced
from muniment.payout.sweep import Claim, Form, sweep
from muniment.payout.tracing import trace

ZERO, ONE = Fraction(0), Fraction(1)
small = st.integers(1, 30).map(Fraction)
parts = st.builds(Fraction, st.integers(1, 30), st.integers(1, 7))


@st.composite
def mixed_claims(draw: st.DrawFn) -> tuple[list[Claim], int]:
    """Up to four classes and up to two options, over common or over a preferred class."""
    tiers = draw(st.integers(1, 3))
    claims = [Claim("common", (Form(0, ZERO, draw(small)),))]
    per_share = [[Form(0, ZERO, ONE)]]
    for number in range(draw(st.integers(0, 3))):
        place, price, ratio = draw(st.integers(1, tiers)), draw(parts), draw(parts)
        converted = Form(0, ZERO, ratio, becomes="common")
        forms = draw(
            st.sampled_from(
                [
                    [Form(place, price, ZERO), converted],
                    [Form(place, price, ratio)],
                    [Form(place, price, ratio, cap=price + draw(parts)), converted],
                    [Form(place, price, ZERO)],
                ]
            )
        )
        count = draw(small)
        per_share.append(forms)
        scaled = tuple(
            Form(f.tier, f.preference * count, f.units * count, None if f.cap is None else f.cap * count, f.becomes)
            for f in forms
        )
        claims.append(Claim(f"class-{number}", scaled))
    for number in range(draw(st.integers(1, 2))):
        over = draw(st.integers(0, len(per_share) - 1))
        option = Option(f"option-{number}", "ina", f"class-{over}", draw(small), draw(parts), ONE)
        claims.append(option_claim(option, per_share[over]))
    return claims, tiers


@settings(max_examples=120)
@given(mixed_claims(), st.lists(st.integers(0, 400).map(Fraction), min_size=1, max_size=3))
def test_options_two_roads_to_one_payout(made: tuple[list[Claim], int], amounts: list[Fraction]) -> None:
    claims, tiers = made
    assume(prod(len(each.forms) for each in claims) <= 128)
    swept = sweep(claims, tiers)
    for proceeds in [*amounts, *[x for x, _ in swept.events][:3]]:
        assert equilibria(claims, proceeds) == [tuple(take.at(proceeds) for take in swept.takes)]
        assert verify_sweep(claims, swept, proceeds) == []
    assert verify_columns([*swept.takes, swept.unallocated], amounts) == []


def right(name: str, quantity: int, price: str | None, class_id: str = "common", holder: str = "ina") -> Right:
    return Right(
        id=name,
        holder=holder,
        entity="e",
        class_id=class_id,
        quantity=Fraction(quantity),
        price_each=None if price is None else usd(price),
        basis=basis(name),
    )


def with_rights(given_structure: Structure, *rights: Right) -> Structure:
    from dataclasses import replace

    return replace(given_structure, rights=rights)


def test_a_net_and_a_cash_exercise_pay_the_same() -> None:
    given_structure = with_rights(structure([share_class("common")], [held("ada", "common", 90)]), right("o", 10, "2"))
    answer = pay_out(given_structure, "e", usd(980))
    assert answer.certificate == ()
    row = next(each for each in answer.rows if each.instrument == "o")
    assert (row.amount, row.strike) == (80, 20)
    assert answer.to_json()["rows"][1]["gross"] == "100.00"
    assert answer.totals["ada"] == 900
    assert [point.cause for point in answer.breakpoints] == ["o is exercised for common"]
    assert answer.breakpoints[0].proceeds == 180


def test_only_what_has_vested_is_paid_and_the_rest_is_said() -> None:
    from dataclasses import replace

    vesting = ((date(2021, 1, 1), Fraction(4)), (date(2022, 1, 1), Fraction(10)))
    grant = replace(right("g", 10, "0"), vesting=vesting)
    answer = pay_out(with_rights(structure([share_class("common")], [held("ada", "common", 4)]), grant), "e", usd(80))
    assert answer.totals == {"ada": 40, "ina": 40}
    assert "6 of the 10 shares of g have not vested and are paid nothing." in answer.assumptions


def test_an_option_on_preferred_is_exercised_while_the_preference_fills() -> None:
    preferred = share_class(
        "a", original_issue_price=usd(10), preference=ONE, participation="none", converts_into=(ONE, "common")
    )
    given_structure = with_rights(
        structure([share_class("common"), preferred], [held("ada", "common", 10), held("cy", "a", 10)]),
        right("w", 10, "4", class_id="a"),
    )
    curve = curve_of(given_structure, "e")
    assert isinstance(curve, Curve)
    first = curve.breakpoints[0]
    assert (first.proceeds, first.cause) == (40, "w is exercised for a")
    at = pay_out(given_structure, "e", usd(60))
    assert at.certificate == ()
    assert at.totals == {"ada": 0, "cy": 50, "ina": 10}


@settings(max_examples=60)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 12), st.integers(2, 9), st.integers(0, 400))
def test_a_split_changes_nothing_for_options(shares: int, count: int, price: int, factor: int, proceeds: int) -> None:
    def paid(by: int) -> dict[str, Fraction]:
        common = structure([share_class("common")], [held("ada", "common", shares * by)])
        each = str(Fraction(price, by)) if price else None
        rows = pay_out(with_rights(common, right("o", count * by, each)), "e", usd(proceeds)).rows
        return {row.party: row.exact or ZERO for row in rows}

    assert paid(1) == paid(factor)


def brute_force(game: Game, proceeds: Fraction) -> list[tuple[Fraction, ...]]:
    """Return every payout from which nobody gains by choosing otherwise alone; by pouring, without any sweep."""
    found: list[tuple[Fraction, ...]] = []

    def paid(vector: tuple[int, ...]) -> list[Fraction] | None:
        claims = game.under(vector)
        return None if claims is None else pour(claims, [0] * len(claims), proceeds)[0]

    for vector in product(*(range(len(claim.forms)) for claim in game.claims)):
        kept = paid(vector)
        if kept is None:
            continue
        gains = False
        for number, claim in enumerate(game.claims):
            for form in range(len(claim.forms)):
                other = paid((*vector[:number], form, *vector[number + 1 :]))
                gains = gains or (other is not None and other[number] > kept[number])
        if not gains and tuple(kept) not in found:
            found.append(tuple(kept))
    return found


@st.composite
def games(draw: st.DrawFn) -> Game:
    """Common, up to two preferred classes, and one to three SAFEs with caps after the money."""
    common = draw(st.integers(5, 50).map(Fraction))
    claims = [Claim("common", (Form(0, ZERO, common),))]
    counted: dict[tuple[int, int], Fraction] = {}
    for number in range(1, draw(st.integers(1, 3))):
        units = draw(small)
        claims.append(Claim(f"class-{number}", (Form(1, draw(parts), ZERO), Form(0, ZERO, units, becomes="common"))))
        counted[(number, 1)] = units
    held_parts: dict[tuple[int, int], Fraction] = {}
    for _ in range(draw(st.integers(1, 3))):
        number = len(claims)
        amount = draw(parts)
        held_parts[(number, 1)] = Fraction(draw(st.integers(1, 9)), 30)
        claims.append(Claim(f"safe-{number}", (Form(1, amount, ZERO), Form(0, ZERO, ZERO, becomes="common"))))
    assume(sum(held_parts.values()) < 1)
    worth: set[tuple[int, int]] = set()
    for _ in range(draw(st.integers(0, 1))):
        amount = draw(parts)
        worth.add((len(claims), 1))
        discounted = Form(2, amount * Fraction(5, 4), ZERO, becomes="common")
        claims.append(Claim("discounted", (Form(1, amount, ZERO), discounted)))
    return Game(tuple(claims), 2 if worth else 1, common, counted, held_parts, frozenset(worth))


@settings(max_examples=100)
@given(games(), st.lists(st.integers(0, 300).map(Fraction), min_size=1, max_size=3))
def test_safes_at_an_exit_are_an_equilibrium_and_all_others_are_found(game: Game, amounts: list[Fraction]) -> None:
    found = equilibria_by_proceeds(game)
    for proceeds in amounts:
        every = brute_force(game, proceeds)
        gap = found.gap()
        if gap is not None and found.pieces[-1][1] is None:
            continue
        try:
            regime = found.at(proceeds)
        except ValueError:
            assert every == [] or any(start == proceeds for start, _ in found.pieces)
            continue
        taken = tuple(take.at(proceeds) for take in regime.swept.takes)
        assert taken in every
        assert found.verify(proceeds) == []
        others = [tuple(take.at(proceeds) for take in each.swept.takes) for each in found.others(proceeds)]
        assert sorted([taken, *others]) == sorted(every)
    if found.gap() is None:
        columns = [*(found.take(number) for number in range(len(game.claims))), found.unallocated()]
        assert verify_columns(columns, amounts, monotone=False) == []


def safe(name: str, amount: int, cap: str = "", discount: str = "", kind: str = "safe", **more: str) -> Convertible:
    return Convertible(
        id=name,
        kind=kind,
        holder=f"holder-of-{name}",
        entity="e",
        amount=usd(amount),
        cap=cap,
        discount=discount,
        since=date(2020, 4, 1),
        basis=basis(name),
        **more,
    )


def with_papers(given_structure: Structure, *papers: Convertible) -> Structure:
    from dataclasses import replace

    return replace(given_structure, convertibles=papers)


def eight_million(*papers: Convertible) -> Structure:
    return with_papers(structure([share_class("common")], [held("ada", "common", 8_000_000)]), *papers)


def test_two_safes_with_two_equilibria() -> None:
    papers = safe("one", 1_000_000, "USD 10,000,000 post-money"), safe("two", 2_000_000, "USD 10,000,000 post-money")
    answer = pay_out(eight_million(*papers), "e", usd(10_500_000))
    assert answer.refusals == answer.certificate == ()
    assert answer.totals == {"ada": 7_350_000, "holder-of-one": 1_050_000, "holder-of-two": 2_100_000}
    (other,) = answer.others
    assert other.converts == ()
    assert other.totals["ada"] == 7_500_000
    assert answer.to_json()["equilibria"][0]["totals"]["holder-of-two"] == "2000000.00"


def test_a_cap_after_the_money_counts_what_converts_at_a_discount() -> None:
    """Of 20M, 300,000 / 0.75 = 400,000 go to the discount and a tenth to the cap; it converts where a tenth is 1M."""
    papers = safe("one", 1_000_000, "USD 10,000,000 post-money"), safe("off", 300_000, discount="25%")
    answer = pay_out(eight_million(*papers), "e", usd(20_000_000))
    assert answer.refusals == answer.certificate == ()
    assert answer.totals == {"ada": 17_600_000, "holder-of-one": 2_000_000, "holder-of-off": 400_000}
    assert [point.proceeds for point in answer.breakpoints if "one converts" in point.cause] == [10_000_000]
    # 17.6M / 8M = 2.20 a share; 2M are 909,090 10/11 shares, a tenth of 9,090,909 1/11.
    assert "The capitalization counts 9,090,909 1/11 shares." in answer.why


def test_the_certificate_finds_a_part_that_is_not_of_all_that_is_counted() -> None:
    from dataclasses import replace

    claims = (
        Claim("common", (Form(0, ZERO, Fraction(80)),)),
        Claim("cap", (Form(1, Fraction(10), ZERO), Form(0, ZERO, ZERO, becomes="common"))),
        Claim("off", (Form(1, Fraction(3), ZERO), Form(2, Fraction(4), ZERO, becomes="common"))),
    )
    game = Game(claims, 2, Fraction(80), {}, {(1, 1): Fraction(1, 10)}, frozenset({(2, 1)}))
    found = equilibria_by_proceeds(game)
    assert found.verify(Fraction(200)) == []
    assert [found.take(number).at(Fraction(200)) for number in range(3)] == [176, 20, 4]
    uncounted = replace(found, game=game._replace(worth=frozenset()))
    assert "cap does not get its part of the capitalization at 200" in uncounted.verify(Fraction(200))


def test_a_conversion_makes_common_fall_and_both_sides_of_the_jump_are_kept() -> None:
    papers = safe("one", 1_000_000, "USD 10,000,000 post-money"), safe("two", 2_000_000, "USD 20,000,000 post-money")
    answer = pay_out(eight_million(*papers), "e", usd(20_000_000))
    assert answer.certificate == ()
    assert not answer.monotone
    assert answer.curve is not None
    common = answer.curve.of_party("ada")
    at = Fraction(20_000_000)
    assert common.jumps() == (at,)
    assert (common.before(at), common.at(at)) == (16_200_000, 16_000_000)
    assert answer.totals["ada"] == 16_000_000
    assert sum(step.amount for each in trace(answer.curve, "ada", at) for step in each.steps) == 16_000_000
    assert "two converts into common" in [point.cause for point in answer.breakpoints if point.proceeds == at]


def test_caps_before_the_money_discounts_and_notes() -> None:
    before = safe("pre", 1_000_000, "USD 8,000,000 pre-money")
    answer = pay_out(eight_million(before), "e", usd(18_000_000))
    assert answer.totals == {"ada": 16_000_000, "holder-of-pre": 2_000_000}
    cheap = pay_out(eight_million(safe("off", 800_000, discount="20%")), "e", usd(5_000_000))
    assert cheap.totals == {"ada": 4_000_000, "holder-of-off": 1_000_000}
    note = safe("n", 100_000, kind="note", interest="6% a year, simple", day_count="30/360")
    owed = pay_out(eight_million(note, safe("s", 100_000, "USD 8,000,000 post-money")), "e", usd(150_000))
    assert owed.certificate == ()
    assert owed.totals == {"ada": 0, "holder-of-n": 106_000, "holder-of-s": 44_000}


def test_a_paper_that_cannot_be_computed_leaves_no_payout() -> None:
    answer = pay_out(eight_million(safe("odd", 100, "ten times sales")), "e", usd(100))
    (refusal,) = answer.refusals
    assert (answer.rows, refusal.kind) == ((), "open claim")
    assert refusal.message.startswith("odd has a cap ('ten times sales') that is not an exact amount of money")
    assert refusal.basis == basis("odd")


def test_dividends_accrue_from_each_day_of_issue() -> None:
    terms = dividend_terms("8% a year, cumulative")
    assert terms is not None
    lots = [Lot(Fraction(100), date(2019, 1, 1)), Lot(Fraction(100), date(2020, 7, 1), date(2020, 1, 1))]
    assert accrued_dividends(terms, lots, Fraction(10), date(2021, 1, 1)) == 160 + 80
    yearly = dividend_terms("10% a year, cumulative, compounded")
    assert yearly is not None
    assert accrued_dividends(yearly, lots[:1], Fraction(10), date(2021, 1, 1)) == 210
    quarterly = dividend_terms("8% a year, cumulative, compounded quarterly")
    assert quarterly is not None
    assert accrued_dividends(quarterly, lots[:1], Fraction(1), date(2020, 1, 1)) == 100 * (Fraction(102, 100) ** 4 - 1)
    in_money = dividend_terms("USD 0.12 a year, cumulative")
    assert in_money is not None
    assert accrued_dividends(in_money, lots[:1], None, date(2020, 1, 1)) == 12
    declared = dividend_terms("8% a year, non-cumulative")
    assert declared is not None
    assert accrued_dividends(declared, lots, Fraction(10), date(2021, 1, 1)) == 0
    assert dividend_terms("as the board declares, cumulative") is None


def test_dividends_are_added_to_the_preference_in_a_payout() -> None:
    from dataclasses import replace

    preferred = share_class(
        "a", original_issue_price=usd(10), preference=ONE, participation="none", dividend="6% a year, cumulative"
    )
    lots = (Lot(Fraction(10), date(2019, 4, 1)),)
    shares = [held("ada", "common", 10), replace(held("cy", "a", 10), lots=lots)]
    answer = pay_out(structure([share_class("common"), preferred], shares), "e", usd(200))
    assert answer.totals == {"ada": 88, "cy": 112}
    assert [words for words in answer.assumptions if "so they are simple" in words]
    unknown = pay_out(
        structure([share_class("common"), preferred], [held("ada", "common", 10), held("cy", "a", 10)]), "e", usd(200)
    )
    assert "the day or the price is not recorded" in unknown.refusals[0].message


def cost(kind: str, amount: Money | Fraction, reaching: int | None = None, party: str = "managers") -> Cost:
    limit = None if reaching is None else usd(reaching)
    return Cost(kind=kind, party=party, amount=amount, reaching=limit, basis=basis(kind))


def test_a_cliff_takes_at_once_and_is_said() -> None:
    carve = cost("carve-out", Fraction(1, 10), 1000)
    given_structure = structure([share_class("common")], [held("ada", "common", 1)], costs=[carve])
    below, at = pay_out(given_structure, "e", usd(Fraction("999.99"))), pay_out(given_structure, "e", usd(1000))
    assert (below.totals["ada"], at.totals["ada"]) == (Fraction("999.99"), 900)
    assert at.certificate == below.certificate == ()
    assert not at.monotone
    assert [words for words in at.assumptions if "payouts may fall" in words]
    assert [(point.proceeds, point.cause) for point in at.breakpoints] == [(1000, "carve-out to managers falls due")]


@settings(max_examples=60)
@given(st.integers(1, 50), st.integers(1, 300), st.integers(0, 80), st.integers(0, 600))
def test_cliffs_and_preferences_add_up(percent: int, reaching: int, debt: int, proceeds: int) -> None:
    preferred = share_class("a", original_issue_price=usd(7), preference=ONE, converts_into=(ONE, "common"))
    given_structure = structure(
        [share_class("common"), preferred],
        [held("ada", "common", 10), held("cy", "a", 10)],
        costs=[cost("carve-out", Fraction(percent, 100), reaching), cost("debt", usd(debt), party="bank")],
    )
    answer = pay_out(given_structure, "e", usd(proceeds))
    assert answer.certificate == ()
    assert sum(answer.totals.values(), answer.unallocated) == proceeds


def test_what_is_held_back_is_paid_later_in_proportion() -> None:
    back = cost("holdback", Fraction(1, 10), party="agent")
    given_structure = structure(
        [share_class("common")], [held("ada", "common", 2), held("bo", "common", 1)], costs=[back]
    )
    answer = pay_out(given_structure, "e", usd(100))
    assert {row.party: row.later for row in answer.rows} == {"ada": Fraction("6.67"), "bo": Fraction("3.33")}
    assert [words for words in answer.assumptions if "is held back with agent" in words]


def test_an_offering_makes_a_class_convert() -> None:
    from dataclasses import replace

    from muniment.model.terms import Conversion

    terms = Conversion(ONE, "common", "on qualified-ipo", at_will=False, on_other=("qualified-ipo",))
    preferred = replace(
        share_class("a", original_issue_price=usd(10), preference=ONE, converts=terms), conversion="on qualified-ipo"
    )
    given_structure = structure([share_class("common"), preferred], [held("ada", "common", 10), held("cy", "a", 10)])
    assert pay_out(given_structure, "e", usd(120)).totals == {"ada": 20, "cy": 100}
    offered = pay_out(given_structure, "e", usd(120), "ipo")
    assert offered.certificate == ()
    assert offered.totals == {"ada": 60, "cy": 60}
    assert offered.to_json()["mode"] == "ipo"


@given(st.lists(st.tuples(small, parts), min_size=1, max_size=4), st.integers(0, 200).map(Fraction))
def test_functions_with_jumps(steps: list[tuple[Fraction, Fraction]], x: Fraction) -> None:
    """A composed, summed and spliced function has the values of its parts on both sides of every jump."""
    starts = sorted({start for start, _ in steps})
    pieces = [
        (ZERO, constant(ONE)),
        *((start, proportional(step)) for start, (_, step) in zip(starts, steps, strict=False)),
    ]
    stepped = spliced(pieces)

    def by_hand(at: Fraction) -> Fraction:
        return next(piece for start, piece in reversed(pieces) if start <= at).at(at)

    inner = Piecewise(
        ((ZERO, ZERO), (Fraction(5), ZERO), (Fraction(10), Fraction(20)), (Fraction(10), Fraction(8))), ONE
    )
    total, within = plus([stepped, proportional(ONE), stepped]), compose(stepped, inner)
    for point in [x, *starts]:
        assert stepped.at(point) == by_hand(point)
        assert total.at(point) == 2 * by_hand(point) + point
        assert total.before(point) == 2 * stepped.before(point) + point
        assert within.at(point) == by_hand(inner.at(point))


def test_an_amount_is_found_after_the_fall_that_takes_it_away() -> None:
    book = load_text(
        "2020-01-01 person ada\n\n2020-01-01 person bo\n\n2020-01-01 person lender\n\n2020-01-01 person adviser\n\n"
        "2020-01-01 person boss\n\n2020-01-01 company acme\n  law pack: none\n  class common\n  costs of sale\n"
        "    debt to lender: USD 100\n    fees to adviser: 2% of proceeds\n"
        "    carve-out to boss: 5% of proceeds if proceeds reach USD 1,000\n\n"
        "2020-01-02 issue acme\n  ada: 100 common\n  bo: 100 common\n"
    )
    curve = curve_of(book.world().on(date(2021, 1, 1)), "acme")
    assert isinstance(curve, Curve)
    for wanted, least in ((440, Fraction(98_000, 93)), (430, Fraction(48_000, 49))):
        target = read_target(f"ada gets USD {wanted}")
        assert target is not None
        found = find(None, curve, target)  # type: ignore[arg-type]
        assert not isinstance(found, Refusal)
        assert found.proceeds == least
