"""Changes of a stock ledger: which transactions and certificates of a package are one transfer or split."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from muniment.formats.ocf_balances import GrantSoFar
from muniment.formats.ocf_package import Finding, Item, Package
from muniment.formats.ocf_state import Closing, Ledger, Security
from muniment.formats.ocf_types import Money, money, ratio


class Move(NamedTuple):
    """One change of the ledger.

    Attributes:
        kind: ``issue``, ``exercise``, ``transfer``, ``cancel``, ``repurchase``, ``split``, or ``nothing`` where only
            certificates change and nobody holds more or less.
        on: The day.
        giver: Stakeholder who gives up shares in a transfer; empty elsewhere.
        class_id: Class of the shares.
        lines: (stakeholder, shares, paid in all or None); for a split one line with the ratio.
        items: The objects of the package that it stands for.
        title: A name for it.
        closes, makes: Securities that end and begin with it.
        grant: Of an exercise, the security that was granted first, of which the one closed is what was left.
    """

    kind: str
    on: date
    giver: str
    class_id: str
    lines: tuple[tuple[str, Fraction, tuple[Fraction, str] | None], ...]
    items: tuple[Item, ...]
    title: str
    closes: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    grant: str = ""


def moves_of(package: Package, ledger: Ledger, found: list[Finding]) -> list[Move]:
    """Return the changes of the stock ledger, in an order in which each can be carried out.

    Where a transaction and its results are of one day and add up, they are one change. Else what is closed is
    cancelled whole and what is issued is issued, each on its own day, as the close-out rule has it.
    """
    stock = {name: each for name, each in ledger.securities.items() if each.family == "STOCK"}
    never = {name for name in stock if (end := ledger.closings.get(name)) is not None and end.on < stock[name].issued}
    claimed: set[str] = set(never)
    moves = list(_splits(package, ledger, stock, claimed, found))
    done = {name for move in moves for name in move.closes}
    consolidated: dict[int, list[Closing]] = {}
    for name, closing in sorted(ledger.closings.items()):
        if name not in stock or name in never or name in done:
            continue
        consolidated.setdefault(id(closing.item), []).append(closing)
    by_day = sorted(consolidated.values(), key=lambda each: (each[0].on, each[0].item.id))
    moves += [_move(closings, stock, claimed, found) for closings in by_day]
    moves += exercises_of(package, ledger, [move for move in moves if move.kind == "split"], claimed)
    rest = [each for name, each in sorted(stock.items()) if name not in claimed and each.quantity is not None]
    return _in_order([*moves, *(_issue(each) for each in rest)])


def exercises_of(package: Package, ledger: Ledger, splits: list[Move], claimed: set[str]) -> Iterator[Move]:
    """Yield the exercises that are shares of a grant, and what is left of it, of one day and adding up.

    Of any other, the shares are issued and the grant ends.

    Args:
        package: The package.
        ledger: Its securities.
        splits: Those that are carried out; a grant over the class follows them.
        claimed: Certificates that are part of another change; those of the exercises are added.
    """
    plans = {item.id: item for item in package.of("STOCK_PLAN") if item.usable}
    terms = {item.id: item for item in package.of("VESTING_TERMS") if item.usable}
    grants: dict[str, GrantSoFar] = {}
    firsts: set[str] = set()
    ends = [end for end in ledger.closings.values() if end.action == "EXERCISE"]
    for end in sorted(ends, key=lambda each: (each.on, ledger.securities[each.security].issued, each.security)):
        security = ledger.securities[end.security]
        so_far = grants.get(end.security) or GrantSoFar.of(security, package, plans, terms)
        names = [*end.results, *([end.balance] if end.balance else [])]
        if (
            so_far is None
            or end.balance in firsts
            or any(name not in ledger.securities or name in claimed for name in names)
        ):
            continue
        results = [ledger.securities[name] for name in end.results]
        balance = ledger.securities[end.balance] if end.balance else None
        times = Fraction(1)
        for split in splits:
            if split.class_id == so_far.class_id and security.issued < split.on <= end.on:
                times *= split.lines[0][1]
        shares = sum((each.quantity or Fraction(0) for each in results), Fraction(0))
        fits = all((each.family, each.class_id, each.issued) == ("STOCK", so_far.class_id, end.on) for each in results)
        if not fits or not shares or end.on < security.issued or end.quantity not in (None, shares):
            continue
        after = so_far.exercised(shares, times)
        if not after.leaves(balance, end.on):
            continue
        claimed.update(each.id for each in results)
        firsts.add(so_far.first.id)
        if balance is not None:
            grants[balance.id] = after._replace(last=balance)
        paid: dict[str, list[tuple[Fraction, Money | None]]] = {}
        for each in results:
            paid.setdefault(each.holder, []).append((each.quantity or Fraction(0), each.price))
        yield Move(
            "exercise",
            end.on,
            "",
            so_far.class_id,
            tuple((holder, *_in_all(parts)) for holder, parts in paid.items()),
            (end.item, *(each.item for each in (*results, *([balance] if balance is not None else [])))),
            f"Exercise of {end.security}"[:80],
            (end.security,),
            tuple(names),
            so_far.first.id,
        )


def _in_all(parts: list[tuple[Fraction, Money | None]]) -> tuple[Fraction, tuple[Fraction, str] | None]:
    """Return shares, and what was paid for them, of several certificates of one holder; None where one says nothing."""
    shares = sum((each for each, _ in parts), Fraction(0))
    prices = [price for _, price in parts if price is not None and price.amount > 0]
    if len(prices) < len(parts) or len({price.currency for price in prices}) > 1:
        return shares, None
    paid = sum((each * price.amount for (each, _), price in zip(parts, prices, strict=True)), Fraction(0))
    return shares, (paid, prices[0].currency)


def _issue(security: Security) -> Move:
    shares = security.quantity or Fraction(0)
    price = security.price
    paid = (price.amount * shares, price.currency) if price is not None and price.amount > 0 else None
    title = security.item.data.get("custom_id")
    return Move(
        "issue",
        security.issued,
        "",
        security.class_id,
        ((security.holder, shares, paid),),
        (security.item,),
        title if isinstance(title, str) else "",
        makes=(security.id,),
    )


def _move(closings: list[Closing], stock: Mapping[str, Security], claimed: set[str], found: list[Finding]) -> Move:
    """Return the one change that a transaction makes, and claim its results where they are part of it."""
    first = closings[0]
    closed = [stock[each.security] for each in closings]
    holders = {each.holder for each in closed}
    classes = {each.class_id for each in closed}
    whole = sum((each.quantity or Fraction(0) for each in closed), Fraction(0))
    names = [name for name in dict.fromkeys((*first.results, first.balance)) if name]
    results = [stock[name] for name in names if name in stock and name not in claimed]
    there = len(results) == len(names) and all(each.issued == first.on for each in results)
    alike = there and len(holders) == 1 and {each.class_id for each in results} <= classes and len(classes) == 1
    total = sum((each.quantity or Fraction(0) for each in results), Fraction(0))
    giver, class_id = closed[0].holder, closed[0].class_id
    ids = tuple(each.security for each in closings)
    kept = [each for each in results if each.holder == giver]
    if alike and first.action in ("REISSUANCE", "CONSOLIDATION") and total == whole and len(kept) == len(results):
        return _of(first, "nothing", "", class_id, (), results, claimed, ids)
    if alike and first.action == "TRANSFER" and total == whole:
        lines = tuple((each.holder, each.quantity or Fraction(0), None) for each in results if each.holder != giver)
        return _of(first, "transfer" if lines else "nothing", giver, class_id, lines, results, claimed, ids)
    ends = first.action in ("CANCELLATION", "REPURCHASE", "RETRACTION")
    if alike and ends and len(kept) == len(results) and total <= whole:
        gone = whole - total
        kind = "repurchase" if first.action == "REPURCHASE" else "cancel"
        price = money(first.item.data.get("price"))
        paid = (price.amount * gone, price.currency) if price is not None and price.amount > 0 else None
        line = ((giver, gone, paid if kind == "repurchase" else None),)
        return _of(first, kind if gone else "nothing", "", class_id, line if gone else (), results, claimed, ids)
    if len(classes) > 1 or len(holders) > 1:
        message = "it consolidates certificates of several holders or classes: each is cancelled"
        found.append(Finding(first.item.where, "warning", "consolidation", message))
    elif names:
        message = (
            f"the {first.action.lower()} and its results are not of one day and class, or do not add up "
            f"({whole} closed, {total} issued): it is written as a cancellation, and each result as an issue of its day"
        )
        found.append(Finding(first.item.where, "warning", "written apart", message))
    lines = tuple((each.holder, each.quantity or Fraction(0), None) for each in closed if each.class_id == class_id)
    return _of(first, "cancel", "", class_id, lines, [], claimed, ids)


def _of(
    closing: Closing,
    kind: str,
    giver: str,
    class_id: str,
    lines: tuple[tuple[str, Fraction, tuple[Fraction, str] | None], ...],
    results: list[Security],
    claimed: set[str],
    ids: tuple[str, ...],
) -> Move:
    claimed.update(each.id for each in results)
    title = f"{closing.action.capitalize()} of {', '.join(ids)[:80]}"
    items = (closing.item, *(each.item for each in results))
    return Move(kind, closing.on, giver, class_id, lines, items, title, ids, tuple(each.id for each in results))


def _splits(
    package: Package, ledger: Ledger, stock: Mapping[str, Security], claimed: set[str], found: list[Finding]
) -> Iterable[Move]:
    """Yield splits that are carried out on every certificate there was; of any other, a finding."""
    for item in package.of("TX_STOCK_CLASS_SPLIT"):
        on, times = date.fromisoformat(item.data["date"]) if item.usable else None, ratio(item.data.get("split_ratio"))
        if on is None or times is None:
            continue
        class_id = str(item.data.get("stock_class_id"))
        before = [
            each
            for each in ledger.outstanding(on - timedelta(days=1))
            if each.family == "STOCK" and each.class_id == class_id
        ]
        ends = [ledger.closings.get(each.id) for each in before]
        results: list[Security] = []
        left = 0
        for each, end in zip(before, ends, strict=True):
            new = [stock[name] for name in end.results if name in stock and name not in claimed] if end else []
            total = sum((one.quantity or Fraction(0) for one in new), Fraction(0))
            same = all((one.holder, one.class_id, one.issued) == (each.holder, class_id, on) for one in new)
            fits = end is not None and end.action == "REISSUANCE" and end.on == on
            if not (fits and same and each.quantity is not None and total == each.quantity * times):
                left += 1
            results += new
        if left or not before:
            message = (
                f"the split is not carried out by reissuing {left} of {len(before)} certificates of the class: "
                "by the close-out rule they keep their number"
            )
            found.append(Finding(f"{item.where} ({item.id[:60]})", "warning", "split", message))
            continue
        claimed.update(each.id for each in results)
        closings = {id(end.item): end.item for end in ends if end is not None}
        yield Move(
            "split",
            on,
            "",
            class_id,
            (("", times, None),),
            (item, *closings.values(), *(each.item for each in results)),
            f"Split of {class_id}",
            tuple(each.id for each in before),
            tuple(each.id for each in results),
        )


def _in_order(moves: list[Move]) -> list[Move]:
    """Return changes by day, and within a day each after those that made what it closes."""
    days: dict[date, list[Move]] = {}
    for move in moves:
        days.setdefault(move.on, []).append(move)
    rank = {"split": 0, "issue": 1}
    ordered: list[Move] = []
    for on in sorted(days):
        waiting = sorted(days[on], key=lambda move: (rank.get(move.kind, 2), move.items[0].kind, move.items[0].id))
        while waiting:
            unmade = {name for move in waiting for name in move.makes}
            ready = [move for move in waiting if not unmade.intersection(set(move.closes) - set(move.makes))]
            ready = ready or waiting[:1]  # a circle: certificates that end before they begin, in any order
            ordered += ready
            taken = {id(move) for move in ready}
            waiting = [move for move in waiting if id(move) not in taken]
    return ordered
