"""What the planner states: files, tables and Python objects become one checked `Scenario`."""

from renewopt.scenario.loading import load
from renewopt.scenario.models import Scenario

__all__ = ["Scenario", "load"]
