"""Cohorts that share the homes of phases with fixed costs, beside HiGHS on the natural model of facility location.

``python -m benchmarks.facilities [JxI …] [--folder DATA] [--gap GAP]`` plans instances of so many estates (a phase
each) and cohorts, drawn from seed 1, and those of the OR-Library in ``DATA/cap`` whose customers may be split. It
writes processor seconds of both, one after the other in one process that has planned before, and their ratio.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import highspy
import pandas as pd

import renewopt
from renewopt import Plan, Scenario

__all__ = ["Facilities", "drawn", "natural_optimum", "read", "stated_optima"]

SIZES = ("10x50", "16x50", "25x50", "25x200")
WAN = 10_000


@dataclass(frozen=True)
class Facilities:
    """An instance: phase = facility, cohort = customer; money in 万元.

    Attributes
    ----------
    capacity, fixed
        (J,) of each phase: homes, and what it costs.
    count
        (I,) households of each cohort.
    price
        (J, I) of a home for one of them.
    """

    name: str
    capacity: list[int]
    fixed: list[float]
    count: list[int]
    price: list[list[float]]

    def scenario(self) -> Scenario:
        """As a scenario of one month, at the least fiscal cost."""
        cohorts, estates = range(len(self.count)), range(len(self.capacity))
        money = sum(self.fixed) + sum(n * max(row[i] for row in self.price) for i, n in enumerate(self.count))
        return Scenario.from_tables(
            name=self.name,
            start="2025-01",
            months=1,
            projects=[{"id": "P", "routes": []}],
            households=pd.DataFrame(
                {"id": [f"C{i}" for i in cohorts], "project": "P", "count": self.count, "deadline": "2025-01"}
            ),
            quotes=pd.DataFrame(
                [
                    {"household": f"C{i}", "route": "own_unit", "price": row[i] * WAN, "stock": f"E{j}/home:1"}
                    for i in cohorts
                    for j, row in enumerate(self.price)
                ]
            ),
            fee_curves=pd.DataFrame({"household": [f"C{i}" for i in cohorts], "from": "2025-01", "fee": 0}),
            objective={"minimise": "fiscal_cost", "after_horizon_months": 0},
            estates=[
                {
                    "id": f"E{j}",
                    "projects": ["P"],
                    "units": [{"type": "home"}],
                    "phases": [{"id": f"E{j}-1", "cost": self.fixed[j] * WAN, "delivers": {"home": self.capacity[j]}}],
                }
                for j in estates
            ],
            funds=[{"id": "ample", "opening": round(money + 1) * WAN}],
        )


def drawn(estates: int, cohorts: int, seed: int = 1) -> Facilities:
    """Places at random in a square: a home costs 1, and 10 for the length of a side, of the way to it."""
    random = Random(seed)
    site, home = ([(random.random(), random.random()) for _ in range(size)] for size in (estates, cohorts))
    count = [random.randint(20, 200) for _ in home]
    price = [[round(1 + 10 * ((a - u) ** 2 + (b - v) ** 2) ** 0.5, 2) for a, b in home] for u, v in site]
    capacity = int(sum(count) / estates * 2.5)
    return Facilities(f"{estates}x{cohorts}", [capacity] * estates, [400.0] * estates, count, price)


def read(folder: Path, name: str) -> Facilities:
    """Read an instance of the OR-Library from ``ss_NAME.txt``."""
    sites, customers, *figures = map(float, (folder / f"ss_{name}.txt").read_text().split())
    j, i = int(sites), int(customers)
    demand, cost = figures[2 * j : 2 * j + i], figures[2 * j + i :]
    return Facilities(
        name,
        [int(size) for size in figures[0 : 2 * j : 2]],
        figures[1 : 2 * j : 2],
        [int(number) for number in demand],
        [[cost[i * s + k] / demand[k] for k in range(i)] for s in range(j)],
    )


def stated_optima(folder: Path) -> dict[str, float]:
    """Optima, in 万元, of instances whose customers may be split."""
    lines = (folder / "bounds_multisource.txt").read_text().splitlines()
    return {line.split()[0]: float(line.split()[1]) for line in lines if line}


def natural_optimum(instance: Facilities, gap: float = 0.0) -> float:
    """Optimum of the natural model, in 万元: what is shipped on each way, and which facilities are open."""
    highs = highspy.Highs()
    for option, value in (("output_flag", False), ("mip_rel_gap", gap), ("threads", 1)):
        highs.setOptionValue(option, value)
    open_ = [highs.addBinary(obj=cost) for cost in instance.fixed]
    shipped = [
        [highs.addVariable(0, count, price) for count, price in zip(instance.count, row, strict=True)]
        for row in instance.price
    ]
    for i, count in enumerate(instance.count):
        highs.addConstr(sum(row[i] for row in shipped) == count)
    for row, capacity, is_open in zip(shipped, instance.capacity, open_, strict=True):
        highs.addConstr(sum(row) <= capacity * is_open)
    highs.run()
    return float(highs.getInfo().objective_function_value)


def _row(instance: Facilities, gap: float) -> str:
    scenario = instance.scenario()
    began = time.process_time()
    plan: Plan = renewopt.plan(scenario, gap=gap)
    ours = time.process_time() - began
    began = time.process_time()
    least = natural_optimum(instance, gap)
    peer = time.process_time() - began
    assert plan.objective is not None
    assert plan.gap is not None
    return (
        f"| {instance.name} | {plan.status} | {plan.objective / WAN:,.3f} | {least:,.3f} | {100 * plan.gap:.4f} % "
        f"| {ours:.2f} | {peer:.2f} | {ours / peer:.1f} |"
    )


def main(argv: list[str] | None = None) -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.facilities")
    parser.add_argument("sizes", nargs="*", default=SIZES, metavar="JxI", help="estates and cohorts")
    parser.add_argument("--folder", type=Path, default=os.environ.get("RENEWOPT_DATA"), help="holds cap/")
    parser.add_argument("--gap", type=float, default=1e-3)
    asked = parser.parse_args(argv)
    instances = [drawn(*map(int, size.split("x"))) for size in asked.sizes]
    folder = None if asked.folder is None else Path(asked.folder) / "cap"
    if folder is None or not folder.is_dir():
        print("instances of the OR-Library are left out: name the folder that holds cap/ by --folder or RENEWOPT_DATA")
    else:
        names = sorted(path.stem.removeprefix("ss_") for path in folder.glob("ss_cap*.txt"))
        instances += [read(folder, name) for name in names]
    # What is imported and made ready once is no part of any instance.
    renewopt.plan(drawn(2, 3).scenario())
    print("| instance | status | plan (万元) | HiGHS (万元) | gap | CPU s | HiGHS | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for instance in instances:
        print(_row(instance, asked.gap), flush=True)


if __name__ == "__main__":
    main()
