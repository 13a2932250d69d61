"""How transition fees are reckoned (rules 1-9)."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from renewopt.scenario.fields import Boolean, Count, Id, Money, Month, Months, Multiplier, Number, Section, Share, key
from renewopt.scenario.sections.common import RouteName

PERIODS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
Moves = Annotated[Count, Field(ge=1, le=4)]

__all__ = ["FeePayer", "FeePolicy", "Growth", "MovingFee", "OverdueStep", "RateStep", "Uplift"]


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
    times: Moves | dict[RouteName, Annotated[Count, Field(le=4)]] = key(
        1,
        "moves that are paid: 2 for out and in; or by route, where one not named is paid none",
        "次数",
        "支付几次：搬离与搬入共2次；或按安置方式：原项目安置房:2;货币补偿:1，未列的不支付",
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


class Growth(Section):
    """Growth of a rate by so much every year, say, until a month's rate is stated anew (rule 2)."""

    by: Annotated[Share, Field(gt=0)] = key(..., "share that it grows by each time", "增长比例", "每次增长的比例")
    every: Annotated[Months, Field(ge=1)] = key(
        12, "months from one rise to the next", "间隔月数", "每隔多少个月增长一次"
    )
    clock: Literal["calendar", "moving_out"] = key(
        "calendar",
        "whether rises are dated, or counted from the first month with a fee of each household",
        "起算方式",
        "按日期，或自各户搬离起算",
    )
    since: Month | None = key(
        None,
        "month of the first rise, where they are dated",
        "首次增长月份",
        "按日期增长时，首次增长的月份",
        alias="from",
    )
    compound: Boolean = key(True, "whether it grows on what it has grown to", "复利", "是否在已增长的基础上增长")
    at_most: Number | None = key(
        None, "yuan that the rate does not grow beyond", "费率上限", "费率增长不超过此数", unit="yuan a month"
    )
    amounts: Annotated[list[Literal["rate", "household_minimum", "household_maximum"]], Field(min_length=1)] = key(
        ["rate"], "what grows", "增长项", "哪些数额增长"
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
    household_maximum: Money | None = key(
        None,
        "yuan a month that basis × rate does not exceed",
        "每户最高",
        "面积或人口乘以费率不超过此数",
        unit="yuan a month",
    )
    growth: Growth | None = key(None, "growth of the rate by the year, say", "费率增长", "费率按年等定期增长")
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
    first_month: Literal["whole", "half", "next", "by_day"] = key(
        "whole",
        "fee of the month of moving out: whole, half, none (fee and term begin with the next), or by its days left",
        "搬离当月",
        "搬离当月的过渡费：整月、半月、次月起算（期限亦同），或按当月剩余天数",
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
    period_from: Literal["calendar", "moving_out"] = key(
        "calendar",
        "what the periods of payment are counted from: calendar quarters and years, or the month of moving out",
        "周期起算",
        "发放周期按自然季度、半年、年，或自搬离月份起算",
    )
    in_advance: Boolean = key(
        False,
        "whether a period is paid in its first month, and kept by who is housed within it",
        "预付",
        "是否在周期的第一个月预付整期；期内入住的不追回",
    )
    paid_by: Literal["government"] | FeePayer = key(
        "government",
        "who pays: the government, or a developer (企业类项目)",
        "代付",
        "由谁支付：政府，或开发企业（企业类项目）",
    )
    moving_fee: MovingFee | None = key(None, "paid when housed (搬迁费)", "搬迁费", "入住时支付")

    @property
    def period(self) -> int:
        """Months of a period of payment."""
        return PERIODS[self.frequency]

    @property
    def paid_ahead(self) -> bool:
        """Whether more than the fee of a month is paid in it."""
        return self.in_advance and self.period > 1
