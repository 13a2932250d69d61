"""Words of a scenario's workbook in Chinese: sheets, headers, what each column means, and the words for fixed choices.

English words are the keys and descriptions of the models themselves (`renewopt.scenario.models`, `table_specs`); a test
holds this table to them, so that no column is without its Chinese.
"""

from __future__ import annotations

from typing import Any, cast

from renewopt.scenario.table_specs import TABLES
from renewopt.scenario.workbook.layout import GUIDE, MORE, SETTINGS, Column, Sheet
from renewopt.wording import Language, Wording

__all__ = [
    "CHOICES",
    "NOTES",
    "SHEETS",
    "Both",
    "choice_word",
    "header",
    "meaning",
    "note",
    "parent_header",
    "said_choice",
    "sheet_title",
    "sheet_words",
]

SHEETS: dict[str, tuple[str, str]] = {
    GUIDE: ("填表说明", "各表用途与填法"),
    SETTINGS: ("总体设置", "片区名称、规划期与目标"),
    "projects": ("项目", "征收项目"),
    "households": ("住户", "被征收户；情况相同的可合为一行并填户数"),
    "fee_policies": ("过渡费标准", "过渡费如何计算"),
    "fee_rates": ("费率调整", "费率随日期调整时，一行一次；此时过渡费标准表的费率留空"),
    "overdue_steps": ("超期倍数", "超期后的倍数，一行一档"),
    "turnover_steps": ("周转房倍数", "周转房住户超期后的倍数，一行一档"),
    "uplifts": ("困难加发", "特殊群体的加发；同一类别只取最高"),
    "home_policies": ("安置政策", "应安置面积与差价如何计算"),
    "area_bounds": ("面积限额", "按家庭人口规定的应安置面积上下限"),
    "price_bands": ("超面积价格", "超出应安置面积部分的价格，一行一段"),
    "estates": ("安置小区", "安置房小区"),
    "units": ("户型房源", "各小区各户型的现房与将交付房源"),
    "phases": ("建设分期", "在建或拟建的分期；余款付清后整期交付"),
    "vouchers": ("购房凭证", "购房凭证（房票）办法"),
    "voucher_bonus": ("购房凭证奖励", "按启动后月份递减的奖励，一行一档"),
    "voucher_instalments": ("购房凭证兑付", "向开发企业分期兑付，各期比例合计为100%；不填为一次付清"),
    "voucher_developers": ("购房凭证房企", "可用购房凭证购房的开发企业；不填为不限"),
    "cash": ("货币补偿", "货币补偿办法"),
    "cash_bonus": ("货币补偿奖励", "按启动后月份递减的奖励，一行一档"),
    "cash_instalments": ("货币补偿分期", "分期支付，各期比例合计为100%；不填为一次付清"),
    "developers": ("开发企业", "开发企业：供购房凭证选购的房源、欠政府的款项"),
    "debts": ("企业欠款", "开发企业欠政府的款项，可用于冲抵（化债）"),
    "offset_targets": ("化债目标", "到某月为止须冲抵的金额"),
    "switch_rights": ("改选权", "超期若干月后可改选的安置方式"),
    "funds": ("资金", "资金来源及其限制"),
    "inflows": ("资金到位", "每月固定到位的资金，一行一段"),
    "inflow_months": ("资金按月到位", "某月到位的资金，一行一个月"),
    "moves": ("资金调剂", "允许在两项资金之间调剂"),
    "opening_loans": ("存量贷款", "起始前已借入的贷款"),
    "owing": ("允许欠付", "可以延后支付的款项（欠资）"),
    "arrears": ("期初欠付", "起始时已欠付的款项"),
    "commitments": ("既定支出", "与安置争用资金的既定支出"),
    "commitment_months": ("支出按月", "某月的既定支出，一行一个月"),
    "throughput": ("办理限额", "每月最多办理的户数"),
    "tiers": ("优先目标", "严格先于总目标的目标，按行的顺序"),
    "quotes": ("直接报价", "直接给出的安置方案；用于规则表达不了的情形"),
    "fee_curves": ("直接费用", "直接给出的过渡费；有此行的住户不再按标准计算"),
    MORE: ("其他", "其余各项，一行一项：路径与值"),
}
"""Sheet to its Chinese name and what it holds."""

_PREFIXES = {
    "objective": "",
    "paid_by": "代付",
    "moving_fee": "搬迁费",
    "release": "按进度拨付",
    "borrow": "借款",
    "homes": "房源",
}
"""Keys above a nested one."""

PARENTS = {
    "project": "项目",
    "fee_policy": "过渡费标准",
    "home_policy": "安置政策",
    "estate": "安置小区",
    "voucher": "购房凭证",
    "cash": "货币补偿",
    "developer": "开发企业",
    "fund": "资金",
    "commitment": "既定支出",
}
"""Headers of the columns that name what a row belongs to; in `voucher_developers` the voucher comes first."""

NOTES: dict[tuple[str, str], tuple[str, str]] = {
    ("", "id"): ("编号", "自定的编号或名称，其他表用它引用"),
    ("", "name"): ("名称", "与编号一同显示"),
    ("Scenario", "name"): ("片区名称", "显示在报告中"),
    ("Scenario", "start"): ("起始月份", "开始决策的月份，如 2024-06"),
    ("Scenario", "months"): ("规划月数", "在多少个月内作决策"),
    ("ObjectiveChoice", "minimise"): ("目标", "使哪一项最少；另一项同样列出"),
    ("ObjectiveChoice", "after_horizon_months"): ("期后计费月数", "期末仍未选定的住户，期后多少个月的过渡费计入目标"),
    ("ObjectiveChoice", "discount_rate"): ("年折现率", "用于财政支出"),
    ("ObjectiveChoice", "offset_value"): ("化债折算", "冲抵一元欠款计为多少元支出；用于财政支出"),
    ("ObjectiveChoice", "shortfall_penalty"): ("缺口计价", "缺一元资金计为多少元"),
    ("ObjectiveChoice", "disutility_weight"): ("不满意度计价", "一个单位的不满意度计为多少元"),
    ("ObjectiveChoice", "reserve_months"): ("预留月数", "可付过渡费的资金，月末余额不低于当月过渡费的多少倍"),
    ("ObjectiveChoice", "no_overdue_from"): ("无超期起始月", "自该月起不得有超期户"),
    ("Project", "fee_policy"): ("过渡费标准", "不填：唯一的那一项"),
    ("Project", "home_policy"): ("安置政策", "不填：可选任何可接受的户型，不计差价"),
    ("Project", "moved_out"): ("搬离月份", "住户搬离的月份，过渡费自该月起算"),
    ("Project", "term"): ("约定过渡期（月）", "约定的过渡月数"),
    ("Project", "term_class"): ("期限类别", "过渡费标准中期限的类别，如 多层"),
    ("Project", "routes"): ("安置方式", "住户可接受的安置方式；不填：全部"),
    ("Project", "weight"): ("权重", "紧急程度：过渡费按此倍数计入目标"),
    ("Project", "deadline"): ("截止月份", "全部住户须在该月前入住"),
    ("Project", "obligation"): ("安置义务（元/㎡）", "未选定的住户今后仍须支出的成本"),
    ("SwitchRight", "after_overdue"): ("超期月数", "已超期多少个月"),
    ("SwitchRight", "routes"): ("安置方式", "届时开放的安置方式"),
    ("FeePolicy", "basis"): ("计费依据", "费率乘以面积、人口或户"),
    ("FeePolicy", "rate"): ("费率（元/月）", "每月每㎡、每人或每户多少元；随日期调整的填在费率调整表"),
    ("FeePolicy", "household_minimum"): ("每户最低（元/月）", "过渡费不低于此数"),
    ("FeePolicy", "area_floor"): ("最低计费面积（㎡）", "首套交付前至少按此面积计"),
    ("FeePolicy", "term"): ("约定过渡期（月）", "月数；或按类别：多层:24;高层:36"),
    ("FeePolicy", "tail"): ("装修过渡（月）", "入住后继续发放的月数；或按安置方式：原项目安置房:3;购房凭证:6"),
    ("FeePolicy", "tail_multiplier"): ("装修期倍数", "装修过渡期的倍数；按入住时：入住时执行的倍数"),
    ("FeePolicy", "frequency"): ("发放周期", "按月计算，何时发放"),
    ("FeePayer", "developer"): ("企业", "由哪家开发企业支付（企业类项目）；不填：政府支付"),
    ("FeePayer", "advance"): ("垫付比例", "到期时由政府垫付的比例"),
    ("FeePayer", "recovered"): ("收回比例", "垫付款以后收回的比例"),
    ("FeePayer", "after"): ("收回月数", "垫付后多少个月收回"),
    ("FeePayer", "into"): ("收回资金", "收回款项进入哪项资金"),
    ("MovingFee", "per_m2"): ("每㎡（元）", "入住时支付，按面积"),
    ("MovingFee", "per_household"): ("每户（元）", "入住时支付，按户"),
    ("MovingFee", "minimum"): ("最低（元）", "至少多少元"),
    ("MovingFee", "times"): ("次数", "支付几次：搬出与搬入共2次"),
    ("RateStep", "from"): ("起始月份", "自该月起执行；第一行可不填"),
    ("RateStep", "yuan"): ("费率（元/月）", "每月每㎡、每人或每户多少元"),
    ("OverdueStep", "after"): ("超期满（月）", "超期满多少个月后执行；0：自超期第一个月起"),
    ("OverdueStep", "multiplier"): ("倍数", "正常过渡费的倍数"),
    ("Uplift", "group"): ("群体", "与住户表的群体一致"),
    ("Uplift", "category"): ("类别", "同一类别不叠加"),
    ("Uplift", "percent"): ("加发比例", "月过渡费加发的比例"),
    ("Uplift", "monthly"): ("每月加发（元）", "每月加发的金额，同样乘以倍数"),
    ("Uplift", "once"): ("一次性（元）", "安置时一次支付"),
    ("HomePolicy", "basis"): ("计算依据", "按被征收面积或人口"),
    ("HomePolicy", "per_basis"): ("每单位应安置（㎡）", "每㎡被征收面积或每人应安置多少㎡"),
    ("HomePolicy", "max_homes"): ("最多套数", "一个方案最多几套：2 为可选两套"),
    ("HomePolicy", "round_up"): ("就近上靠", "选用达到应安置面积的最小户型或组合"),
    ("HomePolicy", "within_price"): ("限内价格（元/㎡）", "应安置面积以内住户支付的价格"),
    ("HomePolicy", "maximum_above"): ("最多超出（㎡）", "超出应安置面积的上限"),
    ("HomePolicy", "refund"): ("退差（元/㎡）", "不足应安置面积部分退给住户"),
    ("HomePolicy", "into"): ("收款资金", "住户缴款进入哪项资金"),
    ("AreaBound", "persons_from"): ("人口从", "适用的最少人口"),
    ("AreaBound", "persons_to"): ("人口至", "适用的最多人口；不填：不限"),
    ("AreaBound", "minimum"): ("下限（㎡）", "每户合计"),
    ("AreaBound", "maximum"): ("上限（㎡）", "每户合计"),
    ("AreaBound", "minimum_per_person"): ("人均下限（㎡）", "每人"),
    ("AreaBound", "maximum_per_person"): ("人均上限（㎡）", "每人"),
    ("PriceBand", "up_to"): ("超出至（㎡）", "超出应安置面积多少㎡以内；不填：不限"),
    ("PriceBand", "yuan_per_m2"): ("价格（元/㎡）", "住户支付"),
    ("Estate", "projects"): ("所属项目", "作为哪些项目的原安置房；多个用 ; 隔开"),
    ("Estate", "open_to"): ("可调安项目", "有富余时可调安的项目；全部，或 无"),
    ("Estate", "tags"): ("标签", "学区、片区等，供住户意向匹配"),
    ("Estate", "measure"): ("计量", "房源按套、㎡或人计"),
    ("Estate", "release"): ("释放房源", "本项目住户改选其他方式后，其房源可用于调安"),
    ("Estate", "housed_after"): ("入住等待（月）", "选定后多少个月入住"),
    ("Estate", "developer"): ("开发企业", "购房款付给哪家企业"),
    ("Estate", "disutility"): ("不满意度", "调安到此的不满意度"),
    ("UnitType", "type"): ("户型", "建设分期的交付与住户表的户型用此名称"),
    ("UnitType", "area"): ("面积（㎡）", "一套的面积；按应安置面积匹配时必填"),
    ("UnitType", "on_hand"): ("现房", "起始时的存量，按小区的计量"),
    ("UnitType", "arrivals"): ("将交付", "已有资金、按月交付：2024-05:3;2024-09:10"),
    ("UnitType", "surplus"): ("富余", "可供调安的数量；不填：存量减去应安置本项目住户的数量"),
    ("UnitType", "price"): ("购房单价（元）", "选定时由政府支付，每套（㎡或人）"),
    ("Phase", "cost"): ("总造价（元）", "整期"),
    ("Phase", "progress"): ("进度", "已付并完成的比例"),
    ("Phase", "handover_lag"): ("交付时差（月）", "付清到交付的月数"),
    ("Phase", "earliest"): ("最早交付月份", "不早于该月交付"),
    ("Phase", "monthly_limit"): ("每月限额（元）", "每月最多投入"),
    ("Phase", "delivers"): ("交付", "户型与数量：标准户型:6;大户型:2"),
    ("Programme", "projects"): ("适用项目", "哪些项目的住户可选；全部，或多个用 ; 隔开"),
    ("Programme", "start"): ("启动月份", "不填：起始月份"),
    ("Programme", "months"): ("开放月数", "可选的月数；不填：不限"),
    ("Programme", "base"): ("计价面积", "按被征收面积或应安置面积"),
    ("Programme", "price"): ("单价（元/㎡）", "每㎡多少元"),
    ("Programme", "housed_after"): ("入住等待（月）", "选定后多少个月入住"),
    ("Programme", "tail"): ("装修过渡（月）", "入住后继续发放的月数；不填：按过渡费标准"),
    ("Programme", "tail_multiplier"): ("装修期倍数", "不填：按过渡费标准"),
    ("Programme", "settled_when_paid"): ("付清方算安置", "末期兑付时才算入住，且不得欠付"),
    ("Programme", "take_up"): ("最高比例", "每个项目符合条件的住户中最多多少选用"),
    ("Programme", "area_below"): ("面积小于（㎡）", "仅限面积小于此数的住户"),
    ("Programme", "disutility"): ("不满意度", "选用的不满意度"),
    ("Voucher", "valid"): ("有效月数", "须在多少个月内购房，不少于入住等待"),
    ("BonusStep", "months"): ("至第几月", "启动后至该月（含）"),
    ("BonusStep", "share"): ("奖励比例", "面值的比例"),
    ("Instalment", "after"): ("选定后（月）", "选定后多少个月支付"),
    ("Instalment", "share"): ("比例", "总价的比例"),
    ("ListedDeveloper", "developer"): ("开发企业", "其编号"),
    ("ListedDeveloper", "bonus"): ("奖励比例", "在该企业购房的奖励，代替分档奖励"),
    ("DeveloperStock", "measure"): ("计量", "按套、㎡或人计；房源各项均不填：不限"),
    ("DeveloperStock", "on_hand"): ("现有", "起始时的存量"),
    ("DeveloperStock", "arrivals"): ("将增加", "按月增加：2024-05:3;2024-09:10"),
    ("Debt", "due"): ("到期月份", "自该月起可冲抵"),
    ("Debt", "amount"): ("金额（元）", "欠款"),
    ("OffsetTarget", "by"): ("截止月份", "到该月末"),
    ("OffsetTarget", "amount"): ("金额（元）", "累计须冲抵"),
    ("Fund", "opening"): ("期初余额（元）", "起始时的余额"),
    ("Fund", "uses"): ("用途", "可支付哪些；全部，或多个用 ; 隔开"),
    ("Fund", "projects"): ("适用项目", "可支付哪些项目的款项"),
    ("Fund", "estates"): ("适用小区", "可支付哪些小区的建设"),
    ("Fund", "carry_over"): ("结转", "余额结转，或按月、按年收回"),
    ("Fund", "monthly_limit"): ("每月限额（元）", "每月最多支付"),
    ("Fund", "total_limit"): ("总限额（元）", "合计最多支付"),
    ("Release", "estates"): ("小区", "按哪些小区的建设进度拨付"),
    ("Release", "total"): ("总额（元）", "不填：借款上限，或全部到位资金与期初余额"),
    ("Release", "upfront"): ("预拨比例", "不论进度即可使用的比例"),
    ("Borrowing", "limit"): ("上限（元）", "可借入的金额"),
    ("Borrowing", "revolving"): ("循环额度", "上限指未还余额，而非累计借入"),
    ("Borrowing", "rate"): ("年利率", "年利率"),
    ("Borrowing", "repayment"): ("还款方式", "到期一次、等额，或期内随借随还"),
    ("Borrowing", "grace"): ("宽限（月）", "等额还款首期前的月数"),
    ("Borrowing", "term"): ("期限（月）", "借入到最后一次还款的月数"),
    ("Borrowing", "from"): ("可借起始月", "不填：起始月份"),
    ("Borrowing", "until"): ("可借截止月", "不填：规划期末"),
    ("Borrowing", "label"): ("称谓", "如何称呼，不影响计算"),
    ("Inflow", "monthly"): ("每月（元）", "每月到位的金额"),
    ("Inflow", "from"): ("起始月份", "不填：规划起始月份"),
    ("Inflow", "until"): ("截止月份", "最后一个月；不填：规划期末"),
    ("by_month", "month"): ("月份", "如 2024-06"),
    ("by_month", "amount"): ("金额（元）", "该月的金额"),
    ("Move", "from"): ("调出资金", "调出方"),
    ("Move", "to"): ("调入资金", "调入方"),
    ("Move", "monthly_limit"): ("每月限额（元）", "每月最多调剂"),
    ("Move", "total_limit"): ("总限额（元）", "合计最多调剂"),
    ("OpeningLoan", "amount"): ("未还余额（元）", "起始时未还的本金"),
    ("OpeningLoan", "rate"): ("年利率", "年利率"),
    ("OpeningLoan", "repayment"): ("还款方式", "到期一次，或等额"),
    ("OpeningLoan", "grace"): ("宽限（月）", "首期还款前的月数"),
    ("OpeningLoan", "months_left"): ("剩余月数", "到最后一次还款的月数"),
    ("Owing", "uses"): ("款项", "哪些款项可以欠付"),
    ("Owing", "projects"): ("适用项目", "哪些项目"),
    ("Owing", "share"): ("欠付比例", "每月各类应付款最多欠付的比例"),
    ("Owing", "stock_limit"): ("欠付余额上限（元）", "每月末各类欠付余额的上限"),
    ("Owing", "surcharge"): ("月加收比例", "按上月欠付余额每月加收"),
    ("Owing", "latest"): ("最迟（月）", "应付后最多拖欠的月数"),
    ("Arrears", "use"): ("款项", "欠付的是什么"),
    ("Arrears", "project"): ("项目", "哪个项目"),
    ("Arrears", "amount"): ("金额（元）", "欠付金额"),
    ("Commitment", "monthly"): ("每月（元）", "每月支出"),
    ("Commitment", "from"): ("起始月份", "不填：规划起始月份"),
    ("Commitment", "until"): ("截止月份", "最后一个月；不填：规划期末"),
    ("Commitment", "funds"): ("支付资金", "由哪些资金支付；全部，或多个用 ; 隔开"),
    ("Throughput", "per_month"): ("每月户数", "每月最多选定的户数"),
    ("Throughput", "projects"): ("适用项目", "计入哪些项目"),
    ("Throughput", "routes"): ("安置方式", "计入哪些安置方式"),
    ("TierGoal", "name"): ("名称", "报告中的称谓"),
    ("TierGoal", "goal"): ("目标", "先使哪一项最少"),
    ("TierGoal", "projects"): ("适用项目", "哪些项目的住户"),
    ("TierGoal", "tags"): ("标签", "带有其中一个标签的住户；不填：全部"),
    ("households", "id"): ("", "自定的户号；001 之类按文本填写"),
    ("households", "project"): ("", "所属项目的编号"),
    ("households", "count"): ("", "本行代表多少户情况相同的住户"),
    ("households", "area"): ("", "每户被征收面积，㎡"),
    ("households", "persons"): ("", "每户人口"),
    ("households", "moved_out"): ("", "搬离的月份；不填：按项目"),
    ("households", "term"): ("", "约定的过渡月数；不填：按项目或过渡费标准"),
    ("households", "term_class"): ("", "过渡费标准中期限的类别；不填：按项目"),
    ("households", "fee_policy"): ("", "不填：按项目"),
    ("households", "home_policy"): ("", "不填：按项目"),
    ("households", "turnover"): ("", "是否住在周转房"),
    ("households", "groups"): ("", "困难加发表中的群体；多个用 ; 隔开"),
    ("households", "tags"): ("", "供优先目标使用，如 信访"),
    ("households", "routes"): ("", "可接受的安置方式；不填：按项目"),
    ("households", "estates"): ("", "可接受的小区；不填：全部可选小区"),
    ("households", "asks_for"): ("", "小区须有其中一个标签，如 学区"),
    ("households", "unit_types"): ("", "可接受的户型；不填：全部"),
    ("households", "homes"): ("", "应安置几套；大于1时拆为面积相等的份额"),
    ("households", "part_month"): ("", "部分交付的月份"),
    ("households", "part_area"): ("", "届时交付的㎡，计费面积相应减少"),
    ("households", "weight"): ("", "紧急程度：过渡费按此倍数计入目标"),
    ("households", "deadline"): ("", "须在该月前入住；不填：按项目"),
    ("households", "indivisible"): ("", "本行住户必须一起安置"),
    ("households", "entitlement"): ("", "应安置的㎡，代替安置政策的计算"),
    ("households", "obligation"): ("", "未选定时今后仍须支出的金额（元），代替项目的元/㎡"),
    ("quotes", "household"): ("", "户号"),
    ("quotes", "claim"): ("", "多套住户的某一份；不填：每一份"),
    ("quotes", "route"): ("", "属于哪种安置方式"),
    ("quotes", "label"): ("", "表格中显示的名称"),
    ("quotes", "price"): ("", "总价，元"),
    ("quotes", "price_by_month"): ("", "按选定月份的价格：2024-06:100;2024-07:90；其他月份不开放"),
    ("quotes", "instalments"): ("", "选定后月数与比例或金额：0:30%;6:70%"),
    ("quotes", "stock"): ("", "占用的房源：小区/户型:套数，如 E1/90:1"),
    ("quotes", "first"): ("", "最早可选的月份"),
    ("quotes", "last"): ("", "最晚可选的月份"),
    ("quotes", "housed_after"): ("", "选定后多少个月入住"),
    ("quotes", "tail"): ("", "入住后继续发放的月数"),
    ("quotes", "tail_multiplier"): ("", "装修过渡期的倍数"),
    ("quotes", "stream"): ("", "选定当月及以后各月的过渡费：100;100;50"),
    ("quotes", "use"): ("", "价款的用途；不填：按安置方式"),
    ("quotes", "developer"): ("", "价款付给哪家企业"),
    ("quotes", "disutility"): ("", "选用的不满意度"),
    ("fee_curves", "household"): ("", "户号"),
    ("fee_curves", "claim"): ("", "多套住户的某一份；不填：按份分摊"),
    ("fee_curves", "from"): ("", "自该月起；不填：自始"),
    ("fee_curves", "fee"): ("", "一户每月多少元"),
    ("fee_curves", "overdue"): ("", "这些月份是否算超期"),
}
"""(model or table, key) to Chinese header and what it means. Headers of tables are the first Chinese ones of their
specification."""

CHOICES: dict[str, str] = {
    "all": "全部",
    "own_unit": "原项目安置房",
    "transfer": "调安",
    "voucher": "购房凭证",
    "cash": "货币补偿",
    "fees": "过渡费",
    "units": "购房",
    "moving": "搬迁费",
    "construction": "建设",
    "commitments": "既定支出",
    "interest": "利息",
    "principal": "还本",
    "area": "面积",
    "person": "人口",
    "household": "户",
    "entitlement": "应安置面积",
    "in_force": "按入住时",
    "monthly": "按月",
    "quarterly": "按季",
    "half_yearly": "按半年",
    "yearly": "按年",
    "homes": "套",
    "m2": "平方米",
    "persons": "人",
    "always": "结转",
    "month": "按月收回",
    "year": "按年收回",
    "bullet": "到期一次",
    "level": "等额",
    "flexible": "随借随还",
    "loan": "贷款",
    "advance": "垫款",
    "bond": "债券",
    "transition_fees": "过渡费",
    "overdue_fees": "超期过渡费",
    "fiscal_cost": "财政支出",
    "disutility": "不满意度",
}
"""Fixed choices in Chinese; within one column no two are alike."""

NONE_WORDS = ("none", "无")
"""What says that a list is empty on purpose."""


def choice_word(lang: Language, choice: str) -> str:
    """Say a fixed choice."""
    return CHOICES.get(choice, choice) if lang == "zh" else choice


def said_choice(text: str, choices: tuple[str, ...]) -> str | None:
    """Return the choice that a cell names, in either language; None if it names none.

    Examples
    --------
    >>> said_choice("调安", ("own_unit", "transfer")), said_choice("Own unit", ("own_unit", "transfer"))
    ('transfer', 'own_unit')
    """
    word = text.strip().casefold().replace(" ", "_").replace("-", "_")
    return next((choice for choice in choices if word in {choice.casefold(), CHOICES.get(choice, choice)}), None)


def header(lang: Language, column: Column) -> str:
    """Header of a column, with its unit where it says one."""
    *above, key = column.key
    if lang == "en":
        return " ".join((*(word for word in above if _PREFIXES[word]), key)).replace("_", " ")
    if column.model in TABLES:
        return next(word for word in TABLES[column.model][key].headers if not word.isascii())
    word = _words(column)[0]
    prefix = "".join(_PREFIXES[step] for step in above)
    return f"{prefix}{word}" if prefix else word


def _words(column: Column) -> tuple[str, str]:
    key = column.key[-1]
    models = (column.model, "Programme", "") if column.model in {"Voucher", "Cash"} else (column.model, "")
    return next(NOTES[model, key] for model in models if (model, key) in NOTES)


def note(lang: Language, column: Column) -> str:
    """What a column means, with its unit and what may be written."""
    if lang == "zh":
        return _words(column)[1]
    usual = {"id": "the planner's own name for it; other sheets refer to it", "name": "shown beside the id"}
    return column.description or usual.get(column.key[-1], "")


def parent_header(lang: Language, sheet: Sheet) -> str:
    """Header of the column that names what a row belongs to."""
    return PARENTS[sheet.parent] if lang == "zh" else sheet.parent.replace("_", " ")


def sheet_title(lang: Language, name: str) -> str:
    """Name of a sheet."""
    return SHEETS[name][0] if lang == "zh" else name


class Both(Wording):
    """A text whose Chinese stands in this module and not among the sentences.

    Parameters
    ----------
    english, chinese : str
    """

    __slots__ = ("chinese",)
    chinese: str

    def __new__(cls, english: str, chinese: str) -> Both:
        """Take both texts as they are."""
        self = cast(Both, super().__new__(cls, "{text}", {"text": english}))
        self.chinese = chinese
        return self

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (str(self), self.chinese)

    def said(self, language: Language) -> str:
        """Say it in a language."""
        return self.chinese if language == "zh" else str(self)


def meaning(column: Column) -> Both:
    """What a column means, in both languages."""
    return Both(note("en", column), note("zh", column))


def sheet_words(sheet: Sheet) -> Both:
    """What a sheet holds, in both languages."""
    return Both(sheet.words, SHEETS[sheet.name][1])
