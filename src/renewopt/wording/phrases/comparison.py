"""What a comparison says, and what futures and policies are, in English and Chinese."""

PHRASES: dict[str, tuple[str, str]] = {
    # --- the message
    "message.cost": ("objective without the penalty on missing money", "目标值（不含缺口计价）"),
    "message.holds": (
        ("{policy} is in order in {count:the one future|all futures} tried besides the plan ({count}), with {mean} of "
        "{cost} on the mean."),
        "在按计划的情形之外试算的{count}种未来情景中，{policy}全部达标，{cost}平均{mean}。"),
    "message.none": ("{policy} is in order in no future tried besides the plan ({count}).",
        "在按计划的情形之外试算的{count}种未来情景中，{policy}无一达标。"),
    "message.none.short": (
        ("{policy} is in order in no future tried besides the plan ({count}): {mean} is missing on the mean of those "
        "that fall short, {most} at the most."),
        "在按计划的情形之外试算的{count}种未来情景中，{policy}无一达标：出现缺口时平均缺{mean}，最多缺{most}。"),
    "message.some": ("{policy} is in order in {held} of the {count} {count:future|futures} tried besides the plan.",
        "在按计划的情形之外试算的{count}种未来情景中，{policy}有{held}种达标。"),
    "message.some.short": (
        ("{policy} is in order in {held} of the {count} {count:future|futures} tried besides the plan; {mean} is "
        "missing on the mean of those that fall short, {most} at the most."),
        "在按计划的情形之外试算的{count}种未来情景中，{policy}有{held}种达标；出现缺口时平均缺{mean}，最多缺{most}。"),
    "message.planned.unclean": ("{policy} is not in order even if everything comes as planned: {why}.",
        "即使一切按计划进行，{policy}也不达标：{why}。"),
    "message.why.failed": ("it fails", "测算失败"),
    "message.why.none": ("no plan keeps every rule", "无可行方案"),
    "message.why.short": ("{amount} is missing", "缺口{amount}"),
    "message.why.missed_deadlines": ("households that miss a deadline: {count}", "错过期限{count}户"),
    "message.why.missed_targets": ("targets of set-off that are missed: {count}", "未达冲抵目标{count}项"),
    "message.why.reserve_months_short": ("months in which the reserve is not held: {count}", "备付不足{count}个月"),
    "message.instead.none": (
        ("None of the {others} other {others:policy|policies} is in order in more of them: {most} of {count} at "
        "the most."),
        "其余{others}种决策方式均不更稳妥：最多{most}种达标（共{count}种）。"),
    "message.instead.more": (
        ("Instead: {policy} is in order in {held} of {count}. Its premium, where everything comes as planned, is "
        "{amount} of {cost}, {share} more than the {of} of {base}."),
        ("可改用{policy}：{count}种中{held}种达标；一切按计划时，{cost}比{base}的{of}多{amount}（{share}），"
        "即为其代价。")),
    "message.instead.less": (
        ("Instead: {policy} is in order in {held} of {count}, and where everything comes as planned it takes "
        "{amount} of {cost}, {share} less than the {of} of {base}."),
        "可改用{policy}：{count}种中{held}种达标；一切按计划时，{cost}比{base}的{of}还少{amount}（{share}）。"),
    "message.instead.same": (
        ("Instead: {policy} is in order in {held} of {count}, at no premium: where everything comes as planned it "
        "comes to the {of} of {cost} of {base}."),
        "可改用{policy}：{count}种中{held}种达标；一切按计划时，{cost}与{base}同为{of}，无需额外代价。"),
    "message.instead.only": ("Instead: {policy} is in order in {held} of {count}.",
        "可改用{policy}：{count}种中{held}种达标。"),
    "message.reserve": (
        "Or keep {policy} and {amount} in reserve beyond all its funds: with it, it is in order in {held} of {count}.",
        "或仍用{policy}，在全部资金之外另备{amount}：{count}种中{held}种达标。"),
    "message.reserve.share": (
        ("Or keep {policy} and {amount} in reserve beyond all its funds ({share} of its {cost} as planned): with "
        "it, it is in order in {held} of {count}."),
        "或仍用{policy}，在全部资金之外另备{amount}（相当于按计划时{cost}的{share}）：{count}种中{held}种达标。"),
    "message.count": ("{policy} {held}", "{policy}{held}种"),
    "message.counts.some": ("Futures in which each is in order, of {count}: {listed}.",
        "{count}种未来情景中的达标数：{listed}。"),
    "message.counts.some.none": ("Futures in which each is in order, of {count}: {listed}; in none: {none}.",
        "{count}种未来情景中的达标数：{listed}；无一达标：{none}。"),
    "message.counts.none": ("In order in no future (of {count}): {none}.", "{count}种未来情景中无一达标：{none}。"),
    "message.apart": (
        ("Of {count} {count:future|futures} every policy is in order in {all} and none in {none}: {apart} "
        "{apart:tells|tell} policies apart."),
        "{count}种中，{all}种各决策方式均达标，{none}种均不达标；能区分决策方式的有{apart}种。"),
    "message.compared": (
        ("Counted are futures in which every policy was tried ({count}); with some policies {more} more "
        "{more:was|were} tried."),
        "以上只计各决策方式均已试算的{count}种；另有{more}种只试算了部分决策方式。"),
    "message.planned.best": (
        ("As planned, {held} of {count} {count:policy|policies} {held:is|are} in order; {policy} comes to the "
        "least {cost}, {amount}"),
        "按计划，{count}种决策方式中{held}种达标；{policy}的{cost}最少，为{amount}"),
    "message.planned.next": ("{best}; the next is {policy} with {amount} more.",
        "{best}；其次为{policy}，多{amount}。"),
    "message.planned.same": ("{best}, and so does {policy}.", "{best}，{policy}与之相同。"),
    "message.planned.only": (
        "As planned, only {policy} of {count} {count:policy|policies} is in order, with {amount} of {cost}.",
        "按计划，{count}种决策方式中仅{policy}达标，{cost}为{amount}。"),
    "message.planned.none": (
        "As planned, none of {count} {count:policy|policies} is in order; least is missing with {policy}: {amount}.",
        "按计划，{count}种决策方式均不达标；缺口最小的是{policy}，缺{amount}。"),
    "message.failed": ("{policy} failed in {failed} of its {runs} {runs:run|runs}: {reason}.",
        "{policy}的{runs}次测算中有{failed}次失败：{reason}。"),
    # --- what futures do
    "future.does.as-planned": ("everything comes as the scenario states it.", "一切按基础数据所述进行。"),
    "future.does": ("{clauses}.", "{clauses}。"),
    "future.does.nothing": ("it changes nothing.", "不作改变。"),
    "future.called": ("{future} ({about})", "{about}（{future}）"),
    "future.about.more": ("{about} and more", "{about}等"),
    "future.about.delays": ("late handover", "推迟交付"),
    "future.about.inflows": ("money short or late", "资金少到或迟到"),
    "future.about.take_up": ("fewer vouchers", "不选购房凭证"),
    "future.about.switching": ("rights to switch", "改选"),
    "future.about.withdrawals": ("developers withdraw", "开发企业退出"),
    "future.about.decrees": ("other fee rates", "过渡费调标"),
    "future.about.later_moves": ("later moves", "推迟搬离"),
    "future.about.starts": ("late starts", "推迟启动"),
    "future.about.clearing": ("late clearing", "推迟净地"),
    "future.about.land": ("land revenue short or late", "土地出让收入减少或推迟"),
    "future.all.estate": ("each phase", "各期"),
    "future.all.fund": ("each fund", "各项资金"),
    "future.all.activity": ("all that may start", "各待启动事项"),
    "future.of_kinds": ("{which} of {kinds}", "{kinds}类{which}"),
    "future.all.project": ("all projects", "所有项目"),
    "future.all.developer": ("each developer", "各开发企业"),
    "future.chance": (" (with a chance of {share})", "（概率{share}）"),
    "future.together": (", all alike", "，同步推迟"),
    "future.within": (" for {months} {months:month|months}", "，持续{months}个月"),
    "future.after": (" from month {months} on", "，自第{months}个月后起"),
    "future.each.month": (", drawn anew each month", "，逐月抽取"),
    "future.each.year": (", drawn anew each year", "，逐年抽取"),
    "future.each.once": (", drawn once", "，只抽取一次"),
    "future.delay": ("{which}: handed over {months} {months:month|months} late", "{which}推迟{months}个月交付"),
    "future.inflow": ("{which}: {share} of the stated inflow comes", "{which}到位{share}"),
    "future.inflow.late": ("{which}: inflow comes {months} {months:month|months} late", "{which}推迟{months}个月到位"),
    "future.take_up": ("of the households that are asked, {share} take a voucher", "被征询住户中{share}接受购房凭证"),
    "future.switching": ("{which}: {share} of those with a right to switch use it",
        "{which}有改选权的住户中{share}改选"),
    "future.withdrawal": ("{which}: takes no more vouchers {months} {months:month|months} after the start",
        "{which}在起始{months}个月后不再接受购房凭证"),
    "future.decree": ("{which}: fees times {factor} from {months} {months:month|months} after the start on",
        "{which}自起始{months}个月后过渡费按{factor}倍计"),
    "future.move": ("{which}: households move out {months} {months:month|months} later",
        "{which}住户推迟{months}个月搬离"),
    "future.start": ("{which}: starts {months} {months:month|months} late", "{which}推迟{months}个月启动"),
    "future.clearing": ("{which}: takes {months} {months:month|months} longer to be cleared",
        "{which}推迟{months}个月净地"),
    "future.land": ("{which}: {share} of the stated land revenue comes", "{which}土地出让收入到位{share}"),
    "future.land.late": ("{which}: land revenue comes {months} {months:month|months} late",
        "{which}土地出让收入推迟{months}个月到账"),
    "spread.uniform": ("{low} to {high}", "{low}至{high}"),
    "spread.triangular": ("{low} to {high}, mostly about {mode},", "{low}至{high}（多为{mode}左右）"),
    "spread.discrete": ("{values}", "{values}"),
    "spread.or": (" or ", "或"),
    "spread.mean": ("about {mean}", "约{mean}"),
    # --- what policies do
    "policy.does.optimal": (
        "the optimiser's plan, made once and followed, with repairs where something comes otherwise.",
        "优化得出的方案，一次编制、照此执行，情况有变时作必要补救。"),
    "policy.does.rolling": ("plans anew every year on what is known by then.", "每年按届时已知情况重新编制。"),
    "policy.does.hedged": ("of several plans, the one that does best over a sample of futures.",
        "从若干方案中选取在一组抽样未来中表现最好的一个。"),
    "policy.does.wait-for-build": ("own homes only, all money into own estates; savings are reckoned against it.",
        "只建原项目安置房，全部等待；节省额以此为基准。"),
    "policy.does.first-come": ("who has been out of the home longest is served first.", "搬离最早者先安置。"),
    "policy.does.urgent-first": ("by strict goals, urgency and months overdue.",
        "按优先目标、紧急程度和超期月数安置。"),
    "policy.does.costliest-first": ("where a yuan ends most fees comes first.", "每元资金能停发过渡费最多者优先。"),
    "policy.does.apparent-tardiness": (
        "where a yuan ends most fees comes first, coming fees included as far as they press.",
        "每元资金能停发过渡费最多者优先，并计入即将上涨的过渡费。"),
    "policy.does.voucher-first": ("money into vouchers before building, the longest out first.",
        "资金先用于购房凭证、后用于建设，搬离最早者优先。"),
    "policy.does.units-first": ("money is kept for building, most homes per yuan first.",
        "资金优先用于建设，每元建房最多者优先。"),
    "policy.does.finish-nearest": ("the phase nearest to completion is paid until it is finished.",
        "先建成最接近完工的一期。"),
    "policy.does.project-by-project": ("one project after the other.", "逐个项目安置。"),
    "policy.does.equal-shares": ("free money is split between the projects by the households that wait.",
        "可用资金按各项目待安置户数均分。"),
    "policy.does.perfect": ("the optimiser that knows the future: no policy, but the bound that none can be below.",
        "预知未来的优化：并非决策方式，而是任何方式都不能突破的下界。"),
    "policy.does.own": ("a policy of your own.", "自定义的决策方式。"),
    "policy.does.said": ("{said} (in the words of who wrote it).", "{said}（编写者原文）。"),
    "policy.does.with": ("{does} ({parameters})", "{does}（{parameters}）"),
    # --- when the plan breaks
    "head.breaks": ("When the plan breaks", "方案在何种情况下不达标"),
    "breaks.box": (
        ("{policy} is not in order in {share} of the futures in which {conditions} ({inside} of {within}); that is "
        "{coverage} of all its futures that are not in order."),
        "当{conditions}时，{policy}有{share}不达标（{within}种中{inside}种），占其全部不达标情形的{coverage}。"),
    "breaks.box.above": (
        ("{policy} has more than {amount} of {cost} in {share} of the futures in which {conditions} ({inside} of "
        "{within}); that is {coverage} of all its futures that have."),
        ("当{conditions}时，{policy}有{share}的{cost}超过{amount}（{within}种中{inside}种），"
        "占其全部超过情形的{coverage}。")),
    "breaks.few": (
        ("{count} {count:future|futures} in which {policy} was run {count:is|are} too few to say when it breaks: "
        "{needed} are needed (seeds)."),
        "{policy}只试算了{count}种未来情景，不足以判断何时不达标：至少需要{needed}种（增加抽样次数）。"),
    "breaks.few.sides": (
        ("Of {count} {count:future|futures} {policy} breaks in {broken}: to say what makes the difference, "
        "{needed} that break and {needed} that do not are needed."),
        "{count}种未来情景中{policy}有{broken}种不达标：达标与不达标均至少{needed}种，方能判断原因。"),
    "breaks.none": (
        ("{policy} breaks in {broken} of {count} {count:future|futures}; no range of what was drawn tells them "
        "from the others better than chance would."),
        "{count}种未来情景中{policy}有{broken}种不达标；未发现能将其与其余情形区分开、且非偶然的条件。"),
    "breaks.and": (" and ", "且"),
    "breaks.phase_delay.above": ("{of} is {value} {value:month|months} late or more", "{of}推迟不少于{value}个月"),
    "breaks.phase_delay.below": ("{of} is {value} {value:month|months} late at the most", "{of}推迟不超过{value}个月"),
    "breaks.mean_delay.above": ("phases are {value} {value:month|months} late or more on the mean",
        "各期平均推迟不少于{value}个月"),
    "breaks.mean_delay.below": ("phases are {value} {value:month|months} late at the most on the mean",
        "各期平均推迟不超过{value}个月"),
    "breaks.arrival_delay.above": ("homes that arrive in {of} are {value} {value:month|months} late or more",
        "{of}房源推迟不少于{value}个月到位"),
    "breaks.arrival_delay.below": ("homes that arrive in {of} are {value} {value:month|months} late at the most",
        "{of}房源推迟不超过{value}个月到位"),
    "breaks.inflow_share.above": ("{of} gets {value} of its stated inflow or more", "{of}到位率不低于{value}"),
    "breaks.inflow_share.below": ("{of} gets {value} of its stated inflow at the most", "{of}到位率不高于{value}"),
    "breaks.start_delay.above": ("{of} starts {value} {value:month|months} late or more",
        "{of}推迟启动不少于{value}个月"),
    "breaks.start_delay.below": ("{of} starts {value} {value:month|months} late at the most",
        "{of}推迟启动不超过{value}个月"),
    "breaks.clearing_delay.above": ("{of} is cleared {value} {value:month|months} late or more",
        "{of}推迟净地不少于{value}个月"),
    "breaks.clearing_delay.below": ("{of} is cleared {value} {value:month|months} late at the most",
        "{of}推迟净地不超过{value}个月"),
    "breaks.land_delay.above": ("the land of {of} brings its revenue {value} {value:month|months} late or more",
        "{of}土地出让收入推迟不少于{value}个月到账"),
    "breaks.land_delay.below": ("the land of {of} brings its revenue {value} {value:month|months} late at the most",
        "{of}土地出让收入推迟不超过{value}个月到账"),
    "breaks.land_share.above": ("the land of {of} brings {value} of its stated revenue or more",
        "{of}土地出让收入到位率不低于{value}"),
    "breaks.land_share.below": ("the land of {of} brings {value} of its stated revenue at the most",
        "{of}土地出让收入到位率不高于{value}"),
    "breaks.inflow.year": ("{fund} in {year}", "{fund}{year}年"),
    "breaks.take_up_share.above": ("{value} or more of the households take a voucher when asked",
        "接受购房凭证的住户不少于{value}"),
    "breaks.take_up_share.below": ("{value} of the households at the most take a voucher when asked",
        "接受购房凭证的住户不超过{value}"),
    "breaks.switched_share.above": ("{value} or more of those with a right to switch use it",
        "有改选权的住户中改选的不少于{value}"),
    "breaks.switched_share.below": ("{value} at the most of those with a right to switch use it",
        "有改选权的住户中改选的不超过{value}"),
    "breaks.withdrawn_developers.above": ("developers that withdraw: {value} or more", "退出的开发企业不少于{value}家"),
    "breaks.withdrawn_developers.below": ("developers that withdraw: {value} at the most",
        "退出的开发企业不超过{value}家"),
    "breaks.fee_factor.above": ("fees are {value} times what is stated or more", "过渡费标准不低于原标准的{value}倍"),
    "breaks.fee_factor.below": ("fees are {value} times what is stated at the most",
        "过渡费标准不高于原标准的{value}倍"),
    "breaks.move_delay.above": ("households move out {value} {value:month|months} later or more on the mean",
        "住户平均推迟搬离不少于{value}个月"),
    "breaks.move_delay.below": ("households move out {value} {value:month|months} later at the most on the mean",
        "住户平均推迟搬离不超过{value}个月"),
}  # fmt: skip
