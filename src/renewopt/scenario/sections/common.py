"""Types that several sections share."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from renewopt.scenario.fields import Id

__all__ = ["All", "AtLeastOneId", "Measure", "RouteName", "UseName"]

RouteName = Literal["own_unit", "transfer", "voucher", "cash"]
UseName = Literal["fees", "voucher", "units", "cash", "moving", "construction", "commitments", "interest", "principal"]
All = Literal["all"]
Measure = Literal["homes", "m2", "persons"]
AtLeastOneId = Annotated[list[Id], Field(min_length=1)]
