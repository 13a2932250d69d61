"""Policies against each other, in many futures: runs, measures, statistics."""

from renewopt.comparison.compared import Comparison
from renewopt.comparison.comparing import Step, compare

__all__ = ["Comparison", "Step", "compare"]
