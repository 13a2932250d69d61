"""Are the quick figures of an explanation ever above the re-solved ones, and how near do they come?

``python -m benchmarks.explanations PLAN --out FILE`` draws households of a plan by a seed and forces each into its
next-best offer: once by reduced costs, as ``renewopt explain`` does, and once by a new search. A row of FILE is a
household, on the disk as soon as it is done; the same command goes on where it was stopped. At the end it says how many
quick figures were above the re-solved ones (none may be), and the median of their ratio.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import time
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

import renewopt
from renewopt.optimiser.reduced_costs.forced import forced
from renewopt.results.explanations.alternatives import list_alternatives
from renewopt.results.explanations.grounds import Grounds, open_grounds
from renewopt.results.explanations.making import MOST, explain_household, solve_changed

__all__ = ["Row", "drawn", "measured", "told"]

SOLVER_TOLERANCE = 1.0
"""Yuan by which two figures may differ and be the same."""


@dataclass(frozen=True)
class Row:
    """One household. Amounts are yuan above what the prices prove of every plan; seconds are the processor's.

    Attributes
    ----------
    quick
        What any plan with the offer comes to at the least, by reduced costs.
    proven, found
        The same as a new search proves it, and the best plan with it that this search found; ∞: proven that there is
        none.
    answered, solved
        Seconds for the whole answer to the household, and for the new search.
    """

    household: str
    route: str
    pool: str
    month: str
    quick: float
    proven: float
    found: float
    answered: float
    solved: float


def drawn(grounds: Grounds, count: int, seed: int) -> list[str]:
    """Households by chance, the same ones for the same seed."""
    names = sorted(grounds.claims_of)
    rng = np.random.Generator(np.random.PCG64(seed))
    return [names[place] for place in rng.permutation(len(names))[:count].tolist()]


def measured(grounds: Grounds, household: str, gap: float, time_limit: float) -> Row | None:
    """Answer and re-solve one household's next-best offer; None where it has no other one."""
    since = time.process_time()
    explain_household(grounds, household)
    answered = time.process_time() - since
    alternatives = [
        each
        for claim in grounds.claims_of[household]
        for each in list_alternatives(grounds, claim, MOST)
        if not each.choice.waits
    ]
    if not alternatives:
        return None
    best = min(alternatives, key=lambda each: each.reduced)
    unit = int(grounds.costs.unit(np.array([best.claim]))[0])
    since = time.process_time()
    changed = forced(grounds.problem, best.claim, best.choice)
    solved = solve_changed(grounds, changed, gap, time_limit, None)
    seconds = time.process_time() - since
    above = grounds.costs.lagrangian
    infeasible = solved.status == "infeasible"
    found = float("inf") if infeasible else float("nan") if solved.value is None else solved.value - above
    return Row(
        household,
        grounds.route(best.choice),
        grounds.pool(best.choice),
        grounds.label(best.choice.month),
        round(unit * best.reduced, 2),
        round(solved.bound - above, 2),
        round(found, 2),
        round(answered, 3),
        round(seconds, 1),
    )


def told(rows: list[Row]) -> list[str]:
    """What the rows come to, in sentences."""
    planned = [row for row in rows if row.found < float("inf")]
    above = [row for row in planned if row.quick > row.found + SOLVER_TOLERANCE]
    lines = [
        f"{len(rows)} households, {len(rows) - len(planned)} of them with no plan that has the offer, or none found",
        f"quick figures above the re-solved ones: {len(above)}",
    ]
    if planned:
        of_found = statistics.median(row.quick / row.found for row in planned if row.found > 0)
        lines.append(f"median of quick / found: {of_found:.2%}")
    proven = [row for row in planned if row.proven > SOLVER_TOLERANCE]
    if proven:
        of_proven = statistics.median(row.quick / row.proven for row in proven)
        lines.append(f"median of quick / proven by the new search: {of_proven:.2%} ({len(proven)} households)")
    if rows:
        answers, searches = [row.answered for row in rows], [row.solved for row in rows]
        lines.append(
            f"processor seconds: an answer {statistics.median(answers):.3f}, at the most {max(answers):.3f}; "
            f"a search {statistics.median(searches):.0f}, at the most {max(searches):.0f}"
        )
    return lines


def _read(file: Path) -> list[Row]:
    if not file.exists():
        return []
    kinds = {field.name: str if field.type == "str" else float for field in fields(Row)}
    with file.open(encoding="utf-8", newline="") as lines:
        return [Row(**{name: kinds[name](text) for name, text in row.items()}) for row in csv.DictReader(lines)]


def _append(file: Path, row: Row) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        if new:
            writer.writerow([field.name for field in fields(Row)])
        writer.writerow([getattr(row, field.name) for field in fields(Row)])


def main() -> None:
    """Measure what is missing, and tell all rows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explanations", description=__doc__)
    parser.add_argument("plan", type=Path, help="folder of a plan")
    parser.add_argument("--out", type=Path, required=True, help="CSV file of the rows")
    parser.add_argument("--households", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gap", type=float, default=2e-3, help="of each search")
    parser.add_argument("--time-limit", type=float, default=600.0, help="seconds of each search")
    asked = parser.parse_args()
    rows = _read(asked.out)
    done = {row.household for row in rows}
    since = time.process_time()
    grounds = open_grounds(renewopt.read_plan(asked.plan))
    print(f"opened and priced in {time.process_time() - since:.1f} processor seconds", flush=True)
    for household in drawn(grounds, asked.households, asked.seed):
        if household not in done and (row := measured(grounds, household, asked.gap, asked.time_limit)) is not None:
            _append(asked.out, row)
            rows.append(row)
            print(row, flush=True)
    print("\n".join(told(rows)))


if __name__ == "__main__":
    main()
