"""Rules that the tables cannot express."""

SENTENCES: dict[str, str] = {
    "{households}: {message}": "{households}：{message}",
    "check areas and amounts for a slip of units": "请核对面积和金额的单位",
    "{what} is too large to be reckoned exactly in fen": "{what}太大，无法精确到分",
    "an area × price": "面积×单价",
    "a fee of one household and month": "一户一月的过渡费",
    "a fee by {id}": "按 {id} 计的过渡费",
    "periods are paid in advance, so that the month of being housed has no multiplier for the tail": (
        "过渡费按期预付，入住当月没有可供装修过渡执行的倍数"
    ),
    "state `tail_multiplier`, such as 1": "请写 `tail_multiplier`，如 1",
    "the month of moving out does not have that day": "搬离当月没有这一天",
    "mend the date": "请改正日期",
    "a part of its fee falls due in other months, or is paid by another, than its own": (
        "过渡费的某一部分与其本身的发放时间或支付方不同"
    ),
    "let the fee policies agree in `frequency`, `period_from`, `in_advance` and `paid_by`": (
        "各部分的过渡费标准在 `frequency`、`period_from`、`in_advance`、`paid_by` 上须一致"
    ),
    "its fee has parts that are overdue in other months, so that a stated multiplier holds for none of them": (
        "过渡费各部分的超期月份不同，所写的倍数对其都不适用"
    ),
    "leave the tail at the multiplier in force": "请让装修过渡按入住时的倍数",
    "no agreed term is stated for a part of its fee": "过渡费的某一部分没有写约定过渡期",
    "add `term`": "请补上 `term`",
    "an entitlement": "应安置面积",
    "a price of homes": "房价",
    "an uplift": "加发额",
    "the advance is recovered, and no fund is named that receives it": "垫付要收回，但没有写明收回到哪项资金",
    "name a fund, or state `recovered: 0`": "请写明资金，或写 `recovered: 0`",
    "name a fund": "请写明资金",
    "{household}: two steps begin in one month": "{household}：同一个月有两档",
    "state one of them": "请只写其中一档",
    "{household} has no claim {claim!r}": "{household} 没有第“{claim}”份权益",
    "claims are numbered 1, 2, …": "权益按 1、2…… 编号",
    "{names}: no area is stated, by which the home policy {id} matches homes": (
        "{names}：没有写每套面积，安置政策 {id} 须按面积配房"
    ),
    "neither area nor entitlement is stated, and the estate {id} counts its stock in m²": (
        "没有写面积或应安置面积，而小区 {id} 按㎡计房源"
    ),
    "no persons are stated, and the estate {id} counts its stock in persons": ("没有写人口，而小区 {id} 按人计房源"),
    "add area": "请补上面积",
    "add persons": "请补上人口",
    "add area or entitlement": "请补上面积或应安置面积",
    "add persons or entitlement": "请补上人口或应安置面积",
    "add {column} or entitlement": "请补上{column}或应安置面积",
    "add {word}": "请补上{word}",
    "persons": "人口",
    "area": "面积",
    "area or entitlement": "面积或应安置面积",
    "no area is stated, which the moving fee of {id} needs": "没有写面积，而 {id} 的搬迁费须按面积计",
    "the multiplier {multiplier} is finer than thousandths": "倍数 {multiplier} 的小数超过三位",
    "round it": "请四舍五入",
    "households pay for homes, and no fund is named that receives it": "住户须缴房款，但没有写明收到哪项资金",
    "no {column} stated, which the home policy {id} needs": "没有写{column}，而安置政策 {id} 需要",
    "no persons are stated, by which the home policy {id} sets bounds": ("没有写人口，而安置政策 {id} 按人口定上下限"),
    "payments for {use} are never owed: what is not paid is not built, and loans are served": (
        "{use} 不能缓付：不付款即不建设，借款须按期偿还"
    ),
    "leave out {use}": "请去掉 {use}",
    "{use} of project {project} may be owed by {other} already": "项目 {project} 的 {use} 已可按 {other} 缓付",
    "leave one rule for each use and project": "每个项目每种用途只保留一条",
    "no deadline and no obligation (or no area to reckon it by) is stated; under fiscal_cost the cheapest plan would "
    "then leave them without a home": (
        "没有写期限，也没有写安置义务（或缺少计算所需的面积）；以 fiscal_cost 为目标时，最省的方案会不安置他们"
    ),
    "state obligation (yuan per m², building cost included) on the project, or a deadline": (
        "请在项目里写明 obligation（元/㎡，含建设成本），或设期限"
    ),
    "no {word} is stated, by which {id} is priced": "没有写{word}，而 {id} 按此计价",
    "instalments in yuan leave no room for another price, or one by month": (
        "分期已写明金额（元），不能再写单价或分月单价"
    ),
    "state shares, such as 30%": "请改写比例，如 30%",
    "the category {category} mixes lump sums with monthly uplifts, so that none is the highest": (
        "类别 {category} 混用了一次性补助和按月加发，无法取高"
    ),
    "give the lump sums a category of their own": "请将一次性补助单列类别",
    "the plan is infeasible: there is nothing to plot; summary() tells what is short": (
        "方案不可行，没有可绘的图；summary() 说明缺口"
    ),
    "nothing of this scenario is left to start": "基础数据中没有可启动的项目或工程",
    "there are no prices above zero: a rule decided this plan, or nothing is scarce": (
        "没有大于零的价格：方案由规则决定，或没有稀缺资源"
    ),
    "no run that is in order has a proven bound: compare with perfect=True": (
        "没有“达标且有下界”的测算：请以 perfect=True 比较"
    ),
}
