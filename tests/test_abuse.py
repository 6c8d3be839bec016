"""Hostile books: each gives a stated bound or a located diagnostic, no hang, and its bytes unchanged."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import factorial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.cli import fmt
from muniment.cli.main import run
from muniment.render.answer import Answer, Column, Table
from muniment.render.formats import FORMATS, render
from muniment.render.numbers import exact

SMALL_STACK = 256 * 1024
SECRET = "swordfish-6e2f"
COMPANY = """\
2021-01-01 person ada "Ada"
2021-01-01 company acme "Acme"
  law pack: none
  class common
    authorized: 100
    votes per share: 1
  rules
    sell company: majority of votes
2021-01-01 issue acme
  ada: 10 common
"""


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a book of one record file and returns its folder."""

    def write(records: str | bytes, settings: str = 'name = "Abuse"\nformat = 1\n') -> Path:
        folder = tmp_path / "book"
        folder.mkdir(exist_ok=True)
        (folder / "muniment.toml").write_text(settings)
        data = records if isinstance(records, bytes) else records.encode("utf-8", "surrogatepass")
        (folder / "abuse.muni").write_bytes(data)
        return folder

    return write


def asked(*words: str | Path) -> tuple[int, str, str]:
    """Return the exit code, the answer and the messages of a command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(word) for word in words])
    return code, out.getvalue(), err.getvalue()


def diagnostics(folder: Path, *words: str | Path) -> list[dict[str, object]]:
    code, out, _ = asked("check", folder, *words, "--json")
    found: list[dict[str, object]] = json.loads(out)["diagnostics"]
    assert code == int(any(each["severity"] == "error" for each in found))
    return found


def errors(folder: Path, *words: str | Path) -> list[dict[str, object]]:
    return [each for each in diagnostics(folder, *words) if each["severity"] == "error"]


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fail if the block takes much longer than it should; generous, for a busy machine."""
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


# 1. Numbers


@pytest.mark.parametrize(
    "number",
    [
        "1e100000000",
        "9" * 10_000_000,
        "1/0",
        "\uff11\uff10",
        "1e400",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        "--5",
        "1" + "0" * 40,
        "1/" + "9" * 99,
    ],
    ids=lambda text: text[:12],
)
@pytest.mark.parametrize("field", ["authorized: 100", "ada: 10 common", "votes per share: 1"])
def test_a_number_that_is_none_is_a_located_error(book: Callable[..., Path], field: str, number: str) -> None:
    label, _, value = field.partition(": ")
    hostile = COMPANY.replace(field, f"{label}: " + value.replace(value.split()[0], number, 1))
    line = next(at for at, words in enumerate(hostile.splitlines(), 1) if words.strip().startswith(label))
    with within(8):
        found = errors(book(hostile))
    assert [each["line"] for each in found if each["line"] == line], found
    assert all(len(str(each["message"])) < 400 and each["hint"] for each in found)


@pytest.mark.parametrize(
    "amount",
    ["USD 1e100000000", "USD " + "9" * 1_000_000, "USD 1/0", "USD -1", "USD NaN", "usd 5", "\uff35\uff33\uff24 5"],
)
def test_proceeds_that_are_no_money_are_wrong_usage(book: Callable[..., Path], amount: str) -> None:
    with within(5):
        code, out, err = asked("payout", book(COMPANY), "acme", "--proceeds", amount, "--on", "2022-01-01")
    assert (code, out) == (2, "")
    assert len(err) < 2_000


# 2. Exact answers of any length


@pytest.mark.parametrize("form", FORMATS)
def test_a_number_of_many_thousand_digits_is_printed(form: str) -> None:
    share = Fraction(1, factorial(1_700))
    shown = exact(share)
    assert len(shown) > 4_300
    table = Table("T", (Column("Share"),), ((exact(share, longest=24),),))
    text = render(Answer("x", {"rows": [{"share": share, "count": factorial(1_700)}]}, (table,)), form)  # type: ignore[arg-type]
    if form in ("table", "md"):
        assert "digits)" in text.replace("\\", "")
    else:
        assert shown in text


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_vote_too_large_to_count_says_so(book: Callable[..., Path], form: str) -> None:
    people = [f"p{at}" for at in range(1_700)]
    records = "".join(f"2021-01-01 person {name}\n" for name in people) + COMPANY.replace(
        "  ada: 10 common\n", ""
    ).replace("authorized: 100\n", "authorized: 1,700\n")
    folder = book(records + "".join(f"  {name}: 1 common\n" for name in people))
    words = ("control", folder, "--matter", "acme: sell company", "--directors", "loyal", "--on", "2022-01-01")
    with within(20):
        code, out, err = asked(*words, "--format", form)
    assert (code, err) == (0, "")
    if form == "table":
        assert "Too large for an exact answer" in out or "digits" in out
    else:
        answer = json.loads(out)["answers"][0]
        assert (answer["alone"], answer["can_block"]) == ([], [])
        assert answer["assumptions"] or answer["banzhaf"]


# 3. Depth


def on_small_stack(question: Callable[[], object]) -> object:
    """Return what a function returns when it has a stack of 256 KB."""
    found: list[object] = []
    before = threading.stack_size(SMALL_STACK)
    try:
        thread = threading.Thread(target=lambda: found.append(question()))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert found, "the thread failed"
    return found[0]


def chain(length: int, last: str) -> str:
    """Return companies each of which is managed by the next, the last by `last`."""
    links = [
        f"2021-01-01 llc e{at}\n  law pack: none\n  manager: {f'e{at + 1}' if at + 1 < length else last}\n"
        for at in range(length)
    ]
    return "2021-01-01 person ada\n" + links[0] + "  rules\n    sell company: consent of manager\n" + "".join(links[1:])


@pytest.mark.parametrize("last", ["ada", "e0"])
def test_a_chain_and_a_cycle_of_10_000_entities_are_decided_on_a_small_stack(
    book: Callable[..., Path], last: str
) -> None:
    folder = book(chain(10_000, last))
    words = ("control", folder, "--matter", "e0: sell company", "--directors", "loyal", "--on", "2022-01-01", "--json")
    with within(40):
        code, out, _ = on_small_stack(lambda: asked(*words))  # type: ignore[misc]
    answer = json.loads(out)["answers"][0]
    assert answer["alone"] == (["ada"] if last == "ada" else [])
    assert code in (0, 1)
    assert len(answer["circular"]) == (0 if last == "ada" else 10_000)


@pytest.mark.parametrize(
    "rule",
    [
        "(" * 100_000 + "majority of votes" + ")" * 100_000,
        "(" * 100_000,
        "1 of (" * 20_000 + "ada" + ")" * 20_000,
        " and ".join(["majority of votes"] * 20_000),
        "majority of " + "common and " * 20_000 + "common together",
    ],
    ids=["parentheses", "unclosed", "k of n", "and", "together"],
)
def test_a_deep_or_long_rule_is_read_on_a_small_stack(book: Callable[..., Path], rule: str) -> None:
    folder = book(COMPANY.replace("majority of votes", rule))
    with within(20):
        code, out, _ = on_small_stack(lambda: asked("check", folder, "--concise"))  # type: ignore[misc]
        assert code in (0, 1)
        assert len(out) < 200_000
        code, _, _ = on_small_stack(lambda: asked("control", folder, "--on", "2022-01-01"))  # type: ignore[misc]
        assert code in (0, 1)


def test_settings_nested_deeply_are_a_located_error(book: Callable[..., Path]) -> None:
    folder = book(COMPANY, "x = " + "[" * 100_000)
    with within(10):
        found = errors(folder)
    assert found[0]["path"] == "muniment.toml"


def test_a_setting_given_twice_is_an_error(book: Callable[..., Path]) -> None:
    found = errors(book(COMPANY, 'name = "a"\nname = "b"\nformat = 1\n'))
    assert (found[0]["path"], found[0]["line"]) == ("muniment.toml", 2)


# 4. Size


@pytest.mark.parametrize(
    "records",
    ['2021-01-01 person ada "' + "x" * 20_000_000, "y" * 30_000_000, "?\n" * 250_000, "  - x\n" * 100_000],
    ids=["unclosed title", "long line", "bad lines", "items"],
)
def test_size_gives_few_diagnostics_and_no_hang(book: Callable[..., Path], records: str) -> None:
    folder = book(records)
    with within(25):
        found = diagnostics(folder)
    assert 1 <= len(found) <= 102
    assert all(len(str(each["message"])) < 1_000 for each in found)
    with within(25):
        code, out, _ = asked("check", folder)
    assert code == 1
    assert len(out) < 200_000


@settings(max_examples=40)
@given(
    data=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=200).map(lambda text: COMPANY.encode() + text.encode("utf-8", "ignore")),
    )
)
def test_random_bytes_end_with_0_or_1(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("random")
    (folder / "muniment.toml").write_text('name = "r"\nformat = 1\n')
    (folder / "r.muni").write_bytes(data)
    for command in ("check", "control", "timeline", "disputes", "quotes"):
        code, _, _ = asked(command, folder, *(["--on", "2022-01-01"] if command == "control" else []))
        assert code in (0, 1), command


@settings(max_examples=25)
@given(
    cut=st.integers(0, 3_400),
    put=st.sampled_from(["", "\x00", "(", "disputed", "1e9", "\u202e", "  ", "\n", "and or", "@", "9" * 40]),
)
def test_an_example_with_a_hole_in_it_still_answers(
    cut: int, put: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    records = (Path(__file__).resolve().parents[1] / "books" / "acme" / "acme.muni").read_text(encoding="utf-8")
    folder = tmp_path_factory.mktemp("holed")
    (folder / "muniment.toml").write_text('name = "r"\nformat = 1\n')
    (folder / "r.muni").write_text(records[:cut] + put + records[cut + 7 :], encoding="utf-8")
    for words in (("check",), ("control",), ("disputes",), ("report",)):
        code, out, err = asked(words[0], folder, *words[1:], "--on", "2021-04-01")
        assert code in (0, 1), (words, err)
        assert out
    for words in (("cap-table", folder, "acme"), ("payout", folder, "acme", "--proceeds", "USD 10,000,000")):
        code, _, err = asked(*words, "--on", "2021-04-01")
        assert code in (0, 1) or "there is no entity" in err or "does not exist" in err or "not an entity" in err, (
            words,
            err,
        )


# 5. Paths


def sourced(name: str) -> str:
    company = f'2021-01-01 company acme "Acme"\n  law: Delaware  [@paper, p. 1]\n    > {SECRET}\n'
    return f'2021-01-01 source paper "P"\n  file: {name}\n{company}'


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links and FIFOs")
@pytest.mark.parametrize(
    "name",
    [
        "../private/secret.txt",
        "OUTSIDE/private/secret.txt",
        "sources/link.txt",
        "sources/folder/secret.txt",
        "../book-private/secret.txt",
        "sources/../../private/secret.txt",
        "/dev/zero",
        "sources/zero",
        "sources/fifo",
        "sources",
        "sources/secret.txt\x00.txt",
        "~/secret.txt",
        "file:///OUTSIDE/private/secret.txt",
        "C:\\secret.txt",
        "..\\private\\secret.txt",
    ],
)
def test_a_source_outside_the_book_is_refused_without_a_byte_of_it(
    book: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    folder = book(sourced(name.replace("OUTSIDE", str(tmp_path))))
    for beside in ("private", "book-private"):
        (tmp_path / beside).mkdir()
        (tmp_path / beside / "secret.txt").write_text(f"the word is {SECRET}, and {SECRET[::-1]}")
    (folder / "sources").mkdir()
    (folder / "sources" / "link.txt").symlink_to(tmp_path / "private" / "secret.txt")
    (folder / "sources" / "folder").symlink_to(tmp_path / "private")
    (folder / "sources" / "zero").symlink_to("/dev/zero")
    os.mkfifo(folder / "sources" / "fifo")
    with within(8):
        code, out, err = asked("check", folder)
        _, quotes, more = asked("quotes", folder, "--json")
    (quote,) = json.loads(quotes)["quotes"]
    assert quote["state"] in ("refused", "not-held")
    assert (quote["found"], quote["at"]) in (("", ""), (None, None), ("", None), (None, ""))
    assert "the word is" not in out + err + quotes + more
    assert SECRET[::-1] not in out + err + quotes + more
    assert code in (0, 1)
    if quote["state"] == "refused":
        assert "M407" in out


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links and FIFOs")
def test_a_record_file_that_is_no_ordinary_file_is_refused(book: Callable[..., Path], tmp_path: Path) -> None:
    folder = book(COMPANY)
    (tmp_path / "secret.muni").write_text(f"2021-01-01 person {SECRET}\n{SECRET}?\n")
    (folder / "link.muni").symlink_to(tmp_path / "secret.muni")
    (folder / "zero.muni").symlink_to("/dev/zero")
    (folder / "folder.muni").mkdir()
    os.mkfifo(folder / "fifo.muni")
    with within(8):
        code, out, err = asked("check", folder, "--concise")
        asked("fmt", folder, "--check")
    assert code == 1
    assert SECRET not in out + err
    assert {"link.muni", "zero.muni", "fifo.muni"} <= {line.partition(":")[0] for line in out.splitlines()}
    code, out, _ = asked("control", folder, "--on", "2022-01-01")
    assert code == 1
    assert "ada" in out


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links and FIFOs")
def test_a_shelf_gives_no_byte_of_what_it_links_to(book: Callable[..., Path], tmp_path: Path) -> None:
    folder = book(sourced("paper.txt"))
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (tmp_path / "secret.txt").write_text(f"the word is {SECRET}")
    (shelf / "paper.txt").symlink_to(tmp_path / "secret.txt")
    (shelf / "zero").symlink_to("/dev/zero")
    os.mkfifo(shelf / "fifo")
    with within(8):
        _, out, err = asked("check", folder, "--sources", shelf)
        _, quotes, _ = asked("quotes", folder, "--sources", shelf, "--json")
    assert "the word is" not in out + err + quotes
    assert json.loads(quotes)["quotes"][0]["state"] in ("refused", "not-held")


# 6. Markup

ATTACKS = [
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "\u202eevil\u202c",
    "\x9b31m",
    "=cmd('calc')!A1",
    "@SUM(1+1)",
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "\u2028forged: yes",
    "a\rforged",
]
OBEYED = set("\x1b\x9b\x07\x00\x7f\r\u202e\u202c\u2028\u2029\u2066\u2069")


@pytest.mark.parametrize("attack", ATTACKS, ids=repr)
def test_markup_in_every_field_of_a_book_is_inert_in_every_answer(book: Callable[..., Path], attack: str) -> None:
    records = f"""\
2021-01-01 source paper "{attack}"
  kind: press report
  publisher: {attack}
2021-01-01 source reply "{attack}"
  by: {attack}
2021-01-01 person ada "{attack}"
  also: {attack}
2021-01-01 company acme "{attack}"
  law pack: none
  purpose: {attack}  [@paper, {attack}]
    > {attack}
  class common "{attack}"
    votes per share: 1
  board "{attack}"
    decides by: majority
    seats directors
      number: 1
      filled by: majority of common
      removed by: {attack}
  rules
    sell company: majority of votes
    {attack}: majority of votes
2021-01-01 issue acme "{attack}"
  ada: 10 common
  {attack}: 5 common
2021-01-01 appoint acme
  directors: ada, {attack}
2021-01-02 round money "{attack}"
  issuer: acme
  new money: disputed
    - USD 5    [@paper, {attack}]
      > {attack}
    - ({attack}) USD 6    [@reply, {attack}]
    prefer: @paper, because {attack}
2021-01-02 event said "{attack}"
  says: {attack}
2021-01-03 {attack} x
{attack}
2021-01-04 expect acme
  sell company, alone: {attack}
"""
    folder = book(records, f"name = {json.dumps(attack)}\nformat = 1\n{json.dumps(attack)} = 1\n")
    (folder / "sources").mkdir()
    on = ("--on", "2022-01-01")
    for form in FORMATS:
        for words in (
            *(
                ("control", folder, "--why"),
                ("check", folder),
                ("timeline", folder),
                ("quotes", folder),
                ("disputes", folder),
            ),
            *(("cap-table", folder, "acme"), ("payout", folder, "acme", "--proceeds", "USD 10"), ("report", folder)),
            ("control", folder, "--matter", attack),
        ):
            code, out, err = asked(*words, *on, "--format", form)
            assert code in (0, 1, 2), (words, err)
            assert OBEYED & set(out + err) == set(), (words, form)
            if form == "csv":
                for row in csv.reader(io.StringIO(out)):
                    assert [cell for cell in row if cell.lstrip()[:1] in tuple("=@") and cell.lstrip() != ""] == [], (
                        words
                    )
            if form == "md":
                assert "<script" not in out
                assert "](javascript:" not in out
    for words in (
        ("check", folder, "--concise"),
        ("check", folder, "--github"),
        ("fmt", folder, "--diff"),
        ("explain", attack),
    ):
        _, out, err = asked(*words)
        assert OBEYED & set(out + err) == set(), words


def test_a_file_name_is_inert_in_messages(book: Callable[..., Path]) -> None:
    folder = book(COMPANY)
    (folder / "a\x1b[31m\u202e.muni").write_text("?\n    2021 x\n")
    for words in (
        ("check", folder),
        ("control", folder, "--on", "2022-01-01"),
        ("fmt", folder, "--check"),
        ("check", folder, "--json"),
    ):
        code, out, err = asked(*words)
        assert code == int(words[0] != "fmt")
        assert OBEYED & set(out + err) == set(), words


# 7. Quotations that only look alike


@pytest.mark.parametrize(
    "quotation",
    [
        "Musk does n\u043et control OpenAI",
        "Musk does control OpenAI",
        "he holds 100% of it",
        "he holds 1\u200b0% of it",
        "\ufdfa" * 12,
        "Musk does not\u00ad control 0penAI",
        "USD 5 million were paid",
    ],
)
def test_a_quotation_that_only_looks_alike_is_not_verified(book: Callable[..., Path], quotation: str) -> None:
    event = f"2021-01-01 event said\n  says: this  [@paper, l. 1]\n    > {quotation}\n"
    records = f"2021-01-01 source paper\n  file: paper.txt\n{event}"
    folder = book(records)
    (folder / "paper.txt").write_text("Musk does not control OpenAI; he holds 10% of it. USD 5 billion were paid.\n")
    with within(5):
        code, out, _ = asked("quotes", folder, "--json")
    (quote,) = json.loads(out)["quotes"]
    assert quote["state"] not in ("exact", "folded", "gapped"), quote
    assert code == 1


# 8. Writing


def untidy(lines: int) -> bytes:
    return "".join(f'2021-01-01   person    p{at}   "P {at}"\n' for at in range(lines)).encode()


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_fmt_leaves_the_old_file_or_the_new_one(book: Callable[..., Path]) -> None:
    old = untidy(8_000)
    folder = book(old)
    path = folder / "abuse.muni"
    asked("fmt", folder)
    new = path.read_bytes()
    assert new != old
    chance = random.Random(20210304)
    seen = set()
    start = (
        "import sys\nfrom muniment.cli.main import run\nfrom muniment.text import writer\n"
        "print('ready', flush=True)\nrun(['fmt', sys.argv[1]])"
    )
    for _ in range(16):
        path.write_bytes(old)
        ran = subprocess.Popen(
            [sys.executable, "-c", start, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert ran.stdout is not None
        ran.stdout.readline()
        time.sleep(chance.uniform(0, 0.25))
        os.kill(ran.pid, signal.SIGKILL)
        ran.wait()
        ran.stdout.close()
        now = path.read_bytes()
        assert now in (old, new)
        seen.add(now == new)
    assert diagnostics(folder) == [] or all(each["path"] == "abuse.muni" for each in diagnostics(folder))


@pytest.mark.parametrize("fault", ["replace", "fsync"])
def test_a_full_or_read_only_disk_leaves_the_old_file(
    book: Callable[..., Path], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = untidy(5)
    folder = book(old)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device", str(folder / "abuse.muni"))

    monkeypatch.setattr(fmt.os, fault, fail)
    code, _, err = asked("fmt", folder)
    assert code in (1, 2)
    assert "No space left on device" in err
    assert (folder / "abuse.muni").read_bytes() == old
    assert sorted(path.name for path in folder.iterdir()) == ["abuse.muni", "muniment.toml"]


@pytest.mark.skipif(os.name != "posix", reason="needs limits of a process")
def test_a_file_that_may_not_grow_leaves_the_old_file(book: Callable[..., Path]) -> None:
    old = untidy(5_000)
    folder = book(old)
    code = "import sys; from muniment.cli.main import run; sys.exit(run(['fmt', sys.argv[1]]))"
    ran = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
    )  # fmt: skip
    assert ran.returncode in (1, 2)
    assert "error[M900]" not in ran.stderr
    assert (folder / "abuse.muni").read_bytes() == old
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_file_that_changed_meanwhile_is_not_overwritten(
    book: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = book(untidy(5))
    path = folder / "abuse.muni"
    theirs = b"2021-01-01 person written-meanwhile\n"
    real = os.fsync

    def another_writer(descriptor: int) -> None:
        real(descriptor)
        path.write_bytes(theirs)

    monkeypatch.setattr(fmt.os, "fsync", another_writer)
    code, _, err = asked("fmt", folder)
    assert code == 1
    assert "changed meanwhile" in err
    assert path.read_bytes() == theirs
    assert sorted(each.name for each in folder.iterdir()) == ["abuse.muni", "muniment.toml"]


@pytest.mark.skipif(os.name != "posix", reason="needs modes and symbolic links")
def test_fmt_keeps_the_mode_and_the_link(book: Callable[..., Path], tmp_path: Path) -> None:
    folder = book(untidy(5))
    path = folder / "abuse.muni"
    path.chmod(0o640)
    link = tmp_path / "link.muni"
    link.symlink_to(path)
    code, _, _ = asked("fmt", link)
    assert code == 0
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert asked("fmt", folder, "--check")[0] == 0


def test_reading_commands_change_no_byte(book: Callable[..., Path]) -> None:
    folder = book(untidy(5) + COMPANY.encode() + b"?\r\n\xff")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for words in (
        ("check",),
        ("control",),
        ("timeline",),
        ("quotes",),
        ("disputes",),
        ("report",),
        ("cap-table", "acme"),
    ):
        asked(words[0], folder, *words[1:])
    asked("fmt", folder, "--check")
    asked("fmt", folder, "--diff")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


# 9. Names


@pytest.mark.parametrize("twin", ["acme", "Acme", "acm\u00e9", "acme\u0301", "\uff41cme", "acm\u0435"])
def test_two_records_whose_ids_only_look_different_are_an_error(book: Callable[..., Path], twin: str) -> None:
    found = errors(book(COMPANY + f"2021-01-02 company {twin}\n  law pack: none\n"))
    assert [each for each in found if each["line"] == 11], found


def test_a_label_given_twice_is_an_error_at_the_second(book: Callable[..., Path]) -> None:
    found = errors(book(COMPANY.replace("    authorized: 100\n", "    authorized: 100\n    authorized: 200\n")))
    assert [(each["line"], "disputed" in str(each["hint"])) for each in found] == [(6, True)]
