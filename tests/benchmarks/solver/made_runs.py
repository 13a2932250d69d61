"""Records made by hand."""

from typing import Any

from benchmarks.solver.records import Record

USUAL: dict[str, Any] = {
    "spec": "tight",
    "size": 1_000,
    "seed": 0,
    "repeat": 0,
    "path": "structured",
    "gap": 1e-3,
    "time_limit": 100.0,
    "threads": 2,
    "status": "solved",
    "said": "",
    "message": "",
    "seconds": {"start": 1.0, "load": 0.5, "compile": 0.25, "solve": 4.0},
    "finished": 4.0,
    "objective": None,
    "bound": None,
    "trace": [],
    "peak": {"load": 10, "optimise": 1_000},
    "last": "optimise",
    "code": "0a",
    "versions": {"renewopt": "0"},
    "machine": "a machine",
    "started": "2026-01-01T00:00:00+00:00",
}


def record(**other: Any) -> Record:
    """A run of the structured path, but for what is given."""
    return Record(**{**USUAL, **other})


def ours(**other: Any) -> Record:
    """Plan at 1 s, bound within 0.1 % of the relaxation (990,000) at 2 s, within 0.1 % of the plan at 4 s."""
    usual = {
        "objective": 1_000_000.0,
        "bound": 999_500.0,
        "trace": [(1.0, 1_100_000.0, None), (2.0, 1_100_000.0, 989_500.0), (4.0, 1_000_000.0, 999_500.0)],
    }
    return record(**{**usual, **other})


def peer(**other: Any) -> Record:
    """A peer that solved the relaxation (990,000) in 40 s."""
    usual = {
        "path": "ipx",
        "objective": 990_000.0,
        "bound": 989_900.0,
        "finished": 40.0,
        "trace": [(30.0, None, 900_000.0), (39.0, None, 989_800.0), (40.0, None, 989_900.0)],
        "peak": {"load": 10, "build": 9_000, "hand_over": 2_000, "solve": 4_000},
        "last": "solve",
        "shape": (5, 6, 7),
    }
    return record(**{**usual, **other})
