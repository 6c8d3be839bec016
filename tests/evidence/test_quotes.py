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
    assert (result.state, result.critical) == ("gapped", True)


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


def test_words_cut_from_behind_a_negation_are_marked():
    assert check_quotation("sell the company", read_document(CHARTER, "a.txt")).negation_before == "not"
    assert check_quotation("appoint four", read_document(CHARTER, "a.txt")).negation_before == ""


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
    assert result.state == "exact" or quotation[-1].isdigit()
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
