"""A scenario dated in one way, with the plan before in its rows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from renewopt.problem import Decisions, Problem
from renewopt.results.choosing import with_objective
from renewopt.results.planned import Plan
from renewopt.results.programme import Started
from renewopt.results.reopening import compiled
from renewopt.results.replanning.freezing import frozen
from renewopt.results.replanning.happening import Past
from renewopt.results.replanning.starts import in_tables_of, missed_rules, moved_starts, with_phases_of
from renewopt.scenario import Scenario

__all__ = ["Dates"]


@dataclass(frozen=True, eq=False)
class Dates:
    """A scenario dated in one way.

    Attributes
    ----------
    begun
        What starts when.
    source, stated
        The scenario with these dates, and its problem.
    known
        The problem with what was known when the plan was made.
    planned
        The plan's decisions.
    """

    begun: Started
    source: Scenario
    stated: Problem
    known: Problem
    planned: Decisions

    def anew(self, plan: Plan, begun: Started, now: int) -> Dates:
        """Date it in another way."""
        source = with_objective(begun.written, plan.objective_name)
        stated = compiled(source)
        planned = in_tables_of(self.known, stated, self.planned, now)
        known = frozen(stated, with_phases_of(plan.replanned, self.stated, stated), planned)
        return Dates(begun, source, stated, known, planned)

    def told(self, made: Plan, past: Past, plan: Plan, before: Started) -> Plan:
        """Tell a plan with these dates: what starts otherwise than in the one before, and which rules are not kept."""
        told = self.begun.told(made, past.problem)
        if told.replanned is None:
            return told
        opening = (plan.objective or 0.0) - (plan.promise_cost or 0.0)
        replanned = replace(told.replanned, opening_objective=opening, starts_before=moved_starts(before, self.begun))
        return replace(told, replanned=replanned, findings=(*told.findings, *missed_rules(self.begun)))
