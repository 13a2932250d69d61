"""The brief: help and errors."""

SENTENCES: dict[str, str] = {
    "Tell the plan in DIR on one page, for a director to decide from.": "用一页说明 DIR 中的方案，供领导决策。",
    (
        "A template is a Word document with placeholders such as {example} (docs/brief.md); --blank writes ours as a "
        "beginning for your own."
    ): "模板是带有 {example} 一类占位符的 Word 文档（见 docs/brief.md）；--blank 写出自带模板，供改用。",
    "the page as text": "文本形式的一页",
    "as a Word document, in Chinese": "中文 Word 文档",
    "our template, to be made your own": "自带模板，供修改",
    "filled into your own": "填入本单位的模板",
    "Word document that is written.": "写出的 Word 文档。",
    "With --out: Word document whose placeholders are filled.": "与 --out 合用：占位符待填的 Word 文档。",
    "With --out: write our template itself, its placeholders unfilled.": "与 --out 合用：写出自带模板，不填占位符。",
    "With --out: replace a FILE that brief wrote before.": "与 --out 合用：替换 brief 以前写出的 FILE。",
    "--template, --blank and --force go with --out": "--template、--blank、--force 须与 --out 合用",
    "Plan anew without money that is in doubt by law, and tell what that costs.": (
        "不用合规性存疑的资金重新编制方案，说明代价。"
    ),
    "With --without-doubtful: seconds of the search; default: 120.": (
        "与 --without-doubtful 合用：求解限时（秒），默认 120。"
    ),
    "--time-limit goes with --without-doubtful": "--time-limit 须与 --without-doubtful 合用",
    "with what it costs to do without money in doubt by law": "并说明不用合规性存疑资金的代价",
    "what doing without money costs is reckoned for plans that keep every rule and were not made anew": (
        "仅可对满足全部规则且未经重新编制的方案测算不用存疑资金的代价"
    ),
    "--blank goes without --template": "--blank 不与 --template 合用",
    "it is read for the brief: {file}; name another file": "{file} 是本次要读取的文件；请另写文件名",
    "{file} exists already; name another file (--force replaces what brief wrote, and nothing else)": (
        "{file} 已存在；请另写文件名（--force 只替换 brief 写出的文件）"
    ),
    "{path}: cannot be filled ({reason}); mend this placeholder": "{path}：无法填写（{reason}）；请改正该占位符",
    "{path}: unknown placeholders {unknown}; a brief has {known}": "{path}：占位符 {unknown} 不存在；可用的有 {known}",
    "{path}: no Word template ({reason}); save it as .docx": "{path}：不是 Word 模板（{reason}）；请另存为 .docx",
    "it is no Word document, or it is damaged": "不是 Word 文档，或已损坏",
}
