"""The sections of a scenario, as a planner states them; every class is one section of the YAML file.

Amounts are yuan (`Decimal`), months `Month`, shares fractions. Once loaded, the tables (households, quotes, fee
curves) are DataFrames with exactly the columns of `TABLES`, in that order, and these canonical types:

| kind | dtype | empty cell |
| --- | --- | --- |
| id, text | object (str, stripped) | "" |
| number, share | float64 | NaN |
| money | float64 yuan | NaN |
| count, months | int64 | −1 |
| month | int64, `Month.ordinal` | −1 |
| boolean | bool | False |
| ids | object: tuple of str | () |
| terms | object: tuple of (key, value) text pairs, as written | () |

`households.count` is 1 where empty. Quotes and fee curves add to what the rules give: a household's quotes join the
offers of its project's routes (state ``routes: []`` on the project to have quotes alone); a household with fee curve
rows has no other fee.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PrivateAttr, ValidationInfo, model_validator

from renewopt.errors import Finding, ScenarioError, sort_findings
from renewopt.scenario.building import build, check_built
from renewopt.scenario.fields import (
    Boolean,
    Count,
    Id,
    Money,
    Month,
    Months,
    Multiplier,
    Name,
    Number,
    Rate,
    Section,
    Share,
    key,
)
from renewopt.scenario.frames import CHECKED, Table
from renewopt.scenario.source import Source, hash_content
from renewopt.scenario.table_specs import TABLES, Column
from renewopt.scenario.uncertainty import (
    Amount,
    Decree,
    Delay,
    Distribution,
    Future,
    InflowChange,
    LaterMove,
    Parameter,
    PolicyChoice,
    TakeUp,
    Withdrawal,
)

__all__ = [
    "TABLES",
    "Amount",
    "Column",
    "Decree",
    "Delay",
    "Distribution",
    "Future",
    "InflowChange",
    "LaterMove",
    "Parameter",
    "PolicyChoice",
    "Scenario",
    "TakeUp",
    "Withdrawal",
]

RouteName = Literal["own_unit", "transfer", "voucher", "cash"]
UseName = Literal["fees", "voucher", "units", "cash", "moving", "construction", "commitments", "interest", "principal"]
All = Literal["all"]
Measure = Literal["homes", "m2", "persons"]
AtLeastOneId = Annotated[list[Id], Field(min_length=1)]


# --- fees (rules 1-9) -------------------------------------------------------------------------------------------


class RateStep(Section):
    """Rate in force from a month on; the first step may leave `from` out (rule 2)."""

    since: Month | None = key(
        None,
        "month from which it holds; the first may leave it out",
        "起始月份",
        "自该月起执行；第一行可不填",
        alias="from",
    )
    yuan: Number = key(
        ...,
        "yuan a month per m², per person or per household, as the basis says",
        "费率",
        "每月每㎡、每人或每户多少元",
        unit="yuan a month",
        label="rate",
    )


class OverdueStep(Section):
    """Multiplier from overdue month `after` + 1 on (rule 3)."""

    after: Months = key(0, "overdue months after which it acts", "超期满", "超期满多少个月后执行；0：自超期第一个月起")
    multiplier: Multiplier = key(..., "on the ordinary fee", "倍数", "正常过渡费的倍数")


class Uplift(Section):
    """Uplift for a group of households; of a category only the highest counts (rule 7)."""

    group: Id = key(..., "as in the households' `groups`", "群体", "与住户表的群体一致")
    category: Id = key("group", "groups of one category do not add up", "类别", "同一类别不叠加")
    percent: Share | None = key(None, "share added to the monthly fee", "加发比例", "月过渡费加发的比例")
    monthly: Money | None = key(
        None, "yuan added to the monthly fee, multiplied like it", "每月加发", "每月加发的金额，同样乘以倍数"
    )
    once: Money | None = key(None, "yuan paid once, when settled (use: cash)", "一次性", "安置时一次支付")


class MovingFee(Section):
    """Moving fee (搬迁费) paid when housed: max(per household + area × per m², minimum) × times."""

    per_m2: Money = key(0, "yuan per m²", "每㎡", "入住时支付，按面积", label="per m²")
    per_household: Money = key(0, "yuan", "每户", "入住时支付，按户")
    minimum: Money = key(0, "yuan at least", "最低", "至少多少元")
    times: Annotated[Count, Field(ge=1, le=4)] = key(
        1, "moves that are paid: 2 for out and in", "次数", "支付几次：搬出与搬入共2次"
    )


class FeePayer(Section):
    """A developer pays the fees of an enterprise project (企业类项目), with advance and recovery (rule 9)."""

    developer: Id = key(
        ..., "who pays", "企业", "由哪家开发企业支付（企业类项目）；不填：政府支付", refers="developers"
    )
    advance: Share = key(0, "share that the government pays when due", "垫付比例", "到期时由政府垫付的比例")
    recovered: Share = key(1, "share of the advance paid back later", "收回比例", "垫付款以后收回的比例")
    after: Months = key(0, "months from the advance to its recovery", "收回月数", "垫付后多少个月收回")
    into: Id | None = key(
        None, "fund that receives what is recovered", "收回资金", "收回款项进入哪项资金", refers="funds"
    )


class FeePolicy(Section):
    """How the transition fee is reckoned (rules 1-9)."""

    id: Id
    basis: Literal["area", "person", "household"] = key(
        "area", "what the rate is multiplied with", "计费依据", "费率乘以面积、人口或户"
    )
    rate: Number | Annotated[list[RateStep], Field(min_length=1)] = key(
        ...,
        "yuan a month per m², person or household; or steps by date",
        "费率",
        "每月每㎡、每人或每户多少元；随日期调整的填在费率调整表",
        unit="yuan a month",
        sheet="fee_rates",
        sheet_header="费率调整",
        sheet_note="费率随日期调整时，一行一次；此时过渡费标准表的费率留空",
    )
    household_minimum: Money | None = key(
        None, "yuan a month; fee = max(basis × rate, minimum)", "每户最低", "过渡费不低于此数", unit="yuan a month"
    )
    area_floor: Number | None = key(
        None,
        "m² at least reckoned, until the first part is delivered",
        "最低计费面积",
        "首套交付前至少按此面积计",
        unit="m²",
    )
    term: Months | dict[Id, Months] = key(
        ...,
        "agreed months of transition; or by term_class of household or project (low_rise: 24)",
        "约定过渡期",
        "月数；或按类别：多层:24;高层:36",
    )
    overdue: list[OverdueStep] = key(
        [], "none: the ordinary rate goes on", "超期倍数", "超期后的倍数，一行一档", sheet="overdue_steps"
    )
    turnover: list[OverdueStep] = key(
        ...,
        "multipliers when overdue for households in turnover housing (nothing before)",
        "周转房倍数",
        "周转房住户超期后的倍数，一行一档",
        sheet="turnover_steps",
        default_factory=lambda: [OverdueStep(after=0, multiplier=Decimal(1))],
    )
    tail: Months | dict[RouteName, Months] = key(
        0,
        "months paid on after being housed (fit-out)",
        "装修过渡",
        "入住后继续发放的月数；或按安置方式：原项目安置房:3;购房凭证:6",
    )
    tail_multiplier: Literal["in_force"] | Multiplier = key(
        "in_force",
        "multiplier in the tail; in_force: the one when housed",
        "装修期倍数",
        "装修过渡期的倍数；按入住时：入住时执行的倍数",
    )
    uplifts: list[Uplift] = key(
        [], "for groups of households", "困难加发", "特殊群体的加发；同一类别只取最高", sheet="uplifts"
    )
    frequency: Literal["monthly", "quarterly", "half_yearly", "yearly"] = key(
        "monthly", "when fees fall due; they accrue monthly", "发放周期", "按月计算，何时发放"
    )
    paid_by: Literal["government"] | FeePayer = key(
        "government",
        "who pays: the government, or a developer (企业类项目)",
        "代付",
        "由谁支付：政府，或开发企业（企业类项目）",
    )
    moving_fee: MovingFee | None = key(None, "paid when housed (搬迁费)", "搬迁费", "入住时支付")


# --- homes (rules 10, 11, 14) -----------------------------------------------------------------------------------


class AreaBound(Section):
    """Entitlement bounds for households of a size (rule 11)."""

    persons_from: Annotated[Count, Field(ge=0)] = key(0, "smallest household it holds for", "人口从", "适用的最少人口")
    persons_to: Count | None = key(None, "largest; empty: without end", "人口至", "适用的最多人口；不填：不限")
    minimum: Number | None = key(None, "m² in all", "下限", "每户合计", unit="m²")
    maximum: Number | None = key(None, "m² in all", "上限", "每户合计", unit="m²")
    minimum_per_person: Number | None = key(None, "m²", "人均下限", "每人", unit="m²")
    maximum_per_person: Number | None = key(None, "m²", "人均上限", "每人", unit="m²")


class PriceBand(Section):
    """Price of area above the entitlement, up to `up_to` m² above it (rule 11)."""

    up_to: Number | None = key(
        None, "m² above entitlement; empty: without end", "超出至", "超出应安置面积多少㎡以内；不填：不限", unit="m²"
    )
    yuan_per_m2: Money = key(..., "what the household pays", "价格", "住户支付", unit="yuan/m²", label="price")


class HomePolicy(Section):
    """What a household is entitled to, and what it pays or is paid for more or less (rule 11)."""

    id: Id
    basis: Literal["area", "person"] = key(
        "area", "what the entitlement is reckoned from", "计算依据", "按被征收面积或人口"
    )
    per_basis: Number = key(
        1, "m² due per m² given up, or per person", "每单位应安置", "每㎡被征收面积或每人应安置多少㎡", unit="m²"
    )
    bounds: list[AreaBound] = key(
        [],
        "limits of the entitlement by size of the household",
        "面积限额",
        "按家庭人口规定的应安置面积上下限",
        sheet="area_bounds",
    )
    max_homes: Annotated[Count, Field(ge=1, le=2)] = key(
        1, "homes in one offer: 2 allows bundles of two", "最多套数", "一个方案最多几套：2 为可选两套"
    )
    round_up: Boolean = key(
        True,
        "to the smallest listed home (or bundle) that reaches the entitlement",
        "就近上靠",
        "选用达到应安置面积的最小户型或组合",
    )
    within_price: Money = key(
        0, "yuan/m² the household pays within it", "限内价格", "应安置面积以内住户支付的价格", unit="yuan/m²"
    )
    above: list[PriceBand] = key(
        [],
        "prices of area above the entitlement, band by band",
        "超面积价格",
        "超出应安置面积部分的价格，一行一段",
        sheet="price_bands",
    )
    maximum_above: Number | None = key(
        None, "m² above entitlement at most; larger homes not offered", "最多超出", "超出应安置面积的上限", unit="m²"
    )
    refund: Money = key(
        0, "yuan/m² paid to the household below it", "退差", "不足应安置面积部分退给住户", unit="yuan/m²"
    )
    into: Id | None = key(
        None, "fund that receives what households pay", "收款资金", "住户缴款进入哪项资金", refers="funds"
    )


class UnitType(Section):
    """Homes of one type in an estate."""

    type: Id = key(
        ...,
        "as in `delivers` and the households' `unit_types`",
        "户型",
        "建设分期的交付与住户表的户型用此名称",
        unique=True,
    )
    area: Number | None = key(
        None,
        "m² of one home; needed where entitlement is matched",
        "面积",
        "一套的面积；按应安置面积匹配时必填",
        unit="m²",
        gt=0,
    )
    on_hand: Number = key(0, "stock at the start, in the estate's measure", "现房", "起始时的存量，按小区的计量")
    arrivals: dict[Month, Number] = key(
        {}, "known handovers by month, money already found", "将交付", "已有资金、按月交付：2024-05:3;2024-09:10"
    )
    surplus: Number | None = key(
        None,
        "open for transfer; empty: stock less homes due to own households",
        "富余",
        "可供调安的数量；不填：存量减去应安置本项目住户的数量",
    )
    price: Money = key(
        0,
        "yuan the office pays, when chosen, for one home (m² or person, as the estate counts); use: units",
        "购房单价",
        "选定时由政府支付，每套（㎡或人）",
    )


class Phase(Section):
    """A construction phase; handed over whole once its remaining cost is paid."""

    id: Id
    name: Name = ""
    cost: Money = key(..., "yuan, the whole phase", "总造价", "整期")
    progress: Share = key(0, "share already paid and built", "进度", "已付并完成的比例")
    handover_lag: Months = key(0, "months from last payment to handover", "交付时差", "付清到交付的月数")
    earliest: Month | None = key(None, "earliest month of handover", "最早交付月份", "不早于该月交付")
    monthly_limit: Money | None = key(None, "yuan that can be spent in a month", "每月限额", "每月最多投入")
    delivers: dict[Id, Number] = key(
        ..., "unit type: how many, in the estate's measure", "交付", "户型与数量：标准户型:6;大户型:2", min_length=1
    )


class Estate(Section):
    """A resettlement estate (安置房小区): homes on hand, arriving, and in phases."""

    id: Id
    name: Name = ""
    projects: list[Id] = key(
        [], "projects whose own estate it is", "所属项目", "作为哪些项目的原安置房；多个用 ; 隔开", refers="projects"
    )
    open_to: All | list[Id] = key(
        "all",
        "projects that may be settled here by transfer",
        "可调安项目",
        "有富余时可调安的项目；全部，或 无",
        refers="projects",
    )
    tags: list[Id] = key([], "schools, districts … that households may ask for", "标签", "学区、片区等，供住户意向匹配")
    measure: Measure = key("homes", "what stock is counted in", "计量", "房源按套、㎡或人计")
    units: Annotated[list[UnitType], Field(min_length=1)] = key(
        ..., "homes by type", "户型房源", "各小区各户型的现房与将交付房源", sheet="units"
    )
    phases: list[Phase] = key(
        [], "construction phases that deliver homes", "建设分期", "在建或拟建的分期；余款付清后整期交付", sheet="phases"
    )
    release: Boolean = key(
        False,
        "an own household's other choice frees its home for transfer",
        "释放房源",
        "本项目住户改选其他方式后，其房源可用于调安",
    )
    housed_after: Months = key(0, "months from choice until housed", "入住等待", "选定后多少个月入住")
    developer: Id | None = key(
        None, "whom the price of units is paid to", "开发企业", "购房款付给哪家企业", refers="developers"
    )
    disutility: Number = key(0, "of being settled here by transfer", "不满意度", "调安到此的不满意度")


# --- vouchers and cash (rules 12, 13) ---------------------------------------------------------------------------


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


class Programme(Section):
    """What voucher and cash programmes share."""

    id: Id
    name: Name = ""
    projects: All | AtLeastOneId = key(
        "all",
        "whose households may choose it",
        "适用项目",
        "哪些项目的住户可选；全部，或多个用 ; 隔开",
        refers="projects",
    )
    start: Month | None = key(None, "first month; default: the scenario's", "启动月份", "不填：起始月份")
    months: Annotated[Months, Field(ge=1)] | None = key(
        None, "months in which it may be chosen", "开放月数", "可选的月数；不填：不限"
    )
    base: Literal["area", "entitlement"] = key("area", "m² that are paid for", "计价面积", "按被征收面积或应安置面积")
    price: Money = key(..., "yuan/m²", "单价", "每㎡多少元", unit="yuan/m²")
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


class Voucher(Programme):
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


class Cash(Programme):
    """Monetary compensation (货币补偿)."""


class DeveloperStock(Section):
    """Homes that a developer has for voucher households."""

    measure: Measure = key("homes", "what stock is counted in", "计量", "按套、㎡或人计；房源各项均不填：不限")
    on_hand: Number = key(0, "at the start", "现有", "起始时的存量")
    arrivals: dict[Month, Number] = key({}, "more of them by month", "将增加", "按月增加：2024-05:3;2024-09:10")


class Debt(Section):
    """What a developer owes the government, falling due in a month."""

    due: Month = key(..., "month from which it may be set off", "到期月份", "自该月起可冲抵")
    amount: Money = key(..., "yuan", "金额", "欠款")


class OffsetTarget(Section):
    """Debt to be set off by the end of a month (rule 21: 化解*万元)."""

    by: Month = key(..., "month", "截止月份", "到该月末")
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


# --- projects ----------------------------------------------------------------------------------------------------


class SwitchRight(Section):
    """Right to choose other routes after N overdue months (rule 15)."""

    after_overdue: Months = key(..., "overdue months that have passed", "超期月数", "已超期多少个月")
    routes: Annotated[list[RouteName], Field(min_length=1)] = key(
        ..., "routes that open then", "安置方式", "届时开放的安置方式"
    )


class Project(Section):
    """An expropriation project and what holds for its households unless their row says otherwise."""

    id: Id
    name: Name = ""
    fee_policy: Id | None = key(
        None, "default: the only one there is", "过渡费标准", "不填：唯一的那一项", refers="fee_policies"
    )
    home_policy: Id | None = key(
        None,
        "what they are entitled to; default: any home of an accepted type, unpriced",
        "安置政策",
        "不填：可选任何可接受的户型，不计差价",
        refers="home_policies",
    )
    moved_out: Month | None = key(
        None, "month in which its households moved out", "搬离月份", "住户搬离的月份，过渡费自该月起算"
    )
    term: Months | None = key(None, "agreed months of transition", "约定过渡期", "约定的过渡月数")
    term_class: Id | None = key(
        None, "class of the fee policy's terms, such as low_rise", "期限类别", "过渡费标准中期限的类别，如 多层"
    )
    routes: list[RouteName] | None = key(
        None, "routes its households accept; default: all", "安置方式", "住户可接受的安置方式；不填：全部"
    )
    switch_rights: list[SwitchRight] = key(
        [],
        "further routes after so many overdue months",
        "改选权",
        "超期若干月后可改选的安置方式",
        sheet="switch_rights",
    )
    weight: Number = key(1, "urgency", "权重", "紧急程度：过渡费按此倍数计入目标")
    deadline: Month | None = key(None, "all its households housed by this month", "截止月份", "全部住户须在该月前入住")
    obligation: Money | None = key(
        None,
        "yuan/m² that a household without a choice still costs",
        "安置义务",
        "未选定的住户今后仍须支出的成本",
        unit="yuan/m²",
    )


class Throughput(Section):
    """At most so many settlements (choices) a month (rule 16)."""

    id: Id
    per_month: Count = key(..., "choices a month at most", "每月户数", "每月最多选定的户数", label="choices a month")
    projects: All | AtLeastOneId = key("all", "whose choices count", "适用项目", "计入哪些项目", refers="projects")
    routes: All | Annotated[list[RouteName], Field(min_length=1)] = key(
        "all", "whose choices count", "安置方式", "计入哪些安置方式"
    )


# --- money (rules 17-22) ------------------------------------------------------------------------------------------


class Inflow(Section):
    """Money that arrives: the same each month of a span, or stated month by month."""

    monthly: Money | None = key(None, "yuan each month", "每月", "每月到位的金额")
    since: Month | None = key(None, "default: the start", "起始月份", "不填：规划起始月份", alias="from")
    until: Month | None = key(
        None, "last month; default: the last month of the horizon", "截止月份", "最后一个月；不填：规划期末"
    )
    by_month: dict[Month, Money] = key(
        {},
        "yuan in single months, added to the rest",
        "资金按月到位",
        "某月到位的资金，一行一个月",
        sheet="inflow_months",
    )


class Release(Section):
    """Money released by construction progress (rule 17)."""

    estates: AtLeastOneId = key(..., "whose progress counts", "小区", "按哪些小区的建设进度拨付", refers="estates")
    total: Money | None = key(
        None,
        "yuan; default: the loan's limit, or all inflow and opening balance",
        "总额",
        "不填：借款上限，或全部到位资金与期初余额",
    )
    upfront: Share = key(0, "share that may be drawn without progress", "预拨比例", "不论进度即可使用的比例")


class Borrowing(Section):
    """A loan that the fund may draw (rule 18)."""

    limit: Money = key(..., "yuan", "上限", "可借入的金额")
    revolving: Boolean = key(
        False,
        "the limit holds for what is outstanding, not for all that is drawn",
        "循环额度",
        "上限指未还余额，而非累计借入",
    )
    rate: Rate = key(0, "interest a year", "年利率", "年利率", label="interest a year")
    repayment: Literal["bullet", "level", "flexible"] = key(
        "bullet", "at the end, in equal parts, or at will within the term", "还款方式", "到期一次、等额，或期内随借随还"
    )
    grace: Months = key(0, "months before the first part falls due (level)", "宽限", "等额还款首期前的月数")
    term: Annotated[Months, Field(ge=1)] = key(
        ..., "months from the draw to the last repayment", "期限", "借入到最后一次还款的月数"
    )
    since: Month | None = key(
        None, "first month of drawing; default: the start", "可借起始月", "不填：起始月份", alias="from"
    )
    until: Month | None = key(
        None, "last month of drawing; default: the end of the horizon", "可借截止月", "不填：规划期末"
    )
    label: Literal["loan", "advance", "bond"] = key(
        "loan", "what it is called; changes nothing", "称谓", "如何称呼，不影响计算"
    )


class Fund(Section):
    """A source of money with its strings (rule 17)."""

    id: Id
    name: Name = ""
    opening: Money = key(0, "yuan at the start", "期初余额", "起始时的余额")
    inflow: Inflow | list[Inflow] = key(
        [], "what arrives and when", "资金到位", "每月固定到位的资金，一行一段", sheet="inflows"
    )
    uses: All | Annotated[list[UseName], Field(min_length=1)] = key(
        "all", "what it may pay", "用途", "可支付哪些；全部，或多个用 ; 隔开"
    )
    projects: All | AtLeastOneId = key(
        "all", "whose bills it may pay", "适用项目", "可支付哪些项目的款项", refers="projects"
    )
    estates: All | AtLeastOneId = key(
        "all", "estates whose construction it may pay", "适用小区", "可支付哪些小区的建设", refers="estates"
    )
    carry_over: Literal["always", "month", "year"] = key(
        "always", "what is left lapses each month/year", "结转", "余额结转，或按月、按年收回"
    )
    monthly_limit: Money | None = key(None, "yuan paid out in a month at most", "每月限额", "每月最多支付")
    total_limit: Money | None = key(None, "yuan paid out in all", "总限额", "合计最多支付")
    release: Release | None = key(
        None, "money that only comes with the progress of construction", "按进度拨付", "随建设进度到位的资金"
    )
    borrow: Borrowing | None = key(None, "the loan that it may draw", "借款", "可借入的贷款")


class OpeningLoan(Section):
    """A loan drawn before the start, whose service falls due."""

    id: Id
    amount: Money = key(..., "yuan outstanding at the start", "未还余额", "起始时未还的本金")
    rate: Rate = key(0, "interest a year", "年利率", "年利率", label="interest a year")
    repayment: Literal["bullet", "level"] = key(
        "level", "at the end, or in equal parts", "还款方式", "到期一次，或等额"
    )
    grace: Months = key(0, "months before the first part falls due", "宽限", "首期还款前的月数")
    months_left: Annotated[Months, Field(ge=1)] = key(
        ..., "months until the last repayment", "剩余月数", "到最后一次还款的月数"
    )


class Owing(Section):
    """Payments that may be deferred (欠资, rule 19)."""

    id: Id
    uses: Annotated[list[UseName], Field(min_length=1)] = key(
        ["fees"], "which payments may be deferred", "款项", "哪些款项可以欠付"
    )
    projects: All | AtLeastOneId = key("all", "whose", "适用项目", "哪些项目", refers="projects")
    share: Share = key(..., "of each month's bill, use by use", "欠付比例", "每月各类应付款最多欠付的比例")
    stock_limit: Money | None = key(
        None, "on the arrears at each month's close, use by use", "欠付余额上限", "每月末各类欠付余额的上限"
    )
    surcharge: Share = key(
        0, "a month, on last month's arrears", "月加收比例", "按上月欠付余额每月加收", label="surcharge a month"
    )
    latest: Annotated[Months, Field(ge=1)] | None = key(None, "months after due", "最迟", "应付后最多拖欠的月数")


class Arrears(Section):
    """What is owed at the start (过渡费迟迟未能发放)."""

    use: UseName = key("fees", "what was not paid", "款项", "欠付的是什么")
    project: Id = key(..., "whose", "项目", "哪个项目", refers="projects")
    amount: Money = key(..., "yuan", "金额", "欠付金额")


class Move(Section):
    """Money may be moved between two funds (调剂, 集资; rule 20)."""

    source: Id = key(..., "fund that gives", "调出资金", "调出方", refers="funds", alias="from")
    target: Id = key(..., "fund that receives", "调入资金", "调入方", refers="funds", alias="to")
    monthly_limit: Money | None = key(None, "yuan a month at most", "每月限额", "每月最多调剂")
    total_limit: Money | None = key(None, "yuan in all", "总限额", "合计最多调剂")


class Commitment(Section):
    """Fixed dated outflow that competes for the money (rule 20)."""

    id: Id
    name: Name = ""
    monthly: Money | None = key(None, "yuan each month", "每月", "每月支出")
    since: Month | None = key(None, "default: the start", "起始月份", "不填：规划起始月份", alias="from")
    until: Month | None = key(
        None, "last month; default: the last month of the horizon", "截止月份", "最后一个月；不填：规划期末"
    )
    by_month: dict[Month, Money] = key(
        {},
        "yuan in single months, added to the rest",
        "支出按月",
        "某月的既定支出，一行一个月",
        sheet="commitment_months",
    )
    funds: All | AtLeastOneId = key(
        "all",
        "funds that may pay it, among those for commitments",
        "支付资金",
        "由哪些资金支付；全部，或多个用 ; 隔开",
        refers="funds",
    )


# --- objective ----------------------------------------------------------------------------------------------------


class TierGoal(Section):
    """A goal that comes strictly before the objective."""

    name: Id = key(..., "what reports call it", "名称", "报告中的称谓", unique=True)
    goal: Literal["transition_fees", "overdue_fees", "fiscal_cost", "disutility"] = key(
        "transition_fees", "what is minimised first", "目标", "先使哪一项最少"
    )
    projects: All | AtLeastOneId = key("all", "whose households count", "适用项目", "哪些项目的住户", refers="projects")
    tags: list[Id] = key(
        [],
        "households with one of these tags; empty: all of the projects",
        "标签",
        "带有其中一个标签的住户；不填：全部",
    )


class ObjectiveChoice(Section):
    """What is minimised."""

    minimise: Literal["transition_fees", "fiscal_cost"] = key(
        "transition_fees",
        "the objective; the other total is reported all the same",
        "目标",
        "使哪一项最少；另一项同样列出",
    )
    after_horizon_months: Months = key(
        12,
        "months after the horizon whose fees count for households without a choice",
        "期后计费月数",
        "期末仍未选定的住户，期后多少个月的过渡费计入目标",
    )
    discount_rate: Rate = key(0, "a year; for fiscal_cost", "年折现率", "用于财政支出", label="discount rate a year")
    offset_value: Multiplier = key(
        1,
        "cost of a yuan of debt that is set off; for fiscal_cost",
        "化债折算",
        "冲抵一元欠款计为多少元支出；用于财政支出",
    )
    shortfall_penalty: Number = key(
        10, "yuan that a yuan of missing money counts as", "缺口计价", "缺一元资金计为多少元"
    )
    disutility_weight: Number = key(
        0, "yuan that one unit of disutility counts as", "不满意度计价", "一个单位的不满意度计为多少元"
    )
    reserve_months: Number = key(
        0,
        "closing balance of the funds that may pay fees, in months of that month's fees",
        "预留月数",
        "可付过渡费的资金，月末余额不低于当月过渡费的多少倍",
    )
    no_overdue_from: Month | None = key(
        None, "no household is overdue from this month on, as a rule", "无超期起始月", "自该月起不得有超期户"
    )
    tiers: list[TierGoal] = key(
        [],
        "goals that come strictly before, in this order",
        "优先目标",
        "严格先于总目标的目标，按行的顺序",
        sheet="tiers",
    )


# --- tables -------------------------------------------------------------------------------------------------------


class TableFile(Section):
    """A table beside the scenario file."""

    file: str = key(
        ..., "path in the folder of the scenario file, or below", "文件", "方案文件所在文件夹（或其下级文件夹）中的路径"
    )
    sheet: str | None = key(
        None,
        "sheet of a workbook; default: the one named like the section, else the first",
        "工作表",
        "工作簿中的表；不填：与该节同名的表，否则第一张",
    )


class Scenario(Section):
    """A district as the planner states it; its tables are checked DataFrames once loaded."""

    name: Annotated[Name, Field(min_length=1)] = key(
        ..., "name of the district, shown in reports", "片区名称", "显示在报告中"
    )
    start: Month = key(..., "month 0", "起始月份", "开始决策的月份，如 2024-06")
    months: Annotated[Months, Field(ge=1)] = key(
        ..., "months in which something is decided", "规划月数", "在多少个月内作决策"
    )
    projects: Annotated[list[Project], Field(min_length=1)] = key(
        ..., "expropriation projects", "项目", "征收项目", one="project"
    )
    households: Table = key(
        ..., "households, or cohorts of alike ones", "住户", "被征收户；情况相同的可合为一行并填户数"
    )
    quotes: Table | None = key(None, "offers given directly", "直接报价", "直接给出的安置方案；用于规则表达不了的情形")
    fee_curves: Table | None = key(
        None, "fees given directly", "直接费用", "直接给出的过渡费；有此行的住户不再按标准计算"
    )
    fee_policies: list[FeePolicy] = key(
        [], "how transition fees are reckoned (rules 1-9)", "过渡费标准", "过渡费如何计算", one="fee policy"
    )
    home_policies: list[HomePolicy] = key(
        [], "what homes households are entitled to (rule 11)", "安置政策", "应安置面积与差价如何计算", one="home policy"
    )
    estates: list[Estate] = key(
        [],
        "resettlement estates: homes on hand, arriving and in phases (rules 10, 14)",
        "安置小区",
        "安置房小区",
        one="estate",
    )
    vouchers: list[Voucher] = key(
        [],
        "voucher programmes (房票, rules 12, 13)",
        "购房凭证",
        "购房凭证（房票）办法",
        one="voucher programme",
        column="voucher",
    )
    cash: list[Cash] = key(
        [], "monetary compensation (货币补偿)", "货币补偿", "货币补偿办法", one="cash programme", column="cash"
    )
    developers: list[Developer] = key(
        [],
        "developers: homes for vouchers, debts to be set off (rule 21)",
        "开发企业",
        "开发企业：供购房凭证选购的房源、欠政府的款项",
        one="developer",
    )
    funds: Annotated[list[Fund], Field(min_length=1)] = key(
        ..., "money and its strings (rules 17, 18)", "资金", "资金来源及其限制", one="fund"
    )
    moves: list[Move] = key([], "money that may be moved between funds (rule 20)", "资金调剂", "允许在两项资金之间调剂")
    opening_loans: list[OpeningLoan] = key(
        [], "loans drawn before the start (rule 18)", "存量贷款", "起始前已借入的贷款", one="opening loan"
    )
    owing: list[Owing] = key(
        [],
        "payments that may be deferred (欠资, rule 19)",
        "允许欠付",
        "可以延后支付的款项（欠资）",
        one="permission to owe",
    )
    arrears: list[Arrears] = key([], "what is owed at the start (rule 19)", "期初欠付", "起始时已欠付的款项")
    commitments: list[Commitment] = key(
        [],
        "dated outflows that compete for the money (rule 20)",
        "既定支出",
        "与安置争用资金的既定支出",
        one="commitment",
    )
    throughput: list[Throughput] = key(
        [], "choices a month at most (rule 16)", "办理限额", "每月最多办理的户数", one="limit of throughput"
    )
    objective: ObjectiveChoice = key(
        ObjectiveChoice(), "what is minimised, and how it is reckoned", "目标", "使哪一项最少，如何计算"
    )
    futures: list[Future] = key(
        [],
        "ways in which the district may turn out, for `compare`",
        "未来情景",
        "片区可能的发展，用于 `compare`",
        one="future",
    )
    policies: list[PolicyChoice] = key(
        [], "policies with parameters of their own", "决策方式", "带有自定参数的决策方式", one="policy"
    )

    _source: Source = PrivateAttr(default_factory=Source)

    @classmethod
    def from_tables(cls, **sections: Any) -> Scenario:
        """Build a scenario in Python, every finding reported together.

        Parameters
        ----------
        **sections
            Keys as in the YAML file; values are section objects, plain dicts and lists, and, for `households`,
            `quotes` and `fee_curves`, DataFrames or lists of rows.

        Raises
        ------
        ScenarioError
            With every finding, if there is any error.
        """
        return build(sections)

    @model_validator(mode="after")
    def _sound(self, info: ValidationInfo) -> Self:
        """Check what the sections refer to and mean, unless the loader does so with the file's lines."""
        if not (info.context or {}).get(CHECKED):
            findings = check_built(self)
            if any(finding.severity == "error" for finding in findings):
                raise ScenarioError(findings)
            self._source = Source(warnings=tuple(sort_findings(findings)), content=self.content)
        return self

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What was noticed while loading and is no error."""
        return self._source.warnings

    @property
    def sha256(self) -> str:
        """Hash over every file read; over the content for a scenario that was built or changed in Python."""
        if self._source.sha256 and not self.changed:
            return self._source.sha256
        return hashlib.sha256(self.model_dump_json(by_alias=True, warnings=False).encode()).hexdigest()

    @property
    def content(self) -> str:
        """Hash over what it says now."""
        sections = self.model_dump_json(by_alias=True, exclude=set(TABLES), warnings=False)
        return hash_content(sections, {name: frame for name in TABLES if (frame := getattr(self, name)) is not None})

    @property
    def changed(self) -> bool:
        """Whether it says something else than when it was loaded or built: a table, say, was changed in place."""
        return self._source.content != self.content

    @property
    def files(self) -> tuple[str, ...]:
        """Every file read, relative to the scenario's folder."""
        return self._source.files

    @property
    def read_paths(self) -> tuple[Path, ...]:
        """Every file read, as a path."""
        if self.path is None:
            return ()
        return tuple(self.path.parent / name for name in dict.fromkeys([self.path.name, *self.files]))

    @property
    def path(self) -> Path | None:
        """The scenario's YAML file; None if built in Python."""
        return self._source.path

    @property
    def allow_outside(self) -> bool:
        """Whether its tables were allowed to lie outside of its folder when it was loaded."""
        return self._source.allow_outside

    @property
    def variant(self) -> str | None:
        """Name of the variant that was merged in."""
        return self._source.variant

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants that the file states."""
        return self._source.variants

    @property
    def source(self) -> Source:
        """Where it came from."""
        return self._source

    def with_source(self, source: Source) -> Scenario:
        """Return the same scenario, told where it came from; what it says now is what it said then."""
        copy = self.model_copy()
        copy._source = replace(source, content=self.content)
        return copy
