"""Vouchers and cash (rules 12, 13), and the developers that take vouchers (rule 21)."""

from typing import Annotated, Literal

from pydantic import Field

from renewopt.scenario.fields import (
    Boolean,
    Id,
    Money,
    Month,
    Months,
    Multiplier,
    Name,
    Number,
    NumberByMonth,
    Section,
    Share,
    key,
)
from renewopt.scenario.sections.common import All, AtLeastOneId, Measure

__all__ = [
    "BonusStep",
    "Cash",
    "Debt",
    "Developer",
    "DeveloperStock",
    "Instalment",
    "ListedDeveloper",
    "MoneyRoute",
    "OffsetTarget",
    "Voucher",
]


class BonusStep(Section):
    """Bonus on the face value in the first `months` months of the programme (rule 12)."""

    months: Annotated[Months, Field(ge=1)] = key(
        ..., "up to and including this month of the programme", "至第几月", "启动后至该月（含）"
    )
    share: Share = key(..., "of the face value", "奖励比例", "面值的比例")


class Instalment(Section):
    """Part of the price due `after` months since the choice (rule 13)."""

    after: Months = key(..., "months since the choice", "选定后", "选定后多少个月支付")
    share: Share = key(..., "of the price", "比例", "总价的比例")


class ListedDeveloper(Section):
    """A developer whose homes a voucher buys."""

    developer: Id = key(..., "its id", "开发企业", "其编号", refers="developers")
    bonus: Share | None = key(
        None, "bonus at this developer, instead of the steps", "奖励比例", "在该企业购房的奖励，代替分档奖励"
    )


class MoneyRoute(Section):
    """A route that is paid in money: what vouchers and cash share."""

    id: Id
    name: Name = ""
    projects: All | AtLeastOneId = key(
        "all",
        "whose households may choose it",
        "适用项目",
        "哪些项目的住户可选；全部，或多个用 ; 隔开",
        refers="projects",
    )
    start: Month | None = key(None, "first month; default: the scenario's", "启动月份", "不填：起始月份", within="end")
    months: Annotated[Months, Field(ge=1)] | None = key(
        None, "months in which it may be chosen", "开放月数", "可选的月数；不填：不限"
    )
    base: Literal["area", "entitlement"] = key("area", "m² that are paid for", "计价面积", "按被征收面积或应安置面积")
    price: Money = key(..., "yuan/m²", "单价", "每㎡多少元", unit="yuan/m²", usual="a price of a m²")
    bonus: list[BonusStep] = key([], "steps by month of the programme", "奖励", "按启动后月份递减的奖励，一行一档")
    instalments: list[Instalment] = key(
        [], "shares add up to 1; empty: all at once", "分期", "分期支付，各期比例合计为100%；不填为一次付清"
    )
    housed_after: Months = key(0, "months from choice until housed", "入住等待", "选定后多少个月入住")
    tail: Months | None = key(
        None,
        "months of fee after being housed; default: the fee policy's",
        "装修过渡",
        "入住后继续发放的月数；不填：按过渡费标准",
    )
    tail_multiplier: Literal["in_force"] | Multiplier | None = key(
        None, "multiplier in the tail; default: the fee policy's", "装修期倍数", "不填：按过渡费标准"
    )
    settled_when_paid: Boolean = key(
        False,
        "the household counts as housed only with the last instalment, which may not be owed",
        "付清方算安置",
        "末期兑付时才算入住，且不得欠付",
    )
    take_up: Share | None = key(
        None,
        "at most this share of the eligible households of each project",
        "最高比例",
        "每个项目符合条件的住户中最多多少选用",
        label="take-up at most",
    )
    area_below: Number | None = key(
        None, "only households with less area, m²", "面积小于", "仅限面积小于此数的住户", unit="m²"
    )
    disutility: Number = key(0, "of choosing it", "不满意度", "选用的不满意度")


class Voucher(MoneyRoute):
    """A voucher programme (购房凭证改选 / 房票)."""

    instalments: list[Instalment] = key(
        [], "shares add up to 1; empty: all at once", "兑付", "向开发企业分期兑付，各期比例合计为100%；不填为一次付清"
    )
    developers: list[ListedDeveloper] = key(
        [], "empty: any; then nothing can be set off", "房企", "可用购房凭证购房的开发企业；不填为不限"
    )
    valid: Months | None = key(
        None,
        "months in which the household must have bought (≥ housed_after)",
        "有效月数",
        "须在多少个月内购房，不少于入住等待",
    )


class Cash(MoneyRoute):
    """Monetary compensation (货币补偿)."""


class DeveloperStock(Section):
    """Homes that a developer has for voucher households."""

    measure: Measure = key("homes", "what stock is counted in", "计量", "按套、㎡或人计；房源各项均不填：不限")
    on_hand: Number = key(0, "at the start", "现有", "起始时的存量")
    arrivals: NumberByMonth = key({}, "more of them by month", "将增加", "按月增加：2024-05:3;2024-09:10")


class Debt(Section):
    """What a developer owes the government, falling due in a month."""

    due: Month = key(..., "month from which it may be set off", "到期月份", "自该月起可冲抵")
    amount: Money = key(..., "yuan", "金额", "欠款", usual="a developer's debt")


class OffsetTarget(Section):
    """Debt to be set off by the end of a month (rule 21: 化解*万元)."""

    by: Month = key(..., "month", "截止月份", "到该月末", within="plan")
    amount: Money = key(..., "yuan, in all up to then", "金额", "累计须冲抵")


class Developer(Section):
    """A developer: homes for voucher households, debts that may be set off."""

    id: Id
    name: Name = ""
    homes: DeveloperStock | None = key(None, "empty: no limit", "房源", "不填：不限")
    debts: list[Debt] = key(
        [],
        "what it owes, which may be set off against what it is owed (化债)",
        "企业欠款",
        "开发企业欠政府的款项，可用于冲抵（化债）",
        sheet="debts",
    )
    offset_targets: list[OffsetTarget] = key(
        [], "what is to be set off by when", "化债目标", "到某月为止须冲抵的金额", sheet="offset_targets"
    )
