"""What a scenario means in numbers: fee curves and offers, supply and money."""

from renewopt.problem.calendar import Calendar
from renewopt.problem.claims import Claims
from renewopt.problem.decisions import Decisions
from renewopt.problem.fees import FeeTable
from renewopt.problem.money import Bills, Developers, Funds, Loans, Moves, Needs, OwingRules
from renewopt.problem.offers import Offers, Ragged, Route
from renewopt.problem.problem import Objective, Problem, Tier
from renewopt.problem.supply import Limits, Phases, Pools

__all__ = [
    "Bills",
    "Calendar",
    "Claims",
    "Decisions",
    "Developers",
    "FeeTable",
    "Funds",
    "Limits",
    "Loans",
    "Moves",
    "Needs",
    "Objective",
    "Offers",
    "OwingRules",
    "Phases",
    "Pools",
    "Problem",
    "Ragged",
    "Route",
    "Tier",
]
