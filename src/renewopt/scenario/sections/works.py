"""The programme: what may start when, who works on it, and what comes before what."""

from typing import Annotated, Literal

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
from renewopt.scenario.sections.common import UseName
from renewopt.vocabulary import Use

__all__ = ["Crew", "Land", "Precedence", "Signing", "Stage", "StartCount", "StartWindow", "Work"]


class StartWindow(Section):
    """First and last month in which something may start."""

    since: Month | None = key(
        None, "first month of starting; default: the start", "最早开工月份", "不填：规划起始月份", alias="from"
    )
    until: Month | None = key(
        None,
        "last month of starting; default: the last month of the horizon",
        "最迟开工月份",
        "不填：规划期末",
        alias="to",
    )
    must: Boolean = key(False, "it may not be left out", "必须实施", "必须启动，不得不实施")


class Stage(Section):
    """Part of the cost, due so many months after the start."""

    after: Months = key(..., "months since the start", "启动后", "启动后多少个月支付")
    share: Share | None = key(None, "of the cost", "比例", "总投资的比例")
    amount: Money | None = key(None, "yuan, instead of a share", "金额", "元，代替比例")
    use: UseName | None = key(
        None, "what it is paid as; default: the work's uses", "用途", "按何种用途支付；不填：按工程的用途"
    )


class Signing(Section):
    """Share of a project's households that move out so many months after its start."""

    after: Months = key(..., "months since the start", "启动后", "启动后多少个月搬离")
    share: Share = key(..., "of its households", "比例", "住户的比例")


class Land(Section):
    """Net land (净地) that a project frees once it is cleared."""

    revenue: Money = key(0, "yuan that it brings", "出让收入", "土地出让收入", usual="land revenue")
    after: Months = key(0, "months from cleared until the revenue comes in", "到账时差", "净地后多少个月到账")
    into: Id | None = key(None, "fund that receives it", "收款资金", "进入哪项资金", refers="funds")
    deadline: Month | None = key(
        None,
        "month by which it is to be cleared; without a penalty a rule, and the project must start",
        "净地期限",
        "须在该月前完成净地；不填罚金即为硬性要求，且项目必须启动",
    )
    penalty: Money | None = key(
        None, "yuan for each month beyond the deadline", "逾期罚金", "逾期每月的罚金", unit="yuan a month"
    )


class Work(Section):
    """A work without households of its own: an old community, a back street, a supporting work."""

    id: Id
    name: Name = ""
    kind: Name = key("", "such as old_community or 背街小巷", "类别", "如 老旧小区、背街小巷、配套基础设施")
    start: StartWindow = key(
        StartWindow(), "when it may start; default: in any month, or not at all", "启动", "不填：任一月份，也可不实施"
    )
    duration: Months = key(..., "months from the start until it is finished", "工期", "启动到完工的月数")
    cost: Money = key(0, "yuan in all", "总投资", "合计", usual="the cost of a work")
    uses: Annotated[list[UseName], Field(min_length=1)] = key(
        [Use.COMMITMENTS],
        "what its cost may be paid as: funds for one of these uses may pay it",
        "用途",
        "可由具有其中一种用途的资金支付",
    )
    stages: list[Stage] = key(
        [],
        "when its cost falls due, shares add up to 1; empty: all at the start",
        "工程分期投资",
        "投资分期支付，各期比例合计为100%；不填为启动当月一次付清",
        sheet="work_stages",
    )
    crews: dict[Id, Count] = key(
        {},
        "crews that it keeps busy until it is finished: how many of each",
        "占用队伍",
        "实施期间占用的队伍：施工队:2",
    )
    delay_cost: Money = key(
        0, "yuan for each month until it is finished", "推迟成本", "完工前每月计入的成本", unit="yuan a month"
    )
    households_helped: Count = key(0, "households that it helps", "受益户数", "受益的户数")
    hazards: Count = key(0, "hazards that it removes", "消除隐患", "消除的隐患处数")
    urgency: Number = key(
        0,
        "what a policy that starts by urgency takes first; where alike, hazards, delay cost and households decide",
        "紧迫程度",
        "按紧迫程度启动时，数大者先启动；相同时依次比较隐患处数、推迟成本、户数",
    )


class Crew(Section):
    """A crew: casework teams, builders; so many can be busy at once."""

    id: Id
    name: Name = ""
    per_month: Count | CountBySpan = key(
        ...,
        "how many there are, busy at once; or by span of months (2024-01..2024-06: 2)",
        "每月数量",
        "同时可用的数量；各时段不同：2024-01..2024-06:2;2024-07..:3",
        label="crews busy at once",
    )


class Precedence(Section):
    """What must have happened before something starts."""

    before: Id = key(..., "project or work that comes first", "先行", "先行的项目或工程")
    after: Id = key(..., "project or work that starts after it", "后续", "其后启动的项目或工程")
    event: Literal["start", "finish", "cleared"] = key(
        "finish",
        "what of the first one must have happened: its start, its finish, or its land being cleared",
        "自",
        "先行者的启动、完工或净地",
        alias="from",
    )
    lag: Months = key(0, "months from then until the other may start", "间隔", "此后至少间隔多少个月")


class StartCount(Section):
    """How many projects and works of a kind are begun by a month, at least or at most."""

    kind: Name | None = key(None, "whose starts count; default: all", "类别", "计入哪一类；不填：全部")
    by: Month = key(..., "month, itself included", "截止月份", "截至该月（含）", within="plan")
    least: Count | None = key(None, "begun by then at least", "至少", "届时至少启动多少个")
    most: Count | None = key(None, "begun by then at most", "至多", "届时至多启动多少个")
