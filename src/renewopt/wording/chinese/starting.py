"""What is wrong with a programme: windows, stages, crews, precedence, land, and starts that break a rule."""

SENTENCES: dict[str, str] = {
    # --- windows and moves
    "no month of its window is planned ({start} to {end})": "启动月份均不在规划期内（{start:月}至{end:月}）",
    "move the window, or plan more months": "请调整启动月份，或延长规划期",
    "it cannot start: {message}": "无法启动：{message}",
    "`{name}` is counted from the start, and the project has no start window": (
        "`{name}` 自启动起算，而该项目没有设启动月份"
    ),
    "add `start: {{from: …, to: …}}`, or delete the key": "请补上 `start: {{from: …, to: …}}`，或删去此项",
    "its households move out counted from its start, not in a stated month": "其住户的搬离月份自启动起算，不能直接写明",
    "delete it, or delete `start` if the project has begun": "请删去此项；如项目已启动，请删去 `start`",
    "`{name}` follows from the start window": "`{name}` 由启动月份决定",
    "{project} has not started: nothing can be owed to its households yet": "{project} 尚未启动，不会有对其住户的欠付",
    "delete the arrears, or the project's `start`": "请删去期初欠付，或删去该项目的 `start`",
    "two shares move out {after} {after:month|months} after the start": "启动后第{after}个月搬离的比例写了两次",
    "add them up in one": "请合并为一项",
    "every household of the project states `moves_after` itself, so that `signing` says nothing": (
        "该项目各户都已填写 `moves_after`，`signing` 不起作用"
    ),
    "its project has no start window from which months could be counted": "所属项目没有设启动月份，无从起算",
    "write `moved_out`, or add `start` to the project": "请填写 `moved_out`，或为项目补上 `start`",
    "its project has a start window: it moves out counted from the start": "所属项目设有启动月份，搬离自启动起算",
    "write `moves_after`, or delete `start` of the project": "请填写 `moves_after`，或删去项目的 `start`",
    "its project has not started: nothing was paid to it yet": "所属项目尚未启动，不会有多付的款项",
    "its project has not started: no household of it has been split yet": "所属项目尚未启动，不会有分户",
    "state it as a household of its own, or delete `start` of the project": "请按单独住户填写，或删去项目的 `start`",
    "delete it, or delete `start` of the project": "请删去此项，或删去项目的 `start`",
    "a fee by calendar month, and when its project starts is not known": "过渡费按月份写明，而所属项目何时启动尚未确定",
    "a signed contract, and its project has not started": "已签合同，而所属项目尚未启动",
    "a month of moving out, and when its project starts is not known": "写明了搬离月份，而所属项目何时启动尚未确定",
    "delete the row, or delete `start` of the project": "请删去此行，或删去项目的 `start`",
    # --- amounts
    "the cost of a work": "一项工程的总投资",
    "the cost of a project": "一个项目的总投资",
    "land revenue": "土地出让收入",
    # --- names
    "{id!r} is a project as well; precedence could mean either": "“{id}”同时是项目编号，先后顺序无从分辨",
    "give the work another id": "请给工程换一个编号",
    "{id!r} is a commitment as well, and its stages become one": (
        "“{id}”同时是既定支出的编号，而其分期投资也按既定支出列示"
    ),
    "give the commitment another id": "请给既定支出换一个编号",
    # --- stages
    "the shares add up to {total:.6g} %, not to 100 %": "各项比例合计为 {total:.6g}%，而不是 100%",
    "make them add up to 1": "请使其合计为 1",
    "some stages are shares and some are amounts": "分期投资有的写比例，有的写金额",
    "write all of them as shares, or all as amounts": "请全部写比例，或全部写金额",
    "shares of a cost, and no cost is stated": "分期写了比例，但没有写总投资",
    "add `cost`, or write amounts": "请补上 `cost`，或改写金额",
    "the amounts of the stages add up to {total:,.2f} yuan, the cost is {cost:,.2f}": (
        "分期金额合计 {total:,.2f} 元，而总投资为 {cost:,.2f} 元"
    ),
    "mend one of the two": "请改正其中一项",
    "a cost, and no stages say when it falls due": "写了总投资，但没有写分期支付的月份",
    "add `stages`, such as {{after: 0, share: 1}}": "请补上 `stages`，如 {{after: 0, share: 1}}",
    "neither `share` nor `amount` says how much it is": "`share` 和 `amount` 均未填写",
    "both `share` and `amount` say how much it is": "`share` 和 `amount` 不能同时填写",
    "a stage is not paid as {use!r}": "分期投资不能按“{use}”支付",
    "write commitments, construction, cash, moving, units or voucher": (
        "请填写 commitments、construction、cash、moving、units 或 voucher"
    ),
    "no fund may pay its stages: none may be used for {uses}": "没有资金可支付其分期投资：均不可用于 {uses}",
    "no fund may pay its stages: those for {uses} are earmarked for other kinds than {kind!r}": (
        "没有资金可支付其分期投资：可用于 {uses} 的资金均限用于“{kind}”以外的类别"
    ),
    "no fund may pay its stages: those for {uses} pay the bills of some projects alone": (
        "没有资金可支付其分期投资：可用于 {uses} 的资金只支付部分项目的款项"
    ),
    "open a fund to them, or add one": "请放宽某项资金的用途，或增加资金",
    # --- crews
    "there is no crew {name!r}": "没有队伍“{name}”",
    "in no month of its window are there crews enough until it is finished or cleared": (
        "启动月份内任一月启动，至完工或净地都没有足够的队伍"
    ),
    "raise `per_month`, or need fewer crews": "请增加 `per_month`，或减少所需队伍",
    "nothing keeps this crew busy": "没有项目或工程使用该队伍",
    "name it in `crews` of a project or a work, or delete it": "请在项目或工程的 `crews` 中写明，或删去该队伍",
    # --- land
    "land revenue, and no fund is named that receives it": "写了出让收入，但没有写明进入哪项资金",
    "add `into`": "请补上 `into`",
    "a fund for land revenue, and no revenue is stated": "写了收款资金，但没有写出让收入",
    "add `revenue`, or delete the key": "请补上 `revenue`，或删去此项",
    "a penalty, and no deadline from which it is counted": "写了逾期罚金，但没有写净地期限",
    "add `deadline`": "请补上 `deadline`",
    "`{name}` binds the start, and the project has no start window": "`{name}` 约束启动月份，而该项目没有设启动月份",
    "its land is to be cleared by {deadline}, and can be in {cleared} at the earliest": (
        "须在{deadline:月}前净地，而最早{cleared:月}才能净地"
    ),
    "start it earlier, clear it faster, or let the deadline be later": "请提前启动、加快清表，或放宽期限",
    "nothing frees the land of {name!r}: the project has neither a start window nor moved out": (
        "“{name}”的土地无从腾出：该项目既没有启动月份，也没有搬离月份"
    ),
    "add `start` or `moved_out` to the project": "请为该项目补上 `start` 或 `moved_out`",
    "it needs land that is still to be cleared, and is partly built already": "其用地尚待净地，却已部分建成",
    "delete `progress` or `land`": "请删去 `progress` 或 `land`",
    "it can be finished in {month} at the earliest, after the plan ends: nobody is housed in it": (
        "最早{month:月}才能建成，晚于规划期末，无人可入住"
    ),
    "plan more months": "请延长规划期",
    # --- precedence
    "there is no project or work {name!r}": "没有项目或工程“{name}”",
    "{name!r} would have to wait for itself": "“{name}”不能以自身为先行",
    "name two": "请写两个不同的项目或工程",
    "{name!r} has begun: it has no start window": "“{name}”已启动：没有设启动月份",
    "delete the rule, or add `start` to the project": "请删去该条，或为项目补上 `start`",
    "{name!r} is a work, which clears no land": "“{name}”是工程，不涉及净地",
    "write start or finish": "请填写 start 或 finish",
    "{name!r} has begun already, so that this binds nothing": "“{name}”已经启动，该条不起作用",
    "delete the rule": "请删去该条",
    "add `moved_out` or `start` to the project": "请为该项目补上 `moved_out` 或 `start`",
    "when {name!r} is cleared is not known: it has neither a start window nor moved out": (
        "“{name}”何时净地无从得知：既没有启动月份，也没有搬离月份"
    ),
    "{after!r} waits for {before!r} already": "“{after}”以“{before}”为先行，已写过一次",
    "keep the one with the longer lag": "请保留间隔较长的一条",
    "each of these waits for the one before it, in a circle: {names}": "先后顺序形成循环，各以前一个为先行：{names}",
    "delete one of their rules": "请删去其中一条",
    "what comes before it leaves no month of its window: it can start in {earliest} at the earliest, and its window "
    "ends in {last}": "先行的项目和工程使其没有可启动的月份：最早{earliest:月}才能启动，而启动月份截至{last:月}",
    "let its window end later, or that of what comes before begin earlier": (
        "请推迟其启动截止月份，或提前先行者的启动月份"
    ),
    "{name!r}, which must start, waits for it: it may not be left out either": (
        "必须启动的“{name}”以其为先行，因此它也不得不实施"
    ),
    "add `must: true`": "请补上 `must: true`",
    # --- kinds and numbers
    "nothing that may start is of the kind {kind!r}": "可启动的项目和工程中没有“{kind}”这一类",
    "neither `least` nor `most` says how many": "`least` 和 `most` 均未填写",
    "at least {least}, but at most {most}": "至少 {least} 个，却至多 {most} 个",
    "at least {least} by {by}, but only {can} can start by then": (
        "截至{by:月}至少 {least} 个，而届时只有 {can} 个可启动"
    ),
    "lower it, or open windows earlier": "请减少个数，或提前启动月份",
    "at most {most} by {by}, but {must} must start by then": "截至{by:月}至多 {most} 个，而届时有 {must} 个必须启动",
    "raise it, or let windows end later": "请增加个数，或推迟启动截止月份",
    "a rule for this kind and month stands before": "这一类别和月份前面已有一条",
    "state `least` and `most` in one rule": "请在一条中同时填写 `least` 和 `most`",
    "no project has a start window, so that this binds nobody": "没有项目设启动月份，该项不起作用",
    # --- dates that are not written in
    "its dates are not written in yet, so that nothing can be reckoned": "日期尚未确定，无法计算",
    "make a plan, which decides when everything starts (`renewopt.scheduling.dated` writes it in)": (
        "请先编制方案以确定各启动月份（用 `renewopt.scheduling.dated` 写入）"
    ),
    "when it starts, and whether, is still to be decided": "是否启动、何时启动尚未确定",
    "make a plan, which decides it; or write a window of one month, with `must: true`": (
        "请编制方案以确定；或只写一个启动月份，并加 `must: true`"
    ),
    "{name!r} is no project with a start window and no work": "“{name}”既不是设有启动月份的项目，也不是工程",
    # --- starts that are searched for
    "solver {solver!r}: what starts when is decided with HiGHS alone; leave the solver out": (
        "求解器 {solver!r}：何时启动只能用 HiGHS 求解，请不要指定求解器"
    ),
    "no schedule was found in which all that must start does so within its window, crews and numbers": (
        "未找到可行的启动安排：必须启动的项目和工程无法都在启动月份、队伍和数量的限制内启动"
    ),
    "widen a window, give a crew more hands, or let something that must start be left out": (
        "请放宽启动月份，增加队伍，或允许某个必须启动的项目或工程不启动"
    ),
    "{choices:,} {choices:choice|choices} (offer × month) with what starts when still open: too many for a "
    "goal of waits (`longest_wait`, `wait_spread`)": (
        "启动尚未确定，可选组合（安置选项×月份）达 {choices:,} 个，规模过大，无法采用等待时间类目标"
        "（`longest_wait`、`wait_spread`）"
    ),
    "take a goal of fees, fiscal cost, disutility or starts, or write the starts of a plan in": (
        "请改用过渡费、财政支出、不满意度或启动类目标，或写入某个方案的启动月份"
    ),
    # --- strict goals of starts
    "`{name}` says something only where the goal is one of starts": "`{name}` 只适用于启动类的目标",
    "delete it, or take one of these goals: {goals}": "请删去此项，或改用以下目标之一：{goals}",
    "a goal of starts, and nothing may start": "目标为启动类，但没有可启动的项目或工程",
    "add `works`, or `start` to a project; or delete the goal": "请补上 `works` 或项目的 `start`，或删去此目标",
    "the goal is one of starts, not of households": "目标为启动类，不涉及住户",
    "use `items`": "请改用 `items`",
    "by which month is not stated": "没有写明截止月份",
    "add `by`, such as 2026-12": "请补上 `by`，如 2026-12",
    # --- futures of starts
    "it is about what starts, and nothing may start": "此项针对启动，但没有可启动的项目或工程",
    "add `works`, or `start` to a project; or delete it": "请补上 `works` 或项目的 `start`，或删去此项",
    "{name!r} is no project with a start window": "“{name}”不是设有启动月份的项目",
    # --- starts in PuLP
    "the objective was changed: of a programme, constraints on starts can be added alone": (
        "目标被改动：启动尚未确定时，只能增加对启动的约束"
    ),
    "{names}: of a programme, constraints can be about `start` and `begun` alone": (
        "{names}：启动尚未确定时，约束只能涉及 `start` 和 `begun`"
    ),
    # --- starts that break a rule
    "month {number}": "第{number}月",
    "{name} must start and is left out": "{name} 必须启动，却未启动",
    "{name} starts in {month}, outside of its window {first} to {last}": (
        "{name} 在{month:月}启动，不在{first:月}至{last:月}之内"
    ),
    "{after} starts, but {before}, which comes before it, is left out": "{after} 启动，而先行的 {before} 未启动",
    "{after} starts in {month}, before {earliest}, until which it waits for {before}": (
        "{after} 在{month:月}启动，早于先行的 {before} 所要求的{earliest:月}"
    ),
    "{used} of crew {crew} {used:is|are} busy in {month}, where there {capacity:is|are} {capacity}": (
        "{month:月}占用队伍 {crew} {used} 个，而只有 {capacity} 个"
    ),
    "{begun} {begun:is|are} begun by {by}, at least {least} should be": (
        "截至{by:月}启动 {begun} 个，而至少须 {least} 个"
    ),
    "{begun} {begun:is|are} begun by {by}, at most {most} may be": "截至{by:月}启动 {begun} 个，而至多可 {most} 个",
    "the land of {name} is to be cleared, and it is left out": "{name} 的土地须净地，却未启动",
    "the land of {name} is cleared in {month}, after its deadline {deadline}": (
        "{name} 的土地在{month:月}净地，晚于{deadline:月}的期限"
    ),
}
