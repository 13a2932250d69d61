"""Weighted tardiness: how far each rule is from known optima, Σ(F − F*) / ΣF*.

    RENEWOPT_DATA=DIR python -m benchmarks.policies tardiness --jobs 2

Jobs are households with a voucher of so many months' money, due dates the months from which their fees run
(docs/benchmarks/policies.md). Instances: OR-Library, 40 jobs; number 19 is left out, whose best known value is not
proven.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.policies.smith import tardiness_problem
from renewopt.ledger import audit_decisions, replay
from renewopt.policies import RULES, Policy

__all__ = ["excess", "instances", "markdown", "policies"]

UNPROVEN = 18
FEN_PER_WAN = 1_000_000


def policies() -> dict[str, Policy]:
    """Rules that are scored; the others come to the same here, where there are neither homes nor projects."""
    return {
        "first-come": RULES["first-come"](),
        "costliest-first": RULES["costliest-first"](),
        "costliest-first, 12 months ahead": RULES["costliest-first"](lookahead=12),
        "apparent-tardiness": RULES["apparent-tardiness"](),
    }


def instances() -> list[tuple[list[list[int]], int]]:
    """(durations, weights, due dates) and optimum of each instance.

    Raises
    ------
    FileNotFoundError
        If the data are not there; RENEWOPT_DATA names their folder.
    """
    folder = Path(os.environ.get("RENEWOPT_DATA", "data")) / "wt"
    values = np.array((folder / "wt40.txt").read_text(encoding="ascii").split(), dtype=int).reshape(-1, 3, 40)
    optima = np.array((folder / "wtopt40.txt").read_text(encoding="ascii").split(), dtype=int)
    return [
        (rows.tolist(), int(best))
        for number, (rows, best) in enumerate(zip(values, optima, strict=True))
        if number != UNPROVEN
    ]


def cost(policy: Policy, rows: list[list[int]]) -> int:
    """Weighted tardiness that a policy comes to."""
    problem = tardiness_problem(*rows)
    decisions = policy.decide(problem)
    assert audit_decisions(problem, decisions) == []
    return replay(problem, decisions).totals.transition_fees // FEN_PER_WAN


def costs(rows: list[list[int]], names: list[str]) -> list[int]:
    """Cost of each named policy."""
    known = policies()
    return [cost(known[name], rows) for name in names]


def excess(every: int, jobs: int) -> dict[str, tuple[float, int, int]]:
    """Σ(F − F*) / ΣF* of each policy over every `every`-th instance, how many it solves, how many there are."""
    chosen = instances()[::every]
    names = list(policies())
    with ProcessPoolExecutor(jobs) as pool:
        found = list(pool.map(partial(costs, names=names), [rows for rows, _ in chosen]))
    best = np.array([optimum for _, optimum in chosen])
    table = np.array(found).T
    return {
        name: (float((row - best).sum() / best.sum()), int((row == best).sum()), best.size)
        for name, row in zip(names, table, strict=True)
    }


def markdown(found: dict[str, tuple[float, int, int]]) -> str:
    """A table: a row for each policy, the nearest to the optima first."""
    rows = [
        f"| {name} | {share:.2%} | {solved} of {size} |"
        for name, (share, solved, size) in sorted(found.items(), key=lambda item: item[1])
    ]
    return "\n".join(["| rule | Σ(F − F*) / ΣF* | solved |", "| --- | --- | --- |", *rows])
