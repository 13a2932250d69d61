"""The structured path: households in classes, branching on phases, whole households; proven household by household."""

from renewopt.optimiser.structured.searching import search, search_from
from renewopt.optimiser.structured.warm import WarmStart

__all__ = ["WarmStart", "search", "search_from"]
