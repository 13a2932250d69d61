"""Many plans of one district: help and errors."""

SENTENCES: dict[str, str] = {
    "x is {goal}, and nothing is left to decide that starts": "x 为 {goal}，但没有尚未确定的启动",
    # --- values that are set
    "it is no address": "这不是地址",
    "write keys and ids with dots between them: funds.revenue.opening": "用点连接各级键名和编号：funds.revenue.opening",
    "{name} is a table, whose cells have no address": "{name} 是一张表，单元格没有地址",
    "state what differs as a variant, and compare variants": "把不同之处写成一个情形，再比较各情形",
    "`{name}` cannot be set": "`{name}` 不能设定",
    "set a value of a section, such as funds": "请设定某一部分（如 funds）中的值",
    "a mapping or a list stands there, not a single value": "此处是一组键值或列表，不是单个值",
    "go on to one of {names}": "请继续写到其中一项：{names}",
    "{text!r} stands there; it has no {name!r}": "此处是 {text!r}，其中没有 {name!r}",
    "end the address before it": "地址写到它之前为止",
    "there is no {name!r} in this list": "此列表中没有 {name!r}",
    "there are {names}": "其中有：{names}",
    "write the value as in the scenario file": "按基础数据文件中的写法填写",
    "{path} has changed while it was searched; begin anew": "{path} 在求解期间被改动；请重新开始",
    # --- what is tried
    "expected ADDRESS=VALUES, such as funds.revenue.inflow.monthly=400万元..1200万元": (
        "应为 地址=取值，例如 funds.revenue.inflow.monthly=400万元..1200万元"
    ),
    "stated twice": "写了两次",
    "--set {text}: {fault}": "--set {text}：{fault}",
    "nothing is to be set: --set ADDRESS=VALUES": "没有要设定的值：--set 地址=取值",
    "{count:,} {count:point|points}; at most {most:,} are tried": "共 {count:,} 个点，最多试 {most:,} 个",
    "write a range (A..B) or a list (A,B,C), not both": "写范围（A..B）或列表（A,B,C），不要混用",
    "a value between two commas is missing": "两个逗号之间缺少取值",
    "a value is stated twice": "有取值写了两次",
    "a range has two points at least: --points 2": "范围至少要有两个点：--points 2",
    "the ends of a range are two months, or two numbers with the same unit: 400万元..1200万元": (
        "范围两端应为两个月份，或单位相同的两个数：400万元..1200万元"
    ),
    "both ends of the range are the same": "范围两端相同",
    "{name} {value!r}: expected a whole number from {least}": "{name} {value!r}：应为不小于 {least} 的整数",
    "values {value}: expected addresses with what is tried there": "values {value}：应为地址及其取值",
    # --- searches
    "it is no point": "不是一个点的记录",
    "the plan goes beyond a limit that it was to keep": "方案超出了应遵守的上限",
    "there is nothing to plot: no plan, or no phases": "没有可绘的图：没有方案，或没有分期",
    "x and y are both {goal}: two different goals are traded off": "x 与 y 都是 {goal}：应为两个不同的目标",
    "there is no plan to begin with: it is infeasible, or has no decisions.csv": (
        "没有可供出发的方案：不可行，或缺少 decisions.csv"
    ),
    "within {within!r}: expected a share above 0 and up to 50 %, such as 1% or 0.01": (
        "within {within!r}：应为大于 0、不超过 50% 的比例，例如 1% 或 0.01"
    ),
    # --- commands
    "Tell what the plan in DIR must do in any case, and find others nearly as good.": (
        "说明 DIR 中的方案有哪些事项必须安排，并列出效果相近的备选方案。"
    ),
    "five plans within 1 %, as different as can be": "增加不超过 1%、差别尽量大的五份备选方案",
    "what can be spared if 5 % more may be paid, two searches at a time": "允许增加 5% 时可以取消什么，每次两个求解",
    "Share by which an alternative may lie above the plan.": "备选方案最多可比原方案增加的比例。",
    "Alternatives that are shown, at the most.": "最多列出多少份备选方案。",
    "Trade one goal of SCENARIO off against another.": ("权衡 SCENARIO 的两个目标：所列方案中没有一份在两方面都更好。"),
    "what twelve levels of spending buy, from the cheapest plan to the one with the least fees": (
        "十二档支出，从支出最低的方案到过渡费最低的方案"
    ),
    "what it costs that nobody waits long": "缩短最长等待时间须增加多少支出",
    "What is limited.": "限制哪一项。",
    "What is minimised under the limits.": "在各上限之下使哪一项最少。",
    "Limits that are tried, the two ends among them.": "试多少个上限，含两端。",
    "What if: plan SCENARIO at several values.": ("参数变动分析：让 SCENARIO 中的某个值取若干不同的值，分别编制方案。"),
    (
        "Each search begins with what its neighbour's has learnt. Each point is saved in DIR when it is done; the "
        "same command goes on where it was ended."
    ): "每次求解都从相邻点的结果出发。每个点完成后即存入 DIR；再次执行同一命令可继续。",
    "nine incomes, from the first to the last in even steps": "九种收入，从头到尾等距",
    "two months; items of lists are addressed by their ids": "两个月份；列表中的项用编号指明",
    "two values at once: a grid, two points at a time": "同时变动两个值：网格，每次两个点",
    "What is tried where: a range A..B or a list A,B,C, written as in the scenario; repeated: a grid.": (
        "在何处试何值：范围 A..B 或列表 A,B,C，写法同基础数据文件；可重复，组成网格。"
    ),
    "Values of each range.": "每个范围取多少个值。",
    "Folder of the points; resumes in its own.": "存放各点的文件夹；在其中可接续。",
    "Seconds of each search.": "每次求解的秒数。",
    "Proven gap at which each search ends (a fraction).": "每次求解达到此已证明的差距即停（小数）。",
}
