"""Homes one by one: their tables, and what a home roster refuses."""

SENTENCES: dict[str, str] = {
    # --- tables of homes and wishes
    "estate {estate} has no unit type {text!r}": "小区 {estate} 没有户型“{text}”",
    "estate {estate} has no phase {text!r}": "小区 {estate} 没有分期“{text}”",
    "{count} {count:home|homes} of type {type} {count:is|are} listed in phase {phase}, which delivers {due:f}": (
        "分期 {phase} 列出户型 {type} {count} 套，而该期交付 {due:f} 套"
    ),
    "those that are not listed are given to nobody": "未列出的房源不参与配房",
    "check type and phase": "请核对户型和分期",
    "its area is far from the {area:f} m² of its type, by which it is priced": (
        "面积与户型面积 {area:f}㎡ 相差较大，而价款按户型面积计算"
    ),
    "check the area and the type": "请核对面积和户型",
    (
        "{count} {count:home|homes} of type {type} in {estate} {count:is|are} listed by {month}, but it has "
        "{there:f} by then"
    ): ("小区 {estate} 到{month:月}列出户型 {type} {count} 套，而届时只有 {there:f} 套"),
    "name the phase or the month from which a home is available, or correct the stock": (
        "请写明所属分期或可入住月份，或更正存量"
    ),
    (
        "{count} {count:home|homes} of type {type} in {estate} {count:is|are} listed, but it has {there:f} "
        "outside of phases"
    ): ("小区 {estate} 列出户型 {type} {count} 套，而分期之外共有 {there:f} 套"),
    "no listed home has {word!r}": "列出的房源都没有“{word}”",
    "{text!r} is not a number of m² from 0 to {most:,}": "“{text}”不是 0 到 {most:,} 之间的㎡数",
    "write the m² that each wish counts as: south:10;lift:5": "请写明每项意向相当于多少㎡，如 南:10;电梯:5",
    "no homes are listed one by one": "没有逐套列出的房源",
    "add the table `homes` to the scenario, or hand over a file (--homes FILE)": (
        "请在基础数据中加入 `homes` 表，或另行指定文件（--homes 文件）"
    ),
    # --- what is refused
    "a lottery needs a seed (--seed): a whole number that is announced before it is drawn": (
        "抽签须有种子数（--seed）：在抽签前公布的整数"
    ),
    "seed {value}: expected a whole number from 0": "种子数 {value}：应为不小于 0 的整数",
    "mode fit draws no lots: leave out the seed": "fit 方式不抽签：请去掉种子数",
    "the plan is infeasible: nobody has a home by it": "该方案不可行，没有安置结果",
    "the plan was made in Python and names no scenario file: hand over its scenario": (
        "该方案在 Python 中编制，未记录基础数据：请一并提供"
    ),
    "plan it anew, or hand over homes and wishes as files of their own (--homes, --wishes)": (
        "请重新编制方案，或以单独文件提供房源和意向（--homes、--wishes）"
    ),
    # --- what the check of a roster refuses
    "home {home} is given twice": "房源 {home} 重复分配",
    "home {home} is not of the estate and type that the plan gives": "房源 {home} 不属于方案所定的小区和户型",
    "{household} {part} has not just the homes that the plan gives: {pool} in {month}": (
        "{household} {part} 的房源与方案不符：{pool}，{month:月}"
    ),
    "home {home} of {household} is not ready in time, or lacks what it needs": (
        "{household} 的房源 {home} 届时不能入住，或不具备必要条件"
    ),
    "{household} would rather have a home that nobody has": "{household} 有更合意的剩余房源",
    "{household} should have the home of {other}": "{household} 应得 {other} 的房源",
    # --- the command
    "Give each household of the plan in DIR a home that is listed one by one; the plan stays as it is.": (
        "为 DIR 中方案的各户逐套配房；方案本身不变。"
    ),
    "Needs (ground floor, barrier-free, highest floor) come first. Exit code 3: somebody is without a home.": (
        "必要条件（底层、无障碍、最高楼层）优先。退出码 3：有住户尚未配房。"
    ),
    "in the order of signing: roster.html can be posted": "按签约顺序；roster.html 可公示",
    "by lot: anybody can draw it again": "抽签；任何人都可复核",
    "the least misfit of all together": "总体偏差最小",
    "Folder for the roster.": "存放公示表的文件夹。",
    "By the order of signing, by lot, or so that the sum of all misfits is the least.": (
        "按签约顺序（signing）、抽签（lottery）或总体偏差最小（fit）。"
    ),
    "Of the lots, announced before they are drawn; with signing: lots between those of the same place.": (
        "抽签的种子数，应在抽签前公布；按签约顺序时用于同序号住户。"
    ),
    "Homes one by one, CSV or workbook; default: the scenario's table `homes`.": (
        "逐套房源，CSV 或工作簿；默认：基础数据的 `homes` 表。"
    ),
    "Needs, wishes and order of signing; default: the scenario's table `home_wishes`.": (
        "必要条件、意向和签约序号；默认：基础数据的 `home_wishes` 表。"
    ),
    "What the plan was made from; default: where it was then.": "编制该方案的基础数据；默认：当时的文件。",
    "Put the roster in the place of one that lies there, unchanged.": "替换该处未改动过的公示表。",
}
