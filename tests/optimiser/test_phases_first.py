"""Cohorts that share the homes of phases: plans as good as a plain mixed-integer programme written here."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import highspy
import numpy as np
import pandas as pd
import pytest
from tests.conftest import full_count

from benchmarks import facilities
from renewopt import Scenario
from renewopt.ledger import audit_decisions
from renewopt.optimiser import Solution, optimise, phases_first
from renewopt.optimiser.highs import Raw
from renewopt.optimiser.progress import Progress
from renewopt.optimiser.solving import method_for
from renewopt.problem import compile_problem
from renewopt.stopping import Limit, StoppingRule
from renewopt.units import Month

START = Month.parse("2025-01")
SEEDS = range(full_count(12, 300))


@dataclass(frozen=True)
class District:
    """Cohorts and estates of one phase each; money in yuan.

    Attributes
    ----------
    price
        (cohorts, estates); 0: not offered.
    fee
        (cohorts, months) of a household that waits.
    inflow
        (months,) of the one fund.
    late
        Whether nobody has a deadline; otherwise it is the last month.
    """

    goal: str
    count: list[int]
    price: np.ndarray
    fee: np.ndarray
    capacity: list[int]
    fixed: list[int]
    earliest: list[int]
    inflow: list[int]
    late: bool

    @property
    def months(self) -> int:
        return len(self.inflow)

    def scenario(self) -> Scenario:
        cohorts, months = range(len(self.count)), [str(START + t) for t in range(self.months)]
        return Scenario.from_tables(
            name="Cohorts and phases",
            start=str(START),
            months=self.months,
            projects=[{"id": "P", "routes": []}],
            households=pd.DataFrame(
                {"id": [f"C{i}" for i in cohorts], "project": "P", "count": self.count}
                | ({} if self.late else {"deadline": months[-1]})
            ),
            quotes=pd.DataFrame(
                [
                    {"household": f"C{i}", "route": "own_unit", "price": int(price), "stock": f"E{j}/home:1"}
                    for (i, j), price in np.ndenumerate(self.price)
                    if price
                ]
            ),
            fee_curves=pd.DataFrame(
                [{"household": f"C{i}", "from": months[t], "fee": int(fee)} for (i, t), fee in np.ndenumerate(self.fee)]
            ),
            objective={"minimise": self.goal, "after_horizon_months": 0},
            estates=[
                {
                    "id": f"E{j}",
                    "projects": ["P"],
                    "units": [{"type": "home"}],
                    "phases": [
                        {
                            "id": f"E{j}-1",
                            "cost": fixed,
                            "delivers": {"home": self.capacity[j]},
                            "earliest": months[self.earliest[j]],
                        }
                    ],
                }
                for j, fixed in enumerate(self.fixed)
            ],
            funds=[{"id": "budget", "inflow": {"by_month": dict(zip(months, self.inflow, strict=True))}}],
        )

    def least(self) -> float:
        """Optimum of the plain model, in yuan; infinite where there is no plan."""
        highs = highspy.Highs()
        for option, value in (("output_flag", False), ("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-6), ("threads", 1)):
            highs.setOptionValue(option, value)

        def total(terms: Iterable[object]) -> object:
            return sum(terms, highs.expr())

        cohorts, estates, months = range(len(self.count)), range(len(self.fixed)), range(self.months)
        fiscal, whole = self.goal == "fiscal_cost", highspy.HighsVarType.kInteger
        settle = {
            (i, j, t): highs.addVariable(0, self.count[i], type=whole)
            for i in cohorts
            for j in estates
            for t in months
            if self.price[i, j]
        }
        build = {(j, t): highs.addBinary() for j in estates for t in months if t >= self.earliest[j]}
        unit = 10_000.0
        spent, waited = [], []
        for t in months:
            prices = total(self.price[i, j] / unit * x for (i, j, s), x in settle.items() if s == t)
            phases = total(self.fixed[j] / unit * y for (j, s), y in build.items() if s == t)
            left = [self.count[i] - total(x for (k, _, s), x in settle.items() if k == i and s <= t) for i in cohorts]
            fees = total(self.fee[i, t] / unit * waiting for i, waiting in zip(cohorts, left, strict=True))
            spent.append(prices + phases + fees)
            waited.append(fees)
            highs.addConstr(total(spent) <= sum(self.inflow[: t + 1]) / unit)
            for j in estates:
                used = total(x for (_, k, s), x in settle.items() if k == j and s <= t)
                highs.addConstr(used <= self.capacity[j] * total(y for (k, s), y in build.items() if k == j and s <= t))
        for i in cohorts:
            settled = total(x for (k, _, _), x in settle.items() if k == i)
            highs.addConstr(settled <= self.count[i])
            if not self.late:
                highs.addConstr(settled >= self.count[i])
        for j in estates:
            highs.addConstr(total(y for (k, _), y in build.items() if k == j) <= 1)
        highs.minimize(total(spent) if fiscal else total(waited))
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return math.inf
        return float(highs.getInfo().objective_function_value * unit)


def drawn(seed: int) -> District:
    random = Random(seed)
    months, cohorts, estates = random.choice([1, 2, 3, 4]), random.randint(2, 5), random.randint(2, 4)
    count = [random.randint(2, 30) for _ in range(cohorts)]
    price = np.array([[random.randint(1, 40) * 10_000 for _ in range(estates)] for _ in range(cohorts)])
    for i in range(cohorts):
        if random.random() < 0.4:
            price[i, random.randrange(estates)] = 0
    fee = np.array([[random.randint(0, 30) * 100 for _ in range(months)] for _ in range(cohorts)])
    goal = random.choice(["fiscal_cost", "transition_fees"])
    fixed = [random.randint(1, 400) * 10_000 for _ in range(estates)]
    needed = int(sum(n * row[row > 0].mean() for n, row in zip(count, price, strict=True)) + sum(fixed) / 2)
    inflow = [int(needed * random.uniform(0.3, 1.2) / months) for _ in range(months)]
    return District(
        goal, count, price, fee,
        [random.randint(1, 1 + int(sum(count) * 0.9)) for _ in range(estates)],
        fixed,
        [random.randrange(months) for _ in range(estates)],
        [amount * 10 for amount in inflow] if random.random() < 0.3 else inflow,
        goal == "transition_fees" and random.random() < 0.7,
    )  # fmt: skip


def solved(scenario: Scenario, **options: Any) -> Solution:
    problem = compile_problem(scenario)
    return optimise(problem, describe=False, check=lambda one: not audit_decisions(problem, one), **options)


def difference(district: District, method: str) -> float:
    """By how much the proven optimum differs from that of the plain model."""
    least = district.least()
    found = solved(district.scenario(), gap=0.0, method=method)
    if found.objective is None:
        assert (found.status, least) == ("infeasible", math.inf)
        return 0.0
    assert found.bound is not None
    # Optimal is what is within a yuan.
    assert found.bound <= least + 1.0
    return found.objective - least


@pytest.mark.parametrize("seed", SEEDS)
def test_the_exact_path_is_as_good_as_a_plain_model(seed: int) -> None:
    assert abs(difference(drawn(seed), "exact")) <= 1.5


@pytest.mark.parametrize("seed", SEEDS[::4])
def test_the_structured_path_is_as_good_as_a_plain_model(seed: int) -> None:
    assert abs(difference(drawn(seed), "structured")) <= 1.5


SPLIT = (13, 16)
"""Seeds whose cohorts come out split once the phases are decided."""


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What branch and cut was asked for, in turn."""
    told: list[str] = []

    def noted(name: str, run: Callable[..., Raw]) -> Callable[..., Raw]:
        def ran(*given: Any, **named: Any) -> Raw:
            told.append("phases" if named.get("in_parts") else name)
            return run(*given, **named)

        return ran

    for name, function in (("both", "run_beside"), ("counts", "_counted")):
        monkeypatch.setattr(phases_first, function, noted(name, getattr(phases_first, function)))
    return told


@pytest.mark.parametrize("seed", SPLIT)
def test_whole_counts_that_are_near_enough_end_the_search(seed: int, ways: list[str]) -> None:
    district = drawn(seed)
    found = solved(district.scenario(), gap=0.02, method="exact")
    assert ways == ["phases", "counts"]
    least = district.least()
    assert found.objective is not None
    assert found.bound is not None
    assert found.bound - 1.0 <= least <= found.objective + 1.0
    assert found.objective - found.bound <= 0.02 * found.objective + 1.0


@pytest.mark.parametrize("seed", SPLIT)
def test_where_they_are_not_both_are_searched(seed: int, ways: list[str]) -> None:
    assert abs(difference(drawn(seed), "exact")) <= 1.5
    assert ways == ["phases", "counts", "both"]


def test_counts_that_come_out_whole_are_not_searched(ways: list[str]) -> None:
    found = solved(facilities.drawn(4, 9).scenario(), gap=0.0, method="exact")
    assert (found.status, ways) == ("optimal", ["phases"])


@pytest.mark.parametrize("seed", SPLIT)
def test_no_plan_is_told_of_whose_households_are_split(seed: int) -> None:
    told: list[Progress] = []
    found = solved(drawn(seed).scenario(), gap=0.0, method="exact", progress=told.append)
    assert found.objective is not None
    best = [each.best for each in told if each.best is not None]
    assert best
    assert min(best) >= found.objective - 0.01


@pytest.mark.parametrize("seed", SPLIT)
def test_a_search_that_its_work_ends_leaves_a_whole_plan_or_none(seed: int) -> None:
    district = drawn(seed)
    least = district.least()
    for steps in (0.0, 1e4, 1e5):
        rule = StoppingRule(branch_and_cut=Limit(with_plan=steps))
        found = solved(district.scenario(), gap=0.0, method="exact", rule=rule)
        assert found.bound is None or found.bound <= least + 1.0
        assert found.objective is None or found.objective >= least - 1.0
        assert found.decisions is not None


def test_ctrl_c_leaves_a_whole_plan_of_the_phases_found(monkeypatch: pytest.MonkeyPatch) -> None:
    district = drawn(SPLIT[0])
    beside = phases_first.run_beside

    def interrupted(*given: Any, **named: Any) -> Raw:
        return replace(beside(*given, **named), status="interrupted")

    monkeypatch.setattr(phases_first, "run_beside", interrupted)
    found = solved(district.scenario(), gap=0.0, method="exact")
    assert found.status == "interrupted"
    assert found.objective is not None
    assert found.bound is not None
    assert found.bound - 1.0 <= district.least() <= found.objective + 1.0


def test_cohorts_in_phases_are_searched_whole_at_larger_sizes() -> None:
    cohorts, one_by_one = (facilities.drawn(61, 100), replace(facilities.drawn(61, 100), count=[1] * 100))
    assert method_for(compile_problem(cohorts.scenario()), "auto") == "exact"
    assert method_for(compile_problem(one_by_one.scenario()), "auto") == "structured"
