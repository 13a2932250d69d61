"""Quotes: offers given directly, which is how rules that renewopt does not know are plugged in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from renewopt.problem.compiling.access import tails
from renewopt.problem.compiling.book import Block, Line
from renewopt.problem.compiling.estates import Compiling
from renewopt.problem.compiling.exact import UNKNOWN, Ints, combine, factorise, grouped
from renewopt.problem.compiling.households import table
from renewopt.problem.compiling.needs import Need
from renewopt.problem.offers import LineKind, Ragged, Route
from renewopt.units import PPM, STOCK_SCALE, Month, parse_money, parse_share, scaled, to_fen
from renewopt.vocabulary import Use
from renewopt.wording import words

DEFAULT_USE = {Route.own_unit: Use.UNITS, Route.transfer: Use.UNITS, Route.voucher: Use.VOUCHER, Route.cash: Use.CASH}
Terms = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Instalments:
    """Shares of the price, or amounts in fen; neither: all at once."""

    shares: tuple[tuple[int, int], ...] = ()
    amounts: tuple[tuple[int, int], ...] = ()


def add_quotes(work: Compiling) -> None:
    """Add the offers of the table of quotes."""
    if work.scenario.quotes is None:
        return
    frame = table(work.scenario.quotes)
    row, claim = _match(work, frame)
    for route in Route:
        mine = (frame["route"].to_numpy(dtype=object) == route.name)[row]
        if mine.any():
            _add_route(work, frame.iloc[row[mine]], claim[mine], route)


def _match(work: Compiling, frame: pd.DataFrame) -> tuple[Ints, Ints]:
    """Rows of the table and the claims they are for; a quote without a claim is for each claim of its household."""
    households = work.households
    claims = pd.DataFrame({"household": households.id, "label": households.label(), "at": np.arange(len(households))})
    wanted = pd.DataFrame(
        {
            "household": frame["household"].to_numpy(dtype=object),
            "claim": frame["claim"].to_numpy(dtype=object),
            "row": np.arange(len(frame)),
        }
    )
    joined = wanted.merge(claims, on="household", how="inner")
    joined = joined[(joined["claim"] == "") | (joined["claim"] == joined["label"])].sort_values(["row", "at"])
    missing = np.setdiff1d(np.arange(len(frame)), joined["row"].to_numpy())
    for row in missing[:5].tolist():
        household, claim = frame["household"].iloc[row], frame["claim"].iloc[row]
        work.refusals.refuse(
            "quotes.claim",
            words("{household} has no claim {claim!r}", household=household, claim=claim),
            words("claims are numbered 1, 2, …"),
        )
    return joined["row"].to_numpy(dtype=np.int64), joined["at"].to_numpy(dtype=np.int64)


def _add_route(work: Compiling, frame: pd.DataFrame, claims: Ints, route: Route) -> None:
    """Quotes of one route, row for row with `claims`."""
    start, months = work.scenario.start.ordinal, work.scenario.months
    stated_first = frame["first"].to_numpy(dtype=np.int64)
    stated_last = frame["last"].to_numpy(dtype=np.int64)
    housed_after = np.maximum(frame["housed_after"].to_numpy(dtype=np.int64), 0)
    first = np.where(stated_first >= 0, stated_first - start, 0)
    last = np.where(stated_last >= 0, stated_last - start, months - 1)
    last = np.minimum(last, work.access.last_housed[claims] - housed_after)
    tail, multiplier = tails(work.scenario, work.households, claims, route)
    stated_tail = frame["tail"].to_numpy(dtype=np.int64)
    stated_multiplier = frame["tail_multiplier"].to_numpy(dtype=np.float64)
    needs = _needs(work, frame, claims, route)
    price, schedule, lines = _prices(work, frame, needs)
    stream, has_stream = _streams(frame)
    base = Block(
        claim=claims,
        route=route,
        label=_labels(frame, route),
        first=first,
        last=last,
        housed_after=housed_after,
        tail=np.where(stated_tail >= 0, stated_tail, tail),
        tail_multiplier=np.where(np.isnan(stated_multiplier), multiplier, _thousandths(stated_multiplier)),
        price=price,
        price_need=np.where(price > 0, needs, -1),
        schedule=schedule,
        stock=_stock(work, frame),
        lines=lines,
        stream=stream,
        stated_stream=has_stream,
        disutility=np.nan_to_num(frame["disutility"].to_numpy(dtype=np.float64)),
    )
    codes, cells = factorise(frame["price_by_month"].to_numpy(dtype=object))
    for code, rows in grouped(codes):
        cell = cells[code]
        if not cell:
            work.book.add(_some(base, rows))
            continue
        _add_by_month(work, _some(base, rows), needs[rows], cell)


def _add_by_month(work: Compiling, block: Block, needs: Ints, cell: Terms) -> None:
    """Quotes priced month by month: one offer for each run of months without a hole."""
    fen = {Month.parse(month) - work.scenario.start: to_fen(parse_money(amount)) for month, amount in cell}
    months = sorted(month for month in fen if 0 <= month < work.scenario.months)
    # The base price is one million fen, so that the series holds the price itself, exact to the fen.
    series = work.book.series.row(tuple(fen.get(month, 0) for month in range(work.scenario.months)))
    runs: list[list[int]] = []
    for month in months:
        if runs and runs[-1][1] == month - 1:
            runs[-1][1] = month
        else:
            runs.append([month, month])
    for low, high in runs:
        work.book.add(
            replace(
                block,
                first=np.maximum(block.first, low),
                last=np.minimum(block.last, high),
                price=np.full(needs.size, PPM, dtype=np.int64),
                price_series=series,
                price_need=needs,
            )
        )


def _some(block: Block, rows: Ints) -> Block:
    """Take the given rows of a block."""

    def part(value: Any) -> Any:
        return value[rows] if isinstance(value, np.ndarray) else value

    return Block(
        claim=part(block.claim),
        route=block.route,
        label=part(block.label),
        first=part(block.first),
        last=part(block.last),
        housed_after=part(block.housed_after),
        tail=part(block.tail),
        tail_multiplier=part(block.tail_multiplier),
        price=part(block.price),
        price_series=part(block.price_series),
        price_need=part(block.price_need),
        schedule=part(block.schedule),
        stock=[(part(pool), part(amount)) for pool, amount in block.stock],
        lines=[Line(li.kind, part(li.after), part(li.fen), part(li.need), part(li.fund)) for li in block.lines],
        stream=None if block.stream is None else block.stream.take(rows),
        stated_stream=part(block.stated_stream),
        given=part(block.given),
        disutility=part(block.disutility),
    )


def _thousandths(values: Any) -> Ints:
    rounded: Ints = np.floor(np.nan_to_num(values) * 1000 + 0.5).astype(np.int64)
    return rounded


def _labels(frame: pd.DataFrame, route: Route) -> Any:
    """Find what allocation calls the offer: the stated label, else the stock it takes, else developer or route."""
    labels = frame["label"].to_numpy(dtype=object).copy()
    codes, cells = factorise(frame["stock"].to_numpy(dtype=object))
    names = np.array([";".join(key for key, _ in cell) for cell in cells], dtype=object)[codes]
    developers = frame["developer"].to_numpy(dtype=object)
    for other in (names, developers, np.full(len(frame), route.name, dtype=object)):
        empty = labels == ""
        labels[empty] = other[empty]
    return labels


def _needs(work: Compiling, frame: pd.DataFrame, claims: Ints, route: Route) -> Ints:
    """Need that the price of each quote is paid from."""
    uses = frame["use"].to_numpy(dtype=object)
    uses = np.where(uses == "", DEFAULT_USE[route], uses)
    developers = {developer.id: row for row, developer in enumerate(work.scenario.developers)}
    priced = _priced(frame)
    projects = work.households.project[claims]
    used, use_names = factorise(uses)
    named, developer_names = factorise(frame["developer"].to_numpy(dtype=object))
    code, first = combine(used, named, projects)
    result = np.full(len(frame), UNKNOWN, dtype=np.int64)
    for number, row in enumerate(first.tolist()):
        rows = (code == number) & priced
        if rows.any():
            developer = developers.get(developer_names[named[row]], -1)
            result[rows] = work.needs.row(Need(use_names[used[row]], int(projects[row]), developer))
    return result


def _priced(frame: pd.DataFrame) -> Any:
    """Whether a quote costs anything at all."""
    price = np.nan_to_num(frame["price"].to_numpy(dtype=np.float64)) > 0
    for name in ("price_by_month", "instalments"):
        codes, cells = factorise(frame[name].to_numpy(dtype=object))
        price |= np.array([len(cell) > 0 for cell in cells], dtype=bool)[codes]
    return price


def _prices(work: Compiling, frame: pd.DataFrame, needs: Ints) -> tuple[Ints, Ints, list[Line]]:
    """Price in fen, schedule and fixed amounts; instalments in yuan are fixed amounts and no price."""
    stated = frame["price"].to_numpy(dtype=np.float64)
    price = np.where(np.isnan(stated), 0, np.floor(np.nan_to_num(stated) * 100 + 0.5)).astype(np.int64)
    schedule = np.zeros(len(frame), dtype=np.int64)
    codes, cells = factorise(frame["instalments"].to_numpy(dtype=object))
    by_month = np.array([len(cell) > 0 for cell in frame["price_by_month"]], dtype=bool)
    households = frame["household"].to_numpy(dtype=object)
    amounts: list[tuple[Ints, int, int]] = []
    for code, cell in enumerate(cells):
        rows = np.flatnonzero(codes == code)
        parts = _read_instalments(cell)
        if parts.shares:
            schedule[rows] = work.book.schedules.row(parts.shares)
        if parts.amounts:
            total = sum(fen for _, fen in parts.amounts)
            wrong = by_month[rows] | (~np.isnan(stated[rows]) & (price[rows] != total))
            message = words("instalments in yuan leave no room for another price, or one by month")
            work.refusals.refuse_rows(
                households[rows], wrong, "quotes.instalments", message, words("state shares, such as 30%")
            )
            price[rows] = 0
            amounts += [(rows, after, fen) for after, fen in parts.amounts]
    return price, schedule, [_line(len(frame), rows, after, fen, needs) for rows, after, fen in amounts]


def _line(size: int, rows: Ints, after: int, fen: int, needs: Ints) -> Line:
    due = np.zeros(size, dtype=np.int64)
    due[rows] = fen
    none = np.full(size, -1, dtype=np.int64)
    return Line(LineKind.instalment, np.full(size, after, dtype=np.int64), due, needs, none)


def _read_instalments(cell: Terms) -> _Instalments:
    """``0:30%;6:70%`` are shares, ``0:8;1:96`` amounts in yuan; the loader has checked that they can be read."""
    if any("%" in part or "％" in part for _, part in cell):
        due = np.cumsum([scaled(parse_share(part), PPM) for _, part in sorted(cell, key=_after)])
        months = sorted(int(month) for month, _ in cell)
        return _Instalments(shares=tuple(zip(months, due.tolist(), strict=True)))
    return _Instalments(amounts=tuple((int(month), to_fen(parse_money(part))) for month, part in cell))


def _after(term: tuple[str, str]) -> int:
    return int(term[0])


def _stock(work: Compiling, frame: pd.DataFrame) -> list[tuple[Ints | int, Ints | int]]:
    """List what each quote takes from pools; a developer without stated homes has no limit."""
    codes, cells = factorise(frame["stock"].to_numpy(dtype=object))
    taken = [[(work.pools.row(name), scaled(Decimal(amount), STOCK_SCALE)) for name, amount in cell] for cell in cells]
    result: list[tuple[Ints | int, Ints | int]] = []
    for position in range(max((len(entries) for entries in taken), default=0)):
        chosen = [entries[position] if position < len(entries) else (-1, 0) for entries in taken]
        pools, amounts = np.array(chosen, dtype=np.int64).T
        result.append((pools[codes], amounts[codes]))
    return result


def _streams(frame: pd.DataFrame) -> tuple[Ragged, Any]:
    """Stated fees after the choice, and whether any are stated."""
    codes, cells = factorise(frame["stream"].to_numpy(dtype=object))
    lists: list[list[int]] = []
    for cell in cells:
        words = [word.strip() for word in str(cell).replace("；", ";").split(";") if word.strip()]
        lists.append([to_fen(parse_money(word)) for word in words])
    row = np.array([number for number, values in enumerate(lists) for _ in values], dtype=np.int64)
    distinct = Ragged.build(len(lists), row, fen=np.array([fen for values in lists for fen in values], dtype=np.int64))
    stated = np.array([bool(str(cell).strip()) for cell in cells], dtype=bool)
    return distinct.take(codes), stated[codes]
