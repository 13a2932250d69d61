"""The brief: the one page from which a director decides, in English and Chinese."""

PHRASES: dict[str, tuple[str, str]] = {
    "brief.title": ("Resettlement plan for decision: {name}", "关于{name}安置方案的情况报告"),
    "brief.title.variant": ("Resettlement plan for decision: {name}, variant {variant}",
        "关于{name}安置方案（{variant}情形）的情况报告"),
    "head.brief": ("For decision", "决策要点"),
    "brief.addressee": ("To: (addressee)", "（主送机关）："),
    "brief.closing": ("", "特此报告。"),
    "brief.sender": ("(issuing office)", "（发文机关署名）"),
    "brief.date": ("(date)", "（成文日期）"),
    "brief.join": (", ", "、"),
    "brief.semicolon": ("; ", "；"),
    "brief.and_more": (" and {count} more", "及另外{count}项"),
    "brief.number": ("{number}. {lead}. ", "{number}、{lead}。"),
    "brief.numbers": ("1 2 3 4 5 6 7 8 9", "一 二 三 四 五 六 七 八 九"),
    "brief.written": ("The brief is written to {file}", "简报已写入 {file}"),
    # --- sections
    "brief.lacking": ("What is lacking", "缺口情况"),
    "brief.remedies": ("Smallest remedies", "最小调整措施"),
    "brief.decided": ("What is decided", "方案要点"),
    "brief.given_up": ("What is given up", "未安排事项及原因"),
    "brief.waits": ("Who waits longest", "最晚安置的住户"),
    "brief.breaks": ("What could break the plan, all else as decided", "影响方案执行的主要风险（其他安排不变）"),
    "brief.doubts": ("Money in doubt by law", "合规性存疑的资金"),
    "brief.signing": ("To be signed in {month}", "{month}须办理事项"),
    # --- lacking
    "brief.short": ("Money is short: this plan needs {amount} beyond all that the funds have.",
        "资金不足：除列明资金外，本方案须另筹{amount}。"),
    "brief.short.proven": (
        ("Money is short: this plan needs {amount} beyond all that the funds have; it is proven that every plan needs "
        "{bound} at the least."),
        "资金不足：除列明资金外，本方案须另筹{amount}；经证明，任何方案至少须另筹{bound}。"),
    "brief.short.none": ("Money is short: it is proven that every plan needs {bound} beyond all that the funds have.",
        "资金不足：经证明，除列明资金外，任何方案至少须另筹{bound}。"),
    "brief.missing.more": ("{amount} more is missing for other purposes ({count}).",
        "其余{count}项共缺{amount}。"),
    "brief.missing": ("{amount} is missing for {use} ({whose}), {months}.", "{whose}{use}缺{amount}（{months}）。"),
    "brief.remedy": ("Instead of “{rule}”, enough is: {change}.", "{rule}：{change}即可。"),
    "brief.remedy.likely": ("Instead of “{rule}”, what may be enough: {change}.", "{rule}：可考虑{change}。"),
    "brief.status.none": ("no plan keeps every rule", "无可行方案"),
    # --- decided
    "brief.starts": ("{count} of {stated} {stated:project or work|projects and works} {count:starts|start}: {kinds}.",
        "启动项目和工程{count}项（共{stated}项）：{kinds}。"),
    "brief.starts.kind": ("{kind} {count} of {stated} ({months})", "{kind}{count}项（共{stated}项，{months}）"),
    "brief.starts.none": ("{kind} {count} of {stated}", "{kind}{count}项（共{stated}项）"),
    "brief.not_started": ("Not started, projects and works ({count}): {names}.", "未启动{count}项：{names}。"),
    "brief.not_started.households": (
        ("Not started, projects and works ({count}): {names}. {households} {households:household|households} "
        "{households:stays where it is|stay where they are}."),
        "未启动{count}项：{names}，涉及的{households}户暂不搬离。"),
    "brief.left_out": ("Taken one by one: {parts}.", "逐项看：{parts}。"),
    "brief.left_out.waits": ("{count} {count:waits|wait} for what is not started either",
        "{count}项须待同样未启动的项目"),
    "brief.left_out.rules": ("windows, crews or numbers keep {count} out", "{count}项受启动期、队伍或数量限制"),
    "brief.left_out.money": (
        "{count} {count:lacks|lack} money for {count:its|their} stages, {name} least ({lacking})",
        "{count}项缺少投资资金，{name}缺口最小（{lacking}）"),
    "brief.left_out.free": (
        ("{count} could start by the rules and pay {count:its|their} stages out of idle money; left out, "
        "{count:it counts|they count} as {delay} of delay"),
        "{count}项按规则可启动，闲置资金可支付其投资，不启动计推迟成本{delay}"),
    "brief.left_out.free.households": (
        ("{count} could start by the rules and pay {count:its|their} stages (fees and homes of {households} "
        "{households:household|households} apart) out of idle money; left out, {count:it counts|they count} as "
        "{delay} of delay"),
        "{count}项按规则可启动，闲置资金可支付其投资（未计{households}户过渡费和安置支出），不启动计推迟成本{delay}"),
    "brief.housed": (
        "{settled} of {households} {households:household|households} {settled:is|are} housed by {month}: {routes}.",
        "至{month}，{households}户中安置{settled}户：{routes}。"),
    "brief.housed.none": ("None of {households} {households:household|households} is housed by {month}.",
        "至{month}，{households}户均未安置。"),
    "brief.route.own_unit": ("{count} in their own estate ({months})", "原项目安置房{count}户（{months}）"),
    "brief.route.transfer": ("{count} by transfer ({months})", "调安{count}户（{months}）"),
    "brief.route.voucher": ("{count} by voucher ({months})", "购房凭证{count}户（{months}）"),
    "brief.route.cash": ("{count} by cash ({months})", "货币补偿{count}户（{months}）"),
    "brief.route.mixed": ("{count} by several routes ({months})", "多种方式{count}户（{months}）"),
    "brief.months": ("{first} to {last}", "{first}至{last}"),
    "brief.built": (
        ("{count} of {stated} {stated:phase|phases} with {homes} {homes:home|homes} {count:is|are} completed for "
        "{amount}: {handed}."),
        "建成交付{count}期（共{stated}期）安置房{homes}套，投入{amount}：{handed}。"),
    "brief.built.paid": (
        ("{count} of {stated} {stated:phase|phases} with {homes} {homes:home|homes} {count:is|are} completed for "
        "{amount}, paid {months}: {handed}."),
        "{months}投入{amount}，建成交付{count}期（共{stated}期）安置房{homes}套：{handed}。"),
    "brief.handed": ("{phases} in {month}", "{month}{phases}"),
    "brief.clear": (
        "From {month} on nobody is overdue, if those who still are until then are housed as planned: {households}.",
        "{month}起无超期户，以此前超期的{households}如期安置为前提。"),
    "brief.clear.never": ("Still overdue at {month}: {households}.",
        "至{month}仍超期的有{households}。"),
    "brief.of_project": ("{count} of {project}", "{project}（{count}户）"),
    "brief.cost": (
        "Transition fees come to {fees}, of which {overdue} overdue; the fiscal cost is {fiscal}, discounted.",
        "过渡费{fees}，其中超期过渡费{overdue}；财政支出{fiscal}（折现）。"),
    "brief.cost.saved": (
        ("Transition fees come to {fees}, of which {overdue} overdue, {saved} less than if everybody waited "
        "for the own "
        "estate; the fiscal cost is {fiscal}, discounted."),
        "过渡费{fees}，其中超期过渡费{overdue}，比全部等待原项目安置房节约{saved}；财政支出{fiscal}（折现）。"),
    "brief.cost.more": (
        ("Transition fees come to {fees}, of which {overdue} overdue, {saved} more than if everybody waited "
        "for the own "
        "estate; the fiscal cost is {fiscal}, discounted."),
        "过渡费{fees}，其中超期过渡费{overdue}，比全部等待原项目安置房增加{saved}；财政支出{fiscal}（折现）。"),
    "brief.proof.optimal": ("The plan reaches {objective} of {goal}; it is proven that no plan reaches less.",
        "本方案{goal}为{objective}，经证明没有更低的方案。"),
    "brief.proof.gap": (
        "The plan reaches {objective} of {goal}; it is proven that no plan reaches less than {bound} ({gap} below).",
        "本方案{goal}为{objective}，经证明任何方案不低于{bound}，差距不超过{gap}。"),
    "brief.weighted": ("weighted {goal}", "加权{goal}"),
    "brief.proof.rule": (
        "A rule ({policy}) decides, and reaches {objective} of {goal}; how far from the best is not known.",
        "本方案按规则（{policy}）决定，{goal}为{objective}，与最优方案的差距未经测算。"),
    "brief.proof.none": ("The plan reaches {objective} of {goal}; how far from the best is not proven.",
        "本方案{goal}为{objective}，与最优方案的差距未经证明。"),
    # --- table
    "brief.table": ("Money needed, {unit}, and homes", "资金需求（{unit}）与房源"),
    "brief.column.fund": ("fund", "资金"),
    "brief.column.total": ("total", "合计"),
    "brief.column.after": ("later", "期后"),
    "brief.column.quarter": ("{year} Q{quarter}", "{year}年{quarter}季度"),
    "brief.column.year": ("{year}", "{year}年"),
    "brief.column.years": ("{first}–{last}", "{first}–{last}年"),
    "brief.column.part": ("{year}-{first}–{last}", "{year}年{first}–{last}月"),
    "brief.row.other": ("other funds", "其他资金"),
    "brief.row.total": ("all funds", "资金合计"),
    "brief.row.repaid": ("of it, loans repaid", "其中偿还借款"),
    "brief.row.outside": ("missing, from elsewhere", "须另筹资金"),
    "brief.row.homes": ("homes that come", "到位房源（套）"),
    "brief.row.housed": ("households housed", "安置户数（户）"),
    # --- given up
    "brief.unbuilt": ("{phase} with {homes} {homes:home|homes}, {cost} to build, is never begun: {reasons}.",
        "{phase}（{homes}套，尚需投入{cost}）未安排建设：{reasons}。"),
    "brief.unbuilt.short": ("no more than {idle} is left that could pay it", "可用于该期的结余资金仅{idle}"),
    "brief.unbuilt.none": ("nothing is left that could pay it", "已无结余资金可用于该期"),
    "brief.unbuilt.idle": ("{idle} lies idle that could pay it", "可用于该期的闲置资金有{idle}"),
    "brief.unbuilt.saves": ("by the plan's prices its homes would save {saved} of {goal}",
        "按方案影子价格，其房源可节省{goal}{saved}"),
    "brief.unbuilt.nothing": ("by the plan's prices its homes would save no {goal}",
        "按方案影子价格，其房源不能再节省{goal}"),
    "brief.unbuilt.waiting": ("{count} {count:household|households} of its project {count:waits|wait} at the end",
        "所属项目期末待安置{count}户"),
    "brief.unbuilt.more": (
        "{count} more {count:phase|phases} with {homes} {homes:home|homes} {count:is|are} never begun.",
        "另有{count}期{homes}套未安排建设。"),
    "brief.unfinished": ("{phase} is paid {amount} for, and not completed by {last}.",
        "{phase}已安排投入{amount}，至{last}未建成。"),
    "brief.idle": ("{amount} in {fund}, {share} of what it gets, is not needed from {since} on.",
        "{fund}结余{amount}（占到位资金的{share}），自{since}起不再需要。"),
    "brief.idle.uses": (
        "{amount} in {fund}, {share} of what it gets, may only pay {uses}, and is not needed from {since} on.",
        "{fund}结余{amount}（占到位资金的{share}），只能用于{uses}，自{since}起不再需要。"),
    "brief.idle.interest": ("On it, {interest} of interest falls due each year.",
        "其中借款部分每年另计利息{interest}。"),
    "brief.undrawn": ("Of the {limit} that {fund} may borrow, {left} are not drawn.",
        "{fund}可借入{limit}，尚有{left}未动用。"),
    # --- waits
    "brief.wait.end": (
        "{count} {count:household|households} of {project} still {count:waits|wait} at {last}: {reason}.",
        "{project}至{last}仍有{count}户待安置：{reason}。"),
    "brief.wait.end.more": ("Besides, still waiting at {last}: {count} (other projects: {projects}).",
        "另有{projects}个项目至{last}共{count}户待安置。"),
    "brief.wait": ("In {month} the last of {project} are housed ({count}): {reason}.",
        "{project}最后{count}户于{month}安置：{reason}。"),
    "brief.wait.longest": (
        "Longest out are the last of {project} ({count}): {months} {months:month|months}, from {since} to {month}.",
        "过渡时间最长的为{project}最后{count}户，自{since}至{month}共{months}个月。"),
    "brief.why.phase": ("{phase} is handed over then", "{phase}届时交付"),
    "brief.why.arrival": ("homes of {source} come in then", "{source}房源届时到位"),
    "brief.why.homes": ("homes of {source} that were handed over before are left to them",
        "安排{source}此前已交付的房源"),
    "brief.why.route": ("they are settled by {route}", "采用{route}安置"),
    "brief.why.unbuilt": ("of their own estate {phases} is not built", "所属小区{phases}未建成"),
    "brief.why.given": (
        "of {homes} {homes:home|homes} of their own estate, {given} {given:goes|go} to others",
        "所属小区房源{homes}套，已安排其他住户{given}套"),
    "brief.why.none": ("there are 0 homes of their own", "所属项目房源为0套"),
    # --- breaks
    "brief.tight": (
        "Least is left in {month}: {left} in the funds for transition fees, after {paid} are paid from them.",
        "{month}资金最紧：可支付过渡费的资金当月支出{paid}后仅余{left}。"),
    "brief.tight.none": (
        "In {month} nothing is left in the funds for transition fees, after {paid} are paid from them.",
        "{month}资金最紧：可支付过渡费的资金当月支出{paid}后已无结余。"),
    "brief.late": (
        ("With {phase} {months} {months:month|months} late, {count} {count:household|households} "
        "{count:moves|move} in later, and fees rise by {fees}."),
        "{phase}延期交付{months}个月，{count}户推迟入住，过渡费增加{fees}。"),
    "brief.late.short": (
        ("With {phase} {months} {months:month|months} late, {count} {count:household|households} "
        "{count:moves|move} in later, fees rise by {fees}, and {missing} is missing from {month} on."),
        "{phase}延期交付{months}个月，{count}户推迟入住，过渡费增加{fees}，自{month}起出现资金缺口{missing}。"),
    "brief.late.short.later": (
        ("With {phase} {months} {months:month|months} late, {count} {count:household|households} "
        "{count:moves|move} in later, fees rise by {fees}, receipts of {later} come later, and {missing} is "
        "missing from {month} on."),
        ("{phase}延期交付{months}个月，{count}户推迟入住，过渡费增加{fees}，应收款{later}推迟到账，"
        "自{month}起出现资金缺口{missing}。")),
    "brief.late.all": ("all phases", "各期均"),
    "brief.future.name": ("{future}", "“{future}”情景"),
    "brief.future": ("{future} ({does})", "“{future}”情景（{does}）"),
    "brief.future.more": ("{future} ({does}, and more)", "“{future}”情景（{does}等）"),
    "brief.future.short": ("In the future {future}, even with repairs, {missing} is missing from {month} on.",
        "{future}下，采取补救措施后自{month}起仍缺{missing}。"),
    "brief.future.drawn": (
        ("In {short} of {draws} {draws:draw|draws} of the future {future}, even with repairs, {least} to {most} "
        "is missing, from {month} on at the earliest."),
        "{future}抽样{draws}次，其中{short}次采取补救措施后仍缺{least}至{most}，最早自{month}起。"),
    "brief.future.drawn.once": (
        ("In one of {draws} {draws:draw|draws} of the future {future}, even with repairs, {most} is missing from "
        "{month} on."),
        "{future}抽样{draws}次，其中1次采取补救措施后自{month}起仍缺{most}。"),
    "brief.future.late": (
        ("In {late} of {draws} {draws:draw|draws} of the future {future}, no money is missing, but a deadline or "
        "another rule is not kept."),
        "{future}抽样{draws}次，其中{late}次虽无资金缺口，但有期限或其他规则未能满足。"),
    "brief.future.holds": ("With repairs the plan holds in {futures} (draws: {draws}).",
        "{futures}共抽样{draws}次，采取补救措施后方案均能执行。"),
    # --- doubts
    "brief.doubt.advance": (
        "{amount} ({share} of all that is paid) is lent by {fund}: borrowing outside bonds (Budget Law, art. 35).",
        "{fund}借入{amount}（占总支出的{share}），属债券以外的举债（预算法第三十五条）。"),
    "brief.doubt.moves": (
        "{amount} ({share}) is moved from {fund} to {other}: lawful only if that account was raised for it.",
        "自{fund}调剂{amount}（占{share}）至{other}，须以该账户资金的筹集用途为限。"),
    "brief.doubt.owing": (
        "Up to {amount} ({share}) is left owing, most of it in {month}: a breach of the agreement with the households.",
        "欠付最多时达{amount}（{month}，占{share}），对住户构成违约。"),
    "brief.without": ("Without any of this money the plan reaches {objective} of {goal}, {more} more.",
        "全部不用上述资金时，{goal}为{objective}，多{more}。"),
    "brief.without.more": ("{more} ({share})", "{more}（{share}）"),
    "brief.without.proven": (
        ("Without any of this money the plan reaches {objective} of {goal}, {more} more; that it costs {least} at "
        "the least is proven."),
        "全部不用上述资金时，{goal}为{objective}，多{more}；经证明至少多{least}。"),
    "brief.without.nothing": ("Without any of this money the plan reaches {objective} of {goal}, no more than with it.",
        "全部不用上述资金时，{goal}为{objective}，并不增加。"),
    "brief.without.less": (
        ("Without any of this money a plan was found that reaches {objective} of {goal}, {less} less than this one: "
        "search for this one again, longer, before it is decided."),
        "全部不用上述资金时，求得方案的{goal}为{objective}，比本方案还少{less}：决策前应延长求解时间重新编制本方案。"),
    "brief.without.short": (
        "Without any of this money no plan keeps every rule; with {enough} from elsewhere one was found.",
        "全部不用上述资金则无可行方案；另筹{enough}即可。"),
    "brief.without.short.proven": (
        ("Without any of this money no plan keeps every rule: {least} from elsewhere is needed at the least, and "
        "{enough} is enough."),
        "全部不用上述资金则无可行方案：至少须另筹{least}，另筹{enough}即可。"),
    "brief.without.missing": ("Without any of this money no plan keeps every rule: {missing} is missing.",
        "全部不用上述资金则无可行方案：缺{missing}。"),
    "brief.without.none": ("Without any of this money no plan keeps every rule.", "全部不用上述资金则无可行方案。"),
    # --- signing
    "brief.sign.started": ("Projects and works that start ({count}): {names}.", "启动项目和工程{count}项：{names}。"),
    "brief.sign.routes": ("Households that choose: {routes}.", "选定安置方式的住户：{routes}。"),
    "brief.sign.route": ("{route} {count}", "{route}{count}户"),
    "brief.sign.phases": ("Building is paid for from now on: {phases}.", "开始拨付建设资金：{phases}。"),
    "brief.sign.phase": ("{phase} {amount}", "{phase}（{amount}）"),
    "brief.sign.borrowed": ("{amount} is drawn by {fund}.", "{fund}借入{amount}。"),
    "brief.sign.moved": ("{amount} is moved from {fund} to {other}.", "自{fund}调剂{amount}至{other}。"),
    "brief.sign.paid": ("{paid} is paid out in all.", "当月共支付{paid}。"),
    "brief.sign.paid.owed": ("{paid} is paid out in all, and {owed} is left owing.",
        "当月共支付{paid}，月末欠付{owed}。"),
}  # fmt: skip
