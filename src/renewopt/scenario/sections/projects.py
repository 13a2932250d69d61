"""Projects, and how many of their households can be settled in a month (rules 15, 16)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from renewopt.scenario.fields import Count, Id, Money, Month, Months, Name, Number, Section, key
from renewopt.scenario.sections.common import All, AtLeastOneId, RouteName

__all__ = ["Project", "SwitchRight", "Throughput"]


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
        None, "month in which its households moved out", "搬离月份", "住户搬离的月份，过渡费自该月起算", within="end"
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


class Throughput(Section):
    """At most so many settlements (choices) a month (rule 16)."""

    id: Id
    per_month: Count = key(..., "choices a month at most", "每月户数", "每月最多选定的户数", label="choices a month")
    projects: All | AtLeastOneId = key("all", "whose choices count", "适用项目", "计入哪些项目", refers="projects")
    routes: All | Annotated[list[RouteName], Field(min_length=1)] = key(
        "all", "whose choices count", "安置方式", "计入哪些安置方式"
    )
