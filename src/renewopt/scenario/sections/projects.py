"""Projects, and how many of their households can be settled in a month (rules 15, 16)."""

from typing import Annotated

from pydantic import Field

from renewopt.scenario.fields import (
    Boolean,
    Count,
    CountBySpan,
    Id,
    Money,
    Month,
    Months,
    Name,
    Number,
    Section,
    Share,
    key,
)
from renewopt.scenario.sections.common import All, AtLeastOneId, RouteName
from renewopt.scenario.sections.works import Land, Signing, Stage, StartWindow

__all__ = ["Project", "SwitchRight", "Throughput"]


class SwitchRight(Section):
    """Right to choose other routes after N overdue months (rule 15)."""

    after_overdue: Months = key(..., "overdue months that have passed", "超期月数", "已超期多少个月")
    routes: Annotated[list[RouteName], Field(min_length=1)] = key(
        ..., "routes that open then", "安置方式", "届时开放的安置方式"
    )
    switch_share: Share = key(
        0, "of the households that hold the right, how many use it", "改选比例", "有改选权的住户中有多少改选"
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
        None, "month in which its households moved out", "搬离月份", "住户搬离的月份，过渡费自该月起算", within="end"
    )
    moved_out_day: Annotated[Count, Field(ge=1, le=31)] | None = key(
        None,
        "day of that month, where the first month's fee is by day",
        "搬离日",
        "搬离当月的几号；仅搬离当月按天计算时需要",
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
    deadline: Month | None = key(
        None, "all its households housed by this month", "截止月份", "全部住户须在该月前入住", within="plan"
    )
    obligation: Money | None = key(
        None,
        "yuan/m² that a household without a choice still costs",
        "安置义务",
        "未选定的住户今后仍须支出的成本",
        unit="yuan/m²",
        usual="an obligation by m²",
    )
    choices_from: Month | None = key(
        None, "first month in which its households may choose; default: the start", "可选起始月份", "不填：规划起始月份"
    )
    no_overdue: Boolean = key(
        False, "none of its households ever falls overdue, as a rule", "不得超期", "住户一律不得超期"
    )
    own_clock: Boolean = key(
        False,
        "a household without a choice is valued from its own clock: to the end of its term, and `after_horizon_months` "
        "beyond; default: so many months after the horizon",
        "按期限折算",
        "期末仍未选定的住户，计费至其期限届满后的期后计费月数；不填：至期末后的期后计费月数",
    )
    kind: Name = key("", "such as urban_village or 城中村改造", "类别", "如 征收、城中村改造")
    start: StartWindow | None = key(
        None,
        "when it may start; its households move out counted from then; default: it has begun",
        "启动",
        "可启动的月份，住户搬离从启动起算；不填：已启动",
    )
    signing: list[Signing] = key(
        [],
        "which share of its households moves out how many months after the start, where their row does not say it; "
        "empty: all in the month of starting",
        "签约进度",
        "住户启动后多少个月搬离，住户表已填的除外；不填：启动当月全部搬离",
        sheet="signing",
    )
    cost: Money | None = key(
        None, "yuan that its stages are shares of", "总投资", "分期投资按此计算比例", usual="the cost of a project"
    )
    stages: list[Stage] = key(
        [],
        "what falls due how many months after the start, such as compensation",
        "项目分期投资",
        "启动后多少个月支付多少，如补偿款",
        sheet="project_stages",
    )
    crews: dict[Id, Count] = key(
        {}, "crews that it keeps busy until it is cleared: how many of each", "占用队伍", "净地前占用的队伍：征收组:1"
    )
    clearing: Months = key(
        0,
        "months from the last household's moving out until the land is cleared",
        "清表月数",
        "最后一户搬离到净地的月数",
    )
    land: Land | None = key(None, "what its cleared land brings, and by when", "土地", "净地的收入与期限")
    delay_cost: Money = key(
        0, "yuan for each month until it is cleared", "推迟成本", "净地前每月计入的成本", unit="yuan a month"
    )
    urgency: Number = key(
        0,
        "what a policy that starts by urgency takes first; where alike, hazards, delay cost and households decide",
        "紧迫程度",
        "按紧迫程度启动时，数大者先启动；相同时依次比较隐患处数、推迟成本、户数",
    )


class Throughput(Section):
    """At most so many settlements (choices) a month (rule 16)."""

    id: Id
    per_month: Count | CountBySpan = key(
        ...,
        "choices a month at most; or by span of months (2024-01..2024-06: 20)",
        "每月户数",
        "每月最多选定的户数；各时段不同：2024-01..2024-06:20;2024-07..:40",
        label="choices a month",
    )
    projects: All | AtLeastOneId = key("all", "whose choices count", "适用项目", "计入哪些项目", refers="projects")
    routes: All | Annotated[list[RouteName], Field(min_length=1)] = key(
        "all", "whose choices count", "安置方式", "计入哪些安置方式"
    )
