"""Fair play: on tiny random districts, in random futures, no policy breaks a rule and none beats a proven bound.

    python -m benchmarks.policies fair --problems 10000 --jobs 2

Runs that miss a deadline, an offset target or the reserve, or fall short of money, are findings about the district;
they are outside of the test against the bound.
"""

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

from renewopt.futures import Future, draw_future
from renewopt.ledger import audit_decisions, replay
from renewopt.policies import RULES, NoPlanError, Optimal, Policy, best_plan, carry_out
from renewopt.scenario.models import Future as Statement
from renewopt.testing.tiny import tiny_problem

__all__ = ["ROUGH", "Outcome", "outcomes", "play"]

ROUGH = Statement.model_validate(
    {
        "id": "rough",
        "delays": [{"months": {"distribution": "uniform", "low": 0, "high": 3}, "probability": 0.7}],
        "inflows": [
            {"share": {"distribution": "uniform", "low": 0.6, "high": 1.2}, "each": "month", "probability": 0.5},
            {"late": 1, "each": "month", "probability": 0.3},
        ],
        "take_up": [{"share": 0.7}],
        "withdrawals": [{"after": {"distribution": "uniform", "low": 0, "high": 4}, "probability": 0.3}],
        "decrees": [{"factor": {"distribution": "discrete", "values": [0.8, 1.25]}, "after": 2, "probability": 0.5}],
        "later_moves": [{"months": 1, "probability": 0.5}],
    }
)
TOLERANCE = 2
"""Fen by which rounding may make a value less than a bound, besides a billionth of it."""


@dataclass(frozen=True)
class Outcome:
    """One run: policy, seed of the problem, future; what it broke, whether it is clean, fen above the bound."""

    policy: str
    seed: int
    future: str
    broken: tuple[str, ...]
    clean: bool
    above: float | None

    @property
    def fair(self) -> bool:
        """Whether it keeps the rules and does not beat the bound."""
        return not self.broken and (self.above is None or self.above >= 0)


def outcomes(seed: int) -> list[Outcome]:
    """Every policy on one problem, as planned and in one future."""
    problem = tiny_problem(seed)
    policies: list[Policy] = [rule() for rule in RULES.values()]
    policies.append(Optimal(gap=0.0))
    found = []
    for future in (draw_future(problem, None, 0), draw_future(problem, ROUGH, seed)):
        free = replace(future.truth, objective=replace(future.truth.objective, tiers=()))
        try:
            bound = best_plan(free, 0.0)[1]
        except NoPlanError:
            bound = None
        found += [outcome for policy in policies if (outcome := _outcome(policy, seed, future, bound)) is not None]
    return found


def _outcome(policy: Policy, seed: int, future: Future, bound: float | None) -> Outcome | None:
    try:
        decisions = carry_out(policy, future)
    except NoPlanError:
        return None
    truth = future.truth
    books = replay(truth, decisions)
    violations = audit_decisions(truth, decisions, books)
    broken = tuple(str(v) for v in violations if v.kind == "broken_rule" and v.rule != "reserve")
    value = float(books.objective())
    above = None
    if not violations and bound is not None:
        above = value - bound * 100 + TOLERANCE + 1e-9 * abs(value)
    return Outcome(policy.name, seed, future.id, broken, not violations, above)


def play(problems: int, jobs: int, first: int = 0) -> tuple[Counter[str], list[Outcome]]:
    """Run many; counts of runs, clean ones and those compared with a bound, and every unfair outcome."""
    counts: Counter[str] = Counter()
    unfair = []
    with ProcessPoolExecutor(jobs) as pool:
        for found in pool.map(outcomes, range(first, first + problems), chunksize=20):
            for outcome in found:
                counts["runs"] += 1
                counts["clean"] += outcome.clean
                counts["compared with a bound"] += outcome.above is not None
                if not outcome.fair:
                    unfair.append(outcome)
    return counts, unfair
