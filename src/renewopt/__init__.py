"""Plan the resettlement of expropriated households: who is housed when, by which route, out of which money.

>>> import renewopt
>>> plan = renewopt.plan("scenarios/minimal.yaml", gap=0)  # doctest: +SKIP
>>> print(plan.summary())  # doctest: +SKIP

Names are loaded when they are first used: ``import renewopt`` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from renewopt._version import __version__

if TYPE_CHECKING:
    from renewopt.comparison.compared import Comparison
    from renewopt.comparison.comparing import compare
    from renewopt.errors import Finding, RenewoptError, ScenarioError
    from renewopt.ledger.violations import Violation
    from renewopt.policies.priority import PriorityRule
    from renewopt.policies.registry import register
    from renewopt.problem.dossiers import dossier
    from renewopt.results.briefing.without import without_doubtful
    from renewopt.results.difference.changed import Difference
    from renewopt.results.difference.making import diff
    from renewopt.results.explanations.explanation import Explanation, NextInLine
    from renewopt.results.failures import (
        AuditError,
        InterruptedPlanError,
        NoPlanInTimeError,
        OutputError,
        OutputExistsError,
        PlanFileError,
    )
    from renewopt.results.modelling import ScenarioModel, to_pulp
    from renewopt.results.planned import Plan
    from renewopt.results.planning import audit, plan, statement
    from renewopt.results.pricing.making import prices
    from renewopt.results.pricing.price_list import PriceList
    from renewopt.results.reading import read_plan
    from renewopt.results.replanning.making import replan
    from renewopt.results.rosters.making import roster
    from renewopt.results.rosters.roster import Roster
    from renewopt.results.workbook_reading import read_tables
    from renewopt.scenario.loading import load
    from renewopt.scenario.models import Scenario
    from renewopt.scenario.workbook.converting import write_workbook
    from renewopt.tradeoffs.sweeping import sweep
    from renewopt.tradeoffs.swept import Sweep
    from renewopt.tradeoffs.traced import Frontier
    from renewopt.tradeoffs.tracing import frontier
    from renewopt.tradeoffs.varied import Alternatives
    from renewopt.tradeoffs.varying import alternatives

__all__ = [
    "Alternatives",
    "AuditError",
    "Comparison",
    "Difference",
    "Explanation",
    "Finding",
    "Frontier",
    "InterruptedPlanError",
    "NextInLine",
    "NoPlanInTimeError",
    "OutputError",
    "OutputExistsError",
    "Plan",
    "PlanFileError",
    "PriceList",
    "PriorityRule",
    "RenewoptError",
    "Roster",
    "Scenario",
    "ScenarioError",
    "ScenarioModel",
    "Sweep",
    "Violation",
    "__version__",
    "alternatives",
    "audit",
    "compare",
    "diff",
    "dossier",
    "frontier",
    "load",
    "plan",
    "prices",
    "read_plan",
    "read_tables",
    "register",
    "replan",
    "roster",
    "statement",
    "sweep",
    "to_pulp",
    "without_doubtful",
    "write_workbook",
]

_HOMES = {
    "AuditError": "renewopt.results.failures",
    "Comparison": "renewopt.comparison.compared",
    "Difference": "renewopt.results.difference.changed",
    "Explanation": "renewopt.results.explanations.explanation",
    "NextInLine": "renewopt.results.explanations.explanation",
    "Finding": "renewopt.errors",
    "InterruptedPlanError": "renewopt.results.failures",
    "NoPlanInTimeError": "renewopt.results.failures",
    "OutputError": "renewopt.results.failures",
    "OutputExistsError": "renewopt.results.failures",
    "Plan": "renewopt.results.planned",
    "PlanFileError": "renewopt.results.failures",
    "RenewoptError": "renewopt.errors",
    "Scenario": "renewopt.scenario.models",
    "ScenarioError": "renewopt.errors",
    "ScenarioModel": "renewopt.results.modelling",
    "Violation": "renewopt.ledger.violations",
    "audit": "renewopt.results.planning",
    "PriorityRule": "renewopt.policies.priority",
    "compare": "renewopt.comparison.comparing",
    "diff": "renewopt.results.difference.making",
    "dossier": "renewopt.problem.dossiers",
    "load": "renewopt.scenario.loading",
    "plan": "renewopt.results.planning",
    "PriceList": "renewopt.results.pricing.price_list",
    "prices": "renewopt.results.pricing.making",
    "register": "renewopt.policies.registry",
    "replan": "renewopt.results.replanning.making",
    "statement": "renewopt.results.planning",
    "read_plan": "renewopt.results.reading",
    "read_tables": "renewopt.results.workbook_reading",
    "Roster": "renewopt.results.rosters.roster",
    "roster": "renewopt.results.rosters.making",
    "Alternatives": "renewopt.tradeoffs.varied",
    "alternatives": "renewopt.tradeoffs.varying",
    "Frontier": "renewopt.tradeoffs.traced",
    "frontier": "renewopt.tradeoffs.tracing",
    "Sweep": "renewopt.tradeoffs.swept",
    "sweep": "renewopt.tradeoffs.sweeping",
    "to_pulp": "renewopt.results.modelling",
    "without_doubtful": "renewopt.results.briefing.without",
    "write_workbook": "renewopt.scenario.workbook.converting",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
