"""Small markets at random: homes with floors, tags and months; choosers with needs, wishes and ties."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from renewopt.results.rosters.market import NO_FLOOR, Chooser, Market, make_market


def homes_frame(rows: list[dict]) -> pd.DataFrame:
    cells = {"building": "", "floor": -1, "orientation": "", "barrier_free": False, "tags": (), "id": ""}
    frame = pd.DataFrame([cells | row for row in rows])
    return frame.astype({"floor": np.int64, "barrier_free": bool})


def random_market(seed: int, most: int = 5) -> Market:
    """Few homes, few words, few areas: many ties, needs that compete, and often too few homes."""
    rng = np.random.default_rng(seed)
    count, homes = int(rng.integers(1, most + 1)), int(rng.integers(1, most + 2))
    words = ("ground_floor", "barrier_free", "lift", "S", "floor<=2")
    frame = homes_frame([
        {
            "id": f"h{row}",
            "floor": int(rng.integers(1, 4)) if rng.random() < 0.9 else -1,
            "barrier_free": bool(rng.random() < 0.3),
            "orientation": str(rng.choice(["S", "N"])),
            "tags": ("lift",) if rng.random() < 0.5 else (),
        }
        for row in range(homes)
    ])  # fmt: skip
    choosers = [
        Chooser(
            f"H{row}",
            "",
            0,
            "E",
            "a",
            int(rng.integers(10, 13)),
            int(rng.choice([8000, 9000, -1])),
            needs=(str(rng.choice(words)),) if rng.random() < 0.4 else (),
            max_floor=int(rng.integers(1, 4)) if rng.random() < 0.15 else NO_FLOOR,
            wishes=tuple(
                (str(word), int(rng.integers(1, 4)) * 500) for word in rng.permutation(words)[: rng.integers(0, 3)]
            ),
        )
        for row in range(count)
    ]
    available = rng.choice([0, 11, 12], homes, p=[0.7, 0.2, 0.1])
    area = rng.choice([8000, 8500, 9000, -1], homes)
    return make_market(choosers, frame, available.astype(np.int64), area.astype(np.int64))


def every_matching(market: Market) -> list[tuple[int, ...]]:
    """Home of each chooser (−1: none), in every way that gives no home twice and only such as do."""
    does = [np.flatnonzero(market.does(row)).tolist() for row in range(len(market.choosers))]
    ways = itertools.product(*([-1, *homes] for homes in does))
    return [way for way in ways if len({home for home in way if home >= 0}) == sum(home >= 0 for home in way)]


def fullest(market: Market) -> list[tuple[int, ...]]:
    """Of these, those in which most have a home, and of these those in which most of the needy have one."""
    ways = every_matching(market)

    def served(way: tuple[int, ...]) -> tuple[int, int]:
        return sum(home >= 0 for home in way), sum(way[row] >= 0 for row in np.flatnonzero(market.needy))

    best = max(map(served, ways))
    assert best[1] == max(served(way)[1] for way in ways), "needs never cost anybody a home"
    return [way for way in ways if served(way) == best]
