"""Defaults of the law: each fills a gap, gives way to what is written, and decides as the same rule written down."""

from __future__ import annotations

from datetime import date

import pytest
from law_books import DAY, acme, book_of, codes, structure

from muniment.book.accounts import World
from muniment.book.packs import PACKS, Default, read_pack
from muniment.book.structure import Entity, Structure
from muniment.control import Decision, decide
from muniment.model.vocabulary import ENTITY_KINDS, STANDARD_MATTERS

COMPANY = "2010-01-01 company acme\n  law: Delaware\n"
SHARES = "  class common\n    votes per share: 1\n"
BOARD = "  board\n    seats directors\n      number: 3\n"
HELD = "2010-01-01 issue acme\n  ada: 50 common\n  bo: 30 common\n  cy: 20 common\n"
SITTING = "2010-01-02 appoint acme\n  directors: dee, eve, fay\n"
WHOLE = COMPANY + SHARES + BOARD + HELD + SITTING


def asked(found: Structure, matter: str, directors: str = "independent") -> Decision:
    """Return who decides a matter of acme."""
    decision = decide(found, f"acme: {matter}", directors=directors)  # type: ignore[arg-type]
    assert isinstance(decision, Decision), decision
    return decision


# A default fills a gap


def test_a_default_decides_where_the_book_is_silent_and_is_cited() -> None:
    decision = asked(structure(WHOLE), "sell company")
    assert set(decision.can_block) == {"ada"}
    assert ("ada", "bo", "dee", "eve") in {tuple(sorted(coalition)) for coalition in decision.coalitions}
    assert (
        "acme: sell company: board and majority of votes outstanding (a default of its law, the book says nothing: "
        "Delaware General Corporation Law, s. 271(a), since 2000-01-01)."
    ) in decision.assumptions
    assert any("s. 141(b)" in sentence for sentence in decision.assumptions)
    rests = {basis.record: basis for basis in decision.because}
    rule = rests["us-de-company rules sell company"]
    assert (rule.span.path, [c.source for c in rule.citations]) == ("muniment/law/us-de.muni", ["us-de/dgcl"])
    line = read_pack("us-de").text.splitlines()[rule.span.line - 1]
    assert line[rule.span.column - 1 : rule.span.end_column - 1] == "board and majority of votes outstanding"


def test_what_the_book_says_stands() -> None:
    text = WHOLE.replace(BOARD, BOARD + "  rules\n    sell company: consent of gus\n")
    decision = asked(structure(text), "sell company")
    assert decision.alone == ("gus",)
    assert not [sentence for sentence in decision.assumptions if "default of its law" in sentence]


def test_a_consent_by_agreement_is_added_to_a_default() -> None:
    consent = "2010-01-01 agreement pact\n  parties: acme, gus\n  consent\n    of: gus\n    for: sell company\n"
    assert "gus" in asked(structure(WHOLE + consent), "sell company").can_block


def test_the_loyal_reading_uses_the_elections_and_removals_of_the_law() -> None:
    decision = asked(structure(WHOLE), "ordinary decision", "loyal")
    assert decision.own_seats == ()
    assert {tuple(sorted(c)) for c in decision.coalitions} == {("ada", "bo"), ("ada", "cy")}
    said = " ".join(decision.assumptions)
    assert "acme: directors removed by: majority of votes outstanding" in said
    assert "acme: directors filled by: plurality of votes present with quorum majority" in said
    assert "223" not in said


def test_a_default_for_vacancies_does_not_count_in_the_loyal_reading() -> None:
    text = WHOLE.replace(SITTING, "2010-01-02 appoint acme\n  directors: dee\n")
    vacant = asked(structure(text), "ordinary decision", "loyal")
    assert {tuple(sorted(c)) for c in vacant.coalitions} == {("ada", "bo"), ("ada", "cy")}
    (group,) = acme(text).bodies["board"].groups.values()
    assert group.vacancies_filled_by is not None
    assert group.vacancies_filled_by.assumed
    filled = asked(structure(text), "fill vacancies")
    assert filled.alone == ("dee",)
    assert any("s. 223(a)(1)" in sentence for sentence in filled.assumptions)


def test_seats_that_a_class_elects_are_emptied_by_it() -> None:
    text = WHOLE.replace(
        "      number: 3\n",
        "      number: 3\n    seats investors\n      number: 1\n      filled by: majority of series-a\n",
    )
    text = text.replace(SHARES, SHARES + "  class series-a\n    votes per share: 1\n")
    groups = acme(text).bodies["board"].groups
    assert groups["investors"].removed_by is not None
    assert groups["investors"].removed_by.text == "majority of series-a outstanding"
    assert groups["investors"].vacancies_filled_by is not None
    assert groups["investors"].vacancies_filled_by.text == "majority of investors in office"
    assert groups["directors"].removed_by is not None
    assert groups["directors"].removed_by.text == "majority of votes outstanding"


def test_no_default_for_vacancies_of_seats_that_a_party_fills() -> None:
    (group,) = acme(WHOLE.replace("number: 3", "number: 3\n      filled by: gus")).bodies["board"].groups.values()
    assert group.vacancies_filled_by is None
    assert group.filled_by is not None
    assert not group.filled_by.assumed


def test_a_rule_for_the_whole_board_goes_before_the_law() -> None:
    text = WHOLE.replace(
        BOARD, BOARD + "  rules\n    remove directors: consent of gus\n    elect directors: consent of gus\n"
    )
    (group,) = acme(text).bodies["board"].groups.values()
    assert (group.removed_by, group.filled_by) == (None, None)
    assert asked(structure(text), "ordinary decision", "loyal").alone == ("gus",)


def test_a_classified_board_is_emptied_for_cause_only() -> None:
    text = WHOLE.replace("number: 3", "number: 3\n      term: 3 years, a third each year")
    (group,) = acme(text).bodies["board"].groups.values()
    assert group.for_cause_only
    assert group.removed_by is not None
    assert "141(k)(1)" in group.removed_by.authority
    assert len(asked(structure(text), "ordinary decision", "loyal").own_seats) == 3


def test_cumulative_votes_leave_the_removal_open() -> None:
    text = WHOLE.replace("number: 3", "number: 3\n      filled by: cumulative of common")
    (group,) = acme(text).bodies["board"].groups.values()
    assert group.removed_by is None


# Which pack, and when


def test_law_pack_none_and_the_setting_of_the_book_switch_it_off() -> None:
    for text in (
        WHOLE.replace("law: Delaware", "law: Delaware\n  law pack: none"),
        WHOLE.replace("  law: Delaware\n", ""),
    ):
        found = structure(text)
        assert found.assumptions == ()
        assert set(found.entities["acme"].rules) == set()
        assert found.entities["acme"].bodies["board"].decides_by is None


def test_law_pack_brings_in_another_pack_than_the_law() -> None:
    entity = acme(WHOLE.replace("law: Delaware", "law: Nevada\n  law pack: us-de"))
    assert "merge" in entity.rules
    assert "merge" not in acme(WHOLE.replace("law: Delaware", "law: Delaware\n  law pack: uk")).rules


def test_a_law_without_a_pack_is_said() -> None:
    assert structure(WHOLE.replace("Delaware", "Maine")).assumptions == (
        "Of acme only what the book states is applied: no statutory pack for its law, Maine, is part of this version.",
    )


def test_a_kind_or_a_day_of_which_a_pack_says_nothing_is_said() -> None:
    trust = structure("2010-01-01 trust acme\n  law: Delaware\n  trustees: ada\n")
    assert "the pack us-de has nothing for a trust that states no legal form on 2024-01-01" in trust.assumptions[0]
    early = structure(WHOLE.replace("2010-01", "1990-01"), date(1995, 1, 1))
    assert "has nothing for a company that states no legal form on 1995-01-01" in early.assumptions[0]
    assert dict(early.entities["acme"].rules) == {}


def test_no_pack_is_read_where_no_entity_needs_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(pack: str) -> None:
        raise AssertionError(pack)

    monkeypatch.setattr("muniment.book.defaults.read_pack", never)
    monkeypatch.setattr("muniment.book.mandatory.read_pack", never)
    structure(WHOLE.replace("law: Delaware", "law pack: none"))


def test_a_statute_counts_from_its_day() -> None:
    british = (
        "2005-01-01 company acme\n  law: England and Wales\n" + SHARES + "2005-01-01 issue acme\n  ada: 100 common\n"
    )
    assert "act by written consent" not in acme(british).rules
    assert "remove directors" not in acme(british, date(2007, 9, 30)).rules
    assert "remove directors" in acme(british, date(2007, 10, 1)).rules
    before, after = acme(british, date(2009, 8, 2)), acme(british, date(2009, 8, 3))
    assert "amend charter" not in after.rules
    assert "amend charter" in acme(british, date(2009, 10, 1)).rules
    # 'call meeting' names a board, which this company does not have on record
    assert "call meeting" not in after.rules
    assert before.rules.keys() == after.rules.keys()


def test_an_amendment_of_a_statute_changes_the_default_from_its_day() -> None:
    text = WHOLE.replace("Delaware", "England and Wales").replace("2010-01", "2008-01")
    five, ten = acme(text, date(2009, 8, 3)).rules["call meeting"], acme(text, date(2009, 8, 2)).rules["call meeting"]
    assert (ten.text, five.text) == ("board or at least 10% of votes", "board or at least 5% of votes")
    assert (ten.authority[-10:], five.authority[-10:]) == ("2007-10-01", "2009-08-03")
    german = (
        "1990-01-01 company acme\n  law: Germany\n  legal form: AG\n  board\n    seats managers\n      number: 2\n"
        "  board supervisory-board\n    seats members\n      number: 3\n"
    )
    assert "s. 84(3)" in acme(german, date(2021, 8, 11)).rules["remove directors"].authority
    assert "s. 84(4)" in acme(german, date(2021, 8, 12)).rules["remove directors"].authority


def test_model_articles_are_for_companies_of_their_time() -> None:
    private = WHOLE.replace("law: Delaware", "law: England and Wales\n  legal form: Ltd")
    assert acme(private).bodies["board"].decides_by is not None
    older = private.replace("2010-01", "2009-01")
    assert acme(older).bodies["board"].decides_by is None
    assert "remove directors" in acme(older).rules
    limited_liability = "2012-01-01 llc acme\n  law: Delaware\n  members: ada, bo\n"
    assert "dissolve" not in acme(limited_liability).rules
    assert "dissolve" in acme(limited_liability.replace("2012-01-01", "2015-08-01")).rules


def test_a_legal_form_that_the_pack_asks_for_and_the_book_does_not_state() -> None:
    text = WHOLE.replace("law: Delaware", "law: Netherlands")
    assert "that states no legal form" in structure(text).assumptions[0]
    assert "amend charter" in acme(text.replace("law: Netherlands", "law: Netherlands\n  legal form: b.v.")).rules


def test_the_chair_of_model_articles_has_a_casting_vote() -> None:
    text = WHOLE.replace("law: Delaware", "law: England and Wales\n  legal form: Ltd")
    text = text.replace("  board\n", "  board\n    chair: dee\n").replace("number: 3", "number: 4")
    text = text.replace("dee, eve, fay", "dee, eve, fay, gus")
    decision = asked(structure(text), "ordinary decision")
    assert ("dee", "eve") in {tuple(sorted(c)) for c in decision.coalitions}
    assert any("its chair has a casting vote" in s and "art. 13" in s for s in decision.assumptions)
    assert any(basis.record.endswith("casting vote") for basis in decision.because)
    stated = structure(text.replace("legal form: Ltd", "legal form: Ltd\n  law pack: none"))
    assert ("dee", "eve") not in {tuple(sorted(c)) for c in asked(stated, "ordinary decision").coalitions}


def test_defaults_that_need_a_board_are_left_out_where_the_book_records_none() -> None:
    found = structure(COMPANY + SHARES + HELD)
    assert "merge" not in found.entities["acme"].rules
    assert "amend bylaws" in found.entities["acme"].rules
    assert found.assumptions == (
        "Defaults of the law of acme that need its board are left out: the book records none.",
    )
    assert {tuple(sorted(c)) for c in asked(found, "merge").coalitions} == {("ada", "bo"), ("ada", "cy")}


def test_the_acting_body_is_meant_by_board_whatever_its_id() -> None:
    text = WHOLE.replace("  board\n", "  board council\n")
    entity = acme(text)
    assert entity.rules["merge"].text == "council and majority of votes outstanding"
    assert asked(structure(text), "merge").coalitions == asked(structure(WHOLE), "merge").coalitions


def test_a_fact_that_the_account_leaves_open_is_not_silence() -> None:
    text = WHOLE.replace(
        BOARD,
        BOARD + "  rules\n    sell company: disputed\n      - consent of gus  [@one]\n      - consent of hal  [@two]\n",
    )
    text = "2009-01-01 source one\n2009-01-01 source two\n" + text
    assert "sell company" not in acme(text).rules
    assert "merge" in acme(text).rules


def test_a_foundation_of_the_netherlands_cannot_amend_its_articles() -> None:
    text = "2010-01-01 foundation acme\n  law: Netherlands\n  legal form: stichting\n" + BOARD + SITTING
    assert asked(structure(text), "amend charter").impossible
    assert asked(structure(text), "dissolve").smallest_coalition == 2


def test_a_nonprofit_without_members_fills_its_own_board() -> None:
    text = "2010-01-01 nonprofit acme\n  law: California\n" + BOARD + SITTING
    decision = asked(structure(text), "ordinary decision", "loyal")
    assert len(decision.own_seats) == 3
    assert asked(structure(text), "declare dividend").impossible
    members = text.replace("law: California", "law: California\n  members: ada, bo, cy")
    assert {tuple(sorted(c)) for c in asked(structure(members), "ordinary decision", "loyal").coalitions} == {
        ("ada", "bo"),
        ("ada", "cy"),
        ("bo", "cy"),
    }


def test_a_co_determined_board_appoints_with_its_chair() -> None:
    text = (
        "2010-01-01 company acme\n  law: Germany\n  legal form: co-determined AG\n"
        "  class ordinary\n    votes per share: 1\n"
        "  board\n    seats managers\n      number: 1\n  board supervisory-board\n    chair: ada\n"
        "    seats holders\n      number: 2\n    seats employees\n      number: 2\n      filled by: consent of ina\n"
        "      removed by: consent of ina\n"
        "2010-01-01 issue acme\n  hal: 100 ordinary\n"
        "2010-01-02 appoint acme\n  holders: ada, bo\n  employees: cy, dee\n  managers: gus\n"
    )
    decision = asked(structure(text), "elect directors")
    assert {tuple(sorted(c)) for c in decision.coalitions} == {
        ("ada", "bo"),
        ("ada", "cy"),
        ("ada", "dee"),
        ("bo", "cy", "dee"),
    }
    assert any("Mitbestimmungsgesetz, s. 29(2)" in s for s in decision.assumptions)
    assert asked(structure(text), "elect directors", "loyal").alone == ("hal",)


def test_shares_that_a_subsidiary_holds_carry_no_votes() -> None:
    child = "2010-01-01 company child\n  law pack: none\n  class unit\n    votes per share: 1\n  board\n"
    child += "    seats managers\n      number: 1\n2010-01-01 issue child\n  acme: 10 unit\n"
    child += "2010-01-02 appoint child\n  managers: gus\n2010-01-02 transfer acme\n  from: bo\n  child: 30 common\n"
    decision = asked(structure(WHOLE + child), "amend bylaws")
    assert decision.alone == ("ada",)
    (said,) = (sentence for sentence in decision.assumptions if "carries no votes" in sentence)
    assert "Delaware General Corporation Law, s. 160(c), since 2000-01-01" in said
    assert any(basis.record == "us-de-company cross-held shares" for basis in decision.because)
    stated = WHOLE.replace("law: Delaware", "law: Delaware\n  cross-held shares: vote") + child
    assert asked(structure(stated), "amend bylaws").alone == ()
    assert acme(stated).by_law == {}


def test_a_supervisory_board_alone_does_not_act_for_its_company() -> None:
    text = (
        "2010-01-01 company acme\n  law: Germany\n  legal form: AG\n  class ordinary\n    votes per share: 1\n"
        "  board supervisory-board\n    seats members\n      number: 3\n2010-01-01 issue acme\n  hal: 100 ordinary\n"
    )
    entity = acme(text)
    assert "elect directors" not in entity.rules
    assert "merge" not in entity.rules
    assert "dissolve" in entity.rules
    body = entity.bodies["supervisory-board"]
    assert body.decides_by is not None
    assert body.decides_by.text == "majority with quorum 1/2"
    assert body.groups["members"].removed_by is not None
    assert body.groups["members"].removed_by.text == "at least 75% of votes cast"


# Two roads: a default decides as the same rule written in the book


def written_out(entity: Entity) -> str:
    """Return the defaults of an entity as lines of a book, but for those on vacancies."""
    lines: list[str] = []
    for body in entity.bodies.values():
        lines.append(f"  board {body.id}".replace("board board", "board"))
        if body.decides_by is not None:
            lines.append(f"    decides by: {body.decides_by.text}")
        if body.chair is not None:
            lines.append(f"    chair: {body.chair}{', casting vote' if body.casting_vote else ''}")
        for group in body.groups.values():
            lines.append(f"    seats {group.id}")
            lines += [f"      filled by: {group.filled_by.text}"] if group.filled_by is not None else []
            lines += [f"      removed by: {group.removed_by.text}"] if group.removed_by is not None else []
    if entity.cross_held_vote is not None:
        lines.append("  cross-held shares: no votes")
    lines.append("  rules")
    lines += [f"    {matter}: {rule.text}" for matter, rule in entity.rules.items() if matter != "fill vacancies"]
    return "\n".join(lines) + "\n"


def silent_book(pack: str, default: Default) -> str:
    """Return a book that says as little as it may for a default to be used."""
    kind = sorted(default.kinds)[0]
    forms = [form for form in default.record.value("legal form") or () if form != "not stated"]
    law = {"us-de": "Delaware", "us-ca-nonprofit": "California", "uk": "Scotland", "de": "Germany", "nl": "Netherlands"}
    lines = [f"2020-01-01 {kind} acme", f"  law: {law[pack]}", *([f"  legal form: {forms[0]}"] if forms else [])]
    if "members" in default.where:
        lines.append("  members: ada, bo, cy, gus")
    if kind == "llc" and "no manager" not in default.where:
        lines.append("  manager: hal")
    if kind == "partnership":
        lines.append("  general partner: hal")
    classes = ["common", "series-a"] if "several classes" in default.where else ["common"]
    with_shares = kind in ("company", "llc", "partnership") and "members" not in default.where
    if with_shares:
        lines += [line for name in classes for line in (f"  class {name}", "    votes per share: 1")]
    if kind not in ("llc", "partnership"):
        term = ["      term: 3 years, a third each year"] if "classified board" in default.where else []
        lines += ["  board", "    chair: dee", "    seats directors", "      number: 4", *term]
        if "supervisory board" in default.where or pack == "de":
            lines += ["  board supervisory-board", "    chair: ada", "    seats members", "      number: 4"]
    if with_shares:
        lines += ["2020-01-01 issue acme", *(f"  {who}: {n} {classes[-1]}" for who, n in (("ina", 40), ("hal", 35)))]
        lines.append(f"  gus: 25 {classes[0]}")
    if kind not in ("llc", "partnership"):
        lines += ["2020-01-02 appoint acme", "  directors: dee, eve, fay"]
        lines += ["  members: ada, bo, cy, ina"] if "board supervisory-board" in "\n".join(lines) else []
    return "\n".join(lines) + "\n"


EVERY_DEFAULT = [(pack, default) for pack in PACKS for default in read_pack(pack).defaults]


@pytest.mark.parametrize(("pack", "default"), EVERY_DEFAULT, ids=[d.record.name for _, d in EVERY_DEFAULT])
def test_a_default_decides_as_the_same_rule_written_in_the_book(pack: str, default: Default) -> None:
    silent = silent_book(pack, default)
    by_law = structure(silent)
    entity = by_law.entities["acme"]
    assert by_law.assumptions == ()
    last = default.editions[-1].says
    assert set(last.rules) <= set(entity.rules)
    day = "2020-01-03"
    terms = written_out(entity)
    written = silent.replace("  law:", "  law pack: none\n  law:") + f"{day} amend acme\n{terms}"
    by_book = World(book_of(written)).on(DAY)
    assert [str(one) for one in book_of(written).diagnostics] == []
    for matter in STANDARD_MATTERS:
        if matter == "fill vacancies":
            continue
        for directors in ("loyal", "independent"):
            one, other = asked(by_law, matter, directors), asked(by_book, matter, directors)
            assert (one.alone, one.can_block, one.coalitions) == (other.alone, other.can_block, other.coalitions), (
                matter
            )
            assert (one.own_seats, one.impossible) == (other.own_seats, other.impossible), matter
            assert not [s for s in other.assumptions if "default of its law" in s]
            if matter in last.rules:
                assert [s for s in one.assumptions if "default of its law" in s], matter


# Whatever the book records, the law does not fail


@pytest.mark.parametrize("kind", ENTITY_KINDS)
@pytest.mark.parametrize("pack", PACKS)
def test_any_entity_can_be_asked_under_any_pack(pack: str, kind: str) -> None:
    spoken = [default for default in read_pack(pack).defaults if kind in default.kinds]
    forms = {min(default.forms) for default in spoken if default.forms} - {"not stated"} or {""}
    for form in sorted(forms):
        head = f"2020-01-01 {kind} acme\n  law pack: {pack}\n" + (f"  legal form: {form}\n" if form else "")
        for parts in (
            "",
            "  members: ada\n",
            "  class members\n  board members\n    seats board\n      filled by: majority of members\n",
            "  board supervisory-board\n    seats any\n  board\n",
            "  manager: ada\n  general partner: bo\n  trustees: cy\n  board a\n    chair: ada\n"
            "  board b\n    seats c\n",
            "  board\n    seats of-a-class\n      occupant: holder of ceo\n      term: staggered\n  office ceo\n",
        ):
            found = structure(head + parts)
            for matter in ("elect directors", "remove directors", "fill vacancies", "dissolve", "ordinary decision"):
                asked(found, matter, "loyal")
            assert not [code for code in codes(head + parts) if code.startswith("M9")]
