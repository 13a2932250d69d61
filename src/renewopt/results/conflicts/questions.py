"""What can be kept of a scenario's rules, asked of the scenario compiled anew; every answer is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from renewopt.errors import ScenarioError
from renewopt.optimiser.infeasibility.feasibility import Effort, Feasibility, can_be_kept
from renewopt.problem import compile_problem
from renewopt.results.conflicts.stated_rule import StatedRule
from renewopt.scenario import Scenario

__all__ = ["Questions"]


class Questions:
    """Questions about the rules of one scenario, which are known by their numbers.

    Attributes
    ----------
    every
        The numbers of all rules.
    sure
        Whether every answer since this was last set was decided and proven.
    """

    def __init__(self, scenario: Scenario, rules: Sequence[StatedRule], effort: Effort) -> None:
        self.scenario = scenario
        self.rules = rules
        self.effort = effort
        self.every = frozenset(range(len(rules)))
        self.families = [rule.key.partition(".")[0] for rule in rules]
        self.known: dict[frozenset[int], Feasibility] = {}
        self.sure = True

    @property
    def simplified(self) -> bool:
        """Whether large problems are simplified, so that nothing is proven of them."""
        return self.effort.rounds == 0

    def cannot_hold(self, kept: Iterable[int]) -> bool:
        """Whether the rules of these numbers cannot hold together, all others left out, as far as it can be proven."""
        return self._is_no(self.answer(frozenset(kept)))

    def _is_no(self, answer: Feasibility) -> bool:
        return answer.kept is False and (answer.proven or self.simplified)

    def answer(self, numbers: frozenset[int]) -> Feasibility:
        """What is known of these rules from fewer or more of them, else what is found out."""
        known = self.known.get(numbers)
        if known is None:
            known = next(
                (
                    answer
                    for others, answer in self.known.items()
                    if (self._is_no(answer) and others <= numbers) or (answer.kept is True and numbers <= others)
                ),
                None,
            )
            known = self.known[numbers] = known or self.asked(self.without(self.every - numbers))
        self.sure = self.sure and known.proven
        return known

    def without(self, numbers: Iterable[int]) -> Scenario:
        """Leave these rules out."""
        scenario = self.scenario
        for n in sorted(numbers):
            scenario = self.rules[n].without(scenario)
        return scenario

    def asked(self, scenario: Scenario) -> Feasibility:
        """Find out about a scenario; nothing is known of what cannot be compiled."""
        if self.effort.left <= 0:
            return Feasibility(None, proven=False)
        try:
            problem = compile_problem(scenario)
        except ScenarioError:
            return Feasibility(None, proven=False)
        return can_be_kept(problem, self.effort)

    def possible(self, scenario: Scenario) -> bool | None:
        """Whether a scenario can be kept; None: not decided."""
        answer = self.asked(scenario)
        self.sure = self.sure and answer.proven
        return answer.kept
