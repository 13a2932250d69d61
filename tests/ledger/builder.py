"""Hand-made problems of a few households: every table stated row by row, in fen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from renewopt.problem import (
    Bills,
    Calendar,
    Claims,
    Decisions,
    Developers,
    FeeTable,
    Funds,
    Limits,
    LineKind,
    Loans,
    Moves,
    Needs,
    Objective,
    Offers,
    OwingRules,
    Phases,
    Pools,
    Problem,
    Ragged,
    Route,
)
from renewopt.units import MICRO_YUAN_PER_FEN, Month

Pairs = Sequence[tuple[int, ...]]


def decide(**tables: Sequence[tuple[int, ...]]) -> Decisions:
    """Decisions from tuples; tables left out are empty."""
    empty = Decisions()
    return Decisions(
        **{
            name: np.array(rows, dtype=np.int64).reshape(-1, getattr(empty, name).shape[1])
            for name, rows in tables.items()
        }
    )


def ragged(lists: Sequence[Pairs], *names: str) -> Ragged:
    row = np.array([i for i, entries in enumerate(lists) for _ in entries], dtype=np.int64)
    flat = np.array([e for entries in lists for e in entries], dtype=np.int64).reshape(-1, len(names))
    return Ragged.build(len(lists), row, **{name: flat[:, i] for i, name in enumerate(names)})


class Builder:
    """Collects rows; `build` makes the tables. Each method returns the row's number."""

    def __init__(self, months: int = 4, books: int = 6, after: int = 0, now: int = 0) -> None:
        self.calendar = Calendar(Month.parse("2024-01"), months, books, after, now)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.segment = [0] * self.calendar.curve_months
        self.series: list[list[int]] = [[1_000_000] * months]
        self.schedules: list[Pairs] = [[(0, 1_000_000)]]
        self.past = Decisions()
        self.objective: dict[str, Any] = {}

    def _add(self, table: str, **row: Any) -> int:
        self.rows.setdefault(table, []).append(row)
        return len(self.rows[table]) - 1

    def _column(self, table: str, name: str, dtype: Any) -> np.ndarray:
        return np.array([row[name] for row in self.rows.get(table, [])], dtype=dtype)

    def _grid(self, table: str, name: str, dtype: Any, width: int) -> np.ndarray:
        """(rows, width): a number stands for every month, a mapping for the months that it names."""
        result = np.zeros((len(self.rows.get(table, [])), width), dtype=dtype)
        for target, row in zip(result, self.rows.get(table, []), strict=True):
            if isinstance(row[name], dict):
                for month, value in row[name].items():
                    target[month] = value
            else:
                target[:] = row[name]
        return result

    def clock(self, overdue_from: int = 99, late: int = 2000, moved_out: int = 0) -> int:
        """×1 from moving out, × `late` / 1000 from `overdue_from` on."""
        months = np.arange(self.calendar.curve_months)
        multiplier = np.where(months < moved_out, 0, np.where(months < overdue_from, 1000, late))
        return self._add("clock", multiplier=multiplier, overdue=months >= overdue_from, moved_out=moved_out)

    def bill(self, project: int = 0, need: int = 0, **given: Any) -> int:
        row = {
            "project": project,
            "need": need,
            "period": 1,
            "paid_ppm": 1_000_000,
            "recovered_ppm": 0,
            "recovered_after": 0,
            "recovered_into": -1,
            "due": None,
        }
        return self._add("bill", **(row | given))

    def claim(self, fee: int | Sequence[int] = 100, **given: Any) -> int:
        """`fee` in fen a month at ×1, or one for each segment."""
        number = len(self.rows.get("claim", []))
        row = {
            "household": f"H{number}",
            "part": "",
            "project": 0,
            "count": 1,
            "indivisible": False,
            "weight": 1.0,
            "deadline": -1,
            "obligation": 0,
            "bill": 0,
            "due": -1,
            "related": "",
            "begins": 0,
            "ends": -1,
            "clock": 0,
            "fee": [fee] * (max(self.segment) + 1) if isinstance(fee, int) else fee,
        }
        return self._add("claim", **(row | given))

    def offer(self, claim: int = 0, route: Route = Route.cash, **given: Any) -> int:
        row = {
            "claim": claim,
            "route": route,
            "label": f"offer {len(self.rows.get('offer', []))}",
            "first": 0,
            "last": self.calendar.months - 1,
            "housed_after": 0,
            "tail": 0,
            "tail_multiplier": -1,
            "stream": None,
            "price": 0,
            "price_series": 0,
            "price_need": -1,
            "schedule": 0,
            "lines": [],
            "stock": [],
            "given": -1,
            "disutility": 0.0,
        }
        return self._add("offer", **(row | given))

    def pool(
        self, arrivals: Pairs = (), surplus: int = -1, released: Pairs = (), own: Any = ((0,),), **given: Any
    ) -> int:
        number = len(self.rows.get("pool", []))
        row = {"id": f"E{number}", "estate": f"E{number}", "measure": "homes"}
        return self._add("pool", **(row | given), arrivals=arrivals, surplus=surplus, released=released, own=own)

    def phase(self, cost: int, need: int, delivers: Pairs = (), **given: Any) -> int:
        number = len(self.rows.get("phase", []))
        row = {
            "id": f"phase {number}",
            "estate": "E0",
            "total_cost": cost,
            "lag": 0,
            "earliest": 0,
            "monthly_limit": -1,
        }
        return self._add("phase", **(row | {"cost": cost, "need": need, "delivers": delivers} | given))

    def limit(self, cap: int, offers: Sequence[int], monthly: bool = True, first: int = 0, last: int = -1) -> int:
        row = {
            "id": f"limit {len(self.rows.get('limit', []))}",
            "cap": cap,
            "monthly": monthly,
            "first": first,
            "last": self.calendar.months - 1 if last < 0 else last,
            "offers": [(o,) for o in offers],
        }
        return self._add("limit", **row)

    def fund(self, opening: int = 0, inflow: Any = 0, **given: Any) -> int:
        row = {
            "id": f"fund {len(self.rows.get('fund', []))}",
            "opening": opening,
            "inflow": inflow,
            "lapses": False,
            "keeps": 0,
            "valid_since": -1,
            "valid_opening": 0,
            "monthly_limit": -1,
            "total_limit": -1,
            "release_upfront_ppm": -1,
            "release_total": 0,
            "release_phases": [],
        }
        return self._add("fund", **(row | given))

    def need(self, use: str = "fees", **given: Any) -> int:
        row = {
            "id": f"{use} {len(self.rows.get('need', []))}",
            "use": use,
            "project": 0,
            "developer": -1,
            "fixed": 0,
            "funds": None,
            "owing": -1,
            "opening_arrears": 0,
        }
        return self._add("need", **(row | given))

    def owing(self, **given: Any) -> int:
        row = {"id": "rule 0", "share_ppm": 1_000_000, "stock_limit": -1, "surcharge_ppb": 0, "latest": -1}
        return self._add("owing", **(row | given))

    def loan(self, fund: int, interest_need: int, principal_need: int, **given: Any) -> int:
        row = {
            "fund": fund,
            "interest_need": interest_need,
            "principal_need": principal_need,
            "limit": 10**9,
            "revolving": False,
            "rate": 0.0,
            "first": 0,
            "last": self.calendar.months - 1,
            "kind": "bullet",
            "grace": 0,
            "term": 2,
        }
        return self._add("loan", **(row | given))

    def move(self, source: int, target: int, monthly_limit: Any = -1, total_limit: int = -1) -> int:
        return self._add("move", source=source, target=target, monthly_limit=monthly_limit, total_limit=total_limit)

    def developer(self, debt_due: Any = 0, target: Pairs = ()) -> int:
        number = len(self.rows.get("developer", []))
        return self._add("developer", id=f"D{number}", debt_due=debt_due, target=target)

    def build(self) -> Problem:
        books, months = self.calendar.books, self.calendar.curve_months
        if "clock" not in self.rows:
            self.clock()
        return Problem(
            calendar=self.calendar,
            projects=np.array(["P0", "P1"], dtype=object),
            claims=self._claims(),
            fees=FeeTable(
                segment=np.array(self.segment, dtype=np.int32),
                ordinary=self._grid_of_lists("claim", "fee") * MICRO_YUAN_PER_FEN,
                clock=self._column("claim", "clock", np.int32),
                multiplier=np.array([row["multiplier"] for row in self.rows["clock"]], dtype=np.int32),
                overdue=np.array([row["overdue"] for row in self.rows["clock"]], dtype=np.bool_),
                moved_out=self._column("clock", "moved_out", np.int32),
            ),
            offers=self._offers(),
            pools=Pools(
                *(self._column("pool", name, object) for name in ("id", "estate", "measure")),
                arrivals=self._lists("pool", "arrivals", "month", "amount"),
                surplus=self._column("pool", "surplus", np.int64),
                released=self._lists("pool", "released", "claim", "amount"),
                own=self._lists("pool", "own", "project"),
            ),
            phases=Phases(
                *(self._column("phase", name, object) for name in ("id", "estate")),
                *(self._column("phase", name, np.int64) for name in ("cost", "total_cost")),
                *(self._column("phase", name, np.int32) for name in ("lag", "earliest")),
                latest=np.full(len(self.rows.get("phase", [])), -1, dtype=np.int32),
                monthly_limit=self._grid("phase", "monthly_limit", np.int64, self.calendar.months),
                need=self._column("phase", "need", np.int32),
                delivers=self._lists("phase", "delivers", "pool", "amount"),
            ),
            limits=Limits(
                self._column("limit", "id", object),
                self._column("limit", "monthly", np.bool_),
                self._column("limit", "first", np.int32),
                self._column("limit", "last", np.int32),
                self._column("limit", "cap", np.int64),
                self._lists("limit", "offers", "offer"),
            ),
            bills=self._bills(months),
            needs=self._needs(books),
            owing=OwingRules(
                self._column("owing", "id", object),
                *(self._column("owing", name, np.int64) for name in ("share_ppm", "stock_limit", "surcharge_ppb")),
                latest=self._column("owing", "latest", np.int32),
            ),
            funds=Funds(
                self._column("fund", "id", object),
                self._column("fund", "opening", np.int64),
                self._grid("fund", "inflow", np.int64, books),
                np.where(
                    self._grid("fund", "lapses", np.bool_, books), self._grid("fund", "keeps", np.int64, books), -1
                ),
                self._grid("fund", "monthly_limit", np.int64, books),
                *(
                    self._column("fund", name, np.int64)
                    for name in ("total_limit", "release_upfront_ppm", "release_total")
                ),
                release_phases=self._lists("fund", "release_phases", "phase"),
                valid_since=self._grid("fund", "valid_since", np.int32, books),
                valid_opening=self._grid("fund", "valid_opening", np.int64, books),
            ),
            loans=Loans(
                **{
                    name: self._column("loan", name, dtype)
                    for name, dtype in {
                        "fund": np.int32,
                        "limit": np.int64,
                        "revolving": np.bool_,
                        "rate": np.float64,
                        "first": np.int32,
                        "last": np.int32,
                        "kind": object,
                        "grace": np.int32,
                        "term": np.int32,
                        "interest_need": np.int32,
                        "principal_need": np.int32,
                    }.items()
                }
            ),
            moves=Moves(
                *(self._column("move", name, np.int32) for name in ("source", "target")),
                self._grid("move", "monthly_limit", np.int64, books),
                self._column("move", "total_limit", np.int64),
            ),
            developers=Developers(
                self._column("developer", "id", object),
                self._grid("developer", "debt_due", np.int64, books),
                self._lists("developer", "target", "month", "fen"),
            ),
            objective=Objective(**self.objective),
            past=self.past,
        )

    def _lists(self, table: str, name: str, *columns: str) -> Ragged:
        return ragged([row[name] for row in self.rows.get(table, [])], *columns)

    def _grid_of_lists(self, table: str, name: str) -> np.ndarray:
        rows = self.rows.get(table, [])
        return np.array([row[name] for row in rows], dtype=np.int64).reshape(len(rows), max(self.segment) + 1)

    def _claims(self) -> Claims:
        return Claims(
            **{
                name: self._column("claim", name, dtype)
                for name, dtype in {
                    "household": object,
                    "part": object,
                    "project": np.int32,
                    "count": np.int64,
                    "indivisible": np.bool_,
                    "weight": np.float64,
                    "deadline": np.int32,
                    "obligation": np.int64,
                    "bill": np.int32,
                    "due": np.int64,
                    "related": object,
                    "begins": np.int32,
                    "ends": np.int32,
                }.items()
            }
        )

    def _offers(self) -> Offers:
        kinds = {
            "claim": np.int32,
            "route": np.int8,
            "label": object,
            "first": np.int32,
            "last": np.int32,
            "housed_after": np.int32,
            "tail": np.int32,
            "tail_multiplier": np.int32,
            "price": np.int64,
            "price_series": np.int32,
            "price_need": np.int32,
            "schedule": np.int32,
            "given": np.int64,
            "disutility": np.float64,
        }
        rows = self.rows.get("offer", [])
        return Offers(
            **{name: self._column("offer", name, dtype) for name, dtype in kinds.items()},
            stated_stream=np.array([row["stream"] is not None for row in rows], dtype=np.bool_),
            stream=ragged([[(fen,) for fen in row["stream"] or []] for row in rows], "fen"),
            series_ppm=np.array(self.series, dtype=np.int64),
            instalments=ragged(self.schedules, "after", "cumulative_ppm"),
            lines=ragged(
                [
                    [(*line, LineKind.top_up if line[1] < 0 else LineKind.lump_sum)[:5] for line in row["lines"]]
                    for row in rows
                ],
                *("after", "fen", "need", "fund", "kind"),
            ),
            stock=self._lists("offer", "stock", "pool", "amount"),
        )

    def _bills(self, months: int) -> Bills:
        due = [
            np.minimum(np.arange(months), self.calendar.books - 1) if row["due"] is None else row["due"]
            for row in self.rows.get("bill", [])
        ]
        return Bills(
            *(self._column("bill", name, np.int32) for name in ("project", "period")),
            *(self._column("bill", name, np.int64) for name in ("paid_ppm", "recovered_ppm")),
            *(self._column("bill", name, np.int32) for name in ("recovered_after", "recovered_into", "need")),
            due=np.array(due, dtype=np.int32).reshape(-1, months),
        )

    def _needs(self, books: int) -> Needs:
        rows, funds = self.rows.get("need", []), len(self.rows.get("fund", []))
        payable = np.array(
            [[row["funds"] is None or fund in row["funds"] for fund in range(funds)] for row in rows], dtype=np.bool_
        ).reshape(len(rows), funds)
        return Needs(
            *(self._column("need", name, object) for name in ("id", "use")),
            *(self._column("need", name, np.int32) for name in ("project", "developer")),
            fixed=self._grid("need", "fixed", np.int64, books),
            payable_by=payable,
            owing=self._column("need", "owing", np.int32),
            opening_arrears=self._column("need", "opening_arrears", np.int64),
        )
