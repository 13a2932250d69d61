"""Contracts, what happened, and the plan that is made anew: what is refused of them, and the command."""

SENTENCES: dict[str, str] = {
    # --- starts that have happened
    "neither a project nor a work is named": "未填项目或工程",
    "{name} has started twice, in {first} and in {second}": "{name} 启动了两次：{first:月}和{second:月}",
    # --- few changes of what was announced
    "nothing was announced for this month or later: there is nothing to change": (
        "该月及以后没有已公布的安排，无从减少变更"
    ),
    "fewest_changes {place}: expected a place among the strict goals, 1 to {most}": (
        "fewest_changes {place}：应为在优先目标中的次序，1 至 {most}"
    ),
    "fewest_changes {value!r}: expected a place among the strict goals, from 1 on": (
        "fewest_changes {value!r}：应为在优先目标中的次序，自 1 起"
    ),
    (
        "As few households as can be get something else than was announced: a strict goal at this place among "
        "those of the scenario, 1 before all."
    ): "使须另行通知的住户尽量少：作为优先目标，排在基础数据各优先目标中的这一位，1 为最先。",
    # --- signed contracts
    "not before {first}, and not after {last}": "不早于{first:月}，又不晚于{last:月}",
    "keep the one that holds": "请只保留有效的一行",
    "a contract is of a household or of a phase": "合同属于住户或建设分期",
    "fill in one of the two": "请填写其中一项",
    "unknown phase {name!r}": "没有分期“{name}”",
    "a phase has neither route nor pool": "建设分期没有安置方式和房源",
    "empty both cells": "请清空这两格",
    "there is no {pool!r}": "没有“{pool}”",
    "nothing is pinned": "没有约定任何内容",
    "state route, pool or months, or delete the row": "请填写安置方式、房源或月份，或删除该行",
    "a month, and a month before or after which not": "既填了月份，又填了不早于或不晚于",
    "state one of the two": "请只填一种",
    "mend one of the two months": "请更正其中一个月份",
    "{month} lies outside of the months planned, {start} to {end}": "{month:月}不在规划期{start:月}至{end:月}之内",
    "{name} has no month left that line {line} leaves it, too": "{name} 没有与第 {line} 行相容的月份",
    "{name} is pinned to {this}, on line {line} to {that}": "{name} 约定为 {this}，而第 {line} 行约定为 {that}",
    "{household} has signed for {signed} in {first} to {last}, but there is no such offer for it then": (
        "{household} 已签约 {signed}（{first:月}至{last:月}），但届时没有这样的安置选项"
    ),
    "a choice": "选定",
    "its offers: {names}": "安置选项：{names}",
    "it has no offers at all": "该户没有任何安置选项",
    "by its contract it is housed after its deadline": "按合同入住时已超过其期限",
    "mend the contract, or the deadline": "请更正合同或期限",
    "phase {phase} cannot be handed over within the plan": "分期 {phase} 在规划期内无法交付",
    "phase {phase} can be handed over in {month} at the earliest, its contract says by {last}": (
        "分期 {phase} 最早{month:月}交付，而合同约定不晚于{last:月}"
    ),
    "mend the contract, or `earliest`, `handover_lag`, `monthly_limit`": (
        "请更正合同，或 `earliest`、`handover_lag`、`monthly_limit`"
    ),
    "contracts take {wanted:g} of {pool} by {month}, and there are {there:g} at the most: {names}": (
        "到{month:月}合同共占用 {pool} {wanted:g}，而最多只有 {there:g}：{names}"
    ),
    "mend contracts, or the stock of the estate": "请更正合同或小区存量",
    "contracts take {wanted} {wanted:choice|choices} in {when}; {limit} allows {cap}": (
        "合同在 {when} 共有 {wanted} 户选定，而 {limit} 只允许 {cap} 户"
    ),
    "all months": "全部月份",
    "mend contracts, or the limit": "请更正合同或限额",
    # --- what happened
    "{household} has no offer {route} {pool}": "{household} 没有安置选项 {route} {pool}",
    "{household} could not choose {pool} in {month} by the scenario": (
        "按基础数据，{household} 在{month:月}不能选定 {pool}"
    ),
    "{count} {count:offer|offers} {count:fits|fit}": "有 {count} 个安置选项相符",
    "{month} lies before the start": "{month:月}早于起始月份",
    "no phase is named": "未填写分期",
    "fill in the cell": "请填写",
    "no fund is named": "未填写资金",
    "no amount is stated": "未填写金额",
    "check the month, or mend the scenario": "请核对月份，或更正基础数据",
    "name the pool, as allocation.csv does": "请按 allocation.csv 填写房源",
    "mend the month, or delete the row": "请更正月份，或删除该行",
    "no household is named": "未填写住户",
    "which part has chosen?": "是哪一部分选定？",
    "neither a use nor a phase is named": "用途和分期均未填写",
    "which phase was paid for?": "支付的是哪一分期？",
    "tell what else came in, was paid or chosen, or mend the scenario": "请补充其他到账、支付或选定，或更正基础数据",
    "what is told to have happened breaks a rule: {found}": "所填实际情况违反规则：{found}",
    "{amount:,.2f} yuan are missing for {need} in {month}, by what is told to have happened": (
        "按所填实际情况，{month:月}的 {need} 缺 {amount:,.2f} 元"
    ),
    "phase {phase} was paid {amount:,.2f} yuan in {month}, but the fund did not have it then": (
        "{month:月}为分期 {phase} 支付 {amount:,.2f} 元，但当时资金不足"
    ),
    "fund {fund} would have closed {month} with {amount:,.2f} yuan less than nothing, by what is told": (
        "按所填实际情况，资金 {fund} 在{month:月}末将透支 {amount:,.2f} 元"
    ),
    # --- arguments
    "there is no plan to go on from: it is infeasible, or holds no decisions": (
        "没有可以接续的方案：该方案不可行，或没有决策记录"
    ),
    "promise_price {value}: expected yuan from 0 to {most:,.0f}": "promise_price {value}：应为 0 至 {most:,.0f} 元",
    "what happened since belongs into the table of what happened; a new scenario is planned with renewopt plan": (
        "此后发生的情况应填入实际进展表；基础数据有变请用 renewopt plan 另行编制方案"
    ),
    "month {month}: expected the first month that is not over, {first} to {last}": (
        "month {month}：应为尚未结束的第一个月份，{first} 至 {last}"
    ),
    "a price of promises and a strict goal of disutility do not go together": (
        "变更已公布安排的计价不能与不满意度的优先目标同用"
    ),
    # --- the command
    "Freeze what happened to the plan in DIR, and plan the rest anew.": (
        "固定 DIR 中方案已发生的部分，重新安排其余部分。"
    ),
    "FILE says who has chosen, what was handed over, paid and received, and what is expected now; DIR has it filled in "
    "as planned (actuals.csv). Of choices, handovers and construction it tells all or nothing.": (
        "FILE 填写谁已选定、已交付、已支付、已到账及目前的预计；DIR 中有按方案填好的样表（actuals.csv）。"
        "选定、交付、建设支付三类各自要么全部填写，要么都不填。"
    ),
    "With nothing new the plan stays as it is.": "没有新情况时方案保持不变。",
    "What happened, CSV or workbook; default: the scenario's table `actuals`.": (
        "实际进展，CSV 或工作簿；默认：基础数据的 `actuals` 表。"
    ),
    "First month that is not over.": "尚未结束的第一个月份。",
    "What a change of what was announced to a household counts as; default: nothing.": (
        "每变更一户已公布的安排计多少元；默认：不计。"
    ),
    "Proven gap (a fraction); default: that of the plan.": "求解差距（小数）；默认：与原方案相同。",
    "Seconds; default: those of the plan.": "秒数；默认：与原方案相同。",
    "Put the plan in the place of one that lies there, unchanged.": "替换该处未经改动的方案。",
    "September is planned anew; all before it is as the workbook says": "自九月起重新安排；此前以工作簿为准",
    "whoever gets something else than was announced, or in another month, counts as 5,000 yuan": (
        "凡改变已公布的方式、房源或月份，每户计 5,000 元"
    ),
}
