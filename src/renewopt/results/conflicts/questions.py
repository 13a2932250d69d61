"""What can be kept of a scenario's rules, asked of the scenario compiled anew; every answer is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from renewopt.errors import ScenarioError
from renewopt.ledger import audit_decisions
from renewopt.optimiser.infeasibility.feasibility import Effort, Feasibility, can_be_kept, is_large
from renewopt.policies.rules import UrgentFirst
from renewopt.problem import Problem, compile_problem
from renewopt.results.conflicts.stated_rule import StatedRule
from renewopt.scenario import Scenario

__all__ = ["Questions"]

FREE, LIMITED = 0.2, 8.0
"""Work that a rule of thumb is worth for each offer and month, without and with limits on how many a month are settled.
"""
IN_VAIN = 2
"""Rules of thumb that may fail in a row before none is tried any more on what is near to the scenario."""


class Questions:
    """Questions about the rules of one scenario, which are known by their numbers.

    Attributes
    ----------
    every
        The numbers of all rules.
    sure
        Whether every answer since this was last set was decided and proven.
    smallest
        Smallest sets found by then, and whether it is proven of each that it is one.
    large
        Whether households are taken in parts where no rule of thumb finds a plan.
    """

    def __init__(self, scenario: Scenario, rules: Sequence[StatedRule], effort: Effort, *, large: bool = False) -> None:
        self.scenario = scenario
        self.rules = rules
        self.effort = effort
        self.every = frozenset(range(len(rules)))
        self.families = [rule.key.partition(".")[0] for rule in rules]
        self.known: dict[frozenset[int], Feasibility] = {}
        self.sure = True
        self.smallest: dict[frozenset[int], bool] = {}
        self.large = large
        self._in_vain = 0
        self._not_shown = set[frozenset[int]]()

    @property
    def simplified(self) -> bool:
        """Whether large problems are simplified, so that nothing is proven of them."""
        return self.effort.rounds == 0

    def cannot_hold(self, kept: Iterable[int]) -> bool:
        """Whether the rules of these numbers cannot hold together, all others left out, as far as it can be proven."""
        return self._is_no(self.answer(frozenset(kept)))

    def denied(self, kept: Iterable[int]) -> bool:
        """Whether a proof found by then shows, too, that the rules of these numbers cannot hold together."""
        numbers = frozenset(kept)
        known = self._known(numbers)
        if known is None:
            answer = self.asked(self.without(self.every - numbers), known_proofs=True)
            if answer.kept is not None:
                known = self.known[numbers] = answer
        return known is not None and self._is_no(known)

    def _is_no(self, answer: Feasibility) -> bool:
        return answer.kept is False and (answer.proven or self.simplified)

    def answer(self, numbers: frozenset[int]) -> Feasibility:
        """What is known of these rules from fewer or more of them, else what is found out."""
        known = self.known[numbers] = self._known(numbers) or self.asked(self.without(self.every - numbers))
        self.sure = self.sure and known.proven
        return known

    def _known(self, numbers: frozenset[int]) -> Feasibility | None:
        return self.known.get(numbers) or next(
            (
                answer
                for others, answer in self.known.items()
                if (self._is_no(answer) and others <= numbers) or (answer.kept is True and numbers <= others)
            ),
            None,
        )

    def without(self, numbers: Iterable[int]) -> Scenario:
        """Leave these rules out."""
        scenario = self.scenario
        for n in sorted(numbers):
            scenario = self.rules[n].without(scenario)
        return scenario

    def shown(self, kept: Iterable[int], *, if_limited: bool = False) -> bool:
        """Whether a rule of thumb finds a plan that keeps the rules of these numbers, all others left out.

        Parameters
        ----------
        if_limited
            Also where limits on how many a month are settled make that take long.
        """
        numbers = frozenset(kept)
        known = self._known(numbers)
        if known is None and self.effort.left > 0 and numbers not in self._not_shown:
            problem = self._compiled(self.without(self.every - numbers))
            if problem is not None and is_large(problem) and (if_limited or not _is_limited(problem)):
                if self._kept_by_thumb(problem):
                    known = self.known[numbers] = Feasibility(kept=True, proven=True)
                else:
                    self._not_shown.add(numbers)
        return known is not None and known.kept is True and known.proven

    def asked(self, scenario: Scenario, *, known_proofs: bool = False, if_limited: bool = False) -> Feasibility:
        """Find out about a scenario, or whether a known proof holds of it; what cannot be compiled is not decided.

        In a large problem the plan of a rule of thumb is looked for first: where it keeps every rule that is proven.

        Parameters
        ----------
        if_limited
            Also where limits on how many a month are settled make that take as long as an answer by prices.
        """
        if self.effort.left <= 0:
            return Feasibility(None, proven=False)
        problem = self._compiled(scenario)
        if problem is None:
            return Feasibility(None, proven=False)
        by_thumb = self.known and not known_proofs and self._in_vain < IN_VAIN and is_large(problem)
        if by_thumb and (if_limited or not _is_limited(problem)):
            found = self._kept_by_thumb(problem)
            self._in_vain = 0 if found else self._in_vain + 1
            if found:
                return Feasibility(kept=True, proven=True)
        return can_be_kept(problem, self.effort, known_proofs=known_proofs)

    def _compiled(self, scenario: Scenario) -> Problem | None:
        try:
            return compile_problem(scenario)
        except ScenarioError:
            return None

    def _kept_by_thumb(self, problem: Problem) -> bool:
        """Whether urgent households first, by whatever route, makes a plan in which the audit finds nothing."""
        each = LIMITED if _is_limited(problem) else FREE
        self.effort.left -= len(problem.offers) * problem.calendar.months * each
        return not audit_decisions(problem, UrgentFirst().decide(problem))

    def possible(self, scenario: Scenario) -> bool | None:
        """Whether a scenario can be kept; None: not decided."""
        answer = self.asked(scenario, if_limited=True)
        self.sure = self.sure and answer.proven
        return answer.kept


def _is_limited(problem: Problem) -> bool:
    """Whether fewer can be settled in some month than there are; what holds for all months together takes no time."""
    return bool((problem.limits.monthly & (problem.limits.cap < problem.claims.count.sum())).any())
