"""Explain a statutory pack: each default with its rule, its section and its day."""

from __future__ import annotations

from muniment.book.packs import LAWS, PACKS, Default, Pack, read_pack, stated_in


def explain_packs() -> str:
    """Return the list of packs, with the laws that bring each in."""
    lines = [f"{pack:<16} {title}\n{'':<16} law: {'; law: '.join(laws_of(pack))}\n" for pack, title in PACKS.items()]
    return "".join(lines) + f"{'none':<16} No pack.\n"


def laws_of(pack: str) -> list[str]:
    """Return the names of laws that bring a pack in, as a book writes them."""
    return [" ".join(_capital(word) for word in law.split()) for law, of in LAWS.items() if of == pack]


def _capital(word: str) -> str:
    return word if word in ("and", "of", "the") else word.capitalize()


def applies_to(default: Default) -> str:
    """Return in words which entities a `defaults` record is for."""
    parts = [f"for: {', '.join(default.record.value('for') or ())}"]
    parts += [
        f"{label}: {fact.statements[0].text}"
        for label in ("legal form", "where", "formed from")
        if (fact := default.record.fact(label)) is not None
    ]
    return "; ".join(parts)


def explain_pack(pack_id: str) -> str:
    """Return a pack as plain text.

    Args:
        pack_id: A key of `PACKS`.
    """
    pack = read_pack(pack_id)
    text = f"{pack.id} (statutory pack): {pack.title}\n\n"
    text += "A default is used only where the book says nothing. 'law pack: none' switches the pack off.\n"
    for default in pack.defaults:
        text += f"\n{default.record.name}: {default.record.title}\n  {applies_to(default)}\n"
        for stated in stated_in(default):
            place = f"{stated.place.path}:{stated.place.line}"
            text += f"  {stated.matter}: {stated.rule}\n      {stated.authority}  [{place}]\n"
        text += "".join(f"  {remark}\n" for remark in default.remarks)
    return text


def sources_of(pack: Pack) -> list[tuple[str, str]]:
    """Return the statutes of a pack with where they are published."""
    return [(record.title, record.value("link") or "") for record in pack.sources.values()]
