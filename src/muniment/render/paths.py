"""Paths to control as sentences and tables: the answer, the plan, how near it comes, what would cut it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from math import comb

from muniment.answers.deciding import names
from muniment.answers.paths import FoundPath, counted, needs_in_words, path_in_a_sentence, together
from muniment.control.paths.answer import (
    BodyStanding,
    ConsentDistance,
    Cuts,
    PathAnswer,
    PlanMove,
    SeatStanding,
    Standing,
)
from muniment.render.answer import Column, Table
from muniment.render.grounds import grounds_in_words
from muniment.render.numbers import grouped

PLAN = (
    Column("#", "right"),
    Column("Move"),
    Column("By"),
    Column("Needs"),
    Column("Takes effect"),
    Column("Boards and votes after it"),
)
MOST_SHOWN = 12
MOST_SETS_NAMED = 6
MOST_SETS_IN_FULL = 3


def path_tables(found: Sequence[FoundPath], account: str, under: str | None) -> tuple[Table, ...]:
    """Return, for each reading, the answer in a sentence, the plan, and all that was asked beside it.

    Args:
        found: The answers.
        account: The account asked.
        under: The proposal taken as adopted, if any.
    """
    tables: list[Table] = [*_overview(found, account, under)]
    for each in found:
        answer = each.answer
        title = f"Path to control: {' + '.join(answer.who)}, {answer.entity}: {answer.matter}"
        ifs = "".join(f"; if {fact} is '{words}'" for fact, words in each.reads.items())
        sentence = path_in_a_sentence(answer, account, under, each.reads)
        tables += plan_tables(title + ifs, sentence, answer)
        tables += _soonest(answer)
        tables += misses_tables(answer)
        tables.append(Table("Who else, and whether it lasts", note="\n".join(beside_in_words(answer))))
        tables += _coalitions(answer)
        tables += _cut_tables(answer)
        tables += _hangs_on(answer)
    return tuple(table for table in tables if table.columns or table.note)


def _overview(found: Sequence[FoundPath], account: str, under: str | None) -> list[Table]:
    """Return what each reading of the open facts comes to, in a sentence each; nothing where there is one answer."""
    if len(found) < 2:
        return []
    facts = dict.fromkeys(fact for each in found for fact in each.reads)
    answer = found[0].answer
    said = [f"The answer depends on how {', '.join(facts)} {'is' if len(facts) == 1 else 'are'} read."]
    said += [path_in_a_sentence(each.answer, account, under, each.reads) for each in found]
    return [
        Table(f"Paths to control: {' + '.join(answer.who)}, {answer.entity}: {answer.matter}", note="\n".join(said))
    ]


def plan_tables(
    title: str, sentence: str, answer: PathAnswer, picture: str = "", beside: Sequence[str] = ()
) -> list[Table]:
    """Return the answer in one sentence, then the plan; its first row is how things stand.

    Args:
        title: Above the sentence.
        sentence: The answer.
        answer: The same in full.
        picture: Stands below the plan, or the sentence where there is no plan, where pictures can be shown.
        beside: Further sentences on the answer.
    """
    said = [sentence]
    if answer.would_decide:
        said.append("Would decide: " + " ".join(answer.would_decide))
    standing = standing_in_words(answer.start)
    if not answer.moves:
        said += [f"As things stand: {line}" for line in standing[:1]] + [f"  {line}" for line in standing[1:]]
        return [Table(title, note="\n".join([*said, *beside]), picture=picture)]
    note = "\n".join([*_length_in_words(answer), *beside])
    return [Table(title, note="\n".join(said)), Table("The plan", PLAN, tuple(_rows(answer)), note, picture, True)]


def _rows(answer: PathAnswer, moves: Sequence[PlanMove] = ()) -> Iterable[tuple[str, ...]]:
    """Yield how things stand, then each move with the boards and votes that it changes."""
    before = standing_in_words(answer.start)
    yield ("–", "as things stand", "", "", "", "\n".join(before))
    for number, move in enumerate(moves or answer.moves, 1):
        act = move.act
        way = f"{act.way}, " if act.way else ""
        notice = f"\n{way}{counted(act.days, 'day')} notice" if act.days else f"\n{act.way}" if act.way else ""
        after = standing_in_words(move.standing)
        changed = [line for line in after if line not in before]
        yield (
            str(number),
            act.words,
            names(move.by),
            needs_in_words(act),
            _when(move.takes_effect) + notice,
            "\n".join(changed) if changed or not after else "as before",
        )
        before = after


def _when(days: int) -> str:
    return "at once" if days == 0 else f"day {days:,}"


def _length_in_words(answer: PathAnswer) -> list[str]:
    shortest = (
        "No sequence of the moves considered is shorter."
        if answer.is_shortest
        else "Whether a shorter sequence of moves does it too was not searched to the end."
    )
    least = f" None takes less than {counted(answer.least_days, 'day')}." if answer.least_days and answer.days else ""
    return [shortest + least]


def standing_in_words(standing: Standing) -> list[str]:
    """Return boards and votes, a line each: seats by group and whose they are, the votes that agree and that carry."""
    several = len({(body.entity, body.body) for body in standing.bodies}) > 1
    lines = [_body(body, named=several) for body in standing.bodies]
    lines += [f"votes of {each.entity}: {share_in_words(each.ours, each.of)} ours" for each in standing.votes]
    return lines


def _body(body: BodyStanding, *, named: bool) -> str:
    seats = ", ".join(seats_in_words(body.seats))
    carry = "" if body.carry is None else f", {body.carry} carry"
    prefix = f"{body.entity}.{body.body}: " if named else ""
    return f"{prefix}{seats}: {body.ours} of {body.votes}{carry}"


def seats_in_words(seats: Iterable[SeatStanding]) -> list[str]:
    """Return `GROUP 4 ours`, `GROUP 3 others`, `GROUP 2 vacant`: groups in order, ours before others before vacant."""
    words = []
    for group, members in groupby(seats, key=lambda seat: seat.group):
        listed = list(members)
        parts = [
            f"{number} {whose}"
            for whose in ("ours", "others", "vacant")
            if (number := sum(seat.whose == whose for seat in listed))
        ]
        words.append(f"{group} {' and '.join(parts)}")
    return words


def share_in_words(ours: Fraction, of: Fraction) -> str:
    """Return votes of all votes with their share in percent."""
    if of == 0:
        return "none"
    share = f"{float(ours / of * 100):.1f}".removesuffix(".0")
    return f"{grouped(ours)} of {grouped(of)} ({share}%)" if of != 1 else f"at least {share}%"


def _soonest(answer: PathAnswer) -> list[Table]:
    if not answer.soonest or answer.soonest_days is None:
        return []
    note = (
        f"{counted(len(answer.soonest), 'move')} in at least {counted(answer.soonest_days, 'day')}, "
        f"against {counted(answer.days or 0, 'day')} above."
    )
    rows = tuple(_rows(answer, answer.soonest))
    return [Table("A way with more moves that takes fewer days", PLAN, rows, note)]


def misses_tables(answer: PathAnswer) -> list[Table]:
    """Return how near a coalition without a path comes; none where there is nothing to say."""
    if not answer.misses:
        return []
    rows = tuple((miss.what, miss.short, _places(miss.because)) for miss in answer.misses[:MOST_SHOWN])
    more = len(answer.misses) - MOST_SHOWN
    note = f"{counted(more, 'further miss') if more == 1 else f'{more:,} further misses'}: --format json." * (more > 0)
    return [
        Table(
            "How near it comes", (Column("What"), Column("What is lacking"), Column("Rests on")), rows, note, "", True
        )
    ]


def _places(bases: Iterable[object]) -> str:
    return "\n".join(dict.fromkeys(str(getattr(basis, "span", "")) for basis in bases))


def beside_in_words(answer: PathAnswer) -> list[str]:
    """Return sentences on who else would have to agree, and on whether the others can get back."""
    said: list[str] = []
    distance, durability = answer.consent_distance, answer.durability
    if distance is not None and answer.answer in ("no path", "undetermined"):
        if distance.fewest is not None and distance.fewest > 0:
            said += _fewest_in_words(distance, distance.fewest)
        elif distance.fewest is None and distance.at_least:
            said.append(
                f"No set of fewer than {counted(distance.at_least, 'outsider')} suffices; larger ones were not tried."
            )
        elif distance.fewest is None:
            said.append("All outsiders together do not suffice.")
    if durability is not None and answer.answer in ("path", "already"):
        if durability.lasts is None:
            said.append(durability.words or "Whether the others can undo it is not decided.")
        elif durability.lasts:
            said.append(durability.words or "No sequence of the moves considered lets the others undo it.")
        else:
            done = "; then ".join(act.words for act in durability.moves)
            when = "at once" if not durability.days else f"in at least {counted(durability.days, 'day')}"
            said.append(durability.words or f"The others can undo it, {when}.")
            if done:
                said.append(f"By their moves: {done}.")
    return said


def _fewest_in_words(distance: ConsentDistance, fewest: int) -> list[str]:
    """Return who else must agree at least: any so many of some people where that says it, else the sets by name."""
    least = f"At least {counted(fewest, 'outsider')} must also agree"
    if len(distance.any_of) > fewest > 0 and (distance.number or 0) > MOST_SETS_IN_FULL:
        return [f"{least}: any {fewest} of {', '.join(distance.any_of)}."]
    shown = distance.sets[:MOST_SETS_NAMED]
    said = [f"{least}: {'; or '.join(' + '.join(each) for each in shown)}."]
    if distance.number is None:
        said.append("There may be further such sets: they were not counted to the end.")
    elif distance.number > len(shown):
        said.append(f"There are {distance.number:,} such sets; {len(shown)} are named.")
    return said


def _coalitions(answer: PathAnswer) -> list[Table]:
    if answer.coalitions is None:
        return []
    rows = tuple(row for _, each in groupby(answer.coalitions, key=len) for row in _of_one_size(list(each)))
    note = "" if rows else "No coalition of the size asked has a path, or decides already."
    columns = (Column("Coalition"), Column("Parties", "right")) if rows else ()
    return [Table("The smallest coalitions with a path, or control already", columns, rows, note)]


def _of_one_size(coalitions: Sequence[tuple[str, ...]]) -> Iterable[tuple[str, str]]:
    """Yield all coalitions of one size: as `any N of` some people where that says it, else each."""
    size = len(coalitions[0])
    members = sorted({name for each in coalitions for name in each})
    if len(coalitions) > MOST_SETS_IN_FULL and len(coalitions) == comb(len(members), size):
        yield f"any {size} of {', '.join(members)}", str(size)
    else:
        yield from ((" + ".join(each), str(size)) for each in coalitions)


def _cut_tables(answer: PathAnswer) -> list[Table]:
    cuts = answer.cuts
    if cuts is None:
        return []
    rows: list[tuple[str, ...]] = []
    says: dict[str, str] = {}
    for number, cut in enumerate(cuts.cuts[:MOST_SHOWN], 1):
        before = ""
        for at, (provision, repeal) in enumerate(zip(cut.provisions, cut.repeal, strict=True)):
            rows.append(("" if at else str(number), provision.id, "the same" if repeal == before else repeal))
            says[provision.id] = provision.words
            before = repeal
        if cut.note:
            rows.append(("", f"({cut.note})", ""))
    columns = (Column("#", "right"), Column("Provisions, in force together"), Column("Who could repeal it"))
    note = "\n".join(_on_cuts(cuts))
    tables = [Table("What would cut every path", columns if rows else (), tuple(rows), note)]
    if says:
        tables.append(
            Table("What the provisions say", (Column("Provision"), Column("What it says")), tuple(says.items()))
        )
    return tables


def provisions_to_write(found: Sequence[FoundPath]) -> tuple[str, ...]:
    """Return each cut as the amendments that would adopt it, once; indented below its provisions.

    Provisions that restate one rule are written as one restatement, so what they add is adopted together.
    """
    sets: dict[tuple[str, ...], None] = {}
    for answer in (one.answer for one in found):
        for cut in answer.cuts.cuts[:MOST_SHOWN] if answer.cuts else ():
            lines = [f"To adopt {' and '.join(each.id for each in cut.provisions)}:"]
            for entity, amendment in cut.amendments:
                lines.append(f"  {answer.on.isoformat()} amend {entity}")
                lines += [f"  {line}" for line in amendment]
            sets[tuple(lines)] = None
    return tuple(line for lines in sets for line in lines)


def _on_cuts(cuts: Cuts) -> list[str]:
    said = []
    more = len(cuts.cuts) - MOST_SHOWN
    if more > 0:
        said.append(f"The first {MOST_SHOWN} of {len(cuts.cuts):,} sets; --format json has all.")
    if not cuts.cuts and (cuts.refused or not cuts.complete):
        kept = " and all that must remain possible" if cuts.refused else ""
        said.append(f"No set of the {counted(len(cuts.tried), 'provision')} tried was found that leaves no path{kept}.")
    elif not cuts.cuts:
        said.append(f"None of the {counted(len(cuts.tried), 'provision')} tried, alone or together, leaves no path.")
    elif cuts.complete:
        said.append(
            f"Each set is minimal: without any one of its provisions there is a path. "
            f"No other minimal set of the {counted(len(cuts.tried), 'provision')} tried does it."
        )
    else:
        said.append("Each set is minimal; whether there are further ones was not searched to the end.")
    said += [f"Left out: {words}" for words in cuts.refused]
    kinds: dict[str, list[str]] = {}
    for words in cuts.cuts_nothing:
        kind, _, why = words.partition(": ")
        kinds.setdefault(why, []).append(kind)
    for why, of_one in kinds.items():
        each = why.replace("goes round it,", "goes round each of them,") if len(of_one) > 1 else why
        said.append(f"Cuts nothing: {', '.join(of_one)}: {each}")
    return said


def _hangs_on(answer: PathAnswer) -> list[Table]:
    if not answer.hangs_on:
        note = "No single fact that was changed alone gives another answer."
        return [Table("What it hangs on", note=note)] if answer.hangs_on is not None else []
    rows = tuple((each.fact, each.as_recorded, each.instead, each.answer) for each in answer.hangs_on)
    columns = (Column("Fact"), Column("As recorded"), Column("If instead"), Column("The answer then"))
    return [Table("What it hangs on", columns, rows, "Each fact is changed alone.")]


def considered_in_words(found: Sequence[FoundPath]) -> str:
    """Return how many moves were considered, by kind."""
    kinds: dict[str, int] = {}
    for act in found[0].answer.considered:
        kinds[act.kind] = kinds.get(act.kind, 0) + 1
    total = sum(kinds.values())
    listed = ", ".join(f"{kind} {number:,}" for kind, number in kinds.items())
    return f"Considered: {counted(total, 'move')}{f' ({listed})' if listed else ''}."


def outside_in_words(found: Sequence[FoundPath]) -> str:
    """Return what the answers leave out, in one sentence."""
    return " ".join(dict.fromkeys(each.answer.outside for each in found if each.answer.outside))


def path_grounds(found: Sequence[FoundPath]) -> tuple[str, ...]:
    """Return the records behind each move and behind the answer."""
    lines: list[str] = []
    for each in found:
        answer = each.answer
        lines.append(f"{together(answer.who)}, {answer.entity}: {answer.matter}: {answer.answer}")
        for number, move in enumerate(answer.moves, 1):
            lines.append(f"  {number}. {move.act.words}")
            lines += grounds_in_words(move.act.because)
        for miss in answer.misses:
            lines.append(f"  {miss.what}: {miss.short}")
            lines += grounds_in_words(miss.because)
        lines.append("  The answer rests on")
        lines += grounds_in_words(answer.because)
    return tuple(lines)
