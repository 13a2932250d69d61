"""The structured path: households in classes, branching on phases, whole households; proven household by household."""

from renewopt.optimiser.structured.searching import search

__all__ = ["search"]
