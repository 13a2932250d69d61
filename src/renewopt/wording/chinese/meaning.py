"""What a scenario means: references, dates, sums and amounts that cannot be right, or are unlikely to be."""

SENTENCES: dict[str, str] = {
    # --- currency and words of the place
    "{text!r} is no word; letters, spaces, hyphens and apostrophes were expected": (
        "“{text}”不是用词；应由文字、空格、连字符和撇号组成"
    ),
    "{text!r} is no sign of a currency, such as £ or Rs": "“{text}”不是货币符号，应如 £、Rs",
    "term": "术语",
    "{text!r} is no code of a currency; three capital letters were expected": "“{text}”不是货币代码；应为三个大写字母",
    "{number} {number:digit|digits}: accounts are kept in hundredths, so that it is 2, or 0": (
        "小数位数 {number}：账目精确到百分之一，只能为 2 或 0"
    ),
    "state `name`: what amounts are in, such as pounds": "请写明 `name`：金额的货币，如 pounds",
    "state `one`, the word in English, or `chinese`": "请写明英文用词 `one`，或中文用词 `chinese`",
    # --- references
    "there is no {kind} {text!r}": "没有名为“{text}”的{kind}",
    "the {what} {text!r} stands on line {line} already": "{what} “{text}”在第 {line} 行已出现",
    "give each its own": "每项须各不相同",
    "the {what} {value!r} stands twice": "{what}“{value}”出现两次",
    "developer": "开发企业",
    "household": "住户",
    "person": "人",
    "group": "群体",
    "stock": "房源",
    "unit type": "户型",
    "unit type of this estate": "本小区户型",
    "tag of an estate or a home": "小区或户型标签",
    "household of the group": "该群体的住户",
    "neither `types` nor `tags` says which homes are wished for": "`types` 和 `tags` 都没有写希望选用的房源",
    "neither `only` nor `disutility` is stated, so that the wish has no effect": (
        "`only` 和 `disutility` 都没有写，意向不起作用"
    ),
    "add `only: true`, or a `disutility`": "请补上 `only: true` 或 `disutility`",
    "other homes are not offered, so that their disutility has no effect": "其他房源不提供，不满意度不起作用",
    "delete one of the two keys": "请删除其中一个键",
    "no disutility counts in the objective, so that the wish has no effect": "目标未计入不满意度，意向不起作用",
    "state `objective.disutility_weight`, or a tier of `disutility`": (
        "请填写 `objective.disutility_weight`，或增加 `disutility` 优先目标"
    ),
    "the spread of mean waits is one between projects, and no two of them count here": (
        "平均等待之差是项目之间的差，此处计入的项目不足两个"
    ),
    "name at least two projects, or minimise `longest_wait`": "请至少填写两个项目，或改用 `longest_wait`",
    "group of an uplift": "加发群体",
    "household with the tag": "住户标签",
    # --- months
    "the plan would end in {end}, after {year}": "规划将到{end:月}结束，超过 {year} 年",
    "plan fewer months": "请减少规划月数",
    "{month} lies before the start {start} and is not counted": "{month:月}早于起始月{start:月}，不计入",
    "{month} lies before the start {start}": "{month:月}早于起始月{start:月}",
    "{month} lies after the last month {end}": "{month:月}晚于最后一个月{end:月}",
    "{month} lies after the last month {end}: no one has to be housed by it within the plan": (
        "{month:月}晚于最后一个月{end:月}：规划期内对安置没有约束"
    ),
    "it lies after the last month {end}: no one has to be housed by it within the plan": (
        "晚于最后一个月{end:月}：规划期内对安置没有约束"
    ),
    "write a later month, or delete the key": "请改为较晚的月份，或删除该键",
    "plan more months, or check the year": "请增加规划月数，或核对年份",
    "put it into `on_hand`": "请计入 `on_hand`（现房）",
    "put it into `opening`": "请计入 `opening`（期初余额）",
    "{span} and {other} overlap; each month has one limit": "{span:月}与{other:月}重叠；每月只有一个限额",
    "let one end before the other begins": "一段结束后再开始另一段",
    "no month of {span} is planned ({start} to {end})": "{span:月}不在规划期内（{start:月}至{end:月}）",
    "it ends in {until}, before it begins in {since}": "结束月{until:月}早于开始月{since:月}",
    "exchange the two": "请对调两者",
    "it ends in {until}, before the start {start}": "{until:月}结束，早于起始月{start:月}",
    "it begins in {since}, after the last month {end}": "{since:月}开始，晚于最后一个月{end:月}",
    "check the year": "请核对年份",
    # --- amounts
    "{amount:,f} yuan": "{amount:,f} 元",
    "{amount} is unusual for {what} ({low:,} to {high:,} is usual)": (
        "{what}为 {amount}，不合常情（通常在 {low:,} 至 {high:,} 元之间）"
    ),
    "{amount} is unusual for a fee a month by {basis} ({lowest} to {highest} is usual)": (
        "按{basis}计的月过渡费为 {amount}，不合常情（通常在 {lowest} 至 {highest} 元之间）"
    ),
    "rates are yuan a month; check basis and unit": "标准以元/月计；请核对计费依据和单位",
    "if {amount:f} 万元 was meant, write {amount:f}万元": "如果是 {amount:f} 万元，请写 {amount:f}万元",
    "check whether 元 was meant where 万元 or 亿元 stands": "请核对是否把元写成了万元或亿元",
    "a price of a m²": "每平方米单价",
    "an obligation by m²": "每平方米安置义务",
    "the opening balance of a fund": "资金期初余额",
    "a limit of a fund": "资金限额",
    "the limit of a loan": "借款限额",
    "a loan": "借款",
    "arrears": "欠付款",
    "a commitment": "既定支出",
    "a developer's debt": "开发企业欠款",
    "the cost of a phase": "分期建设成本",
    "the inflow of a fund": "资金到位额",
    "{amount:,.0f} yuan by {by}, but only {due:,.0f} fall due until then": (
        "到{by:月}要冲抵 {amount:,.0f} 元，但届时到期的只有 {due:,.0f} 元"
    ),
    "lower it, or check the debts": "请调低，或核对欠款",
    # --- money
    "what a fund carries over": "资金结转上限",
    "a limit of what is carried over, but the fund always carries everything over": "余额总是全部结转，结转上限无意义",
    "add `carry_over: year` or `month`, or delete the key": "请补上 `carry_over: year` 或 `month`，或删除此项",
    "`valid_months` and `valid_years` both say for how long money is valid": "`valid_months` 与 `valid_years` 重复",
    "neither `monthly` nor `by_month` states an amount": "`monthly` 和 `by_month` 都没有写金额",
    "add one of them, or delete the entry": "请补上其中之一，或删除此项",
    "no fund may pay for {use!r}, which `{section}` needs": "`{section}` 需要支付“{use}”，但没有资金可用于此",
    "add {use} to a fund's uses": "请在某项资金的 uses 里加上 {use}",
    "{grace} {grace:month|months} of grace, but the loan ends after {term}": (
        "宽限 {grace} 个月，但借款 {term} 个月后到期"
    ),
    "make it less than `term`": "请小于 `term`",
    "{grace} {grace:month|months} of grace, but the loan ends after {months_left}": (
        "宽限 {grace} 个月，但借款 {months_left} 个月后到期"
    ),
    "make it less than `months_left`": "请小于 `months_left`",
    "money cannot be moved from {source!r} to itself": "资金“{source}”不能调给自己",
    "a share of 0 permits no owing": "比例为 0 即不允许缓付",
    "delete the permission": "请删除此项",
    # --- fee curves and fee policies
    "the curve has a step in this month already": "费用曲线在这个月已有一档",
    "steps must rise: {two} follows {one}": "各档须递增：{one} 之后是 {two}",
    "sort the steps and keep one of two alike": "请排序，相同的只保留一档",
    "×{multiplier} is less than the ordinary fee": "×{multiplier} 低于正常过渡费",
    "write 1.5 for 50 % more": "上浮 50% 请写 1.5",
    "only the first step may leave `from` out": "只有第一档可以不写 `from`",
    "add `from: YYYY-MM`": "请补上 `from: YYYY-MM`",
    "rate steps must be in order of time": "标准各档须按时间先后排列",
    "sort them": "请排序",
    "the fee of the first month is by day, and no day of moving out is stated": "搬离当月按天计算，但没有写搬离日",
    "write a date into `moved_out`, such as 2024-06-15, or add `moved_out_day`": (
        "请在 `moved_out` 中写日期，如 2024-06-15，或补上 `moved_out_day`"
    ),
    "a day of moving out without its month": "写了搬离日，但没有写搬离月份",
    "add `moved_out`": "请补上 `moved_out`",
    "it does not say in which month the rate rises first": "没有写费率首次增长的月份",
    "add `from: YYYY-MM`, or `clock: moving_out`": "请补上 `from: YYYY-MM`，或写 `clock: moving_out`",
    "rises are counted from moving out, and a month of the first is stated": "增长自搬离起算，却写了首次增长的月份",
    "delete it, or write `clock: calendar`": "请删去，或写 `clock: calendar`",
    "it may not grow beyond {most}, and {rate} is stated": "增长上限为 {most}，而已写的费率为 {rate}",
    "state the highest rate that it may reach": "请写费率最高可达的数额",
    "{amount} is to grow, and is not stated": "{amount} 要增长，但没有写数额",
    "state it, or leave it out": "请写明数额，或不列此项",
    "no fee policy is stated for this part, nor for its household": "该部分及其住户都没有写过渡费标准",
    "the fee of this household is given directly, so that no part can be added to it": (
        "该住户的过渡费已直接给出，不能再加其他部分"
    ),
    "add it in `fee_curves`": "请加入 `fee_curves`",
    "it ends before it moves out": "终止月份早于搬离月份",
    "check both months": "请核对两个月份",
    "its households may be settled one by one, so that they cannot be kept together with others": (
        "本行各户可分开安置，无从与亲属同住"
    ),
    "give each household a row of its own, or set `indivisible`": "请逐户填写，或设 `indivisible`",
    "no other household is related by the word {word!r}, so that it has no effect": (
        "没有其他住户使用组名 {word!r}，此项不起作用"
    ),
    "check the spelling, or empty the cell": "请核对字样，或清空单元格",
    (
        "{count} {count:home|homes} {count:is|are} due to those related by the word {word!r}; {most} or fewer "
        "were expected"
    ): ("组名 {word!r} 的住户共应安置 {count} 套；最多 {most} 套"),
    "make several groups of them, or a row that is kept together (`indivisible`)": (
        "请分成几组，或作为整体安置的一行（`indivisible`）"
    ),
    "it cannot be split from itself": "不能由自身分出",
    "name the household that there was before": "请写分户前的住户",
    "that household was split from another itself": "该户本身由另一户分出",
    "name the one that there was first": "请写最初的住户",
    "fees are paid monthly, so that it has no effect": "过渡费按月发放，此项不起作用",
    "state a `frequency`, or delete it": "请写 `frequency`，或删去此项",
    "no route is paid a moving fee": "没有任何安置方式支付搬迁费",
    "name those that are, such as `own_unit: 2`": "请写明支付的方式，如 `own_unit: 2`",
    "an uplift states percent, monthly or once": "加发须写 percent、monthly 或 once",
    "add one of them": "请补上其中之一",
    "there are several fee policies; the project does not say which one holds": (
        "有多项过渡费标准，但项目没有写明适用哪一项"
    ),
    "add `fee_policy:` with one of {known}": "请补上 `fee_policy:`，可填：{known}",
    # --- home policies, estates, programmes
    "from {persons_from} to {persons_to} {persons_to:person|persons} is no span": (
        "{persons_from} 至 {persons_to} 人不成区间"
    ),
    "the maximum {most} is below the minimum {least}": "上限 {most} 低于下限 {least}",
    "two bounds hold for {begin} {begin:person|persons}": "{begin} 人户有两条标准",
    "let the spans not overlap": "区间不要重叠",
    "only the last price band may be without end": "只有最后一档价格可以不设上限",
    "add `up_to`, or sort the bands": "请补上 `up_to`，或排序",
    "bands must rise: {up_to} m² follows {before} m²": "各档须递增：{before} ㎡ 之后是 {up_to} ㎡",
    "sort the bands": "请排序",
    "no project may be settled in this estate": "没有项目可以安置到这个小区",
    "state `projects` or `open_to`": "请写明 `projects` 或 `open_to`",
    "there is never a home of type {type!r}": "户型“{type}”始终没有房源",
    "state `on_hand`, `arrivals` or a phase that delivers it": "请写明 `on_hand`、`arrivals`，或由某一期交付",
    "no home policy holds for it, so that no home costs it anything": "没有适用的安置政策，选房无须缴款",
    "state `home_policy`, or empty the cell": "请写 `home_policy`，或清空此格",
    "nothing says how much the households consent to pay": "没有写住户同意缴多少",
    "add `pays_up_to`, here or in the home policy": "请在此或在安置政策中写 `pays_up_to`",
    "without `round_up` every home is offered up to `maximum_above`: this has no effect": (
        "不就近上靠时，`maximum_above` 以内的房源均可选，此项无效"
    ),
    "state `maximum_above` instead": "请改写 `maximum_above`",
    "no household is expected to use this right: it is theirs, not the office's": (
        "预计没有住户行使此改选权：改选由住户决定，不由办公室安排"
    ),
    "state `switch_share`, the share of its holders that switch (0 if nobody does)": (
        "请写 `switch_share`，即有此权的住户中改选的比例（无人改选则写 0）"
    ),
    "the area of a home is needed where entitlements are matched": "按应安置面积配房时，需要每套面积",
    "add `area: 90`": "请补上，如 `area: 90`",
    "a phase that is wholly paid and built is stock": "已付清建成的一期属于现房",
    "put its homes into `on_hand`": "请把房源计入 `on_hand`",
    "nothing may be spent, so that the phase is never built": "每月限额为 0，这一期永远无法建成",
    "delete the key for no limit": "不限额请删除该键",
    "valid for {valid} {valid:month|months}, but housed only after {housed_after}": (
        "有效期 {valid} 个月，但 {housed_after} 个月后才入住"
    ),
    "make it at least `housed_after`": "请不小于 `housed_after`",
    "the shares of the instalments add up to {total:.6g}, 1 was expected": "各期付款比例合计 {total:.6g}，应为 1",
    "mend the shares (30 / 30 / 40 % is 0.3, 0.3, 0.4)": "请改正比例（30 / 30 / 40 % 即 0.3、0.3、0.4）",
    "a bonus until month {last}, but it may be chosen in {months} {months:month|months}": (
        "奖励到第 {last} 个月，但只能在 {months} 个月内选择"
    ),
    "check both": "请核对两者",
    # --- households and quotes
    "no month of moving out is stated, for the household or its project": "住户及其项目都没有写搬离月份",
    "add it here or to the project": "请在此处或项目里补上",
    "it lies after the last month planned": "晚于规划的最后一个月",
    "more than 50 years before the start": "早于起始月 50 年以上",
    "no area, but the fee is by area": "没有面积，但过渡费按面积计",
    "add the area in m²": "请补上面积（㎡）",
    "no number of persons, but the fee is by person": "没有人口，但过渡费按人口计",
    "the fee policy states terms by class, and neither the household nor its project names one of them": (
        "过渡费标准按类别规定期限，但住户及其项目都没有写明类别"
    ),
    "add `term` or `term_class`": "请补上 `term` 或 `term_class`",
    "a part was delivered, but not how many m²": "已部分交付，但没有写多少㎡",
    "a part was delivered, but not when": "已部分交付，但没有写何时",
    "add the month": "请补上月份",
    "more m² delivered than given up": "已交付面积超过被征收面积",
    "it lies before the start {start}": "早于起始月{start:月}",
    "check it": "请核对",
    "no household belongs to this project": "这个项目没有住户",
    "check ids in `households`": "请核对 `households` 里的项目编号",
    "fiscal_cost needs what a household without a choice costs (else the cheapest plan settles nobody)": (
        "以 fiscal_cost 为目标时，须写明未安置户的成本（否则最省的方案是谁也不安置）"
    ),
    "state `obligation` (yuan/m²) and areas on the project, or give a deadline": (
        "请在项目里写明 `obligation`（元/㎡）和面积，或设期限"
    ),
    "both a price and prices by month are stated": "单价和分月单价都写了",
    "empty one of the two": "请清空其中一个",
    "no price is stated": "没有写价格",
    "add it (0 if it is free)": "请补上（无偿写 0）",
    "it ends before it begins": "结束早于开始",
    "exchange first and last": "请对调 first 和 last",
    "the shares add up to {total:.6g}, 1 was expected": "比例合计 {total:.6g}，应为 1",
    "write amounts in yuan: 100;100;50": "请写以元计的金额：100;100;50",
    # --- futures
    "a {distribution} distribution needs {keys}": "{distribution} 分布须写 {keys}",
    "low {low} is above high {high}": "下限 low {low} 高于上限 high {high}",
    "mode {mode} is not between low and high": "众数 mode {mode} 不在 low 和 high 之间",
    "{weights} {weights:weight|weights} for {values} {values:value|values}": "{weights} 个权重对 {values} 个值",
    "the weights add up to nothing": "权重合计为 0",
    "the mean of a lognormal distribution is above 0": "对数正态分布的均值须大于 0",
    # --- without effect
    "nothing names this {kind}: it has no effect": "没有任何一处用到此{kind}，不起作用",
    "name it where it is to act, or delete it": "请在适用之处写明，或删除",
    "the first rate of its fee policy begins later than its fees: the months until then are free": (
        "过渡费标准的第一档晚于开始计费的月份：此前各月没有过渡费"
    ),
    "state the rate that held before, without `from`": "请补上此前的标准，不写 `from`",
    "the variant adds {name!r}": "该情形新增“{name}”",
}
