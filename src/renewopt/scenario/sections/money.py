"""Money and its strings (rules 17-20)."""

from typing import Annotated, Literal

from pydantic import Field

from renewopt.scenario.fields import (
    Boolean,
    Count,
    Id,
    Money,
    MoneyByMonth,
    MoneyBySpan,
    Month,
    Months,
    Name,
    Rate,
    Section,
    Share,
    key,
)
from renewopt.scenario.sections.common import All, AtLeastOneId, UseName
from renewopt.vocabulary import Use

__all__ = ["Arrears", "Borrowing", "Commitment", "Fund", "Inflow", "Move", "OpeningLoan", "Owing", "Release"]


class Inflow(Section):
    """Money that arrives: the same each month of a span, or stated month by month."""

    monthly: Money | None = key(None, "yuan each month", "每月", "每月到位的金额", usual="the inflow of a fund")
    since: Month | None = key(None, "default: the start", "起始月份", "不填：规划起始月份", alias="from")
    until: Month | None = key(
        None, "last month; default: the last month of the horizon", "截止月份", "最后一个月；不填：规划期末"
    )
    by_month: MoneyByMonth = key(
        {},
        "yuan in single months, added to the rest",
        "资金按月到位",
        "某月到位的资金，一行一个月",
        sheet="inflow_months",
        usual="the inflow of a fund",
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

    limit: Money = key(..., "yuan", "上限", "可借入的金额", usual="the limit of a loan")
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
    opening: Money = key(0, "yuan at the start", "期初余额", "起始时的余额", usual="the opening balance of a fund")
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
    kinds: All | Annotated[list[Name], Field(min_length=1)] = key(
        "all", "kinds of works and projects whose stages it may pay", "适用类别", "可支付哪些类别项目和工程的分期投资"
    )
    carry_over: Literal["always", "month", "year"] = key(
        "always", "what is left lapses each month/year", "结转", "余额结转，或按月、按年收回"
    )
    carry_over_limit: Money = key(
        0,
        "yuan that do not lapse then: at most so much is carried into the next month or year",
        "结转上限",
        "按月、按年收回时，最多可结转到下月、下年的金额",
        usual="what a fund carries over",
    )
    valid_months: Annotated[Months, Field(ge=1)] | None = key(
        None,
        "months for which what comes in can be spent, the month it comes in counted, oldest first; then it lapses",
        "有效月数",
        "到位资金可使用的月数（含到位当月），先到先用，逾期收回",
    )
    valid_years: Annotated[Count, Field(ge=1, le=100)] | None = key(
        None,
        "the same in calendar years: 2 is to the end of the year after the one in which it comes in",
        "有效年度",
        "到位资金可使用的年度数：2 为用到次年年末，先到先用，逾期收回",
    )
    monthly_limit: Money | MoneyBySpan | None = key(
        None,
        "yuan paid out in a month at most; or by span of months (2024-01..2024-06: 20万元)",
        "每月限额",
        "每月最多支付；各时段不同：2024-01..2024-06:200000;2024-07..:400000",
        usual="a limit of a fund",
    )
    total_limit: Money | None = key(None, "yuan paid out in all", "总限额", "合计最多支付", usual="a limit of a fund")
    release: Release | None = key(
        None, "money that only comes with the progress of construction", "按进度拨付", "随建设进度到位的资金"
    )
    borrow: Borrowing | None = key(None, "the loan that it may draw", "借款", "可借入的金额及其条件")


class OpeningLoan(Section):
    """A loan drawn before the start, whose service falls due."""

    id: Id
    amount: Money = key(..., "yuan outstanding at the start", "未还余额", "起始时未还的本金", usual="a loan")
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
        [Use.FEES], "which payments may be deferred", "款项", "哪些款项可以欠付"
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

    use: UseName = key(Use.FEES, "what was not paid", "款项", "欠付的是什么")
    project: Id = key(..., "whose", "项目", "哪个项目", refers="projects")
    amount: Money = key(..., "yuan", "金额", "欠付金额", usual="arrears")


class Move(Section):
    """Money may be moved between two funds (调剂, 集资; rule 20)."""

    source: Id = key(..., "fund that gives", "调出资金", "调出方", refers="funds", alias="from")
    target: Id = key(..., "fund that receives", "调入资金", "调入方", refers="funds", alias="to")
    monthly_limit: Money | MoneyBySpan | None = key(
        None,
        "yuan a month at most; or by span of months (2024-01..2024-06: 20万元)",
        "每月限额",
        "每月最多调剂；各时段不同：2024-01..2024-06:200000;2024-07..:400000",
    )
    total_limit: Money | None = key(None, "yuan in all", "总限额", "合计最多调剂")


class Commitment(Section):
    """Fixed dated outflow that competes for the money (rule 20)."""

    id: Id
    name: Name = ""
    monthly: Money | None = key(None, "yuan each month", "每月", "每月支出", usual="a commitment")
    since: Month | None = key(None, "default: the start", "起始月份", "不填：规划起始月份", alias="from")
    until: Month | None = key(
        None, "last month; default: the last month of the horizon", "截止月份", "最后一个月；不填：规划期末"
    )
    uses: Annotated[list[UseName], Field(min_length=1)] = key(
        [Use.COMMITMENTS],
        "what it may be paid as: funds for one of these uses may pay it; told as the first of them",
        "用途",
        "可由具有其中一种用途的资金支付，按第一种列示",
    )
    kind: Name = key("", "kind of work that it is for; funds with `kinds` pay theirs alone", "类别", "用于哪一类工程")
    project: Id | None = key(
        None,
        "project that it is for; funds with `projects` pay theirs alone",
        "项目",
        "用于哪个项目",
        refers="projects",
    )
    counts: Boolean = key(False, "whether it is a fiscal cost of the plan", "计入支出", "是否计入财政支出")
    by_month: MoneyByMonth = key(
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
