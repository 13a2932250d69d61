"""What a scenario means in numbers: fee curves and offers, supply and money."""

from importlib import import_module
from typing import TYPE_CHECKING

from renewopt.problem.calendar import Calendar
from renewopt.problem.claims import Claims, Pins
from renewopt.problem.decisions import Decisions
from renewopt.problem.fee_curves import FeeTable, FirstMonth
from renewopt.problem.money import Bills, Developers, Funds, Loans, Moves, Needs, OwingRules
from renewopt.problem.offers import LineKind, Offers, Ragged, Route
from renewopt.problem.problem import Objective, Problem, Tier
from renewopt.problem.supply import Limits, Phases, Pools

if TYPE_CHECKING:
    from renewopt.problem.compiling import compile_problem
    from renewopt.problem.stocktaking import Inventory, take_stock

__all__ = [
    "Bills",
    "Calendar",
    "Claims",
    "Decisions",
    "Developers",
    "FeeTable",
    "FirstMonth",
    "Funds",
    "Inventory",
    "Limits",
    "LineKind",
    "Loans",
    "Moves",
    "Needs",
    "Objective",
    "Offers",
    "OwingRules",
    "Phases",
    "Pins",
    "Pools",
    "Problem",
    "Ragged",
    "Route",
    "Tier",
    "compile_problem",
    "take_stock",
]

# The tables need neither pandas nor the scenario; what makes them is loaded when it is first used.
_HOMES = {
    "Inventory": "renewopt.problem.stocktaking",
    "compile_problem": "renewopt.problem.compiling",
    "take_stock": "renewopt.problem.stocktaking",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
