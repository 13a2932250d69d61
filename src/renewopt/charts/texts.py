"""The words of the charts, in English and Chinese."""

from __future__ import annotations

from renewopt.charts.words import Messages

__all__ = ["CHART_TEXTS"]

CHART_TEXTS: Messages = {
    # --- units, axes
    "unit.yuan": ("yuan", "元"),
    "unit.1e3": ("thousand yuan", "千元"),
    "unit.1e6": ("million yuan", "百万元"),
    "unit.1e4": ("10,000 yuan", "万元"),
    "unit.1e8": ("100 million yuan", "亿元"),
    "after": ("Drawn up to {last}; later months stand in {file}.", "绘至 {last}；此后各月见 {file}。"),
    "per.month": ("{unit} a month", "{unit}/月"),
    "per.year": ("{unit} a year", "{unit}/年"),
    "unit.households": ("households", "户"),
    "unit.homes": ("households or homes", "户、套"),
    "unit.months": ("months", "月"),
    "unit.calendar": ("calendar months", "自然月"),
    "source": ("Source: {file} of this plan, as reckoned by the ledger", "来源：本方案 {file}，由台账逐月核算"),
    "source.two": (
        "Source: {file} and {other} of this plan, as reckoned by the ledger",
        "来源：本方案 {file}、{other}，由台账逐月核算",
    ),
    "source.prices": (
        "Source: prices.csv of this plan, duals of the relaxation",
        "来源：本方案 prices.csv，松弛问题的对偶价格",
    ),
    "source.runs": (
        "Source: {file} of this comparison, each run reckoned by the ledger",
        "来源：本次比较 {file}，每次运行均由台账核算",
    ),
    "by.years": ("Years instead of months, since there are so many.", "月份过多，按年汇总。"),
    "others": ("{count} other projects", "其余 {count} 个项目"),
    "others.phases": (
        "Shown: the {shown} phases that cost most, of {count}.",
        "仅显示费用最高的 {shown} 期，共 {count} 期。",
    ),
    "others.funds": (
        "Shown: the {shown} funds with most movement, of {count}.",
        "仅显示收支最多的 {shown} 项资金，共 {count} 项。",
    ),
    # --- households waiting
    "waiting.title": ("Households waiting for a home, by project", "各项目待安置户数"),
    "waiting.unit": ("Unit: households not yet housed at the close of the month", "单位：户（月末尚未安置）"),
    "waiting.unit.year": ("Unit: households not yet housed at the close of the year", "单位：户（年末尚未安置）"),
    "waiting.overdue": ("full colour: overdue", "深色：已超期"),
    "waiting.term": ("pale: within the agreed term", "浅色：约定期内"),
    "waiting.hover.overdue": ("overdue", "已超期"),
    "waiting.hover.term": ("within the agreed term", "约定期内"),
    # --- fees
    "fees.title": ("Transition fees by month, against waiting for construction", "逐月过渡费：本方案与坐等建房对比"),
    "fees.title.year": (
        "Transition fees by year, against waiting for construction",
        "逐年过渡费：本方案与坐等建房对比",
    ),
    "fees.unit": ("Unit: {unit}, accrued in the month", "单位：{unit}（当月发生）"),
    "fees.unit.year": ("Unit: {unit}, accrued in the year", "单位：{unit}（当年发生）"),
    "fees.ordinary": ("ordinary fees of this plan", "本方案：正常过渡费"),
    "fees.overdue": ("overdue fees of this plan", "本方案：超期过渡费"),
    "fees.waiting": ("if everybody waited for the own estate", "全部等待原项目安置房"),
    "fees.note": (
        "Surcharges, and the fees valued after the horizon for households without a choice, are not drawn.",
        "期末后为未选择安置方式住户计入的过渡费及滞付费用未绘入。",
    ),
    "fees.later": (
        "After {last} there accrue {ours} by this plan, {theirs} if everybody waited.",
        "{last} 之后：本方案另发生 {ours}，坐等建房另发生 {theirs}。",
    ),
    # --- flow
    "flow.title": ("From project to route and estate", "安置流向：项目 → 途径 → 小区"),
    "flow.unit": ("Unit: households", "单位：户"),
    "flow.nowhere": ("no choice yet", "尚未选择"),
    "flow.other": ("{count} other places", "其余 {count} 处"),
    # --- Gantt
    "gantt.title": ("Construction: paid, awaited, handed over", "建设进度：拨款、验收与交付"),
    "gantt.unit": ("Unit: calendar months; in brackets: homes delivered", "单位：自然月；括号内为交付数量"),
    "gantt.paid": ("money is paid", "拨款期"),
    "gantt.lag": ("paid up, awaiting handover", "款清待交付"),
    "gantt.handover": ("handover", "交付"),
    "gantt.arrival": ("homes that arrive without a payment of this plan", "无需本方案拨款的到房"),
    "gantt.never": ("not handed over within the horizon", "期内不交付"),
    "gantt.hover.spent": ("paid {amount}, {first} to {last}", "{first} 至 {last} 拨款 {amount}"),
    "gantt.homes": ("{count} homes: {pools}", "交付 {count}：{pools}"),
    # --- funds
    "funds.title": ("Funds: what comes in, what it is used for, what is left", "资金：收入、用途与余额"),
    "funds.unit": (
        "Unit: {unit}, above the line in, below it out; balances in {money}",
        "单位：{unit}，横线以上为收入，以下为支出；余额单位：{money}",
    ),
    "funds.balances": ("Balances at the close, all funds", "各项资金期末余额"),
    # --- prices
    "prices.title": ("What one unit more would save", "每多一单位可节省多少"),
    "prices.unit": (
        "Unit: yuan saved by one unit more that is there from the month on",
        "单位：元（自该月起每多一单位可节省）",
    ),
    "prices.money": ("a yuan more in a fund", "资金多 1 元"),
    "prices.homes": ("a home more in a pool", "房源多 1 套"),
    "prices.transfer": ("a home more open to other projects", "可调安房源多 1 套"),
    "prices.limit": ("a household more a month", "每月多办 1 户"),
    "prices.note": (
        "True for small changes of the relaxation, which may split households and phases, not for the plan as a whole.",
        "仅适用于松弛问题（住户与期可拆分）的小幅变动，不代表整个方案的变化。",
    ),
    # --- comparison
    "ranking.title": ("Policies ranked: {measure}", "决策方式排名：{measure}"),
    "ranking.unit": (
        "Unit: {unit}; mean of the runs, bar: 95 % interval of the mean",
        "单位：{unit}；各次运行均值，横线为均值的 95% 区间",
    ),
    "ranking.clean": ("always in order", "始终达标"),
    "ranking.unclean": ("not in order, or failed", "未达标或失败"),
    "ranking.perfect": ("knows the future (proven bound)", "完全信息（已证明下界）"),
    "scatter.title": ("Transition fees against the month in which nobody is overdue any more", "过渡费与清零月份"),
    "scatter.unit": ("Unit: {unit}; one mark for each run", "单位：{unit}；每个标记为一次运行"),
    "scatter.x": ("first month with nobody overdue", "首个无超期户的月份"),
    "scatter.y": ("transition fees, {unit}", "过渡费，{unit}"),
    "scatter.never": ("not cleared", "期内未清零"),
    "waits.title": ("Months from moving out until housed, by group", "各类住户从搬出到安置的月数"),
    "waits.unit": ("Unit: months, mean over households and runs", "单位：月（按住户与运行平均）"),
    "waits.kind.project": ("project {group}", "项目 {group}"),
    "waits.kind.weight": ("urgency {group}", "紧急权重 {group}"),
    "waits.kind.tier": ("goal {group}", "优先目标 {group}"),
    "regret.title": ("How far above the proven bound", "高于已证明下界多少"),
    "regret.unit": (
        "Unit: {unit}; spread over runs in order, against the optimiser that knows the future",
        "单位：{unit}；达标运行的分布，与预知未来的优化相比",
    ),
    "regret.never": (
        "Without a run that is in order and has a bound: {policies}.",
        "没有“达标且有下界”的运行：{policies}。",
    ),
    "settled.title": ("Households housed over time, by policy", "各决策方式的累计安置户数"),
    "settled.unit": (
        "Unit: households housed up to the month, mean of the runs",
        "单位：户（至该月累计，各次运行平均）",
    ),
    "ranking.note": (
        (
            "Hollow marks: not always in order; a yuan that no fund has counts tenfold unless stated otherwise. "
            "Intervals end at 0, below which no cost falls."
        ),
        "空心标记：并非始终达标；无资金来源的 1 元按 10 元计（方案另定的除外）。区间截至 0。",
    ),
    "scatter.means": (
        "So many runs are drawn as the mean of each policy in each future, at its latest month.",
        "运行过多，按每种方式、每种未来情景的均值绘出，月份取最晚者。",
    ),
    "others.panels": ("Shown: the first {shown} of {count}.", "仅显示前 {shown} 组，共 {count} 组。"),
    "others.groups": ("Shown: the first {shown} groups of each.", "每组仅显示前 {shown} 类。"),
    "future": ("future: {name}", "未来情景：{name}"),
}
