"""Groups, blocs, chances and the use of rights as tables."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.answers.deciding import Decided, coalitions_in_words, names
from muniment.answers.groups import Beyond
from muniment.answers.using_rights import Exercise
from muniment.control import Decision
from muniment.control.group_questions import GroupAnswer
from muniment.render.answer import Column, Table
from muniment.render.decisions import accuracy_in_words, share_in_words

MOST_ROWS = 20


def beyond_tables(found: Sequence[Decided], answers: Sequence[Beyond]) -> tuple[Table, ...]:
    """Return what was asked about groups, blocs and chances, decision by decision."""
    tables: list[Table] = []
    for each, beyond in zip(found, answers, strict=True):
        if beyond.group is not None:
            tables.append(_group_table(each.decision, beyond.group))
        if beyond.of_blocs is not None:
            tables.append(_blocs_table(each.decision, beyond))
        if beyond.of_chances is not None:
            tables.append(_chances_table(each.decision, beyond))
    return tuple(tables)


def _of(decision: Decision) -> str:
    return f"{decision.entity}: {decision.matter} (directors {decision.directors})"


def _group_table(decision: Decision, group: GroupAnswer) -> Table:
    sides = []
    if group.agreeing:
        sides.append(f"With {names(group.agreeing)}")
    if group.refusing:
        sides.append(f"{'without' if sides else 'Without'} {names(group.refusing)}")
    title = f"{', '.join(sides)}: {_of(decision)}"
    said: list[str] = []
    several = len(group.agreeing) > 1
    who = names(group.agreeing)
    if group.enough is not None:
        verb, together = ("are", " together") if several else ("is", "")
        said.append(_sentence(group.enough, f"{who} {verb}{together} enough.", f"{who} {verb} not enough."))
    if group.can_block is not None:
        together = " together" if several else ""
        said.append(_sentence(group.can_block, f"{who} can{together} block it.", f"{who} cannot block it."))
    if group.refusing:
        refusing = "their no" if len(group.refusing) > 1 else "that no"
        said.append(
            _sentence(
                group.still_passes, f"It can still pass against {refusing}.", f"It cannot pass against {refusing}."
            )
        )
    if group.not_asked:
        said.append(f"The rule does not ask {names(group.not_asked)}.")
    said.append(_number(group))
    rows = tuple((" + ".join(joining), str(len(joining))) for joining in group.completions[:MOST_ROWS] if joining)
    head = "Who must join" if group.agreeing else "Who can pass it"
    return Table(title, (Column(head), Column("Number", "right")) if rows else (), rows, note=" ".join(said))


def _sentence(answer: str, yes: str, no: str) -> str:
    if answer == "undetermined":
        return f"{yes.removesuffix('.')}: undetermined, a bounded fact or holders who do not act together decide it."
    return yes if answer == "yes" else no


def _number(group: GroupAnswer) -> str:
    number = group.number_of_completions
    if number is None:
        return "The rule is too large to list who must join."
    if number == 0:
        return "No others suffice."
    if group.completions == ((),):
        return "Nobody else need join."
    shown = min(len(group.completions), MOST_ROWS)
    if number == 1:
        return "One minimal set."
    return f"{number:,} minimal sets" + (f", of which the first {shown} by size are shown." if shown < number else ".")


def _blocs_table(decision: Decision, beyond: Beyond) -> Table:
    powers, formed = beyond.of_blocs, beyond.blocs or ()
    title = f"Power in blocs: {_of(decision)}"
    if powers is None or not powers.tables:
        return Table(title, note="The rule is too large for the values of blocs.")
    if not formed:
        return Table(title, note="In this reading no two members of a bloc are asked.")
    bloc_of = {name: "+".join(bloc) for bloc in formed for name in bloc}
    columns = [
        ("Owen", "owen"),
        ("Banzhaf-Owen", "banzhaf_owen"),
        ("Symmetric", "symmetric_coalitional_banzhaf"),
    ]
    present = [(head, name) for head, name in columns if name in powers.tables]
    first = powers.tables[present[0][1]] if present else {}
    alone = decision.shapley_shubik
    rows = tuple(
        (
            party,
            bloc_of.get(party, ""),
            share_in_words(alone[party], "shapley_shubik" in decision.tolerance) if party in alone else "",
            *(share_in_words(powers.tables[name][party], name in powers.tolerance) for _, name in present),
        )
        for party in sorted(first, key=lambda name: (-first[name], name))
    )
    of_blocs = powers.tables.get("of_blocs", {})
    shares = "; ".join(
        f"{bloc} {share_in_words(of_blocs[bloc], 'of_blocs' in powers.tolerance)}"
        for bloc in sorted({"+".join(bloc) for bloc in formed}, key=lambda bloc: -of_blocs.get(bloc, 0))
        if bloc in of_blocs
    )
    note = " ".join(
        filter(None, [f"Each bloc as one (Shapley-Shubik): {shares}." if shares else "", accuracy_in_words(powers)])
    )
    heads = (Column("Party"), Column("Bloc"), Column("Without blocs", "right"))
    return Table(title, (*heads, *(Column(head, "right") for head, _ in present)), rows, note=note)


def _chances_table(decision: Decision, beyond: Beyond) -> Table:
    powers, given = beyond.of_chances, beyond.chances or {}
    title = f"Power where chances differ: {_of(decision)}"
    if powers is None or not powers.tables:
        return Table(title, note="The rule is too large for chances.")
    swings, shares = powers.tables["swings"], powers.tables["swing_shares"]
    rows = tuple(
        (
            party,
            str(given.get(party, "1/2")),
            share_in_words(swings[party], "swings" in powers.tolerance),
            share_in_words(shares[party], "swing_shares" in powers.tolerance),
        )
        for party in sorted(swings, key=lambda name: (-swings[name], name))
    )
    passes = next(iter(powers.tables["passes"].values()), None)
    chance = (
        "" if passes is None else f"It passes with a chance of {share_in_words(passes, 'passes' in powers.tolerance)}."
    )
    columns = (
        Column("Party"),
        Column("Agrees", "right"),
        Column("Decides", "right"),
        Column("Share of decisions", "right"),
    )
    return Table(title, columns, rows, note=" ".join(filter(None, [chance, accuracy_in_words(powers)])))


def exercise_table(found: Sequence[Decided], exercises: Sequence[Exercise]) -> Table:
    """Return each answer as things stand, and below it the answer if rights are used."""
    columns = (
        Column("Matter"),
        Column("Directors"),
        Column("Rights"),
        Column("Alone"),
        Column("Can block"),
        Column("Smallest coalitions"),
    )
    rows: list[tuple[str, ...]] = []
    sentences: dict[str, None] = {}
    for each, exercise in zip(found, exercises, strict=True):
        sentences.update(dict.fromkeys(exercise.sentences))
        decision = each.decision
        rows.append((f"{decision.entity}: {decision.matter}", decision.directors, "as they stand", *_answer(decision)))
        if exercise.decided is None:
            rows.append(("", "", "used", "nothing is to be decided", "", ""))
        elif _answer(exercise.decided.decision) == _answer(decision):
            rows.append(("", "", "used", "the same", "the same", "the same"))
        else:
            rows.append(("", "", "used", *_answer(exercise.decided.decision)))
    return Table("If rights are used", columns, tuple(rows), note=" ".join(sentences) or "No right is in force.")


def _answer(decision: Decision) -> tuple[str, str, str]:
    return names(decision.alone), names(decision.can_block), coalitions_in_words(decision)
