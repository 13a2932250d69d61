"""Why a household is settled as it is: the command `explain`, and what it refuses."""

SENTENCES: dict[str, str] = {
    # --- what is refused
    "the plan knows no household {name!r}": "方案中没有住户“{name}”",
    "the plan knows no fund {name!r}": "方案中没有资金“{name}”",
    "the plan knows no homes {name!r}; expected estate and type, such as E1/90": (
        "方案中没有房源“{name}”；应写小区和户型，如 E1/90"
    ),
    "{what}; {near}": "{what}；{near}",
    "a household's id": "户号",
    "an estate and a type, such as E1/90": "小区和户型，如 E1/90",
    "the id of a fund, or None": "资金的代号，或 None",
    "top {value!r}: expected a whole number from {least}": "top {value!r}：应为不小于 {least} 的整数",
    "amount {value!r}: expected yuan above 0": "amount {value!r}：应为大于 0 的元数",
    "month {month}: expected {first} to {last}": "月份 {month}：应在 {first} 至 {last} 之间",
    "there is no plan that keeps every rule: renewopt plan tells what is short, and which rules conflict": (
        "没有满足全部条件的方案：renewopt plan 会说明缺什么、哪些规则相互冲突"
    ),
    "households of a plan that goes on from a past are not explained yet": "暂不能解释从既往执行情况接续的方案",
    "the relaxation of this plan's problem could not be solved: its prices prove nothing": (
        "该方案的松弛问题未能求解，影子价格不能作为依据"
    ),
    "{file} exists already; name another file (--force replaces what explain wrote, and nothing else)": (
        "{file} 已存在；请另起文件名（--force 只替换 explain 写出的文件）"
    ),
    # --- the command
    "Tell why HOUSEHOLD of the plan in DIR is settled so, and what else would cost the district.": (
        "说明 DIR 中方案为何这样安置住户 HOUSEHOLD，以及改为其他安置对全区的影响。"
    ),
    "The other way round: --home and --money tell who should have one more home, or more money. --all writes the "
    "next-best offers of every household into a file.": (
        "反过来，--home 和 --money 说明增加一套房源或一笔资金应优先安排给谁。--all 将所有住户的次优选择写入文件。"
    ),
    "Costs are proven lower bounds, from the prices that the plan has kept; --exact solves them anew.": (
        "所列增加额是按方案所存影子价格证明的下限；--exact 重新求解。"
    ),
    "its offer and month, what else there is, what stands in the way": "安置方式和月份、其他选择及原因",
    "the same as a sheet for the family": "同上，生成给住户的一页告知单",
    "the district solved anew with its next-best offer": "按其次优选择重新求解全区",
    "who should have one more home": "增加一套房源优先安排给谁",
    "who should have five million more": "增加五百万元优先安排给谁",
    "all households, in one pass": "一次算出所有住户",
    "Who should have one more home of this estate and type.": "该小区该户型增加一套房源，优先安排给谁。",
    "With --home: from which it is there; default: the first month.": "与 --home 合用：房源到位月份；默认首月。",
    "Who should have so much more money, such as 5000000@2025-03.": (
        "增加这笔资金，优先安排给谁，如 500万元@2025-03。"
    ),
    "With --money: into which; default: where a yuan is worth the most.": (
        "与 --money 合用：进入哪项资金；默认影子价格最高的一项。"
    ),
    "The next-best offers of all households, as CSV; needs --out.": "所有住户的次优选择，CSV；须有 --out。",
    "A family's page of HOUSEHOLD, as HTML; needs --out.": "给住户 HOUSEHOLD 的告知单，HTML；须有 --out。",
    "With --all or --page: file that is written.": "与 --all 或 --page 合用：写入的文件。",
    "Offers, or households, that are told; default: 5, with --all 3.": "列出的选择数或户数；默认 5，用 --all 时为 3。",
    "Solve the district anew for what is told, too: each takes a search.": "另行重新求解；每项须求解一次。",
    "With --exact: gap of each search; default: the plan's own.": "与 --exact 合用：求解的差距；默认与方案相同。",
    "With --exact: seconds of each search.": "与 --exact 合用：每次求解的秒数。",
    "With --out: replace a FILE that explain wrote before.": "与 --out 合用：替换 explain 以前写出的文件。",
    "name a household, or one of --home, --money and --all": "请写一个户号，或 --home、--money、--all 之一",
    "--month goes with --home; with --money it stands behind the @": (
        "--month 与 --home 合用；--money 的月份写在 @ 之后"
    ),
    "--fund goes with --money": "--fund 须与 --money 合用",
    "--page goes with a household": "--page 须与户号合用",
    "--page and --all need --out FILE": "--page 和 --all 须有 --out 文件",
    "--out goes with --page or --all": "--out 须与 --page 或 --all 合用",
    "--exact goes with a household, --home or --money": "--exact 须与户号、--home 或 --money 合用",
    "--gap goes with a household and --exact": "--gap 须与户号和 --exact 合用",
}
"""The Chinese of every sentence, by the English one."""
