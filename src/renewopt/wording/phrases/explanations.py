"""Why a household is settled as it is: for the counter, the family and the report, in English and Chinese."""

PHRASES: dict[str, tuple[str, str]] = {
    "explain.title": ("Why this offer, and why now: {household}", "{household} 为何这样安置"),
    "explain.of": ("project {project}", "项目 {project}"),
    "explain.count": ("{count} {count:household|households}", "{count} 户"),
    "explain.part": ("part {part}", "分项 {part}"),
    "explain.plan": (
        "By the plan: {offer}, chosen {month}, moves in {housed}; transition fees {fees}, the last {last}.",
        "方案安排：{offer}，{month:月}办理，{housed:月}入住；过渡费共 {fees}，发至{last:月}。"),
    "explain.plan.free": ("By the plan: {offer}, chosen {month}, moves in {housed}; no transition fees.",
        "方案安排：{offer}，{month:月}办理，{housed:月}入住；不产生过渡费。"),
    "explain.plan.waits": (
        ("By the plan it is not settled within the months that are planned; its fees until then and those counted "
         "after them: {fees}."),
        "规划期内暂未安置；期内过渡费及期后折算共 {fees}。"),
    "explain.plan.not_started": (
        "By the plan its project is not begun: it stays where it is, owes nothing and is owed nothing.",
        "按方案，所属项目未启动：住户不搬离，无应付，也无应得款项。"),
    "explain.offer": ("{route} {pool}", "{route} {pool}"),
    "explain.offer.named": ("{route}", "{route}"),
    "explain.waits": ("wait to the end", "等到期末"),
    "head.explain.alternatives": ("What else it could have, and what that would cost the district",
        "其他可选安置及其对全区的影响"),
    "explain.column.number": ("no.", "序号"),
    "explain.column.offer": ("offer", "安置方式"),
    "explain.column.month": ("chosen", "办理"),
    "explain.column.housed": ("moves in", "入住"),
    "explain.column.fees": ("its fees", "本户过渡费"),
    "explain.column.rise": ("costs at least", "至少增加"),
    "explain.column.against": ("against this plan", "与本方案相比"),
    "explain.column.resolved": ("re-solved", "重新求解"),
    "explain.within": ("not proven", "未能证明"),
    "explain.dearer": ("at least {amount}", "至少多 {amount}"),
    "explain.impossible": ("no plan has it", "无可行方案"),
    "explain.unsolved": ("no plan found in time", "限时内未求得"),
    "explain.resolved.one": ("{amount}", "{amount}"),
    "explain.resolved.range": ("{least} to {most}", "{least} 至 {most}"),
    "explain.none": ("There is no other offer for it.", "没有其他可选安置。"),
    "head.explain.reasons": ("What stands in the way", "原因"),
    "explain.reason": ("{number}. {offer}, {month}: {reasons}", "（{number}）{offer}，{month:月}，{reasons}"),
    "explain.reason.waits": ("{number}. {offer}: {reasons}", "（{number}）{offer}，{reasons}"),
    "explain.reason.join": ("; ", "；"),
    "explain.reason.none": ("at the plan's prices it costs the district no more than what is planned",
        "按方案的影子价格，全区费用并不增加"),
    "explain.reason.first": ("Nobody could have {pool} sooner: it is open from {first}.",
        "{pool} 自{first:月}起方可办理，不能更早。"),
    "explain.reason.none_yet": ("no home of {pool} before {first}", "{pool} 在{first:月}之前没有房源"),
    "explain.reason.never_built": ("no home of {pool} by {month}, nor later in the plan",
        "{pool} 到{month:月}及以后均无房源"),
    "explain.reason.taken": ("every home of {pool} that there is by {month} goes to others ({count} in all)",
        "{pool} 截至{month:月}的 {count} 套均已安排给其他住户"),
    "explain.reason.reserved": ("homes of {pool} are kept for its own project until then",
        "{pool} 届时仍为本项目住户保留"),
    "explain.reason.wanted": ("a home of {pool} is worth more to others",
        "{pool} 的房源安排给其他住户更节省"),
    "explain.reason.short": ("it needs {cash}, and money is short: in {month} it goes to {uses}",
        "需资金 {cash}，而资金紧张：{month:月}资金用于{uses}"),
    "explain.reason.fees_paid": ("its fees must be paid from money that is short ({amount})",
        "其过渡费须占用紧张的资金（{amount}）"),
    "explain.reason.not_started": ("What it would take for {project} to be begun:", "启动 {project} 需要的条件："),
    "explain.reason.could_start": (
        "beside all that the plan starts it could begin between {first} and {last}: no rule keeps it, its cost does",
        "在方案启动的各项之外，{first:月}至{last:月}之间可以启动：没有规则限制，而是启动后成本更高"),
    "explain.reason.cannot_start.window": ("no month of its start window is left", "启动月份内已无可用月份"),
    "explain.reason.cannot_start.precedence": (
        "something that has to come before it is left out, or done too late", "其先行项目或工程未启动，或完成过晚"),
    "explain.reason.cannot_start.crews": ("its crews are busy elsewhere in all its months", "所需队伍各月均被占用"),
    "explain.reason.cannot_start.number": (
        "so many of its kind may be begun, and they are", "同类项目可启动的数量已满"),
    "explain.reason.cannot_start.land": (
        "its land could not be cleared by its deadline", "无法在期限前完成净地"),
    "explain.reason.cannot_start.must": ("something else must start in its place", "另有必须启动的项目"),
    "explain.reason.start_costs": (
        "its stages cost {cash}, and {count} {count:household|households} would have to be housed",
        "分期投资 {cash}，并须安置 {count} 户"),
    "explain.reason.start_houses": ("{count} {count:household|households} would have to be housed",
        "须安置 {count} 户"),
    "explain.reason.start_saves": (
        "left out it counts {amount} of delay cost and penalties", "不启动计入推迟成本及罚金 {amount}"),
    "explain.reason.start_brings": ("its land would bring {amount}", "土地出让可收入 {amount}"),
    "explain.reason.longer": ("its own fees run longer ({amount} more)", "本户过渡费发放更久（多 {amount}）"),
    "explain.reason.never": ("its fees never end ({amount} more)", "过渡费不会停止（多 {amount}）"),
    "explain.reason.full": ("{limit} admits {cap} in all, and they are taken", "{limit} 总额 {cap} 已满"),
    "explain.reason.full_month": ("{limit} admits {cap} in {month}, and they are taken",
        "{limit} 在{month:月}的名额 {cap} 已满"),
    "explain.reason.limits": ("places under a limit are worth more to others ({amount})",
        "限额内的名额安排给其他住户更节省（{amount}）"),
    "explain.use": ("{use} {amount}", "{use} {amount}"),
    "explain.use.join": (", ", "、"),
    "explain.use.none": ("nothing: it is saved for later months", "以后月份（当月结存）"),
    "head.explain.changes": (
        ("What would have to change for it to come sooner (each would do alone, at the plan's prices)"),
        "提前安置的条件（按方案的影子价格测算，满足其一即可）"),
    "explain.change.home": ("more homes by {month}: {pool}", "{month:月}前增加房源 {pool}"),
    "explain.change.cash_more": ("{cash} more by {month}", "{month:月}前增加资金 {cash}"),
    "explain.change.urgency": ("its fees count {times} times as much (urgency)", "优先程度提高到 {times} 倍"),
    "head.explain.proof": ("How sure this is", "依据"),
    "explain.proof": (
        ("Every plan that gives one household that offer comes to the proven bound of {bound} and so much more, at the "
         "least ({objective}). This plan is at most {gap} above the bound: only what is more than that is proven "
         "against the plan itself."),
        ("凡作该安排的方案，其{objective}均不低于已证明的下界 {bound} 加上所列数额。本方案高出下界至多 {gap}：超过这一"
         "差距的部分才足以证明比本方案更高。")),
    "explain.proof.optimal": (
        ("Every plan that gives one household that offer comes to so much more than this plan, at the least "
         "({objective}); this plan is proven to be the best."),
        "本方案已证明最优；凡作该安排的方案，其{objective}至少高出所列数额。"),
    "explain.proof.exact": (
        "Re-solved: what the best plan with it comes to above this plan, at the least and as found.",
        "重新求解：作该安排的最优方案比本方案高出的数额（下限及所求得的值）。"),
    "explain.proof.solved": ("The plan kept no prices: those of a relaxation that was solved for this are told.",
        "方案未保存影子价格：此处按为此求解的松弛问题测算。"),
    # --- the family's page
    "explain.family.title": ("Your household: {household}", "住户告知单：{household}"),
    "explain.family.plan": ("What is planned for you", "为您户安排"),
    "explain.family.why": ("Why not sooner, and why not otherwise", "为何不能提前或改为其他方式"),
    "explain.family.change": ("What would have to change for it to come sooner (each would do alone)",
        "怎样才能提前（满足其一即可）"),
    "explain.family.others": ("What else there is for you", "您户的其他选择"),
    "explain.family.cost": ("costs all others at least", "对其他住户至少增加"),
    "explain.family.little": ("next to nothing", "几乎没有"),
    "explain.family.kept": (
        ("From the plan of {name}. The amounts are proven lower limits of what the district would pay more. This sheet "
         "tells of no other household."),
        "依据“{name}”的安置方案。所列数额为已证明的全区最少增加额。本单不含其他住户的信息。"),
    # --- who comes next
    "explain.next.home": ("One more home of {pool} from {month}: who should have it",
        "{month:月}起 {pool} 增加一套房源：优先安排的住户"),
    "explain.next.money": ("{amount} more in {fund} in {month}: who should have it",
        "{month:月} {fund} 增加资金 {amount}：优先安排的住户"),
    "explain.next.worth": (
        ("Worth {worth} at the plan's prices; proven to save at most {most} against this plan ({objective})."),
        "按影子价格约可节省 {worth}；已证明与本方案相比最多节省 {most}（{objective}）。"),
    "explain.next.exact": ("Re-solved: the best plan with it saves {saved} against this plan, and at most {most}.",
        "重新求解：与本方案相比节省 {saved}，至多 {most}。"),
    "explain.next.exact.none": ("Re-solved: no better plan was found in time; it saves at most {most}.",
        "重新求解：限时内未求得更好的方案；至多节省 {most}。"),
    "explain.next.none": ("No household gains by it.", "没有住户因此受益。"),
    "explain.next.column.household": ("household", "户号"),
    "explain.next.column.now": ("by the plan", "方案安排"),
    "explain.next.column.then": ("instead", "改为"),
    "explain.next.column.saved": ("saves", "节省"),
    "explain.next.column.cash": ("takes", "所需资金"),
    "explain.next.how": (
        ("First in line are those whose change saves the most, at the plan's prices; what each frees goes on to "
         "others."),
        "按影子价格测算，节省最多者在前；其腾出的房源和资金继续用于其他住户。"),
    # --- the report's look-up
    "head.lookup": ("Look up a household", "查询住户"),
    "lookup.household": ("household", "户号"),
    "lookup.how": ("Type a household's number: what is planned for it, and what else would cost the district.",
        "输入户号，查看该户的安排、其他选择及其对全区的影响。"),
    "lookup.project": ("project", "项目"),
    "lookup.unknown": ("There is no household of that number.", "没有该户号。"),
    "lookup.alone": ("What else there is for a household: renewopt explain.", "该户的其他选择：见 renewopt explain。"),
    # --- all households
    "explain.all.written": (
        "{rows} {rows:offer|offers} of {households} {households:household|households} written to {file}",
        "已将 {households} 户的 {rows} 项选择写入 {file}"),
    "explain.page.written": ("Written to {file}", "已写入 {file}"),
}  # fmt: skip
