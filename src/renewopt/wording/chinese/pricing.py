"""Prices: help and errors."""

SENTENCES: dict[str, str] = {
    "Tell what a little more or less is worth in the plan in DIR: money, homes, settlements, debt.": (
        "说明 DIR 中的方案里，资金、房源、办理能力、到期债务每增加或减少一份的价值。"
    ),
    (
        "Prices are those of the relaxation, each to one side and with the range in which it is proven to hold; the "
        "dearest are planned anew for whole households as well."
    ): "价格取自松弛问题，分“增加”“减少”两侧，并附已证明的适用范围；价格最高的几项另按整户重新编制。",
    "the twenty dearest, and what comes whole or not at all": "价格最高的二十项，以及不可分割的变动",
    "money and homes that come in these months, the relaxation alone": "这些月份到来的资金和房源，只算松弛问题",
    "with tables and a page, in Chinese": "另写出各表和网页，中文",
    "Prices, the dearest first.": "列出的价格数，价格高的在前。",
    "Months in which money, homes and debt may come; default: of each the one in which it is dearest.": (
        "资金、房源和债务到来的月份；默认：各取价格最高的月份。"
    ),
    "Of how many of them whole households are planned anew with one more.": "其中多少项在增加一份后按整户重新编制。",
    "A phase or a start a month sooner, a use permitted, a term or a window a month longer.": (
        "一期建设或一次启动提前一个月、放开一种用途、约定期限或开放期延长一个月。"
    ),
    "Tell them in DIR/report.html, too, in the place of the search's prices.": (
        "同时写入 DIR/report.html，代替求解时得到的价格。"
    ),
    "the report of the plan tells them, with a picture": "写入方案的报告，并附图",
    "these are the prices of another plan: ask for those of this one": "这是另一份方案的价格：请对本方案重新计算",
    "Seconds of each search for whole households.": "每次整户求解的秒数。",
    "With --out: replace what prices wrote into DIR, if it is unchanged.": (
        "与 --out 合用：替换 DIR 中由 prices 写出且未改动的内容。"
    ),
    "no plan keeps every rule, and so nothing has a price: renewopt plan tells what is short": (
        "没有满足全部条件的方案，因此没有价格：缺口见 renewopt plan"
    ),
    "no solution was found over classes of households, and so nothing has a price": (
        "按住户分类求解未找到可行解，因此没有价格"
    ),
    "the solver's numbers are not good enough to tell prices of this problem": (
        "求解器的数值误差过大，无法给出本问题的价格"
    ),
    "the plan is infeasible: nothing has a price; its report tells what is short": (
        "方案不可行，因此没有价格；缺口见其报告"
    ),
    "the plan keeps constraints that were added in Python, which its folder does not hold: no prices": (
        "方案包含用 Python 添加的约束，其文件夹中没有记录，因此无法给出价格"
    ),
    "{name} {value}: expected a whole number from {least}": "{name} {value}：应为不小于 {least} 的整数",
    "a month of the plan, YYYY-MM": "规划期内的月份，YYYY-MM",
    "{month!r} is no month of the plan that is still open; expected YYYY-MM from {first} to {last}": (
        "{month!r} 不是规划期内尚可决策的月份；应为 {first} 至 {last}，格式 YYYY-MM"
    ),
}
