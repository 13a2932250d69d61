"""The structured path: households in classes, branching on phases, whole households; proven household by household."""

from renewopt.optimiser.decomposition.searching import search, search_from

__all__ = ["search", "search_from"]
