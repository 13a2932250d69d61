"""Sections of a scenario that say how the district may turn out, and which policies are to be compared."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from renewopt.scenario.fields import Boolean, Id, Months, Name, Section, Share
from renewopt.units import parse_share
from renewopt.wording import Names, words

__all__ = ["Future", "PolicyChoice"]

All = Literal["all"]
Ids = Annotated[list[Id], Field(min_length=1)]
Amount = Annotated[Decimal, BeforeValidator(parse_share), Field(ge=0, le=10_000, allow_inf_nan=False)]
Parameter = Any

NEEDED = {
    "fixed": ("value",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean", "spread"),
    "lognormal": ("mean", "spread"),
    "exponential": ("mean",),
    "discrete": ("values",),
}
"""Keys that each distribution needs."""


class Distribution(Section):
    """A distribution of months, shares or factors; `low` and `high` cut every kind off."""

    distribution: Literal["fixed", "uniform", "triangular", "normal", "lognormal", "exponential", "discrete"] = Field(
        description="which one"
    )
    value: Amount | None = Field(None, description="fixed: the value")
    low: Amount | None = Field(None, description="the least there is")
    high: Amount | None = Field(None, description="the most there is")
    mode: Amount | None = Field(None, description="triangular: the likeliest")
    mean: Amount | None = Field(None, description="normal, lognormal, exponential: the mean")
    spread: Amount | None = Field(
        None, description="normal: standard deviation; lognormal: standard deviation of the logarithm"
    )
    values: Annotated[list[Amount], Field(min_length=1)] | None = Field(None, description="discrete: the values")
    weights: list[Amount] = Field([], description="discrete: how likely each is; default: all alike")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [key for key in NEEDED[self.distribution] if getattr(self, key) is None]
        if missing:
            raise ValueError(
                words(
                    "a {distribution} distribution needs {keys}",
                    distribution=self.distribution,
                    keys=Names(missing),
                )
            )
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(words("low {low} is above high {high}", low=self.low, high=self.high))
        if self.mode is not None and not (self.low or Decimal(0)) <= self.mode <= (self.high or self.mode):
            raise ValueError(words("mode {mode} is not between low and high", mode=self.mode))
        if self.weights and len(self.weights) != len(self.values or ()):
            raise ValueError(
                words("{weights} weights for {values} values", weights=len(self.weights), values=len(self.values or ()))
            )
        if self.weights and not sum(self.weights):
            raise ValueError(words("the weights add up to nothing"))
        if self.distribution == "lognormal" and not self.mean:
            raise ValueError(words("the mean of a lognormal distribution is above 0"))
        return self


class Delay(Section):
    """Estates come late: phases, and homes that are to arrive after the start."""

    estates: All | Ids = Field(default="all", description="which")
    months: Months | Distribution = Field(description="how much later each phase is handed over")
    probability: Share = Field(default=1, validate_default=True, description="chance of each to be late at all")
    together: Boolean = Field(False, description="one draw for all, not one for each phase")


class InflowChange(Section):
    """Money comes short, or late."""

    funds: All | Ids = Field(default="all", description="which")
    share: Amount | Distribution = Field(
        default=1, validate_default=True, description="of the stated inflow that comes"
    )
    late: Months | Distribution = Field(0, description="how much later it comes")
    each: Literal["month", "year", "once"] = Field("year", description="how often it is drawn anew")
    from_month: Months = Field(0, description="months after the start before which all is as stated")
    months: Annotated[Months, Field(ge=1)] | None = Field(None, description="for so many months; empty: to the end")
    probability: Share = Field(default=1, validate_default=True, description="chance of each draw to apply at all")


class TakeUp(Section):
    """Households decline vouchers when these are put to them."""

    vouchers: All | Ids = Field(default="all", description="which programmes")
    share: Amount | Distribution = Field(description="of the households that take one when asked")


class Withdrawal(Section):
    """A developer takes no more vouchers."""

    developers: All | Ids = Field(default="all", description="which may")
    after: Months | Distribution = Field(0, description="months after the start")
    probability: Share = Field(default=1, validate_default=True, description="chance of each")


class Decree(Section):
    """Fee rates change by decree."""

    projects: All | Ids = Field(default="all", description="whose households")
    factor: Amount | Distribution = Field(description="on the fee")
    after: Months | Distribution = Field(0, description="months after the start at which it takes effect")
    announced: Months = Field(0, description="months before it takes effect at which it becomes known")
    probability: Share = Field(default=1, validate_default=True, description="chance of it")


class LaterMove(Section):
    """Households move out later than planned, and their fees begin later."""

    projects: All | Ids = Field(default="all", description="whose households")
    months: Months | Distribution = Field(description="how much later each moves out")
    probability: Share = Field(default=1, validate_default=True, description="chance of each")


class Future(Section):
    """A way in which the district may turn out: distributions, drawn anew for each seed, or fixed stress."""

    id: Id
    name: Name = ""
    delays: list[Delay] = Field([], description="estates come late")
    inflows: list[InflowChange] = Field([], description="money comes short or late")
    take_up: list[TakeUp] = Field([], description="households decline vouchers")
    withdrawals: list[Withdrawal] = Field([], description="developers take no more vouchers")
    decrees: list[Decree] = Field([], description="fee rates change")
    later_moves: list[LaterMove] = Field([], description="households move out later")


class PolicyChoice(Section):
    """A policy with parameters of its own."""

    id: Id
    policy: Id = Field(
        description="a policy that renewopt or an installed package knows, or one's own, given by `--policy-module`"
    )
    parameters: dict[Id, Parameter] = Field({}, description="its parameters by name")
