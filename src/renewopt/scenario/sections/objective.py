"""What is minimised."""

from renewopt.scenario.fields import Boolean, Id, Month, Months, Multiplier, Number, Rate, Section, key
from renewopt.scenario.sections.common import All, AtLeastOneId
from renewopt.vocabulary import OBJECTIVES, Goal, ObjectiveName, TierGoalName

__all__ = ["ObjectiveChoice", "TierGoal"]


class TierGoal(Section):
    """A goal that comes strictly before the objective."""

    name: Id = key(..., "what reports call it", "名称", "报告中的称谓", unique=True)
    goal: TierGoalName = key(Goal.FEES, "what is minimised first", "目标", "先使哪一项最少")
    projects: All | AtLeastOneId = key("all", "whose households count", "适用项目", "哪些项目的住户", refers="projects")
    tags: list[Id] = key(
        [],
        "households with one of these tags; empty: all of the projects",
        "标签",
        "带有其中一个标签的住户；不填：全部",
    )
    items: All | AtLeastOneId = key(
        "all",
        "which works and projects with a start window count, where the goal is one of starts",
        "计入的项目和工程",
        "目标为启动类时，计入哪些设有启动月份的项目和工程",
    )
    kinds: All | AtLeastOneId = key("all", "of which kinds", "计入的类别", "计入哪些类别")
    by: Month | None = key(
        None,
        "month, itself included, by which it is to be begun, or finished",
        "截止月份",
        "须在该月（含）前启动或完工",
        within="plan",
    )


class ObjectiveChoice(Section):
    """What is minimised."""

    minimise: ObjectiveName = key(
        OBJECTIVES[0],
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
    waiting_cost: Number = key(
        0,
        "yuan that a month of waiting counts as, from moving out until housed, beside the fee and times the urgency",
        "等待计价",
        "住户自搬离至入住每等待一个月，在过渡费之外计为多少元，并乘以权重",
    )
    reserve_months: Number = key(
        0,
        "closing balance of the funds that may pay fees, in months of that month's fees",
        "预留月数",
        "可付过渡费的资金，月末余额不低于当月过渡费的多少倍",
    )
    no_overdue_from: Month | None = key(
        None,
        "no household is overdue from this month on, as a rule",
        "无超期起始月",
        "自该月起不得有超期户",
        within="plan",
    )
    start_only_if_housed: Boolean = key(
        False,
        "no household of a project with a start window ever falls overdue (杜绝出现超期过渡费)",
        "有房才启动",
        "设有启动月份的项目，住户不得出现超期过渡费",
    )
    tiers: list[TierGoal] = key(
        [],
        "goals that come strictly before, in this order",
        "优先目标",
        "严格先于总目标的目标，按行的顺序",
        sheet="tiers",
    )
