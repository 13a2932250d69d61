"""Plan beside plan: help and errors."""

SENTENCES: dict[str, str] = {
    "Tell what changes from the plan in DIR_A to the plan in DIR_B.": (
        "说明从 DIR_A 中的方案到 DIR_B 中的方案有哪些变化。"
    ),
    "Both are told from their own tables; their scenarios are not read, and may be different ones.": (
        "只依据两份方案自身的各表；不读取基础数据，两者可以不同。"
    ),
    "what a variant changes, on one page": "一页说明某一情形带来的变化",
    "the same with tables, a page with charts, and every household before and after": (
        "同上，另写出各表、带图的网页和每户的前后对照"
    ),
    "what is better than if all wait, in Chinese": "与全部等待相比的变化，中文",
    "Folder for tables and page; default: print only.": "各表和网页写入的文件夹；默认只显示。",
    "With --out: replace what diff wrote into DIR, if it is unchanged.": (
        "与 --out 合用：替换 DIR 中由 diff 写出且未改动的内容。"
    ),
    "--force goes with --out": "--force 须与 --out 合用",
    "{a} is in {one}, {b} in {other}: amounts in different currencies cannot be compared": (
        "{a} 以{one}计，{b} 以{other}计：不同货币的金额无法比较"
    ),
    "{plan}: there is no plan that keeps every rule, and so none to compare; its report tells what is short": (
        "{plan}：没有满足全部条件的方案，无从比较；缺口见其报告"
    ),
    "{plan}: made by an earlier version, which did not write down what its totals are made of; plan it anew": (
        "{plan}：由较早版本生成，未记录合计数的构成；请重新编制"
    ),
    "{one}\n{other}": "{one}\n{other}",
    "the plans do not differ in this: there is nothing to plot": "两份方案在这方面没有差别，没有可绘的图",
}
