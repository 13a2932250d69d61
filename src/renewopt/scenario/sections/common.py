"""Types that several sections share."""

from typing import Annotated, Literal

from pydantic import Field

from renewopt.scenario.fields import Id
from renewopt.vocabulary import Measure, RouteName, UseName

__all__ = ["All", "AtLeastOneId", "Measure", "RouteName", "UseName"]

All = Literal["all"]
AtLeastOneId = Annotated[list[Id], Field(min_length=1)]
