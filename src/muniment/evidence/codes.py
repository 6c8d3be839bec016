"""The table of codes M4xx: what can be wrong with a source or a quotation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from muniment.text.codes import Code
from muniment.text.diagnostics import Diagnostic
from muniment.text.spans import Span

QUOTED = (
    '2021-03-04 source charter "Certificate of Incorporation"\n  file: sources/charter.txt\n'
    "2021-03-04 company acme\n  law: Delaware [@charter, art. 1]\n    > {words}"
)
NEVER = "Never: a quotation that is not in its source is no evidence."

_ALL = (
    Code(
        code="M401",
        name="quotation-not-in-source",
        severity="error",
        what="The words of a quotation stand in the source that is cited above it.",
        why="A quotation is checked so that a reader need not trust whoever typed it.",
        example=QUOTED.format(words="under the laws of Nevada and nowhere else"),
        instead="Quote the words as the source has them, or cite the source that has them.",
        when_to_silence=NEVER,
    ),
    Code(
        code="M402",
        name="altered-quotations",
        severity="error",
        what="A quotation has every word of its source; similar words do not count.",
        why="One digit, one 'not' or one name can turn the sense, and a measure of likeness hardly falls.",
        example=QUOTED.format(words="organised under the laws of Nevada"),
        instead="Copy the words that the hint shows between {+ and +}; mark an omission with [...].",
        when_to_silence=NEVER,
    ),
    Code(
        code="M403",
        name="another-message",
        severity="error",
        what="Quoted words stand in the message that the citation names by its date, time or sender.",
        why="The right words of the wrong speaker prove the wrong thing.",
        example="2017-09-20 event no\n  says: no [@emails, message 2017-09-20 14:17]\n    > words sent at 14:08",
        instead="Name the message in which the words stand; the hint shows it.",
        when_to_silence=NEVER,
    ),
    Code(
        code="M404",
        name="ambiguous-quotations",
        severity="warning",
        what="The words stand in one message only, or the citation says in which.",
        why="Two people may have written the same words on different days.",
        example="2017-09-13 event reply\n  says: yes [@emails]\n    > Sounds good",
        instead="2017-09-13 event reply\n  says: yes [@emails, message 2017-09-13 00:40]\n    > Sounds good",
        when_to_silence="When it does not matter which of the messages is meant.",
    ),
    Code(
        code="M405",
        name="changed-sources",
        severity="warning",
        what="The file of a source has the hash that its record states.",
        why="A file that changed may no longer say what was quoted from it.",
        example="2021-03-04 source charter\n  file: sources/charter.txt\n  sha256: (the hash of another file)",
        instead="Bring the old file back, or check every quotation from it and state the hash it has now.",
        when_to_silence="When the change is known and the old file is lost.",
    ),
    Code(
        code="M406",
        name="sources-not-held",
        severity="note",
        what="The file of a source that is quoted is in the book or in a folder given by --sources.",
        why="Without the file its quotations are not checked.",
        example='2021-03-04 source charter "Certificate of Incorporation"\n  file: sources/missing.txt',
        instead="Put the file where the record names it, or give its folder with --sources.",
        when_to_silence="When the source may not be shared.",
    ),
    Code(
        code="M407",
        name="refused-source-files",
        severity="error",
        what="A source file is an ordinary file of at most 64 MB inside the book, named relative to it.",
        why="A book from somebody else must not make this program read other files of yours.",
        example="2021-03-04 source charter\n  file: ../private/charter.txt",
        instead="2021-03-04 source charter\n  file: sources/charter.txt",
        when_to_silence="Never: the file is not read.",
    ),
    Code(
        code="M408",
        name="long-quotations",
        severity="warning",
        what=(
            "A quotation has at most twelve words, or thirty signs of Chinese or Japanese; "
            "one of a charter or a signed agreement at most thirty words."
        ),
        why="A short quotation says what a fact rests on; a long one hides it, and may be more than one may copy.",
        example=QUOTED.format(words="a quotation of more than a dozen words that goes on and on and on"),
        instead="Quote the words that carry the fact; mark an omission with [...].",
        when_to_silence="When the wording of the whole clause is what is in dispute.",
    ),
    Code(
        code="M409",
        name="negation-just-before",
        severity="error",
        what="The word before the quoted ones is no negation.",
        why="Words cut from behind a 'not' say the opposite of their source.",
        example=QUOTED.format(words="words that follow a 'not' in the source"),
        instead="Begin the quotation at the negation.",
        when_to_silence="When the negation belongs to another clause.",
    ),
    Code(
        code="M410",
        name="gaps-that-turn-the-sense",
        severity="error",
        what=(
            "No [...] hides a negation of the sentences it cuts into; an editor's words in [[ ]] only say whom a "
            "pronoun means, give another form of the word they replace, or add an article or an adjective behind one."
        ),
        why="A reader takes what is left for what the source says.",
        example=QUOTED.format(words="[[100]] shares"),
        instead="Quote the words from where the source has them, or give yours in the gloss (>>).",
        when_to_silence=NEVER,
    ),
    Code(
        code="M411",
        name="doubtful-readings",
        severity="note",
        what="How a source file is read leaves no doubt: its encoding, its format, its name, what is beside its text.",
        why="Another encoding gives other characters than were meant; deleted and hidden words are not its text.",
        example="2021-03-04 source charter\n  file: sources/charter-with-tracked-changes.docx",
        instead="Keep a final version, or a UTF-8 text, beside the file, and name that.",
        when_to_silence="When the text was looked over.",
    ),
    Code(
        code="M412",
        name="quotations-without-source",
        severity="warning",
        what="A quotation has a citation on its line, or on the block or record it stands in.",
        why="Words that nobody is said to have written cannot be checked.",
        example="2021-03-04 company acme\n  law: Delaware\n    > under the laws of Delaware",
        instead="2021-03-04 company acme\n  law: Delaware [@charter, art. 1]\n    > under the laws of Delaware",
        when_to_silence="Never: add the citation, or write a remark.",
    ),
    Code(
        code="M413",
        name="another-place",
        severity="note",
        what="Quoted words stand in the lines or on the page that the citation names.",
        why="A reader who follows the citation should find them.",
        example=QUOTED.format(words="words of line 3").replace("art. 1", "l. 900"),
        instead="Name the place in which they stand; the hint shows it.",
        when_to_silence="When pages are counted otherwise in the printed document.",
    ),
    Code(
        code="M414",
        name="translations-that-differ",
        severity="warning",
        what="A translation has the numbers, dates, names and negations of the words that it renders.",
        why="A translator, or a machine, changes the record where it changes one of these.",
        example=(
            "2021-05-01 pledge seed\n  amount: USD 1 billion [@letter]\n    > one billion dollars\n"
            "2021-05-01 pledge seed-fr\n  amount: USD 1 million [@letter-fr]\n    > un million de dollars"
        ),
        instead="Follow the original, and keep what the translation says as a disputed statement.",
        when_to_silence="When the two quotations are of different sentences.",
    ),
    Code(
        code="M415",
        name="unreadable-sources",
        severity="warning",
        what="A source that is quoted has text on every page on which the words may stand.",
        why="Of a scanned, encrypted or damaged page nobody can say whether a quotation stands there.",
        example="2021-03-04 source minutes\n  file: sources/scan.pdf",
        instead="Keep a text version beside the file, made and looked over by a person, and name that.",
        when_to_silence="When somebody has compared the words with the picture.",
    ),
    Code(
        code="M416",
        name="places-not-understood",
        severity="warning",
        what="What a citation says of a message is understood, so that it is checked.",
        why="A speaker or a date that nobody compared with the message looks as if it had been.",
        example=QUOTED.format(words="words of a message").replace("art. 1", "the second message"),
        instead="Write 'message DATE TIME from NAME to NAME', or name the lines.",
        when_to_silence="When the message was looked up by hand.",
    ),
)

CODES: Mapping[str, Code] = MappingProxyType({code.code: code for code in _ALL})
"""Every code of this area, by its code."""


def diagnostic(
    code: str, message: str, span: Span, hint: str | None = None, related: tuple[tuple[Span, str], ...] = ()
) -> Diagnostic:
    """Return a diagnostic of this area with the severity that its code has."""
    return Diagnostic(code=code, severity=CODES[code].severity, message=message, span=span, hint=hint, related=related)
