"""What starts when, for a comparison: decided once for each rule of starts, before anything is run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from renewopt.comparison.running import Instance
from renewopt.policies import Policy
from renewopt.problem import compile_problem
from renewopt.results.choosing import start_rule
from renewopt.results.programme import Started
from renewopt.results.starting import provable, started_by_rule, started_by_search
from renewopt.scenario import Scenario
from renewopt.scheduling import compile_programme
from renewopt.vocabulary import AUTO, StartBy, StartByName

__all__ = ["Decided", "Decisive"]

NO_LIMIT = 1e7
"""Seconds: the search ends at its gap, never by the clock, so that it can be repeated."""
LIMIT = 600.0
"""Seconds for a programme that is too large for a proof: how near the best it comes is told by its bound."""

StartsOf = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Decided:
    """Starts by a rule.

    Attributes
    ----------
    starts
        As of `renewopt.comparison.running.Instance`.
    rule
        By which; "": nothing is left to decide.
    proven
        Yuan that no plan of any schedule comes below; None: nothing is proven.
    """

    starts: StartsOf | None
    rule: str = ""
    proven: float | None = None

    def of(self, instance: Instance) -> Instance:
        """The instance with these starts."""
        return replace(instance, starts=self.starts, start_rule=self.rule)


class Decisive:
    """Decides the starts of one scenario, by each rule once.

    Parameters
    ----------
    scenario
        With the objective that is compared by.
    gap
        Proven, where the optimiser decides.
    """

    def __init__(self, scenario: Scenario, gap: float) -> None:
        self._scenario, self._gap = scenario, gap
        self._programme = compile_programme(scenario)
        self._decided: dict[StartByName, Decided] = {}

    @property
    def open(self) -> bool:
        """Whether anything is left to decide."""
        return not self._programme.fixed

    @cached_property
    def _provable(self) -> bool:
        return provable(self._scenario, self._programme)[0]

    def of(self, policy: str | Policy) -> Decided:
        """Starts for a policy.

        Raises
        ------
        ScenarioError
            If no schedule is found, or the optimiser is to decide what is too large for its strict goals.
        """
        return self.by(start_rule(self._scenario, policy)) if self.open else Decided(None)

    def best(self) -> Decided | None:
        """Starts and bound of the optimiser; None: strict goals, no plan, or large and no policy has asked for it."""
        scenario = self._scenario
        if not self.open or scenario.objective.tiers or (StartBy.OPTIMAL not in self._decided and not self._provable):
            return None
        found = self.by(StartBy.OPTIMAL)
        return None if found.proven is None else found

    def by(self, rule: StartByName) -> Decided:
        """Starts by a rule."""
        if rule not in self._decided:
            self._decided[rule] = (
                self._optimal() if rule == StartBy.OPTIMAL else self._told(started_by_rule(self._scenario, rule), rule)
            )
        return self._decided[rule]

    def _optimal(self) -> Decided:
        begun, solution = started_by_search(
            self._scenario,
            gap=self._gap,
            time_limit=NO_LIMIT if self._provable else LIMIT,
            solver="highs",
            method=AUTO,
        )
        told = self._told(begun, StartBy.OPTIMAL)
        if solution is None or solution.bound is None:
            return told
        if solution.status == "interrupted":
            # The best so far is no answer that could be had again.
            raise KeyboardInterrupt
        objective = compile_problem(begun.written).objective
        return replace(told, proven=solution.bound + begun.adds(objective, objective.name))

    def _told(self, begun: Started, rule: StartByName) -> Decided:
        return Decided(tuple(begun.programme.named(begun.starts).items()), rule)
