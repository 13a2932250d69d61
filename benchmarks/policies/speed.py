"""CPU seconds of one run of each rule on the district: deciding, ledger, audit and measures.

    python -m benchmarks.policies speed

In the district as planned and once in each of its futures; the least of a few repeats counts, since whatever else the
machine does can only add to it.
"""

import time
from dataclasses import dataclass

import renewopt
from renewopt.comparison.measures import measure, settled_by_month, waits_by_group
from renewopt.futures import Future, draw_future
from renewopt.ledger import audit_decisions, replay
from renewopt.policies import RULES, Policy, simulate
from renewopt.problem import compile_problem

__all__ = ["DISTRICT", "Timed", "markdown", "timed"]

DISTRICT = "scenarios/district/district.yaml"


@dataclass(frozen=True)
class Timed:
    """CPU seconds of a rule in a future: of deciding, of ledger and audit, of the measures."""

    rule: str
    future: str
    deciding: float
    ledger: float
    measures: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.deciding + self.ledger + self.measures


def once(policy: Policy, future: Future) -> Timed:
    """Time one run; what is known of the future is worked out anew."""
    fresh = Future(future.id, future.seed, future.planned, future.changes)
    truth = fresh.truth
    began = time.process_time()
    decisions = simulate(policy, fresh)
    decided = time.process_time()
    books = replay(truth, decisions)
    violations = audit_decisions(truth, decisions, books)
    kept = time.process_time()
    measure(books, violations)
    settled_by_month(books)
    waits_by_group(books)
    end = time.process_time()
    return Timed(policy.name, future.id, decided - began, kept - decided, end - kept)


def timed(path: str = DISTRICT, repeats: int = 3, seed: int = 0) -> list[Timed]:
    """Every rule that ships, in every future of a scenario; the quickest of so many repeats."""
    scenario = renewopt.load(path)
    problem = compile_problem(scenario)
    futures = [draw_future(problem, stated, seed) for stated in (None, *scenario.futures)]
    return [
        min((once(rule(), future) for _ in range(repeats)), key=lambda run: run.total)
        for future in futures
        for rule in RULES.values()
    ]


def markdown(runs: list[Timed]) -> str:
    """A table: a row for each rule, a column for each future."""
    futures = list(dict.fromkeys(run.future for run in runs))
    found = {(run.rule, run.future): run.total for run in runs}
    lines = [
        "| CPU seconds | " + " | ".join(futures) + " |",
        "| --- |" + " --- |" * len(futures),
        *(
            f"| {rule} | " + " | ".join(f"{found[rule, future]:.2f}" for future in futures) + " |"
            for rule in dict.fromkeys(run.rule for run in runs)
        ),
    ]
    return "\n".join(lines)
