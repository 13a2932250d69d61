"""The messages of summaries and of the command line, in English and Chinese.

A small table of our own instead of gettext's compiled catalogues: two languages, some dozens of messages, no build
step, and a test holds both languages to the same placeholders. Keys name the message; `say` fills it in. Column
headers and everything in files stay English whatever the language.
"""

from __future__ import annotations

from collections.abc import Mapping

from renewopt.wording import LANGUAGES, Language

__all__ = ["LANGUAGES", "MESSAGES", "Language", "keys", "known", "say", "yuan"]

_MESSAGES: dict[str, tuple[str, str]] = {
    # --- routes, uses, states
    "route.own_unit": ("own estate", "原项目安置房"),
    "route.transfer": ("transfer", "调安"),
    "route.voucher": ("voucher", "购房凭证"),
    "route.cash": ("cash", "货币补偿"),
    "route.waiting": ("waiting", "待安置"),
    "use.opening": ("opening", "期初"),
    "use.inflow": ("inflow", "到位"),
    "use.received": ("from households", "住户缴款"),
    "use.recovered": ("recovered", "收回垫付"),
    "use.borrowed": ("borrowed", "借入"),
    "use.moved_in": ("moved in", "调入"),
    "use.moved_out": ("moved out", "调出"),
    "use.lapsed": ("lapsed", "收回注销"),
    "use.fees": ("transition fees", "过渡费"),
    "use.voucher": ("vouchers", "购房凭证"),
    "use.units": ("homes", "购房"),
    "use.cash": ("cash compensation", "货币补偿"),
    "use.moving": ("moving fees", "搬迁费"),
    "use.construction": ("construction", "建设"),
    "use.commitments": ("commitments", "既定支出"),
    "use.interest": ("interest", "利息"),
    "use.principal": ("repayment", "还本"),
    "objective.transition_fees": ("transition fees", "过渡费"),
    "objective.fiscal_cost": ("fiscal cost", "财政支出"),
    "policy.optimal": ("optimal", "整体优化"),
    "policy.wait-for-build": ("wait-for-build", "全部等待原项目安置房"),
    "policy.rolling": ("rolling", "滚动优化"),
    "policy.hedged": ("hedged", "稳健优化"),
    "policy.perfect": ("perfect information", "完全信息"),
    "policy.first-come": ("first-come", "先搬先安置"),
    "policy.urgent-first": ("urgent-first", "先急后缓"),
    "policy.costliest-first": ("costliest-first", "费用最高者优先"),
    "policy.voucher-first": ("voucher-first", "房票优先"),
    "policy.units-first": ("units-first", "实物安置优先"),
    "policy.finish-nearest": ("finish-nearest", "就近交付优先"),
    "policy.project-by-project": ("project-by-project", "逐个项目推进"),
    "policy.equal-shares": ("equal-shares", "按户均分资金"),
    # --- summary
    "objective": (
        "Minimised: {goal}, {amount} (proven: at least {bound})",
        "目标：{goal} {amount}（已证明不低于 {bound}）",
    ),
    "objective.weighted": (
        "Minimised: {goal}, weighted as the scenario says, {amount} (proven: at least {bound})",
        "目标：{goal}（按方案所定权重）{amount}（已证明不低于 {bound}）",
    ),
    "more": ("... and {count} more", "……另有 {count} 条"),
    "title": ("Plan for {name}", "安置方案：{name}"),
    "title.variant": ("Plan for {name}, variant {variant}", "安置方案：{name}（情形 {variant}）"),
    "title.months": ("{first} to {last}, policy {policy}", "{first} 至 {last}，决策方式：{policy}"),
    "status.optimal": ("Proven optimal: no plan costs less.", "已证明最优：没有更省的方案。"),
    "status.feasible": (
        "Stopped at the asked gap: no plan can be better by more than {gap}.",
        "已达到要求的精度：任何方案最多再优 {gap}。",
    ),
    "status.rule": (
        "Decided by the rule {policy}; how far it is from the best plan was not computed.",
        "按规则“{policy}”逐月决定；与最优方案的差距未计算。",
    ),
    "status.time_limit": (
        "Stopped short of the asked gap: no plan can be better by more than {gap}.",
        "未达到要求的精度即停止：任何方案最多再优 {gap}。",
    ),
    "status.interrupted": (
        "Interrupted: the best plan found so far; no plan can be better by more than {gap}.",
        "已中断：为目前最好的方案；任何方案最多再优 {gap}。",
    ),
    "status.unproven": ("how much was not computed", "（未计算）"),
    "status.infeasible": (
        "There is no plan that keeps every rule.",
        "没有满足全部条件的方案。",
    ),
    "head.fees": ("Fees and cost", "费用"),
    "fees.total": ("Transition fees of the plan: {amount}", "方案过渡费：{amount}"),
    "fees.overdue": (
        "of which accrued in the books: {ordinary} ordinary, {overdue} overdue",
        "其中账期内发生：正常 {ordinary}，超期 {overdue}",
    ),
    "fees.paid": (
        "Paid on fees: {paid}; still owed when the books close: {owed}",
        "过渡费已付 {paid}；账期末仍欠 {owed}",
    ),
    "fees.fiscal": ("Fiscal cost (discounted): {amount}", "财政支出（折现）：{amount}"),
    "saved.waiting": (
        "Saved against everybody waiting for the own estate: {amount} (waiting would cost {waiting})",
        "与全部等待原项目安置房相比节省：{amount}（等待需 {waiting}）",
    ),
    "saved.less": (
        "More than everybody waiting for the own estate: {amount} (waiting would cost {waiting})",
        "比全部等待原项目安置房多支出：{amount}（等待需 {waiting}）",
    ),
    "saved.shortfall": (
        "  (waiting would also lack {amount} that no fund has)",
        "  （等待方案另有 {amount} 无资金来源）",
    ),
    "saved.office": (
        "Saved by the office's convention (fee × months to the own estate's assumed handover): {amount}",
        "按建设周期口径（月过渡费×至原安置房预计交付月数）节省：{amount}",
    ),
    "head.settled": ("Who is settled, by when, by which route", "安置情况"),
    "settled.total": (
        "{settled} of {households} households are housed by {last}",
        "至 {last} 安置 {settled} 户，共 {households} 户",
    ),
    "settled.all": ("All are housed by {month}", "全部安置完成：{month}"),
    "clear": ("First month with no overdue household: {month}", "首个无超期户的月份：{month}"),
    "clear.never": ("Overdue households remain to the end of the horizon", "至期末仍有超期户"),
    "column.route": ("route", "途径"),
    "column.households": ("households", "户数"),
    "column.first": ("first month", "最早"),
    "column.last": ("last month", "最晚"),
    "column.year": ("housed by", "截至"),
    "column.project": ("project", "项目"),
    "column.phase": ("phase", "期"),
    "column.handover": ("handed over", "交付"),
    "column.spent": ("spent", "投入"),
    "column.fund": ("fund", "资金"),
    "column.in": ("in", "收入"),
    "column.out": ("out", "支出"),
    "column.closing": ("at the end", "期末"),
    "column.for": ("paid for", "用途"),
    "head.construction": ("Construction", "建设"),
    "never": ("not within the horizon", "期内不交付"),
    "head.funds": ("What each fund did", "资金使用"),
    "head.findings": ("Findings about the district", "需要注意"),
    "head.shortfalls": ("What is short", "缺口"),
    "short.money.once": ("{need}: {amount} short in {month}", "{need}：{month} 缺 {amount}"),
    "short.money.once.least": ("{need}: at least {amount} short in {month}", "{need}：{month} 至少缺 {amount}"),
    "short.money": (
        "{need}: {amount} short from {month} to {last}, most in {worst_month} ({worst})",
        "{need}：{month} 至 {last} 共缺 {amount}，其中 {worst_month} 最多（{worst}）",
    ),
    "short.money.least": (
        "{need}: at least {amount} short from {month} to {last}, most in {worst_month} ({worst})",
        "{need}：{month} 至 {last} 至少共缺 {amount}，其中 {worst_month} 最多（{worst}）",
    ),
    "short.money.once.about": ("{need}: about {amount} short in {month}", "{need}：{month} 约缺 {amount}"),
    "short.money.about": (
        "{need}: about {amount} short from {month} to {last}, most in {worst_month} ({worst})",
        "{need}：{month} 至 {last} 约共缺 {amount}，其中 {worst_month} 最多（{worst}）",
    ),
    "short.deadline": (
        "{project}: {count} households cannot be housed by {month}, whatever the money",
        "{project}：{count} 户在 {month} 前无法安置，与资金无关",
    ),
    "short.deadline.least": (
        "{project}: at least {count} households cannot be housed by {month}, whatever the money",
        "{project}：{month} 前至少有 {count} 户无法安置，与资金无关",
    ),
    "short.deadline.about": (
        "{project}: about {count} households cannot be housed by {month}, whatever the money",
        "{project}：{month} 前约有 {count} 户无法安置，与资金无关",
    ),
    "short.deadlines": (
        "of {projects} and all others, {count} households cannot be housed in time, whatever the money",
        "{projects} 等项目共有 {count} 户无法按期安置，与资金无关",
    ),
    "short.deadlines.least": (
        "of {projects} and all others, at least {count} households cannot be housed in time, whatever the money",
        "{projects} 等项目至少有 {count} 户无法按期安置，与资金无关",
    ),
    "short.deadlines.about": (
        "of {projects} and all others, about {count} households cannot be housed in time, whatever the money",
        "{projects} 等项目约有 {count} 户无法按期安置，与资金无关",
    ),
    "short.homes.none": (
        "no home is open in time to {count} households: {households}",
        "{count} 户按期没有可用的房源：{households}",
    ),
    "short.homes": (
        (
            "{count} households can only use homes of {pools}, which house at most {available} of them in time: "
            "{households}"
        ),
        "{count} 户只能使用 {pools} 的房源，按期最多安置其中 {available} 户：{households}",
    ),
    "short.target": (
        "{developer}: {amount} of debt cannot be set off by {month}",
        "{developer}：{month} 前有 {amount} 债务无法化解",
    ),
    "short.unknown": (
        "the rules cannot all be kept; which of them stand against one another was not found out",
        "各项条件无法同时满足；未能查明是哪几项互相冲突",
    ),
    "head.conflict": (
        "These cannot hold together; any one change named would do",
        "以下各项不能同时成立；任作其中一项所列改动即可",
    ),
    "head.conflict.several": (
        "These cannot hold together; there are several such lists, and one change of each may be needed",
        "以下各项不能同时成立；此类清单不止一份，可能需各作一项改动",
    ),
    "head.conflict.certain": (
        "These cannot hold together; not proven: that it takes all of them, and that each change is enough",
        "以下各项不能同时成立（已证明）；是否缺一不可、所列改动是否足够，未经证明",
    ),
    "head.conflict.likely": (
        "These seem not to hold together (found on a simplified district, not proven)",
        "以下各项似不能同时成立（据简化测算，未经证明）",
    ),
    "short.unmeasured": (
        "what is short could not be worked out in the time given; allow more",
        "限定时间内未能算出缺口；请放宽时间",
    ),
    # --- command line
    "error": ("error: {text}", "错误：{text}"),
    "written": ("Written to {folder}; begin with its report.html", "已写入 {folder}；请先打开其中的 report.html"),
    "interrupting": (
        "Interrupted: finishing with the best plan so far (Ctrl-C again: stop at once)",
        "已中断：正在以目前最好的方案收尾（再按一次 Ctrl-C 立即停止）",
    ),
    "step.search": ("search", "搜索"),
    "step.rules that cannot hold together": ("rules that cannot hold together", "查找互相冲突的条件"),
    "step.households, one by one": ("households, one by one", "逐户求解"),
    "step.households of the schedule": ("households of the schedule", "按建设进度排户"),
    "step.whole households": ("whole households", "整户"),
    "step.whole plan": ("whole plan", "整体方案"),
    "step.relaxation": ("relaxation", "松弛问题"),
    "step.branching on phases": ("branching on phases", "分期建设分支"),
    "step.phases all together": ("phases all together", "各期统筹"),
    "step.a schedule of whole phases": ("a schedule of whole phases", "整期建设进度"),
    "step.a first schedule of phases": ("a first schedule of phases", "初步建设进度"),
    "step.climbing to the bound": ("climbing to the bound", "提升下界"),
    "step.better whole households": ("better whole households", "改进整户安排"),
    "step.better households for the schedule": ("better households for the schedule", "按建设进度改进排户"),
    "step.what must be lacking": ("what must be lacking", "必然缺少的部分"),
    "step.what is short": ("what is short", "查找缺口"),
    "progress.best": ("best", "最好"),
    "progress.bound": ("bound", "下界"),
    "progress.gap": ("gap", "差距"),
    "progress.elapsed": ("{time} so far", "已用 {time}"),
    "progress.at_most": ("at most {time} left", "最多还需 {time}"),
    "progress.about": ("about {time} left", "约剩 {time}"),
    "seconds": ("{count} s", "{count} 秒"),
    "minutes": ("{count} min", "{count} 分钟"),
    "step.loading": ("loading the scenario", "读取方案"),
    "step.compiling": ("working out fees and offers", "计算过渡费与安置选项"),
    "step.taking stock": ("taking stock", "清理底数"),
    "step.deciding": ("deciding month by month", "逐月决策"),
    "step.auditing": ("auditing the plan", "核对方案"),
    "step.saving": ("reckoning what the plan saves", "计算节省额"),
    "step.writing": ("writing the plan", "写出方案"),
    "compare.progress": ("{done} of {total} runs done · {what}", "已完成 {done} / {total} 次运行 · {what}"),
    "compare.left": (" · about {time} left", " · 约剩 {time}"),
    "compare.title": ("{scenario} · future: {future} · {measure}, yuan", "{scenario} · 未来情景：{future} · {measure}"),
    "compare.column.rank": ("rank", "名次"),
    "compare.column.policy": ("policy", "决策方式"),
    "compare.column.runs": ("runs", "次数"),
    "compare.shared": (
        "Compared in the {runs} worlds that every policy was run in; ranking.csv tells of all (columns all_).",
        "按所有决策方式都运行过的 {runs} 种情形比较；全部运行见 ranking.csv 的 all_ 各列。",
    ),
    "compare.column.clean": ("in order", "达标"),
    "compare.column.mean": ("mean", "均值"),
    "compare.column.interval": ("95 % interval", "95%区间"),
    "compare.column.regret": ("above the bound", "高于下界"),
    "compare.column.saved": ("saved against waiting", "比等待节省"),
    "compare.column.wins": ("best in", "最优占比"),
    "compare.failed": ("failed: {where}: {reason}", "失败：{where}：{reason}"),
    "compare.written": (
        "{runs} runs in {folder}; the same command does what is missing",
        "{folder} 中已有 {runs} 次运行；再次执行同一命令只补做缺少的部分",
    ),
    "compare.kept": (
        "Interrupted; what is finished is kept in {folder}, and the same command goes on from there",
        "已中断；已完成的运行保存在 {folder}，再次执行同一命令可继续",
    ),
    "all": ("all", "合计"),
    "stock.homes": ("Homes", "房源底数"),
    "stock.phases": ("Construction", "在建与未建"),
    "stock.waiting": ("Households waiting, by months overdue at the start", "待安置户底数（按起始时超期月数）"),
    "stock.arrears": ("Owed at the start", "期初欠付"),
    "stock.bill": ("Transition fees of the first month", "首月过渡费"),
    "stock.series": ("Fees and money, month by month, if nothing is done", "如不采取措施：逐月过渡费与资金"),
    "stock.money_runs_out": (
        "The money runs out in {month}: of that month's fees {short} cannot be paid",
        "资金到 {month} 不足：当月过渡费有 {short} 无法支付",
    ),
    "stock.money_tied": (
        "(the {left} left by then may not be used for them: it is tied to other projects)",
        "（届时结余的 {left} 限用于其他项目，不能支付上述过渡费）",
    ),
    "stock.money_lasts": ("The money for fees lasts to the end of the horizon", "期内资金足以支付过渡费"),
    "stock.column.estate": ("estate", "安置小区"),
    "stock.column.type": ("type", "户型"),
    "stock.column.measure": ("measure", "计量"),
    "measure.homes": ("homes", "套"),
    "measure.m2": ("m²", "平方米"),
    "measure.persons": ("persons", "人"),
    "stock.column.on_hand": ("on hand", "现房"),
    "stock.column.arriving": ("arriving", "将交付"),
    "stock.column.under_construction": ("under construction", "在建"),
    "stock.column.not_started": ("not started", "未建"),
    "stock.column.surplus": ("surplus", "富余"),
    "stock.column.phase": ("phase", "期"),
    "stock.column.progress": ("progress", "进度"),
    "stock.column.delivers": ("homes", "套数"),
    "stock.column.cost_left": ("still to be paid", "待付建设资金"),
    "stock.column.project": ("project", "项目"),
    "stock.column.not overdue": ("not overdue", "未超期"),
    "stock.column.1-12": ("1-12 months", "超期1-12月"),
    "stock.column.13-24": ("13-24 months", "超期13-24月"),
    "stock.column.25+": ("25 months and more", "超期25月以上"),
    "stock.column.total": ("total", "合计"),
    "stock.column.need": ("need", "款项"),
    "stock.column.owed": ("owed", "欠付"),
    "stock.column.ordinary": ("ordinary", "正常"),
    "stock.column.overdue": ("overdue", "超期"),
    "stock.column.month": ("month", "月份"),
    "stock.column.growth": ("growth", "增长"),
    "stock.column.due": ("due", "应付"),
    "stock.column.left": ("left in funds for fees", "可付过渡费资金结余"),
    "stock.column.short": ("short", "缺口"),
    "check.clean": ("No problem found in {path}", "{path} 未发现问题"),
    "init.done": (
        "The scenario lies in {folder}. Next: renewopt check {scenario}",
        "方案已写入 {folder}。下一步：renewopt check {scenario} --lang zh",
    ),
}

MESSAGES: Mapping[str, tuple[str, str]] = _MESSAGES
"""For reports, which say some of the same."""


def say(language: Language, key: str, **values: object) -> str:
    """Say the message `key` in a language, filled in.

    Parameters
    ----------
    language : {'en', 'zh'}
    key : str
    **values
        What the placeholders stand for.

    Raises
    ------
    KeyError
        If there is no such message.

    Examples
    --------
    >>> say("en", "settled.all", month="2026-03")
    'All are housed by 2026-03'
    """
    return _MESSAGES[key][LANGUAGES.index(language)].format(**values)


def known(key: str) -> bool:
    """Whether there is a message `key`."""
    return key in _MESSAGES


def keys(start: str) -> list[str]:
    """Keys of messages that begin alike, such as ``policy.``."""
    return [key for key in _MESSAGES if key.startswith(start)]


def yuan(language: Language, amount: float) -> str:
    """Write an amount as a director reads it: full yuan in English, 万元 in Chinese.

    Examples
    --------
    >>> yuan("en", 1234567.8)
    '1,234,568 yuan'
    >>> yuan("zh", 1234567.8)
    '123.46万元'
    """
    if language == "zh":
        return f"{amount / 1e4:,.2f}万元"
    return f"{amount:,.0f} yuan"
