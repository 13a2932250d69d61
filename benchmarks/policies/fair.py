"""Fair play: on tiny random districts, in random futures, no policy breaks a rule and none beats a proven bound.

    python -m benchmarks.policies fair --problems 10000 --jobs 2

Runs that miss a deadline, an offset target or the reserve, or fall short of money, are findings about the district;
they are outside of the test against the bound.
"""

import contextlib
import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import ClassVar

from renewopt.futures import Future, draw_future
from renewopt.ledger import audit_decisions, replay
from renewopt.policies import RULES, FirstPlan, MadeOnce, NoPlanError, Optimal, Policy, Rolling, best_plan, simulate
from renewopt.problem import Decisions, Problem
from renewopt.scenario.models import Future as Statement
from renewopt.testing.tiny import tiny_problem

__all__ = ["ROUGH", "Outcome", "outcomes", "play", "told"]

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
PART = 100
"""Problems that are done, and recorded, together."""
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


Part = tuple[Counter[str], list[Outcome]]
"""Counts, and unfair outcomes, of some problems."""


def outcomes(seed: int) -> list[Outcome]:
    """Every policy on one problem, as planned and in one future."""
    problem = tiny_problem(seed)
    policies: list[Policy] = [rule() for rule in RULES.values()]
    plan: Decisions | None = None
    with contextlib.suppress(NoPlanError):
        plan = best_plan(problem, 0.0)[0]
        policies.append(_Planned(plan))
    rolling = Rolling(every=2, gap=0.0)
    policies.append(replace(rolling, first=rolling.first_plan(problem, FirstPlan(problem, plan))))
    found = []
    for future in (draw_future(problem, None, 0), draw_future(problem, ROUGH, seed)):
        bound = _bound(future.truth)
        found += [_outcome(policy, seed, future, bound) for policy in policies]
    return found


@dataclass(frozen=True)
class _Planned(MadeOnce):
    """The optimiser's plan, made once for both worlds."""

    plan: Decisions
    name: ClassVar[str] = Optimal.name

    def decide(self, problem: Problem) -> Decisions:  # noqa: ARG002
        """Return it."""
        return self.plan


def _bound(truth: Problem) -> float | None:
    """Proven bound of the objective alone, in yuan; None where no plan keeps every rule."""
    try:
        return best_plan(replace(truth, objective=replace(truth.objective, tiers=())), 0.0)[1]
    except NoPlanError:
        return None


def _outcome(policy: Policy, seed: int, future: Future, bound: float | None) -> Outcome:
    decisions = simulate(policy, future)
    truth = future.truth
    books = replay(truth, decisions)
    violations = audit_decisions(truth, decisions, books)
    broken = tuple(str(v) for v in violations if v.kind == "broken_rule" and v.rule != "reserve")
    value = float(books.objective())
    above = None
    if not violations and bound is not None:
        above = value - bound * 100 + TOLERANCE + 1e-9 * abs(value)
    return Outcome(policy.name, seed, future.id, broken, not violations, above)


def play(
    problems: int, jobs: int, record: Path | None = None, tell: Callable[[str], None] = lambda _: None
) -> tuple[Counter[str], list[Outcome]]:
    """Run many; counts of problems, runs, clean ones and those compared with a bound, and every unfair outcome.

    Parameters
    ----------
    record
        File to which every hundred problems are added when they are done; those that it holds are not done again. A
        part that it holds with fewer problems is.
    tell
        Receives how far it is.
    """
    parts = {} if record is None or not record.exists() else _read(record)
    wanted = [(start, min(PART, problems - start)) for start in range(0, problems, PART)]
    missing = [part for part in wanted if part not in parts]
    with ProcessPoolExecutor(jobs) as pool:
        tasks = {pool.submit(_part, *part): part for part in missing}
        failed: BaseException | None = None
        for task in as_completed(tasks):
            if task.exception() is not None:
                failed = task.exception()
                continue  # what the others find is recorded first
            parts[tasks[task]] = task.result()
            if record is not None:
                record.parent.mkdir(parents=True, exist_ok=True)
                with record.open("a", encoding="utf-8") as file:
                    counts, unfair = task.result()
                    line = {"first": tasks[task][0], "counts": counts, "unfair": [asdict(one) for one in unfair]}
                    file.write(json.dumps(line) + "\n")
            tell(f"{sum(part in parts for part in wanted)} of {len(wanted)} parts")
    if failed is not None:
        raise failed
    total: Counter[str] = Counter()
    for part in wanted:
        total.update(parts[part][0])
    return total, [outcome for part in wanted for outcome in parts[part][1]]


def told(counts: Counter[str], unfair: list[Outcome]) -> str:
    """Say how many runs there were, and which were unfair."""
    figures = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    return "\n".join([f"{figures}: {len(unfair)} unfair.", *(f"- {outcome}" for outcome in unfair)])


def _part(first: int, problems: int) -> Part:
    counts: Counter[str] = Counter()
    unfair = []
    for seed in range(first, first + problems):
        counts["problems"] += 1
        for outcome in outcomes(seed):
            counts["runs"] += 1
            counts["runs in order"] += outcome.clean
            counts["compared with a bound"] += outcome.above is not None
            if not outcome.fair:
                unfair.append(outcome)
    return counts, unfair


def _read(record: Path) -> dict[tuple[int, int], Part]:
    """Parts that were recorded, by their first problem and how many they are; a line that was cut off is done again."""
    parts = {}
    for line in record.read_text(encoding="utf-8").splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        unfair = [Outcome(**{**one, "broken": tuple(one["broken"])}) for one in found["unfair"]]
        parts[int(found["first"]), int(found["counts"]["problems"])] = Counter(found["counts"]), unfair
    return parts
