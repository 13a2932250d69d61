"""What a report reads from the scenario as it is kept with the plan: names, deliveries, arrivals, assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renewopt.charts.construction import Delivery
from renewopt.results.stated import Stated
from renewopt.units import Month

__all__ = ["arrivals", "deliveries", "last_month", "names", "pools_of_phase"]

_KINDS = {
    "projects": "project",
    "estates": "estate",
    "funds": "fund",
    "vouchers": "voucher",
    "cash": "cash",
    "developers": "developer",
    "phases": "phase",
    "works": "work",
    "crews": "crew",
}


def last_month(start: str, months: int) -> str:
    """Last month in which something is decided.

    Examples
    --------
    >>> last_month("2024-01", 24)
    '2025-12'
    """
    return str(Month.parse(start) + (months - 1))


def names(stated: Stated) -> dict[str, dict[str, str]]:
    """Names that the planner gave, by kind and id; an item is a project or a work."""
    found = {
        kind: {key: str(item.get("name", "")) for key, item in stated.get(section, {}).items()}
        for section, kind in _KINDS.items()
    }
    return {**found, "item": {**found["project"], **found["work"]}}


def deliveries(stated: Stated) -> dict[str, Delivery]:
    """What each phase delivers."""
    return {
        phase: Delivery(str(item["estate"]), {kind: float(count) for kind, count in item["delivers"].items()})
        for phase, item in stated.get("phases", {}).items()
    }


def pools_of_phase(delivery: Delivery) -> set[str]:
    """Pools, as allocations name them, that a delivery fills."""
    return {f"{delivery.estate}/{kind}" for kind in delivery.pools}


def arrivals(stated: Stated) -> dict[str, dict[str, float]]:
    """Homes that arrive without a payment, by estate and month."""
    found: dict[str, dict[str, float]] = {}
    for estate, item in stated.get("estates", {}).items():
        units: list[Mapping[str, Any]] = item.get("units", [])
        for unit in units:
            for month, amount in unit.get("arrivals", {}).items():
                by_month = found.setdefault(estate, {})
                by_month[month] = by_month.get(month, 0.0) + float(amount)
    return {estate: dict(sorted(months.items())) for estate, months in found.items()}
