"""Figures of a district of eight projects, from which districts of any size are drawn.

The eight projects are assumed but realistic: finished, stalled and unbuilt estates, old and new agreements. Rates,
unit sizes, bonuses and instalments follow published rules; `scenarios/district/district.yaml` says for each figure
where it is from.
"""

from __future__ import annotations

from dataclasses import dataclass

AREA_RANGE = (45.0, 240.0)
"""m² that a household gave up: at least the minimum home, at most two of the largest homes."""
UNIT_SIZES = (60, 75, 90, 120)
"""m² of the homes in every estate."""
BUILD_COST = 3_000
"""Yuan/m²."""
VOUCHER_PRICE = 6_000
"""Yuan/m²."""
HOUSEHOLDS = 3_200
"""Households of the district that the amounts of money belong to."""


@dataclass(frozen=True, slots=True)
class PhaseFigures:
    """One phase of an estate.

    Attributes
    ----------
    share
        Of the estate's homes.
    progress
        Share already paid and built.
    earliest
        Months from the start to the earliest handover.
    lag
        Months from the last payment to handover.
    """

    share: float
    progress: float
    earliest: int
    lag: int


@dataclass(frozen=True, slots=True)
class ProjectFigures:
    """A project and its estate.

    Attributes
    ----------
    households
        Of the district of 3,200.
    area
        Mean m² of a household.
    months_out
        Months since moving out, at the start.
    term_class
        ``low_rise`` (24 months agreed) or ``high_rise`` (36).
    homes
        Homes of the estate for each home due to the project's households.
    phases
        None: the developer builds, homes arrive by themselves.
    weight
        Urgency.
    """

    households: int
    area: float
    months_out: int
    term_class: str
    homes: float
    phases: tuple[PhaseFigures, ...]
    weight: float = 1.0


PROJECTS = (
    # 80 % built, +6 months.
    ProjectFigures(620, 110, 60, "high_rise", 1.0, (PhaseFigures(0.55, 0.8, 6, 0), PhaseFigures(0.45, 0.8, 6, 0))),
    # Unbuilt.
    ProjectFigures(480, 140, 72, "high_rise", 1.0, (PhaseFigures(0.5, 0.0, 24, 3), PhaseFigures(0.5, 0.0, 30, 3))),
    # +12 months, with a surplus.
    ProjectFigures(350, 90, 48, "low_rise", 1.4, (PhaseFigures(0.5, 0.6, 12, 1), PhaseFigures(0.5, 0.6, 12, 1))),
    # Unbuilt, just overdue.
    ProjectFigures(
        700,
        150,
        40,
        "high_rise",
        1.0,
        (PhaseFigures(0.4, 0.0, 24, 3), PhaseFigures(0.3, 0.0, 28, 3), PhaseFigures(0.3, 0.0, 32, 3)),
    ),
    # Topped out, +10 months.
    ProjectFigures(260, 120, 30, "high_rise", 1.0, (PhaseFigures(1.0, 0.7, 10, 1),)),
    # Built by a developer, who owes the fees.
    ProjectFigures(410, 160, 18, "high_rise", 1.0, ()),
    # Stalled, petitions.
    ProjectFigures(150, 100, 84, "low_rise", 1.0, (PhaseFigures(1.0, 0.4, 14, 2),), weight=1.5),
    # New.
    ProjectFigures(230, 130, 0, "low_rise", 1.0, (PhaseFigures(1.0, 0.0, 22, 3),)),
)
