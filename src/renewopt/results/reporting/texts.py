"""The words of reports, in English and Chinese."""

from __future__ import annotations

from renewopt.charts.words import Messages

__all__ = ["PAGE_TEXTS"]

PAGE_TEXTS: Messages = {
    # --- page
    "page.contents": ("Contents", "目录"),
    "page.noscript": (
        "Charts need JavaScript, which is switched off here; all tables are shown.",
        "图表需要启用 JavaScript；各表格不受影响。",
    ),
    "page.made": ("Made by renewopt {version}", "由 renewopt {version} 生成"),
    "page.offline": (
        "This page holds all it needs; nothing is loaded from or sent to a network.",
        "本页自成一体，不从网络加载、也不向网络发送任何内容。",
    ),
    "page.more": ("... and {count} more, all in {file}", "……另有 {count} 项，全部见 {file}"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "notebook.summary": ("Summary", "摘要"),
    "none": ("none", "无"),
    "unit.of": ("Unit: {unit}", "单位：{unit}"),
    # --- plan: headline
    "plan.title": ("Resettlement plan: {name}", "安置方案报告：{name}"),
    "plan.variant": ("variant {variant}", "情形：{variant}"),
    "plan.months": ("{first} to {last}", "{first} 至 {last}"),
    "plan.policy": ("decided by: {policy}", "决策方式：{policy}"),
    "card.saved": ("Transition fees saved against waiting for construction", "与坐等建房相比节约过渡费"),
    "card.more": ("Transition fees above those of waiting for construction", "过渡费高于坐等建房"),
    "card.saved.note": ("{share} of {waiting}", "占坐等费用 {waiting} 的 {share}"),
    "card.saved.short": (
        "{share} of {waiting}; waiting would also lack {short} that no fund has",
        "占坐等费用 {waiting} 的 {share}；坐等另有 {short} 无资金来源",
    ),
    "card.office": ("Saved by the office's convention", "按建设周期口径节约过渡费"),
    "card.office.note": (
        "monthly fee × months to the own estate's assumed handover",
        "月过渡费 × 至原安置房预计交付的月数",
    ),
    "card.clear": ("First month in which nobody is overdue", "超期清零月份"),
    "card.clear.note": ("all housed by {month}", "全部安置完成：{month}"),
    "card.clear.never": ("not within the horizon", "期内未清零"),
    "card.clear.left": ("{count} households wait at the end", "期末仍有 {count} 户待安置"),
    "card.settled": ("Households housed by {last}", "至 {last} 已安置户数"),
    "card.settled.note": ("of {households}", "共 {households} 户"),
    "card.fees": ("Transition fees of this plan", "本方案过渡费"),
    "card.fees.note": ("{ordinary} ordinary, {overdue} overdue in the books", "账期内正常 {ordinary}，超期 {overdue}"),
    "card.proof": ("How good is it?", "方案离最优多远"),
    "card.proof.optimal": ("proven optimal", "已证明最优"),
    "card.proof.gap": ("at most {gap} from the best", "距最优不超过 {gap}"),
    "card.proof.none": ("not computed", "未计算"),
    # --- plan: sections
    "head.headline": ("The plan in short", "要点"),
    "head.waiting": ("Who waits, and for how long", "待安置情况"),
    "head.bill": ("What the waiting costs", "过渡费"),
    "head.flow": ("Who goes where", "安置去向"),
    "head.building": ("What is built when", "建设进度"),
    "head.money": ("Where the money goes", "资金"),
    "head.prices": ("What is scarce", "稀缺资源"),
    "head.projects": ("The projects", "项目一览"),
    "head.risks": ("What is at risk", "风险提示"),
    "head.assumptions": ("Assumptions", "全部前提"),
    "head.conflicts": ("What cannot hold together", "互相冲突的条件"),
    "conflict.lead": (
        "No plan keeps all of these. Of one table any one change is enough; of several, one of each may be needed.",
        "以下条件无法同时满足。只有一表时，任作其中一项改动即可；有多表时，可能需各作一项改动。",
    ),
    "conflict.title": ("Proven to stand against one another", "已证明互相冲突"),
    "conflict.title.likely": (
        "Seem to stand against one another (found on a simplified district, not proven)",
        "似乎互相冲突（据简化测算，未经证明）",
    ),
    "conflict.column.rule": ("what is stated", "所写条件"),
    "conflict.column.key": ("where", "位置"),
    "conflict.column.change": ("what would do", "可行的改动"),
    "head.short": ("What is short", "缺口"),
    "short.lead": (
        "There is no plan that keeps every rule with the homes and the money stated. This is what is short:",
        "按所列房源与资金，没有满足全部条件的方案。缺口如下：",
    ),
    "short.column.what": ("what is short", "缺口"),
    "short.column.kind": ("kind", "类别"),
    "short.column.month": ("from", "起始月份"),
    "short.kind.money": ("money", "资金"),
    "short.kind.homes": ("homes", "房源"),
    "short.kind.households": ("households", "户"),
    "short.kind.offset": ("debt to be set off", "待化解债务"),
    "short.kind.rule": ("rules", "条件"),
    "column.estate": ("estate", "安置小区"),
    "column.settled": ("housed", "已安置"),
    "column.waiting": ("waiting", "待安置"),
    "column.overdue": ("overdue household-months", "超期户月"),
    "column.fees": ("fees", "过渡费"),
    "column.fees.overdue": ("of these overdue", "其中超期"),
    "column.fees.waiting": ("fees if all waited", "坐等费用"),
    "column.last.overdue": ("clear from", "清零月份"),
    "column.paid": ("paid", "拨款"),
    "column.paid.first": ("first payment", "首次拨款"),
    "column.paid.last": ("last payment", "末次拨款"),
    "column.homes": ("homes", "交付数量"),
    "column.spare": ("months to spare", "余量（月）"),
    "column.housed.then": ("housed that month", "当月入住户数"),
    "column.total": ("total", "合计"),
    "projects.caption": (
        (
            "Households housed and waiting by {last}; money in {unit}, fees of the books (after-horizon values and "
            "surcharges are not dealt out to projects)"
        ),
        "截至 {last}；金额单位：{unit}；过渡费为账期内发生额（期末后计价及滞付费用未分摊到项目）",
    ),
    "phases.caption": (
        "Money in {unit}. Months to spare: from the last payment and the handover lag to the handover",
        "金额单位：{unit}。余量：末次拨款加验收期至交付的月数",
    ),
    "funds.caption": ("Money in {unit}, over all months of the books", "金额单位：{unit}，账期合计"),
    # --- prices in words
    "price.money": (
        "One yuan more in {id} from {month} on would save {price} yuan.",
        "{id} 自 {month} 起每多 1 元，可节省 {price} 元。",
    ),
    "price.homes": (
        "One home more in {id} from {month} on would save {price} yuan.",
        "{id} 自 {month} 起每多 1 套，可节省 {price} 元。",
    ),
    "price.transfer": (
        "One home more of {id} open to other projects from {month} on would save {price} yuan.",
        "{id} 自 {month} 起每多 1 套可调安房源，可节省 {price} 元。",
    ),
    "price.limit": (
        "One household more that {id} lets through in {month} would save {price} yuan.",
        "{id} 在 {month} 每多办 1 户，可节省 {price} 元。",
    ),
    "price.limit.all": (
        "One household more that {id} lets through would save {price} yuan.",
        "{id} 每多办 1 户，可节省 {price} 元。",
    ),
    "price.nothing": (
        "Nothing is scarce: one unit more of anything would save nothing.",
        "没有稀缺资源：增加任何一项都不会更省。",
    ),
    "price.none": (
        "No prices: the relaxation that gives them was not solved (a rule decided this plan, or time was up).",
        "无价格：未求解松弛问题（本方案由规则决定，或时间用尽）。",
    ),
    # --- risks
    "risk.none": (
        (
            "The tables show none of the risks that are looked for: missed deadlines, households left waiting, phases "
            "and funds without slack, fees owed, vouchers about to expire."
        ),
        "未发现以下风险：错过期限、期末待安置、建设与资金无余量、欠付过渡费、购房凭证临近失效。",
    ),
    "risk.more": ("... and {count} more of this kind.", "……另有 {count} 条同类情况。"),
    "risk.waiting": (
        "{project}: {waiting} households still wait in {month}, {overdue} of them overdue.",
        "{project}：{month} 仍有 {waiting} 户待安置，其中超期 {overdue} 户。",
    ),
    "risk.phase": (
        (
            "{phase}: the last payment in {last} leaves no month to spare before the handover in {handover}; {housed} "
            "households are housed in homes of its kind that very month and would wait if it came later."
        ),
        "{phase}：{last} 末次拨款后至 {handover} 交付没有余量；当月有 {housed} 户入住此类房源，如延期须继续等待。",
    ),
    "risk.phase.never": (
        "{phase}: {amount} are paid, but it is not handed over within the horizon.",
        "{phase}：拨款 {amount}，但期内不交付。",
    ),
    "risk.fund": (
        (
            "{fund}: used up in {count} months ({first} to {last}), with less left than 1 % of what it pays in the "
            "month; any delay of inflow delays payments."
        ),
        "{fund}：有 {count} 个月用尽（{first} 至 {last}，月末余额不足当月支付的 1%），资金晚到即影响支付。",
    ),
    "risk.fund.once": (
        (
            "{fund}: used up in {first}, with less left than 1 % of what it pays in the month; any delay of inflow "
            "delays payments."
        ),
        "{fund}：{first} 用尽（月末余额不足当月支付的 1%），资金晚到即影响支付。",
    ),
    "risk.loan": (
        "{fund}: {drawn} of the limit of {limit} are drawn; there is next to nothing left to borrow.",
        "{fund}：已借 {drawn}，额度 {limit}，几无可借余额。",
    ),
    "risk.owed": (
        "Fees are owed at the close of {count} months, most in {month}: {amount}.",
        "有 {count} 个月末欠付过渡费，{month} 最多：{amount}。",
    ),
    "risk.owed.once": (
        "Fees are owed at the close of {month}: {amount}.",
        "{month} 末欠付过渡费 {amount}。",
    ),
    "risk.voucher.valid": (
        (
            "{voucher}: {count} households; months between the purchase that is reckoned with and the end of the "
            "voucher's validity: {spare}."
        ),
        "{voucher}：{count} 户；预计购房时间距凭证失效仅 {spare} 个月。",
    ),
    "risk.voucher.window": (
        "{voucher}: {count} households choose it in the last {near} months before the programme ends ({last}).",
        "{voucher}：有 {count} 户在项目截止（{last}）前最后 {near} 个月才选择。",
    ),
    "risk.time_limit": (
        "The search ended before the asked gap was reached; a longer one may find a better plan.",
        "搜索在达到要求精度之前结束；延长时间可能得到更好的方案。",
    ),
    "risk.interrupted": (
        "The search was interrupted; a longer one may find a better plan.",
        "搜索被中断；继续搜索可能得到更好的方案。",
    ),
    "risk.dearer": (
        "This plan pays {amount} more in transition fees than everybody waiting would.",
        "本方案过渡费比全部等待多 {amount}。",
    ),
    # --- assumptions
    "assume.made": ("How this plan was made", "编制信息"),
    "assume.scenario": ("scenario", "方案文件"),
    "assume.variant": ("variant", "情形"),
    "assume.policy": ("policy", "决策方式"),
    "assume.objective": ("minimised", "目标"),
    "assume.reached": ("reached, proven at least", "达到值与已证明下界"),
    "assume.reached.value": ("{reached}; {bound}", "{reached}；{bound}"),
    "assume.status": ("status", "状态"),
    "assume.horizon": ("months decided", "决策期"),
    "assume.horizon.value": ("{months} months, {first} to {last}", "{months} 个月，{first} 至 {last}"),
    "assume.version": ("renewopt", "renewopt 版本"),
    "assume.sha": ("hash of the scenario (SHA-256)", "方案文件指纹（SHA-256）"),
    "assume.none": ("There is no plan that keeps every rule.", "没有满足全部条件的方案。"),
    "assume.fiscal": ("fiscal cost (discounted)", "财政支出（折现）"),
    "assume.base": ("none: the scenario as it stands", "无（方案原样）"),
    "assume.python": ("built in Python", "由 Python 构建"),
    "assume.missing": (
        "What the scenario states is not kept with this plan.",
        "本方案未保存方案文件的内容。",
    ),
    "option.gap": ("asked gap", "要求精度"),
    "option.time_limit": ("seconds allowed", "限定秒数"),
    "option.solver": ("solver", "求解器"),
    "option.method": ("method", "求解方法"),
    "option.objective": ("objective asked for", "指定目标"),
    # --- comparison
    "comparison.title": ("Ways to decide, compared", "决策方式比较报告"),
    "head.headline.compare": ("The comparison in short", "要点"),
    "regret.none": ("No run that is in order has a proven bound.", "没有“达标且有下界”的运行。"),
    "head.ranking": ("Who does best", "排名"),
    "head.scatter": ("Fees, and when nobody is overdue", "过渡费与清零月份"),
    "head.waits": ("Who waits how long", "各类住户等待时间"),
    "head.regret": ("How far from the best possible", "与已证明下界的差距"),
    "head.runs": ("Runs that are not in order, or failed", "未达标或失败的运行"),
    "head.setup": ("What was compared", "比较范围"),
    "compare.best": (
        "{setting}: {policy} ranks first with {mean} on average{saved}.",
        "{setting}：{policy}居首，均值 {mean}{saved}。",
    ),
    "compare.best.saved": (", {amount} less than waiting for construction", "，比坐等建房少 {amount}"),
    "compare.best.unclean": (
        "{setting}: no policy is always in order; {policy} comes nearest ({clean} of its runs).",
        "{setting}：没有一种方式始终达标；{policy}最接近（{clean} 的运行达标）。",
    ),
    "compare.ranked": (
        (
            "Ranked are policies that are in order in all runs before the others, then by the mean; less is better. "
            "Intervals are Student's, 95 %, and need two runs or more."
        ),
        "先排所有运行均达标者，再按均值由小到大排列。区间为 95% 学生氏区间，须两次以上运行。",
    ),
    "compare.subtitle": (
        "policies: {policies}, futures: {futures}, runs: {runs}",
        "{policies} 种决策方式，{futures} 种未来情景，{runs} 次运行",
    ),
    "compare.lead": (
        "In order means: no shortfall of money, no missed deadline, no missed target of set-off, the reserve held.",
        "“达标”指没有资金缺口、没有错过期限、抵扣目标都已达到、准备金始终保持。",
    ),
    "compare.measured": ("Ranked by: {measure}; money in {unit}", "排名依据：{measure}；金额单位：{unit}"),
    "compare.unclean.caption": (
        "Runs that are not in order, policy by policy; money in {unit}",
        "未达标的运行，按决策方式汇总；金额单位：{unit}",
    ),
    "compare.failures": ("Failures", "失败的运行"),
    "head.settled.report": ("Who is housed when", "安置进度"),
    "column.rank": ("rank", "名次"),
    "column.runs": ("runs", "次数"),
    "compare.shared": (
        "compared in the {runs} worlds that every policy was run in (ranking.csv has all)",
        "按所有决策方式都运行过的 {runs} 种情形比较（全部见 ranking.csv）",
    ),
    "column.clean": ("in order", "达标"),
    "column.mean": ("mean", "均值"),
    "column.interval": ("95 % interval", "95%区间"),
    "column.regret": ("above the bound", "高于下界"),
    "column.saved": ("saved against waiting", "比等待节省"),
    "column.wins": ("best in", "最优占比"),
    "column.short.runs": ("with shortfall", "有资金缺口"),
    "column.short.mean": ("mean shortfall", "平均缺口"),
    "column.missed.runs": ("with missed deadlines", "错过期限"),
    "column.failed.runs": ("failed", "失败"),
    "setup.scenarios": ("scenarios", "方案"),
    "setup.variants": ("variants", "情形"),
    "setup.futures": ("futures, with draws of each", "未来情景及抽样次数"),
    "setup.policies": ("policies", "决策方式"),
    "setup.runs": ("runs", "运行次数"),
    "setup.perfect": ("optimiser that knows the future", "完全信息优化"),
    "setup.perfect.value": ("for the bound, runs: {count}", "{count} 次运行，用于下界"),
    "compare.none": ("All runs are in order.", "所有运行均达标。"),
    "compare.measure.objective": ("objective", "目标值"),
    "compare.measure.transition_fees": ("transition fees", "过渡费"),
    "compare.measure.fiscal_cost": ("fiscal cost", "财政支出"),
    "compare.measure.shortfall": ("shortfall", "资金缺口"),
    "column.scenario": ("scenario", "方案"),
    "column.variant": ("variant", "情形"),
    "column.policy": ("policy", "决策方式"),
    "column.future": ("future", "未来情景"),
    "column.seed": ("draw", "抽样"),
    "column.status": ("status", "状态"),
    "column.shortfall": ("shortfall", "资金缺口"),
    "column.missed": ("missed deadlines", "错过期限户数"),
    "column.reason": ("reason", "原因"),
    "runstatus.feasible": ("done", "完成"),
    "runstatus.infeasible": ("shortfall", "有缺口"),
    "runstatus.failed": ("failed", "失败"),
    "future.as-planned": ("as planned", "按计划"),
}
