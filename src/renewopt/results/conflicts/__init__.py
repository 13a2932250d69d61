"""Which rules of a scenario cannot hold together, and which single change of each would do."""

from __future__ import annotations

from renewopt.results.conflicts.finding import FoundConflict, find_conflicts, search_conflicts

__all__ = ["FoundConflict", "find_conflicts", "search_conflicts"]
