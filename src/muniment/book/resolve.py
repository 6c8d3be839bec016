"""Resolve: give each record its address, index what is defined, and check that every reference names something."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from muniment.book.book import Index, Names
from muniment.book.references import ReferenceChecker
from muniment.model.dates import sort_key
from muniment.model.record_kinds import RECORDS
from muniment.model.records import Part, Record
from muniment.model.typed import Reference
from muniment.model.vocabulary import ENTITY_KINDS, PARTY_KINDS
from muniment.text import nodes
from muniment.text.diagnostics import Diagnostic
from muniment.text.nodes import File
from muniment.text.spans import Span

WORD = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Resolved:
    """The records with their addresses, the index, and references that name nothing."""

    records: tuple[Record, ...]
    index: Index
    diagnostics: tuple[Diagnostic, ...]


def resolve(
    records: Sequence[Record], references: Sequence[Reference], files: Mapping[str, File], earlier: Sequence[Diagnostic]
) -> Resolved:
    """Index records and check references.

    Args:
        records: Typed records of all files.
        references: What they refer to.
        files: The trees, for the words on lines that could not be read.
        earlier: Diagnostics so far: a name that a line at fault would have defined is not reported again as undefined.
    """
    diagnostics: list[Diagnostic] = []
    addressed = _addresses(records, diagnostics)
    index = _index(addressed)
    checker = ReferenceChecker(index, _words_at_fault(files, [*earlier, *diagnostics], addressed))
    for reference in references:
        checker.check(reference)
    for record in addressed:
        checker.subject(record)
        checker.citations(record)
    diagnostics += checker.diagnostics
    diagnostics += _cycles(index)
    diagnostics += _ambiguous_aliases(addressed)
    return Resolved(addressed, index, tuple(diagnostics))


def _addresses(records: Sequence[Record], diagnostics: list[Diagnostic]) -> tuple[Record, ...]:
    """Return the records in file order, each with its address; a second definition of an id is left out."""
    seen: dict[str, Record] = {}
    numbers: dict[str, int] = {}
    result: list[Record] = []
    for record in sorted(records, key=lambda r: (r.span.path, r.span.line)):
        address = record.address
        own = record.fact("id")
        if own is not None and isinstance(own.agreed, str):
            address = own.agreed
        numbered = not address
        if numbered:
            address = base = f"{record.name}/{record.kind}/{record.date.text}"
            count = numbers.get(base, 1)
            while address in seen:
                count += 1
                address = f"{base}/{count}"
            numbers[base] = count
        elif address in seen:
            first = seen[address]
            diagnostics.append(
                Diagnostic(
                    code="M301",
                    severity="error",
                    message=f"'{address}' is already the id of a {first.kind}",
                    span=record.name_span,
                    hint="give it another id; a later change of an entity is an 'amend' record",
                    related=((first.name_span, "first defined here"),),
                )
            )
            continue
        seen[address] = record
        result.append(record if record.address == address else replace(record, address=address))
    return tuple(result)


def _index(records: Sequence[Record]) -> Index:
    defined: dict[str, Record] = {}
    by_subject: dict[str, list[Record]] = {}
    by_kind: dict[str, list[Record]] = {}
    names: dict[str, dict[str, dict[str, Span]]] = {}
    for record in records:
        if RECORDS[record.kind].defines == "id":
            defined[record.name] = record
        by_subject.setdefault(record.name, []).append(record)
        by_kind.setdefault(record.kind, []).append(record)
        if record.kind in ENTITY_KINDS or record.kind == "amend":
            own = names.setdefault(record.name, {"class": {}, "board": {}, "seats": {}, "office": {}})
            for part in record.parts:
                _add_names(own, part)
    return Index(
        defined=defined,
        by_address={record.address: record for record in records},
        names={
            entity: Names(classes=own["class"], bodies=own["board"], seats=own["seats"], offices=own["office"])
            for entity, own in names.items()
        },
        by_subject={
            subject: tuple(sorted(found, key=lambda r: (sort_key(r.date), r.span.path, r.span.line)))
            for subject, found in by_subject.items()
        },
        by_kind={kind: tuple(found) for kind, found in by_kind.items()},
        parties=tuple(record for record in defined.values() if record.kind in PARTY_KINDS),
        matters=frozenset(
            fact.label
            for record in records
            for part in record.parts
            if part.kind == "rules"
            for fact in part.facts
            if not fact.label.startswith("consent to ")
        ),
    )


def _add_names(own: dict[str, dict[str, Span]], part: Part) -> None:
    if part.kind in own:
        own[part.kind].setdefault(part.id or part.kind, part.span)
    for inner in part.parts:
        _add_names(own, inner)


def _words_at_fault(
    files: Mapping[str, File], diagnostics: Sequence[Diagnostic], records: Sequence[Record]
) -> frozenset[str]:
    """Return the words that a line at fault would have defined: an undefined name among them is not reported again.

    These are the words of lines that could not be read as lines, of heads at fault, and of everything inside a record
    or block that had to be left out. A value at fault defines nothing, so it silences nothing.
    """
    lines_at_fault: dict[str, set[int]] = {}
    for diagnostic in diagnostics:
        if diagnostic.severity == "error":
            lines = lines_at_fault.setdefault(diagnostic.span.path, set())
            if diagnostic.code < "M2":
                lines.add(diagnostic.span.line)
    used = _heads_of(records) if lines_at_fault else frozenset()
    words: set[str] = set()
    for path, numbers in lines_at_fault.items():
        if path not in files:
            continue
        text = files[path].text.split("\n") if numbers else []
        for number in numbers:
            words.update(WORD.findall(text[number - 1][:10_000]) if number <= len(text) else ())
        waiting: list[tuple[nodes.Record | nodes.Block, bool]] = [
            (child, False) for child in files[path].children if isinstance(child, nodes.Record)
        ]
        while waiting:
            node, is_left_out = waiting.pop()
            is_left_out = is_left_out or (path, _head(node).line) not in used
            if is_left_out:
                words.update(WORD.findall(node.head if isinstance(node, nodes.Block) else node.name))
            for child in node.children:
                if isinstance(child, nodes.Block):
                    waiting.append((child, is_left_out))
                elif is_left_out and isinstance(child, nodes.Field) and child.label == "id":
                    words.add(child.value)
    return frozenset(words)


def _heads_of(records: Sequence[Record]) -> frozenset[tuple[str, int]]:
    """Return the path and line of the head of every record and block in use."""
    heads = {(record.span.path, record.span.line) for record in records}
    parts = [part for record in records for part in record.parts]
    while parts:
        part = parts.pop()
        heads.add((part.span.path, part.span.line))
        parts += part.parts
    return frozenset(heads)


def _head(node: nodes.Record | nodes.Block) -> Span:
    return node.span if isinstance(node, nodes.Record) else node.head_span


def _cycles(index: Index) -> list[Diagnostic]:
    """Report circles: proposals that build on themselves, accounts that extend themselves, partners, orders."""
    found: list[Diagnostic] = []
    for label, kinds, words in (
        ("builds on", ("proposal",), "builds on itself"),
        ("extends", ("account",), "extends itself"),
        ("general partner", ENTITY_KINDS, "is, through others, its own general partner"),
        ("after", RECORDS, "takes effect after itself"),
    ):
        edges: dict[str, tuple[str, ...]] = {}
        named = index.by_address if label == "after" else index.defined
        for name, record in named.items():
            if record.kind in kinds:
                value = record.value(label)
                edges[name] = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
        for circle in _circles(edges):
            record = named[circle[0]]
            fact = record.fact(label)
            found.append(
                Diagnostic(
                    code="M312",
                    severity="error",
                    message=f"'{circle[0]}' {words}: {' > '.join((*circle, circle[0]))}",
                    span=fact.statements[0].span if fact else record.name_span,
                    hint=f"correct one '{label}' of the circle",
                )
            )
    return found


def _circles(edges: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return circles in a graph, at least one for each part of it in which everything leads back to itself.

    Each name is walked through once, without recursion.
    """
    circles: list[tuple[str, ...]] = []
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        position: dict[str, int] = {}
        waiting: list[tuple[str, int]] = [(start, 0)]
        while waiting:
            name, next_edge = waiting.pop()
            if next_edge == 0:
                if name in done:
                    continue
                position[name] = len(path)
                path.append(name)
            targets = edges.get(name, ())
            if next_edge == len(targets):
                done.add(name)
                path.pop()
                del position[name]
                continue
            waiting.append((name, next_edge + 1))
            target = targets[next_edge]
            if target in position:
                circles.append(tuple(path[position[target] :]))
            elif target in edges and target not in done:
                waiting.append((target, 0))
    return circles


def _ambiguous_aliases(records: Sequence[Record]) -> list[Diagnostic]:
    """Report one name, in one scope, for two parties."""
    seen: dict[tuple[str, str], tuple[str, Span]] = {}
    found: list[Diagnostic] = []
    for record in records:
        if record.kind not in ("person", "group"):
            continue
        for fact in record.facts_of("also"):
            alias = fact.agreed
            if alias is None:
                continue
            key = (alias.name, alias.source)
            if key in seen and seen[key][0] != record.name:
                found.append(
                    Diagnostic(
                        code="M315",
                        severity="error",
                        message=f"'{alias.name}' is a name of '{seen[key][0]}' and of '{record.name}'",
                        span=fact.statements[0].span,
                        hint="limit each to the source it stands in: 'NAME in @SOURCE'",
                        related=((seen[key][1], "also here"),),
                    )
                )
            else:
                seen[key] = (record.name, fact.statements[0].span)
    return found
