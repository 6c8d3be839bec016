"""States of a quotation: what verifies, what only looks alike, and what is ambiguous."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muniment.evidence.documents import read_document
from muniment.evidence.quotes import STATES_VERIFIED, check_quotation
from muniment.evidence.searching import Prepared

CHARTER = """ARTICLE 4. The corporation may issue 10,000,000 shares of Common Stock.

The holders of the Series A Preferred, voting as one class, may appoint four directors
and shall not sell the company. The founders cannot be removed. It is impossible to dissolve.
Oak holds 110% of nothing, Elm owns 15.5% and −5 units; 3 million votes remain, 1 000 000 in all.
The non-profit keeps the right to veto. Ada [redacted] resigned in May 2018.
Grace said: « Nous avons l’équité », and “that was that”.
"""


def state(quotation, text=CHARTER, name="charter.txt", place=""):
    return check_quotation(quotation, read_document(text, name), place).state


def test_exact_gives_line_and_column():
    result = check_quotation("may appoint four directors", read_document(CHARTER, "charter.txt"))
    assert (result.state, result.at, result.hits, result.found) == ("exact", (3, 61), 1, "may appoint four directors")


@pytest.mark.parametrize(
    "quotation",
    [
        "may appoint four directors and shall not sell",
        "May appoint four directors",
        'Grace said: "Nous avons l\'équité", and "that was that"',
        "“Nous avons l'équité”",
        "the corporation may issue",
        "and \u22125\u00a0units",
    ],
)
def test_folded(quotation):
    assert state(quotation) == "folded"


@pytest.mark.parametrize(
    "quotation",
    [
        "possible to dissolve",
        "10% of nothing",
        "5% and",
        "Elm owns 15",
        "Oak holds 110",
        "The founders can",
        "profit keeps the right",
        "remain, 1",
        "000 000 in all",
        "000,000 shares",
        "may issue 10",
        "company. The found",
        "5 units",
        "votes remain, 1 000",
    ],
)
def test_what_is_cut_out_of_a_word_or_number_does_not_verify(quotation):
    assert quotation in CHARTER
    assert state(quotation) not in STATES_VERIFIED


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("He is im\u200bpossible to remove.", "possible to remove"),
        ("He is im-\npossible to remove.", "possible to remove"),
        ("He is im\u00adpossible to remove.", "possible to remove"),
        ("He is **im**possible to remove.", "possible to remove"),
        ("They can't sell.", "They can"),
        ("They can-\nnot sell.", "They can"),
        ("Up to 3 million.", "Up to 3"),
        ("Up to 3 %.", "Up to 3"),
        ("It gets 10² shares.", "It gets 10"),
        ("投资10亿美元", "投资10"),
        ("占二十席", "十席"),
        ("cote\u0301 nord", "cote"),
    ],
)
def test_hidden_joints_do_not_let_a_part_verify(text, quotation):
    assert state(quotation, text) not in STATES_VERIFIED


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("Ce que dit l’équité.", "équité"),
        ("in Musk's view of it", "Musk"),
        ("公司董事会成员", "董事会"),
        ("约10亿美元", "10亿美元"),
        ("raised $3.5 million", "3.5 million"),
        ("-You're still on the board", "You're still on the board"),
        ("in 2017, 500 people", "500 people"),
        ("(10%)", "10%"),
        ("**Ada** left", "Ada"),
        ("a—well—known fact", "well"),
    ],
)
def test_whole_words_verify(text, quotation):
    assert state(quotation, text) == "exact"


@pytest.mark.parametrize(
    "quotation",
    [
        "may ap\u200bpoint four directors",
        "may \u0430ppoint four directors",
        "may appoint four di\u00adrectors",
        "may\u2060 appoint four directors",
        "may appoint four \u202edirectors",
        "may not appoint four directors",
        "may appoint five directors",
        "may appoint \ufdfa directors",
        "and shall sell the company",
        "may issue 100,000,000 shares",
        "Elm owns 15,5%",
        "Elm owns １５.5%",
        "Ada appoints four directors",
    ],
)
def test_look_alikes_never_verify(quotation):
    assert state(quotation) not in STATES_VERIFIED


def test_a_source_with_unseen_characters_is_only_a_near_miss_and_shows_them():
    result = check_quotation(
        "the foundation alone decides", read_document("Here the found\u200bation alone decides.", "a.txt")
    )
    assert (result.state, result.critical) == ("near-miss", True)
    assert "[U+200B]" in result.diff
    assert "\u200b" not in result.diff


def test_growth_is_bounded():
    document = read_document("\ufdfa" * 1000 + " end", "a.txt")
    prepared = Prepared()
    assert check_quotation("nothing of the kind", document, "", prepared).state == "absent"
    assert all(len(source.text) <= 3 * len(document.text) for _, source in prepared.folded(document))


def test_markdown_marks_are_folded_in_markdown_only():
    text = "The **board** of\n_Acme_ may \\-not\\- act"
    result = check_quotation("The board of Acme may -not- act", read_document(text, "a.md"))
    assert (result.state, result.view) == ("folded", "Markdown")
    assert state("The board of Acme may -not- act", text, "a.txt") not in STATES_VERIFIED


def test_line_end_hyphens_are_a_stated_view():
    result = check_quotation(
        "the organisation and its non-profit arm", read_document("the organi-\nsation and its non-profit arm", "a.txt")
    )
    assert (result.state, result.view) == ("folded", "hyphens at line ends removed")


# gaps


@pytest.mark.parametrize(
    ("quotation", "hidden"),
    [
        ("The holders [...] may appoint four directors", ("of the Series A Preferred, voting as one class,",)),
        ("The holders […] may appoint [...] directors", ("of the Series A Preferred, voting as one class,", "four")),
        ("The [[controlling]] founders cannot be removed", ("",)),
        ("may appoint [[some]] directors", None),
        ("Ada [redacted] resigned in May", None),
        ("The holders [...] shall sell", None),
        ("shall [...] sell the company", None),
        ("shall [[not]] sell the company", None),
        ("cannot be removed [...] may appoint four", None),
        ("The [redacted] cannot be removed", None),
    ],
)
def test_gaps(quotation, hidden):
    result = check_quotation(quotation, read_document(CHARTER, "charter.txt"))
    if hidden is not None:
        assert (result.state, result.hidden) == ("gapped", hidden)
    elif quotation.startswith("Ada"):
        assert result.state == "exact"  # the source itself has this mark
    else:
        assert result.state not in STATES_VERIFIED


def test_a_redaction_stands_for_a_redaction_mark():
    for mark in ("<redacted>", "[REDACTED]", "█████", "XXXX"):
        assert state("he asked [redacted] to stay", f"And he asked {mark} to stay.") in ("gapped", "folded")
    assert state("he asked [redacted] to stay", "And he asked the board to stay.") not in STATES_VERIFIED


def test_an_omission_is_bounded():
    text = "The board " + "x " * 900 + "may act. " + "y " * 2000 + "The end."
    assert state("The board [...] may act", text) == "gapped"
    assert state("The board [...] The end", text) not in STATES_VERIFIED


def test_an_editors_number_is_critical():
    result = check_quotation("The founders [[all 3]] cannot be removed", read_document(CHARTER, "charter.txt"))
    assert (result.state, result.critical) == ("near-miss", True)
    assert result.gap_fault == "the editor's words bring '3'"
    assert result.diff == "The founders [-all 3-] cannot be removed"


BARGAIN = "Then Altman agreed to sell the firm for 5 million dollars to the buyer, and it is lawful."
LONG_NOT = (
    "The board shall not, under any circumstance that is provided for in the third schedule hereto, sell the firm."
)


@pytest.mark.parametrize(
    ("text", "quotation", "diff"),
    [
        (LONG_NOT, "The board shall [...] sell the firm", None),
        ("The board shall not sell. Later the board shall buy.", "The board shall [...] sell", "shall {+not+} sell"),
        ("Of Acme Inc. it is said that it shall not allow Mr. Bo Li to sell the firm.", "Of Acme [...] to sell", None),
        (BARGAIN, "for [...] million dollars", "for {+5+} million dollars"),
        (BARGAIN, "for 5 [...] dollars", None),
        (BARGAIN, "Then [[Musk]] agreed to sell", "Then [-Musk-]{+Altman+} agreed to sell"),
        (BARGAIN, "[[Musk]] agreed to [...] the firm", "[-Musk-] agreed to [...] the firm"),
        (BARGAIN, "Then [...] [[Musk]] agreed to sell", None),
        (BARGAIN, "agreed to sell the firm for 5 million dollars [[each]]", None),
        (BARGAIN, "for 5 million [[euros]]  to the buyer", None),
        (BARGAIN, "the firm for [[£]] 5 million dollars", None),
        (BARGAIN, "Altman [[failed]] to sell", "Altman [-failed-]{+agreed+} to sell"),
        (BARGAIN, "Altman [[bought]] the firm", None),
        (BARGAIN, "it is [[un]]lawful", None),
        (BARGAIN, "it is [[far from]] lawful", None),
        (BARGAIN, "Altman [[拒绝]] agreed to sell", None),
        ("He agreed to sell it.", "[[Altman never]] agreed to sell", None),
        ("He agreed to sell it.", "He [[failed]] agreed to sell", None),
    ],
)
def test_a_gap_that_turns_the_sense_is_a_critical_near_miss(text, quotation, diff):
    result = check_quotation(quotation, read_document(text, "a.txt"))
    assert (result.state, result.critical, result.is_verified) == ("near-miss", True, False)
    assert diff is None or result.diff.endswith(diff)


@pytest.mark.parametrize(
    ("text", "quotation"),
    [
        ("He agreed to sell it.", "[[Altman]] agreed to sell"),
        ("Then he agreed to sell it.", "Then [[Altman]] agreed to sell"),
        ("Then they agreed to sell it.", "Then [[the directors]] agreed to sell"),
        ("Then he agreed to sell it.", "Then he [[Altman]] agreed to sell"),
        ("He agrees to sell it.", "He [[agreed]] to sell"),
        (
            "He owns shares, including but not limited to those of the second class, and sells them.",
            "owns [...] and sells",
        ),
        (
            "He owns the firm with all that belongs to it. She does not own anything at all. He sells it.",
            "He owns the firm [...] He sells it",
        ),
    ],
)
def test_an_honest_gap_verifies(text, quotation):
    assert state(quotation, text) == "gapped"


def test_a_clean_chain_is_preferred_to_one_that_hides_a_negation():
    text = "They shall not sell it.\n\nThey shall, if asked, sell it."
    result = check_quotation("They shall [...] sell it", read_document(text, "a.txt"))
    assert (result.state, result.at) == ("gapped", (3, 1))


ARCHIVE = """Ada Okafor to Bo Li - Sep 13, 2017 12:40 AM

Sounds good. The board will have seven seats.

Bo Li to Ada Okafor - Sep 13, 2017 9:05 AM

Sounds good. I want a veto, and the right to appoint four.

Cy Orr received this email from Di Roe and forwards it to Bo Li - Sep 14, 2017

I never agreed to a veto.
"""


def test_pieces_from_two_messages_are_no_quotation():
    assert state("The board will have seven seats [...] and the right to appoint four", ARCHIVE) not in STATES_VERIFIED


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("", "ambiguous"),
        ("message 2017-09-13", "ambiguous"),
        ("message 2017-09-13 00:40", "exact"),
        ("message of 13 September 2017, 9:05 AM", "exact"),
        ("message from Ada Okafor", "exact"),
        ("message from Okafor", "exact"),
        ("Bo Li to Ada Okafor, 2017-09-13", "exact"),
        ("message 2017-09-13, Bo Li", "exact"),
        ("l. 3", "exact"),
        ("lines 7-8", "exact"),
        ("message 2017-09-14", "header-mismatch"),
        ("message 2017-09-13 01:40", "header-mismatch"),
        ("message from Cy Orr", "header-mismatch"),
        ("e-mail from Nobody Known", "header-mismatch"),
        ("Bo Li to Cy Orr", "header-mismatch"),
        ("art. 4", "ambiguous"),
        ("sched. A", "ambiguous"),
    ],
)
def test_a_place_chooses_among_messages(place, expected):
    assert state("Sounds good", ARCHIVE, place=place) == expected


def test_a_place_chooses_the_right_message():
    document = read_document(ARCHIVE, "a.txt")
    assert check_quotation("Sounds good", document, "message 2017-09-13 09:05").at == (7, 1)
    assert check_quotation("Sounds good", document, "l. 7").at == (7, 1)
    mismatch = check_quotation("want a veto", document, "message from Ada Okafor")
    assert (mismatch.state, mismatch.critical, str(mismatch.message)) == (
        "header-mismatch",
        True,
        "message 2017-09-13 09:05 from Bo Li to Ada Okafor",
    )


def test_forwarded_words_may_be_cited_by_whoever_wrote_them():
    for name in ("Cy Orr", "Di Roe"):
        assert state("never agreed to a veto", ARCHIVE, place=f"message from {name}") == "exact"


def test_several_hits_outside_messages_are_not_ambiguous():
    document = read_document("A vote.\n\nNo vote.\n\nA vote.", "a.txt")
    assert check_quotation("A vote", document)[:4] == ("exact", (1, 1), "A vote", 2)
    assert check_quotation("A vote", document, "para. 3").at == (5, 1)
    assert check_quotation("A vote", document, "l. 5").at == (5, 1)
    assert check_quotation("A vote", document, "l. 3").is_elsewhere


def test_words_cut_from_behind_a_negation_are_a_critical_near_miss():
    cut = check_quotation("sell the company", read_document(CHARTER, "a.txt"))
    assert (cut.state, cut.critical, cut.negation_before) == ("near-miss", True, "not")
    assert cut.diff == "{+not+} sell the company"
    twice = read_document("They shall not sell it.\n\nThey sell it.\n", "a.txt")
    assert check_quotation("sell it", twice)[:2] == ("exact", (3, 6))
    chinese = read_document("他不同意。她特别同意。", "a.txt")
    assert check_quotation("同意", chinese)[:2] == ("exact", (1, 9))
    assert check_quotation("appoint four", read_document(CHARTER, "a.txt")).negation_before == ""


@pytest.mark.parametrize(
    ("text", "quotation", "negation"),
    [
        ("Il n’a vendu la société à personne.", "a vendu la société", "n’"),
        ("Il n'est plus administrateur.", "est plus administrateur", "n'"),
        ("Il n'est plus administrateur.", "administrateur", "plus"),
        ("我们不会同意出售公司", "同意出售公司", "不会"),
        ("他没有出售公司的股份", "出售公司的股份", "没有"),
        ("他们从未同意", "同意", "未"),
        ("并非同意", "同意", "非"),
        ("Acme did not ever sell it", "sell it", "not ever"),
        ("Acme never actually sold it", "sold it", "never actually"),
        ("Acme would not even sell it", "sell it", "not even"),
        ("Cette personne a vendu la société", "a vendu la société", ""),
        ("Il a fait un pas vers la vente", "vers la vente", ""),
        ("It is worth nothing\n\nAltman agreed", "Altman agreed", ""),
        ("# Nothing\nAltman agreed", "Altman agreed", ""),
        ("两国非常同意", "同意", ""),
        ("The non-profit keeps it", "keeps it", ""),
        ("He not only sold it", "sold it", ""),
    ],
)
def test_negations_before(text, quotation, negation):
    result = check_quotation(quotation, read_document(text, "a.txt"))
    assert (result.state, result.negation_before) == ("near-miss" if negation else "exact", negation)


@pytest.mark.parametrize(
    ("text", "quotation", "negation"),
    [
        ("I think it is almost definitely not.", "it is almost definitely", "not"),
        ("It will not succeed if we don't.", "will not succeed if we", "don't"),
        ("We agree not.", "We agree", "not"),
        ("Acme sold nothing.", "Acme sold", "nothing"),
        ("Ils se vendent pas ici.", "Ils se vendent", "pas"),
        ("Nous ne vendons plus.", "Nous ne vendons", "plus"),
        ("我们不同意出售", "我们", "不"),
        ("We agree. No sale follows.", "We agree", ""),
        ("We agree, not they.", "We agree", ""),
        ("We agree\n\nNot they", "We agree", ""),
        ("Il vend plus de titres.", "Il vend", ""),
        ("Il fait un pas en avant.", "Il fait un", ""),
        ("A vote of not less than two thirds.", "A vote of", ""),
    ],
)
def test_negations_after(text, quotation, negation):
    result = check_quotation(quotation, read_document(text, "a.txt"))
    assert (result.state, result.negation_after) == ("near-miss" if negation else "exact", negation)
    assert not negation or (result.critical and result.diff == f"{quotation} {{+{negation}+}}")


@pytest.mark.parametrize(
    ("text", "quotation", "diff"),
    [
        ("raised $3.5 million", "raised $3.", "raised $3.{+5 million+}"),
        ("raised $1,000 today", "raised $1,", "raised $1,{+000+}"),
        ("raised 1.5 million", ".5 million", "{+1+}.5 million"),
        ("models 2/3/4 will follow", "/3/4 will", "{+2+}/3/4 will"),
        ("raised HK$5 million", "$5 million", "{+HK+}$5 million"),
        ("raised US$5 million", "$5 million", "{+US+}$5 million"),
        ("公司筹集了 10 亿美元。", "公司筹集了 10", "公司筹集了 10{+ 亿美元。+}"),
        ("needs 66 2/3% of it", "needs 66", "needs 66{+ 2/3%+}"),
        ("needs 66 2/3% of it", "2/3% of it", "{+66 +}2/3% of it"),
        ("needs 66 ⅔% of it", "needs 66", "needs 66{+ ⅔%+}"),
        ("raised 1\u2009000\u2009000 euros", "raised 1", "raised 1{+ 000 000+}"),
        ("raised 1\u202f000\u202f000 euros", "raised 1", "raised 1{+ 000 000+}"),
        ("a levé 5 M€ hier", "a levé 5", "a levé 5{+ M€+}"),
        ("a levé 5 Mds d'euros", "a levé 5", "a levé 5{+ Mds+}"),
        ("raised 5 m euros", "raised 5", "raised 5{+ m+}"),
        ("raised 5 k euros", "raised 5", "raised 5{+ k+}"),
        ("raised 5 crore rupees", "raised 5", "raised 5{+ crore+}"),
        ("raised 10^9 dollars", "raised 10", "raised 10{+^9+}"),
        ("raised five million dollars", "raised five", "raised five{+ million+}"),
        ("raised twenty five million", "five million", "{+twenty +}five million"),
        ("the (un)lawful sale", "lawful sale", "{+(un)+}lawful sale"),
        ("the non–voting shares", "voting shares", "{+non-+}voting shares"),
        ("the non- voting shares", "voting shares", "{+non- +}voting shares"),
        ("the in/voluntary sale", "voluntary sale", "{+in/+}voluntary sale"),
        ("Acme sold **5**0 shares", "Acme sold 5", None),
    ],
)
def test_what_is_cut_at_an_edge_is_a_critical_near_miss_that_shows_it(text, quotation, diff):
    result = check_quotation(quotation, read_document(text, "a.md" if "**" in text else "a.txt"))
    assert (result.state, result.critical) == ("near-miss", True)
    assert diff is None or result.diff == diff


def test_numbers_that_end_where_they_seem_to():
    for text, quotation in (
        ("in 2017 2/3 of them", "2/3 of them"),
        ("le 5 M. Dupont vint", "le 5"),
        ("投资$5 million", "$5 million"),
        ("they hold 10 B shares", "they hold 10"),
        ("he had five. Million followed", "he had five"),
    ):
        assert state(quotation, text) == "exact"


def test_diffs_name_the_word_that_is_left_out():
    def found(quotation, text):
        result = check_quotation(quotation, read_document(text, "a.txt"))
        return result.diff, result.critical

    assert found("foo bar baz", "foo not bar baz") == ("foo {+not+} bar baz", True)
    assert found("Acme owns [redacted] shares", "Acme owns no shares") == ("Acme owns {+no+} shares", True)
    assert found("(cc:Elon Altman)", "(cc:Sam Altman)")[1]
    assert found("vendu 50% du capital", "a vendu 50 % du capital") == ("vendu [-50%-]{+50 %+} du capital", False)
    assert found("vendu 50 % du capital", "a vendu 50% du capital")[1] is False
    assert found("vendu 50 % du capital", "a vendu 5% du capital")[1]


# near misses


@pytest.mark.parametrize(
    ("quotation", "diff", "critical"),
    [
        ("may appoint five directors", "may appoint [-five-]{+four+} directors", True),
        ("voting as a class, may appoint", "voting as [-a-]{+one+} class, may appoint", True),
        ("holders of the Series B Preferred", "holders of the Series [-B-]{+A+} Preferred", True),
        ("and shall sell the company", "and shall {+not+} sell the company", True),
        ("It is possible to dissolve", "It is [-possible-]{+impossible+} to dissolve", True),
        ("right to vetoes", None, None),
        ("keeps a right to veto", "keeps [-a-]{+the+} right to veto", False),
        ("The founders can", None, None),
    ],
)
def test_a_near_miss_shows_the_words(quotation, diff, critical):
    result = check_quotation(quotation, read_document(CHARTER, "charter.txt"))
    assert result.state not in STATES_VERIFIED
    if diff is not None:
        assert (result.state, result.diff, result.critical) == ("near-miss", diff, critical)


def test_near_miss_in_chinese():
    result = check_quotation(
        "董事会可以罢免首席执行官", read_document("根据章程，董事会不可以罢免首席执行官。", "a.txt")
    )
    assert (result.state, result.critical, result.at) == ("near-miss", True, (1, 6))
    assert "{+不+}" in result.diff


def test_nothing_alike_is_absent():
    result = check_quotation("wholly unrelated words stand here", read_document(CHARTER, "a.txt"))
    assert (result.state, result.at, result.found, result.diff) == ("absent", None, "", "")
    assert state("—") == state("") == state("...") == "absent"


def test_hostile_repetition_ends():
    text = "a " * 200_000
    document, prepared = read_document(text, "a.txt"), Prepared()
    for quotation in (
        "a a a b",
        "a [...] a [...] b",
        "aa",
        "a " * 3000 + "b",
        "[...] " * 60 + "a [[x]] b",
        "a [...] " * 40 + "b",
    ):
        assert check_quotation(quotation, document, "", prepared).state not in STATES_VERIFIED


# properties

NAMES = st.sampled_from(["Ada Okafor", "Bo Li", "Elm Partners", "the foundation", "the board"])
VERBS = st.sampled_from(["may appoint", "shall sell", "owns", "will control", "agrees to issue", "can remove"])
AMOUNTS = st.integers(2, 9_999_999).flatmap(
    lambda n: st.sampled_from(
        [f"{n:,} shares", f"{n} votes", f"${n:,}", f"{n % 100}.{n % 10}% of the units", f"USD {n} million"]
    )
)
ENDS = st.sampled_from(["before the meeting", "in May 2018", "without delay", "at par", "for cash"])
SENTENCES = st.builds("{} {} {} {}.".format, NAMES, VERBS, AMOUNTS, ENDS)
SOURCES = st.lists(SENTENCES, min_size=1, max_size=6).map("\n".join)


@given(SOURCES, st.data())
def test_every_run_of_whole_words_is_exact_and_exact_is_a_substring(source, data):
    words = list(re.finditer(r"\S+", source))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quotation = source[words[first].start() : words[last].end()].rstrip(".")
    result = check_quotation(quotation, read_document(source, "a.txt"))
    assert result.state == "exact" or quotation[-1].isdigit() or result.negation_before
    assert result.state != "exact" or result.found == quotation


@given(SOURCES, st.text(max_size=40))
def test_exact_only_if_a_substring(source, quotation):
    result = check_quotation(quotation, read_document(source, "a.txt"))
    assert result.state != "exact" or quotation.strip() in source


def flip(sentence, kind, data):
    """Change one sentence so that it says something else."""
    digits = [i for i, c in enumerate(sentence) if c.isdigit()]
    spaces = [i for i, c in enumerate(sentence) if c == " "]
    if kind == "digit":
        i = data.draw(st.sampled_from(digits))
        return sentence[:i] + str((int(sentence[i]) + data.draw(st.integers(1, 9))) % 10) + sentence[i + 1 :]
    if kind == "zero":
        i = data.draw(st.sampled_from(digits))
        return sentence[: i + 1] + "0" + sentence[i + 1 :]
    if kind == "name":
        return sentence.replace(sentence.split()[0], "Zoe", 1)
    i = data.draw(st.sampled_from(spaces))
    if kind == "not":
        return sentence[:i] + " not" + sentence[i:]
    if kind == "unseen":
        return (
            sentence[: i - 1] + data.draw(st.sampled_from("\u200b\u200d\u2060\ufeff\u00ad\u202e")) + sentence[i - 1 :]
        )
    if kind == "script":
        i = data.draw(st.sampled_from([i for i, c in enumerate(sentence) if c in "aeo"]))
        return sentence[:i] + {"a": "а", "e": "е", "o": "о"}[sentence[i]] + sentence[i + 1 :]
    return sentence[:i] + sentence[sentence.index(" ", i + 1) :] if " " in sentence[i + 1 :] else "not " + sentence


@given(SOURCES, st.data())
def test_a_flipped_sentence_never_verifies(source, data):
    sentence = data.draw(st.sampled_from(source.split("\n")))
    kind = data.draw(st.sampled_from(["digit", "not", "name", "drop", "zero", "unseen", "script"]))
    flipped = flip(sentence, kind, data)
    assume(flipped not in source)
    result = check_quotation(flipped, read_document(source, "a.txt"))
    assert result.state not in STATES_VERIFIED
    assert result.critical or result.state == "absent" or kind == "drop"


@given(st.text(max_size=60), st.text(max_size=200), st.text(max_size=30))
def test_no_text_breaks_the_check(quotation, source, place):
    for name in ("a.txt", "a.md"):
        result = check_quotation(quotation, read_document(source, name), place)
        assert result.state != "exact" or quotation.strip() in source
