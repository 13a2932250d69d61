"""Sections of a scenario that say how the district may turn out, and which policies are to be compared."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from renewopt.scenario.fields import Boolean, Id, Months, Name, Section, Share, key
from renewopt.scenario.meanings import Kind
from renewopt.scenario.sections.common import All, AtLeastOneId
from renewopt.units import parse_share
from renewopt.vocabulary import StartByName
from renewopt.wording import Names, words

__all__ = [
    "Amount",
    "Decree",
    "Delay",
    "Distribution",
    "Future",
    "InflowChange",
    "LandChange",
    "LateClearing",
    "LateStart",
    "LaterMove",
    "Parameter",
    "PolicyChoice",
    "Switching",
    "TakeUp",
    "Withdrawal",
]

Amount = Annotated[Decimal, Kind("number"), BeforeValidator(parse_share), Field(ge=0, le=10_000, allow_inf_nan=False)]
Parameter = Annotated[Any, Kind("any")]

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

    distribution: Literal["fixed", "uniform", "triangular", "normal", "lognormal", "exponential", "discrete"] = key(
        ..., "which one", "分布", "哪一种"
    )
    value: Amount | None = key(None, "fixed: the value", "取值", "fixed：取值")
    low: Amount | None = key(None, "the least there is", "下限", "最小值")
    high: Amount | None = key(None, "the most there is", "上限", "最大值")
    mode: Amount | None = key(None, "triangular: the likeliest", "众数", "triangular：最可能的值")
    mean: Amount | None = key(
        None, "normal, lognormal, exponential: the mean", "均值", "normal、lognormal、exponential：均值"
    )
    spread: Amount | None = key(
        None,
        "normal: standard deviation; lognormal: standard deviation of the logarithm",
        "离散程度",
        "normal：标准差；lognormal：对数的标准差",
    )
    values: Annotated[list[Amount], Field(min_length=1)] | None = key(
        None, "discrete: the values", "各取值", "discrete：各取值"
    )
    weights: list[Amount] = key(
        [], "discrete: how likely each is; default: all alike", "权重", "discrete：各值的可能性；不填：相同"
    )

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
                words(
                    "{weights} {weights:weight|weights} for {values} {values:value|values}",
                    weights=len(self.weights),
                    values=len(self.values or ()),
                )
            )
        if self.weights and not sum(self.weights):
            raise ValueError(words("the weights add up to nothing"))
        if self.distribution == "lognormal" and not self.mean:
            raise ValueError(words("the mean of a lognormal distribution is above 0"))
        return self


class Delay(Section):
    """Estates come late: phases, and homes that are to arrive after the start."""

    estates: All | AtLeastOneId = key("all", "which", "小区", "哪些小区", refers="estates")
    months: Months | Distribution = key(..., "how much later each phase is handed over", "推迟", "各期推迟交付多久")
    probability: Share = key(1, "chance of each to be late at all", "概率", "各期推迟的概率")
    together: Boolean = key(
        False, "one draw for all, not one for each phase", "一并", "一次抽取用于全部，而非各期分别抽取"
    )


class InflowChange(Section):
    """Money comes short, or late."""

    funds: All | AtLeastOneId = key("all", "which", "资金", "哪些资金", refers="funds")
    share: Amount | Distribution = key(1, "of the stated inflow that comes", "到位比例", "到位资金的比例")
    late: Months | Distribution = key(0, "how much later it comes", "推迟", "推迟多久到位")
    each: Literal["month", "year", "once"] = key("year", "how often it is drawn anew", "频率", "多久重新抽取一次")
    from_month: Months = key(0, "months after the start before which all is as stated", "起始", "起始后多少个月内不变")
    months: Annotated[Months, Field(ge=1)] | None = key(
        None, "for so many months; empty: to the end", "持续", "持续多少个月；不填：至期末"
    )
    probability: Share = key(1, "chance of each draw to apply at all", "概率", "每次抽取生效的概率")


class TakeUp(Section):
    """Households decline vouchers when these are put to them."""

    vouchers: All | AtLeastOneId = key("all", "which programmes", "购房凭证", "哪些购房凭证", refers="vouchers")
    share: Amount | Distribution = key(
        ..., "of the households that take one when asked", "比例", "被征询住户中接受的比例"
    )


class Switching(Section):
    """Households use their rights to switch, fewer or more of them than planned."""

    projects: All | AtLeastOneId = key("all", "whose households", "项目", "哪些项目的住户", refers="projects")
    share: Amount | Distribution = key(
        ..., "of those that hold a right, how many use it", "比例", "有改选权的住户中改选的比例"
    )


class Withdrawal(Section):
    """A developer takes no more vouchers."""

    developers: All | AtLeastOneId = key("all", "which may", "开发企业", "哪些可能退出", refers="developers")
    after: Months | Distribution = key(0, "months after the start", "时间", "起始后多少个月")
    probability: Share = key(1, "chance of each", "概率", "各家退出的概率")


class Decree(Section):
    """Fee rates change by decree."""

    projects: All | AtLeastOneId = key("all", "whose households", "项目", "哪些项目的住户", refers="projects")
    factor: Amount | Distribution = key(..., "on the fee", "倍数", "过渡费的倍数")
    after: Months | Distribution = key(
        0, "months after the start at which it takes effect", "生效", "起始后多少个月生效"
    )
    announced: Months = key(0, "months before it takes effect at which it becomes known", "公布", "提前多少个月公布")
    probability: Share = key(1, "chance of it", "概率", "调整的概率")


class LaterMove(Section):
    """Households move out later than planned, and their fees begin later."""

    projects: All | AtLeastOneId = key("all", "whose households", "项目", "哪些项目的住户", refers="projects")
    months: Months | Distribution = key(..., "how much later each moves out", "推迟", "各户推迟搬离多久")
    probability: Share = key(1, "chance of each", "概率", "各户推迟的概率")


class LateStart(Section):
    """What is to start does so later than decided; what waits for it, too."""

    items: All | AtLeastOneId = key(
        "all", "which projects and works that may start", "哪些项目和工程", "哪些可启动的项目和工程"
    )
    kinds: All | AtLeastOneId = key("all", "of which kinds", "类别", "哪些类别")
    months: Months | Distribution = key(..., "how much later each starts", "推迟", "各自推迟多久启动")
    probability: Share = key(1, "chance of each", "概率", "各自推迟的概率")


class LateClearing(Section):
    """Projects take longer to be cleared once their households have moved out."""

    items: All | AtLeastOneId = key("all", "which projects that may start", "哪些项目", "哪些可启动的项目")
    kinds: All | AtLeastOneId = key("all", "of which kinds", "类别", "哪些类别")
    months: Months | Distribution = key(..., "how much longer each takes", "推迟", "各自推迟多久净地")
    probability: Share = key(1, "chance of each", "概率", "各自推迟的概率")


class LandChange(Section):
    """Cleared land brings less than stated, or later."""

    items: All | AtLeastOneId = key("all", "which projects that may start", "哪些项目", "哪些可启动的项目")
    kinds: All | AtLeastOneId = key("all", "of which kinds", "类别", "哪些类别")
    months: Months | Distribution = key(0, "how much later the revenue comes", "推迟", "出让收入推迟多久到账")
    share: Amount | Distribution = key(1, "of the stated revenue that comes", "到位比例", "到账收入的比例")
    probability: Share = key(1, "chance of each", "概率", "各自变动的概率")


class Future(Section):
    """A way in which the district may turn out: distributions, drawn anew for each seed, or fixed stress."""

    id: Id
    name: Name = ""
    delays: list[Delay] = key([], "estates come late", "推迟", "小区推迟交付")
    inflows: list[InflowChange] = key([], "money comes short or late", "资金", "资金少到或迟到")
    take_up: list[TakeUp] = key([], "households decline vouchers", "选用", "住户不选购房凭证")
    switching: list[Switching] = key([], "households use their rights to switch", "改选", "住户行使改选权")
    withdrawals: list[Withdrawal] = key([], "developers take no more vouchers", "退出", "开发企业不再接受购房凭证")
    decrees: list[Decree] = key([], "fee rates change", "调标", "过渡费标准调整")
    later_moves: list[LaterMove] = key([], "households move out later", "推迟搬离", "住户推迟搬离")
    starts: list[LateStart] = key([], "things start later than decided", "推迟启动", "项目和工程推迟启动")
    clearing: list[LateClearing] = key([], "clearing takes longer", "推迟净地", "净地推迟")
    land: list[LandChange] = key([], "land brings less, or later", "土地收入", "土地出让收入减少或推迟")


class PolicyChoice(Section):
    """A policy with parameters of its own."""

    id: Id
    policy: Id = key(
        ...,
        "a policy that renewopt or an installed package knows, or one's own, given by `--policy-module`",
        "决策方式",
        "renewopt 或已安装软件包提供的决策方式，或以 `--policy-module` 指定的自己的决策方式",
    )
    parameters: dict[Id, Parameter] = key({}, "its parameters by name", "参数", "按名称写明的参数")
    starts: StartByName | None = key(
        None,
        "how it decides what starts when, where that is open; default: `optimal` decides it with the plan, every other "
        "policy starts all it can (`start-all`)",
        "启动规则",
        "启动尚未确定时如何决定；不填：`optimal` 与方案一并优化，其他决策方式为 `start-all`，能启动的尽早全部启动",
    )
